"""Verdicts, gaps, merging and regional means by hand-computed numbers; rows that are no findings."""

from __future__ import annotations

import dataclasses
import datetime as dt
import math

import pytest
from gruene_infra.gruene_infra_plugin.methods.findings.finding import (
    COLUMNS,
    Finding,
    FindingError,
    Problem,
    Status,
    from_row,
    joined_notes,
    scale,
    slugs,
)
from gruene_infra.gruene_infra_plugin.methods.findings.targets import (
    ConflictError,
    Goalpost,
    Measurement,
    check_verdict,
    gap,
    gone_blank,
    is_met,
    judge,
    latest,
    latest_assessed,
    regional_means,
    settle_headlines,
)
from gruene_infra.gruene_infra_plugin.methods.findings.thresholds import ROUNDING
from hypothesis import given
from hypothesis import strategies as st

TODAY = dt.date(2026, 6, 30)
END_2025, END_2030 = dt.date(2025, 12, 31), dt.date(2030, 12, 31)
HALF = Goalpost(50.0, ">=", END_2030)


def finding(**changes: object) -> Finding:
    """Return a municipality at 30 of 60 m²; ``zaehler`` and ``nenner`` give ``wert``, all else as named."""
    plain = Finding(
        hz=2, kennzahl_id="hz02.dach.anteil", variante_id="neigung_10", ist_leitwert=1,
        kennzahl="Anteil begrünter Dächer", definition="Zähler: begrünt. Nenner: flach.",
        gebiet_art="Gemeinde", ags=None, gebiet="Herne", raumtyp=None,
        zaehler=30.0, nenner=60.0, basis_einheit="m²", wert=None, einheit="%",
        ziel=50.0, richtung=">=", ziel_datum=END_2030, herkunft_ziel="S",
        luecke=0.0, luecke_abs=0.0, luecke_einheit="m²", status="erreicht",
        abdeckung_proz=100.0, n_objekte=10, n_ausgelassen=0, stand_daten=None, annahmen=None,
        algorithmus="hz02_roof_greening", plugin_version="0.1.0", berechnet_am=TODAY,
    )  # fmt: skip
    row = dataclasses.replace(plain, **changes)
    if row.wert is None and row.nenner and row.is_assessed:
        row = dataclasses.replace(row, wert=scale(row.einheit) * row.zaehler / row.nenner)
    return row


def unassessed(gebiet: str, **changes: object) -> Finding:
    empty = {"zaehler": None, "nenner": None, "luecke": None, "luecke_abs": None}
    return finding(gebiet=gebiet, status="nicht bewertbar", abdeckung_proz=0.0, **(empty | changes))


# -- gap and target ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "target", "direction", "distance", "met"),
    [
        (9.5, 15.0, ">=", 5.5, False),
        (15.0, 15.0, ">=", 0.0, True),
        (17.66, 15.0, ">=", 0.0, True),
        (73.0, 45.0, "<", 28.0, False),
        (45.0, 45.0, "<", 0.0, False),
        (44.9, 45.0, "<", 0.0, True),
        (10.0, 10.0, "<=", 0.0, True),
        (12.5, 10.0, "<=", 2.5, False),
        (0.0, 0.0, "=", 0.0, True),
        (0.01, 0.0, "=", 0.01, False),
        (-3.0, 0.0, "=", 3.0, False),
        (0.0, 0.0, ">=", 0.0, True),
        (-4200.0, 0.0, ">=", 4200.0, False),
        (0.0, 0.0, "<", 0.0, False),
        (1.0, 0.0, "<=", 1.0, False),
    ],
)
def test_gap_and_whether_the_target_is_met(value, target, direction, distance, met):
    assert gap(value, target, direction) == pytest.approx(distance)
    assert is_met(value, target, direction) is met


def test_rounding_noise_does_not_miss_a_target():
    assert is_met(100.0 * 0.1 * 3, 30.0, "=")
    assert is_met(100.0 * (1 - 0.55), 45.0, ">=")
    assert not is_met(45.0 - 1e-12, 45.0, "<")


def test_an_unknown_direction_is_refused():
    with pytest.raises(ValueError, match="=>"):
        gap(1.0, 2.0, "=>")


