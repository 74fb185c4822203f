"""History that is moved out of a register: every past day stays what it was, or is refused."""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from gruene_infra.gruene_infra_plugin.methods.parcels.space_types import SpaceType
from gruene_infra.gruene_infra_plugin.register import archive_file, errors
from gruene_infra.gruene_infra_plugin.register.checks import Check
from gruene_infra.gruene_infra_plugin.register.inspection import Inspection
from gruene_infra.gruene_infra_plugin.register.model import ParcelRecord, Project, Role, Status
from gruene_infra.gruene_infra_plugin.register.store import Register
from qgis.core import QgsGeometry, QgsProcessingException, QgsVectorLayer

from ...full_disk import no_more_room
from .registers import NOON, Site, key, parcel, parcels

FIRST = NOON.date()
Snapshot = tuple
only_files = pytest.mark.parametrize("site", ["gpkg"], indirect=True)
only_tables = pytest.mark.parametrize("site", ["postgis"], indirect=True)


def day(number: int) -> dt.date:
    """Return a day of the history that :func:`seven_days` makes, from 0."""
    return FIRST + dt.timedelta(days=number)


def now(register: Register) -> Snapshot:
    """Return all that can be looked back at."""
    return (
        register.assignments(),
        register.space_types(),
        {project.id: project.name for project in register.projects()},
        register.parcels(),
    )


def at(register: Register, when: dt.date | dt.datetime) -> Snapshot:
    with register.past(when) as past:
        return list(past.assignments()), list(past.space_types()), past.projects(), list(past.parcels())


def seen(register: Register) -> dict:
    return {record.row: record.version for record in [*register.assignments(), *register.space_types()]}


def seven_days(register: Register, site: Site) -> list[Snapshot]:
    """Change everything that can change, a step a day; return what the register was after each day."""
    bare = ParcelRecord.of("051234-007-9", QgsGeometry())
    project = register.add_project(Project("Emscher"))
    steps = [
        lambda: register.assign([*parcels(1, 2), bare], [2, 19], Role.MEASURE, project=project.id, note="Ü"),
        lambda: register.set_space_type(parcels(1, 2), SpaceType.LANDSCAPE, 100 / 3, "Karte"),
        lambda: register.unassign([key(1)], [2]),
        lambda: register.undo(),
        lambda: register.assign(
            [parcel(9, 100 / 3)], [2], Role.MEASURE, Status.DONE, project=project.id, seen=seen(register)
        ),
        lambda: register.update_project(Project("Emscher neu", id=project.id, version=1)),
        lambda: register.clear_space_type([key(1)]),
    ]
    states = []
    for step in steps:
        step()
        states.append(now(register))
        site.clock.forward(days=1)
    return states


def entries(site: Site) -> list[tuple]:
    """Return the whole history by number, also what is in the archives that ``meta`` names."""
    sql = "SELECT id, aktion, vorgang, hebt_auf, wer, wann, tabelle, zeile, alt, neu FROM "
    found = site.execute(sql + "verlauf")
    for archive in named(site):
        if site.server is not None:
            return sorted([*found, *site.execute(sql + "verlauf_archiv")], key=lambda row: row[0])
        with closing(sqlite3.connect(where_is(site, archive["name"]))) as connection:
            found += connection.execute(sql + "verlauf_archiv").fetchall()
    return sorted(found, key=lambda row: row[0])


def where_is(site: Site, name: str) -> Path:
    """Return where an archive lies, also if its maker was killed before it had its name."""
    file = site.place.with_name(name)
    return file if file.exists() else file.with_name(f"{name}.part")


def named(site: Site) -> list[dict]:
    rows = site.execute("SELECT wert FROM meta WHERE schluessel LIKE 'archiv%' ORDER BY id")
    return [json.loads(text) for (text,) in rows]


def beside(site: Site) -> list[str]:
    """Return what lies beside a register in a file."""
    return sorted(path.name for path in site.place.parent.iterdir() if path != site.place)


