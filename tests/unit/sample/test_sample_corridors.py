"""The Grünzüge of the sample: bottlenecks, an interruption and what lies in it, measured a second way.

Distances, sections and areas are computed from the coordinates with numpy. Only counting bottlenecks takes
buffers of GEOS: the opening of an area by a disc, as it is defined.
"""

from __future__ import annotations

from functools import cache
from itertools import pairwise

import numpy as np
import pytest
from osgeo import ogr

from .test_sample import features, geometries, inside_any, query, rings_of, signed_area, wkb

ORIGIN = np.array([367_000.0, 5_702_500.0])
BACH, AUE, HALDE = NAMES = "Grünzug Musterbach", "Grünzug Musteraue", "Grünzug Halde"
COLUMNS = "schluessel, groesse, coalesce(erwartet, erwartet_text), toleranz"
CASES = {
    (key, quantity): (value, tolerance)
    for key, quantity, value, tolerance in query(f"SELECT {COLUMNS} FROM musterfaelle WHERE hz = 13")
}


@cache
def corridor(name: str) -> tuple[list[np.ndarray], ...]:
    """Return the parts of a Grünzug, each as its rings in plan metres."""
    parts = [rings_of(blob) for blob, other in features("gruenzuege", "gruenzug") if other == name]
    return tuple([ring - ORIGIN for ring in rings] for part in parts for rings in part)


@cache
def lines(table: str) -> tuple[tuple[str, np.ndarray], ...]:
    """Return name and vertices of the lines of a table in plan metres."""
    found = []
    for blob, name in features(table, "name"):
        line = ogr.CreateGeometryFromWkb(wkb(blob))
        found.append((name, np.array(line.GetPoints())[:, :2] - ORIGIN))
    return tuple(found)


def area(rings: list[np.ndarray]) -> float:
    shell, *holes = (abs(signed_area(ring - ring[0])) for ring in rings)
    return shell - sum(holes)


def shortest(one: np.ndarray, two: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
    """Return the distance of two rings that do not meet, and where on them it is taken."""
    best = (np.inf, one[0], two[0])
    for vertices, ring, turned in ((one, two, False), (two, one, True)):
        for a, b in pairwise(ring):
            share = np.clip((vertices - a) @ (b - a) / ((b - a) @ (b - a)), 0, 1)[:, None]
            feet = a + share * (b - a)
            far = np.hypot(*(vertices - feet).T)
            i = int(np.argmin(far))
            if far[i] < best[0]:
                best = (
                    (float(far[i]), feet[i], vertices[i]) if turned else (float(far[i]), vertices[i], feet[i])
                )
    return best


def crosses(a: np.ndarray, b: np.ndarray, line: np.ndarray) -> bool:
    """Return whether the straight line from ``a`` to ``b`` crosses a polyline."""
    return any(
        _side(a, b, c) * _side(a, b, d) < 0 > _side(c, d, a) * _side(c, d, b) for c, d in pairwise(line)
    )


def _side(a: np.ndarray, b: np.ndarray, c: np.ndarray) -> float:
    return float((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]))


def section(rings: list[np.ndarray], place: tuple[float, float], axis: int) -> float:
    """Return the width of an area at ``place``, along x (``axis`` 0) or y (1)."""
    mine, other = place[axis], place[1 - axis]
    cuts = []
    for ring in rings:
        for a, b in pairwise(ring):
            if (a[1 - axis] > other) != (b[1 - axis] > other):
                share = (other - a[1 - axis]) / (b[1 - axis] - a[1 - axis])
                cuts.append(a[axis] + share * (b[axis] - a[axis]))
    return min(c for c in cuts if c > mine) - max(c for c in cuts if c < mine)


def bottlenecks(name: str, width: float) -> dict[str, int]:
    """Count what an opening by a disc of diameter ``width`` leaves, by class.

    A residual that touches two parts of the opened area is a bridge, one that touches the same part twice a
    loop.
    """
    every = [body for body, (other,) in zip(geometries("gruenzuege"), _names(), strict=True) if other == name]
    whole = every[0] if len(every) == 1 else every[0].Union(every[1])
    opened = whole.Buffer(-width / 2, 32).Buffer(width / 2, 32)
    parts, rim, counted = _pieces(opened), opened.Buffer(0.05), {"bridge": 0, "loop": 0}
    for piece in _pieces(whole.Difference(opened.Buffer(0.01))):
        touched = sum(part.Distance(piece) < 0.1 for part in parts)
        if touched > 1:
            counted["bridge"] += 1
        elif len(_pieces(piece.Intersection(rim))) > 1 and piece.GetArea() > width:
            counted["loop"] += 1
    return counted


def _names() -> list[tuple[str]]:
    return query("SELECT gruenzug FROM gruenzuege ORDER BY fid")


