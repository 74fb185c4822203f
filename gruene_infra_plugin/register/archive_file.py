"""An archive of the history as a GeoPackage: written once, held against the original, then only read.

It is a draft, beside its later name, until the register knows it: a draft that no register names is of no
use, one that a register names is complete.
"""

from __future__ import annotations

import datetime as dt
import os
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

from ..new_file import longest_name, name_new
from . import ddl, ddl_sqlite, schema
from .container import create_empty
from .database import Archive
from .schema import ARCHIVE, META

_DRAFT = ".part"
_OF_HISTORY = "_verlauf_vor_"
_LONGEST_END = "2000-12-31_9999.gpkg"
_COLUMNS = ", ".join(map(ddl.quoted, ARCHIVE.names))
_CHOSEN = " ".join(("SELECT", _COLUMNS, "FROM beside.verlauf WHERE"))
_INSERT = " ".join(("INSERT INTO verlauf_archiv (", _COLUMNS, ")"))
_SAME = (
    "SELECT count(*) FROM (",
    ") v JOIN verlauf_archiv a ON "
    + " AND ".join(ddl.fill("a.$name IS v.$name", name=ddl.quoted(name)) for name in ARCHIVE.names),
)
_HELD = "SELECT count(*) FROM verlauf_archiv"
TOLD = ("id", "wer", "wann", "tabelle", "zeile", "alt", "neu")
"""What past days and last writers are told from; ``neu`` only says that it is there where ``alt`` is not."""
_TOLD = (
    "SELECT id, wer, wann, tabelle, zeile, alt, CASE WHEN alt IS NULL THEN '{}' END"
    " FROM verlauf_archiv ORDER BY id"
)
_MARK = "SELECT wert FROM meta WHERE schluessel = 'kennung'"


class Moved(NamedTuple):
    """Which entries are moved: those of a register's ``verlauf`` that meet a condition with bound values.

    SQLite reads them from the register itself, so that they are copied and compared to the last byte
    without a detour; what is moved must not have been changed in a transaction that is open.
    """

    register: Path
    condition: str
    values: Sequence[Any]

    def chosen(self, before: str, after: str) -> str:
        """Return a statement around the choice of these entries with all of their columns."""
        return " ".join((before, _CHOSEN, self.condition, after))


def write(draft: Path, moved: Moved, meta: Mapping[str, str]) -> None:
    """Make an archive of entries, in place of a draft that was left there.

    Raises
    ------
    OSError, RuntimeError, sqlite3.Error
        If it cannot be written.
    """
    remove(draft)
    draft.touch(exist_ok=False)  # what GDAL says of a folder that is read-only tells nobody anything
    draft.unlink()
    create_empty(draft)
    with closing(_opened(draft, "rw", beside=moved.register)) as connection:
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("BEGIN")
        for table in (ARCHIVE, META):
            connection.execute(ddl.create_table(table, schema.VERSION, ddl_sqlite.TYPES))
            connection.execute(
                "INSERT INTO gpkg_contents (table_name, data_type, identifier) VALUES (?, 'attributes', ?)",
                (table.name, table.name),
            )
        connection.execute(moved.chosen(_INSERT, "ORDER BY id"), moved.values)
        connection.executemany("INSERT INTO meta (schluessel, wert) VALUES (?, ?)", meta.items())
        for statement in ddl_sqlite.final_statements(ARCHIVE):
            connection.execute(statement)
        connection.execute("COMMIT")


def is_same(draft: Path, moved: Moved, entries: int) -> bool:
    """Say whether an archive, read from the disk, holds these entries, byte for byte, and no other ones."""
    with closing(_opened(draft, beside=moved.register)) as connection:
        ((same,),) = connection.execute(moved.chosen(*_SAME), moved.values)
        ((held,),) = connection.execute(_HELD)
    return same == held == entries


def find(file: Path, archive: Archive) -> Path | None:
    """Return where an archive lies, as itself or as a draft; ``None`` where it is not what it was."""
    return next((path for path in (file, _draft_of(file)) if _is_archive(path, archive)), None)


def _is_archive(path: Path, archive: Archive) -> bool:
    try:
        if not path.is_file():
            return False
        with closing(_opened(path)) as connection:
            marks = connection.execute(_MARK).fetchall()
            counted = connection.execute(_HELD).fetchone()
    except (OSError, sqlite3.Error):
        return False
    return marks == [(archive.mark,)] and counted == (archive.entries,)


def read(file: Path) -> Iterator[tuple]:
    """Yield all entries, but only the columns of ``TOLD``: new contents are half of an archive."""
    with closing(_opened(file)) as connection:
        yield from connection.execute(_TOLD)


def settle(register: Path, known: Iterable[Archive]) -> None:
    """Give the drafts beside a register that it knows their names, and remove its other ones.

    Raises
    ------
    OSError
        If the folder cannot be written.
    """
    archives = {archive.name: archive for archive in known}
    for draft in list(register.parent.iterdir()):
        if not (draft.name.startswith(_begin(register)) and draft.name.endswith(_DRAFT)):
            continue
        file = draft.with_name(draft.name.removesuffix(_DRAFT))
        if file.name not in archives or _is_archive(file, archives[file.name]):
            remove(draft)
        elif not file.exists():
            name_new(draft, file)


def new_name(register: Path, day: dt.date, taken: Collection[str]) -> str:
    """Return the name of an archive beside a register that is not taken."""
    begin, count = _begin(register), 1
    name = "".join((begin, day.isoformat(), ".gpkg"))
    while name in taken or register.with_name(name).exists():
        count += 1
        name = "".join((begin, day.isoformat(), "_", str(count), ".gpkg"))
    return name


def draft_beside(register: Path, archive: Archive) -> Path:
    """Return where an archive is written until the register knows it."""
    return _draft_of(register.with_name(archive.name))


def remove(draft: Path) -> None:
    """Remove a draft with what SQLite may have left beside it."""
    for left in (draft, draft.with_name(draft.name + "-journal")):
        left.unlink(missing_ok=True)


def _begin(register: Path) -> str:
    """Return how the names of a register's archives begin: with its own, as far as there is room."""
    room = longest_name(register.parent) - len("".join((_OF_HISTORY, _LONGEST_END, _DRAFT)))
    return os.fsencode(register.stem)[:room].decode(errors="ignore") + _OF_HISTORY


def _draft_of(file: Path) -> Path:
    return file.with_name(file.name + _DRAFT)


def _opened(file: Path, mode: str = "ro", *, beside: Path | None = None) -> sqlite3.Connection:
    connection = sqlite3.connect(_address(file, mode), uri=True, isolation_level=None)
    try:
        if beside is not None:
            connection.execute("ATTACH ? AS beside", [_address(beside, "ro")])
    except BaseException:
        connection.close()
        raise
    return connection


def _address(file: Path, mode: str) -> str:
    return file.resolve().as_uri() + "?mode=" + mode
