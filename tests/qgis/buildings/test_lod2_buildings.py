"""Which buildings of LoD2 tiles are the same, and what belongs to them; nothing is lost without a word."""

from __future__ import annotations

import random
import re

import pytest
from qgis.core import QgsProcessingException

from ...citygml_factory import (
    block_lod1,
    building,
    envelope,
    gabled_roof,
    ground,
    level_block,
    level_roof,
    model,
    polygon,
    properties,
    rectangle,
    reference,
    solid,
    surface,
)
from ...layer_factory import box, geometry, layer, ngon, reprojected

UTM33 = "urn:adv:crs:ETRS89_UTM33*DE_DHHN2016_NH"
ADDRESS = building("haus", properties(function="31001_1010"))


@pytest.fixture
def read(run, tmp_path):
    """Read tiles given by their file names."""

    def start(**tiles):
        return read_in(run, tmp_path, tiles)

    return start


def read_in(run, folder, tiles):
    paths = []
    for name, buildings in tiles.items():
        path = folder / f"{name}.gml"
        path.parent.mkdir(exist_ok=True, parents=True)
        text = buildings if isinstance(buildings, str) else model(*buildings)
        path.write_text(text, encoding="utf-8")
        paths.append(str(path))
    return run("import_lod2", TILES=paths)


def created(day):
    return f"<core:creationDate>{day}</core:creationDate>"


def outlines(result):
    return {feature["gebaeude_id"]: feature.geometry() for feature in result.layer("BUILDINGS").getFeatures()}


def assert_covers(shape, *boxes):
    expected = geometry(boxes[0])
    for other in boxes[1:]:
        expected = expected.combine(geometry(other))
    assert shape.symDifference(expected).area() == pytest.approx(0.0, abs=1e-6)


def plan_by_building(result):
    plan = {}
    for row in result.rows("ROOF_FACES"):
        plan[row["gebaeude_id"]] = plan.get(row["gebaeude_id"], 0.0) + row["grundflaeche_m2"]
    return plan


def everything(result):
    """Return all rows with their geometries, whatever their order."""
    return {
        name: sorted(
            (repr(feature.attributes()), feature.geometry().asWkt(6))
            for feature in result.layer(name).getFeatures()
        )
        for name in ("BUILDINGS", "ROOF_FACES")
    }


# -- the same id ---------------------------------------------------------------------------------------------


def test_the_same_id_far_apart_is_two_buildings(read):
    """Both stay, each with its roof faces; the ids are told apart by a key of the outline."""
    result = read(a=[level_block("4018302", 0, 0, 10, 20)], b=[level_block("4018302", 100, 50, 12, 20)])
    areas = {name: shape.area() for name, shape in outlines(result).items()}
    assert sorted(areas.values()) == pytest.approx([200.0, 240.0])
    assert all(re.fullmatch(r"4018302_[0-9a-f]{16}", name) for name in areas)
    assert plan_by_building(result) == pytest.approx(areas)
    assert {row["teil_id"] for row in result.rows("ROOF_FACES")} == areas.keys()
    assert (
        "2 buildings share their id with one elsewhere; each got one of its own: 4018302." in result.log.text
    )


def test_the_id_of_a_building_alone_stays(read):
    assert outlines(read(a=[level_block("4018302", 0, 0, 10, 20)])).keys() == {"4018302"}


def test_ids_told_apart_do_not_depend_on_other_buildings(read):
    one, two, three = (level_block("x", at, 0, 10, 20) for at in (0, 100, 200))
    both, all_three = outlines(read(a=[one, two])), outlines(read(a=[three, two], b=[one]))
    assert both.keys() < all_three.keys()
    assert len(all_three) == 3


