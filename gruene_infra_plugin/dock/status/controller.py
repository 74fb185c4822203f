"""Joins the page with register, project and history: what stands where, what is outdated, what to run."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, partial
from pathlib import Path
from typing import Any

from qgis.core import Qgis, QgsApplication, QgsProcessingAlgorithm, QgsProcessingFeedback

from ...catalogue import Entry, load_entry
from ...i18n import language, translate
from ...methods.findings.finding import Finding
from ...monitoring.configuration import Configuration
from ...monitoring.datasets import Dataset, dataset_of, is_result
from ...monitoring.plan import Step, goal_entries, planned
from ...register.postgis import PostgresPlace
from ...register.store import Register
from ..map_view import MapView
from ..page import PageController
from ..timers import after_rest
from ..workbench import Choices, Workbench
from .algorithms import AlgorithmDialogs, Opener, algorithm_of, measuring
from .changes import Change, outdating
from .inputs import Inputs
from .overview import Overview
from .page import StatusPage
from .rows import Outdating, RowMaker, not_assessable, outdated_text, when
from .runs import PREFIX, Query, Runs, query_history
from .staleness import ChangeLog, Clock, now
from .tables import News, Table, loaded_tables, mark_taken, news_of

EVERYTHING, PACKAGE = "run_monitoring", "gruene_infra_ergebnis"
REST_MS = 200
"""A burst of changes in the project is shown once after this rest."""


class StatusController(PageController):
    """``opener`` opens an algorithm; the tests put their own in its place, and a history of their own."""

    def __init__(
        self,
        page: StatusPage,
        workbench: Workbench,
        view: MapView,
        *,
        opener: Opener | None = None,
        query: Query = query_history,
        clock: Clock = now,
    ) -> None:
        super().__init__(page, workbench, view)
        self.page = page
        self.dialogs = AlgorithmDialogs()
        self.opener = opener or self.dialogs.open
        self.runs = Runs(query, self)
        self.log = ChangeLog(workbench.project, clock, self)
        self._clock = clock
        self._overview = Overview()
        self._news = News()
        self._rest = after_rest(self, REST_MS, self._changed)
        self._layers_rest = after_rest(self, REST_MS, self._show_measurable)
        self.runs.changed.connect(self._rest.start)
        self.log.changed.connect(self._rest.start)
        workbench.project.layersAdded.connect(self._layers_changed)
        workbench.project.layersRemoved.connect(self._layers_changed)
        page.run_asked.connect(self.run_missing)
        page.run_goal_asked.connect(self.run)
        page.algorithm_asked.connect(self.run_algorithm)
        page.goal_chosen.connect(self._describe)
        page.area_chosen.connect(self._show)
        page.everything_asked.connect(self.measure_everything)
        page.take_over.clicked.connect(self._take_over)
        self._show()
        self._show_measurable()

    def _layers_changed(self, *_layers: object) -> None:
        self._rest.start()
        self._layers_rest.start()

    def refresh(self) -> None:
        """Read findings and loaded tables anew."""
        self._show_measurable()
        project, goals = self.workbench.project, {goal.number for goal in self.workbench.strategy.goals}
        if self.workbench.place is None:
            self._read((Overview(), News()))
            return
        reading = partial(_read, tables=loaded_tables(project), goals=goals)
        self.workbench.read("status", reading, self._read)

    def _read(self, found: tuple[Overview, News]) -> None:
        self._overview, self._news = found
        self.page.show_areas(self._overview.areas)
        self._show()

    def _show(self) -> None:
        """Show what was read, for the chosen area."""
        maker = RowMaker(self._overview, self._outdating(), language())
        self.page.show_rows(maker.rows(self.workbench.strategy, self.page.chosen_area))
        self.page.show_take_over(self._take_over_text(), enabled=bool(self._news.findings))

    def _outdating(self) -> Outdating:
        """Return what finds the changes a finding does not know of; looks at the project only once."""
        changes = self.log.changes()
        if not changes:
            return lambda row: ()
        inputs, today = Inputs(self.workbench.project), self._clock().astimezone().date()
        entries = {entry.id: entry for entries in measuring().values() for entry in entries}

        @cache
        def layers(algorithm_id: str) -> frozenset[str]:
            algorithm, entry = _algorithm(algorithm_id), entries.get(algorithm_id)
            if algorithm is None or entry is None:
                return frozenset()
            return inputs.dependencies(algorithm, entry, self.runs.last(algorithm_id))

        def found(row: Finding) -> tuple[Change, ...]:
            algorithm_id = algorithm_of(row.kennzahl_id, row.algorithmus)
            run = self.runs.last(algorithm_id)
            return outdating(row, changes, layers(algorithm_id), run.began if run else None, today)

        return found

    # Running -----------------------------------------------------------------------------------------

    def run_missing(self) -> None:
        """Open the algorithm of the chosen goal, else of the first one that misses something."""
        row = self.page.current_row
        if row is None:
            missing = (row for row in self.page.goals_in_sight if row.is_missing and _measurers(row.goal))
            row = next(missing, None)
            if row is None:
                text = translate(
                    "GrueneInfra", "No goal in sight misses findings that an algorithm could compute."
                )
                self.workbench.said.emit(text, Qgis.MessageLevel.Info)
                return
            self.page.choose(row.goal)
        self.run(row.goal)

    def run(self, goal: int) -> None:
        """Open an algorithm of a goal; say so where there is none.

        Of several it is one whose layers are open, whose findings are missing, whose target the strategy
        names first; in this order.
        """
        known = _measurers(goal)
        if not known:
            self.workbench.said.emit(_nothing_measures(goal), Qgis.MessageLevel.Info)
            return
        inputs = Inputs(self.workbench.project)
        measured = {row.kennzahl_id for row in self._overview.headlines.get(goal, ())}
        places = {target.id: place for place, target in enumerate(self.workbench.strategy.targets)}

        def rank(one: tuple[Entry, QgsProcessingAlgorithm]) -> tuple[bool, bool, int]:
            entry, algorithm = one
            is_ready = _has_its_layers(entry, inputs.layers(algorithm, entry, None))
            is_measured = any(indicator.id in measured for indicator in entry.indicators)
            targets = (places.get(indicator.target or "", len(places)) for indicator in entry.indicators)
            return not is_ready, is_measured, min(targets)

        self._open(*min(known, key=rank), inputs)

    def run_algorithm(self, algorithm_id: str) -> None:
        """Open one of several algorithms with its layers filled in."""
        algorithm = _algorithm(algorithm_id)
        if algorithm is not None:
            self._open(load_entry(algorithm_id), algorithm, Inputs(self.workbench.project))

    def _open(self, entry: Entry, algorithm: QgsProcessingAlgorithm, inputs: Inputs) -> None:
        parameters = inputs.parameters(algorithm, entry, self.runs.last(entry.id))
        parameters |= self._from_the_panel(algorithm)
        self._show_dialog(algorithm, parameters)

    def _show_dialog(self, algorithm: QgsProcessingAlgorithm, parameters: Mapping[str, Any]) -> None:
        if not self.opener(algorithm.id(), parameters):
            text = translate(
                "GrueneInfra", "The algorithm cannot be opened: switch on QGIS's plugin Processing."
            )
            self.workbench.said.emit(text, Qgis.MessageLevel.Warning)

    def _from_the_panel(self, algorithm: QgsProcessingAlgorithm) -> dict[str, Any]:
        """Return the register and the layer of parcels where the algorithm takes them."""
        place, parcels = self.workbench.place, self.workbench.parcels
        given: dict[str, Any] = {}
        if isinstance(place, PostgresPlace):
            given = {"REGISTER": None, "CONNECTION": place.connection, "SCHEMA": place.schema}
        elif place is not None:
            given = {"REGISTER": str(place), "CONNECTION": None}
        if parcels is not None:
            given |= {"PARCELS": parcels.layer.id(), "KEY_FIELD": parcels.key_field}
        return {name: value for name, value in given.items() if algorithm.parameterDefinition(name)}

    def _describe(self) -> None:
        """Say in words what measures the chosen goal and what is outdated."""
        row = self.page.current_row
        known = _measurers(row.goal) if row else []
        self.page.show_algorithms({entry.id: entry.title.get(language()) for entry, _ in known})
        if row is None:
            self.page.about.setText(self._hint())
            return
        lines = [self._last_run(entry) for entry, _ in known] or [_nothing_measures(row.goal)]
        lines += [row.note] if row.note else []
        lines += [not_assessable(row.reason)] if row.reason else []
        lines += [outdated_text(change, language()) for change in row.changes]
        self.page.about.setText("\n".join(lines))

    def _last_run(self, entry: Entry) -> str:
        run, title = self.runs.last(entry.id), entry.title.get(language())
        if run is None:
            text = translate("GrueneInfra", "Measured by “{title}”; no run of it is known on this computer.")
            return text.format(title=title)
        text = translate("GrueneInfra", "Measured by “{title}”, last run here on {when}.")
        return text.format(title=title, when=when(run.began, language()))

    def _hint(self) -> str:
        if self.workbench.place is None:
            return translate("GrueneInfra", "Open a register to see its findings.")
        if self._overview.contradictions:
            text = translate(
                "GrueneInfra", "{count} findings contradict others of the same day and are left out."
            )
            return text.format(count=self._overview.contradictions)
        return translate("GrueneInfra", "Enter or a double click on a goal opens what measures it.")

    # Measuring everything ----------------------------------------------------------------------------

    def _show_measurable(self) -> None:
        """Say how many goals the open layers allow to measure."""
        ready = sorted({goal for step in self._steps() if step.is_ready for goal in _goals(step.entry)})
        text = translate("GrueneInfra", "The open layers allow to measure the goals {goals}.")
        none = translate("GrueneInfra", "No open layer is one that a goal is measured with.")
        self.page.show_measurable(
            len(ready), text.format(goals=", ".join(map(str, ready))) if ready else none
        )

    def _steps(self) -> list[Step]:
        datasets, has_register = [one for _, one in self._datasets()], self.workbench.place is not None
        today = self._clock().astimezone().date()
        return planned(goal_entries(), datasets, Configuration(), as_of=today, has_register=has_register)

    def _datasets(self) -> list[tuple[str, Dataset]]:
        """Return the open layers that hold data, each with its id; results of analyses are none."""
        layers = self.workbench.project.mapLayers().values()
        found = ((layer.id(), dataset_of(layer)) for layer in layers if not is_result(layer))
        return [(layer_id, dataset) for layer_id, dataset in found if dataset is not None]

    def measure_everything(self) -> None:
        """Open the algorithm that measures all that the open layers allow."""
        algorithm = _algorithm(EVERYTHING)
        if algorithm is None:
            return
        project = self.workbench.project
        given: dict[str, Any] = {"LAYERS": [layer_id for layer_id, _ in self._datasets()]}
        if project.homePath():
            given["OUTPUT"] = str(Path(project.homePath()) / PACKAGE)
        self._show_dialog(algorithm, given | self._from_the_panel(algorithm))

    # Taking over -------------------------------------------------------------------------------------

    def _take_over_text(self) -> str:
        if self.workbench.place is None:
            return translate("GrueneInfra", "Open a register first.")
        lines = list(self._news.problems)
        if self._news.findings:
            text = translate("GrueneInfra", "Stores {count} findings that the register does not have.")
            lines.append(text.format(count=len(self._news.findings)))
        if lines:
            return "\n".join(lines)
        return translate("GrueneInfra", "No loaded table holds findings that the register does not have.")

    def _take_over(self) -> None:
        news = self._news

        def store(register: Register, choices: Choices) -> None:
            register.store_findings(news.findings)

        def stored(_result: Any) -> None:
            mark_taken(self.workbench.project, news.layers)
            text = translate("GrueneInfra", "{count} findings were taken over.").format(
                count=len(news.findings)
            )
            self.workbench.said.emit(text, Qgis.MessageLevel.Success)

        self.workbench.write(store, stored)

    def close(self) -> None:
        """Let go of project, history and dialogs."""
        self._rest.stop()
        self._layers_rest.stop()
        self.dialogs.close()
        self.workbench.project.layersAdded.disconnect(self._layers_changed)
        self.workbench.project.layersRemoved.disconnect(self._layers_changed)
        self.runs.close()
        self.log.close()


def _read(
    register: Register, _feedback: QgsProcessingFeedback, *, tables: list[Table], goals: set[int]
) -> tuple[Overview, News]:
    """Read the register and the loaded tables, in the background."""
    findings = register.findings()
    return Overview.of(findings), news_of(tables, findings, goals)


def _algorithm(algorithm_id: str) -> QgsProcessingAlgorithm | None:
    return QgsApplication.processingRegistry().algorithmById(PREFIX + algorithm_id)


def _measurers(goal: int) -> list[tuple[Entry, QgsProcessingAlgorithm]]:
    """Return all that measures a goal."""
    found = ((entry, _algorithm(entry.id)) for entry in measuring().get(goal, ()))
    return [(entry, algorithm) for entry, algorithm in found if algorithm is not None]


def _has_its_layers(entry: Entry, given: Mapping[str, Any]) -> bool:
    """Say whether the layers that an algorithm needs were found among those that are open."""
    needed = (p.name for p in entry.parameters.values() if p.kind in ("layer", "layers") and not p.optional)
    return all(given.get(name) for name in needed)


def _goals(entry: Entry) -> set[int]:
    return {indicator.hz for indicator in entry.indicators}


def _nothing_measures(goal: int) -> str:
    text = translate("GrueneInfra", "No algorithm measures goal {number} yet.")
    return text.format(number=goal)
