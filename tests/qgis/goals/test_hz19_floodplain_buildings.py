"""HZ 19 by hand: small scenes whose areas follow from their coordinates."""

from __future__ import annotations

from pathlib import Path

import pytest
from qgis.core import NULL, QgsProcessingException

from ...layer_factory import beside_a_border, box, layer, line, polygon

AUE = box(0, 0, 100, 100)
INDICATORS = {
    "hz19.aue.neubau_flaeche",
    "hz19.aue.neubau_anzahl",
    "hz19.aue.bebauung_anteil",
    "hz19.streifen.neubau_flaeche",
}


def example(_folder: Path) -> dict[str, object]:
    """Ten buildings of 12 m × 10 m, half of each in the Aue and 2 m × 10 m in the strip; five are new.

    New in the Aue: 5 · 60 m², of these three in the south; in the strip: 5 · 20 m²; built up: 600 m² of
    100 m × 200 m.
    """
    ten = range(10)
    return {
        "BUILDINGS": layer(
            [box(0, 20 * k, 12, 10) for k in ten],
            {"id": [f"b{k}" for k in ten], "baujahr": [2000 + 20 * ((k + 1) % 2) for k in ten]},
            name="gebaeude",
        ),
        "YEAR_FIELD": "baujahr",
        "REFERENCE_YEAR": 2016,
        "FLOODPLAINS": layer(
            [box(6, 20 * k - 5, 100, 20) for k in ten], {"klasse": ["festgesetzt"] * 10}, name="auen"
        ),
        "CLASS_FIELD": "klasse",
        "BUILDINGS_BEFORE": layer([box(0, 20 * k, 12, 10) for k in ten if k % 2], name="frueher"),
        "WATER": layer([box(15, 20 * k - 5, 4, 20) for k in ten], {"breite_m": [4.0] * 10}, name="gewaesser"),
        "WIDTH_FIELD": "breite_m",
        "AREAS": layer(
            [box(-50, -100, 200, 195), box(-50, 95, 200, 195)],
            {"gemeinde": ["Südstadt", "Nordstadt"], "ags": ["05999001", "05999002"]},
            name="gemeinden",
        ),
        "AREAS_NAME": "gemeinde",
        "AREAS_KEY": "ags",
    }


def buildings(*shapes, years=None, **fields):
    columns = {"id": list("abcdefghij"[: len(shapes)]), **fields}
    if years is not None:
        columns["baujahr"] = list(years)
    return layer(shapes, columns, name="gebaeude")


def floodplains(*shapes, classes=None):
    return layer(shapes, {"klasse": list(classes)} if classes else {}, name="auen")


def hz19(run, **parameters):
    return run("hz19_floodplain_buildings", **parameters)


@pytest.fixture
def measure(run):
    def start(shapes, aue=(AUE,), years=None, classes=None, **parameters):
        return hz19(
            run,
            BUILDINGS=buildings(*shapes, years=years),
            FLOODPLAINS=floodplains(*aue, classes=classes),
            **parameters,
        )

    return start


def test_a_building_half_in_the_floodplain_has_half_its_area_there(measure):
    (row,) = measure([box(-6, 10, 12, 10)], years=[2020], REFERENCE_YEAR=2016).rows()
    assert row["in_aue_m2"] == pytest.approx(60.0)
    assert row["anteil_proz"] == pytest.approx(50.0)
    assert (row["id"], row["neu"], row["herkunft"]) == ("a", 1, "neu")
    assert row["neu_in_aue_m2"] == pytest.approx(60.0)


def test_a_dry_centre_does_not_hide_a_wet_corner(measure):
    (row,) = measure([box(-17, 10, 20, 10)]).rows()
    assert row["in_aue_m2"] == pytest.approx(30.0)


def test_touching_and_tiny_overlaps_are_no_hit(measure):
    shapes = [box(-10, 0, 10, 10), box(-10, 20, 10.09, 10), box(-10, 40, 10.11, 10)]
    assert [row["id"] for row in measure(shapes).rows()] == ["c"]
    kept = measure(shapes, MIN_OVERLAP=0).rows()
    assert [(row["id"], pytest.approx(row["in_aue_m2"])) for row in kept] == [("b", 0.9), ("c", 1.1)]


