"""Maps as images: size, place and colour of what was planted, and what is refused."""

from __future__ import annotations

import itertools
import re
import socket
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest
from gruene_infra.gruene_infra_plugin.cartography import selection
from gruene_infra.gruene_infra_plugin.cartography import sheet as sheet_module
from gruene_infra.gruene_infra_plugin.cartography.scale import bar_segment, round_scale
from gruene_infra.gruene_infra_plugin.cartography.selection import map_crs
from gruene_infra.gruene_infra_plugin.cartography.sheet import WORD_JOINER, Content, Page, Sheet
from gruene_infra.gruene_infra_plugin.cartography.styling import PALETTE
from osgeo import gdal, osr
from qgis.core import (
    QgsCategorizedSymbolRenderer,
    QgsCoordinateReferenceSystem,
    QgsExpression,
    QgsExpressionContext,
    QgsFillSymbol,
    QgsLayoutItemLabel,
    QgsLayoutItemLegend,
    QgsMapLayer,
    QgsPalettedRasterRenderer,
    QgsPalLayerSettings,
    QgsProcessingException,
    QgsProject,
    QgsRasterLayer,
    QgsRectangle,
    QgsRendererCategory,
    QgsRuleBasedRenderer,
    QgsVectorLayer,
    QgsVectorLayerSimpleLabeling,
)
from qgis.PyQt.QtCore import QBuffer, QByteArray, QIODevice, Qt
from qgis.PyQt.QtGui import QColor, QImage

from ...layer_factory import EAST, NORTH, UTM, box, layer, reprojected, saved, table

MM_PER_INCH = 25.4
RED, BLUE = "#ff0000", "#0000ff"
NO_CONTEXT = QgsExpressionContext()
PLANTED_M = 100.0


def styled(made: QgsVectorLayer, color: str) -> QgsVectorLayer:
    symbol = QgsFillSymbol.createSimple({"color": color, "outline_style": "no"})
    made.renderer().setSymbol(symbol)
    return made


def square(color: str = RED, *, name: str = "quadrat", x: float = 0.0, y: float = 0.0) -> QgsVectorLayer:
    """Return a square of 100 m with one plain colour."""
    return styled(layer([box(x, y, PLANTED_M, PLANTED_M)], name=name), color)


def extent_text(x: float, y: float, width: float, height: float) -> str:
    return f"{EAST + x},{EAST + x + width},{NORTH + y},{NORTH + y + height} [{UTM}]"


def pixels(path: str | Path) -> np.ndarray:
    """Return an image as rows × columns × (red, green, blue)."""
    image = QImage(str(path)).convertToFormat(QImage.Format.Format_RGB888)
    data = np.frombuffer(image.constBits().asstring(image.sizeInBytes()), np.uint8)
    rows = data.reshape(image.height(), image.bytesPerLine())[:, : image.width() * 3]
    return rows.reshape(image.height(), image.width(), 3).astype(int)


def where(image: np.ndarray, color: str, tolerance: int = 3) -> np.ndarray:
    wanted = QColor(color)
    difference = np.abs(image - [wanted.red(), wanted.green(), wanted.blue()])
    return difference.max(axis=2) <= tolerance


def bounds(mask: np.ndarray) -> tuple[int, int, int, int]:
    """Return first and last column, first and last row of a mask."""
    rows, columns = np.nonzero(mask)
    return columns.min(), columns.max(), rows.min(), rows.max()


@pytest.fixture
def draw(run, tmp_path):
    def start(*layers, log=None, output="karte.png", **parameters):
        defaults = {"LAYERS": list(layers), "OUTPUT": str(tmp_path / output), "AS_OF": "2026-06-30"}
        return run("draw_map", log, **(defaults | parameters))

    return start


@pytest.fixture
def refused(draw):
    def start(*layers, **parameters) -> str:
        with pytest.raises(QgsProcessingException) as caught:
            draw(*layers, **parameters)
        return str(caught.value)

    return start


# -- the sheet ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("width", "height", "dpi"), [(297, 210, 150), (210, 297, 100), (160, 120, 72)])
def test_image_has_the_size_of_the_page(draw, width, height, dpi):
    result = draw(square(), PAGE_WIDTH=width, PAGE_HEIGHT=height, DPI=dpi)
    image = QImage(result.results["OUTPUT"])
    assert image.width() == pytest.approx(width / MM_PER_INCH * dpi, abs=1)
    assert image.height() == pytest.approx(height / MM_PER_INCH * dpi, abs=1)


