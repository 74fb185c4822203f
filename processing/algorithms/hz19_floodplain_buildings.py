"""HZ 19: buildings in floodplains and in the strip along waters, and how much of that is new."""

from __future__ import annotations

from collections.abc import Mapping

from qgis.core import (
    Qgis,
    QgsProcessingException,
)

from ...gruene_infra_plugin.i18n import translate
from ...gruene_infra_plugin.methods.thresholds import most
from ...gruene_infra_plugin.methods.values import WIDTH, year_built
from ...gruene_infra_plugin.spatial.areas import Areas, Tally
from ...gruene_infra_plugin.spatial.change import EarlierStock, Newness
from ...gruene_infra_plugin.spatial.exposure import Exposure, Hit
from ...gruene_infra_plugin.spatial.layers import Input
from ...gruene_infra_plugin.spatial.looked_at import LookedAt
from ...gruene_infra_plugin.spatial.usual_fields import FLOODPLAIN_CLASS, WATER_WIDTH, YEAR_BUILT
from ...gruene_infra_plugin.spatial.values import text
from ...gruene_infra_plugin.spatial.zones import AUE, STRIP, Zone, floodplain_zone, water_strip
from ..base import PluginAlgorithm
from ..job import Job
from ..summaries.hz19_floodplain_buildings import FloodplainSummary, FloodplainTally

POLYGON, LINE = Qgis.GeometryType.Polygon, Qgis.GeometryType.Line


class FloodplainBuildings(PluginAlgorithm):
    """Buildings × floodplains, new ones apart, with the strip along waters."""

    ID = "hz19_floodplain_buildings"

    def measure(self, job: Job) -> None:
        buildings, floodplains = job.layer("BUILDINGS", POLYGON), job.layer("FLOODPLAINS", POLYGON)
        before = job.optional_layer("BUILDINGS_BEFORE", POLYGON)
        water = job.optional_layer("WATER", POLYGON, LINE)
        area_layer = job.optional_layer("AREAS", POLYGON)
        job.settle_crs(buildings, floodplains, before, water, area_layer)
        job.require_meeting(buildings, floodplains, before, area_layer)
        job.require_meeting(buildings, water, beyond=job.number("STRIP"))
        year_field = _year_field(job, buildings)
        job.open_details("OUTPUT", buildings)

        areas = job.areas(area_layer)
        zones = _zones(job, floodplains, water, areas)
        now, then = LookedAt(buildings, areas), LookedAt(before, areas) if before else None
        newness = Newness(
            year_of=job.column(buildings, year_field, year_built(job.as_of)).of,
            reference_year=job.integer("REFERENCE_YEAR"),
            stock=EarlierStock(f.geometry() for f in then.passing(job.read(before, []))) if then else None,
            tolerance=job.number("TOLERANCE"),
            all_new=job.flag("PLANNED"),
        )
        pieces = {name: zone.pieces for name, zone in zones.items()}
        exposure = Exposure(pieces, newness, job.number("MIN_OVERLAP"), now)
        tally = FloodplainTally(Tally(areas))
        for hit in exposure.hits(job.read(buildings)):
            tally.add(hit)
            job.add_details("OUTPUT", hit.feature, _result_row(hit, zones))
        _remark(job, exposure, newness)
        summary = FloodplainSummary(job, zones, newness, now, then, tally.sums)
        job.outputs.add_findings("SUMMARY", summary.rows(areas))


def _year_field(job: Job, buildings: Input) -> int | None:
    """Return the field with the year; the year and the year from which on it is new need each other."""
    reference = job.integer("REFERENCE_YEAR")
    if reference is None and job.text("YEAR_FIELD"):
        raise QgsProcessingException(
            translate("GrueneInfra", "YEAR_FIELD needs REFERENCE_YEAR: from which year on is a building new?")
        )
    if reference is None:
        return None
    field = job.field("YEAR_FIELD", buildings, YEAR_BUILT)
    if field is None:
        raise QgsProcessingException(
            translate("GrueneInfra", "REFERENCE_YEAR needs YEAR_FIELD: which field holds the year?")
        )
    return field


def _zones(job: Job, floodplains: Input, water: Input | None, areas: Areas) -> dict[str, Zone]:
    class_field = job.field("CLASS_FIELD", floodplains, FLOODPLAIN_CLASS)
    pieces = floodplain_zone(
        job.read(floodplains, [class_field]),
        lambda feature: None if class_field is None else text(feature[class_field]),
        job.names("CLASS_ORDER"),
    )
    zones = {AUE: Zone(pieces, floodplains)}
    if water is None:
        return zones
    width_field = job.field("WIDTH_FIELD", water, WATER_WIDTH)
    width_of = job.column(water, width_field, WIDTH).of
    strip = water_strip(job.read(water, [width_field]), width_of, job.number("STRIP"), areas)
    if strip is not None:
        pieces, known = strip
        return zones | {STRIP: Zone(pieces, water, known)}
    message = translate("GrueneInfra", "{layer}: lines without a width; the strip is not assessable.")
    job.feedback.pushWarning(message.format(layer=water.name))
    return zones


def _result_row(hit: Hit, zones: Mapping[str, Zone]) -> list:
    touched = hit.labels(AUE)
    in_floodplain = hit.area(AUE)
    return [
        in_floodplain,
        100.0 * in_floodplain / hit.feature.geometry().area(),
        next((name for name in zones[AUE].classes if name in touched), None),
        None if hit.origin.is_new is None else int(hit.origin.is_new),
        hit.area(STRIP) if STRIP in zones else None,
        hit.origin.value,
        hit.new_area(AUE),
    ]


def _remark(job: Job, exposure: Exposure, newness: Newness) -> None:
    if exposure.duplicates:
        message = translate(
            "GrueneInfra", "{count} buildings repeat another one exactly and are counted once."
        )
        job.feedback.pushWarning(message.format(count=exposure.duplicates))
    shift = newness.stock.systematic_shift() if newness.stock else 0.0
    if shift > most(newness.tolerance / 2):
        message = translate("GrueneInfra", "The two dates are shifted by {shift} m. Align them first.")
        job.feedback.pushWarning(message.format(shift=f"{shift:.2f}"))
