"""Engine ``lod2``: read LoD2 tiles (CityGML 1.0 and 2.0) building by building, whatever their size.

A tile is read as a stream; only one building at a time is in memory. Walls, terrain lines and
addresses are passed over inside Qt. Roof faces and ground surfaces of building parts belong to
their building.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np
from qgis.core import (
    Qgis,
    QgsCoordinateReferenceSystem,
    QgsGeometry,
    QgsLineString,
    QgsPolygon,
    QgsProcessingException,
    QgsProcessingFeedback,
)
from qgis.PyQt.QtCore import QFile, QIODevice, QXmlStreamReader

from ..i18n import translate
from ..methods.planes import Points, plan_area
from .layers import check_cancelled

CITYGML = "http://www.opengis.net/citygml/"
GML = "http://www.opengis.net/gml"
XLINK = "http://www.w3.org/1999/xlink"
CORE = tuple(f"{CITYGML}{version}" for version in ("1.0", "2.0"))
BUILDING = tuple(f"{CITYGML}building/{version}" for version in ("1.0", "2.0"))

MEMBERS = frozenset({"cityObjectMember", "featureMember", "featureMembers"})
TEXTS = frozenset(
    {"creationDate", "function", "roofType", "measuredHeight", "storeysAboveGround", "yearOfConstruction"}
)
LOD1 = frozenset({"lod1Solid", "lod1MultiSurface"})
LOD2 = frozenset({"lod2Solid", "lod2MultiSurface"})
POLYGONS = frozenset({"Polygon", "PolygonPatch", "Triangle", "Rectangle"})

SRS_NAME = re.compile(r"ETRS89_UTM(3[123])(?!\d)|EPSG\D*(?:[\d.]+[/:])?(\d{4,5})(?!\d)", re.IGNORECASE)
UTM = {
    "31": 25831, "32": 25832, "33": 25833,
    "25831": 25831, "25832": 25832, "25833": 25833,
    "5554": 25831, "5555": 25832, "5556": 25833,
}  # fmt: skip
"""ETRS89/UTM by zone, by EPSG code, and by the codes that add heights in DHHN92."""
UTM_BOUNDS = ((1e5, 1e6), (5e6, 7e6), (-1e4, 1e4))
"""Where east, north and height of a building in and around Germany lie, m."""
LEAST_PLAN_M2 = 1e-3
"""Plan area below which a face is vertical or has no area: it covers no ground [A]."""


@dataclass(frozen=True)
class Face:
    """A plane polygon in space; ``rings`` holds the exterior first, each of shape (n, 3), m.

    Without rings it is a reference to the polygon of that id elsewhere in the building.
    """

    id: str
    rings: list[Points]

    @cached_property
    def plan_area(self) -> float:
        """Area as seen from above, m²."""
        return plan_area(self.rings[0], self.rings[1:])

    def covers_ground(self) -> bool:
        """Return whether the face has an area as seen from above."""
        return bool(self.rings) and self.plan_area >= LEAST_PLAN_M2

    def polygon(self) -> QgsGeometry:
        """Return the face as seen from above, valid: a Polygon, or several where it crosses itself."""
        exterior, *interiors = (QgsLineString(*ring[:, :2].T.tolist()) for ring in self.rings)
        polygon = QgsPolygon(exterior)
        for interior in interiors:  # the constructor that takes them all leaves them to Python to delete
            polygon.addInteriorRing(interior)
        return valid(QgsGeometry(polygon))


@dataclass
class Part:
    """A Building or BuildingPart with what the tile says of it; ``parts`` are those of a Building."""

    id: str
    texts: dict[str, str] = field(default_factory=dict)
    roofs: list[Face] = field(default_factory=list)
    grounds: list[Face] = field(default_factory=list)
    lod1: list[Face] = field(default_factory=list)
    lod2: list[Face] = field(default_factory=list)
    has_lod2: bool = False
    parts: list[Part] = field(default_factory=list)

    def all_parts(self) -> list[Part]:
        """Return the building itself and its parts."""
        return [self, *self.parts]

    @property
    def level_of_detail(self) -> int:
        """Level of detail of the best geometry: 2, 1, or 0 where there is none."""
        parts = self.all_parts()
        if any(part.has_lod2 for part in parts):
            return 2
        return int(any(part.lod1 for part in parts))

    def text(self, name: str) -> str | None:
        """Return an attribute of the building, else the one on which its parts agree, else ``None``."""
        if own := self.texts.get(name):
            return own
        found = {part.texts[name] for part in self.parts if part.texts.get(name)}
        return found.pop() if len(found) == 1 else None

    def texts_of_all(self, name: str) -> list[str]:
        """Return an attribute of the building, else those of its parts."""
        if own := self.texts.get(name):
            return [own]
        return [part.texts[name] for part in self.parts if part.texts.get(name)]

    def footprint(self) -> QgsGeometry:
        """Return the ground that the building covers as a valid MultiPolygon, empty if it has none.

        Of every part the ground surfaces, without these its roof faces, without these its other faces.
        """
        found = [face for part in self.all_parts() for face in part.footprint_faces() if face.covers_ground()]
        shapes = [face.polygon() for face in found]
        whole = valid(shapes[0] if len(shapes) == 1 else QgsGeometry.unaryUnion(shapes))
        whole.convertToMultiType()
        return whole

    def footprint_faces(self) -> list[Face]:
        """Return the faces that tell best which ground this part alone covers."""
        return self.grounds or self.roofs or self.lod2 or ([] if self.has_lod2 else self.lod1)

    def resolve(self) -> None:
        """Replace references by the polygons they mean, which the building holds elsewhere."""
        known = {
            face.id: face
            for part in self.all_parts()
            for face in (*part.lod2, *part.roofs, *part.grounds)
            if face.rings
        }
        for part in self.all_parts():
            part.roofs = [face if face.rings else known.get(face.id, face) for face in part.roofs]
            part.grounds = [face if face.rings else known.get(face.id, face) for face in part.grounds]
            part.lod2 = [face for face in part.lod2 if face.rings]


def valid(shape: QgsGeometry) -> QgsGeometry:
    """Return polygons as they are, or repaired where they cross themselves."""
    if shape.isEmpty() or shape.isGeosValid():
        return shape
    repaired = shape.makeValid(Qgis.MakeValidMethod.Structure)
    return QgsGeometry.collectGeometry(repaired.coerceToType(Qgis.WkbType.Polygon))


class Tile:
    """One file; :meth:`buildings` reads it once, from its start to its end.

    Every error is a ``QgsProcessingException`` that names the file, and the line where there is one.
    """

    def __init__(self, path: Path, feedback: QgsProcessingFeedback) -> None:
        self.path = path
        self._feedback = feedback
        self._file = QFile(str(path))
        self._xml = QXmlStreamReader()
        self._srs_name = ""
        self._crs: QgsCoordinateReferenceSystem | None = None

    @property
    def position(self) -> int:
        """Bytes read so far."""
        return self._file.pos()

    @property
    def crs(self) -> QgsCoordinateReferenceSystem:
        """The CRS of the coordinates, known from the first building on; raise if it is none of ETRS89/UTM."""
        if self._crs is None:
            found = SRS_NAME.search(self._srs_name)
            code = UTM.get(found[1] or found[2]) if found else None
            if code is None:
                message = translate("GrueneInfra", "{file}: the CRS “{crs}” is not ETRS89/UTM 31, 32 or 33.")
                raise QgsProcessingException(message.format(file=self.path, crs=self._srs_name or "–"))
            self._crs = QgsCoordinateReferenceSystem(f"EPSG:{code}")
        return self._crs

    def buildings(self) -> Iterator[Part]:
        """Yield the buildings in the order of the file."""
        if not self._file.open(QIODevice.OpenModeFlag.ReadOnly):
            message = translate("GrueneInfra", "{file} cannot be read: {reason}.")
            raise QgsProcessingException(message.format(file=self.path, reason=self._file.errorString()))
        try:
            self._xml = QXmlStreamReader(self._file)
            self._enter_model()
            yield from self._members()
            while not self._xml.atEnd():
                self._xml.readNext()
            self._require_well_formed()
        finally:
            self._file.close()

    # -- the frame ----------------------------------------------------------------------------------

    def _enter_model(self) -> None:
        xml = self._xml
        found = xml.readNextStartElement()
        self._require_well_formed()
        if not found or xml.name() != "CityModel":
            message = translate("GrueneInfra", "{file} is no CityGML file: its root element is “{root}”.")
            raise QgsProcessingException(message.format(file=self.path, root=xml.name()))
        self._require_version(CORE)

    def _members(self) -> Iterator[Part]:
        xml = self._xml
        while xml.readNextStartElement():
            check_cancelled(self._feedback)
            if xml.name() == "boundedBy":
                self._read_envelope()
            elif xml.name() in MEMBERS:
                yield from self._buildings_of_member()
            else:
                xml.skipCurrentElement()
        self._require_well_formed()

    def _buildings_of_member(self) -> Iterator[Part]:
        xml = self._xml
        while xml.readNextStartElement():
            if xml.name() != "Building":
                xml.skipCurrentElement()
                continue
            self._require_version(BUILDING)
            building = self._part()
            self._require_well_formed()
            building.resolve()
            yield building

    def _read_envelope(self) -> None:
        while self._xml.readNextStartElement():
            self._note_crs()
            self._xml.skipCurrentElement()

    def _note_crs(self) -> None:
        """Take the CRS of the element read last; it may stand on the envelope or on a geometry."""
        if not self._srs_name:
            self._srs_name = self._xml.attributes().value("srsName")

    def _require_version(self, namespaces: tuple[str, ...]) -> None:
        found = self._xml.namespaceUri()
        if found not in namespaces:
            message = translate(
                "GrueneInfra", "{file}: the namespace “{found}” is none of CityGML 1.0 or 2.0 ({expected})."
            )
            expected = ", ".join(namespaces)
            raise QgsProcessingException(message.format(file=self.path, found=found, expected=expected))

    def _require_well_formed(self) -> None:
        if self._xml.hasError():
            self._fail(translate("GrueneInfra", "the XML is broken or cut off"), self._xml.errorString())

    def _fail(self, what: str, detail: str) -> None:
        message = translate("GrueneInfra", "{file}, line {line}: {what} ({detail}).")
        line = self._xml.lineNumber()
        detail = detail.strip().rstrip(".")
        raise QgsProcessingException(message.format(file=self.path, line=line, what=what, detail=detail))

    # -- a building ---------------------------------------------------------------------------------

    def _part(self) -> Part:
        """Read the Building or BuildingPart that has just begun."""
        xml = self._xml
        part = Part(xml.attributes().value(GML, "id") or f"{self.path.stem}_{xml.lineNumber()}")
        while xml.readNextStartElement():
            if xml.namespaceUri().startswith(CITYGML):
                self._property(part, xml.name())
            else:
                xml.skipCurrentElement()
        return part

    def _property(self, part: Part, name: str) -> None:
        """Read one property of a building into ``part``, or pass over it."""
        xml = self._xml
        if name in TEXTS:
            part.texts.setdefault(name, xml.readElementText().strip())
        elif name == "stringAttribute":
            self._generic_attribute(part)
        elif name == "boundedBy":
            self._boundary(part)
        elif name == "consistsOfBuildingPart":
            while xml.readNextStartElement():
                part.parts += self._part().all_parts()
        elif name in LOD2:
            part.has_lod2 = True
            part.lod2 += self._faces()
        elif name in LOD1:
            part.lod1 += self._faces()
        else:
            xml.skipCurrentElement()

    def _generic_attribute(self, part: Part) -> None:
        name = self._xml.attributes().value("name")
        while self._xml.readNextStartElement():
            part.texts.setdefault(name, self._xml.readElementText().strip())

    def _boundary(self, part: Part) -> None:
        """Read the roof or ground surface in a ``boundedBy``; pass over walls and the rest."""
        xml = self._xml
        while xml.readNextStartElement():
            kind = {"RoofSurface": part.roofs, "GroundSurface": part.grounds}.get(xml.name())
            if kind is None:
                xml.skipCurrentElement()
                continue
            while xml.readNextStartElement():
                if xml.name() == "lod2MultiSurface":
                    part.has_lod2 = True
                    kind += self._faces()
                else:
                    xml.skipCurrentElement()

    # -- geometry -----------------------------------------------------------------------------------

    def _faces(self) -> list[Face]:
        """Read all polygons, and references to polygons, inside the element that has just begun."""
        faces = []
        for name in self._inside():
            self._note_crs()
            if name in POLYGONS:
                faces.append(self._face())
            elif name == "surfaceMember" and (target := self._xml.attributes().value(XLINK, "href")):
                faces.append(Face(target.removeprefix("#"), []))
        return faces

    def _inside(self) -> Iterator[str]:
        """Yield the names of the elements inside the current one, at any depth.

        Whoever takes a name may read that element to its end.
        """
        xml, depth = self._xml, 1
        while depth and not xml.hasError():
            if xml.readNextStartElement():
                yield xml.name()
                depth += xml.isStartElement()
            else:
                depth -= 1

    def _face(self) -> Face:
        face_id = self._xml.attributes().value(GML, "id")
        rings: list[Points] = []
        while self._xml.readNextStartElement():
            if self._xml.name() == "exterior":
                rings.insert(0, self._ring())
            elif self._xml.name() == "interior":
                rings.append(self._ring())
            else:
                self._xml.skipCurrentElement()
        return Face(face_id, rings)

    def _ring(self) -> Points:
        numbers: list[str] = []
        for name in self._inside():
            if name in ("posList", "pos"):
                numbers += self._xml.readElementText().split()
        self._require_well_formed()
        return self._points(numbers)

    def _points(self, numbers: list[str]) -> Points:
        """Return coordinates of shape (n, 3); raise where they cannot be metres in ETRS89/UTM."""
        what = translate("GrueneInfra", "the coordinates of a ring cannot be read")
        try:
            values = np.array([float(number) for number in numbers])
        except ValueError as error:
            self._fail(what, str(error))
        if len(values) < 9 or len(values) % 3:
            count = translate("GrueneInfra", "{count} numbers are no ring of x, y, z")
            self._fail(what, count.format(count=len(values)))
        points = values.reshape(-1, 3)
        least, most = points.min(axis=0).tolist(), points.max(axis=0).tolist()
        is_utm = all(low < a <= b < high for (low, high), a, b in zip(UTM_BOUNDS, least, most, strict=True))
        if not is_utm:
            place = translate("GrueneInfra", "{x}, {y} is no place in ETRS89/UTM, east before north")
            self._fail(what, place.format(x=numbers[0], y=numbers[1]))
        return points


@dataclass
class Count:
    """What :func:`read_tiles` has seen."""

    tiles: int = 0
    buildings: int = 0
    lod1: int = 0
    repeated: int = 0


def read_tiles(
    paths: Iterable[Path], feedback: QgsProcessingFeedback, count: Count
) -> Iterator[tuple[Tile, Part]]:
    """Yield every building of the tiles once, with its tile; a building may stand in neighbouring tiles.

    Memory does not grow with the tiles but for the ids of the buildings, which tell repeated ones.
    Raises if all buildings of a tile are LoD1: their roofs are level by construction.
    """
    paths = list(paths)
    sizes = [path.stat().st_size for path in paths]
    seen: set[str] = set()
    for number, path in enumerate(paths):
        tile, details = Tile(path, feedback), set()
        for building in tile.buildings():
            details.add(building.level_of_detail)
            feedback.setProgress(100.0 * (sum(sizes[:number]) + tile.position) / max(1, sum(sizes)))
            if building.id in seen:
                count.repeated += 1
                continue
            seen.add(building.id)
            count.buildings += 1
            count.lod1 += building.level_of_detail == 1
            yield tile, building
        if 1 in details and 2 not in details:
            message = translate(
                "GrueneInfra",
                "{file} holds LoD1 buildings only: their roofs are level by construction, no evidence. "
                "Use LoD2 tiles.",
            )
            raise QgsProcessingException(message.format(file=path))
        count.tiles += 1