def take_away(site: Site) -> None:
    """Let the archives be somewhere else."""
    if site.server is not None:
        site.execute("ALTER TABLE verlauf_archiv RENAME TO weg")
    else:
        for archive in named(site):
            site.place.with_name(archive["name"]).rename(site.place.with_name(archive["name"] + " weg"))


def bring_back(site: Site) -> None:
    if site.server is not None:
        site.execute("ALTER TABLE weg RENAME TO verlauf_archiv")
    else:
        for archive in named(site):
            site.place.with_name(archive["name"] + " weg").rename(site.place.with_name(archive["name"]))


# -- what is archived ------------------------------------------------------------------------------------


def test_every_day_is_told_from_today_and_what_changed_since(register, site):
    states = seven_days(register, site)
    assert [at(register, day(number)) for number in range(7)] == states
    assert at(register, day(-1)) == ([], [], {}, [])
    assert at(register, NOON + dt.timedelta(days=3, hours=1)) == states[3]
    assert at(register, NOON + dt.timedelta(days=3, seconds=-1)) == states[2]


@pytest.mark.parametrize("cuts", [[0], [1], [3], [7], [2, 4], [1, 3, 5, 7]])
def test_every_day_stays_what_it_was(register, site, cuts):
    states, before = seven_days(register, site), entries(site)
    for cut in cuts:
        register.archive_history(day(cut))
        assert entries(site) == before
    (oldest,) = site.execute("SELECT min(wann) FROM verlauf")[0]
    assert oldest is None or str(oldest)[:10] >= day(cuts[-1]).isoformat()
    assert now(register) == states[-1]
    register = site.open()
    assert [at(register, day(number)) for number in range(7)] == states
    assert at(register, day(-1)) == ([], [], {}, [])
    site.assert_sound()


def test_nothing_so_old_leaves_everything_as_it_was(register, site):
    seven_days(register, site)
    before = entries(site)
    assert register.archive_history(FIRST) is None
    assert (entries(site), named(site)) == (before, [])
    assert site.server is not None or beside(site) == []


def test_who_wrote_last_is_still_known(register, site):
    seven_days(register, site)
    before = register.last_writers()
    register.archive_history(day(4))
    assert register.last_writers() == before


def test_the_history_goes_on_after_the_archive(register, site):
    seven_days(register, site)
    last = max(row[0] for row in entries(site))
    register.archive_history(day(7))
    assert site.count("verlauf") == 0
    register.assign(parcels(5), [2], Role.STOCK)
    assert {row[0] for row in site.execute("SELECT id FROM verlauf")} == {last + 1, last + 2}
    register.undo()
    assert len(register.assignments()) == 6


@only_files
def test_an_action_is_never_divided(register, site):
    """A write that goes on past midnight stays as a whole, and can be undone as a whole."""
    seven_days(register, site)
    register.assign(parcels(5), [2], Role.STOCK)
    with closing(sqlite3.connect(site.place)) as connection:
        (made,) = connection.execute(
            "SELECT sql FROM sqlite_master WHERE name = 'verlauf_bleibt_1'"
        ).fetchone()
        connection.execute("DROP TRIGGER verlauf_bleibt_1")
        (number,) = connection.execute("SELECT max(id) - 1 FROM verlauf").fetchone()
        moment = f"{day(6).isoformat()}T11:00:00.000Z"
        connection.execute("UPDATE verlauf SET wann = ? WHERE id = ?", (moment, number))
        connection.execute(made)
        connection.commit()
    register = site.open()
    register.archive_history(day(7))
    assert site.count("verlauf") == 2
    assert [action.rows for action in register.actions()] == [2]
    register.undo()
    assert key(5) not in {record.parcel for record in register.assignments()}


# -- undoing ---------------------------------------------------------------------------------------------


