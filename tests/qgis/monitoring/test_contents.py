"""Keys of contents differ where anything does that is measured, and nowhere else."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing

import pytest
from gruene_infra.gruene_infra_plugin.monitoring.contents import source_key, table_key
from osgeo import gdal
from qgis.core import QgsProject, QgsVectorLayer, QgsVectorLayerJoinInfo

from ...layer_factory import box, layer, saved, table
from ..every.bad_input import locked


def squares(*widths: float, name: str = "wald"):
    shapes = [box(200 * k, 0, width, 100) for k, width in enumerate(widths)]
    return layer(shapes, {"objart": ["43002"] * len(shapes)}, name=name)


@pytest.fixture
def raster(tmp_path):
    def write(name: str, value: int) -> str:
        made = gdal.GetDriverByName("GTiff").Create(str(tmp_path / name), 4, 4, 1)
        made.SetGeoTransform((370_000, 10, 0, 5_700_000, 0, -10))
        made.GetRasterBand(1).Fill(value)
        made.FlushCache()
        del made
        return str(tmp_path / name)

    return write


@pytest.mark.parametrize("ending", [".gpkg", ".shp", ".geojson"])
def test_the_same_content_has_one_key_wherever_it_lies(tmp_path, ending):
    one, two = tmp_path / f"a{ending}", tmp_path / "b" / f"b{ending}"
    source = saved(squares(100, 50), one, "wald")
    two.parent.mkdir()
    for path in tmp_path.glob("a.*"):
        shutil.copy(path, two.parent / f"b{path.suffix}")
    os.utime(two, (0, 0))
    moved = source.replace(str(one), str(two)).replace("=a", "=b") if ending == ".shp" else str(two)
    assert source_key(source) == source_key(moved if ending != ".gpkg" else f"{two}|layername=wald") != ""


@pytest.mark.parametrize("ending", [".gpkg", ".shp", ".geojson"])
def test_another_geometry_or_value_has_another_key(tmp_path, ending):
    keys = set()
    other = squares(100, 50)
    other.startEditing()
    other.changeAttributeValue(1, 0, "41001")
    other.commitChanges()
    for number, made in enumerate((squares(100, 50), squares(100, 51), squares(100), other)):
        keys.add(source_key(saved(made, tmp_path / f"w{number}{ending}", "wald")))
    assert len(keys) == 4


def test_a_table_is_told_by_its_own_rows_only(tmp_path):
    file = tmp_path / "stadt.gpkg"
    source = saved(squares(100), file)
    key = source_key(source)
    saved(squares(50, name="gebaeude"), file)
    assert source_key(source) == key
    assert source_key(f"{file}|layername=gebaeude") != key
    assert table_key(file, "fehlt") == ""


def test_the_first_table_is_meant_where_none_is_named(tmp_path):
    source = saved(squares(100), tmp_path / "stadt.gpkg")
    assert source_key(str(tmp_path / "stadt.gpkg")) == source_key(source)


def test_the_files_beside_a_shapefile_count(tmp_path):
    source = saved(squares(100), tmp_path / "wald.shp")
    key = source_key(source)
    (tmp_path / "wald.prj").write_text("")
    assert source_key(source) != key


def test_statistics_beside_a_raster_do_not_count_and_its_cells_do(tmp_path, raster):
    source = raster("dom.tif", 1)
    key = source_key(source)
    (tmp_path / "dom.tif.aux.xml").write_text("<PAMDataset></PAMDataset>")
    assert source_key(source) == key
    raster("dom.tif", 2)
    assert source_key(source) != key


def test_a_virtual_raster_is_what_it_is_made_of(tmp_path, raster):
    source = raster("kachel.tif", 1)
    gdal.BuildVRT(str(tmp_path / "dom.vrt"), [source]).FlushCache()
    key = source_key(str(tmp_path / "dom.vrt"))
    raster("kachel.tif", 2)
    assert source_key(str(tmp_path / "dom.vrt")) != key


def test_open_layers_in_memory_are_told_by_their_features_in_any_order():
    def key(*widths):
        made = squares(*widths)
        return source_key(made.id(), made)

    shapes = [box(0, 0, 10, 10), box(50, 0, 20, 10)]
    there, back = (layer(order, {"a": [1, 1]}) for order in (shapes, shapes[::-1]))
    assert source_key(there.id(), there) == source_key(back.id(), back)
    assert key(100, 50) == key(100, 50) != key(100, 51)


def test_what_is_seen_of_an_open_layer_counts(tmp_path):
    address = saved(squares(100, 50, 20), tmp_path / "stadt.gpkg")
    notes = table({"art": ["43002"], "notiz": ["x"]})
    QgsProject.instance().addMapLayer(notes)

    def opened():
        made = QgsVectorLayer(address, "wald", "ogr")
        assert made.isValid()
        return made

    plain, filtered, edited, joined = opened(), opened(), opened(), opened()
    filtered.setSubsetString("fid < 3")
    edited.startEditing()
    edited.deleteFeature(1)
    join = QgsVectorLayerJoinInfo()
    join.setJoinLayer(notes)
    join.setJoinFieldName("art")
    join.setTargetFieldName("objart")
    joined.addJoin(join)
    keys = [source_key(one.id(), one) for one in (plain, filtered, edited, joined)]
    edited.rollBack()
    assert len(set(keys)) == 4
    assert keys[0] == source_key(address)


def test_a_table_in_use_is_read_and_a_file_that_is_none_is_told(tmp_path):
    source = saved(squares(100), tmp_path / "stadt.gpkg")
    key = source_key(source)
    with locked(tmp_path / "stadt.gpkg"):
        assert source_key(source) == key
    with closing(sqlite3.connect(tmp_path / "stadt.gpkg")) as database:
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("CREATE TABLE pacht (objart TEXT)")
        database.execute("INSERT INTO pacht VALUES ('41001')")
        database.commit()
        assert (source_key(source), table_key(tmp_path / "stadt.gpkg", "pacht") != "") == (key, True)
    broken = tmp_path / "kaputt.gpkg"
    broken.write_bytes(b"kein GeoPackage" * 100)
    for address in (str(broken), f"{broken}|layername=wald"):
        with pytest.raises(OSError, match=r"kaputt\.gpkg"):
            source_key(address)


def test_a_key_that_nobody_wants_any_more_is_given_up(tmp_path, raster):
    def stop() -> None:
        raise InterruptedError

    memory = squares(100)
    for source, one in (
        (saved(squares(100), tmp_path / "a.gpkg"), None),
        (raster("dom.tif", 1), None),
        (memory.id(), memory),
    ):
        with pytest.raises(InterruptedError):
            source_key(source, one, stop)
