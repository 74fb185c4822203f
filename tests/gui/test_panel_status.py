"""The status page: what it shows, what it opens with which layers, what is outdated, what it takes over."""

from __future__ import annotations

import datetime as dt
import gc
import os
import sys
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml
from gruene_infra.gruene_infra_plugin.catalogue import entry_ids, load_entry
from gruene_infra.gruene_infra_plugin.dock.status.algorithms import search_words
from gruene_infra.gruene_infra_plugin.dock.status.controller import StatusController
from gruene_infra.gruene_infra_plugin.dock.status.delegate import ROW_ROLE
from gruene_infra.gruene_infra_plugin.dock.status.inputs import Inputs
from gruene_infra.gruene_infra_plugin.dock.status.page import StatusPage
from gruene_infra.gruene_infra_plugin.dock.status.runs import Runs
from gruene_infra.gruene_infra_plugin.dock.status.staleness import ChangeLog
from gruene_infra.gruene_infra_plugin.paths import ROOT, SAMPLE
from gruene_infra.gruene_infra_plugin.register.store import Register
from gruene_infra.gruene_infra_plugin.report.numbers import Numbers
from gruene_infra.gruene_infra_plugin.sample_project import load_sample
from gruene_infra.gruene_infra_plugin.spatial.reading.stored_files import LAYER_PARAMETERS
from qgis.core import (
    Qgis,
    QgsApplication,
    QgsCategorizedSymbolRenderer,
    QgsFeature,
    QgsGeometry,
    QgsProject,
    QgsRasterLayer,
    QgsVectorLayer,
)
from qgis.gui import QgsGui, QgsHistoryEntry
from qgis.PyQt.QtCore import QDateTime, Qt, QTimer
from qgis.PyQt.QtTest import QSignalSpy
from qgis.PyQt.QtWidgets import QApplication, QDialogButtonBox, QStyleOptionViewItem, QWidget

from ..layer_factory import box, layer, saved
from ..unit.report.test_status_rows import finding

HZ19 = "hz19_floodplain_buildings"
NOON = dt.datetime(2026, 6, 20, 12, tzinfo=dt.UTC)
EXAMPLE = yaml.safe_load((ROOT / "resources" / "sample" / "monitoring.yaml").read_text(encoding="utf-8"))


def entry(algorithm: str, inputs: dict, began: dt.datetime, results: dict | None = None) -> QgsHistoryEntry:
    """Return what QGIS's history holds of a run."""
    content = {"algorithm_id": f"gruene_infra:{algorithm}", "parameters": {"inputs": inputs}}
    if results is not None:
        content["results"] = results
    return QgsHistoryEntry("processing", QDateTime.fromSecsSinceEpoch(int(began.timestamp())), content)


class Bench:
    """A page with its controller, an opener that keeps what it is asked for, and a history to write."""

    def __init__(self, workbench, view):
        self.opened: list[tuple[str, dict]] = []
        self.history: list[QgsHistoryEntry] = []
        self.time = NOON
        self.opens = True
        self.said: list[str] = []
        workbench.said.connect(lambda text, level: self.said.append(text))
        self.page = StatusPage(workbench.strategy, search_words())
        self.controller = StatusController(
            self.page, workbench, view, opener=self._open, query=self._query, clock=lambda: self.time
        )
        self.page.resize(360, 560)
        self.page.show()

    def _open(self, algorithm, parameters):
        self.opened.append((algorithm, dict(parameters)))
        return self.opens

    def _query(self, start, end):
        return [one for one in self.history if start <= one.timestamp < end]

    @property
    def rows(self) -> dict:
        """Goals in sight by number."""
        return {row.goal: row for row in self.page.goals_in_sight}


@pytest.fixture
def bench(workbench, view, qtbot, provider):
    made = Bench(workbench, view)
    yield made
    made.controller.close()
    made.page.close()
    made.page.deleteLater()


@pytest.fixture
def sample(tmp_path) -> dict[str, QgsVectorLayer]:
    """The sample's layers in the project, rasters as well, by the names of their data."""
    made = load_sample(QgsProject.instance(), tmp_path / "profil")
    found = {one.source().partition("layername=")[2]: one for one in made}
    for name in ("oberflaechenmodell", "vegetation", "gelaendemodell"):
        found[name] = QgsRasterLayer(str(SAMPLE.with_name(f"{name}.tif")), name)
        QgsProject.instance().addMapLayer(found[name])
    return found