def test_a4_landscape_with_150_dpi_is_the_default(draw):
    image = QImage(draw(square()).results["OUTPUT"])
    assert (image.width(), image.height()) == (1753, 1240)


@pytest.mark.parametrize(("x", "y"), [(0, 0), (120, 0), (0, -80)])
def test_a_planted_square_lies_where_scale_and_extent_put_it(tmp_path, x, y):
    centre_x, centre_y = EAST + PLANTED_M / 2, NORTH + PLANTED_M / 2
    extent = QgsRectangle(centre_x - 300, centre_y - 200, centre_x + 300, centre_y + 200)
    made = square(x=x, y=y)
    content = Content([(made, "Quadrat")], made.crs(), extent, "Titel", "Untertitel")
    sheet = Sheet(content, Page(297, 210, 150))
    sheet.export(tmp_path / "blatt.png")
    image = pixels(tmp_path / "blatt.png")
    per_mm = 150 / MM_PER_INCH
    frame = sheet.frame
    inside = np.zeros(image.shape[:2], bool)
    left, right = round(frame.left() * per_mm), round(frame.right() * per_mm)
    inside[round(frame.top() * per_mm) : round(frame.bottom() * per_mm), left:right] = True
    first, last, top, bottom = bounds(where(image, RED) & inside)
    per_metre = 1000 / sheet.scale * per_mm
    assert last - first + 1 == pytest.approx(PLANTED_M * per_metre, abs=2)
    assert bottom - top + 1 == pytest.approx(PLANTED_M * per_metre, abs=2)
    assert (first + last) / 2 == pytest.approx(frame.center().x() * per_mm + x * per_metre, abs=2)
    assert (top + bottom) / 2 == pytest.approx(frame.center().y() * per_mm - y * per_metre, abs=2)


