"""Facts of the register become measurements: values by hand, and what is not known stays unknown."""

from __future__ import annotations

import datetime as dt

import pytest
from gruene_infra.gruene_infra_plugin.catalogue import load_entry
from gruene_infra.gruene_infra_plugin.methods.findings.register_facts import (
    RULES,
    Statement,
    Subject,
    Terms,
    lease_years,
    tally,
    term_years,
)

TERMS = Terms(dt.date(2026, 6, 30), 4.0, range(2021, 2026), 10.0)
ESSEN, HERNE = "Essen", "Herne"


def said(**values) -> tuple[Statement, ...]:
    """Statements of 2024; a text becomes ``text``, anything else ``value``."""
    return tuple(
        Statement(name, None, value, 2024) if isinstance(value, str) else Statement(name, value, None, 2024)
        for name, value in values.items()
    )


def project(place=ESSEN, area=None, stock=False, **values) -> Subject:
    return Subject(place, True, said(**values), area, stock)


def town(place=ESSEN, **values) -> Subject:
    return Subject(place, False, said(**values))


def region(**values) -> Subject:
    return Subject(None, False, said(**values))


def measured(indicator, *subjects, place=None, terms=TERMS):
    found = tally(RULES[indicator], subjects, terms, place).measured
    return found.numerator, found.denominator, found.coverage, found.n_objects, found.n_omitted


UNKNOWN = (None, None, 0.0)


def test_every_rule_has_an_indicator_and_every_field_its_unit():
    entry = load_entry("register_indicators")
    assert {indicator.id for indicator in entry.indicators} == set(RULES)
    assert all(i.id.startswith(f"hz{i.hz:02d}.") for i in entry.indicators)
    units = {(fact.hz, fact.name): fact.unit for fact in entry.facts}
    assert len(units) == len(entry.facts)
    for indicator, rule in RULES.items():
        assert {(entry.indicator(indicator).hz, name) for name in rule.fields} <= set(units)


@pytest.mark.parametrize("indicator", set(RULES) - {"hz14.konzept.vorhanden"})
def test_without_facts_nothing_is_measured(indicator):
    assert measured(indicator) == (*UNKNOWN, 0, 0)


@pytest.mark.parametrize(("grade", "backlog"), [(3.9, 0.0), (4, 600.0), (5, 600.0)])
def test_parks_in_poor_condition_are_backlog_by_area(grade, backlog):
    parks = [project(parkzustand=grade, parkflaeche_m2=600.0), project(parkzustand=2, area=400.0)]
    assert measured("hz04.zustand.rueckstand_anteil", *parks) == (backlog, 1000.0, 100.0, 2, 0)


@pytest.mark.parametrize(
    "unknown",
    [
        {"parkzustand": 6, "area": 10.0},
        {"parkzustand": 0, "area": 10.0},
        {"parkzustand": 4},
        {"area": 10.0, "stock": True},
        {"parkzustand": 4, "parkflaeche_m2": -1.0, "area": 10.0},
    ],
)
def test_a_park_that_cannot_be_judged_lowers_the_coverage(unknown):
    parks = [project(parkzustand=5, area=400.0), project(**unknown)]
    assert measured("hz04.zustand.rueckstand_anteil", *parks) == (400.0, 400.0, 50.0, 1, 1)


def test_parcels_that_are_no_stock_make_no_park():
    assert measured("hz04.zustand.rueckstand_anteil", project(area=10.0)) == (*UNKNOWN, 0, 0)


def test_shares_divide_the_sums():
    facts = [town(recycling_t=30, bauabfall_t=40), town(HERNE, recycling_t=10, bauabfall_t=60)]
    assert measured("hz07.recycling.anteil", *facts) == (40.0, 100.0, 100.0, 2, 0)
    assert measured("hz07.recycling.anteil", *facts, place=HERNE) == (10.0, 60.0, 100.0, 1, 0)


