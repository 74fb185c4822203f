"""The page of checks: real widgets, what was mended read back from the register."""

from __future__ import annotations

import dataclasses
import datetime as dt
from contextlib import closing

import pytest
from gruene_infra.gruene_infra_plugin.dock.checks import run as checks_run
from gruene_infra.gruene_infra_plugin.dock.checks.controller import ChecksController
from gruene_infra.gruene_infra_plugin.dock.checks.model import ContradictionsModel
from gruene_infra.gruene_infra_plugin.dock.checks.page import ChecksPage
from gruene_infra.gruene_infra_plugin.methods.parcels.space_types import SpaceType
from gruene_infra.gruene_infra_plugin.register.checks import Check, Contradiction
from gruene_infra.gruene_infra_plugin.register.model import ParcelRecord, Project, Role, Status
from gruene_infra.gruene_infra_plugin.register.store import Register
from qgis.core import QgsGeometry, QgsProject
from qgis.PyQt.QtCore import QItemSelectionModel, Qt
from qgis.PyQt.QtTest import QAbstractItemModelTester
from qgis.utils import spatialite_connect

from ..layer_factory import box, layer
from ..qgis.register.registers import key, parcel, parcels


@pytest.fixture
def filled(place):
    """Every kind of contradiction but "nicht im Layer", as the algorithm's test has them."""
    register = Register.open(place)
    project = register.add_project(Project("Deich"))
    crossing = ParcelRecord.of("051234-007-3", QgsGeometry.fromWkt(box(1050, 0, 100, 100)))
    register.assign([*parcels(1, 2), crossing], [2], Role.MEASURE, project=project.id)
    register.assign([ParcelRecord.of("051234-007-4", QgsGeometry())], [2], Role.POTENTIAL)
    register.assign(parcels(1), [2], Role.EXCLUSION)
    register.set_space_type(
        [parcel(1), crossing], {key(1): SpaceType.LANDSCAPE, key(3): SpaceType.BETWEEN}, 49.9
    )
    register.update_project(dataclasses.replace(project, status=Status.REJECTED))
    return register


ALL = [
    (Check.MINOR_SHARE, key(1)),
    (Check.MINOR_SHARE, key(3)),
    (Check.TWO_TYPES, key(1)),
    (Check.EXCLUDED, key(1)),
    (Check.REJECTED_PROJECT, key(1)),
    (Check.REJECTED_PROJECT, key(2)),
    (Check.REJECTED_PROJECT, key(3)),
    (Check.NO_GEOMETRY, key(4)),
    (Check.OVERLAP, key(1)),
]


@pytest.fixture
def page(workbench, view, place, settled, qtbot):
    """The page on an open register, nothing checked yet."""
    made = ChecksPage()
    qtbot.addWidget(made)
    made.controller = ChecksController(made, workbench, view)
    made.resize(360, 600)
    made.show()
    workbench.open_register(place)
    settled()
    return made


@pytest.fixture
def checked(filled, page, press):
    press(page.check)
    return page


@pytest.fixture
def press(qtbot, settled):
    def click(button):
        assert button.isEnabled()
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
        settled()

    return click


def listed(page) -> list[tuple[Check, str]]:
    return [(row.check, row.parcel) for row in page.model.rows]


def choose(page, *rows: int) -> None:
    page.found.clearSelection()
    for row in rows:
        page.found.selectionModel().setCurrentIndex(
            page.model.index(row), QItemSelectionModel.SelectionFlag.Select
        )


@pytest.fixture
def mend(settled):
    """Choose a way from the menu of the button."""

    def choose_way(page, label):
        (action,) = [action for action in page.ways.actions() if action.text() == label]
        action.trigger()
        settled()

    return choose_way


