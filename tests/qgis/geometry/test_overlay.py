"""Engine ``overlay`` against closed forms, a cell count and a polygon clipper of its own."""

from __future__ import annotations

import math
import random

import numpy as np
import pytest
from gruene_infra.gruene_infra_plugin.methods.findings.finding import AreaKind
from gruene_infra.gruene_infra_plugin.methods.reading.word_lists import WordList
from gruene_infra.gruene_infra_plugin.spatial.attribution.areas import Areas
from gruene_infra.gruene_infra_plugin.spatial.geometry import overlay
from gruene_infra.gruene_infra_plugin.spatial.geometry.overlay import (
    PieceIndex,
    clipped,
    difference,
    dissolve,
    intersection,
    polygons_only,
    ring_around,
    subdivided,
)
from gruene_infra.gruene_infra_plugin.spatial.water.floodplains import (
    NO_CLASS,
    floodplain_zone,
    water_strip,
    zones_by_words,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from qgis.core import QgsFeature, QgsGeometry, QgsPointXY, QgsProcessingException, QgsRectangle

from ...layer_factory import box, geometry, layer, line, ngon, point, polygon

Points = list[tuple[float, float]]


def shapes(*wkts: str) -> list[QgsGeometry]:
    return [geometry(wkt) for wkt in wkts]


def index(**polygons: str) -> PieceIndex:
    return PieceIndex({label: geometry(wkt) for label, wkt in polygons.items()})


# -- two computations of our own ------------------------------------------------------------------------


def rectangle(x: float, y: float, width: float, height: float) -> QgsGeometry:
    return QgsGeometry.fromRect(QgsRectangle(x, y, x + width, y + height))


def shoelace(points: Points) -> float:
    x, y = np.array(points).T
    return 0.5 * float(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1)))


def clip_to_convex(subject: Points, window: Points) -> Points:
    """Clip by Sutherland and Hodgman (1974); the window is convex and counter-clockwise."""
    for a, b in zip(window, window[1:] + window[:1], strict=True):

        def side(p: tuple[float, float], a: tuple = a, b: tuple = b) -> float:
            return (b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0])

        kept: Points = []
        for p, q in zip(subject, subject[1:] + subject[:1], strict=True):
            if side(p) >= 0:
                kept.append(p)
            if side(p) * side(q) < 0:
                t = side(p) / (side(p) - side(q))
                kept.append((p[0] + t * (q[0] - p[0]), p[1] + t * (q[1] - p[1])))
        subject = kept
        if not subject:
            break
    return subject


def star(seed: int, corners: int) -> Points:
    """Return a jagged polygon without self-intersection, counter-clockwise, round (0, 0)."""
    dice = random.Random(seed)
    angles = [2 * math.pi * (k + 0.8 * dice.random()) / corners for k in range(corners)]
    return [(r * math.cos(a), r * math.sin(a)) for a in angles for r in [dice.uniform(20, 100)]]


# -- areas ------------------------------------------------------------------------------------------------

numbers = st.floats(-100, 100).map(lambda value: round(value, 3))
sizes = st.floats(0.5, 150).map(lambda value: round(value, 3))
rectangles = st.tuples(numbers, numbers, sizes, sizes)


@given(rectangles, rectangles)
def test_two_rectangles_overlap_as_their_sides_say(one, other):
    (x, y, w, h), (u, v, a, b) = one, other
    expected = max(0.0, min(x + w, u + a) - max(x, u)) * max(0.0, min(y + h, v + b) - max(y, v))
    assert index(a=box(*one)).overlap(geometry(box(*other))).get("a", 0.0) == pytest.approx(
        expected, abs=1e-5
    )


@settings(max_examples=40)
@given(st.integers(0, 10**6), st.integers(4, 400), st.integers(3, 12), numbers, numbers)
def test_a_jagged_polygon_in_a_convex_one_agrees_with_another_clipper(seed, corners, sides, x, y):
    subject, window = star(seed, corners), ngon(x, y, 80, sides)
    inside = clip_to_convex(subject, window)
    expected = abs(shoelace(inside)) if len(inside) > 2 else 0.0
    for one, other in ((subject, window), (window, subject)):
        found = index(a=polygon(one)).overlap(geometry(polygon(other))).get("a", 0.0)
        assert found == pytest.approx(expected, rel=1e-7, abs=1e-4)


