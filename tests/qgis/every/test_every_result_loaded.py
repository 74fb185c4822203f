"""Results that QGIS loads, on each of its ways to run an algorithm: styled in every run of a session."""

from __future__ import annotations

import gc
import importlib
from collections import defaultdict
from collections.abc import Iterable
from types import ModuleType

import pytest
from gruene_infra.gruene_infra_plugin.spatial.writing.styles import load_known_style
from qgis.core import (
    QgsApplication,
    QgsProcessingAlgRunnerTask,
    QgsProcessingContext,
    QgsProcessingModelAlgorithm,
    QgsProcessingModelChildAlgorithm,
    QgsProcessingModelChildParameterSource,
    QgsProcessingModelOutput,
    QgsProcessingOutputLayerDefinition,
    QgsProject,
    QgsVectorLayer,
)

from ...runs import Log
from .every_algorithm import BY_ID
from .examples import example
from .ways import by_address

every_styled_algorithm = pytest.mark.parametrize(
    "algorithm_id", [name for name, algorithm in BY_ID.items() if algorithm.styles]
)
HZ19 = "hz19_floodplain_buildings"


def parameters_of(algorithm_id: str, folder) -> dict:
    """Return the example of an algorithm, its layers in the project, its outputs temporary and to be loaded.

    Temporary, because the style that a GeoPackage holds would be loaded in any case.
    """
    algorithm = BY_ID[algorithm_id]
    outputs = {
        name: QgsProcessingOutputLayerDefinition("TEMPORARY_OUTPUT", QgsProject.instance())
        for name in algorithm.styles
    }
    rest = {d.name(): "TEMPORARY_OUTPUT" for d in algorithm.destinationParameterDefinitions()}
    given = {name: by_address(value) for name, value in example(algorithm, folder).items()}
    return given | rest | outputs


def looks(layer: QgsVectorLayer) -> list[tuple[str, str, str]]:
    """Return what a layer's renderer shows: its kind, and text and colour of each class."""
    renderer = layer.renderer()
    return [
        (renderer.type(), item.label(), item.symbol().color().name() if item.symbol() else "")
        for item in renderer.legendSymbolItems()
    ]


def assert_styled(algorithm_id: str, times: int) -> None:
    """Assert that each output with a style is in the project so many times, each time in its style."""
    algorithm = BY_ID[algorithm_id]
    labels = {algorithm.parameterDefinition(name).description(): name for name in algorithm.styles}
    found = defaultdict(list)
    for layer in QgsProject.instance().mapLayers().values():
        if layer.name() in labels:
            found[labels[layer.name()]].append(layer)
    assert {name: len(layers) for name, layers in found.items()} == dict.fromkeys(algorithm.styles, times)
    for name, style in algorithm.styles.items():
        wanted = found[name][0].clone()
        assert load_known_style(wanted, style)
        assert [looks(layer) for layer in found[name]] == [looks(wanted)] * times


def a_context() -> QgsProcessingContext:
    context = QgsProcessingContext()
    context.setProject(QgsProject.instance())
    return context


@pytest.fixture
def gui(processing, provider, monkeypatch) -> ModuleType:
    """QGIS's package ``processing.gui`` without a window of QGIS."""
    for name in ("Postprocessing", "AlgorithmExecutor", "BatchAlgorithmDialog"):
        module = importlib.import_module(f"processing.gui.{name}")
        if hasattr(module, "iface"):
            monkeypatch.setattr(module, "iface", None)
    return importlib.import_module("processing.gui")


@every_styled_algorithm
def test_in_scripts_that_load_results(algorithm_id, processing, gui, tmp_path):
    for time in (1, 2, 3):
        processing.runAndLoadResults(f"gruene_infra:{algorithm_id}", parameters_of(algorithm_id, tmp_path))
        gc.collect()
        assert_styled(algorithm_id, time)


def test_in_a_context_that_several_runs_share(gui, tmp_path):
    context, log = a_context(), Log()
    for _time in range(2):
        _, done = BY_ID[HZ19].run(parameters_of(HZ19, tmp_path), context, log)
        assert done, log.errors
        gc.collect()
    assert gui.Postprocessing.handleAlgorithmResults(BY_ID[HZ19], context, log)
    assert_styled(HZ19, 2)


