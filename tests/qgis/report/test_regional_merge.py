"""Packages and tables of many municipalities become one table of the region, a map and a report."""

from __future__ import annotations

import csv
import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from gruene_infra.gruene_infra_plugin.methods.findings.finding import COLUMNS
from gruene_infra.gruene_infra_plugin.monitoring.package import Package
from gruene_infra.gruene_infra_plugin.paths import plugin_version
from gruene_infra.gruene_infra_plugin.strategy import load_strategy
from qgis.core import QgsProcessingException

from ...layer_factory import box, layer
from ...packages import Row, findings_table, write_package

AS_OF = "2026-06-30"
RUHR = {one.name: one.ags for one in load_strategy().municipalities}
ESSEN = RUHR["Essen"]


def row(gebiet: str, zaehler: float | None, nenner: float | None = 100.0, **changes: object) -> Row:
    """Return a share of forest, target 25 % owed by the region only."""
    known = zaehler is not None
    return {
        "hz": 22, "kennzahl_id": "hz22.wald.anteil", "variante_id": "atkis", "ist_leitwert": 1,
        "kennzahl": "Waldanteil", "definition": "Zähler: Wald. Nenner: Gebiet.", "gebiet_art": "Gemeinde",
        "ags": RUHR.get(gebiet), "gebiet": gebiet, "raumtyp": None, "zaehler": zaehler,
        "nenner": nenner if known else None, "basis_einheit": "ha",
        "wert": 100.0 * zaehler / nenner if known else None, "einheit": "%", "ziel": 25.0, "richtung": ">=",
        "ziel_datum": "2030-12-31", "herkunft_ziel": "S", "luecke": None, "luecke_abs": None,
        "luecke_einheit": "ha", "status": "Beitrag" if known else "nicht bewertbar",
        "abdeckung_proz": 100.0 if known else 0.0, "n_objekte": 3, "n_ausgelassen": 0, "stand_daten": None,
        "annahmen": None, "algorithmus": "hz22_forest_share", "plugin_version": plugin_version(),
        "berechnet_am": AS_OF,
    } | changes  # fmt: skip


def gaps(gebiet: str, number: float, **changes: object) -> Row:
    """Return the number of interruptions, of which every municipality owes 0."""
    return row(gebiet, number, 1.0) | {
        "hz": 13, "kennzahl_id": "hz13.unterbrechungen.anzahl", "variante_id": "luecke_100", "wert": number,
        "kennzahl": "Unterbrechungen", "einheit": "Anzahl", "luecke_einheit": "Anzahl",
        "basis_einheit": "Lücken je Gebiet mit Grünzug", "ziel": 0.0, "richtung": "=", "ziel_datum": None,
        "luecke": number, "luecke_abs": number, "status": "Lücke" if number else "erreicht",
        "algorithmus": "hz13_corridor_gaps",
    } | changes  # fmt: skip


