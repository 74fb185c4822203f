"""The file ``monitoring.yaml``: which layers play which part, with which parameters. No qgis import."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from ..catalogue import Parameter
from ..checked_yaml import (
    Field,
    Kind,
    Schema,
    YamlError,
    convert,
    error_at,
    fields_of,
    flag,
    integer,
    iso_date,
    later,
    list_of,
    mapping_of,
    number,
    read_root,
    record,
    text,
)

FORM = 1
"""Version of the file's form; of a newer one nobody here knows what it means."""
NONE, SKIP = "none", "skip"
DEEPEST = 1000
LAYERS = ("layer", "layers", "raster")
"""Kinds of parameters that take layers."""
Value = str | float | bool | tuple[str | float, ...]


@dataclass(frozen=True)
class LayerNote:
    """Where a layer is, relative to the file; of which day and under which licence it came."""

    source: str
    date: str = ""
    licence: str = ""


@dataclass(frozen=True)
class Wishes:
    """What a step is given in any case: layers by parameter, none where a list is empty, and parameters.

    ``map`` are the layers under its results on the map, from top to bottom; ``extent`` is the layer that
    says what the map shows.
    """

    layers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    parameters: Mapping[str, Value] = field(default_factory=dict)
    map: tuple[str, ...] | None = None
    extent: str | None = None


@dataclass(frozen=True)
class Configuration:
    """What a monitoring file says; without one nothing is said."""

    name: str = ""
    as_of: dt.date | None = None
    areas: str | None = None
    register: str | None = None
    layers: Mapping[str, LayerNote] = field(default_factory=dict)
    parameters: Mapping[str, Value] = field(default_factory=dict)
    steps: Mapping[str, Wishes] = field(default_factory=dict)
    skipped: frozenset[str] = frozenset()


def read_configuration(path: Path, algorithms: Mapping[str, Mapping[str, Parameter]]) -> Configuration:
    """Read a monitoring file; ``algorithms`` are the parameters of each step that there is, by name.

    Raises ``YamlError`` (file, line, message) where it cannot be used.
    """
    _refuse_aliases(path)
    root = read_root(path, "a monitoring file")
    _require_form(root)
    fields = fields_of(root, _SCHEMA.keys(), "monitoring")
    values = convert(fields, _SCHEMA, root, "monitoring")
    del values["monitoring"]
    every = {name: parameter for parameters in algorithms.values() for name, parameter in parameters.items()}
    steps = {
        name: None if _is_word(node, SKIP) else _wishes(name, node, algorithms[name])
        for name, node in _named(values.pop("steps"), algorithms)
    }
    given = values.pop("parameters")
    return Configuration(
        **values,
        parameters={} if given is None else _known(_settings(every), _value)(given, "parameters"),
        steps={name: wishes for name, wishes in steps.items() if wishes is not None},
        skipped=frozenset(name for name, wishes in steps.items() if wishes is None),
    )


def _require_form(root: yaml.Node) -> None:
    """Raise for a file of a newer version, whatever keys it may have, and for one that tells none."""
    rows = root.value if isinstance(root, yaml.MappingNode) else ()
    form = next((value for key, value in rows if key.value == "monitoring"), None)
    if form is None:
        raise error_at(root, f"the key 'monitoring' with the version of the file, {FORM}", "none")
    if integer(1, 10**9)(form, "monitoring") > FORM:
        raise error_at(form, f"a file of version {FORM} (for a newer one update the plugin)")


def _refuse_aliases(path: Path) -> None:
    """Raise for YAML's aliases and anchors, by which a short file can mean an endless one."""
    try:
        depth = 0
        with path.open(encoding="utf-8") as stream:
            for event in yaml.parse(stream, Loader=yaml.SafeLoader):
                depth += isinstance(event, yaml.CollectionStartEvent)
                depth -= isinstance(event, yaml.CollectionEndEvent)
                if depth > DEEPEST:
                    return  # what is nested so deeply is refused when it is read
                if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
                    mark = event.start_mark
                    line = None if mark is None else mark.line + 1
                    raise YamlError(str(path), line, "expected no anchor and no alias (& and *)")
    except (OSError, ValueError, RecursionError, yaml.YAMLError) as error:
        if isinstance(error, YamlError):
            raise
        # What is wrong otherwise is said when the file is read.


def _value(node: yaml.Node, name: str) -> Value:
    """Kind: what a parameter takes."""
    if isinstance(node, yaml.SequenceNode):
        return tuple(list_of(_single)(node, name))
    return _single(node, name)


