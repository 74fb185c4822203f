"""Which layers an algorithm reads: those of its last run, else those whose names and fields fit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from qgis.core import (
    Qgis,
    QgsMapLayer,
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingParameterDefinition,
    QgsProcessingUtils,
    QgsProject,
    QgsRasterLayer,
    QgsVectorLayer,
)

from ...cartography.styling import data_name
from ...catalogue import Entry
from ...catalogue.hints import Traits
from ...passwords import without_passwords
from ...spatial.reading.stored_files import LAYER_PARAMETERS, place_of
from .runs import Run

NOT_REPEATED = frozenset({"AS_OF"})
"""Parameters that are new in every run."""
_GEOMETRIES = {
    Qgis.ProcessingSourceType.VectorPoint: Qgis.GeometryType.Point,
    Qgis.ProcessingSourceType.VectorLine: Qgis.GeometryType.Line,
    Qgis.ProcessingSourceType.VectorPolygon: Qgis.GeometryType.Polygon,
}


@dataclass(frozen=True)
class Candidate:
    """A layer of the project, and what hints ask of it."""

    layer: QgsMapLayer
    traits: Traits

    @classmethod
    def of(cls, layer: QgsMapLayer) -> Candidate:
        fields = layer.fields().names() if isinstance(layer, QgsVectorLayer) else []
        return cls(layer, Traits.of([layer.name(), data_name(layer)], fields))


class Inputs:
    """The layers of a project as the inputs of algorithms, as it is when this is made."""

    def __init__(self, project: QgsProject) -> None:
        self._project = project
        layers = [layer for layer in project.mapLayers().values() if layer.isValid()]
        made = [Candidate.of(layer) for layer in layers]
        self._candidates = sorted(
            made, key=lambda c: (len(c.traits.words), len(c.layer.name()), c.layer.name())
        )

    def parameters(self, algorithm: QgsProcessingAlgorithm, entry: Entry, run: Run | None) -> dict[str, Any]:
        """Return parameters to start an algorithm with.

        Those of the last run as far as its layers are in the project; a layer that is not is guessed, and
        the fields chosen of it are left out.
        """
        given = dict(run.inputs) if run is not None else {}
        found = self.layers(algorithm, entry, run)
        filled: dict[str, Any] = {}
        for definition in algorithm.parameterDefinitions():
            name = definition.name()
            if definition.type() in LAYER_PARAMETERS:
                ids = [layer.id() for layer in found.get(name, ())]
                if ids:
                    filled[name] = ids if definition.type() == "multilayer" else ids[0]
            elif name in given and _is_repeated(definition):
                filled[name] = given[name]
        return {
            name: value for name, value in filled.items() if self._has_field(algorithm, name, value, filled)
        }

    def _has_field(
        self, algorithm: QgsProcessingAlgorithm, name: str, value: Any, filled: Mapping[str, Any]
    ) -> bool:
        definition = algorithm.parameterDefinition(name)
        if definition.type() != "field":
            return True
        layer = self._project.mapLayer(str(filled.get(definition.parentLayerParameterName(), "")))
        return isinstance(layer, QgsVectorLayer) and layer.fields().lookupField(str(value)) >= 0

    def layers(
        self, algorithm: QgsProcessingAlgorithm, entry: Entry, run: Run | None
    ) -> dict[str, list[QgsMapLayer]]:
        """Return the layers of each layer parameter: of the last run where they are here, else guessed.

        What the last run was given none of stays empty.
        """
        found: dict[str, list[QgsMapLayer]] = {}
        open_parameters = []
        for definition in _layer_parameters(algorithm):
            name = definition.name()
            values = [] if run is None else _values(run.inputs.get(name))
            layers = [layer for value in values if (layer := self.find(value)) is not None]
            if layers:
                found[name] = layers
            elif values or run is None:
                open_parameters.append(definition)
        for definition in open_parameters:
            text = entry.parameters.get(definition.name())
            guessed = self._guessed(definition, text.hints if text else (), _flat(found))
            if guessed:
                found[definition.name()] = guessed
        return found

    def dependencies(
        self, algorithm: QgsProcessingAlgorithm, entry: Entry, run: Run | None
    ) -> frozenset[str]:
        """Return ids and sources of the layers that an algorithm reads, also of those no longer here.

        Sources are without passwords, as the project keeps them.
        """
        layers = list(_flat(self.layers(algorithm, entry, run)))
        known = {name for layer in layers for name in (layer.id(), layer.source())}
        if run is not None:
            for definition in _layer_parameters(algorithm):
                known.update(_values(run.inputs.get(definition.name())))
        return frozenset(map(without_passwords, known))

    def find(self, value: str) -> QgsMapLayer | None:
        """Return the layer of the project that has an id or a source, ``None`` where there is none."""
        context = QgsProcessingContext()
        context.setProject(self._project)
        layer = QgsProcessingUtils.mapLayerFromString(value, context, False)
        if layer is not None:
            return layer
        place = place_of(value)
        files = (c.layer for c in self._candidates if c.layer.providerType() in ("ogr", "gdal"))
        return next((layer for layer in files if place and place_of(layer.source()) == place), None)

    def _guessed(
        self, definition: QgsProcessingParameterDefinition, hints: Iterable[str], taken: Iterable[QgsMapLayer]
    ) -> list[QgsMapLayer]:
        """Return the layer that fits the first hint any layer fits; of several layers, one per hint."""
        used = {layer.id() for layer in taken}
        several, chosen = definition.type() == "multilayer", []
        for hint in hints:
            for candidate in self._candidates:
                layer = candidate.layer
                if layer.id() not in used and _is_of_type(layer, definition) and candidate.traits.fits(hint):
                    used.add(layer.id())
                    chosen.append(layer)
                    break
            if chosen and not several:
                break
        return chosen


def _layer_parameters(algorithm: QgsProcessingAlgorithm) -> Iterator[QgsProcessingParameterDefinition]:
    return (d for d in algorithm.parameterDefinitions() if d.type() in LAYER_PARAMETERS)


def _is_repeated(definition: QgsProcessingParameterDefinition) -> bool:
    return not definition.isDestination() and definition.name() not in NOT_REPEATED


def _flat(found: Mapping[str, list[QgsMapLayer]]) -> Iterator[QgsMapLayer]:
    return (layer for layers in found.values() for layer in layers)


def _values(given: object) -> list[str]:
    """Return the layers of a parameter as the history writes them: text, a list, a source with settings."""
    if isinstance(given, dict):
        given = given.get("source")
    if isinstance(given, (list, tuple)):
        return [value for part in given for value in _values(part)]
    return [given] if isinstance(given, str) and given else []


def _is_of_type(layer: QgsMapLayer, definition: QgsProcessingParameterDefinition) -> bool:
    """Return whether a parameter takes layers of this kind."""
    if definition.type() == "raster":
        return isinstance(layer, QgsRasterLayer)
    if not isinstance(layer, QgsVectorLayer) or not layer.isSpatial():
        return False
    types = definition.dataTypes() if hasattr(definition, "dataTypes") else []
    wanted = {_GEOMETRIES[kind] for kind in map(Qgis.ProcessingSourceType, types) if kind in _GEOMETRIES}
    return not wanted or layer.geometryType() in wanted
