"""LoD2 tiles by hand: what is read, what is refused, and that one building at a time is in memory."""

from __future__ import annotations

import bz2
import gzip
import lzma
import math
import zipfile

import pytest
from gruene_infra.gruene_infra_plugin.spatial.buildings.citygml import Tile
from gruene_infra.gruene_infra_plugin.spatial.buildings.lod2 import Count, Target, read_tiles
from gruene_infra.gruene_infra_plugin.strategy import load_strategy
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransformContext,
    QgsProcessingException,
)
from qgis.PyQt.QtCore import QDate

from ...citygml_factory import (
    block_lod1,
    building,
    gabled_roof,
    generic,
    ground,
    level_block,
    level_roof,
    members,
    model,
    polygon,
    properties,
    rectangle,
    surface,
    tile,
)
from ...layer_factory import EAST, NORTH, UTM, box, geometry, layer, reprojected, saved
from ...runs import Log
from ..every.bad_input import assert_clear, files_in

COS35 = math.cos(math.radians(35))
FLAT = building(
    "flach",
    generic(Gemeindeschluessel="05370024", DatenquelleDachhoehe="1000", Grundrissaktualitaet="2020-07-01"),
    properties(function="31001_2723", yearOfConstruction="1998", roofType=1000, measuredHeight=6.5),
    ground(0, 0, 10, 12),
    surface("WallSurface", polygon([(0, 0, 40), (10, 0, 40), (10, 0, 46), (0, 0, 46)])),
    level_roof(0, 0, 10, 12),
)
GABLED = building(
    "sattel",
    properties(roofType=3100, storeysAboveGround=2),
    ground(20, 0, 10, 8),
    gabled_roof(20, 0, 10, 8, 35),
)
ANNEXE = building(
    "anbau",
    properties(function="31001_1010"),
    building(
        "anbau_haus",
        properties(roofType=3100, measuredHeight=9.0, storeysAboveGround=2),
        ground(40, 0, 10, 8),
        gabled_roof(40, 0, 10, 8, 35, "haus"),
        kind="BuildingPart",
    ),
    building(
        "anbau_garage",
        properties(roofType=1000, measuredHeight=3.0, storeysAboveGround=1),
        ground(50, 0, 5, 8),
        level_roof(50, 0, 5, 8, "garage"),
        kind="BuildingPart",
    ),
)
TOWN = (FLAT, GABLED, ANNEXE)


@pytest.fixture
def read(run, tmp_path):
    """Read tiles given as paths; a text becomes a tile first."""

    def start(*tiles, log=None, **parameters):
        paths = []
        for number, given in enumerate(tiles):
            path = tmp_path / f"kachel_{number}.gml" if isinstance(given, str) else given
            if isinstance(given, str):
                path.write_text(given, encoding="utf-8")
            paths.append(str(path))
        return run("import_lod2", log, TILES=paths, **parameters)

    return start


def buildings_of(paths, log, count=None):
    target = Target(QgsCoordinateReferenceSystem(UTM), QgsCoordinateTransformContext())
    return read_tiles(paths, target, log, count or Count())


def by(rows, key):
    keyed = {row[key]: row for row in rows}
    assert len(keyed) == len(rows)
    return keyed


def shapes(result, name, key):
    return {feature[key]: feature.geometry() for feature in result.layer(name).getFeatures()}


def refused(read, tmp_path, *tiles, **parameters):
    """Run on tiles that must be refused; return the message, and check that nothing was left."""
    out = tmp_path / "out"
    out.mkdir()
    files = {name: str(out / f"{name}.gpkg") for name in ("BUILDINGS", "ROOF_FACES")}
    with pytest.raises(QgsProcessingException) as caught:
        read(*tiles, **(files | parameters))
    assert not files_in(out)
    return str(caught.value)