def _single(node: yaml.Node, name: str) -> str | float | bool:
    if node.tag.endswith(":bool"):
        return flag(node, name)
    if node.tag.endswith((":int", ":float")):
        return number(node, name)
    if node.tag.endswith(":timestamp"):
        return iso_date(node, name).isoformat()
    return str(text()(node, name))


def _names(node: yaml.Node, name: str) -> tuple[str, ...]:
    """Kind: the name of a layer, several, or the word ``none``."""
    if isinstance(node, yaml.SequenceNode):
        return tuple(list_of(text())(node, name))
    return () if _is_word(node, NONE) else (str(text()(node, name)),)


def _is_word(node: yaml.Node, word: str) -> bool:
    return isinstance(node, yaml.ScalarNode) and node.value == word


def _note(node: yaml.Node, name: str) -> LayerNote:
    """Kind: where a layer is, alone or with what is known of it."""
    if isinstance(node, yaml.ScalarNode):
        return LayerNote(str(text()(node, name)))
    made: Callable[..., LayerNote] = record(LayerNote, _LAYER)
    return made(node, name)


def _said(node: yaml.Node, name: str) -> str:
    """Kind: text, a day or a year, as it is written."""
    if isinstance(node, yaml.ScalarNode) and node.tag.endswith((":timestamp", ":int", ":float")):
        return str(node.value)
    return str(text()(node, name))


def _named(node: yaml.Node | None, algorithms: Mapping[str, object]) -> list[tuple[str, yaml.Node]]:
    if node is None:
        return []
    return list(fields_of(node, algorithms.keys(), "steps").items())


def _wishes(name: str, node: yaml.Node, parameters: Mapping[str, Parameter]) -> Wishes:
    schema: Schema = {
        "layers": Field(_known(_layers(parameters), _names), {}),
        "parameters": Field(_known(_settings(parameters), _value), {}),
        "map": Field(list_of(text()), None),
        "extent": Field(text(), None),
    }
    wishes: Wishes = record(Wishes, schema)(node, name)
    return wishes


def _known(names: Collection[str], kind: Kind) -> Kind:
    """Kind: a mapping from some of these names to values of one kind."""

    def read(node: yaml.Node, name: str) -> dict[str, Any]:
        return {key: kind(value, key) for key, value in fields_of(node, names, name).items()}

    return read


def _layers(parameters: Mapping[str, Parameter]) -> list[str]:
    return [name for name, parameter in parameters.items() if parameter.kind in LAYERS]


def _settings(parameters: Mapping[str, Parameter]) -> list[str]:
    return [name for name, parameter in parameters.items() if parameter.kind not in LAYERS]


_LAYER: Schema = {"source": Field(text()), "date": Field(_said, ""), "licence": Field(text(), "")}
_SCHEMA: Schema = {
    "monitoring": Field(integer(1, FORM)),
    "name": Field(text(max_length=100), ""),
    "as_of": Field(iso_date, None),
    "areas": Field(text(), None),
    "register": Field(text(), None),
    "layers": Field(mapping_of(_note), {}),
    "parameters": Field(later, None),
    "steps": Field(later, None),
}


def written(configuration: Configuration) -> str:
    """Return a configuration as the text of a file that says the same."""
    said: dict[str, Any] = {"monitoring": FORM, "name": configuration.name, "as_of": configuration.as_of}
    said |= {"areas": configuration.areas, "register": configuration.register}
    said["layers"] = {
        name: {key: value for key, value in vars(note).items() if value}
        for name, note in configuration.layers.items()
    }
    said["parameters"] = {name: _plain(value) for name, value in configuration.parameters.items()}
    said["steps"] = {name: _told(wishes) for name, wishes in configuration.steps.items()}
    said["steps"] |= dict.fromkeys(sorted(configuration.skipped), SKIP)
    kept = {key: value for key, value in said.items() if value not in (None, "", {})}
    return yaml.safe_dump(kept, allow_unicode=True, sort_keys=False, width=110)


def _told(wishes: Wishes) -> dict[str, Any]:
    said: dict[str, Any] = {
        "layers": {name: list(layers) or NONE for name, layers in wishes.layers.items()},
        "parameters": {name: _plain(value) for name, value in wishes.parameters.items()},
        "map": None if wishes.map is None else list(wishes.map),
        "extent": wishes.extent,
    }
    return {key: value for key, value in said.items() if value not in (None, {})}


def _plain(value: Value) -> Any:
    return list(value) if isinstance(value, tuple) else value
