"""Engine ``looked_at``: where a layer tells anything, by hand."""

from __future__ import annotations

import pytest
from gruene_infra.gruene_infra_plugin.methods.findings.finding import AreaKind
from gruene_infra.gruene_infra_plugin.methods.findings.targets import Measurement
from gruene_infra.gruene_infra_plugin.spatial.attribution.areas import Areas
from gruene_infra.gruene_infra_plugin.spatial.attribution.looked_at import LookedAt, as_percent
from gruene_infra.gruene_infra_plugin.spatial.reading.source import Input

from ...layer_factory import EAST, NORTH, box, geometry, layer, line, point

# Corners of the grid of 500 m, as offsets from the origin of the scenes.
X, Y = -(EAST % 500), -(NORTH % 500)


def kilometres(east: float, north: float, width: float, height: float) -> str:
    """Return a box measured in kilometres from a corner of the grid."""
    return box(X + 1000 * east, Y + 1000 * north, 1000 * width, 1000 * height)


def areas(*shapes: str) -> Areas:
    towns = layer(shapes, {"name": [f"{number}" for number in range(len(shapes))]})
    return Areas.from_features(towns.getFeatures(), AreaKind.MUNICIPALITY, 0, None)


def looked(found: Areas, *shapes: str) -> LookedAt:
    buildings = layer(shapes, name="gebaeude")
    source = Input("Gebäude", buildings)
    source.total = len(shapes)
    look = LookedAt(source, found)
    assert len(list(look.passing(buildings.getFeatures()))) == len(shapes)
    return look


def test_the_ground_within_a_kilometre_of_the_cells_of_a_building_was_looked_at():
    """A building in one cell of 500 m reaches 2.5 km wide: a quarter of 10 km, and half with two of them."""
    town = areas(kilometres(0, 0, 10, 2.5))
    one = looked(town, kilometres(1.1, 1.1, 0.01, 0.01)).sight()
    assert one.percent == {0: pytest.approx(25.0)}
    two = looked(town, kilometres(1.1, 1.1, 0.01, 0.01), kilometres(3.6, 1.1, 0.01, 0.01)).sight()
    assert two.percent == {0: pytest.approx(50.0)}


def test_an_area_that_is_half_covered_is_not_assessable_and_one_that_is_covered_stays():
    towns = areas(kilometres(0, 0, 10, 2.5), kilometres(0, 2.5, 2.5, 2.5))
    sight = looked(
        towns, *(kilometres(k + 0.1, 1.1, 0.01, 0.01) for k in (1, 3, 5)), kilometres(1, 3.6, 0.1, 0.1)
    ).sight()
    half, full = (sight.limit(Measurement(0.0, 1.0), place) for place in (0, 1))
    assert (half.coverage, half.value("m²")) == (pytest.approx(65.0), None)
    assert "only 65 % of the ground lies within 1000 m of Gebäude" in half.reason
    assert (full.coverage, full.value("m²"), full.reason) == (100.0, 0.0, "")


def test_a_feature_looks_round_all_cells_that_it_reaches_into():
    """3 km long, in cells 2 to 8: from cell 0 to 10 inclusive are 5.5 of 10 km; one far away adds nothing."""
    town = areas(kilometres(0, 0, 10, 2.5))
    one = looked(town, kilometres(1.1, 1.1, 3, 0.01), kilometres(90_000, 1.1, 0.1, 0.1)).sight()
    assert one.percent == {0: pytest.approx(55.0)}


def test_only_the_given_ground_counts():
    town = areas(kilometres(0, 0, 10, 2.5))
    look = looked(town, kilometres(1.1, 1.1, 0.01, 0.01))
    near, far = geometry(kilometres(0, 0, 2, 1)), geometry(kilometres(6, 0, 2, 1))
    assert look.sight([near]).percent == {0: pytest.approx(100.0)}
    assert look.sight([near, far]).percent == {0: pytest.approx(50.0)}
    assert look.sight([far]).limit(Measurement(0.0, 1.0), 0).coverage == 0.0


@pytest.mark.parametrize(("reaches_in", "coverage"), [(0.0, 0.0), (0.9, 0.0), (1.1, 100.0), (10.0, 100.0)])
def test_a_building_of_the_neighbour_that_crosses_the_border_is_none_of_the_area(reaches_in, coverage):
    """Of a building of 10 m only 0.9 m lie across the border: digitising noise and no delivery."""
    towns = areas(box(-500, -500, 500, 1000), box(0, -500, 500, 1000))
    sight = looked(towns, box(reaches_in - 10, 0, 10, 10)).sight()
    assert sight.limit(Measurement(0.0, 1.0), 1).coverage == coverage
    reason = sight.limit(Measurement(0.0, 1.0), 1).reason
    assert reason == ("" if coverage else "nothing of Gebäude lies in this area")


