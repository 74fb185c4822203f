"""HZ 22, forest habitat types in grade A–B: values by hand, what has no grade, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from qgis.core import QgsPointXY, QgsProcessingException

from ...layer_factory import EAST, NORTH, box, changed, layer, reshaped

TOWN = box(0, 0, 3000, 3000)
AB, TYPES = "hz22.ffh.anteil_ab", "hz22.ffh.typen"


def example(_folder: Path) -> dict[str, object]:
    """Eight stands, of half of whose ground the type is, in two towns."""
    shapes = [box(150 * k, 0, 100, 100) for k in range(4)] + [box(150, 300, 40, 50)]
    shapes += [box(1500 + 150 * k, 0, 100, 100) for k in range(4)]
    types = ["9110", "9110", "9110", "6510", "9130", "*91E0", "91E0", "9190", "91E0*"]
    return {
        "HABITATS": layer(
            shapes,
            {
                "lrt": types,
                "ehg": ["A", "B", "C", "A", "9", "b", "B (gut)", "C", "E"],
                "anteil": [50.0] * len(shapes),
            },
            name="lebensraumtypen",
        ),
        "TYPE_FIELD": "lrt",
        "GRADE_FIELD": "ehg",
        "SHARE_FIELD": "anteil",
        "AREAS": layer(
            [box(0, 0, 1000, 1000), box(1000, 0, 2000, 1000)],
            {"gemeinde": ["Westen", "Osten"], "ags": ["05999001", "05999002"]},
            name="gemeinden",
        ),
        "AREAS_NAME": "gemeinde",
        "AREAS_KEY": "ags",
    }


def habitats(*stands: tuple, **more: list):
    """Return a layer of (type, grade, shape), or of hectares side by side in place of a shape."""
    shapes, x = [], 0.0
    for _, _, shape in stands:
        shapes.append(shape if isinstance(shape, str) else box(x, 0, 100 * shape, 100))
        x += 0 if isinstance(shape, str) else 100 * shape + 50
    fields = {"lrt": [stand[0] for stand in stands], "ehg": [stand[1] for stand in stands]}
    return layer(shapes, fields | more, name="lrt")


BEECH = (("9110", "A", 10), ("9110", "B", 20), ("9110", "C", 10), ("9110", None, 5))
WORKED = (*BEECH, ("91E0", "B", 3), ("91E0", "E", 2))


@pytest.fixture
def condition(run):
    def measured(given, **more) -> dict[str, dict]:
        found = run("hz22_ffh_condition", HABITATS=given, **more)
        return {key[1]: row for key, row in found.findings.items()} | {"rows": found.rows(), "log": found.log}

    return measured


def test_the_worked_example(condition):
    found = condition(habitats(*WORKED))
    assert found["lrt_9110"]["wert"] == pytest.approx(75.0)
    assert found["lrt_9110"]["abdeckung_proz"] == pytest.approx(100 * 40 / 45)
    assert found["lrt_91E0"]["wert"] == pytest.approx(100.0)
    assert found["lrt_91E0"]["abdeckung_proz"] == pytest.approx(100.0)
    total, lower = found["gesamt"], found["alle_flaechen"]
    assert (total["zaehler"], total["nenner"]) == (pytest.approx(33), pytest.approx(43))
    assert (total["wert"], total["abdeckung_proz"]) == (
        pytest.approx(76.744, abs=5e-4),
        pytest.approx(89.583, abs=5e-4),
    )
    assert (lower["wert"], lower["nenner"]) == (pytest.approx(68.75), pytest.approx(48))
    assert (total["ziel"], total["status"], total["ist_leitwert"]) == (100, "Lücke", 1)
    assert total["luecke_abs"] == pytest.approx(10.0)
    assert (found["typen"]["zaehler"], found["typen"]["nenner"]) == (1, 2)
    assert found["typen"]["status"] == "Zielwert offen"
    assert "1 polygons are to be developed (E)" in total["annahmen"]
    assert "5 ha have no grade" in total["annahmen"]


def test_the_lower_bound_of_one_type(condition):
    assert condition(habitats(*BEECH))["alle_flaechen"]["wert"] == pytest.approx(66.667, abs=5e-4)


def test_all_that_is_graded_may_be_good_and_some_without_a_grade(condition):
    found = condition(habitats(("9110", "A", 9), ("9110", "0", 1)))
    assert (found["gesamt"]["wert"], found["gesamt"]["status"]) == (pytest.approx(100), "erreicht")
    assert "1 ha have no grade" in found["gesamt"]["annahmen"]
    assert found["alle_flaechen"]["wert"] == pytest.approx(90)
    assert found["typen"]["status"] == "nicht bewertbar"
    assert "of only 0 % of the types" in found["typen"]["annahmen"]


@pytest.mark.parametrize(
    ("written", "code"),
    [
        *[(written, "91E0") for written in ("*91E0", "91E0*", "91e0 *", " 91E0", "LRT 91E0*")],
        *[(written, "9110") for written in (9110, 9110.0, "9110 Hainsimsen-Buchenwald")],
    ],
)
def test_types_are_text_without_asterisk_and_blanks(condition, written, code):
    found = condition(habitats((written, "A", 1)))
    assert [row["lrt"] for row in found["rows"]] == [code]
    assert f"lrt_{code}" in found


@pytest.mark.parametrize("written", ["91", 91, 91.0, "9,1E+01"])
def test_a_type_that_a_spreadsheet_has_turned_into_a_number_is_refused(condition, written):
    with pytest.raises(QgsProcessingException, match=r"\[lrt\].*A spreadsheet has read 91E0 as a number"):
        condition(habitats((written, "A", 1)))


@pytest.mark.parametrize("written", ["FV", "U1", "u2", "XX", "U1 (ungünstig)"])
def test_the_status_of_article_17_is_refused(condition, written):
    with pytest.raises(QgsProcessingException, match=r"Article 17"):
        condition(habitats(("9110", "A", 1), ("9110", written, 1)))


@pytest.mark.parametrize("written", ["9", "0", "X", "", "unbekannt", "k. A.", "-", None, "A-B", "gut"])
def test_what_is_no_grade_lowers_the_coverage(condition, written):
    found = condition(habitats(("9110", "A", 4), ("9110", "C", 4.5), ("9110", written, 1.5)))
    assert found["gesamt"]["abdeckung_proz"] == pytest.approx(85)
    assert found["gesamt"]["wert"] == pytest.approx(100 * 4 / 8.5)
    assert (found["gesamt"]["n_objekte"], found["gesamt"]["n_ausgelassen"]) == (3, 1)
    assert ("no grades, taken as missing" in found["log"].text) == (written in ("A-B", "gut"))


@pytest.mark.parametrize(("ungraded", "status"), [(2, "Lücke"), (2.1, "nicht bewertbar")])
def test_below_eighty_percent_nothing_is_judged(condition, ungraded, status):
    found = condition(habitats(("9110", "C", 8), ("9110", "X", ungraded)))
    assert {found[key]["status"] for key in ("gesamt", "alle_flaechen", "lrt_9110")} == {status}


def test_without_a_field_of_grades_nothing_is_known(condition):
    found = condition(layer([box(0, 0, 100, 100)], {"lrt": ["9110"]}, name="lrt"))
    assert {found[key]["status"] for key in ("gesamt", "alle_flaechen", "lrt_9110", "typen")} == {
        "nicht bewertbar"
    }
    assert [(row["grad"], row["ab"], row["hinweis"]) for row in found["rows"]] == [(None, None, "Grad fehlt")]


def test_without_a_field_of_types_the_run_is_refused(condition):
    with pytest.raises(QgsProcessingException, match=r"\[lrt\].*choose TYPE_FIELD among art"):
        condition(layer([box(0, 0, 100, 100)], {"art": ["9110"]}, name="lrt"))


def test_an_unknown_type_may_be_a_forest(condition):
    found = condition(habitats(("9110", "A", 9), (None, "C", 1), ("6510", "C", 50)))
    for key in ("gesamt", "alle_flaechen", "lrt_9110", "typen"):
        assert (found[key]["wert"], found[key]["abdeckung_proz"]) == (pytest.approx(100), pytest.approx(90))


def test_grades_that_conflict_count_as_the_worse(condition):
    """Of 2 ha in A and 2 ha in C, 1 ha is both; a third polygon without a grade takes nothing away."""
    found = condition(
        habitats(*[("9110", g, box(x, 0, 200, 100)) for g, x in (("A", 0), ("C", 100), (None, 0))])
    )
    assert (found["gesamt"]["zaehler"], found["gesamt"]["nenner"]) == (pytest.approx(1), pytest.approx(3))
    assert found["gesamt"]["abdeckung_proz"] == pytest.approx(100)


def test_two_grades_of_one_polygon_by_their_shares(condition):
    """A register holds a polygon of 60 % A and 40 % C twice; they do not conflict."""
    shape = box(0, 0, 100, 100)
    found = condition(
        habitats(("9110", "A", shape), ("9110", "C", shape), anteil=[60.0, 40.0]), SHARE_FIELD="anteil"
    )
    assert found["gesamt"]["wert"] == pytest.approx(60)


def test_types_share_a_place_and_are_scaled_down_beyond_all_of_it(condition):
    shape = box(0, 0, 100, 100)
    both = habitats(("9110", "A", shape), ("91E0", "C", shape), anteil=[60.0, 40.0])
    found = condition(both, SHARE_FIELD="anteil")
    assert (found["gesamt"]["zaehler"], found["gesamt"]["nenner"]) == (pytest.approx(0.6), pytest.approx(1))
    found = condition(
        habitats(("9110", "A", shape), ("91E0", "C", shape), anteil=[100.0, 50.0]), SHARE_FIELD="anteil"
    )
    assert (found["gesamt"]["zaehler"], found["gesamt"]["nenner"]) == (pytest.approx(2 / 3), pytest.approx(1))
    assert "on 1 ha several types made more than 100 %" in found["gesamt"]["annahmen"]


def test_a_share_counts_and_without_one_all_of_the_polygon(condition):
    shares = habitats(("9110", "A", 2), ("9110", "C", 1), anteil=[50.0, None])
    found = condition(shares, SHARE_FIELD="anteil")
    assert found["gesamt"]["wert"] == pytest.approx(50)
    assert [row["flaeche_ha"] for row in found["rows"]] == [pytest.approx(1)] * 2
    assert "1 polygons without a share count whole" in found["gesamt"]["annahmen"]


def test_repeats_count_once_and_are_told(condition):
    shape = box(0, 0, 100, 100)
    found = condition(
        habitats(("9110", "A", shape), ("9110*", "a", shape), ("9110", "C", box(0, 500, 100, 100)))
    )
    assert found["gesamt"]["wert"] == pytest.approx(50)
    assert "1 polygons repeat another one" in found["gesamt"]["annahmen"]


def test_stands_to_look_at_are_ranked_by_area(condition):
    stands = [("9110", "A", 9), ("9110", "C", 2), ("91E0", None, 3), ("9190", "C", 2)]
    rows = {(row["lrt"], row["grad"]): row for row in condition(habitats(*stands))["rows"]}
    ranks = {key: row["rang"] for key, row in rows.items()}
    assert ranks == {("9110", "A"): None, ("91E0", None): 1, ("9110", "C"): 2, ("9190", "C"): 3}
    assert {key: row["ab"] for key, row in rows.items()} == {
        ("9110", "A"): 1, ("9110", "C"): 0, ("91E0", None): None, ("9190", "C"): 0,
    }  # fmt: skip
    assert rows["91E0", None]["hinweis"] == "Grad fehlt"
    assert rows["9110", "A"]["lrt_name"] == "Luzulo-Fagetum beech forests"
    assert rows["9110", "A"]["anteil_proz"] == 100


def towns(*shapes: str):
    names = [f"Ort {number}" for number, _ in enumerate(shapes)]
    return layer(list(shapes), {"gemeinde": names}, name="gemeinden")


def test_areas_without_a_forest_type_or_without_any_polygon(run):
    areas = towns(
        box(0, 0, 1000, 1000), box(1000, 0, 1000, 1000), box(2000, 0, 1000, 1000), box(3000, 0, 1000, 1000)
    )
    given = habitats(
        ("9110", "A", box(0, 0, 100, 100)),
        ("6510", "A", box(1000, 0, 100, 100)),
        ("91E0", "X", box(3000, 0, 9, 9)),
    )
    found = run("hz22_ffh_condition", HABITATS=given, AREAS=areas).findings
    assert found[AB, "gesamt", "Ort 0"]["status"] == "erreicht"
    for place, reason in (
        (1, "no forest habitat type"),
        (2, "nothing of"),
        (3, "grade is known of only 0 %"),
    ):
        row = found[AB, "gesamt", f"Ort {place}"]
        assert (row["status"], row["abdeckung_proz"]) == ("nicht bewertbar", 0)
        assert reason in row["annahmen"]
    types = {(variant, area) for _, variant, area in found if variant.startswith("lrt_")}
    assert types == {("lrt_9110", "Ort 0"), ("lrt_91E0", "Ort 3")}
    assert found[AB, "lrt_91E0", "Ort 3"]["status"] == "nicht bewertbar"


def test_a_stand_across_a_border_stays_whole_and_is_divided_in_the_sums(run):
    areas = towns(box(0, 0, 100, 1000), box(100, 0, 1000, 1000))
    result = run("hz22_ffh_condition", HABITATS=habitats(("9110", "B", box(70, 0, 100, 100))), AREAS=areas)
    assert [(row["flaeche_ha"], row["gebiet"]) for row in result.rows()] == [(pytest.approx(1), "Ort 1")]
    sums = {area: row["nenner"] for (_, variant, area), row in result.findings.items() if variant == "gesamt"}
    assert sums == {"Ort 0": pytest.approx(0.3), "Ort 1": pytest.approx(0.7)}


def test_chosen_types_only(condition):
    found = condition(habitats(*WORKED), FOREST_TYPES="9110, 9130")
    assert found["gesamt"]["wert"] == pytest.approx(75)
    assert "lrt_91E0" not in found


SCENE = (
    ("9110", "A", box(0, 0, 300, 200)),
    ("9110", "C", box(200, 50, 200, 250)),
    ("91E0", "B", box(250, 100, 300, 100)),
    ("9110", None, box(0, 150, 120, 120)),
    ("9190", "C", box(500, 0, 100, 300)),
    (None, "A", box(700, 0, 30, 30)),
)
SCENE_SHARES = [100.0, 70.0, 60.0, None, 100.0, 100.0]


def figures(found: dict) -> dict[str, tuple]:
    columns = ("zaehler", "nenner", "wert", "abdeckung_proz", "status")
    return {
        key: tuple(pytest.approx(v, rel=1e-6) if isinstance(v := row[c], float) else v for c in columns)
        for key, row in found.items()
        if key not in ("rows", "log")
    }


def scene():
    return habitats(*SCENE, anteil=SCENE_SHARES)


def moved(shape, turn: float, x: float, y: float):
    shape.rotate(turn, QgsPointXY(EAST, NORTH))
    shape.translate(x, y)
    return shape


@pytest.mark.parametrize(("turn", "x", "y"), [(0, 1234.5, -77.25), (33, 0, 0), (90, 10, 10), (201.7, 500, 0)])
def test_neither_place_nor_direction_change_a_figure(condition, turn, x, y):
    still = condition(scene(), SHARE_FIELD="anteil")
    turned = condition(reshaped(scene(), lambda shape: moved(shape, turn, x, y)), SHARE_FIELD="anteil")
    assert figures(turned) == figures(still)


@given(order=st.permutations(range(len(SCENE))))
def test_the_order_of_polygons_changes_nothing(run, order):
    def found(given):
        result = run("hz22_ffh_condition", HABITATS=given, SHARE_FIELD="anteil")
        rows = sorted(
            (r["lrt"], r["grad"] or "", round(r["anteil_proz"], 6), round(r["flaeche_ha"], 8), r["rang"])
            for r in result.rows()
        )
        return figures({key[1]: row for key, row in result.findings.items()}), rows

    shuffled = changed(scene(), lambda features: [features[n] for n in order])
    assert found(shuffled) == found(scene())


@pytest.mark.parametrize("cut", [10.0, 99.9, 150.0])
def test_a_polygon_drawn_in_two_is_one(condition, cut):
    halves = [("9110", "A", box(0, 0, cut, 200)), ("9110", "A", box(cut, 0, 300 - cut, 200))]
    parted = condition(habitats(*halves, *SCENE[1:], anteil=[100.0, *SCENE_SHARES]), SHARE_FIELD="anteil")
    whole = condition(scene(), SHARE_FIELD="anteil")
    assert figures(parted) == figures(whole)
    assert len(parted["rows"]) == len(whole["rows"])


def test_rows_add_up_to_the_sums(condition):
    found = condition(scene(), SHARE_FIELD="anteil")
    good = sum(row["flaeche_ha"] for row in found["rows"] if row["ab"] == 1)
    graded = sum(row["flaeche_ha"] for row in found["rows"] if row["ab"] is not None)
    whole = sum(row["flaeche_ha"] for row in found["rows"])
    assert (found["gesamt"]["zaehler"], found["gesamt"]["nenner"]) == (
        pytest.approx(good),
        pytest.approx(graded),
    )
    assert found["alle_flaechen"]["nenner"] == pytest.approx(whole)
