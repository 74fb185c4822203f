"""What is known of an algorithm, each fact once: what it asks for, what it leaves, what it measures.

No qgis import.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from ..bilingual import Text

ParameterKind = Literal[
    "layer", "layers", "field", "raster", "band", "number", "integer", "text", "choice", "flag", "date",
    "file", "folder", "connection", "crs", "extent",
]  # fmt: skip
OutputKind = Literal["layer", "table", "file", "number", "text", "layers"]
ColumnType = Literal["text", "integer", "real", "date"]
GOALS = range(1, 28)
"""Numbers of the Handlungsziele."""
LONGEST_DEFAULT = 80
"""Characters of a default that the help shows."""


@dataclass(frozen=True)
class Parameter:
    """What a parameter takes, what it is called and what it is, its unit and its source.

    ``of`` says more of its kind: the geometries of a layer, the layer of a field, the raster of a band, the
    words of a choice, the ending of a file. A number that shapes a result has a ``mark`` (S, P, A, M) and a
    ``source``. ``hints`` tell which layer is meant, the best first. All words of a hint must hold: a word
    that a part of the layer's name begins or ends with, ``field:`` with a field's name, ``year`` for a year
    in the name; a minus sign turns a word round.
    """

    name: str
    kind: ParameterKind
    of: tuple[str, ...]
    text: Text
    help: Text
    default: str | float | bool | None = None
    optional: bool = False
    advanced: bool = False
    lines: bool = False
    at_least: float | None = None
    at_most: float | None = None
    unit: Text | None = None
    mark: str | None = None
    source: Text | None = None
    hints: tuple[str, ...] = ()
    usual: tuple[str, ...] = ()
    """Names by which a field is known where none is chosen, the best first."""
    results: bool = False
    """Whether the layers are results of other algorithms."""
    apart: bool = False
    """Whether a layer may lie apart from the first one, because it may be empty where that one is."""
    beyond: str | None = None
    """The number parameter that says how many metres farther from the first one a layer may lie."""

    @property
    def label(self) -> Text:
        """What it is called, with its unit."""
        if self.unit is None:
            return self.text
        return Text(f"{self.text.de}, {self.unit.de}", f"{self.text.en}, {self.unit.en}")


@dataclass(frozen=True)
class Column:
    """One column of an output; ``sometimes`` one that some runs write and others do not.

    ``NN`` in the name stands for the number of a goal.
    """

    name: str
    type: ColumnType
    meaning: Text
    sometimes: bool = False

    def names(self) -> list[str]:
        """Return what the column may be called."""
        return list(dict.fromkeys(self.name.replace("NN", f"{goal:02d}") for goal in GOALS))


@dataclass(frozen=True)
class Output:
    """What an algorithm leaves: ``of`` is the geometry of a layer, or the endings of a file.

    ``columns`` are those that it adds to what a layer brings along. ``style`` names a QML file. The features
    of a ``single`` layer have one part each. A ``list`` is a layer whose attributes alone are of use, as a
    spreadsheet.
    """

    name: str
    kind: OutputKind
    of: tuple[str, ...]
    label: Text
    help: Text | None = None
    style: str | None = None
    carries: str | None = None
    """The layer whose attributes it takes along."""
    single: bool = False
    list: bool = False
    statuses: bool = False
    """Whether a column with the status follows for each indicator, named by its id with underscores."""
    columns: tuple[Column, ...] = ()

    def written(self, sometimes: Collection[str] = ()) -> dict[str, ColumnType]:
        """Return the columns of a run with their types: those of every run, and of the others these.

        Raises ``KeyError`` where there is no such column.
        """
        types = {
            name: column.type
            for column in self.columns
            for name in column.names()
            if not column.sometimes or name in sometimes
        }
        if unknown := set(sometimes) - types.keys():
            raise KeyError(*sorted(unknown))
        return types

    @property
    def sometimes(self) -> tuple[str, ...]:
        """The columns that some runs write and others do not."""
        return tuple(name for column in self.columns if column.sometimes for name in column.names())


@dataclass(frozen=True)
class Threshold:
    """A number that shapes a result, with its source mark (S, P, A, M) and where it comes from."""

    name: str
    value: Text
    mark: str
    source: Text


@dataclass(frozen=True)
class FactField:
    """A field of the register's facts that counts for a goal, with its unit."""

    hz: int
    name: str
    unit: str
    meaning: Text


@dataclass(frozen=True)
class Figure:
    """A figure of the features that lie in a parcel, and how ``text`` says its ``{value}``.

    ``by`` is ``area`` or ``length`` for what was measured in the parcel; else it says how the values of
    ``column`` become one: ``least``, ``greatest``, or ``share``, the sum of each feature's value times the
    share of the feature that lies in the parcel.
    """

    by: str
    unit: str
    text: Text
    column: str = ""


@dataclass(frozen=True)
class KnownResult:
    """A result of this plugin, known by its columns: its goal, which features count, what they are.

    ``role`` is what a parcel is to the goal by that evidence, ``one`` and ``many`` count the features,
    ``min_share`` is the percent of a parcel that features must cover to speak for it, where that is more
    than usual.
    """

    columns: tuple[str, ...]
    goal: int
    filter: str
    word: str
    role: str
    algorithm: str
    meaning: Text
    one: Text | None = None
    many: Text | None = None
    figures: tuple[Figure, ...] = ()
    min_share: float = 0.0


