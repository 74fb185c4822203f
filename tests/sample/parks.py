"""Regional parks, existing, planned and of unknown status, and residents in cells of 100 m."""

from __future__ import annotations

from collections import defaultdict

from . import codes, plan
from .earlier import HOHENMUSTER
from .geometry import centre, parts, point, polygon, rectangle, spline
from .gpkg import INTEGER, TEXT, Layer, Row
from .model import Case, same_place
from .town import Town

CELL = 100  # metres
LIVING_SHARE, PER_HEAD, FEWEST = 0.75, 46.0, 3  # share of the floors, m² for each resident, least of a cell
DWELLINGS = {codes.FLATS: 1.0, codes.HOUSE: 1.0, codes.MIXED_USE: 0.6, codes.FARMHOUSE: 0.5}

EAST_BUSH, HOHE_MARK = (5440, 5640, 3470, 3610), (5060, 5420, 310, 480)
PLANTED = (
    ("Landschaftspark Ostbusch", "bestehend", EAST_BUSH),
    ("Regionalpark Hohe Mark", "geplant", HOHE_MARK),
)

# fmt: off
DRAWN: tuple[tuple[str, str | None, plan.Path], ...] = (
    ("Regionalpark Musteraue", "bestehend", (
        (500, 2420), (640, 2560), (820, 2660), (1040, 2700), (1240, 2640), (1460, 2640), (1760, 2660),
        (2060, 2720), (2340, 2680), (2360, 2560), (2100, 2460), (1800, 2380), (1500, 2330), (1280, 2320),
        (1080, 2440), (820, 2440), (620, 2360))),
    ("Haldenpark Glückauf", "bestehend", (
        (4280, 4280), (4400, 4180), (4580, 4210), (4760, 4280), (4870, 4400), (4860, 4560), (4760, 4640),
        (4560, 4660), (4400, 4600), (4300, 4460))),
    ("Bachpark", None, (
        (3130, 1740), (3280, 1740), (3370, 1900), (3380, 2100), (3340, 2230), (3130, 2230), (3140, 2000))),
)
# fmt: on


def park_rows(town: Town) -> list[Row]:
    """Return the parks; those across a municipal border come in one part for each municipality."""
    rows: list[Row] = [
        (piece, (name, status))
        for name, status, path in DRAWN
        for _, _, municipality in town.municipalities
        for piece in parts(polygon(spline(path, 30, closed=True)).Intersection(municipality), 1)
    ]
    return rows + [(rectangle(*sides), (name, status)) for name, status, sides in PLANTED]


def resident_rows(town: Town) -> list[Row]:
    """Return residents at the centres of cells, from the floors of the dwellings in them."""
    floors: dict[tuple[int, int], float] = defaultdict(float)
    for item in town.buildings:
        building = item.facts
        share = 0.0 if building.gone else DWELLINGS.get(building.function, 0.0)
        x, y = centre(building.area)
        floors[int(x // CELL), int(y // CELL)] += share * building.area.GetArea() * building.storeys
    people = {cell: round(size * LIVING_SHARE / PER_HEAD) for cell, size in floors.items()}
    return [
        (point((x + 0.5) * CELL, (y + 0.5) * CELL), (_name(x, y), number))
        for (x, y), number in sorted(people.items())
        if number >= FEWEST
    ]


def _name(x: int, y: int) -> str:
    """Return the name of a cell, from its south-western corner."""
    east, north = plan.ORIGIN
    return f"100mN{(north + y * CELL) // CELL}E{(east + x * CELL) // CELL}"


def cases() -> list[list[Case]]:
    """Return the parks of Hohenmuster."""
    size = {name: (e - w) * (n - s) / 10_000 for name, _, (w, e, s, n) in PLANTED}
    existing, planned = size.values()
    return [
        same_place(
            "regionalparks", HOHENMUSTER,
            "Ein bestehender Park ganz im Grünzug, ein geplanter",
            "An existing park wholly in a green corridor, a planned one",
            ("bestand_ha", existing, 0.0001), ("bestand_und_geplant_ha", existing + planned, 0.0001),
            ("gruenzug_proz", 100, 0.001),
        ),
    ]  # fmt: skip


LAYERS = (
    (
        Layer(
            "regionalparks",
            "Regionalparks",
            "Bestehende und geplante Regionalparks; ohne Wert heißt: Status unbekannt",
            "Polygon",
            (("regionalpark", TEXT), ("status", TEXT)),
        ),
        park_rows,
    ),
    (
        Layer(
            "einwohner",
            "Einwohner",
            "Einwohner in Zellen von 100 m, an deren Mitte; Zellen mit weniger als 3 fehlen",
            "Point",
            (("gitter_id", TEXT), ("einwohner", INTEGER)),
        ),
        resident_rows,
    ),
)
