"""One odd value in a register: everything goes on, the check names it and mends it, in both databases."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

import pytest
from gruene_infra.gruene_infra_plugin.register import errors, schema
from gruene_infra.gruene_infra_plugin.register.checks import Check
from gruene_infra.gruene_infra_plugin.register.model import Fact, Project, Role
from gruene_infra.gruene_infra_plugin.register.store import Register
from qgis.core import QgsProcessingException

from .registers import Site, key, parcels
from .test_assign_parcels import plots
from .test_register_store import finding


@pytest.fixture
def filled(register: Register) -> Register:
    """Two parcels within a project that has begun, a fact, a finding."""
    project = register.add_project(Project("Emscher", municipality="Essen", begin=dt.date(2025, 1, 1)))
    register.assign(parcels(1, 2), [2, 19], Role.MEASURE, project=project.id)
    register.add_fact(Fact(25, "radanteil_proz", 9.0, "9", "%", 2017, "MiD", None, "05113000", "Essen"))
    register.store_findings([finding(dt.date(2026, 1, 1), 5.0)])
    register.close()
    return register


def history_set(site: Site, column: str, value: object) -> None:
    """Change the newest entry about an assignment, as only somebody can who takes the trigger away."""
    where = "WHERE id = (SELECT max(id) FROM verlauf WHERE tabelle = 'zuordnung')"
    if site.server is not None:
        site.execute("ALTER TABLE verlauf DISABLE TRIGGER verlauf_bleibt")
        site.execute(f"UPDATE verlauf SET {column} = ? {where}", value)
        site.execute("ALTER TABLE verlauf ENABLE TRIGGER verlauf_bleibt")
        return
    ((made,),) = site.execute("SELECT sql FROM sqlite_master WHERE name = 'verlauf_bleibt_1'")
    site.execute("DROP TRIGGER verlauf_bleibt_1")
    site.execute(f"UPDATE verlauf SET {column} = ? {where}", value)
    site.execute(made)


def setting(table: str, column: str, gpkg: object, postgis: object) -> Callable[[Site], None]:
    def spoil(site: Site) -> None:
        site.execute(f"UPDATE {table} SET {column} = ?", postgis if site.server else gpkg)

    return spoil


def stating(entry: str, value: object) -> Callable[[Site], None]:
    return lambda site: site.execute("UPDATE meta SET wert = ? WHERE schluessel = ?", value, entry) and None


VALUES = {
    "a day of another calendar": (setting("projekt", "beginn", "31.12.2025", "infinity"), "projekt"),
    "a day that there is not": (setting("projekt", "beginn", "2025-02-30", "0044-03-15 BC"), "projekt"),
    "a day as number": (setting("projekt", "beginn", 2025, "12025-01-01"), "projekt"),
    "no number": (setting("angabe", "wert", "viel", "NaN"), "angabe"),
    "an endless number": (setting("befund", "ziel", "unendlich", "Infinity"), "befund"),
    "an endless official area": (setting("flurstueck", "flaeche_amtlich_m2", "groß", "NaN"), "flurstueck"),
    "no schema": (stating("schema", None), "meta"),
    "a raised schema": (stating("schema", "²"), "meta"),
    "a schema of 5000 digits": (stating("schema", "9" * 5000), "meta"),
    "an older schema": (stating("schema", "1"), "meta"),
    "no crs": (stating("crs", None), "meta"),
    "a crs that is none": (stating("crs", "irgendeins"), "meta"),
    "another crs": (stating("crs", "EPSG:25833"), "meta"),
    "no srid": (stating("srid", "–"), "meta"),
}
ENTRIES = {
    "no JSON": ("neu", "kein JSON", '"kein JSON"'),
    "nested JSON": ("neu", "[" * 50_000, "[[]]"),
    "a list": ("neu", "[1]", "[1]"),
    "nothing in it": ("neu", "{}", "{}"),
    "a goal that is none": ("neu", '{"hz": "zwei"}', '{"hz": "zwei"}'),
    "some day": ("wann", "irgendwann", "infinity"),
}


def everything_goes_on(run, site: Site, where: dict) -> dict[str, str]:
    """Run what reads and writes; return the messages of each."""
    said = {}
    for algorithm, given in {
        "export_register": {"WITH_WHO": True},
        "register_indicators": {"AS_OF": "2026-06-30"},
        "register_at": {"DAY": "2100-01-01"},
        "reconcile_register": {"PARCELS": plots([1, 2])},
        "assign_parcels": {"PARCELS": plots([3]), "GOALS": "2", "PROJECT": "Emscher"},
        "add_fact": {
            "HZ": 25,
            "FIELD": "radanteil_proz",
            "VALUE": 9.0,
            "YEAR": 2018,
            "SOURCE": "MiD",
            "AGS": "05113000",
        },
        "set_space_type": {"PARCELS": plots([3]), "RAUMTYP": "Landschaft"},
        "undo_register": {},
    }.items():
        said[algorithm] = run(algorithm, **given, **where).log.text
    register = site.open()
    for read in (register.projects, register.facts, register.findings, register.actions, register.holdings):
        read()
    register.close()
    return said


def named(run, where: dict, **more: object) -> list[tuple[str, str]]:
    """Return kind and sentence of what the check says of odd values and of the history."""
    kinds = (Check.ODD_VALUE, Check.NOT_LOGGING, Check.ODD_ENTRY)
    found = run("check_register", **more, **where).rows()
    assert all(row["abhilfe"] for row in found)
    return [(row["pruefung"], row["angabe"]) for row in found if row["pruefung"] in kinds]


@pytest.mark.parametrize("case", VALUES)
def test_an_odd_value_is_unknown_named_and_taken_away(run, filled, site, where, case):
    spoil, table = VALUES[case]
    spoil(site)
    everything_goes_on(run, site, where)
    found = named(run, where)
    assert found
    assert {kind for kind, _ in found} == {Check.ODD_VALUE}
    assert all(table in sentence for _, sentence in found)
    assert named(run, where, MEND=True) == found
    assert named(run, where) == []
    everything_goes_on(run, site, where)
    site.assert_sound()


def test_what_counts_as_unknown_is_said(run, filled, site, where):
    VALUES["a day of another calendar"][0](site)
    said = everything_goes_on(run, site, where)
    assert "1 values of projekt.beginn" in said["export_register"]
    assert site.open().find_project("Emscher").begin is None


def test_an_odd_value_that_somebody_corrected_meanwhile_stays(run, filled, site, where):
    VALUES["a day of another calendar"][0](site)
    register = site.open()
    odd = register.odd_values()
    site.execute("UPDATE projekt SET beginn = '2025-12-31'")
    assert register.empty(odd) == 0
    assert register.find_project("Emscher").begin == dt.date(2025, 12, 31)


def test_taking_values_away_is_an_action_in_the_history(run, filled, site, where):
    VALUES["a day of another calendar"][0](site)
    register = site.open()
    assert register.empty(register.odd_values()) == 1
    assert register.actions(1)[0].kind == "bereinigen"


@pytest.mark.parametrize("case", ENTRIES)
def test_an_odd_entry_of_the_history_is_passed_over_and_named(run, filled, site, where, case):
    column, gpkg, postgis = ENTRIES[case]
    history_set(site, column, postgis if site.server else gpkg)
    said = everything_goes_on(run, site, where)
    found = named(run, where)
    assert [kind for kind, _ in found] == [Check.ODD_ENTRY]
    assert named(run, where, MEND=True) == found == named(run, where)  # the history stays as it is
    assert "verlauf" not in said["register_at"]  # what is there now tells it


@pytest.mark.parametrize("case", [case for case, (column, *_) in ENTRIES.items() if column == "neu"])
def test_a_past_that_cannot_be_read_is_counted(run, filled, site, where, case):
    day = site.clock().date()
    site.clock.forward(days=1)
    register = site.open()
    register.unassign([key(1)], [2])
    register.close()
    _, gpkg, postgis = ENTRIES[case]
    history_set(site, "alt", postgis if site.server else gpkg)
    result = run("register_at", DAY=day.isoformat(), **where)
    assert len(result.rows()) == 3
    assert "1 values of verlauf.alt" in result.log.text


def test_an_action_whose_history_cannot_be_read_is_not_undone(filled, site):
    history_set(site, "neu", "{}")
    register = site.open()
    action = next(action for action in register.actions() if action.kind == "zuordnen")
    with pytest.raises(errors.UndoRefusedError, match="cannot be read"):
        register.undo(action.id)
    assert len(register.assignments()) == 4


@pytest.mark.parametrize("site", ["gpkg"], indirect=True)
def test_an_outline_that_is_none_counts_as_missing(run, filled, site, where):
    site.execute("DROP TRIGGER IF EXISTS rtree_flurstueck_geom_update6")
    site.execute(
        "UPDATE flurstueck SET geom = ? WHERE schluessel = ?", b"GP\x00\x01\x00\x00\x00\x00xx", key(1)
    )
    found = run("check_register", **where).rows()
    assert [(row["pruefung"], row["flurstueck"]) for row in found] == [(Check.NO_GEOMETRY, key(1))]


# -- what the history rests on -----------------------------------------------------------------------------


def triggers(site: Site) -> list[tuple[str, str]]:
    """Return table and name of the register's own triggers."""
    if site.server is None:
        sql = (
            "SELECT tbl_name, name FROM sqlite_master WHERE type = 'trigger' AND name NOT LIKE 'rtree%'"
            " AND tbl_name NOT LIKE 'gpkg%'"
        )
        return site.execute(sql)
    sql = (
        "SELECT c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
        " JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = ? AND NOT t.tgisinternal"
    )
    return site.execute(sql, site.place.schema)


