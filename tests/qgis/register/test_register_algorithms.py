"""The algorithms that change, check and look back at a register, in both databases."""

from __future__ import annotations

import pytest
from gruene_infra.gruene_infra_plugin.methods.findings.finding import COLUMNS
from gruene_infra.gruene_infra_plugin.methods.parcels.space_types import SpaceType
from gruene_infra.gruene_infra_plugin.register.model import (
    ParcelRecord,
    Project,
    Role,
    SpaceTypeRecord,
    Status,
)
from gruene_infra.gruene_infra_plugin.spatial.geometry.wkb import geometry_of
from qgis.core import QgsGeometry, QgsProcessingException

from ...layer_factory import EAST, box, layer, rows, table
from ..every.examples import _findings
from .registers import key, parcel, parcels
from .test_assign_parcels import plots


@pytest.fixture
def filled(register):
    """Two parcels for HZ 2 and 19 as Potenzial, the first also as Maßnahme for HZ 2 within a project."""
    project = register.add_project(Project("Emscherumbau"))
    register.assign(parcels(1, 2), [2, 19], Role.POTENTIAL)
    register.assign(parcels(1), [2], Role.MEASURE, project=project.id)
    return register


def left(site) -> list[tuple]:
    return [(row.parcel, row.hz, row.role.value) for row in site.open().assignments()]


P, M = "Potenzial", "Maßnahme"
ALL = [(key(1), 2, M), (key(1), 2, P), (key(1), 19, P), (key(2), 2, P), (key(2), 19, P)]


# -- unassign_parcels ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "gone"),
    [
        ({"KEYS": "05 1234-007-00001"}, ALL[:3]),
        ({"KEYS": f"{key(1)}; 051234-007-2\n051234-007-2"}, ALL),
        ({"KEYS": key(1), "GOALS": "2"}, ALL[:2]),
        ({"KEYS": key(1), "ROLE": P}, ALL[1:3]),
        ({"KEYS": key(1), "PROJECT": "Emscherumbau"}, ALL[:1]),
        ({"KEYS": "051234-007-77"}, []),
    ],
)
def test_what_is_named_is_removed_and_nothing_else(run, filled, site, where, given, gone):
    assert run("unassign_parcels", **given, **where).results["COUNT"] == len(gone)
    assert left(site) == [row for row in ALL if row not in gone]


def test_parcels_of_a_layer_are_removed_in_one_step(run, filled, site, where):
    run("unassign_parcels", PARCELS=plots([1, 2, 3]), GOALS="HZ 19", WHO="Anna", **where)
    assert left(site) == [ALL[0], ALL[1], ALL[3]]
    site.open().undo()
    assert left(site) == ALL


def test_without_parcels_it_says_what_to_name(run, filled, site, where):
    with pytest.raises(QgsProcessingException, match=r"PARCELS.*KEYS"):
        run("unassign_parcels", GOALS="2", **where)
    assert left(site) == ALL


# -- set_space_type --------------------------------------------------------------------------------------


def test_one_space_type_for_all(run, register, site, where):
    assert run("set_space_type", PARCELS=plots([1, 2]), RAUMTYP="Landschaft", **where).results["COUNT"] == 2
    assert site.open().space_types() == [SpaceTypeRecord(key(n), SpaceType.LANDSCAPE) for n in (1, 2)]


def test_space_types_of_fields_with_share_and_origin(run, register, site, where):
    fields = {
        "raumtyp": ["Innenstadt", None, " landschaft "],
        "raumtyp_anteil": [62.5, None, 100.0],
        "raumtyp_quelle": ["Raster", "unbekannt: Gebäude fehlen", "Polygon"],
    }
    result = run("set_space_type", PARCELS=plots([1, 2, 3], **fields), **where)
    assert site.open().space_types() == [
        SpaceTypeRecord(key(1), SpaceType.INNER_CITY, 62.5, "Raster"),
        SpaceTypeRecord(key(3), SpaceType.LANDSCAPE, 100.0, "Polygon"),
    ]
    assert result.results["COUNT"] == 2
    assert "1 without a Raumtyp" in result.log.text


def test_parts_of_a_parcel_get_the_type_of_the_largest_area(run, register, site, where):
    """1000 m² wholly Landschaft, 3000 m² of which 80 % are Innenstadt: 2400 of 4000 m²."""
    parts = layer(
        [box(0, 0, 10, 100), box(50, 0, 30, 100)],
        {
            "flstkennz": ["051234-007-1"] * 2,
            "raumtyp": ["Landschaft", "Innenstadt"],
            "raumtyp_anteil": [100.0, 80.0],
        },
    )
    run("set_space_type", PARCELS=parts, **where)
    (record,) = site.open().space_types()
    assert (record.raumtyp, record.share) == (SpaceType.INNER_CITY, pytest.approx(60.0))


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"raumtyp": ["Innenstadt", "Vorstadt"]}, "Vorstadt"),
        ({"raumtyp": ["Innenstadt"] * 2, "raumtyp_anteil": [50.0, 100.5]}, "100.5"),
        ({"raumtyp": ["Innenstadt"] * 2, "raumtyp_anteil": ["50", "viel"]}, "viel"),
        ({}, "RAUMTYP_FIELD"),
    ],
)
def test_a_space_type_or_share_that_is_none_writes_nothing(run, register, site, where, fields, says):
    with pytest.raises(QgsProcessingException, match=says):
        run("set_space_type", PARCELS=plots([1, 2], **fields), **where)
    assert (site.open().space_types(), site.open().parcels()) == ([], [])


