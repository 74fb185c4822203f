"""The target monitor inside QGIS: tables in, one table and the report out."""

from __future__ import annotations

import re

import pytest
from gruene_infra.gruene_infra_plugin.methods.findings.finding import COLUMNS
from gruene_infra.gruene_infra_plugin.strategy import load_strategy
from qgis.core import QgsProcessingException, QgsVectorLayer
from qgis.PyQt.QtCore import QDate

from ...layer_factory import box, layer, saved, table

AS_OF = "2026-06-30"
PNG = b"\x89PNG\r\n\x1a\n"


def row(gebiet: str, zaehler: float | None, nenner: float | None, **changes: object) -> dict[str, object]:
    """Return a share of forest, target 25 % owed by the region only."""
    return {
        "hz": 22, "kennzahl_id": "hz22.wald.anteil", "variante_id": "atkis", "ist_leitwert": 1,
        "kennzahl": "Waldanteil", "definition": "Zähler: Wald. Nenner: Gebiet.", "gebiet_art": "Gemeinde",
        "ags": None, "gebiet": gebiet, "raumtyp": None, "zaehler": zaehler, "nenner": nenner,
        "basis_einheit": "ha", "wert": None if zaehler is None else 100.0 * zaehler / nenner, "einheit": "%",
        "ziel": 25.0, "richtung": ">=", "ziel_datum": "2030-12-31", "herkunft_ziel": "S",
        "luecke": None, "luecke_abs": None, "luecke_einheit": "ha",
        "status": "Beitrag" if zaehler is not None else "nicht bewertbar",
        "abdeckung_proz": 100.0 if zaehler is not None else 0.0, "n_objekte": 3, "n_ausgelassen": 0,
        "stand_daten": None, "annahmen": None, "algorithmus": "hz22_forest_share", "plugin_version": "0.1.0",
        "berechnet_am": "2026-06-30",
    } | changes  # fmt: skip


def summary(*rows: dict[str, object], name: str = "befunde") -> QgsVectorLayer:
    return table({column: [one[column] for one in rows] for column in COLUMNS}, name)


def means(rows: list[dict]) -> list[dict]:
    return [one for one in rows if one["algorithmus"] == "target_monitor"]


def message_of(run, *tables: object, **parameters: object) -> str:
    with pytest.raises(QgsProcessingException) as caught:
        run("target_monitor", SUMMARIES=list(tables), AS_OF=AS_OF, **parameters)
    return str(caught.value)


FOREST = (row("A", 10.0, 100.0), row("B", 120.0, 300.0))


def test_both_means_are_recomputed_over_several_tables(run):
    """10 of 100 and 120 of 300 ha: mean 25 %, weighted 32.5 %; the region owes 25 %."""
    done = run("target_monitor", SUMMARIES=[summary(FOREST[0]), summary(FOREST[1])], AS_OF=AS_OF)
    rows = done.rows()
    assert tuple(done.layer().fields().names())[-31:] == COLUMNS
    assert [one["gebiet_art"] for one in rows] == ["Region", "Region", "Gemeinde", "Gemeinde"]
    arithmetic, weighted = means(rows)
    assert (arithmetic["zaehler"], arithmetic["nenner"]) == (pytest.approx(0.5), 2.0)
    assert (arithmetic["wert"], arithmetic["status"], arithmetic["luecke"]) == (
        pytest.approx(25.0),
        "erreicht",
        0.0,
    )
    assert (weighted["zaehler"], weighted["nenner"], weighted["wert"]) == (130.0, 400.0, pytest.approx(32.5))
    assert {one["berechnet_am"] for one in rows} == {QDate(2026, 6, 30)}
    assert {(one["n_objekte"], one["n_ausgelassen"]) for one in (arithmetic, weighted)} == {(2, 0)}
    assert "2 rows read, 2 kept, 2 regional means and sums computed." in done.log.text


def test_a_wrong_value_column_cannot_enter_a_mean(run):
    text = message_of(run, summary(FOREST[0], dict(FOREST[1], wert=40.5)))
    assert re.search(r"befunde, row 2, column wert: .*40", text)


