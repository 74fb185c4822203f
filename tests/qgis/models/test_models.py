"""What holds for every model of the provider, new ones included."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace

import pytest
from gruene_infra.gruene_infra_plugin.catalogue import model_texts
from gruene_infra.gruene_infra_plugin.catalogue.model_texts import load_model_texts, model_ids
from gruene_infra.gruene_infra_plugin.checked_yaml import YamlError
from gruene_infra.gruene_infra_plugin.paths import MODELS
from gruene_infra.processing.models import ShippedModel
from gruene_infra.processing.provider import ALGORITHMS, GrueneInfraProvider
from qgis.core import QgsProcessingModelAlgorithm
from qgis.PyQt.QtCore import QRectF

every_model = pytest.mark.parametrize("model_id", model_ids())


def opened(model_id: str) -> QgsProcessingModelAlgorithm:
    """Return a model as the Model Designer opens it."""
    model = QgsProcessingModelAlgorithm()
    assert model.fromFile(str(MODELS / f"{model_id}.model3"))
    return model


def test_models_and_texts_are_the_same_files():
    assert model_ids() == sorted(file.stem for file in MODELS.glob("*.yaml"))
    assert not set(model_ids()) & {algorithm.ID for algorithm in ALGORITHMS}


@every_model
def test_a_model_has_its_steps_and_all_outputs(model_id, provider):
    model, texts = provider.algorithm(model_id), load_model_texts(model_id)
    assert model.id() == f"gruene_infra:{model_id}"
    assert model.canExecute() == (True, "")
    assert set(model.childAlgorithms()) == set(texts.steps)
    assert {output.name() for output in model.outputDefinitions()} == set(texts.outputs)
    assert set(texts.parameters) <= {definition.name() for definition in model.parameterDefinitions()}


@every_model
def test_a_model_speaks_the_language_of_qgis(model_id, provider, speak):
    said = {}
    for language in ("de", "en"):
        speak(language)
        model = provider.algorithm(model_id).create()
        texts = load_model_texts(model_id)
        assert (model.displayName(), model.name()) == (texts.title.get(language), model_id)
        assert model.group() == {"de": "Modelle", "en": "Models"}[language]
        for definition in model.parameterDefinitions():
            assert definition.description() != definition.name()
            assert definition.help()
            assert definition.help() in model.shortHelpString()
        said[language] = [definition.description() for definition in model.parameterDefinitions()]
    assert len(said["de"]) == len(said["en"])
    assert all(german != english for german, english in zip(*said.values(), strict=True))


@every_model
def test_the_designer_shows_the_english_texts(model_id, provider, speak):
    speak("en")
    shipped, raw = provider.algorithm(model_id).create(), opened(model_id)
    assert raw.displayName() == shipped.displayName()
    assert raw.group() == "Models"
    assert {d.name(): d.description() for d in raw.parameterDefinitions() if not d.isDestination()} == {
        d.name(): d.description() for d in shipped.parameterDefinitions() if not d.isDestination()
    }
    for step_id, step in raw.childAlgorithms().items():
        assert step.description() == shipped.childAlgorithms()[step_id].description()


@every_model
def test_no_box_lies_on_another_one(model_id, provider):
    model = opened(model_id)
    steps = list(model.childAlgorithms().values())
    outputs = [output for step in steps for output in step.modelOutputs().values()]
    boxes = [*model.parameterComponents().values(), *steps, *outputs]
    shown = [box for box in boxes if box.comment() and box.comment().description()]
    comments = [box.comment() for box in shown]
    places = [_place(box) for box in (*boxes, *comments)]
    assert len(places) > 10
    for one, other in itertools.combinations(places, 2):
        assert not one.intersects(other), (one, other)


def _place(component) -> QRectF:
    """Return the ground of a box; its position is its middle."""
    place = QRectF(0, 0, component.size().width(), component.size().height())
    place.moveCenter(component.position())
    return place


@every_model
def test_no_path_of_a_machine_is_in_a_model(model_id):
    assert not re.search(
        r"/(work|home|tmp|root)/", (MODELS / f"{model_id}.model3").read_text(encoding="utf-8")
    )


def test_models_come_once_qgis_knows_the_provider(provider):
    """Before that they would lose their outputs; ``register`` loads them after it."""
    alone = GrueneInfraProvider()
    alone.refreshAlgorithms()
    algorithms = {algorithm.ID for algorithm in ALGORITHMS}
    assert {algorithm.name() for algorithm in alone.algorithms()} == algorithms
    assert {algorithm.name() for algorithm in provider.algorithms()} == algorithms | set(model_ids())


def test_a_wrong_text_is_told_with_file_and_line(tmp_path, monkeypatch):
    monkeypatch.setattr(model_texts, "MODELS", tmp_path)
    (tmp_path / "leer.yaml").write_text("title: {de: Titel}\nsumary: {de: Text}\n", encoding="utf-8")
    with pytest.raises(YamlError, match=r"leer\.yaml:2: expected one of the keys .*did you mean 'summary'"):
        load_model_texts("leer")


def test_a_step_without_texts_is_told(monkeypatch):
    texts = load_model_texts("corridor_check")
    monkeypatch.setattr(ShippedModel, "texts", replace(texts, steps={"monitor": texts.steps["monitor"]}))
    with pytest.raises(KeyError, match="gaps"):
        ShippedModel("corridor_check").initAlgorithm()


def test_an_input_without_texts_is_told(provider, monkeypatch):
    monkeypatch.setattr(ShippedModel, "texts", replace(load_model_texts("plan_draft"), parameters={}))
    with pytest.raises(KeyError, match=r"plan_draft\.yaml says nothing of PLAN"):
        ShippedModel("plan_draft").initAlgorithm()
