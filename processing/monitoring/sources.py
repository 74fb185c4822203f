"""What a monitoring run measures with: the layers of a folder, a register, and what monitoring.yaml says."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from qgis.core import QgsProcessingException

from ...gruene_infra_plugin.catalogue import Entry
from ...gruene_infra_plugin.checked_yaml import YamlError
from ...gruene_infra_plugin.i18n import translate
from ...gruene_infra_plugin.monitoring.configuration import Configuration, Value, read_configuration
from ...gruene_infra_plugin.monitoring.datasets import (
    RASTER,
    Dataset,
    Found,
    dataset_of,
    file_name,
    found_in,
    is_result,
    noted,
    with_own_names,
)
from ...gruene_infra_plugin.monitoring.package import Package
from ...gruene_infra_plugin.spatial.reading.stored_files import place_of, tables
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

    What lies in the folder of ``package`` is no data. ``folder`` is the one that the monitoring file names
    layers from; ``absent`` are its layers that cannot be read, with their sources. Raises
    ``QgsProcessingException`` where the monitoring file is wrong.
    """

    def __init__(self, job: Job, entries: Sequence[Entry], package: Package) -> None:
        self._job = job
        self._entries = entries
        self._package = package
        self.place = Path(job.text("INPUT")).resolve() if job.text("INPUT") else None
        self.configuration, self.folder = self._read_configuration(package.folder)
        self.open_layers = {layer.id(): layer for layer in job.map_layers("LAYERS")}
        self.found = Found([], [], []) if self.place is None else found_in(self.place, package.folder)
        self.unreadable = list(self.found.unreadable)
        self.absent: dict[str, str] = {}
        self.datasets = self._datasets()

    def _read_configuration(self, default: Path) -> tuple[Configuration, Path]:
        path = Path(self._job.text("CONFIG")) if self._job.text("CONFIG") else None
        beside = None if self.place is None else self.place / MONITORING
        if path is None and beside is not None and beside.is_file():
            path = beside
        if path is None:
            return Configuration(), self.place or default
        try:
            known = {entry.id: entry.parameters for entry in self._entries}
            read = read_configuration(path, known)
        except YamlError as error:
            raise QgsProcessingException(str(error)) from error
        folder = path.resolve().parent

        def found(name: str) -> str:
            return str((folder / name).resolve())

        steps = {
            name: replace(wishes, parameters=self.with_files(wishes.parameters, found))
            for name, wishes in read.steps.items()
        }
        return replace(read, parameters=self.with_files(read.parameters, found), steps=steps), folder

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
        for layer in self.open_layers.values():
            dataset = dataset_of(layer)
            if dataset is None:
                self.unreadable.append(layer.name())
            elif not is_result(layer, self._package.results):
                found.append(dataset)
        known = {_stored(dataset) for dataset in named}
        others = (one for one in found if one.source in self.open_layers or _stored(one) not in known)
        return with_own_names([*named, *others])

    def places(self) -> Iterator[Path]:
        """Yield the folders of what a run reads, which nobody is told in its results."""
        common = self.common()
        files = [place_of(self._address(dataset)) for dataset in self.datasets]
        yield from (place.file.parent for place in files if place is not None)
        yield from (Path(str(common[name])).parent for name in ("STRATEGY", "REGISTER") if name in common)
        yield from (path for path in (self.place, self.folder) if path is not None)

    def _address(self, dataset: Dataset) -> str:
        layer = self.open_layers.get(dataset.source)
        return dataset.source if layer is None else layer.source()

    def with_files(self, values: Mapping[str, Value], change: Callable[[str], str]) -> dict[str, Value]:
        """Return parameters of which those that are files are changed."""
        kinds = {name: one.kind for entry in self._entries for name, one in entry.parameters.items()}
        return {
            name: change(str(value)) if kinds[name] == "file" else value for name, value in values.items()
        }

    def inside(self, source: str) -> str:
        """Return a source as it is named from where the data lie, and by its name alone elsewhere."""
        path, bar, rest = source.partition("|")
        folder = self.folder if self.place is None else self.place
        if folder not in Path(path).parents:
            return file_name(source)
        return f"{Path(path).relative_to(folder).as_posix()}{bar}{rest}"

    def require_all(self) -> None:
        """Raise for a layer of the monitoring file that cannot be read."""
        for name, source in self.absent.items():
            message = translate("GrueneInfra", "The layer {name} cannot be read: {reason}.")
            raise QgsProcessingException(message.format(name=name, reason=source))

    def common(self) -> dict[str, object]:
        """Return the parameters that a step gets if it has them: those for all, strategy and register."""
        job = self._job
        common: dict[str, object] = dict(self.configuration.parameters)
        common |= {name: job.text(name) for name in ("STRATEGY", *REGISTER) if job.text(name)}
        if "REGISTER" in common or "CONNECTION" in common:
            return common
        if self.configuration.register is not None:
            common["REGISTER"] = str((self.folder / self.configuration.register).resolve())
        elif len(self.found.registers) == 1:
            common["REGISTER"] = str(self.found.registers[0])
        return common


def _stored(dataset: Dataset) -> object:
    """Return what all sources of the same table have in common."""
    place = place_of(dataset.source)
    if place is None or dataset.kind == RASTER:
        return dataset.source
    return place.file, place.table or next(iter(tables(place.file)), None)
