"""What users give the register's algorithms by mistake or on purpose, in both databases."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest
from gruene_infra.gruene_infra_plugin.register import geopackage
from gruene_infra.gruene_infra_plugin.register.model import Project, Role
from gruene_infra.gruene_infra_plugin.register.store import Register
from qgis.core import QgsProcessingException, QgsProcessingFeatureSourceDefinition, QgsProject

from ...layer_factory import box, layer
from ..every.bad_input import NASTY
from .registers import key, parcels
from .test_assign_parcels import plots

NOBODY = 65534
READING_OR_WRITING = {
    "assign_parcels": {"GOALS": "2"},
    "unassign_parcels": {},
    "set_space_type": {"RAUMTYP": "Landschaft"},
    "check_register": {},
}
"""Algorithms that take PARCELS, with what else they need."""


def keyed(*keys):
    return layer(
        [box(20 * n, 0, 10, 10) for n in range(len(keys))], {"flstkennz": list(keys)}, name="flurstuecke"
    )


# -- keys ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("delivered", "stored"),
    [
        ("  051234-007-1  ", key(1)),
        ("05 1234 007 00001", key(1)),
        ('"051234-007-1"', key(1)),
        ("„051234-007-1“", key(1)),
        ("051234007000010000__", key(1)),
        ("flur 7/abc'x", "FLUR 7/ABC'X"),
        ("x1'); DROP TABLE zuordnung; --", "X1'); DROP TABLE ZUORDNUNG; --"),
        ("<b>1</b>", "<B>1</B>"),
        ("ß1" * 16, "SS1" * 16),
    ],
)
def test_a_key_in_any_way_of_writing_is_found_again(run, register, site, where, delivered, stored):
    run("assign_parcels", PARCELS=keyed(delivered), GOALS="2", **where)
    run("assign_parcels", PARCELS=keyed(delivered), GOALS="19", **where)
    (found,) = site.open().parcels()
    assert (found.key.key, found.key.delivered) == (stored, delivered)
    assert [row.hz for row in site.open().assignments(keys=[stored])] == [2, 19]
    assert run("unassign_parcels", PARCELS=keyed(delivered), **where).results["COUNT"] == 2


@pytest.mark.parametrize("bad", [None, "", "   ", "x" * 10_000, "1" * 65, "abc", "1\n2", "1\u202e2", "____"])
@pytest.mark.parametrize("algorithm", READING_OR_WRITING)
def test_what_is_no_key_stops_the_run_and_is_shown_shortened(run, register, site, where, algorithm, bad):
    with pytest.raises(QgsProcessingException, match=r"flurstuecke.*1 keys are no") as caught:
        run(algorithm, PARCELS=keyed("051234-007-1", bad), **READING_OR_WRITING[algorithm], **where)
    assert len(str(caught.value)) < 300
    assert (site.open().parcels(), site.count("verlauf")) == ([], 0)


def test_a_key_that_comes_several_times_is_one_parcel(run, register, site, where):
    twice = keyed("051234-007-1", "05 1234-007-00001/0000", "051234-007-1")
    assert run("assign_parcels", PARCELS=twice, GOALS="2", **where).results["COUNT"] == 1
    assert [(parcel.key.key, parcel.area_m2) for parcel in site.open().parcels()] == [(key(1), 300.0)]


@pytest.mark.parametrize("keys", ["051234-007-1, " + "x" * 10_000, "nichts", "051234-007-1; 1\x002"])
def test_a_list_of_keys_with_a_wrong_one_removes_nothing(run, register, site, where, keys):
    register.assign(parcels(1), [2], Role.POTENTIAL)
    with pytest.raises(QgsProcessingException, match="KEYS: 1 keys are no") as caught:
        run("unassign_parcels", KEYS=keys, **where)
    assert len(str(caught.value)) < 300
    assert len(site.open().assignments()) == 1


# -- names that try something ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "nasty", [*NASTY, "Robert'); DROP TABLE zuordnung;--", "%s ? $1 :name", "a" * 10_000]
)
def test_names_and_notes_are_kept_as_they_are(run, register, site, where, nasty):
    register.add_project(Project(nasty))
    said = {"PROJECT": nasty, "NOTE": nasty, "EVIDENCE": nasty, "WHO": nasty}
    run("assign_parcels", PARCELS=plots([1]), GOALS="2", **said, **where)
    found = site.open()
    (row,) = found.assignments()
    assert (row.note, row.evidence) == (nasty, nasty)
    assert [project.name for project in found.projects()] == [nasty]
    (then,) = run("register_at", DAY="2100-01-01", **where).rows()
    assert (then["projekt"], then["notiz"]) == (nasty, nasty)
    assert run("unassign_parcels", KEYS=key(1), PROJECT=nasty, **where).results["COUNT"] == 1
    site.assert_sound()


@pytest.mark.parametrize("nasty", NASTY)
def test_a_project_that_is_not_there_is_named_as_it_was_typed(run, register, where, nasty):
    with pytest.raises(QgsProcessingException) as caught:
        run("unassign_parcels", KEYS=key(1), PROJECT=nasty, **where)
    assert nasty in str(caught.value)


# -- the register's place --------------------------------------------------------------------------------


@pytest.mark.parametrize("algorithm", [*READING_OR_WRITING, "undo_register", "register_at"])
def test_a_register_of_a_newer_version_is_refused(run, register, site, where, algorithm):
    register.close()
    site.execute("UPDATE meta SET wert = '99' WHERE schluessel = 'schema'")
    given = (
        {"PARCELS": plots([1]), **READING_OR_WRITING[algorithm]} if algorithm in READING_OR_WRITING else {}
    )
    with pytest.raises(QgsProcessingException, match="schema version 99"):
        run(algorithm, **given, **where)
    assert site.count("flurstueck") == 0


def test_where_there_is_no_register_it_says_so(run, site, where, tmp_path):
    with pytest.raises(QgsProcessingException, match=r"register|exist"):
        run("assign_parcels", PARCELS=plots([1]), GOALS="2", **where)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("site", ["gpkg"], indirect=True)
def test_a_read_only_file_is_read_and_not_written(run, register, site, where, monkeypatch):
    register.assign(parcels(1), [2], Role.POTENTIAL)
    register.close()
    opened = geopackage.spatialite_connect

    def read_only(path, **options):
        connection = opened(path, **options)
        connection.execute("PRAGMA query_only = ON")
        return connection

    monkeypatch.setattr(geopackage, "spatialite_connect", read_only)
    with pytest.raises(QgsProcessingException, match="can only be read"):
        run("unassign_parcels", KEYS=key(1), **where)
    assert run("check_register", **where).rows() == []
    monkeypatch.undo()
    assert len(site.open().assignments()) == 1


@pytest.fixture
def locked_folder():
    """A folder that the running process may read and not write; root steps down to nobody for that."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        user = os.geteuid()
        folder.chmod(0o555)
        if user == 0:
            os.seteuid(NOBODY)
        yield folder
        os.seteuid(user)
        folder.chmod(0o700)


