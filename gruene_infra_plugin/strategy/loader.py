"""Reads strategy files: the shipped one, another region's, or changes to either.

A file is one YAML mapping. With ``strategy`` and without ``extends`` it is a whole strategy. With
``extends: <id>`` it adds to that strategy or changes it: an entry whose id (number, goal) exists already
replaces the keys it names and keeps the others. Only where a figure or an assignment comes from is never
kept: a changed target or assignment states its own origin.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

import yaml

from ..checked_yaml import (
    Field,
    Fields,
    Kind,
    Schema,
    ShippedLoader,
    convert,
    describe,
    enumerate_words,
    error_at,
    fields_of,
    integer,
    iso_date,
    items_of,
    list_of,
    number,
    one_of,
    positive,
    read_root,
    record,
    suggestion,
    text,
    translated,
)
from ..paths import RESOURCES
from .model import (
    Assignment,
    Baseline,
    Direction,
    Handlungsziel,
    Leitthema,
    Measurability,
    Municipality,
    Origin,
    Raumtyp,
    Scope,
    Strategy,
    Target,
)

SHIPPED_DIR = RESOURCES / "strategy"
SHIPPED_FILES = (SHIPPED_DIR / "ruhr.yaml", SHIPPED_DIR / "zuordnung.yaml")

_GOAL_NUMBER = integer(1, 99)
_ORIGIN = Field(one_of(get_args(Origin)))
_NOTE = Field(translated(), None)
_HEADER: Schema = {
    "id": Field(text(pattern="[a-z0-9_]+", example="ruhr")),
    "name": Field(translated()),
    "region": Field(text()),
    "edition": Field(text()),
    "source": Field(text()),
}
_LEITTHEMA: Schema = {
    "id": Field(text()),
    "number": Field(text()),
    "title": Field(translated()),
    "subtitle": Field(translated(), None),
}
_RAUMTYP: Schema = {"id": Field(text()), "title": Field(translated()), "summary": Field(translated())}
_GOAL: Schema = {
    "number": Field(_GOAL_NUMBER),
    "title": Field(translated()),
    "short_title": Field(translated(max_length=40)),
    "measurability": Field(one_of(get_args(Measurability))),
    "agreements": Field(list_of(translated())),
}
_BASELINE: Schema = {
    "value": Field(number),
    "year": Field(integer(1900, 2200), None),
    "origin": _ORIGIN,
    "source": Field(text()),
    "note": _NOTE,
}
_TARGET: Schema = {
    "id": Field(text(pattern=r"hz\d\d\.[a-z0-9_]+", example="hz19.aue")),
    "hz": Field(_GOAL_NUMBER),
    "indicator": Field(translated()),
    "value": Field(number),
    "unit": Field(text()),
    "direction": Field(one_of(get_args(Direction))),
    "date": Field(iso_date, None),
    "scope": Field(one_of(get_args(Scope))),
    "zone": Field(translated(), None),
    "origin": _ORIGIN,
    "source": Field(text()),
    "note": _NOTE,
    "baseline": Field(record(Baseline, _BASELINE), None),
}
_ASSIGNMENT: Schema = {
    "hz": Field(_GOAL_NUMBER),
    "leitthemen": Field(list_of(text())),
    "raumtypen": Field(list_of(text())),
    "origin": _ORIGIN,
    "note": _NOTE,
}
_MUNICIPALITY: Schema = {
    "ags": Field(text(pattern=r"\d{8}", example="05911000")),
    "name": Field(text()),
    "area_ha": Field(positive, None),
}
_SHARED_BY_ROWS = ("origin", "note")
_PROVENANCE = ("origin", "source", "note")


@dataclass(frozen=True)
class _Section:
    """One part of a file: its entries' schema, the key that names an entry, what a change never keeps."""

    schema: Schema
    key: str
    not_kept: tuple[str, ...] = ()

    @property
    def key_kind(self) -> Kind:
        return self.schema[self.key].kind


