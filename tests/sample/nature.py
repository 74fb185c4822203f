"""The habitat network (Biotopverbund) and protected sites; in Hohenmuster planted rectangles only.

Sites overlap, one is delivered twice, one is planned only and of one nobody says the kind. What is planted in
Hohenmuster is drawn in whole metres, so that every expected area is a sum of products.
"""

from __future__ import annotations

from . import green_corridors, plan
from .geometry import Geometry, parts, point, polygon, rectangle, rugged, spline
from .gpkg import INTEGER, TEXT, Layer, Row
from .model import Case, same_place
from .town import Town

HOHENMUSTER = "05999003"
DELIVERED_TWICE = "NSG Musterauen bei Hohenmuster"

# --- planted in Hohenmuster: west, east, south, north ----------------------------------------------

AUE, HOHE_MARK, SIDE_VALLEY = (5260, 5760, 2700, 3060), (5040, 5440, 300, 500), (5400, 5700, 2940, 3240)
RESERVE, HABITAT_SITE, BIRDS = (5260, 5500, 2700, 3000), (5400, 5760, 2700, 3000), (5040, 5240, 300, 500)
WET_MEADOW, DRY_MEADOW = (5600, 5660, 3020, 3120), (5300, 5340, 1500, 1560)
PLANTED_NETWORK = (
    ("VB-MS-201", "Muster-Aue Hohenmuster", "I", AUE),
    ("VB-MS-202", "Hohe Mark", "II", HOHE_MARK),
    ("VB-MS-203", "Seitental der Muster", "II", SIDE_VALLEY),
)
PLANTED_SITES = (
    ("K-9031", DELIVERED_TWICE, "NSG", 1987, RESERVE),
    ("K-9031", DELIVERED_TWICE, "NSG", 1987, RESERVE),
    ("DE-9999-301", "Muster-Aue Ost", "FFH", 2004, HABITAT_SITE),
    ("DE-9999-401", "Vogelschutzgebiet Hohe Mark", "VSG", 2008, BIRDS),
    ("GB-9031", "Nasswiese im Seitental", "GB", 2016, WET_MEADOW),
    ("GB-9032", "Magerwiese an der Bahn", "GB", 2017, DRY_MEADOW),
)

# --- drawn in Musterstadt and Neudorf ---------------------------------------------------------------

