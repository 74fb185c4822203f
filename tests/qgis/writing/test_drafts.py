"""Outputs are written beside their place and put there when they are whole, in every format and database."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from threading import Timer

import pytest
from gruene_infra.gruene_infra_plugin.register.geopackage import is_register
from gruene_infra.gruene_infra_plugin.register.store import Register
from gruene_infra.gruene_infra_plugin.spatial.reading.stored_files import place_of, tables
from gruene_infra.gruene_infra_plugin.spatial.writing.drafts import beside
from gruene_infra.gruene_infra_plugin.spatial.writing.drafts.base import TABLE
from gruene_infra.gruene_infra_plugin.spatial.writing.drafts.beside import complete_or_remove
from gruene_infra.gruene_infra_plugin.spatial.writing.outputs import fields_of
from qgis.core import (
    NULL,
    Qgis,
    QgsCoordinateReferenceSystem,
    QgsDataSourceUri,
    QgsField,
    QgsFields,
    QgsProcessingException,
    QgsProcessingOutputLayerDefinition,
    QgsProject,
    QgsProperty,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QDate, QMetaType

from ...layer_factory import box, layer, saved
from ..every.bad_input import files_in, tables_of
from .output_places import CONTAINERS, FILES, STYLE, Writing, as_table, ids

OLD, NEW = ["alt0", "alt1"], ["b0", "b1", "b2"]


def written(destination: str, styled: bool = False) -> str:
    """Write the old result and return its address."""
    styles = {"OUTPUT": STYLE} if styled else {}
    return str(Writing({"OUTPUT": destination}).write(2, "alt").finish(styles)["OUTPUT"])


def everything_in(folder: Path) -> dict[str, int]:
    """Return all files and folders with their sizes."""
    paths = (path for path in folder.rglob("*"))
    return {str(p.relative_to(folder)): p.stat().st_size if p.is_file() else -1 for p in paths}


# -- files ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", FILES)
def test_a_file_stays_as_it_is_until_the_new_one_is_whole(ending, tmp_path):
    destination = str(tmp_path / f"x.{ending}")
    address = written(destination)
    before = everything_in(tmp_path)
    assert ids(address) == OLD

    Writing({"OUTPUT": destination}).write().discard()
    assert everything_in(tmp_path) == before
    assert ids(address) == OLD

    assert Writing({"OUTPUT": destination}).write().finish() == {"OUTPUT": address}
    assert ids(address) == NEW
    assert everything_in(tmp_path).keys() == before.keys()


@pytest.mark.parametrize("ending", FILES)
def test_a_file_is_named_and_made_as_qgis_does(ending, tmp_path, monkeypatch):
    """The same address, files and layer as where QGIS writes at once."""
    made = {}
    for folder in (tmp_path / "beside", tmp_path / "at_once"):
        folder.mkdir()
        if folder.name == "at_once":
            monkeypatch.setattr("gruene_infra.gruene_infra_plugin.spatial.writing.drafts.AT_ONCE", AnyPlace())
        address = written(str(folder / f"x.{ending}"))
        opened = QgsVectorLayer(address, "x", "ogr")
        fields = [(field.name(), field.typeName(), field.length()) for field in opened.fields()]
        made[folder.name] = (
            address.removeprefix(str(folder)),
            everything_in(folder).keys(),
            fields,
            opened.dataProvider().subLayers() if opened.isValid() else None,
            ids(address),
        )
    assert made["beside"] == made["at_once"]


class AnyPlace:
    """A pattern that fits everything."""

    def match(self, _text: str) -> bool:
        return True


def test_a_relative_address_stays_as_it_was_given(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert written("x.gpkg") == "x.gpkg"
    assert ids("x.gpkg") == OLD


def test_an_index_of_the_older_shapefile_does_not_stay(tmp_path):
    destination = str(tmp_path / "x.shp")
    written(destination)
    for name in ("x.qix", "x.SBN", "x.dbf.bak", "x1.qix", "x.qml"):
        (tmp_path / name).write_text("alt", encoding="utf-8")
    Writing({"OUTPUT": destination}).write().finish()
    assert files_in(tmp_path) - {"x.shp", "x.shx", "x.dbf", "x.prj", "x.cpg"} == {
        "x.dbf.bak",
        "x1.qix",
        "x.qml",
    }


@pytest.mark.parametrize(("ours", "others"), [("csv", ("shp", "prj")), ("shp", ("tab", "ind"))])
def test_files_that_another_one_of_that_name_needs_stay(ours, others, tmp_path):
    for ending in others:
        (tmp_path / f"x.{ending}").write_text("bleibt", encoding="utf-8")
    destination = str(tmp_path / f"x.{ours}")
    for _ in range(2):
        written(destination)
        assert {(tmp_path / f"x.{ending}").read_text(encoding="utf-8") for ending in others} == {"bleibt"}
    assert ids(destination) == OLD


def test_a_register_made_meanwhile_is_not_replaced(tmp_path):
    path = tmp_path / "x.gpkg"
    outputs = Writing({"OUTPUT": str(path)}).write()
    Register.create(path, "EPSG:25832").close()
    with pytest.raises(QgsProcessingException, match="somebody else has changed it meanwhile"):
        outputs.finish()
    outputs.discard()
    assert is_register(path)
    assert files_in(tmp_path) == {"x.gpkg"}


@pytest.mark.parametrize("ending", ["gpkg", "sqlite"])
def test_a_database_that_is_open_is_written_through(ending, tmp_path):
    """Its log lies beside it: another file of that name would take it for its own."""
    destination = str(tmp_path / f"x.{ending}")
    address = written(destination)
    with closing(sqlite3.connect(tmp_path / f"x.{ending}")) as other:
        other.execute("PRAGMA journal_mode = WAL")
        other.execute("CREATE TABLE eigene (a)")
        other.commit()
        assert (tmp_path / f"x.{ending}-wal").exists()
        Writing({"OUTPUT": destination}).write().finish()
        (names,) = other.execute("SELECT group_concat(name) FROM sqlite_master WHERE name = 'eigene'")
        assert names == (None,)
    assert ids(address) == NEW
    with closing(sqlite3.connect(tmp_path / f"x.{ending}")) as other:
        assert other.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_a_database_that_somebody_writes_to_is_said_and_left_alone(tmp_path):
    destination = str(tmp_path / "x.gpkg")
    written(destination)
    with closing(sqlite3.connect(tmp_path / "x.gpkg", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        other.execute("CREATE TABLE eigene (a)")
        assert (tmp_path / "x.gpkg-journal").exists()
        outputs = Writing({"OUTPUT": destination}).write()
        with pytest.raises(QgsProcessingException, match=r"x\.gpkg cannot be written: database is locked"):
            outputs.finish()
        outputs.discard()
    assert ids(destination) == OLD
    assert files_in(tmp_path) == {"x.gpkg"}


def test_what_a_killed_program_had_begun_in_a_geopackage_is_undone(tmp_path):
    path, killed = tmp_path / "x.gpkg", [tmp_path / "y.gpkg", tmp_path / "z.gpkg"]
    written(as_table(path, "eins"))
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("PRAGMA cache_size = 5")
        other.execute("BEGIN")
        other.execute("CREATE TABLE eigene (a)")
        other.executemany("INSERT INTO eigene VALUES (?)", [("a" * 500,)] * 1000)
        for copy in killed:
            shutil.copy(path, copy)
            shutil.copy(f"{path}-journal", f"{copy}-journal")
    assert tables(killed[0]) == ["eins"]
    assert place_of(f"{killed[1]}|layername=EINS").replaces(place_of(str(killed[1])))
    assert files_in(tmp_path) == {"x.gpkg", "y.gpkg", "z.gpkg"}


@pytest.mark.parametrize("name", ["x.gdb", "x.gpkg", "x.shp"])
def test_a_folder_is_never_replaced(name, tmp_path):
    (tmp_path / name).mkdir()
    (tmp_path / name / "bleibt").touch()
    with pytest.raises(QgsProcessingException, match=f"{name} cannot be written: Is a directory"):
        Writing({"OUTPUT": str(tmp_path / name)}).open()
    (tmp_path / name).rename(tmp_path / "anderswo")
    outputs = Writing({"OUTPUT": str(tmp_path / name)}).write()
    (tmp_path / "anderswo").rename(tmp_path / name)
    if name != "x.gdb":
        with pytest.raises(QgsProcessingException, match=f"{name} cannot be written: Is a directory"):
            outputs.finish()
    outputs.discard()
    assert files_in(tmp_path) == {f"{name}/bleibt"}


@pytest.mark.parametrize("given", ["text", "definition", "expression"])
def test_qgis_loads_the_finished_output(given, tmp_path):
    path = str(tmp_path / "x.gpkg")
    project = QgsProject.instance()
    value = {
        "text": path,
        "definition": QgsProcessingOutputLayerDefinition(path, project),
        "expression": QgsProperty.fromExpression(f"'{path}'"),
    }[given]
    if given == "definition":
        value.destinationName = "Mein Name"
    writing = Writing({"OUTPUT": value})
    assert writing.write().finish() == {"OUTPUT": path}
    assert ids(path) == NEW
    loaded = writing.context.layersToLoadOnCompletion()
    names = {address: details.name for address, details in loaded.items()}
    assert names == ({path: "Mein Name"} if given == "definition" else {})


# -- several files: moved one after the other -----------------------------------------------------------


def moves_until_it_is_killed(folder: Path, moves: int) -> bool:
    """Finish an output in a child that is killed before it moves one more file; say whether it was."""
    child = os.fork()
    if child == 0:
        left, replace = moves, Path.replace

        def counted(path: Path, target: Path) -> Path:
            nonlocal left
            if not left:
                os.kill(os.getpid(), signal.SIGKILL)
            left -= 1
            return replace(path, target)

        Path.replace = counted
        with suppress(BaseException):
            Writing({"OUTPUT": str(folder / "x.shp")}).write().finish()
        os._exit(0)
    return os.waitpid(child, 0)[1] == signal.SIGKILL


@pytest.mark.parametrize("moves", range(11))
def test_files_that_belong_together_are_never_mixed(moves, tmp_path):
    written(str(tmp_path / "x.shp"))
    (tmp_path / "x.qml").write_text("eigener Stil", encoding="utf-8")
    assert moves_until_it_is_killed(tmp_path, moves) == (moves < 10)
    with suppress(AssertionError, RuntimeError):  # between old and new there is nothing to open
        assert ids(str(tmp_path / "x.shp")) == (NEW if moves >= 10 else OLD)
    complete_or_remove(tmp_path)
    assert ids(str(tmp_path / "x.shp")) == (NEW if moves else OLD)
    assert files_in(tmp_path) == {f"x.{end}" for end in ("shp", "shx", "dbf", "prj", "cpg", "qml")}


def test_files_that_cannot_be_moved_leave_all_as_it_was(tmp_path, monkeypatch):
    destination = str(tmp_path / "x.shp")
    written(destination)
    before, outputs, replace = everything_in(tmp_path), Writing({"OUTPUT": destination}).write(), Path.replace

    def refuse(path: Path, target: Path) -> Path:
        if path.parent.name == "ready" and path.suffix == ".dbf":
            raise PermissionError(13, "in use")
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(QgsProcessingException, match=r"x\.shp cannot be written: in use"):
        outputs.finish()
    outputs.discard()
    assert everything_in(tmp_path) == before
    assert ids(destination) == OLD


def test_folders_of_others_are_not_cleared_up(tmp_path):
    """A run that is at work, one whose folder is too new to have a lock, and one on another machine."""
    working = Writing({"OUTPUT": str(tmp_path / "x.gpkg")})
    working.write()
    unknown, elsewhere = (tmp_path / f"{beside.PREFIX}{name}" for name in ("unbekannt", "woanders"))
    for folder in (unknown, elsewhere):
        folder.mkdir()
        (folder / "bleibt").touch()
    (elsewhere / "lock").write_text("1\nqgis\nanderer-rechner\n", encoding="utf-8")
    os.utime(elsewhere, (0, 0))
    complete_or_remove(tmp_path)
    assert (unknown / "bleibt").exists()
    assert (elsewhere / "bleibt").exists()
    os.utime(unknown, (0, 0))
    complete_or_remove(tmp_path)
    assert not unknown.exists()
    assert working.outputs.finish()
    assert ids(str(tmp_path / "x.gpkg")) == NEW


# -- tables in files ------------------------------------------------------------------------------------


@pytest.fixture(params=CONTAINERS)
def shared(request, tmp_path) -> Path:
    """A file with a table ``andere`` of somebody else."""
    path = tmp_path / f"gemeinsam.{request.param}"
    assert written(as_table(path, "andere")) == f"{path}|layername=andere"
    return path


def test_a_table_stays_as_it_is_until_the_new_one_is_whole(shared):
    destination, address = as_table(shared, "neu"), f"{shared}|layername=neu"
    assert written(destination) == address
    names = set(everything_in(shared.parent))

    Writing({"OUTPUT": destination}).write().discard()
    assert ids(address) == OLD
    assert set(everything_in(shared.parent)) == names

    writing = Writing({"OUTPUT": destination, "SUMMARY": as_table(shared, "befunde")})
    writing.write().add_findings("SUMMARY", [])
    assert writing.outputs.finish() == {"OUTPUT": address, "SUMMARY": f"{shared}|layername=befunde"}
    assert ids(address) == NEW
    assert ids(f"{shared}|layername=andere") == OLD
    assert set(shared.parent.iterdir()) == {shared}


def test_tables_share_a_file_that_they_make(tmp_path):
    path = tmp_path / "neu.gpkg"
    writing = Writing({"OUTPUT": as_table(path, "detail"), "SUMMARY": as_table(path, "befunde")})
    writing.write().add_findings("SUMMARY", [])
    assert not path.exists()
    writing.outputs.finish({"OUTPUT": STYLE})
    assert tables_of(path) == {"detail", "befunde", "layer_styles"}
    assert ids(f"{path}|layername=detail") == NEW


def test_a_file_that_appeared_meanwhile_is_not_replaced(tmp_path):
    path = tmp_path / "neu.gpkg"
    outputs = Writing({"OUTPUT": as_table(path, "detail")}).write()
    written(as_table(path, "andere"))
    with pytest.raises(QgsProcessingException, match=r"neu\.gpkg\S* cannot be written"):
        outputs.finish()
    outputs.discard()
    assert tables_of(path) == {"andere"}
    assert files_in(tmp_path) == {"neu.gpkg"}


def test_a_file_that_changed_meanwhile_is_not_replaced(tmp_path):
    path = tmp_path / "gemeinsam.sqlite"
    written(as_table(path, "andere"))
    outputs = Writing({"OUTPUT": as_table(path, "neu")}).write()
    written(as_table(path, "dritte"))
    with pytest.raises(QgsProcessingException, match="somebody else has changed it meanwhile"):
        outputs.finish()
    outputs.discard()
    assert ids(f"{path}|layername=dritte") == OLD


def test_a_table_is_replaced_beside_views_of_it_and_others_that_are_broken(tmp_path):
    path = tmp_path / "gemeinsam.gpkg"
    written(as_table(path, "neu"))
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE VIEW sicht AS SELECT id FROM neu")
        connection.execute("CREATE VIEW kaputt AS SELECT id FROM fehlt")
        connection.commit()
    Writing({"OUTPUT": as_table(path, "neu")}).write().finish()
    with closing(sqlite3.connect(path)) as connection:
        assert sorted(row[0] for row in connection.execute("SELECT id FROM sicht")) == NEW


def test_a_table_waits_for_somebody_who_writes_to_the_file(tmp_path):
    path = tmp_path / "gemeinsam.gpkg"
    written(as_table(path, "neu"))
    outputs = Writing({"OUTPUT": as_table(path, "neu")}).write()
    outputs.close()
    with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        ends = Timer(7.0, connection.execute, ["ROLLBACK"])  # GDAL itself waits for five seconds
        ends.start()
        outputs.finish()
        ends.join()
    assert ids(f"{path}|layername=neu") == NEW


def test_links_and_detours_to_a_file_are_that_file(tmp_path):
    path, folder = tmp_path / "neu.gpkg", tmp_path / "anderswo"
    folder.mkdir()
    detour = folder / ".." / path.name
    writing = Writing({"OUTPUT": as_table(path, "detail"), "SUMMARY": as_table(detour, "befunde")})
    writing.write().add_findings("SUMMARY", [])
    writing.outputs.finish()
    assert tables_of(path) == {"detail", "befunde"}

    link = folder / "weich.gpkg"
    link.symlink_to(path)
    through_link = Writing({"OUTPUT": as_table(link, "zwei")}).write()
    written(as_table(path, "eins"))  # clears up after killed runs
    through_link.finish()
    assert link.is_symlink()
    assert ids(f"{path}|layername=eins") == OLD
    assert ids(f"{path}|layername=zwei") == NEW
    assert tables_of(path) == {"detail", "befunde", "eins", "zwei"}


def lists_of(path: Path) -> dict[str, list]:
    """Return what a GeoPackage knows of its tables."""
    with closing(sqlite3.connect(path)) as connection:
        names = ("gpkg_contents", "gpkg_geometry_columns", "gpkg_ogr_contents", "gpkg_extensions")
        found = {name: connection.execute(f"SELECT table_name FROM {name}").fetchall() for name in names}
        found["objects"] = connection.execute("SELECT name FROM sqlite_master").fetchall()
        found["styles"] = connection.execute(
            "SELECT f_table_name, styleName, useAsDefault FROM layer_styles"
        ).fetchall()
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    return {name: sorted(map(str, rows)) for name, rows in found.items()}


def test_a_geopackage_knows_of_nothing_but_the_finished_table(tmp_path):
    """Lists, index, triggers and styles are those of a file in which the table was never replaced."""
    once, twice = tmp_path / "einmal.gpkg", tmp_path / "zweimal.gpkg"
    for path in (once, twice):
        written(as_table(path, "andere"), styled=True)
    Writing({"OUTPUT": as_table(once, "neu")}).write().finish({"OUTPUT": STYLE})
    written(as_table(twice, "Neu"), styled=True)
    Writing({"OUTPUT": as_table(twice, "neu")}).write().discard()
    Writing({"OUTPUT": as_table(twice, "neu")}).write().finish({"OUTPUT": STYLE})
    assert lists_of(twice) == lists_of(once)
    found = QgsVectorLayer(f"{twice}|layername=neu", "x", "ogr")
    assert found.extent().xMaximum() == 52.0
    found.selectByRect(found.extent())
    assert found.selectedFeatureCount() == 3
    assert found.renderer().type() == "categorizedSymbol"


def test_styles_of_the_user_stay_but_do_not_show(tmp_path):
    path = tmp_path / "x.gpkg"
    address = written(as_table(path, "neu"))
    error = QgsVectorLayer(address, "x", "ogr").saveStyleToDatabase("eigener", "", True, "")
    assert not error
    Writing({"OUTPUT": as_table(path, "neu")}).write().finish({"OUTPUT": STYLE})
    assert lists_of(path)["styles"] == ["('neu', 'eigener', 0)", f"('neu', '{STYLE}', 1)"]


def test_a_table_that_a_killed_run_left_is_removed_and_others_of_such_a_name_stay(tmp_path):
    path = tmp_path / "x.gpkg"
    saved(layer([box(0, 0, 1, 1)], {"id": ["bleibt"]}), path, "gruene_infra_entwurf_meiner")
    child = os.fork()
    if child == 0:
        with suppress(BaseException):
            outputs = Writing({"OUTPUT": as_table(path, "neu")}).write()
            outputs.close()
            os.kill(os.getpid(), signal.SIGKILL)
        os._exit(0)
    assert os.waitpid(child, 0)[1] == signal.SIGKILL
    assert len(tables_of(path)) == 2
    working = Writing({"OUTPUT": as_table(path, "anderswo")})
    working.write()
    assert len(tables_of(path)) == 2, "the left draft has given way to that of a run at work"
    written(as_table(path, "neu"))
    assert working.outputs.finish()
    assert tables_of(path) == {"gruene_infra_entwurf_meiner", "neu", "anderswo"}
    assert files_in(tmp_path) == {"x.gpkg"}


def test_a_draft_is_not_taken_for_left_through_a_link(tmp_path):
    path, link = tmp_path / "x.gpkg", tmp_path / "anderswo" / "verweis.gpkg"
    written(as_table(path, "andere"))
    link.parent.mkdir()
    link.symlink_to(path)
    working = Writing({"OUTPUT": as_table(link, "eins")})
    working.write()
    written(as_table(path, "zwei"))
    assert working.outputs.finish() == {"OUTPUT": f"{link}|layername=eins"}
    assert tables_of(path) == {"andere", "eins", "zwei"}
    assert link.is_symlink()


# -- PostgreSQL -----------------------------------------------------------------------------------------


@pytest.fixture
def schema(postgres) -> Iterator[str]:
    """An empty schema with an awkward name."""
    postgres.execute('CREATE SCHEMA "Ergebnisse: $1 ä"')
    yield "Ergebnisse: $1 ä"
    postgres.execute('DROP SCHEMA "Ergebnisse: $1 ä" CASCADE')


@pytest.fixture
def in_database(postgres, schema):
    """Return the destination of a table in the schema."""

    def destination(table: str, prefix: str = "postgres://", geometry: str = " (geom)") -> str:
        return f'{prefix}{postgres.dsn()} table="{schema}"."{table}"{geometry}'

    return destination


@pytest.fixture
def tables_in_schema(postgres, schema):
    sql = "SELECT tablename FROM pg_tables WHERE schemaname = %s"
    return lambda: {name for (name,) in postgres.execute(sql, schema)}


@pytest.mark.parametrize("prefix", ["postgres://", "postgis:"])
def test_a_table_in_postgresql_stays_until_the_new_one_is_whole(prefix, in_database, tables_in_schema):
    destination, address = in_database("x y", prefix), in_database("x y")
    Writing({"OUTPUT": destination}).write().discard()
    assert tables_in_schema() == set()

    assert written(destination) == destination
    assert ids(address) == OLD
    Writing({"OUTPUT": destination}).write().discard()
    assert ids(address) == OLD
    assert Writing({"OUTPUT": destination}).write().finish() == {"OUTPUT": destination}
    assert ids(address) == NEW
    assert tables_in_schema() == {"x y"}


def test_a_table_without_a_schema_goes_where_qgis_puts_it(postgres):
    destination = f'postgres://{postgres.dsn()} table="ohne_schema" (geom)'
    for _ in range(2):
        assert written(destination) == destination
    assert postgres.execute("SELECT count(*) FROM public.ohne_schema") == [(2,)]
    postgres.execute("DROP TABLE public.ohne_schema")


def test_what_cannot_be_replaced_in_postgresql_is_said_before_the_work(postgres, schema, in_database):
    destination = in_database("x")
    written(destination)
    postgres.execute(f'CREATE VIEW "{schema}".sicht AS SELECT * FROM "{schema}".x')
    with pytest.raises(QgsProcessingException, match="other objects depend on it"):
        Writing({"OUTPUT": destination}).open()
    with pytest.raises(QgsProcessingException, match="nirgends"):
        Writing({"OUTPUT": destination.replace(schema, "nirgends")}).open()
    assert ids(destination) == OLD


def test_a_draft_in_postgresql_is_removed_when_it_is_old(postgres, schema, in_database, tables_in_schema):
    recent, old = (f"{TABLE}{seconds:x}_0123456789ab" for seconds in (2**33, 2**30))
    for name in (recent, old, "gruene_infra_entwurf_meiner"):
        postgres.execute(f'CREATE TABLE "{schema}"."{name}" (a int)')
    written(in_database("x"))
    assert tables_in_schema() == {recent, "gruene_infra_entwurf_meiner", "x"}


TYPES = QMetaType.Type
VALUES = {
    TYPES.Int: (0, 7),
    TYPES.LongLong: (0, 2**40),
    TYPES.Double: (0.0, 0.5),
    TYPES.Bool: (False, True),
    TYPES.QString: ("", "0"),
    TYPES.QDate: (QDate(2026, 1, 1), QDate(1999, 12, 31)),
}
"""What a column of a type may hold: what Qt may take for its NULL, and something else."""
ORDERS = (
    (0, None, 0, None),
    (None, 0, None, 0),
    (0, None, 1, None),
    (None, 1, 0, None),
    (1, 0, None, 0),
    (None, None, 0, 1),
    (None, None, None, None),
    (0, 0, 0, 0),
)
"""Rows: NULL, or which of the values."""


@pytest.mark.parametrize("null", [None, NULL])
@pytest.mark.parametrize("order", ORDERS)
def test_null_and_zero_stay_apart_in_postgresql(order, null, in_database):
    fields = fields_of({f"spalte_{number}": kind for number, kind in enumerate(VALUES)})
    rows = [[null if which is None else values[which] for values in VALUES.values()] for which in order]
    writing = Writing({"OUTPUT": in_database("null", geometry="")})
    writing.outputs.open("OUTPUT", fields, Qgis.WkbType.NoGeometry, QgsCoordinateReferenceSystem())
    for row in rows:
        writing.outputs.add("OUTPUT", row)
    address = str(writing.outputs.finish()["OUTPUT"])
    uri = QgsDataSourceUri(address.removeprefix("postgres://"))
    stored = QgsVectorLayer(uri.uri(False), "x", "postgres")
    found = [row.attributes()[1:] for row in stored.getFeatures()]
    assert [[None if value == NULL else value for value in row] for row in found] == [
        [None if value == NULL else value for value in row] for row in rows
    ]


@pytest.mark.parametrize("others", [0, 500])
def test_a_field_that_cannot_hold_its_value_is_named_in_postgresql_too(others, in_database, tables_in_schema):
    """QGIS sends many rows together, and says of all of them that they were not stored."""
    fields = QgsFields()
    fields.append(QgsField("kuerzel", QMetaType.Type.QString, "", 3))
    writing = Writing({"OUTPUT": in_database("kurz", geometry="")})
    writing.outputs.open("OUTPUT", fields, Qgis.WkbType.NoGeometry, QgsCoordinateReferenceSystem())
    with pytest.raises(QgsProcessingException) as caught:
        for text in ["abc"] * others + ["zu lang"] + ["abc"] * others:
            writing.outputs.add("OUTPUT", [text])
        writing.outputs.finish()
    assert "the field “kuerzel” cannot hold “zu lang”" in str(caught.value)
    writing.outputs.discard()
    assert tables_in_schema() == set()
