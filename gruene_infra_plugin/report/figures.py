"""From findings to figures: numbers and words beside each other, nothing computed anew."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence

from ..methods.findings.finding import Finding, Status, is_mean
from ..methods.findings.targets import MINIMUM_COVERAGE
from ..methods.findings.trend import Trends
from ..strategy import Target
from .courses import Courses
from .model import Aim, Badge, Course, Figure, StatusTally
from .numbers import Numbers
from .reasons import reason_of
from .svg import Axis, bullet, stacked
from .texts import Texts

KEYS = {
    Status.OVERDUE: "overdue",
    Status.GAP: "gap",
    Status.NOT_ASSESSABLE: "unknown",
    Status.REACHED: "reached",
    Status.CONTRIBUTION: "contribution",
    Status.NO_TARGET: "open",
}
"""Class name of each status, the most critical first."""
GLYPHS = {"overdue": "✕", "gap": "◐", "unknown": "▨", "reached": "✓", "contribution": "◇", "open": "○"}
SIGNS = {">=": "≥", "<=": "≤", "<": "<", "=": "="}
PHRASES = {">=": "at_least", "<=": "at_most", "<": "below", "=": "exactly"}
_MARKS = {"kommunal": "K"}


def severity(status: str) -> int:
    """Return the rank of a status, 0 for the most critical."""
    return list(KEYS).index(Status(status))


class Figures:
    """Writes findings in one language."""

    def __init__(self, texts: Texts, trends: Trends | None = None) -> None:
        self.texts = texts
        self.trends = trends
        self.courses = Courses(texts)
        self.numbers = Numbers(texts.language)

    def badge(self, status: str) -> Badge:
        """Return class name, glyph and word of a status."""
        key = KEYS[Status(status)]
        return Badge(key, GLYPHS[key], self.texts(f"status.{key}"))

    def badges(self) -> tuple[Badge, ...]:
        """Return all of them, in the order of the legend."""
        order = (
            Status.REACHED, Status.GAP, Status.OVERDUE, Status.CONTRIBUTION, Status.NO_TARGET,
            Status.NOT_ASSESSABLE,
        )  # fmt: skip
        return tuple(self.badge(status) for status in order)

    def worst(self, statuses: Iterable[str]) -> Badge:
        """Return the most critical status."""
        return self.badge(min(statuses, key=severity))

    def tally(self, statuses: Sequence[str], absent: int = 0) -> StatusTally:
        """Count statuses; ``absent`` things have none at all."""
        found = Counter(KEYS[Status(status)] for status in statuses)
        counts = [(badge, found[badge.key]) for badge in self.badges() if found[badge.key]]
        if absent:
            counts.append((Badge("absent", "·", self.texts("overview.none")), absent))
        return StatusTally(stacked([(badge.key, number) for badge, number in counts]), tuple(counts))

    def figure(self, row: Finding, area: str, axis: Axis | None) -> Figure:
        """Return one finding as the report shows it; ``area`` is the name of its area there."""
        value = row.wert if row.is_assessed else None
        badge = self.badge(row.status)
        return Figure(
            area=area,
            value=self.numbers.number(value, row.ziel),
            unit=self.texts.unit(row.einheit) if value is not None else "",
            aim=self.aim(row),
            gap=self.gap(row),
            badge=badge,
            bar=bullet(value, row.ziel, row.richtung, axis, badge.key),
            definition=row.definition,
            coverage=self._share(row.abdeckung_proz),
            reach=self._reach(row),
            basis=self._basis(row),
            reason=reason_of(row, self.texts),
            notes=row.notes if is_mean(row) else (),
            course=self._course(row),
        )

    def aim(self, row: Finding) -> Aim | None:
        """Return the target of a finding."""
        if row.ziel is None or row.richtung is None:
            return None
        quantity = self.numbers.quantity(row.ziel, self.texts.unit(row.einheit))
        origin = (row.herkunft_ziel or "").strip()
        mark = _MARKS.get(origin, origin.partition(":")[0])
        known = mark in ("S", "P", "A", "K")
        return Aim(
            short=f"{SIGNS[row.richtung]} {quantity}",
            phrase=self.texts(f"direction.{PHRASES[row.richtung]}", value=quantity),
            date=self._until(row),
            mark=mark if known else "",
            origin=origin if ":" in origin or not known else self.texts(f"origin.{mark}"),
        )

    def agreed(self, target: Target) -> str:
        """Return a target of the strategy as one phrase."""
        language = self.texts.language
        quantity = self.numbers.quantity(target.value, self.texts.unit(target.unit))
        zone = f" ({target.zone.get(language)})" if target.zone else ""
        return f"{target.indicator.get(language)}{zone}: {SIGNS[target.direction]} {quantity}"

    def gap(self, row: Finding) -> tuple[str, ...]:
        """Return the gap in the unit of the value and, where that says more, in the unit of the base."""
        if row.status == Status.REACHED:
            return (self.texts("gap.none"),)
        if row.luecke is None or not row.is_assessed:
            return ()
        unit = self.texts.unit("Prozentpunkte" if row.einheit == "%" else row.einheit)
        relative = self.numbers.quantity(row.luecke, unit, 0.0)
        if row.luecke_abs is None or _same(row):
            return (relative,)
        absolute = self.numbers.quantity(row.luecke_abs, self.texts.unit(row.luecke_einheit), 0.0)
        return relative, self.texts("gap.total", gap=absolute)

    def axis(self, rows: Sequence[Finding]) -> Axis | None:
        """Return the one axis on which rows of the same unit can be compared."""
        numbers = [row.wert for row in rows if row.is_assessed] + [row.ziel for row in rows]
        return Axis.over(numbers, rows[0].einheit)

    def scale(self, axis: Axis | None, unit: str) -> tuple[str, str] | None:
        """Return what stands at the two ends of a bar."""
        if axis is None:
            return None
        return self.numbers.number(axis.low), self.numbers.quantity(axis.high, self.texts.unit(unit))

    def sources(self, rows: Iterable[Finding]) -> tuple[str, ...]:
        """Return by what, when and from which data the rows were computed."""
        lines = {
            " · ".join(
                part
                for part in (
                    f"{row.algorithmus} {row.plugin_version}",
                    self.texts("computed", date=self.numbers.date(row.berechnet_am)),
                    self.texts("data_date", date=row.stand_daten) if row.stand_daten else "",
                )
                if part
            )
            for row in rows
            if not is_mean(row)
        }
        return tuple(sorted(lines))

    def has_course(self, row: Finding) -> bool:
        """Return whether a finding has a line over its dates."""
        course = self._course(row)
        return course is not None and course.line is not None

    def _course(self, row: Finding) -> Course | None:
        trend = None if self.trends is None else self.trends.of(row)
        return None if trend is None else self.courses.course(trend)

    def _until(self, row: Finding) -> str:
        return self.texts("target.until", date=self.numbers.date(row.ziel_datum)) if row.ziel_datum else ""

    def _share(self, share: float) -> str:
        return self.numbers.quantity(share, "%", MINIMUM_COVERAGE, 100.0)

    def _reach(self, row: Finding) -> str:
        """Return the coverage, and of a mean how many municipalities it rests on."""
        coverage = self.texts("coverage.sentence", share=self._share(row.abdeckung_proz))
        if not is_mean(row):
            return coverage
        counts = {"n": row.n_objekte, "total": row.n_objekte + row.n_ausgelassen}
        return f"{coverage} · {self.texts('coverage.municipalities', **counts)}"

    def _basis(self, row: Finding) -> str:
        """Return the coverage with the counts of objects."""
        if is_mean(row):
            return self._reach(row)
        number = self.numbers.number
        parts = [self._reach(row), self.texts("coverage.objects", count=number(row.n_objekte))]
        if row.n_ausgelassen:
            parts.append(self.texts("coverage.omitted", count=number(row.n_ausgelassen)))
        return " · ".join(parts)


def _same(row: Finding) -> bool:
    return row.luecke_einheit == row.einheit and math.isclose(row.luecke or 0.0, row.luecke_abs or 0.0)