@pytest.fixture
def dialogs(bench, qtbot, monkeypatch):
    """Let the page open the real dialogs of Processing; return those that are open."""
    window = QWidget()
    qtbot.addWidget(window)
    place = SimpleNamespace(mainWindow=lambda: window)
    monkeypatch.setattr(sys.modules["processing.tools.general"], "iface", place)
    for module in ("AlgorithmDialog", "ParametersPanel", "AlgorithmDialogBase", "Postprocessing"):
        if hasattr(sys.modules.get(f"processing.gui.{module}"), "iface"):
            monkeypatch.setattr(sys.modules[f"processing.gui.{module}"], "iface", None)
    bench.controller.opener = bench.controller.dialogs.open

    def opened() -> list[QWidget]:
        return [w for w in QApplication.topLevelWidgets() if w.inherits("QgsProcessingAlgorithmDialogBase")]

    return opened


def algorithm(name: str):
    return QgsApplication.processingRegistry().algorithmById(f"gruene_infra:{name}")


def press(qtbot, button):
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def store(place, *findings):
    register = Register.open(place)
    register.store_findings(findings)
    register.close()


class TestShowing:
    def test_without_a_register_all_goals_stand_there_without_findings(self, bench):
        assert list(bench.rows) == list(range(1, 28))
        assert {row.badge.word for row in bench.rows.values()} == {"no finding yet"}
        assert bench.page.about.text() == "Open a register to see its findings."
        assert not bench.page.take_over.isEnabled()
        assert not bench.page.area.isVisible()

    def test_findings_of_the_register_with_an_area_to_choose(self, bench, workbench, place, settled, qtbot):
        town = {"kind": "Gemeinde", "area": "Herne"}
        store(place, finding(), finding(20.0, **town), finding(None, indicator="hz20.x", **town))
        workbench.open_register(place)
        settled()
        assert bench.page.area.isVisible()
        assert [bench.page.area.itemText(n) for n in range(bench.page.area.count())] == ["Gesamt", "Herne"]
        assert (bench.rows[10].badge.word, bench.rows[10].figure) == ("gap", "9.50\u202f% of 15\u202f%")
        qtbot.keyClick(bench.page.area, Qt.Key.Key_Down)
        assert bench.page.chosen_area == ("Gemeinde", "Herne")
        assert (bench.rows[10].badge.word, bench.rows[20].badge.word) == ("reached", "not assessable")
        store(place, replace(finding(12.0, **town), berechnet_am=dt.date(2026, 7, 1)))
        workbench.look_for_news()
        settled()
        settled()
        assert bench.page.chosen_area == ("Gemeinde", "Herne")
        assert bench.rows[10].figure == "12\u202f% of 15\u202f%"

    def test_below_the_list_stands_why_a_figure_is_not_assessable(self, bench, workbench, place, settled):
        store(place, finding(None, annahmen="nicht bewertbar: no <b>roof</b> is known"))
        workbench.open_register(place)
        settled()
        bench.page.choose(10)
        assert "Not assessable: no <b>roof</b> is known." in bench.page.about.text().splitlines()

    @pytest.mark.parametrize(
        ("text", "goals"),
        [("19", {19}), ("hz 2", {2}), ("Dach", {2}), ("green roofs", {2}), ("green roof", {2}), ("ndvi", {2}),
         ("GRÜNDACH", {2}), ("hz\u00a019", {19}), ("Halde", {16, 17}), ("nirgends", set())],
    )  # fmt: skip
    def test_search_by_number_title_and_tags(self, bench, qtbot, text, goals):
        qtbot.keyClicks(bench.page.search, text)
        assert goals == set(bench.rows) if text != "Halde" else 16 in bench.rows

    def test_search_for_a_word_with_a_decomposed_umlaut(self, bench):
        bench.page.search.setText("Gru\u0308ndach")
        assert set(bench.rows) == {2}

    def test_leitthema_with_the_assumption_said(self, bench, workbench, qtbot):
        bench.page.leitthema.setFocus()
        qtbot.keyClick(bench.page.leitthema, Qt.Key.Key_Down)
        wanted = [goal.number for goal in workbench.strategy.goals_of_leitthema("I")]
        assert list(bench.rows) == wanted
        assert "assumption" in bench.page.leitthema.toolTip()

    def test_what_is_open_and_chosen_stays_so_and_the_screen_reader_hears_all(
        self, bench, workbench, place, settled
    ):
        store(place, finding(indicator="hz10.a"), finding(40.0, indicator="hz10.b"))
        workbench.open_register(place)
        settled()
        bench.page.choose(10)
        tree = bench.page.goals
        tree.expand(tree.currentIndex())
        workbench.announce_change()
        settled()
        index = tree.currentIndex()
        assert index.data(ROW_ROLE).goal == 10
        assert tree.isExpanded(index)
        said = index.data(Qt.ItemDataRole.AccessibleTextRole)
        assert said.endswith("gap, 9.50\u202f% of 15\u202f%")
        assert [tree.model().index(n, 0, index).data() for n in range(2)] == [
            "Kennzahl hz10.a",
            "Kennzahl hz10.b",
        ]

    def test_rows_grow_where_the_font_or_the_width_asks_for_it(self, bench, qtbot):
        tree = bench.page.goals
        index = tree.model().index(9, 0)
        before = tree.visualRect(index).height()
        font = bench.page.font()
        font.setPointSizeF(2 * font.pointSizeF())
        bench.page.setFont(font)
        qtbot.waitUntil(lambda: tree.visualRect(tree.model().index(0, 0)).height() > 1.7 * before)
        assert tree.visualRect(index).right() <= tree.viewport().width()
        bench.page.resize(bench.page.minimumSizeHint().width(), 560)
        qtbot.wait(50)
        option = QStyleOptionViewItem()
        option.font = tree.font()
        for number in range(27):
            index = tree.model().index(number, 0)
            assert tree.visualRect(index).height() == tree.itemDelegate().sizeHint(option, index).height()


