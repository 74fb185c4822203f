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


def figures(cases, hz: int, layer: str) -> dict[tuple[str, str], tuple[float, float]]:
    """Return value and tolerance of planted figures by key and quantity."""
    mine = [case for case in cases if (case["hz"], case["layer"]) == (hz, layer)]
    return {(c["schluessel"], c["groesse"]): (c["erwartet"], c["toleranz"]) for c in mine}


TOWNS = {"05999001": "Musterstadt", "05999002": "Neudorf an der Muster", "05999003": "Hohenmuster"}


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
        planted = [case for case in cases if case["hz"] == 2 and case["layer"] == "gebaeude"]
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
        found = [case for case in cases if case["hz"] == 13 and case["layer"] == "gruenzuege"]
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


class TestProtection:
    @pytest.fixture(scope="class")
    def result(self, run):
        return run(
            "hz15_protected_share",
            NETWORK=sample("biotopverbund"),
            PROTECTED=[sample("schutzgebiete"), sample("naturdenkmale")],
            AREAS=sample("gemeinden"),
        )

    def found(self, result, quantity: str) -> float:
        """Return the figure of Hohenmuster: hectares of a numerator, or the value itself."""
        name, _, unit = quantity.rpartition("_")
        indicator, variant = {
            "verbund": ("hz15.verbund.anteil", "gesamt"),
            "stufe_1": ("hz15.verbund.anteil", "stufe_1"),
        }.get(name, ("hz15.schutz.anteil", name))
        row = result.findings[indicator, variant, "Hohenmuster"]
        return row["zaehler"] if unit == "ha" else row["wert"]

    def test_planted_sites(self, result, cases):
        planted = figures(cases, 15, "gemeinden")
        assert len(planted) == 8
        for (_, quantity), (value, tolerance) in planted.items():
            assert self.found(result, quantity) == pytest.approx(value, abs=tolerance), quantity

    def test_monuments_are_counted_and_have_no_area(self, result, cases):
        ((count, _),) = figures(cases, 15, "naturdenkmale").values()
        row = result.findings["hz15.schutz.anteil", "gemeinde_eng", "Hohenmuster"]
        assert f"n_ohne_flaeche = {count:.0f}" in row["annahmen"]
        assert "1 protected sites delivered twice count once" in row["annahmen"]

    def test_the_town_s_own_share_misses_the_target_of_the_region(self, result):
        assert all(
            result.findings["hz15.schutz.anteil", "gemeinde_eng", town]["status"] == "Beitrag"
            for town in TOWNS.values()
        )


class TestRiverStructure:
    @pytest.fixture(scope="class")
    def result(self, run):
        return run(
            "hz19_river_structure",
            SECTIONS=sample("gewaesserstruktur"),
            ZONES=sample("zonen"),
            REPORTABLE_FIELD="berichtspflicht",
            AREAS=sample("gemeinden"),
        )

    def test_planted_lengths(self, result, cases):
        planted = figures(cases, 19, "gemeinden")
        lengths = {key: figure for key, figure in planted.items() if key[1].endswith("_km")}
        assert len(lengths) == 6
        for (ags, quantity), (value, tolerance) in lengths.items():
            scope, *bad, _ = quantity.split("_")
            row = result.findings[f"hz19.gsg.{scope}", "klasse_5_7", TOWNS[ags]]
            assert row["zaehler" if bad else "nenner"] == pytest.approx(value, abs=tolerance), quantity

    def test_planted_stretch(self, result, cases):
        planted = figures(cases, 19, "gewaesserstruktur")
        length, tolerance = planted["Musterbach", "strecke_km"]
        stretch = [
            row
            for row in result.rows()
            if row["gewaesser"] == "Musterbach" and row["strecke_km"] == pytest.approx(length, abs=tolerance)
        ]
        assert len(stretch) == 3
        assert {row["nachbar_gut"] for row in stretch} == {planted["Musterbach", "nachbar_gut"][0]}

    def test_what_was_surveyed_twice_counts_once_in_the_worse_class(self, result):
        row = result.findings["hz19.gsg.gesamt", "klasse_5_7", "Musterstadt"]
        assert "1 whole" in row["annahmen"] or "1 wholly" in row["annahmen"]


class TestHabitats:
    @pytest.fixture(scope="class")
    def result(self, run):
        return run(
            "hz22_ffh_condition",
            HABITATS=sample("lebensraumtypen"),
            SHARE_FIELD="anteil_proz",
            AREAS=sample("gemeinden"),
        )

    def test_planted_habitats(self, result, cases):
        planted = {name: figure for (_, name), figure in figures(cases, 22, "gemeinden").items()}
        indicator = "hz22.ffh.anteil_ab"
        whole = result.findings[indicator, "gesamt", "Hohenmuster"]
        lower = result.findings[indicator, "alle_flaechen", "Hohenmuster"]
        found = {
            "ab_ha": whole["zaehler"],
            "bewertet_ha": whole["nenner"],
            "lrt_ha": lower["nenner"],
            "anteil_ab_proz": whole["wert"],
            "lrt_9110_proz": result.findings[indicator, "lrt_9110", "Hohenmuster"]["wert"],
            "lrt_91e0_proz": result.findings[indicator, "lrt_91E0", "Hohenmuster"]["wert"],
        }
        assert set(found) == set(planted)
        for name, (value, tolerance) in planted.items():
            assert found[name] == pytest.approx(value, abs=tolerance), name