@given(
    value=st.floats(-1e9, 1e9), target=st.floats(-1e9, 1e9), direction=st.sampled_from([">=", "<=", "<", "="])
)
def test_a_gap_is_never_negative_and_zero_where_the_target_is_met(value, target, direction):
    distance = gap(value, target, direction)
    assert distance >= 0.0
    if is_met(value, target, direction):
        assert distance <= max(1e-9, ROUNDING * abs(target))


# -- verdict ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("measured", "goalpost", "kind", "status", "relative", "absolute"),
    [
        (Measurement(30.0, 100.0), HALF, "Gemeinde", Status.GAP, 20.0, 20.0),
        (Measurement(3.0, 400.0), HALF, "Gemeinde", Status.GAP, 49.25, 197.0),
        (Measurement(50.0, 100.0), HALF, "Gemeinde", Status.REACHED, 0.0, 0.0),
        (Measurement(30.0, 100.0), Goalpost(50.0, ">=", END_2025), "Gemeinde", Status.OVERDUE, 20.0, 20.0),
        (Measurement(50.0, 100.0), Goalpost(50.0, ">=", END_2025), "Gemeinde", Status.REACHED, 0.0, 0.0),
        (Measurement(30.0, 100.0), None, "Gemeinde", Status.NO_TARGET, None, None),
        (Measurement(30.0, 100.0, 80.0), HALF, "Gemeinde", Status.GAP, 20.0, 20.0),
        (Measurement(30.0, 100.0, 79.9), HALF, "Gemeinde", Status.NOT_ASSESSABLE, None, None),
        (Measurement(0.0, 0.0), HALF, "Gemeinde", Status.NOT_ASSESSABLE, None, None),
        (Measurement(None, 10.0), HALF, "Gemeinde", Status.NOT_ASSESSABLE, None, None),
        (Measurement(30.0, 100.0, 79.9), None, "Gemeinde", Status.NOT_ASSESSABLE, None, None),
        (Measurement(0.0, 100.0), Goalpost(0.0, "="), "Gemeinde", Status.REACHED, 0.0, 0.0),
    ],
)
def test_verdict_on_a_share(measured, goalpost, kind, status, relative, absolute):
    verdict = judge(measured, "%", goalpost, kind, TODAY)
    assert verdict.status == status
    assert verdict.gap == (None if relative is None else pytest.approx(relative))
    assert verdict.gap_absolute == (None if absolute is None else pytest.approx(absolute))


@pytest.mark.parametrize(("as_of", "status"), [(END_2030, Status.GAP), (dt.date(2031, 1, 1), Status.OVERDUE)])
def test_a_target_can_be_met_until_the_end_of_its_last_day(as_of, status):
    assert judge(Measurement(1.0, 10.0), "%", HALF, "Gemeinde", as_of).status == status


@pytest.mark.parametrize("as_of", [TODAY, dt.date(2099, 1, 1)])
@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("Gemeinde", "Beitrag"),
        ("Raumtyp", "Beitrag"),
        ("Quartier", "Beitrag"),
        ("Region", None),
        ("Gesamt", None),
    ],
)
def test_a_regional_target_is_owed_by_the_region_only(kind, status, as_of):
    forest = Goalpost(25.0, ">=", END_2030, regional=True)
    verdict = judge(Measurement(3.0, 100.0), "%", forest, kind, as_of)
    if status:
        assert (verdict.status, verdict.gap, verdict.gap_absolute) == (status, None, None)
    else:
        assert verdict.status == (Status.OVERDUE if as_of > END_2030 else Status.GAP)
        assert (verdict.gap, verdict.gap_absolute) == (pytest.approx(22.0), pytest.approx(22.0))


def test_absolute_gap_of_the_regions_forest_is_the_strategys_8878_ha():
    """23 % of 443 900 ha are forest by the strategy; 25 % are wanted (METHODS, HZ 22)."""
    region = Measurement(0.23 * 443_900, 443_900.0)
    verdict = judge(region, "%", Goalpost(25.0, ">=", END_2030, regional=True), "Region", TODAY)
    assert verdict.gap == pytest.approx(2.0)
    assert verdict.gap_absolute == pytest.approx(8878.0)


