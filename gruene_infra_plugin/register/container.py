"""GeoPackages by GDAL: an empty one, and what GDAL cannot do as an exception."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from osgeo import gdal

NO_COUNTS = ["ADD_GPKG_OGR_CONTENTS=NO"]
"""The count that OGR would keep beside a table is right only if OGR writes every row."""


def create_empty(path: Path) -> gdal.Dataset:
    """Make a GeoPackage that holds nothing but its own tables, whatever its name ends with.

    Raises
    ------
    RuntimeError
        If it cannot be written.
    """
    with gdal_raises():
        gdal.PushErrorHandler("CPLQuietErrorHandler")  # it would have the name end otherwise
        try:
            made = gdal.GetDriverByName("GPKG").Create(str(path), 0, 0, 0, gdal.GDT_Unknown, NO_COUNTS)
            made.FlushCache()
        finally:
            gdal.PopErrorHandler()
    return made


@contextmanager
def gdal_raises() -> Iterator[None]:
    """Let GDAL raise what it cannot do as ``RuntimeError``."""
    before = gdal.GetUseExceptions()
    gdal.UseExceptions()
    try:
        yield
    finally:
        if not before:
            gdal.DontUseExceptions()
