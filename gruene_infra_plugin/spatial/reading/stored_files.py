"""Where inputs and outputs are stored as files, under whatever names."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from osgeo import gdal
from qgis.core import (
    QgsDataSourceUri,
    QgsProcessing,
    QgsProcessingFeatureSourceDefinition,
    QgsProcessingOutputLayerDefinition,
    QgsProperty,
    QgsProviderRegistry,
)
from qgis.PyQt.QtCore import QFileInfo

from .plain_text import SPREADSHEETS

NO_FILES = ("", QgsProcessing.TEMPORARY_OUTPUT)
NO_OGR = re.compile(r"(?!ogr:)\w{3,}:")
"""How the address of a temporary layer or of a table of a database begins."""
LAYER_PARAMETERS = frozenset({"source", "vector", "raster", "layer", "multilayer"})
ALONE = SPREADSHEETS | {".gpkg", ".gml", ".xml"}
"""Endings of files that are all of their layers; beside a GML, GDAL writes what it has learnt of it."""
COMPANIONS = (
    frozenset({".shp", ".shx", ".dbf", ".prj", ".cpg", ".qix"}),
    frozenset({".tab", ".dat", ".map", ".id", ".ind"}),
    frozenset({".mif", ".mid"}),
)
"""Endings of files that are one layer together and are written together."""


@dataclass(frozen=True)
class StoredTable:
    """A file and a table in it; ``table`` is ``None`` where the address names the file alone.

    Of a file that is used as a ``whole``, such as a register, every table belongs to it.
    """

    file: Path
    table: str | None
    whole: bool = False

    def replaces(self, other: StoredTable) -> bool:
        """Return whether writing here would overwrite ``other``, under whatever name that goes."""
        written = {_identity(path) for path in companions(self.file)}
        if written.isdisjoint(map(_identity, (*companions(other.file), *siblings(other.file)))):
            return False
        if self.table is None or other.whole or _identity(self.file) != _identity(other.file):
            return True
        there = other.table or next(iter(tables(other.file)), "")
        return self.table.lower() == there.lower()


def place_of(address: object) -> StoredTable | None:
    """Return where an address such as ``x.gpkg``, ``x.gpkg|layername=a`` or ``ogr:dbname=…`` points.

    ``None`` for what is no file: temporary layers, databases, no address at all.
    """
    if not isinstance(address, str) or address in NO_FILES or NO_OGR.match(address):
        return None
    if not address.startswith("ogr:"):
        return place_in("ogr", address)
    rest = address.removeprefix("ogr:").removeprefix("//")
    uri = QgsDataSourceUri(rest)
    return StoredTable(Path(uri.database() or rest).resolve(), uri.table() or None)


def place_in(provider: str, source: str) -> StoredTable | None:
    """Return where the source of a layer is stored, as its data provider reads it; ``None`` for no file."""
    parts = QgsProviderRegistry.instance().decodeUri(provider, source)
    if not parts.get("path"):
        return None
    file, name, number = Path(parts["path"]).resolve(), parts.get("layerName"), parts.get("layerId")
    if not name and isinstance(number, int):
        name = dict(enumerate(tables(file))).get(number)
    return StoredTable(file, name or None)


def plain(value: object) -> object:
    """Return the value inside the wrappers of Processing."""
    if isinstance(value, QgsProcessingFeatureSourceDefinition):
        value = value.source
    elif isinstance(value, QgsProcessingOutputLayerDefinition):
        value = value.sink
    return value.staticValue() if isinstance(value, QgsProperty) else value


def tables(file: Path) -> list[str]:
    """Return the names of the tables in a file, none where it cannot be read."""
    source = _opened(file, gdal.OF_VECTOR)
    if source is None and file.with_name(f"{file.name}-journal").exists():
        # what a killed program had begun is undone first, as QGIS does
        source = _opened(file, gdal.OF_VECTOR | gdal.OF_UPDATE)
    return [source.GetLayer(i).GetName() for i in range(source.GetLayerCount())] if source else []


def _opened(file: Path, flags: int) -> gdal.Dataset | None:
    with suppress(RuntimeError):  # which GDAL raises where its exceptions are switched on
        return gdal.OpenEx(str(file), flags)
    return None


def siblings(file: Path) -> list[Path]:
    """Return the files that GDAL reads together with one, such as those of a shapefile."""
    alone = file.suffix.lower() in ALONE or not QFileInfo(str(file)).exists()
    source = None if alone else _opened(file, 0)
    return list(map(Path, source.GetFileList() or ())) if source else []


def companions(file: Path) -> list[Path]:
    """Return a file with those that are always written with it."""
    endings = next((family for family in COMPANIONS if file.suffix.lower() in family), frozenset())
    return [file, *(file.with_suffix(ending) for ending in endings)]


def _identity(path: Path) -> object:
    """Return what all names of a file have in common, links too; the full path where there is none yet."""
    with suppress(OSError):
        known = path.stat()
        if known.st_ino:
            return known.st_dev, known.st_ino
    return os.path.normcase(path.resolve())
