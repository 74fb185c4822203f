"""What a value of each kind can be: ranges and placeholders by hand."""

from __future__ import annotations

import datetime as dt

import pytest
from gruene_infra.gruene_infra_plugin.methods.reading.values import (
    ELEVATION,
    HEIGHT,
    SHARE,
    SLOPE,
    STOREYS,
    TERM,
    WIDTH,
    YEAR,
    YES_NO,
    whole_number,
    year_built,
)

BUILT = year_built(dt.date(2026, 6, 30))


@pytest.mark.parametrize(
    ("kind", "values", "none"),
    [
        (BUILT, [800, 1000, 1850, 1900, 1998, 2026, 2036], [0, -1, 17, 98, 999, 1111, 1998.5, 2037, 9999]),
        (YEAR, [1800, 2026, 2125], [0, 26, 98, 999, 2201, 9999]),
        (TERM, [0, 9.5, 99], [-1, 999, 9999]),
        (SLOPE, [0, 3.5, 90], [-9999, -1, -0.1, 90.5, 99, 255]),
        (HEIGHT, [2.4, 368], [-9999, -1, 0, 999, 9999]),
        (ELEVATION, [-300, 0, 60, 8848], [-9999, -32768, 9999, 3.4e38, -3.4e38]),
        (STOREYS, [1, 1.5, 65], [-1, 0, 99, 9999]),
        (SHARE, [0, 0.5, 100], [-9999, -1, 101, 255]),
        (WIDTH, [0.5, 350], [-1, 0, 999, 9999]),
        (YES_NO, [0, 1], [-1, 9, 255]),
    ],
    ids=lambda kind: getattr(kind, "name", ""),
)
def test_what_each_kind_admits(kind, values, none):
    assert [value for value in values if not kind.admits(value)] == []
    assert [value for value in none if kind.admits(value)] == []


def test_nan_is_a_value_of_no_kind():
    assert not any(kind.admits(float("nan")) for kind in (BUILT, SLOPE, SHARE))


def test_the_last_plausible_year_follows_the_day_of_the_run():
    """A planned building may be finished in ten years."""
    assert year_built(dt.date(2016, 1, 1)).high == 2026


@pytest.mark.parametrize(
    ("digits", "number"),
    [
        *(("19", 19), ("0019", 19), ("9" * 18, 10**18 - 1), ("9" * 19, None), ("9" * 5000, None)),
        *((text, None) for text in ("", "-1", "1.0", "²", "\u0661\u0669")),
    ],
)
def test_digits_are_a_whole_number_if_a_field_holds_it(digits, number):
    assert whole_number(digits) == number
