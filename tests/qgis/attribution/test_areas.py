"""Areas of attribution: finished results are assigned to them, and the border changes no analysis."""

from __future__ import annotations

import pytest
from gruene_infra.gruene_infra_plugin.methods.findings.finding import AreaKind
from gruene_infra.gruene_infra_plugin.spatial.attribution.areas import TOTAL, Areas
from gruene_infra.gruene_infra_plugin.spatial.attribution.sums import Sums
from hypothesis import given
from hypothesis import strategies as st

from ...layer_factory import box, geometry, layer, ngon, polygon

MUNICIPALITY = AreaKind.MUNICIPALITY


def areas(shapes, names, keys=None, kind=MUNICIPALITY) -> Areas:
    columns = {"name": names} | ({} if keys is None else {"ags": keys})
    features = layer(shapes, columns).getFeatures()
    return Areas.from_features(features, kind, 0, None if keys is None else 1)


def halves(border: float = 0.0) -> Areas:
    return areas(
        [box(border - 500, -500, 500, 1000), box(border, -500, 500, 1000)], ["West", "Ost"], ["01", "02"]
    )


def polygons(*wkts):
    return [geometry(wkt) for wkt in wkts]


def by_name(found: Areas, measured: dict[int, float]) -> dict[str, float]:
    return {found.areas[number].name: value for number, value in measured.items()}


def test_without_areas_everything_is_one_area():
    total = Areas.total()
    assert total.areas == (TOTAL,)
    assert total.measure(polygons(box(0, 0, 12, 10), box(900, 0, 1, 1))) == {0: pytest.approx(121)}
    assert Areas.total().measure([]) == {0: 0}


def test_a_border_splits_an_area_exactly():
    found = halves()
    measured = by_name(found, found.measure(polygons(box(-4, 0, 12, 10))))
    assert measured == {"West": pytest.approx(40), "Ost": pytest.approx(80)}


@given(st.floats(-90, 90), st.integers(3, 300))
def test_the_parts_of_all_areas_add_up_to_the_whole(border, corners):
    shape = geometry(polygon(ngon(0, 0, 80, corners)))
    assert sum(halves(border).measure([shape]).values()) == pytest.approx(shape.area(), rel=1e-9)


def test_how_much_of_the_area_that_holds_most_a_polygon_is():
    """60 m × 100 m of 500 m × 1000 m in the west, 40 m × 100 m in the east."""
    shape = geometry(box(-60, 0, 100, 100))
    assert halves().percent_of_most(shape) == pytest.approx(1.2)
    assert halves().percent_of_most(geometry(box(5000, 0, 9, 9))) is None
    assert Areas.total().percent_of_most(shape) is None


def test_what_lies_outside_all_areas_belongs_to_none():
    assert halves().measure(polygons(box(2000, 0, 10, 10))) == {}
    assert sum(halves().measure(polygons(box(490, 0, 20, 10))).values()) == pytest.approx(100)


def test_polygons_with_one_key_are_one_area_even_if_they_overlap():
    found = areas(
        [box(0, 0, 10, 10), box(5, 0, 10, 10), box(50, 0, 10, 10)],
        ["Stadt", "Stadt", "Dorf"],
        ["1", "1", "2"],
    )
    assert [(area.ags, area.name) for area in found.areas] == [("1", "Stadt"), ("2", "Dorf")]
    assert found.measure(polygons(box(0, 0, 100, 10))) == {0: pytest.approx(150), 1: pytest.approx(100)}


def test_the_same_name_under_two_keys_is_two_areas():
    found = areas([box(0, 0, 10, 10), box(50, 0, 10, 10)], ["Neustadt", "Neustadt"], ["1", "2"])
    assert [(area.ags, area.name) for area in found.areas] == [("1", "Neustadt"), ("2", "Neustadt")]


def test_without_keys_the_name_tells_areas_apart():
    found = areas([box(0, 0, 10, 10), box(5, 0, 10, 10), box(50, 0, 10, 10)], ["B", "B", "A"])
    assert [(area.ags, area.name) for area in found.areas] == [(None, "A"), (None, "B")]


def test_an_area_without_a_name_is_kept():
    found = areas([box(0, 0, 10, 10), box(50, 0, 10, 10)], ["Stadt", None], ["1", "2"])
    assert [(area.ags, area.name) for area in found.areas] == [("1", "Stadt"), ("2", "–")]


@pytest.mark.parametrize("kind", [AreaKind.MUNICIPALITY, AreaKind.SPACE_TYPE, AreaKind.QUARTER])
def test_only_a_space_type_fills_the_column_of_space_types(kind):
    (area,) = areas([box(0, 0, 10, 10)], ["Innenstadt"], kind=kind).areas
    assert (area.kind, area.name) == (kind, "Innenstadt")
    assert area.raumtyp == ("Innenstadt" if kind == AreaKind.SPACE_TYPE else None)


def test_the_order_of_the_features_changes_nothing():
    shapes, names, keys = (
        [box(0, 0, 10, 10), box(20, 0, 10, 10), box(40, 0, 10, 10)],
        ["C", "A", "B"],
        ["3", "1", "2"],
    )
    one, other = areas(shapes, names, keys), areas(shapes[::-1], names[::-1], keys[::-1])
    assert one.areas == other.areas
    everything = polygons(box(0, 0, 25, 10))
    assert one.measure(everything) == other.measure(everything)