def test_overlapping_floodplains_count_once_in_the_stricter_class(measure):
    result = measure(
        [box(40, 40, 20, 10)],
        aue=(box(0, 0, 100, 100), box(50, 0, 100, 100), box(0, 0, 55, 100)),
        classes=("Auenkulisse", "festgesetzt", "vorläufig gesichert"),
        PLANNED=True,
    )
    (row,) = result.rows()
    assert row["in_aue_m2"] == pytest.approx(200.0)
    assert row["klasse"] == "festgesetzt"
    by_class = {
        variant.partition("klasse_")[2]: row["wert"]
        for (indicator, variant, _), row in result.findings.items()
        if indicator == "hz19.aue.neubau_flaeche" and "klasse_" in variant
    }
    assert by_class == {
        "festgesetzt": pytest.approx(100.0),
        "vorlaeufig_gesichert": pytest.approx(100.0),
    }
    # 150 x 100 is the union; no square metre of it counts twice
    assert result.finding("hz19.aue.bebauung_anteil")["nenner"] == pytest.approx(15_000.0)


def test_class_order_decides_and_unnamed_classes_follow_by_name(measure):
    scene = {"aue": (AUE, AUE, AUE), "classes": ("b", "a", "c")}
    shape = [box(10, 10, 10, 10)]
    assert measure(shape, **scene).rows()[0]["klasse"] == "a"
    assert measure(shape, **scene, CLASS_ORDER="c, b").rows()[0]["klasse"] == "c"


def test_new_by_year_the_target_is_missed_by_exactly_the_new_area(measure):
    result = measure(
        [box(10, 10, 10, 10), box(30, 10, 10, 10), box(-5, 50, 10, 10)],
        years=[2016, 2015, 2024],
        REFERENCE_YEAR=2016,
    )
    new = result.finding("hz19.aue.neubau_flaeche")
    assert (new["zaehler"], new["nenner"], new["wert"]) == pytest.approx((150.0, 1.0, 150.0))
    assert (new["ziel"], new["richtung"], new["status"]) == (0.0, "=", "Lücke")
    assert (new["luecke"], new["luecke_abs"], new["luecke_einheit"]) == (150.0, 150.0, "m²")
    assert new["variante_id"] == "ab_2016"
    assert result.finding("hz19.aue.neubau_anzahl")["wert"] == 2
    share = result.finding("hz19.aue.bebauung_anteil")
    assert share["wert"] == pytest.approx(100 * 250 / 10_000)
    assert share["status"] == "Zielwert offen"


def test_nothing_new_means_the_target_is_met(measure):
    new = measure([box(10, 10, 10, 10)], years=[1990], REFERENCE_YEAR=2016).finding("hz19.aue.neubau_flaeche")
    assert (new["wert"], new["luecke"], new["status"]) == (0.0, 0.0, "erreicht")


def test_no_building_in_the_floodplain_at_all_means_the_target_is_met(measure):
    result = measure([box(-50, 10, 10, 10), box(500, 10, 10, 10)], years=[2020] * 2, REFERENCE_YEAR=2016)
    assert result.rows() == []
    finding = result.finding("hz19.aue.neubau_flaeche")
    assert (finding["wert"], finding["status"], finding["abdeckung_proz"]) == (0.0, "erreicht", 100.0)


def test_without_evidence_what_is_new_is_not_assessable(measure):
    result = measure([box(10, 10, 10, 10)], years=[2020])
    (row,) = result.rows()
    assert row["neu"] in (None, NULL)
    assert row["neu_in_aue_m2"] in (None, NULL)
    for indicator in ("hz19.aue.neubau_flaeche", "hz19.aue.neubau_anzahl"):
        finding = result.finding(indicator)
        assert finding["status"] == "nicht bewertbar"
        assert finding["wert"] in (None, NULL)
    assert result.finding("hz19.aue.bebauung_anteil")["wert"] == pytest.approx(1.0)


def test_without_evidence_that_is_why_nothing_is_told_of_a_strip_without_waters(measure):
    strip = measure([box(10, 10, 10, 10)]).finding("hz19.streifen.neubau_flaeche")
    assert strip["status"] == "nicht bewertbar"
    assert strip["annahmen"].startswith("nicht bewertbar: without any information on what is new;")


