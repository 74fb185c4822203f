"""Engine ``lod2``: the buildings of LoD2 tiles (CityGML), each once and whole, however many tiles there are.

The tiles are read up to three times: for the ids, for the outlines of buildings whose id comes again, and
for the buildings. Memory grows with the ids, and with the outlines of those of which another one is still to
come, not with the faces.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCoordinateTransformContext,
    QgsGeometry,
    QgsProcessingException,
    QgsProcessingFeedback,
)

from ...i18n import translate
from .building_versions import Group, Left, Reading, TilePosition, key_of, settle
from .city_model import Part, agreed, united
from .citygml import Tile

IDS, OUTLINES, BUILDINGS = (0.0, 5.0), (5.0, 20.0), (20.0, 100.0)
"""Percent of the work before and after each reading of the tiles [A]."""
NO_ID = "ohne_id"
"""How the id of a building begins that has none in its tile; a key of its outline follows."""

Found = TypeVar("Found")


@dataclass(frozen=True)
class Target:
    """Where outlines shall lie."""

    crs: QgsCoordinateReferenceSystem
    transforms: QgsCoordinateTransformContext

    def moved(self, shape: QgsGeometry, crs: QgsCoordinateReferenceSystem) -> QgsGeometry:
        """Return the shape, which is changed, from ``crs`` in the target's."""
        if crs != self.crs and not shape.isEmpty():
            shape.transform(QgsCoordinateTransform(crs, self.crs, self.transforms))
        return shape


@dataclass
class Building:
    """A building in all its pieces, which tiles may deliver apart; ``tiles`` are the names of their files."""

    id: str
    pieces: Sequence[Part]
    tiles: Sequence[str]

    @property
    def level_of_detail(self) -> int:
        """Level of detail of the best geometry: 2, 1, or 0 where there is none."""
        return max(piece.level_of_detail for piece in self.pieces)

    @property
    def dangling(self) -> int:
        """References that lead to no surface of the building."""
        return sum(piece.dangling for piece in self.pieces)

    def text(self, name: str) -> str | None:
        """Return the attribute on which the pieces agree, else ``None``."""
        return agreed(piece.text(name) for piece in self.pieces)

    def texts_of_all(self, name: str) -> list[str]:
        """Return an attribute of all pieces."""
        return [text for piece in self.pieces for text in piece.texts_of_all(name)]

    def footprint(self, target: Target) -> QgsGeometry:
        """Return the ground that the building covers as a valid MultiPolygon, empty if it has none."""
        shapes = [target.moved(piece.footprint(), piece.crs) for piece in self.pieces]
        return shapes[0] if len(shapes) == 1 else united(shapes)


@dataclass
class Count:
    """What :func:`read_tiles` has seen: ``read`` is what it yields and ``left`` and ``joined`` together.

    ``joined`` counts pieces that went into a building beside the first one.
    """

    tiles: int = 0
    read: int = 0
    joined: int = 0
    left: dict[Left, list[str]] = field(default_factory=lambda: {reason: [] for reason in Left})
    renamed: list[str] = field(default_factory=list)
    nameless: int = 0


@dataclass
class _Plan:
    """What becomes of the buildings whose id comes again or is missing."""

    groups: dict[TilePosition, Group] = field(default_factory=dict)
    left: dict[TilePosition, Left] = field(default_factory=dict)

    def add(self, building_id: str, readings: Sequence[Reading]) -> None:
        """Settle which readings of one id are the same building."""
        groups, left = settle(building_id, readings)
        self.groups |= {place: group for group in groups for place in group.places}
        self.left |= left


def read_tiles(
    paths: Iterable[Path], target: Target, feedback: QgsProcessingFeedback, count: Count
) -> Iterator[Building]:
    """Yield every building of the tiles once, in its newest version, whatever the order of the tiles.

    Raises if all buildings of a tile are LoD1: their roofs are level by construction.
    """
    paths = list(paths)
    count.tiles = len(paths)
    repeated = _repeated_ids(paths, feedback)
    plan = _planned(paths, repeated, target, feedback) if repeated else _Plan()
    waiting: dict[Group, list[tuple[TilePosition, Part]]] = defaultdict(list)
    for number, _, part in _each(paths, feedback, BUILDINGS, _with_roofs):
        count.read += 1
        place = number, part.number
        if place in plan.left:
            count.left[plan.left[place]].append(part.id)
            continue
        group = plan.groups.get(place) or Group(part.id, (place,))
        waiting[group].append((place, part))
        if len(waiting[group]) == len(group.places):
            yield _whole(group, dict(waiting.pop(group)), paths, count)


