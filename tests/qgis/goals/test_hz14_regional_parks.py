"""HZ 14, regional parks: the concept and its deadline, shares and residents by hand, what is not known."""

from __future__ import annotations

from itertools import count
from pathlib import Path
from random import Random

import pytest
from gruene_infra.gruene_infra_plugin.register.model import Fact
from gruene_infra.gruene_infra_plugin.register.store import Register
from qgis.core import QgsProcessingException

from ...layer_factory import box, layer, point

CONCEPT, SHARE, PEOPLE = "hz14.konzept", "hz14.park.anteil", "hz14.park.einwohner"
CORRIDOR, NETWORK = "hz14.park.gruenzug", "hz14.park.verbund"
REGION = "Metropole Ruhr"
TOWN = box(0, 0, 1000, 1000)


def example(folder: Path) -> dict[str, object]:
    """Two towns of 900 ha; in each three parks of 90 ha in a row, a planned one, and 36 cells of 500 m."""
    xs = (0, 4000)
    parks = [box(x + 1000 * k, 0, 1000, 900) for x in xs for k in range(3)]
    parks += [box(x, 2600, 400, 300) for x in xs]
    cells = [box(x + 500 * k, 500 * j, 500, 500) for x in xs for k in range(6) for j in range(6)]
    greens = [box(x + 600 * k, 0, 500, 700) for x in xs for k in range(3)]
    path = next(p for n in count() if not (p := folder / f"register{n}.gpkg").exists())
    register = Register.create(path)
    register.add_fact(Fact(14, "konzept_datum", text="2025-06-30", source="RVR 25", municipality=REGION))
    register.close()
    return {
        "PARKS": layer(
            parks,
            {
                "name": [f"Park {number}" for number, _ in enumerate(parks)],
                "status": ["Bestand"] * 6 + ["geplant"] * 2,
            },
            name="regionalparks",
        ),
        "NAME_FIELD": "name",
        "STATUS_FIELD": "status",
        "REGISTER": str(path),
        "POPULATION": layer(cells, {"einwohner": [10 + k for k in range(72)]}, name="zensus"),
        "POPULATION_FIELD": "einwohner",
        "CORRIDORS": layer(greens, {"id": list(range(6))}, name="gruenzuege"),
        "NETWORK": layer(greens, {"id": list(range(6))}, name="biotopverbund"),
        "AREAS": layer(
            [box(x, 0, 3000, 3000) for x in xs],
            {"gemeinde": ["Westen", "Osten"], "ags": ["05999001", "05999002"]},
            name="gemeinden",
        ),
        "AREAS_NAME": "gemeinde",
        "AREAS_KEY": "ags",
        "AS_OF": "2026-06-30",
    }


def towns(*shapes: str):
    names = [f"Ort {number}" for number, _ in enumerate(shapes)]
    keys = [f"0599900{number}" for number, _ in enumerate(shapes)]
    return layer(list(shapes), {"gemeinde": names, "ags": keys}, name="gemeinden")


def parks(*shapes: str, status: list | None = None, names: list | None = None):
    columns = {"status": status or ["bestand"] * len(shapes), "name": names or [None] * len(shapes)}
    return layer(list(shapes), columns, name="parks")


def homes(*shapes: str, people: list):
    return layer(list(shapes), {"einwohner": people}, name="zensus")


@pytest.fixture
def measured(run):
    def start(parks_layer, areas=None, **more):
        given = {"AREAS": areas or towns(TOWN), "AS_OF": "2026-11-29"}
        return run("hz14_regional_parks", PARKS=parks_layer, **(given | more))

    return start


def figure(found, indicator: str, variant: str, area: str = "Ort 0") -> dict:
    return found.findings[indicator, variant, area]


