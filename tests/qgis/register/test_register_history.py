"""History, undo and the register as it was; every moment is set by the test."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from gruene_infra.gruene_infra_plugin.methods.parcels.space_types import SpaceType
from gruene_infra.gruene_infra_plugin.register import undo
from gruene_infra.gruene_infra_plugin.register.database import Session, Stamp
from gruene_infra.gruene_infra_plugin.register.errors import UndoRefusedError
from gruene_infra.gruene_infra_plugin.register.model import AssignmentRecord, Project, Role, Status
from gruene_infra.gruene_infra_plugin.spatial.geometry.wkb import geometry_of
from qgis.core import QgsFeature, QgsGeometry, QgsVectorLayer

from ...layer_factory import box
from .registers import NOON, Site, key, parcel, parcels


def entries(site: Site) -> list[tuple]:
    """Return who, table, row, old and new of all entries, in order."""
    rows = site.execute("SELECT wer, tabelle, zeile, alt, neu FROM verlauf ORDER BY id")
    return [
        (*row[:3], *(json.loads(value) if isinstance(value, str) else value for value in row[3:]))
        for row in rows
    ]


def state(register) -> tuple:
    """Return all that undo gives back, without versions."""
    return (
        [(r.row, r.status, r.note, r.evidence) for r in register.assignments()],
        [(r.row, r.raumtyp, r.share, r.origin) for r in register.space_types()],
        [(p.name, p.status, p.begin, p.id) for p in register.projects()],
        register.parcels(),
    )


def layer(site: Site, table: str) -> QgsVectorLayer:
    """Return a table as QGIS opens it for editing by hand."""
    if site.server is None:
        return QgsVectorLayer(f"{site.place}|layername={table}", table, "ogr")
    geometry = "(geom)" if table == "flurstueck" else ""
    source = f"{site.server.dsn().replace(' connect_timeout=10', '')} key='id'"
    return QgsVectorLayer(f'{source} table="{site.place.schema}"."{table}" {geometry}', table, "postgres")


def writer(site: Site) -> str:
    """Return who writes by hand: PostgreSQL knows the role, a GeoPackage only that it was QGIS."""
    return "QGIS" if site.server is None else site.server_user


def test_every_row_that_is_written_has_its_entry(register, site):
    register.assign(parcels(1), [2], Role.STOCK, note="a")
    read = {record.row: record.version for record in register.assignments()}
    site.clock.forward(hours=1)
    register.assign(parcels(1), [2], Role.STOCK, note="b", seen=read)
    register.unassign([key(1)], [2])
    found = entries(site)
    assert [
        (table, old and old.get("notiz"), new and new.get("notiz")) for _, table, _, old, new in found
    ] == [
        ("flurstueck", None, None),
        ("zuordnung", None, "a"),
        ("zuordnung", "a", "b"),
        ("zuordnung", "b", None),
    ]
    assert {who for who, *_ in found} == {register.database.user()}
    assert [(entry[3], entry[4]) for entry in found[1:3]] == [
        (None, found[2][3]),
        (found[1][4], found[3][3]),
    ]
    assert found[2][4]["version"] == 2
    assert [(a.kind, a.when, a.rows) for a in register.actions()] == [
        ("lösen", NOON + dt.timedelta(hours=1), 1),
        ("zuordnen", NOON + dt.timedelta(hours=1), 1),
        ("zuordnen", NOON, 2),
    ]


def test_the_history_keeps_the_geometry_as_wkb(register, site):
    register.assign([parcel(1, 100 / 3)], [2], Role.STOCK)
    new = entries(site)[0][4]
    assert bytes.fromhex(new["geom"]) == parcel(1, 100 / 3).wkb
    assert new["flaeche_m2"] == parcel(1, 100 / 3).area_m2


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE verlauf SET wer = 'X'",
        "DELETE FROM verlauf",
        "DELETE FROM verlauf WHERE id = 1",
        "UPDATE verlauf SET wann = '2020-01-01T00:00:00Z' WHERE id = 1",
    ],
)
def test_the_history_cannot_be_changed_by_its_owner(register, site, statement):
    register.assign(parcels(1), [2], Role.STOCK)
    before = entries(site)
    with pytest.raises(site.database_error, match="Verlauf"):
        site.execute(statement)
    assert entries(site) == before


@pytest.mark.parametrize("site", ["postgis"], indirect=True)
@pytest.mark.parametrize(
    "statement",
    [
        "TRUNCATE verlauf",
        "TRUNCATE zuordnung",
        "INSERT INTO verlauf (wer, wann, tabelle, zeile, neu) VALUES ('X', now(), 'zuordnung', 1, '{}')",
    ],
)
def test_postgresql_also_refuses_truncating_and_forging(register, site, statement):
    register.assign(parcels(1), [2], Role.STOCK)
    with pytest.raises(site.database_error, match="Verlauf"):
        site.execute(statement)


@pytest.mark.parametrize("site", ["gpkg"], indirect=True)
def test_an_entry_cannot_be_replaced_by_one_of_the_same_number(register, site):
    register.assign(parcels(1), [2], Role.STOCK)
    with pytest.raises(site.database_error, match="Verlauf"):
        site.execute(
            "INSERT OR REPLACE INTO verlauf (id, wer, wann, tabelle, zeile, neu)"
            " VALUES (1, 'X', '', 't', 1, '')"
        )


def test_edits_by_hand_in_qgis_are_in_the_history_and_raise_the_version(register, site):
    register.assign(parcels(1, 2), [2], Role.STOCK, note="vorher")
    count = len(entries(site))
    edited = layer(site, "zuordnung")
    assert edited.startEditing()
    first = next(f for f in edited.getFeatures() if f["flurstueck"] == key(1))
    edited.changeAttributeValue(first.id(), edited.fields().indexOf("notiz"), "von Hand")
    second = next(f for f in edited.getFeatures() if f["flurstueck"] == key(2))
    edited.deleteFeature(second.id())
    added = QgsFeature(edited.fields())
    for name, value in {
        "flurstueck": key(2),
        "hz": 5,
        "rolle": "Potenzial",
        "status": "Idee",
        "version": 1,
    }.items():
        added[name] = value
    assert edited.addFeature(added)
    assert edited.commitChanges(), edited.commitErrors()
    del edited
    new = entries(site)[count:]
    notes = [(old and old["notiz"], after and after["notiz"]) for _, _, _, old, after in new]
    assert sorted(notes, key=str) == [("vorher", "von Hand"), ("vorher", None), (None, None)]
    assert {who for who, *_ in new} == {writer(site)}
    assert len(new) == 3
    assert [(r.row[:3], r.note, r.version) for r in register.assignments()] == [
        ((key(1), 2, "Bestand"), "von Hand", 2),
        ((key(2), 5, "Potenzial"), None, 1),
    ]
    assert [after["version"] for *_, after in new if after and after["notiz"] == "von Hand"] == [2]


def test_a_geometry_changed_by_hand_is_in_the_history(register, site):
    register.assign(parcels(1), [2], Role.STOCK)
    edited = layer(site, "flurstueck")
    assert edited.startEditing()
    feature = next(edited.getFeatures())
    moved = QgsGeometry.fromWkt(box(5, 5, 10, 10))
    moved.convertToMultiType()
    edited.changeGeometry(feature.id(), moved)
    assert edited.commitChanges(), edited.commitErrors()
    del edited
    _, table, _, old, new = entries(site)[-1]
    assert table == "flurstueck"
    assert bytes.fromhex(old["geom"]) == parcel(1).wkb
    assert geometry_of(bytes.fromhex(new["geom"])).isGeosEqual(moved)
    assert geometry_of(register.parcels()[0].wkb).isGeosEqual(moved)
    site.assert_sound()


@pytest.mark.parametrize("change", ["delete the parcel", "rename the parcel", "point elsewhere"])
def test_edits_by_hand_cannot_break_what_belongs_together(register, site, change):
    register.assign(parcels(1), [2], Role.STOCK)
    before = state(register)
    edited = layer(site, "zuordnung" if change == "point elsewhere" else "flurstueck")
    assert edited.startEditing()
    feature = next(edited.getFeatures())
    if change == "delete the parcel":
        edited.deleteFeature(feature.id())
    else:
        name = "flurstueck" if change == "point elsewhere" else "schluessel"
        edited.changeAttributeValue(feature.id(), edited.fields().indexOf(name), "X1")
    assert not edited.commitChanges()
    edited.rollBack()
    del edited
    assert state(register) == before
    site.assert_sound()


def everything(register, site):
    """Do one of each action; return them with the state before each."""

    def project() -> int:
        return register.projects()[0].id

    steps = [
        lambda: register.add_project(Project("Emscher", begin=dt.date(2029, 3, 1))),
        lambda: register.assign(parcels(1, 2), [2, 3], Role.STOCK, note="Ü", project=project()),
        lambda: register.assign(
            parcels(2, 3), [3], Role.STOCK, Status.DONE, project=project(),
            seen={r.row: r.version for r in register.assignments()},
        ),
        lambda: register.set_space_type([parcel(2), parcel(9)], SpaceType.LANDSCAPE, 100 / 3, "Karte"),
        lambda: register.unassign([key(1), key(2)], [2, 3]),
    ]  # fmt: skip
    states = []
    for step in steps:
        states.append(state(register))
        site.clock.forward(minutes=1)
        step()
    return states


def test_undo_goes_back_step_by_step_also_after_a_restart(register, site):
    states = everything(register, site)
    for expected in reversed(states):
        register.close()
        register = site.open("Anna")
        site.clock.forward(minutes=1)
        register.undo()
        assert state(register) == expected
    with pytest.raises(UndoRefusedError, match="none to undo"):
        register.undo()
    assert len(register.actions()) == 10
    site.assert_sound()


def test_undo_appends_and_can_be_undone(register, site):
    states = everything(register, site)
    last = state(register)
    count = site.count("verlauf")
    undone = register.undo()
    assert undone.kind == "lösen"
    assert site.count("verlauf") > count
    newest, before = register.actions()[:2]
    assert (newest.kind, newest.undoes, before.undone) == ("rückgängig", before.id, True)
    register.undo(newest.id)
    assert state(register) == last
    with pytest.raises(UndoRefusedError, match="already"):
        register.undo(newest.id)
    register.undo()
    register.undo()
    assert state(register) == states[-2]


def test_what_is_undone_and_redone_again_and_again_is_told_right(register):
    register.assign(parcels(1), [2], Role.STOCK)
    register.assign(parcels(2), [2], Role.STOCK)
    last = register.next_to_undo()
    told = []
    for _ in range(2):
        register.undo(last.id)
        told.append([action.undone for action in register.actions()])
        assert register.next_to_undo() == register.actions()[-1]
        register.undo(register.actions()[0].id)
        told.append([action.undone for action in register.actions()])
        assert register.next_to_undo() == last
    assert told == [
        [False, True, False],
        [False, True, False, False],
        [False, False, True, True, False],
        [False, True, False, True, False, False],
    ]


def test_only_the_last_twenty_actions_can_be_undone(register):
    for number in range(1, 23):
        register.assign(parcels(number), [2], Role.STOCK)
    oldest = register.actions(limit=22)[-1]
    with pytest.raises(UndoRefusedError):
        register.undo(oldest.id)
    twentieth = register.actions()[-1]
    register.undo(twentieth.id)
    assert key(3) not in [record.parcel for record in register.assignments()]


class Effort:
    """How much of the history a database reads within a transaction, as it counts itself."""

    def __init__(self, site: Site, session: Session) -> None:
        self._site = site
        self._session = session
        self._steps = 0
        if site.server is None:
            session._connection.set_progress_handler(self._step, 100)
        self._before = self._read()

    def _step(self) -> int:
        self._steps += 1
        return 0

    def _read(self) -> int:
        if self._site.server is None:
            return self._steps
        sql = (
            "SELECT coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0) FROM pg_stat_xact_user_tables"
            " WHERE relid = to_regclass('verlauf')"
        )
        return self._session.rows(sql)[0][0]

    def taken(self) -> int:
        """Return hundreds of steps of SQLite, or rows that PostgreSQL fetched."""
        taken = self._read() - self._before
        if self._site.server is None:
            self._session._connection.set_progress_handler(None, 0)
        return taken


def effort_of_undoing(register, site) -> tuple[int, int]:
    """Return what it takes to find the action that is next to undo, and to undo it; it stays."""
    who = register.database.user()
    with register.database.reading() as session:
        effort = Effort(site, session)
        assert undo.next_to_undo(session, who).rows == 101
        asking = effort.taken()
    with pytest.raises(LookupError), register.database.transaction() as session:
        effort = Effort(site, session)
        chosen = undo.choose(session, who, None)
        session.stamp(Stamp("x", "rückgängig", who, undoes=chosen.id))
        undo.undo(session, chosen)
        undoing = effort.taken()
        raise LookupError
    return asking, undoing


def test_undoing_takes_no_more_after_a_long_history(register, site):
    def write(number: int) -> None:
        """Write four actions, of which the last but two, of 101 entries, is the newest that stands."""
        goals = range(1, 26)
        register.assign(parcels(number), [2], Role.STOCK)
        register.assign_records(
            parcels(number + 1),
            [AssignmentRecord(key(number + 1), hz, role, Status.IDEA) for hz in goals for role in Role],
        )
        register.assign(parcels(number + 2), [2], Role.STOCK)
        register.undo()

    write(7001)
    short = effort_of_undoing(register, site)
    register.assign(parcels(*range(1, 1001)), [2], Role.STOCK)
    for _ in range(15):
        register.assign(parcels(5000), [3], Role.STOCK)
        register.undo()
    write(8001)
    for number in range(20):  # by hand, in PostgreSQL by the same role
        site.execute("UPDATE zuordnung SET notiz = ? WHERE flurstueck <= ?", str(number), key(1000))
    if site.server is not None:
        site.execute("ANALYZE verlauf, zuordnung")
    assert site.count("verlauf") > 20_000
    long = effort_of_undoing(register, site)
    assert long[0] <= 1.5 * short[0] + 20
    assert long[1] <= 1.5 * short[1] + 20


def test_undo_is_refused_when_somebody_else_touched_the_rows(register, site):
    site.let_write("Bert")
    register.assign(parcels(1, 2), [2], Role.STOCK)
    bert = site.open("Bert")
    read = {record.row: record.version for record in bert.assignments()}
    site.clock.forward(days=3)
    bert.assign(parcels(2), [2], Role.STOCK, Status.DONE, seen=read)
    before = state(register), site.count("verlauf")
    with pytest.raises(UndoRefusedError, match=r"1 of its entries.*zuordnung.*(bert|Bert).*2030-05-04"):
        register.undo()
    assert (state(register), site.count("verlauf")) == before
    bert.undo()
    register.undo()
    assert register.assignments() == []


def test_undo_is_refused_when_somebody_edited_by_hand(register, site):
    register.assign(parcels(1), [2], Role.STOCK)
    site.execute("UPDATE zuordnung SET notiz = 'von Hand'")
    with pytest.raises(UndoRefusedError):
        register.undo()
    site.execute("DELETE FROM zuordnung")
    with pytest.raises(UndoRefusedError):
        register.undo()


def test_nobody_undoes_what_somebody_else_did(register, site):
    site.let_write("Bert")
    register.assign(parcels(1), [2], Role.STOCK)
    bert = site.open("Bert")
    with pytest.raises(UndoRefusedError):
        bert.undo()
    with pytest.raises(UndoRefusedError):
        bert.undo(register.actions()[0].id)
    assert len(bert.assignments()) == 1


def test_undo_leaves_parcels_that_others_use_by_now(register, site):
    site.let_write("Bert")
    register.assign(parcels(1, 2), [2], Role.STOCK)
    site.open("Bert").assign(parcels(2), [3], Role.STOCK)
    register.undo()
    assert [record.row[:2] for record in register.assignments()] == [(key(2), 3)]
    assert [found.key.key for found in register.parcels()] == [key(2)]
    register.undo(register.actions()[0].id)
    assert [record.row[:2] for record in register.assignments()] == [(key(1), 2), (key(2), 2), (key(2), 3)]


def test_undo_is_refused_when_something_else_depends_on_the_rows(register, site):
    site.let_write("Bert")
    made = register.add_project(Project("Emscher"))
    site.open("Bert").assign(parcels(1), [2], Role.STOCK, project=made.id)
    with pytest.raises(UndoRefusedError, match="depends"):
        register.undo()
    assert register.projects() == [made]


def test_undo_is_refused_when_the_place_is_taken(register, site):
    site.let_write("Bert")
    register.assign(parcels(1), [2], Role.STOCK)
    register.unassign([key(1)], [2])
    site.open("Bert").assign(parcels(1), [2], Role.STOCK, Status.DONE)
    with pytest.raises(UndoRefusedError, match="replaces"):
        register.undo()
    assert [record.status for record in register.assignments()] == [Status.DONE]


def test_a_version_is_never_seen_twice(register):
    register.assign(parcels(1), [2], Role.STOCK)
    versions = [register.assignments()[0].version]
    register.unassign([key(1)], [2])
    register.undo()
    versions.append(register.assignments()[0].version)
    read = {record.row: record.version for record in register.assignments()}
    register.assign(parcels(1), [2], Role.STOCK, Status.DONE, seen=read)
    register.undo()
    versions.append(register.assignments()[0].version)
    assert versions == [1, 2, 4]


def test_the_register_as_it_was_on_any_day(register, site):
    first = NOON.date()
    project = register.add_project(Project("Emscher"))
    register.assign(parcels(1, 2), [2], Role.STOCK, project=project.id)
    register.set_space_type(parcels(1), SpaceType.LANDSCAPE, 60.0)
    states = [(register.assignments(), register.space_types())]
    for step in (
        lambda: register.unassign([key(1)], [2]),
        lambda: register.set_space_type(
            parcels(1), SpaceType.INNER_CITY, seen={r.row: r.version for r in register.space_types()}
        ),
        lambda: register.undo(),
        lambda: register.unassign([key(2)], [2]),
    ):
        site.clock.forward(days=1)
        step()
        states.append((register.assignments(), register.space_types()))
    for days, (assignments, space_types) in enumerate(states):
        past = register.register_at(first + dt.timedelta(days=days))
        assert list(past.assignments) == assignments
        assert list(past.space_types) == space_types
        assert past.projects == {project.id: "Emscher"}
    before = register.register_at(first - dt.timedelta(days=1))
    assert (before.assignments, before.space_types, before.projects) == ((), (), {})
    assert list(register.register_at(NOON).assignments) == states[0][0]
    assert register.register_at(NOON - dt.timedelta(seconds=1)).assignments == ()
