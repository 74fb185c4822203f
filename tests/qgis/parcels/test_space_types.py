"""Raumtyp per parcel: cells and settlements by hand, every rule of the order of precedence, the sample."""

from __future__ import annotations

import itertools
import random
import shutil
from collections import Counter

import pytest
from gruene_infra.gruene_infra_plugin.methods.parcels.space_types import SpaceType
from gruene_infra.gruene_infra_plugin.paths import SAMPLE
from gruene_infra.gruene_infra_plugin.spatial.geometry.overlay import intersection
from gruene_infra.gruene_infra_plugin.spatial.settlement.settled_cells import (
    Footprints,
    settled_areas,
    split_by_cell,
)
from qgis.core import QgsProcessingException, QgsVectorLayer

from ...layer_factory import EAST, NORTH, box, changed, geometry, layer, ngon, polygon, reprojected
from ...runs import Log

COLUMN, ROW = int(EAST / 100), int(NORTH / 100)
PARCEL = box(10, 10, 50, 50)
"""In the cell whose window is (-100, -100) to (200, 200)."""
TOWN = box(-400, -400, 900, 900)


def parcels(*wkts: str) -> QgsVectorLayer:
    return layer(
        wkts or [PARCEL], {"id": [f"f{k}" for k in range(len(wkts or [PARCEL]))]}, name="flurstuecke"
    )


def built(height: float = 120.0, use: object = 2020) -> QgsVectorLayer:
    """Return one building of 300 m × ``height`` in the window: 120 m are 40 %."""
    return layer([box(-100, -100, 300, height)], {"gebaeudefunktion": [use]}, name="gebaeude")


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


def footprints(*buildings: tuple[str, bool | None]) -> Footprints:
    return Footprints([(geometry(shape), central) for shape, central in buildings], Log())


def test_a_town_is_its_settled_cells_with_what_is_built_in_and_round_them():
    shops, homes, unclear = (
        (box(10, 10, 10, 10), True),
        (box(90, 20, 20, 10), False),
        (box(-90, 0, 5, 5), None),
    )
    corner, town = footprints(shops, homes, unclear).town(geometry(box(0, 0, 150, 90)), 1)
    assert corner == (COLUMN - 1, ROW - 1)
    assert town.settled.astype(int).tolist() == [[0, 0, 0, 0], [0, 1, 1, 0], [0, 0, 0, 0]]
    assert town.built[1].tolist() == [pytest.approx(value) for value in (25, 200, 100, 0)]
    assert town.central[1].tolist() == [0, pytest.approx(100), 0, 0]
    assert town.unclear[1].tolist() == [pytest.approx(25), 0, 0, 0]


def test_buildings_that_overlap_cover_the_ground_once_and_the_larger_one_is_there():
    shapes = [(box(0, 0, 20, 20), False), (box(10, 0, 20, 10), True)]
    for order in itertools.permutations([*shapes, shapes[1]]):
        _, town = footprints(*order).town(geometry(box(0, 0, 100, 100)), 0)
        assert (town.built.item(), town.central.item()) == (pytest.approx(500), pytest.approx(100))


def test_a_cancelled_run_stops_before_the_next_thousand_buildings():
    log = Log(cancel_at=2)
    small = ((geometry(box(3 * k, 0, 2, 2)), True) for k in range(1500))
    with pytest.raises(QgsProcessingException, match="Cancelled"):
        Footprints(small, log)
    assert log.asked == 2


# -- the raster, rule by rule -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("height", "expected"), [(120.0, "Innenstadt"), (119.9, "Zwischenstadt"), (0.1, "Zwischenstadt")]
)
def test_built_up_and_in_central_use_is_inner_city(height, expected, assigned):
    assert assigned(SETTLEMENT=layer([TOWN]), BUILDINGS=built(height)) == one(expected, 100.0, "Raster")


@pytest.mark.parametrize(
    ("shops_m", "expected"), [(36.0, "Innenstadt"), (35.9, "Zwischenstadt"), (0.0, "Zwischenstadt")]
)
def test_central_use_counts_by_footprint(shops_m, expected, assigned):
    buildings = layer(
        [box(-100, -100, 300, shops_m), box(-100, shops_m - 100, 300, 120 - shops_m)],
        {"gebaeudefunktion": ["31001_2051", "31001_1010"]},
    )
    assert assigned(SETTLEMENT=layer([TOWN]), BUILDINGS=buildings) == one(expected, 100.0, "Raster")


