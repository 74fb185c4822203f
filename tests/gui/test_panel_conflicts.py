"""Conflicts decided row by row in the dialog, in both databases; read back from the register."""

from __future__ import annotations

import dataclasses

import pytest
from gruene_infra.gruene_infra_plugin.dock.conflicts.controller import ConflictsController
from gruene_infra.gruene_infra_plugin.dock.conflicts.dialog import ConflictsDialog
from gruene_infra.gruene_infra_plugin.dock.conflicts.entries import disputed
from gruene_infra.gruene_infra_plugin.dock.goals import goal_name
from gruene_infra.gruene_infra_plugin.methods.parcels.space_types import SpaceType
from gruene_infra.gruene_infra_plugin.register.model import Conflict, Fact, Project, Role, Status
from gruene_infra.gruene_infra_plugin.strategy import load_strategy
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QSortFilterProxyModel, Qt
from qgis.PyQt.QtWidgets import QStyle, QStyleOptionViewItem

from ..qgis.register.registers import key, parcels

THEIRS, MINE = 1, 2


@pytest.fixture
def conflicts(workbench, window):
    return ConflictsController(workbench, window)


@pytest.fixture
def bert(register, site):
    """Bert, in a register where Anna has three parcels for goal 2 as measures with a note."""
    site.let_write("Bert")
    register.assign(parcels(1, 2, 3), [2], Role.MEASURE, Status.IDEA, note="alt")
    return site.open("Bert")


def seen(register):
    return {record.row: record.version for record in register.assignments()}


@pytest.fixture
def assign(workbench, site, settled, register):
    """Anna assigns with the versions that she read before Bert wrote."""
    read = {}

    def write(*numbers, then=None, **values):
        values.setdefault("status", Status.PLANNED)

        def work(register, choices):
            register.assign(parcels(*numbers), [2], Role.MEASURE, seen=read, choices=choices, **values)
            return len(numbers)

        workbench.write(work, then or (lambda _count: None))
        settled()

    def look():
        workbench.open_register(site.place)
        settled()
        read.update(seen(register))

    write.look = look
    return write


@pytest.fixture
def conflict(bert, assign, conflicts):
    """Bert finished parcel 1, gave 2 another note and removed 3 while Anna was planning all and 4."""
    assign.look()
    bert.assign(parcels(1), [2], Role.MEASURE, Status.DONE, seen=seen(bert))
    bert.assign(parcels(2), [2], Role.MEASURE, Status.UNDER_WAY, note="neu", seen=seen(bert))
    bert.unassign([key(3)], [2])
    assign(1, 2, 3, 4, note="mein")
    return conflicts.dialog


def stored(register):
    return [(record.parcel, record.status.value, record.note) for record in register.assignments()]


BERTS = [(key(1), "umgesetzt", "alt"), (key(2), "in Umsetzung", "neu")]


def shown(dialog):
    model = dialog.model
    return [[model.index(row, column).data() for column in range(3)] for row in range(model.rowCount())]


def tick(qtbot, dialog, row, side):
    """Click the box of a side."""
    index = dialog.model.index(row, side)
    dialog.rows.scrollTo(index)
    option = QStyleOptionViewItem()
    option.initFrom(dialog.rows)
    option.rect = dialog.rows.visualRect(index)
    option.features |= QStyleOptionViewItem.ViewItemFeature.HasCheckIndicator
    box = dialog.rows.style().subElementRect(
        QStyle.SubElement.SE_ItemViewItemCheckIndicator, option, dialog.rows
    )
    qtbot.mouseClick(dialog.rows.viewport(), Qt.MouseButton.LeftButton, pos=box.center())
    assert dialog.model.data(index, Qt.ItemDataRole.CheckStateRole) == Qt.CheckState.Checked


def press(qtbot, button, settled):
    assert button.isEnabled()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    settled()


def test_the_dialog_lists_the_rows_in_conflict_with_both_sides(conflict, register):
    lines = shown(conflict)
    about = f"HZ {goal_name(load_strategy().goal(2))}\nMaßnahme"
    assert [line[0] for line in lines] == [f"{key(number)}\n{about}" for number in (1, 2, 3)]
    assert [line[1:] for line in lines] == [
        ["Status: umgesetzt\nNote: alt", "Status: geplant\nNote: mein"],
        ["Status: in Umsetzung\nNote: neu", "Status: geplant\nNote: mein"],
        ["was removed", "Status: geplant\nNote: mein"],
    ]
    assert conflict.message.text().startswith("3 entries were changed by somebody else")
    assert stored(register) == BERTS


