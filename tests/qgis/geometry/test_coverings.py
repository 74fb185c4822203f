"""Engine ``coverings`` against a count of cells, and engine ``ranks`` by hand."""

from __future__ import annotations

from collections import defaultdict

import pytest
from gruene_infra.gruene_infra_plugin.spatial.geometry.coverings import FirstCover, covered_alike
from gruene_infra.gruene_infra_plugin.spatial.geometry.overlay import PieceIndex
from gruene_infra.gruene_infra_plugin.spatial.geometry.ranks import ranked
from hypothesis import given
from hypothesis import strategies as st

from ...layer_factory import box, geometry, polygon

SQUARES = st.tuples(st.integers(0, 6), st.integers(0, 6), st.integers(1, 5), st.integers(1, 5))


def areas(pieces) -> dict[frozenset, float]:
    found: dict[frozenset, float] = defaultdict(float)
    for labels, ground in pieces:
        found[labels] += ground.area()
    return dict(found)


def boxes(squares) -> list:
    return [geometry(box(*square)) for square in squares]


@given(given_squares=st.dictionaries(st.sampled_from("abcd"), st.lists(SQUARES, min_size=1, max_size=3)))
def test_each_cell_is_covered_by_the_labels_over_it(given_squares):
    cells: dict[tuple[int, int], set[str]] = defaultdict(set)
    for label, squares in given_squares.items():
        for x, y, width, height in squares:
            for column in range(x, x + width):
                for row in range(y, y + height):
                    cells[column, row].add(label)
    expected: dict[frozenset, float] = defaultdict(float)
    for labels in cells.values():
        expected[frozenset(labels)] += 1.0
    pieces = covered_alike({label: boxes(squares) for label, squares in given_squares.items()})
    assert areas(pieces) == pytest.approx(dict(expected), abs=1e-5)
    for number, (_, one) in enumerate(pieces):
        assert all(one.intersection(other).area() < 1e-6 for _, other in pieces[:number])


def test_a_hole_and_what_lies_in_it():
    ring = polygon([(0, 0), (10, 0), (10, 10), (0, 10)], [(2, 2), (8, 2), (8, 8), (2, 8)])
    found = covered_alike({"ring": [geometry(ring)], "core": [geometry(box(1, 1, 8, 8))]})
    expected = {frozenset({"ring", "core"}): 28.0, frozenset({"ring"}): 36.0, frozenset({"core"}): 36.0}
    assert areas(found) == pytest.approx(expected)


def test_what_only_touches_is_not_divided():
    found = covered_alike({"a": boxes([(0, 0, 10, 10)]), "b": boxes([(10, 0, 10, 10)]), "c": []})
    assert [labels for labels, _ in found] == [frozenset("a"), frozenset("b")]


def test_pulse_may_end_it():
    def pulse() -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        covered_alike({"a": boxes([(0, 0, 1, 1)])}, pulse)


def test_ranks_by_size_then_west_then_south():
    shapes = boxes([(5, 0, 1, 1), (0, 5, 1, 1), (0, 0, 1, 1), (9, 9, 2, 2)])
    assert ranked(shapes, [1.0, 1.0 + 1e-9, 1.0, 4.0]) == [4, 3, 2, 1]
    assert ranked([], []) == []


# -- the first of several covers ----------------------------------------------------------------------------


def first_cover(*covers: tuple[int, str]) -> dict[tuple[str, int | None], float]:
    """Return the square metres of two grounds side by side under each number that covers them first."""
    grounds = PieceIndex({"west": geometry(box(0, 0, 100, 100)), "east": geometry(box(100, 0, 100, 100))})
    found = FirstCover[str, int](grounds)
    for number, shape in covers:
        found.add(number, geometry(shape))
    sizes: dict[tuple[str, int | None], float] = defaultdict(float)
    for ground, number, piece in found.pieces(lambda number: number):
        sizes[ground, number] += piece.area()
    return dict(sizes)


def test_the_first_of_several_covers_counts_and_the_rest_has_none():
    covers = (2, box(50, 0, 100, 100)), (1, box(50, 0, 100, 50)), (3, box(500, 0, 10, 10))
    expected = {
        ("west", 1): pytest.approx(2500),
        ("west", 2): pytest.approx(2500),
        ("west", None): pytest.approx(5000),
        ("east", 1): pytest.approx(2500),
        ("east", 2): pytest.approx(2500),
        ("east", None): pytest.approx(5000),
    }
    assert first_cover(*covers) == expected
    assert first_cover(*covers[::-1]) == expected
    assert first_cover(*covers, *covers) == expected


@given(st.lists(st.tuples(st.integers(0, 3), st.tuples(*[st.integers(-50, 200)] * 2)), max_size=8))
def test_covers_and_rest_are_the_grounds_again(places):
    sizes = first_cover(*((number, box(x, y, 60, 40)) for number, (x, y) in places))
    for ground in ("west", "east"):
        assert sum(size for (name, _), size in sizes.items() if name == ground) == pytest.approx(10_000)


def test_what_lies_beside_the_grounds_is_told():
    cover = FirstCover[str, int](PieceIndex({"": geometry(box(0, 0, 10, 10))}))
    assert cover.add(1, geometry(box(5, 5, 10, 10)))
    assert not cover.add(1, geometry(box(50, 5, 10, 10)))
