"""HZ 21: whether permanent grassland has shrunk between two dates, net and gross."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace

from qgis.core import QgsGeometry, QgsProcessingException

from ...gruene_infra_plugin.i18n import translate
from ...gruene_infra_plugin.methods.findings.thresholds import least
from ...gruene_infra_plugin.methods.geometry.shift import Shift
from ...gruene_infra_plugin.methods.habitats.grassland import (
    FARMED,
    GRASSLAND,
    KEPT,
    LOST,
    NEW,
    TEMPORARY,
    Basis,
    may_be_grassland,
)
from ...gruene_infra_plugin.methods.reading.names import normal_name
from ...gruene_infra_plugin.spatial.attribution.looked_at import LookedAt
from ...gruene_infra_plugin.spatial.geometry.labelled import Named
from ...gruene_infra_plugin.spatial.geometry.overlay import PieceIndex, difference, dissolve, polygon_parts
from ...gruene_infra_plugin.spatial.geometry.ranks import larger_first
from ...gruene_infra_plugin.spatial.geometry.two_dates import TwoDates
from ...gruene_infra_plugin.spatial.grid.zonal import Raster
from ...gruene_infra_plugin.spatial.habitats.grassland_survey import (
    PolygonSurvey,
    Survey,
    clipped_dates,
    compared_on,
    known_at_both,
    survey_of_cells,
)
from ...gruene_infra_plugin.spatial.reading.values import number, text
from ..declared import DeclaredGoal, GoalRun
from ..families.dated import compared
from ..job import Job
from ..kinds import OTHER, UNKNOWN

NET, GROSS, SHARE, BUILT = "netto", "brutto_verlust", "gruenland_jetzt", "bebaut"
BEFORE, NOW, FARMLAND = "vorher", "nachher", "landwirtschaft"


@dataclass(frozen=True)
class _Names:
    """The parameters that describe the survey of one date."""

    layer: str
    raster: str
    kind: str
    function: str
    source: str
    extent: str


THEN = _Names(
    "GRASSLAND_BEFORE",
    "RASTER_BEFORE",
    "BEFORE_KIND_FIELD",
    "BEFORE_FUNCTION_FIELD",
    "SOURCE_BEFORE",
    "EXTENT_BEFORE",
)
LATER = _Names("GRASSLAND", "RASTER", "KIND_FIELD", "FUNCTION_FIELD", "SOURCE", "EXTENT")


class PermanentGrassland(DeclaredGoal):
    """Grassland at both dates on the ground that both show; net from whole areas, gross from pieces."""

    ID = "hz21_permanent_grassland"

    def check(self, job: Job) -> None:
        if not job.parameters[LATER.layer] and not job.parameters[LATER.raster]:
            raise _needed()
        super().check(job)

    def count(self, run: GoalRun) -> None:
        _dates_told(run)
        before, look_before = _survey(run, THEN)
        now, look = _survey(run, LATER)
        if now is None:
            raise _needed()
        _share(run, now, look)
        if before is None:
            run.sums.forget(NET, GROSS, reason=run.job.phrase("one_date"))
            before = now
        elif not before.basis.is_like(now.basis):
            run.sums.forget(NET, GROSS, reason=run.job.phrase("other_definition"))
        first, now, dates, base, untold = _dates(run, before, now)
        for key, ground in ((BEFORE, dates.before), (NOW, dates.now)):
            for part in polygon_parts(ground):
                run.sums.add(part, key)
        _limit(run, first, now, base, (look_before, look), dates, untold)
        for place in range(len(run.areas.areas)):
            run.sums.put(NET, place, run.sums.amount(NOW, place) - run.sums.amount(BEFORE, place))
        _pieces(run, dates, first, now)


def _needed() -> QgsProcessingException:
    message = translate("GrueneInfra", "Give {parameter} or {other}: one of them is needed.")
    return QgsProcessingException(message.format(parameter=LATER.layer, other=LATER.raster))


def _dates_told(run: GoalRun) -> None:
    """Let findings tell the dates; raise where the later one is not later."""
    if not all(run.job.parameters.get(name) for name in ("DATE_BEFORE", "DATE")):
        return
    then, now = run.job.day("DATE_BEFORE"), run.job.day("DATE")
    if then >= now:
        message = translate("GrueneInfra", "DATE_BEFORE ({before}) must be earlier than DATE ({now}).")
        raise QgsProcessingException(message.format(before=then.isoformat(), now=now.isoformat()))
    run.remark("dates", before=then.isoformat(), now=now.isoformat())


def _survey(run: GoalRun, names: _Names) -> tuple[Survey | None, LookedAt | None]:
    """Return what was surveyed at a date, and where its polygons lie; nothing where nothing is given."""
    source = run.job.text(names.source)
    layer = run.job.raster(names.raster)
    if run.given(names.layer):
        if layer is not None:
            message = translate("GrueneInfra", "Give {parameter} or {other}, not both.")
            raise QgsProcessingException(message.format(parameter=names.layer, other=names.raster))
        return _of_polygons(run, names, source)
    if layer is None:
        return None, None
    band = run.job.band(f"{names.raster}_BAND", layer)
    crs = run.job.crs if layer.crs().isGeographic() else layer.crs().horizontalCrs()
    raster = Raster.open(layer, names.raster, crs, run.job.feedback, band=band, continuous=False)
    grass, farmed = (
        {value for word in run.job.names(name) if (value := number(word)) is not None}
        for name in ("RASTER_VALUES", "RASTER_FARMLAND")
    )
    near = [] if not run.areas.sizes() else list(run.areas.extents().values())
    transforms = run.job.context.transformContext()
    found = survey_of_cells(raster, grass, farmed, near, run.job.crs, transforms, source, run.job.feedback)
    return _in_given_extent(run, names, found), None


def _of_polygons(run: GoalRun, names: _Names, source: str) -> tuple[Survey, LookedAt]:
    look, found, words = run.looked_at(names.layer), PolygonSurvey(), set[str]()
    lists = {GRASSLAND: "GRASSLAND_VALUES", TEMPORARY: "TEMPORARY_VALUES", FARMED: "FARMLAND_VALUES"}
    kinds = run.kinds(names.kind, names.function, needed=False, **lists)
    for feature in look.passing(run.features(names.layer, kinds.field, kinds.detail)):
        kind, (word, detail) = kinds.of(feature), kinds.words(feature)
        if kind == OTHER and may_be_grassland(word):
            kind = UNKNOWN
        if kind == GRASSLAND:
            words.add(normal_name(f"{word or ''} {detail or ''}"))
        found.add(kind, feature.geometry(), kind != UNKNOWN)
    kinds.require_some("GRASSLAND_VALUES")
    fields = run.inputs[names.layer].source.fields()
    field = None if kinds.field is None else fields.at(kinds.field).name()
    survey = found.survey(Basis(source, field, frozenset(words), is_raster=False), UNKNOWN)
    run.remark_counts(**{f"{names.layer.lower()}_doubles": survey.doubles})
    return _in_given_extent(run, names, survey), look


def _in_given_extent(run: GoalRun, names: _Names, survey: Survey) -> Survey:
    """Return a survey with the extent that was given for it in place of its own."""
    if not run.given(names.extent):
        return survey
    return replace(survey, extent=dissolve(run.shapes(names.extent)))


def _dates(
    run: GoalRun, before: Survey, now: Survey
) -> tuple[Survey, Survey, TwoDates, QgsGeometry | None, QgsGeometry]:
    """Return both surveys and their grassland where both were mapped, the later one moved back.

    The last two are the ground of both surveys, and what of it may be grassland at one of the dates.
    """
    base = compared_on([before.extent, now.extent])
    first, second = before.within(base), now.within(base)
    if before.grid is None and now.grid is None:
        dates = compared(run, first.grass, second.grass)
    else:
        dates = TwoDates(first.grass, second.grass, Shift())
    if dates.shift.is_moved:
        now = now.moved(-dates.shift.east, -dates.shift.north)
        base = compared_on([before.extent, now.extent])
        first, second = before.within(base), now.within(base)
    first, second, untold = known_at_both(first, second)
    if dates.shift.is_moved or not untold.isEmpty():
        dates = clipped_dates(dates, first, second)
    return first, second, dates, base, untold


def _share(run: GoalRun, now: Survey, look: LookedAt | None) -> None:
    """Add up the share of grassland in all farmed ground of the later date."""
    others = difference(now.farmed, now.grass)
    for part in polygon_parts(now.grass):
        run.sums.add(part, SHARE, FARMLAND, "anteil_alles")
    for part in polygon_parts(others):
        run.sums.add(part, FARMLAND, "anteil_alles")
    if not now.unknown.isEmpty():
        for part in polygon_parts(difference(difference(now.unknown, now.grass), others)):
            run.sums.add(part, "anteil_unbekannt", "anteil_alles")
        run.cover("anteil_unbekannt", "anteil_alles", "unknown_kind", SHARE)
    if others.isEmpty():
        run.sums.forget(SHARE, reason=run.job.phrase("no_farmland"))
    if look is not None:
        run.sums.limit(look.presence().limit, SHARE)
    if now.extent is not None and (now.grid is not None or run.given(LATER.extent)):
        _cover_base(run, now.extent, "anteil_erfasst", "extent_now", SHARE)


def _limit(
    run: GoalRun,
    before: Survey,
    now: Survey,
    base: QgsGeometry | None,
    looks: tuple[LookedAt | None, LookedAt | None],
    dates: TwoDates,
    untold: QgsGeometry,
) -> None:
    """Let what was not mapped at both dates, and what may be grassland, limit the change."""
    for look, ground in zip(looks, (dates.now, dates.before), strict=True):
        if look is not None:
            run.sums.limit(look.sight([ground]).limit, NET, GROSS)
    if base is not None:
        _cover_base(run, base, "erfasst", "extent", NET, GROSS)
    none_before = run.sums.lacking(NOW, BEFORE)
    run.sums.cover(none_before, lambda _: run.job.phrase("none_before"), NET, GROSS)
    if not untold.isEmpty():
        for part in polygon_parts(untold):
            run.sums.add(part, "unbekannt", "moeglich")
        for part in polygon_parts(dissolve([dates.before, dates.now])):
            run.sums.add(part, "moeglich")
        run.cover("unbekannt", "moeglich", "unknown_kind", NET, GROSS)
    if before.grid is not None and now.grid is not None and not before.grid.is_aligned(now.grid):
        east, north = before.grid.offset(now.grid)
        ways = {"east": f"{east:.0f}", "north": f"{north:.0f}"}
        run.sums.forget(GROSS, reason=run.job.phrase("grids", **ways))
        run.remark("unaligned_grids", **ways)
    elif not dates.same_basis:
        run.sums.forget(GROSS, reason=run.job.phrase("other_basis", shift_max=run.number("SHIFT_MAX")))


def _cover_base(run: GoalRun, base: QgsGeometry, key: str, phrase: str, *keys: str) -> None:
    """Let figures of ``keys`` rest on the ground of each area that was mapped, summed up under ``key``."""
    for part in polygon_parts(base):
        run.sums.add(part, key)
    sizes = run.areas.sizes()
    shares = {
        place: min(100.0, 100.0 * run.sums.amount(key, place) / size) for place, size in enumerate(sizes)
    }
    run.sums.cover(
        {place: round(share, 6) for place, share in shares.items()},
        lambda share: run.job.phrase(phrase, share=f"{share:.3g}"),
        *keys,
    )


def _pieces(run: GoalRun, dates: TwoDates, before: Survey, now: Survey) -> None:
    """Write what was lost, the larger first, what is new, and what was kept."""
    known = before.grid is None or now.grid is None or before.grid.is_aligned(now.grid)
    if run.sums.unknown([NET]) is not None:
        return
    pieces: list[tuple[str, QgsGeometry]] = []
    if known and dates.same_basis:
        cell = max(survey.grid.cell if survey.grid else 0.0 for survey in (before, now))
        tolerance, smallest = max(run.number("TOLERANCE"), cell), run.number("MIN_PIECE")
        lost, gained = dates.lost(tolerance, smallest), dates.gained(tolerance, smallest)
        if dropped := lost.dropped + gained.dropped:
            run.remark("dropped", area=f"{dropped:.1f}", width=f"{tolerance:g}")
        pieces += [(LOST, shape) for shape in sorted(lost.shapes, key=larger_first)]
        pieces += [(NEW, shape) for shape in sorted(gained.shapes, key=larger_first)]
    uses = _Uses(run, dates, [shape for kind, shape in pieces if kind == LOST])
    kept = dissolve(piece for _, piece in dates.kept)
    pieces += [(KEPT, shape) for shape in polygon_parts(kept)]
    for rank, (kind, shape) in enumerate(pieces, 1):
        run.pulse()
        gone = kind == LOST
        for place, size in (run.areas.shares([shape]) if gone else {}).items():
            run.sums.put(GROSS, place, -size)
        run.add(
            shape,
            art=kind,
            flaeche_ha=shape.area() / 10_000,
            nutzung_neu=uses.of(shape) if gone else None,
            rang=rank if gone else None,
        )


class _Uses:
    """What lost grassland is used for at the later date: built on, else by the word of a layer of uses.

    All of these layers are of the later date, and lie moved as its grassland does.
    """

    def __init__(self, run: GoalRun, dates: TwoDates, lost: list[QgsGeometry]) -> None:
        grounds = PieceIndex({"": dissolve(lost)})
        self._built = PieceIndex({"": dates.moved_back(dissolve(run.shapes("BUILT")))})
        layer, field = ("LOST_TO", "LOST_TO_FIELD") if run.given("LOST_TO") else (LATER.layer, LATER.kind)
        words = run.words(field) if run.given(layer) else None
        found: dict[str | None, list[QgsGeometry]] = defaultdict(list)
        if lost and words is not None and words.field is not None:
            for feature in run.features(layer, words.field):
                parts = [part for _, part in grounds.parts(dates.moved_back(feature.geometry()))]
                if parts:
                    found[text(feature[words.field])].extend(parts)
        self._named = Named({word: dissolve(shapes) for word, shapes in found.items()})

    def of(self, shape: QgsGeometry) -> str | None:
        if sum(self._built.overlap(shape).values()) >= least(0.5 * shape.area()):
            return BUILT
        return self._named.of(shape)
