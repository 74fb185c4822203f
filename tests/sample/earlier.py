"""What lay where in 2015: green corridors, woods and field blocks, each derived from today's.

What has changed since is planted: rectangles in whole metres, and lots of houses built after 2015.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from . import green_corridors, planted
from .geometry import Geometry, Index, centre, multi, parts, point, random_for, rectangle, subtract, union
from .gpkg import INTEGER, REAL, TEXT, Layer, Row
from .model import Case, Parcel, same_place
from .town import Town

MUSTERSTADT, NEUDORF, HOHENMUSTER = "05999001", "05999002", "05999003"
Sides = tuple[float, float, float, float]  # west, east, south, north


def _lot(house_begin: tuple[float, float]) -> Geometry:
    """Return the lot of the planted house whose lot begins and ends there along its site."""
    house = next(h for h in planted.HOUSES if h.lot == house_begin)
    return house.site.rectangle(house.lot, house.site.depth)


def _size(house_begin: tuple[float, float]) -> float:
    """Return the area of the lot in m²: its length times its depth."""
    house = next(h for h in planted.HOUSES if h.lot == house_begin)
    return (house.lot[1] - house.lot[0]) * (house.site.depth[1] - house.site.depth[0])


def _area(sides: Sides) -> float:
    west, east, south, north = sides
    return (east - west) * (north - south)


# --- green corridors: HZ 13 --------------------------------------------------------------------------

BLOCK = (20.0, 57.0)  # lot at the Auenweg, released and built up since
STRIP: Sides = (3530, 3570, 1057, 1060)  # at the Südring, where the edge of today is straight
NOISE: Sides = (3489.7, 3490, 965, 1055)  # no wider than two surveys of one line differ
GAIN: Sides = (5500, 5560, 3590, 3630)  # corridor of today only, in Hohenmuster


def corridor_rows(town: Town) -> list[Row]:
    """Return the parts of the Grünzüge at the end of 2015."""
    rows: list[Row] = []
    for part in town.green_corridors:
        area = part.area
        if part.name == green_corridors.BACH and part.part == "Süd":
            area = union([area, rectangle(*STRIP), rectangle(*NOISE)])
        if part.name == green_corridors.HALDE:
            area = area.Difference(rectangle(*GAIN))
        rows.append((multi(parts(area)), (part.name, part.number, part.part)))
    rows.append((multi([_lot(BLOCK)]), (green_corridors.AUE, 2, "Auenweg")))
    return rows


def corridor_cases() -> list[list[Case]]:
    """Return what the corridors have lost and won, in m² by municipality."""
    return [
        same_place(
            "gruenzuege_2015", MUSTERSTADT,
            "Streifen von 3 m am Südring nicht mehr Grünzug; ein Streifen von 30 cm ist Messrauschen",
            "Strip of 3 m at the Südring released; a strip of 30 cm is survey noise",
            ("entlassen_m2", _area(STRIP), 0.05), ("gewinn_m2", 0, 0.05),
        ),
        same_place(
            "gruenzuege_2015", NEUDORF,
            "Baublock am Auenweg aus dem Grünzug genommen und bebaut",
            "Block at the Auenweg taken out of the corridor and built on",
            ("entlassen_m2", _size(BLOCK), 0.05), ("gewinn_m2", 0, 0.05),
        ),
        same_place(
            "gruenzuege_2015", HOHENMUSTER,
            "Fläche, die erst heute Grünzug ist: Gewinn, kein Verlust",
            "Ground that is corridor today only: a gain, no loss",
            ("entlassen_m2", 0, 0.05), ("gewinn_m2", _area(GAIN), 0.05),
        ),
    ]  # fmt: skip


# --- woods: HZ 22 ------------------------------------------------------------------------------------

FELLED_LOT = (225.0, 255.0)  # lot at the Uferstraße, its house built in 2021
PLOUGHED: Sides = (5420, 5480, 4380, 4430)  # arable land today, in Hohenmuster
COPSE = (1080, 1240)  # in the copse of Neudorf that was recorded as forest
YOUNG = (1850, 3760)  # in the piece of the Kanalwald that has grown since
WOODS = {"wald": "Wald", "gehoelz": "Gehölz"}


def wood_rows(town: Town) -> list[Row]:
    """Return forest and woodland at the end of 2015, what was lost before the rest."""
    lost = [_lot(FELLED_LOT), _lot(BLOCK), rectangle(*PLOUGHED)]
    rows: list[Row] = [(area, (f"W15-{9001 + n}", "Wald")) for n, area in enumerate(lost)]
    for number, parcel in enumerate(_of_kind(town, WOODS), start=1):
        if not _holds(parcel, YOUNG):
            use = "Wald" if _holds(parcel, COPSE) else WOODS[parcel.kind]
            rows.append((parcel.area, (f"W15-{number:04d}", use)))
    return rows


def wood_cases() -> list[list[Case]]:
    """Return what became of forest, in hectares by piece."""
    found = [
        ("W15-9001", "bebaut", _size(FELLED_LOT),
         "Wald an der Uferstraße, bebaut", "Forest at the Uferstraße, built on"),
        ("W15-9002", "bebaut", _size(BLOCK), "Wald am Auenweg, bebaut", "Forest at the Auenweg, built on"),
        ("W15-9003", "sonstiges", _area(PLOUGHED), "Wald, jetzt Acker", "Forest that is arable land now"),
    ]  # fmt: skip
    return [
        same_place("wald_2015", key, german, english, ("flaeche_ha", size / 10_000, 1e-4), ("art", kind, 0))
        for key, kind, size, german, english in found
    ]


BUILT = (
    "Wohnbaufläche",
    "Fläche gemischter Nutzung",
    "Industrie- und Gewerbefläche",
    "Fläche besonderer funktionaler Prägung",
)


def settlement_rows(town: Town) -> list[Row]:
    """Return the built-up land of today, dissolved, without traffic."""
    return [
        (part, (f"S-{number:03d}", "Siedlung"))
        for number, part in enumerate(parts(union(p.area for p in town.parcels if p.use in BUILT)), start=1)
    ]


# --- field blocks: HZ 21, HZ 23 ------------------------------------------------------------------------

MEADOW_LOT = (195.0, 225.0)  # lot at the Uferstraße, its house not there in 2015
TILLED: Sides = (5520, 5620, 2300, 2360)  # meadow then, arable land today, in Hohenmuster
TEMPORARY: Sides = (760, 840, 1370, 1420)  # meadow then, temporary grassland today, in Neudorf
SOWN: Sides = (5060, 5110, 760, 800)  # arable land then, meadow today, in Hohenmuster
ARABLE, MEADOW, ROTATION = ("A", "Ackerland"), ("G", "Dauergrünland"), ("A", "Wechselgrünland")
FIELDS = {"acker": ARABLE, "gruenland": MEADOW}
ROTATION_SHARE = 0.06  # of arable field blocks


def field_rows(town: Town) -> list[Row]:
    """Return today's field blocks."""
    return _blocks(_fields(town))


