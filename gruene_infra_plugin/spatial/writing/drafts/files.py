"""Drafts of whole files, with those that belong to them."""

from __future__ import annotations

import errno
import os
import shutil
import zipfile
from pathlib import Path

from qgis.core import QgsDataSourceUri, QgsVectorLayer

from ....i18n import translate
from ....new_file import longest_name, name_new
from ....register.geopackage import is_register
from .base import Draft, with_ending
from .beside import SQLITE, Beside, belonging, copy_database

FLATGEOBUF = ".fgb"
SHAPES = frozenset({".shp", ".shx"})
"""Endings of files whose head tells their length, in units of two bytes."""
ZIPPED = frozenset({".ods", ".xlsx"})
ENDS = {
    ".dbf": b"\x1a",
    ".gml": b"FeatureCollection>\n",
    ".kml": b"</kml>\n",
    **dict.fromkeys((".csv", ".geojson", ".geojsonl", ".geojsons", ".gxt", ".mif", ".mid"), b"\n"),
}
"""How files end as GDAL writes them, by the endings of their names."""
GEODATABASE = "a00000001.gdbtable"
"""What tells a File Geodatabase, the only format that is a folder, from any other folder."""


class FileDraft(Draft):
    """A file in the making. With ``keeps`` it is one that holds other tables too, which stay in it."""

    def __init__(self, file: Path, *, keeps: bool = False) -> None:
        self._given = str(file)
        self._place = file.absolute()
        if len(os.fsencode(file.name)) > longest_name(self._place.parent):
            raise OSError(errno.ENAMETOOLONG, os.strerror(errno.ENAMETOOLONG))
        if self._place.is_dir() and not (self._place / GEODATABASE).exists():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        self._keeps = keeps
        self._before = _state(self._place)
        self._beside: Beside | None = Beside(self._place.parent)
        self.file = self._beside.new / self._place.name
        self._main = self._place.name
        if keeps:
            self._copy()

    def _copy(self) -> None:
        for path in belonging(self._place):
            copy = self.file.with_name(path.name)
            if path.suffix.lower() in SQLITE:
                copy_database(path, copy)
            elif path.is_dir():
                shutil.copytree(path, copy)
            else:
                shutil.copy2(path, copy)

    def address(self, destination: str) -> str:
        provider, _, uri = destination.partition("dbname=")
        if not self._keeps:
            return with_ending(str(self.file))
        there = QgsDataSourceUri(f"dbname={uri}")
        there.setDatabase(str(self.file))
        return provider + there.uri(False)

    def result(self, written: str) -> str:
        name = written.removeprefix(str(self.file))
        if written != name and not name.startswith("|"):  # QGIS has added an ending
            self._main = self._place.name + name
        return self.final(written)

    def final(self, message: str) -> str:
        return message.replace(str(self.file), self._given)

    def count(self, layer: QgsVectorLayer) -> int:
        if self.file.suffix.lower() != FLATGEOBUF:
            return super().count(layer)
        return sum(1 for _ in layer.getFeatures())  # its head tells how many there should be

    def is_whole(self) -> bool:
        if self._beside is None:
            return True
        return all(_ends_well(file) for file in self._beside.new.iterdir() if file.is_file())

    def publish(self) -> None:
        """Put the file in its place, unless somebody has made a register there since the run began."""
        if self._beside is None:
            return
        has_changed = self._keeps and _state(self._place) != self._before
        if has_changed or is_register(self._place):
            raise OSError(errno.EBUSY, translate("GrueneInfra", "somebody else has changed it meanwhile"))
        if self._keeps and not self._before and self.file.is_file():
            name_new(self.file, self._place)
        else:
            self._beside.publish(self._main)
        self.discard()

    def discard(self) -> None:
        if self._beside is not None:
            self._beside.remove()
            self._beside = None


def _ends_well(file: Path) -> bool:
    """Say whether a file ends as those of its format do."""
    suffix = file.suffix.lower()
    if suffix in ZIPPED:
        return zipfile.is_zipfile(file)
    end, size = ENDS.get(suffix, b""), file.stat().st_size
    if suffix in SHAPES:
        with file.open("rb") as opened:
            return int.from_bytes(opened.read(28)[24:], "big") * 2 == size
    with file.open("rb") as opened:
        opened.seek(-min(len(end), size), os.SEEK_END)
        return opened.read() == end if end else True


def _state(file: Path) -> tuple[int, ...]:
    """Return what tells whether a file has been changed, nothing where there is none."""
    paths = [path for path in (file, file.with_name(file.name + "-wal")) if path.exists()]
    return tuple(number for path in paths for number in (path.stat().st_mtime_ns, path.stat().st_size))
