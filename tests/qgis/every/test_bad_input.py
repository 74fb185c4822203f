"""Every algorithm against every kind of bad input; a new one in the provider takes part by itself."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from gruene_infra.gruene_infra_plugin.catalogue import Entry
from gruene_infra.gruene_infra_plugin.spatial.writing.outputs import Outputs
from osgeo import gdal
from qgis.core import (
    Qgis,
    QgsCoordinateReferenceSystem,
    QgsFeatureSink,
    QgsMapLayer,
    QgsProcessingFeatureSourceDefinition,
    QgsProcessingParameterDefinition,
    QgsProject,
    QgsRasterLayer,
    QgsVectorLayer,
    QgsWkbTypes,
)
from qgis.PyQt.QtCore import QDate, Qt

from ...full_disk import no_more_room
from ...layer_factory import UTM, box, layer, reprojected, rows, saved
from ...runs import Log
from .bad_input import (
    BAD_RASTERS,
    CASES,
    NASTY,
    Case,
    Outcome,
    assert_clear,
    assert_honest,
    assert_same,
    assert_same_details,
    files_in,
    locked,
    tables_of,
    with_columns,
)
from .every_algorithm import (
    BY_ID,
    LAYERS,
    SINKS,
    definitions,
    every_algorithm,
    every_algorithm_with,
    every_algorithm_with_layers,
    layer_of,
    replaced,
)
from .examples import EXAMPLES, anew, example
from .ways import WAYS, targets


def names_of(algorithm_id: str, name: str, value: object) -> list[str]:
    """What a message may call a parameter: its name, its label, its layer, its file."""
    label = BY_ID[algorithm_id].parameterDefinition(name).description()
    layer = layer_of(value)
    return [name, label, layer.name(), layer.source()]


# -- the layers --------------------------------------------------------------------------------------------


def spoilable() -> Iterator:
    """Every layer of every example with every case that its geometry allows."""
    for algorithm_id, algorithm in BY_ID.items():
        with tempfile.TemporaryDirectory() as folder:
            parameters = example(algorithm, Path(folder))
            for definition in definitions(algorithm_id, *LAYERS):
                name = definition.name()
                if name in parameters:
                    kind = QgsWkbTypes.geometryType(layer_of(parameters[name]).wkbType())
                    for case in CASES:
                        if kind in case.kinds and not _is_taken(case, algorithm.entry, definition):
                            yield pytest.param(
                                algorithm_id, name, case, id=f"{algorithm_id}-{name}-{case.name}"
                            )


def _is_taken(case: Case, entry: Entry, definition: QgsProcessingParameterDefinition) -> bool:
    """Return whether the case is a geometry type that the parameter takes."""
    types = {
        "points": Qgis.ProcessingSourceType.VectorPoint,
        "lines": Qgis.ProcessingSourceType.VectorLine,
        "polygons": Qgis.ProcessingSourceType.VectorPolygon,
    }
    if definition.type() == "multilayer":
        return case.name in [f"{word}s" for word in entry.parameters[definition.name()].of]
    return definition.type() == "source" and types.get(case.name) in definition.dataTypes()


@pytest.mark.parametrize(("algorithm_id", "name", "case"), spoilable())
def test_a_spoiled_layer_never_gives_a_wrong_number(algorithm_id, name, case, attempt, clean, tmp_path):
    parameters = example(BY_ID[algorithm_id], tmp_path)
    spoiled = case.spoil(layer_of(parameters[name]), tmp_path)
    found = attempt(algorithm_id, replaced(parameters, name, spoiled))
    if found.error:
        names = names_of(algorithm_id, name, parameters[name]) + names_of(algorithm_id, name, spoiled)
        assert case.outcome is Outcome.REFUSED, found.error
        assert_clear(found.error, *names)
        assert re.search(case.says, found.error)
        assert not files_in(attempt.out), "something half-written was left"
    elif case.outcome is Outcome.REFUSED:
        assert not BY_ID[algorithm_id].entry.measures_a_goal, "a result from an input that cannot be used"
        assert len(files_in(attempt.out)) == len(BY_ID[algorithm_id].destinationParameterDefinitions())
    else:
        assert_same(found.findings, clean(algorithm_id).findings, case.tolerance)
        assert_same_details(found, clean(algorithm_id), case.tolerance)
        assert re.search(case.says, found.log) or not BY_ID[algorithm_id].entry.measures_a_goal


def broken_layer(kind: str) -> QgsMapLayer:
    """Return a layer whose data are gone, as a project keeps it."""
    if kind == "raster":
        made = QgsRasterLayer("/nirgends/fehlt.tif", "Verschollen")
    else:
        made = QgsVectorLayer("/nirgends/fehlt.gpkg|layername=x", "Verschollen", "ogr")
    made.setCrs(QgsCoordinateReferenceSystem(UTM))
    assert not made.isValid()
    return made


@pytest.mark.parametrize("given", ["layer", "id", "name"])
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("algorithm_id", "name"), [(n, d.name()) for n in BY_ID for d in definitions(n, *LAYERS, "raster")]
)
def test_a_layer_whose_data_are_gone_is_called_by_its_name(
    provider, algorithm_id, name, way, given, tmp_path
):
    out = tmp_path / "out"
    out.mkdir()
    parameters = example(BY_ID[algorithm_id], tmp_path) | targets(algorithm_id, out)
    definition = BY_ID[algorithm_id].parameterDefinition(name)
    gone = broken_layer(definition.type())
    if given != "layer":
        QgsProject.instance().addMapLayer(gone)
    value = {"layer": gone, "id": gone.id(), "name": gone.name()}[given]
    spoiled = parameters | {name: [value] if definition.type() == "multilayer" else value}
    said = WAYS[way](algorithm_id, spoiled)
    assert f"{definition.description()}: the layer Verschollen cannot be read. Repair its data" in said
    assert not files_in(out)


@pytest.mark.parametrize("name", ["<img src=x>", "<b>Bestand</b>", "a &lt;b", "[% env('HOME') %]"])
@every_algorithm_with_layers
def test_the_box_in_which_a_dialog_refuses_shows_names_as_they_are(algorithm_id, name, tmp_path):
    parameters = example(BY_ID[algorithm_id], tmp_path)
    gone = broken_layer("vector")
    gone.setName(name)
    (layer_name, *_) = [d.name() for d in definitions(algorithm_id, *LAYERS) if d.name() in parameters]
    said = WAYS["dialog"](algorithm_id, replaced(parameters, layer_name, gone))
    assert name in said
    assert not Qt.mightBeRichText(said)


@pytest.mark.parametrize("case", BAD_RASTERS)
@pytest.mark.parametrize(
    ("algorithm_id", "name"), [(n, d.name()) for n in BY_ID for d in definitions(n, "raster")]
)
def test_a_raster_that_cannot_be_used_is_refused_by_name(algorithm_id, name, case, attempt, tmp_path):
    parameters = example(BY_ID[algorithm_id], tmp_path)
    found = attempt(algorithm_id, parameters | {name: BAD_RASTERS[case](tmp_path)})
    label = BY_ID[algorithm_id].parameterDefinition(name).description()
    assert_clear(found.error, name, label)
    assert not files_in(attempt.out), "something half-written was left"


@every_algorithm
def test_the_clean_example_gives_a_result_worth_comparing(algorithm_id, clean, tmp_path):
    """If this fails for a new algorithm: give it an entry in examples.EXAMPLES."""
    parameters = example(BY_ID[algorithm_id], tmp_path)
    layers = definitions(algorithm_id, *LAYERS)
    assert not layers or any(d.name() in parameters for d in layers)
    if definitions(algorithm_id, *SINKS):
        made = clean(algorithm_id)
        assessed = [row for row in made.findings if row["wert"]]
        prepared = [] if made.findings else [row for table in made.details.values() for row in table]
        assert assessed or prepared, f"nothing but 0 or NULL: give {algorithm_id} an example"
    if BY_ID[algorithm_id].entry.measures_a_goal:
        unused = {d.name() for d in definitions(algorithm_id, *LAYERS, "field")} - parameters.keys()
        assert not unused, f"the example of {algorithm_id} leaves out {unused}"


def test_every_example_belongs_to_an_algorithm():
    assert set(EXAMPLES) <= set(BY_ID)


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:3857", "EPSG:31467"])
@every_algorithm
def test_all_layers_in_another_crs_give_the_same_areas(algorithm_id, crs, attempt, clean, tmp_path):
    parameters = example(BY_ID[algorithm_id], tmp_path)
    for definition in definitions(algorithm_id, *LAYERS):
        layer = layer_of(parameters[definition.name()])
        if layer.crs().isValid():
            parameters = replaced(parameters, definition.name(), reprojected(layer, crs))
    found = attempt(algorithm_id, parameters)
    assert not found.error
    assert_same(found.findings, clean(algorithm_id).findings, 0.005)


@every_algorithm
def test_selected_features_only_means_those_and_none_selected_is_said(algorithm_id, attempt, tmp_path):
    for definition in definitions(algorithm_id, "source"):
        parameters = example(BY_ID[algorithm_id], tmp_path)
        layer = layer_of(parameters[definition.name()])
        QgsProject.instance().addMapLayer(layer)
        given = QgsProcessingFeatureSourceDefinition(layer.id(), True)
        found = attempt(algorithm_id, parameters | {definition.name(): given})
        assert_clear(found.error, layer.name())
        assert "empty" in found.error


# -- fields ------------------------------------------------------------------------------------------------


def fields_in_use() -> list:
    """Every field parameter that an example names, with the layer it belongs to."""
    found = []
    for algorithm_id, algorithm in BY_ID.items():
        with tempfile.TemporaryDirectory() as folder:
            parameters = example(algorithm, Path(folder))
        for d in definitions(algorithm_id, "field"):
            if d.name() in parameters:
                given = (algorithm_id, d.name(), d.parentLayerParameterName())
                found.append(pytest.param(*given, id=f"{algorithm_id}-{d.name()}"))
    return found


FIELDS = fields_in_use()
every_field = pytest.mark.parametrize(("algorithm_id", "name", "parent"), FIELDS)
every_field_of_content = pytest.mark.parametrize(
    ("algorithm_id", "name", "parent"),
    [given for given in FIELDS if given.values[2] != "AREAS" and given.values[1] != "NAME_FIELD"],
)


@every_field
def test_a_field_that_is_not_there_is_named_with_those_that_are(
    algorithm_id, name, parent, attempt, tmp_path
):
    parameters = example(BY_ID[algorithm_id], tmp_path)
    found = attempt(algorithm_id, parameters | {name: "gibt_es_nicht"})
    assert_clear(found.error, layer_of(parameters[parent]).name())
    assert "gibt_es_nicht" in found.error
    assert parameters[name] in found.error
    assert not files_in(attempt.out)


@every_field
def test_numbers_written_as_text_count_as_numbers(algorithm_id, name, parent, attempt, clean, tmp_path):
    parameters = example(BY_ID[algorithm_id], tmp_path)
    field = parameters[name]
    texts = with_columns(layer_of(parameters[parent]), {field: lambda row: f" {row[field]} "})
    found = attempt(algorithm_id, replaced(parameters, parent, texts))
    assert not found.error
    assert_same(found.findings, clean(algorithm_id).findings, 1e-9)


ASSUMED = {("hz23_landscape_elements", "WIDTH_FIELD"): "assumed widths in m"}
"""Fields whose unknown values an assumption stands in for, and how findings tell it."""


@pytest.mark.parametrize("value", [None, "", "unbekannt", "1998/99", "nan", "19_98"])
@every_field_of_content
def test_a_field_without_sense_is_never_taken_for_zero(
    algorithm_id, name, parent, value, attempt, clean, tmp_path
):
    parameters = example(BY_ID[algorithm_id], tmp_path)
    nonsense = with_columns(layer_of(parameters[parent]), {parameters[name]: lambda row: value})
    found = attempt(algorithm_id, replaced(parameters, parent, nonsense))
    if found.error:
        assert_clear(found.error, *names_of(algorithm_id, parent, nonsense))
    elif (note := ASSUMED.get((algorithm_id, name))) is not None:
        assert any(note in (row["annahmen"] or "") for row in found.findings)
        assert {row["status"] for row in found.findings} == {
            row["status"] for row in clean(algorithm_id).findings
        }
    else:
        assert_honest(found.findings, clean(algorithm_id).findings)


@pytest.mark.parametrize("value", [None, "unbekannt"])
def test_without_any_year_new_building_is_not_assessable_instead_of_zero(value, run):
    buildings = layer([box(0, 0, 12, 10)], {"baujahr": [value]})
    result = run(
        "hz19_floodplain_buildings",
        BUILDINGS=buildings,
        YEAR_FIELD="baujahr",
        REFERENCE_YEAR=2016,
        FLOODPLAINS=layer([box(6, -5, 100, 20)]),
    )
    new = result.finding("hz19.aue.neubau_flaeche")
    assert (new["status"], new["wert"], new["n_ausgelassen"]) == ("nicht bewertbar", None, 1)
    assert result.finding("hz19.aue.neubau_anzahl")["wert"] is None
    assert result.finding("hz19.aue.bebauung_anteil")["zaehler"] == pytest.approx(60.0)


@pytest.mark.parametrize(
    ("years", "new"), [([2020, 2000], 60.0), ([2000, 2020], 60.0), ([None, 2020], 60.0), ([2000, None], 0.0)]
)
def test_of_buildings_that_repeat_each_other_the_newest_counts_in_any_order(years, new, run):
    for order in (years, years[::-1]):
        result = run(
            "hz19_floodplain_buildings",
            BUILDINGS=layer([box(0, 0, 12, 10)] * 2, {"baujahr": order}),
            REFERENCE_YEAR=2016,
            FLOODPLAINS=layer([box(6, -5, 100, 20)]),
        )
        finding = result.finding("hz19.aue.neubau_flaeche")
        assert (finding["wert"], finding["n_objekte"]) == (pytest.approx(new), 1)
        assert "1 buildings repeat another one exactly" in result.log.text


@pytest.mark.parametrize("nasty", NASTY)
def test_attributes_arrive_unchanged(nasty, run, tmp_path):
    buildings = layer([box(0, 0, 12, 10)], {"notiz": [nasty], "a'b\"c; <i>ä {0}": [nasty]}, name=nasty)
    result = run(
        "hz19_floodplain_buildings",
        BUILDINGS=buildings,
        FLOODPLAINS=layer([box(6, -5, 100, 20)], {"klasse": [nasty]}),
        PLANNED=True,
        OUTPUT=str(tmp_path / "out.gpkg"),
    )
    (row,) = result.rows()
    assert row["notiz"] == row["a'b\"c; <i>ä {0}"] == nasty
    assert row["klasse"] == nasty.strip()
    assert row["in_aue_m2"] == pytest.approx(60.0)


# -- other parameters --------------------------------------------------------------------------------------


@pytest.mark.parametrize("value", ["31.12.2026", "2026-13-01", "gestern", 5])
@every_algorithm_with("AS_OF")
def test_a_day_that_is_none_is_refused(algorithm_id, value, attempt, tmp_path):
    found = attempt(algorithm_id, example(BY_ID[algorithm_id], tmp_path) | {"AS_OF": value})
    assert_clear(found.error, "AS_OF")
    assert not files_in(attempt.out)


@pytest.mark.parametrize("value", ["9999-12-31", "0001-01-01", QDate(20_000, 1, 1)])
@pytest.mark.parametrize(
    ("algorithm_id", "name"), [(n, d.name()) for n in BY_ID for d in definitions(n, "datetime")]
)
def test_a_day_that_stands_for_none_is_refused(algorithm_id, name, value, attempt, tmp_path):
    found = attempt(algorithm_id, example(BY_ID[algorithm_id], tmp_path) | {name: value})
    assert_clear(found.error, name)
    assert "from 1800 to 2200" in found.error
    assert not files_in(attempt.out)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("extends: ruhr\ntargets:\n  - id: hz19.aue\n    value: viel\n", 4),
        ("extends: nirgends\ngoals: []\n", 1),
        ("extends: ruhr\n  targets: [\n", 2),
    ],
)
@every_algorithm_with("STRATEGY")
def test_a_wrong_strategy_file_is_named_with_the_line(algorithm_id, text, line, attempt, tmp_path):
    file = tmp_path / "eigene.yaml"
    file.write_text(text, encoding="utf-8")
    found = attempt(algorithm_id, example(BY_ID[algorithm_id], tmp_path) | {"STRATEGY": str(file)})
    assert_clear(found.error, f"{file}:{line}:")
    assert not files_in(attempt.out)


# -- outputs -----------------------------------------------------------------------------------------------


def outputs() -> list:
    return [
        pytest.param(algorithm_id, d.name(), id=f"{algorithm_id}-{d.name()}")
        for algorithm_id, algorithm in BY_ID.items()
        for d in algorithm.destinationParameterDefinitions()
    ]


def tables_for_outputs() -> list:
    return [
        pytest.param(algorithm_id, d.name(), id=f"{algorithm_id}-{d.name()}")
        for algorithm_id in BY_ID
        for d in definitions(algorithm_id, *SINKS)
    ]


every_output = pytest.mark.parametrize(("algorithm_id", "name"), outputs())
every_table = pytest.mark.parametrize(("algorithm_id", "name"), tables_for_outputs())


@pytest.fixture
def others(tmp_path):
    """A GeoPackage with a table of somebody else, which must survive whatever happens."""
    path = tmp_path / "andere.gpkg"
    saved(layer([box(0, 0, 1, 1)], {"id": ["bleibt"]}), path, "andere")
    return path


def is_untouched(others: Path) -> bool:
    kept = rows(QgsVectorLayer(f"{others}|layername=andere", "", "ogr"))
    return tables_of(others) == {"andere"} and [row["id"] for row in kept] == ["bleibt"]


def as_table(path: Path, name: str) -> str:
    return f"ogr:dbname='{path}' table=\"{name}\" (geom)"


def suffix(algorithm_id: str, name: str) -> str:
    definition = BY_ID[algorithm_id].parameterDefinition(name)
    return "gpkg" if definition.type() in SINKS else definition.defaultFileExtension()


@pytest.mark.parametrize("obstacle", ["no folder", "a folder of that name", "a file for a folder"])
@every_output
def test_an_output_that_cannot_be_written_leaves_nothing(algorithm_id, name, obstacle, attempt, tmp_path):
    file = tmp_path / "hier" / f"x.{suffix(algorithm_id, name)}"
    if obstacle == "a folder of that name":
        file.mkdir(parents=True)
    elif obstacle == "a file for a folder":
        file.parent.write_text("", encoding="utf-8")
    found = attempt(algorithm_id, example(BY_ID[algorithm_id], tmp_path) | {name: str(file)})
    assert_clear(found.error, str(file), name)
    assert not files_in(attempt.out)


@every_table
def test_a_second_table_of_a_geopackage_is_written_beside_the_first(
    algorithm_id, name, attempt, clean, others, tmp_path
):
    parameters = example(BY_ID[algorithm_id], tmp_path) | {name: as_table(others, "neu")}
    found = attempt(algorithm_id, parameters)
    assert not found.error
    assert tables_of(others) - {"layer_styles"} == {"andere", "neu"}
    assert_same(found.findings, clean(algorithm_id).findings, 1e-9)
    assert_same_details(found, clean(algorithm_id), 1e-9)


@every_table
def test_a_locked_geopackage_is_said_and_left_alone(algorithm_id, name, attempt, others, tmp_path, impatient):
    with locked(others):
        parameters = example(BY_ID[algorithm_id], tmp_path) | {name: as_table(others, "neu")}
        found = attempt(algorithm_id, parameters)
    assert_clear(found.error, str(others), name)
    assert "locked" in found.error
    assert is_untouched(others)
    assert not files_in(attempt.out)


@every_algorithm_with_layers
def test_a_locked_geopackage_can_still_be_read(algorithm_id, attempt, clean, tmp_path, impatient):
    name = definitions(algorithm_id, *LAYERS)[0].name()
    parameters = example(BY_ID[algorithm_id], tmp_path)
    file = tmp_path / "gesperrt.gpkg"
    address = saved(layer_of(parameters[name]), file, "eins")
    with locked(file):
        found = attempt(algorithm_id, replaced(parameters, name, address))
    assert not found.error
    assert_same(found.findings, clean(algorithm_id).findings, 1e-9)


@pytest.fixture
def impatient(monkeypatch):
    """Wait half a second for a lock instead of five."""
    old = gdal.GetConfigOption("SQLITE_BUSY_TIMEOUT")
    gdal.SetConfigOption("SQLITE_BUSY_TIMEOUT", "500")
    yield
    gdal.SetConfigOption("SQLITE_BUSY_TIMEOUT", old)


@pytest.mark.parametrize(
    ("algorithm_id", "name"),
    [given for given in tables_for_outputs() if definitions(given.values[0], *LAYERS)],
)
def test_an_output_never_replaces_an_input(algorithm_id, name, attempt, tmp_path):
    layers = definitions(algorithm_id, *LAYERS)[0].name()
    parameters = example(BY_ID[algorithm_id], tmp_path)
    file = tmp_path / "eingang.gpkg"
    address = saved(layer_of(parameters[layers]), file, "eins")
    before = rows(QgsVectorLayer(address, "", "ogr"))
    for output in (str(file), as_table(file, "eins"), as_table(file, "EINS")):
        for given in (address, str(file)):
            found = attempt(algorithm_id, replaced(parameters, layers, given) | {name: output})
            assert_clear(found.error, name)
            assert "overwrite" in found.error
    assert rows(QgsVectorLayer(address, "", "ogr")) == before
    assert not files_in(attempt.out)


@pytest.mark.parametrize("algorithm_id", [n for n in BY_ID if len(definitions(n, *SINKS)) > 1])
def test_two_outputs_never_share_a_place(algorithm_id, attempt, tmp_path):
    sinks = [d.name() for d in definitions(algorithm_id, *SINKS)]
    parameters = example(BY_ID[algorithm_id], tmp_path)
    for place in (str(tmp_path / "x.gpkg"), as_table(tmp_path / "x.gpkg", "x")):
        found = attempt(algorithm_id, parameters | dict.fromkeys(sinks, place))
        assert_clear(found.error, *sinks)
    assert not (tmp_path / "x.gpkg").exists()


# -- runs that end in the middle -----------------------------------------------------------------------------


@every_algorithm
def test_cancelling_at_any_moment_leaves_nothing(algorithm_id, attempt, others, tmp_path):
    parameters = example(BY_ID[algorithm_id], tmp_path)
    counter = Log()
    assert not attempt(algorithm_id, parameters, counter).error
    for path in files_in(attempt.out):
        (attempt.out / path).unlink()
    if sinks := definitions(algorithm_id, *SINKS):
        parameters[sinks[0].name()] = as_table(others, "neu")
    for moment in range(1, counter.asked + 1):
        found = attempt(algorithm_id, anew(parameters, tmp_path), Log(cancel_at=moment))
        assert_clear(found.error, "Cancelled")
        assert is_untouched(others)
        assert not files_in(attempt.out)
    assert counter.asked > 0


@pytest.mark.parametrize("size", [0, 4_096, 50_000, 65_536])
@every_table
def test_a_full_disk_leaves_nothing(algorithm_id, name, size, attempt, tmp_path):
    file = tmp_path / "voll.gpkg"
    elsewhere = {d.name(): "TEMPORARY_OUTPUT" for d in definitions(algorithm_id, *SINKS)}
    parameters = example(BY_ID[algorithm_id], tmp_path) | elsewhere | {name: str(file)}
    with no_more_room(size):
        found = attempt(algorithm_id, parameters)
    assert_clear(found.error, str(file), name)
    assert not file.exists()
    assert not files_in(attempt.out)


class Refusing(QgsFeatureSink):
    """A sink on a full disk: it takes ``capacity`` rows and no more."""

    def __init__(self, sink: QgsFeatureSink, capacity: int) -> None:
        super().__init__()
        self.sink, self.capacity = sink, capacity

    def addFeature(self, feature, flags=QgsFeatureSink.Flag.FastInsert) -> bool:
        self.capacity -= 1
        return self.capacity >= 0 and self.sink.addFeature(feature, flags)

    def flushBuffer(self) -> bool:
        return self.sink.flushBuffer()


class Losing(Refusing):
    """A sink whose rows vanish although it says that it took them."""

    def addFeature(self, feature, flags=QgsFeatureSink.Flag.FastInsert) -> bool:
        super().addFeature(feature, flags)
        return True


class Unflushed(Refusing):
    """A sink that cannot store what it has buffered."""

    def addFeature(self, feature, flags=QgsFeatureSink.Flag.FastInsert) -> bool:
        return True

    def flushBuffer(self) -> bool:
        return False


@pytest.mark.parametrize("broken", [Refusing, Losing, Unflushed])
@every_table
def test_a_disk_that_fails_in_the_middle_leaves_nothing(
    algorithm_id, name, broken, attempt, others, tmp_path, monkeypatch
):
    opened = Outputs.open

    def open_broken(self, output, *arguments):
        opened(self, output, *arguments)
        if output == name:
            self._outputs[output].sink = broken(self._outputs[output].sink, capacity=0)

    monkeypatch.setattr(Outputs, "open", open_broken)
    parameters = example(BY_ID[algorithm_id], tmp_path) | {name: as_table(others, "neu")}
    found = attempt(algorithm_id, parameters)
    assert_clear(found.error, name, str(others))
    assert is_untouched(others)
    assert not files_in(attempt.out)
