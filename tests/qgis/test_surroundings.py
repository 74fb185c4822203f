"""Where the plugin runs: users without a name, full disks, names and texts that are too long."""

from __future__ import annotations

import errno
import getpass
import os
from pathlib import Path

import pytest
from gruene_infra.gruene_infra_plugin.register import errors
from gruene_infra.gruene_infra_plugin.register.model import Fact, Project, Role
from gruene_infra.gruene_infra_plugin.register.postgis import PostgresPlace, is_register
from gruene_infra.gruene_infra_plugin.register.store import Register
from gruene_infra.gruene_infra_plugin.spatial.reading.values import text
from qgis.core import QgsProcessingException

from ..full_disk import no_more_room
from .every.bad_input import files_in
from .every.every_algorithm import BY_ID, SINKS, definitions, every_algorithm
from .every.examples import KEYS, assign_parcels, example
from .register.registers import parcels

LONG = "Grünes Register der Städte " * 12
LONGEST = 255


def named(ending: str, size: int) -> str:
    """Return a file name of so many bytes."""
    return "x" * (size - len(ending)) + ending


@pytest.fixture
def nameless(monkeypatch):
    """Be somebody whose user number has no name, as in a container."""

    def nobody() -> str:
        raise KeyError("getpwuid(): uid not found: 12345")

    monkeypatch.setattr(getpass, "getuser", nobody)


def test_a_user_without_a_name_is_known_by_number(nameless, tmp_path):
    Register.create(tmp_path / "r.gpkg").close()
    register = Register.open(tmp_path / "r.gpkg")
    register.assign(parcels(1), [2], Role.STOCK)
    assert register.actions()[0].who == f"uid {os.getuid()}"
    register.undo()
    register.close()


@pytest.mark.parametrize("error", [OSError("No username set in the environment"), ImportError("pwd")])
def test_newer_pythons_say_it_otherwise(error, monkeypatch, tmp_path):
    monkeypatch.setattr(getpass, "getuser", lambda: (_ for _ in ()).throw(error))
    Register.create(tmp_path / "r.gpkg").close()


@pytest.mark.parametrize("algorithm_id", [n for n, a in BY_ID.items() if a.parameterDefinition("REGISTER")])
def test_every_algorithm_of_the_register_runs_for_a_user_without_a_name(
    run, nameless, tmp_path, algorithm_id
):
    run(algorithm_id, **example(BY_ID[algorithm_id], tmp_path))


# -- characters and lengths --------------------------------------------------------------------------------


def test_a_text_with_nul_is_refused_in_words_or_kept(register, site):
    def attempts():
        register.assign(parcels(1), [2], Role.STOCK, note="a\0b")
        register.add_project(Project("a\0b"))
        register.find_project("a\0b")
        register.add_fact(Fact(25, "a\0b", 1.0, ags="05113000"))

    if site.server is None:
        attempts()
        return
    with pytest.raises(errors.RegisterRuleError, match="character NUL"):
        attempts()
    assert register.assignments() == []
    register.assign(parcels(1), [2], Role.STOCK, note="ab")


def test_nul_in_a_layer_is_no_part_of_its_texts():
    assert text("Es\0sen\0") == "Essen"
    assert text("\0") is None


@every_algorithm
def test_nul_in_a_path_is_refused_by_name(run, tmp_path, algorithm_id):
    parameters = example(BY_ID[algorithm_id], tmp_path)
    for definition in BY_ID[algorithm_id].parameterDefinitions():
        if definition.type() in ("file", "fileDestination", *SINKS):
            with pytest.raises(QgsProcessingException, match=definition.name()):
                run(algorithm_id, **(parameters | {definition.name(): str(tmp_path / "a\0b.gpkg")}))


def test_a_name_that_is_too_long_for_an_index_is_refused_in_words(register, site):
    long = "".join(chr(0x4E00 + k % 20_000) for k in range(1_700_000))
    if site.server is None:
        register.add_project(Project(long))
        return
    with pytest.raises(errors.RegisterRuleError, match="too long") as caught:
        register.add_project(Project(long))
    assert len(str(caught.value)) < 400


@pytest.mark.parametrize("ending", ["gpkg", "csv", "geojson", "ods", "xlsx", "fgb", "sqlite"])
def test_a_text_of_megabytes_is_exported(run, tmp_path, ending):
    register = Register.create(tmp_path / "r.gpkg", who="Anna")
    register.assign(parcels(1), [2], Role.STOCK, note="ä" * 12_000_000)
    register.assign(parcels(2), [2], Role.STOCK, note="kurz")
    register.close()
    exported = run("export_register", REGISTER=str(tmp_path / "r.gpkg"), OUTPUT=str(tmp_path / f"x.{ending}"))
    notes = sorted((row["notiz"] for row in exported.rows()), key=len, reverse=True)
    whole = ending in ("gpkg", "fgb", "sqlite")
    assert [len(note) for note in notes] == [12_000_000 if whole else 32_767, 4]
    assert ("32767 characters" in exported.log.text) is not whole


