"""Read LoD2 tiles (CityGML): footprints with attributes, roof faces with slope, aspect and area."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsGeometry,
    QgsProcessingException,
)
from qgis.PyQt.QtCore import QFileInfo

from ...gruene_infra_plugin.i18n import translate
from ...gruene_infra_plugin.methods.buildings.planes import aspect_deg, slope_deg
from ...gruene_infra_plugin.methods.findings.thresholds import most
from ...gruene_infra_plugin.methods.reading.names import first_few, municipality_key
from ...gruene_infra_plugin.methods.reading.values import ELEVATION, HEIGHT, STOREYS, year_built
from ...gruene_infra_plugin.spatial.buildings.building_versions import Left
from ...gruene_infra_plugin.spatial.buildings.city_model import Face, Part, day_of
from ...gruene_infra_plugin.spatial.buildings.lod2 import Building, Count, Target, read_tiles
from ...gruene_infra_plugin.spatial.reading.analysis_crs import DEFAULT_CRS
from ...gruene_infra_plugin.spatial.reading.values import Column, number
from ..base import PluginAlgorithm
from ..job import Job

SUFFIXES = (".gml", ".citygml")
PACKED_SUFFIXES = (".zip", ".gz", ".bz2", ".xz", ".7z")
UNKNOWN_FORM = 9999
"""Roof form "other" of AdV: such a roof is modelled as a level block, whatever it looks like."""
PLAN_TOLERANCE = 0.05
"""Share of a building's outline by which the plan area of its roof faces may differ from it [A]."""


class ImportLod2(PluginAlgorithm):
    """Tiles to two layers, building by building."""

    ID = "import_lod2"

    def files_read(self, job: Job) -> list[Path]:
        return _tiles(job)

    def measure(self, job: Job) -> None:
        paths = _tiles(job)
        _warn_of_packed(job)
        job.crs = QgsCoordinateReferenceSystem(DEFAULT_CRS)
        job.open("BUILDINGS")
        job.open("ROOF_FACES")
        target = Target(job.crs, job.context.transformContext())
        count, written = Count(), _Written()
        columns = _columns(job)
        for building in read_tiles(paths, target, job.feedback, count):
            _write(job, building, columns, target, written)
        if not count.read:
            message = translate("GrueneInfra", "There is no building in {files}.")
            raise QgsProcessingException(message.format(files=", ".join(map(str, paths))))
        _report(job, count, written)


_Remark = tuple[int | Sequence[str], str]
"""A count or the ids of buildings, and what is to be said of them."""


@dataclass
class _Written:
    """What came of the buildings: rows, what was left out of them, what is to be said of them."""

    buildings: int = 0
    faces: int = 0
    without_polygon: int = 0
    without_ground: int = 0
    lod1: int = 0
    roofless: int = 0
    empty_faces: int = 0
    uncovering: int = 0
    heightless: int = 0
    unknown_form: int = 0
    crossing: int = 0
    mended: int = 0
    dangling: int = 0
    transformed: int = 0
    disagreeing: list[str] = field(default_factory=list)


def _tiles(job: Job) -> list[Path]:
    """Return the files of both parameters, each once; raise where there is none."""
    folder = job.text("FOLDER")
    found = _tiles_in(Path(folder)) if folder else []
    paths = list({path.resolve(): path for path in (*found, *job.files("TILES"))})
    if not paths:
        raise QgsProcessingException(translate("GrueneInfra", "Give a FOLDER with LoD2 tiles, or TILES."))
    return paths


def _tiles_in(folder: Path) -> list[Path]:
    """Return the tiles right inside a folder, sorted by name; raise if there is none."""
    if not QFileInfo(str(folder)).isDir():
        raise QgsProcessingException(
            translate("GrueneInfra", "FOLDER: no folder {path}.").format(path=folder)
        )
    found = _files_ending(folder, SUFFIXES)
    if not found:
        message = translate("GrueneInfra", "FOLDER: {path} holds no file ending in {suffixes}.")
        said = message.format(path=folder, suffixes=", ".join(SUFFIXES))
        if packed := _files_ending(folder, PACKED_SUFFIXES):
            more = translate("GrueneInfra", "Unpack those that are packed: {names}.")
            said = f"{said} {more.format(names=first_few([path.name for path in packed]))}"
        raise QgsProcessingException(said)
    return found


