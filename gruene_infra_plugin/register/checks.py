"""What in a register contradicts itself: rules on records, one contradiction per row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from ..methods.space_types import SpaceType
from .model import AssignmentRecord, ParcelRecord, Project, Role, SpaceTypeRecord, Status

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


@dataclass(frozen=True)
class Contradiction:
    """A contradiction at a parcel, with the ``values`` that a sentence about it needs."""

    check: Check
    parcel: str
    values: Mapping[str, Any] = field(default_factory=dict)


def minor_shares(space_types: Iterable[SpaceTypeRecord]) -> Iterator[Contradiction]:
    """Yield parcels whose Raumtyp takes up less than half of their area."""
    for record in space_types:
        if record.share is not None and record.share < LEAST_SHARE:
            values = {"raumtyp": record.raumtyp.value, "share": record.share}
            yield Contradiction(Check.MINOR_SHARE, record.parcel, values)


def excluded_measures(assignments: Iterable[AssignmentRecord]) -> Iterator[Contradiction]:
    """Yield parcels and goals that are excluded and have a measure, neither of them rejected."""
    roles: dict[tuple[str, int], set[Role]] = defaultdict(set)
    for record in assignments:
        if record.status is not Status.REJECTED:
            roles[record.parcel, record.hz].add(record.role)
    for (parcel, hz), found in roles.items():
        if {Role.EXCLUSION, Role.MEASURE} <= found:
            yield Contradiction(Check.EXCLUDED, parcel, {"hz": hz})


def in_rejected_projects(
    assignments: Iterable[AssignmentRecord], projects: Iterable[Project]
) -> Iterator[Contradiction]:
    """Yield assignments that stand although their project is rejected."""
    rejected = {project.id: project.name for project in projects if project.status is Status.REJECTED}
    for record in assignments:
        if record.project in rejected and record.status is not Status.REJECTED:
            values = {"project": rejected[record.project], "hz": record.hz, "status": record.status.value}
            yield Contradiction(Check.REJECTED_PROJECT, record.parcel, values)


def without_geometry(parcels: Iterable[ParcelRecord]) -> Iterator[Contradiction]:
    """Yield parcels of which only the key is known."""
    for parcel in parcels:
        if parcel.wkb is None:
            yield Contradiction(Check.NO_GEOMETRY, parcel.key.key)


def not_among(parcels: Iterable[ParcelRecord], keys: Collection[str]) -> Iterator[Contradiction]:
    """Yield parcels whose key is not one of ``keys``."""
    for parcel in parcels:
        if parcel.key.key not in keys:
            yield Contradiction(Check.NOT_IN_LAYER, parcel.key.key)


def overlaps(
    pairs: Iterable[tuple[str, str, float]], space_types: Iterable[SpaceTypeRecord]
) -> Iterator[Contradiction]:
    """Yield overlapping parcels, ``pairs`` of keys with the area they share in square metres.

    Where both have a Raumtyp and not the same, that is a contradiction of its own.
    """
    kinds: dict[str, SpaceType] = {record.parcel: record.raumtyp for record in space_types}
    for one, other, area in pairs:
        if area <= LEAST_OVERLAP_M2:
            continue
        yield Contradiction(Check.OVERLAP, one, {"other": other, "area": area})
        mine, theirs = kinds.get(one), kinds.get(other)
        if mine and theirs and mine is not theirs:
            values = {"raumtyp": mine.value, "other": other, "other_raumtyp": theirs.value, "area": area}
            yield Contradiction(Check.TWO_TYPES, one, values)
