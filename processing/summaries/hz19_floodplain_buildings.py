"""The findings of HZ 19: new building in the Aue and in the strip along waters, for each area."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial

from ...gruene_infra_plugin.methods.findings import PLANNED, Finding, slugs
from ...gruene_infra_plugin.methods.newness import COVERED_SHARE, Origin
from ...gruene_infra_plugin.methods.targets import Measurement
from ...gruene_infra_plugin.spatial.areas import Areas, Tally
from ...gruene_infra_plugin.spatial.change import Newness
from ...gruene_infra_plugin.spatial.exposure import Hit, LabelledParts
from ...gruene_infra_plugin.spatial.looked_at import LookedAt, Sight, as_percent, nothing_of, unusable
from ...gruene_infra_plugin.spatial.overlay import PieceIndex
from ...gruene_infra_plugin.spatial.zones import AUE, STRIP, Zone
from ..job import Job


class FloodplainTally:
    """Sums up hits; where buildings overlap each other, the ground they share counts once."""

    def __init__(self, sums: Tally) -> None:
        self.sums = sums
        self._counted: dict[tuple[str, str], PieceIndex[str]] = defaultdict(lambda: PieceIndex({}))

    def add(self, hit: Hit) -> None:
        """Add one building to the sums of the zones that it reaches into."""
        for zone, parts in hit.parts.items():
            polygons = [part for _, part in parts]
            self._add_area(zone, "all", parts)
            self.sums.add_piece((zone, "pieces"), polygons)
            if hit.origin is Origin.UNKNOWN:
                self._add_area(zone, "unknown", parts)
                self.sums.add_piece((zone, "unknown pieces"), polygons)
            if hit.origin is Origin.NEW:
                self.sums.add_piece((zone, "new pieces"), polygons)
        for zone, parts in hit.new_parts.items():
            self._add_area(zone, "new", parts)

    def _add_area(self, zone: str, what: str, parts: LabelledParts) -> None:
        for label, part in parts:
            fresh = self._counted[zone, what].claim(label, part)
            self.sums.add_area((zone, what), fresh)
            self.sums.add_area((zone, what, label), fresh)


@dataclass(frozen=True)
class FloodplainSummary:
    """Turns the sums of a run into findings; ``now`` and ``then`` are the buildings of both dates."""

    job: Job
    zones: Mapping[str, Zone]
    newness: Newness
    now: LookedAt
    then: LookedAt | None
    tally: Tally

    def rows(self, areas: Areas) -> Iterator[Finding]:
        """Yield the findings of every area, the headline of an indicator before its variants."""
        for zone, parts in self.zones.items():
            for label, piece in parts.pieces:
                self.tally.add_area((zone, "zone"), [piece])
                self.tally.add_area((zone, "zone", label), [piece])
        basis, strip = self._basis(), f"{self.job.number('STRIP'):g}"
        instead = PLANNED if self.newness.all_new else None
        measure = partial(self.job.finding, values=self._values(), instead=instead)
        new = partial(measure, assumptions=self._assumptions())
        for place, area in enumerate(areas.areas):
            yield new("hz19.aue.neubau_flaeche", basis, area, self._new(place, AUE, "new"))
            for name, class_id in self._classes(place).items():
                yield new(
                    "hz19.aue.neubau_flaeche",
                    f"{basis}.klasse_{class_id}",
                    area,
                    self._new(place, AUE, "new", name),
                    variant="class",
                    values={**self._values(), "floodplain_class": name},
                )
            yield new("hz19.aue.neubau_anzahl", basis, area, self._new(place, AUE, "new pieces"))
            yield measure("hz19.aue.bebauung_anteil", instead or "alle_klassen", area, self._stock(place))
            strip_id = f"{basis}.streifen_{strip}"
            yield new("hz19.streifen.neubau_flaeche", strip_id, area, self._new(place, STRIP, "new"))

    def _classes(self, place: int) -> dict[str, str]:
        """Return the classes present in an area with their ids, where there is more than one class at all."""
        ids = slugs(self.zones[AUE].classes)
        present = {name: key for name, key in ids.items() if self.tally.get((AUE, "zone", name), place)}
        return present if len(ids) > 1 else {}

    def _new(self, place: int, zone: str, *key: str) -> Measurement:
        """Return a sum of new building per area that has the zone; not assessable without evidence."""
        if not self.newness.has_evidence:
            return Measurement(None, None, 0.0, reason=self.job.phrase("ohne_stand"))
        if zone not in self.zones:
            return Measurement(None, None, 0.0)
        has_zone = self.tally.get((zone, "zone", *key[1:]), place) > 0
        built, undated = (self.tally.get((zone, what), place) for what in ("all", "unknown"))
        dated = 100.0 * (1 - undated / built) if built else 100.0
        measured = Measurement(
            self.tally.get((zone, *key), place),
            float(has_zone),
            dated,
            int(self.tally.get((zone, "pieces"), place)),
            int(self.tally.get((zone, "unknown pieces"), place)) + self.now.layer.unusable,
            self.job.phrase("undated", share=as_percent(dated)),
        )
        return self._seen(measured, zone, place, self._sights[zone])

    def _stock(self, place: int) -> Measurement:
        measured = Measurement(
            self.tally.get((AUE, "all"), place),
            self.tally.get((AUE, "zone"), place),
            n_objects=int(self.tally.get((AUE, "pieces"), place)),
            n_omitted=self.now.layer.unusable,
        )
        return self._seen(measured, AUE, place, self._sights[AUE][:1])

    def _seen(self, measured: Measurement, name: str, place: int, sights: Iterable[Sight]) -> Measurement:
        """Return the measurement, covered no better than zone and buildings are known in an area."""
        zone = self.zones[name]
        known = zone.known.get(place, 100.0)
        if not measured.denominator and known:
            return measured.without_base(nothing_of(zone.layer))
        for sight in sights:
            measured = sight.limit(measured, place)
        measured = measured.limited(known, self.job.phrase("no_width", share=as_percent(known)))
        return measured.limited(zone.layer.usable_share, unusable(zone.layer))

    @cached_property
    def _sights(self) -> Mapping[str, Sequence[Sight]]:
        """By zone, what today's buildings tell about it, then those of the earlier date.

        Planned areas are few: how far they lie from a zone says nothing of what was looked at.
        """
        if self.newness.all_new:
            return {name: [self.now.presence()] for name in self.zones}
        looks = [self.now] if self.then is None else [self.now, self.then]
        return {
            name: [look.sight(piece for _, piece in zone.pieces) for look in looks]
            for name, zone in self.zones.items()
        }

    def _basis(self) -> str:
        """Return the id of how newness was told; figures of another basis are not comparable."""
        if self.newness.all_new:
            return PLANNED
        year, stock = self.newness.reference_year, self.newness.stock
        parts = [f"ab_{year}"] if year is not None else []
        return "_".join(parts + ["zeitschnitt"] * (stock is not None)) or "ohne_stand"

    def _values(self) -> dict[str, str]:
        basis = re.sub(r"\d+", "jahr", self._basis())
        return {
            "period": self.job.phrase(basis, year=self.newness.reference_year),
            "strip": f"{self.job.number('STRIP'):g}",
            "min_overlap": f"{self.job.number('MIN_OVERLAP'):g}",
        }

    def _assumptions(self) -> list[str]:
        rules = [self.job.phrase("minimum", value=f"{self.job.number('MIN_OVERLAP'):g}")]
        if self.newness.stock is not None:
            rules.append(self.job.phrase("covered", value=f"{100 * COVERED_SHARE:g}"))
            rules.append(self.job.phrase("tolerance", value=f"{self.newness.tolerance:g}"))
        return rules
