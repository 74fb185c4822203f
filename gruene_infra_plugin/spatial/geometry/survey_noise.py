"""What differs between two surveys though nothing changed: narrow strips along the borders of ground."""

from __future__ import annotations

from qgis.core import Qgis, QgsGeometry

from .overlay import eroded, intersection, polygon_parts

STORED_M = 1e-3
"""Step in which surveys are stored, metres."""


def without_noise(geometry: QgsGeometry, tolerance: float) -> QgsGeometry:
    """Return the difference of two surveys without what is no wider than ``tolerance`` metres.

    A strip exactly as wide is noise, and so is one that is wider by less than surveys are stored in. What is
    left grows back farther than it was eroded, and comes back to its acute corners.
    """
    if geometry.isNull() or geometry.isEmpty():
        return geometry
    width = tolerance + STORED_M
    return opened(geometry, width / 2, 0.75 * width)


def opened(geometry: QgsGeometry, erosion: float, growth: float) -> QgsGeometry:
    """Return what is left of a polygon that is eroded and grows back by metres, within itself."""
    cap, mitre = Qgis.EndCapStyle.Flat, Qgis.JoinStyle.Miter
    cores = [eroded(part, erosion, 8, cap, mitre, 5.0) for part in polygon_parts(geometry)]
    core = QgsGeometry.collectGeometry([part for core in cores for part in polygon_parts(core)])
    if core.isEmpty():
        return QgsGeometry()
    return intersection(core.buffer(growth, 8, cap, mitre, 5.0), geometry)
