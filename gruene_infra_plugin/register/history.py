"""What ``verlauf`` tells: the last actions, and the register as it was."""

from __future__ import annotations

import datetime as dt
from typing import Any

from . import queries, schema
from .database import Session, as_list
from .model import Action, Entry, ParcelRecord, RegisterState
from .odd_values import content_of, known_row, moment_of

UNDO_LIMIT = 20
NEVER = dt.datetime(1, 1, 2, tzinfo=dt.UTC)
"""When an entry was written that does not tell it."""

_ACTIONS = (
    "SELECT aktion, min(vorgang), min(wer), min(wann), count(*), min(hebt_auf) FROM verlauf"
    " WHERE aktion IS NOT NULL AND wer = ? GROUP BY aktion ORDER BY max(id) DESC LIMIT ?"
)
_UNDOINGS = "SELECT DISTINCT hebt_auf, aktion FROM verlauf WHERE hebt_auf IS NOT NULL"
_STATE = (
    "SELECT v.tabelle, v.zeile, v.neu FROM verlauf v JOIN ("
    " SELECT max(id) AS id FROM verlauf"
    " WHERE wann < ? AND tabelle IN (SELECT value FROM json_each(?)) GROUP BY tabelle, zeile"
    ") letzte ON letzte.id = v.id WHERE v.neu IS NOT NULL ORDER BY v.id"
)

_LAST_WRITERS = (
    "SELECT z.flurstueck, z.hz, z.rolle, z.projekt, v.wer, v.wann FROM zuordnung z JOIN ("
    " SELECT zeile, max(id) AS id FROM verlauf WHERE tabelle = 'zuordnung' GROUP BY zeile"
    ") letzte ON letzte.zeile = z.id JOIN verlauf v ON v.id = letzte.id"
)

_NEWEST = "SELECT id, wer, wann FROM verlauf ORDER BY id DESC LIMIT 1"


def moment_text(moment: dt.datetime) -> str:
    """Return a moment as the history writes it: UTC, milliseconds, so that text sorts as time does."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


def actions(session: Session, who: str, limit: int) -> list[Action]:
    """Return the last actions of a person, the newest first."""
    undone = _undone(session)
    return [
        Action(number, kind, person, moment, count, undoes, number in undone)
        for number, kind, person, when, count, undoes in session.rows(_ACTIONS, [who, limit])
        if (moment := moment_of(when)) is not None
    ]


def newest_entry(session: Session) -> Entry | None:
    """Return the last entry, ``None`` where nothing was written yet."""
    found = session.rows(_NEWEST)
    return next((Entry(number, who, moment_of(when) or NEVER) for number, who, when in found), None)


def last_writers(session: Session) -> dict[tuple, tuple[str, dt.datetime]]:
    """Return who last wrote each assignment that is there, and when, by parcel, goal, role and project."""
    return {
        (parcel, hz, role, project or 0): (who, moment)
        for parcel, hz, role, project, who, when in session.rows(_LAST_WRITERS)
        if (moment := moment_of(when)) is not None
    }


def _undone(session: Session) -> set[str]:
    """Return the actions that do not stand: undone by an action that itself was not undone."""
    undoings: dict[str, list[str]] = {}
    for action, by in session.rows(_UNDOINGS):
        undoings.setdefault(action, []).append(by)
    stands: dict[str, bool] = {}
    for start in undoings:
        stack = [start]
        while stack:
            pending = [by for by in undoings.get(stack[-1], ()) if by not in stands]
            if pending:
                stack += pending
            else:
                action = stack.pop()
                stands[action] = not any(stands[by] for by in undoings.get(action, ()))
    return {action for action, holds in stands.items() if not holds}


def state_at(session: Session, moment: dt.date | dt.datetime) -> RegisterState:
    """Rebuild assignments and Raumtypen from the last entry of each row before a moment or a day's end."""
    rows = _rows_at(session, moment, "zuordnung", "raumtyp_zuordnung", "projekt")
    assignments = map(queries.assignment, rows["zuordnung"].values())
    space_types = map(queries.space_type, rows["raumtyp_zuordnung"].values())
    return RegisterState(
        tuple(sorted(assignments, key=lambda record: record.row)),
        tuple(sorted(space_types, key=lambda record: record.row)),
        {number: row["name"] for number, row in rows["projekt"].items()},
    )


def parcels_at(session: Session, moment: dt.date | dt.datetime) -> list[ParcelRecord]:
    """Rebuild the parcels from the last entry of each before a moment or a day's end."""
    rows = _rows_at(session, moment, "flurstueck")["flurstueck"].values()
    return sorted(map(queries.parcel, rows), key=lambda record: record.key.key)


def _rows_at(
    session: Session, moment: dt.date | dt.datetime, *tables: str
) -> dict[str, dict[int, dict[str, Any]]]:
    """Return the rows of tables by number as they were."""
    rows: dict[str, dict[int, dict[str, Any]]] = {table: {} for table in tables}
    for table, number, new in session.rows(_STATE, [moment_text(_end(moment)), as_list(tables)]):
        row = known_row(schema.BY_NAME[table], content_of(new))
        if row is None:
            session.unknown["verlauf", "neu"] = session.unknown.get(("verlauf", "neu"), 0) + 1
        else:
            rows[table][number] = row
    return rows


def _end(moment: dt.date | dt.datetime) -> dt.datetime:
    """Return the moment before which entries count."""
    if isinstance(moment, dt.datetime):
        return moment + dt.timedelta(milliseconds=1)
    return dt.datetime.combine(moment + dt.timedelta(days=1), dt.time.min).astimezone()
