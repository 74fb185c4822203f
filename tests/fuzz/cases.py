"""One case: an algorithm with its valid example, of which one to three parameters are spoiled by a seed.

What a parameter's type says is enough, so a new algorithm takes part by itself. A type that is missing in
``_SPOILERS`` fails loudly.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from qgis.core import Qgis, QgsProcessingParameterDefinition

from ..qgis.every.every_algorithm import BY_ID, layer_of
from ..qgis.every.examples import Parameters, example
from . import files, layers, values

REGISTER = "REGISTER"


@dataclass(frozen=True)
class Case:
    """An algorithm and a seed, written ``hz13_corridor_gaps/17``; the same case has the same parameters."""

    algorithm: str
    seed: int

    @classmethod
    def read(cls, text: str) -> Case:
        algorithm, _, seed = text.strip().partition("/")
        if algorithm not in BY_ID or not seed.isdecimal():
            raise SystemExit(f"{text} is no case: write it as {next(iter(BY_ID))}/17.")
        return cls(algorithm, int(seed))

    def __str__(self) -> str:
        return f"{self.algorithm}/{self.seed}"

    def parameters(self, folder: Path) -> tuple[Parameters, list[str]]:
        """Return the parameters, with files in ``folder``, and the names of those that are spoiled."""
        rng = Random(str(self))
        algorithm = BY_ID[self.algorithm]
        given = example(algorithm, folder)
        inputs = [d for d in algorithm.parameterDefinitions() if not d.isDestination()]
        weighed = [d for d in inputs for _ in range(_WEIGHTS.get(d.type(), 1))]
        chosen = {d.name(): d for d in (rng.choice(weighed) for _ in range(rng.choice((1, 1, 2, 3))))}
        for name, definition in chosen.items():
            given[name] = _spoiled(rng, definition, given, folder)
        for definition in inputs:
            is_optional = definition.flags() & Qgis.ProcessingParameterFlag.Optional
            if is_optional and definition.name() not in chosen and rng.random() < 0.05:
                given.pop(definition.name(), None)
        return given, sorted(chosen)


Spoiler = Callable[[Random, Any, Mapping[str, Any], Path], object]


def _spoiled(
    rng: Random, definition: QgsProcessingParameterDefinition, given: Mapping[str, Any], folder: Path
) -> object:
    return _SPOILERS[definition.type()](rng, definition, given, folder)


def _layer(
    rng: Random, definition: QgsProcessingParameterDefinition, given: Mapping[str, Any], folder: Path
) -> object:
    value = given.get(definition.name())
    if value is None or rng.random() < 0.02:
        return rng.choice((None, "", values.text(rng), str(folder)))
    return layers.spoiled(rng, layer_of(value), folder)


def _layers(
    rng: Random, definition: QgsProcessingParameterDefinition, given: Mapping[str, Any], folder: Path
) -> object:
    """Return several layers, or several files, one of them spoiled; at times none or one twice."""
    several = list(given.get(definition.name()) or [])
    if definition.layerType() == Qgis.ProcessingSourceType.File:
        ending = Path(str(several[0])).suffix.lstrip(".") if several else "png"
        if ending == "gml":
            return [files.tile(rng, folder, f"{number}.gml") for number in range(rng.choice((1, 1, 2, 3)))]
        return [*several, files.any_file(rng, folder, ending)]
    if not several:
        return rng.choice((None, [], ""))
    place = rng.randrange(len(several))
    several[place] = layers.spoiled(rng, layer_of(several[place]), folder)
    return several * rng.choice((1, 1, 1, 2)) if rng.random() < 0.95 else []


def _file(
    rng: Random, definition: QgsProcessingParameterDefinition, given: Mapping[str, Any], folder: Path
) -> object:
    if definition.extension() == "yaml":
        return files.strategy(rng, folder)
    if definition.name() == REGISTER:
        return files.register(rng, given.get(REGISTER), folder)
    return files.any_file(rng, folder, definition.extension() or "dat")


def _field(
    rng: Random, definition: QgsProcessingParameterDefinition, given: Mapping[str, Any], _folder: Path
) -> object:
    """Return another field of the layer, or none of its fields."""
    source = given.get(definition.parentLayerParameterName())
    names = layer_of(source).fields().names() if source else []
    return rng.choice((*names, *names, values.text(rng), "", None))


_SPOILERS: Mapping[str, Spoiler] = {
    "source": _layer,
    "multilayer": _layers,
    "raster": lambda rng, definition, _given, folder: files.raster(rng, folder / f"{definition.name()}.tif"),
    "band": lambda rng, _definition, _given, _folder: rng.choice((1, 2, 0, -1, 99, None)),
    "field": _field,
    "file": _file,
    "number": lambda rng, definition, _given, _folder: values.number_for(rng, definition),
    "string": lambda rng, definition, given, _folder: values.words_for(
        rng, definition, given.get(definition.name())
    ),
    "enum": lambda rng, definition, _given, _folder: values.word_for(rng, definition),
    "boolean": lambda rng, _definition, _given, _folder: values.flag(rng),
    "datetime": lambda rng, definition, _given, _folder: values.day_for(rng, definition),
    "crs": lambda rng, _definition, _given, _folder: values.crs(rng),
    "extent": lambda rng, _definition, _given, _folder: values.extent(rng),
    "providerconnection": lambda rng, _definition, _given, _folder: rng.choice(("gibt es nicht", "", None)),
}
"""What spoils a parameter, by its type."""
_WEIGHTS = {"source": 6, "multilayer": 6, "raster": 6, "file": 2}
"""How much more often than others parameters of a type are chosen."""
