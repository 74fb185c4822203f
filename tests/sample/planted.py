"""Planted cases: buildings whose figures follow from the constants below, not from a geometry engine.

Three sites lie along straight lines whose direction is a Pythagorean triple (24, 7, 25), so that
corners given in half metres along and across the line have coordinates in whole millimetres.
Each house is a rectangle ``along x across`` in the frame of its site; the edge of every floodplain
runs parallel to the frame, so every expected area is a product of two lengths.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from . import codes
from .geometry import Geometry, polygon
from .model import Building, Parcel

ALONG = (0.96, 0.28)
STRIP = 5.0  # metres, width of the riparian strip beside water polygons
NEW_ORDINARY_IN_FLOODPLAIN = 5  # ordinary new buildings in floodplains, all in Musterstadt

Span = tuple[float, float]


@dataclass(frozen=True)
class Site:
    """A frame on the map: ``origin`` in plan metres, ``wet`` +1 or -1 for the side of the water.

    ``along`` is the unit vector of its line; its rational digits keep corners in whole millimetres.
    """

    name: str
    ags: str
    origin: tuple[float, float]
    wet: int
    depth: Span
    along: tuple[float, float] = ALONG

    def rectangle(self, along: Span, across: Span) -> Geometry:
        """Return the rectangle between the limits ``along`` and ``across``."""
        return self.shape(
            [(along[0], across[0]), (along[1], across[0]), (along[1], across[1]), (along[0], across[1])]
        )

    def shape(self, corners: Sequence[tuple[float, float]]) -> Geometry:
        """Return the polygon with the given corners."""
        local = np.array(corners, dtype=float)
        across = (-self.along[1], self.along[0])
        return polygon(np.array(self.origin) + local @ np.array([self.along, across]))


UFER = Site("Uferstraße", "05999001", (1680, 2730), -1, (-23, 23))
AUENWEG = Site("Auenweg", "05999002", (740, 2400), 1, (-26, 24))
KANAL = Site("Musterkanal", "05999001", (1604, 3517), -1, (24, 54))
SITES = (UFER, AUENWEG, KANAL)

FIXED, SECURED, KULISSE = "festgesetzt", "vorläufig gesichert", "Auenkulisse"

# How far (across) each class reaches towards the dry side, by stretch along the site.
EDGES: dict[str, dict[str, tuple[tuple[Span, float], ...]]] = {
    "Uferstraße": {
        FIXED: (((-15, 255), 0), ((255, 285), -4), ((285, 345), -12), ((345, 420), 0)),
        KULISSE: (((-15, 255), 0), ((255, 345), 2), ((345, 420), 0)),
    },
    "Auenweg": {FIXED: (((-40, 110), 0),), KULISSE: (((-40, 110), 0),)},
}
WINDOW = 90.0  # metres on either side of the line within which the edges are redrawn
# The provisionally secured extension near the Uferstraße, in the frame of the site.
SECURED_SHAPE = [
    (255, -1), (315, -1), (315, -20), (345, -20), (372, -34), (388, -62), (352, -104), (290, -118),
    (240, -86), (232, -44), (255, -20),
]  # fmt: skip


@dataclass(frozen=True)
class House:
    """A planted building: where it stands, what is recorded, and what must come out.

    ``before`` is the span across in 2015 (None: not there). ``expected`` maps a quantity to its
    value; a text value is a class, None says that no class applies.
    """

    site: Site
    lot: Span
    along: Span
    across: Span
    before: Span | None
    year: int | None
    function: int
    roof: int
    storeys: int
    expected: dict[str, float | str | None]
    german: str
    english: str


def _wet(
    area: float, whole: float, kind: str | None, new: int, new_area: float
) -> dict[str, float | str | None]:
    return {
        "in_aue_m2": area,
        "anteil_proz": 100 * area / whole,
        "klasse": kind,
        "neu": new,
        "neu_in_aue_m2": new_area,
    }


HOUSES: tuple[House, ...] = (
    House(UFER, (0, 30), (9, 21), (-5, 5), (-5, 5), 1938, 1010, codes.GABLE, 2,
          _wet(12 * 5, 12 * 10, FIXED, 0, 0),
          "Haus 12 × 10 m, zur Hälfte im Überschwemmungsgebiet; die Auenkulisse zählt nicht doppelt",
          "House 12 × 10 m, half in the floodplain; a second one with the same edge adds nothing"),
    House(UFER, (30, 65), (39, 51), (-2.5, 7.5), (-2.5, 7.5), 1954, 1010, codes.GABLE, 2,
          _wet(12 * 2.5, 12 * 10, FIXED, 0, 0),
          "Mittelpunkt trocken, 30 m² im Überschwemmungsgebiet",
          "Centre on dry ground, 30 m² in the floodplain"),
    House(UFER, (65, 105), (75, 100), (0, 11), (0, 11), 1961, 1000, codes.GABLE, 2,
          _wet(0, 25 * 11, None, 0, 0),
          "Berührt das Überschwemmungsgebiet nur mit der Außenwand: kein Treffer",
          "Only touches the floodplain with its outer wall: not a hit"),
    House(UFER, (105, 135), (112, 123), (-14, -5), None, 2019, 1010, codes.FLAT, 2,
          _wet(11 * 9, 11 * 9, FIXED, 1, 11 * 9),
          "Neubau 2019, ganz im Überschwemmungsgebiet",
          "Built in 2019, entirely in the floodplain"),
    House(UFER, (135, 165), (144, 154), (-18, -3), (-18, -8), 1974, 1010, codes.FLAT, 2,
          _wet(10 * 15, 10 * 15, FIXED, 0, 10 * 5),
          "Anbau seit 2015: von 10 × 10 auf 10 × 15 m, 50 m² davon neu in der Aue",
          "Extended since 2015 from 10 × 10 to 10 × 15 m, 50 m² of it new in the floodplain"),
    House(UFER, (165, 195), (174, 186), (-4, 6), (-4, 6), None, 1010, codes.GABLE, 1,
          _wet(12 * 4, 12 * 10, FIXED, 0, 0),
          "Baujahr unbekannt, stand schon 2015: nicht neu",
          "Year unknown, already there in 2015: not new"),
    House(UFER, (195, 225), (204, 214), (-6, 4), None, None, 1010, codes.TENT, 2,
          _wet(10 * 6, 10 * 10, FIXED, 1, 10 * 6),
          "Baujahr unbekannt, fehlt 2015: neu nach dem früheren Bestand",
          "Year unknown, missing in 2015: new according to the earlier stock"),
    House(UFER, (225, 255), (233, 247), (-3, 9), None, 2021, 1010, codes.LEAN_TO, 2,
          _wet(14 * 3, 14 * 12, FIXED, 1, 14 * 3),
          "Neubau 2021 mit trockenem Mittelpunkt, 42 m² in der Aue",
          "Built in 2021, centre dry, 42 m² in the floodplain"),
    House(UFER, (255, 285), (264, 276), (-6, 6), (-6, 6), 1957, 1010, codes.GABLE, 2,
          _wet(12 * 8, 12 * 12, FIXED, 0, 0),
          "Drei Gebiete liegen ineinander (24, 60 und 96 m²): Fläche zählt einmal, strengste Klasse gilt",
          "Three nested floodplains (24, 60 and 96 m²): area counts once, the strictest class holds"),
    House(UFER, (285, 315), (294, 306), (-6, 4), (-6, 4), 1949, 1010, codes.GABLE, 2,
          _wet(12 * 8, 12 * 10, SECURED, 0, 0),
          "Vorläufig gesichert (60 m²) in der Auenkulisse (96 m²)",
          "Provisionally secured (60 m²) inside the Auenkulisse (96 m²)"),
    House(UFER, (315, 345), (324, 336), (-4, 4), None, 2018, 1010, codes.FLAT, 2,
          _wet(12 * 6, 12 * 8, KULISSE, 1, 12 * 6),
          "Neubau 2018, nur in der Auenkulisse",
          "Built in 2018, in the Auenkulisse only"),
    House(UFER, (345, 375), (354, 364), (4, 20), (4, 14), 1968, 1010, codes.HIP, 2,
          _wet(0, 10 * 16, None, 0, 0),
          "Anbau außerhalb der Aue",
          "Extension outside the floodplain"),
    House(UFER, (375, 405), (384, 394), (-4, 12), (2, 12), 1971, 1010, codes.GABLE, 2,
          _wet(10 * 4, 10 * 16, FIXED, 0, 10 * 4),
          "Trockenes Haus mit Anbau, der 40 m² in die Aue reicht",
          "Dry house whose extension reaches 40 m² into the floodplain"),
    House(AUENWEG, (-20, 20), (-6, 6), (-5, 5), (-5, 5), 1931, 1010, codes.GABLE, 2,
          _wet(12 * 5, 12 * 10, FIXED, 0, 0),
          "Altes Haus zur Hälfte in der Aue: Bestand, kein Verstoß",
          "Old house, half in the floodplain: existing stock, no breach"),
    House(AUENWEG, (20, 57), (25, 50), (-11, 0), None, 2020, 1010, codes.FLAT, 2,
          _wet(0, 25 * 11, None, 1, 0),
          "Neubau 2020, berührt die Aue nur: Ziel bleibt erreicht",
          "Built in 2020, only touches the floodplain: the target is still met"),
    House(AUENWEG, (57, 92), (64, 74), (-10, 6), (-4, 6), 1966, 1010, codes.GABLE, 1,
          _wet(10 * 6, 10 * 16, FIXED, 0, 0),
          "Haus in der Aue, nach der trockenen Seite erweitert",
          "House in the floodplain, extended on its dry side"),
    House(KANAL, (400, 430), (409, 421), (26, 34), (26, 34), 1953, 2443, codes.FLAT, 1,
          {**_wet(0, 12 * 8, None, 0, 0), "im_streifen_m2": 12 * (24 + STRIP - 26)},
          "Betriebsgebäude 2 m vom Ufer: 36 m² im 5-m-Streifen",
          "Works building 2 m from the bank: 36 m² in the 5 m strip"),
    House(KANAL, (430, 460), (436, 446), (18, 30), (18, 30), 1964, 2444, codes.GABLE, 1,
          {**_wet(0, 10 * 12, None, 0, 0), "im_streifen_m2": 10 * STRIP},
          "Bootshaus, 6 m über dem Wasser: das Wasser selbst gehört nicht zum Streifen",
          "Boathouse reaching 6 m over the water: the water itself is not part of the strip"),
    House(KANAL, (460, 490), (468, 480), (29, 37), None, 2022, 2512, codes.FLAT, 1,
          {**_wet(0, 12 * 8, None, 1, 0), "im_streifen_m2": 0},
          "Neubau genau 5 m vom Ufer: berührt den Streifen nur",
          "New building exactly 5 m from the bank: only touches the strip"),
)  # fmt: skip


def parcels() -> list[Parcel]:
    """Return the building lots of the planted houses."""
    use = {UFER: "Wohnbaufläche", AUENWEG: "Wohnbaufläche", KANAL: "Schiffsverkehr"}
    return [
        Parcel(house.site.rectangle(house.lot, house.site.depth), use[house.site], "planted", house.site.name)
        for house in HOUSES
    ]


def buildings() -> list[Building]:
    """Return the planted houses, in the order of :data:`HOUSES`."""
    return [
        Building(
            house.site.rectangle(house.along, house.across),
            house.function,
            house.roof,
            house.storeys,
            house.year,
            house.site.ags,
            house.site.rectangle(house.along, house.before) if house.before else None,
        )
        for house in HOUSES
    ]


def straightened(kind: str, area: Geometry) -> Geometry:
    """Return the floodplain of class ``kind`` with the straight edges of the sites.

    Beyond both ends of a straight edge the outline runs obliquely back to where it was.
    """
    for site in SITES:
        stretches = EDGES.get(site.name, {}).get(kind, ())
        if stretches:
            edge = [(a, across) for stretch, across in stretches for a in stretch]
            dry, wet = -site.wet * WINDOW, site.wet * WINDOW
            first, last = edge[0][0] - WINDOW, edge[-1][0] + WINDOW
            area = area.Difference(site.shape([*edge, (last, dry), (first, dry)]))
            area = area.Union(site.shape([*edge, (last, wet), (first, wet)]))
    return area


def secured() -> Geometry:
    """Return the provisionally secured area at the Uferstraße."""
    return UFER.shape(SECURED_SHAPE)


def municipality_figures() -> list[tuple[str, str, float, str, str]]:
    """Return AGS, quantity, expected value and the two descriptions per municipality."""
    figures: list[tuple[str, str, float, str, str]] = []
    for ags, name in (("05999001", "Musterstadt"), ("05999002", "Neudorf"), ("05999003", "Hohenmuster")):
        mine = [h for h in HOUSES if h.site.ags == ags]
        extra = NEW_ORDINARY_IN_FLOODPLAIN if ags == "05999001" else 0
        new = sum(1 for h in mine if h.expected["neu"] == 1 and h.expected["neu_in_aue_m2"]) + extra
        grown = sum(1 for h in mine if h.expected["neu_in_aue_m2"]) + extra
        figures.append(
            (
                ags,
                "n_neu_in_aue",
                new,
                f"Neue Gebäude in der Aue, {name}",
                f"New buildings in the floodplain, {name}",
            )
        )
        figures.append(
            (
                ags,
                "n_neu_oder_erweitert_in_aue",
                grown,
                f"Gebäude mit neuem Teil in der Aue, {name}",
                f"Buildings with a new part in the floodplain, {name}",
            )
        )
    figures.append(
        (
            "05999003",
            "n_in_aue",
            0,
            "Hohenmuster hat kein Gebäude in der Aue",
            "Hohenmuster has no building in the floodplain",
        )
    )
    return figures
