"""Names and keys that only look different change nothing: through all algorithms, in every layer they read.

Every second row gets its names, words and keys in another spelling, or all rows their AGS in another form.
Findings and details stay what they were, but for the spelling that is shown.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping
from itertools import count
from pathlib import Path

import pytest
from gruene_infra.gruene_infra_plugin.methods.names import normal_name
from qgis.core import QgsVectorLayer

from ..layer_factory import rows
from .bad_input import Attempt, with_columns
from .every_algorithm import BY_ID, LAYERS, definitions, every_algorithm_with_layers, layer_of
from .examples import example

NAMES = {
    *("art", "flst", "gebiet", "gebiet_art", "gemeinde", "kennzeichen", "klasse", "raumtyp", "status", "typ"),
    *("was", "zone", "zug"),
}
"""Columns of the examples with names, words or keys."""
OTHERS = {
    *("ags", "algorithmus", "annahmen", "basis_einheit", "berechnet_am", "definition", "einheit"),
    *("flurstueck_alt", "flurstueck_neu", "herkunft_ziel", "hz", "id", "kennzahl", "kennzahl_id"),
    *("kennzeichen_neu", "luecke_einheit", "name", "plugin_version", "quelle", "raumtyp_quelle", "richtung"),
    *("stand", "stand_daten", "variante_id", "vorschlag", "ziel_datum"),
}
"""Columns of the examples with other texts: keys with a test of their own, identifiers, prose, units."""

SPELLINGS: dict[str, Callable[[str], str]] = {
    "another case": str.swapcase,
    "blanks of other kinds": lambda name: "\u00a0" + name.replace(" ", "\u202f\t") + "\u2009",
    "signs without width": lambda name: f"{name[:1]}\u200b{name[1:]}\ufeff",
    "decomposed umlauts": lambda name: unicodedata.normalize("NFD", name),
}
KEYS: dict[str, Callable[[str], object]] = {
    "a whole number": int,
    "a number with decimals": float,
    "text without the zero": lambda key: str(int(key)),
    "text of a number": lambda key: f"{int(key)}.0",
    "blanks between its parts": lambda key: f"{key[:2]} {key[2:5]}\u00a0{key[5:]}",
    "twelve digits": lambda key: f"{key[:5]}0000{key[5:]}",
}


def changed_example(algorithm_id: str, folder: Path, columns: Iterable[str], value: Callable) -> dict:
    """Return the example with some columns of all its layers changed: ``value`` of what is in a row."""
    parameters = example(BY_ID[algorithm_id], folder)
    for definition in definitions(algorithm_id, *LAYERS):
        given = parameters.get(definition.name())
        if given is None:
            continue
        several = isinstance(given, list)
        changed = [_changed(layer_of(one), columns, value) for one in (given if several else [given])]
        parameters[definition.name()] = changed if several else changed[0]
    return parameters


def _changed(source: QgsVectorLayer, columns: Iterable[str], value: Callable) -> QgsVectorLayer:
    told = {name for row in rows(source) for name, one in row.items() if isinstance(one, str)}
    assert told <= NAMES | OTHERS, "say of new columns whether they hold names"
    chosen = told & set(columns)
    return with_columns(source, {name: _each(name, value) for name in chosen}) if chosen else source


def _each(name: str, value: Callable) -> Callable[[dict], object]:
    number = count()
    return lambda row: value(row[name], next(number))


def plain(found: Attempt) -> tuple[list, Mapping[str, list]]:
    """Return findings and details in any order, texts in their normal form, without the form of an AGS."""
    details = {name: _plain(table) for name, table in found.details.items()}
    return _plain(found.findings), details


def _plain(table: Iterable[dict]) -> list:
    found = [{name: _cell(value) for name, value in row.items() if name != "fid"} for row in table]
    return sorted((sorted(row.items()) for row in found), key=repr)


def _cell(value: object) -> object:
    if isinstance(value, str):
        return normal_name(value)
    return round(value, 6) if isinstance(value, float) else value


@pytest.mark.parametrize("spelling", SPELLINGS)
@every_algorithm_with_layers
def test_another_spelling_changes_nothing(attempt, clean, tmp_path, algorithm_id, spelling):
    def respell(name: object, number: int) -> object:
        return SPELLINGS[spelling](name) if isinstance(name, str) and number % 2 == 0 else name

    found = attempt(algorithm_id, changed_example(algorithm_id, tmp_path, NAMES, respell))
    assert not found.error
    assert plain(found) == plain(clean(algorithm_id))


@pytest.mark.parametrize("form", KEYS)
@every_algorithm_with_layers
def test_another_form_of_the_municipality_key_changes_nothing(attempt, clean, tmp_path, algorithm_id, form):
    def rewrite(key: object, _number: int) -> object:
        return KEYS[form](key) if isinstance(key, str) else key

    found = attempt(algorithm_id, changed_example(algorithm_id, tmp_path, ["ags"], rewrite))
    assert not found.error
    assert plain(found)[0] == plain(clean(algorithm_id))[0]
