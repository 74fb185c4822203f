"""HZ 19, river structure: values by hand."""

from __future__ import annotations

import itertools
import math
import random
from pathlib import Path

import pytest
from qgis.core import QgsProcessingException

from ...layer_factory import box, layer, line, polygon

AGGLOMERATION, OUTSIDE, WHOLE = "hz19.gsg.ballungsraum", "hz19.gsg.aussen", "hz19.gsg.gesamt"
HEADLINE = "klasse_5_7"


def sections(*pieces: tuple[float, object], y: float = 0.0, x: float = 0.0, **fields):
    """Return one water from west to east, as pieces of a length in metres and a class."""
    lines, at = [], x
    for length, _ in pieces:
        lines.append(line((at, y), (at + length, y)))
        at += length
    classes = [None if grade is None else str(grade) for _, grade in pieces]
    return layer(lines, {"gsg": classes, **fields}, name="gsg")


def zones(*parts: tuple[str, str | None]):
    return layer([shape for shape, _ in parts], {"zone": [word for _, word in parts]}, name="zonen")


INSIDE = zones((box(-1000, -1000, 50_000, 2000), "Verdichtungszone"))


def example(_folder: Path) -> dict[str, object]:
    """A water of eight sections and a brook of two, through three zones and two towns."""
    steps = [(0, 0), (100, 30), (200, 0), (350, 20), (500, 0), (600, 40), (750, 0), (900, 10), (1000, 0)]
    lines = [line(a, b) for a, b in itertools.pairwise(steps)]
    lines += [line((200, 300), (200, 150)), line((200, 150), (200, 0))]
    return {
        "SECTIONS": layer(
            lines,
            {
                "gsg": ["3", "5", "6 – sehr stark verändert", "5", "2", "VII", "9", "5,0", "4", "6"],
                "gewaesser": ["Bach"] * 8 + ["Siepen"] * 2,
                "gewkz": ["2772"] * 8 + ["27722"] * 2,
                "pflicht": ["ja"] * 8 + ["nein", None],
            },
            name="gewaesserstruktur",
        ),
        "CLASS_FIELD": "gsg",
        "NAME_FIELD": "gewaesser",
        "WATER_KEY_FIELD": "gewkz",
        "REPORTABLE_FIELD": "pflicht",
        "ZONE_FIELD": "zone",
        "ZONES": layer(
            [
                box(0, -500, 420, 1000),
                box(420, -500, 200, 1000),
                *(box(620 + 200 * k, -500, 200, 1000) for k in range(3)),
            ],
            {"zone": ["Verdichtungszone", "Übergangszone", "Außenzone", "Außenzone", "Außenzone"]},
            name="zonen",
        ),
        "AREAS": layer(
            [box(0, -500, 500, 1000), box(500, -500, 700, 1000)],
            {"gemeinde": ["Westen", "Osten"], "ags": ["05999001", "05999002"]},
            name="gemeinden",
        ),
        "AREAS_NAME": "gemeinde",
        "AREAS_KEY": "ags",
    }


@pytest.fixture
def measured(run):
    def start(shapes, zones=INSIDE, **more):
        given = {} if zones is None else {"ZONES": zones}
        return run("hz19_river_structure", SECTIONS=shapes, **given, **more)

    return start


@pytest.fixture
def row(measured):
    """The headline of an indicator, or another variant of it."""

    def start(shapes, zones=INSIDE, indicator=AGGLOMERATION, variant=HEADLINE, area="Gesamt", **more):
        found = [
            row
            for row in measured(shapes, zones, **more).rows("SUMMARY")
            if (row["kennzahl_id"], row["variante_id"], row["gebiet"]) == (indicator, variant, area)
        ]
        assert len(found) <= 1
        return found[0] if found else None

    return start


FIRST = [(400, 5), (50, 7), (550, 3)]