class TestRunning:
    def test_hints_stand_at_parameters_that_take_layers_and_everybody_has_one(self, provider):
        for name in ("hz02_roof_greening", "hz13_corridor_gaps", HZ19, "parcel_potential"):
            definitions = algorithm(name).parameterDefinitions()
            taking = {d.name() for d in definitions if d.type() in LAYER_PARAMETERS}
            hinted = {key for key, text in load_entry(name).parameters.items() if text.hints}
            assert hinted & {d.name() for d in definitions} == taking

    @pytest.mark.parametrize("algorithm", EXAMPLE["steps"])
    def test_layers_of_the_sample_are_guessed_as_its_monitoring_file_names_them(
        self, bench, sample, algorithm
    ):
        bench.controller.run_algorithm(algorithm)
        ((opened, given),) = bench.opened
        assert opened == f"gruene_infra:{algorithm}"
        expected = {}
        areas = {"AREAS": EXAMPLE["areas"]} if "AREAS" in load_entry(algorithm).parameters else {}
        for name, layers in (areas | EXAMPLE["steps"][algorithm]["layers"]).items():
            names = [
                EXAMPLE["layers"][one]["source"].rpartition("=")[2].partition(".")[0]
                for one in ([layers] if isinstance(layers, str) else layers)
                if one in EXAMPLE["layers"]  # else it is a result of a step before
            ]
            ids = [sample[one].id() for one in names if one in sample]  # tables are none of its layers
            if ids:
                expected[name] = ids if isinstance(layers, list) else ids[0]
        assert given == expected

    def test_the_button_says_how_many_goals_the_open_layers_allow_and_opens_them_all(self, bench, qtbot):
        page, project = bench.page, QgsProject.instance()
        assert "(0 of 27 goals)" in page.everything.text()
        assert not page.everything.isEnabled()
        parks = layer([box(0, 0, 1, 1)], {"status": ["Bestand"]}, name="Regionalparks")
        habitats = layer([box(0, 0, 1, 1)], {"lrt": ["9110"]}, name="Lebensraumtypen")
        odd = layer([box(0, 0, 1, 1)], {"x": [1]}, name="Irgendwas")
        project.addMapLayers([parks, habitats, odd])
        qtbot.waitUntil(lambda: "(0 of" not in page.everything.text())
        assert "(2 of 27 goals)" in page.everything.text()
        assert page.everything.toolTip().endswith("14, 22.")
        page.everything.click()
        ((opened, given),) = bench.opened
        assert opened == "gruene_infra:run_monitoring"
        assert sorted(given["LAYERS"]) == sorted([parks.id(), habitats.id(), odd.id()])

    def test_the_button_counts_neither_results_nor_steps_that_wait_for_some(self, bench, qtbot, tmp_path):
        page, project = bench.page, QgsProject.instance()
        (tmp_path / "paket.json").write_text("{}")
        parks = layer([box(0, 0, 1, 1)], {"status": ["Bestand"]}, name="regionalparks")
        source = saved(parks, tmp_path / "ergebnis.gpkg")
        result = QgsVectorLayer(source, "Regionalparks", "ogr")
        parcels = layer([box(0, 0, 1, 1)], {"flstkennz": ["f"]}, name="Flurstücke")
        habitats = layer([box(0, 0, 1, 1)], {"lrt": ["9110"]}, name="Lebensraumtypen")
        project.addMapLayers([result, parcels, habitats])
        qtbot.waitUntil(lambda: "(0 of" not in page.everything.text())
        assert page.everything.toolTip().endswith("goals 22.")
        page.everything.click()
        ((_, given),) = bench.opened
        assert sorted(given["LAYERS"]) == sorted([parcels.id(), habitats.id()])

    def test_results_of_analyses_are_found_by_their_columns(self, bench):
        """Every known result that is not of parcels; a layer of parcels with results is no parcels anew."""
        made = {}
        for entry in map(load_entry, entry_ids()):
            for place, known in enumerate(entry.results):
                shape = "LineString (0 0, 1 1)" if "gewinn_ha" in known.columns else box(0, 0, 1, 1)
                made[known.columns] = layer(
                    [shape], {key: [1.0] for key in known.columns}, name=f"Ergebnis {place}"
                )
        before = layer([box(0, 0, 1, 1)], {"flstkennz": ["f"], "anzahl_ziele": [1]}, name="Vorher")
        parcels = layer([box(0, 0, 1, 1)], {"flstkennz": ["f"]}, name="ALKIS Stand 2026")
        QgsProject.instance().addMapLayers([*made.values(), before, parcels])
        bench.controller.run(6)
        ((_, given),) = bench.opened
        assert len(made) >= 4
        assert sorted(given.pop("RESULTS")) == sorted(made_layer.id() for made_layer in made.values())
        assert given == {"PARCELS": parcels.id()}

    def test_the_same_with_german_titles_and_without_the_file_behind(self, bench):
        made = layer([box(0, 0, 1, 1)], {"funktion": ["Wohnen"]}, name="Gebäude Musterstadt")
        plain = layer([box(0, 0, 1, 1)], {"gfk": ["1"]}, name="Bestand 3")
        aue = layer([box(0, 0, 1, 1)], name="Überschwemmungsgebiete")
        line = layer(["LineString (0 0, 1 1)"], name="gebaeude_linien")
        QgsProject.instance().addMapLayers([plain, made, aue, line])
        bench.controller.run(19)
        assert bench.opened[0][1] == {"BUILDINGS": made.id(), "FLOODPLAINS": aue.id()}

    def test_the_last_successful_run_goes_before_guessing(self, bench, sample, qtbot):
        mine = layer([box(0, 0, 1, 1)], {"jahr": [2000]}, name="Meine Häuser")
        QgsProject.instance().addMapLayer(mine)
        inputs = {
            "BUILDINGS": mine.id(), "FLOODPLAINS": sample["ueberschwemmungsgebiete"].source(),
            "YEAR_FIELD": "jahr", "STRIP": 7.0, "AREAS": "/a/gone.gpkg|layername=x", "AREAS_NAME": "no_such",
            "AS_OF": "2020-01-01", "OUTPUT": "TEMPORARY_OUTPUT",
        }  # fmt: skip
        bench.history += [
            entry(HZ19, {"BUILDINGS": sample["gebaeude_2015"].id()}, NOON - dt.timedelta(days=400), {"a": 1}),
            entry(HZ19, inputs, NOON, {"SUMMARY": "x"}),
            entry(HZ19, {"BUILDINGS": "failed"}, NOON + dt.timedelta(hours=1), {}),
            entry(HZ19, {"BUILDINGS": "running"}, NOON + dt.timedelta(hours=2)),
        ]
        with qtbot.waitSignal(bench.controller.runs.changed):
            bench.controller.runs.read_all()
        bench.controller.run_algorithm(HZ19)
        assert bench.opened[0][1] == {
            "BUILDINGS": mine.id(), "FLOODPLAINS": sample["ueberschwemmungsgebiete"].id(),
            "YEAR_FIELD": "jahr", "STRIP": 7.0, "AREAS": sample["gemeinden"].id(),
        }  # fmt: skip

    def test_the_register_is_filled_in_where_the_algorithm_takes_one(self, bench, workbench, place, settled):
        workbench.open_register(place)
        settled()
        bench.controller.run(25)
        assert bench.opened == [
            ("gruene_infra:register_indicators", {"REGISTER": str(place), "CONNECTION": None})
        ]

    def test_the_button_opens_what_misses_first_then_what_is_chosen(self, bench, sample, qtbot):
        press(qtbot, bench.page.run)
        assert bench.opened[-1][0] == "gruene_infra:hz02_roof_greening"
        assert bench.page.current_row.goal == 2
        bench.page.choose(13)
        press(qtbot, bench.page.run)
        assert bench.opened[-1][0] == "gruene_infra:hz13_corridor_loss"  # the strategy names it first

    @pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Space])
    def test_by_keyboard_and_by_menu(self, bench, qtbot, key):
        bench.page.choose(15)
        qtbot.keyClick(bench.page.goals, key)
        bench.page.goals.actions()[0].trigger()
        assert [name for name, _ in bench.opened] == ["gruene_infra:hz15_protected_share"] * 2

    def test_of_several_algorithms_each_can_be_chosen(self, bench, qtbot):
        bench.page.choose(22)
        names = [text.text() for text in bench.page.goals.actions()]
        assert names == [action.text() for action in bench.page.choice.menu().actions()]
        titles = {name: load_entry(name).title.en for name in ("hz22_ffh_condition", "hz22_forest_share")}
        assert set(names) >= {f"Open “{title}”…" for title in titles.values()}
        assert bench.page.choice.isVisibleTo(bench.page)
        for name, title in titles.items():
            assert f"Measured by “{title}”" in bench.page.about.text()
            bench.page.goals.actions()[names.index(f"Open “{title}”…")].trigger()
            assert bench.opened[-1][0] == f"gruene_infra:{name}"
        bench.page.choose(15)
        assert not bench.page.choice.isVisibleTo(bench.page)
        assert [action.text() for action in bench.page.goals.actions()] == ["Open the algorithm…"]

    def test_of_several_algorithms_the_one_whose_findings_are_missing_opens_first(
        self, bench, sample, workbench, place, settled
    ):
        bench.controller.run(19)
        store(place, finding(indicator="hz19.gsg.ballungsraum"))
        workbench.open_register(place)
        settled()
        bench.controller.run(19)
        assert [name for name, _ in bench.opened] == [
            "gruene_infra:hz19_river_structure",
            f"gruene_infra:{HZ19}",
        ]

    def test_goals_without_an_algorithm_say_so(self, bench, qtbot):
        bench.page.choose(1)
        assert bench.page.about.text() == "No algorithm measures goal 1 yet."
        press(qtbot, bench.page.run)
        assert bench.opened == []
        assert bench.said == ["No algorithm measures goal 1 yet."]

    def test_the_dialog_of_processing_stands_beside_the_window_with_the_layers(
        self, bench, sample, qtbot, dialogs
    ):
        inputs = {"BUILDINGS": sample["gebaeude"].source(), "FLOODPLAINS": sample["gewaesser"].source()}
        bench.history.append(
            entry(HZ19, inputs | {"STRIP": 7.0, "AREAS_KIND": "Quartier"}, NOON, {"SUMMARY": "x"})
        )
        with qtbot.waitSignal(bench.controller.runs.changed):
            bench.controller.runs.read_all()
        bench.controller.run_algorithm(HZ19)
        (dialog,) = dialogs()
        given = dialog.createProcessingParameters()
        assert dialog.isVisible()
        assert not dialog.isModal()
        assert (given["BUILDINGS"], given["FLOODPLAINS"]) == (
            sample["gebaeude"].id(),
            sample["gewaesser"].id(),
        )
        assert (given["STRIP"], given["AREAS_KIND"]) == (7.0, "Quartier")
        dialog.close()

    def test_run_in_the_dialog_that_the_button_opens_loads_the_results_each_time(
        self, bench, sample, qtbot, dialogs
    ):
        project = QgsProject.instance()
        for _time in range(2):
            before = set(project.mapLayers())
            bench.page.choose(19)
            press(qtbot, bench.page.run)
            gc.collect()
            (dialog,) = dialogs()
            press(qtbot, dialog.runButton())
            qtbot.waitUntil(lambda dialog=dialog: dialog.wasExecuted(), timeout=120_000)
            made = [project.mapLayer(name) for name in set(project.mapLayers()) - before]
            buildings, findings = sorted(made, key=lambda one: one.isSpatial(), reverse=True)
            assert isinstance(buildings.renderer(), QgsCategorizedSymbolRenderer)
            assert findings.featureCount() > 0
            QTimer.singleShot(0, dialog.close)
            qtbot.waitUntil(lambda: not dialogs())

    @pytest.mark.parametrize("leave", ["escape", "close"])
    def test_a_dialog_that_was_left_is_gone_and_another_opens(self, bench, sample, qtbot, dialogs, leave):
        bench.controller.run_algorithm(HZ19)
        (dialog,) = dialogs()
        if leave == "escape":
            QTimer.singleShot(0, lambda: qtbot.keyClick(dialog, Qt.Key.Key_Escape))
        else:
            close = dialog.buttonBox().button(QDialogButtonBox.StandardButton.Close)
            QTimer.singleShot(0, lambda: press(qtbot, close))
        qtbot.waitUntil(lambda: not dialogs())
        bench.controller.run(13)
        (other,) = dialogs()
        assert other.algorithm().name() == "hz13_corridor_loss"
        QTimer.singleShot(0, bench.controller.dialogs.close)
        qtbot.waitUntil(lambda: not dialogs())

    def test_a_dialog_that_does_not_open_is_said(self, bench):
        bench.opens = False
        bench.controller.run(19)
        assert "plugin Processing" in bench.said[0]


