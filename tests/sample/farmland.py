"""Landscape elements beside tracks and in fields, and a table of leases; in Hohenmuster planted ones only."""

from __future__ import annotations

from collections.abc import Iterator
from math import pi

import numpy as np

from . import plan
from .earlier import HOHENMUSTER
from .geometry import (
    Points,
    at,
    left,
    lengths,
    linestring,
    point,
    polygon,
    random_for,
    rectangle,
    tangents,
)
from .gpkg import REAL, TEXT, Layer, Row
from .model import Case, same_place
from .town import Town

BESIDE = 5.0  # metres from the axis of a track to what grows beside it
APART = 60.0  # metres between trees
HEDGES = ("Hecke", "Baumreihe", "Graben")
ODDS = (0.4, 0.35, 0.25)
WIDTHS = {"Hecke": (3.0, 7.0), "Baumreihe": (4.0, 8.0), "Graben": (1.0, 2.5)}
WIDTH_KNOWN, TREE_TRACKS = 0.6, 0.3  # share of lines with a width, and of tracks with single trees instead
WITH_TREES = ("Wirtschaftsweg 1", "Wirtschaftsweg 12")  # tracks of Neudorf that have trees in any case
ASSUMED = {"Hecke": 5.0, "Graben": 2.0}  # metres, of lines without a width
TREE_AREA = 25.0  # m², of a tree without a crown

# --- planted in Hohenmuster ---------------------------------------------------------------------------

COPSE, POOL = (5650, 5690, 4320, 4350), (5680, 5700, 4320, 4340)
MARGIN = (5700, 5703, 4320, 4380)  # delivered twice
PLANTED_AREAS = (("Feldgehölz", COPSE), ("Feuchtgebiet", POOL), ("Feldrain", MARGIN), ("Feldrain", MARGIN))
# Kind, width, west, east, northing; the last one stands in the Ostbusch, far from fields.
PLANTED_LINES = (
    ("Hecke", 6.0, 5550, 5650, 1400),
    ("Hecke", None, 5550, 5630, 1430),
    ("Graben", None, 5550, 5650, 1455),
)
IN_THE_WOOD = ("Hecke", 6.0, 5520, 5580, 3550)
PLANTED_TREES = ((8.0, 4830, 730), (None, 4880, 760))
DRAWN_AREAS: tuple[tuple[str | None, plan.Path], ...] = (
    ("Feldgehölz", ((1330, 890), (1370, 885), (1380, 915), (1340, 925))),
    ("Brache", ((1560, 1070), (1640, 1066), (1644, 1078), (1562, 1083))),
    ("Feldrain", ((770, 1360), (890, 1352), (890, 1356), (770, 1364))),
    ("Feldgehölz", ((590, 1340), (630, 1336), (640, 1370), (600, 1380))),
    ("Feuchtgebiet", ((2830, 460), (2860, 470), (2850, 500), (2820, 490))),
    (None, ((3820, 1300), (3850, 1296), (3856, 1320), (3826, 1326))),
)
# Farm, first and last day, hectares, without an end, converting to organic farming.
LEASES = (
    ("Hof Musterau", "2020-01-01", "2029-12-31", 24.0, "nein", "ja"),
    ("Hof Musterau", "2022-01-01", "2026-12-31", 6.0, "nein", "ja"),
    ("Hof Lohbach", "2018-01-01", "2037-12-31", 10.0, "nein", "ja"),
    ("Hof Lohbach", "2018-01-01", "2037-12-31", 10.0, "nein", "ja"),  # delivered twice
    ("Hof Hohe Mark", "2024-01-01", "2027-12-31", 5.0, "nein", "ja"),
    ("Hof Südfeld", "2015-01-01", "2044-12-31", 40.0, "nein", "nein"),
    ("Hof Nordfeld", "2021-01-01", "2032-12-31", 15.0, "nein", "ja"),
    ("Hof Nordfeld", "2023-01-01", "2028-12-31", 20.0, "nein", "ja"),
    ("Gut Kanalhöhe", "2019-01-01", "2024-12-31", 12.5, "nein", "nein"),
)
LEASE_YEARS = (10, 5, 20, None, 4, None, 12, 6, None)  # None: not counted


def area_rows(_town: Town) -> list[Row]:
    """Return the landscape elements as polygons."""
    drawn = [(polygon(path), (kind,)) for kind, path in DRAWN_AREAS]
    return [*drawn, *((rectangle(*sides), (kind,)) for kind, sides in PLANTED_AREAS)]


def line_rows(town: Town) -> list[Row]:
    """Return hedges, tree rows and ditches: one beside each track that has no trees, and the planted ones."""
    rows: list[Row] = []
    for name, line in _beside_tracks(town):
        rng = random_for("hedges " + name, len(line))
        kind = str(rng.choice(HEDGES, p=ODDS))
        width, trees, known = round(float(rng.uniform(*WIDTHS[kind])), 1), rng.random(), rng.random()
        if not _has_trees(name, trees):
            rows.append((linestring(line), (kind, width if known < WIDTH_KNOWN else None)))
    return rows + [
        (linestring([(west, y), (east, y)]), (kind, width))
        for kind, width, west, east, y in (*PLANTED_LINES, IN_THE_WOOD)
    ]


