"""A writer that is killed leaves all of its write or nothing, and a sound database."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from gruene_infra.gruene_infra_plugin.register.postgis import PostgresPlace

from .registers import Site
from .victims import Victim

KILLS = 52
N = 5000
NOTHING = {"flurstueck": 0, "zuordnung": 0, "verlauf": 0}
WRITTEN = {"flurstueck": N, "zuordnung": N, "verlauf": 2 * N}


class Writer(Victim):
    """A process whose children write to the register of ``site``."""

    def __init__(self, site: Site) -> None:
        super().__init__("register_writer.py")
        self.site = site

    def write(self, wait_after: str = "-") -> int:
        """Let a child write, and return its number."""
        place = self.site.place
        if isinstance(place, PostgresPlace):
            return self.start(f"postgis|{place.dsn}\t{place.schema}|{wait_after}")
        return self.start(f"gpkg|{place}|{wait_after}")


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
        for left in Path(site.place).parent.glob(Path(site.place).name + "*"):
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
