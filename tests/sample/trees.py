"""Trees of the town centre: in courtyards, parks and along the wider streets."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from . import streets
from .geometry import Points, at, lengths, offsets, random_for
from .relief import Grid

# Trees per 100 m² by kind of parcel.
DENSITY = {
    "park": 1.3,
    "garten": 1.1,
    "kirche": 0.5,
    "blockrand": 0.35,
    "schule": 0.3,
    "altstadt": 0.16,
    "platz": 0.08,
    "muehle": 0.3,
}
TRIES = 14_000
AVENUE = 14.5  # metres, width from which a street has trees
KERB = 3.4  # metres from the edge of the street
SPACING = 11.0
GAPS = 0.3  # share of the places along a street without a tree
CLEARANCE = 0.8  # metres between a crown and a wall


@dataclass(frozen=True)
class Tree:
    """A crown: where it stands, its radius and its height, in metres."""

    x: float
    y: float
    radius: float
    height: float


def planted(grid: Grid, kinds: NDArray[np.str_], built: NDArray[np.bool_]) -> list[Tree]:
    """Return the trees on a grid of parcel kinds; none reaches over a building."""
    taken = built.copy()
    result = []
    for tree in _along_streets(grid) + _scattered(grid, kinds):
        if _is_clear(grid, built, tree.x, tree.y, tree.radius + CLEARANCE) and _is_clear(
            grid, taken, tree.x, tree.y, 0.5 * tree.radius
        ):
            rows, columns, distance = disc(grid, tree)
            taken[rows, columns] |= distance < 0.7 * tree.radius
            result.append(tree)
    return result


def disc(grid: Grid, tree: Tree) -> tuple[slice, slice, Points]:
    """Return rows, columns and distances (metres) of the cells round a tree."""
    rows, columns = grid.window(tree.x, tree.y, tree.radius)
    x, y = grid.places(rows, columns)
    return rows, columns, np.hypot(x - tree.x, y - tree.y)


def _is_clear(grid: Grid, mask: NDArray[np.bool_], x: float, y: float, radius: float) -> bool:
    rows, columns = grid.window(x, y, radius)
    return not mask[rows, columns].any()


def _scattered(grid: Grid, kinds: NDArray[np.str_]) -> list[Tree]:
    rng = random_for("trees")
    likely = {kind: density / 100 * grid.area / TRIES for kind, density in DENSITY.items()}
    result = []
    for x, y, chance, size in rng.random((TRIES, 4)).tolist():
        place = grid.west + x * grid.width, grid.south + y * grid.height
        if chance < likely.get(str(kinds[grid.cell_of(*place)]), 0.0):
            radius = 1.6 + 3.6 * size * size
            result.append(Tree(*place, radius, 3.5 + 2.3 * radius))
    return result


def _along_streets(grid: Grid) -> list[Tree]:
    result = []
    for street in (s for s in streets.network() if s.width >= AVENUE):
        rng = random_for("street trees " + street.name, *street.line[0])
        for line in offsets(street.line, street.width / 2 - KERB, street.width / 2 - KERB):
            stations = np.arange(8.0, lengths(line)[-1], SPACING)
            for (x, y), chance, size in zip(
                at(line, stations), rng.random(len(stations)), rng.random(len(stations)), strict=True
            ):
                if grid.holds(x, y) and chance > GAPS:
                    result.append(Tree(float(x), float(y), 1.7 + 0.8 * float(size), 7 + 2 * float(size)))
    return result
