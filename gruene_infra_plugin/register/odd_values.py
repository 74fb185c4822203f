"""Values that a column of the register cannot hold: unknown to all who read, named by checks.

SQLite stores any value in any column, PostgreSQL knows days that no calendar has, and the history may have
been written to by hand.
"""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..spatial.reading.values import LONGEST
from .schema import Column, Kind, Table

LARGEST = 1e300
"""What no number exceeds, so that sums stay finite."""
_TYPES: Mapping[Kind, frozenset[type]] = {
    Kind.ID: frozenset({int}),
    Kind.INTEGER: frozenset({int}),
    Kind.REAL: frozenset({int, float}),
    Kind.TEXT: frozenset({str}),
    Kind.DATE: frozenset({str}),
    Kind.TIME: frozenset({str}),
    Kind.JSON: frozenset({str, dict}),
    Kind.GEOMETRY: frozenset({str}),
}
_NOTHING = type(None)


@dataclass(frozen=True)
class OddValue:
    """A value that its column cannot hold: table, number of the row, column, and the value as text.

    ``parcel`` is the parcel that the row is about, empty for none; where ``may_be_empty``, the value can be
    taken away.
    """

    table: str
    row: int
    column: str
    value: str
    parcel: str = ""
    may_be_empty: bool = False


def shown(value: object) -> str:
    """Return a value as a short text."""
    text = "–" if value is None else str(value)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def day_of(value: object) -> dt.date | None:
    """Return the day of an ISO text, ``None`` for what is none."""
    try:
        return dt.datetime.fromisoformat(value).date()  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return None


def moment_of(value: object) -> dt.datetime | None:
    """Return the moment of an ISO text, in UTC where it names no time zone; ``None`` for what is none."""
    try:
        moment = dt.datetime.fromisoformat(value)  # type: ignore[arg-type]
        return moment.astimezone(dt.UTC) if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
    except (TypeError, ValueError, OverflowError):
        return None


def content_of(value: object) -> dict[str, Any] | None:
    """Return a row as the history keeps it, parsed or as text; ``None`` for what is none."""
    try:
        found = json.loads(value) if isinstance(value, str) else value
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def is_odd(column: Column, value: object) -> bool:
    """Say whether a value cannot be one of a column; geometry comes as hexadecimal WKB."""
    if value is None:
        return column.required
    if column.words:
        return value not in column.words
    return type(value) not in _TYPES[column.kind] or not _is_possible(column.kind, value)


def _is_possible(kind: Kind, value: Any) -> bool:
    if kind == Kind.REAL:
        return abs(value) <= LARGEST
    reader = _READERS.get(kind)
    return reader is None or reader(value) is not None


_READERS: Mapping[Kind, Callable[[object], object]] = {
    Kind.DATE: day_of,
    Kind.TIME: moment_of,
    Kind.JSON: content_of,
}


def known_row(table: Table, row: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Return a row as the history keeps it, with ``None`` for odd values; ``None`` if it cannot be read."""
    if row is None:
        return None
    odd = [column for column in table.columns if is_odd(column, row.get(column.name))]
    if any(column.required for column in odd):
        return None
    return {**row, **dict.fromkeys(column.name for column in odd)} if odd else dict(row)


def readable(
    table: Table, names: Sequence[str], rows: list[tuple], unknown: Counter[tuple[str, str]]
) -> list[tuple]:
    """Return rows of a table with ``None`` for odd values; without those that lack what they must have.

    ``unknown`` counts the odd values by table and column.
    """
    odd = [
        (at, column) for at, column in enumerate(map(table.column, names)) if not _are_fine(column, rows, at)
    ]
    if not odd:
        return rows
    kept = []
    for row in rows:
        known, is_whole = list(row), True
        for at, column in odd:
            if is_odd(column, row[at]):
                unknown[table.name, column.name] += 1
                known[at], is_whole = None, is_whole and not column.required
        if is_whole:
            kept.append(tuple(known))
    return kept


def _are_fine(column: Column, rows: Iterable[tuple], at: int) -> bool:
    """Say whether no value of a column is odd; quick where there are very many."""
    if column.kind == Kind.GEOMETRY:
        return True
    if column.words or column.kind == Kind.DATE:
        return not any(is_odd(column, value) for value in {row[at] for row in rows})
    types = {type(row[at]) for row in rows}
    if not types <= _TYPES[column.kind] | (frozenset() if column.required else {_NOTHING}):
        return False
    return column.kind != Kind.REAL or not any(is_odd(column, row[at]) for row in rows)
