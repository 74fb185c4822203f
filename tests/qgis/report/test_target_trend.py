"""Trends inside QGIS: tables of several days in, a row per indicator, definition and area out."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest
from gruene_infra.gruene_infra_plugin.register.store import Register
from qgis.core import NULL, QgsProcessingException, QgsVectorLayer
from qgis.PyQt.QtCore import QDate

from ...layer_factory import saved
from ...packages import write_package
from ..every.examples import empty_register
from .test_target_monitor import row, summary

AS_OF = "2026-06-30"
BEFORE = {"berechnet_am": "2022-06-30"}
"""1461 days before."""
OWED = {"status": "Lücke", "gebiet_art": "Gesamt"}


def trends(run, *tables: object, **parameters: object) -> list[dict]:
    found = run("target_trend", SUMMARIES=list(tables), **({"AS_OF": AS_OF} | parameters)).rows()
    return [{key: None if value == NULL else value for key, value in one.items()} for one in found]


def test_two_tables_of_two_days_give_rate_need_and_year(run):
    """10 → 14 % in 1461 days; 11 points lack for 25 % in 1645 days; at the rate it takes 4018 days."""
    earlier = summary(row("Gesamt", 20.0, 200.0, **OWED, **BEFORE), name="2022")
    (found,) = trends(run, earlier, summary(row("Gesamt", 28.0, 200.0, **OWED), name="2026"))
    assert (found["datum_erst"], found["wert_erst"]) == (QDate(2022, 6, 30), 10.0)
    assert (found["datum_letzt"], found["wert_letzt"], found["n_daten"]) == (QDate(2026, 6, 30), 14.0, 2)
    assert found["rate_jahr"] == pytest.approx(4 * 365.2425 / 1461)
    assert found["rate_noetig"] == pytest.approx(11 * 365.2425 / 1645)
    assert (found["jahr_erreicht"], found["aussicht"], found["status"]) == (2037, "zu spät", "Lücke")
    assert (found["ziel"], found["richtung"], found["ziel_datum"]) == (25.0, ">=", QDate(2030, 12, 31))
    assert (found["abdeckung_erst"], found["abdeckung_letzt"], found["aenderung"]) == (100.0, 100.0, None)
    assert found["hinweise"] == "the source of the data is not stated at every date"


def test_one_table_of_several_days_in_any_order_is_the_same(run):
    rows = [
        row(name, value, 200.0, **OWED, berechnet_am=day)
        for name in ("Gesamt", "Anderswo")
        for day, value in (("2026-06-30", 28.0), ("2022-06-30", 20.0), ("2024-06-30", 26.0))
    ]
    found = trends(run, summary(*rows))
    again = trends(run, summary(*rows[:2]), summary(*reversed(rows[2:])))
    assert [one | {"fid": 0} for one in found] == [one | {"fid": 0} for one in again]
    assert [(one["gebiet"], one["n_daten"]) for one in found] == [("Anderswo", 3), ("Gesamt", 3)]
    assert "rate over 3 dates by least squares" in found[0]["hinweise"]


def test_the_findings_of_a_register_are_compared(run, tmp_path):
    register = empty_register(tmp_path)
    tables = [
        summary(row("Gesamt", 20.0, 200.0, **OWED, **BEFORE)),
        summary(row("Gesamt", 28.0, 200.0, **OWED)),
    ]
    run("store_findings", REGISTER=register, SUMMARIES=tables)
    (found,) = trends(run, f"{register}|layername=befund")
    assert (found["wert_erst"], found["wert_letzt"], found["n_daten"]) == (10.0, 14.0, 2)
    assert Register.open(register).close() is None


def test_one_date_is_not_assessable_and_says_so(run):
    (found,) = trends(run, summary(row("Gesamt", 28.0, 200.0, **OWED)))
    assert (found["status"], found["rate_jahr"], found["aussicht"]) == ("nicht bewertbar", None, None)
    assert (found["wert_erst"], found["wert_letzt"], found["n_daten"]) == (14.0, 14.0, 1)
    assert found["hinweise"] == "nicht bewertbar: only one date with a value (30 Jun 2026)"


def test_no_date_at_all_is_a_row_as_well(run):
    (found,) = trends(run, summary(row("Gesamt", None, None)))
    assert (found["n_daten"], found["datum_erst"], found["wert_letzt"]) == (0, None, None)
    assert found["hinweise"].startswith("nicht bewertbar: no day has a value; not assessable and therefore")


def test_a_change_between_two_days_is_named_and_both_numbers_stay(run):
    changed = {"definition": "Zähler: Gehölz. Nenner: Gebiet.", "stand_daten": "ATKIS 2026"}
    done = run(
        "target_trend",
        SUMMARIES=[
            summary(row("Gesamt", 20.0, 200.0, **OWED, **BEFORE, stand_daten="ALKIS 2022")),
            summary(row("Gesamt", 28.0, 200.0, **OWED, **changed)),
        ],
        AS_OF=AS_OF,
    )
    (found,) = done.rows()
    assert (found["status"], found["rate_jahr"] == NULL) == ("nicht bewertbar", True)
    assert (found["wert_erst"], found["wert_letzt"]) == (10.0, 14.0)
    assert found["aenderung"] == "2026-06-30: Definition, Datenquelle"
    assert found["hinweise"] == ("nicht bewertbar: changed since 30 Jun 2026: definition, source of the data")
    assert "1 rows: what is measured changed" in "\n".join(done.log.warnings)


def test_an_area_that_grew_is_another_one_where_shares_are_of_the_area(run):
    """``wald`` is a share of the area by its entry; ``atkis``, which no entry knows, of what it says."""
    rows = [
        row("Gesamt", 0.1 * size, size, **OWED, variante_id=variant, berechnet_am=day)
        for variant in ("wald", "atkis")
        for day, size in (("2022-06-30", 200.0), ("2026-06-30", 220.0))
    ]
    found = {one["variante_id"]: one for one in trends(run, summary(*rows))}
    assert (found["wald"]["aenderung"], found["wald"]["status"]) == ("2026-06-30: Gebiet", "nicht bewertbar")
    assert (found["atkis"]["aenderung"], found["atkis"]["rate_jahr"]) == (None, 0.0)


def test_another_version_is_named_or_on_request_a_change(run):
    tables = [
        summary(row("Gesamt", 20.0, 200.0, **OWED, **BEFORE, stand_daten="ALKIS 2022")),
        summary(row("Gesamt", 28.0, 200.0, **OWED, plugin_version="0.2.0", stand_daten="ALKIS 2026")),
    ]
    (named,) = trends(run, *tables)
    assert (named["status"], named["hinweise"]) == ("Lücke", "version of the plugin 0.1.0 → 0.2.0")
    (strict,) = trends(run, *tables, SAME_VERSION=True)
    assert (strict["status"], strict["aenderung"]) == ("nicht bewertbar", "2026-06-30: Pluginversion")


def test_coverage_that_differs_by_more_than_five_points_is_named(run):
    def of(first: float) -> str | None:
        more = {"stand_daten": "ALKIS 2026-06"}
        earlier = {"stand_daten": "ALKIS 2022-06", "abdeckung_proz": first}
        tables = [
            row("Gesamt", 20.0, 200.0, **OWED, **BEFORE, **earlier),
            row("Gesamt", 28.0, 200.0, **OWED, **more),
        ]
        return trends(run, summary(*tables))[0]["hinweise"]

    assert of(95.0) is None
    assert of(84.0) == "coverage 84\u202f% → 100\u202f%"


def test_a_municipality_contributes_and_the_mean_of_the_region_has_an_outlook(run, tmp_path):
    """Means 20 and 22 % in 2022 and 2026 of a target of 25 %: 3 points take 2192 days, until 2032."""
    monitored = []
    for day, forest in (("2022-06-30", 20.0), ("2026-06-30", 22.0)):
        rows = [row(name, forest, 100.0, berechnet_am=day, gebiet_art="Gemeinde") for name in "AB"]
        path = str(tmp_path / f"{day}.gpkg")
        monitored.append(
            run("target_monitor", SUMMARIES=[summary(*rows)], AS_OF=day, OUTPUT=path).results["OUTPUT"]
        )
    found = {one["gebiet"]: one for one in trends(run, *monitored)}
    assert (found["A"]["status"], found["A"]["aussicht"], found["A"]["jahr_erreicht"]) == (
        "Beitrag",
        None,
        None,
    )
    assert found["A"]["rate_jahr"] == pytest.approx(2 * 365.2425 / 1461)
    mean = found["Mean of the municipalities"]
    assert (mean["status"], mean["aussicht"], mean["jahr_erreicht"]) == ("Lücke", "zu spät", 2032)


def test_rows_of_one_day_that_contradict_each_other_are_refused(run):
    tables = [summary(row("Gesamt", z, 200.0, **OWED), name=name) for z, name in ((20.0, "a"), (28.0, "b"))]
    with pytest.raises(QgsProcessingException, match=r"a, row 1 and b, row 1 contradict each other"):
        trends(run, *tables)


def test_two_tables_of_one_name_are_told_apart_by_their_folders(run, tmp_path):
    paths = []
    for year, forest in (("2025", 20.0), ("2026", 28.0)):
        (tmp_path / year).mkdir()
        file = tmp_path / year / "wald.gpkg"
        saved(summary(row("Gesamt", forest, 200.0, **OWED)), file, "befunde")
        paths.append(f"{file}|layername=befunde")
    with pytest.raises(QgsProcessingException) as caught:
        trends(run, *paths)
    said = "2025/wald.gpkg|layername=befunde, row 1 and 2026/wald.gpkg|layername=befunde, row 1 contradict"
    assert str(caught.value).startswith(said)
    assert "Two runs had the same AS_OF" in str(caught.value)
    layers = [QgsVectorLayer(path, "befunde", "ogr") for path in paths]
    with pytest.raises(QgsProcessingException, match=r"^2025/wald.gpkg\|befunde, row 1 and 2026/wald"):
        trends(run, *layers)


def test_a_changed_table_of_a_package_is_used_with_a_warning(run, tmp_path):
    """By hand 20 of 200 ha became 24."""
    package = write_package(tmp_path / "2022", row("Gesamt", 20.0, 200.0, **OWED, **BEFORE))
    tables = [f"{package.results}|layername=befunde", summary(row("Gesamt", 28.0, 200.0, **OWED))]
    changed = "ergebnis.gpkg|layername=befunde: used although its findings were changed"
    assert changed not in run("target_trend", SUMMARIES=tables, AS_OF=AS_OF).log.text
    with closing(sqlite3.connect(package.results)) as database:
        database.execute("UPDATE befunde SET zaehler = 24, wert = 12")
        database.commit()
    done = run("target_trend", SUMMARIES=tables, AS_OF=AS_OF)
    assert [one["wert_erst"] for one in done.rows()] == [12.0]
    assert changed in "\n".join(done.log.warnings)


def test_figures_that_repeat_give_no_verdict_and_say_why(run):
    earlier = summary(row("Gesamt", 28.0, 200.0, **OWED, **BEFORE), name="2022")
    (found,) = trends(run, earlier, summary(row("Gesamt", 28.0, 200.0, **OWED), name="2026"))
    assert (found["status"], found["rate_jahr"], found["aussicht"]) == ("nicht bewertbar", None, None)
    assert found["n_daten"] == 1
    assert found["hinweise"] == (
        "nicht bewertbar: same figures to the last digit as before, the data may be the same: 30 Jun 2026"
    )


def test_dates_that_are_too_near_give_no_rate_and_say_why(run):
    near = {"berechnet_am": "2026-05-31"}
    table = summary(row("Gesamt", 20.0, 200.0, **OWED, **near), row("Gesamt", 28.0, 200.0, **OWED))
    (found,) = trends(run, table)
    assert (found["status"], found["rate_jahr"], found["n_daten"]) == ("nicht bewertbar", None, 2)
    assert (found["wert_erst"], found["wert_letzt"]) == (10.0, 14.0)
    assert found["hinweise"].startswith(
        "nicht bewertbar: only 30 days lie between the dates, a rate needs 90 [A]"
    )


def test_another_parameter_that_only_the_assumptions_tell_is_a_change(run):
    """The smallest overlap of 1 m² became 50 m²; what was counted in 2022 and 2026 is none."""
    kind = {"kennzahl_id": "hz19.aue.neubau_anzahl", "variante_id": "ab_2016", "hz": 19}

    def of(first: str, last: str) -> dict:
        rows = (
            row("Gesamt", 20.0, 200.0, **OWED, **BEFORE, **kind, annahmen=first),
            row("Gesamt", 28.0, 200.0, **OWED, **kind, annahmen=last),
        )
        (found,) = trends(run, summary(*rows))
        return found

    changed = of("minimum overlap 1 m² [A]; x", "x; Mindestüberlappung 50 m² [A]")
    assert (changed["aenderung"], changed["status"]) == ("2026-06-30: Annahmen", "nicht bewertbar")
    said = "nicht bewertbar: changed since 30 Jun 2026: numbers in the assumptions; "
    assert changed["hinweise"].startswith(said)
    same = of("minimum overlap 1 m² [A]; 3 objects", "4 objects; minimum overlap 1 m² [A]")
    assert (same["aenderung"], same["status"]) == (None, "Lücke")


def test_rows_after_the_day_of_the_run_are_told(run):
    table = summary(row("Gesamt", 20.0, 200.0, **OWED, **BEFORE), row("Gesamt", 28.0, 200.0, **OWED))
    log = run("target_trend", SUMMARIES=[table], AS_OF="2023-01-01").log
    assert "1 rows were computed for a day after 2023-01-01" in "\n".join(log.warnings)


def test_the_words_are_german_where_qgis_is(run, speak):
    speak("de")
    (found,) = trends(run, summary(row("Gesamt", 28.0, 200.0, **OWED)))
    assert found["hinweise"] == "nicht bewertbar: nur ein Datum mit einem Wert (30.06.2026)"


# -- the line in the report ---------------------------------------------------------------------------------


def report(run, tmp_path, *tables: QgsVectorLayer) -> str:
    path = tmp_path / "bericht.html"
    run("target_monitor", SUMMARIES=list(tables), AS_OF=AS_OF, REPORT=str(path))
    return path.read_text(encoding="utf-8")


def test_the_report_draws_a_line_where_there_are_two_dates(run, tmp_path):
    tables = (
        summary(row("Gesamt", 20.0, 200.0, **OWED, **BEFORE)),
        summary(row("Gesamt", 28.0, 200.0, **OWED)),
    )
    page = report(run, tmp_path, *tables)
    assert page.count('<polyline class="course"') == 1
    assert "Waldanteil, Gesamt: 30 Jun 2022 10\u202f%, 30 Jun 2026 14\u202f%</title>" in page
    assert "+1.00\u202fpercentage points per year since 30 Jun 2022" in page
    assert "at this rate the target is not reached before 2037" in page
    assert 'class="course"' not in report(run, tmp_path, tables[1]).partition("</style>")[2]


def test_the_table_keeps_the_newest_rows_only(run):
    tables = (
        summary(row("Gesamt", 20.0, 200.0, **OWED, **BEFORE)),
        summary(row("Gesamt", 28.0, 200.0, **OWED)),
    )
    assert [one["wert"] for one in run("target_monitor", SUMMARIES=list(tables), AS_OF=AS_OF).rows()] == [
        14.0
    ]


def test_means_of_an_earlier_report_are_the_history_of_todays(run, tmp_path):
    """Only those on which all tables agree: of 2024 there are two means that contradict each other."""
    tables = []
    for day, values in (("2022-06-30", "20 20"), ("2024-06-30", "21 21"), ("2024-06-30", "24 24")):
        rows = [row(n, float(v), 100.0, berechnet_am=day) for n, v in zip("AB", values.split(), strict=True)]
        path = str(tmp_path / f"{len(tables)}.gpkg")
        done = run("target_monitor", SUMMARIES=[summary(*rows)], AS_OF=day, OUTPUT=path)
        means = [one for one in done.rows() if one["algorithmus"] == "target_monitor"]
        days = {"berechnet_am": day, "ziel_datum": "2030-12-31"}
        tables.append(
            summary(*({k: None if v == NULL else v for k, v in (one | days).items()} for one in means))
        )
    page = report(run, tmp_path, *tables, summary(row("A", 22.0, 100.0), row("B", 22.0, 100.0)))
    titles = [part.partition("</title>")[0] for part in page.split("<title>")[2:]]
    assert titles == [
        f"Waldanteil, {name}: 30 Jun 2022 20\u202f%, 30 Jun 2026 22\u202f%"
        for name in ("Mean of the municipalities", "Weighted mean")
    ]


def test_earlier_rows_that_contradict_each_other_are_refused_in_any_order(run, tmp_path):
    newest = summary(row("Gesamt", 28.0, 200.0, **OWED), name="neu")
    older = [
        summary(row("Gesamt", z, 200.0, **OWED, **BEFORE), name=n) for z, n in ((20.0, "a"), (24.0, "b"))
    ]
    for tables in ([newest, *older], [*older, newest]):
        with pytest.raises(QgsProcessingException, match=r"a, row 1 and b, row 1 contradict each other"):
            report(run, tmp_path, *tables)


def test_a_change_of_definition_draws_no_line_and_is_told(run, tmp_path):
    earlier = row("Gesamt", 20.0, 200.0, **OWED, **BEFORE, definition="Zähler: Gehölz.")
    page = report(run, tmp_path, summary(earlier), summary(row("Gesamt", 28.0, 200.0, **OWED)))
    assert "<polyline" not in page
    assert "No course: changed since 30 Jun 2026: definition" in page


def test_names_from_data_are_text_in_the_title_of_a_line(run, tmp_path):
    nasty = {"kennzahl": '<script>alert("x")</script> & Söhne'}
    rows = row("Gesamt", 20.0, 200.0, **OWED, **BEFORE, **nasty), row("Gesamt", 28.0, 200.0, **OWED, **nasty)
    page = report(run, tmp_path, saved(summary(*rows), tmp_path / "a.gpkg"))
    assert "<script" not in page
    assert "<title>&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; &amp; Söhne, Gesamt:" in page
