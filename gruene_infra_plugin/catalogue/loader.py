"""Reads the entries in ``resources/algorithms``; what is wrong is told with file and line. No qgis import."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, get_args

import yaml

from ..bilingual import Text
from ..checked_yaml import (
    Field,
    Fields,
    Kind,
    Schema,
    ShippedLoader,
    convert,
    entries_of,
    enumerate_words,
    error_at,
    fields_of,
    flag,
    integer,
    later,
    list_of,
    mapping_of,
    number,
    one_of,
    read_root,
    record,
    suggestion,
    text,
    translated,
)
from ..paths import ALGORITHM_TEXTS
from .entry import (
    GOALS,
    Column,
    ColumnType,
    Definition,
    Entry,
    FactField,
    Figure,
    Indicator,
    KnownResult,
    Output,
    Parameter,
    Threshold,
)

SHARED = "_shared.yaml"
"""File with the parameters and outputs that several entries have."""
LAYERS = ("layer", "layers")


class _Kind(NamedTuple):
    """How the value beside a parameter's or output's kind is read, and what it says.

    ``says`` is ``of`` or ``default``: more of the kind, or what holds where nothing is given.
    """

    read: Kind
    says: str
    optional: bool = False


def _words(words: Iterable[str]) -> Kind:
    """Kind: one of the words, or a list of several."""
    return _one_or_several(one_of(tuple(words)))


def _one_or_several(kind: Kind) -> Kind:
    """Kind: one value, or a list of several, as a tuple."""
    several = list_of(kind)

    def read(node: yaml.Node, name: str) -> tuple[Any, ...]:
        return several(node, name) if isinstance(node, yaml.SequenceNode) else (kind(node, name),)

    return read


def _one(kind: Kind) -> Kind:
    """Kind: one text, as a tuple."""

    def read(node: yaml.Node, name: str) -> tuple[str, ...]:
        return (kind(node, name),)

    return read


def _or_none(kind: Kind) -> Kind:
    """Kind: a value, or the word ``none``."""

    def read(node: yaml.Node, name: str) -> Any:
        return None if isinstance(node, yaml.ScalarNode) and node.value == "none" else kind(node, name)

    return read


def _default_text(node: yaml.Node, name: str) -> str | None:
    """Kind: the usual text, an empty one where there is none."""
    is_empty = isinstance(node, yaml.ScalarNode) and node.value == ""
    return None if is_empty else str(text()(node, name))


def _yes(node: yaml.Node, name: str) -> tuple[str, ...]:
    """Kind: ``true``, for what has nothing more to say."""
    if not flag(node, name):
        raise error_at(node, f"true for '{name}'")
    return ()


def _said(node: yaml.Node, name: str) -> Text:
    """Kind: a text that is the same in both languages, or a translated one."""
    if isinstance(node, yaml.MappingNode):
        return translated()(node, name)
    value = text()(node, name)
    return Text(value, value)


_GEOMETRIES = ("point", "line", "polygon", "any")
_NAME = text(pattern="[A-Z][A-Z0-9_]*", example="MIN_AREA")
_ENDING = text(pattern="[a-z0-9]+", example="yaml")
_PARAMETER_KINDS: Mapping[str, _Kind] = {
    "layer": _Kind(_words((*_GEOMETRIES, "table")), "of"),
    "layers": _Kind(_words((*_GEOMETRIES, "table", "map", "file")), "of"),
    "field": _Kind(_one(_NAME), "of", optional=True),
    "raster": _Kind(_yes, "of"),
    "band": _Kind(_one(_NAME), "of", optional=True),
    "number": _Kind(_or_none(number), "default"),
    "integer": _Kind(_or_none(integer(-(10**9), 10**9)), "default"),
    "text": _Kind(_default_text, "default"),
    "choice": _Kind(list_of(text()), "of"),
    "flag": _Kind(flag, "default"),
    "date": _Kind(_yes, "of"),
    "file": _Kind(_one(_ENDING), "of"),
    "folder": _Kind(_yes, "of"),
    "connection": _Kind(_one(text()), "of"),
    "crs": _Kind(text(), "default"),
    "extent": _Kind(_yes, "of"),
}
_OUTPUT_KINDS: Mapping[str, _Kind] = {
    "layer": _Kind(_words(_GEOMETRIES), "of"),
    "table": _Kind(_yes, "of"),
    "file": _Kind(list_of(_ENDING), "of"),
    "number": _Kind(_yes, "of"),
    "text": _Kind(_yes, "of"),
    "layers": _Kind(_yes, "of"),
}
_WORD = text(pattern="[a-z][a-z0-9_]*", example="min_width")
_MARK = one_of(("S", "P", "A", "M"))
_PARAMETER: Schema = {
    "label": Field(translated()),
    "help": Field(translated()),
    "default": Field(text(), None),
    "optional": Field(flag, None),
    "advanced": Field(flag, False),
    "lines": Field(flag, False),
    "at_least": Field(number, None),
    "at_most": Field(number, None),
    "unit": Field(_said, None),
    "mark": Field(_MARK, None),
    "source": Field(translated(), None),
    "hints": Field(list_of(text()), ()),
    "usual": Field(list_of(text()), ()),
    "results": Field(flag, False),
    "apart": Field(flag, False),
    "beyond": Field(_NAME, None),
}
_COLUMN: Schema = {
    "type": Field(one_of(get_args(ColumnType))),
    "sometimes": Field(flag, False),
    "de": Field(text()),
    "en": Field(text()),
}


def _column(*, de: str, en: str, **row: Any) -> Callable[[str], Column]:
    return lambda name: Column(name=name, meaning=Text(de, en), **row)


_OUTPUT: Schema = {
    "label": Field(translated()),
    "help": Field(translated(), None),
    "style": Field(_WORD, None),
    "carries": Field(_NAME, None),
    "single": Field(flag, False),
    "list": Field(flag, False),
    "statuses": Field(flag, False),
    "columns": Field(mapping_of(record(_column, _COLUMN)), {}),
}
_THRESHOLD: Schema = {
    "name": Field(text()),
    "value": Field(_said),
    "mark": Field(_MARK),
    "source": Field(translated()),
}


def _fact(*, field: str, **row: Any) -> FactField:
    return FactField(name=field, **row)


_GOAL_NUMBER = integer(GOALS.start, GOALS.stop - 1)
_FACT: Schema = {
    "hz": Field(_GOAL_NUMBER),
    "field": Field(_WORD),
    "unit": Field(text()),
    "meaning": Field(translated()),
}
_FIGURE: Schema = {
    "by": Field(one_of(("area", "length", "least", "greatest", "share"))),
    "unit": Field(text()),
    "text": Field(translated()),
    "of": Field(text(), ""),
}
_RESULT: Schema = {
    "columns": Field(list_of(text())),
    "filter": Field(_default_text, None),
    "word": Field(text()),
    "role": Field(text()),
    "algorithm": Field(_WORD),
    "meaning": Field(translated()),
    "one": Field(translated(), None),
    "many": Field(translated(), None),
    "figures": Field(list_of(record(dict, _FIGURE))),
    "min_share": Field(number, 0.0),
}
_DEFINITION: Schema = {
    "of": Field(text(), None),
    "count": Field(text(), None),
    "over": Field(text(), None),
    "per": Field(_one_or_several(text()), ()),
    "each": Field(_WORD, None),
    "presence": Field(flag, False),
    "text": Field(translated(), None),
    "says": Field(mapping_of(_WORD), {}),
    "notes": Field(list_of(_WORD), ()),
    "base_unit": Field(text(), None),
    "gap_unit": Field(text(), None),
}


def _definition(**values: Any) -> Callable[[str], Definition]:
    return lambda name: Definition(id=name, **values)


_INDICATOR: Schema = {
    "id": Field(text(pattern=r"(hz\d\d|mehrfach)\.[a-z0-9_.]+", example="hz19.aue.neubau_flaeche")),
    "hz": Field(_GOAL_NUMBER, None),
    "unit": Field(text()),
    "base_unit": Field(text()),
    "gap_unit": Field(text()),
    "target": Field(text(pattern=r"hz\d\d\.[a-z0-9_]+", example="hz19.aue"), None),
    "name": Field(translated()),
    "definition": Field(translated()),
    "definitions": Field(mapping_of(record(_definition, _DEFINITION)), {}),
    "ground": Field(_NAME, None),
    "counted": Field(_NAME, None),
    "objects": Field(text(), None),
    "unknown": Field(text(), None),
    "notes": Field(list_of(_WORD), ()),
    "remarks": Field(list_of(_WORD), ()),
    "instead": Field(mapping_of(later), {}),
}
_ENTRY: Schema = {
    "hz": Field(_GOAL_NUMBER, None),
    "title": Field(translated()),
    "summary": Field(translated()),
    "method": Field(translated()),
    "inputs": Field(translated()),
    "limits": Field(translated()),
    "tags": Field(list_of(text())),
    "parameters": Field(later),
    "outputs": Field(later, None),
    "constants": Field(list_of(record(Threshold, _THRESHOLD)), ()),
    "indicators": Field(list_of(later), ()),
    "sums": Field(list_of(text()), ()),
    "phrases": Field(mapping_of(translated()), {}),
    "facts": Field(list_of(record(_fact, _FACT)), ()),
    "results": Field(list_of(record(dict, {**_RESULT, "goal": Field(_GOAL_NUMBER)})), ()),
    "parcel_results": Field(list_of(record(dict, _RESULT)), ()),
}


def entry_ids() -> list[str]:
    """Return the ids of all algorithms that have an entry, sorted."""
    return sorted(path.stem for path in ALGORITHM_TEXTS.glob("*.yaml") if not path.stem.startswith("_"))


@cache
def load_entry(algorithm_id: str) -> Entry:
    """Read the entry of one algorithm, with what it shares with others filled in.

    Raises ``YamlError`` (file, line, message) where it is missing or wrong.
    """
    return read_entry(ALGORITHM_TEXTS / f"{algorithm_id}.yaml", shared())


class Shared(NamedTuple):
    """Parameters and outputs that several entries have, by name, and lists of such names by the group's."""

    groups: Mapping[str, tuple[str, ...]]
    parameters: Mapping[str, Fields]
    outputs: Mapping[str, Fields]


