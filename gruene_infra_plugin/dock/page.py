"""What the pages of the panel have in common."""

from __future__ import annotations

from pathlib import Path

from qgis.PyQt import uic
from qgis.PyQt.QtCore import QObject, pyqtSignal
from qgis.PyQt.QtGui import QShowEvent
from qgis.PyQt.QtWidgets import QWidget

from .copying import mark_copies
from .map_view import MapView
from .workbench import Workbench


class Page(QWidget):
    """A widget laid out by a ``.ui`` file; it only shows and asks.

    The file's class is named GrueneInfra, by which Qt translates its texts.
    """

    shown = pyqtSignal()

    def __init__(self, form: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        uic.loadUi(str(form), self)
        mark_copies(self)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.shown.emit()


class PageController(QObject):
    """Joins a page with the workbench; reads what the page shows only while somebody sees it."""

    def __init__(self, page: Page, workbench: Workbench, view: MapView) -> None:
        super().__init__(page)
        self.workbench = workbench
        self.view = view
        self._page = page
        self._outdated = True
        workbench.register_opened.connect(self._changed)
        workbench.register_changed.connect(self._changed)
        page.shown.connect(self._shown)

    def refresh(self) -> None:
        """Show the register as it is now."""
        raise NotImplementedError

    def _changed(self) -> None:
        self._outdated = True
        if self._page.isVisible():
            self._shown()

    def _shown(self) -> None:
        if self._outdated:
            self._outdated = False
            self.refresh()
