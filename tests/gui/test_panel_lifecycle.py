"""The whole panel comes and goes: what is closed or taken away in the middle leaves no trace."""

from __future__ import annotations

import threading

import pytest
from gruene_infra.gruene_infra_plugin.dock.background import Job
from gruene_infra.gruene_infra_plugin.dock.controller import PanelController
from gruene_infra.gruene_infra_plugin.dock.paint.lookup import Hit
from gruene_infra.gruene_infra_plugin.dock.panel import Panel
from gruene_infra.gruene_infra_plugin.dock.parcels import ParcelLayer
from gruene_infra.gruene_infra_plugin.dock.workbench import BURST_MS
from gruene_infra.gruene_infra_plugin.register import geopackage
from gruene_infra.gruene_infra_plugin.register.keys import parcel_key
from gruene_infra.gruene_infra_plugin.register.layers import register_layers
from gruene_infra.gruene_infra_plugin.register.model import Criteria, Role
from gruene_infra.gruene_infra_plugin.register.postgis import PostgresPlace
from gruene_infra.gruene_infra_plugin.register.store import Register
from gruene_infra.gruene_infra_plugin.strategy import load_strategy
from qgis.core import QgsApplication, QgsGeometry, QgsProcessingFeedback, QgsProject, QgsSettings
from qgis.gui import QgsGui, QgsHistoryEntry
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QDateTime, QEvent, Qt
from qgis.PyQt.QtWidgets import QApplication
from qgis.utils import spatialite_connect

from ..layer_factory import box, layer
from .conftest import KEYS
from .test_panel_responsive import LONGEST_PAUSE_SECONDS, Pulse

ALKIS = tuple(parcel_key(key).key for key in KEYS)
UNFORESEEN = "unforeseen"
GOAL_ROW = 1


@pytest.fixture
def project():
    made = QgsProject.instance()
    made.clear()
    QgsSettings().remove("gruene_infra")
    yield made
    made.clear()


@pytest.fixture
def logged():
    """What the plugin writes into QGIS's message log."""
    texts = []

    def keep(text, tag, _level):
        if tag == "Grüne Infrastruktur":
            texts.append(text)

    log = QgsApplication.messageLog()
    log.messageReceived.connect(keep)
    yield texts
    log.messageReceived.disconnect(keep)


@pytest.fixture
def panel(project, canvas, qtbot):
    made = Panel()
    made.controller = PanelController(made, canvas, project, load_strategy())
    made.said = []
    made.controller.workbench.said.connect(lambda text, level: made.said.append(text))
    made.resize(400, 800)
    made.show()
    made.closed = False
    yield made
    close(made)
    if not sip.isdeleted(made):
        delete(made)


def close(panel):
    if not panel.closed:
        panel.closed = True
        panel.controller.close()


@pytest.fixture
def opened(panel, parcels, place, qtbot):
    """The panel with a register that holds all parcels, its layers in the project, and three selected."""
    with_parcels(place, parcels)
    bench = panel.controller.workbench
    bench.open_register(place)
    settle(panel, qtbot)
    register_layers(place, bench.project, bench.strategy)
    result_layer()
    parcels.selectByIds(sorted(parcels.allFeatureIds())[:3])
    for page in range(panel.pages.count()):
        panel.pages.setCurrentIndex(page)
        settle(panel, qtbot)
    panel.controller.painting.toggle(True, panel.controller.assign.page.paint_brush)
    return panel


def with_parcels(place, parcels):
    reader = ParcelLayer(parcels).reader(sorted(parcels.allFeatureIds()))
    register = Register.open(place)
    register.assign(reader.read("EPSG:25832", QgsProcessingFeedback()).records, [2], Role.MEASURE)
    register.close()


def result_layer():
    """A roof as the analysis of goal 2 leaves it."""
    columns = {"kandidat": [1], "flach_m2": [180.0], "gruen_m2": [0.0]}
    made = layer([box(10, 10, 20, 10)], columns, name="ergebnis")
    QgsProject.instance().addMapLayer(made)
    return made


def settle(panel, qtbot):
    qtbot.wait(BURST_MS + 100)
    qtbot.waitUntil(lambda: not panel.controller.workbench.busy, timeout=20_000)


def delete(panel):
    panel.deleteLater()
    QApplication.sendPostedEvents(panel, QEvent.Type.DeferredDelete)
    assert sip.isdeleted(panel)


def entries(place):
    register = Register.open(place)
    found = [(action.kind, action.when) for action in register.actions()]
    register.close()
    return found


def stir(project, parcels, qtbot):
    """Change everything that the panel looks at: selection, layers, history, project."""
    parcels.selectAll()
    for edited in [one for one in project.mapLayers().values() if not one.readOnly()]:
        assert edited.startEditing()
        assert edited.commitChanges()
    parcels.setName("anders")
    extra = layer([box(0, 0, 10, 10)], {"flstkennz": KEYS[:1]}, name="weitere")
    project.addMapLayer(extra)
    qtbot.wait(BURST_MS + 100)
    project.removeMapLayer(extra.id())
    registry = QgsGui.historyProviderRegistry()
    registry.addEntry(QgsHistoryEntry("processing", QDateTime.currentDateTime(), {"algorithm_id": "x"}))
    project.removeMapLayer(parcels.id())
    qtbot.wait(BURST_MS + 100)
    project.clear()
    qtbot.wait(400)


