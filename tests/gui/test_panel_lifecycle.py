"""The whole panel comes and goes: what is closed or taken away in the middle leaves no trace."""

from __future__ import annotations

import threading

import pytest
from gruene_infra.gruene_infra_plugin.dock.background import Job
from gruene_infra.gruene_infra_plugin.dock.controller import PanelController
from gruene_infra.gruene_infra_plugin.dock.panel import Panel
from gruene_infra.gruene_infra_plugin.dock.workbench import BURST_MS
from gruene_infra.gruene_infra_plugin.register.keys import parcel_key
from gruene_infra.gruene_infra_plugin.register.layers import layers_of, register_layers
from gruene_infra.gruene_infra_plugin.register.model import Criteria, Role
from gruene_infra.gruene_infra_plugin.register.store import Register
from gruene_infra.gruene_infra_plugin.strategy import load_strategy
from qgis.core import Qgis, QgsApplication, QgsProject, QgsSettings
from qgis.gui import QgsGui, QgsHistoryEntry
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QDateTime, QEvent, Qt
from qgis.PyQt.QtWidgets import QApplication

from ..layer_factory import box, layer
from .conftest import KEYS

ALKIS = tuple(parcel_key(key).key for key in KEYS)
UNFORESEEN = "unforeseen"
GOAL_ROW = 1


@pytest.fixture
def project():
    made = QgsProject.instance()
    made.clear()
    QgsSettings().remove("gruene_infra")
    yield made
    made.clear()


@pytest.fixture
def logged():
    """What the plugin writes into QGIS's message log."""
    texts = []

    def keep(text, tag, _level):
        if tag == "Grüne Infrastruktur":
            texts.append(text)

    log = QgsApplication.messageLog()
    log.messageReceived.connect(keep)
    yield texts
    log.messageReceived.disconnect(keep)


@pytest.fixture
def panel(project, canvas, qtbot):
    made = Panel()
    made.controller = PanelController(made, canvas, project, load_strategy())
    made.said = []
    made.controller.workbench.said.connect(lambda text, level: made.said.append(text))
    made.resize(400, 800)
    made.show()
    yield made
    if not sip.isdeleted(made):
        made.controller.close()
        delete(made)


@pytest.fixture
def opened(panel, parcels, place, qtbot):
    """The panel with a register that holds all parcels, its layers in the project, and three selected."""
    with_parcels(place, parcels)
    bench = panel.controller.workbench
    bench.open_register(place)
    settle(panel, qtbot)
    register_layers(place, bench.project, bench.strategy)
    result_layer()
    parcels.selectByIds(sorted(parcels.allFeatureIds())[:3])
    for page in range(panel.pages.count()):
        panel.pages.setCurrentIndex(page)
        settle(panel, qtbot)
    panel.controller.painting.toggle(True, panel.controller.assign.page.paint_brush)
    return panel


def with_parcels(place, parcels):
    from gruene_infra.gruene_infra_plugin.dock.parcels import ParcelLayer
    from qgis.core import QgsProcessingFeedback

    reader = ParcelLayer(parcels).reader(sorted(parcels.allFeatureIds()))
    register = Register.open(place)
    register.assign(reader.read("EPSG:25832", QgsProcessingFeedback()).records, [2], Role.MEASURE)
    register.close()


def result_layer():
    """Roof faces as the analysis of goal 2 leaves them."""
    made = layer([box(10, 10, 30, 30)], {"hz02_potenzial": [1]}, name="ergebnis")
    QgsProject.instance().addMapLayer(made)
    return made


def settle(panel, qtbot):
    qtbot.wait(BURST_MS + 100)
    qtbot.waitUntil(lambda: not panel.controller.workbench.busy, timeout=20_000)


def delete(panel):
    panel.deleteLater()
    QApplication.sendPostedEvents(panel, QEvent.Type.DeferredDelete)
    assert sip.isdeleted(panel)


def entries(place):
    register = Register.open(place)
    found = [(action.kind, action.when) for action in register.actions()]
    register.close()
    return found


def stir(project, parcels, qtbot):
    """Change everything that the panel looks at: selection, layers, history, project."""
    parcels.selectAll()
    for edited in [one for one in project.mapLayers().values() if not one.readOnly()]:
        assert edited.startEditing()
        assert edited.commitChanges()
    parcels.setName("anders")
    extra = layer([box(0, 0, 10, 10)], {"flstkennz": KEYS[:1]}, name="weitere")
    project.addMapLayer(extra)
    qtbot.wait(BURST_MS + 100)
    project.removeMapLayer(extra.id())
    registry = QgsGui.historyProviderRegistry()
    registry.addEntry(QgsHistoryEntry("processing", QDateTime.currentDateTime(), {"algorithm_id": "x"}))
    project.removeMapLayer(parcels.id())
    qtbot.wait(BURST_MS + 100)
    project.clear()
    qtbot.wait(400)


@pytest.mark.parametrize("deleted", [True, False], ids=["and deleted", "and kept by somebody"])
def test_a_closed_panel_hears_nothing_more(opened, deleted, place, parcels, project, logged, qtbot):
    before, said = entries(place), opened.said
    opened.controller.close()
    if deleted:
        delete(opened)
    said.clear()
    project.setDirty(False)
    remembered = project.readEntry("gruene_infra", "parcel_layer")
    parcels.selectAll()
    qtbot.wait(BURST_MS + 100)
    assert not project.isDirty()
    assert project.readEntry("gruene_infra", "parcel_layer") == remembered
    stir(project, parcels, qtbot)
    assert said == []
    assert logged == []
    assert entries(place) == before
