"""HZ 13, loss of corridors: values by hand, and what is not assessable."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from qgis.core import QgsGeometry, QgsPointXY

from ...layer_factory import EAST, NORTH, box, geometry, layer, ngon, polygon

LOSS, SHARE, GAIN = "hz13.verlust.flaeche", "hz13.verlust.anteil", "hz13.gewinn.flaeche"
WHOLE, CUT = box(0, 0, 1000, 500), box(0, 0, 1000, 497)
ACROSS = box(100, 490, 10, 20)
"""A building of 200 m² of which 70 m² lie south of the new border and 30 m² in the strip that was lost."""


def example(_folder: Path) -> dict[str, object]:
    """Six corridors of 100 m × 100 m, three in each town; 10 m of one of each are lost, and 10 m won.

    Of five buildings of 10 m × 10 m in each town that stand in the corridors, two are new.
    """
    six, ten = range(6), range(10)
    before = [box(200 * k, 0, 100, 100) for k in six]
    now = [box(200 * k, 0, 90 if k % 3 == 0 else 110 if k % 3 == 1 else 100, 100) for k in six]
    names = [f"Zug {k}" for k in six]
    houses = [box(200 * (k % 6) + 20, 20 if k < 6 else 60, 10, 10) for k in ten]
    return {
        "CORRIDORS": layer(now, {"zug": names}, name="gruenzuege"),
        "CORRIDORS_BEFORE": layer(before, {"zug": names}, name="gruenzuege_2010"),
        "NAME_FIELD": "zug",
        "BEFORE_NAME_FIELD": "zug",
        "BUILDINGS": layer(
            houses,
            {
                "id": [f"b{k}" for k in ten],
                "baujahr": [2020 if k in (0, 1, 3, 4) else 1990 for k in ten],
                "was": ["Wohnhaus", "Halle"] * 5,
            },
            name="gebaeude",
        ),
        "BUILDINGS_BEFORE": layer([h for k, h in enumerate(houses) if k not in (0, 1, 3, 4)], name="frueher"),
        "YEAR_FIELD": "baujahr",
        "FUNCTION_FIELD": "was",
        "REFERENCE_YEAR": 2016,
        "AREAS": layer(
            [box(-50, -100, 600, 300), box(550, -100, 650, 300)],
            {"gemeinde": ["Westen", "Osten"], "ags": ["05999001", "05999002"]},
            name="gemeinden",
        ),
        "AREAS_NAME": "gemeinde",
        "AREAS_KEY": "ags",
    }


def corridors(*shapes, names=None, moved=(0.0, 0.0), turn=0.0, name="gruenzuege"):
    found = []
    for wkt in shapes:
        shape = QgsGeometry(geometry(wkt))
        shape.translate(*moved)
        shape.rotate(turn, QgsPointXY(EAST, NORTH))
        found.append(shape)
    return layer(found, {"gruenzug": list(names or [f"Zug {k}" for k, _ in enumerate(shapes)])}, name=name)


def houses(*shapes, years=None, uses=None):
    fields = {
        "baujahr": list(years or [2020] * len(shapes)),
        "funktion": list(uses or ["Halle"] * len(shapes)),
    }
    return layer(list(shapes), fields, name="gebaeude")


def towns(*shapes):
    numbers = range(len(shapes))
    fields = {"gemeinde": [f"Ort {k}" for k in numbers], "ags": [f"0599900{k}" for k in numbers]}
    return layer(list(shapes), fields, name="gemeinden")


@pytest.fixture
def loss(run):
    def measured(now, before=None, **more):
        given = {"REFERENCE_YEAR": 2016} if "BUILDINGS" in more else {}
        before = {} if before is None else {"CORRIDORS_BEFORE": before}
        return run("hz13_corridor_loss", CORRIDORS=now, **{**before, **given, **more})

    return measured


def value(found, variant="gesamt", kind=LOSS, area="Gesamt"):
    return found.findings[kind, variant, area]


# -- worked examples --------------------------------------------------------------------------------------


def test_a_moved_layer_lost_nothing_and_the_finding_says_that_it_is_moved(loss):
    found = loss(corridors(WHOLE, moved=(0.5, 0.3)), corridors(WHOLE))
    row = value(found, "entlassen")
    assert (row["wert"], row["status"]) == (0.0, "erreicht")
    assert "shifted by 0.58 m (0.50 m to the east, 0.30 m to the north) and was moved back" in row["annahmen"]
    assert value(found, "gewinn", GAIN)["wert"] == 0.0
    assert found.rows() == []


@pytest.mark.parametrize("moved", [(0.0, 0.0), (0.5, 0.3), (-0.4, 0.9)])
@pytest.mark.parametrize("turn", [0.0, 23.0])
def test_a_strip_of_three_metres_along_the_road_is_found(loss, moved, turn):
    found = loss(corridors(CUT, moved=moved, turn=turn), corridors(WHOLE, turn=turn))
    row = value(found, "entlassen")
    assert (row["wert"], row["status"]) == (pytest.approx(3000.0, abs=0.05), "Lücke")
    assert row["luecke_abs"] == pytest.approx(3000.0, abs=0.05)
    assert value(found, "entlassen", SHARE)["wert"] == pytest.approx(0.6, abs=1e-4)
    (piece,) = found.rows()
    assert piece["breite_max_m"] == pytest.approx(3.0, abs=0.011)
    assert (piece["art"], piece["gruenzug"], piece["rang"], piece["grund"]) == ("entlassen", "Zug 0", 1, None)


def test_without_the_search_for_a_shift_the_strip_is_measured_wrong(loss):
    found = loss(corridors(CUT, moved=(0.5, 0.3)), corridors(WHOLE), SHIFT_MAX=0)
    assert value(found, "entlassen")["wert"] == pytest.approx(2700, abs=1)


def test_a_building_across_the_new_border_counts_with_its_part_inside(loss):
    """3 000 m² are lost to the border, 30 m² of them under the house; 70 m² of the house stand inside."""
    found = loss(corridors(CUT), corridors(WHOLE), BUILDINGS=houses(ACROSS))
    assert value(found, "bebaut")["wert"] == pytest.approx(70)
    assert value(found, "entlassen")["wert"] == pytest.approx(3000)
    row = value(found)
    assert (row["wert"], row["status"], row["ist_leitwert"]) == (pytest.approx(3070), "Lücke", 1)
    assert value(found, "gesamt", SHARE)["wert"] == pytest.approx(100 * 3070 / 500_000)
    rows = {row["art"]: row for row in found.rows()}
    assert (rows["bebaut"]["flaeche_m2"], rows["bebaut"]["grund"]) == (pytest.approx(70), "Halle")
    assert (rows["entlassen"]["rang"], rows["bebaut"]["rang"]) == (1, 2)


@pytest.mark.parametrize("moved", [(0.0, 0.0), (0.5, 0.3)])
def test_buildings_are_not_moved_back_with_the_plan(loss, moved):
    """Half of 10 m × 20 m stands inside the western border; moved back by 0.5 m it would be 90 m²."""
    across = houses(box(-5, 100, 10, 20))
    found = loss(corridors(WHOLE, moved=moved), corridors(WHOLE), BUILDINGS=across)
    assert value(found, "bebaut")["wert"] == pytest.approx(100, abs=0.05)


def test_a_side_that_is_lost_is_not_explained_by_half_of_a_shift(loss):
    found = loss(corridors(box(0, 0, 98.5, 100)), corridors(box(0, 0, 100, 100)))
    row = value(found, "entlassen")
    assert row["wert"] == pytest.approx(150)
    assert "no common shift of the dates: only 49 % of the border" in row["annahmen"]


def test_a_strip_narrower_than_the_tolerance_is_dropped_and_printed(loss):
    row = value(loss(corridors(box(0, 0, 1000, 499.6)), corridors(WHOLE)), "entlassen")
    assert (row["wert"], row["status"]) == (0.0, "erreicht")
    assert "in all areas together: 400.0 m²" in row["annahmen"]


# -- no place counts twice, and no survey is taken for a change ---------------------------------------------


def test_losses_do_not_overlap_and_add_up(loss):
    blocks = [box(10 + 40 * k, 480, 30, 30) for k in range(10)] + [box(0, 0, 50, 50), box(25, 25, 50, 50)]
    found = loss(corridors(CUT), corridors(WHOLE), BUILDINGS=houses(*blocks))
    pieces = [feature.geometry() for feature in found.layer().getFeatures()]
    whole = QgsGeometry.unaryUnion(pieces)
    built = 10 * 30 * 17 + 2 * 2500 - 625
    assert sum(piece.area() for piece in pieces) == pytest.approx(whole.area())
    assert value(found)["wert"] == pytest.approx(3000 + built) == pytest.approx(whole.area())


def test_renamed_merged_and_split_corridors_lose_nothing(loss):
    halves = corridors(box(0, 0, 500, 500), box(500, 0, 500, 500), names=["Ost", "West"])
    found = loss(halves, corridors(WHOLE, names=["Emscher"]))
    assert value(found, "entlassen")["wert"] == 0.0
    assert value(loss(corridors(WHOLE), halves), "entlassen")["wert"] == 0.0


def test_a_gain_makes_up_for_no_loss(loss):
    found = loss(corridors(box(0, 0, 1000, 450), box(2000, 0, 300, 300)), corridors(WHOLE))
    assert value(found, "entlassen")["wert"] == pytest.approx(50_000)
    row = value(found, "gewinn", GAIN)
    assert (row["wert"], row["status"]) == (pytest.approx(90_000), "Zielwert offen")
    gained = next(row for row in found.rows() if row["art"] == "gewinn")
    assert (gained["rang"], gained["gruenzug"]) == (None, "Zug 1")


def test_what_is_delivered_twice_counts_once(loss):
    found = loss(
        corridors(CUT, CUT), corridors(WHOLE, WHOLE, names=["A", "A"]), BUILDINGS=houses(ACROSS, ACROSS)
    )
    assert value(found)["wert"] == pytest.approx(3070)
    assert value(found)["nenner"] == 1
    assert "corridors delivered twice at the earlier date: 1" in value(found)["annahmen"]


def test_a_building_drawn_in_two_pieces_is_one_loss(loss):
    pieces = houses(box(100, 100, 10, 20), box(110, 100, 10, 20), uses=["Halle", "Büro"])
    found = loss(corridors(WHOLE), corridors(WHOLE), BUILDINGS=pieces)
    (row,) = found.rows()
    assert (row["flaeche_m2"], row["grund"]) == (pytest.approx(400), "Büro")


def test_an_extension_counts_with_its_new_part_and_noise_does_not(loss):
    found = loss(
        corridors(WHOLE),
        corridors(WHOLE),
        BUILDINGS=houses(box(0, 0, 20, 10), box(100, 0, 10.3, 10), years=[1990, 1990]),
        BUILDINGS_BEFORE=layer([box(0, 0, 14, 10), box(100, 0, 10, 10)], name="frueher"),
    )
    assert value(found, "bebaut")["wert"] == pytest.approx(60)


@pytest.mark.parametrize(("before", "now"), [(WHOLE, CUT), (box(0, 0, 600, 600), box(0, 0, 600, 520))])
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.floats(-1, 1), st.floats(-1, 1), st.floats(0, 90))
def test_neither_place_nor_direction_nor_pieces_change_the_loss(loss, before, now, east, north, turn):
    lost = geometry(before).area() - geometry(now).area()
    left = geometry(now).intersection(geometry(box(-10, -10, 250, 900))).asWkt(6)
    right = geometry(now).difference(geometry(box(-10, -10, 250, 900))).asWkt(6)
    found = loss(corridors(right, left, moved=(east, north), turn=turn), corridors(before, turn=turn))
    assert value(found, "entlassen")["wert"] == pytest.approx(lost, abs=0.2)
    assert value(found, "gewinn", GAIN)["wert"] == 0


def test_a_border_drawn_again_by_hand_loses_nothing(loss):
    again = [
        (x + 0.15 * (-1) ** k, y - 0.1 * (-1) ** (k // 2)) for k, (x, y) in enumerate(ngon(0, 0, 300, 60))
    ]
    found = loss(corridors(polygon(again)), corridors(polygon(ngon(0, 0, 300, 60))))
    assert value(found, "entlassen")["wert"] == 0.0


# -- areas --------------------------------------------------------------------------------------------------


def test_losses_are_exact_parts_of_areas_and_an_area_without_corridor_has_no_row(loss):
    areas = towns(box(0, -100, 400, 800), box(400, -100, 900, 800), box(1300, -100, 500, 800))
    stock = houses(ACROSS, box(700, 0, 10, 10), years=[2020, 1990])
    found = loss(corridors(CUT), corridors(WHOLE), BUILDINGS=stock, AREAS=areas)
    assert value(found, area="Ort 0")["wert"] == pytest.approx(1200 + 70)
    assert value(found, area="Ort 1")["wert"] == pytest.approx(1800)
    assert not [key for key in found.findings if key[2] == "Ort 2"]
    assert {(row["art"], row["gebiet"]) for row in found.rows()} == {
        ("entlassen", "Ort 1"),
        ("bebaut", "Ort 0"),
    }


def test_an_area_in_which_one_date_has_no_corridor_is_not_assessable(loss):
    west, east = box(0, 0, 1000, 500), box(5000, 0, 1000, 500)
    areas = towns(box(0, -100, 2000, 800), box(4000, -100, 3000, 800))
    for now, before, part in (
        ((west,), (west, east), "Green corridors ["),
        ((west, east), (west,), "earlier date"),
    ):
        found = loss(corridors(*now), corridors(*before), AREAS=areas)
        row = value(found, "entlassen", area="Ort 1")
        assert (row["status"], row["wert"]) == ("nicht bewertbar", None)
        assert part in row["annahmen"]
        assert value(found, "entlassen", area="Ort 0")["status"] == "erreicht"


def test_half_of_a_later_layer_is_no_loss_of_the_other_half(loss):
    """Of a corridor of 6 km one half is delivered: 2 km of it lie farther than 1 km from any."""
    found = loss(corridors(box(0, 0, 3000, 500)), corridors(box(0, 0, 6000, 500)))
    row = value(found, "entlassen")
    assert (row["status"], row["abdeckung_proz"]) == ("nicht bewertbar", pytest.approx(75, abs=6))


# -- what is not assessable ---------------------------------------------------------------------------------


def test_with_one_date_only_new_buildings_are_assessable(loss):
    found = loss(corridors(WHOLE), BUILDINGS=houses(box(10, 10, 10, 10)))
    assert value(found, "bebaut")["wert"] == pytest.approx(100)
    for variant, kind in (("gesamt", LOSS), ("entlassen", LOSS), ("gewinn", GAIN)):
        row = value(found, variant, kind)
        assert (row["status"], row["wert"]) == ("nicht bewertbar", None)
        assert "without CORRIDORS_BEFORE" in row["annahmen"]


def test_without_buildings_only_the_border_is_assessable(loss):
    found = loss(corridors(CUT), corridors(WHOLE))
    assert value(found, "entlassen")["wert"] == pytest.approx(3000)
    assert [value(found, v)["status"] for v in ("gesamt", "bebaut")] == ["nicht bewertbar"] * 2


@pytest.mark.parametrize(
    ("years", "status"), [([2020, None], "nicht bewertbar"), ([2020, -9999], "nicht bewertbar")]
)
def test_buildings_of_unknown_age_limit_what_they_rest_on(loss, years, status):
    found = loss(
        corridors(CUT), corridors(WHOLE), BUILDINGS=houses(box(0, 0, 10, 10), box(50, 0, 10, 10), years=years)
    )
    assert [value(found, v)["status"] for v in ("gesamt", "bebaut")] == [status] * 2
    assert "only 50 % of the building area" in value(found, "bebaut")["annahmen"]
    assert value(found, "entlassen")["wert"] == pytest.approx(3000)


@pytest.mark.parametrize(("year", "built"), [(2020, 200), (1990, 0)])
def test_ground_of_which_one_of_two_deliveries_tells_the_age_is_dated(loss, year, built):
    """The same house 5 mm beside, without a year: only 0.1 m² of it lie on ground of unknown age."""
    twice = houses(box(100, 100, 10, 20), box(100.005, 100, 10, 20), years=[year, -9999])
    row = value(loss(corridors(WHOLE), corridors(WHOLE), BUILDINGS=twice), "bebaut")
    assert row["wert"] == pytest.approx(built)
    assert row["abdeckung_proz"] == pytest.approx(100 * (1 - 0.1 / 200.1), abs=1e-3)


def test_buildings_without_any_word_on_their_age_are_not_assessable(loss):
    row = value(
        loss(corridors(CUT), corridors(WHOLE), BUILDINGS=houses(ACROSS), REFERENCE_YEAR=None), "bebaut"
    )
    assert (row["status"], row["wert"]) == ("nicht bewertbar", None)
    assert "nobody says what is new" in row["annahmen"]


def test_an_edition_at_another_scale_is_another_basis(loss):
    coarse = polygon(ngon(500, 250, 420, 40))
    found = loss(corridors(coarse), corridors(WHOLE), BUILDINGS=houses(box(400, 200, 10, 10)))
    for variant in ("entlassen", "gesamt"):
        assert value(found, variant)["status"] == "nicht bewertbar"
        assert "another basis" in value(found, variant)["annahmen"]
    assert value(found, "bebaut")["wert"] == pytest.approx(100)


def test_a_corridor_that_loses_most_of_itself_is_no_other_basis(loss):
    found = loss(corridors(box(0, 0, 300, 500)), corridors(WHOLE))
    assert value(found, "entlassen")["wert"] == pytest.approx(350_000)


def test_needles_and_outlines_that_cross_themselves_do_no_harm(loss):
    needle = polygon([(200, 200), (900, 200.001), (200, 200.002)])
    bow = polygon([(1100, 0), (1200, 100), (1200, 0), (1100, 100)])
    found = loss(corridors(CUT, needle, bow), corridors(WHOLE, bow, needle))
    assert value(found, "entlassen")["wert"] == pytest.approx(3000, abs=0.1)
