"""Floodplains: legally fixed, provisionally secured, and the wider natural Aue."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from . import planted, water
from .geometry import Geometry, Points, at, largest, lengths, parts, rounded, union


@dataclass(frozen=True)
class Floodplain:
    """One floodplain polygon with its class, the act it rests on and the year."""

    name: str
    kind: str
    act: str
    year: int
    area: Geometry


def _valley_axis() -> Points:
    """Return the river's axis without its bends: the mean over 420 m."""
    axis = water.river_axis()
    along = np.arange(0, lengths(axis)[-1], 20.0)
    dense = at(axis, along)
    padded = np.vstack([np.repeat(dense[:1], 10, axis=0), dense, np.repeat(dense[-1:], 10, axis=0)])
    kernel = np.ones(21) / 21
    return np.stack([np.convolve(padded[:, k], kernel, mode="valid") for k in (0, 1)], axis=1)


def floodplains(region: Geometry) -> list[Floodplain]:
    """Return the floodplains inside ``region``; the Auenkulisse covers the fixed one."""
    axis = _valley_axis()
    bed = water.river_area().Buffer(22, 6).Simplify(0.8)
    fixed = union([water.valley(axis, "hq100", (100, 180), 40), bed])
    wide = union([water.valley(axis, "aue", (145, 240), 45), fixed.Buffer(14, 4).Simplify(0.8)])
    brook = rounded(union([water.valley(water.brooks()[0].line, "bach", (16, 62), 16)]), 4)
    found = [
        (
            "Überschwemmungsgebiet Muster",
            planted.FIXED,
            "§ 76 WHG, § 83 LWG",
            2011,
            _plain(planted.straightened(planted.FIXED, _plain(fixed))),
        ),
        ("Überschwemmungsgebiet Musterbach", planted.SECURED, "§ 76 Abs. 3 WHG", 2020, _plain(brook)),
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
            _plain(planted.straightened(planted.KULISSE, _plain(wide))),
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
