"""The status page by value: bars, figures in words, areas, and which findings a change makes outdated."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace

import pytest
from gruene_infra.gruene_infra_plugin.dock.status.bars import Bar, bar_of
from gruene_infra.gruene_infra_plugin.dock.status.changes import Change, outdating
from gruene_infra.gruene_infra_plugin.dock.status.delegate import BARS, CHIPS
from gruene_infra.gruene_infra_plugin.dock.status.overview import Overview
from gruene_infra.gruene_infra_plugin.dock.status.rows import RowMaker
from gruene_infra.gruene_infra_plugin.methods.findings.finding import Finding
from gruene_infra.gruene_infra_plugin.methods.findings.targets import Goalpost, Measurement, judge
from gruene_infra.gruene_infra_plugin.paths import REPORT_TEMPLATES
from gruene_infra.gruene_infra_plugin.report.figures import GLYPHS
from gruene_infra.gruene_infra_plugin.strategy import load_strategy

TODAY = dt.date(2026, 6, 30)
STRATEGY = load_strategy()
THIN = "\u202f"


def finding(
    value: float | None = 9.5,
    target: float | None = 15.0,
    direction: str = ">=",
    *,
    unit: str = "%",
    indicator: str = "hz10.naturnah.anteil",
    area: str = "Gesamt",
    kind: str = "Gesamt",
    **changes: object,
) -> Finding:
    """Return a judged finding whose value is what is asked for."""
    base = 100.0 if unit == "%" else 1.0
    measured = Measurement(value, base) if value is not None else Measurement(None, None, 40.0)
    goalpost = None if target is None else Goalpost(target, direction, dt.date(2030, 12, 31))
    verdict = judge(measured, unit, goalpost, kind, TODAY)
    row = Finding(
        hz=int(indicator[2:4]), kennzahl_id=indicator, variante_id="leitwert", ist_leitwert=1,
        kennzahl=f"Kennzahl {indicator}", definition="Zähler durch Nenner.",
        gebiet_art=kind, ags=None, gebiet=area, raumtyp=None,
        zaehler=measured.numerator, nenner=measured.denominator, basis_einheit="m²",
        wert=measured.value(unit), einheit=unit,
        ziel=target, richtung=direction if target is not None else None,
        ziel_datum=goalpost.date if goalpost else None, herkunft_ziel="S" if goalpost else None,
        luecke=verdict.gap, luecke_abs=verdict.gap_absolute, luecke_einheit="m²", status=verdict.status.value,
        abdeckung_proz=measured.coverage, n_objekte=12, n_ausgelassen=0, stand_daten=None, annahmen=None,
        algorithmus="hz10_something", plugin_version="0.1.0", berechnet_am=TODAY,
    )  # fmt: skip
    return replace(row, **changes)


def rows(*findings: Finding, area=None, language="de", outdated=lambda row: ()):
    overview = Overview.of(findings)
    area = area or next(iter(overview.areas), None)
    made = RowMaker(overview, outdated, language).rows(STRATEGY, area)
    return {row.goal: row for row in made}


class TestBars:
    @pytest.mark.parametrize(
        ("value", "target", "direction", "unit", "expected"),
        [
            (9.5, 15.0, ">=", "%", Bar(9.5 / 18.75, 0.8)),
            (18.75, 15.0, ">=", "%", Bar(1.0, 0.8)),
            (40.0, 15.0, ">=", "%", Bar(1.0, 0.8, clipped=True)),
            (50.0, 100.0, ">=", "%", Bar(0.5, 1.0)),
            (5.0, 10.0, ">=", "Jahre", Bar(0.4, 0.8)),
            (5.0, 10.0, "<=", "ha", Bar(0.25, 0.5)),
            (45.0, 45.0, "<", "%", Bar(0.5, 0.5)),
            (25.0, 10.0, "<=", "ha", Bar(1.0, 0.5, clipped=True)),
            (1.0, 1.0, "=", "Konzept", Bar(0.5, 0.5)),
            (0.0, 0.0, "<=", "m²", Bar(0.0, 0.0)),
            (0.5, 0.0, "<=", "m²", Bar(1.0, 0.0)),
            (-3.0, 10.0, ">=", "m²", Bar(0.0, 0.8)),
            (42.0, None, ">=", "%", Bar(0.42, None)),
            (42.0, None, ">=", "m²", None),
            (None, 15.0, ">=", "%", Bar(None, 0.8)),
            (None, None, ">=", "m²", Bar(None, None)),
        ],
    )
    def test_value_and_target_lie_where_the_direction_says(self, value, target, direction, unit, expected):
        bar = bar_of(finding(value, target, direction, unit=unit))
        if expected is None:
            assert bar is None
        else:
            assert (bar.fill, bar.target) == pytest.approx((expected.fill, expected.target))
            assert bar.clipped == expected.clipped

    def test_colours_are_those_of_the_report(self):
        sheet = (REPORT_TEMPLATES / "report.css").read_text(encoding="utf-8")
        named = dict(re.findall(r"--(\w+): (#\w{6});", sheet))
        assert {key: named[key] for key in BARS if key != "open"} == {
            k: v for k, v in BARS.items() if k != "open"
        }
        assert f"rect.open {{ fill: {BARS['open']}; }}" in sheet
        for key in ("reached", "overdue"):
            assert f".{key} .glyph {{ background: {CHIPS[key][0]}; }}" in sheet
        assert set(CHIPS) == set(GLYPHS)


class TestRows:
    def test_all_goals_are_there_by_number_and_no_finding_is_not_the_same_as_not_assessable(self):
        found = rows(finding(None))
        assert list(found) == list(range(1, 28))
        assert (found[10].badge.glyph, found[10].badge.word) == ("▨", "nicht bewertbar")
        assert (found[11].badge.glyph, found[11].badge.word, found[11].bar) == ("·", "noch kein Befund", None)
        assert found[10].is_missing is False
        assert found[11].is_missing is True

    @pytest.mark.parametrize(
        ("made", "language", "words"),
        [
            (finding(), "de", f"9,50{THIN}% of 15{THIN}%"),
            (finding(), "en", f"9.50{THIN}% of 15{THIN}%"),
            (finding(1234.5, 0.0, "<=", unit="m²"), "de", f"1.234,5{THIN}m², höchstens 0{THIN}m²"),
            (finding(44.0, 45.0, "<"), "en", f"44{THIN}%, less than 45{THIN}%"),
            (finding(7.0, None, unit="m²"), "de", f"7{THIN}m²"),
            (finding(14.996), "de", f"14,996{THIN}% of 15{THIN}%"),
            (finding(None), "de", f"– of 15{THIN}%"),
        ],
    )
    def test_figures_in_words(self, made, language, words):
        assert rows(made, language=language)[10].figure == words

    def test_several_figures_stand_below_the_goal_which_stands_as_the_most_critical(self):
        good = finding(20.0, indicator="hz10.a")
        bad = finding(5.0, indicator="hz10.b")
        goal = rows(good, bad)[10]
        assert goal.badge.word == "Lücke"
        assert goal.figure == f"5{THIN}% of 15{THIN}%"
        assert [(child.name, child.badge.word) for child in goal.children] == [
            ("Kennzahl hz10.a", "erreicht"),
            ("Kennzahl hz10.b", "Lücke"),
        ]

    def test_one_figure_stands_in_the_row_of_its_goal(self):
        assert rows(finding())[10].children == ()

    def test_areas_the_whole_first_then_by_name_and_a_goal_measured_elsewhere_names_the_place(self):
        town = {"kind": "Gemeinde"}
        made = [
            finding(area="Herne", **town), finding(7.0, area="Ärzen", **town), finding(8.0),
            finding(3.0, indicator="hz19.x", area="Herne", **town),
        ]  # fmt: skip
        assert list(Overview.of(made).areas.values()) == ["Gesamt", "Ärzen", "Herne"]
        whole = rows(*made)
        assert whole[10].figure.startswith("8")
        assert [child.name for child in whole[19].children] == ["Kennzahl hz19.x · Herne"]
        herne = rows(*made, area=("Gemeinde", "Herne"))
        assert (herne[10].figure, herne[19].figure) == (f"9,50{THIN}% of 15{THIN}%", f"3{THIN}% of 15{THIN}%")

    def test_of_many_figures_elsewhere_only_the_most_critical_are_shown_and_it_is_said(self):
        towns = [finding(20.0, area=f"Ort {n:02}", kind="Gemeinde") for n in range(30)]
        towns[25] = finding(1.0, area="Ort 25", kind="Gemeinde")
        goal = rows(finding(indicator="hz19.x"), *towns)[10]
        assert len(goal.children) == 12
        assert (goal.badge.word, goal.children[-1].name) == (
            "Lücke",
            "Kennzahl hz10.naturnah.anteil · Ort 25",
        )
        assert "12 most critical of 30" in goal.note

    def test_only_the_newest_counts_and_other_definitions_are_in_the_tool_tip(self):
        old = finding(2.0, berechnet_am=dt.date(2025, 1, 1))
        other = finding(99.0, variante_id="anders", ist_leitwert=0)
        goal = rows(old, finding(), other)[10]
        assert goal.figure.startswith("9,50")
        for words in ("Zähler durch Nenner.", "mindestens 15", "31.12.2030", "Strategie", "30.06.2026",
                      "Abdeckung 100", "1 × erreicht"):  # fmt: skip
            assert words in goal.tip

    @pytest.mark.parametrize(
        ("annahmen", "reason"),
        [(None, "die Daten dafür fehlen"), ("nicht bewertbar: es regnet; grob", "es regnet")],
    )
    def test_what_is_not_assessable_says_why_in_the_tip_below_the_list_and_to_screen_readers(
        self, annahmen, reason
    ):
        made = [finding(None, annahmen=annahmen), finding(20.0, indicator="hz10.b")]
        goal = rows(*made)[10]
        for row in (goal, goal.children[1]):
            assert row.reason == reason
            assert f"nicht bewertbar, {reason}, –" in row.spoken
            assert row.tip.count(f"Not assessable: {reason}.") == 1
        assert "nicht bewertbar: " not in goal.tip
        assert goal.children[0].reason == ""

    def test_text_from_data_cannot_be_markup(self):
        tip = rows(finding(area="<b>A&B</b>", annahmen="<i>x</i>"))[10].tip
        assert "&lt;b&gt;A&amp;B" in tip
        assert "<i>" not in tip

    def test_contradicting_rows_of_a_day_are_counted_and_one_stays(self):
        overview = Overview.of([finding(), finding(5.0)])
        assert overview.contradictions == 1
        assert len(overview.headlines[10]) == 1

    def test_an_outdated_figure_is_said_in_words_everywhere(self):
        change = Change("id", "source", "Gebäude", dt.datetime(2026, 7, 1, 12, tzinfo=dt.UTC))
        goal = rows(finding(), outdated=lambda row: (change,))[10]
        assert goal.state == "Lücke · ↻ outdated"
        assert goal.spoken.endswith("outdated")
        assert "Gebäude" in goal.tip
        assert goal.is_missing


def at(day: int, hour: int = 12) -> dt.datetime:
    return dt.datetime(2026, 6, day, hour, tzinfo=dt.UTC)


class TestOutdating:
    """The finding is of 10 June, by today's clock of 20 June."""

    @pytest.mark.parametrize(
        ("changed", "run", "computed", "outdated"),
        [
            (at(11), at(10), 10, True),  # changed after the run
            (at(9), at(10), 10, False),  # the run knew it
            (at(10, 13), at(10, 12), 10, True),  # the same day, later
            (at(11), at(12), 10, False),  # a newer run knows it
            (at(11), None, 10, True),  # no run is known here
            (at(10), None, 10, True),  # the day alone does not tell
            (at(9), None, 10, False),  # computed on a later day, wherever
            (at(11), at(9), 12, False),  # a newer finding came from elsewhere
            (at(11), at(10), 30, True),  # a day in the future is no day of computing
        ],
    )
    def test_a_change_counts_until_something_newer_knows_it(self, changed, run, computed, outdated):
        change = Change("a", "/a.gpkg", "A", changed)
        row = finding(berechnet_am=dt.date(2026, 6, computed))
        found = outdating(row, [change], {"a"}, run, dt.date(2026, 6, 20))
        assert found == ((change,) if outdated else ())

    def test_only_layers_that_the_finding_depends_on_by_id_or_source_the_newest_first(self):
        by_id, by_source = Change("a", "x", "A", at(11)), Change("b", "/b.gpkg", "B", at(12))
        foreign = Change("c", "/c.gpkg", "C", at(13))
        found = outdating(
            finding(berechnet_am=dt.date(2026, 6, 10)),
            [by_id, foreign, by_source],
            {"a", "/b.gpkg"},
            None,
            TODAY,
        )
        assert found == (by_source, by_id)