@pytest.mark.parametrize(
    "facts",
    [{"rc_material_t": 5}, {"material_t": 5}, {"rc_material_t": 6, "material_t": 5}, {"material_t": 0}],
)
def test_half_a_share_and_more_than_all_are_not_assessable(facts):
    assert measured("hz07.rc_material.anteil", town(**facts)) == (*UNKNOWN, 0, 1)


def stated(**values) -> Subject:
    """A town that states each field by year, 0 for none."""
    facts = [
        Statement(name, value, None, year or None)
        for name, of in values.items()
        for year, value in of.items()
    ]
    return Subject(ESSEN, False, tuple(facts))


@pytest.mark.parametrize(
    ("facts", "share", "year"),
    [
        ({"recycling_t": {2021: 30, 2022: 36}, "bauabfall_t": {2022: 40, 2024: 50}}, (36.0, 40.0), 2022),
        ({"recycling_t": {2021: 30, 2024: 45}, "bauabfall_t": {2021: 40, 2024: 50}}, (45.0, 50.0), 2024),
        ({"recycling_t": {0: 30}, "bauabfall_t": {0: 40}}, (30.0, 40.0), None),
        ({"recycling_t": {0: 30, 2020: 20}, "bauabfall_t": {0: 40, 2020: 25}}, (20.0, 25.0), 2020),
    ],
)
def test_a_share_divides_facts_of_their_last_common_year(facts, share, year):
    found = tally(RULES["hz07.recycling.anteil"], [stated(**facts)], TERMS)
    assert (found.measured.numerator, found.measured.denominator) == share
    assert {statement.year for statement in found.used} == {year}
    assert found.years_differ == 0


@pytest.mark.parametrize(
    "facts",
    [
        {"recycling_t": {2021: 30}, "bauabfall_t": {2024: 50}},
        {"recycling_t": {2021: 30, 2023: 31}, "bauabfall_t": {2022: 40, 2024: 50}},
        {"recycling_t": {0: 30}, "bauabfall_t": {2024: 50}},
    ],
)
def test_facts_without_a_common_year_give_no_share(facts):
    found = tally(RULES["hz07.recycling.anteil"], [stated(**facts)], TERMS)
    assert (found.measured.numerator, found.measured.coverage, found.years_differ) == (None, 0.0, 1)


def test_a_contradiction_in_the_common_year_is_not_dodged_by_an_older_one():
    facts = [Statement("recycling_t", value, None, 2024) for value in (30.0, 31.0)]
    facts += [Statement(n, v, None, 2020) for n, v in (("recycling_t", 1.0), ("bauabfall_t", 2.0))]
    town_2024 = Subject(ESSEN, False, (*facts, Statement("bauabfall_t", 40.0, None, 2024)))
    assert measured("hz07.recycling.anteil", town_2024) == (*UNKNOWN, 0, 1)


def test_heat_counts_buildings():
    homes = [project(waerme_klimaneutral=n) for n in (1, 1, 0, 1)]
    assert measured("hz07.waerme.klimaneutral_anteil", *homes) == (3.0, 4.0, 100.0, 4, 0)
    assert measured("hz07.waerme.klimaneutral_anteil", project(waerme_klimaneutral=0.5))[:2] == (None, None)


def test_what_a_town_states_goes_before_its_projects_and_the_region_before_all():
    one, other, elsewhere = project(partner=3), project(partner=4), project(HERNE, partner=5)
    assert measured("hz09.partner.anzahl", one, other, elsewhere)[:2] == (12.0, 1.0)
    assert measured("hz09.partner.anzahl", one, other, elsewhere, town(partner=20))[:2] == (25.0, 1.0)
    assert measured("hz09.partner.anzahl", one, elsewhere, town(partner=20), region(partner=50))[0] == 50.0
    assert measured("hz09.partner.anzahl", one, town(partner=20), region(partner=50), place=ESSEN)[0] == 20.0


