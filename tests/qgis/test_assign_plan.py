"""What the panel says before it is written is what the register holds afterwards."""

from __future__ import annotations

import random

import pytest
from gruene_infra.gruene_infra_plugin.dock.assign.plan import (
    Plan,
    Wish,
    goal_changes,
    records,
    space_type_changes,
)
from gruene_infra.gruene_infra_plugin.dock.parcels import Parcels, Selection
from gruene_infra.gruene_infra_plugin.methods.space_types import SpaceType
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
    kept = {hz for hz in GOALS if selection.carrying.get(hz) == len(selection.keys)}
    return Plan(
        wishes,
        frozenset(kept),
        chance.choice(list(Role)),
        chance.choice([None, *Status]),
        chance.choice(projects),
        chance.choice([None, "Notiz"]),
        chance.choice([None, *SpaceType]),
    )


@pytest.mark.parametrize("seed", range(12))
def test_totals_after_writing_are_those_foretold(register, seed):
    chance = random.Random(seed)
    projects = fill(register, chance)
    parcels = tuple(parcel(number) for number in sorted(chance.sample(range(1, 13), 5)))
    selection = Selection(Parcels(parcels)).with_register(register)
    plan = some_plan(chance, selection, projects)
    goals = goal_changes(plan, selection, register.totals_by_goal())
    kinds = space_type_changes(plan, selection, register.totals_by_space_type())

    register.assign_records(
        parcels, records(plan, selection), space_type=plan.space_type, seen=selection.seen
    )
    register.unassign(selection.keys, plan.removed)

    after, kinds_after = register.totals_by_goal(), register.totals_by_space_type()
    for change in goals:
        found = after.get(change.of, NOTHING)
        assert change.after.parcels == found.parcels
        assert change.after.hectares == pytest.approx(found.hectares, abs=1e-9)
    for change in kinds:
        found = kinds_after.get(change.of.value, NOTHING)
        assert change.after.parcels == found.parcels
        assert change.after.hectares == pytest.approx(found.hectares, abs=1e-9)
    untouched = set(GOALS) - {change.of for change in goals}
    assert untouched.isdisjoint(plan.wishes)


def test_a_plan_that_says_nothing_assigns_nothing():
    assert not Plan(kept=frozenset({2})).assigns
    assert Plan(kept=frozenset({2}), status=Status.DONE).restated == [2]
    assert Plan({2: Wish.REMOVE}, frozenset({2}), status=Status.DONE).restated == []
