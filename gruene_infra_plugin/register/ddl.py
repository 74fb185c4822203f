"""What both renderings of the schema share: names in quotes, column definitions, unique keys, migrations.

All names come from the constants of ``schema``; nothing that a user typed is ever part of a statement.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from string import Template

from .schema import TABLES, Column, Index, Kind, Table


def quoted(name: str) -> str:
    """Return a name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Return a constant of the schema as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def fill(template: str, **parts: str) -> str:
    """Put rendered parts of the schema into a statement."""
    return Template(template).substitute(parts)


def column_definition(column: Column, types: Mapping[Kind, str]) -> str:
    """Return a column as it stands in CREATE TABLE."""
    words = [quoted(column.name), types[column.kind]]
    if column.required:
        words.append("NOT NULL")
    if column.default is not None:
        words += ["DEFAULT", column.default]
    if column.unique:
        words.append("UNIQUE")
    if column.check:
        words += ["CHECK (", column.check, ")"]
    if column.references:
        table, key = column.references
        words += ["REFERENCES", quoted(table), "(", quoted(key), ")"]
    return " ".join(words)


def create_table(table: Table, version: int, types: Mapping[Kind, str]) -> str:
    lines = [column_definition(column, types) for column in table.at(version)]
    lines += [" ".join(("CHECK (", check, ")")) for check in table.checks]
    return fill("CREATE TABLE $name ($lines)", name=quoted(table.name), lines=", ".join(lines))


def key_terms(table: Table) -> tuple[str, ...]:
    """Return the terms of the unique key, in which NULL equals NULL."""
    return tuple(_key_term(table.column(name)) for name in table.key)


def _key_term(column: Column) -> str:
    if column.required:
        return quoted(column.name)
    nothing = "0" if column.kind == Kind.INTEGER else "''"
    return fill("coalesce($name, $nothing)", name=quoted(column.name), nothing=nothing)


def create_indexes(table: Table, version: int) -> list[str]:
    """Return the statements for the unique key, where no column says it, and a version's other indexes."""
    statements = []
    if len(table.key) > 1:
        statements.append(_create_index(table, "UNIQUE INDEX", "_eindeutig", key_terms(table)))
    return statements + [_index(table, index) for index in table.indexes if index.since <= version]


def renewed_indexes(version: int, target: int) -> list[str]:
    """Return the statements that give indexes of an older version the form of ``target``."""
    renewed = [
        (table, index) for table in TABLES for index in table.indexes if version < index.since <= target
    ]
    drop = "DROP INDEX IF EXISTS $name"
    return [
        statement
        for table, index in renewed
        for statement in (fill(drop, name=quoted(table.name + _suffix(table, index))), _index(table, index))
    ]


def _index(table: Table, index: Index) -> str:
    terms = [quoted(term) if term in table.names else term for term in index.terms]
    statement = _create_index(table, "INDEX", _suffix(table, index), terms)
    return " ".join((statement, "WHERE", index.where)) if index.where else statement


def _suffix(table: Table, index: Index) -> str:
    return "_index_" + str(table.indexes.index(index) + 1)


def _create_index(table: Table, kind: str, suffix: str, terms: Iterable[str]) -> str:
    parts = [term if term.startswith('"') else "(" + term + ")" for term in terms]
    return fill(
        "CREATE $kind $name ON $table ($terms)",
        kind=kind,
        name=quoted(table.name + suffix),
        table=quoted(table.name),
        terms=", ".join(parts),
    )


def added_columns(version: int, types: Mapping[Kind, str], target: int) -> list[str]:
    """Return the statements that bring tables of an older version to the form of ``target``."""
    return [
        fill(
            "ALTER TABLE $table ADD COLUMN $column",
            table=quoted(table.name),
            column=column_definition(column, types),
        )
        for table in TABLES
        for column in table.at(target)
        if column.since > version
    ]


def columns_of(table: Table, names: Iterable[str], geometry: str) -> str:
    """Return columns for SELECT; the geometry, read by the template ``geometry``, as hex WKB."""
    return ", ".join(
        fill(geometry, g=quoted(name)) if table.column(name).kind == Kind.GEOMETRY else quoted(name)
        for name in names
    )


def select(table: Table, names: Iterable[str], geometry: str, condition: str) -> str:
    return " ".join(("SELECT", columns_of(table, names, geometry), "FROM", quoted(table.name), condition))


def insert(table: Table, names: Sequence[str], values: str) -> str:
    """Return INSERT; ``values`` are the placeholders, in the order of ``names``."""
    columns = ", ".join(quoted(name) for name in names)
    return " ".join(("INSERT INTO", quoted(table.name), "(", columns, ")", "VALUES", values))


def update(table: Table, assignments: str) -> str:
    """Return UPDATE of the rows whose numbers are bound last, as a JSON list."""
    return " ".join(("UPDATE", quoted(table.name), "SET", assignments, "WHERE", IN_IDS))


def delete(table: Table) -> str:
    """Return DELETE of the rows whose numbers are bound, as a JSON list."""
    return delete_where(table, IN_IDS)


def delete_where(table: Table, condition: str) -> str:
    """Return DELETE of the rows that meet a condition."""
    return " ".join(("DELETE FROM", quoted(table.name), "WHERE", condition))


IN_IDS = "id IN (SELECT CAST(value AS BIGINT) FROM json_each(?))"
