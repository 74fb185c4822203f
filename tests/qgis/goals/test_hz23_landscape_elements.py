"""HZ 23, landscape elements and leases: values by hand, what counts once, and what is not assessable."""

from __future__ import annotations

import math
import random
from pathlib import Path

import pytest
from gruene_infra.gruene_infra_plugin.register.model import Fact, Project
from gruene_infra.gruene_infra_plugin.register.store import Register
from qgis.core import Qgis, QgsGeometry, QgsPointXY, QgsProcessingException

from ...layer_factory import EAST, NORTH, UTM, box, geometry, layer, line, point, table

SHARE, LEASES, TERM = "hz23.elemente.anteil", "hz23.pacht.anteil", "hz23.pacht.laufzeit"
FIELD = box(0, 0, 1000, 1000)
HEDGE, MARGIN, TREE = line((250, 500), (750, 500)), box(0, 1000, 1000, 3), point(500, 500)
R = math.sqrt(25 / math.pi)
BULGE = 2 * (R**2 * math.acos(2.5 / R) - 2.5 * math.sqrt(R**2 - 2.5**2))
"""What of a tree of 25 m² looks out of a hedge of 5 m on both sides."""
BY_HAND = 2500 + 3000 + BULGE


def example(_folder: Path) -> dict[str, object]:
    """Two towns of six fields of 1 ha, each with a hedge or ditch of 50 m and a tree; six leases."""
    at = [(x + 120 * k, y) for x in (0, 2000) for y in (0, 120) for k in range(3)]
    six = range(6)
    return {
        "FIELDS": layer(
            [box(x, y, 100, 100) for x, y in at],
            {"art": ["HNF", "NNF"] * 6},
            name="felder",
        ),
        "FIELDS_KIND_FIELD": "art",
        "FIELDS_VALUES": "HNF, NNF",
        "ELEMENTS": [
            layer(
                [line((x + 10, y + 50), (x + 60, y + 50)) for x, y in at],
                {"typ": ["Hecke", "Graben"] * 6, "breite": [4.0, None] * 6, "krone": [None, 5.0] * 6},
                name="linien",
            ),
            layer(
                [point(x + 80, y + 20) for x, y in at],
                {"typ": ["Einzelbaum"] * 12, "breite": [None, 3.0] * 6, "krone": [6.0, None] * 6},
                name="punkte",
            ),
        ],
        "KIND_FIELD": "typ",
        "WIDTH_FIELD": "breite",
        "CROWN_FIELD": "krone",
        "CULTURAL_LANDSCAPE": layer(
            [box(x - 50, -50, 500, 400) for x in (0, 2000)] * 3, {"id": [*six]}, name="kulturlandschaft"
        ),
        "LEASES": table(
            {
                "von": ["2020-01-01", "2021-01-01", "2022-01-01", "2023-01-01", "2024-01-01", "2025-01-01"],
                "bis": ["2029-12-31", "2032-12-31", "2026-12-31", "2042-12-31", "2025-12-31", "2039-12-31"],
                "ha": [1.5, 2.0, 2.5, 3.0, 3.5, 4.0],
                "endlos": ["nein"] * 6,
                "oeko": ["ja", "ja", "ja", "nein", "ja", "ja"],
            },
            name="pacht",
        ),
        "LEASE_BEGIN_FIELD": "von",
        "LEASE_END_FIELD": "bis",
        "LEASE_AREA_FIELD": "ha",
        "UNLIMITED_FIELD": "endlos",
        "CONVERSION_FIELD": "oeko",
        "AREAS": layer(
            [box(-100, -100, 600, 600), box(1900, -100, 600, 600)],
            {"gemeinde": ["Westen", "Osten"], "ags": ["05999001", "05999002"]},
            name="gemeinden",
        ),
        "AREAS_NAME": "gemeinde",
        "AREAS_KEY": "ags",
    }


def fields(*shapes: str | QgsGeometry, **columns: list):
    return layer(list(shapes), columns or {"id": [*range(len(shapes))]}, name="felder")


def drawn(*shapes: str | QgsGeometry, kinds: list | str | None = None, name: str = "elemente", **more: list):
    words = kinds if isinstance(kinds, list) else [kinds] * len(shapes)
    return layer(list(shapes), {"typ": words, **more}, name=name)


def parts(*more) -> list:
    """The elements of the values by hand, in three layers."""
    return [drawn(HEDGE, kinds="Hecke"), drawn(MARGIN, kinds="Feldrain"), drawn(TREE, kinds="Baum"), *more]