@pytest.mark.parametrize(
    ("field", "uses", "expected"),
    [
        ("gebaeudefunktion", ("2051", "1010"), "Innenstadt"),
        ("gebaeudefunktion", (2051, 1010), "Innenstadt"),
        ("gebaeudefunktion", (2051.0, 1010.0), "Innenstadt"),
        ("gfkzshh", ("31001_1123", "31001_1010"), "Innenstadt"),
        ("gfk", ("3012", "1010"), "Innenstadt"),
        ("building", ("retail", "apartments"), "Innenstadt"),
        ("gebaeudefunktion", ("2111", "1010"), "Zwischenstadt"),
        ("building", ("industrial", "apartments"), "Zwischenstadt"),
    ],
)
def test_uses_in_the_fields_that_offices_and_openstreetmap_have(field, uses, expected, assigned):
    """Half of the footprint each; factories are dense, too, but no inner city."""
    shapes = [box(-100, -100, 300, 60), box(-100, -40, 300, 60)]
    buildings = layer(shapes, {field: list(uses)})
    assert assigned(SETTLEMENT=layer([TOWN]), BUILDINGS=buildings) == one(expected, 100.0, "Raster")


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({}, "Innenstadt"),
        ({"SEED_COVERAGE": 41.0}, "Zwischenstadt"),
        ({"SEED_CENTRAL": 51.0}, "Zwischenstadt"),
        ({"MIN_SETTLEMENT": 82.0}, "Landschaft"),
        ({"CENTRAL_VALUES": "3000-3099"}, "Zwischenstadt"),
        ({"CENTRAL_VALUES": "1010", "SEED_CENTRAL": 51.0}, "Zwischenstadt"),
        ({"CENTRAL_VALUES": "1010, 2020", "SEED_CENTRAL": 100.0}, "Innenstadt"),
    ],
)
def test_thresholds_are_parameters(parameters, expected, assigned):
    shapes = [box(-100, -100, 300, 60), box(-100, -40, 300, 60)]
    buildings = layer(shapes, {"gebaeudefunktion": [2020, 1010]})
    found = assigned(SETTLEMENT=layer([TOWN]), BUILDINGS=buildings, **parameters)
    assert found == one(expected, 100.0, "Raster")


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [({}, "Innenstadt"), ({"COVERAGE": 38.0}, "Zwischenstadt"), ({"CENTRAL": 12.0}, "Zwischenstadt")],
)
def test_what_it_grows_over_is_a_parameter(parameters, expected, assigned):
    """East of a core, houses cover 32 % and shops 4 %: 36 %, of which 11 % are in central use."""
    core = [box(-400, -400, 200, 900)]
    houses = [box(x, -400, 32, 900) for x in range(-200, 500, 100)]
    shops = [box(x + 32, -400, 4, 900) for x in range(-200, 500, 100)]
    buildings = layer(
        core + houses + shops, {"gebaeudefunktion": [2051, *[1010] * len(houses), *[2054] * len(shops)]}
    )
    found = assigned(SETTLEMENT=layer([TOWN]), BUILDINGS=buildings, **parameters)
    assert found == one(expected, 100.0, "Raster")


def test_one_inner_city_per_settlement_and_more_on_request(run):
    """Two towns; the first has two cores, of 200 m and of 300 m in width."""
    cores = [box(-300, -300, 200, 600), box(200, -300, 300, 600), box(2200, -300, 200, 600)]
    given = {
        "PARCELS": parcels(box(-210, 10, 20, 20), box(330, 10, 20, 20), box(2290, 10, 20, 20)),
        "SETTLEMENT": layer([box(-400, -400, 1000, 900), box(2000, -400, 700, 900)]),
        "BUILDINGS": layer(cores, {"gebaeudefunktion": [2051] * 3}),
    }
    for parts, expected in ((1, ["Zwischenstadt", "Innenstadt", "Innenstadt"]), (2, ["Innenstadt"] * 3)):
        found = run("space_types", **given, PARTS=parts)
        assert [row["raumtyp"] for row in sorted(found.rows(), key=lambda row: row["id"])] == expected
        assert ("could be Innenstadt" in found.log.text) == (parts == 1)


def test_outside_settlements_of_ten_hectares_is_landscape(assigned):
    farm = box(0, 0, 300, 333)
    assert assigned(SETTLEMENT=layer([farm])) == one("Landschaft", 100.0, "Raster")
    village = box(0, 0, 300, 334)
    assert assigned(SETTLEMENT=layer([village]), BUILDINGS=built(10.0)) == one(
        "Zwischenstadt", 100.0, "Raster"
    )


def test_the_border_of_the_settlement_cuts_a_parcel_exactly(assigned):
    settled = layer([box(30, -300, 500, 600)])
    found = assigned(
        PARCELS=parcels(box(0, 0, 100, 10), box(0, 20, 50, 10)), SETTLEMENT=settled, BUILDINGS=built(10.0)
    )
    assert found == one("Zwischenstadt", 70.0, "Raster") + one("Landschaft", 60.0, "Raster")


