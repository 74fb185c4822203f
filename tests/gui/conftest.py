"""A workbench with a register and a layer of parcels, for the tests of the panel."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from gruene_infra.gruene_infra_plugin.dock.map_view import MapView
from gruene_infra.gruene_infra_plugin.dock.workbench import Workbench
from gruene_infra.gruene_infra_plugin.register.store import Register
from gruene_infra.gruene_infra_plugin.strategy import load_strategy
from pytestqt.qtbot import QtBot
from qgis.core import QgsProject, QgsVectorLayer
from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import QObject, QTimer
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QApplication, QWidget

from ..layer_factory import box, layer
from ..qgis.conftest import postgres, register, site  # noqa: F401 - fixtures of both databases

KEYS = tuple(f"0512340070001{number}______" for number in range(6))
"""Keys of the six parcels: squares of 100 m in a row, 1 ha each."""

LONGEST_BURST_MS = 1000


@pytest.fixture
def parcels() -> QgsVectorLayer:
    """Six parcels in a row, in the project."""
    squares = [box(100 * number, 0, 100, 100) for number in range(len(KEYS))]
    fields = {"flstkennz": KEYS, "gemeinde": ["Musterstadt"] * len(KEYS)}
    made = layer(squares, fields, name="flurstuecke")
    QgsProject.instance().addMapLayer(made)
    return made


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A register in a GeoPackage, empty."""
    file = tmp_path / "Grünes Register.gpkg"
    Register.create(file).close()
    return file


@pytest.fixture
def workbench(qtbot: QtBot) -> Iterator[Workbench]:
    made = Workbench(QgsProject.instance(), load_strategy())
    yield made
    made.close()


@pytest.fixture
def canvas(qtbot: QtBot) -> Iterator[QgsMapCanvas]:
    made = QgsMapCanvas()
    made.resize(600, 400)
    yield made
    made.deleteLater()


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    """A window for dialogs and menus."""
    made = QWidget()
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.fixture
def view(canvas: QgsMapCanvas) -> MapView:
    return MapView(canvas, QgsProject.instance())


@pytest.fixture
def settled(workbench: Workbench, qtbot: QtBot) -> Callable[[], None]:
    """Wait until the workbench has nothing more to do; bursts of events end at once."""

    def is_settled() -> bool:
        for timer in bursts(workbench)[:1]:  # what it calls may stop the others
            timer.stop()
            timer.timeout.emit()
            return False
        return not workbench.busy

    def wait() -> None:
        qtbot.wait(5)
        qtbot.waitUntil(is_settled, timeout=20_000)

    return wait


@pytest.fixture
def rested(workbench: Workbench, qtbot: QtBot) -> Callable[[], None]:
    """Wait as a user does, in whose time bursts of events pass."""

    def wait() -> None:
        # By Qt's own loop: qtbot connects a timer each time, and the window waits for that as well.
        QTest.qWait(20)
        last = time.monotonic() + 20
        while workbench.busy or bursts(workbench):
            assert time.monotonic() < last, "the window does not come to rest"
            QTest.qWait(10)

    return wait


def bursts(*holders: QObject) -> list[QTimer]:
    """Return the timers that let a burst of events pass, in a window or in one of the holders."""
    timers = [
        timer
        for holder in (*holders, *QApplication.topLevelWidgets())
        for timer in holder.findChildren(QTimer)
    ]
    return [
        timer
        for timer in timers
        if timer.isActive() and timer.isSingleShot() and timer.interval() <= LONGEST_BURST_MS
    ]


@pytest.fixture
def own_heap():
    """Leave what thousands of other tests have piled up out of the garbage collector's rounds."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()
