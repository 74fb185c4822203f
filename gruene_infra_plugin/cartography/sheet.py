"""The sheet: title, map, legend, scale bar and source line on one page, drawn to a PNG."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from qgis.core import (
    Qgis,
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransformContext,
    QgsCsException,
    QgsDistanceArea,
    QgsLayerTreeFilterSettings,
    QgsLayerTreeGroup,
    QgsLayerTreeLayer,
    QgsLayoutExporter,
    QgsLayoutItem,
    QgsLayoutItemLabel,
    QgsLayoutItemLegend,
    QgsLayoutItemMap,
    QgsLayoutItemPicture,
    QgsLayoutItemScaleBar,
    QgsLayoutPoint,
    QgsLayoutSize,
    QgsLegendRenderer,
    QgsLegendStyle,
    QgsMapLayer,
    QgsMapLayerLegendUtils,
    QgsMapSettings,
    QgsPrintLayout,
    QgsProject,
    QgsRectangle,
    QgsTextFormat,
)
from qgis.PyQt.QtCore import QRectF, QSizeF, Qt
from qgis.PyQt.QtGui import QColor, QFont

from ..i18n import translate
from ..methods.reading.names import tidied
from ..paths import ICONS
from .scale import METRES_PER_KM, bar_segment, round_scale

MARGIN = 9.0
GAP = 3.0
SIDE_SHARE, SIDE_MIN, SIDE_MAX = 0.22, 42.0, 78.0
FOOT = 5.0
SCALE_BLOCK = 17.0
INK, QUIET = "#222222", "#666666"
GAP_NAME = " "
LEGEND_TOP = 2.5
"""Height of the blank above a legend's first entry."""
LEGEND_LOOKS = ((1.0, 1), (0.9, 1), (0.8, 1), (0.8, 2), (0.7, 1), (0.7, 2), (0.6, 2))
"""Size factors and numbers of columns that are tried until a legend fits beside the map."""
FULL_TITLE_PT, SMALL_TITLE_PT, SUBTITLE_PT, NOTE_PT = 17.0, 11.0, 10.0, 6.5
TEMPLATES = ("[%", "$CURRENT_DATE")
"""How what QGIS evaluates begins, in labels and legends."""
WORD_JOINER = "\u2060"
"""A sign without width."""
MM_PER_INCH = 25.4
POINT_MM = MM_PER_INCH / 72


@dataclass(frozen=True)
class Page:
    """Size of the sheet in millimetres and resolution in dots per inch."""

    width: float
    height: float
    dpi: int


@dataclass(frozen=True)
class Content:
    """What a sheet shows: layers with titles, first on top, the area that must be visible, the texts."""

    layers: Sequence[tuple[QgsMapLayer, str]]
    crs: QgsCoordinateReferenceSystem
    extent: QgsRectangle
    title: str
    subtitle: str = ""
    note: str = ""
    transforms: QgsCoordinateTransformContext = field(default_factory=QgsCoordinateTransformContext)


class SheetError(Exception):
    """The sheet could not be drawn."""


