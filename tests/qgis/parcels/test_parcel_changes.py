"""Engine ``parcel_changes``: every case by hand, and what must hold whatever the order of the parcels."""

from __future__ import annotations

import random

import pytest
from gruene_infra.gruene_infra_plugin.spatial.parcels.parcel_changes import Case, Kind, Successor, compare
from hypothesis import given, settings
from hypothesis import strategies as st
from qgis.core import QgsGeometry, QgsProcessingException

from ...layer_factory import box, geometry, polygon
from ...parcel_scenes import Scene, cut, grid, shifted
from ...runs import Log

TOLERANCE = 0.5


def parcels(**wkts: str) -> dict[str, QgsGeometry]:
    return {key: geometry(wkt) for key, wkt in wkts.items()}


def kinds(cases: list[Case]) -> dict[tuple[tuple[str, ...], tuple[str, ...]], Kind]:
    return {(case.old_keys, case.new_keys): case.kind for case in cases}


def only(old: dict[str, QgsGeometry], new: dict[str, QgsGeometry], **rest: object) -> Case:
    (case,) = compare(old, new, TOLERANCE, **rest)
    return case


# -- one parcel, one successor --------------------------------------------------------------------------

SQUARE = box(0, 0, 20, 20)
MORE_VERTICES = polygon([(20, 0), (20, 7), (20, 20), (3, 20), (0, 20), (0, 11), (0, 0)])
NOTCHED = polygon([(0, 0), (9, 0), (9, 0.4), (10.5, 0.4), (10.5, 0), (20, 0), (20, 20), (0, 20)])
SPIKED = polygon([(0, 0), (20, 0), (20, 9.8), (25, 10), (20, 10.2), (20, 20), (0, 20)])
HOLED = polygon([(0, 0), (20, 0), (20, 20), (0, 20)], [(9.9, 9.9), (10.1, 9.9), (10.1, 10.1), (9.9, 10.1)])


@pytest.mark.parametrize(
    ("after", "kind", "shared", "shift"),
    [
        (SQUARE, Kind.UNCHANGED, 400, 0),
        (MORE_VERTICES, Kind.UNCHANGED, 400, 0),
        (box(0.01, 0, 20, 20), Kind.UNCHANGED, 399.8, 0.01),
        (box(0, 0, 20.03, 20), Kind.UNCHANGED, 400, 0.03),
        (box(0, 0, 20.05, 20), Kind.MOVED, 400, 0.05),
        (box(0.2, 0, 20, 20), Kind.MOVED, 396, 0.2),
        (box(0.5, 0, 20, 20), Kind.MOVED, 390, 0.5),
        (box(0.3, 0.4, 20, 20), Kind.MOVED, 19.7 * 19.6, 0.5),
        (NOTCHED, Kind.UNCHANGED, 399.4, 0.4),
        (box(0.51, 0, 20, 20), Kind.CHANGED, 389.8, 0.51),
        (box(0, 0, 25, 20), Kind.CHANGED, 400, 5),
        (box(0, 0, 8, 20), Kind.CHANGED, 160, 12),
        (SPIKED, Kind.CHANGED, 400, 5),
        (HOLED, Kind.CHANGED, 399.96, 10),
    ],
)
def test_a_parcel_that_keeps_its_key(after, kind, shared, shift):
    case = only(parcels(a=SQUARE), parcels(a=after))
    assert (case.kind, case.old_keys, case.new_keys) == (kind, ("a",), ("a",))
    assert case.shared_m2 == {("a", "a"): pytest.approx(shared, abs=1e-3)}
    assert case.covered == {"a": pytest.approx(shared / 400, abs=1e-5)}
    assert case.shift_m == pytest.approx(shift, abs=0.15 if kind is Kind.CHANGED else 1e-6)
    share = shared / 400 if kind is Kind.CHANGED else 1.0
    assert case.successors == {"a": (Successor("a", pytest.approx(share, abs=1e-5)),)}


@pytest.mark.parametrize(("shift", "kind"), [(0.0, Kind.RENUMBERED), (0.4, Kind.RENUMBERED)])
def test_the_same_outline_under_another_key_is_renumbered(shift, kind):
    case = only(parcels(a=SQUARE), parcels(b=box(shift, 0, 20, 20), a=box(500, 0, 20, 20)))
    assert (case.kind, case.old_keys, case.new_keys) == (kind, ("a",), ("b",))
    assert case.shift_m == pytest.approx(shift, abs=1e-6)
    assert case.successors == {"a": (Successor("b", 1.0),)}


