"""Totals of the register as rows, with what the latest findings say of the gap."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from ...methods.findings.finding import AreaKind, Finding
from ...methods.parcels.space_types import SpaceType
from ...register.model import Criteria, Project, Total
from ...register.store import Register
from ...report.figures import Figures
from ..status.overview import Overview

NOTHING = Total(0, 0.0)
WIDEST_FIRST = (
    AreaKind.REGION, AreaKind.TOTAL, AreaKind.MUNICIPALITY, AreaKind.QUARTER, AreaKind.SPACE_TYPE,
)  # fmt: skip


class Grouping(Enum):
    """What totals are summed by."""

    GOAL = "goal"
    SPACE_TYPE = "space type"
    PROJECT = "project"


@dataclass(frozen=True)
class TotalRow:
    """A total with the name of what it is of, the latest headline findings on it, and its search."""

    name: str
    total: Total
    criteria: Criteria
    findings: tuple[Finding, ...] = ()


def read_totals(
    register: Register, grouping: Grouping, goal_name: Callable[[int], str]
) -> tuple[TotalRow, ...]:
    """Return the totals of a register by one grouping."""
    if grouping is Grouping.PROJECT:
        return by_project(register.totals_by_project(), register.projects())
    headlines = Overview.of(register.findings()).headlines
    if grouping is Grouping.SPACE_TYPE:
        return by_space_type(register.totals_by_space_type(), headlines)
    return by_goal(register.totals_by_goal(), headlines, goal_name)


def by_goal(
    totals: Mapping[int, Total],
    headlines: Mapping[int, Sequence[Finding]],
    goal_name: Callable[[int], str],
) -> tuple[TotalRow, ...]:
    """Return a row per goal that has parcels or findings, by number."""
    return tuple(
        TotalRow(
            goal_name(hz),
            totals.get(hz, NOTHING),
            Criteria(hz=hz, counting=True),
            widest(headlines.get(hz, ())),
        )
        for hz in sorted({*totals, *headlines})
    )


def widest(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return those about the widest kind of area: the region where it was judged, else its parts."""
    rows = [row for row in findings if not row.raumtyp]
    for kind in WIDEST_FIRST:
        found = tuple(row for row in rows if row.gebiet_art == kind)
        if found:
            return found
    return ()


def by_space_type(
    totals: Mapping[str, Total], headlines: Mapping[int, Sequence[Finding]]
) -> tuple[TotalRow, ...]:
    """Return a row per Raumtyp."""
    rows = [row for found in headlines.values() for row in found]
    return tuple(
        TotalRow(
            kind.value,
            totals.get(kind.value, NOTHING),
            Criteria(raumtyp=kind),
            tuple(row for row in rows if kind.value in (row.raumtyp, _space_type_area(row))),
        )
        for kind in SpaceType
    )


def _space_type_area(row: Finding) -> str | None:
    return row.gebiet if row.gebiet_art == AreaKind.SPACE_TYPE else None


def by_project(totals: Mapping[int, Total], projects: Iterable[Project]) -> tuple[TotalRow, ...]:
    """Return a row per project, also of those without parcels, by name."""
    return tuple(
        TotalRow(project.name, totals.get(project.id, NOTHING), Criteria(project=project.id, counting=True))
        for project in projects
    )


def gap_lines(findings: Sequence[Finding], figures: Figures) -> list[str]:
    """Return a line per indicator: the gap of one area in figures, of several areas how many stand where.

    Where findings are about several goals, each line begins with its goal.
    """
    indicators: dict[tuple[int, str], list[Finding]] = {}
    for row in findings:
        indicators.setdefault((row.hz, row.kennzahl_id), []).append(row)
    lines = {key: _line(rows, figures) for key, rows in indicators.items()}
    if len({hz for hz, _ in lines}) < 2:
        return list(lines.values())
    return [f"HZ {hz}: {line}" for (hz, _), line in sorted(lines.items())]


def _line(rows: Sequence[Finding], figures: Figures) -> str:
    if len(rows) == 1:
        return " · ".join(figures.gap(rows[0])) or _word(rows[0].status, figures)
    counts = Counter(row.status for row in rows)
    return ", ".join(f"{number} × {_word(status, figures)}" for status, number in counts.most_common())


def _word(status: str, figures: Figures) -> str:
    badge = figures.badge(status)
    return f"{badge.glyph} {badge.word}"