def test_two_equal_squares_turned_by_45_degrees_share_a_regular_octagon():
    side = 10.0
    turned = polygon(ngon(5, 5, side / math.sqrt(2), 4))
    found = index(a=box(0, 0, side, side)).overlap(geometry(turned))
    assert found["a"] == pytest.approx(2 * (math.sqrt(2) - 1) * side**2, rel=1e-9)


def test_an_island_in_the_aue_is_not_aue():
    ring = polygon(
        [(0, 0), (100, 0), (100, 100), (0, 100)],
        [(30, 30), (30, 70), (70, 70), (70, 30)],
    )
    aue = index(aue=ring)
    assert aue.areas == {"aue": pytest.approx(8400)}
    assert aue.overlap(geometry(box(20, 20, 60, 60))) == {"aue": pytest.approx(2000)}
    assert aue.overlap(geometry(box(35, 35, 10, 10))) == {}


@pytest.mark.parametrize("corners", [8, 128, 129, 5_000])
def test_half_of_a_round_aue_is_half_its_area(corners):
    round_aue = index(a=polygon(ngon(0, 0, 200, corners)))
    whole = corners / 2 * 200**2 * math.sin(2 * math.pi / corners)
    assert round_aue.areas["a"] == pytest.approx(whole, rel=1e-9)
    assert round_aue.overlap(geometry(box(-300, 0, 600, 300)))["a"] == pytest.approx(whole / 2, rel=1e-9)
    assert round_aue.overlap(geometry(box(-300, -300, 600, 600)))["a"] == pytest.approx(whole, rel=1e-9)


@pytest.mark.parametrize("vertices", [8, 33, 128, 100_000])
def test_the_size_of_the_pieces_changes_no_area(vertices, monkeypatch):
    outer, hole = ngon(0, 0, 200, 3_000), ngon(10, 20, 90, 1_000)[::-1]
    expected = shoelace(outer) + shoelace(hole)
    building = star(7, 300)
    usual = index(a=polygon(outer, hole)).overlap(geometry(polygon(building)))["a"]
    monkeypatch.setattr(overlay, "MAX_VERTICES", vertices)
    pieces = index(a=polygon(outer, hole))
    assert sum(piece.area() for _, piece in pieces) == pytest.approx(expected, rel=1e-9)
    assert pieces.overlap(geometry(polygon(building)))["a"] == pytest.approx(usual, rel=1e-9)
    assert all(piece.isGeosValid() for _, piece in pieces)
    assert max(piece.constGet().nCoordinates() for _, piece in pieces) <= max(vertices, 8)


@pytest.mark.parametrize("most", [1, 3, 1000])
def test_how_many_pieces_are_held_prepared_changes_no_area(most, monkeypatch):
    """A hundred squares of 10 m, each asked after again after all others; no more than that are prepared."""
    monkeypatch.setattr(overlay, "MOST_PREPARED", most)
    index = PieceIndex({n: geometry(box(10 * n, 0, 10, 10)) for n in range(100)})
    for _ in range(2):
        for n in range(99):
            found = index.overlap(geometry(box(10 * n + 5, 5, 10, 10)))
            assert found == {n: pytest.approx(25), n + 1: pytest.approx(25)}
    assert len(index._engines) <= most


def test_splitting_either_side_changes_no_area():
    aue, building = polygon(ngon(0, 0, 100, 500)), geometry(polygon(star(3, 200)))
    whole = index(a=aue).overlap(building)["a"]
    halves = [geometry(box(-500, -500, 487, 1000)), geometry(box(-13, -500, 987, 1000))]
    by_aue = PieceIndex({n: geometry(aue).intersection(half) for n, half in enumerate(halves)})
    assert sum(by_aue.overlap(building).values()) == pytest.approx(whole, rel=1e-9)
    parts = [polygons_only(building.intersection(half)) for half in halves]
    assert sum(index(a=aue).overlap(part)["a"] for part in parts) == pytest.approx(whole, rel=1e-9)
    both = QgsGeometry.collectGeometry([p for part in parts for p in part.asGeometryCollection()])
    assert index(a=aue).overlap(both)["a"] == pytest.approx(whole, rel=1e-9)