@pytest.mark.parametrize("deleted", [True, False], ids=["and deleted", "and kept by somebody"])
def test_a_closed_panel_hears_nothing_more(opened, deleted, place, parcels, project, logged, qtbot):
    before, said = entries(place), opened.said
    close(opened)
    if deleted:
        delete(opened)
    said.clear()
    project.setDirty(False)
    remembered = project.readEntry("gruene_infra", "parcel_layer")
    parcels.selectAll()
    qtbot.wait(BURST_MS + 100)
    assert not project.isDirty()
    assert project.readEntry("gruene_infra", "parcel_layer") == remembered
    stir(project, parcels, qtbot)
    assert said == []
    assert logged == []
    assert entries(place) == before


# -- in the middle of work ------------------------------------------------------------------------------


class Hold:
    """Keeps the job of one name in its thread until it is let go."""

    def __init__(self, monkeypatch):
        self.name = ""
        self.reached, self._go = threading.Event(), threading.Event()
        work = Job.work

        def held(job):
            if job.name == self.name and not self.reached.is_set():
                self.reached.set()
                self._go.wait(20)
            work(job)

        monkeypatch.setattr(Job, "work", held)

    def let_go(self, seconds=0.0):
        """Let it go now, or while the window waits."""
        self.name = ""
        threading.Timer(seconds, self._go.set).start()


@pytest.fixture
def hold(monkeypatch):
    made = Hold(monkeypatch)
    yield made
    made.let_go()


def write(panel, place):
    bench = panel.controller.workbench
    records = bench.selection.parcels.records
    bench.write(lambda register, choices: register.assign(records, [19], Role.STOCK))


def tick(panel, place):
    model = panel.controller.assign.page.goals_model
    model.setData(model.index(GOAL_ROW, 0), None, Qt.ItemDataRole.CheckStateRole)


def find(panel, place):
    panel.controller.find.page.ask(Criteria(hz=2))


def check(panel, place):
    panel.controller.checks.page.check.click()


def point(panel, place):
    painting = panel.controller.painting
    painting.tool.pointed.emit(Hit(1, KEYS[0], QgsGeometry()))


WORK = {
    "open": lambda panel, place: panel.controller.workbench.open_register(place),
    "selection": lambda panel, place: panel.controller.workbench.read_selection(),
    "news": lambda panel, place: panel.controller.workbench.look_for_news(),
    "write": write,
    "assign": lambda panel, place: panel.controller.assign.refresh(),
    "preview": tick,
    "suggestions": lambda panel, place: panel.controller.suggestions.refresh(),
    "projects to find": lambda panel, place: panel.controller.find.refresh(),
    "totals": lambda panel, place: panel.controller.find.refresh(),
    "find": find,
    "put in order": lambda panel, place: panel.controller.find.page.results_model.sort(4),
    "outlines to go to": lambda panel, place: panel.controller.find.page.zoom.click(),
    "parcels to mark": lambda panel, place: panel.controller.find.select_keys(ALKIS),
    "status": lambda panel, place: panel.controller.status.refresh(),
    "checks": check,
    "pointed parcel": point,
}


def clear_project(panel, project, place):
    project.clear()


def remove_layers(panel, project, place):
    project.removeAllMapLayers()


def close_register(panel, project, place):
    panel.controller.workbench.close_register()


def open_another(panel, project, place):
    other = place.with_name("anderes.gpkg")
    Register.create(other).close()
    panel.controller.workbench.open_register(other)


def lose_file(panel, project, place):
    place.rename(place.with_name("weg.gpkg"))


def close_panel(panel, project, place):
    close(panel)
    delete(panel)


ENDS = [clear_project, remove_layers, close_register, open_another, lose_file, close_panel]


EVERY = [(name, end) for name in WORK for end in (clear_project, close_panel)]
EVERY += [("write", end) for end in ENDS[1:-1]]
EVERY += [("news", lose_file), ("selection", open_another), ("checks", remove_layers)]


@pytest.mark.parametrize(("name", "end"), EVERY, ids=lambda one: getattr(one, "__name__", one))
def test_what_ends_in_the_middle_of_work_ends_quietly(name, end, opened, place, project, hold, logged, qtbot):
    find(opened, place)
    settle(opened, qtbot)
    opened.said.clear()
    hold.name = name
    said = opened.said
    WORK[name](opened, place)
    qtbot.waitUntil(hold.reached.is_set, timeout=10_000)
    hold.let_go(0.2)
    end(opened, project, place)
    qtbot.wait(400)
    if not sip.isdeleted(opened):
        settle(opened, qtbot)
    assert logged == []
    assert [text for text in said if UNFORESEEN in text] == []
    if name == "write" and end is not lose_file:
        register = Register.open(place)
        assert len(register.assignments(hz=19)) == 3


