"""Outputs in the making: each is written beside its place and put there in one step when it is whole.

A run that fails, is cancelled or killed at any moment leaves what was at the place before.
"""

from __future__ import annotations

import re
from pathlib import Path

from osgeo import ogr
from qgis.core import QgsDataSourceUri

from .base import AtOnce, Draft
from .files import FileDraft
from .postgres import PostgresDraft
from .tables import TableDraft

__all__ = ["Draft", "Drafts"]

POSTGRES = re.compile(r"(postgres://|postgres:|postgis:)(.*)", re.DOTALL)
CONTAINER = re.compile(r"(?:ogr|spatialite):(?://)?(dbname=.*)", re.DOTALL)
AT_ONCE = re.compile(r"$|/vsi|.{3,}?:|TEMPORARY_OUTPUT$")
"""Destinations that are no file: temporary layers, GDAL's virtual files, what goes to a provider of QGIS."""


class Drafts:
    """The drafts of one run; tables that go into one new file share it."""

    def __init__(self) -> None:
        self._drafts: list[Draft] = []
        self._containers: dict[Path, FileDraft] = {}

    def of(self, destination: str) -> Draft:
        """Return the draft for a destination of QGIS; raise ``OSError`` where nothing can be written.

        Destinations are files, ``ogr:dbname='x.gpkg' table="a" (geom)``, ``postgres://…`` and others.
        """
        if database := POSTGRES.match(destination):
            return self._added(PostgresDraft(*database.groups()))
        if container := CONTAINER.match(destination):
            uri = QgsDataSourceUri(container[1])
            return self._in_container(Path(uri.database()).resolve(), uri.table())
        return self._added(AtOnce() if AT_ONCE.match(destination) else FileDraft(Path(destination)))

    def file(self, path: Path) -> FileDraft:
        """Return the draft for a file that QGIS does not write; raise ``OSError`` as :meth:`of` does."""
        draft = FileDraft(path)
        self._drafts.append(draft)
        return draft

    def _in_container(self, file: Path, table: str) -> Draft:
        if file in self._containers:
            return self._containers[file]
        if file.is_file() and file.suffix.lower() == ".gpkg" and hasattr(ogr.Layer, "Rename"):
            return self._added(TableDraft(file, table))
        draft = self._containers[file] = FileDraft(file, keeps=True)
        return self._added(draft)

    def _added(self, draft: Draft) -> Draft:
        self._drafts.append(draft)
        return draft

    def discard(self) -> None:
        """Remove all drafts that have not been published."""
        for draft in self._drafts:
            draft.discard()
