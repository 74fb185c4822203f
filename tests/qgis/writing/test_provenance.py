"""What the metadata of a result tell of a single run: inputs by name, their licences, never a place."""

from __future__ import annotations

from pathlib import Path

import pytest
from qgis.core import (
    Qgis,
    QgsLayerMetadata,
    QgsProcessingFeatureSourceDefinition,
    QgsProcessingOutputLayerDefinition,
    QgsProject,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QDateTime

from ...layer_factory import box, layer, saved

TOWN = box(0, 0, 1000, 1000)


def forest(name: str = "wald") -> QgsVectorLayer:
    return layer([box(0, 0, 500, 200), box(600, 0, 100, 200)], {"objart": ["43002", "43002"]}, name=name)


def inputs(told: QgsLayerMetadata) -> list[str]:
    return [line for line in told.history() if line.startswith("Input ")]


def licensed(one: QgsVectorLayer, *licences: str, day: str = "") -> QgsVectorLayer:
    told = QgsLayerMetadata()
    told.setLicenses(list(licences))
    if day:
        told.setDateTime(Qgis.MetadataDateType.Published, QDateTime.fromString(day, "yyyy-MM-dd"))
    one.setMetadata(told)
    return one


def test_dates_and_licences_come_from_the_metadata_of_the_inputs(run, tmp_path):
    towns = licensed(
        layer([TOWN], {"gemeinde": ["Westen"]}, name="gemeinden"), "dl-de/zero-2-0", day="2026-01-31"
    )
    made = str(tmp_path / "ergebnis.gpkg")
    run("hz22_forest_share", FOREST=licensed(forest(), "CC-BY-4.0", "ODbL"), AREAS=towns, OUTPUT=made)
    told = QgsVectorLayer(made, "x", "ogr").metadata()
    assert inputs(told) == [
        "Input FOREST: wald; licence CC-BY-4.0, ODbL",
        "Input AREAS: gemeinden; as of 2026-01-31; licence dl-de/zero-2-0",
    ]
    assert told.licenses() == ["CC-BY-4.0, ODbL", "dl-de/zero-2-0"]


def test_of_which_inputs_no_licence_is_known_is_told_and_not_passed_on(run, tmp_path):
    towns = licensed(layer([TOWN], {"gemeinde": ["Westen"]}, name="gemeinden"), "dl-de/zero-2-0")
    made = {"OUTPUT": str(tmp_path / "a.gpkg"), "SUMMARY": str(tmp_path / "b.gpkg")}
    run("hz22_forest_share", FOREST=forest(), AREAS=towns, AS_OF="2026-06-30", **made)
    told = QgsVectorLayer(made["SUMMARY"], "x", "ogr").metadata()
    assert told.licenses() == ["dl-de/zero-2-0", "not stated: wald"]
    again = str(tmp_path / "c.gpkg")
    run("target_monitor", SUMMARIES=[made["SUMMARY"]], OUTPUT=again, REPORT=str(tmp_path / "d.html"))
    told = QgsVectorLayer(again, "x", "ogr").metadata()
    (line,) = inputs(told)
    assert line.startswith("Input SUMMARIES: b.gpkg; as of 2026-06-30; licence dl-de/zero-2-0; content key ")
    assert told.licenses() == ["dl-de/zero-2-0"]


def test_that_only_selected_features_counted_is_told(run):
    chosen = forest()
    QgsProject.instance().addMapLayer(chosen)
    chosen.selectByIds([1])
    source = QgsProcessingFeatureSourceDefinition(chosen.id(), selectedFeaturesOnly=True)
    assert inputs(run("hz22_forest_share", FOREST=source).layer().metadata()) == [
        "Input FOREST: wald; selected features only"
    ]


@pytest.mark.parametrize("ending", ["gpkg", "shp"])
def test_no_place_is_told(run, tmp_path, ending):
    data = tmp_path / "Daten von Erika"
    data.mkdir()
    address = saved(forest(), data / f"wald.{ending}")
    made = str(tmp_path / "ergebnis.gpkg")
    run("hz22_forest_share", FOREST=address, DATA_DATE=f"siehe {data}/liste.txt", OUTPUT=made)
    told = QgsVectorLayer(made, "x", "ogr").metadata()
    assert inputs(told)[0].startswith("Input FOREST: wald." + ending)
    assert "Parameter DATA_DATE = siehe liste.txt" in told.history()
    exported = tmp_path / "x.qmd"
    QgsVectorLayer(made, "x", "ogr").saveNamedMetadata(str(exported))
    assert "Erika" not in exported.read_text(encoding="utf-8")
    assert str(Path.home()) not in exported.read_text(encoding="utf-8")


def test_who_wrote_is_not_told(run, tmp_path):
    register = str(tmp_path / "register.gpkg")
    run("create_register", REGISTER=register)
    parcels = layer([TOWN], {"flstkennz": ["051234-007-1"]}, name="flurstuecke")
    given = {"REGISTER": register, "PARCELS": parcels, "GOALS": "2", "ROLE": "Bestand"}
    run("assign_parcels", WHO="Erika Mustermann", **given)
    told = run("register_at", REGISTER=register, PARCELS=parcels, DAY="2099-01-01").layer().metadata()
    assert "Erika" not in " ".join(told.history())
    assert "Input REGISTER: register.gpkg" in " ".join(inputs(told))


def test_a_shapefile_has_no_file_of_metadata_beside_and_tells_them_where_it_is_loaded(
    processing, provider, tmp_path
):
    made = tmp_path / "ergebnis.shp"
    project = QgsProject.instance()
    given = {
        "FOREST": forest(),
        "OUTPUT": QgsProcessingOutputLayerDefinition(str(made), project),
        "SUMMARY": "TEMPORARY_OUTPUT",
    }
    processing.runAndLoadResults("gruene_infra:hz22_forest_share", given)
    (loaded,) = [one for one in project.mapLayers().values() if one.source().endswith(".shp")]
    assert inputs(loaded.metadata()) == ["Input FOREST: wald"]
    assert not list(tmp_path.glob("*.qmd"))


def test_strange_signs_in_a_parameter_leave_metadata_that_can_be_read(run, tmp_path):
    made = str(tmp_path / "ergebnis.gpkg")
    run(
        "hz22_forest_share",
        FOREST=forest("wald <&> \u0007 ]]>"),
        DATA_DATE="a\u0001<b>&amp;\u2663",
        OUTPUT=made,
    )
    told = QgsVectorLayer(made, "x", "ogr").metadata()
    assert inputs(told) == ["Input FOREST: wald <&>   ]]>"]
    assert "Parameter DATA_DATE = a <b>&amp;\u2663" in told.history()


def test_long_values_are_cut(run, tmp_path):
    made = str(tmp_path / "ergebnis.gpkg")
    run("hz22_forest_share", FOREST=forest(), DATA_DATE="x" * 10_000, OUTPUT=made)
    (line,) = [line for line in QgsVectorLayer(made, "x", "ogr").metadata().history() if "DATA_DATE" in line]
    assert line == "Parameter DATA_DATE = " + "x" * 400
