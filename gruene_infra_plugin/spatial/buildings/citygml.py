"""Engine ``citygml``: read a CityGML tile, 1.0 or 2.0, building by building, whatever its size.

A tile is read as a stream; only one building at a time is in memory. Walls, terrain lines and
addresses are passed over inside Qt. Roof faces and ground surfaces of building parts belong to
their building.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from qgis.core import QgsCoordinateReferenceSystem, QgsProcessingException, QgsProcessingFeedback
from qgis.PyQt.QtCore import QFile, QIODevice, QXmlStreamAttributes, QXmlStreamReader

from ...i18n import translate
from ...methods.buildings.planes import Points
from ..running import check_cancelled
from .city_model import Face, Kind, Part, Surfaces

CITYGML = "http://www.opengis.net/citygml/"
GML = "http://www.opengis.net/gml"
XLINK = "http://www.w3.org/1999/xlink"
CORE = tuple(f"{CITYGML}{version}" for version in ("1.0", "2.0"))
BUILDING = tuple(f"{CITYGML}building/{version}" for version in ("1.0", "2.0"))

MEMBERS = frozenset({"cityObjectMember", "featureMember", "featureMembers"})
TEXTS = frozenset(
    {"creationDate", "function", "roofType", "measuredHeight", "storeysAboveGround", "yearOfConstruction"}
)
GEOMETRIES = {
    "lod1Solid": Kind.LOD1,
    "lod1MultiSurface": Kind.LOD1,
    "lod2Solid": Kind.LOD2,
    "lod2MultiSurface": Kind.LOD2,
}
BOUNDARIES = {kind.value: kind for kind in (Kind.ROOF, Kind.GROUND)}
UNNAMED = ("", 0, 0)
"""An element without id, of which nothing need be kept."""
POLYGONS = frozenset({"Polygon", "PolygonPatch", "Triangle", "Rectangle"})
AXES = frozenset({"X", "Y", "Z"})
"""Elements of a ``coord``, each with one number."""
FORM_OF_COORDINATES = (("decimal", "."), ("cs", ","), ("ts", " "))
"""Attributes of ``coordinates`` that name its signs, and what these are if it does not."""
PACKED = (b"PK", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"7z\xbc\xaf")
"""How files begin that are packed: zip, gz, bz2, xz, 7z."""

SRS_NAME = re.compile(r"ETRS89_UTM(3[123])(?!\d)|EPSG\D*(?:[\d.]+[/:])?(\d{4,5})(?!\d)", re.IGNORECASE)
UTM = {
    "31": 25831, "32": 25832, "33": 25833,
    "25831": 25831, "25832": 25832, "25833": 25833,
    "5554": 25831, "5555": 25832, "5556": 25833,
}  # fmt: skip
"""ETRS89/UTM by zone, by EPSG code, and by the codes that add heights in DHHN92."""
UTM_BOUNDS = ((1e5, 1e6), (5e6, 7e6), (-1e4, 1e4))
"""Where east, north and height of a building in and around Germany lie, m."""


class Tile:
    """One file; :meth:`ids` or :meth:`buildings` reads it once, from its start to its end.

    Every error is a ``QgsProcessingException`` that names the file, and the line where there is one.
    """

    def __init__(self, path: Path, feedback: QgsProcessingFeedback) -> None:
        self.path = path
        self._feedback = feedback
        self._file = QFile(str(path))
        self._xml = QXmlStreamReader()
        self._model_srs = ""
        self._held = _Held()

    @property
    def position(self) -> int:
        """Bytes read so far."""
        return self._file.pos()

    def ids(self) -> Iterator[str]:
        """Yield the ids of the buildings in the order of the file, an empty one where there is none."""
        for building_id in self._beginnings():
            yield building_id
            self._xml.skipCurrentElement()

    def buildings(self, wanted: Collection[str] | None = None) -> Iterator[Part]:
        """Yield the buildings in the order of the file, or only those of the ``wanted`` ids."""
        for number, building_id in enumerate(self._beginnings()):
            if wanted is not None and building_id not in wanted:
                self._xml.skipCurrentElement()
                continue
            building = self._building()
            building.number = number
            yield building

    # -- the frame ----------------------------------------------------------------------------------

    def _beginnings(self) -> Iterator[str]:
        """Yield the id of each building that has just begun; who takes it reads the building to its end."""
        if not self._file.open(QIODevice.OpenModeFlag.ReadOnly):
            message = translate("GrueneInfra", "{file} cannot be read: {reason}.")
            raise QgsProcessingException(message.format(file=self.path, reason=self._file.errorString()))
        try:
            self._require_unpacked()
            self._xml = QXmlStreamReader(self._file)
            self._enter_model()
            yield from self._members()
            while not self._xml.atEnd():
                self._xml.readNext()
            self._require_well_formed()
        finally:
            self._file.close()

    def _require_unpacked(self) -> None:
        if bytes(self._file.peek(max(map(len, PACKED)))).startswith(PACKED):
            message = translate("GrueneInfra", "{file} is packed. Unpack it and give the .gml files in it.")
            raise QgsProcessingException(message.format(file=self.path))

    def _enter_model(self) -> None:
        xml = self._xml
        found = xml.readNextStartElement()
        self._require_well_formed()
        if not found or xml.name() != "CityModel":
            message = translate("GrueneInfra", "{file} is no CityGML file: its root element is “{root}”.")
            raise QgsProcessingException(message.format(file=self.path, root=xml.name()))
        self._require_version(CORE)

    def _members(self) -> Iterator[str]:
        xml = self._xml
        while xml.readNextStartElement():
            check_cancelled(self._feedback)
            if xml.name() == "boundedBy":
                self._model_srs = self._envelope() or self._model_srs
            elif xml.name() in MEMBERS:
                yield from self._buildings_of_member()
            else:
                xml.skipCurrentElement()
        self._require_well_formed()

    def _buildings_of_member(self) -> Iterator[str]:
        xml = self._xml
        while xml.readNextStartElement():
            if xml.name() == "Building":
                self._require_version(BUILDING)
                yield xml.attributes().value(GML, "id").strip()
                self._require_well_formed()
            else:
                xml.skipCurrentElement()

    def _envelope(self) -> str:
        """Return the name of the CRS on the envelope that has just begun."""
        srs = ""
        while self._xml.readNextStartElement():
            srs = self._xml.attributes().value("srsName") or srs
            self._xml.skipCurrentElement()
        return srs

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

    def _building(self) -> Part:
        """Read the Building that has just begun, with its CRS and its references followed."""
        self._held = _Held()
        building = self._whole()
        self._require_well_formed()
        self._held.resolve(building)
        if next(building.faces(), None) is not None:
            building.crs = self._crs(building)
        return building

    def _crs(self, building: Part) -> QgsCoordinateReferenceSystem:
        """Return the CRS that stands on the geometries, else on the building's envelope, else on the tile's.

        Raise if it is none of ETRS89/UTM or if the geometries do not agree.
        """
        names = self._held.srs or {self._held.envelope_srs or self._model_srs}
        unknown = sorted(name for name in names if _utm(name) is None)
        if unknown:
            message = translate("GrueneInfra", "{file}: the CRS “{crs}” is not ETRS89/UTM 31, 32 or 33.")
            raise QgsProcessingException(message.format(file=self.path, crs=unknown[0] or "–"))
        found = {name: _utm(name) for name in sorted(names)}
        if len(set(found.values())) > 1:
            what = translate("GrueneInfra", "a building mixes several CRS")
            self._fail(what, ", ".join([building.id, *found]))
        return QgsCoordinateReferenceSystem(f"EPSG:{next(iter(found.values()))}")

    def _whole(self) -> Part:
        """Read the Building that has just begun with its parts, and with theirs however deep they lie."""
        xml, building = self._xml, self._begun()
        open_elements: list[Part | None] = [building]  # None for the element around parts
        while open_elements:
            if not xml.readNextStartElement():
                open_elements.pop()
                continue
            inner, is_city = open_elements[-1], xml.namespaceUri().startswith(CITYGML)
            if inner is None:
                part = self._begun()
                building.parts.append(part)
                open_elements.append(part)
            elif is_city and xml.name() == "consistsOfBuildingPart":
                self._held.dangling += bool(_reference(xml.attributes()))
                open_elements.append(None)
            elif is_city:
                self._property(inner, xml.name())
            elif xml.namespaceUri() == GML and xml.name() == "boundedBy":
                self._held.envelope_srs = self._held.envelope_srs or self._envelope()
            else:
                xml.skipCurrentElement()
        return building

    def _begun(self) -> Part:
        """Return the Building or BuildingPart that has just begun, of which nothing is read yet."""
        return Part(self._xml.attributes().value(GML, "id").strip())

    def _property(self, part: Part, name: str) -> None:
        """Read one property of a building into ``part``, or pass over it."""
        xml = self._xml
        if name in TEXTS:
            part.texts.setdefault(name, xml.readElementText().strip())
        elif name == "stringAttribute":
            self._generic_attribute(part)
        elif name == "boundedBy":
            self._boundary(part)
        elif name in GEOMETRIES:
            kind = GEOMETRIES[name]
            part.has_lod2 |= kind is Kind.LOD2
            part.surfaces[kind] += self._surfaces()
        else:
            xml.skipCurrentElement()

    def _generic_attribute(self, part: Part) -> None:
        name = self._xml.attributes().value("name")
        while self._xml.readNextStartElement():
            part.texts.setdefault(name, self._xml.readElementText().strip())

    def _boundary(self, part: Part) -> None:
        """Read the roof or ground surface in a ``boundedBy``; pass over walls and the rest."""
        xml, attributes = self._xml, self._xml.attributes()
        part.has_boundary = True
        if not attributes.isEmpty() and (target := _reference(attributes)):
            part.shared.append(target)
        while xml.readNextStartElement():
            name, surface_id = xml.name(), xml.attributes().value(GML, "id")
            self._held.boundaries[surface_id] = name
            if name not in BOUNDARIES:
                xml.skipCurrentElement()
                continue
            found = Surfaces()
            while xml.readNextStartElement():
                if xml.name() == "lod2MultiSurface":
                    part.has_lod2 = True
                    found += self._surfaces()
                else:
                    xml.skipCurrentElement()
            self._held.surfaces[surface_id] = found
            part.surfaces[BOUNDARIES[name]] += found

    # -- geometry -----------------------------------------------------------------------------------

    def _surfaces(self) -> Surfaces:
        """Read all polygons, and references to surfaces, inside the element that has just begun.

        What has an id is kept by it, so that references find it.
        """
        xml, held, found = self._xml, self._held, Surfaces()
        begun = [self._begin(found)]
        while begun:
            if not xml.readNextStartElement():
                surface_id, faces, references = begun.pop()
                if surface_id:
                    held.surfaces[surface_id] = found.since(faces, references)
            elif xml.name() in POLYGONS:
                face = self._face()
                found.faces.append(face)
                held.surfaces[face.id] = Surfaces([face])
            else:
                begun.append(self._begin(found))
        return found

    def _begin(self, found: Surfaces) -> tuple[str, int, int]:
        """Note reference and CRS of the element just begun; return its id and what was found before it."""
        attributes = self._xml.attributes()
        if attributes.isEmpty():
            return UNNAMED
        if target := _reference(attributes):
            found.references.append(target)
            return UNNAMED
        self._note_srs(attributes)
        return attributes.value(GML, "id"), len(found.faces), len(found.references)

    def _note_srs(self, attributes: QXmlStreamAttributes) -> None:
        if srs := attributes.value("srsName"):
            self._held.srs.add(srs)

    def _face(self) -> Face:
        xml, attributes = self._xml, self._xml.attributes()
        self._note_srs(attributes)
        exteriors: list[Points] = []
        interiors: list[Points] = []
        while xml.readNextStartElement():
            name = xml.name()
            if name == "exterior":
                exteriors += self._ring()
            elif name == "interior":
                interiors += self._ring()
            else:
                xml.skipCurrentElement()
        return Face.of(attributes.value(GML, "id"), exteriors, interiors)

    def _ring(self) -> list[Points]:
        """Return the ring in the element that has just begun, none if it has no positions."""
        xml, depth = self._xml, 1
        numbers: list[str] = []
        while depth:
            if not xml.readNextStartElement():
                depth -= 1
                continue
            if xml.name() in ("posList", "pos"):
                self._note_srs(xml.attributes())
                numbers += xml.readElementText().split()
            elif xml.name() == "coordinates":
                numbers += self._coordinates()
            elif xml.name() in AXES:
                numbers.append(xml.readElementText().strip())
            else:
                depth += 1
        self._require_well_formed()
        return [self._points(numbers)] if numbers else []

    def _coordinates(self) -> list[str]:
        """Return the numbers of ``coordinates``, the form of GML 2: ``x,y,z x,y,z``, or as it says."""
        attributes = self._xml.attributes()
        decimal, comma, blank = (attributes.value(name) or usual for name, usual in FORM_OF_COORDINATES)
        text = self._xml.readElementText().replace(comma, " ").replace(blank, " ")
        return [number.replace(decimal, ".") for number in text.split()]

    def _points(self, numbers: list[str]) -> Points:
        """Return coordinates of shape (n, 3); raise where they cannot be metres in ETRS89/UTM."""
        what = translate("GrueneInfra", "the coordinates of a ring cannot be read")
        try:
            values = np.array([float(number) for number in numbers])
        except ValueError as error:
            self._fail(what, str(error))
        if _is_flat(values):
            flat = translate("GrueneInfra", "its points have x and y and no height; LoD2 needs x, y, z")
            self._fail(what, flat)
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
class _Held:
    """What a building holds by id, so that references in it find their surfaces; the CRS named in it."""

    surfaces: dict[str, Surfaces] = field(default_factory=dict)
    boundaries: dict[str, str] = field(default_factory=dict)
    srs: set[str] = field(default_factory=set)
    envelope_srs: str = ""
    dangling: int = 0
    """References to whole parts, which are never followed, for a part stands in its building."""

    def resolve(self, building: Part) -> None:
        """Replace references by the polygons they mean, each once in the building.

        Solids refer to walls, which are passed over: theirs count only where nothing else bounds a part.
        """
        parts = building.all_parts()
        building.dangling = self.dangling
        for part in parts:
            building.dangling += self._take_shared(part)
        for kind in BOUNDARIES.values():
            building.dangling += self._follow(kind, parts)
        bare = [part for part in parts if not part.has_boundary]
        building.dangling += self._follow(Kind.LOD2, bare)

    def _take_shared(self, part: Part) -> int:
        """Turn references to boundary surfaces into such of their kind; return how many lead to none."""
        for target in part.shared:
            kind = BOUNDARIES.get(self.boundaries.get(target, ""))
            if kind is not None:
                part.has_lod2 = True
                part.surfaces[kind].references.append(target)
        return sum(target not in self.boundaries for target in part.shared)

    def _follow(self, kind: Kind, parts: list[Part]) -> int:
        """Give parts the polygons of a kind to which they refer; return how many references lead to none."""
        if not any(part.surfaces[kind].references for part in parts):
            return 0
        taken = {id(face) for part in parts for face in part.surfaces[kind].faces}
        missing = 0
        for part in parts:
            own = part.surfaces[kind]
            faces, unknown = self._found(own.references)
            own.faces += [face for face in faces if id(face) not in taken]
            taken.update(map(id, faces))
            missing += unknown
        return missing

    def _found(self, references: list[str]) -> tuple[list[Face], int]:
        """Return the polygons that references mean, each once, and how many references lead to none."""
        faces: dict[int, Face] = {}
        ahead, seen, missing = list(references), set(references), 0
        while ahead:
            surfaces = self.surfaces.get(ahead.pop(0))
            if surfaces is None:
                missing += 1
                continue
            faces |= {id(face): face for face in surfaces.faces}
            new = [target for target in surfaces.references if target not in seen]
            ahead += new
            seen.update(new)
        return list(faces.values()), missing


def _reference(attributes: QXmlStreamAttributes) -> str:
    """Return the id that an ``xlink:href`` names, empty where there is none."""
    return attributes.value(XLINK, "href").removeprefix("#")


def _is_flat(values: Points) -> bool:
    """Return whether numbers, shape (n,), are east and north of places, without heights between them."""
    if len(values) < 6 or len(values) % 2:
        return False
    (west, east), (south, north), _ = UTM_BOUNDS
    x, y = values.reshape(-1, 2).T
    return bool(((west < x) & (x < east) & (south < y) & (y < north)).all())


def _utm(srs_name: str) -> int | None:
    """Return the EPSG code of ETRS89/UTM that a ``srsName`` means, ``None`` if it means none."""
    found = SRS_NAME.search(srs_name)
    return UTM.get(found[1] or found[2]) if found else None
