"""Residents: places once, how far from ground they lie, in which area, and what is out of reach."""

from __future__ import annotations

import math

import pytest
from gruene_infra.gruene_infra_plugin.methods.findings.finding import AreaKind
from gruene_infra.gruene_infra_plugin.spatial.attribution.areas import Area, Areas
from gruene_infra.gruene_infra_plugin.spatial.settlement.residents import (
    Home,
    Homes,
    Reach,
    Spread,
    Surroundings,
    far_parts,
    out_of_reach,
    within,
)
from qgis.core import QgsFeature, QgsGeometry

from ...layer_factory import box, geometry, point, polygon
from ...runs import Log


def shape(wkt: str) -> QgsGeometry:
    return geometry(wkt)


def areas(*polygons: str) -> Areas:
    named = [Area(AreaKind.MUNICIPALITY, f"Ort {number}") for number, _ in enumerate(polygons)]
    return Areas(named, [shape(one) for one in polygons])


def collected(*rows: tuple[str, float | None]) -> Homes:
    features = []
    for number, (wkt, _) in enumerate(rows):
        features.append(QgsFeature(number))
        features[-1].setGeometry(shape(wkt))
    return Homes.of(features, lambda feature: rows[feature.id()][1])


def test_a_place_counts_once_and_contradictions_are_unknown():
    turned = polygon([(100, 100), (0, 100), (0, 0), (100, 0)])
    homes = collected((box(0, 0, 100, 100), 5), (turned, 5), (box(200, 0, 9, 9), 1), (box(200, 0, 9, 9), 2))
    assert [home.people for home in homes.each] == [5, None]
    assert (homes.doubles, homes.contradicting) == (1, 1)
    points = collected((point(0, 0), 3), (point(0, 0), 3), (point(1, 0), None))
    assert ([home.people for home in points.each], points.doubles) == ([3, None], 1)


@pytest.mark.parametrize(("x", "percent"), [(100, 0.0), (90, 5.0), (-100, 0.0)])
def test_how_much_ground_several_polygons_cover(x, percent):
    homes = collected((box(0, 0, 100, 100), 1), (box(x, 0, 100, 100), 1))
    assert homes.overlapping_percent(Log()) == pytest.approx(percent)
    assert collected((point(0, 0), 3)).overlapping_percent(Log()) == 0.0


def test_bands_by_distance():
    """A cell of 300 m × 100 m that begins 50 m from a park of 100 m; corners lie nearer than 300 m."""
    reach = Reach(shape(box(0, 0, 100, 100)), [100.0, 200.0])
    cell = Home(shape(box(150, 0, 300, 100)), 30.0)
    parts = {band: sum(one.area() for one in found) for band, found in reach.parts(cell).items()}
    assert parts == pytest.approx({100.0: 5000.0, 200.0: 10_000.0})
    assert reach.parts(Home(shape(box(500, 0, 10, 10)), 1.0)) == {}
    for x, band in ((50, 0.0), (100, 0.0), (150, 100.0), (300, 200.0)):
        assert list(reach.parts(Home(shape(point(x, 50)), 1.0))) == [band]
    assert not reach.parts(Home(shape(point(301, 50)), 1.0))


def test_ground_within_a_distance_is_a_circle_to_a_ten_thousandth():
    dot = shape(polygon([(0, 0), (0.001, 0), (0, 0.001)]))
    assert within(dot, 1000.0).area() == pytest.approx(math.pi * 1e6, rel=2e-4)
    assert within(dot, 0.0).equals(dot)
    assert within(QgsGeometry(), 1000.0).isEmpty()


def test_a_place_is_spread_over_areas_and_a_point_is_in_one():
    towns = areas(box(0, 0, 100, 100), box(100, 0, 100, 100))
    cell = Spread(Home(shape(box(75, 0, 100, 100)), 8.0), towns)
    assert cell.portions == pytest.approx({0: 0.25, 1: 0.75})
    assert cell.most == 1
    assert cell.of([shape(box(75, 0, 50, 100))]) == pytest.approx({0: 0.25, 1: 0.25})
    inside = Spread(Home(shape(box(0, 0, 50, 100)), 8.0), towns)
    assert inside.of([shape(box(0, 0, 25, 100))]) == pytest.approx({0: 0.5})
    on_border = Spread(Home(shape(point(100, 50)), 8.0), towns)
    assert (on_border.portions, on_border.most) == ({0: 1.0}, 0)
    outside = Spread(Home(shape(point(500, 50)), 8.0), towns)
    assert (outside.portions, outside.most) == ({}, None)


def test_what_is_out_of_reach_takes_its_share_of_the_people():
    towns = areas(box(0, 0, 1000, 1000))
    home = Home(shape(box(0, 0, 100, 100)), 40.0)
    gap = out_of_reach(home, Spread(home, towns), [shape(box(0, 0, 25, 100))])
    assert (gap.people, gap.shape.area(), gap.place) == (pytest.approx(30), pytest.approx(7500), 0)
    assert out_of_reach(home, Spread(home, towns), [shape(box(0, 0, 99.995, 100))]) is None, "half a m²"
    far = Home(shape(box(5000, 0, 100, 100)), 40.0)
    assert out_of_reach(far, Spread(far, towns), []) is None, "in no area"
    for people in (0.0, None):
        empty = Home(shape(box(0, 0, 100, 100)), people)
        assert out_of_reach(empty, Spread(empty, towns), []) is None


def test_parts_of_areas_out_of_reach_hold_each_point_once():
    towns = areas(box(0, 0, 100, 100), box(100, 0, 100, 100))
    points = [Home(shape(point(x, 50)), 2.0) for x in (10, 100, 190)]
    gaps = far_parts(towns, shape(box(40, 0, 20, 100)), points)
    told = sorted((gap.place, round(gap.shape.area()), gap.people) for gap in gaps)
    assert told == [(0, 4000, 2.0), (0, 4000, 2.0), (1, 10_000, 2.0)]
    assert [gap.people for gap in far_parts(towns, QgsGeometry(), None)] == [None, None]
    assert far_parts(Areas.total(), QgsGeometry(), points) == []


def test_people_around_parks_that_overlap_count_for_each():
    around = Surroundings([shape(box(0, 0, 100, 100)), shape(box(50, 0, 100, 100))], 100.0)
    around.add(Home(shape(box(200, 0, 100, 100)), 10.0))
    around.add(Home(shape(point(120, 50)), 4.0))
    assert [one.told() for one in around.of] == pytest.approx([4.0, 9.0])
    around.add(Home(shape(point(10, 50)), None))
    assert [one.told() for one in around.of] == [None, pytest.approx(9.0)], (
        "half of the first, hardly of the other"
    )
