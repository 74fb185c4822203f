"""A process that writes 5 000 parcels into a register over and over, to be killed in the middle.

It is warm: it has everything imported and the parcels made, and forks one child per line on its standard
input, ``gpkg PATH`` or ``postgis DSN<tab>SCHEMA`` followed by the statement after which the child waits to
be killed (``-`` for none). It tells the child's number, each statement as it begins and ends, and the end.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))

import tests.package  # noqa: F401, I001 - registers the checkout as the package gruene_infra
from gruene_infra.gruene_infra_plugin.register.geopackage import GeoPackageSession
from gruene_infra.gruene_infra_plugin.register.model import Role
from gruene_infra.gruene_infra_plugin.register.postgis import PostGISSession, PostgresPlace
from gruene_infra.gruene_infra_plugin.register.store import Register
from tests.qgis.registers import parcel

PARCELS = [parcel(number) for number in range(1, 5001)]


def say(text: str) -> None:
    os.write(1, f"{text}\n".encode())


def watched(method: Callable, wait_after: str) -> Callable:
    def call(session, *arguments, **options):
        table = getattr(arguments[0], "name", None)
        name = f"insert {table}" if table else str(arguments[0]).split("\n")[0][:20]
        say(f"begin {name}")
        result = method(session, *arguments, **options)
        say(f"end {name}")
        if name == wait_after:
            signal.pause()
        return result

    return call


def write(kind: str, place: str, wait_after: str) -> None:
    if kind == "gpkg":
        register = Register.open(Path(place), who="Kind")
        # A small cache makes SQLite write into the file long before the end, as a larger register would.
        register.database._connected().execute("PRAGMA cache_size = 200")
    else:
        dsn, schema = place.split("\t")
        register = Register.open(PostgresPlace(dsn=dsn, schema=schema))
    for session in (GeoPackageSession, PostGISSession):
        session.insert = watched(session.insert, wait_after)
        session.run = watched(session.run, wait_after)
    register.assign(PARCELS, [2], Role.STOCK)
    say("done")


def main() -> None:
    say("ready")
    for line in sys.stdin:
        kind, place, wait_after = line.rstrip("\n").split("|")
        child = os.fork()
        if child == 0:
            try:
                write(kind, place, wait_after)
                signal.pause()  # until it is killed: its number must stay its own
            except BaseException as error:
                say(f"error {error!r}")
            os._exit(1)
        say(f"child {child}")
        os.waitpid(child, 0)
        say("gone")


main()
