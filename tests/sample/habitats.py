"""Mapped habitat types (Lebensraumtypen) with their grade; in Hohenmuster planted rectangles only."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from .geometry import Geometry, parts, polygon, random_for, rectangle
from .gpkg import INTEGER, REAL, TEXT, Layer, Row
from .model import Case, same_place
from .nature import HOHENMUSTER, wood
from .town import Town

STRIP, LEAN = 130.0, 60.0  # metres, width of a drawn stand, and how far its top leans to the east
MAPPED_SHARE, SHARED_SHARE = 0.75, 0.15  # of stands that are mapped, and that are habitat in part only
SMALLEST = 2_500.0  # m²
# Types that grow in each wood, and how often each grade is given there.
WOODS = {
    "Musterwald": (("9110", "9110", "9160"), (0.2, 0.45, 0.3)),
    "Nordwald": (("9190", "9110"), (0.1, 0.45, 0.4)),
    "Kanalwald": (("9130", "9160"), (0.1, 0.55, 0.3)),
    "Bruchwald": (("91E0", "91D0"), (0.3, 0.4, 0.25)),
    "Nordbusch": (("9160", "9110"), (0.25, 0.4, 0.3)),
}
# Planted in Hohenmuster: key, type, grade, share in percent; west, east, south, north.
PLANTED = (
    ("LRT-9001", "9110", "A", None, (5080, 5280, 340, 440)),
    ("LRT-9002", "9110", "C", None, (5300, 5400, 340, 420)),
    ("LRT-9003", "9190", "B", 60.0, (5120, 5220, 450, 500)),
    ("LRT-9004", "9130", None, None, (5300, 5350, 430, 480)),
    ("LRT-9005", "91E0", "A", 100.0, (5600, 5700, 2720, 2760)),
    ("LRT-9006", "91E0", "C", 100.0, (5650, 5700, 2720, 2760)),
    ("LRT-9007", "9110", "E", None, (5420, 5470, 340, 390)),
    ("LRT-9008", "6510", "B", None, (5280, 5380, 2720, 2820)),
)


def habitat_rows(town: Town) -> list[Row]:
    """Return the stands drawn in the woods and the planted ones."""
    rows: list[Row] = []
    for name, (types, odds) in WOODS.items():
        area = wood(name).Intersection(town.region)
        rng = random_for("habitat types " + name)
        for piece in _stands(area):
            # Draws come in the same number for each stand, whether it is mapped or not.
            mapped, shared = rng.random(2)
            kind, grade = rng.choice(types), rng.choice([*"ABC", None], p=[*odds, 1 - sum(odds)])
            share, year = float(5 * rng.integers(8, 18)), int(rng.integers(2009, 2024))
            if mapped < MAPPED_SHARE:
                key = f"LRT-{len(rows) + 1:04d}"
                rows.append((piece, (key, str(kind), grade, share if shared < SHARED_SHARE else 100.0, year)))
    planted = (
        (rectangle(*sides), (key, kind, grade, share, 2022)) for key, kind, grade, share, sides in PLANTED
    )
    return [*rows, *planted]


def _stands(area: Geometry) -> Iterator[Geometry]:
    """Yield ``area`` in leaning strips."""
    west, east, south, north = area.GetEnvelope()
    for start in np.arange(west - LEAN, east, STRIP):
        strip = [(start, south), (start + STRIP, south), (start + STRIP + LEAN, north), (start + LEAN, north)]
        yield from parts(polygon(strip).Intersection(area), SMALLEST)


def cases() -> list[list[Case]]:
    """Return the planted cases: hectares in Hohenmuster; where grades conflict the worse one holds."""
    size = {key: (e - w) * (n - s) / 10_000 for key, _, _, _, (w, e, s, n) in PLANTED}
    alluvial = size["LRT-9005"] - size["LRT-9006"]  # what grade A keeps
    good = size["LRT-9001"] + 0.6 * size["LRT-9003"] + alluvial
    graded = good + size["LRT-9002"] + size["LRT-9006"]
    beech = size["LRT-9001"] + size["LRT-9002"]
    return [
        same_place(
            "gemeinden", HOHENMUSTER,
            "Waldlebensraumtypen mit Anteil, ohne Grad und mit widersprüchlichen Graden",
            "Forest habitat types with a share, without a grade and with conflicting grades",
            ("ab_ha", good, 0.0001), ("bewertet_ha", graded, 0.0001),
            ("lrt_ha", graded + size["LRT-9004"], 0.0001), ("anteil_ab_proz", 100 * good / graded, 0.001),
            ("lrt_9110_proz", 100 * size["LRT-9001"] / beech, 0.001),
            ("lrt_91e0_proz", 100 * alluvial / (alluvial + size["LRT-9006"]), 0.001),
        ),
    ]  # fmt: skip


LAYERS = (
    (
        Layer(
            "lebensraumtypen",
            "Lebensraumtypen",
            "Kartierte Lebensraumtypen mit Erhaltungsgrad; ohne Wert heißt: nicht bewertet",
            "Polygon",
            (
                ("kennung", TEXT),
                ("lrt", TEXT),
                ("erhaltungsgrad", TEXT),
                ("anteil_proz", REAL),
                ("jahr", INTEGER),
            ),
        ),
        habitat_rows,
    ),
)