# -- what is read ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("version", ["1.0", "2.0"])
def test_roof_faces_by_hand(read, version):
    result = read(model(*TOWN, version=version))
    faces = by(result.rows("ROOF_FACES"), "flaeche_id")
    assert faces.keys() == {"dach", "dach_s", "dach_n", "haus_s", "haus_n", "garage"}
    flat, south, north = faces["dach"], faces["dach_s"], faces["dach_n"]
    assert (flat["neigung_grad"], flat["ausrichtung_grad"]) == (pytest.approx(0.0), None)
    assert (flat["flaeche_m2"], flat["grundflaeche_m2"]) == (pytest.approx(120.0), pytest.approx(120.0))
    assert (flat["hoehe_min_m"], flat["hoehe_max_m"], flat["dachform"]) == (46.0, 46.0, 1000)
    for face, aspect in ((south, 180.0), (north, 0.0)):
        assert face["neigung_grad"] == pytest.approx(35.0, abs=1e-4)
        assert (face["ausrichtung_grad"] - aspect + 180) % 360 - 180 == pytest.approx(0.0, abs=1e-4)
        assert face["flaeche_m2"] == pytest.approx(40 / COS35, rel=1e-5)
        assert face["grundflaeche_m2"] == pytest.approx(40.0, rel=1e-5)
        assert face["hoehe_min_m"] == 46.0
        assert face["hoehe_max_m"] == pytest.approx(46 + 4 * math.tan(math.radians(35)), abs=1e-5)


def test_roof_faces_lie_where_the_tile_says(read):
    result = read(model(*TOWN))
    assert {result.layer(name).crs().authid() for name in ("BUILDINGS", "ROOF_FACES")} == {"EPSG:25832"}
    south = shapes(result, "ROOF_FACES", "flaeche_id")["dach_s"]
    assert south.symDifference(geometry(box(20, 0, 10, 4))).area() == pytest.approx(0.0, abs=1e-6)
    annexe = shapes(result, "BUILDINGS", "gebaeude_id")["anbau"]
    assert annexe.symDifference(geometry(box(40, 0, 15, 8))).area() == pytest.approx(0.0, abs=1e-6)


def test_attributes_of_a_building(read):
    (row,) = read(model(FLAT)).rows("BUILDINGS")
    assert row == {
        "gebaeude_id": "flach",
        "lod": 2,
        "funktion": "31001_2723",
        "dachform": 1000,
        "hoehe_m": 6.5,
        "geschosse": None,
        "baujahr": 1998,
        "ags": "05370024",
        "stand": QDate(2020, 7, 1),
        "dachhoehe_quelle": "1000",
        "kachel": "kachel_0",
    }


def test_a_key_of_the_municipality_gets_its_zero_back(read):
    block = level_block("x", 0, 0, 10, 20, generic(Gemeindeschluessel="5370024"))
    assert [row["ags"] for row in read(model(block)).rows("BUILDINGS")] == ["05370024"]


def test_faces_of_parts_belong_to_their_building_which_takes_what_its_parts_agree_on(read):
    result = read(model(*TOWN))
    faces = [row for row in result.rows("ROOF_FACES") if row["gebaeude_id"] == "anbau"]
    assert {(row["teil_id"], row["flaeche_id"], row["dachform"]) for row in faces} == {
        ("anbau_haus", "haus_s", 3100),
        ("anbau_haus", "haus_n", 3100),
        ("anbau_garage", "garage", 1000),
    }
    row = by(result.rows("BUILDINGS"), "gebaeude_id")["anbau"]
    assert (row["dachform"], row["hoehe_m"], row["geschosse"]) == (None, 9.0, 2)
    (alone,) = (r for r in result.rows("ROOF_FACES") if r["gebaeude_id"] == "flach")
    assert alone["teil_id"] == "flach"


def test_holes_are_subtracted(read):
    hole = rectangle(2, 2, 3, 4, 46.0)
    roof = surface("RoofSurface", polygon(rectangle(0, 0, 10, 12, 46.0), hole, name="dach"))
    result = read(model(building("hof", ground(0, 0, 10, 12), roof)))
    (row,) = result.rows("ROOF_FACES")
    assert (row["flaeche_m2"], row["grundflaeche_m2"]) == (pytest.approx(108.0), pytest.approx(108.0))
    assert shapes(result, "ROOF_FACES", "flaeche_id")["dach"].area() == pytest.approx(108.0)
    assert shapes(result, "BUILDINGS", "gebaeude_id")["hof"].area() == pytest.approx(120.0)