def test_a_value_that_is_no_share_is_not_scaled():
    verdict = judge(Measurement(1200.0, 4.0), "m²", Goalpost(0.0, "="), "Gemeinde", TODAY)
    assert (verdict.gap, verdict.gap_absolute) == (pytest.approx(300.0), pytest.approx(1200.0))


# -- regional means ---------------------------------------------------------------------------------


def town(gebiet: str, zaehler: float, nenner: float, **changes: object) -> Finding:
    return finding(gebiet=gebiet, zaehler=zaehler, nenner=nenner, **changes)


def test_arithmetic_and_weighted_mean_differ_as_computed_by_hand():
    """10 of 100 and 180 of 300: (10 % + 60 %) / 2 = 35 %, but 190 / 400 = 47.5 %."""
    means = regional_means([town("A", 10.0, 100.0), town("B", 180.0, 300.0)])
    assert means.arithmetic.value("%") == pytest.approx(35.0)
    assert means.weighted.value("%") == pytest.approx(47.5)
    assert (means.arithmetic.denominator, means.weighted.denominator) == (2.0, 400.0)
    assert (means.arithmetic.n_objects, means.arithmetic.n_omitted, means.total) == (2, 0, 2)


def test_the_reported_value_is_ignored_in_favour_of_numerator_and_denominator():
    means = regional_means([town("A", 10.0, 100.0, wert=99.0), town("B", 180.0, 300.0, wert=1.0)])
    assert means.arithmetic.value("%") == pytest.approx(35.0)


@pytest.mark.parametrize(
    ("assessed", "missing", "coverage", "is_assessable"),
    [(4, 1, 80.0, True), (3, 1, 75.0, False), (1, 0, 100.0, True), (0, 2, 0.0, False)],
)
def test_a_mean_needs_80_percent_of_the_municipalities(assessed, missing, coverage, is_assessable):
    rows = [town(f"A{i}", 10.0, 100.0) for i in range(assessed)] + [
        unassessed(f"B{i}") for i in range(missing)
    ]
    means = regional_means(rows)
    for mean in (means.arithmetic, means.weighted):
        assert mean.coverage == pytest.approx(coverage)
        assert mean.value("%") == (pytest.approx(10.0) if is_assessable else None)
        assert (mean.n_objects, mean.n_omitted) == (assessed, missing)


@pytest.mark.parametrize(("base", "coverage", "value"), [(100.0, 80.0, 10.0), (101.0, 400 / 501 * 100, None)])
def test_a_mean_needs_80_percent_of_the_base(base, coverage, value):
    """Four of five municipalities are 80 % by number; one square metre more in the fifth tips the base."""
    rows = [town(f"A{i}", 10.0, 100.0) for i in range(4)] + [unassessed("B", nenner=base)]
    means = regional_means(rows)
    assert means.weighted.coverage == pytest.approx(coverage)
    assert means.weighted.value("%") == (None if value is None else pytest.approx(value))


def test_municipalities_without_a_row_are_missing_from_the_mean():
    """20 of 53 with a row are 37.7 %, whatever those 20 look like."""
    rows = [town(f"A{i}", 10.0, 100.0) for i in range(20)]
    means = regional_means(rows, missing=33)
    for mean in (means.arithmetic, means.weighted):
        assert (mean.n_objects, mean.n_omitted, mean.value("%")) == (20, 33, None)
        assert mean.coverage == pytest.approx(100 * 20 / 53)
    assert means.total == 53
    assert regional_means(rows, missing=5).weighted.value("%") == pytest.approx(10.0)


@pytest.mark.parametrize(("share", "value"), [(80.0, 10.0), (79.9, None)])
def test_a_mean_needs_80_percent_of_the_area(share, value):
    means = regional_means([town(f"A{i}", 10.0, 100.0) for i in range(9)], 1, share)
    assert (means.weighted.coverage, means.weighted.value("%")) == (share, value)


@pytest.mark.parametrize("column", ["einheit", "basis_einheit"])
def test_rows_in_different_units_are_not_averaged(column):
    rows = [finding(gebiet="A"), finding(gebiet="B", **{column: "ha"})]
    with pytest.raises(ConflictError) as caught:
        regional_means(rows)
    assert (caught.value.column, caught.value.one, caught.value.other) == (column, *rows)