def tree_rows(town: Town) -> list[Row]:
    """Return single trees along the other tracks, and the planted ones."""
    rows: list[Row] = []
    for name, line in _beside_tracks(town):
        rng = random_for("hedges " + name, len(line))
        rng.choice(HEDGES, p=ODDS)
        _, trees, _ = rng.random(3)
        if _has_trees(name, trees):
            for x, y in at(line, np.arange(20.0, lengths(line)[-1], APART)):
                crown = round(float(rng.uniform(4, 11)), 1)
                rows.append((point(x, y), ("Einzelbaum", crown if rng.random() < WIDTH_KNOWN else None)))
    return rows + [(point(x, y), ("Einzelbaum", crown)) for crown, x, y in PLANTED_TREES]


def _has_trees(name: str, drawn: float) -> bool:
    return drawn < TREE_TRACKS or name in WITH_TREES


def _beside_tracks(town: Town) -> Iterator[tuple[str, Points]]:
    """Yield name and line beside the inner part of each track that is not in Hohenmuster."""
    (hohenmuster,) = (area for ags, _, area in town.municipalities if ags == HOHENMUSTER)
    for street, piece in town.streets:
        axis = np.array(piece.GetPoints())[:, :2]
        if street.rank == 3 and piece.Length() > 200 and piece.Distance(hohenmuster) > 50:
            inner = at(axis, np.arange(40.0, lengths(axis)[-1] - 40.0, 25.0))
            yield street.name, inner + BESIDE * left(tangents(inner))


def lease_rows(_town: Town) -> list[Row]:
    """Return the leases."""
    return [(None, lease) for lease in LEASES]


# --- expected values ----------------------------------------------------------------------------------


def cases() -> list[list[Case]]:
    """Return the landscape elements of Hohenmuster, and the terms of leases of farms that convert."""
    size = {sides: (sides[1] - sides[0]) * (sides[3] - sides[2]) for _, sides in PLANTED_AREAS}
    shared = (COPSE[1] - POOL[0]) * (POOL[3] - POOL[2])
    areas = sum(size.values()) - shared
    lines = sum((east - west) * (width or ASSUMED[kind]) for kind, width, west, east, _ in PLANTED_LINES)
    trees = sum(pi * crown**2 / 4 if crown else TREE_AREA for crown, _, _ in PLANTED_TREES)
    counted = [(years, row[3]) for years, row in zip(LEASE_YEARS, LEASES, strict=True) if years]
    total = sum(area for _, area in counted)
    long = sum(area for years, area in counted if years >= 10)
    return [
        same_place(
            "landschaftselemente", HOHENMUSTER,
            "Flächen, Linien und Bäume in Feldern; überlappend, doppelt, eine Hecke fern der Felder",
            "Polygons, lines and trees in fields; overlapping, delivered twice, a hedge far from fields",
            ("elemente_m2", areas + lines + trees, 3.0),
        ),
        same_place(
            "pachtvertraege", "Umstellung", "Pachtverträge von Betrieben in Umstellung, einer doppelt",
            "Leases of farms that convert, one delivered twice",
            ("mittlere_laufzeit_a", sum(years * area for years, area in counted) / total, 0.01),
            ("anteil_lang_proz", 100 * long / total, 0.01), ("pachtflaeche_ha", total, 0.001),
        ),
    ]  # fmt: skip


LAYERS = (
    (
        Layer(
            "landschaftselemente",
            "Landschaftselemente",
            "Landschaftselemente als Flächen; ohne Wert heißt: Art unbekannt",
            "Polygon",
            (("le_typ", TEXT),),
        ),
        area_rows,
    ),
    (
        Layer(
            "hecken",
            "Hecken, Baumreihen und Gräben",
            "Landschaftselemente als Linien, zum Teil mit Breite",
            "LineString",
            (("le_typ", TEXT), ("breite_m", REAL)),
        ),
        line_rows,
    ),
    (
        Layer(
            "einzelbaeume",
            "Einzelbäume",
            "Bäume an Wegen und in Feldern, zum Teil mit Krone",
            "Point",
            (("le_typ", TEXT), ("kronendurchmesser", REAL)),
        ),
        tree_rows,
    ),
    (
        Layer(
            "pachtvertraege",
            "Pachtverträge",
            "Pachtverträge mit Laufzeit; einer ist doppelt geliefert",
            "",
            (
                ("betrieb", TEXT),
                ("pacht_beginn", TEXT),
                ("pacht_ende", TEXT),
                ("pachtflaeche_ha", REAL),
                ("unbefristet", TEXT),
                ("oeko_umstellung", TEXT),
            ),
        ),
        lease_rows,
    ),
)