def test_a_differing_space_type_is_a_conflict(run, register, site, where):
    register.set_space_type(parcels(1), SpaceType.BETWEEN)
    given = {"PARCELS": plots([1]), "RAUMTYP": "Landschaft"}
    with pytest.raises(QgsProcessingException, match=r"Zwischenstadt.*Landschaft"):
        run("set_space_type", **given, **where)
    run("set_space_type", **given, ON_CONFLICT="mine", **where)
    assert [row.raumtyp for row in site.open().space_types()] == [SpaceType.LANDSCAPE]


# -- store_findings --------------------------------------------------------------------------------------


def changed(source, **values):
    """Return a table with some columns replaced."""
    old = rows(source)
    columns = {name: [values.get(name, row[name]) for row in old] for name in COLUMNS}
    return table(columns, "anders")


def test_findings_of_several_days_stay_and_the_same_day_is_replaced(run, register, site, where):
    west = _findings(range(2), "west")
    first = run("store_findings", SUMMARIES=[west, _findings(range(2, 3), "ost")], **where)
    assert first.results["COUNT"] == 3
    run("store_findings", SUMMARIES=[changed(west, berechnet_am="2027-06-30")], **where)
    run("store_findings", SUMMARIES=[changed(west, n_objekte=9)], **where)
    found = site.open().findings()
    assert [(row.berechnet_am.year, row.gebiet, row.wert, row.n_objekte) for row in found] == [
        (2026, "Stadt 0", 0.0, 9),
        (2026, "Stadt 1", 100.0, 9),
        (2026, "Stadt 2", 200.0, 5),
        (2027, "Stadt 0", 0.0, 5),
        (2027, "Stadt 1", 100.0, 5),
    ]


@pytest.mark.parametrize(
    ("values", "says"), [({"status": "erreicht"}, "status"), ({"wert": 7.0}, "wert"), ({"hz": 99}, "hz")]
)
def test_a_table_with_a_wrong_row_is_not_stored(run, register, site, where, values, says):
    tables = [_findings(range(1, 3), "west"), changed(_findings(range(3, 4), "ost"), **values)]
    with pytest.raises(QgsProcessingException, match=f"anders.*{says}"):
        run("store_findings", SUMMARIES=tables, **where)
    assert site.open().findings() == []


def test_rows_of_one_day_that_contradict_each_other_are_named(run, register, site, where):
    one = _findings(range(1, 2), "west")
    other = changed(one, zaehler=5.0, wert=5.0, luecke=5.0, luecke_abs=5.0)
    with pytest.raises(QgsProcessingException, match="contradict"):
        run("store_findings", SUMMARIES=[one, other], **where)
    assert site.open().findings() == []


# -- undo_register ---------------------------------------------------------------------------------------


def test_the_last_action_is_undone_then_the_one_before(run, register, site, where):
    who = {"WHO": "Anna"}
    run("assign_parcels", PARCELS=plots([1]), GOALS="2", **where, **who)
    run("assign_parcels", PARCELS=plots([2]), GOALS="2", **where, **who)
    result = run("undo_register", **where, **who)
    assert result.results["UNDONE"].startswith("zuordnen, ")
    assert left(site) == [(key(1), 2, M)]
    run("undo_register", **where, **who)
    assert left(site) == []
    with pytest.raises(QgsProcessingException, match="none to undo"):
        run("undo_register", **where, **who)


def test_an_action_is_undone_by_its_number(run, filled, site, where):
    first = [action for action in filled.actions() if action.kind == "zuordnen"][-1]
    filled.unassign([key(1), key(2)])
    with pytest.raises(QgsProcessingException, match="Not undone"):
        run("undo_register", ACTION=first.id, WHO="Anna", **where)
    run("undo_register", ACTION=filled.actions()[0].id, WHO="Anna", **where)
    assert left(site) == ALL


def test_a_number_that_is_none_is_refused(run, filled, site, where):
    with pytest.raises(QgsProcessingException, match="none to undo"):
        run("undo_register", ACTION="'; DROP TABLE verlauf; --", WHO="Anna", **where)
    assert left(site) == ALL


# -- register_at -----------------------------------------------------------------------------------------


