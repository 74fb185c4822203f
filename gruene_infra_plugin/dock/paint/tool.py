"""The map tool: dragging with the left button assigns parcels, with the right one takes back."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from functools import partial

from qgis.core import QgsCoordinateTransform, QgsPointXY
from qgis.gui import QgsMapCanvas, QgsMapMouseEvent, QgsMapTool
from qgis.PyQt.QtCore import QEvent, QObject, Qt, pyqtSignal
from qgis.PyQt.QtGui import QKeyEvent

from ..background import Background
from ..parcels import ParcelLayer
from ..timers import after_rest
from . import marks
from .lookup import Asker, Hit, Hits, Lookup

HOVER_MS = 40
"""How often at most it is asked what lies under the pointer."""


class Stroke:
    """One press, drag and release: the parcels it met so far.

    ``ask`` makes what asks for them, ``came`` is told of each answer.
    """

    def __init__(
        self,
        canvas: QgsMapCanvas,
        button: Qt.MouseButton,
        ask: Callable[[Callable[[Hits], None]], Asker],
        came: Callable[[], None],
    ) -> None:
        self.button = button
        self.erases = button == Qt.MouseButton.RightButton
        self.released = False
        self.asker = ask(self._add)
        self._came = came
        self._canvas = canvas
        self._band = marks.stroke_band(canvas, erases=self.erases)
        self._found: dict[int, Hit] = {}

    @property
    def ids(self) -> list[int]:
        """The numbers of the features that were met, in their order."""
        return list(self._found)

    @property
    def is_complete(self) -> bool:
        """Whether it will meet nothing more."""
        return self.released and not self.asker.is_waiting

    def _add(self, hits: Hits) -> None:
        fresh = {hit.id: hit for hit in hits if hit.id not in self._found}
        if fresh:
            self._found |= fresh
            marks.add_shapes(self._band, (hit.shape for hit in fresh.values()))
        self._came()

    def remove(self) -> None:
        """Take it off the map, and ask for nothing more."""
        self.asker.stop()
        marks.remove(self._canvas, self._band)


class PaintTool(QgsMapTool):
    """Says which features a stroke met and what lies under the pointer; it writes nothing itself."""

    stroke_ended = pyqtSignal(object, bool)
    """The numbers of the features that a stroke met, at least one, and whether it takes back."""
    pointed = pyqtSignal(object)
    """The :class:`Hit` under the pointer, ``None`` where there is none."""
    failed = pyqtSignal(object)
    """The exception for which a layer could not be asked."""

    def __init__(self, canvas: QgsMapCanvas) -> None:
        super().__init__(canvas)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.parcels: ParcelLayer | None = None
        self.label = marks.PointerLabel(canvas)
        self._background = Background(self)
        self._names = (f"stroke {number}" for number in itertools.count(1))
        self._strokes: list[Stroke] = []
        self._pointed: Hit | None = None
        self._pointed_band = marks.pointed_band(canvas)
        self._hover_asker: Asker | None = None
        self._position: QgsPointXY | None = None
        self._hover = after_rest(self, HOVER_MS, self._look)

    # What the user does ------------------------------------------------------------------------------

    def canvasPressEvent(self, event: QgsMapMouseEvent) -> None:
        wanted = event.button() in (Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton)
        if wanted and self.parcels is not None and self._drawn is None:
            ask = partial(self._asker, next(self._names))
            stroke = Stroke(self.canvas(), event.button(), ask, self._end_complete)
            self._strokes.append(stroke)
            stroke.asker.lead_to(self._in_layer(event.mapPoint()))

    def canvasMoveEvent(self, event: QgsMapMouseEvent) -> None:
        if self.parcels is None:
            return
        self.label.follow(event.pos())
        self._position = self._in_layer(event.mapPoint())
        if not self._hover.isActive():
            self._hover.start()
        if self._drawn is not None:
            self._drawn.asker.lead_to(self._position)

    def canvasReleaseEvent(self, event: QgsMapMouseEvent) -> None:
        stroke = self._drawn
        if stroke is not None and stroke.button == event.button():
            stroke.asker.lead_to(self._in_layer(event.mapPoint()))
            stroke.released = True
            self._end_complete()

    def _key_pressed(self, event: QKeyEvent) -> None:
        """Take Esc from the map, which hands no key to its tool while a button is down."""
        if event.key() == Qt.Key.Key_Escape:
            self.cancel()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave:
            self._forget_pointer()
        return False

    @property
    def _drawn(self) -> Stroke | None:
        """The stroke whose button is down."""
        return next((stroke for stroke in self._strokes if not stroke.released), None)

    def cancel(self) -> None:
        """Forget all strokes that are not complete."""
        for stroke in self._strokes:
            stroke.remove()
        self._strokes = []

    # On and off --------------------------------------------------------------------------------------

    def activate(self) -> None:
        super().activate()
        self.canvas().viewport().installEventFilter(self)
        self.canvas().keyPressed.connect(self._key_pressed)

    def deactivate(self) -> None:
        """Leave the map; a stroke whose button is down counts as not made."""
        self.canvas().viewport().removeEventFilter(self)
        self.canvas().keyPressed.disconnect(self._key_pressed)
        drawn = self._drawn
        if drawn is not None:
            drawn.remove()
            self._strokes.remove(drawn)
        self._forget_pointer()
        super().deactivate()

    def set_parcels(self, parcels: ParcelLayer | None) -> None:
        """Paint on another layer."""
        self.cancel()
        self._forget_pointer()
        self.parcels = parcels

    def close(self) -> None:
        """Take everything off the map for good."""
        self.set_parcels(None)
        self._background.close()
        marks.remove(self.canvas(), self._pointed_band)
        self.label.deleteLater()

    def _forget_pointer(self) -> None:
        self._hover.stop()
        if self._hover_asker is not None:
            self._hover_asker.stop()
            self._hover_asker = None
        self._point_at(None)

    # What lies there ---------------------------------------------------------------------------------

    def _asker(self, name: str, answered: Callable[[Hits], None]) -> Asker:
        return Asker(name, self._background, self._lookup, answered, self._went_wrong)

    def _lookup(self, path: Sequence[QgsPointXY]) -> Lookup:
        if self.parcels is None:
            raise ValueError("no layer to ask")
        shown = self.canvas().mapSettings()
        crs = self.parcels.layer.crs()
        transform = QgsCoordinateTransform(crs, shown.destinationCrs(), shown.transformContext())
        return Lookup(self.parcels, path, transform)

    def _in_layer(self, point: QgsPointXY) -> QgsPointXY:
        return self.toLayerCoordinates(self.parcels.layer, point)  # type: ignore[union-attr]

    def _end_complete(self) -> None:
        """Hand over the strokes that are complete, in the order in which they were made."""
        while self._strokes and self._strokes[0].is_complete:
            stroke = self._strokes.pop(0)
            stroke.remove()
            if stroke.ids:
                self.stroke_ended.emit(stroke.ids, stroke.erases)

    def _look(self) -> None:
        if self.parcels is None or self._position is None:
            return
        if self._hover_asker is None:
            self._hover_asker = self._asker("hover", lambda hits: self._point_at(next(iter(hits), None)))
        self._hover_asker.jump_to(self._position)

    def _point_at(self, hit: Hit | None) -> None:
        if (hit and hit.id) == (self._pointed and self._pointed.id):
            return
        self._pointed = hit
        marks.clear(self._pointed_band)
        marks.add_shapes(self._pointed_band, () if hit is None else (hit.shape,))
        self.pointed.emit(hit)

    def _went_wrong(self, error: Exception) -> None:
        self.cancel()
        self.failed.emit(error)
