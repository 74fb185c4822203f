"""The findings of parcel_potential: goals per parcel and the area that serves several, per Raumtyp."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...gruene_infra_plugin.methods.findings import AreaKind, Finding
from ...gruene_infra_plugin.methods.targets import Measurement
from ...gruene_infra_plugin.spatial.areas import TOTAL, Area
from ...gruene_infra_plugin.spatial.layers import Input
from ...gruene_infra_plugin.spatial.looked_at import nothing_of, unusable
from ..job import Job

SEVERAL = 2
"""So many goals make a parcel one of several goals."""


@dataclass(frozen=True)
class PotentialSummary:
    """Turns parcels into findings; ``goals`` are those whose results were given.

    ``raumtypen``, ``areas`` in m² and ``counts`` of goals have one value per parcel.
    """

    job: Job
    goals: tuple[int, ...]
    raumtypen: Sequence[str | None]
    areas: NDArray[np.float64]
    counts: NDArray[np.integer]
    parcels: Input
    results: Sequence[Input]

    def rows(self, types: Iterable[str]) -> Iterator[Finding]:
        """Yield the findings of the whole and of each Raumtyp."""
        yield from self._of(TOTAL, np.ones(len(self.areas), bool))
        given = np.array(self.raumtypen, object)
        for name in types:
            yield from self._of(Area(AreaKind.SPACE_TYPE, name, None, name), given == name)

    def _of(self, area: Area, chosen: NDArray[np.bool_]) -> Iterator[Finding]:
        areas, counts = self.areas[chosen], self.counts[chosen]
        several = math.fsum(areas[counts >= SEVERAL])
        measured = {
            "hz06.multicodierung.ziele_je_flurstueck": (float(counts.sum()), float(len(counts))),
            "hz06.multicodierung.flaechenanteil": (several, math.fsum(areas)),
        }
        for indicator, (numerator, denominator) in measured.items():
            yield self.job.finding(
                indicator,
                "_".join(("ziele", *map(str, self.goals))),
                area,
                self._known(Measurement(numerator, denominator, 100.0, len(counts), self.parcels.unusable)),
                values={"goals": ", ".join(map(str, self.goals))},
                assumptions=self._assumptions(),
            )

    def _known(self, measured: Measurement) -> Measurement:
        """Return the measurement, covered no better than the worst of its layers."""
        if not measured.denominator:
            return measured.without_base(nothing_of(self.parcels))
        for layer in (self.parcels, *self.results):
            measured = measured.limited(layer.usable_share, unusable(layer))
        return measured

    def _assumptions(self) -> list[str]:
        names = ("MIN_AREA", "MIN_SHARE", "MIN_LENGTH")
        values = {name.lower(): f"{self.job.number(name):g}" for name in names}
        return [self.job.phrase("thresholds", **values), self.job.phrase("goal_six")]