# -- what is said of it -----------------------------------------------------------------------------------


@pytest.mark.parametrize("others", [0, 1], ids=["the only layer", "one of two"])
def test_removing_the_layer_of_parcels_is_said_in_the_panel(panel, parcels, others, project, qtbot):
    for _ in range(others):
        project.addMapLayer(layer([box(0, 0, 10, 10)], {"name": ["x"]}, name="weitere"))
    settle(panel, qtbot)
    assert panel.controller.workbench.parcels.layer == parcels
    project.removeMapLayer(parcels.id())
    settle(panel, qtbot)
    assert panel.controller.workbench.parcels is None
    assert [text for text in panel.said if "was removed" in text] == panel.said[-1:]
    assert len(panel.said) == 1


def test_a_register_that_is_gone_is_said_once_and_its_return_too(panel, place, qtbot):
    bench = panel.controller.workbench
    bench.open_register(place)
    settle(panel, qtbot)
    lose_file(panel, None, place)
    for _ in range(3):
        bench.look_for_news()
        settle(panel, qtbot)
    assert len(panel.said) == 1
    assert str(place) in panel.said[0]
    place.with_name("weg.gpkg").rename(place)
    bench.look_for_news()
    settle(panel, qtbot)
    assert panel.said[1:] == ["The register can be reached again."]


def test_a_conflict_of_a_register_that_was_closed_asks_nothing(opened, place, hold, qtbot):
    bench = opened.controller.workbench
    records = bench.selection.parcels.records
    hold.name = "write"
    bench.write(lambda register, choices: register.unassign([record.key.key for record in records], seen={}))
    qtbot.waitUntil(hold.reached.is_set, timeout=10_000)
    bench.close_register()
    hold.let_go()
    settle(opened, qtbot)
    assert opened.controller.conflicts.dialog is None
    assert len(opened.said) == 1
    assert len(Register.open(place).assignments()) == len(ALKIS)


def read_only(path, **options):
    connection = spatialite_connect(path, **options)
    connection.execute("PRAGMA query_only = ON")
    return connection


def test_a_register_that_may_only_be_read_is_shown_and_says_why_nothing_is_written(
    panel, site, parcels, logged, monkeypatch, qtbot
):
    site.create()
    with_parcels(site.place, parcels)
    place = site.place
    if site.kind == "gpkg":
        monkeypatch.setattr(geopackage, "spatialite_connect", read_only)
    else:
        site.let_write("Berta", "zuordnung")
        site.server.execute(f'GRANT SELECT ON "{place.schema}".zuordnung TO berta')
        place = PostgresPlace(dsn=site.server.dsn("berta"), schema=place.schema)
    bench = panel.controller.workbench
    bench.open_register(place)
    settle(panel, qtbot)
    parcels.selectAll()
    settle(panel, qtbot)
    page = panel.controller.assign.page
    assert page.goals_model.state(2) == Qt.CheckState.Checked
    tick(panel, place)
    settle(panel, qtbot)
    panel.said.clear()
    page.apply.click()
    settle(panel, qtbot)
    assert len(panel.said) == 1
    assert ("only be read" if site.kind == "gpkg" else "zuordnung") in panel.said[0]
    assert UNFORESEEN not in panel.said[0]
    assert logged == []
    monkeypatch.undo()
    assert len(site.open().assignments()) == len(ALKIS)


@pytest.mark.alone
@pytest.mark.usefixtures("own_heap")
@pytest.mark.parametrize("site", ["postgis"], indirect=True)
def test_many_rows_of_a_database_are_read_without_stopping_the_window(site, qtbot):
    count, found = 1_000_000, []

    def read():
        with site.database().reading() as session:
            found.append(session.rows("SELECT i, 'x' || i FROM generate_series(1, ?) i", [count]))

    site.create()
    pulse = Pulse()
    thread = threading.Thread(target=read)
    thread.start()
    qtbot.waitUntil(lambda: not thread.is_alive(), timeout=60_000)
    longest = pulse.read()
    assert (len(found[0]), found[0][0], found[0][-1]) == (count, (1, "x1"), (count, f"x{count}"))
    assert longest <= LONGEST_PAUSE_SECONDS


def test_removing_a_goal_asks_about_what_somebody_added_meanwhile(opened, place, qtbot):
    bench, page = opened.controller.workbench, opened.controller.assign.page
    records = bench.selection.parcels.records
    tick(opened, place)
    settle(opened, qtbot)
    Register.open(place, who="Berta").assign(records[:1], [2], Role.STOCK, note="von Berta")
    page.apply.click()
    settle(opened, qtbot)
    dialog = opened.controller.conflicts.dialog
    assert [row.title for row in dialog.model.rows] == [ALKIS[0]]
    dialog.cancel.click()
    settle(opened, qtbot)
    assert len(Register.open(place).assignments(hz=2)) == len(ALKIS) + 1
    assert {record.role for record in bench.selection.assignments} == {Role.MEASURE, Role.STOCK}
    assert opened.said[-1] == "Nothing was written."
