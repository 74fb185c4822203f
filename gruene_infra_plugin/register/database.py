"""What the register asks of a database; ``geopackage`` and ``postgis`` answer it.

Statements are written once, in words that both know: ``?`` binds a value, ``json_each(?)`` unfolds a bound
JSON list. Geometry goes in and comes out as hexadecimal WKB, days and times as ISO text.
"""

from __future__ import annotations

import datetime as dt
import json
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from itertools import islice
from typing import Any

from . import ddl
from .odd_values import readable
from .schema import Kind, Table

ROWS_AT_ONCE = 2000
"""Rows that are unpacked in one go, during which psycopg2 lets no other thread run."""


@dataclass(frozen=True)
class Archive:
    """Entries of the history that are no longer in ``verlauf``, all of them older than ``before``.

    ``name`` is that of the file beside a GeoPackage, or of the table in PostgreSQL; ``mark`` tells the file
    from any other. ``before`` is a moment as the history writes it.
    """

    name: str
    before: str
    entries: int
    mark: str

    @property
    def day(self) -> dt.date:
        """The first day that the archive says nothing of."""
        return dt.datetime.fromisoformat(self.before).astimezone().date()


@dataclass(frozen=True)
class Stamp:
    """What the history says about the rows of one write; ``when`` ``None`` takes the database's clock."""

    action: str
    kind: str
    who: str
    when: str | None = None
    undoes: str | None = None


class Session(ABC):
    """One open transaction."""

    geometry: str
    """Template that reads the geometry ``$g`` as hexadecimal WKB."""
    lock: str
    """What makes SELECT keep the rows from changing until the end."""
    old_values: Mapping[Kind, str]
    """Templates that read a value ``$name`` of a kind from what the entry ``v`` of the history replaced."""
    old_content: str
    """What the entry ``v`` replaced, or an empty row where that cannot be read."""
    bytewise: str
    """What makes ORDER BY sort a text as Python does."""

    def __init__(self, unknown: Counter[tuple[str, str]]) -> None:
        self.unknown = unknown

    @abstractmethod
    def run(self, sql: str, values: Sequence[Any] = ()) -> None:
        """Execute one statement."""

    @abstractmethod
    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[tuple]:
        """Return the rows of a query."""

    @abstractmethod
    def stream(self, sql: str, values: Sequence[Any] = ()) -> Iterator[tuple]:
        """Yield the rows of a query as they are asked for, however many; until the transaction ends."""

    @abstractmethod
    def insert(
        self, table: Table, names: Sequence[str], rows: Sequence[Sequence[Any]], *, absent: bool
    ) -> None:
        """Insert many rows; with ``absent`` those whose key is there already are left out."""

    @abstractmethod
    def stamp(self, stamp: Stamp) -> None:
        """Say who writes, for the history of what follows in this transaction."""

    @abstractmethod
    def name_archive(self, day: dt.date, taken: Collection[str]) -> str:
        """Return the name of a new archive of what is older than a day; ``taken`` are those of older ones."""

    @abstractmethod
    def move_history(self, archive: Archive, condition: str, values: Sequence[Any]) -> None:
        """Copy entries into an archive, hold the copy against them, and delete them from ``verlauf``.

        Raises
        ------
        RegisterError
            If the archive cannot be written or is not the same.
        """

    @abstractmethod
    def lost_archives(self, known: Sequence[Archive]) -> list[str]:
        """Return the names of the archives that are not where they were, or not what they were."""

    @abstractmethod
    def bring_archives(self, known: Sequence[Archive], needed: Sequence[Archive]) -> None:
        """Make ``verlauf_archiv`` hold at least the entries of the archives that are ``needed``.

        Raises
        ------
        RegisterMissingError
            If one of them is not where it was, or not what it was.
        """

    @abstractmethod
    def tidy_archives(self, known: Sequence[Archive]) -> None:
        """Finish what a run that was stopped has left: what is known gets its name, the rest goes."""

    def select(
        self,
        table: Table,
        names: Sequence[str],
        condition: str = "",
        values: Sequence[Any] = (),
        *,
        lock: bool = False,
    ) -> list[dict[str, Any]]:
        """Return rows of a table by column name; ``lock`` keeps them from changing until the end.

        Rows that are not kept from changing are to be read, not compared: odd values in them are ``None``,
        and rows that lack what they must have are left out; ``unknown`` counts both by table and column.
        """
        sql = ddl.select(table, names, self.geometry, condition)
        found = self.rows(" ".join((sql, self.lock)) if lock else sql, values)
        if not lock:
            found = readable(table, names, found, self.unknown)
        return [dict(zip(names, row, strict=True)) for row in found]

    def records(self, table: Table, names: Sequence[str], rows: Iterator[tuple]) -> Iterator[dict[str, Any]]:
        """Yield rows of columns of a table by column name, however many.

        They are to be read, as those of :meth:`select`.
        """
        while some := list(islice(rows, ROWS_AT_ONCE)):
            for row in readable(table, names, some, self.unknown):
                yield dict(zip(names, row, strict=True))

    def by_ids(self, table: Table, ids: Iterable[int]) -> list[dict[str, Any]]:
        """Return the rows with these numbers, kept from changing until the end."""
        condition = " ".join(("WHERE", ddl.IN_IDS))
        return self.select(table, table.names, condition, [as_list(ids)], lock=True)

    def update(self, table: Table, changes: Mapping[int, Mapping[str, Any]]) -> None:
        """Change rows by number; rows that get the same values take one statement."""
        groups: dict[tuple, list[int]] = {}
        for number, values in changes.items():
            groups.setdefault(tuple(values.items()), []).append(number)
        for pairs, ids in groups.items():
            terms = [" ".join((ddl.quoted(name), "=", self.placeholder(table, name))) for name, _ in pairs]
            assignments = ", ".join([*terms, "version = version + 1"])
            bound = [self.encoded(table, name, value) for name, value in pairs]
            self.run(ddl.update(table, assignments), [*bound, as_list(ids)])

    def delete(self, table: Table, ids: Iterable[int]) -> None:
        """Delete rows by number."""
        self.run(ddl.delete(table), [as_list(ids)])

    def placeholder(self, table: Table, name: str) -> str:
        """Return what stands for a bound value of a column."""
        return "?"

    def encoded(self, table: Table, name: str, value: Any) -> Any:
        """Return a value as the database takes it."""
        return value


