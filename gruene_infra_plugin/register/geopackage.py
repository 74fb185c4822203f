"""A register in a GeoPackage.

The connection is that of SpatiaLite, because the triggers of the spatial index call its functions. The
journal is a file that vanishes with the transaction: WAL and shared folders do not mix.
"""

from __future__ import annotations

import datetime as dt
import errno
import os
import re
import sqlite3
import uuid
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from osgeo import gdal, ogr, osr
from qgis.core import QgsCoordinateReferenceSystem
from qgis.PyQt.QtCore import QFileInfo
from qgis.utils import spatialite_connect

from ..i18n import translate
from ..new_file import longest_name, name_new
from . import archive_file, ddl, ddl_sqlite, errors
from .container import create_empty, gdal_raises
from .database import Archive, Database, Session, Stamp, as_list, by_table, is_geometry
from .network_drives import is_on_network
from .schema import ARCHIVE, BY_NAME, FLURSTUECK, GEOMETRY_COLUMN, META, TABLES, VERLAUF, Kind, Table

BUSY_SECONDS = 10.0
SRID = "SELECT srs_id FROM gpkg_geometry_columns WHERE table_name = 'flurstueck'"
SESSION_TABLE = "sitzung"
_FULL = re.compile("disk is full|disk I/O error|No space left|File too large", re.IGNORECASE)
"""What SQLite and GDAL say where they cannot write on."""


