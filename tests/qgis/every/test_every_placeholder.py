"""Every field of every algorithm: what stands for an unknown value does no more than an empty field."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from ...layer_factory import box, layer, line
from .bad_input import Attempt, with_columns
from .every_algorithm import BY_ID, definitions, layer_of, replaced
from .examples import example

PLACEHOLDERS = {
    "YEAR_FIELD": (0, -1, 17, 98, 999, 1111, 2999, 9999, "98", "unbekannt"),
    "SLOPE_FIELD": (-9999, -1, 99, 255),
    "neigung_grad": (-9999, -1, 99, 255),
    "VEGETATION_SHARE_FIELD": (-9999, -1, 101, 255),
    "GREEN_FIELD": (-9999, -1, 9, 255),
    "EXCLUDED_FIELD": (-9999, -1, 9, 255),
    "FLAT_FIELD": (-9999, -1, 9, 255),
    "DECOUPLED_FIELD": (-9999, -1, 9, 255, "unbekannt"),
    "EXCEPTION_FIELD": (-9999, -1, 9, 255),
    "ROOF_TYPE_FIELD": (-9999, -1, 0, 9999, "unbekannt"),
    "WIDTH_FIELD": (-9999, -1, 0, 999, 9999),
    "STOREYS_FIELD": (-9999, -1, 0, 99),
    "SHARE_FIELD": (-9999, -1, 101, 255),
    "POPULATION_FIELD": (-9999, -1, 9999, "–"),
    "WATER_FIELD": (-9999, -1, 255, 999, 9999),
    "CROWN_FIELD": (-9999, -1, 0, 99, 999, 9999),
    "LEASE_AREA_FIELD": (-9999, -1, 0, 999, 9999),
    "LEASE_BEGIN_FIELD": ("0", "1111-11-11", "9999-12-31", "unbekannt"),
    "LEASE_END_FIELD": ("0", "1111-11-11", "9999-12-31", "unbekannt"),
}
"""By field parameter or fixed column: what offices fill in where they know nothing."""
OF_OTHER_KINDS = {
    *("AREAS_NAME", "AREAS_KEY", "AGS_FIELD", "MUNICIPALITY_FIELD", "NAME_FIELD", "KEY_FIELD"),
    *("PARCELS_KEY_FIELD", "ALGORITHM_FIELD", "EVIDENCE_FIELD", "NOTE_FIELD", "PROJECT_FIELD"),
    *("CLASS_FIELD", "SPACE_TYPE_FIELD", "PARCEL_TYPE_FIELD", "ZONE_FIELD", "FUNCTION_FIELD"),
    *("RAUMTYP_FIELD", "ORIGIN_FIELD", "GOALS_FIELD", "ROLE_FIELD", "STATUS_FIELD", "AREA_FIELD"),
    *("TYPE_FIELD", "GRADE_FIELD", "STAGE_FIELD", "WATER_KEY_FIELD", "REPORTABLE_FIELD", "BEFORE_NAME_FIELD"),
    *("POSITION_FIELD", "STATE_FIELD"),
    *("USE_FIELD", "TARGET_USE_FIELD", "BEFORE_FUNCTION_FIELD", "LOST_TO_FIELD"),
    *("CONVERSION_FIELD", "UNLIMITED_FIELD"),
}
"""Names, keys, words and official areas: no numbers that a verdict follows from."""
NOT_SAID = {"ROOF_TYPE_FIELD", "LEASE_BEGIN_FIELD", "LEASE_END_FIELD"}
"""Codes, of which 9999 is one like others, and days."""


def deciding(algorithm_id: str, field: str, parameters: dict) -> dict:
    """Return the parameters without what would go before the field."""
    if field == "SLOPE_FIELD":
        return parameters | {"ROOF_FACES": None}
    if field == "WIDTH_FIELD" and "WATER" in parameters:
        lines = [line((17, 20 * k - 5), (17, 20 * k + 15)) for k in range(10)]
        return parameters | {"WATER": layer(lines, {"breite_m": [4.0] * 10}, name="gewaesser")}
    if field == "SHARE_FIELD":
        return {name: value for name, value in parameters.items() if name != "RAUMTYP"}
    return parameters


def fields_of_numbers() -> Iterator:
    """Every field with placeholders that an example has: its layer, its name, and each of them."""
    for algorithm_id, algorithm in BY_ID.items():
        with tempfile.TemporaryDirectory() as folder:
            parameters = example(algorithm, Path(folder))
        fields = {d.name(): d.parentLayerParameterName() for d in definitions(algorithm_id, "field")}
        found = [(name, fields[name], parameters[name]) for name in fields if name in parameters]
        if "ROOF_FACES" in parameters and algorithm_id == "hz02_roof_greening":
            found.append(("neigung_grad", "ROOF_FACES", "neigung_grad"))
        for name, parent, column in found:
            for value in PLACEHOLDERS.get(name, ()):
                yield pytest.param(
                    algorithm_id, name, parent, column, value, id=f"{algorithm_id}-{name}-{value}"
                )


def told(attempt: Attempt, column: str) -> tuple[list[dict], dict[str, list[dict]]]:
    """Return findings and detail rows without the spoiled column."""
    details = {
        name: [{n: v for n, v in row.items() if n != column} for row in table]
        for name, table in attempt.details.items()
    }
    return attempt.findings, details


def test_every_field_parameter_is_of_a_known_kind():
    """If this fails for a new algorithm: say which values its field may hold, and read it as a ``Column``."""
    names = {d.name() for algorithm_id in BY_ID for d in definitions(algorithm_id, "field")}
    kinds = {name for name in names if name.endswith("KIND_FIELD")}  # words of the user's own lists
    assert names <= PLACEHOLDERS.keys() | OF_OTHER_KINDS | kinds


@pytest.mark.parametrize(("algorithm_id", "name", "parent", "column", "value"), fields_of_numbers())
def test_a_placeholder_is_as_good_as_nothing(algorithm_id, name, parent, column, value, attempt, tmp_path):
    parameters = deciding(algorithm_id, name, example(BY_ID[algorithm_id], tmp_path))
    given = layer_of(parameters[parent])
    spoiled = with_columns(given, {column: lambda row: value})
    empty = with_columns(given, {column: lambda row: None})
    found = attempt(algorithm_id, replaced(parameters, parent, spoiled))
    nothing = attempt(algorithm_id, replaced(parameters, parent, empty))
    if found.error and not nothing.error:
        assert str(value) in found.error  # writing to a register, nothing is guessed
        return
    assert not found.error
    assert told(found, column) == told(nothing, column)
    assert name in NOT_SAID or (column in found.log and f"({value})" in found.log)


@pytest.mark.parametrize(("value", "counted"), [(1.0, 10), (100.0, 10), (255.0, 0)])
def test_the_counts_name_field_number_and_examples(value, counted, run, tmp_path):
    parameters = example(BY_ID["hz02_roof_greening"], tmp_path)
    shares = with_columns(parameters["BUILDINGS"], {"anteil": lambda row: value})
    result = run("hz02_roof_greening", **(parameters | {"BUILDINGS": shares, "GREEN_FIELD": None}))
    said = "anteil: 10 values are no share in percent (255): unknown."
    assert (said in result.log.text) == (counted == 0)
    assert sum(row["begruent"] is not None for row in result.rows()) == counted


@pytest.mark.parametrize(
    ("years", "coverage", "status"),
    [
        ([0, 0], 0.0, "nicht bewertbar"),
        ([9999, 1990], 50.0, "nicht bewertbar"),
        ([98, 17], 0.0, "nicht bewertbar"),
        ([1000, 1990], 100.0, "erreicht"),
        ([1990, 2036], 100.0, "Lücke"),
        ([1990, 2037], 50.0, "nicht bewertbar"),
    ],
)
def test_new_building_is_told_from_years_that_can_be(years, coverage, status, run):
    """Two buildings of 12 m × 10 m, half of each in the Aue, on 30 June 2026."""
    found = run(
        "hz19_floodplain_buildings",
        BUILDINGS=layer([box(0, 0, 12, 10), box(0, 20, 12, 10)], {"baujahr": years}),
        FLOODPLAINS=layer([box(6, -5, 100, 50)]),
        REFERENCE_YEAR=2016,
        AS_OF="2026-06-30",
    ).finding("hz19.aue.neubau_flaeche")
    assert (found["abdeckung_proz"], found["status"]) == (pytest.approx(coverage), status)