def test_a_shapefile_says_once_which_texts_it_cuts(run, tmp_path):
    register = Register.create(tmp_path / "r.gpkg", who="Anna")
    register.assign(parcels(1), [2], Role.STOCK, note="ä" * 40_000)
    register.assign(parcels(2), [2], Role.STOCK, note="kurz")
    register.close()
    exported = run("export_register", REGISTER=str(tmp_path / "r.gpkg"), OUTPUT=str(tmp_path / "x.shp"))
    assert sorted(len(row["notiz"]) for row in exported.rows()) == [4, 127]
    assert "254 bytes of a text; 1 are cut (notiz)" in exported.log.text
    assert "characters are cut" not in exported.log.text


def test_a_text_that_is_marked_fits_into_its_cell(run, tmp_path):
    register = Register.create(tmp_path / "r.gpkg", who="Anna")
    register.assign(parcels(1), [2], Role.STOCK, note="=" * 32_767)
    register.close()
    exported = run("export_register", REGISTER=str(tmp_path / "r.gpkg"), OUTPUT=str(tmp_path / "x.xlsx"))
    (row,) = exported.rows()
    assert row["notiz"] == "'" + "=" * 32_766
    assert "32767 characters" in exported.log.text


# -- names of files and schemas ----------------------------------------------------------------------------


@pytest.mark.parametrize("size", [247, 248, 255, 400])
@every_algorithm
def test_a_file_name_works_or_is_refused_in_words(run, tmp_path, algorithm_id, size):
    parameters = example(BY_ID[algorithm_id], tmp_path)
    before = files_in(tmp_path)
    names = [d.name() for d in definitions(algorithm_id, *SINKS)][:1]
    places = {name: str(tmp_path / named(".gpkg", size)) for name in names}
    if algorithm_id == "create_register":
        places = {"REGISTER": str(tmp_path / named(".gpkg", size))}
    if not places:
        return
    if size <= LONGEST - 8:
        run(algorithm_id, **(parameters | places))
        return
    with pytest.raises(QgsProcessingException, match="too long"):
        run(algorithm_id, **(parameters | places))
    assert files_in(tmp_path) == before


@pytest.mark.parametrize("ending", [".gpkg", ".csv", ".shp", ".fgb", ".ods", ".xlsx", ".geojson", ".sqlite"])
def test_the_longest_name_works_in_every_format(run, tmp_path, ending):
    parameters = assign_parcels(tmp_path)
    run("assign_parcels", **parameters)
    place = tmp_path / named(ending, LONGEST - 8)
    exported = run("export_register", REGISTER=parameters["REGISTER"], OUTPUT=str(place))
    assert len(exported.rows()) == 2 * len(KEYS)


def test_a_long_address_is_no_file_name(run, tmp_path):
    """Path.is_file raises where the address of a table is longer than any name."""
    with pytest.raises(QgsProcessingException, match="cannot be read"):
        run("store_findings", REGISTER=str(tmp_path / "r.gpkg"), SUMMARIES=["x" * 5000])


@pytest.mark.parametrize("site", ["postgis"], indirect=True)
@pytest.mark.parametrize("attempt", [Register.create, Register.open])
def test_a_schema_name_that_postgresql_would_cut_is_refused(site, attempt):
    place = PostgresPlace(dsn=site.server.dsn(), schema=LONG)
    with pytest.raises(errors.RegisterError, match="at most 63"):
        attempt(place)
    assert not is_register(place)
    assert (
        site.server.execute("SELECT 1 FROM pg_namespace WHERE nspname LIKE 'Grünes Register der St%%'") == []
    )


@pytest.mark.parametrize("site", ["postgis"], indirect=True)
def test_a_schema_name_of_63_bytes_is_one(site):
    place = PostgresPlace(dsn=site.server.dsn(), schema="ü" * 31 + "x")
    Register.create(place).close()
    with pytest.raises(errors.RegisterError, match="already"):
        Register.create(place)
    Register.open(place).close()
    site.server.execute(f'DROP SCHEMA "{place.schema}" CASCADE')


@pytest.mark.parametrize("site", ["postgis"], indirect=True)
def test_a_table_name_that_postgresql_would_cut_is_refused(run, register, site, where, tmp_path):
    address = f'postgres://{site.server.dsn()} table="public"."{"t" * 64}" (geom)'
    with pytest.raises(QgsProcessingException, match="too long"):
        run("export_register", OUTPUT=address, **where)


# -- full disks --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("room", [0, 4_096, 50_000, 150_000, 200_000])
def test_a_full_disk_is_said_when_a_register_is_made(run, tmp_path, room):
    place = tmp_path / "r.gpkg"
    with no_more_room(room), pytest.raises(QgsProcessingException) as caught:
        run("create_register", REGISTER=str(place))
    assert "the disk is full" in str(caught.value)
    assert not any(word in str(caught.value) for word in ("sqlite", "CREATE", "INSERT", "SELECT"))
    assert files_in(tmp_path) == set()


def test_a_disk_without_room_is_said(tmp_path, monkeypatch):
    def full(self: Path, *_arguments: object, **_options: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path, "touch", full)
    with pytest.raises(errors.RegisterFullError):
        Register.create(tmp_path / "r.gpkg")