def test_the_whole_extent_is_on_the_sheet(draw):
    corners = [box(dx, dy, 20, 20) for dx in (0, 780) for dy in (0, 180)]
    image = pixels(draw(styled(layer(corners, name="ecken"), RED)).results["OUTPUT"])
    rows, columns = np.nonzero(where(image, RED)[:, : image.shape[1] * 3 // 4])
    assert columns.max() - columns.min() > 3 * (rows.max() - rows.min())
    seen = {(c > columns.mean(), r > rows.mean()) for r, c in zip(rows, columns, strict=True)}
    assert len(seen) == 4


def test_first_layer_is_on_top(draw):
    both = draw(square(RED), square(BLUE), EXTENT=extent_text(0, 0, 100, 100)).results["OUTPUT"]
    image = pixels(both)
    map_part = image[300:1100, 200:1200]
    assert where(map_part, RED).mean() > 0.5
    assert not where(map_part, BLUE).any()


def test_only_classes_inside_the_map_are_in_the_legend(draw):
    made = layer([box(0, 0, 100, 100), box(5000, 0, 100, 100)], {"art": ["hier", "dort"]}, name="arten")
    renderer = QgsCategorizedSymbolRenderer("art")
    for value, color in (("hier", RED), ("dort", BLUE)):
        symbol = QgsFillSymbol.createSimple({"color": color, "outline_style": "no"})
        renderer.addCategory(QgsRendererCategory(value, symbol, value, True))
    made.setRenderer(renderer)
    near = pixels(draw(made, EXTENT=extent_text(0, 0, 100, 100)).results["OUTPUT"])
    everything = pixels(draw(made).results["OUTPUT"])
    side = slice(1300, None)
    assert where(near[:, side], RED).any()
    assert not where(near[:, side], BLUE).any()
    assert where(everything[:, side], BLUE).any()


def test_a_long_legend_shrinks_and_one_without_end_is_announced(draw):
    def many(count):
        made = layer([box(10 * k, 0, 9, 9) for k in range(count)], {"nr": list(range(count))}, name="viele")
        renderer = QgsCategorizedSymbolRenderer("nr")
        for k in range(count):
            symbol = QgsFillSymbol.createSimple({"color": RED})
            renderer.addCategory(QgsRendererCategory(k, symbol, f"Klasse {k}", True))
        made.setRenderer(renderer)
        return made

    assert not draw(many(60)).log.warnings
    assert "The legend is larger than its column" in draw(many(250)).log.text


def test_same_input_same_image(draw):
    first = Path(draw(square(), output="a.png").results["OUTPUT"]).read_bytes()
    second = Path(draw(square(), output="b.png").results["OUTPUT"]).read_bytes()
    assert first == second


@pytest.mark.parametrize("text", ["TITLE", "SUBTITLE", "SOURCE"])
def test_a_text_with_a_line_break_stays_on_its_line(draw, text):
    one, other = (
        pixels(draw(square(), **({"TITLE": "Titel"} | {text: words})).results["OUTPUT"])
        for words in ("eins zwei", "eins\nzwei")
    )
    assert (one == other).all()


@pytest.mark.parametrize("text", ["TITLE", "SUBTITLE", "SOURCE"])
def test_texts_are_drawn(draw, text):
    without = pixels(draw(square(), TITLE="Titel").results["OUTPUT"])
    written = pixels(draw(square(), **({"TITLE": "Titel"} | {text: "Größe, Öde, Übermaß"})).results["OUTPUT"])
    assert (without != written).any()


@pytest.mark.parametrize(
    ("needed", "round_one"),
    [(1.0, 1), (1.01, 1.2), (9.1, 10), (24_999, 25_000), (25_000, 25_000), (25_001, 30_000), (960_000, 1e6)],
)
def test_scale_is_the_next_round_one(needed, round_one):
    assert round_scale(needed) == pytest.approx(round_one)


@pytest.mark.parametrize(
    ("room", "segment"), [(1.0, 1), (1.99, 1), (4.99, 2), (5, 5), (730, 500), (1000, 1000), (0.3, 0.2)]
)
def test_scale_bar_has_the_longest_round_segment_that_fits(room, segment):
    assert bar_segment(room) == pytest.approx(segment)


def test_the_scale_of_the_page_is_the_one_said(draw):
    # 800 m with 8 % margin on both sides, 928 m, on 210.66 mm (297 less margins, gap and legend column)
    wide = layer([box(0, 0, 800, 100)], name="breit")
    (line,) = [text for text in draw(wide).log.infos if "drawn at" in text]
    assert re.search(r"1 : (\d+)", line).group(1) == "4500"


# -- styles -------------------------------------------------------------------------------------------


def test_a_layer_from_a_file_gets_the_plugins_style_by_its_name(draw, tmp_path):
    path = saved(layer([box(0, 0, 100, 100)], name="gebaeude"), tmp_path / "stadt.gpkg")
    image = pixels(draw(path, EXTENT=extent_text(0, 0, 100, 100)).results["OUTPUT"])
    assert where(image[300:1100, 200:1200], "#a8a5a1").mean() > 0.5


def test_a_style_stored_with_the_data_comes_first(draw, tmp_path):
    path = saved(layer([box(0, 0, 100, 100)], name="gebaeude"), tmp_path / "stadt.gpkg")
    stored = styled(QgsVectorLayer(path, "gebaeude", "ogr"), RED)
    assert not stored.saveStyleToDatabase("eigener", "", True, "")
    del stored
    image = pixels(draw(path, EXTENT=extent_text(0, 0, 100, 100)).results["OUTPUT"])
    assert where(image[300:1100, 200:1200], RED).mean() > 0.5


def test_a_style_of_another_geometry_type_is_not_taken(draw, tmp_path):
    path = saved(layer([box(0, 0, 100, 100)], name="gewaesserlinien"), tmp_path / "stadt.gpkg")
    image = pixels(draw(path, EXTENT=extent_text(0, 0, 100, 100)).results["OUTPUT"])
    assert where(image[300:1100, 200:1200], PALETTE[0]).mean() > 0.5


def test_layers_without_a_style_differ_in_colour(draw, tmp_path):
    shapes = {"links": box(0, 0, 50, 100), "rechts": box(50, 0, 50, 100)}
    paths = [saved(layer([s], name=n), tmp_path / "neu.gpkg") for n, s in shapes.items()]
    image = pixels(draw(*paths, EXTENT=extent_text(0, 0, 100, 100)).results["OUTPUT"])
    assert where(image[300:1100, 200:1200], PALETTE[0]).mean() > 0.2
    assert where(image[300:1100, 200:1200], PALETTE[1]).mean() > 0.2


def test_a_layer_of_the_project_keeps_its_looks(draw, tmp_path):
    path = saved(layer([box(0, 0, 100, 100)], name="gebaeude"), tmp_path / "stadt.gpkg")
    mine = styled(QgsVectorLayer(path, "gebaeude", "ogr"), RED)
    QgsProject.instance().addMapLayer(mine)
    image = pixels(draw(mine.id(), EXTENT=extent_text(0, 0, 100, 100)).results["OUTPUT"])
    assert where(image[300:1100, 200:1200], RED).mean() > 0.5
    assert list(QgsProject.instance().mapLayers()) == [mine.id()]


# -- texts --------------------------------------------------------------------------------------------

PROBE = "GRUENE_INFRA_PROBE"
TEMPLATE = f"[% env('{PROBE}') %]"


def classes(made: QgsVectorLayer, label: str) -> QgsVectorLayer:
    """Give a layer two classes, of which one is called ``label``."""
    renderer = QgsCategorizedSymbolRenderer("art")
    for value, text in (("a", label), ("b", "andere")):
        symbol = QgsFillSymbol.createSimple({"color": RED})
        renderer.addCategory(QgsRendererCategory(value, symbol, text, True))
    made.setRenderer(renderer)
    return made


def rules(made: QgsVectorLayer, label: str) -> QgsVectorLayer:
    root = QgsRuleBasedRenderer.Rule(None)
    for text in (label, "andere"):
        root.appendChild(QgsRuleBasedRenderer.Rule(QgsFillSymbol.createSimple({"color": RED}), label=text))
    made.setRenderer(QgsRuleBasedRenderer(root))
    return made


def labelled(made: QgsVectorLayer, expression: str) -> QgsVectorLayer:
    """Write an expression on each feature."""
    settings = QgsPalLayerSettings()
    settings.fieldName, settings.isExpression = expression, True
    made.setLabeling(QgsVectorLayerSimpleLabeling(settings))
    made.setLabelsEnabled(True)
    return made


def stored(made: QgsVectorLayer, folder: Path, name: str, style) -> str:
    """Store a layer and a style for it in a GeoPackage; return its address."""
    source = saved(made, folder / "daten.gpkg", name)
    kept = style(QgsVectorLayer(source, name, "ogr"))
    assert not kept.saveStyleToDatabase("eigener", "", True, "")
    return source


def pair(value: str = "a") -> QgsVectorLayer:
    return layer([box(0, 0, 100, 100), box(200, 0, 100, 100)], {"art": [value, "b"]}, name="paar")


def paletted(folder: Path, label: str) -> str:
    """Write a raster beside which lies a style whose class has a ``label``; return its path."""
    path = grey(folder / "klassen.tif")
    raster = QgsRasterLayer(path)
    found = QgsPalettedRasterRenderer.Class
    shown = [found(0, QColor(RED), label), found(255, QColor(BLUE), "andere")]
    raster.setRenderer(QgsPalettedRasterRenderer(raster.dataProvider(), 1, shown))
    raster.saveDefaultStyle(QgsMapLayer.StyleCategory.AllStyleCategories)
    return path


def grey(path: Path) -> str:
    """Write a raster of black and white columns and return its path."""
    raster = gdal.GetDriverByName("GTiff").Create(str(path), 10, 10, 1, gdal.GDT_Byte)
    raster.SetGeoTransform((EAST, 10, 0, NORTH + 100, 0, -10))
    reference = osr.SpatialReference()
    reference.ImportFromEPSG(25832)
    raster.SetProjection(reference.ExportToWkt())
    raster.GetRasterBand(1).WriteArray(np.tile(np.array([0, 255], np.uint8), (10, 5)))
    raster = None  # closes the file
    return str(path)


TEXTS = {
    "title": lambda folder, text: (square(), {"TITLE": text}),
    "subtitle": lambda folder, text: (square(), {"SUBTITLE": text}),
    "source": lambda folder, text: (square(), {"SOURCE": text}),
    "layer": lambda folder, text: (square(name=text), {}),
    "layer with classes": lambda folder, text: (classes(square_of_art(text), "x"), {}),
    "file": lambda folder, text: (saved(pair(), folder / f"{text}.geojson", text), {}),
    "class": lambda folder, text: (classes(pair(), text), {}),
    "rule": lambda folder, text: (rules(pair(), text), {}),
    "stored class": lambda folder, text: (
        stored(pair(), folder, "paar", lambda made: classes(made, text)),
        {},
    ),
    "stored class of a raster": lambda folder, text: (paletted(folder, text), {}),
    "attribute in a label": lambda folder, text: (labelled(styled(pair(text), RED), '"art"'), {}),
    "attribute in a stored label": lambda folder, text: (
        stored(pair(text), folder, "paar", lambda made: labelled(styled(made, RED), '"art"')),
        {},
    ),
}
"""Where a text from data is drawn."""


def square_of_art(name: str) -> QgsVectorLayer:
    return layer([box(0, 0, 100, 100)], {"art": ["a"]}, name=name)


@pytest.fixture
def drawn(draw, tmp_path, monkeypatch):
    """Draw what a function of a folder and a text returns, while a variable of the environment says so."""
    folders = (tmp_path / str(number) for number in itertools.count())

    def start(made, text: str, says: str):
        monkeypatch.setenv(PROBE, says)
        assert QgsExpression(f"env('{PROBE}')").evaluate() == says
        folder = next(folders)
        folder.mkdir()
        shown, parameters = made(folder, text)
        return draw(shown, **({"TITLE": "Titel"} | parameters))

    return start


@pytest.mark.parametrize("where_drawn", TEXTS)
def test_a_text_that_looks_like_a_template_is_drawn_as_it_is(drawn, where_drawn):
    made = TEXTS[where_drawn]
    one, other = (
        Path(drawn(made, TEMPLATE, says).results["OUTPUT"]).read_bytes() for says in ("eins", "zwei")
    )
    assert one == other
    assert one != Path(drawn(made, "eins", "eins").results["OUTPUT"]).read_bytes(), "the text is drawn at all"


@pytest.mark.parametrize("text", ["[% 1 + 1 %]", "[%", "$CURRENT_DATE", "$CURRENT_DATE(yyyy)", "[%[% 2 %]%]"])
def test_labels_say_what_they_were_given(text):
    made = square()
    content = Content([(made, text)], made.crs(), made.extent(), text, text, text)
    sheet = Sheet(content, Page(297, 210, 150))
    items = sheet._layout.items()
    said = [item.currentText() for item in items if isinstance(item, QgsLayoutItemLabel)]
    assert [words.replace(WORD_JOINER, "") for words in said].count(text) == 3
    (legend,) = [item for item in items if isinstance(item, QgsLayoutItemLegend)]
    model = legend.model()
    (index,) = [model.node2index(node) for node in model.rootGroup().findLayers()]
    shown = legend.legendSettings().evaluateItemText(
        model.data(index, Qt.ItemDataRole.DisplayRole), NO_CONTEXT
    )
    assert "".join(shown).replace(WORD_JOINER, "") == text


def test_what_keeps_a_text_from_being_evaluated_is_not_seen(draw, monkeypatch):
    """Without an end it is no template, and QGIS draws it by itself."""
    with_joiner = pixels(draw(square(name="[% a"), TITLE="[% Karte").results["OUTPUT"])
    monkeypatch.setattr(sheet_module, "as_text", lambda text: text)
    without = pixels(draw(square(name="[% a"), TITLE="[% Karte").results["OUTPUT"])
    assert (with_joiner == without).all()


READING_OUTSIDE = {
    "environment": (f"env('{PROBE}')", "env"),
    "environment beside data": (f"\"art\" || coalesce(env ('{PROBE}'), '')", "env"),
    "text as expression": (f"eval('en' || 'v(''{PROBE}'')')", "eval"),
    "user": ("@user_account_name", "@user_account_name"),
    "computed variable": ("var('user_' || 'full_name')", "@"),
    "file": ("file_exists('/etc/passwd')", "file_exists"),
    "layer": ("load_layer('/etc/passwd', 'delimitedtext')", "load_layer"),
}


@pytest.mark.parametrize("case", READING_OUTSIDE)
def test_a_stored_style_that_reads_what_is_not_in_the_data_is_not_used(drawn, case):
    expression, name = READING_OUTSIDE[case]
    shown = [
        drawn(
            lambda folder, text: (
                stored(pair(), folder, "paar", lambda m: labelled(styled(m, BLUE), text)),
                {},
            ),
            expression,
            says,
        )
        for says in ("eins", "zwei")
    ]
    (warning,) = shown[0].log.warnings
    assert warning.startswith("paar: the style stored with it is not used")
    assert warning.endswith(f": {name}.")
    one, other = (Path(result.results["OUTPUT"]).read_bytes() for result in shown)
    assert one == other
    assert not where(pixels(shown[0].results["OUTPUT"]), BLUE).any()
    assert where(pixels(shown[0].results["OUTPUT"]), PALETTE[0]).any()


# -- coordinate systems and kinds of layers -----------------------------------------------------------


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        (["EPSG:4326", "EPSG:31466", "EPSG:25832"], "EPSG:31466"),
        (["EPSG:4326"], "EPSG:25832"),
        (["EPSG:3857", "EPSG:25832"], "EPSG:3857"),
    ],
)
def test_map_comes_in_the_crs_of_the_first_projected_layer(codes, expected):
    layers = [QgsVectorLayer(f"Point?crs={code}", "punkte", "memory") for code in codes]
    assert map_crs(layers) == QgsCoordinateReferenceSystem(expected)