def _pieces(shape: ogr.Geometry) -> list[ogr.Geometry]:
    if shape.GetGeometryName() == "POLYGON":
        return [shape.Clone()]
    every = [shape.GetGeometryRef(i).Clone() for i in range(shape.GetGeometryCount())]
    return [piece for piece in every if piece.GetDimension() == 2]


# --- bottlenecks ---------------------------------------------------------------------------------

SOUTH_NECK, CANAL_NECK = ((3510.0, 960.0), BACH, 40.0), ((5125.0, 3730.0), HALDE, 80.0)


@pytest.mark.parametrize(("foot", "name", "width"), [SOUTH_NECK, CANAL_NECK], ids=["Südring", "canal"])
def test_neck_is_straight_100_m_long_and_lies_between_wide_areas(foot, name, width):
    rings = corridor(name)[0]
    x, y = foot
    along = [section(rings, (x, y + step), 0) for step in np.arange(0.5, 100)]
    assert along == pytest.approx([width] * 100, abs=1e-6)
    for beyond in (y - 60, y + 160):
        assert section(rings, (x, beyond), 0) > 200
        assert section(rings, (x, beyond), 1) > 200
    (recorded,) = [v for k, v in _recorded("breite_min_m") if k == name]
    assert recorded == width


def _recorded(quantity: str) -> list[tuple[str, float]]:
    return query("SELECT schluessel, erwartet FROM musterfaelle WHERE hz = 13 AND groesse = ?", quantity)


@pytest.mark.parametrize(
    ("place", "axis"),
    [
        *(((x, y), 0) for x in (1364, 1625) for y in (2760, 2800, 2850)),
        *(((x, 2935), 1) for x in (1450, 1540)),
    ],
)
def test_loop_is_a_strip_of_30_m(place, axis):
    ringed = next(rings for rings in corridor(AUE) if len(rings) == 2)
    assert section(ringed, place, axis) == pytest.approx(30, abs=1e-6)
    assert dict(_recorded("breite_min_m"))[AUE] == 30


@pytest.mark.parametrize("width", [50, 100, 200])
@pytest.mark.parametrize("name", NAMES)
def test_there_are_as_many_bottlenecks_as_planted(name, width):
    found = bottlenecks(name, width)
    assert found["bridge"] == CASES[name, f"n_bridge_{width}"][0]
    assert found["loop"] == (name == AUE)


def test_below_50_m_there_is_exactly_one_bridge():
    assert sum(CASES[name, "n_bridge_50"][0] for name in NAMES) == 1
    assert [CASES[AUE, f"n_loop_{width}"][0] for width in (50, 100)] == [1, 1]


# --- interruptions -------------------------------------------------------------------------------


def test_parts_of_the_musterbach_are_120_m_apart():
    (south,), (north,) = corridor(BACH)
    expected, tolerance = CASES[BACH, "unterbrechung_m"]
    assert shortest(south, north)[0] == pytest.approx(expected, abs=tolerance)
    assert expected == 120
    assert CASES[BACH, "n_unterbrechung"][0] == len(corridor(BACH)) - 1


def test_street_and_railway_lie_in_the_interruption_and_nothing_else():
    (south,), (north,) = corridor(BACH)
    _, a, b = shortest(south, north)
    hit = {
        table: [name for name, line in lines(table) if crosses(a, b, line)]
        for table in ("strassen", "bahn", "gewaesserlinien")
    }
    assert hit == {"strassen": ["Bachstraße"], "bahn": ["Hauptstrecke"], "gewaesserlinien": []}
    water = [ring - ORIGIN for blob, _ in features("gewaesser", "name") for ring in rings_of(blob)[0]]
    assert not inside_any(a + np.linspace(0, 1, 241)[:, None] * (b - a), water).any()
    assert CASES[BACH, "hindernisse"][0] == ", ".join(sorted(table for table, names in hit.items() if names))


def test_the_interruption_lies_in_one_municipality():
    (south,), (north,) = corridor(BACH)
    _, a, b = shortest(south, north)
    places = a + np.linspace(0, 1, 25)[:, None] * (b - a)
    found = {
        ags
        for blob, ags in features("gemeinden", "ags")
        if inside_any(places, [rings_of(blob)[0][0] - ORIGIN]).any()
    }
    assert found == {CASES[BACH, "unterbrechung_ags"][0]}


