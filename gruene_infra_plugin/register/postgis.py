"""A register in a schema of a PostgreSQL database with PostGIS."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from typing import Any

import psycopg2
import psycopg2.extensions
import psycopg2.extras
from qgis.core import QgsDataSourceUri, QgsProviderRegistry

from ..i18n import translate
from . import ddl, ddl_postgres, errors
from .connecting import PasswordMissingError, connect
from .database import ROWS_AT_ONCE, Archive, Database, Session, Stamp, as_list, by_table, is_geometry
from .schema import ARCHIVE, BY_NAME, META, VERSION, Kind, Table

LOCK_SECONDS = 10
LONGEST_NAME = 63
"""Bytes at which PostgreSQL cuts names."""
SRID = (
    "SELECT postgis_typmod_srid(atttypmod) FROM pg_attribute"
    " WHERE attrelid = to_regclass('flurstueck') AND attname = 'geom'"
)
ROWS_PER_STATEMENT = 1000
_WRITER = 0x67696E66
"""Number of the lock that lets one transaction of the plugin after the other write a schema."""
_DAY, _MOMENT = 1082, 1184  # types date and timestamptz
_AS_TEXT = psycopg2.extensions.new_type((_DAY, _MOMENT), "ISO_TEXT", lambda value, cursor: value)


@dataclass(frozen=True)
class PostgresPlace:
    """A schema in a database: a connection stored in QGIS, or its libpq parameters in ``dsn``.

    Where ``asks`` is false, nobody is asked for a password that is not known.
    """

    connection: str = ""
    dsn: str = field(default="", repr=False)
    schema: str = "gruene_infra"
    asks: bool = field(default=True, compare=False)

    @property
    def where(self) -> str:
        """The place without user, password or host."""
        return "/".join(part for part in (self.connection, self.schema) if part)

    def parameters(self) -> str:
        """Return the parameters of the connection, an authentication by its number only."""
        return self.dsn or str(self.uri().connectionInfo(False))

    def uri(self) -> QgsDataSourceUri:
        """Return the connection in QGIS's form, an authentication by its number only."""
        if self.dsn:
            return QgsDataSourceUri(self.dsn)
        metadata = QgsProviderRegistry.instance().providerMetadata("postgres")
        if self.connection not in metadata.connections(False):
            raise errors.RegisterMissingError(
                translate("GrueneInfra", "QGIS knows no PostgreSQL connection named {name}.").format(
                    name=self.connection
                )
            )
        return QgsDataSourceUri(metadata.createConnection(self.connection).uri())


