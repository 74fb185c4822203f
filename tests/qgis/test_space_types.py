"""Raumtyp per parcel: cells and settlements by hand, every rule of the order of precedence, the sample."""

from __future__ import annotations

import itertools
import random
import shutil
from collections import Counter

import pytest
from gruene_infra.gruene_infra_plugin.methods.space_types import SpaceType
from gruene_infra.gruene_infra_plugin.paths import SAMPLE
from gruene_infra.gruene_infra_plugin.spatial.overlay import intersection
from gruene_infra.gruene_infra_plugin.spatial.settlement import (
    Neighbourhood,
    settled_areas,
    split_by_cell,
    square_round,
)
from qgis.core import QgsGeometry, QgsProcessingException, QgsVectorLayer

from ..layer_factory import EAST, NORTH, box, changed, geometry, layer, ngon, point, polygon, reprojected
from ..runs import Log

COLUMN, ROW = int(EAST / 100), int(NORTH / 100)
PARCEL = box(10, 10, 50, 50)
"""In the cell whose window is (-100, -100) to (200, 200)."""
TOWN = box(-500, -500, 1200, 1200)
NINE = [(x, y) for x in (-50, 50, 150) for y in (-50, 50, 150)]
"""Centres of the cells of the window."""


def parcels(*wkts: str) -> QgsVectorLayer:
    return layer(
        wkts or [PARCEL], {"id": [f"f{k}" for k in range(len(wkts or [PARCEL]))]}, name="flurstuecke"
    )


def built(height: float = 105.0, use: int | None = 1010, storeys: int | None = 3) -> QgsVectorLayer:
    """Return one building of 300 m × ``height`` in the window: 105 m are 35 %."""
    fields = {"gebaeudefunktion": [use], "geschosse": [storeys]}
    return layer([box(-100, -100, 300, height)], fields, name="gebaeude")


def census(people: object, places: list = NINE) -> QgsVectorLayer:
    return layer([point(*at) for at in places], {"Einwohner": [people] * len(places)}, name="zensus")


def typed(*wkts: str, words: tuple[str | None, ...]) -> QgsVectorLayer:
    return layer(wkts, {"raumtyp": list(words)}, name="raumtypen")


@pytest.fixture
def assigned(run):
    """Run with the given layers; return type, share and origin per parcel, in the order of their ids."""

    def start(**parameters: object) -> list[tuple]:
        found = run("space_types", **({"PARCELS": parcels()} | parameters)).rows()
        found.sort(key=lambda row: row["id"])
        return [(row["raumtyp"], row["raumtyp_anteil"], row["raumtyp_quelle"]) for row in found]

    return start


def one(kind: str | None, percent: float | None, origin: str) -> list[tuple]:
    return [(kind, percent if percent is None else pytest.approx(percent), origin)]


# -- cells --------------------------------------------------------------------------------------------------


def test_a_polygon_is_cut_at_full_hundreds_of_metres():
    parts = {
        (c - COLUMN, r - ROW): part.area() for (c, r), part in split_by_cell(geometry(box(50, -20, 200, 40)))
    }
    expected = {(c, r): w * 20 for c, w in ((0, 50), (1, 100), (2, 50)) for r in (-1, 0)}
    assert parts == {cell: pytest.approx(area) for cell, area in expected.items()}


def test_a_polygon_that_ends_at_a_border_reaches_into_no_further_cell():
    assert [cell for cell, _ in split_by_cell(geometry(box(0, 0, 100, 100)))] == [(COLUMN, ROW)]


@pytest.mark.parametrize("corners", [3, 7, 500])
def test_parts_make_up_the_whole_and_each_is_what_lies_in_its_cell(corners):
    whole = geometry(polygon(ngon(37, -61, 333, corners)))
    parts = list(split_by_cell(whole))
    assert sum(part.area() for _, part in parts) == pytest.approx(whole.area(), rel=1e-9)
    assert len({cell for cell, _ in parts}) == len(parts)
    for (column, row), part in parts:
        cell = geometry(box(100 * (column - COLUMN), 100 * (row - ROW), 100, 100))
        assert part.area() == pytest.approx(intersection(whole, cell).area(), abs=1e-4)