def test_a_register_whose_history_would_miss_something_is_said_and_restored(
    page, workbench, place, settled, press, mend
):
    register = Register.open(place)
    register.add_project(Project("Deich", begin=dt.date(2025, 1, 1)))
    register.close()
    with closing(spatialite_connect(str(place), isolation_level=None)) as connection:
        connection.execute("UPDATE projekt SET beginn = '31.12.2025'")
        connection.execute("DROP TRIGGER zuordnung_verlauf_neu")
    said = []
    workbench.said.connect(lambda text, _level: said.append(text))
    workbench.open_register(place)
    settled()
    assert "read only" in said[0]
    press(page.check)
    assert listed(page) == [(Check.ODD_VALUE, ""), (Check.NOT_LOGGING, "")]
    assert page.model.index(0).data().startswith("‽ Wert nicht lesbar\nprojekt, row 1")
    choose(page, 1)
    mend(page, "Restore the history's triggers")
    assert listed(page) == [(Check.ODD_VALUE, "")]
    choose(page, 0)
    assert page.details.text().count("\n") == 1  # no parcel stands before it
    mend(page, "Take the value away")
    assert listed(page) == []
    assert Register.open(place).projects()[0].begin is None


# -- checking ----------------------------------------------------------------------------------------------


def test_nothing_is_checked_before_somebody_asks(filled, page):
    assert listed(page) == []
    assert page.status.text() == "Not checked yet."
    assert [page.zoom.isEnabled(), page.select.isEnabled(), page.mend.isEnabled()] == [False] * 3


def test_without_a_register_nothing_can_be_checked(page, workbench, settled):
    workbench.close_register()
    assert not page.check.isEnabled()
    assert page.status.text() == "Open a register first."


def test_the_button_lists_every_contradiction_with_sentence_and_remedy(checked):
    assert listed(checked) == ALL
    assert checked.status.text() == "9 contradictions in 4 parcels of the register."
    index = checked.model.index(8)
    assert index.data() == f"∩ Überlappung · 05123400700001\nShares 5000.0 m² with {key(3)}."
    spoken = index.data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == f"Überlappung, {key(1)}: Shares 5000.0 m² with {key(3)}."
    choose(checked, 8)
    parcel, sentence, remedy = checked.details.text().split("\n")
    assert parcel == key(1)
    assert sentence == f"Shares 5000.0 m² with {key(3)}."
    assert remedy == index.data(Qt.ItemDataRole.ToolTipRole)


def test_the_kinds_filter_the_list_and_say_how_many_there_are(checked):
    kinds = [checked.kind.itemText(number) for number in range(checked.kind.count())]
    assert kinds[0] == "All kinds (9)"
    assert kinds[4] == "✕ Projekt verworfen (3)"
    checked.kind.setCurrentIndex(4)
    assert listed(checked) == [row for row in ALL if row[0] is Check.REJECTED_PROJECT]
    checked.kind.setCurrentIndex(0)
    assert listed(checked) == ALL


@pytest.mark.parametrize("ticked", [True, False])
def test_parcels_are_compared_with_the_layer_only_if_asked(filled, page, workbench, press, settled, ticked):
    keys = ["051234-007-1", "051234-007-2", "051234-007-4", "none"]
    made = layer([box(0, 0, 1, 1)] * 4, {"flstkennz": keys})
    QgsProject.instance().addMapLayer(made)
    workbench.set_parcels(made)
    settled()
    page.compare.setChecked(ticked)
    press(page.check)
    missing = [parcel for check, parcel in listed(page) if check is Check.NOT_IN_LAYER]
    assert missing == ([key(3)] if ticked else [])


def test_a_layer_without_a_key_is_not_taken_for_an_empty_one(filled, page, workbench, press, settled):
    made = layer([box(0, 0, 1, 1)], {"flstkennz": [""]})
    QgsProject.instance().addMapLayer(made)
    workbench.set_parcels(made)
    settled()
    page.compare.setChecked(True)
    press(page.check)
    assert listed(page) == ALL
    assert page.status.text().endswith("\nNo key was read from the layer of parcels.")


def test_a_check_in_many_steps_finds_the_same(filled, page, press, monkeypatch):
    monkeypatch.setattr(checks_run, "STEP_SECONDS", 0.0)
    monkeypatch.setattr("gruene_infra.gruene_infra_plugin.register.inspection.BATCH", 1)
    press(page.check)
    assert listed(page) == ALL
    assert page.stop.isHidden()


