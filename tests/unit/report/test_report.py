"""The report: what it says about every finding, that it is safe, closed in itself and true to scale."""

from __future__ import annotations

import base64
import dataclasses
import datetime as dt
import html
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
import yaml
from gruene_infra.gruene_infra_plugin.methods.findings.finding import Finding, is_mean
from gruene_infra.gruene_infra_plugin.methods.findings.targets import (
    ConflictError,
    Goalpost,
    Measurement,
    check_verdict,
    judge,
)
from gruene_infra.gruene_infra_plugin.paths import REPORT_TEMPLATES
from gruene_infra.gruene_infra_plugin.report.figures import GLYPHS, Figures
from gruene_infra.gruene_infra_plugin.report.maps import MapError, MapFile
from gruene_infra.gruene_infra_plugin.report.means import mean_rows
from gruene_infra.gruene_infra_plugin.report.model import Heading
from gruene_infra.gruene_infra_plugin.report.numbers import Numbers
from gruene_infra.gruene_infra_plugin.report.reasons import reason_of
from gruene_infra.gruene_infra_plugin.report.render import render
from gruene_infra.gruene_infra_plugin.report.svg import WIDTH, Axis, bullet, stacked
from gruene_infra.gruene_infra_plugin.report.texts import Texts
from gruene_infra.gruene_infra_plugin.report.view import build_report, report_order
from gruene_infra.gruene_infra_plugin.strategy import load_strategy

TODAY = dt.date(2026, 6, 30)
STRATEGY = load_strategy()
HEADING = Heading(TODAY, "9.8.7")
NASTY = '<script>alert("x")</script> & Söhne\'s'
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def finding(
    indicator: str,
    area: str,
    numerator: float | None,
    denominator: float | None,
    *,
    unit: str = "%",
    target: str | None = None,
    variant: str = "v1",
    kind: str = "Gemeinde",
    coverage: float = 100.0,
    **changes: object,
) -> Finding:
    """Return a finding judged by a target of the strategy."""
    aim = STRATEGY.target(target) if target else None
    goalpost = (
        Goalpost(aim.value, aim.direction, aim.date, aim.origin, aim.scope == "region") if aim else None
    )
    measured = Measurement(numerator, denominator, coverage)
    verdict = judge(measured, unit, goalpost, kind, TODAY)
    row = Finding(
        hz=int(indicator[2:4]), kennzahl_id=indicator, variante_id=variant, ist_leitwert=1,
        kennzahl=f"Kennzahl {indicator}", definition=f"Zähler und Nenner von {indicator} nach {variant}.",
        gebiet_art=kind, ags=None, gebiet=area, raumtyp=None,
        zaehler=numerator, nenner=denominator, basis_einheit="m²", wert=measured.value(unit), einheit=unit,
        ziel=aim.value if aim else None, richtung=aim.direction if aim else None,
        ziel_datum=aim.date if aim else None, herkunft_ziel=aim.origin if aim else None,
        luecke=verdict.gap, luecke_abs=verdict.gap_absolute, luecke_einheit="m²", status=verdict.status.value,
        abdeckung_proz=coverage, n_objekte=12, n_ausgelassen=0, stand_daten=None, annahmen=None,
        algorithmus="some_algorithm", plugin_version="0.1.0", berechnet_am=TODAY,
    )  # fmt: skip
    return dataclasses.replace(row, **changes)


def every_status() -> list[Finding]:
    return [
        finding("hz02.dach", "Bochum", 60.0, 100.0, target="hz02.dach"),
        finding("hz02.dach", "Essen", 3337.0, 10000.0, target="hz02.dach"),
        finding("hz02.dach", "Herne", 0.0, 400.0, target="hz02.dach"),
        finding("hz02.dach", "Bochum", 41.0, 100.0, target="hz02.dach", variant="v2", ist_leitwert=0),
        finding("hz14.konzept", "Ruhr", 0.0, 1.0, unit="Konzept", target="hz14.konzept", kind="Region"),
        finding("hz13.verlust", "Gesamt", -12345.5, 1.0, unit="m²", target="hz13.verlust", kind="Gesamt"),
        finding("hz22.wald", "Hagen", 42.0, 100.0, target="hz22.waldanteil"),
        finding("hz24.abfluss", "Gesamt", 1.25e9, 1.0, unit="m³", kind="Gesamt"),
        finding("hz24.anteil", "Gesamt", 250.0, 100.0, kind="Gesamt"),
        finding("hz20.boden", "Landschaft", None, None, kind="Raumtyp", coverage=12.0),
    ]


def report(rows: list[Finding], language: str = "de", **options: object) -> str:
    return render(rows, STRATEGY, HEADING, Texts(language), **options)


def visible(page: str) -> str:
    """Return the text a reader sees, with spaces made plain."""
    body = page[page.index("<body>") :]
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", body)))


