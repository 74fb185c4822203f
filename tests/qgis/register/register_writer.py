"""A process that writes to a register over and over, to be killed in the middle.

It is warm: it has everything imported and the parcels made, and forks one child per line on its standard
input, ``gpkg PATH`` or ``postgis DSN<tab>SCHEMA`` followed by the step after which the child waits to be
killed (``-`` for none) and by a day: the child archives what is older, or writes 5 000 parcels where it is
empty. It tells the child's number, each step as it begins and ends, and the end.
"""

from __future__ import annotations

import datetime as dt
import signal
import sys
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent.parent))

import tests.package  # noqa: F401, I001 - registers the checkout as the package gruene_infra
from gruene_infra.gruene_infra_plugin.register import archive_file
from gruene_infra.gruene_infra_plugin.register.geopackage import GeoPackageSession
from gruene_infra.gruene_infra_plugin.register.model import Role
from gruene_infra.gruene_infra_plugin.register.postgis import PostGISSession, PostgresPlace
from gruene_infra.gruene_infra_plugin.register.store import Register
from tests.qgis.forking import say, serve
from tests.qgis.register.registers import parcel

STEPS = {
    GeoPackageSession: ("insert", "run"),
    PostGISSession: ("insert", "run"),
    archive_file: ("write", "is_same", "name_new"),
}
PARCELS = [parcel(number) for number in range(1, 5001)]


def watched(owner: object, function: str, wait_after: str) -> None:
    """Let a function, or a method of a session, tell of itself and wait to be killed."""
    work: Callable = getattr(owner, function)

    def call(*arguments, **options):
        name = function
        if isinstance(owner, type):
            table = getattr(arguments[1], "name", None)
            name = f"insert {table}" if table else str(arguments[1]).split("\n")[0][:20]
        say(f"begin {name}")
        result = work(*arguments, **options)
        say(f"end {name}")
        if name == wait_after:
            signal.pause()
        return result

    setattr(owner, function, call)


def write(line: str) -> None:
    kind, place, wait_after, day = line.split("|")
    if kind == "gpkg":
        register = Register.open(Path(place), who="Kind")
        # A small cache makes SQLite write into the file long before the end, as a larger register would.
        register.database._connected().execute("PRAGMA cache_size = 200")
    else:
        dsn, schema = place.split("\t")
        register = Register.open(PostgresPlace(dsn=dsn, schema=schema))
    for owner, functions in STEPS.items():
        for function in functions:
            watched(owner, function, wait_after)
    if day:
        register.archive_history(dt.date.fromisoformat(day))
    else:
        register.assign(PARCELS, [2], Role.STOCK)
    say("done")


serve(write)
