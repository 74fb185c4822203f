"""Of features that contradict each other at the same place, the order of the layer never chooses."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from qgis.core import QgsFeature, QgsVectorLayer

from ...layer_factory import changed
from .bad_input import assert_same, assert_same_details
from .every_algorithm import BY_ID, LAYERS, definitions, layer_of, replaced
from .examples import example


def twins(features: list[QgsFeature]) -> list[QgsFeature]:
    """Return the features with the attributes of the one before: same places, other words."""
    found = []
    for place, one in enumerate(features):
        twin = QgsFeature(one)
        twin.setAttributes(features[place - 1].attributes())
        found.append(twin)
    return found


def layers_with_attributes() -> Iterator:
    for algorithm_id, algorithm in BY_ID.items():
        with tempfile.TemporaryDirectory() as folder:
            parameters = example(algorithm, Path(folder))
            for definition in definitions(algorithm_id, *LAYERS):
                name = definition.name()
                if name in parameters and layer_of(parameters[name]).fields().count():
                    yield pytest.param(algorithm_id, name, id=f"{algorithm_id}-{name}")


def contradicting(source: QgsVectorLayer, *, twins_first: bool) -> QgsVectorLayer:
    def double(features: list[QgsFeature]) -> list[QgsFeature]:
        both = [features, twins(features)]
        return [feature for some in (both[::-1] if twins_first else both) for feature in some]

    return changed(source, double)


@pytest.mark.parametrize(("algorithm_id", "name"), layers_with_attributes())
def test_the_order_does_not_choose_among_contradicting_features(algorithm_id, name, attempt, tmp_path):
    found = []
    for twins_first in (False, True):
        folder = tmp_path / str(twins_first)
        folder.mkdir()
        parameters = example(BY_ID[algorithm_id], folder)
        given = contradicting(layer_of(parameters[name]), twins_first=twins_first)
        found.append(attempt(algorithm_id, replaced(parameters, name, given)))
    one, other = found
    assert bool(one.error) == bool(other.error)
    assert_same(one.findings, other.findings, 1e-9)
    if not one.error:
        assert_same_details(one, other, 1e-9)