def test_a_census_point_stands_for_the_cell_round_it():
    square = square_round(geometry(point(50, 50)))
    assert [(cell, part.area()) for cell, part in split_by_cell(square)] == [((COLUMN, ROW), 10_000.0)]


@pytest.mark.parametrize(
    ("boxes", "areas"),
    [
        ([(0, 0, 100, 1000)], [100_000]),
        ([(0, 0, 99.99, 1000)], []),
        ([(0, 0, 50, 1000), (50, 0, 50, 1000)], [100_000]),
        ([(0, 0, 60, 1000), (40, 0, 60, 1000)], [100_000]),
        ([(0, 0, 60, 1000), (20, 0, 60, 1000)], []),
        ([(0, 0, 50, 1000), (51, 0, 50, 1000)], []),
        ([(0, 0, 250, 200), (250, 200, 250, 200)], []),
        ([(0, 0, 400, 400), (900, 0, 300, 300)], [160_000]),
    ],
)
def test_settlements_count_from_ten_hectares_on_once_dissolved(boxes, areas):
    found = settled_areas([geometry(box(*b)) for b in boxes], 100_000)
    assert [part.area() for part in found] == [pytest.approx(area) for area in areas]


def test_a_window_sums_nine_cells_and_no_tenth():
    nearby = Neighbourhood(Log())
    nearby.add_buildings((geometry(box(100 * k + 10, 10, 10, 10)), True, 2.0) for k in range(-2, 4))
    nearby.add_buildings([(geometry(box(10, 90, 20, 20)), False, None)])
    window = nearby.window((COLUMN, ROW))
    assert (window.built, window.described) == (pytest.approx(300 + 400), pytest.approx(300))
    assert (window.floor, window.non_residential) == (pytest.approx(600), 0.0)
    assert nearby.window((COLUMN + 9, ROW)).built == 0.0


def test_buildings_that_overlap_cover_the_ground_once_and_the_larger_one_is_there():
    shapes = [(geometry(box(0, 0, 20, 20)), True, 1.0), (geometry(box(10, 0, 20, 10)), False, 5.0)]
    for order in itertools.permutations([*shapes, shapes[1]]):
        nearby = Neighbourhood(Log())
        nearby.add_buildings(order)
        window = nearby.window((COLUMN, ROW))
        assert (window.built, window.non_residential) == (pytest.approx(500), pytest.approx(500))
        assert window.floor == pytest.approx(400 + 500)


def test_people_are_spread_over_their_cell_and_two_numbers_for_one_cell_are_none():
    nearby = Neighbourhood(Log())
    half_outside, twice = square_round(geometry(point(200, 50))), square_round(geometry(point(50, 50)))
    nearby.add_population([(half_outside, 90.0), (half_outside, 90.0), (twice, 1.0), (twice, 2.0)])
    window = nearby.window((COLUMN, ROW))
    assert (window.people, window.counted) == (pytest.approx(45), pytest.approx(5_000))
    assert window.suppressed == pytest.approx(10_000)


def test_a_cancelled_run_stops_before_the_next_thousand_buildings():
    log = Log(cancel_at=2)
    small = ((geometry(box(3 * k, 0, 2, 2)), True, 1.0) for k in range(1500))
    nearby = Neighbourhood(log)
    with pytest.raises(QgsProcessingException, match="Cancelled"):
        nearby.add_buildings(small)
    assert log.asked == 2


# -- the raster, rule by rule -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("height", "people", "expected"),
    [
        (105.0, 75, "Innenstadt"),
        (105.0, 74, "Zwischenstadt"),
        (104.9, 75, "Zwischenstadt"),
        (0.1, 500, "Zwischenstadt"),
    ],
)
def test_built_up_and_dense_is_inner_city(height, people, expected, assigned):
    found = assigned(SETTLEMENT=layer([TOWN]), BUILDINGS=built(height=height), POPULATION=census(people))
    assert found == one(expected, 100.0, "Raster")


