"""Days and years as offices and spreadsheets write them."""

from __future__ import annotations

import datetime as dt
import re

from .values import YEAR, whole_number

_GERMAN_DAY = re.compile(r"(\d{1,2})\.\s*(\d{1,2})\.\s*(\d{4})(?:\D.*)?")
_ISO_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ].*)?")
_YEAR = re.compile(r"(\d{4})(?:[.,]0+)?")


def day_in(written: str | None) -> dt.date | int | None:
    """Return a day or a year as a text writes it, ``None`` for what is neither or cannot be.

    >>> day_in("2026-10-01T00:00:00"), day_in("1.10.2026"), day_in("2026"), day_in("1111-11-11")
    (datetime.date(2026, 10, 1), datetime.date(2026, 10, 1), 2026, None)
    """
    text = (written or "").strip()
    if found := _YEAR.fullmatch(text):
        year = whole_number(found[1])
        return year if year is not None and YEAR.admits(year) else None
    german, iso = _GERMAN_DAY.fullmatch(text), _ISO_DAY.fullmatch(text)
    try:
        if german:
            day = dt.date(int(german[3]), int(german[2]), int(german[1]))
        elif iso:
            day = dt.date.fromisoformat(iso[1])
        else:
            return None
    except ValueError:
        return None
    return day if YEAR.admits(day.year) else None


def year_in(written: str | None) -> int | None:
    """Return the year of a day or a year as a text writes it, ``None`` for what is neither or cannot be.

    >>> year_in("2021-05-01"), year_in("1.5.2021"), year_in("2021"), year_in("ca. 2021")
    (2021, 2021, 2021, None)
    """
    day = day_in(written)
    return day.year if isinstance(day, dt.date) else day
