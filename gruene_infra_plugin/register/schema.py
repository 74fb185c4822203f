"""The register's schema as data: the one source of the DDL of both databases.

``since`` is the schema version that brought a column; a register of an older version gains it when it is
opened. Columns are only ever added, so that an older register keeps every row it has.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from ..methods.findings import finding
from ..methods.parcels.space_types import SpaceType
from .keys import MAX_LENGTH, KeyForm
from .model import Role, Status

VERSION = 4
"""1: first form. 2: ``raumtyp_zuordnung`` keeps share and origin, ``projekt`` its end. 3: ``flurstueck``
keeps the official area beside the one that counts. 4: indexes by which a long history is not read as a
whole; the history may be archived, of which a plugin that knows up to 3 would not know."""

GEOMETRY_COLUMN = "geom"


class Kind(StrEnum):
    """Type of a column, named as in PostgreSQL where both databases have it."""

    ID = "id"
    INTEGER = "integer"
    REAL = "real"
    TEXT = "text"
    DATE = "date"
    TIME = "timestamp"
    JSON = "json"
    GEOMETRY = "geometry"


@dataclass(frozen=True)
class Column:
    """A column; ``check`` is a condition in words of both databases, ``references`` a table and column.

    ``words`` are the only ones that it holds, nothing where it holds any.
    """

    name: str
    kind: Kind
    required: bool = False
    default: str | None = None
    check: str | None = None
    unique: bool = False
    references: tuple[str, str] | None = None
    since: int = 1
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Index:
    """An index on columns or terms, of the rows that meet ``where``, in the form of version ``since``."""

    terms: tuple[str, ...]
    where: str = ""
    since: int = 1


@dataclass(frozen=True)
class Table:
    """A table; ``key`` is what names a row to people, unique also where parts of it are NULL."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    indexes: tuple[Index, ...] = ()
    checks: tuple[str, ...] = ()
    logged: bool = True

    def at(self, version: int) -> tuple[Column, ...]:
        """Return the columns that the table has in a schema version."""
        return tuple(column for column in self.columns if column.since <= version)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    @property
    def contents(self) -> tuple[str, ...]:
        """Columns that say something: all but the row's number and version."""
        return tuple(name for name in self.names if name not in ("id", "version"))

    @property
    def values(self) -> tuple[str, ...]:
        """Columns that may change while the row stays the same row."""
        return tuple(name for name in self.contents if name not in self.key)

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)


def one_of(column: str, words: Iterable[str]) -> str:
    """Return the condition that a column holds one of some words."""
    return column + " IN (" + ", ".join("'" + word.replace("'", "''") + "'" for word in words) + ")"


def _id() -> Column:
    return Column("id", Kind.ID)


def _version() -> Column:
    return Column("version", Kind.INTEGER, required=True, default="1")


def _text(name: str, *, required: bool = False, since: int = 1) -> Column:
    return Column(name, Kind.TEXT, required=required, since=since)


def _word(name: str, words: type[StrEnum]) -> Column:
    return Column(name, Kind.TEXT, required=True, check=one_of(name, words), words=tuple(map(str, words)))


def _hz() -> Column:
    return Column("hz", Kind.INTEGER, required=True, check="hz BETWEEN 1 AND 27")


def _parcel() -> Column:
    return Column("flurstueck", Kind.TEXT, required=True, references=("flurstueck", "schluessel"))


def _project() -> Column:
    return Column("projekt", Kind.INTEGER, references=("projekt", "id"))


def _finding(name: str) -> Column:
    required = name not in finding.NULLABLE_COLUMNS
    if name == "hz":
        return _hz()
    if name in finding.INTEGER_COLUMNS:
        return Column(name, Kind.INTEGER, required)
    if name in finding.NUMBER_COLUMNS:
        return Column(name, Kind.REAL, required)
    return Column(name, Kind.DATE if name in finding.DATE_COLUMNS else Kind.TEXT, required)


FLURSTUECK = Table(
    "flurstueck",
    (
        _id(),
        Column(
            "schluessel", Kind.TEXT, required=True, unique=True, check="length(schluessel) BETWEEN 1 AND 64"
        ),
        _word("schluessel_form", KeyForm),
        Column(
            "schluessel_geliefert",
            Kind.TEXT,
            required=True,
            check="length(schluessel_geliefert) <= " + str(MAX_LENGTH),
        ),
        _text("quelle"),
        _text("ags"),
        _text("gemeinde"),
        Column("flaeche_m2", Kind.REAL, required=True, check="flaeche_m2 >= 0 AND flaeche_m2 < 1e15"),
        Column("flaeche_amtlich_m2", Kind.REAL, since=3),
        Column(GEOMETRY_COLUMN, Kind.GEOMETRY),
        _text("geom_hash"),
        _version(),
    ),
    key=("schluessel",),
    indexes=(Index(("ags",)),),
)

