"""HZ 19: buildings in floodplains and in the strip along waters, and how much of that is new."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from ...gruene_infra_plugin.i18n import translate
from ...gruene_infra_plugin.methods.buildings.newness import COVERED_SHARE, Origin
from ...gruene_infra_plugin.methods.findings.finding import PLANNED, slugs
from ...gruene_infra_plugin.methods.reading.values import WIDTH
from ...gruene_infra_plugin.spatial.attribution.looked_at import LookedAt, as_percent
from ...gruene_infra_plugin.spatial.buildings.earlier_stock import Newness
from ...gruene_infra_plugin.spatial.geometry.overlay import PieceIndex
from ...gruene_infra_plugin.spatial.reading.usual_fields import FLOODPLAIN_CLASS, WATER_WIDTH
from ...gruene_infra_plugin.spatial.water.exposure import Exposure, Hit, LabelledParts
from ...gruene_infra_plugin.spatial.water.floodplains import AUE, STRIP, Zone, floodplain_zone, water_strip
from ..declared import DeclaredGoal, GoalRun
from ..families.building_age import BuildingAge

Zones = dict[str, Zone]


class FloodplainBuildings(DeclaredGoal):
    """Buildings × floodplains, new ones apart, with the strip along waters."""

    ID = "hz19_floodplain_buildings"

    def count(self, run: GoalRun) -> None:
        zones = _zones(run)
        age = BuildingAge.of(run, all_new=run.job.flag("PLANNED"))
        newness = age.newness
        pieces = {name: zone.pieces for name, zone in zones.items()}
        exposure = Exposure(pieces, newness, run.number("MIN_OVERLAP"), age.looks[0])
        building = _Building(run)
        for hit in exposure.hits(run.features("BUILDINGS")):
            building.add(hit)
            _write(run, hit, zones)
        for name, zone in zones.items():
            for label, piece in zone.pieces:
                run.sums.add(piece, name, *((f"{name}.{label}",) if name == AUE else ()))
        _tell(run, zones, newness)
        _limit(run, zones, newness, age.looks)
        age.warn(run, exposure.duplicates)


class _Building:
    """Sums up hits; where buildings overlap each other, the ground they share counts once."""

    def __init__(self, run: GoalRun) -> None:
        self._sums = run.sums
        self._counted: dict[str, PieceIndex[str]] = defaultdict(lambda: PieceIndex({}))

    def add(self, hit: Hit) -> None:
        """Add one building to the sums of the zones that it reaches into."""
        for zone, parts in hit.parts.items():
            pieces = [f"{zone}.building"]
            if hit.origin is Origin.UNKNOWN:
                pieces.append(f"{zone}.unknown_building")
            if hit.origin is Origin.NEW and zone == AUE:
                pieces.append(f"{zone}.new_building")
            self._sums.add([part for _, part in parts], *pieces)
            self._add_ground(f"{zone}.built", parts)
            if hit.origin is Origin.UNKNOWN:
                self._add_ground(f"{zone}.unknown", parts)
        for zone, parts in hit.new_parts.items():
            self._add_ground(f"{zone}.new", parts, by_class=zone == AUE)

    def _add_ground(self, key: str, parts: LabelledParts, by_class: bool = False) -> None:
        for label, part in parts:
            fresh = self._counted[key].claim(label, part)
            self._sums.add(fresh, key, *((f"{key}.{label}",) if by_class else ()))


def _zones(run: GoalRun) -> Zones:
    kinds = run.words("CLASS_FIELD", FLOODPLAIN_CLASS)
    pieces = floodplain_zone(run.features("FLOODPLAINS", kinds.field), kinds.of, run.job.names("CLASS_ORDER"))
    zones = {AUE: Zone(pieces, run.inputs["FLOODPLAINS"])}
    if not run.given("WATER"):
        return zones
    widths = run.column("WIDTH_FIELD", WIDTH, WATER_WIDTH)
    strip = water_strip(run.features("WATER", widths.index), widths.of, run.number("STRIP"), run.areas)
    if strip is not None:
        pieces, known = strip
        return zones | {STRIP: Zone(pieces, run.inputs["WATER"], known)}
    message = translate("GrueneInfra", "{layer}: lines without a width; the strip is not assessable.")
    run.job.feedback.pushWarning(message.format(layer=run.inputs["WATER"].name))
    return zones


def _write(run: GoalRun, hit: Hit, zones: Zones) -> None:
    touched = hit.labels(AUE)
    in_floodplain = hit.area(AUE)
    run.carry(
        hit.feature,
        in_aue_m2=in_floodplain,
        anteil_proz=100.0 * in_floodplain / hit.feature.geometry().area(),
        klasse=next((name for name in zones[AUE].classes if name in touched), None),
        neu=None if hit.origin.is_new is None else int(hit.origin.is_new),
        im_streifen_m2=hit.area(STRIP) if STRIP in zones else None,
        herkunft=hit.origin.value,
        neu_in_aue_m2=hit.new_area(AUE),
    )


def _tell(run: GoalRun, zones: Zones, newness: Newness) -> None:
    """Say how newness was told, which classes there are, and what is assumed."""
    basis = _basis(newness)
    period = run.job.phrase(re.sub(r"\d+", "jahr", basis), year=newness.reference_year)
    run.known.instead = PLANNED if newness.all_new else None
    run.known.values |= {"basis": basis, "period": period, "stock": run.known.instead or "alle_klassen"}
    classes = slugs(zones[AUE].classes)
    run.known.each["floodplain_class"] = classes if len(classes) > 1 else {}
    if newness.stock is not None:
        run.remark("covered", share=f"{100 * COVERED_SHARE:g}")
        run.remark("tolerance")


def _basis(newness: Newness) -> str:
    """Return the id of how newness was told; figures of another basis are not comparable."""
    if newness.all_new:
        return PLANNED
    year, stock = newness.reference_year, newness.stock
    parts = [f"ab_{year}"] if year is not None else []
    return "_".join(parts + ["zeitschnitt"] * (stock is not None)) or "ohne_stand"


def _limit(run: GoalRun, zones: Zones, newness: Newness, looks: Sequence[LookedAt]) -> None:
    """Let what is not known of zones, buildings and their age limit the figures."""
    sums = run.sums
    classes = [f"{AUE}.new.{label}" for label in run.known.each["floodplain_class"]]
    new = {AUE: [f"{AUE}.new", f"{AUE}.new_building", *classes], STRIP: [f"{STRIP}.new"]}
    for name, keys in new.items():
        zone = zones.get(name)
        if zone is None:
            sums.forget(*keys)
            continue
        run.cover(f"{name}.unknown", f"{name}.built", "undated", *keys, of_base=False)
        ground = [piece for _, piece in zone.pieces]
        # Planned areas are few, and new whatever stood there: neither how far they lie from a zone nor an
        # earlier stock says anything of what was looked at.
        for number, look in enumerate(looks[:1] if newness.all_new else looks):
            sight = look.presence() if newness.all_new else look.sight(ground)
            stock = [f"{name}.built"] if name == AUE and number == 0 else []
            sums.limit(sight.limit, *keys, *stock)
        sums.cover(zone.known, lambda share: run.job.phrase("no_width", share=as_percent(share)), *keys)
    if not newness.has_evidence:
        sums.forget(*new[AUE], *new[STRIP], reason=run.job.phrase("ohne_stand"))
