"""Corridors that nobody would draw: they end in time and memory, and a cancel is heard.

Each runs in a process of its own that is watched, because what hangs in GEOS cannot be stopped otherwise.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from ...fuzz import run
from ...fuzz.run import Limits, watched

COMMAND = (sys.executable, str(Path(run.__file__).with_name("corridors.py")))
LIMITS = Limits(seconds=60.0, waiting=300.0, megabytes=1000.0)


def only(line: str) -> dict:
    (result,) = watched([line], LIMITS, COMMAND)
    assert result["outcome"] in ("done", "refused"), result
    return result


@pytest.mark.parametrize("base", [1.0, 0.1, 0.01, 1e-4, 1e-7])
def test_a_needle_ends_and_is_no_wider_than_its_base(base):
    width = json.loads(only(f"needle {base}")["what"])
    assert width is None or width <= base


@pytest.mark.parametrize("widths", ["1e9", "0.1,1,10,1e5,1e9", "0.11"])
@pytest.mark.parametrize("kind", ["needle 0.01", "crossing 1"])
def test_any_width_may_be_compared(kind, widths):
    assert only(f"{kind} COMPARE_WIDTHS={widths}")["outcome"] == "done"


@pytest.mark.parametrize("seed", range(5))
def test_a_polygon_of_19_corners_that_crosses_itself_ends(seed):
    assert only(f"crossing {seed}")["outcome"] == "done"


@pytest.mark.parametrize("width", [1e-2, 1e-3, 1e-4])
def test_a_hair_ends_and_is_no_wider_than_it_is(width):
    assert json.loads(only(f"hair {width} TOLERANCE=0 MIN_AREA=0")["what"]) <= 1.001 * width


@pytest.mark.parametrize("garbage", ["1 TOLERANCE=0 MIN_AREA=0", "2 MIN_WIDTH=0.1 TOLERANCE=10", "3", "4"])
def test_a_hundred_corridors_of_garbage_end(garbage):
    assert only(f"garbage {garbage}")["outcome"] == "done"


@pytest.mark.parametrize("seed", range(3))
def test_a_cancel_among_garbage_is_heard(seed):
    late = json.loads(only(f"garbage {seed} COMPARE_WIDTHS=1,2,5,10,20,100,200 cancel")["what"])
    assert late < 10.0
