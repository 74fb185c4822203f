"""Qt models of the page: parcels that were found, and totals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from qgis.PyQt.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt, pyqtSignal

from ...i18n import language, translate
from ...register.model import FoundParcel
from ...register.queries import SQUARE_METRES_PER_HECTARE
from ...report.figures import Figures
from ...report.numbers import Numbers
from ...report.texts import Texts
from ..tips import plain_tip
from .results import Column
from .totals import TotalRow, gap_lines

NO_PARENT = QModelIndex()
RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)


class _Table(QAbstractTableModel):
    """A table that is only looked at; ``_right`` are the columns of numbers."""

    _right: tuple[int, ...] = ()

    def _headings(self) -> tuple[str, ...]:
        raise NotImplementedError

    def columnCount(self, parent: QModelIndex = NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self._headings())

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._headings()[section]
        return None

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column() in self._right:
            return RIGHT
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(index.row(), index.column())
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(self._text(index.row(), index.column()))
        return None

    def _text(self, row: int, column: int) -> str:
        raise NotImplementedError


class ResultsModel(_Table):
    """Parcels that were found; a heading asks for an order, which comes by :meth:`put_in_order`."""

    _right = (Column.AREA,)
    order_wanted = pyqtSignal(object)
    """The :class:`Column` to sort by."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.parcels: Sequence[FoundParcel] = ()
        self.sorted_by = Column.KEY
        self._order: Sequence[int] | None = None
        self._descending = False

    def show(self, parcels: Sequence[FoundParcel], places: Sequence[int] | None = None) -> None:
        """Show parcels, that come by key, in the order of ``places``."""
        self.beginResetModel()
        self.parcels = parcels
        self._order = places
        self.endResetModel()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self._descending = order == Qt.SortOrder.DescendingOrder
        if column == self.sorted_by:
            self._reordered(self._order)
        elif column >= 0:
            self.sorted_by = Column(column)
            self.order_wanted.emit(self.sorted_by)

    def put_in_order(self, parcels: Sequence[FoundParcel], column: Column, places: Sequence[int]) -> None:
        """Take an order of parcels, unless others are shown by now or another order is wanted."""
        if parcels is self.parcels and column is self.sorted_by:
            self._reordered(places)

    def _reordered(self, places: Sequence[int] | None) -> None:
        self.beginResetModel()
        self._order = places
        self.endResetModel()

    def parcel(self, row: int) -> FoundParcel:
        """Return the parcel that a row shows."""
        place = len(self.parcels) - 1 - row if self._descending else row
        return self.parcels[place if self._order is None else self._order[place]]

    def rowCount(self, parent: QModelIndex = NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self.parcels)

    def _headings(self) -> tuple[str, ...]:
        return (
            translate("GrueneInfra", "Parcel"),
            translate("GrueneInfra", "Goals"),
            translate("GrueneInfra", "Raumtyp"),
            translate("GrueneInfra", "Project"),
            translate("GrueneInfra", "Area, ha"),
        )

    def _text(self, row: int, column: int) -> str:
        parcel = self.parcel(row)
        if column == Column.KEY:
            return parcel.key
        if column == Column.GOALS:
            return ", ".join(map(str, parcel.goals))
        if column == Column.SPACE_TYPE:
            return parcel.raumtyp or ""
        if column == Column.PROJECT:
            return ", ".join(parcel.projects)
        return Numbers(language()).number(parcel.area_m2 / SQUARE_METRES_PER_HECTARE)


class TotalsModel(_Table):
    """Totals, with the gap to the target in words."""

    _right = (1, 2)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: Sequence[TotalRow] = ()
        self._with_gap = True

    def show(self, rows: Sequence[TotalRow], *, with_gap: bool) -> None:
        self.beginResetModel()
        self.rows = rows
        self._with_gap = with_gap
        self.endResetModel()

    def rowCount(self, parent: QModelIndex = NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def _headings(self) -> tuple[str, ...]:
        headings = (
            translate("GrueneInfra", "Total of"),
            translate("GrueneInfra", "Parcels"),
            translate("GrueneInfra", "ha"),
            translate("GrueneInfra", "Gap"),
        )
        return headings if self._with_gap else headings[:3]

    def _text(self, row: int, column: int) -> str:
        found = self.rows[row]
        numbers = Numbers(language())
        if column == 0:
            return found.name
        if column == 1:
            return numbers.number(found.total.parcels)
        if column == 2:
            return numbers.number(found.total.hectares)
        return "\n".join(gap_lines(found.findings, Figures(Texts(language()))))
