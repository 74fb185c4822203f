"""The findings of HZ 02: the greened share of the flat roofs, under each definition and for each area."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from qgis.core import QgsGeometry

from ...gruene_infra_plugin.methods.findings import Finding
from ...gruene_infra_plugin.methods.roofs import Roofs
from ...gruene_infra_plugin.methods.targets import Measurement
from ...gruene_infra_plugin.spatial.areas import Area, Areas
from ...gruene_infra_plugin.spatial.layers import Input
from ...gruene_infra_plugin.spatial.looked_at import LookedAt, Sight, as_percent, nothing_of, unusable
from ...gruene_infra_plugin.spatial.overlay import PieceIndex, difference
from ...gruene_infra_plugin.spatial.roof_surface import RoofSurfaces
from ..job import Job

RING_M = 100.0
"""Metres by which the inner city is shrunk and grown [A]."""


@dataclass(frozen=True)
class RoofPlaces:
    """Which share (0 to 1) of each of n footprints lies in each area; arrays of shape (areas, n).

    ``whole`` regards the areas as they are, the others only what lies in the inner city, as given, shrunk
    and grown by :data:`RING_M`; these are ``None`` where no inner city is given.
    """

    whole: np.ndarray
    city: np.ndarray | None = None
    shrunk: np.ndarray | None = None
    grown: np.ndarray | None = None

    @classmethod
    def of(cls, footprints: Sequence[QgsGeometry], areas: Areas, city: QgsGeometry | None) -> RoofPlaces:
        """Measure footprints in one pass, in rings that add up to the three extents of the inner city."""
        shares = np.zeros((4, len(areas.areas), len(footprints)))
        rings = PieceIndex(_rings(city)) if city is not None else None
        for number, footprint in enumerate(footprints):
            _add_shares(shares[0, :, number], footprint, [footprint], areas)
            if rings is not None:
                for ring, part in rings.parts(footprint):
                    _add_shares(shares[ring, :, number], footprint, [part], areas)
        if city is None:
            return cls(shares[0])
        shrunk, inner, grown = np.minimum(np.cumsum(shares[1:], axis=0), 1.0)
        return cls(shares[0], inner, shrunk, grown)

    @property
    def inner(self) -> np.ndarray:
        """The inner city, or everything where none is given."""
        return self.whole if self.city is None else self.city


def _rings(city: QgsGeometry) -> dict[int, QgsGeometry]:
    """Return the shrunk inner city and the rings round it, out to the grown one, without overlap."""
    shrunk, grown = city.buffer(-RING_M, 16), city.buffer(RING_M, 16)
    return {1: shrunk, 2: difference(city, shrunk), 3: difference(grown, city)}


def _add_shares(
    shares: np.ndarray, footprint: QgsGeometry, parts: Sequence[QgsGeometry], areas: Areas
) -> None:
    for place, area in areas.measure(parts).items():
        shares[place] = min(1.0, shares[place] + area / footprint.area())


@dataclass(frozen=True)
class RoofGrounds:
    """What the buildings tell about whole areas, and about the inner city in them where it is given."""

    whole: Sight
    inner: Sight
    inner_city: Input | None

    @classmethod
    def of(
        cls,
        buildings: Input,
        footprints: Iterable[QgsGeometry],
        areas: Areas,
        inner_city: Input | None,
        city: QgsGeometry | None,
    ) -> RoofGrounds:
        look = LookedAt(buildings, areas)
        for footprint in footprints:
            look.add(footprint)
        whole = look.sight()
        return cls(whole, whole if city is None else look.sight([city]), inner_city)

    def limit(self, measured: Measurement, place: int, *, inner: bool) -> Measurement:
        """Return the measurement, covered no better than the buildings cover the area or its inner city."""
        if not inner or self.inner_city is None:
            return self.whole.limit(measured, place)
        if place not in self.inner.percent:
            return measured.without_base(nothing_of(self.inner_city))
        drawn = measured.limited(self.inner_city.usable_share, unusable(self.inner_city))
        return self.inner.limit(drawn, place)


@dataclass(frozen=True)
class RoofSummary:
    """Turns what is known about all roofs into findings; the first of ``limits`` is the headline's slope."""

    job: Job
    roofs: Roofs
    limits: Sequence[float]
    places: RoofPlaces
    grounds: RoofGrounds
    surface: RoofSurfaces | None

    def rows(self, areas: Sequence[Area]) -> Iterator[Finding]:
        """Yield the findings of every area, the headline before its variants."""
        for place, area in enumerate(areas):
            yield from self._definitions_of_flat(place, area)
            yield from self._definitions_of_share(place, area)
            yield from self._definitions_of_place(place, area)
            here = self.places.whole[place]
            long_term = self.roofs.share_by_area(here, without=True)
            yield self.job.finding(
                "hz02.dach.langfristig",
                self._headline,
                area,
                self._known(long_term, place, here, inner=False),
                assumptions=self._assumptions(),
                values=self._values(place="whole"),
            )

    def _definitions_of_flat(self, place: int, area: Area) -> Iterator[Finding]:
        here = self.places.inner[place]
        measured = self._known(self.roofs.share_by_area(here), place, here)
        yield self._share(self._headline, area, measured, values=self._values())
        for column, limit in enumerate(self.limits[1:], 1):
            measured = self._known(self.roofs.share_by_area(here, column), place, here)
            values = self._values(slope=limit)
            yield self._share(f"neigung_{limit:g}", area, measured, variant="slope", values=values)

    def _definitions_of_share(self, place: int, area: Area) -> Iterator[Finding]:
        here, roofs = self.places.inner[place], self.roofs
        for name, variant, measured in (
            ("anzahl", "number", roofs.share_by_number(here)),
            ("vegetation_m2", "vegetation", roofs.share_by_vegetation(here)),
            ("ohne_ausgeschlossene", "excluded", roofs.share_by_area(here, without=True)),
        ):
            variant_id, known = f"{self._headline}.{name}", self._known(measured, place, here)
            yield self._share(variant_id, area, known, variant=variant, values=self._values())

    def _definitions_of_place(self, place: int, area: Area) -> Iterator[Finding]:
        for name, words, variant, shares in (
            ("gesamtgebiet", "whole", "whole", self.places.whole),
            (f"innenstadt_minus_{RING_M:g}", "shrunk", "ring", self.places.shrunk),
            (f"innenstadt_plus_{RING_M:g}", "grown", "ring", self.places.grown),
        ):
            if self.places.city is not None and shares is not None:
                here, values = shares[place], self._values(place=words)
                measured = self._known(self.roofs.share_by_area(here), place, here, inner=words != "whole")
                yield self._share(f"{self._headline}.{name}", area, measured, variant=variant, values=values)

    def _known(
        self, measured: Measurement, place: int, here: np.ndarray, *, inner: bool = True
    ) -> Measurement:
        """Return what was measured on the roofs ``here``, with what limits its coverage."""
        reason = self.job.phrase("unknown_roofs", share=as_percent(measured.coverage))
        known = self.grounds.limit(replace(measured, reason=reason), place, inner=inner)
        if not known.denominator and known.coverage:
            return known.without_base(self.job.phrase("no_flat" if here.any() else "no_roof"))
        return known

    @property
    def _headline(self) -> str:
        return f"neigung_{self.limits[0]:g}"

    @property
    def _share(self) -> partial:
        return partial(
            self.job.finding,
            "hz02.dach.anteil_flaeche",
            assumptions=self._assumptions(),
            own_target=self.job.given_number("TARGET_SHARE"),
        )

    def _values(self, slope: float | None = None, place: str | None = None) -> dict[str, str]:
        """Return what fills the placeholders of a definition; the headline's where nothing is given."""
        place = place or ("whole" if self.places.city is None else "inner")
        return {
            "slope": f"{self.limits[0] if slope is None else slope:g}",
            "min_area": f"{self.job.number('MIN_AREA'):g}",
            "place": self.job.phrase(place),
        }

    def _assumptions(self) -> list[str]:
        given = "no_inner_city" if self.places.city is None else "inner_city"
        rules = [self.job.phrase(given), self.job.phrase("green_rule")]
        if self.surface is not None:
            noise, slope = f"{self.surface.noise_m:.2f}", f"{self.surface.noise_slope:.1f}"
            window = f"{self.surface.window_m:g}"
            rules.append(self.job.phrase("noise", noise=noise, window=window, slope=slope))
        return rules
