"""No output replaces an input, another output or a register, however it is spelled and a run is started."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from gruene_infra.gruene_infra_plugin.register.geopackage import is_register
from gruene_infra.gruene_infra_plugin.register.postgis import PostgresPlace, schema_at
from gruene_infra.gruene_infra_plugin.register.store import Register
from gruene_infra.processing.guard import check_outputs
from gruene_infra.processing.parameters import settled
from osgeo import gdal
from qgis.core import (
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeatureSourceDefinition,
    QgsProcessingOutputLayerDefinition,
    QgsProject,
    QgsProperty,
    QgsVectorFileWriter,
    QgsVectorLayer,
)

from ...layer_factory import box, layer, saved
from ...postgres import Server
from .bad_input import assert_clear, files_in, locked, tables_of
from .every_algorithm import BY_ID, LAYERS, SINKS, definitions, layer_of, replaced
from .examples import empty_register, example
from .ways import WAYS, targets

pytestmark = pytest.mark.usefixtures("provider")
every_way = pytest.mark.parametrize("way", WAYS)


def outputs() -> list:
    return [
        pytest.param(algorithm_id, d.name(), id=f"{algorithm_id}-{d.name()}")
        for algorithm_id in BY_ID
        for d in BY_ID[algorithm_id].destinationParameterDefinitions()
    ]


every_output = pytest.mark.parametrize(("algorithm_id", "name"), outputs())
every_output_with_layers = pytest.mark.parametrize(
    ("algorithm_id", "name"), [given for given in outputs() if definitions(given.values[0], *LAYERS)]
)


def is_table(algorithm_id: str, name: str) -> bool:
    return BY_ID[algorithm_id].parameterDefinition(name).type() in SINKS


def as_table(path: Path, name: str) -> str:
    return f"ogr:dbname='{path}' table=\"{name}\" (geom)"


def contents(folder: Path) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in files_in(folder)}


# -- files --------------------------------------------------------------------------------------------------


@pytest.fixture
def shelf(tmp_path) -> Path:
    """A folder for what must stay as it is."""
    folder = tmp_path / "Ablage"
    folder.mkdir()
    return folder


def other_names(path: Path) -> list[Path]:
    """Return a file under a detour, behind a link, and as a second name of the same file."""
    symbolic, hard = path.with_name("weich.gpkg"), path.with_name("hart.gpkg")
    symbolic.symlink_to(path)
    os.link(path, hard)
    return [path.parent / ".." / path.parent.name / path.name, symbolic, hard]


@every_output_with_layers
def test_an_input_with_many_tables_stays_whole(algorithm_id, name, shelf, tmp_path):
    """The file alone, without a table, would take all twelve tables with it."""
    layers = definitions(algorithm_id, *LAYERS)[0].name()
    parameters = example(BY_ID[algorithm_id], tmp_path) | targets(algorithm_id, tmp_path)
    path = shelf / "zwölf.gpkg"
    for k in range(11):
        saved(layer([box(k, 0, 1, 1)], {"id": [k]}), path, f"t{k}")
    address = saved(layer_of(parameters[layers]), path, "eins")
    places = [path, *other_names(path)]
    before = contents(shelf)
    spellings = [str(place) for place in places]
    if is_table(algorithm_id, name):
        spellings += [as_table(place, table) for place in places for table in ("eins", "EINS")]
        spellings += [str(path.with_suffix("")), f"ogr:{path}"]
    for way, start in WAYS.items():
        for spelling in spellings if way == "script" else spellings[:1]:
            said = start(algorithm_id, replaced(parameters, layers, address) | {name: spelling})
            assert f"{name} would overwrite" in said, (way, spelling)
    assert contents(shelf) == before
    assert len(tables_of(path) - {"layer_styles"}) == 12


@every_output_with_layers
def test_no_part_of_a_shapefile_is_replaced(algorithm_id, name, shelf, tmp_path):
    layers = definitions(algorithm_id, *LAYERS)[0].name()
    parameters = example(BY_ID[algorithm_id], tmp_path) | targets(algorithm_id, tmp_path)
    options = QgsVectorFileWriter.SaveVectorOptions()
    options.driverName = "ESRI Shapefile"
    context = QgsProject.instance().transformContext()
    path = shelf / "eingang.shp"
    QgsVectorFileWriter.writeAsVectorFormatV3(layer_of(parameters[layers]), str(path), context, options)
    given = next(str(path.with_suffix(s)) for s in (".shp", ".dbf") if path.with_suffix(s).exists())
    before = contents(shelf)
    for way, start in WAYS.items():
        for ending in (".shp", ".dbf"):
            target = str(path.with_suffix(ending))
            said = start(algorithm_id, replaced(parameters, layers, given) | {name: target})
            assert f"{name} would overwrite" in said, (way, ending)
    assert contents(shelf) == before


@every_output
def test_a_register_is_never_replaced_nor_given_a_table(algorithm_id, name, shelf, tmp_path):
    """Not even one that is no input of the run, under any name, and while somebody writes to it."""
    path = Path(empty_register(shelf))
    parameters = example(BY_ID[algorithm_id], tmp_path) | targets(algorithm_id, tmp_path)
    places = [path, *other_names(path)]
    before = contents(shelf)
    spellings = [str(place) for place in places]
    if is_table(algorithm_id, name):
        names = ("ergebnis", "zuordnung", "flurstueck", "verlauf")
        spellings += [as_table(place, table) for place in places for table in names]
        spellings += [f"spatialite://dbname='{path}' table=\"ergebnis\" (geom)"]
        spellings += [str(path.with_suffix("")), f"ogr:{path}"]
    for way, start in WAYS.items():
        for spelling in spellings if way == "script" else spellings[:1]:
            said = start(algorithm_id, parameters | {name: spelling})
            assert f"{name} would overwrite the register" in said, (way, spelling)
    with locked(path):
        said = WAYS["script"](algorithm_id, parameters | {name: str(path)})
    assert f"{name} would overwrite the register" in said
    assert contents(shelf) == before


@every_output
def test_the_register_and_the_strategy_of_a_run_are_not_replaced(algorithm_id, name, shelf, tmp_path):
    parameters = example(BY_ID[algorithm_id], tmp_path) | targets(algorithm_id, tmp_path)
    strategy = shelf / "eigene.yaml"
    strategy.write_text("extends: ruhr\n", encoding="utf-8")
    given = {"REGISTER": empty_register(shelf), "STRATEGY": str(strategy)}
    for other, path in given.items():
        if BY_ID[algorithm_id].parameterDefinition(other) and (other in parameters or other == "STRATEGY"):
            for way, start in WAYS.items():
                said = start(algorithm_id, parameters | {other: path, name: path})
                assert f"{name} would overwrite {other}" in said, way
    assert strategy.read_text(encoding="utf-8") == "extends: ruhr\n"


@every_way
@pytest.mark.parametrize(
    "algorithm_id", [n for n in BY_ID if len(BY_ID[n].destinationParameterDefinitions()) > 1]
)
def test_two_outputs_never_share_a_place(algorithm_id, way, tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    parameters = example(BY_ID[algorithm_id], tmp_path)
    names = [d.name() for d in BY_ID[algorithm_id].destinationParameterDefinitions()]
    for place in (out / "x.gpkg", out / "x"):
        given = dict.fromkeys(names, str(out / "x.gpkg")) | {names[0]: str(place)}
        said = WAYS[way](algorithm_id, parameters | given)
        if all(is_table(algorithm_id, name) for name in names) or place.suffix:
            assert f"{names[1]} would overwrite {names[0]}" in said
    assert not files_in(out)


def test_tiles_and_maps_that_are_read_are_not_replaced(tmp_path):
    parameters = example(BY_ID["import_lod2"], tmp_path)
    tile, other = Path(parameters["TILES"][0]), tmp_path / "anders.gml"
    os.link(tile, other)
    for given in (parameters, {"FOLDER": str(tmp_path)}):
        for place in (tile, other):
            outputs = targets("import_lod2", tmp_path) | {"BUILDINGS": str(place)}
            for way, start in WAYS.items():
                assert "BUILDINGS would overwrite" in start("import_lod2", given | outputs), way
    picture = tmp_path / "karte.png"
    gdal.GetDriverByName("PNG").CreateCopy(str(picture), gdal.GetDriverByName("MEM").Create("", 4, 4))
    monitor = example(BY_ID["target_monitor"], tmp_path) | targets("target_monitor", tmp_path)
    said = WAYS["model"]("target_monitor", monitor | {"MAPS": [str(picture)], "REPORT": str(picture)})
    assert "REPORT would overwrite MAPS" in said


def test_only_what_has_the_tables_of_a_register_is_one(shelf):
    ours, foreign, words = Path(empty_register(shelf)), shelf / "fremd.gpkg", shelf / "worte.gpkg"
    saved(layer([box(0, 0, 1, 1)], {"id": [1]}), foreign, "verlauf")
    words.write_text("kein Register", encoding="utf-8")
    assert is_register(ours)
    assert is_register(Path(__file__).parent.parent.parent / "data" / "register_v1.gpkg")
    assert not is_register(foreign)
    assert not is_register(words)
    assert not is_register(shelf / "fehlt.gpkg")
    assert not (shelf / "fehlt.gpkg").exists()


# -- what is no clash ---------------------------------------------------------------------------------------


def clash(algorithm_id: str, parameters: dict) -> str:
    context = QgsProcessingContext()
    context.setProject(QgsProject.instance())
    algorithm = BY_ID[algorithm_id].create()
    try:
        check_outputs(algorithm, settled(algorithm, parameters, context), context)
    except QgsProcessingException as error:
        return str(error)
    return ""


@pytest.fixture
def others(shelf):
    path = shelf / "andere.gpkg"
    saved(layer([box(0, 0, 1, 1)], {"id": ["bleibt"]}), path, "andere")
    return path


def test_an_input_is_found_however_it_is_given(others):
    source = QgsVectorLayer(f"{others}|layername=andere", "andere", "ogr")
    QgsProject.instance().addMapLayer(source)
    forms = [
        source,
        source.id(),
        source.name(),
        source.source(),
        f"{others}|layerid=0",
        str(others),
        QgsVectorLayer(f"?layer_ref={source.id()}", "virtuell", "virtual"),
        QgsVectorLayer(f"?layer=ogr:{others}:a", "virtuell", "virtual"),
        QgsProcessingFeatureSourceDefinition(source.id(), True),
        QgsProcessingFeatureSourceDefinition(QgsProperty.fromValue(source.source())),
        QgsProcessingFeatureSourceDefinition(QgsProperty.fromExpression(f"'{others}'")),
    ]
    places = [
        str(others),
        as_table(others, "andere"),
        QgsProcessingOutputLayerDefinition(as_table(others, "andere")),
        QgsProcessingOutputLayerDefinition(QgsProperty.fromExpression(f"'{others}'")),
        QgsProperty.fromValue(str(others)),
    ]
    for given in forms:
        for place in places:
            said = clash("hz19_floodplain_buildings", {"FLOODPLAINS": given, "SUMMARY": place})
            assert "SUMMARY would overwrite FLOODPLAINS" in said, (given, place)
        beside = {"FLOODPLAINS": given, "OUTPUT": as_table(others, "neu")}
        assert clash("hz19_floodplain_buildings", beside) == ""


def test_temporary_layers_never_clash():
    source = layer([box(0, 0, 1, 1)])
    for place in ("TEMPORARY_OUTPUT", "memory:", "memory:eins"):
        parameters = {"BUILDINGS": source, "OUTPUT": place, "SUMMARY": place}
        assert clash("hz19_floodplain_buildings", parameters) == ""


def test_a_map_is_not_drawn_over_the_image_it_shows(tmp_path):
    path = tmp_path / "luftbild.png"
    gdal.GetDriverByName("PNG").CreateCopy(str(path), gdal.GetDriverByName("MEM").Create("", 4, 4))
    assert "OUTPUT would overwrite LAYERS" in clash("draw_map", {"LAYERS": [str(path)], "OUTPUT": str(path)})
    assert clash("draw_map", {"LAYERS": [str(path)], "OUTPUT": str(tmp_path / "karte.png")}) == ""


# -- PostGIS ------------------------------------------------------------------------------------------------


@pytest.fixture
def stored(postgres) -> Server:
    postgres.execute("DROP SCHEMA IF EXISTS amt CASCADE; CREATE SCHEMA amt")
    for schema in ("amt", "public"):
        postgres.execute(f"DROP TABLE IF EXISTS {schema}.gebaeude")
        postgres.execute(
            f"CREATE TABLE {schema}.gebaeude (id serial PRIMARY KEY, geom geometry(Polygon, 25832))"
        )
        postgres.execute(
            f"INSERT INTO {schema}.gebaeude (geom)"
            " SELECT ST_MakeEnvelope(370000, 5700000, 370010, 5700010, 25832)"
        )
    yield postgres
    postgres.execute("DROP SCHEMA amt CASCADE; DROP TABLE public.gebaeude")


def address(server: Server, table: str, host: str = "127.0.0.1", more: str = "") -> str:
    return f"dbname='gruene' host={host} port={server.port} user='gruene_test' {more} {table} (geom)"


AMT, PUBLIC = '"amt"."gebaeude"', '"public"."gebaeude"'


@every_way
@pytest.mark.parametrize(
    ("algorithm_id", "name"),
    [g for g in outputs() if is_table(*g.values) and definitions(g.values[0], "source")],
)
def test_a_table_of_a_database_that_is_read_is_not_emptied(algorithm_id, name, way, stored, tmp_path):
    source_name = next(d.name() for d in definitions(algorithm_id, "source"))
    parameters = example(BY_ID[algorithm_id], tmp_path) | targets(algorithm_id, tmp_path)
    source = address(stored, f"key='id' table={AMT}")
    given = QgsVectorLayer(source, "gebaeude", "postgres")
    assert given.isValid()
    target = f"postgres://{address(stored, f'table={AMT}', host='localhost', more='sslmode=disable')}"
    said = WAYS[way](algorithm_id, parameters | {source_name: given, name: target})
    assert_clear(said, name)
    assert f"{name} would overwrite {source_name}" in said
    assert stored.execute("SELECT count(*) FROM amt.gebaeude") == [(1,)]


def test_tables_are_told_apart_by_server_database_schema_and_name(stored):
    def say(source: str, target: str) -> str:
        given = QgsVectorLayer(source, "gebaeude", "postgres")
        assert given.isValid()
        QgsProject.instance().addMapLayer(given)
        found = {
            clash("hz19_floodplain_buildings", {"BUILDINGS": form, "OUTPUT": f"{scheme}{target}"})
            for form in (given, given.id(), f"postgres://{source}")
            for scheme in ("postgres://", "postgis:", "postgres:")
        }
        assert len(found) == 1
        return found.pop()

    amt, public = (address(stored, f"key='id' table={table}") for table in (AMT, PUBLIC))
    query = address(stored, "key='id' table=\"(SELECT * FROM amt.gebaeude)\"")
    for host in ("127.0.0.1", "localhost", str(stored.folder)):
        same = address(stored, f"table={AMT}", host)
        assert "overwrite BUILDINGS" in say(amt, same)
        assert "overwrite BUILDINGS" in say(query, same)
        assert say(public, same) == ""
        assert say(amt, address(stored, 'table="amt"."neu"', host)) == ""
        assert "overwrite BUILDINGS" in say(public, address(stored, 'table="gebaeude"', host))


def test_two_outputs_never_share_a_table_of_a_database(stored):
    one, two = (f"postgres://{address(stored, 'table=amt.neu', host)}" for host in ("127.0.0.1", "localhost"))
    said = clash("hz19_floodplain_buildings", {"OUTPUT": one, "SUMMARY": two})
    assert "SUMMARY would overwrite OUTPUT" in said


@pytest.mark.parametrize(("algorithm_id", "name"), [g for g in outputs() if is_table(*g.values)])
def test_the_schema_of_a_register_gets_and_loses_no_table(algorithm_id, name, stored, tmp_path):
    Register.create(PostgresPlace(dsn=stored.dsn(), schema="buch")).close()
    try:
        tables = sorted(stored.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'buch'"))
        parameters = example(BY_ID[algorithm_id], tmp_path) | targets(algorithm_id, tmp_path)
        for table in ("ergebnis", "zuordnung"):
            for way, start in WAYS.items():
                named = f'table="buch"."{table}"'
                target = f"postgres://{address(stored, named)}"
                said = start(algorithm_id, parameters | {name: target})
                assert f"{name} would overwrite the register buch" in said, way
        assert sorted(stored.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'buch'")) == tables
    finally:
        stored.execute("DROP SCHEMA buch CASCADE")


def test_a_server_that_does_not_answer_has_no_schema():
    assert schema_at("host=127.0.0.1 port=1 dbname=x connect_timeout=2", "amt") is None
