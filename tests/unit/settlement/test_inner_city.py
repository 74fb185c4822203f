"""The inner city of a settlement: seeds and growth at and just below every threshold, what is missing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from gruene_infra.gruene_infra_plugin.methods.parcels.space_types import Origin, SpaceType, Unknown
from gruene_infra.gruene_infra_plugin.methods.settlement.inner_city import Criteria, Town, settled_places
from hypothesis import given
from hypothesis import strategies as st

CRITERIA = Criteria(
    seed_coverage=0.40,
    seed_central=0.30,
    coverage=0.35,
    central=0.10,
    known_use=0.50,
    known_buildings=0.80,
    gap_cells=5,
)
MARGIN = CRITERIA.margin
INNER, BETWEEN = (Origin.RASTER, SpaceType.INNER_CITY), (Origin.RASTER, SpaceType.BETWEEN)
ALONE, NOT_ALONE = (Origin.BUILT_SHARE, SpaceType.INNER_CITY), (Origin.BUILT_SHARE, SpaceType.BETWEEN)
SIGNS = {
    INNER: "I",
    BETWEEN: "z",
    ALONE: "A",
    NOT_ALONE: "a",
    Unknown.USE: "u",
    Unknown.NO_BUILDINGS: "?",
    Unknown.CENTRE: "c",
}


def town(
    columns: int, rows: int = 9, built: float = 1000.0, central: float = 0.0, unclear: float = 0.0
) -> Town:
    """Return a settlement of so many cells, each with so many square metres of footprint; none around."""
    shape = rows + 2 * MARGIN, columns + 2 * MARGIN
    settled = np.zeros(shape, dtype=bool)
    settled[MARGIN:-MARGIN, MARGIN:-MARGIN] = True
    return Town(settled, *(np.where(settled, value, 0.0) for value in (built, central, unclear)))


def put(place: Town, column: int, row: int, built: float, central: float = 0.0, unclear: float = 0.0) -> Town:
    """Change nine cells round one so that the window of the one holds these averages per cell."""
    block = np.s_[row + MARGIN - 1 : row + MARGIN + 2, column + MARGIN - 1 : column + MARGIN + 2]
    for grid, value in ((place.built, built), (place.central, central), (place.unclear, unclear)):
        grid[block] = value
    return place


def drawn(place: Town, criteria: Criteria = CRITERIA) -> list[str]:
    """Return the settled cells as one text per row, from the lowest on."""
    places = settled_places(place, criteria).places[MARGIN:-MARGIN, MARGIN:-MARGIN]
    return ["".join(SIGNS[cell] for cell in row) for row in places]


def at(place: Town, column: int, row: int, criteria: Criteria = CRITERIA) -> object:
    return settled_places(place, criteria).places[row + MARGIN, column + MARGIN]


# -- one seed -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("built", "central", "expected"),
    [
        (4000.0, 1200.0, INNER),
        (3999.0, 3999.0, BETWEEN),
        (4000.0, 1199.0, BETWEEN),
        (9000.0, 2700.0, INNER),
        (9000.0, 2699.0, BETWEEN),
        (0.0, 0.0, BETWEEN),
    ],
)
def test_a_seed_is_built_to_forty_percent_with_thirty_percent_of_that_in_central_use(
    built, central, expected
):
    """Around the nine cells nothing is built, so that no other window reaches as much."""
    place = put(town(9, built=1.0), 4, 4, built, central)
    assert at(place, 4, 4) == expected


def test_the_window_counts_whole_at_the_rim_of_a_settlement():
    """Six cells of 60 % are 40 % of nine: the three outside the settlement count as unbuilt."""
    place = town(9, 9, built=6000.0, central=6000.0)
    assert set(drawn(place)[0][1:-1]) == {"I"}
    place.built[place.built > 0] = 5999.0
    grown = settled_places(place, replace(CRITERIA, coverage=0.40)).places
    assert grown[MARGIN, MARGIN + 4] == BETWEEN


@pytest.mark.parametrize(
    ("built", "central", "expected"),
    [(3500.0, 350.0, "I"), (3499.0, 350.0, "z"), (3500.0, 349.0, "z"), (3500.0, 0.0, "z")],
)
def test_it_grows_over_cells_of_thirty_five_percent_with_ten_percent_in_central_use(built, central, expected):
    """Columns 0 to 2 are a core, the rest is as given; the windows of columns 5 and on see only the rest."""
    place = town(12, 6, built, central)
    place.built[:, MARGIN : MARGIN + 3] = np.where(place.settled[:, MARGIN : MARGIN + 3], 9000.0, 0.0)
    place.central[:, MARGIN : MARGIN + 3] = place.built[:, MARGIN : MARGIN + 3]
    assert at(place, 1, 3) == INNER
    assert drawn(place)[3][5:11] == 6 * expected


def test_what_only_could_be_grown_over_is_none_without_a_seed():
    assert set("".join(drawn(town(9, 9, 3900.0, 3900.0)))) == {"z"}


def test_cells_that_touch_at_a_corner_are_not_connected():
    """One cell in central use makes the windows that see it a part; two such parts touch at a corner."""
    place = town(10, 10, built=3500.0)
    for spot in (MARGIN + 3, MARGIN + 6):
        place.built[spot, spot] = place.central[spot, spot] = 10_000.0
    found = settled_places(place, replace(CRITERIA, seed_central=0.25))
    assert (found.further, sum(cell == INNER for cell in found.places.flat)) == (9, 9)


# -- the shape ----------------------------------------------------------------------------------------------


def ring(rows: int = 15) -> Town:
    """Return a town with a dense square ring of three cells in thickness round a hardly built middle."""
    place = town(rows, rows, built=500.0)
    outer, middle = np.s_[MARGIN + 1 : -MARGIN - 1], np.s_[MARGIN + 5 : -MARGIN - 5]
    for grid in (place.built, place.central):
        inside = grid[middle, middle].copy()
        grid[outer, outer] = 6000.0
        grid[middle, middle] = inside
    return place


def test_holes_are_closed():
    place = ring()
    window = place.built[MARGIN + 6 : MARGIN + 9, MARGIN + 6 : MARGIN + 9]
    assert window.sum() < 0.35 * 90_000
    assert at(place, 7, 7) == INNER


def twins(first: float, second: float) -> Town:
    """Return a town with two dense parts of 5 × 5 and 6 × 6 cells, built as given."""
    place = town(24, 12, built=500.0)
    for corner, size, built in ((2, 5, first), (14, 6, second)):
        block = np.s_[MARGIN + 2 : MARGIN + 2 + size, MARGIN + corner : MARGIN + corner + size]
        place.built[block] = place.central[block] = built
    return place


def test_only_the_largest_part_counts_and_more_on_request():
    place = twins(9000.0, 9000.0)
    found = settled_places(place, CRITERIA)
    assert (at(place, 4, 4), at(place, 16, 4)) == (BETWEEN, INNER)
    assert found.further == 25  # its corners see four dense cells of nine: 43 % with the rest
    two = replace(CRITERIA, parts=2)
    assert (at(place, 4, 4, two), at(place, 16, 4, two)) == (INNER, INNER)
    assert settled_places(place, two).further == 0


def test_of_parts_of_one_size_the_more_built_one_counts():
    for first, second in ((9000.0, 8900.0), (8900.0, 9000.0)):
        place = town(24, 12, built=500.0)
        for corner, built in ((2, first), (14, second)):
            block = np.s_[MARGIN + 2 : MARGIN + 7, MARGIN + corner : MARGIN + corner + 5]
            place.built[block] = place.central[block] = built
        expected = (INNER, BETWEEN) if first > second else (BETWEEN, INNER)
        assert (at(place, 4, 4), at(place, 16, 4)) == expected


# -- uses that are not known --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("built", "unclear", "expected"),
    [
        (4000.0, 2001.0, ALONE),
        (4000.0, 4000.0, ALONE),
        (3999.0, 3999.0, NOT_ALONE),
        (3400.0, 3400.0, BETWEEN),  # too little for any use to change it
        (4000.0, 1199.0, BETWEEN),  # even if all of it is central
        (4000.0, 1200.0, Unknown.USE),
        (4000.0, 2000.0, Unknown.USE),
    ],
)
def test_the_built_share_decides_alone_where_most_uses_are_unknown_and_says_so(built, unclear, expected):
    place = put(town(9, built=1.0), 4, 4, built, 0.0, unclear)
    assert at(place, 4, 4) == expected


def test_what_is_central_enough_without_the_unknown_needs_no_more():
    assert at(put(town(9, built=1.0), 4, 4, 4000.0, 1200.0, 2000.0), 4, 4) == INNER


def test_cells_without_known_use_are_counted():
    assert settled_places(put(town(9, built=1.0), 4, 4, 4000.0, 0.0, 4000.0), CRITERIA).by_coverage == 1
    assert settled_places(put(town(9, built=1.0), 4, 4, 3000.0, 0.0, 3000.0), CRITERIA).by_coverage == 0
    assert settled_places(put(town(9, built=1.0), 4, 4, 4000.0, 0.0, 2000.0), CRITERIA).by_coverage == 0


@given(st.integers(0, 2**32 - 1))
def test_forgetting_uses_turns_no_verdict_round_while_the_uses_decide(seed):
    """It leaves the verdict, makes it unknown, or leaves it to the built share, and that is said."""
    full, less = town(8, 8), town(8, 8)
    inside = np.s_[MARGIN:-MARGIN, MARGIN:-MARGIN]
    dice = np.random.default_rng(seed)
    built, share, forgotten = dice.uniform(0, 10_000, (8, 8)), dice.random((8, 8)), dice.random((8, 8)) / 2
    for place in (full, less):
        place.built[inside] = built
        place.central[inside] = built * share
    less.central[inside] *= 1 - forgotten
    less.unclear[inside] = built * forgotten
    known = settled_places(full, CRITERIA).places[inside]
    after = settled_places(less, CRITERIA).places[inside]
    for before, now in zip(known.flat, after.flat, strict=True):
        assert now in (before, Unknown.USE) or now[0] is Origin.BUILT_SHARE


# -- buildings that are missing -----------------------------------------------------------------------------


def test_without_any_building_nothing_is_known():
    assert set("".join(drawn(town(20, 20, built=0.0)))) == {"?"}


def test_an_open_space_of_less_than_a_kilometre_is_no_gap_of_the_data():
    """Ten empty columns between built ones: every cell has a building within 500 m."""
    place = town(20, 20)
    place.built[:, MARGIN + 5 : MARGIN + 15] = 0.0
    assert set("".join(drawn(place))) == {"z"}


def test_a_wider_one_is_not_known_to_the_last_empty_cell():
    """With 1 % built around it, the cells beside it cannot be dense either way."""
    place = town(60, 20, built=100.0)
    place.built[:, MARGIN + 5 : MARGIN + 16] = 0.0
    assert drawn(place)[10][:18] == 5 * "z" + 11 * "?" + 2 * "z"
    assert drawn(place, replace(CRITERIA, gap_cells=6))[10][:18] == 18 * "z"


def test_a_cell_beside_missing_buildings_is_not_known_if_they_could_make_it_dense():
    """One of its three columns is missing: with 3 % built it could be 35.3 %, with 2 % only 34.7 %."""
    for built, expected in ((300.0, "?"), (200.0, "z")):
        place = town(60, 20, built)
        place.built[:, MARGIN + 5 : MARGIN + 16] = 0.0
        assert drawn(place)[10][4] == expected


def core_and_half(missing: int) -> Town:
    """Return a town of 50 columns with a core on the left and so many columns without data on the right."""
    place = town(50, 20, 500.0)
    put(put(place, 4, 4, 9000.0, 9000.0), 4, 6, 9000.0, 9000.0)
    place.built[:, MARGIN + 50 - missing : MARGIN + 50] = 0.0
    return place


def test_half_a_town_does_not_tell_where_its_centre_is():
    assert at(core_and_half(25), 4, 5) is Unknown.CENTRE
    assert at(core_and_half(10), 4, 5) == INNER  # the share that must be known
    assert at(core_and_half(11), 4, 5) is Unknown.CENTRE
    assert at(core_and_half(25), 12, 12) == BETWEEN
    assert at(core_and_half(25), 40, 12) is Unknown.NO_BUILDINGS
