"""A parameter that is left out is its default, and a choice is understood as QGIS prints it."""

from __future__ import annotations

from pathlib import Path

import pytest
from gruene_infra.gruene_infra_plugin.register.model import Fact
from gruene_infra.gruene_infra_plugin.register.store import Register
from gruene_infra.processing.parameters import settled
from qgis.core import NULL, QgsProcessingContext, QgsProcessingException, QgsProperty, QgsVectorLayer
from qgis.PyQt.QtCore import QDate

from ...layer_factory import rows
from .every_algorithm import BY_ID, SINKS, definitions, every_algorithm
from .examples import empty_register, example
from .ways import WAYS, targets

pytestmark = pytest.mark.usefixtures("provider")


def defaults(algorithm_id: str) -> dict[str, object]:
    """Return the default of every input that has one."""
    return {
        d.name(): d.defaultValue()
        for d in BY_ID[algorithm_id].parameterDefinitions()
        if not d.isDestination() and d.defaultValue() is not None
    }


def values(algorithm_id: str, given: dict) -> dict:
    return settled(BY_ID[algorithm_id], given, QgsProcessingContext())


@every_algorithm
def test_left_out_or_empty_or_null_is_the_default(algorithm_id):
    for definition in BY_ID[algorithm_id].parameterDefinitions():
        name = definition.name()
        expected = values(algorithm_id, {name: definition.defaultValue()})
        empty = [""] if definition.type() in ("number", "enum", "boolean", "datetime") else []
        for given in (None, NULL, QgsProperty.fromExpression("NULL"), *empty):
            assert values(algorithm_id, {name: given}) == expected, name
        assert values(algorithm_id, {}) == expected, name


@pytest.mark.parametrize("way", ["script", "model"])
@pytest.mark.parametrize("algorithm_id", [n for n in BY_ID if definitions(n, *SINKS) and defaults(n)])
def test_leaving_out_is_the_same_as_giving_the_default(algorithm_id, way, tmp_path):
    given, made = defaults(algorithm_id), []
    for change in ({}, given):
        folder = tmp_path / ("given" if change else "left out")
        folder.mkdir()
        outputs = targets(algorithm_id, folder)
        parameters = example(BY_ID[algorithm_id], folder) | {"AS_OF": "2026-06-30"} | outputs
        run = {name: value for name, value in parameters.items() if name not in given} | change
        assert WAYS[way](algorithm_id, run) == ""
        found = {d.name(): outputs[d.name()] for d in definitions(algorithm_id, *SINKS)}
        made.append({name: rows(QgsVectorLayer(path, "", "ogr")) for name, path in found.items()})
    assert made[0] == made[1]
    assert any(made[0].values())


@pytest.mark.parametrize("given", [{}, {"OPENING_YEARS": 5}, {"OPENING_YEARS": None}])
def test_openings_are_counted_over_five_years_unless_others_are_given(given, run, tmp_path):
    path = Path(empty_register(tmp_path))
    register = Register.open(path)
    for year in range(2019, 2027):  # one in each, two in 2023
        opened, town = 1.0 + (year == 2023), ("05999001", "Südstadt")
        register.add_fact(Fact(16, "halden_geoeffnet", opened, None, "Anzahl", year, "Amt", None, *town))
    register.close()
    result = run("register_indicators", REGISTER=str(path), AS_OF="2026-06-30", **given)
    found = result.finding("hz16.halden.je_jahr", "Südstadt")
    assert (found["zaehler"], found["nenner"], found["wert"]) == (6.0, 5.0, 1.2)
    assert "from 2021 to 2025" in found["definition"]


def choices() -> list:
    return [
        pytest.param(algorithm_id, d.name(), id=f"{algorithm_id}-{d.name()}")
        for algorithm_id in BY_ID
        for d in definitions(algorithm_id, "enum")
    ]


@pytest.mark.parametrize(("algorithm_id", "name"), choices())
def test_a_choice_is_understood_by_word_and_by_number(algorithm_id, name):
    words = BY_ID[algorithm_id].parameterDefinition(name).options()
    for number, word in enumerate(words):
        forms = (word, word.upper(), f" {word} ", number, float(number), str(number), f"{number}: {word}")
        for form in forms:
            assert values(algorithm_id, {name: form})[name] == word, form


@pytest.mark.parametrize(("algorithm_id", "name"), choices())
def test_a_choice_by_number_is_taken_in_the_dialog_and_in_a_model(algorithm_id, name, tmp_path):
    for way in WAYS:
        folder = tmp_path / way
        folder.mkdir()
        parameters = example(BY_ID[algorithm_id], folder) | targets(algorithm_id, folder)
        for given in ("RAUMTYP_FIELD", "SHARE_FIELD", "ORIGIN_FIELD") if name == "RAUMTYP" else ():
            parameters.pop(given, None)
        assert WAYS[way](algorithm_id, parameters | {name: "0"}) == "", way


def test_yes_and_no_in_words_and_numbers_as_text_are_understood():
    parameters = {"PLANNED": "ja", "STRIP": "7,5", "REFERENCE_YEAR": "2016", "AS_OF": "2026-06-30"}
    found = values("hz19_floodplain_buildings", parameters)
    assert (found["PLANNED"], found["STRIP"], found["REFERENCE_YEAR"]) == (True, 7.5, 2016)
    assert found["AS_OF"] == QDate(2026, 6, 30)
    assert values("hz19_floodplain_buildings", {"PLANNED": "nein"})["PLANNED"] is False


@pytest.mark.parametrize("given", [QgsProperty.fromField("jahr"), QgsProperty.fromExpression('"jahr"')])
def test_a_field_where_there_is_no_row_is_no_value(given):
    with pytest.raises(QgsProcessingException, match=r"REFERENCE_YEAR.*Field 'jahr' not found"):
        values("hz19_floodplain_buildings", {"REFERENCE_YEAR": given})
