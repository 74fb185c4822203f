"""When a building is new: by year, by the earlier stock, by either."""

from __future__ import annotations

import pytest
from gruene_infra.gruene_infra_plugin.methods.buildings.newness import Origin, origin


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
