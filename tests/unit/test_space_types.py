"""Raumtyp of a cell and of a parcel: every rule at and just below its threshold, ties, what is unknown."""

from __future__ import annotations

import itertools

import pytest
from gruene_infra.gruene_infra_plugin.methods.names import word_of
from gruene_infra.gruene_infra_plugin.methods.space_types import (
    ZONE_TYPES,
    Criteria,
    Facts,
    Origin,
    ResidentialUses,
    SpaceType,
    Unknown,
    assign,
    at_least,
    reaches,
)
from hypothesis import given
from hypothesis import strategies as st

INNER, BETWEEN, LANDSCAPE = SpaceType
POLYGON, ZONE, RASTER = Origin
CRITERIA = Criteria(coverage=0.35, density=75.0, non_residential=0.30, known_share=0.80)
DENSE = {"people": 675.0, "counted": 90_000.0}
"""Just 75 inhabitants per hectare of the window of 9 ha."""


def window(**facts: float) -> Facts:
    """Return a window built to 35 % of which all is known: 29 % not for living, 74.9 people per hectare."""
    usual = {
        "built": 31_500.0,
        "described": 31_500.0,
        "floor": 100_000.0,
        "non_residential": 29_000.0,
        "people": 674.0,
        "counted": 90_000.0,
    }
    return Facts(**(usual | facts))


# -- a cell -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, BETWEEN),
        (DENSE, INNER),
        ({"people": 674.99}, BETWEEN),
        ({"non_residential": 30_000.0}, INNER),
        ({"non_residential": 29_999.0}, BETWEEN),
        (DENSE | {"built": 31_499.0}, BETWEEN),
        (DENSE | {"non_residential": 90_000.0, "built": 31_499.0}, BETWEEN),
        (DENSE | {"non_residential": 90_000.0}, INNER),
        (DENSE | {"built": 0.0, "described": 0.0, "floor": 0.0, "non_residential": 0.0}, BETWEEN),
    ],
)
def test_a_cell_is_inner_city_if_built_up_and_dense_or_in_use(facts, expected):
    assert CRITERIA.classify(window(**facts)) is expected


UNCOUNTED = {"people": 0.0, "counted": 0.0}
UNDESCRIBED = {"described": 0.0, "floor": 0.0, "non_residential": 0.0}


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (UNCOUNTED, Unknown.DENSITY),
        (UNDESCRIBED, Unknown.USE),
        (UNCOUNTED | UNDESCRIBED, Unknown.DENSITY_AND_USE),
        (UNCOUNTED | {"non_residential": 30_000.0}, INNER),
        (UNDESCRIBED | DENSE, INNER),
        (UNCOUNTED | UNDESCRIBED | {"built": 31_000.0}, BETWEEN),
    ],
)
def test_what_is_missing_is_never_zero_and_the_other_criterion_may_decide(facts, expected):
    assert CRITERIA.classify(window(**facts)) is expected


@pytest.mark.parametrize(
    ("people", "counted", "expected"),
    [
        (675.0, 10_000.0, INNER),  # 75 per hectare of the whole window even if nobody lives in the rest
        (674.0, 10_000.0, Unknown.DENSITY),
        (539.0, 72_000.0, BETWEEN),  # 74.9 per hectare in 80 % of the window
        (539.0, 71_999.0, Unknown.DENSITY),
        (541.0, 72_000.0, Unknown.DENSITY),  # 75.1 in 80 %, but 60.1 if the rest is empty
    ],
)
def test_a_window_counted_in_part_is_judged_only_where_the_rest_cannot_change_it(people, counted, expected):
    assert CRITERIA.classify(window(people=people, counted=counted)) is expected


@pytest.mark.parametrize(
    ("suppressed", "people", "expected"),
    [
        (0.0, 674.0, BETWEEN),
        (0.0, 675.0, INNER),
        (18_000.0, 100.0, BETWEEN),
        (18_001.0, 100.0, Unknown.DENSITY),
        (90_000.0, 0.0, Unknown.DENSITY),
    ],
)
def test_absent_cells_are_empty_only_on_request_and_withheld_ones_never(suppressed, people, expected):
    facts = window(suppressed=suppressed, people=people, counted=20_000.0)
    asked = Criteria(0.35, 75.0, 0.30, 0.80, absent_is_empty=True)
    assert asked.classify(facts) is expected


@pytest.mark.parametrize(
    ("described", "non_residential", "expected"),
    [
        (15_750.0, 60_000.0, INNER),  # half of the footprint known, 60 % of that: at least 30 % of all
        (15_750.0, 59_000.0, Unknown.USE),
        (25_200.0, 29_000.0, BETWEEN),  # 80 % known
        (25_100.0, 29_000.0, Unknown.USE),
        (25_200.0, 31_000.0, Unknown.USE),
    ],
)
def test_buildings_described_in_part(described, non_residential, expected):
    assert CRITERIA.classify(window(described=described, non_residential=non_residential)) is expected


shares = st.floats(0, 1)


@given(st.floats(0, 500), shares, shares, shares)
def test_knowing_less_never_turns_a_missed_threshold_into_a_reached_one(value, known, fewer, threshold):
    known, fewer = max(known, fewer), min(known, fewer)
    if reaches(value, known, threshold, 0.8) is False:
        assert reaches(value, fewer, threshold, 0.8) is not True


