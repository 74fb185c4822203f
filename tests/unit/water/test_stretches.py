"""Stretches of bad sections: how they join, what they end at, which goes first."""

from __future__ import annotations

import numpy as np
import pytest
from gruene_infra.gruene_infra_plugin.methods.water.stretches import ranks, stretches

BAD, GOOD, FAIR = "b", "g", "-"


def found(ends: list[tuple[int, int]], kinds: str, waters: list[int] | None = None, lengths=None):
    """Return stretches of sections that each go from one place to another."""
    n = len(ends)
    section = np.repeat(np.arange(n), 2)
    told = np.array(list(kinds), dtype="U1")
    return stretches(
        section,
        np.array(ends, dtype=np.int64).reshape(-1),
        np.array(waters or [0] * n),
        np.array(lengths or [1.0] * n),
        told == BAD,
        told == GOOD,
    )


@pytest.mark.parametrize(
    ("ends", "kinds", "of", "good"),
    [
        ([(0, 1), (1, 2), (2, 3)], "gbg", [-1, 0, -1], [2]),
        ([(0, 1), (2, 1), (3, 2)], "gbg", [-1, 0, -1], [2]),
        ([(0, 1), (1, 2), (2, 3)], "gb-", [-1, 0, -1], [1]),
        ([(0, 1), (1, 2), (2, 3), (3, 4)], "bb-b", [0, 0, -1, 1], [0, 0]),
        ([(0, 1), (1, 2), (1, 3), (3, 4)], "bbbg", [0, 0, 0, -1], [1]),
        ([(0, 1), (1, 2), (1, 3)], "bbg", [0, 0, -1], [0]),
        ([(0, 1), (1, 2), (2, 0), (0, 3)], "bbbg", [0, 0, 0, -1], [0]),
        ([(0, 0), (0, 1)], "bg", [0, -1], [0]),
        ([(0, 1), (1, 2), (1, 3), (2, 4), (3, 5), (0, 6)], "bbbggg", [0, 0, 0, -1, -1, -1], [2]),
        ([(0, 1)], "g", [-1], []),
        ([], "", [], []),
    ],
    ids=["both", "turned", "one", "two", "fork", "inner", "ring", "loop", "three", "none", "nothing"],
)
def test_what_joins_and_what_it_ends_at(ends, kinds, of, good):
    result = found(ends, kinds)
    assert result.of.tolist() == of
    assert result.good_ends.tolist() == good


def test_sections_of_two_waters_do_not_join():
    result = found([(0, 1), (1, 2), (1, 3)], "bbg", [0, 1, 1])
    assert result.of.tolist() == [0, 1, -1]
    assert result.good_ends.tolist() == [0, 1]


def test_the_length_of_a_stretch_is_that_of_its_sections():
    result = found([(0, 1), (1, 2), (2, 3), (5, 6)], "bb-b", lengths=[10.0, 20.0, 40.0, 80.0])
    assert result.length.tolist() == [30.0, 80.0]


def test_good_ends_go_before_length_and_length_before_the_place():
    ends = [(10 * k, 10 * k + 1) for k in range(5)] + [(1, 100)]
    result = found(ends, "bbbbbg", lengths=[9.0, 5.0, 5.0, 5.0, 7.0, 1.0])
    west = np.array([0.0, 3.0, 2.0, 2.0, 0.0, 0.0])
    south = np.array([0.0, 0.0, 8.0, 4.0, 0.0, 0.0])
    assert ranks(result, west, south).tolist() == [1, 4, 3, 2, 5]
