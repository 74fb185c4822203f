"""Footprints that overlap: which ground of each no larger one takes, and that the others are left alone."""

from __future__ import annotations

import pytest
from gruene_infra.gruene_infra_plugin.spatial.buildings.footprints import Footprints
from qgis.core import QgsGeometry, QgsProcessingFeedback

from ...layer_factory import box, geometry


def curtailed(**shapes: QgsGeometry) -> dict[str, float]:
    """Return what is left of those that overlap, in m², by name."""
    footprints = Footprints[str]()
    for name, shape in shapes.items():
        footprints.add(shape, name)
    found = footprints.curtailed(QgsProcessingFeedback())
    return {name: sum(piece.area() for piece in rest) for _, rest, name in found}


def test_the_larger_one_keeps_its_ground():
    """Of three in a row the middle one is the largest; a fourth stands apart."""
    left, middle, right = box(0, 0, 10, 10), box(8, 0, 20, 10), box(25, 0, 10, 10)
    found = curtailed(
        left=geometry(left), middle=geometry(middle), right=geometry(right), far=geometry(box(90, 0, 5, 5))
    )
    assert found == pytest.approx({"left": 80.0, "middle": 200.0, "right": 70.0})


def test_ground_that_several_share_counts_once():
    """10 m × 10 m three times, each 5 m farther east: 100 + 50 + 50."""
    found = curtailed(
        a=geometry(box(10, 0, 10, 10)), b=geometry(box(0, 0, 10, 10)), c=geometry(box(5, 0, 10, 10))
    )
    assert found == pytest.approx({"b": 100.0, "c": 50.0, "a": 50.0})


@pytest.mark.parametrize(("off", "parted"), [(0.0, False), (0.0005, False), (0.002, True)])
def test_neighbours_and_slivers_between_them_are_left_alone(off, parted):
    """On 10 m of a common wall half a millimetre is 0.005 m², two millimetres are 0.02 m²."""
    found = curtailed(left=geometry(box(0, 0, 20, 10)), right=geometry(box(20 - off, 0, 10, 10)))
    assert found == (pytest.approx({"left": 200.0, "right": 99.98}) if parted else {})


def test_parts_of_one_building_are_one():
    """Two parts of 100 m² each; of a house of 90 m² 10 lie on the first and 40 on the second."""
    parts = QgsGeometry.collectGeometry([geometry(box(0, 0, 10, 10)), geometry(box(14, 0, 10, 10))])
    found = curtailed(small=geometry(box(9, 0, 9, 10)), parts=parts)
    assert found == pytest.approx({"parts": 200.0, "small": 40.0})
