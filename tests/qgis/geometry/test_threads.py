"""Work on large geometries in threads: the order kept, errors told, nothing waited for after a stop."""

from __future__ import annotations

import itertools
import threading
import time

import pytest
from gruene_infra.gruene_infra_plugin.spatial.geometry import threads
from gruene_infra.gruene_infra_plugin.spatial.geometry.connected import connected_parts
from gruene_infra.gruene_infra_plugin.spatial.geometry.threads import in_order
from gruene_infra.gruene_infra_plugin.spatial.geometry.width import ACROSS, Klasse
from gruene_infra.gruene_infra_plugin.spatial.patches.corridors import Corridors, narrow_places
from qgis.core import QgsGeometry, QgsPointXY, QgsProcessingFeedback

SMALL = QgsGeometry.fromWkt("POLYGON((0 0, 9 0, 9 9, 0 9, 0 0))")
LARGE = QgsGeometry.fromPointXY(QgsPointXY(0, 0)).buffer(10, threads.LARGE)


def test_results_come_in_the_order_of_the_items_and_large_ones_from_threads():
    items = [(number, LARGE if number % 3 else SMALL) for number in range(40)]

    def work(item, _pulse):
        time.sleep(0.002 * (item[0] % 5))
        return item[0], threading.current_thread() is threading.main_thread()

    found = list(in_order(work, items, lambda item: item[1], lambda: None))
    assert found == [(number, number % 3 == 0) for number in range(40)]


def test_no_more_is_begun_than_is_soon_taken():
    begun = []
    results = in_order(lambda item, _: begun.append(item), [LARGE] * 100, lambda item: item, lambda: None)
    for taken in range(1, 6):
        next(results)
        time.sleep(0.02)
        assert taken <= len(begun) <= taken - 1 + threads.AHEAD
    results.close()


def test_an_error_in_a_thread_is_raised_where_the_result_is_taken():
    def work(number, _pulse):
        if number == 2:
            raise ValueError("no room")
        return number

    results = in_order(work, [0, 1, 2, 3], lambda _: LARGE, lambda: None)
    assert [next(results), next(results)] == [0, 1]
    with pytest.raises(ValueError, match="no room"):
        next(results)


def test_a_stop_waits_for_no_thread_and_what_has_begun_ends():
    """The work takes until it is told that nobody waits."""
    asked, told = itertools.count(), threading.Event()

    def work(_item, pulse):
        try:
            while True:
                time.sleep(0.01)
                pulse()
        finally:
            told.set()

    def stop():
        if next(asked) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        list(in_order(work, [LARGE] * 9, lambda item: item, stop))
    assert told.wait(10)


def test_threads_change_no_narrow_place(monkeypatch):
    """A comb whose teeth are 5 to 100 m wide, with rounded ends."""
    bars = [f"LINESTRING({200 * n} 0, {200 * n} 900)" for n in range(20)]
    teeth = [QgsGeometry.fromWkt(wkt).buffer(2.5 * (n + 1), 64) for n, wkt in enumerate(bars)]
    spine = QgsGeometry.fromWkt("POLYGON((-100 -300, 3900 -300, 3900 0, -100 0, -100 -300))")
    corridors = Corridors([QgsGeometry.unaryUnion([spine, *teeth])], [""])
    assert corridors.parts[0].constGet().nCoordinates() > threads.LARGE
    kinds = {50.0: frozenset(Klasse), 100.0: ACROSS, 30.0: frozenset(Klasse)}

    def found():
        return [
            (
                width,
                [bytes(piece.asWkb()) for piece in places.ground],
                sorted(map(measures, places.bottlenecks)),
            )
            for width, places in narrow_places(corridors, kinds, QgsProcessingFeedback(False))
        ]

    beside = found()
    assert [len(bottlenecks) for _, _, bottlenecks in beside] == [9, 0, 5]
    monkeypatch.setattr(threads, "LARGE", 10**9)
    assert beside == found()


def measures(bottleneck):
    return bottleneck.klasse, bottleneck.width_m, bottleneck.length_m, bytes(bottleneck.throat.asWkb())


def test_threads_change_no_connected_part(monkeypatch):
    """Rounded plates in pairs, of which every second pair is a slit apart."""
    plates = [LARGE.buffer(0, 1) for _ in range(12)]
    for number, plate in enumerate(plates):
        plate.translate(20.05 * number + 5 * (number // 2), 0)
    shapes = sorted(bytes(part.asWkb()) for part in connected_parts(plates, 0.1))
    assert len(shapes) == 6
    monkeypatch.setattr(threads, "LARGE", 10**9)
    assert shapes == sorted(bytes(part.asWkb()) for part in connected_parts(plates, 0.1))