@pytest.mark.parametrize(
    "shape",
    [box(10, 0, 5, 10), box(10, 10, 5, 5), box(10.001, 0, 5, 10), line((0, 0), (9, 9)), point(5, 5)],
    ids=["along a side", "at a corner", "beside", "a line inside", "a point inside"],
)
def test_what_only_touches_has_no_area(shape):
    assert sum(index(a=box(0, 0, 10, 10)).overlap(geometry(shape)).values()) == 0.0


@pytest.mark.parametrize("across", ["LineString (-2000 0, 2000 0)", "LineString (0 -2000, 0 2000)"])
def test_a_line_along_the_seam_of_pieces_is_in_the_polygon_once(across):
    """A disc of 256 corners is cut into pieces through its middle."""
    disc = QgsGeometry.fromWkt("Point (0 0)").buffer(1000, 64)
    pieces, line = PieceIndex({"a": disc}), QgsGeometry.fromWkt(across)
    assert len(list(pieces)) > 1
    assert pieces.lengths(line) == {"a": pytest.approx(2000)}
    cut = pieces.cut(line)
    assert sum(part.length() for part in cut.parts["a"]) == pytest.approx(2000)
    assert cut.rest.length() == pytest.approx(2000)


def test_a_line_along_a_border_is_in_every_label_and_cut_to_the_first():
    pieces = PieceIndex({"a": rectangle(0, 0, 10, 10), "b": rectangle(0, -10, 10, 10)})
    line = QgsGeometry.fromWkt("LineString (-5 0, 10 0)")
    assert pieces.lengths(line) == {"a": pytest.approx(10), "b": pytest.approx(10)}
    cut = pieces.cut(line)
    assert {label: sum(p.length() for p in parts) for label, parts in cut.parts.items()} == {
        "a": pytest.approx(10)
    }
    assert cut.rest.length() == pytest.approx(5)


def test_every_metre_of_a_line_is_in_one_part_where_labels_overlap():
    pieces = PieceIndex({"a": rectangle(0, -5, 10, 10), "b": rectangle(5, -5, 10, 10)})
    cut = pieces.cut(QgsGeometry.fromWkt("LineString (-1 0, 20 0)"))
    metres = {label: sum(part.length() for part in parts) for label, parts in cut.parts.items()}
    assert metres == {"a": pytest.approx(10), "b": pytest.approx(5)}
    assert cut.rest.length() == pytest.approx(6)
    assert cut.most({"a": "innen", "b": "außen"}) == "innen"
    assert cut.most({"b": "außen"}) is None, "16 m in nothing that has a name"
    assert PieceIndex({}).cut(QgsGeometry.fromWkt("LineString (0 0, 7 0)")).rest.length() == 7


def test_a_long_line_is_cut_as_a_short_one():
    pieces = PieceIndex({"a": rectangle(0, -5, 10, 10), "b": rectangle(10, -5, 10, 10)})
    points = ", ".join(f"{k / 40 - 1} 0" for k in range(1001))
    cut = pieces.cut(QgsGeometry.fromWkt(f"LineString ({points})"))
    metres = {label: sum(part.length() for part in parts) for label, parts in cut.parts.items()}
    assert metres == {"a": pytest.approx(10), "b": pytest.approx(10)}
    assert cut.rest.length() == pytest.approx(5)


def test_a_point_lies_in_every_label_that_it_touches():
    pieces = PieceIndex({"a": rectangle(0, 0, 10, 10), "b": rectangle(10, 0, 10, 10)})
    assert pieces.lengths(QgsGeometry.fromWkt("Point (10 5)")) == {"a": 0.0, "b": 0.0}
    assert pieces.lengths(QgsGeometry.fromWkt("Point (5 5)")) == {"a": 0.0}


def test_labels_may_overlap_and_each_counts():
    towns = index(west=box(0, 0, 60, 100), ost=box(40, 0, 60, 100))
    assert towns.overlap(geometry(box(30, 0, 40, 10))) == {
        "west": pytest.approx(300),
        "ost": pytest.approx(300),
    }