def test_the_two_parts_of_the_musteraue_share_the_municipal_border_vertex_by_vertex():
    edges = []
    for rings in corridor(AUE):
        rounded = [[tuple(place) for place in np.round(ring * 1000).astype(int).tolist()] for ring in rings]
        edges.append({edge for ring in rounded for edge in pairwise(ring)})
    shared = edges[0] & {(b, a) for a, b in edges[1]}
    assert sum(np.hypot(*np.subtract(a, b)) for a, b in shared) > 200 * 1000
    (borders,) = query("SELECT geom FROM gemeinden WHERE ags = '05999002'")
    border = np.round((rings_of(borders[0])[0][0] - ORIGIN) * 1000).astype(int)
    assert {a for edge in shared for a in edge} <= _on(border, {a for edge in shared for a in edge})
    assert not edges[0] & edges[1]
    assert CASES[AUE, "n_unterbrechung"][0] == 0


def _on(ring: np.ndarray, places: set[tuple[int, int]]) -> set[tuple[int, int]]:
    """Return the places within 2 cm (the coordinates are millimetres) of a ring."""
    return {
        place
        for place in places
        if any(_distance(np.array(place), a, b) <= 20 for a, b in pairwise(ring.astype(float)))
    }


def _distance(place: np.ndarray, a: np.ndarray, b: np.ndarray) -> float:
    share = np.clip((place - a) @ (b - a) / ((b - a) @ (b - a)), 0, 1)
    return float(np.hypot(*(place - a - share * (b - a))))


def test_two_corridors_come_within_500_m_of_each_other():
    between = min(shortest(one[0], two[0])[0] for one in corridor(BACH) for two in corridor(AUE))
    assert 120 < between < 500
    assert CASES[f"{BACH} / {AUE}", "n_unterbrechung"][0] == 0


def test_one_corridor_crosses_a_border_in_one_part():
    (rings,) = corridor(HALDE)
    crossed = [
        ags
        for blob, ags in features("gemeinden", "ags")
        if inside_any(rings[0], [rings_of(blob)[0][0] - ORIGIN]).any()
    ]
    assert crossed == ["05999001", "05999003"]
    assert CASES[HALDE, "n_unterbrechung"][0] == 0


# --- the layers ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_parts_add_up_to_the_area_as_drawn(name):
    expected, tolerance = CASES[name, "flaeche_m2"]
    assert sum(area(rings) for rings in corridor(name)) == pytest.approx(expected, abs=tolerance)


def test_corridors_are_named_and_numbered():
    rows = query("SELECT gruenzug, nummer, teil FROM gruenzuege ORDER BY fid")
    assert {(name, number) for name, number, _ in rows} == set(zip(NAMES, (1, 2, 3), strict=True))
    assert len({(name, part) for name, _, part in rows}) == len(rows) == 5


def test_outlines_are_as_detailed_as_a_regional_plan():
    for body in (rings for name in NAMES for rings in corridor(name)):
        assert 50 <= sum(len(ring) - 1 for ring in body) <= 300


def test_corridors_stay_in_the_region_and_hold_next_to_no_buildings():
    region = ogr.Geometry(ogr.wkbMultiPolygon)
    for municipality in geometries("gemeinden"):
        for piece in _pieces(municipality):
            region.AddGeometry(piece)
    region = region.UnionCascaded()
    buildings = geometries("gebaeude")
    for body in geometries("gruenzuege"):
        assert body.Difference(region).GetArea() < 0.1
        built = sum(house.Intersection(body).GetArea() for house in buildings if house.Intersects(body))
        assert built < 0.01 * body.GetArea()


@pytest.mark.parametrize(
    ("table", "uses"),
    [("strassen", "'Straßenverkehr', 'Weg', 'Platz'"), ("bahn", "'Bahnverkehr', 'Straßenverkehr'")],
)
def test_axes_run_on_parcels_of_their_use(table, uses):
    blobs = query(f"SELECT geom FROM flurstuecke WHERE nutzung IN ({uses})")
    land = [rings_of(blob)[0] for (blob,) in blobs]
    boxes = np.array([[*rings[0].min(axis=0), *rings[0].max(axis=0)] for rings in land])
    on, every = 0, 0
    for _, line in lines(table):
        for a, b in pairwise(line + ORIGIN):
            middle = (a + b) / 2
            near = np.flatnonzero(np.all((boxes[:, :2] <= middle) & (middle <= boxes[:, 2:]), axis=1))
            hit = any(inside_any(middle[None], land[i])[0] for i in near)
            length = float(np.hypot(*(b - a)))
            on, every = on + hit * length, every + length
    assert on > 0.93 * every


def test_streets_and_railways_have_kinds_and_widths():
    kinds = {kind for (kind,) in query("SELECT DISTINCT art FROM strassen")}
    assert kinds == {"Autobahn", "Anschlussstelle", "Hauptstraße", "Nebenstraße", "Wirtschaftsweg"}
    ((thinnest, widest),) = query("SELECT min(breite_m), max(breite_m) FROM strassen")
    assert (thinnest, widest) == (4, 36)
    assert set(query("SELECT name, gleise FROM bahn")) == {("Hauptstrecke", 2), ("Zechenbahn", 1)}