def region(*names: str, keys: bool = True):
    """Return municipalities of 1 km² each, side by side."""
    columns = {"gemeinde": list(names)} | ({"ags": [RUHR.get(name) for name in names]} if keys else {})
    return layer([box(1000 * k, 0, 1000, 1000) for k in range(len(names))], columns, name="gemeinden")


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Packages of two municipalities: 10 and 40 of 100 ha of forest, no gap and three gaps."""
    folder = tmp_path / "lieferungen"
    write_package(folder / "duisburg", row("Duisburg", 10.0), gaps("Duisburg", 0.0))
    write_package(folder / "kreise" / "essen", row("Essen", 40.0), gaps("Essen", 3.0))
    return folder


@pytest.fixture
def merge_in(run, tmp_path: Path):
    """Merge in a region of these municipalities."""

    def start(folder: Path | None, *names: str, **parameters: object):
        given = {"INPUT": str(folder)} if folder else {}
        given |= {"AREAS": region(*names), "AS_OF": AS_OF}
        return run("regional_merge", **given, REPORT=str(tmp_path / "bericht.html"), **parameters)

    return start


@pytest.fixture
def merge(merge_in):
    """Merge in a region of Duisburg and Essen."""
    return lambda folder, **parameters: merge_in(folder, "Duisburg", "Essen", **parameters)


def regional(done, indicator: str = "hz22.wald.anteil") -> list[dict]:
    found = [one for one in done.rows() if one["algorithmus"] == "target_monitor"]
    return [one for one in found if one["kennzahl_id"] == indicator]


def refused(merge, *arguments: object, **parameters: object) -> str:
    with pytest.raises(QgsProcessingException) as caught:
        merge(*arguments, **parameters)
    return str(caught.value)


def warned(done, text: str) -> str:
    """Return the one warning that holds a text, which the report says as well."""
    (found,) = (warning for warning in done.log.warnings if text in warning)
    return found


# -- what comes together ----------------------------------------------------------------------------


def test_packages_become_means_and_sums(merge, place):
    """Forest: (10 + 40) / 2 = 25 %, reached; 0 and 3 interruptions: 1.5 on average, 3 in all."""
    done = merge(place)
    assert [(one["wert"], one["status"]) for one in regional(done)] == [(25.0, "erreicht")] * 2
    assert [
        (one["gebiet"], one["wert"], one["basis_einheit"], one["status"], one["luecke"])
        for one in regional(done, "hz13.unterbrechungen.anzahl")
    ] == [
        ("Mean of the municipalities", 1.5, "Gemeinden", "Lücke", 1.5),
        ("Weighted mean", 1.5, "Lücken je Gebiet mit Grünzug", "Lücke", 1.5),
        ("Sum of the municipalities", 3.0, "Anzahl je Region", "Lücke", 3.0),
    ]
    assert tuple(done.layer().fields().names())[-31:] == COLUMNS
    assert "2 of 2 packages and tables used." in done.log.text
    assert done.log.warnings == []


def test_a_table_with_keys_that_lost_their_zero_is_one_of_them(merge, place, tmp_path):
    """Essen by a list of an office whose keys are numbers and whose numbers have commas: 20 of 100 ha."""
    shutil.rmtree(place / "kreise")
    path = tmp_path / "essen.csv"
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, COLUMNS, delimiter=";")
        writer.writeheader()
        writer.writerow(row("ESSEN", 20.0, ags="5113000") | {"wert": "20,0"})
    done = merge(place, TABLES=[str(path)])
    assert [one["wert"] for one in regional(done)] == [pytest.approx(15.0)] * 2
    assert [(one["ags"], one["gebiet"]) for one in done.rows() if one["wert"] == 20.0] == [(ESSEN, "Essen")]


def test_missing_municipalities_lower_the_coverage(merge_in, place):
    """Two of three are 66.7 %."""
    done = merge_in(place, "Duisburg", "Essen", "Herne")
    assert [(one["status"], one["n_objekte"], one["n_ausgelassen"]) for one in regional(done)] == [
        ("nicht bewertbar", 2, 1)
    ] * 2
    assert warned(done, "1 of 3 municipalities have no finding: Herne.")


def test_areas_without_keys_take_those_of_their_names(run, place):
    done = run("regional_merge", INPUT=str(place), AREAS=region("Duisburg", "Essen", keys=False), AS_OF=AS_OF)
    assert [one["wert"] for one in regional(done)] == [25.0, 25.0]


def test_without_areas_the_strategy_lists_the_municipalities_and_they_have_no_outlines(run, place):
    done = run("regional_merge", INPUT=str(place), AS_OF=AS_OF)
    found = done.rows("MUNICIPALITIES")
    assert (len(found), sum(one["ziele_luecke"] is not None for one in found)) == (53, 2)
    assert all(feature.geometry().isEmpty() for feature in done.layer("MUNICIPALITIES").getFeatures())
    assert {one["n_ausgelassen"] for one in regional(done)} == {51}


def test_means_that_a_package_holds_are_computed_anew(merge, place, tmp_path):
    first = merge(place, OUTPUT=str(tmp_path / "region.gpkg"))
    again = merge(None, TABLES=[first.results["OUTPUT"]])
    kept = [[{name: one[name] for name in COLUMNS} for one in done.rows()] for done in (first, again)]
    assert kept[0] == kept[1]


def test_parts_stay_in_their_package_and_the_region_counts_from_tables_only(merge_in, place):
    whole = row("Metropole Ruhr", 1.0, 1.0, gebiet_art="Region", kennzahl_id="hz22.neu", status="erreicht")
    part = row("Innenstadt", 5.0, gebiet_art="Raumtyp", raumtyp="Innenstadt")
    for name, value in (("herne", 1.0), ("hagen", 2.0)):
        own = whole | {"zaehler": value, "wert": 100.0 * value}
        write_package(place / name, row(name.title(), 5.0), own, part | {"zaehler": value, "wert": value})
    done = merge_in(place, "Duisburg", "Essen", "Herne", "Hagen", TABLES=[findings_table([whole], "rvr")])
    found = [(one["gebiet"], one["wert"]) for one in done.rows() if one["kennzahl_id"] == "hz22.neu"]
    assert found == [("Metropole Ruhr", 100.0)]
    assert "Innenstadt" not in {one["gebiet"] for one in done.rows()}
    assert "or about the region in a package, not merged: 4." in done.log.text


# -- definitions and versions -----------------------------------------------------------------------


def test_what_most_municipalities_mean_keeps_the_mean_and_others_lower_its_coverage(merge_in, place):
    """Four of five say the same: (10 + 40 + 20 + 30) / 4 = 25 % at 80 %; Hagen's 90 % is in no mean."""
    write_package(place / "herne", row("Herne", 20.0))
    write_package(place / "bochum", row("Bochum", 30.0))
    write_package(place / "hagen", row("Hagen", 90.0, definition="Zähler: Wald und Hecken. Nenner: Gebiet."))
    done = merge_in(place, "Duisburg", "Essen", "Herne", "Bochum", "Hagen")
    assert [
        (one["wert"], one["abdeckung_proz"], one["n_objekte"], one["n_ausgelassen"]) for one in regional(done)
    ] == [(25.0, 80.0, 4, 1)] * 2
    said = warned(done, "another definition in Hagen")
    assert "“Zähler: Wald und Hecken. Nenner: Gebiet.” instead of “Zähler: Wald. Nenner: Gebiet.”" in said
    assert "another definition, not included: 1 (Hagen)" in regional(done)[0]["annahmen"]
    (hagen,) = (one for one in done.rows("MUNICIPALITIES") if one["gemeinde"] == "Hagen")
    assert hagen["andere_definition"] == "hz22.wald.anteil"
    assert [one["wert"] for one in done.rows() if one["gebiet"] == "Hagen"] == [90.0]