def test_a_key_with_two_names_gets_the_same_one_in_any_order():
    shapes, names = [box(0, 0, 10, 10), box(20, 0, 10, 10)], ["Stadt", "Stadt, Exklave"]
    one, other = areas(shapes, names, ["1", "1"]), areas(shapes[::-1], names[::-1], ["1", "1"])
    assert one.areas == other.areas
    assert len(one.areas) == 1


@pytest.mark.parametrize(
    ("left", "area"), [(-11, "West"), (-7, "West"), (-6, "West"), (-5, "Ost"), (0, "Ost")]
)
def test_a_building_counts_as_a_piece_where_most_of_it_lies(left, area):
    found = halves()
    sums = Sums(found, ["pieces"])
    sums.add(polygons(box(left, 0, 12, 10)), "pieces")
    counts = {place.name: sums.count("pieces", number) for number, place in enumerate(found.areas)}
    assert counts == {"West": int(area == "West"), "Ost": int(area == "Ost")}


def test_a_piece_counts_in_every_area_that_holds_more_than_half_of_it():
    """12 m wide: 12, 8, 6 and 2 m of it lie in areas that overlap; halves of disjoint ones count it once."""
    found = areas([box(0, 0, width, 10) for width in (12, 8, 6, 2)], list("ABCD"))
    sums = Sums(found, ["pieces"])
    sums.add(polygons(box(0, 0, 12, 10)), "pieces")
    assert [sums.count("pieces", number) for number in range(4)] == [1, 1, 0, 0]
    apart = Sums(halves(), ["pieces"])
    apart.add(polygons(box(-6, 0, 12, 10)), "pieces")
    assert [apart.count("pieces", number) for number in (0, 1)] == [1, 0]


def test_a_building_outside_all_areas_is_not_counted():
    sums = Sums(halves(), ["pieces"])
    sums.add(polygons(box(2000, 0, 12, 10)), "pieces")
    assert [sums.count("pieces", number) for number in (0, 1)] == [0, 0]


def test_sums_are_kept_apart_by_their_key():
    sums = Sums(halves(), ["aue", "aue.neu", "nichts"])
    sums.add(polygons(box(-6, 0, 12, 10)), "aue.neu")
    sums.add(polygons(box(10, 0, 5, 10)), "aue.neu")
    sums.add(polygons(box(-6, 0, 1, 1)), "aue")
    assert [sums.amount("aue.neu", n) for n in (0, 1)] == [pytest.approx(60), pytest.approx(110)]
    assert [sums.amount("aue", n) for n in (0, 1)] == [pytest.approx(1), 0.0]
    assert sums.amount("nichts", 0) == 0.0


@pytest.mark.parametrize("value", [None, ""])
def test_names_and_keys_without_content_still_leave_the_sums_whole(value, run):
    towns = layer(
        [box(-50, -100, 100, 150), box(-50, 50, 100, 150)], {"name": [value, value], "ags": ["1", "2"]}
    )
    result = run(
        "hz19_floodplain_buildings",
        BUILDINGS=layer([box(0, 40, 12, 20)], {"id": ["a"]}),
        FLOODPLAINS=layer([box(6, -50, 100, 200)]),
        PLANNED=True,
        AREAS=towns,
        AREAS_NAME="name",
    )
    new = [row for row in result.rows("SUMMARY") if row["kennzahl_id"] == "hz19.aue.neubau_flaeche"]
    assert [(row["gebiet"], row["ags"], row["wert"]) for row in new] == [
        ("–", "1", pytest.approx(60)),
        ("–", "2", pytest.approx(60)),
    ]


def test_areas_without_a_field_of_names_are_refused(run):
    from qgis.core import QgsProcessingException

    with pytest.raises(QgsProcessingException, match=r"AREAS_NAME.*nummer"):
        run(
            "hz19_floodplain_buildings",
            BUILDINGS=layer([box(0, 0, 12, 10)]),
            FLOODPLAINS=layer([box(6, 0, 100, 200)]),
            PLANNED=True,
            AREAS=layer([box(0, 0, 9, 9)], {"nummer": [1]}),
        )


def test_keys_that_lost_their_zero_and_names_spelled_differently_are_one_area():
    shapes = [box(20 * n, 0, 10, 10) for n in range(4)]
    found = areas(
        shapes, ["Dortmund", "DORTMUND", "Dortmund\u00a0", "Herne"], [5913000, 5913000, 5913000, 5916000]
    )
    assert [(area.ags, area.name) for area in found.areas] == [
        ("05913000", "Dortmund"),
        ("05916000", "Herne"),
    ]
    assert found.measure(polygons(box(0, 0, 100, 10))) == {0: pytest.approx(300), 1: pytest.approx(100)}


@pytest.mark.parametrize("order", [1, -1])
def test_without_keys_spellings_of_one_name_are_one_area_in_any_order(order):
    names = ["SÜDSTADT", "Su\u0308dstadt", "Südstadt", "Nordstadt"][::order]
    found = areas([box(20 * n, 0, 10, 10) for n in range(4)][::order], names)
    assert [area.name for area in found.areas] == ["Nordstadt", "Südstadt"]
    assert found.measure(polygons(box(0, 0, 100, 10))) == {0: pytest.approx(100), 1: pytest.approx(300)}
