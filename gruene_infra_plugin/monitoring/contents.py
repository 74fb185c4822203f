"""What files, tables and the plugin's own code hold, as short keys that differ where anything does."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

from qgis.core import Qgis, QgsFeatureRequest, QgsMapLayer, QgsVectorLayer

from ..paths import RESOURCES, ROOT
from ..spatial.geometry.wkb import bytes_of
from ..spatial.reading.stored_files import companions, place_of, siblings

DIGEST = 16
CHUNK = 2**20
_CODE = ("gruene_infra_plugin/**/*.py", "processing/**/*.py")
_DATA = ("algorithms/*.yaml", "strategy/*.yaml", "tables/*.yaml")
GEOPACKAGE = ".gpkg"
_INNER = ("gpkg_", "sqlite_", "rtree_")
"""How the names of tables begin in which a GeoPackage keeps what it knows of itself."""
ROWS = 1000
"""After how many rows the pulse is felt."""
DERIVED = frozenset({".xml", ".ovr"})
"""Endings of files beside a raster that QGIS makes of it."""
BUSY_SECONDS = 1.0
UNCHANGING = "&immutable=1"
"""What tells SQLite that nobody writes, so that it neither asks for locks nor leaves a log beside."""
KEPT = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_CANTOPEN)
"""Errors of a database that another program keeps, or that lies where nothing can be written beside it."""
Pulse: TypeAlias = Callable[[], None]


def no_pulse() -> None:
    """Nobody asks whether a key is still wanted."""


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


def source_key(source: str, layer: QgsMapLayer | None = None, pulse: Pulse = no_pulse) -> str:
    """Return the key of what a source holds: of a table in a GeoPackage its rows, of other files their bytes.

    Of a ``layer`` that shows something else than a file holds, the key is of its features, whatever their
    order. ``pulse`` is called all along, and may raise. Raises ``OSError`` where a file cannot be read.
    """
    place = place_of(source if layer is None else layer.source())
    is_file = place is not None and place.file.exists()
    if isinstance(layer, QgsVectorLayer) and not (is_file and _is_as_stored(layer)):
        return _features_key(layer, pulse)
    if place is None or not is_file:
        return ""
    if place.file.suffix.lower() == GEOPACKAGE:
        table = place.table or _only_table(place.file)
        if table is not None:
            return table_key(place.file, table, pulse)
    parts = {*companions(place.file), *siblings(place.file)}
    return file_key((path for path in parts if path.suffix.lower() not in DERIVED), pulse)


def _is_as_stored(layer: QgsVectorLayer) -> bool:
    """Return whether a layer shows the rows of its source and nothing else."""
    fields, own = layer.fields(), Qgis.FieldOrigin.Provider
    only_own = all(fields.fieldOrigin(number) == own for number in range(fields.count()))
    return layer.providerType() == "ogr" and only_own and not layer.isModified() and not layer.subsetString()


def file_key(paths: Iterable[Path], pulse: Pulse = no_pulse) -> str:
    """Return the key of files together, by their endings and bytes. Raises ``OSError``."""
    made = _hash()
    for path in sorted(paths):
        if not path.exists():
            continue
        made.update(path.suffix.lower().encode())
        with path.open("rb") as stream:
            while chunk := stream.read(CHUNK):
                pulse()
                made.update(chunk)
    return str(made.hexdigest())


def whole_key(path: Path, pulse: Pulse = no_pulse) -> str:
    """Return the key of a file as a whole: of a GeoPackage, such as a register, that of all its tables.

    Raises ``OSError`` where it cannot be read.
    """
    if path.suffix.lower() != GEOPACKAGE:
        return file_key([path], pulse)
    with reading(path) as database:
        found = database.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
        ).fetchall()
    names = [name for (name,) in found if not name.startswith(_INNER)]
    return text_key(repr([(name, table_key(path, name, pulse)) for name in names]))


def table_key(file: Path, table: str, pulse: Pulse = no_pulse) -> str:
    """Return the key of the columns and rows of a table in a GeoPackage, empty where there is no such table.

    Raises ``OSError`` where it cannot be read.
    """
    made = _hash()
    with reading(file) as database:
        database.text_factory = bytes
        columns = database.execute("SELECT name, type FROM pragma_table_info(?)", (table,)).fetchall()
        if not columns:
            return ""
        made.update(repr(columns).encode())
        quoted = '"' + table.replace('"', '""') + '"'
        rows = database.execute(" ".join(("SELECT * FROM", quoted, "ORDER BY rowid")))
        for number, row in enumerate(rows):
            if not number % ROWS:
                pulse()
            for value in row:
                part = value if isinstance(value, bytes) else repr(value).encode()
                made.update(len(part).to_bytes(8, "little"))
                made.update(part)
    return str(made.hexdigest())


@contextmanager
def reading(file: Path) -> Iterator[sqlite3.Connection]:
    """Open a GeoPackage to be read, as GDAL does: also while somebody else keeps it. Raises ``OSError``."""
    try:
        with closing(_opened(_address(file))) as database:
            yield database
    except sqlite3.Error as error:
        raise OSError(f"{file.name}: {error}") from error


def _address(file: Path) -> str:
    """Return how to open a GeoPackage so that reading leaves nothing beside it.

    SQLite makes a log beside one whose last writer kept one (mode WAL), and as a reader does not remove it.
    """
    with file.open("rb") as stream:
        keeps_log = stream.read(20)[18:] == b"\x02\x02"
    has_log = file.with_name(f"{file.name}-wal").exists()
    return f"{file.resolve().as_uri()}?mode=ro{UNCHANGING if keeps_log and not has_log else ''}"


def _opened(address: str) -> sqlite3.Connection:
    database = sqlite3.connect(address, uri=True, timeout=BUSY_SECONDS)
    try:
        database.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.OperationalError as error:
        database.close()
        if error.sqlite_errorcode & 0xFF not in KEPT:
            raise
        return sqlite3.connect(f"{address.removesuffix(UNCHANGING)}{UNCHANGING}", uri=True)
    return database


def _only_table(file: Path) -> str | None:
    with reading(file) as database:
        found = database.execute("SELECT table_name FROM gpkg_contents ORDER BY rowid").fetchone()
    return None if found is None else str(found[0])


def _features_key(layer: QgsVectorLayer, pulse: Pulse) -> str:
    """Return the key of the features of a layer, the same in whatever order they come."""
    total = 0
    for number, feature in enumerate(layer.getFeatures(QgsFeatureRequest())):
        if not number % ROWS:
            pulse()
        made = _hash()
        made.update(repr(feature.attributes()).encode())
        made.update(bytes_of(feature.geometry()))
        total += int.from_bytes(made.digest(), "little")
    names = repr([(field.name(), field.typeName()) for field in layer.fields()])
    return text_key(f"{names} {layer.crs().authid()} {total}")
