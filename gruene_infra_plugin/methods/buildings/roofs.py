"""Roofs (HZ02): flat or not, greened or not, candidate or why not, and the share that is greened.

Arrays have one entry per roof. A number that is not known is NaN, never 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from ..findings.targets import Measurement
from ..findings.thresholds import least, most
from ..reading.names import normal_name

GREEN_SHARE = 0.10
"""Vegetated share of a roof from which on it is greened [P: mundialis, r.extract.greenroofs]."""
GREEN_PATCH_M2 = 5.0
"""Smallest vegetated patch that counts [P: mundialis, r.extract.greenroofs]."""
COVER = 0.8
"""Share of a roof that its evidence must cover [A]."""
UNDECIDED_CODES = frozenset({"5000", "9999"})
"""Roof codes that say nothing about the slope: mixed and other forms [P: ALKIS AX_Dachform]."""
PLACEHOLDERS = frozenset(
    {
        *("", "0", "-1", "99", "255", "999", "9998", "-999", "-9999"),
        *("?", "-", "–", "k.a.", "k. a.", "n/a", "nan", "null", "none", "keine angabe", "nicht bekannt"),
        *("unbekannt", "unknown", "sonstige", "sonstiges", "other", "yes", "ja"),
    }
)
"""What is filled in where the form of a roof is not known [A]."""

SUITABILITY = (
    (5.0, "sehr gut"),
    (15.0, "gut"),
    (30.0, "geeignet"),
    (45.0, "weniger geeignet"),
    (90.0, "ungeeignet"),
)
"""Upper slope in degrees and class [P: Stadt Münster, Gründachkataster, open data]."""


class Evidence(StrEnum):
    """What a roof's slope is known from, best first; the words of the column ``beleg``."""

    FACES = "Dachflächen"
    SURFACE = "Oberflächenmodell"
    SLOPE = "Neigungsfeld"
    CODE = "Dachform"
    NONE = "keiner"


class Reason(StrEnum):
    """Why a roof is no candidate; the words of the column ``grund``."""

    UNKNOWN = "Neigung unbekannt"
    PITCHED = "geneigt"
    SMALL = "zu klein"
    GREENED = "begrünt"
    EXCLUDED = "ausgeschlossen"


@dataclass(frozen=True)
class Flatness:
    """Evidence of one kind for all roofs.

    ``flat_m2`` has shape (n, number of slopes): the flat area in square metres at each slope limit,
    NaN where this evidence says nothing; ``slope`` shape (n,) is in degrees.
    """

    evidence: Evidence
    flat_m2: np.ndarray
    slope: np.ndarray


def first_known(kinds: Sequence[Flatness], count: int, slopes: int) -> tuple[Flatness, np.ndarray]:
    """Take for each roof the first of ``kinds`` that knows it at the first slope limit.

    Returns the merged evidence and an array of shape (count,) with the :class:`Evidence` used.
    """
    flat_m2, slope = np.full((count, slopes), np.nan), np.full(count, np.nan)
    used = np.full(count, Evidence.NONE, dtype=object)
    for kind in kinds:
        take = np.isnan(flat_m2[:, 0]) & ~np.isnan(kind.flat_m2[:, 0])
        flat_m2[take], slope[take], used[take] = kind.flat_m2[take], kind.slope[take], kind.evidence
    return Flatness(Evidence.NONE, flat_m2, slope), used


def from_slope(slope: np.ndarray, area: np.ndarray, limits: Sequence[float]) -> Flatness:
    """Return flatness from one slope per roof, degrees: the whole footprint is flat or none of it."""
    flat = np.where(slope[:, None] <= most(np.asarray(limits))[None, :], area[:, None], 0.0)
    flat[np.isnan(slope)] = np.nan
    return Flatness(Evidence.SLOPE, flat, slope)


def code_says_flat(codes: Sequence[str | None], flat_values: Sequence[str]) -> np.ndarray:
    """Return 1 where a roof code is one of ``flat_values``, 0 where it is another form, else NaN."""
    wanted = {normal_name(value) for value in flat_values}
    return np.array([_code_says_flat(code, wanted) for code in codes], dtype=float)


def _code_says_flat(code: str | None, wanted: set[str]) -> float:
    plain = normal_name(code or "")
    plain = plain[:-2] if plain.endswith(".0") else plain
    if plain in wanted:
        return 1.0
    return np.nan if plain in UNDECIDED_CODES or plain in PLACEHOLDERS else 0.0


def from_code(says_flat: np.ndarray, area: np.ndarray, limits: int) -> Flatness:
    """Return flatness from roof codes, at the first limit only: a code cannot tell 3° from 10°."""
    flat = np.full((len(area), limits), np.nan)
    flat[:, 0] = np.where(np.isnan(says_flat), np.nan, says_flat * area)
    return Flatness(Evidence.CODE, flat, np.full(len(area), np.nan))


def conflict(says_flat: np.ndarray, flat_m2: np.ndarray, area: np.ndarray, used: np.ndarray) -> np.ndarray:
    """Return 1 where code and geometry contradict each other, 0 where they agree, NaN where one is missing.

    A roof is flat by geometry if most of its footprint is.
    """
    geometric = ~np.isin(used, [Evidence.CODE, Evidence.NONE])
    by_geometry = np.where(geometric & ~np.isnan(flat_m2), (flat_m2 > most(area / 2)).astype(float), np.nan)
    differ = (by_geometry != says_flat).astype(float)
    return np.where(np.isnan(by_geometry) | np.isnan(says_flat), np.nan, differ)


