"""From the plan to parcels: infrastructure first, blocks between it, lots and fields inside them."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np

from . import lots, plan, rail, streets, water
from .coverage import share_vertices
from .geometry import (
    Geometry,
    Index,
    Points,
    chunks,
    linestring,
    offsets,
    parts,
    point,
    polygon,
    random_for,
    rounded,
    rugged,
    spline,
    subtract,
    union,
    valid,
    without_holes,
)
from .model import Parcel, no_front

USES = {
    "altstadt": "Fläche gemischter Nutzung",
    "muehle": "Fläche gemischter Nutzung",
    "hof": "Fläche gemischter Nutzung",
    "dorf": "Fläche gemischter Nutzung",
    "gewerbe": "Industrie- und Gewerbefläche",
    "logistik": "Industrie- und Gewerbefläche",
    "hafen": "Industrie- und Gewerbefläche",
    "zeche": "Industrie- und Gewerbefläche",
    "klaerwerk": "Industrie- und Gewerbefläche",
    "halde": "Halde",
    "brache": "Unland, Vegetationslose Fläche",
    "kaufhaus": "Fläche gemischter Nutzung",
    "gueterbahnhof": "Bahnverkehr",
    "bahnhof": "Bahnverkehr",
    "schule": "Fläche besonderer funktionaler Prägung",
    "krankenhaus": "Fläche besonderer funktionaler Prägung",
    "dorfkirche": "Fläche besonderer funktionaler Prägung",
    "kirche": "Fläche besonderer funktionaler Prägung",
    "friedhof": "Friedhof",
    "park": "Sport-, Freizeit- und Erholungsfläche",
    "sport": "Sport-, Freizeit- und Erholungsfläche",
    "kleingarten": "Sport-, Freizeit- und Erholungsfläche",
    "garten": "Sport-, Freizeit- und Erholungsfläche",
    "wald": "Wald",
    "gehoelz": "Gehölz",
    "acker": "Landwirtschaft (Ackerland)",
    "gruenland": "Landwirtschaft (Grünland)",
}
HOUSING = "Wohnbaufläche"

# Lot width, its spread, and the depth behind which a block keeps a common courtyard (metres).
LOT_RULES: dict[str, tuple[float, float, float]] = {
    "altstadt": (13.5, 0.3, 40),
    "blockrand": (22, 0.25, 34),
    "efh": (26, 0.2, 42),
    "neubau": (23, 0.2, 38),
    "kolonie": (15, 0.1, 44),
    "dorf": (30, 0.4, 48),
    "ufer": (24, 0.2, 40),
    "muehle": (22, 0.4, 50),
    "gewerbe": (72, 0.4, 150),
    "logistik": (150, 0.2, 190),
    "hafen": (95, 0.3, 170),
}
OPEN_EDGE = ("efh", "neubau", "kolonie", "dorf", "ufer")
FIELDS = {"acker": 48_000, "gruenland": 36_000, "wald": 55_000, "zeilen": 16_000, "kleingarten": 14_000}
SMALL_GREEN = 30_000.0  # m²: open land left between lots becomes a green space up to this size
WHOLE_BLOCK = 70_000.0  # m²: a smaller block is not divided between zones


class Claims:
    """Parcels claimed one after the other; the later gets what the earlier left."""

    def __init__(self, region: Geometry) -> None:
        """Start with an empty ``region``."""
        self.region = region
        self.parcels: list[Parcel] = []
        self._index = Index()

    def claim(self, area: Geometry, use: str, kind: str, district: str = "", smallest: float = 12.0) -> None:
        """Add the free parts of ``area`` that are larger than ``smallest`` m²."""
        free = subtract(area.Intersection(self.region), self._index)
        for part in parts(free, smallest):
            self._index.add(part)
            self.parcels.append(Parcel(part, use, kind, district))

    def rest(self) -> list[Geometry]:
        """Return the land nobody has claimed."""
        return parts(self.region.Difference(union(self._index.geometries)))


def region() -> Geometry:
    """Return the outline of the sample region."""
    return polygon(rugged(plan.REGION, "region", 120, 34, closed=True))


def municipalities(outline: Geometry) -> list[tuple[str, str, Geometry]]:
    """Return AGS, name and area of the municipalities; they tile the region."""
    northwest = rugged(plan.BORDER_WEST[6:], "border west", 110, 22)
    west = polygon(np.vstack([water.border_brook(), northwest, [(-900, 5200), (-900, -200)]]))
    east = polygon(
        np.vstack([rugged(plan.BORDER_EAST, "border east", 120, 24), [(6900, 5200), (6900, -200)]])
    )
    areas = [
        outline.Difference(west).Difference(east),
        outline.Intersection(west),
        outline.Intersection(east),
    ]
    return [(ags, name, area) for (ags, name), area in zip(plan.MUNICIPALITIES, areas, strict=True)]


def infrastructure(claims: Claims, reserved: list[Parcel]) -> None:
    """Claim water, the ``reserved`` parcels, rail and roads, in this order."""
    for body in water.water_bodies():
        for piece in _water_pieces(body):
            claims.claim(piece, body.kind, "wasser", body.name)
    for parcel in reserved:
        claims.claim(parcel.area, parcel.use, parcel.kind, parcel.district)
    for brook in water.brooks():
        for piece in chunks(brook.line, brook.width, 420):
            claims.claim(piece, "Fließgewässer", "wasser", brook.name)
    for bank in _canal_banks():
        claims.claim(bank, "Schiffsverkehr", "kanalufer", "Musterkanal")
    _claim_rail(claims)
    _claim_streets(claims)


def _water_pieces(body: water.Water) -> list[Geometry]:
    if body.name == "Muster":
        axis = water.river_axis()
    elif body.name == "Musterkanal":
        axis = water.canal_axis()
    else:
        return [body.area]
    return [part for chunk in chunks(axis, 120, 700) for part in parts(chunk.Intersection(body.area))]


def _canal_banks() -> list[Geometry]:
    axis = water.canal_axis()
    inner, outer = plan.CANAL_WIDTH / 2, plan.CANAL_WIDTH / 2 + 11
    result = []
    for side in (1, -1):
        near, _ = offsets(axis, side * inner, 0)
        far, _ = offsets(axis, side * outer, 0)
        stops = np.linspace(0, len(axis) - 1, 12).astype(int)
        result += [
            valid(polygon(np.vstack([near[a : b + 1], far[a : b + 1][::-1]]))) for a, b in pairwise(stops)
        ]
    return result


def _claim_rail(claims: Claims) -> None:
    claims.claim(polygon(spline(plan.YARD, 20, closed=True)), "Bahnverkehr", "gueterbahnhof", "Güterbahnhof")
    for railway in rail.railways():
        for piece in railway.parcels(650 if railway.tracks > 1 else 500):
            claims.claim(piece, "Bahnverkehr", "bahn", railway.name)


def _claim_streets(claims: Claims) -> None:
    for ramp in streets.ramps():
        for piece in chunks(ramp.line, ramp.width, 600):
            claims.claim(piece, "Straßenverkehr", "strasse", ramp.name)
    claims.claim(polygon(streets.core_shape(plan.MARKET)), "Platz", "platz", "Markt")
    network = streets.network()
    for street in network + streets.tracks():
        for piece in chunks(street.line, street.width, 600):
            claims.claim(piece, street.use, "strasse" if street.rank < 3 else "weg", street.name, 25.0)
    for head in streets.turning_heads(network):
        claims.claim(head, "Straßenverkehr", "strasse", "Wendeanlage", 25.0)


# --- blocks --------------------------------------------------------------------------------------


def land_use(blocks: list[Geometry], roads: Geometry) -> list[Parcel]:
    """Return the blocks, cut where zones end, each with its kind and district."""
    built_up = union(street.area.Buffer(37, 3) for street in streets.network())
    enclosed = without_holes(built_up.Buffer(25, 2), SMALL_GREEN)
    cells = []
    for number, block in enumerate(blocks):
        zone = _zone_of_whole(block)
        if zone is not None:
            cells.append(Parcel(block, "", zone.kind, zone.name, number))
        else:
            cells += _cut_by_zones(block, number, built_up, enclosed)
    return [replace(cell, use=USES.get(cell.kind, HOUSING)) for cell in cells]


def _zone_of_whole(block: Geometry) -> plan.Area | None:
    for x, y, kind, name in plan.SPECIAL_BLOCKS:
        if block.Contains(point(x, y)):
            return plan.Area(kind, name, ())
    if block.GetArea() > WHOLE_BLOCK:
        return None
    shares = [block.Intersection(polygon(zone.outline)).GetArea() for zone in plan.ZONES]
    best = int(np.argmax(shares))
    return plan.ZONES[best] if shares[best] > 0.5 * block.GetArea() else None


def _cut_by_zones(block: Geometry, number: int, built_up: Geometry, enclosed: Geometry) -> list[Parcel]:
    cells = []
    rest = block
    for x, y, angle in plan.FARMS:
        farm = _farmstead(x, y, angle)
        plots = parts(rest.Intersection(farm), 900)
        cells += [Parcel(part, "", "hof", "", number) for part in plots]
        rest = rest.Difference(union(plots)) if plots else rest
    for zone in plan.ZONES:
        outline = polygon(_soft(zone))
        if not outline.Intersects(rest):
            continue
        piece = rest.Intersection(outline)
        if zone.kind in OPEN_EDGE:
            piece = rounded(piece.Intersection(built_up), 6).Intersection(rest)
        cells += [Parcel(part, "", zone.kind, zone.name, number) for part in parts(piece, 350)]
        rest = rest.Difference(union(parts(piece, 350)))
    return cells + _open_land(rest, number, enclosed)


def _soft(zone: plan.Area) -> Points | plan.Path:
    if zone.kind in ("halde", "park"):
        return spline(zone.outline, 25, closed=True)
    if zone.kind in ("wald", "gehoelz"):
        return rugged(zone.outline, zone.name, 70, 16, closed=True)
    return zone.outline


def _farmstead(x: float, y: float, angle: float) -> Geometry:
    rng = random_for("farm", x, y)
    corners = np.array([(-34, -26), (34, -26), (34, 26), (-34, 26)]) * rng.uniform(0.85, 1.2, (4, 2))
    turn = np.radians(angle)
    axes = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    return polygon(corners @ axes + (x, y))


def _open_land(rest: Geometry, number: int, enclosed: Geometry) -> list[Parcel]:
    """Return what no zone has taken: green between houses, meadow in the valleys, else fields."""
    green = [part for part in parts(rest) if part.GetArea() < SMALL_GREEN and enclosed.Contains(part)]
    rest = rest.Difference(union(green)) if green else rest
    meadow = water.valleys()["wiesen"]
    found = [
        ("garten", green),
        ("gruenland", parts(rest.Intersection(meadow))),
        ("acker", parts(rest.Difference(meadow))),
    ]
    return [Parcel(part, "", kind, "", number) for kind, areas in found for part in areas]


# --- lots ----------------------------------------------------------------------------------------


def divide(cell: Parcel, roads: Index) -> list[Parcel]:
    """Return the parcels of one cell."""
    rng = random_for("divide", *(cell.area.Centroid().GetPoint()[:2]))
    if cell.kind in LOT_RULES and cell.area.GetArea() > 250:
        return _building_lots(cell, roads, rng)
    target = FIELDS.get(cell.kind)
    if target is None:
        return [cell]
    fields = [replace(cell, area=piece) for piece in lots.split(cell.area, target, rng, rng.random() < 0.35)]
    return [_varied(field, rng) for field in fields] if cell.kind == "acker" else fields


def _varied(field: Parcel, rng: np.random.Generator) -> Parcel:
    """Return a field, now and then as grassland or a copse."""
    kind = rng.choice(["acker", "gruenland", "gehoelz"], p=[0.83, 0.12, 0.05])
    return replace(field, kind=str(kind), use=USES[str(kind)])


def _building_lots(cell: Parcel, roads: Index, rng: np.random.Generator) -> list[Parcel]:
    """Return the lots along the streets and what lies too deep behind them."""
    width, spread, depth = LOT_RULES[cell.kind]
    behind = "brache" if cell.kind in ("gewerbe", "logistik", "hafen") else "garten"
    fronts = lots.frontages(cell.area, roads.around(cell.area, 2.0))
    if not fronts:
        return [replace(cell, use=USES[behind], kind=behind)]
    courts = lots.inner_courtyard(cell.area, fronts, depth, 700)
    block = cell.area.Difference(union(courts)) if courts else cell.area
    pieces = [piece for front in fronts for piece in lots.divide_frontage(front, width, spread, rng)]
    result = [replace(cell, area=court, use=USES[behind], kind=behind) for court in courts]
    for part in parts(block):
        near = [piece for piece in pieces if part.Distance(linestring(piece)) < 0.1]
        for lot in lots.voronoi_lots(part, near or pieces[:1]):
            touches = lot.area.Distance(linestring(lot.front)) < 0.1
            result.append(replace(cell, area=lot.area, front=lot.front if touches else no_front()))
    return result


def _special(lot: Parcel) -> Parcel:
    """Return ``lot`` with the use it has as one of the plan's special lots."""
    for x, y, kind, name in plan.SPECIAL_LOTS:
        if lot.area.Contains(point(x, y)):
            return replace(lot, kind=kind, use=USES[kind], district=name)
    return lot


