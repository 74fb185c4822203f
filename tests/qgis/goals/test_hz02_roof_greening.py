"""HZ 02 by hand: roofs whose slope, vegetation and share follow from their construction."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal, osr
from qgis.core import QgsProcessingException

from ...layer_factory import EAST, NORTH, box, layer

HEAD = "hz02.dach.anteil_flaeche"


def example(_folder: Path) -> dict[str, object]:
    """Ten roofs of 12 m × 10 m under level faces, six in the inner city, every second one greened.

    Inner city: 3 · 120 m² of 6 · 120 m² greened.
    """
    ten = range(10)
    return {
        "BUILDINGS": layer(
            [box(0, 20 * k, 12, 10) for k in ten],
            {
                "id": [f"b{k}" for k in ten],
                "dachform": [1000] * 10,
                "neigung": [2.0] * 10,
                "gruendach": [k % 2 for k in ten],
                "anteil": [50.0 * (k % 2) for k in ten],
                "denkmal": [0] * 10,
            },
            name="gebaeude",
        ),
        "ROOF_FACES": layer(
            [box(0, 20 * k, 12, 10) for k in ten],
            {"neigung_grad": [1.0] * 10, "dachform": [1000] * 10},
            name="dachflaechen",
        ),
        "SLOPE_FIELD": "neigung",
        "ROOF_TYPE_FIELD": "dachform",
        "GREEN_FIELD": "gruendach",
        "VEGETATION_SHARE_FIELD": "anteil",
        "EXCLUDED_FIELD": "denkmal",
        "INNER_CITY": layer([box(-50, 20 * k - 5, 200, 20) for k in range(6)], name="innenstadt"),
        "AREAS": layer(
            [box(-50, -100, 200, 195), box(-50, 95, 200, 195)],
            {"gemeinde": ["Südstadt", "Nordstadt"], "ags": ["05999001", "05999002"]},
            name="gemeinden",
        ),
        "AREAS_NAME": "gemeinde",
        "AREAS_KEY": "ags",
    }


def raster(path, values: np.ndarray, cell: float = 1.0, nodata: float | None = -9999.0) -> str:
    """Write values, first row in the north, with the lower left corner at (0, 0) of the tests."""
    rows, columns = values.shape
    dataset = gdal.GetDriverByName("GTiff").Create(str(path), columns, rows, 1, gdal.GDT_Float32)
    dataset.SetGeoTransform((EAST, cell, 0, NORTH + rows * cell, 0, -cell))
    crs = osr.SpatialReference()
    crs.ImportFromEPSG(25832)
    dataset.SetProjection(crs.ExportToWkt())
    band = dataset.GetRasterBand(1)
    if nodata is not None:
        band.SetNoDataValue(nodata)
    band.WriteArray(values)
    return str(path)


def scene(size: int = 100, height: float = 50.0) -> np.ndarray:
    return np.full((size, size), height, dtype=np.float32)


def surveyed(heights: np.ndarray, noise: float = 0.002) -> np.ndarray:
    """Return heights with noise, as every survey has it; -9999 stays."""
    noisy = heights + np.random.default_rng(7).normal(0, noise, heights.shape)
    return np.where(heights == -9999.0, heights, noisy)


def put(values: np.ndarray, x: int, y: int, heights: np.ndarray) -> None:
    """Set the heights of a rectangle by its lower left corner; row 0 of ``heights`` is the northern one."""
    rows, columns = heights.shape
    top = values.shape[0] - y - rows
    values[top : top + rows, x : x + columns] = heights


def gable(width: int, depth: int, degrees: float, eaves: float = 60.0) -> np.ndarray:
    """Return a gabled roof with its ridge from west to east."""
    centre = np.arange(depth) + 0.5
    rise = np.tan(np.radians(degrees)) * np.minimum(centre, depth - centre)
    return np.repeat((eaves + rise)[:, None], width, axis=1)


def tilted(width: int, depth: int, degrees: float, eaves: float = 60.0) -> np.ndarray:
    return np.repeat((eaves + np.tan(np.radians(degrees)) * np.arange(depth))[:, None], width, axis=1)


def hz02(run, shapes, **parameters):
    fields = parameters.pop("fields", {})
    return run(
        "hz02_roof_greening",
        BUILDINGS=layer(shapes, {"id": list(range(1, len(shapes) + 1)), **fields}, name="gebaeude"),
        **parameters,
    )


class TestFromCodes:
    def test_share_of_the_flat_area(self, run):
        result = hz02(
            run,
            [box(0, 0, 20, 10), box(30, 0, 10, 10), box(50, 0, 10, 10)],
            fields={"dachform": [1000, 1000, 3100], "gruen": ["ja", "nein", "nein"]},
            GREEN_FIELD="gruen",
        )
        found = result.finding(HEAD)
        assert (found["zaehler"], found["nenner"]) == (pytest.approx(200.0), pytest.approx(300.0))
        assert found["wert"] == pytest.approx(66.6667, abs=1e-3)
        assert (found["ziel"], found["status"], found["variante_id"]) == (50.0, "erreicht", "neigung_10")
        rows = {row["id"]: row for row in result.rows()}
        assert [rows[i]["flach"] for i in (1, 2, 3)] == [1, 1, 0]
        assert {row["beleg"] for row in rows.values()} == {"Dachform"}
        assert [rows[i]["kandidat"] for i in (1, 2, 3)] == [0, 1, 0]
        assert [rows[i]["grund"] for i in (1, 2, 3)] == ["begrünt", None, "geneigt"]

    def test_a_code_cannot_tell_three_from_ten_degrees(self, run):
        fields = {"roof:shape": ["flat", "gabled"], "gruen": [0, 0]}
        result = hz02(run, [box(0, 0, 20, 10), box(30, 0, 10, 10)], fields=fields, GREEN_FIELD="gruen")
        by_variant = {v: row["status"] for (k, v, _), row in result.findings.items() if k == HEAD}
        assert by_variant["neigung_10"] == "Lücke"
        assert by_variant["neigung_5"] == by_variant["neigung_3"] == "nicht bewertbar"

    def test_unknown_roofs_lower_the_coverage(self, run):
        fields = {"dachform": [1000, None, 9999], "gruen": [1, 1, 1]}
        shapes = [box(0, 0, 20, 10), box(30, 0, 10, 10), box(50, 0, 10, 10)]
        found = hz02(run, shapes, fields=fields, GREEN_FIELD="gruen").finding(HEAD)
        assert (found["abdeckung_proz"], found["status"]) == (pytest.approx(50.0), "nicht bewertbar")
        assert found["wert"] is None

    def test_without_any_word_on_vegetation_nothing_is_assessable(self, run):
        result = hz02(run, [box(0, 0, 20, 10)], fields={"dachform": [1000]})
        assert result.finding(HEAD)["status"] == "nicht bewertbar"
        (row,) = result.rows()
        assert (row["flach"], row["begruent"], row["kandidat"]) == (1, None, 1)

    def test_excluded_roofs_leave_only_the_long_term_target(self, run):
        fields = {"dachform": [1000, 1000], "gruen": [1, 0], "denkmal": [0, 1]}
        result = hz02(
            run,
            [box(0, 0, 10, 10), box(30, 0, 30, 10)],
            fields=fields,
            GREEN_FIELD="gruen",
            EXCLUDED_FIELD="denkmal",
        )
        assert result.finding(HEAD)["wert"] == pytest.approx(25.0)
        assert result.finding(HEAD)["luecke_abs"] == pytest.approx(100.0)
        long_term = result.finding("hz02.dach.langfristig")
        assert (long_term["wert"], long_term["status"]) == (pytest.approx(100.0), "erreicht")
        assert [row["grund"] for row in result.rows()] == ["begrünt", "ausgeschlossen"]

    def test_share_field_in_percent_or_as_fraction(self, run):
        for values in ([12.0, 8.0], [0.12, 0.08]):
            fields = {"dachform": [1000, 1000], "vegetation_proportion": values}
            result = hz02(
                run,
                [box(0, 0, 20, 20), box(30, 0, 20, 20)],
                fields=fields,
                VEGETATION_SHARE_FIELD="vegetation_proportion",
            )
            assert [row["begruent"] for row in result.rows()] == [1, 0]
            assert [row["gruen_m2"] for row in result.rows()] == pytest.approx([48.0, 32.0])
            variants = {v: row["wert"] for (k, v, _), row in result.findings.items() if k == HEAD}
            assert variants["neigung_10"] == pytest.approx(50.0)
            assert variants["neigung_10.vegetation_m2"] == pytest.approx(10.0)
            assert variants["neigung_10.anzahl"] == pytest.approx(50.0)

    def test_roofs_are_counted_as_roofs_beside_their_area(self, run):
        """Three flat roofs, 100 m² of them greened, 300 and 500 m² not."""
        fields = {"dachform": [1000] * 3, "gruen": [1, 0, 0]}
        shapes = [box(0, 0, 10, 10), box(30, 0, 30, 10), box(80, 0, 50, 10)]
        result = hz02(run, shapes, fields=fields, GREEN_FIELD="gruen", TARGET_SHARE=60)
        columns = ("zaehler", "nenner", "basis_einheit", "luecke_abs", "luecke_einheit")
        rows = {v: [row[c] for c in columns] for (k, v, _), row in result.findings.items() if k == HEAD}
        assert rows["neigung_10"] == pytest.approx([100.0, 900.0, "m²", 440.0, "m²"])
        assert rows["neigung_10.anzahl"] == pytest.approx([1.0, 3.0, "Dächer", 0.8, "Dächer"])

    def test_a_municipal_target(self, run):
        fields = {"dachform": [1000], "gruen": [1]}
        found = hz02(run, [box(0, 0, 10, 10)], fields=fields, GREEN_FIELD="gruen", TARGET_SHARE=60).finding(
            HEAD
        )
        assert (found["ziel"], found["herkunft_ziel"]) == (60.0, "kommunal")

    @pytest.mark.parametrize("given", [{}, {"TARGET_SHARE": None}])
    def test_without_a_municipal_target_that_of_the_strategy_holds(self, run, tmp_path, given):
        strategy = tmp_path / "eigene.yaml"
        target = "{id: hz02.dach, value: 40, origin: S, source: Entwurf}"
        strategy.write_text(f"extends: ruhr\ntargets:\n  - {target}\n", encoding="utf-8")
        fields = {"dachform": [1000], "gruen": [1]}
        found = hz02(
            run, [box(0, 0, 10, 10)], fields=fields, GREEN_FIELD="gruen", STRATEGY=str(strategy), **given
        ).finding(HEAD)
        assert found["ziel"] == 40.0

    def test_retained_rain_names_its_table(self, run):
        fields = {"dachform": [1000], "gruen": [0]}
        (row,) = hz02(run, [box(0, 0, 10, 10)], fields=fields, GREEN_FIELD="gruen", RAIN=1000).rows()
        assert row["rueckhalt_m3_a"] == pytest.approx(40.0)
        assert "Münster" in row["rueckhalt_tabelle"]


class TestInnerCity:
    def run_it(self, run, **parameters):
        """Greened 10 x 10 inside, bare 10 x 10 across the border at x = 50, bare 20 x 10 60 m outside."""
        return hz02(
            run,
            [box(10, 0, 10, 10), box(45, 0, 10, 10), box(110, 0, 20, 10)],
            fields={"dachform": [1000] * 3, "gruen": [1, 0, 0]},
            GREEN_FIELD="gruen",
            **parameters,
        )

    def test_headline_whole_area_shrunk_and_grown(self, run):
        city = layer([box(-500, -500, 550, 1000)], {"raumtyp": ["Innenstadt"]})
        result = self.run_it(run, INNER_CITY=city)
        found = {v: row["nenner"] for (k, v, _), row in result.findings.items() if k == HEAD}
        assert found["neigung_10"] == pytest.approx(150.0)
        assert found["neigung_10.gesamtgebiet"] == pytest.approx(400.0)
        assert found["neigung_10.innenstadt_plus_100"] == pytest.approx(400.0)
        assert found["neigung_10.innenstadt_minus_100"] == pytest.approx(0.0)
        assert result.finding(HEAD)["wert"] == pytest.approx(100 * 100 / 150)

    def test_an_inner_city_too_small_to_be_shrunk(self, run):
        """Shrunk by 100 m nothing is left of it, and grown it holds all roofs."""
        city = layer([box(0, -50, 100, 100)], {"raumtyp": ["Innenstadt"]})
        found = {
            v: (row["nenner"], row["status"])
            for (k, v, _), row in self.run_it(run, INNER_CITY=city).findings.items()
            if k == HEAD
        }
        assert found["neigung_10"] == (pytest.approx(200.0), "erreicht")
        assert found["neigung_10.innenstadt_minus_100"] == (pytest.approx(0.0), "nicht bewertbar")
        assert found["neigung_10.innenstadt_plus_100"][0] == pytest.approx(400.0)

    def test_of_space_types_only_the_inner_city_counts(self, run):
        both = layer(
            [box(-500, -500, 525, 1000), box(25, -500, 500, 1000)],
            {"raumtyp": ["Innenstadt", "Zwischenstadt"]},
        )
        assert self.run_it(run, INNER_CITY=both).finding(HEAD)["nenner"] == pytest.approx(100.0)

    def test_an_inner_city_without_half_of_its_outlines_is_not_assessable(self, run):
        city = layer([box(-500, -500, 550, 1000), None], {"name": ["Mitte", "Nord"]})
        result = self.run_it(run, INNER_CITY=city)
        found = {
            v: (row["status"], row["abdeckung_proz"])
            for (k, v, _), row in result.findings.items()
            if k == HEAD
        }
        assert found["neigung_10"] == ("nicht bewertbar", 50.0)
        assert found["neigung_10.gesamtgebiet"] == ("Lücke", 100.0)

    def test_space_types_without_inner_city_are_refused(self, run):
        with pytest.raises(QgsProcessingException, match="Innenstadt"):
            self.run_it(run, INNER_CITY=layer([box(0, 0, 99, 9)], {"raumtyp": ["Landschaft"]}))

    def test_without_inner_city_the_assumption_is_said(self, run):
        found = self.run_it(run).finding(HEAD)
        assert found["nenner"] == pytest.approx(400.0)
        assert "inner city" in found["annahmen"]

    def test_areas_share_a_roof_on_their_border(self, run):
        towns = layer([box(-500, -500, 550, 1000), box(50, -500, 500, 1000)], {"gemeinde": ["West", "Ost"]})
        result = self.run_it(run, AREAS=towns)
        assert result.finding(HEAD, "West")["nenner"] == pytest.approx(150.0)
        assert result.finding(HEAD, "Ost")["nenner"] == pytest.approx(250.0)


class TestNothingLookedAt:
    """Three towns of 100 m: a greened flat roof in the first, a gable in the second, nothing in the third."""

    def rows(self, run, town, **parameters):
        result = hz02(
            run,
            [box(10, 0, 10, 10), box(110, 0, 10, 10)],
            fields={"dachform": [1000, 3100], "gruen": [1, 0]},
            GREEN_FIELD="gruen",
            AREAS=layer([box(100 * k, -50, 100, 100) for k in range(3)], {"gemeinde": list("ABC")}),
            **parameters,
        )
        row = result.finding(HEAD, town)
        return row["status"], row["wert"], row["abdeckung_proz"], (row["annahmen"] or "").split("; ")[0]

    def test_a_flat_roof_a_pitched_one_and_none(self, run):
        assert self.rows(run, "A")[:3] == ("erreicht", 100.0, 100.0)
        assert self.rows(run, "B") == (
            "nicht bewertbar", None, 0.0, "nicht bewertbar: no roof is known to be flat here",
        )  # fmt: skip
        assert self.rows(run, "C") == (
            "nicht bewertbar", None, 0.0,
            "nicht bewertbar: nothing of Buildings [gebaeude] lies in this area",
        )  # fmt: skip

    def test_a_town_without_inner_city_and_an_inner_city_without_roofs(self, run):
        city = layer([box(50, -50, 100, 20), box(100, 20, 50, 20), box(0, -5, 30, 20)], name="kern")
        assert self.rows(run, "A", INNER_CITY=city)[:3] == ("erreicht", 100.0, 100.0)
        assert self.rows(run, "B", INNER_CITY=city)[3] == "nicht bewertbar: no building is given here"
        assert self.rows(run, "C", INNER_CITY=city)[3] == (
            "nicht bewertbar: nothing of Inner city [kern] lies in this area"
        )

    def test_half_a_town_without_buildings_is_not_assessable(self, run):
        result = hz02(
            run,
            [box(500 * k, 200, 10, 10) for k in range(9)],
            fields={"dachform": [1000] * 9, "gruen": [1] * 9},
            GREEN_FIELD="gruen",
            AREAS=layer([box(0, 0, 10_000, 400)], {"gemeinde": ["Langstadt"]}),
        )
        row = result.finding(HEAD, "Langstadt")
        assert (row["status"], row["wert"]) == ("nicht bewertbar", None)
        assert 50.0 <= row["abdeckung_proz"] <= 55.0


class TestRoofFaces:
    def test_a_flat_annexe_counts_for_itself(self, run):
        faces = layer(
            [box(0, 0, 12, 5), box(0, 5, 12, 5), box(12, 0, 12, 6)], {"neigung_grad": [35.0, 35.0, 2.0]}
        )
        house = "Polygon ((0 0, 24 0, 24 6, 12 6, 12 10, 0 10, 0 0))"
        from qgis.core import QgsGeometry

        shape = QgsGeometry.fromWkt(house)
        shape.translate(EAST, NORTH)
        result = hz02(run, [shape], fields={"dachform": [3100]}, ROOF_FACES=faces)
        (row,) = result.rows()
        assert row["flach_m2"] == pytest.approx(72.0)
        assert (row["beleg"], row["neigung_grad"]) == ("Dachflächen", 35.0)
        assert (row["flach"], row["dach_konflikt"]) == (1, 0)

    def test_code_and_geometry_contradict_each_other(self, run):
        faces = layer([box(0, 0, 12, 5), box(0, 5, 12, 5)], {"neigung_grad": [35.0, 35.0]})
        (row,) = hz02(run, [box(0, 0, 12, 10)], fields={"dachform": [1000]}, ROOF_FACES=faces).rows()
        assert (row["flach"], row["dach_konflikt"], row["flach_m2"]) == (0, 1, 0.0)

    def test_a_roof_that_faces_cover_in_part_falls_back_to_its_code(self, run):
        faces = layer([box(0, 0, 12, 7)], {"neigung_grad": [35.0]})
        (row,) = hz02(run, [box(0, 0, 12, 10)], fields={"dachform": [1000]}, ROOF_FACES=faces).rows()
        assert (row["flach"], row["beleg"], row["dach_konflikt"]) == (1, "Dachform", None)

    def test_faces_delivered_twice_count_once(self, run):
        """Of 120 m² 30 are flat; of the second roof 60 of 120 m² are known, which is too little."""
        shapes = [box(0, 0, 3, 10), box(3, 0, 9, 10), box(50, 0, 6, 10)]
        faces = layer(shapes * 2, {"neigung_grad": [2.0, 35.0, 2.0] * 2})
        result = hz02(run, [box(0, 0, 12, 10), box(50, 0, 12, 10)], ROOF_FACES=faces)
        assert [row["flach_m2"] for row in result.rows()] == [pytest.approx(30.0), None]
        assert "3 features repeat another one exactly" in result.log.text

    def test_faces_in_two_versions_share_the_roof_they_lie_on(self, run):
        """Level on 4 of 12 m, in versions that end 1 cm apart: 40 of 120 m², and not 80."""
        shapes = [box(0, 0, 4, depth) for depth in (10, 9.99)] + [box(4, 0, 8, depth) for depth in (10, 9.99)]
        faces = layer(shapes, {"neigung_grad": [2.0, 2.0, 35.0, 35.0]})
        (row,) = hz02(run, [box(0, 0, 12, 10)], ROOF_FACES=faces).rows()
        assert row["flach_m2"] == pytest.approx(40.0)

    def test_faces_without_slope_are_refused(self, run):
        with pytest.raises(QgsProcessingException, match="neigung_grad"):
            hz02(run, [box(0, 0, 12, 10)], ROOF_FACES=layer([box(0, 0, 9, 9)], {"slope": [1.0]}))


class TestRasters:
    @pytest.fixture
    def planted(self, tmp_path):
        """Return buildings and a surface model: level, gabled 35°, tilted 8°, and one beyond the raster."""
        heights = scene()
        put(heights, 10, 10, np.full((15, 20), 60.0))
        put(heights, 40, 10, gable(12, 10, 35))
        put(heights, 60, 10, tilted(20, 12, 8))
        shapes = [box(10, 10, 20, 15), box(40, 10, 12, 10), box(60, 10, 20, 12), box(95, 50, 20, 10)]
        return shapes, raster(tmp_path / "dom.tif", surveyed(heights))

    def test_slopes_of_planted_roofs(self, run, planted):
        shapes, dsm = planted
        rows = hz02(run, shapes, DSM=dsm).rows()
        assert [row["flach"] for row in rows] == [1, 0, 1, None]
        assert [row["flach_m2"] for row in rows[:3]] == pytest.approx([300.0, 0.0, 240.0])
        assert rows[1]["neigung_grad"] == pytest.approx(35.0, abs=1.0)
        assert rows[2]["neigung_grad"] == pytest.approx(8.0, abs=0.2)
        assert rows[3]["beleg"] == "keiner"
        assert rows[3]["beleg_abdeckung_proz"] == pytest.approx(25.0)

    def test_vegetation_decides_what_is_greened(self, run, planted, tmp_path):
        shapes, dsm = planted
        ndvi = scene(height=0.05)
        put(ndvi, 10, 10, np.full((4, 9), 0.6))  # 36 of 300 m²: 12 %
        put(ndvi, 60, 10, np.full((4, 4), 0.6))  # 16 of 240 m²: 6.7 %
        vegetation = raster(tmp_path / "ndvi.tif", ndvi)
        result = hz02(run, shapes[:3], DSM=dsm, VEGETATION=vegetation)
        assert [row["begruent"] for row in result.rows()] == [1, 0, 0]
        assert [row["gruen_m2"] for row in result.rows()] == pytest.approx([36.0, 0.0, 16.0])
        found = result.finding(HEAD)
        assert (found["zaehler"], found["nenner"]) == (pytest.approx(300.0), pytest.approx(540.0))
        variants = {v: row for (k, v, _), row in result.findings.items() if k == HEAD}
        assert variants["neigung_5"]["nenner"] == pytest.approx(300.0)
        assert variants["neigung_10.vegetation_m2"]["zaehler"] == pytest.approx(52.0)

    def test_half_of_the_roofs_outside_the_raster_are_not_assessed(self, run, tmp_path):
        shapes = [box(10, 10, 20, 10), box(210, 10, 20, 10)]
        heights = raster(tmp_path / "dom.tif", surveyed(scene()))
        green = raster(tmp_path / "ndvi.tif", scene(height=0.5))
        found = hz02(run, shapes, DSM=heights, VEGETATION=green).finding(HEAD)
        assert (found["abdeckung_proz"], found["status"]) == (pytest.approx(50.0), "nicht bewertbar")

    @pytest.mark.parametrize(
        ("noise", "assessed"),
        [(0.01, {10, 5, 3}), (0.05, {10, 5, 3}), (0.1, {10, 5, 3}), (0.2, {10, 5}), (0.5, {10})],
    )
    def test_noise_leaves_only_the_variants_that_can_be_told(self, run, tmp_path, noise, assessed):
        """Four level roofs of 450 m²: what is assessed finds nearly all of it, the rest is not shown."""
        heights = surveyed(scene(), noise)
        shapes = [box(10, 10 + 20 * k, 30, 15) for k in range(4)]
        green = raster(tmp_path / "ndvi.tif", scene(height=0.5))
        result = hz02(run, shapes, DSM=raster(tmp_path / "dom.tif", heights), VEGETATION=green)
        variants = {v: row for (k, v, _), row in result.findings.items() if k == HEAD}
        for limit in (10, 5, 3):
            row = variants[f"neigung_{limit}"]
            if limit in assessed:
                assert row["status"] != "nicht bewertbar"
                assert row["nenner"] == pytest.approx(1800.0, rel=0.06)
            else:
                assert (row["status"], row["wert"]) == ("nicht bewertbar", None)

    def test_a_raster_in_another_crs_gives_the_same_roofs(self, run, planted, tmp_path):
        shapes, dsm = planted
        moved = str(tmp_path / "dom_33.tif")
        gdal.Warp(moved, dsm, dstSRS="EPSG:25833", xRes=1, yRes=1, resampleAlg="bilinear")
        here, there = (hz02(run, shapes[:3], DSM=path).rows() for path in (dsm, moved))
        assert [row["flach"] for row in there] == [row["flach"] for row in here] == [1, 0, 1]
        for one, other in zip(here, there, strict=True):
            assert other["flach_m2"] == pytest.approx(one["flach_m2"], rel=0.05)

    @pytest.mark.parametrize(("hole", "flach"), [(3, 1), (8, None)])
    def test_nodata_holes_beyond_a_fifth_of_a_roof_leave_it_unknown(self, run, tmp_path, hole, flach):
        heights = scene()
        put(heights, 10, 10, np.full((15, 20), -9999.0)[:hole])
        (row,) = hz02(run, [box(10, 10, 20, 15)], DSM=raster(tmp_path / "dom.tif", surveyed(heights))).rows()
        assert row["flach"] == flach
        assert row["beleg_abdeckung_proz"] == pytest.approx(100 * (15 - hole) / 15)

    def test_cells_above_two_metres_are_refused(self, run, tmp_path):
        coarse = raster(tmp_path / "dom.tif", scene(40), cell=2.5)
        with pytest.raises(QgsProcessingException, match="2"):
            hz02(run, [box(10, 10, 20, 10)], DSM=coarse)

    def test_vegetation_values_that_are_no_index_are_refused(self, run, tmp_path):
        wild = raster(tmp_path / "ndvi.tif", scene(height=1234.0))
        with pytest.raises(QgsProcessingException, match="1234"):
            hz02(run, [box(10, 10, 20, 10)], fields={"dachform": [1000]}, VEGETATION=wild)
