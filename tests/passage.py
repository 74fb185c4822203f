"""Whether a disc passes through a polygon from one place to another, computed without the engine.

The ground within half the disc's width of each edge of the outline is taken away; what is left is where the
centre of the disc may be. Edge by edge, because a buffer of the whole levels out up to 1 % of its radius.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from qgis.core import QgsGeometry, QgsPointXY

SEGMENTS = 32


def passes(ground: QgsGeometry, anchors: Sequence[QgsGeometry], width: float) -> bool:
    """Say whether a disc as wide as ``width`` metres gets from one of the anchors to another."""
    left = ground.difference(QgsGeometry.unaryUnion(list(_rims(ground, width / 2))))
    pieces = left.asGeometryCollection() if left.isMultipart() else [left]
    return any(sum(piece.distance(anchor) < 1e-3 for anchor in anchors) > 1 for piece in pieces)


def _rims(ground: QgsGeometry, radius: float):
    for part in ground.asMultiPolygon() if ground.isMultipart() else [ground.asPolygon()]:
        for ring in part:
            for start, end in itertools.pairwise(ring):
                yield QgsGeometry.fromPolylineXY([start, end]).buffer(radius, SEGMENTS)


def point(x: float, y: float) -> QgsGeometry:
    """Return a point as a geometry."""
    return QgsGeometry.fromPointXY(QgsPointXY(x, y))