class TestWorkedExamples:
    def test_as_much_as_the_target_does_not_reach_it(self, row):
        found = row(sections(*FIRST))
        assert (found["wert"], found["ziel"], found["richtung"]) == (pytest.approx(45.0), 45.0, "<")
        assert (found["status"], found["luecke"]) == ("Lücke", pytest.approx(0.0, abs=1e-9))
        assert (found["zaehler"], found["nenner"], found["basis_einheit"]) == (
            pytest.approx(0.45),
            pytest.approx(1.0),
            "km",
        )
        assert (found["abdeckung_proz"], found["ist_leitwert"]) == (100.0, 1)

    def test_a_little_less_reaches_it(self, row):
        found = row(sections((449, 5), (551, 3)))
        assert (found["status"], found["luecke"], found["luecke_abs"]) == ("erreicht", 0.0, 0.0)

    def test_more_than_three_kilometres_have_to_be_restored(self, row):
        found = row(sections((8000, 3), (12_000, 6)))
        assert (found["wert"], found["luecke_abs"], found["luecke_einheit"]) == (
            pytest.approx(60.0),
            pytest.approx(3.0),
            "km",
        )
        assert "more than the gap" in found["annahmen"]

    def test_a_section_that_was_not_assessed_lowers_the_coverage_and_not_the_share(self, row):
        found = row(sections(*FIRST, (300, 0)))
        assert found["zaehler"] / found["nenner"] == pytest.approx(0.45)
        assert found["abdeckung_proz"] == pytest.approx(100 * 1000 / 1300)
        assert (found["status"], found["wert"], found["n_ausgelassen"]) == ("nicht bewertbar", None, 1)
        assert "only 77 % of the length" in found["annahmen"]

    def test_a_section_across_the_border_of_zones_counts_in_both_with_its_part(self, measured):
        parts = zones((box(0, -50, 60, 100), "Verdichtungszone"), (box(60, -50, 60, 100), "Außenzone"))
        result = measured(sections((100, 5)), parts)
        rows = {row["kennzahl_id"]: row for row in result.rows("SUMMARY") if row["ist_leitwert"]}
        assert rows[AGGLOMERATION]["zaehler"] == pytest.approx(0.060)
        assert rows[OUTSIDE]["zaehler"] == pytest.approx(0.040)
        assert rows[WHOLE]["zaehler"] == pytest.approx(0.100)
        (section,) = result.rows()
        assert (section["laenge_m"], section["zone"]) == (pytest.approx(100), "ballungsraum")

    def test_trap_the_number_of_sections_says_nothing(self, row):
        found = row(sections(*FIRST))
        assert found["n_objekte"] == 3
        assert found["wert"] != pytest.approx(100 * 2 / 3, abs=1)


class TestClasses:
    @pytest.mark.parametrize(
        "word", ["0", "8", "9", "nicht bewertet", "Sonderfall", "Talsperre", None, "9999", "4-5"]
    )
    def test_what_is_no_class_is_unknown(self, measured, word):
        result = measured(sections((900, 3), (100, word)))
        found = result.finding(WHOLE, "Gesamt")
        assert (found["abdeckung_proz"], found["wert"], found["n_ausgelassen"]) == (
            pytest.approx(90.0),
            0.0,
            1,
        )
        assert "sections of unknown class: 1" in found["annahmen"]
        assert [(row["klasse"], row["schlecht"]) for row in result.rows() if row["klasse"] is None] == [
            (None, None)
        ]

    def test_half_classes_round_up_only_where_that_is_wanted(self, row):
        found = row(sections((500, "4,5"), (500, 3)), indicator=WHOLE, ROUND_HALF_UP=True)
        assert (found["wert"], found["abdeckung_proz"]) == (pytest.approx(50.0), 100.0)

    @pytest.mark.parametrize(("kind", "says"), [("gesamt", "aggregated band"), ("einzelband", "single band")])
    def test_the_kind_of_class_stands_in_the_definition(self, measured, kind, says):
        rows = measured(sections(*FIRST), CLASS_KIND=kind).rows("SUMMARY")
        assert all(says in row["definition"] for row in rows)

    def test_numbers_as_well_as_texts(self, run):
        shapes = layer([line((0, 0), (100, 0)), line((100, 0), (400, 0))], {"GESAMT": [5.0, 4.0]})
        found = run("hz19_river_structure", SECTIONS=shapes).finding(WHOLE, "Gesamt")
        assert found["wert"] == pytest.approx(25.0)

    def test_a_layer_without_a_class_is_refused(self, run):
        with pytest.raises(QgsProcessingException, match="CLASS_FIELD"):
            run("hz19_river_structure", SECTIONS=layer([line((0, 0), (100, 0))], {"laenge": [1]}))

    def test_zones_without_a_word_are_refused(self, measured):
        with pytest.raises(QgsProcessingException, match="ZONE_FIELD"):
            measured(sections(*FIRST), layer([box(0, 0, 10, 10)], {"nr": [1]}))