def test_layers_of_other_crs_are_drawn_in_place(draw):
    there = styled(reprojected(square(x=100), "EPSG:4326"), BLUE)
    image = pixels(draw(square(RED), there, EXTENT=extent_text(0, 0, 200, 100)).results["OUTPUT"])
    part = image[:, :1300]
    red, blue = bounds(where(part, RED)), bounds(where(part, BLUE))
    assert blue[0] == pytest.approx(red[1], abs=3)
    assert blue[2] == pytest.approx(red[2], abs=3)


def test_a_raster_is_drawn(draw, tmp_path):
    path = grey(tmp_path / "grau.tif")
    assert QgsRasterLayer(path).isValid()
    image = pixels(draw(path).results["OUTPUT"])[300:1100, 200:1200]
    assert where(image, "#000000").mean() > 0.2


class Tiles(BaseHTTPRequestHandler):
    """Answers each request with a red tile, with that there is none, or never."""

    tile: bytes | None = None
    patience = 0.0

    def do_GET(self) -> None:
        time.sleep(self.patience)
        self.send_response(200 if self.tile else 404)
        self.send_header("Content-Type", "image/png")
        self.end_headers()
        self.wfile.write(self.tile or b"")

    def log_message(self, *_args: object) -> None:
        pass


@pytest.fixture
def tiles():
    """Start services of tiles; return a layer of one that behaves as the keywords say."""
    servers = []

    def start(**behaviour) -> QgsRasterLayer:
        handler = type("Behaving", (Tiles,), behaviour)
        servers.append(ThreadingHTTPServer(("127.0.0.1", 0), handler))
        threading.Thread(target=servers[-1].serve_forever, daemon=True).start()
        return tile_layer(servers[-1].server_port)

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def tile_layer(port: int) -> QgsRasterLayer:
    address = f"http://127.0.0.1:{port}/{{z}}/{{x}}/{{y}}.png?key=geheim"
    quoted = address.replace("{", "%7B").replace("}", "%7D").replace("?", "%3F").replace("=", "%3D")
    made = QgsRasterLayer(f"type=xyz&url={quoted}&zmin=0&zmax=19", "Grundkarte", "wms")
    assert made.isValid()
    QgsProject.instance().addMapLayer(made)
    return made