def test_without_ground_surfaces_the_roof_tells_the_footprint(read):
    result = read(model(building("dach_nur", gabled_roof(0, 0, 10, 8, 35))))
    shape = shapes(result, "BUILDINGS", "gebaeude_id")["dach_nur"]
    assert shape.symDifference(geometry(box(0, 0, 10, 8))).area() == pytest.approx(0.0, abs=1e-6)


def test_positions_may_stand_one_by_one(read):
    corners = [*rectangle(0, 0, 10, 12, 46.0), (0, 0, 46.0)]
    ring = "".join(f"<gml:pos>{EAST + x} {NORTH + y} {z}</gml:pos>" for x, y, z in corners)
    roof = f"<gml:Polygon><gml:exterior><gml:LinearRing>{ring}</gml:LinearRing></gml:exterior></gml:Polygon>"
    (row,) = read(model(building("pos", surface("RoofSurface", roof)))).rows("ROOF_FACES")
    assert row["flaeche_m2"] == pytest.approx(120.0)


CORNERS = [(EAST + x, NORTH + y, z) for x, y, z in [*rectangle(0, 0, 10, 12, 46.0), (0, 0, 46.0)]]
OLD_RINGS = {
    "coordinates": "<gml:coordinates>{}</gml:coordinates>".format(
        " ".join(f"{x},{y},{z}" for x, y, z in CORNERS)
    ),
    "coordinates on lines": "<gml:coordinates>\n{}\n</gml:coordinates>".format(
        "\n".join(f"{x}, {y}, {z}" for x, y, z in CORNERS)
    ),
    "coordinates with other signs": '<gml:coordinates decimal="," cs=" " ts=";">{}</gml:coordinates>'.format(
        ";".join(f"{x} {y} {z}".replace(".", ",") for x, y, z in CORNERS)
    ),
    "coord": "".join(
        f"<gml:coord><gml:X>{x}</gml:X><gml:Y>{y}</gml:Y><gml:Z>{z}</gml:Z></gml:coord>"
        for x, y, z in CORNERS
    ),
}


@pytest.mark.parametrize("ring", OLD_RINGS.values(), ids=OLD_RINGS.keys())
def test_positions_may_stand_as_in_gml_2(read, ring):
    roof = f"<gml:Polygon><gml:exterior><gml:LinearRing>{ring}</gml:LinearRing></gml:exterior></gml:Polygon>"
    result = read(model(building("alt", surface("RoofSurface", roof))))
    (row,) = result.rows("ROOF_FACES")
    assert (row["flaeche_m2"], row["hoehe_min_m"]) == (pytest.approx(120.0), pytest.approx(46.0))
    assert "empty polygons" not in result.log.text


def test_coordinates_that_are_no_numbers_are_refused(read, tmp_path):
    ring = OLD_RINGS["coordinates"].replace("46.0", "hoch", 1)
    roof = f"<gml:Polygon><gml:exterior><gml:LinearRing>{ring}</gml:LinearRing></gml:exterior></gml:Polygon>"
    message = refused(read, tmp_path, model(building("alt", surface("RoofSurface", roof))))
    assert_clear(message, "kachel_0.gml")
    assert "hoch" in message


def test_a_roof_may_refer_to_a_polygon_of_the_solid(read):
    solid = members([polygon(rectangle(0, 0, 10, 12, 46.0), name="p1")])
    roof = (
        "<bldg:boundedBy><bldg:RoofSurface><bldg:lod2MultiSurface><gml:MultiSurface>"
        '<gml:surfaceMember xlink:href="#p1"/>'
        "</gml:MultiSurface></bldg:lod2MultiSurface></bldg:RoofSurface></bldg:boundedBy>"
    )
    (row,) = read(model(building("v", f"<bldg:lod2Solid>{solid}</bldg:lod2Solid>", roof))).rows("ROOF_FACES")
    assert (row["flaeche_id"], row["flaeche_m2"]) == ("p1", pytest.approx(120.0))


