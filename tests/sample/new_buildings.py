"""Buildings in the building files since 2016 and some older ones: greened, kept off the sewer or not."""

from __future__ import annotations

from . import codes, planted
from .buildings import EARLIER_YEAR
from .frames import Random
from .geometry import centre, random_for
from .gpkg import INTEGER, TEXT, Layer, Row
from .model import Building, Case, same_place
from .town import NumberedBuilding, Town

OLDER = 12  # of older buildings every twelfth is in the files
GREEN_UNKNOWN, SEWER_UNKNOWN = 0.08, 0.1  # shares
SEWER = (("ja", 0.45), ("teilweise", 0.2), ("nein", 0.35))
EXCEPTION_SHARE = 0.3  # of buildings on the sewer

# By the lot of a planted house: greened, decoupled, unavoidable; what must come out: new, and by what.
PLANTED = {
    (105.0, 135.0): (1, "ja", 0, 1, "Jahr"),
    (195.0, 225.0): (0, "nein", 0, 1, "Zeitschnitt"),
    (225.0, 255.0): (0, "ja", 0, 1, "Jahr"),
    (315.0, 345.0): (None, "teilweise", 0, 1, "Jahr"),
    (20.0, 57.0): (1, "nein", 1, 1, "Jahr"),
    (460.0, 490.0): (1, None, None, 1, "Jahr"),
    (165.0, 195.0): (0, "nein", 0, 0, "Zeitschnitt"),
}


def building_rows(town: Town) -> list[Row]:
    """Return the buildings, the planted ones first."""
    rows: list[Row] = []
    for number, item in enumerate(town.buildings):
        building, lot = item.facts, _lot(number)
        if lot in PLANTED:
            rows.append(_row(item, PLANTED[lot][:3]))
        elif not building.gone and number >= len(planted.HOUSES) and _in_the_files(building, number):
            rows.append(_row(item, _drawn(building)))
    return rows


def _lot(number: int) -> tuple[float, float] | None:
    return planted.HOUSES[number].lot if number < len(planted.HOUSES) else None


def _in_the_files(building: Building, number: int) -> bool:
    new = building.before is None or (building.year is not None and building.year > EARLIER_YEAR)
    return new or number % OLDER == 0


def _drawn(building: Building) -> tuple[int | None, str | None, int | None]:
    """Return what the files say of an ordinary building: greened, decoupled, unavoidable."""
    rng = random_for("building files", *centre(building.area))
    known, sewer_known, unavoidable = rng.random(3)
    green = None if known < GREEN_UNKNOWN else int(building.green is not None)
    if sewer_known < SEWER_UNKNOWN:
        return green, None, None
    sewer = _word(rng)
    return green, sewer, int(sewer != "ja" and unavoidable < EXCEPTION_SHARE)


def _word(rng: Random) -> str:
    return str(rng.choice([word for word, _ in SEWER], p=[share for _, share in SEWER]))


def _row(item: NumberedBuilding, told: tuple[int | None, str | None, int | None]) -> Row:
    building = item.facts
    use = building.function, codes.FUNCTIONS[building.function]
    flat = int(building.roof == codes.FLAT)
    return building.area, (item.key, *use, building.year, building.ags, flat, *told)


def cases(town: Town) -> list[list[Case]]:
    """Return what must be found of the planted houses."""
    found = []
    for house, item in zip(planted.HOUSES, town.buildings, strict=False):
        if house.lot in PLANTED:
            green, sewer, _, new, evidence = PLANTED[house.lot]
            figures: list[tuple[str, float | str | None, float]] = [
                ("neu", new, 0), ("neu_beleg", evidence, 0),
                ("begruent", green, 0), ("abgekoppelt", sewer, 0),
            ]  # fmt: skip
            found.append(same_place("neubauten", item.key, _german(house), _english(house), *figures))
    return found


def _german(house: planted.House) -> str:
    there = "2015 vorhanden" if house.before else "2015 nicht da"
    return f"Gebäude mit Baujahr {house.year or 'unbekannt'}, {there}"


def _english(house: planted.House) -> str:
    there = "there in 2015" if house.before else "not there in 2015"
    return f"Building of {house.year or 'unknown year'}, {there}"


LAYERS = (
    (
        Layer(
            "neubauten",
            "Neubauten",
            "Gebäude aus Bauakten: begrünt, abgekoppelt; ohne Wert heißt: nicht bekannt",
            "Polygon",
            (
                ("gebaeude_id", TEXT),
                ("gebaeudefunktion", INTEGER),
                ("funktion", TEXT),
                ("baujahr", INTEGER),
                ("ags", TEXT),
                ("flach", INTEGER),
                ("begruent", INTEGER),
                ("abgekoppelt", TEXT),
                ("ausnahme", INTEGER),
            ),
        ),
        building_rows,
    ),
)
