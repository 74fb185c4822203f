"""Shapes that nobody would draw and that come all the same: by accident, conversion, another program."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from random import Random

from qgis.core import Qgis, QgsGeometry

from ..layer_factory import EAST, NORTH, circle

Points = list[tuple[float, float]]
ODD = (0.0, -0.0, float("nan"), float("inf"), -float("inf"), 1e9, -1e9, 1e308, 5e-324)


def size(rng: Random) -> float:
    """Return metres: mostly those of a parcel, at times of a grain of dust or of a continent."""
    return 10.0 ** rng.choice((1, 1, 2, 2, 3, rng.uniform(-9, 6)))


def count(rng: Random, most: int) -> int:
    """Return a number up to ``most``, small ones more often."""
    return max(1, round(most ** rng.random()))


def _place(rng: Random) -> tuple[float, float]:
    return rng.uniform(-50, 200), rng.uniform(-50, 600)


# -- rings, open, around (0, 0) ---------------------------------------------------------------------------


def _star(rng: Random, reach: float) -> Points:
    corners = count(rng, 3000) + 2
    step = rng.randrange(1, corners)
    angles = (2 * math.pi * step * k / corners for k in range(corners))
    return [(reach * math.cos(angle), reach * math.sin(angle)) for angle in angles]


def _scribble(rng: Random, reach: float) -> Points:
    corners = count(rng, 60) + 2
    return [(rng.uniform(-reach, reach), rng.uniform(-reach, reach)) for _ in range(corners)]


def _needle(rng: Random, reach: float) -> Points:
    base = 10 ** rng.uniform(-9, 0)
    return [(0, 0), (300, 0), (300, 100), (150 + base, 100), (150, 100 + reach), (150, 100), (0, 100)]


def _comb(rng: Random, reach: float) -> Points:
    teeth, step = count(rng, 300), 10 ** rng.uniform(-6, 1)
    upper = [(k * step, reach if k % 2 else 1.0) for k in range(2 * teeth)]
    return [*upper, (2 * teeth * step, 0), (0, 0)]


def _spiral(rng: Random, reach: float) -> Points:
    turns, width = count(rng, 30), 10 ** rng.uniform(-3, 0)
    steps = range(24 * turns)
    out = [(k / (24 * turns) * reach, 2 * math.pi * k / 24) for k in steps]
    line = [(r * math.cos(a), r * math.sin(a)) for r, a in out]
    back = [((r + width) * math.cos(a), (r + width) * math.sin(a)) for r, a in out[::-1]]
    return line + back


def _walk(rng: Random, reach: float) -> Points:
    x = y = 0.0
    points = []
    for _ in range(count(rng, 2000) + 2):
        x, y = x + rng.uniform(-reach, reach) / 10, y + rng.uniform(-reach, reach) / 10
        points.append((x, y))
    return points


def _flat(rng: Random, reach: float) -> Points:
    """Return points on one line, back and forth: no area, and edges that lie over each other."""
    return [(rng.uniform(-reach, reach), 0.0) for _ in range(count(rng, 300) + 2)]


def _grain(rng: Random, reach: float) -> Points:
    """Return a triangle whose sides are the least steps that coordinates can make."""
    step = 2.0**-30 * rng.randrange(1, 4)
    return [(0, 0), (step, 0), (0, step)]


def _few(rng: Random, reach: float) -> Points:
    return [(0, 0), (reach, 0)][: rng.randrange(3)]


def _box(rng: Random, reach: float) -> Points:
    width, height = reach, 10 ** rng.uniform(-3, 3)
    return [(0, 0), (width, 0), (width, height), (0, height)]


RINGS: Sequence[Callable[[Random, float], Points]] = (
    *(_star, _scribble, _needle, _comb, _spiral, _walk, _flat, _grain, _few),
    *(_box, _box),
)


def _ring(rng: Random) -> Points:
    return rng.choice(RINGS)(rng, size(rng))


# -- whole geometries -------------------------------------------------------------------------------------


def _text(points: Points, at: tuple[float, float]) -> str:
    return ", ".join(f"{EAST + at[0] + x!r} {NORTH + at[1] + y!r}" for x, y in points)


def _rings_text(rings: Sequence[Points], at: tuple[float, float]) -> str:
    closed = (f"({_text([*ring, *ring[:1]], at)})" for ring in rings if ring)
    return f"({', '.join(closed)})"


def _with_holes(rng: Random) -> str:
    """Return a polygon with holes: within, across, outside, within each other, or the outline itself."""
    outline, at = _ring(rng), _place(rng)
    holes = [_ring(rng) for _ in range(count(rng, 6))]
    if rng.random() < 0.2:
        holes.append(outline[::-1])
    return f"Polygon {_rings_text([outline, *holes], at)}"


def _polygon(rng: Random) -> str:
    return f"Polygon {_rings_text([_ring(rng)], _place(rng))}"


def _parts(rng: Random) -> str:
    """Return a polygon of many parts, which may overlap, repeat each other or touch."""
    parts = [_rings_text([_box(rng, size(rng))], _place(rng)) for _ in range(count(rng, 200))]
    parts += parts[: rng.randrange(3)]
    return f"MultiPolygon ({', '.join(parts)})"


def _checkers(rng: Random) -> str:
    """Return squares side by side, with slits between them that are as narrow as rounding, or overlapping."""
    side, slit = 10.0, rng.choice((0.0, 1e-9, -1e-9, 1e-6, -1e-4, 0.05, 0.1, 0.2))
    squares = (
        [(x, y), (x + side - slit, y), (x + side - slit, y + side - slit), (x, y + side - slit)]
        for x, y in ((side * (k % 8), side * (k // 8)) for k in range(count(rng, 64)))
    )
    at = _place(rng)
    return f"MultiPolygon ({', '.join(_rings_text([square], at) for square in squares)})"


def _line(rng: Random) -> str:
    points = rng.choice((_walk, _scribble, _flat, _star, _few))(rng, size(rng))
    return f"LineString ({_text(points, _place(rng))})" if points else "LineString EMPTY"


def _lines(rng: Random) -> str:
    lines = (f"({_text(_scribble(rng, size(rng)), _place(rng))})" for _ in range(count(rng, 50)))
    return f"MultiLineString ({', '.join(lines)})"


def _point(rng: Random) -> str:
    return f"Point ({_text([(0.0, 0.0)], _place(rng))})"


def _curved(rng: Random) -> str:
    return circle(*_place(rng), size(rng))


def _none(_rng: Random) -> str:
    return ""


SHAPES: dict[Qgis.GeometryType, Sequence[Callable[[Random], str]]] = {
    Qgis.GeometryType.Polygon: (*[_polygon] * 6, _with_holes, _parts, _checkers, _curved, _none),
    Qgis.GeometryType.Line: (*[_line] * 4, _lines, _none),
    Qgis.GeometryType.Point: (*[_point] * 4, _none),
}


def shape(rng: Random, kind: Qgis.GeometryType) -> QgsGeometry:
    """Return a geometry of a kind; one in ten has a coordinate that no place has."""
    made = QgsGeometry.fromWkt(rng.choice(SHAPES[kind])(rng))
    if rng.random() < 0.1 and not made.isEmpty():
        made.moveVertex(rng.choice(ODD), rng.choice((NORTH, *ODD)), 0)
    if rng.random() < 0.1 and not made.isEmpty():
        made.get().addZValue(rng.choice(ODD))
    return made


def shaken(rng: Random, geometry: QgsGeometry) -> QgsGeometry:
    """Return a geometry with its vertices moved, or as a whole, by nothing much or by far."""
    moved, reach = QgsGeometry(geometry), 10 ** rng.uniform(-10, 2)
    if moved.isEmpty():
        return moved
    if rng.random() < 0.3:
        moved.rotate(rng.uniform(0, 360), moved.boundingBox().center())
        return moved
    for number, vertex in enumerate(list(geometry.vertices())[:500]):
        x, y = vertex.x() + rng.uniform(-reach, reach), vertex.y() + rng.uniform(-reach, reach)
        moved.moveVertex(x, y, number)
    return moved
