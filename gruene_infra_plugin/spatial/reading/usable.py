"""Geometries planar, straight and valid; what had to be repaired or left out is counted."""

from __future__ import annotations

from qgis.core import (
    Qgis,
    QgsGeometry,
    QgsPolygon,
    QgsWkbTypes,
)

from ..geometry.validity import LEAST_AREA_M2, made_valid
from ..geometry.vertices import ARC_STEP_RAD
from .earth import EARTH
from .source import Input

PLAIN_TYPES = {
    kind: QgsWkbTypes.geometryType(kind)
    for kind in (
        Qgis.WkbType.Point,
        Qgis.WkbType.LineString,
        Qgis.WkbType.Polygon,
        Qgis.WkbType.MultiPoint,
        Qgis.WkbType.MultiLineString,
        Qgis.WkbType.MultiPolygon,
    )
}
"""Types of geometry that are taken as they are, if they are valid."""


def usable(geometry: QgsGeometry, layer: Input, kinds: set[Qgis.GeometryType]) -> QgsGeometry | None:
    """Return the geometry planar, straight and valid, or ``None`` with the reason counted."""
    if geometry.isEmpty():
        layer.no_geometry += 1
        return None
    if not EARTH.contains(geometry.boundingBox()):
        layer.left_out += 1
        return None
    wkb_type = geometry.wkbType()
    kind = PLAIN_TYPES.get(wkb_type)
    if kind is None:
        geometry = _plain(geometry, layer)
        wkb_type = geometry.wkbType()
        kind = PLAIN_TYPES.get(wkb_type)
    if kind is None or (kinds and kind not in kinds):
        layer.left_out += 1
        return None
    repaired = made_valid(geometry)
    if repaired is not geometry:
        parts = repaired.coerceToType(QgsWkbTypes.multiType(QgsWkbTypes.singleType(wkb_type)))
        usable = (part for part in parts if not part.isEmpty() and part.isGeosValid())
        repaired = next(usable, QgsGeometry())
    if repaired.isEmpty() or (kind == Qgis.GeometryType.Polygon and repaired.area() < LEAST_AREA_M2):
        layer.left_out += 1
        return None
    layer.repaired += repaired is not geometry
    return repaired


def _plain(geometry: QgsGeometry, layer: Input) -> QgsGeometry:
    """Return the geometry planar and with straight edges; ``layer`` counts those that were curved."""
    shape = geometry.constGet()
    if QgsWkbTypes.isCurvedType(shape.wkbType()):
        layer.straightened += 1
        # convertToStraightSegment would leave a CurvePolygon whose rings are straight already.
        plain = shape.segmentize(ARC_STEP_RAD)
    elif QgsWkbTypes.flatType(shape.wkbType()) == Qgis.WkbType.Triangle:
        plain = QgsPolygon()
        plain.setExteriorRing(shape.exteriorRing().clone())
    else:
        plain = shape.clone()
    plain.dropZValue()
    plain.dropMValue()
    return QgsGeometry(plain)
