"""The findings of HZ 13: interruptions, bottlenecks and the narrow share of the corridors, for each area."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...gruene_infra_plugin.methods.findings import Finding
from ...gruene_infra_plugin.methods.targets import Measurement
from ...gruene_infra_plugin.spatial.areas import Area, Areas, Tally
from ...gruene_infra_plugin.spatial.corridors import Corridors, Gaps, Narrowness
from ...gruene_infra_plugin.spatial.layers import Input
from ...gruene_infra_plugin.spatial.looked_at import nothing_of, unusable
from ...gruene_infra_plugin.spatial.width import Klasse
from ..job import Job


class CorridorSummary:
    """Sums up what was found in the corridors and turns it into findings.

    ``widths`` are ascending, in metres; the headline regards MIN_WIDTH.
    """

    def __init__(self, job: Job, corridors: Input, widths: Sequence[float], areas: Areas) -> None:
        self._job = job
        self._input = corridors
        self._widths = widths
        self._areas = areas
        self._tally = Tally(areas)
        self._left_out = 0
        self._loose = 0
        self._error_ha = 0.0

    def add_parts(self, corridors: Corridors) -> None:
        """Add the connected parts of all corridors."""
        self._left_out = corridors.left_out
        for part in corridors.parts:
            self._tally.add_area("corridor", [part])
            self._tally.add_piece("parts", [part])

    def add_gaps(self, gaps: Gaps) -> None:
        """Add the fewest gaps that have to be closed."""
        for number in gaps.needed.nonzero()[0]:
            self._tally.add_line("gap", gaps.links.line(number))
        self._loose = gaps.loose
        self._error_ha = gaps.plan.before.ec_error

    def add_narrow(self, width: float, narrow: Narrowness) -> None:
        """Add what one part has narrower than ``width`` metres."""
        self._tally.add_area(("narrow", width), narrow.ground)
        for found in narrow.bottlenecks:
            if found.klasse is Klasse.BRIDGE:
                self._tally.add_area(("bridge", width), [found.geometry])
                self._tally.add_piece(("bridges", width), [found.geometry])

    def rows(self) -> Iterator[Finding]:
        """Yield the findings of every area, the headline of an indicator before its variants."""
        for place, area in enumerate(self._areas.areas):
            yield self._gaps(place, area, "hz13.unterbrechungen.anzahl", ("gap", "count"))
            yield self._gaps(place, area, "hz13.unterbrechungen.laenge", "gap")
            headline = self._job.number("MIN_WIDTH")
            for width in (headline, *(width for width in self._widths if width != headline)):
                yield from self._narrow(place, area, width, None if width == headline else "width")

    def _gaps(self, place: int, area: Area, indicator: str, key: object) -> Finding:
        max_gap = f"{self._job.number('MAX_GAP'):g}"
        assumptions = [self._job.phrase("fewest"), *self._remarks()]
        return self._job.finding(
            indicator,
            f"luecke_{max_gap}",
            area,
            self._sum(place, key, self._has_corridor(place) or self._tally.get(("gap", "count"), place) > 0),
            values={"max_gap": max_gap},
            assumptions=assumptions,
        )

    def _narrow(self, place: int, area: Area, width: float, variant: str | None) -> Iterator[Finding]:
        for indicator, measured in (
            ("hz13.engstellen.anzahl", self._sum(place, ("bridges", width), self._has_corridor(place))),
            ("hz13.engstellen.flaeche", self._sum(place, ("bridge", width), self._has_corridor(place))),
            ("hz13.schmal.anteil", self._share(place, ("narrow", width))),
        ):
            yield self._job.finding(
                indicator,
                f"breite_{width:g}",
                area,
                measured,
                variant=variant,
                values={"width": f"{width:g}"},
                assumptions=[self._job.phrase("no_published_width"), *self._remarks()],
            )

    def _remarks(self) -> list[str]:
        remarks = []
        if self._left_out:
            area = f"{self._job.number('MIN_AREA'):g}"
            remarks.append(self._job.phrase("left_out", count=self._left_out, area=area))
        if self._loose:
            remarks.append(self._job.phrase("loose", count=self._loose))
        if self._error_ha:
            remarks.append(self._job.phrase("cutoff", error=f"{self._error_ha:.3g}"))
        return remarks

    def _has_corridor(self, place: int) -> bool:
        return self._tally.get("corridor", place) > 0

    def _sum(self, place: int, key: object, present: bool) -> Measurement:
        """Return a sum per area; not assessable where what it is the sum of cannot be present."""
        return self._measurement(place, key, float(present))

    def _share(self, place: int, key: object) -> Measurement:
        return self._measurement(place, key, self._tally.get("corridor", place))

    def _measurement(self, place: int, key: object, denominator: float) -> Measurement:
        measured = Measurement(
            self._tally.get(key, place),
            denominator,
            n_objects=int(self._tally.get("parts", place)),
            n_omitted=self._input.unusable,
        )
        if not denominator:
            return measured.without_base(nothing_of(self._input))
        return measured.limited(self._input.usable_share, unusable(self._input))