# -- the concept --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "made", "value", "status"),
    [
        ("2026-01-01", None, 0.0, "Frist abgelaufen"),
        ("2025-12-31", None, 0.0, "Lücke"),
        ("2026-11-29", "2027-03-01", 0.0, "Frist abgelaufen"),
        ("2025-12-31", "2025-12-31", 1.0, "erreicht"),
        ("2025-12-30", "2025-12-31", 0.0, "Lücke"),
        ("2026-11-29", "2026-03-01", 1.0, "erreicht"),
    ],
)
def test_the_deadline_has_passed_until_a_document_is_entered(measured, day, made, value, status):
    found = measured(parks(TOWN), AS_OF=day, CONCEPT_DATE=made, CONCEPT_TITLE="Charta 25" if made else "")
    row = figure(found, CONCEPT, "dokument", REGION)
    assert (row["wert"], row["status"], row["gebiet_art"], row["ziel"]) == (value, status, "Region", 1)
    assert (row["zaehler"], row["nenner"], row["luecke"]) == (value, 1, 1 - value)
    assert ("Charta 25" in (row["annahmen"] or "")) == (value == 1)
    assert ("after the deadline" in (row["annahmen"] or "")) == (made == "2026-03-01")
    assert [key for key in found.findings if key[0] == CONCEPT] == [(CONCEPT, "dokument", REGION)]


@pytest.mark.parametrize(
    ("kind", "area"), [("Region", "Ort 0"), ("Raumtyp", REGION), ("Quartier", REGION), (None, "Gesamt")]
)
def test_the_concept_is_told_of_the_whole_and_of_nothing_else(run, kind, area):
    given = {} if kind is None else {"AREAS": towns(TOWN), "AREAS_KIND": kind}
    found = run("hz14_regional_parks", PARKS=parks(TOWN), AS_OF="2026-11-29", **given)
    assert [key[2] for key in found.findings if key[0] == CONCEPT] == [area]


def test_of_several_regions_the_strategy_s_own_has_the_concept(run):
    regions = layer(
        [TOWN, box(1000, 0, 500, 500)], {"name": ["Kreis Wesel", "METROPOLE RUHR"]}, name="regionen"
    )
    found = run("hz14_regional_parks", PARKS=parks(TOWN), AREAS=regions, AREAS_KIND="Region")
    assert [key[2] for key in found.findings if key[0] == CONCEPT] == ["METROPOLE RUHR"]


def test_a_title_without_a_day_is_no_proof_for_either_answer(measured):
    row = figure(measured(parks(TOWN), CONCEPT_TITLE="Charta; 25"), CONCEPT, "dokument", REGION)
    assert (row["status"], row["wert"], row["n_ausgelassen"]) == ("nicht bewertbar", None, 1)
    assert "not when it was made" in row["annahmen"]


@pytest.mark.parametrize(
    ("stated", "place", "expected"),
    [
        ("2025-06-30", (None, REGION), (1.0, "erreicht")),
        ("2026-03-01", (None, REGION), (1.0, "erreicht")),
        ("2027-03-01", (None, REGION), (0.0, "Frist abgelaufen")),
        ("bald", (None, REGION), (None, "nicht bewertbar")),
        ("2025-06-30", ("05113000", "Essen"), (0.0, "Frist abgelaufen")),
    ],
)
def test_the_register_s_fact_is_a_document(measured, register, where, stated, place, expected):
    ags, name = place
    fact = Fact(14, "konzept_datum", text=stated, source="VV 1/26", ags=ags, municipality=name)
    register.add_fact(fact)
    found = measured(parks(TOWN), **where)
    row = figure(found, CONCEPT, "dokument", REGION)
    assert (row["wert"], row["status"]) == expected
    assert ("VV 1/26" in (row["annahmen"] or "")) == (expected[0] == 1.0)
    assert ("after the deadline" in (row["annahmen"] or "")) == (stated == "2026-03-01")
    assert figure(found, SHARE, "bestand")["wert"] == pytest.approx(100.0)


