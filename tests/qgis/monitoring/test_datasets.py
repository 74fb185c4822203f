"""The layers of a folder: which there are, what they are called, and which are no data."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from gruene_infra.gruene_infra_plugin.monitoring.configuration import LayerNote
from gruene_infra.gruene_infra_plugin.monitoring.datasets import (
    Dataset,
    dataset_of,
    found_in,
    in_words,
    noted,
    with_own_names,
)
from qgis.core import QgsVectorLayer

from ...layer_factory import layer, line, point, saved, table
from ..every.examples import empty_register
from .scenes import forests, towns

SAMPLE = Path(__file__).resolve().parents[3] / "resources" / "sample"


def kinds(place: Path) -> dict[str, str]:
    return {one.name: one.kind for one in found_in(place).datasets}


def test_layers_of_all_kinds_and_formats(tmp_path):
    saved(forests(), tmp_path / "wald.shp")
    (tmp_path / "tief").mkdir()
    saved(layer([line((0, 0), (9, 9))], {"a": [1]}), tmp_path / "tief" / "bahn.geojson")
    saved(layer([point(0, 0)], {"a": [1]}), tmp_path / "baeume.fgb")
    saved(towns(), tmp_path / "stadt.gpkg")
    saved(table({"flik": ["a"]}, "pacht"), tmp_path / "stadt.gpkg")
    (tmp_path / "vertraege.csv").write_text("flik;bis\na;2030\n")
    shutil.copy(SAMPLE / "vegetation.tif", tmp_path)
    assert kinds(tmp_path) == {
        "wald": "polygon",
        "bahn": "line",
        "baeume": "point",
        "gemeinden": "polygon",
        "pacht": "table",
        "vertraege": "table",
        "vegetation": "raster",
    }


def test_what_is_no_layer_is_passed_by_or_told(tmp_path):
    saved(forests(), tmp_path / ".versteckt.gpkg")
    (tmp_path / ".git").mkdir()
    saved(forests(), tmp_path / ".git" / "wald.gpkg")
    (tmp_path / "liesmich.txt").write_text("x")
    (tmp_path / "kaputt.gpkg").write_bytes(b"x" * 5000)
    (tmp_path / "bild.tif").write_bytes(b"x")
    found = found_in(tmp_path)
    assert (found.datasets, found.unreadable) == ([], ["bild.tif", "kaputt.gpkg"])


def test_registers_and_packages_are_no_data(tmp_path):
    register = empty_register(tmp_path)
    (tmp_path / "paket").mkdir()
    (tmp_path / "paket" / "paket.json").write_text("{}")
    saved(forests(), tmp_path / "paket" / "ergebnis.gpkg")
    found = found_in(tmp_path)
    assert (found.datasets, found.registers, found.unreadable) == ([], [Path(register)], [])


def test_styles_are_no_layer(finished):
    assert "layer_styles" not in kinds(finished.package / "ergebnis.gpkg")


def test_a_file_of_one_layer_is_known_by_both_names(tmp_path):
    saved(forests(), tmp_path / "Essen 2026.gpkg")
    (one,) = found_in(tmp_path).datasets
    assert (one.name, one.traits.fits("wald"), one.traits.fits("essen")) == ("Essen 2026", True, True)


def test_layers_of_one_name_in_two_files_are_told_apart(tmp_path):
    for name in ("nord", "sued"):
        saved(forests(), tmp_path / f"{name}.gpkg")
        saved(towns(), tmp_path / f"{name}.gpkg", f"gemeinden_{name}")
    names = {one.name for one in with_own_names(found_in(tmp_path).datasets)}
    assert names == {"gemeinden_nord", "gemeinden_sued", "nord:wald", "sued:wald"}


def test_files_of_one_name_are_told_apart_by_their_folders(tmp_path):
    for name in ("nord", "sued"):
        (tmp_path / name).mkdir()
        saved(forests(), tmp_path / name / "wald.shp")
    names = {one.name for one in with_own_names(found_in(tmp_path).datasets)}
    assert names == {"nord/wald:wald", "sued/wald:wald"}


def test_a_name_of_the_monitoring_file_stays(tmp_path):
    address = saved(forests(), tmp_path / "stadt.gpkg")
    note = LayerNote("stadt.gpkg|layername=wald")
    named, found = noted("wald", note, tmp_path), noted("wald", note, tmp_path)
    plain = Dataset("wald", address, "polygon", found.traits)
    assert [one.name for one in with_own_names([named, plain])] == ["wald", "stadt:wald"]


def test_open_layers_of_one_name_are_told_apart():
    both = [dataset_of(forests()), dataset_of(forests())]
    assert [one.name for one in with_own_names(both)] == ["wald", "wald (2)"]


def test_a_layer_that_is_not_there_is_none(tmp_path):
    assert noted("wald", LayerNote("fehlt.gpkg"), tmp_path) is None
    assert noted("dom", LayerNote("fehlt.tif"), tmp_path) is None
    assert dataset_of(QgsVectorLayer(str(tmp_path / "fehlt.gpkg"), "x", "ogr")) is None


@pytest.mark.parametrize("source", ["musterstadt.gpkg|layername=gebaeude", "vegetation.tif"])
def test_a_note_is_read_from_where_its_file_lies(source):
    found = noted("irgendwas", LayerNote(source, "2026", "dl-de/zero-2-0"), SAMPLE)
    assert found.source == str(SAMPLE / source)
    assert (found.name, found.note.date, found.kind) == (
        "irgendwas",
        "2026",
        "raster" if source.endswith(".tif") else "polygon",
    )


def test_layers_in_words():
    both = [dataset_of(forests()), dataset_of(table({"a": [1]}, "pacht"))]
    assert in_words(both) == "wald (Polygon), pacht (No geometry)"
    assert in_words([]) == "–"
