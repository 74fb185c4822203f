"""What a step of a package was given, found again, and told where it differs."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from qgis.core import QgsMapLayer, QgsVectorLayer

from ...gruene_infra_plugin.catalogue import Entry
from ...gruene_infra_plugin.catalogue.hints import Traits
from ...gruene_infra_plugin.checked_yaml import YamlError
from ...gruene_infra_plugin.i18n import language, translate
from ...gruene_infra_plugin.monitoring.configuration import Configuration, read_configuration
from ...gruene_infra_plugin.monitoring.datasets import TABLE, Dataset, file_name
from ...gruene_infra_plugin.monitoring.package import AS_RUN, Package, StepRecord
from ...gruene_infra_plugin.monitoring.plan import goal_entries
from ..job import Job
from .sources import MONITORING, REGISTER, Sources
from .steps import Setting, file_input, told_parameter


class Given:
    """What a step was given then, found among what there is today; ``reasons`` say what differs."""

    def __init__(self, job: Job, package: Package, record: StepRecord, entry: Entry, folder: Path) -> None:
        self._package, self._record, self._entry, self._job = package, record, entry, job
        self.sources = Sources(job, goal_entries(), package)
        self.reasons: list[str] = []
        self._named = {dataset.name: dataset for dataset in self.sources.datasets}
        self._as_run = _as_run(package)
        self.setting = Setting(
            Package(folder),
            self.sources.configuration,
            self.sources.common(),
            self._named,
            self.sources.open_layers,
            job.context,
            job.feedback,
        )

    def values(self) -> dict[str, Any] | None:
        """Return the step's parameters as they were, ``None`` where one cannot be had any more."""
        values: dict[str, Any] = dict(self._record.parameters)
        is_whole = True
        for name, notes in self._record.inputs.items():
            if name not in self._entry.parameters:
                continue
            kind = self._entry.parameters[name].kind
            find = self._file if kind == "file" else self._layer
            found = [find(name, note) for note in notes]
            is_whole = is_whole and None not in found
            values[name] = found if kind == "layers" else found[0]
        connection = self._job.text("CONNECTION")
        if "CONNECTION" in values and connection:  # which may be called otherwise on another computer
            values["CONNECTION"] = connection
        self._compare_parameters()
        return values if is_whole else None

    def _say(self, message: str, name: str, note: Mapping[str, str]) -> None:
        label = self._entry.label(name).get(language())
        self.reasons.append(message.format(name=note["name"], parameter=label))

    def _layer(self, name: str, note: Mapping[str, str]) -> QgsMapLayer | str | None:
        dataset = self._known(note["name"])
        if dataset is None:
            self._missing(name, note)
            return None
        if self.setting.key_of(dataset) != note["key"]:
            self._changed(name, note)
        return self.setting.layer_of(dataset)

    def _known(self, name: str) -> Dataset | None:
        """Return the layer of a name: of the data, else of its file, else a result in the package."""
        if name in self._named:
            return self._named[name]
        there = self._as_run.layers.get(name)
        if there is not None:
            meant = [one for one in self.sources.datasets if file_name(one.source) == there.source]
            if len(meant) == 1:
                return Dataset(name, meant[0].source, meant[0].kind, meant[0].traits)
        return self._result(name)

    def _result(self, name: str) -> Dataset | None:
        source = f"{self._package.results}|layername={name}"
        if not any(name in record.tables for record in self._package.manifest().steps.values()):
            return None
        if not QgsVectorLayer(source, name, "ogr").isValid():
            return None
        return Dataset(name, source, TABLE, Traits.of([name], []))

    def _file(self, name: str, note: Mapping[str, str]) -> str | None:
        """Return the file of a parameter: the one that is given, else of that name in the folder."""
        given = self.sources.common().get(name) or self._wished().get(name)
        places = [Path(str(given))] if given else []
        if self.sources.place is not None and self.sources.place.is_dir():
            places += sorted(self.sources.place.rglob(note["name"]))
        path = next((path for path in places if path.is_file()), None)
        if path is None:
            self._missing(name, note)
            return None
        if file_input(path, self.setting.pulse)["key"] != note["key"]:
            self._changed(name, note)
        return str(path)

    def _missing(self, name: str, note: Mapping[str, str]) -> None:
        message = translate(
            "GrueneInfra",
            "The input “{name}” ({parameter}) is missing. Give the data of then in INPUT, LAYERS or CONFIG.",
        )
        self._say(message, name, note)

    def _changed(self, name: str, note: Mapping[str, str]) -> None:
        message = translate("GrueneInfra", "The input “{name}” ({parameter}) holds something else than then.")
        self._say(message, name, note)

    def _wished(self) -> dict[str, Any]:
        """Return the parameters that the configuration of today gives the step."""
        today = self.sources.configuration
        wishes = today.steps.get(self._entry.id)
        own = {} if wishes is None else wishes.parameters
        given: dict[str, Any] = {**today.parameters, **own}
        if today.as_of is not None:
            given["AS_OF"] = today.as_of.isoformat()
        return {name: value for name, value in given.items() if name in self._entry.parameters}

    def _compare_parameters(self) -> None:
        """Say which parameters the configuration of today gives otherwise; those of then are used."""
        if self.sources.configuration == Configuration():
            return
        kinds = {name: parameter.kind for name, parameter in self._entry.parameters.items()}
        then = {**self._record.parameters}
        now = {
            name: told_parameter(self._entry, name, list(value) if isinstance(value, tuple) else value)
            for name, value in self._wished().items()
            if kinds[name] != "file"
        }
        told_apart = {*REGISTER} | ({"AS_OF"} if self.sources.configuration.as_of is None else set())
        told_apart |= {"DATA_DATE"} - now.keys()  # then made up of the dates of the layers
        for name in sorted((then.keys() | now.keys()) - told_apart):
            self._differs(name, then.get(name), now.get(name))
        wishes = self.sources.configuration.steps.get(self._entry.id)
        for name, layers in ({} if wishes is None else wishes.layers).items():
            if not self._entry.parameters[name].results:
                noted = [note["name"] for note in self._record.inputs.get(name, ())]
                self._differs(name, ", ".join(noted) or None, ", ".join(layers) or None)

    def _differs(self, name: str, then: object, now: object) -> None:
        if then != now:
            message = translate(
                "GrueneInfra",
                "The parameter {name} was {then}, {file} now says {now}. What it was is used here.",
            )
            told = {"then": "–" if then is None else then, "now": "–" if now is None else now}
            self.reasons.append(message.format(name=name, file=MONITORING, **told))


def _as_run(package: Package) -> Configuration:
    """Return what a package says was run, nothing where that cannot be read."""
    try:
        known = {entry.id: entry.parameters for entry in goal_entries()}
        return read_configuration(package.folder / AS_RUN, known)
    except YamlError:
        return Configuration()