def test_the_first_document_decides_whether_it_came_in_time(measured, register, where):
    register.add_fact(Fact(14, "konzept_datum", 2025.0, source="Charta", municipality=REGION))
    found = measured(parks(TOWN), CONCEPT_DATE="2026-05-01", CONCEPT_TITLE="Neufassung", **where)
    row = figure(found, CONCEPT, "dokument", REGION)
    assert (row["wert"], row["n_objekte"], row["n_ausgelassen"]) == (1.0, 2, 0)
    assert "concept: Charta, 2025" in row["annahmen"]
    assert "after the deadline" not in row["annahmen"]


def test_two_registers_are_refused(measured, tmp_path):
    with pytest.raises(QgsProcessingException, match="Name one register"):
        measured(parks(TOWN), REGISTER=str(tmp_path / "r.gpkg"), CONNECTION="team")


# -- ground -------------------------------------------------------------------------------------------------


def test_overlapping_parks_count_once(measured):
    found = measured(parks(box(0, 0, 400, 500), box(300, 0, 300, 500)))
    row = figure(found, SHARE, "bestand")
    assert (row["wert"], row["zaehler"], row["nenner"]) == pytest.approx((30.0, 30.0, 100.0))
    assert (row["status"], row["ziel"], row["ist_leitwert"]) == ("Zielwert offen", None, 1)


def test_planned_parks_are_a_variant_and_unknown_ones_are_neither(measured):
    """20 ha existing; 30 ha planned, 10 ha of them in the existing one; 15 ha of unknown status."""
    shapes = [box(0, 0, 400, 500), box(200, 0, 600, 500), box(0, 600, 500, 300)]
    found = measured(parks(*shapes, status=["Bestand", "Geplant", None]))
    assert figure(found, SHARE, "bestand")["wert"] == pytest.approx(20.0)
    assert figure(found, SHARE, "bestand_und_geplant")["wert"] == pytest.approx(40.0)
    row = figure(found, SHARE, "bestand")
    assert row["abdeckung_proz"] == pytest.approx(85.0)
    assert (row["n_objekte"], row["n_ausgelassen"]) == (1, 1)
    assert "1 polygons of unknown status" in row["annahmen"]
    assert [(park["status"], park["flaeche_ha"]) for park in found.rows()] == [
        ("geplant", pytest.approx(30.0)),
        ("bestand", pytest.approx(20.0)),
        ("unbekannt", pytest.approx(15.0)),
    ]


def test_where_too_much_ground_is_of_unknown_status_nothing_is_told(measured):
    found = measured(parks(box(0, 0, 400, 500), box(0, 600, 1000, 210), status=["bestand", "verworfen?"]))
    row = figure(found, SHARE, "bestand")
    assert (row["status"], row["abdeckung_proz"]) == ("nicht bewertbar", pytest.approx(79.0))


def test_a_park_drawn_in_pieces_is_one_and_shares_are_by_ground(measured):
    """Two pieces of one name, 200 m apart, and two that touch without a name."""
    shapes = [box(0, 0, 100, 100), box(300, 0, 100, 100), box(500, 500, 100, 100), box(600, 500, 100, 100)]
    found = measured(
        parks(*shapes, names=["Hoheward", "HOHEWARD", None, "-"]),
        CORRIDORS=layer([box(0, 0, 50, 1000)], {"id": [1]}, name="gruenzug"),
        NETWORK=layer([box(0, 0, 1000, 550)] * 2, {"id": [1, 2]}, name="verbund"),
    )
    rows = {row["name"]: row for row in found.rows()}
    assert {name: row["flaeche_ha"] for name, row in rows.items()} == {
        "Hoheward": pytest.approx(2.0),
        None: pytest.approx(2.0),
    }
    named, unnamed = rows["Hoheward"], rows[None]
    assert [named["anteil_gruenzug_proz"], named["anteil_verbund_proz"]] == pytest.approx([25.0, 100.0])
    assert [unnamed["anteil_gruenzug_proz"], unnamed["anteil_verbund_proz"]] == pytest.approx([0.0, 50.0])
    assert (named["gemeinden"], named["gebiet"], named["einwohner_nah"]) == (1, "Ort 0", None)
    assert figure(found, CORRIDOR, "bestand")["wert"] == pytest.approx(12.5)
    network = figure(found, NETWORK, "bestand")
    assert (network["wert"], network["zaehler"], network["nenner"]) == pytest.approx((75.0, 3.0, 4.0))
    assert "1 polygons of the habitat network delivered twice" in network["annahmen"]


