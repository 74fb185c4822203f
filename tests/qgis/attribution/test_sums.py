"""Sums per area: each feature attributed once, whole where most of it lies, under keys that are declared."""

from __future__ import annotations

import pytest
from gruene_infra.gruene_infra_plugin.methods.findings.finding import AreaKind
from gruene_infra.gruene_infra_plugin.methods.findings.targets import Measurement
from gruene_infra.gruene_infra_plugin.spatial.attribution.areas import Area, Areas
from gruene_infra.gruene_infra_plugin.spatial.attribution.sums import Sums
from qgis.core import QgsGeometry, QgsPointXY

from ...layer_factory import beside_a_border, box, geometry, line, point


@pytest.fixture
def sums() -> Sums:
    """Two areas of 100 m × 100 m side by side, and a third one that overlaps the second."""
    names = ("West", "Ost", "Bezirk")
    shapes = [geometry(box(0, 0, 100, 100)), geometry(box(100, 0, 100, 100)), geometry(box(120, 0, 80, 100))]
    return Sums(
        Areas([Area(AreaKind.MUNICIPALITY, name) for name in names], shapes),
        ["wald", "linie", "breite_{width}"],
    )


def told(sums: Sums, key: str) -> list[tuple[float, int]]:
    return [(pytest.approx(sums.amount(key, place)), sums.count(key, place)) for place in range(3)]


def test_a_polygon_is_divided_at_borders_and_counted_where_most_of_it_lies(sums):
    assert sums.add(geometry(box(70, 0, 40, 10)), "wald", "breite_50") == "West"
    assert told(sums, "wald") == [(300, 1), (100, 0), (0, 0)]
    assert told(sums, "breite_50") == told(sums, "wald")
    assert told(sums, "breite_100") == [(0, 0)] * 3


def test_where_areas_overlap_each_that_holds_more_than_half_counts(sums):
    assert sums.add(geometry(box(130, 0, 10, 10)), "wald") == "Ost"
    assert told(sums, "wald") == [(0, 0), (100, 1), (100, 1)]


def test_parts_of_one_feature_are_one(sums):
    sums.add([geometry(box(0, 0, 10, 10)), geometry(box(150, 0, 10, 20))], "wald")
    assert told(sums, "wald") == [(100, 0), (200, 1), (200, 1)]


def test_of_a_feature_in_part_its_share_counts(sums):
    assert sums.add(geometry(box(70, 0, 40, 10)), "wald", share=0.25) == "West"
    assert told(sums, "wald") == [(75, 1), (25, 0), (0, 0)]


def test_pieces_count_whole_in_the_areas_that_hold_most_of_them(sums):
    assert sums.add(geometry(box(70, 0, 40, 10)), "wald", pieces=["linie"]) == "West"
    sums.add(geometry(box(130, 0, 10, 10)), pieces=["linie"])
    assert told(sums, "linie") == [(1, 1), (1, 1), (1, 1)]
    assert told(sums, "wald") == [(300, 1), (100, 0), (0, 0)]
    sums.add(geometry(box(300, 0, 10, 10)), pieces=["linie"])
    assert told(sums, "linie") == [(1, 1), (1, 1), (1, 1)]


def test_lines_and_points(sums):
    sums.add(geometry(line((90, 5), (130, 5))), "linie")
    assert told(sums, "linie") == [(10, 0), (30, 1), (10, 0)]
    assert sums.add(geometry(point(50, 50)), "wald") == "West"
    assert sums.add(geometry(point(500, 50)), "wald") is None
    assert told(sums, "wald") == [(0, 1), (0, 0), (0, 0)]


def test_what_lies_outside_counts_nowhere(sums):
    assert sums.add(geometry(box(300, 0, 10, 10)), "wald") is None
    assert told(sums, "wald") == [(0, 0)] * 3


def test_an_area_that_a_line_only_touches_holds_none_of_it(sums):
    sums.add(geometry(line((50, 100), (50, 130))), "linie", pieces=["breite_50"])
    assert told(sums, "linie") == told(sums, "breite_50") == [(0, 0)] * 3
    sums.add(geometry(point(0, 50)), "wald")
    assert told(sums, "wald") == [(0, 1), (0, 0), (0, 0)], "a point is of no size wherever it lies"


def test_a_splinter_beside_a_border_is_no_piece_of_the_area():
    within, splinter = map(geometry, beside_a_border())
    sums = Sums(Areas([Area(AreaKind.MUNICIPALITY, "A")], [within]), ["aue"])
    sums.add(splinter, "aue")
    assert splinter.area() == pytest.approx(0.0022, abs=1e-4)
    assert (sums.amount("aue", 0), sums.count("aue", 0)) == (0.0, 0)