def red_tile() -> bytes:
    image = QImage(256, 256, QImage.Format.Format_RGB32)
    image.fill(QColor(RED))
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return bytes(data)


def test_a_base_map_is_drawn(draw, tiles):
    image = pixels(
        draw(square(BLUE), tiles(tile=red_tile()), EXTENT=extent_text(0, 0, 100, 50)).results["OUTPUT"]
    )
    assert where(image[300:1100, 200:1200], RED).any()


def test_a_base_map_without_tiles_here_is_no_error(draw, tiles):
    assert draw(square(), tiles(), EXTENT=extent_text(0, 0, 100, 50)).results["OUTPUT"]


def test_a_base_map_that_cannot_be_reached_is_named_with_its_host_alone(refused, tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    message = refused(square(), tile_layer(port))
    assert message.startswith("Grundkarte: 127.0.0.1 does not answer.")
    assert "geheim" not in message
    assert not (tmp_path / "karte.png").exists()


def test_a_base_map_that_never_answers_does_not_keep_anybody_waiting(refused, tiles, monkeypatch):
    monkeypatch.setattr(selection, "PATIENCE_MS", 500)
    begun = time.monotonic()
    assert refused(square(), tiles(patience=40.0)).startswith("Grundkarte: 127.0.0.1 does not answer.")
    assert time.monotonic() - begun < 30


def test_a_single_point_is_drawn_with_surroundings(draw):
    result = draw(layer([f"Point ({EAST} {NORTH})"], name="punkt"))
    assert "1 : 600 " in result.log.text  # 100 m high on 179 mm


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        (lambda: layer([], {"a": []}, wkb="Polygon", name="leer"), "leer is not drawn: it is empty."),
        (
            lambda: table({"a": [1]}, name="tabelle"),
            "tabelle is not drawn: it is a table without geometries.",
        ),
    ],
)
def test_what_has_nothing_to_draw_is_left_out_and_said(draw, other, reason):
    result = draw(other(), square(RED), EXTENT=extent_text(0, 0, 100, 100))
    assert result.log.warnings == [reason]
    assert where(pixels(result.results["OUTPUT"]), RED).mean() > 0.2