class Database(ABC):
    """A place that holds a register."""

    where: str
    """The place in words for people; never a password."""

    def __init__(self) -> None:
        self.unknown: Counter[tuple[str, str]] = Counter()
        """How many odd values were read, by table and column: they count as unknown."""

    @abstractmethod
    def transaction(self) -> AbstractContextManager[Session]:
        """Open a transaction for writing: all of it is written at the end, or nothing after an exception."""

    @abstractmethod
    def reading(self) -> AbstractContextManager[Session]:
        """Open a transaction in which reads see one state."""

    @abstractmethod
    def create(self, version: int, crs: str, meta: Mapping[str, str]) -> None:
        """Make an empty register of a schema version, with entries of ``meta``; all of it or nothing."""

    @abstractmethod
    def migrate(self, session: Session, version: int, target: int) -> None:
        """Bring the tables from an older schema version to ``target``, within a transaction."""

    @abstractmethod
    def columns(self, session: Session) -> dict[str, set[str]]:
        """Return the columns of the register's tables that are there, by table."""

    @abstractmethod
    def srid(self, session: Session) -> int | None:
        """Return the EPSG number in which the database keeps the outlines, ``None`` where it knows none."""

    @abstractmethod
    def not_logging(self, session: Session, version: int) -> list[str]:
        """Return by name what writes the history in a register of this version, and is missing or changed."""

    @abstractmethod
    def restore_logging(self, session: Session, version: int) -> None:
        """Make anew what writes the history, within a transaction."""

    @abstractmethod
    def odd_value(self, kind: Kind) -> str | None:
        """Return the condition on a column ``$c`` that every odd value meets; ``None`` if there are none."""

    @abstractmethod
    def odd_content(self, name: str, table: Table) -> str:
        """Return the condition that the history's column ``name`` lacks what a row of a table must have."""

    @abstractmethod
    def has_register(self, session: Session) -> bool:
        """Say whether the tables of a register are there."""

    @abstractmethod
    def user(self) -> str:
        """Return who writes, as the history will say."""

    @abstractmethod
    def close(self) -> None:
        """Close the connection; the next transaction opens it anew."""


def by_table(pairs: Iterable[Sequence[str]]) -> dict[str, set[str]]:
    """Return pairs of table and column as columns by table."""
    columns: dict[str, set[str]] = {}
    for table, column in pairs:
        columns.setdefault(table, set()).add(column)
    return columns


def as_list(values: Iterable[Any]) -> str:
    """Return values as the JSON list that ``json_each(?)`` unfolds."""
    return json.dumps(list(values), ensure_ascii=False)


def is_geometry(table: Table, name: str) -> bool:
    return table.column(name).kind == Kind.GEOMETRY
