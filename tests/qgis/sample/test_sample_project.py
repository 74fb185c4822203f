"""Opening the sample region: what is loaded, in which order, and what goes wrong quietly."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from gruene_infra.gruene_infra_plugin import sample_project
from gruene_infra.gruene_infra_plugin.cartography.styling import data_name
from gruene_infra.gruene_infra_plugin.paths import SAMPLE
from gruene_infra.gruene_infra_plugin.sample_project import (
    SampleError,
    copy_sample,
    load_sample,
    start_extent,
)
from qgis.core import (
    Qgis,
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsFeatureRequest,
    QgsProject,
    QgsRectangle,
)

from ...layer_factory import box, layer, saved, table

ORDER = [
    "gemeinden", "gebaeude", "gebaeude_2015", "bahn", "strassen", "gruenzuege", "ueberschwemmungsgebiete",
    "raumtypen", "gewaesserlinien", "gewaesser", "flurstuecke",
]  # fmt: skip


@pytest.fixture
def project(qgis_app):
    return QgsProject()


def tree(project: QgsProject) -> list[tuple[str, bool]]:
    """Return data name and check mark of the layers in the sample's group, from top to bottom."""
    group = project.layerTreeRoot().children()[0]
    assert group.name() == "Musterstadt"
    return [(data_name(node.layer()), node.isVisible()) for node in group.findLayers()]


def test_the_sample_comes_whole_in_its_order_and_styles(project, tmp_path):
    layers = load_sample(project, tmp_path)
    assert [data_name(made) for made in layers] == ORDER
    assert all(made.isValid() and made.featureCount() > 0 and made.readOnly() for made in layers)
    assert {made.id() for made in layers} == set(project.mapLayers())
    hidden = {"gebaeude_2015", "gruenzuege", "raumtypen", "strassen"}
    assert tree(project) == [(name, name not in hidden) for name in ORDER]
    by_name = dict(zip(ORDER, layers, strict=True))
    assert by_name["raumtypen"].renderer().classAttribute() == "raumtyp"
    assert by_name["gebaeude"].renderer().symbol().color().name() == "#a8a5a1"
    assert by_name["gemeinden"].labelsEnabled()
    assert "_" not in "".join(made.name() for made in layers)


def test_an_empty_project_gets_the_crs_and_another_keeps_its_own(project, tmp_path):
    load_sample(project, tmp_path)
    assert project.crs() == QgsCoordinateReferenceSystem("EPSG:25832")
    mine = QgsProject()
    mine.setCrs(QgsCoordinateReferenceSystem("EPSG:3857"))
    own = layer([box(0, 0, 1, 1)], name="meins")
    mine.addMapLayer(own)
    load_sample(mine, tmp_path)
    assert mine.crs() == QgsCoordinateReferenceSystem("EPSG:3857")
    assert mine.layerTreeRoot().children()[1].name() == "meins"


def test_the_start_is_the_town_centre(project, tmp_path):
    layers = load_sample(project, tmp_path)
    centre = QgsRectangle()
    request = QgsFeatureRequest().setFilterExpression("raumtyp = 'Innenstadt'")
    for feature in layers[ORDER.index("raumtypen")].getFeatures(request):
        centre.combineExtentWith(feature.geometry().boundingBox())
    start = start_extent(layers)
    assert start.contains(centre)
    assert start.width() == pytest.approx(1.1 * centre.width())
    assert layers[0].extent().contains(start)


def test_the_file_of_the_plugin_stays_as_it_is_and_nothing_appears_beside_it(project, tmp_path):
    before, names = SAMPLE.read_bytes(), sorted(p.name for p in SAMPLE.parent.iterdir())
    layers = load_sample(project, tmp_path)
    assert all(str(tmp_path) in made.source() for made in layers)
    assert SAMPLE.read_bytes() == before
    assert sorted(p.name for p in SAMPLE.parent.iterdir()) == names


