"""The schema in the words of SQLite, as a GeoPackage needs it.

Triggers keep history, versions and references, because QGIS edits a GeoPackage with foreign keys off.
They use nothing that only one program brings: QGIS, OGR and this plugin all have to fire them.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from .ddl import added_columns, create_indexes, create_table, fill, literal, quoted, renewed_indexes
from .schema import (
    ARCHIVE,
    LOGGED,
    TABLES,
    VERLAUF,
    VERSION,
    Column,
    Kind,
    Table,
    children,
    one_of,
    references,
)

TYPES = {
    Kind.ID: "INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL",
    Kind.INTEGER: "INTEGER",
    Kind.REAL: "REAL",
    Kind.TEXT: "TEXT",
    Kind.DATE: "DATE",
    Kind.TIME: "DATETIME",
    Kind.JSON: "TEXT",
    Kind.GEOMETRY: "MULTIPOLYGON",
}

SESSION = (
    "CREATE TABLE sitzung (id INTEGER PRIMARY KEY CHECK (id = 1), aktion TEXT, vorgang TEXT,"
    " hebt_auf TEXT, wer TEXT, wann TEXT)"
)
"""One row while the plugin writes, none otherwise: who writes, and in which action."""

OLD_VALUES = dict.fromkeys(Kind, "json_extract(v.alt, '$$.$name')")
OLD_CONTENT = "CASE WHEN json_valid(v.alt) THEN v.alt ELSE '{}' END"

NOW = "strftime('%Y-%m-%dT%H:%M:%fZ', 'now')"

_LOG = """
INSERT INTO verlauf (aktion, vorgang, hebt_auf, wer, wann, tabelle, zeile, alt, neu) VALUES (
    (SELECT aktion FROM sitzung), (SELECT vorgang FROM sitzung), (SELECT hebt_auf FROM sitzung),
    coalesce((SELECT wer FROM sitzung), 'QGIS'), coalesce((SELECT wann FROM sitzung), $now),
    $table, $row, $old, $new);
"""

# A GeoPackage geometry is a header, whose length its flags give, and then WKB.
WKB = """CASE WHEN $g IS NULL THEN NULL ELSE hex(substr($g, CASE
    WHEN substr(hex(substr($g, 4, 1)), 2, 1) IN ('0', '1') THEN 9
    WHEN substr(hex(substr($g, 4, 1)), 2, 1) IN ('2', '3') THEN 41
    WHEN substr(hex(substr($g, 4, 1)), 2, 1) IN ('4', '5', '6', '7') THEN 57
    ELSE 73 END)) END"""

ODD = {
    Kind.ID: "typeof($c) <> 'integer'",
    Kind.INTEGER: "typeof($c) NOT IN ('integer', 'null')",
    Kind.REAL: "typeof($c) NOT IN ('integer', 'real', 'null') OR abs($c) > 1e300",
    Kind.TEXT: "typeof($c) NOT IN ('text', 'null')",
    Kind.DATE: "$c IS NOT NULL AND"
    " (typeof($c) <> 'text' OR length($c) <> 10 OR date($c, '+0 days') IS NOT $c)",
    Kind.TIME: "typeof($c) <> 'text' OR strftime('%Y-%m-%dT%H:%M:%fZ', $c) IS NOT $c",
    Kind.JSON: "$c IS NOT NULL AND CASE WHEN typeof($c) = 'text' AND json_valid($c)"
    " THEN json_type($c) <> 'object' ELSE 1 END",
}
"""Conditions that all odd values of a kind meet; some others do too."""

# json_object writes 15 digits of a number; 17 bring every number back as it was.
_NUMBER = "CASE WHEN typeof($v) = 'real' THEN json(printf('%!.17g', $v)) ELSE $v END"


_MEMBERS = {
    Kind.ID: "'integer'",
    Kind.INTEGER: "'integer'",
    Kind.REAL: "'integer', 'real'",
    Kind.TEXT: "'text'",
    Kind.DATE: "'text'",
}
"""How ``json_type`` calls what a row of the history holds."""


def odd_content(name: str, table: Table) -> str:
    """Return the condition that a row of a table, as the history keeps it, lacks what it must have."""
    terms = []
    for column in (column for column in table.columns if column.required):
        member = fill("($name, '$$.$member')", name=quoted(name), member=column.name)
        terms.append(fill("json_type$member NOT IN ($types)", member=member, types=_MEMBERS[column.kind]))
        terms.append(fill("json_type$member IS NULL", member=member))
        if column.words:
            terms.append("NOT " + one_of("json_extract" + member, column.words))
    return fill(
        "CASE WHEN json_valid($name) AND json_type($name) = 'object' THEN $terms ELSE 0 END",
        name=quoted(name),
        terms=" OR ".join(terms),
    )


def create_statements(version: int) -> list[str]:
    """Return what makes the tables of a schema version; the GeoPackage's own tables are there."""
    statements = [SESSION]
    for table in TABLES:
        statements.append(create_table(table, version, TYPES))
        statements += create_indexes(table, version)
    return statements + trigger_statements(version)


