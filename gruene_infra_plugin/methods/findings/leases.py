"""Leases of farms: how long each of them runs, and what share of them runs long enough."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ..reading.days import day_in
from ..reading.names import plain_name
from ..reading.values import TERM
from .register_facts import Subject, day_or_year, is_over, lease_years, term_years
from .targets import Measurement
from .thresholds import least

_UNLIMITED = re.compile(r"^(?:unbefristet|unbegrenzt|unbestimmt|aufunbestimmtezeit|ohnebefristung|unlimited)")
SQUARE_METRES_PER_HECTARE = 10_000.0
FACT_AREA, FACT_END = "pachtflaeche_m2", "pacht_ende"


def is_unlimited(written: str | None) -> bool:
    """Return whether a text says that a lease has no end.

    >>> is_unlimited("Unbefristet"), is_unlimited("unbekannt"), is_unlimited(None)
    (True, False, False)
    """
    return _UNLIMITED.search(plain_name(written or "")) is not None


@dataclass(frozen=True)
class Lease:
    """A lease: its term in years, its area in ha, whether the farm converts; ``None`` for what is unknown.

    One that is ``unlimited`` has no end, so that no term is assured. ``last`` is the last day or year.
    """

    years: float | None
    hectares: float | None
    converts: bool | None = True
    unlimited: bool = False
    last: dt.date | int | None = None

    @classmethod
    def told(
        cls,
        begin: str | None,
        end: str | None,
        hectares: float | None,
        converts: float | None = 1.0,
        unlimited: float | None = None,
    ) -> Lease:
        """Return a lease as a table tells it; ``converts`` and ``unlimited`` are 1 for yes and 0 for no."""
        first, last = day_in(begin), day_in(end)
        years = None if first is None or last is None else term_years(first, last)
        if years is not None and not TERM.admits(years):
            years = None
        endless = last is None and (unlimited == 1.0 or is_unlimited(end))
        return cls(years, hectares, None if converts is None else converts == 1.0, endless, last)

    @classmethod
    def stated(cls, subject: Subject) -> Lease:
        """Return a lease as the register's facts of a project tell it; those of other farms are left out."""
        area = subject.number(FACT_AREA) if subject.has(FACT_AREA) else subject.area_m2
        last = day_or_year(subject, FACT_END)
        endless = last is None and any(is_unlimited(statement.text) for statement in subject.latest(FACT_END))
        return cls(
            lease_years(subject), area / SQUARE_METRES_PER_HECTARE if area else None, True, endless, last
        )

    def is_over(self, as_of: dt.date) -> bool:
        """Return whether a lease has ended before a day; one that contradicts itself is unknown instead."""
        return self.years is not None and is_over(self.last, as_of)

    def is_long(self, least_years: float) -> bool | None:
        """Return whether a term is assured, ``None`` where that is unknown."""
        if self.years is None:
            return False if self.unlimited else None
        return self.years >= least(least_years)


class Leases:
    """What leases of converting farms come to; those of other farms do not count."""

    def __init__(self, leases: Iterable[Lease], least_years: float) -> None:
        self._concerned = [lease for lease in leases if lease.converts is not False]
        self._least_years = least_years

    def by_area(self) -> Measurement:
        """Return the hectares of leases that are long enough, over those of all of known term."""
        known = [one for one in self._known() if one.hectares]
        long = [one for one in known if one.is_long(self._least_years)]
        return self._measured(_hectares(long), _hectares(known), known, self._coverage(known))

    def by_number(self) -> Measurement:
        """Return the number of leases that are long enough, over that of all of known term."""
        known = self._known()
        long = sum(bool(one.is_long(self._least_years)) for one in known)
        share = 100.0 * len(known) / len(self._concerned) if self._concerned else 0.0
        return self._measured(float(long), float(len(known)), known, share)

    def mean_years(self) -> Measurement:
        """Return the sum of years by hectares, over the hectares; a lease without an end has no term."""
        known = [one for one in self._known() if one.hectares and one.years is not None]
        total = math.fsum((one.years or 0.0) * (one.hectares or 0.0) for one in known)
        return self._measured(total, _hectares(known), known, self._coverage(known))

    def _known(self) -> list[Lease]:
        """Return those of which it is known that the farm converts and whether the term is assured."""
        return [one for one in self._concerned if one.converts and one.is_long(self._least_years) is not None]

    def _coverage(self, known: Sequence[Lease]) -> float:
        """Return which percent of the leased area ``known`` is; leases of unknown area count by number."""
        sized = [one for one in self._concerned if one.hectares]
        if not sized:
            return 0.0
        return 100.0 * _hectares(known) / _hectares(sized) * len(sized) / len(self._concerned)

    def _measured(self, above: float, below: float, known: Sequence[Lease], share: float) -> Measurement:
        omitted = len(self._concerned) - len(known)
        if not known:
            return Measurement(None, None, 0.0, 0, omitted)
        return Measurement(above, below, share, len(known), omitted)


def _hectares(leases: Iterable[Lease]) -> float:
    return math.fsum(lease.hectares or 0.0 for lease in leases)
