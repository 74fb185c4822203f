"""Measuring everything in a task, a model and qgis_process; cancelled, without room, without permission."""

from __future__ import annotations

import json
import os
import subprocess
import threading
from pathlib import Path

import pytest
from gruene_infra.gruene_infra_plugin.monitoring.package import MANIFEST, REPORT
from gruene_infra.processing.monitoring import steps
from gruene_infra.processing.monitoring.main_thread import on_main_thread
from qgis.core import (
    QgsApplication,
    QgsProcessingAlgRunnerTask,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProject,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QCoreApplication, QThread

from ...full_disk import no_more_room
from ...layer_factory import saved
from ...ordinary_user import ordinary_user
from ...runs import Log
from ..every.bad_input import assert_clear
from ..every.every_algorithm import BY_ID
from ..every.ways import in_a_model
from .scenes import DAY, FLOODED, FOREST, PARCELS, ROOFS, STEPS, floodplains, forests, keys_of, ran, towns

ROOT = Path(__file__).resolve().parents[3]


def given(town) -> dict[str, str]:
    return {"INPUT": str(town.place), "OUTPUT": str(town.package), "AS_OF": DAY}


def error_of(town, log=None, **more) -> str:
    with pytest.raises(QgsProcessingException) as caught:
        town.measure(log, **more)
    return str(caught.value)


# -- other ways to start it ---------------------------------------------------------------------------------


def test_in_the_thread_of_a_dialog_maps_are_drawn_in_the_main_one(fresh, finished, qtbot, monkeypatch):
    drawn_in, draw = [], steps._drawn
    monkeypatch.setattr(
        steps, "_drawn", lambda *values: drawn_in.append(QThread.currentThread()) or draw(*values)
    )
    for time in (1, 2):
        context, log = QgsProcessingContext(), Log()
        context.setProject(QgsProject.instance())
        algorithm = BY_ID["run_monitoring"].create()
        task = QgsProcessingAlgRunnerTask(algorithm, given(fresh), context, log)
        with qtbot.waitSignal(task.executed, timeout=60_000) as ended:
            QgsApplication.taskManager().addTask(task)
        done, results = ended.args
        assert done, log.errors
        assert results["REPORT"] == str(fresh.package / REPORT)
        assert ran(fresh.package) == (STEPS if time == 1 else set())
    assert drawn_in == [QCoreApplication.instance().thread()] * 3
    assert keys_of(fresh.package) == keys_of(finished.package)


def test_open_layers_in_the_thread_of_a_dialog(fresh, qtbot):
    stored = QgsVectorLayer(f"{fresh.place / 'stadt.gpkg'}|layername=gebaeude", "gebaeude", "ogr")
    layers = [forests(), towns(), stored, floodplains()]
    QgsProject.instance().addMapLayers(layers)
    values = {"LAYERS": [layer.id() for layer in layers], "OUTPUT": str(fresh.package), "AS_OF": DAY}
    for steps_run in ({ROOFS, FLOODED, FOREST}, set()):
        context, log = QgsProcessingContext(), Log()
        context.setProject(QgsProject.instance())
        task = QgsProcessingAlgRunnerTask(BY_ID["run_monitoring"].create(), values, context, log)
        with qtbot.waitSignal(task.executed, timeout=60_000) as ended:
            QgsApplication.taskManager().addTask(task)
        assert ended.args[0], log.errors
        assert ran(fresh.package) == steps_run


def test_in_another_language_all_is_told_anew(measured, speak):
    speak("de")
    log = Log()
    measured.measure(log)
    assert ran(measured.package) == STEPS
    assert "Nicht gemessen" in (measured.package / REPORT).read_text(encoding="utf-8")
    measured.measure(log)
    assert ran(measured.package) == set()
    assert "Waldanteil: unverändert." in log.infos


def test_in_a_model(fresh, finished):
    assert in_a_model("run_monitoring", given(fresh)) == ""
    assert keys_of(fresh.package) == keys_of(finished.package)


def test_in_qgis_process(fresh, finished, tmp_path):
    plugins = tmp_path / "plugins"
    plugins.mkdir()
    (plugins / "gruene_infra").symlink_to(ROOT)
    environment = os.environ | {
        "QGIS_CUSTOM_CONFIG_PATH": str(tmp_path / "profil"),
        "QGIS_PLUGINPATH": str(plugins),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    words = [f"--{name}={value}" for name, value in given(fresh).items()]
    for arguments in (["plugins", "enable", "gruene_infra"], ["run", "gruene_infra:run_monitoring", *words]):
        done = subprocess.run(
            ["qgis_process", *arguments], env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
    assert "✔ " in done.stdout
    assert keys_of(fresh.package) == keys_of(finished.package)


def test_progress_goes_one_way(fresh):
    log, told = Log(), []
    log.progressChanged.connect(told.append)
    fresh.measure(log)
    assert told == sorted(told)
    assert any(0 < percent < 50 for percent in told)


# -- cancelled ---------------------------------------------------------------------------------------------


def test_cancelled_at_any_moment_the_next_run_goes_on(fresh, finished):
    counter = Log()
    fresh.measure(counter, OUTPUT=str(fresh.package.with_name("probe")))
    for moment in range(1, counter.asked, 3):
        package = fresh.package.with_name(f"paket{moment}")
        assert_clear(error_of(fresh, Log(cancel_at=moment), OUTPUT=str(package)), "Cancelled")
        fresh.measure(OUTPUT=str(package))
        assert keys_of(package) == keys_of(finished.package)


def test_cancelled_from_another_thread_what_was_done_stays_done(fresh, finished):
    log = Log()

    class Watcher(Log):
        def setProgressText(self, text: str) -> None:
            if "Forest" in text:
                threading.Thread(target=log.cancel).start()
            super().setProgressText(text)

    log = Watcher()
    assert_clear(error_of(fresh, log), "Cancelled")
    said = json.loads((fresh.package / MANIFEST).read_text(encoding="utf-8"))["steps"]
    assert said[FLOODED]["status"] == "fertig"
    assert PARCELS not in said
    fresh.measure()
    assert FLOODED not in ran(fresh.package)
    assert keys_of(fresh.package) == keys_of(finished.package)


def test_a_run_that_waits_for_the_main_thread_can_be_cancelled(qgis_app):
    """The main thread waits for the run itself, as at the end of QGIS, and never comes to the work."""
    feedback, done, said = QgsProcessingFeedback(False), [], []

    def work() -> None:
        try:
            on_main_thread(lambda: done.append(1), feedback)
        except QgsProcessingException as error:
            said.append(str(error))

    thread = threading.Thread(target=work)
    thread.start()
    feedback.cancel()
    thread.join()
    QCoreApplication.processEvents()
    assert (len(said), done) == (1, [])


def test_what_the_main_thread_raises_comes_back(qgis_app, qtbot):
    said = []

    def fail() -> None:
        raise ValueError("im Hauptthread")

    def work() -> None:
        try:
            on_main_thread(fail, QgsProcessingFeedback(False))
        except ValueError as error:
            said.append(str(error))

    thread = threading.Thread(target=work)
    thread.start()
    qtbot.waitUntil(lambda: said == ["im Hauptthread"])
    thread.join()


# -- no room and no permission ------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [0, 4_096, 65_536, 150_000, 250_000])
def test_a_full_disk_is_told_and_the_next_run_goes_on(fresh, finished, size):
    with no_more_room(size):
        said = error_of(fresh)
    assert_clear(said, str(fresh.package), "ergebnis.gpkg")
    assert "Another run" not in said
    fresh.measure()
    assert keys_of(fresh.package) == keys_of(finished.package)


@pytest.fixture
def open_to_all(fresh):
    """Let everybody write where the package goes."""
    fresh.package.mkdir()
    fresh.package.chmod(0o777)
    return fresh


@pytest.mark.parametrize("inside", [[], ["karten"]])
def test_a_folder_that_cannot_be_written_is_told(fresh, inside):
    fresh.package.mkdir()
    for name in inside:
        (fresh.package / name).mkdir()
    fresh.package.chmod(0o555)
    with ordinary_user(fresh.package):
        said = error_of(fresh)
    fresh.package.chmod(0o755)
    assert_clear(said, str(fresh.package))
    assert "cannot be written" in said
    assert [path.name for path in fresh.package.iterdir()] == inside


def test_a_package_that_can_only_be_read_stays_as_it_is(measured):
    before = {path: path.read_bytes() for path in measured.package.rglob("*") if path.is_file()}
    for path in (measured.package, *measured.package.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)
    with ordinary_user(measured.package):
        said = error_of(measured)
        plan = measured.measure(CHECK_ONLY=True).results["MEASURED"]
    for path in (measured.package, *measured.package.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    assert ("cannot be written" in said, plan) == (True, 3)
    assert {p: p.read_bytes() for p in measured.package.rglob("*") if p.is_file()} == before


def test_a_place_where_no_folder_can_be_made_is_told(fresh):
    fresh.place.chmod(0o555)
    with ordinary_user(fresh.place / "paket"):
        said = error_of(fresh, OUTPUT=str(fresh.place / "paket"))
    fresh.place.chmod(0o755)
    assert "cannot be written" in said


def test_a_file_that_may_not_be_read_keeps_its_step_waiting(open_to_all):
    town = open_to_all
    saved(forests(), town.place / "wald.gpkg")
    (town.place / "monitoring.yaml").write_text(
        f"monitoring: 1\nsteps:\n  hz02_roof_greening: skip\n  {FOREST}: {{layers: {{FOREST: none}}}}\n"
    )
    closed, folder = town.place / "feldbloecke.gpkg", town.place / "zu"
    saved(forests(), closed)
    folder.mkdir()
    for path in (closed, folder):
        path.chmod(0)
    with ordinary_user(town.package):
        found = town.measure()
    closed.chmod(0o644)
    folder.chmod(0o755)
    assert "No layer can be read from: feldbloecke.gpkg, zu." in found.results["PLAN"]
    report = (town.package / REPORT).read_text(encoding="utf-8")
    assert "feldbloecke.gpkg, zu." in report.partition("Not measured")[2]
