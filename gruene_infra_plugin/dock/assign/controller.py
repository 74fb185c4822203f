"""Joins the page with the register: what the selection carries, what will change, what is written."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from qgis.core import Qgis, QgsProcessingFeedback
from qgis.PyQt.QtWidgets import QInputDialog

from ...i18n import translate
from ...register.model import Action, Project
from ...register.queries import SQUARE_METRES_PER_HECTARE
from ...register.store import Register
from ..amounts import parcels_and_area
from ..map_view import MapView
from ..page import PageController
from ..parcels import Selection
from ..timers import after_rest
from ..tips import plain_tip
from ..workbench import Choices, Workbench
from .page import AssignPage
from .plan import Change, Plan, goal_changes, space_type_changes, write

PREVIEW_MS = 150
"""A burst of clicks is computed once after this rest."""
Ask = Callable[[], str]


class AssignController(PageController):
    """``ask_name`` asks for the name of a new project; the tests put their own in its place."""

    def __init__(self, page: AssignPage, workbench: Workbench, view: MapView) -> None:
        super().__init__(page, workbench, view)
        self.page = page
        self.ask_name: Ask = self._ask_name
        self._keys: tuple[str, ...] = ()
        self._foretold: tuple[Plan, Selection] | None = None
        self._preview = after_rest(self, PREVIEW_MS, self._look_ahead)
        workbench.selection_changed.connect(self._show_selection)
        workbench.parcels_changed.connect(self._show_selection)
        workbench.register_opened.connect(self._show_selection)
        page.planned.connect(self._planned)
        page.apply.clicked.connect(self._apply)
        page.undo.clicked.connect(self._undo)
        page.new_project.clicked.connect(self._new_project)
        self._show_selection()

    def refresh(self) -> None:
        """Show projects and what can be undone."""
        if self.workbench.place is None:
            self.page.show_projects(())
            self._show_undo(None)
        self.workbench.read("assign", _projects_and_actions, self._read)

    def _read(self, found: tuple[list[Project], Action | None]) -> None:
        projects, undoable = found
        self.page.show_projects(projects)
        self._show_undo(undoable)

    def _show_undo(self, action: Action | None) -> None:
        self.page.undo.setEnabled(action is not None)
        said = translate("GrueneInfra", "There is nothing of yours to undo.")
        if action is not None:
            said = translate("GrueneInfra", "Takes back the last step: {kind}, {rows} rows, {when}.").format(
                kind=action.kind, rows=action.rows, when=f"{action.when.astimezone():%d.%m.%Y %H:%M}"
            )
        self.page.undo.setToolTip(plain_tip(said))

    # What is selected --------------------------------------------------------------------------------

    def _show_selection(self) -> None:
        selection = self.workbench.selection
        self.page.summary.setText(self._summary(selection))
        if not self._keys or self.page.paint.isChecked() or selection.keys == self._keys:
            self._keys = selection.keys
            self.page.goals_model.keep_wishes(selection)
        else:
            self._keys = selection.keys
            self.page.goals_model.show(selection)

    def _summary(self, selection: Selection) -> str:
        if self.workbench.parcels is None:
            return translate("GrueneInfra", "Choose the layer that holds the parcels.")
        if self.workbench.parcels.fields is None:
            return translate("GrueneInfra", "Choose the field that holds the Flurstückskennzeichen.")
        if self.workbench.place is None:
            return translate("GrueneInfra", "Open a register, or make a new one.")
        if not selection.keys and not selection.parcels.refused:
            return translate("GrueneInfra", "Select parcels on the map.")
        return "\n".join([self._selected(selection), *_warnings(selection)])

    def _selected(self, selection: Selection) -> str:
        amount = parcels_and_area(len(selection.keys), selection.area_m2 / SQUARE_METRES_PER_HECTARE)
        return " · ".join((amount, *_raumtypen(selection), *_places(selection)))

    # What will change --------------------------------------------------------------------------------

    def _planned(self) -> None:
        """Foretell anew what will change; nothing can be applied that is not shown."""
        self._foretold = None
        self.page.apply.setEnabled(False)
        self._preview.start()

    def _look_ahead(self) -> None:
        plan, selection = self.page.plan, self.workbench.selection
        if not (selection.keys and plan.asks):
            self.page.show_changes(())
            return

        def work(register: Register, _feedback: QgsProcessingFeedback) -> list[Change]:
            totals = register.totals_by_goal({*plan.wishes, *plan.restated})
            kinds = {} if plan.space_type is None else register.totals_by_space_type()
            return goal_changes(plan, selection, totals) + space_type_changes(plan, selection, kinds)

        self.workbench.read("preview", work, lambda changes: self._show_changes(plan, selection, changes))

    def _show_changes(self, plan: Plan, selection: Selection, changes: list[Change]) -> None:
        if plan == self.page.plan and selection is self.workbench.selection:
            self._foretold = plan, selection
            self.page.show_changes(changes)
            self.page.apply.setEnabled(bool(changes))

    # What is written ---------------------------------------------------------------------------------

    def _apply(self) -> None:
        """Write what is shown, in one step."""
        if self._foretold is None:
            return
        plan, selection = self._foretold

        def work(register: Register, choices: Choices) -> None:
            write(plan, selection, register, choices)

        self.workbench.write(work, lambda _result: self._done(plan))

    def _done(self, plan: Plan) -> None:
        """Ask for nothing more, unless the user asked for something else meanwhile."""
        if self.page.plan == plan:
            self.page.forget()

    def _undo(self) -> None:
        def undone(action: Action) -> None:
            message = translate("GrueneInfra", "Undone: {kind}, {rows} rows.")
            said = message.format(kind=action.kind, rows=action.rows)
            self.workbench.said.emit(said, Qgis.MessageLevel.Success)
            if not self.page.paint.isChecked():
                self.page.forget()

        self.workbench.write(lambda register, _choices: register.undo(), undone)

    # Projects ----------------------------------------------------------------------------------------

    def _new_project(self) -> None:
        name = self.ask_name().strip()
        if name:
            self.workbench.write(
                lambda register, _choices: (register.add_project(Project(name)), register.projects()),
                self._project_added,
            )

    def _ask_name(self) -> str:
        title = translate("GrueneInfra", "New project")
        name, accepted = QInputDialog.getText(self.page, title, translate("GrueneInfra", "Name:"))
        return name if accepted else ""

    def _project_added(self, found: tuple[Project, list[Project]]) -> None:
        added, projects = found
        self.page.show_projects(projects)
        self.page.project.setCurrentIndex(self.page.project.findData(added.id))


def _projects_and_actions(register: Register, _feedback: QgsProcessingFeedback) -> Any:
    """Return the projects and the action to undo next."""
    return register.projects(), register.next_to_undo()


def _raumtypen(selection: Selection) -> list[str]:
    """Return the Raumtyp of the selection in words, mixed where parcels differ."""
    kinds = selection.raumtypen
    if not kinds:
        return []
    if len(kinds) == 1 and len(selection.space_types) == len(selection.keys):
        return [kinds[0]]
    return [translate("GrueneInfra", "Raumtyp mixed: {kinds}").format(kinds=", ".join(kinds))]


def _places(selection: Selection) -> list[str]:
    names = selection.municipalities
    return [", ".join(names[:3]) + (" …" if len(names) > 3 else "")] if names else []


def _warnings(selection: Selection) -> list[str]:
    refused, unusable = selection.parcels.refused, selection.parcels.unusable
    without_key = translate("GrueneInfra", "{count} without a usable Flurstückskennzeichen are left out.")
    without_shape = translate("GrueneInfra", "{count} without a usable geometry are left out.")
    return [
        message.format(count=count)
        for count, message in ((refused, without_key), (unusable, without_shape))
        if count
    ]
