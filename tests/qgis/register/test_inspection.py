"""The inspection of a register in steps, and what it asks of the store, in both databases."""

from __future__ import annotations

import dataclasses

import pytest
from gruene_infra.gruene_infra_plugin.methods.parcels.space_types import SpaceType
from gruene_infra.gruene_infra_plugin.register.checks import Check
from gruene_infra.gruene_infra_plugin.register.errors import RegisterConflict
from gruene_infra.gruene_infra_plugin.register.inspection import Inspection
from gruene_infra.gruene_infra_plugin.register.model import ParcelRecord, Project, Role, Side, Status
from gruene_infra.gruene_infra_plugin.spatial.geometry.shared_areas import SharedAreas
from qgis.core import QgsGeometry, QgsProcessingException, QgsProcessingFeedback

from ...layer_factory import box
from .registers import key, parcel, parcels


def square(number: int, x: float, y: float = 0.0) -> ParcelRecord:
    return ParcelRecord.of(f"051234-007-{number}", QgsGeometry.fromWkt(box(x, y, 100, 100)))


def found(inspection: Inspection, register) -> list[tuple]:
    return [(row.check, row.parcel, row.part) for row in inspection.contradictions(register)]


def inspected(register, keys=None) -> list[tuple]:
    inspection = Inspection(keys)
    inspection.read(register)
    inspection.compare(register, QgsProcessingFeedback())
    return found(inspection, register)


CHAIN = [(Check.OVERLAP, key(1), (key(2),)), (Check.OVERLAP, key(2), (key(3),))]


@pytest.fixture
def chain(register):
    """Three squares of 100 m, each sharing 40 m by 100 m with the next."""
    register.assign([square(1, 0), square(2, 60), square(3, 120)], [2], Role.MEASURE)
    return register


@pytest.mark.parametrize("seconds", [0.0, float("inf")])
def test_steps_find_what_one_go_finds(chain, seconds):
    inspection = Inspection()
    inspection.read(chain)
    waiting = [inspection.waiting]
    while inspection.waiting:
        inspection.compare(chain, QgsProcessingFeedback(), seconds)
        waiting.append(inspection.waiting)
    assert waiting == ([3, 2, 1, 0] if seconds == 0.0 else [3, 0])
    assert found(inspection, chain) == CHAIN
    areas = [row.values["area"] for row in inspection.contradictions(chain)]
    assert areas == pytest.approx([4000.0, 4000.0])


def test_only_what_changed_is_compared_again(chain):
    inspection = Inspection()
    inspection.read(chain)
    inspection.compare(chain, QgsProcessingFeedback())
    chain.assign(parcels(7), [2], Role.MEASURE)
    chain.assign([square(2, 60)], [19], Role.MEASURE)  # another assignment of a parcel that stays
    inspection.read(chain)
    assert (inspection.waiting, inspection.parcels) == (1, 4)
    inspection.compare(chain, QgsProcessingFeedback())
    assert found(inspection, chain) == CHAIN


def test_a_parcel_that_vanishes_takes_its_overlaps_with_it(chain, site):
    inspection = Inspection()
    inspection.read(chain)
    inspection.compare(chain, QgsProcessingFeedback())
    chain.unassign([key(2)])
    site.execute("DELETE FROM flurstueck WHERE schluessel = ?", key(2))
    inspection.read(chain)
    assert inspection.waiting == 0
    assert found(inspection, chain) == []


def test_cancelling_leaves_what_was_compared(chain):
    inspection, cancelled = Inspection(), QgsProcessingFeedback()
    inspection.read(chain)
    inspection.compare(chain, QgsProcessingFeedback(), 0.0)
    cancelled.cancel()
    with pytest.raises(QgsProcessingException):
        inspection.compare(chain, cancelled)
    assert inspection.waiting == 2
    inspection.compare(chain, QgsProcessingFeedback())
    assert found(inspection, chain) == CHAIN


def test_parcels_of_different_raumtypen_that_overlap_are_a_kind_of_their_own(chain):
    kinds = {key(1): SpaceType.LANDSCAPE, key(2): SpaceType.BETWEEN, key(3): SpaceType.BETWEEN}
    chain.set_space_type([square(1, 0), square(2, 60), square(3, 120)], kinds)
    assert inspected(chain) == [(Check.TWO_TYPES, key(1), (key(2),)), *CHAIN]


def test_keys_that_are_nowhere_else_are_found(chain):
    assert inspected(chain, {key(1), key(3), "other"}) == [(Check.NOT_IN_LAYER, key(2), ()), *CHAIN]


# -- what the store is asked -------------------------------------------------------------------------------


def test_doubtful_are_standing_assignments_that_contradict_others_or_their_project(register):
    good, bad = register.add_project(Project("gut")), register.add_project(Project("schlecht"))
    register.assign(parcels(1), [2], Role.MEASURE)
    register.assign(parcels(1), [2], Role.EXCLUSION)
    register.assign(parcels(1), [2], Role.STOCK)
    register.assign(parcels(2), [2], Role.MEASURE)
    register.assign(parcels(2), [2], Role.EXCLUSION, Status.REJECTED)
    register.assign(parcels(2), [19], Role.EXCLUSION)
    register.assign(parcels(3), [2], Role.MEASURE, project=good.id)
    register.assign(parcels(3), [3], Role.MEASURE, project=bad.id)
    register.assign(parcels(4), [3], Role.MEASURE, Status.REJECTED, project=bad.id)
    register.update_project(dataclasses.replace(bad, status=Status.REJECTED))
    rows = [(row.parcel, row.hz, row.role) for row in register.doubtful_assignments()]
    assert rows == [
        (key(1), 2, Role.EXCLUSION),
        (key(1), 2, Role.STOCK),
        (key(1), 2, Role.MEASURE),
        (key(3), 3, Role.MEASURE),
    ]
    assert inspected(register) == [
        (Check.EXCLUDED, key(1), (2,)),
        (Check.REJECTED_PROJECT, key(3), (key(3), 3, "Maßnahme", bad.id)),
    ]