@pytest.mark.parametrize("many", [2, overlay.MANY, 400])
def test_the_union_of_what_touches_here_and_there_is_the_one_of_geos(many):
    rng = random.Random(many)
    squares = [rectangle(rng.randrange(0, 300, 5), rng.randrange(0, 300, 5), 10, 10) for _ in range(many)]
    squares.append(QgsGeometry.collectGeometry([rectangle(500, 0, 5, 5), rectangle(505, 5, 5, 5)]))
    squares.append(rectangle(0, 900, 1, 1))
    united, expected = overlay.dissolve(squares), QgsGeometry.unaryUnion(squares)
    assert united.isGeosEqual(expected)
    assert united.isGeosValid()
    assert len(overlay.polygon_parts(united)) == len(overlay.polygon_parts(expected))
    assert united.area() == pytest.approx(expected.area(), rel=1e-12)


def test_the_order_of_polygons_does_not_change_the_order_of_the_parts_of_their_union():
    squares = [rectangle(37 * k % 400, 90 * k % 700, 9, 9) for k in range(60)]
    parts = [part.boundingBox() for part in overlay.polygon_parts(overlay.dissolve(squares))]
    again = [part.boundingBox() for part in overlay.polygon_parts(overlay.dissolve(squares[::-1]))]
    assert parts == again


def test_overlapping_parts_of_a_lonely_polygon_are_united():
    twice = QgsGeometry.collectGeometry([rectangle(0, 0, 10, 10), rectangle(5, 0, 10, 10)])
    lonely = [rectangle(100 + 50 * k, 0, 1, 1) for k in range(overlay.MANY)]
    assert overlay.dissolve([twice, *lonely]).area() == pytest.approx(150 + overlay.MANY)


def test_nothing_comes_of_nothing():
    empty = PieceIndex({"a": QgsGeometry()})
    assert (dict(empty.areas), list(empty), empty.overlap(geometry(box(0, 0, 1, 1)))) == ({"a": 0.0}, [], {})
    assert subdivided(QgsGeometry()) == []
    assert dissolve([]).isNull()


@pytest.mark.parametrize("operation", [intersection, difference])
def test_an_overlay_that_fails_is_an_error_and_not_no_area(operation):
    nan = geometry("Polygon ((0 0, 9 0, 9 9, 0 0))")
    nan.moveVertex(float("nan"), 0.0, 1)
    with pytest.raises(QgsProcessingException, match="Two areas cannot be overlaid"):
        operation(nan, geometry("Polygon ((1 1, 8 1, 8 8, 1 1))"))


def test_an_overlay_that_fails_in_full_precision_is_computed_on_a_fine_grid():
    class Fragile:
        """A polygon whose overlay fails unless a grid is given."""

        def __init__(self, shape: QgsGeometry) -> None:
            self.shape = shape

        def isEmpty(self) -> bool:
            return False

        def intersection(self, other: QgsGeometry, *grid) -> QgsGeometry:
            return self.shape.intersection(other, *grid) if grid else QgsGeometry()

    found = intersection(Fragile(geometry(box(0, 0, 10, 10))), geometry(box(5, 5, 10, 10)))
    assert found.area() == pytest.approx(25, abs=1e-3)


@pytest.mark.parametrize("empty", [QgsGeometry(), QgsGeometry.fromWkt("Polygon EMPTY")])
def test_nothing_taken_away_leaves_the_whole(empty):
    whole = geometry(box(0, 0, 10, 10))
    assert difference(whole, empty).area() == 100
    assert difference(empty, whole).isEmpty()
    assert intersection(whole, empty).isEmpty()
    assert dissolve([whole, empty]).area() == 100


# -- each place once --------------------------------------------------------------------------------------

cells = st.tuples(st.integers(0, 14), st.integers(0, 14), st.integers(1, 9), st.integers(1, 9))
ranked = st.lists(st.tuples(st.sampled_from("abc"), cells), min_size=1, max_size=12)


@given(ranked)
def test_every_place_belongs_to_the_first_polygon_that_covers_it(polygons):
    owner = np.full((24, 24), "", dtype="<U1")
    for label, (x, y, w, h) in reversed(polygons):
        owner[x : x + w, y : y + h] = label
    found = PieceIndex.disjoint((label, geometry(box(*cell))) for label, cell in polygons)
    for label in {label for label, _ in polygons}:
        assert found.areas[label] == pytest.approx(np.count_nonzero(owner == label), abs=1e-6)
    everything = found.overlap(geometry(box(-1, -1, 30, 30)))
    assert sum(everything.values()) == pytest.approx(np.count_nonzero(owner), abs=1e-6)