@given(
    st.lists(
        st.tuples(st.floats(0.0, 1e6), st.floats(1.0, 1e6)).map(lambda pair: (min(pair), pair[1])),
        min_size=2,
        max_size=12,
    )
)
def test_means_lie_between_the_extremes_and_do_not_depend_on_the_order(pairs):
    rows = [town(f"A{i}", *pair) for i, pair in enumerate(pairs)]
    shares = [100.0 * numerator / denominator for numerator, denominator in pairs]
    means, turned = regional_means(rows), regional_means(rows[::-1])
    for mean in (means.arithmetic, means.weighted):
        assert min(shares) - 1e-6 <= mean.value("%") <= max(shares) + 1e-6
    assert (means.arithmetic, means.weighted) == (turned.arithmetic, turned.weighted)
    assert means.arithmetic.value("%") == pytest.approx(math.fsum(shares) / len(shares), abs=1e-9)


def test_a_target_owed_everywhere_is_not_met_by_a_mean_that_meets_it():
    """90 % in A and 40 % in B average to 65 %, above the target of 50 %; B still owes 10 points or 20 m²."""
    means = regional_means([town("A", 90.0, 100.0), town("B", 80.0, 200.0)])
    arithmetic = means.judge_arithmetic("%", HALF, TODAY)
    weighted = means.judge_weighted("%", HALF, TODAY)
    assert means.reaching(HALF) == 1
    assert (arithmetic.status, arithmetic.gap, arithmetic.gap_absolute) == (Status.GAP, 5.0, 20.0)
    assert (weighted.status, weighted.gap_absolute) == (Status.GAP, 20.0)
    assert weighted.gap == pytest.approx(100.0 * 20.0 / 300.0)
    assert means.judge_weighted("%", Goalpost(50.0, ">=", END_2025), TODAY).status == Status.OVERDUE


def test_a_gain_in_one_municipality_never_offsets_a_loss_in_another():
    """+5 000 m² and −4 200 m² of grassland sum up to a gain; the loss stands."""
    rows = [town("A", 5000.0, 1.0, einheit="m²"), town("B", -4200.0, 1.0, einheit="m²")]
    means = regional_means(rows)
    no_loss = Goalpost(0.0, ">=")
    assert means.weighted.value("m²") == pytest.approx(400.0)
    for verdict in (means.judge_arithmetic("m²", no_loss, TODAY), means.judge_weighted("m²", no_loss, TODAY)):
        assert (verdict.status, verdict.gap, verdict.gap_absolute) == (Status.GAP, 2100.0, 4200.0)


def test_a_target_owed_everywhere_is_met_once_all_meet_it():
    means = regional_means([town("A", 50.0, 100.0), town("B", 120.0, 200.0)])
    for verdict in (means.judge_arithmetic("%", HALF, TODAY), means.judge_weighted("%", HALF, TODAY)):
        assert (verdict.status, verdict.gap, verdict.gap_absolute) == (Status.REACHED, 0.0, 0.0)


def test_a_regional_target_is_judged_on_the_mean_itself():
    """10 % of 100 and 40 % of 300 m²: mean 25 %, weighted 32.5 %; the region owes 30 %."""
    means = regional_means([town("A", 10.0, 100.0), town("B", 120.0, 300.0)])
    owed = Goalpost(30.0, ">=", regional=True)
    arithmetic = means.judge_arithmetic("%", owed, TODAY)
    assert (arithmetic.status, arithmetic.gap, arithmetic.gap_absolute) == (Status.GAP, 5.0, None)
    weighted = means.judge_weighted("%", owed, TODAY)
    assert (weighted.status, weighted.gap, weighted.gap_absolute) == (Status.REACHED, 0.0, 0.0)
    higher = means.judge_weighted("%", Goalpost(35.0, ">=", regional=True), TODAY)
    assert (higher.gap, higher.gap_absolute) == (pytest.approx(2.5), pytest.approx(10.0))