# -- refusals -----------------------------------------------------------------------------------------


def test_no_layer(refused):
    assert "There is nothing to draw" in refused(table({"a": [1]}))


def test_layer_without_crs(refused):
    message = refused(layer([box(0, 0, 1, 1)], crs="", name="ohne"))
    assert message.startswith("ohne has no coordinate reference system.")


def test_layer_that_cannot_be_read(refused, tmp_path):
    missing = str(tmp_path / "fehlt.gpkg")
    assert f"the layer {missing} cannot be read." in refused(square(), missing)


def test_extent_beside_the_data(refused):
    message = refused(square(), EXTENT=extent_text(9000, 0, 10, 10))
    assert "No layer reaches into the area to be drawn" in message
    assert "EPSG:25832" in message


def test_coordinates_that_cannot_be_in_their_crs(refused):
    """EPSG:4647 has the number of the zone before the metres; without it they lie in the Atlantic."""
    wrong = layer([box(0, 0, 100, 100)], crs="EPSG:4647", name="ohne Zone")
    assert refused(wrong).startswith("ohne Zone reaches beyond the area of EPSG:4647")
    west, south = EAST - 50, NORTH - 50
    extent = f"{west},{west + 200},{south},{south + 200} [EPSG:4647]"
    assert "EXTENT lies beyond the area of EPSG:4647" in refused(wrong, EXTENT=extent)