def test_what_surrounds_very_many_is_left_in_pieces_of_few_vertices():
    """A rectangle round 900 squares of 5 m × 5 m."""
    many = PieceIndex({})
    for number in range(900):
        many.claim("square", geometry(box(10 * (number % 30), 10 * (number // 30), 5, 5)))
    left = many.claim("round", geometry(box(-5, -5, 310, 310)))
    assert sum(part.area() for part in left) == pytest.approx(310**2 - 900 * 25)
    assert many.areas["round"] == pytest.approx(310**2 - 900 * 25)
    assert max(part.constGet().nCoordinates() for part in left) <= overlay.MAX_VERTICES


@given(st.randoms(use_true_random=False))
def test_the_order_of_features_of_one_class_changes_no_area(dice):
    polygons = [polygon(star(seed, 150)) for seed in range(4)]
    union = dissolve(geometry(p) for p in polygons).area()
    dice.shuffle(polygons)
    found = PieceIndex.disjoint(("a", geometry(p)) for p in polygons)
    assert found.areas["a"] == pytest.approx(union, rel=1e-7)


def zone(polygons, classes, order=()):
    source = layer(polygons, {"klasse": classes})
    return floodplain_zone(source.getFeatures(), lambda f: f["klasse"] or None, order)


def test_the_stricter_class_takes_the_overlap_whatever_the_order_of_the_features():
    shapes, classes = [box(0, 0, 100, 100), box(50, 0, 100, 100)], ["vorläufig gesichert", "festgesetzt"]
    order = ["festgesetzt", "vorläufig gesichert"]
    expected = {"festgesetzt": pytest.approx(10_000), "vorläufig gesichert": pytest.approx(5_000)}
    assert zone(shapes, classes, order).areas == expected
    assert zone(shapes[::-1], classes[::-1], order).areas == expected
    assert zone(shapes, classes, order[::-1]).areas == {
        "festgesetzt": pytest.approx(5_000),
        "vorläufig gesichert": pytest.approx(10_000),
    }


def test_classes_without_a_rank_follow_in_alphabetical_order():
    found = zone([box(0, 0, 10, 10)] * 4, ["Zeta", "alpha", "Beta", None], ["Zeta"])
    assert list(found.areas) == ["Zeta", "alpha", "Beta", NO_CLASS]
    assert [round(area) for area in found.areas.values()] == [100, 0, 0, 0]


def test_zones_belong_to_the_first_list_that_holds_their_word():
    words = ["Kern", "RAND 2", "Rand1", None, "n. b.", "Wasser"]
    source = layer([box(10 * k, 0, 15, 10) for k in range(6)], {"zone": words})
    lists = {"a": WordList(["kern", "rand2"]), "b": WordList(["rand*"])}
    found, others = zones_by_words(source.getFeatures(), lambda f: f["zone"] or None, lists, "?")
    assert found.areas == {"a": pytest.approx(250), "b": pytest.approx(100), "?": pytest.approx(300)}
    assert others == ["Wasser"]


# -- the strip --------------------------------------------------------------------------------------------

QUARTERS = 16
"""Chords per quarter circle of the buffer."""


def disc(radius: float) -> float:
    """Return the area of the polygon by which a buffer replaces a disc."""
    return 2 * QUARTERS * radius**2 * math.sin(math.pi / (2 * QUARTERS))


@pytest.mark.parametrize("width", [0.5, 5, 10])
def test_the_strip_round_a_square_is_four_sides_and_a_disc(width):
    ring = ring_around(shapes(box(0, 0, 40, 40)), width)
    assert ring.area() == pytest.approx(4 * 40 * width + disc(width), rel=1e-9)
    assert ring.area() == pytest.approx(4 * 40 * width + math.pi * width**2, rel=1e-3)


def test_between_two_waters_that_meet_there_is_no_strip():
    one = ring_around(shapes(box(0, 0, 40, 40)), 5)
    two = ring_around(shapes(box(0, 0, 20, 40), box(20, 0, 20, 40)), 5)
    assert two.area() == pytest.approx(one.area(), rel=1e-9)


def test_a_small_island_lies_wholly_in_the_strip():
    lake = polygon([(0, 0), (100, 0), (100, 100), (0, 100)], [(50, 50), (50, 56), (56, 56), (56, 50)])
    assert ring_around(shapes(lake), 5).area() == pytest.approx(4 * 100 * 5 + disc(5) + 36, rel=1e-9)


def test_the_strip_of_a_long_bank_is_the_same_from_pieces(monkeypatch):
    lake = shapes(polygon(ngon(0, 0, 300, 2_000)))
    whole = ring_around(lake, 5).area()
    assert whole == pytest.approx(math.pi * (305**2 - 300**2), rel=1e-4)
    monkeypatch.setattr(overlay, "MAX_VERTICES", 40)
    assert ring_around(lake, 5).area() == pytest.approx(whole, rel=1e-6)


@pytest.mark.parametrize("width", [0, -1])
def test_a_strip_without_width_is_none(width):
    assert ring_around(shapes(box(0, 0, 40, 40)), width).isNull()


def waters(wkts, widths, areas=None):
    features = []
    for wkt, width in zip(wkts, widths, strict=True):
        feature = QgsFeature()
        feature.setGeometry(geometry(wkt))
        feature.setAttributes([width])
        features.append(feature)
    return water_strip(features, lambda feature: feature.attributes()[0], 5.0, areas or Areas.total())


def test_a_line_becomes_a_water_by_its_width():
    strip, known = waters([line((0, 0), (100, 0))], [10.0])
    assert known == {0: 100.0}
    assert strip.areas["Randstreifen"] == pytest.approx(2 * (100 + 10) * 5 + disc(5), rel=1e-9)


@pytest.mark.parametrize("width", [None, 0.0, -3.0])
def test_a_centre_line_without_a_width_has_no_strip(width):
    assert waters([line((0, 0), (100, 0))], [width]) is None


def test_the_strip_is_known_for_the_share_of_length_with_a_width():
    _, known = waters([line((0, 0), (60, 0)), line((200, 0), (240, 0))], [4.0, None])
    assert known == {0: pytest.approx(60.0)}


def test_shares_with_a_width_differ_by_area_and_shores_count_as_length():
    """West of x = 100: 60 m with a width, 20 m without. East: a pond with a shore of 40 m, 60 m without."""
    towns = layer([box(-100, -100, 200, 200), box(100, -100, 400, 200)], {"name": ["West", "Ost"]})
    areas = Areas.from_features(towns.getFeatures(), AreaKind.MUNICIPALITY, 0, None)
    shapes = [line((0, 0), (60, 0)), line((80, 0), (160, 0)), box(300, 0, 10, 10)]
    _, known = waters(shapes, [4.0, None, None], areas)
    assert {areas.areas[place].name: share for place, share in known.items()} == {
        "West": pytest.approx(75.0),
        "Ost": pytest.approx(40.0),
    }


def test_clipping_drops_what_only_touches():
    parts = [("a", geometry(box(0, 0, 10, 10))), ("b", geometry(box(10, 0, 10, 10)))]
    cut = clipped(parts, geometry(box(-5, 0, 15, 4)))
    assert [(label, round(part.area(), 6)) for label, part in cut] == [("a", 40.0)]


def test_ground_that_pieces_cover_together_is_never_claimed_again():
    """Four buildings in UTM, to the millimetre; GEOS takes nothing away from the last of them."""
    east, north = 360_000, 5_700_000
    corners = [
        [(9.955, 11.174), (35.453, 11.174), (35.453, 28.632), (9.955, 28.632)],
        [(9.394, 6.313), (37.554, 6.313), (37.554, 22.066), (9.394, 22.066)],
        [(14.368, 16.668), (30.631, -4.952), (45.678, 6.367), (29.415, 27.987)],
        [(11.602, 10.13), (21.67, 10.13), (21.67, 24.755), (11.602, 24.755)],
    ]
    rings = [[QgsPointXY(east + x, north + y) for x, y in [*ring, ring[0]]] for ring in corners]
    shapes = [QgsGeometry.fromPolygonXY([ring]) for ring in rings]
    *larger, least = sorted(shapes, key=lambda shape: -shape.area())
    index = PieceIndex.disjoint(enumerate(larger))
    assert sum(piece.area() for piece in index.claim(3, least)) == pytest.approx(0, abs=1e-3)
    assert sum(index.areas.values()) == pytest.approx(QgsGeometry.unaryUnion(shapes).area(), abs=1e-3)
    assert sum(index.areas.values()) == pytest.approx(787.407, abs=1e-3)
