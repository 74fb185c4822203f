"""Engine ``connected``: polygons as single connected parts, without the slits that digitising leaves."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence

import numpy as np
from qgis.core import QgsCurve, QgsGeometry, QgsGeometryEngine, QgsPoint, QgsPolygon, QgsSpatialIndex
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

from ...methods.findings.thresholds import most
from .overlay import FINE_GRID_M, difference, dissolve, polygon_parts, prepared, without_hairlines
from .threads import in_order
from .vertices import ring_arrays

CLOSING_SHARE = 0.505
"""Radius of the closing that fills slits, in tolerances: half, and 1 % for discs that are polygons."""
SLIT_OUTLINE = 4
"""What the closing fills is a slit from this outline on, in tolerances: twice as deep as the tolerance.
Below it is the fillet of a corner, which keeps its shape."""
DENT_SHARE = 0.01
"""What GEOS levels out along a border when it buffers, as a share of the radius."""
TWO_SIDED = 0.6
"""Share of the outline of a slit that borders on ground; of a levelled dent it is half [A]."""
ROUNDING_M = 1e-7
"""What is thinner than twice this comes from rounding along a straight border, in metres; a point so near to
a border lies on it."""
BAR_SHARE = 0.25
"""Half the width of the bar that joins two corners, in tolerances [A]."""


def connected_parts(
    polygons: Iterable[QgsGeometry],
    tolerance: float,
    pulse: Callable[[], None] = lambda: None,
) -> list[QgsGeometry]:
    """Dissolve polygons into single connected ones, no two of them ``tolerance`` metres apart or less.

    Slits and holes narrower than the tolerance are filled, between polygons as within one, so that it does
    not matter how the ground is divided into polygons. They are what a morphological closing fills and what
    is more than a rounded corner; all other borders stay where they are. Where only corners are as near as
    that, a bar half as wide as the tolerance joins them: a bottleneck and no interruption. The order of the
    result depends on where the parts lie and not on the order of ``polygons``. ``pulse`` is called between
    the steps and may raise.

    Raises
    ------
    ValueError
        If the tolerance is negative or not finite.
    QgsProcessingException
        If GEOS cannot compute an overlay.
    """
    if not math.isfinite(tolerance) or tolerance < 0:
        raise ValueError(f"the tolerance must not be below 0, as {tolerance}")
    parts = polygon_parts(dissolve(single for polygon in polygons for single in polygon_parts(polygon)))
    groups = _groups(parts, max(2 * CLOSING_SHARE * tolerance, FINE_GRID_M), pulse)
    while True:
        count, parts = len(parts), _all_merged(groups, tolerance, pulse)
        if len(parts) >= count or not any(_near(parts, tolerance, pulse)):
            return sorted(parts, key=_position)
        groups = _groups(parts, tolerance, pulse)


def _groups(parts: Sequence[QgsGeometry], reach: float, pulse: Callable[[], None]) -> list[QgsGeometry]:
    """Return the parts in groups, no two of different groups as near as ``reach`` metres."""
    pairs = np.array(list(_near(parts, reach, pulse)), dtype=np.int64).reshape(-1, 2)
    shape = (len(parts), len(parts))
    _, label = connected_components(csr_matrix((np.ones(len(pairs)), pairs.T), shape=shape), directed=False)
    groups: dict[int, list[QgsGeometry]] = defaultdict(list)
    for number, part in zip(label.tolist(), parts, strict=True):
        groups[number].append(part)
    return [QgsGeometry.collectGeometry(group) for group in groups.values()]


def _all_merged(
    groups: Sequence[QgsGeometry], tolerance: float, pulse: Callable[[], None]
) -> list[QgsGeometry]:
    def work(group: QgsGeometry, pulse: Callable[[], None]) -> list[QgsGeometry]:
        return _merged(group, tolerance, pulse)

    found: list[QgsGeometry] = []
    for merged in in_order(work, groups, lambda group: group, pulse):
        pulse()
        found += merged
    return found


def _near(parts: Sequence[QgsGeometry], reach: float, pulse: Callable[[], None]) -> Iterator[tuple[int, int]]:
    """Yield the pairs of parts that are no farther apart than ``reach`` metres."""
    index = QgsSpatialIndex()
    for number, part in enumerate(parts):
        box = part.boundingBox()
        around = index.intersects(box.buffered(most(reach)))
        index.addFeature(number, box)
        if not around:
            continue
        pulse()
        engine = prepared(part)
        for other in sorted(around):
            if engine.distance(parts[other].constGet()) <= most(reach):
                yield other, number


def _indexed(parts: Sequence[QgsGeometry]) -> QgsSpatialIndex:
    index = QgsSpatialIndex()
    for number, part in enumerate(parts):
        index.addFeature(number, part.boundingBox())
    return index


def _merged(group: QgsGeometry, tolerance: float, pulse: Callable[[], None]) -> list[QgsGeometry]:
    """Return parts with their slits closed and joined where they are near."""
    parts = polygon_parts(group)
    if len(parts) == 1 and group.minimumClearance() > max(tolerance, FINE_GRID_M):
        return parts
    united = without_hairlines(group)
    if tolerance > 0 and not united.isEmpty():
        pulse()
        united = _closed(united, tolerance)
        pulse()
        united = _joined(united, tolerance, pulse)
    clean = (single for part in polygon_parts(united) for single in polygon_parts(without_hairlines(part)))
    return [_without_slivers(part, tolerance) for part in clean]


def _position(part: QgsGeometry) -> tuple[float, ...]:
    box = part.boundingBox()
    return box.xMinimum(), box.yMinimum(), box.xMaximum(), box.yMaximum(), part.area()


def _closed(united: QgsGeometry, tolerance: float) -> QgsGeometry:
    """Return polygons with their slits filled."""
    slits = list(_slits(united, tolerance))
    if not slits:
        return united
    return dissolve([united, *(slit.buffer(tolerance / 1000, 2) for slit in slits)])


def _slits(united: QgsGeometry, tolerance: float) -> Iterator[QgsGeometry]:
    """Yield what a closing fills and what is more than a fillet or a levelled dent."""
    reach = CLOSING_SHARE * tolerance
    closing = united.buffer(reach, 2).buffer(-reach, 2)
    joins_parts = _joins(polygon_parts(united), tolerance / 1000)
    border = QgsGeometry(united.constGet().boundary())
    engine = prepared(border)
    for piece in polygon_parts(difference(closing, united)):
        if joins_parts(piece):
            yield piece
        elif _is_long(piece, tolerance):
            for slit in _opened(piece, ROUNDING_M, tolerance):
                is_slit = _ground_share(slit, engine) > TWO_SIDED
                yield from [slit] if is_slit else _opened(slit, DENT_SHARE * reach, tolerance)


def _opened(piece: QgsGeometry, radius: float, tolerance: float) -> list[QgsGeometry]:
    """Return the long parts of a piece that are thicker than twice a radius."""
    opened = piece.buffer(-radius, 2).buffer(radius, 2)
    return [part for part in polygon_parts(opened) if _is_long(part, tolerance)]


def _is_long(piece: QgsGeometry, tolerance: float) -> bool:
    return piece.length() > SLIT_OUTLINE * tolerance


def _ground_share(piece: QgsGeometry, border: QgsGeometryEngine) -> float:
    """Return the share of the outline of a piece that lies on a border."""
    on_border = total = 0.0
    for ring in ring_arrays(piece):
        lengths = np.hypot(*np.diff(ring, axis=0).T)
        middles = ((ring[:-1] + ring[1:]) / 2).tolist()
        lies = [border.distance(QgsPoint(x, y)) < ROUNDING_M for x, y in middles]
        on_border, total = on_border + lengths[lies].sum(), total + lengths.sum()
    return on_border / total


def _joins(parts: Sequence[QgsGeometry], near: float) -> Callable[[QgsGeometry], bool]:
    """Return a test of polygons whether they touch more than one part."""
    index = _indexed(parts)
    held = [(prepared(part), part) for part in parts]

    def test(piece: QgsGeometry) -> bool:
        around, shape = index.intersects(piece.boundingBox().buffered(near)), piece.constGet()
        return len(around) > 1 and sum(held[number][0].distance(shape) < near for number in around) > 1

    return test


def _without_slivers(part: QgsGeometry, tolerance: float) -> QgsGeometry:
    """Return a polygon without the holes that are narrower than the tolerance."""
    polygon = part.constGet()
    narrow = [n for n in range(polygon.numInteriorRings()) if _is_sliver(polygon.interiorRing(n), tolerance)]
    if not narrow:
        return part
    whole = polygon.clone()
    for number in reversed(narrow):
        whole.removeInteriorRing(number)
    return QgsGeometry(whole)


def _is_sliver(ring: QgsCurve, tolerance: float) -> bool:
    """Say whether no disc as wide as the tolerance fits into a ring.

    The largest disc in a ring has at least its area by its length as radius.
    """
    hole, reach = QgsGeometry(QgsPolygon(ring.clone())), CLOSING_SHARE * tolerance
    return hole.area() <= reach * ring.length() and hole.buffer(-reach, 8).isEmpty()


def _joined(united: QgsGeometry, tolerance: float, pulse: Callable[[], None]) -> QgsGeometry:
    """Return polygons with a bar wherever two parts are no farther apart than the tolerance."""
    while True:
        bars = list(_bars(polygon_parts(united), tolerance, pulse))
        if not bars:
            return united
        united = dissolve([united, *bars])


def _bars(parts: Sequence[QgsGeometry], tolerance: float, pulse: Callable[[], None]) -> Iterator[QgsGeometry]:
    for one, other in _near(parts, tolerance, pulse):
        yield parts[other].shortestLine(parts[one]).buffer(BAR_SHARE * tolerance, 8)
