"""Published tables of numbers by class, one file per edition; a number without its edition is worth nothing.

What is wrong in a file is told with file and line. No qgis import.
"""

from __future__ import annotations

import functools
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from .bilingual import Text
from .checked_yaml import (
    Field,
    Kind,
    Schema,
    ShippedLoader,
    convert,
    describe,
    entries_of,
    enumerate_words,
    error_at,
    fields_of,
    number,
    one_of,
    read_root,
    record,
    suggestion,
    text,
    translated,
)
from .paths import RESOURCES

SHIPPED_DIR = RESOURCES / "tables"


@dataclass(frozen=True)
class Purpose:
    """What tables of one kind hold: a number for each of some ``classes``, in a unit, within limits.

    ``shipped`` are the ids of the editions that come with the plugin.
    """

    name: str
    classes: tuple[str, ...]
    unit: str
    low: float
    high: float
    shipped: tuple[str, ...] = ()


@dataclass(frozen=True)
class Value:
    """A number with its source mark (S, P, A, M)."""

    value: float
    mark: str
    note: Text | None = None


@dataclass(frozen=True)
class Table:
    """One edition; ``scope`` says what its numbers include. A class that it does not name is unknown."""

    id: str
    edition: str
    unit: str
    scope: Text
    source: str
    values: Mapping[str, Value]

    def get(self, name: str | None) -> float | None:
        """Return the number of a class, ``None`` where the edition has none."""
        found = None if name is None else self.values.get(name)
        return None if found is None else found.value

    def title(self, language: str) -> str:
        """Return the edition with what it includes."""
        return f"{self.edition} ({self.scope.get(language)})"


def shipped_table(purpose: Purpose, table_id: str) -> Table:
    """Return an edition that comes with the plugin."""
    return _shipped(SHIPPED_DIR / f"{purpose.name}_{table_id}.yaml", purpose)


@functools.cache
def _shipped(path: Path, purpose: Purpose) -> Table:
    return _read(path, purpose, ShippedLoader, ())


def read_table(path: Path, purpose: Purpose) -> Table:
    """Read a user's table; its id must not be that of a shipped one.

    Raises ``YamlError`` (file, line, message) where it is missing or wrong.
    """
    return _read(path, purpose, yaml.SafeLoader, purpose.shipped)


def _read(path: Path, purpose: Purpose, loader: Any, taken: Collection[str]) -> Table:
    root = read_root(path, "a table", loader)
    schema: Schema = {
        "table": Field(one_of((purpose.name,))),
        "id": Field(_new_id(taken)),
        "edition": Field(_note(text(max_length=100))),
        "unit": Field(one_of((purpose.unit,))),
        "scope": Field(_note(translated(max_length=100))),
        "source": Field(text()),
        "values": Field(_values(purpose)),
    }
    values = convert(fields_of(root, schema.keys(), "table"), schema, root, "table")
    del values["table"]
    return Table(**values)


def _new_id(taken: Collection[str]) -> Kind:
    """Kind: an id that is not ``taken`` by a shipped edition, whose figures have it in their names."""
    word = text(max_length=30, pattern="[a-z][a-z0-9_]*", example="nir2024")

    def read(node: yaml.Node, name: str) -> str:
        value = str(word(node, name))
        if value in taken:
            raise error_at(node, f"an id other than those of the shipped tables, {enumerate_words(taken)}")
        return value

    return read


def _note(kind: Kind) -> Kind:
    """Kind: a text that findings tell between semicolons, and so holds none."""

    def read(node: yaml.Node, name: str) -> Any:
        value = kind(node, name)
        if ";" in (value if isinstance(value, str) else value.de + value.en):
            raise error_at(node, f"text for '{name}' without semicolons", "one")
        return value

    return read


def _values(purpose: Purpose) -> Kind:
    """Kind: a mapping from some of the classes to their numbers, each once."""

    def within(node: yaml.Node, name: str) -> float:
        value = number(node, name)
        if not purpose.low <= value <= purpose.high:
            raise error_at(node, f"a number from {purpose.low:g} to {purpose.high:g} for '{name}'")
        return value

    schema: Schema = {
        "value": Field(within),
        "mark": Field(one_of(("S", "P", "A", "M"))),
        "note": Field(translated(), None),
    }
    value = record(Value, schema)

    def read(node: yaml.Node, name: str) -> dict[str, Value]:
        found = {}
        for key, one in entries_of(node, name):
            if key not in purpose.classes:
                words = f"{describe(one)} for '{key}'{suggestion(key, purpose.classes)}"
                raise error_at(one, f"the classes {enumerate_words(purpose.classes)} in '{name}'", words)
            found[key] = value(one, key)
        if not found:
            raise error_at(node, f"at least one number in '{name}'", "none")
        return found

    return read
