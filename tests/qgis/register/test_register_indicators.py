"""The algorithms add_fact and register_indicators, in both databases."""

from __future__ import annotations

import pytest
from gruene_infra.gruene_infra_plugin.methods.findings.finding import from_row
from gruene_infra.gruene_infra_plugin.methods.findings.targets import check_verdict
from gruene_infra.gruene_infra_plugin.register.model import Fact, Project, Role, Status
from qgis.core import QgsProcessingException
from qgis.PyQt.QtCore import QDate, Qt

from .registers import parcel

ESSEN, HERNE, REGION = ("05113000", "Essen"), ("05916000", "Herne"), (None, "Metropole Ruhr")
DAY = "2026-06-30"


def fact(hz, field, value, place=(None, None), project=None, year=2024, source="Bericht", unit=None):
    words = value if isinstance(value, str) else None
    return Fact(hz, field, None if words else value, words, unit, year, source, project, *place)


def enter(register, *facts):
    for given in facts:
        register.add_fact(given)


def assert_findings(result):
    for row in result.rows("SUMMARY"):
        plain = {k: v.toString(Qt.DateFormat.ISODate) if isinstance(v, QDate) else v for k, v in row.items()}
        check_verdict(from_row(plain))


def outcome(result, indicator, area="Gesamt"):
    row = result.finding(indicator, area)
    return row["wert"], row["status"]


def test_an_empty_register_assesses_nothing_but_the_concept(run, register, where):
    result = run("register_indicators", AS_OF=DAY, **where)
    assert_findings(result)
    rows = {row["kennzahl_id"]: row for row in result.rows("SUMMARY")}
    assert len(rows) == len(result.rows("SUMMARY")) == 17
    concept = rows.pop("hz14.konzept.vorhanden")
    assert {(row["status"], row["wert"]) for row in rows.values()} == {("nicht bewertbar", None)}
    assert (concept["status"], concept["wert"], concept["luecke"]) == ("Frist abgelaufen", 0.0, 1.0)
    assert concept["hz"] == 14


@pytest.mark.parametrize(
    ("day", "entered", "expected"),
    [
        ("2025-12-31", None, (0.0, "Lücke")),
        ("2026-01-01", None, (0.0, "Frist abgelaufen")),
        ("2026-06-30", "2026-03-01", (1.0, "erreicht")),
        ("2026-02-28", "2026-03-01", (0.0, "Frist abgelaufen")),
    ],
)
def test_the_deadline_of_the_concept_is_over_until_a_document_is_entered(
    run, register, where, day, entered, expected
):
    if entered:
        enter(register, fact(14, "konzept_datum", entered, REGION, source="Beschluss 1/26", year=2026))
    result = run("register_indicators", AS_OF=day, **where)
    assert outcome(result, "hz14.konzept.vorhanden") == expected
    if entered:
        assert "Beschluss 1/26" in result.finding("hz14.konzept.vorhanden")["annahmen"]


def test_cycling_contributes_in_towns_and_is_judged_for_the_region_only(run, register, where):
    enter(
        register,
        fact(25, "radanteil_proz", 9.0, ESSEN, year=2017, source="MiD 2017"),
        fact(25, "radanteil_proz", 12.0, ESSEN, year=2023, source="MiD 2023"),
        fact(25, "radanteil_proz", 30.0, ESSEN, year=2027, source="Prognose"),
    )
    result = run("register_indicators", AS_OF=DAY, **where)
    assert_findings(result)
    town = result.finding("hz25.radanteil", "Essen")
    assert (town["wert"], town["status"], town["ags"]) == (12.0, "Beitrag", "05113000")
    assert (town["stand_daten"], "MiD 2023" in town["annahmen"]) == ("2017–2023", True)
    assert outcome(result, "hz25.radanteil") == (None, "nicht bewertbar")
    enter(register, fact(25, "radanteil_proz", 15.0, REGION, year=2023))
    region = run("register_indicators", AS_OF=DAY, **where).finding("hz25.radanteil")
    assert (region["wert"], region["status"], region["luecke"], region["ziel"]) == (15.0, "Lücke", 10.0, 25.0)


