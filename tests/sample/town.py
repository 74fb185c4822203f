"""Everything the layers are made of, built once in the right order."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from functools import cached_property

from . import (
    buildings,
    floods,
    green_corridors,
    greenroofs,
    land,
    plan,
    planted,
    planted_roofs,
    rail,
    spacetypes,
    streets,
    water,
)
from .buildings import EARLIER_YEAR
from .cadastre import Flurstueck, numbered
from .coverage import share_vertices
from .geometry import Geometry, Points, linestring, parts, union
from .model import Building, Parcel


@dataclass(frozen=True)
class NumberedBuilding:
    """A building with its identifier."""

    key: str
    facts: Building


class Town:
    """The finished region; every property is computed on first use."""

    @cached_property
    def parcels(self) -> list[Parcel]:
        """The parcels that tile the region."""
        return land.parcels(planted.parcels() + planted_roofs.parcels())

    @cached_property
    def flurstuecke(self) -> list[Flurstueck]:
        """The parcels with their numbers."""
        return numbered(self.parcels)

    @cached_property
    def municipalities(self) -> list[tuple[str, str, Geometry]]:
        """AGS, name and area, put together from the parcels."""
        mine = defaultdict(list)
        for parcel in self.parcels:
            mine[parcel.ags].append(parcel.area)
        return [(ags, name, union(mine[ags])) for ags, name in plan.MUNICIPALITIES]

    @cached_property
    def region(self) -> Geometry:
        """The land of all municipalities."""
        return union(area for _, _, area in self.municipalities)

    @cached_property
    def space_types(self) -> list[tuple[str, str, Geometry]]:
        """Raumtyp, name and area."""
        found = spacetypes.space_types(self.parcels, self.municipalities)
        shared = share_vertices([area for _, _, area in found])
        return [
            (kind, name, part) for (kind, name, _), group in zip(found, shared, strict=True) for part in group
        ]

    @cached_property
    def floodplains(self) -> list[floods.Floodplain]:
        """Floodplains of all classes inside the region."""
        return [replace(f, area=part) for f in floods.floodplains(self.region) for part in _tidy(f.area)]

    @cached_property
    def water_bodies(self) -> list[water.Water]:
        """Water polygons inside the region."""
        bodies = [(b, parts(b.area.Intersection(self.region), 20)) for b in water.water_bodies()]
        return [replace(b, area=tidy) for b, areas in bodies for part in areas for tidy in _tidy(part)]

    @cached_property
    def courses(self) -> list[tuple[water.Course, Geometry]]:
        """Lines of flow inside the region."""
        return [(course, piece) for course in water.courses() for piece in self._inside(course.line)]

    @cached_property
    def streets(self) -> list[tuple[streets.Street, Geometry]]:
        """Axes of motorway, streets and tracks inside the region."""
        every = streets.ramps() + streets.network() + streets.tracks()
        return [(street, piece) for street in every for piece in self._inside(street.line)]

    @cached_property
    def rails(self) -> list[tuple[rail.Railway, Geometry]]:
        """Axes of the railways inside the region."""
        return [(railway, piece) for railway in rail.railways() for piece in self._inside(railway.line)]

    def _inside(self, line: Points) -> list[Geometry]:
        """Return the pieces of ``line`` in the region that are longer than 10 m."""
        inside = linestring(line).Intersection(self.region)
        count = inside.GetGeometryCount()
        pieces = [inside.GetGeometryRef(i).Clone() for i in range(count)] if count else [inside]
        return [piece for piece in pieces if piece.Length() > 10]

    @cached_property
    def green_corridors(self) -> list[green_corridors.Part]:
        """The parts of the Grünzüge."""
        return green_corridors.green_corridors(self.municipalities)

    @cached_property
    def buildings(self) -> list[NumberedBuilding]:
        """Planted houses and roofs first, then the ordinary stock, what has gone since 2015 included."""
        ordinary = self._dated_in_floodplains(buildings.ordinary(self.parcels))
        stock = planted.buildings() + planted_roofs.buildings() + [greenroofs.recorded(b) for b in ordinary]
        return [
            NumberedBuilding(f"DENW99AL{number:08d}", building)
            for number, building in enumerate(buildings.shared_walls(stock), start=1)
        ]

    def _dated_in_floodplains(self, stock: list[Building]) -> list[Building]:
        """Return ``stock`` with a set number of new buildings in floodplains and no others."""
        wet = [f.area for f in self.floodplains]
        near = [n for n, b in enumerate(stock) if any(area.Distance(b.area) < 1.0 for area in wet)]
        fitting = [n for n in near if stock[n].ags == planted.UFER.ags and _well_inside(stock[n], wet)]
        chosen = fitting[2::5][: planted.NEW_ORDINARY_IN_FLOODPLAIN]
        result = list(stock)
        for number in near:
            result[number] = _old(stock[number])
        for later, number in enumerate(chosen):
            result[number] = replace(stock[number], year=EARLIER_YEAR + 1 + later, before=None)
        return result


def _tidy(area: Geometry) -> list[Geometry]:
    """Return ``area`` in millimetres, without vertices that fall together."""
    return share_vertices([area])[0]


def _well_inside(building: Building, floodplains: list[Geometry]) -> bool:
    large = building.area.GetArea() > 60 and building.function in (1010, 2143, 2112, 2111, 2120)
    return large and any(area.Contains(building.area) for area in floodplains)


def _old(building: Building) -> Building:
    year = building.year
    year = EARLIER_YEAR - 30 if year is not None and year > EARLIER_YEAR else year
    return replace(building, year=year, before=building.area)