class Balanced(HTMLParser):
    """Fails where elements are not closed in the order they were opened."""

    VOID = frozenset({"meta", "br", "img"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict]] = []

    def handle_starttag(self, tag: str, attrs: list) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, f"</{tag}> at {self.getpos()}"


def parsed(page: str) -> Balanced:
    parser = Balanced()
    parser.feed(page)
    parser.close()
    assert parser.open == []
    return parser


# -- numbers ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "german", "english"),
    [
        (None, "–", "–"),
        (0.0, "0", "0"),
        (-0.0, "0", "0"),
        (7.0, "7", "7"),
        (9.5, "9,50", "9.50"),
        (43.76, "43,8", "43.8"),
        (1234.5, "1.234,5", "1,234.5"),
        (24_405.3, "24.405", "24,405"),
        (1_234_500_000.0, "1.234.500.000", "1,234,500,000"),
        (-1300.0, "−1.300", "−1,300"),
        (0.04213, "0,042", "0.042"),
        (1e-9, "< 0,000001", "< 0.000001"),
        (-1e-9, "> −0,000001", "> −0.000001"),
        (1.234e18, "1,23 · 10¹⁸", "1.23 · 10¹⁸"),
        (99.9999997, "100", "100"),
        (100.0 - 1e-12, "100", "100"),
        (0.1 + 0.2, "0,30", "0.30"),
    ],
)
def test_numbers_have_the_digits_they_deserve(value, german, english):
    assert (Numbers("de_AT").number(value), Numbers("en").number(value)) == (german, english)


@pytest.mark.parametrize(
    ("value", "others", "text"),
    [
        (49.96, (50.0,), "49,96"),
        (50.0, (50.0,), "50"),
        (44.9999, (45.0,), "44,9999"),
        (79.96, (80.0, 100.0), "79,96"),
        (99.97, (80.0, 100.0), "99,97"),
        (43.76, (50.0, None), "43,8"),
        (99.9999, (100.0,), "99,9999"),
        (12_345.0004, (12_345.0,), "12.345,0004"),
    ],
)
def test_rounding_never_hides_that_a_value_misses_its_target(value, others, text):
    assert Numbers("de").number(value, *others) == text


@pytest.mark.parametrize(
    ("value", "others", "text"),
    [
        (99.9999999, (80.0, 100.0), "100"),
        (100.0 - 1e-13, (80.0, 100.0), "100"),
        (100.0, (99.9999999,), "100"),
        (100.0, (99.97,), "100"),
        (50.0000002, (50.0,), "50"),
        (1e9 + 0.0001, (1e9,), "1.000.000.000"),
        (1e14 + 0.0625, (1e14,), "100.000.000.000.000"),
    ],
)
def test_digits_that_tell_nothing_are_not_written(value, others, text):
    assert Numbers("de").number(value, *others) == text


def test_a_coverage_of_all_but_a_rounding_error_is_one_of_all():
    known = 100.0 - 2e-12
    rows = [finding("hz02.dach", name, 60.0, 100.0, coverage=known) for name in ("Bochum", "Essen")]
    text = visible(report([*rows, *means_of(rows)]))
    assert "Abdeckung 100 %" in text
    assert "100,0" not in text
    assert "geringste Abdeckung" not in text


def test_a_coverage_that_is_not_enough_never_reads_as_if_it_were():
    row = finding("hz02.dach", "Herne", 1.0, 2.0, coverage=79.9999)
    assert row.status == "nicht bewertbar"
    text = visible(report([row]))
    assert "Abdeckung 79,9999 %" in text
    assert "nur 79,9999 % von dem" in text
    assert "Abdeckung 80 %" not in text


def test_units_stand_after_a_narrow_space_and_dates_follow_the_language():
    assert Numbers("de").quantity(15.0, "%") == "15\u202f%"
    assert Numbers("de").quantity(None, "%") == "–"
    day = dt.date(2030, 12, 31)
    assert (Numbers("de").date(day), Numbers("en").date(day)) == ("31.12.2030", "31 Dec 2030")


# -- bars -------------------------------------------------------------------------------------------


def shapes(markup: object) -> dict[str, dict[str, float]]:
    """Return geometry by class name of the shapes in a drawing."""
    found = re.findall(r"<(?:rect|line) class=\"([^\"]+)\" ([^/]+)/>", str(markup.__html__()))
    return {
        name: {key: float(number) for key, number in re.findall(r"(\w+)=\"([-\d.]+)\"", rest)}
        for name, rest in found
    }


def test_a_value_at_half_of_the_target_gives_half_the_bar():
    axis = Axis.over([25.0, 50.0, 97.0], "%")
    parts = shapes(bullet(25.0, 50.0, ">=", axis, "gap"))
    assert (parts["value gap"]["x"], parts["value gap"]["width"]) == (0.0, WIDTH / 4)
    assert parts["aim"]["x1"] == parts["aim"]["x2"] == 2 * parts["value gap"]["width"]


