"""The survey of river structure in sections of 100 m, and the zones by which its target is told.

Sections that cross a municipal border or a zone's border were not assessed, so that every expected length is
a number of whole sections.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from . import plan, water
from .geometry import Geometry, Points, at, lengths, linestring, parts, random_for, rectangle
from .gpkg import INTEGER, TEXT, Layer, Row
from .model import Case, same_place
from .town import Town

LENGTH = 100  # metres, of a section
BAD_FROM = 5
RIVER, BROOK = ("Muster", "29990"), ("Musterbach", "299902")
ZONES = (("Übergangszone", -900, 1300), ("Verdichtungszone", 1300, 5000), ("Außenzone", 5000, 6900))
# Classes from west to east along the river: easting from, and the classes drawn from.
RIVER_CLASSES = ((0, (3, 4)), (1300, (4, 5, 5)), (2440, (5, 6, 7)), (4600, (4, 5)), (5000, (2, 3, 4)))
BROOK_CLASSES = ((-200, (3, 4)), (1000, (5, 6, 7)))  # by northing
# A bad stretch of three sections between good ones: number of the section along the brook, class.
STRETCH = {7: 3, 8: 5, 9: 6, 10: 5, 11: 2}
SURVEYED_AGAIN = 20  # section of the brook that is delivered in the classes of both surveys
EARLIER, LATER = (2012, 6), (2021, 4)  # year and class of both


@dataclass(frozen=True)
class Section:
    """A section as delivered; class 0 means that it was not assessed."""

    name: str
    key: str
    number: int
    grade: int
    year: int
    ags: str
    zone: str
    line: Geometry


@cache
def _drawn(town: Town) -> tuple[Section, ...]:
    found = []
    for (name, key), axis in ((RIVER, water.river_axis()[::-1]), (BROOK, water.brooks()[0].line)):
        for number in range(int(lengths(axis)[-1] // LENGTH)):
            line = linestring(_piece(axis, number * LENGTH, (number + 1) * LENGTH))
            ags = [ags for ags, _, area in town.municipalities if area.Intersects(line)]
            if town.region.Contains(line):
                found += _surveyed(name, key, number, line, ags)
    return tuple(found)


def sections(town: Town) -> tuple[Section, ...]:
    """Return the sections of the survey, downstream last."""
    return _drawn(town)


def _piece(axis: Points, start: float, end: float) -> Points:
    """Return the part of ``axis`` between two chainages with the vertices between them."""
    along = lengths(axis)
    between = axis[(along > start + 0.5) & (along < end - 0.5)]
    first, last = at(axis, np.array([start, end]))
    return np.vstack([first, between, last])


def _surveyed(name: str, key: str, number: int, line: Geometry, ags: list[str]) -> list[Section]:
    west, east, _, _ = line.GetEnvelope()
    zones = [zone for zone, start, end in ZONES if west < end and east > start]
    grade = _grade(name, number, line) if len(ags) == len(zones) == 1 else 0
    rest = (ags[0], zones[0], line)
    if (name, number) == (BROOK[0], SURVEYED_AGAIN):
        return [Section(name, key, number, grade, year, *rest) for year, grade in (EARLIER, LATER)]
    return [Section(name, key, number, grade, 2012 if number % 3 else 2021, *rest)]


def _grade(name: str, number: int, line: Geometry) -> int:
    if name == BROOK[0] and number in STRETCH:
        return STRETCH[number]
    place, classes = (line.GetX(0), RIVER_CLASSES) if name == RIVER[0] else (line.GetY(0), BROOK_CLASSES)
    drawn_from = [those for start, those in classes if place >= start][-1]
    return int(random_for("river structure " + name, number // 2).choice(drawn_from))


def section_rows(town: Town) -> list[Row]:
    """Return the sections."""
    return [(s.line, (s.key, s.name, f"{s.number:04d}", str(s.grade), s.year, "ja")) for s in sections(town)]


def zone_rows(town: Town) -> list[Row]:
    """Return the zones, cut at the rim of the region."""
    return [
        (piece, (name,))
        for name, west, east in ZONES
        for piece in parts(rectangle(west, east, -900, 5900).Intersection(town.region), 1000)
    ]


# --- expected values ---------------------------------------------------------------------------------


def cases(town: Town) -> list[list[Case]]:
    """Return the planted cases: kilometres by municipality and zone, and one bad stretch."""
    return [
        *(_of_municipality(town, ags, name) for ags, name in plan.MUNICIPALITIES),
        same_place(
            "gewaesserstruktur", BROOK[0], "Schlechte Strecke aus drei Abschnitten zwischen guten",
            "Bad stretch of three sections between good ones",
            ("strecke_km", 0.3, 0.0005), ("nachbar_gut", 2, 0),
        ),
        same_place(
            "gewaesserstruktur", f"{BROOK[1]} {SURVEYED_AGAIN:04d}",
            "Abschnitt in beiden Kartierungen geliefert: die schlechtere Klasse gilt",
            "Section delivered in both surveys: the worse class holds",
            ("klasse", max(EARLIER[1], LATER[1]), 0), ("n_geliefert", 2, 0),
        ),
    ]  # fmt: skip


def _of_municipality(town: Town, ags: str, name: str) -> list[Case]:
    """Return the lengths in and outside of the Verdichtungszone, of what came twice in the worse class."""
    worst: dict[tuple[str, int], Section] = {}
    for section in sections(town):
        key = (section.key, section.number)
        worst[key] = max(worst.get(key, section), section, key=lambda one: one.grade)
    mine = [s for s in worst.values() if s.ags == ags and s.grade]
    scopes = {"ballungsraum": True, "aussen": False}
    figures = []
    for scope, inner in scopes.items():
        here = [s for s in mine if (s.zone == "Verdichtungszone") == inner]
        bad = [s for s in here if s.grade >= BAD_FROM]
        if here:
            figures.append((f"{scope}_km", len(here) * LENGTH / 1000, 0.001))
            figures.append((f"{scope}_schlecht_km", len(bad) * LENGTH / 1000, 0.001))
    return same_place(
        "gemeinden", ags, f"Gewässerlänge nach Zonen, {name}", f"River length by zone, {name}", *figures
    )


LAYERS = (
    (
        Layer(
            "gewaesserstruktur",
            "Gewässerstruktur",
            "Abschnitte von 100 m mit Strukturklasse; 0 heißt: nicht bewertet",
            "LineString",
            (
                ("gewkz", TEXT),
                ("gewaesser", TEXT),
                ("abschnitt", TEXT),
                ("gsg", TEXT),
                ("jahr", INTEGER),
                ("berichtspflicht", TEXT),
            ),
        ),
        section_rows,
    ),
    (
        Layer("zonen", "Zonen", "Verdichtungs-, Übergangs- und Außenzone", "Polygon", (("zone", TEXT),)),
        zone_rows,
    ),
)
