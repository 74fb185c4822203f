"""Joins the suggestions with the layers of the project, the selection and the register."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from qgis.core import Qgis, QgsProcessingFeedback, QgsVectorLayer

from ...i18n import language, translate
from ...register.store import Register
from ...report.numbers import Numbers
from ...spatial.geometry.wkb import geometry_of
from ..map_view import MapView
from ..page import PageController
from ..parcels import Parcels, Selection
from ..timers import after_rest
from ..workbench import Choices, Workbench
from .evidence import Measured, ResultLayer, known_results, measure, result_layers
from .panel import SuggestionsPanel
from .told import Suggestion, records, suggestions

BURST_MS = 200
"""A burst of changes of layers counts as one after this rest."""


class SuggestionsController(PageController):
    """Looks at results while the list is in sight; takes over what the user asks for, and nothing else."""

    def __init__(self, panel: SuggestionsPanel, workbench: Workbench, view: MapView) -> None:
        super().__init__(panel, workbench, view)
        self.panel = panel
        self._selection = Selection()
        self._crs = workbench.crs
        self._measured: tuple[tuple[Parcels, str], Measured] | None = None
        self._edition = 0
        self._watched: dict[str, bool] = {}
        self._burst = after_rest(self, BURST_MS, self._changed)
        workbench.selection_changed.connect(self._changed)
        workbench.busy_changed.connect(self._rested)
        workbench.project.layersAdded.connect(self._layers_changed)
        workbench.project.layersRemoved.connect(self._layers_removed)
        panel.taken.connect(self._take_over)
        panel.visited.connect(self._visit)
        self._watch()

    # The layers --------------------------------------------------------------------------------------

    def _watch(self) -> None:
        """Notice changes of results, and layers that become results."""
        for layer in self.workbench.project.mapLayers().values():
            if not isinstance(layer, QgsVectorLayer):
                continue
            if layer.id() not in self._watched:
                self._watched[layer.id()] = False
                layer.updatedFields.connect(self._layers_changed)
            if not self._watched[layer.id()] and known_results(layer):
                self._watched[layer.id()] = True
                for signal in _news_of(layer):
                    signal.connect(self._layers_changed)

    def _layers_removed(self, ids: Iterable[str]) -> None:
        for layer_id in ids:
            self._watched.pop(layer_id, None)
        self._layers_changed()

    def _layers_changed(self, *_what: object) -> None:
        self._edition += 1
        self._measured = None
        self._burst.start()

    # What is suggested -------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Look at the results for what is selected now, in the background."""
        self._edition += 1
        self._watch()
        selection, crs = self.workbench.selection, self.workbench.crs
        if self.workbench.place is None:
            self._say_nothing(translate("GrueneInfra", "Open a register to take over goals from results."))
        elif not selection.keys:
            self._say_nothing(translate("GrueneInfra", "Select parcels to see what results suggest."))
        else:
            self._look(selection, crs)

    def _say_nothing(self, remark: str) -> None:
        self._measured = None
        self.panel.show_suggestions((), remark)

    def _look(self, selection: Selection, crs: str) -> None:
        given = [ResultLayer(layer) for layer in result_layers(self.workbench.project)]
        if not given:
            remark = translate("GrueneInfra", "No layer holds results of an analysis that speaks for a goal.")
            self._say_nothing(remark)
            return
        spoken, day, edition = language(), dt.date.today(), self._edition
        before, here = self._measured, (selection.parcels, crs)

        def work(_register: Register, feedback: QgsProcessingFeedback) -> tuple[Measured, list[Suggestion]]:
            if before is not None and before[0] == here:  # ten thousand parcels are compared
                found = before[1]
            else:
                found = measure(given, selection.parcels.records, crs, feedback)
            return found, suggestions(found, selection.assignments, spoken, day)

        def done(found: tuple[Measured, list[Suggestion]]) -> None:
            if edition == self._edition:
                self._selection, self._crs = selection, crs
                self._measured = here, found[0]
                self.panel.show_suggestions(found[1], _remark(*found))

        self.panel.set_waiting(True)
        self.workbench.read("suggestions", work, done)

    def _rested(self, busy: bool) -> None:
        """Go on where reading or writing came to nothing; why, the workbench has said."""
        if busy or not self.panel.waiting or self._burst.isActive():
            return
        if self._measured is not None and self._selection.keys == self.workbench.selection.keys:
            self.panel.set_waiting(False)
        else:
            self._outdated = True
            self._say_nothing(translate("GrueneInfra", "The results could not be looked at."))

    # What the user asks for --------------------------------------------------------------------------

    def _take_over(self, taken: Sequence[Suggestion]) -> None:
        selection = self._selection

        def work(register: Register, choices: Choices) -> int:
            rows = records(taken)
            keys = {row.parcel for row in rows}
            parcels = [record for record in selection.parcels.records if record.key.key in keys]
            register.assign_records(parcels, rows, seen=selection.seen, choices=choices)
            return len(rows)

        self.panel.set_waiting(True)
        self.workbench.write(work, self._taken)

    def _taken(self, count: int) -> None:
        said = translate("GrueneInfra", "Taken over as ideas: {count} assignments.")
        if count == 1:
            said = translate("GrueneInfra", "Taken over as an idea: 1 assignment.")
        message = said.format(count=Numbers(language()).number(count))
        self.workbench.said.emit(message, Qgis.MessageLevel.Success)

    def _visit(self, suggestion: Suggestion) -> None:
        self.view.show([geometry_of(shape) for shape in suggestion.shapes], self._crs)

    def close(self) -> None:
        """Let go of project and layers."""
        self._burst.stop()
        project = self.workbench.project
        project.layersAdded.disconnect(self._layers_changed)
        project.layersRemoved.disconnect(self._layers_removed)
        for layer_id, is_result in self._watched.items():
            layer = project.mapLayer(layer_id)
            if layer is not None:
                for signal in (layer.updatedFields, *(_news_of(layer) if is_result else ())):
                    signal.disconnect(self._layers_changed)


def _news_of(layer: QgsVectorLayer) -> tuple[Any, ...]:
    """Return the signals by which a layer of results says that it changed."""
    return (
        layer.layerModified,
        layer.editingStopped,
        layer.dataChanged,
        layer.subsetStringChanged,
        layer.crsChanged,
        layer.nameChanged,
    )


def _remark(measured: Measured, told: Sequence[Suggestion]) -> str:
    """Return why there is nothing to suggest, and which results could not be used."""
    if told:
        lines = []
    elif measured.evidence:
        lines = [translate("GrueneInfra", "What the results suggest for these parcels is assigned already.")]
    else:
        lines = [translate("GrueneInfra", "The results suggest nothing for these parcels.")]
    return "\n".join((*lines, *measured.troubles))
