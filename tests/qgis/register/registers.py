"""Registers for the tests: places in both databases, parcels, a clock that the test sets."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg2
from gruene_infra.gruene_infra_plugin.register.geopackage import GeoPackage
from gruene_infra.gruene_infra_plugin.register.model import ParcelRecord
from gruene_infra.gruene_infra_plugin.register.postgis import PostGIS, PostgresPlace
from gruene_infra.gruene_infra_plugin.register.store import Register, RegisterPlace
from qgis.core import QgsGeometry
from qgis.utils import spatialite_connect

from ...layer_factory import box
from ...postgres import Server

NOON = dt.datetime(2030, 5, 1, 12, tzinfo=dt.UTC)


@dataclass
class Clock:
    """Gives the moment that the test says."""

    now: dt.datetime = NOON

    def __call__(self) -> dt.datetime:
        return self.now

    def forward(self, **by: int) -> None:
        self.now += dt.timedelta(**by)


@dataclass
class Site:
    """One database in which a test keeps a register, with a way past the register into its tables."""

    kind: str
    place: RegisterPlace
    server: Server | None = None
    clock: Clock = field(default_factory=Clock)
    opened: list[Register] = field(default_factory=list)

    def create(self, who: str = "Anna") -> Register:
        return self._keep(Register.create(self.place, who=self.role(who), clock=self.clock))

    def open(self, who: str = "Anna") -> Register:
        place = self.place
        if isinstance(place, PostgresPlace):
            place = PostgresPlace(dsn=self.server.dsn(self.role(who)), schema=place.schema)
        return self._keep(Register.open(place, who=who, clock=self.clock))

    def _keep(self, register: Register) -> Register:
        self.opened.append(register)
        return register

    def role(self, who: str) -> str:
        """Return the name under which the history knows a person; PostgreSQL gets a role of that name."""
        if self.server is None or who == "Anna":
            return who if self.server is None else self.server_user
        role = who.lower()
        if not self.server.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", role):
            self.server.execute(f"CREATE ROLE {role} LOGIN")
        return role

    def let_write(self, who: str, *without: str) -> None:
        """Give a role what a colleague needs; history and schema version it may only read."""
        if self.server is None:
            return
        role, schema = self.role(who), self.place.schema
        self.server.execute(f'GRANT USAGE ON SCHEMA "{schema}" TO {role}')
        self.server.execute(f'GRANT SELECT ON ALL TABLES IN SCHEMA "{schema}" TO {role}')
        for table in ("flurstueck", "raumtyp_zuordnung", "projekt", "zuordnung", "angabe", "befund"):
            self.server.execute(f'GRANT INSERT, UPDATE, DELETE ON "{schema}".{table} TO {role}')
        for table in without:
            self.server.execute(f'REVOKE ALL ON "{schema}".{table} FROM {role}')

    @property
    def server_user(self) -> str:
        return self.server.execute("SELECT session_user")[0][0]

    def execute(self, sql: str, *values: Any) -> list[tuple]:
        """Execute a statement past the register, as somebody with a database tool would."""
        if self.server is not None:
            sql = f'SET search_path = "{self.place.schema}", public; ' + sql.replace("?", "%s")
            return self.server.execute(sql, *values)
        connection = spatialite_connect(str(self.place), isolation_level=None)
        try:
            return connection.execute(sql, values).fetchall()
        finally:
            connection.close()

    def count(self, table: str) -> int:
        return self.execute(f"SELECT count(*) FROM {table}")[0][0]

    @property
    def database_error(self) -> type[Exception]:
        return psycopg2.Error if self.server is not None else __import__("sqlite3").Error

    def assert_sound(self) -> None:
        """Assert what the database itself says about its integrity."""
        if self.server is None:
            assert self.execute("PRAGMA integrity_check") == [("ok",)]
            assert self.execute("PRAGMA foreign_key_check") == []
            assert self.execute("SELECT count(*) FROM rtree_flurstueck_geom") == self.execute(
                "SELECT count(*) FROM flurstueck WHERE geom IS NOT NULL"
            )
            return
        self.execute(
            "SELECT bt_index_check(c.oid, true) FROM pg_class c JOIN pg_am a ON a.oid = c.relam"
            " JOIN pg_namespace n ON n.oid = c.relnamespace WHERE a.amname = 'btree' AND n.nspname = ?",
            self.place.schema,
        )
        assert self.execute(
            "SELECT count(*) FROM zuordnung z LEFT JOIN flurstueck f ON f.schluessel = z.flurstueck"
            " WHERE f.id IS NULL"
        ) == [(0,)]

    def database(self, **options: Any) -> GeoPackage | PostGIS:
        """Return an adapter with options of its own."""
        if isinstance(self.place, PostgresPlace):
            return PostGIS(self.place, **options)
        return GeoPackage(Path(self.place), "Anna", **options)

    def close(self) -> None:
        for register in self.opened:
            register.close()


def key(number: int) -> str:
    """Return the normalised key of a test's parcel."""
    return f"051234007{number:05d}______"


def parcel(number: int, size: float = 100.0, **more: Any) -> ParcelRecord:
    """Return a square parcel with a side of ``size`` metres, beside the others."""
    shape = QgsGeometry.fromWkt(box(number * 1000.0, 0, size, size))
    return ParcelRecord.of(f"051234-007-{number}", shape, source="ALKIS", **more)


def parcels(*numbers: int) -> list[ParcelRecord]:
    return [parcel(number) for number in numbers]


Make = Callable[[], Site]
