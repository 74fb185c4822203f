"""Strategy: everything that the layers of a folder allow, in one run and one result package."""

from __future__ import annotations

import errno
import importlib.util
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from qgis.core import Qgis, QgsProcessingException
from qgis.PyQt.QtCore import QDate

from ...gruene_infra_plugin.catalogue import Entry, load_entry
from ...gruene_infra_plugin.i18n import language, translate
from ...gruene_infra_plugin.local_places import without_places
from ...gruene_infra_plugin.monitoring.configuration import (
    LAYERS,
    Configuration,
    LayerNote,
    Value,
    Wishes,
    written,
)
from ...gruene_infra_plugin.monitoring.contents import code_key, table_key
from ...gruene_infra_plugin.monitoring.datasets import Dataset, in_words
from ...gruene_infra_plugin.monitoring.package import (
    AS_RUN,
    DONE,
    FAILED,
    FINDINGS,
    LOCK,
    LOG,
    RESULTS,
    WAITING,
    Manifest,
    Package,
    PackageError,
    PackageInUseError,
    StepRecord,
    remove_tables,
)
from ...gruene_infra_plugin.monitoring.plan import AREAS, Step, feed, goal_entries, planned
from ...gruene_infra_plugin.paths import plugin_version
from ...gruene_infra_plugin.spatial.reading.stored_files import NO_OGR
from ...gruene_infra_plugin.spatial.running import check_cancelled
from ..base import PluginAlgorithm
from ..job import Job
from ..lineage import inputs_known
from ..monitoring.children import Recorder, run_child, why_not
from ..monitoring.sources import MONITORING, Sources, require_sources
from ..monitoring.steps import (
    Setting,
    add_results,
    attempted,
    draw,
    is_done,
    picture_of,
    record_of,
    results_of,
    values_of,
    without_results,
)
from ..register.base import names_register


class RunMonitoring(PluginAlgorithm):
    """Choose the layers of each goal, run what can be run, and put the results into one folder."""

    ID = "run_monitoring"

    def canExecute(self) -> tuple[bool, str]:
        if importlib.util.find_spec("jinja2") is None:
            return False, translate(
                "GrueneInfra", "The Python package Jinja2 is missing (Debian: python3-jinja2)."
            )
        return True, ""

    def check(self, job: Job) -> None:
        names_register(job)
        super().check(job)
        require_sources(job)
        _check_apart(job)

    def measure(self, job: Job) -> None:
        run = _Run(job)
        run.tell_plan()
        job.outputs.add_value("PLAN", "\n".join(run.plan))
        job.outputs.add_value("MEASURED", sum(not problem for problem in run.problems.values()))
        if not job.flag("CHECK_ONLY"):
            run.work()
            job.outputs.add_value("PACKAGE", str(run.package.folder))
            job.outputs.add_value("REPORT", str(run.package.report))


def _check_apart(job: Job) -> None:
    """Raise where the results would lie among the data, or over the monitoring file that is read."""
    if NO_OGR.match(job.text("OUTPUT")):
        message = translate("GrueneInfra", "{path} cannot be written: {reason}.")
        reason = os.strerror(errno.ENOTDIR)
        raise QgsProcessingException(message.format(path=job.text("OUTPUT"), reason=reason))
    package = Path(job.text("OUTPUT")).resolve()
    taken = [Path(job.text("INPUT")).resolve()] if job.text("INPUT") else []
    taken += [Path(job.text("CONFIG")).resolve().parent] if job.text("CONFIG") else []
    if package in taken or package / RESULTS in taken:
        message = translate(
            "GrueneInfra", "OUTPUT: {path} holds layers or the monitoring file. Choose another folder."
        )
        raise QgsProcessingException(message.format(path=package))