def test_stopping_leaves_what_was_found(filled, page, press, qtbot, monkeypatch, settled):
    """The step that compares waits until Stop is pressed."""
    step = checks_run.Run.step

    def slow(self, register, feedback, **more):
        report = step(self, register, feedback, **more)
        return dataclasses.replace(report, waiting=1)

    monkeypatch.setattr(checks_run.Run, "step", slow)
    qtbot.mouseClick(page.check, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(page.model.rows) == 9)
    assert page.status.text() == "Comparing outlines: 1 parcels to go …"
    press(page.stop)
    assert page.status.text() == "Stopped; not everything was checked."
    assert listed(page) == ALL
    assert page.stop.isHidden()


def test_a_check_that_fails_ends(filled, page, workbench, press, place, settled):
    said = []
    workbench.said.connect(lambda text, _level: said.append(text))
    aside = place.with_suffix(".aside")
    place.rename(aside)
    press(page.check)
    assert page.status.text() == "The check broke off; not everything was checked."
    assert len(said) == 1
    aside.rename(place)
    press(page.check)
    assert listed(page) == ALL


# -- mending -----------------------------------------------------------------------------------------------


def stored(place) -> list[tuple]:
    found = Register.open(place).assignments(hz=2, keys=[key(1), key(2)])
    return [(row.parcel, row.role, row.status) for row in found]


@pytest.mark.parametrize(
    ("way", "left"),
    [
        ("Remove the exclusion", [Role.MEASURE]),
        ("Remove the measure", [Role.EXCLUSION]),
    ],
)
def test_an_exclusion_beside_a_measure_is_mended_in_two_ways(checked, place, mend, way, left):
    choose(checked, 3)
    assert [action.text() for action in checked.ways.actions()] == [
        "Remove the exclusion",
        "Remove the measure",
    ]
    mend(checked, way)
    assert [row[1] for row in stored(place) if row[0] == key(1)] == left
    assert (Check.EXCLUDED, key(1)) not in listed(checked)


def test_assignments_of_a_rejected_project_are_rejected_together(checked, place, mend):
    choose(checked, 4, 5)
    assert checked.details.text() == "2 contradictions chosen"
    mend(checked, "Reject the assignment")
    assert stored(place) == [
        (key(1), Role.EXCLUSION, Status.IDEA),
        (key(1), Role.MEASURE, Status.REJECTED),
        (key(2), Role.MEASURE, Status.REJECTED),
    ]
    assert [row for row in listed(checked) if row[0] is Check.REJECTED_PROJECT] == [ALL[6]]
    assert (Check.EXCLUDED, key(1)) not in listed(checked)


def test_a_minor_raumtyp_is_taken_away_and_undo_brings_the_row_back(checked, place, mend, workbench, settled):
    choose(checked, 1)
    mend(checked, "Take the Raumtyp away")
    assert [row.parcel for row in Register.open(place).space_types()] == [key(1)]
    assert listed(checked) == [row for row in ALL if row not in (ALL[1], ALL[2])]
    workbench.write(lambda register, _choices: register.undo())
    settled()
    assert listed(checked) == ALL


@pytest.mark.parametrize("row", [2, 7, 8])
def test_where_people_must_look_nothing_is_offered(checked, row):
    choose(checked, row)
    assert not checked.mend.isEnabled()
    assert checked.zoom.isEnabled()


def test_different_kinds_are_not_mended_at_once(checked):
    choose(checked, 3, 4)
    assert not checked.mend.isEnabled()


def test_what_somebody_changed_meanwhile_is_a_conflict(checked, workbench, mend, place):
    conflicts = []
    workbench.conflicted.connect(conflicts.append)
    choose(checked, 5)
    other = Register.open(place, who="Bert")
    (record,) = other.assignments(keys=[key(2)])
    other.assign_records((), [dataclasses.replace(record, note="neu")], seen={record.row: record.version})
    other.close()
    mend(checked, "Reject the assignment")
    (undecided,) = conflicts
    assert [(c.parcel, c.theirs, c.mine) for c in undecided.conflict.conflicts] == [
        (key(2), "Idee", "verworfen")
    ]


