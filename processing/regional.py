"""What algorithms share that bring the findings of a region together: its municipalities, log, report."""

from __future__ import annotations

import importlib.util
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from qgis.core import Qgis, QgsFeatureRequest, QgsGeometry, QgsProcessingException

from ..gruene_infra_plugin.i18n import translate
from ..gruene_infra_plugin.methods.findings.finding import AreaKind, Finding, is_mean
from ..gruene_infra_plugin.methods.findings.trend import Trends
from ..gruene_infra_plugin.paths import plugin_version
from ..gruene_infra_plugin.report.maps import MapError, MapFile
from ..gruene_infra_plugin.report.model import Heading
from ..gruene_infra_plugin.report.region import Region, municipal
from ..gruene_infra_plugin.report.texts import Texts
from ..gruene_infra_plugin.spatial.attribution.areas import Area, Areas, area_of
from ..gruene_infra_plugin.spatial.reading.source import Input
from ..gruene_infra_plugin.strategy import Municipality
from .area_fields import area_fields
from .job import Job

SQUARE_METRES_PER_HECTARE = 10_000.0


def can_report() -> tuple[bool, str]:
    """Return whether a report can be written, and what is missing where it cannot."""
    if importlib.util.find_spec("jinja2") is None:
        return False, translate(
            "GrueneInfra", "The Python package Jinja2 is missing (Debian: python3-jinja2)."
        )
    return True, ""


def region_of(
    job: Job, rows: Sequence[Finding], tables: str
) -> tuple[Region, Mapping[Municipality, Sequence[QgsGeometry]]]:
    """Return the municipalities of the region: of the AREAS layer, else of the strategy, else of the rows.

    With them come the polygons that AREAS has for each. A municipality that has no key there takes that of
    its name in the strategy. ``tables`` is the parameter that the rows are from. Raises
    ``QgsProcessingException`` where AREAS holds none of the municipalities of the rows.
    """
    layer = job.optional_layer("AREAS", Qgis.GeometryType.Polygon)
    if layer is None:
        return Region.behind(rows, job.strategy.municipalities), {}
    job.settle_crs(layer)
    name, key = area_fields(job, layer, AreaKind.MUNICIPALITY)
    features = list(job.read(layer, [name, key]))
    areas = Areas.from_features(features, AreaKind.MUNICIPALITY, name, key)
    known = zip(areas.areas, areas.sizes(), strict=True)
    sizes = {area.identity: size / SQUARE_METRES_PER_HECTARE for area, size in known}
    named = {area.identity: area for area in [*_named(layer, name, key), *areas.areas]}
    listed = Region(job.strategy.municipalities)
    found = {
        identity: Municipality(area.ags or _key_of(area, listed), area.name, sizes.get(identity))
        for identity, area in named.items()
    }
    region = Region(found.values())
    if municipal(rows) and not any(map(region.find, municipal(rows))):
        message = translate(
            "GrueneInfra",
            "{layer} holds none of the municipalities of the tables in {tables}. Compare AREAS_KEY with "
            "their column ags.",
        )
        raise QgsProcessingException(message.format(layer=layer.name, tables=tables))
    polygons: dict[Municipality, list[QgsGeometry]] = defaultdict(list)
    for feature in features:
        area = area_of(feature, AreaKind.MUNICIPALITY, name, key)
        polygons[found[area.identity]].append(feature.geometry())
    return region, polygons


def _key_of(area: Area, listed: Region) -> str:
    known = listed.called(area.name)
    return "" if known is None else known.ags


def _named(layer: Input, name: int, key: int | None) -> Iterator[Area]:
    """Yield the municipalities of a layer by their names and keys, also those without an outline."""
    request = QgsFeatureRequest().setFlags(Qgis.FeatureRequestFlag.NoGeometry)
    unchecked = Qgis.ProcessingFeatureSourceFlag.SkipGeometryValidityChecks
    for feature in layer.source.getFeatures(request, unchecked):
        yield area_of(feature, AreaKind.MUNICIPALITY, name, key)


def remark_missing(job: Job, rows: Sequence[Finding], region: Region) -> None:
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


def _remark_gaps(job: Job, rows: Sequence[Finding], region: Region, absent: set[Municipality]) -> None:
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


def remark_rows(job: Job, rows: Sequence[Finding], given: int, demoted: Sequence[Finding]) -> None:
    """Say how many rows were read and kept, which lost their headline, and which are of a later day."""
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
        translate(
            "GrueneInfra", "{given} rows read, {kept} kept, {means} regional means and sums computed."
        ).format(given=given, kept=len(rows) - means, means=means)
    )
    later = sum(row.berechnet_am > job.as_of for row in rows)
    if later:
        job.feedback.pushWarning(
            translate("GrueneInfra", "{count} rows were computed for a day after {day}.").format(
                count=later, day=job.as_of.isoformat()
            )
        )


def lines_of(text: str) -> tuple[str, ...]:
    """Return the lines of a text that say anything."""
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def write_report(
    job: Job,
    rows: Sequence[Finding],
    texts: Texts,
    region: Region,
    *,
    sources: Sequence[str] = (),
    is_of_layers: bool = False,
    trends: Trends | None = None,
) -> None:
    """Write the report.

    ``sources`` are lines on what the findings are from, an item and its remark each; ``is_of_layers``
    says that they are layers. ``trends`` are what findings of earlier days tell.
    """
    from ..gruene_infra_plugin.report.render import render

    names = job.text("TITLE"), job.text("REGION_NAME")
    said = job.text("REMARKS") if "REMARKS" in job.entry.parameters else ""
    heading = Heading(
        job.as_of,
        plugin_version(),
        *names,
        region.described(rows, texts),
        lines_of(said),
        tuple(sources),
        is_of_layers,
    )
    images = [MapFile(path) for path in job.files("MAPS")]
    try:
        html = render(rows, job.strategy, heading, texts, images, trends)
    except MapError as error:
        message = translate("GrueneInfra", "MAPS: the image cannot be used ({reason}).")
        raise QgsProcessingException(message.format(reason=error)) from error
    place = job.file_output("REPORT")
    job.outputs.add_file("REPORT", place, lambda path: path.write_text(html, encoding="utf-8"))
