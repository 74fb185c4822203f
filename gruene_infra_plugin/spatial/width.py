"""Engine ``width``: where a connected polygon is narrower than a given width, and how narrow it is there.

What a disc of that width cannot reach is the residual of the opening by the disc. Its parts are classed
by the bodies of the opening that they touch; their smallest width is read from the medial axis.

The class names bridge, loop, branch and islet follow those of morphological spatial pattern analysis
[P: GuidosToolbox Workbench, MSPA], but the classes here are simpler and must not be called by that name.
"""

from __future__ import annotations

import math
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations

import numpy as np
from qgis.core import (
    Qgis,
    QgsGeometry,
    QgsGeometryEngine,
    QgsPoint,
    QgsPointXY,
    QgsRectangle,
    QgsSpatialIndex,
)

from ..methods.medial_axis import CORNER_ANGLE, Array, Axis, Boundary, Flags, Indices, Inside, medial_axis
from .overlay import difference, dissolve, intersection, polygon_parts, without_hairlines
from .vertices import ring_bytes

SEGMENTS = 128
"""Segments per quarter circle of a disc: 512 per circle, which reproduce the published areas of the
dumb-bell to the printed digit; 64 per circle would miss 1.5 m² of a corner at a width of 100 m."""
NOISE_M = 1e-4
"""A place counts as wide enough down to twice this many metres less: what rounding of rotated coordinates
may take away [A]."""
CORNER_SLACK = 1.05
"""A residual is a rounded corner up to this many times the area that a corner can leave [A]."""
SLIVER_DEPTH = 0.005
"""A residual that is on average shallower than this share of the radius is a sliver along an arc [A]."""
STUB_DEPTH = 0.5
"""A residual smaller than the radius squared is no arm unless it is deeper than this share of it [A]; the
apex of a right angle lies 0.41 radii from the disc."""
SPECK_SHARE = 1e-6
"""A residual smaller than this share of the radius squared is dropped unseen: rounding, or a corner that
turns by less than 2 degrees [A]."""
CORE_SHARE = 1e-4
"""One of several cores of less than this share of the radius squared is no body of its own [A]."""
TOUCH_SHARE = 1e-3
"""A contact with a body shorter than this share of the radius is numeric noise [A]."""
JOIN_TOLERANCE_M = 0.1
"""Polygons at most this far apart are connected [A]: slits of digitising, corners that touch."""
CLOSING_SHARE = 0.505
"""Radius of the closing that fills slits, in tolerances: half, and 1 % for discs that are polygons."""
FINER = (1, 4, 16)
"""How much finer the boundary is sampled, in turn, until an axis is found in a place that is short."""

Chord = tuple[Array, Array]


class Klasse(StrEnum):
    """What a narrow place does: join two bodies or a body with itself, end blind, or be all there is."""

    BRIDGE = "bridge"
    LOOP = "loop"
    BRANCH = "branch"
    ISLET = "islet"


ACROSS = frozenset({Klasse.BRIDGE, Klasse.LOOP})
"""Narrow places that lead somewhere."""


@dataclass(frozen=True)
class Bottleneck:
    """A narrow place.

    ``width_m`` is its smallest width, twice the distance of the medial axis from the boundary. On a bridge
    or loop the axis is read between the bodies only; on a branch or islet without what runs into corners,
    and where nothing is left of it then, the largest inscribed circle counts. ``length_m`` runs along the
    axis: between the chords of the contacts with the bodies, or to the end of the arm. ``throat`` is the
    line across at the narrowest place, as long as ``width_m``.
    """

    geometry: QgsGeometry
    klasse: Klasse
    width_m: float
    length_m: float
    throat: QgsGeometry


@dataclass(frozen=True)
class NarrowPlace:
    """A narrow place before it is measured; ``chords`` span its contacts with the bodies."""

    geometry: QgsGeometry
    klasse: Klasse
    chords: tuple[Chord, ...] = ()


