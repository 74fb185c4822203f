"""Heights that nobody measured: squares that are exactly level, and steps in which heights are stored.

A hole that a mosaic filled with 0 looks like a flat roof, and so does a gable stored in whole metres.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from qgis.core import QgsProcessingFeedback

from ...i18n import translate
from ...methods.grid.slope import least_rises, level_squares, on_terraces
from .zonal import Bools, Cells, Floats, Window, group_starts


class Unmeasured:
    """What polygons hold of such heights, filled window by window.

    ``level`` counts their cells in exactly level squares of ``side`` cells; shape (n,) like ``steps``.
    """

    def __init__(self, total: int, side: int) -> None:
        self._side = side
        self.level = np.zeros(total, dtype=np.int64)
        self._terraced = np.zeros(total, dtype=bool)
        self._rise = np.full(total, np.inf)

    @property
    def steps(self) -> Floats:
        """Step in metres in which the heights of each polygon are stored.

        0 where no cell is as high as its four neighbours, infinite where no height differs from another.
        """
        return np.where(self._terraced, self._rise, 0.0)

    def taken_out(self, window: Window) -> tuple[Window, Bools]:
        """Return a window with NaN in its level squares, and which cells these are."""
        level = level_squares(window.stored, self._side)
        if not level.any():
            return window, level
        return replace(window, values=np.where(level, np.float32(np.nan), window.values)), level

    def count_level(self, window: Window, level: Bools) -> None:
        """Count the cells in level squares, of which ``level`` has shape (rows, cols) of the window."""
        if level.any():
            cells = window.footprints.cells()
            zone = cells.zone[level.ravel()[cells.index]]
            self.level[window.numbers] += np.bincount(zone, minlength=len(window.numbers))

    def count_steps(self, window: Window, cells: Cells) -> None:
        """Look for terraces among cells of the polygons; of those that have any, for the smallest rise."""
        inside = on_terraces(window.stored, cells.index)
        terraced = np.zeros(len(window.numbers), dtype=bool)
        terraced[cells.zone[inside]] = True
        cells = cells.where(terraced[cells.zone])
        if not len(cells):
            return
        starts = group_starts(cells.zone)
        found = window.numbers[cells.zone[starts]]
        least = np.minimum.reduceat(least_rises(window.stored, cells.index), starts)
        self._rise[found] = np.minimum(self._rise[found], least)
        self._terraced[found] = True

    def report(
        self, name: str, slopes: Sequence[float], misleading: Floats, feedback: QgsProcessingFeedback
    ) -> None:
        """Say of how many polygons heights are no evidence.

        ``misleading`` are the slopes in degrees that the steps of each polygon can give or take.
        """
        steps, total = self.steps, len(self.level)
        level = np.count_nonzero((self.level > 0) | np.isinf(steps))
        if level:
            message = translate(
                "GrueneInfra",
                "{raster}: of {count} of {total} polygons heights are exactly the same over a large part. "
                "Nobody measured them; they count as unknown.",
            )
            feedback.pushWarning(message.format(raster=name, count=level, total=total))
        for limit in slopes:
            coarse = steps[(misleading >= limit) & np.isfinite(steps)]
            if len(coarse):
                message = translate(
                    "GrueneInfra",
                    "{raster}: of {count} of {total} polygons heights are stored in steps of {step} m or "
                    "more: a slope of {limit}° cannot be told.",
                )
                counts = {"count": len(coarse), "total": total, "step": f"{coarse.min():.3g}"}
                feedback.pushWarning(message.format(raster=name, limit=f"{limit:g}", **counts))