def test_two_keys_that_were_swapped_are_two_renumbered_parcels():
    old = parcels(a=box(0, 0, 20, 20), b=box(20, 0, 20, 20))
    cases = compare(old, {"a": old["b"], "b": old["a"]})
    assert [(case.kind, case.old_keys, case.new_keys) for case in cases] == [
        (Kind.RENUMBERED, ("a",), ("b",)),
        (Kind.RENUMBERED, ("b",), ("a",)),
    ]


def test_another_outline_under_another_key_has_changed_though_it_covers_the_same_land():
    case = only(parcels(a=SQUARE), parcels(b=SPIKED))
    assert (case.kind, case.shift_m) == (Kind.CHANGED, pytest.approx(5, abs=0.1))


def test_an_outline_drawn_twice_belongs_to_the_parcel_of_the_same_key():
    new = parcels(c=SQUARE, a=SQUARE, b=SQUARE)
    assert kinds(compare(parcels(a=SQUARE), new)) == {(("a",), ("a",)): Kind.UNCHANGED}


def test_edges_whose_ends_alone_lie_close_do_not_make_the_outline_the_same():
    """Vertices of both lie on the other's boundary, and 8 m of the strip are missing."""
    ends = QgsGeometry.collectGeometry([geometry(box(0, 0, 1, 2)), geometry(box(9, 0, 1, 2))])
    strip = geometry(box(0, 0, 10, 2))
    assert strip.hausdorffDistance(ends) == 0
    case = only({"a": strip}, {"a": ends})
    assert case.kind is Kind.CHANGED
    assert case.covered == {"a": pytest.approx(0.2)}
    assert case.shift_m == pytest.approx(4)


def test_without_a_tolerance_only_noise_is_left():
    old = parcels(a=SQUARE)
    assert compare(old, parcels(a=box(0, 0, 20.03, 20)), 0.0)[0].kind is Kind.CHANGED
    assert compare(old, parcels(a=MORE_VERTICES), 0.0)[0].kind is Kind.UNCHANGED
    assert (
        compare(old, parcels(a=box(0.005, 0, 20, 20), b=box(-9.995, 0, 10, 20)), 0.0)[0].kind
        is Kind.UNCHANGED
    )


@pytest.mark.parametrize(
    ("after", "kind"),
    [
        (parcels(a=SQUARE), Kind.ATTRIBUTES),
        (parcels(a=box(0.2, 0, 20, 20)), Kind.MOVED),
        (parcels(b=SQUARE), Kind.RENUMBERED),
    ],
)
def test_attributes_that_differ_are_told(after, kind):
    (key,) = after
    case = only(
        parcels(a=SQUARE),
        after,
        old_attributes={"a": {"ags": "05113000", "gemarkung": "Rüttenscheid", "flaeche": 400}},
        new_attributes={key: {"ags": "05113000", "gemarkung": "Haarzopf", "amtl": 402}},
    )
    assert case.kind is kind
    assert case.attributes == {"gemarkung": ("Rüttenscheid", "Haarzopf")}


def test_equal_or_missing_attributes_are_no_case():
    old, new = parcels(a=SQUARE, b=box(20, 0, 9, 9)), parcels(a=SQUARE, b=box(20, 0, 9, 9))
    cases = compare(old, new, TOLERANCE, {"a": {"ags": "1"}, "b": {"ags": "2"}}, {"a": {"ags": "1"}})
    assert [case.kind for case in cases] == [Kind.UNCHANGED] * 2
    assert [case.attributes for case in cases] == [{}, {}]


# -- gone -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("after", "covered"),
    [
        ({}, 0),
        (parcels(b=box(20, 0, 20, 20)), 0),
        (parcels(b=box(500, 0, 20, 20)), 0),
        (parcels(b=box(19.8, 0, 20, 20)), 0),
        (parcels(b=box(18.1, 18.1, 20, 20)), 0),
    ],
    ids=["no parcels", "next door", "elsewhere", "a neighbour drawn anew", "less than one per cent"],
)
def test_a_parcel_that_no_new_one_covers_is_gone(after, covered):
    case = only(parcels(a=SQUARE), after)
    assert (case.kind, case.new_keys, case.shift_m) == (Kind.GONE, (), None)
    assert (case.shared_m2, case.covered) == ({}, {"a": covered})
    assert case.successors == {"a": ()}