def test_two_that_mean_different_things_have_no_mean(merge, place):
    shutil.rmtree(place / "kreise")
    write_package(place / "essen", row("Essen", 40.0, einheit="‰", wert=0.4))
    done = merge(place)
    assert [(one["wert"], one["status"]) for one in regional(done)] == [(None, "nicht bewertbar")] * 2
    assert "[‰, ha]" in warned(done, "another definition in")


def test_other_versions_of_the_plugin_are_named_and_count(merge, place):
    write_package(place / "essen 2", row("Essen", 40.0, plugin_version="0.0.9", kennzahl_id="hz22.wald.neu"))
    done = merge(place)
    assert warned(done, "0.0.9: computed by this version of the plugin: Essen")
    assert [one["wert"] for one in regional(done)] == [25.0, 25.0]


# -- twice ------------------------------------------------------------------------------------------


def test_of_two_packages_of_a_municipality_the_newest_counts_and_the_other_is_named(merge, place):
    write_package(place / "essen alt", row("Essen", 90.0, berechnet_am="2025-06-30"))
    done = merge(place)
    assert [one["wert"] for one in regional(done)] == [25.0, 25.0]
    assert warned(done, "Essen, essen alt: findings older than those in kreise/essen, not used: 1")


def test_different_figures_of_the_same_day_are_left_out_and_both_are_named(merge, place, tmp_path):
    """40 or 90 of 100 ha in Essen: no mean of forest; what agrees stays: (0 + 3) / 2 interruptions."""
    write_package(place / "essen neu", row("Essen", 90.0), gaps("Essen", 3.0))
    done = merge(place)
    assert regional(done) == []
    assert [one["wert"] for one in regional(done, "hz13.unterbrechungen.anzahl")] == [1.5, 1.5, 3.0]
    said = (
        "Essen: hz22.wald.anteil / atkis of 2026-06-30 left out: essen neu, row 1 says 90 %, kreise/essen, "
        "row 1 says 40 %; they contradict each other in the column zaehler"
    )
    assert warned(done, "left out") == said
    html = (tmp_path / "bericht.html").read_text(encoding="utf-8")
    assert "essen neu, row 1 says 90 %, kreise/essen, row 1 says 40 %" in html


def test_where_nothing_but_contradictions_is_left_they_are_named(merge, tmp_path):
    for name, value in (("a", 40.0), ("b", 90.0)):
        write_package(tmp_path / "nur" / name, row("Essen", value))
    assert "a, row 1 says 40 %, b, row 1 says 90 %" in refused(merge, tmp_path / "nur")