@dataclass(frozen=True)
class Opening:
    """A polygon opened by a disc of diameter ``min_width`` metres.

    ``corners`` are the residuals left out because they are rounded corners or slivers, ``residuals`` all
    others.
    """

    part: QgsGeometry
    min_width: float
    places: tuple[NarrowPlace, ...]
    corners: tuple[QgsGeometry, ...]
    residuals: tuple[QgsGeometry, ...]

    @property
    def narrow_area(self) -> float:
        """Square metres that are too narrow."""
        return sum(residual.area() for residual in self.residuals)

    def bottlenecks(self, kinds: Container[Klasse] = frozenset(Klasse)) -> list[Bottleneck]:
        """Measure the narrow places of some kinds. Costs a Voronoi diagram of the boundary near each."""
        places = [place for place in self.places if place.klasse in kinds]
        if not places:
            return []
        boundary = Boundary.from_rings(_ring_arrays(self.part))
        return [_measured(place, boundary, self.min_width / 2) for place in places]


def open_part(part: QgsGeometry, min_width: float) -> Opening:
    """Open one connected polygon by a disc of diameter ``min_width`` metres.

    A narrow place shorter than the discs of both bodies reach into it (a gate in a thin wall) leaves no
    residual across, though no disc passes: it is a bridge too. Its polygon is what lies between the
    chords of the contacts, or what both bodies share where no residual is left beside it. Where one body
    meets itself in that way, it is not found.

    Raises
    ------
    ValueError
        If the polygon is empty or has several parts, or the width is not above 0.
    QgsProcessingException
        If GEOS cannot compute an overlay.
    """
    _check(part, min_width)
    radius = min_width / 2
    cores = _cores(part, radius)
    if not cores:
        return Opening(part, min_width, (NarrowPlace(part, Klasse.ISLET),), (), (part,))
    bodies = [_grown(core, radius) for core in cores]
    opened = dissolve(bodies) if len(bodies) > 1 else bodies[0]
    pieces = polygon_parts(difference(part, opened))
    if not pieces:
        return Opening(part, min_width, (), (), ())
    contacts = _Contacts(part, bodies, radius)
    simple = len(bodies) == 1 and not contacts.has_holes
    kept, corners = [], []
    for geometry in pieces:
        residual = None if _is_trifle(geometry, radius, simple) else contacts.residual(geometry)
        if residual is None or residual.is_corner(radius):
            corners.append(geometry)
        else:
            kept.append(residual)
    places = tuple(_joined_at_gates(kept, part, bodies))
    residuals = tuple(residual.geometry for residual in kept)
    return Opening(part, min_width, places, tuple(corners), residuals)


def bottlenecks(part: QgsGeometry, min_width: float) -> list[Bottleneck]:
    """Return the narrow places of one connected polygon. Raises as :func:`open_part` does."""
    return open_part(part, min_width).bottlenecks()


def narrow_area(part: QgsGeometry, min_width: float) -> float:
    """Return the square metres of a polygon narrower than ``min_width`` metres, without rounded corners.

    Raises as :func:`open_part` does, which gives this area together with the narrow places.
    """
    return open_part(part, min_width).narrow_area


def _check(part: QgsGeometry, min_width: float) -> None:
    if not math.isfinite(min_width) or min_width <= 0:
        raise ValueError(f"the width must be above 0, not {min_width}")
    if part.isEmpty() or part.type() != Qgis.GeometryType.Polygon or part.area() <= 0:
        raise ValueError("an empty polygon has no width")
    if part.constGet().partCount() != 1:
        raise ValueError("the polygon has several parts; take connected_parts first")


# -- opening ----------------------------------------------------------------------------------------


def _cores(part: QgsGeometry, radius: float) -> list[QgsGeometry]:
    """Return the parts of the erosion: where the centre of a disc fits."""
    reach = _inner_radius(radius)
    box = part.boundingBox()
    if min(box.width(), box.height()) < 2 * reach:
        return []
    cores = polygon_parts(part.buffer(-reach, SEGMENTS))
    return cores if len(cores) < 2 else [core for core in cores if not _is_speck(core, radius)]


def _is_speck(core: QgsGeometry, radius: float) -> bool:
    """Say whether a disc has hardly any room in a core.

    Where a polygon is about as wide as the disc all along, each of its vertices leaves one.
    """
    box = core.boundingBox()
    reach = math.hypot(box.width(), box.height())
    return reach < radius / 2 and core.area() < CORE_SHARE * radius**2


def _grown(core: QgsGeometry, radius: float) -> QgsGeometry:
    """Return the body of a core; the polygons it is drawn with are as large as the discs."""
    step = math.pi / 2 / SEGMENTS
    return core.buffer(_inner_radius(radius) * math.sqrt(step / math.sin(step)), SEGMENTS)


