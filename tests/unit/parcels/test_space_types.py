"""Raumtyp of a parcel: every rule, ties, what is unknown."""

from __future__ import annotations

import itertools

import pytest
from gruene_infra.gruene_infra_plugin.methods.parcels.space_types import (
    ZONE_TYPES,
    Origin,
    SpaceType,
    Unknown,
    assign,
)
from gruene_infra.gruene_infra_plugin.methods.reading.names import word_of

INNER, BETWEEN, LANDSCAPE = SpaceType
POLYGON, ZONE, RASTER, BUILT_SHARE = Origin


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
        ({(BUILT_SHARE, INNER): 2.0, (RASTER, INNER): 1.0}, INNER, 100.0, "Raster, nur bebauter Anteil"),
        ({(BUILT_SHARE, INNER): 2.0, (RASTER, INNER): 2.0}, INNER, 100.0, "Raster"),
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
        ({Unknown.CENTRE: 20.0}, None),
        ({Unknown.CENTRE: 10.0, Unknown.USE: 9.0}, LANDSCAPE),
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
    assert assign({(RASTER, INNER): 45.0, (RASTER, LANDSCAPE): 40.0, Unknown.USE: 15.0}).space_type is INNER
    assert (
        assign({(RASTER, INNER): 45.0, (RASTER, LANDSCAPE): 40.0, Unknown.NO_SETTLEMENT: 15.0}).percent
        is None
    )


@pytest.mark.parametrize("reason", Unknown)
def test_a_parcel_of_unknown_type_says_the_reason_that_covers_most_of_it(reason):
    found = assign({(RASTER, BETWEEN): 1.0, reason: 10.0, Unknown.NO_BUILDINGS: 2.0})
    assert (found.space_type, found.percent) == (None, None)
    assert found.origin == f"unbekannt: {reason}"
