"""Under which keys the length of a river section counts."""

from __future__ import annotations

import pytest
from gruene_infra.gruene_infra_plugin.methods.water.river_lengths import (
    AGGLOMERATION,
    OUTSIDE,
    TRANSITION,
    UNKNOWN,
    WHOLE,
    length_keys,
)


@pytest.mark.parametrize(
    ("zone", "scopes"),
    [
        (WHOLE, {"gesamt"}),
        (AGGLOMERATION, {"ballungsraum", "ballungsraum_mit"}),
        (TRANSITION, {"aussen", "ballungsraum_mit"}),
        (OUTSIDE, {"aussen", "aussen_mit"}),
    ],
)
def test_a_zone_counts_on_one_side_of_each_delimitation(zone, scopes):
    assert {key for key in length_keys(zone, 1, 0) if "." not in key} == scopes


@pytest.mark.parametrize("grade", [None, 6])
def test_in_a_zone_that_nobody_knows_nothing_is_known(grade):
    keys = list(length_keys(UNKNOWN, grade, 0))
    assert {key.rpartition(".")[2] for key in keys} == {"alle", "unbekannt"}
    assert len(keys) == 8


@pytest.mark.parametrize(
    ("reported", "keys"),
    [
        (1, {"gesamt.berichtspflichtig", "gesamt.berichtspflichtig.alle", "gesamt.berichtspflichtig.ab_1"}),
        (None, {"gesamt.berichtspflichtig.unbekannt", "gesamt.berichtspflichtig.alle"}),
        (0, set()),
    ],
)
def test_reported_waters_count_under_keys_of_their_own(reported, keys):
    assert set(length_keys(WHOLE, 1, reported)) == {"gesamt", "gesamt.alle", "gesamt.ab_1"} | keys


def test_from_each_class_on():
    assert [key for key in length_keys(WHOLE, 3, 0) if ".ab_" in key] == [f"gesamt.ab_{n}" for n in (1, 2, 3)]
