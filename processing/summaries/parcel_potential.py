"""The findings of parcel_potential: goals per parcel and the area that serves several, per Raumtyp."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ...gruene_infra_plugin.methods.findings import AreaKind, Finding
from ...gruene_infra_plugin.methods.targets import Measurement
from ...gruene_infra_plugin.spatial.areas import TOTAL, Area
from ..job import Job

SEVERAL = 2
"""So many goals make a parcel one of several goals."""


@dataclass(frozen=True)
class Parcel:
    """Raumtyp, area in m² and number of goals of a parcel."""

    raumtyp: str | None
    area: float
    goals: int


@dataclass(frozen=True)
class PotentialSummary:
    """Turns parcels into findings; ``goals`` are those whose results were given."""

    job: Job
    goals: tuple[int, ...]
    parcels: Sequence[Parcel]
    coverage: float
    unusable: int

    def rows(self, types: Iterable[str]) -> Iterator[Finding]:
        """Yield the findings of the whole and of each Raumtyp."""
        yield from self._of(TOTAL, self.parcels)
        for name in types:
            area = Area(AreaKind.SPACE_TYPE, name, None, name)
            yield from self._of(area, [parcel for parcel in self.parcels if parcel.raumtyp == name])

    def _of(self, area: Area, parcels: Sequence[Parcel]) -> Iterator[Finding]:
        several = math.fsum(parcel.area for parcel in parcels if parcel.goals >= SEVERAL)
        measured = {
            "hz06.multicodierung.ziele_je_flurstueck": (sum(p.goals for p in parcels), len(parcels)),
            "hz06.multicodierung.flaechenanteil": (several, math.fsum(parcel.area for parcel in parcels)),
        }
        for indicator, (numerator, denominator) in measured.items():
            yield self.job.finding(
                indicator,
                "_".join(("ziele", *map(str, self.goals))),
                area,
                Measurement(float(numerator), float(denominator), self.coverage, len(parcels), self.unusable),
                values={"goals": ", ".join(map(str, self.goals))},
                assumptions=self._assumptions(),
            )

    def _assumptions(self) -> list[str]:
        names = ("MIN_AREA", "MIN_SHARE", "MIN_LENGTH")
        values = {name.lower(): f"{self.job.number(name):g}" for name in names}
        return [self.job.phrase("thresholds", **values), self.job.phrase("goal_six")]
