"""Protected sites, river structure and habitat types of the sample, measured a second way.

Areas come from scan lines, lengths from coordinates: no GEOS, no engine of the plugin.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from functools import cache

import numpy as np
import pytest
from osgeo import ogr

from .scan_lines import covered, scanned
from .test_sample import HOHENMUSTER, features, inside_any, query, rings_of, wkb


def planted(hz: int, layer: str) -> dict[tuple[str, str], tuple[float, float]]:
    """Return value and tolerance of the planted figures by key and quantity."""
    sql = (
        "SELECT schluessel, groesse, erwartet, toleranz FROM musterfaelle"
        " WHERE hz = ? AND layer = ? AND erwartet IS NOT NULL"
    )
    return {(key, name): (value, tolerance) for key, name, value, tolerance in query(sql, hz, layer)}


def rings(blob: bytes) -> list[np.ndarray]:
    """Return the rings of all parts of a geometry."""
    return [ring for part in rings_of(blob) for ring in part]


@pytest.mark.parametrize(
    ("shapes", "expected"),
    [
        ([(0, 10, 0, 10), (5, 15, 5, 15)], {(0,): 75, (1,): 75, (0, 1): 25}),
        ([(0, 10, 0, 10), (10, 20, 0, 10)], {(0,): 100, (1,): 100}),
        ([(0, 10, 0, 10), (0, 10, 0, 10)], {(0, 1): 100}),
    ],
    ids=["overlapping", "touching", "twice"],
)
def test_scan_lines_give_areas_known_by_hand(shapes, expected):
    boxes = [[np.array([(w, s), (e, s), (e, n), (w, n), (w, s)], float)] for w, e, s, n in shapes]
    assert scanned(boxes) == {frozenset(key): pytest.approx(size) for key, size in expected.items()}


def test_scan_lines_leave_holes_out():
    shell = np.array([(0, 0), (10, 0), (10, 10), (0, 10), (0, 0)], float)
    assert scanned([[shell, shell * 0.4 + 2]]) == {frozenset({0}): pytest.approx(84)}


# --- HZ 15 ---------------------------------------------------------------------------------------

NARROW, LAND = {"NSG", "Naturwaldzelle", "GB", "§ 30 BNatSchG"}, {"NSG", "FFH", "VSG"}
WIDE = NARROW | LAND


@cache
def protection(ags: str) -> dict[str, float]:
    """Return hectares and percentages of one municipality."""
    ((border,),) = query("SELECT geom FROM gemeinden WHERE ags = ?", ags)
    network, sites = features("biotopverbund", "verbundstufe"), features("schutzgebiete", "schutzart")
    rows = [(border, "gemeinde"), *network, *sites]
    found = scanned([rings(blob) for blob, _ in rows])
    first = 1 + len(network)
    inside, every = {0}, set(range(1, first))
    upper = {n for n in every if rows[n][1] == "I"}
    hectares = {
        "verbund_ha": covered(found, inside, every),
        "stufe_1_ha": covered(found, inside, upper),
    }
    for choice, kinds in (("eng", NARROW), ("land", LAND), ("weit", WIDE)):
        mine = {first + n for n, (_, kind) in enumerate(sites) if kind in kinds}
        hectares[f"gemeinde_{choice}_ha"] = covered(found, inside, every, mine)
        hectares[f"flaeche_{choice}_ha"] = covered(found, inside, mine)
    hectares = {name: size / 10_000 for name, size in hectares.items()}
    shares = {
        f"verbund_{choice}_proz": 100 * hectares[f"gemeinde_{choice}_ha"] / hectares["verbund_ha"]
        for choice in ("eng", "weit")
    }
    return hectares | shares


PROTECTION = planted(15, "gemeinden")


@pytest.mark.parametrize(("ags", "quantity"), PROTECTION, ids=[name for _, name in PROTECTION])
def test_planted_protection_measures_what_its_construction_says(ags, quantity):
    value, tolerance = PROTECTION[ags, quantity]
    assert protection(ags)[quantity] == pytest.approx(value, abs=tolerance)


def test_sites_are_delivered_as_registers_deliver_them():
    rows = features("schutzgebiete", "kennung", "schutzart")
    twice = [key for key, times in Counter(key for _, key, _ in rows).items() if times > 1]
    assert twice == ["K-9031"]
    assert len({blob for blob, key, _ in rows if key == "K-9031"}) == 1
    assert {kind for _, _, kind in rows} == {
        "NSG", "GB", "FFH", "VSG", "LSG", "Naturwaldzelle", "NSG geplant", "§ 30 BNatSchG", None,
    }  # fmt: skip
    ((monuments,),) = query("SELECT count(*) FROM naturdenkmale WHERE schutzart = 'ND'")
    assert monuments == planted(15, "naturdenkmale")["ND", "n_ohne_flaeche"][0]


# --- HZ 19: river structure ----------------------------------------------------------------------


def vertices(blob: bytes) -> np.ndarray:
    return np.array(ogr.CreateGeometryFromWkb(wkb(blob)).GetPoints())[:, :2]


@cache
def river_lengths() -> dict[tuple[str, str], float]:
    """Return kilometres by municipality and quantity, of what came twice in the worse class."""
    fields = ("gewkz", "abschnitt", "gsg")
    worst = {}
    for blob, key, number, grade in features("gewaesserstruktur", *fields):
        worst[key, number] = blob, max(int(grade), worst.get((key, number), (blob, 0))[1])
    areas = [(ags, rings(blob)) for blob, ags in features("gemeinden", "ags")]
    zones = [(zone, rings(blob)) for blob, zone in features("zonen", "zone")]
    found: defaultdict[tuple[str, str], float] = defaultdict(float)
    for blob, grade in worst.values():
        line = vertices(blob)
        (ags, *across) = [name for name, shape in areas if inside_any(line, shape).any()]
        (zone, *beyond) = [name for name, shape in zones if inside_any(line, shape).any()]
        if grade == 0:
            continue
        assert not across and not beyond, "an assessed section crosses a border"
        kilometres = float(np.hypot(*np.diff(line, axis=0).T).sum()) / 1000
        scope = "ballungsraum" if zone == "Verdichtungszone" else "aussen"
        found[ags, f"{scope}_km"] += kilometres
        found[ags, f"{scope}_schlecht_km"] += kilometres * (grade >= 5)
    return dict(found)


LENGTHS = {key: figures for key, figures in planted(19, "gemeinden").items() if key[1].endswith("_km")}


@pytest.mark.parametrize(("ags", "quantity"), LENGTHS, ids=[f"{ags}-{name}" for ags, name in LENGTHS])
def test_planted_river_lengths_are_those_of_the_lines(ags, quantity):
    value, tolerance = LENGTHS[ags, quantity]
    assert river_lengths()[ags, quantity] == pytest.approx(value, abs=tolerance)


def test_every_section_is_a_hundred_metres_and_nearly_all_are_assessed():
    rows = features("gewaesserstruktur", "gsg")
    lengths = [float(np.hypot(*np.diff(vertices(blob), axis=0).T).sum()) for blob, _ in rows]
    # A section is cut where its chainage is whole, and rounded to millimetres.
    assert min(lengths) > 99.9 and max(lengths) < 100.1
    assert 0 < sum(grade == "0" for _, grade in rows) < 0.1 * len(rows)
    assert {grade for _, grade in rows} >= {"0", *"234567"}


def test_a_bad_stretch_lies_between_good_sections():
    rows = query("SELECT abschnitt, gsg FROM gewaesserstruktur WHERE gewaesser = 'Musterbach' ORDER BY 1")
    grades = {int(number): int(grade) for number, grade in rows}
    stretch = [number for number in range(8, 11) if grades[number] >= 5]
    figures = planted(19, "gewaesserstruktur")
    assert len(stretch) * 0.1 == pytest.approx(figures["Musterbach", "strecke_km"][0])
    assert sum(grades[number] <= 3 for number in (7, 11)) == figures["Musterbach", "nachbar_gut"][0]


def test_one_section_is_delivered_in_two_classes():
    rows = query("SELECT geom, gsg FROM gewaesserstruktur WHERE gewkz = '299902' AND abschnitt = '0020'")
    figures = planted(19, "gewaesserstruktur")
    assert len({blob for blob, _ in rows}) == 1
    assert len(rows) == figures["299902 0020", "n_geliefert"][0]
    assert max(int(grade) for _, grade in rows) == figures["299902 0020", "klasse"][0]


# --- HZ 22: habitat types ------------------------------------------------------------------------


@cache
def habitats(ags: str) -> dict[str, float]:
    """Return hectares and percentages of forest habitats; the worst grade takes its share first."""
    ((border,),) = query("SELECT geom FROM gemeinden WHERE ags = ?", ags)
    rows = [
        row
        for row in features("lebensraumtypen", "lrt", "erhaltungsgrad", "coalesce(anteil_proz, 100)")
        if row[1].startswith("9") and row[2] != "E"
    ]
    found = scanned([rings(border), *(rings(row[0]) for row in rows)])
    sizes: defaultdict[tuple[str, str | None], float] = defaultdict(float)
    for covering, size in found.items():
        mine = [rows[n - 1][1:] for n in covering - {0}]
        if 0 not in covering or not mine:
            continue
        assert len({kind for kind, _, _ in mine}) == 1, "types on each other are not planted"
        left = 100.0
        for kind, grade, share in sorted(mine, key=lambda row: row[1] or "", reverse=True):
            sizes[kind, grade] += min(left, share) / 100 * size / 10_000
            left = max(0.0, left - share)
    good = sum(size for (_, grade), size in sizes.items() if grade in ("A", "B"))
    graded = sum(size for (_, grade), size in sizes.items() if grade)
    result = {"ab_ha": good, "bewertet_ha": graded, "lrt_ha": sum(sizes.values())}
    for kind in {kind for kind, grade in sizes if grade}:
        mine = {grade: size for (other, grade), size in sizes.items() if other == kind and grade}
        result[f"lrt_{kind.lower()}_proz"] = 100 * (mine.get("A", 0) + mine.get("B", 0)) / sum(mine.values())
    return result | {"anteil_ab_proz": 100 * good / graded}


HABITATS = planted(22, "gemeinden")


@pytest.mark.parametrize(("ags", "quantity"), HABITATS, ids=[name for _, name in HABITATS])
def test_planted_habitats_measure_what_their_construction_says(ags, quantity):
    value, tolerance = HABITATS[ags, quantity]
    assert habitats(ags)[quantity] == pytest.approx(value, abs=max(tolerance, 1e-6))


def test_planted_cases_of_nature_lie_in_hohenmuster():
    assert {ags for ags, _ in PROTECTION} == {ags for ags, _ in HABITATS} == {HOHENMUSTER}
    assert len(PROTECTION) == 8 and len(LENGTHS) == 6 and len(HABITATS) == 6