# --- clean tiling --------------------------------------------------------------------------------


def tile(parcels: list[Parcel], borders: list[tuple[str, str, Geometry]]) -> list[Parcel]:
    """Return the parcels cut at municipal borders, slivers joined to neighbours, vertices shared."""
    inside = [piece for parcel in parcels for piece in _per_municipality(parcel, borders)]
    return _shared(_without_slivers(_shared(inside)))


def _shared(parcels: list[Parcel]) -> list[Parcel]:
    areas = share_vertices([parcel.area for parcel in parcels])
    return [
        replace(parcel, area=area) for parcel, group in zip(parcels, areas, strict=True) for area in group
    ]


def _per_municipality(parcel: Parcel, borders: list[tuple[str, str, Geometry]]) -> list[Parcel]:
    result = []
    for ags, _, area in borders:
        if area.Contains(parcel.area):
            return [replace(parcel, ags=ags)]
        if area.Intersects(parcel.area):
            result += [
                replace(parcel, area=part, ags=ags) for part in parts(area.Intersection(parcel.area), 1e-4)
            ]
    return result


def _is_sliver(parcel: Parcel) -> bool:
    area = parcel.area.GetArea()
    if parcel.kind in ("wasser", "planted") and area > 40:
        return False
    smallest = {"altstadt": 45, "strasse": 60, "weg": 60, "kanalufer": 60}.get(parcel.kind, 110)
    thin = 1.4 if parcel.kind in ("strasse", "weg", "bahn", "kanalufer") else 2.2
    return area < smallest or 2 * area / parcel.area.Boundary().Length() < thin


