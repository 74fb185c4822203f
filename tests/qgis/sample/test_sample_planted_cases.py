"""The engine finds in the sample what was planted there; the expected values come from its construction."""

from __future__ import annotations

import pytest
from gruene_infra.gruene_infra_plugin.paths import SAMPLE
from qgis.core import QgsVectorLayer

from ...layer_factory import rows


def sample(name: str) -> str:
    return f"{SAMPLE}|layername={name}"


@pytest.fixture(scope="module")
def cases():
    return rows(QgsVectorLayer(sample("musterfaelle"), "cases", "ogr"))


class TestFloodplain:
    @pytest.fixture(scope="class")
    def result(self, run):
        return run(
            "hz19_floodplain_buildings",
            BUILDINGS=sample("gebaeude"),
            FLOODPLAINS=sample("ueberschwemmungsgebiete"),
            BUILDINGS_BEFORE=sample("gebaeude_2015"),
            WATER=sample("gewaesser"),
            REFERENCE_YEAR=2016,
            AREAS=sample("gemeinden"),
        )

    def test_planted_buildings(self, result, cases):
        found = {row["gebaeude_id"]: row for row in result.rows()}
        planted = [case for case in cases if case["hz"] == 19 and case["layer"] == "gebaeude"]
        assert len(planted) > 50
        for case in planted:
            row, name = found.get(case["schluessel"]), f"{case['fall']} {case['groesse']}"
            if row is None:  # no hit: nothing of it is wet and nothing in the strip
                assert case["groesse"] in ("neu", "klasse") or case["erwartet"] == 0, name
            elif case["groesse"] == "klasse":
                assert row["klasse"] == case["erwartet_text"], name
            else:
                assert row[case["groesse"]] == pytest.approx(case["erwartet"], abs=case["toleranz"]), name

    @pytest.mark.parametrize(("indicator", "quantity"), [("hz19.aue.neubau_anzahl", "n_neu_in_aue")])
    def test_planted_counts_per_municipality(self, result, cases, indicator, quantity):
        found = {row["ags"]: row for row in result.rows("SUMMARY") if row["kennzahl_id"] == indicator}
        planted = {case["schluessel"]: case["erwartet"] for case in cases if case["groesse"] == quantity}
        assert {ags: row["wert"] for ags, row in found.items()} == planted
        assert {row["status"] for row in found.values()} == {"erreicht", "Lücke"}


class TestRoofs:
    COLUMNS = {"ausgeschlossen": "ausschluss"}  # noqa: RUF012 - read only

    @pytest.fixture(scope="class")
    def result(self, run):
        return run(
            "hz02_roof_greening",
            BUILDINGS=sample("gebaeude"),
            DSM=str(SAMPLE.with_name("oberflaechenmodell.tif")),
            VEGETATION=str(SAMPLE.with_name("vegetation.tif")),
            INNER_CITY=sample("raumtypen"),
            EXCLUDED_FIELD="denkmal",
            GREEN_FIELD="gruendach",
            AREAS=sample("gemeinden"),
        )

    def test_planted_roofs(self, result, cases):
        found = {row["gebaeude_id"]: row for row in result.rows()}
        planted = [case for case in cases if case["hz"] == 2]
        assert len(planted) > 40
        for case in planted:
            column = self.COLUMNS.get(case["groesse"], case["groesse"])
            value = found[case["schluessel"]][column]
            assert value == pytest.approx(case["erwartet"], abs=case["toleranz"]), f"{case['fall']} {column}"

    def test_the_inner_city_misses_its_target(self, result):
        found = result.finding("hz02.dach.anteil_flaeche", "Musterstadt")
        assert found["status"] == "Lücke"
        assert 10 < found["wert"] < 30
        assert found["luecke_abs"] == pytest.approx(0.5 * found["nenner"] - found["zaehler"])

    def test_where_no_raster_reaches_nothing_is_assessed(self, result):
        found = result.finding("hz02.dach.langfristig", "Hohenmuster")
        assert (found["status"], found["wert"]) == ("nicht bewertbar", None)


class TestCorridors:
    KINDS = {"bahn": "Hauptbahn", "strassen": "Hauptstraße"}  # noqa: RUF012 - read only

    @pytest.fixture(scope="class")
    def result(self, run):
        return run(
            "hz13_corridor_gaps",
            CORRIDORS=sample("gruenzuege"),
            BARRIERS=[sample("strassen"), sample("bahn")],
            AREAS=sample("gemeinden"),
        )

    @pytest.fixture(scope="class")
    def planted(self, cases):
        found = [case for case in cases if case["hz"] == 13]
        assert len(found) > 25
        return found

    @staticmethod
    def expected(planted, quantity: str) -> dict:
        """Return the planted values of a quantity by corridor."""
        rows = [case for case in planted if case["groesse"] == quantity]
        return {case["schluessel"]: case["erwartet_text"] or case["erwartet"] for case in rows}

    def test_planted_gaps(self, result, planted):
        gaps = result.rows("GAPS")
        single = {n: k for n, k in self.expected(planted, "n_unterbrechung").items() if "/" not in n}
        assert {n: sum(gap["gruenzug"] == n for gap in gaps) for n in single} == single
        assert len(gaps) == sum(single.values()), "no gap between two corridors"
        for name, length in self.expected(planted, "unterbrechung_m").items():
            (gap,) = [gap for gap in gaps if gap["gruenzug"] == name]
            assert gap["laenge_m"] == pytest.approx(length, abs=0.001)
            crossed = self.expected(planted, "hindernisse")[name].split(", ")
            assert len(gap["hindernisse"].split("; ")) == len(crossed)
            assert all(self.KINDS[layer] in gap["hindernisse"] for layer in crossed)
            assert gap["gebiet"] == "Musterstadt"

    @pytest.mark.parametrize("width", [50, 100])
    def test_planted_bottlenecks(self, result, planted, width):
        places = [row for row in result.rows("BOTTLENECKS") if row["unter_m"] <= width]
        for klasse in ("bridge", "loop"):
            counts = self.expected(planted, f"n_{klasse}_{width}")
            found = {
                n: sum((row["gruenzug"], row["klasse"]) == (n, klasse) for row in places) for n in counts
            }
            assert found == counts

    def test_planted_widths(self, result, planted):
        for quantity, name in ((case["groesse"], case["schluessel"]) for case in planted):
            if quantity in ("breite_min_m", "laenge_m"):
                (case,) = [c for c in planted if (c["groesse"], c["schluessel"]) == (quantity, name)]
                (row,) = [
                    r for r in result.rows("BOTTLENECKS") if r["gruenzug"] == name and r["unter_m"] <= 100
                ]
                assert row[quantity] == pytest.approx(case["erwartet"], abs=case["toleranz"])

    def test_areas_of_the_corridors_and_their_towns(self, result, planted):
        total = sum(self.expected(planted, "flaeche_m2").values())
        shares = [row for row in result.rows("SUMMARY") if row["kennzahl_id"] == "hz13.schmal.anteil"]
        assert sum(row["nenner"] for row in shares if row["ist_leitwert"]) == pytest.approx(total, abs=3)
        verdicts = {
            row["gebiet"]: row["status"]
            for row in result.rows("SUMMARY")
            if row["kennzahl_id"] == "hz13.unterbrechungen.anzahl"
        }
        assert verdicts["Musterstadt"] == "Lücke"
        assert set(verdicts.values()) == {"Lücke", "erreicht"}
