"""Seeded inputs of the benchmarks: the same layers on every machine."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from osgeo import gdal, ogr, osr

SEED = 20301231
REGION_M = 40_000.0
ORIGIN = (350_000.0, 5_690_000.0)


def _layer(path: Path, name: str, fields: dict[str, int]) -> tuple[ogr.DataSource, ogr.Layer]:
    crs = osr.SpatialReference()
    crs.ImportFromEPSG(25832)
    path.unlink(missing_ok=True)
    source = ogr.GetDriverByName("GPKG").CreateDataSource(str(path))
    layer = source.CreateLayer(name, crs, ogr.wkbPolygon)
    for field, kind in fields.items():
        layer.CreateField(ogr.FieldDefn(field, kind))
    return source, layer


def _ring_wkb(ring: np.ndarray) -> bytes:
    """WKB of one polygon from a closed ring, shape (n, 2), metres."""
    head = np.array([3, 1, len(ring)], dtype="<u4").tobytes()
    return b"\x01" + head + np.ascontiguousarray(ring, dtype="<f8").tobytes()


def write_buildings(path: Path, count: int, seed: int = SEED) -> Path:
    """Write ``count`` rotated rectangles of 6 to 40 m with a year of construction."""
    rng = np.random.default_rng(seed)
    centre = rng.uniform(0, REGION_M, (count, 2)) + ORIGIN
    half = rng.uniform(3, 20, (count, 2))
    angle = rng.uniform(0, np.pi, count)
    corners = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1], [-1, -1]]) * half[:, None, :]
    turn = np.stack([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]).transpose(2, 0, 1)
    rings = np.einsum("nij,nkj->nki", turn, corners) + centre[:, None, :]
    years = rng.integers(1890, 2025, count)

    _source, layer = _layer(path, "gebaeude", {"gebaeude_id": ogr.OFTString, "baujahr": ogr.OFTInteger})
    layer.StartTransaction()
    for number in range(count):
        feature = ogr.Feature(layer.GetLayerDefn())
        feature.SetGeometryDirectly(ogr.CreateGeometryFromWkb(_ring_wkb(rings[number])))
        feature["gebaeude_id"] = f"DENW{number:012d}"
        feature["baujahr"] = int(years[number])
        layer.CreateFeature(feature)
    layer.CommitTransaction()
    return path


def write_floodplains(path: Path, count: int = 40, vertices: int = 8_000, seed: int = SEED) -> Path:
    """Write ``count`` bent, frayed river corridors with ``vertices`` vertices each."""
    rng = np.random.default_rng(seed + 1)
    classes = ("festgesetzt", "vorläufig gesichert", "Auenkulisse")
    _source, layer = _layer(path, "auen", {"klasse": ogr.OFTString})
    layer.StartTransaction()
    along = np.linspace(0, 1, vertices // 2)
    for number in range(count):
        start, heading = rng.uniform(0, REGION_M, 2) + ORIGIN, rng.uniform(0, 2 * np.pi)
        length, width = rng.uniform(6_000, 12_000), rng.uniform(150, 500)
        bend = 400 * np.sin(2 * np.pi * (along * rng.uniform(1, 3) + rng.uniform()))
        fray = np.cumsum(rng.normal(0, 1, (2, len(along))), axis=1)
        fray = 0.25 * width * fray / np.abs(fray).max()
        upper, lower = bend + width / 2 + fray[0], bend - width / 2 + fray[1]
        local = np.concatenate(
            [np.stack([along * length, upper], 1), np.stack([along * length, lower], 1)[::-1]]
        )
        turn = np.array([[np.cos(heading), -np.sin(heading)], [np.sin(heading), np.cos(heading)]])
        ring = local @ turn.T + start
        feature = ogr.Feature(layer.GetLayerDefn())
        feature.SetGeometryDirectly(ogr.CreateGeometryFromWkb(_ring_wkb(np.vstack([ring, ring[:1]]))))
        feature["klasse"] = classes[number % len(classes)]
        layer.CreateFeature(feature)
    layer.CommitTransaction()
    return path


ROOF_SITE_M = 44.0


def write_roofs(path: Path, count: int, side_m: float, seed: int = SEED) -> Path:
    """Write ``count`` rotated footprints of 8 to 30 m that never meet, spread over a square of ``side_m``."""
    rng = np.random.default_rng(seed + 2)
    sites = int(side_m // ROOF_SITE_M)
    chosen = rng.choice(sites * sites, count, replace=False)
    centre = (np.stack(np.divmod(chosen, sites), 1) + 0.5) * ROOF_SITE_M + ORIGIN
    half = rng.uniform(4, 15, (count, 2))
    angle = rng.uniform(0, np.pi, count)
    corners = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1], [-1, -1]]) * half[:, None, :]
    turn = np.stack([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]).transpose(2, 0, 1)
    rings = np.einsum("nij,nkj->nki", turn, corners) + centre[:, None, :]
    _source, layer = _layer(path, "gebaeude", {"gebaeude_id": ogr.OFTString})
    layer.StartTransaction()
    for number in range(count):
        feature = ogr.Feature(layer.GetLayerDefn())
        feature.SetGeometryDirectly(ogr.CreateGeometryFromWkb(_ring_wkb(rings[number])))
        feature["gebaeude_id"] = f"DENW{number:012d}"
        layer.CreateFeature(feature)
    layer.CommitTransaction()
    return path


def write_surface(path: Path, cells: int, tile: int = 512, seed: int = SEED) -> Path:
    """Write a surface model of ``cells`` x ``cells`` cells of 1 m with noise to the centimetre.

    A tiled, compressed GeoTIFF; one square of four tiles is repeated, so that it is written quickly.
    """
    rng = np.random.default_rng(seed + 3)
    step = np.arange(2 * tile)
    relief = 50 + 8 * np.sin(2 * np.pi * step / 128)  # slopes of 0 to 29 degrees
    heights = relief[:, None] + relief[None, :]
    square = np.round(heights + rng.normal(0, 0.05, heights.shape), 2).astype(np.float32)
    options = ["TILED=YES", "COMPRESS=DEFLATE", "ZLEVEL=1", f"BLOCKXSIZE={tile}", f"BLOCKYSIZE={tile}"]
    driver = gdal.GetDriverByName("GTiff")
    made = driver.Create(str(path), cells, cells, 1, gdal.GDT_Float32, [*options, "NUM_THREADS=ALL_CPUS"])
    crs = osr.SpatialReference()
    crs.ImportFromEPSG(25832)
    made.SetSpatialRef(crs)
    made.SetGeoTransform((ORIGIN[0], 1.0, 0.0, ORIGIN[1] + cells, 0.0, -1.0))
    band = made.GetRasterBand(1)
    for row in range(0, cells, 2 * tile):
        strip = np.tile(square, (1, -(-cells // (2 * tile))))[: min(2 * tile, cells - row), :cells]
        band.WriteArray(strip, 0, row)
    return path
