"""Engine ``features``: whatever a source holds, true areas come out, and what was mended is said."""

from __future__ import annotations

import gc
import importlib
import math
from pathlib import Path

import pytest
from gruene_infra.gruene_infra_plugin.spatial.geometry.wkb import bytes_of, fingerprint
from gruene_infra.gruene_infra_plugin.spatial.reading.analysis_crs import analysis_crs
from gruene_infra.gruene_infra_plugin.spatial.reading.features import read, read_with_wkb, report
from gruene_infra.gruene_infra_plugin.spatial.reading.repeats import without_repeats
from gruene_infra.gruene_infra_plugin.spatial.reading.source import Input
from gruene_infra.gruene_infra_plugin.spatial.reading.values import number, text
from gruene_infra.gruene_infra_plugin.spatial.running import many_features
from osgeo import ogr, osr
from qgis.core import (
    NULL,
    Qgis,
    QgsCoordinateReferenceSystem,
    QgsFeature,
    QgsGeometry,
    QgsLineString,
    QgsPoint,
    QgsPolygon,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeatureSource,
    QgsVectorLayer,
)

from ...layer_factory import (
    EAST,
    NORTH,
    UTM,
    box,
    circle,
    geometry,
    layer,
    line,
    ngon,
    point,
    polygon,
    reprojected,
    saved,
    table,
)
from ...runs import Log

POLYGON, LINE, POINT = Qgis.GeometryType.Polygon, Qgis.GeometryType.Line, Qgis.GeometryType.Point
NAN, INF = float("nan"), float("inf")


def test_processing_is_the_package_of_qgis_and_not_our_folder(processing):
    assert importlib.import_module("qgis.processing").run is processing.run
    assert Path(processing.__file__).parts[-3:] == ("plugins", "processing", "__init__.py")
    assert not hasattr(processing, "provider")


class Read:
    """What reading a layer gave."""

    def __init__(self, source: QgsVectorLayer, crs: str = UTM, attributes=None, cancel_at=None) -> None:
        self.context = QgsProcessingContext()
        self.log = Log(cancel_at)
        self.input = as_input(source, self.context)
        target = QgsCoordinateReferenceSystem(crs)
        found = read(self.input, target, self.context, self.log, attributes=attributes)
        self.features = list(found)

    @property
    def areas(self) -> list[float]:
        return [feature.geometry().area() for feature in self.features]

    @property
    def counts(self) -> tuple[int, int, int, int]:
        i = self.input
        return i.no_geometry, i.repaired, i.straightened, i.left_out

    def report(self) -> Log:
        report(self.input, self.log)
        return self.log


def as_input(source: QgsVectorLayer, context: QgsProcessingContext) -> Input:
    as_input.alive = source, context  # the feature source keeps no layer alive
    return Input(f"Gebäude [{source.name()}]", QgsProcessingFeatureSource(source, context))


def raw(*corners: tuple[float, float]) -> QgsGeometry:
    return QgsGeometry(QgsPolygon(QgsLineString([QgsPoint(EAST + x, NORTH + y) for x, y in corners])))


# -- geometries -----------------------------------------------------------------------------------------

SQUARE = [(0, 0), (10, 0), (10, 10), (0, 10)]


