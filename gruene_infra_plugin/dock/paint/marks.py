"""What the tool draws on the map: the parcel under the pointer with its name, the parcels of a stroke."""

from __future__ import annotations

from collections.abc import Iterable

from qgis.core import Qgis, QgsGeometry
from qgis.gui import QgsMapCanvas, QgsRubberBand
from qgis.PyQt.QtCore import QPoint, Qt
from qgis.PyQt.QtGui import QColor
from qgis.PyQt.QtWidgets import QLabel

ASSIGNING = QColor(0, 158, 115)
ERASING = QColor(213, 94, 0)
POINTED = QColor(0, 114, 178)
"""Colours that people of any colour vision tell apart; the brush pattern differs as well."""
HALO = QColor(255, 255, 255, 200)
FILL_OPACITY = 90
POINTED_WIDTH = 2
STROKE_WIDTH = 2


def stroke_band(canvas: QgsMapCanvas, *, erases: bool) -> QgsRubberBand:
    """Return an empty mark for the parcels of a stroke: filled where they are assigned, else hatched."""
    colour = ERASING if erases else ASSIGNING
    band = _band(canvas, colour, STROKE_WIDTH)
    band.setBrushStyle(Qt.BrushStyle.BDiagPattern if erases else Qt.BrushStyle.SolidPattern)
    fill = QColor(colour)
    fill.setAlpha(255 if erases else FILL_OPACITY)
    band.setFillColor(fill)
    return band


def pointed_band(canvas: QgsMapCanvas) -> QgsRubberBand:
    """Return an empty mark for the parcel under the pointer: an outline above all strokes."""
    band = _band(canvas, POINTED, POINTED_WIDTH)
    band.setFillColor(QColor(0, 0, 0, 0))
    band.setZValue(band.zValue() + 1)
    return band


def _band(canvas: QgsMapCanvas, colour: QColor, width: int) -> QgsRubberBand:
    band = QgsRubberBand(canvas, Qgis.GeometryType.Polygon)
    band.setWidth(width)
    band.setStrokeColor(colour)
    band.setSecondaryStrokeColor(HALO)
    return band


def add_shapes(band: QgsRubberBand, shapes: Iterable[QgsGeometry]) -> None:
    """Add shapes in the CRS of the map; the mark is drawn anew once."""
    for shape in shapes:
        if not shape.isEmpty():
            band.addGeometry(shape, None, False)
    band.updatePosition()
    band.update()


def clear(band: QgsRubberBand) -> None:
    band.reset(Qgis.GeometryType.Polygon)


def remove(canvas: QgsMapCanvas, band: QgsRubberBand) -> None:
    """Take a mark off the map for good."""
    canvas.scene().removeItem(band)


class PointerLabel(QLabel):
    """A name beside the pointer, in the colours of lists; it never takes a click.

    The colours stand in a style sheet because those of QGIS's dark themes make labels transparent.
    """

    def __init__(self, canvas: QgsMapCanvas) -> None:
        super().__init__(canvas.viewport())
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setStyleSheet("background: palette(base); color: palette(text); border: 1px solid palette(mid)")
        self.setMargin(self.fontMetrics().height() // 4)
        self._at = QPoint()
        self.hide()

    def follow(self, position: QPoint) -> None:
        """Stay beside the pointer and within the map."""
        self._at = position
        area, away = self.parentWidget().rect(), self.fontMetrics().height()
        x = min(position.x() + away, area.width() - self.width())
        below = position.y() + away
        y = below if below + self.height() <= area.height() else position.y() - away - self.height()
        self.move(max(0, x), max(0, y))

    def say(self, text: str) -> None:
        """Show a text, nothing at all for an empty one."""
        self.setText(text)
        self.adjustSize()
        self.follow(self._at)
        self.setVisible(bool(text))