_SECTIONS: Mapping[str, _Section] = {
    "leitthemen": _Section(_LEITTHEMA, "id"),
    "raumtypen": _Section(_RAUMTYP, "id"),
    "goals": _Section(_GOAL, "number"),
    "targets": _Section(_TARGET, "id", _PROVENANCE),
    "presets": _Section(_TARGET, "id", _PROVENANCE),
    "assignments": _Section(_ASSIGNMENT, "hz", _PROVENANCE),
    "municipalities": _Section(_MUNICIPALITY, "ags"),
}
_DOCUMENT_KEYS = ("extends", "strategy", *_SECTIONS)

# section -> key -> the section in which the value of that key must exist
_REFERENCES: Mapping[str, Mapping[str, str]] = {
    "targets": {"hz": "goals"},
    "presets": {"hz": "goals"},
    "assignments": {"hz": "goals", "leitthemen": "leitthemen", "raumtypen": "raumtypen"},
}

Entries = dict[Any, Fields]


@dataclass(frozen=True)
class _Document:
    """One file, its keys checked, its values still nodes."""

    root: yaml.Node
    extends: yaml.Node | None
    header: Fields
    sections: Mapping[str, Entries]


def load_strategy(path: str | Path | None = None, *, extend: Iterable[str | Path] = ()) -> Strategy:
    """Return the shipped strategy, or the one in ``path``, changed by the files in ``extend`` in that order.

    A ``path`` with ``extends: ruhr`` changes the shipped strategy; without ``extends`` it replaces it.
    Raises YamlError (file, line, message) for a file that is missing or wrong.
    """
    extensions = [_read_document(Path(file)) for file in extend]
    if path is None and not extensions:
        return _shipped_strategy()
    documents = [*_base_documents(path), *extensions]
    return _build(documents)


@functools.lru_cache(maxsize=1)
def _shipped_documents() -> tuple[_Document, ...]:
    return tuple(_read_document(file, ShippedLoader) for file in SHIPPED_FILES)


@functools.lru_cache(maxsize=1)
def _shipped_strategy() -> Strategy:
    return _build(_shipped_documents())


def _base_documents(path: str | Path | None) -> tuple[_Document, ...]:
    if path is None:
        return _shipped_documents()
    document = _read_document(Path(path))
    return (document,) if document.extends is None else (*_shipped_documents(), document)


def _read_document(path: Path, loader: Any = yaml.SafeLoader) -> _Document:
    root = read_root(path, "a strategy", loader)
    fields = fields_of(root, _DOCUMENT_KEYS, "strategy file")
    header = fields.get("strategy")
    sections = {
        name: _read_entries(fields[name], name, section)
        for name, section in _SECTIONS.items()
        if name in fields
    }
    header_fields = fields_of(header, _HEADER.keys(), "strategy") if header else {}
    return _Document(root, fields.get("extends"), header_fields, sections)


def _read_entries(node: yaml.Node, name: str, section: _Section) -> Entries:
    shared: Fields = {}
    if name == "assignments":
        shared = fields_of(node, (*_SHARED_BY_ROWS, "rows"), name)
        if "rows" not in shared:
            raise error_at(node, f"the key 'rows' with a value in '{name}'", "none")
        node = shared.pop("rows")
    entries: Entries = {}
    for item in items_of(node, name):
        fields = {**shared, **fields_of(item, section.schema.keys(), name)}
        if section.key not in fields:
            raise error_at(item, f"the key '{section.key}' with a value in '{name}'", "none")
        key = section.key_kind(fields[section.key], section.key)
        if key in entries:
            first = entries[key][section.key].start_mark.line + 1
            again = f"{describe(fields[section.key])} again (first in line {first})"
            raise error_at(fields[section.key], f"each '{section.key}' once in '{name}'", again)
        entries[key] = fields
    return entries


