"""HZ 13: how much of the green corridors was lost, to a border that was withdrawn or to new buildings."""

from __future__ import annotations

from collections import defaultdict

from qgis.core import QgsGeometry

from ...gruene_infra_plugin.methods.buildings.newness import COVERED_SHARE, Origin
from ...gruene_infra_plugin.methods.geometry.shift import Shift
from ...gruene_infra_plugin.spatial.attribution.looked_at import LookedAt
from ...gruene_infra_plugin.spatial.geometry.labelled import Collected, Named
from ...gruene_infra_plugin.spatial.geometry.overlay import PieceIndex, dissolve, polygon_parts
from ...gruene_infra_plugin.spatial.geometry.ranks import larger_first
from ...gruene_infra_plugin.spatial.geometry.two_dates import Pieces, TwoDates, greatest_width, wider
from ...gruene_infra_plugin.spatial.water.exposure import Exposure
from ..declared import DeclaredGoal, GoalRun
from ..families.building_age import BuildingAge
from ..families.dated import compared

RELEASED, BUILT, GAINED, ALL, CORRIDOR = "entlassen", "bebaut", "gewinn", "gesamt", "zug"
Grounds = dict[str | None, QgsGeometry]


class CorridorLoss(DeclaredGoal):
    """Ground that left the corridors, and ground in them that was built on: no place is in both."""

    ID = "hz13_corridor_loss"

    def count(self, run: GoalRun) -> None:
        now, look = _corridors(run, "CORRIDORS", "NAME_FIELD")
        ground = dissolve(now.values())
        if run.given("CORRIDORS_BEFORE"):
            before, look_before = _corridors(run, "CORRIDORS_BEFORE", "BEFORE_NAME_FIELD")
            dates = compared(run, dissolve(before.values()), ground)
            run.sums.limit(look_before.sight([dates.now]).limit, CORRIDOR)
        else:
            before, dates = now, TwoDates(ground, ground, Shift())
            run.sums.forget(RELEASED, ALL, GAINED, reason=run.job.phrase("one_date"))
        if not dates.same_basis:
            run.sums.forget(
                RELEASED, ALL, GAINED, reason=run.job.phrase("other_basis", shift_max=run.number("SHIFT_MAX"))
            )
        run.sums.limit(look.sight([dates.before]).limit, CORRIDOR)
        for key, when in ((CORRIDOR, dates.before), ("zug_neu", dates.now)):
            for part in polygon_parts(when):
                run.sums.add(part, key)
        none_before = run.sums.lacking("zug_neu", CORRIDOR)
        run.sums.cover(none_before, lambda _share: run.job.phrase("none_before"), CORRIDOR)
        _write(run, dates, Named(before), Named(now))


def _corridors(run: GoalRun, layer: str, field: str) -> tuple[Grounds, LookedAt]:
    """Return the ground of each name, and where the layer tells anything."""
    look, names, found = run.looked_at(layer), run.words(field), Collected[str | None]()
    for feature in look.passing(run.features(layer, names.field)):
        found.add(feature.geometry(), names.of(feature))
    run.remark_counts(**{f"{layer.lower()}_doubles": found.doubles})
    return found.grounds(), look


def _write(run: GoalRun, dates: TwoDates, before: Named, now: Named) -> None:
    """Find and write losses, the larger first, and gains, which make up for none of them."""
    tolerance, smallest = run.number("TOLERANCE"), run.number("MIN_AREA")
    released, gained = dates.lost(tolerance, smallest), dates.gained(tolerance, smallest)
    built, uses = _built(run, dates)
    if dropped := released.dropped + built.dropped:
        run.remark("dropped", area=f"{dropped:.1f}")
    losses = [(RELEASED, piece, None) for piece in released.shapes]
    losses += [(BUILT, piece, uses.of(piece)) for piece in built.shapes]
    losses.sort(key=lambda loss: larger_first(loss[1]))
    gains = [(GAINED, piece, None) for piece in gained.shapes]
    for rank, (kind, piece, use) in enumerate([*losses, *gains], 1):
        run.pulse()
        run.add(
            piece,
            *((kind,) if kind == GAINED else (kind, ALL)),
            art=kind,
            gruenzug=(now if kind == GAINED else before).of(piece),
            flaeche_m2=piece.area(),
            breite_max_m=greatest_width(piece),
            grund=use,
            rang=None if kind == GAINED else rank,
        )


def _built(run: GoalRun, dates: TwoDates) -> tuple[Pieces, Named]:
    """Return the ground of both dates under new buildings, and their uses; say what limits it."""
    if not run.given("BUILDINGS"):
        run.sums.forget(BUILT, ALL, reason=run.job.phrase("no_buildings"))
        return Pieces(), Named({})
    age, use, zone = BuildingAge.of(run), run.words("FUNCTION_FIELD"), dates.kept
    exposure = Exposure({CORRIDOR: zone}, age.newness, 0.0, age.looks[0])
    found: dict[Origin, list[QgsGeometry]] = defaultdict(list)
    new: dict[str | None, list[QgsGeometry]] = defaultdict(list)
    for hit in exposure.hits(run.features("BUILDINGS", age.field, use.field)):
        found[hit.origin].extend(part for _, part in hit.parts[CORRIDOR])
        new[use.of(hit.feature)].extend(part for _, part in hit.new_parts.get(CORRIDOR, ()))
    run.sums.add(polygon_parts(dissolve(part for parts in found.values() for part in parts)), "gebaeude")
    known = PieceIndex(
        {
            "": dissolve(
                part for origin, parts in found.items() if origin is not Origin.UNKNOWN for part in parts
            )
        }
    )
    undated = polygon_parts(dissolve(found[Origin.UNKNOWN]))
    run.sums.add([rest for part in undated for rest in known.uncovered(part)], "ohne_alter")
    run.cover("ohne_alter", "gebaeude", "undated", BUILT, ALL)
    if not age.newness.has_evidence:
        run.sums.forget(BUILT, ALL, reason=run.job.phrase("no_age"))
    for look in age.looks:
        run.sums.limit(look.sight(piece for _, piece in zone).limit, BUILT, ALL)
    if age.newness.stock is not None:
        run.remark("covered", share=f"{100 * COVERED_SHARE:g}")
    age.warn(run, exposure.duplicates)
    uses = {name: dissolve(parts) for name, parts in new.items()}
    return wider(dissolve(uses.values()), run.number("TOLERANCE"), run.number("MIN_AREA")), Named(uses)
