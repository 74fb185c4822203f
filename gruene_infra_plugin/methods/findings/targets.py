"""Engine ``targets``: from a measured ratio and a target to a status and a gap."""

from __future__ import annotations

import datetime as dt
import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any

from .finding import COLUMNS, AreaKind, Finding, FindingError, Problem, Status, is_total, scale
from .thresholds import ROUNDING, least

MINIMUM_COVERAGE = 80.0
"""Percent of the base, and of municipalities, below which nothing is assessed [A]."""
NOTHING = 1e-9
"""What rounding leaves of a figure that is 0, in its unit."""
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
    """What was counted: numerator and denominator in base units, coverage in percent (0 to 100).

    ``reason`` says in words what limits the coverage; it is told where that leaves no value. ``notes`` are
    told in any case.
    """

    numerator: float | None
    denominator: float | None
    coverage: float = 100.0
    n_objects: int = 0
    n_omitted: int = 0
    reason: str = ""
    notes: tuple[str, ...] = ()

    def limited(self, coverage: float, reason: str) -> Measurement:
        """Return the measurement with the coverage of one more input, if that one covers less."""
        if coverage >= self.coverage:
            return self
        return replace(self, coverage=coverage, reason=reason)

    def noting(self, note: str) -> Measurement:
        """Return the measurement with one more note."""
        return replace(self, notes=(*self.notes, note))

    def without_base(self, reason: str) -> Measurement:
        """Return the measurement of an area that holds nothing to look at: no base, coverage 0."""
        return replace(self, denominator=0.0, coverage=0.0, reason=reason)

    def value(self, unit: str) -> float | None:
        """Return ``scale(unit) * numerator / denominator``, ``None`` where that is not assessable."""
        if self.numerator is None or not self.denominator or self.coverage < least(MINIMUM_COVERAGE):
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
        return value < least(target)
    return gap(value, target, direction) <= max(NOTHING, ROUNDING * abs(target))


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


def goalpost_of(row: Finding) -> Goalpost | None:
    """Return the target of a finding; a contribution tells that only the region owes it."""
    if row.ziel is None:
        return None
    regional = row.status == Status.CONTRIBUTION
    return Goalpost(row.ziel, str(row.richtung), row.ziel_datum, str(row.herkunft_ziel), regional)


def check_verdict(row: Finding) -> None:
    """Raise :class:`FindingError` if the status of an assessed row does not follow from its other columns."""
    if not row.is_assessed:
        return
    measured = Measurement(row.zaehler, row.nenner, row.abdeckung_proz)
    expected = judge(measured, row.einheit, goalpost_of(row), row.gebiet_art, row.berechnet_am).status
    if expected != row.status:
        raise FindingError(Problem.CONTRADICTORY, "status", expected.value)


@dataclass(frozen=True)
class RegionalMeans:
    """Both means of one indicator under one definition, with the municipalities they rest on.

    The objects of the measurements are municipalities: ``n_objects`` were assessed, ``n_omitted`` not.
    ``summed`` is the sum over those that were, ``None`` for figures that do not add up.
    """

    arithmetic: Measurement
    weighted: Measurement
    assessed: tuple[Finding, ...]
    total: int
    summed: Measurement | None = None

    def reaching(self, goalpost: Goalpost) -> int:
        """Return how many of the assessed municipalities meet the target by themselves."""
        return sum(is_met(_value(row), goalpost.value, goalpost.direction) for row in self.assessed)

    def judge_arithmetic(self, unit: str, goalpost: Goalpost | None, as_of: dt.date) -> Verdict:
        """Return the verdict on the arithmetic mean.

        The mean itself is judged where only the region owes the target; it has no base of its own and
        therefore no absolute gap. Where every municipality owes it, all of them have to meet it: the gap
        is then the mean of theirs, and the absolute gap their sum.
        """
        verdict = judge(self.arithmetic, unit, goalpost, AreaKind.REGION, as_of)
        if goalpost is None or goalpost.regional or verdict.status is Status.NOT_ASSESSABLE:
            return replace(verdict, gap_absolute=0.0 if verdict.gap == 0.0 else None)
        gaps = [gap(_value(row), goalpost.value, goalpost.direction) for row in self.assessed]
        return self._jointly(unit, goalpost, as_of, math.fsum(gaps) / len(gaps))

    def judge_weighted(self, unit: str, goalpost: Goalpost | None, as_of: dt.date) -> Verdict:
        """Return the verdict on the weighted mean, by the same rules; its base is the sum of theirs."""
        verdict = judge(self.weighted, unit, goalpost, AreaKind.REGION, as_of)
        if goalpost is None or goalpost.regional or verdict.status is Status.NOT_ASSESSABLE:
            return verdict
        base = math.fsum(row.nenner for row in self.assessed)  # type: ignore[misc]
        return self._jointly(unit, goalpost, as_of, scale(unit) * self._missing(unit, goalpost) / base)

    def judge_sum(self, unit: str, goalpost: Goalpost | None, as_of: dt.date) -> Verdict:
        """Return the verdict on the sum, by the same rules; its gap is the sum of theirs.

        ``goalpost`` is what :meth:`goalpost_of_sum` returns.
        """
        if self.summed is None:
            raise ValueError("these figures do not add up")
        verdict = judge(self.summed, unit, goalpost, AreaKind.REGION, as_of)
        if goalpost is None or goalpost.regional or verdict.status is Status.NOT_ASSESSABLE:
            return verdict
        return self._jointly(unit, goalpost, as_of, self._missing(unit, goalpost))

    def goalpost_of_sum(self, goalpost: Goalpost | None) -> Goalpost | None:
        """Return the target of the sum: the region's own, or the municipalities' if that is 0."""
        if goalpost is None or goalpost.regional or goalpost.value == 0.0:
            return goalpost
        return None

    def _jointly(self, unit: str, goalpost: Goalpost, as_of: dt.date, distance: float) -> Verdict:
        """Return the verdict where a gain in one municipality never offsets a loss in another."""
        if self.reaching(goalpost) == len(self.assessed):
            return Verdict(Status.REACHED, 0.0, 0.0)
        overdue = goalpost.date is not None and as_of > goalpost.date
        status = Status.OVERDUE if overdue else Status.GAP
        return Verdict(status, distance, self._missing(unit, goalpost))

    def _missing(self, unit: str, goalpost: Goalpost) -> float:
        """Return the sum of the municipalities' own gaps, in the unit of the base."""
        gaps = (gap(_value(row), goalpost.value, goalpost.direction) * row.nenner for row in self.assessed)  # type: ignore[operator]
        return math.fsum(gaps) / scale(unit)