def migrate_statements(version: int, target: int) -> list[str]:
    """Return what brings a register from an older version to ``target``."""
    changed = added_columns(version, TYPES, target) + renewed_indexes(version, target)
    return changed + trigger_statements(target)


def trigger_statements(version: int) -> list[str]:
    return _anew(triggers(version))


def final_statements(table: Table) -> list[str]:
    """Return what keeps entries of the history from being changed, in ``verlauf`` or in an archive."""
    return _anew(_created(_is_final(table)))


def _anew(statements: Mapping[str, str]) -> list[str]:
    drop = "DROP TRIGGER IF EXISTS $name"
    return [one for name, made in statements.items() for one in (fill(drop, name=quoted(name)), made)]


@cache
def triggers(version: int) -> Mapping[str, str]:
    """Return by name the statements that make the triggers, as SQLite keeps them."""
    definitions = _is_final(VERLAUF)
    for table in LOGGED:
        definitions |= _history(table, version) | _integrity(table)
    return _created(definitions)


def _created(definitions: Mapping[str, str]) -> dict[str, str]:
    return {
        name: fill("CREATE TRIGGER $name $definition", name=quoted(name), definition=definition)
        for name, definition in definitions.items()
    }


def _history(table: Table, version: int) -> dict[str, str]:
    columns = table.at(version)
    changed = " OR ".join(
        fill("OLD.$c IS NOT NEW.$c", c=quoted(column.name)) for column in columns if column.name != "version"
    )
    new, old = _json("NEW", columns), _json("OLD", columns)
    by_hand = _json("NEW", columns, version="OLD.version + 1")
    parts = {"t": quoted(table.name), "changed": changed}
    return {
        table.name + "_verlauf_neu": fill(
            "AFTER INSERT ON $t BEGIN $log END", log=_log(table, "NEW.id", "NULL", new), **parts
        ),
        table.name + "_verlauf_geaendert": fill(
            "AFTER UPDATE ON $t WHEN NEW.version > OLD.version AND ($changed) BEGIN $log END",
            log=_log(table, "NEW.id", old, new),
            **parts,
        ),
        table.name + "_verlauf_von_hand": fill(
            "AFTER UPDATE ON $t WHEN NEW.version <= OLD.version AND ($changed) BEGIN $log"
            " UPDATE $t SET version = OLD.version + 1 WHERE id = NEW.id; END",
            log=_log(table, "NEW.id", old, by_hand),
            **parts,
        ),
        table.name + "_verlauf_geloescht": fill(
            "AFTER DELETE ON $t BEGIN $log END", log=_log(table, "OLD.id", old, "NULL"), **parts
        ),
    }


def _log(table: Table, row: str, old: str, new: str) -> str:
    return fill(_LOG, now=NOW, table=literal(table.name), row=row, old=old, new=new)