def edit(made: QgsVectorLayer) -> None:
    """Change one feature and save."""
    assert made.startEditing()
    feature = QgsFeature(made.fields())
    feature.setGeometry(QgsGeometry.fromWkt(box(0, 0, 5, 5)))
    assert made.addFeature(feature)
    assert made.commitChanges()


class TestChanges:
    """What the log keeps; the clock stands at noon."""

    @pytest.fixture
    def files(self, tmp_path):
        made = [layer([box(0, 0, 1, 1)], {"art": ["x"]}, name=name) for name in ("haus", "aue")]
        sources = [saved(one, tmp_path / "daten.gpkg") for one in made]
        found = [QgsVectorLayer(source, one.name(), "ogr") for source, one in zip(sources, made, strict=True)]
        QgsProject.instance().addMapLayers(found)
        return found

    @pytest.fixture
    def log(self, qgis_app):
        made = ChangeLog(QgsProject.instance(), lambda: NOON)
        yield made
        made.close()

    def test_a_saved_edit_is_kept_with_time_and_name(self, log, files):
        spy = QSignalSpy(log.changed)
        edit(files[0])
        (change,) = log.changes()
        assert (change.layer_id, change.name, change.when) == (files[0].id(), "haus", NOON)
        assert change.concerns({files[0].source()})
        assert len(spy) > 0

    @pytest.mark.parametrize(
        "mode", [Qgis.TransactionMode.AutomaticGroups, Qgis.TransactionMode.BufferedGroups]
    )
    def test_also_in_transactions(self, log, files, mode):
        QgsProject.instance().setTransactionMode(mode)
        try:
            edit(files[1])
            if mode == Qgis.TransactionMode.BufferedGroups:
                assert QgsProject.instance().commitChanges()[0]
            assert [change.name for change in log.changes()] == ["aue"]
        finally:
            QgsProject.instance().setTransactionMode(Qgis.TransactionMode.Disabled)

    def test_what_changes_no_data_does_not_count(self, log, files):
        made = files[0]
        made.reload()
        made.dataProvider().reloadData()
        made.triggerRepaint()
        made.setRenderer(made.renderer().clone())
        made.setOpacity(0.5)
        made.setName("anders")
        made.setSubsetString("art = 'x'")
        made.setSubsetString("")
        made.startEditing()
        made.commitChanges()
        made.startEditing()
        made.addFeature(QgsFeature(made.fields()))
        made.rollBack()
        made.startEditing()
        made.addFeature(QgsFeature(made.fields()))
        made.undoStack().undo()
        made.commitChanges()
        assert log.changes() == []

    def test_a_file_of_its_own_that_changed_underneath_counts_once_it_is_reloaded(self, log, tmp_path):
        path = tmp_path / "orte.csv"
        path.write_text("a,b\n1,2\n")
        made = QgsVectorLayer(f"file:///{path}?type=csv&geomType=none", "orte", "delimitedtext")
        QgsProject.instance().addMapLayer(made)
        made.reload()
        assert log.changes() == []
        path.write_text("a,b\n1,2\n3,4\n")
        os.utime(path, ns=(1, 1))
        made.reload()
        assert [change.name for change in log.changes()] == ["orte"]

    def test_the_project_keeps_it(self, log, files, tmp_path):
        edit(files[0])
        project = QgsProject.instance()
        assert project.write(str(tmp_path / "mein.qgz"))
        before = log.changes()
        project.clear()
        assert log.changes() == []
        spy = QSignalSpy(log.changed)
        assert project.read(str(tmp_path / "mein.qgz"))
        assert log.changes() == before
        assert len(spy) > 0
        edit(project.mapLayersByName("aue")[0])
        assert [change.name for change in log.changes()] == ["haus", "aue"]

    def test_what_somebody_broke_in_the_project_file_is_no_change(self, log):
        QgsProject.instance().writeEntry("gruene_infra", "changed_layers", '[["a"], 5]')
        assert log.changes() == []

    def test_nothing_is_heard_after_closing(self, files):
        log = ChangeLog(QgsProject.instance(), lambda: NOON)
        log.close()
        edit(files[0])
        assert log.changes() == []


