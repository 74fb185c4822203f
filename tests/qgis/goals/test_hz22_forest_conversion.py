"""HZ 22, forest conversion: values by hand, and what is not assessable."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from qgis.core import QgsGeometry, QgsPointXY

from ...layer_factory import EAST, NORTH, box, geometry, layer, ngon, polygon

AREA, SHARE = "hz22.umwandlung.flaeche", "hz22.umwandlung.anteil"
WHOLE, LEFT = box(0, 0, 1000, 1000), box(0, 0, 900, 1000)
HOUSES, SCRUB = box(900, 0, 50, 1000), box(950, 0, 50, 1000)


def example(_folder: Path) -> dict[str, object]:
    """Six forests of 100 m × 100 m, three in each town; 30 m of each are lost to houses, scrub or a field.

    Of six houses of 12 m × 12 m in the forests two are new.
    """
    six = range(6)
    kinds = ["Wald"] * 6
    lost = [box(200 * k + 70, 0, 30, 100) for k in six]
    uses = ["Wohnbaufläche", "Gehölz", "Acker"] * 2
    houses = [box(200 * k + 20, 20, 12, 12) for k in six]
    return {
        "FOREST": layer(
            [box(200 * k, 0, 70, 100) for k in six] + lost, {"art": kinds + uses}, name="landnutzung"
        ),
        "FOREST_BEFORE": layer(
            [box(200 * k, 0, 100, 100) for k in six], {"art": kinds}, name="landnutzung_2010"
        ),
        "BUILT": layer(
            [shape for shape, use in zip(lost, uses, strict=True) if use == "Wohnbaufläche"] + houses,
            {"art": ["Wohnbaufläche"] * 2 + ["Haus"] * 6},
            name="siedlung",
        ),
        "BUILT_BEFORE": layer([houses[k] for k in (0, 1, 4, 5, 5)], name="siedlung_2010"),
        "KIND_FIELD": "art",
        "FOREST_BEFORE_KIND_FIELD": "art",
        "BUILT_KIND_FIELD": "art",
        "YEARS": 10,
        "AREAS": layer(
            [box(-50, -100, 600, 300), box(550, -100, 650, 300)],
            {"gemeinde": ["Westen", "Osten"], "ags": ["05999001", "05999002"]},
            name="gemeinden",
        ),
        "AREAS_NAME": "gemeinde",
        "AREAS_KEY": "ags",
    }


def uses(*pairs, moved=(0.0, 0.0), turn=0.0, name="landnutzung"):
    found = []
    for wkt, _ in pairs:
        shape = QgsGeometry(geometry(wkt))
        shape.translate(*moved)
        shape.rotate(turn, QgsPointXY(EAST, NORTH))
        found.append(shape)
    return layer(found, {"nutzart": [kind for _, kind in pairs]}, name=name)


def towns(*shapes):
    numbers = range(len(shapes))
    fields = {"gemeinde": [f"Ort {k}" for k in numbers], "ags": [f"0599900{k}" for k in numbers]}
    return layer(list(shapes), fields, name="gemeinden")


BEFORE = [(WHOLE, "Wald")]
NOW = [(LEFT, "Wald"), (HOUSES, "Wohnbaufläche"), (SCRUB, "Gehölz")]
BUILT = [(HOUSES, "Wohnbaufläche")]


@pytest.fixture
def converted(run):
    def measured(now=NOW, before=BEFORE, built=BUILT, moved=(0.0, 0.0), turn=0.0, **more):
        given = {} if built is None else {"BUILT": uses(*built, moved=moved, turn=turn, name="siedlung")}
        return run(
            "hz22_forest_conversion",
            FOREST=uses(*now, moved=moved, turn=turn),
            FOREST_BEFORE=uses(*before, turn=turn, name="landnutzung_2010"),
            **given,
            **more,
        )

    return measured


def value(found, variant="bebaut", kind=AREA, area="Gesamt"):
    return found.findings[kind, variant, area]


def by_kind(found):
    sizes: dict[str, float] = {}
    for row in found.rows():
        sizes[row["art"]] = sizes.get(row["art"], 0) + row["flaeche_ha"]
    return {kind: pytest.approx(size, abs=1e-3) for kind, size in sizes.items()}


# -- worked examples ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("moved", [(0.0, 0.0), (1.2, 0.9), (-2.5, 3.5)])
@pytest.mark.parametrize("turn", [0.0, 29.0])
def test_half_of_the_lost_forest_is_built_up_and_half_is_recoded(converted, moved, turn):
    """5 ha of 100 ha are built up and 5 ha are called woodland, also where the later survey is moved."""
    found = converted(moved=moved, turn=turn)
    assert value(found)["wert"] == pytest.approx(5.0, abs=1e-3)
    assert value(found, "alle")["wert"] == pytest.approx(5.0, abs=1e-3)
    assert value(found, kind=SHARE)["wert"] == pytest.approx(5.0, abs=1e-3)
    assert by_kind(found) == {"bebaut": 5.0, "umkodiert": 5.0}
    notes = value(found)["annahmen"]
    assert "called woodland now and not counted, in all areas together: 5.00 ha" in notes
    assert ("was moved back" in notes) == (moved != (0.0, 0.0))
    assert (value(found)["status"], value(found)["ist_leitwert"]) == ("Zielwert offen", 1)
    assert [row["nutzung_neu"] for row in sorted(found.rows(), key=lambda row: row["rang"])] == [
        "Wohnbaufläche",
        "Gehölz",
    ]


def test_figures_per_year(converted):
    found = converted(YEARS=8)
    assert value(found, "bebaut_je_jahr_8")["wert"] == pytest.approx(5 / 8)
    assert value(found, "alle_je_jahr_8", SHARE)["wert"] == pytest.approx(5 / 8)
    assert not [key for key in converted().findings if "jahr" in key[1]]


def test_what_has_another_use_is_lost_and_not_built_up(converted):
    found = converted(now=[(LEFT, "Wald"), (HOUSES, "Wohnbaufläche"), (SCRUB, "Acker")])
    assert (value(found)["wert"], value(found, "alle")["wert"]) == (pytest.approx(5), pytest.approx(10))
    assert by_kind(found) == {"bebaut": 5.0, "sonstiges": 5.0}


@pytest.mark.parametrize("word", ["unbestockt", "Kahlschlag 2020", "Windwurffläche", "Blöße"])
def test_forest_without_trees_is_still_forest(converted, word):
    found = converted(now=[(LEFT, "Wald"), (HOUSES, "Wohnbaufläche"), (SCRUB, word)])
    assert by_kind(found) == {"bebaut": 5.0}


@pytest.mark.parametrize("kind", [None, "-9999", "unbekannt"])
def test_an_unknown_new_use_is_no_other_use(converted, kind):
    found = converted(now=[(LEFT, "Wald"), (HOUSES, "Acker"), (SCRUB, kind)], built=BUILT)
    assert by_kind(found) == {"bebaut": 5.0, "unbekannt": 5.0}
    row = value(found, "alle")
    assert (row["status"], row["abdeckung_proz"]) == ("nicht bewertbar", pytest.approx(50))
    assert "known of only 50 %" in row["annahmen"]
    assert value(found)["wert"] == pytest.approx(5)


def test_where_a_layer_of_all_land_use_is_silent_the_new_use_is_unknown(converted):
    silent = converted(now=[(LEFT, "Wald"), (HOUSES, "Wohnbaufläche")])
    assert by_kind(silent) == {"bebaut": 5.0, "unbekannt": 5.0}
    only_forest = converted(now=[(LEFT, "Wald")])
    assert by_kind(only_forest) == {"bebaut": 5.0, "sonstiges": 5.0}


# -- houses in the forest -----------------------------------------------------------------------------------

HOUSE, OLD_HOUSE = box(100, 100, 20, 20), box(300, 300, 20, 20)


def test_a_new_house_in_the_forest_of_both_dates_is_built_up_and_an_old_one_is_not(converted):
    built = [*BUILT, (HOUSE, "Haus"), (OLD_HOUSE, "Haus"), (HOUSE, "Haus")]
    found = converted(built=built, BUILT_BEFORE=layer([OLD_HOUSE, OLD_HOUSE], name="siedlung_2010"))
    assert value(found)["wert"] == pytest.approx(5.04)
    assert [row["flaeche_ha"] for row in found.rows() if row["nutzung_neu"] == "Haus"] == [
        pytest.approx(0.04)
    ]


def test_without_the_earlier_buildings_houses_in_the_forest_are_told_and_not_counted(converted):
    found = converted(built=[*BUILT, (HOUSE, "Haus"), (OLD_HOUSE, "Haus")])
    assert value(found)["wert"] == pytest.approx(5.0)
    assert "not counted without BUILT_BEFORE, in all areas together: 0.08 ha" in value(found)["annahmen"]


@pytest.mark.parametrize("pieces", [1, 2, 6])
def test_a_new_house_in_the_forest_that_is_drawn_in_pieces_is_one(converted, pieces):
    """A house of 12 m × 12 m in pieces of 2 m at least, each of another use: none of them is noise."""
    width = 12 / pieces
    house = [(box(100 + width * k, 100, width, 12), f"Haus {k}") for k in range(pieces)]
    found = converted(built=[*BUILT, *house], BUILT_BEFORE=layer([OLD_HOUSE], name="siedlung_2010"))
    assert value(found)["wert"] == pytest.approx(5.0144)
    assert [row["flaeche_ha"] for row in found.rows() if row["nutzung_neu"] == "Haus 0"] == [
        pytest.approx(0.0144)
    ]


def test_new_houses_in_the_forest_below_the_least_area_are_told_to_be_dropped(converted):
    huts = [(box(100 + 50 * k, 100, 9, 9), "Hütte") for k in range(10)]
    row = value(converted(built=[*BUILT, *huts], BUILT_BEFORE=layer([OLD_HOUSE], name="siedlung_2010")))
    assert row["wert"] == pytest.approx(5.0)
    assert (
        "dropped as survey noise (no wider than 2 m or below 100 m²), in all areas together: 0.08 ha"
        in (row["annahmen"])
    )


# -- invariants ---------------------------------------------------------------------------------------------


def test_pieces_do_not_overlap_and_what_is_given_twice_counts_once(converted):
    shares = [(box(880, 0, 60, 1000), "Straße"), *BUILT, *BUILT]
    found = converted(now=[*NOW, *NOW], before=[*BEFORE, *BEFORE], built=shares)
    pieces = [feature.geometry() for feature in found.layer().getFeatures()]
    assert sum(piece.area() for piece in pieces) == pytest.approx(QgsGeometry.unaryUnion(pieces).area())
    assert value(found)["wert"] == pytest.approx(5.0)
    assert value(found)["nenner"] == 1


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.floats(50, 850), st.floats(0, 90))
def test_division_into_polygons_and_their_order_change_nothing(converted, cut, turn):
    parts = [(box(cut, 0, 900 - cut, 1000), "Wald"), (box(0, 0, cut, 1000), "Wald")]
    strips = [(box(900, 250 * k, 50, 250), "Wohnbaufläche") for k in (3, 1, 0, 2)]
    found = converted(now=[*NOW[::-1][:2], *parts], built=strips, turn=turn)
    assert value(found)["wert"] == pytest.approx(5.0, abs=1e-3)
    assert by_kind(found) == {"bebaut": 5.0, "umkodiert": 5.0}


def test_growth_makes_up_for_no_loss(converted):
    found = converted(now=[*NOW, (box(-500, 0, 200, 1000), "Wald")])
    assert value(found)["wert"] == pytest.approx(5.0)
    assert by_kind(found) == {"bebaut": 5.0, "umkodiert": 5.0, "zuwachs": 20.0}
    assert [row["rang"] for row in found.rows() if row["art"] == "zuwachs"] == [None]


def test_strips_as_narrow_as_the_tolerance_are_dropped_and_told(converted):
    row = value(converted(now=[(box(0, 0, 998.5, 1000), "Wald")]))
    assert row["wert"] == 0
    assert "in all areas together: 0.15 ha" in row["annahmen"]


# -- areas, and what is not assessable ----------------------------------------------------------------------


def test_losses_are_exact_parts_of_areas_and_an_area_without_forest_has_no_row(converted):
    areas = towns(box(0, 0, 1000, 400), box(0, 400, 1000, 600), box(2000, 0, 500, 500))
    found = converted(before=[*BEFORE, (box(2000, 0, 500, 500), "Acker")], AREAS=areas)
    assert value(found, area="Ort 0")["wert"] == pytest.approx(2.0)
    assert value(found, area="Ort 1")["wert"] == pytest.approx(3.0)
    assert value(found, kind=SHARE, area="Ort 1")["wert"] == pytest.approx(5.0)
    assert not [key for key in found.findings if key[2] == "Ort 2"]


def test_without_built_up_land_only_the_change_of_forest_is_assessable(converted):
    found = converted(built=None)
    for variant, kind in (("bebaut", AREA), ("bebaut", SHARE), ("alle", AREA)):
        assert value(found, variant, kind)["status"] == "nicht bewertbar"
        assert "without BUILT nobody says" in value(found, variant, kind)["annahmen"]
    row = value(found, "alle", SHARE)
    assert row["wert"] == pytest.approx(5.0)
    assert "a change of forest and no conversion" in row["annahmen"]


def test_an_area_that_one_date_does_not_reach_is_not_assessable(converted):
    far = box(5000, 0, 1000, 1000)
    areas = towns(box(-100, -100, 1500, 1500), box(4500, -100, 2000, 1500))
    for now, before in ((NOW, [*BEFORE, (far, "Wald")]), ([*NOW, (far, "Wald")], BEFORE)):
        found = converted(now=now, before=before, AREAS=areas)
        row = value(found, "alle", area="Ort 1")
        assert (row["status"], row["wert"]) == ("nicht bewertbar", None)
        assert value(found, "alle", area="Ort 0")["wert"] == pytest.approx(5.0)


def test_another_map_is_no_second_date(converted):
    found = converted(now=[(polygon(ngon(480, 520, 560, 48)), "Wald")])
    assert value(found)["status"] == "nicht bewertbar"
    assert "another basis" in value(found)["annahmen"]


def test_only_the_words_for_built_up_land_count_in_a_layer_of_all_land_use(converted):
    found = converted(built=[*NOW], BUILT_VALUES="Wohn*")
    assert value(found)["wert"] == pytest.approx(5.0)
    assert by_kind(found) == {"bebaut": 5.0, "umkodiert": 5.0}


def test_built_up_land_of_unknown_kind_limits_what_is_built_up(converted):
    """Of 10 ha lost 5 ha are built up, 2 ha lie under a polygon without a kind, 3 ha are a field."""
    doubtful = (box(950, 0, 50, 400), None)
    now = [(LEFT, "Wald"), (HOUSES, "Wohnbaufläche"), (SCRUB, "Acker")]
    found = converted(now=now, built=[*BUILT, doubtful], BUILT_VALUES="Wohn*")
    assert by_kind(found) == {"bebaut": 5.0, "unbekannt": 2.0, "sonstiges": 3.0}
    assert value(found)["abdeckung_proz"] == pytest.approx(80)
    small = converted(now=now, built=[*BUILT, doubtful, (box(950, 400, 50, 20), None)], BUILT_VALUES="Wohn*")
    assert value(small)["status"] == "nicht bewertbar"
    assert converted(now=now, built=[*BUILT, doubtful]).findings[AREA, "bebaut", "Gesamt"][
        "wert"
    ] == pytest.approx(7)


@pytest.mark.parametrize("kind", [None, "-9999", "unbekannt"])
@pytest.mark.parametrize(("known", "told"), [(500, False), (790, False), (810, True)])
def test_ground_of_unknown_kind_at_the_earlier_date_may_have_been_forest(converted, kind, known, told):
    """Nobody says whether the rest of the square was forest: it is neither no forest nor growth."""
    before = [(box(0, 0, known, 1000), "Wald"), (box(known, 0, 1000 - known, 1000), kind)]
    found = converted(before=before)
    for variant, unit in (("bebaut", AREA), ("alle", AREA), ("bebaut", SHARE)):
        row = value(found, variant, unit)
        assert row["abdeckung_proz"] == pytest.approx(known / 10)
        assert (row["wert"], row["status"] == "nicht bewertbar") == (0.0 if told else None, not told)
    assert found.rows() == []


def test_an_area_whose_earlier_land_use_is_unknown_throughout_is_not_assessable(converted):
    areas = towns(box(0, 0, 500, 1000), box(500, 0, 500, 1000))
    found = converted(before=[(box(0, 0, 500, 1000), "Wald"), (box(500, 0, 500, 1000), None)], AREAS=areas)
    row = value(found, area="Ort 1")
    assert (row["status"], row["wert"]) == ("nicht bewertbar", None)


def test_houses_beyond_the_earlier_buildings_are_of_unknown_age(converted):
    """Of 16 houses in 8 km of forest the earlier survey reaches 9; 7 of these stood before, 2 are new."""
    wood, old = box(0, 0, 8000, 500), [box(500 * k + 50, 50, 20, 20) for k in range(16)]
    given = {"now": [(wood, "Wald")], "before": [(wood, "Wald")]}
    stock = layer(old[:7], name="siedlung_2010")
    row = value(converted(built=[(house, "Haus") for house in old], BUILT_BEFORE=stock, **given))
    assert (row["status"], row["wert"]) == ("nicht bewertbar", None)
    assert (row["zaehler"], row["abdeckung_proz"]) == (pytest.approx(0.08), pytest.approx(100 * 9 / 16))
    assert "known of only 56 % of the ground of BUILT" in row["annahmen"]
    row = value(converted(built=[(house, "Haus") for house in old[:10]], BUILT_BEFORE=stock, **given))
    assert (row["wert"], row["abdeckung_proz"]) == (pytest.approx(0.08), pytest.approx(90))


def test_houses_of_unknown_kind_in_the_forest_limit_what_is_built_up(converted):
    """Of 20 houses of 400 m² one stood before; ten have no kind, one of which stood before as well."""
    houses = [(box(40 * k, 100, 20, 20), "Haus" if k < 10 else None) for k in range(20)]
    stock = layer([houses[0][0], houses[19][0]], name="siedlung_2010")
    given = {"now": BEFORE, "BUILT_VALUES": "Haus", "BUILT_BEFORE": stock}
    row = value(converted(built=houses, **given))
    assert (row["zaehler"], row["wert"]) == (pytest.approx(0.36), None)
    assert row["abdeckung_proz"] == pytest.approx(100 * 10 / 19)
    row = value(converted(built=[*houses[:12], houses[19]], **given))
    assert (row["wert"], row["abdeckung_proz"]) == (pytest.approx(0.36), pytest.approx(100 * 10 / 12))