def classes_of(result, area):
    """Return the classes that an area has a finding of."""
    variants = [variant for _, variant, place in result.findings if place == area]
    return {variant.partition("klasse_")[2] for variant in variants if "klasse_" in variant}


def test_an_area_has_findings_of_its_own_classes_whatever_is_known_of_its_buildings(measure):
    towns = layer([box(0, 0, 100, 100), box(100, 0, 100, 100)], {"gemeinde": ["A", "B"]})
    result = measure(
        [box(10, 10, 10, 10), box(150, 10, 10, 10)],
        aue=(box(0, 0, 200, 50), box(0, 50, 90, 50)),
        classes=("festgesetzt", "vorläufig gesichert"),
        years=[2020, None],
        REFERENCE_YEAR=2016,
        AREAS=towns,
    )
    assert classes_of(result, "A") == {"festgesetzt", "vorlaeufig_gesichert"}
    assert classes_of(result, "B") == {"festgesetzt"}
    new = result.finding("hz19.aue.neubau_flaeche", "B")
    assert (new["status"], new["abdeckung_proz"]) == ("nicht bewertbar", 0.0)


def test_a_splinter_of_a_floodplain_beside_a_border_gives_the_town_no_floodplain(measure):
    town, splinter = beside_a_border()
    building = "Polygon ((367200 5704950, 367210 5704950, 367210 5704960, 367200 5704960, 367200 5704950))"
    elsewhere = "Polygon ((366000 5704000, 366100 5704000, 366100 5704100, 366000 5704100, 366000 5704000))"
    result = measure(
        [building],
        aue=(splinter, elsewhere),
        classes="ab",
        PLANNED=True,
        AREAS=layer([town], {"gemeinde": ["A"]}),
    )
    new = result.finding("hz19.aue.neubau_flaeche", "A")
    assert (new["status"], new["wert"]) == ("nicht bewertbar", None)
    assert classes_of(result, "A") == set()


@pytest.mark.parametrize(
    ("undated", "status", "coverage"), [(2, "Lücke", 80.0), (3, "nicht bewertbar", 70.0)]
)
def test_undated_buildings_lower_the_coverage(measure, undated, status, coverage):
    shapes = [box(10 * k, 10, 5, 10) for k in range(10)]
    years = [None] * undated + [2020] * (10 - undated)
    finding = measure(shapes, years=years, REFERENCE_YEAR=2016).finding("hz19.aue.neubau_flaeche")
    assert finding["abdeckung_proz"] == pytest.approx(coverage)
    assert (finding["status"], finding["n_ausgelassen"], finding["n_objekte"]) == (status, undated, 10)


@pytest.mark.parametrize(
    ("before", "neu", "herkunft", "new_m2"),
    [
        ([], 1, "neu", 150.0),
        ([box(10, 10, 10, 15)], 0, "Bestand", 0.0),
        ([box(10, 10, 10, 10)], 0, "Erweiterung", 50.0),
        ([box(10, 10, 10, 7)], 1, "neu", 150.0),
        ([box(10, 10, 10, 14.6)], 0, "Bestand", 0.0),
        ([box(10, 10, 5, 15), box(15, 10, 5, 15)], 0, "Bestand", 0.0),
        ([box(10, 10, 4, 15), box(14, 10, 4, 15)], 0, "Erweiterung", 30.0),
    ],
    ids=["absent", "same", "extended", "mostly new", "sliver", "was two buildings", "was two smaller ones"],
)
def test_new_by_the_earlier_stock(run, before, neu, herkunft, new_m2):
    elsewhere = [box(-50, -50, 5, 5), box(900, 900, 5, 5)]
    result = hz19(
        run,
        BUILDINGS=buildings(box(10, 10, 10, 15)),
        FLOODPLAINS=floodplains(AUE),
        BUILDINGS_BEFORE=buildings(*before, *elsewhere),
    )
    (row,) = result.rows()
    assert (row["neu"], row["herkunft"]) == (neu, herkunft)
    assert row["neu_in_aue_m2"] == pytest.approx(new_m2)
    finding = result.finding("hz19.aue.neubau_flaeche")
    assert (finding["wert"], finding["variante_id"]) == (pytest.approx(new_m2), "zeitschnitt")


