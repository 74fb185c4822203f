"""Hidden folders in which outputs are made beside their place, and what killed runs left of them."""

from __future__ import annotations

import errno
import json
import os
import secrets
import shutil
import sqlite3
import time
from contextlib import ExitStack, closing, suppress
from pathlib import Path

from qgis.PyQt.QtCore import QLockFile

PREFIX = ".gruene_infra_"
BELONGING = {
    ".shp": frozenset({".shx", ".dbf", ".prj", ".cpg", ".qix", ".sbn", ".sbx", ".idm", ".ind"}),
    ".tab": frozenset({".dat", ".id", ".map", ".ind"}),
    ".mif": frozenset({".mid"}),
    ".gml": frozenset({".xsd", ".gfs"}),
    ".csv": frozenset({".csvt", ".prj"}),
}
"""Endings of the files that belong to the one with an ending; one of an older output spoils a newer one."""
LEFT_SECONDS = 24 * 3600
"""Age from which on a draft that tells nothing of its run is what a killed one left [A]."""
SQLITE = frozenset({".gpkg", ".sqlite"})
SQLITE_IN_USE = ("-wal", "-journal")
"""How the names of files end that lie beside a database while it is in use."""


class Beside:
    """A hidden folder in the folder of an output, gone with the run.

    ``new`` takes what is being made. Once it is whole, a run that is killed while it moves several files is
    completed by the next one.
    """

    def __init__(self, folder: Path) -> None:
        complete_or_remove(folder)
        self._folder = folder
        self.token = secrets.token_hex(6)
        self._path = folder / f"{PREFIX}{self.token}"
        self.new = self._path / "new"
        self._path.mkdir()
        self._lock = _lock(self._path)
        self._lock.tryLock(0)  # where that fails, no other run will clear up after this one
        self.new.mkdir()

    def publish(self, main: str) -> None:
        """Put what was made in its place; ``main`` is the file by which it is opened."""
        names = {path.name for path in self.new.iterdir()}
        listed = json.dumps([main, *sorted(names - {main})])
        (self._path / "names").write_text(listed, encoding="utf-8")
        self.new.rename(self._path / "ready")
        put_in_place(self._path)

    def remove(self) -> None:
        """Remove the folder with what is left in it."""
        _remove(self._path, self._lock)


def complete_or_remove(folder: Path) -> None:
    """Clear up after killed runs: complete what was being put in its place, remove what was being made."""
    for path in folder.glob(f"{PREFIX}*"):
        lock = _lock(path)
        with suppress(OSError):
            if lock.tryLock(0) if lock.getLockInfo()[0] else _is_old(path):
                _complete(path)
                _remove(path, lock)


def is_left(folder: Path, token: str) -> bool:
    """Say whether no run is at work, after clearing up in ``folder``, that was given this token."""
    return not (folder / f"{PREFIX}{token}").exists()


def belonging(file: Path) -> list[Path]:
    """Return the file, if it is there, and those that belong to it alone.

    The projection of ``x.shp`` does not belong to ``x.csv`` too.
    """
    found = [file] if os.path.lexists(file) else []
    if file.suffix.lower() not in BELONGING or not file.parent.is_dir():
        return found
    beside = [path for path in file.parent.iterdir() if path.stem == file.stem and path != file]
    others = set().union(*(_endings(path) for path in beside))
    return found + [path for path in beside if path.suffix.lower() in _endings(file) - others]


def _endings(file: Path) -> frozenset[str]:
    return BELONGING.get(file.suffix.lower(), frozenset())


def put_in_place(path: Path) -> None:
    """Move what is ready in a hidden folder to its place, or the rest of it.

    One file replaces one in a single step. Where there are several, the first of ``names`` is not there until
    all of them have arrived; what was there before waits in ``old``. Raises ``OSError`` after going back.
    """
    ready, aside, folder = path / "ready", path / "old", path.parent
    main, *others = names = json.loads((path / "names").read_text(encoding="utf-8"))
    arrived = {name for name in names if not (ready / name).exists()}
    known = {file.name for file in belonging(folder / main)}
    old = {name for name in {*known, *names} - arrived if os.path.lexists(folder / name)}
    if not others and old <= {main} and not (ready / main).is_dir():
        _replace(ready / main, folder / main)
        return
    for name in old:
        if (folder / name).is_dir() != (ready / main).is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    aside.mkdir(exist_ok=True)
    with ExitStack() as back:
        for name in sorted(old, key=lambda name: name != main):
            _move(folder / name, aside / name, back)
        for name in [*others, main]:
            if name not in arrived:
                _move(ready / name, folder / name, back)
        back.pop_all()


def copy_database(source: Path, target: Path) -> None:
    """Copy a SQLite database in one transaction, also into a file that others have open."""

    def give_up(status: int, _remaining: int, _total: int) -> None:
        if status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise OSError(errno.EBUSY, "database is locked")

    try:
        with closing(sqlite3.connect(source)) as read, closing(sqlite3.connect(target)) as write:
            read.backup(write, progress=give_up)
    except sqlite3.Error as error:
        raise OSError(errno.EIO, str(error)) from error


def _move(source: Path, target: Path, back: ExitStack) -> None:
    source.replace(target)
    back.callback(target.replace, source)


def _replace(made: Path, target: Path) -> None:
    """Replace a file; a database in use keeps its identity, because the log beside it belongs to that one."""
    in_use = any(target.with_name(target.name + ending).exists() for ending in SQLITE_IN_USE)
    if target.suffix.lower() in SQLITE and in_use:
        copy_database(made, target)
    else:
        made.replace(target)


def _complete(path: Path) -> None:
    """Go on with moving files that a killed run had begun to move."""
    if (path / "old").is_dir():
        main, *_ = json.loads((path / "names").read_text(encoding="utf-8"))
        if not os.path.lexists(path.parent / main):
            put_in_place(path)


def _is_old(path: Path) -> bool:
    """Say whether a folder whose lock says nothing is none that a run has only just made."""
    return time.time() - path.stat().st_mtime > LEFT_SECONDS


def _remove(path: Path, lock: QLockFile) -> None:
    """Remove a hidden folder; until nothing but the lock is left in it, that one says whose it is."""
    for part in (part for part in path.iterdir() if part.is_dir()):
        shutil.rmtree(part, ignore_errors=True)
    lock.unlock()
    shutil.rmtree(path, ignore_errors=True)


def _lock(path: Path) -> QLockFile:
    """Return the lock of a folder, which is stale once its process is gone, however old it is."""
    lock = QLockFile(str(path / "lock"))
    lock.setStaleLockTime(0)
    return lock