class TestVariants:
    def test_which_there_are(self, measured):
        shapes = sections(*FIRST, pflicht=["ja", "nein", "ja"])
        rows = measured(shapes, REPORTABLE_FIELD="pflicht").rows("SUMMARY")
        assert [(row["kennzahl_id"], row["variante_id"]) for row in rows] == [
            (AGGLOMERATION, "klasse_5_7"), (AGGLOMERATION, "klasse_6_7"),
            (AGGLOMERATION, "mit_uebergangszone"), (AGGLOMERATION, "berichtspflichtig"),
            (WHOLE, "klasse_5_7"), (WHOLE, "klasse_6_7"), (WHOLE, "berichtspflichtig"),
        ]  # fmt: skip
        values = {(row["kennzahl_id"], row["variante_id"]): row["wert"] for row in rows}
        assert values[WHOLE, "klasse_6_7"] == pytest.approx(5.0)
        assert values[WHOLE, "berichtspflichtig"] == pytest.approx(100 * 400 / 950)

    def test_without_zones_only_the_whole_is_assessable(self, measured):
        rows = measured(sections(*FIRST), zones=None).rows("SUMMARY")
        assert {row["kennzahl_id"]: row["status"] for row in rows} == {
            AGGLOMERATION: "nicht bewertbar",
            OUTSIDE: "nicht bewertbar",
            WHOLE: "Zielwert offen",
        }
        assert all("without ZONES" in row["annahmen"] for row in rows if row["kennzahl_id"] != WHOLE)

    def test_a_transition_zone_is_outside_or_counts_for_the_agglomeration(self, measured):
        parts = zones(
            (box(0, -50, 100, 100), "Verdichtungszone"),
            (box(100, -50, 100, 100), "Übergangszone"),
            (box(200, -50, 100, 100), "Außenzone"),
        )
        rows = measured(sections((150, 5), (150, 3)), parts).rows("SUMMARY")
        values = {(row["kennzahl_id"], row["variante_id"]): (row["zaehler"], row["nenner"]) for row in rows}
        assert values[AGGLOMERATION, HEADLINE] == pytest.approx((0.1, 0.1))
        assert values[OUTSIDE, HEADLINE] == pytest.approx((0.05, 0.2))
        assert values[AGGLOMERATION, "mit_uebergangszone"] == pytest.approx((0.15, 0.2))
        assert values[OUTSIDE, "mit_uebergangszone"] == pytest.approx((0.0, 0.1))

    def test_a_water_of_which_nobody_knows_whether_it_is_reported_lowers_that_coverage_only(self, measured):
        shapes = sections((500, 5), (300, 3), (200, 3), pflicht=["ja", "nein", None])
        rows = measured(shapes, REPORTABLE_FIELD="pflicht").rows("SUMMARY")
        covered = {row["variante_id"]: row["abdeckung_proz"] for row in rows if row["kennzahl_id"] == WHOLE}
        assert covered == {
            "klasse_5_7": 100.0,
            "klasse_6_7": 100.0,
            "berichtspflichtig": pytest.approx(100 * 500 / 700),
        }

    def test_another_class_to_begin_with_has_an_id_of_its_own(self, measured):
        rows = measured(sections(*FIRST), BAD_FROM=6).rows("SUMMARY")
        whole = {
            row["variante_id"]: (row["wert"], row["ist_leitwert"])
            for row in rows
            if row["kennzahl_id"] == WHOLE
        }
        assert whole == {"klasse_6_7": (pytest.approx(5.0), 1), "klasse_5_7": (pytest.approx(45.0), 0)}


class TestOnce:
    def test_the_same_section_twice_counts_once_in_the_worse_class(self, measured):
        there, back = line((0, 0), (400, 0), (400, 300)), line((400, 300), (400, 0), (0, 0))
        shapes = layer([there, back, line((400, 300), (700, 300))], {"gsg": ["4", "6", "2"]})
        result = measured(shapes)
        found = result.finding(WHOLE, "Gesamt")
        assert (found["zaehler"], found["nenner"], found["n_objekte"]) == (
            pytest.approx(0.7),
            pytest.approx(1.0),
            2,
        )
        assert "count there once: 1 wholly, 0 partly" in found["annahmen"]
        assert "the worse one holds: 1" in found["annahmen"]
        assert sorted(row["klasse"] for row in result.rows()) == [2, 6]

    def test_a_known_class_goes_before_an_unknown_one(self, row):
        shapes = layer([line((0, 0), (100, 0))] * 3, {"gsg": ["0", "2", None]})
        found = row(shapes, indicator=WHOLE)
        assert (found["nenner"], found["abdeckung_proz"]) == (pytest.approx(0.1), 100.0)
        assert "the worse one holds: 0" in found["annahmen"]

    def test_what_two_sections_share_counts_once_in_the_worse_class(self, row):
        shapes = layer(
            [line((0, 0), (300, 0), (600, 0)), line((300, 0), (600, 0), (900, 0))], {"gsg": ["3", "5"]}
        )
        found = row(shapes, indicator=WHOLE)
        assert (found["zaehler"], found["nenner"]) == (pytest.approx(0.6), pytest.approx(0.9))

    def test_waters_that_cross_lose_nothing(self, row):
        shapes = layer([line((0, 0), (100, 0)), line((50, -50), (50, 50))], {"gsg": ["3", "5"]})
        found = row(shapes, indicator=WHOLE)
        assert found["nenner"] == pytest.approx(0.2)
        assert "count there once" not in (found["annahmen"] or "")


