"""Peat soils with the depth to the water table; in Hohenmuster planted rectangles, each on one use."""

from __future__ import annotations

from .earlier import HOHENMUSTER
from .geometry import parts, polygon, rectangle, spline
from .gpkg import REAL, TEXT, Layer, Row
from .model import Case, same_place
from .nature import wood
from .plan import Path
from .town import Town

# Key, type, depth to the water table in cm, class of use; west, east, south, north.
PLANTED = (
    ("BK-9001", "Niedermoor", 60.0, "acker", (5470, 5520, 3900, 3960)),
    ("BK-9002", "Niedermoor", 60.0, "acker", (5520, 5570, 3900, 3960)),  # drawn in two pieces
    ("BK-9003", "Niedermoor", 20.0, "gruenland_flach", (5550, 5650, 2900, 2960)),
    ("BK-9004", "Anmoorgley", 50.0, "gruenland_tief", (5270, 5370, 3140, 3200)),
    ("BK-9005", "Niedermoor", 30.0, "wald", (5100, 5180, 320, 370)),
)
FACTORS = {"acker": 36.45, "gruenland_tief": 28.22, "gruenland_flach": 16.42, "wald": 12.93}
"""Emission in t CO2e per ha and year by use [P: van Giersbergen et al. 2025, Tab. 2]."""

# fmt: off
DRAWN: tuple[tuple[str, str | None, float | None, Path], ...] = (
    ("BK-0002", "Anmoorgley", 45.0, (
        (3420, 2700), (3620, 2760), (3900, 2790), (4140, 2760), (4180, 2860), (3980, 2890), (3700, 2860),
        (3460, 2800))),
    ("BK-0003", "Moorgley", 35.0, (
        (560, 2500), (700, 2520), (840, 2540), (880, 2480), (760, 2450), (620, 2440))),
    ("BK-0004", "Niedermoor", None, (
        (4350, 2980), (4420, 3060), (4540, 3090), (4660, 3060), (4640, 3010), (4500, 2990))),
    ("BK-0005", "Gley", 70.0, (
        (1400, 2230), (1700, 2330), (2000, 2390), (2300, 2450), (2320, 2540), (2000, 2500), (1700, 2460),
        (1420, 2360))),
    ("BK-0006", None, None, ((1300, 3600), (1420, 3620), (1400, 3700), (1310, 3690))),
)
# fmt: on


def soil_rows(town: Town) -> list[Row]:
    """Return the soils: those of the Bruchwald and the drawn ones before the planted ones."""
    found = [("BK-0001", "Niedermoor", 25.0, wood("Bruchwald"))]
    found += [(key, kind, depth, polygon(spline(path, 30, closed=True))) for key, kind, depth, path in DRAWN]
    rows: list[Row] = [
        (piece, (key, kind, depth))
        for key, kind, depth, area in found
        for piece in parts(area.Intersection(town.region), 500)
    ]
    return rows + [(rectangle(*sides), (key, kind, depth)) for key, kind, depth, _, sides in PLANTED]


def cases() -> list[list[Case]]:
    """Return area, emission and drained share of the peat soils in Hohenmuster."""
    rows = [(kind, use, (e - w) * (n - s) / 10_000) for _, kind, _, use, (w, e, s, n) in PLANTED]
    whole = sum(size for _, _, size in rows)
    drained = sum(size for _, use, size in rows if use != "wald")
    emission = sum(size * FACTORS[use] for _, use, size in rows)
    return [
        same_place(
            "moorboeden", HOHENMUSTER,
            "Moorböden unter Acker, Grünland und Wald, einer in zwei Stücken gezeichnet",
            "Peat soils under arable land, grassland and forest, one drawn in two pieces",
            ("moor_ha", whole, 0.0001), ("entwaessert_proz", 100 * drained / whole, 0.001),
            ("emission_t_a", emission, 0.001),
        ),
    ]  # fmt: skip


LAYERS = (
    (
        Layer(
            "moorboeden",
            "Moorböden",
            "Moore und verwandte Böden mit mittlerem Grundwasserflurabstand",
            "Polygon",
            (("kennung", TEXT), ("bodentyp", TEXT), ("flurabstand_cm", REAL)),
        ),
        soil_rows,
    ),
)
