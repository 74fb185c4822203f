"""All findings in one table, with the regional means recomputed, and one report on them."""

from __future__ import annotations

import importlib.util
from collections import defaultdict
from collections.abc import Iterator

from qgis.core import (
    Qgis,
    QgsFeatureRequest,
    QgsProcessingException,
)

from ...gruene_infra_plugin.i18n import language, translate
from ...gruene_infra_plugin.methods.findings.finding import MEANS_BY, AreaKind, Finding, is_mean
from ...gruene_infra_plugin.methods.findings.targets import ConflictError, latest, settle_headlines
from ...gruene_infra_plugin.methods.findings.trend import Trends
from ...gruene_infra_plugin.paths import plugin_version
from ...gruene_infra_plugin.report.maps import MapError, MapFile
from ...gruene_infra_plugin.report.means import mean_rows
from ...gruene_infra_plugin.report.model import Heading
from ...gruene_infra_plugin.report.region import Region, municipal
from ...gruene_infra_plugin.report.texts import Texts
from ...gruene_infra_plugin.report.view import report_order
from ...gruene_infra_plugin.spatial.attribution.areas import Area, Areas, area_of
from ...gruene_infra_plugin.spatial.reading.source import Input
from ...gruene_infra_plugin.strategy import Municipality
from ..area_fields import area_fields
from ..base import PluginAlgorithm
from ..findings_tables import FindingsTables
from ..job import Job
from ..trends import trends_of, with_history

SQUARE_METRES_PER_HECTARE = 10_000.0


class TargetMonitor(PluginAlgorithm):
    """Any number of SUMMARY tables in, one table and the HTML report out."""

    ID = MEANS_BY

    def canExecute(self) -> tuple[bool, str]:
        if importlib.util.find_spec("jinja2") is None:
            return False, translate(
                "GrueneInfra", "The Python package Jinja2 is missing (Debian: python3-jinja2)."
            )
        return True, ""

    def measure(self, job: Job) -> None:
        tables = FindingsTables(job)
        measured = tables.findings()
        if all(is_mean(row) for row in measured):
            raise QgsProcessingException(
                translate(
                    "GrueneInfra",
                    "The tables hold nothing but regional means. Give the tables of the single analyses.",
                )
            )
        texts = Texts(language())
        try:
            newest = latest(row for row in measured if not is_mean(row))
            rows, demoted = settle_headlines(newest)
            region = _region(job, rows)
            rows += mean_rows(rows, texts, job.as_of, plugin_version(), region)
            trends = trends_of(with_history(rows, measured, job.as_of), job.as_of)
        except ConflictError as error:
            raise QgsProcessingException(tables.conflict(error)) from error
        rows.sort(key=report_order)
        _remark(job, rows, len(measured), demoted)
        _remark_missing(job, rows, region)
        job.outputs.add_findings("OUTPUT", rows)
        _write_report(job, rows, texts, region, trends)


def _region(job: Job, rows: list[Finding]) -> Region:
    """Return the municipalities of the region: of the AREAS layer, else of the strategy, else of the rows."""
    layer = job.optional_layer("AREAS", Qgis.GeometryType.Polygon)
    if layer is None:
        return Region.behind(rows, job.strategy.municipalities)
    job.settle_crs(layer)
    name, key = area_fields(job, layer, AreaKind.MUNICIPALITY)
    areas = Areas.from_features(job.read(layer, [name, key]), AreaKind.MUNICIPALITY, name, key)
    known = zip(areas.areas, areas.sizes(), strict=True)
    sizes = {area.identity: size / SQUARE_METRES_PER_HECTARE for area, size in known}
    named = {area.identity: area for area in [*_named(layer, name, key), *areas.areas]}
    region = Region(
        Municipality(area.ags or "", area.name, sizes.get(identity)) for identity, area in named.items()
    )
    if municipal(rows) and not any(map(region.find, municipal(rows))):
        message = translate(
            "GrueneInfra",
            "{layer} holds none of the municipalities of the tables in SUMMARIES. Compare AREAS_KEY with "
            "their column ags.",
        )
        raise QgsProcessingException(message.format(layer=layer.name))
    return region