def test_without_areas_the_ground_alone_decides():
    look = looked(Areas.total(), kilometres(1.1, 1.1, 0.01, 0.01))
    assert look.sight().limit(Measurement(0.0, 1.0), 0).coverage == 100.0
    assert look.sight([geometry(kilometres(0, 0, 5, 1))]).percent == {0: pytest.approx(50.0)}


def test_presence_asks_for_features_and_not_for_the_ground():
    towns = areas(kilometres(0, 0, 100, 1), kilometres(0, 1, 100, 1))
    sight = looked(towns, kilometres(1, 0.2, 0.01, 0.01)).presence()
    assert [sight.limit(Measurement(0.0, 1.0), place).coverage for place in (0, 1)] == [100.0, 0.0]


def test_in_the_vicinity_an_area_without_features_is_looked_at_as_far_as_others_are_near():
    """The feature is in the first town; its reach ends 1 km north of it, at the end of the second one."""
    towns = areas(kilometres(0, 0, 100, 1), *(kilometres(0, 1, 2.5, height) for height in (1, 2)))
    sight = looked(towns, kilometres(1.1, 0.6, 0.01, 0.01)).vicinity()
    near, far = (sight.limit(Measurement(0.0, 1.0), place) for place in (1, 2))
    assert sight.limit(Measurement(0.0, 1.0), 0).coverage == 100.0
    assert (near.coverage, far.coverage) == (100.0, pytest.approx(50.0))
    assert "only 50 % of the ground lies within 1000 m of Gebäude" in far.reason


def test_several_layers_look_together_and_each_has_to_be_usable():
    towns = areas(box(0, 0, 100, 100), box(100, 0, 100, 100), box(200, 0, 100, 100))
    one, two = Input("Häuser", layer([box(9, 9, 5, 5)]), total=1), Input("Hallen", layer([box(109, 9, 5, 5)]))
    two.total, two.left_out = 4, 1
    look = LookedAt(one, towns, two)
    for source in (one, two):
        assert len(list(look.passing(source.source.getFeatures()))) == 1
    found = [look.presence().limit(Measurement(0.0, 1.0), place) for place in range(3)]
    assert [measured.coverage for measured in found] == [75.0, 75.0, 0.0]
    assert found[0].reason == "Hallen: only 75 % of the features have a usable geometry"
    assert found[2].reason == "nothing of Häuser, Hallen lies in this area"


def test_features_that_lie_nowhere_lower_the_coverage_of_every_area():
    look = looked(areas(box(0, 0, 100, 100)), box(10, 10, 5, 5))
    (source,) = look.layers
    source.total, source.no_geometry = 10, 3
    measured = look.sight().limit(Measurement(0.0, 1.0), 0)
    assert (measured.coverage, measured.value("m²")) == (70.0, None)
    assert measured.reason == "Gebäude: only 70 % of the features have a usable geometry"


def test_a_huge_feature_costs_no_more_than_a_small_one():
    look = looked(areas(box(0, 0, 100, 100)), box(-4e6, -4e6, 8e6, 8e6))
    assert look.sight().percent == {0: 100.0}


@pytest.mark.parametrize(
    ("share", "text"), [(79.96, "79.96"), (79.9999, "79.9999"), (80.0, "80"), (64.6, "65"), (0.0, "0")]
)
def test_no_percentage_is_rounded_up_to_what_would_be_enough(share, text):
    assert as_percent(share) == text


def test_one_polygon_over_many_areas_lies_in_all_of_them():
    """A forest of 20 km² over twenty towns of 4 km²: 5 % of it in each."""
    towns = areas(*(kilometres(2 * k, 0, 2, 2) for k in range(20)))
    assert looked(towns, kilometres(0, 0.5, 40, 0.5)).presence().present == frozenset(range(20))


def test_a_polygon_is_reached_where_a_cell_near_a_building_meets_it():
    """A building in the cell from 1.0 to 1.5 km reaches from 0 to 2.5 km."""
    one = looked(areas(kilometres(0, 0, 10, 10)), kilometres(1.1, 1.1, 0.01, 0.01))
    assert one.reaches(geometry(kilometres(2.4, 2.4, 3, 3)))
    assert not one.reaches(geometry(kilometres(2.6, 0, 3, 3)))


def test_lines_and_points_lie_in_an_area_as_well():
    """A line lies where at least a tenth of its length does, a point where it touches."""
    towns = areas(kilometres(0, 0, 10, 10), kilometres(10, 0, 10, 10))
    x, y = X + 10_000, Y + 5000
    for reach, present in ((200, {0, 1}), (99, {0})):
        crossing = looked(towns, line((x - 1000 + reach, y), (x + reach, y))).presence()
        assert crossing.present == present
    assert looked(towns, point(x + 1, y)).presence().present == {1}
    assert looked(towns, point(x, y)).presence().present == {0, 1}