def test_a_newer_package_without_a_value_does_not_replace_a_measured_one(merge, place):
    """Duisburg had 10 % in 2025; its run of 2026 could not assess it: (10 + 40) / 2 = 25 %."""
    shutil.rmtree(place / "duisburg")
    write_package(place / "duisburg 2026", row("Duisburg", None))
    write_package(place / "duisburg 2025", row("Duisburg", 10.0, berechnet_am="2025-06-30"))
    done = merge(place)
    assert [one["wert"] for one in regional(done)] == [25.0, 25.0]
    assert [one["wert"] for one in done.rows() if one["gebiet"] == "Duisburg"] == [10.0]
    (said,) = done.log.warnings
    assert said == (
        "Duisburg: hz22.wald.anteil / atkis measured by duisburg 2025 on 2025-06-30, which counts; not "
        "assessable in duisburg 2026 of 2026-06-30"
    )


@pytest.mark.parametrize(("day", "is_old"), [("2025-06-30", False), ("2025-06-29", True)])
def test_a_package_older_than_365_days_is_named_and_counts(merge, place, day, is_old):
    shutil.rmtree(place / "duisburg")
    write_package(place / "duisburg", row("Duisburg", 10.0, berechnet_am=day))
    done = merge(place)
    assert [one["wert"] for one in regional(done)] == [25.0, 25.0]
    said = f"duisburg: last measured on {day}, more than 365 days before 2026-06-30"
    assert [one for one in done.log.warnings if "last measured" in one] == ([said] if is_old else [])


def test_numbers_that_only_the_assumptions_tell_are_apart_as_definitions_are(merge_in, place):
    """Four leave out what is below 1000 m²: (0 + 3 + 1 + 0) / 4; Hagen's 9 below 5000 m² are in no mean."""
    less = [{"annahmen": f"{k} parts below 1000 m² left out [A]"} for k in range(4)]
    for folder in ("duisburg", "kreise"):
        shutil.rmtree(place / folder)
    towns = zip(("Duisburg", "Essen", "Herne", "Bochum"), (0.0, 3.0, 1.0, 0.0), less, strict=True)
    for name, number, assumed in towns:
        write_package(place / name, gaps(name, number, **assumed))
    write_package(
        place / "Hagen", gaps("Hagen", 9.0, annahmen="2 Teile unter 5000 m² nicht berücksichtigt [A]")
    )
    done = merge_in(place, "Duisburg", "Essen", "Herne", "Bochum", "Hagen")
    found = regional(done, "hz13.unterbrechungen.anzahl")
    assert [(one["wert"], one["n_objekte"], one["n_ausgelassen"]) for one in found] == [
        (1.0, 4, 1),
        (1.0, 4, 1),
        (4.0, 4, 1),
    ]
    said = warned(done, "other numbers assumed in Hagen")
    assert said.startswith("hz13.unterbrechungen.anzahl / luecke_100: ")
    assert "“2 Teile unter 5000 m² nicht berücksichtigt [A]” instead of “3 parts below 1000 m²" in said
    (hagen,) = (one for one in done.rows("MUNICIPALITIES") if one["gemeinde"] == "Hagen")
    assert hagen["andere_definition"] == "hz13.unterbrechungen.anzahl"


def test_the_same_figures_twice_count_once_and_are_named(merge, place):
    write_package(place / "kopie", row("Essen", 40.0), gaps("Essen", 3.0))
    done = merge(place)
    assert [one["n_objekte"] for one in regional(done)] == [2, 2]
    assert warned(done, "findings of the same day that stand in")


# -- packages that cannot be used -------------------------------------------------------------------


def edit(folder: Path, statement: str) -> None:
    with closing(sqlite3.connect(folder / "ergebnis.gpkg")) as database:
        database.create_function("ST_IsEmpty", 1, lambda _: True)
        database.execute(statement)
        database.commit()


def test_a_package_that_was_changed_is_named_and_used_only_if_trusted(merge, place):
    """Essen's 40 ha become 90 ha by hand: without it no mean, with it (10 + 90) / 2 = 50 %."""
    edit(
        place / "kreise" / "essen",
        "UPDATE befunde SET zaehler = 90, wert = 90 WHERE kennzahl_id = 'hz22.wald.anteil'",
    )
    done = merge(place)
    assert regional(done) == []
    changed = "its findings were changed after the package was written"
    assert warned(done, f"kreise/essen: left out: {changed}")
    trusted = merge(place, TRUST_CHANGED=True)
    assert [one["wert"] for one in regional(trusted)] == [50.0, 50.0]
    assert warned(trusted, f"kreise/essen: used although {changed}")


