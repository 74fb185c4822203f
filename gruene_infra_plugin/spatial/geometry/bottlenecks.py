"""Engine ``bottlenecks``: how narrow the narrow places of a polygon are, read from its medial axis."""

from __future__ import annotations

import math
from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from qgis.core import QgsGeometry, QgsLineString, QgsPoint, QgsPointXY, QgsSpatialIndex, QgsVector
from scipy.spatial import cKDTree

from ...methods.findings.thresholds import least
from ...methods.geometry.axis_ways import Graph
from ...methods.geometry.medial_axis import (
    CORNER_ANGLE,
    FINEST_M,
    Array,
    Axis,
    Boundary,
    Flags,
    Indices,
    medial_axis,
    project,
)
from .overlay import intersection, polygon_parts, prepared
from .vertices import ranges, ring_arrays
from .width import ACROSS, NOISE_M, SEGMENTS, Chord, Klasse, NarrowPlace, Opening, line, open_part

SPACING_SHARE = 0.0625
"""Greatest distance of samples of the boundary, as a share of the smallest width asked for [A]."""
SLIM = 1000.0
"""A polygon so many times longer than wide is thin."""
ERODED_SHARE = 1.02
"""Up to this share of the radius the axis is looked for in a narrow place: GEOS erodes up to 1 % more."""
CORE_NEAR_SHARE = 0.4
"""A node so near to a core may stand for it, as a share of the radius: samples are that far apart."""
HAIR_M = 2 * FINEST_M
"""An arm that is thinner than this, in metres, is none [A]."""
NONE = -1


@dataclass(frozen=True)
class Bottleneck:
    """A narrow place.

    ``width_m`` is the smallest width of the widest way through it. A bridge is crossed from one body to
    another, a loop from one contact with its body to another; the way begins and ends where the disc fits.
    A branch is followed from its body to its farthest end and an islet from end to end, without what runs
    into corners; where nothing is left of them then, the largest inscribed circle counts. ``length_m`` runs
    along the way: between the chords of the contacts with the bodies, or to the end of the arm. ``throat``
    is the line across at the narrowest place, as long as ``width_m``.
    """

    geometry: QgsGeometry
    klasse: Klasse
    width_m: float
    length_m: float
    throat: QgsGeometry


def bottlenecks(part: QgsGeometry, min_width: float) -> list[Bottleneck]:
    """Return the narrow places of one connected polygon. Raises as ``open_part`` does."""
    return Survey(part, (min_width,)).bottlenecks(open_part(part, min_width), frozenset(Klasse))


class Survey:
    """Measures the narrow places of one polygon, opened by discs of some ``widths`` in metres.

    The axis is made once, when the first place is measured. ``pulse`` is called between the steps and may
    raise.
    """

    def __init__(
        self, part: QgsGeometry, widths: Sequence[float], pulse: Callable[[], None] = lambda: None
    ) -> None:
        self._part = part
        self._widths = widths
        self._pulse = pulse

    def bottlenecks(self, opening: Opening, kinds: Container[Klasse]) -> list[Bottleneck]:
        """Measure the narrow places of some kinds of an opening.

        Where the way through a place is no narrower than the width of the opening, it is no bottleneck; nor
        is a gate between two bodies that leads through a third.
        """
        places = [place for place in opening.places if place.klasse in kinds]
        if not places:
            return []
        ground = _Ground(self._axis, self._origin, opening, places)
        found = (self._measured(opening, ground, number) for number in range(len(places)))
        return [one for one in found if one and one.width_m < least(opening.min_width)]

    @cached_property
    def _origin(self) -> Array:
        centre = self._part.boundingBox().center()
        return np.round([centre.x(), centre.y()])

    @cached_property
    def _axis(self) -> Axis:
        boundary = Boundary.from_rings([ring - self._origin for ring in ring_arrays(self._part)])
        reach = ERODED_SHARE * max(self._widths) / 2
        return medial_axis(boundary, SPACING_SHARE * min(self._widths), reach, self._pulse)

    def _measured(self, opening: Opening, ground: _Ground, number: int) -> Bottleneck | None:
        self._pulse()
        place = ground.places[number]
        way = ground.across(number) if place.klasse in ACROSS else ground.along(number)
        if way is None:
            return self._without_axis(opening, place)
        width, throat = float(self._axis.width[way.narrowest]), self._axis.throat[way.narrowest]
        return Bottleneck(place.geometry, place.klasse, width, way.length, line(throat + self._origin))

    def _without_axis(self, opening: Opening, place: NarrowPlace) -> Bottleneck | None:
        """Measure a place without a way along the axis; a gate that leads through a third body is none."""
        if place.gate:
            return None
        if place.klasse is Klasse.BRIDGE:
            return _by_erosion(opening, place, self._pulse)
        return _by_inscribed_circle(place, self._pulse)


