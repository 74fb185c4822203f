"""The town centre as rasters: surface model, terrain model and vegetation index.

:data:`WINDOW` holds all buildings of the Raumtyp Innenstadt with a margin of 10 m; those beyond it have
no surface on purpose.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from . import roofs, trees
from .geometry import Points, centre, random_for
from .model import Building
from .relief import Grid, Values, burnt, pattern, stepped, terrain
from .town import Town

WINDOW = (2102, 1740, 990, 658)  # west, south, width, height in plan metres
NOISE = 0.05  # metres, standard deviation of the surface model as delivered

# Share of the ground that is planted, by kind of parcel; all of it for kinds not named here.
PLANTED_GROUND = {
    "strasse": 0.0,
    "platz": 0.0,
    "planted": 0.06,
    "kaufhaus": 0.1,
    "altstadt": 0.22,
    "blockrand": 0.5,
    "schule": 0.45,
    "kirche": 0.6,
    "muehle": 0.6,
    "park": 0.93,
    "garten": 0.92,
}
LARGEST_NDVI_OF_A_ROOF = 0.09


class Centre:
    """The rasters of one town; every property is computed on first use."""

    def __init__(self, town: Town) -> None:
        """Take the buildings of ``town`` that reach into the window."""
        self.grid = Grid(*WINDOW, 1.0)
        self.fine = Grid(*WINDOW, 0.5)
        window = self.grid.outline
        every = [item.facts for item in town.buildings if not item.facts.gone]
        self.sides = roofs.Sides([building.area for building in every])
        self.buildings = [building for building in every if building.area.Intersects(window)]
        self.parcels = [parcel for parcel in town.parcels if parcel.area.Intersects(window)]

    @cached_property
    def terrain(self) -> Values:
        """The ground in metres above sea level."""
        return stepped(terrain(*self.grid.places()))

    def surface(self, noise: float = NOISE) -> Values:
        """Return the surface in metres above sea level, with white noise of standard deviation ``noise``."""
        return stepped(self._exact + noise * random_for("surface").standard_normal(self.grid.shape))

    @cached_property
    def _exact(self) -> Points:
        ground = terrain(*self.grid.places())
        rough = random_for("crowns").normal(0, 0.35, self.grid.shape)
        for tree in self._trees:
            rows, columns, distance = trees.disc(self.grid, tree)
            crown = 0.5 + 0.5 * np.sqrt(np.clip(1 - (distance / tree.radius) ** 2, 0, None))
            top = terrain(tree.x, tree.y) + tree.height * crown + rough[rows, columns]
            cells = ground[rows, columns]
            cells[:] = np.where(distance < tree.radius, np.maximum(cells, top), cells)
        return self._with_roofs(ground)

    def _with_roofs(self, ground: Points) -> Points:
        labels = self._building_cells(self.grid)
        order = np.argsort(labels, axis=None, kind="stable")
        bounds = np.searchsorted(labels.ravel()[order], np.arange(1, len(self.buildings) + 2))
        x, y = (axis.ravel() for axis in np.broadcast_arrays(*self.grid.places()))
        for building, first, last in zip(self.buildings, bounds, bounds[1:], strict=False):
            cells = order[first:last]
            if len(cells):
                places = np.stack([x[cells], y[cells]], axis=1)
                ground.ravel()[cells] = self._roof(building, places)
        return ground

    def _roof(self, building: Building, places: Points) -> Points:
        base = float(terrain(*centre(building.area))) + roofs.eaves(building)
        return base + roofs.rise(building, self.sides, places)

    def _building_cells(self, grid: Grid) -> NDArray[np.int32]:
        return burnt(grid, (building.area for building in self.buildings))

    def _kinds(self, grid: Grid) -> NDArray[np.str_]:
        names = np.array(["", *(parcel.kind for parcel in self.parcels)])
        return names[burnt(grid, (parcel.area for parcel in self.parcels))]

    @cached_property
    def _trees(self) -> list[trees.Tree]:
        return trees.planted(self.grid, self._kinds(self.grid), self._building_cells(self.grid) > 0)

    @cached_property
    def vegetation(self) -> Values:
        """The vegetation index NDVI, -1 to 1; on roofs without plants below 0.1."""
        grid = self.fine
        kinds = self._kinds(grid)
        share = np.vectorize(lambda kind: PLANTED_GROUND.get(kind, 1.0))(kinds)
        values = np.where(
            pattern(grid, "lawn", 7.0) < share,
            0.42 + 0.22 * pattern(grid, "growth", 5.0),
            0.10 * pattern(grid, "paving", 6.0) - 0.03,
        )
        for tree in self._trees:
            rows, columns, distance = trees.disc(grid, tree)
            values[rows, columns][distance < tree.radius] = 0.66 + 0.01 * (tree.height % 7)
        noise = random_for("vegetation").normal(0, 0.003, grid.shape)
        return stepped(self._with_green_roofs(values + noise, noise))

    def _with_green_roofs(self, values: Points, noise: Points) -> Points:
        labels = self._building_cells(self.fine)
        covering = [random_for("covering", *centre(b.area)).uniform(-0.07, 0.05) for b in self.buildings]
        bare = np.minimum(np.array([0.0, *covering])[labels] + noise, LARGEST_NDVI_OF_A_ROOF)
        values = np.where(labels > 0, bare, values)
        green = burnt(self.fine, (b.green for b in self.buildings if b.green is not None))
        growth = 0.38 + 0.14 * pattern(self.fine, "sedum", 4.0) + noise
        return np.where(green > 0, growth, values)


RASTERS: tuple[tuple[str, str, Callable[[Centre], tuple[Grid, Values]]], ...] = (
    ("oberflaechenmodell", "Oberflächenmodell, m über NHN", lambda made: (made.grid, made.surface())),
    ("gelaendemodell", "Geländemodell, m über NHN", lambda made: (made.grid, made.terrain)),
    ("vegetation", "Vegetationsindex NDVI", lambda made: (made.fine, made.vegetation)),
)
