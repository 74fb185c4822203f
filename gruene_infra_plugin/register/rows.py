"""Rows to write against rows that are there: what is new, what changes, what somebody else changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from . import ddl
from .database import Session, as_list
from .errors import RegisterConflict
from .model import Choice, Conflict, Side
from .schema import Kind, Table

Row = dict[str, Any]
Key = tuple
Seen = Mapping[Key, int]
NOTHING: Mapping[str, Any] = {}


@dataclass
class Known:
    """What the writer knows: versions as read, and decisions on rows that changed underneath."""

    seen: Seen = field(default_factory=dict)
    choices: Iterable[Choice] = ()
    wins: bool = False
    """Whether the writer's values stay whatever is there."""

    def __post_init__(self) -> None:
        self._choices = {choice.row: choice for choice in self.choices}

    def leaves(self, key: Key) -> bool:
        """Say whether the writer decided to leave a row as it is."""
        choice = self._choices.get(key)
        return choice is not None and choice.side == Side.THEIRS

    def is_current(self, key: Key, version: int | None) -> bool:
        """Say whether the writer knows a row as it is now, ``None`` standing for no row."""
        if self.wins:
            return True
        choice = self._choices.get(key)
        if choice is not None:
            return choice.version == version
        return self.seen.get(key) == version


def key_of(table: Table, row: Mapping[str, Any]) -> Key:
    """Return a row's key with 0 or '' for NULL, as the unique index compares it."""
    return tuple(_comparable(table, name, row.get(name)) for name in table.key)


def _comparable(table: Table, name: str, value: Any) -> Any:
    if value is None:
        return 0 if table.column(name).kind == Kind.INTEGER else ""
    return value


def existing(session: Session, table: Table, column: str, values: Iterable[Any]) -> dict[Key, Row]:
    """Return rows by key where ``column`` holds one of ``values``, kept from changing until the end."""
    condition = " ".join(("WHERE", ddl.quoted(column), "IN (SELECT value FROM json_each(?)) ORDER BY id"))
    found = session.select(table, table.names, condition, [as_list(sorted(set(values)))], lock=True)
    return {key_of(table, row): row for row in found}


def write(
    session: Session,
    table: Table,
    column: str,
    rows: Iterable[Row],
    known: Known,
    new: Mapping[str, Any] = NOTHING,
) -> None:
    """Insert what is not there and change what the writer knows as it is.

    A column that a row does not name keeps its value, or gets that in ``new`` where the row is not there.
    ``column`` is the part of the key by which rows are looked up.

    Raises
    ------
    RegisterConflict
        If rows changed since the writer read them; nothing is written then.
    """
    wanted = {key_of(table, row): row for row in rows}
    there = existing(session, table, column, (row[column] for row in wanted.values()))
    complete = {key: row if key in there else {**new, **row} for key, row in wanted.items()}
    apply(session, table, complete, there, known, lambda row: str(row[column]))


def apply(
    session: Session,
    table: Table,
    wanted: Mapping[Key, Row],
    there: Mapping[Key, Row],
    known: Known,
    label: Callable[[Row], str],
) -> None:
    """Write ``wanted`` over ``there``; both by the same key. Raises as :func:`write` does."""
    conflicts: list[Conflict] = []
    inserts: list[Row] = []
    changes: dict[int, Row] = {}
    for key, mine in wanted.items():
        theirs = there.get(key)
        different = _differences(table, mine, theirs)
        if not different or known.leaves(key):
            continue
        version = None if theirs is None else theirs["version"]
        if not known.is_current(key, version):
            conflicts += _conflicts(key, label(mine), theirs, different, version, table.key)
        elif theirs is None:
            inserts.append(mine)
        else:
            changes[theirs["id"]] = different
    if conflicts:
        raise RegisterConflict(conflicts)
    insert(session, table, inserts)
    session.update(table, changes)


def _differences(table: Table, mine: Row, theirs: Row | None) -> Row:
    if theirs is None:
        return {name: mine[name] for name in table.contents if mine.get(name) is not None}
    return {name: mine[name] for name in table.contents if name in mine and mine[name] != theirs[name]}


def _conflicts(
    key: Key, parcel: str, theirs: Row | None, different: Row, version: int | None, key_names: tuple[str, ...]
) -> list[Conflict]:
    return [
        Conflict(parcel, name, None if theirs is None else theirs[name], mine, key, version)
        for name, mine in different.items()
        if theirs is not None or name not in key_names
    ]


def insert(session: Session, table: Table, rows: list[Row], *, absent: bool = False) -> None:
    """Insert rows of the same table; a column that no row names keeps its default."""
    if not rows:
        return
    used = [name for name in table.names if any(name in row for row in rows)]
    session.insert(table, used, [[row.get(name) for name in used] for row in rows], absent=absent)


def remove(session: Session, table: Table, doomed: Mapping[Key, Row], known: Known, field_name: str) -> None:
    """Delete rows that are as the writer saw them.

    Raises
    ------
    RegisterConflict
        If rows changed since the writer read them; ``field_name`` is the column that the list shows.
    """
    conflicts, ids = [], []
    for key, row in doomed.items():
        if known.leaves(key):
            continue
        if known.is_current(key, row["version"]):
            ids.append(row["id"])
        else:
            conflicts.append(
                Conflict(str(row[table.key[0]]), field_name, row[field_name], None, key, row["version"])
            )
    if conflicts:
        raise RegisterConflict(conflicts)
    if ids:
        session.delete(table, ids)