def test_averages_are_not_averaged_again(run, tmp_path):
    first = run(
        "target_monitor", SUMMARIES=[summary(*FOREST)], AS_OF=AS_OF, OUTPUT=str(tmp_path / "one.gpkg")
    )
    again = run("target_monitor", SUMMARIES=[first.results["OUTPUT"]], AS_OF=AS_OF)
    more = run(
        "target_monitor", SUMMARIES=[first.results["OUTPUT"], summary(row("C", 50.0, 100.0))], AS_OF=AS_OF
    )
    without_id = [[{k: v for k, v in one.items() if k != "fid"} for one in r.rows()] for r in (first, again)]
    assert without_id[0] == without_id[1]
    arithmetic, weighted = means(more.rows())
    assert arithmetic["wert"] == pytest.approx((10.0 + 40.0 + 50.0) / 3)
    assert weighted["wert"] == pytest.approx(100.0 * 180.0 / 500.0)


def test_only_means_is_not_enough(run, tmp_path):
    done = run("target_monitor", SUMMARIES=[summary(*FOREST)], AS_OF=AS_OF)
    only = [one | {"berechnet_am": AS_OF, "ziel_datum": "2030-12-31"} for one in means(done.rows())]
    assert "regional means" in message_of(run, summary(*only))


def test_not_assessable_rows_count_in_n_of_all_but_not_in_n(run):
    rows = [row(name, 20.0, 100.0) for name in "ABCD"] + [row("E", None, None)]
    enough = means(run("target_monitor", SUMMARIES=[summary(*rows)], AS_OF=AS_OF).rows())
    assert [(one["wert"], one["abdeckung_proz"], one["status"]) for one in enough] == [
        (20.0, 80.0, "Lücke")
    ] * 2
    assert all("4 of 5" in one["definition"] or "4 von 5" in one["definition"] for one in enough)
    rows.append(row("F", None, None))
    too_few = means(run("target_monitor", SUMMARIES=[summary(*rows)], AS_OF=AS_OF).rows())
    assert [(one["wert"], one["status"]) for one in too_few] == [(None, "nicht bewertbar")] * 2


RUHR = [(one.ags, one.name) for one in load_strategy().municipalities]


def ruhr(count: int, **changes: object) -> QgsVectorLayer:
    """Return forests of 10 of 25 ha in the first municipalities of the Ruhr region."""
    return summary(*(row(name, 10.0, 25.0, ags=ags, **changes) for ags, name in RUHR[:count]))


def test_20_of_53_municipalities_are_no_region(run, tmp_path):
    report = tmp_path / "bericht.html"
    done = run("target_monitor", SUMMARIES=[ruhr(20)], AS_OF=AS_OF, REPORT=str(report))
    for mean in means(done.rows()):
        assert (mean["status"], mean["wert"], mean["n_objekte"], mean["n_ausgelassen"]) == (
            "nicht bewertbar", None, 20, 33,
        )  # fmt: skip
        assert mean["abdeckung_proz"] == pytest.approx(100 * 20 / 53, abs=3)
    (warning,) = (text for text in done.log.warnings if "33 of 53 municipalities have no finding" in text)
    assert all(name in warning for _, name in RUHR[20:])
    html = report.read_text(encoding="utf-8")
    assert "Findings from 20 of the 53 municipalities of the region." in html
    assert "20 of 53 municipalities assessable" in html


def test_43_of_53_are_enough_and_what_lacks_one_indicator_is_said(run):
    """Both by number (81 %) and by area; of a second indicator the last one has no row."""
    tables = [ruhr(43), ruhr(42, kennzahl_id="hz22.wald.zweite")]
    done = run("target_monitor", SUMMARIES=tables, AS_OF=AS_OF)
    found = {(m["kennzahl_id"], m["status"], m["n_objekte"], m["n_ausgelassen"]) for m in means(done.rows())}
    assert found == {
        ("hz22.wald.anteil", "erreicht", 43, 10),
        ("hz22.wald.zweite", "nicht bewertbar", 42, 11),
    }
    assert f"hz22.wald.zweite: no finding for {RUHR[42][1]}." in done.log.text


def test_without_a_list_the_municipalities_of_the_tables_are_averaged_and_it_is_said(run, tmp_path):
    report = tmp_path / "bericht.html"
    done = run("target_monitor", SUMMARIES=[summary(*FOREST)], AS_OF=AS_OF, REPORT=str(report))
    assert "The strategy lists none of these municipalities: the means are over the 2" in done.log.text
    assert "How many the region has is not given" in report.read_text(encoding="utf-8")
    assert {mean["status"] for mean in means(done.rows())} == {"erreicht"}


