"""The ways in which one run can be started: QGIS checks values in the first one only."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from qgis.core import (
    QgsExpression,
    QgsMapLayer,
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingModelAlgorithm,
    QgsProcessingModelChildAlgorithm,
    QgsProcessingModelChildParameterSource,
    QgsProcessingModelOutput,
    QgsProject,
    QgsProperty,
)

from ...runs import Log
from .every_algorithm import BY_ID, SINKS


def _context() -> QgsProcessingContext:
    context = QgsProcessingContext()
    context.setProject(QgsProject.instance())
    return context


def in_the_dialog(algorithm_id: str, parameters: dict) -> str:
    """Return what the dialog says before it runs, nothing if it would run."""
    _, message = BY_ID[algorithm_id].create().checkParameterValues(parameters, _context())
    return message


def in_a_script(algorithm_id: str, parameters: dict) -> str:
    """Return what a run says that nobody checked before."""
    return _run(BY_ID[algorithm_id], parameters)


def from_expressions(algorithm_id: str, parameters: dict) -> str:
    """Return what a run says whose values are all expressions; nobody checked them before."""
    given = {
        name: value if _is_layers(value) else QgsProperty.fromExpression(_expression(value))
        for name, value in parameters.items()
    }
    return _run(BY_ID[algorithm_id], given)


def in_a_model(algorithm_id: str, parameters: dict) -> str:
    """Return what a model says of which the run is the only step."""
    step = QgsProcessingModelChildAlgorithm(f"gruene_infra:{algorithm_id}")
    step.setChildId("schritt")
    destinations = {d.name() for d in BY_ID[algorithm_id].destinationParameterDefinitions()}
    outputs, given = {}, {}
    for name, value in parameters.items():
        if name in destinations:
            output = QgsProcessingModelOutput(name, name)
            output.setChildId("schritt")
            output.setChildOutputName(name)
            outputs[name] = output
            given[f"schritt:{name}"] = given[name] = value
        else:
            source = QgsProcessingModelChildParameterSource.fromStaticValue(by_address(value))
            step.addParameterSources(name, [source])
    step.setModelOutputs(outputs)
    model = QgsProcessingModelAlgorithm("Modell", "Gruppe")
    model.addChildAlgorithm(step)
    model.updateDestinationParameters()
    return _run(model, given)


WAYS: dict[str, Callable[[str, dict], str]] = {
    "dialog": in_the_dialog,
    "script": in_a_script,
    "expressions": from_expressions,
    "model": in_a_model,
}


def targets(algorithm_id: str, folder: Path) -> dict[str, str]:
    """Return a file for each output."""
    return {
        d.name(): str(folder / f"{d.name()}.{'gpkg' if d.type() in SINKS else d.defaultFileExtension()}")
        for d in BY_ID[algorithm_id].destinationParameterDefinitions()
    }


def _run(algorithm: QgsProcessingAlgorithm, parameters: dict) -> str:
    """Return the errors of a run; nothing if it went through."""
    log = Log()
    _, done = algorithm.create().run(parameters, _context(), log)
    return "" if done else "\n".join(log.errors) or "failed without a word"


def _is_layers(value: object) -> bool:
    return isinstance(value, QgsMapLayer) or (isinstance(value, list) and any(map(_is_layers, value)))


def by_address(value: object) -> object:
    """Return layers by their ids, as a model stores them, from the project."""
    if isinstance(value, list):
        return [by_address(one) for one in value]
    if isinstance(value, QgsMapLayer):
        QgsProject.instance().addMapLayer(value)
        return value.id()
    return value


def _expression(value: object) -> str:
    if isinstance(value, list):
        return f"array({', '.join(map(_expression, value))})"
    return QgsExpression.quotedValue(value)