def _build(documents: Iterable[_Document]) -> Strategy:
    base, *changes = documents
    header = _base_header(base)
    strategy_id = _HEADER["id"].kind(header["id"], "id")
    merged: dict[str, Entries] = {name: dict(base.sections.get(name, {})) for name in _SECTIONS}
    for change in changes:
        _check_extends(change, strategy_id)
        header.update(change.header)
        for name, entries in change.sections.items():
            _merge(merged[name], entries, name)
    _check_references(merged)
    return Strategy(**convert(header, _HEADER, base.root, "strategy"), **_parts(merged))


def _base_header(base: _Document) -> Fields:
    for key, part in (("id", base.header), ("goals", base.sections)):
        if key not in part:
            expected = "the key 'strategy' with an 'id' and the key 'goals' (a whole strategy)"
            raise error_at(base.root, f"{expected} or the key 'extends' (changes to one)", f"no '{key}'")
    return dict(base.header)


def _check_extends(change: _Document, strategy_id: str) -> None:
    if change.extends is None:
        raise error_at(change.root, f"the key 'extends' with the value '{strategy_id}'", "none")
    one_of((strategy_id,))(change.extends, "extends")


def _merge(merged: Entries, entries: Entries, name: str) -> None:
    not_kept = _SECTIONS[name].not_kept
    for key, fields in entries.items():
        kept = {field: node for field, node in merged.get(key, {}).items() if field not in not_kept}
        merged[key] = {**kept, **fields}


def _check_references(merged: Mapping[str, Entries]) -> None:
    for name, links in _REFERENCES.items():
        for fields in merged[name].values():
            for key, target in links.items():
                if key in fields:
                    _check_reference(fields[key], key, target, merged[target])


def _check_reference(node: yaml.Node, key: str, target: str, known: Entries) -> None:
    kind = _SECTIONS[target].key_kind
    for item in node.value if isinstance(node, yaml.SequenceNode) else [node]:
        if kind(item, key) not in known:
            names = [str(name) for name in known]
            found = f"{describe(item)}{suggestion(item.value, names)}"
            raise error_at(item, f"one of the {target} {enumerate_words(names)} for '{key}'", found)


def _parts(merged: Mapping[str, Entries]) -> dict[str, Any]:
    assignments = {hz: _assignment(fields) for hz, fields in merged["assignments"].items()}
    goals = [
        Handlungsziel(**_values(fields, "goals"), assignment=assignments.get(hz))
        for hz, fields in merged["goals"].items()
    ]
    return {
        "leitthemen": tuple(Leitthema(**_values(f, "leitthemen")) for f in merged["leitthemen"].values()),
        "raumtypen": tuple(Raumtyp(**_values(f, "raumtypen")) for f in merged["raumtypen"].values()),
        "goals": tuple(sorted(goals, key=lambda goal: goal.number)),
        "targets": _targets(merged["targets"], "targets"),
        "presets": _targets(merged["presets"], "presets"),
        "municipalities": tuple(
            Municipality(**_values(fields, "municipalities")) for fields in merged["municipalities"].values()
        ),
    }


def _values(fields: Fields, name: str) -> dict[str, Any]:
    section = _SECTIONS[name]
    return convert(fields, section.schema, fields[section.key], name)


def _assignment(fields: Fields) -> Assignment:
    values = _values(fields, "assignments")
    del values["hz"]
    return Assignment(**values)


def _targets(entries: Entries, name: str) -> tuple[Target, ...]:
    targets = []
    for fields in entries.values():
        target = Target(**_values(fields, name))
        _check_target(target, fields)
        targets.append(target)
    return tuple(sorted(targets, key=lambda target: target.hz))


def _check_target(target: Target, fields: Fields) -> None:
    prefix = f"hz{target.hz:02d}."
    if not target.id.startswith(prefix):
        raise error_at(fields["id"], f"an id that begins with '{prefix}'")
    shares = [(target.value, fields["value"])]
    if target.baseline:
        shares.append((target.baseline.value, fields["baseline"]))
    for value, node in shares:
        if target.unit == "%" and not 0 <= value <= 100:
            raise error_at(node, "a share from 0 to 100 (the unit is %)", f"{value:g}")