def test_a_parcel_over_cells_of_two_types_gets_the_larger_share(assigned):
    """50 m lie in column 1, whose window is built to 40 %; 150 m in columns 2 and 3 with 6.7 % and 0 %."""
    buildings = layer([box(0, -100, 120, 300)], {"gebaeudefunktion": [2020]})
    found = assigned(PARCELS=parcels(box(150, 10, 200, 10)), SETTLEMENT=layer([TOWN]), BUILDINGS=buildings)
    assert found == one("Zwischenstadt", 75.0, "Raster")


# -- what is missing ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ((), "Siedlungsfläche fehlt"),
        (("BUILDINGS",), "Siedlungsfläche fehlt"),
        (("SETTLEMENT",), "Gebäude fehlen"),
    ],
)
def test_a_missing_layer_leaves_the_type_open_and_is_named(given, reason, assigned):
    layers = {"SETTLEMENT": layer([TOWN]), "BUILDINGS": built()}
    assert assigned(**{name: layers[name] for name in given}) == one(None, None, f"unbekannt: {reason}")


@pytest.mark.parametrize("use", [None, "", 0, 9998, "31001_9998", "51009_1610", "yes", "Ladenzeile", 98, -1])
def test_where_no_use_is_known_the_built_share_decides_alone_and_says_so(use, run):
    for height, expected in ((120.0, "Innenstadt"), (119.0, "Zwischenstadt")):
        found = run("space_types", PARCELS=parcels(), SETTLEMENT=layer([TOWN]), BUILDINGS=built(height, use))
        (row,) = found.rows()
        assert (row["raumtyp"], row["raumtyp_quelle"]) == (expected, "Raster, nur bebauter Anteil")
        assert "the use of most buildings is unknown" in found.log.text


def test_uses_in_no_field_are_unknown_too(assigned):
    buildings = layer([box(-100, -100, 300, 120)], {"art": ["Ladenzeile"]})
    found = assigned(SETTLEMENT=layer([TOWN]), BUILDINGS=buildings)
    assert found == one("Innenstadt", 100.0, "Raster, nur bebauter Anteil")


def test_words_that_are_not_listed_are_counted_with_an_example(run):
    given = {"PARCELS": parcels(), "SETTLEMENT": layer([TOWN]), "BUILDINGS": built(use="Ladenzeile")}
    assert (
        "1 buildings have uses that are not listed, such as “Ladenzeile”"
        in run("space_types", **given).log.text
    )
    for listed in ("CENTRAL_VALUES", "OTHER_VALUES"):
        found = run("space_types", **given, **{listed: "Ladenzeile"})
        assert "not listed" not in found.log.text
        expected = "Innenstadt" if listed == "CENTRAL_VALUES" else "Zwischenstadt"
        assert [(row["raumtyp"], row["raumtyp_quelle"]) for row in found.rows()] == [(expected, "Raster")]


def test_uses_unknown_in_part_leave_open_what_they_could_change(assigned):
    """20 % of the footprint is shops, and the use of 20 % is not known: with it there could be 40 %."""
    heights = (24.0, 24.0, 72.0)
    shapes = [box(-100, -100 + sum(heights[:k]), 300, height) for k, height in enumerate(heights)]
    buildings = layer(shapes, {"gebaeudefunktion": ["2051", "9998", "1010"]})
    found = assigned(SETTLEMENT=layer([TOWN]), BUILDINGS=buildings)
    assert found == one(None, None, "unbekannt: Gebäudenutzung nicht bekannt")
    assert assigned(SETTLEMENT=layer([TOWN]), BUILDINGS=buildings, SEED_CENTRAL=41.0) == one(
        "Zwischenstadt", 100.0, "Raster"
    )
    assert assigned(SETTLEMENT=layer([TOWN]), BUILDINGS=buildings, MIN_USE_KNOWN=81.0) == one(
        "Innenstadt", 100.0, "Raster, nur bebauter Anteil"
    )


def half_recorded() -> dict[str, QgsVectorLayer]:
    """Return a town of 4 km with buildings in its western half, and parcels in its core, west and east."""
    houses = [box(x, y, 40, 40) for x in range(-1900, 0, 100) for y in range(-400, 500, 100)]
    core = [box(-1200, -300, 300, 300)]
    return {
        "PARCELS": parcels(box(-1060, -160, 20, 20), box(-1800, 10, 50, 50), box(1000, 10, 50, 50)),
        "SETTLEMENT": layer([box(-2000, -400, 4000, 900)]),
        "BUILDINGS": layer(core + houses, {"gebaeudefunktion": [2051, *[1010] * len(houses)]}),
    }