def test_one_per_cent_is_not_gone():
    case = only(parcels(a=SQUARE), parcels(b=box(17.9, 17.9, 20, 20)))
    assert (case.kind, case.new_keys) == (Kind.CHANGED, ("b",))
    assert case.successors == {"a": (Successor("b", pytest.approx(2.1 * 2.1 / 400)),)}


def test_less_than_one_per_cent_under_the_same_key_is_not_gone():
    case = only(parcels(a=SQUARE), parcels(a=box(18.1, 18.1, 20, 20)))
    assert (case.kind, case.shared_m2) == (Kind.CHANGED, {("a", "a"): pytest.approx(1.9**2)})


def test_a_key_that_lives_on_elsewhere_is_not_gone():
    case = only(parcels(a=SQUARE), parcels(a=box(100, 0, 20, 20)))
    assert (case.kind, case.shared_m2) == (Kind.CHANGED, {("a", "a"): 0.0})
    assert case.shift_m == pytest.approx(100)
    assert case.successors == {"a": (Successor("a", 0.0),)}


@pytest.mark.parametrize("empty", [QgsGeometry(), QgsGeometry.fromWkt("Polygon EMPTY")])
def test_a_parcel_without_geometry_is_not_lost(empty):
    assert only({"a": empty}, parcels(b=SQUARE)).kind is Kind.GONE
    assert only({"a": empty}, parcels(a=SQUARE)).kind is Kind.CHANGED
    assert only(parcels(a=SQUARE), {"a": empty}).kind is Kind.CHANGED
    assert only({"a": empty}, {"a": empty}).shift_m is None


def test_no_parcels_no_cases():
    assert compare({}, parcels(a=SQUARE)) == []


# -- split and merged -----------------------------------------------------------------------------------


@pytest.mark.parametrize("keys", [("b", "c"), ("a", "c")], ids=["new keys", "the largest keeps its key"])
@pytest.mark.parametrize("gap", [0.0, 0.002, 0.2])
def test_a_parcel_in_two_pieces_is_split(keys, gap):
    new = parcels(**{keys[0]: box(0, 0, 15, 20), keys[1]: box(15 + gap, 0, 5 - gap, 20)})
    case = only(parcels(a=SQUARE), new)
    assert (case.kind, case.old_keys, case.new_keys) == (Kind.SPLIT, ("a",), keys)
    assert case.shared_m2 == {
        ("a", keys[0]): pytest.approx(300),
        ("a", keys[1]): pytest.approx(100 - 20 * gap),
    }
    assert case.covered == {"a": pytest.approx(1 - gap / 20)}
    whole = 400 - 20 * gap
    assert case.successors == {
        "a": (
            Successor(keys[0], pytest.approx(300 / whole)),
            Successor(keys[1], pytest.approx((100 - 20 * gap) / whole)),
        )
    }
    assert case.shift_m == pytest.approx(0, abs=1e-6)


def test_a_split_whose_outline_is_drawn_anew_tells_how_far():
    new = parcels(b=box(0, 0.2, 15, 20), c=box(15, 0.2, 5, 20))
    case = only(parcels(a=SQUARE), new)
    assert (case.kind, case.covered) == (Kind.SPLIT, {"a": pytest.approx(0.99)})
    assert case.shift_m == pytest.approx(0.2)


def test_a_narrow_parcel_may_be_split_into_a_strip_and_others():
    new = parcels(b=box(0, 0, 0.4, 20), c=box(0.4, 0, 1.3, 20), d=box(1.7, 0, 1.3, 20))
    case = only(parcels(a=box(0, 0, 3, 20)), new)
    assert (case.kind, case.new_keys, case.covered) == (Kind.SPLIT, ("b", "c", "d"), {"a": pytest.approx(1)})


def test_a_split_whose_outline_departs_between_its_corners_tells_how_far():
    bent = polygon([(0, 0), (8, 0), (8, 0.3), (12, 0.3), (12, 0), (15, 0), (15, 20), (0, 20)])
    case = only(parcels(a=SQUARE), parcels(b=bent, c=box(15, 0, 5, 20)))
    assert (case.kind, case.shift_m) == (Kind.SPLIT, pytest.approx(0.3))


