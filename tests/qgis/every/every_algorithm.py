"""What tests that go through all algorithms share: the algorithms, their parameters, what a run gave."""

from __future__ import annotations

import pytest
from gruene_infra.gruene_infra_plugin.methods.findings.finding import COLUMNS
from gruene_infra.processing.provider import ALGORITHMS
from qgis.core import Qgis, QgsProcessingParameterDefinition, QgsVectorLayer

from ...runs import Log
from .bad_input import Attempt

LAYERS = ("source", "vector", "multilayer")
SINKS = ("sink", "vectorDestination")


BY_ID = {algorithm.name(): algorithm for algorithm in (a().create() for a in ALGORITHMS)}
every_algorithm = pytest.mark.parametrize("algorithm_id", BY_ID)


def every_algorithm_with(parameter: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(
        "algorithm_id", [n for n, a in BY_ID.items() if a.parameterDefinition(parameter)]
    )


def definitions(algorithm_id: str, *types: str) -> list[QgsProcessingParameterDefinition]:
    """Return the parameters of the given types; lists of plain files are no layers."""
    return [
        d
        for d in BY_ID[algorithm_id].parameterDefinitions()
        if d.type() in types
        and not (d.type() == "multilayer" and d.layerType() == Qgis.ProcessingSourceType.File)
    ]


every_algorithm_with_layers = pytest.mark.parametrize(
    "algorithm_id", [n for n in BY_ID if definitions(n, *LAYERS)]
)


def layer_of(value: object) -> QgsVectorLayer:
    """Return the layer of a parameter; of several the first."""
    value = value[0] if isinstance(value, list) else value
    return value if isinstance(value, QgsVectorLayer) else QgsVectorLayer(value, "layer", "ogr")


def replaced(parameters: dict, name: str, value: object) -> dict:
    """Return the parameters with one layer exchanged; of several the first."""
    old = parameters[name]
    return parameters | {name: [value, *old[1:]] if isinstance(old, list) else value}


def taken(log: Log, tables: dict[str, list[dict]]) -> Attempt:
    """Sort the results of a run into findings and detail rows."""
    of_findings = {name for name, table in tables.items() if any(row.keys() >= set(COLUMNS) for row in table)}
    findings = [row for name, table in tables.items() if name in of_findings for row in table]
    details = {name: table for name, table in tables.items() if name not in of_findings}
    return Attempt("", log.text, findings, details)