def earlier_field_rows(town: Town) -> list[Row]:
    """Return the field blocks at the end of 2015, what has changed before the rest."""
    changed = [
        (_lot(MEADOW_LOT), MEADOW),
        (rectangle(*TILLED), MEADOW),
        (rectangle(*TEMPORARY), MEADOW),
        (rectangle(*SOWN), ARABLE),
    ]
    cut = Index(area for area, _ in changed)
    rest = [(piece, use) for area, use in _fields(town) for piece in parts(subtract(area, cut))]
    return _blocks(changed, "DENWLI0590") + _blocks(rest)


def _fields(town: Town) -> list[tuple[Geometry, tuple[str, str]]]:
    """Return the fields with their use; of arable land some is temporary grassland."""
    planted_rotation = (TEMPORARY[0] + 1, TEMPORARY[2] + 1)
    planted_arable = [(TILLED[0] + 1, TILLED[2] + 1), (SOWN[0] + 1, SOWN[2] + 1)]
    found = []
    for parcel in _of_kind(town, FIELDS):
        use = FIELDS[parcel.kind]
        fixed = any(_holds(parcel, place) for place in planted_arable)
        drawn = random_for("rotation", *centre(parcel.area)).random() < ROTATION_SHARE
        if use == ARABLE and not fixed and (drawn or _holds(parcel, planted_rotation)):
            use = ROTATION
        found.append((parcel.area, use))
    return found