class Sheet:
    """A laid-out page in a project of its own, so that the user's project stays as it is.

    Raises :class:`SheetError` where the CRS cannot show the area that must be visible.
    """

    def __init__(self, content: Content, page: Page) -> None:
        self._content = content
        self._page = page
        self._project = QgsProject(None, Qgis.ProjectCapabilities())
        self._project.setTransformContext(content.transforms)
        self._project.setCrs(content.crs, True)
        self._layout = QgsPrintLayout(self._project)
        self._layout.initializeDefaults()
        self._layout.pageCollection().page(0).setPageSize(_size(page.width, page.height))
        self._side = min(max(SIDE_SHARE * page.width, SIDE_MIN), SIDE_MAX)
        self._top = self._add_titles()
        self._map = self._add_map()
        self.legend_fits = self._add_legend()
        self._add_scale()
        self._add_note()

    @property
    def scale(self) -> float:
        """Denominator of the map scale, as measured on the page."""
        return self._map.scale()

    @property
    def frame(self) -> QRectF:
        """Where the map lies on the page, millimetres from the upper left corner."""
        return self._map.mapRectToScene(self._map.rect())

    def export(self, path: Path) -> None:
        """Draw the sheet to a PNG; raise :class:`SheetError` if it cannot be drawn or written."""
        settings = QgsLayoutExporter.ImageExportSettings()
        settings.dpi = self._page.dpi
        settings.exportMetadata = False
        exporter = QgsLayoutExporter(self._layout)
        result = exporter.exportToImage(str(path), settings)
        if result == QgsLayoutExporter.ExportResult.MemoryError:
            message = translate("GrueneInfra", "The map is too large to draw. Lower its size or resolution.")
            raise SheetError(message)
        if result != QgsLayoutExporter.ExportResult.Success:
            raise SheetError(translate("GrueneInfra", "{path} could not be written.").format(path=path))

    # -- the items ----------------------------------------------------------------------------------

    def _add_titles(self) -> float:
        """Add title and subtitle; return where the map may begin, millimetres from the upper edge."""
        width = self._page.width - 2 * MARGIN
        top = MARGIN - 2
        if self._content.title:
            top += self._add_title(width, top)
        if self._content.subtitle:
            label = self._add_label(self._content.subtitle, SUBTITLE_PT, QUIET)
            _place(label, MARGIN, top, width, 5.5)
            top += 5.5
        return max(top + 1.5, MARGIN)

    def _add_title(self, width: float, top: float) -> float:
        size = FULL_TITLE_PT
        label = self._add_label(self._content.title, size, INK, bold=True)
        while size > SMALL_TITLE_PT and label.sizeForText().width() > width:
            size -= 1
            label.setTextFormat(_format(size, INK, bold=True))
        lines = 1 if label.sizeForText().width() <= width else 2
        height = lines * size * POINT_MM * 1.3 + 0.5
        _place(label, MARGIN, top, width, height)
        return height

    def _add_map(self) -> QgsLayoutItemMap:
        item = QgsLayoutItemMap(self._layout)
        self._layout.addLayoutItem(item)
        width = self._page.width - 2 * MARGIN - GAP - self._side
        _place(item, MARGIN, self._top, width, self._page.height - self._top - MARGIN - FOOT + 3)
        item.setFrameEnabled(True)
        item.setFrameStrokeColor(QColor(QUIET))
        item.setBackgroundColor(QColor("#ffffff"))
        item.setCrs(self._content.crs)
        item.setLayers([layer for layer, _title in self._content.layers])
        item.zoomToExtent(self._content.extent)
        item.setScale(round_scale(item.scale()))
        return item

    def _add_legend(self) -> bool:
        """Add the legend; return whether it fits beside the map."""
        legend = QgsLayoutItemLegend(self._layout)
        self._layout.addLayoutItem(legend)
        legend.setAutoUpdateModel(False)
        legend.setLinkedMap(self._map)
        _fill_legend(legend.model().rootGroup(), self._content.layers)
        legend.setLegendFilterByMapEnabled(True)
        legend.model().setFilterSettings(QgsLayerTreeFilterSettings(self._map_settings()))
        legend.model().waitForHitTestBlocking()
        legend.setBoxSpace(0)
        legend.setResizeToContents(False)
        available = self._page.height - self._top - MARGIN - FOOT - SCALE_BLOCK
        _place(legend, self._left_of_side, self._top - LEGEND_TOP, self._side, available)
        return any(_legend_fits(legend, *look, self._side, available) for look in LEGEND_LOOKS)

    def _map_settings(self) -> QgsMapSettings:
        pixels_per_mm = self._page.dpi / MM_PER_INCH
        size = QSizeF(self._map.rect().width() * pixels_per_mm, self._map.rect().height() * pixels_per_mm)
        return self._map.mapSettings(self._map.extent(), size, self._page.dpi, True)

    def _add_scale(self) -> None:
        top = self._page.height - MARGIN - FOOT - SCALE_BLOCK + 3
        label = self._add_label(f"1 : {_grouped(self.scale)}", 9.0, INK, bold=True)
        _place(label, self._left_of_side, top, self._side - 10, 5)
        self._add_bar(top + 5)
        arrow = QgsLayoutItemPicture(self._layout)
        self._layout.addLayoutItem(arrow)
        arrow.setPicturePath(str(ICONS / "north.svg"))
        _place(arrow, self._page.width - MARGIN - 7, top, 7, 12)

    def _add_bar(self, top: float) -> None:
        metres_per_mm = self._ground_width() / self._map.rect().width()
        segment = bar_segment((self._side - 18) / 2 * metres_per_mm)
        in_km = segment >= METRES_PER_KM
        bar = QgsLayoutItemScaleBar(self._layout)
        self._layout.addLayoutItem(bar)
        bar.setStyle("Line Ticks Up")
        bar.setLinkedMap(self._map)
        bar.setUnits(Qgis.DistanceUnit.Kilometers if in_km else Qgis.DistanceUnit.Meters)
        bar.setUnitLabel("km" if in_km else "m")
        bar.setNumberOfSegmentsLeft(0)
        bar.setNumberOfSegments(2)
        bar.setUnitsPerSegment(segment / METRES_PER_KM if in_km else segment)
        bar.setHeight(1.8)
        bar.setTextFormat(_format(7.5, INK))
        bar.update()
        _place(bar, self._left_of_side - 1, top, self._side, 9)

    def _add_note(self) -> None:
        label = self._add_label(self._content.note, NOTE_PT, QUIET)
        _place(label, MARGIN, self._page.height - MARGIN - 1.0, self._page.width - 2 * MARGIN, FOOT + 2)

    @property
    def _left_of_side(self) -> float:
        return self._page.width - MARGIN - self._side

    def _ground_width(self) -> float:
        """Return the true length of the map's middle line in metres."""
        measure = QgsDistanceArea()
        measure.setSourceCrs(self._content.crs, self._project.transformContext())
        measure.setEllipsoid(self._project.ellipsoid())
        extent = self._map.extent()
        middle = extent.center().y()
        left, right = extent.center(), extent.center()
        left.set(extent.xMinimum(), middle)
        right.set(extent.xMaximum(), middle)
        try:
            length = measure.measureLine(left, right)
        except QgsCsException:
            raise self._beyond() from None
        metres: float = measure.convertLengthMeasurement(length, Qgis.DistanceUnit.Meters)
        if not 0 < metres < math.inf:
            raise self._beyond()
        return metres

    def _beyond(self) -> SheetError:
        message = translate(
            "GrueneInfra",
            "The area to be drawn reaches beyond what {crs} can show. Give a smaller EXTENT, or check the "
            "CRS of the layers.",
        )
        return SheetError(message.format(crs=self._content.crs.userFriendlyIdentifier()))

    def _add_label(self, text: str, size: float, color: str, *, bold: bool = False) -> QgsLayoutItemLabel:
        label = QgsLayoutItemLabel(self._layout)
        label.setText(as_text(tidied(text)))
        label.setTextFormat(_format(size, color, bold=bold))
        label.setMarginX(0)
        label.setMarginY(0)
        self._layout.addLayoutItem(label)
        return label