def test_a_strip_narrower_than_the_tolerance_is_split_off():
    """What a road takes: the rest fits the old outline within the tolerance and is not the whole parcel."""
    case = only(parcels(a=SQUARE), parcels(a=box(0.4, 0, 19.6, 20), b=box(0, 0, 0.4, 20)))
    assert (case.kind, case.new_keys) == (Kind.SPLIT, ("a", "b"))
    assert case.successors == {
        "a": (Successor("a", pytest.approx(0.98)), Successor("b", pytest.approx(0.02)))
    }


@pytest.mark.parametrize(
    "after",
    [
        parcels(b=box(0, 0, 12, 20), c=box(14, 0, 6, 20)),
        parcels(b=box(0, 0, 12, 20), c=box(12, 0, 18, 20)),
        parcels(b=box(0, 0, 12, 20), c=box(9, 0, 11, 20)),
        parcels(b=box(0.1, 0, 20, 20), c=box(0.2, 0, 20, 20), d=box(-0.2, 0, 20, 20)),
    ],
    ids=["a piece is missing", "a piece takes land from outside", "pieces overlap", "thrice the same"],
)
def test_pieces_that_do_not_make_up_the_parcel_are_no_split(after):
    case = only(parcels(a=SQUARE), after)
    assert (case.kind, case.new_keys) == (Kind.CHANGED, tuple(after))


@pytest.mark.parametrize("key", ["a", "z"], ids=["keeps one key", "new key"])
def test_several_parcels_in_one_are_merged(key):
    old = parcels(a=box(0, 0, 20, 20), b=box(20, 0, 5, 20), c=box(0, 20, 25, 10))
    case = only(old, parcels(**{key: box(0, 0, 25, 30)}))
    assert (case.kind, case.old_keys, case.new_keys) == (Kind.MERGED, ("a", "b", "c"), (key,))
    shared = {("a", key): 400, ("b", key): 100, ("c", key): 250}
    assert case.shared_m2 == {pair: pytest.approx(area) for pair, area in shared.items()}
    assert case.covered == {name: pytest.approx(1) for name in "abc"}
    assert case.successors == {name: (Successor(key, 1.0),) for name in "abc"}
    assert case.shift_m == pytest.approx(0, abs=1e-6)


def test_parcels_may_merge_with_others_that_are_not_stored():
    case = only(parcels(a=box(0, 0, 20, 20), b=box(20, 0, 5, 20)), parcels(z=box(0, 0, 90, 20)))
    assert (case.kind, case.shift_m) == (Kind.MERGED, None)
    assert case.successors == {"a": (Successor("z", 1.0),), "b": (Successor("z", 1.0),)}


def test_a_single_stored_parcel_inside_a_larger_one_of_another_key_is_merged():
    case = only(parcels(a=SQUARE), parcels(z=box(0, 0, 90, 20)))
    assert (case.kind, case.successors) == (Kind.MERGED, {"a": (Successor("z", 1.0),)})


def test_parcels_that_leave_land_outside_the_new_one_are_no_merge():
    case = only(parcels(a=SQUARE, b=box(20, 0, 20, 20)), parcels(a=box(0, 0, 35, 20)))
    assert (case.kind, case.covered) == (Kind.CHANGED, {"a": 1.0, "b": pytest.approx(0.75)})


# -- boundaries between parcels -------------------------------------------------------------------------


def test_a_boundary_that_moved_between_two_parcels_is_one_case_with_all_pairs():
    old = parcels(a=box(0, 0, 20, 20), b=box(20, 0, 20, 20))
    case = only(old, parcels(a=box(0, 0, 23, 20), b=box(23, 0, 17, 20)))
    assert (case.kind, case.old_keys, case.new_keys) == (Kind.CHANGED, ("a", "b"), ("a", "b"))
    shared = {("a", "a"): 400, ("b", "a"): 60, ("b", "b"): 340}
    assert case.shared_m2 == {pair: pytest.approx(area) for pair, area in shared.items()}
    assert case.shift_m == pytest.approx(3)
    assert case.successors == {
        "a": (Successor("a", pytest.approx(1)),),
        "b": (Successor("b", pytest.approx(0.85)), Successor("a", pytest.approx(0.15))),
    }