@dataclass(frozen=True)
class _Way:
    """The narrowest link of a way on the axis, and the length of the way in metres."""

    narrowest: int
    length: float


class _Ground:
    """Tells which nodes and links of an axis lie in which narrow place of an opening, and the ways there.

    A node is wide where the disc fits, in the core of a body. Nodes that are not wide and lie in no place are
    where the disc only reaches; a zone is a connected piece of them, and leads from a place to a body.
    """

    def __init__(self, axis: Axis, origin: Array, opening: Opening, places: Sequence[NarrowPlace]) -> None:
        self.places = places
        self._axis = axis
        self._origin = origin
        self._cores = _Cores(opening.cores, opening.min_width / 2)
        self._wide = axis.clearance >= opening.min_width / 2 - 2 * NOISE_M
        spots = _Spots(axis, origin, ERODED_SHARE * opening.min_width / 2)
        self._nodes = [spots.nodes(place.geometry) for place in places]
        self._links = [
            spots.links(nodes) if len(nodes) else spots.crossing(place.geometry)
            for place, nodes in zip(places, self._nodes, strict=True)
        ]
        self._gates = {n: spots.crossing(place.gate) for n, place in enumerate(places) if place.gate}
        for number, (place, nodes) in enumerate(zip(places, self._nodes, strict=True)):
            self._wide[nodes] = [self._in_core(node, place) for node in nodes.tolist()]
            self._nodes[number] = nodes[~self._wide[nodes]]
        self._zone, self._links_of_zone = self._zones()

    def _in_core(self, node: int, place: NarrowPlace) -> bool:
        return bool(self._wide[node]) and self._cores.hold(self._spot(node), place.bodies)

    def _spot(self, node: int) -> QgsPoint:
        return QgsPoint(*(self._axis.nodes[node] + self._origin).tolist())

    def _zones(self) -> tuple[Indices, _Groups]:
        """Return the zone of each node, and the links that lie in each zone or lead out of it."""
        axis = self._axis
        taken = np.zeros(len(axis.nodes), dtype=bool)
        free = np.ones(len(axis.links), dtype=bool)
        for number, links in enumerate(self._links):
            taken[self._nodes[number]] = number not in self._gates
            free[self._gates.get(number, links)] = False
        wide = self._wide[axis.links]
        inner = free & ~wide.any(axis=1)
        pieces = Graph(len(taken), axis.links[inner], axis.width[inner], axis.length[inner]).components
        zone = np.where(self._wide | taken, NONE, pieces)
        return zone, _Groups(
            np.where(free & ~wide.all(axis=1), zone[axis.links].max(axis=1, initial=NONE), NONE)
        )

    def across(self, number: int) -> _Way | None:
        """Return the widest way through a place that joins bodies, or a body with itself.

        There is none through a gate where the way leads through a third body.
        """
        place = self.places[number]
        gates = [self._gates[other] for other in self._gates if self._overlap(number, other)]
        links = np.concatenate([self._links[number], *gates])
        zones = np.unique(self._zone[self._axis.links[links]])
        links = np.unique(np.concatenate([links, self._links_of_zone.members(zones[zones != NONE])]))
        nodes, pairs = _compact(self._axis.links[links])
        label, kept = self._mouths(number, nodes, pairs)
        is_mouth = self._wide[nodes] & (label != NONE)
        body = np.where(is_mouth, len(nodes) + label, np.arange(len(nodes)))
        kept &= body[pairs[:, 0]] != body[pairs[:, 1]]
        links, pairs = links[kept], body[pairs[kept]]
        size = len(nodes) + 1 + int(label.max(initial=0))
        graph = Graph(size, pairs, self._axis.width[links], self._axis.length[links])
        ends = np.unique(body[is_mouth & (np.isin(label, place.bodies) | (place.klasse is Klasse.LOOP))])
        way = graph.widest_way(ends)
        if way is None or (way.nodes[1:-1] >= len(nodes)).any():
            return None
        along = links[way.links]
        narrowest = along[int(np.argmin(self._axis.width[along]))]
        if place.chords:
            length = self._between_chords(number, nodes[way.nodes[1:-1]], along[1:-1], narrowest)
        else:
            length = self._within(place.geometry, along)
        return _Way(narrowest, length)

    def _overlap(self, number: int, other: int) -> bool:
        """Say whether two places are gates that share ground: three bodies overlap there."""
        one, two = self.places[number].gate, self.places[other].gate
        return one is not None and two is not None and one.intersects(two)

    def _mouths(self, number: int, nodes: Indices, pairs: Indices) -> tuple[Indices, Flags]:
        """Return to which body or contact each node belongs, and which links (m, 2) between nodes are ways.

        A loop leads from one contact to another of the same body, so what lies outside is parted by them.
        A body that the place does not touch is no way; of a gate it tells whether the way needs it.
        """
        place = self.places[number]
        label = np.full(len(nodes), NONE)
        if place.klasse is Klasse.LOOP:
            outside = ~np.isin(nodes, self._nodes[number])
            spots = self._axis.nodes[nodes[outside]] + self._origin
            trees = [cKDTree(contact) for contact in place.contacts]
            label[outside] = np.argmin([tree.query(spots)[0] for tree in trees], axis=0)
            return label, ~outside[pairs].all(axis=1) | (label[pairs[:, 0]] == label[pairs[:, 1]])
        wide = self._wide[nodes]
        label[wide] = [self._cores.nearest(self._spot(node)) for node in nodes[wide].tolist()]
        foreign = wide & ~np.isin(label, place.bodies)
        return label, ~foreign[pairs].any(axis=1) | (place.gate is not None)

    def _between_chords(self, number: int, nodes: Indices, links: Indices, narrowest: int) -> float:
        """Return the length of a way through nodes and the links between them, from contact to contact."""
        chords = self.places[number].chords
        inside = np.flatnonzero(np.isin(nodes, self._nodes[number]))
        if not len(inside):
            middle = self._axis.throat[narrowest].mean(axis=0)
            return float(_distances(middle[None] + self._origin, chords).sum())
        first, last = inside[0], inside[-1]
        ends = self._to_chords(nodes[[first, last]], chords).min(axis=1)
        return float(self._axis.length[links[first:last]].sum() + ends.sum())

    def _within(self, shape: QgsGeometry, links: Indices) -> float:
        """Return on how many metres links run in a polygon."""
        ends = self._axis.nodes[self._axis.links[links]] + self._origin
        return QgsGeometry.collectGeometry([line(pair) for pair in ends]).intersection(shape).length()

    def along(self, number: int) -> _Way | None:
        """Return the way along a place that ends blind, or is all there is; none if it has no arm."""
        axis, place = self._axis, self.places[number]
        links = self._links[number]
        within = np.isin(axis.links[links], self._nodes[number])
        exits = np.unique(axis.links[links[~within.all(axis=1)]])
        links = links[within.all(axis=1)]
        nodes, pairs = _compact(axis.links[links])
        exits = np.flatnonzero(np.isin(nodes, exits))
        graph = Graph(len(nodes), pairs, axis.width[links], axis.length[links])
        loose = (axis.angle[links] > CORNER_ANGLE) | (graph.width < HAIR_M)
        kept = np.flatnonzero(graph.without_dead_ends(loose, exits.tolist()))
        kept = kept[graph.only(kept).largest_component()]
        links, graph = links[kept], graph.only(kept)
        if not len(links):
            return None
        exits = np.intersect1d(exits, graph.links)
        extra = graph.half_widths()
        extra[exits] = self._to_chords(nodes[exits], place.chords).min(axis=1) if place.chords else 0.0
        return _arm(graph, links, np.union1d(graph.ends, exits), extra)

    def _to_chords(self, nodes: Indices, chords: Sequence[Chord]) -> Array:
        return _distances(self._axis.nodes[nodes] + self._origin, chords)


