"""Houses: closed fronts, detached and semi-detached houses, villages. One rule per kind of block."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from . import codes
from .codes import FLAT, GABLE, HALF_HIP, HIP, LEAN_TO, MANSARD, TENT
from .frames import Frame, Random, bend, first_fit, frame_of, pick, year_from
from .geometry import Geometry, Points, largest, lengths, linestring, polygon, rings, union
from .model import Building, Parcel

Block = list[Parcel]

# --- closed fronts -------------------------------------------------------------------------------


def closed_front(block: Block, rng: Random, depths: tuple[float, ...]) -> list[tuple[Parcel, Geometry]]:
    """Return for each lot the front building that runs from one neighbour to the other."""
    lines = [linestring(lot.front) for lot in block if len(lot.front)]
    strips = [union(line.Buffer(depth, 2) for line in lines) for depth in depths]
    result = []
    for lot in block:
        strip = strips[int(rng.integers(len(strips)))]
        body = largest(lot.area.Intersection(strip)) if len(lot.front) else None
        if body is not None and body.GetArea() > 28 and body.GetGeometryCount() == 1:
            result.append((lot, body))
    return result


def old_core(block: Block, rng: Random) -> list[Building]:
    """Return narrow houses in closed fronts, half of them rebuilt after the war, and back buildings."""
    result = []
    for lot, body in closed_front(block, rng, (9.5, 11, 12.5)):
        if rng.random() < 0.04:
            continue
        year = year_from(rng, (0.5, 1620, 1890), (0.45, 1948, 1963), (0.05, 1972, 2012))
        roof = pick(rng, {GABLE: 7, HIP: 1, MANSARD: 1, FLAT: 2 if year > 1945 else 0.1})
        function = pick(rng, {codes.MIXED_USE: 5, codes.HOUSE: 4, codes.INN: 0.6, codes.SHOPS: 0.6})
        result.append(Building(body, function, roof, int(rng.integers(2, 4)), year))
        if rng.random() < 0.3:
            result += _back_building(lot, body, rng, rng.uniform(4, 6.5))
    return result


def perimeter(block: Block, rng: Random) -> list[Building]:
    """Return tenements round a block, some rebuilt after the war, with buildings in the courtyard."""
    result = []
    for lot, body in closed_front(block, rng, (11.5, 12.5, 13.5)):
        if rng.random() < 0.05:
            continue
        year = year_from(rng, (0.52, 1882, 1914), (0.38, 1949, 1962), (0.06, 1965, 1998), (0.04, 2016, 2023))
        old = year < 1920
        roof = pick(rng, {GABLE: 6, HIP: 0.5, MANSARD: 3 if old else 0.2, FLAT: 0.3 if old else 3})
        function = pick(rng, {codes.HOUSE: 6, codes.MIXED_USE: 3.2, codes.OFFICES: 0.4, codes.SHOPS: 0.5})
        result.append(Building(body, function, roof, int(rng.integers(3, 5)), year))
        if rng.random() < 0.27:
            result += _back_building(lot, body, rng, rng.uniform(5, 9))
    return result


def _back_building(lot: Parcel, house: Geometry, rng: Random, deep: float) -> list[Building]:
    frame = frame_of(lot.front)
    wide = min(frame.width - 0.6, rng.uniform(6, 13))
    left = float(rng.choice([-1, 1])) * (frame.width - wide) / 2 * 0.9 - wide / 2
    candidates = (frame.box(left, v, wide, deep) for v in np.arange(34, 14, -2.0))
    body = first_fit(lot.area, 0.4, (c for c in candidates if not c.Intersects(house)))
    if body is None or body.GetArea() < 14:
        return []
    function = pick(rng, {codes.WORKSHOP: 3, codes.GARAGE: 4, codes.HOUSE: 1.4, codes.STORAGE: 1})
    year = year_from(rng, (0.4, 1890, 1930), (0.6, 1950, 1985))
    storeys = 2 if function == codes.HOUSE else 1
    return [Building(body, function, pick(rng, {FLAT: 7, LEAN_TO: 3}), storeys, year)]


# --- detached houses -----------------------------------------------------------------------------


@dataclass(frozen=True)
class HouseRule:
    """Ranges of the sizes in metres, and weights of years ``(weight, first, last)`` and roofs."""

    width: tuple[float, float]
    depth: tuple[float, float]
    setback: tuple[float, float]
    years: tuple[tuple[float, int, int], ...]
    roofs: dict[int, float]
    garage: float
    storeys: tuple[int, int] = (1, 2)
    margin: float = 1.6


DETACHED = {
    "efh": HouseRule(
        width=(9, 13),
        depth=(8.5, 11),
        setback=(4, 7),
        years=((1, 1950, 1985), (0.08, 1986, 2012), (0.03, 2016, 2023)),
        roofs={GABLE: 7, HIP: 1.5, FLAT: 1.5},
        garage=0.2,
    ),
    "neubau": HouseRule(
        width=(9, 11.5),
        depth=(9, 11),
        setback=(3.5, 5),
        years=((0.62, 2004, 2015), (0.38, 2016, 2024)),
        roofs={GABLE: 4, FLAT: 2.5, TENT: 2, LEAN_TO: 1.5},
        garage=0.3,
        storeys=(2, 2),
    ),
    "ufer": HouseRule(
        width=(9, 12),
        depth=(9, 11),
        setback=(4, 6),
        years=((1, 1955, 1992),),
        roofs={GABLE: 7, HIP: 2},
        garage=0.3,
    ),
    "muehle": HouseRule(
        width=(9, 14),
        depth=(10, 13),
        setback=(0.5, 3),
        years=((0.7, 1830, 1925), (0.3, 1950, 1970)),
        roofs={GABLE: 7, HALF_HIP: 1.5, HIP: 1},
        garage=0.15,
        storeys=(2, 3),
        margin=0.3,
    ),
}


def detached(block: Block, rng: Random) -> list[Building]:
    """Return one house per lot, some L-shaped, some with a garage near the border."""
    rule = DETACHED[block[0].kind]
    setback = rng.uniform(*rule.setback)
    result = []
    for lot in block:
        if not len(lot.front) or rng.random() < 0.03:
            continue
        frame = frame_of(lot.front)
        shapes = _house_shapes(frame, rule, setback + rng.uniform(-0.6, 0.9), rng)
        body = first_fit(lot.area, rule.margin, shapes)
        if body is None:
            continue
        year = year_from(rng, *rule.years)
        storeys = int(rng.integers(rule.storeys[0], rule.storeys[1] + 1))
        result.append(Building(body, codes.HOUSE, pick(rng, rule.roofs), storeys, year))
        if year > 2015 and lot.kind == "efh" and rng.random() < 0.5:
            result.append(_predecessor(body, rng))
        if rng.random() < rule.garage:
            result += _garage(lot, frame, body, year, rng)
    return result


def _house_shapes(frame: Frame, rule: HouseRule, setback: float, rng: Random) -> list[Geometry]:
    """Return ground plans to try, the wanted one first, then smaller ones farther back."""
    wide = min(rng.uniform(*rule.width), max(6.5, frame.width - 5.5))
    deep, shift = rng.uniform(*rule.depth), rng.uniform(-1.2, 1.2)
    angled = rng.random() < 0.22
    shapes = []
    for scale in (1.0, 0.9, 0.8):
        w, d = wide * scale, deep * scale
        u = shift - w / 2
        for v in (setback, setback + 2.5, setback + 5.0):
            if angled:
                wing = [(u + 0.55 * w, v + d), (u + 0.55 * w, v + d + 3.2), (u, v + d + 3.2)]
                shapes.append(frame.shape([(u, v), (u + w, v), (u + w, v + d), *wing]))
            shapes.append(frame.box(u, v, w, d))
    return shapes


def _predecessor(house: Geometry, rng: Random) -> Building:
    """Return the smaller house that stood in the place of a new one in 2015."""
    ring = rings(house)[0]
    middle = ring[:-1].mean(axis=0)
    body = polygon(middle + 0.8 * (ring - middle))
    return Building(body, codes.HOUSE, GABLE, 1, int(rng.integers(1948, 1962)), gone=True)


def _garage(lot: Parcel, frame: Frame, house: Geometry, year: int, rng: Random) -> list[Building]:
    side = float(rng.choice([-1, 1]))
    candidates = [
        frame.box(sign * (frame.width / 2 - inset - 1.5) - 1.5, v, 3.0, 6.2)
        for sign in (side, -side)
        for inset in (0.25, 1.0, 2.0)
        for v in (6.0, 8.0, 10.5)
    ]
    body = first_fit(lot.area, 0.05, (c for c in candidates if c.Distance(house) > 0.4))
    built = year if year > 1975 else int(rng.integers(1962, 1990))
    return [] if body is None else [Building(body, codes.GARAGE, FLAT, 1, built)]


# --- colony and village --------------------------------------------------------------------------


def colony(block: Block, rng: Random) -> list[Building]:
    """Return the semi-detached houses of a miners' colony, one design per block, and some sheds."""
    half, deep, setback = rng.uniform(6.4, 7.4), rng.uniform(8.5, 9.8), rng.uniform(3.5, 5.5)
    roof = pick(rng, {GABLE: 4, HALF_HIP: 3, MANSARD: 3})
    first = int(rng.integers(1906, 1913))
    result = []
    for one, two in _neighbour_pairs(block):
        along = two.front[-1] - one.front[0]
        frame = Frame(one.front[-1], along / np.hypot(*along), 2 * half)
        both = frame.box(-half, setback, 2 * half, deep)
        for lot in (one, two):
            body = largest(both.Intersection(lot.area))
            if body is None or body.GetArea() < 35:
                continue
            result.append(Building(body, codes.HOUSE, roof, 2, first + int(rng.integers(0, 4))))
            if rng.random() < 0.1:
                result += _shed(lot, frame, body, setback + deep, rng)
    return result