def star(points: int) -> list[tuple[float, float]]:
    """Return a star within a radius of 10 m, each of whose edges crosses nearly all others."""
    corners = ngon(20, 0, 10, points)
    return [corners[k * (points // 2) % points] for k in range(points)]


@pytest.mark.parametrize(
    ("shape", "area", "counts"),
    [
        (box(0, 0, 10, 10), 100, (0, 0, 0, 0)),
        (polygon([*SQUARE, (0, 10)]), 100, (0, 0, 0, 0)),
        (polygon(SQUARE[::-1]), 100, (0, 0, 0, 0)),
        (polygon(SQUARE, [(2, 2), (2, 4), (4, 4), (4, 2)]), 96, (0, 0, 0, 0)),
        (polygon([(0, 0), (10, 10), (10, 0), (0, 10)]), 50, (0, 1, 0, 0)),
        (polygon([(0, 0), (20, 0), (20, 10), (10, 0), (0, 10)]), 100, (0, 1, 0, 0)),
        (polygon([*SQUARE[:3], (15, 15), (10, 10), (0, 10)]), 100, (0, 1, 0, 0)),
        (polygon(SQUARE, [(20, 0), (30, 0), (30, 10), (20, 10)]), 200, (0, 1, 0, 0)),
        (polygon(SQUARE, SQUARE[::-1], [(2, 2), (2, 4), (4, 4), (4, 2)]), None, (0, 0, 0, 1)),
        (polygon([(0, 0), (10, 0)]), None, (0, 0, 0, 1)),
        (polygon([(0, 0), (10, 0), (5, 0)]), None, (0, 0, 0, 1)),
        (polygon([(1, 1)]), None, (0, 0, 0, 1)),
        (raw((0, 0), (NAN, 0), (10, 10), (0, 0)), None, (0, 0, 0, 1)),
        (raw((0, 0), (INF, 0), (10, 10), (0, 0)), None, (0, 0, 0, 1)),
        (polygon([(0, 0), (2**-29, 0), (0, 2**-29)]), None, (0, 0, 0, 1)),
        (polygon([(0, 0), (1000, 1000), (1000, 1000 + 2**-30)]), None, (0, 0, 0, 1)),
        (polygon(star(3001)), None, (0, 0, 0, 1)),
        ("Polygon EMPTY", None, (1, 0, 0, 0)),
        (None, None, (1, 0, 0, 0)),
    ],
    ids=[
        "a square",
        "a point twice",
        "clockwise",
        "a hole",
        "a bow-tie",
        "a ring that touches itself",
        "a spike",
        "a hole outside, which is taken for a part",
        "a hole as large as the ring",
        "two points",
        "three points on a line",
        "one point",
        "NaN",
        "infinity",
        "a grain",
        "a hair as thin as the last digit",
        "a star that crosses itself by the million",
        "an empty polygon",
        "no geometry",
    ],
)
def test_a_polygon_comes_out_valid_with_its_true_area_or_is_counted(shape, area, counts):
    found = Read(layer([shape, box(50, 0, 1, 1)], wkb="Polygon"))
    assert found.areas == pytest.approx([1.0] if area is None else [area, 1.0])
    assert all(feature.geometry().isGeosValid() for feature in found.features)
    assert found.counts == counts
    assert found.input.total == 2
    assert found.input.usable_share == (50.0 if area is None else 100.0)


@pytest.mark.parametrize("points", [9, 101])
def test_a_star_that_crosses_itself_by_the_thousand_is_repaired(points):
    found = Read(layer([polygon(star(points))]))
    assert found.counts == (0, 1, 0, 0)
    assert 0 < found.areas[0] < math.pi * 10**2


@pytest.mark.parametrize(
    ("parts", "area"),
    [
        ([SQUARE, [(20, 0), (30, 0), (30, 10), (20, 10)]], 200),
        ([SQUARE, [(5, 0), (15, 0), (15, 10), (5, 10)]], 150),
        ([SQUARE, SQUARE], 100),
        ([SQUARE, [(10, 0), (20, 0), (20, 10), (10, 10)]], 200),
        ([SQUARE, [(30, 0), (40, 0)]], 100),
    ],
    ids=["apart", "overlapping", "twice the same", "side by side", "one without area"],
)
def test_the_parts_of_a_multipolygon_count_once(parts, area):
    rings = (", ".join(f"{EAST + x} {NORTH + y}" for x, y in [*part, part[0]]) for part in parts)
    found = Read(layer([f"MultiPolygon ({', '.join(f'(({ring}))' for ring in rings)})"]))
    assert found.areas == pytest.approx([area])
    assert found.features[0].geometry().isGeosValid()


@pytest.mark.parametrize("dimensions", ["Z", "M", "ZM"])
def test_heights_and_measures_are_dropped(dimensions):
    found = Read(layer([box(0, 0, 12, 10)], wkb=f"Polygon{dimensions}"))
    assert found.features[0].geometry().wkbType() == Qgis.WkbType.Polygon
    assert found.areas == pytest.approx([120])
    assert found.counts == (0, 0, 0, 0)


def test_a_circle_keeps_its_area():
    found = Read(layer([circle(0, 0, 10)], wkb="CurvePolygon"))
    assert found.areas == pytest.approx([100 * math.pi], rel=1e-3)
    assert found.areas[0] == pytest.approx(100 * math.pi, rel=2e-5)
    assert found.features[0].geometry().wkbType() == Qgis.WkbType.Polygon
    assert found.counts == (0, 0, 1, 0)


def test_a_compound_curve_of_arcs_and_lines_keeps_its_area():
    x, y = EAST, NORTH
    shape = (
        f"CurvePolygon (CompoundCurve (({x} {y}, {x + 20} {y}), CircularString ({x + 20} {y}, "
        f"{x + 10} {y + 10}, {x} {y})))"
    )
    assert Read(layer([shape])).areas == pytest.approx([50 * math.pi], rel=2e-5)


def test_lines_and_points_are_read_too():
    lines = Read(layer([line((0, 0), (30, 40)), None]))
    assert [feature.geometry().length() for feature in lines.features] == [pytest.approx(50)]
    assert lines.counts == (1, 0, 0, 0)
    assert len(Read(layer([point(1, 2)])).features) == 1


def test_what_was_mended_or_left_out_stands_in_the_log():
    shapes = [box(0, 0, 9, 9), polygon([(0, 0), (9, 9), (9, 0), (0, 9)]), None, polygon([(0, 0), (1, 0)])]
    log = Read(layer(shapes, name="ALKIS")).report()
    assert log.infos == ["Gebäude [ALKIS]: 4 features read."]
    assert log.warnings == [
        "Gebäude [ALKIS]: 1 without geometry, left out.",
        "Gebäude [ALKIS]: 1 invalid geometries repaired.",
        "Gebäude [ALKIS]: 1 unusable geometries left out.",
    ]


@pytest.mark.parametrize("shapes", [[None, None], ["Polygon EMPTY"], [polygon([(0, 0), (1, 0)])]])
def test_a_layer_without_any_usable_geometry_is_an_error(shapes):
    with pytest.raises(QgsProcessingException, match=r"Gebäude \[layer\] has no feature with a usable geom"):
        Read(layer(shapes, wkb="Polygon")).report()


def test_only_the_attributes_asked_for_are_read(tmp_path):
    stored = saved(layer([box(0, 0, 1, 1)], {"a": ["x"], "b": ["y"]}), tmp_path / "x.gpkg", "x")
    source = QgsVectorLayer(stored, "x", "ogr")
    assert Read(source, attributes=[2]).features[0].attributes()[1:] == [NULL, "y"]
    assert Read(source, attributes=[]).features[0].attributes()[1:] == [NULL, NULL]
    assert Read(source).features[0].attributes()[1:] == ["x", "y"]


def test_reading_stops_when_the_user_cancels():
    with pytest.raises(QgsProcessingException, match="Cancelled"):
        Read(layer([box(0, 0, 1, 1)]), cancel_at=1)


def test_a_long_layer_can_be_cancelled_on_the_way():
    source = layer([box(0, 0, 1, 1)] * 2_500)
    assert len(Read(source).features) == 2_500
    with pytest.raises(QgsProcessingException, match="Cancelled"):
        Read(source, cancel_at=3)


# -- coordinate reference systems -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("crs", "tolerance"),
    [
        ("EPSG:4326", 1e-6),
        ("EPSG:3857", 1e-6),
        ("EPSG:25833", 1e-6),
        ("EPSG:31467", 1e-6),
        ("EPSG:3035", 1e-6),
    ],
)
def test_a_layer_in_any_crs_has_the_areas_of_the_analysis_crs(crs, tolerance):
    found = Read(reprojected(layer([box(0, 0, 100, 100)]), crs))
    assert found.areas == pytest.approx([10_000], rel=tolerance)


def test_a_feature_beyond_the_reach_of_the_transformation_is_counted():
    far = "Polygon ((7 95, 8 95, 8 96, 7 95))"
    near = "Polygon ((7 51, 7.001 51, 7.001 51.001, 7 51))"
    found = Read(layer([near, far], crs="EPSG:4326"))
    assert len(found.features) == 1
    assert found.counts == (0, 0, 0, 1)
    assert "1 unusable" in found.report().text


def choose(*sources: QgsVectorLayer) -> tuple[str, Log]:
    context, log = QgsProcessingContext(), Log()
    chosen = analysis_crs([as_input(source, context) for source in sources], context, log)
    return chosen.authid(), log


def in_essen(crs: str) -> QgsVectorLayer:
    return reprojected(layer([box(0, 0, 100, 100)]), crs)


@pytest.mark.parametrize(
    ("crs", "expected"),
    [
        ("EPSG:25832", "EPSG:25832"),
        ("EPSG:31467", "EPSG:31467"),
        ("EPSG:31466", "EPSG:31466"),
        ("EPSG:3035", "EPSG:3035"),
        ("EPSG:32632", "EPSG:32632"),
        ("EPSG:4647", "EPSG:4647"),
        ("EPSG:4326", "EPSG:25832"),
        ("EPSG:4258", "EPSG:25832"),
        ("EPSG:3857", "EPSG:25832"),
        ("EPSG:25833", "EPSG:25832"),
    ],
)
def test_the_crs_of_the_data_is_kept_where_its_areas_are_true(crs, expected):
    chosen, log = choose(in_essen(crs))
    assert chosen == expected
    assert f"Areas are measured in {expected}" in log.text
    assert ("where areas are not true" in log.text) == (crs != expected)


def test_a_crs_in_feet_is_not_measured_in():
    foot = 0.3048006096012192
    x, y, d = EAST / foot, NORTH / foot, 100 / foot
    square = layer([f"Polygon (({x} {y}, {x + d} {y}, {x + d} {y + d}, {x} {y + d}, {x} {y}))"])
    square.setCrs(QgsCoordinateReferenceSystem.fromProj("+proj=utm +zone=32 +ellps=GRS80 +units=us-ft"))
    assert choose(square)[0] == UTM
    assert Read(square).areas == pytest.approx([10_000], rel=1e-6)


@pytest.mark.parametrize(
    ("place", "longitude", "latitude", "expected"),
    [
        ("Essen", 7.0, 51.45, "EPSG:25832"),
        ("Prag", 14.42, 50.08, "EPSG:25833"),
        ("Breslau", 17.03, 51.1, "EPSG:25833"),
        ("Lissabon", -9.1, 38.7, "EPSG:25829"),
        ("Helsinki", 24.9, 60.2, "EPSG:25835"),
    ],
)
def test_degrees_are_measured_in_the_zone_where_areas_are_true(place, longitude, latitude, expected):
    x, y, d = longitude, latitude, 0.001
    square = f"Polygon (({x} {y}, {x + d} {y}, {x + d} {y + d}, {x} {y + d}, {x} {y}))"
    source = layer([square], crs="EPSG:4326", name=place)
    assert choose(source)[0] == expected
    assert choose(reprojected(source, "EPSG:3857"))[0] == expected


def test_the_first_layer_with_true_areas_decides():
    assert choose(in_essen("EPSG:4326"), in_essen("EPSG:31467"), in_essen(UTM))[0] == "EPSG:31467"
    assert choose(in_essen("EPSG:3857"), in_essen(UTM))[0] == UTM


@pytest.mark.parametrize("shape", [None, "Polygon EMPTY", raw((NAN, NAN), (NAN, NAN), (NAN, NAN))])
def test_a_layer_that_lies_nowhere_decides_nothing(shape):
    nowhere = layer([shape], wkb="Polygon", crs="EPSG:4326")
    assert choose(nowhere)[0] == UTM
    assert choose(nowhere, in_essen("EPSG:31467"))[0] == "EPSG:31467"


def test_outside_europe_a_projected_layer_is_asked_for():
    new_york = layer(["Polygon ((-74 40, -73.9 40, -73.9 40.1, -74 40))"], crs="EPSG:4326")
    with pytest.raises(QgsProcessingException, match=r"no metric CRS fits EPSG:4326.*Reproject"):
        choose(new_york)


@pytest.mark.parametrize(
    ("shape", "crs"),
    [
        ("Polygon ((7 51, 7.001 51, 7.001 51.001, 7 51))", "EPSG:25832"),
        ("Polygon ((7 51, 7.001 51, 7.001 51.001, 7 51))", "EPSG:31467"),
        (box(0, 0, 10, 10), "EPSG:4326"),
        (box(0, 0, 10, 10), "EPSG:31467"),
        ("Polygon ((5700000 370000, 5700010 370000, 5700010 370010, 5700000 370000))", "EPSG:25832"),
    ],
    ids=["degrees as UTM", "degrees as Gauß-Krüger", "UTM as degrees", "UTM as Gauß-Krüger", "axes swapped"],
)
def test_coordinates_that_cannot_be_in_their_crs_are_refused(shape, crs):
    with pytest.raises(QgsProcessingException, match=rf"its coordinates cannot be in {crs}"):
        choose(layer([shape], crs=crs))


def test_one_stray_feature_does_not_make_a_layer_implausible():
    assert choose(layer([box(0, 0, 10, 10), "Polygon ((0 0, 1 0, 1 1, 0 0))"]))[0] == UTM


def test_layers_that_lie_apart_are_warned_of():
    here, there = layer([box(0, 0, 10, 10)], name="hier"), layer([box(5_000, 0, 10, 10)], name="dort")
    assert choose(here, there)[1].warnings == [
        "Gebäude [hier] and Gebäude [dort] lie apart. Are their CRS right?"
    ]
    assert choose(here, layer([box(10, 0, 10, 10)]))[1].warnings == []
    assert choose(here, in_essen("EPSG:4326"))[1].warnings == []


# -- what a parameter takes -----------------------------------------------------------------------------


def refusal(source: QgsVectorLayer, *types: Qgis.GeometryType) -> str:
    with pytest.raises(QgsProcessingException) as error:
        as_input(source, QgsProcessingContext()).require(*types)
    return str(error.value)


def test_a_layer_that_a_parameter_cannot_take_is_named_with_the_reason():
    lines, squares = layer([line((0, 0), (9, 9))], name="bach"), layer([box(0, 0, 9, 9)], name="haus")
    assert refusal(lines, POLYGON) == "Gebäude [bach] must hold Polygon, but holds Line."
    assert refusal(squares, LINE, POINT) == "Gebäude [haus] must hold Line / Point, but holds Polygon."
    assert refusal(table({"a": [1]}), POLYGON) == "Gebäude [table] must hold Polygon, but holds No geometry."
    assert "has no CRS" in refusal(layer([box(0, 0, 9, 9)], crs=""), POLYGON)
    assert "is empty" in refusal(layer([], wkb="Polygon"), POLYGON)
    as_input(lines, QgsProcessingContext()).require(POLYGON, LINE)
    as_input(layer([circle(0, 0, 9)]), QgsProcessingContext()).require(POLYGON)


def test_a_geopackage_of_mixed_geometries_is_refused(tmp_path):
    path = tmp_path / "gemischt.gpkg"
    crs = osr.SpatialReference()
    crs.ImportFromEPSG(25832)
    source = ogr.GetDriverByName("GPKG").CreateDataSource(str(path))
    mixed = source.CreateLayer("gemischt", crs, ogr.wkbUnknown)
    for wkt in (f"GeometryCollection ({box(0, 0, 9, 9)})", line((0, 0), (9, 9)), box(0, 0, 9, 9)):
        feature = ogr.Feature(mixed.GetLayerDefn())
        feature.SetGeometry(ogr.CreateGeometryFromWkt(wkt))
        mixed.CreateFeature(feature)
    del mixed, source
    assert "must hold Polygon" in refusal(QgsVectorLayer(str(path), "gemischt", "ogr"), POLYGON)


def test_a_missing_field_is_named_with_those_there_are():
    source = as_input(layer([box(0, 0, 1, 1)], {"baujahr": [1], "name": ["a"]}), QgsProcessingContext())
    assert (source.field_index("baujahr"), source.field_index("NAME")) == (0, 1)
    with pytest.raises(QgsProcessingException, match=r"no field “jahr”. Its fields are: baujahr, name\."):
        source.field_index("jahr")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (1998, 1998.0),
        (1998.5, 1998.5),
        ("1998", 1998.0),
        (" 12,5 ", 12.5),
        ("1e3", 1000.0),
        ("-4", -4.0),
        (0, 0.0),
        ("0", 0.0),
        (None, None),
        (NULL, None),
        ("", None),
        ("  ", None),
        ("unbekannt", None),
        ("1998/99", None),
        ("1998-05-01", None),
        ("1.234,5", None),
        ("19_98", None),
        ("nan", None),
        ("inf", None),
        pytest.param("9" * 5000, None, id="5 000 digits"),
        pytest.param(10**400, None, id="1e400"),
        (NAN, None),
        (-INF, None),
        (True, None),
        ([1998], None),
        ({"a": 1}, None),
    ],
)
def test_an_attribute_as_a_number(value, expected):
    assert number(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("festgesetzt", "festgesetzt"),
        ("  a b ", "a b"),
        (5, "5"),
        ("<b>", "<b>"),
        (" Gr\ud800n", "Gr\ufffdn"),
        ("", None),
        ("   ", None),
        (None, None),
        (NULL, None),
    ],
)
def test_an_attribute_as_text(value, expected):
    assert text(value) == expected


