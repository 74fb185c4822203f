"""The steps of a monitoring run: what each is given, whether it was done before, and doing it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from qgis.core import QgsMapLayer, QgsProcessingContext, QgsProcessingException, QgsProcessingFeedback

from ...gruene_infra_plugin.catalogue import Entry
from ...gruene_infra_plugin.i18n import language, translate
from ...gruene_infra_plugin.local_places import without_places
from ...gruene_infra_plugin.monitoring.configuration import Configuration
from ...gruene_infra_plugin.monitoring.contents import (
    Pulse,
    code_key,
    source_key,
    table_key,
    text_key,
    whole_key,
)
from ...gruene_infra_plugin.monitoring.datasets import Dataset
from ...gruene_infra_plugin.monitoring.package import DONE, FAILED, Manifest, Package, StepRecord
from ...gruene_infra_plugin.monitoring.plan import AREAS, Step, left_by, results_for, table_of
from ...gruene_infra_plugin.spatial.running import check_cancelled
from ..lineage import inputs_known
from .children import Recorder, run_child
from .main_thread import on_main_thread

GEOMETRY_COLUMN = "geom"


@dataclass
class Setting:
    """What all steps of a run share. ``common`` are parameters that a step gets if it has them."""

    package: Package
    configuration: Configuration
    common: Mapping[str, object]
    named: Mapping[str, Dataset]
    open_layers: Mapping[str, QgsMapLayer]
    context: QgsProcessingContext
    feedback: QgsProcessingFeedback
    _keys: dict[str, str] = field(default_factory=dict)

    def key_of(self, dataset: Dataset) -> str:
        """Return the key of what a layer holds; each is read once in a run."""
        if dataset.source not in self._keys:
            layer = self.open_layers.get(dataset.source)
            try:
                self._keys[dataset.source] = source_key(dataset.source, layer, self.pulse)
            except OSError as error:
                message = translate("GrueneInfra", "The layer {name} cannot be read: {reason}.")
                raise QgsProcessingException(message.format(name=dataset.name, reason=error)) from error
        return self._keys[dataset.source]

    def layer_of(self, dataset: Dataset) -> QgsMapLayer | str:
        """Return a layer as algorithms take it: an open one itself, any other one by its source."""
        return self.open_layers.get(dataset.source, dataset.source)

    def pulse(self) -> None:
        """Raise once the user has asked to stop."""
        check_cancelled(self.feedback)


def results_of(step: Step, package: Package) -> Iterator[Dataset]:
    """Yield the layers that a step leaves, as other steps may take them."""
    for left in left_by(step.entry):
        yield Dataset(left.name, f"{package.results}|layername={left.name}", left.kind, left.traits)


def values_of(step: Step, setting: Setting) -> dict[str, Any]:
    """Return the parameters of a step without its outputs; texts, which results quote, without paths."""
    entry = step.entry
    wanted = {**setting.common, **step.wishes.parameters}
    values: dict[str, Any] = {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in wanted.items()
        if name in entry.parameters
    }
    if "DATA_DATE" in entry.parameters and (dates := _dates_of(step)):
        values.setdefault("DATA_DATE", dates)
    for name, value in values.items():
        if entry.parameters[name].kind == "text":
            values[name] = told_parameter(entry, name, value)
    for name, datasets in step.layers.items():
        if datasets:
            sources = [setting.layer_of(dataset) for dataset in datasets]
            values[name] = sources if entry.parameters[name].kind == "layers" else sources[0]
    return values


def _dates_of(step: Step) -> str:
    """Return of which day the layers are that a step measures, as far as the monitoring file says it."""
    measured = (dataset for name, some in step.layers.items() if name != AREAS for dataset in some)
    dated = {one.name: one.note.date for one in measured if one.note is not None and one.note.date}
    return "; ".join(f"{name}: {date}" for name, date in dated.items())


def add_results(step: Step, results: Sequence[Dataset]) -> None:
    """Give a step those results of others that its parameters for them mean; raise where there are none."""
    for name in step.results:
        step.layers[name] = results_for(step, name, results)
        if not step.layers[name]:
            raise QgsProcessingException(without_results(step.entry, name))


def without_results(entry: Entry, name: str) -> str:
    """Return in words that nothing was left for a parameter that takes results."""
    message = translate("GrueneInfra", "{parameter}: no other step has left any result for it.")
    return message.format(parameter=entry.label(name).get(language()))


def record_of(step: Step, values: Mapping[str, Any], setting: Setting, status: str) -> StepRecord:
    """Return what a step is given, with the key of it: layers by name, date and content, files by name."""
    inputs = {
        name: [
            {
                "name": dataset.name,
                "key": setting.key_of(dataset),
                "date": dataset.note.date if dataset.note else "",
                "licence": dataset.note.licence if dataset.note else "",
            }
            for dataset in datasets
        ]
        for name, datasets in step.layers.items()
        if datasets
    }
    for name, value in values.items():
        if step.entry.parameters[name].kind == "file":
            inputs[name] = [file_input(Path(str(value)), setting.pulse)]
    parameters = {
        name: told_parameter(step.entry, name, value) for name, value in values.items() if name not in inputs
    }
    key = key_of_record(step.entry.id, code_key(), language(), parameters, inputs)
    return StepRecord(status, key, language(), parameters=parameters, inputs=inputs)


def key_of_record(
    name: str, code: str, speaks: str, parameters: Mapping[str, Any], inputs: Mapping[str, Any]
) -> str:
    """Return the key of what a step is given; its findings are in the language that it ``speaks``."""
    return text_key(json.dumps([code, speaks, name, parameters, inputs], sort_keys=True, default=str))


def file_input(path: Path, pulse: Pulse) -> dict[str, str]:
    """Return a file as an input of a step. Raises ``QgsProcessingException`` where it cannot be read."""
    try:
        return {"name": path.name, "key": whole_key(path, pulse), "date": "", "licence": ""}
    except OSError as error:
        message = translate("GrueneInfra", "The file {name} cannot be read: {reason}.")
        raise QgsProcessingException(
            message.format(name=path.name, reason=error.strerror or error)
        ) from error


def told_parameter(entry: Entry, name: str, value: object) -> Any:
    """Return a parameter as a package tells it: without paths and passwords."""
    if entry.parameters[name].kind == "folder":
        return Path(str(value)).name
    if isinstance(value, list):
        return [told_parameter(entry, name, one) for one in value]
    return value if isinstance(value, (bool, int, float)) else without_places(str(value))


def is_done(step: Step, record: StepRecord, manifest: Manifest, setting: Setting) -> bool:
    """Return whether a step was done before with the same inputs and code, and its results are unchanged."""
    known = manifest.steps.get(step.entry.id)
    if known is None or known.status != DONE or known.key != record.key:
        return False
    try:
        return bool(known.tables) and not setting.package.changed(known.tables, setting.pulse)
    except OSError:
        return False


def do(entry: Entry, values: Mapping[str, Any], setting: Setting, feedback: Recorder) -> dict[str, str]:
    """Run an algorithm into the package and return its tables with their keys. Raises as it does."""
    package = setting.package
    outputs = {}
    for output in entry.outputs.values():
        if output.kind in ("layer", "table"):
            geometry = f" ({GEOMETRY_COLUMN})" if output.kind == "layer" else ""
            table = table_of(entry, output)
            outputs[output.name] = f"ogr:dbname='{package.results}' table=\"{table}\"{geometry}"
    run_child(entry.id, {**values, **outputs}, setting.context, feedback)
    tables = {output: table_of(entry, entry.outputs[output]) for output in outputs}
    return {table: table_key(package.results, table, setting.pulse) for table in tables.values()}


def attempted(
    step: Step, values: Mapping[str, Any], record: StepRecord, setting: Setting, feedback: Recorder
) -> StepRecord:
    """Run a step and return what came of it; only a cancelled run raises."""
    try:
        with inputs_known(record.inputs):
            tables = do(step.entry, values, setting, feedback)
    except Exception as error:  # one failing step does not stop the others, whatever it is
        check_cancelled(feedback)
        said = feedback.plain(str(error)) or type(error).__name__
        feedback.reportError(said)
        return replace(record, status=FAILED, message=said, tables={})
    return replace(record, status=DONE, tables=tables)


def picture_of(step: Step, package: Package) -> Path:
    """Return where the map of a step lies."""
    return package.maps / f"{step.entry.id}.png"


def draw(step: Step, setting: Setting, feedback: Recorder) -> Path | None:
    """Draw the map of a step: its results, below them the layers wished for, else the areas.

    A map that cannot be drawn is said and does not stop the run.
    """
    outputs = [output for output in step.entry.outputs.values() if output.kind == "layer"]
    if not outputs:
        return None
    picture = picture_of(step, setting.package)
    wished = step.wishes.map
    names = [dataset.name for dataset in step.layers.get(AREAS, [])] if wished is None else wished
    below = [setting.layer_of(setting.named[name]) for name in names if name in setting.named]
    tables = (table_of(step.entry, output) for output in outputs)
    results = [f"{setting.package.results}|layername={table}" for table in tables]
    values: dict[str, Any] = {
        "LAYERS": results + below,
        "TITLE": step.entry.title.get(language()),
        "OUTPUT": str(picture),
        "AS_OF": setting.common["AS_OF"],
    }
    extent = step.wishes.extent
    if extent in setting.named:
        values["EXTENT"] = setting.layer_of(setting.named[extent])
    try:
        on_main_thread(lambda: _drawn(values, setting), feedback)
    except QgsProcessingException as error:
        check_cancelled(feedback)
        message = translate("GrueneInfra", "The map cannot be drawn: {reason}")
        feedback.pushWarning(message.format(reason=error))
        return None
    check_cancelled(feedback)
    return picture


def _drawn(values: Mapping[str, Any], setting: Setting) -> None:
    run_child("draw_map", values, setting.context, QgsProcessingFeedback(False))
