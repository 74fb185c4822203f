"""Conflicts as people read them: what a row of the register is about, what each side says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ...i18n import language, translate
from ...register import forms
from ...register.model import Conflict
from ...register.schema import ANGABE, PROJEKT, RAUMTYP_ZUORDNUNG, ZUORDNUNG, Table
from ...report.numbers import Numbers
from ...strategy import Strategy
from ..goals import goal_name


@dataclass(frozen=True)
class Disputed:
    """A row that both sides changed; a line per field that differs on either side."""

    title: str
    about: str
    theirs: tuple[str, ...]
    mine: tuple[str, ...]
    conflict: Conflict
    """One of the row's conflicts, by which the row is decided."""


def disputed(
    conflicts: Iterable[Conflict], strategy: Strategy, projects: Mapping[int, str]
) -> list[Disputed]:
    """Return one entry per row, in the order of the conflicts; ``projects`` are names by number."""
    by_row: dict[tuple, list[Conflict]] = {}
    for conflict in conflicts:
        by_row.setdefault(conflict.row, []).append(conflict)
    return [_entry(fields, strategy, projects) for fields in by_row.values()]


def _entry(fields: list[Conflict], strategy: Strategy, projects: Mapping[int, str]) -> Disputed:
    first = fields[0]
    table = table_of(first.row)
    theirs = [_line(table, conflict.field, conflict.theirs, conflict.mine) for conflict in fields]
    mine = [_line(table, conflict.field, conflict.mine, conflict.theirs) for conflict in fields]
    if first.version is None:
        theirs = [translate("GrueneInfra", "was removed")]
    if first.mine is None and table.column(first.field).required:
        mine = [translate("GrueneInfra", "is to be removed")]
    about = _about(table, first.row, strategy, projects)
    return Disputed(first.parcel, about, tuple(theirs), tuple(mine), first)


def table_of(row: tuple) -> Table:
    """Return the table whose rows have keys of this form."""
    if len(row) == len(ZUORDNUNG.key):
        return ZUORDNUNG
    if len(row) == len(ANGABE.key):
        return ANGABE
    return PROJEKT if isinstance(row[0], int) else RAUMTYP_ZUORDNUNG


def _about(table: Table, row: tuple, strategy: Strategy, projects: Mapping[int, str]) -> str:
    if table is ZUORDNUNG:
        _, hz, role, project = row
        return "\n".join((_goal(hz, strategy), " · ".join((role, *_project(project, projects)))))
    if table is ANGABE:
        project, ags, municipality, hz, _, year = row
        parts = (*_project(project, projects), municipality or ags, str(year or ""))
        return "\n".join((_goal(hz, strategy), " · ".join(part for part in parts if part)))
    return forms.alias_of(table, "raumtyp") if table is RAUMTYP_ZUORDNUNG else _word_for_project()


def _goal(hz: int, strategy: Strategy) -> str:
    return f"HZ {goal_name(strategy.goal(hz))}"


def _word_for_project() -> str:
    return forms.alias_of(ZUORDNUNG, "projekt")


def _project(number: int, projects: Mapping[int, str]) -> tuple[str, ...]:
    return (f"{_word_for_project()} {projects.get(number, number)}",) if number else ()


def _line(table: Table, field: str, value: Any, other: Any) -> str:
    return f"{forms.alias_of(table, field)}: {_text(value, other)}"


def _text(value: Any, other: Any) -> str:
    if value is None or value == "":
        return translate("GrueneInfra", "(empty)")
    if isinstance(value, float):
        return Numbers(language()).number(value, other if isinstance(other, float) else None)
    return str(value)