@pytest.mark.parametrize(
    ("cuts", "shift"), [((5, 40), 15), ((20.51, 40), 0.51), ((21, 50), 10)], ids=["most lost", "just", "two"]
)
def test_the_shift_of_boundaries_is_the_largest_one_of_a_parcel_and_its_heir(cuts, shift):
    first, second = cuts
    old = parcels(a=box(0, 0, 20, 20), b=box(20, 0, 20, 20), c=box(40, 0, 20, 20))
    new = parcels(
        a=box(0, 0, first, 20), b=box(first, 0, second - first, 20), c=box(second, 0, 60 - second, 20)
    )
    case = compare(old, new)[0]
    tied = ("a", "b", "c") if second > 40 else ("a", "b")
    assert (case.kind, case.old_keys, case.new_keys) == (Kind.CHANGED, tied, tied)
    assert case.shift_m == pytest.approx(shift)


def test_two_parcels_in_three_other_ones_are_one_case():
    old = parcels(a=box(0, 0, 30, 20), b=box(30, 0, 30, 20))
    case = only(old, parcels(c=box(0, 0, 20, 20), d=box(20, 0, 20, 20), e=box(40, 0, 20, 20)))
    assert (case.kind, case.old_keys, case.new_keys) == (Kind.CHANGED, ("a", "b"), ("c", "d", "e"))
    shares = {old: [(s.key, round(s.share, 6)) for s in found] for old, found in case.successors.items()}
    assert shares == {"a": [("c", 0.666667), ("d", 0.333333)], "b": [("e", 0.666667), ("d", 0.333333)]}


@pytest.mark.parametrize("shift", [0.01, 0.2, 0.45, 0.5])
def test_a_boundary_drawn_anew_within_the_tolerance_ties_nothing(shift):
    old = parcels(a=box(0, 0, 20, 20), b=box(20, 0, 20, 20))
    new = parcels(a=box(0, 0, 20 + shift, 20), b=box(20 + shift, 0, 20 - shift, 20), c=box(40, 0, 9, 20))
    kind = Kind.MOVED if shift > 0.04 else Kind.UNCHANGED
    assert kinds(compare(old, new)) == {(("a",), ("a",)): kind, (("b",), ("b",)): kind}


@pytest.mark.parametrize("shift", [0.1, 0.25, 0.4, 0.45])
def test_a_parcel_narrower_than_the_tolerance_is_found_where_it_moved(shift):
    scene = parcels(a=box(0, 0, 20, 20), b=box(20, 0, 0.4, 20), c=box(20.4, 0, 20, 20))
    new = {key: shifted(shape, shift, 0) for key, shape in scene.items()}
    assert kinds(compare(scene, new)) == {((key,), (key,)): Kind.MOVED for key in "abc"}


def test_a_parcel_narrower_than_the_tolerance_that_its_neighbour_took_is_merged():
    old = parcels(a=box(0, 0, 20, 20), b=box(20, 0, 0.4, 20))
    assert kinds(compare(old, parcels(a=box(0, 0, 20.4, 20)))) == {
        (("a",), ("a",)): Kind.MOVED,
        (("b",), ("a",)): Kind.MERGED,
    }


def test_parcels_stored_in_different_years_are_judged_one_by_one():
    """A parcel stored before it was split, and one of its pieces stored after that."""
    old = parcels(a=SQUARE, b=box(12, 0, 8, 20))
    new = parcels(c=box(0, 0, 12, 20), b=box(12, 0, 8, 20))
    assert kinds(compare(old, new)) == {
        (("a",), ("b", "c")): Kind.SPLIT,
        (("b",), ("b",)): Kind.UNCHANGED,
    }


def test_curved_parcels_are_compared():
    disc = QgsGeometry.fromWkt("CurvePolygon (CircularString (0 10, 10 0, 0 -10, -10 0, 0 10))")
    assert only({"a": disc}, {"a": QgsGeometry(disc.constGet().segmentize())}).kind is Kind.UNCHANGED


# -- whatever the order ---------------------------------------------------------------------------------

MIRRORED = {Kind.SPLIT: Kind.MERGED, Kind.MERGED: Kind.SPLIT}
seeds = st.integers(0, 10_000)


def shuffled(parcels: dict[str, QgsGeometry], seed: int) -> dict[str, QgsGeometry]:
    return dict(random.Random(seed).sample(sorted(parcels.items()), len(parcels)))


def redrawn(shape: QgsGeometry, seed: int) -> QgsGeometry:
    """Return the same area with another first vertex, direction and further vertices."""
    ring = shape.densifyByCount(2).asPolygon()[0][:-1]
    start = seed % len(ring)
    ring = ring[start:] + ring[:start]
    return QgsGeometry.fromPolygonXY([ring[::-1] if seed % 2 else ring])