@pytest.mark.parametrize(
    ("offices_m", "storeys", "expected"),
    [
        (31.5, (1, 1), "Innenstadt"),
        (31.4, (1, 1), "Zwischenstadt"),
        (31.5, (1, 2), "Zwischenstadt"),  # 31.5 of 178.5
        (15.75, (3, 1), "Innenstadt"),  # 47.25 of 136.5
    ],
)
def test_built_up_and_in_use_is_inner_city_by_floor_area(offices_m, storeys, expected, assigned):
    buildings = layer(
        [box(-100, -100, 300, offices_m), box(-100, offices_m - 100, 300, 105 - offices_m)],
        {"gebaeudefunktion": [2020, 1010], "geschosse": list(storeys)},
    )
    found = assigned(SETTLEMENT=layer([TOWN]), BUILDINGS=buildings, POPULATION=census(10))
    assert found == one(expected, 100.0, "Raster")


@pytest.mark.parametrize(
    ("parameter", "value"), [("COVERAGE", 36.0), ("DENSITY", 81.0), ("MIN_SETTLEMENT", 145.0)]
)
def test_every_threshold_is_a_parameter(parameter, value, assigned):
    given = {"SETTLEMENT": layer([TOWN]), "BUILDINGS": built(), "POPULATION": census(80)}
    assert assigned(**given) == one("Innenstadt", 100.0, "Raster")
    expected = "Landschaft" if parameter == "MIN_SETTLEMENT" else "Zwischenstadt"
    assert assigned(**given, **{parameter: value}) == one(expected, 100.0, "Raster")


def test_the_other_thresholds_are_parameters_too(assigned):
    given = {"SETTLEMENT": layer([TOWN]), "POPULATION": census(10)}
    offices = built(use=2020)
    assert assigned(**given, BUILDINGS=offices) == one("Innenstadt", 100.0, "Raster")
    living = {"BUILDINGS": offices, "RESIDENTIAL_VALUES": "1000-1199, 2020"}
    assert assigned(**given, **living) == one("Zwischenstadt", 100.0, "Raster")
    few = {"SETTLEMENT": layer([TOWN]), "BUILDINGS": built(), "POPULATION": census(70, NINE[:8])}
    assert assigned(**few) == one("Zwischenstadt", 100.0, "Raster")
    assert assigned(**few, MIN_KNOWN=90.0) == one(None, None, "unbekannt: Einwohnerdichte nicht bekannt")


def test_outside_settlements_of_ten_hectares_is_landscape(assigned):
    farm = box(0, 0, 300, 333)
    assert assigned(SETTLEMENT=layer([farm])) == one("Landschaft", 100.0, "Raster")
    village = box(0, 0, 300, 334)
    assert assigned(SETTLEMENT=layer([village]), BUILDINGS=built(10.0)) == one(
        "Zwischenstadt", 100.0, "Raster"
    )


def test_the_border_of_the_settlement_cuts_a_parcel_exactly(assigned):
    settled = layer([box(30, -500, 1000, 1000)])
    found = assigned(
        PARCELS=parcels(box(0, 0, 100, 10), box(0, 20, 50, 10)), SETTLEMENT=settled, BUILDINGS=built(10.0)
    )
    assert found == one("Zwischenstadt", 70.0, "Raster") + one("Landschaft", 60.0, "Raster")


def test_a_parcel_over_cells_of_two_types_gets_the_larger_share(assigned):
    """50 m lie in column 1, whose window is built to 35 %; 150 m in columns 2 and 3 with 1.7 % and 0 %."""
    buildings = layer([box(0, -100, 35 * 3, 300)], {"gebaeudefunktion": [2020], "geschosse": [1]})
    found = assigned(PARCELS=parcels(box(150, 10, 200, 10)), SETTLEMENT=layer([TOWN]), BUILDINGS=buildings)
    assert found == one("Zwischenstadt", 75.0, "Raster")


