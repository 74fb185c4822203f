"""What a register rests on: tables, columns, triggers, version and CRS; verified and restored."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from . import ddl, errors, queries, schema
from .database import Database, Session
from .odd_values import OddValue, is_odd, shown
from .schema import META, TABLES, VERLAUF, Column, Kind, Table

SCHEMA, CRS, SRID = "schema", "crs", "srid"
"""Keys of ``meta``."""
_PARCEL = ("flurstueck", "schluessel")
_META = "SELECT id, schluessel, wert FROM meta"
_ENTRIES = "SELECT id, $name FROM verlauf WHERE id > ? AND tabelle = ? AND ("


@dataclass(frozen=True)
class Foundation:
    """What was found at opening.

    Attributes
    ----------
    version : of the schema, as the columns tell it.
    crs : of the outlines, as the database tells it.
    not_logging : by name what writes the history and is missing or changed; nothing may be written then.
    entries : entries of ``meta`` that are none or disagree with the tables.
    """

    version: int
    crs: str
    not_logging: tuple[str, ...] = ()
    entries: tuple[OddValue, ...] = ()


def verified(database: Database, session: Session) -> Foundation:
    """Return what a register rests on.

    Raises
    ------
    RegisterMissingError
        If there is none.
    RegisterVersionError
        If it is one of a newer schema.
    RegisterDamagedError
        If tables or columns are missing, or nothing tells its CRS.
    """
    columns = database.columns(session) if database.has_register(session) else {}
    if META.name not in columns:
        raise errors.no_register(database.where)
    meta = {key: (number, value) for number, key, value in session.rows(_META)}
    stated = _whole(meta.get(SCHEMA, (0, None))[1])
    if stated is not None and stated > schema.VERSION:
        raise errors.newer(database.where, str(stated), schema.VERSION)
    version = next((v for v in range(schema.VERSION, 0, -1) if not _lacking(columns, v)), 0)
    if stated and stated < version and not _gained(stated, version):
        version = stated
    if version < (stated or 1):
        raise errors.damaged(database.where, _lacking(columns, stated or 1))
    srid = database.srid(session)
    crs = _crs(database, srid, meta)
    right = {SCHEMA: version, CRS: crs, SRID: queries.srid(crs)}
    stated_of = {key: meta.get(key, (0, None)) for key in right}
    entries = tuple(
        OddValue(META.name, number, key, shown(value))
        for key, (number, value) in stated_of.items()
        if not _agrees(key, value, right[key])
    )
    return Foundation(version, crs, tuple(database.not_logging(session, version)), entries)


def restore(database: Database, session: Session, found: Foundation) -> None:
    """Make anew what writes the history and what ``meta`` says, from the tables, within a transaction."""
    database.restore_logging(session, found.version)
    right = {SCHEMA: str(found.version), CRS: found.crs, SRID: str(queries.srid(found.crs))}
    for key, value in right.items():
        session.run("DELETE FROM meta WHERE schluessel = ?", [key])
        session.run("INSERT INTO meta (schluessel, wert) VALUES (?, ?)", [key, value])


def _lacking(columns: Mapping[str, set[str]], version: int) -> list[str]:
    """Return tables and columns that a register of a version has and this one has not."""
    lacking = []
    for table in TABLES:
        there = columns.get(table.name)
        if there is None:
            lacking.append(table.name)
        else:
            wanted = (column.name for column in table.at(version))
            lacking += [f"{table.name}.{name}" for name in wanted if name not in there]
    return lacking


def _gained(version: int, later: int) -> bool:
    """Say whether a later version has columns more, by which tables tell it from an older one."""
    return any(len(table.at(later)) > len(table.at(version)) for table in TABLES)


def _whole(value: object) -> int | None:
    """Return a text of ASCII digits as a number; such as ``²`` are none."""
    if not isinstance(value, str) or not (value.isascii() and value.isdigit()) or len(value) > 9:
        return None
    return int(value)


def _crs(database: Database, srid: int | None, meta: Mapping[str, tuple[int, object]]) -> str:
    """Return the CRS in which the database keeps the outlines, else the one that ``meta`` names."""
    stated = meta.get(CRS, (0, None))[1]
    for crs in (f"EPSG:{srid}", stated):
        if isinstance(crs, str) and queries.srid(crs) is not None:
            return crs
    raise errors.no_crs(database.where, shown(stated))


def _agrees(key: str, value: object, right: object) -> bool:
    if key == CRS:
        return isinstance(value, str) and queries.srid(value) == queries.srid(str(right))
    return _whole(value) == right


# -- odd values --------------------------------------------------------------------------------------------


def odd_values(database: Database, session: Session) -> list[OddValue]:
    """Return the values in the tables that their columns cannot hold; not those of the history."""
    found = []
    for table in schema.LOGGED:
        for row, column in _odd(database, session, table, 0):
            parcel = str(next((row[name] for name in _PARCEL if name in row), ""))
            empties = _may_be_empty(table, column, row)
            value = shown(row[column.name])
            found.append(OddValue(table.name, row["id"], column.name, value, parcel, empties))
    return found


def _may_be_empty(table: Table, column: Column, row: Mapping[str, Any]) -> bool:
    """Say whether a row may lack a column, where it has what its table wants in its stead."""
    wants = (set(re.findall(r"(\w+) IS NOT NULL", check)) for check in table.checks)
    others = (names - {column.name} for names in wants if column.name in names)
    return not column.required and all(any(row[name] is not None for name in names) for names in others)


def odd_entries(database: Database, session: Session, since: int = 0) -> list[OddValue]:
    """Return what cannot be read in entries of the history with a number above ``since``."""
    found = [
        OddValue(VERLAUF.name, row["id"], column.name, shown(row[column.name]))
        for row, column in _odd(database, session, VERLAUF, since)
    ]
    for table in schema.LOGGED:
        for name in ("alt", "neu"):
            condition = database.odd_content(name, table)
            entries = ddl.fill(_ENTRIES, name=ddl.quoted(name))
            rows = session.rows(" ".join((entries, condition, ") ORDER BY id")), [since, table.name])
            found += [OddValue(VERLAUF.name, number, name, shown(value)) for number, value in rows]
    return found


def _odd(
    database: Database, session: Session, table: Table, since: int
) -> Iterator[tuple[dict[str, Any], Column]]:
    """Yield rows with a number above ``since``, without geometry, and each column that is odd in them."""
    columns = [column for column in table.columns if column.kind != Kind.GEOMETRY]
    conditions = [term for column in columns for term in _conditions(database, column)]
    condition = " OR ".join("(" + term + ")" for term in conditions)
    where = " ".join(("WHERE id > ? AND (", condition, ") ORDER BY id"))
    names = [column.name for column in columns]
    for values in session.rows(ddl.select(table, names, "", where), [since]):
        row = dict(zip(names, values, strict=True))
        yield from ((row, column) for column in columns if is_odd(column, row[column.name]))


def _conditions(database: Database, column: Column) -> Iterator[str]:
    """Yield conditions of which every odd value of a column meets one."""
    name = ddl.quoted(column.name)
    if column.required:
        yield name + " IS NULL"
    if column.words:
        yield "NOT " + schema.one_of(name, column.words)
    elif condition := database.odd_value(column.kind):
        yield ddl.fill(condition, c=name)
