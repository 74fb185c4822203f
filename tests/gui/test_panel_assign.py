"""The page on which parcels are assigned: real widgets, read back from the register."""

from __future__ import annotations

import pytest
from gruene_infra.gruene_infra_plugin.dock.assign.controller import AssignController
from gruene_infra.gruene_infra_plugin.dock.assign.page import AssignPage
from gruene_infra.gruene_infra_plugin.dock.assign.plan import Wish
from gruene_infra.gruene_infra_plugin.methods.parcels.space_types import SpaceType
from gruene_infra.gruene_infra_plugin.register.keys import parcel_key
from gruene_infra.gruene_infra_plugin.register.model import Project, Role, Status
from gruene_infra.gruene_infra_plugin.register.store import Register
from qgis.PyQt.QtCore import QPoint, Qt

from .conftest import KEYS

ALKIS = tuple(parcel_key(key).key for key in KEYS)


@pytest.fixture
def place(site):
    """An empty register, in each of the databases."""
    site.create()
    return site.place


@pytest.fixture
def page(workbench, view, place, parcels, settled, qtbot):
    """The page on an open register, with the parcels' layer chosen and nothing selected."""
    made = AssignPage(workbench.strategy)
    qtbot.addWidget(made)
    made.controller = AssignController(made, workbench, view)
    made.resize(380, 700)
    made.show()
    workbench.open_register(place)
    workbench.set_parcels(parcels)
    settled()
    return made


@pytest.fixture
def select(parcels, settled):
    def choose(*numbers):
        ids = sorted(parcels.allFeatureIds())
        parcels.selectByIds([ids[number] for number in numbers])
        settled()

    return choose