# -- what is missing ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ((), "Siedlungsfläche fehlt"),
        (("BUILDINGS", "POPULATION"), "Siedlungsfläche fehlt"),
        (("SETTLEMENT",), "Gebäude fehlen"),
        (("SETTLEMENT", "POPULATION"), "Gebäude fehlen"),
        (("SETTLEMENT", "BUILDINGS"), "Einwohnerdichte nicht bekannt"),
    ],
)
def test_a_missing_layer_leaves_the_type_open_and_is_named(given, reason, assigned):
    layers = {"SETTLEMENT": layer([TOWN]), "BUILDINGS": built(), "POPULATION": census(80)}
    assert assigned(**{name: layers[name] for name in given}) == one(None, None, f"unbekannt: {reason}")


@pytest.mark.parametrize("people", ["–", None, "", -1, "nan"])
def test_suppressed_people_are_not_nobody(people, assigned):
    given = {"SETTLEMENT": layer([TOWN]), "POPULATION": census(people)}
    for absent in (False, True):
        found = assigned(**given, BUILDINGS=built(), ABSENT_IS_EMPTY=absent)
        assert found == one(None, None, "unbekannt: Einwohnerdichte nicht bekannt")
        assert assigned(**given, BUILDINGS=built(use=2020)) == one("Innenstadt", 100.0, "Raster")


def test_cells_that_the_census_leaves_out_are_empty_only_on_request(assigned):
    given = {"SETTLEMENT": layer([TOWN]), "BUILDINGS": built(), "POPULATION": census("70,0", NINE[:1])}
    assert assigned(**given) == one(None, None, "unbekannt: Einwohnerdichte nicht bekannt")
    assert assigned(**given, ABSENT_IS_EMPTY=True) == one("Zwischenstadt", 100.0, "Raster")


@pytest.mark.parametrize(("use", "storeys"), [(None, 3), (9998, 3), (2020, None), (2020, 0)])
def test_buildings_without_use_or_storeys_decide_nothing(use, storeys, assigned):
    given = {"SETTLEMENT": layer([TOWN]), "BUILDINGS": built(use=use, storeys=storeys)}
    assert assigned(**given, POPULATION=census(10)) == one(
        None, None, "unbekannt: Gebäudenutzung nicht bekannt"
    )
    assert assigned(**given, POPULATION=census(80)) == one("Innenstadt", 100.0, "Raster")


@pytest.mark.parametrize(("storeys", "expected"), [(1, "Zwischenstadt"), (0, None)])
def test_no_storeys_are_not_a_floor_area_of_zero(storeys, expected, assigned):
    """29 % of the footprint is offices: 12 % of the floor area with one storey, and unknown with none."""
    buildings = layer(
        [box(-100, -100, 300, 30), box(-100, -70, 300, 75)],
        {"gebaeudefunktion": [2020, 1010], "geschosse": [storeys, 3]},
    )
    found = assigned(SETTLEMENT=layer([TOWN]), BUILDINGS=buildings, POPULATION=census(10))
    assert [kind for kind, _, _ in found] == [expected]


def test_parcels_without_type_are_counted_in_the_log(run):
    found = run("space_types", PARCELS=parcels(PARCEL, box(100, 0, 10, 10)))
    assert "2 parcels remain without a Raumtyp" in found.log.text


# -- precedence ---------------------------------------------------------------------------------------------

RASTER = {"SETTLEMENT": layer([TOWN]), "BUILDINGS": built(10.0)}
"""Zwischenstadt."""
ZONE = {"ZONES": layer([PARCEL], {"zone": ["Außenzone"]}, name="zonen")}


def test_own_polygons_go_before_zones_and_these_before_the_raster(assigned):
    own = {"SPACE_TYPES": typed(PARCEL, words=("Innenstadt",))}
    assert assigned(**RASTER) == one("Zwischenstadt", 100.0, "Raster")
    assert assigned(**RASTER, **ZONE) == one("Landschaft", 100.0, "RVR-Zone")
    assert assigned(**RASTER, **ZONE, **own) == one("Innenstadt", 100.0, "Polygon")


@pytest.mark.parametrize(
    ("zone", "expected"),
    [("Verdichtungszone", "Innenstadt"), ("Übergangszone", "Zwischenstadt"), ("außenzone", "Landschaft")],
)
def test_zones_of_the_rvr(zone, expected, assigned):
    zones = layer([PARCEL], {"art": [zone]})
    assert assigned(ZONES=zones, ZONE_FIELD="art") == one(expected, 100.0, "RVR-Zone")