def test_a_table_of_a_package_is_checked_as_the_package_is(merge, place):
    """Essen's 40 ha become 90 ha by hand: (10 + 90) / 2 = 50 % only if trusted."""
    tables = [f"{place / name / 'ergebnis.gpkg'}|layername=befunde" for name in ("duisburg", "kreise/essen")]
    assert [one["wert"] for one in regional(merge(None, TABLES=tables))] == [25.0, 25.0]
    edit(place / "kreise" / "essen", "UPDATE befunde SET zaehler = 90, wert = 90 WHERE hz = 22")
    done = merge(None, TABLES=tables)
    assert regional(done) == []
    name = "essen/ergebnis.gpkg|layername=befunde"
    changed = "its findings were changed after the package was written"
    assert warned(done, changed) == f"{name}: left out: {changed}"
    trusted = merge(None, TABLES=tables, TRUST_CHANGED=True)
    assert [one["wert"] for one in regional(trusted)] == [50.0, 50.0]
    assert warned(trusted, f"{name}: used although {changed}")


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        ({"tables": {}}, "its run did not come to an end"),
        ({"form": 99}, "its package cannot be checked (paket.json: form 99)"),
    ],
)
def test_a_table_of_a_package_that_cannot_be_checked_is_left_out(merge, place, spoil, says):
    manifest(place / "duisburg", **spoil)
    place_of = str(place / "duisburg" / "ergebnis.gpkg")
    done = merge(place / "kreise", TABLES=[f"{place_of}|layername=befunde"])
    assert says in warned(done, "ergebnis.gpkg|layername=befunde: left out")
    assert {one["gebiet"] for one in done.rows()} == {"Essen"}


def manifest(folder: Path, **changes: object) -> None:
    path = folder / "paket.json"
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | changes), encoding="utf-8")


SPOILED = {
    "paket.json is missing": lambda folder: (folder / "paket.json").unlink(),
    "ergebnis.gpkg is missing": lambda folder: (folder / "ergebnis.gpkg").unlink(),
    "a newer version of the plugin has written it": lambda folder: manifest(folder, form=99),
    "its run did not come to an end": lambda folder: manifest(folder, tables={}),
    "it cannot be read (paket.json": lambda folder: (folder / "paket.json").write_text("{", encoding="utf-8"),
    "it cannot be read (ergebnis.gpkg": lambda folder: (folder / "ergebnis.gpkg").write_bytes(b"x" * 5000),
    "its findings were changed": lambda folder: edit(folder, "DROP TABLE befunde"),
}


@pytest.mark.parametrize("says", SPOILED)
def test_a_package_that_cannot_be_used_is_named_and_left_out(says, merge, place, tmp_path):
    SPOILED[says](place / "kreise" / "essen")
    done = merge(place)
    assert says in warned(done, "kreise/essen: left out")
    assert str(tmp_path) not in warned(done, "kreise/essen: left out")
    assert {one["gebiet"] for one in done.rows()} == {"Duisburg"}
    assert "1 of 2 packages and tables used." in done.log.text
    html = (tmp_path / "bericht.html").read_text(encoding="utf-8")
    assert '<span class="label">kreise/essen</span> left out' in html


def test_a_trusted_package_with_a_row_that_is_no_finding_is_left_out_and_the_row_is_named(merge, place):
    edit(place / "kreise" / "essen", "UPDATE befunde SET wert = 90 WHERE hz = 22")
    done = merge(place, TRUST_CHANGED=True)
    assert "kreise/essen, row 1, column wert" in warned(done, "left out")


def test_a_package_that_a_run_is_at_work_on_is_left_out(merge, place):
    with Package(place / "duisburg").used():
        done = merge(place)
    assert warned(done, "duisburg: left out: a run is at work on it")
    assert {one["gebiet"] for one in done.rows()} == {"Essen"}


def test_packages_in_read_only_folders_are_read_and_nothing_is_written_there(merge, place):
    folders = [place / "duisburg", place / "kreise" / "essen"]
    before = {file: (file.stat().st_mtime_ns, file.read_bytes()) for one in folders for file in one.iterdir()}
    for folder in folders:
        folder.chmod(0o555)
    try:
        done = merge(place)
    finally:
        for folder in folders:
            folder.chmod(0o755)
    assert [one["wert"] for one in regional(done)] == [25.0, 25.0]
    after = {file: (file.stat().st_mtime_ns, file.read_bytes()) for one in folders for file in one.iterdir()}
    assert after == before


