"""HZ 13 by hand: corridors whose gaps, widths and gains follow from their construction."""

from __future__ import annotations

import math
from pathlib import Path
from random import Random

import pytest
from qgis.core import QgsGeometry, QgsProcessingException

from ...layer_factory import EAST, NORTH, box, layer, line

GAPS, LENGTH = "hz13.unterbrechungen.anzahl", "hz13.unterbrechungen.laenge"
NECKS, NECK_AREA, NARROW = "hz13.engstellen.anzahl", "hz13.engstellen.flaeche", "hz13.schmal.anteil"
DUMB_BELL = (box(0, 0, 200, 200), box(200, 80, 100, 40), box(300, 0, 200, 200))
TWO_TOWNS = {"gemeinde": ["West", "Ost"]}


def example(_folder: Path) -> dict[str, object]:
    """Six boxes of 90 m × 60 m, 40 m apart, in two corridors, all too narrow, with a street in each gap."""
    six = range(6)
    return {
        "CORRIDORS": layer(
            [box(0, 100 * k, 90, 60) for k in six], {"zug": ["A"] * 3 + ["B"] * 3}, name="gruenzuege"
        ),
        "NAME_FIELD": "zug",
        "BARRIERS": [
            layer(
                [line((-50, 100 * k + 80), (150, 100 * k + 80)) for k in six],
                {"art": ["Nebenstraße"] * 6},
                name="strassen",
            ),
            layer([box(-50, 100 * k + 85, 200, 10) for k in six], {"id": list(six)}, name="gewaesser"),
        ],
        "MIN_WIDTH": 70.0,
        "COMPARE_WIDTHS": "20",
        "AREAS": layer(
            [box(-50, -100, 200, 390), box(-50, 290, 200, 400)],
            {"gemeinde": ["Südstadt", "Nordstadt"], "ags": ["05999001", "05999002"]},
            name="gemeinden",
        ),
        "AREAS_NAME": "gemeinde",
        "AREAS_KEY": "ags",
    }


def hz13(run, shapes, names=None, **parameters):
    fields = {"gruenzug": names} if names else {"id": list(range(len(shapes)))}
    return run("hz13_corridor_gaps", CORRIDORS=layer(shapes, fields, name="gruenzuege"), **parameters)


def turned(shapes, degrees):
    """Return the shapes turned about (EAST, NORTH)."""
    made = [QgsGeometry.fromWkt(shape) for shape in shapes]
    for shape in made:
        shape.translate(-EAST, -NORTH)
        shape.rotate(degrees, QgsGeometry.fromWkt("Point (0 0)").asPoint())
        shape.translate(EAST, NORTH)
    return made


def towns(border):
    return layer([box(-5000, -5000, 5000 + border, 10_000), box(border, -5000, 9000, 10_000)], TWO_TOWNS)


def eca(*areas, p=0.0):
    """Return the ECA in hectares of patches that are all linked to each other with the same probability."""
    return math.sqrt(
        sum(a * b * (1.0 if i == j else p) for i, a in enumerate(areas) for j, b in enumerate(areas))
    )