def test_an_extension_counts_only_where_it_is_wet(run):
    """10 x 10 became 10 x 20, but only the first 5 m of the new part reach into the floodplain."""
    result = hz19(
        run,
        BUILDINGS=buildings(box(10, 85, 10, 20)),
        FLOODPLAINS=floodplains(AUE),
        BUILDINGS_BEFORE=buildings(box(10, 85, 10, 10)),
    )
    (row,) = result.rows()
    assert row["in_aue_m2"] == pytest.approx(150.0)
    assert row["neu_in_aue_m2"] == pytest.approx(50.0)


class TestStrip:
    RIVER = box(-20, -100, 20, 300)

    def strip(self, run, shape, water, **parameters):
        scene = {
            "BUILDINGS": buildings(shape),
            "FLOODPLAINS": floodplains(box(-500, 0, 10, 10), box(500, 0, 10, 10)),
            "WATER": water,
        }
        return hz19(run, **scene, PLANNED=True, **parameters)

    def test_area_within_five_metres_of_the_bank(self, run):
        result = self.strip(run, box(2, 0, 10, 10), layer([self.RIVER]))
        (row,) = result.rows()
        assert row["im_streifen_m2"] == pytest.approx(30.0)
        assert row["in_aue_m2"] == 0.0
        finding = result.finding("hz19.streifen.neubau_flaeche")
        assert (finding["wert"], finding["status"]) == (pytest.approx(30.0), "Lücke")
        assert finding["variante_id"] == "geplant.streifen_5"

    def test_the_water_itself_is_not_strip(self, run):
        (row,) = self.strip(run, box(-10, 0, 20, 10), layer([self.RIVER])).rows()
        assert row["im_streifen_m2"] == pytest.approx(50.0)

    def test_two_water_polygons_side_by_side_make_no_strip_between_them(self, run):
        water = layer([box(-20, -100, 10, 300), box(-10, -100, 10, 300)])
        (row,) = self.strip(run, box(-15, 0, 17, 10), water).rows()
        assert row["im_streifen_m2"] == pytest.approx(20.0)

    def test_a_line_with_a_width_has_its_strip_beside_the_bank(self, run):
        water = layer([line((0, -100), (0, 200))], {"breite_m": [8.0]})
        (row,) = self.strip(run, box(0, 0, 20, 10), water).rows()
        assert row["im_streifen_m2"] == pytest.approx(50.0)

    def test_round_a_bare_centre_line_the_strip_is_not_assessable(self, run):
        result = self.strip(run, box(-5, 5, 520, 10), layer([line((0, -100), (0, 200))]))
        (row,) = result.rows()
        assert row["im_streifen_m2"] in (None, NULL)
        assert result.finding("hz19.streifen.neubau_flaeche")["status"] == "nicht bewertbar"
        assert "not assessable" in result.log.text

    def test_lines_without_width_lower_the_coverage(self, run):
        lines = [line((0, 0), (0, 70)), line((50, 0), (50, 30))]
        water = layer(lines, {"breite_m": [8.0, None]})
        finding = self.strip(run, box(5, 5, 2, 2), water).finding("hz19.streifen.neubau_flaeche")
        assert finding["abdeckung_proz"] == pytest.approx(70.0)
        assert finding["status"] == "nicht bewertbar"

    def test_width_of_the_strip(self, run):
        (row,) = self.strip(run, box(0, 0, 20, 10), layer([self.RIVER]), STRIP=12.5).rows()
        assert row["im_streifen_m2"] == pytest.approx(125.0)