def test_projects_of_the_register_are_counted_where_no_number_is_stated():
    projects = [project(partner=3), project(area=100.0), project(HERNE, budget_eur=1.0)]
    assert measured("hz09.projekte.anzahl", *projects)[:2] == (3.0, 1.0)
    assert measured("hz09.projekte.anzahl", *projects, town(projekte=7))[:2] == (8.0, 1.0)
    assert measured("hz09.projekte.anzahl", town(partner=7)) == (*UNKNOWN, 0, 0)


@pytest.mark.parametrize(
    ("subjects", "done"),
    [
        ([], 0.0),
        ([town(konzept_datum="2025-01-01")], 0.0),
        ([region(konzept_datum="2026-06-30")], 1.0),
        ([region(konzept_datum="2026-07-01")], 0.0),
        ([region(konzept_datum=2025)], 1.0),
        ([project(None, konzept_datum="2025-05-05"), region(konzept_datum="2030-01-01")], 1.0),
    ],
)
def test_the_concept_counts_once_a_document_of_the_region_is_entered(subjects, done):
    assert measured("hz14.konzept.vorhanden", *subjects)[:3] == (done, 1.0, 100.0)


def test_a_concept_without_a_day_is_not_assessable():
    assert measured("hz14.konzept.vorhanden", region(konzept_datum="bald")) == (*UNKNOWN, 0, 1)


def test_heaps_opened_in_the_last_full_years():
    heaps = [project(halde_geoeffnet=y) for y in (2020, 2021, "2025-12-31", 2026)]
    assert measured("hz16.halden.je_jahr", *heaps) == (2.0, 5.0, 100.0, 4, 0)


def test_a_town_states_openings_for_every_year():
    every = Subject(ESSEN, False, tuple(Statement("halden_geoeffnet", n, None, 2021 + n) for n in range(5)))
    assert measured("hz16.halden.je_jahr", every) == (10.0, 5.0, 100.0, 1, 0)
    gaps = Subject(ESSEN, False, every.statements[1:])
    assert measured("hz16.halden.je_jahr", gaps) == (*UNKNOWN, 0, 1)
    assert measured("hz16.halden.je_jahr", gaps, project(halde_geoeffnet=2023))[:3] == (1.0, 5.0, 50.0)


@pytest.mark.parametrize(
    ("begin", "end", "years"),
    [
        (dt.date(2026, 1, 1), dt.date(2035, 12, 31), 10.0),
        (dt.date(2026, 1, 1), dt.date(2035, 12, 30), 9 + 364 / 365),
        (dt.date(2024, 2, 29), dt.date(2034, 2, 28), 10.0),
        (dt.date(2026, 10, 1), dt.date(2026, 9, 30), 0.0),
        (dt.date(2026, 10, 1), dt.date(2026, 9, 29), None),
        (2026, 2035, 10.0),
        (2026, 2034, 9.0),
        (2026, 2026, 1.0),
        (2026, 2025, None),
        (dt.date(2026, 1, 1), 2035, 10.0),
        (dt.date(2026, 10, 1), 2035, 9 + 92 / 366),
        (2026, dt.date(2035, 12, 31), 10.0),
        (2026, dt.date(2035, 12, 30), 9 + 364 / 365),
        (2026, dt.date(2025, 12, 31), None),
        (dt.date(2026, 1, 1), 2025, None),
    ],
)
def test_the_term_of_a_lease_includes_its_last_day(begin, end, years):
    assert term_years(begin, end) == (None if years is None else pytest.approx(years))


def test_leases_count_by_number_by_area_and_by_the_shortest():
    leases = [
        project(pacht_beginn="2026-01-01", pacht_ende="2035-12-31", area=300.0),
        project(pachtdauer_jahre=9.5, pachtflaeche_m2=100.0, area=900.0),
        project(pacht_beginn=2020, pacht_ende=2035, oeko_umstellung=1, area=600.0),
        project(pachtdauer_jahre=2, area=50.0, oeko_umstellung=0),
    ]
    assert measured("hz23.pacht.lang_anteil", *leases) == (2.0, 3.0, 100.0, 3, 0)
    assert measured("hz23.pacht.lang_flaechenanteil", *leases) == (900.0, 1000.0, 100.0, 3, 0)
    assert measured("hz23.pacht.kuerzeste_laufzeit", *leases) == (9.5, 1.0, 100.0, 3, 0)