def test_a_vertical_roof_face_is_counted_and_left_out(read):
    step = surface("RoofSurface", polygon([(0, 5, 46), (10, 5, 46), (10, 5, 47), (0, 5, 47)]))
    result = read(model(building("stufe", ground(0, 0, 10, 12), level_roof(0, 0, 10, 12), step)))
    assert len(result.rows("ROOF_FACES")) == 1
    assert "1 roof faces cover no ground" in result.log.text


def test_a_roof_that_crosses_itself_is_a_valid_polygon(read):
    bow = polygon([(0, 0, 46), (10, 10, 46), (10, 0, 46), (0, 6, 46)])
    result = read(model(building("schleife", ground(0, 0, 10, 10), surface("RoofSurface", bow))))
    (feature,) = result.layer("ROOF_FACES").getFeatures()
    assert "1 roof faces cross themselves" in result.log.text
    assert feature.geometry().isGeosValid()
    assert not feature.geometry().isMultipart()


def test_a_level_block_of_unknown_roof_is_said(read):
    result = read(model(building("block", properties(roofType=9999), level_roof(0, 0, 10, 12))))
    assert "1 roof faces have the roof form 9999" in result.log.text
    assert "9999" not in read(model(FLAT)).log.text


@pytest.mark.parametrize(
    "name",
    [
        "urn:adv:crs:ETRS89_UTM32*DE_DHHN92_NH",
        "urn:adv:crs:ETRS89_UTM32",
        "EPSG:25832",
        "urn:ogc:def:crs:EPSG::25832",
        "urn:ogc:def:crs:EPSG:6.12:25832",
        "urn:ogc:def:crs,crs:EPSG::25832,crs:EPSG::5783",
        "http://www.opengis.net/def/crs/EPSG/0/25832",
        "http://www.opengis.net/gml/srs/epsg.xml#25832",
        "urn:ogc:def:crs:EPSG::5555",
    ],
)
def test_names_of_the_crs(read, name):
    shape = shapes(read(model(FLAT, crs=name)), "BUILDINGS", "gebaeude_id")["flach"]
    assert shape.boundingBox().xMinimum() == pytest.approx(EAST, abs=1e-6)


def test_a_tile_of_the_next_zone_is_transformed(read):
    expected = next(reprojected(layer([box(0, 0, 10, 12)], crs="EPSG:25833"), "EPSG:25832").getFeatures())
    result = read(model(FLAT, crs="urn:adv:crs:ETRS89_UTM33*DE_DHHN2016_NH"), model(GABLED))
    found = shapes(result, "BUILDINGS", "gebaeude_id")
    assert found["flach"].symDifference(expected.geometry()).area() == pytest.approx(0.0, abs=1e-3)
    assert found["sattel"].boundingBox().xMinimum() == pytest.approx(EAST + 20, abs=1e-6)
    assert by(result.rows("ROOF_FACES"), "flaeche_id")["dach"]["flaeche_m2"] == pytest.approx(120.0)


def test_the_crs_may_stand_on_a_geometry(read):
    text = model(FLAT, crs="").replace("<gml:MultiSurface>", '<gml:MultiSurface srsName="EPSG:25832">')
    assert len(read(text).rows("BUILDINGS")) == 1


# -- several tiles -----------------------------------------------------------------------------------------


def test_a_building_in_two_tiles_comes_once(read):
    result = read(model(FLAT, GABLED), model(GABLED, ANNEXE))
    assert sorted(row["gebaeude_id"] for row in result.rows("BUILDINGS")) == ["anbau", "flach", "sattel"]
    assert len(result.rows("ROOF_FACES")) == 6
    assert "4 buildings read, 3 written with 6 roof faces" in result.log.text
    assert "1 buildings repeat another one in outline and date: sattel" in result.log.text


def test_a_folder_gives_its_tiles_and_nothing_else_and_no_tile_twice(run, tmp_path):
    one = tile(tmp_path / "eins.gml", FLAT)
    tile(tmp_path / "ZWEI.GML", GABLED)
    (tmp_path / "metadaten.xml").write_text("<metadata/>", encoding="utf-8")
    result = run("import_lod2", FOLDER=str(tmp_path), TILES=[str(one)])
    kinds = {row["gebaeude_id"]: row["kachel"] for row in result.rows("BUILDINGS")}
    assert kinds == {"flach": "eins", "sattel": "ZWEI"}
    assert "2 buildings read, 2 written" in result.log.text