@pytest.mark.parametrize(("share", "expected"), [(49.9, [key(1)]), (50.0, []), (None, [])])
def test_a_raumtyp_is_minor_below_its_share(register, share, expected):
    register.set_space_type(parcels(1), SpaceType.LANDSCAPE, share)
    assert [row.parcel for row in register.space_types_below(50.0)] == expected


def test_a_version_of_a_parcel_tells_whether_its_row_changed(register, site):
    register.assign([parcel(1), ParcelRecord.of("051234-007-2", QgsGeometry())], [2], Role.STOCK)
    before = register.parcel_versions()
    assert {name: has_geometry for name, (_, _, has_geometry) in before.items()} == {
        key(1): True,
        key(2): False,
    }
    site.execute("UPDATE flurstueck SET gemeinde = 'Musterstadt' WHERE schluessel = ?", key(1))
    after = register.parcel_versions()
    number, version, has_geometry = before[key(1)]
    assert after == before | {key(1): (number, version + 1, has_geometry)}


def test_outlines_are_those_that_were_stored(register):
    register.assign([parcel(1), ParcelRecord.of("051234-007-2", QgsGeometry())], [2], Role.STOCK)
    assert register.outlines([key(1), key(2), key(3)]) == {key(1): parcel(1).wkb, key(2): None}


def test_assignments_are_removed_one_by_one_if_they_are_as_they_were_read(register):
    project = register.add_project(Project("Deich"))
    register.assign(parcels(1, 2), [2, 19], Role.MEASURE)
    register.assign(parcels(1), [2], Role.MEASURE, project=project.id)
    first, last = register.assignments(keys=[key(1)])[0], register.assignments(keys=[key(2)])[-1]
    register.remove_assignments([first, last])
    left = [(row.parcel, row.hz, row.project) for row in register.assignments()]
    assert (first.parcel, first.hz, first.project) not in left
    assert (last.parcel, last.hz, last.project) not in left
    assert len(left) == 3
    register.undo()
    assert len(register.assignments()) == 5


def test_an_assignment_that_changed_is_removed_only_on_purpose(register):
    register.assign(parcels(1, 2), [2], Role.MEASURE)
    read = register.assignments()
    seen = {record.row: record.version for record in read}
    register.assign(parcels(1), [2], Role.MEASURE, Status.DONE, seen=seen)
    with pytest.raises(RegisterConflict) as caught:
        register.remove_assignments(read)
    assert len(register.assignments()) == 2
    choices = [conflict.choose(Side.THEIRS) for conflict in caught.value.conflicts]
    register.remove_assignments(read, choices=choices)
    assert [(row.parcel, row.status) for row in register.assignments()] == [(key(1), Status.DONE)]


# -- the engine --------------------------------------------------------------------------------------------


def test_polygons_come_and_go_one_by_one(qgis_app):
    shapes = SharedAreas()
    for name, x in (("b", 0), ("a", 60), ("c", 100), ("d", 500)):
        shapes.add(name, QgsGeometry.fromWkt(box(x, 0, 100, 100)))
    shapes.add("e", QgsGeometry())
    assert shapes.pairs == pytest.approx({("a", "b"): 4000.0, ("a", "c"): 6000.0})
    shapes.add("a", QgsGeometry.fromWkt(box(520, 0, 100, 100)))
    assert shapes.pairs == pytest.approx({("a", "d"): 8000.0})
    shapes.remove("d")
    shapes.remove("d")
    assert shapes.pairs == {}
    assert ["a" in shapes, "d" in shapes, "e" in shapes] == [True, False, False]


@pytest.mark.parametrize(
    ("official", "counted"),
    [("1 ha", None), ("1.234,5", 1234.5), (999.0, 999.0), ("10.000.000", 1e7), (-5, -5.0), (0, None)],
)
def test_an_official_area_that_the_outline_does_not_bear_out_is_found(register, official, counted):
    shape = QgsGeometry.fromWkt(box(0, 0, 100, 100))
    register.assign([ParcelRecord.of(key(1), shape, area_m2=official)], [2], Role.MEASURE)
    inspection = Inspection()
    inspection.read(register)
    inspection.compare(register, QgsProcessingFeedback())
    told = [(row.check, row.parcel, dict(row.values)) for row in inspection.contradictions(register)]
    values = {"stated": counted, "outline": 10_000.0, "counted": 10_000.0}
    assert told == ([(Check.AREA, key(1), values)] if counted else [])


def test_an_area_of_an_older_register_is_held_against_the_outline_until_it_is_mended(chain, site):
    site.execute("UPDATE flurstueck SET flaeche_m2 = 1.0, version = version + 1 WHERE schluessel = ?", key(2))
    inspection = Inspection()
    inspection.read(chain)
    inspection.compare(chain, QgsProcessingFeedback())
    assert found(inspection, chain) == [*CHAIN, (Check.AREA, key(2), ())]
    site.execute(
        "UPDATE flurstueck SET flaeche_m2 = 9999, version = version + 1 WHERE schluessel = ?", key(2)
    )
    inspection.read(chain)
    inspection.compare(chain, QgsProcessingFeedback())
    assert found(inspection, chain) == CHAIN