def test_a_mean_without_enough_municipalities_has_no_verdict():
    means = regional_means([town("A", 90.0, 100.0), unassessed("B")])
    for goalpost in (None, HALF, Goalpost(50.0, ">=", regional=True)):
        assert means.judge_arithmetic("%", goalpost, TODAY).status == Status.NOT_ASSESSABLE
        assert means.judge_weighted("%", goalpost, TODAY).status == Status.NOT_ASSESSABLE


# -- merging ----------------------------------------------------------------------------------------


def test_the_newest_row_of_an_area_counts():
    old = finding(berechnet_am=dt.date(2025, 1, 1), zaehler=6.0, status="Lücke")
    new, other = finding(), finding(variante_id="neigung_5")
    assert latest([new, old, other]) == [new, other]
    assert latest([old, new, other]) == [new, other]


def test_rows_of_one_area_are_found_by_key_also_where_one_lacks_it():
    keyed = finding(ags="05916000", berechnet_am=dt.date(2025, 1, 1))
    renamed = finding(ags="05916000", gebiet="Stadt Herne", berechnet_am=dt.date(2025, 6, 1))
    unkeyed = finding()
    assert latest([keyed, renamed, unkeyed]) == [unkeyed]
    assert len(latest([finding(ags="05916000"), finding(ags="05999000"), unkeyed])) == 3


def test_the_same_name_is_another_area_where_the_kind_or_the_raumtyp_differs():
    rows = [finding(), finding(gebiet_art="Quartier"), finding(raumtyp="Innenstadt")]
    assert latest(rows) == rows


def test_repeated_rows_of_one_day_count_once_whatever_their_order_and_wording():
    one, other = finding(annahmen="a", plugin_version="0.2.0"), finding(annahmen="b")
    assert latest([one, other]) == latest([other, one]) == [one]


def test_contradicting_rows_of_one_day_are_refused_with_the_column():
    one, other = finding(), finding(zaehler=31.0)
    with pytest.raises(ConflictError) as caught:
        latest([one, other])
    assert (caught.value.column, caught.value.one, caught.value.other) == ("zaehler", one, other)


def test_the_newest_row_counts_though_it_has_no_value_and_what_had_one_is_known():
    """Herne had 50 % in 2024 and 2025 and has nothing in 2026; Hagen has a value on its newest day."""
    old, older = finding(berechnet_am=dt.date(2025, 6, 30)), finding(berechnet_am=dt.date(2024, 6, 30))
    blank, other = unassessed("Herne"), finding(gebiet="Hagen")
    before = unassessed("Hagen", berechnet_am=dt.date(2025, 6, 30))
    rows = [older, blank, old, before, other]
    assert latest(rows) == [blank, other]
    assert gone_blank(rows) == gone_blank(rows[::-1]) == [(old, blank)]


def test_an_assessed_row_goes_before_a_newer_one_that_is_not():
    old, older = finding(berechnet_am=dt.date(2025, 6, 30)), finding(berechnet_am=dt.date(2024, 6, 30))
    blank = unassessed("Herne")
    assert latest_assessed([older, blank, old]) == latest_assessed([old, blank, older]) == ([old], [])
    assert latest_assessed([blank]) == ([blank], [])
    newer = finding(berechnet_am=dt.date(2027, 1, 1))
    assert latest_assessed([old, blank, newer]) == ([newer], [])


def test_what_contradicts_itself_is_left_out_and_the_rest_is_kept():
    """30 and 31 of 60 m² on one day; a value and none on one day; what no longer counts may contradict."""
    one, other, kept = finding(), finding(zaehler=31.0), finding(gebiet="Hagen")
    older = finding(berechnet_am=dt.date(2025, 6, 30))
    rows, conflicts = latest_assessed([one, older, other, kept])
    assert rows == [kept]
    assert [(error.one, error.other, error.column) for error in conflicts] == [(one, other, "zaehler")]
    rows, conflicts = latest_assessed([one, unassessed("Herne")])
    assert (rows, len(conflicts)) == ([], 1)
    assert latest_assessed([older, finding(zaehler=31.0, berechnet_am=older.berechnet_am), one]) == (
        [one],
        [],
    )