class TestCorridorLoss:
    @pytest.fixture(scope="class")
    def result(self, run):
        return run(
            "hz13_corridor_loss",
            CORRIDORS=sample("gruenzuege"),
            CORRIDORS_BEFORE=sample("gruenzuege_2015"),
            BUILDINGS=sample("gebaeude"),
            BUILDINGS_BEFORE=sample("gebaeude_2015"),
            REFERENCE_YEAR=2016,
            AREAS=sample("gemeinden"),
        )

    def test_planted_losses_and_gains(self, result, cases):
        planted = figures(cases, 13, "gruenzuege_2015")
        assert len(planted) == 6
        for (ags, quantity), (value, tolerance) in planted.items():
            variant = quantity.removesuffix("_m2")
            indicator = "hz13.gewinn.flaeche" if variant == "gewinn" else "hz13.verlust.flaeche"
            row = result.findings[indicator, variant, TOWNS[ags]]
            assert row["wert"] == pytest.approx(value, abs=tolerance), (ags, quantity)

    def test_two_towns_lose_and_one_does_not(self, result):
        verdicts = [result.finding("hz13.verlust.flaeche", town)["status"] for town in TOWNS.values()]
        assert verdicts == ["Lücke", "Lücke", "erreicht"]


class TestForestConversion:
    @pytest.fixture(scope="class")
    def result(self, run):
        return run(
            "hz22_forest_conversion",
            FOREST=sample("flurstuecke"),
            FOREST_BEFORE=sample("wald_2015"),
            BUILT=sample("siedlungsflaechen"),
            BUILT_BEFORE=sample("gebaeude_2015"),
            YEARS=11,
            AREAS=sample("gemeinden"),
        )

    def test_planted_woods(self, result, cases):
        mine = [case for case in cases if case["layer"] == "wald_2015"]
        kinds = {c["schluessel"]: c["erwartet_text"] for c in mine if c["groesse"] == "art"}
        sizes = {c["schluessel"]: c["erwartet"] for c in mine if c["groesse"] == "flaeche_ha"}
        found = sorted(
            (row["art"], row["flaeche_ha"]) for row in result.rows() if row["art"] in ("bebaut", "sonstiges")
        )
        expected = sorted((kinds[key], sizes[key]) for key in kinds)
        assert len(found) == len(expected) == 3
        for (kind, size), (planted_kind, planted_size) in zip(found, expected, strict=True):
            assert kind == planted_kind
            assert size == pytest.approx(planted_size, abs=1e-4)

    def test_other_changes_are_told_apart(self, result):
        assert {row["art"] for row in result.rows()} == {"bebaut", "sonstiges", "umkodiert", "zuwachs"}


class TestGrassland:
    @pytest.fixture(scope="class")
    def result(self, run):
        return run(
            "hz21_permanent_grassland",
            GRASSLAND=sample("feldbloecke"),
            GRASSLAND_BEFORE=sample("feldbloecke_2015"),
            BUILT=sample("gebaeude"),
            LOST_TO=sample("flurstuecke"),
            LOST_TO_FIELD="nutzung",
            AREAS=sample("gemeinden"),
        )

    def test_planted_changes(self, result, cases):
        planted = figures(cases, 21, "feldbloecke_2015")
        assert len(planted) == 6
        for (ags, quantity), (value, tolerance) in planted.items():
            row = result.findings["hz21.gruenland.saldo", quantity.removesuffix("_m2"), TOWNS[ags]]
            assert row["wert"] == pytest.approx(value, abs=tolerance), (ags, quantity)

    def test_what_grassland_became(self, result):
        lost = sorted(row["nutzung_neu"] for row in result.rows() if row["art"] == "Verlust")
        assert lost == ["Landwirtschaft (Ackerland)"] * 2 + ["Wohnbaufläche"]