def _json(row: str, columns: tuple[Column, ...], **instead: str) -> str:
    terms = []
    for column in columns:
        value = instead.get(column.name, row + "." + quoted(column.name))
        if column.kind == Kind.GEOMETRY:
            value = fill(WKB, g=value)
        elif column.kind == Kind.REAL:
            value = fill(_NUMBER, v=value)
        terms += [literal(column.name), value]
    return "json_object(" + ", ".join(terms) + ")"


def _refusal(message: str) -> str:
    return fill("BEGIN SELECT RAISE(ABORT, $message); END", message=literal(message))


DELETABLE = fill("DROP TRIGGER $name", name=quoted(VERLAUF.name + "_bleibt_2"))
"""What lets entries of ``verlauf`` be deleted, until the statements that make it final."""


BRING = (
    fill("DROP TABLE IF EXISTS temp.$name", name=quoted(ARCHIVE.name)),
    create_table(ARCHIVE, VERSION, TYPES).replace("CREATE TABLE", "CREATE TEMP TABLE", 1),
)
"""What makes room for archived entries beside ``verlauf``, for one connection only."""


def _is_final(table: Table) -> dict[str, str]:
    parts = {"t": table.name, "refusal": _refusal("Der Verlauf kann nicht geändert werden")}
    repeated = "BEFORE INSERT ON $t WHEN EXISTS (SELECT 1 FROM $t WHERE id = NEW.id) $refusal"
    return {
        table.name + "_bleibt_1": fill("BEFORE UPDATE ON $t $refusal", **parts),
        table.name + "_bleibt_2": fill("BEFORE DELETE ON $t $refusal", **parts),
        table.name + "_bleibt_3": fill(repeated, **parts),
    }


def _integrity(table: Table) -> dict[str, str]:
    triggers = {
        table.name + "_nummer_bleibt": fill(
            "BEFORE UPDATE OF id ON $t WHEN OLD.id <> NEW.id $refusal",
            t=quoted(table.name),
            refusal=_refusal(table.name + ": Die Nummer einer Zeile bleibt"),
        )
    }
    for column in references(table):
        triggers |= _parent_exists(table, column)
    for child, column in children(table):
        triggers |= _children_stay(table, child, column)
    return triggers


def _parent_exists(table: Table, column: Column) -> dict[str, str]:
    parent, key = column.references or ("", "")
    condition = fill(
        "ON $t WHEN NEW.$c IS NOT NULL AND NOT EXISTS (SELECT 1 FROM $p WHERE $k = NEW.$c) $refusal",
        t=quoted(table.name),
        c=quoted(column.name),
        p=quoted(parent),
        k=quoted(key),
        refusal=_refusal(table.name + "." + column.name + ": Das gibt es im Register nicht"),
    )
    name = "_".join((table.name, column.name, "gibt_es"))
    return {
        name + "_1": " ".join(("BEFORE INSERT", condition)),
        name + "_2": " ".join(("BEFORE UPDATE OF", quoted(column.name), condition)),
    }


def _children_stay(table: Table, child: Table, column: Column) -> dict[str, str]:
    key = quoted((column.references or ("", ""))[1])
    parts = {
        "t": quoted(table.name),
        "k": key,
        "used": fill(
            "EXISTS (SELECT 1 FROM $child WHERE $c = OLD.$k)",
            child=quoted(child.name),
            c=quoted(column.name),
            k=key,
        ),
        "refusal": _refusal(table.name + ": Wird in " + child.name + " noch gebraucht"),
    }
    name = "_".join((table.name, "gebraucht_von", child.name))
    triggers = {name + "_1": fill("BEFORE DELETE ON $t WHEN $used $refusal", **parts)}
    if key != '"id"':
        changed = "BEFORE UPDATE OF $k ON $t WHEN OLD.$k <> NEW.$k AND $used $refusal"
        triggers[name + "_2"] = fill(changed, **parts)
    return triggers