def test_the_municipalities_of_a_layer_are_the_region(run):
    """A and B have rows, C on the same area has none: two of three are 66.7 %; without it all is there."""
    three = layer([box(1000 * k, 0, 1000, 1000) for k in range(3)], {"gemeinde": list("ABC")}, name="kreis")
    two = layer([box(1000 * k, 0, 1000, 1000) for k in range(2)], {"gemeinde": list("AB")}, name="kreis")
    found = [
        {
            (mean["status"], round(mean["abdeckung_proz"], 1), mean["n_ausgelassen"])
            for mean in means(
                run("target_monitor", SUMMARIES=[summary(*FOREST)], AS_OF=AS_OF, AREAS=areas).rows()
            )
        }
        for areas in (three, two)
    ]
    assert found == [{("nicht bewertbar", 66.7, 1)}, {("erreicht", 100.0, 0)}]


def test_the_areas_of_a_layer_weigh_its_municipalities(run):
    """Ten rows of eleven municipalities; the eleventh is as large as five of the others."""
    rows = [row(name, 10.0, 25.0) for name in "ABCDEFGHIJ"]
    shapes = [box(1000 * k, 0, 1000, 1000) for k in range(10)] + [box(0, 2000, 5000, 1000)]
    areas = layer(shapes, {"gemeinde": list("ABCDEFGHIJK")})
    done = run("target_monitor", SUMMARIES=[summary(*rows)], AS_OF=AS_OF, AREAS=areas)
    assert {(mean["status"], round(mean["abdeckung_proz"], 3)) for mean in means(done.rows())} == {
        ("nicht bewertbar", 66.667)
    }


def test_municipalities_without_outline_are_not_left_out_of_the_count(run):
    """One of three outlines is missing: two assessed municipalities would be a whole region."""
    three = layer([box(0, 0, 9, 9), box(9, 0, 9, 9), None], {"gemeinde": ["A", "B", "C"]})
    done = run("target_monitor", SUMMARIES=[summary(*FOREST)], AREAS=three, AS_OF=AS_OF)
    means = [one for one in done.rows() if one["gebiet_art"] == "Region"]
    assert {(one["status"], one["n_objekte"], one["n_ausgelassen"]) for one in means} == {
        ("nicht bewertbar", 2, 1)
    }
    assert "1 of 3 municipalities have no finding: C." in done.log.text


def test_a_municipality_that_is_none_of_the_region_is_named_and_in_no_mean(run):
    outside = row("Düsseldorf", 0.0, 500.0, ags="05111000")
    done = run("target_monitor", SUMMARIES=[ruhr(53), summary(outside, name="nachbar")], AS_OF=AS_OF)
    assert {(round(mean["wert"], 9), mean["n_objekte"]) for mean in means(done.rows())} == {(40.0, 53)}
    assert any("in none of its means: Düsseldorf" in text for text in done.log.warnings)
    assert "Düsseldorf" in {one["gebiet"] for one in done.rows()}


def test_a_layer_of_other_municipalities_is_refused(run):
    areas = layer([box(0, 0, 9, 9)], {"gemeinde": ["X"], "ags": ["01000000"]}, name="andere")
    text = message_of(run, summary(*FOREST), AREAS=areas)
    assert "[andere]" in text
    assert "SUMMARIES" in text


def test_an_own_strategy_lists_its_own_municipalities(run, tmp_path):
    own = tmp_path / "eigene.yaml"
    rows = "".join(f'  - {{ags: "0100000{k}", name: {name}}}\n' for k, name in enumerate("ABC"))
    own.write_text(f"extends: ruhr\nmunicipalities:\n{rows}", encoding="utf-8")
    done = run("target_monitor", SUMMARIES=[summary(*FOREST)], AS_OF=AS_OF, STRATEGY=str(own))
    assert {(mean["status"], mean["n_ausgelassen"]) for mean in means(done.rows())} == {
        ("nicht bewertbar", 54)
    }