class TestGaps:
    @pytest.mark.parametrize("degrees", [0, 30])
    def test_one_gap_between_two_squares(self, run, degrees):
        """4 ha each, 120 m apart: crossed with p = 0.5^(120/500); closed they are one patch of 8 ha."""
        result = hz13(run, turned([box(0, 0, 200, 200), box(320, 0, 200, 200)], degrees))
        (gap,) = result.rows("GAPS")
        now = eca(4, 4, p=0.5 ** (120 / 500))
        assert gap["laenge_m"] == pytest.approx(120.0)
        assert gap["gewinn_ha"] == pytest.approx(8 - now)
        assert gap["gewinn_folge_ha"] == pytest.approx(8 - now)
        assert (gap["rang"], gap["noetig"], gap["hindernisse"], gap["gebiet"]) == (1, 1, None, None)
        found = result.finding(GAPS)
        assert (found["wert"], found["ziel"], found["status"]) == (1.0, 0.0, "Lücke")
        assert result.finding(LENGTH)["wert"] == pytest.approx(120.0)
        assert result.finding(LENGTH)["status"] == "Zielwert offen"

    def test_the_dispersal_distance_governs_the_gain(self, run):
        (gap,) = hz13(run, [box(0, 0, 200, 200), box(320, 0, 200, 200)], DISPERSAL=120).rows("GAPS")
        assert gap["gewinn_ha"] == pytest.approx(8 - eca(4, 4, p=0.5))

    @pytest.mark.parametrize(("max_gap", "count"), [(120.0, 1), (119.9, 0)])
    def test_a_gap_up_to_max_gap_counts(self, run, max_gap, count):
        result = hz13(run, [box(0, 0, 200, 200), box(320, 0, 200, 200)], MAX_GAP=max_gap)
        assert len(result.rows("GAPS")) == result.finding(GAPS)["wert"] == count

    def test_parts_out_of_reach_are_said_and_not_counted(self, run):
        result = hz13(run, [box(0, 0, 200, 200), box(900, 0, 200, 200)])
        found = result.finding(GAPS)
        assert (found["wert"], found["status"]) == (0.0, "erreicht")
        assert "1 parts lie farther than MAX_GAP" in found["annahmen"]
        assert any("farther than MAX_GAP" in warning for warning in result.log.warnings)

    def test_an_unbroken_corridor_has_no_interruption(self, run):
        found = hz13(run, [box(0, 0, 900, 300)]).finding(GAPS)
        assert (found["wert"], found["status"]) == (0.0, "erreicht")
        assert "farther" not in found["annahmen"]

    def test_two_corridors_side_by_side_are_no_gap(self, run):
        result = hz13(run, [box(0, 0, 900, 200), box(0, 320, 900, 200)], names=["A", "B"])
        assert result.rows("GAPS") == []

    def test_without_names_all_polygons_are_one_corridor(self, run):
        assert len(hz13(run, [box(0, 0, 900, 200), box(0, 320, 900, 200)]).rows("GAPS")) == 1

    def test_the_fewest_gaps_or_all_pairs(self, run):
        """Four squares in a square, 100 m apart: three gaps reconnect them, four pairs have none between."""
        squares = [box(300 * i, 300 * j, 200, 200) for i in (0, 1) for j in (0, 1)]
        fewest, pairs = hz13(run, squares), hz13(run, squares, ALL_PAIRS=True)
        assert len(fewest.rows("GAPS")) == 3
        lengths = sorted(round(gap["laenge_m"], 6) for gap in pairs.rows("GAPS"))
        assert lengths == [100.0] * 4 + [round(100 * math.sqrt(2), 6)] * 2
        assert sum(gap["noetig"] for gap in pairs.rows("GAPS")) == 3
        assert fewest.finding(GAPS)["wert"] == pairs.finding(GAPS)["wert"] == 3

    def test_the_list_is_a_work_plan(self, run):
        """Small – large – large: the gap between the large ones first; the gains in order add up."""
        result = hz13(run, [box(0, 0, 100, 100), box(200, 0, 300, 300), box(600, 0, 300, 300)])
        first, second = result.rows("GAPS")
        assert (first["rang"], second["rang"]) == (1, 2)
        q = 0.5 ** (100 / 500)
        now = math.sqrt(1 + 81 + 81 + 2 * (9 * q + 81 * q + 9 * q * q))
        one = math.sqrt(1 + 81 + 81 + 2 * (9 * q + 81 + 9 * q))
        assert first["gewinn_ha"] == pytest.approx(one - now)
        assert second["gewinn_folge_ha"] == pytest.approx(19 - one)
        assert first["gewinn_folge_ha"] + second["gewinn_folge_ha"] == pytest.approx(19 - now)

    def test_the_order_of_the_polygons_does_not_matter(self, run):
        shapes = [box(300 * i, 170 * (i % 3), 100 + 17 * i, 120) for i in range(9)]
        mixed = Random(3).sample(shapes, len(shapes))

        def seen(result):
            return [
                {key: round(value, 6) if isinstance(value, float) else value for key, value in gap.items()}
                for gap in result.rows("GAPS")
            ]

        assert seen(hz13(run, shapes)) == seen(hz13(run, mixed))


class TestConnectedParts:
    @pytest.mark.parametrize("border", [100, 437.5, 800])
    def test_a_municipal_border_makes_no_gap(self, run, border):
        """The corridor comes cut at the border; it stays one part, and either town reaches the target."""
        halves = [box(0, 0, border, 300), box(border, 0, 900 - border, 300)]
        result = hz13(run, halves, AREAS=towns(border))
        assert result.rows("GAPS") == result.rows("BOTTLENECKS") == []
        for town in ("West", "Ost"):
            found = result.finding(GAPS, town)
            assert (found["wert"], found["status"]) == (0.0, "erreicht")

    def test_a_slit_of_a_millimetre_is_no_gap(self, run):
        halves = [box(0, 0, 400, 300), box(400.001, 0, 400, 300)]
        result = hz13(run, halves)
        assert result.rows("GAPS") == result.rows("BOTTLENECKS") == []

    def test_corners_that_touch_are_a_bottleneck_of_no_width(self, run):
        result = hz13(run, [box(0, 0, 200, 200), box(200, 200, 200, 200)])
        assert result.rows("GAPS") == []
        (neck,) = result.rows("BOTTLENECKS")
        assert neck["klasse"] == "bridge"
        assert 0 <= neck["breite_min_m"] < 0.2

    def test_polygons_that_repeat_each_other_change_nothing(self, run):
        once, twice = hz13(run, DUMB_BELL), hz13(run, [*DUMB_BELL, *DUMB_BELL])
        assert once.rows("BOTTLENECKS") == twice.rows("BOTTLENECKS")
        assert once.finding(NARROW)["wert"] == pytest.approx(twice.finding(NARROW)["wert"])