class _Cores:
    """Finds the core of a body, where the centre of a disc of ``radius`` metres fits, around a point."""

    def __init__(self, cores: Sequence[QgsGeometry], radius: float) -> None:
        self._held = cores
        self._engines = [prepared(core) for core in cores]
        self._radius = radius
        self._index = QgsSpatialIndex()
        for number, core in enumerate(cores):
            self._index.addFeature(number, core.boundingBox())

    def hold(self, spot: QgsPoint, bodies: Sequence[int]) -> bool:
        """Say whether a point lies in the core of one of some bodies."""
        near = CORE_NEAR_SHARE * self._radius
        return any(self._engines[body].distance(spot) < near for body in bodies)

    def nearest(self, spot: QgsPoint) -> int:
        """Return the number of the body whose core is nearest to a point where the disc fits."""
        around = self._index.intersects(spot.boundingBox().buffered(self._radius))
        if len(around) < 2:
            return around[0] if around else NONE
        return min(sorted(around), key=lambda body: self._engines[body].distance(spot))


def _arm(graph: Graph, links: Indices, ends: Indices, extra: Array) -> _Way:
    """Return the way between the two ends that are farthest apart; all of it where it runs round."""
    if len(ends) < 2:
        return _Way(links[int(np.argmin(graph.width))], float(graph.length.sum()))
    length, first, last = graph.longest(ends, extra)
    way = graph.widest_way(np.array([first, last]))
    along = np.arange(len(links)) if way is None else way.links
    return _Way(links[along[int(np.argmin(graph.width[along]))]], length)


