"""Write layers to a GeoPackage that comes out the same each time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from osgeo import gdal, ogr, osr

from .geometry import Geometry

DATE = "2024-01-01T00:00:00.000Z"  # recorded as last change, so that two runs give the same file

TEXT, INTEGER, REAL = ogr.OFTString, ogr.OFTInteger, ogr.OFTReal
TYPES = {
    "Polygon": ogr.wkbPolygon,
    "MultiPolygon": ogr.wkbMultiPolygon,
    "LineString": ogr.wkbLineString,
    "": ogr.wkbNone,
}

Row = tuple[Geometry | None, tuple[str | int | float | None, ...]]


@dataclass(frozen=True)
class Layer:
    """A table to write: name, titles shown to users, geometry type and ``(field, type)`` pairs."""

    table: str
    title: str
    description: str
    geometry: str
    fields: tuple[tuple[str, int], ...]


def write(path: Path, layers: Iterable[tuple[Layer, list[Row]]], origin: tuple[int, int], epsg: int) -> None:
    """Write ``layers`` to a new GeoPackage; coordinates are moved by ``origin`` and kept in millimetres.

    Raises ``RuntimeError`` where GDAL cannot write the file.
    """
    gdal.UseExceptions()
    path.unlink(missing_ok=True)
    gdal.SetConfigOption("OGR_CURRENT_DATE", DATE)
    try:
        source = ogr.GetDriverByName("GPKG").CreateDataSource(str(path), options=["ADD_GPKG_OGR_CONTENTS=NO"])
        reference = osr.SpatialReference()
        reference.ImportFromEPSG(epsg)
        for layer, rows in layers:
            _write_layer(source, layer, rows, origin, reference)
        source.ExecuteSQL("VACUUM")
        source = None
    finally:
        gdal.SetConfigOption("OGR_CURRENT_DATE", None)


def _write_layer(
    source: ogr.DataSource,
    layer: Layer,
    rows: list[Row],
    origin: tuple[int, int],
    reference: osr.SpatialReference,
) -> None:
    options = [f"IDENTIFIER={layer.title}", f"DESCRIPTION={layer.description}", "GEOMETRY_NAME=geom"]
    spatial = bool(layer.geometry)
    table = source.CreateLayer(layer.table, reference if spatial else None, TYPES[layer.geometry], options)
    for name, kind in layer.fields:
        table.CreateField(ogr.FieldDefn(name, kind))
    definition = table.GetLayerDefn()
    table.StartTransaction()
    for geometry, values in rows:
        feature = ogr.Feature(definition)
        for number, value in enumerate(values):
            if value is not None:
                feature.SetField(number, value)
        if geometry is not None:
            feature.SetGeometryDirectly(moved(geometry, origin))
        table.CreateFeature(feature)
    table.CommitTransaction()


def moved(geometry: Geometry, origin: tuple[int, int]) -> Geometry:
    """Return a copy of ``geometry`` moved by ``origin``, its coordinates in whole millimetres."""
    copy = geometry.Clone()
    _move(copy, origin)
    return copy


def _move(geometry: Geometry, origin: tuple[int, int]) -> None:
    for number in range(geometry.GetGeometryCount()):
        _move(geometry.GetGeometryRef(number), origin)
    for number in range(geometry.GetPointCount()):
        x, y = geometry.GetX(number), geometry.GetY(number)
        geometry.SetPoint_2D(number, round(x, 3) + origin[0], round(y, 3) + origin[1])
