"""What each algorithm and each indicator is called and means: one YAML entry per algorithm.

The toolbox, the help panel, the definitions beside the figures and the handbook all read the same
entry in ``resources/algorithms``. No qgis import.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from html import escape

from .paths import ALGORITHM_TEXTS
from .shipped_yaml import read_shipped
from .strategy import Text

GOALS = range(1, 28)
"""Numbers of the Handlungsziele."""


@dataclass(frozen=True)
class Threshold:
    """A number that shapes a result, with its source mark (S, P, A, M) and where it comes from."""

    parameter: str
    value: str
    mark: str
    source: Text


@dataclass(frozen=True)
class ParameterText:
    """What a parameter is called, and what it is, its unit and its source.

    ``hints`` tell which layer is meant, the best first. All words of a hint must hold: a word that a part of
    the layer's name begins or ends with, ``field:`` with a field's name, ``year`` for a year in the name; a
    minus sign turns a word round.
    """

    label: Text
    help: Text
    hints: tuple[str, ...] = ()


@dataclass(frozen=True)
class Column:
    """One column that the detail layer adds."""

    name: str
    meaning: Text


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
class Indicator:
    """A measurable quantity: ``wert = scale(unit) * zaehler / nenner``, gap in ``gap_unit``."""

    id: str
    hz: int
    unit: str
    base_unit: str
    gap_unit: str
    target: str | None
    name: Text
    definition: Text
    variants: Mapping[str, Text]
    instead: Mapping[str, Indicator] = field(default_factory=dict)
    """Name, units and definition where something else is measured the same way, such as what is planned."""

    def define(self, language: str, variant: str | None, values: Mapping[str, object]) -> str:
        """Return the definition in words, with the parameters of the run filled in."""
        text = self.definition.get(language)
        if variant is not None:
            text = f"{text} {self.variants[variant].get(language)}"
        return text.format_map(values)


@dataclass(frozen=True)
class Entry:
    """All texts of one algorithm."""

    id: str
    hz: int | None
    title: Text
    summary: Text
    method: Text
    inputs: Text
    limits: Text
    tags: tuple[str, ...]
    thresholds: tuple[Threshold, ...]
    columns: tuple[Column, ...]
    indicators: tuple[Indicator, ...]
    parameters: Mapping[str, ParameterText]
    phrases: Mapping[str, Text]
    facts: tuple[FactField, ...] = ()
    results: tuple[KnownResult, ...] = ()
    parcel_results: tuple[KnownResult, ...] = ()
    """Results that say of parcels which goals they support, one per goal."""

    def indicator(self, indicator_id: str, instead: str | None = None) -> Indicator:
        """Return the indicator of that id, or what stands ``instead``; ``KeyError`` if there is none."""
        for indicator in self.indicators:
            if indicator.id == indicator_id:
                return indicator if instead is None else indicator.instead[instead]
        raise KeyError(indicator_id)


def entry_ids() -> list[str]:
    """Return the ids of all algorithms that have an entry, sorted."""
    return sorted(path.stem for path in ALGORITHM_TEXTS.glob("*.yaml") if not path.stem.startswith("_"))


@cache
def load_entry(algorithm_id: str) -> Entry:
    """Read the entry of one algorithm, with the parameters it shares with others filled in."""
    data = read_shipped(ALGORITHM_TEXTS / f"{algorithm_id}.yaml")
    shared = read_shipped(ALGORITHM_TEXTS / "_shared_parameters.yaml")
    own = data.get("parameters", {})
    return Entry(
        id=algorithm_id,
        hz=data.get("hz"),
        title=_text(data["title"]),
        summary=_text(data["summary"]),
        method=_text(data["method"]),
        inputs=_text(data["inputs"]),
        limits=_text(data["limits"]),
        tags=tuple(data["tags"]),
        thresholds=tuple(
            Threshold(row["parameter"], str(row["value"]), row["mark"], _text(row["source"]))
            for row in data.get("thresholds", ())
        ),
        columns=tuple(Column(name, _text(text)) for name, text in data.get("columns", {}).items()),
        indicators=tuple(
            _indicator(row, row["hz"] if "hz" in row else data["hz"]) for row in data.get("indicators", ())
        ),
        parameters={
            name: ParameterText(_text(row["label"]), _text(row["help"]), tuple(row.get("hints", ())))
            for name, row in {**shared, **own}.items()
        },
        phrases={key: _text(text) for key, text in data.get("phrases", {}).items()},
        facts=tuple(
            FactField(row["hz"], row["field"], row["unit"], _text(row["meaning"]))
            for row in data.get("facts", ())
        ),
        results=tuple(_known_result(row, row["goal"]) for row in data.get("results", ())),
        parcel_results=tuple(
            _known_result(row, goal) for row in data.get("parcel_results", ()) for goal in GOALS
        ),
    )


def _text(data: Mapping[str, str]) -> Text:
    return Text(de=data["de"].strip(), en=data["en"].strip())


def _known_result(row: Mapping, goal: int) -> KnownResult:
    """Read a known result; its columns and its filter may name the goal."""
    return KnownResult(
        columns=tuple(column.format(goal=goal) for column in row["columns"]),
        goal=goal,
        filter=row["filter"].format(goal=goal),
        word=row["word"],
        role=row["role"],
        algorithm=row["algorithm"],
        meaning=_text(row["meaning"]),
        one=_text(row["one"]) if "one" in row else None,
        many=_text(row["many"]) if "many" in row else None,
        figures=tuple(
            Figure(part["by"], part["unit"], _text(part["text"]), part.get("of", "").format(goal=goal))
            for part in row["figures"]
        ),
        min_share=row.get("min_share", 0.0),
    )


def _indicator(row: Mapping, hz: int) -> Indicator:
    own = {key: value for key, value in row.items() if key != "instead"}
    return Indicator(
        id=row["id"],
        hz=hz,
        unit=row["unit"],
        base_unit=row["base_unit"],
        gap_unit=row["gap_unit"],
        target=row.get("target"),
        name=_text(row["name"]),
        definition=_text(row["definition"]),
        variants={key: _text(text) for key, text in row.get("variants", {}).items()},
        instead={key: _indicator(own | other, hz) for key, other in row.get("instead", {}).items()},
    )


_HEADINGS = {
    "method": Text(de="Methode", en="Method"),
    "inputs": Text(de="Eingangsdaten", en="Input data"),
    "thresholds": Text(de="Schwellenwerte", en="Thresholds"),
    "columns": Text(de="Ergebnisspalten", en="Result columns"),
    "indicators": Text(de="Kennzahlen", en="Indicators"),
    "facts": Text(de="Angaben im Register", en="Facts in the register"),
    "results": Text(de="Bekannte Ergebnisse", en="Known results"),
    "limits": Text(de="Grenzen", en="Limits"),
}
_EQUALITY = Text(
    de="Was eine Schwelle um höchstens ein Millionstel verfehlt, erreicht sie: Rundung entscheidet nicht.",
    en="What misses a threshold by no more than a millionth of it reaches it: rounding does not decide.",
)
"""What ``methods/thresholds`` does, in words."""


def help_html(entry: Entry, language: str) -> str:
    """Return the help text of an algorithm as the HTML subset that QGIS shows."""

    def paragraph(text: Text) -> str:
        return f"<p>{escape(text.get(language))}</p>"

    def rows(key: str, lines: list[str]) -> str:
        items = "".join(f"<li>{line}</li>" for line in lines)
        return f"<h3>{_HEADINGS[key].get(language)}</h3><ul>{items}</ul>" if lines else ""

    def section(key: str, text: Text) -> str:
        return f"<h3>{_HEADINGS[key].get(language)}</h3>{paragraph(text)}"

    thresholds = [
        f"<code>{escape(row.parameter)}</code> = {escape(row.value)} [{row.mark}] "
        f"{escape(row.source.get(language))}"
        for row in entry.thresholds
    ]
    columns = [f"<code>{c.name}</code>: {escape(c.meaning.get(language))}" for c in entry.columns]
    indicators = [
        f"<b>{escape(i.name.get(language))}</b> (<code>{i.id}</code>, {escape(i.unit)})"
        for i in entry.indicators
    ]
    facts = [
        f"HZ {fact.hz}: <code>{fact.name}</code> ({escape(fact.unit)}): {escape(fact.meaning.get(language))}"
        for fact in entry.facts
    ]
    results = [
        f"HZ {known.goal}, {escape(known.word)}: <code>{escape(known.filter or '–')}</code> "
        f"{escape(known.meaning.get(language))} ({escape(known.algorithm)})"
        for known in entry.results
    ]
    return "".join(
        (
            paragraph(entry.summary),
            section("method", entry.method),
            section("inputs", entry.inputs),
            rows("facts", facts),
            rows("results", results),
            rows("thresholds", thresholds),
            paragraph(_EQUALITY) if thresholds else "",
            rows("columns", columns),
            rows("indicators", indicators),
            section("limits", entry.limits),
        )
    )
