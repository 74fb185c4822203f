"""Qt model of the rows in conflict, one of two sides to be ticked for each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from qgis.PyQt.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt, pyqtSignal

from ...i18n import translate
from ...register.model import Choice, Side
from ..tips import plain_tip
from .entries import Disputed

NO_PARENT = QModelIndex()
SIDES = {1: Side.THEIRS, 2: Side.MINE}


class ConflictsModel(QAbstractTableModel):
    """What the row is about, what it says there, what I was going to write."""

    decided_changed = pyqtSignal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: Sequence[Disputed] = ()
        self._sides: dict[int, Side] = {}

    def show(self, rows: Sequence[Disputed]) -> None:
        """Show rows, none of them decided."""
        self.beginResetModel()
        self.rows, self._sides = rows, {}
        self.endResetModel()
        self.decided_changed.emit()

    def rename(self, rows: Sequence[Disputed]) -> None:
        """Show the same rows in better words."""
        self.rows = rows
        self._tell()

    def _tell(self) -> None:
        self.dataChanged.emit(self.index(0, 0), self.index(len(self.rows) - 1, 2))
        self.decided_changed.emit()

    @property
    def decided(self) -> int:
        return len(self._sides)

    @property
    def choices(self) -> tuple[Choice, ...]:
        """The decisions made so far."""
        return tuple(self.rows[row].conflict.choose(side) for row, side in sorted(self._sides.items()))

    def decide_all(self, side: Side) -> None:
        self._sides = dict.fromkeys(range(len(self.rows)), side)
        self._tell()

    def rowCount(self, parent: QModelIndex = NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: QModelIndex = NO_PARENT) -> int:
        return 0 if parent.isValid() else 3

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation != Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        names = (
            translate("GrueneInfra", "Entry"),
            translate("GrueneInfra", "Theirs, in the register now"),
            translate("GrueneInfra", "Mine"),
        )
        return names[section]

    def flags(self, index: QModelIndex) -> Qt.ItemFlag:
        plain = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return plain | Qt.ItemFlag.ItemIsUserCheckable if index.column() in SIDES else plain

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row, side = self.rows[index.row()], SIDES.get(index.column())
        lines = {None: (row.title, row.about), Side.THEIRS: row.theirs, Side.MINE: row.mine}[side]
        if role == Qt.ItemDataRole.DisplayRole:
            return "\n".join(lines)
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip("\n".join(lines))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._spoken(index.row(), side, lines)
        if role == Qt.ItemDataRole.CheckStateRole and side is not None:
            ticked = self._sides.get(index.row()) is side
            return Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked
        return None

    def _spoken(self, row: int, side: Side | None, lines: Sequence[str]) -> str:
        text = ", ".join(lines)
        if side is None:
            return text
        if self._sides.get(row) is side:
            return translate("GrueneInfra", "{text}, chosen").format(text=text)
        return translate("GrueneInfra", "{text}, not chosen").format(text=text)

    def setData(self, index: QModelIndex, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        side = SIDES.get(index.column())
        if role != Qt.ItemDataRole.CheckStateRole or side is None:
            return False
        if Qt.CheckState(value) == Qt.CheckState.Checked:
            self._sides[index.row()] = side
        else:
            self._sides.pop(index.row(), None)
        self.dataChanged.emit(index.siblingAtColumn(1), index.siblingAtColumn(2))
        self.decided_changed.emit()
        return True
