"""The algorithm export_register: what it writes, in every format, and that it can be imported again."""

from __future__ import annotations

import datetime as dt

import pytest
from gruene_infra.gruene_infra_plugin.methods.parcels.space_types import SpaceType
from gruene_infra.gruene_infra_plugin.register.model import Project, Role, Status
from gruene_infra.gruene_infra_plugin.register.store import Register
from osgeo import gdal, ogr

from .registers import key, parcel

NOTE = "=1+2; Böschung, „Ufer“"
COLUMNS = ["flstkennz", "ags", "gemeinde", "flaeche_m2", "handlungsziel", "raumtyp", "rolle", "status"]


@pytest.fixture
def filled(register):
    """Two parcels: one in two goals with a note that looks like a formula, one in a project."""
    project = register.add_project(Project("Emscherumbau (Süd)"))
    first, second = parcel(1, ags="05113000", municipality="Mülheim"), parcel(2)
    register.assign([first], [2, 19], Role.POTENTIAL, Status.PLANNED, note=NOTE, evidence="-5 °C")
    register.assign([second], [22], Role.MEASURE, project=project.id, algorithm="hz22", note="'=x")
    register.set_space_type([first], SpaceType.INNER_CITY)
    return register


def test_a_row_per_parcel_and_goal(run, filled, where):
    rows = run("export_register", **where).rows()
    assert [list(row)[:8] for row in rows] == [COLUMNS] * 3
    assert [[row[name] for name in COLUMNS] for row in rows] == [
        [key(1), "05113000", "Mülheim", 10_000.0, 2, "Innenstadt", "Potenzial", "geplant"],
        [key(1), "05113000", "Mülheim", 10_000.0, 19, "Innenstadt", "Potenzial", "geplant"],
        [key(2), None, None, 10_000.0, 22, None, "Maßnahme", "Idee"],
    ]
    assert [row["projekt"] for row in rows] == [None, None, "Emscherumbau (Süd)"]
    assert [row["notiz"] for row in rows] == [NOTE, NOTE, "'=x"]
    assert "wer" not in rows[0]


def test_a_row_per_parcel_lists_goals_and_says_of_which_goals_the_rest_holds(run, filled, where):
    filled.assign([parcel(1)], [13, 22], Role.STOCK, evidence="Plan 7")
    (project,) = filled.projects()
    filled.assign([parcel(1)], [13], Role.MEASURE, project=project.id)
    rows = run("export_register", MODE="parcels", WITH_WHO=True, **where).rows()
    names = (
        "flstkennz",
        "flaeche_m2",
        "handlungsziele",
        "rolle",
        "status",
        "projekt",
        "beleg",
        "algorithmus",
    )
    assert [tuple(row[name] for name in names) for row in rows] == [
        (
            key(1), 10_000.0, "2, 13, 19, 22", "2, 19: Potenzial; 13: Maßnahme; 13, 22: Bestand",
            "2, 19: geplant; 13, 22: Idee", "13: Emscherumbau (Süd)", "2, 19: -5 °C; 13, 22: Plan 7", None,
        ),
        (key(2), 10_000.0, "22", "Maßnahme", "Idee", "Emscherumbau (Süd)", None, "hz22"),
    ]  # fmt: skip
    assert all(row["wer"] and row["wann"] for row in rows)


@pytest.mark.parametrize(
    ("given", "goals"),
    [
        ({"GOALS": "19, HZ 22"}, [19, 22]),
        ({"RAUMTYP": "Innenstadt"}, [2, 19]),
        ({"PROJECT": "Emscherumbau (Süd)"}, [22]),
        ({"STATUS": "geplant"}, [2, 19]),
        ({"STATUS": "geplant", "GOALS": "22"}, []),
    ],
)
def test_filters_hold_together(run, filled, where, given, goals):
    assert [row["handlungsziel"] for row in run("export_register", **given, **where).rows()] == goals


def test_who_and_when_only_if_asked_for_and_the_last_one(run, filled, site, where):
    site.let_write("Bert")
    site.clock.forward(days=1)
    other = site.open("Bert")
    (record,) = other.assignments(hz=2)
    given = {"status": Status.DONE, "seen": {record.row: record.version}}
    other.assign([parcel(1)], [2], Role.POTENTIAL, **given)
    rows = run("export_register", WITH_WHO=True, **where).rows()
    anna, bert = site.role("Anna"), site.role("Bert")
    days = [dt.datetime.fromisoformat(row["wann"]).day for row in rows]
    assert list(zip([row["wer"] for row in rows], days, strict=True)) == [(bert, 2), (anna, 1), (anna, 1)]


FORMATS = ["gpkg", "geojson", "csv", "xlsx", "ods"]


@pytest.mark.parametrize("ending", FORMATS)
def test_every_format_opens_again_with_the_same_values(run, filled, where, tmp_path, ending):
    path = tmp_path / f"Grüne Ziele.{ending}"
    run("export_register", OUTPUT=str(path), **where)
    source = gdal.OpenEx(str(path), gdal.OF_VECTOR)
    assert source.GetLayerCount() == 1
    rows = list(source.GetLayer(0))
    marked = ending in ("csv", "xlsx", "ods")
    assert [row.GetField("flstkennz") for row in rows] == [key(1), key(1), key(2)]
    assert [row.GetField("gemeinde") or None for row in rows] == ["Mülheim", "Mülheim", None]
    assert [row.GetField("rolle") for row in rows] == ["Potenzial", "Potenzial", "Maßnahme"]
    assert [float(row.GetField("flaeche_m2")) for row in rows] == [10_000.0] * 3
    assert [int(row.GetField("handlungsziel")) for row in rows] == [2, 19, 22]
    assert rows[0].GetField("notiz") == ("'" if marked else "") + NOTE
    assert rows[0].GetField("beleg") == ("'" if marked else "") + "-5 °C"
    shapes = [row.GetGeometryRef() for row in rows]
    if marked:
        assert shapes == [None] * 3
    else:
        assert [ogr.Geometry(wkb=bytes(s.ExportToWkb())).GetArea() for s in shapes] == [
            pytest.approx(10_000.0, rel=1e-3)
        ] * 3


@pytest.mark.parametrize("mode", ["goals", "parcels"])
@pytest.mark.parametrize("ending", FORMATS)
def test_what_is_exported_gives_the_same_assignments_in_a_fresh_register(
    run, filled, where, tmp_path, ending, mode
):
    path = tmp_path / f"Grüne Ziele.{ending}"
    run("export_register", MODE=mode, OUTPUT=str(path), **where)
    fresh = tmp_path / "frisch.gpkg"
    Register.create(fresh).close()
    run("import_assignments", LIST=str(path), CREATE_PROJECTS=True, REGISTER=str(fresh))
    found = Register.open(fresh)
    assert found.assignments() == filled.assignments()
    assert [known.area_m2 for known in found.parcels()] == [10_000.0, 10_000.0]
    assert [project.name for project in found.projects()] == ["Emscherumbau (Süd)"]
    found.close()


def test_an_empty_register_gives_an_empty_layer_and_says_so(run, register, where):
    found = run("export_register", **where)
    assert found.rows() == []
    assert "no such assignment" in found.log.text