@pytest.mark.parametrize("tiles", ["one", "two"])
def test_halves_are_joined(read, tiles):
    """A building cut at x = 10: 10 m · 20 m and 8 m · 20 m of it."""
    left = level_block("D1", 0, 0, 10, 20, properties(function="31001_1010", measuredHeight=6.0))
    right = level_block("D1", 10, 0, 8, 20, properties(function="31001_1010", measuredHeight=9.0))
    result = read(a=[left, right]) if tiles == "one" else read(b=[right], a=[left])
    (row,) = result.rows("BUILDINGS")
    assert (row["gebaeude_id"], row["funktion"], row["hoehe_m"]) == ("D1", "31001_1010", 9.0)
    assert row["kachel"] == ("a" if tiles == "one" else "a, b")
    assert_covers(outlines(result)["D1"], box(0, 0, 18, 20))
    assert outlines(result)["D1"].constGet().numGeometries() == 1
    assert sorted(face["grundflaeche_m2"] for face in result.rows("ROOF_FACES")) == pytest.approx(
        [160.0, 200.0]
    )
    assert {face["gebaeude_id"] for face in result.rows("ROOF_FACES")} == {"D1"}
    assert "2 buildings read, 1 written with 2 roof faces" in result.log.text
    assert "1 pieces were joined" in result.log.text


def test_halves_that_say_different_things_say_nothing_together(read):
    left = level_block("D1", 0, 0, 10, 20, created("2019-01-01"), properties(roofType=1000))
    right = level_block("D1", 10, 0, 8, 20, created("2024-01-01"), properties(roofType=3100))
    (row,) = read(a=[left], b=[right]).rows("BUILDINGS")
    assert (row["dachform"], row["stand"]) == (None, None)


def test_parts_of_halves_keep_their_ids(read):
    part = building("D1_p", ground(0, 0, 10, 20), level_roof(0, 0, 10, 20), kind="BuildingPart")
    nameless = building("", ground(10, 0, 8, 20), level_roof(10, 0, 8, 20), kind="BuildingPart")
    result = read(a=[building("D1", part)], b=[building("D1", nameless)])
    assert {(row["gebaeude_id"], row["teil_id"]) for row in result.rows("ROOF_FACES")} == {
        ("D1", "D1_p"),
        ("D1", "D1"),
    }


def test_faces_that_cross_themselves_by_the_million_are_left_out(read):
    corners = ngon(20, 0, 10, 1001)
    star = polygon([(*corners[500 * k % 1001], 46.0) for k in range(1001)])
    lost = building("D1", surface("GroundSurface", star), surface("RoofSurface", star))
    kept = building("D2", ground(50, 0, 10, 10), level_roof(50, 0, 10, 10), surface("RoofSurface", star))
    result = read(a=[lost, kept])
    assert list(outlines(result)) == ["D2"]
    assert [row["grundflaeche_m2"] for row in result.rows("ROOF_FACES")] == [pytest.approx(100.0)]
    assert "1 buildings none of whose surfaces covers ground" in result.log.text


def test_parts_may_lie_in_parts_however_deep(read):
    inner = ground(0, 0, 10, 20) + level_roof(0, 0, 10, 20)
    for depth in range(3000):
        inner = building(f"p{depth}", inner, kind="BuildingPart")
    result = read(a=[building("D1", inner, ground(30, 0, 5, 5))])
    assert_covers(outlines(result)["D1"], box(0, 0, 10, 20), box(30, 0, 5, 5))
    assert [row["teil_id"] for row in result.rows("ROOF_FACES")] == ["p0"]


# -- versions ------------------------------------------------------------------------------------------------

OLD = level_block("D1", 0, 0, 10, 20, created("2019-01-01"))
NEW = level_block("D1", 0, 0, 30, 20, created("2024-01-01"))


@pytest.mark.parametrize(
    "tiles",
    [
        {"x_2019": [OLD], "x_2024": [NEW]},
        {"x_2024": [NEW], "x_2019": [OLD]},
        {"eins": [OLD, NEW]},
        {"eins": [NEW, OLD]},
    ],
)
def test_the_newest_version_stays(read, tiles):
    result = read(**tiles)
    assert_covers(outlines(result)["D1"], box(0, 0, 30, 20))
    assert plan_by_building(result) == {"D1": pytest.approx(600.0)}
    assert result.rows("BUILDINGS")[0]["stand"].year() == 2024
    assert "1 buildings are older versions of a newer one: D1." in result.log.text


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        ("x_2019", "x_2024"),
        ("b_2019-05-01", "a_2019-11-01"),
        ("b_20190501", "a_20191101"),
        ("2019/x", "2024/x"),
        ("LoD2_32_280_5657_1_NW_2019", "LoD2_32_280_5657_1_NW_2024"),
    ],
)
def test_without_dates_of_buildings_that_of_the_tile_counts(run, tmp_path, older, newer):
    small, large = level_block("D1", 0, 0, 10, 20), level_block("D1", 0, 0, 30, 20)
    assert outlines(read_in(run, tmp_path, {older: [small], newer: [large]}))["D1"].area() == pytest.approx(
        600.0
    )
    result = read_in(run, tmp_path, {newer: [small], older: [large]})
    assert outlines(result)["D1"].area() == pytest.approx(200.0)
    assert "1 buildings are older versions" in result.log.text


