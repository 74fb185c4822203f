"""Draw layers in their styles on one sheet with title, legend, scale bar and source: a PNG per analysis."""

from __future__ import annotations

from pathlib import Path

from qgis.core import (
    Qgis,
    QgsCoordinateReferenceSystem,
    QgsMapLayer,
    QgsProcessingException,
    QgsRectangle,
)
from qgis.PyQt.QtCore import QDate

from ...gruene_infra_plugin.cartography.selection import area_to_draw, drawable, map_crs
from ...gruene_infra_plugin.cartography.sheet import Content, Page, Sheet, SheetError
from ...gruene_infra_plugin.cartography.styling import settle_style, title_of
from ...gruene_infra_plugin.i18n import translate
from ...gruene_infra_plugin.paths import plugin_version
from ...gruene_infra_plugin.spatial.reading.earth import EARTH
from ..base import PluginAlgorithm
from ..job import Job


class DrawMap(PluginAlgorithm):
    """One sheet from any layers; runs in the main thread because layouts and project layers live there."""

    ID = "draw_map"

    def flags(self) -> Qgis.ProcessingAlgorithmFlags:
        return super().flags() | Qgis.ProcessingAlgorithmFlag.NoThreading

    def measure(self, job: Job) -> None:
        target = job.file_output("OUTPUT")
        layers = drawable(job.map_layers("LAYERS"), job.feedback)
        titled = [(layer, _title(job, layer, i)) for i, layer in enumerate(layers)]
        crs = map_crs(layers)
        content = Content(
            layers=titled,
            crs=crs,
            extent=area_to_draw(layers, crs, _wanted(job, crs), job.context),
            title=job.text("TITLE") or titled[0][1],
            subtitle=job.text("SUBTITLE"),
            note=_note(job, crs.userFriendlyIdentifier()),
            transforms=job.context.transformContext(),
        )
        page = Page(job.number("PAGE_WIDTH"), job.number("PAGE_HEIGHT"), int(job.number("DPI")))
        _draw(job, content, page, target)


def _wanted(job: Job, crs: QgsCoordinateReferenceSystem) -> QgsRectangle:
    """Return EXTENT in the map's CRS, a null one where it is not given; raise if it cannot be one."""
    wanted = job.algorithm.parameterAsExtent(job.parameters, "EXTENT", job.context, crs)
    given = job.parameters["EXTENT"]
    if given and (wanted.isNull() or not EARTH.contains(wanted)):
        message = translate("GrueneInfra", "EXTENT: “{value}” is no area.")
        raise QgsProcessingException(message.format(value=given))
    return wanted


def _title(job: Job, layer: QgsMapLayer, position: int) -> str:
    """Return a layer's title for the legend; a layer that was read from a file gets its style first."""
    if job.context.temporaryLayerStore().mapLayer(layer.id()) is not None:
        return settle_style(layer, position, job.feedback)
    return title_of(layer.name())


def _note(job: Job, crs: str) -> str:
    source = job.text("SOURCE")
    day = QDate(job.as_of.year, job.as_of.month, job.as_of.day)
    parts = (
        translate("GrueneInfra", "Source: {source}").format(source=source) if source else "",
        crs,
        day.toString(translate("GrueneInfra", "yyyy-MM-dd")),
        f"Grüne Infrastruktur Ruhr {plugin_version()}",
    )
    return " · ".join(part for part in parts if part)


def _draw(job: Job, content: Content, page: Page, target: Path) -> None:
    try:
        sheet = Sheet(content, page)
        if not sheet.legend_fits:
            message = translate("GrueneInfra", "The legend is larger than its column. Choose a larger page.")
            job.feedback.pushWarning(message)
        job.outputs.add_file("OUTPUT", target, sheet.export)
    except SheetError as error:
        raise QgsProcessingException(str(error)) from error
    job.feedback.pushInfo(
        translate("GrueneInfra", "Map of {count} layers drawn at 1 : {scale} in {crs}.").format(
            count=len(content.layers), scale=round(sheet.scale), crs=content.crs.userFriendlyIdentifier()
        )
    )
