"""HZ 21, peat soils: values by hand for emissions and savings, and what is not assessable."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from qgis.core import QgsGeometry, QgsPointXY, QgsProcessingException

from ...layer_factory import EAST, NORTH, box, geometry, layer, polygon
from .test_hz02_roof_greening import raster

HA = 10_000.0
TOWN = box(0, 0, 3000, 3000)
EMISSION, DRAINED, SAVING = "hz21.moor.emission", "hz21.moor.entwaessert", "hz21.moor.einsparung"
CODES = {
    "acker": ("43001", "1010"),
    "gruenland": ("43001", "1020"),
    "wald": ("43002", "1100"),
    "siedlung": ("41001", None),
    "nass": ("43006", None),
    "sonstige": ("43007", "1000"),
}


def example(_folder: Path) -> dict[str, object]:
    """Six peat soils of 1 ha, arable and grass in turn, in two towns whose other soils are none."""
    six = range(6)
    return {
        "SOIL": layer(
            [box(150 * k, 0, 100, 100) for k in six] + [box(150 * k, 500, 150, 400) for k in six],
            {
                "typ": ["Niedermoor", "Hochmoor", "Anmoor"] * 2 + ["Braunerde"] * 6,
                "wst": [20.0, 40.0, 60.0] * 2 + [200.0] * 6,
            },
            name="bodenkarte",
        ),
        "TYPE_FIELD": "typ",
        "WATER_FIELD": "wst",
        "LAND_USE": layer(
            [box(150 * k, -50, 150, 200) for k in six],
            {
                "art": ["Ackerland", "Grünland"] * 3,
                "was": ["Gemüse"] * 6,
                "ziel": ["gruenland_flach"] * 6,
            },
            name="landnutzung",
        ),
        "USE_FIELD": "art",
        "FUNCTION_FIELD": "was",
        "TARGET_USE_FIELD": "ziel",
        "TARGET_DEPTH": 10,
        "AREAS": layer(
            [box(0, -50, 450, 1000), box(450, -50, 450, 1000)],
            {"gemeinde": ["Westen", "Osten"], "ags": ["05999001", "05999002"]},
            name="gemeinden",
        ),
        "AREAS_NAME": "gemeinde",
        "AREAS_KEY": "ags",
    }


def soils(*shapes: str, types: list | None = None, **fields: list):
    return layer(
        list(shapes), {"typ_text": types or ["Niedermoor"] * len(shapes), **fields}, name="bodenkarte"
    )


def uses(*pairs: tuple[str, str | None], **fields: list):
    codes = [CODES.get(use or "", (use, None)) for _, use in pairs]
    columns = {"objart": [code for code, _ in codes], "veg": [veg for _, veg in codes]}
    return layer([shape for shape, _ in pairs], {**columns, **fields}, name="landnutzung")


def towns(*shapes: str):
    names = [f"Ort {number}" for number, _ in enumerate(shapes)]
    return layer(
        list(shapes),
        {"gemeinde": names, "ags": [f"0599900{n}" for n, _ in enumerate(shapes)]},
        name="gemeinden",
    )


@pytest.fixture
def peat(run):
    """Run and return the findings by indicator, variant and area."""

    def measured(soil, use, areas=None, **more):
        given = {} if areas is None else {"AREAS": areas}
        found = run("hz21_peat_soils", SOIL=soil, LAND_USE=use, **given, **more)
        rows = found.rows("SUMMARY")
        return {(row["kennzahl_id"], row["variante_id"], row["gebiet"]): row for row in rows}, found

    return measured


THREE = (
    (box(0, 0, 1000, 100), "acker"),
    (box(0, 100, 1000, 200), "gruenland"),
    (box(0, 300, 1000, 50), "wald"),
)


def test_ten_ha_arable_twenty_grassland_five_forest(peat):
    found, result = peat(soils(box(0, 0, 1000, 350)), uses(*THREE), towns(TOWN))
    row = found[EMISSION, "ipcc2013_ar6", "Ort 0"]
    assert (row["zaehler"], row["nenner"]) == (pytest.approx(993.55), pytest.approx(35))
    assert (row["wert"], row["status"]) == (pytest.approx(993.55 / 35), "Zielwert offen")
    assert (row["ist_leitwert"], row["abdeckung_proz"]) == (1, pytest.approx(100))
    assert "IPCC 2013 Wetlands Supplement, GWP AR6" in row["annahmen"]
    assert "20 ha of grassland without a water table" in row["annahmen"]
    flat = found[EMISSION, "gruenland_flach", "Ort 0"]
    assert flat["zaehler"] == pytest.approx(364.5 + 20 * 16.42 + 5 * 12.93)
    drained = found[DRAINED, "alle", "Ort 0"]
    assert drained["wert"] == pytest.approx(100 * 30 / 35)
    rows = sorted(result.rows(), key=lambda row: row["nutzung"])
    assert [(row["nutzung"], row["ef_t_ha_a"], round(row["emission_t_a"], 6)) for row in rows] == [
        ("acker", 36.45, 364.5),
        ("gruenland_tief", 28.22, 564.4),
        ("wald", 12.93, 64.65),
    ]
    assert {row["ausgabe"] for row in rows} == {"IPCC 2013 Wetlands Supplement, GWP AR6"}


def test_an_edition_that_has_no_factor_of_forest_covers_less(peat):
    """30 of 35 ha; the two editions stand in rows of their own and are never mixed."""
    found, _ = peat(soils(box(0, 0, 1000, 350)), uses(*THREE), towns(TOWN))
    row = found[EMISSION, "nir2012", "Ort 0"]
    assert (row["zaehler"], row["nenner"]) == (pytest.approx(770.0), pytest.approx(30))
    assert row["abdeckung_proz"] == pytest.approx(100 * 30 / 35)
    assert (row["ist_leitwert"], "CO2 only" in row["annahmen"]) == (0, True)


def test_the_chosen_edition_leads(peat):
    found, result = peat(
        soils(box(0, 0, 1000, 350)), uses(*THREE), towns(TOWN), EMISSION_EDITION="nir2012", MIN_AREA=0
    )
    assert found[EMISSION, "nir2012", "Ort 0"]["ist_leitwert"] == 1
    assert found[EMISSION, "ipcc2013_ar6", "Ort 0"]["ist_leitwert"] == 0
    by_use = {row["nutzung"]: row for row in result.rows()}
    assert (by_use["wald"]["ef_t_ha_a"], by_use["wald"]["emission_t_a"]) == (None, None)
    assert {row["ausgabe"] for row in result.rows()} == {"NIR 2012"}


@pytest.mark.parametrize(
    ("depth", "target", "evans", "couwenberg"),
    [(60.0, 30, 9.0, 10.0), (60.0, 10, 9.0, 20.0), (20.0, 10, 0.0, 5.0), (20.0, 40, 0.0, 0.0)],
)
def test_what_a_higher_water_table_saves(peat, depth, target, evans, couwenberg):
    soil = soils(box(0, 0, 100, 100), wst=[depth])
    use = uses((box(0, 0, 100, 100), "gruenland"))
    found, result = peat(soil, use, towns(TOWN), WATER_FIELD="wst", TARGET_DEPTH=target)
    assert found[SAVING, "evans", "Ort 0"]["wert"] == pytest.approx(evans)
    assert found[SAVING, "couwenberg", "Ort 0"]["wert"] == pytest.approx(couwenberg)
    (row,) = result.rows()
    assert (row["wasserstand_cm"], row["einsparung_wst_t_a"]) == (depth, pytest.approx(evans))
    assert row["nutzung"] == ("gruenland_tief" if depth >= 30 else "gruenland_flach")


def test_the_rule_chosen_leads(peat):
    soil = soils(box(0, 0, 100, 100), wst=[60.0])
    use = uses((box(0, 0, 100, 100), "acker"))
    found, result = peat(soil, use, WATER_FIELD="wst", TARGET_DEPTH=30, RULE="couwenberg")
    assert found[SAVING, "couwenberg", "Gesamt"]["ist_leitwert"] == 1
    assert result.rows()[0]["einsparung_wst_t_a"] == pytest.approx(10)


@pytest.mark.parametrize("given", [{"WATER_FIELD": "wst"}, {"TARGET_DEPTH": 10}])
def test_without_water_table_or_intended_depth_there_is_no_saving(peat, given):
    soil = soils(box(0, 0, 100, 100), wst=[60.0])
    found, _ = peat(soil, uses((box(0, 0, 100, 100), "acker")), towns(TOWN), **given)
    row = found[SAVING, "evans", "Ort 0"]
    assert (row["status"], row["wert"]) == ("nicht bewertbar", None)
    assert found[EMISSION, "ipcc2013_ar6", "Ort 0"]["wert"] == pytest.approx(36.45)


def test_a_placeholder_is_no_water_table(peat):
    halves = soils(box(0, 0, 100, 100), box(100, 0, 100, 100), wst=[60.0, -9999.0])
    use = uses((box(0, 0, 200, 100), "acker"))
    row = peat(halves, use, towns(TOWN), WATER_FIELD="wst", TARGET_DEPTH=30)[0][SAVING, "evans", "Ort 0"]
    assert (row["status"], row["abdeckung_proz"]) == ("nicht bewertbar", pytest.approx(50))


def test_another_use_saves_the_difference_of_the_factors(peat):
    use = uses(
        (box(0, 0, 100, 100), "acker"),
        (box(100, 0, 100, 100), "acker"),
        (box(200, 0, 100, 100), "acker"),
        ziel=["gruenland_flach", "nass", None],
    )
    _, result = peat(soils(box(0, 0, 300, 100)), use, TARGET_USE_FIELD="ziel")
    rows = {row["ziel_nutzung"]: row for row in result.rows()}
    assert rows["gruenland_flach"]["einsparung_t_a"] == pytest.approx(36.45 - 16.42)
    assert (rows["gruenland_flach"]["rang"], rows["nass"]["rang"], rows[None]["rang"]) == (1, None, None)
    assert (rows["nass"]["einsparung_t_a"], rows[None]["einsparung_t_a"]) == (None, None)


# -- each place once ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("order", [1, -1])
def test_doubles_overlaps_and_pieces_change_nothing(peat, order):
    soil = [box(0, 0, 600, 350), box(400, 0, 600, 350), box(400, 0, 600, 350)][::order]
    parts = [*THREE, THREE[0], (box(0, 100, 500, 200), "gruenland")][::order]
    found, result = peat(soils(*soil), uses(*parts), towns(TOWN))
    assert found[EMISSION, "ipcc2013_ar6", "Ort 0"]["zaehler"] == pytest.approx(993.55)
    assert len(result.rows()) == 3
    assert "1 soils delivered twice" in found[EMISSION, "ipcc2013_ar6", "Ort 0"]["annahmen"]
    assert "1 uses delivered twice" in found[EMISSION, "ipcc2013_ar6", "Ort 0"]["annahmen"]


@settings(max_examples=15)
@given(
    turn=st.floats(0, 90),
    cut=st.integers(5, 95),
    east=st.integers(-500, 500),
    order=st.permutations(range(4)),
)
def test_place_direction_order_and_pieces_change_nothing(run, turn, cut, east, order):
    def turned(shape: str) -> QgsGeometry:
        moved = geometry(shape)
        moved.rotate(turn, QgsPointXY(EAST, NORTH))
        moved.translate(east, 0)
        return moved

    pairs = [
        (box(0, 0, cut, 100), "acker"),
        (box(cut, 0, 100 - cut, 100), "acker"),
        (box(100, 0, 100, 60), "gruenland"),
        (box(100, 60, 100, 40), "wald"),
    ]
    use = uses(*((turned(shape), name) for shape, name in (pairs[n] for n in order)))
    soil = soils(turned(box(0, 0, 200, cut)), turned(box(0, cut, 200, 100 - cut)))
    found = run("hz21_peat_soils", SOIL=soil, LAND_USE=use).finding(EMISSION)
    assert found["zaehler"] == pytest.approx(36.45 + 0.6 * 28.22 + 0.4 * 12.93)
    assert found["nenner"] == pytest.approx(2)


def test_a_needle_and_a_bow_tie_do_not_stop_it(peat):
    bow = polygon([(0, 0), (100, 100), (100, 0), (0, 100)])
    needle = polygon([(0, 50), (200, 50.0001), (200, 50.0002)])
    use = uses((box(0, 0, 200, 100), "acker"), (needle, "wald"), (bow, "acker"))
    found, _ = peat(soils(box(0, 0, 200, 100), needle, bow), use, towns(TOWN))
    assert found[EMISSION, "ipcc2013_ar6", "Ort 0"]["nenner"] == pytest.approx(2, rel=1e-4)


def test_where_uses_overlap_settlement_goes_before_arable_land(peat):
    use = uses((box(0, 0, 100, 100), "acker"), (box(0, 0, 50, 100), "siedlung"))
    _, result = peat(soils(box(0, 0, 100, 100)), use)
    assert {row["nutzung"]: row["flaeche_ha"] for row in result.rows()} == {
        "acker": pytest.approx(0.5),
        "siedlung": pytest.approx(0.5),
    }


def test_where_soils_overlap_peat_goes_before_half_peat(peat):
    soil = soils(box(0, 0, 100, 100), box(0, 0, 200, 100), types=["Niedermoor", "Anmoor"])
    found, result = peat(soil, uses((box(0, 0, 200, 100), "acker")), towns(TOWN))
    assert {row["moortyp"]: row["flaeche_ha"] for row in result.rows()} == {
        "Niedermoor": pytest.approx(1),
        "Anmoor": pytest.approx(1),
    }
    assert found[EMISSION, "nur_moor", "Ort 0"]["nenner"] == pytest.approx(1)
    assert found[DRAINED, "nur_moor", "Ort 0"]["nenner"] == pytest.approx(1)
    assert found[DRAINED, "alle", "Ort 0"]["nenner"] == pytest.approx(2)


def test_sums_are_cut_at_areas_and_features_are_not(peat):
    found, result = peat(
        soils(box(0, 0, 200, 100)),
        uses((box(0, 0, 200, 100), "acker")),
        towns(box(0, 0, 150, 100), box(150, 0, 100, 100)),
    )
    assert [found[EMISSION, "ipcc2013_ar6", f"Ort {n}"]["zaehler"] for n in (0, 1)] == [
        pytest.approx(1.5 * 36.45),
        pytest.approx(0.5 * 36.45),
    ]
    (row,) = result.rows()
    assert (row["flaeche_ha"], row["gebiet"]) == (pytest.approx(2), "Ort 0")


def test_small_polygons_count_and_are_not_drawn(peat):
    use = uses((box(0, 0, 100, 100), "acker"), (box(100, 0, 9, 100), "wald"))
    found, result = peat(soils(box(0, 0, 109, 100)), use, towns(TOWN))
    assert [row["nutzung"] for row in result.rows()] == ["acker"]
    row = found[EMISSION, "ipcc2013_ar6", "Ort 0"]
    assert row["zaehler"] == pytest.approx(36.45 + 0.09 * 12.93)
    assert "1 polygons below MIN_AREA, together 0.090 ha" in row["annahmen"]


# -- what is not known --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("width", "status"), [(79, "nicht bewertbar"), (81, "Zielwert offen")])
@pytest.mark.parametrize("unknown", [None, "-9999", "43001", "Paludikultur"])
def test_unknown_use_lowers_the_coverage(peat, width, status, unknown):
    use = uses((box(0, 0, width, 100), "acker"), (box(width, 0, 100 - width, 100), unknown))
    found, _ = peat(soils(box(0, 0, 100, 100)), use, towns(TOWN))
    for key in ((EMISSION, "ipcc2013_ar6", "Ort 0"), (DRAINED, "alle", "Ort 0")):
        assert (found[key]["abdeckung_proz"], found[key]["status"]) == (pytest.approx(width), status)
    strange = unknown in ("43001", "Paludikultur")
    assert ("uses in no list" in found[EMISSION, "ipcc2013_ar6", "Ort 0"]["annahmen"]) == strange


def test_ground_without_any_land_use_is_of_unknown_use(peat):
    found, result = peat(
        soils(box(0, 0, 100, 100)), uses((box(0, 0, 50, 100), "acker")), towns(TOWN), MIN_AREA=0
    )
    assert found[DRAINED, "alle", "Ort 0"]["abdeckung_proz"] == pytest.approx(50)
    assert sorted(row["nutzung"] for row in result.rows()) == ["acker", "unbekannt"]


@pytest.mark.parametrize("unknown", [None, "unbekannt", "Moormarsch"])
def test_unknown_soil_lowers_the_coverage(peat, unknown):
    """Half of the soil map does not say what it is; what sounds like peat but stands in no list neither."""
    soil = soils(box(0, 0, 100, 100), box(100, 0, 100, 100), types=["Niedermoor", unknown])
    found, _ = peat(soil, uses((box(0, 0, 200, 100), "acker")), towns(TOWN))
    row = found[EMISSION, "ipcc2013_ar6", "Ort 0"]
    assert (row["status"], row["abdeckung_proz"]) == ("nicht bewertbar", pytest.approx(50))


def test_an_area_of_unknown_soils_may_have_peat(peat):
    soil = soils(
        box(0, 0, 100, 100),
        box(1000, 0, 500, 100),
        box(1500, 0, 500, 100),
        types=["Niedermoor", None, "Gley"],
    )
    areas = towns(box(0, 0, 1000, 100), box(1000, 0, 1000, 100))
    found, _ = peat(soil, uses((box(0, 0, 2000, 100), "acker")), areas)
    row = found[EMISSION, "ipcc2013_ar6", "Ort 1"]
    assert (row["status"], row["abdeckung_proz"]) == ("nicht bewertbar", 0)
    assert "no peat soil is known" in row["annahmen"]


def test_an_area_without_peat_has_no_row(peat):
    soil = soils(box(0, 0, 100, 100), box(1000, 0, 1000, 100), types=["Niedermoor", "Braunerde"])
    areas = towns(box(0, 0, 1000, 100), box(1000, 0, 1000, 100))
    found, _ = peat(soil, uses((box(0, 0, 2000, 100), "acker")), areas)
    assert {name for _, _, name in found} == {"Ort 0"}


def test_an_area_that_the_soil_map_does_not_reach_is_not_assessable(peat):
    areas = towns(box(0, 0, 1000, 100), box(10_000, 0, 1000, 100))
    found, _ = peat(soils(box(0, 0, 100, 100)), uses((box(0, 0, 2000, 100), "acker")), areas)
    row = found[EMISSION, "ipcc2013_ar6", "Ort 1"]
    assert (row["status"], row["wert"]) == ("nicht bewertbar", None)
    assert "nothing of" in row["annahmen"]


def test_soils_that_no_list_knows_are_refused(peat):
    with pytest.raises(QgsProcessingException, match=r"none of the values.*PEAT_VALUES.*Braunerde"):
        peat(soils(box(0, 0, 100, 100), types=["Braunerde"]), uses((box(0, 0, 100, 100), "acker")))


def test_without_a_field_of_types_nothing_can_be_told(peat):
    with pytest.raises(QgsProcessingException, match="TYPE_FIELD"):
        peat(layer([box(0, 0, 100, 100)], {"id": [1]}), uses((box(0, 0, 100, 100), "acker")))


# -- rasters ------------------------------------------------------------------------------------------------

WHOLE = box(0, 0, 400, 400)


@pytest.mark.parametrize("factor", [1.0, 0.01])
def test_cells_that_are_sealed_are_left_out_and_shown(peat, tmp_path, factor):
    """Of 16 ha a quarter is sealed by 31 %, another by 30 %."""
    values = np.zeros((40, 40))
    values[:20, :20], values[:20, 20:] = 31.0 * factor, 30.0 * factor
    found, result = peat(
        soils(WHOLE),
        uses((WHOLE, "acker")),
        towns(TOWN),
        SEALING=raster(tmp_path / "versiegelung.tif", values, cell=10.0),
    )
    row = found[EMISSION, "ipcc2013_ar6", "Ort 0"]
    assert (row["nenner"], row["wert"]) == (pytest.approx(12), pytest.approx(36.45))
    assert "4.0 ha of sealed peat soils" in row["annahmen"] or "4 ha of sealed" in row["annahmen"]
    areas = {row["nutzung"]: row["flaeche_ha"] for row in result.rows()}
    assert areas == {"versiegelt": pytest.approx(4), "acker": pytest.approx(12)}


def test_cells_without_sealing_are_of_unknown_use(peat, tmp_path):
    values = np.zeros((40, 40))
    values[:20, :20], values[0, 39] = -9999.0, 60.0
    found, _ = peat(
        soils(WHOLE),
        uses((WHOLE, "acker")),
        towns(TOWN),
        SEALING=raster(tmp_path / "versiegelung.tif", values, cell=10.0),
    )
    row = found[DRAINED, "alle", "Ort 0"]
    assert row["abdeckung_proz"] == pytest.approx(100 * 11.99 / 15.99)


def test_the_water_table_of_a_raster(peat, tmp_path):
    """Grass at 20 cm, arable land at 60 cm; a third of the soils has no cell."""
    values = np.full((40, 40), 20.0)
    values[:, 20:] = 60.0
    use = uses((box(0, 0, 200, 400), "gruenland"), (box(200, 0, 200, 400), "acker"))
    found, result = peat(
        soils(WHOLE),
        use,
        towns(TOWN),
        WATER_TABLE=raster(tmp_path / "flurabstand.tif", values, cell=10.0),
        TARGET_DEPTH=10,
    )
    assert {row["nutzung"]: row["wasserstand_cm"] for row in result.rows()} == {
        "gruenland_flach": pytest.approx(20),
        "acker": pytest.approx(60),
    }
    assert found[SAVING, "evans", "Ort 0"]["wert"] == pytest.approx(4.5)
    assert found[SAVING, "couwenberg", "Ort 0"]["wert"] == pytest.approx((5 + 20) / 2)


def test_grassland_without_its_depth_has_no_factor_where_others_have_theirs(peat):
    halves = soils(box(0, 0, 100, 100), box(100, 0, 100, 100), wst=[60.0, None])
    found, result = peat(halves, uses((box(0, 0, 200, 100), "gruenland")), towns(TOWN), WATER_FIELD="wst")
    row = found[EMISSION, "ipcc2013_ar6", "Ort 0"]
    assert (row["status"], row["abdeckung_proz"]) == ("nicht bewertbar", pytest.approx(50))
    assert (EMISSION, "gruenland_flach", "Ort 0") not in found
    assert found[DRAINED, "alle", "Ort 0"]["wert"] == pytest.approx(100)
    assert sorted(row["nutzung"] for row in result.rows()) == ["gruenland", "gruenland_tief"]


def test_values_that_are_no_depths_are_unknown(peat, tmp_path):
    values = np.full((40, 40), 20.0)
    values[0, 0] = -32768.0
    found, _ = peat(
        soils(WHOLE),
        uses((WHOLE, "gruenland")),
        towns(TOWN),
        WATER_TABLE=raster(tmp_path / "flurabstand.tif", values, cell=10.0),
        TARGET_DEPTH=10,
    )
    assert found[SAVING, "evans", "Ort 0"]["status"] == "nicht bewertbar"


# -- tables -------------------------------------------------------------------------------------------------

OWN = """\
table: emission
id: nir2024
edition: NIR 2024
unit: t CO2e/(ha·a)
scope: {de: alle Gase, en: all gases}
source: Umweltbundesamt
values:
  acker: {value: 40.4, mark: P}
  nass: {value: 5.5, mark: P}
