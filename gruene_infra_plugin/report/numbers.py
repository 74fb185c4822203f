"""Numbers, quantities and dates as a reader of the report's language writes them."""

from __future__ import annotations

import datetime as dt
import math

NARROW_SPACE = "\u202f"
MINUS = "\u2212"
NO_VALUE = "\u2013"
MOST_DECIMALS = 6
_SUPERSCRIPTS = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class Numbers:
    """Writes numbers with the separators of German or, for any other language, English.

    >>> Numbers("de").number(1234.5)
    '1.234,5'
    >>> Numbers("en").number(0.04213)
    '0.042'
    """

    def __init__(self, language: str) -> None:
        self._german = language.lower().startswith("de")

    def number(self, value: float | None, *apart_from: float | None) -> str:
        """Return ``value`` with as many digits as its size deserves, a dash where there is none.

        Digits are added until the number reads differently from those in ``apart_from``, so that
        rounding never makes 49.96 look like a target of 50; not where it is the same number to a reader.
        """
        if value is None:
            return NO_VALUE
        if abs(value) >= 1e15:
            return self._power(value)
        if 0.0 < abs(value) < 0.5 * 10.0**-MOST_DECIMALS:
            return ("< " if value > 0 else "> ") + self._fixed(
                math.copysign(10.0**-MOST_DECIMALS, value), MOST_DECIMALS
            )
        others = [other for other in apart_from if other is not None and not is_same(value, other)]
        decimals = _decimals(value)
        while not is_same(value, round(value, decimals)) and any(
            self._fixed(value, decimals) == self._fixed(other, decimals) for other in others
        ):
            decimals += 1
        return self._fixed(value, decimals)

    def quantity(self, value: float | None, unit: str, *apart_from: float | None) -> str:
        """Return number and unit with a narrow space that does not break, a bare dash without a value."""
        text = self.number(value, *apart_from)
        return text if value is None or not unit else f"{text}{NARROW_SPACE}{unit}"

    def date(self, date: dt.date) -> str:
        """Return ``31.12.2030`` or ``31 Dec 2030``."""
        if self._german:
            return f"{date.day:02d}.{date.month:02d}.{date.year}"
        return f"{date.day} {_MONTHS[date.month - 1]} {date.year}"

    def _fixed(self, value: float, decimals: int) -> str:
        text = f"{abs(value):,.{decimals}f}"
        if self._german:
            text = text.translate(str.maketrans(",.", ".,"))
        is_zero = not text.strip("0.,")
        return text if value >= 0 or is_zero else MINUS + text

    def _power(self, value: float) -> str:
        mantissa, _, exponent = f"{value:.2e}".partition("e")
        return f"{self._fixed(float(mantissa), 2)} · 10{str(int(exponent)).translate(_SUPERSCRIPTS)}"


def is_same(one: float, other: float) -> bool:
    """Return whether two numbers are the same with all the digits that are ever written.

    Sums of areas differ in digits behind these: a coverage of 99.9999999 % is one of 100 %.
    """
    return math.isclose(one, other, rel_tol=1e-9, abs_tol=0.5 * 10.0**-MOST_DECIMALS)


def _decimals(value: float) -> int:
    size = abs(value)
    if is_same(size, round(size)) or size >= 10_000:
        return 0
    if size >= 10:
        return 1
    if size >= 1:
        return 2
    return min(MOST_DECIMALS, 1 - math.floor(math.log10(size)))
