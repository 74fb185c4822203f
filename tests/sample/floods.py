"""Floodplains: legally fixed, provisionally secured, and the wider natural Aue."""

from __future__ import annotations

from dataclasses import dataclass

from . import planted, water
from .geometry import Geometry, largest, parts


@dataclass(frozen=True)
class Floodplain:
    """One floodplain polygon with its class, the act it rests on and the year."""

    name: str
    kind: str
    act: str
    year: int
    area: Geometry


def floodplains(region: Geometry) -> list[Floodplain]:
    """Return the floodplains inside ``region``; the Auenkulisse covers the fixed one."""
    drawn = water.valleys()
    found = [
        (
            "Überschwemmungsgebiet Muster",
            planted.FIXED,
            "§ 76 WHG, § 83 LWG",
            2011,
            _plain(planted.straightened(planted.FIXED, drawn["hq100"])),
        ),
        ("Überschwemmungsgebiet Musterbach", planted.SECURED, "§ 76 Abs. 3 WHG", 2020, drawn["bach"]),
        (
            "Überschwemmungsgebiet Muster, Erweiterung Uferstraße",
            planted.SECURED,
            "§ 76 Abs. 3 WHG",
            2022,
            planted.secured(),
        ),
        (
            "Aue der Muster",
            planted.KULISSE,
            "ohne Rechtsbindung",
            2014,
            _plain(planted.straightened(planted.KULISSE, drawn["aue"])),
        ),
    ]
    return [
        Floodplain(name, kind, act, year, part)
        for name, kind, act, year, area in found
        for part in parts(area.Intersection(region), 500)
    ]


def _plain(area: Geometry) -> Geometry:
    """Return the largest part of ``area`` without dry islands below 0.3 ha."""
    body = largest(area)
    if body is None:
        raise ValueError("a floodplain has no area")
    islands = [i for i in range(1, body.GetGeometryCount()) if body.GetGeometryRef(i).Area() < 3000]
    for number in reversed(islands):
        body.RemoveGeometry(number)
    return body
