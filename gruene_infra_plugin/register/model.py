"""What the register is about: words of its data, records that go in and come out."""

from __future__ import annotations

import datetime as dt
import hashlib
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from qgis.core import QgsGeometry

from ..methods.parcels.parcel_area import counted_area, official_area, official_of_parts
from ..methods.parcels.space_types import SpaceType
from ..methods.reading.names import municipality_key
from ..spatial.geometry.overlay import dissolve
from ..spatial.geometry.wkb import geometry_of
from .keys import ParcelKey, parcel_key


class Role(StrEnum):
    """What a parcel is to a goal; the words are part of the data and are never translated there."""

    STOCK = "Bestand"
    POTENTIAL = "Potenzial"
    MEASURE = "Maßnahme"
    EXCLUSION = "Ausschluss"


class Status(StrEnum):
    """How far a project or an assignment is."""

    IDEA = "Idee"
    PLANNED = "geplant"
    UNDER_WAY = "in Umsetzung"
    DONE = "umgesetzt"
    REJECTED = "verworfen"


class Side(StrEnum):
    """Whose value stays after a conflict."""

    THEIRS = "theirs"
    MINE = "mine"


@dataclass(frozen=True)
class ParcelRecord:
    """A Flurstück as it was when it was assigned.

    ``wkb`` is a 2D MultiPolygon in the register's CRS or ``None``, ``area_m2`` the area that counts, in m²:
    the official one, ``official_m2``, where the outline bears it out, else that of the outline.
    """

    key: ParcelKey
    area_m2: float
    wkb: bytes | None = None
    source: str | None = None
    ags: str | None = None
    municipality: str | None = None
    official_m2: float | None = None

    @classmethod
    def of(
        cls,
        key: object,
        geometry: QgsGeometry,
        *,
        area_m2: object = None,
        source: str | None = None,
        ags: str | None = None,
        municipality: str | None = None,
    ) -> ParcelRecord:
        """Make a record from a key as delivered and a polygon in the register's CRS.

        ``area_m2`` is the official area, as a number or as text; that in the plane of the CRS counts if it is
        left out, is none, or the outline disagrees. A key of the municipality gets its zero back.

        Raises
        ------
        KeyRefusedError
            If the key cannot be one.
        """
        shape = _multipolygon(geometry)
        outline = _area(shape)
        official = None if area_m2 is None else official_area(area_m2, outline)
        counted = counted_area(official, outline)
        ags = municipality_key(ags)
        return cls(parcel_key(key), counted, _wkb(shape), source, ags, municipality, official)

    @property
    def outline_m2(self) -> float:
        """The area of the outline in the plane of the CRS, in m²; 0 without one."""
        return _area(geometry_of(self.wkb))

    @property
    def official_counts(self) -> bool:
        """Whether the official area counts, or there is none."""
        return self.official_m2 is None or self.official_m2 == self.area_m2

    @property
    def geometry_hash(self) -> str | None:
        """SHA-256 of the WKB, by which a changed geometry is noticed."""
        return None if self.wkb is None else hashlib.sha256(self.wkb).hexdigest()


def _multipolygon(geometry: QgsGeometry) -> QgsGeometry:
    """Return a polygon planar, of straight lines and as MultiPolygon; an empty geometry for what is none."""
    if geometry.isEmpty():
        return QgsGeometry()
    # convertToStraightSegment would leave a CurvePolygon whose rings are straight already.
    shape = QgsGeometry(geometry.constGet().segmentize())
    shape.get().dropZValue()
    shape.get().dropMValue()
    shape.convertToMultiType()
    return shape if math.isfinite(shape.area()) else QgsGeometry()


def _area(shape: QgsGeometry) -> float:
    return 0.0 if shape.isEmpty() else shape.area()


def _wkb(shape: QgsGeometry) -> bytes | None:
    return None if shape.isEmpty() else bytes(shape.asWkb())


def merged(parcels: Iterable[ParcelRecord]) -> list[ParcelRecord]:
    """Return one record per key: parts of a parcel that come as several features are put together.

    What overlaps, as two versions of a parcel do, counts once, and so does an area that all parts share
    because it is the parcel's.

    Raises
    ------
    QgsProcessingException
        If the parts of a parcel cannot be overlaid.
    """
    parts: dict[str, dict[bytes | None, ParcelRecord]] = {}
    for parcel in parcels:
        parts.setdefault(parcel.key.key, {}).setdefault(parcel.wkb, parcel)
    return [_together(list(of_key.values())) for of_key in parts.values()]