def test_the_columns_are_named(conflict):
    through_qt = QSortFilterProxyModel()
    through_qt.setSourceModel(conflict.model)
    names = [through_qt.headerData(column, Qt.Orientation.Horizontal) for column in range(3)]
    assert names == ["Entry", "Theirs, in the register now", "Mine"]


def test_rows_are_decided_one_by_one(conflict, conflicts, register, qtbot, settled):
    for row, side, decided in ((0, MINE, "1 of 3"), (1, THEIRS, "2 of 3")):
        tick(qtbot, conflict, row, side)
        assert conflict.decided.text().startswith(decided)
        assert not conflict.write.isEnabled()
    tick(qtbot, conflict, 2, MINE)
    press(qtbot, conflict.write, settled)
    assert stored(register) == [
        (key(1), "geplant", "mein"),
        (key(2), "in Umsetzung", "neu"),
        (key(3), "geplant", "mein"),
        (key(4), "geplant", "mein"),
    ]
    assert conflicts.dialog is None


def test_what_somebody_removed_stays_so_if_theirs_is_kept(conflict, register, qtbot, settled):
    press(qtbot, conflict.all_theirs, settled)
    press(qtbot, conflict.write, settled)
    assert stored(register) == [*BERTS, (key(4), "geplant", "mein")]


def test_all_of_mine_can_be_taken_at_once(conflict, register, qtbot, settled):
    press(qtbot, conflict.all_mine, settled)
    press(qtbot, conflict.write, settled)
    assert stored(register) == [(key(number), "geplant", "mein") for number in (1, 2, 3, 4)]


@pytest.mark.parametrize("how", ["button", "escape"])
def test_cancelling_writes_nothing(conflict, conflicts, workbench, register, qtbot, settled, how):
    said = []
    workbench.said.connect(lambda text, _level: said.append(text))
    press(qtbot, conflict.all_mine, settled)
    if how == "button":
        press(qtbot, conflict.cancel, settled)
    else:
        qtbot.keyClick(conflict, Qt.Key.Key_Escape)
        settled()
    assert stored(register) == BERTS
    assert said == ["Nothing was written."]
    assert conflicts.dialog is None


def test_the_keyboard_is_enough(conflict, register, qtbot, settled):
    """Space takes the side under the cursor; the other one gives way; Enter writes."""
    qtbot.keyClick(conflict.rows, Qt.Key.Key_Space)
    qtbot.keyClick(conflict.rows, Qt.Key.Key_Right)
    qtbot.keyClick(conflict.rows, Qt.Key.Key_Space)
    for _ in range(2):
        qtbot.keyClick(conflict.rows, Qt.Key.Key_Down)
        qtbot.keyClick(conflict.rows, Qt.Key.Key_Space)
    qtbot.keyClick(conflict.rows, Qt.Key.Key_Left)
    qtbot.keyClick(conflict.rows, Qt.Key.Key_Space)
    assert conflict.write.isEnabled()
    qtbot.keyClick(conflict.write, Qt.Key.Key_Space)
    settled()
    assert stored(register) == [
        (key(1), "geplant", "mein"),
        (key(2), "geplant", "mein"),
        (key(4), "geplant", "mein"),
    ]


def test_ticking_again_takes_the_decision_back(conflict, qtbot):
    tick(qtbot, conflict, 0, MINE)
    conflict.rows.setCurrentIndex(conflict.model.index(0, MINE))
    qtbot.keyClick(conflict.rows, Qt.Key.Key_Space)
    assert conflict.decided.text() == "0 of 3 rows decided"


def test_rows_that_change_again_are_asked_for_again_and_other_decisions_hold(
    conflict, conflicts, bert, register, qtbot, settled
):
    bert.assign(parcels(2), [2], Role.MEASURE, Status.REJECTED, seen=seen(bert))
    press(qtbot, conflict.all_mine, settled)
    press(qtbot, conflict.write, settled)
    again = conflicts.dialog
    assert again.message.text().startswith("While you decided, rows were changed once more.")
    assert [line[1] for line in shown(again)] == ["Status: verworfen\nNote: neu"]
    assert stored(register) == [BERTS[0], (key(2), "verworfen", "neu")]
    tick(qtbot, again, 0, THEIRS)
    press(qtbot, again.write, settled)
    assert conflicts.dialog is None
    assert stored(register) == [
        (key(1), "geplant", "mein"),
        (key(2), "verworfen", "neu"),
        (key(3), "geplant", "mein"),
        (key(4), "geplant", "mein"),
    ]