def test_what_is_archived_cannot_be_undone_and_says_so(register, site):
    seven_days(register, site)
    old = register.actions()[-1]
    archive = register.archive_history(day(7))
    assert (register.next_to_undo(), register.actions()) == (None, [])
    before = now(register)
    for number in (None, old.id):
        with pytest.raises(errors.UndoRefusedError, match=rf"{day(7)}.*{archive.name}.*cannot be undone"):
            register.undo(number)
    assert now(register) == before


def test_what_is_newer_can_still_be_undone(register, site):
    states = seven_days(register, site)
    register.archive_history(day(4))
    for expected in (states[5], states[4]):
        register.undo()
        assert [a.status for a in register.assignments()] == [a.status for a in expected[0]]
        assert [t.raumtyp for t in register.space_types()] == [t.raumtyp for t in expected[1]]
        assert {p.id: p.name for p in register.projects()} == expected[2]


# -- archives that are not there ---------------------------------------------------------------------------


def test_a_missing_archive_is_said_where_it_is_needed(register, site):
    states = seven_days(register, site)
    register.archive_history(day(4))
    take_away(site)
    register = site.open()
    assert [at(register, day(number)) for number in range(3, 7)] == states[3:]
    for question in (
        lambda: at(register, day(2)),
        lambda: register.register_at(day(0)),
        lambda: register.last_writers(),
    ):
        with pytest.raises(errors.RegisterMissingError, match="verlauf_"):
            question()
    assert now(register) == states[-1]
    bring_back(site)
    assert [at(register, day(number)) for number in range(7)] == states


@only_files
def test_only_the_archives_that_a_day_needs_are_asked_for(register, site):
    states = seven_days(register, site)
    first = register.archive_history(day(2))
    second = register.archive_history(day(4))
    site.place.with_name(first.name).unlink()
    assert [at(register, day(number)) for number in (1, 2, 3, 4)] == states[1:5]
    with pytest.raises(errors.RegisterMissingError, match=first.name):
        at(register, day(0))
    site.place.with_name(second.name).unlink()
    with pytest.raises(errors.RegisterMissingError, match=second.name):
        at(register, day(2))


@only_files
@pytest.mark.parametrize("harm", ["another one", "an entry less", "no GeoPackage", "a folder", "empty"])
def test_an_archive_that_is_not_the_same_is_refused(register, site, harm, tmp_path):
    seven_days(register, site)
    file = site.place.with_name(register.archive_history(day(4)).name)
    if harm == "another one":
        other = Register.create(tmp_path / "anderes.gpkg", clock=site.clock)
        other.assign(parcels(1), [2], Role.STOCK)
        site.clock.forward(days=5)
        file.write_bytes((tmp_path / other.archive_history(site.clock().date()).name).read_bytes())
        other.close()
    elif harm == "an entry less":
        with closing(sqlite3.connect(file)) as connection:
            connection.execute("DROP TRIGGER verlauf_archiv_bleibt_2")
            connection.execute("DELETE FROM verlauf_archiv WHERE id = 1")
            connection.commit()
    elif harm == "no GeoPackage":
        file.write_bytes(b"x" * 5000)
    else:
        file.unlink()
        file.mkdir() if harm == "a folder" else file.touch()
    with pytest.raises(errors.RegisterMissingError, match=file.name):
        at(register, day(2))


@only_tables
def test_a_table_that_lost_an_entry_is_refused(register, site):
    seven_days(register, site)
    register.archive_history(day(4))
    site.execute("ALTER TABLE verlauf_archiv DISABLE TRIGGER verlauf_archiv_bleibt")
    site.execute("DELETE FROM verlauf_archiv WHERE id = 1")
    with pytest.raises(errors.RegisterMissingError, match="verlauf_archiv"):
        at(register, day(2))


def stated(**other: object) -> str:
    """Return what ``meta`` says of an archive that is not there, or what is none."""
    said = {"name": "x.gpkg", "vor": "2099-01-01T00:00:00.000Z", "eintraege": 3, "kennung": "k"}
    return json.dumps(said | other)