def is_greened(share: np.ndarray, patch_m2: np.ndarray) -> np.ndarray:
    """Return 1 where a roof counts as greened, 0 where not, NaN where the share (0 to 1) is unknown."""
    green = (share >= least(GREEN_SHARE)) & (patch_m2 >= least(GREEN_PATCH_M2))
    return np.where(np.isnan(share), np.nan, green.astype(float))


def suitability(slope: np.ndarray, flat_by_code: np.ndarray) -> list[str | None]:
    """Return the suitability class of each roof; flat by its code alone counts as the worse flat class."""
    return [_suitability(degrees, by_code) for degrees, by_code in zip(slope, flat_by_code, strict=True)]


def _suitability(degrees: float, flat_by_code: bool) -> str | None:
    if np.isnan(degrees):
        return SUITABILITY[1][1] if flat_by_code else None
    return next(name for limit, name in SUITABILITY if degrees <= most(limit) or limit == SUITABILITY[-1][0])


@dataclass(frozen=True)
class Roofs:
    """All roofs of a run; ``flat_m2`` has shape (n, slopes), the first slope is the headline's.

    ``greened`` is 1, 0 or NaN; ``green_m2`` the vegetated square metres or NaN; ``excluded`` bool.
    """

    area: np.ndarray
    flat_m2: np.ndarray
    greened: np.ndarray
    green_m2: np.ndarray
    excluded: np.ndarray
    min_area: float

    def counted_flat(self, limit: int = 0) -> np.ndarray:
        """Return the flat area that counts, m²: 0 below the minimum, NaN where unknown."""
        flat = self.flat_m2[:, limit]
        return np.where(flat < least(self.min_area), 0.0, flat)

    def reasons(self) -> list[Reason | None]:
        """Return why each roof is no candidate, ``None`` for a candidate."""
        flat, counted = self.flat_m2[:, 0], self.counted_flat()
        rules = (
            (np.isnan(flat), Reason.UNKNOWN),
            (flat == 0, Reason.PITCHED),
            (counted == 0, Reason.SMALL),
            (self.greened == 1, Reason.GREENED),
            (self.excluded, Reason.EXCLUDED),
        )
        result = np.full(len(flat), None, dtype=object)
        for applies, reason in reversed(rules):
            result[applies] = reason
        return list(result)

    def ranks(self, classes: Sequence[str | None]) -> np.ndarray:
        """Return the rank of each candidate, 1 first: better class, then larger flat area; 0 for others."""
        order = {name: number for number, (_, name) in enumerate(SUITABILITY)}
        level = np.array([order.get(name or "", len(order)) for name in classes])
        candidates = np.flatnonzero([reason is None for reason in self.reasons()])
        keys = (candidates, -self.counted_flat()[candidates], level[candidates])
        ranks = np.zeros(len(self.area), dtype=int)
        ranks[candidates[np.lexsort(keys)]] = np.arange(1, len(candidates) + 1)
        return ranks

    def share_by_area(self, weight: np.ndarray, limit: int = 0, *, without: bool = False) -> Measurement:
        """Return greened flat area over flat area; ``weight`` (n,) is the share of each roof that counts.

        ``without`` takes excluded roofs out of numerator and denominator.
        """
        return self._share(self.counted_flat(limit), weight, limit, self.greened, without=without)

    def share_by_number(self, weight: np.ndarray) -> Measurement:
        """Return greened over all flat roofs by number; a roof lies where most of it does."""
        whole = (weight > most(0.5)).astype(float)
        flat = self.counted_flat()
        one = np.where(np.isnan(flat), np.nan, (flat > 0).astype(float))
        return self._share(one, whole, 0, self.greened)

    def share_by_vegetation(self, weight: np.ndarray) -> Measurement:
        """Return vegetated over flat area, vegetation counted up to the flat area of its roof."""
        flat = self.counted_flat()
        return self._measurement(np.minimum(self.green_m2, flat), flat, weight, 0)

    def _share(
        self, base: np.ndarray, weight: np.ndarray, limit: int, greened: np.ndarray, *, without: bool = False
    ) -> Measurement:
        part = np.where(np.isnan(greened), np.nan, base * (greened == 1))
        return self._measurement(part, base, np.where(self.excluded & without, 0.0, weight), limit)

    def _measurement(self, part: np.ndarray, base: np.ndarray, weight: np.ndarray, limit: int) -> Measurement:
        """Sum ``part`` over ``base`` where both are known.

        The coverage is taken from the area that is flat or may be: a roof known to be pitched is no
        gap, one of unknown slope is a gap of its whole footprint.
        """
        flat = self.counted_flat(limit)
        here = (weight > 0) & (self.area >= least(self.min_area))
        counted = here & ~np.isnan(flat) & ((flat == 0) | ~np.isnan(part))
        may_be_flat = np.where(np.isnan(flat), self.area, flat) * weight
        total = float(np.sum(may_be_flat[here]))
        return Measurement(
            float(np.nansum(part[counted] * weight[counted])),
            float(np.sum(base[counted] * weight[counted])),
            100.0 * float(np.sum(may_be_flat[counted])) / total if total else 100.0,
            int(np.count_nonzero(counted & (base > 0))),
            int(np.count_nonzero(here & ~counted)),
        )