class TestPeat:
    def test_planted_soils(self, run, cases):
        result = run(
            "hz21_peat_soils",
            SOIL=sample("moorboeden"),
            WATER_FIELD="flurabstand_cm",
            LAND_USE=sample("flurstuecke"),
            USE_FIELD="nutzung",
            ARABLE_VALUES="Landwirtschaft (Ackerland)",
            GRASSLAND_VALUES="Landwirtschaft (Grünland)",
            AREAS=sample("gemeinden"),
        )
        planted = {name: figure for (_, name), figure in figures(cases, 21, "moorboeden").items()}
        drained = result.finding("hz21.moor.entwaessert", "Hohenmuster")
        found = {
            "moor_ha": drained["nenner"],
            "entwaessert_proz": drained["wert"],
            "emission_t_a": result.finding("hz21.moor.emission", "Hohenmuster")["zaehler"],
        }
        assert set(found) == set(planted)
        for name, (value, tolerance) in planted.items():
            assert found[name] == pytest.approx(value, abs=tolerance), name


class TestLandscapeElements:
    @pytest.fixture(scope="class")
    def result(self, run):
        return run(
            "hz23_landscape_elements",
            FIELDS=sample("feldbloecke"),
            ELEMENTS=[sample("landschaftselemente"), sample("hecken"), sample("einzelbaeume")],
            LEASES=sample("pachtvertraege"),
            AS_OF="2026-12-31",
            AREAS=sample("gemeinden"),
        )

    def test_planted_elements(self, result, cases):
        ((value, tolerance),) = figures(cases, 23, "landschaftselemente").values()
        row = result.finding("hz23.elemente.anteil", "Hohenmuster")
        assert 10_000 * row["zaehler"] == pytest.approx(value, abs=tolerance)
        assert "1 elements delivered twice count once" in row["annahmen"]
        assert all(
            result.finding("hz23.elemente.anteil", town)["status"] == "Beitrag" for town in TOWNS.values()
        )

    def test_planted_leases(self, result, cases):
        planted = {name: figure for (_, name), figure in figures(cases, 23, "pachtvertraege").items()}
        found = {
            "pachtflaeche_ha": result.finding("hz23.pacht.laufzeit")["nenner"],
            "mittlere_laufzeit_a": result.finding("hz23.pacht.laufzeit")["wert"],
            "anteil_lang_proz": result.finding("hz23.pacht.anteil")["wert"],
        }
        assert set(found) == set(planted)
        for name, (value, tolerance) in planted.items():
            assert found[name] == pytest.approx(value, abs=tolerance), name


class TestParks:
    @staticmethod
    def measured(run, **more):
        return run(
            "hz14_regional_parks",
            PARKS=sample("regionalparks"),
            PARKS_COMPLETE=True,
            POPULATION=sample("einwohner"),
            CORRIDORS=sample("gruenzuege"),
            NETWORK=sample("biotopverbund"),
            AREAS=sample("gemeinden"),
            AS_OF="2026-12-31",
            **more,
        )

    def test_planted_parks_and_all_residents(self, run, cases):
        result = self.measured(run)
        planted = {name: figure for (_, name), figure in figures(cases, 14, "regionalparks").items()}
        share, green = "hz14.park.anteil", result.finding("hz14.park.gruenzug", "Hohenmuster")
        found = {
            "bestand_ha": result.findings[share, "bestand", "Hohenmuster"]["zaehler"],
            "bestand_und_geplant_ha": result.findings[share, "bestand_und_geplant", "Hohenmuster"]["zaehler"],
            "gruenzug_proz": green["wert"],
        }
        assert set(found) == set(planted)
        for name, (value, tolerance) in planted.items():
            assert found[name] == pytest.approx(value, abs=tolerance), name
        people = rows(QgsVectorLayer(sample("einwohner"), "einwohner", "ogr"))
        counted = sum(result.finding("hz14.park.einwohner", town)["nenner"] for town in TOWNS.values())
        assert counted == sum(row["einwohner"] for row in people)

    @pytest.mark.parametrize(("day", "value"), [(None, 0), ("2026-06-30", 1)])
    def test_the_concept_is_there_or_not(self, run, day, value):
        result = self.measured(run, **({"CONCEPT_DATE": day} if day else {}))
        (row,) = [r for r in result.rows("SUMMARY") if r["kennzahl_id"] == "hz14.konzept"]
        assert row["wert"] == value


class TestNewBuildings:
    def test_planted_buildings(self, run, cases):
        result = run(
            "hz02_new_buildings",
            BUILDINGS=sample("neubauten"),
            BUILDINGS_BEFORE=sample("gebaeude_2015"),
            REFERENCE_YEAR=2016,
            AREAS=sample("gemeinden"),
        )
        found = {row["gebaeude_id"]: row for row in result.rows()}
        planted = [case for case in cases if case["layer"] == "neubauten"]
        assert len(planted) == 4 * 7
        for case in planted:
            expected = case["erwartet_text"] if case["erwartet"] is None else case["erwartet"]
            assert found[case["schluessel"]][case["groesse"]] == expected, (case["fall"], case["groesse"])
        assert all(
            result.finding("hz02.neubau.gruendach_anteil", town)["status"] == "Lücke"
            for town in TOWNS.values()
        )
