"""Which of many polygons share an area with another one: as GEOS finds it pair by pair."""

from __future__ import annotations

from itertools import combinations
from random import Random

import pytest
from gruene_infra.gruene_infra_plugin.spatial.geometry import shared_areas
from gruene_infra.gruene_infra_plugin.spatial.geometry.shared_areas import overlapping
from gruene_infra.gruene_infra_plugin.spatial.geometry.wkb import bytes_of
from qgis.core import QgsGeometry, QgsPointXY, QgsProcessingFeedback

from ...layer_factory import EAST, NORTH, box, geometry, polygon


def found(*shapes: QgsGeometry | str, **more: float) -> list[int]:
    wkbs = [bytes_of(geometry(shape) if isinstance(shape, str) else shape) for shape in shapes]
    return overlapping(wkbs, QgsProcessingFeedback(), **more)


def test_touching_is_no_sharing():
    assert found() == []
    assert found(box(0, 0, 10, 10)) == []
    assert found(box(0, 0, 10, 10), box(10, 0, 10, 10), box(20, 10, 10, 10)) == []
    assert found(box(0, 0, 10, 10), box(50, 0, 10, 10), box(9, 9, 10, 10)) == [0, 2]


def test_what_stands_in_a_yard_shares_nothing():
    yard = polygon([(0, 0), (30, 0), (30, 30), (0, 30)], [(10, 10), (20, 10), (20, 20), (10, 20)])
    assert found(yard, box(12, 12, 5, 5)) == []
    assert found(yard, box(12, 12, 9, 5)) == [0, 1]


def test_parts_of_one_polygon_are_one():
    """Two neighbours share 0.6 m² with each of two parts: 1.2 m² together."""
    parts = QgsGeometry.collectGeometry([geometry(box(0, 0, 10, 10)), geometry(box(20, 0, 10, 10))])
    between = box(9.94, 0, 10.12, 10)
    assert found(parts, between, noise_m2=1.0) == [0, 1]
    assert found(parts, between, noise_m2=1.3) == []


@pytest.mark.parametrize("near", [1, 7, 50_000])
@pytest.mark.parametrize("seed", range(3))
def test_as_pair_by_pair(monkeypatch, seed, near):
    monkeypatch.setattr(shared_areas, "NEAR", near)
    rng, shapes = Random(seed), []
    for _ in range(60):
        x, y = rng.uniform(0, 150), rng.uniform(0, 150)
        shape = geometry(box(x, y, rng.uniform(2, 25), rng.uniform(2, 15)))
        shape.rotate(rng.uniform(0, 90), QgsPointXY(EAST + x, NORTH + y))
        shapes.append(shape)
    pairs = [pair for pair in combinations(range(60), 2) if _shared(*(shapes[k] for k in pair)) > 0.5]
    expected = sorted({number for pair in pairs for number in pair})
    assert 0 < len(expected) < 60
    assert found(*shapes, noise_m2=0.5) == expected


def _shared(one: QgsGeometry, other: QgsGeometry) -> float:
    return max(0.0, one.intersection(other).area())