@pytest.fixture
def measured(run):
    """Run with the field of the values by hand where nothing else is said."""

    def start(*elements, **more):
        given = {"FIELDS": fields(FIELD), "KIND_FIELD": "typ", "AS_OF": "2026-11-29"}
        return run("hz23_landscape_elements", ELEMENTS=list(elements), **(given | more))

    return start


def values(found, area: str = "Gesamt", indicator: str = SHARE) -> dict[str, float | None]:
    return {
        key[1]: row["wert"] for key, row in found.findings.items() if (key[0], key[2]) == (indicator, area)
    }


def square_metres(found, variant: str = "ln_und_le", area: str = "Gesamt") -> float:
    return 10_000 * found.findings[SHARE, variant, area]["zaehler"]


# -- values by hand -----------------------------------------------------------------------------------------


def test_elements_are_dissolved_before_they_are_summed(measured):
    found = measured(*parts())
    assert square_metres(found) == pytest.approx(5501.13, abs=0.01)
    assert values(found)["ln_und_le"] == pytest.approx(0.54847, abs=5e-6)
    assert values(found)["ln"] == pytest.approx(0.55011, abs=5e-6)
    headline = found.finding(SHARE)
    assert (headline["ziel"], headline["richtung"], headline["status"]) == (10, ">=", "Lücke")
    assert headline["nenner"] == pytest.approx(100.3, abs=1e-6)
    assert (headline["n_objekte"], headline["abdeckung_proz"]) == (3, 100)


def test_a_hedge_cut_out_of_the_field_changes_the_second_share_only(measured):
    hole = geometry(FIELD).difference(geometry(box(250, 497.5, 500, 5)))
    found = values(measured(*parts(), FIELDS=fields(hole)))
    assert found["ln_und_le"] == pytest.approx(0.54847, abs=5e-6)
    assert found["ln"] == pytest.approx(0.55149, abs=5e-6)


def test_rows_say_origin_width_place_and_size(measured):
    rows = {row["art"]: row for row in measured(*parts()).rows()}
    hedge, margin, tree = rows["hecke"], rows["feldrain"], rows["einzelbaum"]
    assert (hedge["herkunft"], hedge["breite_m"], hedge["breite_quelle"]) == ("linie", 5, "annahme")
    assert (hedge["lage"], hedge["gloez"], hedge["flaeche_m2"]) == ("im_feld", 1, pytest.approx(2500))
    assert (margin["herkunft"], margin["breite_m"], margin["breite_quelle"]) == ("flaeche", None, None)
    assert (margin["lage"], margin["gloez"], margin["flaeche_m2"]) == ("am_feld", 1, pytest.approx(3000))
    assert (tree["herkunft"], tree["breite_m"]) == ("punkt", pytest.approx(2 * R))
    assert (tree["gloez"], tree["flaeche_m2"]) == (0, pytest.approx(BULGE, abs=0.01))


def test_legal_sizes_and_small_trees_are_variants(measured):
    far = drawn(point(100, 100), kinds="Einzelbaum")
    found = measured(*parts(far))
    assert square_metres(found) == pytest.approx(5526.13, abs=0.01)
    assert square_metres(found, "gloez") == pytest.approx(5500)
    assert square_metres(found, "baum_10m2") == pytest.approx(5510)
    assert values(found)["gloez"] == pytest.approx(100 * 5500 / 1_003_000)
    assert values(found)["baum_10m2"] == pytest.approx(100 * 5510 / 1_003_000)
    small = measured(*parts(far), TREE_AREA=4)
    assert square_metres(small) == pytest.approx(5504)
    assert square_metres(small, "baum_10m2") == pytest.approx(5510)
    assert len(small.rows()) == 3


def test_a_stated_width_and_crown_go_before_assumptions(measured):
    hedge = drawn(HEDGE, kinds="Hecke", breite=[8.0])
    crown = drawn(point(100, 100), kinds="Baum", krone=[4.0])
    found = measured(hedge, crown, WIDTH_FIELD="breite", CROWN_FIELD="krone")
    assert square_metres(found) == pytest.approx(4000 + 4 * math.pi, abs=1e-6)
    assert square_metres(found, "baum_10m2") == pytest.approx(4000 + 4 * math.pi, abs=1e-6)
    assert {row["breite_quelle"] for row in found.rows()} == {"feld"}
    assert sorted(row["breite_m"] for row in found.rows()) == [4.0, 8.0]


def test_a_tree_row_as_points_and_as_a_line_counts_once(measured):
    row = drawn(line((100, 100), (200, 100)), kinds="Baumreihe")
    trees = drawn(*(point(105 + 10 * k, 100) for k in range(10)), kinds="Baum", krone=[4.0] * 10)
    found = measured(row, trees, CROWN_FIELD="krone")
    assert square_metres(found) == pytest.approx(500)
    assert [row["art"] for row in found.rows()] == ["baumreihe"]


