"""What the panel can do about contradictions; each way is one action that can be undone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from ...i18n import translate
from ...register.checks import Check, Contradiction
from ...register.model import AssignmentRecord, Role, SpaceTypeRecord, Status
from ...register.odd_values import OddValue
from ...register.schema import META
from ...register.store import Register
from ..workbench import Choices, Writing


@dataclass(frozen=True)
class Repair:
    """One way to mend contradictions: its name, and what it writes."""

    label: str
    write: Writing


def repairs(chosen: Sequence[Contradiction]) -> list[Repair]:
    """Return the ways to mend contradictions of one kind; none where people have to look at the place."""
    kinds = {row.check for row in chosen}
    ways = _WAYS.get(kinds.pop()) if len(kinds) == 1 else None
    return [] if ways is None else ways(chosen)


def _excluded(chosen: Sequence[Contradiction]) -> list[Repair]:
    return [
        Repair(
            translate("GrueneInfra", "Remove the exclusion"), _removing(_assignments(chosen, Role.EXCLUSION))
        ),
        Repair(translate("GrueneInfra", "Remove the measure"), _removing(_assignments(chosen, Role.MEASURE))),
    ]


def _in_rejected_project(chosen: Sequence[Contradiction]) -> list[Repair]:
    return [Repair(translate("GrueneInfra", "Reject the assignment"), _rejecting(_assignments(chosen)))]


def _minor_share(chosen: Sequence[Contradiction]) -> list[Repair]:
    records = [record for row in chosen for record in row.records if isinstance(record, SpaceTypeRecord)]
    seen = {record.row: record.version for record in records}

    def write(register: Register, choices: Choices) -> None:
        register.clear_space_type([record.parcel for record in records], seen=seen, choices=choices)

    return [Repair(translate("GrueneInfra", "Take the Raumtyp away"), write)]


def _odd_value(chosen: Sequence[Contradiction]) -> list[Repair]:
    """Return ways for values: entries of ``meta`` follow from the tables, others may be taken away."""
    values = [record for row in chosen for record in row.records if isinstance(record, OddValue)]
    ways = []
    if any(value.table == META.name for value in values):
        ways.append(Repair(translate("GrueneInfra", "Write it as the tables tell it"), _restore))
    if any(value.may_be_empty for value in values):

        def write(register: Register, _choices: Choices) -> None:
            register.empty(values)

        ways.append(Repair(translate("GrueneInfra", "Take the value away"), write))
    return ways


def _not_logging(_chosen: Sequence[Contradiction]) -> list[Repair]:
    return [Repair(translate("GrueneInfra", "Restore the history's triggers"), _restore)]


def _restore(register: Register, _choices: Choices) -> None:
    register.restore()


_WAYS: dict[Check, Callable[[Sequence[Contradiction]], list[Repair]]] = {
    Check.EXCLUDED: _excluded,
    Check.REJECTED_PROJECT: _in_rejected_project,
    Check.MINOR_SHARE: _minor_share,
    Check.ODD_VALUE: _odd_value,
    Check.NOT_LOGGING: _not_logging,
}


def _assignments(chosen: Sequence[Contradiction], role: Role | None = None) -> list[AssignmentRecord]:
    return [
        record
        for row in chosen
        for record in row.records
        if isinstance(record, AssignmentRecord) and role in (None, record.role)
    ]


def _removing(records: list[AssignmentRecord]) -> Writing:
    def write(register: Register, choices: Choices) -> None:
        register.remove_assignments(records, choices=choices)

    return write


def _rejecting(records: list[AssignmentRecord]) -> Writing:
    seen = {record.row: record.version for record in records}

    def write(register: Register, choices: Choices) -> None:
        rejected = [replace(record, status=Status.REJECTED) for record in records]
        register.assign_records((), rejected, seen=seen, choices=choices)

    return write