@pytest.mark.parametrize(
    ("numbers", "unit", "low", "high"),
    [
        ([9.5, 15.0], "%", 0.0, 15.0),
        ([97.0, None], "%", 0.0, 100.0),
        ([250.0, 50.0], "%", 0.0, 250.0),
        ([0.0, 0.0], "m²", 0.0, 1.0),
        ([31_000.0, 0.0], "m²", 0.0, 40_000.0),
        ([-4200.0, 300.0], "m²", -5000.0, 300.0),
        ([-4200.0, 0.0], "m²", -5000.0, 0.0),
        ([3e17], "kWh", 0.0, 3e17),
    ],
)
def test_the_axis_is_round_and_holds_all_numbers(numbers, unit, low, high):
    axis = Axis.over(numbers, unit)
    assert (axis.low, axis.high) == (pytest.approx(low), pytest.approx(high))


def test_negative_values_run_to_the_left_of_zero():
    axis = Axis.over([-50.0, 50.0], "m²")
    parts = shapes(bullet(-25.0, 0.0, ">=", axis, "gap"))
    assert parts["zero"]["x1"] == pytest.approx(WIDTH / 2)
    assert (parts["value gap"]["x"], parts["value gap"]["width"]) == (WIDTH / 4, WIDTH / 4)


@pytest.mark.parametrize(
    ("direction", "start", "width"), [(">=", 120.0, 120.0), ("<=", 0.0, 120.0), ("<", 0.0, 120.0)]
)
def test_light_ground_lies_where_the_target_is_met(direction, start, width):
    zone = shapes(bullet(10.0, 50.0, direction, Axis(0.0, 100.0), "gap"))["zone"]
    assert (zone["x"], zone["width"]) == (start, width)


def test_a_target_of_zero_is_a_line_at_zero_and_any_value_is_seen():
    axis = Axis.over([2.5, 31_000.0, 0.0], "m²")
    parts = shapes(bullet(2.5, 0.0, "=", axis, "gap"))
    assert parts["aim"]["x1"] == 1.0
    assert parts["value gap"]["width"] == 1.5
    assert shapes(bullet(0.0, 0.0, "=", axis, "reached"))["value reached"]["width"] == 0.0


@pytest.mark.parametrize("axis", [None, Axis(0.0, 100.0)])
def test_without_a_value_the_bar_is_hatched_and_has_none(axis):
    drawing = bullet(None, 50.0, ">=", axis, "unknown")
    assert 'class="hatch"' in drawing.markup
    assert not any(name.startswith("value") for name in shapes(drawing))


def test_everything_stays_inside_the_drawing():
    for value in (-1e12, -3.0, 0.0, 7.0, 1e15):
        axis = Axis.over([value, 5.0], "m²")
        for part in shapes(bullet(value, 5.0, "<=", axis, "gap")).values():
            assert part.get("x", 0.0) >= 0.0
            assert part.get("x", part.get("x1")) + part.get("width", 0.0) <= WIDTH + 0.01
    hatch = bullet(None, None, None, None, "unknown").markup
    points = [float(number) for number in re.findall(r"[ML]([-\d.]+) ", hatch)]
    assert 0.0 <= min(points) <= max(points) <= WIDTH


def test_stacked_parts_are_in_proportion():
    parts = shapes(stacked([("reached", 1), ("gap", 2), ("unknown", 1), ("absent", 0)]))
    assert {name: part["width"] for name, part in parts.items()} == {
        "reached": 60.0,
        "gap": 120.0,
        "unknown": 60.0,
    }
    assert [parts[name]["x"] for name in ("reached", "gap", "unknown")] == [0.0, 60.0, 180.0]


# -- means as rows ----------------------------------------------------------------------------------


def forests(**changes: object) -> list[Finding]:
    """Four of five municipalities assessed: 10 of 100, 60 of 100, 20 of 100, 390 of 400 (METHODS: n of N)."""
    shares = {"A": (10.0, 100.0), "B": (60.0, 100.0), "C": (20.0, 100.0), "D": (390.0, 400.0)}
    rows = [finding("hz22.wald", name, *pair, target="hz22.waldanteil") for name, pair in shares.items()]
    rows.append(finding("hz22.wald", "E", None, None, target="hz22.waldanteil", coverage=0.0))
    return [dataclasses.replace(row, **changes) for row in rows]


def means_of(rows: list[Finding], language: str = "de") -> list[Finding]:
    return mean_rows(rows, Texts(language), TODAY, "9.8.7")