def test_the_copy_is_made_once_and_another_sample_never_overwrites_it(tmp_path):
    first, second = tmp_path / "a" / "sample.gpkg", tmp_path / "b" / "sample.gpkg"
    for path, content in ((first, b"one"), (second, b"two")):
        path.parent.mkdir()
        path.write_bytes(content)
    folder = tmp_path / "profil" / "gruene_infra"
    copy = copy_sample(first, folder)
    assert copy.read_bytes() == b"one"
    stamp = copy.stat().st_mtime_ns
    assert copy_sample(first, folder) == copy
    assert copy.stat().st_mtime_ns == stamp
    other = copy_sample(second, folder)
    assert (copy.read_bytes(), other.read_bytes()) == (b"one", b"two")
    assert sorted(folder.iterdir()) == sorted([copy, other])


def test_tables_without_geometry_are_left_out_and_unknown_layers_come_above_the_parcels(
    project, tmp_path, monkeypatch
):
    path = tmp_path / "klein.gpkg"
    for name in ("flurstuecke", "spielplaetze", "gemeinden"):
        saved(layer([box(0, 0, 1, 1)], name=name), path)
    saved(table({"a": [1]}, name="befunde"), path)
    monkeypatch.setattr(sample_project, "SAMPLE", path)
    load_sample(project, tmp_path / "profil")
    assert [name for name, _ in tree(project)] == ["gemeinden", "spielplaetze", "flurstuecke"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [(None, "The sample data are missing"), (b"no database", "The sample data cannot be read")],
)
def test_a_missing_or_broken_sample_is_said_and_leaves_the_project_alone(
    project, tmp_path, monkeypatch, content, reason
):
    path = tmp_path / "musterstadt.gpkg"
    if content:
        path.write_bytes(content)
    monkeypatch.setattr(sample_project, "SAMPLE", path)
    with pytest.raises(SampleError, match=reason):
        load_sample(project, tmp_path / "profil")
    assert not project.mapLayers()
    assert not project.layerTreeRoot().children()


def test_a_profile_that_refuses_the_copy_is_named(tmp_path):
    blocked = tmp_path / "datei"
    blocked.write_text("a file where a folder should be")
    with pytest.raises(SampleError, match=f"cannot be copied to {blocked}"):
        copy_sample(SAMPLE, blocked / "gruene_infra")


@pytest.fixture
def window(tmp_path, monkeypatch, qgis_app):
    """A stand-in for the QGIS window that keeps what it is told."""
    monkeypatch.setattr(QgsApplication, "qgisSettingsDirPath", lambda: str(tmp_path / "profil"))
    told = SimpleNamespace(messages=[], extents=[])
    bar = SimpleNamespace(pushMessage=lambda *message: told.messages.append(message))
    canvas = SimpleNamespace(setExtent=told.extents.append, refresh=lambda: None)
    told.iface = SimpleNamespace(messageBar=lambda: bar, mapCanvas=lambda: canvas)
    return told


def test_opening_zooms_to_the_town_centre(window, qtbot):
    sample_project.open_sample(window.iface)
    qtbot.waitUntil(lambda: bool(window.extents))
    layers = QgsProject.instance().mapLayers()
    assert len(layers) == len(ORDER)
    assert window.extents[0] == start_extent(list(layers.values()))
    assert not window.messages


def test_opening_without_the_sample_warns(window, monkeypatch, tmp_path):
    monkeypatch.setattr(sample_project, "SAMPLE", tmp_path / "fehlt.gpkg")
    sample_project.open_sample(window.iface)
    ((_title, text, level),) = window.messages
    assert text.startswith("The sample data are missing from the plugin")
    assert level == Qgis.MessageLevel.Warning


def test_the_message_bar_shows_a_path_as_it_is(window, monkeypatch, tmp_path):
    monkeypatch.setattr(sample_project, "SAMPLE", tmp_path / "<img src=x>.gpkg")
    sample_project.open_sample(window.iface)
    ((_title, text, _level),) = window.messages
    assert text.endswith("/&lt;img src=x&gt;.gpkg")
    assert not QgsProject.instance().mapLayers()
