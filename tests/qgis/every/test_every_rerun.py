"""Every algorithm that hands attributes on, run on its own result: the same result, under the same names."""

from __future__ import annotations

import pytest
from osgeo import ogr
from qgis.core import (
    QgsNullSymbolRenderer,
    QgsProcessingContext,
    QgsProcessingOutputLayerDefinition,
    QgsProject,
    QgsVectorLayer,
)
from qgis.utils import spatialite_connect

from ...layer_factory import rows, saved
from ...runs import Log
from .bad_input import Attempt, assert_same, assert_same_details, files_in, with_columns
from .every_algorithm import (
    BY_ID,
    LAYERS,
    SINKS,
    definitions,
    every_algorithm_with_layers,
    layer_of,
    replaced,
)
from .examples import example
from .ways import targets

HANDING_ON = {
    *("hz02_new_buildings", "hz02_roof_greening", "hz19_floodplain_buildings", "hz23_landscape_elements"),
    "parcel_potential",
    "space_types",
}
"""Algorithms of which the tests here must find that they hand attributes on."""


class Handing:
    """An algorithm with its example, in which each layer has a column of its own."""

    def __init__(self, algorithm_id: str, attempt, folder) -> None:
        self._id, self._attempt, self._folder = algorithm_id, attempt, folder
        self.parameters = example(BY_ID[algorithm_id], folder)
        for name in [d.name() for d in definitions(algorithm_id, *LAYERS) if d.name() in self.parameters]:
            marked = with_columns(layer_of(self.parameters[name]), {f"aus_{name}": lambda _: "ja"})
            self.parameters = replaced(self.parameters, name, marked)
        self.first = self.run({})
        assert not self.first.error

    def run(self, layers: dict[str, QgsVectorLayer]) -> Attempt:
        parameters = self.parameters
        for name, source in layers.items():
            parameters = replaced(parameters, name, source)
        return self._attempt(self._id, parameters)

    def result(self, output: str) -> QgsVectorLayer:
        """Return what the last run made, as a file that the next one does not replace."""
        made = QgsVectorLayer(str(self._attempt.out / f"{output}.gpkg"), output, "ogr")
        return QgsVectorLayer(saved(made, self._folder / f"{output}_vorher.gpkg", output), output, "ogr")

    def pairs(self) -> list[tuple[str, str]]:
        """Return the layers whose attributes come out, and where."""
        marks = {name: f"aus_{name}" for name in self.parameters}
        outputs = {d.name(): self.result(d.name()) for d in definitions(self._id, *SINKS)}
        return [
            (name, output)
            for output, made in outputs.items()
            for name, mark in marks.items()
            if made.fields().lookupField(mark) >= 0
        ]


@pytest.fixture
def handing(algorithm_id, attempt, tmp_path) -> Handing:
    return Handing(algorithm_id, attempt, tmp_path)


def names_of(layer: QgsVectorLayer) -> list[str]:
    return [name for name in layer.fields().names() if name != "fid"]


@every_algorithm_with_layers
def test_a_second_run_replaces_the_columns_of_the_first(algorithm_id, handing):
    pairs = handing.pairs()
    assert bool(pairs) == (algorithm_id in HANDING_ON)
    for name, output in pairs:
        before = handing.result(output)
        again = handing.run({name: before})
        assert not again.error
        assert names_of(handing.result(output)) == names_of(before)
        assert_same(again.findings, handing.first.findings, 1e-9)
        assert_same_details(again, handing.first, 1e-9)
        assert "results of an earlier run are replaced" in again.log


@every_algorithm_with_layers
def test_the_first_result_may_be_a_shapefile(algorithm_id, handing, tmp_path):
    for name, output in handing.pairs():
        before = handing.result(output)
        again = handing.run({name: QgsVectorLayer(saved(before, tmp_path / "vorher.shp"), output, "ogr")})
        assert not again.error
        assert_same(again.findings, handing.first.findings, 1e-9)
        cut = [column[:8] for column in names_of(before)]
        assert [column[:8] for column in names_of(handing.result(output))] == cut
        assert "results of an earlier run are replaced" in again.log


@every_algorithm_with_layers
def test_a_field_of_the_user_keeps_its_values_under_another_name(algorithm_id, handing):
    for name, output in handing.pairs():
        given = layer_of(handing.parameters[name])
        column = names_of(handing.result(output))[-1]
        assert column not in given.fields().names()
        found = handing.run({name: with_columns(given, {column.upper(): lambda _: "eigen"})})
        assert not found.error
        assert {row[f"{column.upper()}_eingabe"] for row in rows(handing.result(output))} == {"eigen"}
        assert_same(found.findings, handing.first.findings, 1e-9)
        assert_same_details(found, handing.first, 1e-9)
        assert f"“{column.upper()}” is called “{column.upper()}_eingabe”" in found.log


def with_too_much(source: QgsVectorLayer, path) -> QgsVectorLayer:
    """Return a layer with a field of three signs that holds seven, which a GeoPackage does not mind."""
    saved(source, path, "ebene")
    narrow = ogr.FieldDefn("kuerzel", ogr.OFTString)
    narrow.SetWidth(3)
    dataset = ogr.Open(str(path), update=1)
    dataset.GetLayer(0).CreateField(narrow)
    dataset = None  # closes the file
    with spatialite_connect(str(path)) as connection:
        connection.execute("UPDATE ebene SET kuerzel = 'viel<b>'")
    return QgsVectorLayer(f"{path}|layername=ebene", "Zu lang", "ogr")


@pytest.mark.parametrize("algorithm_id", sorted(HANDING_ON))
def test_a_field_that_holds_more_than_it_can_is_named(algorithm_id, attempt, tmp_path):
    parameters = example(BY_ID[algorithm_id], tmp_path)
    named = 0
    for name in [d.name() for d in definitions(algorithm_id, *LAYERS) if d.name() in parameters]:
        spoiled = with_too_much(layer_of(parameters[name]), tmp_path / f"{name}.gpkg")
        found = attempt(algorithm_id, replaced(parameters, name, spoiled))
        if found.error:
            named += 1
            assert "the field “kuerzel” cannot hold “viel<b>” (String of length 7 exceeds" in found.error
            assert not files_in(attempt.out)
        for file in files_in(attempt.out):
            (attempt.out / file).unlink()
    assert named >= 1


@pytest.mark.parametrize("algorithm_id", [name for name, algorithm in BY_ID.items() if algorithm.styles])
def test_results_that_qgis_loads_are_styled_in_each_run_of_a_session(algorithm_id, tmp_path):
    algorithm, project = BY_ID[algorithm_id], QgsProject.instance()
    for folder in (tmp_path / "eins", tmp_path / "zwei"):
        folder.mkdir()
        outputs = targets(algorithm_id, folder)
        loaded = {
            name: QgsProcessingOutputLayerDefinition(outputs[name], project) for name in algorithm.styles
        }
        context, log = QgsProcessingContext(), Log()
        context.setProject(project)
        algorithm.create().run(example(algorithm, folder) | outputs | loaded, context, log)
        assert log.errors == []
        for name in algorithm.styles:
            made = QgsVectorLayer(outputs[name], name, "ogr")
            made.setRenderer(QgsNullSymbolRenderer())
            details = context.layerToLoadOnCompletionDetails(outputs[name])
            details.postProcessor().postProcessLayer(made, context, log)
            assert made.renderer().type() != "nullSymbol"
