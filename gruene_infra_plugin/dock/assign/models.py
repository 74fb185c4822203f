"""Qt models of the page: goals with what the selection carries, and the totals that will change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from qgis.PyQt.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt, pyqtSignal
from qgis.PyQt.QtGui import QFont

from ...i18n import language, translate
from ...report.numbers import Numbers
from ...strategy import Strategy
from ..goals import GOAL_ROLE, goal_name
from ..parcels import Selection
from .plan import Change, Wish

NO_PARENT = QModelIndex()


class GoalsModel(QAbstractTableModel):
    """The 27 goals by number: ticked where all selected parcels carry one, half where some do.

    A click asks for something else than is there; the third click asks for nothing again.
    """

    wishes_changed = pyqtSignal()

    def __init__(self, strategy: Strategy, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.goals = strategy.goals
        self.wishes: dict[int, Wish] = {}
        self._carrying: Mapping[int, int] = {}
        self._selected = 0

    @property
    def kept(self) -> frozenset[int]:
        """Goals that all selected parcels carry."""
        return frozenset(hz for hz in self._carrying if self._there(hz) == Qt.CheckState.Checked)

    def show(self, selection: Selection) -> None:
        """Show what a selection carries, and forget what was asked for."""
        self._show(selection, {})

    def keep_wishes(self, selection: Selection) -> None:
        """Show a selection with what was asked for still being asked for."""
        self._show(selection, self.wishes)

    def _show(self, selection: Selection, wishes: Mapping[int, Wish]) -> None:
        self._selected = len(selection.keys)
        self._carrying = selection.carrying
        self.wishes = {hz: wish for hz, wish in wishes.items() if wish in self._cycle(hz)}
        self._refresh()

    def _refresh(self) -> None:
        last = self.index(len(self.goals) - 1, 1)
        self.dataChanged.emit(self.index(0, 0), last)
        self.wishes_changed.emit()

    def rowCount(self, parent: QModelIndex = NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self.goals)

    def columnCount(self, parent: QModelIndex = NO_PARENT) -> int:
        return 0 if parent.isValid() else 2

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation != Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        names = (translate("GrueneInfra", "Handlungsziel"), translate("GrueneInfra", "Selected"))
        return names[section]

    def flags(self, index: QModelIndex) -> Qt.ItemFlag:
        plain = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        if index.column() == 0:
            return plain | Qt.ItemFlag.ItemIsUserCheckable
        return plain

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        goal = self.goals[index.row()]
        if role == GOAL_ROLE:
            return goal.number
        if role == Qt.ItemDataRole.FontRole:
            return self._font(goal.number)
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{goal.title.get(language())}\n{self._said(goal.number)}"
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{goal_name(goal)}: {self._said(goal.number)}"
        if index.column() == 0:
            return self._goal_cell(index, role)
        return self._count_cell(goal.number, role)

    def _goal_cell(self, index: QModelIndex, role: int) -> Any:
        goal = self.goals[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return goal_name(goal)
        if role == Qt.ItemDataRole.CheckStateRole:
            return self.state(goal.number)
        return None

    def _count_cell(self, hz: int, role: int) -> Any:
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        sign = {Wish.ASSIGN: "+ ", Wish.REMOVE: "− "}.get(self.wishes.get(hz), "")  # type: ignore[arg-type]
        count = self._carrying.get(hz, 0)
        if not self._selected:
            return sign.strip()
        return f"{sign}{count}/{self._selected}" if count or sign else ""

    def _font(self, hz: int) -> QFont:
        font = QFont()
        font.setBold(hz in self.wishes)
        return font

    def _said(self, hz: int) -> str:
        wish = self.wishes.get(hz)
        if wish is Wish.ASSIGN:
            if not self._selected:
                return translate("GrueneInfra", "will be painted, or assigned to what is selected next")
            return translate("GrueneInfra", "will be assigned to all selected parcels")
        if wish is Wish.REMOVE:
            return translate("GrueneInfra", "will be taken from all selected parcels")
        said = translate("GrueneInfra", "{count} of {selected} selected parcels carry it")
        return said.format(count=self._carrying.get(hz, 0), selected=self._selected)

    def state(self, hz: int) -> Qt.CheckState:
        """Return how the goal's box looks: what is asked for, else what is there."""
        wish = self.wishes.get(hz)
        if wish is not None:
            return Qt.CheckState.Checked if wish is Wish.ASSIGN else Qt.CheckState.Unchecked
        return self._there(hz)

    def _there(self, hz: int) -> Qt.CheckState:
        count = self._carrying.get(hz, 0)
        if count == 0:
            return Qt.CheckState.Unchecked
        return Qt.CheckState.Checked if count == self._selected else Qt.CheckState.PartiallyChecked

    def setData(self, index: QModelIndex, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Take a click on a box: on to what comes next for this goal."""
        if role != Qt.ItemDataRole.CheckStateRole:
            return False
        hz = self.goals[index.row()].number
        cycle = self._cycle(hz)
        following = cycle[(cycle.index(self.wishes.get(hz)) + 1) % len(cycle)]
        self.wishes.pop(hz, None)
        if following is not None:
            self.wishes[hz] = following
        self.dataChanged.emit(self.index(index.row(), 0), self.index(index.row(), 1))
        self.wishes_changed.emit()
        return True

    def _cycle(self, hz: int) -> list[Wish | None]:
        """Return what clicks on a goal go through, from what is there."""
        there = self._there(hz)
        if there == Qt.CheckState.Unchecked:
            return [None, Wish.ASSIGN]
        if there == Qt.CheckState.Checked:
            return [None, Wish.REMOVE, Wish.ASSIGN]
        return [None, Wish.ASSIGN, Wish.REMOVE]

    def ask(self, wishes: Mapping[int, Wish]) -> None:
        """Ask for all of this, and for nothing else."""
        self.wishes = dict(wishes)
        self._refresh()


class ChangesModel(QAbstractTableModel):
    """Totals before and after, in parcels and hectares, one row per goal or Raumtyp."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.changes: Sequence[Change] = ()

    def show(self, changes: Sequence[Change]) -> None:
        self.beginResetModel()
        self.changes = tuple(changes)
        self.endResetModel()

    def rowCount(self, parent: QModelIndex = NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self.changes)

    def columnCount(self, parent: QModelIndex = NO_PARENT) -> int:
        return 0 if parent.isValid() else 4

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation != Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        return (
            translate("GrueneInfra", "Total"),
            translate("GrueneInfra", "before"),
            translate("GrueneInfra", "after"),
            translate("GrueneInfra", "difference"),
        )[section]

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column():
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return None
        change = self.changes[index.row()]
        if index.column() == 0:
            return f"HZ {change.of}" if isinstance(change.of, int) else str(change.of.value)
        if index.column() == 3:
            return _amount(change.parcels, change.hectares, signed=True)
        total = change.before if index.column() == 1 else change.after
        return _amount(total.parcels, total.hectares)


def _amount(parcels: int, hectares: float, *, signed: bool = False) -> str:
    numbers = Numbers(language())

    def sign(value: float) -> str:
        return "+" if signed and value > 0 else ""

    area = 0.0 if abs(hectares) < 1e-9 else hectares
    return "\n".join(
        (f"{sign(parcels)}{numbers.number(parcels)}", f"{sign(area)}{numbers.quantity(area, 'ha')}")
    )
