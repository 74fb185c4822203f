"""HZ 02 on real roofs: official LoD2 tiles, and OpenStreetMap where only attributes are known."""

from __future__ import annotations

import re

import pytest
from qgis.core import QgsVectorLayer

from ..layer_factory import layer

HEAD = "hz02.dach.anteil_flaeche"


class TestLod2Tiles:
    @pytest.fixture(scope="class")
    def imported(self, run, data):
        return run("import_lod2", FOLDER=str(data / "lod2"))

    @pytest.fixture(scope="class")
    def result(self, run, imported):
        return run(
            "hz02_roof_greening",
            BUILDINGS=imported.layer("BUILDINGS"),
            ROOF_FACES=imported.layer("ROOF_FACES"),
        )

    def test_flat_area_is_that_of_the_flat_faces(self, imported, result):
        """The flat area of a building is the plan area of its faces up to 10°."""
        flat: dict[str, float] = {}
        for face in imported.rows("ROOF_FACES"):
            if face["neigung_grad"] <= 10 and face["dachform"] != 9999:
                key = face["gebaeude_id"]
                flat[key] = flat.get(key, 0.0) + face["grundflaeche_m2"]
        known = [row for row in result.rows() if row["beleg"] == "Dachflächen"]
        assert len(known) > 150
        for row in known:
            if row["gebaeude_id"] != "DENW43AL00002dn1":  # one of its faces lies under the others
                expected = flat.get(row["gebaeude_id"], 0.0)
                assert row["flach_m2"] == pytest.approx(expected, rel=1e-3, abs=0.1), row["gebaeude_id"]

    def test_level_faces_of_unknown_form_are_no_evidence(self, imported, result):
        """29 of the 157 level faces carry roof code 9999: the model drew them level, nobody saw them."""
        faces = [f for f in imported.rows("ROOF_FACES") if f["neigung_grad"] <= 10]
        assert (len(faces), sum(f["dachform"] == 9999 for f in faces)) == (157, 29)
        assert "29 level faces of unknown form" in result.log.text
        assert not any(row["dachform"] == 9999 and row["flach"] == 1 for row in result.rows())

    def test_buildings_coded_flat_are_flat_by_geometry(self, result):
        coded = [row for row in result.rows() if row["dachform"] == 1000 and row["beleg"] == "Dachflächen"]
        assert len(coded) > 80
        assert {row["dach_konflikt"] for row in coded} == {0}

    def test_without_vegetation_the_share_is_not_assessable(self, result):
        assert result.finding(HEAD)["status"] == "nicht bewertbar"

    def test_every_flat_roof_is_a_candidate_with_a_rank_of_its_own(self, result):
        candidates = [row for row in result.rows() if row["kandidat"] == 1]
        assert sorted(row["rang"] for row in candidates) == list(range(1, len(candidates) + 1))
        assert {row["eignung"] for row in candidates} <= {"sehr gut", "gut"}


class TestAachen:
    """OpenStreetMap: 2 955 of 35 182 buildings carry roof:shape, none a slope."""

    @pytest.fixture(scope="class")
    def result(self, run, data):
        source = QgsVectorLayer(f"{data / 'aachen_osm.gpkg'}|layername=buildings")
        shaped = [f for f in source.getFeatures() if '"roof:shape"' in str(f["other_tags"])]
        tags = [re.search(r'"roof:shape"=>"([^"]*)"', str(f["other_tags"])).group(1) for f in shaped]
        shapes = [f.geometry() for f in shaped]
        buildings = layer(shapes, {"roof:shape": tags, "gruen": [0] * len(tags)}, wkb="MultiPolygon")
        return run("hz02_roof_greening", BUILDINGS=buildings, GREEN_FIELD="gruen")

    def test_flat_roofs_are_those_tagged_flat(self, result):
        rows = result.rows()
        assert len(rows) > 2900
        for row in rows:
            assert row["beleg"] == "Dachform"
            assert row["flach"] == int(row["roof:shape"] == "flat" and row["flach_m2"] >= 10)

    def test_three_and_five_degrees_are_not_assessable_from_attributes(self, result):
        variants = {v: row["status"] for (k, v, _), row in result.findings.items() if k == HEAD}
        assert variants["neigung_10"] == "Lücke"
        assert variants["neigung_5"] == variants["neigung_3"] == "nicht bewertbar"


class TestGoeteborg:
    """A surface model of 1 m into which some roofs were put as level blocks; the others are measured."""

    @pytest.fixture(scope="class")
    def result(self, run, data):
        folder = data / "goeteborg_rasters"
        return run(
            "hz02_roof_greening",
            BUILDINGS=str(folder / "buildings.shp"),
            DSM=str(folder / "DSM_KRbig.tif"),
        )

    def test_roofs_that_were_put_in_are_unknown(self, result):
        """Of 41 roofs within the raster; the largest level block has 783 cells of exactly 20.264715 m."""
        assert "DSM: of 4 of 137 polygons heights are exactly the same" in result.log.text
        rows = result.rows()
        assert sum(row["beleg_abdeckung_proz"] > 0 for row in rows) == 41
        assert all(row["beleg"] == "keiner" for row in rows if row["beleg_abdeckung_proz"] < 80)

    def test_what_is_measured_stays_assessed(self, result):
        """24 are, where level blocks count as roofs."""
        assert sum(row["beleg"] == "Oberflächenmodell" for row in result.rows()) == 22