def test_the_tile_decides_between_buildings_of_one_date(read):
    day = created("2015-01-01")
    small, large = level_block("D1", 0, 0, 10, 20, day), level_block("D1", 0, 0, 30, 20, day)
    assert outlines(read(x_2019=[large], x_2024=[small]))["D1"].area() == pytest.approx(200.0)


def test_the_same_outline_of_another_date_is_an_older_version_no_repeat(read):
    result = read(a=[OLD], b=[level_block("D1", 0, 0, 10, 20, created("2024-01-01"))])
    assert result.rows("BUILDINGS")[0]["stand"].year() == 2024
    assert "1 buildings are older versions" in result.log.text
    assert "repeat" not in result.log.text


@pytest.mark.parametrize("day", ["0000-00-00", "9999-12-31", "unbekannt", ""])
def test_a_date_that_is_none_is_not_newer(read, day):
    result = read(a=[level_block("D1", 0, 0, 30, 20, created(day))], b=[OLD])
    assert outlines(result)["D1"].area() == pytest.approx(200.0)


def test_halves_of_two_deliveries_are_joined_within_the_newer(read):
    old = [level_block("D1", x, 0, width, 20, created("2019-01-01")) for x, width in ((0, 10), (10, 8))]
    new = [level_block("D1", x, 0, width, 22, created("2024-01-01")) for x, width in ((0, 10), (10, 8))]
    result = read(a_2019=[old[0]], b_2019=[old[1]], a_2024=[new[0]], b_2024=[new[1]])
    assert_covers(outlines(result)["D1"], box(0, 0, 18, 22))
    assert "4 buildings read, 1 written with 2 roof faces" in result.log.text
    assert "2 buildings are older versions" in result.log.text
    assert "1 pieces were joined" in result.log.text


def test_of_two_outlines_without_a_later_date_the_most_detailed_then_the_largest_stays(read):
    result = read(a=[level_block("D1", 0, 0, 10, 20)], b=[level_block("D1", 0, 0, 30, 20)])
    assert outlines(result)["D1"].area() == pytest.approx(600.0)
    assert "1 buildings show another outline of one with the same id and no later date" in result.log.text
    detailed = read(
        a=[level_block("D1", 0, 0, 10, 20)], b=[block_lod1("D1", 0, 0, 30, 20), NEW.replace("D1", "n")]
    )
    assert outlines(detailed)["D1"].area() == pytest.approx(200.0)


def test_a_repeat_may_begin_its_ring_elsewhere(read):
    turned = building(
        "D1",
        surface(
            "GroundSurface", polygon([*rectangle(0, 0, 10, 20, 40.0)[2:], *rectangle(0, 0, 10, 20, 40.0)[:2]])
        ),
        level_roof(0, 0, 10, 20),
    )
    result = read(a=[level_block("D1", 0, 0, 10, 20)], b=[turned])
    assert "1 buildings repeat another one in outline and date: D1." in result.log.text


# -- without id ----------------------------------------------------------------------------------------------


def test_buildings_without_id_stay_apart_and_repeat_by_their_outline(run, tmp_path):
    """Tiles of one file name; the first building stands in both of them."""
    shared, other = level_block("", 0, 0, 10, 20), level_block("", 50, 0, 12, 20)
    result = read_in(run, tmp_path, {"t1/tile": [shared], "t2/tile": [other, shared]})
    areas = {name: shape.area() for name, shape in outlines(result).items()}
    assert sorted(areas.values()) == pytest.approx([200.0, 240.0])
    assert all(re.fullmatch(r"ohne_id_[0-9a-f]{16}", name) for name in areas)
    assert plan_by_building(result) == pytest.approx(areas)
    assert "3 buildings read, 2 written with 2 roof faces" in result.log.text
    assert "2 buildings without id got one from their outline" in result.log.text


