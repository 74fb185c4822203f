"""The panel opens a register behind a password that is not stored: QGIS's own dialog asks, once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from gruene_infra.gruene_infra_plugin.dock.status.staleness import ChangeLog
from gruene_infra.gruene_infra_plugin.register.postgis import PostgresPlace
from gruene_infra.gruene_infra_plugin.register.store import Register
from qgis.core import QgsCredentials, QgsProject, QgsProviderRegistry, QgsVectorLayer
from qgis.gui import QgsCredentialDialog
from qgis.PyQt.QtCore import QTimer
from qgis.PyQt.QtWidgets import QLineEdit, QPushButton

from ..postgres import KNOWN_BY_PASSWORD, PASSWORD

CONNECTION, SCHEMA = "Amt ohne Kennwort", "Panel mit Kennwort"
PLACE = PostgresPlace(CONNECTION, schema=SCHEMA)
WAIT_MS = 20_000
KEPT: list[QgsCredentialDialog] = []
"""QGIS keeps a pointer to who asks."""


class Office:
    """Somebody who sits before the dialog: types a password, or cancels where there is none."""

    def __init__(self, dialog: QgsCredentialDialog) -> None:
        self.dialog = dialog
        self.password: str | None = None
        self.realms: list[str] = []
        self._timer = QTimer()
        self._timer.timeout.connect(self._look)
        self._timer.start(20)

    def _look(self) -> None:
        if not self.dialog.isVisible():
            return
        self.realms.append(self.dialog.windowTitle())
        if self.password is None:
            self.dialog.reject()
            return
        self.dialog.findChild(QLineEdit, "lePassword").setText(self.password)
        self.dialog.findChild(QPushButton, "mOkButton").click()

    def leave(self) -> None:
        self._timer.stop()


@pytest.fixture
def office(qtbot, postgres) -> Iterator[Office]:
    before = QgsCredentials.instance()
    KEPT.append(QgsCredentialDialog())
    metadata = QgsProviderRegistry.instance().providerMetadata("postgres")
    options = {"saveUsername": True, "savePassword": False}
    metadata.saveConnection(metadata.createConnection(postgres.uri().uri(False), options), CONNECTION)
    realm = PLACE.uri().connectionInfo(False)
    one = Office(KEPT[-1])
    yield one
    one.leave()
    QgsCredentials.instance().get(realm, "", "", "", False)
    before.setInstance(before)
    metadata.deleteConnection(CONNECTION)
    postgres.execute(f'DROP SCHEMA IF EXISTS "{SCHEMA}" CASCADE')


def test_the_dialog_asks_once_while_the_work_waits_in_the_background(office, workbench, settled, qtbot):
    office.password = PASSWORD
    with qtbot.waitSignal(workbench.register_opened, timeout=WAIT_MS):
        workbench.open_register(PLACE, create=True)
    settled()
    assert workbench.place == PLACE
    workbench.look_for_news()
    settled()
    workbench.close_register()
    with qtbot.waitSignal(workbench.register_opened, timeout=WAIT_MS):
        workbench.open_register(PLACE)
    settled()
    assert len(office.realms) == 1


def test_who_cancels_is_told_and_not_asked_again_by_itself(office, workbench, settled, qtbot):
    said = []
    workbench.said.connect(lambda text, _level: said.append(text))
    with qtbot.waitSignal(workbench.said, timeout=WAIT_MS):
        workbench.open_register(PLACE)
    settled()
    assert workbench.place is None
    assert "wants a password" in said[0]
    assert len(office.realms) == 1


def test_looking_for_news_asks_nobody(office, workbench, settled, qtbot, postgres):
    office.password = PASSWORD
    with qtbot.waitSignal(workbench.register_opened, timeout=WAIT_MS):
        workbench.open_register(PLACE, create=True)
    settled()
    office.password = None
    QgsCredentials.instance().get(PLACE.uri().connectionInfo(False), "", "", "", False)  # forgotten
    with qtbot.waitSignal(workbench.said, timeout=WAIT_MS):
        workbench.look_for_news()
    settled()
    assert len(office.realms) == 1


def test_what_the_project_keeps_of_a_changed_layer_holds_no_password(postgres, tmp_path, qgis_app):
    project = QgsProject.instance()
    uri = postgres.uri(password=PASSWORD)
    uri.setDataSource("s", "t", "geom", "", "id")
    layer = QgsVectorLayer(uri.uri(False), "t", "postgres")
    assert PASSWORD in layer.source()
    log = ChangeLog(project)
    log.note(layer)
    (change,) = log.changes()
    assert project.write(str(tmp_path / "projekt.qgs"))
    log.close()
    assert PASSWORD not in (tmp_path / "projekt.qgs").read_text(encoding="utf-8")
    assert KNOWN_BY_PASSWORD in change.source


def test_a_register_that_was_opened_by_hand_is_no_secret_either(office, workbench, settled, qtbot):
    office.password = PASSWORD
    with qtbot.waitSignal(workbench.register_opened, timeout=WAIT_MS):
        workbench.open_register(PLACE, create=True)
    settled()
    office.password = None
    Register.open(PLACE).close()
    assert len(office.realms) == 1