def _repeated_ids(paths: Sequence[Path], feedback: QgsProcessingFeedback) -> Counter[str]:
    """Return how often each id comes that comes more than once, and the empty one if it comes at all."""
    seen: set[str] = set()
    repeated: Counter[str] = Counter()
    for _, _, building_id in _each(paths, feedback, IDS, Tile.ids):
        if building_id in repeated:
            repeated[building_id] += 1
        elif building_id in seen:
            repeated[building_id] = 2
        elif building_id:
            seen.add(building_id)
        else:
            repeated[building_id] = 1
    return repeated


def _planned(
    paths: Sequence[Path], repeated: Counter[str], target: Target, feedback: QgsProcessingFeedback
) -> _Plan:
    """Read the buildings of the ids that come again, and find out which are the same.

    Of an id whose buildings were all read nothing is held any more.
    """
    plan, ahead = _Plan(), repeated.copy()
    readings: dict[str, list[Reading]] = defaultdict(list)
    for number, tile, part in _each(paths, feedback, OUTLINES, lambda tile: tile.buildings(repeated)):
        outline = target.moved(part.footprint(), part.crs)
        if not outline.isEmpty():
            readings[part.id].append(Reading.of(part, outline, tile.path, (number, part.number)))
        ahead[part.id] -= 1
        if not ahead[part.id]:
            for building_id, found in _named(part.id, readings.pop(part.id, [])):
                plan.add(building_id, found)
    return plan


def _named(building_id: str, readings: Sequence[Reading]) -> Iterable[tuple[str, Sequence[Reading]]]:
    """Return readings under their id; those without one under an id for each outline."""
    if building_id:
        return [(building_id, readings)]
    of_outline: dict[str, list[Reading]] = defaultdict(list)
    for reading in readings:
        of_outline[f"{NO_ID}_{key_of([reading.shape_key])}"].append(reading)
    return of_outline.items()


def _each(
    paths: Sequence[Path],
    feedback: QgsProcessingFeedback,
    span: tuple[float, float],
    read: Callable[[Tile], Iterator[Found]],
) -> Iterator[tuple[int, Tile, Found]]:
    """Yield what is read of each tile with the tile's number; progress runs over ``span`` with the bytes."""
    sizes = [path.stat().st_size for path in paths]
    begin, end = span
    per_byte, done = (end - begin) / max(1, sum(sizes)), 0
    for number, (path, size) in enumerate(zip(paths, sizes, strict=True)):
        tile = Tile(path, feedback)
        for found in read(tile):
            feedback.setProgress(begin + per_byte * (done + tile.position))
            yield number, tile, found
        done += size


def _with_roofs(tile: Tile) -> Iterator[Part]:
    """Yield the buildings of a tile; raise at its end if none of them has more than LoD1."""
    details = set()
    for building in tile.buildings():
        details.add(building.level_of_detail)
        yield building
    if 1 in details and 2 not in details:
        message = translate(
            "GrueneInfra",
            "{file} holds LoD1 buildings only: their roofs are level by construction, no evidence. "
            "Use LoD2 tiles.",
        )
        raise QgsProcessingException(message.format(file=tile.path))


def _whole(group: Group, parts: dict[TilePosition, Part], paths: Sequence[Path], count: Count) -> Building:
    """Return a building of its pieces, and count what was done for it."""
    pieces = [parts[place] for place in group.places]
    count.joined += len(pieces) - 1
    count.nameless += bool(group.id) and not pieces[0].id
    if group.is_renamed:
        count.renamed.append(pieces[0].id)
    tiles = sorted({paths[tile].stem for tile, _ in group.places})
    return Building(group.id, pieces, tiles)