class TestBottlenecks:
    @pytest.mark.parametrize("degrees", [0, 30])
    def test_the_dumb_bell(self, run, degrees):
        """Two squares of 200 m, joined by a neck 40 m wide and 100 m long: a bridge of 3775.4 m²."""
        result = hz13(run, turned(DUMB_BELL, degrees))
        (neck,) = result.rows("BOTTLENECKS")
        assert (neck["klasse"], neck["unter_m"]) == ("bridge", 50.0)
        assert neck["breite_min_m"] == pytest.approx(40.0, rel=0.01)
        found = result.findings
        assert [found[NECKS, f"breite_{w}", "Gesamt"]["wert"] for w in (50, 100)] == [1, 1]
        assert found[NECK_AREA, "breite_100", "Gesamt"]["wert"] == pytest.approx(3775.4, abs=0.05)
        share = found[NARROW, "breite_100", "Gesamt"]
        assert share["wert"] == pytest.approx(100 * 3775.4 / 84_000, abs=1e-4)
        assert share["nenner"] == pytest.approx(84_000.0)

    def test_a_neck_stands_once_under_the_width_it_falls_below(self, run):
        result = hz13(run, [box(0, 0, 400, 400), box(400, 160, 200, 80), box(600, 0, 400, 400)])
        (neck,) = result.rows("BOTTLENECKS")
        assert (neck["unter_m"], neck["breite_min_m"]) == (100.0, pytest.approx(80.0, rel=0.01))
        found = result.findings
        assert [found[NECKS, f"breite_{w}", "Gesamt"]["wert"] for w in (50, 100, 200)] == [0, 1, 1]

    def test_widening_has_no_figure_in_the_strategy(self, run):
        result = hz13(run, DUMB_BELL)
        for indicator in (NECKS, NECK_AREA, NARROW):
            assert result.finding(indicator)["status"] == "Zielwert offen"
            assert result.finding(indicator)["variante_id"] == "breite_50"

    def test_a_rectangle_of_the_minimum_width_has_none(self, run):
        assert hz13(run, [box(0, 0, 900, 50)], COMPARE_WIDTHS="").rows("BOTTLENECKS") == []

    def test_a_corridor_that_is_one_sliver(self, run):
        result = hz13(run, [box(0, 0, 900, 20)], COMPARE_WIDTHS="")
        (place,) = result.rows("BOTTLENECKS")
        assert (place["klasse"], place["breite_min_m"]) == ("islet", pytest.approx(20.0, rel=0.01))
        assert result.finding(NECKS)["wert"] == 0
        assert result.finding(NARROW)["wert"] == pytest.approx(100.0)

    @pytest.mark.parametrize("text", ["breit", "100; 200", "0", "-5", "100, x", "100, 0.09", "5e-324"])
    def test_widths_that_are_none_are_refused(self, run, text):
        with pytest.raises(QgsProcessingException, match="COMPARE_WIDTHS"):
            hz13(run, DUMB_BELL, COMPARE_WIDTHS=text)