def test_the_register_of_a_day_has_the_parcels_and_projects_of_that_day(run, filled, site, where):
    filled.set_space_type(parcels(2), SpaceType.LANDSCAPE)
    site.clock.forward(days=1)
    filled.unassign([key(1)])
    filled.update_project(Project("Emscher neu", id=1, version=1))

    def on(day):
        result = run("register_at", DAY=day, **where)
        return result.layer(), result.rows()

    assert on("2030-04-30")[1] == []
    made, found = on("2030-05-01")
    assert [(row["flurstueck"], row["hz"], row["rolle"]) for row in found] == ALL
    assert [row["projekt"] for row in found] == ["Emscherumbau", None, None, None, None]
    assert [row["raumtyp"] for row in found] == [None] * 3 + ["Landschaft"] * 2
    assert {row["flaeche_m2"] for row in found} == {10_000.0}
    assert [f.geometry().boundingBox().xMinimum() - EAST for f in made.getFeatures()] == [1000.0] * 3 + [
        2000.0
    ] * 2
    assert [(row["flurstueck"], row["hz"]) for row in on("2030-05-02")[1]] == [(key(2), 2), (key(2), 19)]


def test_a_day_that_is_none_is_refused(run, register, where):
    with pytest.raises(QgsProcessingException, match="DAY"):
        run("register_at", DAY="31.12.2030", **where)


# -- check_register --------------------------------------------------------------------------------------


def found_by(run, where, **more) -> list[tuple[str, str]]:
    return [(row["pruefung"], row["flurstueck"]) for row in run("check_register", **more, **where).rows()]


def test_a_register_without_contradiction_gives_no_row(run, filled, where):
    filled.set_space_type(parcels(1, 2), SpaceType.LANDSCAPE, 50.0)
    filled.assign(parcels(2), [2], Role.EXCLUSION)
    assert found_by(run, where, PARCELS=plots([1, 2])) == []


def test_every_contradiction_is_a_row_with_its_remedy(run, register, where):
    project = register.add_project(Project("Deich"))
    square = QgsGeometry.fromWkt(box(1050, 0, 100, 100))
    crossing = ParcelRecord.of("051234-007-3", square)
    register.assign([*parcels(1, 2), crossing], [2], Role.MEASURE, project=project.id)
    register.assign([ParcelRecord.of("051234-007-4", QgsGeometry())], [2], Role.POTENTIAL)
    register.assign(parcels(1), [2], Role.EXCLUSION)
    register.assign(parcels(2), [2], Role.EXCLUSION, Status.REJECTED)
    register.set_space_type(
        [parcel(1), crossing], {key(1): SpaceType.LANDSCAPE, key(3): SpaceType.BETWEEN}, 49.9
    )
    register.update_project(Project("Deich", status=Status.REJECTED, id=project.id, version=project.version))
    result = run("check_register", PARCELS=plots([1, 2, 4]), **where)
    found = result.rows()
    assert [(row["pruefung"], row["flurstueck"]) for row in found] == [
        ("Raumtyp unter 50 %", key(1)),
        ("Raumtyp unter 50 %", key(3)),
        ("zwei Raumtypen", key(1)),
        ("Ausschluss neben Maßnahme", key(1)),
        ("Projekt verworfen", key(1)),
        ("Projekt verworfen", key(2)),
        ("Projekt verworfen", key(3)),
        ("ohne Geometrie", key(4)),
        ("nicht im Layer", key(3)),
        ("Überlappung", key(1)),
    ]
    assert found[2]["angabe"] == f"Landschaft here, Zwischenstadt at {key(3)}, on 5000.0 m² in common."
    assert found[9]["angabe"] == f"Shares 5000.0 m² with {key(3)}."
    assert all(row["abhilfe"] for row in found)
    shapes = [feature.hasGeometry() for feature in result.layer().getFeatures()]
    assert shapes == [row["flurstueck"] != key(4) for row in found]


@pytest.mark.parametrize(
    ("overlap", "expected"), [(0.0, []), (0.0099, []), (0.011, [("Überlappung", key(1))])]
)
def test_an_overlap_counts_from_one_square_metre(run, register, where, overlap, expected):
    """Two squares of 100 m side by side that share a strip."""
    neighbour = QgsGeometry.fromWkt(box(1100 - overlap, 0, 100, 100))
    register.assign([parcel(1), ParcelRecord.of("051234-007-2", neighbour)], [2], Role.POTENTIAL)
    assert found_by(run, where) == expected


# -- geometries that the register takes ----------------------------------------------------------------------


@pytest.mark.parametrize("x", [float("nan"), float("inf"), -float("inf")])
def test_a_geometry_that_is_not_finite_is_stored_as_none(register, site, x):
    bad = QgsGeometry.fromWkt("Polygon ((0 0, 8 0, 5 5, 0 0))")
    bad.moveVertex(x, 0.0, 1)
    register.assign([ParcelRecord.of("051234-007-1", bad)], [2], Role.POTENTIAL)
    (found,) = site.open().parcels()
    assert (found.wkb, found.area_m2) == (None, 0.0)
    site.assert_sound()


def test_a_curve_polygon_of_straight_rings_is_stored_as_polygon(register, site):
    square = QgsGeometry.fromWkt(box(0, 0, 10, 10))
    curved = QgsGeometry(square.constGet().toCurveType())
    register.assign([ParcelRecord.of("051234-007-1", curved)], [2], Role.STOCK)
    assert geometry_of(site.open().parcels()[0].wkb).asWkt().startswith("MultiPolygon")
    site.assert_sound()
