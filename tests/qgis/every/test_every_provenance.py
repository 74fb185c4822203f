"""Every layer and table that an algorithm writes tells in its metadata where it comes from."""

from __future__ import annotations

from pathlib import Path

import pytest
from gruene_infra.gruene_infra_plugin.i18n import language
from gruene_infra.gruene_infra_plugin.paths import plugin_version
from qgis.core import (
    QgsLayerMetadata,
    QgsMapLayer,
    QgsNativeMetadataValidator,
    QgsProject,
    QgsVectorLayer,
)

from .every_algorithm import BY_ID, SINKS, definitions
from .examples import example
from .test_every_result_loaded import parameters_of

WRITING = [name for name in BY_ID if definitions(name, *SINKS)]
every_writing_algorithm = pytest.mark.parametrize("algorithm_id", WRITING)


def layers_of(value: object) -> list[QgsMapLayer]:
    values = value if isinstance(value, list) else [value]
    return [one for one in values if isinstance(one, QgsMapLayer)]


def assert_tells(metadata: QgsLayerMetadata, algorithm_id: str, parameters: dict) -> None:
    """Assert that metadata are whole, and name algorithm, version and everything that was given."""
    valid, problems = QgsNativeMetadataValidator().validate(metadata)
    assert valid, [(problem.section, problem.note) for problem in problems]
    history = metadata.history()
    title = BY_ID[algorithm_id].entry.title.get(language())
    assert history[0] == f"Algorithm gruene_infra:{algorithm_id} ({title})"
    assert history[1].startswith(f"Plugin Grüne Infrastruktur Ruhr {plugin_version()}, QGIS ")
    for name, value in parameters.items():
        definition = BY_ID[algorithm_id].parameterDefinition(name)
        if layers_of(value):
            for layer in layers_of(value):
                assert any(line.startswith(f"Input {name}: {layer.name()}") for line in history), name
        elif definition.type() in ("field", "string") and value and name != "WHO":
            assert f"Parameter {name} = {value}" in history, name


@every_writing_algorithm
def test_in_geopackages_it_is_stored_exported_and_read_back(run, tmp_path, algorithm_id):
    given, made = tmp_path / "eingaben", tmp_path / "ergebnisse"
    given.mkdir()
    made.mkdir()
    parameters = example(BY_ID[algorithm_id], given)
    others = {
        d.name(): str(made / f"{d.name()}.{d.defaultFileExtension()}")
        for d in BY_ID[algorithm_id].destinationParameterDefinitions()
    }
    sinks = {d.name(): str(made / f"{d.name()}.gpkg") for d in definitions(algorithm_id, *SINKS)}
    results = run(algorithm_id, **(parameters | others | sinks)).results
    for name in sinks.keys() & results.keys():
        layer = QgsVectorLayer(results[name], name, "ogr")
        told = layer.metadata()
        assert_tells(told, algorithm_id, parameters)
        label = BY_ID[algorithm_id].parameterDefinition(name).description()
        assert told.title().endswith(f": {label}")
        if layer.isSpatial() and layer.featureCount():
            (place,) = told.extent().spatialExtents()
            assert (told.crs(), place.extentCrs) == (layer.crs(), layer.crs())
            assert place.bounds.toRectangle().contains(layer.extent())
        exported = str(made / f"{name}.qmd")
        _, done = layer.saveNamedMetadata(exported)
        assert done
        other = QgsVectorLayer("NoGeometry", "leer", "memory")
        _, done = other.loadNamedMetadata(exported)
        assert done
        assert other.metadata() == told
        for place in (str(given), str(Path.home()), str(tmp_path)):
            assert place not in Path(exported).read_text(encoding="utf-8")


@pytest.mark.parametrize("algorithm_id", [name for name in WRITING if BY_ID[name].styles])
def test_in_layers_that_qgis_loads(processing, provider, tmp_path, algorithm_id):
    parameters = parameters_of(algorithm_id, tmp_path)
    processing.runAndLoadResults(f"gruene_infra:{algorithm_id}", parameters)
    labels = {
        BY_ID[algorithm_id].parameterDefinition(name).description() for name in BY_ID[algorithm_id].styles
    }
    loaded = [layer for layer in QgsProject.instance().mapLayers().values() if layer.name() in labels]
    assert len(loaded) == len(labels)
    for layer in loaded:
        assert_tells(layer.metadata(), algorithm_id, {})
        (place,) = layer.metadata().extent().spatialExtents() or [None]
        assert place is not None or not layer.featureCount()
