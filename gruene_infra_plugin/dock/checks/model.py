"""Qt model of the contradictions: what is mended goes, everything else stays where it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from qgis.PyQt.QtCore import QAbstractListModel, QModelIndex, QObject, Qt

from ...register.checks import Check, Contradiction
from ..tips import plain_tip

NO_PARENT = QModelIndex()
MOST_BLOCKS = 200
"""More blocks of rows that come or go at once are shown as a new list."""
FILL = "_"
"""What fills a key up to its length; it tells nobody anything."""
GLYPHS = {
    Check.MINOR_SHARE: "◔",
    Check.TWO_TYPES: "≠",
    Check.EXCLUDED: "⊘",
    Check.REJECTED_PROJECT: "✕",
    Check.NO_GEOMETRY: "∅",
    Check.NOT_IN_LAYER: "?",
    Check.OVERLAP: "∩",
    Check.AREA: "≉",
    Check.ODD_VALUE: "‽",
    Check.NOT_LOGGING: "⚠",
    Check.NO_ARCHIVE: "⍰",
    Check.ODD_ENTRY: "⌛",
}


def kind_name(check: Check) -> str:
    """Return a kind with its glyph."""
    return f"{GLYPHS[check]} {check.value}"


class ContradictionsModel(QAbstractListModel):
    """Two lines per contradiction: kind and parcel, then what contradicts."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: list[Contradiction] = []

    def rowCount(self, parent: QModelIndex = NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            at = f" · {row.parcel.rstrip(FILL)}" if row.parcel else ""
            return f"{kind_name(row.check)}{at}\n{row.sentence()}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(row.remedy())
        if role == Qt.ItemDataRole.AccessibleTextRole:
            at = f", {row.parcel}" if row.parcel else ""
            return f"{row.check.value}{at}: {row.sentence()}"
        return None

    def show(self, rows: Sequence[Contradiction]) -> bool:
        """Show other rows, both in their order; return whether the view could keep its place."""
        blocks = list(_blocks(self.rows, rows))
        if len(blocks) > MOST_BLOCKS:
            self.beginResetModel()
            self.rows = list(rows)
            self.endResetModel()
            return False
        for first, last, new in reversed(blocks):
            self._replace(first, last, new)
        self._refresh(rows)
        return True

    def _replace(self, first: int, last: int, new: Sequence[Contradiction]) -> None:
        """Remove the rows from ``first`` up to ``last``, which is not among them, and insert new ones."""
        if last > first:
            self.beginRemoveRows(NO_PARENT, first, last - 1)
            del self.rows[first:last]
            self.endRemoveRows()
        if new:
            self.beginInsertRows(NO_PARENT, first, first + len(new) - 1)
            self.rows[first:first] = new
            self.endInsertRows()

    def _refresh(self, rows: Sequence[Contradiction]) -> None:
        """Take over what changed in rows that stay."""
        self.rows = list(rows)
        if self.rows:
            self.dataChanged.emit(self.index(0), self.index(len(self.rows) - 1))


def _blocks(
    old: Sequence[Contradiction], new: Sequence[Contradiction]
) -> Iterator[tuple[int, int, Sequence[Contradiction]]]:
    """Yield places in ``old`` from and up to which rows give way to others."""
    at, there, begin, begin_there = 0, 0, 0, 0
    while at < len(old) and there < len(new):
        if old[at].order == new[there].order:
            if at > begin or there > begin_there:
                yield begin, at, new[begin_there:there]
            at, there = at + 1, there + 1
            begin, begin_there = at, there
        elif old[at].order < new[there].order:
            at += 1
        else:
            there += 1
    if len(old) > begin or len(new) > begin_there:
        yield begin, len(old), new[begin_there:]
