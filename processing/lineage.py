"""What a run was given, told in the metadata of its results: names, never places, users or passwords."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import replace
from pathlib import Path

from qgis.core import (
    Qgis,
    QgsCoordinateReferenceSystem,
    QgsDataSourceUri,
    QgsMapLayer,
    QgsProcessingFeatureSourceDefinition,
    QgsProcessingUtils,
)
from qgis.PyQt.QtCore import QDate, Qt

from ..gruene_infra_plugin.catalogue import Parameter
from ..gruene_infra_plugin.local_places import without_places
from ..gruene_infra_plugin.monitoring.contents import source_key, whole_key
from ..gruene_infra_plugin.spatial.reading.stored_files import StoredTable, place_in, place_of, plain
from ..gruene_infra_plugin.spatial.writing.provenance import NOT_STATED, Provenance, UsedInput
from .job import Job
from .parameters import listed

LAYERS = ("layer", "layers", "raster")
MOST_READ_AGAIN = 100 * 10**6
"""Bytes of files that a run outside of a monitoring run reads again for their keys, about 0.7 s [A]."""
MOST_TOLD = 50
"""Inputs of a parameter that are told one by one."""
WHO = "WHO"
"""The parameter that names a person."""
_KNOWN: ContextVar[Mapping[str, Sequence[Mapping[str, str]]] | None] = ContextVar("inputs", default=None)


@contextmanager
def inputs_known(inputs: Mapping[str, Sequence[Mapping[str, str]]]) -> Iterator[None]:
    """Let runs within tell their inputs as a monitoring run knows them: name, key, date, licence."""
    token = _KNOWN.set(inputs)
    try:
        yield
    finally:
        _KNOWN.reset(token)


def provenance_of(job: Job) -> Provenance:
    """Return what a run was given."""
    entry, language = job.entry, job.language
    return Provenance(
        entry.id,
        entry.title.get(language),
        entry.summary.get(language),
        entry.tags,
        job.as_of,
        dict(_parameters(job)),
        list(_Inputs(job)),
        job.crs,
    )


def _parameters(job: Job) -> Iterator[tuple[str, str]]:
    for name, parameter in job.entry.parameters.items():
        value = job.parameters.get(name)
        if value is not None and value != "" and name != WHO and parameter.kind not in (*LAYERS, "file"):
            yield name, _said(parameter, value)


def _said(parameter: Parameter, value: object) -> str:
    if isinstance(value, QDate):
        return str(value.toString(Qt.DateFormat.ISODate))
    if isinstance(value, QgsCoordinateReferenceSystem):
        return str(value.authid())
    if parameter.kind == "folder":
        return Path(str(value)).name
    if isinstance(value, float):
        return f"{value:.15g}"
    return without_places(str(plain(value)))


class _Inputs:
    """The layers and files of a run."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._left = MOST_READ_AGAIN
        self._read: set[Path] = set()

    def __iter__(self) -> Iterator[UsedInput]:
        known = _KNOWN.get()
        for name, parameter in self._job.entry.parameters.items():
            if parameter.kind in (*LAYERS, "file"):
                values = [value for value in listed(self._job.parameters.get(name)) if value]
                noted = () if known is None else known.get(name, ())
                for number, value in enumerate(values[:MOST_TOLD]):
                    used = self._used(name, value, is_noted=number < len(noted))
                    used = replace(used, is_file=parameter.kind == "file" or "file" in parameter.of)
                    yield _noted(used, noted[number]) if number < len(noted) else used
                if len(values) > MOST_TOLD:
                    yield UsedInput(name, f"… ({len(values)})")

    def _used(self, name: str, value: object, *, is_noted: bool) -> UsedInput:
        layer = self._layer(value)
        address = str(plain(value)) if layer is None else str(layer.source())
        place = place_of(address) if layer is None else place_in(layer.providerType(), address)
        date, licence = ("", "") if layer is None else _told(layer)
        return UsedInput(
            name,
            self._name(value, layer, place, address),
            "" if is_noted or place is None else self._key(name, address, place),
            date,
            licence,
            isinstance(value, QgsProcessingFeatureSourceDefinition) and value.selectedFeaturesOnly,
        )

    def _layer(self, value: object) -> QgsMapLayer | None:
        """Return the layer that a value means, if it is open: nothing is opened to be told of."""
        value = plain(value)
        if isinstance(value, QgsMapLayer):
            return value
        return QgsProcessingUtils.mapLayerFromString(str(value), self._job.context, False)

    def _name(self, value: object, layer: QgsMapLayer | None, place: StoredTable | None, address: str) -> str:
        """Return what users call a layer; of one that is given by its address, file and table."""
        if layer is not None and (plain(value) is layer or self._is_in_project(layer)):
            return without_places(layer.name())
        if place is not None:
            return place.file.name if place.table is None else f"{place.file.name}: {place.table}"
        table = QgsDataSourceUri(address.partition("://")[2] or address).table()
        return table or "?"

    def _is_in_project(self, layer: QgsMapLayer) -> bool:
        project = self._job.context.project()
        return project is not None and project.mapLayer(layer.id()) is not None

    def _key(self, name: str, address: str, place: StoredTable) -> str:
        """Return the key of a file's content, empty where it cannot be read or is more than is read again."""
        with suppress(OSError, sqlite3.Error):
            if place.file not in self._read:
                size = place.file.stat().st_size
                if size > self._left:
                    return ""
                self._left -= size
                self._read.add(place.file)
            is_file = self._job.entry.parameters[name].kind == "file"
            return whole_key(place.file) if is_file else source_key(address)
        return ""


def _noted(used: UsedInput, note: Mapping[str, str]) -> UsedInput:
    """Return an input as a monitoring run knows it, completed by what its layer tells of itself."""
    return replace(
        used,
        name=without_places(note["name"]),
        key=note.get("key", ""),
        date=note.get("date") or used.date,
        licence=note.get("licence") or used.licence,
    )


def _told(layer: QgsMapLayer) -> tuple[str, str]:
    """Return date and licence that a layer's own metadata tell, empty where they do not."""
    metadata = layer.metadata()
    types = Qgis.MetadataDateType
    moments = (metadata.dateTime(one) for one in (types.Revised, types.Published, types.Created))
    day = next((moment.date().toString(Qt.DateFormat.ISODate) for moment in moments if moment.isValid()), "")
    unknown = (NOT_STATED.de, NOT_STATED.en)
    known = [licence for licence in metadata.licenses() if not licence.startswith(unknown)]
    return day, without_places(", ".join(known))
