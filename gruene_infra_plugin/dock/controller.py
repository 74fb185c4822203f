"""Puts the panel together: the pages and their controllers around one workbench."""

from __future__ import annotations

from collections.abc import Iterable

from qgis.core import Qgis, QgsMapLayer, QgsProject, QgsVectorLayer
from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import QObject, QTimer

from ..i18n import translate
from ..strategy import Strategy
from . import state
from .assign.controller import AssignController
from .assign.page import AssignPage
from .checks.controller import ChecksController
from .checks.page import ChecksPage
from .conflicts.controller import ConflictsController
from .find.controller import FindController
from .find.page import FindPage
from .hand_edits import HandEdits
from .map_view import MapView
from .page import Page
from .paint.controller import PaintController
from .panel import Panel
from .places.controller import PlaceController
from .places.memory import name_of
from .status.algorithms import search_words
from .status.controller import StatusController
from .status.page import StatusPage
from .suggestions.controller import SuggestionsController
from .suggestions.panel import SuggestionsPanel
from .workbench import Workbench


class PanelController(QObject):
    """Owns the workbench; :meth:`close` lets go of all that it connected."""

    def __init__(self, panel: Panel, canvas: QgsMapCanvas, project: QgsProject, strategy: Strategy) -> None:
        super().__init__(panel)
        self.panel = panel
        self.project = project
        self.workbench = Workbench(project, strategy, self)
        self.view = MapView(canvas, project)
        self.places = PlaceController(self.workbench, project, panel)
        self.hand_edits = HandEdits(self.workbench, project)
        self.conflicts = ConflictsController(self.workbench, panel)
        self.painting = PaintController(self.workbench, canvas, self)
        self._add_pages(strategy)
        self._connect()
        self._project_read()

    def _add_pages(self, strategy: Strategy) -> None:
        workbench, view = self.workbench, self.view
        assign, suggestions = AssignPage(strategy), SuggestionsPanel(strategy)
        assign.add_suggestions(suggestions)
        listed = suggestions.model
        listed.modelReset.connect(lambda: assign.show_suggested(listed.rowCount()))
        find, checks, status = FindPage(strategy), ChecksPage(), StatusPage(strategy, search_words())
        self._add_page(assign, translate("GrueneInfra", "Assign"))
        self._add_page(find, translate("GrueneInfra", "Find"))
        self._add_page(status, translate("GrueneInfra", "Goals"))
        self._add_page(checks, translate("GrueneInfra", "Check"))
        self.assign = AssignController(assign, workbench, view)
        self.suggestions = SuggestionsController(suggestions, workbench, view)
        self.find = FindController(find, workbench, view)
        self.status = StatusController(status, workbench, view)
        self.checks = ChecksController(checks, workbench, view)
        self._open_page(state.remembered_page())

    def _add_page(self, page: Page, title: str) -> None:
        self.panel.pages.addTab(page, title)

    def _open_page(self, name: str) -> None:
        pages = self.panel.pages
        names = [pages.widget(number).objectName() for number in range(pages.count())]
        if name in names:
            pages.setCurrentIndex(names.index(name))

    def _connect(self) -> None:
        panel, workbench = self.panel, self.workbench
        workbench.said.connect(panel.messages.say)
        workbench.busy_changed.connect(panel.show_busy)
        workbench.parcels_changed.connect(self._show_parcels)
        workbench.register_opened.connect(lambda: panel.show_register(name_of(workbench.place)))
        panel.layer_chosen.connect(self._choose_layer)
        panel.visibilityChanged.connect(self._shown)
        panel.pages.currentChanged.connect(self._page_turned)
        panel.register_button.setMenu(self.places.menu)
        panel.show_register("")
        self.checks.select_requested.connect(self.find.select_keys)
        self.project.readProject.connect(self._project_read)
        self.project.layersAdded.connect(self._layers_added)
        self._connect_painting()

    def _connect_painting(self) -> None:
        page, painting = self.assign.page, self.painting
        page.paint.clicked.connect(lambda on: painting.toggle(on, page.paint_brush))
        page.planned.connect(self._change_brush)
        painting.active_changed.connect(page.paint.setChecked)
        painting.hovered.connect(page.hovered.setText)

    def _change_brush(self) -> None:
        if self.painting.is_active:
            self.painting.toggle(True, self.assign.page.paint_brush)

    # The layer of parcels ----------------------------------------------------------------------------

    def _choose_layer(self, layer: QgsVectorLayer | None, key_field: str) -> None:
        if layer is None:
            QTimer.singleShot(0, self._choose_none)  # a layer that is being removed is told by itself
            return
        self.workbench.set_parcels(layer, key_field)
        parcels = self.workbench.parcels
        state.remember_parcels(self.project, layer, parcels.key_field if parcels else "")

    def _choose_none(self) -> None:
        if self.workbench.parcels is not None and self.panel.layer.currentLayer() is None:
            self.workbench.set_parcels(None)
            state.remember_parcels(self.project, None, "")

    def _show_parcels(self) -> None:
        parcels = self.workbench.parcels
        self.panel.show_parcels(parcels)
        if parcels is not None and parcels.fields is None:
            message = translate(
                "GrueneInfra", "{layer}: choose the field that holds the Flurstückskennzeichen."
            )
            self.workbench.said.emit(message.format(layer=parcels.layer.name()), Qgis.MessageLevel.Info)

    def _project_read(self, *_document: object) -> None:
        self.workbench.set_parcels(*state.remembered_parcels(self.project))

    def _layers_added(self, layers: Iterable[QgsMapLayer]) -> None:
        """Take the first layer with a key, where none is chosen."""
        if self.workbench.parcels is None:
            layer = state.first_with_key(layers)
            if layer is not None:
                self.workbench.set_parcels(layer)

    def _shown(self, visible: bool) -> None:
        if visible and state.shown_first():
            QTimer.singleShot(0, self.panel.widen)

    def _page_turned(self, _number: int) -> None:
        state.remember_page(self.panel.pages.currentWidget().objectName())

    def close(self) -> None:
        """See writes through, then let go of project, layers and map."""
        self.project.readProject.disconnect(self._project_read)
        self.project.layersAdded.disconnect(self._layers_added)
        self.panel.layer_chosen.disconnect(self._choose_layer)
        parts = (self.painting, self.suggestions, self.status, self.hand_edits, self.places, self.workbench)
        for part in parts:
            part.close()