def _files_ending(folder: Path, suffixes: Sequence[str]) -> list[Path]:
    """Return the files right inside a folder that end so, sorted by name."""
    return sorted(path for path in folder.iterdir() if path.suffix.lower() in suffixes and path.is_file())


def _warn_of_packed(job: Job) -> None:
    """Name what lies packed beside the tiles: nobody can tell whether it was unpacked."""
    folder = job.text("FOLDER")
    packed = _files_ending(Path(folder), PACKED_SUFFIXES) if folder else []
    if packed:
        message = translate(
            "GrueneInfra",
            "FOLDER: {count} packed files were not read: {names}. Unpack them unless that is done.",
        )
        names = first_few([path.name for path in packed])
        job.feedback.pushWarning(message.format(count=len(packed), names=names))


def _columns(job: Job) -> dict[str, Column]:
    """Return how the attributes of buildings are read that may hold placeholders."""
    built = year_built(job.as_of)
    kinds = {"measuredHeight": HEIGHT, "storeysAboveGround": STOREYS, "yearOfConstruction": built}
    return {name: job.watched(Column("LoD2", name, kind)) for name, kind in kinds.items()}


def _write(
    job: Job, building: Building, columns: Mapping[str, Column], target: Target, written: _Written
) -> None:
    """Write one building and its roof faces in the CRS of the outputs."""
    written.dangling += building.dangling
    footprint = building.footprint(target)
    if footprint.isEmpty():
        has_polygon = any(face.rings for piece in building.pieces for face in piece.faces())
        written.without_ground += has_polygon
        written.without_polygon += not has_polygon
        return
    job.outputs.add("BUILDINGS", _building_row(building, columns), footprint)
    written.buildings += 1
    written.lod1 += building.level_of_detail == 1
    written.transformed += any(piece.crs != target.crs for piece in building.pieces)
    written.mended += sum(face.mended for piece in building.pieces for face in piece.faces())
    roof_m2 = sum(_write_faces(job, building, piece, target, written) for piece in building.pieces)
    if building.level_of_detail == 2:
        written.roofless += not roof_m2
        if roof_m2 and abs(roof_m2 / footprint.area() - 1) > most(PLAN_TOLERANCE):
            written.disagreeing.append(building.id)


def _write_faces(job: Job, building: Building, piece: Part, target: Target, written: _Written) -> float:
    """Write the roof faces of a piece of a building; return their area as seen from above, m²."""
    area = 0.0
    for part in piece.all_parts():
        part_id = building.id if part is piece else part.id or building.id
        form = _integer(part.texts.get("roofType") or piece.texts.get("roofType"))
        for face in part.roofs:
            if not face.covers_ground():
                written.uncovering += bool(face.rings)
                written.empty_faces += not face.rings
                continue
            if not _has_heights(face):
                written.heightless += 1
                continue
            shape = face.polygon()
            if shape.isEmpty():  # it crosses itself too often to be repaired
                written.uncovering += 1
                continue
            written.crossing += shape.isMultipart()
            shape = target.moved(_largest_part(shape), piece.crs)
            job.outputs.add("ROOF_FACES", [building.id, part_id, *_face_row(face), form], shape)
            area += face.plan_area
            written.faces += 1
            written.unknown_form += form == UNKNOWN_FORM
    return area


def _has_heights(face: Face) -> bool:
    heights = face.rings[0][:, 2]
    return ELEVATION.admits(heights.min()) and ELEVATION.admits(heights.max())


def _largest_part(shape: QgsGeometry) -> QgsGeometry:
    """Return a polygon as it is; of one that fell into several when it was repaired, the largest."""
    if not shape.isMultipart():
        return shape
    return max(shape.asGeometryCollection(), key=lambda part: part.area())


def _building_row(building: Building, columns: Mapping[str, Column]) -> list:
    heights, storeys = (
        [columns[name].value(text) for text in building.texts_of_all(name)]
        for name in ("measuredHeight", "storeysAboveGround")
    )
    year = columns["yearOfConstruction"].value((building.text("yearOfConstruction") or "")[:4])
    return [
        building.id,
        building.level_of_detail,
        building.text("function"),
        _integer(building.text("roofType")),
        max((height for height in heights if height is not None), default=None),
        max((int(count) for count in storeys if count is not None and count.is_integer()), default=None),
        None if year is None else int(year),
        municipality_key(building.text("Gemeindeschluessel")),
        day_of(building.text("Grundrissaktualitaet")) or day_of(building.text("creationDate")),
        building.text("DatenquelleDachhoehe"),
        ", ".join(building.tiles),
    ]


