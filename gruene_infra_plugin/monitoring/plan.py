"""Which steps the data allow, with which layers, and what each other one lacks. No qgis import."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol, TypeVar

from ..catalogue import Entry, Output, Parameter, entry_ids, load_entry
from ..catalogue.hints import Traits
from ..methods.findings.finding import AreaKind
from .configuration import LAYERS, Configuration, Wishes
from .recognition import AREAS, recognised

if TYPE_CHECKING:
    from .datasets import Dataset

AREAS_KIND, QUARTER = "AREAS_KIND", AreaKind.QUARTER.value
DISTRICTS = (
    "stadtteile",
    "quartiere",
    "stadtbezirke",
    "ortsteile",
    "bezirke",
    "stadtviertel",
    "districts",
    "quarters",
)
MUNICIPALITIES = ("gemeinden", "gemeinde", "municipalities")
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
    unfed: list[str] = field(default_factory=list)
    """Parameters for results of others that no step leaves."""
    has_register: bool = False

    @property
    def is_ready(self) -> bool:
        """Whether nothing that it needs is missing or in doubt."""
        needed = {name for name, parameter in self.entry.parameters.items() if not parameter.optional}
        lacks = self.lacks or self.unknown or self.untold or self.unfed
        return not (lacks or needed & self.asks.keys()) and self._has_data

    @property
    def _has_data(self) -> bool:
        """Whether it has a layer or register that it measures, and not only the areas to tell results for."""
        own = [name for name in _asked(self.entry) if name != AREAS]
        has_layers = any(self.layers.get(name) for name in own) or bool(self.results)
        return has_layers or (self.has_register and bool(self.entry.facts))


@dataclass(frozen=True)
class Left:
    """A layer that a step leaves in a package: its table, its geometry, and what it is known by."""

    name: str
    kind: str
    traits: Traits


class _Known(Protocol):
    @property
    def name(self) -> str: ...

    @property
    def traits(self) -> Traits: ...


Result = TypeVar("Result", bound=_Known)


def goal_entries() -> list[Entry]:
    """Return the entries of all algorithms that write findings of what they measure."""
    entries = map(load_entry, entry_ids())
    return [entry for entry in entries if entry.indicators and SUMMARY in entry.outputs]


def planned(
    entries: Iterable[Entry],
    datasets: Sequence[Dataset],
    configuration: Configuration,
    *,
    as_of: dt.date,
    has_register: bool,
) -> list[Step]:
    """Return a step for each algorithm, those that take results of others last.

    A layer with a year in its name is today's where that is near the day ``as_of`` that is measured for.
    """
    steps = [_step(entry, datasets, configuration, as_of) for entry in entries]
    steps.sort(key=lambda step: (bool(step.results), step.entry.id))
    for number, step in enumerate(steps):
        step.has_register = has_register
        feed(step, (one for one in steps[:number] if one.is_ready))
    return steps


def _asked(entry: Entry) -> dict[str, Parameter]:
    return {name: parameter for name, parameter in entry.parameters.items() if parameter.kind in LAYERS}


def _step(entry: Entry, datasets: Sequence[Dataset], configuration: Configuration, as_of: dt.date) -> Step:
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
    found = recognised(open_parameters, step.layers, datasets, as_of.year)
    step.layers |= {name: one.chosen for name, one in found.items() if one.chosen}
    step.asks = {name: one.doubtful for name, one in found.items() if one.doubtful}
    step.lacks = [name for name, one in found.items() if one.is_empty and not open_parameters[name].optional]
    _tell_districts(step, told)
    return step


def _tell_districts(step: Step, told: Collection[str]) -> None:
    """Say that areas are quarters where they are called so, and nobody has said what they are."""
    if AREAS_KIND in step.entry.parameters.keys() - told and any(
        map(_is_districts, step.layers.get(AREAS, ()))
    ):
        step.wishes = replace(step.wishes, parameters={**step.wishes.parameters, AREAS_KIND: QUARTER})


def _is_districts(dataset: Dataset) -> bool:
    fits = dataset.traits.fits
    return any(map(fits, DISTRICTS)) and not any(map(fits, MUNICIPALITIES))


def table_of(entry: Entry, output: Output) -> str:
    """Return the name of the table in a package that an output of an algorithm becomes."""
    if output.name == SUMMARY:
        return f"{entry.id}_befunde"
    return entry.id if output.name == "OUTPUT" else f"{entry.id}_{output.name.lower()}"


def left_by(entry: Entry) -> Iterator[Left]:
    """Yield the layers that an algorithm leaves; other steps know them by their columns."""
    for output in entry.outputs.values():
        if output.kind == "layer":
            table = table_of(entry, output)
            columns = [column for one in output.columns for column in one.names()]
            yield Left(table, output.of[0], Traits.of([table], columns))


def results_for(step: Step, name: str, results: Iterable[Result]) -> list[Result]:
    """Return those results of others that a parameter for them means: the ones wished for, else by hints."""
    hints, wanted = step.entry.parameters[name].hints, step.wishes.layers.get(name)
    return [
        one
        for one in results
        if (one.name in wanted if wanted is not None else any(map(one.traits.fits, hints)))
    ]


def feed(step: Step, others: Iterable[Step]) -> None:
    """Note which parameters for results stay empty where only these other steps are run."""
    left = [one for other in others for one in left_by(other.entry)]
    step.unfed = [name for name in step.results if not results_for(step, name, left)]


def _is_needed(parameter: Parameter) -> bool:
    """Return whether a value must be given that no layer tells."""
    return parameter.kind in VALUES and not parameter.optional and parameter.default is None
