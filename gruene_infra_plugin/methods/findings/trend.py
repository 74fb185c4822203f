"""How findings of several days go on: the rate per year, and when the target is reached at that rate.

Only what was measured alike is compared. Where definition, source of the data or area changed between two
days, the days before it are no part of the trend. Nothing is divided by a value or a target, so that both
may be 0.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import pairwise

from ..reading.names import normal_name
from .finding import AreaKind, Finding, Status, is_mean
from .targets import NOTHING, AreaKeys, agreed, is_met
from .thresholds import ROUNDING, most

DAYS_PER_YEAR = 365.2425
"""Mean length of a year of the calendar."""
MOST_COVERAGE_SHIFT = 5.0
"""Percentage points by which coverage may differ between two days without being named [A]."""
LEAST_DAYS = 90
"""Days between the first and the last date below which no rate is told [A]."""
MOST_AREA_SHIFT = 0.5
"""Percent by which the size of an area may differ between two days that are about the same area [A]."""


class Change(StrEnum):
    """What is not the same at two days; the words are part of the data and are never translated there."""

    DEFINITION = "Definition"
    ALGORITHM = "Algorithmus"
    UNIT = "Einheit"
    SOURCE = "Datenquelle"
    AREA = "Gebiet"
    VERSION = "Pluginversion"
    ASSUMPTIONS = "Annahmen"


class Outlook(StrEnum):
    """What becomes of the target at the observed rate; the words are part of the data."""

    REACHED = "erreicht"
    IN_TIME = "rechtzeitig"
    TOO_LATE = "zu spät"
    NO_DEADLINE = "ohne Frist"
    LEVEL = "bleibt gleich"
    AWAY = "führt weg"


@dataclass(frozen=True)
class Break:
    """What changed on a day against the one before; ``other`` names the definition or area of that day."""

    day: dt.date
    changes: tuple[Change, ...]
    other: str = ""

    def __str__(self) -> str:
        words = ", ".join(self.changes)
        return f"{self.day.isoformat()}: {words} ({self.other})" if self.other else f"{self.day}: {words}"


@dataclass(frozen=True)
class Trend:
    """One indicator under one definition in one area, over all of its days.

    ``newest`` is the newest row, with or without a value. ``dates`` have a value, the oldest first;
    ``compared`` are those since the last change. ``repeated`` days rest on the very data of the date before
    them, ``unchanged`` ones have its figures to the last digit and do not tell newer data, and ``blank`` ones
    have no value: none of them is a date. ``elsewhere`` tells what stands on other days
    under another definition or in another area. Of a mean whose target ``is_owed_by_each`` municipality, no
    year of it can be told. ``rate`` and ``required`` are in the unit of the value per
    year.
    """

    newest: Finding
    dates: tuple[Finding, ...]
    compared: tuple[Finding, ...]
    breaks: tuple[Break, ...] = ()
    elsewhere: tuple[Break, ...] = ()
    repeated: tuple[dt.date, ...] = ()
    unchanged: tuple[dt.date, ...] = ()
    blank: tuple[dt.date, ...] = ()
    rate: float | None = None
    required: float | None = None
    reached_on: dt.date | None = None
    outlook: Outlook | None = None
    status: Status = Status.NOT_ASSESSABLE
    is_owed_by_each: bool = False

    @property
    def days(self) -> int:
        """Days from the first to the last date that is compared."""
        dates = self.compared
        return (dates[-1].berechnet_am - dates[0].berechnet_am).days if dates else 0

    @property
    def is_too_near(self) -> bool:
        """Whether there are dates to be compared, but too few days between them."""
        return len(self.compared) > 1 and self.days < LEAST_DAYS

    @property
    def shown(self) -> tuple[Finding, ...]:
        """The dates to be shown: those that are compared or, where they give no trend, all."""
        return self.compared if self.rate is not None else self.dates

    @property
    def last(self) -> Finding:
        """The last date, else the newest row."""
        return self.dates[-1] if self.dates else self.newest

    @property
    def coverage_shift(self) -> float:
        """Percentage points between the least and the greatest coverage of the dates shown."""
        shares = [row.abdeckung_proz for row in self.shown]
        return max(shares) - min(shares) if shares else 0.0

    @property
    def is_losing(self) -> bool:
        """Whether the target is reached, but the rate leads to where it is not.

        What has arrived at exactly the target came from elsewhere, so that its rate says nothing of that.
        """
        last, rate = self.last, self.rate or 0.0
        if self.outlook is not Outlook.REACHED or not rate or last.ziel is None:
            return False
        return {">=": rate < 0.0, "=": False}.get(str(last.richtung), rate > 0.0)


def years_between(first: dt.date, last: dt.date) -> float:
    """Return the years from one day to another, counted by days; negative where ``last`` is earlier."""
    return (last - first).days / DAYS_PER_YEAR


def rate_per_year(days: Sequence[dt.date], values: Sequence[float]) -> float:
    """Return the slope of the values by least squares, in their unit per year.

    Over two days it is their difference by the years between them. What rounding leaves of values that do not
    differ is 0. The order of the days makes no difference.

    >>> rate_per_year([dt.date(2020, 1, 1), dt.date(2020, 12, 31)], [10.0, 10.0])
    0.0
    """
    years = [years_between(min(days), day) for day in days]
    middle, mean = math.fsum(years) / len(years), math.fsum(values) / len(values)
    spread = math.fsum((year - middle) ** 2 for year in years)
    slope = math.fsum((y - middle) * (v - mean) for y, v in zip(years, values, strict=True)) / spread
    least = max(NOTHING, 1e-12 * max(map(abs, values)))
    return slope if abs(slope) * max(years) > least else 0.0


def required_rate(value: float, day: dt.date, target: float, deadline: dt.date) -> float | None:
    """Return the rate per year that leads from ``value`` to ``target`` by the deadline; none after it."""
    years = years_between(day, deadline)
    return (target - value) / years if years > 0.0 else None


def day_reached(value: float, day: dt.date, rate: float, target: float, direction: str) -> dt.date | None:
    """Return the first day on which ``target`` is met at ``rate``; ``None`` where it never is.

    Never are also days that no calendar has: those after the year 9999. Below a target (``<``) is the day
    after the one that equals it.
    """
    if rate * (target - value) <= 0.0:
        return None
    days = (target - value) / rate * DAYS_PER_YEAR
    if days > (dt.date.max - day).days - 1:
        return None
    whole = math.floor(days + ROUNDING) + 1 if direction == "<" else math.ceil(days - ROUNDING)
    return day + dt.timedelta(days=whole)


# -- what is comparable -------------------------------------------------------------------------------------

_DATE = re.compile(r"\d{4}-\d\d-\d\dt[\d:.]+z?|(?:19|20)\d\d(?!\d)", re.ASCII)
_WORD = re.compile(r"[^\W_]+")
_DATING = frozenset(
    {
        *("januar", "februar", "märz", "april", "mai", "juni", "juli", "august", "september", "oktober"),
        *("november", "dezember", "january", "february", "march", "may", "june", "july", "october"),
        *(
            "december",
            "jan",
            "feb",
            "mär",
            "mrz",
            "mar",
            "apr",
            "jun",
            "jul",
            "aug",
            "sep",
            "sept",
            "okt",
            "oct",
        ),
        *(
            "nov",
            "dez",
            "dec",
            "q1",
            "q2",
            "q3",
            "q4",
            "quartal",
            "quarter",
            "halbjahr",
            "stand",
            "vom",
            "of",
        ),
    }
)
"""Words that date data and name no source."""
_ASSESSED_OF_ALL = re.compile(r"\d+ (von|of) (?=\d)", re.ASCII)


def source_of(text: str | None) -> frozenset[str]:
    """Return the words by which a date of data names its source, without the date; none where it names none.

    >>> sorted(source_of("DOP10 2025, ALKIS Stand Januar 2026")), source_of("2026-01") == source_of(None)
    (['alkis', 'dop10'], True)
    """
    words = _WORD.findall(_DATE.sub(" ", normal_name(text or "")))
    return frozenset(word for word in words if word not in _DATING and not word.isdigit())


def is_same_data(one: Finding, other: Finding) -> bool:
    """Return whether two findings state the very same date of their data."""
    stated = normal_name(one.stand_daten or "")
    return any(map(str.isdigit, stated)) and stated == normal_name(other.stand_daten or "")


def may_be_same_data(one: Finding, other: Finding) -> bool:
    """Return whether two findings have the same figures to the last digit and state no different dates."""
    figures = [(row.zaehler, row.nenner, row.n_objekte) for row in (one, other)]
    stated = [normal_name(row.stand_daten or "") for row in (one, other)]
    are_dated = all(any(map(str.isdigit, text)) for text in stated)
    return figures[0] == figures[1] and not (are_dated and stated[0] != stated[1])


def _wording(row: Finding) -> str:
    """Return a definition as it is compared; that of a mean without how many municipalities it rests on."""
    text = normal_name(row.definition)
    return _ASSESSED_OF_ALL.sub(r"n \1 ", text) if is_mean(row) else text


@dataclass(frozen=True)
class Comparison:
    """Which findings are measured alike.

    ``over_area`` tells of which findings the denominator is the size of the area; ``same_version`` asks for
    one version of the plugin. ``settings`` returns the numbers that the assumptions of a finding set by name;
    one that only one of two findings tells is no difference.
    """

    over_area: Callable[[Finding], bool] = field(default=lambda _row: False)
    same_version: bool = False
    settings: Callable[[Finding], Mapping[str, str]] = field(default=lambda _row: {})

    def changes(self, one: Finding, other: Finding) -> tuple[Change, ...]:
        """Return what is not the same; nothing where the two can be compared."""
        sources = source_of(one.stand_daten), source_of(other.stand_daten)
        found = {
            Change.DEFINITION: _wording(one) != _wording(other),
            Change.ALGORITHM: one.algorithmus != other.algorithmus,
            Change.UNIT: (one.einheit, one.basis_einheit) != (other.einheit, other.basis_einheit),
            Change.SOURCE: all(sources) and sources[0] != sources[1],
            Change.AREA: self._is_other_area(one, other),
            Change.VERSION: self.same_version and one.plugin_version != other.plugin_version,
            Change.ASSUMPTIONS: self._is_set_otherwise(one, other),
        }
        return tuple(change for change, is_there in found.items() if is_there)

    def _is_set_otherwise(self, one: Finding, other: Finding) -> bool:
        left, right = self.settings(one), self.settings(other)
        return any(left[name] != right[name] for name in left.keys() & right.keys())

    def _is_other_area(self, one: Finding, other: Finding) -> bool:
        if is_mean(one) or one.basis_einheit != other.basis_einheit:
            return False
        if not (self.over_area(one) and self.over_area(other)):
            return False
        sizes = (one.nenner or 0.0, other.nenner or 0.0)
        return max(sizes) - min(sizes) > most(MOST_AREA_SHIFT / 100.0 * max(sizes))


# -- trends -------------------------------------------------------------------------------------------------


class Trends:
    """The trend of every indicator, definition and area in findings of any number of days.

    ``as_of`` is the day for which deadlines are judged.

    Raises
    ------
    ConflictError
        If two rows of the same definition, area and day contradict each other.
    """

    def __init__(self, rows: Iterable[Finding], as_of: dt.date, comparison: Comparison | None = None) -> None:
        rows = sorted(rows, key=lambda row: row.berechnet_am)
        self._owed = {row.group for row in rows if _owes(row)}
        self._area_of = AreaKeys(rows)
        self._as_of = as_of
        self._comparison = comparison or Comparison()
        self._series: dict[tuple, list[Finding]] = defaultdict(list)
        for row in rows:
            series = self._series[self._key(row)]
            if series and series[-1].berechnet_am == row.berechnet_am:
                series[-1] = agreed(series[-1], row)
            else:
                series.append(row)
        self._others: dict[tuple, list[tuple[tuple, list[Finding]]]] = defaultdict(list)
        for key, series in self._series.items():
            for place in _places(key, series[-1]):
                self._others[place].append((key, series))

    def of(self, row: Finding) -> Trend | None:
        """Return the trend that a row is part of; ``None`` where there is none."""
        key = self._key(row)
        series = self._series.get(key)
        return None if series is None else self._trend(key, series)

    def all(self) -> list[Trend]:
        """Return the trends of all."""
        return [self._trend(key, series) for key, series in self._series.items()]

    def _key(self, row: Finding) -> tuple:
        return (*row.group, self._area_of(row))

    def _trend(self, key: tuple, series: Sequence[Finding]) -> Trend:
        dates, repeated, unchanged = self._dates(series)
        breaks, compared = self._compared(dates)
        trend = Trend(
            newest=series[-1],
            dates=tuple(dates),
            compared=compared,
            breaks=breaks,
            elsewhere=() if len(compared) > 1 else self._elsewhere(key, series),
            repeated=tuple(repeated),
            unchanged=tuple(unchanged),
            blank=tuple(row.berechnet_am for row in series if not row.is_assessed),
        )
        if len(compared) < 2 or trend.is_too_near:
            return trend
        return _projected(replace(trend, is_owed_by_each=self._is_owed_by_each(compared[-1])), self._as_of)

    def _is_owed_by_each(self, row: Finding) -> bool:
        """Return whether a row is a mean whose target every municipality owes by itself.

        Then the verdict is about all of them and not about the mean: it is known by their rows, and where
        there are none, by a mean that meets the target and is not judged so.
        """
        if not is_mean(row) or row.ziel is None or row.wert is None:
            return False
        is_met_by_mean = is_met(row.wert, row.ziel, str(row.richtung))
        return row.group in self._owed or (is_met_by_mean and row.status != Status.REACHED)

    def _dates(self, series: Iterable[Finding]) -> tuple[list[Finding], list[dt.date], list[dt.date]]:
        """Return the rows with a value, each state of the data once, and the days that repeat, or may, one.

        What the newest computation makes of the same data counts, on the day of the first.
        """
        dates: list[Finding] = []
        repeated: list[dt.date] = []
        unchanged: list[dt.date] = []
        for row in series:
            if not row.is_assessed:
                continue
            is_same = bool(dates) and is_same_data(dates[-1], row)
            if is_same or (dates and self._may_repeat(dates[-1], row)):
                (repeated if is_same else unchanged).append(row.berechnet_am)
                dates[-1] = replace(row, berechnet_am=dates[-1].berechnet_am)
            else:
                dates.append(row)
        return dates, repeated, unchanged

    def _may_repeat(self, one: Finding, other: Finding) -> bool:
        return may_be_same_data(one, other) and not self._comparison.changes(one, other)

    def _compared(self, dates: Sequence[Finding]) -> tuple[tuple[Break, ...], tuple[Finding, ...]]:
        """Return the breaks between dates, and the dates since the last of them."""
        breaks, start = [], 0
        for place, (one, other) in enumerate(pairwise(dates), start=1):
            changes = self._comparison.changes(one, other)
            if changes:
                breaks.append(Break(other.berechnet_am, changes))
                start = place
        return tuple(breaks), tuple(dates[start:])

    def _elsewhere(self, key: tuple, series: Sequence[Finding]) -> tuple[Break, ...]:
        """Return what stands on other days only, under another definition or in another area."""
        own = {row.berechnet_am for row in series if row.is_assessed}
        if not own:
            return ()
        found = set()
        for place in _places(key, series[-1]):
            for other, rows in self._others[place]:
                days = {row.berechnet_am for row in rows if row.is_assessed}
                if other != key and days and not days & own:
                    found.add(_named(key, other, rows[-1], max(days)))
        return tuple(sorted(found, key=lambda one: (one.day, one.other)))


def _owes(row: Finding) -> bool:
    """Return whether a row is about a municipality that owes the target itself."""
    judged = (Status.REACHED, Status.GAP, Status.OVERDUE)
    return not is_mean(row) and row.gebiet_art == AreaKind.MUNICIPALITY and row.status in judged


def _places(key: tuple, row: Finding) -> tuple[tuple, tuple]:
    """Return under what other definitions of a series, and the same one in other areas, are found."""
    indicator, variant, area = key
    return ("area", indicator, area), ("name", indicator, variant, normal_name(row.gebiet))


def _named(key: tuple, other: tuple, row: Finding, day: dt.date) -> Break:
    if other[1] != key[1]:
        return Break(day, (Change.DEFINITION,), row.variante_id)
    parts = dict.fromkeys(part for part in (row.gebiet_art, row.ags, row.raumtyp) if part)
    return Break(day, (Change.AREA,), " ".join(parts))


def _projected(trend: Trend, as_of: dt.date) -> Trend:
    """Return a trend of two or more dates with its rates, outlook and status."""
    last = trend.compared[-1]
    rate = rate_per_year(
        [row.berechnet_am for row in trend.compared],
        [row.wert for row in trend.compared],  # type: ignore[misc]
    )
    status = _status(last, as_of)
    told = replace(trend, rate=rate, status=status)
    if status is Status.REACHED:
        return replace(told, outlook=Outlook.REACHED)
    if status not in (Status.GAP, Status.OVERDUE) or last.ziel is None or last.wert is None:
        return told
    if trend.is_owed_by_each:
        return told
    day = day_reached(last.wert, last.berechnet_am, rate, last.ziel, str(last.richtung))
    required = None
    if last.ziel_datum is not None and status is Status.GAP:
        required = required_rate(last.wert, last.berechnet_am, last.ziel, last.ziel_datum)
    outlook = _outlook(rate, last.ziel - last.wert, day, last.ziel_datum, status)
    return replace(told, required=required, reached_on=day, outlook=outlook)


def _status(row: Finding, as_of: dt.date) -> Status:
    """Return the status of a date as of a day; a target that is still open then may be overdue."""
    status = Status(row.status)
    if status is Status.GAP and row.ziel_datum is not None and as_of > row.ziel_datum:
        return Status.OVERDUE
    return status


def _outlook(
    rate: float, missing: float, day: dt.date | None, deadline: dt.date | None, status: Status
) -> Outlook:
    if not rate:
        return Outlook.LEVEL
    if rate * missing < 0.0:
        return Outlook.AWAY
    if deadline is None:
        return Outlook.NO_DEADLINE
    if day is None or status is Status.OVERDUE or day > deadline:
        return Outlook.TOO_LATE
    return Outlook.IN_TIME