class GeoPackage(Database):
    """A GeoPackage at ``path``; ``who`` is the name that the history keeps."""

    def __init__(self, path: Path, who: str, busy_seconds: float = BUSY_SECONDS) -> None:
        super().__init__()
        self.path = Path(path)
        self.where = str(self.path)
        self._who = who
        self._busy_seconds = busy_seconds
        self._connection: sqlite3.Connection | None = None
        if is_on_network(self.path):
            raise errors.network(self.where)

    def user(self) -> str:
        return self._who

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        with self._transaction("BEGIN IMMEDIATE") as session:
            yield session
            if session.moves_extent:
                session.widen_extent()
            session.run("DELETE FROM sitzung")

    @contextmanager
    def reading(self) -> Iterator[Session]:
        with self._transaction("BEGIN") as session:
            yield session

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[GeoPackageSession]:
        with self._clear_errors():
            connection = self._connected()
            connection.execute(begin)
            try:
                writes = begin == "BEGIN IMMEDIATE"
                yield GeoPackageSession(connection, self.path, self.unknown, writes=writes)
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise

    def _connected(self) -> sqlite3.Connection:
        if self._connection is None:
            self._connection = self._open(self.path)
        return self._connection

    def _open(self, path: Path) -> sqlite3.Connection:
        if not QFileInfo(str(path)).isFile():
            raise errors.no_file(str(path))
        connection = spatialite_connect(str(path), isolation_level=None, timeout=0.0)
        try:
            connection.execute("PRAGMA foreign_keys = ON")
            _leave_wal(connection)
            connection.execute(" ".join(("PRAGMA busy_timeout =", str(int(self._busy_seconds * 1000)))))
            connection.execute("PRAGMA synchronous = FULL")
        except BaseException:
            connection.close()
            raise
        return connection

    @contextmanager
    def _clear_errors(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise _explained(error, self.where) from error
        except UnicodeDecodeError as error:  # of what SQLite says of a damaged file, or what is in it
            raise errors.no_file(self.where) from error

    def has_register(self, session: Session) -> bool:
        return bool(session.rows("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'verlauf'"))

    def columns(self, session: Session) -> dict[str, set[str]]:
        sql = (
            "SELECT t.name, c.name FROM sqlite_master t JOIN pragma_table_info(t.name) c"
            " WHERE t.type = 'table' AND t.name IN (SELECT value FROM json_each(?))"
        )
        return by_table(session.rows(sql, [as_list(BY_NAME)]))

    def srid(self, session: Session) -> int | None:
        found = session.rows(SRID)
        return found[0][0] if found and isinstance(found[0][0], int) else None

    def not_logging(self, session: Session, version: int) -> list[str]:
        sql = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' OR name = 'sitzung'"
        there = dict(session.rows(sql))
        lost = [name for name, made in ddl_sqlite.triggers(version).items() if there.get(name) != made]
        return lost if SESSION_TABLE in there else [SESSION_TABLE, *lost]

    def restore_logging(self, session: Session, version: int) -> None:
        if SESSION_TABLE in self.not_logging(session, version):
            session.run(ddl_sqlite.SESSION)
        for statement in ddl_sqlite.trigger_statements(version):
            session.run(statement)

    def odd_value(self, kind: Kind) -> str | None:
        return ddl_sqlite.ODD.get(kind)

    def odd_content(self, name: str, table: Table) -> str:
        return ddl_sqlite.odd_content(name, table)

    def create(self, version: int, crs: str, meta: Mapping[str, str]) -> None:
        """Make the file beside its final name, and give it that name when it is complete."""
        if len(os.fsencode(self.path.name)) > (most := longest_name(self.path.parent)):
            raise errors.long_name(self.path.name, most)
        if os.path.lexists(self.path):  # a link that points nowhere too
            raise errors.exists(self.where)
        part = self.path.with_name(uuid.uuid4().hex + ".part.gpkg")
        try:
            part.touch(exist_ok=False)  # what GDAL says of a folder that is read-only tells nobody anything
            part.unlink()
            with self._clear_errors():
                _create_container(part, crs)
                self._fill_container(part, version, meta)
                _create_spatial_index(part)
            name_new(part, self.path)
        except FileExistsError as error:  # somebody else was faster
            raise errors.exists(self.where) from error
        except (RuntimeError, OSError) as error:
            raise _not_created(error, self.where) from error
        finally:
            for left in (part, Path(str(part) + "-journal")):
                left.unlink(missing_ok=True)

    def _fill_container(self, part: Path, version: int, meta: Mapping[str, str]) -> None:
        connection = self._open(part)
        try:
            connection.execute("BEGIN IMMEDIATE")
            # OGR has entered this table in the GeoPackage's lists; ours has its rules besides.
            connection.execute("DROP TABLE flurstueck")
            for statement in ddl_sqlite.create_statements(version):
                connection.execute(statement)
            for table in TABLES:
                if table is not FLURSTUECK:
                    connection.execute(
                        "INSERT INTO gpkg_contents (table_name, data_type, identifier)"
                        " VALUES (?, 'attributes', ?)",
                        (table.name, table.name),
                    )
            connection.executemany("INSERT INTO meta (schluessel, wert) VALUES (?, ?)", meta.items())
            connection.execute("COMMIT")
        finally:
            connection.close()

    def migrate(self, session: Session, version: int, target: int) -> None:
        for statement in ddl_sqlite.migrate_statements(version, target):
            session.run(statement)


class GeoPackageSession(Session):
    """A transaction of a GeoPackage."""

    geometry = ddl_sqlite.WKB
    lock = ""
    old_values = ddl_sqlite.OLD_VALUES
    old_content = ddl_sqlite.OLD_CONTENT
    bytewise = ""

    def __init__(
        self, connection: sqlite3.Connection, path: Path, unknown: Counter[tuple[str, str]], *, writes: bool
    ) -> None:
        super().__init__(unknown)
        self._connection = connection
        self._path = path
        self._srs_id = self._srs() if writes else 0
        self.moves_extent = False
        """Whether parcels with outlines were written."""

    def _srs(self) -> int:
        found = self.rows(SRID)
        return found[0][0] if found and isinstance(found[0][0], int) else 0

    def run(self, sql: str, values: Sequence[Any] = ()) -> None:
        self._connection.execute(sql, values)

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[tuple]:
        return self._connection.execute(sql, values).fetchall()

    def stream(self, sql: str, values: Sequence[Any] = ()) -> Iterator[tuple]:
        return iter(self._connection.execute(sql, values))

    def insert(
        self, table: Table, names: Sequence[str], rows: Sequence[Sequence[Any]], *, absent: bool
    ) -> None:
        marks = "(" + ", ".join("?" for _ in names) + ")"
        sql = ddl.insert(table, names, marks)
        if absent:
            sql = " ".join((sql, "ON CONFLICT DO NOTHING"))
        if GEOMETRY_COLUMN in names:
            at = names.index(GEOMETRY_COLUMN)
            rows = [(*row[:at], self._blob(row[at]), *row[at + 1 :]) for row in rows]
        self._connection.executemany(sql, rows)
        self.moves_extent |= GEOMETRY_COLUMN in names

    def update(self, table: Table, changes: Mapping[int, Mapping[str, Any]]) -> None:
        super().update(table, changes)
        self.moves_extent |= any(GEOMETRY_COLUMN in values for values in changes.values())

    def widen_extent(self) -> None:
        """Enter the extent of all parcels in the GeoPackage's list of its layers."""
        self.run(
            "UPDATE gpkg_contents SET last_change = strftime('%Y-%m-%dT%H:%M:%fZ', 'now'),"
            " min_x = (SELECT min(minx) FROM rtree_flurstueck_geom),"
            " min_y = (SELECT min(miny) FROM rtree_flurstueck_geom),"
            " max_x = (SELECT max(maxx) FROM rtree_flurstueck_geom),"
            " max_y = (SELECT max(maxy) FROM rtree_flurstueck_geom) WHERE table_name = 'flurstueck'"
        )

    def stamp(self, stamp: Stamp) -> None:
        self.run("DELETE FROM sitzung")
        self.run(
            "INSERT INTO sitzung (id, aktion, vorgang, hebt_auf, wer, wann) VALUES (1, ?, ?, ?, ?, ?)",
            (stamp.action, stamp.kind, stamp.undoes, stamp.who, stamp.when),
        )

    def encoded(self, table: Table, name: str, value: Any) -> Any:
        return self._blob(value) if is_geometry(table, name) else value

    def _blob(self, hex_wkb: str | None) -> bytes | None:
        """Return the GeoPackage form: magic, version 0, flags (little endian, no envelope), SRS, WKB."""
        if hex_wkb is None:
            return None
        return b"GP\x00\x01" + self._srs_id.to_bytes(4, "little", signed=True) + bytes.fromhex(hex_wkb)

    @property
    def _file(self) -> Path:
        """The register itself, wherever links to it lie: its archives are beside it."""
        return self._path.resolve()

    def name_archive(self, day: dt.date, taken: Collection[str]) -> str:
        return archive_file.new_name(self._file, day, taken)

    def move_history(self, archive: Archive, condition: str, values: Sequence[Any]) -> None:
        file, draft = self._file.with_name(archive.name), archive_file.draft_beside(self._file, archive)
        meta = {"kennung": archive.mark, "register": self._file.name, "vor": archive.before}
        moved = archive_file.Moved(self._file, condition, values)
        try:
            archive_file.write(draft, moved, meta)
            if not archive_file.is_same(draft, moved, archive.entries):
                raise errors.archive_failed(str(file), translate("GrueneInfra", "what was read back differs"))
        except (RuntimeError, OSError, sqlite3.Error) as error:
            raise errors.archive_failed(str(file), _reason(error)) from error
        self.run(ddl_sqlite.DELETABLE)
        self.run(ddl.delete_where(VERLAUF, condition), values)
        for statement in ddl_sqlite.final_statements(VERLAUF):
            self.run(statement)

    def lost_archives(self, known: Sequence[Archive]) -> list[str]:
        files = [(self._file.with_name(archive.name), archive) for archive in known]
        return [str(file) for file, archive in files if archive_file.find(file, archive) is None]

    def bring_archives(self, known: Sequence[Archive], needed: Sequence[Archive]) -> None:
        for statement in ddl_sqlite.BRING:
            self.run(statement)
        marks = "(" + ", ".join("?" for _ in archive_file.TOLD) + ")"
        sql = ddl.insert(ARCHIVE, archive_file.TOLD, marks)
        for archive in needed:
            file = self._file.with_name(archive.name)
            there = archive_file.find(file, archive)
            if there is None:
                raise errors.no_archive(str(file))
            self._connection.executemany(sql, archive_file.read(there))

    def tidy_archives(self, known: Sequence[Archive]) -> None:
        try:
            archive_file.settle(self._file, known)
        except OSError as error:
            raise errors.archive_failed(str(self._file.parent), _reason(error)) from error


def is_register(path: Path) -> bool:
    """Say whether a file holds a register, of whatever version, or an archive; also while somebody writes."""
    wanted = (META.name, VERLAUF.name, ARCHIVE.name)
    query = "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name IN (?, ?, ?)"
    try:
        with closing(
            sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
        ) as connection:
            return bool(connection.execute(query, wanted).fetchone()[0] >= 2)
    except sqlite3.Error:
        return False


def _leave_wal(connection: sqlite3.Connection) -> None:
    """Go back to the rollback journal; QGIS switches to WAL when it edits, and keeps it while it is open."""
    if connection.execute("PRAGMA journal_mode").fetchone()[0].lower() == "delete":
        return
    try:
        connection.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF not in (
            sqlite3.SQLITE_BUSY,
            sqlite3.SQLITE_LOCKED,
            sqlite3.SQLITE_READONLY,
        ):
            raise


def _create_container(path: Path, crs: str) -> None:
    """Make a GeoPackage with its own tables, in which ``flurstueck`` is entered as a layer."""
    path.unlink(missing_ok=True)
    reference = osr.SpatialReference()
    reference.SetFromUserInput(
        QgsCoordinateReferenceSystem(crs).toWkt(QgsCoordinateReferenceSystem.WKT_PREFERRED)
    )
    with gdal_raises():
        made = create_empty(path)
        options = ["GEOMETRY_NAME=" + GEOMETRY_COLUMN, "FID=id", "SPATIAL_INDEX=NO"]
        made.CreateLayer(FLURSTUECK.name, reference, ogr.wkbMultiPolygon, options)
        made.FlushCache()


def _create_spatial_index(path: Path) -> None:
    with gdal_raises():
        opened = gdal.OpenEx(str(path), gdal.OF_UPDATE | gdal.OF_VECTOR)
        result = opened.ExecuteSQL("SELECT CreateSpatialIndex('flurstueck', 'geom')")
        opened.ReleaseResultSet(result)


def _not_created(error: Exception, where: str) -> errors.RegisterError:
    """Return why a register could not be made."""
    code = getattr(error, "errno", None)
    if _is_full(error):
        return errors.full(where)
    if code in (errno.EACCES, errno.EROFS, errno.EPERM):
        return errors.read_only(where)
    if not QFileInfo(str(Path(where).parent)).isDir():
        return errors.no_folder(where)
    return errors.failed(where, _reason(error))


def _is_full(error: Exception) -> bool:
    """Say whether a file could not be written on; GDAL says nothing then."""
    code = getattr(error, "errno", None)
    full = (errno.ENOSPC, errno.EFBIG, errno.EDQUOT)
    return code in full or _FULL.search(str(error)) is not None or not str(error)


def _reason(error: Exception) -> str:
    """Return why a file cannot be written, without the statement that GDAL says before."""
    if _is_full(error):
        return translate("GrueneInfra", "the disk is full or fails")
    return getattr(error, "strerror", None) or str(error).rpartition(": ")[2]


def _explained(error: sqlite3.Error, where: str) -> errors.RegisterError:
    code = (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return errors.busy(where)
    if code in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR):
        return errors.full(where)
    if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM):
        return errors.read_only(where)
    if code in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT):
        return errors.no_file(where)
    if code == sqlite3.SQLITE_CONSTRAINT:
        return errors.refused_value(where, str(error))
    return errors.failed(where, str(error))