def test_parks_take_their_area_from_their_parcels(run, register, where):
    one = register.add_project(Project("Westpark", municipality="Essen"))
    other = register.add_project(Project("Ostpark"))
    gone = register.add_project(Project("Nordpark", status=Status.REJECTED))
    given = {"ags": "05113000", "municipality": "Essen"}
    register.assign([parcel(1, 30.0, **given)], [4], Role.STOCK, project=one.id)
    register.assign([parcel(2, 10.0, **given)], [4], Role.STOCK, project=other.id)
    register.assign([parcel(3, 90.0, **given)], [4], Role.EXCLUSION, project=other.id)
    enter(
        register,
        fact(4, "parkzustand", 4.0, project=one.id),
        fact(4, "parkzustand", 2.0, project=other.id),
        fact(4, "parkzustand", 5.0, project=gone.id),
    )
    result = run("register_indicators", AS_OF=DAY, **where)
    for area in ("Gesamt", "Essen"):
        row = result.finding("hz04.zustand.rueckstand_anteil", area)
        assert (row["zaehler"], row["nenner"], row["wert"], row["n_objekte"]) == (900.0, 1000.0, 90.0, 2)
        assert row["status"] == "Zielwert offen"
    stricter = run("register_indicators", AS_OF=DAY, BACKLOG_FROM=4.5, **where)
    assert stricter.finding("hz04.zustand.rueckstand_anteil")["wert"] == 0.0


def test_leases_are_judged_by_the_shortest_and_shown_by_share(run, register, where):
    long, short = (register.add_project(Project(name, municipality="Herne")) for name in ("A", "B"))
    enter(
        register,
        fact(23, "pacht_beginn", "2026-01-01", project=long.id, year=None),
        fact(23, "pacht_ende", "2035-12-31", project=long.id, year=None),
        fact(23, "pachtdauer_jahre", 6.0, project=short.id),
        fact(23, "pachtflaeche_m2", 3000.0, project=long.id),
        fact(23, "pachtflaeche_m2", 1000.0, project=short.id),
    )
    result = run("register_indicators", AS_OF=DAY, **where)
    assert_findings(result)
    assert outcome(result, "hz23.pacht.lang_anteil", "Herne") == (50.0, "Zielwert offen")
    assert outcome(result, "hz23.pacht.lang_flaechenanteil") == (75.0, "Zielwert offen")
    shortest = result.finding("hz23.pacht.kuerzeste_laufzeit")
    assert (shortest["wert"], shortest["status"], shortest["luecke"]) == (6.0, "Lücke", 4.0)
    assert ("hz23.pacht.kuerzeste_laufzeit", "register", "Herne") not in result.findings


def test_sums_over_towns_and_a_town_named_by_key_in_one_place_and_by_name_in_another(run, register, where):
    project = register.add_project(Project("Garten", municipality="Herne"))
    enter(
        register,
        fact(27, "angebote", 40.0, ESSEN),
        fact(27, "angebote_barrierefrei", 10.0, ESSEN),
        fact(27, "angebote", 10.0, project=project.id),
        fact(27, "angebote_barrierefrei", 10.0, project=project.id),
        fact(9, "partner", 3.0, HERNE),
    )
    result = run("register_indicators", AS_OF=DAY, **where)
    assert outcome(result, "hz27.angebote.anzahl") == (50.0, "Zielwert offen")
    assert outcome(result, "hz27.angebote.barrierefrei_anteil") == (40.0, "Zielwert offen")
    herne = result.finding("hz27.angebote.barrierefrei_anteil", "Herne")
    assert (herne["wert"], herne["ags"]) == (100.0, "05916000")


