"""Edits by hand in the register's layers reach the panel, each once."""

from __future__ import annotations

import pytest
from gruene_infra.gruene_infra_plugin.dock.hand_edits import HandEdits
from gruene_infra.gruene_infra_plugin.register.layers import layers_of, register_layers
from gruene_infra.gruene_infra_plugin.register.model import Role, Status
from gruene_infra.gruene_infra_plugin.register.store import Register
from qgis.core import QgsProject

from ..layer_factory import box, layer
from .conftest import KEYS
from .test_workbench import ALKIS


@pytest.fixture
def counted(workbench):
    """Count how often the panel is told."""
    told = []
    workbench.register_changed.connect(lambda: told.append(1))
    return told


@pytest.fixture
def edits(workbench):
    made = HandEdits(workbench, QgsProject.instance())
    yield made
    made.deleteLater()


@pytest.fixture
def open_site(register, site, workbench, parcels, settled):
    """A register in each database with one assignment that is selected."""
    workbench.open_register(site.place)
    workbench.set_parcels(parcels)
    parcels.selectByIds([1])
    settled()
    record = workbench.selection.parcels.records
    register.assign(record, [2], Role.MEASURE)
    workbench.announce_change()
    settled()
    return site


def shown(workbench, site):
    group = register_layers(site.place, QgsProject.instance(), workbench.strategy)
    return layers_of(group)


def set_status(layer, value, *, stop=True):
    if not layer.isEditable():
        assert layer.startEditing()
    feature = next(layer.getFeatures())
    assert layer.changeAttributeValue(feature.id(), layer.fields().indexOf("status"), value)
    assert layer.commitChanges(stop)


def test_a_saved_edit_is_seen_by_the_panel_once(open_site, workbench, edits, counted, settled):
    layers = shown(workbench, open_site)
    counted.clear()
    set_status(layers["zuordnung"], "umgesetzt")
    settled()
    assert [record.status for record in workbench.selection.assignments] == [Status.DONE]
    settled()
    assert len(counted) == 1


def test_layers_that_were_there_before_are_watched(open_site, workbench, counted, settled):
    layers = shown(workbench, open_site)
    made = HandEdits(workbench, QgsProject.instance())
    counted.clear()
    set_status(layers["zuordnung"], "geplant")
    settled()
    assert len(counted) == 1
    made.close()
    set_status(layers["zuordnung"], "Idee")
    settled()
    assert len(counted) == 1


def test_saving_without_ending_the_edits_counts_too(open_site, workbench, edits, counted, settled):
    layers = shown(workbench, open_site)
    counted.clear()
    set_status(layers["zuordnung"], "umgesetzt", stop=False)
    settled()
    assert [record.status for record in workbench.selection.assignments] == [Status.DONE]
    assert layers["zuordnung"].isEditable()
    layers["zuordnung"].rollBack()
    settled()
    assert len(counted) == 1


def test_edits_that_are_given_up_are_none(place, workbench, edits, counted, settled):
    workbench.open_register(place)
    settled()
    group = register_layers(place, QgsProject.instance(), workbench.strategy)
    assert layers_of(group)["projekt"].startEditing()
    assert layers_of(group)["projekt"].rollBack()
    settled()
    assert counted == []


def test_other_layers_do_not_count(parcels, workbench, place, edits, counted, settled):
    workbench.open_register(place)
    settled()
    assert parcels.startEditing()
    assert parcels.deleteFeature(next(parcels.getFeatures()).id())
    assert parcels.commitChanges()
    settled()
    assert counted == []


def test_removed_layers_and_a_closed_project_leave_nothing_behind(place, workbench, edits, settled):
    workbench.open_register(place)
    settled()
    group = register_layers(place, QgsProject.instance(), workbench.strategy)
    QgsProject.instance().removeMapLayer(layers_of(group)["zuordnung"])
    QgsProject.instance().clear()
    other = layer([box(0, 0, 1, 1)], {"flstkennz": [KEYS[0]]})
    QgsProject.instance().addMapLayer(other)
    edits.close()
    settled()
    assert Register.open(place).assignments() == []


def test_layers_of_a_project_that_is_opened_are_watched(
    place, workbench, edits, counted, settled, tmp_path, parcels
):
    project = QgsProject.instance()
    workbench.open_register(place)
    workbench.set_parcels(parcels)
    parcels.selectByIds([1])
    settled()
    workbench.write(
        lambda register, _choices: register.assign(workbench.selection.parcels.records, [2], Role.MEASURE)
    )
    settled()
    register_layers(place, project, workbench.strategy)
    assert project.write(str(tmp_path / "p.qgz"))
    project.clear()
    assert project.read(str(tmp_path / "p.qgz"))
    counted.clear()
    (assignments,) = project.mapLayersByName("Assignments")
    set_status(assignments, "umgesetzt")
    settled()
    assert len(counted) == 1
    (record,) = Register.open(place).assignments()
    assert (record.parcel, record.status) == (ALKIS[0], Status.DONE)
