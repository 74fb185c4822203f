"""When a building is new: by year, by the earlier stock, by either."""

from __future__ import annotations

import pytest
from gruene_infra.gruene_infra_plugin.methods.buildings.newness import Dated, Evidence, Origin, dated, origin


@pytest.mark.parametrize(
    ("year", "reference", "covered", "extension", "expected"),
    [
        (2016, 2016, None, 0, Origin.NEW),
        (2015, 2016, None, 0, Origin.EXISTING),
        (None, 2016, None, 0, Origin.UNKNOWN),
        (2020, None, None, 0, Origin.UNKNOWN),
        (None, None, None, 0, Origin.UNKNOWN),
        (None, None, 0.0, 0, Origin.NEW),
        (None, None, 0.499, 60, Origin.NEW),
        (None, None, 0.5, 50, Origin.EXTENDED),
        (None, None, 1.0, 0, Origin.EXISTING),
        # either evidence makes it new
        (1990, 2016, 0.1, 90, Origin.NEW),
        (2020, 2016, 1.0, 0, Origin.NEW),
        # an unknown year leaves it to the earlier stock
        (None, 2016, 1.0, 0, Origin.EXISTING),
        (None, 2016, 0.7, 30, Origin.EXTENDED),
    ],
)
def test_origin(year, reference, covered, extension, expected):
    assert origin(year, reference, covered, extension) is expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [(Origin.NEW, True), (Origin.EXTENDED, False), (Origin.EXISTING, False), (Origin.UNKNOWN, None)],
)
def test_an_extension_is_not_a_new_building(value, expected):
    assert value.is_new is expected


@pytest.mark.parametrize(
    ("year", "covered", "is_new", "evidence", "conflict"),
    [
        (2020, None, True, Evidence.YEAR, None),
        (2019, None, False, Evidence.YEAR, None),
        (None, 0.3, True, Evidence.STOCK, None),
        (None, 0.5, False, Evidence.STOCK, None),
        (None, 0.5 - 1e-7, False, Evidence.STOCK, None),
        (None, 0.499, True, Evidence.STOCK, None),
        (None, None, None, Evidence.NONE, None),
        # the year wins, and what contradicts it is told
        (2021, 1.0, True, Evidence.YEAR, True),
        (1962, 0.0, False, Evidence.YEAR, True),
        (2021, 0.0, True, Evidence.YEAR, False),
        (1962, 1.0, False, Evidence.YEAR, False),
    ],
)
def test_the_year_goes_before_the_earlier_date(year, covered, is_new, evidence, conflict):
    assert dated(year, 2020, covered) == Dated(is_new, evidence, conflict)


def test_the_covered_share_that_is_enough_can_be_chosen():
    assert dated(None, 2020, 0.3, 0.25).is_new is False
    assert dated(None, 2020, 0.2, 0.25).is_new is True