@pytest.mark.parametrize(
    "said",
    [
        "",
        "{}",
        "[]",
        "[" * 50_000,
        '{"name": "x", "vor": "gestern"}',
        "nichts",
        stated(),
        stated(name=""),
        stated(name=5),
        stated(name="../x/y.gpkg"),
        stated(name="x" * 400),
        stated(name="a\0b"),
        stated(vor="0001-01-01T00:00:00+14:00"),
        stated(vor="9999-12-31T23:59:59-14:00"),
        stated(vor=5),
        stated(eintraege=float("inf")),
        stated(kennung=["k"]),
    ],
)
def test_what_meta_says_of_an_archive_and_nobody_understands_is_refused(run, register, site, where, said):
    states = seven_days(register, site)
    site.execute("INSERT INTO meta (schluessel, wert) VALUES ('archiv_x', ?)", said)
    with pytest.raises(errors.RegisterMissingError):
        at(register, day(2))
    assert now(register) == states[-1]
    (row,) = lost(run, where)
    assert row["flurstueck"] is None
    assert len(run("export_register", **where).rows()) == len(states[-1][0])


def lost(run, where: dict) -> list[dict]:
    """Return what the check says of archives, which it never mends."""
    return [
        row
        for row in run("check_register", MEND=True, **where).rows()
        if row["pruefung"] == Check.NO_ARCHIVE and row["abhilfe"]
    ]


@only_tables
def test_who_may_not_read_an_archive_is_told_so_where_it_is_needed(register, site):
    seven_days(register, site)
    register.archive_history(day(4))
    site.let_write("Bert", "verlauf_archiv")
    other = site.open("Bert")
    assert other.lost_archives() == []
    assert now(other) == now(register)
    with pytest.raises(errors.RegisterError, match="lacks a right"):
        at(other, day(2))


@only_files
def test_the_check_names_an_archive_that_is_gone_until_it_is_back(run, register, site, where):
    seven_days(register, site)
    archive = register.archive_history(day(4))
    file = site.place.with_name(archive.name)
    assert lost(run, where) == []
    away = file.rename(file.with_name("woanders.gpkg"))
    (row,) = lost(run, where)
    assert archive.name in row["angabe"]
    inspection = Inspection()
    inspection.read(register)
    assert [found.check for found in inspection.contradictions(register)].count(Check.NO_ARCHIVE) == 1
    away.rename(file)
    inspection.read(register)
    assert Check.NO_ARCHIVE not in [found.check for found in inspection.contradictions(register)]
    assert lost(run, where) == []


@pytest.mark.parametrize("name", ["r" * 242, "ü" * 121])
def test_a_register_of_the_longest_name_has_archives(tmp_path, name):
    site = Site("gpkg", tmp_path / f"{name}.gpkg")
    states = seven_days(register := site.create(), site)
    made = [register.archive_history(day(number)) for number in (2, 4)]
    assert beside(site) == sorted(archive.name for archive in made)
    assert [at(register, day(number)) for number in range(7)] == states
    site.close()


# -- it cannot be changed ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "statement", ["DELETE FROM {}", "UPDATE {} SET wer = 'X'", "DELETE FROM {} WHERE tabelle = 'zuordnung'"]
)
def test_neither_history_nor_archive_can_be_changed_afterwards(register, site, statement):
    seven_days(register, site)
    archive = register.archive_history(day(4))
    before = entries(site)
    with pytest.raises(site.database_error, match="Verlauf"):
        site.execute(statement.format("verlauf"))
    if site.server is not None:
        with pytest.raises(site.database_error, match="Verlauf"):
            site.execute(statement.format("verlauf_archiv"))
    else:
        file = Site("gpkg", site.place.with_name(archive.name))
        with pytest.raises(sqlite3.Error, match="Verlauf"):
            file.execute(statement.format("verlauf_archiv"))
    assert entries(site) == before


