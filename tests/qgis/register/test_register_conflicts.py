"""Two people, one register: the later writer learns what changed, and nothing is lost or doubled."""

from __future__ import annotations

import dataclasses
import threading

import pytest
from gruene_infra.gruene_infra_plugin.methods.parcels.space_types import SpaceType
from gruene_infra.gruene_infra_plugin.register.errors import RegisterConflict, RegisterError
from gruene_infra.gruene_infra_plugin.register.model import Fact, Project, Role, Side, Status
from gruene_infra.gruene_infra_plugin.register.store import Register

from .registers import Site, key, parcels


@pytest.fixture
def pair(site: Site) -> tuple[Register, Register]:
    """Anna and Bert in the same register, where three parcels are assigned to goal 2."""
    anna = site.create()
    site.let_write("Bert")
    anna.assign(parcels(1, 2, 3), [2], Role.MEASURE, Status.IDEA, note="alt")
    return anna, site.open("Bert")


def seen(register: Register) -> dict:
    return {record.row: record.version for record in register.assignments()}


def statuses(register: Register) -> list[str]:
    return [record.status.value for record in register.assignments()]


def test_who_read_the_rows_as_they_are_changes_them(pair):
    anna, _ = pair
    anna.assign(parcels(1, 2), [2], Role.MEASURE, Status.PLANNED, seen=seen(anna))
    assert [(r.status.value, r.note, r.version) for r in anna.assignments()] == [
        ("geplant", "alt", 2),
        ("geplant", "alt", 2),
        ("Idee", "alt", 1),
    ]


def test_rows_that_changed_underneath_are_listed_and_nothing_is_written(pair):
    anna, bert = pair
    read = seen(anna)
    bert.assign(parcels(2), [2], Role.MEASURE, Status.DONE, note="neu", seen=seen(bert))
    before = anna.assignments(), anna.parcels()
    with pytest.raises(RegisterConflict) as caught:
        anna.assign(parcels(1, 2, 4), [2], Role.MEASURE, Status.PLANNED, note="mein", seen=read)
    assert [(c.parcel, c.field, c.theirs, c.mine) for c in caught.value.conflicts] == [
        (key(2), "status", "umgesetzt", "geplant"),
        (key(2), "notiz", "neu", "mein"),
    ]
    assert (anna.assignments(), anna.parcels()) == before


@pytest.mark.parametrize(("side", "expected"), [(Side.MINE, "geplant"), (Side.THEIRS, "umgesetzt")])
def test_a_decision_per_row_goes_through(pair, side, expected):
    anna, bert = pair
    read = seen(anna)
    bert.assign(parcels(2), [2], Role.MEASURE, Status.DONE, seen=seen(bert))
    with pytest.raises(RegisterConflict) as caught:
        anna.assign(parcels(1, 2), [2], Role.MEASURE, Status.PLANNED, seen=read)
    choices = [conflict.choose(side) for conflict in caught.value.conflicts]
    anna.assign(parcels(1, 2), [2], Role.MEASURE, Status.PLANNED, seen=read, choices=choices)
    assert statuses(anna) == ["geplant", expected, "Idee"]


def test_a_decision_does_not_cover_a_third_change(pair):
    anna, bert = pair
    read = seen(anna)
    bert.assign(parcels(2), [2], Role.MEASURE, Status.DONE, seen=seen(bert))
    with pytest.raises(RegisterConflict) as caught:
        anna.assign(parcels(2), [2], Role.MEASURE, Status.PLANNED, seen=read)
    bert.assign(parcels(2), [2], Role.MEASURE, Status.UNDER_WAY, seen=seen(bert))
    choices = [conflict.choose(Side.MINE) for conflict in caught.value.conflicts]
    with pytest.raises(RegisterConflict) as again:
        anna.assign(parcels(2), [2], Role.MEASURE, Status.PLANNED, seen=read, choices=choices)
    assert [c.theirs for c in again.value.conflicts] == ["in Umsetzung"]
    assert statuses(bert)[1] == "in Umsetzung"


def test_a_row_that_somebody_removed_is_a_conflict_and_can_come_back(pair):
    anna, bert = pair
    read = seen(anna)
    bert.unassign([key(2)], [2])
    with pytest.raises(RegisterConflict) as caught:
        anna.assign(parcels(1, 2), [2], Role.MEASURE, Status.PLANNED, seen=read)
    assert [(c.parcel, c.field, c.theirs, c.mine) for c in caught.value.conflicts] == [
        (key(2), "status", None, "geplant")
    ]
    assert statuses(anna) == ["Idee", "Idee"]
    choices = [conflict.choose(Side.MINE) for conflict in caught.value.conflicts]
    anna.assign(parcels(1, 2), [2], Role.MEASURE, Status.PLANNED, seen=read, choices=choices)
    assert statuses(anna) == ["geplant", "geplant", "Idee"]


def test_a_row_that_somebody_else_added_is_a_conflict_only_where_it_differs(pair):
    anna, bert = pair
    bert.assign(parcels(7), [2], Role.MEASURE, Status.DONE)
    bert.assign(parcels(8), [2], Role.MEASURE, Status.IDEA)
    with pytest.raises(RegisterConflict) as caught:
        anna.assign(parcels(7, 8, 9), [2], Role.MEASURE, Status.IDEA)
    assert [(c.parcel, c.theirs, c.mine) for c in caught.value.conflicts] == [(key(7), "umgesetzt", "Idee")]
    anna.assign(parcels(8, 9), [2], Role.MEASURE, Status.IDEA)
    assert [record.parcel for record in anna.assignments()] == [key(n) for n in (1, 2, 3, 7, 8, 9)]


