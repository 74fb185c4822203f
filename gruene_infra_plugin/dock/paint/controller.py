"""Joins the tool with the register: strokes are written, the parcel under the pointer is named."""

from __future__ import annotations

from functools import partial

from qgis.core import Qgis, QgsProcessingFeedback
from qgis.gui import QgsMapCanvas, QgsMapTool
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QObject, pyqtSignal

from ...i18n import translate
from ...register.keys import normal_key
from ...register.model import AssignmentRecord, Role, SpaceTypeRecord
from ...register.store import Register
from ..timers import after_rest
from ..workbench import Workbench
from .lookup import Hit
from .paint import Paint, Painted, write_stroke
from .tool import PaintTool

REST_MS = 300
"""How long the pointer rests on a parcel before the register is asked what it carries."""
Carried = tuple[list[AssignmentRecord], list[SpaceTypeRecord]]


class PaintController(QObject):
    """Offers painting to the panel, and ends with it by :meth:`close`."""

    active_changed = pyqtSignal(bool)
    """Painting began or ended, also because another map tool was chosen."""
    hovered = pyqtSignal(str)
    """What the parcel under the pointer is, empty where there is none."""
    stroke_done = pyqtSignal(int, bool)
    """A stroke was written: how many parcels it met, and whether it took back."""

    def __init__(self, workbench: Workbench, canvas: QgsMapCanvas, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.workbench = workbench
        self.tool = PaintTool(canvas)
        self.paint = Paint()
        self._canvas = canvas
        self._previous: QgsMapTool | None = None
        self._key = ""
        self._rest = after_rest(self, REST_MS, self._read_carried)
        self.tool.activated.connect(lambda: self.active_changed.emit(True))
        self.tool.deactivated.connect(lambda: self.active_changed.emit(False))
        self.tool.stroke_ended.connect(self._write)
        self.tool.pointed.connect(self._name)
        self.tool.failed.connect(self._say_failure)
        workbench.parcels_changed.connect(self._parcels_changed)
        workbench.register_opened.connect(self._register_opened)
        workbench.register_changed.connect(self._register_changed)

    # On and off --------------------------------------------------------------------------------------

    @property
    def is_active(self) -> bool:
        return self._canvas.mapTool() is self.tool

    def toggle(self, on: bool, paint: Paint | None = None) -> None:
        """Begin or end painting; where it cannot begin it is said why, and ``active_changed(False)``.

        While painting goes on, another ``paint`` holds for strokes that end from then on.
        """
        if not on:
            self._end()
            return
        self.paint = paint or self.paint
        obstacle = self._obstacle()
        if obstacle:
            self._warn(obstacle)
            self._end()
            self.active_changed.emit(False)
        elif not self.is_active:
            self._begin()

    def _obstacle(self) -> str:
        """Return why painting cannot begin, an empty text if it can."""
        parcels = self.workbench.parcels
        if self.workbench.place is None:
            return translate("GrueneInfra", "Open a register first.")
        if parcels is None:
            return translate("GrueneInfra", "Choose the layer that holds the parcels.")
        if parcels.fields is None:
            return translate("GrueneInfra", "Choose the field that holds the Flurstückskennzeichen.")
        if self.paint.is_empty:
            return translate("GrueneInfra", "Tick a goal or choose a Raumtyp to paint with.")
        return ""

    def _begin(self) -> None:
        self._previous = self._canvas.mapTool()
        self.tool.set_parcels(self.workbench.parcels)
        self._canvas.setMapTool(self.tool)
        self._canvas.setFocus()

    def _end(self) -> None:
        """Give the map back to the tool that had it before."""
        if not self.is_active:
            return
        previous, self._previous = self._previous, None
        if previous is not None and not sip.isdeleted(previous):
            self._canvas.setMapTool(previous)
        else:
            self._canvas.unsetMapTool(self.tool)

    def _parcels_changed(self) -> None:
        parcels = self.workbench.parcels
        usable = parcels is not None and parcels.fields is not None
        self.tool.set_parcels(parcels if usable else None)
        if not usable:
            self._end()

    def _register_opened(self) -> None:
        """Stop: the brush may carry a project of another register."""
        self.tool.cancel()
        self._end()

    def close(self) -> None:
        """End painting and leave nothing on the map."""
        self._rest.stop()
        self._end()
        self.tool.close()
        self.tool.deleteLater()

    # Strokes -----------------------------------------------------------------------------------------

    def _write(self, ids: list[int], erases: bool) -> None:
        parcels = self.workbench.parcels
        if parcels is None:
            return
        if self.paint.is_empty:
            self._warn(translate("GrueneInfra", "Tick a goal or choose a Raumtyp to paint with."))
            return
        work = partial(write_stroke, self.paint, erases, parcels.reader(ids))
        self.workbench.write(work, lambda painted: self._written(painted, erases))

    def _written(self, painted: Painted, erases: bool) -> None:
        if painted.left_out:
            message = translate("GrueneInfra", "{count} features have no usable key or geometry: left out.")
            self._warn(message.format(count=painted.left_out))
        if painted.parcels:
            self.stroke_done.emit(painted.parcels, erases)

    def _say_failure(self, error: Exception) -> None:
        message = translate("GrueneInfra", "The layer of parcels cannot be read: {error}")
        self._warn(message.format(error=error))

    def _warn(self, text: str) -> None:
        self.workbench.said.emit(text, Qgis.MessageLevel.Warning)

    # The parcel under the pointer --------------------------------------------------------------------

    def _name(self, hit: Hit | None) -> None:
        self._rest.stop()
        self._key = "" if hit is None else normal_key(hit.key) or ""
        if hit is not None and not self._key:
            self._show(translate("GrueneInfra", "no usable Flurstückskennzeichen"))
            return
        self._show(self._key)
        if self._key:
            self._rest.start()

    def _register_changed(self) -> None:
        if self._key:
            self._rest.start()

    def _read_carried(self) -> None:
        key = self._key

        def work(register: Register, _feedback: QgsProcessingFeedback) -> Carried:
            return register.assignments(keys=[key]), register.space_types([key])

        self.workbench.read("pointed parcel", work, partial(self._show_carried, key))

    def _show_carried(self, key: str, carried: Carried) -> None:
        if key == self._key:
            self._show(" · ".join((key, *carried_in_words(*carried))))

    def _show(self, text: str) -> None:
        self.tool.label.say(text)
        self.hovered.emit(text)


def carried_in_words(assignments: list[AssignmentRecord], space_types: list[SpaceTypeRecord]) -> list[str]:
    """Return what a parcel carries, short: its goals by number, what excludes it, its Raumtyp."""
    goals = sorted({record.hz for record in assignments if record.role is not Role.EXCLUSION})
    excluded = sorted({record.hz for record in assignments if record.role is Role.EXCLUSION})
    words = [f"HZ {', '.join(map(str, goals))}"] if goals else []
    if excluded:
        words.append(f"{Role.EXCLUSION.value} HZ {', '.join(map(str, excluded))}")
    return [*words, *(record.raumtyp.value for record in space_types)]
