"""Small bars as inline SVG: pure functions that turn numbers into rectangles.

Numbers and class names of the style sheet enter the markup as they are, the title of a line escaped. Hatching
is drawn as lines because a pattern would have to be referred to by address.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

WIDTH, HEIGHT = 240.0, 14.0
LEAST_VISIBLE = 1.5
"""Width in drawing units that any value other than 0 gets at least."""
LINE_HEIGHT = 44.0
"""Height of the line of an indicator over its dates."""
LEAST_SPAN = 0.1
"""What the height of a line stands for at least, as a share of the largest of its numbers."""
_MARGIN, _DOT = 5.0, 2.6
_STEPS = (1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)
_HATCH_STEP = 6.0


@dataclass(frozen=True)
class Svg:
    """A finished drawing; templates put it in as it is, because no text in it is left unescaped."""

    markup: str

    def __html__(self) -> str:
        return self.markup


@dataclass(frozen=True)
class Axis:
    """What the width of a bar stands for: values from ``low`` (0 or below) to ``high``."""

    low: float
    high: float

    @classmethod
    def over(cls, numbers: Iterable[float | None], unit: str) -> Axis | None:
        """Return a round axis that holds all ``numbers`` and 0; ``None`` where there is no number."""
        known = [number for number in numbers if number is not None]
        if not known:
            return None
        high, low = max(0.0, *known), min(0.0, *known)
        top = _round_up(high)
        if unit == "%" and high <= 100.0:
            top = min(top, 100.0)
        return cls(-_round_up(-low) if low else 0.0, top if high or low else 1.0)

    def x(self, value: float) -> float:
        """Return where ``value`` lies, from 0 to ``WIDTH``."""
        return WIDTH * (value - self.low) / (self.high - self.low)


def _round_up(value: float) -> float:
    """Return the next round number; 0 for 0."""
    if value <= 0.0:
        return 0.0
    power = 10.0 ** math.floor(math.log10(value))
    return next((step * power for step in _STEPS if step * power >= value * (1 - 1e-12)), 10.0 * power)


def bullet(
    value: float | None, target: float | None, direction: str | None, axis: Axis | None, key: str
) -> Svg:
    """Return one bar: track, the part where the target is met, the value, the target line.

    ``key`` is the class of the status, which colours the value. Without a value the bar is hatched.
    """
    parts = [_rect("track", 0.0, WIDTH)]
    if axis is None or value is None:
        parts.append(_hatch(0.0, WIDTH, HEIGHT))
    else:
        parts += [_zone(target, direction, axis), _value(value, axis, key)]
    if axis is not None and axis.low < 0.0:
        parts.append(_line("zero", axis.x(0.0)))
    if axis is not None and target is not None:
        parts.append(_line("aim", axis.x(target)))
    return _svg("bar", HEIGHT, parts)


def stacked(parts: Sequence[tuple[str, float]], height: float = HEIGHT) -> Svg:
    """Return one bar cut into parts in proportion to their numbers; ``unknown`` is hatched."""
    total = sum(number for _, number in parts)
    shapes = [] if total else [_rect("track", 0.0, WIDTH, height)]
    start = 0.0
    for key, number in parts:
        width = WIDTH * number / total if total else 0.0
        if width:
            shapes.append(_rect(key, start, width, height))
            if key == "unknown":
                shapes.append(_hatch(start, width, height))
        start += width
    return _svg("stack", height, shapes)


def sparkline(points: Sequence[tuple[float, float]], target: float | None, title: str) -> Svg:
    """Return values over time as a line with a dot per date, and the target as a dashed line.

    ``points`` are pairs of time and value, the earliest first, at least two; ``title`` is the text that
    stands for the drawing. The height holds all values and the target, and no less than ``LEAST_SPAN``.
    """
    values = [value for _, value in points] + ([] if target is None else [target])
    size = max(map(abs, values))
    low, high = min(values), max(values)
    span = max(high - low, LEAST_SPAN * size) or 1.0
    bottom = (low + high - span) / 2.0
    start, end = points[0][0], points[-1][0]

    def y(value: float) -> float:
        return LINE_HEIGHT - _MARGIN - (value - bottom) / span * (LINE_HEIGHT - 2 * _MARGIN)

    places = [
        (_MARGIN + (time - start) / (end - start) * (WIDTH - 2 * _MARGIN), y(value)) for time, value in points
    ]
    parts = [f"<title>{escape(title)}</title>"]
    if target is not None:
        at = _n(y(target))
        parts.append(f'<line class="goalline" x1="0" y1="{at}" x2="{_n(WIDTH)}" y2="{at}"/>')
    drawn = " ".join(f"{_n(x)},{_n(at)}" for x, at in places)
    parts.append(f'<polyline class="course" points="{drawn}"/>')
    parts += [f'<circle class="dot" cx="{_n(x)}" cy="{_n(at)}" r="{_n(_DOT)}"/>' for x, at in places]
    box = f"0 0 {_n(WIDTH)} {_n(LINE_HEIGHT)}"
    return Svg(f'<svg class="spark" viewBox="{box}" role="img">{"".join(parts)}</svg>')


def _zone(target: float | None, direction: str | None, axis: Axis) -> str:
    if target is None or direction not in (">=", "<=", "<"):
        return ""
    start, end = (axis.x(target), WIDTH) if direction == ">=" else (0.0, axis.x(target))
    return _rect("zone", start, end - start) if end > start else ""


def _value(value: float, axis: Axis, key: str) -> str:
    zero, end = axis.x(0.0), axis.x(value)
    width = abs(end - zero)
    if value:
        width = max(width, LEAST_VISIBLE)
    start = min(max(0.0, min(zero, end)), WIDTH - width)
    return _rect(f"value {key}", start, width, HEIGHT - 6.0, 3.0)


def _rect(name: str, x: float, width: float, height: float = HEIGHT, y: float = 0.0) -> str:
    return f'<rect class="{name}" x="{_n(x)}" y="{_n(y)}" width="{_n(width)}" height="{_n(height)}"/>'


def _line(name: str, x: float) -> str:
    inside = min(max(x, 1.0), WIDTH - 1.0)
    return f'<line class="{name}" x1="{_n(inside)}" y1="0" x2="{_n(inside)}" y2="{_n(HEIGHT)}"/>'


def _hatch(x: float, width: float, height: float) -> str:
    """Return diagonal lines that fill a rectangle and stay inside it."""
    strokes = []
    right = x + width
    for step in range(math.ceil((width + height) / _HATCH_STEP)):
        foot = x - height + (step + 0.5) * _HATCH_STEP
        start, end = max(foot, x), min(foot + height, right)
        if end > start:
            strokes.append(f"M{_n(start)} {_n(height - start + foot)}L{_n(end)} {_n(height - end + foot)}")
    return f'<path class="hatch" d="{"".join(strokes)}"/>'


def _svg(name: str, height: float, parts: Iterable[str]) -> Svg:
    body = "".join(parts)
    box = f"0 0 {_n(WIDTH)} {_n(height)}"
    return Svg(f'<svg class="{name}" viewBox="{box}" aria-hidden="true">{body}</svg>')


def _n(number: float) -> str:
    return f"{number:.2f}".rstrip("0").rstrip(".")