def _value(row: Finding) -> float:
    return scale(row.einheit) * row.zaehler / row.nenner  # type: ignore[operator]


def regional_means(rows: Sequence[Finding], missing: int = 0, share_of_area: float = 100.0) -> RegionalMeans:
    """Average one group of municipal findings, from ``zaehler`` and ``nenner`` alone.

    The arithmetic mean counts every municipality once (the strategy's "average of all
    municipalities"), the weighted one divides the sums. Coverage is the smallest of the share of
    municipalities, of the known denominators and of the region's area that could be assessed, in percent.
    Numbers and sizes of whole areas are summed up as well.

    Parameters
    ----------
    rows : one finding per municipality.
    missing : municipalities of the region that have no finding here.
    share_of_area : percent (0 to 100) of the region's area that the assessed municipalities make up.

    Raises
    ------
    ConflictError
        If the rows are in different units.
    """
    for row in rows:
        for column in ("einheit", "basis_einheit"):
            if getattr(row, column) != getattr(rows[0], column):
                raise ConflictError(rows[0], row, column)
    assessed = tuple(row for row in rows if row.is_assessed)
    total = len(rows) + missing
    by_number = 100.0 * len(assessed) / total
    coverage = min(by_number, _share_of_base(rows, assessed), share_of_area)
    counts = (coverage, len(assessed), total - len(assessed))
    adds_up = all(map(is_total, rows))
    if not assessed:
        empty = Measurement(None, None, *counts)
        return RegionalMeans(empty, empty, (), total, empty if adds_up else None)
    ratios = math.fsum(row.zaehler / row.nenner for row in assessed)  # type: ignore[operator]
    numerators = math.fsum(row.zaehler for row in assessed)  # type: ignore[misc]
    denominators = math.fsum(row.nenner for row in assessed)  # type: ignore[misc]
    return RegionalMeans(
        Measurement(ratios, float(len(assessed)), *counts),
        Measurement(numerators, denominators, *counts),
        assessed,
        total,
        Measurement(numerators, 1.0, *counts) if adds_up else None,
    )


def _share_of_base(rows: Sequence[Finding], assessed: Sequence[Finding]) -> float:
    if not assessed:
        return 0.0
    base = math.fsum(row.nenner or 0.0 for row in rows)
    return 100.0 * math.fsum(row.nenner or 0.0 for row in assessed) / base


class ConflictError(ValueError):
    """Two findings that cannot stand together, and the column in which they differ."""

    def __init__(self, one: Finding, other: Finding, column: str) -> None:
        super().__init__(
            f"two rows for {one.kennzahl_id} / {one.variante_id} in {one.gebiet} and {other.gebiet} differ "
            f"in {column}: {getattr(one, column)} and {getattr(other, column)}"
        )
        self.one = one
        self.other = other
        self.column = column


