"""Large geometries in threads beside the others: GEOS leaves Python to other threads while it computes."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import TypeVar

from qgis.core import QgsGeometry

Item = TypeVar("Item")
Result = TypeVar("Result")

THREADS = min(4, os.cpu_count() or 1)
"""More would need more memory than they save time."""
AHEAD = 2 * THREADS
"""So many results of large geometries are computed before they are taken."""
LARGE = 1_000
"""Vertices from which on a geometry is worth a thread [A]."""
LISTEN_S = 0.1


def in_order(
    work: Callable[[Item], Result],
    items: Sequence[Item],
    geometry: Callable[[Item], QgsGeometry],
    pulse: Callable[[], None],
) -> Iterator[Result]:
    """Yield ``work`` of each item in order; those of large geometries are begun ahead, in threads.

    The work only reads the geometry, which others may do at the same time. ``pulse`` is called while a result
    is waited for and may raise, as ``work`` may; what has begun then ends in the background and is forgotten.
    """
    pool = ThreadPoolExecutor(THREADS)
    large = iter([number for number, item in enumerate(items) if _is_large(geometry(item))])
    begun: dict[int, Future[Result]] = {}
    try:
        for number, item in enumerate(items):
            while len(begun) < AHEAD and (coming := next(large, None)) is not None:
                begun[coming] = pool.submit(work, items[coming])
            future = begun.pop(number, None)
            yield work(item) if future is None else _taken(future, pulse)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _is_large(geometry: QgsGeometry) -> bool:
    """Say whether a geometry is worth a thread.

    QGIS notes its box and its area in it when first asked, which must not happen in two threads at once.
    """
    geometry.boundingBox()
    geometry.area()
    return geometry.constGet().nCoordinates() >= LARGE


def _taken(future: Future[Result], pulse: Callable[[], None]) -> Result:
    while not wait([future], LISTEN_S).done:
        pulse()
    return future.result()
