"""Large geometries in threads beside the others: GEOS leaves Python to other threads while it computes."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor, wait
from typing import TypeVar

from qgis.core import QgsGeometry

Item = TypeVar("Item")
Result = TypeVar("Result")
Pulse = Callable[[], None]

THREADS = min(4, os.cpu_count() or 1)
"""More would need more memory than they save time."""
AHEAD = 2 * THREADS
"""So many results of large geometries are computed before they are taken."""
LARGE = 1_000
"""Vertices from which on a geometry is worth a thread [A]."""
LISTEN_S = 0.1


def in_order(
    work: Callable[[Item, Pulse], Result],
    items: Sequence[Item],
    geometry: Callable[[Item], QgsGeometry],
    pulse: Pulse,
) -> Generator[Result, None, None]:
    """Yield ``work`` of each item in order; those of large geometries are begun ahead, in threads.

    Each item has a :class:`QgsGeometry` of its own, though several may share what it holds; nobody may change
    it meanwhile. ``pulse`` is called here while a result is waited for and may raise. The work gets a pulse
    of its own, which raises in a thread once nobody wants the result any more: close the generator, and what
    has begun ends in the background.
    """
    for item in items:
        _settle(geometry(item))
    forgotten = threading.Event()

    def go_on() -> None:
        if forgotten.is_set():
            raise CancelledError

    large = iter([n for n, item in enumerate(items) if geometry(item).constGet().nCoordinates() >= LARGE])
    begun: dict[int, Future[Result]] = {}
    pool = ThreadPoolExecutor(THREADS)
    try:
        for number, item in enumerate(items):
            while len(begun) < AHEAD and (coming := next(large, None)) is not None:
                begun[coming] = pool.submit(work, items[coming], go_on)
            future = begun.pop(number, None)
            yield work(item, pulse) if future is None else _taken(future, pulse)
    finally:
        forgotten.set()
        pool.shutdown(wait=False, cancel_futures=True)


def _settle(geometry: QgsGeometry) -> None:
    """Let QGIS note the box and the area in a geometry, as it does when first asked, in whatever thread."""
    geometry.boundingBox()
    geometry.area()


def _taken(future: Future[Result], pulse: Pulse) -> Result:
    while not wait([future], LISTEN_S).done:
        pulse()
    return future.result()