# fmt: off
DRAWN_SITES: tuple[tuple[str, str, str | None, int, plan.Path], ...] = (
    ("K-9011", "NSG Musterschleife", "NSG", 1991, (
        (330, 2400), (420, 2570), (560, 2660), (690, 2730), (880, 2790), (1040, 2740), (1120, 2650),
        (1080, 2540), (960, 2580), (800, 2540), (640, 2480), (560, 2400), (430, 2370))),
    ("K-9012", "NSG Alte Muster", "NSG", 1984, (
        (4310, 2950), (4300, 3060), (4400, 3150), (4540, 3170), (4680, 3110), (4760, 3010), (4700, 2950),
        (4560, 2930), (4430, 2900))),
    ("DE-9999-302", "Bruchwald und Bergsenkungsteich", "FFH", 2004, (
        (3310, 230), (3400, 180), (3520, 190), (3680, 260), (3860, 310), (3910, 420), (3860, 530),
        (3700, 560), (3560, 520), (3440, 610), (3350, 520))),
    ("K-9013", "NSG Bruchwald", "NSG", 2006, (
        (3330, 250), (3420, 210), (3530, 230), (3560, 360), (3530, 480), (3430, 580), (3360, 480))),
    ("DE-9999-402", "Vogelschutzgebiet Musteraue", "VSG", 2008, (
        (1400, 2240), (1560, 2310), (1760, 2340), (1960, 2390), (2180, 2440), (2360, 2500), (2390, 2620),
        (2300, 2730), (2100, 2760), (1900, 2700), (1700, 2640), (1500, 2650), (1400, 2560), (1360, 2380))),
    ("K-9014", "NSG Musterwiesen", "NSG", 1998, (
        (1460, 2290), (1640, 2350), (1840, 2400), (1900, 2500), (1760, 2490), (1560, 2460), (1430, 2380))),
    ("NWZ-77", "Naturwaldzelle Musterwald", "Naturwaldzelle", 1978, (
        (1760, 320), (1900, 270), (2040, 330), (2060, 460), (1920, 560), (1770, 500))),
    ("K-9015", "NSG Nordbusch", "NSG geplant", 2025, (
        (420, 4250), (620, 4290), (820, 4360), (900, 4500), (760, 4540), (560, 4420))),
    ("L-9001", "LSG Südliche Feldflur", "LSG", 1975, (
        (1300, 700), (1600, 820), (2200, 780), (2380, 640), (3000, 620), (3300, 600), (3280, 300),
        (2700, 200), (2200, 240), (1500, 320))),
    ("L-9002", "LSG Musteraue", "LSG", 1975, (
        (220, 2420), (420, 2760), (900, 2880), (1260, 2720), (1700, 2700), (2400, 2760), (2440, 2520),
        (1900, 2340), (1400, 2220), (900, 2450), (500, 2290))),
    ("X-9001", "Streuwiese am Kirchweg", None, 1999, ((700, 1300), (800, 1310), (810, 1400), (710, 1390))),
)
# fmt: on
MONUMENTS = (
    ("ND-01", "Friedenseiche am Markt", 2507, 2262),
    ("ND-02", "Dorflinde Neudorf", 536, 2040),
    ("ND-03", "Kirchlinde Hohenmuster", 5452, 1012),
    ("ND-04", "Findling im Südpark", 1905, 1050),
    ("ND-05", "Blutbuche im Stadtpark", 3075, 2395),
    ("ND-06", "Hudeeiche im Musterwald", 1850, 420),
)
WOODS = ("Musterwald", "Nordwald", "Haldenwald", "Nordbusch", "Kanalwald")


def wood(name: str) -> Geometry:
    """Return the outline of one of the plan's woods."""
    zone = next(zone for zone in plan.ZONES if zone.kind == "wald" and zone.name == name)
    return polygon(rugged(zone.outline, zone.name, 70, 16, closed=True))


def network_rows(town: Town) -> list[Row]:
    """Return the areas of the habitat network; stage I along the river, and what overlaps it."""
    corridors = {green_corridors.AUE: ("Musteraue", "I"), green_corridors.BACH: ("Musterbachtal", "II")}
    found = [(*corridors[part.name], part.area) for part in town.green_corridors if part.name in corridors]
    found += [("Bruchwald", "I", polygon(spline(_drawn("DE-9999-302"), 30, closed=True)))]
    found += [(name, None if name == "Kanalwald" else "II", wood(name)) for name in WOODS]
    inside = [(name, stage, piece) for name, stage, area in found for piece in _inside(area, town)]
    numbered = [(f"VB-MS-{number:03d}", *rest) for number, rest in enumerate(inside, start=1)]
    planted = [(key, name, stage, rectangle(*sides)) for key, name, stage, sides in PLANTED_NETWORK]
    return [(area, (key, name, stage)) for key, name, stage, area in numbered + planted]


def site_rows(town: Town) -> list[Row]:
    """Return the protected sites, the drawn ones and still waters under § 30 before the planted ones."""
    rows = [
        (piece, (key, name, kind, year))
        for key, name, kind, year, path in DRAWN_SITES
        for piece in _inside(polygon(spline(path, 30, closed=True)), town)
    ]
    waters = [body for body in town.water_bodies if body.name in ("Alte Muster", "Bergsenkungsteich")]
    rows += [
        (body.area, (f"GB-90{number}", f"Stillgewässer {body.name}", "§ 30 BNatSchG", 2015))
        for number, body in enumerate(waters, start=11)
    ]
    planted = ((rectangle(*sides), (key, name, kind, year)) for key, name, kind, year, sides in PLANTED_SITES)
    return [*rows, *planted]


