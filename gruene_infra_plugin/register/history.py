"""What ``verlauf`` tells: the last actions, and the register as it was."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from . import archives, ddl, queries
from .database import Session
from .model import Action, AssignmentRecord, Entry, ParcelRecord, RegisterState, SpaceTypeRecord
from .odd_values import moment_of
from .schema import FLURSTUECK, PROJEKT, RAUMTYP_ZUORDNUNG, VERLAUF, ZUORDNUNG, Kind, Table

UNDO_LIMIT = 20
NEVER = dt.datetime(1, 1, 2, tzinfo=dt.UTC)
"""When an entry was written that does not tell it."""

_LATEST = (
    "SELECT aktion FROM verlauf WHERE wer = ? AND aktion IS NOT NULL AND id + 0 < ?"
    " ORDER BY id + 0 DESC LIMIT 1"
)
"""Not by ``id``: PostgreSQL would go through all entries from the last one on, whoever wrote them."""
_ACTION = (
    "SELECT v.id, v.vorgang, v.wer, v.wann, v.hebt_auf, a.anzahl FROM verlauf v JOIN ("
    "SELECT min(id) AS id, count(*) AS anzahl FROM verlauf WHERE aktion = ?) a ON a.id = v.id"
)
_NO_ENTRY_YET = 2**63 - 1
"""Greater than the number of every entry."""
_NEWEST = "SELECT id, wer, wann FROM verlauf ORDER BY id DESC LIMIT 1"

_ENTRIES = "SELECT id, zeile, wann FROM $history WHERE tabelle = $name"
_WRITERS = (
    "SELECT z.flurstueck, z.hz, z.rolle, z.projekt, v.wer, v.wann FROM zuordnung z JOIN ("
    "SELECT zeile, max(id) AS id FROM ($entries) alle GROUP BY zeile"
    ") letzte ON letzte.zeile = z.id JOIN $history v ON v.id = letzte.id"
)
_PAST = (
    "WITH geordnet AS ("
    " SELECT id, zeile, max(CASE WHEN wann < ? THEN id ELSE 0 END) OVER (PARTITION BY zeile) AS letzter"
    " FROM ($entries) alle"
    "), danach AS (SELECT zeile, min(id) AS nummer FROM geordnet WHERE id > letzter GROUP BY zeile)"
    " SELECT $names FROM ($changed UNION ALL"
    " SELECT $columns FROM $table z LEFT JOIN danach d ON d.zeile = z.id WHERE d.zeile IS NULL"
    ") damals ORDER BY $order"
)
"""A row was what the first entry after the moment replaced; without such an entry it is what it is now."""
_CHANGED = (
    "SELECT $columns FROM (SELECT $content AS alt FROM danach d JOIN $history v ON v.id = d.nummer"
    " WHERE v.alt IS NOT NULL LIMIT 9223372036854775807) v"
)
"""The limit keeps SQLite from asking anew for each column whether the content can be read."""


def moment_text(moment: dt.datetime) -> str:
    """Return a moment as the history writes it: UTC, milliseconds, so that text sorts as time does."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


def actions(session: Session, who: str, limit: int) -> Iterator[Action]:
    """Yield the last actions of a person, the newest first, each as it is asked for.

    Only what belongs to them is read, however long the history is. Actions of the plugin follow one another,
    so that all entries of an earlier one have lower numbers; and what undoes an action is newer, so that it
    has come before.
    """
    undone: set[str] = set()
    before = _NO_ENTRY_YET
    for _ in range(limit):
        found = session.rows(_LATEST, [who, before])
        if not found:
            return
        number = found[0][0]
        ((before, kind, person, when, undoes, count),) = session.rows(_ACTION, [number])
        if undoes is not None and number not in undone:
            undone.add(undoes)
        moment = moment_of(when)
        if moment is not None:
            yield Action(number, kind, person, moment, count, undoes, number in undone)


def newest_entry(session: Session) -> Entry | None:
    """Return the last entry, ``None`` where nothing was written yet."""
    found = session.rows(_NEWEST)
    return next((Entry(number, who, moment_of(when) or NEVER) for number, who, when in found), None)


