"""Engine ``sums``: what was measured per area of attribution, under keys, and what limits it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from qgis.core import Qgis, QgsGeometry

from ...i18n import translate
from ...methods.findings.targets import Measurement
from .areas import Areas

AREA = "area"
"""Key of the size of the areas themselves."""
MORE_THAN_HALF = 0.5001
"""Share of a feature that areas without overlap cannot both hold, not even by rounding."""

Limit = Callable[[Measurement, int], Measurement]
"""What makes of a measurement in an area one that is covered no better than its input."""


class Sums:
    """Square metres, metres and numbers of features by key and area; a feature is attributed once.

    ``keys`` are all that may be used; a placeholder in braces stands for any text. Another key raises
    ``KeyError``, so that no sum goes astray.
    """

    def __init__(self, areas: Areas, keys: Collection[str]) -> None:
        self.areas = areas
        self._known = {key for key in keys if "{" not in key}
        self._patterns = [re.compile(_pattern(key), re.DOTALL) for key in keys if "{" in key]
        self._amounts: dict[str, dict[int, float]] = defaultdict(lambda: defaultdict(float))
        self._counts: dict[str, dict[int, int]] = defaultdict(lambda: defaultdict(int))
        self._limits: dict[str, list[Limit]] = defaultdict(list)
        self._covers: dict[str, list[Mapping[int, float]]] = defaultdict(list)
        self._unknown: dict[str, str] = {}

    def add(
        self,
        shape: QgsGeometry | Sequence[QgsGeometry],
        *keys: str,
        share: float = 1.0,
        pieces: Collection[str] = (),
    ) -> str | None:
        """Add one feature: polygons that do not overlap each other, lines or points.

        It adds its square metres or metres to the areas that it lies in, and 1 to the number of features of
        the area that holds most of it; where areas overlap, of each that holds more than half of it. An area
        that it only touches holds none of it, but of a point. Of a feature that is only in part what it
        stands for, ``share`` (0 to 1) of its size counts. Under the keys ``pieces`` its number is the amount
        as well.

        Returns the name of the area that holds most of it, ``None`` where none does.
        """
        shapes = [shape] if isinstance(shape, QgsGeometry) else shape
        shares = self.areas.shares(shapes)
        whole = sum(map(_size, shapes))
        most = self.areas.of_most(shares)
        holding = [
            place
            for place, size in shares.items()
            if (place == most or size > MORE_THAN_HALF * whole) and (size > 0 or not whole)
        ]
        for key in keys:
            self._check(key)
            amounts, numbers = self._amounts[key], self._counts[key]
            for place, size in shares.items():
                amounts[place] += share * size
            for place in holding:
                numbers[place] += 1
        for key in pieces:
            for place in holding:
                self.put(key, place, 1.0, 1)
        return self.areas.name_of(shares)

    def put(self, key: str, place: int, amount: float, count: int = 0) -> None:
        """Add an amount and a number to one area, where something else than geometry says how much it is."""
        self._check(key)
        self._amounts[key][place] += amount
        self._counts[key][place] += count

    def amount(self, key: str, place: int) -> float:
        """Return the sum under a key in one area, 0 where nothing was added; ``area`` is its own size."""
        if key == AREA:
            sizes = self.areas.sizes()
            return sizes[place] if sizes else 0.0
        self._check(key)
        return self._amounts[key].get(place, 0.0) if key in self._amounts else 0.0

    def count(self, key: str, place: int) -> int:
        """Return the number of features under a key in one area."""
        self._check(key)
        return self._counts[key].get(place, 0) if key in self._counts else 0

    def limit(self, limit: Limit, *keys: str) -> None:
        """Let ``limit`` lower the coverage of all figures of these keys; limits apply in their order."""
        for key in keys:
            self._check(key)
            self._limits[key].append(limit)

    def cover(
        self, shares: Mapping[int, float], reason: Callable[[float], str], *keys: str, of_base: bool = True
    ) -> None:
        """Tell which percent (0 to 100) of an area's base is known; ``reason`` says it in words.

        Areas that are not named are known wholly. Where nothing is known, there may be a base all the same,
        unless it is known itself and only what is counted on it is not (``of_base`` false).
        """

        def limited(measured: Measurement, place: int) -> Measurement:
            share = shares.get(place, 100.0)
            return measured.limited(share, reason(share))

        self.limit(limited, *keys)
        for key in keys if of_base else ():
            self._covers[key].append(shares)

    def known(self, unknown: str, whole: str) -> dict[int, float]:
        """Return which percent (0 to 100) of a sum is not in another one, of unknown things, by area."""
        known = {}
        for place in range(len(self.areas.areas)):
            if amount := self.amount(whole, place):
                known[place] = 100.0 * (1 - self.amount(unknown, place) / amount)
        return known

    def lacking(self, whole: str, *parts: str) -> dict[int, float]:
        """Return 0 percent for every area that holds some of ``whole`` and none of its ``parts``."""
        places = (place for place in range(len(self.areas.areas)) if self.amount(whole, place))
        return {place: 0.0 for place in places if not any(self.amount(part, place) for part in parts)}

    def may_have_base(self, keys: Iterable[str], place: int) -> bool:
        """Return whether an area without any base may have one that nobody has told."""
        return any(not shares.get(place, 100.0) for key in keys for shares in self._covers.get(key, ()))

    def forget(self, *keys: str, reason: str = "") -> None:
        """Say that nothing is known of these keys: figures of them are not assessable."""
        for key in keys:
            self._check(key)
            self._unknown[key] = reason

    def unknown(self, keys: Iterable[str]) -> str | None:
        """Return why the first of the keys that are not known is not; ``None`` where all are."""
        for key in keys:
            if key == AREA and not self.areas.sizes():
                return translate("GrueneInfra", "without AREAS nobody says how large the ground is")
            if key in self._unknown:
                return self._unknown[key]
        return None

    def limits(self, keys: Iterable[str]) -> list[Limit]:
        """Return what limits figures of these keys, each once."""
        return list(dict.fromkeys(limit for key in keys for limit in self._limits.get(key, ())))

    def _check(self, key: str) -> None:
        if key in self._known:
            return
        if not any(pattern.fullmatch(key) for pattern in self._patterns):
            raise KeyError(f"no definition declares the key {key!r}")
        self._known.add(key)


def _pattern(key: str) -> str:
    parts = re.split(r"\{\w+\}", key)
    return ".+".join(map(re.escape, parts))


def _size(shape: QgsGeometry) -> float:
    return shape.length() if shape.type() == Qgis.GeometryType.Line else shape.area()