def test_what_lies_outside_of_the_areas_does_not_count(measured):
    """A draft of 40 ha, half of it in the neighbours' land."""
    found = measured(parks(box(800, 0, 400, 1000)))
    row = figure(found, SHARE, "bestand")
    assert (row["wert"], row["zaehler"]) == pytest.approx((20.0, 20.0))
    assert "20.0 ha of the parks lie outside" in row["annahmen"]


def test_municipalities_are_counted_where_more_lies_than_borders_are_vague(measured):
    areas = towns(TOWN, box(1000, 0, 1000, 1000), box(2000, 0, 1000, 1000))
    wide = measured(parks(box(500, 0, 1600, 500)), areas).rows()
    assert [row["gemeinden"] for row in wide] == [2], "5 ha of 80 in the third one are less than a tenth"
    wide = measured(parks(box(500, 0, 1700, 500)), areas).rows()
    assert [row["gemeinden"] for row in wide] == [3], "10 ha are enough"
    assert measured(parks(TOWN), areas, AREAS_KIND="Quartier").rows()[0]["gemeinden"] is None


@pytest.mark.parametrize(("complete", "value"), [(False, None), (True, 0.0)])
def test_a_town_without_a_park_is_not_assessable_unless_all_parks_are_there(measured, complete, value):
    areas = towns(TOWN, box(1000, 0, 1000, 1000))
    cells = homes(box(0, 0, 100, 100), box(1500, 0, 100, 100), people=[10, 30])
    given = {"POPULATION": cells, "PARKS_COMPLETE": complete, "DISTANCE": 100}
    found = measured(parks(box(0, 0, 500, 500)), areas, **given)
    for indicator, variant in ((SHARE, "bestand"), (PEOPLE, "nah")):
        row = figure(found, indicator, variant, "Ort 1")
        assert row["wert"] == value
        assert ("nothing of" in (row["annahmen"] or "")) != complete
    (gap,) = found.rows("GAPS")
    assert (gap["einwohner"], gap["gebiet"]) == (pytest.approx(30.0), "Ort 1")
    assert gap["hinweis"] == "no park of the layer lies in this area"


def test_without_areas_nobody_says_how_large_the_ground_is(run):
    found = run("hz14_regional_parks", PARKS=parks(TOWN))
    row = figure(found, SHARE, "bestand", "Gesamt")
    assert (row["status"], "without AREAS" in row["annahmen"]) == ("nicht bewertbar", True)
    assert found.rows("GAPS") == []


def test_layers_that_are_not_given_make_only_their_own_figures_unknown(measured):
    found = measured(parks(box(0, 0, 500, 500)))
    assert figure(found, SHARE, "bestand")["wert"] == pytest.approx(25.0)
    for indicator, variant, name in (
        (PEOPLE, "nah", "POPULATION"),
        (PEOPLE, "nah_2000", "POPULATION"),
        (CORRIDOR, "bestand", "CORRIDORS"),
        (NETWORK, "bestand", "NETWORK"),
    ):
        row = figure(found, indicator, variant)
        assert (row["status"], f"without {name}" in row["annahmen"]) == ("nicht bewertbar", True)


# -- residents ----------------------------------------------------------------------------------------------