def test_only_one_building_is_read_ahead(tmp_path):
    """The second building is broken: the first one arrives all the same before the error is met."""
    broken = FLAT.replace('"flach"', '"kaputt"').replace("46.000000", "hoch")
    path = tile(tmp_path / "k.gml", FLAT, broken)
    found = buildings_of([path], Log())
    assert next(found).id == "flach"
    with pytest.raises(QgsProcessingException, match="hoch"):
        next(found)


def test_progress_runs_over_all_bytes(tmp_path):
    """Twenty tiles of the same size: after the ids each one adds a twentieth of the rest."""
    paths = [tile(tmp_path / f"{k:02}.gml", FLAT.replace('"flach"', f'"f{k:02}"')) for k in range(20)]
    log = Log()
    seen = []
    for _ in buildings_of(paths, log):
        seen.append(log.progress())
    assert seen == sorted(seen)
    assert seen[:2] == pytest.approx([24.0, 28.0])
    assert seen[-1] == pytest.approx(100.0)


def test_a_file_can_be_deleted_after_its_tile_was_left_in_the_middle(tmp_path):
    path = tile(tmp_path / "k.gml", FLAT, GABLED)
    reading = Tile(path, Log())
    buildings = reading.buildings()
    next(buildings)
    buildings.close()
    assert not reading._file.isOpen()


# -- LoD1 --------------------------------------------------------------------------------------------------


def test_a_tile_of_lod1_only_is_refused(read, tmp_path):
    message = refused(read, tmp_path, model(FLAT), model(block_lod1("klotz", 0, 0, 10, 12)))
    assert_clear(message, "kachel_1.gml")
    assert "LoD1" in message


def test_lod1_among_lod2_comes_as_a_footprint_without_roof(read):
    result = read(model(FLAT, block_lod1("klotz", 60, 0, 10, 12)))
    row = by(result.rows("BUILDINGS"), "gebaeude_id")["klotz"]
    assert row["lod"] == 1
    shape = shapes(result, "BUILDINGS", "gebaeude_id")["klotz"]
    assert shape.symDifference(geometry(box(60, 0, 10, 12))).area() == pytest.approx(0.0, abs=1e-6)
    assert {row["gebaeude_id"] for row in result.rows("ROOF_FACES")} == {"flach"}
    assert "1 LoD1 buildings come without roof faces" in result.log.text


def test_a_building_without_geometry_is_counted(read):
    result = read(model(FLAT, building("leer")))
    assert [row["gebaeude_id"] for row in result.rows("BUILDINGS")] == ["flach"]
    assert "1 buildings without geometry" in result.log.text


# -- what is refused ---------------------------------------------------------------------------------------


BROKEN = {
    "cut off in a building": model(*TOWN)[:-2500],
    "cut off after the last building": model(*TOWN).replace("</core:CityModel>", ""),
    "tags that do not match": model(*TOWN).replace("</bldg:RoofSurface>", "</bldg:Roof>", 1),
    "an unbound prefix": model(*TOWN).replace("<bldg:roofType>", "<nix:roofType>", 1),
    "something after the end": model(*TOWN) + "<mehr/>",
    "no bytes": "",
    "no XML": "Dies ist kein CityGML.",
    "a letter in the coordinates": model(FLAT.replace("46.000000", "hoch")),
    "NaN in the coordinates": model(FLAT.replace("46.000000", "nan")),
    "coordinates in two dimensions": model(FLAT.replace(" 46.000000", "")),
    "degrees": model(FLAT.replace("370000.000 5700000.000", "7.1 51.4")),
    "north before east": model(FLAT.replace("370000.000 5700000.000", "5700000.000 370000.000")),
    "six points in two dimensions": model(
        building("eben", surface("RoofSurface", polygon([(k, k * k, 46) for k in range(5)]))).replace(
            " 46.000000", ""
        )
    ),
    "a ring of one point": model(building("punkt", surface("RoofSurface", polygon([(0, 0, 46)])))),
}


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_tile_is_named_with_its_line_and_leaves_nothing(read, tmp_path, text):
    message = refused(read, tmp_path, model(GABLED), text)
    assert_clear(message, "kachel_1.gml")
    line = int(message.split("line ")[1].split(":")[0])
    assert 1 <= line <= text.count("\n") + 1


