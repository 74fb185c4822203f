"""HZ 19: which share of river length is in bad structure, in the agglomeration and outside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict

from ...gruene_infra_plugin.methods.reading.names import first_few
from ...gruene_infra_plugin.methods.reading.values import YES_NO
from ...gruene_infra_plugin.methods.water.river_lengths import (
    REPORTED,
    SIDES,
    UNKNOWN,
    WHOLE,
    ZONED,
    length_keys,
    with_reported,
)
from ...gruene_infra_plugin.methods.water.structure_class import structure_class
from ...gruene_infra_plugin.spatial.geometry.line_sections import SHARED_M
from ...gruene_infra_plugin.spatial.geometry.overlay import PieceIndex
from ...gruene_infra_plugin.spatial.water.floodplains import zones_by_words
from ...gruene_infra_plugin.spatial.water.river_sections import Rivers, Surveyed
from ..concluded import Measured, measured_by, only_where
from ..declared import DeclaredGoal, GoalRun


class RiverStructure(DeclaredGoal):
    """Length by class and zone, each metre once, and the bad stretches in the order of their rank."""

    ID = "hz19_river_structure"

    def count(self, run: GoalRun) -> Measured:
        run.known.each["floor"] = {f"{floor:g}": f"{floor:g}" for floor in (run.number("BAD_FROM"), 5, 6)}
        rivers, zones = Rivers(_surveyed(run), run.number("BAD_FROM"), run.pulse), _zones(run)
        cuts = [zones.cut(rest) for rest in rivers.rests]
        for (section, rest, stretch), cut in zip(rivers, cuts, strict=True):
            area = run.sums.add(rest, *length_keys(WHOLE, section.grade, section.reported))
            for zone, lines in cut.parts.items():
                run.sums.add(lines, *length_keys(zone, section.grade, section.reported))
            run.write(
                section.line,
                klasse=section.grade,
                schlecht=section.grade and int(stretch is not None),
                laenge_m=section.line.length(),
                gewaesser=section.called,
                zone=cut.most(SIDES),
                strecke_km=stretch and stretch.length / 1000,
                nachbar_gut=stretch and stretch.good_ends,
                rang=stretch and stretch.rank,
                gebiet=area,
            )
        _tell(run, rivers, [cut.rest.length() for cut in cuts if cut.rest.length() > SHARED_M])
        return _limited(run)


def _surveyed(run: GoalRun) -> Iterator[Surveyed]:
    columns = [run.words("CLASS_FIELD", needed=True), run.words("NAME_FIELD"), run.words("WATER_KEY_FIELD")]
    reported, half = run.column("REPORTABLE_FIELD", YES_NO), run.job.flag("ROUND_HALF_UP")
    run.known.each["reported"] = {} if reported.index is None else {REPORTED: REPORTED}
    for feature in run.features("SECTIONS", *(column.field for column in columns), reported.index):
        grade, name, key = (column.of(feature) for column in columns)
        yield Surveyed(feature.geometry(), structure_class(grade, half), name, key, reported.of(feature))


def _zones(run: GoalRun) -> PieceIndex[str]:
    if not run.given("ZONES"):
        run.sums.forget(*with_reported(ZONED), reason=run.job.phrase("no_zones"))
        return PieceIndex({})
    words = run.words("ZONE_FIELD", needed=True)
    lists = {kind: run.listed(f"{kind.upper()}_VALUES") for kind in SIDES}
    zones, others = zones_by_words(run.features("ZONES", words.field), words.of, lists, UNKNOWN)
    if others:
        run.remark("words", names=first_few(others))
    return zones


def _tell(run: GoalRun, rivers: Rivers, elsewhere: Sequence[float]) -> None:
    """Say which kind of class it is, and what is unknown, repeated, or in no zone."""
    run.known.values["record"] = run.job.phrase(str(run.job.choice("CLASS_KIND")))
    if unknown := sum(section.grade is None for section in rivers.sections):
        run.remark("unknown", count=unknown)
    if rivers.repeats.any:
        run.remark("repeated", **asdict(rivers.repeats))
    if elsewhere and run.given("ZONES"):
        run.remark("elsewhere", count=len(elsewhere), km=f"{sum(elsewhere) / 1000:.3g}")


def _limited(run: GoalRun) -> Measured:
    """Return what draws up the figures, limited by what is known of class, zone and duty to report."""
    sums, phrase = run.sums, run.job.phrase
    nowhere = sums.lacking("gesamt.alle", *(f"{scope}.alle" for scope in ZONED))
    sums.cover(nowhere, lambda _: phrase("no_zone_here"), *with_reported(ZONED))
    for scope in with_reported(("gesamt", *ZONED)):
        run.cover(f"{scope}.unbekannt", f"{scope}.alle", "partly", scope)
    return only_where(measured_by(sums, run.layers), sums, "{over}.alle", "gesamt.alle")
