"""Large forms: slabs in the green, works halls, allotment gardens, and the fixed ensembles."""

from __future__ import annotations

import numpy as np

from . import codes, plan
from .codes import BARREL, FLAT, GABLE, SHED_ROOF
from .ensembles import DEMOLISHED_COLLIERY, PRIMARY, SCHOOL, SITES, Shape
from .frames import Frame, Random, first_fit, frame_at, frame_of, frame_of_area, pick, year_from
from .geometry import Geometry
from .houses import Block
from .model import Building, Parcel


def slabs(block: Block, rng: Random) -> list[Building]:
    """Return rows of stepped slabs in the green, a few towers, and rows of garages."""
    early = block[0].district == "Weststadt"
    result: list[Building] = []
    for lot in block:
        frame = frame_of_area(lot.area)
        year = int(rng.integers(1951, 1961) if early else rng.integers(1964, 1974))
        rows = frame.turned() if rng.random() < 0.6 else frame
        for body, storeys in _rows_of_slabs(rows, lot.area.Buffer(-5.5, 2), rng, 3 if early else 4):
            roof = GABLE if storeys == 3 else FLAT
            result.append(Building(body, codes.FLATS, roof, storeys, year))
        result += _garage_rows(lot, frame, [b.area for b in result], year + int(rng.integers(0, 9)))
    return result


def _rows_of_slabs(frame: Frame, room: Geometry, rng: Random, storeys: int) -> list[tuple[Geometry, int]]:
    found: list[tuple[Geometry, int]] = []
    for row, v in enumerate(np.arange(-170, 171, rng.uniform(36, 41))):
        u = -170 + (row % 2) * rng.uniform(8, 20)
        while u < 170:
            units = int(rng.integers(2, 5))
            tower = storeys > 3 and rng.random() < 0.05
            body = frame.box(u, v - 5, 22, 22) if tower else _stepped(frame, u, v, units, rng)
            if body.Within(room) and all(body.Distance(other) > 9 for other, _ in found):
                found.append((body, int(rng.integers(8, 13)) if tower else storeys))
                u += 18 * units + rng.uniform(12, 18)
            else:
                u += 7
    return found


def _stepped(frame: Frame, u: float, v: float, units: int, rng: Random) -> Geometry:
    """Return a slab of 17 m long units, each set back a little against the one before."""
    step = float(rng.choice([0.0, 1.6, 2.4]))
    if step == 0:
        return frame.box(u, v, 17 * units, 10.8)
    lower = [(u + 17 * i + du, v + step * i) for i in range(units) for du in (0, 17)]
    return frame.shape(lower + [(x, y + 10.8) for x, y in reversed(lower)])


def _garage_rows(lot: Parcel, frame: Frame, taken: list[Geometry], year: int) -> list[Building]:
    """Return up to two rows of eight garages where there is room."""
    room = lot.area.Buffer(-2.5, 2)
    places = [frame.box(u, v, 24, 6) for v in np.arange(-80, 81, 9.0) for u in np.arange(-120, 121, 10.0)]
    result: list[Building] = []
    for body in places:
        if len(result) < 2 and body.Within(room) and all(body.Distance(other) > 6 for other in taken):
            taken.append(body)
            result.append(Building(body, codes.GARAGE, FLAT, 1, year))
    return result


def works(block: Block, rng: Random) -> list[Building]:
    """Return works halls, some extended since 2015, and an office by the gate."""
    result = []
    for lot in block:
        if not len(lot.front) or rng.random() < 0.12:
            continue
        frame, room = frame_of(lot.front), lot.area.Buffer(-5, 2)
        hall = _hall(frame, room, (105, 160) if lot.kind == "logistik" else (52, 96), rng)
        if hall is None:
            continue
        result.append(hall)
        office = first_fit(room, 0, (frame.box(u, 4, 22, 11) for u in (-30, 10, -12, -45, 25)))
        if office is not None and office.Distance(hall.area) > 4:
            year = year_from(rng, (1, 1960, 2010))
            result.append(Building(office, codes.OFFICES, FLAT, int(rng.integers(2, 4)), year))
    return result


