"""The workbench: the register and the selection in the background, what goes wrong as a message."""

from __future__ import annotations

from functools import partial

import pytest
from gruene_infra.gruene_infra_plugin.dock.workbench import Workbench
from gruene_infra.gruene_infra_plugin.register import store
from gruene_infra.gruene_infra_plugin.register.geopackage import GeoPackage
from gruene_infra.gruene_infra_plugin.register.keys import parcel_key
from gruene_infra.gruene_infra_plugin.register.model import Project, Role, Side, Status
from gruene_infra.gruene_infra_plugin.register.postgis import PostgresPlace
from gruene_infra.gruene_infra_plugin.register.store import Register
from gruene_infra.gruene_infra_plugin.strategy import load_strategy
from qgis.core import Qgis, QgsApplication, QgsProject
from qgis.utils import spatialite_connect

from ..layer_factory import box, layer, reprojected
from .conftest import KEYS

ALKIS = tuple(parcel_key(key).key for key in KEYS)


def test_the_selection_is_read_with_what_the_register_says(workbench, settled, place, parcels):
    workbench.open_register(place)
    workbench.set_parcels(parcels)
    parcels.selectByIds([1, 2, 3])
    settled()
    assert workbench.selection.keys == ALKIS[:3]
    assert workbench.selection.area_m2 == 30_000.0
    assert workbench.selection.municipalities == ("Musterstadt",)
    assert workbench.selection.assignments == ()


def test_a_write_is_seen_by_the_selection_and_by_others(workbench, settled, place, parcels, qtbot):
    workbench.open_register(place)
    workbench.set_parcels(parcels)
    parcels.selectByIds([1, 2])
    settled()
    records = workbench.selection.parcels.records
    with qtbot.waitSignal(workbench.register_changed):
        workbench.write(lambda register, choices: register.assign(records, [2], Role.MEASURE, None))
    settled()
    assert workbench.selection.carrying[2] == 2
    found = Register.open(place).assignments()
    assert [(record.parcel, record.hz, record.status) for record in found] == [
        (ALKIS[0], 2, Status.IDEA),
        (ALKIS[1], 2, Status.IDEA),
    ]


@pytest.fixture
def said(workbench):
    """What the workbench says, in order."""
    texts = []
    workbench.said.connect(lambda text, level: texts.append((text, level)))
    return texts


def select(layer, count):
    layer.selectByIds(sorted(layer.allFeatureIds())[:count])


def test_features_without_a_key_or_geometry_are_counted(workbench, settled, place):
    squares = [box(0, 0, 10, 10), box(10, 0, 10, 10), None, box(30, 0, 10, 10)]
    given = layer(squares, {"flstkennz": [KEYS[0], "no digit", KEYS[2], None]})
    workbench.open_register(place)
    workbench.set_parcels(given)
    given.selectAll()
    settled()
    found = workbench.selection.parcels
    assert [record.key.key for record in found.records] == [ALKIS[0]]
    assert (found.refused, found.unusable) == (2, 1)
    QgsProject.instance().removeAllMapLayers()


def test_a_layer_in_degrees_is_measured_in_the_registers_crs(workbench, settled, place):
    given = reprojected(layer([box(0, 0, 100, 100)], {"flstkennz": KEYS[:1]}), "EPSG:4326")
    workbench.open_register(place)
    workbench.set_parcels(given)
    given.selectAll()
    settled()
    assert workbench.selection.area_m2 == pytest.approx(10_000.0, abs=0.01)


def test_a_layer_without_a_known_key_waits_for_one(workbench, settled, place):
    given = layer([box(0, 0, 10, 10)], {"nummer": KEYS[:1]})
    workbench.open_register(place)
    workbench.set_parcels(given)
    given.selectAll()
    settled()
    assert workbench.parcels.fields is None
    assert workbench.selection.keys == ()
    workbench.set_parcels(given, "nummer")
    settled()
    assert workbench.selection.keys == ALKIS[:1]


def test_removing_the_layer_is_said_and_nothing_is_lost(workbench, settled, place, parcels, said):
    workbench.open_register(place)
    workbench.set_parcels(parcels)
    select(parcels, 3)
    settled()
    records = workbench.selection.parcels.records
    workbench.write(lambda register, choices: register.assign(records, [2], Role.MEASURE))
    QgsProject.instance().removeMapLayer(parcels.id())
    settled()
    assert workbench.parcels is None
    assert workbench.selection.keys == ()
    assert said[0][1] == Qgis.MessageLevel.Warning
    assert len(Register.open(place).assignments()) == 3


def test_closing_the_project_while_a_selection_is_read_ends_in_words(
    workbench, settled, place, parcels, said
):
    workbench.open_register(place)
    workbench.set_parcels(parcels)
    settled()
    select(parcels, 6)
    workbench.read_selection()
    QgsProject.instance().clear()
    settled()
    assert workbench.parcels is None
    assert workbench.selection.keys == ()


def test_a_write_that_waits_is_done_when_the_workbench_closes(settled, place, parcels, qtbot):
    bench = Workbench(QgsProject.instance(), load_strategy())
    bench.open_register(place)
    bench.set_parcels(parcels)
    select(parcels, 6)
    qtbot.waitUntil(lambda: len(bench.selection.keys) == 6 and not bench.busy)
    records = bench.selection.parcels.records
    for hz in (2, 6, 19):
        bench.write(lambda register, choices, hz=hz: register.assign(records, [hz], Role.MEASURE))
    bench.close()
    assert {record.hz for record in Register.open(place).assignments()} == {2, 6, 19}


