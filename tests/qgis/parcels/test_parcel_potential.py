"""The algorithm parcel_potential: values by hand for areas, lines, filters, keys and Raumtypen."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest
from gruene_infra.gruene_infra_plugin.spatial.geometry.wkb import bytes_of
from gruene_infra.gruene_infra_plugin.spatial.parcels.evidence import Supports
from qgis.core import Qgis, QgsGeometry, QgsProcessingException, QgsProcessingFeedback

from ...layer_factory import box, geometry, layer, line, polygon

PER_PARCEL = "hz06.multicodierung.ziele_je_flurstueck"
SHARE = "hz06.multicodierung.flaechenanteil"
ROOF = {"kandidat": [1, 0], "flach_m2": [200.0, 200.0], "gruen_m2": [0.0, 0.0]}


def parcels(count=3, **fields):
    """Squares of 100 m × 100 m in a row, 10 000 m² each."""
    shapes = [box(100 * n, 0, 100, 100) for n in range(count)]
    return layer(shapes, {"flstkennz": [f"f{n}" for n in range(count)], **fields}, name="flurstuecke")


def roofs():
    """Two roofs of 200 m² in the first two parcels, the first a candidate."""
    return layer([box(10, 10, 20, 10), box(110, 10, 20, 10)], ROOF, name="daecher")


def gaps():
    """A gap of 60 m in the first parcel and 40 m in the second."""
    columns = {"gewinn_ha": [1.0], "gewinn_folge_ha": [1.0], "hindernis_m": [0.0]}
    return layer([line((40, 50), (140, 50))], columns, name="luecken")


def bottlenecks():
    """One of 30 m × 100 m, half in the first parcel, half in the second."""
    columns = {"breite_min_m": [20.0], "unter_m": [70.0], "flaeche_m2": [3000.0]}
    return layer([box(50, 60, 100, 30)], columns, name="engstellen")


def buildings():
    """One of 200 m² in the second parcel with 50 m² in the Aue, one in the third with none."""
    return layer(
        [box(160, 10, 20, 10), box(260, 10, 20, 10)],
        {"in_aue_m2": [50.0, 0.0], "neu_in_aue_m2": [0.0, 0.0]},
        name="bauten",
    )


def test_results_of_the_plugin_are_known_by_their_columns(run):
    result = run("parcel_potential", PARCELS=parcels(), RESULTS=[roofs(), gaps(), bottlenecks(), buildings()])
    first, second, third = result.rows()
    assert [row["anzahl_ziele"] for row in (first, second, third)] == [2, 2, 0]
    assert (first["ziele"], first["anlass"]) == ("2, 13", "2 Potenzial, 13 Bedarf")
    assert (second["ziele"], second["anlass"]) == ("13, 19", "13 Bedarf, 19 Konflikt")
    assert third["ziele"] in ("", None)
    areas = [[row[f"hz{goal}_m2"] for goal in ("02", "13", "19")] for row in (first, second, third)]
    assert areas == [
        pytest.approx([200.0, 1500.0, 0.0]),
        pytest.approx([0.0, 1500.0, 200.0]),
        pytest.approx([0.0, 0.0, 0.0]),
    ]
    assert [row["hz13_m"] for row in (first, second, third)] == pytest.approx([60.0, 40.0, 0.0])
    assert "hz02_m" not in first
    goals, share = result.finding(PER_PARCEL), result.finding(SHARE)
    assert (goals["zaehler"], goals["nenner"], goals["status"], goals["hz"]) == (4, 3, "Zielwert offen", 6)
    assert (share["wert"], share["variante_id"]) == (pytest.approx(200 / 3), "ziele_2_13_19")


@pytest.mark.parametrize(
    ("thresholds", "counts"),
    [
        ({}, [1, 0]),
        ({"MIN_SHARE": 2.0}, [1, 0]),
        ({"MIN_SHARE": 2.01}, [0, 0]),
        ({"MIN_AREA": 200.0}, [1, 0]),
        ({"MIN_AREA": 201.0, "MIN_SHARE": 0.0}, [0, 0]),
        ({"MIN_AREA": 0.0, "MIN_SHARE": 0.0, "FILTERS": '"kandidat" in (0, 1)'}, [1, 1]),
    ],
)
def test_both_thresholds_must_be_met(run, thresholds, counts):
    result = run("parcel_potential", PARCELS=parcels(2), RESULTS=[roofs()], **thresholds)
    assert [row["anzahl_ziele"] for row in result.rows()] == counts


@pytest.mark.parametrize(("least", "counts"), [(40.0, [1, 1]), (40.1, [1, 0]), (61.0, [0, 0])])
def test_lines_count_from_a_length(run, least, counts):
    result = run("parcel_potential", PARCELS=parcels(2), RESULTS=[gaps()], MIN_LENGTH=least)
    assert [row["anzahl_ziele"] for row in result.rows()] == counts


def test_other_data_need_a_goal_and_may_have_a_filter(run):
    given = layer([box(0, 0, 50, 100), box(100, 0, 50, 100)], {"art": ["Moor", "Acker"]}, name="flaechen")
    with pytest.raises(QgsProcessingException, match=r"flaechen.*GOALS_OF_RESULTS"):
        run("parcel_potential", PARCELS=parcels(2), RESULTS=[given])
    result = run(
        "parcel_potential",
        PARCELS=parcels(2),
        RESULTS=[roofs(), given],
        GOALS_OF_RESULTS=", HZ 21",
        FILTERS="; \"art\" = 'Moor'",
    )
    assert [(row["ziele"], row["hz21_m2"]) for row in result.rows()] == [
        ("2, 21", pytest.approx(5000.0)),
        ("", 0.0),
    ]
    assert result.rows()[0]["anlass"] == "2 Potenzial, 21 Ergebnis"


def test_a_result_of_two_analyses_needs_its_goal(run):
    columns = {"in_aue_m2": [50.0, 0.0], "neu_in_aue_m2": [0.0, 0.0]}
    both = layer([box(10, 10, 20, 10), box(110, 10, 20, 10)], ROOF | columns, name="beides")
    with pytest.raises(QgsProcessingException, match="beides"):
        run("parcel_potential", PARCELS=parcels(2), RESULTS=[both])
    result = run("parcel_potential", PARCELS=parcels(2), RESULTS=[both, both], GOALS_OF_RESULTS="2, 19")
    assert [row["ziele"] for row in result.rows()] == ["2, 19", ""]


def test_what_overlaps_within_a_goal_counts_once(run):
    twice = layer([box(0, 0, 50, 100), box(25, 0, 50, 100), box(0, 0, 50, 100)], name="doppelt")
    lines = layer([line((0, 50), (60, 50)), line((30, 50), (90, 50))], name="linien")
    result = run(
        "parcel_potential", PARCELS=parcels(1), RESULTS=[twice, lines, lines], GOALS_OF_RESULTS="1, 3, 3"
    )
    (row,) = result.rows()
    assert (row["hz01_m2"], row["hz03_m"]) == (pytest.approx(7500.0), pytest.approx(90.0))
    assert row["anzahl_ziele"] == 2


def test_parts_of_one_key_are_one_parcel(run):
    result = run("parcel_potential", PARCELS=parcels(2, flst=["a", "a"]), KEY_FIELD="flst", RESULTS=[roofs()])
    assert [(row["anzahl_ziele"], row["hz02_m2"]) for row in result.rows()] == [(1, pytest.approx(200.0))] * 2
    assert (result.finding(PER_PARCEL)["nenner"], result.finding(SHARE)["nenner"]) == (1, 20000.0)


def test_findings_per_type_from_polygons_before_the_field(run):
    three = parcels(raumtyp=["Innenstadt", "Landschaft", None])
    given = {"PARCELS": three, "RESULTS": [roofs(), bottlenecks()]}
    by_field = run("parcel_potential", **given)
    assert [by_field.finding(SHARE, name)["wert"] for name in ("Innenstadt", "Landschaft")] == [100.0, 0.0]
    assert by_field.finding(PER_PARCEL, "Innenstadt")["raumtyp"] == "Innenstadt"
    drawn = layer(
        [box(0, 0, 160, 100), box(160, 0, 140, 100)],
        {"raumtyp": ["zwischenstadt", "Landschaft"]},
        name="raumtypen",
    )
    by_polygon = run("parcel_potential", **given, SPACE_TYPES=drawn)
    assert by_polygon.finding(SHARE, "Zwischenstadt")["wert"] == 50.0
    assert by_polygon.finding(PER_PARCEL, "Zwischenstadt")["wert"] == 1.5
    assert by_polygon.finding(PER_PARCEL, "Landschaft")["wert"] == 0.0
    assert (SHARE, "ziele_2_13", "Innenstadt") not in by_polygon.findings


def test_a_word_that_is_no_type_is_refused(run):
    with pytest.raises(QgsProcessingException, match="Vorstadt"):
        run("parcel_potential", PARCELS=parcels(1, raumtyp=["Vorstadt"]), RESULTS=[roofs()])


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"GOALS_OF_RESULTS": "28"}, "28"),
        ({"GOALS_OF_RESULTS": "2, 13"}, "GOALS_OF_RESULTS"),
        ({"FILTERS": '"kandidat" = 1; 1'}, "FILTERS"),
        ({"FILTERS": '"kandidat" ='}, "daecher"),
        ({"FILTERS": '"fehlt" = 1'}, "fehlt"),
        ({"FILTERS": "to_int('x') = 1"}, "daecher"),
    ],
)
def test_what_cannot_be_used_is_named(run, wrong, says):
    with pytest.raises(QgsProcessingException, match=says):
        run("parcel_potential", PARCELS=parcels(2), RESULTS=[roofs()], **wrong)


def wkb(shape):
    return bytes_of(geometry(shape))


def within(supports, *parcels):
    """Square metres and metres of the only goal in each parcel."""
    found = supports.within([wkb(parcel) for parcel in parcels], QgsProcessingFeedback())
    return [(area, length) for (area,), (length,) in zip(*(part.tolist() for part in found), strict=True)]


def test_a_long_line_is_measured_whole():
    """A zigzag of 600 vertices, of which the parcel holds the western half."""
    supports = Supports([13])
    supports.add(13, [wkb(line(*((n / 2, 10.0 * (n % 2)) for n in range(601))))])
    assert within(supports, box(-1, -1, 151, 12)) == [(0.0, pytest.approx(300 * (0.25 + 100) ** 0.5))]


@pytest.mark.parametrize("seed", range(4))
def test_a_long_scribble_is_measured_as_each_of_its_segments(seed):
    """Of 400 segments across one another, a few reach the parcels; drawn twice, they count once."""
    dice = random.Random(seed)
    points = [(dice.uniform(-500, 1500), dice.uniform(-500, 1500)) for _ in range(401)]
    parcels = [box(100, 100, 40, 40), box(140, 100, 40, 40), box(130, 300, 5, 5)]
    supports = Supports([13])
    supports.add(13, [wkb(line(*points)), wkb(line(*points[::-1]))])
    segments = [geometry(line(*pair)) for pair in pairwise(points)]
    expected = [sum(one.intersection(geometry(parcel)).length() for one in segments) for parcel in parcels]
    assert [length for _, length in within(supports, *parcels)] == pytest.approx(expected, rel=1e-9)


def test_far_lines_are_not_dissolved(monkeypatch):
    """Time and memory of that grow with the crossings, far from the parcels as well."""
    dissolved = []
    union = QgsGeometry.unaryUnion
    monkeypatch.setattr(QgsGeometry, "unaryUnion", lambda lines: dissolved.extend(lines) or union(lines))
    supports = Supports([13])
    supports.add(13, [wkb(line(*((n, 50.0 * (n % 2)) for n in range(1000))))])
    assert within(supports, box(10, 0, 10, 50)) == [(0.0, pytest.approx(10 * (1 + 50**2) ** 0.5))]
    assert sum(one.constGet().nCoordinates() for one in dissolved) < 20


def test_a_line_along_a_border_lies_in_both_parcels():
    supports = Supports([13])
    supports.add(13, [wkb(line((100, 20), (100, 80)))])
    beside = [box(x, 0, 100, 100) for x in (0, 100, 201)]
    assert [length for _, length in within(supports, *beside)] == pytest.approx([60.0, 60.0, 0.0])


def odd(kind, shape):
    """The same shape as another type of geometry."""
    return {
        "3D": shape.replace("LineString", "LineStringZ").replace("Polygon", "PolygonZ"),
        "measured": shape.replace("LineString", "LineStringM").replace("Polygon", "PolygonM"),
        "multiple 3D": shape.replace("LineString (", "MultiLineStringZ ((").replace(
            "Polygon (", "MultiPolygonZ (("
        ) + ")",
        "curved": shape.replace("LineString (", "CompoundCurve ((").replace(
            "Polygon (", "CurvePolygon (CompoundCurve ("
        ) + ")",
    }[kind]  # fmt: skip


@pytest.mark.parametrize("kind", ["3D", "measured", "multiple 3D", "curved"])
def test_every_type_of_geometry_counts_as_the_plain_one(run, kind):
    """An area of 1 200 m² and a bent line, of which 40 m and 30 m lie in two parcels."""
    area, bent = box(80, 0, 40, 30), line((60, 50), (100, 50), (100, 50.5), (129.5, 50.5))
    if kind == "3D" or kind.startswith("m"):
        area, bent = (text.replace(",", " 7,").replace(")", " 7)", 1) for text in (area, bent))
    results = [layer([odd(kind, shape)], name="ergebnis") for shape in (area, bent)]
    found = run("parcel_potential", PARCELS=parcels(2), RESULTS=results, GOALS_OF_RESULTS="2, 13")
    amounts = [(row["hz02_m2"], row["hz13_m2"], row["hz13_m"]) for row in found.rows()]
    assert amounts == [pytest.approx((600.0, 0.0, 40.5)), pytest.approx((600.0, 0.0, 30.0))]
    outlines = [feature.geometry() for feature in found.layer().getFeatures()]
    assert {outline.wkbType() for outline in outlines} == {Qgis.WkbType.MultiPolygon}


@pytest.mark.parametrize("kind", ["3D", "measured", "curved"])
def test_parcels_of_every_type_of_geometry_are_written_as_plain_ones(run, kind):
    shape = box(0, 0, 100, 100)
    if kind != "curved":
        shape = shape.replace(",", " 7,").replace("))", " 7))")
    given = layer([odd(kind, shape)], {"flstkennz": ["f0"]}, name="flurstuecke")
    found = run("parcel_potential", PARCELS=given, RESULTS=[roofs()])
    assert [row["hz02_m2"] for row in found.rows()] == [pytest.approx(200.0)]
    (outline,) = [feature.geometry() for feature in found.layer().getFeatures()]
    assert (outline.wkbType(), outline.area()) == (Qgis.WkbType.MultiPolygon, pytest.approx(10_000.0))


@pytest.mark.parametrize("size", [0.5, 4.0, 16.0, 100.0])
def test_neighbours_that_only_touch_share_nothing_and_turned_ones_what_geos_finds(size):
    """Against the exact overlay, with holes, rings of either direction and boxes of all sizes."""
    grid = [box(size * n, size * m, size, size) for n in range(-3, 3) for m in range(-3, 3)]
    outer = [(-size, -size), (-size, 2 * size), (1.7 * size, 2.3 * size), (2 * size, -0.4 * size)]
    hole = [(0.0, 0.0), (0.0, size), (0.9 * size, 1.1 * size), (size, 0.0)]
    for rings in ([outer, hole], [outer[::-1], hole], [outer, hole[::-1]]):
        shape = geometry(polygon(*rings))
        supports = Supports([2])
        supports.add(2, [bytes_of(shape)])
        expected = [geometry(cell).intersection(shape).area() for cell in grid]
        assert [area for area, _ in within(supports, *grid)] == pytest.approx(expected, abs=1e-6)


def square_metres(result) -> float:
    """Return the area of all parcels together, the denominator of the share."""
    return result.finding(SHARE)["nenner"]


class TestVersionsOfOneParcel:
    """A parcel of 20 m × 20 m, and another version of it of 15 m × 20 m inside: 400 m², not 700 m²."""

    def test_what_overlaps_counts_once(self, run):
        shapes = [box(0, 0, 20, 20), box(0, 0, 15, 20), box(50, 0, 20, 20)]
        columns = {"flstkennz": ["f0", "F0\u00a0", "f1"], "stand": ["2024", "2026", "2026"]}
        roof = layer([box(0, 0, 20, 10)], {"id": [1]})
        result = run("parcel_potential", PARCELS=layer(shapes, columns), RESULTS=[roof], GOALS_OF_RESULTS="2")
        first, second = result.rows()
        assert (first["hz02_m2"], second["hz02_m2"]) == (pytest.approx(200.0), 0.0)
        assert [shape.geometry().area() for shape in result.layer().getFeatures()] == pytest.approx(
            [400.0] * 2
        )
        assert (square_metres(result), result.finding(PER_PARCEL)["nenner"]) == (pytest.approx(800.0), 2.0)
        assert any("1 parcels come in versions that overlap" in line for line in result.log.warnings)

    def test_their_order_does_not_matter(self, run):
        shapes = [box(50, 0, 20, 20), box(0, 0, 15, 20), box(90, 0, 5, 5), box(5, 0, 15, 20)]
        columns = {"flstkennz": ["f1", "f0", "f1", "f0"], "stand": ["c", "b", "d", "a"]}
        for turn in (1, -1):
            parcels = layer(shapes[::turn], {name: values[::turn] for name, values in columns.items()})
            result = run("parcel_potential", PARCELS=parcels, RESULTS=[roofs()], GOALS_OF_RESULTS="2")
            areas = {f["stand"]: f.geometry().area() for f in result.layer().getFeatures()}
            assert areas == {"a": pytest.approx(400.0), "c": pytest.approx(400.0), "d": pytest.approx(25.0)}
            assert square_metres(result) == pytest.approx(825.0)

    def test_parts_that_only_touch_stay_parts(self, run):
        shapes = [box(0, 0, 20, 20), box(20, 0, 20, 20)]
        parcels = layer(shapes, {"flstkennz": ["f0", "f0"]})
        result = run("parcel_potential", PARCELS=parcels, RESULTS=[roofs()], GOALS_OF_RESULTS="2")
        assert len(result.rows()) == 2
        assert square_metres(result) == pytest.approx(800.0)
        assert not any("overlap" in line for line in result.log.warnings)


def test_a_parcel_of_two_features_without_area_is_left_out(run):
    """The sides of each are the last digits of coordinates: it is valid, and its area is 0."""
    step = 2**-29
    grains = [polygon([(x, 0), (x + step, 0), (x, step)]) for x in (0, step)]
    shapes = layer([*grains, box(0, 0, 100, 100)], {"flstkennz": ["f0", "f0", "f1"]}, name="flurstuecke")
    result = run("parcel_potential", PARCELS=shapes, RESULTS=[roofs()])
    (row,) = result.rows()
    assert (row["flstkennz"], row["anzahl_ziele"]) == ("f1", 1)
    assert "flurstuecke]: 2 unusable geometries left out" in result.log.text
