"""What is copied out of the panel's tables: the text of a cell, marked so that no spreadsheet computes it."""

from __future__ import annotations

from qgis.PyQt.QtCore import QEvent, QObject, Qt
from qgis.PyQt.QtGui import QGuiApplication, QKeySequence
from qgis.PyQt.QtWidgets import QAbstractItemView, QWidget

from ..spatial.reading.plain_text import marked


class _MarkedCopies(QObject):
    """Takes the place of what Qt does in a view when somebody copies."""

    def eventFilter(self, view: QObject, event: QEvent) -> bool:
        if event.type() != QEvent.Type.KeyPress or not event.matches(QKeySequence.StandardKey.Copy):
            return False
        shown = view.currentIndex().data(Qt.ItemDataRole.DisplayRole)
        if shown is not None:
            QGuiApplication.clipboard().setText(marked(shown) if isinstance(shown, str) else str(shown))
        return True


def mark_copies(widget: QWidget) -> None:
    """Mark what is copied from the tables and lists in a widget."""
    for view in widget.findChildren(QAbstractItemView):
        view.installEventFilter(_MarkedCopies(view))