class TestAreas:
    def test_a_gap_counts_where_most_of_it_lies_and_its_length_where_it_runs(self, run):
        """The gap runs from x = 200 to 320; the border at 300 leaves 100 m in the west, 20 m in the east."""
        result = hz13(run, [box(0, 0, 200, 200), box(320, 0, 200, 200)], AREAS=towns(300))
        assert [result.finding(GAPS, town)["wert"] for town in ("West", "Ost")] == [1, 0]
        assert [result.finding(LENGTH, town)["wert"] for town in ("West", "Ost")] == pytest.approx(
            [100.0, 20.0]
        )
        assert [gap["gebiet"] for gap in result.rows("GAPS")] == ["West"]

    def test_areas_share_what_is_narrow(self, run):
        result = hz13(run, DUMB_BELL, AREAS=towns(250), COMPARE_WIDTHS="")
        west, east = (result.finding(NARROW, town) for town in ("West", "Ost"))
        assert west["nenner"] == pytest.approx(42_000.0)
        assert west["zaehler"] == pytest.approx(east["zaehler"])
        assert result.finding(NECKS, "West")["wert"] + result.finding(NECKS, "Ost")["wert"] == 1

    def test_a_town_without_a_corridor_is_not_assessable(self, run):
        found = hz13(run, [box(0, 0, 200, 200)], AREAS=towns(900)).finding(GAPS, "Ost")
        assert (found["status"], found["wert"], found["abdeckung_proz"]) == ("nicht bewertbar", None, 0.0)
        assert found["annahmen"].startswith(
            "nicht bewertbar: nothing of Green corridors [gruenzuege] lies in"
        )

    def test_a_town_that_holds_only_a_gap_has_an_interruption_and_no_width(self, run):
        """80 of 120 m of the gap; without a corridor there is nothing that could be narrow."""
        town = layer([box(220, -99, 80, 400)], {"gemeinde": ["Mitte"]})
        result = hz13(run, [box(0, 0, 200, 200), box(320, 0, 200, 200)], AREAS=town)
        gap, necks = result.finding(GAPS, "Mitte"), result.finding(NECKS, "Mitte")
        assert (gap["wert"], gap["status"]) == (1.0, "Lücke")
        assert (necks["wert"], necks["status"], necks["abdeckung_proz"]) == (None, "nicht bewertbar", 0.0)


class TestBarriers:
    def test_what_lies_in_a_gap(self, run):
        streets = layer([line((250, -99), (250, 300))] * 1, {"art": ["Hauptstraße"]}, name="strassen")
        houses = layer([box(260, 0, 34, 200), box(270, 0, 30, 200)], {"id": [1, 2]}, name="gebaeude")
        result = hz13(run, [box(0, 0, 200, 200), box(320, 0, 200, 200)], BARRIERS=[streets, houses])
        (gap,) = result.rows("GAPS")
        assert gap["hindernisse"] == "gebaeude 40 m; Hauptstraße × 1"
        assert gap["hindernis_m"] == pytest.approx(40.0)
        assert gap["laenge_m"] == pytest.approx(120.0)

    def test_barriers_change_no_gain(self, run):
        shapes = [box(0, 0, 200, 200), box(320, 0, 200, 200)]
        wall = layer([box(250, -500, 20, 1000)], {"art": ["Bahn"]}, name="bahn")
        bare, crossed = hz13(run, shapes), hz13(run, shapes, BARRIERS=[wall])
        assert bare.rows("GAPS")[0]["gewinn_ha"] == crossed.rows("GAPS")[0]["gewinn_ha"]

    def test_points_are_no_barrier(self, run):
        trees = layer(["Point (370250 5700100)"], {"id": [1]}, name="baeume")
        with pytest.raises(QgsProcessingException, match="baeume"):
            hz13(run, [box(0, 0, 200, 200)], BARRIERS=[trees])


def test_features_without_a_name_are_a_corridor_of_their_own(run):
    shapes = [box(0, 0, 200, 200), box(300, 0, 200, 200), box(600, 0, 200, 200)]
    result = hz13(run, shapes, names=["A", None, None])
    assert [gap["gruenzug"] for gap in result.rows("GAPS")] == [None]
    assert any("2 features without a name" in warning for warning in result.log.warnings)


def test_parts_below_the_smallest_area_are_left_out_and_said(run):
    """Two squares of 4 ha, and between them one of 900 m²: at the default it is no stepping stone."""
    shapes = [box(0, 0, 200, 200), box(260, 0, 30, 30), box(350, 0, 200, 200)]
    result = hz13(run, shapes)
    (gap,) = result.rows("GAPS")
    assert gap["laenge_m"] == pytest.approx(150.0)
    assert "1 parts below 1000 m² left out" in result.finding(GAPS)["annahmen"]
    assert len(hz13(run, shapes, MIN_AREA=0).rows("GAPS")) == 2
    with pytest.raises(QgsProcessingException, match="MIN_AREA"):
        hz13(run, shapes, MIN_AREA=50_000)


def test_a_path_within_the_tolerance_parts_nothing(run):
    halves = [box(0, 0, 400, 300), box(404, 0, 400, 300)]
    assert len(hz13(run, halves).rows("GAPS")) == 1
    assert hz13(run, halves, TOLERANCE=5).rows("GAPS") == []
