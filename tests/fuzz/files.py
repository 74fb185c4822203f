"""Files that a run reads: rasters, tiles of CityGML, strategies, registers, maps; many of them broken."""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from random import Random

import numpy as np
from osgeo import gdal, osr

from ..citygml_factory import (
    Point,
    block_lod1,
    building,
    gabled_roof,
    ground,
    level_roof,
    model,
    polygon,
    properties,
    reference,
    solid,
    surface,
)
from ..layer_factory import EAST, NORTH
from . import geometries, values
from .layers import bitten

# -- rasters ----------------------------------------------------------------------------------------------

PIXELS = (
    *(gdal.GDT_Byte, gdal.GDT_Int16, gdal.GDT_UInt16, gdal.GDT_Int32, gdal.GDT_UInt32),
    *(gdal.GDT_Float32, gdal.GDT_Float32, gdal.GDT_Float64, gdal.GDT_CFloat32),
)
CELL_M = (1.0, 1.0, 0.5, 10.0, 0.1, 1e-3, 1e-6, 1000.0, 1e6)
NODATA = (None, None, -9999.0, 0.0, 255.0, float("nan"), 1e308, -3.4028234663852886e38)


def raster(rng: Random, path: Path) -> str:
    """Write a raster of any type, size, cell and nodata; one in ten is broken."""
    width, height = geometries.count(rng, 400), geometries.count(rng, 400)
    cell = rng.choice(CELL_M)
    bands = rng.choice((1, 1, 1, 2, 4))
    made = gdal.GetDriverByName("GTiff").Create(str(path), width, height, bands, rng.choice(PIXELS))
    turn = rng.choice((0.0, 0.0, 0.0, 0.3, cell))
    west, north = EAST + rng.choice((-50, 0, 150, 1e5)), NORTH + rng.choice((300, 600, -50, 1e5))
    made.SetGeoTransform(
        (west, rng.choice((cell, cell, -cell, 0.0)), turn, north, turn, rng.choice((-cell, cell)))
    )
    code = rng.choice((25832, 25832, 25832, 4326, 3857, 31467, None))
    if code is not None:
        place = osr.SpatialReference()
        place.ImportFromEPSG(code)
        made.SetProjection(place.ExportToWkt())
    for number in range(1, bands + 1):
        band = made.GetRasterBand(number)
        nodata = rng.choice(NODATA)
        if nodata is not None:
            band.SetNoDataValue(nodata)
        band.WriteArray(_cells(rng, height, width))
    made.FlushCache()
    del made, band
    if rng.random() < 0.1:
        path.write_bytes(bitten(rng, path.read_bytes()))
    return str(path)


def _cells(rng: Random, height: int, width: int) -> np.ndarray:
    numbers = np.random.default_rng(rng.randrange(2**32))
    cells = numbers.choice((1.0, 30.0, 60.0, 0.5)) + numbers.normal(size=(height, width)) * 10 ** rng.uniform(
        -3, 2
    )
    odd = rng.choice((0.0, 0.0, 0.05, 1.0))
    where = numbers.random((height, width)) < odd
    cells[where] = rng.choice(values.NUMBERS)
    return np.nan_to_num(cells, posinf=1e30, neginf=-1e30) if rng.random() < 0.5 else cells


# -- CityGML ----------------------------------------------------------------------------------------------


def tile(rng: Random, folder: Path, name: str) -> str:
    """Write a tile of odd buildings; its text may be edited or its bytes bitten besides."""
    buildings = [_building(rng, number) for number in range(geometries.count(rng, 30))]
    crs = rng.choice(
        ("urn:adv:crs:ETRS89_UTM32*DE_DHHN2016_NH", "EPSG:25832", "EPSG:4326", "", "unsinn", "EPSG:5555")
    )
    text = model(*buildings, version=rng.choice(("1.0", "1.0", "2.0", "3.0")), crs=crs)
    text = values.edited(rng, text) if rng.random() < 0.3 else text
    data = text.encode("utf-8", "replace")
    path = folder / name
    path.write_bytes(bitten(rng, data) if rng.random() < 0.2 else data)
    return str(path)


