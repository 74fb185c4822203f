"""Which steps the data allow, with which layers, and what each other one lacks. No qgis import."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ..catalogue import Entry, Parameter, entry_ids, load_entry
from ..catalogue.hints import named_words
from .configuration import LAYERS, Configuration, Wishes

if TYPE_CHECKING:
    from .datasets import Dataset

AREAS = "AREAS"
VALUES = ("number", "integer", "date", "choice")
SUMMARY = "SUMMARY"


@dataclass
class Step:
    """An algorithm with its layers by parameter, and what keeps it from running.

    ``lacks`` are parameters without which it cannot run and that no layer fits; ``asks`` are parameters that
    several layers fit, with these. ``unknown`` are names of layers that the configuration gives and that
    there are not. ``results`` are parameters that take what other steps leave.
    """

    entry: Entry
    wishes: Wishes
    layers: dict[str, list[Dataset]] = field(default_factory=dict)
    lacks: list[str] = field(default_factory=list)
    asks: dict[str, list[Dataset]] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)
    results: list[str] = field(default_factory=list)
    untold: list[str] = field(default_factory=list)
    """Parameters whose values nobody has given and no layer tells."""
    has_register: bool = False

    @property
    def is_ready(self) -> bool:
        """Whether nothing that it needs is missing or in doubt."""
        needed = {name for name, parameter in self.entry.parameters.items() if not parameter.optional}
        return not (self.lacks or self.unknown or self.untold or needed & self.asks.keys()) and self._has_data

    @property
    def _has_data(self) -> bool:
        """Whether it has a layer or register that it measures, and not only the areas to tell results for."""
        own = [name for name in _asked(self.entry) if name != AREAS]
        has_layers = any(self.layers.get(name) for name in own) or bool(self.results)
        return has_layers or (self.has_register and bool(self.entry.facts))


def goal_entries() -> list[Entry]:
    """Return the entries of all algorithms that write findings of what they measure."""
    entries = map(load_entry, entry_ids())
    return [entry for entry in entries if entry.indicators and SUMMARY in entry.outputs]


def planned(
    entries: Iterable[Entry],
    datasets: Sequence[Dataset],
    configuration: Configuration,
    *,
    has_register: bool,
) -> list[Step]:
    """Return a step for each algorithm, those that take results of others last."""
    steps = [_step(entry, datasets, configuration) for entry in entries]
    for step in steps:
        step.has_register = has_register
    return sorted(steps, key=lambda step: (bool(step.results), step.entry.id))


def _asked(entry: Entry) -> dict[str, Parameter]:
    return {name: parameter for name, parameter in entry.parameters.items() if parameter.kind in LAYERS}


def _step(entry: Entry, datasets: Sequence[Dataset], configuration: Configuration) -> Step:
    step = Step(entry, configuration.steps.get(entry.id, Wishes()))
    given = dict(step.wishes.layers)
    if configuration.areas is not None and AREAS in entry.parameters:
        given.setdefault(AREAS, (configuration.areas,))
    told = configuration.parameters.keys() | step.wishes.parameters.keys()
    step.untold = [name for name, one in entry.parameters.items() if _is_needed(one) and name not in told]
    named = {dataset.name: dataset for dataset in datasets}
    open_parameters = {}
    for name, parameter in _asked(entry).items():
        if parameter.results:
            step.results.append(name)
        elif name in given:
            step.layers[name] = [named[layer] for layer in given[name] if layer in named]
            step.unknown += [layer for layer in given[name] if layer not in named]
        else:
            open_parameters[name] = parameter
    for name, parameter in open_parameters.items():
        _recognise(step, name, parameter, datasets, open_parameters)
    return step


def _is_needed(parameter: Parameter) -> bool:
    """Return whether a value must be given that no layer tells."""
    return parameter.kind in VALUES and not parameter.optional and parameter.default is None


def _recognise(
    step: Step,
    name: str,
    parameter: Parameter,
    datasets: Sequence[Dataset],
    others: Mapping[str, Parameter],
) -> None:
    """Give a parameter the layers that its hints mean; where several are meant, ask."""
    rivals = [other for key, other in others.items() if key != name]
    fitting = [
        dataset
        for dataset in datasets
        if _takes(parameter, dataset) and _means(parameter, dataset) > _most(rivals, dataset)
    ]
    if parameter.kind == "layers":
        chosen, doubtful = _one_per_hint(parameter, fitting)
    elif name == AREAS:
        chosen, doubtful = _first_of(parameter, fitting)
    else:
        chosen, doubtful = _only(parameter, fitting)
    if chosen:
        step.layers[name] = chosen
    if doubtful:
        step.asks[name] = doubtful
    elif not chosen and not parameter.optional:
        step.lacks.append(name)


def _takes(parameter: Parameter, dataset: Dataset) -> bool:
    if parameter.kind == "raster":
        return dataset.kind == "raster"
    return dataset.kind in parameter.of or (
        "any" in parameter.of and dataset.kind in ("point", "line", "polygon")
    )


def _means(parameter: Parameter, dataset: Dataset) -> int:
    """Return how many words of its name a layer shares with a hint that it fits, 0 where it fits none.

    One that fits by its fields alone counts as if it shared one.
    """
    return max((named_words(hint) for hint in parameter.hints if dataset.traits.fits(hint)), default=0)


def _most(parameters: Iterable[Parameter], dataset: Dataset) -> int:
    """Return how well a layer fits the parameters that ask for more than a name, such as a year in it."""
    special = (one for one in parameters if _takes(one, dataset) and _means(one, dataset) > 1)
    return max((_means(one, dataset) for one in special), default=0)


def _only(parameter: Parameter, fitting: Sequence[Dataset]) -> tuple[list[Dataset], list[Dataset]]:
    """Return the one layer that is meant, or those of which it may be any.

    A layer that is called just as a hint goes before those of longer names.
    """
    exact = [d for d in fitting if any(d.traits.is_called(hint) for hint in parameter.hints)]
    if len(fitting) == 1 or len(exact) == 1:
        return (exact or list(fitting)), []
    return [], list(exact or fitting)


def _first_of(parameter: Parameter, fitting: Sequence[Dataset]) -> tuple[list[Dataset], list[Dataset]]:
    """Return the layer of the first hint that any fits, as :func:`_only` does."""
    for hint in parameter.hints:
        meant = [dataset for dataset in fitting if dataset.traits.fits(hint)]
        if meant:
            return _only(parameter, meant)
    return [], []


def _one_per_hint(parameter: Parameter, fitting: Sequence[Dataset]) -> tuple[list[Dataset], list[Dataset]]:
    """Return a layer for each hint, those of hints that several fit only where one is called just so."""
    chosen: list[Dataset] = []
    doubtful: list[Dataset] = []
    for hint in parameter.hints:
        meant = [dataset for dataset in fitting if dataset.traits.fits(hint)]
        exact = [dataset for dataset in meant if dataset.traits.is_called(hint)]
        if len(meant) == 1 or len(exact) == 1:
            chosen += [dataset for dataset in exact or meant if dataset not in chosen]
        else:
            doubtful += meant
    return chosen, [dataset for dataset in dict.fromkeys(doubtful) if dataset not in chosen]