def drop(site: Site, table: str, name: str) -> None:
    site.execute(f"DROP TRIGGER {name}" + ("" if site.server is None else f" ON {table}"))


def test_every_trigger_is_missed(filled, site):
    known = triggers(site)
    assert len(known) > 20
    for table, name in known:
        drop(site, table, name)
        register = site.open()
        assert register.foundation.not_logging == (name,)
        register.restore()
        assert register.foundation.not_logging == ()
        register.close()
    assert sorted(triggers(site)) == sorted(known)


@pytest.fixture
def silent(filled, site) -> Site:
    """A register one of whose triggers is gone."""
    name = "zuordnung_verlauf_neu" if site.server is None else "zuordnung_verlauf_1"
    drop(site, "zuordnung", name)
    return site


WRITING = {
    "assign_parcels": {"PARCELS": [3], "GOALS": "2"},
    "unassign_parcels": {"KEYS": key(1)},
    "undo_register": {},
    "add_fact": {"HZ": 25, "FIELD": "radanteil_proz", "VALUE": 9.0, "SOURCE": "MiD", "AGS": "05113000"},
}


@pytest.mark.parametrize("algorithm", WRITING)
def test_nothing_is_written_that_the_history_would_miss(run, silent, where, algorithm):
    given = WRITING[algorithm]
    if "PARCELS" in given:
        given = given | {"PARCELS": plots(given["PARCELS"])}
    before = (silent.count("zuordnung"), silent.count("angabe"), silent.count("verlauf"))
    with pytest.raises(
        QgsProcessingException, match=r"keep no history.*zuordnung_verlauf.*Nothing was written"
    ):
        run(algorithm, **given, **where)
    assert (silent.count("zuordnung"), silent.count("angabe"), silent.count("verlauf")) == before


