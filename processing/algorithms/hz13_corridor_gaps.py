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
from ...gruene_infra_plugin.methods.findings.thresholds import least
from ...gruene_infra_plugin.spatial.geometry.crossings import Crossing, Crossings
from ...gruene_infra_plugin.spatial.geometry.width import ACROSS, Klasse
from ...gruene_infra_plugin.spatial.patches.corridors import Corridors, Gaps, find_gaps, narrow_places
from ...gruene_infra_plugin.spatial.reading.source import Input, name_of
from ...gruene_infra_plugin.spatial.reading.usual_fields import BARRIER_KIND, CORRIDOR_NAME, usual_field
from ...gruene_infra_plugin.spatial.reading.values import number, text
from ..declared import DeclaredGoal, GoalRun
from ..job import Job

POLYGON, LINE = Qgis.GeometryType.Polygon, Qgis.GeometryType.Line


class CorridorGaps(DeclaredGoal):
    """Interruptions and bottlenecks of corridors, ranked by what closing them gains."""

    ID = "hz13_corridor_gaps"

    def count(self, run: GoalRun) -> None:
        job, widths = run.job, _widths(run.job)
        narrowest_first = {f"{width:g}": f"{width:g}" for width in widths}
        headline = f"{run.number('MIN_WIDTH'):g}"
        run.known.each["width"] = {headline: headline, **narrowest_first}
        corridors = _corridors(job, run.inputs["CORRIDORS"])
        for part in corridors.parts:
            run.sums.add(part, "corridor")
        gaps = find_gaps(
            corridors, run.number("MAX_GAP"), run.number("DISPERSAL"), job.flag("ALL_PAIRS"), job.feedback
        )
        _remark(run, corridors, gaps)
        _add_gaps(run, corridors, gaps, Crossings(_barriers(job, run.layers("BARRIERS"))))
        _add_bottlenecks(run, corridors, widths)


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


def _remark(run: GoalRun, corridors: Corridors, gaps: Gaps) -> None:
    feedback = run.job.feedback
    message = translate("GrueneInfra", "{corridors} corridors, {parts} connected parts, {gaps} gaps.")
    counts = {"corridors": len(set(corridors.names)), "parts": len(corridors.parts), "gaps": len(gaps.links)}
    feedback.pushInfo(message.format(**counts))
    if np.isnan(gaps.plan.gain_in_order).any():
        message = translate(
            "GrueneInfra",
            "The network is too large for a whole work plan: gewinn_folge_ha is known for {count} gaps.",
        )
        known = int(np.isfinite(gaps.plan.gain_in_order).sum())
        feedback.pushWarning(message.format(count=known))
    if corridors.left_out:
        run.remark("left_out", count=corridors.left_out)
    if gaps.loose:
        run.remark("loose", count=gaps.loose)
        message = translate(
            "GrueneInfra",
            "{count} parts lie farther than MAX_GAP from the rest of their corridor. They are not counted as "
            "interruptions.",
        )
        feedback.pushWarning(message.format(count=gaps.loose))
    if gaps.plan.before.ec_error:
        run.remark("cutoff", error=f"{gaps.plan.before.ec_error:.3g}")


def _add_gaps(run: GoalRun, corridors: Corridors, gaps: Gaps, barriers: Crossings) -> None:
    """Write the gaps in the order of their rank, and count the fewest that have to be closed."""
    links, plan = gaps.links, gaps.plan
    for i in plan.rank.argsort():
        line = links.line(i)
        crossed = barriers.across(line)
        run.add(
            line,
            *(("gap",) if gaps.needed[i] else ()),
            output="GAPS",
            rang=int(plan.rank[i]),
            gruenzug=corridors.names[links.ends[i, 0]] or None,
            laenge_m=float(links.lengths[i]),
            gewinn_ha=float(plan.gain[i]),
            gewinn_folge_ha=None if np.isnan(plan.gain_in_order[i]) else float(plan.gain_in_order[i]),
            noetig=int(gaps.needed[i]),
            hindernisse="; ".join(map(_described, crossed)) or None,
            hindernis_m=sum(crossing.length_m for crossing in crossed),
        )


def _described(crossing: Crossing) -> str:
    length = f"{crossing.length_m:.0f} m" if crossing.length_m else ""
    return " ".join(part for part in (crossing.kind, length or f"× {crossing.count}") if part)


def _add_bottlenecks(run: GoalRun, corridors: Corridors, widths: Sequence[float]) -> None:
    """Write every bottleneck once, under the smallest width that it falls below, and count it under all.

    Dead ends and parts that are too narrow altogether are places of interest at MIN_WIDTH only.
    """
    kinds = {width: frozenset(Klasse) if width == run.number("MIN_WIDTH") else ACROSS for width in widths}
    for width, narrow in narrow_places(corridors, kinds, run.job.feedback):
        run.sums.add(narrow.ground, f"narrow_{width:g}")
        below = max((smaller for smaller in widths if smaller < width), default=0.0)
        for found in narrow.bottlenecks:
            bridge = (f"bridge_{width:g}",) if found.klasse is Klasse.BRIDGE else ()
            area = run.sums.add(found.geometry, *bridge)
            if found.width_m < least(below):
                continue
            run.write(
                found.geometry,
                "BOTTLENECKS",
                gruenzug=narrow.name or None,
                klasse=str(found.klasse),
                breite_min_m=found.width_m,
                laenge_m=found.length_m,
                flaeche_m2=found.geometry.area(),
                unter_m=width,
                gebiet=area,
            )
