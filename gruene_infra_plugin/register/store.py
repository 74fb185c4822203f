"""The register as the panel and the algorithms use it: every write is one transaction, one action."""

from __future__ import annotations

import dataclasses
import datetime as dt
import getpass
import os
import uuid
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

from ..i18n import translate
from ..methods.findings.finding import Finding
from ..methods.parcels.parcel_area import agrees
from ..methods.parcels.space_types import SpaceType
from ..spatial.geometry.wkb import geometry_of
from . import (
    archives,
    errors,
    foundation,
    geopackage,
    history,
    postgis,
    queries,
    rows,
    schema,
    succession,
    undo,
)
from .database import Archive, Database, Session, Stamp
from .foundation import Foundation
from .geopackage import GeoPackage
from .model import (
    Action,
    AssignmentRecord,
    Choice,
    Conflict,
    Criteria,
    Entry,
    Fact,
    FoundParcel,
    ParcelRecord,
    ParcelVersion,
    Project,
    RegisterState,
    Role,
    SpaceTypeRecord,
    Status,
    Total,
    merged,
)
from .odd_values import OddValue
from .postgis import PostGIS, PostgresPlace
from .rows import Known, Row, Seen
from .succession import Holding, Succeeded, Succession

RegisterPlace = Path | PostgresPlace
Clock = Callable[[], dt.datetime]
_Item = TypeVar("_Item")
DEFAULT_CRS = "EPSG:25832"
PORTION = 5000
"""Rows of a long list that are written at once."""
NOTHING_SEEN: Seen = {}
_NEW_ASSIGNMENT = {"status": Status.IDEA.value}