def as_text(text: str) -> str:
    """Return a text that is drawn as it is, where QGIS would evaluate it: it comes from data and files.

    A sign without width comes between the two that begin a template: legends evaluate their texts up to
    three times, so that an expression in place of the first sign would not do.
    """
    for beginning in TEMPLATES:
        text = text.replace(beginning, beginning[0] + WORD_JOINER + beginning[1:])
    return text


def _format(size: float, color: str, *, bold: bool = False) -> QgsTextFormat:
    font = QFont("Sans Serif")
    font.setStyleHint(QFont.StyleHint.SansSerif)
    font.setBold(bold)
    text = QgsTextFormat()
    text.setFont(font)
    text.setSize(size)
    text.setSizeUnit(Qgis.RenderUnit.Points)
    text.setColor(QColor(color))
    return text


def _fill_legend(root: QgsLayerTreeGroup, layers: Sequence[tuple[QgsMapLayer, str]]) -> None:
    """Add the layers in their order; a gap keeps a lone symbol apart from the classes of the layer above."""
    root.clear()
    parent, below_classes = root, False
    for layer, title in layers:
        node = QgsLayerTreeLayer(layer)
        node.setUseLayerName(False)
        node.setName(as_text(title))
        has_classes = _name_classes(layer, node) > 1
        if has_classes:
            parent = root
        elif below_classes:
            parent = root.addGroup(GAP_NAME)
        parent.addChildNode(node)
        below_classes = has_classes


def _name_classes(layer: QgsMapLayer, node: QgsLayerTreeLayer) -> int:
    """Let the classes of a layer be drawn as they are called; return how many there are."""
    legend = layer.legend()
    classes = [] if legend is None else legend.createLayerTreeModelLegendNodes(node)
    for number, one in enumerate(classes):
        called = str(one.data(Qt.ItemDataRole.DisplayRole) or "")
        if as_text(called) != called:
            QgsMapLayerLegendUtils.setLegendNodeUserLabel(node, number, as_text(called))
    return len(classes)


def _legend_fits(
    legend: QgsLayoutItemLegend, factor: float, columns: int, width: float, height: float
) -> bool:
    """Set size and columns of the legend; return whether it then fits into ``width`` × ``height`` mm."""
    _set_legend_size(legend, factor)
    legend.setColumnCount(columns)
    legend.setSplitLayer(columns > 1)
    needed = QgsLegendRenderer(legend.model(), legend.legendSettings()).minimumSize()
    return needed.width() <= width and needed.height() <= height


def _set_legend_size(legend: QgsLayoutItemLegend, factor: float) -> None:
    component = QgsLegendStyle.Style
    for part, size, bold in (
        (component.Title, 10.0, True),
        (component.Group, 2.0, False),
        (component.Subgroup, 8.5, True),
        (component.SymbolLabel, 8.0, False),
    ):
        style = QgsLegendStyle(legend.rstyle(part))
        style.setTextFormat(_format(size * factor, INK, bold=bold))
        legend.setStyle(part, style)
    legend.rstyle(component.Subgroup).setMargin(QgsLegendStyle.Side.Top, 3.0 * factor)
    legend.rstyle(component.Group).setMargin(QgsLegendStyle.Side.Top, 0.8 * factor)
    legend.rstyle(component.Symbol).setMargin(QgsLegendStyle.Side.Top, 1.3 * factor)
    legend.setSymbolWidth(6.0 * factor)
    legend.setSymbolHeight(3.4 * factor)


def _grouped(value: float) -> str:
    """Return a whole number with thin gaps between thousands."""
    return f"{round(value):,}".replace(",", "\u202f")


def _size(width: float, height: float) -> QgsLayoutSize:
    return QgsLayoutSize(width, height, Qgis.LayoutUnit.Millimeters)


def _place(item: QgsLayoutItem, left: float, top: float, width: float, height: float) -> None:
    item.attemptMove(QgsLayoutPoint(left, top, Qgis.LayoutUnit.Millimeters))
    item.attemptResize(_size(width, height))
