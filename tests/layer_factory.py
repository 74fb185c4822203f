"""Small layers written as WKT, and what the tests read back from results."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from qgis.core import (
    NULL,
    Qgis,
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsFeature,
    QgsField,
    QgsFields,
    QgsGeometry,
    QgsMemoryProviderUtils,
    QgsProject,
    QgsVectorFileWriter,
    QgsVectorLayer,
    QgsWkbTypes,
)
from qgis.PyQt.QtCore import QDate, QMetaType

EAST, NORTH = 370_000.0, 5_700_000.0
"""Where (0, 0) of the tests lies in EPSG:25832: in Essen."""

UTM = "EPSG:25832"
TYPES = {
    int: QMetaType.Type.LongLong,
    float: QMetaType.Type.Double,
    str: QMetaType.Type.QString,
    QDate: QMetaType.Type.QDate,
}


def box(x: float, y: float, width: float, height: float) -> str:
    """Return a rectangle by its lower left corner, relative to (EAST, NORTH)."""
    return polygon([(x, y), (x + width, y), (x + width, y + height), (x, y + height)])


def polygon(*rings: Sequence[tuple[float, float]]) -> str:
    """Return a polygon from open rings relative to (EAST, NORTH)."""
    texts = (", ".join(f"{EAST + x!r} {NORTH + y!r}" for x, y in [*ring, ring[0]]) for ring in rings)
    return f"Polygon ({', '.join(f'({text})' for text in texts)})"


def beside_a_border() -> tuple[str, str]:
    """Return a triangle and a splinter along it, of whose 0.0022 m² rounding leaves 0 m² within it."""
    corner = "367081.781 5704995.378"
    within = f"{corner}, 368249 5704998.5, 367152.595 5704877.874, {corner}"
    splinter = (
        f"367142.151 5704895.204, {corner}, 367142.1510483998 5704895.203992499, 367142.151 5704895.204"
    )
    return f"Polygon (({within}))", f"Polygon (({splinter}))"


def line(*points: tuple[float, float]) -> str:
    return f"LineString ({', '.join(f'{EAST + x!r} {NORTH + y!r}' for x, y in points)})"


def point(x: float, y: float) -> str:
    return f"Point ({EAST + x!r} {NORTH + y!r})"


def circle(x: float, y: float, radius: float) -> str:
    """Return a true circle of two arcs."""
    points = [(x - radius, y), (x, y + radius), (x + radius, y), (x, y - radius), (x - radius, y)]
    return f"CurvePolygon (CircularString ({', '.join(f'{EAST + a!r} {NORTH + b!r}' for a, b in points)}))"


def ngon(x: float, y: float, radius: float, corners: int, turn: float = 0.0) -> list[tuple[float, float]]:
    """Return the corners of a regular polygon, counter-clockwise."""
    angles = (turn + 2 * math.pi * k / corners for k in range(corners))
    return [(x + radius * math.cos(a), y + radius * math.sin(a)) for a in angles]


def geometry(wkt: str | QgsGeometry | None) -> QgsGeometry:
    if wkt is None:
        return QgsGeometry()
    return wkt if isinstance(wkt, QgsGeometry) else QgsGeometry.fromWkt(wkt)


def layer(
    geometries: Iterable[str | QgsGeometry | None],
    fields: Mapping[str, Sequence] | None = None,
    *,
    crs: str = UTM,
    wkb: str = "",
    name: str = "layer",
) -> QgsVectorLayer:
    """Return a memory layer.

    ``fields`` gives the values per field, whose type is that of the first value that is not ``None``;
    ``wkb`` names the geometry type, that of the first geometry if it is left out.
    """
    shapes = [geometry(wkt) for wkt in geometries]
    kind = QgsWkbTypes.parseType(wkb) if wkb else next(s.wkbType() for s in shapes if not s.isNull())
    columns = fields or {}
    features = [(shape, [values[n] for values in columns.values()]) for n, shape in enumerate(shapes)]
    return _memory_layer(name, _fields(columns), kind, crs, features)


def _memory_layer(
    name: str, fields: QgsFields, kind: Qgis.WkbType, crs: str, features: Iterable[tuple[QgsGeometry, list]]
) -> QgsVectorLayer:
    made = QgsMemoryProviderUtils.createMemoryLayer(name, fields, kind, QgsCoordinateReferenceSystem(crs))
    rows = []
    for shape, attributes in features:
        feature = QgsFeature(made.fields())
        feature.setAttributes(attributes)
        feature.setGeometry(shape)
        rows.append(feature)
    accepted, _ = made.dataProvider().addFeatures(rows)
    assert accepted, made.dataProvider().lastError()
    made.updateExtents()
    return made


def table(fields: Mapping[str, Sequence], name: str = "table") -> QgsVectorLayer:
    """Return a memory table without geometry."""
    rows = len(next(iter(fields.values()), ()))
    return layer([None] * rows, fields, wkb="NoGeometry", crs="", name=name)


def _fields(columns: Mapping[str, Sequence]) -> QgsFields:
    fields = QgsFields()
    for name, values in columns.items():
        known = next((value for value in values if value is not None), "")
        fields.append(QgsField(name, TYPES[type(known)]))
    return fields


Change = Callable[[list[QgsFeature]], list[QgsFeature]]


def changed(source: QgsVectorLayer, change: Change, *, crs: str = "", wkb: str = "") -> QgsVectorLayer:
    """Return a copy of a layer whose features went through ``change``.

    The geometry type is ``wkb``, else that of the first changed geometry, else that of ``source``.
    """
    features = change([QgsFeature(feature) for feature in source.getFeatures()])
    types = (f.geometry().wkbType() for f in features if not f.geometry().isNull())
    kind = QgsWkbTypes.parseType(wkb) if wkb else next(types, source.wkbType())
    return _memory_layer(
        source.name(),
        source.fields(),
        kind,
        crs or source.crs().authid(),
        [(feature.geometry(), feature.attributes()) for feature in features],
    )


def reshaped(
    source: QgsVectorLayer, change: Callable[[QgsGeometry], QgsGeometry], *, crs: str = "", wkb: str = ""
) -> QgsVectorLayer:
    """Return a copy of a layer with every geometry changed."""

    def apply(features: list[QgsFeature]) -> list[QgsFeature]:
        for feature in features:
            feature.setGeometry(change(feature.geometry()))
        return features

    return changed(source, apply, crs=crs, wkb=wkb)


def reprojected(source: QgsVectorLayer, crs: str) -> QgsVectorLayer:
    """Return a copy of a layer in another CRS."""
    target = QgsCoordinateReferenceSystem(crs)
    transform = QgsCoordinateTransform(source.crs(), target, QgsProject.instance())

    def move(shape: QgsGeometry) -> QgsGeometry:
        shape.transform(transform)
        return shape

    return reshaped(source, move, crs=crs)


def saved(source: QgsVectorLayer, path: Path, table_name: str = "") -> str:
    """Write a layer into a file, beside the tables it has, and return the layer's address."""
    options = QgsVectorFileWriter.SaveVectorOptions()
    options.driverName = QgsVectorFileWriter.driverForExtension(path.suffix)
    options.layerName = path.stem if path.suffix == ".shp" else table_name or source.name()
    if path.exists():
        options.actionOnExistingFile = QgsVectorFileWriter.ActionOnExistingFile.CreateOrOverwriteLayer
    error, message, *_ = QgsVectorFileWriter.writeAsVectorFormatV3(
        source, str(path), QgsProject.instance().transformContext(), options
    )
    assert error == QgsVectorFileWriter.WriterError.NoError, message
    return f"{path}|layername={options.layerName}"


def rows(source: QgsVectorLayer) -> list[dict]:
    """Return the attributes of all features, NULL as ``None``."""
    names = source.fields().names()
    return [
        {name: None if value == NULL else value for name, value in zip(names, f.attributes(), strict=True)}
        for f in source.getFeatures()
    ]
