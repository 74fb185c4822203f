"""Small CityGML tiles, written as text: boxes with level, gabled or shed roofs."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from pathlib import Path

from .layer_factory import EAST, NORTH

Point = tuple[float, float, float]
ADV_CRS = "urn:adv:crs:ETRS89_UTM32*DE_DHHN2016_NH*GCG2016"


def pos_list(points: Iterable[Point]) -> str:
    """Return a closed ring of points relative to (EAST, NORTH) as a posList."""
    ring = [*points]
    numbers = " ".join(f"{EAST + x:.3f} {NORTH + y:.3f} {z:.6f}" for x, y, z in [*ring, ring[0]])
    return f'<gml:LinearRing><gml:posList srsDimension="3">{numbers}</gml:posList></gml:LinearRing>'


def polygon(*rings: Sequence[Point], name: str = "") -> str:
    """Return a polygon, the exterior first."""
    parts = [f"<gml:exterior>{pos_list(rings[0])}</gml:exterior>"]
    parts += [f"<gml:interior>{pos_list(ring)}</gml:interior>" for ring in rings[1:]]
    label = f' gml:id="{name}"' if name else ""
    return f"<gml:Polygon{label}>{''.join(parts)}</gml:Polygon>"


def members(polygons: Iterable[str]) -> str:
    """Return a MultiSurface of polygons, or of what :func:`reference` returns."""
    inside = "".join(
        text if text.startswith("<gml:surfaceMember") else f"<gml:surfaceMember>{text}</gml:surfaceMember>"
        for text in polygons
    )
    return f"<gml:MultiSurface>{inside}</gml:MultiSurface>"


def reference(name: str) -> str:
    """Return a member that stands elsewhere."""
    return f'<gml:surfaceMember xlink:href="#{name}"/>'


def solid(*polygons: str) -> str:
    """Return the solid of a building, of polygons or references."""
    inside = members(polygons).replace("MultiSurface>", "CompositeSurface>")
    return f"<bldg:lod2Solid><gml:Solid><gml:exterior>{inside}</gml:exterior></gml:Solid></bldg:lod2Solid>"


def surface(kind: str, *polygons: str, name: str = "") -> str:
    """Return a thematic surface of LoD2: RoofSurface, GroundSurface, WallSurface."""
    geometry = f"<bldg:lod2MultiSurface>{members(polygons)}</bldg:lod2MultiSurface>"
    label = f' gml:id="{name}"' if name else ""
    return f"<bldg:boundedBy><bldg:{kind}{label}>{geometry}</bldg:{kind}></bldg:boundedBy>"


def envelope(crs: str) -> str:
    """Return the envelope of a building or a whole tile, which names the CRS."""
    return f'<gml:boundedBy><gml:Envelope srsName="{crs}"/></gml:boundedBy>'


def rectangle(x: float, y: float, width: float, depth: float, z: float) -> list[Point]:
    return [(x, y, z), (x + width, y, z), (x + width, y + depth, z), (x, y + depth, z)]


def ground(x: float, y: float, width: float, depth: float) -> str:
    """Return a ground surface, seen from below as it should be."""
    return surface("GroundSurface", polygon(rectangle(x, y, width, depth, 40.0)[::-1]))


def level_roof(x: float, y: float, width: float, depth: float, name: str = "dach") -> str:
    return surface("RoofSurface", polygon(rectangle(x, y, width, depth, 46.0), name=name))


def gabled_roof(x: float, y: float, width: float, depth: float, slope: float, name: str = "dach") -> str:
    """Return two roof faces that fall to the south and to the north, with the ridge along the middle."""
    middle, ridge = y + depth / 2, 46.0 + depth / 2 * math.tan(math.radians(slope))
    south = [(x, y, 46.0), (x + width, y, 46.0), (x + width, middle, ridge), (x, middle, ridge)]
    top = [(x, middle, ridge), (x + width, middle, ridge)]
    north = [*top, (x + width, y + depth, 46.0), (x, y + depth, 46.0)]
    return surface("RoofSurface", polygon(south, name=f"{name}_s")) + surface(
        "RoofSurface", polygon(north, name=f"{name}_n")
    )


def generic(**values: str) -> str:
    return "".join(
        f'<gen:stringAttribute name="{name}"><gen:value>{value}</gen:value></gen:stringAttribute>'
        for name, value in values.items()
    )


def properties(**values: object) -> str:
    return "".join(f"<bldg:{name}>{value}</bldg:{name}>" for name, value in values.items())


def building(name: str, *content: str, kind: str = "Building") -> str:
    """Return a Building, without id if ``name`` is empty; a BuildingPart comes wrapped for its Building."""
    label = f' gml:id="{name}"' if name else ""
    made = f"<bldg:{kind}{label}>{''.join(content)}</bldg:{kind}>"
    if kind == "BuildingPart":
        return f"<bldg:consistsOfBuildingPart>{made}</bldg:consistsOfBuildingPart>"
    return made


def level_block(name: str, x: float, y: float, width: float, depth: float, *content: str) -> str:
    """Return a building of LoD2 with a level roof."""
    roof = level_roof(x, y, width, depth, f"{name}_dach")
    return building(name, *content, ground(x, y, width, depth), roof)


def block_lod1(name: str, x: float, y: float, width: float, depth: float) -> str:
    """Return a LoD1 building: a box with its six sides."""
    low, high = rectangle(x, y, width, depth, 40.0), rectangle(x, y, width, depth, 46.0)
    walls = [[low[k], low[k - 3], high[k - 3], high[k]] for k in range(4)]
    shell = members(polygon(ring) for ring in (low[::-1], high, *walls))
    return building(name, f"<bldg:lod1Solid><gml:Solid>{shell}</gml:Solid></bldg:lod1Solid>")


def model(
    *buildings: str, version: str = "1.0", gml: str = "http://www.opengis.net/gml", crs: str = ADV_CRS
) -> str:
    """Return a whole tile."""
    city = "http://www.opengis.net/citygml"
    bounds = envelope(crs) if crs else ""
    inside = "\n".join(f"<core:cityObjectMember>\n{text}\n</core:cityObjectMember>" for text in buildings)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<core:CityModel xmlns:core="{city}/{version}" xmlns:bldg="{city}/building/{version}" '
        f'xmlns:gen="{city}/generics/{version}" xmlns:gml="{gml}" '
        f'xmlns:xlink="http://www.w3.org/1999/xlink">\n{bounds}\n{inside}\n</core:CityModel>\n'
    )


def tile(path: Path, *buildings: str, **options: str) -> Path:
    """Write a tile and return its path."""
    path.write_text(model(*buildings, **options), encoding="utf-8")
    return path
