"""Engine ``targets``: from a measured ratio and a target to a status and a gap."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from .findings import AreaKind, Finding, Status, scale

MINIMUM_COVERAGE = 80.0
"""Percent of the base, and of municipalities, below which nothing is assessed [A]."""

REGION_KINDS = frozenset({AreaKind.REGION, AreaKind.TOTAL})


@dataclass(frozen=True)
class Goalpost:
    """A target as a finding needs it.

    ``direction`` is one of ``>=``, ``<=``, ``<``, ``=``; ``regional`` says that only the region as a
    whole owes it, so that a part of the region gets a contribution and no verdict.
    """

    value: float
    direction: str
    date: dt.date | None = None
    origin: str = "S"
    regional: bool = False


@dataclass(frozen=True)
class Measurement:
    """What was counted: numerator and denominator in base units, coverage in percent (0 to 100)."""

    numerator: float | None
    denominator: float | None
    coverage: float = 100.0
    n_objects: int = 0
    n_omitted: int = 0

    def value(self, unit: str) -> float | None:
        """Return ``scale(unit) * numerator / denominator``, ``None`` where that is not assessable."""
        if self.numerator is None or not self.denominator or self.coverage < MINIMUM_COVERAGE:
            return None
        return scale(unit) * self.numerator / self.denominator


@dataclass(frozen=True)
class Verdict:
    """Status, gap in the unit of the value, gap in the unit of the base."""

    status: Status
    gap: float | None = None
    gap_absolute: float | None = None


def gap(value: float, target: float, direction: str) -> float:
    """Return how far ``value`` is from ``target``, never negative, in their unit.

    >>> gap(9.5, 15.0, ">=")
    5.5
    >>> gap(45.0, 45.0, "<")
    0.0
    """
    if direction == ">=":
        return max(0.0, target - value)
    if direction in ("<=", "<"):
        return max(0.0, value - target)
    if direction == "=":
        return abs(value - target)
    raise ValueError(f"unknown direction {direction!r}")


def is_met(value: float, target: float, direction: str) -> bool:
    """Return whether ``value`` meets ``target``; for ``<`` the value equal to the target does not."""
    if direction == "<":
        return value < target and not math.isclose(value, target, rel_tol=1e-9)
    return gap(value, target, direction) <= 1e-9 * max(1.0, abs(target))


def judge(
    measured: Measurement, unit: str, goalpost: Goalpost | None, area_kind: str, as_of: dt.date
) -> Verdict:
    """Return the first status that applies, in the order of :class:`Status`.

    A regional target is owed by nobody but the region: for a part of it the verdict is a
    contribution, also after the date.
    """
    value = measured.value(unit)
    if value is None:
        return Verdict(Status.NOT_ASSESSABLE)
    if goalpost is None:
        return Verdict(Status.NO_TARGET)
    if goalpost.regional and area_kind not in REGION_KINDS:
        return Verdict(Status.CONTRIBUTION)
    distance = gap(value, goalpost.value, goalpost.direction)
    absolute = distance * (measured.denominator or 0.0) / scale(unit)
    if is_met(value, goalpost.value, goalpost.direction):
        return Verdict(Status.REACHED, 0.0, 0.0)
    overdue = goalpost.date is not None and as_of > goalpost.date
    return Verdict(Status.OVERDUE if overdue else Status.GAP, distance, absolute)


@dataclass(frozen=True)
class RegionalMeans:
    """Both means of one indicator under one definition, with the rows they rest on."""

    arithmetic: Measurement
    weighted: Measurement
    assessed: tuple[Finding, ...]
    total: int

    @property
    def is_assessable(self) -> bool:
        return self.arithmetic.coverage >= MINIMUM_COVERAGE


def regional_means(rows: Sequence[Finding]) -> RegionalMeans:
    """Average one group of municipal findings, from ``zaehler`` and ``nenner`` alone.

    The arithmetic mean counts every municipality once (the strategy's "average of all
    municipalities"), the weighted one divides the sums. Coverage is the smaller of the share of
    municipalities and the share of the denominator that could be assessed, in percent.
    """
    assessed = tuple(row for row in rows if row.is_assessed)
    ratios = [row.zaehler / row.nenner for row in assessed]  # type: ignore[operator]
    coverage = _coverage(rows, assessed)
    counts = {
        "coverage": coverage,
        "n_objects": sum(row.n_objekte for row in assessed),
        "n_omitted": sum(row.n_ausgelassen for row in rows),
    }
    if not assessed:
        empty = Measurement(None, None, 0.0, 0, int(counts["n_omitted"]))
        return RegionalMeans(empty, empty, (), len(rows))
    arithmetic = Measurement(math.fsum(ratios), float(len(ratios)), **counts)  # type: ignore[arg-type]
    weighted = Measurement(
        math.fsum(row.zaehler for row in assessed),  # type: ignore[misc]
        math.fsum(row.nenner for row in assessed),  # type: ignore[misc]
        **counts,  # type: ignore[arg-type]
    )
    return RegionalMeans(arithmetic, weighted, assessed, len(rows))


def _coverage(rows: Sequence[Finding], assessed: Sequence[Finding]) -> float:
    if not rows:
        return 0.0
    by_number = 100.0 * len(assessed) / len(rows)
    base = math.fsum(row.nenner or 0.0 for row in rows)
    by_base = 100.0 * math.fsum(row.nenner or 0.0 for row in assessed) / base if base else 0.0
    return min(by_number, by_base)


def latest(rows: Iterable[Finding]) -> list[Finding]:
    """Keep the newest row per indicator, definition and area, in first-seen order.

    Raises
    ------
    ValueError
        If two rows of the same day for the same area contradict each other.
    """
    newest: dict[tuple, Finding] = {}
    for row in rows:
        key = (*row.group, row.gebiet_art, row.ags or row.gebiet)
        known = newest.get(key)
        if known is None or row.berechnet_am > known.berechnet_am:
            newest[key] = row
        elif row.berechnet_am == known.berechnet_am and not _same_result(row, known):
            raise ValueError(
                f"two different rows for {row.kennzahl_id} / {row.variante_id} in {row.gebiet} "
                f"of {row.berechnet_am.isoformat()}"
            )
    return list(newest.values())


def _same_result(one: Finding, other: Finding) -> bool:
    texts = {"kennzahl": "", "definition": "", "annahmen": None, "stand_daten": None}
    return replace(one, **texts) == replace(other, **texts)  # type: ignore[arg-type]