def _is_trifle(residual: QgsGeometry, radius: float, simple: bool) -> bool:
    """Say whether a residual is a corner or a speck, without a look at its contacts.

    Beside one body without holes (``simple``) there are only branches, and none is deeper than its box.
    """
    if residual.area() <= SPECK_SHARE * radius**2:
        return True
    box = residual.boundingBox()
    return simple and math.hypot(box.width(), box.height()) < STUB_DEPTH * radius


def _inner_radius(radius: float) -> float:
    return radius - min(NOISE_M, radius / 1000)


@dataclass(frozen=True)
class _Stretch:
    """A contact of a residual with a body: number of the body, and the points (n, 2) along it in metres."""

    body: int
    points: Array

    @property
    def length(self) -> float:
        return float(np.hypot(*np.diff(self.points, axis=0).T).sum())

    @property
    def coarse(self) -> Array:
        """Return every eighth of its points, and the last."""
        return np.concatenate([self.points[:-1:8], self.points[-1:]])

    @property
    def chord(self) -> Chord:
        return self.points[0], self.points[-1]


@dataclass(frozen=True)
class _Residual:
    geometry: QgsGeometry
    stretches: tuple[_Stretch, ...]
    rings: int

    @property
    def bodies(self) -> set[int]:
        return {stretch.body for stretch in self.stretches}

    @property
    def klasse(self) -> Klasse:
        """Class by contacts; a body is met twice only around a hole, with another ring on either side."""
        if len(self.bodies) > 1:
            return Klasse.BRIDGE
        if len(self.stretches) > 1 and self.rings > 1:
            return Klasse.LOOP
        return Klasse.BRANCH

    def is_corner(self, radius: float) -> bool:
        """Say whether it is no more than a disc leaves of a corner, or a sliver along one.

        Between a disc, touching both sides of a corner, and its apex lie r² (tan(c/2) - c/2), c being the
        angle of the contact. At a right angle that is (4 - π) r²/4; an arm has more.
        """
        if self.klasse is not Klasse.BRANCH:
            return False
        contact = sum(stretch.length for stretch in self.stretches)
        half = min(contact / radius, math.pi - CORNER_ANGLE) / 2
        corner = radius**2 * (math.tan(half) - half)
        area = self.geometry.area()
        if area <= CORNER_SLACK * corner + SLIVER_DEPTH * radius * contact:
            return True
        return area < radius**2 and self._depth() < STUB_DEPTH * radius

    def _depth(self) -> float:
        """Return how far the residual reaches from its contacts, in metres."""
        contact = QgsGeometry.collectGeometry([_line(stretch.coarse) for stretch in self.stretches])
        return contact.hausdorffDistance(self.geometry) if self.stretches else math.inf

    def place(self) -> NarrowPlace:
        return NarrowPlace(self.geometry, self.klasse, tuple(stretch.chord for stretch in self.stretches))


class _Contacts:
    """Finds which edges of a residual lie on a body, and which on a ring of the polygon.

    The overlay keeps vertices as they are, so an edge belongs to where its ends come from; only an edge
    between two new crossings has to be measured.
    """

    def __init__(self, part: QgsGeometry, bodies: Sequence[QgsGeometry], radius: float) -> None:
        self._bodies = bodies
        self._shortest = TOUCH_SHARE * radius
        self._rings = _ring_arrays(part)
        self._ring_of = _Vertices(self._rings)
        self._body_of = _Vertices([np.concatenate(_ring_arrays(body)) for body in bodies])
        self._boundary = Boundary.from_rings(self._rings)

    @property
    def has_holes(self) -> bool:
        return len(self._rings) > 1

    def residual(self, geometry: QgsGeometry) -> _Residual:
        """Return a residual with its contacts."""
        stretches: list[_Stretch] = []
        rings: set[int] = set()
        for ring in _ring_arrays(geometry):
            on_body, on_ring = self._edges(ring)
            rings.update(on_ring[on_ring >= 0].tolist())
            stretches += [s for s in _runs(ring, on_body) if s.length > self._shortest]
        return _Residual(geometry, tuple(stretches), len(rings))

    def _edges(self, ring: Array) -> tuple[Array, Array]:
        """Return for each edge the body and the ring that it lies on, -1 for none."""
        body, own = self._body_of.owner(ring), self._ring_of.owner(ring)
        on_ring = np.maximum(own[:-1], own[1:])
        on_body = np.where(on_ring < 0, np.maximum(body[:-1], body[1:]), -1)
        for number in np.flatnonzero((on_ring < 0) & (on_body < 0)):
            on_body[number], on_ring[number] = self._measure(ring[number : number + 2].mean(axis=0))
        return on_body, on_ring

    def _measure(self, point: Array) -> tuple[int, int]:
        distance = self._boundary.distance(point)
        nearest = int(np.argmin(distance))
        if distance[nearest] < NOISE_M / 100:
            return -1, int(self._boundary.ring[nearest])
        spot = QgsGeometry.fromPointXY(QgsPointXY(*point))
        return int(np.argmin([body.distance(spot) for body in self._bodies])), -1