@only_files
def test_an_archive_is_a_table_for_qgis_and_no_register(register, site):
    seven_days(register, site)
    archive = register.archive_history(day(4))
    file = site.place.with_name(archive.name)
    opened = QgsVectorLayer(f"{file}|layername=verlauf_archiv", "archiv", "ogr")
    assert opened.isValid()
    assert opened.featureCount() == archive.entries
    del opened
    with pytest.raises(errors.RegisterMissingError, match="no register"):
        Register.open(file)


# -- where it lies -----------------------------------------------------------------------------------------


@only_files
def test_a_register_that_moves_with_its_archives_finds_them(register, site, tmp_path):
    states = seven_days(register, site)
    register.archive_history(day(2))
    register.archive_history(day(4))
    site.close()
    folder = tmp_path / "Büro 2"
    folder.mkdir()
    for path in (site.place, *(site.place.with_name(archive["name"]) for archive in named(site))):
        path.rename(folder / path.name)
    (tmp_path / "Verweis.gpkg").symlink_to(folder / site.place.name)
    for place in (folder / site.place.name, tmp_path / "Verweis.gpkg"):
        moved = Register.open(place)
        assert [at(moved, day(number)) for number in range(7)] == states
        moved.close()


@only_files
def test_no_file_is_ever_replaced(register, site):
    states = seven_days(register, site)
    name = f"{site.place.stem}_verlauf_vor_{day(4)}.gpkg"
    site.place.with_name(name).write_text("meins")
    archive = register.archive_history(day(4))
    assert archive.name == f"{site.place.stem}_verlauf_vor_{day(4)}_2.gpkg"
    assert site.place.with_name(name).read_text() == "meins"
    assert at(register, day(1)) == states[1]


@only_files
def test_an_archive_that_had_no_time_to_get_its_name_is_read_and_gets_it(register, site):
    states = seven_days(register, site)
    name = register.archive_history(day(2)).name
    draft = f"{name}.part"
    site.place.with_name(name).rename(site.place.with_name(draft))
    site.place.with_name(f"{site.place.stem}_verlauf_vor_2020-01-01.gpkg.part").write_text("unfertig")
    assert at(site.open(), day(0)) == states[0]
    newer = register.archive_history(day(4)).name
    assert beside(site) == [name, newer]
    assert [at(register, day(number)) for number in range(7)] == states


@only_tables
def test_colleagues_read_the_archive_and_cannot_make_one(register, site):
    site.let_write("Bert")
    states = seven_days(register, site)
    before = entries(site)
    with pytest.raises(errors.RegisterDeniedError, match="owner"):
        site.open("Bert").archive_history(day(4))
    assert (entries(site), named(site)) == (before, [])
    register.archive_history(day(2))
    register.archive_history(day(4))
    bert = site.open("Bert")
    assert [at(bert, day(number)) for number in range(7)] == states


# -- what goes wrong -----------------------------------------------------------------------------------------


@pytest.fixture
def untouched(register, site) -> Iterator[None]:
    """Assert at the end that the register is as it was, and that it can be archived now."""
    states, before = seven_days(register, site), entries(site)
    yield
    assert (entries(site), named(site)) == (before, [])
    assert beside(site) == []
    register = site.open()
    register.archive_history(day(4))
    assert [at(register, day(number)) for number in range(7)] == states
    assert entries(site) == before


def _with_fewer(draft: Path, moved: archive_file.Moved, _write: Callable) -> None:
    _write(draft, moved._replace(condition=moved.condition + " AND id < 3"), {})


def _with_another_text(draft: Path, moved: archive_file.Moved, _write: Callable) -> None:
    _write(draft, moved, {})
    with closing(sqlite3.connect(draft)) as connection, connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f'DROP TRIGGER "{name}"')
        connection.execute("UPDATE verlauf_archiv SET neu = neu || ' ' WHERE id = 1")


@only_files
@pytest.mark.usefixtures("untouched")
@pytest.mark.parametrize("changed", [_with_fewer, _with_another_text])
def test_a_copy_that_differs_is_thrown_away(register, monkeypatch, changed):
    write = archive_file.write
    monkeypatch.setattr(archive_file, "write", lambda draft, moved, _meta: changed(draft, moved, write))
    with pytest.raises(errors.RegisterError, match="differs"):
        register.archive_history(day(4))
    monkeypatch.undo()


