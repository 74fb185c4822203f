"""Painting: strokes on a real map canvas, and what the register holds afterwards."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import pytest
from gruene_infra.gruene_infra_plugin.dock.paint.controller import PaintController
from gruene_infra.gruene_infra_plugin.dock.paint.paint import Paint
from gruene_infra.gruene_infra_plugin.methods.parcels.space_types import SpaceType
from gruene_infra.gruene_infra_plugin.register.keys import parcel_key
from gruene_infra.gruene_infra_plugin.register.model import Project, Role, Status
from gruene_infra.gruene_infra_plugin.register.store import Register
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsPointXY,
    QgsProcessingFeedback,
    QgsProject,
    QgsRectangle,
)
from qgis.gui import QgsMapMouseEvent, QgsMapToolPan, QgsRubberBand
from qgis.PyQt.QtCore import QEvent, QPoint, Qt

from ..layer_factory import EAST, NORTH, UTM, box, layer, reprojected
from .conftest import KEYS

ALKIS = tuple(parcel_key(key).key for key in KEYS)
LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton
MEASURE = Paint(goals=(2, 19), role=Role.MEASURE)


class Hand:
    """Moves the mouse over the map; places are in metres from the lower left corner of the parcels."""

    def __init__(self, canvas, qtbot) -> None:
        self.canvas = canvas
        self._qtbot = qtbot

    def pixel(self, place: tuple[float, float]) -> QPoint:
        transform = self.canvas.getCoordinateTransform()
        return transform.transform(QgsPointXY(EAST + place[0], NORTH + place[1])).toQPointF().toPoint()

    def send(self, kind: QEvent.Type, place: tuple[float, float], button: Qt.MouseButton) -> None:
        down = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseButtonRelease else button
        event = QgsMapMouseEvent(self.canvas, kind, self.pixel(place), button, down)
        tool = self.canvas.mapTool()
        {
            QEvent.Type.MouseButtonPress: tool.canvasPressEvent,
            QEvent.Type.MouseMove: tool.canvasMoveEvent,
            QEvent.Type.MouseButtonRelease: tool.canvasReleaseEvent,
        }[kind](event)

    def press(self, place: tuple[float, float], button: Qt.MouseButton = LEFT) -> None:
        self.send(QEvent.Type.MouseButtonPress, place, button)

    def move(self, place: tuple[float, float], button: Qt.MouseButton = LEFT) -> None:
        self.send(QEvent.Type.MouseMove, place, button)

    def release(self, place: tuple[float, float], button: Qt.MouseButton = LEFT) -> None:
        self.send(QEvent.Type.MouseButtonRelease, place, button)

    def drag(self, *places: tuple[float, float], button: Qt.MouseButton = LEFT) -> None:
        self.press(places[0], button)
        for place in places[1:]:
            self.move(place, button)
        self.release(places[-1], button)

    def escape(self) -> None:
        self._qtbot.keyClick(self.canvas, Qt.Key.Key_Escape)


@pytest.fixture
def shown(canvas, qtbot, parcels):
    """The map with the parcels in sight, about 1.2 m per pixel."""
    canvas.setDestinationCrs(QgsCoordinateReferenceSystem(UTM))
    canvas.setExtent(QgsRectangle(EAST - 50, NORTH - 200, EAST + 650, NORTH + 300))
    canvas.show()
    qtbot.waitExposed(canvas)
    return canvas


@pytest.fixture
def hand(shown, qtbot) -> Hand:
    return Hand(shown, qtbot)


@pytest.fixture
def controller(workbench, shown, place, parcels, settled) -> Iterator[PaintController]:
    workbench.open_register(place)
    workbench.set_parcels(parcels)
    settled()
    made = PaintController(workbench, shown)
    yield made
    made.close()


@pytest.fixture
def done(controller, qtbot, settled) -> Callable[[int], list[tuple[int, bool]]]:
    """Wait for strokes that are written, and return what was said of them."""
    told: list[tuple[int, bool]] = []
    controller.stroke_done.connect(lambda parcels, erased: told.append((parcels, erased)))

    def wait(count: int) -> list[tuple[int, bool]]:
        qtbot.waitUntil(lambda: len(told) >= count, timeout=10_000)
        settled()
        return told

    return wait


def carried(place) -> list[tuple[str, int]]:
    return [(record.parcel, record.hz) for record in Register.open(place).assignments()]


def expected(numbers: Sequence[int], goals: Sequence[int] = (2, 19)) -> list[tuple[str, int]]:
    return [(ALKIS[number], hz) for number in numbers for hz in goals]


def test_a_stroke_assigns_what_it_crosses_in_one_action(controller, hand, place, done):
    controller.toggle(True, MEASURE)
    hand.drag((50, 50), (120, 50), (250, 60))
    assert done(1) == [(3, False)]
    register = Register.open(place)
    assert carried(place) == expected([0, 1, 2])
    assert {(r.role, r.status, r.project) for r in register.assignments()} == {
        (Role.MEASURE, Status.IDEA, None)
    }
    assert [(action.kind, action.undone) for action in register.actions()] == [("zuordnen", False)]
    register.undo()
    assert carried(place) == []


def test_a_fast_stroke_skips_nothing(controller, hand, place, done):
    controller.toggle(True, Paint(goals=(7,)))
    hand.drag((5, 95), (595, 5))
    assert done(1) == [(6, False)]
    assert carried(place) == expected(range(6), [7])


def test_a_click_is_a_stroke(controller, hand, place, done):
    controller.toggle(True, MEASURE)
    hand.drag((350, 50))
    done(1)
    assert carried(place) == expected([3])


def test_the_right_button_takes_back_what_the_brush_carries(
    controller, hand, place, parcels, done, workbench
):
    with_status = Paint((2, 19), Role.MEASURE, Status.PLANNED, note="Ufer")
    controller.toggle(True, with_status)
    hand.drag((50, 50), (350, 50))
    done(1)
    controller.toggle(True, Paint(goals=(2,)))
    hand.drag((150, 50), (250, 50), button=RIGHT)
    assert done(2)[-1] == (2, True)
    assert carried(place) == [
        *expected([0]),
        *expected([1, 2], [19]),
        *expected([3]),
    ]
    register = Register.open(place)
    assert {(r.status, r.note) for r in register.assignments()} == {(Status.PLANNED, "Ufer")}
    assert [action.kind for action in register.actions()] == ["lösen", "zuordnen"]


def test_painting_over_what_is_there_keeps_status_and_note(controller, hand, place, done):
    controller.toggle(True, Paint((2,), status=Status.DONE, note="fertig"))
    hand.drag((50, 50))
    done(1)
    controller.toggle(True, Paint((2,)))
    hand.drag((50, 50), (150, 50))
    done(2)
    found = [(r.parcel, r.status, r.note) for r in Register.open(place).assignments()]
    assert found == [(ALKIS[0], Status.DONE, "fertig"), (ALKIS[1], Status.IDEA, None)]


def test_a_brush_of_a_space_type_paints_and_takes_back_only_that(controller, hand, place, done):
    controller.toggle(True, Paint(space_type=SpaceType.LANDSCAPE))
    hand.drag((50, 50), (250, 50))
    done(1)
    register = Register.open(place)
    assert [(r.parcel, r.raumtyp) for r in register.space_types()] == [
        (key, SpaceType.LANDSCAPE) for key in ALKIS[:3]
    ]
    assert len(register.actions()) == 1
    hand.drag((50, 50), (150, 50), button=RIGHT)
    done(2)
    assert [r.parcel for r in register.space_types()] == [ALKIS[2]]
    assert carried(place) == []


def test_goals_and_space_type_of_a_brush_are_one_action(controller, hand, place, done):
    controller.toggle(True, Paint((2,), space_type=SpaceType.BETWEEN))
    hand.drag((50, 50))
    done(1)
    register = Register.open(place)
    assert carried(place) == expected([0], [2])
    assert [r.raumtyp for r in register.space_types()] == [SpaceType.BETWEEN]
    assert len(register.actions()) == 1


def test_the_brush_carries_its_project(controller, hand, place, done):
    project = Register.open(place).add_project(Project("Grüner Ring"))
    controller.toggle(True, Paint((2,), project=project.id))
    hand.drag((50, 50))
    done(1)
    assert [r.project for r in Register.open(place).assignments()] == [project.id]


def test_escape_forgets_the_running_stroke(controller, hand, place, settled, qtbot):
    controller.toggle(True, MEASURE)
    hand.press((50, 50))
    hand.move((250, 50))
    hand.escape()
    hand.release((250, 50))
    qtbot.wait(200)
    settled()
    assert carried(place) == []
    assert Register.open(place).actions() == []
    assert controller.is_active


def test_a_stroke_beside_all_parcels_writes_nothing(controller, hand, place, settled, qtbot):
    controller.toggle(True, MEASURE)
    hand.drag((50, 150), (250, 200))
    qtbot.wait(200)
    settled()
    assert Register.open(place).actions() == []


def test_strokes_made_in_haste_are_one_step_each(controller, hand, place, done):
    controller.toggle(True, Paint((2,)))
    hand.drag((50, 50))
    hand.drag((150, 50), (250, 50))
    hand.drag((250, 50), button=RIGHT)
    assert done(3) == [(1, False), (2, False), (1, True)]
    assert carried(place) == expected([0, 1], [2])
    assert len(Register.open(place).actions()) == 3


def test_degrees_in_the_layer_and_metres_on_the_map(
    controller, hand, place, parcels, workbench, settled, done
):
    workbench.set_parcels(reprojected(parcels, "EPSG:4326"))
    settled()
    controller.toggle(True, MEASURE)
    hand.drag((110, 95), (390, 5))
    assert done(1) == [(3, False)]
    assert carried(place) == expected([1, 2, 3])
    areas = Register.open(place).areas(ALKIS)
    assert [round(area) for area in areas.values()] == [10_000] * 3


def test_the_parcel_under_the_pointer_is_named_with_what_it_carries(
    controller, hand, place, workbench, qtbot
):
    register = Register.open(place)
    records = workbench.parcels.reader([2]).read(UTM, QgsProcessingFeedback())
    register.assign(records.records, [19, 2], Role.STOCK, space_type=SpaceType.LANDSCAPE)
    said: list[str] = []
    controller.hovered.connect(said.append)
    controller.toggle(True, MEASURE)
    hand.move((50, 50), Qt.MouseButton.NoButton)
    qtbot.waitUntil(lambda: said[-1:] == [ALKIS[0]], timeout=5000)
    hand.move((150, 50), Qt.MouseButton.NoButton)
    whole = f"{ALKIS[1]} · HZ 2, 19 · Landschaft"
    qtbot.waitUntil(lambda: said[-1:] == [whole], timeout=5000)
    assert said[:-1] == [ALKIS[0], ALKIS[1]]
    assert controller.tool.label.isVisible()
    assert controller.tool.label.text() == whole
    hand.move((150, 200), Qt.MouseButton.NoButton)
    qtbot.waitUntil(lambda: said[-1] == "", timeout=5000)
    assert not controller.tool.label.isVisible()


def bands(canvas) -> list[QgsRubberBand]:
    return [item for item in canvas.scene().items() if isinstance(item, QgsRubberBand)]


def test_the_stroke_is_seen_while_it_runs_and_gone_afterwards(controller, hand, place, shown, qtbot, done):
    controller.toggle(True, MEASURE)
    hand.press((50, 50))
    hand.move((150, 50))
    qtbot.waitUntil(lambda: any(band.asGeometry().area() == 20_000 for band in bands(shown)), timeout=5000)
    (assigning,) = [band for band in bands(shown) if band.asGeometry().area() == 20_000]
    colour = assigning.strokeColor().name()
    hand.release((150, 50))
    done(1)
    assert all(band.asGeometry().area() != 20_000 for band in bands(shown))
    hand.press((50, 50), RIGHT)
    qtbot.waitUntil(lambda: any(b.strokeColor().name() not in (colour, "#0072b2") for b in bands(shown)))
    hand.escape()


def test_another_tool_ends_painting_and_its_stroke(controller, hand, place, shown, settled, qtbot):
    active: list[bool] = []
    controller.active_changed.connect(active.append)
    controller.toggle(True, MEASURE)
    hand.press((50, 50))
    pan = QgsMapToolPan(shown)
    shown.setMapTool(pan)
    qtbot.wait(200)
    settled()
    assert active == [True, False]
    assert shown.mapTool() is pan
    assert Register.open(place).actions() == []


def test_switching_off_gives_the_map_back(controller, shown):
    pan = QgsMapToolPan(shown)
    shown.setMapTool(pan)
    controller.toggle(True, MEASURE)
    assert controller.is_active
    controller.toggle(False)
    assert shown.mapTool() is pan


def test_closing_gives_the_map_back_and_leaves_nothing_on_it(workbench, shown, place, parcels, settled):
    pan = QgsMapToolPan(shown)
    shown.setMapTool(pan)
    workbench.open_register(place)
    workbench.set_parcels(parcels)
    settled()
    made = PaintController(workbench, shown)
    made.toggle(True, MEASURE)
    made.close()
    assert shown.mapTool() is pan
    assert bands(shown) == []


def test_without_a_layer_it_says_so_and_stays_off(workbench, shown, place, settled):
    workbench.open_register(place)
    settled()
    made = PaintController(workbench, shown)
    said, active = [], []
    workbench.said.connect(lambda text, level: said.append(text))
    made.active_changed.connect(active.append)
    made.toggle(True, MEASURE)
    assert said == ["Choose the layer that holds the parcels."]
    assert active == [False]
    made.close()


def test_removing_the_layer_in_the_middle_of_a_stroke_loses_nothing(
    controller, hand, place, parcels, qtbot, settled
):
    active: list[bool] = []
    controller.active_changed.connect(active.append)
    controller.toggle(True, MEASURE)
    hand.press((50, 50))
    hand.move((350, 50))
    QgsProject.instance().removeMapLayer(parcels)
    qtbot.wait(200)
    settled()
    assert active == [True, False]
    assert Register.open(place).actions() == []


def test_parcels_without_a_usable_key_are_left_out_and_counted(
    controller, hand, place, workbench, settled, done
):
    squares = [box(100 * number, 0, 100, 100) for number in range(3)]
    workbench.set_parcels(layer(squares, {"flstkennz": [KEYS[0], None, "ohne"]}, name="unklar"))
    settled()
    said: list[str] = []
    workbench.said.connect(lambda text, level: said.append(text))
    controller.toggle(True, MEASURE)
    hand.drag((50, 50), (250, 50))
    assert done(1) == [(1, False)]
    assert said == ["2 features have no usable key or geometry: left out."]
    assert carried(place) == expected([0])


def test_a_layer_of_a_hundred_thousand_parcels_is_painted_without_a_gap(
    controller, hand, place, workbench, shown, settled, done, qtbot
):
    side = 320
    squares = [box(10 * (n % side), 10 * (n // side), 10, 10) for n in range(side * side)]
    keys = [f"051234{n // 100000:03d}{n % 100000:05d}______" for n in range(side * side)]
    workbench.set_parcels(layer(squares, {"flstkennz": keys}, name="viele"))
    settled()
    shown.setExtent(QgsRectangle(EAST, NORTH, EAST + 600, NORTH + 400))
    controller.toggle(True, Paint((2,)))
    hand.press((5, 5))
    for step in range(1, 14):
        hand.move((5 + 30.0 * step, 5))
        qtbot.wait(5)
    hand.release((395, 5))
    assert done(1) == [(40, False)]
    assert carried(place) == [(key, 2) for key in keys[:40]]


def test_the_mouse_and_the_keyboard_of_the_map_paint(controller, hand, place, shown, done, qtbot, settled):
    controller.toggle(True, Paint((2,)))
    view = shown.viewport()

    def drag(button: Qt.MouseButton, *, escape: bool = False) -> None:
        qtbot.mousePress(view, button, pos=hand.pixel((50, 50)))
        qtbot.mouseMove(view, hand.pixel((150, 50)))
        if escape:
            qtbot.keyClick(shown, Qt.Key.Key_Escape)
        qtbot.mouseRelease(view, button, pos=hand.pixel((150, 50)))

    drag(LEFT)
    assert done(1) == [(2, False)]
    drag(RIGHT, escape=True)
    qtbot.wait(200)
    settled()
    assert carried(place) == expected([0, 1], [2])
    drag(RIGHT)
    assert done(2)[-1] == (2, True)
    assert carried(place) == []
    assert shown.mapTool() is controller.tool
