"""Raumtypen: inner city, settlement between, landscape. A picture of the strategy, drawn coarsely."""

from __future__ import annotations

from . import plan
from .geometry import Geometry, centre, closed, largest, parts, rounded, union, without_holes
from .model import Parcel

INNER = ("altstadt", "blockrand", "kirche", "platz", "kaufhaus")
OPEN = ("acker", "gruenland", "wald", "gehoelz", "halde", "hof", "kleingarten", "park", "klaerwerk")
NETWORK = ("strasse", "weg", "bahn", "gueterbahnhof", "wasser", "kanalufer")


def space_types(
    parcels: list[Parcel], municipalities: list[tuple[str, str, Geometry]]
) -> list[tuple[str, str, Geometry]]:
    """Return Raumtyp, name and area; the areas tile the region."""
    region = union(parcel.area for parcel in parcels)
    core = largest(rounded(closed(union(p.area for p in parcels if p.kind in INNER), 48), 30))
    inner = without_holes(core, 60_000).Simplify(1.0).Intersection(region)
    built = union(parcel.area for parcel in parcels if parcel.kind not in OPEN + NETWORK)
    settled = closed(built.Union(inner), 42)
    settled = without_holes(rounded(settled, 24), 30_000).Simplify(2.0).Intersection(region)
    between = settled.Difference(inner)
    landscape = region.Difference(settled).Difference(inner)
    small = [part for part in parts(between) if part.GetArea() < 6000]
    between, landscape = between.Difference(union(small)), union([landscape, *small])
    return (
        [("Innenstadt", f"Innenstadt {n}", part) for n, part in _named(inner)]
        + [("Zwischenstadt", n, part) for n, part in _named(between)]
        + [
            ("Landschaft", f"Feldflur und Aue {name}", part)
            for _, name, area in municipalities
            for part in parts(landscape.Intersection(area))
        ]
    )


def _named(area: Geometry) -> list[tuple[str, Geometry]]:
    """Return the parts of ``area``, each with the name of the nearest quarter of the plan."""
    named = []
    for part in parts(area):
        x, y = centre(part)
        name = min(plan.QUARTERS, key=lambda item: (item[1] - x) ** 2 + (item[2] - y) ** 2)[0]
        named.append((name, part))
    return named
