"""The official area of a parcel, however it is written, and which area counts."""

from __future__ import annotations

import pytest
from gruene_infra.gruene_infra_plugin.methods.parcels.parcel_area import (
    agrees,
    area_readings,
    counted_area,
    official_area,
    official_of_parts,
)
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("value", "readings"),
    [
        (1234.5, (1234.5,)),
        (1234, (1234.0,)),
        ("1234.5", (1234.5,)),
        ("1234,5", (1234.5,)),
        ("1.234,5", (1234.5,)),
        ("1,234.5", (1234.5,)),
        ("1.234.567", (1_234_567.0,)),
        ("1 234 m²", (1234.0,)),
        ("1\u202f234,5\u00a0m²", (1234.5,)),
        ("1'234,5 qm", (1234.5,)),
        ("0,1234 ha", (1234.0,)),
        ("0.123 ha", (1230.0,)),
        ("12,34 a", (1234.0,)),
        ("1.5e3", (1500.0,)),
        ("1.234", (1234.0, 1.234)),
        ("1,234", (1234.0, 1.234)),
        ("0", (0.0,)),
        (-400.0, (-400.0,)),
        ("-400", (-400.0,)),
        ("−1.234,5", (-1234.5,)),
    ],
)
def test_an_area_is_read_as_offices_write_it(value, readings):
    assert area_readings(value) == pytest.approx(readings)


@pytest.mark.parametrize(
    "value",
    ["viel", "", "12 345 6", "1.23,4", "5 km²", "5 Morgen", float("nan"), float("inf"), "9" * 5000, "1e999"],
)
def test_what_is_no_area_says_nothing(value):
    assert area_readings(value) == ()
    assert official_area(value, 400.0) is None


def test_of_two_readings_the_outline_tells_the_right_one():
    assert official_area("1.234", 1230.0) == 1234.0
    assert official_area("1.234", 1.2) == 1.234


@pytest.mark.parametrize(
    ("official", "outline", "agree"),
    [(440.0, 400.0, True), (440.1, 400.0, False), (360.0, 400.0, True), (359.9, 400.0, False),
     (15.0, 10.0, True), (15.1, 10.0, False), (5.0, 10.0, True)],
)  # fmt: skip
def test_a_tenth_and_five_square_metres_are_tolerated(official, outline, agree):
    assert agrees(official, outline) is agree
    assert counted_area(official, outline) == (official if agree else outline)


@pytest.mark.parametrize("value", ["0,04", 0.04, "400000", -400.0, "0", 4_000_000.0, None, "1.234,5"])
def test_where_official_area_and_outline_disagree_the_outline_counts(value):
    assert counted_area(None if value is None else official_area(value, 400.0), 400.0) == 400.0


def test_without_an_outline_the_official_area_counts():
    assert counted_area(99.0, 0.0) == 99.0
    assert counted_area(None, 0.0) == 0.0


@pytest.mark.parametrize(
    ("officials", "outline", "expected"),
    [
        ([400.0, 400.0], 390.0, 400.0),  # the parcel's area at both parts
        ([200.0, 200.0], 390.0, 400.0),  # equal parts
        ([100.0, 300.0], 390.0, 400.0),
        ([300.0, 400.0], 400.0, 400.0),  # two versions
        ([300.0, None], 400.0, None),
        ([100.0, 300.0], 0.0, 300.0),
    ],
)
def test_the_area_of_a_parcel_in_parts_or_versions(officials, outline, expected):
    assert official_of_parts(officials, outline) == expected
    assert official_of_parts(officials[::-1], outline) == expected


def test_nothing_filled_in_is_no_official_area():
    assert official_area(0, 4.0) is official_area("0,00", 4.0) is None


@pytest.mark.parametrize("official", [-1.0, -400.0])
def test_a_negative_area_is_kept_to_be_seen_and_never_counts(official):
    assert official_area(official, 3.0) == official
    assert not agrees(official, 3.0)
    assert (counted_area(official, 3.0), counted_area(official, 0.0)) == (3.0, 0.0)


@given(st.floats(-1e9, 1e9), st.floats(1e-3, 1e9))
def test_what_counts_is_never_far_from_the_outline(official, outline):
    assert agrees(counted_area(official, outline), outline)