@pytest.mark.parametrize(
    ("kind", "width"),
    [
        ("Knick", 5),
        ("Allee", 5),
        ("Graben", 2),
        ("Bach", 3),
        ("Feldrain", 3),
        ("Pufferstreifen", 3),
        ("Trockenmauer", 1),
    ],
)
def test_lines_have_the_width_of_their_kind(measured, kind, width):
    assert square_metres(measured(drawn(line((100, 100), (200, 100)), kinds=kind))) == pytest.approx(
        100 * width
    )


# -- in and beside fields -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("gap", "counts"), [(0, True), (10, True), (10.1, False)])
def test_an_element_beside_a_field_counts_up_to_a_distance(measured, gap, counts):
    found = measured(drawn(box(100, 100, 30, 30), box(0, 1000 + gap, 100, 4), kinds="Feldrain"))
    assert square_metres(found) == pytest.approx(900 + 400 * counts)
    assert ("1 elements lie beside no field" in found.finding(SHARE)["annahmen"]) != counts


@pytest.mark.parametrize(("length", "area"), [(50, 5000), (60, 60 * 10 + 100 * 10 + 0)])
def test_a_larger_element_counts_with_what_is_near(measured, length, area):
    """Of 100 m × 60 m the part within 10 m of the field counts."""
    found = measured(drawn(box(100, 1000, 100, length), kinds="Feldgehölz"))
    assert square_metres(found) == pytest.approx(5000 if length == 50 else 1000, rel=1e-6)


def test_what_is_drawn_in_two_pieces_is_one_element(measured):
    """Each half of 3 000 m² would count whole; between them lie 5 mm."""
    halves = drawn(box(100, 1000, 100, 30), box(100, 1030.005, 100, 30), kinds="Feldgehölz")
    found = measured(halves)
    assert square_metres(found) == pytest.approx(1000, rel=1e-6)
    assert len(found.rows()) == 1


def test_a_line_drawn_in_two_pieces_has_the_same_ground(measured):
    bend = [(100, 100), (200, 100), (200, 300)]
    whole = measured(drawn(line(*bend), kinds="Hecke"))
    pieces = measured(drawn(line(*bend[:2]), line(*bend[:0:-1]), kinds="Hecke"))
    assert square_metres(pieces) == pytest.approx(square_metres(whole))
    assert square_metres(whole) == pytest.approx(1500 + (math.pi / 4 - 1) * 2.5**2, abs=0.01)
    assert len(pieces.rows()) == 1


def test_a_cultural_landscape_takes_the_place_of_the_distance(measured):
    """It cuts fields and elements: 900 m of the field, 450 m of the hedge beside it."""
    mask = layer([box(0, 0, 900, 1200)], name="kulturlandschaft")
    beside = drawn(box(450, 1100, 900, 4), kinds="Feldrain")
    found = measured(beside, CULTURAL_LANDSCAPE=mask)
    assert square_metres(found) == pytest.approx(1800)
    assert values(found)["ln"] == pytest.approx(100 * 1800 / 900_000)
    assert found.finding(SHARE)["abdeckung_proz"] == pytest.approx(90)


def test_a_cultural_landscape_of_half_the_fields_leaves_no_verdict(measured):
    half = layer([box(0, 0, 500, 1200)], name="kulturlandschaft")
    found = measured(*parts(), CULTURAL_LANDSCAPE=half).finding(SHARE)
    assert (found["status"], found["abdeckung_proz"]) == ("nicht bewertbar", pytest.approx(50))
    assert "only 50 % of the fields lie in the cultural landscape" in found["annahmen"]


# -- doubles, order, place ----------------------------------------------------------------------------------


def test_what_is_delivered_twice_counts_once(measured):
    twice = [drawn(HEDGE, geometry(line((750, 500), (250, 500))), kinds="Hecke"), *parts()[1:]]
    found = measured(*twice, FIELDS=fields(FIELD, FIELD))
    assert square_metres(found) == pytest.approx(BY_HAND, abs=0.01)
    assert values(found)["ln"] == pytest.approx(BY_HAND / 10_000, abs=1e-6)
    note = found.finding(SHARE)["annahmen"]
    assert "1 elements delivered twice count once" in note
    assert len(found.rows("FIELDS_OUT")) == 1
    assert "1 fields delivered twice count once" in note


