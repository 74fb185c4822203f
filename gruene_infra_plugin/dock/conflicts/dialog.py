"""The dialog as the user sees it: both sides beside each other, one to be chosen per row."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from qgis.PyQt import uic
from qgis.PyQt.QtWidgets import QDialog, QHeaderView, QLabel, QPushButton, QTableView, QWidget

from ...i18n import translate
from ...register.model import Side
from ..copying import mark_copies
from .entries import Disputed
from .model import ConflictsModel

WIDTH, HEIGHT = 96, 28
"""Size of the dialog in letters and lines."""
LEAST_LINES = 4
"""What a row is about takes so many."""


class ConflictsDialog(QDialog):
    """Accepted when every row is decided and is to be written; rejected when nothing is."""

    message: QLabel
    rows: QTableView
    decided: QLabel
    all_theirs: QPushButton
    all_mine: QPushButton
    write: QPushButton
    cancel: QPushButton

    def __init__(self, message: str, rows: Sequence[Disputed], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        uic.loadUi(str(Path(__file__).with_name("dialog.ui")), self)
        mark_copies(self)
        self.message.setText(message)
        self.model = ConflictsModel(self)
        self.model.decided_changed.connect(self._show_decided)
        self.rows.setModel(self.model)
        self.rows.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.all_theirs.clicked.connect(lambda: self.model.decide_all(Side.THEIRS))
        self.all_mine.clicked.connect(lambda: self.model.decide_all(Side.MINE))
        self.write.clicked.connect(self.accept)
        self.cancel.clicked.connect(self.reject)
        self._fit(rows)
        self.model.show(rows)
        self.rows.setCurrentIndex(self.model.index(0, 1))

    def _fit(self, rows: Sequence[Disputed]) -> None:
        """Make every row as high as the longest one needs, which many rows take no time for."""
        line = self.fontMetrics().lineSpacing()
        lines = max((len(side) for row in rows for side in (row.theirs, row.mine)), default=0)
        self.rows.verticalHeader().setDefaultSectionSize(max(LEAST_LINES, lines + 1) * line + line)
        self.resize(WIDTH * self.fontMetrics().averageCharWidth(), HEIGHT * line)

    def _show_decided(self) -> None:
        decided, count = self.model.decided, self.model.rowCount()
        said = translate("GrueneInfra", "{decided} of {count} rows decided")
        self.decided.setText(said.format(decided=decided, count=count))
        self.write.setEnabled(decided == count)
