"""Drafts of tables in a GeoPackage that holds others: another table there, renamed in one transaction."""

from __future__ import annotations

import errno
import re
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from osgeo import gdal, ogr
from qgis.core import QgsDataSourceUri

from ...reading.stored_files import tables
from .base import TABLE, Draft
from .beside import Beside, is_left

LEFT = re.compile(TABLE + "([0-9a-f]{12})")
STYLES = "layer_styles"
KEEP_VIEWS = "PRAGMA legacy_alter_table = ON"
"""Lets a table be renamed beside views of the one that it replaces; else SQLite refuses."""
WAIT_SECONDS = 10.0
"""How long a change waits for others who write to the file [A]."""
PAUSE_SECONDS = 0.1


class TableDraft(Draft):
    """A table in the making; a folder beside the file says that its run is at work."""

    def __init__(self, file: Path, table: str) -> None:
        self._file = file.resolve()  # so that all who write to it look for folders beside the same file
        self._table = table
        self._beside: Beside | None = Beside(self._file.parent)
        self._name = TABLE + self._beside.token
        self._remove([name for name in tables(self._file) if self._is_left(name)])

    def _is_left(self, name: str) -> bool:
        """Say whether a table is what a killed run left."""
        found = LEFT.fullmatch(name)
        return found is not None and is_left(self._file.parent, found[1])

    def _remove(self, names: list[str]) -> None:
        def remove(source: gdal.Dataset) -> None:
            for name in names:
                _delete_styles(source, name)
                _delete(source, name)

        if names:
            with suppress(OSError):  # the file cannot be written at present: a later run tries again
                _change(self._file, remove)

    def address(self, destination: str) -> str:
        provider, _, text = destination.partition("dbname=")
        uri = QgsDataSourceUri(f"dbname={text}")
        uri.setDataSource("", self._name, uri.geometryColumn())
        return provider + uri.uri(False)

    def result(self, written: str) -> str:
        return self.final(written)

    def final(self, message: str) -> str:
        return message.replace(self._name, self._table)

    def publish(self) -> None:
        if self._beside is not None:
            _change(self._file, self._rename)
            self._beside.remove()
            self._beside = None

    def _rename(self, source: gdal.Dataset) -> None:
        _move_styles(source, self._name, self._table)
        _delete(source, self._table)
        _require(source.GetLayerByName(self._name).Rename(self._table))

    def discard(self) -> None:
        if self._beside is not None:
            self._remove([name for name in tables(self._file) if name == self._name])
            self._beside.remove()
            self._beside = None


def _change(file: Path, change: Callable[[gdal.Dataset], object]) -> None:
    """Change tables of a file in one transaction; raise ``OSError`` with GDAL's reason if that fails.

    Waits for others who write to the file: what they have changed meanwhile ends a transaction at once.
    """
    last_try = time.monotonic() + WAIT_SECONDS
    while True:
        try:
            _change_at_once(file, change)
        except RuntimeError as error:  # GDAL's own too, where its exceptions are switched on
            if "locked" not in str(error) or time.monotonic() > last_try:
                raise OSError(errno.EIO, str(error)) from error
        else:
            return
        time.sleep(PAUSE_SECONDS)


def _change_at_once(file: Path, change: Callable[[gdal.Dataset], object]) -> None:
    source = gdal.OpenEx(str(file), gdal.OF_VECTOR | gdal.OF_UPDATE)
    if source is None:
        raise RuntimeError(gdal.GetLastErrorMsg())
    source.ExecuteSQL(KEEP_VIEWS)
    _require(source.StartTransaction())
    try:
        change(source)
        _require(source.CommitTransaction())
    except RuntimeError:
        source.RollbackTransaction()
        raise


def _require(code: int) -> None:
    if code:
        raise RuntimeError(gdal.GetLastErrorMsg())


def _delete(source: gdal.Dataset, table: str) -> None:
    """Delete a table, if it is there, whatever the case of its name."""
    for index in range(source.GetLayerCount()):
        if source.GetLayer(index).GetName().casefold() == table.casefold():
            _require(source.DeleteLayer(index))
            return


def _rows_of(styles: ogr.Layer | None, table: str) -> list[ogr.Feature]:
    rows = [] if styles is None else list(styles)
    return [row for row in rows if (row["f_table_name"] or "").casefold() == table.casefold()]


def _delete_styles(source: gdal.Dataset, table: str) -> None:
    styles = source.GetLayerByName(STYLES)
    for row in _rows_of(styles, table):
        _require(styles.DeleteFeature(row.GetFID()))


def _move_styles(source: gdal.Dataset, draft: str, table: str) -> None:
    """Give the table the styles of its draft; others that it has stay, but not as the default."""
    styles = source.GetLayerByName(STYLES)
    moved = _rows_of(styles, draft)
    names = {row["styleName"] for row in moved}
    for row in _rows_of(styles, table) if moved else ():
        if row["styleName"] in names:
            _require(styles.DeleteFeature(row.GetFID()))
        else:
            row["useAsDefault"] = 0
            _require(styles.SetFeature(row))
    for row in moved:
        row["f_table_name"] = table
        _require(styles.SetFeature(row))