def test_the_line_is_that_of_the_fault(read, tmp_path):
    text = model(*TOWN).replace("</bldg:RoofSurface>", "</bldg:Roof>", 1)
    faulty = next(n for n, line in enumerate(text.splitlines(), 1) if "</bldg:Roof>" in line)
    assert f"line {faulty}:" in refused(read, tmp_path, text)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (model(FLAT, version="3.0"), "http://www.opengis.net/citygml/3.0"),
        (
            model(FLAT).replace("citygml/building/1.0", "citygml/building/3.0"),
            "http://www.opengis.net/citygml/building/3.0",
        ),
        ('<?xml version="1.0"?><CityModel xmlns="urn:fremd"/>', "urn:fremd"),
        ('<?xml version="1.0"?><FeatureCollection/>', "FeatureCollection"),
        (model(FLAT, crs="urn:adv:crs:DE_DHDN_3GK2"), "DE_DHDN_3GK2"),
        (model(FLAT, crs="urn:ogc:def:crs:EPSG::4258"), "EPSG::4258"),
        (model(FLAT, crs=""), "CRS"),
        (model(), "no building"),
        (model(FLAT.replace(" 46.000000", "")), "its points have x and y and no height"),
        (
            model(FLAT.replace(" 46.000000", "").replace('srsDimension="3"', "")),
            "no height; LoD2 needs x, y, z",
        ),
        (
            model(
                building("eben", surface("RoofSurface", polygon([(k, k * k, 46) for k in range(5)])))
            ).replace(" 46.000000", ""),
            "no height",
        ),
    ],
)
def test_what_cannot_be_used_is_named(read, tmp_path, text, says):
    message = refused(read, tmp_path, text)
    assert_clear(message, "kachel_0.gml")
    assert says in message


def test_without_folder_or_tiles_the_message_names_both(run):
    with pytest.raises(QgsProcessingException, match=r"FOLDER.*TILES"):
        run("import_lod2")


@pytest.mark.parametrize("kind", ["empty", "missing", "other files"])
def test_a_folder_without_tiles_is_named(run, tmp_path, kind):
    folder = tmp_path / "kacheln"
    if kind != "missing":
        folder.mkdir()
    if kind == "other files":
        (folder / "liesmich.txt").write_text("", encoding="utf-8")
    with pytest.raises(QgsProcessingException) as caught:
        run("import_lod2", FOLDER=str(folder))
    assert_clear(str(caught.value), str(folder))


def packed(path, content: str):
    """Pack a tile, by the ending of its path."""
    if path.suffix == ".zip":
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("kachel.gml", content)
    else:
        path.write_bytes({".gz": gzip, ".bz2": bz2, ".xz": lzma}[path.suffix].compress(content.encode()))
    return path


PACKINGS = ("zip", "gz", "bz2", "xz")


@pytest.mark.parametrize("ending", [*(f"gml.{ending}" for ending in PACKINGS), "zip"])
def test_a_packed_tile_is_to_be_unpacked(read, run, tmp_path, ending):
    folder = tmp_path / "kacheln"
    folder.mkdir()
    made = packed(folder / f"lod2.{ending}", model(FLAT))
    message = refused(read, tmp_path, made)
    assert message == f"{made} is packed. Unpack it and give the .gml files in it."
    with pytest.raises(QgsProcessingException) as caught:
        run("import_lod2", FOLDER=str(folder))
    assert_clear(str(caught.value), str(folder))
    assert f"Unpack those that are packed: {made.name}." in str(caught.value)
    made.rename(folder / "lod2.gml")  # as browsers and scripts call it
    with pytest.raises(QgsProcessingException, match="is packed"):
        run("import_lod2", FOLDER=str(folder))