def test_it_is_read_with_a_warning_and_restored_by_the_check(run, silent, where):
    exported = run("export_register", **where)
    assert len(exported.rows()) == 4
    assert "zuordnung_verlauf" in exported.log.text
    found = named(run, where)
    assert [kind for kind, _ in found] == [Check.NOT_LOGGING]
    assert named(run, where, MEND=True) == found
    assert named(run, where) == []
    before = silent.count("verlauf")
    run("assign_parcels", PARCELS=plots([3]), GOALS="2", **where)
    assert silent.count("verlauf") == before + 2
    assert "zuordnung_verlauf" not in run("export_register", **where).log.text


def test_a_trigger_that_is_there_and_does_nothing_is_missed_too(filled, site):
    if site.server is None:
        site.execute("DROP TRIGGER projekt_verlauf_neu")
        site.execute("CREATE TRIGGER projekt_verlauf_neu AFTER INSERT ON projekt BEGIN SELECT 1; END")
        lost = ("projekt_verlauf_neu",)
    else:
        site.execute("ALTER TABLE projekt DISABLE TRIGGER projekt_verlauf_1")
        lost = ("projekt_verlauf_1",)
    assert site.open().foundation.not_logging == lost


@pytest.mark.parametrize("site", ["postgis"], indirect=True)
def test_a_function_that_was_replaced_is_missed(filled, site):
    site.execute(
        "CREATE OR REPLACE FUNCTION zuordnung_verlauf() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RETURN NULL; END $$"
    )
    register = site.open()
    assert register.foundation.not_logging == tuple(f"zuordnung_verlauf_{n}" for n in (1, 2, 3))
    register.restore()
    register.assign(parcels(3), [2], Role.STOCK)
    assert register.actions(1)[0].rows == 2


