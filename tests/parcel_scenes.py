"""Parcels of two years with planted changes: split, merged, renumbered, gone, everything shifted."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping

from qgis.core import QgsGeometry, QgsPointXY

from .layer_factory import box, geometry

LEAST_SIDE_M = 2.0
"""Width above which a piece or a shared edge is planted: well above the tolerance of the tests."""

Parcels = dict[str, QgsGeometry]
Keys = tuple[str, ...]


def grid(columns: int, rows: int, side: float = 20.0) -> Parcels:
    """Return squares that touch, by key."""
    return {
        f"{row:03d}-{column:03d}": geometry(box(column * side, row * side, side, side))
        for row in range(rows)
        for column in range(columns)
    }


def shifted(shape: QgsGeometry, east: float, north: float) -> QgsGeometry:
    moved = QgsGeometry(shape)
    moved.translate(east, north)
    return moved


def cut(shape: QgsGeometry, angle: float, through: QgsPointXY) -> list[QgsGeometry]:
    """Return the pieces of a polygon cut by a straight line, angle in radians."""
    box = shape.boundingBox()
    reach = box.width() + box.height()
    east, north = reach * math.cos(angle), reach * math.sin(angle)
    ends = [
        QgsPointXY(through.x() - east, through.y() - north),
        QgsPointXY(through.x() + east, through.y() + north),
    ]
    rest = QgsGeometry(shape)
    _, pieces, _ = rest.splitGeometry(ends, False)
    return [rest, *pieces]


class Scene:
    """Two years of parcels; ``expected`` says which old and new keys belong together, and why."""

    def __init__(
        self, parcels: Mapping[str, QgsGeometry], seed: int, splits=0, merges=0, renumbered=0, gone=0
    ) -> None:
        self._random = random.Random(seed)
        self.old = dict(parcels)
        self.new = dict(parcels)
        self.expected: dict[tuple[Keys, Keys], str] = {}
        self._untouched = self._random.sample(sorted(parcels), len(parcels))
        for plant, count in (
            (self._split, splits),
            (self._merge, merges),
            (self._renumber, renumbered),
            (self._remove, gone),
        ):
            planted = 0
            while planted < count:
                planted += plant(self._untouched.pop())
        self._same = [key for key in self.old if not any(key in old for old, _ in self.expected)]
        self.expected |= {((key,), (key,)): "unverändert" for key in self._same}

    def shifted(self, east: float, north: float) -> Scene:
        """Shift all new parcels; those not touched otherwise have moved, if by more than noise."""
        self.new = {key: shifted(shape, east, north) for key, shape in self.new.items()}
        for key in self._same:
            old, new = self.old[key], self.new[key]
            noise = old.symDifference(new).area() <= 0.01 * old.length() if east or north else True
            self.expected[(key,), (key,)] = "unverändert" if noise else "verschoben"
        return self

    def _split(self, key: str) -> bool:
        shape = self.old[key]
        pieces = cut(shape, self._random.uniform(0, math.pi), shape.centroid().asPoint())
        if len(pieces) < 2 or any(piece.buffer(-LEAST_SIDE_M / 2, 4).isEmpty() for piece in pieces):
            return False
        pieces.sort(key=QgsGeometry.area, reverse=True)
        first = key if self._random.random() < 0.5 else f"{key}/0"
        keys = [first, *(f"{key}/{number}" for number in range(1, len(pieces)))]
        del self.new[key]
        self.new |= zip(keys, pieces, strict=True)
        self.expected[(key,), tuple(sorted(keys))] = "geteilt"
        return True

    def _merge(self, key: str) -> bool:
        shape = self.old[key]
        for other in self._untouched:
            edge = shape.intersection(self.old[other])
            if edge.length() > LEAST_SIDE_M and self._is_wide(other) and self._is_wide(key):
                break
        else:
            return False
        self._untouched.remove(other)
        kept = self._random.choice([key, other, f"{key}+{other}"])
        del self.new[key], self.new[other]
        self.new[kept] = shape.combine(self.old[other])
        self.expected[tuple(sorted((key, other))), (kept,)] = "verschmolzen"
        return True

    def _is_wide(self, key: str) -> bool:
        return not self.old[key].buffer(-LEAST_SIDE_M / 2, 4).isEmpty()

    def _renumber(self, key: str) -> bool:
        self.new[f"{key}*"] = self.new.pop(key)
        self.expected[(key,), (f"{key}*",)] = "umnummeriert"
        return True

    def _remove(self, key: str) -> bool:
        del self.new[key]
        self.expected[(key,), ()] = "entfallen"
        return True
