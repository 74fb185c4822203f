"""How many municipalities a region has, and which of them have findings."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest
from gruene_infra.gruene_infra_plugin.methods.findings.finding import Finding, from_row, is_sum
from gruene_infra.gruene_infra_plugin.report.means import mean_rows
from gruene_infra.gruene_infra_plugin.report.region import Region, named
from gruene_infra.gruene_infra_plugin.report.texts import Texts
from gruene_infra.gruene_infra_plugin.strategy import Municipality, load_strategy

TODAY = dt.date(2026, 6, 30)
TEN = [Municipality(f"0500000{k}", f"Stadt {k}", 100.0 if k else 900.0) for k in range(10)]
"""Ten municipalities on 1 800 ha, half of it in the first."""


def finding(ags: str | None, name: str, value: float = 0.0, **changes: object) -> Finding:
    """New building in the Aue of one municipality, target 0."""
    plain = Finding(
        hz=19, kennzahl_id="hz19.aue.neubau_flaeche", variante_id="ab_2016", ist_leitwert=1,
        kennzahl="Neue Bebauung in der Aue", definition="Neubau.", gebiet_art="Gemeinde", ags=ags,
        gebiet=name, raumtyp=None, zaehler=value, nenner=1.0, basis_einheit="m²", wert=value, einheit="m²",
        ziel=0.0, richtung="=", ziel_datum=None, herkunft_ziel="S", luecke=value,
        luecke_abs=value, luecke_einheit="m²",
        status="Lücke" if value else "erreicht", abdeckung_proz=100.0, n_objekte=5, n_ausgelassen=0,
        stand_daten=None, annahmen=None, algorithmus="hz19_floodplain_buildings", plugin_version="0.1.0",
        berechnet_am=TODAY,
    )  # fmt: skip
    return dataclasses.replace(plain, **changes)


def of(*numbers: int) -> list[Finding]:
    return [finding(f"0500000{k}", f"Stadt {k}") for k in numbers]


def means(rows: list[Finding], region: Region) -> list[tuple]:
    found = mean_rows(rows, Texts("en"), TODAY, "1", region)
    return [(row.status, row.abdeckung_proz, row.n_objekte, row.n_ausgelassen) for row in found]


def test_of_the_53_of_the_ruhr_20_are_not_enough():
    listed = load_strategy().municipalities
    rows = [finding(one.ags, one.name) for one in listed]
    some, all_of_them = (Region.behind(part, listed) for part in (rows[:20], rows))
    share = 100.0 * sum(one.area_ha for one in listed[:20]) / sum(one.area_ha for one in listed)
    assert (
        means(rows[:20], some) == [("nicht bewertbar", pytest.approx(min(100 * 20 / 53, share)), 20, 33)] * 2
    )
    assert means(rows, all_of_them) == [("erreicht", 100.0, 53, 0)] * 2


def test_the_reason_and_the_missing_are_named():
    (row, _) = mean_rows(of(*range(7)), Texts("en"), TODAY, "1", Region(TEN))
    assert row.reason == "only 7 of 10 municipalities assessable, coverage 70 % by number, base or area"
    assert "municipalities of the region without a finding for it: 3 (Stadt 7, Stadt 8, Stadt 9)" in row.notes
    assert "7 of 10 municipalities" in row.definition


def test_the_area_counts_as_the_number_does():
    """Nine of ten are 90 %, but without the first they hold half of the area."""
    assert means(of(*range(9)), Region(TEN)) == [("erreicht", 90.0, 9, 1)] * 2
    assert means(of(*range(1, 10)), Region(TEN)) == [("nicht bewertbar", 50.0, 9, 1)] * 2
    unmeasured = Region([*TEN[1:], Municipality("05000000", "Stadt 0")])
    assert means(of(*range(1, 10)), unmeasured) == [("erreicht", 90.0, 9, 1)] * 2


def test_what_is_not_assessed_is_neither_in_the_number_nor_in_the_area():
    blank = {
        "status": "nicht bewertbar",
        "zaehler": None,
        "nenner": None,
        "wert": None,
        "abdeckung_proz": 0.0,
    }
    rows = [*of(*range(1, 10)), finding("05000000", "Stadt 0", **blank)]
    assert means(rows, Region(TEN)) == [("nicht bewertbar", 50.0, 9, 1)] * 2


def test_a_municipality_outside_the_region_enters_no_mean():
    rows = [*of(*range(10)), finding("03999999", "Anderswo", 500.0)]
    assert means(rows, Region(TEN)) == [("erreicht", 100.0, 10, 0)] * 2


def test_where_nobody_lists_them_those_of_all_rows_are_the_region():
    rows = [finding(None, "A"), finding(None, "B"), finding("05999001", "C", kennzahl_id="hz02.dach")]
    region = Region.behind(rows, load_strategy().municipalities)
    assert not region.is_listed
    assert [one.name for one in region.municipalities] == ["C", "A", "B"]
    assert means(rows, region) == [("nicht bewertbar", pytest.approx(200 / 3), 2, 1)] * 2


@pytest.mark.parametrize(
    ("ags", "name", "found"),
    [
        ("05911000", "egal", "Bochum"),
        ("5911000", "egal", "Bochum"),
        (None, "Bochum", "Bochum"),
        (None, "BOCHUM, Stadt", "Bochum"),
        (None, "Mu\u0308lheim  an der Ruhr", "Mülheim an der Ruhr"),
        ("03241009", "Hagen", None),
        (None, "Düsseldorf", None),
    ],
)
def test_rows_are_known_by_key_and_without_one_by_name(ags, name, found):
    one = Region(load_strategy().municipalities).find(finding(ags, name))
    assert (one and one.name) == found


def test_a_name_that_two_share_is_not_guessed():
    twins = Region([Municipality("05000001", "Neustadt"), Municipality("05000002", "Neustadt")])
    assert twins.find(finding(None, "Neustadt")) is None
    assert twins.find(finding("05000002", "Neustadt")).ags == "05000002"


@pytest.mark.parametrize(
    ("rows", "region", "text"),
    [
        (of(*range(10)), Region(TEN), "Findings from 10 of the 10 municipalities of the region."),
        (
            of(0, 1, 2),
            Region(TEN),
            "Findings from 3 of the 10 municipalities of the region. "
            "Without a finding: Stadt 3, Stadt 4, Stadt 5, Stadt 6, Stadt 7, ….",
        ),
        (
            of(0, 1),
            Region.seen_in(of(0, 1)),
            "Findings from 2 municipalities. How many the region has is not given; "
            "the means are about these.",
        ),
        ([finding(None, "Gesamt", gebiet_art="Gesamt")], Region(TEN), ""),
    ],
)
def test_the_report_says_n_of_n(rows, region, text):
    assert region.described(rows, Texts("en")) == text


def test_planned_and_built_are_never_averaged_and_built_leads():
    planned = [
        dataclasses.replace(row, variante_id="geplant", basis_einheit="m² geplant") for row in of(*range(10))
    ]
    found = mean_rows([*of(*range(9)), *planned], Texts("en"), TODAY, "1", Region(TEN))
    assert {(row.variante_id, row.ist_leitwert, row.n_objekte) for row in found} == {
        ("ab_2016", 1, 9), ("geplant", 0, 10),
    }  # fmt: skip


def test_what_a_register_adds_in_brackets_may_be_missing_in_a_name():
    """One Voerde is found; of two towns called Wetter neither is, nor an Essen that names another place."""
    names = ["Voerde (Niederrhein)", "Wetter (Ruhr)", "Wetter (Hessen)", "Essen"]
    region = Region(Municipality(f"0500000{k}", name) for k, name in enumerate(names))
    asked = ("Voerde", "Wetter", "Wetter (Ruhr)", "Essen (Oldenburg)")
    assert [found and found.ags for found in map(region.called, asked)] == [
        "05000000", None, "05000001", None,
    ]  # fmt: skip


def test_many_names_are_shortened():
    assert named(TEN[:2]) == "Stadt 0, Stadt 1"
    assert named(TEN).endswith("Stadt 4, …")


# -- sums -------------------------------------------------------------------------------------------


def new_buildings(values: list[float | None], **changes: object) -> list[Finding]:
    """Return so many square metres of new building in each of the first municipalities, ``None`` unknown."""
    unknown = {"zaehler": None, "nenner": None, "wert": None, "luecke": None, "luecke_abs": None}
    unknown |= {"status": "nicht bewertbar", "abdeckung_proz": 0.0}
    rows = [
        dataclasses.replace(row, zaehler=value, wert=value, luecke=value, luecke_abs=value)
        if value is not None
        else dataclasses.replace(row, **unknown)
        for row, value in zip(of(*range(len(values))), values, strict=True)
    ]
    return [dataclasses.replace(row, basis_einheit="m² je Gebiet mit Aue", **changes) for row in rows]


def sum_of(rows: list[Finding], region: Region) -> Finding:
    (found,) = (row for row in mean_rows(rows, Texts("en"), TODAY, "1", region) if is_sum(row))
    return found


def test_what_counts_whole_areas_is_summed_with_n_of_n():
    """500 and 30 m² in nine of ten municipalities are 530 m² beside 58.9 m² on average; 0 is owed."""
    rows = new_buildings([0.0, 500.0, 30.0, *[0.0] * 6])
    arithmetic, weighted, summed = mean_rows(rows, Texts("en"), TODAY, "1", Region(TEN))
    assert [row.wert for row in (arithmetic, weighted)] == [pytest.approx(530 / 9)] * 2
    assert (summed.zaehler, summed.nenner, summed.wert) == (530.0, 1.0, 530.0)
    assert (summed.gebiet, summed.gebiet_art, summed.algorithmus) == (
        "Sum of the municipalities", "Region", "target_monitor",
    )  # fmt: skip
    assert (summed.basis_einheit, summed.n_objekte, summed.n_ausgelassen) == ("m² je Region", 9, 1)
    assert (summed.status, summed.luecke, summed.luecke_abs) == ("Lücke", 530.0, 530.0)
    assert "Sum: 9 of 10 municipalities assessable" in summed.definition
    assert from_row(dataclasses.asdict(summed)) == summed


def test_a_sum_without_all_is_never_said_to_reach_what_it_must_not_pass():
    """Nine of ten with 0 m²: the tenth may have any; with all ten it is reached."""
    nine = sum_of(new_buildings([0.0] * 9 + [None]), Region(TEN))
    assert (nine.wert, nine.status, nine.ziel) == (0.0, "Zielwert offen", None)
    assert "lower bound" in nine.annahmen
    ten = sum_of(new_buildings([0.0] * 10), Region(TEN))
    assert (ten.wert, ten.status, ten.ziel) == (0.0, "erreicht", 0.0)


def test_a_sum_over_too_few_is_no_sum():
    """Seven of ten: 70 % is below 80 %."""
    summed = sum_of(new_buildings([10.0] * 7 + [None] * 3), Region(TEN))
    assert (summed.wert, summed.status, summed.n_objekte, summed.n_ausgelassen) == (
        None, "nicht bewertbar", 7, 3,
    )  # fmt: skip
    assert summed.zaehler == 70.0


@pytest.mark.parametrize(
    ("unit", "base"),
    [("%", "m² je Gebiet"), ("m²", "m²"), ("Halden je Jahr", "Halden je Jahr"), ("Jahre", "ha")],
)
def test_shares_rates_and_durations_are_never_summed(unit, base):
    rows = [dataclasses.replace(row, einheit=unit, basis_einheit=base) for row in new_buildings([0.0] * 10)]
    assert [row.basis_einheit for row in mean_rows(rows, Texts("en"), TODAY, "1", Region(TEN))] == [
        "Gemeinden", base,
    ]  # fmt: skip


def test_a_figure_over_several_is_a_density_and_not_summed():
    *nine, tenth = new_buildings([0.0] * 10)
    rows = [*nine, dataclasses.replace(tenth, nenner=2.0)]
    assert not [row for row in mean_rows(rows, Texts("en"), TODAY, "1", Region(TEN)) if is_sum(row)]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"ziel": 5.0, "richtung": "<=", "status": "erreicht"}, (None, "Zielwert offen", None)),
        ({"ziel": 30.0, "richtung": ">=", "status": "Beitrag"}, (30.0, "erreicht", 0.0)),
        ({"ziel": 50.0, "richtung": ">=", "status": "Beitrag"}, (50.0, "Lücke", 10.0)),
        ({"ziel": 0.0, "richtung": "=", "status": "Lücke"}, (0.0, "Lücke", 40.0)),
    ],
)
def test_a_target_of_each_municipality_is_none_of_their_sum_unless_it_is_0(changes, expected):
    """4 m² in each of ten municipalities: 40 m²; the region alone owes what is told as a contribution."""
    summed = sum_of(new_buildings([4.0] * 10, **changes), Region(TEN))
    assert (summed.wert, (summed.ziel, summed.status, summed.luecke)) == (40.0, expected)
    assert ("a target for each municipality is none for their sum" in summed.notes) == (expected[0] is None)


def test_rows_of_another_definition_are_in_no_mean_and_lower_the_coverage():
    """Of ten, one with 900 m² means something else: nine of 10 m² each are left, half the region's area."""
    rows = new_buildings([900.0] + [10.0] * 9)
    region = Region([dataclasses.replace(one, area_ha=100.0) for one in TEN])
    found = mean_rows(rows, Texts("en"), TODAY, "1", region, apart={rows[0]})
    assert [(row.wert, row.abdeckung_proz, row.n_objekte, row.n_ausgelassen) for row in found] == [
        (10.0, 90.0, 9, 1), (10.0, 90.0, 9, 1), (90.0, 90.0, 9, 1),
    ]  # fmt: skip
    assert "municipalities with another definition, not included: 1 (Stadt 0)" in found[0].notes
    heavy = mean_rows(rows, Texts("en"), TODAY, "1", Region(TEN), apart={rows[0]})
    assert [(row.wert, row.abdeckung_proz) for row in heavy] == [(None, 50.0)] * 3


def test_rows_apart_may_be_in_another_unit():
    rows = new_buildings([10.0] * 10)
    rows[3] = dataclasses.replace(rows[3], einheit="ha", basis_einheit="ha je Gebiet mit Aue")
    found = mean_rows(rows, Texts("en"), TODAY, "1", Region(TEN), apart={rows[3]})
    assert {(row.einheit, row.n_objekte, row.n_ausgelassen) for row in found} == {("m²", 9, 1)}
