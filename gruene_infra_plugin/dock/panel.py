"""The panel as the user sees it: register, layer and key above, messages, one tab per page."""

from __future__ import annotations

from pathlib import Path

from qgis.core import Qgis, QgsMapLayer, QgsVectorLayer
from qgis.gui import QgsFieldComboBox, QgsMapLayerComboBox
from qgis.PyQt import uic
from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtWidgets import (
    QDockWidget,
    QMainWindow,
    QProgressBar,
    QTabWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ..i18n import translate
from .messages import Messages
from .parcels import ParcelLayer
from .timers import after_rest

BUSY_MS = 400
"""Work that ends sooner shows no progress."""
WIDTH = 50
"""Width of the dock at first, in letters."""


class Panel(QDockWidget):
    """Dumb: ``layer_chosen`` says which layer and key field the user wants."""

    layer_chosen = pyqtSignal(object, str)

    body: QWidget
    messages_place: QVBoxLayout
    register_button: QToolButton
    layer: QgsMapLayerComboBox
    key_field: QgsFieldComboBox
    busy: QProgressBar
    pages: QTabWidget

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        uic.loadUi(str(Path(__file__).with_name("panel.ui")), self)
        self.messages = Messages(self.body)
        self.messages_place.addWidget(self.messages)
        self._set_up_header()
        self._progress = after_rest(self, BUSY_MS, self.busy.show)
        self.show_busy(False)

    def widen(self) -> None:
        """Take the width at which nothing is cut, as far as QGIS's window has it."""
        window = self.window()
        if isinstance(window, QMainWindow) and not self.isFloating():
            width = WIDTH * self.fontMetrics().averageCharWidth()
            window.resizeDocks([self], [min(width, window.width() // 3)], Qt.Orientation.Horizontal)

    def _set_up_header(self) -> None:
        self.layer.setFilters(Qgis.LayerFilter.PolygonLayer)
        self.layer.setAllowEmptyLayer(True, translate("GrueneInfra", "choose a layer of parcels"))
        self.layer.setLayer(None)
        self.key_field.setAllowEmptyFieldName(True)
        self.layer.layerChanged.connect(self._layer_chosen)
        self.key_field.fieldChanged.connect(self._field_chosen)
        self.busy.setMaximumHeight(self.fontMetrics().height() // 3)

    def _layer_chosen(self, layer: QgsMapLayer | None) -> None:
        self.layer_chosen.emit(layer, "")

    def _field_chosen(self, name: str) -> None:
        self.layer_chosen.emit(self.layer.currentLayer(), name)

    def show_parcels(self, parcels: ParcelLayer | None) -> None:
        """Show the layer and the field that are in use."""
        layer: QgsVectorLayer | None = None if parcels is None else parcels.layer
        for widget in (self.layer, self.key_field):
            widget.blockSignals(True)
        self.layer.setLayer(layer)
        self.key_field.setLayer(layer)
        self.key_field.setField("" if parcels is None else parcels.key_field)
        for widget in (self.layer, self.key_field):
            widget.blockSignals(False)

    def show_register(self, name: str) -> None:
        """Show which register is open, or that none is."""
        self.register_button.setText(name.replace("&", "&&") or translate("GrueneInfra", "none, open one"))

    def show_busy(self, busy: bool) -> None:
        """Show that something is being worked on, if it takes long."""
        if busy:
            self._progress.start()
        else:
            self._progress.stop()
            self.busy.hide()
