"""HZ 19 on data and figures nobody on the project made."""

from __future__ import annotations

import pytest
from qgis.core import QgsDistanceArea, QgsGeometry, QgsProject, QgsVectorLayer

from ..layer_factory import layer

RHINE_HA = {
    "Duisburg": 3101,
    "Wesel": 2269,
    "Xanten": 1661,
    "Rheinberg": 1462,
    "Voerde": 805,
    "Dinslaken": 13.5,
}
"""Active Rhine floodplain of the BfG inside municipalities, as published, rounded (METHODS R7)."""


class TestRhine:
    @pytest.fixture(scope="class")
    def result(self, run, data):
        municipalities = f"{data / 'ruhr.gpkg'}|layername=municipalities"
        return run(
            "hz19_floodplain_buildings",
            BUILDINGS=municipalities,
            FLOODPLAINS=f"{data / 'ruhr.gpkg'}|layername=rhine_floodplain",
            AREAS=municipalities,
            AREAS_NAME="GN",
            PLANNED=True,
        )

    @pytest.mark.parametrize(("name", "hectares"), RHINE_HA.items())
    def test_floodplain_per_municipality(self, result, name, hectares):
        (row,) = (row for row in result.rows() if row["GN"] == name)
        rounding = 0.05 if hectares < 100 else 0.5
        assert row["in_aue_m2"] / 10_000 == pytest.approx(hectares, abs=rounding)

    @pytest.mark.parametrize(("name", "hectares"), RHINE_HA.items())
    def test_attribution_gives_the_same_figure(self, result, name, hectares):
        share = result.finding("hz19.aue.bebauung_anteil", name)
        rounding = 0.05 if hectares < 100 else 0.5
        assert share["nenner"] / 10_000 == pytest.approx(hectares, abs=rounding)
        assert share["wert"] == pytest.approx(100.0, rel=1e-6)

    def test_every_municipality_has_its_findings(self, result):
        headline = [r for r in result.rows("SUMMARY") if r["kennzahl_id"] == "hz19.aue.neubau_flaeche"]
        assert len(headline) == 53
        dry = [r for r in headline if r["nenner"] == 0]
        assert {r["status"] for r in dry} == {"nicht bewertbar"}
        assert "Essen" in {r["gebiet"] for r in dry}


class TestAachen:
    """OpenStreetMap buildings against strips along the brooks; QGIS's own overlap is the other opinion."""

    @pytest.fixture(scope="class")
    def strips(self, data):
        waterways = QgsVectorLayer(f"{data / 'aachen_osm.gpkg'}|layername=waterways")
        return layer([f.geometry().buffer(25, 8) for f in waterways.getFeatures() if f.hasGeometry()])

    @pytest.fixture(scope="class")
    def result(self, run, data, strips):
        return run(
            "hz19_floodplain_buildings",
            BUILDINGS=f"{data / 'aachen_osm.gpkg'}|layername=buildings",
            FLOODPLAINS=strips,
            MIN_OVERLAP=0,
        )

    def test_what_was_mended_is_counted(self, result):
        """26 rings are unclosed at the clip edge: 22 of two or three points hold no area, 4 can be mended."""
        assert "35182 features read" in result.log.text
        assert "4 invalid geometries repaired" in result.log.text
        assert "22 unusable geometries left out" in result.log.text

    def test_same_areas_as_the_overlap_of_qgis(self, result, processing, data, strips):
        near = processing.run(
            "native:extractbylocation",
            {
                "INPUT": processing.run(
                    "native:fixgeometries",
                    {
                        "INPUT": f"{data / 'aachen_osm.gpkg'}|layername=buildings",
                        "METHOD": 1,
                        "OUTPUT": "TEMPORARY_OUTPUT",
                    },
                )["OUTPUT"],
                "PREDICATE": [0],
                "INTERSECT": strips,
                "OUTPUT": "TEMPORARY_OUTPUT",
            },
        )["OUTPUT"]
        overlap = processing.run(
            "native:calculatevectoroverlaps",
            {"INPUT": near, "LAYERS": [strips], "OUTPUT": "TEMPORARY_OUTPUT"},
        )["OUTPUT"]
        expected = {f["osm_way_id"] or f["osm_id"]: f["layer_area"] for f in overlap.getFeatures()}
        found = {row["osm_way_id"] or row["osm_id"]: row["in_aue_m2"] for row in result.rows()}
        assert len(found) > 500
        assert {key for key, area in expected.items() if area > 1e-6} == set(found)
        for key, area in found.items():
            assert area == pytest.approx(expected[key], rel=1e-6, abs=1e-6), key


class TestPrague:
    """Plots in EPSG:3857, a projected CRS whose areas are wrong by a factor of 2.4 there."""

    @pytest.fixture(scope="class")
    def plots(self, data):
        return QgsVectorLayer(f"{data / 'prague_plots.gpkg'}|layername=plots")

    @pytest.fixture(scope="class")
    def result(self, run, plots):
        hull = QgsGeometry.collectGeometry([f.geometry() for f in plots.getFeatures()]).convexHull()
        whole = layer([hull.buffer(10, 8)], crs="EPSG:3857")
        return run("hz19_floodplain_buildings", BUILDINGS=plots, FLOODPLAINS=whole, MIN_OVERLAP=0)

    def test_the_log_says_that_the_layer_was_transformed(self, result):
        assert "EPSG:3857" in result.log.text
        assert result.layer().crs().authid() == "EPSG:25833"

    def test_areas_are_those_on_the_ellipsoid(self, result, plots):
        measure = QgsDistanceArea()
        measure.setSourceCrs(plots.crs(), QgsProject.instance().transformContext())
        measure.setEllipsoid("EPSG:7019")
        true = sum(measure.measureArea(f.geometry()) for f in plots.getFeatures())
        found = sum(row["in_aue_m2"] for row in result.rows())
        naive = sum(f.geometry().area() for f in plots.getFeatures())
        assert len(result.rows()) == 407
        assert found == pytest.approx(true, rel=0.002)
        assert naive / true > 2.3
