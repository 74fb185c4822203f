"""HZ 02: slopes of 50 000 roofs from 10 000 x 10 000 cells, beside reading them and QGIS's own algorithms."""

from __future__ import annotations

from pathlib import Path

from session import measure, median_seconds, seconds

COUNT = 50_000
CELLS = 10_000


def report(folder: Path) -> list[tuple[str, float, str, float]]:
    """Return rows of (what, ratio or figure, bound as text, bound)."""
    roofs, surface = folder / "roofs.gpkg", folder / "surface.tif"
    spread, fourfold = folder / "spread.gpkg", folder / "fourfold.tif"
    measure("zonal", "write", roofs, surface, CELLS)
    measure("zonal", "write", spread, fourfold, 2 * CELLS)
    reading, ours = [], []
    for _ in range(3):  # in turn, so that a machine that slows down slows both
        reading.append(measure("zonal", "read_blocks", surface))
        ours.append(measure("zonal", "slopes", roofs, surface))
    native = measure("zonal", "native", roofs, surface, folder)["seconds"]
    large = measure("zonal", "slopes", spread, fourfold)
    read, own = median_seconds(reading), median_seconds(ours)
    peak = max(row["peak_mb"] for row in ours)
    return [
        ("roof slopes / reading block by block", own / read, "<=", 2.5),
        ("native:slope + zonalstatisticsfb / roof slopes", native / own, ">=", 2.5),
        ("peak memory, MB", peak, "<=", 1024.0),
        ("peak memory, four times the raster / once", large["peak_mb"] / peak, "<=", 1.1),
        ("peak memory, once / four times the raster", peak / large["peak_mb"], "<=", 1.1),
    ]


def write(roofs: str, surface: str, cells: str) -> dict[str, float]:
    """Write the inputs, in a process of its own: what a process once held counts for those it starts."""
    import inputs

    inputs.write_roofs(Path(roofs), COUNT, float(cells))
    return {"seconds": seconds(lambda: inputs.write_surface(Path(surface), int(cells)))}


def read_blocks(surface: str) -> dict[str, float]:
    """Time reading every block of the raster once."""
    from osgeo import gdal

    def work() -> None:
        raster = gdal.Open(surface)
        band = raster.GetRasterBand(1)
        width, height = band.GetBlockSize()
        for row in range(0, band.YSize, height):
            for col in range(0, band.XSize, width):
                band.ReadAsArray(col, row, min(width, band.XSize - col), min(height, band.YSize - row))

    return {"seconds": seconds(work)}


def slopes(roofs: str, surface: str) -> dict[str, float]:
    """Time slopes and flat shares of all roofs, from opened geometries."""
    from gruene_infra.gruene_infra_plugin.spatial.buildings.roof_surface import measure_roofs
    from gruene_infra.gruene_infra_plugin.spatial.grid.zonal import Raster
    from qgis.core import QgsCoordinateReferenceSystem, QgsProcessingFeedback, QgsVectorLayer

    shapes = [feature.geometry() for feature in QgsVectorLayer(roofs).getFeatures()]
    crs, feedback = QgsCoordinateReferenceSystem("EPSG:25832"), QgsProcessingFeedback()

    def work() -> None:
        measure_roofs(Raster.open(surface, "DOM", crs, feedback), shapes, feedback=feedback)

    return {"seconds": seconds(work)}


def native(roofs: str, surface: str, folder: str) -> dict[str, float]:
    """Time the slope of every cell and its statistics per roof."""
    import processing

    slopes = str(Path(folder) / "slope.tif")

    def work() -> None:
        processing.run("native:slope", {"INPUT": surface, "Z_FACTOR": 1, "OUTPUT": slopes})
        values = {"INPUT": roofs, "INPUT_RASTER": slopes, "STATISTICS": [2, 3], "OUTPUT": "TEMPORARY_OUTPUT"}
        processing.run("native:zonalstatisticsfb", values)

    return {"seconds": seconds(work)}
