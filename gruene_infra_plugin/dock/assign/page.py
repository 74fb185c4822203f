"""The page as the user sees it: what is selected, goals to tick, how they are assigned, what will change."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path

from qgis.gui import QgsFilterLineEdit
from qgis.PyQt.QtCore import QEvent, Qt, QTimer, pyqtSignal
from qgis.PyQt.QtGui import QResizeEvent
from qgis.PyQt.QtWidgets import (
    QComboBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QTableView,
    QToolButton,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from ...i18n import language, translate
from ...methods.parcels.space_types import SpaceType
from ...register.model import Project, Role, Status
from ...strategy import Strategy
from ..goals import GoalFilter
from ..page import Page
from ..paint.paint import Paint
from .models import ChangesModel, GoalsModel
from .plan import Change, Plan

VISIBLE_GOALS = 5
"""Rows of goals that are in sight at least."""
VISIBLE_CHANGES = 3
"""Rows of changes that are in sight at once, fewer where they would take more than a quarter of the page."""


class AssignPage(Page):
    """Shows and asks; ``planned`` says that something else is asked for."""

    planned = pyqtSignal()

    scroll: QScrollArea
    summary: QLabel
    suggested: QLabel
    search: QgsFilterLineEdit
    leitthema: QComboBox
    goals: QTreeView
    role: QComboBox
    status: QComboBox
    project: QComboBox
    new_project: QToolButton
    note: QLineEdit
    space_type: QComboBox
    suggestions_place: QVBoxLayout
    changes_label: QLabel
    changes: QTableView
    apply: QPushButton
    undo: QPushButton
    paint: QPushButton
    hovered: QLabel

    def __init__(self, strategy: Strategy, parent: QWidget | None = None) -> None:
        super().__init__(Path(__file__).with_name("page.ui"), parent)
        self.goals_model = GoalsModel(strategy, self)
        self.changes_model = ChangesModel(self)
        self._filter = GoalFilter(strategy, self)
        self._fill(strategy)
        self._set_up_goals()
        self._set_up_changes()
        for chooser in (self.role, self.status, self.project, self.space_type):
            chooser.currentIndexChanged.connect(self.planned)
        self.note.textChanged.connect(self.planned)
        self.show_suggested(0)
        self.goals_model.wishes_changed.connect(self.planned)

    def _fill(self, strategy: Strategy) -> None:
        self.leitthema.addItem(translate("GrueneInfra", "All Leitthemen"), "")
        for theme in strategy.leitthemen:
            self.leitthema.addItem(f"{theme.number} · {theme.title.get(language())}", theme.id)
        for role in Role:
            self.role.addItem(role.value, role)
        self.role.setCurrentIndex(self.role.findData(Role.MEASURE))
        self.status.addItem(translate("GrueneInfra", "unchanged (new ones: Idee)"), None)
        for status in Status:
            self.status.addItem(status.value, status)
        self.space_type.addItem(translate("GrueneInfra", "unchanged"), None)
        for kind in SpaceType:
            self.space_type.addItem(kind.value, kind)
        self.show_projects(())

    def _set_up_goals(self) -> None:
        self._filter.setSourceModel(self.goals_model)
        self.goals.setModel(self._filter)
        header = self.goals.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self.search.textChanged.connect(self._filter.search)
        self.leitthema.currentIndexChanged.connect(self._filter_by_theme)
        self.goals.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        self._fit_goals()

    def _fit_goals(self) -> None:
        self.goals.setMinimumHeight(int((VISIBLE_GOALS + 1.5) * self.fontMetrics().height() * 1.1))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "goals"):
            self._fit_goals()

    def _filter_by_theme(self) -> None:
        self._filter.set_leitthema(self.leitthema.currentData())

    def _set_up_changes(self) -> None:
        self.changes.setModel(self.changes_model)
        header = self.changes.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.show_changes(())

    def add_suggestions(self, suggestions: Page) -> None:
        """Show suggestions between what is asked for and what will change."""
        self.suggestions_place.addWidget(suggestions)
        inner = [w for w in suggestions.findChildren(QWidget) if w.focusPolicy() & Qt.FocusPolicy.TabFocus]
        for before, after in pairwise((self.space_type, *inner, self.changes)):
            QWidget.setTabOrder(before, after)
        self.suggested.linkActivated.connect(lambda _link: self._go_to(suggestions))

    def _go_to(self, suggestions: Page) -> None:
        self.scroll.ensureWidgetVisible(suggestions)
        suggestions.setFocus()

    def show_suggested(self, count: int) -> None:
        """Say how many suggestions stand below, with a link that goes there."""
        said = translate("GrueneInfra", "Suggestions from results: {count}").format(count=count)
        self.suggested.setText(f'<a href="#">{said}</a>')
        self.suggested.setVisible(count > 0)

    # What is shown -----------------------------------------------------------------------------------

    def show_projects(self, projects: Iterable[Project]) -> None:
        """Offer the register's projects; the chosen one stays chosen if it is still there."""
        chosen = self.project.currentData()
        self.project.blockSignals(True)
        self.project.clear()
        self.project.addItem(translate("GrueneInfra", "no project"), None)
        for project in projects:
            self.project.addItem(project.name, project.id)
        self.project.setCurrentIndex(max(0, self.project.findData(chosen)))
        self.project.blockSignals(False)

    def show_changes(self, changes: Sequence[Change]) -> None:
        """Show how totals will change, nothing at all where none will."""
        self.changes_model.show(changes)
        for widget in (self.changes, self.changes_label):
            widget.setVisible(bool(changes))
        self.changes.resizeRowsToContents()
        QTimer.singleShot(0, self._fit_changes)

    def _fit_changes(self) -> None:
        heights = [self.changes.rowHeight(row) for row in range(self.changes_model.rowCount())]
        shown = min(VISIBLE_CHANGES, len(heights))
        while shown > 1 and sum(heights[:shown]) > self.height() // 4:
            shown -= 1
        frame = 2 * self.changes.frameWidth() + self.changes.horizontalHeader().height()
        self.changes.setFixedHeight(sum(heights[:shown]) + frame)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_changes()

    # What is asked for -------------------------------------------------------------------------------

    @property
    def plan(self) -> Plan:
        """What is ticked and chosen."""
        return Plan(
            dict(self.goals_model.wishes),
            self.goals_model.kept,
            self.role.currentData(),
            self.status.currentData(),
            self.project.currentData(),
            self.note.text().strip() or None,
            self.space_type.currentData(),
        )

    @property
    def paint_brush(self) -> Paint:
        """What a stroke on the map assigns: everything that is ticked and chosen."""
        plan = self.plan
        goals = sorted({*plan.assigned, *(plan.kept - set(plan.removed))})
        return Paint(tuple(goals), plan.role, plan.status, plan.project, plan.note, plan.space_type)

    def forget(self) -> None:
        """Ask for nothing: what was asked for is done."""
        for chooser in (self.status, self.space_type):
            chooser.setCurrentIndex(0)
        self.note.clear()
        self.goals_model.ask({})