class TestOutdated:
    @pytest.fixture
    def layers(self, sample):
        for one in sample.values():
            if isinstance(one, QgsVectorLayer):
                one.setReadOnly(False)
        return sample

    @pytest.fixture
    def shown(self, bench, workbench, place, settled, layers, qtbot):
        day = {"berechnet_am": dt.date(2026, 6, 20), "algorithmus": "x"}
        store(
            place,
            finding(0.0, 0.0, "<=", unit="m²", indicator="hz19.aue.neubau_flaeche", **day),
            finding(30.0, 50.0, indicator="hz02.dach.anteil_flaeche", **day),
            finding(3.0, 0.0, "<=", unit="Anzahl", indicator="hz13.unterbrechungen.anzahl", **day),
        )
        inputs = {
            "BUILDINGS": layers["gebaeude"].source(),
            "FLOODPLAINS": layers["ueberschwemmungsgebiete"].source(),
        }
        bench.history.append(entry(HZ19, inputs, NOON, {"SUMMARY": "x"}))
        workbench.open_register(place)
        with qtbot.waitSignal(bench.controller.runs.changed):
            bench.controller.runs.read_all()
        bench.time = NOON + dt.timedelta(hours=1)
        settled()
        return bench

    def outdated(self, bench) -> set[int]:
        return {hz for hz, row in bench.rows.items() if row.changes}

    def test_only_what_depends_on_the_changed_layer(self, shown, layers, settled):
        assert self.outdated(shown) == set()
        edit(layers["ueberschwemmungsgebiete"])
        settled()
        assert self.outdated(shown) == {19}
        row = shown.rows[19]
        assert row.state == "reached · ↻ outdated"
        assert layers["ueberschwemmungsgebiete"].name() in row.tip
        shown.page.choose(19)
        assert "20 Jun 2026" in shown.page.about.text()
        edit(layers["gebaeude"])  # goal 2 was never run here: its layers are guessed
        settled()
        assert self.outdated(shown) == {2, 19}

    def test_layers_that_no_finding_depends_on_and_that_the_last_run_was_not_given(
        self, shown, layers, settled
    ):
        edit(layers["flurstuecke"])
        edit(layers["gewaesser"])  # the last run of 19 had no waters; 13 takes them as barriers
        settled()
        assert self.outdated(shown) == {13}

    def test_a_later_run_that_succeeds_clears_the_mark(self, shown, layers, settled, qtbot):
        edit(layers["ueberschwemmungsgebiete"])
        settled()
        later = shown.time + dt.timedelta(minutes=5)
        inputs = {
            "BUILDINGS": layers["gebaeude"].source(),
            "FLOODPLAINS": layers["ueberschwemmungsgebiete"].source(),
        }
        shown.history.append(entry(HZ19, inputs, later, {}))
        shown.controller.runs.read_all()
        settled()
        assert self.outdated(shown) == {19}
        shown.history[-1] = entry(HZ19, inputs, later, {"SUMMARY": "y"})
        shown.controller.runs.read_all()
        settled()
        settled()
        assert self.outdated(shown) == set()

    def test_removing_the_changed_layer_leaves_the_mark(self, shown, layers, settled):
        edit(layers["ueberschwemmungsgebiete"])
        QgsProject.instance().removeMapLayer(layers["ueberschwemmungsgebiete"].id())
        settled()
        assert self.outdated(shown) == {19}