@cache
def shared() -> Shared:
    root = read_root(ALGORITHM_TEXTS / SHARED, "shared parameters", ShippedLoader)
    parts = fields_of(root, ("groups", "parameters", "outputs"), "shared parameters")
    return Shared(
        mapping_of(list_of(_NAME))(parts["groups"], "groups"),
        {
            name: _fields(node, name, _PARAMETER, _PARAMETER_KINDS)
            for name, node in entries_of(parts["parameters"], "parameters")
        },
        {
            name: _fields(node, name, _OUTPUT, _OUTPUT_KINDS)
            for name, node in entries_of(parts["outputs"], "outputs")
        },
    )


def read_entry(path: Path, shared: Shared) -> Entry:
    """Read one entry. Raises ``YamlError`` (file, line, message) where it is missing or wrong."""
    root = read_root(path, "an entry", ShippedLoader)
    values = convert(fields_of(root, _ENTRY.keys(), "entry"), _ENTRY, root, "entry")
    hz = values["hz"]
    values["parameters"] = _parameters(values["parameters"], shared)
    values["outputs"] = _outputs(values["outputs"], shared)
    values["indicators"] = tuple(
        _indicator(fields_of(node, _INDICATOR.keys(), "indicators"), node, hz)
        for node in values["indicators"]
    )
    values["results"] = tuple(_known_result(row, row["goal"]) for row in values["results"])
    values["parcel_results"] = tuple(
        _known_result(row, goal) for row in values["parcel_results"] for goal in GOALS
    )
    return Entry(id=path.stem, **values)


