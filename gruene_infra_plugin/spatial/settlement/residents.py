"""Engine ``residents``: where people live, and how far that is from some ground.

People are given as points, where they live, or as polygons such as grid cells and quarters, over which they
are taken to be spread evenly.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from qgis.core import Qgis, QgsFeature, QgsGeometry, QgsProcessingFeedback

from ...methods.findings.targets import MINIMUM_COVERAGE
from ...methods.findings.thresholds import least
from ..attribution.areas import Areas
from ..geometry.overlay import PieceIndex, difference, dissolve, polygon_parts
from ..geometry.shared_areas import Outlines, overlaps
from ..geometry.wkb import bytes_of, fingerprint

SEGMENTS = 64
"""Segments of a quarter of a circle; the farthest place of 1,000 m lies at 999.9 m then."""
WHOLE = 1.0 - 1e-9
"""Portion from which on a place lies in one area wholly, but for rounding."""
LEAST_GAP_M2 = 1.0
"""Square metres that are out of reach at least; less is what borders drawn by hand leave [A]."""


@dataclass(frozen=True)
class Home:
    """A place where people live, and how many; ``None`` where nobody knows."""

    shape: QgsGeometry
    people: float | None

    @cached_property
    def is_ground(self) -> bool:
        """Whether it is a polygon, over which people are spread."""
        return self.shape.type() == Qgis.GeometryType.Polygon

    @cached_property
    def size(self) -> float:
        """Square metres of a polygon; 1 of a point, so that points count by their number."""
        return self.shape.area() if self.is_ground else 1.0


@dataclass(frozen=True)
class Homes:
    """Places where people live, each once.

    ``doubles`` were delivered again; ``contradicting`` are places of which several numbers are told, so that
    none is known.
    """

    each: Sequence[Home]
    doubles: int
    contradicting: int

    @classmethod
    def of(cls, features: Iterable[QgsFeature], people: Callable[[QgsFeature], float | None]) -> Homes:
        """Collect places whose number of people a function tells."""
        found: dict[bytes, Home] = {}
        several: set[bytes] = set()
        doubles = 0
        for feature in features:
            shape, number = feature.geometry(), people(feature)
            outline = fingerprint(shape)
            home = found.setdefault(outline, Home(shape, number))
            if home.people != number:
                several.add(outline)
            elif home.shape is not shape:
                doubles += 1
        homes = (Home(home.shape, None) if key in several else home for key, home in found.items())
        return cls(list(homes), doubles, len(several))

    def overlapping_percent(self, feedback: QgsProcessingFeedback) -> float:
        """Return which percent of the ground of polygons others cover too; raises where the user cancels."""
        parts = [part for home in self.each if home.is_ground for part in polygon_parts(home.shape)]
        outlines = Outlines.of([bytes_of(part) for part in parts])
        one, other, shared = overlaps(outlines, outlines, feedback)
        whole = sum(part.area() for part in parts)
        return 100.0 * float(shared[one < other].sum()) / whole if whole else 0.0


class Reach:
    """How far places lie from some ground: within which of several distances, the ground itself at 0."""

    def __init__(self, ground: QgsGeometry, distances: Iterable[float]) -> None:
        self._bands: PieceIndex[float] = PieceIndex.disjoint(
            (distance, within(ground, distance)) for distance in sorted({0.0, *distances})
        )

    def parts(self, home: Home) -> Mapping[float, Sequence[QgsGeometry]]:
        """Return the parts of a place by the least of the distances within which they lie.

        What is farther is left out.
        """
        if not home.is_ground:
            met = self._bands.lengths(home.shape)
            return {min(met): [home.shape]} if met else {}
        found: dict[float, list[QgsGeometry]] = defaultdict(list)
        for distance, part in self._bands.parts(home.shape):
            found[distance].append(part)
        return found


def within(ground: QgsGeometry, distance: float) -> QgsGeometry:
    """Return all places within a distance of some ground, that ground itself with them."""
    return ground if distance <= 0 or ground.isEmpty() else ground.buffer(distance, SEGMENTS)


class Spread:
    """How a place is spread over areas of attribution: ``portions`` (0 to 1) of it by area number.

    A point is in one area wholly, the first of those that it touches.
    """

    def __init__(self, home: Home, areas: Areas) -> None:
        self._home, self._areas = home, areas
        shares = areas.measure([home.shape]) if home.is_ground else areas.shares([home.shape])
        self.most = areas.of_most(shares)
        """The area that holds most of it, ``None`` where none does."""
        if home.is_ground:
            self.portions = {place: share / home.size for place, share in shares.items()}
        else:
            self.portions = {} if self.most is None else {self.most: 1.0}
        self._is_whole = self.most is not None and self.portions[self.most] >= WHOLE

    def of(self, parts: Sequence[QgsGeometry]) -> dict[int, float]:
        """Return which portion of the place its disjoint ``parts`` make up in each area."""
        if not self._home.is_ground or not self.portions:
            return self.portions
        if self._is_whole and self.most is not None:
            return {self.most: sum(part.area() for part in parts) / self._home.size}
        return {place: share / self._home.size for place, share in self._areas.measure(parts).items()}


@dataclass
class Around:
    """Who lives within reach of something, and the size of the places whose number is known and unknown."""

    people: float = 0.0
    known: float = 0.0
    unknown: float = 0.0

    @property
    def seen(self) -> float:
        """Size of all places."""
        return self.known + self.unknown

    def add(self, home: Home, share: float = 1.0) -> None:
        """Count a place, of a polygon the share (0 to 1) that is within reach."""
        if home.people is None:
            self.unknown += share * home.size
        else:
            self.known += share * home.size
            self.people += share * home.people

    def told(self) -> float | None:
        """Return how many people these are, ``None`` where of too many places nobody knows."""
        is_known = self.seen and 100 * self.known >= least(MINIMUM_COVERAGE) * self.seen
        return self.people if is_known else None


class Surroundings:
    """The places within a distance of each of several polygons, which may overlap."""

    def __init__(self, polygons: Sequence[QgsGeometry], distance: float) -> None:
        self._reach = PieceIndex({place: within(shape, distance) for place, shape in enumerate(polygons)})
        self.of = [Around() for _ in polygons]
        """Who lives around each of them."""

    def add(self, home: Home) -> None:
        """Count a place for every polygon within reach, a polygon with residents by the part that is."""
        if home.is_ground:
            portion = {place: area / home.size for place, area in self._reach.overlap(home.shape).items()}
        else:
            portion = dict.fromkeys(self._reach.lengths(home.shape), 1.0)
        for place, share in portion.items():
            self.of[place].add(home, share)


@dataclass(frozen=True)
class Gap:
    """Ground that is out of reach, and how many people live there; ``None`` where nobody counted them."""

    shape: QgsGeometry
    people: float | None
    place: int | None
    """Number of the area of attribution that holds most of it."""


def out_of_reach(home: Home, spread: Spread, near: Sequence[QgsGeometry]) -> Gap | None:
    """Return what the disjoint parts ``near`` leave of an inhabited polygon, with its share of residents.

    Only what lies in an area counts as a gap, and then it stays whole.
    """
    left = home.size - sum(part.area() for part in near)
    if not home.people or not spread.portions or left <= LEAST_GAP_M2:
        return None
    far = difference(home.shape, dissolve(near)) if near else home.shape
    portions = spread.of([far])
    if far.area() <= LEAST_GAP_M2 or not portions:
        return None
    return Gap(
        far, home.people * far.area() / home.size, max(portions, key=lambda area: (portions[area], -area))
    )


def far_parts(areas: Areas, near: QgsGeometry, points: Iterable[Home] | None) -> list[Gap]:
    """Return the parts of areas outside of ``near``, each with the people of the points in it.

    Without ``points`` nobody counted them. Where of too many points in a part nobody knows how many people
    live there, nobody knows it of the part.
    """
    pieces: dict[int, list[QgsGeometry]] = defaultdict(list)
    for place, piece in areas.pieces():
        pieces[place].append(piece)
    grounds = {place: difference(dissolve(found), near) for place, found in pieces.items()}
    parts = [
        (place, part)
        for place, ground in grounds.items()
        for part in polygon_parts(ground)
        if part.area() > LEAST_GAP_M2
    ]
    if points is None:
        return [Gap(part, None, place) for place, part in parts]
    index, living = PieceIndex(dict(enumerate(part for _, part in parts))), [Around() for _ in parts]
    for home in points:
        for number in list(index.lengths(home.shape))[:1]:
            living[number].add(home)
    return [
        Gap(part, around.told() if around.seen else 0.0, place)
        for (place, part), around in zip(parts, living, strict=True)
    ]
