"""No algorithm judges what it has not looked at: areas emptied of one layer, and layers that do not meet."""

from __future__ import annotations

import pytest
from qgis.core import QgsFeature, QgsGeometry, QgsVectorLayer

from ...layer_factory import changed, reshaped
from .bad_input import assert_clear
from .every_algorithm import BY_ID, LAYERS, definitions, layer_of, replaced
from .examples import example

GOALS = [name for name, algorithm in BY_ID.items() if algorithm.entry.measures_a_goal]
INFORMS_ONLY = {
    ("hz13_corridor_gaps", "BARRIERS"),
    ("hz21_permanent_grassland", "BUILT"),
    ("hz21_permanent_grassland", "LOST_TO"),
}
"""Layers on which no finding rests."""
STOOD_IN_FOR = {("hz02_roof_greening", "ROOF_FACES")}
"""Layers whose evidence the example also holds in fields: the findings stay what they are."""
REST_ELSEWHERE = {("hz15.schutz.anteil", f"flaeche_{choice}") for choice in ("eng", "land", "weit")}
"""Figures that rest on another layer than the first one of their algorithm."""
NEIGHBOURHOOD_M = 10.0
"""What lies so near to an area may still reach into it, as the strip along a water does."""
FAR_M = 50_000.0


def looked_at(algorithm_id: str) -> list[str]:
    """Return the layers of an algorithm, without tables, which lie nowhere."""
    layers = BY_ID[algorithm_id].entry.parameters
    names = [d.name() for d in definitions(algorithm_id, *LAYERS) if layers[d.name()].of != ("table",)]
    return [name for name in names if (algorithm_id, name) not in INFORMS_ONLY]


def with_layers(algorithm_ids: list[str], but: str = "") -> pytest.MarkDecorator:
    cases = [(a, name) for a in algorithm_ids for name in looked_at(a) if name != but]
    return pytest.mark.parametrize(("algorithm_id", "layer_name"), cases)


def emptied(layer: QgsVectorLayer, area: QgsFeature) -> QgsVectorLayer:
    """Return a layer without what lies in an area or at its border."""
    near = area.geometry().boundingBox().buffered(NEIGHBOURHOOD_M)
    return changed(layer, lambda features: [f for f in features if not f.geometry().intersects(near)])


def of_area(findings: list[dict], name: str) -> dict[tuple, dict]:
    return {(row["kennzahl_id"], row["variante_id"]): row for row in findings if row["gebiet"] == name}


def is_blank(row: dict) -> bool:
    """Return whether a finding is not assessable and says why."""
    return row["status"] == "nicht bewertbar" and "nicht bewertbar: " in (row["annahmen"] or "")


@with_layers(GOALS, but="AREAS")
def test_an_area_without_features_of_a_layer_is_not_judged_by_it(
    attempt, clean, tmp_path, algorithm_id, layer_name
):
    """Each figure of the emptied area is not assessable, with a reason, or does not rest on the layer.

    Where nothing is left of the layer, or nothing that meets the others, the run is refused.
    """
    parameters = example(BY_ID[algorithm_id], tmp_path)
    refused = 0
    for area in parameters["AREAS"].getFeatures():
        name = area["gemeinde"]
        spoiled = emptied(layer_of(parameters[layer_name]), area)
        done = attempt(algorithm_id, replaced(parameters, layer_name, spoiled))
        if done.error:
            refused += 1
            assert_clear(done.error, spoiled.name())
            continue
        found, before = of_area(done.findings, name), of_area(clean(algorithm_id).findings, name)
        assert found
        blank = {key for key, row in found.items() if is_blank(row)}
        if layer_name == looked_at(algorithm_id)[0]:
            elsewhere = {key for key in found if key[:2] in REST_ELSEWHERE}
            assert blank == found.keys() - elsewhere, "nothing is known without the layer that is measured"
        else:
            assert blank or (algorithm_id, layer_name) in STOOD_IN_FOR
        for key in found.keys() - blank:
            for column in ("zaehler", "nenner", "wert", "status"):
                assert found[key][column] == before[key][column], (name, key, column)
        assert all(found[key]["wert"] is None for key in blank)
        for key in blank:
            reason = found[key]["annahmen"].removeprefix("nicht bewertbar: ").partition(";")[0]
            assert f"Not assessable: {found[key]['kennzahl']}, " in done.log
            assert f"{reason}." in done.log
    assert refused <= 1, "one of the two areas shows it"


@with_layers([*GOALS, "parcel_potential"])
def test_layers_that_do_not_meet_are_an_error_that_names_both(attempt, tmp_path, algorithm_id, layer_name):
    def shifted(shape: QgsGeometry) -> QgsGeometry:
        shape.translate(FAR_M, 0)
        return shape

    parameters = example(BY_ID[algorithm_id], tmp_path)
    names = {layer_of(parameters[name]).name() for name in looked_at(algorithm_id)}
    moved = reshaped(layer_of(parameters[layer_name]), shifted)
    error = attempt(algorithm_id, replaced(parameters, layer_name, moved)).error
    assert_clear(error, moved.name())
    assert "do not meet" in error
    assert sum(f"[{name}]" in error for name in names) == 2


@pytest.mark.parametrize("algorithm_id", [*GOALS, "parcel_potential"])
def test_every_finding_without_a_value_says_why(clean, algorithm_id):
    blanks = [row for row in clean(algorithm_id).findings if row["status"] == "nicht bewertbar"]
    assert all(is_blank(row) for row in blanks)
    assert all(row["abdeckung_proz"] == 0.0 for row in blanks if not row["nenner"])