class TestZones:
    def test_along_a_border_of_zones_a_water_counts_for_the_agglomeration_once(self, measured):
        for words in (("Verdichtungszone", "Außenzone"), ("Außenzone", "Verdichtungszone")):
            parts = zones((box(0, 0, 100, 100), words[0]), (box(0, -100, 100, 100), words[1]))
            found = measured(sections((100, 5)), parts)
            assert found.finding(AGGLOMERATION, "Gesamt")["nenner"] == pytest.approx(0.1)
            assert (OUTSIDE, HEADLINE, "Gesamt") not in found.findings

    def test_where_zones_overlap_the_agglomeration_goes_first(self, measured):
        parts = zones((box(0, -50, 80, 100), "Außenzone"), (box(50, -50, 50, 100), "verdichtungs zone"))
        found = measured(sections((100, 5)), parts)
        assert found.finding(AGGLOMERATION, "Gesamt")["nenner"] == pytest.approx(0.05)
        assert found.finding(OUTSIDE, "Gesamt")["nenner"] == pytest.approx(0.05)

    def test_outside_all_zones_a_section_counts_in_the_whole_only(self, measured):
        parts = zones((box(0, -50, 400, 100), "Verdichtungszone"), (box(400, -50, 100, 100), "Außenzone"))
        result = measured(sections((300, 5), (300, 3), (400, 5)), parts)
        assert result.finding(AGGLOMERATION, "Gesamt")["nenner"] == pytest.approx(0.4)
        assert result.finding(OUTSIDE, "Gesamt")["nenner"] == pytest.approx(0.1)
        whole = result.finding(WHOLE, "Gesamt")
        assert (whole["nenner"], whole["abdeckung_proz"]) == (pytest.approx(1.0), 100.0)
        assert "in no zone and counted in the overall share only: 0.5 km of 2 sections" in whole["annahmen"]
        zone = {round(row["laenge_m"]): row["zone"] for row in result.rows() if row["klasse"] == 5}
        assert zone == {300: "ballungsraum", 400: None}

    @pytest.mark.parametrize("word", [None, "unbekannt", "-"])
    def test_a_zone_that_nobody_knows_may_be_either(self, measured, word):
        parts = zones(
            (box(0, -50, 400, 100), "Verdichtungszone"),
            (box(400, -50, 400, 100), "Außenzone"),
            (box(800, -50, 200, 100), word),
        )
        result = measured(sections((1000, 5)), parts)
        for indicator in (AGGLOMERATION, OUTSIDE):
            found = result.finding(indicator, "Gesamt")
            assert (found["status"], found["abdeckung_proz"]) == (
                "nicht bewertbar",
                pytest.approx(100 * 400 / 600),
            )
        assert result.finding(WHOLE, "Gesamt")["abdeckung_proz"] == 100.0

    def test_a_zone_in_no_list_is_unknown_and_named(self, row):
        parts = zones((box(0, -50, 60, 100), "Verdichtungszone"), (box(60, -50, 60, 100), "Verdichtungsraum"))
        found = row(sections((100, 5)), parts)
        assert found["abdeckung_proz"] == pytest.approx(60.0)
        assert "unknown zones: Verdichtungsraum" in found["annahmen"]
        named = row(sections((100, 5)), parts, OUTSIDE_VALUES="verdichtungsraum")
        assert (named["abdeckung_proz"], named["nenner"]) == (100.0, pytest.approx(0.06))


TOWNS = layer(
    [box(0, -500, 500, 1000), box(500, -500, 500, 1000), box(1000, -500, 500, 1000)],
    {"gemeinde": ["West", "Mitte", "Ost"], "ags": ["05999001", "05999002", "05999003"]},
    name="gemeinden",
)


