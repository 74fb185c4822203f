"""Intervals on a line, given by their two ends."""

from __future__ import annotations

from collections.abc import Iterable, Iterator


def merged(ascending: Iterable[tuple[float, float]]) -> Iterator[tuple[float, float]]:
    """Yield ascending intervals with those joined that overlap or touch.

    >>> list(merged([(0, 2), (1, 3), (3, 4), (6, 7)]))
    [(0, 4), (6, 7)]
    """
    last: tuple[float, float] | None = None
    for low, high in ascending:
        if last is not None and low <= last[1]:
            last = last[0], max(last[1], high)
            continue
        if last is not None:
            yield last
        last = low, high
    if last is not None:
        yield last
