"""Ten thousand selected parcels in a register of a million assignments: the window stays alive."""

from __future__ import annotations

import shutil
import time

import pytest
from gruene_infra.gruene_infra_plugin.dock.assign.controller import AssignController
from gruene_infra.gruene_infra_plugin.dock.assign.page import AssignPage
from gruene_infra.gruene_infra_plugin.dock.controller import PanelController
from gruene_infra.gruene_infra_plugin.dock.panel import Panel
from gruene_infra.gruene_infra_plugin.register.store import Register
from gruene_infra.gruene_infra_plugin.strategy import load_strategy
from qgis.core import QgsProject
from qgis.PyQt.QtCore import Qt, QTimer

from ..large_register import fill, key
from ..layer_factory import box, layer

PARCELS = 333_334
SELECTED = 10_000
LONGEST_PAUSE_SECONDS = 0.1

pytestmark = pytest.mark.alone


class Pulse:
    """A timer of 5 ms that keeps the longest pause between two of its ticks."""

    def __init__(self):
        self.longest = 0.0
        self._last = time.perf_counter()
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._timer.start(5)

    def _tick(self):
        now = time.perf_counter()
        self.longest = max(self.longest, now - self._last)
        self._last = now

    def read(self):
        longest, self.longest, self._last = self.longest, 0.0, time.perf_counter()
        return longest


@pytest.fixture(scope="session")
def million(tmp_path_factory):
    file = tmp_path_factory.mktemp("million") / "register.gpkg"
    fill(file, PARCELS)
    yield file
    shutil.rmtree(file.parent)


@pytest.fixture
def selected_layer():
    """A layer of 10 000 parcels that the register holds."""
    squares = [box(20 * (i % 100), 20 * (i // 100), 20, 20) for i in range(SELECTED)]
    made = layer(squares, {"flstkennz": [key(i + 1) for i in range(SELECTED)]}, name="flurstuecke")
    QgsProject.instance().addMapLayer(made)
    return made


def test_selecting_planning_assigning_and_undoing_never_block(
    workbench, view, million, selected_layer, rested, qtbot, own_heap
):
    page = AssignPage(workbench.strategy)
    qtbot.addWidget(page)
    AssignController(page, workbench, view)
    page.show()
    workbench.open_register(million)
    workbench.set_parcels(selected_layer)
    rested()
    pauses, pulse = {}, Pulse()

    def step(name, action):
        qtbot.wait(50)
        pulse.read()
        action()
        rested()
        pauses[name] = pulse.read()

    def tick(row):
        model = page.goals_model
        model.setData(model.index(row, 0), None, Qt.ItemDataRole.CheckStateRole)

    step("select", selected_layer.selectAll)
    assert workbench.selection.carrying[2] == SELECTED
    step("tick", lambda: tick(5))
    assert page.changes_model.changes[0].parcels == SELECTED
    step("assign", page.apply.click)
    assert Register.open(million).totals_by_goal([6])[6].parcels == SELECTED
    step("undo", page.undo.click)
    assert Register.open(million).totals_by_goal([6]) == {}
    assert max(pauses.values()) <= LONGEST_PAUSE_SECONDS, pauses


def test_turning_the_pages_of_the_whole_panel_never_blocks(million, selected_layer, canvas, qtbot, own_heap):
    panel = Panel()
    qtbot.addWidget(panel)
    controller = PanelController(panel, canvas, QgsProject.instance(), load_strategy())
    panel.show()

    def settled():
        qtbot.wait(300)
        qtbot.waitUntil(lambda: not controller.workbench.busy, timeout=60_000)

    try:
        controller.workbench.open_register(million)
        settled()
        selected_layer.selectAll()
        settled()
        pauses, pulse = {}, Pulse()
        for number in range(panel.pages.count()):
            pulse.read()
            panel.pages.setCurrentIndex(number)
            settled()
            pauses[panel.pages.currentWidget().objectName()] = pulse.read()
        assert len(controller.workbench.selection.keys) == SELECTED
        assert max(pauses.values()) <= LONGEST_PAUSE_SECONDS, pauses
    finally:
        controller.close()


def test_a_burst_of_selections_is_read_once(workbench, million, selected_layer, settled):
    workbench.open_register(million)
    workbench.set_parcels(selected_layer)
    settled()
    read = []
    workbench.selection_changed.connect(lambda: read.append(len(workbench.selection.keys)))
    ids = sorted(selected_layer.allFeatureIds())
    for number in range(50):
        selected_layer.selectByIds(ids[: number + 1])
    settled()
    assert read == [50]
