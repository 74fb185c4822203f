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
from gruene_infra.gruene_infra_plugin.methods.reading.names import normal_name
from gruene_infra.gruene_infra_plugin.register.model import Project
from qgis.core import QgsVectorLayer

from ...layer_factory import box, changed, layer, rows, table
from .bad_input import Attempt, with_columns
from .every_algorithm import BY_ID, LAYERS, definitions, every_algorithm_with_layers, layer_of
from .examples import example

NAMES = {
    *(
        "art",
        "flst",
        "gebiet",
        "gebiet_art",
        "gemeinde",
        "kennzeichen",
        "klasse",
        "objart",
        "raumtyp",
        "status",
        "typ",
    ),
    *("ehg", "endlos", "gewaesser", "gewkz", "gsg", "lrt", "oeko", "pflicht", "was", "zone", "zug"),
}
"""Columns of the examples with names, words or keys."""
OTHERS = {
    *("ags", "algorithmus", "annahmen", "basis_einheit", "berechnet_am", "definition", "einheit"),
    *("flurstueck_alt", "flurstueck_neu", "herkunft_ziel", "hz", "id", "kennzahl", "kennzahl_id"),
    *("kennzeichen_neu", "luecke_einheit", "name", "plugin_version", "quelle", "raumtyp_quelle", "richtung"),
    *("bis", "stand", "stand_daten", "variante_id", "von", "vorschlag", "ziel_datum"),
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


def chosen_columns(algorithm_id: str, parameters: Mapping[str, object]) -> set[str]:
    """Return the columns that an example chooses by its field parameters: what they hold is read as words."""
    fields = (parameters.get(definition.name()) for definition in definitions(algorithm_id, "field"))
    return {field for field in fields if isinstance(field, str)} - OTHERS


def changed_example(algorithm_id: str, folder: Path, columns: Iterable[str], value: Callable) -> dict:
    """Return the example with some columns of all its layers changed: ``value`` of what is in a row."""
    parameters = example(BY_ID[algorithm_id], folder)
    known = NAMES | OTHERS | chosen_columns(algorithm_id, parameters)
    for definition in definitions(algorithm_id, *LAYERS):
        given = parameters.get(definition.name())
        if given is None:
            continue
        several = isinstance(given, list)
        changed = [_changed(layer_of(one), known, columns, value) for one in (given if several else [given])]
        parameters[definition.name()] = changed if several else changed[0]
    return parameters


def _changed(
    source: QgsVectorLayer, known: set[str], columns: Iterable[str], value: Callable
) -> QgsVectorLayer:
    told = {name for row in rows(source) for name, one in row.items() if isinstance(one, str)}
    assert told <= known, "say of new columns whether they hold names"
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

    names = NAMES | chosen_columns(algorithm_id, example(BY_ID[algorithm_id], tmp_path))
    found = attempt(algorithm_id, changed_example(algorithm_id, tmp_path, names, respell))
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


# -- values by hand ---------------------------------------------------------------------------------------


AS_OF = "2026-06-30"
NEW_IN_AUE = "hz19.aue.neubau_flaeche"


@pytest.mark.parametrize("other", [spell("Emscher Süd") for spell in SPELLINGS.values()])
def test_parts_of_a_corridor_that_is_spelled_in_two_ways_have_a_gap(run, other):
    shapes = [box(0, 0, 200, 200), box(320, 0, 200, 200)]
    for names in (["Emscher Süd", other], [other, "Emscher Süd"]):
        result = run("hz13_corridor_gaps", CORRIDORS=layer(shapes, {"gruenzug": names}))
        assert [(gap["laenge_m"], gap["gruenzug"]) for gap in result.rows("GAPS")] == [
            (pytest.approx(120.0), "Emscher Süd")
        ]


def test_barriers_of_one_kind_are_one_however_it_is_spelled(run):
    """Two areas of 50 m and 60 m in a gap of 120 m, 10 m of them in common: 100 m of one kind."""
    corridor = layer([box(0, 0, 200, 200), box(320, 0, 200, 200)], {"id": [1, 2]})
    barriers = layer(
        [box(205, -50, 50, 300), box(245, -50, 60, 300)],
        {"ART": ["Straße", "STRASSE\u00a0"]},
        name="strassen",
    )
    (gap,) = run("hz13_corridor_gaps", CORRIDORS=corridor, BARRIERS=[barriers]).rows("GAPS")
    assert (gap["hindernisse"], gap["hindernis_m"]) == ("Straße 100 m", pytest.approx(100.0))


def test_a_class_of_floodplains_is_one_however_it_is_spelled(run):
    """Two floodplains of 100 m², one class: no finding per class, and CLASS_ORDER knows it."""
    spelled = ["vorläufig gesichert", unicodedata.normalize("NFD", "VORLÄUFIG\u00a0GESICHERT")]
    result = run(
        "hz19_floodplain_buildings",
        BUILDINGS=layer([box(0, 0, 20, 10)], {"id": [1]}),
        FLOODPLAINS=layer([box(0, 0, 10, 10), box(10, 0, 10, 10)], {"klasse": spelled}),
        PLANNED=True,
    )
    assert result.rows()[0]["klasse"] == "vorläufig gesichert"
    found = {
        variant: row["zaehler"] for (name, variant, _), row in result.findings.items() if name == NEW_IN_AUE
    }
    assert found == {"geplant": pytest.approx(200.0)}


def test_a_class_in_another_spelling_has_the_same_id(run):
    def ids(name: str) -> set[str]:
        result = run(
            "hz19_floodplain_buildings",
            BUILDINGS=layer([box(0, 0, 20, 10)], {"id": [1]}),
            FLOODPLAINS=layer([box(0, 0, 10, 10), box(10, 0, 10, 10)], {"klasse": [name, "x"]}),
            PLANNED=True,
        )
        return {variant for _, variant, _ in result.findings}

    assert ids("vorläufig gesichert") == ids(unicodedata.normalize("NFD", "Vorläufig\u00a0GESICHERT"))


@pytest.mark.parametrize("key", [5913000, 5913000.0, "5913000", "5913000.0", "05 913 000", "059130000000"])
def test_a_municipality_whose_key_lost_its_zero_is_one_in_the_region(run, key):
    """Half of the findings under 05913000, half under another form of it: one municipality, no means."""

    def measured(ags: object, indicator: str) -> QgsVectorLayer:
        town = layer([box(-100, -100, 700, 600)], {"gemeinde": ["Dortmund"], "ags": [ags]})
        done = run(
            "hz19_floodplain_buildings",
            BUILDINGS=layer([box(0, 0, 10, 10)], {"baujahr": [2018]}),
            FLOODPLAINS=layer([box(-50, -50, 200, 200)], {"klasse": ["festgesetzt"]}),
            REFERENCE_YEAR=2016,
            AREAS=town,
            AS_OF=AS_OF,
        )
        return changed(done.layer("SUMMARY"), lambda rows: [r for r in rows if r["kennzahl_id"] == indicator])

    tables = [
        measured("05913000", NEW_IN_AUE),
        measured(key, NEW_IN_AUE),
        measured(key, "hz19.aue.bebauung_anteil"),
    ]
    raw = with_columns(tables[1], {"ags": lambda row: key, "berechnet_am": lambda row: AS_OF})
    found = run("target_monitor", SUMMARIES=[tables[0], raw, tables[2]], AS_OF=AS_OF).rows()
    assert [(row["ags"], row["gebiet"], row["zaehler"]) for row in found] == [
        ("05913000", "Dortmund", pytest.approx(100.0))
    ] * 2
    assert {row["gebiet_art"] for row in found} == {"Gemeinde"}


def test_findings_are_stored_and_read_under_the_whole_key(run, register, site, where, tmp_path):
    parameters = example(BY_ID["store_findings"], tmp_path)
    tables = [with_columns(table, {"ags": lambda row: int(row["ags"])}) for table in parameters["SUMMARIES"]]
    run("store_findings", SUMMARIES=tables, **where)
    assert {finding.ags for finding in site.open().findings()} == {f"0599900{k}" for k in range(6)}
    site.execute("UPDATE befund SET ags = '5999001.0', gebiet = 'STADT 1' WHERE ags = '05999001'")
    stored = {finding.ags: finding.gebiet for finding in site.open().findings()}
    assert stored["05999001"] == "STADT 1"


def test_facts_are_about_one_municipality_however_key_and_name_are_written(run, register, site, where):
    given = {"HZ": 25, "SOURCE": "MiD", "FIELD": "RADANTEIL_PROZ\u00a0"}
    run("add_fact", VALUE=9.0, YEAR=2017, AGS="5113000", MUNICIPALITY="Essen", **given, **where)
    run("add_fact", VALUE=12.0, YEAR=2023, MUNICIPALITY="ESSEN\u00a0", **given, **where)
    assert {(fact.field, fact.municipality) for fact in site.open().facts()} == {("radanteil_proz", "Essen")}
    found = run("register_indicators", AS_OF=AS_OF, **where).rows("SUMMARY")
    (town,) = [row for row in found if row["hz"] == 25 and row["gebiet_art"] == "Gemeinde"]
    assert (town["ags"], town["gebiet"], town["wert"]) == ("05113000", "Essen", pytest.approx(12.0))


def test_a_project_in_a_list_is_known_however_it_is_spelled(run, register, site, where):
    register.add_project(Project("Emscher Umbau"))
    names = ["EMSCHER\u00a0UMBAU", "Lippe–Aue", "lippe-aue"]
    parcels = table({"flstkennz": [f"051234-007-{n}" for n in range(3)], "hz": ["2"] * 3, "projekt": names})
    run("import_assignments", LIST=parcels, CREATE_PROJECTS=True, **where)
    assert [project.name for project in site.open().projects()] == ["Emscher Umbau", "Lippe–Aue"]