"""


def test_an_own_table_leads_and_its_edition_stands_in_the_findings(peat, tmp_path):
    path = tmp_path / "faktoren.yaml"
    path.write_text(OWN, encoding="utf-8")
    use = uses((box(0, 0, 100, 100), "acker"), (box(100, 0, 100, 100), "nass"))
    found, result = peat(soils(box(0, 0, 200, 100)), use, towns(TOWN), EMISSION_TABLE=str(path))
    row = found[EMISSION, "nir2024", "Ort 0"]
    assert (row["wert"], row["ist_leitwert"]) == (pytest.approx(22.95), 1)
    assert "emission factors NIR 2024 (all gases)" in row["annahmen"]
    assert {key[1] for key in found if key[0] == EMISSION} >= {"ipcc2013_ar6", "nir2012", "nir2024"}
    assert {row["ausgabe"] for row in result.rows()} == {"NIR 2024"}


def test_a_wrong_table_is_refused_with_file_and_line(peat, tmp_path):
    path = tmp_path / "faktoren.yaml"
    path.write_text(OWN.replace("40.4", "40400"), encoding="utf-8")
    with pytest.raises(QgsProcessingException, match=r"faktoren.yaml:8: expected a number from -50 to 200"):
        peat(soils(WHOLE), uses((WHOLE, "acker")), EMISSION_TABLE=str(path))