def test_a_write_that_fails_while_the_workbench_closes_stands_in_the_log(settled, place, qtbot, qgis_app):
    logged = []
    QgsApplication.messageLog().messageReceived.connect(lambda text, *_: logged.append(text))
    bench = Workbench(QgsProject.instance(), load_strategy())
    bench.open_register(place)
    qtbot.waitUntil(lambda: bench.place is not None and not bench.busy)
    for _ in range(2):
        bench.write(lambda register, choices: register.add_project(Project("Bachaue")))
    bench.close()
    assert [project.name for project in Register.open(place).projects()] == ["Bachaue"]
    assert any("Bachaue" in text for text in logged)


def test_what_somebody_else_wrote_is_said_and_shown(workbench, settled, place, parcels, said):
    workbench.open_register(place)
    workbench.set_parcels(parcels)
    select(parcels, 1)
    settled()
    records = workbench.selection.parcels.records
    workbench.look_for_news()
    settled()
    assert said == []
    Register.open(place, who="Berta").assign(records, [19], Role.STOCK)
    workbench.look_for_news()
    settled()
    assert "Berta" in said[0][0]
    assert workbench.selection.carrying == {19: 1}


def test_rows_changed_underneath_are_conflicted_and_decided(workbench, settled, place, parcels):
    undecided = []
    workbench.conflicted.connect(undecided.append)
    workbench.open_register(place)
    workbench.set_parcels(parcels)
    select(parcels, 1)
    settled()
    records, seen = workbench.selection.parcels.records, workbench.selection.seen
    Register.open(place, who="Berta").assign(records, [2], Role.MEASURE, Status.DONE)

    def work(register, choices):
        register.assign(records, [2], Role.MEASURE, Status.PLANNED, seen=seen, choices=choices)

    workbench.write(work)
    settled()
    assert [record.status for record in Register.open(place).assignments()] == [Status.DONE]
    (waiting,) = undecided
    workbench.decide(waiting, tuple(row.choose(Side.MINE) for row in waiting.conflict.conflicts))
    settled()
    assert [record.status for record in Register.open(place).assignments()] == [Status.PLANNED]


def test_a_register_that_another_qgis_is_writing_says_so_and_the_next_try_goes_through(
    workbench, settled, place, parcels, said, monkeypatch
):
    monkeypatch.setattr(store, "GeoPackage", partial(GeoPackage, busy_seconds=0.2))
    workbench.open_register(place)
    workbench.set_parcels(parcels)
    select(parcels, 1)
    settled()
    records = workbench.selection.parcels.records

    def work(register, choices):
        register.assign(records, [2], Role.MEASURE)

    other = spatialite_connect(str(place), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    workbench.write(work)
    settled()
    other.execute("ROLLBACK")
    other.close()
    assert [level for _, level in said] == [Qgis.MessageLevel.Warning]
    assert Register.open(place).assignments() == []
    workbench.write(work)
    settled()
    assert len(Register.open(place).assignments()) == 1


@pytest.mark.parametrize("site", ["postgis"], indirect=True)
def test_a_lost_connection_is_said_once_and_its_return_too(workbench, settled, site, parcels, said):
    site.create()
    site.let_write("Berta")
    place = PostgresPlace(dsn=site.server.dsn("berta"), schema=site.place.schema)
    workbench.open_register(place)
    workbench.set_parcels(parcels)
    select(parcels, 2)
    settled()
    assert workbench.place == place, said
    records = workbench.selection.parcels.records
    site.server.execute("ALTER ROLE berta NOLOGIN")
    for _ in range(3):
        workbench.look_for_news()
        settled()
    workbench.write(lambda register, choices: register.assign(records, [2], Role.MEASURE))
    settled()
    assert [level for _, level in said] == [Qgis.MessageLevel.Critical]
    site.server.execute("ALTER ROLE berta LOGIN")
    workbench.write(lambda register, choices: register.assign(records, [2], Role.MEASURE))
    settled()
    assert [level for _, level in said] == [Qgis.MessageLevel.Critical, Qgis.MessageLevel.Info]
    assert len(Register.open(place).assignments()) == 2


def test_what_is_no_register_is_said(workbench, settled, tmp_path, said):
    workbench.open_register(tmp_path / "nothing.gpkg")
    settled()
    assert workbench.place is None
    assert "nothing.gpkg" in said[0][0]


def test_an_unforeseen_error_is_a_message_and_stands_in_the_log(workbench, settled, place, said, qgis_app):
    logged = []
    QgsApplication.messageLog().messageReceived.connect(lambda text, *_: logged.append(text))
    workbench.open_register(place)
    settled()
    workbench.read("test", lambda register, feedback: 1 / 0, lambda result: None)
    settled()
    assert [level for _, level in said] == [Qgis.MessageLevel.Critical]
    assert any("ZeroDivisionError" in text for text in logged)


def test_reading_of_the_same_name_replaces_older_and_writing_never(workbench, settled, place):
    done = []
    workbench.open_register(place)
    settled()
    for number in range(5):
        workbench.read("same", lambda register, feedback, n=number: n, done.append)
    for number in range(3):
        workbench.write(lambda register, choices, n=number: n, lambda n: done.append(f"write {n}"))
    settled()
    assert done == [4, "write 0", "write 1", "write 2"]