def _hall(frame: Frame, room: Geometry, size: tuple[float, float], rng: Random) -> Building | None:
    bodies = _hall_bodies(frame, size, rng)
    whole = next(((body, early) for body, early in bodies if body.Within(room)), None)
    if whole is None:
        return None
    body, early = whole
    year = year_from(rng, (0.75, 1954, 2005), (0.1, 2006, 2015), (0.15, 2016, 2023))
    roof = pick(rng, {FLAT: 6, GABLE: 1.5, BARREL: 0.5, SHED_ROOF: 1.5 if year < 1980 else 0})
    function = pick(rng, {codes.FACTORY: 3, codes.STORAGE: 4, codes.WORKS: 3, codes.WORKSHOP: 1})
    extended = rng.random() < 0.06 and year <= 2015
    return Building(body, function, roof, int(rng.integers(1, 3)), year, before=early if extended else None)


def _hall_bodies(frame: Frame, size: tuple[float, float], rng: Random) -> list[tuple[Geometry, Geometry]]:
    """Return halls to try, large ones first, each with the part built first; half are L-shaped."""
    angled = rng.random() < 0.45
    bodies = []
    for scale in (1.0, 0.85, 0.7, 0.55, 0.42, 0.32, 0.24):
        w, d = scale * rng.uniform(*size), scale * rng.uniform(*size)
        for v in (20, 12, 30):
            notch = [(-0.5, 0), (0.1, 0), (0.1, 0.3), (0.5, 0.3), (0.5, 1), (-0.5, 1)]
            shape = frame.shape([(x * w, v + y * d) for x, y in notch])
            early = frame.box(-w / 2, v + (0.3 * d if angled else 0.0), w, 0.7 * d)
            bodies.append((shape if angled else frame.box(-w / 2, v, w, d), early))
    return bodies


def site(block: Block, rng: Random) -> list[Building]:
    """Return the fixed ensemble of a site; what does not fit on one parcel is left out."""
    result = []
    for lot in block:
        shapes = SITES.get(lot.kind, PRIMARY if "Grundschule" in lot.district else SCHOOL)
        later = int(rng.integers(-12, 13)) if lot.kind == "hof" else 0
        result += [
            Building(body, function, roof, storeys, year + later)
            for body, function, roof, storeys, year in _placed(lot, shapes)
        ]
        if lot.kind == "zeche":
            result += [Building(*entry, gone=True) for entry in _placed(lot, DEMOLISHED_COLLIERY)]
    return result


def _placed(lot: Parcel, shapes: list[Shape]) -> list[tuple[Geometry, int, int, int, int]]:
    anchor = plan.ANCHORS.get(lot.kind)
    frame = frame_at(*anchor) if anchor else frame_of_area(lot.area)
    room = lot.area.Buffer(-0.5, 2)
    placed = [(frame.shape(corners), *facts) for corners, *facts in shapes]
    return [entry for entry in placed if entry[0].Within(room)]


def allotments(block: Block, rng: Random) -> list[Building]:
    """Return the arbours of an allotment garden, loosely in rows."""
    result = []
    for lot in block:
        frame, room = frame_of_area(lot.area), lot.area.Buffer(-4, 2)
        for v in np.arange(-90, 91, 26.0):
            for u in np.arange(-150, 151, 24.0):
                body = frame.box(u + rng.uniform(-4, 4), v + rng.uniform(-4, 4), 5, 4)
                if body.Within(room) and rng.random() < 0.7:
                    year = int(rng.integers(1955, 2000))
                    result.append(Building(body, codes.ARBOUR, pick(rng, {GABLE: 3, FLAT: 1}), 1, year))
    return result
