"""Handlungsziele as every page names and filters them."""

from __future__ import annotations

from qgis.PyQt.QtCore import QModelIndex, QObject, QSortFilterProxyModel, Qt

from ..i18n import language
from ..methods.reading.names import normal_name
from ..methods.reading.values import whole_number
from ..strategy import Handlungsziel, Strategy

GOAL_ROLE = Qt.ItemDataRole.UserRole + 1
"""The number of the goal that a row stands for."""


def goal_name(goal: Handlungsziel) -> str:
    """Return ``2 · Dach- und Fassadenbegrünung``."""
    return f"{goal.number} · {goal.short_title.get(language())}"


class GoalFilter(QSortFilterProxyModel):
    """Rows of goals that serve a Leitthema and whose number or title, German or English, is searched for."""

    def __init__(self, strategy: Strategy, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._strategy = strategy
        self._leitthema = ""
        self._words: list[str] = []

    def set_leitthema(self, leitthema_id: str) -> None:
        """Show the goals of one Leitthema, all of them for an empty id."""
        self._leitthema = leitthema_id
        self.invalidateFilter()

    def search(self, text: str) -> None:
        """Show the goals that hold every word of a text, or have it as their number."""
        self._words = normal_name(text).removeprefix("hz").split()
        self.invalidateFilter()

    def filterAcceptsRow(self, row: int, parent: QModelIndex) -> bool:
        number = self.sourceModel().index(row, 0, parent).data(GOAL_ROLE)
        if number is None:
            return True
        goal = self._strategy.goal(number)
        if self._leitthema and self._leitthema not in goal.leitthemen:
            return False
        return all(self._holds(goal, word) for word in self._words)

    def _holds(self, goal: Handlungsziel, word: str) -> bool:
        if word.isdecimal():
            return whole_number(word) == goal.number
        texts = (goal.title.de, goal.title.en, goal.short_title.de, goal.short_title.en)
        return any(word in normal_name(text) for text in texts)