class _Vertices:
    """Vertices with the number of the array each comes from."""

    def __init__(self, arrays: Sequence[Array]) -> None:
        keys = np.concatenate([_keys(array) for array in arrays])
        owners = np.repeat(np.arange(len(arrays)), [len(array) for array in arrays])
        order = np.argsort(keys, kind="stable")
        self._keys, self._owners = keys[order], owners[order]

    def owner(self, points: Array) -> Array:
        """Return the number for each point, -1 where it is no such vertex."""
        wanted = _keys(points)
        at = np.minimum(np.searchsorted(self._keys, wanted), len(self._keys) - 1)
        return np.where(self._keys[at] == wanted, self._owners[at], -1)


def _keys(points: Array) -> Array:
    return np.ascontiguousarray(points[:, 0] + 1j * points[:, 1])


def _runs(ring: Array, label: Array) -> Iterator[_Stretch]:
    """Yield the stretches of consecutive edges on one body, the last and first edge being neighbours."""
    breaks = np.flatnonzero(label != np.roll(label, 1))
    turn = int(breaks[0]) if len(breaks) else 0
    label = np.roll(label, -turn)
    points = np.roll(ring[:-1], -turn, axis=0)
    points = np.concatenate([points, points[:1]])
    starts = np.flatnonzero(np.append(True, label[1:] != label[:-1]))
    for start, end in zip(starts, np.append(starts[1:], len(label)), strict=True):
        if label[start] >= 0:
            yield _Stretch(int(label[start]), points[start : end + 1])


# -- gates: bodies that overlap ---------------------------------------------------------------------


def _joined_at_gates(
    residuals: Sequence[_Residual], part: QgsGeometry, bodies: Sequence[QgsGeometry]
) -> Iterator[NarrowPlace]:
    """Yield the narrow places, the residuals on both sides of a gate as one."""
    left = list(residuals)
    for one, other, lens in _overlaps(bodies):
        beside = [r for r in left if {one, other} <= r.bodies and r.geometry.distance(lens) < NOISE_M]
        left = [r for r in left if all(r is not taken for taken in beside)]
        yield _gate(beside, (one, other), lens, part)
    yield from (residual.place() for residual in left)


def _overlaps(bodies: Sequence[QgsGeometry]) -> Iterator[tuple[int, int, QgsGeometry]]:
    """Yield pairs of bodies with each part that they share."""
    index = QgsSpatialIndex()
    for number, body in enumerate(bodies):
        for other in sorted(index.intersects(body.boundingBox())):
            for lens in polygon_parts(intersection(bodies[other], body)):
                yield other, number, lens
        index.addFeature(number, body.boundingBox())


def _gate(
    beside: Sequence[_Residual], pair: tuple[int, int], lens: QgsGeometry, part: QgsGeometry
) -> NarrowPlace:
    """Return the place between two bodies that overlap: what lies between the residuals beside them."""
    if len(beside) < 2:
        shape = dissolve([lens, *(residual.geometry for residual in beside)])
        return NarrowPlace(shape, Klasse.BRIDGE)
    hull = QgsGeometry.collectGeometry([residual.geometry for residual in beside]).convexHull()
    within = polygon_parts(intersection(hull, part))
    shape = max(within, key=QgsGeometry.area)
    chords = tuple(_mouth([s for r in beside for s in r.stretches if s.body == body]) for body in pair)
    return NarrowPlace(shape, Klasse.BRIDGE, chords)


def _mouth(stretches: Sequence[_Stretch]) -> Chord:
    """Return the two ends of contacts with a body that are farthest apart."""
    ends = np.array([end for stretch in stretches for end in stretch.chord])
    apart = np.hypot(*(ends[:, None] - ends[None]).transpose(2, 0, 1))
    one, other = np.unravel_index(np.argmax(apart), apart.shape)
    return ends[one], ends[other]