@pytest.mark.parametrize(
    ("width", "expected"), [(24, "Zwischenstadt"), (25, "Innenstadt"), (26, "Innenstadt")]
)
def test_the_larger_share_decides_between_polygon_and_raster_and_half_is_a_tie(width, expected, assigned):
    own = typed(box(10, 10, width, 50), words=("Innenstadt",))
    (found,) = assigned(**RASTER, SPACE_TYPES=own)
    share = 2 * width if expected == "Innenstadt" else 100 - 2 * width
    assert found == (expected, pytest.approx(share), "Polygon" if expected == "Innenstadt" else "Raster")


def test_overlapping_polygons_belong_to_the_first_type_in_any_order(assigned):
    shapes = [
        (PARCEL, "Landschaft"),
        (box(10, 10, 30, 50), "Zwischenstadt"),
        (box(10, 10, 20, 50), "Innenstadt"),
    ]
    for order in itertools.permutations(shapes):
        own = typed(*(wkt for wkt, _ in order), words=tuple(word for _, word in order))
        assert assigned(SPACE_TYPES=own) == one("Innenstadt", 40.0, "Polygon")


def test_a_polygon_without_a_word_leaves_its_place_to_the_next_rule(run):
    own = typed(PARCEL, PARCEL, words=(None, " "))
    found = run("space_types", PARCELS=parcels(), SPACE_TYPES=own, **RASTER)
    assert [row["raumtyp_quelle"] for row in found.rows()] == ["Raster"]
    assert "raumtypen]: 2 polygons without a Raumtyp are not used" in found.log.text


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (
            {"SPACE_TYPES": typed(PARCEL, words=("Vorstadt",))},
            "raumtypen.*“Vorstadt” is none of Innenstadt, Zwischenstadt, Landschaft",
        ),
        (
            {"ZONES": layer([PARCEL], {"zone": ["Innenstadt"]}, name="zonen")},
            "zonen.*“Innenstadt” is none of Verdichtungszone, Übergangszone, Außenzone",
        ),
        (
            {"SPACE_TYPES": layer([PARCEL], {"art": ["Innenstadt"]}, name="raumtypen")},
            "raumtypen.*SPACE_TYPE_FIELD among art",
        ),
        ({"ZONES": layer([PARCEL], {"art": ["x"]}, name="zonen")}, "zonen.*choose ZONE_FIELD among art"),
    ],
)
def test_what_names_no_type_is_refused_by_name(given, expected, run):
    with pytest.raises(QgsProcessingException, match=expected):
        run("space_types", PARCELS=parcels(), **given)


# -- the whole ----------------------------------------------------------------------------------------------


def many() -> dict[str, QgsVectorLayer]:
    dice = random.Random(7)
    spots = [(dice.uniform(-450, 600), dice.uniform(-450, 600)) for _ in range(120)]
    return {
        "PARCELS": parcels(*(box(x, y, dice.uniform(5, 90), dice.uniform(5, 90)) for x, y in spots[:60])),
        "SPACE_TYPES": typed(
            *(box(x, y, 60, 40) for x, y in spots[:9]),
            words=("Innenstadt", "Landschaft", "Zwischenstadt") * 3,
        ),
        "SETTLEMENT": layer([box(-500, -500, 700, 500), box(-500, 0, 800, 400), box(100, 350, 300, 300)]),
        "BUILDINGS": layer(
            [box(x, y, 60, 50) for x, y in spots],
            {"gebaeudefunktion": [1010, 2020, None, 1100] * 30, "geschosse": [3, 1, 2, None, 5] * 24},
        ),
        "POPULATION": layer(
            [point(100 * x - 437, 100 * y - 461) for x in range(10) for y in range(10)],
            {"Einwohner": [str(k % 9 * 15) if k % 7 else "–" for k in range(100)]},
        ),
    }