def test_in_the_thread_of_a_dialog(gui, qtbot, tmp_path):
    for time in (1, 2):
        context, log = a_context(), Log()
        algorithm = BY_ID[HZ19].create()
        task = QgsProcessingAlgRunnerTask(algorithm, parameters_of(HZ19, tmp_path), context, log)
        with qtbot.waitSignal(task.executed, timeout=60_000) as ended:
            QgsApplication.taskManager().addTask(task)
        done, results = ended.args
        assert done, log.errors
        assert gui.Postprocessing.handleAlgorithmResults(algorithm, context, log, results)
        del context
        gc.collect()
        assert_styled(HZ19, time)


def test_in_ten_rows_of_a_batch(gui, qtbot, tmp_path):
    for time in (1, 2):
        dialog = gui.BatchAlgorithmDialog.BatchAlgorithmDialog(BY_ID[HZ19].create())
        qtbot.addWidget(dialog)
        dialog.show()
        dialog.execute([parameters_of(HZ19, tmp_path) for _row in range(10)])
        qtbot.waitUntil(dialog.runButton().isEnabled, timeout=120_000)
        assert_styled(HZ19, 10 * time)


def test_in_an_iteration_over_the_features_of_a_layer(gui, tmp_path):
    for time in (1, 2):
        context, log = a_context(), Log()
        given = parameters_of(HZ19, tmp_path)
        assert gui.AlgorithmExecutor.executeIterating(BY_ID[HZ19].create(), given, "BUILDINGS", context, log)
        assert log.errors == []
        del context
        gc.collect()
        assert_styled(HZ19, 10 * time)


@every_styled_algorithm
def test_in_a_model_that_runs_twice(algorithm_id, processing, gui, tmp_path):
    for time in (1, 2):
        given = parameters_of(algorithm_id, tmp_path)
        model = a_model(algorithm_id, given, BY_ID[algorithm_id].styles)
        labels = {BY_ID[algorithm_id].parameterDefinition(name).description(): name for name in given}
        outputs = {d.name(): given[labels[d.description()]] for d in model.destinationParameterDefinitions()}
        processing.runAndLoadResults(model, outputs)
        gc.collect()
        assert_styled(algorithm_id, time)


def a_model(algorithm_id: str, given: dict, outputs: Iterable[str]) -> QgsProcessingModelAlgorithm:
    """Return a model of one step, whose ``outputs`` have the labels of the algorithm's own."""
    step = QgsProcessingModelChildAlgorithm(f"gruene_infra:{algorithm_id}")
    step.setChildId("schritt")
    made = {}
    for name, value in given.items():
        if name in outputs:
            label = BY_ID[algorithm_id].parameterDefinition(name).description()
            made[label] = QgsProcessingModelOutput(label, label)
            made[label].setChildId("schritt")
            made[label].setChildOutputName(name)
        elif BY_ID[algorithm_id].parameterDefinition(name) and value != "TEMPORARY_OUTPUT":
            source = QgsProcessingModelChildParameterSource.fromStaticValue(value)
            step.addParameterSources(name, [source])
    step.setModelOutputs(made)
    model = QgsProcessingModelAlgorithm("Modell", "Gruppe")
    model.addChildAlgorithm(step)
    model.updateDestinationParameters()
    return model


@pytest.mark.parametrize(
    ("language", "title", "texts"),
    [
        ("de", "Bebauung in der Aue", ["neu gebaut", "erweitert", "Bestand", "nicht bekannt, ob neu"]),
        (
            "en",
            "Buildings in the floodplain",
            ["newly built", "extended", "existing building", "not known whether new"],
        ),
    ],
)
def test_in_the_language_of_qgis(language, title, texts, speak, processing, gui, tmp_path):
    speak(language)
    processing.runAndLoadResults(f"gruene_infra:{HZ19}", parameters_of(HZ19, tmp_path))
    (layer,) = QgsProject.instance().mapLayersByName(title)
    classes = layer.renderer().categories()
    assert [one.label() for one in classes] == texts
    assert [one.value() for one in classes] == ["neu", "Erweiterung", "Bestand", "unbekannt"]


@every_styled_algorithm
def test_none_offers_to_change_a_layer_in_place(algorithm_id):
    """There QGIS loads no result, and what styles one would never be called."""
    layer = QgsVectorLayer("MultiPolygon?crs=EPSG:25832", "layer", "memory")
    assert not BY_ID[algorithm_id].supportInPlaceEdit(layer)
