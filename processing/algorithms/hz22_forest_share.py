"""HZ 22: what share of the ground is forest, under each usual definition."""

from __future__ import annotations

from collections import defaultdict

from qgis.core import QgsGeometry

from ...gruene_infra_plugin.methods.findings.thresholds import least
from ...gruene_infra_plugin.methods.geometry.shapes import mean_width
from ...gruene_infra_plugin.spatial.buildings.earlier_stock import without_slivers
from ...gruene_infra_plugin.spatial.geometry.connected import connected_parts
from ...gruene_infra_plugin.spatial.geometry.overlay import PieceIndex, difference, dissolve, polygon_parts
from ..declared import DeclaredGoal, GoalRun
from ..kinds import OTHER, UNKNOWN

FOREST, WOODLAND = "wald", "gehoelz"


class ForestShare(DeclaredGoal):
    """Forest, woodland and what of both is wide and large enough, each square metre once."""

    ID = "hz22_forest_share"

    def count(self, run: GoalRun) -> None:
        look = run.looked_at("FOREST")
        kinds = run.kinds("KIND_FIELD", wald="FOREST_VALUES", gehoelz="WOODLAND_VALUES")
        shapes: dict[str, list[QgsGeometry]] = defaultdict(list)
        for feature in look.passing(run.features("FOREST", kinds.field)):
            shapes[kinds.of(feature)].append(feature.geometry())
        kinds.require_some("FOREST_VALUES")

        forest = dissolve(shapes[FOREST])
        woodland = difference(dissolve(shapes[WOODLAND]), forest)
        wide = _wide(run, [forest, woodland])
        for kind, ground in ((FOREST, forest), (WOODLAND, woodland)):
            for patch in polygon_parts(ground):
                _add(run, kind, patch, wide)
        unknown = difference(dissolve(shapes[UNKNOWN]), dissolve([forest, woodland]))
        for patch in polygon_parts(unknown):
            run.sums.add(patch, UNKNOWN)

        keys = (FOREST, "wald_und_gehoelz", "wald_bwi")
        # A layer of all land use has no gaps; one of forests tells only where it has any.
        sight = look.sight() if shapes[OTHER] else look.presence()
        run.sums.limit(sight.limit, *keys)
        run.cover(UNKNOWN, "area", "unknown_kind", *keys)


def _wide(run: GoalRun, shapes: list[QgsGeometry]) -> PieceIndex[int]:
    """Return what of the wooded ground is wide and large enough, parts a track apart as one."""
    groups = connected_parts(shapes, run.number("MERGE_GAP"), run.pulse)
    opened = (without_slivers(group, run.number("MIN_WIDTH")) for group in groups)
    smallest = least(run.number("MIN_AREA"))
    enough = (group for group in opened if not group.isEmpty() and group.area() >= smallest)
    return PieceIndex(dict(enumerate(enough)))


def _add(run: GoalRun, kind: str, patch: QgsGeometry, wide: PieceIndex[int]) -> None:
    """Write a patch, and count it under each definition that it belongs to."""
    of_patch = [part for _, part in wide.parts(patch)]
    definitions = ["wald_und_gehoelz", *(["wald"] if kind == FOREST else [])]
    run.sums.add(of_patch, "wald_bwi")
    run.add(
        patch,
        *definitions,
        art=kind,
        flaeche_ha=patch.area() / 10_000,
        breite_m=mean_width(patch.area(), patch.length()),
        bwi=int(bool(of_patch)),
        definitionen=", ".join(sorted(definitions + ["wald_bwi"] * bool(of_patch))),
    )