def latest(rows: Iterable[Finding]) -> list[Finding]:
    """Keep the newest row per indicator, definition and area, whether it has a value or not.

    An area is known by its key; a row without one takes the key that other rows give the same name.

    Raises
    ------
    ConflictError
        If two rows of the same day for the same area contradict each other.
    """
    kept, conflicts = _settled(rows, _day)
    if conflicts:
        raise conflicts[0]
    return kept


def latest_assessed(rows: Iterable[Finding]) -> tuple[list[Finding], list[ConflictError]]:
    """Keep the newest assessed row per indicator, definition and area; where none is, the newest.

    Of rows that contradict others of the day that counts, none is kept; they come with the error.
    """
    return _settled(rows, lambda row: (row.is_assessed, row.berechnet_am))


def _day(row: Finding) -> dt.date:
    return row.berechnet_am


def _settled(
    rows: Iterable[Finding], rank: Callable[[Finding], Any]
) -> tuple[list[Finding], list[ConflictError]]:
    """Return what all rows of the day of the first by rank agree on, and where they do not, why."""
    kept, conflicts = [], []
    for some in _of_each(rows):
        day = max(some, key=rank).berechnet_am
        try:
            kept.append(reduce(agreed, (row for row in some if row.berechnet_am == day)))
        except ConflictError as error:
            conflicts.append(error)
    return kept, conflicts


def gone_blank(rows: Iterable[Finding]) -> list[tuple[Finding, Finding]]:
    """Return where the newest row has no value and an older one has: the newest of those, and that row."""
    found = []
    for some in _of_each(rows):
        newest = max(some, key=_day)
        measured = max((row for row in some if row.is_assessed), key=_day, default=newest)
        if not newest.is_assessed and measured.berechnet_am < newest.berechnet_am:
            found.append((measured, newest))
    return found


def _of_each(rows: Iterable[Finding]) -> Iterable[list[Finding]]:
    """Return the rows of each indicator, definition and area."""
    rows = list(rows)
    area_of = AreaKeys(rows)
    found: dict[tuple, list[Finding]] = defaultdict(list)
    for row in rows:
        found[*row.group, area_of(row)].append(row)
    return found.values()


class AreaKeys:
    """Tells which rows of different tables are about the same area, also where one lacks the key."""

    def __init__(self, rows: Iterable[Finding]) -> None:
        self._keys: dict[tuple[str, str], set[str]] = defaultdict(set)
        for row in rows:
            if row.ags:
                self._keys[row.gebiet_art, row.gebiet].add(row.ags)

    def __call__(self, row: Finding) -> tuple[str, str, str]:
        """Return kind, key or name, and Raumtyp of a row's area."""
        known = self._keys.get((row.gebiet_art, row.gebiet), set())
        sole = next(iter(known)) if len(known) == 1 else None
        return row.gebiet_art, row.ags or sole or row.gebiet, row.raumtyp or ""


_WORDING = frozenset({"ags", "gebiet", "kennzahl", "definition", "annahmen", "stand_daten", "plugin_version"})


def _wording(row: Finding) -> list[str]:
    return [str(getattr(row, column)) for column in sorted(_WORDING)]


def agreed(one: Finding, other: Finding) -> Finding:
    """Return one of two findings of the same definition, area and day, whatever their order.

    Raises
    ------
    ConflictError
        If they contradict each other.
    """
    _refuse_contradiction(one, other)
    return min(one, other, key=_wording)


def _refuse_contradiction(one: Finding, other: Finding) -> None:
    for column in COLUMNS:
        left, right = getattr(one, column), getattr(other, column)
        if isinstance(left, float) and isinstance(right, float):
            same = math.isclose(left, right, rel_tol=1e-9, abs_tol=1e-12)
        else:
            same = left == right
        if not same and column not in _WORDING:
            raise ConflictError(one, other, column)


def settle_headlines(rows: Sequence[Finding]) -> tuple[list[Finding], list[Finding]]:
    """Leave exactly one headline per indicator and area, and return with all rows those that lost it.

    What stands goes before what is planned; then the newest headline stays, of the same day the first by
    ``variante_id``. Where an indicator has no headline at all, nothing is changed.
    """
    area_of = AreaKeys(rows)

    def rank(row: Finding) -> tuple[bool, dt.date]:
        return not row.is_planned, row.berechnet_am

    leading: dict[tuple, Finding] = {}
    for row in sorted(rows, key=lambda row: row.variante_id):
        key = (row.kennzahl_id, area_of(row))
        if row.ist_leitwert and (key not in leading or rank(row) > rank(leading[key])):
            leading[key] = row
    lost = [row for row in rows if row.ist_leitwert and row is not leading[row.kennzahl_id, area_of(row)]]
    demoted = {id(row) for row in lost}
    return [replace(row, ist_leitwert=0) if id(row) in demoted else row for row in rows], lost
