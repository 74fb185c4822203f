"""Joins the page with the register and the map: parcels are found, gone to, selected, shown."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from qgis.core import Qgis, QgsGeometry, QgsProcessingFeedback, QgsRectangle, QgsVectorLayer

from ...i18n import language, translate
from ...register.errors import RegisterError
from ...register.layers import layers_of, register_layers
from ...register.model import Criteria, FoundParcel, Project
from ...register.schema import FLURSTUECK
from ...register.store import Register
from ...report.numbers import Numbers
from ...spatial.geometry.wkb import geometry_of
from ...spatial.running import check_cancelled
from ..amounts import parcels_and_area
from ..goals import goal_name
from ..map_view import MAX_FLASHED, MapView
from ..page import PageController
from ..workbench import Workbench
from .matching import Matching
from .page import FindPage
from .results import Column, hectares, order
from .totals import Grouping, TotalRow, read_totals

Wanted = Callable[[], tuple[set[str], set[str]]]
"""Returns keys of parcels, normalised and as delivered."""
BATCH = 2000
"""How many outlines are read at a time."""


@dataclass(frozen=True)
class Found:
    """The answer to a question, put in order."""

    criteria: Criteria
    parcels: tuple[FoundParcel, ...]
    hectares: float
    column: Column
    places: list[int] | None


class FindController(PageController):
    """The page asks, the register answers in the background."""

    def __init__(self, page: FindPage, workbench: Workbench, view: MapView) -> None:
        super().__init__(page, workbench, view)
        self.page = page
        page.asked.connect(self.search)
        page.row_activated.connect(lambda parcel: self._go_to([parcel]))
        page.grouping_chosen.connect(lambda _grouping: self._sum_up())
        page.zoom.clicked.connect(lambda: self._go_to(page.chosen))
        page.select.clicked.connect(self._select)
        page.show_on_map.clicked.connect(self._show_on_map)
        page.results_model.order_wanted.connect(self._sort)
        workbench.register_opened.connect(self._forget)
        self._forget()

    def refresh(self) -> None:
        """Show projects, what is found and totals as they are now."""
        if self.workbench.place is None:
            return
        self.workbench.read("projects to find", lambda register, _feedback: register.projects(), self._offer)
        self._sum_up()

    def _offer(self, projects: list[Project]) -> None:
        self.page.show_projects(projects)
        self.search(self.page.criteria)

    def _forget(self) -> None:
        """Another register: nothing that is shown is true of it."""
        self.page.show_projects(())
        self.page.show_totals(())
        self._show_nothing()

    def _show_nothing(self) -> None:
        text = translate("GrueneInfra", "Choose what to look for.")
        if self.workbench.place is None:
            text = translate("GrueneInfra", "Open a register, or make a new one.")
        self.page.show_results(text, ())

    # Searching ---------------------------------------------------------------------------------------

    def search(self, criteria: Criteria) -> None:
        """Look for parcels in the background; with nothing to look for, show nothing."""
        if self.workbench.place is None or criteria.is_empty:
            self._show_nothing()
            return
        column = self.page.results_model.sorted_by

        def work(register: Register, _feedback: QgsProcessingFeedback) -> Found:
            parcels = tuple(register.find(criteria))
            places = None if column is Column.KEY else order(parcels, column)
            return Found(criteria, parcels, hectares(parcels), column, places)

        self.workbench.read("find", work, self._found)

    def _found(self, found: Found) -> None:
        if found.criteria != self.page.criteria:
            return
        self.page.show_results(_summed_up(len(found.parcels), found.hectares), found.parcels, found.places)
        if found.column is not self.page.results_model.sorted_by:
            self._sort(self.page.results_model.sorted_by)

    def _sort(self, column: Column) -> None:
        parcels = self.page.results_model.parcels

        def work(_register: Register, _feedback: QgsProcessingFeedback) -> list[int]:
            return order(parcels, column)

        show = partial(self.page.results_model.put_in_order, parcels, column)
        self.workbench.read("put in order", work, show)

    def _sum_up(self) -> None:
        grouping, strategy = self.page.grouping, self.workbench.strategy
        names = {goal.number: goal_name(goal) for goal in strategy.goals}

        def work(
            register: Register, _feedback: QgsProcessingFeedback
        ) -> tuple[Grouping, tuple[TotalRow, ...]]:
            return grouping, read_totals(register, grouping, names.__getitem__)

        self.workbench.read("totals", work, self._show_totals)

    def _show_totals(self, found: tuple[Grouping, tuple[TotalRow, ...]]) -> None:
        grouping, rows = found
        if grouping is self.page.grouping:
            self.page.show_totals(rows)

    # On the map --------------------------------------------------------------------------------------

    def _go_to(self, parcels: Sequence[FoundParcel]) -> None:
        def work(register: Register, feedback: QgsProcessingFeedback) -> list[QgsGeometry]:
            return _outlines(register, [parcel.key for parcel in parcels], feedback)

        self.workbench.read("outlines to go to", work, self._arrive)

    def _arrive(self, outlines: list[QgsGeometry]) -> None:
        if not self.view.show(outlines, self.workbench.crs):
            message = translate("GrueneInfra", "The register has no geometry of these parcels.")
            self.workbench.said.emit(message, Qgis.MessageLevel.Warning)

    def _select(self) -> None:
        chosen = self.page.chosen
        self._select_in_parcels(lambda: _keys_of(chosen))

    def select_keys(self, keys: Collection[str]) -> None:
        """Select parcels in the layer of parcels by their normalised keys."""
        self._select_in_parcels(lambda: (set(keys), set()))

    def _select_in_parcels(self, wanted: Wanted) -> None:
        parcels = self.workbench.parcels
        if parcels is None or not parcels.key_field:
            message = translate("GrueneInfra", "Choose the layer of parcels and its key field above.")
            self.workbench.said.emit(message, Qgis.MessageLevel.Warning)
            return
        self._mark(parcels.layer, parcels.key_field, wanted)

    def _mark(self, layer: QgsVectorLayer, key_field: str, wanted: Wanted) -> None:
        """Select parcels in a layer, and say how many of them it holds; it works on in the background."""
        matching = Matching(layer, key_field)
        layer_id, project = layer.id(), self.workbench.project

        def work(_register: Register, feedback: QgsProcessingFeedback) -> tuple[list[int], int]:
            keys, delivered = wanted()
            return matching.ids(keys, delivered, feedback), len(keys)

        def mark(found: tuple[list[int], int]) -> None:
            ids, count = found
            there = project.mapLayer(layer_id)
            if there is not None:
                there.selectByIds(ids)
                self._say_marked(len(ids), count, there.name())

        self.workbench.read("parcels to mark", work, mark)

    def _say_marked(self, marked: int, wanted: int, layer: str) -> None:
        message = translate("GrueneInfra", "{layer}: {marked} features selected for {wanted} parcels.")
        level = Qgis.MessageLevel.Info if marked >= wanted else Qgis.MessageLevel.Warning
        number = Numbers(language()).number
        said = message.format(layer=layer, marked=number(marked), wanted=number(wanted))
        self.workbench.said.emit(said, level)

    def _show_on_map(self) -> None:
        """Bring the register's layers into the map, and select in them and go to what is chosen."""
        workbench = self.workbench
        if workbench.place is None:
            return
        try:
            group = register_layers(workbench.place, workbench.project, workbench.strategy)
        except RegisterError as error:
            workbench.said.emit(str(error), Qgis.MessageLevel.Warning)
            return
        group.setItemVisibilityCheckedParentRecursive(True)
        group.setExpanded(True)
        shown = layers_of(group)[FLURSTUECK.name]
        node = group.findLayer(shown.id())
        node.setItemVisibilityChecked(True)
        self.view.canvas.setCurrentLayer(shown)
        chosen = self.page.chosen
        self._mark(shown, "schluessel", lambda: (_keys_of(chosen)[0], set()))
        self._go_to(chosen)


