"""The roof campaign by hand, and on the sample against its algorithms one by one."""

from __future__ import annotations

from itertools import pairwise

from gruene_infra.gruene_infra_plugin.paths import SAMPLE
from qgis.core import QgsGeometry, QgsVectorLayer

from ...layer_factory import box, layer
from .results import stored


def stock():
    """Roofs of 200, 300, 100 m² in the city, one of 150 m² across its border, two beside it, a steep one."""
    return {
        "BUILDINGS": layer(
            [
                box(10, 10, 20, 10),
                box(10, 40, 30, 10),
                box(60, 10, 10, 10),
                box(90, 40, 15, 10),
                box(100, 70, 40, 10),
                box(300, 0, 40, 10),
                box(60, 60, 20, 20),
            ],
            {"id": list("abcdefg"), "neigung": [2.0] * 6 + [40.0]},
        ),
        "INNER_CITY": layer(
            [box(0, 0, 100, 100), box(200, 0, 200, 100)], {"Raumtyp": ["Innenstadt", "Gewerbe"]}
        ),
        "SLOPE_FIELD": "neigung",
    }


def test_the_largest_flat_roof_of_the_inner_city_comes_first(run):
    done = run("roof_campaign", **stock())
    found = [(row["id"], row["flach_m2"], row["platz"]) for row in done.rows("candidates")]
    assert found == [("b", 300, 1), ("a", 200, 2), ("d", 150, 3), ("c", 100, 4)]
    assert [row["id"] for row in done.rows("letters")] == list("badc")
    assert not done.layer("letters").isSpatial()


def test_letters_may_begin_at_an_area_and_the_findings_stay(run):
    every, large = run("roof_campaign", **stock()), run("roof_campaign", LETTERS_FROM=200, **stock())
    assert [row["id"] for row in large.rows("candidates")] == ["b", "a"]
    assert large.rows("findings") == every.rows("findings")


def test_without_a_candidate_the_report_is_written(run, tmp_path):
    report = tmp_path / "report.html"
    done = run(
        "roof_campaign", LETTERS_FROM=1_000, report=str(report), map=str(tmp_path / "map.png"), **stock()
    )
    assert done.rows("candidates") == []
    assert "Greened share of the flat-roof area" in report.read_text(encoding="utf-8")


def test_on_the_sample_through_qgis_process(qgis_process, run, tmp_path):
    def table(name: str) -> str:
        return f"{SAMPLE}|layername={name}"

    inputs = {
        "BUILDINGS": table("gebaeude"),
        "INNER_CITY": table("raumtypen"),
        "DSM": str(SAMPLE.with_name("oberflaechenmodell.tif")),
        "VEGETATION": str(SAMPLE.with_name("vegetation.tif")),
        "GREEN_FIELD": "gruendach",
        "EXCLUDED_FIELD": "denkmal",
        "AREAS": table("gemeinden"),
        "AS_OF": "2026-06-30",
    }
    files = {name: tmp_path / f"{name}.gpkg" for name in ("candidates", "findings")}
    letters, report, drawn = tmp_path / "letters.csv", tmp_path / "report.html", tmp_path / "map.png"
    qgis_process("roof_campaign", **inputs, **files, letters=letters, report=report, map=drawn)
    alone = run("hz02_roof_greening", **inputs)
    city = QgsVectorLayer(table("raumtypen"), "city", "ogr")
    inside = QgsGeometry.unaryUnion(
        [f.geometry() for f in city.getFeatures() if f["raumtyp"] == "Innenstadt"]
    ).buffer(-0.001, 8)
    expected = [
        (feature["gebaeude_id"], feature["flach_m2"])
        for feature in alone.layer().getFeatures()
        if feature["kandidat"] == 1 and feature.geometry().intersects(inside)
    ]
    found = stored(files["candidates"])
    assert len(expected) > 100
    assert {(row["gebaeude_id"], row["flach_m2"]) for row in found} == set(expected)
    areas = [row["flach_m2"] for row in found]
    assert all(larger >= smaller - 0.01 for larger, smaller in pairwise(areas))
    assert [row["platz"] for row in found] == list(range(1, len(expected) + 1))
    told = stored(letters)
    assert [row["gebaeude_id"] for row in told] == [row["gebaeude_id"] for row in found]
    monitor = run(
        "target_monitor", SUMMARIES=[alone.layer("SUMMARY")], AREAS=table("gemeinden"), AS_OF="2026-06-30"
    )
    assert stored(files["findings"]) == monitor.rows()
    assert "data:image/png;base64," in report.read_text(encoding="utf-8")
    assert drawn.stat().st_size > 10_000