def test_an_id_from_the_outline_is_the_same_in_every_run(read):
    block = level_block("", 0, 0, 10, 20)
    alone = outlines(read(k=[block]))
    assert alone.keys() < outlines(read(andere=[level_block("", 50, 0, 10, 20), block])).keys()


# -- any order -----------------------------------------------------------------------------------------------

TILES = {
    "a_2019": [
        OLD,
        level_block("fern", 200, 0, 10, 10),
        level_block("halb", 300, 0, 10, 10, created("2020-01-01")),
        level_block("zwei", 400, 0, 10, 10, properties(function="A")),
        level_block("", 500, 0, 10, 10),
        building("sattel", ground(600, 0, 10, 8), gabled_roof(600, 0, 10, 8, 35)),
    ],
    "b_2024": [
        NEW,
        level_block("fern", 200, 100, 10, 10),
        level_block("halb", 310, 0, 10, 10, created("2020-01-01")),
        level_block("", 500, 0, 10, 10),
        level_block("", 500, 40, 10, 10),
        building("leer"),
        block_lod1("halb", 320, 0, 10, 10),
    ],
    "c": [
        level_block("zwei", 400, 0, 10, 10, properties(function="B")),
        level_block("zwei", 401, 0, 10, 10, properties(function="C")),
        building("sattel", ground(600, 0, 10, 8), gabled_roof(600, 0, 10, 8, 35)),
        level_block("fern", 200, 100, 10, 10),
    ],
}


@pytest.mark.parametrize("seed", range(5))
def test_no_order_of_tiles_or_buildings_changes_the_result(run, tmp_path, seed):
    draw = random.Random(seed)
    names = draw.sample(list(TILES), len(TILES))
    shuffled = {name: draw.sample(TILES[name], len(TILES[name])) for name in names}
    expected = read_in(run, tmp_path, TILES)
    found = read_in(run, tmp_path, shuffled)
    assert everything(found) == everything(expected)
    assert sorted(found.log.warnings) == sorted(expected.log.warnings)


def test_what_was_read_is_what_was_written_and_what_was_left_out(run, tmp_path):
    text = read_in(run, tmp_path, TILES).log.text
    read, written = map(int, re.search(r"(\d+) buildings read, (\d+) written", text).groups())
    reasons = (
        "buildings repeat",
        "buildings are older",
        "buildings show another outline",
        "pieces were joined",
        "buildings without geometry",
    )
    left = {reason: int(re.search(rf"(\d+) {reason}", text)[1]) for reason in reasons}
    # D1, fern ×2, halb, zwei, sattel, two without id
    assert (read, written) == (17, 8)
    assert list(left.values()) == [3, 2, 1, 2, 1]
    assert read == written + sum(left.values())


# -- references ----------------------------------------------------------------------------------------------


def test_a_roof_may_refer_to_a_whole_surface_of_the_solid(read):
    """Solid → composite surface with an id → polygons; the roof means the composite surface."""
    shell = solid(
        polygon(rectangle(0, 0, 10, 6, 46.0), name="p1"), polygon(rectangle(0, 6, 10, 6, 46.0), name="p2")
    )
    shell = shell.replace("<gml:CompositeSurface>", '<gml:CompositeSurface gml:id="schale">')
    result = read(k=[building("v", shell, ground(0, 0, 10, 12), surface("RoofSurface", reference("schale")))])
    assert {row["flaeche_id"]: row["flaeche_m2"] for row in result.rows("ROOF_FACES")} == {
        "p1": pytest.approx(60.0),
        "p2": pytest.approx(60.0),
    }
    assert not result.log.warnings


