"""A writer that is killed leaves all of its write or nothing, and a sound database."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from gruene_infra.gruene_infra_plugin.register.postgis import PostgresPlace

from .registers import Site

KILLS = 52
N = 5000
NOTHING = {"flurstueck": 0, "zuordnung": 0, "verlauf": 0}
WRITTEN = {"flurstueck": N, "zuordnung": N, "verlauf": 2 * N}


class Writer:
    """The warm process, and what its children say."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("register_writer.py"))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            bufsize=1,
            env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
        )
        self.wait_for("ready")

    def wait_for(self, wanted: str) -> list[str]:
        """Read up to a line that begins so, and return all lines read."""
        lines = []
        for line in self.process.stdout:
            lines.append(line.rstrip("\n"))
            assert not lines[-1].startswith("error"), lines
            if lines[-1].startswith(wanted):
                return lines
        raise AssertionError(f"the writer ended: {lines}")

    def start(self, wait_after: str = "-") -> int:
        """Let a child write, and return its number."""
        place = self.site.place
        if isinstance(place, PostgresPlace):
            text = f"postgis|{place.dsn}\t{place.schema}|{wait_after}"
        else:
            text = f"gpkg|{place}|{wait_after}"
        self.process.stdin.write(text + "\n")
        return int(self.wait_for("child")[-1].split()[1])

    def kill(self, child: int) -> list[str]:
        """Kill the child and return what it had said since."""
        os.kill(child, signal.SIGKILL)
        return self.wait_for("gone")

    def close(self) -> None:
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()


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
        child = writer.start(f"insert {table}")
        writer.wait_for(f"end insert {table}")
    elif manner == 2:  # it is writing rows
        child = writer.start()
        writer.wait_for(moments.choice(["begin insert flurstueck", "begin insert zuordnung"]))
        time.sleep(moments.uniform(0.0, 0.1))
    else:  # it is committing
        child = writer.start()
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
    child = writer.start()
    writer.wait_for("done")
    writer.kill(child)
    assert {table: site.count(table) for table in WRITTEN} == WRITTEN
    assert [action.rows for action in site.open("Kind" if site.server is None else "Anna").actions()] == [
        2 * N
    ]
