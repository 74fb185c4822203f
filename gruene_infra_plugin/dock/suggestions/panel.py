"""The list of suggestions as the user sees it: a row per goal and result, to take over or to look at."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from qgis.PyQt.QtCore import QAbstractTableModel, QEvent, QModelIndex, QObject, QSize, Qt, pyqtSignal
from qgis.PyQt.QtGui import QIcon, QResizeEvent
from qgis.PyQt.QtWidgets import QHeaderView, QLabel, QPushButton, QTableView, QWidget

from ...i18n import translate
from ...paths import ICONS
from ...strategy import Strategy
from ..amounts import parcels_in_words
from ..goals import goal_name
from ..page import Page
from ..timers import after_rest
from ..tips import plain_tip
from .told import Suggestion

NO_PARENT = QModelIndex()
VISIBLE_ROWS = 3
"""Rows of suggestions that are in sight at once."""
ICON_LINES = 1.2
"""Height of a goal's icon in lines of text."""
MOST_PARCELS = 5
"""Parcels whose evidence a tool tip tells one by one."""


class SuggestionsModel(QAbstractTableModel):
    """One suggestion per row: the goal, the evidence, the role and the number of parcels."""

    def __init__(self, strategy: Strategy, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._strategy = strategy
        self.suggestions: tuple[Suggestion, ...] = ()

    def show(self, suggestions: Sequence[Suggestion]) -> None:
        self.beginResetModel()
        self.suggestions = tuple(suggestions)
        self.endResetModel()

    def rowCount(self, parent: QModelIndex = NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self.suggestions)

    def columnCount(self, parent: QModelIndex = NO_PARENT) -> int:
        return 0 if parent.isValid() else 1

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        suggestion = self.suggestions[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return "\n".join(self._told(suggestion))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ": ".join(self._told(suggestion))
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(_details(suggestion))
        if role == Qt.ItemDataRole.DecorationRole:
            file = ICONS / f"hz{suggestion.goal:02d}.svg"
            return QIcon(str(file)) if file.is_file() else None
        return None

    def _told(self, suggestion: Suggestion) -> tuple[str, str, str]:
        goal = goal_name(self._strategy.goal(suggestion.goal))
        return (
            goal,
            suggestion.says,
            f"{suggestion.role.value} · {parcels_in_words(len(suggestion.evidence))}",
        )


def _details(suggestion: Suggestion) -> str:
    """Return where the evidence comes from, and that of the first parcels."""
    told = [f"{key}: {text}" for key, text in islice(suggestion.evidence.items(), MOST_PARCELS)]
    more = len(suggestion.evidence) - MOST_PARCELS
    if more > 0:
        told.append(translate("GrueneInfra", "… and {parcels} more").format(parcels=parcels_in_words(more)))
    return "\n".join((f"{suggestion.layer} → {suggestion.meaning} ({suggestion.algorithm})", *told))


class SuggestionsPanel(Page):
    """Shows suggestions, or in words why there are none; knows nothing of layers and of the register."""

    taken = pyqtSignal(object)
    """A tuple of suggestions that are to be taken over."""
    visited = pyqtSignal(object)
    """A suggestion whose evidence is to be looked at."""

    heading: QLabel
    suggestions: QTableView
    remark: QLabel
    take: QPushButton
    visit: QPushButton
    take_all: QPushButton

    def __init__(self, strategy: Strategy, parent: QWidget | None = None) -> None:
        super().__init__(Path(__file__).with_name("panel.ui"), parent)
        self.model = SuggestionsModel(strategy, self)
        self._waiting = False
        self._fitting = after_rest(self, 0, self._fit)
        self.suggestions.setModel(self.model)
        self.suggestions.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.suggestions.selectionModel().currentChanged.connect(self._enable)
        self.suggestions.activated.connect(self._visit)
        self.take.clicked.connect(self._take)
        self.take_all.clicked.connect(lambda: self.taken.emit(self.model.suggestions))
        self.visit.clicked.connect(self._visit)
        self.show_suggestions(())

    @property
    def current(self) -> Suggestion | None:
        """The suggestion of the current row."""
        row = self.suggestions.currentIndex().row()
        return self.model.suggestions[row] if 0 <= row < self.model.rowCount() else None

    def show_suggestions(self, suggestions: Sequence[Suggestion], remark: str = "") -> None:
        """Show suggestions and a remark; the row that was current stays so if it is still there."""
        before = None if self.current is None else _which(self.current)
        self.model.show(suggestions)
        rows = [row for row, one in enumerate(suggestions) if _which(one) == before]
        if suggestions:
            self.suggestions.setCurrentIndex(self.model.index(rows[0] if rows else 0, 0))
        for widget in (self.suggestions, self.take, self.visit):
            widget.setVisible(bool(suggestions))
        self.take_all.setVisible(len(suggestions) > 1)
        self.remark.setText(remark)
        self.remark.setVisible(bool(remark))
        self.set_waiting(False)
        self._fitting.start()

    @property
    def waiting(self) -> bool:
        """Whether what is shown may be out of date."""
        return self._waiting

    def set_waiting(self, waiting: bool) -> None:
        """Let nothing be taken over until there are new suggestions."""
        self._waiting = waiting
        self._enable()

    def _enable(self) -> None:
        self.take.setEnabled(not self._waiting and self.current is not None)
        self.take_all.setEnabled(not self._waiting)
        self.visit.setEnabled(self.current is not None)

    def _take(self) -> None:
        if self.current is not None:
            self.taken.emit((self.current,))

    def _visit(self) -> None:
        if self.current is not None:
            self.visited.emit(self.current)

    # Size --------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fitting.start()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "_fitting"):
            self._fitting.start()

    def _fit(self) -> None:
        """Make the rows as high as their wrapped texts, and the list as high as the first of them."""
        side = int(ICON_LINES * self.suggestions.fontMetrics().height())
        self.suggestions.setIconSize(QSize(side, side))
        self.suggestions.resizeRowsToContents()
        shown = range(min(VISIBLE_ROWS, self.model.rowCount()))
        height = sum(self.suggestions.rowHeight(row) for row in shown)
        self.suggestions.setFixedHeight(height + 2 * self.suggestions.frameWidth())


def _which(suggestion: Suggestion) -> tuple[int, str, str, str]:
    return suggestion.goal, suggestion.role.value, suggestion.layer, suggestion.meaning