def test_the_geometry_itself_may_be_a_reference(read):
    shell = solid(polygon(rectangle(0, 0, 10, 12, 46.0), name="p1"))
    geometry_text = '<bldg:lod2MultiSurface xlink:href="#p1"/>'
    roof = f"<bldg:boundedBy><bldg:RoofSurface>{geometry_text}</bldg:RoofSurface></bldg:boundedBy>"
    result = read(k=[building("v", shell, ground(0, 0, 10, 12), roof)])
    assert [row["flaeche_id"] for row in result.rows("ROOF_FACES")] == ["p1"]


def test_a_surface_that_looks_the_other_way_refers_to_its_base(read):
    shell = solid(polygon(rectangle(0, 0, 10, 12, 46.0), name="p1"))
    turned = (
        '<gml:OrientableSurface orientation="-"><gml:baseSurface xlink:href="#p1"/></gml:OrientableSurface>'
    )
    result = read(k=[building("v", shell, surface("RoofSurface", turned))])
    assert [row["flaeche_id"] for row in result.rows("ROOF_FACES")] == ["p1"]


def test_a_roof_shared_by_two_parts_counts_once(read):
    """Part b and the building point to the roof that part a holds, as surface and as polygon."""
    whole = surface("RoofSurface", polygon(rectangle(0, 0, 10, 12, 46.0), name="p1"), name="r1")
    a = building("a", ground(0, 0, 10, 6), whole, kind="BuildingPart")
    b = building("b", ground(0, 6, 10, 6), '<bldg:boundedBy xlink:href="#r1"/>', kind="BuildingPart")
    result = read(k=[building("v", surface("RoofSurface", reference("p1")), a, b)])
    assert [(row["teil_id"], row["flaeche_m2"]) for row in result.rows("ROOF_FACES")] == [
        ("a", pytest.approx(120.0))
    ]
    assert not result.log.warnings


def test_a_reference_may_come_before_what_it_means(read):
    late = building(
        "b",
        ground(0, 0, 10, 12),
        solid(polygon(rectangle(0, 0, 10, 12, 46.0), name="p1")),
        kind="BuildingPart",
    )
    result = read(k=[building("v", surface("RoofSurface", reference("p1")), late)])
    assert [row["flaeche_id"] for row in result.rows("ROOF_FACES")] == ["p1"]


def test_references_out_of_the_building_are_counted(read):
    """One to the roof of the neighbour, one to nothing; the neighbour's roof stays the neighbour's alone."""
    roofs = surface("RoofSurface", reference("nachbar_dach"), reference("nirgends"))
    result = read(k=[level_block("nachbar", 0, 0, 10, 12), building("v", ground(20, 0, 10, 12), roofs)])
    assert plan_by_building(result) == {"nachbar": pytest.approx(120.0)}
    assert "2 references lead to what is not in their building" in result.log.text
    assert "1 LoD2 buildings have no roof faces" in result.log.text


def test_a_part_that_is_only_referred_to_is_counted(read):
    part = '<bldg:consistsOfBuildingPart xlink:href="#fern"/>'
    result = read(k=[level_block("v", 0, 0, 10, 12, part)])
    assert plan_by_building(result) == {"v": pytest.approx(120.0)}
    assert "1 references lead to what is not in their building" in result.log.text


def test_references_in_a_circle_end(read):
    circle = (
        '<bldg:lod2MultiSurface><gml:MultiSurface gml:id="m1"><gml:surfaceMember xlink:href="#m1"/>'
        f"<gml:surfaceMember>{polygon(rectangle(0, 0, 10, 12, 46.0), name='p1')}</gml:surfaceMember>"
        "</gml:MultiSurface></bldg:lod2MultiSurface>"
    )
    result = read(k=[building("v", circle, surface("RoofSurface", reference("m1")))])
    assert [row["flaeche_id"] for row in result.rows("ROOF_FACES")] == ["p1"]


def test_a_solid_alone_may_refer_to_another_part(read):
    """Neither part is bounded by thematic surfaces: the outline follows from the solids."""
    a = building("a", solid(polygon(rectangle(0, 0, 10, 12, 40.0), name="p1")), kind="BuildingPart")
    b = building("b", solid(reference("p1"), reference("nirgends")), kind="BuildingPart")
    result = read(k=[building("v", a, b)])
    assert_covers(outlines(result)["v"], box(0, 0, 10, 12))
    assert "1 references lead to what is not" in result.log.text