class _Run:
    """One monitoring run: its layers, its steps, and what came of them."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self.package = Package(Path(job.text("OUTPUT")).resolve())
        entries = goal_entries()
        self._sources = Sources(job, entries, self.package)
        self._sources.require_all()
        self._configuration = self._sources.configuration
        day = job.given_day("AS_OF") or self._configuration.as_of or job.as_of
        self._setting = Setting(
            self.package,
            self._configuration,
            {**self._sources.common(), "AS_OF": day.isoformat()},
            {dataset.name: dataset for dataset in self._sources.datasets},
            self._sources.open_layers,
            job.context,
            job.feedback,
        )
        wanted = [entry for entry in entries if entry.id not in self._configuration.skipped]
        has_register = bool({"REGISTER", "CONNECTION"} & self._setting.common.keys())
        self.steps = planned(
            wanted,
            self._sources.datasets,
            self._configuration,
            as_of=day,
            has_register=has_register,
        )
        self._results = [one for step in self.steps for one in results_of(step, self.package)]
        self._folders = [*self._sources.places(), self.package.folder, Path.home()]
        self.problems: dict[str, str] = {}
        for step in self.steps:
            feed(step, (one for one in self.steps if self.problems.get(one.entry.id) == ""))
            self.problems[step.entry.id] = self._problem(step)
        self.plan: list[str] = []

    # -- what can be run ----------------------------------------------------------------------------

    def _problem(self, step: Step) -> str:
        """Return why a step cannot run, empty where it can."""
        return self._in_doubt(step) or self._missing(step) or self._refused(step)

    def _in_doubt(self, step: Step) -> str:
        if step.unknown:
            message = translate("GrueneInfra", "there is no layer {names}, which {file} names")
            return message.format(names=", ".join(step.unknown), file=self._file)
        needed = [name for name in step.asks if not step.entry.parameters[name].optional]
        if needed:
            return "; ".join(self._question(step, name) for name in needed)
        return ""

    def _missing(self, step: Step) -> str:
        if step.lacks:
            return " ".join(_lacking(step.entry, name) for name in step.lacks)
        if step.untold:
            message = translate("GrueneInfra", "{file} must give {names} (parameters)")
            return message.format(file=self._file, names=", ".join(step.untold))
        if step.unfed:
            return " ".join(without_results(step.entry, name) for name in step.unfed)
        if not step.is_ready and step.entry.facts and not step.has_register:
            return translate("GrueneInfra", "there is no register")
        return "" if step.is_ready else _lacking(step.entry, _first_layer(step.entry))

    def _refused(self, step: Step) -> str:
        """Return what an algorithm has against its parameters; one that takes results is asked later."""
        if step.results:
            return ""
        said = why_not(step.entry.id, self._checked(step), self._job.context)
        return self._plain(said)

    def _checked(self, step: Step) -> dict[str, Any]:
        """Return the parameters of a step as they can be checked before anything is written."""
        outputs = {
            output.name: "TEMPORARY_OUTPUT"
            for output in step.entry.outputs.values()
            if output.kind in ("layer", "table")
        }
        return {**values_of(step, self._setting), **outputs}

    def _question(self, step: Step, name: str) -> str:
        message = translate(
            "GrueneInfra", "{parameter}: it may be {names}; name one in {file} (steps: {step}: layers: {key})"
        )
        names = " / ".join(dataset.name for dataset in step.asks[name])
        label = step.entry.label(name).get(language())
        return message.format(parameter=label, names=names, file=self._file, step=step.entry.id, key=name)

    @property
    def _file(self) -> str:
        """The monitoring file in words: where there is no folder that it may lie in, how to give one."""
        if self._sources.place is not None or self._job.text("CONFIG"):
            return MONITORING
        return translate("GrueneInfra", "{file} (a file of one's own, given as CONFIG)").format(
            file=MONITORING
        )

    def _plain(self, words: str) -> str:
        return Recorder(self._job.feedback, self._folders).plain(words)

    def tell_plan(self) -> None:
        """Say which goals can be measured with which layers, and what each other one lacks."""
        for step in self.steps:
            title, problem = step.entry.title.get(language()), self.problems[step.entry.id]
            if problem:
                self.plan.append(f"– {title}: {problem}")
                continue
            self.plan.append(f"✔ {self._taken(step)}")
            self.plan += [f"    ? {self._question(step, name)}" for name in step.asks]
        if self._sources.unreadable:
            self.plan.append(self._told_unreadable())
        for line in self.plan:
            self._job.feedback.pushInfo(line)

    def _taken(self, step: Step) -> str:
        """Return the title of a step with the layers that it is given, and the file of a register."""
        taken = {name: ", ".join(one.name for one in some) for name, some in step.layers.items() if some}
        register = self._setting.common.get("REGISTER")
        if register and "REGISTER" in step.entry.parameters:
            taken["REGISTER"] = Path(str(register)).name
        layers = ", ".join(f"{name} = {names}" for name, names in taken.items())
        return f"{step.entry.title.get(language())}: {layers}"

    def _told_unreadable(self) -> str:
        message = translate("GrueneInfra", "No layer can be read from: {names}.")
        return message.format(names=", ".join(self._sources.unreadable))

    # -- the work -----------------------------------------------------------------------------------

    def work(self) -> None:
        """Run what can be run into the package, and put report and findings together."""
        ready = [step for step in self.steps if not self.problems[step.entry.id]]
        if not ready:
            self._note_failure()
            message = translate("GrueneInfra", "Nothing can be measured with these layers: {names}\n{plan}")
            names = in_words(self._setting.named.values())
            raise QgsProcessingException(message.format(names=names, plan="\n".join(self.plan)))
        try:
            self.package.maps.mkdir(parents=True, exist_ok=True)
            with self.package.used():
                self._work(ready)
        except PackageInUseError as error:
            message = translate(
                "GrueneInfra",
                "Another run is at work on {path} ({who}). Wait for it; if there is none, delete {lock}.",
            )
            said = message.format(path=self.package.folder, who=error, lock=LOCK)
            raise QgsProcessingException(said) from error
        except PackageError as error:
            message = translate(
                "GrueneInfra",
                "{path} is no result package of this version ({reason}). Choose another folder.",
            )
            raise QgsProcessingException(message.format(path=self.package.folder, reason=error)) from error
        except OSError as error:
            message = translate("GrueneInfra", "{path} cannot be written: {reason}.")
            raise QgsProcessingException(
                message.format(path=self.package.folder, reason=error.strerror or error)
            ) from error

    def _note_failure(self) -> None:
        """Let an earlier package tell that this run could measure nothing, lest it be taken for new."""
        with suppress(PackageError, OSError):
            manifest = self.package.manifest()
            if manifest.steps:
                with self.package.used():
                    day = str(self._setting.common["AS_OF"])
                    self.package.write(replace(manifest, failed_for=day))

    def _work(self, ready: Sequence[Step]) -> None:
        before = self.package.manifest()
        if self.package.restore(bool(before.steps)):
            message = translate(
                "GrueneInfra", "{file} could not be read any more; everything is measured again."
            )
            self._job.feedback.pushWarning(message.format(file=RESULTS))
        self.package.clear_drafts()
        manifest = Manifest(
            self._configuration.name,
            str(self._setting.common["AS_OF"]),
            plugin_version(),
            code_key(),
            Qgis.version(),
        )
        for step in self.steps:
            if problem := self.problems[step.entry.id]:
                manifest.steps[step.entry.id] = StepRecord(WAITING, message=problem)
        self._clear(
            {name: one for name, one in before.steps.items() if name not in {s.entry.id for s in ready}}
        )
        pictures, log = [], [*self.plan, ""]
        for number, step in enumerate(ready):
            check_cancelled(self._job.feedback)
            feedback = Recorder(self._job.feedback, self._folders, number, len(ready) + 1)
            picture = self._done(step, before, manifest, feedback)
            log += [f"# {step.entry.id}", *feedback.lines, ""]
            pictures += [] if picture is None else [picture]
        self._finish(manifest, pictures, log)

    def _clear(self, records: Mapping[str, StepRecord]) -> None:
        """Remove what steps left that do not hold any more: their tables and their maps."""
        remove_tables(self.package.results, {table for record in records.values() for table in record.tables})
        for name in records:
            (self.package.maps / f"{name}.png").unlink(missing_ok=True)

    def _done(self, step: Step, before: Manifest, manifest: Manifest, feedback: Recorder) -> Path | None:
        """Run a step if it was not run before with the same inputs; return its map."""
        title, name = step.entry.title.get(language()), step.entry.id
        self._job.feedback.setProgressText(title)
        record, picture = StepRecord(FAILED), picture_of(step, self.package)
        try:
            add_results(step, [one for one in self._results if _is_there(one, manifest)])
            values = values_of(step, self._setting)
            record = record_of(step, values, self._setting, DONE)
        except QgsProcessingException as error:
            self._setting.pulse()
            record = replace(record, message=feedback.plain(str(error)))
        else:
            if is_done(step, record, before, self._setting):
                feedback.pushInfo(translate("GrueneInfra", "{step}: unchanged.").format(step=title))
                record = before.steps[name]
            else:
                picture.unlink(missing_ok=True)
                record = attempted(step, values, record, self._setting, feedback)
        if record.status != DONE and name in before.steps:
            self._clear({name: before.steps[name]})
        manifest.steps[name] = record
        # What the steps before have come to is kept, wherever the run may end.
        self.package.write(replace(manifest, steps={**before.steps, **manifest.steps}))
        if record.status != DONE:
            return None
        return picture if picture.exists() else draw(step, self._setting, feedback)

    def _finish(self, manifest: Manifest, pictures: Sequence[Path], log: Sequence[str]) -> None:
        """Put the findings of all steps together, and write the report and what was run."""
        package, job = self.package, self._job
        done = [name for name, record in manifest.steps.items() if record.status == DONE]
        open_steps = [name for name in manifest.steps if name not in done]
        remarks = [f"{_title(name)}: {manifest.steps[name].message}" for name in open_steps]
        remarks += [] if not self._sources.unreadable else [self._told_unreadable()]
        remarks = [" ".join(remark.split()) for remark in remarks]
        if not done:
            package.write(manifest)
            message = translate("GrueneInfra", "No step could be run:\n{plan}")
            raise QgsProcessingException(message.format(plan="\n".join(remarks)))
        steps = sum(record.status != WAITING for record in manifest.steps.values())
        feedback = Recorder(job.feedback, self._folders, steps, steps + 1)
        values: dict[str, Any] = {
            "SUMMARIES": [f"{package.results}|layername={name}_befunde" for name in sorted(done)],
            "MAPS": [str(picture) for picture in pictures],
            "OUTPUT": f"ogr:dbname='{package.results}' table=\"{FINDINGS}\"",
            "REPORT": str(package.report),
            "REMARKS": "\n".join(remarks),
            "SOURCES": "\n".join(self._taken(step) for step in self.steps if step.entry.id in done),
            "AS_OF": self._setting.common["AS_OF"],
        }
        values |= {"STRATEGY": self._setting.common["STRATEGY"]} if "STRATEGY" in self._setting.common else {}
        tables = [
            {"name": f"{name}_befunde", "key": manifest.steps[name].tables[f"{name}_befunde"]}
            for name in sorted(done)
        ]
        with inputs_known({"SUMMARIES": tables}):
            run_child("target_monitor", values, job.context, feedback)
        package.settle()
        manifest.tables = {FINDINGS: table_key(package.results, FINDINGS)}
        package.write_text(AS_RUN, written(self._as_run(manifest)))
        package.write_text(LOG, "\n".join([*log, *feedback.lines]) + "\n")
        package.write(manifest)
        for name in open_steps:
            if manifest.steps[name].status == FAILED:
                message = translate("GrueneInfra", "{step} failed: {reason}")
                job.feedback.pushWarning(
                    message.format(step=_title(name), reason=manifest.steps[name].message)
                )

    def _as_run(self, manifest: Manifest) -> Configuration:
        """Return a configuration that says what was run, with every layer by its name and no path."""
        steps = {}
        for step in self.steps:
            given = {name: tuple(one.name for one in some) for name, some in step.layers.items()}
            own = {name: some for name, some in given.items() if name not in step.results}
            if manifest.steps[step.entry.id].status != WAITING:
                steps[step.entry.id] = replace(
                    step.wishes,
                    layers={**step.wishes.layers, **own},
                    parameters=self._told(step.wishes.parameters),
                )
        used = {name for wishes in steps.values() for name in _named_by(wishes)}
        layers = {
            name: LayerNote(self._sources.inside(dataset.source), *_date_and_licence(dataset))
            for name, dataset in self._setting.named.items()
            if name in used and dataset.source not in self._sources.open_layers
        }
        return replace(
            self._configuration,
            as_of=QDate.fromString(manifest.as_of, "yyyy-MM-dd").toPyDate(),
            layers=layers,
            parameters=self._told(self._configuration.parameters),
            steps=steps,
            areas=None,
            register=None,
        )

    def _told(self, parameters: Mapping[str, Value]) -> dict[str, Value]:
        """Return parameters with files named from where the data lie, and without paths in texts."""
        told = self._sources.with_files(parameters, self._sources.inside)
        return {
            name: without_places(value) if isinstance(value, str) else value for name, value in told.items()
        }


def _lacking(entry: Entry, name: str) -> str:
    message = translate("GrueneInfra", "{parameter} is missing. {help}")
    parameter = entry.parameters[name]
    return message.format(parameter=parameter.label.get(language()), help=parameter.help.get(language()))


def _first_layer(entry: Entry) -> str:
    return next(name for name, p in entry.parameters.items() if p.kind in LAYERS and name != AREAS)


def _title(name: str) -> str:
    return load_entry(name).title.get(language())


def _is_there(result: Dataset, manifest: Manifest) -> bool:
    return any(result.name in record.tables for record in manifest.steps.values())


def _date_and_licence(dataset: Dataset) -> tuple[str, str]:
    return ("", "") if dataset.note is None else (dataset.note.date, dataset.note.licence)


def _named_by(wishes: Wishes) -> Iterator[str]:
    """Yield the names of all layers that a step is given, on its map as well."""
    yield from (name for layers in wishes.layers.values() for name in layers)
    yield from wishes.map or ()
    yield from () if wishes.extent is None else (wishes.extent,)
