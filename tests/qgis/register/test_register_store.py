"""The register keeps what is written, in both databases, and gives it back."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest
from gruene_infra.gruene_infra_plugin.methods.findings.finding import COLUMNS, Finding, from_row
from gruene_infra.gruene_infra_plugin.methods.parcels.space_types import SpaceType
from gruene_infra.gruene_infra_plugin.register import errors, schema
from gruene_infra.gruene_infra_plugin.register.model import (
    AssignmentRecord,
    Criteria,
    Fact,
    FoundParcel,
    ParcelRecord,
    Project,
    Role,
    Status,
    Total,
)
from gruene_infra.gruene_infra_plugin.register.store import Register
from gruene_infra.gruene_infra_plugin.spatial.geometry.wkb import geometry_of
from qgis.core import QgsGeometry, QgsVectorLayer

from ...layer_factory import EAST, NORTH, box, rows
from .registers import key, parcel, parcels


def test_assigned_parcels_are_read_back(register, site):
    register.assign(
        parcels(1, 2),
        [2, 19],
        Role.MEASURE,
        Status.PLANNED,
        evidence="Luftbild",
        algorithm="hz19",
        note="Ufer",
    )
    expected = [
        AssignmentRecord(key(n), hz, Role.MEASURE, Status.PLANNED, None, "Luftbild", "hz19", "Ufer", 1)
        for n in (1, 2)
        for hz in (2, 19)
    ]
    assert register.assignments() == expected
    assert site.open().assignments() == expected
    assert register.assignments(hz=19, keys=[key(2), "no such key"]) == expected[3:]


def test_a_parcel_comes_back_as_it_was_assigned(register):
    given = parcel(1, ags="05113000", municipality="Essen")
    register.assign([given], [2], Role.STOCK)
    (found,) = register.parcels()
    assert found == given
    assert found.key.delivered == "051234-007-1"
    assert found.area_m2 == 10_000.0
    assert geometry_of(found.wkb).isGeosEqual(QgsGeometry.fromWkt(box(1000, 0, 100, 100)))


def test_a_parcel_stays_as_it_was_when_it_came_first(register):
    register.assign([parcel(1, 100)], [2], Role.STOCK)
    register.assign([parcel(1, 50)], [3], Role.STOCK)
    assert [found.area_m2 for found in register.parcels()] == [10_000.0]


def test_a_parcel_that_came_without_outline_gets_it_with_what_else_was_not_known(register, site):
    register.assign([ParcelRecord.of(key(1), QgsGeometry())], [2], Role.STOCK)
    register.assign([ParcelRecord.of(key(2), QgsGeometry(), area_m2=9_900.0, ags="05")], [2], Role.STOCK)
    before = register.parcels()
    register.assign([parcel(number, ags="05113000") for number in (1, 2, 3)], [3], Role.STOCK)
    found = {one.key.key: one for one in register.parcels()}
    assert {name: (one.area_m2, one.ags) for name, one in found.items()} == {
        key(1): (10_000.0, "05113000"),
        key(2): (9_900.0, "05"),
        key(3): (10_000.0, "05113000"),
    }
    assert all(geometry_of(one.wkb).area() == 10_000.0 and one.geometry_hash for one in found.values())
    assert len(register.outlines(found)) == 3
    register.undo()
    assert register.parcels() == before


@pytest.mark.parametrize("area", [1.0, 99.0, 1e8])
def test_an_area_that_came_first_gives_way_to_an_outline_that_disagrees(register, area):
    register.assign([ParcelRecord.of(key(1), QgsGeometry(), area_m2=area)], [2], Role.STOCK)
    register.assign([parcel(1)], [3], Role.STOCK)
    (found,) = register.parcels()
    assert (found.area_m2, found.official_m2) == (10_000.0, area)


@pytest.mark.parametrize("said", ["1", 1.0, "1,2 ha", "12.000", -1.0, "viel"])
def test_an_official_area_that_the_outline_does_not_bear_out_is_kept_and_does_not_count(register, said):
    shape = QgsGeometry.fromWkt(box(0, 0, 100, 100))
    register.assign([ParcelRecord.of(key(1), shape, area_m2=said)], [2], Role.STOCK)
    (found,) = register.parcels()
    official = {"1": 1.0, 1.0: 1.0, "1,2 ha": 12_000.0, "12.000": 12_000.0, -1.0: -1.0}.get(said)
    assert (found.area_m2, found.official_m2) == (10_000.0, official)


@pytest.mark.parametrize(
    "areas", [(None, None), (400.0, 300.0), (400.0, 400.0), (300.0, 300.0), ("700", "700")]
)
def test_versions_of_a_parcel_that_overlap_count_once(register, areas):
    """400 m², and a version of 300 m² inside it: no 700 m²."""
    shapes = [QgsGeometry.fromWkt(box(0, 0, width, 20)) for width in (20, 15)]
    register.assign(
        [ParcelRecord.of(key(1), shape, area_m2=area) for shape, area in zip(shapes, areas, strict=True)],
        [2],
        Role.STOCK,
    )
    (found,) = register.parcels()
    assert (found.area_m2, geometry_of(found.wkb).area()) == (400.0, 400.0)


def test_the_key_of_a_municipality_gets_its_zero_back(register):
    shape = QgsGeometry.fromWkt(box(0, 0, 100, 100))
    records = [
        ParcelRecord.of(key(n), shape, ags=ags) for n, ags in enumerate(("5113000", "05113000", "5113000.0"))
    ]
    register.assign(records, [2], Role.STOCK)
    assert {found.ags for found in register.parcels()} == {"05113000"}


def test_a_project_is_known_by_its_name_however_it_is_spelled(register):
    register.add_project(Project("Emscher–Umbau"))
    spelled = "EMSCHER-UMBAU\u00a0"
    assert register.find_project(spelled).name == "Emscher–Umbau"
    with pytest.raises(errors.RegisterRuleError, match="Emscher–Umbau"):
        register.add_project(Project(spelled))


def test_an_area_that_all_parts_share_is_that_of_the_parcel(register):
    shapes = [QgsGeometry.fromWkt(box(x, 0, 50, 100)) for x in (0, 60)]
    official = [ParcelRecord.of(key(1), shape, area_m2=10_010.0) for shape in shapes]
    of_parts = [ParcelRecord.of(key(2), shape, area_m2=5_005.0) for shape in shapes]
    register.assign([*official, *of_parts], [2], Role.STOCK)
    assert [found.area_m2 for found in register.parcels()] == [10_010.0, 10_010.0]


def test_parts_of_a_parcel_that_come_as_several_features_are_one_parcel(register):
    left, right = (QgsGeometry.fromWkt(box(x, 0, 10, 10)) for x in (0, 30))
    parts = [ParcelRecord.of("05 1234-007-1", shape) for shape in (left, right, left)]
    register.assign(parts, [2], Role.STOCK)
    (found,) = register.parcels()
    assert found.area_m2 == 200.0
    assert geometry_of(found.wkb).area() == 200.0


def test_geometry_comes_as_flat_multipolygon_whatever_it_was(register):
    bent = QgsGeometry.fromWkt(
        f"PolygonZ (({EAST} {NORTH} 5, {EAST + 3} {NORTH} 5, {EAST} {NORTH + 4} 5, {EAST} {NORTH} 5))"
    )
    register.assign([ParcelRecord.of("05 1234-007-1", bent)], [2], Role.STOCK)
    (found,) = register.parcels()
    assert geometry_of(found.wkb).asWkt() == geometry_of(found.wkb).asWkt().replace("Z", "")
    assert found.area_m2 == 6.0


def test_a_parcel_without_geometry_is_kept(register):
    register.assign([ParcelRecord.of("05 1234-007-1", QgsGeometry())], [2], Role.STOCK)
    (found,) = register.parcels()
    assert (found.wkb, found.area_m2, found.geometry_hash) == (None, 0.0, None)


def test_the_same_assignment_twice_is_one_row_with_and_without_project(register, site):
    project = register.add_project(Project("Emscher"))
    for _ in range(2):
        register.assign(parcels(1), [2, 2], Role.STOCK)
        register.assign(parcels(1), [2], Role.STOCK, project=project.id)
    assert [(row.project, row.version) for row in register.assignments()] in (
        [(None, 1), (project.id, 1)],
        [(project.id, 1), (None, 1)],
    )


def test_the_database_itself_refuses_a_second_row_without_project(register, site):
    register.assign(parcels(1), [2], Role.STOCK)
    with pytest.raises(site.database_error):
        site.execute(
            "INSERT INTO zuordnung (flurstueck, hz, rolle, status) VALUES (?, 2, 'Bestand', 'Idee')", key(1)
        )


@pytest.mark.parametrize(
    "row",
    [
        (key(1), 28, "Bestand", "Idee", None),
        (key(1), 0, "Bestand", "Idee", None),
        (key(1), 2, "bestand", "Idee", None),
        (key(1), 2, "Bestand", "fertig", None),
        (key(1), 2, "Potenzial", "Idee", 99),
        (key(9), 2, "Bestand", "Idee", None),
    ],
)
def test_the_database_itself_refuses_what_is_no_assignment(register, site, row):
    register.assign(parcels(1), [3], Role.STOCK)
    with pytest.raises(site.database_error):
        site.execute(
            "INSERT INTO zuordnung (flurstueck, hz, rolle, status, projekt) VALUES (?, ?, ?, ?, ?)", *row
        )
    assert site.count("zuordnung") == 1


def test_a_goal_that_does_not_exist_is_refused_and_nothing_is_written(register, site):
    with pytest.raises(errors.RegisterRuleError):
        register.assign(parcels(1, 2), [27, 28], Role.STOCK)
    assert (site.count("flurstueck"), site.count("zuordnung"), site.count("verlauf")) == (0, 0, 0)


def test_unassigning_removes_just_what_was_named(register):
    register.assign(parcels(1, 2), [2, 3], Role.STOCK)
    register.assign(parcels(1), [2], Role.MEASURE)
    register.unassign([key(1)], [2], Role.STOCK)
    assert [row.row[:3] for row in register.assignments()] == [
        (key(1), 2, "Maßnahme"),
        (key(1), 3, "Bestand"),
        (key(2), 2, "Bestand"),
        (key(2), 3, "Bestand"),
    ]
    assert [found.key.key for found in register.parcels()] == [key(1), key(2)]


def test_a_parcel_has_at_most_one_space_type(register):
    register.set_space_type(parcels(1, 2), SpaceType.INNER_CITY, {key(1): 62.5}, "Zensus")
    (one, two) = register.space_types()
    assert (one.raumtyp, one.share, one.origin, one.version) == (SpaceType.INNER_CITY, 62.5, "Zensus", 1)
    assert two.share is None
    register.set_space_type(parcels(1), SpaceType.LANDSCAPE, seen={one.row: 1})
    found = register.space_types([key(1)])
    assert [(row.raumtyp, row.share, row.version) for row in found] == [(SpaceType.LANDSCAPE, None, 2)]
    register.clear_space_type([key(1)])
    assert [row.parcel for row in register.space_types()] == [key(2)]


def test_assignments_are_found_by_space_type_and_project(register):
    project = register.add_project(Project("Emscher"))
    register.assign(parcels(1, 2, 3), [2], Role.STOCK)
    register.assign(parcels(2), [3], Role.STOCK, project=project.id)
    register.set_space_type(parcels(1, 2), SpaceType.LANDSCAPE)
    assert [row.row[:2] for row in register.assignments(raumtyp=SpaceType.LANDSCAPE)] == [
        (key(1), 2),
        (key(2), 2),
        (key(2), 3),
    ]
    assert [row.row[:2] for row in register.assignments(project=project.id)] == [(key(2), 3)]


def test_totals_count_a_parcel_once_and_leave_out_what_is_excluded(register):
    project = register.add_project(Project("Emscher"))
    big, small, out = parcel(1, 200), parcel(2, 100), parcel(3, 100)
    register.assign([big, small], [2], Role.STOCK)
    register.assign([big], [2], Role.MEASURE, project=project.id)
    register.assign([small], [3], Role.MEASURE, Status.REJECTED)
    register.assign([out], [2], Role.EXCLUSION)
    register.set_space_type([big, out], SpaceType.BETWEEN)
    assert register.totals_by_goal() == {2: Total(2, 5.0)}
    assert register.totals_by_project() == {project.id: Total(1, 4.0)}
    assert register.totals_by_space_type() == {"Zwischenstadt": Total(2, 5.0)}


def test_projects_have_one_name_and_keep_what_they_say(register):
    made = register.add_project(
        Project(
            "Grüne Mitte",
            "Stadt Essen",
            "Essen",
            Status.UNDER_WAY,
            dt.date(2029, 1, 31),
            dt.date(2031, 12, 31),
            "Übergang „Nord“; DROP TABLE projekt",
        )
    )
    assert register.find_project(" Grüne Mitte ") == made
    assert register.find_project("grün") is None
    with pytest.raises(errors.RegisterRuleError, match="Grüne Mitte"):
        register.add_project(Project("Grüne Mitte"))
    changed = register.update_project(dataclasses.replace(made, name="Mitte", end=None))
    assert (changed.name, changed.end, changed.version, changed.id) == ("Mitte", None, 2, made.id)
    assert register.projects() == [changed]


def test_a_project_in_use_stays(register):
    made = register.add_project(Project("Emscher"))
    register.assign(parcels(1), [2], Role.STOCK, project=made.id)
    with pytest.raises(errors.RegisterRuleError):
        register.remove_project(made)
    register.unassign([key(1)], [2])
    register.remove_project(made)
    assert register.projects() == []


def test_facts_are_of_a_project_or_a_municipality(register):
    facts = [
        Fact(9, "Verträge", 3.0, None, "Anzahl", 2029, "Amt 67", ags="05113000", municipality="Essen"),
        Fact(27, "Angebot", None, "Waldschule", project=register.add_project(Project("Schule")).id),
    ]
    for fact in facts:
        register.add_fact(fact)
    assert register.facts() == facts
    assert register.facts(hz=27) == facts[1:]
    with pytest.raises(errors.RegisterRuleError):
        register.add_fact(Fact(9, "Verträge", 3.0))
    with pytest.raises(errors.RegisterRuleError):
        register.add_fact(Fact(9, "Verträge", ags="05113000"))


def finding(day: dt.date, numerator: float) -> Finding:
    row = dict.fromkeys(COLUMNS) | {
        "hz": 2, "kennzahl_id": "hz02.dach", "variante_id": "neigung_10", "ist_leitwert": 1,
        "kennzahl": "Gründach", "definition": "a / b", "gebiet_art": "Gemeinde", "gebiet": "Essen",
        "zaehler": numerator, "nenner": 3.0, "basis_einheit": "m²", "wert": 100 * numerator / 3.0,
        "einheit": "%", "luecke_einheit": "m²", "status": "Zielwert offen", "abdeckung_proz": 100.0,
        "n_objekte": 7, "n_ausgelassen": 0, "algorithmus": "hz02",
        "plugin_version": "0.1.0", "berechnet_am": day,
    }  # fmt: skip
    return from_row(row)


def test_findings_of_several_days_stand_beside_each_other(register):
    first, second = finding(dt.date(2029, 1, 1), 1.0), finding(dt.date(2030, 1, 1), 2.0)
    register.store_findings([second])
    register.store_findings([first])
    assert register.findings() == [first, second]
    better = finding(dt.date(2030, 1, 1), 2.5)
    register.store_findings([first, better])
    assert register.findings() == [first, better]


def test_text_is_bound_and_never_part_of_a_statement(register, site):
    nasty = "'; DROP TABLE zuordnung; -- %s ? \" $$ 💧"
    register.assign(parcels(1), [2], Role.STOCK, note=nasty, evidence="100 % ?")
    assert [(row.note, row.evidence) for row in register.assignments()] == [(nasty, "100 % ?")]


def test_qgis_shows_the_parcels_where_they_are(register, site):
    register.assign(parcels(1, 2), [2], Role.STOCK)
    if site.server is None:
        shown = QgsVectorLayer(f"{site.place}|layername=flurstueck", "flurstueck", "ogr")
    else:
        source = f"{site.server.dsn().replace(' connect_timeout=10', '')} key='id' srid=25832"
        table = f'table="{site.place.schema}"."flurstueck" (geom)'
        shown = QgsVectorLayer(f"{source} {table}", "flurstueck", "postgres")
    assert shown.isValid()
    assert shown.crs().authid() == "EPSG:25832"
    extent = shown.extent()
    assert (extent.xMinimum(), extent.xMaximum()) == (EAST + 1000, EAST + 2100)
    assert [row["schluessel"] for row in rows(shown)] == [key(1), key(2)]
    assert len(list(shown.getFeatures(QgsGeometry.fromWkt(box(990, 0, 20, 20)).boundingBox()))) == 1


def test_a_register_is_not_made_twice_and_not_opened_where_there_is_none(site):
    with pytest.raises(errors.RegisterMissingError):
        site.open()
    site.create()
    with pytest.raises(errors.RegisterError, match="already"):
        Register.create(site.place)


@pytest.mark.parametrize("crs", ["EPSG:4326", "", "nonsense"])
def test_a_register_wants_metres(site, crs):
    with pytest.raises(errors.RegisterError, match="projected"):
        Register.create(site.place, crs)


def test_another_projected_crs_is_kept(site):
    made = Register.create(site.place, "EPSG:31466")
    made.assign(parcels(1), [2], Role.STOCK)
    made.close()
    reopened = site.open()
    assert reopened.crs == "EPSG:31466"
    assert len(reopened.parcels()) == 1


def test_a_register_of_a_newer_version_is_refused(register, site):
    site.execute("UPDATE meta SET wert = '99' WHERE schluessel = 'schema'")
    with pytest.raises(errors.RegisterVersionError, match=rf"99.*{schema.VERSION}"):
        site.open()


def test_five_thousand_parcels_and_three_goals(register, site):
    register.assign([parcel(n) for n in range(1, 5001)], [2, 13, 19], Role.STOCK)
    assert (site.count("flurstueck"), site.count("zuordnung"), site.count("verlauf")) == (5000, 15000, 20000)
    assert register.totals_by_goal()[13] == Total(5000, 5000.0)


def test_parcels_are_found_by_criteria_that_one_assignment_meets_together(register):
    ring = register.add_project(Project("Ring"))
    register.assign(parcels(1, 2), [2, 19], Role.MEASURE, Status.PLANNED, space_type=SpaceType.BETWEEN)
    register.assign(parcels(2), [2], Role.STOCK, Status.DONE, ring.id)
    register.assign(parcels(3), [2], Role.EXCLUSION, Status.IDEA)
    register.assign(parcels(4), [7], Role.MEASURE, Status.REJECTED)
    register.set_space_type(parcels(5), SpaceType.LANDSCAPE)

    def found(**criteria) -> list[str]:
        return [one.key for one in register.find(Criteria(**criteria))]

    assert found() == [key(n) for n in (1, 2, 3, 4, 5)]
    assert found(hz=2) == [key(1), key(2), key(3)]
    assert found(hz=2, counting=True) == [key(1), key(2)]
    assert found(hz=2, role=Role.STOCK) == [key(2)]
    assert found(hz=19, role=Role.STOCK) == []
    assert found(status=Status.REJECTED) == [key(4)]
    assert found(status=Status.REJECTED, counting=True) == []
    assert found(raumtyp=SpaceType.BETWEEN, hz=2, role=Role.MEASURE) == [key(1), key(2)]
    assert found(raumtyp=SpaceType.LANDSCAPE, counting=True) == [key(5)]
    assert found(project=ring.id) == [key(2)]
    assert register.find(Criteria(project=ring.id)) == [
        FoundParcel(key(2), "051234-007-2", 10_000.0, "Zwischenstadt", (2, 19), ("Ring",))
    ]


@pytest.mark.parametrize(
    ("part", "numbers"),
    [
        ("00002", [2]),
        ("051234-007-2", [2]),
        ("051234 007 00002 0000", [2]),
        ("-007-", [1, 2]),
        ("05123400700001______", [1]),
        ("1_3", []),
        ("%", []),
        ("flur ", [3]),
        ("051234\u00a0007 00002\u2009", [2]),
        ("\u2013007\u2013", [1, 2]),
        ("00\u200b002", [2]),
    ],
)
def test_parcels_are_found_by_a_part_of_their_key_in_either_form(register, part, numbers):
    other = ParcelRecord.of("Flur 7 Nr. 3", QgsGeometry.fromWkt(box(0, 0, 10, 10)))
    register.assign([*parcels(1, 2), other], [2], Role.STOCK)
    keys = {key(1): 1, key(2): 2, other.key.key: 3}
    assert [keys[one.key] for one in register.find(Criteria(key_part=part))] == numbers
