"""HZ 23: TODO."""

from __future__ import annotations

from ...gruene_infra_plugin.methods.thresholds import least
from ..declared import DeclaredGoal, GoalRun


class LandscapeElements(DeclaredGoal):
    """TODO."""

    ID = "hz23_landscape_elements"

    def count(self, run: GoalRun) -> None:
        look = run.looked_at("SHAPES")
        for feature in look.passing(run.features("SHAPES")):
            shape = feature.geometry()
            if shape.area() >= least(run.number("MIN_AREA")):
                run.add(shape, "gesamt", flaeche_ha=shape.area() / 10_000)
        run.sums.limit(look.presence().limit, "gesamt")
