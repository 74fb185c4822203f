"""Documents that a target asks for: whether one was there by a day, and whether it came in time.

A document counts once it is entered with the day, or at least the year, in which it was made. One that is
entered without is no proof for either answer.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from .targets import Measurement

Made = dt.date | int
"""A day, or a year of which nobody knows the day."""


@dataclass(frozen=True)
class Document:
    """A document and when it was ``made``, ``None`` where nobody knows."""

    made: Made | None
    title: str = ""


def is_made_by(made: Made, day: dt.date) -> bool:
    """Return whether something was made by the end of a day; of a year alone, whether that had begun.

    >>> is_made_by(dt.date(2025, 12, 31), dt.date(2025, 12, 31)), is_made_by(2026, dt.date(2025, 12, 31))
    (True, False)
    """
    return made <= day.year if isinstance(made, int) else made <= day


def first_made(documents: Iterable[Document], day: dt.date) -> Document | None:
    """Return the first document that was made by a day, ``None`` where there is none."""
    made = [
        document for document in documents if document.made is not None and is_made_by(document.made, day)
    ]
    return min(made, key=lambda document: (_latest(document.made), document.title), default=None)


def measure(documents: Iterable[Document], day: dt.date) -> Measurement:
    """Return 1 over 1 where a document was made by a day, and 0 over 1 where none was.

    Where none is known to have been made, but one is entered without its day, nothing can be told.
    """
    documents = list(documents)
    undated = sum(document.made is None for document in documents)
    if first_made(documents, day) is not None:
        return Measurement(1.0, 1.0, n_objects=len(documents) - undated, n_omitted=undated)
    if undated:
        return Measurement(None, None, 0.0, len(documents) - undated, undated)
    return Measurement(0.0, 1.0, n_objects=len(documents))


def _latest(made: Made | None) -> dt.date:
    if isinstance(made, dt.date):
        return made
    return dt.date.max if made is None else dt.date(made, 12, 31)
