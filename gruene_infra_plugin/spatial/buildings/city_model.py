"""Engine ``city_model``: a building of CityGML with its parts and faces, as one tile delivers it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property

from qgis.core import (
    Qgis,
    QgsCoordinateReferenceSystem,
    QgsGeometry,
    QgsLineString,
    QgsPolygon,
)
from qgis.PyQt.QtCore import QDate, Qt

from ...methods.buildings.planes import Points, area_3d, newell_normal, plan_area, vector_area
from ..geometry.validity import made_valid

LEAST_PLAN_M2 = 1e-3
"""Plan area below which a face is vertical or has no area: it covers no ground [A]."""
SURVEY_ERROR_M = 1e-3
"""Accuracy of the coordinates of a tile."""
PLAUSIBLE_YEARS = (1900, 2100)
"""Years outside of which a date stands for an unknown one [A]."""


class Kind(Enum):
    """What the polygons of a building are known to be."""

    ROOF = "RoofSurface"
    GROUND = "GroundSurface"
    LOD2 = "lod2"
    LOD1 = "lod1"


@dataclass(frozen=True, eq=False)
class Face:
    """A plane polygon in space; ``rings`` holds the exterior first, each of shape (n, 3), m.

    An empty polygon has none. ``mended`` says that the tile had the exterior among the interiors.
    """

    id: str
    rings: list[Points]
    mended: bool = False

    @classmethod
    def of(cls, face_id: str, exteriors: list[Points], interiors: list[Points]) -> Face:
        """Return the polygon of those rings; an interior around the exterior is the true exterior."""
        rings = [*exteriors, *interiors]
        if len(rings) < 2:
            return cls(face_id, rings, mended=bool(interiors))
        outline = max(rings, key=lambda ring: area_3d(vector_area(ring)))
        if outline is rings[0] or not _lies_around(outline, rings[0]):
            return cls(face_id, rings, mended=not exteriors)
        holes = [ring for ring in rings if ring is not outline]
        return cls(face_id, [outline, *holes], mended=True)

    @cached_property
    def _vector_areas(self) -> list[Points]:
        return [vector_area(ring) for ring in self.rings]

    @property
    def normal(self) -> Points:
        """Unit normal of the exterior, shape (3,)."""
        return newell_normal(self._vector_areas[0])

    @property
    def area(self) -> float:
        """Area in its own plane, m²."""
        exterior, *interiors = self._vector_areas
        return area_3d(exterior, interiors)

    @cached_property
    def plan_area(self) -> float:
        """Area as seen from above, m²; 0 for an empty polygon."""
        return plan_area(self._vector_areas[0], self._vector_areas[1:]) if self.rings else 0.0

    def covers_ground(self) -> bool:
        """Return whether the face has an area as seen from above."""
        return self.plan_area >= LEAST_PLAN_M2

    def polygon(self) -> QgsGeometry:
        """Return the face as seen from above, valid: a Polygon, or several where it crosses itself."""
        exterior, *interiors = (QgsLineString(*ring[:, :2].T.tolist()) for ring in self.rings)
        polygon = QgsPolygon(exterior)
        for interior in interiors:  # the constructor that takes them all leaves them to Python to delete
            polygon.addInteriorRing(interior)
        return valid(QgsGeometry(polygon))


@dataclass
class Surfaces:
    """Polygons, and the ids of surfaces that stand elsewhere and belong to them."""

    faces: list[Face] = field(default_factory=list)
    references: list[str] = field(default_factory=list)

    def since(self, faces: int, references: int) -> Surfaces:
        """Return what came after the first ``faces`` and ``references``."""
        return Surfaces(self.faces[faces:], self.references[references:])

    def __iadd__(self, other: Surfaces) -> Surfaces:
        self.faces += other.faces
        self.references += other.references
        return self


@dataclass
class Part:
    """A Building or BuildingPart with what the tile says of it; ``parts`` are all those of a Building.

    ``number`` counts the buildings of the tile; ``shared`` holds the ids of roof and other surfaces that
    stand in another part; ``dangling`` counts the references that lead to nothing in the building.
    """

    id: str
    number: int = 0
    crs: QgsCoordinateReferenceSystem = field(default_factory=QgsCoordinateReferenceSystem)
    texts: dict[str, str] = field(default_factory=dict)
    surfaces: dict[Kind, Surfaces] = field(default_factory=lambda: {kind: Surfaces() for kind in Kind})
    shared: list[str] = field(default_factory=list)
    has_lod2: bool = False
    has_boundary: bool = False
    dangling: int = 0
    parts: list[Part] = field(default_factory=list)

    def all_parts(self) -> list[Part]:
        """Return the building itself and its parts."""
        return [self, *self.parts]

    @property
    def roofs(self) -> list[Face]:
        """The roof faces of this part alone."""
        return self.surfaces[Kind.ROOF].faces

    def faces(self) -> Iterator[Face]:
        """Yield all polygons of the building and its parts."""
        for part in self.all_parts():
            for surfaces in part.surfaces.values():
                yield from surfaces.faces

    @property
    def level_of_detail(self) -> int:
        """Level of detail of the best geometry: 2, 1, or 0 where there is none."""
        parts = self.all_parts()
        if any(part.has_lod2 for part in parts):
            return 2
        return int(any(part.surfaces[Kind.LOD1].faces for part in parts))

    def text(self, name: str) -> str | None:
        """Return an attribute of the building, else the one on which its parts agree, else ``None``."""
        return self.texts.get(name) or agreed(part.texts.get(name) for part in self.parts)

    def texts_of_all(self, name: str) -> list[str]:
        """Return an attribute of the building, else those of its parts."""
        if own := self.texts.get(name):
            return [own]
        return [part.texts[name] for part in self.parts if part.texts.get(name)]

    @property
    def date(self) -> str:
        """Day from which the building is as it is here, as YYYY-MM-DD; empty where that is not known."""
        days = (day_of(self.text(name)) for name in ("creationDate", "Grundrissaktualitaet"))
        return next((day.toString(Qt.DateFormat.ISODate) for day in days if day is not None), "")

    def footprint(self) -> QgsGeometry:
        """Return the ground that the building covers as a valid MultiPolygon, empty if it has none."""
        return united([face.polygon() for part in self.all_parts() for face in part.footprint_faces()])

    def footprint_faces(self) -> list[Face]:
        """Return the faces that tell best which ground this part alone covers.

        The ground surfaces, without these its roof faces, without these its other faces.
        """
        for kind in (Kind.GROUND, Kind.ROOF, Kind.LOD2, Kind.LOD1):
            if faces := [face for face in self.surfaces[kind].faces if face.covers_ground()]:
                return faces
        return []

    def fingerprint(self) -> bytes:
        """Return a key that two buildings share only if tiles say the same of both."""
        key = hashlib.blake2b(digest_size=16)
        for part in self.all_parts():
            key.update(repr((part.id, sorted(part.texts.items()))).encode())
        for face in self.faces():
            key.update(repr(face.id).encode())
            for ring in face.rings:
                key.update(ring.tobytes())
        return key.digest()


def agreed(texts: Iterable[str | None]) -> str | None:
    """Return the text that all which are given have in common, else ``None``."""
    found = {text for text in texts if text}
    return found.pop() if len(found) == 1 else None


def day_of(text: str | None) -> QDate | None:
    """Return the day with which ``2024-01-31T12:00:00`` begins, ``None`` if there is no plausible one."""
    day = QDate.fromString((text or "")[:10], Qt.DateFormat.ISODate)
    first, last = PLAUSIBLE_YEARS
    return day if day.isValid() and first <= day.year() < last else None


def valid(shape: QgsGeometry) -> QgsGeometry:
    """Return polygons as they are, or repaired where they cross themselves."""
    repaired = made_valid(shape)
    if repaired is shape:
        return shape
    return QgsGeometry.collectGeometry(repaired.coerceToType(Qgis.WkbType.Polygon))


def united(shapes: Sequence[QgsGeometry]) -> QgsGeometry:
    """Return polygons dissolved to one valid MultiPolygon, empty if there are none."""
    whole = valid(shapes[0] if len(shapes) == 1 else QgsGeometry.unaryUnion(shapes))
    whole.convertToMultiType()
    return whole


def _lies_around(outer: Points, inner: Points) -> bool:
    """Return whether the extent of a ring holds that of another one."""
    low, high = outer.min(axis=0) - SURVEY_ERROR_M, outer.max(axis=0) + SURVEY_ERROR_M
    return bool((low <= inner.min(axis=0)).all() and (inner.max(axis=0) <= high).all())
