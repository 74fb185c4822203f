"""What in a register contradicts itself: rules on records, one contradiction per row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any

from ..catalogue import load_entry
from ..i18n import language
from ..methods.findings.thresholds import least
from ..methods.parcels.parcel_area import agrees
from ..methods.parcels.space_types import SpaceType
from .model import AssignmentRecord, Project, Role, SpaceTypeRecord, Status
from .odd_values import OddValue

TEXTS = "check_register"
"""The entry of the catalogue with a sentence and a remedy for each kind of contradiction."""

LEAST_SHARE = 50.0
"""Percent of a parcel's area below which its Raumtyp is not that of most of it [A]."""
LEAST_OVERLAP_M2 = 1.0
"""Area up to which two parcels may overlap because of rounding, in square metres [A]."""


class Check(StrEnum):
    """The kind of a contradiction; the words are part of the data and are never translated there."""

    MINOR_SHARE = "Raumtyp unter 50 %"
    TWO_TYPES = "zwei Raumtypen"
    EXCLUDED = "Ausschluss neben Maßnahme"
    REJECTED_PROJECT = "Projekt verworfen"
    NO_GEOMETRY = "ohne Geometrie"
    NOT_IN_LAYER = "nicht im Layer"
    OVERLAP = "Überlappung"
    AREA = "Fläche"
    ODD_VALUE = "Wert nicht lesbar"
    NOT_LOGGING = "Verlauf lückenhaft"
    NO_ARCHIVE = "Archiv fehlt"
    ODD_ENTRY = "Verlauf nicht lesbar"


KINDS = tuple(Check)
"""The kinds in the order in which they are listed."""


@dataclass(frozen=True)
class Contradiction:
    """A contradiction at a parcel, with the ``values`` that a sentence about it needs.

    ``part`` tells it from others of its kind at the same parcel; ``records`` are the rows that contradict.
    ``parcel`` is empty where it concerns none.
    """

    check: Check
    parcel: str
    values: Mapping[str, Any] = field(default_factory=dict)
    part: tuple = ()
    records: tuple[AssignmentRecord | SpaceTypeRecord | OddValue, ...] = ()

    @cached_property
    def order(self) -> tuple[int, str, tuple]:
        """Its place in a list; the same contradiction has the same place later on."""
        return KINDS.index(self.check), self.parcel, self.part

    @property
    def parcels(self) -> tuple[str, ...]:
        """The parcels that contradict themselves or each other."""
        return tuple(key for key in (self.parcel, self.values.get("other")) if key)

    def sentence(self) -> str:
        """Return what contradicts, in the user's language."""
        return self._phrase(self.check.name.lower())

    def remedy(self) -> str:
        """Return what to do about it, in the user's language."""
        return self._phrase(f"{self.check.name.lower()}_remedy")

    def _phrase(self, key: str) -> str:
        return load_entry(TEXTS).phrases[key].get(language()).format_map(self.values)


def minor_shares(space_types: Iterable[SpaceTypeRecord]) -> Iterator[Contradiction]:
    """Yield parcels whose Raumtyp takes up less than half of their area."""
    for record in space_types:
        if record.share is not None and record.share < least(LEAST_SHARE):
            values = {"raumtyp": record.raumtyp.value, "share": record.share}
            yield Contradiction(Check.MINOR_SHARE, record.parcel, values, (), (record,))


def excluded_measures(assignments: Iterable[AssignmentRecord]) -> Iterator[Contradiction]:
    """Yield parcels and goals that are excluded and have a measure, neither of them rejected."""
    standing: dict[tuple[str, int], list[AssignmentRecord]] = defaultdict(list)
    for record in assignments:
        if record.status is not Status.REJECTED and record.role in (Role.EXCLUSION, Role.MEASURE):
            standing[record.parcel, record.hz].append(record)
    for (parcel, hz), records in standing.items():
        if len({record.role for record in records}) > 1:
            yield Contradiction(Check.EXCLUDED, parcel, {"hz": hz}, (hz,), tuple(records))


def in_rejected_projects(
    assignments: Iterable[AssignmentRecord], projects: Iterable[Project]
) -> Iterator[Contradiction]:
    """Yield assignments that stand although their project is rejected."""
    rejected = {project.id: project.name for project in projects if project.status is Status.REJECTED}
    for record in assignments:
        if record.project in rejected and record.status is not Status.REJECTED:
            values = {"project": rejected[record.project], "hz": record.hz, "status": record.status.value}
            yield Contradiction(Check.REJECTED_PROJECT, record.parcel, values, record.row, (record,))


def not_among(parcels: Iterable[str], keys: Collection[str]) -> Iterator[Contradiction]:
    """Yield parcels, given by their keys, that are not among ``keys``."""
    for parcel in parcels:
        if parcel not in keys:
            yield Contradiction(Check.NOT_IN_LAYER, parcel)


def other_area(parcel: str, counted: float, official: float | None, outline: float) -> Contradiction | None:
    """Return what a parcel's outline, in m², contradicts: the official area, else the one that counts."""
    stated = counted if official is None else official
    if agrees(stated, outline) and agrees(counted, outline):
        return None
    values = {"stated": stated, "outline": outline, "counted": counted}
    return Contradiction(Check.AREA, parcel, values)


def odd(check: Check, values: Iterable[OddValue]) -> Iterator[Contradiction]:
    """Yield values that cannot stand where they do, in a table or in the history."""
    for value in values:
        said = {"table": value.table, "row": value.row, "column": value.column, "value": value.value}
        yield Contradiction(check, value.parcel, said, (value.table, value.row, value.column), (value,))


def not_logging(names: Iterable[str]) -> Iterator[Contradiction]:
    """Yield what writes the history and is missing or changed, by name."""
    for name in names:
        yield Contradiction(Check.NOT_LOGGING, "", {"name": name}, (name,))


def no_archive(names: Iterable[str]) -> Iterator[Contradiction]:
    """Yield archives of the history that cannot be read, by name."""
    for name in names:
        yield Contradiction(Check.NO_ARCHIVE, "", {"name": name}, (name,))


def overlaps(
    pairs: Mapping[tuple[str, str], float], space_types: Iterable[SpaceTypeRecord]
) -> Iterator[Contradiction]:
    """Yield overlapping parcels: ``pairs`` of keys with the area they share in square metres.

    Where both have a Raumtyp and not the same, that is a contradiction of its own.
    """
    kinds: dict[str, SpaceType] = {record.parcel: record.raumtyp for record in space_types}
    for (one, other), area in pairs.items():
        if area <= LEAST_OVERLAP_M2:
            continue
        yield Contradiction(Check.OVERLAP, one, {"other": other, "area": area}, (other,))
        mine, theirs = kinds.get(one), kinds.get(other)
        if mine and theirs and mine is not theirs:
            values = {"raumtyp": mine.value, "other": other, "other_raumtyp": theirs.value, "area": area}
            yield Contradiction(Check.TWO_TYPES, one, values, (other,))
