"""Records of different kinds in one action, the projects they need, and who wrote them last."""

from __future__ import annotations

import pytest
from gruene_infra.gruene_infra_plugin.register.errors import RegisterConflict
from gruene_infra.gruene_infra_plugin.register.model import AssignmentRecord, Project, Role, Status

from .registers import NOON, key, parcel


def record(number: int, hz: int, project: int | None = None, note: str | None = None) -> AssignmentRecord:
    return AssignmentRecord(key(number), hz, Role.MEASURE, Status.PLANNED, project, note=note)


def test_records_and_the_projects_they_need_are_one_action(register):
    wanted = [record(1, 2, -1), record(1, 19, -2), record(2, 2, note="Ufer")]
    projects = [Project("Lippe", id=-1), Project("Ruhr", id=-2)]
    register.assign_records([parcel(1), parcel(2)], wanted, projects)
    names = {project.id: project.name for project in register.projects()}
    found = register.assignments()
    assert [(a.hz, names.get(a.project), a.note) for a in found] == [
        (2, "Lippe", None),
        (19, "Ruhr", None),
        (2, None, "Ufer"),
    ]
    (action,) = register.actions(limit=1)
    register.undo(action.id)
    assert register.assignments() == register.projects() == register.parcels() == []


def test_one_conflict_keeps_all_records_and_projects_out(register):
    register.assign([parcel(1)], [2], Role.MEASURE, note="alt")
    with pytest.raises(RegisterConflict):
        wanted = [record(1, 2, note="neu"), record(2, 2, -1)]
        register.assign_records([parcel(2)], wanted, [Project("Lippe", id=-1)])
    assert [a.note for a in register.assignments()] == ["alt"]
    assert register.projects() == []


def test_the_last_writer_of_each_assignment_is_known(register, site):
    register.assign([parcel(1)], [2, 19], Role.MEASURE)
    site.let_write("Bert")
    site.clock.forward(hours=3)
    first = register.assignments(hz=2)[0]
    seen = {first.row: first.version}
    site.open("Bert").assign([parcel(1)], [2], Role.MEASURE, note="neu", seen=seen)
    writers = register.last_writers()
    assert {row[1]: (who, (when - NOON).seconds // 3600) for row, (who, when) in writers.items()} == {
        2: (site.role("Bert"), 3),
        19: (site.role("Anna"), 0),
    }