# -- measures ---------------------------------------------------------------------------------------


def _measured(place: NarrowPlace, boundary: Boundary, radius: float) -> Bottleneck:
    box = place.geometry.boundingBox()
    low, high = np.array([box.xMinimum(), box.yMinimum()]), np.array([box.xMaximum(), box.yMaximum()])
    origin = np.round((low + high) / 2)
    near = boundary.near(low - 1.1 * radius, high + 1.1 * radius).moved(-origin)
    in_place = _inside(_prepared(place.geometry), origin, low - origin, high - origin)
    spacing = min(radius / 4, 0.4 * place.geometry.area() / place.geometry.length())
    for finer in FINER:
        axis = medial_axis(near, spacing / finer, in_place)
        ways = _ways(axis, place.klasse) if axis is not None else None
        if axis is not None and ways is not None and len(ways.links):
            width, throat = _narrowest(axis, ways, place.klasse)
            length = _length(ways, axis.exits(), place, origin)
            return Bottleneck(place.geometry, place.klasse, width, length, _line(throat + origin))
    return _by_inscribed_circle(place)


def _ways(axis: Axis, klasse: Klasse) -> Axis:
    """Return the part of the axis that is measured."""
    return (axis.between_exits() if klasse in ACROSS else axis.without_corners()).largest_component()


def _narrowest(axis: Axis, ways: Axis, klasse: Klasse) -> tuple[float, Array]:
    """Return the smallest width and its throat.

    At a gate between two corners it lies on a link that is longer than the place.
    """
    passages = axis.through() if klasse in ACROSS else ways
    candidates = [ways, passages.only(passages.narrow)]
    best = min((found for found in candidates if len(found.links)), key=lambda found: found.width.min())
    number = int(np.argmin(best.width))
    return float(best.width[number]), best.throat[number]


def _length(ways: Axis, exits: Indices, place: NarrowPlace, origin: Array) -> float:
    """Return the length of the axis, from chord to chord of the contacts, or to the ends of arms."""
    exits = np.intersect1d(exits, ways.links)
    if not ways.inside[ways.links].any():
        middle = ways.throat[[int(np.argmin(ways.width))]].mean(axis=1) + origin
        return sum(float(_to_chords(middle, [chord])[0]) for chord in place.chords)
    extra = ways.half_widths()
    if len(exits):
        extra[exits] = _to_chords(ways.nodes[exits] + origin, place.chords) if place.chords else 0.0
    return ways.longest_way(np.union1d(ways.ends(), exits), extra)


def _to_chords(points: Array, chords: Sequence[Chord]) -> Array:
    """Return the distance of points from the nearest chord, in metres."""
    start, end = np.array([chord[0] for chord in chords]), np.array([chord[1] for chord in chords])
    none = np.zeros(len(chords))
    lines = Boundary(start, end, none.astype(np.int64), none, none)
    return np.array([lines.distance(point).min() for point in points])


def _by_inscribed_circle(place: NarrowPlace) -> Bottleneck:
    """Measure a place that has no axis by its largest inscribed circle: width and length are its diameter."""
    size = math.sqrt(place.geometry.area())
    centre, _ = place.geometry.poleOfInaccessibility(max(size / 1000, 1e-6))
    middle = centre.asPoint()
    edge = QgsGeometry(place.geometry.constGet().boundary()).nearestPoint(centre).asPoint()
    other = QgsPointXY(2 * middle.x() - edge.x(), 2 * middle.y() - edge.y())
    throat = QgsGeometry.fromPolylineXY([edge, other])
    return Bottleneck(place.geometry, place.klasse, throat.length(), throat.length(), throat)


def _line(points: Array) -> QgsGeometry:
    return QgsGeometry.fromPolylineXY([QgsPointXY(x, y) for x, y in points.tolist()])


def _prepared(geometry: QgsGeometry) -> QgsGeometryEngine:
    engine = QgsGeometry.createGeometryEngine(geometry.constGet())
    engine.prepareGeometry()
    return engine


def _inside(engine: QgsGeometryEngine, origin: Array, low: Array, high: Array) -> Inside:
    """Return a test of points, counted from ``origin``, whether they lie in a polygon and a window."""

    def test(points: Array) -> Flags:
        held = np.all((points >= low) & (points <= high), axis=1)
        spots = (points[held] + origin).tolist()
        held[held] = [engine.contains(QgsPoint(x, y)) for x, y in spots]
        return held

    return test