class Register:
    """An open register.

    Writers hand in ``seen``, the versions of the rows as they read them, by the records' ``row``; a row
    that is not in it is expected to be absent. Where rows changed underneath, ``RegisterConflict`` lists
    them and nothing is written; the same call with ``choices``, one per row of the list, goes through.

    Every method raises ``RegisterError`` with a message for people. Use a register in one thread.
    """

    def __init__(
        self, database: Database, crs: str, clock: Clock | None = None, found: Foundation | None = None
    ) -> None:
        self.database = database
        self.crs = crs
        self.foundation = found or Foundation(schema.VERSION, crs)
        self._clock = clock

    @classmethod
    def create(
        cls,
        place: RegisterPlace,
        crs: str = DEFAULT_CRS,
        *,
        who: str | None = None,
        clock: Clock | None = None,
    ) -> Register:
        """Make an empty register, as a new GeoPackage or in a schema that has none, and open it."""
        database = database_at(place, who)
        create_tables(database, crs, schema.VERSION)
        return cls(database, crs, clock)

    @classmethod
    def open(cls, place: RegisterPlace, *, who: str | None = None, clock: Clock | None = None) -> Register:
        """Open a register; one of an older schema version is brought to the present one.

        One whose history would miss what is written can be read, checked and restored only.

        ``who`` is the name that a GeoPackage's history keeps, the computer's user if left out; PostgreSQL
        knows its role. ``clock`` gives the moment of each action, the database's clock if left out.
        """
        database = database_at(place, who)
        found = _prepared(database)
        return cls(database, found.crs, clock, found)

    def close(self) -> None:
        self.database.close()

    @contextmanager
    def _action(self, kind: str) -> Iterator[Session]:
        self._require_history()
        stamp = self._stamp(kind)
        with self.database.transaction() as session:
            session.stamp(stamp)
            yield session

    def _require_history(self) -> None:
        if self.foundation.not_logging:
            raise errors.not_logging(self.database.where, self.foundation.not_logging)

    def _stamp(self, kind: str, undoes: str | None = None) -> Stamp:
        when = None if self._clock is None else history.moment_text(self._clock())
        return Stamp(uuid.uuid4().hex, kind, self.database.user(), when, undoes)

    # Writing -----------------------------------------------------------------------------------------

    def assign(
        self,
        parcels: Iterable[ParcelRecord],
        goals: Collection[int],
        role: Role,
        status: Status | None = Status.IDEA,
        project: int | None = None,
        evidence: str | None = None,
        algorithm: str | None = None,
        note: str | None = None,
        *,
        space_type: SpaceType | None = None,
        seen: Seen = NOTHING_SEEN,
        choices: Iterable[Choice] = (),
    ) -> None:
        """Assign parcels to goals; what is ``None`` keeps its value where the assignment exists.

        A new assignment without a status is an idea. ``space_type`` is set in the same action.
        """
        records = merged(parcels)
        known = Known(seen, choices)
        values = {
            "status": status and status.value,
            "beleg": evidence,
            "algorithmus": algorithm,
            "notiz": note,
        }
        given = {name: value for name, value in values.items() if value is not None}
        wanted: list[Row] = [
            {"flurstueck": parcel.key.key, "hz": hz, "rolle": role.value, "projekt": project, **given}
            for parcel in records
            for hz in sorted(set(goals))
        ]
        with self._action("zuordnen") as session:
            _add_parcels(session, records)
            rows.write(session, schema.ZUORDNUNG, "flurstueck", wanted, known, _NEW_ASSIGNMENT)
            _set_space_type(session, records, space_type, known)

    def assign_records(
        self,
        parcels: Iterable[ParcelRecord],
        records: Iterable[AssignmentRecord],
        projects: Iterable[Project] = (),
        *,
        space_type: SpaceType | None = None,
        released: Collection[int] = (),
        seen: Seen = NOTHING_SEEN,
        choices: Iterable[Choice] = (),
    ) -> None:
        """Write assignments that differ from each other, with the projects they need, in one action.

        ``projects`` are new ones; a record refers to one by the negative ``id`` that it has here. What is
        ``None`` in a record keeps its value where the assignment exists. In the same action all ``parcels``
        get ``space_type`` and lose the goals ``released``, in every role and project; those that only lose
        something are not added to the register.
        """
        added, given, known = list(projects), merged(parcels), Known(seen, choices)
        wanted = list(records)
        gains = bool(wanted) or space_type is not None
        with self._action("zuordnen" if gains else "lösen") as session:
            ids = _add_projects(session, added)
            _add_parcels(session, given if gains else ())
            assigned = [queries.assignment_row(record, ids) for record in wanted]
            rows.write(session, schema.ZUORDNUNG, "flurstueck", assigned, known)
            if released:
                _release(session, (parcel.key.key for parcel in given), released, known)
            _set_space_type(session, given, space_type, known)

    def import_records(
        self,
        parcels: Iterable[ParcelRecord],
        records: Iterable[AssignmentRecord],
        projects: Iterable[Project] = (),
        *,
        choices: Iterable[Choice] = (),
    ) -> None:
        """Write the assignments of a list of any length in one action, as :meth:`assign_records` does.

        Each parcel comes once, and so does each assignment. A portion of them is held at once.
        """
        known, conflicts = Known(choices=choices), list[Conflict]()
        with self._action("zuordnen") as session:
            ids = _add_projects(session, list(projects))
            for portion in _portions(parcels):
                _add_parcels(session, portion)
            for assigned in _portions(queries.assignment_row(record, ids) for record in records):
                try:
                    rows.write(session, schema.ZUORDNUNG, "flurstueck", assigned, known)
                except errors.RegisterConflict as conflict:
                    conflicts += conflict.conflicts
            if conflicts:
                raise errors.RegisterConflict(conflicts)

    def unassign(
        self,
        keys: Iterable[str],
        goals: Collection[int] | None = None,
        role: Role | None = None,
        project: int | None = None,
        *,
        seen: Seen | None = None,
        choices: Iterable[Choice] = (),
    ) -> int:
        """Remove assignments of parcels by key and return how many there were of them.

        What is ``None`` stands for all goals, all roles, all projects, and for having seen all rows as they
        are.
        """
        with self._action("lösen") as session:
            return _release(session, keys, goals, _known(seen, choices), role, project)

    def remove_assignments(
        self, records: Iterable[AssignmentRecord], *, choices: Iterable[Choice] = ()
    ) -> None:
        """Remove assignments, if they are as they were read, in one action."""
        seen = {record.row: record.version for record in records}
        with self._action("lösen") as session:
            there = rows.existing(session, schema.ZUORDNUNG, "flurstueck", (row[0] for row in seen))
            doomed = {key: row for key, row in there.items() if key in seen}
            rows.remove(session, schema.ZUORDNUNG, doomed, Known(seen, choices), "status")

    def set_space_type(
        self,
        parcels: Iterable[ParcelRecord],
        raumtyp: SpaceType | Mapping[str, SpaceType],
        share: float | Mapping[str, float | None] | None = None,
        origin: str | Mapping[str, str | None] | None = None,
        *,
        seen: Seen = NOTHING_SEEN,
        choices: Iterable[Choice] = (),
    ) -> None:
        """Give parcels a Raumtyp with its share in percent of the area; each is for all, or by key."""
        records = merged(parcels)
        wanted: list[Row] = [
            {
                "flurstueck": key,
                "raumtyp": _of_key(raumtyp, key).value,
                "anteil_proz": _of_key(share, key),
                "herkunft": _of_key(origin, key),
            }
            for key in (parcel.key.key for parcel in records)
        ]
        with self._action("raumtyp") as session:
            _add_parcels(session, records)
            rows.write(session, schema.RAUMTYP_ZUORDNUNG, "flurstueck", wanted, Known(seen, choices))

    def clear_space_type(
        self, keys: Iterable[str], *, seen: Seen | None = None, choices: Iterable[Choice] = ()
    ) -> None:
        """Take the Raumtyp from parcels, whatever it is if ``seen`` is left out."""
        with self._action("raumtyp") as session:
            there = rows.existing(session, schema.RAUMTYP_ZUORDNUNG, "flurstueck", keys)
            rows.remove(session, schema.RAUMTYP_ZUORDNUNG, there, _known(seen, choices), "raumtyp")

    def add_project(self, project: Project) -> Project:
        """Add a project and return it with its number; its name must be new."""
        with self._action("projekt") as session:
            there = queries.projects(session, project.name)
            if there:
                raise errors.RegisterRuleError(
                    translate("GrueneInfra", "There is a project named “{name}” already.").format(
                        name=there[0].name
                    )
                )
            rows.insert(session, schema.PROJEKT, [queries.project_row(project)])
            return queries.projects(session, project.name)[0]

    def update_project(self, project: Project, *, choices: Iterable[Choice] = ()) -> Project:
        """Change the project of this ``id``, if it still has the ``version`` that was read."""
        key = (project.id,)
        known = Known({key: project.version}, choices)
        with self._action("projekt") as session:
            there = {(row["id"],): row for row in session.by_ids(schema.PROJEKT, [project.id])}
            if not there:
                raise errors.no_project(project.name)
            wanted = {key: queries.project_row(project)}
            rows.apply(session, schema.PROJEKT, wanted, there, known, lambda row: project.name)
            return queries.projects_by_id(session, project.id)[0]

    def remove_project(self, project: Project) -> None:
        """Remove a project that nothing refers to, if it still has the ``version`` that was read."""
        with self._action("projekt") as session:
            there = {(row["id"],): row for row in session.by_ids(schema.PROJEKT, [project.id])}
            rows.remove(session, schema.PROJEKT, there, Known({(project.id,): project.version}), "status")

    def add_fact(self, fact: Fact, *, seen: Seen = NOTHING_SEEN, choices: Iterable[Choice] = ()) -> None:
        """Store a fact; one of the same project or municipality, goal, field and year is a conflict."""
        with self._action("angabe") as session:
            wanted = [queries.fact_row(fact)]
            rows.write(session, schema.ANGABE, "feld", wanted, Known(seen, choices))

    def store_findings(self, findings: Iterable[Finding]) -> None:
        """Store findings; those of the same indicator, variant, area and day take the newer values."""
        wanted = [queries.finding_row(finding) for finding in findings]
        with self._action("befund") as session:
            rows.write(session, schema.BEFUND, "kennzahl_id", wanted, Known(wins=True))

    def succeed(
        self,
        successions: Iterable[Succession],
        min_share: float,
        *,
        larger_wins: bool = False,
    ) -> Succeeded:
        """Pass what old parcels hold on to new ones, and keep the new ones in their place.

        A new parcel takes over from ``min_share`` (0 to 1) of the old one on, the largest always. An old
        parcel without a successor goes with all that it holds. Where parcels that become one say different
        things of the same assignment, nothing is written, or the ``larger_wins``.
        """
        with self._action("abgleich") as session:
            return succession.succeed(session, successions, min_share, larger_wins)

    # What is odd -------------------------------------------------------------------------------------

    def odd_values(self) -> list[OddValue]:
        """Return what stands in the register and cannot be: entries of ``meta``, values of all tables."""
        with self.database.reading() as session:
            return [*self.foundation.entries, *foundation.odd_values(self.database, session)]

    def odd_entries(self, since: int = 0) -> list[OddValue]:
        """Return what in the history cannot be read, in entries with a number above ``since``."""
        with self.database.reading() as session:
            return foundation.odd_entries(self.database, session, since)

    def lost_archives(self) -> list[str]:
        """Return by name the archives of the history that cannot be read."""
        with self.database.reading() as session:
            return archives.lost(session)

    def restore(self) -> None:
        """Make anew what writes the history, and the entries of ``meta`` from what the tables are."""
        with self.database.transaction() as session:
            foundation.restore(self.database, session, self.foundation)
            self.foundation = foundation.verified(self.database, session)

    def empty(self, values: Collection[OddValue]) -> int:
        """Take odd values away, where rows may be without them and still hold them; return how many."""
        changes: dict[str, dict[int, Row]] = {}
        with self._action("bereinigen") as session:
            for value in foundation.odd_values(self.database, session):
                if value in values and value.may_be_empty:
                    changes.setdefault(value.table, {}).setdefault(value.row, {})[value.column] = None
            for table, of_table in changes.items():
                session.update(schema.BY_NAME[table], of_table)
        return sum(len(row) for of_table in changes.values() for row in of_table.values())

    # Reading -----------------------------------------------------------------------------------------

    def holdings(self) -> list[Holding]:
        """Return all parcels with the number of their assignments and their standing, by key."""
        with self.database.reading() as session:
            return succession.holdings(session)

    def assignments(
        self,
        *,
        hz: int | None = None,
        raumtyp: SpaceType | None = None,
        project: int | None = None,
        keys: Collection[str] | None = None,
    ) -> list[AssignmentRecord]:
        """Return the assignments that meet all conditions, by parcel, goal and role."""
        with self.database.reading() as session:
            return queries.assignments(session, hz, raumtyp, project, keys)

    def doubtful_assignments(self) -> list[AssignmentRecord]:
        """Return the assignments that contradict others or their project, see ``checks``."""
        with self.database.reading() as session:
            return queries.doubtful_assignments(session)

    def space_types_below(self, share: float) -> list[SpaceTypeRecord]:
        """Return the Raumtypen that take up less than a share in percent of their parcel."""
        with self.database.reading() as session:
            return queries.space_types_below(session, share)

    def space_types(self, keys: Collection[str] | None = None) -> list[SpaceTypeRecord]:
        with self.database.reading() as session:
            return queries.space_types(session, keys)

    def parcels(self, keys: Collection[str] | None = None) -> list[ParcelRecord]:
        with self.database.reading() as session:
            return queries.parcels(session, keys)

    def parcel_versions(self) -> dict[str, ParcelVersion]:
        """Return what tells whether a parcel's row changed, by key."""
        with self.database.reading() as session:
            return queries.parcel_versions(session)

    def outlines(self, keys: Collection[str]) -> dict[str, bytes | None]:
        """Return the WKB of those parcels that the register holds, by key."""
        with self.database.reading() as session:
            return queries.outlines(session, keys)

    def areas(self, keys: Collection[str]) -> dict[str, float]:
        """Return the areas in m² of those parcels that the register holds, by key."""
        with self.database.reading() as session:
            return queries.areas(session, keys)

    def stated_areas(self, keys: Collection[str]) -> dict[str, tuple[float, float | None]]:
        """Return by key the area in m² that counts, and the official one where it is known."""
        with self.database.reading() as session:
            return queries.stated_areas(session, keys)

    def find(self, criteria: Criteria) -> list[FoundParcel]:
        """Return the parcels that meet all criteria, by key; all parcels if there are none."""
        with self.database.reading() as session:
            return queries.find(session, criteria)

    def projects(self) -> list[Project]:
        with self.database.reading() as session:
            return queries.projects(session)

    def find_project(self, name: str) -> Project | None:
        """Return the project of this name, however it is spelled, or ``None``."""
        with self.database.reading() as session:
            return next(iter(queries.projects(session, name)), None)

    def facts(self, hz: int | None = None) -> list[Fact]:
        with self.database.reading() as session:
            return queries.facts(session, hz)

    def findings(self) -> list[Finding]:
        """Return all stored findings, the oldest day first."""
        with self.database.reading() as session:
            return queries.findings(session)

    def totals_by_goal(self, goals: Collection[int] = range(1, 28)) -> dict[int, Total]:
        """Return totals per goal; excluded parcels and rejected assignments do not count."""
        with self.database.reading() as session:
            return queries.totals(session, "hz", goals)

    def totals_by_space_type(self) -> dict[str, Total]:
        """Return totals of the parcels that have a Raumtyp, assigned or not, per Raumtyp."""
        with self.database.reading() as session:
            return queries.totals(session, "raumtyp")

    def totals_by_project(self) -> dict[int, Total]:
        """Return totals per number of a project; counted as per goal."""
        with self.database.reading() as session:
            return queries.totals(session, "projekt")

    # History -----------------------------------------------------------------------------------------

    def actions(self, limit: int = history.UNDO_LIMIT) -> list[Action]:
        """Return the user's last actions, the newest first, among them what undoing did."""
        who = self.database.user()
        with self.database.reading() as session:
            return list(history.actions(session, who, limit))

    def next_to_undo(self) -> Action | None:
        """Return the action that :meth:`undo` takes if none is named, ``None`` where there is none."""
        who = self.database.user()
        with self.database.reading() as session:
            return undo.next_to_undo(session, who)

    def newest_entry(self) -> Entry | None:
        """Return who wrote last and when; it tells whether anything changed since it was asked before."""
        with self.database.reading() as session:
            return history.newest_entry(session)

    def last_writers(self) -> dict[tuple, tuple[str, dt.datetime]]:
        """Return who last wrote each assignment, and when, by the records' ``row``."""
        with self.database.reading() as session:
            return history.last_writers(session)

    def undo(self, action: str | None = None) -> Action:
        """Undo one of the user's last twenty actions, the newest that stands if none is named.

        Undoing is an action as well: to redo, undo it by its number.

        Raises
        ------
        UndoRefusedError
            If there is none, or somebody touched its rows since.
        """
        self._require_history()
        who = self.database.user()
        stamp = self._stamp("rückgängig")
        try:
            with self.database.transaction() as session:
                chosen = undo.choose(session, who, action)
                session.stamp(dataclasses.replace(stamp, undoes=chosen.id))
                undo.undo(session, chosen)
        except errors.RegisterRuleError as error:
            raise undo.refused(error) from error
        return chosen

    def register_at(self, moment: dt.date | dt.datetime) -> RegisterState:
        """Return assignments and Raumtypen as they were at the end of a day, or at a moment.

        A day ends at midnight of the computer's time zone; a moment needs a time zone.
        """
        with self.database.reading() as session:
            return history.state_at(session, moment)

    @contextmanager
    def past(self, moment: dt.date | dt.datetime) -> Iterator[history.Past]:
        """Let the register be read as it was at the end of a day or at a moment, however large it is."""
        with self.database.reading() as session:
            yield history.Past(session, moment)

    def archive_history(self, day: dt.date) -> Archive | None:
        """Move what the history says of the time before a day into an archive, see ``archives``.

        Return the archive, ``None`` where there is nothing so old. What is archived can still be looked back
        at, but not be undone.

        Raises
        ------
        RegisterError
            If it cannot be written; the history is as it was then.
        """
        self._require_history()
        before = history.moment_text(dt.datetime.combine(day, dt.time.min).astimezone())
        try:
            with self.database.transaction() as session:
                session.tidy_archives(archives.known(session))
                return archives.move(session, day, before)
        finally:  # what is left to do can also be done by the next run
            with suppress(errors.RegisterError), self.database.transaction() as session:
                session.tidy_archives(archives.known(session))