class TestAreas:
    def test_towns_contribute_and_the_parts_in_them_add_up(self, measured):
        shapes = sections((400, 5), (300, 3), (300, 6))
        result = measured(shapes, AREAS=TOWNS)
        west, middle, east = (result.finding(AGGLOMERATION, name) for name in ("West", "Mitte", "Ost"))
        assert (west["zaehler"], west["nenner"], west["status"]) == (
            pytest.approx(0.4),
            pytest.approx(0.5),
            "Beitrag",
        )
        assert (middle["zaehler"], middle["nenner"]) == (pytest.approx(0.3), pytest.approx(0.5))
        assert (east["status"], east["abdeckung_proz"], east["nenner"]) == ("nicht bewertbar", 0.0, 0.0)
        assert "nothing of" in east["annahmen"]
        assert [row["gebiet"] for row in sorted(result.rows(), key=lambda row: row["laenge_m"])].count(
            "West"
        ) == 1

    def test_a_town_without_any_of_a_zone_has_no_row_of_it(self, measured):
        parts = zones(
            (box(0, -500, 500, 1000), "Verdichtungszone"), (box(500, -500, 1000, 1000), "Außenzone")
        )
        result = measured(sections((500, 5), (500, 3), (500, 6)), parts, AREAS=TOWNS)
        rows = {(row["kennzahl_id"], row["gebiet"]) for row in result.rows("SUMMARY") if row["ist_leitwert"]}
        assert {row for row in rows if row[0] == AGGLOMERATION and row[1] in ("West", "Mitte", "Ost")} == {
            (AGGLOMERATION, "West")
        }
        assert {row for row in rows if row[0] == OUTSIDE and row[1] in ("West", "Mitte", "Ost")} == {
            (OUTSIDE, "Mitte"),
            (OUTSIDE, "Ost"),
        }

    def test_a_town_that_the_zones_do_not_reach_is_not_assessable_by_zone(self, measured):
        parts = zones((box(0, -500, 500, 1000), "Verdichtungszone"), (box(500, -500, 500, 1000), "Außenzone"))
        result = measured(sections((500, 5), (500, 3), (500, 6)), parts, AREAS=TOWNS)
        for indicator in (AGGLOMERATION, OUTSIDE):
            found = result.finding(indicator, "Ost")
            assert (found["status"], found["abdeckung_proz"]) == ("nicht bewertbar", 0.0)
            assert "no section lies in a zone here" in found["annahmen"]
        assert result.finding(WHOLE, "Ost")["wert"] == pytest.approx(100.0)

    def test_a_town_whose_sections_are_all_unknown_is_not_assessable(self, measured):
        result = measured(sections((500, None), (500, 3), (500, 6)), AREAS=TOWNS)
        found = result.finding(AGGLOMERATION, "West")
        assert (found["status"], found["wert"], found["abdeckung_proz"]) == ("nicht bewertbar", None, 0.0)
        assert "of the length is assessable" in found["annahmen"]

    def test_the_region_gets_the_verdict(self, row):
        towns = TOWNS.clone()
        found = row(sections((400, 5), (1100, 3)), AREAS=towns, AREAS_KIND="Region", area="West")
        assert (found["status"], found["luecke_abs"]) == ("Lücke", pytest.approx(0.5 * (0.8 - 0.45)))

    def test_means_over_the_towns(self, measured):
        rows = measured(sections((400, 5), (300, 3), (300, 6), (500, 1)), AREAS=TOWNS).rows("SUMMARY")
        means = [
            row
            for row in rows
            if row["gebiet_art"] == "Region"
            and row["kennzahl_id"] == AGGLOMERATION
            and row["variante_id"] == HEADLINE
        ]
        assert [row["wert"] for row in means] == [
            pytest.approx(100 * (0.8 + 0.6 + 0.0) / 3),
            pytest.approx(100 * 700 / 1500),
        ]