def test_both_means_are_rows_of_the_region_with_n_of_n():
    """(10 + 60 + 20 + 97.5) / 4 = 46.875 %; 480 / 700 = 68.57 %."""
    arithmetic, weighted = means_of(forests())
    assert [row.gebiet for row in (arithmetic, weighted)] == ["Mittel der Gemeinden", "Gewichtetes Mittel"]
    assert arithmetic.wert == pytest.approx(46.875)
    assert weighted.wert == pytest.approx(100.0 * 480.0 / 700.0)
    for row in (arithmetic, weighted):
        assert row.wert == pytest.approx(100.0 * row.zaehler / row.nenner)
        assert (row.gebiet_art, row.algorithmus, row.ist_leitwert, row.status) == (
            "Region", "target_monitor", 1, "erreicht",
        )  # fmt: skip
        assert (row.n_objekte, row.n_ausgelassen, row.abdeckung_proz) == (4, 1, 80.0)
        assert "4 von 5 Gemeinden" in row.definition
        assert (row.ziel, row.ziel_datum, row.herkunft_ziel) == (25.0, dt.date(2030, 12, 31), "S")
        check_verdict(row)
    assert (arithmetic.nenner, arithmetic.basis_einheit) == (4.0, "Gemeinden")
    assert (weighted.nenner, weighted.basis_einheit) == (700.0, "m²")


def test_a_sum_has_a_number_and_no_bar_among_those_of_its_parts():
    """60 and 40 m² in two municipalities: 100 m² together; the bars end at 60 as without the sum."""
    rows = [
        dataclasses.replace(row, einheit="m²", basis_einheit="m² je Gebiet", wert=row.zaehler, ziel=None)
        for row in (finding("hz19.aue", "A", 60.0, 1.0), finding("hz19.aue", "B", 40.0, 1.0))
    ]
    means = means_of(rows)
    figures = Figures(Texts("de"))
    axis = figures.axis([*means, *rows])
    assert [row.gebiet for row in means] == [
        "Mittel der Gemeinden", "Gewichtetes Mittel", "Summe der Gemeinden",
    ]  # fmt: skip
    assert axis == figures.axis(rows)
    shown = [figures.figure(row, row.gebiet, axis) for row in means]
    assert [figure.value for figure in shown] == ["50", "50", "100"]
    assert [bool(figure.bar.markup) for figure in shown] == [True, True, False]
    assert sorted(means, key=report_order) == means


def test_a_regional_gap_of_the_arithmetic_mean_has_no_absolute_size():
    rows = [finding("hz22.wald", name, 10.0, 100.0, target="hz22.waldanteil") for name in "AB"]
    arithmetic, weighted = means_of(rows)
    assert (arithmetic.luecke, arithmetic.luecke_abs) == (15.0, None)
    assert (weighted.luecke, weighted.luecke_abs) == (15.0, 30.0)


def test_where_everyone_owes_the_target_the_mean_says_how_many_reach_it():
    """60 %, 30 % and 90 % average to 60 %, above 50 %; the one at 30 % owes 20 points or 40 m²."""
    rows = [
        finding("hz02.dach", name, share * base, base, target="hz02.dach")
        for name, share, base in (("A", 0.6, 100.0), ("B", 0.3, 200.0), ("C", 0.9, 300.0))
    ]
    arithmetic, weighted = means_of(rows)
    assert arithmetic.wert == pytest.approx(60.0)
    assert (arithmetic.status, weighted.status) == ("Lücke", "Lücke")
    assert arithmetic.luecke == pytest.approx(20.0 / 3)
    assert weighted.luecke == pytest.approx(100.0 * 40.0 / 600.0)
    assert arithmetic.luecke_abs == weighted.luecke_abs == pytest.approx(40.0)
    assert "2 von 3 Gemeinden erreichen das Ziel" in arithmetic.annahmen


def test_different_targets_leave_that_of_the_mean_open():
    own = {"ziel": 60.0, "herkunft_ziel": "kommunal"}
    rows = [
        finding("hz02.dach", "A", 60.0, 100.0, target="hz02.dach"),
        finding("hz02.dach", "B", 70.0, 100.0, target="hz02.dach", **own),
    ]
    for row in means_of(rows):
        assert (row.ziel, row.richtung, row.herkunft_ziel, row.status) == (None, None, None, "Zielwert offen")
        assert "verschiedene Zielwerte" in row.annahmen


def test_the_same_target_of_two_origins_keeps_both():
    rows = [
        finding("hz02.dach", "A", 60.0, 100.0, target="hz02.dach"),
        finding("hz02.dach", "B", 70.0, 100.0, target="hz02.dach", herkunft_ziel="kommunal"),
    ]
    assert {row.herkunft_ziel for row in means_of(rows)} == {"S; kommunal"}


def test_one_municipality_and_other_kinds_of_area_have_no_mean():
    rows = [
        finding("hz02.dach", "A", 60.0, 100.0),
        *(finding("hz20.boden", name, 1.0, 2.0, kind="Raumtyp") for name in ("Innenstadt", "Landschaft")),
        finding("hz02.dach", "B", 60.0, 100.0, variant="v2"),
    ]
    assert means_of(rows) == []