def database_at(place: RegisterPlace, who: str | None = None) -> Database:
    """Return the database of a place; nothing is opened yet."""
    if isinstance(place, PostgresPlace):
        return PostGIS(place)
    return GeoPackage(Path(place), who or _user())


def _user() -> str:
    """Return the name of the computer's user, its number where it has no name, as in containers."""
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        return f"uid {os.getuid()}" if hasattr(os, "getuid") else "–"


def is_register(place: RegisterPlace) -> bool:
    """Say whether a file or a schema holds a register; nothing of it is opened, locked or changed."""
    if isinstance(place, PostgresPlace):
        return postgis.is_register(place)
    return geopackage.is_register(place)


def create_tables(database: Database, crs: str, version: int) -> None:
    """Make an empty register of a schema version."""
    srid = queries.srid(crs)
    if srid is None:
        raise errors.bad_crs(crs)
    database.create(version, crs, {"schema": str(version), "crs": crs, "srid": str(srid)})


def _prepared(database: Database) -> Foundation:
    """Verify what a register rests on, bring an older one up to date, and return what was found."""
    with database.reading() as session:
        found = foundation.verified(database, session)
    return found if found.version == schema.VERSION else _migrated(database)


def _migrated(database: Database) -> Foundation:
    with database.transaction() as session:
        found = foundation.verified(database, session)
        if found.version < schema.VERSION:  # somebody else may have done it meanwhile
            database.migrate(session, found.version, schema.VERSION)
            session.run("UPDATE meta SET wert = ? WHERE schluessel = 'schema'", [str(schema.VERSION)])
        return foundation.verified(database, session)