class PostGIS(Database):
    """A register in PostgreSQL; the history keeps the database role."""

    def __init__(self, place: PostgresPlace, lock_seconds: float = LOCK_SECONDS) -> None:
        super().__init__()
        if len(place.schema.encode()) > LONGEST_NAME:
            raise errors.long_name(place.schema, LONGEST_NAME)
        self.place = place
        self.where = place.where
        self._lock_seconds = lock_seconds
        self._connection: Any = None

    def user(self) -> str:
        with self.reading() as session:
            return str(session.rows("SELECT session_user")[0][0])

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        with self._transaction() as session:
            session.run("SELECT set_config('lock_timeout', ?, true)", [str(int(self._lock_seconds * 1000))])
            session.run("SELECT pg_advisory_xact_lock(?, hashtext(?))", [_WRITER, self.place.schema])
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        with self._transaction() as session:
            session.run("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield session

    @contextmanager
    def _transaction(self) -> Iterator[PostGISSession]:
        try:
            connection = self._connected()
            try:
                with connection.cursor() as cursor, ExitStack() as streams:
                    yield PostGISSession(cursor, streams, self.unknown)
                self._commit(connection)
            except BaseException:
                self._roll_back(connection)
                raise
        except psycopg2.Error as error:
            raise _explained(error, self.where) from error
        except ValueError as error:
            if "NUL" not in str(error):
                raise
            raise errors.zero_character(self.where) from error

    def _commit(self, connection: Any) -> None:
        try:
            connection.commit()
        except _LOST as error:
            raise errors.unknown(self.where, _first_line(error)) from error

    def _roll_back(self, connection: Any) -> None:
        try:
            connection.rollback()
        except psycopg2.Error:
            connection.close()  # gone; the server has rolled back

    def _connected(self) -> Any:
        if self._connection is None or self._connection.closed:
            try:
                connection = connect(self.place.parameters(), asks=self.place.asks)
            except PasswordMissingError as error:
                raise errors.no_password(self.where) from error
            try:
                self._prepare(connection)
            except psycopg2.Error:
                connection.close()
                raise
            self._connection = connection
        return self._connection

    def _prepare(self, connection: Any) -> None:
        psycopg2.extensions.register_type(_AS_TEXT, connection)
        connection.set_client_encoding("UTF8")
        with connection.cursor() as cursor:
            cursor.execute("SET TimeZone = 'UTC'; SET DateStyle = 'ISO'")
            cursor.execute(
                "SELECT n.nspname FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace"
                " WHERE e.extname = 'postgis'"
            )
            found = cursor.fetchone()
            if found is None:
                raise errors.RegisterMissingError(
                    translate(
                        "GrueneInfra",
                        "The database of {where} has no PostGIS. Ask its administrator for: CREATE EXTENSION"
                        " postgis",
                    ).format(where=self.where)
                )
            self._path = ", ".join((ddl.quoted(self.place.schema), ddl.quoted(found[0]), "pg_temp"))
            cursor.execute("SELECT set_config('search_path', %s, false)", (self._path,))
        connection.commit()

    def has_register(self, session: Session) -> bool:
        sql = (
            "SELECT has_schema_privilege(n.oid, 'USAGE') FROM pg_class c"
            " JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = ? AND c.relname = 'verlauf'"
        )
        found = session.rows(sql, [self.place.schema])
        if found and not found[0][0]:
            raise errors.no_schema_right(self.where)
        return bool(found)

    def columns(self, session: Session) -> dict[str, set[str]]:
        sql = (
            "SELECT c.relname, a.attname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped"
            " WHERE n.nspname = ? AND c.relkind IN ('r', 'p')"
            " AND c.relname IN (SELECT value FROM json_each(?))"
        )
        return by_table(session.rows(sql, [self.place.schema, as_list(BY_NAME)]))

    def srid(self, session: Session) -> int | None:
        found = session.rows(SRID)
        return found[0][0] if found else None

    def not_logging(self, session: Session, version: int) -> list[str]:
        rows = session.rows(ddl_postgres.TRIGGERS, [self.place.schema])
        there = {(table, name): made for table, name, *made in rows}
        wanted = ddl_postgres.triggers(version)
        return [name for (table, name), made in wanted.items() if there.get((table, name)) != list(made)]

    def restore_logging(self, session: Session, version: int) -> None:
        for statement in ddl_postgres.trigger_statements(version, self._path):
            session.run(statement)

    def odd_value(self, kind: Kind) -> str | None:
        return ddl_postgres.ODD.get(kind)

    def odd_content(self, name: str, table: Table) -> str:
        return ddl_postgres.odd_content(name, table)

    def create(self, version: int, crs: str, meta: Mapping[str, str]) -> None:
        with self.transaction() as session:
            if self.has_register(session):
                raise errors.exists(self.where)
            if not session.rows("SELECT 1 FROM pg_namespace WHERE nspname = ?", [self.place.schema]):
                session.run(" ".join(("CREATE SCHEMA", ddl.quoted(self.place.schema))))
            for statement in ddl_postgres.create_statements(version, int(meta["srid"]), self._path):
                session.run(statement)
            session.insert(META, ("schluessel", "wert"), list(meta.items()), absent=False)

    def migrate(self, session: Session, version: int, target: int) -> None:
        for statement in ddl_postgres.migrate_statements(version, target, self._path):
            session.run(statement)


def is_register(place: PostgresPlace) -> bool:
    """Say whether a schema holds a register; one that cannot be asked holds nothing that could be changed."""
    try:
        with closing(PostGIS(place)) as database, database.reading() as session:
            return database.has_register(session)
    except errors.RegisterError:
        return False


def schema_at(dsn: str, schema: str) -> tuple[str, str, str] | None:
    """Return start of the server, database and schema: the same however the address is spelled.

    No ``schema`` is the first one of the search path. ``None`` where the server does not answer.
    """
    sql = (
        "SELECT CAST(extract(epoch FROM pg_postmaster_start_time()) AS text), current_database(),"
        " coalesce(nullif(%s, ''), current_schema())"
    )
    try:
        connection = connect(dsn)
        with closing(connection), connection.cursor() as cursor:
            cursor.execute(sql, (schema,))
            start, database, found = cursor.fetchone()
    except (psycopg2.Error, PasswordMissingError):
        return None
    return start, database, found


class PostGISSession(Session):
    """A transaction in PostgreSQL."""

    geometry = ddl_postgres.WKB
    lock = "FOR UPDATE"
    old_values = ddl_postgres.OLD_VALUES
    old_content = ddl_postgres.OLD_CONTENT
    bytewise = ' COLLATE "C"'

    def __init__(self, cursor: Any, streams: ExitStack, unknown: Counter[tuple[str, str]]) -> None:
        super().__init__(unknown)
        self._cursor = cursor
        self._streams = streams
        self._known_srid: int | None = None

    @property
    def _srid(self) -> int:
        if self._known_srid is None:
            found = self.rows(SRID)
            self._known_srid = found[0][0] if found else 0
        return self._known_srid

    def run(self, sql: str, values: Sequence[Any] = ()) -> None:
        if values:
            self._cursor.execute(_translated(sql), values)
        else:
            self._cursor.execute(sql)

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[tuple]:
        self.run(sql, values)
        found: list[tuple] = []
        while some := self._cursor.fetchmany(ROWS_AT_ONCE):
            found += some
        return found

    def stream(self, sql: str, values: Sequence[Any] = ()) -> Iterator[tuple]:
        name = uuid.uuid4().hex  # a cursor that has one leaves its rows on the server
        cursor = self._streams.enter_context(self._cursor.connection.cursor(name=name))
        cursor.itersize = ROWS_AT_ONCE
        cursor.execute(_translated(sql), values or None)
        return iter(cursor)

    def insert(
        self, table: Table, names: Sequence[str], rows: Sequence[Sequence[Any]], *, absent: bool
    ) -> None:
        sql = ddl.insert(table, names, "%s")
        if absent:
            sql = " ".join((sql, "ON CONFLICT DO NOTHING"))
        marks = ", ".join(_translated(self.placeholder(table, name)) for name in names)
        template = "(" + marks + ")"
        psycopg2.extras.execute_values(self._cursor, sql, rows, template, ROWS_PER_STATEMENT)

    def stamp(self, stamp: Stamp) -> None:
        self.run(
            "SELECT set_config('gruene_infra.aktion', ?, true), set_config('gruene_infra.vorgang', ?, true),"
            " set_config('gruene_infra.hebt_auf', ?, true), set_config('gruene_infra.wann', ?, true)",
            [stamp.action, stamp.kind, stamp.undoes or "", stamp.when or ""],
        )

    def placeholder(self, table: Table, name: str) -> str:
        if not is_geometry(table, name):
            return "?"
        return ddl.fill("ST_GeomFromWKB(decode(?, 'hex'), $srid)", srid=str(self._srid))

    def name_archive(self, day: dt.date, taken: Collection[str]) -> str:
        return ARCHIVE.name

    def move_history(self, archive: Archive, condition: str, values: Sequence[Any]) -> None:
        if not self._has_archive():
            for statement in ddl_postgres.archive_statements(VERSION):
                self.run(statement)
        self.run(ddl_postgres.ALIKE)
        for statement in ddl_postgres.switched("DISABLE"):
            self.run(statement)
        self.run(ddl_postgres.moving(condition), values)
        if self._cursor.rowcount != archive.entries:
            raise errors.archive_failed(
                archive.name, translate("GrueneInfra", "somebody else wrote meanwhile; try again")
            )
        for statement in ddl_postgres.switched("ENABLE"):
            self.run(statement)

    def _has_archive(self) -> bool:
        return bool(self.rows("SELECT to_regclass(?) IS NOT NULL", [ARCHIVE.name])[0][0])

    def lost_archives(self, known: Sequence[Archive]) -> list[str]:
        ((may_read,),) = self.rows("SELECT has_table_privilege(to_regclass(?), 'SELECT')", [ARCHIVE.name])
        if may_read is False:
            return []  # others can tell
        ((held,),) = self.rows("SELECT count(*) FROM verlauf_archiv") if may_read else [(0,)]
        return [] if held == sum(archive.entries for archive in known) else [ARCHIVE.name]

    def bring_archives(self, known: Sequence[Archive], needed: Sequence[Archive]) -> None:
        for name in self.lost_archives(known):
            raise errors.no_archive(name)

    def tidy_archives(self, known: Sequence[Archive]) -> None:
        """Nothing is left: what was not finished was rolled back."""


def _translated(sql: str) -> str:
    """Write a statement in psycopg2's words."""
    return sql.replace("json_each(?)", "json_array_elements_text(CAST(%s AS json))").replace("?", "%s")


def _explained(error: psycopg2.Error, where: str) -> errors.RegisterError:
    code = error.pgcode or ""
    reason = _first_line(error)
    if code.startswith(("08", "57P")) or (not code and isinstance(error, _LOST)):
        return errors.lost(where, reason)
    if code in ("42501", "28000", "28P01"):
        return errors.denied(where, reason)
    if code.startswith("23"):
        return errors.refused_value(where, reason)
    plain = _PLAIN.get(code)
    return plain(where) if plain else errors.failed(where, reason)


_PLAIN = {
    "22P05": errors.zero_character,
    "54000": errors.too_long,
    "53100": errors.full,
    "58030": errors.full,
    "55P03": errors.busy,
    "40P01": errors.busy,
    "40001": errors.busy,
    "25006": errors.read_only,
}
_LOST = (psycopg2.OperationalError, psycopg2.InterfaceError)


def _first_line(error: psycopg2.Error) -> str:
    text = (error.diag.message_primary if error.diag else None) or str(error)
    return text.strip().splitlines()[0] if text.strip() else type(error).__name__