def test_the_history_of_qgis_is_heard(qgis_app, qtbot):
    registry = QgsGui.historyProviderRegistry()
    runs = Runs()
    try:
        with qtbot.waitSignal(runs.changed):
            pass
        content = {"algorithm_id": f"gruene_infra:{HZ19}", "parameters": {"inputs": {"BUILDINGS": "b"}}}
        number, added = registry.addEntry("processing", content)
        assert added
        with qtbot.waitSignal(runs.changed):
            registry.updateEntry(number, content | {"results": {"SUMMARY": "s"}})
        assert runs.last(HZ19).inputs == {"BUILDINGS": "b"}
        with qtbot.waitSignal(runs.changed):
            registry.clearHistory(Qgis.HistoryProviderBackend.LocalProfile, "processing")
        assert runs.last(HZ19) is None
    finally:
        runs.close()


def test_ten_thousand_entries_of_others_are_read_a_piece_at_a_time(qgis_app, qtbot):
    asked = []

    def query(start, end):
        asked.append((start, end))
        return []

    runs = Runs(query)
    with qtbot.waitSignal(runs.changed):
        pass
    runs.close()
    assert len(asked) > 5
    assert all(later[0] == earlier[1] for later, earlier in pairwise(asked))
    assert asked[-1][0].daysTo(asked[0][1]) == 3 * 365