def test_of_a_cell_half_within_the_distance_half_of_the_people_are_near(measured):
    """A park of 100 m; a cell of 40 people that begins 950 m from it, and 10 people inside."""
    found = measured(
        parks(box(0, 0, 100, 100)),
        towns(box(0, 0, 3000, 100)),
        POPULATION=homes(box(1050, 0, 100, 100), box(0, 0, 100, 100), people=[40, 10]),
    )
    row = figure(found, PEOPLE, "nah")
    assert (row["zaehler"], row["nenner"], row["wert"]) == pytest.approx((30.0, 50.0, 60.0))
    assert (row["status"], row["n_objekte"], row["basis_einheit"]) == ("Zielwert offen", 2, "Einwohner")
    others = {v: figure(found, PEOPLE, v)["wert"] for v in ("innerhalb", "nah_500", "nah_2000")}
    assert others == pytest.approx({"innerhalb": 20.0, "nah_500": 20.0, "nah_2000": 100.0})
    assert found.rows()[0]["einwohner_nah"] == pytest.approx(30.0)
    (gap,) = found.rows("GAPS")
    assert (gap["einwohner"], gap["flaeche_ha"], gap["rang"]) == (pytest.approx(20), pytest.approx(0.5), 1)
    assert gap["hinweis"] is None


@pytest.mark.parametrize(("x", "near"), [(1100.0, 1.0), (1100.001, 0.0), (1099.999, 1.0)])
def test_a_point_exactly_at_the_distance_is_near(measured, x, near):
    found = measured(
        parks(box(0, 0, 100, 100)),
        towns(box(0, 0, 3000, 100)),
        POPULATION=homes(point(x, 50), point(2900, 50), people=[7, 3]),
    )
    row = figure(found, PEOPLE, "nah")
    assert (row["zaehler"], row["nenner"]) == pytest.approx((7 * near, 10.0))


def test_with_points_the_gaps_are_parts_of_the_areas_with_their_people(measured):
    """The park lies between: 400 m of the town in the west are far, 900 m in the east."""
    found = measured(
        parks(box(1400, 0, 100, 100)),
        towns(box(0, 0, 3400, 100)),
        POPULATION=homes(*(point(x, 50) for x in (10, 3000, 3100, 1450)), people=[9, 2, 3, 80]),
    )
    gaps = [(g["rang"], g["einwohner"], g["flaeche_ha"]) for g in found.rows("GAPS")]
    assert gaps == [(1, 9, pytest.approx(4.0)), (2, 5, pytest.approx(9.0))]
    assert figure(found, PEOPLE, "nah")["wert"] == pytest.approx(100 * 80 / 94)


@pytest.mark.parametrize(
    ("numbers", "people", "known"), [([2, 2, 2, 2, None], 8.0, 28), ([2, 2, 2, -1, None], None, 26)]
)
def test_a_gap_where_too_many_numbers_are_missing_has_no_number(measured, numbers, people, known):
    """Five places in the gap: one without a number leaves 80 % of them, two leave 60 %."""
    places = [*(point(2900 + 100 * k, 50) for k in range(5)), *(point(1400 + k, 50) for k in range(20))]
    found = measured(
        parks(box(1400, 0, 100, 100)),
        towns(box(1300, 0, 2100, 100)),
        POPULATION=homes(*places, people=[*numbers, *[1] * 20]),
    )
    assert [(gap["rang"], gap["einwohner"]) for gap in found.rows("GAPS")] == [(1, people)]
    assert figure(found, PEOPLE, "nah")["wert"] == pytest.approx(100 * 20 / known)


def test_without_people_the_gaps_are_told_by_their_size(measured):
    found = measured(parks(box(1400, 0, 100, 100)), towns(box(0, 0, 3400, 100)))
    gaps = [(g["rang"], g["einwohner"], g["flaeche_ha"]) for g in found.rows("GAPS")]
    assert gaps == [(1, None, pytest.approx(9.0)), (2, None, pytest.approx(4.0))]