@pytest.mark.parametrize("site", ["postgis"], indirect=True)
@pytest.mark.parametrize(
    ("event", "when"),
    [("AFTER INSERT", "EXECUTE"), ("AFTER UPDATE", "WHEN (false) EXECUTE"), ("AFTER DELETE", "EXECUTE")],
)
def test_a_trigger_that_fires_at_something_else_is_missed(filled, site, event, when):
    tables = {"AFTER INSERT": "NEW TABLE AS neue", "AFTER DELETE": "OLD TABLE AS alte"}
    both = "NEW TABLE AS neue OLD TABLE AS alte"
    drop(site, "zuordnung", "zuordnung_verlauf_2")
    site.execute(
        f"CREATE TRIGGER zuordnung_verlauf_2 {event} ON zuordnung REFERENCING {tables.get(event, both)}"
        f" FOR EACH STATEMENT {when} FUNCTION zuordnung_verlauf()"
    )
    assert site.open().foundation.not_logging == ("zuordnung_verlauf_2",)


@pytest.mark.parametrize("site", ["postgis"], indirect=True)
def test_a_trigger_for_one_column_only_is_missed(filled, site):
    drop(site, "zuordnung", "zuordnung_geaendert")
    site.execute(
        "CREATE TRIGGER zuordnung_geaendert BEFORE UPDATE OF notiz ON zuordnung"
        " FOR EACH ROW EXECUTE FUNCTION zeile_geaendert()"
    )
    assert site.open().foundation.not_logging == ("zuordnung_geaendert",)


@pytest.mark.parametrize("site", ["postgis"], indirect=True)
@pytest.mark.parametrize("change", ["SECURITY INVOKER", "RESET search_path", "SET search_path = public"])
def test_a_function_that_runs_otherwise_is_missed(filled, site, change):
    site.execute(f"ALTER FUNCTION zuordnung_verlauf() {change}")
    register = site.open()
    assert register.foundation.not_logging == tuple(f"zuordnung_verlauf_{n}" for n in (1, 2, 3))
    register.restore()
    assert register.foundation.not_logging == ()


@pytest.mark.parametrize("site", ["postgis"], indirect=True)
def test_a_register_whose_schema_was_renamed_never_writes_the_history_of_another_one(filled, site):
    place = replace(site.place, schema=f"{site.place.schema} alt")
    site.server.execute(f'ALTER SCHEMA "{site.place.schema}" RENAME TO "{place.schema}"')
    Register.create(site.place).close()
    register = Register.open(place)
    assert len(register.foundation.not_logging) > 20
    with pytest.raises(errors.RegisterDamagedError):
        register.assign(parcels(3), [2], Role.STOCK)
    register.restore()
    assert register.foundation.not_logging == ()
    register.assign(parcels(3), [2], Role.STOCK)
    assert register.actions(1)[0].rows == 2
    register.close()
    assert site.count("verlauf") == 0


@pytest.mark.parametrize("site", ["gpkg"], indirect=True)
def test_the_table_of_the_session_is_made_anew(filled, site):
    site.execute("DROP TABLE sitzung")
    register = site.open()
    assert register.foundation.not_logging == ("sitzung",)
    register.restore()
    register.assign(parcels(3), [2], Role.STOCK)
    assert register.actions(1)[0].rows == 2


@pytest.mark.parametrize(
    ("statement", "lacking"),
    [
        ("DROP TABLE befund", "befund"),
        ("DROP TABLE verlauf", "verlauf"),
        ("ALTER TABLE verlauf RENAME COLUMN hebt_auf TO x", "verlauf.hebt_auf"),
    ],
)
def test_a_register_that_lacks_a_table_or_column_says_so(filled, site, statement, lacking):
    cascade = " CASCADE" if site.server is not None and statement.startswith("DROP") else ""
    site.execute(statement + cascade)
    with pytest.raises(
        errors.RegisterError, match=lacking if lacking != "verlauf" else "verlauf|no register"
    ):
        site.open()


def test_a_register_without_any_crs_says_so(filled, site):
    stating("crs", "irgendeins")(site)
    if site.server is None:
        site.execute("UPDATE gpkg_geometry_columns SET srs_id = 0")
    else:
        site.execute("ALTER TABLE flurstueck ALTER COLUMN geom TYPE geometry USING geom")
    with pytest.raises(errors.RegisterDamagedError, match=r"irgendeins.*EPSG:25832"):
        site.open()


def test_a_register_as_it_was_made_lacks_nothing(filled, site):
    register = site.open()
    assert (register.foundation.version, register.foundation.crs) == (schema.VERSION, "EPSG:25832")
    assert register.odd_values() == register.odd_entries() == []
    assert register.database.unknown == {}
