"""What the dialog refuses is refused in a model, from an expression and in a script, in the same words."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest
from gruene_infra.processing.register.base import RegisterAlgorithm
from qgis.core import Qgis, QgsProcessingParameterDefinition, QgsProcessingParameterNumber, QgsProperty

from .bad_input import assert_clear, files_in
from .every_algorithm import BY_ID, every_algorithm
from .examples import empty_register, example
from .ways import WAYS, targets

pytestmark = pytest.mark.usefixtures("provider")


def no_numbers(definition: QgsProcessingParameterNumber) -> Iterator[object]:
    yield from ("abc", "nan", "inf", "-inf", "1e999", [1])
    if definition.minimum() > -1e300:
        yield definition.minimum() - 1
    if definition.maximum() < 1e300:
        yield definition.maximum() + 1
    if definition.dataType() == Qgis.ProcessingNumberParameterType.Integer:
        yield 5.5


IMPOSSIBLE: dict[str, Callable[[QgsProcessingParameterDefinition], Iterable[object]]] = {
    "number": no_numbers,
    "enum": lambda definition: ("gibt es nicht", len(definition.options()), -1, 0.5),
    "boolean": lambda _: ("vielleicht", 2),
    "datetime": lambda _: ("31.12.2026", "2026-13-01", "gestern", 5),
    "source": lambda _: ("/nirgends/fehlt.gpkg",),
    "raster": lambda _: ("/nirgends/fehlt.tif",),
    "multilayer": lambda _: (["/nirgends/fehlt.gpkg"],),
    "crs": lambda _: ("keines",),
    "fileDestination": lambda _: (f"/nirgends/fehlt{end}" for end in ("", ".txt", ".html", ".png")),
    "extent": lambda _: ("unsinn", "1,2,3"),
    **dict.fromkeys(("string", "field", "file", "providerconnection"), lambda _: (["eins", "zwei"],)),
}
"""Values that parameters of a type cannot have."""


@every_algorithm
def test_a_value_that_cannot_be_is_refused_everywhere(algorithm_id, tmp_path):
    algorithm = BY_ID[algorithm_id]
    out = tmp_path / "out"
    out.mkdir()
    parameters = example(algorithm, tmp_path) | targets(algorithm_id, out)
    for definition in algorithm.parameterDefinitions():
        values = IMPOSSIBLE.get(definition.type(), lambda _: ())(definition)
        for value in [*values, *(["/nirgends/fehlt.yaml"] if definition.name() == "STRATEGY" else [])]:
            spoiled = parameters | {definition.name(): value}
            said = {way: start(algorithm_id, spoiled) for way, start in WAYS.items()}
            assert_clear(said["dialog"], definition.name(), definition.description(), "/nirgends/fehlt")
            for way, message in said.items():
                assert said["dialog"] in message, (way, definition.name(), value)
    assert not files_in(out)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
@every_algorithm
def test_a_number_that_is_none_is_refused_by_label(algorithm_id, value, tmp_path):
    parameters = example(BY_ID[algorithm_id], tmp_path)
    for definition in BY_ID[algorithm_id].parameterDefinitions():
        if definition.type() == "number":
            for way in ("dialog", "script", "model"):
                message = WAYS[way](algorithm_id, parameters | {definition.name(): value})
                assert f"{definition.description()} ({definition.name()}) must be" in message, way


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("algorithm_id", [n for n in BY_ID if BY_ID[n].parameterDefinition("REGISTER")])
def test_two_registers_are_refused_everywhere(algorithm_id, way, tmp_path):
    given = {"REGISTER": str(tmp_path / "register.gpkg")} | example(BY_ID[algorithm_id], tmp_path)
    parameters = given | {"CONNECTION": "x"}
    assert "Name one register" in WAYS[way](algorithm_id, parameters)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("algorithm_id", [n for n in BY_ID if isinstance(BY_ID[n], RegisterAlgorithm)])
def test_one_register_is_needed_everywhere(algorithm_id, way, tmp_path):
    parameters = example(BY_ID[algorithm_id], tmp_path)
    given = {name: value for name, value in parameters.items() if name not in ("REGISTER", "CONNECTION")}
    assert "Name one register" in WAYS[way](algorithm_id, given)


READERS = [n for n, a in BY_ID.items() if a.parameterDefinition("REGISTER") and a.groupId() != "register"]
"""Algorithms that may read a register, and do without."""


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("algorithm_id", READERS)
def test_two_registers_are_refused_where_none_is_needed(algorithm_id, way, tmp_path):
    two = {"REGISTER": empty_register(tmp_path), "CONNECTION": "x"}
    assert "Name one register" in WAYS[way](algorithm_id, example(BY_ID[algorithm_id], tmp_path) | two)


@every_algorithm
def test_an_expression_that_fails_is_named(algorithm_id, tmp_path):
    parameters = example(BY_ID[algorithm_id], tmp_path)
    for definition in BY_ID[algorithm_id].parameterDefinitions():
        if not definition.isDestination():
            broken = parameters | {definition.name(): QgsProperty.fromExpression("keine_funktion(1)")}
            for way in ("dialog", "script"):
                message = WAYS[way](algorithm_id, broken)
                assert_clear(message, definition.name())
                assert "keine_funktion" in message


def test_what_fits_from_expressions_and_in_models_gives_the_same(tmp_path):
    """The ways themselves work: a sound run goes through in all of them."""
    for way, start in WAYS.items():
        for algorithm_id in ("hz19_floodplain_buildings", "target_monitor", "export_register"):
            folder = tmp_path / way / algorithm_id
            folder.mkdir(parents=True)
            outputs = targets(algorithm_id, folder)
            assert start(algorithm_id, example(BY_ID[algorithm_id], folder) | outputs) == "", way
            made = {name for name, path in outputs.items() if Path(path).exists()}
            assert made == (set() if way == "dialog" else set(outputs)), way
