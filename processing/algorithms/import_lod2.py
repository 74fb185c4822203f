"""Read LoD2 tiles (CityGML): footprints with attributes, roof faces with slope, aspect and area."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from qgis.core import (
    Qgis,
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsGeometry,
    QgsProcessingException,
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterFile,
    QgsProcessingParameterMultipleLayers,
)
from qgis.PyQt.QtCore import QDate, QMetaType, Qt

from ...gruene_infra_plugin.i18n import translate
from ...gruene_infra_plugin.methods.planes import area_3d, aspect_deg, newell_normal, slope_deg
from ...gruene_infra_plugin.methods.values import ELEVATION, HEIGHT, STOREYS, year_built
from ...gruene_infra_plugin.spatial.layers import DEFAULT_CRS
from ...gruene_infra_plugin.spatial.lod2 import Count, Face, Part, Tile, read_tiles
from ...gruene_infra_plugin.spatial.outputs import fields_of
from ...gruene_infra_plugin.spatial.places import place_of, plain
from ...gruene_infra_plugin.spatial.values import Column, number
from ..base import GroupedByGoal
from ..job import Job

SUFFIXES = (".gml", ".citygml")
INTEGER, REAL, TEXT = QMetaType.Type.Int, QMetaType.Type.Double, QMetaType.Type.QString
UNKNOWN_FORM = 9999
"""Roof form "other" of AdV: such a roof is modelled as a level block, whatever it looks like."""
BUILDING_FIELDS = {
    "gebaeude_id": TEXT,
    "lod": INTEGER,
    "funktion": TEXT,
    "dachform": INTEGER,
    "hoehe_m": REAL,
    "geschosse": INTEGER,
    "baujahr": INTEGER,
    "ags": TEXT,
    "stand": QMetaType.Type.QDate,
    "dachhoehe_quelle": TEXT,
    "kachel": TEXT,
}
FACE_FIELDS = {
    "gebaeude_id": TEXT,
    "teil_id": TEXT,
    "flaeche_id": TEXT,
    "neigung_grad": REAL,
    "ausrichtung_grad": REAL,
    "flaeche_m2": REAL,
    "grundflaeche_m2": REAL,
    "hoehe_min_m": REAL,
    "hoehe_max_m": REAL,
    "dachform": INTEGER,
}


class ImportLod2(GroupedByGoal):
    """Tiles to two layers, building by building."""

    ID = "import_lod2"
    STYLES = MappingProxyType({"BUILDINGS": "import_lod2_buildings", "ROOF_FACES": "import_lod2_roof_faces"})

    def initAlgorithm(self, config: dict | None = None) -> None:
        folder = Qgis.ProcessingFileParameterBehavior.Folder
        self.add(QgsProcessingParameterFile("FOLDER", "", folder, optional=True))
        file = Qgis.ProcessingSourceType.File
        self.add(QgsProcessingParameterMultipleLayers("TILES", "", file, optional=True))
        for name in ("BUILDINGS", "ROOF_FACES"):
            polygon = Qgis.ProcessingSourceType.VectorPolygon
            self.add(QgsProcessingParameterFeatureSink(name, "", polygon))

    def measure(self, job: Job) -> None:
        paths = _tiles(job)
        job.crs = QgsCoordinateReferenceSystem(DEFAULT_CRS)
        job.outputs.open("BUILDINGS", fields_of(BUILDING_FIELDS), Qgis.WkbType.MultiPolygon, job.crs)
        job.outputs.open("ROOF_FACES", fields_of(FACE_FIELDS), Qgis.WkbType.Polygon, job.crs)
        count, written = Count(), _Written()
        columns = _columns(job)
        for tile, building in read_tiles(paths, job.feedback, count):
            _write(job, tile, building, columns, written)
        if not count.buildings:
            message = translate("GrueneInfra", "There is no building in {files}.")
            raise QgsProcessingException(message.format(files=", ".join(map(str, paths))))
        _report(job, count, written)


@dataclass
class _Written:
    """What came of the buildings."""

    faces: int = 0
    uncovering: int = 0
    heightless: int = 0
    unknown_form: int = 0
    roofless: int = 0
    shapeless: int = 0


def _tiles(job: Job) -> list[Path]:
    """Return the files of both parameters, each once; raise where there is none or one would be replaced."""
    folder = job.text("FOLDER")
    given = [Path(path) for path in job.algorithm.parameterAsFileList(job.parameters, "TILES", job.context)]
    found = _tiles_in(Path(folder)) if folder else []
    paths = list({path.resolve(): path for path in (*found, *given) if path.name})
    if not paths:
        raise QgsProcessingException(translate("GrueneInfra", "Give a FOLDER with LoD2 tiles, or TILES."))
    for path in paths:
        if not path.is_file():
            raise QgsProcessingException(translate("GrueneInfra", "TILES: no file {path}.").format(path=path))
    for name in ("BUILDINGS", "ROOF_FACES"):
        place = place_of(plain(job.parameters.get(name)))
        if place is not None and place.file in paths:
            message = translate("GrueneInfra", "{output} would overwrite {other}. Choose another place.")
            raise QgsProcessingException(message.format(output=name, other=place.file))
    return paths


def _tiles_in(folder: Path) -> list[Path]:
    """Return the tiles right inside a folder, sorted by name; raise if there is none."""
    if not folder.is_dir():
        raise QgsProcessingException(
            translate("GrueneInfra", "FOLDER: no folder {path}.").format(path=folder)
        )
    found = sorted(path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES and path.is_file())
    if not found:
        message = translate("GrueneInfra", "FOLDER: {path} holds no file ending in {suffixes}.")
        raise QgsProcessingException(message.format(path=folder, suffixes=", ".join(SUFFIXES)))
    return found


def _columns(job: Job) -> dict[str, Column]:
    """Return how the attributes of buildings are read that may hold placeholders."""
    built = year_built(job.as_of)
    kinds = {"measuredHeight": HEIGHT, "storeysAboveGround": STOREYS, "yearOfConstruction": built}
    return {name: job.watched(Column("LoD2", name, kind)) for name, kind in kinds.items()}


def _write(job: Job, tile: Tile, building: Part, columns: Mapping[str, Column], written: _Written) -> None:
    """Write one building and its roof faces in the CRS of the outputs."""
    footprint = building.footprint()
    if footprint.isEmpty():
        written.shapeless += 1
        return
    to_output = QgsCoordinateTransform(tile.crs, job.crs, job.context.transformContext())
    footprint.transform(to_output)
    job.outputs.add("BUILDINGS", _building_row(building, tile.path.stem, columns), footprint)
    faces = [(part, face) for part in building.all_parts() for face in part.roofs]
    written.roofless += building.level_of_detail == 2 and not faces
    for part, face in faces:
        if not face.covers_ground():
            written.uncovering += 1
            continue
        if not _has_heights(face):
            written.heightless += 1
            continue
        shape = _largest_part(face.polygon())
        shape.transform(to_output)
        form = _integer(part.texts.get("roofType") or building.texts.get("roofType"))
        job.outputs.add("ROOF_FACES", [building.id, part.id, *_face_row(face), form], shape)
        written.faces += 1
        written.unknown_form += form == UNKNOWN_FORM


def _has_heights(face: Face) -> bool:
    heights = face.rings[0][:, 2]
    return ELEVATION.admits(heights.min()) and ELEVATION.admits(heights.max())


def _largest_part(shape: QgsGeometry) -> QgsGeometry:
    """Return a polygon as it is; of one that fell into several when it was repaired, the largest."""
    if not shape.isMultipart():
        return shape
    return max(shape.asGeometryCollection(), key=lambda part: part.area())


def _building_row(building: Part, tile_name: str, columns: Mapping[str, Column]) -> list:
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
        building.text("Gemeindeschluessel"),
        _day(building.text("Grundrissaktualitaet") or building.text("creationDate")),
        building.text("DatenquelleDachhoehe"),
        tile_name,
    ]


def _face_row(face: Face) -> list:
    exterior, *interiors = face.rings
    normal = newell_normal(exterior)
    aspect, heights = aspect_deg(normal), exterior[:, 2]
    return [
        face.id,
        slope_deg(normal),
        None if math.isnan(aspect) else aspect,
        area_3d(exterior, interiors),
        face.plan_area,
        float(heights.min()),
        float(heights.max()),
    ]


def _integer(text: str | None) -> int | None:
    value = number(text)
    return int(value) if value is not None and value.is_integer() else None


def _day(text: str | None) -> QDate | None:
    day = QDate.fromString((text or "")[:10], Qt.DateFormat.ISODate)
    return day if day.isValid() else None


def _report(job: Job, count: Count, written: _Written) -> None:
    """Say in the log what was read, and what was left out and why."""
    read = translate("GrueneInfra", "{tiles} tiles: {buildings} buildings, {faces} roof faces.")
    job.feedback.pushInfo(read.format(tiles=count.tiles, buildings=count.buildings, faces=written.faces))
    for found, message in (
        (count.repeated, translate("GrueneInfra", "{count} buildings stand in several tiles and come once.")),
        (count.lod1, translate("GrueneInfra", "{count} LoD1 buildings come without roof faces.")),
        (written.roofless, translate("GrueneInfra", "{count} LoD2 buildings have no roof faces.")),
        (
            written.unknown_form,
            translate("GrueneInfra", "{count} roof faces have the roof form 9999: level in the model only."),
        ),
        (written.shapeless, translate("GrueneInfra", "{count} buildings without geometry, left out.")),
        (written.uncovering, translate("GrueneInfra", "{count} roof faces cover no ground, left out.")),
        (written.heightless, translate("GrueneInfra", "{count} roof faces have no height, left out.")),
    ):
        if found:
            job.feedback.pushWarning(message.format(count=found))
