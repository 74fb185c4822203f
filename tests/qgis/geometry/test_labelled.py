"""Engine ``labelled``: pieces against closed forms and the sizes of the grounds that they make up."""

from __future__ import annotations

import pytest
from gruene_infra.gruene_infra_plugin.spatial.geometry.labelled import Collected, faces
from gruene_infra.gruene_infra_plugin.spatial.geometry.overlay import dissolve, intersection
from gruene_infra.gruene_infra_plugin.spatial.geometry.ranks import larger_first
from hypothesis import given
from hypothesis import strategies as st
from qgis.core import QgsGeometry

from ...layer_factory import box, geometry, line, ngon, point, polygon

BOXES = st.lists(st.tuples(*[st.integers(0, 30)] * 2, *[st.integers(1, 20)] * 2), min_size=1, max_size=6)


def parted(**grounds: str) -> dict[str, float]:
    """Return the area of each set of labels."""
    sizes: dict[str, float] = {}
    for labels, shape in faces({name: geometry(wkt) for name, wkt in grounds.items()}):
        sizes["".join(sorted(labels))] = sizes.get("".join(sorted(labels)), 0.0) + shape.area()
    return sizes


def test_two_squares():
    assert parted(a=box(0, 0, 10, 10), b=box(5, 5, 10, 10)) == {"a": 75, "b": 75, "ab": 25}


def test_equal_ground_is_one_piece():
    (found,) = faces({"a": geometry(box(0, 0, 10, 10)), "b": geometry(box(0, 0, 10, 10))})
    assert found[0] == {"a", "b"}


def test_a_hole_is_no_piece_and_what_fills_it_is_one():
    ring = polygon([(0, 0), (30, 0), (30, 30), (0, 30)], [(10, 10), (10, 20), (20, 20), (20, 10)])
    assert parted(a=ring) == {"a": 800}
    assert parted(a=ring, b=box(10, 10, 10, 10)) == {"a": 800, "b": 100}


def test_borders_that_coincide_but_for_rounding_leave_no_slivers():
    assert parted(a=box(0, 0, 10, 10), b=box(10 + 1e-6, 0, 10, 10)) == {
        "a": pytest.approx(100),
        "b": pytest.approx(100),
    }
    pieces = list(faces({"a": geometry(box(0, 0, 10, 10)), "b": geometry(box(0, 0, 10 - 1e-6, 10))}))
    assert [labels for labels, _ in pieces] == [{"a", "b"}]


def test_nothing_has_no_pieces():
    assert list(faces({})) == []
    assert list(faces({"a": QgsGeometry()})) == []


@given(BOXES, BOXES, BOXES, st.sampled_from([0.0, 17.3, 45.0]))
def test_pieces_make_up_every_ground_and_do_not_overlap(one, two, three, turn):
    grounds = {}
    for label, boxes in (("a", one), ("b", two), ("c", three)):
        shapes = [geometry(box(*sides)) for sides in boxes]
        for shape in shapes:
            shape.rotate(turn, geometry(point(0, 0)).asPoint())
        grounds[label] = dissolve(shapes)
    pieces = list(faces(grounds))
    for label, ground in grounds.items():
        of_label = [shape for labels, shape in pieces if label in labels]
        assert sum(shape.area() for shape in of_label) == pytest.approx(ground.area(), rel=1e-6)
        assert sum(intersection(shape, ground).area() for shape in of_label) == pytest.approx(
            ground.area(), rel=1e-6
        )
    whole = dissolve(grounds.values()).area()
    assert sum(shape.area() for _, shape in pieces) == pytest.approx(whole, rel=1e-6)


def test_pieces_of_round_shapes_with_many_corners():
    """Two discs of 300 corners, the second one larger than what is subdivided."""
    found = parted(a=polygon(ngon(0, 0, 100, 300)), b=polygon(ngon(100, 0, 100, 300)))
    both = geometry(polygon(ngon(0, 0, 100, 300))).intersection(geometry(polygon(ngon(100, 0, 100, 300))))
    assert found["ab"] == pytest.approx(both.area(), rel=1e-9)


def test_larger_polygons_go_before_then_those_in_the_west_then_in_the_south():
    wkts = [box(0, 0, 20, 10), box(0, 50, 10, 10), box(5, 0, 10, 10), box(5, 30, 10, 10)]
    ranked = sorted(map(geometry, reversed(wkts)), key=larger_first)
    assert [shape.asWkt(3) for shape in ranked] == [geometry(wkt).asWkt(3) for wkt in wkts]


# -- collected ----------------------------------------------------------------------------------------------


def test_a_double_is_the_same_outline_under_the_same_label():
    found = Collected[str]()
    turned = polygon([(10, 0), (10, 10), (0, 10), (0, 0)])
    assert found.add(geometry(box(0, 0, 10, 10)), "a")
    assert not found.add(geometry(turned), "a")
    assert found.add(geometry(turned), "a", "b"), "it is new under one of them"
    assert (found.doubles, found.without_area, found.counts) == (1, 0, {"a": 1, "b": 1})
    assert list(found.grounds("b")) == ["a"]
    assert {label: ground.area() for label, ground in found.grounds().items()} == {"a": 100, "b": 100}


def test_points_and_lines_have_no_ground():
    found = Collected[str]()
    assert not found.add(geometry(point(0, 0)), "a")
    assert not found.add(geometry(line((0, 0), (9, 0))), "a")
    assert (found.without_area, found.doubles, found.grounds()) == (2, 0, {})


def test_ground_belongs_to_the_first_in_rank():
    found = Collected[str | None]()
    for wkt, label in ((box(0, 0, 30, 10), None), (box(0, 0, 20, 10), "II"), (box(0, 0, 10, 10), "I")):
        found.add(geometry(wkt), label)
    ranked = found.ranked(["I", "II"])
    assert {label: ground.area() for label, ground in ranked.items()} == {"I": 100, "II": 100, None: 100}
    found.add(geometry(box(0, 0, 30, 10)), "I")
    assert list(found.ranked(["I", "II"])) == ["I"]
