"""Spoiled inputs of all kinds for every algorithm, about a minute of them; and the watcher over them.

``make fuzz`` runs many more, and one again: ``make fuzz ARGS=hz19_floodplain_buildings/17``.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from ..qgis.every.every_algorithm import BY_ID
from .cases import Case
from .run import FINE, Limits, algorithms, cases_of, told, watched

RUNS = 25 * len(BY_ID)


def test_nothing_but_results_and_messages_comes_of_spoiled_inputs():
    failed = [told(result) for result in watched(cases_of(RUNS, seed=0)) if result["outcome"] not in FINE]
    assert not failed, "\n\n".join(failed)


def test_every_algorithm_takes_part():
    assert algorithms() == sorted(BY_ID)


@pytest.mark.parametrize("algorithm", BY_ID)
def test_a_seed_makes_the_same_case_again(algorithm, tmp_path):
    made = []
    for folder in (tmp_path / "a", tmp_path / "b"):
        folder.mkdir()
        given, spoiled = Case(algorithm, 7).parameters(folder)
        assert spoiled
        made.append((sorted(given), spoiled, {n: v for n, v in given.items() if isinstance(v, (int, float))}))
    assert repr(made[0]) == repr(made[1])


CHILD = """
import json, os, sys, time
for line in sys.stdin:
    case, held = line.strip(), []
    while case == "hang": pass
    while case == "wait": time.sleep(1)
    if case == "crash": os.abort()
    while case == "memory": held.append(b"x" * 10**7); time.sleep(0.001)
    said = {"case": case, "outcome": "done", "what": "", "seconds": 0.0, "peak_mb": 9e9 * (case == "peak")}
    print(json.dumps(said), flush=True)
"""


def test_the_watcher_sees_hangs_crashes_and_memory_and_goes_on():
    cases = ("fine", "hang", "wait", "fine", "crash", "memory", "peak", "fine")
    limits = Limits(seconds=1.0, waiting=4.0, megabytes=300.0)
    found = [result["outcome"] for result in watched(cases, limits, (sys.executable, "-c", CHILD))]
    assert found == ["done", "hang", "hang", "done", "crash", "memory", "memory", "done"]


def test_a_failure_says_how_to_see_it_again():
    (result,) = watched(["x/1"], Limits(), (sys.executable, "-c", "import sys; sys.exit(3)"))
    assert "make fuzz ARGS=x/1" in told(result)
    assert Path(__file__).with_name("child.py").is_file()
