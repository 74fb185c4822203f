"""Engine ``earlier_stock``: what stands now and did not stand before."""

from __future__ import annotations

import pytest
from gruene_infra.gruene_infra_plugin.methods.buildings.newness import Origin
from gruene_infra.gruene_infra_plugin.spatial.buildings.earlier_stock import (
    MINIMUM_PAIRS,
    EarlierStock,
    Newness,
    without_slivers,
)
from gruene_infra.gruene_infra_plugin.spatial.reading.values import number
from hypothesis import given
from hypothesis import strategies as st
from qgis.core import QgsFeature, QgsGeometry

from ...layer_factory import box, geometry, polygon


def stock(*wkts: str) -> EarlierStock:
    return EarlierStock(geometry(wkt) for wkt in wkts)


def area(shape: QgsGeometry) -> float:
    return 0.0 if shape.isNull() else shape.area()


@pytest.mark.parametrize(
    ("before", "share", "uncovered"),
    [
        ([], 0.0, 100.0),
        ([box(50, 50, 10, 10)], 0.0, 100.0),
        ([box(10, 0, 10, 10)], 0.0, 100.0),
        ([box(0, 0, 10, 10)], 1.0, 0.0),
        ([box(-5, -5, 20, 20)], 1.0, 0.0),
        ([box(0, 0, 4, 10)], 0.4, 60.0),
        ([box(0, 0, 4, 10), box(4, 0, 3, 10)], 0.7, 30.0),
        ([box(0, 0, 6, 10), box(2, 0, 6, 10)], 0.8, 20.0),
        ([box(0, 0, 5, 10), box(0, 0, 5, 10)], 0.5, 50.0),
    ],
    ids=[
        "no stock",
        "elsewhere",
        "next door",
        "unchanged",
        "larger then",
        "smaller then",
        "two then",
        "two then that overlap",
        "twice the same then",
    ],
)
def test_the_covered_share_and_the_rest(before, share, uncovered):
    change = stock(*before).compare(geometry(box(0, 0, 10, 10)), 0.5)
    assert change.covered_share == pytest.approx(share, abs=1e-9)
    assert area(change.uncovered) == pytest.approx(uncovered, abs=1e-6)


@given(st.floats(0, 15), st.floats(0.1, 15))
def test_the_share_follows_from_the_overlap(left, width):
    change = stock(box(left, 0, width, 10)).compare(geometry(box(0, 0, 10, 10)), 0.0)
    overlap = max(0.0, min(10.0, left + width) - left)
    assert change.covered_share == pytest.approx(overlap / 10, abs=1e-6)
    assert area(change.uncovered) == pytest.approx(100 - 10 * overlap, abs=1e-5)


@pytest.mark.parametrize(("width", "kept"), [(0.3, 0.0), (0.49, 0.0), (0.51, 5.1), (0.6, 6.0), (3.0, 30.0)])
def test_a_rest_narrower_than_the_tolerance_is_survey_noise(width, kept):
    change = stock(box(0, 0, 10, 10)).compare(geometry(box(0, 0, 10 + width, 10)), 0.5)
    assert area(change.uncovered) == pytest.approx(kept, abs=1e-6)


def test_a_rest_all_round_is_survey_noise_and_a_wing_is_not():
    wing = polygon(
        [(-0.2, -0.2), (10.2, -0.2), (10.2, 4), (16, 4), (16, 8), (10.2, 8), (10.2, 10.2), (-0.2, 10.2)]
    )
    change = stock(box(0, 0, 10, 10)).compare(geometry(wing), 0.5)
    assert area(change.uncovered) == pytest.approx(5.8 * 4, abs=0.2 * 4 + 0.1)
    assert change.uncovered.intersection(geometry(box(-1, -1, 11, 4.5))).area() == pytest.approx(0, abs=0.1)


def test_without_a_tolerance_nothing_is_dropped():
    sliver = geometry(box(0, 0, 0.01, 10))
    assert without_slivers(sliver, 0.0).area() == pytest.approx(0.1)
    assert without_slivers(QgsGeometry(), 0.5).isNull()


@pytest.mark.parametrize(
    "shape", [box(0, 0, 3, 8), polygon([(0, 0), (9, 0), (9, 2), (2, 2), (2, 9), (0, 9)])]
)
def test_an_extension_with_right_angles_comes_back_exactly(shape):
    assert without_slivers(geometry(shape), 0.5).area() == pytest.approx(geometry(shape).area(), rel=1e-9)