def test_planned_areas_stay_beside_the_stock(run):
    """The stock of the day before keeps the headline; what is planned has means of its own."""

    def building(variant, base, **changes):
        return [
            row(name, 0.0, 1.0, ags=None, kennzahl_id="hz19.aue.neubau_flaeche", hz=19, variante_id=variant,
                einheit="m²", basis_einheit=base, wert=0.0, ziel=0.0, richtung="=", ziel_datum=None,
                status="erreicht", luecke=0.0, luecke_abs=0.0, **changes)
            for name in "AB"
        ]  # fmt: skip

    stock = summary(*building("ab_2016", "m² je Gebiet mit Aue", berechnet_am="2026-06-29"), name="bestand")
    planned = summary(*building("geplant", "m² geplant je Gebiet mit Aue"), name="plan")
    done = run("target_monitor", SUMMARIES=[stock, planned], AS_OF=AS_OF)
    leads = {(one["variante_id"], one["gebiet_art"]): one["ist_leitwert"] for one in done.rows()}
    assert leads == {
        ("ab_2016", "Region"): 1, ("ab_2016", "Gemeinde"): 1,
        ("geplant", "Region"): 0, ("geplant", "Gemeinde"): 0,
    }  # fmt: skip


def test_the_report_says_why_a_figure_has_no_value(run, tmp_path):
    report = tmp_path / "bericht.html"
    blank = row("C", None, None, annahmen="nicht bewertbar: nothing of Wald [forst] lies in this area; other")
    run("target_monitor", SUMMARIES=[summary(*FOREST, blank)], AS_OF=AS_OF, REPORT=str(report))
    html = report.read_text(encoding="utf-8")
    assert html.count('<span class="reason">nothing of Wald [forst] lies in this area</span>') == 1
    assert "nicht bewertbar: " not in html


@pytest.mark.parametrize(("language", "heading"), [("de", "Nicht gemessen"), ("en", "Not measured")])
def test_the_report_names_what_was_not_measured(run, speak, tmp_path, language, heading):
    speak(language)
    report = tmp_path / "bericht.html"
    said = "Moor <b>: Bodenkarte fehlt: Polygone & mehr\n\n  Fluss: {x}  \nnur ein Wort"
    run("target_monitor", SUMMARIES=[summary(*FOREST)], AS_OF=AS_OF, REPORT=str(report), REMARKS=said)
    section = (
        report.read_text(encoding="utf-8").partition(f"<h2>{heading}</h2>")[2].partition("</section>")[0]
    )
    found = re.findall(r'<li><span class="label">(.*?)</span> (.*?)</li>', section)
    assert found == [
        ("Moor &lt;b&gt;", "Bodenkarte fehlt: Polygone &amp; mehr"), ("Fluss", "{x}"), ("nur ein Wort", ""),
    ]  # fmt: skip


def test_what_was_measured_from_stands_in_the_report(run, tmp_path):
    report, said = tmp_path / "b.html", "Wald: FOREST = wald\n\nAuen: WATER = nord:<b>"
    run("target_monitor", SUMMARIES=[summary(*FOREST)], AS_OF=AS_OF, REPORT=str(report), SOURCES=said)
    part = report.read_text(encoding="utf-8").partition("Where the findings are from")[2]
    assert "The findings of this run were measured from these layers." in part
    assert "Wald</span> FOREST = wald</li>" in part
    assert "Auen</span> WATER = nord:&lt;b&gt;</li>" in part
    run("target_monitor", SUMMARIES=[summary(*FOREST)], AS_OF=AS_OF, REPORT=str(report))
    assert "Where the findings are from" not in report.read_text(encoding="utf-8")


@pytest.mark.parametrize("said", [{}, {"REMARKS": ""}, {"REMARKS": " \n \n"}])
def test_a_report_that_leaves_nothing_out_has_no_such_section(run, tmp_path, said):
    report = tmp_path / "bericht.html"
    run("target_monitor", SUMMARIES=[summary(*FOREST)], AS_OF=AS_OF, REPORT=str(report), **said)
    assert "Not measured" not in report.read_text(encoding="utf-8")


def test_the_newest_row_of_a_municipality_counts(run):
    older = row("A", 90.0, 100.0, berechnet_am="2025-01-01")
    rows = run("target_monitor", SUMMARIES=[summary(*FOREST), summary(older)], AS_OF=AS_OF).rows()
    assert [one["wert"] for one in rows if one["gebiet"] == "A"] == [10.0]