def _together(parts: list[ParcelRecord]) -> ParcelRecord:
    if len(parts) == 1:
        return parts[0]
    shape = _multipolygon(dissolve(geometry_of(part.wkb) for part in parts if part.wkb))
    outline = _area(shape)
    official = official_of_parts([part.official_m2 for part in parts], outline)
    area = counted_area(official, outline or max(part.area_m2 for part in parts))
    return replace(parts[0], wkb=_wkb(shape), area_m2=area, official_m2=official)


ParcelVersion = tuple[int, int, bool]
"""Number and version of a parcel's row, by which a change is noticed, and whether it has a geometry."""


@dataclass(frozen=True)
class AssignmentRecord:
    """A Flurstück serves a Handlungsziel in a role, within a project or in none."""

    parcel: str
    hz: int
    role: Role
    status: Status
    project: int | None = None
    evidence: str | None = None
    algorithm: str | None = None
    note: str | None = None
    version: int = 1

    @property
    def row(self) -> tuple[str, int, str, int]:
        """The row's key in ``seen`` and in conflicts; 0 stands for no project."""
        return self.parcel, self.hz, self.role.value, self.project or 0


@dataclass(frozen=True)
class SpaceTypeRecord:
    """The Raumtyp of a Flurstück; ``share`` is the share of its area in percent."""

    parcel: str
    raumtyp: SpaceType
    share: float | None = None
    origin: str | None = None
    version: int = 1

    @property
    def row(self) -> tuple[str]:
        return (self.parcel,)


@dataclass(frozen=True)
class Project:
    """A project; ``id`` is 0 as long as the register has not given it one."""

    name: str
    carrier: str | None = None
    municipality: str | None = None
    status: Status = Status.IDEA
    begin: dt.date | None = None
    end: dt.date | None = None
    note: str | None = None
    id: int = 0
    version: int = 1


@dataclass(frozen=True)
class Fact:
    """What geometry cannot measure: a value of a project or a municipality for a goal."""

    hz: int
    field: str
    value: float | None = None
    text: str | None = None
    unit: str | None = None
    year: int | None = None
    source: str | None = None
    project: int | None = None
    ags: str | None = None
    municipality: str | None = None
    version: int = 1

    @property
    def row(self) -> tuple[int, str, str, int, str, int]:
        """The row's key in ``seen`` and in conflicts; 0 and '' stand for none."""
        return self.project or 0, self.ags or "", self.municipality or "", self.hz, self.field, self.year or 0


@dataclass(frozen=True)
class Choice:
    """What to do with a row that changed underneath, as it was at ``version`` (``None``: gone)."""

    row: tuple
    side: Side
    version: int | None


@dataclass(frozen=True)
class Conflict:
    """A value that somebody else changed since it was read.

    ``parcel`` is the Flurstückskennzeichen, for a project its name. ``theirs`` is ``None`` with
    ``version`` ``None`` where they removed the row; ``mine`` is ``None`` where I am removing it.
    """

    parcel: str
    field: str
    theirs: Any
    mine: Any
    row: tuple
    version: int | None

    def choose(self, side: Side) -> Choice:
        """Decide; the decision holds as long as the row stays as it was at the conflict."""
        return Choice(self.row, side, self.version)


@dataclass(frozen=True)
class Action:
    """One write of one person, as ``verlauf`` tells it."""

    id: str
    kind: str
    who: str
    when: dt.datetime
    rows: int
    undoes: str | None = None
    undone: bool = False


@dataclass(frozen=True)
class Entry:
    """One line of ``verlauf``: its number, who wrote and when."""

    number: int
    who: str
    when: dt.datetime


@dataclass(frozen=True)
class Criteria:
    """What parcels are looked for by; ``None`` and an empty text ask for nothing.

    Goal, role, status, project and ``counting`` have to hold for one and the same assignment. ``counting``
    asks for what counts in totals: neither excluded nor rejected.
    """

    hz: int | None = None
    role: Role | None = None
    status: Status | None = None
    raumtyp: SpaceType | None = None
    project: int | None = None
    key_part: str = ""
    counting: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether nothing but ``counting`` is asked for."""
        return replace(self, counting=False) == Criteria()


@dataclass(frozen=True, slots=True)
class FoundParcel:
    """A parcel with all goals and projects that it is assigned to, by number and by name."""

    key: str
    delivered: str
    area_m2: float
    raumtyp: str | None = None
    goals: tuple[int, ...] = ()
    projects: tuple[str, ...] = ()


@dataclass(frozen=True)
class Total:
    """How many parcels, and how many hectares; a parcel counts once."""

    parcels: int
    hectares: float


@dataclass(frozen=True)
class RegisterState:
    """Assignments, Raumtypen and names of projects as they were at one moment."""

    assignments: tuple[AssignmentRecord, ...]
    space_types: tuple[SpaceTypeRecord, ...]
    projects: Mapping[int, str]