@dataclass(frozen=True)
class Definition:
    """One way to draw up an indicator; its ``id`` is the finding's ``variante_id``.

    Its figure is what was summed up under the key ``of``, or the number of features ``count`` under a key,
    over the sum under the key ``over`` or, for each area that holds anything ``per`` these keys, over 1. With
    none of these the algorithm measures it itself. A definition for ``each`` value of a list has the list's
    name as placeholder: the first value is the headline, and the others say ``text``. One that asks for
    ``presence`` stands only in areas that hold any of its base. ``text`` says what it changes against the
    headline, which the first definition of an indicator is; ``says`` names phrases for its placeholders.
    ``base_unit`` and ``gap_unit`` are those of one that counts in other units than its indicator.
    """

    id: str
    of: str | None = None
    count: str | None = None
    over: str | None = None
    per: tuple[str, ...] = ()
    each: str | None = None
    presence: bool = False
    text: Text | None = None
    says: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    base_unit: str | None = None
    gap_unit: str | None = None

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of sums that it needs."""
        return tuple(key for key in (self.of, self.count, self.over, *self.per) if key is not None)


@dataclass(frozen=True)
class Indicator:
    """A measurable quantity: ``wert = scale(unit) * zaehler / nenner``, gap in ``gap_unit``.

    ``ground`` is the layer without which an area has nothing to measure, ``objects`` the key under which the
    features that a figure rests on were counted, ``unknown`` the one of those that tell nothing, ``counted``
    the layer that they come from if it is not the ground. ``notes`` name phrases that every figure tells,
    ``remarks`` those that a run may tell.
    """

    id: str
    hz: int
    unit: str
    base_unit: str
    gap_unit: str
    target: str | None
    name: Text
    definition: Text
    definitions: tuple[Definition, ...] = ()
    ground: str | None = None
    counted: str | None = None
    objects: str | None = None
    unknown: str | None = None
    notes: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    instead: Mapping[str, Indicator] = field(default_factory=dict)
    """Name, units and definition where something else is measured the same way, such as what is planned."""

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of sums that it needs."""
        counted = tuple(key for key in (self.objects, self.unknown) if key is not None)
        return counted + tuple(key for definition in self.definitions for key in definition.keys)

    def counted_in(self, definition: Definition) -> Indicator:
        """Return the indicator in the units of one of its definitions."""
        base, gap = definition.base_unit or self.base_unit, definition.gap_unit or self.gap_unit
        return (
            self
            if (base, gap) == (self.base_unit, self.gap_unit)
            else replace(self, base_unit=base, gap_unit=gap)
        )

    def define(self, language: str, text: Text | None, values: Mapping[str, object]) -> str:
        """Return a definition in words, ``text`` behind it, with the parameters of the run filled in."""
        words = self.definition.get(language)
        if text is not None:
            words = f"{words} {text.get(language)}"
        return words.format_map(values)


@dataclass(frozen=True)
class Entry:
    """All that is known of one algorithm."""

    id: str
    hz: int | None
    title: Text
    summary: Text
    method: Text
    inputs: Text
    limits: Text
    tags: tuple[str, ...]
    parameters: Mapping[str, Parameter]
    outputs: Mapping[str, Output]
    constants: tuple[Threshold, ...] = ()
    """Thresholds that no parameter changes."""
    indicators: tuple[Indicator, ...] = ()
    sums: tuple[str, ...] = ()
    """Keys of sums besides those that definitions name."""
    phrases: Mapping[str, Text] = field(default_factory=dict)
    facts: tuple[FactField, ...] = ()
    results: tuple[KnownResult, ...] = ()
    parcel_results: tuple[KnownResult, ...] = ()
    """Results that say of parcels which goals they support, one per goal."""

    @property
    def thresholds(self) -> tuple[Threshold, ...]:
        """The parameters that shape a result, with their defaults, and the constants."""
        return (*_marked(self.parameters.values()), *self.constants)

    @property
    def measures_a_goal(self) -> bool:
        """Whether the algorithm is made to measure one Handlungsziel, and neither several nor none."""
        return self.hz is not None and bool(self.indicators)

    def label(self, name: str) -> Text:
        """Return what a parameter or an output is called."""
        known = self.parameters.get(name)
        return self.outputs[name].label if known is None else known.label

    def default(self, name: str) -> float:
        """Return the default of a number."""
        value = self.parameters[name].default
        if not isinstance(value, float | int):
            raise KeyError(name)
        return value

    def indicator(self, indicator_id: str, instead: str | None = None) -> Indicator:
        """Return the indicator of that id, or what stands ``instead``; ``KeyError`` if there is none."""
        for indicator in self.indicators:
            if indicator.id == indicator_id:
                return indicator if instead is None else indicator.instead[instead]
        raise KeyError(indicator_id)


def _marked(parameters: Iterable[Parameter]) -> Iterator[Threshold]:
    for parameter in parameters:
        if parameter.mark is not None and parameter.source is not None:
            yield Threshold(parameter.name, _usual(parameter), parameter.mark, parameter.source)


def _usual(parameter: Parameter) -> Text:
    """Return the default of a parameter with its unit; of a long one its beginning."""
    default = parameter.default
    value = f"{default:g}" if isinstance(default, float | int) else str(default)
    if len(value) > LONGEST_DEFAULT:
        value = f"{value[:LONGEST_DEFAULT].rpartition(',')[0]} …"
    if parameter.unit is None:
        return Text(value, value)
    return Text(with_unit(value, parameter.unit.de), with_unit(value, parameter.unit.en))


def with_unit(value: str, unit: str) -> str:
    """Return a value with its unit; a degree sign stands close to it."""
    return f"{value}{unit}" if unit == "°" else f"{value} {unit}"
