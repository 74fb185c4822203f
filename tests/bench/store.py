"""The register's store beside plain SQL and beside QGIS opening the same tables, in both databases."""

from __future__ import annotations

import statistics
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from session import measure, median_seconds, seconds

PARCELS = 10_000
GOALS = (2, 6, 19)
ASSIGNMENTS = 1_000_000
RUNS = 3
_PARCEL_COLUMNS = "schluessel, schluessel_form, schluessel_geliefert, flaeche_m2, geom, geom_hash, version"
_ASSIGNMENT_COLUMNS = "flurstueck, hz, rolle, status, version"


def report(folder: Path) -> list[tuple[str, float, str, float]]:
    """Return rows of (what, ratio, bound as text, bound)."""
    rows: list[tuple[str, float, str, float]] = []
    for kind in ("gpkg", "postgis"):
        runs = [measure("store", "assigning", kind, folder / f"{kind}{run}") for run in range(RUNS)]
        ratio = statistics.median(run["seconds"] / run["plain_seconds"] for run in runs)
        rows.append((f"assigning 10 000 x 3 / plain SQL, {kind}", ratio, "<=", 3.0))
        opened = measure("store", "opening", kind, folder / f"{kind}_large")
        ratio = opened["seconds"] / opened["layer_seconds"]
        rows.append((f"opening 1 000 000 / QGIS opening the table, {kind}", ratio, "<=", 1.5))
    return rows


def assigning(kind: str, folder: str) -> dict[str, float]:
    """Return the seconds of the store, and of the same rows by SQL, into two empty registers."""
    _make_importable()
    from gruene_infra.gruene_infra_plugin.register.model import Role
    from gruene_infra.gruene_infra_plugin.register.store import Register

    parcels = _parcels()

    def work(place: Any, plain: Any) -> dict[str, float]:
        register = Register.create(place)
        Register.create(plain).close()
        return {
            "seconds": seconds(lambda: register.assign(parcels, GOALS, Role.MEASURE)),
            "plain_seconds": seconds(partial(_plain, plain, parcels)),
        }

    return _in_places(kind, folder, work)


def opening(kind: str, folder: str) -> dict[str, float]:
    """Return the median seconds of opening the register, and its assignments as a layer."""
    _make_importable()
    import large_register
    from gruene_infra.gruene_infra_plugin.register.layers import layer_sources
    from gruene_infra.gruene_infra_plugin.register.store import Register
    from qgis.core import QgsVectorLayer

    def work(place: Any, _other: Any) -> dict[str, float]:
        fill = large_register.fill if kind == "gpkg" else large_register.fill_postgres
        fill(place, ASSIGNMENTS // len(large_register.GOALS) + 1)
        source = layer_sources(place)["zuordnung"]
        own, layer = [], []
        for _ in range(2 * RUNS + 1):
            own.append({"seconds": seconds(lambda: Register.open(place).close())})
            layer.append({"seconds": seconds(lambda: QgsVectorLayer(source.uri, "z", source.provider))})
        return {"seconds": median_seconds(own), "layer_seconds": median_seconds(layer)}

    return _in_places(kind, folder, work)


def _make_importable() -> None:
    sys.path.append(str(Path(__file__).resolve().parents[1]))


def _in_places(kind: str, folder: str, work: Callable[[Any, Any], dict[str, float]]) -> dict[str, float]:
    """Do work on two places of a kind, in a server of its own where the kind needs one."""
    from gruene_infra.gruene_infra_plugin.register.postgis import PostgresPlace
    from postgres import server

    if kind == "gpkg":
        Path(folder).mkdir()
        return work(Path(folder, "one.gpkg"), Path(folder, "other.gpkg"))
    with server() as running:
        return work(*(PostgresPlace(dsn=running.dsn(), schema=schema) for schema in ("one", "other")))


def _parcels() -> list:
    from gruene_infra.gruene_infra_plugin.register.model import ParcelRecord
    from large_register import key
    from qgis.core import QgsGeometry, QgsRectangle

    return [
        ParcelRecord.of(
            key(number), QgsGeometry.fromRect(QgsRectangle(number * 20, 5.7e6, number * 20 + 20, 5.7e6 + 20))
        )
        for number in range(1, PARCELS + 1)
    ]


def _plain(place: Any, parcels: list) -> None:
    """Write the rows of parcels and assignments in one transaction."""
    rows = [
        [p.key.key, p.key.form.value, p.key.delivered, p.area_m2, p.wkb, p.geometry_hash, 1] for p in parcels
    ]
    assigned = [[p.key.key, hz, "Maßnahme", "Idee", 1] for p in parcels for hz in GOALS]
    if isinstance(place, Path):
        _plain_sqlite(place, rows, assigned)
    else:
        _plain_postgres(place, rows, assigned)


def _plain_sqlite(file: Path, rows: list, assigned: list) -> None:
    from qgis.utils import spatialite_connect

    connection = spatialite_connect(str(file), isolation_level=None)
    connection.execute("PRAGMA foreign_keys=ON")
    connection.execute("BEGIN IMMEDIATE")
    connection.executemany(
        f"INSERT INTO flurstueck ({_PARCEL_COLUMNS}) VALUES (?, ?, ?, ?, AsGPB(GeomFromWKB(?, 25832)), ?, ?)",
        rows,
    )
    connection.executemany(f"INSERT INTO zuordnung ({_ASSIGNMENT_COLUMNS}) VALUES (?, ?, ?, ?, ?)", assigned)
    connection.execute("COMMIT")
    connection.close()


def _plain_postgres(place: Any, rows: list, assigned: list) -> None:
    import psycopg2
    from psycopg2.extras import execute_values

    connection = psycopg2.connect(place.dsn)
    with connection, connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('search_path', quote_ident(%s) || ', public', true)", [place.schema]
        )
        execute_values(
            cursor,
            f"INSERT INTO flurstueck ({_PARCEL_COLUMNS}) VALUES %s",
            rows,
            "(%s, %s, %s, %s, ST_GeomFromWKB(%s, 25832), %s, %s)",
            1000,
        )
        execute_values(
            cursor, f"INSERT INTO zuordnung ({_ASSIGNMENT_COLUMNS}) VALUES %s", assigned, page_size=1000
        )
    connection.close()