# -- parameters and outputs ---------------------------------------------------------------------------------


def _parameters(node: yaml.Node, shared: Shared) -> dict[str, Parameter]:
    parameters: dict[str, Parameter] = {}
    nodes: dict[str, tuple[yaml.Node, Fields]] = {}
    for name, own, fields in _listed(
        node, "parameters", shared, shared.parameters, _PARAMETER, _PARAMETER_KINDS
    ):
        if name in parameters:
            raise error_at(own, "each parameter once", f"'{name}' again")
        nodes[name] = own, dict(fields)
        parameters[name] = _parameter(name, own, fields)
    for name, parameter in parameters.items():
        _check(parameter, parameters, *nodes[name])
    return parameters


def _outputs(node: yaml.Node | None, shared: Shared) -> dict[str, Output]:
    if node is None:
        return {}
    outputs: dict[str, Output] = {}
    for name, own, fields in _listed(node, "outputs", shared, shared.outputs, _OUTPUT, _OUTPUT_KINDS):
        if name in outputs:
            raise error_at(own, "each output once", f"'{name}' again")
        kind, said = _kind(own, fields, _OUTPUT_KINDS, name)
        values = convert(fields, _OUTPUT, own, name)
        columns = tuple(column(key) for key, column in values.pop("columns").items())
        outputs[name] = Output(name, kind, said["of"], columns=columns, **values)  # type: ignore[arg-type]
    return outputs