@pytest.mark.parametrize(
    ("east", "north", "pairs", "expected"),
    [
        (0.6, -0.8, 12, 1.0),
        (0.0, 0.0, 12, 0.0),
        (0.6, -0.8, MINIMUM_PAIRS, 1.0),
        (0.6, -0.8, MINIMUM_PAIRS - 1, 0.0),
    ],
    ids=["shifted", "not shifted", "just enough pairs", "too few pairs"],
)
def test_a_systematic_shift_between_the_dates_is_found(east, north, pairs, expected):
    before = stock(*(box(50 * k, 0, 10 + k, 10) for k in range(pairs)))
    for k in range(pairs):
        before.compare(geometry(box(50 * k + east, north, 10 + k, 10)), 0.5)
    assert before.systematic_shift() == pytest.approx(expected, abs=1e-6)


def test_single_changed_buildings_are_no_systematic_shift():
    before = stock(*(box(50 * k, 0, 10, 10) for k in range(20)))
    for k in range(20):
        before.compare(geometry(box(50 * k + (3 if k < 5 else 0), 0, 10, 10)), 0.5)
    assert before.systematic_shift() == pytest.approx(0.0, abs=1e-6)


def building(wkt: str, year: float | None = None) -> QgsFeature:
    feature = QgsFeature()
    feature.setGeometry(geometry(wkt))
    feature.setAttributes([year])
    return feature


def newness(reference_year=None, before=None, all_new=False) -> Newness:
    return Newness(lambda feature: number(feature.attributes()[0]), reference_year, before, 0.5, all_new)


@pytest.mark.parametrize(
    ("year", "reference", "before", "expected", "new"),
    [
        (2020, 2016, None, Origin.NEW, None),
        (2016, 2016, None, Origin.NEW, None),
        (2015, 2016, None, Origin.EXISTING, None),
        (None, 2016, None, Origin.UNKNOWN, None),
        (None, None, None, Origin.UNKNOWN, None),
        (None, None, [box(50, 0, 9, 9)], Origin.NEW, 100.0),
        (None, None, [box(1009, 0, 9, 9)], Origin.NEW, 100.0),
        (None, None, [box(1011, 0, 9, 9)], Origin.UNKNOWN, None),
        (None, None, [], Origin.UNKNOWN, None),
        (None, None, [box(0, 0, 4.9, 10)], Origin.NEW, 51.0),
        (None, None, [box(0, 0, 5, 10)], Origin.EXTENDED, 50.0),
        (None, None, [box(0, 0, 9.7, 10)], Origin.EXISTING, 0.0),
        (None, 2016, [box(0, 0, 10, 10)], Origin.EXISTING, 0.0),
        (2020, 2016, [box(0, 0, 10, 10)], Origin.NEW, 0.0),
        (2000, 2016, [box(50, 0, 9, 9)], Origin.NEW, 100.0),
        (2000, 2016, [], Origin.EXISTING, None),
    ],
)
def test_since_when_a_building_stands(year, reference, before, expected, new):
    origin, rest = newness(reference, None if before is None else stock(*before)).of(
        building(box(0, 0, 10, 10), year)
    )
    assert origin is expected
    assert (rest is None) == (new is None)
    if rest is not None:
        assert area(rest) == pytest.approx(new, abs=1e-6)


def test_planned_areas_are_all_new():
    everything = newness(2016, stock(box(0, 0, 10, 10)), all_new=True)
    assert everything.of(building(box(0, 0, 10, 10), 1900)) == (Origin.NEW, None)


def test_only_some_statement_on_newness_is_evidence():
    assert [
        n.has_evidence for n in (newness(), newness(2016), newness(before=stock()), newness(all_new=True))
    ] == [
        False,
        True,
        True,
        True,
    ]


@pytest.mark.parametrize(
    ("pairs", "unmoved", "strays", "expected"),
    [
        (MINIMUM_PAIRS, 0, 0, (0.6, -0.8)),
        (MINIMUM_PAIRS - 1, 0, 0, (0.0, 0.0)),
        (12, 0, 3, (0.6, -0.8)),
        (12, 0, 4, (0.0, 0.0)),
        (12, 13, 0, (0.0, 0.0)),
        (16, 4, 0, (0.6, -0.8)),
        (0, 0, 0, (0.0, 0.0)),
    ],
    ids=[
        "enough",
        "too few",
        "a fifth strays",
        "a quarter strays",
        "most unmoved",
        "a fifth unmoved",
        "none",
    ],
)
def test_a_common_shift_is_one_that_most_polygons_share(pairs, unmoved, strays, expected):
    before = stock(*(box(50 * k, 0, 10 + k, 10) for k in range(pairs + strays)))
    for k in range(pairs + strays):
        east, north = (0.6, -0.8) if k < pairs else (0.1 * k, 0.0)
        before.compare(geometry(box(50 * k + east, north, 10 + k, 10)), 0.5)
    assert before.common_shift(unmoved) == pytest.approx(expected, abs=1e-6)
