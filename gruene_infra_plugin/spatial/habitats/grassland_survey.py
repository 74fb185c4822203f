"""Engine ``grassland_survey``: what a survey of one date shows of grassland, from polygons or from cells."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

import numpy as np
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCoordinateTransformContext,
    QgsCsException,
    QgsGeometry,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsRectangle,
)

from ...i18n import translate
from ...methods.habitats.grassland import FARMED, GRASSLAND, TEMPORARY, Basis, Grid
from ..geometry.labelled import Collected
from ..geometry.overlay import difference, dissolve, intersection, prepared
from ..geometry.two_dates import TwoDates, moved
from ..grid.raster_ground import box_of, ground_where
from ..grid.zonal import Floats, Raster

OUTLINES_AT_ONCE = 1000


@dataclass(frozen=True)
class Survey:
    """Dissolved ground of one date: permanent grassland, other farmed ground, ground that may be grassland.

    Only grassland is moved and cut; ``farmed`` may overlap it.

    ``extent`` is where anything was mapped; ``None`` where the survey holds grassland only, and so does not
    say where it ends. ``grid`` are the cells it came from.
    """

    grass: QgsGeometry
    farmed: QgsGeometry
    unknown: QgsGeometry
    extent: QgsGeometry | None
    basis: Basis
    grid: Grid | None = None
    doubles: int = 0

    def within(self, extent: QgsGeometry | None) -> Survey:
        """Return what of it lies in an extent, all of it where there is none."""
        if extent is None:
            return self
        whole = prepared(extent)
        grass, unknown = (
            ground if ground.isEmpty() or whole.contains(ground.constGet()) else intersection(ground, extent)
            for ground in (self.grass, self.unknown)
        )
        return replace(self, grass=grass, unknown=unknown)

    def moved(self, east: float, north: float) -> Survey:
        """Return the survey moved by metres."""
        grass, unknown = (moved(ground, east, north) for ground in (self.grass, self.unknown))
        extent = None if self.extent is None else moved(self.extent, east, north)
        return replace(self, grass=grass, unknown=unknown, extent=extent)


class PolygonSurvey:
    """Polygons of a survey as they come, each with its kind."""

    def __init__(self) -> None:
        self._found: Collected[str] = Collected()
        self._hull = QgsGeometry()
        self._shapes: list[QgsGeometry] = []
        self._has_others = False

    def add(self, kind: str, shape: QgsGeometry, is_told: bool) -> None:
        """Take a polygon; ``is_told`` says whether it is told to be something else than grassland."""
        self._has_others |= is_told and kind != GRASSLAND
        if kind in (GRASSLAND, TEMPORARY, FARMED) or not is_told:
            self._found.add(shape, kind)
        self._shapes.append(shape)
        if len(self._shapes) == OUTLINES_AT_ONCE:
            self._widen()

    def _widen(self) -> None:
        self._hull = QgsGeometry.collectGeometry([self._hull, *self._shapes]).convexHull()
        self._shapes = []

    def survey(self, basis: Basis, unknown: str) -> Survey:
        """Return the survey; its extent is the convex hull of all its polygons."""
        self._widen()
        grounds = defaultdict(QgsGeometry, self._found.grounds())
        farmed = grounds[FARMED]
        if not grounds[TEMPORARY].isEmpty():
            farmed = dissolve([farmed, grounds[TEMPORARY]])
        extent = self._hull if self._has_others else None
        doubles = self._found.doubles
        return Survey(grounds[GRASSLAND], farmed, grounds[unknown], extent, basis, doubles=doubles)


def survey_of_cells(
    raster: Raster,
    grass: Collection[float],
    farmed: Collection[float],
    near: Iterable[QgsRectangle],
    crs: QgsCoordinateReferenceSystem,
    transforms: QgsCoordinateTransformContext,
    source: str,
    feedback: QgsProcessingFeedback,
) -> Survey:
    """Return the survey that a raster of classes is, along its own cells, in ``crs``.

    ``near`` are boxes in ``crs`` outside which nothing is read; none for all of it.

    Raises ``QgsProcessingException`` where no cell is grassland: then the classes do not fit the raster.
    """
    way = QgsCoordinateTransform(raster.crs, crs, transforms)
    boxes = _boxes(box_of(raster), near, QgsCoordinateTransform(crs, raster.crs, transforms))

    def ground(says: object) -> QgsGeometry:
        shapes = list(ground_where(raster, says, boxes, feedback))  # type: ignore[arg-type]
        for shape in shapes:
            shape.transform(way)
        return dissolve(shapes)

    def holds(classes: Collection[float]) -> QgsGeometry:
        wanted = np.array(sorted(classes))
        return ground(lambda values: np.isin(values, wanted))

    def is_value(values: Floats) -> np.ndarray:
        return ~np.isnan(values)

    grid = Grid(raster.crs.authid(), raster.x, raster.y, raster.cell, raster.cols, raster.rows)
    basis = Basis(source, None, (), is_raster=True)
    found = holds(grass)
    if found.isEmpty():
        message = translate(
            "GrueneInfra", "{raster}: none of its cells holds a class of grassland ({classes})."
        )
        classes = ", ".join(f"{value:g}" for value in sorted(grass)) or "–"
        raise QgsProcessingException(message.format(raster=raster.name, classes=classes))
    return Survey(found, holds(farmed), QgsGeometry(), ground(is_value), basis, grid)


def _boxes(
    whole: QgsRectangle, near: Iterable[QgsRectangle], way: QgsCoordinateTransform
) -> list[QgsRectangle]:
    """Return what boxes share with the whole; the whole where they cannot be transformed."""
    try:
        boxes = [whole.intersect(way.transformBoundingBox(box)) for box in near] or [whole]
    except QgsCsException:
        boxes = [whole]
    return [box for box in boxes if not box.isEmpty()]


def compared_on(extents: Iterable[QgsGeometry | None]) -> QgsGeometry | None:
    """Return the ground that several extents share, ``None`` where none of them is known."""
    known = [extent for extent in extents if extent is not None]
    if not known:
        return None
    shared = known[0]
    for extent in known[1:]:
        shared = intersection(shared, extent)
    return shared


def known_at_both(before: Survey, now: Survey) -> tuple[Survey, Survey, QgsGeometry]:
    """Return both surveys without the ground that either leaves open, and that ground.

    What one date does not tell was neither lost nor won, whatever the other one shows there.
    """
    open_ground = [
        difference(survey.unknown, survey.grass) for survey in (before, now) if not survey.unknown.isEmpty()
    ]
    untold = dissolve(open_ground)
    if untold.isEmpty():
        return before, now, untold
    first, second = (replace(survey, grass=difference(survey.grass, untold)) for survey in (before, now))
    return first, second, untold


def clipped_dates(dates: TwoDates, before: Survey, now: Survey) -> TwoDates:
    """Return two dates of what both surveys show, with the shift that was found."""
    return TwoDates(before.grass, now.grass, dates.shift, dates.same_basis)