class TestRealRun:
    """What the algorithm finds in the sample, taken over by the button and shown."""

    @pytest.fixture
    def summary(self, run) -> QgsVectorLayer:
        def source(name: str) -> str:
            return f"{SAMPLE}|layername={name}"

        done = run(
            HZ19,
            BUILDINGS=source("gebaeude"),
            FLOODPLAINS=source("ueberschwemmungsgebiete"),
            BUILDINGS_BEFORE=source("gebaeude_2015"),
            WATER=source("gewaesser"),
            REFERENCE_YEAR=2016,
            AREAS=source("gemeinden"),
        )
        return done.layer("SUMMARY")

    def test_the_figures_shown_are_those_of_the_register(
        self, bench, workbench, place, settled, summary, qtbot
    ):
        workbench.open_register(place)
        settled()
        assert not bench.page.take_over.isEnabled()
        QgsProject.instance().addMapLayer(summary)
        settled()
        settled()
        assert bench.page.take_over.isEnabled()
        assert f"Stores {summary.featureCount()} findings" in bench.page.take_over.toolTip()
        press(qtbot, bench.page.take_over)
        settled()
        settled()
        assert not bench.page.take_over.isEnabled()
        assert bench.said == [f"{summary.featureCount()} findings were taken over."]
        register = Register.open(place)
        stored = [row for row in register.findings() if row.ist_leitwert]
        register.close()
        numbers = Numbers("en")
        towns = sorted({row.gebiet for row in stored})
        assert len(towns) == 3
        for place_in_list in range(bench.page.area.count()):
            bench.page.area.setCurrentIndex(place_in_list)
            town = bench.page.area.currentText()
            wanted = {row.kennzahl: row for row in stored if row.gebiet == town}
            shown = {row.name: row for row in bench.rows[19].children}
            assert set(shown) == set(wanted)
            for name, row in wanted.items():
                value = numbers.number(row.wert if row.is_assessed else None, row.ziel)
                assert shown[name].figure.startswith(value)
                assert (shown[name].bar is None) == (row.ziel is None and row.einheit != "%")
                assert row.definition.split(".")[0] in shown[name].tip.replace("&amp;", "&")

    def test_a_table_that_was_taken_over_never_comes_back_over_newer_findings(
        self, bench, workbench, place, settled, summary, qtbot
    ):
        workbench.open_register(place)
        QgsProject.instance().addMapLayer(summary)
        settled()
        settled()
        press(qtbot, bench.page.take_over)
        settled()
        register = Register.open(place)
        newer = [replace(row, n_objekte=row.n_objekte + 1) for row in register.findings()]
        register.store_findings(newer)
        register.close()
        workbench.announce_change()
        settled()
        assert not bench.page.take_over.isEnabled()

    def test_the_table_of_the_register_itself_is_nothing_to_take_over(self, bench, workbench, place, settled):
        other = place.with_name("anderes.gpkg")
        Register.create(other).close()
        store(other, finding())
        own = QgsVectorLayer(f"{other}|layername=befund", "Befunde", "ogr")
        assert own.featureCount() == 1
        workbench.open_register(place)
        QgsProject.instance().addMapLayer(own)
        settled()
        settled()
        assert not bench.page.take_over.isEnabled()

    def test_two_new_tables_that_contradict_each_other_are_named(
        self, bench, workbench, place, settled, summary, tmp_path
    ):
        other = QgsVectorLayer(saved(summary, tmp_path / "b.gpkg", "zwei"), "Befunde zwei", "ogr")
        other.startEditing()
        for feature in other.getFeatures():
            other.changeAttributeValue(feature.id(), other.fields().lookupField("n_objekte"), 99)
        other.commitChanges()
        workbench.open_register(place)
        QgsProject.instance().addMapLayers([summary, other])
        settled()
        settled()
        assert not bench.page.take_over.isEnabled()
        assert "contradict each other" in bench.page.take_over.toolTip()

    def test_a_table_with_a_row_that_is_no_finding_is_named_and_left_out(
        self, bench, workbench, place, settled, summary, tmp_path
    ):
        broken = QgsVectorLayer(saved(summary, tmp_path / "b.gpkg", "defekt"), "Befunde defekt", "ogr")
        broken.startEditing()
        first = next(broken.getFeatures())
        broken.changeAttributeValue(first.id(), broken.fields().lookupField("status"), "prima")
        broken.commitChanges()
        workbench.open_register(place)
        QgsProject.instance().addMapLayers([summary, broken])
        settled()
        settled()
        assert f"Stores {summary.featureCount()} findings" in bench.page.take_over.toolTip()
        assert "Befunde defekt" in bench.page.take_over.toolTip()


def test_dependencies_hold_the_layers_of_the_last_run_also_when_they_are_gone(sample, provider):
    run = Runs(lambda start, end: [])
    gone = "/away/gone.gpkg|layername=x"
    history = entry(
        "hz13_corridor_gaps", {"CORRIDORS": gone, "BARRIERS": [sample["bahn"].source()]}, NOON, {"a": 1}
    )
    run._take([history])
    found = Inputs(QgsProject.instance()).dependencies(
        algorithm("hz13_corridor_gaps"), load_entry("hz13_corridor_gaps"), run.last("hz13_corridor_gaps")
    )
    run.close()
    assert {gone, sample["bahn"].source(), sample["bahn"].id()} <= found
    assert sample["strassen"].id() not in found
    assert Path(SAMPLE).name not in found
