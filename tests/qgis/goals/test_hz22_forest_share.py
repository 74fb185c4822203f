"""HZ 22, forest share: values by hand under each definition, and what is not assessable."""

from __future__ import annotations

from pathlib import Path

import pytest
from qgis.core import QgsProcessingException

from ...layer_factory import box, layer, polygon

TOWN = box(0, 0, 3000, 3000)
FOREST, BESIDE = box(0, 0, 1000, 2000), box(1000, 0, 50, 100)
BELT, COPSE = box(2000, 0, 8, 500), box(2000, 1000, 30, 30)


def example(_folder: Path) -> dict[str, object]:
    """Six forests of 100 m × 100 m and one of unknown kind, in two towns of 100 ha each."""
    shapes = [box(150 * k, 0, 100, 100) for k in range(6)] + [box(0, 300, 50, 50), box(1500, 0, 900, 900)]
    kinds = ["43002"] * 3 + ["43003"] * 3 + [None, "41001"]
    return {
        "FOREST": layer(shapes, {"objart": kinds}, name="landnutzung"),
        "KIND_FIELD": "objart",
        "AREAS": layer(
            [box(0, 0, 1000, 1000), box(1000, 0, 2000, 1000)],
            {"gemeinde": ["Westen", "Osten"], "ags": ["05999001", "05999002"]},
            name="gemeinden",
        ),
        "AREAS_NAME": "gemeinde",
        "AREAS_KEY": "ags",
    }


def towns(*shapes: str):
    names = [f"Ort {number}" for number, _ in enumerate(shapes)]
    keys = [f"0599900{number}" for number, _ in enumerate(shapes)]
    return layer(list(shapes), {"gemeinde": names, "ags": keys}, name="gemeinden")


def forests(*shapes: str, kinds: list | None = None):
    return layer(list(shapes), {"objart": kinds or ["43002"] * len(shapes)}, name="wald")


@pytest.fixture
def share(run):
    def measured(forest, areas=None, **more) -> dict[tuple[str, str], dict]:
        given = {} if areas is None else {"AREAS": areas}
        found = run("hz22_forest_share", FOREST=forest, **given, **more)
        rows = [row for row in found.rows("SUMMARY") if row["gebiet_art"] != "Region"]
        return {(row["variante_id"], row["gebiet"]): row for row in rows}

    return measured


def test_three_definitions_of_one_town(share):
    shapes = forests(FOREST, BELT, COPSE, BESIDE, kinds=["43002", "43003", "43003", "43003"])
    found = share(shapes, towns(TOWN))
    values = {key: row["wert"] for (key, _), row in found.items()}
    assert values == {
        "wald": pytest.approx(100 * 200 / 900),
        "wald_und_gehoelz": pytest.approx(100 * 200.99 / 900),
        "wald_bwi": pytest.approx(100 * 200.5 / 900, abs=1e-6),
    }
    row = found["wald", "Ort 0"]
    assert (row["zaehler"], row["nenner"]) == (pytest.approx(200), pytest.approx(900))
    assert (row["status"], row["ist_leitwert"], row["ziel"]) == ("Beitrag", 1, 25)
    assert row["luecke"] is None


def test_the_whole_owes_the_hectares_that_are_missing(run):
    rows = run("hz22_forest_share", FOREST=forests(FOREST), AREAS=towns(TOWN), AREAS_KIND="Region").rows(
        "SUMMARY"
    )
    row = next(row for row in rows if row["variante_id"] == "wald")
    assert (row["status"], row["luecke_abs"], row["luecke_einheit"]) == ("Lücke", pytest.approx(25.0), "ha")


def test_several_towns_get_the_verdict_of_the_region_in_the_same_run(run):
    areas = towns(box(0, 0, 1000, 1000), box(1000, 0, 1000, 1000))
    found = run(
        "hz22_forest_share", FOREST=forests(box(0, 0, 1000, 300), box(1900, 0, 100, 1000)), AREAS=areas
    )
    means = [r for r in found.rows("SUMMARY") if r["gebiet_art"] == "Region" and r["variante_id"] == "wald"]
    assert [(row["wert"], row["status"]) for row in means] == [(pytest.approx(20.0), "Lücke")] * 2
    assert means[1]["luecke_abs"] == pytest.approx(10.0)


