"""A writer that is killed leaves all of its write or nothing, and a sound database; one that archives too."""

from __future__ import annotations

import datetime as dt
import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from gruene_infra.gruene_infra_plugin.register.model import Role, Status
from gruene_infra.gruene_infra_plugin.register.postgis import PostgresPlace

from ..victims import Victim
from .registers import NOON, Site, parcels
from .test_archive_history import beside, entries, named

KILLS = 52
N = 5000
NOTHING = {"flurstueck": 0, "zuordnung": 0, "verlauf": 0}
WRITTEN = {"flurstueck": N, "zuordnung": N, "verlauf": 2 * N}


class Writer(Victim):
    """A process whose children write to the register of ``site``."""

    def __init__(self, site: Site) -> None:
        super().__init__(Path(__file__).with_name("register_writer.py"))
        self.site = site

    def write(self, wait_after: str = "-", day: str = "") -> int:
        """Let a child write, or archive what is older than a day, and return its number."""
        place = self.site.place
        if isinstance(place, PostgresPlace):
            return self.start(f"postgis|{place.dsn}\t{place.schema}|{wait_after}|{day}")
        return self.start(f"gpkg|{place}|{wait_after}|{day}")


@pytest.fixture
def writer(site: Site) -> Iterator[Writer]:
    started = Writer(site)
    yield started
    started.close()


def fresh(site: Site) -> None:
    """Start over with an empty register."""
    site.close()
    site.opened.clear()
    if site.server is None:
        for left in site.place.parent.glob(site.place.stem + "*"):
            left.unlink()
    else:
        site.server.execute(f'DROP SCHEMA IF EXISTS "{site.place.schema}" CASCADE')
    site.create()
    site.close()


def interrupt(writer: Writer, manner: int, moments: random.Random) -> list[str]:
    """Kill a writer in one of four manners; return what it said last, ``done`` if it was too late."""
    last = "end DELETE FROM sitzung" if writer.site.server is None else "end insert zuordnung"
    if manner < 2:  # it stands still after the first rows, or after all
        table = ("flurstueck", "zuordnung")[manner]
        child = writer.write(f"insert {table}")
        writer.wait_for(f"end insert {table}")
    elif manner == 2:  # it is writing rows
        child = writer.write()
        writer.wait_for(moments.choice(["begin insert flurstueck", "begin insert zuordnung"]))
        time.sleep(moments.uniform(0.0, 0.1))
    else:  # it is committing
        child = writer.write()
        writer.wait_for(last)
        time.sleep(moments.uniform(0.0, 0.01))
    return writer.kill(child)


def test_a_killed_writer_leaves_all_or_nothing(site, writer):
    moments = random.Random(1)
    kills = between = rounds = 0
    found = NOTHING
    while kills < KILLS and rounds < 2 * KILLS:
        if rounds % 8 == 0 or found == WRITTEN:
            fresh(site)
        manner = rounds % 4
        said = interrupt(writer, manner, moments)
        rounds += 1
        kills += "done" not in said
        between += manner < 2
        site.assert_sound()
        found = {table: site.count(table) for table in WRITTEN}
        assert found in (NOTHING, WRITTEN), (rounds, found)
        assert found == NOTHING or manner >= 2
        assert found == WRITTEN or "done" not in said
    assert kills >= KILLS
    assert between >= KILLS // 3
    fresh(site)
    child = writer.write()
    writer.wait_for("done")
    writer.kill(child)
    assert {table: site.count(table) for table in WRITTEN} == WRITTEN
    assert [action.rows for action in site.open("Kind" if site.server is None else "Anna").actions()] == [
        2 * N
    ]


CUT = NOON.date() + dt.timedelta(days=2)
STOPS = {
    "gpkg": (
        "write",
        "is_same",
        'DROP TRIGGER "verlau',
        'DELETE FROM "verlauf',
        "INSERT INTO meta (sc",
        "DELETE FROM sitzung",
    ),
    "postgis": ('ALTER TABLE "verlauf', "WITH bewegt AS (DELE", "INSERT INTO meta (sc"),
}
"""After what an archiver is stopped before it has committed: statements by how they begin."""
MOMENTS = {
    "gpkg": ("begin write", "begin DELETE FROM sitzung", "end DELETE FROM sitzung", "begin name_new"),
    "postgis": ("begin WITH bewegt", "end INSERT INTO meta"),
}
"""What it says shortly before it is killed where it goes on."""


def with_history(site: Site) -> tuple[list, list]:
    """Make a register that two days have changed; return its history, and what it was after each day."""
    fresh(site)
    site.clock.now = NOON
    register, states = site.open(), []
    for status in (Status.IDEA, Status.DONE):
        seen = {record.row: record.version for record in register.assignments()}
        register.assign(parcels(*range(1, 1001)), [2], Role.STOCK, status, seen=seen)
        states.append(register.assignments())
        site.clock.forward(days=1)
    site.clock.forward(days=5)
    register.assign(parcels(2000), [2], Role.STOCK)
    register.close()
    return entries(site), states


def assert_nothing_lost_or_doubled(site: Site, history: list, states: list) -> bool:
    """Assert that every entry is there once and every day what it was; return whether it was archived."""
    site.assert_sound()
    assert entries(site) == history
    register = site.open()
    days = [NOON.date() + dt.timedelta(days=number) for number in range(2)]
    assert [list(register.register_at(when).assignments) for when in days] == states
    archived = named(site)
    assert site.count("verlauf") == (2 if archived else len(history))
    register.close()
    return bool(archived)


def test_a_killed_archiver_loses_and_doubles_nothing(site, writer):
    moments, day = random.Random(2), CUT.isoformat()
    history, states = with_history(site)
    kind = "gpkg" if site.server is None else "postgis"
    outcomes = []
    for number in range(32):
        if named(site):
            history, states = with_history(site)
        stops = (*STOPS[kind], None, None)
        stop = stops[number % len(stops)]
        if stop is None:  # it is writing, or committing, or giving the archive its name
            child = writer.write(day=day)
            writer.wait_for(moments.choice(MOMENTS[kind]))
            time.sleep(moments.uniform(0.0, 0.02))
        else:
            child = writer.write(stop, day)
            writer.wait_for(f"end {stop}")
        writer.kill(child)
        outcomes.append(assert_nothing_lost_or_doubled(site, history, states))
        assert stop is None or not outcomes[-1]
    assert True in outcomes
    child = writer.write(day=day)
    writer.wait_for("done")
    writer.kill(child)
    assert assert_nothing_lost_or_doubled(site, history, states)
    assert site.server is not None or beside(site) == [named(site)[0]["name"]]