def test_a_lease_known_by_years_runs_from_the_first_day_of_the_first_to_the_last_of_the_last():
    """Ten years of 300 m², nine of 100 m²."""
    leases = [
        project(pacht_beginn=2026, pacht_ende=2035, area=300.0),
        project(pacht_beginn=2026, pacht_ende=2034, area=100.0),
    ]
    assert measured("hz23.pacht.lang_anteil", *leases) == (1.0, 2.0, 100.0, 2, 0)
    assert measured("hz23.pacht.lang_flaechenanteil", *leases) == (300.0, 400.0, 100.0, 2, 0)
    assert measured("hz23.pacht.kuerzeste_laufzeit", *leases) == (9.0, 1.0, 100.0, 2, 0)


@pytest.mark.parametrize(("end", "counts"), [("2026-06-29", 0), ("2026-06-30", 1), (2025, 0), (2026, 1)])
def test_leases_that_have_ended_do_not_count(end, counts):
    """On 2026-06-30 one of five years lasts; one of more than ten may be over."""
    old = project(pacht_beginn="2010-01-01", pacht_ende=end, area=300.0)
    lasting = project(pacht_beginn="2026-01-01", pacht_ende="2030-12-31", area=100.0)
    found = measured("hz23.pacht.lang_anteil", old, lasting)
    assert found == (float(counts), 1.0 + counts, 100.0, 1 + counts, 0)
    found = measured("hz23.pacht.lang_flaechenanteil", old, lasting)
    assert found == (300.0 * counts, 100.0 + 300.0 * counts, 100.0, 1 + counts, 0)


@pytest.mark.parametrize(
    "facts",
    [
        {"pacht_beginn": 2020},
        {"pacht_ende": 2020},
        {"pachtdauer_jahre": -1},
        {"pachtdauer_jahre": 9999},
        {"pacht_beginn": 20, "pacht_ende": 2035},
        {"pacht_beginn": 2020, "pacht_ende": 9999},
        {"pacht_beginn": "2020-01-01", "pacht_ende": "9999-12-31"},
    ],
)
def test_a_lease_without_begin_or_end_has_no_term(facts):
    assert lease_years(project(**facts)) is None
    assert measured("hz23.pacht.lang_anteil", project(**facts)) == (*UNKNOWN, 0, 1)


def test_shares_of_cycling_are_never_added_up():
    towns = [town(radanteil_proz=9), town(HERNE, radanteil_proz=12)]
    assert measured("hz25.radanteil", *towns) == (*UNKNOWN, 0, 0)
    assert measured("hz25.radanteil", *towns, place=HERNE) == (12.0, 100.0, 100.0, 1, 0)
    assert measured("hz25.radanteil", *towns, region(radanteil_proz=10))[:2] == (10.0, 100.0)
    assert measured("hz25.radanteil", region(radanteil_proz=101)) == (*UNKNOWN, 0, 1)
    assert measured("hz25.radanteil", project(None, radanteil_proz=10)) == (*UNKNOWN, 0, 0)


def test_offers_of_education():
    facts = [town(angebote=40, angebote_barrierefrei=10), project(HERNE, angebote=10)]
    assert measured("hz27.angebote.anzahl", *facts)[:3] == (50.0, 1.0, 100.0)
    assert measured("hz27.angebote.barrierefrei_anteil", *facts) == (10.0, 40.0, 50.0, 1, 1)


def test_the_last_year_counts_and_a_contradiction_is_unknown():
    older, newer = Statement("partner", 3.0, None, 2023), Statement("partner", 5.0, None, 2024)
    assert Subject(ESSEN, False, (newer, older)).number("partner") == 5.0
    contradiction = Statement("partner", 6.0, None, 2024)
    assert Subject(ESSEN, False, (newer, older, contradiction)).number("partner") is None
    assert Subject(ESSEN, False, (newer, newer)).number("partner") == 5.0