@only_files
@pytest.mark.usefixtures("untouched")
def test_a_copy_that_cannot_be_written_changes_nothing(register, monkeypatch):
    def full(_draft: Path, _moved: object, _meta: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(archive_file, "write", full)
    with pytest.raises(errors.RegisterError, match="the disk is full"):
        register.archive_history(day(4))
    monkeypatch.undo()


@only_files
@pytest.mark.parametrize("room", [0, 4096])
def test_a_full_disk_is_said_and_changes_nothing(register, site, room):
    seven_days(register, site)
    before = entries(site)
    with no_more_room(room), pytest.raises(errors.RegisterError) as caught:
        register.archive_history(day(4))
    assert "the disk is full" in str(caught.value)
    assert not any(word in str(caught.value) for word in ("sqlite", "CREATE", ".part"))
    assert entries(site) == before
    register.archive_history(day(4))
    assert entries(site) == before
    assert beside(site) == [archive["name"] for archive in named(site)]


@only_files
@pytest.mark.usefixtures("untouched")
def test_while_somebody_else_writes_nothing_is_moved(site):
    other = site.open("Bert")
    patient = Register(site.database(busy_seconds=0.1), "EPSG:25832", site.clock)
    with other.database.transaction(), pytest.raises(errors.RegisterBusyError):
        patient.archive_history(day(4))
    patient.close()


# -- the algorithm -------------------------------------------------------------------------------------------


def test_it_says_what_it_moved_and_where_to(run, register, site, where):
    seven_days(register, site)
    # The moments of these entries lie in the future of the machine that runs the test.
    with pytest.raises(QgsProcessingException, match=r"BEFORE.*2030-05-05"):
        run("archive_history", BEFORE="2030-05-05", **where)
    result = run("archive_history", BEFORE="2026-01-01", **where)
    assert (result.results["COUNT"], result.results["ARCHIVE"]) == (0, "")
    assert "nothing from before 2026-01-01" in result.log.text


def test_the_past_is_the_same_through_the_algorithms(run, site, where):
    site.clock.now = dt.datetime(2025, 5, 1, 12, tzinfo=dt.UTC)
    register = site.create()
    seven_days(register, site)

    def told(number):
        return run("register_at", DAY=f"2025-05-0{1 + number}", **where).rows()

    before = [told(number) for number in range(7)]
    assert [len(rows) for rows in before] == [6, 6, 5, 6, 6, 6, 6]
    result = run("archive_history", BEFORE="2025-05-05", **where)
    assert result.results["COUNT"] > 0
    assert result.results["ARCHIVE"] == named(site)[0]["name"]
    for word in (str(result.results["COUNT"]), "2025-05-05", result.results["ARCHIVE"], "cannot be undone"):
        assert word in result.log.text
    assert [told(number) for number in range(7)] == before
    take_away(site)
    assert told(4) == before[4]
    with pytest.raises(QgsProcessingException, match="verlauf_"):
        told(2)
    with pytest.raises(QgsProcessingException, match="verlauf_"):
        run("export_register", WITH_WHO=True, **where)
    assert len(run("export_register", **where).rows()) == 6
    with pytest.raises(QgsProcessingException, match=r"none to undo.*2025-05-05"):
        run("undo_register", WHO="Otto", ACTION="x", **where)


def test_a_day_must_be_named(run, register, where):
    with pytest.raises(QgsProcessingException, match="BEFORE"):
        run("archive_history", **where)


@only_files
def test_no_output_replaces_an_archive(run, register, site, where):
    seven_days(register, site)
    file = site.place.with_name(register.archive_history(day(4)).name)
    before = file.read_bytes()
    with pytest.raises(QgsProcessingException, match="would overwrite"):
        run("register_at", OUTPUT=str(file), **where)
    assert file.read_bytes() == before
