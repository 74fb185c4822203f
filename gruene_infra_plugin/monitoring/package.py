"""A result package: one folder with the results, findings, maps and report of a monitoring run.

``ergebnis.gpkg`` holds the layers and the table ``befunde``, ``bericht.html`` is the report, ``karten`` are
the maps, ``monitoring.yaml`` says what was run, ``protokoll.txt`` what was told. ``paket.json`` says of each
step what it was given and what came of it, with the keys of both.
"""

from __future__ import annotations

import errno
import json
import os
import sqlite3
import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, TypeVar

from osgeo import gdal
from qgis.PyQt.QtCore import QLockFile

from ..spatial.reading.stored_files import tables
from ..spatial.writing.drafts.base import TABLE
from ..spatial.writing.drafts.beside import PREFIX, complete_or_remove
from .contents import Pulse, no_pulse, reading, table_key
from .datasets import MANIFEST

FORM = 1
RESULTS, REPORT, MAPS, LOG, AS_RUN = (
    "ergebnis.gpkg",
    "bericht.html",
    "karten",
    "protokoll.txt",
    "monitoring.yaml",
)
FINDINGS = "befunde"
LOCK = ".in_arbeit"
LOCKING_SECONDS = 0.2
"""How long it may take until a lock names its run."""
BESIDE = ("-wal", "-shm", "-journal")
"""Endings of the files that a database in use has beside it."""
DONE, FAILED, WAITING = "fertig", "gescheitert", "wartet"


class PackageError(ValueError):
    """A folder that cannot be used as a package; the message says why."""


class NewerPackageError(PackageError):
    """A package that a newer version of the plugin has written."""


class PackageInUseError(PackageError):
    """Another run is at work on the package."""


@dataclass
class StepRecord:
    """What a step was given and what came of it.

    ``key`` is that of code, language, parameters and inputs together; ``tables`` are the keys of its tables
    by their names, ``inputs`` those of the layers by parameter. ``message`` says why it failed or waits.
    """

    status: str
    key: str = ""
    language: str = ""
    message: str = ""
    parameters: dict[str, Any] = field(default_factory=dict)
    inputs: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    tables: dict[str, str] = field(default_factory=dict)


@dataclass
class Manifest:
    """What a package says of itself."""

    name: str = ""
    as_of: str = ""
    plugin: str = ""
    code: str = ""
    qgis: str = ""
    steps: dict[str, StepRecord] = field(default_factory=dict)
    tables: dict[str, str] = field(default_factory=dict)
    """Keys of the tables that no single step made."""
    failed_for: str = ""
    """The day for which a later run could measure nothing; what the package holds is older."""


_INDEX = "SELECT 'rtree_' || table_name || '_' || column_name FROM gpkg_geometry_columns WHERE table_name = ?"
"""The spatial index of a table."""
_FORGET = (
    "DELETE FROM gpkg_geometry_columns WHERE table_name = ?",
    "DELETE FROM gpkg_ogr_contents WHERE table_name = ?",
    "DELETE FROM gpkg_extensions WHERE table_name = ?",
    "DELETE FROM gpkg_contents WHERE table_name = ?",
)
Record = TypeVar("Record", StepRecord, Manifest)


