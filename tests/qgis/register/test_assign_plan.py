"""What the panel says before it is written is what the register holds afterwards."""

from __future__ import annotations

import itertools
import random

import pytest
from gruene_infra.gruene_infra_plugin.dock.assign.plan import (
    Change,
    Plan,
    Wish,
    goal_changes,
    space_type_changes,
    write,
)
from gruene_infra.gruene_infra_plugin.dock.parcels import Parcels, Selection
from gruene_infra.gruene_infra_plugin.methods.parcels.space_types import SpaceType
from gruene_infra.gruene_infra_plugin.register.errors import RegisterConflict
from gruene_infra.gruene_infra_plugin.register.model import Project, Role, Status, Total

from .registers import parcel

GOALS = (2, 6, 19)
NOTHING = Total(0, 0.0)


def fill(register, chance):
    """Give each of eight parcels some assignments and perhaps a Raumtyp."""
    projects = [register.add_project(Project("Bachaue")).id, None]
    for number in range(1, 9):
        for hz in chance.sample(GOALS, chance.randint(0, 3)):
            role, status = chance.choice(list(Role)), chance.choice(list(Status))
            register.assign([parcel(number)], [hz], role, status, chance.choice(projects))
        if chance.random() < 0.5:
            register.set_space_type([parcel(number)], chance.choice(list(SpaceType)))
    return projects


def some_plan(chance, selection, projects):
    wishes = {hz: chance.choice(list(Wish)) for hz in GOALS if chance.random() < 0.6}
    return Plan(
        wishes,
        kept(selection),
        chance.choice(list(Role)),
        chance.choice([None, *Status]),
        chance.choice(projects),
        chance.choice([None, "Notiz"]),
        chance.choice([None, *SpaceType]),
    )


def kept(selection):
    return frozenset(hz for hz in GOALS if selection.carrying.get(hz) == len(selection.keys))


def holdings(register):
    """Return all that the register says of parcels as (parcel, goal or Raumtyp, …), without versions."""
    return [
        *((r.parcel, r.hz, r.role, r.status, r.project, r.note) for r in register.assignments()),
        *((r.parcel, r.raumtyp, r.share, r.origin) for r in register.space_types()),
    ]


def totals(register):
    return register.totals_by_goal() | register.totals_by_space_type()


def check(register, plan, selection):
    """Write a plan, hold what was foretold against the register before and after, and take it back."""
    before, parcels_before, actions = holdings(register), register.parcels(), len(register.actions(10_000))
    totals_before = totals(register)
    foretold = {
        change.of: change
        for change in (
            *goal_changes(plan, selection, register.totals_by_goal()),
            *space_type_changes(plan, selection, register.totals_by_space_type()),
        )
    }

    write(plan, selection, register)

    totals_after, after = totals(register), holdings(register)
    for of in (*GOALS, *SpaceType):
        was, found = totals_before.get(of, NOTHING), totals_after.get(of, NOTHING)
        change = foretold.get(of, Change(of, was, was))
        assert (change.before.parcels, change.after.parcels) == (was.parcels, found.parcels)
        assert change.before.hectares == pytest.approx(was.hectares, abs=1e-9)
        assert change.after.hectares == pytest.approx(found.hectares, abs=1e-9)
    touched = {row[:2] for row in {*before} ^ {*after}}
    assert {parcel for parcel, _ in touched} <= {*selection.keys}
    assert {of for _, of in touched} == {*foretold}

    assert len(register.actions(10_000)) == actions + bool(foretold)
    if foretold:
        register.undo()
        assert (holdings(register), register.parcels()) == (before, parcels_before)


@pytest.mark.parametrize("seed", range(12))
def test_what_is_written_is_what_was_foretold(register, seed):
    chance = random.Random(seed)
    projects = fill(register, chance)
    parcels = tuple(parcel(number) for number in sorted(chance.sample(range(1, 13), 5)))
    selection = Selection(Parcels(parcels)).with_register(register)
    check(register, some_plan(chance, selection, projects), selection)


