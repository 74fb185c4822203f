"""Whether a building is new: by its year, or by what stood there at an earlier date (HZ19).

Source of the rule: §78 WHG forbids new building areas in floodplains; the 50 % are an assumption.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ..findings.thresholds import least

COVERED_SHARE = 0.5
"""Share of a building covered by the earlier stock from which on it is not new [A]."""


class Origin(StrEnum):
    """Since when a building stands; the words of the column ``herkunft``."""

    NEW = "neu"
    EXTENDED = "Erweiterung"
    EXISTING = "Bestand"
    UNKNOWN = "unbekannt"

    @property
    def is_new(self) -> bool | None:
        """Return whether the building itself is new, ``None`` where that is not known."""
        return None if self is Origin.UNKNOWN else self is Origin.NEW


def origin(
    year: float | None,
    reference_year: int | None,
    covered_share: float | None,
    extension_m2: float = 0.0,
) -> Origin:
    """Return the origin of one building.

    Parameters
    ----------
    year : year of construction, ``None`` if unknown.
    reference_year : first year that counts as new, ``None`` if years are not looked at.
    covered_share : share (0 to 1) of the building covered by the earlier stock, ``None`` without one.
    extension_m2 : area that the earlier stock does not cover, survey noise removed.
    """
    by_year = None if year is None or reference_year is None else year >= reference_year
    by_stock = None if covered_share is None else covered_share < least(COVERED_SHARE)
    if by_year or by_stock:
        return Origin.NEW
    if by_year is None and by_stock is None:
        return Origin.UNKNOWN
    return Origin.EXTENDED if by_stock is False and extension_m2 > 0 else Origin.EXISTING


class Evidence(StrEnum):
    """What tells whether a building is new; the words of the column ``neu_beleg``."""

    YEAR = "Jahr"
    STOCK = "Zeitschnitt"
    NONE = "unbekannt"


@dataclass(frozen=True)
class Dated:
    """Whether a building is new, and by what; ``conflict`` says that year and earlier stock differ.

    Both are ``None`` where that is not known.
    """

    is_new: bool | None
    evidence: Evidence
    conflict: bool | None = None


def dated(
    year: float | None, reference_year: int, covered_share: float | None, enough: float = COVERED_SHARE
) -> Dated:
    """Return whether a building was completed since a year: the year itself goes before the earlier stock.

    Parameters
    ----------
    year : year of completion, ``None`` if unknown.
    reference_year : first year that counts as new.
    covered_share : share (0 to 1) of the building covered by the earlier stock, ``None`` without one.
    enough : covered share (0 to 1) from which on the building stood before.
    """
    by_year = None if year is None else year >= reference_year
    by_stock = None if covered_share is None else covered_share < least(enough)
    if by_year is not None:
        return Dated(by_year, Evidence.YEAR, None if by_stock is None else by_year is not by_stock)
    return Dated(by_stock, Evidence.NONE if by_stock is None else Evidence.STOCK)
