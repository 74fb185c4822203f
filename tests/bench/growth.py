"""A register of 1 000 000 assignments, all of them changed once, beside QGIS reading its history."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from session import measure, median_seconds, seconds

ASSIGNMENTS = 1_000_000
FEW = 1_000
UNDONE = 100
RUNS = 5
QUICK_RUNS = 101
MEMORY_MB = 500.0
CHANGED = "2030-06-01T12:00:00.000Z"
"""When all assignments were changed, after the day on which the benchmark fills the register."""
DAYS = {"before a change of all": "2030-05-31", "today": "2030-06-02"}
NEXT_YEAR = "2031-01-01"


def report(folder: Path) -> list[tuple[str, float, str, float]]:
    """Return rows of (what, ratio or figure, bound as text, bound)."""
    rows: list[tuple[str, float, str, float]] = []
    for kind in ("gpkg", "postgis"):
        with _places(kind, folder) as (large, small):
            for place, count in ((large, ASSIGNMENTS), (small, FEW)):
                measure("growth", "filling", place, count)
            rows += _report(kind, large, small, folder / f"past_{kind}.gpkg")
    return rows


def _report(kind: str, large: str, small: str, output: Path) -> list[tuple[str, float, str, float]]:
    reading = measure("growth", "reading", large, "verlauf")["seconds"]
    tables = measure("growth", "reading", large, "zuordnung", "flurstueck")["seconds"]
    rows = []
    for case in ("asking", "undoing"):
        ratio = measure("growth", case, large)["seconds"] / measure("growth", case, small)["seconds"]
        rows.append((f"{case}, 1 000 000 / 1 000, {kind}", ratio, "<=", 3.0))
    done = measure("growth", "holding", large)
    rows.append((f"holdings / QGIS reading both tables, {kind}", done["seconds"] / tables, "<=", 4.0))
    for name, day in DAYS.items():
        rows += _past(f"register_at {name}", kind, measure("growth", "past", large, day, output), reading)
    done = measure("growth", "archiving", large)
    rows += _past("archive_history", kind, done, reading)
    done = measure("growth", "past", large, DAYS["before a change of all"], output)
    rows += _past("register_at from the archive", kind, done, reading)
    return rows


def _past(
    what: str, kind: str, done: dict[str, float], reading: float
) -> list[tuple[str, float, str, float]]:
    return [
        (f"{what} / reading the history, {kind}", done["seconds"] / reading, "<=", 3.0),
        (f"{what}, peak memory, MB, {kind}", done["peak_mb"], "<=", MEMORY_MB),
    ]


@contextmanager
def _places(kind: str, folder: Path) -> Iterator[tuple[str, str]]:
    """Yield the places of two registers in words: a file, or a database and its schema."""
    if kind == "gpkg":
        yield str(folder / "large.gpkg"), str(folder / "small.gpkg")
        return
    sys.path.append(str(Path(__file__).resolve().parents[1]))
    from postgres import server

    with server() as running:
        yield f"{running.dsn()}|large", f"{running.dsn()}|small"


def _place(words: str) -> Any:
    sys.path.append(str(Path(__file__).resolve().parents[1]))
    from gruene_infra.gruene_infra_plugin.register.postgis import PostgresPlace

    dsn, _, schema = words.partition("|")
    return PostgresPlace(dsn=dsn, schema=schema) if schema else Path(words)


@contextmanager
def _parameters(words: str) -> Iterator[dict[str, str]]:
    """Yield the parameters by which an algorithm finds a register."""
    from qgis.core import QgsProviderRegistry

    dsn, _, schema = words.partition("|")
    if not schema:
        yield {"REGISTER": words}
        return
    metadata = QgsProviderRegistry.instance().providerMetadata("postgres")
    metadata.saveConnection(metadata.createConnection(dsn, {"saveUsername": True}), "bench")
    yield {"CONNECTION": "bench", "SCHEMA": schema}
    metadata.deleteConnection("bench")


def filling(words: str, count: str) -> dict[str, float]:
    """Make the register, then change all assignments in one action of the one who measures."""
    place = _place(words)
    import large_register
    from gruene_infra.gruene_infra_plugin.register.database import Stamp
    from gruene_infra.gruene_infra_plugin.register.store import Register

    fill = large_register.fill if isinstance(place, Path) else large_register.fill_postgres
    fill(place, int(count) // len(large_register.GOALS) + 1)
    register = Register.open(place)
    who = register.database.user()
    with register.database.transaction() as session:
        session.stamp(Stamp("alle", "zuordnen", who, CHANGED))
        session.run("UPDATE zuordnung SET status = 'umgesetzt', version = version + 1")
    register.close()
    return {}


def reading(words: str, *tables: str) -> dict[str, float]:
    """Return the seconds in which QGIS reads tables of the register.

    But for what an entry replaced, because QGIS logs a warning for each row of PostgreSQL without that.
    """
    place = _place(words)
    from gruene_infra.gruene_infra_plugin.register.layers import layer_sources
    from qgis.core import QgsFeatureRequest, QgsVectorLayer

    sources = layer_sources(place)

    def work() -> None:
        for table in tables:
            layer = QgsVectorLayer(sources[table].uri, table, sources[table].provider)
            names = [name for name in layer.fields().names() if name != "alt"]
            request = QgsFeatureRequest().setSubsetOfAttributes(names, layer.fields())
            for _feature in layer.getFeatures(request):
                pass

    return {"seconds": seconds(work)}


def asking(words: str) -> dict[str, float]:
    """Return the median seconds of finding out what is next to undo."""
    register = _written(words)
    if register.next_to_undo().rows != UNDONE:
        raise ValueError("the action written last is not next")
    return {
        "seconds": median_seconds([{"seconds": seconds(register.next_to_undo)} for _ in range(QUICK_RUNS)])
    }


def undoing(words: str) -> dict[str, float]:
    """Return the median seconds of undoing 100 rows."""
    register = _written(words)
    done = []
    for _ in range(RUNS):
        done.append({"seconds": seconds(register.undo)})
        register.undo(register.actions()[0].id)
    return {"seconds": median_seconds(done)}


def _written(words: str) -> Any:
    """Open a register and write an action of 100 assignments."""
    place = _place(words)
    from gruene_infra.gruene_infra_plugin.register.model import AssignmentRecord, Role, Status
    from gruene_infra.gruene_infra_plugin.register.store import Register
    from large_register import key

    register = Register.open(place)
    keys = [key(number) for number in range(1, UNDONE + 1)]
    seen = {record.row: record.version for record in register.assignments(keys=keys)}
    register.assign_records(
        register.parcels(keys),
        [AssignmentRecord(parcel, 20, Role.STOCK, Status.IDEA, note=f"{len(seen)}") for parcel in keys],
        seen=seen,
    )
    return register


def holding(words: str) -> dict[str, float]:
    """Return the seconds of what reconcile_register reads."""
    place = _place(words)
    from gruene_infra.gruene_infra_plugin.register.store import Register

    register = Register.open(place)
    return {"seconds": seconds(register.holdings)}


def past(words: str, day: str, output: str) -> dict[str, float]:
    """Return the seconds of register_at, whose rows are all there."""
    from qgis.core import QgsVectorLayer

    import processing

    Path(output).unlink(missing_ok=True)
    with _parameters(words) as where:
        values = {"DAY": day, "OUTPUT": output, **where}
        taken = seconds(lambda: processing.run("gruene_infra:register_at", values))
    rows = QgsVectorLayer(output, "rows", "ogr").featureCount()
    if rows < ASSIGNMENTS:
        raise ValueError(f"{rows} rows of {ASSIGNMENTS}")
    return {"seconds": taken}


def archiving(words: str) -> dict[str, float]:
    """Return the seconds in which the whole history is archived."""
    place = _place(words)
    import datetime as dt

    from gruene_infra.gruene_infra_plugin.register.store import Register

    register = Register.open(place)
    return {"seconds": seconds(lambda: register.archive_history(dt.date.fromisoformat(NEXT_YEAR)))}
