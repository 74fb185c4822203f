"""Regional green corridors (Grünzüge) with planted bottlenecks and one planted interruption.

Outlines are drawn in plan metres: curved runs through hand-drawn points, and between them straight runs
that make the planted cases. Every expected width and length is a difference of two of these coordinates.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .coverage import share_vertices
from .geometry import Geometry, Points, corridor, left, lengths, parts, polygon, spline, tangents, union
from .plan import Path
from .water import filleted, waves

STEP = 26.0  # metres between the vertices of a curved run
SWING, CALM = 24.0, 120.0  # metres, how far a curved run swings, and how far from its ends it swings fully
NECK = 40.0  # metres, width of the neck at the Südring
CANAL_NECK = 80.0  # metres, width of the neck across the canal
NECK_LENGTH = 100.0  # metres, length of both
LOOP = 30.0  # metres, width of the strip round the sewage works
GAP = 120.0  # metres, across the railway and Bachstraße
SHORT_WIDTH, LONG_WIDTH = 50.0, 100.0  # metres, the widths below which the planted necks are bottlenecks

BACH, AUE, HALDE = "Grünzug Musterbach", "Grünzug Musteraue", "Grünzug Halde"


@dataclass(frozen=True)
class Run:
    """A stretch of an outline: drawn through ``path``, curved or straight from point to point."""

    path: Path
    curved: bool = True


@dataclass(frozen=True)
class Part:
    """One feature of the layer."""

    name: str
    number: int
    part: str
    area: Geometry


Case = tuple[str, str, float | str, float, str, str]  # key, quantity, value, tolerance, German, English

# --- outlines, clockwise -------------------------------------------------------------------------

# The interruption: from the Südfriedhof across the goods yard to the park, in the direction (3, 4, 5).
ACROSS = np.array([0.6, 0.8])
SOUTH_BANK = np.array([3030.0, 1590.0])
NORTH_BANK = SOUTH_BANK + GAP * ACROSS


def _nose(tip: Points, forward: int) -> Path:
    """Return a blunt tip that points along ``forward * ACROSS``, clockwise."""
    side, back = 12 * forward * np.array([-ACROSS[1], ACROSS[0]]), 2 * forward * ACROSS
    first, last = tip + side - back, tip - side - back
    return tuple((float(x), float(y)) for x, y in (first, tip, last))


# fmt: off
# The neck at the Südring, x from WEST to WEST + NECK.
WEST, FOOT = 3490.0, 960.0
HEAD = FOOT + NECK_LENGTH

BACH_SOUTH = (
    Run(((WEST + NECK, HEAD), (WEST + NECK, FOOT), (WEST + NECK + 40, FOOT)), curved=False),
    Run((
        (3680, 925), (3765, 830), (3810, 715), (3905, 610), (3965, 470), (3900, 330), (3780, 255),
        (3630, 205), (3480, 195), (3330, 235), (3185, 290), (3055, 400), (2995, 520), (3015, 640),
        (3055, 760), (3150, 865), (3290, 930),
    )),
    Run(((WEST - 45, FOOT), (WEST, FOOT), (WEST, HEAD), (WEST - 40, HEAD)), curved=False),
    Run((
        (3415, 1100), (3375, 1190), (3295, 1240), (3200, 1245), (3135, 1295), (3115, 1375), (3055, 1408),
        (2960, 1410), (2885, 1430), (2862, 1500), (2872, 1575), (2945, 1600),
    )),
    Run(_nose(SOUTH_BANK, 1), curved=False),
    Run((
        (3076, 1547), (3140, 1526), (3230, 1530), (3330, 1545), (3440, 1548), (3550, 1572), (3640, 1560),
        (3700, 1490), (3770, 1400), (3835, 1285), (3850, 1165), (3785, 1095), (3680, 1068),
    )),
    Run(((WEST + NECK + 40, HEAD),), curved=False),
)

BACH_NORTH = (
    Run(_nose(NORTH_BANK, -1), curved=False),
    Run((
        (3085, 1740), (3092, 1810), (3106, 1900), (3112, 2000), (3102, 2120), (3088, 2215), (3050, 2300),
        (2960, 2325), (2870, 2338), (2818, 2382), (2826, 2440), (2862, 2492), (2915, 2530), (3000, 2540),
        (3100, 2532), (3200, 2540), (3262, 2500), (3285, 2400), (3315, 2310), (3375, 2235), (3398, 2150),
        (3408, 2000), (3398, 1880), (3365, 1790), (3290, 1735), (3190, 1713),
    )),
)

MUSTERAUE: Path = (
    (220, 2500), (260, 2640), (380, 2705), (520, 2725), (620, 2795), (760, 2850), (900, 2885), (1050, 2865),
    (1150, 2795), (1240, 2735), (1340, 2712), (1450, 2704), (1560, 2708), (1650, 2692), (1750, 2700),
    (1870, 2738), (2000, 2780), (2110, 2796), (2240, 2782), (2370, 2762), (2440, 2700), (2456, 2600),
    (2430, 2500), (2385, 2442), (2290, 2428), (2190, 2402), (2080, 2372), (1950, 2362), (1820, 2330),
    (1700, 2308), (1580, 2285), (1460, 2215), (1350, 2195), (1250, 2228), (1150, 2285), (1065, 2355),
    (985, 2425), (900, 2472), (800, 2476), (705, 2462), (635, 2420), (560, 2350), (460, 2305), (340, 2312),
    (255, 2380),
)
# The strip round the sewage works; both ends lie inside the Musteraue.
LOOP_AXIS: Path = ((1364, 2640), (1364, 2935), (1625, 2935), (1625, 2640))
LOOP_RADIUS = 75.0

CANAL_WEST, CANAL_FOOT = 5085.0, 3730.0
CANAL_EAST, CANAL_HEAD = CANAL_WEST + CANAL_NECK, CANAL_FOOT + NECK_LENGTH

HALDE_OUTLINE = (
    Run(((CANAL_WEST, CANAL_FOOT), (CANAL_WEST, CANAL_HEAD), (CANAL_WEST - 45, CANAL_HEAD)), curved=False),
    Run((
        (4950, 3885), (4800, 3935), (4670, 3985), (4530, 4020), (4425, 4085), (4340, 4165), (4262, 4265),
        (4225, 4390), (4150, 4490), (4105, 4580), (4150, 4650), (4270, 4682), (4420, 4690), (4600, 4705),
        (4750, 4680), (4870, 4590), (4980, 4490), (5130, 4450), (5270, 4400), (5345, 4300), (5345, 4160),
        (5310, 4030), (5295, 3930), (5260, 3860),
    )),
    Run((
        (CANAL_EAST + 45, CANAL_HEAD), (CANAL_EAST, CANAL_HEAD), (CANAL_EAST, CANAL_FOOT),
        (CANAL_EAST + 45, CANAL_FOOT),
    ), curved=False),
    Run((
        (5330, 3712), (5460, 3700), (5610, 3690), (5725, 3635), (5790, 3540), (5765, 3435), (5650, 3370),
        (5500, 3335), (5385, 3270), (5270, 3230), (5150, 3235), (5070, 3310), (5045, 3430), (5040, 3560),
        (5036, 3670),
    )),
    Run(((CANAL_WEST - 30, CANAL_FOOT),), curved=False),
)
# fmt: on


def _outline(runs: tuple[Run, ...]) -> Geometry:
    """Return the area inside a closed chain of runs."""
    chain = []
    for number, run in enumerate(runs):
        if run.curved:
            ends = runs[number - 1].path[-1], runs[(number + 1) % len(runs)].path[0]
            chain.append(_uneven((ends[0], *run.path, ends[1]))[1:-1])
        else:
            chain.append(np.array(run.path, dtype=float))
    return polygon(np.vstack(chain))


def _uneven(path: Path) -> Points:
    """Return the curve through ``path``, swinging to either side, but not towards its ends."""
    curve = spline(path, STEP)
    along = lengths(curve)
    inwards = np.clip(np.minimum(along, along[-1] - along) / CALM, 0, 1)
    swing = SWING * inwards * waves("corridor {:.0f} {:.0f}".format(*path[0]), along, 130, 520)
    return curve + left(tangents(curve)) * swing[:, None]


def _aue() -> Geometry:
    meadows = polygon(_uneven((*MUSTERAUE, MUSTERAUE[0])))
    return union([meadows, corridor(filleted(LOOP_AXIS, LOOP_RADIUS), LOOP)])


def green_corridors(municipalities: list[tuple[str, str, Geometry]]) -> list[Part]:
    """Return the parts of all corridors; the Musteraue is delivered in two, cut at the border."""
    aue = _aue()
    pieces = [(name, piece) for _, name, area in municipalities for piece in parts(aue.Intersection(area))]
    shared = share_vertices([piece for _, piece in pieces])
    return [
        Part(BACH, 1, "Süd", _outline(BACH_SOUTH)),
        Part(BACH, 1, "Nord", _outline(BACH_NORTH)),
        *(
            Part(AUE, 2, name, area)
            for (name, _), areas in zip(pieces, shared, strict=True)
            for area in areas
        ),
        Part(HALDE, 3, "Halde und Ostbusch", _outline(HALDE_OUTLINE)),
    ]


# --- expected values -----------------------------------------------------------------------------


def _mouths(width: float, smallest: float) -> float:
    """Return how far discs of diameter ``smallest`` reach into both ends of a neck, in metres."""
    radius = smallest / 2
    return float(2 * (radius - np.sqrt(radius**2 - (width / 2) ** 2)))


def cases() -> list[list[Case]]:
    """Return the planted cases: one list per case, in it one entry per quantity."""
    neck, canal = _mouths(NECK, SHORT_WIDTH), _mouths(CANAL_NECK, LONG_WIDTH)
    return [
        _same(BACH, "Engstelle am Südring: Hals von 40 × 100 m zwischen zwei breiten Flächen",
              "Bottleneck at the Südring: a neck of 40 × 100 m between two wide areas",
              ("klasse", "bridge", 0), ("breite_min_m", NECK, 0.1), ("laenge_m", NECK_LENGTH, neck),
              ("n_bridge_50", 1, 0), ("n_bridge_100", 1, 0), ("n_bridge_200", 1, 0)),
        _same(HALDE, "Hals von 80 × 100 m über den Kanal: Engstelle erst unter 100 m, nicht unter 50 m",
              "Neck of 80 × 100 m across the canal: a bottleneck below 100 m only, not below 50 m",
              ("klasse", "bridge", 0), ("breite_min_m", CANAL_NECK, 0.1), ("laenge_m", NECK_LENGTH, canal),
              ("n_bridge_50", 0, 0), ("n_bridge_100", 1, 0), ("n_bridge_200", 1, 0)),
        _same(AUE, "Streifen von 30 m um das Klärwerk, der zur selben Fläche zurückkehrt: Schleife",
              "Strip of 30 m round the sewage works that returns to the same area: a loop",
              ("klasse", "loop", 0), ("breite_min_m", LOOP, 0.1), ("n_loop_50", 1, 0), ("n_loop_100", 1, 0),
              ("n_bridge_50", 0, 0), ("n_bridge_100", 0, 0), ("n_bridge_200", 0, 0)),
        _same(BACH, "Unterbrechung von 120 m durch Bachstraße, Güterbahnhof und Hauptstrecke",
              "Interruption of 120 m by Bachstraße, the goods yard and the main line",
              ("n_unterbrechung", 1, 0), ("unterbrechung_m", GAP, 0.001),
              ("hindernisse", "bahn, strassen", 0), ("unterbrechung_ags", "05999001", 0)),
        _same(AUE, "In zwei Flächen geliefert, genau an der Gemeindegrenze geschnitten: keine Unterbrechung",
              "Delivered as two areas, cut exactly at the municipal border: not an interruption",
              ("n_unterbrechung", 0, 0)),
        _same(HALDE, "Über die Gemeindegrenze in einer Fläche: keine Unterbrechung",
              "Across the municipal border in one area: not an interruption",
              ("n_unterbrechung", 0, 0)),
        _same(f"{BACH} / {AUE}", "Zwei Grünzüge, keine 500 m voneinander: zwischen ihnen keine Unterbrechung",
              "Two corridors less than 500 m apart: no interruption between them",
              ("n_unterbrechung", 0, 0)),
        *(
            _same(name, f"Fläche, {name}", f"Area, {name}", ("flaeche_m2", area, 1.0))
            for name, area in _areas().items()
        ),
    ]  # fmt: skip


def _same(key: str, german: str, english: str, *quantities: tuple[str, float | str, float]) -> list[Case]:
    return [(key, name, value, tolerance, german, english) for name, value, tolerance in quantities]


def _areas() -> dict[str, float]:
    """Return the area of each corridor in m², as drawn, before any cut."""
    south, north = _outline(BACH_SOUTH), _outline(BACH_NORTH)
    return {
        BACH: south.GetArea() + north.GetArea(),
        AUE: _aue().GetArea(),
        HALDE: _outline(HALDE_OUTLINE).GetArea(),
    }