def test_residents_beyond_the_border_do_not_count_but_parks_beyond_it_do(measured):
    """A cell on the border, half of it in the town; the park of the neighbour is near."""
    found = measured(
        parks(box(1000, 0, 100, 100), box(0, 900, 100, 100)),
        POPULATION=homes(box(950, 0, 100, 100), box(0, 0, 100, 100), people=[40, 60]),
        DISTANCE=100,
    )
    row = figure(found, PEOPLE, "nah")
    assert (row["zaehler"], row["nenner"]) == pytest.approx((20.0, 80.0))


@pytest.mark.parametrize(("secret", "status"), [(1, "Zielwert offen"), (2, "nicht bewertbar")])
@pytest.mark.parametrize("value", ["–", "-1", "-9999", "9999", None, "unbekannt"])
def test_cells_kept_secret_are_unknown_and_not_empty(measured, secret, status, value):
    """Of seven cells one unknown one leaves 86 %, two leave 71 %."""
    shapes = [box(100 * k, 0, 100, 100) for k in range(7)]
    people = ["10,5"] * (7 - secret) + [value] * secret
    found = measured(parks(box(0, 0, 100, 100)), POPULATION=homes(*shapes, people=people))
    row = figure(found, PEOPLE, "nah")
    assert (row["status"], row["nenner"]) == (status, pytest.approx(10.5 * (7 - secret)))
    assert row["abdeckung_proz"] == pytest.approx(100 * (7 - secret) / 7)
    assert row["n_ausgelassen"] == secret
    assert (found.rows()[0]["einwohner_nah"] is None) == (secret == 2)


def test_people_near_a_park_of_unknown_status_only_are_not_known_to_be_near(measured):
    given = {"POPULATION": homes(box(0, 0, 100, 100), box(900, 900, 100, 100), people=[70, 30])}
    shapes = parks(box(0, 0, 100, 100), box(950, 950, 10, 10), status=["bestand", "?"])
    found = measured(shapes, DISTANCE=100, **given)
    row = figure(found, PEOPLE, "nah")
    assert (row["status"], row["abdeckung_proz"]) == ("nicht bewertbar", pytest.approx(70.0))
    inside = figure(found, PEOPLE, "innerhalb")
    assert (inside["wert"], inside["abdeckung_proz"]) == pytest.approx((70.0, 99.7))


def test_residents_delivered_twice_count_once_and_contradictions_are_unknown(measured):
    shapes = [box(100 * k, 0, 100, 100) for k in range(6)]
    twice = measured(parks(TOWN), POPULATION=homes(*shapes, *shapes, people=[10.0] * 12))
    row = figure(twice, PEOPLE, "nah")
    assert (row["nenner"], "6 places with residents delivered twice" in row["annahmen"]) == (60, True)
    other = measured(parks(TOWN), POPULATION=homes(*shapes, shapes[0], people=[10.0] * 6 + [11.0]))
    row = figure(other, PEOPLE, "nah")
    assert (row["nenner"], row["abdeckung_proz"]) == (50, pytest.approx(100 * 5 / 6))
    assert "1 places with different numbers" in row["annahmen"]


def test_two_grids_in_one_layer_are_refused(measured):
    cells = [box(100 * k, 0, 100, 100) for k in range(5)]
    with pytest.raises(QgsProcessingException, match=r"zensus.*cover the same ground"):
        measured(parks(TOWN), POPULATION=homes(*cells, box(0, 0, 1000, 1000), people=[10] * 6))


def test_slivers_between_quarters_drawn_by_hand_do_not_matter(measured):
    found = measured(
        parks(TOWN), POPULATION=homes(box(0, 0, 500.4, 1000), box(500, 0, 500, 1000), people=[100, 50])
    )
    assert figure(found, PEOPLE, "nah")["wert"] == pytest.approx(100.0)


def test_ground_that_the_layer_of_residents_does_not_reach_is_not_assessable(measured):
    town = towns(box(0, 0, 9000, 1000))
    found = measured(
        parks(TOWN), town, POPULATION=homes(*[box(100 * k, 0, 100, 100) for k in range(9)], people=[5] * 9)
    )
    row = figure(found, PEOPLE, "nah")
    assert (row["status"], "of the ground lies within" in row["annahmen"]) == ("nicht bewertbar", True)