def test_the_order_of_features_changes_nothing(assigned):
    dice = random.Random(1)
    given = many()
    first = assigned(**given)
    assert {kind for kind, _, _ in first} == {"Innenstadt", "Zwischenstadt", "Landschaft", None}
    shuffled = {
        name: changed(one, lambda features: dice.sample(features, len(features)))
        for name, one in given.items()
    }
    again = assigned(**shuffled)
    assert [(kind, origin) for kind, _, origin in again] == [(kind, origin) for kind, _, origin in first]
    assert [share for _, share, _ in again] == [share and pytest.approx(share) for _, share, _ in first]


def test_a_parcel_gets_the_same_type_alone_as_among_others(assigned):
    given = many()
    together = assigned(**given)
    for number in (0, 17, 42):
        alone = changed(given["PARCELS"], lambda features, k=number: [features[k]])
        ids = sorted(feature["id"] for feature in given["PARCELS"].getFeatures())
        (found,) = assigned(**(given | {"PARCELS": alone}))
        kind, share, origin = together[ids.index(f"f{number}")]
        assert found == (kind, share and pytest.approx(share), origin)


def test_a_parcel_that_repeats_another_one_comes_once(run):
    found = run("space_types", PARCELS=parcels(PARCEL, PARCEL, box(100, 0, 10, 10)))
    assert len(found.rows()) == 2
    assert "1 parcels repeat another one exactly" in found.log.text


def test_the_census_comes_in_its_own_crs(assigned):
    points = [(100 * x + 50, 100 * y + 50) for x in range(-4, 5) for y in range(-4, 5)]
    for people, expected in ((90, "Innenstadt"), (60, "Zwischenstadt")):
        laea = reprojected(census(people, points), "EPSG:3035")
        found = assigned(SETTLEMENT=layer([TOWN]), BUILDINGS=built(), POPULATION=laea)
        assert found == one(expected, 100.0, "Raster")


# -- the sample ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def musterstadt(run, tmp_path_factory) -> Counter:
    """Parcels of the sample by the type that is drawn there and by that of the raster.

    The settled area is everything drawn as Innenstadt or Zwischenstadt. The sample has no population; 100
    people live on every hectare here, so that the built share alone decides.
    """
    copy = shutil.copy(SAMPLE, tmp_path_factory.mktemp("sample"))  # opening it counts a change in the file

    def sample(name: str, subset: str = "") -> QgsVectorLayer:
        return QgsVectorLayer(f"{copy}|layername={name}{subset}", name, "ogr")

    parcels = sample("flurstuecke")
    extent = QgsGeometry.fromRect(parcels.extent().buffered(300))
    drawn = run("space_types", PARCELS=parcels, SPACE_TYPES=sample("raumtypen"))
    raster = run(
        "space_types",
        PARCELS=parcels,
        SETTLEMENT=sample("raumtypen", "|subset=raumtyp <> 'Landschaft'"),
        BUILDINGS=sample("gebaeude"),
        POPULATION=layer([extent], {"Einwohner": [extent.area() / 100]}),
    )
    types = [{row["flstkennz"]: row["raumtyp"] for row in found.rows()} for found in (drawn, raster)]
    return Counter((types[0][key], types[1][key]) for key in types[0])


def test_every_parcel_of_the_sample_gets_a_type(musterstadt):
    assert musterstadt.total() > 3000
    for side in (0, 1):
        assert {pair[side] for pair in musterstadt} == {str(kind) for kind in SpaceType}


def test_the_raster_of_the_sample_takes_nothing_outside_the_drawn_inner_city_for_one(musterstadt):
    assert set(musterstadt) == {
        ("Landschaft", "Landschaft"),
        ("Zwischenstadt", "Zwischenstadt"),
        ("Innenstadt", "Zwischenstadt"),
        ("Innenstadt", "Innenstadt"),
    }


def test_only_the_densest_part_of_the_drawn_inner_city_is_built_to_the_default_share(musterstadt):
    found, missed = (musterstadt["Innenstadt", kind] for kind in ("Innenstadt", "Zwischenstadt"))
    assert 0.1 < found / (found + missed) < 0.3