@pytest.mark.parametrize(("as_of", "status"), [("2030-12-31", "Lücke"), ("2031-01-01", "Frist abgelaufen")])
def test_deadlines_of_the_means_follow_as_of(run, as_of, status):
    rows = [row("A", 10.0, 100.0), row("B", 12.0, 100.0)]
    found = means(run("target_monitor", SUMMARIES=[summary(*rows)], AS_OF=as_of).rows())
    assert [(one["status"], one["luecke"]) for one in found] == [(status, pytest.approx(14.0))] * 2
    assert [one["luecke_abs"] for one in found] == [None, pytest.approx(28.0)]


def test_findings_of_another_algorithm_become_a_report(run, tmp_path):
    """Two municipalities with 100 m × 100 m of Aue each; A has one new building of 50 m² in it, B none."""
    found = run(
        "hz19_floodplain_buildings",
        BUILDINGS=layer([box(10, 10, 5, 10), box(210, 10, 5, 5)], {"baujahr": [2020, 1990]}),
        FLOODPLAINS=layer([box(0, 0, 100, 100), box(200, 0, 100, 100)], {"id": [1, 2]}),
        REFERENCE_YEAR=2016,
        YEAR_FIELD="baujahr",
        AREAS=layer([box(0, 0, 100, 100), box(200, 0, 100, 100)], {"gemeinde": ["A-Dorf", "B <i>Stadt</i>"]}),
        AS_OF=AS_OF,
        SUMMARY=f"ogr:dbname='{tmp_path / 'hz19.gpkg'}' table=\"befunde\"",
    )
    report = tmp_path / "bericht.html"
    done = run(
        "target_monitor",
        SUMMARIES=[found.results["SUMMARY"]],
        AS_OF=AS_OF,
        REGION_NAME="Kreis & Region",
        TITLE="Bericht <1>",
        REPORT=str(report),
    )
    rows = [
        one for one in done.rows() if one["kennzahl_id"] == "hz19.aue.neubau_flaeche" and one["ist_leitwert"]
    ]
    assert [(one["wert"], one["status"]) for one in rows] == [
        (25.0, "Lücke"), (25.0, "Lücke"), (50.0, "Lücke"), (50.0, "Lücke"), (0.0, "erreicht"),
    ]  # fmt: skip
    assert [one["luecke_abs"] for one in rows] == [50.0, 50.0, 50.0, 50.0, 0.0]
    assert [one["basis_einheit"] for one in rows][:3] == ["Gemeinden", "m² je Gebiet mit Aue", "m² je Region"]
    html = report.read_text(encoding="utf-8")
    assert done.results["REPORT"] == str(report)
    for text in (
        "Kreis &amp; Region",
        "Bericht &lt;1&gt;",
        "B &lt;i&gt;Stadt&lt;/i&gt;",
        'id="hz19"',
        ">25<",
        ">50<",
    ):
        assert text in html
    assert not re.search(r"https?:|<script|<link|url\(", html)
    assert [path.name for path in tmp_path.glob(".target_monitor*")] == []


def test_maps_are_embedded(run, tmp_path):
    image, report = tmp_path / "hz22_wald.png", tmp_path / "bericht.html"
    image.write_bytes(PNG)
    run("target_monitor", SUMMARIES=[summary(*FOREST)], MAPS=[str(image)], AS_OF=AS_OF, REPORT=str(report))
    html = report.read_text(encoding="utf-8")
    assert html.count('src="data:image/png;base64,') == 1
    assert str(tmp_path) not in html


def test_a_map_that_is_no_image_is_named_and_nothing_stays(run, tmp_path):
    image, report = tmp_path / "hz22_wald.png", tmp_path / "bericht.html"
    image.write_text("no image", encoding="utf-8")
    text = message_of(
        run, summary(*FOREST), MAPS=[str(image)], REPORT=str(report), OUTPUT=str(tmp_path / "o.gpkg")
    )
    assert "hz22_wald.png" in text
    assert sorted(path.name for path in tmp_path.iterdir()) == ["hz22_wald.png"]


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"zaehler": None}, r"row 2, column zaehler"),
        ({"nenner": 0.0}, r"row 2, column nenner"),
        ({"wert": 41.0}, r"row 2, column wert.*40"),
        ({"status": "Frist abgelaufen"}, r"row 2, column status.*erreicht"),
        ({"status": "Lücke", "zaehler": 240.0, "wert": 80.0}, r"row 2, column status.*erreicht"),
        ({"status": "done"}, r"row 2, column status.*done"),
        ({"hz": 77}, r"row 2, column hz.*77"),
        ({"gebiet_art": "Stadt"}, r"row 2, column gebiet_art.*Stadt"),
        ({"definition": None}, r"row 2, column definition"),
        ({"richtung": "ab"}, r"row 2, column richtung.*ab"),
        ({"abdeckung_proz": 179.0}, r"row 2, column abdeckung_proz.*179"),
        ({"berechnet_am": "heute"}, r"row 2, column berechnet_am.*heute"),
    ],
)
def test_a_row_that_is_no_finding_is_named_by_table_row_and_column(run, changes, says):
    text = message_of(
        run, summary(row("Z", 1.0, 100.0)), summary(FOREST[0], FOREST[1] | changes, name="zweite")
    )
    assert "zweite" in text
    assert re.search(says, text)


