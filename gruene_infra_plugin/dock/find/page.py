"""The page as the user sees it: what is looked for, what was found, totals."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import Enum
from pathlib import Path
from typing import Any

from qgis.gui import QgsFilterLineEdit
from qgis.PyQt.QtCore import QModelIndex, Qt, pyqtSignal
from qgis.PyQt.QtWidgets import (
    QCheckBox,
    QComboBox,
    QLabel,
    QPushButton,
    QTableView,
    QWidget,
)

from ...i18n import translate
from ...methods.parcels.space_types import SpaceType
from ...register.model import Criteria, FoundParcel, Project, Role, Status
from ...strategy import Strategy
from ..goals import goal_name
from ..page import Page
from ..timers import after_rest
from .models import ResultsModel, TotalsModel
from .results import Column
from .totals import Grouping, TotalRow

TYPING_MS = 300
"""Clicks and letters that follow each other sooner are one question."""
VISIBLE_ROWS = 6
_WIDTHS = {Column.KEY: 22, Column.GOALS: 10, Column.SPACE_TYPE: 14, Column.PROJECT: 14, Column.AREA: 9}
"""Letters for which the columns of the list have room."""
_NAME_WIDTH = 13
"""Letters for which there is room in a line of a total's name."""


class FindPage(Page):
    """Shows and asks; a question is ``asked`` once the user pauses."""

    asked = pyqtSignal(object)
    """The :class:`Criteria` of a new question."""
    row_activated = pyqtSignal(object)
    """The :class:`FoundParcel` of a row that was double-clicked, or on which Enter was pressed."""
    grouping_chosen = pyqtSignal(object)

    goal: QComboBox
    role: QComboBox
    status: QComboBox
    space_type: QComboBox
    project: QComboBox
    key: QgsFilterLineEdit
    counting: QCheckBox
    found: QLabel
    clear: QPushButton
    zoom: QPushButton
    select: QPushButton
    show_on_map: QPushButton
    results: QTableView
    totals_by: QComboBox
    totals: QTableView

    def __init__(self, strategy: Strategy, parent: QWidget | None = None) -> None:
        super().__init__(Path(__file__).with_name("page.ui"), parent)
        self.results_model = ResultsModel(self)
        self.totals_model = TotalsModel(self)
        self._typing = after_rest(self, TYPING_MS, lambda: self.asked.emit(self.criteria))
        self._wrapping = after_rest(self, 0, self.totals.resizeRowsToContents)
        self._fill(strategy)
        self._set_up_results()
        self._set_up_totals()
        for chooser in self._choosers:
            chooser.currentIndexChanged.connect(lambda _index: self._typing.start())
        self.key.textChanged.connect(lambda _text: self._typing.start())
        self.counting.toggled.connect(lambda _on: self._typing.start())
        self.clear.clicked.connect(lambda: self.ask(Criteria()))

    @property
    def _choosers(self) -> tuple[QComboBox, ...]:
        return self.goal, self.role, self.status, self.space_type, self.project

    def _fill(self, strategy: Strategy) -> None:
        for chooser in self._choosers:
            chooser.addItem(translate("GrueneInfra", "any"), None)
        for goal in strategy.goals:
            self.goal.addItem(goal_name(goal), goal.number)
        words: dict[QComboBox, type[Enum]] = {
            self.role: Role, self.status: Status, self.space_type: SpaceType,
        }  # fmt: skip
        for chooser, values in words.items():
            for value in values:
                chooser.addItem(value.value, value)
        self.totals_by.addItem(translate("GrueneInfra", "Handlungsziel"), Grouping.GOAL)
        self.totals_by.addItem(translate("GrueneInfra", "Raumtyp"), Grouping.SPACE_TYPE)
        self.totals_by.addItem(translate("GrueneInfra", "Project"), Grouping.PROJECT)
        self.totals_by.currentIndexChanged.connect(lambda _index: self.grouping_chosen.emit(self.grouping))

    def _set_up_results(self) -> None:
        self.results.setModel(self.results_model)
        header = self.results.horizontalHeader()
        header.setSortIndicator(Column.KEY, Qt.SortOrder.AscendingOrder)
        self.results.setSortingEnabled(True)
        letter = self.fontMetrics().horizontalAdvance("0")
        for column, letters in _WIDTHS.items():
            self.results.setColumnWidth(column, letters * letter)
        self._show_rows(self.results)
        self.results.activated.connect(self._activated)

    def _set_up_totals(self) -> None:
        self.totals.setModel(self.totals_model)
        header = self.totals.horizontalHeader()
        header.setStretchLastSection(True)
        header.sectionResized.connect(lambda *_sizes: self._wrapping.start())
        self.totals.setColumnWidth(0, _NAME_WIDTH * self.fontMetrics().horizontalAdvance("0"))
        self._show_rows(self.totals)
        self.totals.clicked.connect(self._total_chosen)
        self.totals.activated.connect(self._total_chosen)

    def _show_rows(self, table: QTableView) -> None:
        """Keep some rows in sight, as high as the letters are."""
        height = int(1.5 * self.fontMetrics().height())
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(height)
        table.setMinimumHeight((VISIBLE_ROWS + 2) * height)

    # What is asked for -------------------------------------------------------------------------------

    @property
    def criteria(self) -> Criteria:
        """What is looked for."""
        goal, role, status, space_type, project = (one.currentData() for one in self._choosers)
        key_part, counting = self.key.text().strip(), self.counting.isChecked()
        return Criteria(goal, role, status, space_type, project, key_part, counting)

    @property
    def grouping(self) -> Grouping:
        return self.totals_by.currentData()

    def ask(self, criteria: Criteria) -> None:
        """Put a question for the user; it is asked at once."""
        values = (criteria.hz, criteria.role, criteria.status, criteria.raumtyp, criteria.project)
        for chooser, value in zip(self._choosers, values, strict=True):
            chooser.setCurrentIndex(max(0, chooser.findData(value)))
        self.key.setText(criteria.key_part)
        self.counting.setChecked(criteria.counting)
        self._typing.stop()
        self.asked.emit(self.criteria)

    @property
    def chosen(self) -> list[FoundParcel]:
        """The parcels of the selected rows, those of all rows if none is selected."""
        ranges = self.results.selectionModel().selection()
        if any(one.height() == self.results_model.rowCount() for one in ranges):
            return list(self.results_model.parcels)
        rows = sorted({row for one in ranges for row in range(one.top(), one.bottom() + 1)})
        return [self.results_model.parcel(row) for row in rows] or list(self.results_model.parcels)

    def _activated(self, index: QModelIndex) -> None:
        self.row_activated.emit(self.results_model.parcel(index.row()))

    def _total_chosen(self, index: QModelIndex) -> None:
        self.ask(self.totals_model.rows[index.row()].criteria)

    # What is shown -----------------------------------------------------------------------------------

    def show_projects(self, projects: Iterable[Project]) -> None:
        """Offer the register's projects; the chosen one stays chosen if it is still there."""
        chosen: Any = self.project.currentData()
        self.project.blockSignals(True)
        while self.project.count() > 1:
            self.project.removeItem(1)
        for project in projects:
            self.project.addItem(project.name, project.id)
        self.project.setCurrentIndex(max(0, self.project.findData(chosen)))
        self.project.blockSignals(False)

    def show_results(
        self, text: str, parcels: Sequence[FoundParcel], places: Sequence[int] | None = None
    ) -> None:
        """Show what was found, with a text that sums it up."""
        self.found.setText(text)
        self.results_model.show(parcels, places)
        for button in (self.zoom, self.select, self.show_on_map):
            button.setEnabled(bool(parcels))

    def show_totals(self, rows: Sequence[TotalRow]) -> None:
        """Show totals; projects have no target of their own."""
        self.totals_model.show(rows, with_gap=self.grouping is not Grouping.PROJECT)
        for column in (1, 2):
            self.totals.resizeColumnToContents(column)
        self._wrapping.start()