@pytest.mark.parametrize("repeats", [1, 3])
def test_overlaps_and_doubles_count_once(share, repeats):
    shapes = [box(0, 0, 1000, 1000), box(500, 0, 1000, 1000)] * repeats
    assert share(forests(*shapes), towns(TOWN))["wald", "Ort 0"]["zaehler"] == pytest.approx(150)


def test_a_forest_drawn_in_two_pieces_is_one(share):
    halves = share(forests(box(0, 0, 500, 1000), box(500, 0, 500, 1000)), towns(TOWN))
    whole = share(forests(box(0, 0, 1000, 1000)), towns(TOWN))
    assert [r["wert"] for r in halves.values()] == pytest.approx([r["wert"] for r in whole.values()])


def test_a_hole_outside_its_shell_takes_nothing_away(share):
    """Its signed area is negative, and a plain sum would fall."""
    odd = polygon([(0, 0), (100, 0), (100, 100), (0, 100)], [(500, 0), (900, 0), (900, 400), (500, 400)])
    found = share(forests(odd, box(0, 1000, 100, 100)), towns(TOWN))
    assert found["wald", "Ort 0"]["zaehler"] >= 2.0


def test_a_track_through_a_forest_does_not_part_it_and_does_not_count(share):
    """Halves of 30 m × 20 m are too small by themselves; the track of 4 m between them is none of it."""
    shapes = forests(box(0, 0, 30, 20), box(0, 24, 30, 20))
    small = share(shapes, towns(TOWN))["wald_bwi", "Ort 0"]
    assert small["zaehler"] == pytest.approx(0.12, abs=1e-4)
    assert share(shapes, towns(TOWN), MERGE_GAP=3)["wald_bwi", "Ort 0"]["zaehler"] == pytest.approx(0)


def test_a_town_that_the_layer_does_not_reach_is_not_assessable(share):
    found = share(forests(FOREST), towns(TOWN, box(10_000, 0, 1000, 1000)))
    far = found["wald", "Ort 1"]
    assert (far["status"], far["wert"]) == ("nicht bewertbar", None)
    assert "nothing of" in far["annahmen"]
    assert found["wald", "Ort 0"]["wert"] is not None


def test_without_areas_nobody_says_how_large_the_ground_is(share):
    row = share(forests(FOREST))["wald", "Gesamt"]
    assert (row["status"], row["nenner"]) == ("nicht bewertbar", None)
    assert "without AREAS" in row["annahmen"]


@pytest.mark.parametrize(("unknown", "status"), [(440, "Beitrag"), (460, "nicht bewertbar")])
def test_ground_of_unknown_kind_lowers_the_coverage(share, unknown, status):
    shapes = forests(box(0, 0, 1000, 500), box(0, 500, unknown, 1000), kinds=["43002", "unbekannt"])
    row = share(shapes, towns(box(0, 0, 1000, 900)))["wald", "Ort 0"]
    assert row["abdeckung_proz"] == pytest.approx(100 - 100 * unknown * 400 / 900_000)
    assert row["status"] == status


def test_without_a_field_all_is_forest(run):
    found = run("hz22_forest_share", FOREST=layer([FOREST], {"id": [1]}), AREAS=towns(TOWN))
    (patch,) = found.rows()
    assert (patch["art"], patch["flaeche_ha"], patch["bwi"]) == ("wald", pytest.approx(200), 1)
    assert patch["definitionen"] == "wald, wald_bwi, wald_und_gehoelz"
    assert patch["gebiet"] == "Ort 0"


def test_the_width_of_a_strip(run):
    (patch,) = run("hz22_forest_share", FOREST=forests(BELT), AREAS=towns(TOWN)).rows()
    assert (patch["breite_m"], patch["bwi"]) == (pytest.approx(8.0), 0)


@pytest.mark.parametrize("word", ["AX_Wald", "ax wald", "WALD", "43002"])
def test_kinds_are_known_in_any_case_and_with_blanks(share, word):
    found = share(forests(FOREST, kinds=[word]), towns(TOWN), FOREST_VALUES="43002, AX_Wald, axwald, wald")
    assert found["wald", "Ort 0"]["zaehler"] == pytest.approx(200)


def test_words_that_no_list_knows_are_no_absence_of_forest(run):
    fields = forests(FOREST, BELT, kinds=["Acker", "Wiese"])
    with pytest.raises(
        QgsProcessingException, match=r"none of the values of the field “objart”.*Acker, Wiese"
    ):
        run("hz22_forest_share", FOREST=fields, AREAS=towns(TOWN))
