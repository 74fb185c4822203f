"""HZ 13: where corridors are interrupted or narrow, and what closing each gap gains."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from qgis.core import (
    Qgis,
    QgsGeometry,
    QgsProcessingException,
)

from ...gruene_infra_plugin.i18n import translate
from ...gruene_infra_plugin.methods.thresholds import least
from ...gruene_infra_plugin.spatial.areas import Areas
from ...gruene_infra_plugin.spatial.corridors import Corridors, Gaps, find_gaps, narrow_places
from ...gruene_infra_plugin.spatial.crossings import Crossing, Crossings
from ...gruene_infra_plugin.spatial.layers import Input, name_of
from ...gruene_infra_plugin.spatial.usual_fields import BARRIER_KIND, CORRIDOR_NAME, usual_field
from ...gruene_infra_plugin.spatial.values import number, text
from ...gruene_infra_plugin.spatial.width import ACROSS, Klasse
from ..base import PluginAlgorithm
from ..job import Job
from ..summaries.hz13_corridor_gaps import CorridorSummary

POLYGON, LINE = Qgis.GeometryType.Polygon, Qgis.GeometryType.Line


class CorridorGaps(PluginAlgorithm):
    """Interruptions and bottlenecks of corridors, ranked by what closing them gains."""

    ID = "hz13_corridor_gaps"

    def measure(self, job: Job) -> None:
        layer, area_layer = job.layer("CORRIDORS", POLYGON), job.optional_layer("AREAS", POLYGON)
        barrier_layers = job.layers("BARRIERS", POLYGON, LINE)
        widths = _widths(job)
        job.settle_crs(layer, *barrier_layers, area_layer)
        job.require_meeting(layer, area_layer)
        job.open("GAPS")
        job.open("BOTTLENECKS")

        areas = job.areas(area_layer)
        corridors = _corridors(job, layer)
        barriers = Crossings(_barriers(job, barrier_layers))
        summary = CorridorSummary(job, layer, widths, areas)
        summary.add_parts(corridors)
        gaps = find_gaps(
            corridors, job.number("MAX_GAP"), job.number("DISPERSAL"), job.flag("ALL_PAIRS"), job.feedback
        )
        _remark(job, corridors, gaps)
        for row, line in _gap_rows(corridors, gaps, barriers, areas):
            job.outputs.add("GAPS", row, line)
        summary.add_gaps(gaps)
        _add_bottlenecks(job, corridors, widths, areas, summary)
        job.outputs.add_findings("SUMMARY", summary.rows())


def _widths(job: Job) -> list[float]:
    """Return the minimum width and those to compare with, ascending, each once."""
    values = [number(value) for value in job.names("COMPARE_WIDTHS")]
    widths = [value for value in values if value is not None and value > 0]
    if len(widths) < len(values):
        message = translate("GrueneInfra", "COMPARE_WIDTHS must be widths in metres such as 100, 200.")
        raise QgsProcessingException(message)
    least_width = job.entry.parameters["MIN_WIDTH"].at_least or 0.0
    if min(widths, default=least_width) < least_width:
        message = translate("GrueneInfra", "{parameter} must be at least {least}, not {value}.")
        raise QgsProcessingException(
            message.format(parameter="COMPARE_WIDTHS", least=least_width, value=min(widths))
        )
    return sorted({job.number("MIN_WIDTH"), *widths})


def _corridors(job: Job, layer: Input) -> Corridors:
    field = job.field("NAME_FIELD", layer, CORRIDOR_NAME)
    named = [
        ("" if field is None else text(feature[field]) or "", feature.geometry())
        for feature in job.read(layer, [field])
    ]
    nameless = sum(not name for name, _ in named)
    if field is not None and nameless:
        message = translate(
            "GrueneInfra", "{layer}: {count} features without a name are taken as one corridor of their own."
        )
        job.feedback.pushWarning(message.format(layer=layer.name, count=nameless))
    corridors = Corridors.of(named, job.number("TOLERANCE"), job.feedback, job.number("MIN_AREA"))
    if corridors.left_out:
        message = translate("GrueneInfra", "{layer}: {count} parts below MIN_AREA are left out.")
        job.feedback.pushWarning(message.format(layer=layer.name, count=corridors.left_out))
    if not corridors.parts:
        message = translate("GrueneInfra", "{layer}: no part reaches MIN_AREA. Lower it.")
        raise QgsProcessingException(message.format(layer=layer.name))
    return corridors


def _barriers(job: Job, layers: Sequence[Input]) -> Iterator[tuple[str, QgsGeometry]]:
    """Yield the kind and the geometry of every barrier."""
    for layer in layers:
        field = usual_field(layer.source.fields(), BARRIER_KIND)
        for feature in job.read(layer, [field]):
            kind = None if field is None else text(feature[field])
            yield kind or name_of(layer.source), feature.geometry()


def _remark(job: Job, corridors: Corridors, gaps: Gaps) -> None:
    message = translate("GrueneInfra", "{corridors} corridors, {parts} connected parts, {gaps} gaps.")
    counts = {"corridors": len(set(corridors.names)), "parts": len(corridors.parts), "gaps": len(gaps.links)}
    job.feedback.pushInfo(message.format(**counts))
    if np.isnan(gaps.plan.gain_in_order).any():
        message = translate(
            "GrueneInfra",
            "The network is too large for a whole work plan: gewinn_folge_ha is known for {count} gaps.",
        )
        known = int(np.isfinite(gaps.plan.gain_in_order).sum())
        job.feedback.pushWarning(message.format(count=known))
    if gaps.loose:
        message = translate(
            "GrueneInfra",
            "{count} parts lie farther than MAX_GAP from the rest of their corridor. They are not counted as "
            "interruptions.",
        )
        job.feedback.pushWarning(message.format(count=gaps.loose))


def _gap_rows(
    corridors: Corridors, gaps: Gaps, barriers: Crossings, areas: Areas
) -> Iterator[tuple[list, QgsGeometry]]:
    """Yield the gaps in the order of their rank."""
    links, plan = gaps.links, gaps.plan
    for i in plan.rank.argsort():
        line = links.line(i)
        crossed = barriers.across(line)
        yield (
            [
                int(plan.rank[i]),
                corridors.names[links.ends[i, 0]] or None,
                float(links.lengths[i]),
                float(plan.gain[i]),
                None if np.isnan(plan.gain_in_order[i]) else float(plan.gain_in_order[i]),
                int(gaps.needed[i]),
                "; ".join(map(_described, crossed)) or None,
                sum(crossing.length_m for crossing in crossed),
                areas.name_of(areas.lengths(line)),
            ],
            line,
        )


def _described(crossing: Crossing) -> str:
    length = f"{crossing.length_m:.0f} m" if crossing.length_m else ""
    return " ".join(part for part in (crossing.kind, length or f"× {crossing.count}") if part)


def _add_bottlenecks(
    job: Job, corridors: Corridors, widths: Sequence[float], areas: Areas, summary: CorridorSummary
) -> None:
    """Write every bottleneck once, under the smallest width that it falls below, and count it under all.

    Dead ends and parts that are too narrow altogether are places of interest at MIN_WIDTH only.
    """
    kinds = {width: frozenset(Klasse) if width == job.number("MIN_WIDTH") else ACROSS for width in widths}
    for width, narrow in narrow_places(corridors, kinds, job.feedback):
        summary.add_narrow(width, narrow)
        below = max((smaller for smaller in widths if smaller < width), default=0.0)
        for found in narrow.bottlenecks:
            if found.width_m < least(below):
                continue
            shape = QgsGeometry(found.geometry)
            shape.convertToMultiType()
            area = areas.name_of(areas.measure([found.geometry]))
            measures = [found.width_m, found.length_m, shape.area(), width]
            row = [narrow.name or None, str(found.klasse), *measures, area]
            job.outputs.add("BOTTLENECKS", row, shape)
