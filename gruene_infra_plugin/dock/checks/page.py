"""The page as the user sees it: a list of contradictions, what to do about the chosen ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from qgis.PyQt.QtCore import QItemSelectionModel, QModelIndex, QSize, pyqtSignal
from qgis.PyQt.QtWidgets import (
    QAction,
    QCheckBox,
    QComboBox,
    QLabel,
    QListView,
    QMenu,
    QProgressBar,
    QPushButton,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from ...i18n import language, translate
from ...register.checks import Check, Contradiction
from ...report.numbers import Numbers
from ..page import Page
from .model import ContradictionsModel, kind_name
from .repairs import Repair

VISIBLE_ROWS = 4
DETAIL_LINES = 4


class TwoLines(QStyledItemDelegate):
    """Draws rows of two lines, cut where the view ends."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:
        line = option.fontMetrics.lineSpacing()
        return QSize(1, 2 * line + line // 3)


class ChecksPage(Page):
    """Shows and asks; ``chosen_changed`` says that other rows are selected."""

    chosen_changed = pyqtSignal()
    mending_chosen = pyqtSignal(object)
    """A :class:`Repair`."""

    compare: QCheckBox
    check: QPushButton
    stop: QPushButton
    progress: QProgressBar
    status: QLabel
    kind: QComboBox
    found: QListView
    details: QLabel
    zoom: QPushButton
    select: QPushButton
    mend: QPushButton

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Path(__file__).with_name("page.ui"), parent)
        self.model = ContradictionsModel(self)
        self._all: Sequence[Contradiction] = ()
        self._set_up_list()
        self._add_actions()
        self.kind.currentIndexChanged.connect(self._list)
        self.show_rows(())
        self.show_progress(None)

    def _set_up_list(self) -> None:
        self.found.setModel(self.model)
        self.found.setItemDelegate(TwoLines(self.found))
        self.found.selectionModel().selectionChanged.connect(self._chosen_changed)
        line = self.fontMetrics().lineSpacing()
        self.found.setMinimumHeight(VISIBLE_ROWS * (2 * line + line // 2))
        self.details.setMinimumHeight(DETAIL_LINES * line)

    def _add_actions(self) -> None:
        """Offer the buttons in the list's context menu as well."""
        self.ways = QMenu(self)
        self.mend.setMenu(self.ways)
        for button in (self.zoom, self.select):
            action = QAction(button.text(), self.found)
            action.triggered.connect(button.click)
            self.found.addAction(action)
        self.ways.setTitle(self.mend.text())
        self.found.addAction(self.ways.menuAction())
        self.found.activated.connect(self.zoom.click)

    # What is shown -----------------------------------------------------------------------------------

    def show_rows(self, rows: Sequence[Contradiction]) -> None:
        """List contradictions; those that stay keep their place, and what is selected stays so."""
        self._all = rows
        self._show_kinds(Counter(row.check for row in rows))
        self._list()

    def _show_kinds(self, counts: Counter[Check]) -> None:
        numbers, chosen = Numbers(language()), self.kind.currentData()
        self.kind.blockSignals(True)
        self.kind.clear()
        all_kinds = translate("GrueneInfra", "All kinds ({count})")
        self.kind.addItem(all_kinds.format(count=numbers.number(counts.total())), None)
        for check in Check:
            self.kind.addItem(f"{kind_name(check)} ({numbers.number(counts[check])})", check)
        self.kind.setCurrentIndex(max(0, self.kind.findData(chosen)))
        self.kind.blockSignals(False)

    def _list(self) -> None:
        kind: Check | None = self.kind.currentData()
        current, top = self.found.currentIndex().row(), self.found.verticalScrollBar().value()
        before = self.model.rows[current].order if current >= 0 else None
        if not self.model.show([row for row in self._all if kind in (None, row.check)]):
            self._go_back(before, top)
        self._chosen_changed()

    def _go_back(self, order: tuple | None, top: int) -> None:
        """Make the row that was current so again after the list was made anew, or the one after it."""
        row = next((number for number, row in enumerate(self.model.rows) if order and row.order >= order), -1)
        if row >= 0:
            selects = QItemSelectionModel.SelectionFlag.ClearAndSelect
            self.found.selectionModel().setCurrentIndex(self.model.index(row), selects)
        self.found.verticalScrollBar().setValue(top)

    def show_progress(self, share: float | None, text: str = "") -> None:
        """Show how much of a check is done (0 to 1), or that none is under way."""
        runs = share is not None
        self.stop.setVisible(runs)
        self.progress.setVisible(runs)
        self.progress.setValue(int(100 * (share or 0.0)))
        self.status.setText(text)

    def show_ways(self, ways: Sequence[Repair]) -> None:
        """Offer ways to mend what is chosen."""
        self.ways.clear()
        for way in ways:
            action = self.ways.addAction(way.label)
            action.triggered.connect(lambda _checked, way=way: self.mending_chosen.emit(way))
        self.mend.setEnabled(bool(ways))
        self.ways.menuAction().setEnabled(bool(ways))

    # What is chosen ----------------------------------------------------------------------------------

    @property
    def chosen(self) -> list[Contradiction]:
        """The selected contradictions, from top to bottom."""
        rows = sorted(index.row() for index in self.found.selectionModel().selectedRows())
        return [self.model.rows[row] for row in rows]

    def _chosen_changed(self, *_selections: object) -> None:
        chosen = self.chosen
        for button in (self.zoom, self.select):
            button.setEnabled(bool(chosen))
        if len(chosen) == 1:
            lines = (chosen[0].parcel, chosen[0].sentence(), chosen[0].remedy())
            self.details.setText("\n".join(filter(None, lines)))
        else:
            said = translate("GrueneInfra", "{count} contradictions chosen")
            self.details.setText(said.format(count=len(chosen)) if chosen else "")
        self.chosen_changed.emit()