def last_writers(session: Session) -> dict[tuple, tuple[str, dt.datetime]]:
    """Return who last wrote each assignment that is there, and when, by parcel, goal, role and project.

    Raises
    ------
    RegisterMissingError
        If a part of the history that was archived cannot be read.
    """
    histories = archives.bring(session)
    parts = {"entries": _entries(ZUORDNUNG, histories)}
    sql = " UNION ALL ".join(ddl.fill(_WRITERS, history=history, **parts) for history in histories)
    return {
        (parcel, hz, role, project or 0): (who, moment)
        for parcel, hz, role, project, who, when in session.stream(sql)
        if (moment := moment_of(when)) is not None
    }


class Past:
    """The register as it was at the end of a day or at a moment, in streams that are read once each.

    It is told from the rows that are there now and from what was changed since, so that of an archive only
    days before it need anything. Read it within the session's transaction.

    Raises
    ------
    RegisterMissingError
        If a part of the history that is needed was archived and cannot be read.
    """

    def __init__(self, session: Session, moment: dt.date | dt.datetime) -> None:
        self._session = session
        self._end = moment_text(_end(moment))
        self._histories = archives.bring(session, self._end)

    def assignments(self) -> Iterator[AssignmentRecord]:
        """Yield the assignments, by parcel, goal, role and project."""
        order = ("flurstueck", "hz", "rolle", "coalesce(projekt, 0)")
        return map(queries.assignment, self._rows(ZUORDNUNG, order))

    def space_types(self) -> Iterator[SpaceTypeRecord]:
        """Yield the Raumtypen by parcel."""
        return map(queries.space_type, self._rows(RAUMTYP_ZUORDNUNG, ("flurstueck",)))

    def parcels(self) -> Iterator[ParcelRecord]:
        """Yield the parcels by key."""
        return map(queries.parcel, self._rows(FLURSTUECK, ("schluessel",)))

    def projects(self) -> dict[int, str]:
        """Return the names of the projects by number."""
        return {row["id"]: row["name"] for row in self._rows(PROJEKT, ("id",), ("id", "name"))}

    def _rows(
        self, table: Table, order: Sequence[str], names: Sequence[str] = ()
    ) -> Iterator[dict[str, Any]]:
        names = names or [name for name in table.names if name != "id"]
        sql = ddl.fill(
            _PAST,
            entries=_entries(table, self._histories),
            names=", ".join(map(ddl.quoted, names)),
            changed=" UNION ALL ".join(self._changed(table, names, name) for name in self._histories),
            columns=ddl.columns_of(table, names, self._session.geometry),
            table=ddl.quoted(table.name),
            order=", ".join(self._sorted(table, term) for term in order),
        )
        required = [at for at, name in enumerate(names) if table.column(name).required]
        told = self._told(self._session.stream(sql, [self._end]), required)
        return self._session.records(table, names, told)

    def _told(self, rows: Iterable[tuple], required: Sequence[int]) -> Iterator[tuple]:
        """Yield the rows that are known; count those whose entry in the history cannot be read."""
        for row in rows:
            if any(row[at] is None for at in required):
                self._session.unknown[VERLAUF.name, "alt"] += 1
            else:
                yield row

    def _changed(self, table: Table, names: Sequence[str], history: str) -> str:
        templates = {name: self._session.old_values[table.column(name).kind] for name in names}
        columns = [
            ddl.fill(template, name=name) + " AS " + ddl.quoted(name) for name, template in templates.items()
        ]
        content = self._session.old_content
        return ddl.fill(_CHANGED, columns=", ".join(columns), history=history, content=content)

    def _sorted(self, table: Table, term: str) -> str:
        is_text = term in table.names and table.column(term).kind == Kind.TEXT
        return term + self._session.bytewise if is_text else term


def _entries(table: Table, histories: Iterable[str]) -> str:
    name = ddl.literal(table.name)
    return " UNION ALL ".join(ddl.fill(_ENTRIES, history=history, name=name) for history in histories)


def state_at(session: Session, moment: dt.date | dt.datetime) -> RegisterState:
    """Return assignments, Raumtypen and projects as they were; all of them at once."""
    past = Past(session, moment)
    return RegisterState(tuple(past.assignments()), tuple(past.space_types()), past.projects())


def _end(moment: dt.date | dt.datetime) -> dt.datetime:
    """Return the moment before which entries count."""
    if isinstance(moment, dt.datetime):
        return moment + dt.timedelta(milliseconds=1)
    return dt.datetime.combine(moment + dt.timedelta(days=1), dt.time.min).astimezone()
