"""A run that is killed at any moment leaves the older result or the new one, whole, in every format."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from gruene_infra.gruene_infra_plugin.spatial.writing.drafts.beside import PREFIX, complete_or_remove

from ..every.bad_input import tables_of
from ..victims import Victim
from .output_places import CONTAINERS, FILES, STYLE, Writing, as_table, ids

KILLS = 11
"""Per place, of which there are nineteen."""
ROWS = 500
OLD = sorted(f"alt{number}" for number in range(40))
NEW = sorted(f"b{number}" for number in range(ROWS))
COMPLETED = ("mif", "txt", "unbekannt")
"""Endings to which QGIS adds one of the others."""


@pytest.fixture(scope="module")
def victim() -> Iterator[Victim]:
    started = Victim(Path(__file__).with_name("output_writer.py"))
    yield started
    started.close()


def killed(victim: Victim, destination: str, kill: int, moments: random.Random, seconds: float) -> bool:
    """Kill a run while it writes rows or, every other time, while it puts them in their place.

    Returns whether it was not too late for that.
    """
    child = victim.start(f"{destination}\t{ROWS}")
    victim.wait_for("whole" if kill % 2 else "begin")
    time.sleep(moments.uniform(0.0, 0.02 if kill % 2 else seconds))
    return "done" not in victim.kill(child)


def usual_seconds(victim: Victim, destination: str) -> float:
    child = victim.start(f"{destination}\t{ROWS}")
    victim.wait_for("begin")
    start = time.perf_counter()
    victim.wait_for("whole")
    seconds = time.perf_counter() - start
    victim.wait_for("done")
    victim.kill(child)
    return seconds


def write_old(destination: str) -> str:
    return str(Writing({"OUTPUT": destination}).write(40, "alt").finish({"OUTPUT": STYLE})["OUTPUT"])


def assert_old_or_new(victim: Victim, destination: str, folder: Path | None = None) -> None:
    """Kill runs over an older result; look at what is there after each."""
    moments = random.Random(destination.rpartition(".")[2])
    address = write_old(destination)
    seconds = usual_seconds(victim, destination)
    assert ids(address) == NEW
    kills = 0
    for kill in range(2 * KILLS):
        found = ids(address)
        if found != OLD:
            write_old(destination)
        kills += killed(victim, destination, kill, moments, seconds)
        if folder and not Path(address.partition("|")[0]).exists():  # of several files some had been moved
            complete_or_remove(folder)
        assert ids(address) in (OLD, NEW), kill
        if kills == KILLS:
            break
    assert kills >= KILLS // 2
    write_old(destination)
    assert ids(address) == OLD


def things_in_after_a_day(folder: Path) -> set[str]:
    """Return what lies in a folder when the next run has cleared up, a day after the last one was killed.

    It then also clears up after runs that were killed before they had locked their folder, or while they
    cleared up after others.
    """
    for path in folder.glob(f"{PREFIX}*"):
        os.utime(path, (0, 0))
    complete_or_remove(folder)
    return {path.name for path in folder.iterdir()}


@pytest.mark.parametrize("ending", [ending for ending in FILES if ending not in COMPLETED])
def test_a_killed_run_leaves_a_whole_file(ending, victim, tmp_path):
    destination = str(tmp_path / f"x.{ending}")
    write_old(destination)
    names = {path.name for path in tmp_path.iterdir()}
    assert_old_or_new(victim, destination, tmp_path)
    assert things_in_after_a_day(tmp_path) == names


@pytest.mark.parametrize("ending", CONTAINERS)
def test_a_killed_run_leaves_a_whole_table(ending, victim, tmp_path):
    path = tmp_path / f"x.{ending}"
    write_old(as_table(path, "andere"))
    assert_old_or_new(victim, as_table(path, "neu"), tmp_path)
    assert ids(f"{path}|layername=andere") == OLD
    assert things_in_after_a_day(tmp_path) == {path.name}
    if ending == "gpkg":
        assert tables_of(path) == {"andere", "neu", "layer_styles"}


def test_a_killed_run_leaves_a_whole_table_in_postgresql(victim, postgres):
    postgres.execute("CREATE SCHEMA getroffen")
    assert_old_or_new(victim, f'postgres://{postgres.dsn()} table="getroffen"."x" (geom)')
    postgres.execute("DROP SCHEMA getroffen CASCADE")