def _keys_of(parcels: Sequence[FoundParcel]) -> tuple[set[str], set[str]]:
    return {parcel.key for parcel in parcels}, {parcel.delivered for parcel in parcels}


def _summed_up(parcels: int, area_ha: float) -> str:
    if not parcels:
        return translate("GrueneInfra", "No parcel meets this.")
    return parcels_and_area(parcels, area_ha)


def _outlines(register: Register, keys: Sequence[str], feedback: QgsProcessingFeedback) -> list[QgsGeometry]:
    """Return the outlines that the map can make flash, and one box around all of them."""
    shapes: list[QgsGeometry] = []
    box = QgsRectangle()
    for shape in _stored(register, keys, feedback):
        box.combineExtentWith(shape.boundingBox())
        if len(shapes) < MAX_FLASHED:
            shapes.append(shape)
    return shapes if len(shapes) < MAX_FLASHED else [*shapes, QgsGeometry.fromRect(box)]


def _stored(
    register: Register, keys: Sequence[str], feedback: QgsProcessingFeedback
) -> Iterator[QgsGeometry]:
    for start in range(0, len(keys), BATCH):
        check_cancelled(feedback)
        for wkb in register.outlines(keys[start : start + BATCH]).values():
            if wkb is not None:
                yield geometry_of(wkb)