def _known(seen: Seen | None, choices: Iterable[Choice]) -> Known:
    """Return what a writer knows who removes rows: all of them as they are where it has read none."""
    return Known(seen or NOTHING_SEEN, choices, wins=seen is None)


def _release(
    session: Session,
    keys: Iterable[str],
    goals: Collection[int] | None,
    known: Known,
    role: Role | None = None,
    project: int | None = None,
) -> int:
    """Remove assignments of parcels and return how many there were; ``None`` stands for all."""
    doomed = {
        key: row
        for key, row in rows.existing(session, schema.ZUORDNUNG, "flurstueck", keys).items()
        if (goals is None or row["hz"] in goals)
        and (role is None or row["rolle"] == role.value)
        and (project is None or row["projekt"] == project)
    }
    rows.remove(session, schema.ZUORDNUNG, doomed, known, "status")
    return len(doomed)


def _of_key(value: Any, key: str) -> Any:
    return value.get(key) if isinstance(value, Mapping) else value


def _set_space_type(
    session: Session, parcels: Iterable[ParcelRecord], space_type: SpaceType | None, known: Known
) -> None:
    """Give all parcels a Raumtyp, if one is named; its share and origin stay."""
    if space_type is not None:
        wanted: list[Row] = [
            {"flurstueck": parcel.key.key, "raumtyp": space_type.value} for parcel in parcels
        ]
        rows.write(session, schema.RAUMTYP_ZUORDNUNG, "flurstueck", wanted, known)