def test_fields_that_overlap_count_once(measured):
    found = measured(*parts(), FIELDS=fields(box(0, 0, 600, 1000), box(400, 0, 600, 1000)))
    assert values(found)["ln"] == pytest.approx(BY_HAND / 10_000, abs=1e-6)


@pytest.mark.parametrize("seed", range(4))
def test_shift_turn_order_and_division_change_nothing(measured, seed):
    rng = random.Random(seed)
    turn, east, north = rng.uniform(0, 360), rng.uniform(-5000, 5000), rng.uniform(-5000, 5000)

    def moved(wkt: str) -> QgsGeometry:
        shape = geometry(wkt)
        shape.rotate(turn, QgsPointXY(EAST, NORTH))
        shape.translate(east, north)
        return shape

    cut = sorted(rng.uniform(100, 900) for _ in range(3))
    stripes = [moved(box(a, 0, b - a, 1000)) for a, b in zip([0, *cut], [*cut, 1000], strict=True)]
    halves = [moved(line((250, 500), (400, 500))), moved(line((400, 500), (750, 500)))]
    margins = [moved(box(0, 1000, 300, 3)), moved(box(300, 1000, 700, 3))]
    for shapes in (stripes, halves, margins):
        rng.shuffle(shapes)
    elements = [
        drawn(*halves, kinds="Hecke"),
        drawn(*margins, kinds="Feldrain"),
        drawn(moved(TREE), kinds="Baum"),
    ]
    rng.shuffle(elements)
    found = measured(*elements, FIELDS=fields(*stripes))
    assert square_metres(found) == pytest.approx(BY_HAND, abs=0.02)
    assert values(found)["ln_und_le"] == pytest.approx(0.54847, abs=5e-6)
    assert square_metres(found, "gloez") == pytest.approx(5500, abs=0.01)
    assert sorted(row["art"] for row in found.rows()) == ["einzelbaum", "feldrain", "hecke"]


@pytest.mark.parametrize("seed", range(5))
def test_shares_are_those_of_the_unions(measured, seed):
    """Scattered elements over fields that overlap: every figure against unions made another way."""
    rng = random.Random(seed)

    def some(low: float, high: float) -> float:
        return rng.uniform(low, high)

    farmland = [geometry(box(some(0, 700), some(0, 700), some(100, 300), some(100, 300))) for _ in range(6)]
    hedges = [line(*((some(100, 900), some(100, 900)) for _ in range(3))) for _ in range(8)]
    copses = [box(some(100, 900), some(100, 900), some(5, 60), some(5, 60)) for _ in range(8)]
    trees = [point(some(100, 900), some(100, 900)) for _ in range(40)]
    found = measured(
        drawn(*hedges, kinds="Hecke"),
        drawn(*copses, kinds="Feldgehölz"),
        drawn(*trees, kinds="Baum"),
        FIELDS=fields(*farmland),
        BESIDE=100,
        MAX_ELEMENT=1e9,
    )
    fields_united = QgsGeometry.unaryUnion(farmland)
    flat, bend = Qgis.EndCapStyle.Flat, Qgis.JoinStyle.Round
    strips = [geometry(one).buffer(2.5, 16, flat, bend, 2) for one in hedges]
    ground = [
        part
        for kind in (strips, [geometry(one) for one in copses])
        for part in QgsGeometry.unaryUnion(kind).asGeometryCollection()
    ]
    for variant, size in (("ln_und_le", 25), ("baum_10m2", 10)):
        crowns = [geometry(one).buffer(math.sqrt(size / math.pi), 64) for one in trees]
        near = [*ground, *crowns]
        belonging = QgsGeometry.unaryUnion([one for one in near if one.distance(fields_united) <= 100])
        row = found.findings[SHARE, variant, "Gesamt"]
        assert 10_000 * row["zaehler"] == pytest.approx(belonging.area(), rel=1e-3)
        united = QgsGeometry.unaryUnion([belonging, fields_united]).area()
        assert 10_000 * row["nenner"] == pytest.approx(united, rel=1e-4)
    assert sum(row["flaeche_m2"] for row in found.rows()) == pytest.approx(square_metres(found), rel=1e-6)
    held = found.rows("FIELDS_OUT")
    assert sum(row["fehlt_m2"] for row in held) >= found.finding(SHARE)["luecke_abs"] * 10_000 - 1e-3
    assert sorted(row["rang"] for row in held if row["rang"]) == [
        *range(1, 1 + sum(r["fehlt_m2"] > 0 for r in held))
    ]


# -- fields -------------------------------------------------------------------------------------------------