def _blocks(fields: Iterable[tuple[Geometry, tuple[str, str]]], prefix: str = "DENWLI0591") -> list[Row]:
    return [
        (area, (f"{prefix}{number:06d}", code, words, round(area.GetArea() / 10_000, 4)))
        for number, (area, (code, words)) in enumerate(fields, start=1)
    ]


def _of_kind(town: Town, kinds: Iterable[str]) -> Iterator[Parcel]:
    """Yield the parcels of these kinds in the order of the cadastre."""
    every = sorted(town.flurstuecke, key=lambda item: item.key)
    return (item.parcel for item in every if item.parcel.kind in kinds)


def _holds(parcel: Parcel, place: tuple[float, float]) -> bool:
    return bool(parcel.area.Contains(point(*place)))


def field_cases() -> list[list[Case]]:
    """Return the change of permanent grassland, in m² by municipality."""
    return [
        same_place(
            "feldbloecke_2015", MUSTERSTADT, "Grünland an der Uferstraße, jetzt Bauland",
            "Grassland at the Uferstraße, a building lot now",
            ("netto_m2", -_size(MEADOW_LOT), 0.5), ("brutto_verlust_m2", -_size(MEADOW_LOT), 0.5),
        ),
        same_place(
            "feldbloecke_2015", NEUDORF, "Dauergrünland, jetzt Wechselgrünland: Verlust",
            "Permanent grassland that is temporary now: a loss",
            ("netto_m2", -_area(TEMPORARY), 0.5), ("brutto_verlust_m2", -_area(TEMPORARY), 0.5),
        ),
        same_place(
            "feldbloecke_2015", HOHENMUSTER, "Grünland umgebrochen, an anderer Stelle neu angelegt",
            "Grassland ploughed, and new grassland elsewhere",
            ("netto_m2", _area(SOWN) - _area(TILLED), 0.5), ("brutto_verlust_m2", -_area(TILLED), 0.5),
        ),
    ]  # fmt: skip


FIELD_COLUMNS = (("flik", TEXT), ("nutz_code", TEXT), ("nutz_txt", TEXT), ("area_ha", REAL))
LAYERS = (
    (
        Layer(
            "gruenzuege_2015",
            "Grünzüge 2015",
            "Grünzüge Ende 2015, in Teilen wie heute",
            "MultiPolygon",
            (("gruenzug", TEXT), ("nummer", INTEGER), ("teil", TEXT)),
        ),
        corridor_rows,
    ),
    (
        Layer(
            "wald_2015",
            "Wald 2015",
            "Wald und Gehölz Ende 2015",
            "Polygon",
            (("kennung", TEXT), ("nutzung", TEXT)),
        ),
        wood_rows,
    ),
    (
        Layer(
            "siedlungsflaechen",
            "Siedlungsflächen",
            "Bebautes Land heute, zusammengefasst, ohne Verkehr",
            "Polygon",
            (("kennung", TEXT), ("art", TEXT)),
        ),
        settlement_rows,
    ),
    (
        Layer("feldbloecke", "Feldblöcke", "Landwirtschaftliche Flächen heute", "Polygon", FIELD_COLUMNS),
        field_rows,
    ),
    (
        Layer(
            "feldbloecke_2015",
            "Feldblöcke 2015",
            "Landwirtschaftliche Flächen Ende 2015",
            "Polygon",
            FIELD_COLUMNS,
        ),
        earlier_field_rows,
    ),
)