def test_removing_what_somebody_changed_is_a_conflict(pair):
    anna, bert = pair
    read = seen(anna)
    bert.assign(parcels(2), [2], Role.MEASURE, Status.DONE, seen=seen(bert))
    with pytest.raises(RegisterConflict) as caught:
        anna.unassign([key(1), key(2)], [2], seen=read)
    (conflict,) = caught.value.conflicts
    assert (conflict.parcel, conflict.theirs, conflict.mine) == (key(2), "umgesetzt", None)
    assert len(anna.assignments()) == 3
    anna.unassign([key(1), key(2)], [2], seen=read, choices=[conflict.choose(Side.MINE)])
    assert [record.parcel for record in anna.assignments()] == [key(3)]


def test_what_somebody_added_meanwhile_is_not_removed_unasked(pair):
    anna, bert = pair
    read = seen(anna)
    bert.assign(parcels(1), [2], Role.STOCK, Status.DONE)
    with pytest.raises(RegisterConflict) as caught:
        anna.unassign([key(1)], [2], seen=read)
    (conflict,) = caught.value.conflicts
    assert (conflict.parcel, conflict.theirs, conflict.mine) == (key(1), "umgesetzt", None)
    anna.unassign([key(1)], [2], seen=read, choices=[conflict.choose(Side.THEIRS)])
    assert (key(1), Role.STOCK) in [(row.parcel, row.role) for row in anna.assignments()]
    bert.set_space_type(parcels(3), SpaceType.LANDSCAPE)
    with pytest.raises(RegisterConflict):
        anna.clear_space_type([key(3)], seen=read)
    anna.clear_space_type([key(3)])
    assert anna.space_types([key(3)]) == []


def test_space_types_projects_and_facts_have_conflicts_too(pair):
    anna, bert = pair
    bert.set_space_type(parcels(1), SpaceType.LANDSCAPE, 80.0)
    with pytest.raises(RegisterConflict) as caught:
        anna.set_space_type(parcels(1), SpaceType.INNER_CITY, 80.0)
    assert [(c.field, c.theirs, c.mine) for c in caught.value.conflicts] == [
        ("raumtyp", "Landschaft", "Innenstadt")
    ]
    made = anna.add_project(Project("Emscher"))
    bert.update_project(dataclasses.replace(made, status=Status.DONE))
    with pytest.raises(RegisterConflict) as caught:
        anna.update_project(dataclasses.replace(made, name="Emscher Nord"))
    assert {(c.parcel, c.field, c.theirs, c.mine) for c in caught.value.conflicts} == {
        ("Emscher Nord", "name", "Emscher", "Emscher Nord"),
        ("Emscher Nord", "status", "umgesetzt", "Idee"),
    }
    choices = [conflict.choose(Side.MINE) for conflict in caught.value.conflicts]
    assert anna.update_project(dataclasses.replace(made, name="Emscher Nord"), choices=choices).version == 3
    bert.add_fact(Fact(9, "Verträge", 3.0, ags="05113000", year=2029))
    mine = Fact(9, "Verträge", 4.0, ags="05113000", year=2029)
    with pytest.raises(RegisterConflict) as caught:
        anna.add_fact(mine)
    assert [(c.field, c.theirs, c.mine) for c in caught.value.conflicts] == [("wert", 3.0, 4.0)]
    anna.add_fact(mine, seen={mine.row: 1})
    assert [fact.value for fact in bert.facts()] == [4.0]


def test_writers_at_the_same_time_lose_and_double_nothing(site):
    """Two on a GeoPackage, eight on PostGIS: own parcels, shared parcels, and one project name for all."""
    site.create()
    people = ["Anna", "Bert"] if site.server is None else ["Anna", "Bert", "C", "D", "E", "F", "G", "H"]
    for name in people[1:]:
        site.let_write(name)
    start = threading.Barrier(len(people))
    conflicts, failures = [], []

    def write(number: int, name: str) -> None:
        register = site.open(name)
        start.wait()
        for turn in range(5):
            own = 1000 * (number + 1) + turn
            try:
                register.assign(parcels(own, 1, 2), [turn + 1], Role.STOCK, evidence=name)
            except RegisterConflict as conflict:
                conflicts.extend(conflict.conflicts)
                register.assign(parcels(own), [turn + 1], Role.STOCK, evidence=name)
        try:
            register.add_project(Project("Emscher", note=name))
        except RegisterError as error:
            failures.append(error)
        register.close()

    threads = [threading.Thread(target=write, args=entry) for entry in enumerate(people)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    found = site.open().assignments()
    shared = [record for record in found if record.parcel in (key(1), key(2))]
    assert len(found) == len(people) * 5 + 10
    assert len(shared) == 10
    assert len(conflicts) == 10 * (len(people) - 1)
    assert len(failures) == len(people) - 1
    assert site.count("projekt") == 1
    assert site.count("verlauf") == site.count("flurstueck") + site.count("zuordnung") + 1
    site.assert_sound()
