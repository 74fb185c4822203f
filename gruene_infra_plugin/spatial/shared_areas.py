"""Engine ``shared_areas``: which polygons of one layer overlap each other, and by how much."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from qgis.core import Qgis, QgsGeometry, QgsProcessingFeedback, QgsSpatialIndex

from .layers import check_cancelled
from .overlay import intersection, polygons_only


def shared_areas(
    shapes: Mapping[str, QgsGeometry], feedback: QgsProcessingFeedback
) -> Iterator[tuple[str, str, float]]:
    """Yield pairs of names whose polygons share an area, with that area in square metres of the CRS.

    Each pair comes once, the first name in the order of ``shapes`` first; empty geometries share nothing.
    Raises ``QgsProcessingException`` where an overlay cannot be computed or the user cancels.
    """
    index = QgsSpatialIndex()
    names: list[str] = []
    valid: list[QgsGeometry] = []
    for name, shape in shapes.items():
        if len(names) % 1000 == 0:
            check_cancelled(feedback)
        if shape.isEmpty():
            continue
        mine = _valid(shape)
        for number in sorted(index.intersects(mine.boundingBox())):
            area = intersection(valid[number], mine).area()
            if area > 0:
                yield names[number], name, area
        index.addFeature(len(names), mine.boundingBox())
        names.append(name)
        valid.append(mine)


def _valid(shape: QgsGeometry) -> QgsGeometry:
    if shape.isGeosValid():
        return shape
    return polygons_only(shape.makeValid(Qgis.MakeValidMethod.Structure))