class TestAreas:
    """Two towns with a border at x = 50, a third one without floodplain."""

    @pytest.fixture
    def towns(self):
        return layer(
            [box(-200, -200, 250, 500), box(50, -200, 250, 500), box(300, -200, 100, 500)],
            {"gemeinde": ["Weststadt", "Oststadt", "Bergen"], "ags": ["05999001", "05999002", "05999003"]},
        )

    def test_a_border_splits_areas_but_not_buildings(self, measure, towns):
        result = measure([box(44, 10, 10, 10)], AREAS=towns, PLANNED=True)
        west = result.finding("hz19.aue.neubau_flaeche", "Weststadt")
        east = result.finding("hz19.aue.neubau_flaeche", "Oststadt")
        assert (west["wert"], east["wert"]) == (pytest.approx(60.0), pytest.approx(40.0))
        assert (west["ags"], west["gebiet_art"]) == ("05999001", "Gemeinde")
        counts = [
            result.finding("hz19.aue.neubau_anzahl", town)["wert"] for town in ("Weststadt", "Oststadt")
        ]
        assert counts == [1, 0]

    def test_a_town_without_floodplain_is_not_assessable(self, measure, towns):
        finding = measure([box(44, 10, 10, 10)], AREAS=towns, PLANNED=True).finding(
            "hz19.aue.neubau_flaeche", "Bergen"
        )
        assert (finding["status"], finding["nenner"]) == ("nicht bewertbar", 0.0)

    def test_areas_add_up_to_the_whole(self, measure, towns):
        shapes = [box(7 * k, 11 * k, 9, 9) for k in range(9)]
        whole = measure(shapes, PLANNED=True).finding("hz19.aue.neubau_flaeche")["zaehler"]
        split = measure(shapes, AREAS=towns, PLANNED=True)
        parts = [
            row["zaehler"] for row in split.rows("SUMMARY") if row["kennzahl_id"] == "hz19.aue.neubau_flaeche"
        ]
        assert sum(part for part in parts if part) == pytest.approx(whole)

    def test_every_indicator_has_exactly_one_headline_per_area(self, measure, towns):
        rows = measure([box(44, 10, 10, 10)], AREAS=towns, PLANNED=True).rows("SUMMARY")
        for town in ("Weststadt", "Oststadt", "Bergen"):
            headlines = [r["kennzahl_id"] for r in rows if r["gebiet"] == town and r["ist_leitwert"]]
            assert sorted(headlines) == sorted(INDICATORS)

    def test_space_types_name_themselves(self, measure):
        areas = layer([box(-200, -200, 500, 500)], {"raumtyp": ["Innenstadt"]})
        rows = measure([box(44, 10, 10, 10)], AREAS=areas, AREAS_KIND="Raumtyp", PLANNED=True).rows("SUMMARY")
        assert {(row["gebiet_art"], row["gebiet"], row["raumtyp"]) for row in rows} == {
            ("Raumtyp", "Innenstadt", "Innenstadt")
        }