class _Groups:
    """Numbers of the members of groups, from the group of each."""

    def __init__(self, group: Indices) -> None:
        self._order = np.argsort(group, kind="stable")
        self._sorted = group[self._order]

    def members(self, groups: Indices) -> Indices:
        """Return the members of some groups."""
        first = np.searchsorted(self._sorted, groups)
        return self._order[ranges(first, np.searchsorted(self._sorted, groups, side="right") - first)]


def _compact(pairs: Indices) -> tuple[Indices, Indices]:
    """Return the nodes of links (m, 2), and the links by the places of their nodes therein."""
    nodes, place = np.unique(pairs, return_inverse=True)
    return nodes, place.reshape(-1, 2)


class _Spots:
    """Finds nodes and links of an axis in polygons, of those with a clearance below ``reach`` metres."""

    def __init__(self, axis: Axis, origin: Array, reach: float) -> None:
        low = np.flatnonzero(axis.clearance < reach)
        self._nodes = low[np.argsort(axis.nodes[low, 0])]
        self._points = axis.nodes[self._nodes] + origin
        narrow = np.flatnonzero(axis.width < 2 * reach)
        self._links = narrow[np.argsort(axis.nodes[axis.links[narrow], 0].min(axis=1))]
        self._ends = axis.nodes[axis.links[self._links]] + origin
        self._low, self._high = self._ends.min(axis=1), self._ends.max(axis=1)
        self._longest = (self._high - self._low)[:, 0].max(initial=0.0)
        self._links_of_node = _Groups(axis.links.T.ravel())
        self._count = max(1, len(axis.links))

    def nodes(self, shape: QgsGeometry) -> Indices:
        """Return the nodes in a polygon."""
        box, engine = shape.boundingBox(), prepared(shape)
        first, last = np.searchsorted(self._points[:, 0], [box.xMinimum(), box.xMaximum()])
        north = self._points[first:last, 1]
        near = first + np.flatnonzero((north >= box.yMinimum()) & (north <= box.yMaximum()))
        inside = [engine.contains(QgsPoint(x, y)) for x, y in self._points[near].tolist()]
        return self._nodes[near[np.array(inside, dtype=bool)]]

    def links(self, nodes: Indices) -> Indices:
        """Return the links that begin or end at some nodes."""
        return np.unique(self._links_of_node.members(np.sort(nodes)) % self._count)

    def crossing(self, shape: QgsGeometry) -> Indices:
        """Return the links that meet a polygon, which may be too thin for nodes."""
        box, engine = shape.boundingBox(), prepared(shape)
        first, last = np.searchsorted(self._low[:, 0], [box.xMinimum() - self._longest, box.xMaximum()])
        low, high = self._low[first:last], self._high[first:last]
        meets = (
            (high[:, 0] >= box.xMinimum()) & (low[:, 1] <= box.yMaximum()) & (high[:, 1] >= box.yMinimum())
        )
        near = first + np.flatnonzero(meets)
        lines = (QgsLineString(QgsPoint(*one), QgsPoint(*other)) for one, other in self._ends[near].tolist())
        return self._links[near[np.fromiter(map(engine.intersects, lines), bool, len(near))]]


