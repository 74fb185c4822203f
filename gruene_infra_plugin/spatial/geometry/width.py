"""Engine ``width``: where a connected polygon is narrower than a given width.

What a disc of that width cannot reach is the residual of the opening by the disc. Its parts are classed
by the bodies of the opening that they touch.

The class names bridge, loop, branch and islet follow those of morphological spatial pattern analysis
[P: GuidosToolbox Workbench, MSPA], but the classes here are simpler and must not be called by that name.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from qgis.core import Qgis, QgsGeometry, QgsPointXY, QgsSpatialIndex

from ...methods.findings.thresholds import ROUNDING, least
from ...methods.geometry.medial_axis import CORNER_ANGLE, Array, Boundary, Flags
from .overlay import difference, dissolve, eroded, intersection, polygon_parts, prepared
from .vertices import ring_arrays

SEGMENTS = 128
"""Segments per quarter circle of a disc: 512 per circle, which reproduce the published areas of the
dumb-bell to the printed digit; 64 per circle would miss 1.5 m² of a corner at a width of 100 m."""
NOISE_M = 1e-4
"""A place counts as wide enough down to twice this many metres less: what rounding of rotated coordinates
may take away before GEOS erodes it, and in any case as far as ``thresholds.ROUNDING`` says [A]."""
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
class NarrowPlace:
    """A narrow place before it is measured; ``chords`` span its contacts with the ``bodies``, by number.

    ``contacts`` are some points (n, 2) along each. Of a gate, ``gate`` is what both bodies share and what is
    left beside it.
    """

    geometry: QgsGeometry
    klasse: Klasse
    bodies: tuple[int, ...] = ()
    chords: tuple[Chord, ...] = ()
    contacts: tuple[Array, ...] = ()
    gate: QgsGeometry | None = None


@dataclass(frozen=True)
class Opening:
    """A polygon opened by a disc of diameter ``min_width`` metres.

    ``cores`` are where the centre of the disc fits, one for each body of the opened polygon. ``corners`` are
    the residuals left out because they are rounded corners or slivers, ``residuals`` all others.
    """

    part: QgsGeometry
    min_width: float
    cores: tuple[QgsGeometry, ...]
    places: tuple[NarrowPlace, ...]
    corners: tuple[QgsGeometry, ...]
    residuals: tuple[QgsGeometry, ...]

    @property
    def narrow_area(self) -> float:
        """Square metres that are too narrow."""
        return sum(residual.area() for residual in self.residuals)


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
    return classed(swept(part, min_width))


@dataclass(frozen=True)
class Sweep:
    """What a disc of diameter ``min_width`` metres covers of a polygon, and what it leaves.

    The centre of the disc fits in the ``cores``; each of the ``bodies`` is what it covers from one of them.
    ``residue`` are the polygons left, empty without a core.
    """

    part: QgsGeometry
    min_width: float
    cores: tuple[QgsGeometry, ...]
    bodies: tuple[QgsGeometry, ...]
    residue: QgsGeometry


def swept(part: QgsGeometry, min_width: float) -> Sweep:
    """Sweep one connected polygon with a disc: few calls of GEOS that take long. Raises as ``open_part``."""
    _check(part, min_width)
    radius = min_width / 2
    cores = tuple(_cores(part, radius))
    bodies = tuple(_grown(core, radius) for core in cores)
    if not bodies:
        return Sweep(part, min_width, (), (), QgsGeometry())
    opened = dissolve(bodies) if len(bodies) > 1 else bodies[0]
    return Sweep(part, min_width, cores, bodies, difference(part, opened))


def classed(sweep: Sweep) -> Opening:
    """Return the opening with what is left of the polygon in classes: many calls that are short."""
    part, min_width, radius = sweep.part, sweep.min_width, sweep.min_width / 2
    if not sweep.cores:
        return Opening(part, min_width, (), (NarrowPlace(part, Klasse.ISLET),), (), (part,))
    pieces = polygon_parts(sweep.residue)
    if not pieces:
        return Opening(part, min_width, sweep.cores, (), (), ())
    contacts = _Contacts(part, sweep.bodies, radius)
    simple = len(sweep.bodies) == 1 and not contacts.has_holes
    trifles = [piece for piece in pieces if _is_trifle(piece, radius, simple)]
    kept, corners = contacts.residuals([piece for piece in pieces if not _is_trifle(piece, radius, simple)])
    places = tuple(_joined_at_gates(kept, part, sweep.bodies))
    residuals = tuple(residual.geometry for residual in kept)
    return Opening(part, min_width, sweep.cores, places, tuple(trifles + corners), residuals)


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
    if min(box.width(), box.height()) < 2 * reach or part.area() < math.pi * reach**2:
        return []
    cores = polygon_parts(eroded(part, reach, SEGMENTS))
    if len(cores) == 1:
        return [core for core in cores if not _is_inside_out(core, part, reach)]
    return [core for core in cores if not _is_sliver(core, radius)]


def _is_inside_out(core: QgsGeometry, part: QgsGeometry, reach: float) -> bool:
    """Say whether the only core is what GEOS makes of an outline narrower than the disc on all sides.

    Such an outline, of a square or an octagon, turns inside out when it is moved inwards by more than there
    is. What comes of it is smaller than the disc, and nearer to the outline.
    """
    box = core.boundingBox()
    size = max(box.width(), box.height())
    if size > 2 * reach:
        return False
    deepest, _ = core.poleOfInaccessibility(max(size / 100, ROUNDING * reach))
    return QgsGeometry(part.constGet().boundary()).distance(deepest) < least(reach)


def _is_sliver(core: QgsGeometry, radius: float) -> bool:
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
    return radius - max(min(NOISE_M, radius / 1000), radius * ROUNDING)


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
        """Say whether it is no more than a disc leaves of a corner, or a sliver along one."""
        if self.klasse is not Klasse.BRANCH:
            return False
        contact = sum(stretch.length for stretch in self.stretches)
        area = self.geometry.area()
        if area <= _corner_area(contact, radius):
            return True
        return area < radius**2 and self._depth() < STUB_DEPTH * radius

    def _depth(self) -> float:
        """Return how far the residual reaches from its contacts, in metres."""
        contact = QgsGeometry.collectGeometry([line(stretch.coarse) for stretch in self.stretches])
        return contact.hausdorffDistance(self.geometry) if self.stretches else math.inf

    def place(self) -> NarrowPlace:
        chords = tuple(stretch.chord for stretch in self.stretches)
        contacts = tuple(stretch.coarse for stretch in self.stretches)
        return NarrowPlace(self.geometry, self.klasse, tuple(sorted(self.bodies)), chords, contacts)


def _corner_area(contact: float | Array, radius: float) -> float | Array:
    """Return the square metres up to which a residual is a corner or a sliver, by the length of its contact.

    Between a disc, touching both sides of a corner, and its apex lie r² (tan(c/2) - c/2), c being the angle
    of the contact. At a right angle that is (4 - π) r²/4; an arm has more.
    """
    half = np.minimum(contact / radius, math.pi - CORNER_ANGLE) / 2
    return CORNER_SLACK * radius**2 * (np.tan(half) - half) + SLIVER_DEPTH * radius * contact


class _Contacts:
    """Finds which edges of a residual lie on a body, and which on a ring of the polygon.

    The overlay keeps vertices as they are, so an edge belongs to where its ends come from; only an edge
    between two new crossings has to be measured.
    """

    def __init__(self, part: QgsGeometry, bodies: Sequence[QgsGeometry], radius: float) -> None:
        self._bodies = bodies
        self._radius = radius
        self._shortest = TOUCH_SHARE * radius
        self._rings = ring_arrays(part)
        self._ring_of = _Vertices(self._rings)
        self._body_of = _Vertices([np.concatenate(ring_arrays(body)) for body in bodies])
        self._boundary = Boundary.from_rings(self._rings)

    @property
    def has_holes(self) -> bool:
        return len(self._rings) > 1

    def residuals(self, pieces: Sequence[QgsGeometry]) -> tuple[list[_Residual], list[QgsGeometry]]:
        """Return the residuals that are no corners, with their contacts, and those that are."""
        kept: list[_Residual] = []
        corners: list[QgsGeometry] = []
        if not pieces:
            return kept, corners
        rings = [ring_arrays(piece) for piece in pieces]
        edges = _Edges([ring for own in rings for ring in own])
        on_body, on_ring = self._labels(edges)
        contact, is_single = edges.contact(on_body)
        first = 0
        for piece, own in zip(pieces, rings, strict=True):
            plain = len(own) == 1 and is_single[first]
            if plain and piece.area() <= _corner_area(contact[first], self._radius):
                corners.append(piece)
            else:
                parts = [edges.part(first + number) for number in range(len(own))]
                residual = self._residual(piece, own, [(on_body[part], on_ring[part]) for part in parts])
                if residual.is_corner(self._radius):
                    corners.append(piece)
                else:
                    kept.append(residual)
            first += len(own)
        return kept, corners

    def _residual(
        self, piece: QgsGeometry, rings: Sequence[Array], labels: Sequence[tuple[Array, Array]]
    ) -> _Residual:
        touched: set[int] = set()
        stretches: list[_Stretch] = []
        for ring, (on_body, on_ring) in zip(rings, labels, strict=True):
            touched.update(on_ring[on_ring >= 0].tolist())
            stretches += [s for s in _runs(ring, on_body) if s.length > self._shortest]
        return _Residual(piece, tuple(stretches), len(touched))

    def _labels(self, edges: _Edges) -> tuple[Array, Array]:
        """Return for each edge the body and the ring that it lies on, -1 for none."""
        starts, ends = edges.starts, edges.ends
        on_ring = np.maximum(self._ring_of.owner(starts), self._ring_of.owner(ends))
        body = np.maximum(self._body_of.owner(starts), self._body_of.owner(ends))
        on_body = np.where(on_ring < 0, body, -1)
        for number in np.flatnonzero((on_ring < 0) & (on_body < 0)):
            middle = (starts[number] + ends[number]) / 2
            on_body[number], on_ring[number] = self._measure(middle)
        return on_body, on_ring

    def _measure(self, point: Array) -> tuple[int, int]:
        distance = self._boundary.distance(point)
        nearest = int(np.argmin(distance))
        if distance[nearest] < NOISE_M / 100:
            return -1, int(self._boundary.ring[nearest])
        spot = QgsGeometry.fromPointXY(QgsPointXY(*point))
        return int(np.argmin([body.distance(spot) for body in self._bodies])), -1


class _Edges:
    """Edges of closed rings, one ring after the other, with their ``starts`` and ``ends`` (n, 2)."""

    def __init__(self, rings: Sequence[Array]) -> None:
        counts = np.array([len(ring) - 1 for ring in rings])
        self.starts = np.concatenate([ring[:-1] for ring in rings])
        self.ends = np.concatenate([ring[1:] for ring in rings])
        self._first, self._next = np.cumsum(counts) - counts, np.cumsum(counts)

    def part(self, ring: int) -> slice:
        """Return which edges a ring has."""
        return slice(int(self._first[ring]), int(self._next[ring]))

    def contact(self, on_body: Array) -> tuple[Array, Flags]:
        """Return how many metres of each ring lie on bodies, and whether in one stretch on one body."""
        length = np.where(on_body < 0, 0.0, np.hypot(*(self.ends - self.starts).T))
        before = np.roll(on_body, 1)
        before[self._first] = on_body[self._next - 1]
        begins = ((on_body >= 0) & (on_body != before)).astype(int)
        return np.add.reduceat(length, self._first), np.add.reduceat(begins, self._first) == 1


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
    left = dict(enumerate(residuals))
    at_body: dict[int, set[int]] = defaultdict(set)
    for number, residual in left.items():
        for body in residual.bodies:
            at_body[body].add(number)
    for one, other, lens in _overlaps(bodies):
        between = sorted(at_body[one] & at_body[other] & left.keys())
        beside = [number for number in between if left[number].geometry.distance(lens) < NOISE_M]
        yield _gate([left.pop(number) for number in beside], (one, other), lens, part)
    yield from (residual.place() for residual in left.values())


def _overlaps(bodies: Sequence[QgsGeometry]) -> Iterator[tuple[int, int, QgsGeometry]]:
    """Yield pairs of bodies with each part that they share."""
    index, engines = QgsSpatialIndex(), [prepared(body) for body in bodies]
    for number, body in enumerate(bodies):
        around, shape = index.intersects(body.boundingBox()), body.constGet()
        for other in sorted(near for near in around if engines[near].intersects(shape)):
            for lens in polygon_parts(intersection(bodies[other], body)):
                yield other, number, lens
        index.addFeature(number, body.boundingBox())


def _gate(
    beside: Sequence[_Residual], pair: tuple[int, int], lens: QgsGeometry, part: QgsGeometry
) -> NarrowPlace:
    """Return the place between two bodies that overlap: what lies between the residuals beside them."""
    gate = dissolve([lens, *(residual.geometry for residual in beside)])
    if len(beside) < 2:
        return NarrowPlace(gate, Klasse.BRIDGE, pair, gate=gate)
    hull = QgsGeometry.collectGeometry([residual.geometry for residual in beside]).convexHull()
    within = polygon_parts(intersection(hull, part))
    shape = max(within, key=QgsGeometry.area)
    chords = tuple(_mouth([s for r in beside for s in r.stretches if s.body == body]) for body in pair)
    return NarrowPlace(shape, Klasse.BRIDGE, pair, chords, gate=gate)


def _mouth(stretches: Sequence[_Stretch]) -> Chord:
    """Return the two ends of contacts with a body that are farthest apart."""
    ends = np.array([end for stretch in stretches for end in stretch.chord])
    apart = np.hypot(*(ends[:, None] - ends[None]).transpose(2, 0, 1))
    one, other = np.unravel_index(np.argmax(apart), apart.shape)
    return ends[one], ends[other]


def line(points: Array) -> QgsGeometry:
    """Return the line through points (n, 2)."""
    return QgsGeometry.fromPolylineXY([QgsPointXY(x, y) for x, y in points.tolist()])