@pytest.fixture
def scene(register):
    """Four parcels of six: all carry goal 2, two of them goal 6, none goal 19; one is not in the register.

    Roles, states and projects differ, and a fifth parcel carries everything but is not selected.
    """
    bach = register.add_project(Project("Bachaue")).id
    register.assign([parcel(n) for n in (1, 2, 3, 5)], [2], Role.MEASURE, Status.PLANNED, bach)
    register.assign([parcel(4)], [2], Role.EXCLUSION)
    register.assign([parcel(1)], [2], Role.STOCK, Status.DONE)
    register.assign([parcel(1), parcel(5)], [6, 19], Role.POTENTIAL)
    register.unassign([parcel(1).key.key], [19])
    register.assign([parcel(2)], [6], Role.MEASURE, Status.REJECTED, bach, note="alt")
    register.set_space_type([parcel(1), parcel(5)], SpaceType.INNER_CITY, 80.0, "Raster")
    register.set_space_type([parcel(2)], SpaceType.LANDSCAPE)
    selection = Selection(Parcels(tuple(parcel(n) for n in (1, 2, 3, 4)))).with_register(register)
    return register, selection, (None, bach)


TICKS = [
    {hz: wish for hz, wish in zip(GOALS, wishes, strict=True) if wish is not None}
    for wishes in itertools.product(
        (None, Wish.REMOVE, Wish.ASSIGN), (None, Wish.ASSIGN, Wish.REMOVE), (None, Wish.ASSIGN)
    )
]
"""What clicks can ask of a goal that all carry, one that some carry, and one that none does."""


@pytest.mark.parametrize("role", [Role.MEASURE, Role.STOCK, Role.EXCLUSION])
@pytest.mark.parametrize("status", [None, Status.PLANNED, Status.REJECTED])
@pytest.mark.parametrize("kind", [None, SpaceType.INNER_CITY])
@pytest.mark.parametrize("in_project", [False, True])
def test_every_combination_writes_what_it_foretells_in_one_step(scene, role, status, kind, in_project):
    register, selection, projects = scene
    assert [selection.carrying.get(hz, 0) for hz in GOALS] == [4, 2, 0]
    for wishes in TICKS:
        now = selection.with_register(register)
        plan = Plan(wishes, kept(now), role, status, projects[in_project], None, kind)
        check(register, plan, now)


def test_unticking_one_goal_and_ticking_another_does_both(scene):
    register, selection, _ = scene
    write(Plan({2: Wish.REMOVE, 19: Wish.ASSIGN}, frozenset({2})), selection, register)
    found = {(record.parcel, record.hz) for record in register.assignments(keys=selection.keys)}
    assert {hz for _, hz in found} == {6, 19}
    assert {key for key, hz in found if hz == 19} == set(selection.keys)
    assert register.next_to_undo().kind == "zuordnen"


def test_what_only_loses_goals_is_not_added_to_the_register(register):
    """Of two selected parcels the register knows one."""
    register.assign([parcel(1)], [2], Role.MEASURE)
    selection = Selection(Parcels((parcel(1), parcel(2)))).with_register(register)
    write(Plan({2: Wish.REMOVE}), selection, register)
    assert [record.key.key for record in register.parcels()] == [parcel(1).key.key]
    assert register.next_to_undo().kind == "lösen"


def test_a_conflict_over_either_half_leaves_both_unwritten(scene, site):
    register, selection, _ = scene
    before = holdings(register)
    plan = Plan({2: Wish.REMOVE, 19: Wish.ASSIGN}, frozenset({2}))
    register.assign([parcel(3)], [2], Role.STOCK)
    with pytest.raises(RegisterConflict) as caught:
        write(plan, selection, register)
    assert {conflict.parcel for conflict in caught.value.conflicts} == {parcel(3).key.key}
    register.undo()
    assert holdings(register) == before


def test_a_plan_that_says_nothing_asks_for_nothing():
    assert not Plan(kept=frozenset({2})).asks
    assert Plan({2: Wish.REMOVE}).asks
    assert Plan(kept=frozenset({2}), status=Status.DONE).restated == [2]
    assert Plan({2: Wish.REMOVE}, frozenset({2}), status=Status.DONE).restated == []
