"""A register of an older schema version is brought to the present one and keeps every row."""

from __future__ import annotations

import dataclasses
import datetime as dt
import shutil
from pathlib import Path

import pytest
from gruene_infra.gruene_infra_plugin.methods.parcels.space_types import SpaceType
from gruene_infra.gruene_infra_plugin.register import errors, schema
from gruene_infra.gruene_infra_plugin.register.model import (
    AssignmentRecord,
    Project,
    Role,
    SpaceTypeRecord,
    Status,
)
from gruene_infra.gruene_infra_plugin.register.postgis import PostgresPlace
from gruene_infra.gruene_infra_plugin.register.store import RegisterPlace, create_tables, database_at

from .registers import Site, key, parcel, parcels

FILE = Path(__file__).resolve().parent.parent.parent / "data" / "register_v1.gpkg"
"""Made by ``make_version_1`` when version 2 came, and kept as it is."""

NEW_COLUMNS = {
    ("raumtyp_zuordnung", "anteil_proz"),
    ("raumtyp_zuordnung", "herkunft"),
    ("projekt", "ende"),
    ("flurstueck", "flaeche_amtlich_m2"),
}


def make_version_1(site: Site) -> None:
    """Make a register as version 1 wrote it: two parcels, two assignments, a Raumtyp, a project."""
    database = database_at(site.place)
    create_tables(database, "EPSG:25832", 1)
    with database.transaction() as session:
        names = ("schluessel", "schluessel_form", "schluessel_geliefert", "flaeche_m2", "geom")
        records = parcels(1, 2)
        session.insert(
            schema.FLURSTUECK,
            names,
            [(p.key.key, "ALKIS", p.key.delivered, p.area_m2, p.wkb.hex().upper()) for p in records],
            absent=False,
        )
        session.run("INSERT INTO projekt (name, status, beginn) VALUES ('Emscher', 'geplant', '2024-03-01')")
        for number in (1, 2):
            session.run(
                "INSERT INTO zuordnung (flurstueck, hz, rolle, projekt, status)"
                " VALUES (?, 19, 'Maßnahme', 1, 'Idee')",
                [key(number)],
            )
        session.run("INSERT INTO raumtyp_zuordnung (flurstueck, raumtyp) VALUES (?, 'Landschaft')", [key(1)])
        session.run("UPDATE projekt SET traeger = 'Stadt Essen', version = version + 1")
    database.close()


@pytest.fixture
def old(site: Site) -> Site:
    """A register of version 1: on disk the file that was kept, in PostgreSQL made anew."""
    if site.server is None:
        shutil.copy(FILE, site.place)
    else:
        make_version_1(site)
    return site


def columns(site: Site) -> set[tuple[str, str]]:
    """Return table and name of the columns that the database has."""
    if site.server is None:
        return {
            (table.name, name)
            for table in schema.TABLES
            for (name,) in site.execute("SELECT name FROM pragma_table_info(?)", table.name)
        }
    sql = "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = ?"
    return set(site.execute(sql, site.place.schema))


def test_version_1_has_another_form(old):
    present = {(table.name, name) for table in schema.TABLES for name in table.names}
    assert present - columns(old) == NEW_COLUMNS
    assert old.execute("SELECT wert FROM meta WHERE schluessel = 'schema'") == [("1",)]


def test_every_row_is_kept_and_the_new_columns_work(old):
    counts = {table.name: old.count(table.name) for table in schema.TABLES}
    register = old.open()
    assert {table.name: old.count(table.name) for table in schema.TABLES} == counts
    assert counts["verlauf"] == 7
    assert {(table.name, name) for table in schema.TABLES for name in table.names} <= columns(old)
    assert register.assignments() == [
        AssignmentRecord(key(n), 19, Role.MEASURE, Status.IDEA, 1) for n in (1, 2)
    ]
    assert register.space_types() == [SpaceTypeRecord(key(1), SpaceType.LANDSCAPE)]
    (project,) = register.projects()
    assert project == Project(
        "Emscher", "Stadt Essen", None, Status.PLANNED, dt.date(2024, 3, 1), id=1, version=2
    )
    assert [found.wkb for found in register.parcels()] == [parcel(1).wkb, parcel(2).wkb]

    register.set_space_type(parcels(1), SpaceType.LANDSCAPE, 75.0, "Karte", seen={(key(1),): 1})
    changed = register.update_project(Project("Emscher", end=dt.date(2031, 1, 1), id=1, version=2))
    assert changed.end == dt.date(2031, 1, 1)
    register.undo()
    register.undo()
    assert register.space_types() == [SpaceTypeRecord(key(1), SpaceType.LANDSCAPE, version=3)]
    assert register.projects()[0].end is None
    past = register.register_at(dt.datetime(2099, 1, 1, tzinfo=dt.UTC))
    assert past.space_types == tuple(register.space_types())
    old.assert_sound()


def indexes(site: Site) -> dict[str, str]:
    """Return the indexes that the database has, as their names and statements."""
    if site.server is None:
        return dict(
            site.execute("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL")
        )
    schema_name = site.place.schema
    found = site.execute("SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = ?", schema_name)
    return {name: statement.replace(schema_name, "") for name, statement in found}


def test_a_migrated_register_has_the_indexes_of_a_new_one(old):
    before = indexes(old)
    old.open()
    new = Site(old.kind, another_place(old.place), old.server)
    new.create()
    try:
        assert indexes(old) == indexes(new) != before
    finally:
        new.close()


def another_place(place: RegisterPlace) -> RegisterPlace:
    if isinstance(place, PostgresPlace):
        return dataclasses.replace(place, schema=f"{place.schema} neu")
    return place.with_name("neu.gpkg")


def test_a_migrated_register_is_not_migrated_again(old):
    old.open()
    assert old.execute("SELECT wert FROM meta WHERE schluessel = 'schema'") == [(str(schema.VERSION),)]
    assert len(old.open().assignments()) == 2


def test_a_migration_that_fails_changes_nothing(old, monkeypatch):
    before = columns(old)
    database = type(database_at(old.place))
    migrate = database.migrate

    def failing(self, session, version, target):
        migrate(self, session, version, target)
        session.run("SELECT * FROM gibt_es_nicht")

    monkeypatch.setattr(database, "migrate", failing)
    with pytest.raises(errors.RegisterError):
        old.open()
    monkeypatch.undo()
    assert columns(old) == before
    assert len(old.open().assignments()) == 2


@pytest.mark.parametrize("site", ["postgis"], indirect=True)
def test_who_may_not_migrate_is_told_so(old):
    old.let_write("Bert")
    with pytest.raises(errors.RegisterDeniedError):
        old.open("Bert")