def _building(rng: Random, number: int) -> str:
    at = rng.uniform(0, 200), rng.uniform(0, 200), 10 ** rng.uniform(-4, 3), 10 ** rng.uniform(-4, 3)
    name = rng.choice(("", "a", f"b{number}", f"b{number}", f"c{number}"))
    said = properties(
        roofType=rng.choice((1000, 3100, -1, "ä", "9" * 5000, "")),
        measuredHeight=rng.choice((3.0, "nan", "1e999", -9999, "")),
        storeysAboveGround=rng.choice((2, "9" * 5000, "²", -1, 1e18)),
        yearOfConstruction=rng.choice((1990, "19", "9" * 5000, "x")),
        creationDate=rng.choice(("2024-01-31", "9999-12-31", "", "31.12.2024")),
    )
    content = rng.choice(
        (
            lambda: ground(*at) + level_roof(*at, name=f"{name}d"),
            lambda: ground(*at) + gabled_roof(*at, rng.uniform(-10, 95)),
            lambda: surface("RoofSurface", *(_face(rng) for _ in range(geometries.count(rng, 20)))),
            lambda: surface(rng.choice(("GroundSurface", "WallSurface", "OuterCeilingSurface")), _face(rng)),
            lambda: solid(_face(rng), reference(f"{name}d"), reference("nirgends")),
            lambda: _nested(rng, ground(*at) + level_roof(*at)),
        )
    )()
    return rng.choice(
        (building(name, said, content), building(name, content, content), block_lod1(name, *at))
    )


def _nested(rng: Random, content: str) -> str:
    for depth in range(geometries.count(rng, 5000)):
        content = building(f"teil{depth}" if rng.random() < 0.5 else "", content, kind="BuildingPart")
    return content


def _face(rng: Random) -> str:
    ring = rng.choice(geometries.RINGS)(rng, geometries.size(rng))[:400]
    low = rng.choice((46.0, 0.0, -9999.0, 1e9, float("nan")))
    corners: list[Point] = [(x, y, low + rng.uniform(-1, 1)) for x, y in ring or [(0.0, 0.0)]]
    return polygon(corners, *([corners[::-1]] if rng.random() < 0.2 else []))


# -- strategies -------------------------------------------------------------------------------------------

LINES = (
    *("extends: ruhr", "extends: nirgends", "goals: []", "targets: []", "---", "%YAML 9.9", "? [", "&a [*a]"),
    *("targets:", "  - id: hz19.aue", "    hz: 19", "    value: 5.0", "    unit: '%'", "    direction: '>='"),
    *(
        "    indicator: {de: x}",
        "    scope: region",
        "    origin: S",
        "    source: x",
        "    date: 9999-12-31",
    ),
    *("municipalities:", "  - {ags: '05911000', name: Bochum, area_ha: .inf}", "presets:", "assignments:"),
    *("strategy: {id: ruhr, name: {de: x}, region: x, edition: x, source: x}", "  rows: [{hz: 2}]"),
    *('strategy: {region: "\\ud800"}', 'strategy: {region: "a\\0b"}', 'strategy: {region: "\\U00110000"}'),
    *("strategy: {region: !!python/object:os.system x}", "a: &a [1]\nb: [*a, *a]", "[" * 3000, "{" * 3000),
    *("strategy: {region: 2026-02-30}", "goals: [{number: 0o19}]", "goals: [{number: " + "9" * 5000 + "}]"),
)


def strategy(rng: Random, folder: Path) -> str:
    """Write lines of strategies in no order, or such a file bitten."""
    chosen = [rng.choice(LINES) for _ in range(rng.choice((1, 2, 5, 12)))]
    text = "\n".join(["extends: ruhr", *chosen] if rng.random() < 0.5 else chosen)
    text = values.edited(rng, text) if rng.random() < 0.5 else text
    data = text.encode("utf-8", "replace")
    path = folder / "eigene.yaml"
    path.write_bytes(bitten(rng, data) if rng.random() < 0.2 else data)
    return str(path)


# -- registers and other files ----------------------------------------------------------------------------


def register(rng: Random, given: object, folder: Path) -> str:
    """Return a register that is damaged, locked out of sight, something else, or not there."""
    path = Path(str(given))
    if not path.is_file() or rng.random() < 0.2:
        return str(
            rng.choice((folder, folder / "fehlt.gpkg", folder / "fehlt" / "x.gpkg", folder / "a\nb.gpkg"))
        )
    if rng.random() < 0.5:
        path.write_bytes(bitten(rng, path.read_bytes()))
    else:
        with closing(sqlite3.connect(path)) as connection, suppress(sqlite3.Error):
            tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
            name = rng.choice([name for (name,) in tables])
            connection.execute(f'DROP TABLE "{name}"' if rng.random() < 0.5 else f'DELETE FROM "{name}"')
            connection.commit()
    return str(path)


def any_file(rng: Random, folder: Path, ending: str) -> str:
    """Write a file of rubbish; at times return a folder or a path where nothing is."""
    path = folder / f"datei.{ending}"
    data = rng.choice((b"", b"\0" * 100, values.text(rng).encode("utf-8", "replace"), rng.randbytes(500)))
    path.write_bytes(rng.choice((b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")) + data)
    return str(rng.choice((path, path, path, folder, folder / "fehlt")))