def test_an_area_that_the_crs_cannot_measure(refused):
    assert "reaches beyond what EPSG:25832" in refused(square(), EXTENT=f"{EAST},9e7,{NORTH},9e7 [{UTM}]")


def test_metres_declared_as_degrees(refused):
    message = refused(layer([box(0, 0, 100, 100)], crs="EPSG:4326", name="falsch"))
    assert message.startswith("falsch reaches beyond the area of EPSG:25832")


@pytest.mark.parametrize(
    ("output", "reason"),
    [
        ("karte.jpg", "must be a file ending in .png"),
        ("fehlt/karte.png", "choose a file in an existing folder"),
        ("ordner.png", "choose a file in an existing folder"),
    ],
)
def test_output_that_cannot_be_written(refused, tmp_path, output, reason):
    (tmp_path / "ordner.png").mkdir()
    message = refused(square(), output=output)
    assert reason in message
    assert str(tmp_path / output) in message
    assert [p.name for p in tmp_path.iterdir()] == ["ordner.png"]


def test_a_folder_that_refuses_writing_is_named(refused, tmp_path, monkeypatch):
    def deny(*_args, **_kwargs):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "mkdir", deny)
    assert refused(square()) == f"{tmp_path / 'karte.png'} cannot be written: Permission denied."


def test_a_failed_run_leaves_the_earlier_map_and_nothing_else(refused, tmp_path):
    (tmp_path / "karte.png").write_bytes(b"earlier")
    refused(square(), EXTENT=extent_text(9000, 0, 10, 10))
    assert [p.name for p in tmp_path.iterdir()] == ["karte.png"]
    assert (tmp_path / "karte.png").read_bytes() == b"earlier"


def test_a_finished_run_replaces_the_earlier_map_and_leaves_nothing_else(draw, tmp_path):
    (tmp_path / "karte.png").write_bytes(b"earlier")
    draw(square())
    assert [p.name for p in tmp_path.iterdir()] == ["karte.png"]
    assert not QImage(str(tmp_path / "karte.png")).isNull()