def test_buildings_of_half_a_town_tell_neither_its_centre_nor_the_other_half(assigned):
    given = half_recorded()
    assert assigned(**given) == [
        (None, None, "unbekannt: Gebäude fehlen in großen Teilen der Siedlung"),
        ("Zwischenstadt", pytest.approx(100.0), "Raster"),
        (None, None, "unbekannt: Gebäude fehlen"),
    ]
    assert [kind for kind, _, _ in assigned(**given, MIN_BUILDINGS=40.0)] == [
        "Innenstadt",
        "Zwischenstadt",
        None,
    ]
    assert [kind for kind, _, _ in assigned(**given, MAX_GAP=2500.0)] == [
        "Innenstadt",
        "Zwischenstadt",
        "Zwischenstadt",
    ]


def test_buildings_of_another_town_tell_nothing(assigned):
    elsewhere = layer([box(30_000, 0, 300, 300)], {"gebaeudefunktion": [2051]})
    found = assigned(SETTLEMENT=layer([TOWN]), BUILDINGS=elsewhere)
    assert found == one(None, None, "unbekannt: Gebäude fehlen")


@pytest.mark.parametrize(
    ("away", "kind"), [(1000, "Landschaft"), (1940, "Landschaft"), (1960, None), (50_000, None)]
)
def test_far_outside_the_settlement_data_nothing_is_landscape(away, kind, assigned):
    east_of_it = parcels(box(500 + away, 0, 50, 50))
    found = assigned(PARCELS=east_of_it, SETTLEMENT=layer([TOWN]))
    expected = one(kind, 100.0, "Raster") if kind else one(None, None, "unbekannt: Siedlungsfläche fehlt")
    assert found == expected
    near = assigned(PARCELS=east_of_it, SETTLEMENT=layer([TOWN]), SETTLEMENT_REACH=away + 50.0)
    assert near == one("Landschaft", 100.0, "Raster")


@pytest.mark.parametrize(
    "given",
    [
        {"SETTLEMENT": layer([box(-400, -400, 900_000, 900_000)])},
        {"BUILDINGS": layer([box(0, 0, 11_000, 11_000)], {"gebaeudefunktion": [2020]})},
        {"MAX_GAP": 1e9},
    ],
    ids=lambda given: next(iter(given)),
)
def test_what_is_larger_than_any_settlement_is_refused_by_its_size(given, assigned):
    layers = {"SETTLEMENT": layer([TOWN]), "BUILDINGS": built()}
    with pytest.raises(QgsProcessingException, match=r"reaches over \d+ km × \d+ km"):
        assigned(**layers | given)


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
    spots = [(dice.uniform(-450, 600), dice.uniform(-450, 600)) for _ in range(160)]
    return {
        "PARCELS": parcels(*(box(x, y, dice.uniform(5, 90), dice.uniform(5, 90)) for x, y in spots[:60])),
        "SPACE_TYPES": typed(
            *(box(x, y, 60, 40) for x, y in spots[:9]),
            words=("Innenstadt", "Landschaft", "Zwischenstadt") * 3,
        ),
        "SETTLEMENT": layer([box(-500, -500, 700, 500), box(-500, 0, 800, 400), box(100, 350, 300, 300)]),
        "BUILDINGS": layer(
            [box(x, y, 60, 50) for x, y in spots], {"gebaeudefunktion": [1010, 2020, 9998, 1100] * 40}
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


def test_buildings_come_in_another_crs(assigned):
    for height, expected in ((121.0, "Innenstadt"), (119.0, "Zwischenstadt")):
        laea = reprojected(built(height), "EPSG:3035")
        found = assigned(SETTLEMENT=layer([TOWN]), BUILDINGS=laea)
        assert found == one(expected, 100.0, "Raster")


# -- the sample ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def musterstadt(run, tmp_path_factory) -> Counter:
    """Parcels of the sample by the type that is drawn there and by that of the raster.

    The settled area is everything drawn as Innenstadt or Zwischenstadt.
    """
    copy = shutil.copy(SAMPLE, tmp_path_factory.mktemp("sample"))  # opening it counts a change in the file

    def sample(name: str, subset: str = "") -> QgsVectorLayer:
        return QgsVectorLayer(f"{copy}|layername={name}{subset}", name, "ogr")

    parcels = sample("flurstuecke")
    drawn = run("space_types", PARCELS=parcels, SPACE_TYPES=sample("raumtypen"))
    raster = run(
        "space_types",
        PARCELS=parcels,
        SETTLEMENT=sample("raumtypen", "|subset=raumtyp <> 'Landschaft'"),
        BUILDINGS=sample("gebaeude"),
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