def test_one_definition_leads_the_means_even_where_municipalities_disagree():
    rows = [
        finding("hz02.dach", name, 60.0, 100.0, variant=variant)
        for name, variant in (
            ("A", "ab_2018"),
            ("B", "ab_2018"),
            ("C", "ab_2018"),
            ("D", "ab_2016"),
            ("E", "ab_2016"),
        )
    ]
    leads = {row.variante_id: row.ist_leitwert for row in means_of(rows)}
    assert leads == {"ab_2018": 1, "ab_2016": 0}


def test_what_the_mean_cannot_know_is_said():
    rows = forests()
    rows[0] = dataclasses.replace(rows[0], annahmen="eine; zwei", definition="anders", abdeckung_proz=81.5)
    rows[1:] = [dataclasses.replace(row, annahmen="eine") for row in rows[1:]]
    rows.append(finding("hz02.dach", "F", 1.0, 2.0))
    notes = means_of(rows)[0].annahmen.split("; ")
    assert notes == [
        "nicht bewertbar: nur 4 von 6 Gemeinden bewertbar, "
        "Abdeckung 66,7 % nach Zahl, Bezugsgröße oder Fläche",
        "die Gemeinden beschreiben die Definition unterschiedlich",
        "Gemeinden ohne Nenner, deren Anteil an der Bezugsgröße unbekannt ist: 1",
        "Gemeinden dieser Auswertung ohne Zeile dazu: 1",
        "geringste Abdeckung einer bewerteten Gemeinde 81,5 %",
        "eine",
        "weitere Annahmen unterscheiden sich von Gemeinde zu Gemeinde",
    ]


def test_means_do_not_depend_on_the_order_of_rows():
    rows = forests()
    assert means_of(rows) == means_of(rows[::-1])


def test_different_units_are_refused():
    rows = forests()
    rows[1] = dataclasses.replace(rows[1], basis_einheit="ha")
    with pytest.raises(ConflictError):
        means_of(rows)


# -- the page ---------------------------------------------------------------------------------------


@pytest.fixture(params=["de", "en"])
def page(request) -> str:
    two_regions = [row for row in every_status() if row.gebiet != "Hagen"], forests()
    means = [row for rows in two_regions for row in means_of(rows, request.param)]
    return report([*two_regions[0], *two_regions[1], *means], request.param)


def test_the_page_is_well_formed(page):
    tags = {tag for tag, _ in parsed(page).elements}
    assert {"html", "h1", "svg", "table", "style"} <= tags


def test_the_page_asks_for_nothing_from_outside(page):
    assert not re.search(r"https?:|//\w|url\(|@import|<script|<link|<iframe|\ssrc=", page)
    for _, attributes in parsed(page).elements:
        assert not any(name.startswith("on") for name in attributes)
        assert attributes.get("href", "#").startswith("#")


def test_links_lead_to_goals_that_are_there(page):
    elements = parsed(page).elements
    anchors = {attributes["id"] for _, attributes in elements if "id" in attributes}
    linked = {attributes["href"][1:] for _, attributes in elements if "href" in attributes}
    assert linked == anchors == {"hz02", "hz13", "hz14", "hz20", "hz22", "hz24"}


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("de", ("erreicht", "Lücke", "Frist abgelaufen", "Beitrag", "Zielwert offen", "nicht bewertbar")),
        ("en", ("reached", "gap", "deadline passed", "contribution", "target open", "not assessable")),
    ],
)
def test_every_status_has_glyph_word_and_class(language, words):
    page = report(every_status(), language)
    keys = ("reached", "gap", "overdue", "contribution", "open", "unknown")
    assert len(set(GLYPHS.values())) == len(GLYPHS) == len(keys)
    for key, word in zip(keys, words, strict=True):
        glyph = f'<span class="glyph" aria-hidden="true">{GLYPHS[key]}</span>'
        assert page.count(f'<span class="badge {key}">{glyph}{word}</span>') >= 2, (
            "in the legend and with a figure"
        )


def test_every_finding_shows_value_target_gap_definition_and_coverage():
    text = visible(report(every_status()))
    for row in every_status():
        assert row.definition in text
        assert row.kennzahl in text
    for value in (
        "60 %",
        "33,4 %",
        "0 %",
        "41 %",
        "0 Konzept",
        "−12.346 m²",
        "42 %",
        "1.250.000.000 m³",
        "250 %",
    ):
        assert value in text
    assert "mindestens 50 % bis 31.12.2030 S" in text
    assert "≥ 50 % S bis 31.12.2030" in text
    assert "16,6 Prozentpunkte, insgesamt 1.663 m²" in text
    assert "genau 0 m² S" in text
    assert "Abdeckung 100 % · Objekte: 12" in text
    assert "Abdeckung 12 % · Objekte: 12" in text


