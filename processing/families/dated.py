"""Ground of two dates in a run, and what findings tell of how they lie to each other."""

from __future__ import annotations

from qgis.core import QgsGeometry

from ...gruene_infra_plugin.spatial.attribution.looked_at import as_percent
from ...gruene_infra_plugin.spatial.geometry.two_dates import TwoDates
from ..declared import GoalRun


def compared(run: GoalRun, before: QgsGeometry, now: QgsGeometry) -> TwoDates:
    """Return dissolved ground of two dates, the later one moved back by up to SHIFT_MAX.

    Findings that declare them tell the remarks ``shift``, of a shift that was taken out, and ``unaligned``,
    where the lines of both dates agree with none, not even with nothing.
    """
    dates = TwoDates.of(before, now, run.number("SHIFT_MAX"), run.pulse)
    shift = dates.shift
    if shift.is_moved:
        figures = {"metres": shift.metres, "east": shift.east, "north": shift.north}
        run.remark("shift", **{name: f"{value:.2f}" for name, value in figures.items()})
    elif dates.same_basis and shift.partners and not shift.is_told:
        run.remark("unaligned", share=as_percent(100 * shift.agreement))
    return dates
