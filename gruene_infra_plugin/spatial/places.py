"""Where inputs and outputs are stored, so that no result replaces what it is computed from."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from osgeo import gdal
from qgis.core import (
    QgsDataSourceUri,
    QgsMapLayer,
    QgsProcessing,
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingFeatureSourceDefinition,
    QgsProcessingOutputLayerDefinition,
    QgsProcessingUtils,
    QgsProperty,
    QgsProviderRegistry,
)

NO_FILES = ("", QgsProcessing.TEMPORARY_OUTPUT, "memory:")
LAYER_PARAMETERS = frozenset({"source", "vector", "raster", "layer", "multilayer"})


@dataclass(frozen=True)
class Place:
    """A file and a table in it; ``table`` is ``None`` where the address names the file alone.

    Of a file that is used as a ``whole``, such as a register, every table belongs to it.
    """

    file: Path
    table: str | None
    whole: bool = False

    def replaces(self, other: Place) -> bool:
        """Return whether writing here would overwrite ``other``."""
        if self.file != other.file or other.whole:
            return self.file == other.file
        there = other.table or next(iter(tables(other.file)), "")
        return self.table is None or self.table.lower() == there.lower()


def place_of(address: object) -> Place | None:
    """Return where an address such as ``x.gpkg``, ``x.gpkg|layername=a`` or ``ogr:dbname=…`` points.

    ``None`` for what is no file: temporary layers, databases, no address at all.
    """
    if not isinstance(address, str) or address in NO_FILES or "://" in address:
        return None
    if address.startswith("ogr:"):
        uri = QgsDataSourceUri(address.removeprefix("ogr:"))
        return Place(Path(uri.database()).resolve(), uri.table() or None)
    parts = QgsProviderRegistry.instance().decodeUri("ogr", address)
    return Place(Path(parts["path"]).resolve(), parts.get("layerName") or None)


def overwritten(
    algorithm: QgsProcessingAlgorithm, parameters: dict, context: QgsProcessingContext
) -> tuple[str, str] | None:
    """Return an output parameter that would replace an input or another output, and that one's name."""
    taken = list(_inputs(algorithm, parameters, context))
    for definition in algorithm.destinationParameterDefinitions():
        name = definition.name()
        place = place_of(plain(parameters.get(name)))
        if place is None:
            continue
        for other, known in taken:
            if place.replaces(known):
                return name, other
        taken.append((name, place))
    return None


def _inputs(
    algorithm: QgsProcessingAlgorithm, parameters: dict, context: QgsProcessingContext
) -> Iterator[tuple[str, Place]]:
    for definition in algorithm.parameterDefinitions():
        given = parameters.get(definition.name())
        if definition.type() == "file" and given:
            yield definition.name(), Place(Path(str(plain(given))).resolve(), None, whole=True)
        if definition.type() not in LAYER_PARAMETERS:
            continue
        for value in given if isinstance(given, (list, tuple)) else (given,):
            place = place_of(_address(plain(value), context))
            if place is not None:
                yield definition.name(), place


def plain(value: object) -> object:
    """Return the value inside the wrappers of Processing."""
    if isinstance(value, QgsProcessingFeatureSourceDefinition):
        value = value.source
    elif isinstance(value, QgsProcessingOutputLayerDefinition):
        value = value.sink
    return value.staticValue() if isinstance(value, QgsProperty) else value


def _address(value: object, context: QgsProcessingContext) -> object:
    """Return the source of a layer, given as such or by its name; anything else as it is."""
    if isinstance(value, str):
        value = QgsProcessingUtils.mapLayerFromString(value, context, False) or value
    if isinstance(value, QgsMapLayer):
        return value.source() if value.providerType() in ("ogr", "gdal") else None
    return value


def tables(file: Path) -> list[str]:
    """Return the names of the tables in a file, none where it cannot be read."""
    with suppress(RuntimeError):  # which GDAL raises where its exceptions are switched on
        source = gdal.OpenEx(str(file), gdal.OF_VECTOR)
        return [source.GetLayer(i).GetName() for i in range(source.GetLayerCount())] if source else []
    return []