def _face_row(face: Face) -> list:
    normal, heights = face.normal, face.rings[0][:, 2]
    aspect = aspect_deg(normal)
    return [
        face.id,
        slope_deg(normal),
        None if math.isnan(aspect) else aspect,
        face.area,
        face.plan_area,
        float(heights.min()),
        float(heights.max()),
    ]


def _integer(text: str | None) -> int | None:
    value = number(text)
    return int(value) if value is not None and value.is_integer() else None


def _report(job: Job, count: Count, written: _Written) -> None:
    """Say in the log what was read, and what was left out and why: read is written and each reason."""
    read = translate(
        "GrueneInfra", "{tiles} tiles: {read} buildings read, {buildings} written with {faces} roof faces."
    )
    job.feedback.pushInfo(
        read.format(tiles=count.tiles, read=count.read, buildings=written.buildings, faces=written.faces)
    )
    for found, message in (*_left_out(count, written), *_doubtful(written, count)):
        if found:
            ids: Sequence[str] = () if isinstance(found, int) else found
            said = message.format(
                count=len(ids) or found,
                ids=first_few(sorted(set(ids))),
                percent=round(100 * PLAN_TOLERANCE),
            )
            job.feedback.pushWarning(said)


def _left_out(count: Count, written: _Written) -> list[_Remark]:
    """Return what was read and not written, with the reason."""
    return [
        (
            count.left[Left.REPEAT],
            translate("GrueneInfra", "{count} buildings repeat another one in outline and date: {ids}."),
        ),
        (
            count.left[Left.OLDER],
            translate("GrueneInfra", "{count} buildings are older versions of a newer one: {ids}."),
        ),
        (
            count.left[Left.OTHER_OUTLINE],
            translate(
                "GrueneInfra",
                "{count} buildings show another outline of one with the same id and no later date, left out; "
                "of each the most detailed, else the largest one came: {ids}.",
            ),
        ),
        (
            count.joined,
            translate("GrueneInfra", "{count} pieces were joined with another one that has the same id."),
        ),
        (
            written.without_polygon,
            translate("GrueneInfra", "{count} buildings without geometry, left out."),
        ),
        (
            written.without_ground,
            translate("GrueneInfra", "{count} buildings none of whose surfaces covers ground, left out."),
        ),
        (written.empty_faces, translate("GrueneInfra", "{count} roof faces are empty polygons, left out.")),
        (written.uncovering, translate("GrueneInfra", "{count} roof faces cover no ground, left out.")),
        (written.heightless, translate("GrueneInfra", "{count} roof faces have no height, left out.")),
        (
            written.dangling,
            translate(
                "GrueneInfra",
                "{count} references lead to what is not in their building, left out.",
            ),
        ),
    ]


def _doubtful(written: _Written, count: Count) -> list[_Remark]:
    """Return what is to be known of the buildings that were written."""
    return [
        (
            count.renamed,
            translate(
                "GrueneInfra",
                "{count} buildings share their id with one elsewhere; each got one of its own: {ids}.",
            ),
        ),
        (
            count.nameless,
            translate("GrueneInfra", "{count} buildings without id got one from their outline."),
        ),
        (
            written.transformed,
            translate("GrueneInfra", "{count} buildings lie in another CRS and were transformed."),
        ),
        (
            written.mended,
            translate("GrueneInfra", "{count} polygons had their outline among their holes, mended."),
        ),
        (
            written.crossing,
            translate(
                "GrueneInfra", "{count} roof faces cross themselves; of each the largest part is drawn."
            ),
        ),
        (
            written.disagreeing,
            translate(
                "GrueneInfra",
                "{count} buildings whose roof faces differ from the outline by more than {percent} % in "
                "plan; both came as they are: {ids}.",
            ),
        ),
        (written.lod1, translate("GrueneInfra", "{count} LoD1 buildings come without roof faces.")),
        (written.roofless, translate("GrueneInfra", "{count} LoD2 buildings have no roof faces.")),
        (
            written.unknown_form,
            translate("GrueneInfra", "{count} roof faces have the roof form 9999: level in the model only."),
        ),
    ]