def _listed(
    node: yaml.Node,
    what: str,
    shared: Shared,
    known: Mapping[str, Fields],
    schema: Schema,
    kinds: Mapping[str, _Kind],
) -> Iterator[tuple[str, yaml.Node, Fields]]:
    """Yield name, node and fields of each parameter or output.

    Behind ``shared`` stands one that others have too, or a group of them; a mapping replaces what it names.
    """
    for key, own in entries_of(node, what):
        is_shared = isinstance(own, yaml.ScalarNode) and own.value == "shared"
        if not is_shared:
            yield key, own, {**known.get(key, {}), **_fields(own, key, schema, kinds)}
            continue
        for name in shared.groups.get(key, (key,)):
            if name not in known:
                words = [*shared.groups, *known]
                raise error_at(
                    own,
                    f"one of the shared {what} {enumerate_words(words)}",
                    f"'{name}'{suggestion(name, words)}",
                )
            yield name, own, dict(known[name])


def _fields(node: yaml.Node, name: str, schema: Schema, kinds: Mapping[str, _Kind]) -> Fields:
    return fields_of(node, (*kinds, *schema), name)


def _kind(
    owner: yaml.Node, fields: Fields, kinds: Mapping[str, _Kind], name: str
) -> tuple[str, dict[str, Any]]:
    """Take the kind out of the fields; return it with what it says."""
    given = [word for word in kinds if word in fields]
    if len(given) != 1:
        raise error_at(
            owner, f"one kind of {enumerate_words(kinds)} in '{name}'", enumerate_words(given) or "none"
        )
    (word,) = given
    kind = kinds[word]
    return word, {"of": (), "optional": kind.optional, kind.says: kind.read(fields.pop(word), word)}


def _parameter(name: str, owner: yaml.Node, fields: Fields) -> Parameter:
    kind, said = _kind(owner, fields, _PARAMETER_KINDS, name)
    values = convert(fields, _PARAMETER, owner, name)
    label, optional, default = values.pop("label"), values.pop("optional"), values.pop("default")
    if optional is not None:
        said["optional"] = optional
    if default is not None:
        said["default"] = default
    return Parameter(name, kind, text=label, **said, **values)  # type: ignore[arg-type]


def _check(parameter: Parameter, others: Mapping[str, Parameter], owner: yaml.Node, fields: Fields) -> None:
    """Raise where what a parameter says does not fit together."""
    wanted = {"field": LAYERS, "band": ("raster",)}.get(parameter.kind)
    if wanted is not None:
        (of,) = parameter.of
        if of not in others or others[of].kind not in wanted:
            known = [name for name, other in others.items() if other.kind in wanted]
            raise error_at(fields[parameter.kind], f"one of {enumerate_words(known)} for '{parameter.kind}'")
    default, least, most = parameter.default, parameter.at_least, parameter.at_most
    if parameter.kind in ("number", "integer") and default is not None:
        low, high = -math.inf if least is None else least, math.inf if most is None else most
        if not low <= float(default) <= high:
            raise error_at(
                fields[parameter.kind], f"a default from {low:g} to {high:g} for '{parameter.name}'"
            )
    elif parameter.kind == "choice" and default is not None and default not in parameter.of:
        raise error_at(fields["default"], f"one of {enumerate_words(parameter.of)} for 'default'")
    if (parameter.mark is None) != (parameter.source is None):
        raise error_at(owner, f"both or none of 'mark' and 'source' in '{parameter.name}'", "one of them")
    if parameter.mark is not None and default is None:
        raise error_at(fields["mark"], f"a default in '{parameter.name}' beside its 'mark'", "none")


# -- what is measured and what others find in it ------------------------------------------------------------


def _known_result(row: Mapping[str, Any], goal: int) -> KnownResult:
    """Return a known result; its columns and its filter may name the goal."""
    figures = tuple(
        Figure(part["by"], part["unit"], part["text"], part["of"].format(goal=goal))
        for part in row["figures"]
    )
    filled = {
        "goal": goal,
        "columns": tuple(column.format(goal=goal) for column in row["columns"]),
        "filter": (row["filter"] or "").format(goal=goal),
        "figures": figures,
    }
    return KnownResult(**{**row, **filled})


def _indicator(fields: Fields, owner: yaml.Node, hz: int | None) -> Indicator:
    values = convert(fields, _INDICATOR, owner, "indicators")
    values["definitions"] = tuple(definition(name) for name, definition in values["definitions"].items())
    values["hz"] = values["hz"] or hz
    if values["hz"] is None:
        raise error_at(owner, "the key 'hz' with a value in 'indicators' or in the entry", "none")
    own = {key: node for key, node in fields.items() if key != "instead"}
    values["instead"] = {
        key: _indicator({**own, **fields_of(other, _INDICATOR.keys(), key)}, other, hz)
        for key, other in values["instead"].items()
    }
    return Indicator(**values)
