"""Seeded inputs of the benchmarks: the same layers on every machine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path

import numpy as np
from osgeo import gdal, ogr, osr

SEED = 20301231
REGION_M = 40_000.0
ORIGIN = (350_000.0, 5_690_000.0)


def polygon_wkb(rings: np.ndarray) -> Iterator[bytes]:
    """Yield WKB of polygons from closed rings of one length, shape (polygons, n, 2), metres."""
    return _wkb(rings, 3, [1, rings.shape[1]])


def line_wkb(lines: np.ndarray) -> Iterator[bytes]:
    """Yield WKB of lines of one length, shape (lines, n, 2), metres."""
    return _wkb(lines, 2, [lines.shape[1]])


def point_wkb(points: np.ndarray) -> Iterator[bytes]:
    """Yield WKB of points, shape (points, 2), metres."""
    return _wkb(points[:, None, :], 1, [])


def _wkb(vertices: np.ndarray, kind: int, counts: list[int]) -> Iterator[bytes]:
    head = b"\x01" + np.array([kind, *counts], dtype="<u4").tobytes()
    for one in np.ascontiguousarray(vertices, dtype="<f8"):
        yield head + one.tobytes()


def write(path: Path, name: str, shapes: Iterable[bytes], columns: Mapping[str, Sequence]) -> Path:
    """Write shapes of one kind with their attributes: texts, integers or real numbers; ``None`` is NULL."""
    crs = osr.SpatialReference()
    crs.ImportFromEPSG(25832)
    path.unlink(missing_ok=True)
    source = ogr.GetDriverByName("GPKG").CreateDataSource(str(path))
    rows = zip(shapes, *(_plain(values) for values in columns.values()), strict=True)
    first = next(rows)
    layer = source.CreateLayer(name, crs, ogr.CreateGeometryFromWkb(first[0]).GetGeometryType())
    for field, values in columns.items():
        layer.CreateField(ogr.FieldDefn(field, _field_type(values)))
    layer.StartTransaction()
    feature = ogr.Feature(layer.GetLayerDefn())
    for shape, *values in chain([first], rows):
        feature.SetFID(ogr.NullFID)
        feature.SetGeometryDirectly(ogr.CreateGeometryFromWkb(shape))
        for number, value in enumerate(values):
            if value is None:
                feature.SetFieldNull(number)
            else:
                feature.SetField(number, value)
        layer.CreateFeature(feature)
    layer.CommitTransaction()
    return path


def _plain(values: Sequence) -> Sequence:
    return values.tolist() if isinstance(values, np.ndarray) else values


def _field_type(values: Sequence) -> int:
    known = [value for value in _plain(values) if value is not None]
    if any(isinstance(value, str) for value in known):
        return ogr.OFTString
    return ogr.OFTReal if any(isinstance(value, float) for value in known) else ogr.OFTInteger


def write_buildings(path: Path, count: int, seed: int = SEED) -> Path:
    """Write ``count`` rotated rectangles of 6 to 40 m with a year of construction."""
    rng = np.random.default_rng(seed)
    centre = rng.uniform(0, REGION_M, (count, 2)) + ORIGIN
    rings = _rectangles(centre, rng.uniform(3, 20, (count, 2)), rng.uniform(0, np.pi, count))
    years = rng.integers(1890, 2025, count)
    return write(path, "gebaeude", polygon_wkb(rings), {"gebaeude_id": _ids(count), "baujahr": years})


def _rectangles(centre: np.ndarray, half: np.ndarray, angle: np.ndarray) -> np.ndarray:
    """Return closed rings of turned rectangles, shape (n, 5, 2), by half of their sides."""
    corners = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1], [-1, -1]]) * half[:, None, :]
    turn = np.stack([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]).transpose(2, 0, 1)
    return np.einsum("nij,nkj->nki", turn, corners) + centre[:, None, :]


def _ids(count: int) -> list[str]:
    return [f"DENW{number:012d}" for number in range(count)]


def write_floodplains(path: Path, count: int = 40, vertices: int = 8_000, seed: int = SEED) -> Path:
    """Write ``count`` bent, frayed river corridors with ``vertices`` vertices each."""
    rng = np.random.default_rng(seed + 1)
    classes = ("festgesetzt", "vorläufig gesichert", "Auenkulisse")
    rings, along = [], np.linspace(0, 1, vertices // 2)
    for _ in range(count):
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
        rings.append(np.vstack([ring, ring[:1]]))
    of_each = [classes[number % len(classes)] for number in range(count)]
    return write(path, "auen", polygon_wkb(np.array(rings)), {"klasse": of_each})


ROOF_SITE_M = 44.0


def write_roofs(
    path: Path, count: int, side_m: float, seed: int = SEED, columns: Mapping[str, Sequence] | None = None
) -> Path:
    """Write ``count`` rotated footprints of 8 to 30 m that never meet, spread over a square of ``side_m``."""
    rng = np.random.default_rng(seed + 2)
    sites = int(side_m // ROOF_SITE_M)
    chosen = rng.choice(sites * sites, count, replace=False)
    centre = (np.stack(np.divmod(chosen, sites), 1) + 0.5) * ROOF_SITE_M + ORIGIN
    rings = _rectangles(centre, rng.uniform(4, 15, (count, 2)), rng.uniform(0, np.pi, count))
    return write(path, "gebaeude", polygon_wkb(rings), {"gebaeude_id": _ids(count), **(columns or {})})


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
