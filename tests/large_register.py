"""A register as large as a whole region's, filled past the store so that it does not take an hour."""

from __future__ import annotations

from pathlib import Path

import psycopg2
from gruene_infra.gruene_infra_plugin.register.postgis import PostgresPlace
from gruene_infra.gruene_infra_plugin.register.store import Register
from qgis.utils import spatialite_connect

GOALS = (2, 13, 19)

_PARCELS = """
INSERT INTO flurstueck (schluessel, schluessel_form, schluessel_geliefert, flaeche_m2, version)
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
SELECT printf('051234007%05d%04d__', 1 + i / 9000, 1 + i % 9000), 'ALKIS',
       printf('051234007%05d%04d__', 1 + i / 9000, 1 + i % 9000), 1000.0, 1 FROM n
"""
_PARCELS_IN_POSTGRES = """
INSERT INTO flurstueck (schluessel, schluessel_form, schluessel_geliefert, flaeche_m2, version)
SELECT key, 'ALKIS', key, 1000.0, 1 FROM (
SELECT '051234007' || lpad((1 + i / 9000)::text, 5, '0') || lpad((1 + i %% 9000)::text, 4, '0') || '__' AS key
FROM generate_series(1, %s) i) keys
"""
_ASSIGNMENTS = """
INSERT INTO zuordnung (flurstueck, hz, rolle, status, version)
SELECT schluessel, ?, 'Maßnahme', 'Idee', 1 FROM flurstueck
"""


def key(number: int) -> str:
    """Return the key of a parcel by its number, from 1."""
    return f"051234007{1 + number // 9000:05d}{1 + number % 9000:04d}__"


def fill(file: Path, parcels: int) -> None:
    """Make a register in a GeoPackage of so many parcels, each with an assignment to all of ``GOALS``."""
    Register.create(file).close()
    connection = spatialite_connect(str(file), isolation_level=None)
    try:
        connection.execute("PRAGMA synchronous=OFF")
        connection.execute("BEGIN")
        connection.execute(_PARCELS, [parcels])
        for goal in GOALS:
            connection.execute(_ASSIGNMENTS, [goal])
        connection.execute("COMMIT")
    finally:
        connection.close()


def fill_postgres(place: PostgresPlace, parcels: int) -> None:
    """Make the same register in PostgreSQL."""
    Register.create(place).close()
    connection = psycopg2.connect(place.dsn)
    with connection, connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('search_path', quote_ident(%s) || ', public', true)", [place.schema]
        )
        cursor.execute(_PARCELS_IN_POSTGRES, [parcels])
        for goal in GOALS:
            cursor.execute(_ASSIGNMENTS.replace("?", "%s"), [goal])
    connection.close()