def test_an_unassessable_figure_shows_a_dash_even_if_the_row_holds_a_value():
    row = finding("hz20.boden", "X", 10.0, 100.0, coverage=12.0, wert=77.7)
    text = visible(report([row]))
    assert "77,7" not in text
    assert "X ▨ nicht bewertbar –" in text


def test_both_means_stand_there_with_n_of_n(page):
    text = visible(page)
    german = 'lang="de"' in page
    names = (
        ("Mittel der Gemeinden", "Gewichtetes Mittel")
        if german
        else ("Mean of the municipalities", "Weighted mean")
    )
    values = ("46,9 %", "68,6 %") if german else ("46.9 %", "68.6 %")
    counts = "4 von 5 Gemeinden bewertbar" if german else "4 of 5 municipalities assessable"
    assert all(words in text for words in (*names, *values))
    assert text.count(counts) == 4, "in definition and coverage of both means"


def test_overview_counts_each_goal_once_by_its_most_critical_figure():
    view = build_report(every_status(), STRATEGY, HEADING, Texts("de"))
    assert {badge.key: number for badge, number in view.overview.counts} == {
        "gap": 2, "overdue": 1, "contribution": 1, "open": 1, "unknown": 1, "absent": 21,
    }  # fmt: skip
    assert view.overview.total == 27


@pytest.mark.parametrize(
    ("statuses", "worst"),
    [
        (("erreicht", "Zielwert offen"), "reached"),
        (("erreicht", "Beitrag"), "reached"),
        (("erreicht", "nicht bewertbar"), "unknown"),
        (("nicht bewertbar", "Lücke"), "gap"),
        (("Lücke", "Frist abgelaufen"), "overdue"),
        (("Zielwert offen", "Beitrag"), "contribution"),
    ],
)
def test_a_goal_stands_as_its_most_critical_indicator(statuses, worst):
    rows = [
        finding(f"hz02.k{number}", "Gesamt", 1.0, 2.0, kind="Gesamt", status=status)
        for number, status in enumerate(statuses)
    ]
    view = build_report(rows, STRATEGY, HEADING, Texts("de"))
    assert view.goals[0].badge.key == worst


def test_all_27_goals_are_covered_and_those_without_a_finding_listed_at_the_end():
    view = build_report(every_status(), STRATEGY, HEADING, Texts("de"))
    assert [goal.label for goal in view.goals] == ["HZ 02", "HZ 13", "HZ 14", "HZ 20", "HZ 22", "HZ 24"]
    assert len(view.goals) + len(view.missing) == 27
    text = visible(report(every_status()))
    end = text[text.index("Noch kein Befund") :]
    for goal in view.missing:
        assert f"{goal.label} {goal.title}" in end
    assert "Anteil der Gewässerstrecken mit Strukturklasse 5 bis 7 (Ballungsraum): < 45 %" in end


def test_a_goal_shows_title_theme_and_agreements():
    goal = STRATEGY.goal(22)
    for language in ("de", "en"):
        text = visible(report(every_status(), language))
        assert goal.title.get(language) in text
        assert all(agreement.get(language) in text for agreement in goal.agreements)
        assert all(STRATEGY.leitthema(theme).label(language) in text for theme in goal.leitthemen)


def test_a_verdict_that_depends_on_the_definition_is_pointed_out():
    assert "Das Ergebnis hängt von der Definition ab: 1 × erreicht, 1 × Lücke." in visible(
        report([row for row in every_status() if row.gebiet == "Bochum"])
    )
    assert "hängt von der Definition ab" not in visible(report([every_status()[0]]))


def test_other_definitions_of_many_areas_become_a_matrix_of_letters():
    rows = [
        finding("hz02.dach", area, number * 1.0, 100.0, variant=variant, ist_leitwert=int(variant == "v0"))
        for number, area in enumerate(("A1", "A2", "A3", "A4", "A5"))
        for variant in ("v0", "v1", "v2", "v3", "v4", "v5")
    ]
    indicator = build_report(rows, STRATEGY, HEADING, Texts("de")).goals[0].indicators[0]
    assert [variant.letter for variant in indicator.variants] == ["A", "B", "C", "D", "E"]
    assert indicator.areas == ("A1", "A2", "A3", "A4", "A5")
    assert indicator.variants[1].figures["A4"].value == "3"
    assert report(rows).count('<table class="matrix">') == 2


def test_areas_of_the_same_name_are_told_apart():
    rows = [
        finding(
            "hz02.dach", "Neukirchen", 1.0, 2.0, ags=ags, variant=variant, ist_leitwert=int(variant == "v1")
        )
        for ags in ("05170001", "05170002")
        for variant in ("v1", "v2")
    ]
    indicator = build_report(rows, STRATEGY, HEADING, Texts("de")).goals[0].indicators[0]
    assert indicator.areas == ("Neukirchen · Gemeinde · 05170001", "Neukirchen · Gemeinde · 05170002")