class TestNothingLookedAt:
    """Two towns side by side, each with an Aue of 90 m × 90 m; years from 2016 on are new."""

    @pytest.fixture
    def found(self, run):
        def start(shapes, years=None, **parameters):
            return hz19(
                run,
                BUILDINGS=buildings(*shapes, years=years or [1990] * len(shapes)),
                FLOODPLAINS=floodplains(box(0, 0, 90, 90), box(110, 0, 90, 90)),
                AREAS=layer([box(-100, -100, 200, 300), box(100, -100, 200, 300)], {"gemeinde": ["A", "B"]}),
                **({"REFERENCE_YEAR": 2016} | parameters),
            )

        return start

    NEW = ("hz19.aue.neubau_flaeche", "hz19.aue.neubau_anzahl")

    def states(self, result, town):
        rows = [result.finding(name, town) for name in (*self.NEW, "hz19.aue.bebauung_anteil")]
        return [(row["status"], row["wert"], row["abdeckung_proz"]) for row in rows]

    def test_a_town_without_any_building_given_has_not_reached_the_target(self, found):
        """The buildings lie in A, beside its Aue, and say nothing of B."""
        result = found([box(-50, -50, 60, 10), box(-50, 150, 10, 10)])
        assert self.states(result, "A") == [
            ("erreicht", 0.0, 100.0), ("erreicht", 0.0, 100.0), ("Zielwert offen", 0.0, 100.0),
        ]  # fmt: skip
        assert self.states(result, "B") == [("nicht bewertbar", None, 0.0)] * 3
        reason = result.finding(self.NEW[0], "B")["annahmen"].split("; ")[0]
        assert reason == (
            "nicht bewertbar: nothing of Buildings or planned building areas [gebaeude] lies in this area"
        )

    def test_a_town_without_a_floodplain_has_nothing_to_measure(self, run):
        result = hz19(
            run,
            BUILDINGS=buildings(box(10, 10, 5, 5), box(150, 10, 5, 5)),
            FLOODPLAINS=floodplains(box(0, 0, 90, 90)),
            AREAS=layer([box(-100, -100, 200, 300), box(100, -100, 200, 300)], {"gemeinde": ["A", "B"]}),
            PLANNED=True,
        )
        row = result.finding(self.NEW[0], "B")
        assert (row["status"], row["nenner"], row["abdeckung_proz"]) == ("nicht bewertbar", 0.0, 0.0)
        assert row["annahmen"].startswith("nicht bewertbar: nothing of Floodplains [auen] lies in this area")

    def test_a_town_that_the_earlier_stock_leaves_out_is_not_full_of_new_buildings(self, found):
        """One building in each Aue, both stood there before, but the earlier layer ends at the border."""
        both = [box(10, 10, 10, 10), box(120, 10, 10, 10)]
        result = found(both, BUILDINGS_BEFORE=layer(both[:1], name="frueher"), REFERENCE_YEAR=None)
        assert self.states(result, "A")[0] == ("erreicht", 0.0, 100.0)
        assert self.states(result, "B") == [
            ("nicht bewertbar", None, 0.0), ("nicht bewertbar", None, 0.0),
            ("Zielwert offen", pytest.approx(100 * 100 / 8100), 100.0),
        ]  # fmt: skip
        assert "[frueher] lies in this area" in result.finding(self.NEW[0], "B")["annahmen"]

    def test_undated_buildings_count_in_their_own_town(self, found):
        shapes = [box(10, 10, 10, 10), *(box(120 + 15 * k, 10, 10, 10) for k in range(4))]
        result = found(shapes, years=[1990, None, 1990, 1990, 1990])
        assert self.states(result, "A")[0] == ("erreicht", 0.0, 100.0)
        assert self.states(result, "B")[0] == ("nicht bewertbar", None, pytest.approx(75.0))
        reason = result.finding(self.NEW[0], "B")["annahmen"].split("; ")[0]
        assert reason == ("nicht bewertbar: it is known of only 75 % of the building area whether it is new")

    def test_half_a_town_without_buildings_is_not_assessable(self, run):
        """An Aue of 10 km × 100 m along a town whose buildings were delivered for its west only."""
        result = hz19(
            run,
            BUILDINGS=buildings(*(box(500 * k, 200, 10, 10) for k in range(9)), years=[1990] * 9),
            FLOODPLAINS=floodplains(box(0, 150, 10_000, 100)),
            AREAS=layer([box(0, 0, 10_000, 1000)], {"gemeinde": ["Langstadt"]}),
            REFERENCE_YEAR=2016,
        )
        row = result.finding(self.NEW[0], "Langstadt")
        assert row["status"] == "nicht bewertbar"
        assert 50.0 <= row["abdeckung_proz"] <= 55.0, "4 010 m and a reach of 1 000 to 1 500 m"
        assert "% of the ground lies within 1000 m of" in row["annahmen"]

    def test_widths_of_waters_count_in_their_own_town(self, found):
        """A has the width of its water, B of a quarter of its length."""
        water = layer(
            [line((-50, -45), (50, -45)), line((120, -45), (140, -45)), line((160, -45), (220, -45))],
            {"breite_m": [4.0, 4.0, None]},
        )
        result = found([box(10, 10, 10, 10), box(120, -50, 10, 70)], WATER=water)
        rows = [result.finding("hz19.streifen.neubau_flaeche", town) for town in "AB"]
        assert [(row["status"], row["abdeckung_proz"]) for row in rows] == [
            ("erreicht", 100.0),
            ("nicht bewertbar", pytest.approx(25.0)),
        ]
        assert "only 25 % of shores and water lines" in rows[1]["annahmen"]

    def test_planned_areas_are_few_and_their_distance_says_nothing(self, run):
        """One planned area 5 km from the end of an Aue of 10 km: A has none in it, B has no plan at all."""
        result = hz19(
            run,
            BUILDINGS=layer([box(100, 90, 20, 20)], name="bauflaechen"),
            FLOODPLAINS=floodplains(box(0, 100, 20_000, 100)),
            AREAS=layer([box(0, 0, 10_000, 300), box(10_000, 0, 10_000, 300)], {"gemeinde": ["A", "B"]}),
            PLANNED=True,
        )
        assert self.states(result, "A")[0] == ("Lücke", pytest.approx(200.0), 100.0)
        assert self.states(result, "B")[0] == ("nicht bewertbar", None, 0.0)


