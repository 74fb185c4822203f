"""Engine ``links``: the nearest edges between patches, without comparing all patches.

Patches whose boxes are near enough come from an index. Each boundary is a tree of boxes: edges in their
order, four to a box, up to the patch. The trees of two patches are descended together; a pair of boxes
farther apart than two points already seen is dropped. Many pairs of patches descend at a time.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray
from qgis.core import QgsGeometry, QgsPointXY, QgsProcessingFeedback, QgsRectangle, QgsSpatialIndex
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from ...methods.findings.thresholds import most
from ..geometry.crossings import HAIR_M, passages
from ..geometry.vertices import ranges, ring_bytes
from ..running import check_cancelled

FAN = 4
"""Boxes in the box above them."""
AT_ONCE = 500_000
"""Edges and neighbours of the pairs that are measured together: bounds memory."""
NEAREST = 8
"""Neighbours of a patch that are tried first as lying between it and others: most often one of them does."""
ASKED_EVERY = 1_000
"""Patches after which the user's wish to stop is looked up."""

Floats = NDArray[np.floating]
Integers = NDArray[np.integer]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Links:
    """Nearest edges of m pairs of patches, ordered by ``ends``.

    Attributes
    ----------
    ends
        Shape (m, 2): the numbers of the two patches, the lower one first.
    lengths
        Shape (m,): shortest distance, metres.
    points
        Shape (m, 2, 2): x and y on the first and on the second patch, where they are nearest.
    """

    ends: Integers
    lengths: Floats
    points: Floats

    def __len__(self) -> int:
        return len(self.ends)

    def only(self, chosen: Integers | Bools) -> Links:
        """Return some of the links, by their numbers or by a flag for each."""
        return Links(self.ends[chosen], self.lengths[chosen], self.points[chosen])

    def line(self, number: int) -> QgsGeometry:
        """Return the shortest line of one pair, from the first patch to the second."""
        return QgsGeometry.fromPolylineXY([QgsPointXY(x, y) for x, y in self.points[number].tolist()])

    @property
    def lines(self) -> list[QgsGeometry]:
        """The shortest lines of all pairs; :meth:`line` makes only those that are needed."""
        return [self.line(number) for number in range(len(self))]


def nearest_links(
    patches: Sequence[QgsGeometry],
    max_gap: float,
    groups: Sequence[Hashable] | None,
    feedback: QgsProcessingFeedback,
) -> Links:
    """Return the shortest lines between patches that no third patch lies on.

    A pair is left out where its line runs through a third patch of the same group. On the way from one
    patch to the other it costs nothing to walk through the third, and the gaps before and behind it are
    together no longer than the line: no shortest path, and so no maximum product path under
    p = exp(−k·d), changes. Paths counted by their number of links (IIC) do change. A third patch that
    only touches the line leaves it in.

    Where several lines are equally short, the line lies in the middle of the longest stretch along which
    two edges are parallel; of several such stretches, or of single points, in the western, then in the
    southern one. So the order of patches and of vertices does not matter.

    Parameters
    ----------
    patches
        Straight-edged polygons that do not overlap. One may lie in a hole of another. Patches that meet
        have a link of length 0 between equal points. Empty ones have no links.
    max_gap
        Longest line, metres; a line of just this length belongs.
    groups
        The group of each patch: only patches of the same group are linked, and only they lie between.
        ``None`` makes all patches one group.

    Raises
    ------
    QgsProcessingException
        When cancelled.
    ValueError
        If there are not as many groups as patches.
    """
    if groups is not None and len(groups) != len(patches):
        raise ValueError(f"{len(groups)} groups for {len(patches)} patches")
    check_cancelled(feedback)
    outlines = _Outlines.of(patches, feedback)
    longest = most(max_gap)
    pairs = _near_pairs(outlines, longest, groups, feedback)
    neighbours = _Neighbours.of(pairs, outlines)
    found = [_empty()]
    for some in _batches(pairs, outlines, neighbours):
        check_cancelled(feedback)
        links = _measured(outlines, some, longest)
        found.append(links.only(~_crossed(outlines, neighbours, links)))
    ends, lengths, points = (
        np.concatenate([getattr(links, name) for links in found]) for name in ("ends", "lengths", "points")
    )
    return Links(ends, lengths, points + outlines.origin)


