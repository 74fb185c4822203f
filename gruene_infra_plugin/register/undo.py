"""Undo: bring the rows of one action back to what they were, if nobody touched them since."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..i18n import translate
from . import archives, history, rows
from .database import Session, as_list
from .errors import RegisterRuleError, UndoRefusedError
from .model import Action
from .schema import BY_NAME, FLURSTUECK, PROJEKT, TABLES, Table

_ENTRIES = "SELECT tabelle, zeile, alt, neu FROM verlauf WHERE aktion = ? ORDER BY id"
_LAST_ENTRY = "SELECT wer, wann FROM verlauf WHERE tabelle = ? AND zeile = ? ORDER BY id DESC LIMIT 1"
_FREE_PARCELS = (
    "SELECT f.id FROM flurstueck f WHERE f.id IN (SELECT CAST(value AS BIGINT) FROM json_each(?))"
    " AND NOT EXISTS (SELECT 1 FROM zuordnung z WHERE z.flurstueck = f.schluessel)"
    " AND NOT EXISTS (SELECT 1 FROM raumtyp_zuordnung r WHERE r.flurstueck = f.schluessel)"
)
_PARENTS = (FLURSTUECK, PROJEKT)
Content = dict[str, Any]


@dataclass
class Change:
    """What an action made of a row, over all of its entries; ``None`` stands for no row."""

    before: Content | None
    after: Content | None


def choose(session: Session, who: str, number: str | None) -> Action:
    """Return the action to undo: the one named, or the user's newest that stands and is no undoing."""
    if number is None:
        found = next_to_undo(session, who)
    else:
        recent = history.actions(session, who, history.UNDO_LIMIT)
        found = next((action for action in recent if action.id == number), None)
    if found is None:
        raise _nothing_to_undo(session)
    if found.undone:
        raise UndoRefusedError(translate("GrueneInfra", "This action has been undone already."))
    return found


def next_to_undo(session: Session, who: str) -> Action | None:
    """Return the newest action that was not undone and is no undoing, ``None`` where there is none."""
    recent = history.actions(session, who, history.UNDO_LIMIT)
    return next((action for action in recent if not action.undone and action.undoes is None), None)


def _nothing_to_undo(session: Session) -> UndoRefusedError:
    said = translate("GrueneInfra", "Among your last {count} actions there is none to undo.")
    reasons = [said.format(count=history.UNDO_LIMIT)]
    known = archives.known(session)
    if known:
        said = translate(
            "GrueneInfra", "What was written before {day} was moved to {name} and cannot be undone any more."
        )
        newest = max(known, key=lambda archive: archive.before)
        reasons.append(said.format(day=newest.day.isoformat(), name=newest.name))
    return UndoRefusedError(" ".join(reasons))


def undo(session: Session, action: Action) -> None:
    """Undo an action within a transaction that is stamped as doing so.

    Raises
    ------
    UndoRefusedError
        If rows differ from what the action left.
    RegisterRuleError
        If something else depends on them by now, or took their place; as :func:`refused` says it.
    """
    changes = _changes(session, action)
    for table, of_table in changes.items():
        _check_untouched(session, table, of_table)
    _restore(session, changes)


def _changes(session: Session, action: Action) -> dict[Table, dict[int, Change]]:
    changes: dict[Table, dict[int, Change]] = {}
    for name, number, old, new in session.rows(_ENTRIES, [action.id]):
        of_table = changes.setdefault(BY_NAME[name], {})
        after = history.content(new)
        if number in of_table:
            of_table[number].after = after
        else:
            of_table[number] = Change(history.content(old), after)
    return changes


def _check_untouched(session: Session, table: Table, changes: Mapping[int, Change]) -> None:
    there = {row["id"]: row for row in session.by_ids(table, changes)}
    touched = [
        number for number, change in changes.items() if not _same(table, there.get(number), change.after)
    ]
    if not touched:
        return
    who, when = session.rows(_LAST_ENTRY, [table.name, touched[0]])[0]
    raise UndoRefusedError(
        translate(
            "GrueneInfra",
            "Not undone: {count} of its entries in “{table}” were changed since, last by {who} on {when}.",
        ).format(count=len(touched), table=table.name, who=who, when=_local(when))
    )


def _local(when: str) -> str:
    return dt.datetime.fromisoformat(when).astimezone().strftime("%Y-%m-%d %H:%M")


def _same(table: Table, row: Content | None, other: Content | None) -> bool:
    if row is None or other is None:
        return row is other
    return all(row[name] == other.get(name) for name in table.contents)


def refused(error: RegisterRuleError) -> UndoRefusedError:
    """Return what a rule of the database means for undoing."""
    return UndoRefusedError(
        translate(
            "GrueneInfra",
            "Not undone: something was added since that depends on it or replaces it ({detail}).",
        ).format(detail=error.detail)
    )


def _restore(session: Session, changes: Mapping[Table, Mapping[int, Change]]) -> None:
    """Put rows back in an order in which every row always finds the rows that it points to."""
    present = [table for table in TABLES if table in changes]
    for table in present:
        if table not in _PARENTS:
            _delete_made(session, table, changes[table])
    for table in present:
        _insert_removed(session, table, changes[table])
        _put_back(session, table, changes[table])
    for table in present:
        if table in _PARENTS:
            _delete_made(session, table, changes[table])


def _delete_made(session: Session, table: Table, changes: Mapping[int, Change]) -> None:
    """Delete what the action inserted; parcels that others use by now stay."""
    made = [
        number for number, change in changes.items() if change.before is None and change.after is not None
    ]
    if table is FLURSTUECK and made:
        made = [number for (number,) in session.rows(_FREE_PARCELS, [as_list(made)])]
    if made:
        session.delete(table, made)


def _insert_removed(session: Session, table: Table, changes: Mapping[int, Change]) -> None:
    """Insert what the action deleted, under its old number and with a version that nobody has seen."""
    removed = [
        {name: change.before.get(name) for name in table.names} | {"version": change.before["version"] + 1}
        for change in changes.values()
        if change.before is not None and change.after is None
    ]
    rows.insert(session, table, removed)


def _put_back(session: Session, table: Table, changes: Mapping[int, Change]) -> None:
    back = {
        number: _difference(table, change.after, change.before)
        for number, change in changes.items()
        if change.before is not None and change.after is not None
    }
    session.update(table, {number: values for number, values in back.items() if values})


def _difference(table: Table, now: Content, then: Content) -> Content:
    return {name: then.get(name) for name in table.contents if then.get(name) != now.get(name)}
