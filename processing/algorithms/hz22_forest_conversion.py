"""HZ 22: how much forest became built-up land between two dates, and what else became of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from qgis.core import QgsGeometry

from ...gruene_infra_plugin.spatial.attribution.looked_at import LookedAt
from ...gruene_infra_plugin.spatial.buildings.earlier_stock import EarlierStock
from ...gruene_infra_plugin.spatial.geometry.labelled import Named
from ...gruene_infra_plugin.spatial.geometry.overlay import PieceIndex, difference, dissolve, polygon_parts
from ...gruene_infra_plugin.spatial.geometry.ranks import larger_first
from ...gruene_infra_plugin.spatial.geometry.two_dates import Pieces, TwoDates, divided, wider
from ..declared import DeclaredGoal, GoalRun
from ..families.dated import compared
from ..kinds import OTHER, UNKNOWN

FOREST, WOODLAND = "wald", "gehoelz"
BUILT, RECODED, ELSE, GAINED = "bebaut", "umkodiert", "sonstiges", "zuwachs"
DOUBTFUL = "fraglich"
"""Ground of BUILT whose kind nobody tells."""
KEYS = {
    BUILT: ("verlust", BUILT, "alle", "alle_wald"),
    ELSE: ("verlust", "alle", "alle_wald"),
    UNKNOWN: ("verlust", UNKNOWN),
    DOUBTFUL: ("verlust", UNKNOWN, DOUBTFUL),
    RECODED: (),
}
"""Under which keys each kind of loss is summed up."""
ORDER = tuple(KEYS)
"""In which order losses are ranked."""
FIRST = (BUILT, DOUBTFUL, RECODED, ELSE, UNKNOWN)
"""Which kind a place belongs to that several cover."""
LOSSES = (BUILT, "alle", "alle_wald", "bebaut_jahr", "alle_jahr", "alle_wald_jahr")
Kinded = dict[tuple[str, str | None], list[QgsGeometry]]
"""Shapes by their kind and the word for it."""


@dataclass(frozen=True)
class Survey:
    """The land use of one date: its shapes, and where the layer tells anything."""

    shapes: Kinded
    look: LookedAt

    def of(self, *kinds: str) -> Kinded:
        return {key: shapes for key, shapes in self.shapes.items() if key[0] in kinds}

    def ground(self, kind: str) -> QgsGeometry:
        return dissolve(shape for shapes in self.of(kind).values() for shape in shapes)


class ForestConversion(DeclaredGoal):
    """Forest of the earlier date that is none any more, by what became of it."""

    ID = "hz22_forest_conversion"

    def count(self, run: GoalRun) -> None:
        now = _survey(run, "FOREST", "KIND_FIELD")
        before = _survey(run, "FOREST_BEFORE", "FOREST_BEFORE_KIND_FIELD")
        dates = compared(run, before.ground(FOREST), now.ground(FOREST))
        untold = difference(before.ground(UNKNOWN), dates.before)
        for part in polygon_parts(dates.before):
            run.sums.add(part, FOREST, "moeglich")
        for part in polygon_parts(untold):
            run.sums.add(part, "wald_unbekannt", "moeglich")
        run.cover("wald_unbekannt", "moeglich", "unknown_before", FOREST)
        sights = before.look.sight([dates.now]), now.look.sight([dates.before])
        for sight in sights:
            run.sums.limit(sight.limit, FOREST)
        places = range(len(run.areas.areas))
        unseen = {place: 0.0 for place in places if place not in sights[0].present}
        run.sums.cover(unseen, lambda _share: run.job.phrase("none_before"), FOREST)
        if not dates.same_basis:
            reason = run.job.phrase("other_basis", shift_max=f"{run.number('SHIFT_MAX'):g}")
            run.sums.forget(*LOSSES, reason=reason)
        _losses(run, dates, now)
        if not untold.isEmpty():
            dates = replace(dates, before=dissolve([dates.before, untold]))
        for piece in dates.gained(run.number("TOLERANCE"), run.number("MIN_AREA")).shapes:
            run.write(piece, gebiet=run.sums.add(piece), art=GAINED, flaeche_ha=_hectares(piece))


def _survey(run: GoalRun, layer: str, field: str) -> Survey:
    """Return the land use of one date."""
    look, words = run.looked_at(layer), run.words(field)
    kinds, shapes = run.kinds(field, wald="FOREST_VALUES", gehoelz="WOODLAND_VALUES"), defaultdict(list)
    for feature in look.passing(run.features(layer, kinds.field)):
        shapes[kinds.of(feature), words.of(feature)].append(feature.geometry())
    kinds.require_some("FOREST_VALUES")
    return Survey(shapes, look)


def _losses(run: GoalRun, dates: TwoDates, now: Survey) -> None:
    """Divide what was lost by what it became, and write it, what is built up first."""
    lost = dates.lost(run.number("TOLERANCE"), run.number("MIN_AREA"))
    within = PieceIndex(dict(enumerate(lost.shapes)))
    uses, (inside, words) = _built(run, dates, within)
    kinds = {WOODLAND: RECODED, OTHER: ELSE, UNKNOWN: UNKNOWN}
    for (kind, word), shapes in now.of(*kinds).items():
        for shape in shapes:
            uses[kinds[kind], word].extend(part for _, part in within.parts(dates.moved_back(shape)))
    # A layer of all land use says what ground is; where it is silent, nobody knows.
    found = _kinds_of(uses, lost.shapes, UNKNOWN if now.of(OTHER) else ELSE, run.number("TOLERANCE"))
    rows = [(kind, names.of(piece), piece) for kind, names, pieces in found for piece in pieces.shapes]
    rows += [(BUILT, words.of(piece), piece) for piece in inside.shapes]
    rows.sort(key=lambda row: (ORDER.index(row[0]), larger_first(row[2]), row[1] or ""))
    years = run.job.given_number("YEARS")
    run.known.each["span"] = {f"{years:g}": f"{years:g}"} if years else {}
    for rank, (kind, word, piece) in enumerate(rows, 1):
        run.pulse()
        art = UNKNOWN if kind == DOUBTFUL else kind
        run.add(piece, *KEYS[kind], art=art, nutzung_neu=word, flaeche_ha=_hectares(piece), rang=rank)
        if years and kind in (BUILT, ELSE):
            run.sums.add(piece, *(f"{key}_jahr" for key in KEYS[kind][1:]), share=1 / years)
    run.cover(UNKNOWN, "verlust", "unknown_use", "alle", "alle_wald", "alle_jahr", "alle_wald_jahr")
    run.cover(DOUBTFUL, "verlust", "unknown_use", BUILT, "bebaut_jahr")
    dropped = lost.dropped + inside.dropped + sum(pieces.dropped for _, _, pieces in found)
    recoded = sum(piece.area() for kind, _, piece in rows if kind == RECODED)
    for key, amount in (("dropped", dropped), ("recoded", recoded)):
        if amount >= run.number("MIN_AREA"):
            run.remark(key, area=f"{amount / 10_000:.2f}")


def _kinds_of(
    uses: Kinded, lost: Sequence[QgsGeometry], rest: str, tolerance: float
) -> list[tuple[str, Named, Pieces]]:
    """Return what became of lost ground: of each kind its words and its ground without survey noise."""
    words: dict[str, dict[str | None, QgsGeometry]] = defaultdict(dict)
    for (kind, word), parts in uses.items():
        words[kind][word] = dissolve(parts)
    ranked = [(kind, polygon_parts(dissolve(words[kind].values()))) for kind in FIRST]
    found = divided(lost, ranked, rest)
    return [(kind, Named(words[kind]), wider(ground, tolerance)) for kind, ground in found.items()]


def _built(run: GoalRun, dates: TwoDates, within: PieceIndex[int]) -> tuple[Kinded, tuple[Pieces, Named]]:
    """Return what is built up of the lost ground by use, and what was built inside the forest of both dates.

    Inside the forest only what is new by BUILT_BEFORE counts: an old house says nothing of a change.
    """
    uses: Kinded = defaultdict(list)
    if not run.given("BUILT"):
        run.sums.forget(BUILT, "alle", "bebaut_jahr", "alle_jahr", reason=run.job.phrase("no_built"))
        run.remark("change_only")
        return uses, (Pieces(), Named({}))
    look, words = run.looked_at("BUILT"), run.words("BUILT_KIND_FIELD")
    kinds = run.kinds("BUILT_KIND_FIELD", bebaut="BUILT_VALUES") if run.job.names("BUILT_VALUES") else None
    inside: dict[str | None, list[QgsGeometry]] = defaultdict(list)
    doubtful: list[QgsGeometry] = []
    for feature in look.passing(run.features("BUILT", words.field)):
        word, kind = words.of(feature), BUILT if kinds is None else kinds.of(feature)
        shape = dates.moved_back(feature.geometry())
        if kind != OTHER:
            uses[BUILT if kind == BUILT else DOUBTFUL, word].extend(part for _, part in within.parts(shape))
            (inside[word] if kind == BUILT else doubtful).extend(part for _, part in dates.kept.parts(shape))
    if kinds is not None:
        kinds.require_some("BUILT_VALUES")
    run.sums.limit(look.sight(shape for _, shape in within).limit, *LOSSES)
    built_up = dissolve(part for key, parts in uses.items() if key[0] == BUILT for part in parts)
    run.sums.add(polygon_parts(built_up), "gebaut")
    return uses, _new_inside(run, inside, doubtful)


def _new_inside(
    run: GoalRun, inside: dict[str | None, list[QgsGeometry]], doubtful: list[QgsGeometry]
) -> tuple[Pieces, Named]:
    """Return what was built in the forest of both dates and was not there before, and its uses.

    What lies beyond the reach of BUILT_BEFORE may be old or new, and what is ``doubtful`` may not be built
    up at all: both limit what is told.
    """
    tolerance, smallest = run.number("TOLERANCE"), run.number("MIN_AREA")
    if not run.given("BUILT_BEFORE"):
        standing = dissolve(part for parts in inside.values() for part in parts)
        if area := sum(map(_hectares, wider(standing, tolerance, smallest).shapes)):
            run.remark("in_forest", area=f"{area:.2f}")
        return Pieces(), Named({})
    look = run.looked_at("BUILT_BEFORE")
    stock = EarlierStock(feature.geometry() for feature in look.passing(run.features("BUILT_BEFORE", None)))
    run.sums.limit(look.presence().limit, *LOSSES)
    parts = {True: list[QgsGeometry](), False: list[QgsGeometry]()}
    for part in (part for some in inside.values() for part in some):
        parts[stock.reaches(part)].append(part)
    parts[False].extend(stock.compare(part, 0.0).uncovered for part in doubtful)
    reached = dissolve(parts[True])
    beyond = difference(dissolve(parts[False]), reached)
    run.sums.add([*polygon_parts(reached), *polygon_parts(beyond)], "gebaut")
    run.sums.add(polygon_parts(beyond), "ohne_bestand")
    run.cover("ohne_bestand", "gebaut", "no_stock", *LOSSES)
    # Noise is taken out of all of it together: a house may be drawn in narrow or small pieces.
    fresh = dissolve(stock.compare(part, 0.0).uncovered for part in parts[True])
    return wider(fresh, tolerance, smallest), Named({word: dissolve(some) for word, some in inside.items()})


def _hectares(piece: QgsGeometry) -> float:
    return piece.area() / 10_000
