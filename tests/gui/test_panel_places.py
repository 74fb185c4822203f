"""Choosing the register: the menu, what the project and the settings keep, and what they never keep."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from gruene_infra.gruene_infra_plugin.dock.places import memory
from gruene_infra.gruene_infra_plugin.dock.places.controller import PlaceController
from gruene_infra.gruene_infra_plugin.dock.places.memory import (
    MOST_RECENT,
    name_of,
    place_from_text,
    place_to_text,
    recent_places,
    remember_recent,
)
from gruene_infra.gruene_infra_plugin.register.postgis import PostgresPlace
from gruene_infra.gruene_infra_plugin.register.store import Register
from qgis.core import QgsProject, QgsProviderRegistry, QgsSettings
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QDialogButtonBox

from ..layer_factory import box, layer


@pytest.fixture
def project(qgis_app):
    return QgsProject.instance()


@pytest.fixture(autouse=True)
def _nothing_recent():
    QgsSettings().remove(memory._RECENT)
    yield
    QgsSettings().remove(memory._RECENT)


@pytest.fixture
def places(workbench, project, window):
    made = PlaceController(workbench, project, window)
    yield made
    made.close()


@pytest.fixture
def said(workbench):
    texts = []
    workbench.said.connect(lambda text, _level: texts.append(text))
    return texts


def trigger(menu, text):
    menu.aboutToShow.emit()
    (action,) = [action for action in menu.actions() if action.text() == text]
    assert action.isEnabled()
    action.trigger()


NEW, OPEN = "&New register (GeoPackage) …", "Open &GeoPackage …"
DATABASE, CLOSE = "Open in &PostgreSQL …", "&Close the register"


# -- places as text ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "place",
    [
        PostgresPlace("Kreis/Team „Grün“", schema="Grünes Register"),
        Path("/data/Grünes Register & mehr.gpkg"),
    ],
)
def test_a_place_is_the_same_after_writing_and_reading(project, place):
    assert place_from_text(place_to_text(place)) == place
    assert place_from_text(place_to_text(place, project), project) == place


@pytest.mark.parametrize("text", ["", "nonsense", "[]", "{}", '{"file": ""}', '{"file": 3}', "null", "7"])
def test_what_is_no_place_is_none(text):
    assert place_from_text(text) is None


def test_parameters_with_a_password_become_no_text():
    assert place_to_text(PostgresPlace("c", "host=db password=secret")) == ""
    assert "secret" not in name_of(PostgresPlace("c", "host=db password=secret"))


def test_the_newest_places_come_first_and_only_some_are_kept():
    for number in range(MOST_RECENT + 3):
        remember_recent(Path(f"/data/{number}.gpkg"))
    remember_recent(Path("/data/5.gpkg"))
    remember_recent(PostgresPlace(dsn="password=secret"))
    names = [place.name for place in recent_places()]
    assert names == ["5.gpkg", "10.gpkg", "9.gpkg", "8.gpkg", "7.gpkg", "6.gpkg", "4.gpkg", "3.gpkg"]


@pytest.mark.parametrize("text", ["nonsense", "7", "[7, null]", '["{}"]'])
def test_settings_that_somebody_broke_are_no_recent_places(text):
    QgsSettings().setValue(memory._RECENT, text)
    assert recent_places() == []


# -- files -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("crs", "expected"), [("EPSG:25833", "EPSG:25833"), ("EPSG:4326", "EPSG:25832"), (None, "EPSG:25832")]
)
def test_a_new_register_lies_beside_the_project_in_the_crs_of_the_parcels(
    places, workbench, project, settled, tmp_path, crs, expected
):
    project.write(str(tmp_path / "Ruhr.qgz"))
    if crs:
        parcels = layer([box(7, 51, 1, 1)], {"flstkennz": ["05123400700011______"]}, crs=crs)
        project.addMapLayer(parcels)
        workbench.set_parcels(parcels)
    proposals = []
    places.ask_new_file = lambda proposed: proposals.append(proposed) or proposed
    trigger(places.menu, NEW)
    settled()
    assert proposals == [str(tmp_path / "Ruhr_register.gpkg")]
    assert workbench.place == tmp_path / "Ruhr_register.gpkg"
    assert Register.open(workbench.place).crs == expected
    trigger(places.menu, NEW)
    settled()
    assert proposals[1] == str(tmp_path / "Ruhr_register_2.gpkg")


def test_without_a_project_the_home_folder_is_proposed(places):
    proposals = []
    places.ask_new_file = lambda proposed: proposals.append(proposed) or ""
    trigger(places.menu, NEW)
    assert Path(proposals[0]).parent == Path.home()
    assert Path(proposals[0]).name.startswith("gruene_infra_register")


def test_the_suffix_is_added_and_a_file_that_is_there_is_left_alone(
    places, workbench, settled, tmp_path, said
):
    places.ask_new_file = lambda _proposed: str(tmp_path / "meins")
    trigger(places.menu, NEW)
    settled()
    assert workbench.place == tmp_path / "meins.gpkg"
    before = workbench.place.read_bytes()
    trigger(places.menu, NEW)
    settled()
    assert len(said) == 1
    assert "nothing was overwritten" in said[0]
    assert (tmp_path / "meins.gpkg").read_bytes() == before
    assert workbench.place == tmp_path / "meins.gpkg"


def test_asking_and_cancelling_changes_nothing(places, workbench, settled, project):
    places.ask_new_file = places.ask_file = lambda _path: ""
    trigger(places.menu, NEW)
    trigger(places.menu, OPEN)
    settled()
    assert workbench.place is None
    assert not project.isDirty()


def test_an_opened_file_is_recent_and_can_be_closed(places, workbench, settled, place, project):
    places.ask_file = lambda _folder: str(place)
    trigger(places.menu, OPEN)
    settled()
    assert workbench.place == place
    trigger(places.menu, CLOSE)
    assert workbench.place is None
    assert memory.place_of_project(project) is None
    places.menu.aboutToShow.emit()
    (action,) = places.recent.actions()
    assert (action.text(), action.toolTip()) == ("&1 Grünes Register.gpkg", str(place))
    action.trigger()
    settled()
    assert workbench.place == place


def test_nothing_to_close_and_nothing_recent_at_first(places):
    places.menu.aboutToShow.emit()
    enabled = {action.text(): action.isEnabled() for action in places.menu.actions() if action.text()}
    assert enabled == {NEW: True, OPEN: True, DATABASE: True, "&Recent": False, CLOSE: False}


def test_a_file_that_is_no_register_is_said_and_the_open_one_stays(
    places, workbench, settled, place, tmp_path, said
):
    places.ask_file = lambda _folder: str(place)
    trigger(places.menu, OPEN)
    settled()
    places.ask_file = lambda _folder: str(tmp_path / "none.gpkg")
    trigger(places.menu, OPEN)
    settled()
    assert len(said) == 1
    assert workbench.place == place
    assert recent_places() == [place]


# -- the project -------------------------------------------------------------------------------------------


def test_a_project_that_is_opened_brings_its_register(places, workbench, project, settled, place, tmp_path):
    workbench.open_register(place)
    settled()
    project.write(str(tmp_path / "Ruhr.qgz"))
    project.clear()
    settled()
    assert workbench.place is None
    project.read(str(tmp_path / "Ruhr.qgz"))
    settled()
    assert workbench.place == place
    assert not project.isDirty()


def test_project_and_register_can_move_together(places, workbench, project, settled, place, tmp_path):
    workbench.open_register(place)
    settled()
    project.write(str(tmp_path / "Ruhr.qgz"))
    assert json.loads(project.readEntry("gruene_infra", "register")[0]) == {"file": f"./{place.name}"}
    moved = tmp_path / "woanders"
    moved.mkdir()
    project.clear()
    settled()
    for name in ("Ruhr.qgz", place.name):
        shutil.move(tmp_path / name, moved / name)
    project.read(str(moved / "Ruhr.qgz"))
    settled()
    assert workbench.place == moved / place.name


def test_a_project_that_is_saved_elsewhere_finds_the_same_file(
    places, workbench, project, settled, place, tmp_path
):
    workbench.open_register(place)
    settled()
    project.write(str(tmp_path / "Ruhr.qgz"))
    (tmp_path / "archiv").mkdir()
    project.write(str(tmp_path / "archiv" / "Ruhr.qgz"))
    project.clear()
    project.read(str(tmp_path / "archiv" / "Ruhr.qgz"))
    settled()
    assert workbench.place == place


def test_a_project_without_a_register_has_none(places, workbench, project, settled, place, tmp_path):
    project.write(str(tmp_path / "leer.qgz"))
    workbench.open_register(place)
    settled()
    project.clear()
    project.read(str(tmp_path / "leer.qgz"))
    settled()
    assert workbench.place is None


def test_a_project_that_is_closed_while_its_register_opens_leaves_none(
    places, workbench, project, settled, place
):
    workbench.open_register(place)
    project.clear()
    settled()
    assert workbench.place is None
    assert memory.place_of_project(project) is None


def test_a_register_that_cannot_be_opened_stays_the_project_s(
    places, workbench, project, settled, place, tmp_path, said
):
    workbench.open_register(place)
    settled()
    project.write(str(tmp_path / "Ruhr.qgz"))
    project.clear()
    settled()
    place.rename(tmp_path / "weg.gpkg")
    project.read(str(tmp_path / "Ruhr.qgz"))
    settled()
    assert workbench.place is None
    assert len(said) == 1
    (tmp_path / "archiv").mkdir()
    project.write(str(tmp_path / "archiv" / "Ruhr.qgz"))
    assert memory.place_of_project(project) == place


def test_the_panel_that_starts_later_opens_the_register_too(
    workbench, project, window, settled, place, tmp_path
):
    memory.remember_in_project(project, place)
    made = PlaceController(workbench, project, window)
    settled()
    assert workbench.place == place
    made.close()


# -- the database ------------------------------------------------------------------------------------------


@pytest.fixture
def connection(postgres):
    """A connection stored in QGIS, with a password."""
    metadata = QgsProviderRegistry.instance().providerMetadata("postgres")
    dsn = f"{postgres.dsn()} password=geheim"
    options = {"saveUsername": True, "savePassword": True}
    metadata.saveConnection(metadata.createConnection(dsn, options), "Kreis (Test)")
    yield "Kreis (Test)"
    metadata.deleteConnection("Kreis (Test)")


def choose_database(places, schema, *, create):
    trigger(places.menu, DATABASE)
    dialog = places.dialog
    dialog.connection.setCurrentText("Kreis (Test)")
    dialog.schema.setText(schema)
    dialog.create.setChecked(create)
    return dialog


def press_open(qtbot, dialog):
    button = dialog.buttons.button(QDialogButtonBox.StandardButton.Open)
    assert button.isEnabled()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_a_register_in_a_database_is_created_closed_and_opened_again(
    places, workbench, project, connection, qtbot, settled, tmp_path
):
    press_open(qtbot, choose_database(places, "Grün neu", create=True))
    settled()
    expected = PostgresPlace(connection, schema="Grün neu")
    assert workbench.place == expected
    assert places.dialog is None
    trigger(places.menu, CLOSE)
    press_open(qtbot, choose_database(places, " Grün neu ", create=False))
    settled()
    assert workbench.place == expected
    project.write(str(tmp_path / "Ruhr.qgs"))
    project.clear()
    project.read(str(tmp_path / "Ruhr.qgs"))
    settled()
    assert workbench.place == expected
    written = (tmp_path / "Ruhr.qgs").read_text() + str(QgsSettings().value(memory._RECENT))
    assert "Grün neu" in written
    assert "geheim" not in written


def test_a_schema_without_a_register_is_said(places, workbench, connection, qtbot, settled, said):
    press_open(qtbot, choose_database(places, "leer", create=False))
    settled()
    assert workbench.place is None
    assert len(said) == 1
    assert "There is no register at" in said[0]


def test_a_schema_needs_a_name_and_cancel_opens_nothing(places, workbench, connection, qtbot, settled):
    dialog = choose_database(places, "  ", create=True)
    assert not dialog.buttons.button(QDialogButtonBox.StandardButton.Open).isEnabled()
    assert dialog.hint.isHidden()
    cancel = dialog.buttons.button(QDialogButtonBox.StandardButton.Cancel)
    qtbot.mouseClick(cancel, Qt.MouseButton.LeftButton)
    settled()
    assert (workbench.place, places.dialog) == (None, None)


def test_without_a_connection_the_dialog_says_where_to_add_one(places, qtbot):
    trigger(places.menu, DATABASE)
    dialog = places.dialog
    assert dialog.connection.count() == 0
    assert dialog.hint.isVisible()
    assert not dialog.buttons.button(QDialogButtonBox.StandardButton.Open).isEnabled()
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert places.dialog is None
