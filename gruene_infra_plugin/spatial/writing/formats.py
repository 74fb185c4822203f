"""Engine ``formats``: which formats of files keep what a result holds, and how it is written to them.

A result is the input of a next step. So a format counts only if QGIS reads the same values from it: texts of
any length, numbers, days, what is empty and what is NULL, polygons in their CRS. Tested for all formats that
QGIS 3.40 writes with GDAL 3.6; others are refused before a run.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager

from osgeo import gdal
from qgis.core import QgsFields, QgsProcessingFeedback, QgsVectorFileWriter

from ...i18n import translate
from ..reading.plain_text import marked
from ..reading.stored_files import place_of

LAYERS = ("gpkg", "shp", "geojson", "json", "fgb", "sqlite", "gdb")
"""Endings of formats that keep polygons and lines with their attributes, the best first."""
TABLES = ("gpkg", "csv", "xlsx", "ods", "geojson", "json", "gdb")
"""Endings of formats that keep a table without geometry."""
LISTS = (*LAYERS, "csv", "xlsx", "ods")
"""Endings of formats for layers whose attributes alone are of use."""
SPREADSHEETS = frozenset({"CSV", "XLSX", "ODS"})
"""Drivers of formats for spreadsheets."""
SHAPEFILE = "ESRI Shapefile"
"""The driver of Shapefiles."""
LONGEST_IN_SHAPEFILE = 254
"""Bytes of a text in a Shapefile."""
SPREADSHEET_CELL = 32_767
"""Characters that a cell of a spreadsheet holds; drivers of other formats give up at a few million."""
OF_ANY_LENGTH = frozenset({"GPKG", "SQLite", "FlatGeobuf", "OpenFileGDB"})
"""Drivers of formats that hold texts of any length."""


def written(endings: Collection[str]) -> list[str]:
    """Return those of the endings that QGIS can write here, in their order."""
    known = set(QgsVectorFileWriter.supportedFormatExtensions())
    return [ending for ending in endings if ending in known]


def refused_ending(destination: object, endings: Collection[str]) -> str | None:
    """Return the ending of a file to which a result cannot go, ``None`` if it can.

    What is no file can hold everything, and to an ending that QGIS does not know it adds one that it does.
    """
    place = place_of(destination)
    if place is None:
        return None
    named = [".".join(place.file.name.lower().split(".")[-parts:]) for parts in (2, 1)]  # .gpkg.zip, .gpkg
    ending = next((ending for ending in named if QgsVectorFileWriter.driverForExtension(ending)), None)
    return None if ending in endings else ending


def is_for_spreadsheets(destination: str) -> bool:
    """Say whether what goes to a destination of QGIS is a file that spreadsheets open."""
    return _driver(destination) in SPREADSHEETS


def layer_options(destination: str) -> list[str]:
    """Return options for GDAL in place of those that QGIS has of its own; none where those will do."""
    added = _OPTIONS.get(_driver(destination))
    if added is None:
        return []
    name, _, _ = added.partition("=")
    own = QgsVectorFileWriter.defaultLayerOptions(_driver(destination))
    return [*(option for option in own if not option.startswith(f"{name}=")), added]


@contextmanager
def first_row_names_columns() -> Iterator[None]:
    """Let this thread read a sheet as it was written.

    Else GDAL takes its first row for column names only if another one holds something else than texts.
    """
    before = {name: gdal.GetThreadLocalConfigOption(name) for name in _HEADERS}
    try:
        for name in _HEADERS:
            gdal.SetThreadLocalConfigOption(name, "FORCE")
        yield
    finally:
        for name, value in before.items():
            gdal.SetThreadLocalConfigOption(name, value)


_NO_XML = re.compile("[\ufffe\uffff]")
"""Signs that spreadsheets cannot hold: GDAL writes them, and nothing behind them can be read."""
_HEADERS = ("OGR_XLSX_HEADERS", "OGR_ODS_HEADERS")
_OPTIONS = {"CSV": "CREATE_CSVT=YES", "SQLite": "LAUNDER=NO"}
"""Beside a CSV file, one that says what its columns are; names of fields in SQLite as they are."""


def texts_of(destination: str, fields: QgsFields) -> Texts | None:
    """Return what makes of texts what a file can hold, ``None`` where it holds all as they are."""
    driver = _driver(destination)
    return None if driver in OF_ANY_LENGTH or not driver else Texts(driver, fields)


def _driver(destination: str) -> str:
    """Return GDAL's driver for the file of a destination, the empty one where it says none."""
    place = place_of(destination)
    return "" if place is None else str(QgsVectorFileWriter.driverForExtension(place.file.suffix))


class Texts:
    """Makes of the texts among attributes what a file can hold; notes those that it cuts."""

    def __init__(self, driver: str, fields: QgsFields) -> None:
        self._marks = driver in SPREADSHEETS
        self._is_shapefile = driver == SHAPEFILE
        self._names = fields.names()
        self._cut: Counter[str] = Counter()

    def __call__(self, attributes: Sequence) -> list:
        pairs = zip(self._names, attributes, strict=True)
        return [self._kept(name, value) if isinstance(value, str) else value for name, value in pairs]

    def _kept(self, name: str, text: str) -> str:
        if self._marks:
            text = _NO_XML.sub("\ufffd", marked(text))
        size, most = len(text), SPREADSHEET_CELL
        if self._is_shapefile:
            size, most = len(text.encode("utf-8", "replace")), LONGEST_IN_SHAPEFILE
        if size <= most:
            return text
        self._cut[name] += 1
        return text[:most]  # of a Shapefile the driver cuts the last bytes

    def report(self, destination: str, feedback: QgsProcessingFeedback) -> None:
        """Say what was cut."""
        if not self._cut:
            return
        if self._is_shapefile:
            message = translate(
                "GrueneInfra",
                "{path}: a Shapefile keeps {longest} bytes of a text; {count} are cut ({fields}). "
                "A GeoPackage (.gpkg) keeps them whole.",
            )
            told = {"count": self._cut.total(), "fields": ", ".join(self._cut)}
            said = message.format(path=destination, longest=LONGEST_IN_SHAPEFILE, **told)
        else:
            message = translate(
                "GrueneInfra", "{path}: texts of more than {most} characters are cut to that."
            )
            said = message.format(path=destination, most=SPREADSHEET_CELL)
        feedback.pushWarning(said)