def _neighbour_pairs(block: Block) -> list[tuple[Parcel, Parcel]]:
    """Return lots two by two where one's street line continues the other's without a bend."""
    free = {_place(lot.front[0]): lot for lot in block if len(lot.front)}
    pairs = []
    for start in list(free):
        one = free.get(start)
        two = free.get(_place(one.front[-1])) if one is not None else None
        if one is None or two is None or one is two:
            continue
        straight = bend(one.front[0], one.front[-1], two.front[-1]) < np.radians(16)
        if straight and lengths(one.front)[-1] < 26:
            pairs.append((one, two))
            del free[start], free[_place(two.front[0])]
    return pairs


def _place(xy: Points) -> tuple[float, float]:
    return round(float(xy[0]), 2), round(float(xy[1]), 2)


def _shed(lot: Parcel, frame: Frame, house: Geometry, back: float, rng: Random) -> list[Building]:
    candidates = (frame.box(u, back + v, 4.5, 3.6) for u in (-9, 4.5, -11, 6.5) for v in (4, 7))
    body = first_fit(lot.area, 0.3, (c for c in candidates if c.Distance(house) > 1))
    return [] if body is None else [Building(body, codes.SHED, LEAN_TO, 1, int(rng.integers(1912, 1960)))]


def village(block: Block, rng: Random) -> list[Building]:
    """Return farmhouses and houses near the street, barns behind them."""
    result = []
    for lot in block:
        if not len(lot.front) or rng.random() < 0.06:
            continue
        frame = frame_of(lot.front)
        wide, deep = rng.uniform(9, 13), rng.uniform(9, 15)
        setback, shift = rng.uniform(1, 6), rng.uniform(-2, 2)
        sizes = [(wide, deep), (deep, wide), (8.5, 9), (7, 8)]
        body = first_fit(lot.area, 0.8, [frame.box(shift - w / 2, setback, w, d) for w, d in sizes])
        if body is None:
            continue
        year = year_from(rng, (0.5, 1760, 1910), (0.4, 1950, 1990), (0.1, 1991, 2014))
        function = codes.HOUSE if year > 1945 else codes.FARMHOUSE
        result.append(Building(body, function, pick(rng, {GABLE: 8, HALF_HIP: 2, HIP: 1}), 2, year))
        if rng.random() < 0.42:
            result += _barn(lot, frame, body, rng)
    return result


def _barn(lot: Parcel, frame: Frame, house: Geometry, rng: Random) -> list[Building]:
    wide, deep = rng.uniform(7, 11), rng.uniform(9, 17)
    candidates = (
        frame.box(u - w / 2, v, w, d)
        for w, d in ((wide, deep), (deep, wide), (5, 7))
        for v in (26, 23, 30)
        for u in (-4, 4, 0)
    )
    body = first_fit(lot.area, 0.6, (c for c in candidates if c.Distance(house) > 2))
    if body is None:
        return []
    function = pick(rng, {codes.BARN: 4, codes.STABLE: 2, codes.SHED: 2, codes.GARAGE: 2})
    return [Building(body, function, GABLE, 1, year_from(rng, (1, 1840, 1975)))]