@pytest.mark.parametrize("before", [True, False])
def test_the_collector_of_cycles_rests_and_is_left_as_it_was_even_after_an_error(before):
    (gc.enable if before else gc.disable)()
    try:
        with pytest.raises(ValueError, match="inside"), many_features():
            assert not gc.isenabled()
            raise ValueError("inside")
        assert gc.isenabled() is before
    finally:
        gc.enable()


def test_of_features_with_one_geometry_the_first_by_attributes_stays_in_its_place():
    shapes = [box(0, 0, 2, 8), box(50, 0, 4, 4), box(0, 0, 2, 8), box(90, 0, 4, 4)]  # all of 16 m²
    source = layer(shapes, {"name": ["b", "c", "a", "d"]})
    kept, dropped = without_repeats((f, bytes_of(f.geometry())) for f in source.getFeatures())
    assert ([feature["name"] for feature in kept], dropped) == (["a", "c", "d"], 1)


def test_a_polygon_drawn_from_another_corner_or_the_other_way_round_is_a_repeat():
    square, hole = [(0, 0), (8, 0), (8, 8), (0, 8)], [(2, 2), (4, 2), (4, 4), (2, 4)]
    shapes = [
        polygon(square),
        polygon(square[2:] + square[:2]),
        polygon(square[::-1]),
        f"Multi{polygon(square).replace('((', '(((').replace('))', ')))')}",
        polygon([(0, 0), (8, 0), (8, 8)]),
        polygon(square, hole),
        polygon(square[1:] + square[:1], hole[::-1]),
    ]
    features = [QgsFeature() for _ in shapes]
    for feature, shape in zip(features, shapes, strict=True):
        feature.setGeometry(geometry(shape))
    kept, dropped = without_repeats((f, bytes_of(f.geometry())) for f in features)
    assert ([feature.geometry().area() for feature in kept], dropped) == ([64.0, 32.0, 60.0], 4)
    prints = [fingerprint(feature.geometry()) for feature in features]
    assert [prints.index(found) for found in prints] == [0, 0, 0, 0, 4, 5, 5]