def test_fields_are_ranked_by_what_they_lack(measured):
    """2 ha with 5 %: 1 000 m² lack; 1 ha with nothing: 1 000 m²; 0.5 ha with 20 %: nothing."""
    found = measured(
        drawn(box(0, 0, 100, 10), box(500, 0, 100, 10), kinds="Brache"),
        FIELDS=fields(box(0, 0, 200, 100), box(300, 0, 110, 100), box(500, 0, 100, 50)),
    )
    rows = sorted(found.rows("FIELDS_OUT"), key=lambda row: row["id"])
    assert [row["anteil_le_proz"] for row in rows] == pytest.approx([5, 0, 20])
    assert [row["fehlt_m2"] for row in rows] == pytest.approx([1000, 1100, 0])
    assert [row["rang"] for row in rows] == [2, 1, None]


def test_an_element_between_two_fields_is_told_of_one(measured):
    """10 m beside both: the nearer one has it, and what all fields hold is what there is."""
    found = measured(
        drawn(box(100, 0, 4, 100), kinds="Hecke"),
        FIELDS=fields(box(0, 0, 100, 100), box(105, 0, 100, 100)),
    )
    shares = [row["anteil_le_proz"] for row in sorted(found.rows("FIELDS_OUT"), key=lambda row: row["id"])]
    assert shares == pytest.approx([100 * 400 / 10_400, 0])


def test_only_fields_of_the_values_count_and_unknown_kinds_lower_the_coverage(measured):
    kinds = ["HNF", "NNF", "LE", None]
    some = fields(*(box(0, 250 * k, 1000, 250) for k in range(4)), art=kinds)
    given = {"FIELDS": some, "FIELDS_KIND_FIELD": "art", "FIELDS_VALUES": "hnf, nnf"}
    found = measured(*parts(), **given).finding(SHARE)
    assert found["nenner"] == pytest.approx(50.0 + 0.25 * 0 + 0, abs=0.2)
    assert found["abdeckung_proz"] == pytest.approx(100 * 2 / 3)
    assert "whether it is a field" in found["annahmen"]
    with pytest.raises(QgsProcessingException, match="FIELDS_VALUES"):
        measured(*parts(), **(given | {"FIELDS_VALUES": "Acker"}))
    with pytest.raises(QgsProcessingException, match="FIELDS_KIND_FIELD"):
        measured(*parts(), FIELDS_VALUES="Acker")


# -- what is not known --------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [None, "k. A.", "-9999"])
def test_a_line_of_unknown_kind_has_no_area_and_lowers_the_coverage(measured, kind):
    """100 m of it would be 500 m² at most, beside 2 500 m² that are known."""
    found = measured(drawn(HEDGE, line((100, 100), (200, 100)), kinds=["Hecke", kind])).finding(SHARE)
    assert 10_000 * found["zaehler"] == pytest.approx(2500)
    assert found["abdeckung_proz"] == pytest.approx(100 * 2500 / 3000)
    assert "1 elements of unknown kind, width or crown have no area" in found["annahmen"]
    assert found["n_ausgelassen"] == 1


def test_unknown_lines_as_long_as_the_known_ones_leave_no_verdict(measured):
    found = measured(drawn(HEDGE, line((250, 300), (750, 300)), kinds=["Hecke", None])).finding(SHARE)
    assert (found["status"], found["abdeckung_proz"]) == ("nicht bewertbar", pytest.approx(50))


def test_an_unknown_point_on_a_known_hedge_does_not_matter(measured):
    found = measured(drawn(HEDGE, kinds="Hecke"), drawn(TREE, kinds="Tümpel", krone=[None])).finding(SHARE)
    assert found["abdeckung_proz"] == pytest.approx(100 * 2500 / (2500 + BULGE), abs=1e-3)


def test_words_that_name_no_kind_are_unknown_until_somebody_says_that_they_are_none(measured):
    given = drawn(HEDGE, kinds="Hecke"), drawn(box(0, 0, 100, 100), kinds="Winterweizen")
    found = measured(*given).finding(SHARE)
    assert (found["status"], found["abdeckung_proz"]) == ("nicht bewertbar", pytest.approx(20))
    assert "Winterweizen" in found["annahmen"]
    told = measured(*given, OTHER_VALUES="Winter*").finding(SHARE)
    assert (told["wert"], told["abdeckung_proz"]) == (pytest.approx(100 * 0.25 / 100), 100)


def test_a_polygon_of_unknown_kind_counts_but_not_for_the_law(measured):
    found = measured(drawn(box(100, 100, 50, 50), kinds=[None]))
    assert square_metres(found) == pytest.approx(2500)
    assert values(found)["gloez"] is None
    assert found.rows()[0]["gloez"] is None
    named = measured(drawn(box(100, 100, 40, 40), kinds=[None], name="Feldgehölze 2026"))
    assert square_metres(named, "gloez") == pytest.approx(1600)