def test_two_writes_in_conflict_are_decided_one_after_the_other(
    bert, assign, conflicts, register, qtbot, settled
):
    assign.look()
    bert.assign(parcels(1, 2), [2], Role.MEASURE, Status.DONE, seen=seen(bert))
    done = []
    assign(1, then=done.append)
    assign(2, then=done.append)
    first = conflicts.dialog
    assert shown(first)[0][0].startswith(key(1))
    press(qtbot, first.cancel, settled)
    second = conflicts.dialog
    assert shown(second)[0][0].startswith(key(2))
    press(qtbot, second.all_mine, settled)
    press(qtbot, second.write, settled)
    assert done == [1]
    assert [row[1] for row in stored(register)] == ["umgesetzt", "geplant", "Idee"]


def test_another_register_takes_the_question_back(conflict, conflicts, workbench, register, settled):
    workbench.close_register()
    settled()
    assert conflicts.dialog is None
    assert sip.isdeleted(conflict)
    assert stored(register) == BERTS


def test_a_removal_that_meets_a_change_says_so(bert, assign, conflicts, workbench, register, qtbot, settled):
    assign.look()
    mine = register.assignments(keys=[key(1)])
    bert.assign(parcels(1), [2], Role.MEASURE, Status.DONE, seen=seen(bert))
    workbench.write(lambda register, choices: register.remove_assignments(mine, choices=choices))
    settled()
    assert shown(conflicts.dialog)[0][1:] == ["Status: umgesetzt", "is to be removed"]
    press(qtbot, conflicts.dialog.all_mine, settled)
    press(qtbot, conflicts.dialog.write, settled)
    assert [row[0] for row in stored(register)] == [key(2), key(3)]


def test_projects_are_named(bert, assign, conflicts, workbench, register, settled):
    project = register.add_project(Project("Emscherumbau"))
    register.assign(parcels(1), [19], Role.STOCK, project=project.id)
    assign.look()
    (record,) = register.assignments(hz=19)
    bert.assign(parcels(1), [19], Role.STOCK, Status.DONE, project=project.id, seen=seen(bert))
    rejected = dataclasses.replace(record, status=Status.REJECTED)
    workbench.write(
        lambda register, choices: register.assign_records(
            (), [rejected], seen={record.row: record.version}, choices=choices
        )
    )
    settled()
    assert shown(conflicts.dialog)[0][0].endswith("\nBestand · Project Emscherumbau")


# -- what the rows are called ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("conflict", "expected"),
    [
        (
            Conflict(key(1), "anteil_proz", 80.5, None, (key(1),), 2),
            (key(1), "Raumtyp", ("Share of the area, %: 80.5",), ("Share of the area, %: (empty)",)),
        ),
        (
            Conflict(key(1), "raumtyp", SpaceType.LANDSCAPE.value, None, (key(1),), 2),
            (key(1), "Raumtyp", ("Raumtyp: Landschaft",), ("is to be removed",)),
        ),
        (
            Conflict("Deich", "name", "Damm", "Deich", (7,), 3),
            ("Deich", "Project", ("Name: Damm",), ("Name: Deich",)),
        ),
    ],
)
def test_an_entry_names_the_row_and_what_differs(qgis_app, conflict, expected):
    (entry,) = disputed([conflict], load_strategy(), {})
    assert (entry.title, entry.about, entry.theirs, entry.mine) == expected


def test_a_fact_is_named_by_goal_place_and_year(qgis_app):
    row = Fact(9, "Verträge", 3.0, municipality="Musterstadt", year=2029, project=4).row
    (entry,) = disputed(
        [Conflict("Verträge", "wert", 3.0, 4.5, row, 1)], load_strategy(), {4: "Emscherumbau"}
    )
    assert entry.about.startswith("HZ 9 · ")
    assert entry.about.endswith("\nProject Emscherumbau · Musterstadt · 2029")
    assert (entry.theirs, entry.mine) == (("Value: 3",), ("Value: 4.50",))


def test_ten_thousand_rows_are_listed_without_measuring_each(window, qtbot, workbench):
    conflicts = [
        Conflict(key(number), "status", "Idee", "geplant", (key(number), 2, "Maßnahme", 0), 1)
        for number in range(10_000)
    ]
    dialog = ConflictsDialog("", disputed(conflicts, workbench.strategy, {}), window)
    qtbot.addWidget(dialog)
    dialog.show()
    assert {dialog.rows.rowHeight(row) for row in (0, 5_000, 9_999)} == {dialog.rows.rowHeight(0)}
    dialog.all_mine.click()
    assert len(dialog.model.choices) == 10_000