# -- empty and exchanged -------------------------------------------------------------------------------------

EMPTY = {
    "no ring": "<gml:Polygon/>",
    "no linear ring": "<gml:Polygon><gml:exterior/></gml:Polygon>",
    "no positions": "<gml:Polygon><gml:exterior><gml:LinearRing/></gml:exterior></gml:Polygon>",
    "blank positions": (
        "<gml:Polygon><gml:exterior><gml:LinearRing><gml:posList> </gml:posList></gml:LinearRing>"
        "</gml:exterior></gml:Polygon>"
    ),
}


@pytest.mark.parametrize("polygon_text", EMPTY.values(), ids=EMPTY.keys())
def test_an_empty_polygon_is_no_roof(read, polygon_text):
    bare = building("bare", ground(20, 0, 10, 12), surface("RoofSurface", polygon_text))
    half = building(
        "half", ground(0, 0, 10, 12), level_roof(0, 0, 10, 12), surface("RoofSurface", polygon_text)
    )
    result = read(k=[bare, half])
    assert plan_by_building(result) == {"half": pytest.approx(120.0)}
    assert "2 roof faces are empty polygons" in result.log.text
    assert "1 LoD2 buildings have no roof faces" in result.log.text
    assert "cover no ground" not in result.log.text


def test_empty_ground_leaves_the_outline_to_the_roof(read):
    result = read(k=[building("v", surface("GroundSurface", "<gml:Polygon/>"), level_roof(0, 0, 10, 12))])
    assert_covers(outlines(result)["v"], box(0, 0, 10, 12))


def test_buildings_without_an_outline_are_told_apart(read):
    wall = surface("RoofSurface", polygon([(0, 5, 46), (10, 5, 46), (10, 5, 47), (0, 5, 47)]))
    empty = building("leer", surface("RoofSurface", "<gml:Polygon/>"))
    result = read(k=[level_block("v", 0, 0, 10, 12), empty, ADDRESS, building("wand", wall)])
    assert "2 buildings without geometry" in result.log.text
    assert "1 buildings none of whose surfaces covers ground" in result.log.text
    assert "4 buildings read, 1 written" in result.log.text


def test_an_id_that_comes_again_without_any_geometry_is_counted(read):
    result = read(a=[building("leer"), level_block("v", 0, 0, 10, 12)], b=[building("leer"), building("")])
    assert outlines(result).keys() == {"v"}
    assert "3 buildings without geometry" in result.log.text
    assert "got one from their outline" not in result.log.text


def court(outer, inner):
    return building(
        "hof",
        surface("GroundSurface", polygon(*outer)),
        surface("RoofSurface", polygon(*inner, name="dach")),
    )


OUTLINE, COURT = rectangle(0, 0, 20, 20, 40.0), rectangle(5, 5, 10, 10, 40.0)
ROOF, OPENING = rectangle(0, 0, 20, 20, 46.0), rectangle(5, 5, 10, 10, 46.0)


@pytest.mark.parametrize("ring", [OUTLINE, OUTLINE[::-1]])
@pytest.mark.parametrize("hole", [COURT, COURT[::-1]])
def test_the_winding_of_rings_makes_no_difference(read, ring, hole):
    """20 m · 20 m with a court of 10 m · 10 m."""
    result = read(k=[court((ring, hole), (ROOF, OPENING))])
    assert outlines(result)["hof"].area() == pytest.approx(300.0)
    assert not result.log.warnings


def test_an_outline_among_the_holes_is_mended(read):
    """Ground and roof have their rings exchanged: the court where the outline should be."""
    result = read(k=[court((COURT, OUTLINE), (OPENING, ROOF))])
    assert_covers(
        outlines(result)["hof"], box(0, 0, 20, 5), box(0, 15, 20, 5), box(0, 0, 5, 20), box(15, 0, 5, 20)
    )
    assert plan_by_building(result) == {"hof": pytest.approx(300.0)}
    assert "2 polygons had their outline among their holes" in result.log.text
    assert "differ" not in result.log.text