def _named(layer: Input, name: int, key: int | None) -> Iterator[Area]:
    """Yield the municipalities of a layer by their names and keys, also those without an outline."""
    request = QgsFeatureRequest().setFlags(Qgis.FeatureRequestFlag.NoGeometry)
    unchecked = Qgis.ProcessingFeatureSourceFlag.SkipGeometryValidityChecks
    for feature in layer.source.getFeatures(request, unchecked):
        yield area_of(feature, AreaKind.MUNICIPALITY, name, key)


def _remark_missing(job: Job, rows: list[Finding], region: Region) -> None:
    """Name the municipalities without findings and those that are none of the region's."""
    found = municipal(rows)
    outside = {row.gebiet for row in found if region.find(row) is None}
    if outside:
        message = translate(
            "GrueneInfra", "Not among the municipalities of the region, so in none of its means: {names}."
        )
        job.feedback.pushWarning(message.format(names=", ".join(sorted(outside))))
    if not found:
        return
    if not region.is_listed:
        message = translate(
            "GrueneInfra",
            "The strategy lists none of these municipalities: the means are over the {count} of the tables.",
        )
        job.feedback.pushInfo(message.format(count=len(region.municipalities)))
    absent = region.missing(found)
    if absent:
        message = translate("GrueneInfra", "{count} of {total} municipalities have no finding: {names}.")
        names = ", ".join(sorted(one.name for one in absent))
        total = len(region.municipalities)
        job.feedback.pushWarning(message.format(count=len(absent), total=total, names=names))
    _remark_gaps(job, found, region, set(absent))


def _remark_gaps(job: Job, rows: list[Finding], region: Region, absent: set[Municipality]) -> None:
    """Name by indicator the municipalities that have findings, but none for it."""
    headlines: dict[str, list[Finding]] = defaultdict(list)
    for row in rows:
        if row.ist_leitwert:
            headlines[row.kennzahl_id].append(row)
    message = translate("GrueneInfra", "{indicator}: no finding for {names}.")
    for indicator, some in sorted(headlines.items()):
        lacking = sorted(one.name for one in region.missing(some) if one not in absent)
        if lacking:
            job.feedback.pushInfo(message.format(indicator=indicator, names=", ".join(lacking)))


def _remark(job: Job, rows: list[Finding], given: int, demoted: list[Finding]) -> None:
    for row in demoted:
        job.feedback.pushWarning(
            translate(
                "GrueneInfra",
                "{area}: {indicator} has more than one headline; the definition {definition} is shown among "
                "the other definitions.",
            ).format(area=row.gebiet, indicator=row.kennzahl_id, definition=row.variante_id)
        )
    means = sum(is_mean(row) for row in rows)
    job.feedback.pushInfo(
        translate("GrueneInfra", "{given} rows read, {kept} kept, {means} regional means computed.").format(
            given=given, kept=len(rows) - means, means=means
        )
    )
    later = sum(row.berechnet_am > job.as_of for row in rows)
    if later:
        job.feedback.pushWarning(
            translate("GrueneInfra", "{count} rows were computed for a day after {day}.").format(
                count=later, day=job.as_of.isoformat()
            )
        )


def _write_report(job: Job, rows: list[Finding], texts: Texts, region: Region, trends: Trends) -> None:
    from ...gruene_infra_plugin.report.render import render

    names = job.text("TITLE"), job.text("REGION_NAME")
    remarks = tuple(line.strip() for line in job.text("REMARKS").splitlines() if line.strip())
    heading = Heading(job.as_of, plugin_version(), *names, region.described(rows, texts), remarks)
    images = [MapFile(path) for path in job.files("MAPS")]
    try:
        html = render(rows, job.strategy, heading, texts, images, trends)
    except MapError as error:
        message = translate("GrueneInfra", "MAPS: the image cannot be used ({reason}).")
        raise QgsProcessingException(message.format(reason=error)) from error
    place = job.file_output("REPORT")
    job.outputs.add_file("REPORT", place, lambda path: path.write_text(html, encoding="utf-8"))