def test_a_village_beside_its_river_is_judged_and_one_elsewhere_is_refused(measure):
    """99 m and 101 m between the extents of buildings and Aue."""
    beside = measure([box(-109, 10, 10, 10)], years=[2020], REFERENCE_YEAR=2016)
    assert beside.finding("hz19.aue.neubau_flaeche")["status"] == "erreicht"
    with pytest.raises(QgsProcessingException, match=r"\[gebaeude\] and Floodplains \[auen\] do not meet"):
        measure([box(-111, 10, 10, 10)], years=[2020], REFERENCE_YEAR=2016)


def test_buildings_beyond_the_reach_of_the_earlier_stock_are_of_unknown_origin(run):
    result = hz19(
        run,
        BUILDINGS=buildings(box(10, 10, 10, 10), box(3000, 10, 10, 10)),
        FLOODPLAINS=floodplains(box(0, 0, 4000, 100)),
        BUILDINGS_BEFORE=layer([box(30, 10, 10, 10)], name="frueher"),
    )
    assert [(row["id"], row["herkunft"]) for row in result.rows()] == [("a", "neu"), ("b", "unbekannt")]


def test_planned_areas_stand_under_ids_units_and_words_of_their_own(measure):
    planned = measure([box(10, 10, 10, 10)], PLANNED=True)
    built = measure([box(10, 10, 10, 10)], years=[2020], REFERENCE_YEAR=2016)
    rows = {row["kennzahl_id"]: row for row in planned.rows("SUMMARY")}
    assert {row["variante_id"].partition(".")[0] for row in rows.values()} == {"geplant"}
    for row in built.rows("SUMMARY"):
        other = rows[row["kennzahl_id"]]
        assert not row["variante_id"].startswith("geplant")
        assert row["basis_einheit"] != other["basis_einheit"]
        assert row["kennzahl"] != other["kennzahl"]
        assert "planned" in other["definition"]
        assert "planned" not in row["definition"]
    assert rows["hz19.aue.neubau_anzahl"]["einheit"] == "Bauflächen"
    assert rows["hz19.aue.bebauung_anteil"]["variante_id"] == "geplant"
    assert rows["hz19.aue.bebauung_anteil"]["wert"] == pytest.approx(1.0)


def test_an_earlier_stock_that_does_not_reach_a_town_takes_nothing_from_planned_areas(measure):
    result = measure(
        [box(10, 10, 10, 10), box(150, 10, 10, 10)],
        aue=(box(0, 0, 200, 100),),
        BUILDINGS_BEFORE=layer([box(40, 40, 10, 10)], name="frueher"),
        AREAS=layer([box(0, 0, 100, 100), box(100, 0, 100, 100)], {"gemeinde": ["A", "B"]}),
        PLANNED=True,
    )
    for town in "AB":
        new = result.finding("hz19.aue.neubau_flaeche", town)
        assert (new["wert"], new["abdeckung_proz"]) == (pytest.approx(100.0), 100.0)


def test_every_attribute_of_the_input_is_kept(run):
    shapes = layer([box(10, 10, 10, 10)], {"klasse": ["Gebäudeklasse 3"], "in_aue_m2": ["alt"]})
    (row,) = hz19(run, BUILDINGS=shapes, FLOODPLAINS=floodplains(AUE, classes=["festgesetzt"])).rows()
    assert (row["klasse_eingabe"], row["in_aue_m2_eingabe"]) == ("Gebäudeklasse 3", "alt")
    assert (row["klasse"], row["in_aue_m2"]) == ("festgesetzt", pytest.approx(100.0))