def test_an_outline_without_exterior_is_mended(read):
    text = polygon(OUTLINE).replace("gml:exterior", "gml:interior")
    result = read(k=[building("v", surface("GroundSurface", text), level_roof(0, 0, 20, 20))])
    assert outlines(result)["v"].area() == pytest.approx(400.0)
    assert "1 polygons had their outline among their holes" in result.log.text


@pytest.mark.parametrize(("depth", "is_said"), [(9.6, False), (9.4, True), (10.4, False), (10.6, True)])
def test_roof_and_outline_that_disagree_are_said(read, depth, is_said):
    """10 m · 10 m of ground under 10 m · depth of roof, with a tolerance of 5 %; both come as they are."""
    result = read(k=[building("v", ground(0, 0, 10, 10), level_roof(0, 0, 10, depth))])
    assert outlines(result)["v"].area() == pytest.approx(100.0)
    assert plan_by_building(result)["v"] == pytest.approx(10 * depth)
    said = "1 buildings whose roof faces differ from the outline by more than 5 % in plan"
    assert (said in result.log.text) == is_said
    assert not is_said or result.log.text.endswith(": v.")


def test_a_half_of_lod1_leaves_roof_and_outline_apart(read):
    result = read(
        a=[level_block("D1", 0, 0, 10, 10)],
        b=[block_lod1("D1", 10, 0, 10, 10), level_block("n", 90, 0, 9, 9)],
    )
    assert_covers(outlines(result)["D1"], box(0, 0, 20, 10))
    assert "1 buildings whose roof faces differ" in result.log.text


# -- the CRS -------------------------------------------------------------------------------------------------


def test_the_crs_may_stand_on_each_building(read):
    blocks = [level_block(f"b{k}", 20 * k, 0, 10, 12, envelope("EPSG:25832")) for k in range(3)]
    result = read(k=model(*blocks, crs=""))
    for k, name in enumerate(("b0", "b1", "b2")):
        assert_covers(outlines(result)[name], box(20 * k, 0, 10, 12))
    assert not result.log.warnings


def test_the_building_goes_before_the_tile_and_its_geometry_before_both(read):
    on_envelope = level_block("umschlag", 0, 0, 10, 12, envelope(UTM33))
    on_geometry = level_block("geometrie", 0, 0, 10, 12, envelope("EPSG:25832")).replace(
        "<gml:posList", f'<gml:posList srsName="{UTM33}"'
    )
    expected = next(reprojected(layer([box(0, 0, 10, 12)], crs="EPSG:25833"), "EPSG:25832").getFeatures())
    result = read(k=[on_envelope, on_geometry, level_block("kachel", 0, 0, 10, 12)])
    found = outlines(result)
    for name in ("umschlag", "geometrie"):
        assert found[name].symDifference(expected.geometry()).area() == pytest.approx(0.0, abs=1e-3)
    assert_covers(found["kachel"], box(0, 0, 10, 12))
    assert "2 buildings lie in another CRS and were transformed" in result.log.text


@pytest.mark.parametrize(
    ("block", "says"),
    [
        (level_block("v", 0, 0, 10, 12), "“–” is not ETRS89/UTM"),
        (level_block("v", 0, 0, 10, 12, envelope("EPSG:31466")), "EPSG:31466"),
        (
            level_block("v", 0, 0, 10, 12)
            .replace("<gml:posList", '<gml:posList srsName="EPSG:25832"', 1)
            .replace("<gml:posList srsDim", '<gml:posList srsName="EPSG:25833" srsDim'),
            "mixes several CRS (v, EPSG:25832, EPSG:25833)",
        ),
    ],
)
def test_a_crs_that_is_missing_or_mixed_is_named(read, block, says):
    with pytest.raises(QgsProcessingException) as caught:
        read(k=model(block, crs=""))
    assert "k.gml" in str(caught.value)
    assert says in str(caught.value)


def test_a_building_without_geometry_needs_no_crs(read):
    result = read(k=model(ADDRESS, level_block("v", 0, 0, 10, 12, envelope("EPSG:25832")), crs=""))
    assert outlines(result).keys() == {"v"}