def test_without_areas_everything_counts_once():
    sums = Sums(Areas.total(), ["wald"])
    sums.add(geometry(box(0, 0, 10, 10)), "wald")
    assert (sums.amount("wald", 0), sums.count("wald", 0)) == (pytest.approx(100), 1)
    assert sums.amount("area", 0) == 0, "nobody has said how large it is"


def test_the_areas_themselves_are_a_key(sums):
    assert [sums.amount("area", place) for place in range(3)] == pytest.approx([10_000, 10_000, 8000])


@pytest.mark.parametrize("key", ["Wald", "breite", "breite_", "wald2", ""])
def test_a_key_that_no_definition_declares_is_refused(sums, key):
    for use in (
        lambda: sums.add(geometry(box(0, 0, 1, 1)), key),
        lambda: sums.add(geometry(box(0, 0, 1, 1)), pieces=[key]),
        lambda: sums.amount(key, 0),
        lambda: sums.count(key, 0),
        lambda: sums.put(key, 0, 1.0),
        lambda: sums.limit(lambda measured, _: measured, key),
        lambda: sums.forget(key),
    ):
        with pytest.raises(KeyError, match="no definition declares"):
            use()


def test_a_key_that_a_pattern_accepts_makes_no_other_one_known(sums):
    for _ in range(2):
        sums.add(geometry(box(0, 0, 10, 10)), "breite_50")
    assert sums.amount("breite_50", 0) == pytest.approx(200)
    for other in ("breite_", "breite", "wald_50"):
        with pytest.raises(KeyError, match="no definition declares"):
            sums.amount(other, 0)


def test_what_is_known_of_a_sum_limits_its_figures(sums):
    sums.add(geometry(box(0, 0, 10, 10)), "wald")
    sums.add(geometry(box(0, 0, 10, 4)), "linie")
    assert sums.known("linie", "wald") == {0: pytest.approx(60.0)}
    sums.cover(sums.known("linie", "wald"), lambda share: f"nur {share:g} %", "wald")
    (limit,) = sums.limits(["wald", "breite_50"])
    measured = Measurement(1.0, 1.0)
    assert limit(measured, 0) == Measurement(1.0, 1.0, pytest.approx(60.0), reason="nur 60 %")
    assert limit(measured, 1) is measured


def test_where_nothing_of_a_base_is_known_there_may_be_one(sums):
    sums.cover({0: 0.0, 1: 50.0}, str, "wald")
    assert [sums.may_have_base(["wald"], place) for place in range(3)] == [True, False, False]


def test_what_counts_on_a_base_may_be_unknown_where_there_is_none(sums):
    sums.cover({0: 0.0}, lambda share: f"nur {share:g} %", "wald", of_base=False)
    assert not sums.may_have_base(["wald"], 0)
    (limit,) = sums.limits(["wald"])
    assert limit(Measurement(1.0, 1.0), 0).coverage == 0.0


def test_the_reason_for_what_is_not_known_is_that_of_the_first_key(sums):
    assert sums.unknown(["wald", "linie"]) is None
    sums.forget("linie", reason="ohne Linien")
    assert sums.unknown(["wald", "linie"]) == "ohne Linien"


def test_an_area_lacks_what_it_holds_no_part_of(sums):
    sums.add(geometry(box(0, 0, 130, 10)), "wald")
    sums.add(geometry(box(0, 0, 50, 10)), "breite_50")
    assert sums.lacking("wald", "breite_50", "breite_100") == {1: 0.0, 2: 0.0}
    assert sums.lacking("linie", "wald") == {}


def utm(*points):
    east, north = 360_000, 5_700_000
    return QgsGeometry.fromPolygonXY([[QgsPointXY(east + x, north + y) for x, y in [*points, points[0]]]])


def test_what_touches_a_slanted_border_from_outside_lies_in_no_area():
    """At some of these places an overlay leaves 2e-19 m² of the neighbour's ground within the town."""
    town = utm((0, 0), (1000, 317.7), (1000, -900), (0, -900))
    areas = Areas([Area(AreaKind.MUNICIPALITY, "Stadt")], [town])
    left = 0
    for k in range(30):
        x, y = 1000 * (k + 0.5) / 31, 317.7 * (k + 0.5) / 31
        outside = utm((x, y), (x + 300, y + 400), (x, y + 700), (x - 300, y + 400))
        left += outside.intersection(town).area() > 0
        sums = Sums(areas, ["wald"])
        assert sums.add(outside, "wald") is None
        assert (sums.amount("wald", 0), sums.count("wald", 0)) == (0.0, 0)
    assert left > 0