@pytest.mark.parametrize("width", [-9999.0, 0.0, 999.0, 9999.0])
def test_a_placeholder_of_a_width_is_an_assumption(measured, width):
    found = measured(drawn(HEDGE, kinds="Hecke", breite=[width]), WIDTH_FIELD="breite")
    assert square_metres(found) == pytest.approx(2500)
    assert "are no width" in found.log.text


def test_fields_where_nothing_is_delivered_are_not_surveyed(measured):
    """Elements cover the western field only; the other one lies 20 km away."""
    found = measured(*parts(), FIELDS=fields(FIELD, box(20_000, 0, 1000, 1000)))
    row = found.finding(SHARE)
    assert (row["status"], row["abdeckung_proz"]) == ("nicht bewertbar", pytest.approx(50))
    lacks = {
        row["id"]: (row["anteil_le_proz"], row["fehlt_m2"], row["rang"]) for row in found.rows("FIELDS_OUT")
    }
    assert lacks[1] == (None, None, None)
    assert lacks[0][2] == 1


def test_an_area_without_elements_or_without_fields_is_not_judged(measured):
    towns = layer(
        [box(0, 0, 1000, 1100), box(20_000, 0, 1000, 1000), box(40_000, 0, 1000, 1000)],
        {"gemeinde": ["A", "B", "C"], "ags": ["05999001", "05999002", "05999003"]},
        name="gemeinden",
    )
    more = drawn(MARGIN, box(40_100, 100, 10, 10), kinds=["Feldrain", "Brache"])
    found = measured(*parts(more), FIELDS=fields(FIELD, box(20_000, 0, 1000, 1000)), AREAS=towns)
    rows = {area: found.finding(SHARE, area) for area in "ABC"}
    assert (rows["A"]["status"], rows["A"]["wert"]) == ("Beitrag", pytest.approx(0.54847, abs=5e-6))
    assert "nothing of Landscape elements" in rows["B"]["annahmen"]
    assert "nothing of Fields" in rows["C"]["annahmen"]
    assert {rows[area]["wert"] for area in "BC"} == {None}


def test_each_layer_has_to_show_something_in_an_area(measured):
    """Hedges are delivered for one of two towns only, trees for both: the other one is not judged."""
    towns = layer(
        [box(0, 0, 1000, 1000), box(1000, 0, 1000, 1000)],
        {"gemeinde": ["A", "B"], "ags": ["05999001", "05999002"]},
        name="gemeinden",
    )
    trees = drawn(point(100, 100), point(1100, 100), kinds="Baum", name="baeume")
    hedges = drawn(HEDGE, kinds="Hecke", name="hecken")
    given = {"FIELDS": fields(FIELD, box(1000, 0, 1000, 1000)), "AREAS": towns}
    found = measured(hedges, trees, **given)
    assert found.finding(SHARE, "A")["wert"] == pytest.approx(100 * 2525 / 1_000_000)
    other = found.finding(SHARE, "B")
    assert (other["status"], other["wert"]) == ("nicht bewertbar", None)
    assert "nothing of Landscape elements [hecken] lies in this area" in other["annahmen"]


def test_elements_without_fields_are_no_farmland(measured):
    """On the cultural landscape of a town without fields there is a hedge, and no share of 100 %."""
    towns = layer(
        [box(0, 0, 1000, 1000), box(1000, 0, 1000, 1000)],
        {"gemeinde": ["A", "B"], "ags": ["05999001", "05999002"]},
        name="gemeinden",
    )
    hedges = drawn(HEDGE, line((1250, 500), (1750, 500)), kinds="Hecke")
    mask = layer([box(0, 0, 2000, 1000)], name="kulturlandschaft")
    found = measured(hedges, CULTURAL_LANDSCAPE=mask, AREAS=towns)
    assert found.finding(SHARE, "A")["wert"] == pytest.approx(0.25)
    other = found.finding(SHARE, "B")
    assert (other["status"], other["wert"]) == ("nicht bewertbar", None)
    assert "nothing of Fields" in other["annahmen"]


def test_invalid_and_thin_shapes_do_no_harm(measured):
    bow = "Polygon ((0 0, 10 10, 10 0, 0 10, 0 0))"
    shape = geometry(bow)
    shape.translate(EAST + 100, NORTH + 100)
    needle = box(300, 300, 200, 0.001)
    found = measured(drawn(shape, needle, kinds="Brache"))
    assert square_metres(found) == pytest.approx(50 + 0.2, abs=0.01)