def _empty() -> Links:
    return Links(np.empty((0, 2), dtype=np.int64), np.empty(0), np.empty((0, 2, 2)))


# -- boundaries -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Boxes:
    """Boxes of one level, ordered as the edges are, or of all levels, the edges first.

    Attributes
    ----------
    low, high
        Lower left and upper right corners, shape (n, 2).
    sample
        The edge whose start stands for the box, shape (n,).
    edges
        How many edges a box holds, shape (n,).
    first, count
        The box holds the ``count`` boxes from ``first`` on, none if it is an edge; shape (n,).
    """

    low: Floats
    high: Floats
    sample: Integers
    edges: Integers
    first: Integers
    count: Integers

    @classmethod
    def of_edges(cls, starts: Floats, ends: Floats) -> _Boxes:
        number = len(starts)
        none, ones = np.zeros(number, dtype=np.int64), np.ones(number, dtype=np.int64)
        return cls(np.minimum(starts, ends), np.maximum(starts, ends), np.arange(number), ones, none, none)

    @classmethod
    def joined(cls, levels: Sequence[_Boxes]) -> _Boxes:
        return cls(
            *(np.concatenate([getattr(level, field.name) for level in levels]) for field in fields(cls))
        )

    def above(self, owner: Integers, first: int) -> tuple[_Boxes, Integers]:
        """Return the next level, with its owners: up to ``FAN`` boxes of one owner to a box.

        ``first`` is the number of the first box of this level.
        """
        begins = np.flatnonzero(np.diff(owner, prepend=-1))
        place = np.arange(len(owner)) - np.repeat(begins, np.diff(begins, append=len(owner)))
        starts = np.flatnonzero(place % FAN == 0)
        level = _Boxes(
            np.minimum.reduceat(self.low, starts),
            np.maximum.reduceat(self.high, starts),
            self.sample[starts],
            np.add.reduceat(self.edges, starts),
            first + starts,
            np.diff(starts, append=len(owner)),
        )
        return level, owner[starts]