def test_each_feature_comes_in_its_order_with_the_wkb_of_its_planar_geometry():
    """Small, large, repaired, curved and spatial polygons, more than are looked at in one go."""
    kinds = [
        (box(0, 0, 4, 4), 16.0),
        (polygon(ngon(0, 0, 5, 40)), 40 * 12.5 * math.sin(math.tau / 40)),
        (polygon([(0, 0), (4, 4), (4, 0), (0, 4)]), 8.0),
        (polygon([(0, 0), (9, 0), (9, 9), (0, 9)], [(1, 1), (2, 1), (2, 2), (1, 2)]), 80.0),
        (circle(0, 0, 5), math.pi * 25),
        ("PolygonZ ((0 0 1, 4 0 2, 4 4 3, 0 0 1))", 8.0),
        ("MultiPolygonM (((0 0 1, 4 0 2, 4 4 3, 0 0 1)))", 8.0),
        ("Triangle ((0 0, 4 0, 4 4, 0 0))", 8.0),
    ]
    order = [n % len(kinds) for n in range(1200)] + [1] * 300 + [0] * 700
    source = layer([kinds[n][0] for n in order], {"nummer": list(range(len(order)))})
    context = QgsProcessingContext()
    given = as_input(source, context)
    found = list(read_with_wkb(given, QgsCoordinateReferenceSystem(UTM), context, Log()))
    assert [feature["nummer"] for feature, _ in found] == list(range(len(order)))
    assert all(wkb == bytes_of(feature.geometry()) for feature, wkb in found)
    areas = [feature.geometry().area() for feature, _ in found]
    assert areas == pytest.approx([kinds[n][1] for n in order], rel=1e-4)
    assert {feature.geometry().wkbType() for feature, _ in found} <= {
        Qgis.WkbType.Polygon,
        Qgis.WkbType.MultiPolygon,
    }
    assert (given.total, given.repaired, given.straightened, given.unusable) == (len(order), 150, 150, 0)


def test_a_surface_of_several_faces_is_left_out_and_counted():
    tin = "PolyhedralSurfaceZ (((0 0 0, 4 0 0, 4 4 1, 0 0 0)), ((0 0 0, 4 4 1, 0 4 0, 0 0 0)))"
    read = Read(layer([box(0, 0, 4, 4), tin]))
    assert (read.areas, read.counts) == ([16.0], (0, 0, 0, 1))