def monument_rows(_town: Town) -> list[Row]:
    """Return the natural monuments."""
    return [(point(x, y), (key, name, "ND")) for key, name, x, y in MONUMENTS]


def _drawn(key: str) -> plan.Path:
    return next(path for other, _, _, _, path in DRAWN_SITES if other == key)


def _inside(area: Geometry, town: Town) -> list[Geometry]:
    return parts(area.Intersection(town.region), 500)


# --- expected values ---------------------------------------------------------------------------------


def _size(sides: tuple[int, int, int, int]) -> float:
    """Return the area between four sides, in hectares; nothing where they do not enclose any."""
    west, east, south, north = sides
    return max(0, east - west) * max(0, north - south) / 10_000


def _shared(one: tuple[int, int, int, int], two: tuple[int, int, int, int]) -> float:
    (a, b, c, d), (e, f, g, h) = one, two
    return _size((max(a, e), min(b, f), max(c, g), min(d, h)))


def cases() -> list[list[Case]]:
    """Return the planted cases: Hohenmuster, each square metre once."""
    network = _size(AUE) + _size(HOHE_MARK) + _size(SIDE_VALLEY) - _shared(AUE, SIDE_VALLEY)
    narrow = _size(RESERVE) + _size(WET_MEADOW)
    natura = _size(HABITAT_SITE) - _shared(RESERVE, HABITAT_SITE) + _size(BIRDS)
    return [
        same_place(
            "gemeinden", HOHENMUSTER,
            "Biotopverbund aus drei Rechtecken, von denen sich zwei überlappen",
            "Habitat network of three rectangles, two of which overlap",
            ("verbund_ha", network, 0.001), ("stufe_1_ha", _size(AUE), 0.001),
        ),
        same_place(
            "gemeinden", HOHENMUSTER,
            "Naturschutzgebiet doppelt geliefert, FFH-Gebiet darüber, Wiese außerhalb des Verbunds",
            "Nature reserve delivered twice, an FFH site across it, a meadow outside the network",
            ("gemeinde_eng_ha", narrow, 0.001), ("gemeinde_land_ha", _size(RESERVE) + natura, 0.001),
            ("gemeinde_weit_ha", narrow + natura, 0.001),
            ("flaeche_eng_ha", narrow + _size(DRY_MEADOW), 0.001),
            ("verbund_eng_proz", 100 * narrow / network, 0.01),
            ("verbund_weit_proz", 100 * (narrow + natura) / network, 0.01),
        ),
        same_place(
            "naturdenkmale", "ND", "Naturdenkmale als Punkte haben keine Fläche",
            "Natural monuments as points have no area", ("n_ohne_flaeche", len(MONUMENTS), 0),
        ),
    ]  # fmt: skip


LAYERS = (
    (
        Layer(
            "biotopverbund",
            "Biotopverbund",
            "Flächen des Biotopverbunds mit Stufe; sie überlagern sich, von einer ist die Stufe unbekannt",
            "Polygon",
            (("kennung", TEXT), ("name", TEXT), ("verbundstufe", TEXT)),
        ),
        network_rows,
    ),
    (
        Layer(
            "schutzgebiete",
            "Schutzgebiete",
            "Schutzgebiete nach Art; sie überlagern sich, eines ist doppelt geliefert",
            "Polygon",
            (("kennung", TEXT), ("name", TEXT), ("schutzart", TEXT), ("jahr", INTEGER)),
        ),
        site_rows,
    ),
    (
        Layer(
            "naturdenkmale",
            "Naturdenkmale",
            "Naturdenkmale als Punkte",
            "Point",
            (("kennung", TEXT), ("name", TEXT), ("schutzart", TEXT)),
        ),
        monument_rows,
    ),
)