def test_an_area_keeps_one_headline_the_newest():
    old = finding(variante_id="ab_2016", berechnet_am=dt.date(2025, 1, 1))
    new = finding(variante_id="ab_2018")
    elsewhere = finding(gebiet="Bochum", variante_id="ab_2016")
    rows, lost = settle_headlines([old, new, elsewhere])
    assert lost == [old]
    assert [(row.variante_id, row.ist_leitwert) for row in rows] == [
        ("ab_2016", 0),
        ("ab_2018", 1),
        ("ab_2016", 1),
    ]


def test_of_two_headlines_of_one_day_the_first_by_id_stays():
    rows = [finding(variante_id="b"), finding(variante_id="a"), finding(variante_id="c", ist_leitwert=0)]
    for given_rows in (rows, rows[::-1]):
        settled, lost = settle_headlines(given_rows)
        assert [row.variante_id for row in settled if row.ist_leitwert] == ["a"]
        assert [row.variante_id for row in lost] == ["b"]


def test_what_is_planned_never_takes_the_headline_from_what_stands():
    stands = finding(variante_id="ab_2016", berechnet_am=dt.date(2020, 1, 1))
    planned = finding(variante_id="geplant")
    for given_rows in ([stands, planned], [planned, stands]):
        rows, lost = settle_headlines(given_rows)
        assert lost == [planned]
        assert {row.variante_id: row.ist_leitwert for row in rows} == {"ab_2016": 1, "geplant": 0}
    assert settle_headlines([planned])[0] == [planned]
    assert finding(variante_id="geplant.klasse_x").is_planned
    assert not finding(variante_id="geplantes").is_planned


# -- what limits a measurement ----------------------------------------------------------------------


def test_the_worst_input_limits_the_coverage_and_gives_the_reason():
    measured = Measurement(0.0, 1.0).limited(90.0, "a tenth").limited(50.0, "half").limited(60.0, "more")
    assert (measured.coverage, measured.reason, measured.value("m²")) == (50.0, "half", None)
    assert Measurement(0.0, 1.0).limited(100.0, "nothing") == Measurement(0.0, 1.0)


def test_an_area_with_nothing_to_look_at_has_no_base_and_no_coverage():
    empty = Measurement(5.0, 1.0, 100.0, 3, 1).without_base("nothing there")
    assert empty == Measurement(5.0, 0.0, 0.0, 3, 1, "nothing there")
    assert judge(empty, "m²", Goalpost(0.0, "="), "Gemeinde", TODAY).status == Status.NOT_ASSESSABLE


def test_a_finding_tells_its_reason_from_its_assumptions():
    text = joined_notes(["one", "two"], "no data; at all")
    assert text == "nicht bewertbar: no data, at all; one; two"
    row = finding(annahmen=text)
    assert (row.reason, row.notes) == ("no data, at all", ("one", "two"))
    assert (finding(annahmen="one").reason, finding(annahmen=None).notes) == ("", ())
    assert joined_notes([]) is None


# -- rows of a table --------------------------------------------------------------------------------


def row_of(row: Finding) -> dict[str, object]:
    return dataclasses.asdict(row)


def test_a_row_comes_back_as_the_finding_it_was():
    for row in (finding(), unassessed("Bottrop"), finding(ziel=None, status="Zielwert offen")):
        assert from_row(row_of(row)) == row


def test_texts_of_a_csv_become_numbers_and_dates():
    row = {column: "" if value is None else str(value) for column, value in row_of(finding()).items()}
    assert from_row(row) == finding()
    assert from_row(row | {"hz": "2.0", "berechnet_am": "2026-06-30T00:00:00"}) == finding()