class Package:
    """A package in its folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.results = folder / RESULTS
        self.report = folder / REPORT
        self.maps = folder / MAPS

    @contextmanager
    def used(self) -> Iterator[None]:
        """Keep others from running on the package.

        Raises ``PackageInUseError`` where somebody is at it, ``OSError`` where nothing can be written.
        """
        lock = QLockFile(str(self.folder / LOCK))
        lock.setStaleLockTime(0)
        if not (lock.tryLock(0) or (_tells_nobody(lock) and lock.tryLock(0))):
            if lock.error() != QLockFile.LockError.LockFailedError:
                raise OSError(errno.EACCES, os.strerror(errno.EACCES), str(self.folder / LOCK))
            known, pid, host, _ = lock.getLockInfo()
            raise PackageInUseError(f"{host}, {pid}" if known else "?")
        try:
            yield
        finally:
            lock.unlock()

    def user(self) -> str:
        """Return who is at work on the package, empty where nobody is."""
        lock = self.folder / LOCK
        if not lock.exists():
            return ""
        try:
            with self.used():
                return ""
        except PackageError as error:
            return str(error)

    def findings(self) -> tuple[list[str], list[tuple[Any, ...]]]:
        """Return columns and rows of the table of findings. Raises ``OSError`` where it cannot be read."""
        with reading(self.results) as database:
            found = database.execute(" ".join(("SELECT * FROM", FINDINGS, "ORDER BY rowid")))
            return [column[0] for column in found.description], found.fetchall()

    def clear_drafts(self) -> None:
        """Complete or remove what a killed run was writing; of all runs only this one may write here now.

        Raises ``OSError``.
        """
        for folder in (self.folder, self.maps):
            for path in folder.glob(f"{PREFIX}*"):
                os.utime(path, (0, 0))
            complete_or_remove(folder)
        if self.results.exists():
            remove_tables(self.results, [name for name in tables(self.results) if name.startswith(TABLE)])

    def manifest(self) -> Manifest:
        """Return what the package says of itself, nothing where it is new.

        Raises ``PackageError`` where what it says cannot be read.
        """
        try:
            said = json.loads((self.folder / MANIFEST).read_text(encoding="utf-8"))
        except FileNotFoundError:
            return Manifest()
        except (OSError, ValueError) as error:
            raise PackageError(f"{MANIFEST}: {error}") from error
        try:
            form = said.pop("form")
            if isinstance(form, int) and form > FORM:
                raise NewerPackageError(f"{MANIFEST}: form {form}")
            if form != FORM:
                raise PackageError(f"{MANIFEST}: form {form}")
            steps = {name: _typed(StepRecord(**row)) for name, row in said.pop("steps").items()}
            return _typed(Manifest(**said, steps=steps))
        except (KeyError, TypeError, AttributeError) as error:
            raise PackageError(MANIFEST) from error

    def write(self, manifest: Manifest) -> None:
        """Write what the package says of itself in one step. Raises ``OSError``."""
        said: Mapping[str, Any] = {
            "form": FORM,
            **{key: value for key, value in vars(manifest).items() if key != "steps"},
            "steps": {name: vars(record) for name, record in sorted(manifest.steps.items())},
        }
        self.write_text(MANIFEST, json.dumps(said, ensure_ascii=False, indent=1, sort_keys=True) + "\n")

    def write_text(self, name: str, words: str) -> None:
        """Write a text file of the package in one step. Raises ``OSError``."""
        made = self.folder / f".{name}.neu"
        with made.open("w", encoding="utf-8") as stream:
            stream.write(words)
            stream.flush()
            os.fsync(stream.fileno())
        made.replace(self.folder / name)

    def settle(self) -> None:
        """Leave the results as one file, without the log beside it that a database in use has."""
        with suppress(sqlite3.Error), closing(sqlite3.connect(self.results)) as database:
            database.execute("PRAGMA journal_mode = DELETE")

    def changed(self, tables: Mapping[str, str], pulse: Pulse = no_pulse) -> list[str]:
        """Return which tables do not hold what they held when their keys were taken. Raises ``OSError``."""
        if not self.results.exists():
            return sorted(tables)
        return sorted(name for name, key in tables.items() if table_key(self.results, name, pulse) != key)

    def restore(self, is_ours: bool) -> bool:
        """Remove results that are no database any more; return whether they were none.

        Tables of which only the entry is left are forgotten. Raises ``PackageError`` where results that are
        none are not ours, ``OSError`` where they cannot be removed.
        """
        if not self.results.exists():
            return False
        if _is_database(self.results):
            _forget_missing_tables(self.results)
            return False
        if not is_ours:
            raise PackageError(RESULTS)
        for path in (self.results, *(self.results.with_name(f"{RESULTS}{end}") for end in BESIDE)):
            path.unlink(missing_ok=True)
        return True


def _tells_nobody(lock: QLockFile) -> bool:
    """Return whether a lock names no run, as one that was killed while it locked leaves it; remove that."""
    if lock.getLockInfo()[0]:
        return False
    time.sleep(LOCKING_SECONDS)
    return not lock.getLockInfo()[0] and lock.removeStaleLockFile()


def _typed(record: Record) -> Record:
    """Return a record whose values are of the types that it declares; raise ``TypeError`` else."""
    for one in fields(record):
        value = getattr(record, one.name)
        if not isinstance(value, dict if one.default_factory is dict else str):
            raise TypeError(f"{one.name}: {value!r}")
    return record


def _is_database(file: Path) -> bool:
    """Return whether a file is a GeoPackage, also one that is in use."""
    try:
        with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as database:
            database.execute("SELECT count(*) FROM gpkg_contents").fetchone()
    except sqlite3.Error as error:
        broken = (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_ERROR)
        return getattr(error, "sqlite_errorcode", 0) & 0xFF not in broken
    return True


def _forget_missing_tables(file: Path) -> None:
    """Remove the entries of tables that somebody removed by SQL: new ones could not take their names."""
    query = (
        "SELECT table_name FROM gpkg_contents WHERE lower(table_name) NOT IN "
        "(SELECT lower(name) FROM sqlite_master WHERE type IN ('table', 'view'))"
    )
    with suppress(sqlite3.Error), closing(sqlite3.connect(file)) as database:
        for row in database.execute(query).fetchall():
            for (name,) in database.execute(_INDEX, row).fetchall():
                quoted = name.replace('"', '""')
                database.execute(f'DROP TABLE IF EXISTS "{quoted}"')
            for statement in _FORGET:
                with suppress(sqlite3.OperationalError):  # a table that this GeoPackage does not have
                    database.execute(statement, row)
        database.commit()


def remove_tables(file: Path, names: Collection[str]) -> None:
    """Remove tables from a GeoPackage; those that are not there are no error. Raises ``OSError``."""
    if not names or not file.exists():
        return
    try:
        source = gdal.OpenEx(str(file), gdal.OF_VECTOR | gdal.OF_UPDATE)
        if source is None:
            raise OSError(f"{file.name}: {gdal.GetLastErrorMsg()}")
        for number in reversed(range(source.GetLayerCount())):
            if source.GetLayer(number).GetName() in names:
                source.DeleteLayer(number)
    except RuntimeError as error:  # which GDAL raises where its exceptions are switched on
        raise OSError(f"{file.name}: {error}") from error