@pytest.mark.parametrize("words", ["500, x", "500, -1", "1e9", "nan", "50"])
def test_distances_to_compare_with_are_numbers_in_bounds(measured, words):
    with pytest.raises(QgsProcessingException, match=r"COMPARE_DISTANCES must list numbers from 100 to 5000"):
        measured(parks(TOWN), COMPARE_DISTANCES=words)


def test_the_field_of_residents_must_be_there(measured):
    with pytest.raises(QgsProcessingException, match="POPULATION_FIELD"):
        measured(parks(TOWN), POPULATION=layer([TOWN], {"farbe": ["rot"]}, name="zensus"))


# -- what must not change anything --------------------------------------------------------------------------


def scene(seed: int):
    """Parks and cells at random, as corners: of each park its status and name, of each cell its residents."""
    rng = Random(seed)
    places = [(rng.randrange(0, 2500), rng.randrange(0, 2500)) for _ in range(6)]
    green = [(x, y, rng.randrange(100, 500), rng.randrange(100, 500)) for x, y in places]
    status = ["bestand", "bestand", "bestand", "geplant", "bestand", "bestand"]
    cells = [(300 * i, 300 * j, 300, 300) for i in range(10) for j in range(10)]
    return green, status, cells, [rng.choice([0.0, 5.0, 17.0, 80.0]) for _ in cells]


def halves(x: float, y: float, width: float, height: float) -> list[str]:
    return [box(x, y, width / 2, height), box(x + width / 2, y, width / 2, height)]


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("change", ["moved", "turned", "another order", "parks in halves", "cells in halves"])
def test_figures_do_not_depend_on_how_the_ground_is_drawn(measured, seed, change):
    green, status, cells, people = scene(seed)
    town = (0.0, 0.0, 3000.0, 3000.0)

    def drawn(one):
        x, y, width, height = one
        if change == "moved":
            return box(x + 1234.5, y - 77.25, width, height)
        return box(3000 - y - height, x, height, width) if change == "turned" else box(*one)

    def figures(town, greens, status, homes_layer):
        names = [f"Park {number}" for number, _ in enumerate(greens)]
        found = measured(
            parks(*greens, status=status, names=names), town, POPULATION=homes_layer, DISTANCE=300
        )
        rows = {key: row["wert"] for key, row in found.findings.items() if key[0] in (SHARE, PEOPLE)}
        gaps = found.rows("GAPS")
        return rows, sum(gap["einwohner"] for gap in gaps), sum(gap["flaeche_ha"] for gap in gaps)

    clean = figures(
        towns(box(*town)),
        [box(*one) for one in green],
        status,
        homes(*(box(*c) for c in cells), people=people),
    )
    greens, kinds = [drawn(one) for one in green], status
    grid, residents = [drawn(one) for one in cells], people
    if change == "another order":
        greens, kinds, grid, residents = greens[::-1], status[::-1], grid[::-1], people[::-1]
    elif change == "parks in halves":
        greens = [half for one in green for half in halves(*one)]
        kinds = [word for word in status for _ in range(2)]
    elif change == "cells in halves":
        grid = [half for one in cells for half in halves(*one)]
        residents = [number / 2 for number in people for _ in range(2)]
    rows, people_far, ground_far = figures(towns(drawn(town)), greens, kinds, homes(*grid, people=residents))
    assert rows == pytest.approx(clean[0], rel=1e-4)
    assert (people_far, ground_far) == pytest.approx(clean[1:], rel=1e-4)
    assert (
        rows[PEOPLE, "innerhalb", "Ort 0"] <= rows[PEOPLE, "nah", "Ort 0"] <= rows[PEOPLE, "nah_500", "Ort 0"]
    )
    far = sum(residents) * (1 - rows[PEOPLE, "nah", "Ort 0"] / 100)
    assert people_far == pytest.approx(far, rel=1e-3)