@pytest.fixture
def tick(qtbot, settled):
    """Click the box of a goal, as the mouse does."""

    def click(page, hz, times=1):
        index = next(
            page.goals.model().index(row, 0)
            for row in range(page.goals.model().rowCount())
            if page.goals.model().index(row, 0).data().startswith(f"{hz} ·")
        )
        page.goals.scrollTo(index)
        box = page.goals.visualRect(index)
        for _ in range(times):
            spot = QPoint(box.left() + box.height() // 2, box.center().y())
            qtbot.mouseClick(page.goals.viewport(), Qt.MouseButton.LeftButton, pos=spot)
        settled()

    return click


def state(page, hz):
    return page.goals_model.state(hz)


def press(qtbot, button, settled):
    assert button.isEnabled()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    settled()


def stored(place):
    return [
        (record.parcel, record.hz, record.role, record.status)
        for record in Register.open(place).assignments()
    ]


def rows(page):
    model = page.changes_model
    return [
        tuple(str(model.index(row, column).data()).replace("\u202f", " ") for column in range(4))
        for row in range(model.rowCount())
    ]


def test_ticked_goals_are_assigned(page, select, tick, place, qtbot, settled):
    select(0, 1)
    assert page.summary.text().replace("\u202f", " ").startswith("2 parcels · 2 ha · Musterstadt")
    assert not page.apply.isEnabled()
    tick(page, 2)
    tick(page, 19)
    press(qtbot, page.apply, settled)
    assert stored(place) == [(key, hz, Role.MEASURE, Status.IDEA) for key in ALKIS[:2] for hz in (2, 19)]
    assert state(page, 2) == Qt.CheckState.Checked
    assert page.goals_model.wishes == {}


def test_before_it_is_written_the_totals_show_what_will_change_and_nothing_after_undo(
    page, select, tick, place, qtbot, settled
):
    select(0)
    tick(page, 2)
    press(qtbot, page.apply, settled)
    select(0, 1, 2)
    tick(page, 2)
    assert rows(page) == [("HZ 2", "1\n1 ha", "3\n3 ha", "+2\n+2 ha")]
    press(qtbot, page.apply, settled)
    assert rows(page) == []
    total = Register.open(place).totals_by_goal()[2]
    assert (total.parcels, total.hectares) == (3, 3.0)
    press(qtbot, page.undo, settled)
    assert rows(page) == []
    assert Register.open(place).totals_by_goal()[2].parcels == 1


def test_a_mixed_selection_looks_mixed(page, select, tick, qtbot, settled):
    select(0)
    tick(page, 2)
    press(qtbot, page.apply, settled)
    select(0, 1)
    assert state(page, 2) == Qt.CheckState.PartiallyChecked
    assert page.goals_model.index(1, 1).data() == "1/2"
    assert state(page, 3) == Qt.CheckState.Unchecked


def test_what_is_unticked_is_removed(page, select, tick, place, qtbot, settled):
    select(0, 1)
    tick(page, 2)
    tick(page, 19)
    press(qtbot, page.apply, settled)
    tick(page, 19)
    assert rows(page) == [("HZ 19", "2\n2 ha", "0\n0 ha", "−2\n−2 ha")]
    press(qtbot, page.apply, settled)
    assert {hz for _, hz, _, _ in stored(place)} == {2}


def test_unticking_one_goal_and_ticking_another_is_one_step(page, select, tick, place, qtbot, settled):
    select(*range(6))
    tick(page, 2)
    press(qtbot, page.apply, settled)
    tick(page, 2)
    tick(page, 3)
    assert rows(page) == [
        ("HZ 2", "6\n6 ha", "0\n0 ha", "−6\n−6 ha"),
        ("HZ 3", "0\n0 ha", "6\n6 ha", "+6\n+6 ha"),
    ]
    press(qtbot, page.apply, settled)
    assert [(key, hz) for key, hz, _, _ in stored(place)] == [(key, 3) for key in ALKIS]
    press(qtbot, page.undo, settled)
    assert [(key, hz) for key, hz, _, _ in stored(place)] == [(key, 2) for key in ALKIS]


def shown_totals(page):
    """Return the table as numbers: totals of parcels before and after, by goal or Raumtyp."""
    return {
        str(change.of): (change.before.parcels, change.after.parcels) for change in page.changes_model.changes
    }


def totals(place):
    register = Register.open(place)
    found = {str(of): total.parcels for of, total in register.totals_by_goal().items()}
    return found | {kind: total.parcels for kind, total in register.totals_by_space_type().items()}


@pytest.mark.parametrize("chosen", [{}, {"role": "Potenzial"}, {"role": "Ausschluss", "status": "geplant"}])
@pytest.mark.parametrize("raumtyp", [None, "Landschaft"])
@pytest.mark.parametrize(
    "clicks",
    [
        {2: 1},
        {2: 2},
        {6: 1},
        {6: 2},
        {19: 1},
        {2: 1, 19: 1},
        {2: 1, 6: 2},
        {2: 1, 6: 1, 19: 1},
        {2: 2, 6: 2, 19: 1},
        {19: 2},
        {},
    ],
    ids=str,
)
def test_what_the_table_shows_is_what_the_register_holds_after_one_step(
    page, select, tick, place, qtbot, settled, workbench, clicks, raumtyp, chosen
):
    """Of the four selected parcels all carry goal 2, two goal 6, none goal 19; one has a Raumtyp."""
    select(0, 1, 2, 3)
    records, register = workbench.selection.parcels.records, Register.open(place)
    bach = register.add_project(Project("Bachaue")).id
    register.assign(records, [2], Role.MEASURE, Status.PLANNED, bach)
    register.assign(records[:2], [6], Role.STOCK, note="alt")
    register.set_space_type(records[:1], SpaceType.INNER_CITY)
    workbench.announce_change()
    settled()
    for hz, times in clicks.items():
        tick(page, hz, times)
    for name, word in {**chosen, **({"space_type": raumtyp} if raumtyp else {})}.items():
        getattr(page, name).setCurrentText(word)
    page.project.setCurrentText("Bachaue")
    settled()

    before, told = totals(place), shown_totals(page)
    asks = bool(told)
    assert page.apply.isEnabled() == asks
    assert {of: was for of, (was, _) in told.items()} == {of: before.get(of, 0) for of in told}
    steps = len(register.actions())
    if not asks:
        return
    press(qtbot, page.apply, settled)
    after = totals(place)
    assert {of: will for of, (_, will) in told.items()} == {of: after.get(of, 0) for of in told}
    assert {of: n for of, n in after.items() if of not in told} == {
        of: n for of, n in before.items() if of not in told
    }
    assert len(register.actions()) == steps + 1
    assert shown_totals(page) == {}
    press(qtbot, page.undo, settled)
    assert totals(place) == before


def test_nothing_can_be_applied_that_is_not_shown(page, select, tick, qtbot, settled):
    select(0)
    tick(page, 2)
    assert page.apply.isEnabled()
    page.goals_model.ask({3: Wish.ASSIGN})
    assert not page.apply.isEnabled()
    settled()
    assert [row[0] for row in rows(page)] == ["HZ 3"]
    assert page.apply.isEnabled()


def test_a_double_click_applies_once(page, select, tick, place, qtbot, settled):
    select(0, 1)
    tick(page, 2)
    page.apply.click()
    page.apply.click()
    settled()
    assert len(stored(place)) == 2
    assert len(Register.open(place).actions()) == 1


def test_role_status_project_note_and_raumtyp_are_written_in_one_step(
    page, select, tick, place, qtbot, settled
):
    page.controller.ask_name = lambda: "Bachaue"
    press(qtbot, page.new_project, settled)
    assert page.project.currentText() == "Bachaue"
    select(3)
    tick(page, 6)
    page.role.setCurrentText("Potenzial")
    page.status.setCurrentText("geplant")
    qtbot.keyClicks(page.note, "Hof entsiegeln")
    page.space_type.setCurrentText("Innenstadt")
    settled()
    assert [row[0] for row in rows(page)] == ["HZ 6", "Innenstadt"]
    press(qtbot, page.apply, settled)
    register = Register.open(place)
    (record,) = register.assignments()
    assert (record.role, record.status, record.note) == (Role.POTENTIAL, Status.PLANNED, "Hof entsiegeln")
    assert register.find_project("Bachaue").id == record.project
    assert [kind.raumtyp for kind in register.space_types()] == [SpaceType.INNER_CITY]
    press(qtbot, page.undo, settled)
    assert register.assignments() == []
    assert register.space_types() == []


def test_a_chosen_status_is_meant_for_what_the_selection_carries_and_keeps_the_rest(
    page, select, tick, place, qtbot, settled, workbench
):
    select(0, 1)
    records = workbench.selection.parcels.records
    register = Register.open(place)
    register.assign(records, [2], Role.STOCK, Status.PLANNED, note="alt")
    workbench.announce_change()
    settled()
    page.status.setCurrentText("umgesetzt")
    settled()
    press(qtbot, page.apply, settled)
    found = register.assignments()
    assert {(record.role, record.status, record.note) for record in found} == {
        (Role.STOCK, Status.DONE, "alt")
    }


def test_a_goal_ticked_for_all_leaves_the_status_of_those_that_had_it(
    page, select, tick, place, qtbot, settled, workbench
):
    register = Register.open(place)
    select(0)
    register.assign(workbench.selection.parcels.records, [2], Role.MEASURE, Status.DONE)
    select(0, 1)
    tick(page, 2)
    press(qtbot, page.apply, settled)
    assert stored(place) == [
        (ALKIS[0], 2, Role.MEASURE, Status.DONE),
        (ALKIS[1], 2, Role.MEASURE, Status.IDEA),
    ]


def test_an_excluded_parcel_does_not_count_in_what_will_change(page, select, tick, qtbot, settled):
    select(0)
    page.role.setCurrentText("Ausschluss")
    tick(page, 2)
    assert rows(page) == [("HZ 2", "0\n0 ha", "0\n0 ha", "0\n0 ha")]


def test_goals_are_found_by_word_and_number_and_filtered_by_leitthema(page, qtbot):
    def shown():
        model = page.goals.model()
        return [int(model.index(row, 0).data().split()[0]) for row in range(model.rowCount())]

    assert shown() == list(range(1, 28))
    qtbot.keyClicks(page.search, "dach")
    assert shown() == [2]
    page.search.setText("19")
    assert shown() == [19]
    page.search.clear()
    page.leitthema.setCurrentIndex(page.leitthema.findData("V"))
    assert shown() == [goal.number for goal in page.goals_model.goals if "V" in goal.leitthemen]


def test_what_was_ticked_stays_when_the_selection_is_only_read_anew(page, select, tick, workbench, settled):
    select(0)
    tick(page, 2)
    workbench.announce_change()
    settled()
    assert state(page, 2) == Qt.CheckState.Checked
    select(1)
    assert state(page, 2) == Qt.CheckState.Unchecked


def test_the_page_works_by_keyboard(page, select, place, qtbot, settled):
    select(0)
    page.goals.setFocus()
    page.goals.setCurrentIndex(page.goals.model().index(4, 0))
    qtbot.keyClick(page.goals, Qt.Key.Key_Space)
    settled()
    page.apply.setFocus()
    qtbot.keyClick(page.apply, Qt.Key.Key_Space)
    settled()
    assert [hz for _, hz, _, _ in stored(place)] == [5]


def test_a_new_project_is_offered_and_one_of_the_same_name_refused(page, workbench, qtbot, settled, place):
    said = []
    workbench.said.connect(lambda text, level: said.append(text))
    Register.open(place).add_project(Project("Bachaue"))
    page.controller.ask_name = lambda: "Bachaue"
    press(qtbot, page.new_project, settled)
    assert any("Bachaue" in text for text in said)