def test_a_package_of_another_region_is_named_and_left_out(merge, place):
    write_package(place / "köln", row("Köln", 5.0, ags="05315000"))
    done = merge(place)
    assert warned(done, "köln: left out: Köln: not among the municipalities of the region")
    assert {one["gebiet"] for one in done.rows() if one["gebiet_art"] == "Gemeinde"} == {"Duisburg", "Essen"}


def test_a_package_without_municipalities_is_left_out(merge, place):
    write_package(place / "gesamt", row("Gesamt", 50.0, gebiet_art="Gesamt", status="erreicht"))
    assert warned(merge(place), "gesamt: left out: no finding in it is about a municipality")


def test_an_empty_folder_and_nothing_at_all_are_refused(merge, tmp_path):
    (tmp_path / "leer").mkdir()
    assert "hold no result package (paket.json)" in refused(merge, tmp_path / "leer")
    assert "Give INPUT" in refused(merge, None)
    assert "there is no folder" in refused(merge, tmp_path / "fehlt")


def test_where_nothing_can_be_used_every_package_says_why(merge, place):
    (place / "duisburg" / "paket.json").unlink()
    manifest(place / "kreise" / "essen", form=99)
    text = refused(merge, place)
    assert "duisburg: left out: paket.json is missing" in text
    assert "kreise/essen: left out: a newer version" in text


def test_areas_of_another_region_are_refused(run, place):
    areas = layer([box(0, 0, 9, 9)], {"gemeinde": ["X"], "ags": ["01000000"]}, name="andere")
    with pytest.raises(QgsProcessingException, match=r"\[andere\] holds none .* INPUT, TABLES"):
        run("regional_merge", INPUT=str(place), AREAS=areas, AS_OF=AS_OF)


def test_an_output_that_would_replace_a_package_is_refused(merge, place):
    before = (place / "duisburg" / "ergebnis.gpkg").read_bytes()
    assert refused(merge, place, OUTPUT=str(place / "duisburg" / "ergebnis.gpkg"))
    assert (place / "duisburg" / "ergebnis.gpkg").read_bytes() == before


# -- the map ----------------------------------------------------------------------------------------


def test_the_map_has_a_status_per_headline_and_counts_goals(merge_in, place):
    """Duisburg has no gap and a contribution; Essen three gaps; Herne nothing; Hagen only what is unknown."""
    write_package(place / "hagen", row("Hagen", None))
    done = merge_in(place, "Duisburg", "Essen", "Herne", "Hagen")
    found = {one["gemeinde"]: one for one in done.rows("MUNICIPALITIES")}
    counted = ("ziele_erreicht", "ziele_luecke", "ziele_unbewertbar", "ziele_ohne_urteil")
    assert {name: tuple(one[column] for column in counted) for name, one in found.items()} == {
        "Duisburg": (1, 0, 0, 1),
        "Essen": (0, 1, 0, 1),
        "Herne": (None,) * 4,
        "Hagen": (0, 0, 1, 0),
    }
    statuses = ("hz13_unterbrechungen_anzahl", "hz22_wald_anteil")
    assert {name: tuple(one[column] for column in statuses) for name, one in found.items()} == {
        "Duisburg": ("erreicht", "Beitrag"),
        "Essen": ("Lücke", "Beitrag"),
        "Herne": (None, None),
        "Hagen": (None, "nicht bewertbar"),
    }
    assert (found["Essen"]["ags"], found["Essen"]["stand"]) == (ESSEN, AS_OF)
    areas = {f["gemeinde"]: f.geometry().area() for f in done.layer("MUNICIPALITIES").getFeatures()}
    assert areas == {name: pytest.approx(1_000_000) for name in found}


def test_two_headlines_of_a_goal_count_once_by_the_worse(merge, place):
    """Essen reaches one figure of HZ 13 and not the other: one goal with a gap."""
    length = gaps("Essen", 0.0, kennzahl_id="hz13.unterbrechungen.laenge", berechnet_am="2026-06-29")
    write_package(place / "essen 2", length)
    done = merge(place)
    (essen,) = (one for one in done.rows("MUNICIPALITIES") if one["gemeinde"] == "Essen")
    assert (essen["ziele_erreicht"], essen["ziele_luecke"]) == (0, 1)