def test_a_building_delivered_twice_counts_once_wherever_its_ring_begins(measure):
    corners = [(10, 10), (20, 10), (20, 20), (10, 20)]
    shapes = [polygon(corners), polygon(corners[2:] + corners[:2])]
    result = measure(shapes, years=[2018, 2018], REFERENCE_YEAR=2016)
    headlines = {
        row["kennzahl_id"]: row["zaehler"] for row in result.findings.values() if row["ist_leitwert"]
    }
    assert headlines["hz19.aue.neubau_anzahl"] == 1
    assert headlines["hz19.aue.neubau_flaeche"] == pytest.approx(100.0)
    assert "1 buildings repeat another one exactly" in result.log.text


def test_ground_that_two_buildings_share_counts_once(measure):
    """Two 10 x 10 buildings overlap by half: 150 m² of ground are built up, 2 buildings are new."""
    result = measure([box(10, 10, 10, 10), box(15, 10, 10, 10)], PLANNED=True)
    assert [row["in_aue_m2"] for row in result.rows()] == pytest.approx([100.0, 100.0])
    assert result.finding("hz19.aue.neubau_flaeche")["wert"] == pytest.approx(150.0)
    assert result.finding("hz19.aue.bebauung_anteil")["wert"] == pytest.approx(1.5)
    assert result.finding("hz19.aue.neubau_anzahl")["wert"] == 2


def test_earlier_buildings_without_geometry_lower_the_coverage(run):
    shapes = [box(10 * k, 10, 5, 10) for k in range(10)]
    finding = hz19(
        run,
        BUILDINGS=buildings(*shapes),
        FLOODPLAINS=floodplains(AUE),
        BUILDINGS_BEFORE=layer(shapes[:4] + [None] * 6),
    ).finding("hz19.aue.neubau_flaeche")
    assert (finding["abdeckung_proz"], finding["status"]) == (pytest.approx(40.0), "nicht bewertbar")


def test_classes_that_read_alike_keep_ids_of_their_own(measure):
    found = measure([box(10, 10, 10, 10)], aue=(AUE, box(100, 0, 9, 9)), classes=("a-b", "a b"), PLANNED=True)
    variants = {variant for _, variant, _ in found.findings}
    assert {"geplant.klasse_a_b", "geplant.klasse_a_b_2"} <= variants


def test_a_hole_in_the_floodplain_is_dry(measure):
    island = polygon([(0, 0), (100, 0), (100, 100), (0, 100)], [(40, 40), (60, 40), (60, 60), (40, 60)])
    rows = measure([box(45, 45, 10, 10), box(35, 45, 10, 10)], aue=(island,)).rows()
    assert [(row["id"], row["in_aue_m2"]) for row in rows] == [("b", pytest.approx(50.0))]


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"YEAR_FIELD": "baujahr"}, "REFERENCE_YEAR"),
        ({"REFERENCE_YEAR": 2016, "YEAR_FIELD": "jahr"}, "jahr"),
        ({"CLASS_FIELD": "stufe"}, "stufe"),
    ],
)
def test_what_is_missing_is_named(measure, parameters, message):
    with pytest.raises(QgsProcessingException, match=message):
        measure([box(10, 10, 10, 10)], years=[2020], **parameters)


def test_reference_year_without_a_year_field_is_refused(measure):
    with pytest.raises(QgsProcessingException, match="YEAR_FIELD"):
        measure([box(10, 10, 10, 10)], REFERENCE_YEAR=2016)


def test_as_of_is_the_only_clock(measure):
    row = measure([box(10, 10, 10, 10)], AS_OF="2031-05-06").rows("SUMMARY")[0]
    assert str(row["berechnet_am"]) in ("2031-05-06", "PyQt5.QtCore.QDate(2031, 5, 6)")


def test_a_municipal_target_replaces_the_shipped_one(measure, tmp_path):
    own = tmp_path / "own.yaml"
    own.write_text(
        "extends: ruhr\ntargets:\n  - id: hz19.aue\n    value: 200\n    direction: '<='\n"
        "    origin: kommunal\n    source: Beispielbeschluss\n",
        encoding="utf-8",
    )
    finding = measure([box(10, 10, 10, 10)], PLANNED=True, STRATEGY=str(own)).finding(
        "hz19.aue.neubau_flaeche"
    )
    assert (finding["ziel"], finding["herkunft_ziel"], finding["status"]) == (200.0, "kommunal", "erreicht")
