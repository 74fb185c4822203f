"""The plan draft by hand: squares whose ground follows from their construction, and the sample."""

from __future__ import annotations

import pytest
from gruene_infra.gruene_infra_plugin.paths import SAMPLE
from qgis.core import QgsGeometry, QgsProcessingException, QgsVectorLayer

from ...layer_factory import box, layer, polygon, reprojected, saved
from .results import stored

CENTIMETRES = 0.05


def plan():
    return layer([box(0, 0, 100, 100), box(200, 0, 50, 50)], {"name": ["A", "B"]}, name="plan")


def grounds():
    """Overlapping floodplains: 8 000 m² of A; a bow-tie of forest: 200 m² of A; a corridor round B."""
    return {
        "FLOODPLAINS": layer([box(0, 0, 60, 100), box(40, 0, 40, 100)]),
        "FOREST": layer([polygon([(0, 0), (20, 20), (20, 0), (0, 20)])]),
        "CORRIDORS": reprojected(layer([box(190, -10, 100, 100)]), "EPSG:4326"),
    }


def test_each_square_metre_counts_once_and_what_is_not_given_stays_empty(run):
    done = run("plan_draft", PLAN=plan(), **grounds())
    a, b = done.rows("plan_areas")
    assert (a["name"], a["plan_m2"], b["name"], b["plan_m2"]) == ("A", 10_000, "B", 2_500)
    assert a["aue_m2"] == pytest.approx(8_000)
    assert a["aue_proz"] == pytest.approx(80)
    assert a["wald_m2"] == pytest.approx(200)
    assert a["wald_proz"] == pytest.approx(2)
    assert (a["gruenzug_m2"], b["aue_m2"], b["wald_m2"]) == (0, 0, 0)
    assert b["gruenzug_m2"] == pytest.approx(2_500, abs=CENTIMETRES)
    assert (a["schutz_m2"], a["schutz_proz"], b["schutz_m2"]) == (None, None, None)


def test_the_overview_adds_up_the_plan_areas(run):
    (row,) = run("plan_draft", PLAN=plan(), **grounds()).rows("overview")
    assert (row["planflaechen"], row["plan_m2"]) == (2, 12_500)
    assert row["aue_m2"] == pytest.approx(8_000)
    assert row["aue_proz"] == pytest.approx(64)
    assert row["wald_proz"] == pytest.approx(1.6)
    assert row["gruenzug_proz"] == pytest.approx(20, abs=0.001)
    assert (row["aue_flaechen"], row["wald_flaechen"], row["gruenzug_flaechen"]) == (1, 1, 1)
    assert (row["schutz_m2"], row["schutz_proz"], row["schutz_flaechen"]) == (None, None, None)


def test_a_plan_in_degrees_is_measured_in_square_metres(run):
    done = run("plan_draft", PLAN=reprojected(plan(), "EPSG:4326"), **grounds())
    assert [row["plan_m2"] for row in done.rows("plan_areas")] == pytest.approx(
        [10_000, 2_500], abs=CENTIMETRES
    )
    assert done.rows("plan_areas")[0]["aue_m2"] == pytest.approx(8_000, abs=CENTIMETRES)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"FOREST": layer([box(5_000, 0, 10, 10)])}, "near the plan draft (PLAN): FOREST. Check"),
        (dict.fromkeys(grounds()), "Choose at least one of the layers FLOODPLAINS, FOREST"),
        ({"PLAN": layer([], wkb="Polygon")}, "The plan draft (PLAN) holds no areas."),
    ],
)  # fmt: skip
def test_layers_that_tell_nothing_are_refused(run, changed, message):
    with pytest.raises(QgsProcessingException) as error:
        run("plan_draft", **({"PLAN": plan(), **grounds()} | changed))
    assert message in str(error.value)


def test_on_the_sample_through_qgis_process(qgis_process, tmp_path):
    areas = [box(-1_000, 4_500, 1_000, 1_000), box(0, 4_500, 1_000, 1_000), box(1_500, 5_600, 800, 1_200)]
    tables = {
        "aue": ("FLOODPLAINS", "ueberschwemmungsgebiete"),
        "wald": ("FOREST", "wald_2015"),
        "gruenzug": ("CORRIDORS", "gruenzuege"),
        "schutz": ("PROTECTED", "schutzgebiete"),
    }
    inputs = {name: f"{SAMPLE}|layername={table}" for name, table in tables.values()}
    outputs = {"plan_areas": tmp_path / "areas.gpkg", "overview": tmp_path / "overview.csv"}
    qgis_process("plan_draft", PLAN=saved(layer(areas), tmp_path / "plan.gpkg"), **inputs, **outputs)
    found = stored(outputs["plan_areas"])
    assert len(found) == len(areas)
    for prefix, (_, table) in tables.items():
        source = QgsVectorLayer(f"{SAMPLE}|layername={table}", table, "ogr")
        ground = QgsGeometry.unaryUnion([feature.geometry() for feature in source.getFeatures()])
        expected = [QgsGeometry.fromWkt(area).intersection(ground).area() for area in areas]
        assert sum(expected) > 0
        assert [row[f"{prefix}_m2"] for row in found] == pytest.approx(expected, abs=0.01)