def test_a_read_only_folder_is_said(run, locked_folder):
    with pytest.raises(QgsProcessingException, match="can only be read"):
        run("create_register", REGISTER=str(locked_folder / "r.gpkg"))
    assert list(locked_folder.iterdir()) == []


@pytest.mark.parametrize("path", ["\\\\server\\planung\\register.gpkg", "//server/planung/register.gpkg"])
@pytest.mark.parametrize("algorithm", ["create_register", "assign_parcels"])
def test_a_network_path_is_refused_with_the_way_out(run, algorithm, path):
    given = {} if algorithm == "create_register" else {"PARCELS": plots([1]), "GOALS": "2"}
    with pytest.raises(QgsProcessingException, match=r"network drive.*PostgreSQL"):
        run(algorithm, REGISTER=path, **given)


def test_umlauts_and_quotes_in_the_path_are_no_trouble(run, tmp_path):
    folder = tmp_path / "Grüne Städte & 'Höfe' (neu)"
    folder.mkdir()
    place = {"REGISTER": str(folder / "Flurstücke ß.gpkg")}
    run("create_register", **place)
    assert run("assign_parcels", PARCELS=plots([1]), GOALS="2", **place).results["COUNT"] == 1
    assert [row["flurstueck"] for row in run("register_at", **place).rows()] == [key(1)]


def test_a_register_that_is_there_is_not_created_again(run, register, site, where):
    register.assign(parcels(1), [2], Role.POTENTIAL)
    with pytest.raises(QgsProcessingException, match="already"):
        run("create_register", **where)
    assert len(site.open().assignments()) == 1


# -- selections ------------------------------------------------------------------------------------------


def test_a_selection_across_two_municipalities_keeps_each_its_own(run, register, site, where):
    towns = {"ags": ["05113000", "05113000", "05913000"], "gemeinde": ["Essen", "Essen", "Dortmund"]}
    plan = plots([1, 2, 3], **towns)
    QgsProject.instance().addMapLayer(plan)
    plan.selectByIds([feature.id() for feature in plan.getFeatures()][1:])
    chosen = QgsProcessingFeatureSourceDefinition(plan.id(), selectedFeaturesOnly=True)
    run("assign_parcels", PARCELS=chosen, GOALS="2", **where)
    found = [(parcel.key.key, parcel.ags, parcel.municipality) for parcel in site.open().parcels()]
    assert found == [(key(2), "05113000", "Essen"), (key(3), "05913000", "Dortmund")]
    assert run("unassign_parcels", PARCELS=chosen, **where).results["COUNT"] == 2


# -- outputs ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("table", [None, "zuordnung", "VERLAUF", "neu"])
@pytest.mark.parametrize(
    ("algorithm", "output"),
    [
        ("check_register", "OUTPUT"),
        ("export_register", "OUTPUT"),
        ("import_assignments", "OUTPUT"),
        ("reconcile_register", "OUTPUT"),
        ("register_at", "OUTPUT"),
        ("register_indicators", "SUMMARY"),
    ],
)
def test_no_output_goes_into_the_register_that_is_read(run, tmp_path, algorithm, output, table):
    path = tmp_path / "Büro.gpkg"
    register = Register.create(path)
    register.assign(parcels(1, 2), [2], Role.POTENTIAL)
    before, history = register.assignments(), len(register.actions())
    register.close()
    given = {
        "import_assignments": {"LIST": plots([3], hz=[2])},
        "reconcile_register": {"PARCELS": plots([1, 2])},
        "register_at": {"DATE": "2026-01-01"},
    }.get(algorithm, {})
    where = str(path) if table is None else f"ogr:dbname='{path}' table=\"{table}\" (geom)"
    with pytest.raises(QgsProcessingException, match=f"{output} would overwrite REGISTER"):
        run(algorithm, REGISTER=str(path), **given, **{output: where})
    register = Register.open(path)
    assert (register.assignments(), len(register.actions())) == (before, history)
    register.close()