def _portions(items: Iterable[_Item]) -> Iterator[list[_Item]]:
    """Yield items in lists that are not too long."""
    left = iter(items)
    while portion := list(islice(left, PORTION)):
        yield portion


def _add_projects(session: Session, added: Iterable[Project]) -> dict[int, int]:
    """Insert projects and return the numbers that they get by those that they had."""
    added = list(added)
    rows.insert(session, schema.PROJEKT, [queries.project_row(project) for project in added])
    return {new.id: queries.projects(session, new.name)[0].id for new in added}


def _add_parcels(session: Session, parcels: Iterable[ParcelRecord]) -> None:
    """Insert parcels that are not there; those that are stay as they came, but get what they came without."""
    given = {parcel.key.key: queries.parcel_row(parcel) for parcel in parcels}
    bare = queries.without_outline(session, [key for key, row in given.items() if row["geom"] is not None])
    rows.insert(session, schema.FLURSTUECK, list(given.values()), absent=True)
    session.update(schema.FLURSTUECK, {row["id"]: _completed(row, given[row["schluessel"]]) for row in bare})


def _completed(stored: Row, given: Row) -> Row:
    """Return the outline of a parcel, and what else is known of it now and was not.

    An area that was stored without it counts on if the outline bears it out.
    """
    names = ("flaeche_m2", "flaeche_amtlich_m2", "ags", "gemeinde")
    known = {name: given[name] for name in names if not stored[name]}
    outline = geometry_of(bytes.fromhex(given["geom"])).area()
    if stored["flaeche_m2"] and not agrees(stored["flaeche_m2"], outline):
        official = given["flaeche_amtlich_m2"]
        known["flaeche_m2"] = given["flaeche_m2"]
        known["flaeche_amtlich_m2"] = stored["flaeche_m2"] if official is None else official
    return {name: given[name] for name in ("geom", "geom_hash")} | known