@pytest.mark.parametrize(
    "column",
    ["gebiet", "kennzahl", "definition", "annahmen", "stand_daten", "einheit", "luecke_einheit",
     "herkunft_ziel", "algorithmus", "plugin_version"],
)  # fmt: skip
def test_no_text_of_a_table_becomes_markup(column):
    rows = [
        dataclasses.replace(row, **{column: NASTY})
        for row in every_status()
        if row.kennzahl_id == "hz02.dach"
    ]
    page = report(rows)
    assert "<script" not in page
    assert NASTY in visible(page)
    parsed(page)


def test_title_region_and_version_are_escaped_too():
    heading = Heading(TODAY, NASTY, NASTY, NASTY)
    page = render(every_status(), STRATEGY, heading, Texts("de"))
    assert "<script" not in page
    assert visible(page).count(NASTY) == 4
    parsed(page)


def test_heading_names_region_day_and_version():
    text = visible(report(every_status()))
    for words in (
        "Metropole Ruhr",
        "Zielmonitor Grüne Infrastruktur",
        "30.06.2026",
        "Grüne Infrastruktur Ruhr 9.8.7",
    ):
        assert words in text
    own = render(every_status(), STRATEGY, Heading(TODAY, "1", "Mein Titel", "Kreis Wesel"), Texts("de"))
    assert "Mein Titel" in visible(own)
    assert "Kreis Wesel" in visible(own)


def test_the_page_does_not_depend_on_the_order_of_rows():
    rows = every_status() + forests()
    assert report(rows) == report(rows[::-1])


def test_rows_are_ordered_by_goal_headline_and_whole_before_parts():
    rows = forests()
    ordered = sorted([*rows, *means_of(rows)], key=report_order)
    assert [row.gebiet for row in ordered] == [
        "Mittel der Gemeinden",
        "Gewichtetes Mittel",
        "A",
        "B",
        "C",
        "D",
        "E",
    ]
    assert [is_mean(row) for row in ordered] == [True, True] + [False] * 5


# -- maps -------------------------------------------------------------------------------------------


def test_maps_are_carried_along_in_their_goal_or_at_the_end(tmp_path):
    files = []
    for name in ("hz22_wald_im_kreis.png", "uebersicht.png", "hz27_ohne_befund.png"):
        (tmp_path / name).write_bytes(PIXEL)
        files.append(MapFile(tmp_path / name))
    view = build_report(every_status(), STRATEGY, HEADING, Texts("de"), files)
    captions = {goal.label: [image.caption for image in goal.maps] for goal in view.goals if goal.maps}
    assert captions == {"HZ 22": ["wald im kreis"]}
    assert [image.caption for image in view.maps] == ["ohne befund", "uebersicht"]
    page = report(every_status(), maps=files)
    assert re.findall(r' src="([^"]{22})', page) == ["data:image/png;base64,"] * 3
    assert str(tmp_path) not in page


@pytest.mark.parametrize("content", [b"<svg onload='alert(1)'/>", b"", None])
def test_a_file_that_is_no_image_is_refused_by_name(tmp_path, content):
    path = tmp_path / "hz22_karte.png"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(MapError, match=r"hz22_karte\.png"):
        report(every_status(), maps=[MapFile(path)])


# -- texts ------------------------------------------------------------------------------------------


def test_texts_exist_in_both_languages_with_the_same_placeholders():
    data = yaml.safe_load((REPORT_TEMPLATES / "texts.yaml").read_text(encoding="utf-8"))
    for key, text in data.items():
        assert set(text) == {"de", "en"}, key
        placeholders = [set(re.findall(r"{(\w+)}", text[language])) for language in ("de", "en")]
        assert placeholders[0] == placeholders[1], key
        assert all(value.strip() for value in text.values()), key


def test_every_text_is_used():
    sources = [
        *REPORT_TEMPLATES.glob("*.j2"),
        *(Path(__file__).parents[3] / "gruene_infra_plugin" / "report").glob("*.py"),
    ]
    code = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    built = (
        "status.",
        "meaning.",
        "origin.",
        "direction.",
        "unit.",
        "mean.arithmetic",
        "mean.weighted",
        "mean.sum",
    )
    data = yaml.safe_load((REPORT_TEMPLATES / "texts.yaml").read_text(encoding="utf-8"))
    assert [
        key
        for key in data
        if not re.search(f"[\"']{re.escape(key)}[\"']", code) and not key.startswith(built)
    ] == []


def test_units_that_are_words_are_translated_and_others_kept():
    assert [Texts("en").unit(unit) for unit in ("Gebäude", "m²/EW", "m²", "ha")] == [
        "buildings", "m²/inhabitant", "m²", "ha",
    ]  # fmt: skip
    assert Texts("de").unit("Gebäude") == "Gebäude"