def _ring_arrays(polygon: QgsGeometry) -> list[Array]:
    """Return the closed rings of a polygon, each of shape (n, 2) in metres, the outer one first."""
    return [np.frombuffer(ring, dtype="<f8").reshape(-1, 2) for ring in ring_bytes(polygon)]


# -- connected parts --------------------------------------------------------------------------------


def connected_parts(
    polygons: Iterable[QgsGeometry], tolerance: float = JOIN_TOLERANCE_M
) -> list[QgsGeometry]:
    """Dissolve polygons into single connected ones.

    Polygons at most ``tolerance`` metres apart are connected: the slit between them is filled, everything
    else keeps its geometry. At corners that touch the filling is about as wide as the tolerance, so they
    are a bottleneck and no interruption. Slits within one polygon stay. The order of the result depends on
    where the parts lie and not on the order of ``polygons``.

    Raises
    ------
    ValueError
        If the tolerance is negative or not finite.
    QgsProcessingException
        If GEOS cannot compute an overlay.
    """
    if not math.isfinite(tolerance) or tolerance < 0:
        raise ValueError(f"the tolerance must not be below 0, as {tolerance}")
    singles = [single for polygon in polygons for single in polygon_parts(polygon)]
    united = dissolve(singles)
    fillings = list(_fillings(singles, united, tolerance)) if tolerance > 0 else []
    if fillings:
        united = dissolve([united, *fillings])
    clean = (without_hairlines(part) for part in polygon_parts(united))
    return sorted((single for part in clean for single in polygon_parts(part)), key=_position)


def _position(part: QgsGeometry) -> tuple[float, ...]:
    box = part.boundingBox()
    return box.xMinimum(), box.yMinimum(), box.xMaximum(), box.yMaximum(), part.area()


def _fillings(singles: Sequence[QgsGeometry], united: QgsGeometry, tolerance: float) -> Iterator[QgsGeometry]:
    """Yield what fills the slits between polygons."""
    index = QgsSpatialIndex()
    for number, single in enumerate(singles):
        box = single.boundingBox().buffered(tolerance)
        for other in sorted(index.intersects(box)):
            yield from _between(single, singles[other], united, tolerance)
        index.addFeature(number, single.boundingBox())


def _between(
    one: QgsGeometry, other: QgsGeometry, united: QgsGeometry, tolerance: float
) -> Iterator[QgsGeometry]:
    """Yield the gaps between two polygons that are narrow enough, and join something or are longer than wide.

    The fillets that a closing leaves in every corner are neither.
    """
    if one.equals(other) or one.distance(other) > tolerance:
        return
    window = one.boundingBox().buffered(2 * tolerance).intersect(other.boundingBox().buffered(2 * tolerance))
    near = [_clipped(polygon, window).buffer(tolerance, 8) for polygon in (one, other)]
    gaps = difference(intersection(*near), united)
    for gap in polygon_parts(gaps):
        yield from _filled(gap, _clipped(united, gap.boundingBox().buffered(4 * tolerance)), tolerance)


def _filled(gap: QgsGeometry, around: QgsGeometry, tolerance: float) -> Iterator[QgsGeometry]:
    """Yield what a closing of the polygons ``around`` fills of a gap; all of it where corners are apart."""
    pieces = polygon_parts(around)
    reach = CLOSING_SHARE * tolerance
    closed = around.buffer(reach, 8).buffer(-reach, 8)
    fillings = polygon_parts(difference(intersection(closed, gap), around))
    joining = [filling for filling in fillings if _touched(pieces, filling, tolerance) > 1]
    if not joining:
        apart = [pair for pair in combinations(pieces, 2) if 0 < pair[0].distance(pair[1]) <= tolerance]
        lenses = [intersection(one.buffer(tolerance, 8), other.buffer(tolerance, 8)) for one, other in apart]
        joining = [difference(lens, around) for lens in lenses]
    longer = [filling for filling in fillings if filling.area() > tolerance**2]
    for filling in joining or longer:
        yield filling.buffer(tolerance / 1000, 2)


def _touched(pieces: Sequence[QgsGeometry], filling: QgsGeometry, tolerance: float) -> int:
    return sum(piece.distance(filling) < tolerance / 1000 for piece in pieces)


def _clipped(polygon: QgsGeometry, window: QgsRectangle) -> QgsGeometry:
    return intersection(polygon, QgsGeometry.fromRect(window))
