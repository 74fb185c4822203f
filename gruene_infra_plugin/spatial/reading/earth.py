"""Where coordinates can be, and which part of an extent lies there."""

from __future__ import annotations

from collections.abc import Iterable

from qgis.core import (
    QgsFeature,
    QgsRectangle,
)

from ..geometry.validity import FARTHEST_M

EARTH = QgsRectangle(-FARTHEST_M, -FARTHEST_M, FARTHEST_M, FARTHEST_M)
"""Where coordinates of the analysis CRS can be."""


def extent_on_earth(extent: QgsRectangle, features: Iterable[QgsFeature]) -> QgsRectangle:
    """Return an extent; where it reaches beyond the earth, that of the features that do not."""
    if EARTH.contains(extent):
        return extent
    found = QgsRectangle()
    for feature in features:
        box = feature.geometry().boundingBox()
        if not box.isNull() and EARTH.contains(box):
            found.combineExtentWith(box)
    return found