def test_many_areas_without_a_value_are_listed_below_the_table_with_their_coverage():
    towns = [f"Stadt {number}" for number in range(9)]
    rows = [
        finding(
            "hz02.dach",
            town,
            60.0 if number < 3 else None,
            100.0,
            coverage=100.0 if number < 3 else 7.0 + number,
        )
        for number, town in enumerate(towns)
    ]
    block = build_report(rows, STRATEGY, HEADING, Texts("de")).goals[0].indicators[0].blocks[0]
    assert [figure.area for figure in block.parts] == towns[:3]
    assert [figure.area for figure in block.blanks] == towns[3:]
    assert "▨ nicht bewertbar Stadt 3 (10 %), Stadt 4 (11 %)" in visible(report(rows))
    few = build_report(rows[:8], STRATEGY, HEADING, Texts("de")).goals[0].indicators[0].blocks[0]
    assert (len(few.parts), few.blanks) == (8, ())


def test_areas_without_a_value_under_any_other_definition_leave_the_matrix():
    rows = [
        finding(
            "hz02.dach", f"Stadt {number}", 1.0 if known else None, 2.0, variant=variant, ist_leitwert=lead
        )
        for number in range(10)
        for variant, lead, known in (("v1", 1, True), ("v2", 0, number < 4), ("v3", 0, number == 4))
    ]
    rows = [
        row if row.zaehler is not None else dataclasses.replace(row, status="nicht bewertbar") for row in rows
    ]
    indicator = build_report(rows, STRATEGY, HEADING, Texts("de")).goals[0].indicators[0]
    assert len(indicator.areas) == 10, "five blanks stay lines"
    rows.append(finding("hz02.dach", "Stadt X", None, None, variant="v2", ist_leitwert=0))
    indicator = build_report(rows, STRATEGY, HEADING, Texts("de")).goals[0].indicators[0]
    assert indicator.areas == tuple(f"Stadt {number}" for number in range(5))
    assert indicator.blanks == {
        "die Daten dafür fehlen": (*(f"Stadt {number}" for number in range(5, 10)), "Stadt X")
    }
    assert "nicht bewertbar Stadt 5, Stadt 6," in visible(report(rows))
    assert "Stadt 9, Stadt X: die Daten dafür fehlen" in visible(report(rows))


def test_what_is_not_assessable_says_why_wherever_it_is_shown():
    """Said by the row or, of tables that say nothing, told by its numbers."""
    for count in (1, 4, 9):
        rows = [
            finding("hz02.dach", f"Stadt {number}", None, None, variant=variant, ist_leitwert=lead)
            for number in range(count)
            for variant, lead in (("v1", 1), ("v2", 0))
        ]
        text = visible(report(rows))
        places = 3 if count == 1 else 2  # a card, the overview and the matrix; the tables or lists
        assert text.count("die Daten dafür fehlen") >= places


@pytest.mark.parametrize(
    ("numbers", "annahmen", "reason"),
    [
        ((None, None, 12.0), None, "die Daten dafür fehlen"),
        ((1.0, 0.0, 100.0), None, "hier liegt nichts, was zählt"),
        ((1.0, 2.0, 12.0), None, "nur 12 % von dem, was hier zählt, sind bekannt"),
        ((1.0, 2.0, 79.6), None, "nur 79,6 % von dem, was hier zählt, sind bekannt"),
        ((1.0, 2.0, 79.9999), None, "nur 79,9999 % von dem, was hier zählt, sind bekannt"),
        ((1.0, 2.0, 12.0), "nicht bewertbar: es regnet; grob", "es regnet"),
        ((1.0, 2.0, 100.0), None, ""),
    ],
)
def test_the_reason_is_that_of_the_row_else_that_of_its_numbers(numbers, annahmen, reason):
    numerator, denominator, coverage = numbers
    row = finding("hz02.dach", "Herne", numerator, denominator, coverage=coverage, annahmen=annahmen)
    assert reason_of(row, Texts("de")) == reason


def test_the_overview_tells_how_many_municipalities_reach_a_target_they_owe():
    """Of a target that only the region owes, the parts have no verdict to be counted."""
    owed = [
        finding("hz02.dach", name, share, 100.0, target="hz02.dach")
        for name, share in zip("ABC", (60.0, 70.0, 20.0), strict=True)
    ]
    rows = [*owed, *means_of(owed), *forests(), *means_of(forests())]
    roofs, forest = build_report(rows, STRATEGY, HEADING, Texts("de")).goals
    assert [(row.name, row.figure and row.figure.value) for row in roofs.summary] == [
        ("Kennzahl hz02.dach", "50"), ("", "50"), ("", None),
    ]  # fmt: skip
    assert [(badge.key, number) for badge, number in roofs.summary[2].tally.counts] == [
        ("reached", 2),
        ("gap", 1),
    ]
    assert [row.figure.area for row in forest.summary] == ["Mittel der Gemeinden", "Gewichtetes Mittel"]
