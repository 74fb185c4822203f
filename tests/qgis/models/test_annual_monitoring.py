"""The annual monitoring over two years of a small town, by hand, and through qgis_process."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from qgis.core import (
    QgsApplication,
    QgsProcessingAlgRunnerTask,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProject,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QDate

from ...layer_factory import box, layer, saved
from ...runs import Log
from .results import stored

DAYS = 365
"""From one 30 June to the next."""


def town(folder: Path, width: float) -> str:
    """Write a town of 100 ha with six forests of ``width`` × 100 m into a folder."""
    folder.mkdir()
    saved(
        layer([box(0, 0, 1000, 1000)], {"gemeinde": ["Westen"], "ags": ["05999001"]}, name="gemeinden"),
        folder / "stadt.gpkg",
    )
    forests = [box(150 * k, 0, width, 100) for k in range(6)]
    saved(layer(forests, {"objart": ["43002"] * 6}, name="wald"), folder / "stadt.gpkg")
    return str(folder)


def findings(package: Path) -> str:
    return f"{package / 'ergebnis.gpkg'}|layername=befunde"


def headline(rows: list[dict]) -> dict:
    """Return the trend of the forest share of the town."""
    (found,) = (row for row in rows if row["gebiet"] == "Westen" and row["ist_leitwert"] == 1)
    return found


@pytest.fixture(scope="module")
def first_year(run, tmp_path_factory) -> Path:
    """The package of 2025, with 6 ha of forest; tests leave it as it is."""
    folder = tmp_path_factory.mktemp("erstes_jahr")
    package = folder / "2025"
    done = run(
        "annual_monitoring", INPUT=town(folder / "daten", 100), OUTPUT=str(package), AS_OF="2025-06-30"
    )
    found = headline(done.rows("trend"))
    assert (found["wert_letzt"], found["n_daten"], found["rate_jahr"]) == (6.0, 1, None)
    assert (found["status"], found["aussicht"]) == ("nicht bewertbar", None)
    return package


@pytest.fixture
def second_year(first_year, tmp_path) -> dict[str, object]:
    """What is given in 2026, with 6.6 ha of forest."""
    return {
        "INPUT": town(tmp_path / "daten", 110),
        "OUTPUT": str(tmp_path / "2026"),
        "AS_OF": "2026-06-30",
        "EARLIER": findings(first_year),
    }


def assert_two_years(found: dict) -> None:
    """6 → 6.6 % in 365 days."""
    assert (found["datum_erst"], found["wert_erst"]) == (QDate(2025, 6, 30), pytest.approx(6.0))
    assert (found["datum_letzt"], found["wert_letzt"]) == (QDate(2026, 6, 30), pytest.approx(6.6))
    assert (found["n_daten"], found["status"]) == (2, "Beitrag")
    assert found["rate_jahr"] == pytest.approx(0.6 * 365.2425 / DAYS)


def test_two_years_by_hand(run, second_year):
    done = run("annual_monitoring", **second_year)
    assert_two_years(headline(done.rows("trend")))
    package = Path(str(second_year["OUTPUT"]))
    values = done.results["CHILD_RESULTS"]["monitoring"]
    assert (values["PACKAGE"], values["REPORT"]) == (str(package), str(package / "bericht.html"))
    assert "<title>" in (package / "bericht.html").read_text(encoding="utf-8")


def test_several_earlier_years_as_addresses_or_layers_of_the_project(run, first_year, second_year, tmp_path):
    """4, 6 and 6.6 %, a year apart: their line of least squares rises by half of 2.6 per year."""
    before = tmp_path / "2024"
    old = {"INPUT": town(tmp_path / "alt", 400 / 6), "OUTPUT": str(before), "AS_OF": "2024-06-30"}
    run("annual_monitoring", **old)
    layers = [QgsVectorLayer(findings(package), package.name, "ogr") for package in (before, first_year)]
    QgsProject.instance().addMapLayers(layers)
    ways = (
        [findings(before), findings(first_year)],
        [one.id() for one in layers],
        layers,
    )
    for earlier in ways:
        found = headline(run("annual_monitoring", **second_year | {"EARLIER": earlier}).rows("trend"))
        assert (found["n_daten"], found["wert_erst"]) == (3, pytest.approx(4.0))
        assert found["rate_jahr"] == pytest.approx(1.3 * 365.2425 / DAYS)


@pytest.mark.parametrize("end", ["", "/"])
def test_the_folder_of_an_earlier_year_is_refused_before_anything_is_replaced(
    run, first_year, second_year, end
):
    before = stored_findings(first_year)
    opened = QgsVectorLayer(findings(first_year), "2025", "ogr")
    QgsProject.instance().addMapLayer(opened)
    for earlier in (findings(first_year), [findings(first_year)], opened.id(), opened):
        with pytest.raises(QgsProcessingException, match="Choose a new folder for this year"):
            run("annual_monitoring", **second_year | {"OUTPUT": f"{first_year}{end}", "EARLIER": earlier})
    assert stored_findings(first_year) == before


def stored_findings(package: Path) -> list[tuple]:
    with closing(sqlite3.connect(package / "ergebnis.gpkg")) as database:
        return database.execute("SELECT * FROM befunde").fetchall()


def test_in_the_thread_of_a_dialog(provider, second_year, qtbot, tmp_path):
    context, log = QgsProcessingContext(), Log()
    context.setProject(QgsProject.instance())
    given = {**second_year, "trend": str(tmp_path / "trend.gpkg")}
    task = QgsProcessingAlgRunnerTask(provider.algorithm("annual_monitoring").create(), given, context, log)
    with qtbot.waitSignal(task.executed, timeout=60_000) as ended:
        QgsApplication.taskManager().addTask(task)
    done, _ = ended.args
    assert done, log.errors
    assert_two_years(headline(stored(tmp_path / "trend.gpkg")))


def test_through_qgis_process(qgis_process, second_year, tmp_path):
    said = qgis_process("annual_monitoring", **second_year, trend=tmp_path / "trend.gpkg")
    assert_two_years(headline(stored(tmp_path / "trend.gpkg")))
    assert f"Report: {tmp_path / '2026' / 'bericht.html'}" in said