@dataclass(frozen=True)
class _Outlines:
    """Edges of all patches, shape (n, 2), area on their right, relative to ``origin``; boxes above them.

    Box k below n is that of edge k. ``root`` is the box of each patch, −1 for an empty one.
    """

    origin: Floats
    starts: Floats
    ends: Floats
    boxes: _Boxes
    root: Integers

    @classmethod
    def of(cls, patches: Sequence[QgsGeometry], feedback: QgsProcessingFeedback) -> _Outlines:
        rings, patch_of_ring = _read(patches, feedback)
        vertices = np.array([len(ring) // 16 for ring in rings], dtype=np.int64)
        points = np.frombuffer(b"".join(rings), dtype="<f8").reshape(-1, 2)
        origin = np.floor(points.min(axis=0)) if len(points) else np.zeros(2)
        points = points - origin
        last = np.cumsum(vertices) - 1
        starts, ends = np.delete(points, last, axis=0), np.delete(points, last - vertices + 1, axis=0)
        ring = np.repeat(np.arange(len(rings)), vertices - 1)
        boxes, root = _stacked(_Boxes.of_edges(starts, ends), ring, patch_of_ring, len(patches))
        return cls(origin, starts, ends, boxes, root)

    def children(self, box: Integers, opened: Bools) -> tuple[Integers, Integers]:
        """Return the boxes in each of some boxes, a box itself where it is not opened, and their counts."""
        count = np.where(opened, self.boxes.count[box], 1)
        return ranges(np.where(opened, self.boxes.first[box], box), count), count


def _read(patches: Sequence[QgsGeometry], feedback: QgsProcessingFeedback) -> tuple[list[bytes], Integers]:
    """Return the rings of all patches as little-endian doubles, area on the right, and their patches."""
    rings, owners = [], []
    for number, patch in enumerate(patches):
        if number % ASKED_EVERY == 0:
            check_cancelled(feedback)
        own = [] if patch.isEmpty() else ring_bytes(patch.forceRHR())
        rings += own
        owners += [number] * len(own)
    return rings, np.array(owners, dtype=np.int64)


def _stacked(edges: _Boxes, ring: Integers, patch_of_ring: Integers, patches: int) -> tuple[_Boxes, Integers]:
    """Return the boxes of all levels above edges, up to one box per patch, and the box of each patch.

    ``ring`` is the ring of each edge; boxes hold edges of one ring until every ring is one box.
    """
    levels, total, owner = [edges], 0, ring
    for of_ring in (True, False):
        while (np.diff(owner) == 0).any():
            level, owner = levels[-1].above(owner, total)
            total += len(levels[-1].edges)
            levels.append(level)
        owner = patch_of_ring[owner] if of_ring else owner
    root = np.full(patches, -1)
    root[owner] = total + np.arange(len(owner))
    return _Boxes.joined(levels), root


# -- neighbours -----------------------------------------------------------------------------------------


def _near_pairs(
    outlines: _Outlines,
    max_gap: float,
    groups: Sequence[Hashable] | None,
    feedback: QgsProcessingFeedback,
) -> Integers:
    """Return the pairs of patches of a group whose boxes are within ``max_gap``, shape (m, 2), ordered."""
    numbers = np.flatnonzero(outlines.root >= 0)
    corners = np.hstack([outlines.boxes.low, outlines.boxes.high])[outlines.root[numbers]]
    index = QgsSpatialIndex()
    for number, corner in zip(numbers.tolist(), corners.tolist(), strict=True):
        index.addFeature(number, QgsRectangle(*corner))
    found = [np.empty((0, 2), dtype=np.int64)]
    code = _codes(groups, len(outlines.root))
    for number, corner in zip(numbers.tolist(), corners.tolist(), strict=True):
        if number % ASKED_EVERY == 0:
            check_cancelled(feedback)
        near = np.array(index.intersects(QgsRectangle(*corner).buffered(max_gap + HAIR_M)), dtype=np.int64)
        near = np.sort(near[(near > number) & (code[near] == code[number])])
        found.append(np.stack([np.full(len(near), number), near], axis=1))
    pairs = np.concatenate(found)
    return pairs[_apart(outlines.boxes, *outlines.root[pairs].T) <= max_gap + HAIR_M]


def _codes(groups: Sequence[Hashable] | None, patches: int) -> Integers:
    """Return a number for each patch that tells its group."""
    if groups is None:
        return np.zeros(patches, dtype=np.int64)
    known: dict[Hashable, int] = {}
    return np.array([known.setdefault(group, len(known)) for group in groups], dtype=np.int64)


def _apart(boxes: _Boxes, one: Integers, other: Integers) -> Floats:
    """Return the distance between boxes, a lower bound for what they hold, shape (n,), metres."""
    gap = np.maximum(boxes.low[one] - boxes.high[other], boxes.low[other] - boxes.high[one])
    return np.hypot(*np.maximum(gap, 0.0).T)


@dataclass(frozen=True)
class _Neighbours:
    """The ``count[k]`` patches near patch k from ``patches[first[k]]`` on, by the distance of their boxes."""

    patches: Integers
    first: Integers
    count: Integers

    @classmethod
    def of(cls, pairs: Integers, outlines: _Outlines) -> _Neighbours:
        one, other = np.concatenate([pairs, pairs[:, ::-1]]).T
        apart = _apart(outlines.boxes, outlines.root[one], outlines.root[other])
        count = np.bincount(one, minlength=len(outlines.root))
        return cls(other[np.lexsort((apart, one))], np.cumsum(count) - count, count)

    def thirds(self, ends: Integers, begin: int, end: int) -> tuple[Integers, Integers]:
        """Return the patches that may lie between two, and between which: positions in ``ends``.

        A patch on a line no longer than the largest gap is near both ends: the neighbours of the end that
        has fewer will do; of them, the ``begin``-th nearest up to before the ``end``-th, counted from 0.
        """
        fewer = np.argmin(self.count[ends], axis=1)
        rows = np.arange(len(ends))
        start, other = ends[rows, fewer], ends[rows, 1 - fewer]
        count = np.clip(self.count[start], begin, end) - begin
        patch, pair = self.patches[ranges(self.first[start] + begin, count)], np.repeat(rows, count)
        is_third = patch != other[pair]
        return patch[is_third], pair[is_third]


def _batches(pairs: Integers, outlines: _Outlines, neighbours: _Neighbours) -> Iterator[Integers]:
    """Yield the pairs in turn, as many at a time as have ``AT_ONCE`` edges and neighbours, or one."""
    edges = outlines.boxes.edges[outlines.root[pairs]].sum(axis=1)
    batch = np.cumsum(edges + neighbours.count[pairs].min(axis=1)) // AT_ONCE
    yield from np.split(pairs, np.flatnonzero(np.diff(batch)) + 1) if len(pairs) else []


# -- nearest edges --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Stretches:
    """Where edges of two patches are nearest: from ``begin`` to ``end`` their distance is the shortest.

    ``pair`` is ordered, shape (n,). ``begin`` and ``end``, shape (n, 2), are points halfway between the
    edges, equal where one point of an edge is nearest; ``gap`` leads from the first edge to the second.
    """

    pair: Integers
    begin: Floats
    end: Floats
    gap: Floats


def _measured(outlines: _Outlines, pairs: Integers, max_gap: float) -> Links:
    """Return the links of those ``pairs`` that are within ``max_gap``; points relative to the origin."""
    pair, one, other = _nearest_edges(outlines, pairs, max_gap)
    lengths, stretches = _shortest(outlines, pair, one, other, len(pairs))
    middle, gap = _middles(stretches)
    reached = np.unique(stretches.pair)
    points = np.stack([middle - gap / 2, middle + gap / 2], axis=1)
    is_near = lengths[reached] <= max_gap + HAIR_M
    return Links(pairs[reached[is_near]], lengths[reached[is_near]], points[is_near])


def _nearest_edges(
    outlines: _Outlines, pairs: Integers, max_gap: float
) -> tuple[Integers, Integers, Integers]:
    """Return the edges that may be nearest: positions in ``pairs``, first and second edge, shape (n,).

    No pair has edges that are farther apart than ``max_gap``, judged by their boxes.
    """
    boxes = outlines.boxes
    pair, (one, other) = np.arange(len(pairs)), outlines.root[pairs].T
    bound = np.full(len(pairs), float(max_gap))
    while True:
        seen = outlines.starts[boxes.sample[one]] - outlines.starts[boxes.sample[other]]
        groups = _group_starts(pair)
        closest = np.minimum.reduceat(np.hypot(*seen.T), groups) if len(pair) else np.empty(0)
        bound[pair[groups]] = np.minimum(bound[pair[groups]], closest)
        kept = _apart(boxes, one, other) <= bound[pair] + HAIR_M
        pair, one, other = pair[kept], one[kept], other[kept]
        is_box = np.maximum(boxes.count[one], boxes.count[other]) > 0
        if not is_box.any():
            return pair, one, other
        opens_one = is_box & (boxes.edges[one] >= boxes.edges[other]) & (boxes.count[one] > 0)
        inner, times = outlines.children(one, opens_one)
        pair, other, opens_other = (np.repeat(a, times) for a in (pair, other, is_box & ~opens_one))
        other, times = outlines.children(other, opens_other)
        pair, one = np.repeat(pair, times), np.repeat(inner, times)


def _group_starts(ordered: Integers) -> Integers:
    return np.flatnonzero(np.diff(ordered, prepend=-1))


def _shortest(
    outlines: _Outlines, pair: Integers, one: Integers, other: Integers, pairs: int
) -> tuple[Floats, _Stretches]:
    """Return the shortest distance of each pair, infinite without edges, and where edges have it.

    Edges that do not cross are nearest at an end of one of them; edges that are parallel at two.
    """
    starts, ends = outlines.starts, outlines.ends
    on_other = [(p, _foot(p, starts[other], ends[other])) for p in (starts[one], ends[one])]
    on_one = [(_foot(p, starts[one], ends[one]), p) for p in (starts[other], ends[other])]
    points = np.array(on_other + on_one)  # (4 ends, 2 patches, n, 2)
    gap = points[:, 1] - points[:, 0]
    distance = np.hypot(gap[..., 0], gap[..., 1])
    lengths = np.full(pairs, np.inf)
    groups = _group_starts(pair)
    lengths[pair[groups]] = np.minimum.reduceat(distance.min(axis=0), groups)
    is_shortest = distance <= lengths[pair] + HAIR_M
    middle = points.mean(axis=1)
    place = ((middle - starts[one]) * (ends[one] - starts[one])).sum(axis=2)
    first = np.where(is_shortest, place, np.inf).argmin(axis=0)
    last = np.where(is_shortest, place, -np.inf).argmax(axis=0)
    has = np.flatnonzero(is_shortest.any(axis=0))
    first, last = first[has], last[has]
    return lengths, _Stretches(pair[has], middle[first, has], middle[last, has], gap[first, has])


def _foot(points: Floats, starts: Floats, ends: Floats) -> Floats:
    """Return the nearest point of each edge to each point, shape (n, 2)."""
    way = ends - starts
    square = (way * way).sum(axis=1)
    share = np.divide(
        ((points - starts) * way).sum(axis=1), square, out=np.zeros(len(square)), where=square > 0
    )
    share = np.clip(share, 0.0, 1.0)[:, None]
    return np.where(share < 1.0, starts + share * way, ends)


def _middles(stretches: _Stretches) -> tuple[Floats, Floats]:
    """Return the middle of the longest stretch of each pair, and the way from patch to patch there."""
    length = np.hypot(*(stretches.end - stretches.begin).T)
    whole = _whole_stretches(stretches, length)
    order = np.lexsort((-length, whole, stretches.pair))
    part = np.cumsum(np.diff(whole[order], prepend=-1) != 0) - 1
    begins = _group_starts(part)
    longest = order[begins]
    way = stretches.end[longest] - stretches.begin[longest]
    way /= np.maximum(np.hypot(*way.T), HAIR_M)[:, None]
    anchor = stretches.begin[longest]
    places = [
        ((ends[order] - anchor[part]) * way[part]).sum(axis=1) for ends in (stretches.begin, stretches.end)
    ]
    low, high = (
        np.minimum.reduceat(np.minimum(*places), begins),
        np.maximum.reduceat(np.maximum(*places), begins),
    )
    middle = anchor + way * ((low + high) / 2)[:, None]
    best = _best(stretches.pair[longest], high - low, middle)
    return middle[best], stretches.gap[longest][best]


def _whole_stretches(stretches: _Stretches, length: Floats) -> Integers:
    """Return a number for each stretch, the same for those that continue each other straight on."""
    numbers = np.flatnonzero(length > HAIR_M)
    ends = np.concatenate([stretches.begin[numbers], stretches.end[numbers]])
    owner = np.concatenate([numbers, numbers])
    # pairs of patches lie one above the other, a metre apart
    tree = cKDTree(np.column_stack([ends, stretches.pair[owner]]))
    one, other = owner[tree.query_pairs(2 * HAIR_M, output_type="ndarray")].T
    way = stretches.end - stretches.begin
    bent = np.abs(way[one, 0] * way[other, 1] - way[one, 1] * way[other, 0])
    straight = bent <= HAIR_M * np.maximum(length[one], length[other])
    one, other = one[straight], other[straight]
    graph = coo_matrix((np.ones(len(one)), (one, other)), shape=(len(length), len(length)))
    return connected_components(graph, directed=False)[1]


def _best(pair: Integers, length: Floats, middle: Floats) -> Integers:
    """Return, for each pair, the position of the longest stretch, of these the western, then the southern."""
    rows = np.arange(len(pair))
    for value in (-length, *middle.T):
        starts = _group_starts(pair[rows])
        least = np.minimum.reduceat(value[rows], starts)
        rows = rows[value[rows] <= np.repeat(least, np.diff(starts, append=len(rows))) + HAIR_M]
    return rows[_group_starts(pair[rows])]


# -- third patches --------------------------------------------------------------------------------------


def _crossed(outlines: _Outlines, neighbours: _Neighbours, links: Links) -> Bools:
    """Return which lines run through the inside of a third patch, shape (m,)."""
    crossed = np.zeros(len(links), dtype=bool)
    begin, end, most = 0, NEAREST, neighbours.count[links.ends].min(axis=1).max(initial=0)
    while begin < most:
        open_ones = np.flatnonzero(~crossed)
        third, place = neighbours.thirds(links.ends[open_ones], begin, end)
        link = open_ones[place]
        crossed[link[_length_inside(outlines, third, links.only(link)) > HAIR_M]] = True
        begin, end = end, 4 * end
    return crossed


def _length_inside(outlines: _Outlines, patch: Integers, links: Links) -> Floats:
    """Return on how many metres each line runs inside a patch that it neither begins nor ends in.

    The length is the sum of where edges leave the patch less the sum of where edges enter it. What passes
    the line's extension is left out: it cancels.
    """
    origin, way = links.points[:, 0], links.points[:, 1] - links.points[:, 0]
    along = way / np.maximum(links.lengths, HAIR_M)[:, None]
    row, edge = _edges_on_lines(outlines, outlines.root[patch], origin, along, links.lengths)
    inside = []
    for aside in (HAIR_M, -HAIR_M):
        edges = outlines.starts[edge], outlines.ends[edge]
        position, turn = passages(*edges, origin[row], along[row], aside)
        turn = np.where((position > 0) & (position < links.lengths[row]), turn, 0)
        inside.append(-np.bincount(row, turn * position, minlength=len(patch)))
    return np.minimum(*inside)


def _edges_on_lines(
    outlines: _Outlines, box: Integers, origin: Floats, along: Floats, length: Floats
) -> tuple[Integers, Integers]:
    """Return the edges in each box whose own boxes a line meets: positions in ``box``, and edges."""
    boxes, candidate = outlines.boxes, np.arange(len(box))
    while True:
        middle = (boxes.low[box] + boxes.high[box]) / 2 - origin[candidate]
        half = (boxes.high[box] - boxes.low[box]) / 2 + HAIR_M
        way = along[candidate]
        to = way * length[candidate, None]
        aside = np.abs(way[:, 0] * middle[:, 1] - way[:, 1] * middle[:, 0])
        reach = np.abs(way[:, 0]) * half[:, 1] + np.abs(way[:, 1]) * half[:, 0]
        meets = (np.abs(middle - to / 2) <= half + np.abs(to) / 2).all(axis=1) & (aside <= reach)
        candidate, box = candidate[meets], box[meets]
        is_box = boxes.count[box] > 0
        if not is_box.any():
            return candidate, box
        box, times = outlines.children(box, is_box)
        candidate = np.repeat(candidate, times)
