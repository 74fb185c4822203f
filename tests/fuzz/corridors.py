"""A process that looks for bottlenecks in corridors that nobody would draw, one kind per line on its input.

It says in a line of JSON what came of each, as ``child.py`` does; ``what`` tells the narrowest width, or how
many seconds after a cancel the run ended.
"""

from __future__ import annotations

import json
import math
import sys
import time
from collections.abc import Callable, Sequence
from itertools import count, islice
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))

from qgis.core import Qgis, QgsGeometry, QgsProcessingContext, QgsVectorLayer

from tests.fuzz.child import serve
from tests.fuzz.geometries import shape
from tests.layer_factory import box, geometry, layer, polygon
from tests.runs import Log

GARBAGE = 100
CANCEL_AFTER_S = 2.0


class Impatient(Log):
    """Says that the user cancelled some seconds after the first question."""

    def __init__(self) -> None:
        super().__init__()
        self.cancelled_at = math.inf

    def isCanceled(self) -> bool:
        self.cancelled_at = min(self.cancelled_at, time.monotonic() + CANCEL_AFTER_S)
        return time.monotonic() >= self.cancelled_at


def needle(base: str) -> list[str]:
    """Return a corridor of 300 m × 100 m with a needle of 100 m, so many metres wide at its base."""
    width = float(base)
    ring = [(0, 0), (300, 0), (300, 100), (150 + width, 100), (150, 200), (150, 100), (0, 100)]
    return [polygon(ring)]


def hair(width: str) -> list[str]:
    """Return a corridor of 5 km, so many metres wide."""
    return [box(0, 0, 5000, float(width))]


def crossing(seed: str) -> list[str]:
    """Return a polygon of 19 corners that crosses itself."""
    rng = Random(seed)
    return [polygon([(rng.uniform(0, 1000), rng.uniform(0, 1000)) for _ in range(19)])]


def garbage(seed: str) -> list[QgsGeometry]:
    """Return shapes of all kinds, none of them so far away that no CRS would hold all."""
    rng, around = Random(seed), geometry(box(-1e5, -1e5, 2e5, 2e5)).boundingBox()
    made = (shape(rng, Qgis.GeometryType.Polygon) for _ in count())
    return list(islice((one for one in made if around.contains(one.boundingBox())), GARBAGE))


KINDS: dict[str, Callable[[str], Sequence[str | QgsGeometry]]] = {
    "needle": needle,
    "hair": hair,
    "crossing": crossing,
    "garbage": garbage,
}


def measure(line: str, folder: Path) -> tuple[str, str]:
    """Run HZ 13 on ``kind argument name=value ...``; ``cancel`` among them cancels it on the way."""
    kind, argument, *more = line.split()
    log = Impatient() if "cancel" in more else Log()
    given = dict(word.split("=") for word in more if "=" in word)
    corridors = layer(KINDS[kind](argument), wkb="MultiPolygon", name="zuege")
    outputs = {name: str(folder / f"{name}.gpkg") for name in ("GAPS", "BOTTLENECKS", "SUMMARY")}
    _, done = _algorithm().run({"CORRIDORS": corridors} | outputs | given, QgsProcessingContext(), log)
    if "cancel" in more:
        return "done", json.dumps(time.monotonic() - log.cancelled_at)
    if not done:
        return "refused", log.errors[-1]
    found = QgsVectorLayer(outputs["BOTTLENECKS"], "x", "ogr").getFeatures()
    return "done", json.dumps(min((feature["breite_min_m"] for feature in found), default=None))


def _algorithm() -> object:
    from tests.qgis.every.every_algorithm import BY_ID

    return BY_ID["hz13_corridor_gaps"].create()


if __name__ == "__main__":
    serve(measure)