RAUMTYP_ZUORDNUNG = Table(
    "raumtyp_zuordnung",
    (
        _id(),
        Column("flurstueck", Kind.TEXT, required=True, unique=True, references=("flurstueck", "schluessel")),
        _word("raumtyp", SpaceType),
        Column("anteil_proz", Kind.REAL, check="anteil_proz BETWEEN 0 AND 100", since=2),
        _text("herkunft", since=2),
        _version(),
    ),
    key=("flurstueck",),
    indexes=(Index(("raumtyp",)),),
)

PROJEKT = Table(
    "projekt",
    (
        _id(),
        Column("name", Kind.TEXT, required=True, unique=True, check="length(trim(name)) > 0"),
        _text("traeger"),
        _text("gemeinde"),
        _word("status", Status),
        Column("beginn", Kind.DATE),
        Column("ende", Kind.DATE, since=2),
        _text("notiz"),
        _version(),
    ),
    key=("name",),
)

ZUORDNUNG = Table(
    "zuordnung",
    (
        _id(),
        _parcel(),
        _hz(),
        _word("rolle", Role),
        _project(),
        _word("status", Status),
        _text("beleg"),
        _text("algorithmus"),
        _text("notiz"),
        _version(),
    ),
    key=("flurstueck", "hz", "rolle", "projekt"),
    indexes=(Index(("hz",)), Index(("projekt",))),
)

ANGABE = Table(
    "angabe",
    (
        _id(),
        _project(),
        _text("ags"),
        _text("gemeinde"),
        _hz(),
        Column("feld", Kind.TEXT, required=True, check="length(trim(feld)) > 0"),
        Column("wert", Kind.REAL),
        _text("wert_text"),
        _text("einheit"),
        Column("jahr", Kind.INTEGER, check="jahr BETWEEN 1800 AND 2200"),
        _text("quelle"),
        _version(),
    ),
    key=("projekt", "ags", "gemeinde", "hz", "feld", "jahr"),
    indexes=(Index(("hz",)),),
    checks=(
        "wert IS NOT NULL OR wert_text IS NOT NULL",
        "projekt IS NOT NULL OR ags IS NOT NULL OR gemeinde IS NOT NULL",
    ),
)

BEFUND = Table(
    "befund",
    (_id(), *(_finding(name) for name in finding.COLUMNS), _version()),
    key=("kennzahl_id", "variante_id", "gebiet_art", "ags", "gebiet", "raumtyp", "berechnet_am"),
    indexes=(Index(("hz", "berechnet_am")),),
)

VERLAUF = Table(
    "verlauf",
    (
        _id(),
        _text("aktion"),
        _text("vorgang"),
        _text("hebt_auf"),
        _text("wer", required=True),
        Column("wann", Kind.TIME, required=True),
        _text("tabelle", required=True),
        Column("zeile", Kind.INTEGER, required=True),
        Column("alt", Kind.JSON),
        Column("neu", Kind.JSON),
    ),
    indexes=(
        Index(("tabelle", "zeile", "id", "wann"), since=4),
        Index(("aktion", "id")),
        Index(("wer", "id + 0"), "aktion IS NOT NULL", since=4),
    ),
    checks=("alt IS NOT NULL OR neu IS NOT NULL",),
    logged=False,
)

ARCHIVE = replace(VERLAUF, name="verlauf_archiv", indexes=VERLAUF.indexes[:1])
"""What was moved out of ``verlauf``, as far as it is kept in a table; not there before something was."""

META = Table(
    "meta",
    (_id(), Column("schluessel", Kind.TEXT, required=True, unique=True), _text("wert")),
    logged=False,
)

TABLES = (FLURSTUECK, RAUMTYP_ZUORDNUNG, PROJEKT, ZUORDNUNG, ANGABE, BEFUND, VERLAUF, META)
"""All tables, parents before children."""

BY_NAME = {table.name: table for table in TABLES}
LOGGED = tuple(table for table in TABLES if table.logged)


def references(table: Table) -> tuple[Column, ...]:
    """Return the columns by which a table points to another one."""
    return tuple(column for column in table.columns if column.references)


def children(parent: Table) -> tuple[tuple[Table, Column], ...]:
    """Return tables and columns that point to ``parent``."""
    return tuple(
        (table, column)
        for table in TABLES
        for column in references(table)
        if column.references and column.references[0] == parent.name
    )
