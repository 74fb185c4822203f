"""Places that outputs are written to: files of every format, tables in files, tables in PostgreSQL."""

from __future__ import annotations

from pathlib import Path

from gruene_infra.gruene_infra_plugin.spatial.writing.outputs import Outputs
from gruene_infra.processing.algorithms.hz19_floodplain_buildings import FloodplainBuildings
from osgeo import gdal
from qgis.core import (
    Qgis,
    QgsCoordinateReferenceSystem,
    QgsDataSourceUri,
    QgsField,
    QgsFields,
    QgsGeometry,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProject,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QMetaType

FILES = (
    *("gpkg", "sqlite", "shp", "tab", "gml", "gdb", "csv", "geojson", "geojsonl", "geojsons"),
    *("fgb", "kml", "gxt", "ods", "xlsx", "mif", "txt", "unbekannt"),
)
"""Endings of all formats that take polygons with attributes, and some to which QGIS adds one it knows."""
CONTAINERS = ("gpkg", "sqlite", "gdb")
"""Endings of the formats in whose files QGIS adds a table to others."""
STYLE = "hz19_floodplain_buildings"


class Writing:
    """Outputs of an algorithm with the sinks OUTPUT and SUMMARY."""

    def __init__(self, parameters: dict, log: QgsProcessingFeedback | None = None) -> None:
        self.algorithm = FloodplainBuildings().create()
        self.context = QgsProcessingContext()
        self.context.setProject(QgsProject.instance())
        self.outputs = Outputs(self.algorithm, parameters, self.context, log or QgsProcessingFeedback(False))

    def open(self, name: str = "OUTPUT") -> None:
        fields = QgsFields()
        fields.append(QgsField("id", QMetaType.Type.QString))
        fields.append(QgsField("in_aue_m2", QMetaType.Type.Double))
        self.outputs.open(name, fields, Qgis.WkbType.MultiPolygon, QgsCoordinateReferenceSystem("EPSG:25832"))

    def write(self, count: int = 3, mark: str = "b") -> Outputs:
        self.open()
        for number in range(count):
            west = 20 * number
            shape = QgsGeometry.fromWkt(f"MultiPolygon ((({west} 0, {west + 12} 0, {west} 10, {west} 0)))")
            self.outputs.add("OUTPUT", [f"{mark}{number}", 60.0], shape)
        return self.outputs


def as_table(path: Path, name: str) -> str:
    return f"ogr:dbname='{path}' table=\"{name}\" (geom)"


def ids(address: str) -> list[str]:
    """Return the column ``id`` of an output, in order; raise if it cannot be opened."""
    if address.startswith("postgres://"):
        uri = QgsDataSourceUri(address.removeprefix("postgres://"))
        layer = QgsVectorLayer(uri.uri(False), "x", "postgres")
        assert layer.isValid(), address
        return sorted(str(feature["id"]) for feature in layer.getFeatures())
    path, _, table = address.partition("|layername=")
    # QGIS too undoes first what a killed program had begun
    mode = gdal.OF_UPDATE if Path(f"{path}-journal").exists() else gdal.OF_READONLY
    source = gdal.OpenEx(path, gdal.OF_VECTOR | mode)
    assert source is not None, address
    layer = source.GetLayerByName(table) if table else source.GetLayer(0)
    return sorted(row["id"] for row in layer)
