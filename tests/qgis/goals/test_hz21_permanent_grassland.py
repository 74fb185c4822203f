"""HZ 21, permanent grassland: values by hand of net and gross change, and what cannot be compared."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from osgeo import gdal, osr
from qgis.core import QgsGeometry, QgsPointXY, QgsProcessingException

from ...layer_factory import EAST, NORTH, UTM, box, geometry, layer

CHANGE, SHARE = "hz21.gruenland.saldo", "hz21.gruenland.anteil"
TOWN = box(-200, -200, 1000, 1000)


def example(_folder: Path) -> dict[str, object]:
    """Six meadows of 1 ha in two towns, of the second date 90 m long, with arable land beside."""
    six = range(6)
    kinds = ["Grünland"] * 6 + ["Ackerland"] * 6
    fields = [box(150 * k, 300, 150, 100) for k in six]
    whole = [box(450 * k, -50, 450, 700) for k in range(2)]
    tiles = [box(75 * k, -50, 75, 700) for k in range(12)]
    return {
        "GRASSLAND": layer(
            [*(box(150 * k, 0, 100, 90) for k in six), *fields],
            {"art": kinds, "was": ["Weide"] * 6 + ["Mais"] * 6},
            name="feldbloecke",
        ),
        "KIND_FIELD": "art",
        "FUNCTION_FIELD": "was",
        "GRASSLAND_BEFORE": layer(
            [*(box(150 * k, 0, 100, 100) for k in six), *fields],
            {"art": kinds, "was": ["Weide"] * 6 + ["Mais"] * 6},
            name="feldbloecke_2016",
        ),
        "BEFORE_KIND_FIELD": "art",
        "BEFORE_FUNCTION_FIELD": "was",
        "EXTENT": layer(tiles, name="gebiet_neu"),
        "EXTENT_BEFORE": layer(tiles, name="gebiet_alt"),
        "BUILT": layer([box(150 * k, 92, 100, 8) for k in six], name="gebaeude"),
        "LOST_TO": layer(
            [box(150 * k, 90, 100, 60) for k in six], {"art": ["Siedlung"] * 6}, name="landnutzung"
        ),
        "LOST_TO_FIELD": "art",
        "AREAS": layer(
            whole, {"gemeinde": ["Westen", "Osten"], "ags": ["05999001", "05999002"]}, name="gemeinden"
        ),
        "AREAS_NAME": "gemeinde",
        "AREAS_KEY": "ags",
    }


def meadows(*shapes, kinds: list | None = None, field: str = "nutz_txt", name: str = "feldbloecke", **more):
    return layer(list(shapes), {field: kinds or ["Grünland"] * len(shapes), **more}, name=name)


def towns(*shapes: str):
    names = [f"Ort {number}" for number, _ in enumerate(shapes)]
    keys = [f"0599900{n}" for n, _ in enumerate(shapes)]
    return layer(list(shapes), {"gemeinde": names, "ags": keys}, name="gemeinden")


@pytest.fixture
def change(run):
    """Run and return the findings by indicator, variant and area."""

    def measured(before, now, areas=None, **more):
        given = {"GRASSLAND": now, "GRASSLAND_BEFORE": before, "AREAS": areas} | more
        found = run("hz21_permanent_grassland", **{k: v for k, v in given.items() if v is not None})
        rows = found.rows("SUMMARY")
        return {(row["kennzahl_id"], row["variante_id"], row["gebiet"]): row for row in rows}, found

    return measured


BEFORE = box(0, 0, 100, 100)
AFTER = (box(0, 0, 100, 90), box(300, 0, 30, 20))


def test_a_loss_and_a_gain_elsewhere(change):
    found, result = change(meadows(BEFORE), meadows(*AFTER), towns(TOWN))
    net, gross = found[CHANGE, "netto", "Ort 0"], found[CHANGE, "brutto_verlust", "Ort 0"]
    assert (net["wert"], net["luecke"], net["status"]) == (pytest.approx(-400), pytest.approx(400), "Lücke")
    assert (net["ziel"], net["richtung"], net["ist_leitwert"]) == (0, ">=", 1)
    assert (gross["wert"], gross["luecke"], gross["status"]) == (
        pytest.approx(-1000),
        pytest.approx(1000),
        "Lücke",
    )
    pieces = {row["art"]: row for row in result.rows()}
    assert {kind: row["flaeche_ha"] for kind, row in pieces.items()} == {
        "Verlust": pytest.approx(0.1),
        "Neu": pytest.approx(0.06),
        "erhalten": pytest.approx(0.9),
    }
    assert (pieces["Verlust"]["rang"], pieces["Neu"]["rang"]) == (1, None)
    assert all(row["ersatz_moeglich"] is None for row in pieces.values())


def test_a_layer_that_is_moved_as_a_whole_has_changed_nothing(change):
    now = [box(0.3, 0, 100, 100), box(300.3, 0, 30, 20)]
    found, result = change(meadows(BEFORE, AFTER[1]), meadows(*now), towns(TOWN))
    net, gross = found[CHANGE, "netto", "Ort 0"], found[CHANGE, "brutto_verlust", "Ort 0"]
    assert (net["wert"], net["status"]) == (pytest.approx(0, abs=1e-3), "erreicht")
    assert (gross["wert"], gross["status"]) == (0, "erreicht")
    assert {row["art"] for row in result.rows()} == {"erhalten"}
    assert "shifted by 0.30 m" in net["annahmen"]


def test_a_gain_in_one_town_makes_up_for_no_loss_in_another(change):
    before, now = (BEFORE, box(500, 0, 100, 100)), (box(0, 0, 100, 90), box(500, 0, 100, 150))
    found, _ = change(
        meadows(*before), meadows(*now), towns(box(-50, -50, 400, 400), box(350, -50, 400, 400))
    )
    assert found[CHANGE, "netto", "Ort 0"]["status"] == "Lücke"
    assert (found[CHANGE, "netto", "Ort 0"]["luecke"]) == pytest.approx(1000)
    assert found[CHANGE, "netto", "Ort 1"]["wert"] == pytest.approx(5000)
    assert found[CHANGE, "netto", "Ort 1"]["status"] == "erreicht"


def test_net_is_gain_less_loss_before_anything_is_dropped(change):
    before = meadows(BEFORE, box(300, 0, 50, 50))
    now = meadows(box(0, 0, 100, 97), box(300, 0, 50, 51), box(400, 0, 10, 4))
    found, _ = change(before, now, towns(TOWN), SHIFT_MAX=0)
    net = found[CHANGE, "netto", "Ort 0"]
    assert net["wert"] == pytest.approx(-300 + 50 + 40)
    assert "dropped as survey noise" in net["annahmen"]


@pytest.mark.parametrize("twice", [1, 2])
def test_doubles_and_pieces_change_nothing(change, twice):
    before = [box(0, 0, 40, 100), box(40, 0, 60, 100)] * twice
    now = [box(0, 0, 100, 45), box(0, 40, 100, 50), AFTER[1]] * twice
    found, result = change(meadows(*before), meadows(*now), towns(TOWN))
    assert found[CHANGE, "netto", "Ort 0"]["wert"] == pytest.approx(-400)
    assert found[CHANGE, "brutto_verlust", "Ort 0"]["wert"] == pytest.approx(-1000)
    assert len(result.rows()) == 3


@settings(max_examples=12)
@given(turn=st.floats(0, 90), cut=st.integers(10, 80), east=st.integers(-500, 500))
def test_place_direction_and_pieces_change_nothing(run, turn, cut, east):
    def turned(shape: str) -> QgsGeometry:
        moved = geometry(shape)
        moved.rotate(turn, QgsPointXY(EAST, NORTH))
        moved.translate(east, 0)
        return moved

    before = meadows(turned(box(0, 0, cut, 100)), turned(box(cut, 0, 100 - cut, 100)))
    now = meadows(*(turned(shape) for shape in AFTER))
    result = run("hz21_permanent_grassland", GRASSLAND=now, GRASSLAND_BEFORE=before)
    found = {
        row["variante_id"]: row["wert"] for row in result.rows("SUMMARY") if row["kennzahl_id"] == CHANGE
    }
    assert found == {
        "netto": pytest.approx(-400, abs=1e-3),
        "brutto_verlust": pytest.approx(-1000, abs=1e-3),
    }


# -- what grassland became ----------------------------------------------------------------------------------


def test_what_a_loss_became(change):
    lost = box(0, 90, 100, 10)
    now = meadows(box(0, 0, 100, 90), lost, kinds=["Grünland", "Ackerland"])
    _, result = change(meadows(BEFORE), now)
    assert [row["nutzung_neu"] for row in result.rows() if row["art"] == "Verlust"] == ["Ackerland"]
    use = layer([lost], {"nutzart": ["Weg"]}, name="nutzung")
    _, result = change(meadows(BEFORE), now, LOST_TO=use)
    assert [row["nutzung_neu"] for row in result.rows() if row["art"] == "Verlust"] == ["Weg"]
    _, result = change(meadows(BEFORE), now, LOST_TO=use, BUILT=layer([box(0, 95, 100, 5)], {"id": [1]}))
    assert [row["nutzung_neu"] for row in result.rows() if row["art"] == "Verlust"] == ["bebaut"]


def test_what_a_narrow_loss_became_where_the_later_survey_is_moved(change):
    """A strip of 2 m became arable land or a house; not moved back, the meadow would lie on most of it."""
    others = [box(150 * k, 200, 100, 100) for k in range(5)]
    shapes = [geometry(wkt) for wkt in (box(0, 0, 100, 98), *others, box(0, 98, 100, 50), box(0, 98, 100, 2))]
    for shape in shapes:
        shape.translate(0.5, 1.5)
    now = meadows(*shapes[:7], kinds=["Grünland"] * 6 + ["Ackerland"])
    extent = {"EXTENT": layer([TOWN], {"id": [1]}), "SHIFT_MAX": 3}
    for built, use in (({}, "Ackerland"), ({"BUILT": layer([shapes[7]], {"id": [1]})}, "bebaut")):
        found, result = change(
            meadows(BEFORE, *others), now, towns(box(-150, -150, 900, 900)), **extent, **built
        )
        assert found[CHANGE, "brutto_verlust", "Ort 0"]["zaehler"] == pytest.approx(-200)
        assert [row["nutzung_neu"] for row in result.rows() if row["art"] == "Verlust"] == [use]


@pytest.mark.parametrize("word", ["Ackergras", "Wechselgrünland", "424", "Kleegras, einjährig"])
def test_temporary_grassland_is_none(change, word):
    now = meadows(box(0, 0, 100, 90), box(0, 90, 100, 10), kinds=["Grünland", word])
    found, _ = change(meadows(BEFORE), now, towns(TOWN))
    assert found[SHARE, "spaeter", "Ort 0"]["wert"] == pytest.approx(90)


def test_the_share_of_farmed_ground(change):
    now = meadows(BEFORE, box(100, 0, 300, 100), box(500, 0, 10, 10), kinds=["Grünland", "Ackerland", "Wald"])
    row = change(None, now, towns(TOWN))[0][SHARE, "spaeter", "Ort 0"]
    assert (row["wert"], row["nenner"], row["status"]) == (
        pytest.approx(25),
        pytest.approx(4),
        "Zielwert offen",
    )


def test_without_other_farmed_ground_there_is_no_share(change):
    row = change(None, meadows(BEFORE), towns(TOWN))[0][SHARE, "spaeter", "Ort 0"]
    assert (row["status"], row["wert"]) == ("nicht bewertbar", None)


# -- what cannot be told ------------------------------------------------------------------------------------


def blank(found, variant="netto", town="Ort 0") -> str:
    row = found[CHANGE, variant, town]
    assert (row["status"], row["wert"]) == ("nicht bewertbar", None)
    return row["annahmen"]


def test_one_date_tells_no_change(change):
    found, _ = change(None, meadows(BEFORE), towns(TOWN))
    assert "without an earlier date" in blank(found)
    assert "without an earlier date" in blank(found, "brutto_verlust")


def test_field_blocks_and_cadastre_do_not_mean_the_same(change):
    cadastre = layer([AFTER[0]], {"objart": ["43001"], "veg": ["1020"]}, name="alkis")
    found, result = change(meadows(BEFORE), cadastre, towns(TOWN))
    assert "do not draw grassland alike" in blank(found)
    assert "do not draw grassland alike" in blank(found, "brutto_verlust")
    assert result.rows() == []


def test_the_same_field_with_other_words_does_not_mean_the_same(change):
    found, _ = change(meadows(BEFORE), meadows(AFTER[0], kinds=["DGL"]), towns(TOWN))
    assert "do not draw grassland alike" in blank(found)


@pytest.mark.parametrize(("source", "told"), [("Feldblöcke", True), ("ALKIS", False)])
def test_named_sources_decide(change, source, told):
    found, _ = change(
        meadows(BEFORE),
        meadows(AFTER[0], kinds=["DGL"]),
        towns(TOWN),
        SOURCE="Feldblöcke",
        SOURCE_BEFORE=source,
    )
    assert (found[CHANGE, "netto", "Ort 0"]["wert"] is not None) == told


@pytest.mark.parametrize("unknown", [None, "-9999", "unbekannt", "Grünland extensiv"])
@pytest.mark.parametrize(("width", "known"), [(79, False), (81, True)])
def test_ground_that_may_be_grassland_lowers_the_coverage(change, unknown, width, known):
    now = meadows(box(0, 0, width, 100), box(width, 0, 100 - width, 100), kinds=["Grünland", unknown])
    row = change(meadows(box(0, 0, width, 100)), now, towns(TOWN))[0][CHANGE, "netto", "Ort 0"]
    assert (row["abdeckung_proz"], row["wert"] is not None) == (pytest.approx(width), known)


@pytest.mark.parametrize("unknown", [None, "-9999", "unbekannt"])
@pytest.mark.parametrize(("width", "known"), [(50, False), (90, True)])
@pytest.mark.parametrize("is_later", [True, False])
def test_what_one_date_leaves_open_is_neither_lost_nor_new(change, unknown, width, known, is_later):
    """A meadow of 1 ha at one date; the other one leaves all but ``width`` metres open."""
    whole = meadows(BEFORE)
    partly = meadows(box(0, 0, width, 100), box(width, 0, 100 - width, 100), kinds=["Grünland", unknown])
    before, now = (whole, partly) if is_later else (partly, whole)
    found, result = change(before, now, towns(TOWN))
    for variant in ("netto", "brutto_verlust"):
        row = found[CHANGE, variant, "Ort 0"]
        assert row["abdeckung_proz"] == pytest.approx(width)
        assert (row["wert"], row["status"]) == ((0.0, "erreicht") if known else (None, "nicht bewertbar"))
    assert {row["art"]: row["flaeche_ha"] for row in result.rows()} == {
        "erhalten": pytest.approx(width / 100)
    }


def test_a_town_without_earlier_grassland_is_not_assessable(change):
    areas = towns(box(-50, -50, 300, 300), box(250, -50, 300, 300))
    found, _ = change(meadows(BEFORE), meadows(*AFTER), areas)
    blank(found, town="Ort 1")
    assert found[CHANGE, "netto", "Ort 0"]["wert"] == pytest.approx(-1000)


def test_a_town_that_one_date_does_not_reach_is_not_assessable(change):
    areas = towns(box(-50, -50, 300, 300), box(20_000, 0, 300, 300))
    far = box(20_000, 0, 100, 100)
    found, _ = change(meadows(BEFORE, far), meadows(AFTER[0]), areas)
    blank(found, town="Ort 1")


def test_a_layer_clipped_to_the_town_loses_nothing(change):
    """The earlier survey reaches beyond the later one; both hold other uses, so both say where they end."""
    before = meadows(box(0, 0, 400, 100), box(0, 200, 400, 100), kinds=["Grünland", "Ackerland"])
    now = meadows(box(0, 0, 200, 100), box(0, 200, 200, 100), kinds=["Grünland", "Ackerland"])
    found, _ = change(before, now, towns(box(0, 0, 200, 300)))
    assert found[CHANGE, "netto", "Ort 0"]["wert"] == pytest.approx(0, abs=1e-3)


def test_a_town_of_which_less_than_four_fifths_is_mapped_twice_is_not_assessable(change):
    extent = layer([box(0, 0, 150, 100)], {"id": [1]}, name="erfasst")
    found, _ = change(meadows(BEFORE), meadows(AFTER[0]), towns(box(0, 0, 200, 100)), EXTENT=extent)
    assert "only 75 % of the ground is mapped at both dates" in blank(found)


def test_lines_drawn_on_another_basis_tell_no_gross_loss(change):
    found, result = change(meadows(BEFORE), meadows(box(20, 20, 60, 60)), towns(TOWN))
    assert "another basis" in blank(found, "brutto_verlust")
    assert found[CHANGE, "netto", "Ort 0"]["wert"] == pytest.approx(-6400)
    assert {row["art"] for row in result.rows()} == {"erhalten"}


def test_dates_in_the_wrong_order_are_refused(change):
    with pytest.raises(QgsProcessingException, match="must be earlier"):
        change(meadows(BEFORE), meadows(AFTER[0]), DATE_BEFORE="2024-01-01", DATE="2016-01-01")


def test_dates_stand_in_the_findings(change):
    found, _ = change(
        meadows(BEFORE), meadows(AFTER[0]), towns(TOWN), DATE_BEFORE="2016-01-01", DATE="2024-01-01"
    )
    assert "dates 2016-01-01 and 2024-01-01" in found[CHANGE, "netto", "Ort 0"]["annahmen"]


def test_nothing_given_is_refused(run):
    with pytest.raises(QgsProcessingException, match="GRASSLAND or RASTER"):
        run("hz21_permanent_grassland")


def test_polygons_and_a_raster_of_one_date_are_refused(change, tmp_path):
    path = cells(tmp_path / "a.tif", land(BLOCK))
    with pytest.raises(QgsProcessingException, match="GRASSLAND_BEFORE or RASTER_BEFORE, not both"):
        change(meadows(BEFORE), meadows(*AFTER), RASTER_BEFORE=path)


# -- rasters ------------------------------------------------------------------------------------------------


def cells(path, values: np.ndarray, west: float = 0.0, cell: float = 100.0) -> str:
    """Write classes with the lower left corner at (west, 0) of the tests; 255 is nodata."""
    rows, columns = values.shape
    made = gdal.GetDriverByName("GTiff").Create(str(path), columns, rows, 1, gdal.GDT_Byte)
    made.SetGeoTransform((EAST + west, cell, 0, NORTH + rows * cell, 0, -cell))
    crs = osr.SpatialReference()
    crs.SetFromUserInput(UTM)
    made.SetProjection(crs.ExportToWkt())
    made.GetRasterBand(1).SetNoDataValue(255)
    made.GetRasterBand(1).WriteArray(values.astype(np.uint8))
    del made
    return str(path)


def land(*grass: tuple[slice, slice]) -> np.ndarray:
    values = np.full((10, 10), 12)
    for place in grass:
        values[place] = 18
    return values


BLOCK, STRIP = (slice(0, 6), slice(0, 6)), (slice(0, 6), slice(0, 4))


def test_cells_of_one_grid(change, tmp_path):
    """36 cells of 1 ha become 24; what was lost is two cells wide."""
    found, result = change(
        None,
        None,
        RASTER_BEFORE=cells(tmp_path / "a.tif", land(BLOCK)),
        RASTER=cells(tmp_path / "b.tif", land(STRIP)),
    )
    assert found[CHANGE, "netto", "Gesamt"]["wert"] == pytest.approx(-120_000)
    assert found[CHANGE, "brutto_verlust", "Gesamt"]["wert"] == pytest.approx(-120_000)
    assert found[SHARE, "spaeter", "Gesamt"]["wert"] == pytest.approx(24)
    assert sorted(row["art"] for row in result.rows()) == ["Verlust", "erhalten"]


@pytest.mark.parametrize(("west", "net"), [(61.0, -83_400), (-61.0, -120_000), (30.0, -102_000)])
def test_cells_of_another_grid_tell_net_only(change, tmp_path, west, net):
    """Four of six columns are left; what lies in one raster only does not count."""
    found, result = change(
        None,
        None,
        RASTER_BEFORE=cells(tmp_path / "a.tif", land(BLOCK)),
        RASTER=cells(tmp_path / "b.tif", land((slice(0, 6), slice(1, 5))), west=west),
    )
    assert found[CHANGE, "netto", "Gesamt"]["wert"] == pytest.approx(net)
    assert "do not lie upon each other" in blank(found, "brutto_verlust", "Gesamt")
    assert {row["art"] for row in result.rows()} == {"erhalten"}


def test_a_raster_and_polygons_do_not_mean_the_same(change, tmp_path):
    found, _ = change(None, meadows(BEFORE), RASTER_BEFORE=cells(tmp_path / "a.tif", land(BLOCK)))
    assert "do not draw grassland alike" in blank(found, town="Gesamt")


@pytest.mark.parametrize(("columns", "share"), [(5, None), (9, 100 * 36 / 90)])
def test_a_raster_of_part_of_a_town_tells_no_share_of_it(change, tmp_path, columns, share):
    now = land(BLOCK)
    now[:, columns:] = 255
    areas = towns(box(0, 0, 1000, 1000))
    row = change(None, None, areas, RASTER=cells(tmp_path / "b.tif", now))[0][SHARE, "spaeter", "Ort 0"]
    assert row["wert"] == (share and pytest.approx(share))
    assert row["abdeckung_proz"] == pytest.approx(10 * columns)


def test_a_survey_whose_extent_is_half_of_a_town_tells_no_share_of_it(change):
    now = meadows(box(0, 0, 50, 100), box(50, 0, 50, 100), kinds=["Grünland", "Ackerland"])
    extent = layer([box(0, 0, 100, 100)] * 2, {"id": [1, 2]}, name="erfasst")
    row = change(None, now, towns(box(0, 0, 200, 100)), EXTENT=extent)[0][SHARE, "spaeter", "Ort 0"]
    assert (row["wert"], row["abdeckung_proz"]) == (None, pytest.approx(50))
    assert "only 50 % of the ground is mapped" in row["annahmen"]


def test_cells_without_a_value_are_not_mapped(change, tmp_path):
    """The later raster has nothing in half of the town."""
    now = land(BLOCK)
    now[:, 5:] = 255
    found, _ = change(
        None,
        None,
        towns(box(0, 0, 1000, 1000)),
        RASTER_BEFORE=cells(tmp_path / "a.tif", land(BLOCK)),
        RASTER=cells(tmp_path / "b.tif", now),
    )
    assert "only 50 % of the ground is mapped at both dates" in blank(found)