def test_a_table_from_a_file_is_named_by_file_and_layer(run, tmp_path):
    address = saved(summary(FOREST[0], dict(FOREST[1], wert=41.0)), tmp_path / "kreis.gpkg", "befunde_2026")
    assert "kreis.gpkg|layername=befunde_2026, row 2, column wert" in message_of(run, address)


def test_a_layer_that_is_no_table_of_findings_names_what_is_missing(run):
    text = message_of(run, layer([box(0, 0, 1, 1)], {"hz": [1]}, name="detail"))
    assert "detail" in text
    assert "kennzahl_id" in text
    assert "layername=" in text


def test_an_empty_table_is_said(run):
    assert "leer is empty" in message_of(run, table({column: [] for column in COLUMNS}, "leer"))


def test_a_missing_table_is_named(run, tmp_path):
    assert "fehlt.gpkg" in message_of(run, summary(*FOREST), str(tmp_path / "fehlt.gpkg"))


def test_contradicting_rows_of_one_day_are_both_named(run):
    text = message_of(run, summary(*FOREST), summary(row("A", 11.0, 100.0), name="zweite"))
    assert "befunde, row 1" in text
    assert "zweite, row 1" in text
    assert "column zaehler (10.0, 11.0)" in text


def test_the_newest_row_counts_without_a_value_and_the_log_names_what_had_one(run):
    older = summary(row("A", 10.0, 100.0, berechnet_am="2025-06-30"), name="2025")
    done = run("target_monitor", SUMMARIES=[older, summary(row("A", None, None))], AS_OF=AS_OF)
    assert [(one["status"], one["berechnet_am"]) for one in done.rows()] == [
        ("nicht bewertbar", QDate(2026, 6, 30))
    ]
    assert (
        "A: hz22.wald.anteil / atkis is not assessable on 2026-06-30, which counts as the newest; measured "
        "last on 2025-06-30." in done.log.warnings
    )


def test_rows_in_different_units_are_both_named(run):
    text = message_of(run, summary(FOREST[0]), summary(dict(FOREST[1], basis_einheit="m²"), name="zweite"))
    assert "befunde, row 1" in text
    assert "zweite, row 1" in text
    assert "basis_einheit: ha, m²" in text


def test_a_second_headline_is_kept_as_another_definition(run):
    newer = row("A", 20.0, 100.0, variante_id="fnk")
    older = dict(FOREST[0], berechnet_am="2025-01-01")
    done = run("target_monitor", SUMMARIES=[summary(older, newer)], AS_OF=AS_OF)
    assert {one["variante_id"]: one["ist_leitwert"] for one in done.rows()} == {"fnk": 1, "atkis": 0}
    assert any("atkis" in text for text in done.log.warnings)


def test_rows_of_a_later_day_are_pointed_out(run):
    done = run("target_monitor", SUMMARIES=[summary(*FOREST)], AS_OF="2026-01-01")
    assert any("2 rows" in text and "2026-01-01" in text for text in done.log.warnings)


def test_a_finding_keeps_the_target_it_was_judged_by(run, tmp_path):
    own = tmp_path / "eigene.yaml"
    changed = "{id: hz22.waldanteil, value: 20, origin: kommunal, source: Rat}"
    own.write_text(f"extends: ruhr\ntargets:\n  - {changed}\n", encoding="utf-8")
    rows = run("target_monitor", SUMMARIES=[summary(*FOREST)], AS_OF=AS_OF, STRATEGY=str(own)).rows()
    assert {one["ziel"] for one in rows} == {25.0}
