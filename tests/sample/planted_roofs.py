"""Planted roofs: a trading yard in the town centre whose roofs follow from the constants below.

The yard's line runs along the direction (3, -4, 5), so that corners in half metres have coordinates
in whole millimetres and no wall runs along a row of raster cells. What a raster measures of a roof
depends on its cells; the tolerances say by how much it may miss the construction.
"""

from __future__ import annotations

from dataclasses import dataclass

from . import codes
from .geometry import Geometry
from .model import Building, Parcel
from .planted import Site, Span

YARD = Site("Gewerbehof Kreuzallee", "05999001", (2649, 2089.5), 1, (-20.5, 22.5), (0.6, -0.8))
USE = "Industrie- und Gewerbefläche"

AREA_SHARE = 0.05  # of an area that is level throughout
NEAR_LIMIT_SHARE = 0.12  # of a plane 2° below the limit of 10°: noise lifts some cells over it
ANNEXE_M2 = 30.0  # cells of the annexe at the wall of the house are not level, those at the rim not seen
GREEN_M2 = 4.0  # cells of 0.5 m, cut obliquely
RIDGE_M2 = 10.0  # the smallest patch that counts

Expected = dict[str, tuple[float, float]]  # quantity: value and tolerance


@dataclass(frozen=True)
class Roof:
    """A planted roof: ``lot`` and ``body`` as spans along and across the yard, what is recorded, what stands.

    ``pitch`` is in degrees, ``shape`` the code of the roof that stands there where the record is wrong,
    ``green`` the planted rectangle.
    """

    lot: tuple[Span, Span]
    body: tuple[Span, Span]
    function: int
    roof: int
    storeys: int
    year: int
    pitch: float
    expected: Expected
    german: str
    english: str
    shape: int | None = None
    green: tuple[Span, Span] | None = None
    listed: bool = False


def _level(area: float, green: float = 0.0, share: float = AREA_SHARE) -> Expected:
    """Return what holds for a roof of ``area`` m², level throughout, with ``green`` m² planted."""
    return {
        "flach": (1, 0),
        "flach_m2": (area, share * area),
        "begruent": (int(green >= 0.1 * area), 0),
        "gruen_m2": (green, GREEN_M2 if green else 0),
        "ausgeschlossen": (0, 0),
        "dach_konflikt": (0, 0),
    }


def _pitched(conflict: int = 0) -> Expected:
    """Return what holds for a roof with no level part."""
    return {
        "flach": (0, 0),
        "flach_m2": (0, RIDGE_M2),
        "gruen_m2": (0, 0),
        "ausgeschlossen": (0, 0),
        "dach_konflikt": (conflict, 0),
    }


BACK, FRONT = (0, 22.5), (-20.5, 0)

# fmt: off
ROOFS: tuple[Roof, ...] = (
    Roof(((26.5, 48), BACK), ((27.5, 47.5), (1.5, 16.5)), codes.STORAGE, codes.FLAT, 1, 1974, 1.0,
         _level(20 * 15),
         "Flachdach 20 × 15 m, unbegrünt",
         "Level roof 20 × 15 m, not greened"),
    Roof(((-11, 4), FRONT), ((-9.5, 2.5), (-13, -3)), codes.WORKSHOP, codes.GABLE, 1, 1926, 35.0,
         _pitched(),
         "Satteldach 35°, 12 × 10 m: der First ist keine Dachfläche zum Begrünen",
         "Gabled roof 35°, 12 × 10 m: its ridge is not a level roof"),
    Roof(((-26, -11), FRONT), ((-24.5, -12.5), (-19, -3)), codes.OFFICES, codes.MIXED, 2, 1931, 35.0,
         {"flach": (1, 0), "flach_m2": (12 * 6, ANNEXE_M2), "begruent": (0, 0), "gruen_m2": (0, 0)},
         "Satteldach 35°, 12 × 10 m, mit flachem Anbau 12 × 6 m in einem Grundriss",
         "Gabled roof 35°, 12 × 10 m, with a level annexe 12 × 6 m in one footprint"),
    Roof(((-1, 26.5), BACK), ((1, 25), (1.5, 19.5)), codes.WORKS, codes.SHED_ROOF, 1, 1938, 30.0,
         _pitched(),
         "Sheddach 30°, 24 × 18 m, vier Zähne: im Mittel eben, nirgends flach",
         "Saw-tooth roof 30°, 24 × 18 m, four teeth: level on average, flat nowhere"),
    Roof(((-48, -26), FRONT), ((-47, -27), (-15, -3)), codes.STORAGE, codes.LEAN_TO, 1, 1982, 8.0,
         {**_level(20 * 12, share=NEAR_LIMIT_SHARE), "dach_konflikt": (1, 0)},
         "Pultdach 8°, 20 × 12 m: flach nach der Neigung, nicht nach der Dachform",
         "Mono-pitch roof 8°, 20 × 12 m: level by its slope, not by its code"),
    Roof(((-48, -24.5), BACK), ((-46, -26), (1.5, 21.5)), codes.STORAGE, codes.FLAT, 1, 1996, 1.0,
         _level(20 * 20, 8 * 6),
         "Flachdach 20 × 20 m, 48 m² begrünt (12 %): gilt als begrünt",
         "Level roof 20 × 20 m, 48 m² greened (12 %): counts as greened",
         green=((-40, -32), (8.5, 14.5))),
    Roof(((-24.5, -1), BACK), ((-22.5, -2.5), (1.5, 21.5)), codes.WORKS, codes.FLAT, 1, 1996, 1.0,
         _level(20 * 20, 8 * 4),
         "Flachdach 20 × 20 m, 32 m² begrünt (8 %): gilt nicht als begrünt",
         "Level roof 20 × 20 m, 32 m² greened (8 %): does not count as greened",
         green=((-16.5, -8.5), (9.5, 13.5))),
    Roof(((19, 48), FRONT), ((22.5, 37.5), (-15, -3)), codes.OFFICES, codes.FLAT, 2, 1929, 1.0,
         {**_level(15 * 12), "ausgeschlossen": (1, 0)},
         "Flachdach 15 × 12 m, Denkmal: ausgeschlossen, zählt aber zum Bestand",
         "Level roof 15 × 12 m, listed: excluded, but part of the stock",
         listed=True),
    Roof(((4, 19), FRONT), ((5.5, 17.5), (-13, -3)), codes.WORKSHOP, codes.FLAT, 1, 1951, 35.0,
         _pitched(conflict=1),
         "Dachform „Flachdach“, in Wahrheit Satteldach 35°, 12 × 10 m",
         "Recorded as level, in fact gabled at 35°, 12 × 10 m",
         shape=codes.GABLE),
)
# fmt: on


def parcels() -> list[Parcel]:
    """Return the lots of the yard."""
    return [Parcel(YARD.rectangle(*roof.lot), USE, "planted", YARD.name) for roof in ROOFS]


def buildings() -> list[Building]:
    """Return the planted buildings, in the order of :data:`ROOFS`."""
    return [_building(roof) for roof in ROOFS]


def _building(roof: Roof) -> Building:
    body: Geometry = YARD.rectangle(*roof.body)
    return Building(
        body,
        roof.function,
        roof.roof,
        roof.storeys,
        roof.year,
        YARD.ags,
        before=body,
        shape=roof.shape,
        pitch=roof.pitch,
        listed=roof.listed,
        green=YARD.rectangle(*roof.green) if roof.green else None,
    )