class TestStretches:
    def found(self, result):
        return {
            round(row["laenge_m"]): (row["strecke_km"], row["nachbar_gut"], row["rang"])
            for row in result.rows()
        }

    def test_bad_sections_that_follow_each_other_are_one(self, measured):
        found = self.found(
            measured(sections((100, 2), (110, 5), (120, 7), (130, 3), (140, 6), (150, 4), (160, 5)))
        )
        assert found == {
            100: (None, None, None),
            110: (pytest.approx(0.23), 2, 1),
            120: (pytest.approx(0.23), 2, 1),
            130: (None, None, None),
            140: (pytest.approx(0.14), 1, 2),
            150: (None, None, None),
            160: (pytest.approx(0.16), 0, 3),
        }

    def test_another_water_is_no_neighbour(self, run):
        shapes = layer(
            [line((0, 0), (100, 0)), line((100, 0), (210, 0)), line((100, 0), (100, 120))],
            {"gsg": [5, 2, 5], "gewkz": ["1", "1", "12"], "name": ["A", "A", "A"]},
        )
        result = run("hz19_river_structure", SECTIONS=shapes)
        assert self.found(result) == {
            100: (pytest.approx(0.1), 1, 1),
            110: (None, None, None),
            120: (pytest.approx(0.12), 0, 2),
        }

    def test_the_name_parts_waters_without_a_key(self, run):
        shapes = layer(
            [line((0, 0), (100, 0)), line((100, 0), (210, 0))],
            {"gsg": [5, 5], "gewkz": ["-", None], "gewaesser": ["Emscher", "EMSCHER "]},
        )
        result = run("hz19_river_structure", SECTIONS=shapes)
        assert [km for km, _, _ in self.found(result).values()] == pytest.approx([0.21, 0.21])
        assert {row["gewaesser"] for row in result.rows()} == {"Emscher", "EMSCHER"}

    def test_a_stretch_of_unknown_neighbours_has_no_good_ones(self, measured):
        found = self.found(measured(sections((100, 9), (110, 5), (120, 4))))
        assert found[110] == (pytest.approx(0.11), 0, 1)


def _turned(points, angle, dx, dy):
    cos, sin = math.cos(angle), math.sin(angle)
    return [(x * cos - y * sin + dx, x * sin + y * cos + dy) for x, y in points]


def _town(angle=0.0, dx=0.0, dy=0.0, order=None, pieces=1):
    """A meandering water of 30 sections across three zones, moved, shuffled or cut into pieces."""
    dice = random.Random(19)
    corners = [(40.0 * n, dice.uniform(-60, 60)) for n in range(31)]
    grades = [dice.choice([1, 2, 3, 4, 5, 6, 7, 0]) for _ in range(30)]
    numbers = list(range(30))
    if order is not None:
        random.Random(order).shuffle(numbers)
    lines, told = [], []
    for n in numbers:
        (x0, y0), (x1, y1) = corners[n], corners[n + 1]
        steps = [(x0 + (x1 - x0) * k / pieces, y0 + (y1 - y0) * k / pieces) for k in range(pieces + 1)]
        for a, b in itertools.pairwise(steps):
            lines.append(line(*_turned([a, b], angle, dx, dy)))
            told.append(grades[n])
    borders = [(0, "Verdichtungszone"), (430, "Übergangszone"), (770, "Außenzone"), (1200, "")]
    parts = [
        (polygon(_turned([(a, -500), (b, -500), (b, 500), (a, 500)], angle, dx, dy)), word)
        for (a, word), (b, _) in itertools.pairwise(borders)
    ]
    return {
        "SECTIONS": layer(lines, {"gsg": told}, name="gsg"),
        "ZONES": zones(*parts),
    }


@pytest.mark.parametrize(
    "change",
    [
        {"dx": 12_345.678, "dy": -4321.1},
        {"angle": 0.7},
        {"angle": math.pi / 2, "dx": 500.0},
        {"order": 1},
        {"order": 2},
        {"pieces": 4},
    ],
    ids=str,
)
def test_the_place_the_order_and_the_cut_of_sections_change_no_figure(run, change):
    def figures(**how):
        rows = run("hz19_river_structure", **_town(**how)).rows("SUMMARY")
        return {
            (row["kennzahl_id"], row["variante_id"]): (row["zaehler"], row["nenner"], row["abdeckung_proz"])
            for row in rows
        }

    plain, changed = figures(), figures(**change)
    assert plain.keys() == changed.keys()
    for key, values in plain.items():
        # A move by whole kilometres changes the scale of the projection.
        assert changed[key] == pytest.approx(values, rel=1e-5), key


@pytest.mark.parametrize("order", [1, 2, 3])
def test_the_order_of_sections_changes_no_row(run, order):
    def rows(**how):
        found = run("hz19_river_structure", **_town(**how)).rows()
        return sorted(repr(sorted(row.items(), key=lambda item: item[0])) for row in found)

    assert rows() == rows(order=order)