# -- leases -------------------------------------------------------------------------------------------------


def leases(*rows: tuple, **more: list):
    names = ("pacht_beginn", "pacht_ende", "pacht_ha")
    columns = {name: [row[n] for row in rows] for n, name in enumerate(names)}
    return table({**columns, "nr": [*range(len(rows))], **more}, name="pacht")


def test_ten_years_are_told_to_the_day(measured):
    given = leases(("2026-10-01", "2036-09-30", 3.0), ("2026-10-01", "2036-09-29", 1.0))
    found = measured(*parts(), LEASES=given)
    assert values(found, indicator=LEASES) == {"flaeche": pytest.approx(75), "anzahl": pytest.approx(50)}
    assert found.finding(LEASES)["status"] == "Zielwert offen"
    columns = ("zaehler", "nenner", "basis_einheit")
    rows = {key[1]: [row[c] for c in columns] for key, row in found.findings.items() if key[0] == LEASES}
    assert rows == {"flaeche": [3.0, 4.0, "ha"], "anzahl": [1.0, 2.0, "Verträge"]}
    mean = found.finding(TERM)
    assert mean["wert"] == pytest.approx((3 * 10 + 9 + 364 / 365) / 4, abs=1e-3)
    assert (mean["ziel"], mean["status"]) == (10, "Lücke")
    assert "all leases are taken as those of farms that convert" in mean["annahmen"]


def test_leases_known_by_years_run_from_january_to_december(measured):
    """3 ha of 2026 to 2035, ten years, and 1 ha of 2026 to 2034, nine."""
    found = measured(*parts(), LEASES=leases(("2026", "2035", 3.0), ("2026", "2034", 1.0)))
    assert values(found, indicator=LEASES) == {"flaeche": pytest.approx(75), "anzahl": pytest.approx(50)}
    assert found.finding(TERM)["wert"] == pytest.approx((3 * 10 + 9) / 4)


def test_only_farms_that_convert_count_and_unknown_ones_lower_the_coverage(measured):
    rows = [("2026-01-01", "2035-12-31", 4.0), ("1.1.2026", "31.12.2030", 4.0), ("2026", "2040", 2.0)]
    given = leases(*rows, oeko_umstellung=["ja", "nein", None])
    found = measured(*parts(), LEASES=given).findings
    by_area, by_number = found[LEASES, "flaeche", "Gesamt"], found[LEASES, "anzahl", "Gesamt"]
    assert (by_area["status"], by_area["abdeckung_proz"]) == ("nicht bewertbar", pytest.approx(100 * 4 / 6))
    assert (by_number["abdeckung_proz"], by_number["n_objekte"], by_number["n_ausgelassen"]) == (50, 1, 1)


@pytest.mark.parametrize(
    ("end", "more", "share", "coverage"),
    [
        ("unbefristet", {}, 90.0, 100.0),
        (None, {"unbefristet": ["nein", "ja"]}, 90.0, 100.0),
        (None, {}, 100.0, 90.0),
        ("1111-11-11", {}, 100.0, 90.0),
        ("9999-12-31", {}, 100.0, 90.0),
        ("2020-01-01", {}, 100.0, 90.0),
    ],
)
def test_no_end_is_known_only_where_it_is_marked(measured, end, more, share, coverage):
    given = leases(("2026-01-01", "2035-12-31", 9.0), ("2026-01-01", end, 1.0), **more)
    found = measured(*parts(), LEASES=given)
    row = found.finding(LEASES)
    assert (row["wert"], row["abdeckung_proz"]) == (pytest.approx(share), pytest.approx(coverage))
    assert found.finding(TERM)["abdeckung_proz"] == pytest.approx(90)


@pytest.mark.parametrize(
    ("end", "share", "ended"),
    [("2026-11-28", 75.0, True), ("29.11.2026", 90.0, False), ("2025", 75.0, True), ("2026", 90.0, False)],
)
def test_leases_that_have_ended_do_not_count(measured, end, share, ended):
    """3 ha of ten years and 1 ha of five; 6 ha of more than ten that may be over on 2026-11-29."""
    rows = [("2026-01-01", "2035-12-31", 3.0), ("2026-01-01", "2030-12-31", 1.0), ("2010-01-01", end, 6.0)]
    found = measured(*parts(), LEASES=leases(*rows))
    row = found.finding(LEASES)
    assert (row["wert"], row["nenner"]) == (pytest.approx(share), pytest.approx(4 if ended else 10))
    assert (row["abdeckung_proz"], row["n_ausgelassen"]) == (100, 0)
    assert ("1 leases have ended" in row["annahmen"]) == ended
    assert found.finding(TERM)["nenner"] == pytest.approx(4 if ended else 10)


