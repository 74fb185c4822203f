"""What a monitoring run measures with: the layers of a folder, a register, and what monitoring.yaml says."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from qgis.core import QgsProcessingException

from ...gruene_infra_plugin.catalogue import Entry
from ...gruene_infra_plugin.checked_yaml import YamlError
from ...gruene_infra_plugin.i18n import translate
from ...gruene_infra_plugin.monitoring.configuration import Configuration, read_configuration
from ...gruene_infra_plugin.monitoring.datasets import (
    Dataset,
    Found,
    dataset_of,
    found_in,
    noted,
    with_own_names,
)
from ..job import Job

MONITORING = "monitoring.yaml"
REGISTER = ("REGISTER", "CONNECTION", "SCHEMA")


def require_sources(job: Job) -> None:
    """Raise where INPUT, LAYERS and CONFIG name no data, or INPUT is not there."""
    if not job.text("INPUT") and not job.parameters["LAYERS"] and not job.text("CONFIG"):
        message = translate("GrueneInfra", "Give INPUT (a folder or GeoPackage), LAYERS or CONFIG.")
        raise QgsProcessingException(message)
    place = job.text("INPUT")
    if place and not Path(place).exists():
        message = translate("GrueneInfra", "INPUT: there is no folder or file {path}.")
        raise QgsProcessingException(message.format(path=place))


class Sources:
    """What the parameters INPUT, LAYERS, CONFIG, REGISTER, CONNECTION and SCHEMA of a run give.

    ``folder`` is the one that the monitoring file names layers from; ``absent`` are its layers that cannot
    be read, with their sources. Raises ``QgsProcessingException`` where the monitoring file is wrong.
    """

    def __init__(self, job: Job, entries: Sequence[Entry], default: Path) -> None:
        self._job = job
        self.place = Path(job.text("INPUT")).resolve() if job.text("INPUT") else None
        self.configuration, self.folder = self._read_configuration(entries, default)
        self.open_layers = {layer.id(): layer for layer in job.map_layers("LAYERS")}
        self.found = Found([], [], []) if self.place is None else found_in(self.place)
        self.absent: dict[str, str] = {}
        self.datasets = self._datasets()

    def _read_configuration(self, entries: Sequence[Entry], default: Path) -> tuple[Configuration, Path]:
        path = Path(self._job.text("CONFIG")) if self._job.text("CONFIG") else None
        beside = None if self.place is None else self.place / MONITORING
        if path is None and beside is not None and beside.is_file():
            path = beside
        if path is None:
            return Configuration(), self.place or default
        try:
            known = {entry.id: entry.parameters for entry in entries}
            return read_configuration(path, known), path.resolve().parent
        except YamlError as error:
            raise QgsProcessingException(str(error)) from error

    def _datasets(self) -> list[Dataset]:
        """Return the layers of the monitoring file, those of INPUT that it does not name, and LAYERS."""
        named = []
        for name, note in self.configuration.layers.items():
            dataset = noted(name, note, self.folder)
            if dataset is None:
                self.absent[name] = note.source
            else:
                named.append(dataset)
        found = [*self.found.datasets]
        opened = map(dataset_of, self.open_layers.values())
        found += [dataset for dataset in opened if dataset is not None]
        known = {dataset.source for dataset in named}
        return with_own_names([*named, *(one for one in found if one.source not in known)])

    def require_all(self) -> None:
        """Raise for a layer of the monitoring file that cannot be read."""
        for name, source in self.absent.items():
            message = translate("GrueneInfra", "The layer {name} cannot be read: {reason}.")
            raise QgsProcessingException(message.format(name=name, reason=source))

    def common(self) -> dict[str, object]:
        """Return the parameters that a step gets if it has them: strategy and register."""
        job = self._job
        common: dict[str, object] = {
            name: job.text(name) for name in ("STRATEGY", *REGISTER) if job.text(name)
        }
        if "REGISTER" in common or "CONNECTION" in common:
            return common
        if self.configuration.register is not None:
            common["REGISTER"] = str((self.folder / self.configuration.register).resolve())
        elif len(self.found.registers) == 1:
            common["REGISTER"] = str(self.found.registers[0])
        return common
