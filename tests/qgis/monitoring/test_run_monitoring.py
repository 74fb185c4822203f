"""Measuring everything: what comes of it, and what a second run does when something has changed."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from contextlib import closing

import pytest
from gruene_infra.gruene_infra_plugin.catalogue import load_entry
from gruene_infra.gruene_infra_plugin.monitoring.package import (
    AS_RUN,
    LOCK,
    LOG,
    MANIFEST,
    MAPS,
    REPORT,
    RESULTS,
    Package,
)
from gruene_infra.gruene_infra_plugin.paths import RESOURCES
from osgeo import gdal
from qgis.core import QgsFeature, QgsProcessingException, QgsVectorLayer
from qgis.PyQt.QtCore import QDate

from ...layer_factory import box, geometry, rows, saved
from ...runs import Log
from ..every.bad_input import assert_clear, locked
from ..every.examples import empty_register
from .scenes import (
    CONFIGURATION,
    DAY,
    FLOODED,
    FOREST,
    PARCELS,
    STEPS,
    buildings,
    forests,
    keys_of,
    parcels,
    ran,
    tables_in,
    town,
    towns,
)


def table(package, name):
    return rows(QgsVectorLayer(f"{package / RESULTS}|layername={name}", name, "ogr"))


def told(package):
    return json.loads((package / MANIFEST).read_text(encoding="utf-8"))["steps"]


def refused(town, *names, log=None, **more):
    with pytest.raises(QgsProcessingException) as caught:
        town.measure(log, **more)
    assert_clear(str(caught.value), *names)
    return str(caught.value)


# -- what comes of it ------------------------------------------------------------------------------------


def test_a_package_holds_findings_layers_maps_report_and_log(finished):
    names = {path.name for path in finished.package.iterdir()}
    assert names == {RESULTS, REPORT, MAPS, LOG, AS_RUN, MANIFEST}
    assert {path.stem for path in (finished.package / MAPS).iterdir()} == STEPS
    assert tables_in(finished.package) == {"befunde", *STEPS, *(f"{step}_befunde" for step in STEPS)}
    assert {name for name, step in told(finished.package).items() if step["status"] == "fertig"} == STEPS
    assert ran(finished.package) == STEPS


def test_findings_by_hand(finished):
    """6 ha of forest in 100 ha; three buildings of 100 m² in 4.5 ha of floodplain."""
    found = {
        (row["kennzahl_id"], row["variante_id"], row["gebiet"]): row
        for row in table(finished.package, "befunde")
        if row["gebiet_art"] == "Gemeinde"
    }
    assert found["hz22.wald.anteil", "wald", "Westen"]["wert"] == pytest.approx(6.0)
    built = found["hz19.aue.bebauung_anteil", "alle_klassen", "Westen"]
    assert (built["zaehler"], built["wert"]) == (pytest.approx(300), pytest.approx(100 * 300 / 45_000))


def test_findings_are_those_of_the_algorithms_alone(finished, run):
    def of(name):
        return f"{finished.place / 'stadt.gpkg'}|layername={name}"

    alone = {
        FOREST: {"FOREST": of("wald"), "AREAS": of("gemeinden")},
        FLOODED: {
            "BUILDINGS": of("gebaeude"),
            "FLOODPLAINS": of("ueberschwemmungsgebiete"),
            "AREAS": of("gemeinden"),
        },
        PARCELS: {
            "PARCELS": of("flurstuecke"),
            "RESULTS": [f"{finished.package / RESULTS}|layername={FLOODED}"],
        },
    }
    for name, inputs in alone.items():
        found = run(name, AS_OF=DAY, **inputs)
        assert len(found.rows("SUMMARY")) > 0
        for output, kept in (("SUMMARY", f"{name}_befunde"), ("OUTPUT", name)):
            in_package = [
                {k: v for k, v in row.items() if k != "fid"} for row in table(finished.package, kept)
            ]
            assert in_package == [
                {k: v for k, v in row.items() if k != "fid"} for row in found.rows(output)
            ], kept


def test_the_report_says_what_was_not_measured_and_why(finished):
    report = (finished.package / REPORT).read_text(encoding="utf-8")
    assert "Not measured" in report
    assert "River structure</span> Sections of the river structure survey is missing." in report


def test_nothing_in_a_package_tells_where_it_was_made(finished):
    for path in finished.package.rglob("*"):
        if path.is_file():
            assert str(finished.place).encode() not in path.read_bytes(), path
            assert str(finished.package).encode() not in path.read_bytes(), path


def test_a_dry_run_says_what_can_be_measured_and_writes_nothing(fresh):
    found = fresh.measure(CHECK_ONLY=True)
    assert found.results["MEASURED"] == 3
    plan = found.results["PLAN"].splitlines()
    assert "✔ Forest share: FOREST = wald, AREAS = gemeinden" in plan
    assert "– River structure: Sections of the river structure survey is missing. " in found.results["PLAN"]
    assert not fresh.package.exists()
    assert found.log.infos[: len(plan)] == plan


def test_a_dry_run_leaves_a_package_as_it_is(measured):
    before = {path: path.read_bytes() for path in measured.package.rglob("*") if path.is_file()}
    measured.measure(CHECK_ONLY=True)
    assert {p: p.read_bytes() for p in measured.package.rglob("*") if p.is_file()} == before


def test_what_was_run_reads_back_and_means_the_same(measured):
    shutil.copy(measured.package / AS_RUN, measured.place / "monitoring.yaml")
    measured.measure()
    assert ran(measured.package) == set()
    assert "name: Musterstadt" in (measured.package / AS_RUN).read_text(encoding="utf-8")


def test_what_was_run_names_files_in_folders_and_chosen_results(fresh):
    (fresh.place / "amt").mkdir()
    (fresh.place / "stadt.gpkg").rename(fresh.place / "amt" / "stadt.gpkg")
    (fresh.place / "monitoring.yaml").write_text(
        CONFIGURATION
        + f"  {PARCELS}:\n    layers: {{RESULTS: [{FLOODED}]}}\n    map: [ueberschwemmungsgebiete]\n"
    )
    fresh.measure()
    said = (fresh.package / AS_RUN).read_text(encoding="utf-8")
    assert "source: amt/stadt.gpkg|layername=wald" in said
    assert f"RESULTS:\n      - {FLOODED}\n" in said
    shutil.copy(fresh.package / AS_RUN, fresh.place / "monitoring.yaml")
    fresh.measure()
    assert ran(fresh.package) == set()


def test_a_strategy_of_ones_own_holds_for_findings_and_report(fresh, tmp_path):
    shipped = (RESOURCES / "strategy" / "ruhr.yaml").read_text(encoding="utf-8")
    (fresh.place / "ziele.yaml").write_text(shipped.replace("value: 25", "value: 5"), encoding="utf-8")
    (fresh.place / "monitoring.yaml").write_text(CONFIGURATION + "parameters: {STRATEGY: ziele.yaml}\n")
    fresh.measure()
    for name in ("befunde", f"{FOREST}_befunde"):
        aims = {row["ziel"] for row in table(fresh.package, name) if row["kennzahl_id"] == "hz22.wald.anteil"}
        assert aims - {None} == {5.0}, name
    said = (fresh.package / AS_RUN).read_text(encoding="utf-8")
    assert "STRATEGY: ziele.yaml" in said
    assert str(tmp_path) not in said
    (fresh.place / "ziele.yaml").write_text(shipped, encoding="utf-8")
    fresh.measure()
    assert ran(fresh.package) == STEPS


def test_a_monitoring_file_elsewhere_names_layers_from_where_it_lies(fresh, finished, tmp_path):
    (tmp_path / "amt").mkdir()
    (tmp_path / "amt" / "lauf.yaml").write_text(
        CONFIGURATION.replace("steps:", "layers: {wald: ../daten/stadt.gpkg|layername=wald}\nsteps:")
    )
    fresh.measure(CONFIG=str(tmp_path / "amt" / "lauf.yaml"))
    assert keys_of(fresh.package) == keys_of(finished.package)
    assert "source: stadt.gpkg|layername=wald" in (fresh.package / AS_RUN).read_text(encoding="utf-8")


def test_date_and_licence_of_a_layer_are_kept_and_part_of_the_key(fresh):
    note = "layers: {wald: {source: stadt.gpkg|layername=wald, date: 2025, licence: dl-de/by-2-0}}\nsteps:"
    (fresh.place / "monitoring.yaml").write_text(CONFIGURATION.replace("steps:", note))
    fresh.measure()
    (forest,) = told(fresh.package)[FOREST]["inputs"]["FOREST"]
    assert (forest["name"], forest["date"], forest["licence"]) == ("wald", "2025", "dl-de/by-2-0")
    assert "licence: dl-de/by-2-0" in (fresh.package / AS_RUN).read_text(encoding="utf-8")
    (fresh.place / "monitoring.yaml").write_text(
        CONFIGURATION.replace("steps:", note.replace("2025", "2026"))
    )
    fresh.measure()
    assert ran(fresh.package) == {FOREST}


def test_the_one_register_of_the_folder_is_used(fresh):
    def plan():
        return fresh.measure(CHECK_ONLY=True).results["PLAN"].splitlines()

    line = "– Indicators from facts in the register: there is no register"
    assert line in plan()
    empty_register(fresh.place)
    assert line not in plan()
    empty_register(fresh.place)
    assert line in plan()


# -- the second run -----------------------------------------------------------------------------------------


def test_a_second_run_does_nothing(measured):
    before = keys_of(measured.package)
    pictures = {path: path.stat().st_mtime_ns for path in (measured.package / MAPS).iterdir()}
    log = Log()
    measured.measure(log)
    assert ran(measured.package) == set()
    assert "Forest share: unchanged." in log.infos
    assert keys_of(measured.package) == before
    assert {path: path.stat().st_mtime_ns for path in (measured.package / MAPS).iterdir()} == pictures


CHANGES = {
    "forests": (lambda: forests(90), {FOREST}),
    "buildings": (lambda: buildings(9), {FLOODED, PARCELS}),
    "parcels": (lambda: parcels(49), {PARCELS}),
}


@pytest.mark.parametrize("what", CHANGES)
def test_only_the_branch_of_a_changed_input_runs(measured, what):
    make, steps = CHANGES[what]
    saved(make(), measured.place / "stadt.gpkg")
    before = keys_of(measured.package)
    measured.measure()
    assert ran(measured.package) == steps
    changed = {name for name, key in keys_of(measured.package).items() if before[name] != key}
    assert changed - {"befunde", *(f"{step}_befunde" for step in steps)} == steps


def test_a_file_written_anew_with_the_same_content_changes_nothing(measured):
    saved(forests(), measured.place / "stadt.gpkg")
    os.utime(measured.place / "stadt.gpkg", (0, 0))
    measured.measure()
    assert ran(measured.package) == set()


def test_a_package_and_its_data_may_be_moved(measured, tmp_path):
    for folder in ("daten", "paket"):
        (tmp_path / folder).rename(tmp_path / f"{folder} (neu)")
    measured.measure(INPUT=str(tmp_path / "daten (neu)"), OUTPUT=str(tmp_path / "paket (neu)"))
    assert ran(tmp_path / "paket (neu)") == set()


def test_a_changed_parameter_runs_its_step(measured):
    more = f"  {FOREST}: {{parameters: {{MIN_AREA: 1000}}}}\n"
    (measured.place / "monitoring.yaml").write_text(CONFIGURATION + more)
    measured.measure()
    assert ran(measured.package) == {FOREST}
    assert told(measured.package)[FOREST]["parameters"]["MIN_AREA"] == 1000


def test_another_day_runs_all(measured):
    measured.measure(AS_OF="2026-07-01")
    assert ran(measured.package) == STEPS
    assert {row["berechnet_am"] for row in table(measured.package, "befunde")} == {QDate(2026, 7, 1)}


def test_a_step_that_is_skipped_leaves_nothing(measured):
    (measured.place / "monitoring.yaml").write_text(CONFIGURATION + f"  {FOREST}: skip\n")
    measured.measure()
    assert ran(measured.package) == set()
    assert not any(name.startswith(FOREST) for name in tables_in(measured.package))
    assert not (measured.package / MAPS / f"{FOREST}.png").exists()
    assert {row["hz"] for row in table(measured.package, "befunde")} == {6, 19}


def sql(package, *statements):
    with closing(sqlite3.connect(package / RESULTS)) as database:
        for statement in statements:
            database.execute(statement)
        database.commit()


HANDS = {
    "a finding edited": (f"UPDATE {FOREST}_befunde SET wert = wert + 1", {FOREST}),
    "a finding removed": (f"DELETE FROM {FOREST}_befunde WHERE gebiet = 'Westen'", {FOREST}),
    "a column added": (f"ALTER TABLE {FOREST}_befunde ADD COLUMN notiz TEXT", {FOREST}),
    "a table deleted": (f"DROP TABLE {FOREST}_befunde", {FOREST}),
    "a layer deleted": (f"DROP TABLE {FLOODED}", {FLOODED}),
    "a detail deleted": (f"DELETE FROM {FLOODED} WHERE fid = 1", {FLOODED}),
}


@pytest.mark.parametrize("what", HANDS)
def test_a_table_changed_by_hand_is_made_again(measured, what):
    statement, steps = HANDS[what]
    before = keys_of(measured.package)
    sql(measured.package, statement)
    measured.measure()
    assert ran(measured.package) == steps
    assert keys_of(measured.package) == before


def test_the_table_of_all_findings_is_put_together_anew(measured):
    before = keys_of(measured.package)
    sql(measured.package, "DELETE FROM befunde")
    measured.measure()
    assert keys_of(measured.package) == before


def test_a_map_that_was_deleted_is_drawn_again(measured):
    (measured.package / MAPS / f"{FOREST}.png").unlink()
    measured.measure()
    assert (ran(measured.package), (measured.package / MAPS / f"{FOREST}.png").exists()) == (set(), True)


def test_the_map_of_a_run_that_was_broken_off_before_it_was_drawn(measured, monkeypatch):
    from gruene_infra.processing.algorithms import run_monitoring

    def cancel(*_):
        raise QgsProcessingException("Cancelled.")

    saved(forests(20), measured.place / "stadt.gpkg")
    before = (measured.package / MAPS / f"{FOREST}.png").read_bytes()
    monkeypatch.setattr(run_monitoring, "draw", cancel)
    refused(measured, "Cancelled.")
    monkeypatch.undo()
    measured.measure()
    assert ran(measured.package) == set()
    assert (measured.package / MAPS / f"{FOREST}.png").read_bytes() != before


@pytest.mark.parametrize("name", [RESULTS, MANIFEST])
def test_a_package_half_deleted_is_measured_again(measured, name):
    before = keys_of(measured.package)
    (measured.package / name).unlink()
    measured.measure()
    assert ran(measured.package) == STEPS
    assert keys_of(measured.package) == before


@pytest.mark.parametrize("content", [b"", b"kein GeoPackage" * 1000])
def test_results_that_are_no_database_are_measured_again(measured, content):
    before = keys_of(measured.package)
    (measured.package / RESULTS).write_bytes(content)
    log = Log()
    measured.measure(log)
    assert any(RESULTS in warning for warning in log.warnings)
    assert ran(measured.package) == STEPS
    assert keys_of(measured.package) == before


def test_results_cut_off_are_measured_again(measured):
    before = keys_of(measured.package)
    whole = (measured.package / RESULTS).read_bytes()
    (measured.package / RESULTS).write_bytes(whole[: len(whole) // 2])
    measured.measure()
    assert keys_of(measured.package) == before


def test_a_file_of_that_name_that_is_not_ours_is_left(fresh):
    fresh.package.mkdir()
    (fresh.package / RESULTS).write_bytes(b"meine Ergebnisse")
    assert RESULTS in refused(fresh, "paket")
    assert (fresh.package / RESULTS).read_bytes() == b"meine Ergebnisse"


BROKEN = {
    "half written": lambda text: text[: len(text) // 2],
    "of a newer form": lambda text: text.replace('"form": 1', '"form": 2'),
    "empty": lambda _: "",
    "a list": lambda _: "[]",
    "without steps": lambda _: '{"form": 1}',
    "steps as list": lambda _: '{"form": 1, "steps": []}',
    "with more": lambda text: text.replace('"form": 1', '"form": 1, "neu": 2'),
    "tables of no kind": lambda text: text.replace('"tables": {}', '"tables": null'),
    "text as number": lambda text: text.replace('"name": "Musterstadt"', '"name": 5'),
    "no UTF-8": lambda _: b"\xff\xfe{}",
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_paket_json_that_cannot_be_read_is_refused(measured, what):
    text = BROKEN[what]((measured.package / MANIFEST).read_text(encoding="utf-8"))
    (measured.package / MANIFEST).write_bytes(text if isinstance(text, bytes) else text.encode())
    before = {path: path.read_bytes() for path in measured.package.rglob("*") if path.is_file()}
    assert MANIFEST in refused(measured, str(measured.package))
    assert {p: p.read_bytes() for p in measured.package.rglob("*") if p.is_file()} == before


# -- steps that fail ---------------------------------------------------------------------------------------


def test_a_step_that_fails_is_told_and_tried_again(measured):
    saved(forests(east=400_000), measured.place / "stadt.gpkg")
    log = Log()
    measured.measure(log)
    assert told(measured.package)[FOREST]["status"] == "gescheitert"
    reason = told(measured.package)[FOREST]["message"]
    assert any(f"Forest share failed: {reason}" == warning for warning in log.warnings)
    report = (measured.package / REPORT).read_text(encoding="utf-8")
    assert "Forest share</span>" in report.partition("Not measured")[2].partition("Where the findings")[0]
    assert not any(name.startswith(FOREST) for name in tables_in(measured.package))
    assert not (measured.package / MAPS / f"{FOREST}.png").exists()
    assert ran(measured.package) == {FOREST}
    measured.measure()
    assert ran(measured.package) == {FOREST}
    saved(forests(), measured.place / "stadt.gpkg")
    measured.measure()
    assert told(measured.package)[FOREST]["status"] == "fertig"
    report = (measured.package / REPORT).read_text(encoding="utf-8")
    assert "Forest share</span>" not in report.partition("Not measured")[2].partition("Where the findings")[0]


def test_a_field_that_is_not_there_stops_its_step_only(fresh):
    more = f"  {FOREST}: {{parameters: {{KIND_FIELD: gibtsnicht}}}}\n"
    (fresh.place / "monitoring.yaml").write_text(CONFIGURATION + more)
    fresh.measure()
    assert "gibtsnicht" in told(fresh.package)[FOREST]["message"]
    assert {name for name, one in told(fresh.package).items() if one["status"] == "fertig"} == STEPS - {
        FOREST
    }


def test_where_all_steps_fail_the_reasons_are_told(fresh):
    (fresh.place / "monitoring.yaml").write_text(
        CONFIGURATION
        + f"  {FLOODED}: skip\n  {PARCELS}: skip\n  {FOREST}: {{parameters: {{KIND_FIELD: x}}}}\n"
    )
    assert "Forest share: " in refused(fresh, "KIND_FIELD", "Kind", "kind", "field")


def test_a_map_that_cannot_be_drawn_does_not_stop_the_run(fresh, monkeypatch):
    from gruene_infra.processing.monitoring import steps

    def fail(*_):
        raise QgsProcessingException("kein Papier")

    monkeypatch.setattr(steps, "_drawn", fail)
    log = Log()
    fresh.measure(log)
    assert {name for name, one in told(fresh.package).items() if one["status"] == "fertig"} == STEPS
    assert log.warnings.count("The map cannot be drawn: kein Papier") == 3
    monkeypatch.undo()
    fresh.measure()
    assert ran(fresh.package) == set()
    assert {path.stem for path in (fresh.package / MAPS).iterdir()} == STEPS


@pytest.fixture
def impatient():
    """Wait for a lock for a tenth of a second instead of five."""
    old = gdal.GetConfigOption("SQLITE_BUSY_TIMEOUT")
    gdal.SetConfigOption("SQLITE_BUSY_TIMEOUT", "100")
    yield
    gdal.SetConfigOption("SQLITE_BUSY_TIMEOUT", old)


def test_a_layer_that_another_program_keeps_is_read(finished, fresh, impatient):
    file = saved(parcels(), fresh.place / "flurstuecke.gpkg").partition("|")[0]
    removed = gdal.OpenEx(str(fresh.place / "stadt.gpkg"), gdal.OF_VECTOR | gdal.OF_UPDATE)
    removed.ExecuteSQL("DROP TABLE flurstuecke")
    del removed
    with locked(file):
        fresh.measure()
    assert keys_of(fresh.package) == keys_of(finished.package)


# -- nothing to do, and no place to do it -------------------------------------------------------------------


def test_an_empty_folder(fresh, tmp_path):
    (tmp_path / "leer").mkdir()
    refused(fresh, "Nothing can be measured", INPUT=str(tmp_path / "leer"))
    assert not fresh.package.exists()
    found = fresh.measure(INPUT=str(tmp_path / "leer"), CHECK_ONLY=True)
    assert found.results["MEASURED"] == 0


def test_layers_with_which_nothing_can_be_measured(fresh, tmp_path):
    (tmp_path / "arm").mkdir()
    saved(towns(), tmp_path / "arm" / "gemeinden.gpkg")
    said = refused(fresh, "gemeinden (Polygon)", INPUT=str(tmp_path / "arm"))
    assert "Forests or land use is missing." in said
    assert not fresh.package.exists()


@pytest.mark.parametrize("given", [{"INPUT": ""}, {"INPUT": "/nirgends"}])
def test_no_input_is_refused(fresh, given):
    refused(fresh, "INPUT", **given)
    assert not fresh.package.exists()


def test_a_monitoring_file_that_is_wrong_is_refused_with_its_line(fresh):
    (fresh.place / "monitoring.yaml").write_text("monitoring: 1\nlayer: {}\n")
    assert "monitoring.yaml:2: expected" in refused(fresh, "monitoring.yaml")


def test_a_layer_of_the_monitoring_file_that_is_not_there_is_refused(fresh):
    (fresh.place / "monitoring.yaml").write_text("monitoring: 1\nlayers: {wald: fehlt.gpkg}\n")
    refused(fresh, "wald", "fehlt.gpkg")


def test_results_never_lie_among_the_data(fresh):
    before = {path: path.read_bytes() for path in fresh.place.iterdir()}
    refused(fresh, "OUTPUT", OUTPUT=str(fresh.place))
    refused(
        fresh,
        "OUTPUT",
        OUTPUT=str(fresh.place),
        INPUT=str(fresh.place / "stadt.gpkg"),
        CONFIG=str(fresh.place / "monitoring.yaml"),
    )
    assert {path: path.read_bytes() for path in fresh.place.iterdir()} == before


def test_a_package_among_the_data_is_none_of_them(fresh):
    package = fresh.place / "paket"
    fresh.measure(OUTPUT=str(package))
    fresh.measure(OUTPUT=str(package))
    assert ran(package) == set()
    assert tables_in(package) == {"befunde", *STEPS, *(f"{step}_befunde" for step in STEPS)}


def test_a_package_among_the_data_is_none_of_them_without_its_file_either(fresh):
    package = fresh.place / "paket"
    fresh.measure(OUTPUT=str(package))
    (package / MANIFEST).unlink()
    plan = fresh.measure(OUTPUT=str(package), CHECK_ONLY=True).results["PLAN"]
    assert "✔ Forest share: FOREST = wald, AREAS = gemeinden" in plan.splitlines()
    assert FOREST not in plan
    fresh.measure(OUTPUT=str(package))
    assert tables_in(package) == {"befunde", *STEPS, *(f"{step}_befunde" for step in STEPS)}


def test_a_file_in_the_place_of_the_package(fresh):
    fresh.package.write_text("x")
    refused(fresh, str(fresh.package))
    assert fresh.package.read_text() == "x"


def test_a_database_is_no_folder_for_results(fresh, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    before = set(tmp_path.iterdir())
    said = refused(fresh, "cannot be written", OUTPUT="postgres://dbname='gis' password='geheim' table=\"x\"")
    assert "geheim" not in said
    assert set(tmp_path.iterdir()) == before


def test_a_geopackage_is_enough(fresh, finished):
    fresh.measure(INPUT=str(fresh.place / "stadt.gpkg"), CONFIG=str(fresh.place / "monitoring.yaml"))
    assert keys_of(fresh.package) == keys_of(finished.package)


# -- open layers --------------------------------------------------------------------------------------------


def test_open_layers_are_measured_as_they_are_seen(fresh, qgis_new_project):
    source = QgsVectorLayer(f"{fresh.place / 'stadt.gpkg'}|layername=wald", "Wald", "ogr")
    given = {"INPUT": "", "LAYERS": [source, towns()]}

    def share():
        found = {
            (row["variante_id"], row["gebiet"]): row["wert"]
            for row in table(fresh.package, "befunde")
            if row["kennzahl_id"] == "hz22.wald.anteil"
        }
        return found["wald", "Westen"]

    fresh.measure(**given)
    assert share() == pytest.approx(6.0)
    fresh.measure(**given)
    assert ran(fresh.package) == set()
    source.setSubsetString("fid <= 3")
    fresh.measure(**given)
    assert share() == pytest.approx(3.0)
    source.setSubsetString("")
    assert source.startEditing()
    more = QgsFeature(source.fields())
    more.setAttribute("objart", "43002")
    more.setGeometry(geometry(box(0, 800, 100, 100)))
    assert source.addFeature(more)
    fresh.measure(**given)
    assert share() == pytest.approx(7.0)
    source.rollBack()


def test_results_that_are_open_are_no_data(measured):
    result = QgsVectorLayer(f"{measured.package / RESULTS}|layername={FOREST}", "Wald neu", "ogr")
    found = measured.measure(LAYERS=[result], CHECK_ONLY=True)
    assert "✔ Forest share: FOREST = wald, AREAS = gemeinden" in found.results["PLAN"].splitlines()
    assert "Wald neu" not in found.results["PLAN"]


def test_results_that_are_open_are_no_data_without_the_file_of_the_package_either(measured):
    (measured.package / MANIFEST).unlink()
    result = QgsVectorLayer(f"{measured.package / RESULTS}|layername={FLOODED}", "Wald", "ogr")
    found = measured.measure(LAYERS=[result], CHECK_ONLY=True)
    assert "✔ Forest share: FOREST = wald, AREAS = gemeinden" in found.results["PLAN"].splitlines()


def test_where_only_layers_are_given_it_is_said_how_to_give_a_monitoring_file(fresh, finished):
    plan = fresh.measure(INPUT="", LAYERS=[buildings()], CHECK_ONLY=True).results["PLAN"].splitlines()
    title = load_entry("hz02_new_buildings").title.en
    said = "{file} must give REFERENCE_YEAR (parameters)"
    own = "monitoring.yaml (a file of one's own, given as CONFIG)"
    assert f"– {title}: {said.format(file=own)}" in plan
    plan = finished.measure(CHECK_ONLY=True).results["PLAN"].splitlines()
    assert f"– {title}: {said.format(file='monitoring.yaml')}" in plan


def test_a_step_that_takes_results_waits_where_none_are_left(fresh):
    (fresh.place / "monitoring.yaml").write_text(CONFIGURATION + f"  {FLOODED}: skip\n")
    plan = fresh.measure(CHECK_ONLY=True).results["PLAN"].splitlines()
    entry = load_entry(PARCELS)
    said = f"{entry.label('RESULTS').en}: no other step has left any result for it."
    assert f"– {entry.title.en}: {said}" in plan


def test_a_step_that_takes_results_waits_for_one_that_is_refused(fresh):
    more = f"  {FLOODED}: {{parameters: {{STRIP: -5}}}}\n"
    (fresh.place / "monitoring.yaml").write_text(CONFIGURATION + more)
    found = fresh.measure(CHECK_ONLY=True)
    assert (found.results["MEASURED"], "left any result" in found.results["PLAN"]) == (1, True)


def test_years_are_told_by_the_day_that_is_measured_for(fresh):
    saved(buildings(), fresh.place / "gebaeude_2026.gpkg")

    def lines(**more):
        return fresh.measure(CHECK_ONLY=True, **more).results["PLAN"].splitlines()

    title = load_entry(FLOODED).title.en
    (asked,) = (line for line in lines() if line.startswith(f"– {title}: "))
    assert "it may be gebaeude / gebaeude_2026; name one in monitoring.yaml" in asked
    taken = "BUILDINGS = gebaeude, BUILDINGS_BEFORE = gebaeude_2026, AREAS = gemeinden"
    (ready,) = (line for line in lines(AS_OF="2035-01-01") if line.startswith(f"✔ {title}: "))
    assert sorted(ready.partition(": ")[2].split(", ")) == sorted(
        ["FLOODPLAINS = ueberschwemmungsgebiete", *taken.split(", ")]
    )
    (fresh.place / "monitoring.yaml").write_text(f"{CONFIGURATION}as_of: 2035-01-01\n")
    assert ready in lines(AS_OF=None)


def test_districts_are_never_called_municipalities(fresh):
    quarters = towns()
    quarters.setName("stadtteile")
    folder = fresh.place / "viertel"
    folder.mkdir()
    saved(forests(), folder / "wald.gpkg")
    saved(quarters, folder / "stadtteile.gpkg")
    fresh.measure(INPUT=str(folder))
    kinds = {row["gebiet_art"] for row in table(fresh.package, f"{FOREST}_befunde")}
    assert "Quartier" in kinds
    assert "Gemeinde" not in kinds


def test_the_report_names_the_layers_that_were_taken(finished):
    report = (finished.package / REPORT).read_text(encoding="utf-8")
    part = report.partition("Where the findings are from")[2]
    assert "The findings of this run were measured from these layers." in part
    assert "Forest share</span> FOREST = wald, AREAS = gemeinden" in part
    assert f"PARCELS = flurstuecke, RESULTS = {FLOODED}" in part


# -- two at once --------------------------------------------------------------------------------------------


def test_a_second_run_on_the_same_package_is_refused(measured):
    before = {path: path.read_bytes() for path in measured.package.rglob("*") if path.is_file()}
    with Package(measured.package).used():
        said = refused(measured, "Another run", str(measured.package))
    assert str(os.getpid()) in said
    assert {p: p.read_bytes() for p in measured.package.rglob("*") if p.is_file()} == before
    measured.measure()
    assert ran(measured.package) == set()


@pytest.mark.parametrize("content", ["", "4711\n"])
def test_a_lock_of_a_killed_run_keeps_nobody_out(measured, content):
    (measured.package / LOCK).write_text(content)
    measured.measure()
    assert ran(measured.package) == set()
    assert not (measured.package / LOCK).exists()


def test_what_a_killed_run_was_writing_is_cleared(measured):
    names, whole = {path.name for path in measured.package.iterdir()}, keys_of(measured.package)
    (measured.package / ".gruene_infra_0815").mkdir()
    (measured.package / MAPS / ".gruene_infra_4711").mkdir()
    saved(forests(), measured.package / RESULTS, "gruene_infra_entwurf_0815")
    measured.measure()
    assert {path.name for path in measured.package.iterdir()} == names
    assert keys_of(measured.package) == whole
    assert {path.stem for path in (measured.package / MAPS).iterdir()} == STEPS


def test_a_town_may_be_measured_into_two_packages(fresh, finished, tmp_path):
    with Package(finished.package).used():
        fresh.measure(INPUT=str(town(tmp_path / "andere")))
    assert keys_of(fresh.package) == keys_of(finished.package)


def test_a_package_tells_that_a_later_run_could_measure_nothing(measured, run):
    for file in measured.place.glob("*"):
        if file.suffix != ".yaml":
            file.unlink()
    with pytest.raises(Exception, match="Nothing can be measured"):
        measured.measure(AS_OF="2027-12-31")
    said = json.loads((measured.package / "paket.json").read_text(encoding="utf-8"))
    assert (said["as_of"], said["failed_for"]) == (DAY, "2027-12-31")
    merged = run("regional_merge", INPUT=str(measured.package.parent), AS_OF="2027-12-31")
    told = [*merged.log.infos, *merged.log.warnings]
    assert any("a later run for 2027-12-31 could measure nothing" in line for line in told)


def test_the_dates_of_layers_stand_beside_the_figures(measured):
    (measured.place / "monitoring.yaml").write_text(
        f"monitoring: 1\nas_of: {DAY}\nlayers:\n"
        "  wald: {source: stadt.gpkg|layername=wald, date: ATKIS 2025-01}\n"
        "  gemeinden: {source: stadt.gpkg|layername=gemeinden, date: 2026}\n",
        encoding="utf-8",
    )
    measured.measure()
    table = QgsVectorLayer(f"{measured.package}/ergebnis.gpkg|layername=hz22_forest_share_befunde")
    assert {row["stand_daten"] for row in rows(table)} == {"wald: ATKIS 2025-01"}