def test_mending_one_leaves_the_place_in_the_list(page, place, workbench, press, settled, qtbot):
    register = Register.open(place)
    register.set_space_type(parcels(*range(1, 101)), SpaceType.LANDSCAPE, 30.0)
    press(page.check)
    page.found.selectionModel().setCurrentIndex(
        page.model.index(60), QItemSelectionModel.SelectionFlag.ClearAndSelect
    )
    page.found.scrollTo(page.model.index(60))
    row_height = page.found.visualRect(page.model.index(60)).height()
    before = page.found.visualRect(page.model.index(60)).top()
    workbench.write(lambda register, _choices: register.clear_space_type([key(80), key(90)]))
    settled()
    assert page.model.rowCount() == 98
    assert [row.parcel for row in page.chosen] == [key(61)]
    assert page.found.currentIndex().row() == 60
    assert page.found.visualRect(page.found.currentIndex()).top() == before
    workbench.write(lambda register, _choices: register.clear_space_type([key(3)]))
    settled()
    assert [row.parcel for row in page.chosen] == [key(61)]
    assert page.found.currentIndex().row() == 59
    assert abs(page.found.visualRect(page.found.currentIndex()).top() - before) <= row_height
    register.close()


def test_a_hidden_page_checks_when_it_is_seen_again(checked, filled, workbench, settled):
    checked.hide()
    filled.clear_space_type([key(1)])
    workbench.announce_change()
    settled()
    assert listed(checked) == ALL
    checked.show()
    settled()
    assert listed(checked) == [row for row in ALL if row not in (ALL[0], ALL[2])]


def test_another_register_is_not_checked_by_itself(checked, workbench, settled, tmp_path):
    other = tmp_path / "other.gpkg"
    Register.create(other).close()
    workbench.open_register(other)
    settled()
    assert listed(checked) == []
    assert checked.status.text() == "Not checked yet."


# -- the chosen row ----------------------------------------------------------------------------------------


def test_enter_zooms_to_the_parcels(checked, view, qtbot, settled):
    choose(checked, 8)
    qtbot.keyClick(checked.found, Qt.Key.Key_Return)
    settled()
    extent = view.canvas.extent()
    assert extent.contains(QgsGeometry.fromWkt(box(1000, 0, 150, 100)).boundingBox())
    assert extent.width() < 1000


def test_a_parcel_without_geometry_is_said(checked, workbench, press):
    said = []
    workbench.said.connect(lambda text, _level: said.append(text))
    choose(checked, 7)
    press(checked.zoom)
    assert said == ["The register has no geometry to go to."]


def test_select_asks_for_all_parcels_concerned(checked, press):
    asked = []
    checked.controller.select_requested.connect(asked.append)
    choose(checked, 5, 8)
    press(checked.select)
    assert asked == [[key(1), key(2), key(3)]]


def test_buttons_are_in_the_context_menu_too(checked):
    assert [action.text() for action in checked.found.actions()] == ["&Zoom", "&Select", "&Mend"]


# -- the model ---------------------------------------------------------------------------------------------


def made(*numbers: int) -> list[Contradiction]:
    return [Contradiction(Check.NO_GEOMETRY, key(number)) for number in numbers]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ((), (1, 2)),
        ((1, 2), ()),
        ((1, 2, 3, 4, 5), (2, 4)),
        ((2, 4), (1, 2, 3, 4, 5)),
        ((1, 2, 3), (4, 5, 6)),
        ((1, 3, 5), (2, 3, 4, 6)),
        (range(1, 900), range(2, 900, 2)),
        (range(1, 900, 2), range(1, 900)),
    ],
)
def test_the_model_shows_what_it_is_told_by_the_rules_of_qt(qtbot, before, after):
    model = ContradictionsModel()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.show(made(*before))
    assert model.show(made(*after)) is (len(before) < 500 and len(after) < 500)
    assert model.rows == made(*after)


def test_after_many_changes_the_current_row_is_found_again(page):
    page.show_rows(made(*range(1, 901)))
    page.found.selectionModel().setCurrentIndex(
        page.model.index(500), QItemSelectionModel.SelectionFlag.ClearAndSelect
    )
    page.show_rows(made(*range(1, 901, 2)))
    assert page.found.currentIndex().row() == 250
    assert [row.parcel for row in page.chosen] == [key(501)]
