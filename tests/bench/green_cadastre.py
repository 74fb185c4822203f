"""Seeded green polygons as a cadastre has them: shared borders, slits of digitising, ponds, long outlines."""

from __future__ import annotations

import numpy as np
from corridor_patches import polygon
from numpy.typing import NDArray
from qgis.core import QgsGeometry

Array = NDArray[np.floating]

GREEN_SHARE = 0.33
"""Below the share at which all cells hang together by their corners."""
CELL_M = 130.0
"""Side of a cell of the jittered grid, whose borders the polygons share."""
BLOCK = 10
"""Cells along the side of a forest, which is one polygon of about 5 000 vertices."""
HALVINGS = ([2, 3, 4], [0.3, 0.4, 0.3])
"""How often a border is halved, and how likely: 4 to 16 pieces."""
FOREST_HALVINGS = 7
ROUGHNESS = 0.12
"""How far a border bends aside at each halving, as a share of the length halved."""
SLIT_M = 0.05
"""How far a polygon that was drawn by itself lies beside its neighbours."""
ORIGIN = (350_000.0, 5_690_000.0)


def green_cadastre(side: int, seed: int = 20301231) -> list[QgsGeometry]:
    """Return about a third of the ``side``² cells of a grid, and of each 25 by 25 cells a forest of 100."""
    rng = np.random.default_rng(seed)
    steps = np.arange(side + 1) * CELL_M
    nodes = np.stack(np.meshgrid(steps, steps, indexing="ij"), axis=2)
    nodes = nodes + rng.uniform(-0.25, 0.25, nodes.shape) * CELL_M
    forests = _forests(side)
    east, north = _borders(nodes, forests, rng)
    rings = [_outline(east, north, *corner, BLOCK) for corner in forests]
    free = np.ones((side, side), dtype=bool)
    for i, j in forests:
        free[i : i + BLOCK, j : j + BLOCK] = False
    chosen = np.argwhere(free & (rng.uniform(size=free.shape) < GREEN_SHARE))
    rings += [_outline(east, north, i, j, 1) for i, j in chosen.tolist()]
    drawn = [polygon(*(_drawn(ring, rng) for ring in (outline, *_ponds(outline, rng)))) for outline in rings]
    return [shape for shape in drawn if shape.isGeosValid()]


def _forests(side: int) -> list[tuple[int, int]]:
    first = range(5, side - BLOCK, 25)
    return [(i, j) for i in first for j in first]


def _borders(
    nodes: Array, forests: list[tuple[int, int]], rng: np.random.Generator
) -> tuple[dict[tuple[int, int], Array], dict[tuple[int, int], Array]]:
    """Return the borders that run east and north from each node."""
    side = len(nodes) - 1
    halvings = rng.choice(HALVINGS[0], p=HALVINGS[1], size=(2, side + 1, side + 1))
    for i, j in forests:
        halvings[0, i : i + BLOCK, [j, j + BLOCK]] = FOREST_HALVINGS
        halvings[1, [[i], [i + BLOCK]], j : j + BLOCK] = FOREST_HALVINGS
    east = {(i, j): (nodes[i, j], nodes[i + 1, j]) for i in range(side) for j in range(side + 1)}
    north = {(i, j): (nodes[i, j], nodes[i, j + 1]) for i in range(side + 1) for j in range(side)}
    return (
        {at: _border(*ends, halvings[0][at], rng) for at, ends in east.items()},
        {at: _border(*ends, halvings[1][at], rng) for at, ends in north.items()},
    )


def _border(start: Array, end: Array, halvings: int, rng: np.random.Generator) -> Array:
    """Return a line from node to node, bent by displacing the middle of its pieces again and again."""
    line = np.stack([start, end])
    for _ in range(halvings):
        way = np.diff(line, axis=0)
        bend = rng.uniform(-ROUGHNESS, ROUGHNESS, (len(way), 1))
        middle = (line[:-1] + line[1:]) / 2 + bend * np.stack([-way[:, 1], way[:, 0]], axis=1)
        line = np.vstack([np.stack([line[:-1], middle], axis=1).reshape(-1, 2), line[-1:]])
    return line


def _outline(
    east: dict[tuple[int, int], Array], north: dict[tuple[int, int], Array], i: int, j: int, size: int
) -> Array:
    """Return the open ring around ``size``² cells."""
    steps = range(size)
    around = [east[i + k, j] for k in steps] + [north[i + size, j + k] for k in steps]
    around += [east[i + k, j + size][::-1] for k in reversed(steps)]
    around += [north[i, j + k][::-1] for k in reversed(steps)]
    return np.vstack([border[:-1] for border in around])


def _ponds(outline: Array, rng: np.random.Generator) -> list[Array]:
    """Return one hole in every fifth polygon, round and 2 to 20 m wide."""
    if rng.uniform() > 0.2:
        return []
    turn = -np.arange(12) * (2 * np.pi / 12)
    ring = np.stack([np.cos(turn), np.sin(turn)], axis=1) * rng.uniform(1, 10)
    return [outline.mean(axis=0) + rng.uniform(-8, 8, 2) + ring]


def _drawn(ring: Array, rng: np.random.Generator) -> Array:
    """Return a closed ring as it is stored: in millimetres, some beside their neighbours."""
    shift = rng.uniform(-SLIT_M, SLIT_M, 2) * (rng.uniform() < 0.3)
    return np.vstack([ring, ring[:1]]).round(3) + shift.round(3) + ORIGIN