def test_rounding_does_not_decide():
    assert 0.1 + 0.2 != 0.3
    assert at_least(0.3, 0.1 + 0.2)
    assert not at_least(0.2999, 0.3)


# -- uses ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("use", "expected"),
    [
        ("1000", True),
        ("1199", True),
        ("999", False),
        ("1200", False),
        ("1010.0", True),
        ("31001_1010", True),
        ("31001_2020", False),
        ("9998", None),
        ("0", None),
        ("Wohnhaus", None),
        ("", None),
        (None, None),
        ("nan", None),
        ("1998/99", None),
        ("19_98", None),
    ],
)
def test_alkis_codes_tell_whether_a_building_is_for_living(use, expected):
    assert ResidentialUses(["1000-1199"]).covers(use) is expected


@pytest.mark.parametrize(
    ("values", "use", "expected"),
    [
        (["1010", "1313"], "1313", True),
        (["1010", "1313"], "1100", False),
        (["1000 – 1199", "1220"], "1220", True),
        (["Wohnhaus"], "wohnhaus", True),
        (["Wohnhaus"], "Fabrik", False),
        (["Wohnhaus"], "1010", None),
        (["Wohnhaus", "1000-1199"], "2020", False),
        ([], "1010", None),
    ],
)
def test_own_values(values, use, expected):
    assert ResidentialUses(values).covers(use) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Verdichtungszone", INNER),
        (" übergangszone ", BETWEEN),
        ("AUSSENZONE", LANDSCAPE),
        ("Außenzone", LANDSCAPE),
    ],
)
def test_zones_are_known_in_any_case(text, expected):
    assert ZONE_TYPES[word_of(text, ZONE_TYPES)] is expected


def test_another_word_is_none_of_them():
    assert word_of("Stadt", ZONE_TYPES) is None


# -- a parcel -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("places", "kind", "percent", "origin"),
    [
        ({(POLYGON, INNER): 600.0, (RASTER, LANDSCAPE): 400.0}, INNER, 60.0, "Polygon"),
        ({(POLYGON, INNER): 400.0, (RASTER, LANDSCAPE): 600.0}, LANDSCAPE, 60.0, "Raster"),
        ({(POLYGON, INNER): 30.0, (ZONE, INNER): 31.0, (RASTER, LANDSCAPE): 39.0}, INNER, 61.0, "RVR-Zone"),
        ({(POLYGON, INNER): 20.0, (RASTER, INNER): 20.0, (RASTER, BETWEEN): 10.0}, INNER, 80.0, "Polygon"),
        ({(ZONE, BETWEEN): 1.0}, BETWEEN, 100.0, "RVR-Zone"),
    ],
)
def test_the_largest_share_wins_and_names_its_origin(places, kind, percent, origin):
    found = assign(places)
    assert (found.space_type, found.origin) == (kind, origin)
    assert found.percent == pytest.approx(percent)


@pytest.mark.parametrize(
    ("kinds", "winner"),
    [
        ((INNER, BETWEEN), INNER),
        ((BETWEEN, LANDSCAPE), BETWEEN),
        ((INNER, LANDSCAPE), INNER),
        ((INNER, BETWEEN, LANDSCAPE), INNER),
    ],
)
def test_equal_shares_go_by_the_order_of_the_types_whatever_the_order_of_the_parts(kinds, winner):
    for order in itertools.permutations(kinds):
        wobble = {(RASTER, kind): 100.0 + 1e-9 * n for n, kind in enumerate(order)}
        assert assign(wobble).space_type is winner


@pytest.mark.parametrize(
    ("unknown", "expected"),
    [
        ({Unknown.NO_SETTLEMENT: 19.0}, LANDSCAPE),  # 60 against 40 with all of it
        ({Unknown.NO_SETTLEMENT: 20.0}, None),  # a tie, which the other one would win
        ({Unknown.DENSITY: 20.0}, None),
        ({Unknown.DENSITY: 10.0, Unknown.USE: 9.0}, LANDSCAPE),
    ],
)
def test_unknown_parts_count_only_if_they_could_change_the_winner(unknown, expected):
    found = assign({(RASTER, LANDSCAPE): 60.0, (RASTER, BETWEEN): 40.0} | unknown)
    assert found.space_type is expected
    total = 100.0 + sum(unknown.values())
    assert found.percent == (None if expected is None else pytest.approx(6000.0 / total))


def test_inside_the_settlement_the_unknown_is_never_landscape():
    places = {(RASTER, BETWEEN): 45.0, (RASTER, LANDSCAPE): 40.0}
    assert assign(places | {Unknown.NO_SETTLEMENT: 6.0}).space_type is None
    assert (
        assign({(RASTER, INNER): 45.0, (RASTER, LANDSCAPE): 40.0, Unknown.DENSITY: 15.0}).space_type is INNER
    )
    assert (
        assign({(RASTER, INNER): 45.0, (RASTER, LANDSCAPE): 40.0, Unknown.NO_SETTLEMENT: 15.0}).percent
        is None
    )


@pytest.mark.parametrize("reason", Unknown)
def test_a_parcel_of_unknown_type_says_the_reason_that_covers_most_of_it(reason):
    found = assign({(RASTER, BETWEEN): 1.0, reason: 10.0, Unknown.NO_BUILDINGS: 2.0})
    assert (found.space_type, found.percent) == (None, None)
    assert found.origin == f"unbekannt: {reason}"
