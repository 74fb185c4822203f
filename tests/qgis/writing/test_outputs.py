"""Outputs are whole or not there, and a place is never written that something else needs."""

from __future__ import annotations

import datetime as dt
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from gruene_infra.gruene_infra_plugin.methods.findings.finding import (
    COLUMNS,
    AreaKind,
    Finding,
    Status,
    from_row,
)
from gruene_infra.gruene_infra_plugin.spatial.reading.stored_files import StoredTable, place_of
from gruene_infra.gruene_infra_plugin.spatial.writing import styles
from gruene_infra.gruene_infra_plugin.spatial.writing.outputs import finding_fields
from osgeo import gdal
from qgis.core import (
    NULL,
    Qgis,
    QgsField,
    QgsFields,
    QgsProcessingException,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QDate, QMetaType

from ...full_disk import no_more_room
from ...layer_factory import box, layer, rows, saved
from ...runs import Log
from ..every.bad_input import files_in, tables_of
from .output_places import FILES, Writing, as_table

FINDING = Finding(
    hz=19,
    kennzahl_id="hz19.aue.neubau_flaeche",
    variante_id="ab_2016",
    ist_leitwert=1,
    kennzahl="Neue Bebauung in der Aue",
    definition='Fläche < 1 & "neu"; DROP TABLE x',
    gebiet_art=AreaKind.MUNICIPALITY,
    ags="05113000",
    gebiet="Essen",
    raumtyp=None,
    zaehler=60.0,
    nenner=1.0,
    basis_einheit="m² je Gebiet mit Aue",
    wert=60.0,
    einheit="m²",
    ziel=0.0,
    richtung="=",
    ziel_datum=dt.date(2030, 12, 31),
    herkunft_ziel="S",
    luecke=60.0,
    luecke_abs=60.0,
    luecke_einheit="m²",
    status=Status.GAP,
    abdeckung_proz=100.0,
    n_objekte=1,
    n_ausgelassen=0,
    stand_daten=None,
    annahmen=None,
    algorithmus="hz19_floodplain_buildings",
    plugin_version="0.1.0",
    berechnet_am=dt.date(2026, 6, 30),
)


@pytest.fixture
def others(tmp_path):
    """A GeoPackage with the table of somebody else."""
    path = tmp_path / "andere.gpkg"
    saved(layer([box(0, 0, 1, 1)], {"id": ["bleibt"]}), path, "andere")
    return path


FORMATS = ("gpkg", "shp", "geojson", "csv", "fgb")


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize("count", [3, 0])
def test_a_finished_output_holds_every_row(suffix, count, tmp_path):
    path = tmp_path / f"x.{suffix}"
    results = Writing({"OUTPUT": str(path)}).write(count).finish()
    assert results == {"OUTPUT": str(path)}
    found = rows(QgsVectorLayer(str(path), "x", "ogr"))
    assert sorted(row["id"] for row in found) == [f"b{number}" for number in range(count)]


@pytest.mark.parametrize("place", ["TEMPORARY_OUTPUT", "x.gpkg"])
def test_a_row_takes_nothing_from_the_one_before(place, tmp_path):
    writing = Writing({"OUTPUT": str(tmp_path / place) if place.endswith("gpkg") else place})
    writing.write(1).add("OUTPUT", ["ohne", None])
    found = writing.outputs.finish()["OUTPUT"]
    layer_ = writing.context.getMapLayer(found) or QgsVectorLayer(found, "x", "ogr")
    features = {feature["id"]: feature for feature in layer_.getFeatures()}
    assert not features["b0"].geometry().isEmpty()
    assert features["ohne"].geometry().isEmpty()
    assert (features["b0"]["in_aue_m2"], features["ohne"]["in_aue_m2"]) == (60.0, NULL)


@pytest.mark.parametrize("suffix", FORMATS)
def test_a_discarded_output_leaves_no_file(suffix, tmp_path):
    Writing({"OUTPUT": str(tmp_path / f"x.{suffix}")}).write().discard()
    assert not files_in(tmp_path)


def test_discarding_a_shapefile_spares_its_neighbours(tmp_path):
    for name in ("x1.shp", "x.txt", "ax.dbf"):
        (tmp_path / name).write_text("bleibt", encoding="utf-8")
    Writing({"OUTPUT": str(tmp_path / "x.shp")}).write().discard()
    assert files_in(tmp_path) == {"x1.shp", "x.txt", "ax.dbf"}


def test_discarding_removes_its_own_table_only(others):
    writing = Writing({"OUTPUT": as_table(others, "neu")})
    writing.write()
    writing.outputs.discard()
    assert tables_of(others) == {"andere"}
    assert [row["id"] for row in rows(QgsVectorLayer(f"{others}|layername=andere", "", "ogr"))] == ["bleibt"]


def test_discarding_the_only_table_removes_the_file(tmp_path):
    Writing({"OUTPUT": as_table(tmp_path / "neu.gpkg", "detail")}).write().discard()
    assert not files_in(tmp_path)


def test_two_tables_share_a_geopackage(others):
    writing = Writing({"OUTPUT": as_table(others, "detail"), "SUMMARY": as_table(others, "befunde")})
    writing.write().add_findings("SUMMARY", [FINDING])
    assert writing.outputs.finish() == {
        "OUTPUT": f"{others}|layername=detail",
        "SUMMARY": f"{others}|layername=befunde",
    }
    assert tables_of(others) == {"andere", "befunde", "detail"}


def test_a_temporary_output_is_handed_over_or_taken_back():
    kept, dropped = Writing({"OUTPUT": "memory:"}), Writing({"OUTPUT": "memory:"})
    destination = kept.write().finish()["OUTPUT"]
    assert kept.context.temporaryLayerStore().mapLayer(destination).featureCount() == 3
    dropped.write().discard()
    assert dropped.context.temporaryLayerStore().count() == 0


@pytest.mark.parametrize("there", [False, True])
def test_a_file_that_the_run_writes_itself_is_there_when_all_is_finished(there, tmp_path):
    report, before = tmp_path / "bericht.html", {"bericht.html"} if there else set()
    if there:
        report.write_text("old", encoding="utf-8")
    for finished in (False, True):
        outputs = Writing({}).outputs
        outputs.add_file("REPORT", report, lambda path: path.write_text("<p>", encoding="utf-8"))
        assert {path.name for path in tmp_path.iterdir() if path.is_file()} == before
        if finished:
            assert outputs.finish() == {"REPORT": str(report)}
        outputs.discard()
        assert files_in(tmp_path) == (before | {"bericht.html"} if finished else before)
    assert report.read_text(encoding="utf-8") == "<p>"


def test_a_file_that_cannot_be_finished_leaves_the_earlier_one(tmp_path):
    report = tmp_path / "bericht.html"
    report.write_text("old", encoding="utf-8")

    def fail(path):
        path.write_text("half", encoding="utf-8")
        raise OSError(28, "no space left")

    outputs = Writing({}).outputs
    with pytest.raises(QgsProcessingException, match=r"bericht\.html cannot be written: no space left"):
        outputs.add_file("REPORT", report, fail)
    outputs.discard()
    assert [file.name for file in tmp_path.iterdir()] == ["bericht.html"]
    assert report.read_text(encoding="utf-8") == "old"


def test_a_run_whose_output_cannot_be_put_in_place_says_what_it_has_done(tmp_path):
    report = tmp_path / "bericht.html"
    outputs = Writing({}).outputs
    outputs.add_file("REPORT", report, lambda path: path.write_text("<p>", encoding="utf-8"))
    outputs.keep()
    report.mkdir()
    (report / "belegt").touch()
    with pytest.raises(QgsProcessingException, match=r"bericht\.html cannot be written: .* register stays"):
        outputs.finish()
    outputs.discard()
    assert files_in(tmp_path) == {"bericht.html/belegt"}


def test_an_output_that_lost_rows_is_not_a_result(tmp_path):
    path = tmp_path / "x.gpkg"
    writing = Writing({"OUTPUT": str(path)})
    writing.write()
    writing.outputs._outputs["OUTPUT"].rows += 1
    with pytest.raises(QgsProcessingException, match=r"x\.gpkg: only 3 of 4 rows were stored"):
        writing.outputs.finish()


def test_an_output_that_vanished_is_not_a_result(tmp_path):
    writing = Writing({"OUTPUT": str(tmp_path / "x.geojson")})
    writing.write()
    (draft,) = tmp_path.rglob("x.geojson")
    draft.unlink()
    with pytest.raises(QgsProcessingException, match=r"only 0 of 3 rows were stored"):
        writing.outputs.finish()


@pytest.mark.parametrize("table", [None, "neu"])
def test_an_output_that_cannot_be_made_leaves_no_stump(table, others):
    """A column named like the geometry column cannot be created."""
    path = others.with_name("neu.gpkg")
    target = as_table(others, table) if table else str(path)
    writing = Writing({"OUTPUT": target})
    fields = QgsFields()
    fields.append(QgsField("fid", QMetaType.Type.QString))
    with pytest.raises(QgsProcessingException, match="fid"):
        writing.outputs.open("OUTPUT", fields, Qgis.WkbType.Polygon)
    writing.outputs.discard()
    assert tables_of(others) == {"andere"}
    assert not path.exists()


def test_a_table_that_was_there_survives_a_failed_attempt_to_replace_it(others):
    with closing(sqlite3.connect(others, isolation_level=None)) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        gdal.SetConfigOption("SQLITE_BUSY_TIMEOUT", "200")
        try:
            with pytest.raises(QgsProcessingException, match="locked"):
                Writing({"OUTPUT": as_table(others, "andere")}).open()
        finally:
            gdal.SetConfigOption("SQLITE_BUSY_TIMEOUT", None)
        connection.rollback()
    assert tables_of(others) == {"andere"}


@pytest.mark.parametrize("ending", [ending for ending in FILES if ending != "gdb"])
def test_a_disk_that_gets_full_leaves_no_stump(ending, tmp_path):
    whole, stump = tmp_path / "whole", tmp_path / "stump"
    whole.mkdir()
    stump.mkdir()
    Writing({"OUTPUT": str(whole / f"x.{ending}")}).write(2000).finish()
    sizes = {path.name: path.stat().st_size for path in whole.iterdir()}
    for name, size in sizes.items():
        for room in (0, size // 100, size // 3, size * 9 // 10, size - 30, size - 2, size - 1):
            writing = Writing({"OUTPUT": str(stump / f"x.{ending}")})
            try:
                with no_more_room(max(0, room)):
                    writing.write(2000).finish()
            except QgsProcessingException as error:
                writing.outputs.discard()
                assert "sqlite3" not in str(error), (name, room)
                assert files_in(stump) == set(), (name, room)
            else:
                found = {path.name: path.stat().st_size for path in stump.iterdir()}
                assert found == sizes, (name, room)
                for path in stump.iterdir():
                    path.unlink()


def test_writing_stops_when_the_user_cancels(tmp_path):
    writing = Writing({"OUTPUT": str(tmp_path / "x.gpkg")}, Log(cancel_at=1))
    with pytest.raises(QgsProcessingException, match="Cancelled"):
        writing.write(2_000)
    writing.outputs.discard()
    assert not files_in(tmp_path)


# -- findings ---------------------------------------------------------------------------------------------


def test_a_finding_comes_back_from_a_table_as_it_went_in(tmp_path):
    path = tmp_path / "befunde.gpkg"
    outputs = Writing({"SUMMARY": str(path)}).outputs
    unknown = replace(
        FINDING,
        zaehler=None,
        nenner=None,
        wert=None,
        luecke=None,
        luecke_abs=None,
        status=Status.NOT_ASSESSABLE,
    )
    outputs.add_findings("SUMMARY", [FINDING, unknown])
    outputs.finish()
    stored = rows(QgsVectorLayer(str(path), "befunde", "ogr"))
    for row in stored:
        for name in ("ziel_datum", "berechnet_am"):
            row[name] = dt.date.fromisoformat(row[name].toString("yyyy-MM-dd"))
    assert [from_row(row) for row in stored] == [FINDING, unknown]


def test_the_columns_of_a_finding_have_their_types():
    fields = {field.name(): field.type() for field in finding_fields()}
    assert tuple(fields) == COLUMNS
    assert (fields["hz"], fields["wert"], fields["gebiet"], fields["berechnet_am"]) == (
        QMetaType.Type.Int,
        QMetaType.Type.Double,
        QMetaType.Type.QString,
        QMetaType.Type.QDate,
    )


def test_an_open_target_date_is_null_and_a_date_is_a_date(tmp_path):
    outputs = Writing({"SUMMARY": "memory:"}).outputs
    outputs.add_findings("SUMMARY", [FINDING, replace(FINDING, ziel_datum=None)])
    store = outputs._context.temporaryLayerStore()
    found = rows(store.mapLayer(outputs.finish()["SUMMARY"]))
    assert [row["ziel_datum"] for row in found] == [QDate(2030, 12, 31), None]


# -- styles -----------------------------------------------------------------------------------------------


def test_a_style_is_stored_in_the_geopackage_of_the_result(tmp_path, monkeypatch):
    monkeypatch.setattr(styles, "STYLES", tmp_path)
    path, style = tmp_path / "x.gpkg", tmp_path / "schoen.qml"
    pattern = layer([box(0, 0, 1, 1)])
    pattern.setOpacity(0.37)
    pattern.saveNamedStyle(str(style))
    writing = Writing({"OUTPUT": as_table(path, "detail")})
    destination = writing.write().finish({"OUTPUT": style.stem})["OUTPUT"]
    assert QgsVectorLayer(destination, "x", "ogr").opacity() == pytest.approx(0.37)
    with closing(sqlite3.connect(path)) as connection:
        query = "SELECT f_table_name, styleName, useAsDefault FROM layer_styles"
        assert connection.execute(query).fetchall() == [("detail", "schoen", 1)]


# -- places -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "file", "table"),
    [
        ("/d/x.gpkg", "/d/x.gpkg", None),
        ("/d/x.gpkg|layername=a b", "/d/x.gpkg", "a b"),
        ('/d/x.gpkg|layername=a|geometrytype=Polygon|subset="id" = 1', "/d/x.gpkg", "a"),
        ("ogr:dbname='/d/x.gpkg' table=\"a\" (geom)", "/d/x.gpkg", "a"),
        ("ogr:dbname='/d/x.gpkg' table=\"a\"", "/d/x.gpkg", "a"),
        ("/d/../d/x.shp", "/d/x.shp", None),
    ],
)
def test_an_address_is_a_file_and_a_table(address, file, table):
    assert place_of(address) == StoredTable(Path(file), table)


@pytest.mark.parametrize(
    "address",
    [None, "", "TEMPORARY_OUTPUT", "memory:", "memory://Polygon?crs=EPSG:25832", "postgres://dbname='x'", 5],
)
def test_what_is_no_file_is_no_place(address):
    assert place_of(address) is None


def test_one_place_replaces_another_if_it_is_the_file_or_the_same_table(others):
    whole, table, other = StoredTable(others, None), StoredTable(others, "ANDERE"), StoredTable(others, "neu")
    assert whole.replaces(table)
    assert table.replaces(whole)
    assert table.replaces(StoredTable(others, "andere"))
    assert not other.replaces(table)
    assert not other.replaces(whole)
    assert not whole.replaces(StoredTable(others.with_name("x.gpkg"), None))