@pytest.mark.parametrize(
    ("changes", "column", "problem"),
    [
        ({"zaehler": None}, "zaehler", Problem.NO_BASE),
        ({"nenner": None}, "nenner", Problem.NO_BASE),
        ({"nenner": 0.0}, "nenner", Problem.NO_BASE),
        ({"nenner": -60.0, "wert": -50.0}, "nenner", Problem.UNREADABLE),
        ({"wert": 50.1}, "wert", Problem.NOT_DERIVED),
        ({"wert": 0.5}, "wert", Problem.NOT_DERIVED),
        ({"wert": None}, "wert", Problem.NOT_DERIVED),
        ({"wert": "viel"}, "wert", Problem.UNREADABLE),
        ({"wert": float("nan")}, "wert", Problem.UNREADABLE),
        ({"zaehler": float("inf")}, "zaehler", Problem.UNREADABLE),
        ({"zaehler": 1e308, "einheit": "%"}, "zaehler", Problem.UNREADABLE),
        ({"luecke": "-1e999"}, "luecke", Problem.UNREADABLE),
        ({"ziel": 1.1e15}, "ziel", Problem.UNREADABLE),
        ({"n_objekte": 2**31}, "n_objekte", Problem.UNREADABLE),
        ({"hz": 2.5}, "hz", Problem.UNREADABLE),
        ({"hz": None}, "hz", Problem.EMPTY),
        ({"kennzahl_id": ""}, "kennzahl_id", Problem.EMPTY),
        ({"definition": None}, "definition", Problem.EMPTY),
        ({"status": "reached"}, "status", Problem.UNREADABLE),
        ({"gebiet_art": "Stadt"}, "gebiet_art", Problem.UNREADABLE),
        ({"ist_leitwert": 2}, "ist_leitwert", Problem.UNREADABLE),
        ({"richtung": "=>"}, "richtung", Problem.UNREADABLE),
        ({"richtung": None}, "richtung", Problem.UNREADABLE),
        ({"herkunft_ziel": None}, "herkunft_ziel", Problem.EMPTY),
        ({"abdeckung_proz": 101.0}, "abdeckung_proz", Problem.UNREADABLE),
        ({"abdeckung_proz": None}, "abdeckung_proz", Problem.EMPTY),
        ({"luecke": -1.0}, "luecke", Problem.UNREADABLE),
        ({"n_ausgelassen": -1}, "n_ausgelassen", Problem.UNREADABLE),
        ({"berechnet_am": "gestern"}, "berechnet_am", Problem.UNREADABLE),
    ],
)
def test_a_row_that_is_no_finding_is_refused_by_column(changes, column, problem):
    with pytest.raises(FindingError) as caught:
        from_row(row_of(finding()) | changes)
    assert (caught.value.column, caught.value.problem) == (column, problem)
    assert column in str(caught.value)


def test_all_missing_columns_are_named():
    row = {column: value for column, value in row_of(finding()).items() if column not in ("nenner", "ziel")}
    with pytest.raises(FindingError) as caught:
        from_row(row)
    assert (caught.value.problem, caught.value.column) == (Problem.MISSING, "nenner, ziel")


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"zaehler": 6.0}, Status.GAP),
        ({"zaehler": 6.0, "ziel_datum": END_2025}, Status.OVERDUE),
        ({"ziel": None}, Status.NO_TARGET),
        ({"abdeckung_proz": 79.0}, Status.NOT_ASSESSABLE),
        ({"status": "Lücke"}, Status.REACHED),
        ({"status": "Zielwert offen"}, Status.REACHED),
        ({"status": "Beitrag", "gebiet_art": "Region"}, Status.REACHED),
    ],
)
def test_a_status_that_does_not_follow_is_refused(changes, expected):
    with pytest.raises(FindingError) as caught:
        check_verdict(finding(**changes))
    assert (caught.value.problem, caught.value.value) == (Problem.CONTRADICTORY, expected.value)


@pytest.mark.parametrize(
    "row",
    [
        finding(),
        finding(zaehler=6.0, status="Lücke"),
        finding(zaehler=6.0, status="Beitrag"),
        finding(ziel=None, status="Zielwert offen"),
        unassessed("Bottrop"),
    ],
    ids=lambda row: row.status,
)
def test_a_status_that_follows_is_accepted(row):
    check_verdict(row)
    assert row.status in set(Status)


def test_the_schema_is_frozen():
    assert len(COLUMNS) == 31
    assert COLUMNS[:4] == ("hz", "kennzahl_id", "variante_id", "ist_leitwert")
    assert COLUMNS[-1] == "berechnet_am"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("vorläufig gesichert", "vorlaeufig_gesichert"),
        ("Größe §5", "groesse_5"),
        ("–", "x"),
        ("Haßlinghausen", "hasslinghausen"),
    ],
)
def test_slugs_are_lower_case_ascii(name, expected):
    assert slugs([name]) == {name: expected}
