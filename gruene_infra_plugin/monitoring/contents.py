"""What files, tables and the plugin's own code hold, as short keys that differ where anything does."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Any

from qgis.core import QgsFeatureRequest, QgsMapLayer, QgsVectorLayer

from ..paths import RESOURCES, ROOT
from ..spatial.geometry.wkb import bytes_of
from ..spatial.reading.stored_files import companions, place_of

DIGEST = 16
CHUNK = 2**20
_CODE = ("gruene_infra_plugin/**/*.py", "processing/**/*.py")
_DATA = ("algorithms/*.yaml", "strategy/*.yaml", "tables/*.yaml")
GEOPACKAGE = ".gpkg"
_INNER = ("gpkg_", "sqlite_", "rtree_")
"""How the names of tables begin in which a GeoPackage keeps what it knows of itself."""


def _hash() -> Any:
    return hashlib.blake2b(digest_size=DIGEST)


def text_key(words: str) -> str:
    """Return the key of a text."""
    made = _hash()
    made.update(words.encode())
    return str(made.hexdigest())


@cache
def code_key() -> str:
    """Return the key of the plugin's code and of the texts, targets and tables by which it measures."""
    found = sorted(
        path
        for base, patterns in ((ROOT, _CODE), (RESOURCES, _DATA))
        for one in patterns
        for path in base.glob(one)
    )
    made = _hash()
    for path in found:
        made.update(path.relative_to(ROOT).as_posix().encode())
        made.update(path.read_bytes())
    return str(made.hexdigest())


def source_key(source: str, layer: QgsMapLayer | None = None) -> str:
    """Return the key of what a source holds: of a table in a GeoPackage its rows, of other files their bytes.

    Of a ``layer`` that is no file, the key is of its features, whatever their order. Raises ``OSError`` where
    a file cannot be read.
    """
    place = place_of(source if layer is None else layer.source())
    if place is None or not place.file.exists():
        return _features_key(layer) if isinstance(layer, QgsVectorLayer) else ""
    if place.file.suffix.lower() == GEOPACKAGE:
        table = place.table or _only_table(place.file)
        if table is not None:
            return table_key(place.file, table)
    return file_key(companions(place.file))


def file_key(paths: Iterable[Path]) -> str:
    """Return the key of files together, by their endings and bytes. Raises ``OSError``."""
    made = _hash()
    for path in sorted(paths):
        if not path.exists():
            continue
        made.update(path.suffix.lower().encode())
        with path.open("rb") as stream:
            while chunk := stream.read(CHUNK):
                made.update(chunk)
    return str(made.hexdigest())


def whole_key(path: Path) -> str:
    """Return the key of a file as a whole: of a GeoPackage, such as a register, that of all its tables.

    Raises ``OSError`` where it cannot be read.
    """
    if path.suffix.lower() != GEOPACKAGE:
        return file_key([path])
    tables = "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
    try:
        with closing(sqlite3.connect(_address(path), uri=True)) as database:
            names = [name for (name,) in database.execute(tables) if not name.startswith(_INNER)]
    except sqlite3.Error as error:
        raise OSError(f"{path.name}: {error}") from error
    return text_key(repr([(name, table_key(path, name)) for name in names]))


def table_key(file: Path, table: str) -> str:
    """Return the key of the columns and rows of a table in a GeoPackage, empty where there is no such table.

    Raises ``OSError`` where it cannot be read.
    """
    made = _hash()
    try:
        with closing(sqlite3.connect(_address(file), uri=True)) as database:
            database.text_factory = bytes
            columns = database.execute("SELECT name, type FROM pragma_table_info(?)", (table,)).fetchall()
            if not columns:
                return ""
            made.update(repr(columns).encode())
            quoted = table.replace('"', '""')
            rows = database.execute(f'SELECT * FROM "{quoted}" ORDER BY rowid')  # nosec B608 - quoted
            for row in rows:
                for value in row:
                    part = value if isinstance(value, bytes) else repr(value).encode()
                    made.update(len(part).to_bytes(8, "little"))
                    made.update(part)
    except sqlite3.Error as error:
        raise OSError(f"{file.name}: {error}") from error
    return str(made.hexdigest())


def _address(file: Path) -> str:
    """Return how to open a GeoPackage so that reading leaves nothing beside it.

    SQLite makes a log beside one whose last writer kept one (mode WAL), and as a reader does not remove it.
    """
    with file.open("rb") as stream:
        keeps_log = stream.read(20)[18:] == b"\x02\x02"
    has_log = file.with_name(f"{file.name}-wal").exists()
    return f"{file.resolve().as_uri()}?mode=ro{'&immutable=1' if keeps_log and not has_log else ''}"


def _only_table(file: Path) -> str | None:
    with closing(sqlite3.connect(_address(file), uri=True)) as database:
        found = database.execute("SELECT table_name FROM gpkg_contents ORDER BY rowid").fetchone()
    return None if found is None else str(found[0])


def _features_key(layer: QgsVectorLayer) -> str:
    """Return the key of the features of a layer, the same in whatever order they come."""
    total = 0
    for feature in layer.getFeatures(QgsFeatureRequest()):
        made = _hash()
        made.update(repr(feature.attributes()).encode())
        made.update(bytes_of(feature.geometry()))
        total += int.from_bytes(made.digest(), "little")
    names = repr([(field.name(), field.typeName()) for field in layer.fields()])
    return text_key(f"{names} {layer.crs().authid()} {total}")
