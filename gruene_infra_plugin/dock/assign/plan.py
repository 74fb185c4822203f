"""What pressing Apply would write, and how the totals of the register change by it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum

from ...methods.parcels.space_types import SpaceType
from ...register.model import AssignmentRecord, Choice, Role, Status, Total
from ...register.queries import SQUARE_METRES_PER_HECTARE
from ...register.store import Register
from ..parcels import Selection


class Wish(Enum):
    """What the user wants of a goal for all selected parcels."""

    ASSIGN = "assign"
    REMOVE = "remove"


@dataclass(frozen=True)
class Plan:
    """What is ticked and chosen; ``status``, ``note`` and ``space_type`` of ``None`` leave what is there.

    ``kept`` are goals that all parcels carry already: a status or note that is chosen is meant for them too.
    """

    wishes: Mapping[int, Wish] = field(default_factory=dict)
    kept: frozenset[int] = frozenset()
    role: Role = Role.MEASURE
    status: Status | None = None
    project: int | None = None
    note: str | None = None
    space_type: SpaceType | None = None

    @property
    def assigned(self) -> list[int]:
        return sorted(hz for hz, wish in self.wishes.items() if wish is Wish.ASSIGN)

    @property
    def removed(self) -> list[int]:
        return sorted(hz for hz, wish in self.wishes.items() if wish is Wish.REMOVE)

    @property
    def restated(self) -> list[int]:
        """Goals whose assignments get a new status or note."""
        says = self.status is not None or self.note is not None
        return sorted(self.kept - set(self.wishes)) if says else []

    @property
    def asks(self) -> bool:
        """Whether there is something to write."""
        return bool(self.wishes or self.restated or self.space_type is not None)


def _records(plan: Plan, selection: Selection) -> list[AssignmentRecord]:
    """Return the assignments that Apply writes; it removes those of :attr:`Plan.removed`.

    A new one without a chosen status is an idea; one that exists keeps what is not chosen.
    """
    there = {record.row: record for record in selection.assignments}
    planned = [
        AssignmentRecord(key, hz, plan.role, plan.status or Status.IDEA, plan.project, note=plan.note)
        for hz in plan.assigned
        for key in selection.keys
    ]
    return [
        *(_restated(plan, there[record.row]) if record.row in there else record for record in planned),
        *(_restated(plan, record) for hz in plan.restated for record in selection.by_goal.get(hz, ())),
    ]


def write(plan: Plan, selection: Selection, register: Register, choices: Collection[Choice] = ()) -> None:
    """Write a plan to the register, as one action. Raises as :meth:`Register.assign_records` does."""
    register.assign_records(
        selection.parcels.records,
        _records(plan, selection),
        space_type=plan.space_type,
        released=plan.removed,
        seen=selection.seen,
        choices=choices,
    )


def _restated(plan: Plan, record: AssignmentRecord) -> AssignmentRecord:
    note = record.note if plan.note is None else plan.note
    return replace(record, status=plan.status or record.status, note=note)


@dataclass(frozen=True)
class Change:
    """How the total of a goal (its number) or Raumtyp (its word) changes."""

    of: int | SpaceType
    before: Total
    after: Total

    @property
    def parcels(self) -> int:
        return self.after.parcels - self.before.parcels

    @property
    def hectares(self) -> float:
        return self.after.hectares - self.before.hectares


NONE = Total(0, 0.0)


def goal_changes(plan: Plan, selection: Selection, before: Mapping[int, Total]) -> list[Change]:
    """Return the change of every goal of which anything is written, also where its total stays.

    ``before`` are the register's totals.
    """
    written = {record.row: record for record in _records(plan, selection)}
    changes = []
    for hz in sorted({*plan.wishes, *plan.restated}):
        there = {record.row: record for record in selection.by_goal.get(hz, ())}
        kept = {} if plan.wishes.get(hz) is Wish.REMOVE else there
        after = kept | {row: record for row, record in written.items() if record.hz == hz}
        if after == there:
            continue
        gained = _counting(after.values())
        lost = _counting(there.values())
        changes.append(_change(hz, before.get(hz, NONE), selection, gained - lost, lost - gained))
    return changes


def space_type_changes(plan: Plan, selection: Selection, before: Mapping[str, Total]) -> list[Change]:
    """Return the change of every Raumtyp that gains or loses parcels."""
    if plan.space_type is None:
        return []
    now = {record.parcel: record.raumtyp for record in selection.space_types}
    moved = {key for key in selection.keys if now.get(key) is not plan.space_type}
    lost = {kind: {key for key in moved if now.get(key) is kind} for kind in SpaceType}
    return [
        _change(
            kind,
            before.get(kind.value, NONE),
            selection,
            moved if kind is plan.space_type else set(),
            lost[kind],
        )
        for kind in SpaceType
        if (moved if kind is plan.space_type else lost[kind])
    ]


def _counting(assignments: Iterable[AssignmentRecord]) -> set[str]:
    """Return the parcels that count in a total: those not only excluded or rejected."""
    return {
        record.parcel
        for record in assignments
        if record.role is not Role.EXCLUSION and record.status is not Status.REJECTED
    }


def _change(
    of: int | SpaceType, before: Total, selection: Selection, gained: Collection[str], lost: Collection[str]
) -> Change:
    areas = dict(_areas(selection))
    area = sum(areas[key] for key in gained) - sum(areas[key] for key in lost)
    parcels = before.parcels + len(gained) - len(lost)
    return Change(of, before, Total(parcels, before.hectares + area / SQUARE_METRES_PER_HECTARE))


def _areas(selection: Selection) -> Iterator[tuple[str, float]]:
    """Yield the area by which each parcel counts: the register's, or the layer's where it knows none."""
    for record in selection.parcels.records:
        yield record.key.key, selection.stored_areas.get(record.key.key) or record.area_m2
