"""Fixed groups of buildings: corners in metres round the site's origin, and what is recorded."""

from __future__ import annotations

import numpy as np

from . import codes

Shape = tuple[list[tuple[float, float]], int, int, int, int]  # corners, function, roof, storeys, year


def rectangle(u: float, v: float, wide: float, deep: float) -> list[tuple[float, float]]:
    """Return the corners of a rectangle from its lower left corner."""
    return [(u, v), (u + wide, v), (u + wide, v + deep), (u, v + deep)]


def ring_of(u: float, v: float, radius: float, corners: int = 16) -> list[tuple[float, float]]:
    """Return a regular polygon."""
    angles = np.linspace(0, 2 * np.pi, corners, endpoint=False)
    return [(u + radius * np.cos(a), v + radius * np.sin(a)) for a in angles]


# fmt: off
CHURCH: list[Shape] = [
    ([(-14, -7), (6, -7), (6, -11), (14, -11), (14, -7), (20, -6), (24, -2.5), (24, 2.5), (20, 6),
     (14, 7), (14, 11), (6, 11), (6, 7), (-14, 7)], 3041, codes.GABLE, 1, 1487),
    (rectangle(-22, -4.2, 8, 8.4), 3041, codes.MIXED, 4, 1512),
]
SCHOOL: list[Shape] = [
    ([(-48, -12), (30, -12), (30, 0), (18, 0), (18, 26), (6, 26), (6, 0), (-22, 0), (-22, 26),
     (-34, 26), (-34, 0), (-48, 0)], 3021, codes.FLAT, 3, 1969),
    (rectangle(38, -10, 20, 32), 3211, codes.FLAT, 1, 1971),
]
PRIMARY: list[Shape] = [
    ([(-30, -8), (24, -8), (24, 4), (-10, 4), (-10, 20), (-30, 20)], 3021, codes.HIP, 2, 1912),
    (rectangle(-2, 14, 26, 15), 3211, codes.FLAT, 1, 1968),
    (rectangle(30, -30, 22, 12), 3065, codes.FLAT, 1, 1994),
]
HOSPITAL: list[Shape] = [
    ([(-62, -10), (62, -10), (62, 4), (44, 4), (44, 48), (30, 48), (30, 4), (-8, 4), (-8, 38),
     (-22, 38), (-22, 4), (-62, 4)], 3051, codes.FLAT, 5, 1967),
    (rectangle(-60, -50, 46, 24), 3051, codes.FLAT, 3, 1988),
    (rectangle(20, -48, 32, 16), 1022, codes.FLAT, 4, 2009),
    (rectangle(-60, 30, 26, 40), 2461, codes.FLAT, 3, 1992),
]
STATION: list[Shape] = [
    ([(-38, -7), (-12, -7), (-12, -10), (12, -10), (12, -7), (38, -7), (38, 7),
     (-38, 7)], 3091, codes.HIP, 2, 1907),
]
SEWAGE: list[Shape] = [
    (rectangle(-60, -20, 30, 14), 2611, codes.FLAT, 2, 1974),
    (ring_of(-10, 0, 13), 2611, codes.CONE, 2, 1975),
    (ring_of(24, 0, 13), 2611, codes.CONE, 2, 1975),
    (rectangle(45, -18, 14, 30), 2611, codes.FLAT, 1, 1998),
]
CEMETERY: list[Shape] = [
    (rectangle(-8, -10, 16, 22), 3081, codes.GABLE, 1, 1926),
    (rectangle(20, -14, 12, 8), 2723, codes.GABLE, 1, 1954),
]
SPORTS: list[Shape] = [
    (rectangle(-50, -40, 34, 12), 3212, codes.FLAT, 1, 1978),
    (rectangle(40, -30, 44, 26), 3211, codes.BARREL, 1, 1996),
]
COLLIERY: list[Shape] = [
    (rectangle(-40, -12, 26, 22), 2171, codes.FLAT, 4, 1931),
    (rectangle(-8, -14, 86, 24), 2111, codes.GABLE, 2, 1909),
    (rectangle(-130, -16, 62, 26), 2112, codes.GABLE, 2, 1908),
    (rectangle(-130, 30, 48, 18), 2112, codes.GABLE, 2, 1924),
    (rectangle(-60, 40, 20, 20), 2171, codes.TENT, 4, 1928),
    (rectangle(0, 34, 54, 20), 2120, codes.SHED_ROOF, 1, 1921),
    (rectangle(80, 40, 36, 60), 2143, codes.SHED_ROOF, 1, 1938),
    (rectangle(-150, -90, 44, 16), 3034, codes.HIP, 2, 1911),
    (rectangle(-80, -100, 70, 34), 2143, codes.FLAT, 1, 2019),
    (rectangle(30, -100, 58, 40), 2143, codes.FLAT, 1, 2021),
]
DEMOLISHED_COLLIERY: list[Shape] = [
    (rectangle(110, -40, 50, 60), 2111, codes.FLAT, 3, 1936),
    (rectangle(-10, -60, 30, 14), 2120, codes.GABLE, 1, 1929),
    (ring_of(150, 70, 14), 2111, codes.FLAT, 6, 1952),
]
FARM: list[Shape] = [
    (rectangle(-24, -18, 13, 20), 1220, codes.HALF_HIP, 2, 1868),
    (rectangle(-4, -19, 30, 12), 2724, codes.GABLE, 1, 1954),
    (rectangle(12, -2, 13, 22), 2721, codes.GABLE, 1, 1902),
    (rectangle(-20, 10, 22, 11), 2721, codes.GABLE, 1, 1971),
]
VILLAGE_CHURCH: list[Shape] = [
    ([(-9, -5), (9, -5), (12, -2), (12, 2), (9, 5), (-9, 5)], 3041, codes.GABLE, 1, 1752),
    (rectangle(-15, -3, 6, 6), 3041, codes.TENT, 3, 1752),
]
STORE: list[Shape] = [
    ([(-37, -34), (26, -34), (26, -8), (37, -8), (37, 32), (-37, 32)], 2051, codes.FLAT, 4, 1966),
]
FREIGHT: list[Shape] = [
    (rectangle(-120, -22, 62, 14), 2424, codes.GABLE, 1, 1911),
    (rectangle(120, -20, 44, 22), 2422, codes.BARREL, 1, 1909),
    (rectangle(30, 18, 12, 6), 2423, codes.HIP, 2, 1934),
]
SITES: dict[str, list[Shape]] = {
    "dorfkirche": VILLAGE_CHURCH,
    "kaufhaus": STORE,
    "gueterbahnhof": FREIGHT,
    "kirche": CHURCH,
    "krankenhaus": HOSPITAL,
    "bahnhof": STATION,
    "klaerwerk": SEWAGE,
    "friedhof": CEMETERY,
    "sport": SPORTS,
    "zeche": COLLIERY,
    "hof": FARM,
}
