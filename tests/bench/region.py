"""The seeded layers of a region, or of a share of it that is as dense."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from pathlib import Path

import numpy as np
from inputs import ORIGIN, SEED, line_wkb, point_wkb, polygon_wkb, write, write_roofs
from numpy.typing import NDArray

Array = NDArray[np.floating]

REGION_KM2 = 4_437.0
MUNICIPALITIES = 53
LAND_USE = 400_000
SECTIONS = 20_000
SITES = 4_000
SITE_POINTS = 2_000
HABITATS = 20_000
PEAT_SOILS = 2_000
BUILDINGS = 2_000_000
HEDGES = 40_000
TREES = 20_000
RESIDENTS = 200_000
"""Inhabited cells of the census."""
CORRIDOR_CELLS, NETWORK_CELLS, PARK_CELLS = 4_400, 27_000, 1_100
"""Cells of which those that are green corridor, habitat network or regional park are drawn."""
FOREST, WOODLAND, FARMLAND, SETTLEMENT = "43002", "43003", "43001", "41001"
NAMES = {
    FOREST: "AX_Wald",
    WOODLAND: "AX_Gehoelz",
    FARMLAND: "AX_Landwirtschaft",
    SETTLEMENT: "AX_Wohnbauflaeche",
    "42001": "AX_Strassenverkehr",
    "44006": "AX_StehendesGewaesser",
}
ARABLE, GRASSLAND = "1010", "1020"
FOREST_SHARE, CONVERTED, DOUBLED = 0.18, 0.01, 0.005
EARLIER = (0.32, -0.24)
"""How far the earlier date lies beside the later one, in metres: 0.4 m."""
ZONES = ("Verdichtungszone", "Übergangszone", "Außenzone")


def write_region(folder: Path, share: float) -> dict[str, float]:
    """Write all layers of a ``share`` of the region into ``folder``; return what is known of them by hand.

    ``wald`` and ``schlecht`` are the shares of forest in the ground and of bad sections in the length of
    those with a class, in percent.
    """
    folder.mkdir()
    side = float(round(1_000 * np.sqrt(share * REGION_KM2)))
    write_municipalities(folder / "gemeinden.gpkg", max(2, round(share * MUNICIPALITIES)), side)
    known = {"wald": write_land_use(folder, round(share * LAND_USE), side)}
    known["schlecht"] = write_sections(folder / "gewaesser.gpkg", round(share * SECTIONS), side)
    write_sites(folder, share, side)
    write_habitats(folder / "lebensraumtypen.gpkg", round(share * HABITATS), side)
    write_soils(folder / "boden.gpkg", round(share * PEAT_SOILS), side)
    write_elements(folder, share, side)
    write_greens(folder, share, side)
    write_residents(folder / "zensus.gpkg", round(share * RESIDENTS), side)
    count, rng = round(share * BUILDINGS), np.random.default_rng(SEED + 20)
    stock = {"baujahr": rng.integers(1890, 2025, count), "begruent": rng.integers(0, 2, count)}
    write_roofs(folder / "gebaeude.gpkg", count, side, columns=stock)
    return known


def write_municipalities(path: Path, count: int, side: float, seed: int = SEED + 10) -> Path:
    """Write municipalities in rows that share their bent borders vertex by vertex, and fill a square."""
    rng = np.random.default_rng(seed)
    rows = round(np.sqrt(count))
    columns = [count // rows + (row < count % rows) for row in range(rows)]
    levels = side * np.cumsum([0, *columns]) / count
    steps = np.linspace(0, side, 80 * max(columns) + 1)
    lines = [
        np.stack([steps, level + (0 < row < rows) * _bends(steps, side / rows, rng)], axis=1)
        for row, level in enumerate(levels)
    ]
    rings = []
    for below, above, many in zip(lines[:-1], lines[1:], columns, strict=True):
        at = np.linspace(0, len(steps) - 1, many + 1)
        at[1:-1] += rng.uniform(-10, 10, many - 1)
        ends = at.round().astype(int)
        sides = [_between(below[k], above[k], 0 < k < len(steps) - 1, side / rows, rng) for k in ends]
        for left, right, west, east in zip(ends, ends[1:], sides, sides[1:], strict=False):
            south, north = below[left : right + 1], above[left : right + 1]
            rings.append(np.vstack([south, east, north[::-1], west[::-1], south[:1]]).round(3) + ORIGIN)
    columns_of = {
        "gemeinde": [f"Gemeinde {number}" for number in range(count)],
        "ags": [f"05999{number:03d}" for number in range(count)],
        "zone": [ZONES[number % len(ZONES)] for number in range(count)],
    }
    return write(path, "gemeinden", chain.from_iterable(polygon_wkb(r[None]) for r in rings), columns_of)


def _bends(along: Array, length: float, rng: np.random.Generator) -> Array:
    """Return how far a line goes aside, in bends of ``length`` and less."""
    phases, parts = rng.uniform(0, 2 * np.pi, 4), 2.0 ** np.arange(4)
    waves = np.sin(2 * np.pi * along[:, None] * parts / length + phases) / parts
    return 0.02 * length * waves.sum(axis=1) + rng.uniform(-0.001, 0.001, len(along)) * length


def _between(start: Array, end: Array, bent: bool, length: float, rng: np.random.Generator) -> Array:
    """Return the vertices of a border from ``start`` to ``end``, without both."""
    share = np.linspace(0, 1, 82)[1:-1]
    line = start + share[:, None] * (end - start)
    if bent:
        line[:, 0] += np.minimum(1, 5 * np.minimum(share, 1 - share)) * _bends(line[:, 1], length, rng)
    return line


def cells(count: int, side: float, between: int, rng: np.random.Generator) -> tuple[Array, int]:
    """Return closed rings of a jittered grid of about ``count`` cells that share bent borders.

    Returns
    -------
    rings : shape (n², 4 * (between + 1) + 1, 2), metres from the corner of the square, to the millimetre
    n : cells along a side
    """
    n = max(2, round(np.sqrt(count)))
    steps = np.linspace(0, side, n + 1)
    nodes = np.stack(np.meshgrid(steps, steps, indexing="ij"), axis=2)
    jitter = rng.uniform(-0.15, 0.15, nodes.shape) * side / n
    jitter[[0, -1], :, 0] = jitter[:, [0, -1], 1] = 0
    nodes += jitter
    east = _edges(nodes[:-1], nodes[1:], between, rng, outer=1)
    north = _edges(nodes[:, :-1], nodes[:, 1:], between, rng, outer=0)
    around = [east[:, :-1], north[1:], east[:, 1:, ::-1], north[:-1, :, ::-1]]
    rings = np.concatenate([*(edge[:, :, :-1] for edge in around), east[:, :-1, :1]], axis=2)
    return rings.reshape(n * n, -1, 2).round(3), n


def _edges(starts: Array, ends: Array, between: int, rng: np.random.Generator, outer: int) -> Array:
    """Return lines from node to node, bent aside but for those along the outer border."""
    share = np.linspace(0, 1, between + 2)
    way = ends - starts
    bend = rng.uniform(-0.06, 0.06, (*starts.shape[:2], between + 2))
    bend *= np.clip(5 * np.minimum(share, 1 - share), 0, 1)
    bend[(slice(None),) * outer + ([0, -1],)] = 0
    aside = np.stack([-way[..., 1], way[..., 0]], axis=-1)
    return starts[:, :, None] + share[:, None] * way[:, :, None] + bend[..., None] * aside[:, :, None]


def _clustered(n: int, wide: float, rng: np.random.Generator) -> Array:
    """Return a rank from 0 to 1 for each of ``n``² cells; those within ``wide`` cells are alike."""
    coarse = rng.normal(size=(int(n / wide) + 3,) * 2)
    at = np.arange(n) / wide
    low, part = at.astype(int), at % 1
    rows = coarse[low] * (1 - part)[:, None] + coarse[low + 1] * part[:, None]
    smooth = rows[:, low] * (1 - part) + rows[:, low + 1] * part
    noisy = (smooth + rng.normal(0, 0.35, (n, n))).ravel()
    return noisy.argsort().argsort() / noisy.size


def ring_areas(rings: Array) -> Array:
    """Return the area of each closed ring, shape (rings, n, 2)."""
    x, y = rings[..., 0], rings[..., 1]
    return np.abs(np.sum(x[:, :-1] * y[:, 1:] - x[:, 1:] * y[:, :-1], axis=1)) / 2


def write_land_use(folder: Path, count: int, side: float, seed: int = SEED + 11) -> float:
    """Write the land use of two dates in no order, some of it twice; return the later share of forest, %."""
    rng = np.random.default_rng(seed)
    rings, n = cells(count, side, 4, rng)
    use, draw = np.full(n * n, FARMLAND, dtype=object), rng.uniform(size=n * n)
    detail = np.where(draw < 0.65, ARABLE, GRASSLAND).astype(object)
    use[_clustered(n, 12, rng) > 0.66] = SETTLEMENT
    use[draw > 0.93], use[draw > 0.95], use[draw > 0.99] = WOODLAND, "42001", "44006"
    use[_clustered(n, 16, rng) > 1 - FOREST_SHARE] = FOREST
    detail[use != FARMLAND] = None
    share = 100 * ring_areas(rings)[use == FOREST].sum() / side**2
    _write_land_use(folder / "landnutzung.gpkg", rings, use, detail, rng)
    changed, donors = (rng.choice(n * n, round(CONVERTED * n * n), replace=False) for _ in range(2))
    use[changed], detail[changed] = use[donors].copy(), detail[donors].copy()
    _write_land_use(folder / "landnutzung_2015.gpkg", rings + EARLIER, use, detail, rng)
    return float(share)


def _write_land_use(path: Path, rings: Array, use: Array, detail: Array, rng: np.random.Generator) -> None:
    count = len(rings)
    order = rng.permutation(np.concatenate([np.arange(count), rng.integers(0, count, int(DOUBLED * count))]))
    columns = {
        "objart": use[order],
        "objart_txt": [NAMES[code] for code in use[order]],
        "funktion": detail[order],
    }
    write(path, "landnutzung", polygon_wkb(rings[order] + ORIGIN), columns)


def write_sections(path: Path, count: int, side: float, seed: int = SEED + 12) -> float:
    """Write river sections of 100 m in chains; return the share of bad ones in the length with a class, %."""
    rng = np.random.default_rng(seed)
    vertices, names, classes = [], [], []
    while len(names) < count:
        many = min(int(rng.integers(20, 300)), count - len(names))
        steps = 5 * many
        heading = rng.uniform(0, 2 * np.pi) + np.cumsum(rng.normal(0, 0.12, steps))
        way = 20.0 * np.stack([np.cos(heading), np.sin(heading)], axis=1)
        line = rng.uniform(0, side, 2) + np.vstack([[0, 0], np.cumsum(way, axis=0)])
        line = (side - np.abs(line % (2 * side) - side)).round(3)
        vertices.append(line[np.arange(many)[:, None] * 5 + np.arange(6)])
        names += [f"Bach {len(vertices)}"] * many
        grades = np.clip(4 + np.cumsum(rng.normal(0, 0.5, many)), 1, 7).round().astype(int).tolist()
        unknown = rng.uniform(size=many) < 0.04
        classes += [None if lost else grade for grade, lost in zip(grades, unknown, strict=True)]
    lines = np.concatenate(vertices)
    columns = {"gewaesser": names, "gewkz": [f"27{name[5:]:0>5}" for name in names], "gsg": classes}
    write(path, "gewaesser", line_wkb(lines + ORIGIN), columns)
    length = np.hypot(*np.diff(lines, axis=1).transpose(2, 0, 1)).sum(axis=1)
    grades = np.array([grade or 0 for grade in classes])
    return float(100 * length[grades >= 5].sum() / length[grades > 0].sum())


def blobs(count: int, side: float, radii: tuple[float, float], n: int, rng: np.random.Generator) -> Array:
    """Return closed rings of ``n`` vertices around random points, their mean radii within ``radii``."""
    angle = np.linspace(0, 2 * np.pi, n, endpoint=False)
    phase, amplitude = rng.uniform(0, 2 * np.pi, (2, count, 3))
    waves = np.sin(angle * np.array([2, 3, 5])[:, None] + phase[..., None])
    bumps = 1 + 0.03 * np.einsum("ck,ckn->cn", amplitude, waves) + rng.uniform(-0.04, 0.04, (count, n))
    radius = np.exp(rng.uniform(*np.log(radii), count))
    centre = rng.uniform(radii[1], side - radii[1], (count, 2)) if side > 2 * radii[1] else side / 2
    direction = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    rings = np.reshape(centre, (-1, 1, 2)) + (radius[:, None] * bumps)[..., None] * direction
    return np.concatenate([rings, rings[:, :1]], axis=1).round(3) + ORIGIN


def write_sites(folder: Path, share: float, side: float, seed: int = SEED + 13) -> None:
    """Write protected sites that overlap each other, a twentieth of them twice, and natural monuments."""
    rng = np.random.default_rng(seed)
    kinds = np.array(["NSG", "GB", "FFH", "VSG", "LSG", "GLB", "NSG (geplant)"])
    count = round(share * SITES * 20 / 21)
    rings = blobs(count, side, (30, 500), 120, rng)
    told = rng.choice(kinds, count, p=[0.2, 0.4, 0.08, 0.02, 0.15, 0.12, 0.03])
    again = rng.integers(0, count, count // 20)
    order = np.concatenate([np.arange(count), again])
    sites = {"schutzart": told[order], "name": [f"Gebiet {number}" for number in order]}
    write(folder / "schutzgebiete.gpkg", "schutzgebiete", polygon_wkb(rings[order]), sites)
    points = rng.uniform(0, side, (round(share * SITE_POINTS), 2)).round(3) + ORIGIN
    write(
        folder / "naturdenkmale.gpkg", "naturdenkmale", point_wkb(points), {"schutzart": ["ND"] * len(points)}
    )


def write_habitats(path: Path, count: int, side: float, seed: int = SEED + 14) -> Path:
    """Write habitats that overlap here and there, some without grade or share."""
    rng = np.random.default_rng(seed)
    types = rng.choice(["9110", "9130", "9160", "9190", "91D0", "91E0", "6510", "3150"], count)
    grades = rng.choice(["A", "B", "C", ""], count, p=[0.2, 0.45, 0.25, 0.1])
    shares = [None if draw < 0.3 else float(round(100 * draw)) for draw in rng.uniform(size=count)]
    columns = {"lrt": types, "erhaltungsgrad": [grade or None for grade in grades], "anteil": shares}
    return write(path, "lebensraumtypen", polygon_wkb(blobs(count, side, (15, 150), 40, rng)), columns)


def write_soils(path: Path, count: int, side: float, seed: int = SEED + 15) -> Path:
    """Write peat soils and half as peaty ones with the depth of their water table."""
    rng = np.random.default_rng(seed)
    columns = {
        "bodentyp": rng.choice(["Niedermoor", "Hochmoor", "Anmoorgley", "Moorgley"], count),
        "flurabstand_cm": rng.integers(5, 120, count),
    }
    return write(path, "boden", polygon_wkb(blobs(count, side, (60, 400), 80, rng)), columns)


def write_elements(folder: Path, share: float, side: float, seed: int = SEED + 16) -> None:
    """Write hedges and ditches as lines, and trees as points."""
    rng = np.random.default_rng(seed)
    count = round(share * HEDGES)
    heading = rng.uniform(0, 2 * np.pi, (count, 1)) + np.cumsum(rng.normal(0, 0.1, (count, 6)), axis=1)
    step = rng.uniform(5, 30, (count, 1, 1)) * np.stack([np.cos(heading), np.sin(heading)], axis=2)
    lines = rng.uniform(200, side - 200, (count, 1, 2)) + np.cumsum(step, axis=1)
    columns = {
        "le_typ": rng.choice(["Hecke", "Baumreihe", "Graben", "Feldrain"], count),
        "breite_m": [None if draw < 0.5 else round(8 * draw, 1) for draw in rng.uniform(size=count)],
    }
    write(folder / "hecken.gpkg", "hecken", line_wkb(lines.round(3) + ORIGIN), columns)
    trees = rng.uniform(0, side, (round(share * TREES), 2)).round(3) + ORIGIN
    columns = {"le_typ": ["Einzelbaum"] * len(trees), "krone_m": rng.integers(3, 15, len(trees))}
    write(folder / "baeume.gpkg", "baeume", point_wkb(trees), columns)


def write_greens(folder: Path, share: float, side: float, seed: int = SEED + 17) -> None:
    """Write green corridors of two dates, the habitat network, and regional parks, as cells of a grid."""
    rng = np.random.default_rng(seed)
    rings, n = cells(round(share * CORRIDOR_CELLS), side, 20, rng)
    chosen = np.flatnonzero(_clustered(n, 6, rng) >= 0.75)
    named = _in_letters("Grünzug", chosen // n, n)
    write(folder / "gruenzuege.gpkg", "gruenzuege", polygon_wkb(rings[chosen] + ORIGIN), {"gruenzug": named})
    more = np.union1d(chosen, rng.integers(0, n * n, max(1, n * n // 100)))
    before = polygon_wkb(rings[more] + EARLIER + ORIGIN)
    named = _in_letters("Grünzug", more // n, n)
    write(folder / "gruenzuege_2015.gpkg", "gruenzuege_2015", before, {"gruenzug": named})
    rings, n = cells(round(share * NETWORK_CELLS), side, 10, rng)
    chosen = np.flatnonzero(_clustered(n, 10, rng) >= 0.7)
    stages = {"stufe": rng.choice(["I", "II"], len(chosen))}
    write(folder / "biotopverbund.gpkg", "biotopverbund", polygon_wkb(rings[chosen] + ORIGIN), stages)
    rings, n = cells(round(share * PARK_CELLS), side, 30, rng)
    chosen = np.flatnonzero(_clustered(n, 4, rng) >= 0.6)
    parks = {
        "regionalpark": _in_letters("Park", chosen // n, n),
        "status": rng.choice(["Bestand", "geplant"], len(chosen)),
    }
    write(folder / "regionalparks.gpkg", "regionalparks", polygon_wkb(rings[chosen] + ORIGIN), parks)


def _in_letters(word: str, columns: Sequence[int], n: int) -> list[str]:
    """Return one of seven names for each cell, from west to east."""
    return [f"{word} {'ABCDEFG'[7 * int(column) // n]}" for column in columns]


def write_residents(path: Path, count: int, side: float, seed: int = SEED + 18) -> Path:
    """Write the inhabited cells of a census grid of 100 m with their residents."""
    rng = np.random.default_rng(seed)
    n = int(side // 100)
    chosen = rng.choice(n * n, min(count, n * n), replace=False)
    corners = np.stack(np.divmod(chosen, n), axis=1)[:, None] * 100.0
    square = np.array([[0, 0], [100, 0], [100, 100], [0, 100], [0, 0]])
    residents = {"einwohner": rng.integers(3, 300, len(chosen))}
    return write(path, "zensus", polygon_wkb(corners + square + ORIGIN), residents)