def test_heaps_per_year_over_the_period(run, register, where):
    heaps = [register.add_project(Project(f"Halde {year}")) for year in (2021, 2024, 2026)]
    enter(
        register,
        *(
            fact(16, "halde_geoeffnet", str(year), project=heap.id)
            for heap, year in zip(heaps, (2021, 2024, 2026), strict=True)
        ),
    )
    for years, opened, rate in ((5, 2.0, 0.4), (2, 1.0, 0.5)):
        row = run("register_indicators", AS_OF=DAY, OPENING_YEARS=years, **where).finding(
            "hz16.halden.je_jahr"
        )
        assert (row["zaehler"], row["nenner"], row["wert"]) == (opened, years, pytest.approx(rate))


def test_a_fact_in_another_unit_is_left_out_and_said(run, register, where):
    enter(register, fact(27, "angebote", 4.0, ESSEN, unit="Dutzend"))
    result = run("register_indicators", AS_OF=DAY, **where)
    row = result.finding("hz27.angebote.anzahl", "Essen")
    assert (row["status"], row["n_ausgelassen"]) == ("nicht bewertbar", 1)
    assert "Dutzend" in result.log.text


# -- add_fact -----------------------------------------------------------------------------------------------

GIVEN = {
    "HZ": 25,
    "FIELD": "radanteil_proz",
    "VALUE": 9.0,
    "YEAR": 2017,
    "SOURCE": "MiD 2017",
    "AGS": "05113000",
    "MUNICIPALITY": "Essen",
}


def test_a_fact_is_entered_with_the_unit_of_its_field(run, register, site, where):
    assert run("add_fact", **GIVEN, **where).results["COUNT"] == 1
    assert site.open().facts() == [
        Fact(25, "radanteil_proz", 9.0, None, "%", 2017, "MiD 2017", None, "05113000", "Essen")
    ]


def test_a_fact_of_a_project_may_be_a_text(run, register, site, where):
    project = register.add_project(Project("Acker 7"))
    given = {"HZ": 23, "FIELD": "pacht_ende", "TEXT": "2035-12-31", "SOURCE": "Vertrag", "PROJECT": "Acker 7"}
    run("add_fact", **given, **where)
    (found,) = site.open().facts()
    assert (found.project, found.text, found.value, found.unit) == (project.id, "2035-12-31", None, "Datum")


@pytest.mark.parametrize(("choice", "value"), [("mine", 12.0), ("theirs", 9.0)])
def test_a_differing_fact_stays_or_goes_as_asked(run, register, site, where, choice, value):
    run("add_fact", **GIVEN, **where)
    other = GIVEN | {"VALUE": 12.0}
    with pytest.raises(QgsProcessingException, match=r"radanteil_proz.*9.*12"):
        run("add_fact", **other, **where)
    run("add_fact", **other, ON_CONFLICT=choice, **where)
    assert [found.value for found in site.open().facts()] == [value]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"VALUE": None}, "VALUE"),
        ({"TEXT": "neun"}, "VALUE"),
        ({"AGS": None, "MUNICIPALITY": None}, "PROJECT"),
        ({"AGS": "511"}, "AGS"),
        ({"UNIT": "Anteil"}, "UNIT"),
        ({"SOURCE": " "}, "SOURCE"),
        ({"HZ": 28}, "HZ"),
        ({"PROJECT": "Unbekannt"}, "Unbekannt"),
    ],
)
def test_what_is_no_fact_is_refused_and_nothing_written(run, register, site, where, change, says):
    given = {name: value for name, value in (GIVEN | change).items() if value is not None}
    with pytest.raises(QgsProcessingException, match=says):
        run("add_fact", **given, **where)
    assert site.open().facts() == []


def test_a_field_that_no_indicator_uses_is_entered_and_said(run, register, site, where):
    result = run("add_fact", **(GIVEN | {"FIELD": "radwege_km", "UNIT": "km"}), **where)
    assert [found.unit for found in site.open().facts()] == ["km"]
    assert "radanteil_proz" in result.log.text