def _without_slivers(parcels: list[Parcel]) -> list[Parcel]:
    """Return the parcels with each sliver joined to the neighbour it shares the longest border with."""
    areas = Index(parcel.area for parcel in parcels)
    slivers = [number for number, parcel in enumerate(parcels) if _is_sliver(parcel)]
    owner = list(range(len(parcels)))
    for number in sorted(slivers, key=lambda i: parcels[i].area.GetArea()):
        target = _best_neighbour(number, parcels, areas)
        if owner[number] == number and target is not None and owner[target] != number:
            owner = [owner[target] if mine == number else mine for mine in owner]
    members: dict[int, list[Geometry]] = {}
    for number, mine in enumerate(owner):
        members.setdefault(mine, []).append(parcels[number].area)
    joined = ((mine, group[0] if len(group) == 1 else union(group)) for mine, group in members.items())
    return [replace(parcels[mine], area=part) for mine, area in joined for part in parts(area)]


def _best_neighbour(number: int, parcels: list[Parcel], areas: Index) -> int | None:
    rim = areas.geometries[number].Buffer(0.05, 1)
    shared = {}
    for other in areas.near(rim):
        parcel = parcels[other]
        if other != number and parcel.ags == parcels[number].ags and parcel.kind not in ("wasser", "planted"):
            shared[other] = areas.geometries[other].Intersection(rim).GetArea()
    best = max(shared, key=lambda i: shared[i], default=None)
    return best if best is not None and shared[best] > 0 else None


def parcels(reserved: list[Parcel]) -> list[Parcel]:
    """Return the finished parcels, the ``reserved`` ones among them; they tile the region."""
    outline = region()
    borders = municipalities(outline)
    claims = Claims(outline)
    infrastructure(claims, reserved)
    roads = Index(p.area for p in claims.parcels if p.kind in ("strasse", "platz"))
    cells = land_use(claims.rest(), union(roads.geometries))
    pieces = [_special(piece) for cell in cells for piece in divide(cell, roads)]
    return tile(claims.parcels + pieces, borders)