@settings(max_examples=25)
@given(seeds, st.floats(0, 0.45))
def test_what_was_planted_is_found_and_nothing_else(seed, shift):
    scene = Scene(grid(6, 6), seed, splits=4, merges=3, renumbered=3, gone=2).shifted(shift, 0)
    assert kinds(compare(scene.old, scene.new)) == scene.expected


@settings(max_examples=20)
@given(seeds, seeds)
def test_the_order_of_the_parcels_changes_nothing(seed, order):
    scene = Scene(grid(5, 5), seed, splits=3, merges=2, renumbered=2, gone=1).shifted(0.2, 0.1)
    expected = compare(scene.old, scene.new)
    assert compare(shuffled(scene.old, order), shuffled(scene.new, order + 1)) == expected
    assert repr(compare(scene.old, scene.new)) == repr(expected)


@settings(max_examples=20)
@given(seeds, seeds)
def test_first_vertex_direction_and_number_of_vertices_change_no_case(seed, turn):
    scene = Scene(grid(5, 5), seed, splits=3, merges=2, renumbered=2, gone=1).shifted(0.2, 0.1)
    new = {key: redrawn(shape, turn + n) for n, (key, shape) in enumerate(scene.new.items())}
    assert kinds(compare(scene.old, new)) == kinds(compare(scene.old, scene.new))


@settings(max_examples=20)
@given(seeds)
def test_backwards_a_split_is_a_merge(seed):
    scene = Scene(grid(5, 5), seed, splits=3, merges=2, renumbered=2).shifted(0.2, 0.1)
    forth, back = kinds(compare(scene.old, scene.new)), kinds(compare(scene.new, scene.old))
    assert back == {(new, old): MIRRORED.get(kind, kind) for (old, new), kind in forth.items()}


@settings(max_examples=20)
@given(seeds, st.floats(0, 3))
def test_every_stored_parcel_has_exactly_one_case_and_shares_that_fit(seed, shift):
    scene = Scene(grid(5, 5), seed, splits=3, merges=2, renumbered=2, gone=2).shifted(shift, shift / 2)
    cases = compare(scene.old, scene.new)
    assert sorted(key for case in cases for key in case.old_keys) == sorted(scene.old)
    for case in cases:
        assert set(case.successors) == set(case.covered) == set(case.old_keys)
        for key, found in case.successors.items():
            total = sum(successor.share for successor in found)
            complete = case.kind not in {Kind.CHANGED, Kind.GONE}
            assert total == pytest.approx(1.0 if complete else case.covered[key], abs=1e-9)


@given(st.floats(5, 95), st.floats(0, 3.14))
def test_a_cut_shares_the_area_as_the_pieces_do(position, angle):
    whole = geometry(box(0, 0, 100, 100))
    pieces = cut(whole, angle, geometry(box(position, 50, 0.01, 0.01)).centroid().asPoint())
    case = only({"a": whole}, {"b": pieces[0], "c": pieces[1]})
    assert case.kind is Kind.SPLIT
    shares = {successor.key: successor.share for successor in case.successors["a"]}
    assert shares == {
        "b": pytest.approx(pieces[0].area() / 10_000, abs=1e-6),
        "c": pytest.approx(pieces[1].area() / 10_000, abs=1e-6),
    }


# -- a long run -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("at", [1, 10, 26, 40])
def test_cancelling_stops(at):
    scene = grid(5, 5)
    log = Log(cancel_at=at)
    with pytest.raises(QgsProcessingException, match="Cancelled"):
        compare(scene, scene, TOLERANCE, feedback=log)
    assert log.asked == at


def test_it_asks_twice_for_every_stored_parcel_and_tells_the_progress():
    scene, log = grid(5, 5), Log()
    told: list[float] = []
    log.progressChanged.connect(told.append)
    compare(scene, scene, TOLERANCE, feedback=log)
    assert log.asked == 50
    assert told == sorted(told)
    assert max(told) == 98.0


def test_parcels_that_cannot_be_overlaid_are_told():
    crossed = geometry("Polygon ((0 0, 20 20, 20 0, 0 20, 0 0), (5 5, 30 5, 30 6, 5 5))")
    with pytest.raises(QgsProcessingException, match="cannot be overlaid"):
        compare({"a": crossed}, {"b": geometry("Polygon ((0 0, 9 0, 0 9, 12 30, 0 0))")})