def _distances(points: Array, chords: Sequence[Chord]) -> Array:
    """Return how far points (n, 2) are from each of m chords, shape (n, m), in metres."""
    feet = [project(points, *chord) for chord in chords]
    return np.hypot(*(points - np.array(feet).reshape(-1, *points.shape)).T).reshape(len(points), -1)


def _by_erosion(opening: Opening, place: NarrowPlace, pulse: Callable[[], None]) -> Bottleneck:
    """Measure a bridge by the widest disc that passes, where samples are too coarse for its axis."""
    box = place.geometry.boundingBox().buffered(2 * opening.min_width)
    around = intersection(opening.part, QgsGeometry.fromRect(box))
    low, high = 0.0, opening.min_width / 2
    while high - low > NOISE_M:
        pulse()
        middle = (low + high) / 2
        pieces = polygon_parts(around.buffer(-middle, SEGMENTS))
        cores = [opening.cores[body] for body in place.bodies]
        passes = any(sum(piece.intersects(core) for core in cores) > 1 for piece in pieces)
        low, high = (middle, high) if passes else (low, middle)
    throat = place.geometry.pointOnSurface().asPoint()
    half = QgsVector(low, 0.0)
    line_across = QgsGeometry.fromPolylineXY([throat - half, throat + half])
    return Bottleneck(place.geometry, place.klasse, 2 * low, 2 * low, line_across)


def _by_inscribed_circle(place: NarrowPlace, pulse: Callable[[], None]) -> Bottleneck:
    """Measure a place that has no axis by its largest inscribed circle: width and length are its diameter."""
    centre = _innermost(place.geometry, pulse)
    middle = centre.asPoint()
    edge = QgsGeometry(place.geometry.constGet().boundary()).nearestPoint(centre).asPoint()
    other = QgsPointXY(2 * middle.x() - edge.x(), 2 * middle.y() - edge.y())
    throat = QgsGeometry.fromPolylineXY([edge, other])
    return Bottleneck(place.geometry, place.klasse, throat.length(), throat.length(), throat)


def _innermost(shape: QgsGeometry, pulse: Callable[[], None]) -> QgsGeometry:
    """Return the centre of about the largest circle in a polygon.

    QGIS looks for it in square cells, of which a thin polygon has too many; there the polygon is eroded until
    nothing is left. A circle of its area by its length as radius always fits.
    """
    area, outline = shape.area(), shape.length()
    precision = max(math.sqrt(area) / 1000, 1e-6)
    if outline**2 <= 4 * SLIM * area:
        return shape.poleOfInaccessibility(precision)[0]
    inner, low, high = shape, area / outline, math.sqrt(area / math.pi)
    while high - low > max(precision, low / 100):
        pulse()
        middle = (low + high) / 2
        eroded = shape.buffer(-middle, 8)
        if eroded.isEmpty():
            high = middle
        else:
            inner, low = eroded, middle
    return inner.pointOnSurface()