def test_leases_of_a_table_as_offices_write_it(measured, tmp_path):
    """3 ha of ten years to the day, 1 ha a day less, 2 ha without an end; 5 ha of no such farm, 4 ha over."""
    path = tmp_path / "pacht.csv"
    rows = [
        "Pachtbeginn;Pachtende;Pacht_ha;Umstellung",
        "01.10.2026;30.09.2036;3,0;Ja",
        "1.10.2026;29.9.2036;1;JA ",
        "01.10.2026;unbefristet;2,0;1",
        "01.10.2026;30.09.2046;5,0;nein",
        "01.10.2000;30.09.2012;4,0;j",
    ]
    path.write_text("\n".join(rows) + "\n", encoding="utf-8-sig")
    row = measured(*parts(), LEASES=str(path)).finding(LEASES)
    assert (row["zaehler"], row["nenner"], row["wert"]) == (3, 6, 50)
    assert (row["n_objekte"], row["n_ausgelassen"], row["abdeckung_proz"]) == (3, 0, 100)


def test_a_lease_of_unknown_area_counts_by_number(measured):
    given = leases(("2026-01-01", "2035-12-31", 5.0), ("2026-01-01", "2030-12-31", -9999.0))
    found = measured(*parts(), LEASES=given).findings
    assert found[LEASES, "anzahl", "Gesamt"]["wert"] == pytest.approx(50)
    assert found[LEASES, "flaeche", "Gesamt"]["abdeckung_proz"] == pytest.approx(50)


def test_leases_stand_for_the_whole_beside_the_municipalities(measured):
    town = layer([box(0, 0, 1000, 1100)], {"gemeinde": ["A"], "ags": ["05999001"]}, name="gemeinden")
    found = measured(*parts(), AREAS=town, LEASES=leases(("2026-01-01", "2035-12-31", 5.0)))
    assert {key[2] for key in found.findings if key[0] == SHARE} == {"A"}
    assert {key[2] for key in found.findings if key[0] in (LEASES, TERM)} == {"Gesamt"}
    assert found.finding(TERM)["wert"] == pytest.approx(10)


def test_without_leases_only_their_figures_are_not_assessable(measured):
    found = measured(*parts())
    assert {found.finding(one)["status"] for one in (LEASES, TERM)} == {"nicht bewertbar"}
    assert "neither LEASES nor REGISTER" in found.finding(TERM)["annahmen"]
    assert found.finding(SHARE)["wert"] is not None


def test_rows_that_repeat_others_count_once(measured):
    row = ("2026-01-01", "2035-12-31", 5.0)
    given = table(
        {name: [row[n]] * 2 for n, name in enumerate(("pacht_beginn", "pacht_ende", "pacht_ha"))}, "pacht"
    )
    found = measured(*parts(), LEASES=given).finding(LEASES)
    assert (found["nenner"], found["n_objekte"]) == (pytest.approx(5), 1)
    assert "1 rows that repeat others count once" in found["annahmen"]


def test_a_register_tells_leases_as_well(measured, tmp_path):
    path = tmp_path / "r.gpkg"
    register = Register.create(path, UTM)
    long = [("pacht_beginn", "2026-01-01"), ("pacht_ende", "2035-12-31"), ("pachtflaeche_m2", "30000")]
    short = [("pachtdauer_jahre", "5"), ("pachtflaeche_m2", "10000")]
    for name, facts in {
        "lang": long,
        "kurz": short,
        "anderer": [*long, ("oeko_umstellung", "nein")],
        "vorbei": [
            ("pacht_beginn", "2010-01-01"),
            ("pacht_ende", "2025-12-31"),
            ("pachtflaeche_m2", "50000"),
        ],
    }.items():
        number = register.add_project(Project(name)).id
        for field, value in facts:
            register.add_fact(Fact(23, field, text=value, project=number))
    register.close()
    found = measured(*parts(), REGISTER=str(path))
    assert values(found, indicator=LEASES) == {"flaeche": pytest.approx(75), "anzahl": pytest.approx(50)}
    assert found.finding(TERM)["wert"] == pytest.approx((3 * 10 + 5) / 4)
    assert square_metres(found) == pytest.approx(BY_HAND, abs=0.01)
    with pytest.raises(QgsProcessingException, match="not LEASES, REGISTER"):
        measured(*parts(), REGISTER=str(path), LEASES=leases(("2026-01-01", "2035-12-31", 5.0)))