def test_packed_files_beside_tiles_are_said(run, tmp_path):
    tile(tmp_path / "k.gml", FLAT)
    packed(tmp_path / "k.zip", model(FLAT))
    packed(tmp_path / "l.gml.gz", model(GABLED))
    result = run("import_lod2", FOLDER=str(tmp_path))
    assert [row["gebaeude_id"] for row in result.rows("BUILDINGS")] == ["flach"]
    assert "2 packed files were not read: k.zip, l.gml.gz." in "\n".join(result.log.warnings)


def test_a_tile_that_is_not_there_is_named(run, tmp_path):
    with pytest.raises(QgsProcessingException) as caught:
        run("import_lod2", TILES=[str(tmp_path / "fehlt.gml")])
    assert_clear(str(caught.value), "fehlt.gml")


def test_no_output_replaces_a_tile_of_the_folder(run, tmp_path):
    path = tile(tmp_path / "k.gml", FLAT)
    before = path.read_bytes()
    with pytest.raises(QgsProcessingException, match="overwrite"):
        run("import_lod2", FOLDER=str(tmp_path), BUILDINGS=str(path))
    assert path.read_bytes() == before


def test_a_geopackage_given_as_a_tile_is_refused(read, tmp_path):
    path = tmp_path / "ebene.gpkg"
    saved(layer([box(0, 0, 1, 1)], name="x"), path)
    assert_clear(refused(read, tmp_path, path), "ebene.gpkg")


def test_cancelling_stops_before_the_next_building(tmp_path):
    path = tile(tmp_path / "k.gml", *(FLAT.replace('"flach"', f'"f{k}"') for k in range(50)))
    count = Count()
    with pytest.raises(QgsProcessingException, match="Cancelled"):
        list(buildings_of([path], Log(cancel_at=60), count))
    assert 0 < count.read < 10


def test_styles_arrive_in_the_geopackages(read, tmp_path):
    result = read(model(*TOWN), BUILDINGS=str(tmp_path / "b.gpkg"), ROOF_FACES=str(tmp_path / "r.gpkg"))
    assert result.layer("ROOF_FACES").renderer().classAttribute() == "neigung_grad"
    assert result.layer("BUILDINGS").renderer().classAttribute() == "lod"


def test_it_stands_in_the_group_of_its_goal_without_findings(provider):
    algorithm = provider.algorithm("import_lod2")
    assert algorithm.groupId() == "hz02"
    assert algorithm.group() in {load_strategy().goal(2).group_label(code) for code in ("de", "en")}
    assert algorithm.parameterDefinition("SUMMARY") is None


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (
            {"yearOfConstruction": "9999", "measuredHeight": -9999.0, "storeysAboveGround": 99},
            (None, None, None),
        ),
        ({"yearOfConstruction": "98", "measuredHeight": 0.0, "storeysAboveGround": 0}, (None, None, None)),
        (
            {"yearOfConstruction": "1998-01-01", "measuredHeight": 6.5, "storeysAboveGround": 2},
            (1998, 6.5, 2),
        ),
    ],
)
def test_placeholders_are_no_years_heights_and_storeys(given, expected, run, tmp_path):
    parts = properties(roofType=1000, **given), ground(0, 0, 10, 12), level_roof(0, 0, 10, 12)
    result = run("import_lod2", TILES=[str(tile(tmp_path / "eins.gml", building("b", *parts)))])
    (row,) = result.rows("BUILDINGS")
    assert (row["baujahr"], row["hoehe_m"], row["geschosse"]) == expected
    strange = expected[0] is None
    for name, kind in (
        ("yearOfConstruction", "year"),
        ("measuredHeight", "height in metres"),
        ("storeysAboveGround", "number of storeys"),
    ):
        assert (f"LoD2, {name}: 1 values are no {kind}" in result.log.text) == strange


def test_a_roof_face_without_heights_is_no_evidence(run, tmp_path):
    """At -9999 m throughout it would be level."""
    corners = [(0, 0, -9999), (10, 0, -9999), (10, 12, -9999), (0, 12, -9999)]
    parts = properties(roofType=3100), ground(0, 0, 10, 12), surface("RoofSurface", polygon(corners))
    result = run("import_lod2", TILES=[str(tile(tmp_path / "eins.gml", building("b", *parts)))])
    assert result.rows("ROOF_FACES") == []
    assert "1 roof faces have no height, left out." in result.log.text
