"""A run that is killed at any moment: the next one goes on and ends with the package of one undisturbed."""

from __future__ import annotations

import random
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from ...layer_factory import saved
from ..victims import Victim
from .conftest import Town
from .scenes import buildings, forests, keys_of, parcels, ran

KILLS, ROUNDS = 50, 10


@pytest.fixture(scope="module")
def victim() -> Iterator[Victim]:
    started = Victim(Path(__file__).with_name("runner.py"))
    yield started
    started.close()


@pytest.fixture(scope="module")
def older(finished, run, tmp_path_factory) -> Path:
    """The package of the same town with other forests, buildings and parcels."""
    folder = tmp_path_factory.mktemp("frueher")
    made = Town(folder / "daten", folder / "paket", run)
    shutil.copytree(finished.place, made.place)
    for layer in (forests(90), buildings(9), parcels(49)):
        saved(layer, made.place / "stadt.gpkg")
    made.measure()
    return made.package


def usual_seconds(victim: Victim, town: Town, folder: Path) -> float:
    """Return how long a run takes that begins with nothing."""
    child = victim.start(f"{town.place}\t{folder}")
    victim.wait_for("begin")
    start = time.perf_counter()
    victim.wait_for("done")
    seconds = time.perf_counter() - start
    victim.kill(child)
    return seconds


def killed(victim: Victim, town: Town, seconds: float) -> bool:
    """Kill a run some seconds after its beginning; return whether it was not too late for that."""
    child = victim.start(f"{town.place}\t{town.package}")
    victim.wait_for("begin")
    time.sleep(seconds)
    return "done" not in victim.kill(child)


def test_after_any_kill_the_next_run_ends_with_the_same_package(victim, finished, older, run, tmp_path):
    whole, names = keys_of(finished.package), {path.name for path in finished.package.iterdir()}
    assert keys_of(older) != whole
    usual = usual_seconds(victim, finished, tmp_path / "probe")
    assert keys_of(tmp_path / "probe") == whole
    moments, kills = random.Random(15), 0
    for number in range(ROUNDS):
        town = Town(finished.place, tmp_path / f"paket{number}", run)
        if number % 2:
            shutil.copytree(older, town.package)
        left, wanted = usual, (number + 1) * KILLS // ROUNDS
        while kills < wanted:
            seconds = moments.uniform(0, left)
            if killed(victim, town, seconds):
                kills += 1
            else:
                left = max(left / 2, usual / 8)
        town.measure()
        assert keys_of(town.package) == whole, number
        assert {path.name for path in town.package.iterdir()} == names
        town.measure()
        assert ran(town.package) == set()
    assert kills == KILLS
