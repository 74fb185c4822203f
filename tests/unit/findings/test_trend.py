"""Trends by hand-computed numbers: rates, the year of the target, what is no trend; order and scale."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from gruene_infra.gruene_infra_plugin.methods.findings.finding import MEANS_BY, Finding, Status
from gruene_infra.gruene_infra_plugin.methods.findings.targets import ConflictError
from gruene_infra.gruene_infra_plugin.methods.findings.trend import (
    DAYS_PER_YEAR,
    Change,
    Comparison,
    Outlook,
    Trend,
    Trends,
    day_reached,
    rate_per_year,
    required_rate,
    source_of,
    years_between,
)
from hypothesis import given
from hypothesis import strategies as st

FIRST, MIDDLE, LAST = dt.date(2022, 6, 30), dt.date(2024, 6, 30), dt.date(2026, 6, 30)
END_2030 = dt.date(2030, 12, 31)


def row(day: dt.date, value: float | None, **changes: object) -> Finding:
    """Return a forest share of ``value`` percent of 200 ha; the target is 25 % until the end of 2030."""
    target = changes.get("ziel", 25.0)
    status = Status.NOT_ASSESSABLE if value is None else Status.NO_TARGET if target is None else Status.GAP
    plain = Finding(
        hz=22, kennzahl_id="hz22.wald.anteil", variante_id="wald", ist_leitwert=1, kennzahl="Waldanteil",
        definition="Zähler: Wald. Nenner: Gebiet.", gebiet_art="Gesamt", ags=None, gebiet="Gesamt",
        raumtyp=None, zaehler=None if value is None else 2.0 * value, nenner=200.0, basis_einheit="ha",
        wert=value, einheit="%", ziel=25.0, richtung=">=", ziel_datum=END_2030, herkunft_ziel="S",
        luecke=None, luecke_abs=None, luecke_einheit="ha", status=status, abdeckung_proz=100.0, n_objekte=1,
        n_ausgelassen=0, stand_daten=None, annahmen=None, algorithmus="hz22_forest_share",
        plugin_version="0.1.0", berechnet_am=day,
    )  # fmt: skip
    return replace(plain, **changes)


def over_area(_row: Finding) -> bool:
    return True


def trend(*rows: Finding, as_of: dt.date = LAST, comparison: Comparison | None = None) -> Trend:
    """Return the only trend of rows."""
    (found,) = Trends(rows, as_of, comparison).all()
    return found


# -- rates --------------------------------------------------------------------------------------------------


def test_years_are_days_by_the_mean_year_of_the_calendar():
    """From 2022-06-30 to 2026-06-30 are 1461 days."""
    assert (LAST - FIRST).days == 1461
    assert years_between(FIRST, LAST) == pytest.approx(1461 / 365.2425)
    assert DAYS_PER_YEAR == 365.2425


def test_two_dates_give_their_difference_by_the_years():
    """10 → 14 % in 1461 days: 4 · 365.2425 / 1461 = 0.99997946… percentage points per year."""
    assert rate_per_year([FIRST, LAST], [10.0, 14.0]) == pytest.approx(4 * 365.2425 / 1461, rel=1e-12)


def test_three_dates_give_the_line_of_least_squares():
    """Days 0, 100, 300 with 0, 1, 2: from the mean day −400/3, −100/3, 500/3, from the mean value −1, 0, 1.

    Σdv = 300, Σd² = 420 000/9, so 9/1400 a day.
    """
    days = [FIRST + dt.timedelta(days=days) for days in (0, 100, 300)]
    assert rate_per_year(days, [0.0, 1.0, 2.0]) == pytest.approx(9 / 1400 * 365.2425, rel=1e-12)


def test_what_rounding_leaves_of_equal_values_is_no_rate():
    assert rate_per_year([FIRST, LAST], [0.1 + 0.2, 0.3]) == 0.0
    assert rate_per_year([FIRST, LAST], [0.0, 0.0]) == 0.0


def test_the_required_rate_leads_to_the_target_on_its_date():
    """From 14 % on 2026-06-30 to 25 % on 2030-12-31 are 1645 days."""
    assert required_rate(14.0, LAST, 25.0, END_2030) == pytest.approx(11 * 365.2425 / 1645)
    assert required_rate(14.0, LAST, 25.0, LAST) is None
    assert required_rate(14.0, LAST, 25.0, FIRST) is None


@pytest.mark.parametrize(
    ("value", "rate", "target", "direction", "days"),
    [
        (10.0, 1.0, 12.0, ">=", 731),  # 730.485 days: reached on the next one
        (10.0, 365.2425, 15.0, ">=", 5),  # one a day
        (10.0, 365.2425, 15.0, "=", 5),
        (15.0, -365.2425, 10.0, "<=", 5),
        (15.0, -365.2425, 10.0, "<", 6),  # on the fifth day it equals what it has to fall below
        (5.0, -365.2425, 0.0, "=", 5),  # a target of 0
        (0.0, 365.2425, 5.0, ">=", 5),  # a value of 0
        (10.0, 0.0, 12.0, ">=", None),
        (10.0, -1.0, 12.0, ">=", None),
        (10.0, 1e-9, 12.0, ">=", None),  # after the year 9999
    ],
)
def test_the_day_of_the_target_at_a_rate(value, rate, target, direction, days):
    expected = None if days is None else LAST + dt.timedelta(days=days)
    assert day_reached(value, LAST, rate, target, direction) == expected


# -- outlook and status -------------------------------------------------------------------------------------


def test_too_slow_is_too_late_and_says_what_is_needed():
    """10 → 14 % in 1461 days; the 11 points that lack take 11/4 · 1461 = 4017.75 days: 2037-06-30."""
    found = trend(row(FIRST, 10.0), row(LAST, 14.0))
    assert found.rate == pytest.approx(4 * 365.2425 / 1461)
    assert found.reached_on == LAST + dt.timedelta(days=4018)
    assert found.reached_on.year == 2037
    assert found.required == pytest.approx(11 * 365.2425 / 1645)
    assert (found.outlook, found.status) == (Outlook.TOO_LATE, Status.GAP)


def test_fast_enough_is_in_time():
    """10 → 20 %: the 5 points that lack take half of 1461 days, until 2028-06-30."""
    found = trend(row(FIRST, 10.0), row(LAST, 20.0))
    assert (found.reached_on, found.outlook) == (dt.date(2028, 6, 30), Outlook.IN_TIME)


def test_on_the_very_day_is_in_time():
    """0.1 a day would do it in 1645 days; floats must not make it a day later."""
    first = LAST - dt.timedelta(days=100)
    found = trend(row(first, 0.0), row(LAST, 10.0, ziel=10.0 + 164.5))
    assert (found.reached_on, found.outlook) == (END_2030, Outlook.IN_TIME)


@pytest.mark.parametrize(
    ("values", "changes", "as_of", "outlook", "status"),
    [
        ((10.0, 14.0), {"ziel_datum": None}, LAST, Outlook.NO_DEADLINE, Status.GAP),
        ((14.0, 10.0), {}, LAST, Outlook.AWAY, Status.GAP),
        ((14.0, 14.0), {}, LAST, Outlook.LEVEL, Status.GAP),
        ((10.0, 14.0), {}, dt.date(2031, 1, 1), Outlook.TOO_LATE, Status.OVERDUE),
        ((10.0, 24.0), {}, dt.date(2031, 1, 1), Outlook.TOO_LATE, Status.OVERDUE),
        ((20.0, 26.0), {"status": Status.REACHED}, LAST, Outlook.REACHED, Status.REACHED),
        ((10.0, 14.0), {"status": Status.CONTRIBUTION}, LAST, None, Status.CONTRIBUTION),
        ((10.0, 14.0), {"ziel": None, "richtung": None}, LAST, None, Status.NO_TARGET),
        ((3.0, 1.0), {"ziel": 0.0, "richtung": "="}, LAST, Outlook.IN_TIME, Status.GAP),
        ((0.0, 1.0), {"ziel": 0.0, "richtung": "<="}, LAST, Outlook.AWAY, Status.GAP),
        ((0.0, 0.0), {"ziel": 5.0}, LAST, Outlook.LEVEL, Status.GAP),
    ],
)
def test_outlook_and_status(values, changes, as_of, outlook, status):
    days = zip((FIRST, LAST), values, strict=True)
    rows = [row(day, value, **{"stand_daten": f"ALKIS {day}"} | changes) for day, value in days]
    found = trend(*rows, as_of=as_of)
    assert (found.outlook, found.status) == (outlook, status)
    assert (found.reached_on is None) == (
        outlook not in (Outlook.TOO_LATE, Outlook.IN_TIME, Outlook.NO_DEADLINE)
    )
    assert (found.required is None) == (status is not Status.GAP or changes.get("ziel_datum", 1) is None)


def test_values_from_zero_and_targets_of_zero():
    """0 → 8 in 1461 days leads away from the target 0; 8 → 2 gets there in a third of the time."""
    up = trend(row(FIRST, 0.0, ziel=0.0, richtung="="), row(LAST, 8.0, ziel=0.0, richtung="="))
    assert (up.rate, up.reached_on) == (pytest.approx(8 * 365.2425 / 1461), None)
    assert up.required == pytest.approx(-8 * 365.2425 / 1645)
    down = trend(row(FIRST, 8.0, ziel=0.0, richtung="="), row(LAST, 2.0, ziel=0.0, richtung="="))
    assert down.reached_on == LAST + dt.timedelta(days=487)  # 2/6 of 1461 days


def test_a_target_that_is_reached_and_about_to_be_lost_is_told():
    found = trend(row(FIRST, 40.0, status=Status.REACHED), row(LAST, 30.0, status=Status.REACHED))
    assert (found.outlook, found.is_losing) == (Outlook.REACHED, True)
    assert not trend(row(FIRST, 30.0, status="erreicht"), row(LAST, 40.0, status="erreicht")).is_losing


def test_what_arrived_at_exactly_its_target_is_not_about_to_lose_it():
    zero = {"ziel": 0.0, "richtung": "=", "status": "erreicht"}
    found = trend(row(FIRST, 3.0, **zero), row(LAST, 0.0, **zero))
    assert (found.outlook, found.is_losing) == (Outlook.REACHED, False)


def test_a_mean_has_a_year_where_only_the_region_owes_the_target():
    """20 → 22 %: 3 points lack, 2191.5 days at 2 points in 1461."""
    mean = {"algorithmus": MEANS_BY, "gebiet_art": "Region", "gebiet": "Mittel"}
    means = [row(FIRST, 20.0, **mean), row(LAST, 22.0, **mean)]
    for status, reached, owed in (
        ("Beitrag", LAST + dt.timedelta(days=2192), False),
        ("Lücke", None, True),
        ("nicht bewertbar", LAST + dt.timedelta(days=2192), False),
    ):
        town = row(LAST, 22.0, gebiet_art="Gemeinde", gebiet="Herne", status=status)
        found = Trends([*means, town], LAST).of(means[1])
        assert (found.reached_on, found.is_owed_by_each) == (reached, owed)
        assert found.rate == pytest.approx(2 * 365.2425 / 1461)


def test_a_mean_that_meets_what_not_every_municipality_meets_has_no_year():
    """The mean of 30 % is above 25 %, but one municipality has a gap."""
    found = trend(row(FIRST, 26.0, algorithmus=MEANS_BY), row(LAST, 30.0, algorithmus=MEANS_BY))
    assert (found.outlook, found.reached_on, found.required, found.status) == (None, None, None, Status.GAP)


# -- what is no trend ---------------------------------------------------------------------------------------


def test_one_date_is_not_assessable():
    found = trend(row(LAST, 14.0))
    assert (found.rate, found.status, len(found.dates)) == (None, Status.NOT_ASSESSABLE, 1)


def test_a_row_without_a_value_is_no_date():
    found = trend(row(FIRST, 10.0), row(MIDDLE, None), row(LAST, 14.0))
    assert (len(found.compared), found.blank) == (2, (MIDDLE,))
    assert found.rate == pytest.approx(4 * 365.2425 / 1461)
    nothing = trend(row(FIRST, 10.0), row(LAST, None))
    assert (nothing.rate, nothing.status, nothing.last.wert) == (None, Status.NOT_ASSESSABLE, 10.0)


@pytest.mark.parametrize(
    ("changes", "change"),
    [
        ({"definition": "Zähler: Wald ab 1 ha. Nenner: Gebiet."}, Change.DEFINITION),
        ({"algorithmus": "hz22_other"}, Change.ALGORITHM),
        ({"einheit": "ha"}, Change.UNIT),
        ({"basis_einheit": "km²"}, Change.UNIT),
        ({"stand_daten": "ATKIS 2026"}, Change.SOURCE),
        ({"nenner": 202.0}, Change.AREA),
        ({"plugin_version": "0.2.0"}, Change.VERSION),
    ],
)
def test_a_change_is_named_and_is_no_trend(changes, change):
    comparison = Comparison(over_area, same_version=True)
    rows = [row(FIRST, 10.0, stand_daten="ALKIS 2022"), row(LAST, 14.0, stand_daten="ALKIS 2026")]
    rows[1] = replace(rows[1], **changes)
    found = trend(*rows, comparison=comparison)
    assert (found.rate, found.status) == (None, Status.NOT_ASSESSABLE)
    assert [(one.day, one.changes) for one in found.breaks] == [(LAST, (change,))]
    assert [one.wert for one in found.shown] == [10.0, 14.0]
    assert str(found.breaks[0]) == f"2026-06-30: {change.value}"


@pytest.mark.parametrize(
    "changes",
    [
        {"stand_daten": "Stand Juni 2026, alkis"},
        {"stand_daten": None},
        {"stand_daten": "2026-06"},
        {"nenner": 200.9},  # 0.45 % of it: digitised anew
        {"definition": "Zähler:  WALD. Nenner: Gebiet."},
        {"plugin_version": "0.2.0"},
        {"ziel": 30.0},
    ],
)
def test_what_is_no_change(changes):
    rows = row(FIRST, 10.0, stand_daten="ALKIS 2022-06"), row(LAST, 14.0, **changes)
    found = trend(*rows, comparison=Comparison(over_area))
    assert (found.breaks, found.rate) == ((), pytest.approx(4 * 365.2425 / 1461))


def test_a_denominator_that_is_no_area_may_change():
    rows = row(FIRST, 10.0), row(LAST, 14.0, nenner=400.0, zaehler=56.0)
    assert trend(*rows).breaks == ()
    assert trend(*rows, comparison=Comparison(over_area)).breaks[0].changes == (Change.AREA,)


def test_after_a_change_only_what_follows_is_compared():
    """90 % under another definition in 2022; 10 → 12 % from 2024 to 2026, 730 days."""
    found = trend(row(FIRST, 90.0, definition="anders"), row(MIDDLE, 10.0), row(LAST, 12.0))
    assert [one.day for one in found.breaks] == [MIDDLE]
    assert found.rate == pytest.approx(2 * 365.2425 / 730)
    assert [one.wert for one in found.shown] == [10.0, 12.0]


def test_the_same_data_computed_again_are_one_date():
    """What stands in 2024 on the data of 2022 is no date; its value counts, in 2022: 11 → 14 %."""
    data = "ALKIS 2022-01"
    rows = (
        row(FIRST, 10.0, stand_daten=data, definition="anders"),
        row(MIDDLE, 11.0, stand_daten=data),
        row(LAST, 14.0, stand_daten="ALKIS 2026-01"),
    )
    found = trend(*rows)
    assert (found.repeated, found.breaks) == ((MIDDLE,), ())
    assert [(one.berechnet_am, one.wert) for one in found.compared] == [(FIRST, 11.0), (LAST, 14.0)]
    assert found.rate == pytest.approx(3 * 365.2425 / 1461)
    assert trend(*rows[:2]).rate is None
    undated = trend(*(replace(one, stand_daten="ALKIS", definition="gleich") for one in rows))
    assert (undated.repeated, len(undated.compared)) == ((), 3)


@pytest.mark.parametrize(
    ("first", "last", "is_date"),
    [
        (None, None, False),
        ("ALKIS 2022", None, False),
        ("ALKIS", "ALKIS", False),
        ("ALKIS 2022", "ALKIS 2026", True),
    ],
)
def test_the_same_figures_to_the_last_digit_are_a_date_only_if_newer_data_are_stated(first, last, is_date):
    """28 of 200 ha in 3 objects on both days."""
    rows = row(FIRST, 14.0, n_objekte=3, stand_daten=first), row(LAST, 14.0, n_objekte=3, stand_daten=last)
    found = trend(*rows)
    if is_date:
        assert (found.unchanged, found.rate, found.outlook) == ((), 0.0, Outlook.LEVEL)
        return
    assert (found.unchanged, found.repeated, len(found.dates)) == ((LAST,), (), 1)
    assert (found.rate, found.outlook, found.status) == (None, None, Status.NOT_ASSESSABLE)


@pytest.mark.parametrize(
    "changes", [{"n_objekte": 2}, {"zaehler": 56.0, "nenner": 400.0}, {"zaehler": 28.000001}]
)
def test_the_same_value_of_other_figures_is_a_date(changes):
    """14 % of 200 ha in one object; in two objects, of 400 ha, or 0.01 m² more, is measured anew."""
    found = trend(row(FIRST, 14.0), row(LAST, 14.0, **changes))
    assert (found.unchanged, found.rate, found.outlook) == ((), 0.0, Outlook.LEVEL)


def test_dates_besides_the_one_that_may_repeat_another_keep_their_rate():
    """10 % in 2022 and again in 2024, 14 % in 2026: the 4 points are of 1461 days."""
    found = trend(row(FIRST, 10.0), row(MIDDLE, 10.0), row(LAST, 14.0))
    assert (found.unchanged, [one.berechnet_am for one in found.dates]) == ((MIDDLE,), [FIRST, LAST])
    assert found.rate == pytest.approx(4 * 365.2425 / 1461)


def test_the_same_figures_under_another_definition_are_a_change():
    found = trend(row(FIRST, 14.0), row(LAST, 14.0, definition="anders"))
    assert (found.unchanged, [one.changes for one in found.breaks]) == ((), [(Change.DEFINITION,)])


@pytest.mark.parametrize(("days", "rate"), [(89, None), (90, 4 * 365.2425 / 90)])
def test_dates_less_than_90_days_apart_give_no_rate(days, rate):
    """10 → 14 %."""
    found = trend(row(LAST - dt.timedelta(days), 10.0), row(LAST, 14.0))
    assert found.rate == (None if rate is None else pytest.approx(rate))
    assert (found.days, found.is_too_near) == (days, rate is None)
    assert (found.status, found.outlook) == (
        (Status.NOT_ASSESSABLE, None) if rate is None else (Status.GAP, Outlook.IN_TIME)
    )
    assert [one.wert for one in found.shown] == [10.0, 14.0]


def test_a_date_in_between_may_be_near():
    rows = [row(FIRST, 10.0), row(LAST - dt.timedelta(10), 13.0), row(LAST, 14.0)]
    assert (trend(*rows).is_too_near, len(trend(*rows).compared)) == (False, 3)


def test_another_number_in_the_assumptions_is_a_change_and_one_that_is_not_told_is_none():
    def settings(one: Finding) -> dict[str, str]:
        return {} if one.annahmen is None else {"min_overlap": one.annahmen}

    def changes(first: str | None, last: str | None) -> list[tuple[Change, ...]]:
        rows = row(FIRST, 10.0, annahmen=first), row(LAST, 14.0, annahmen=last)
        return [one.changes for one in trend(*rows, comparison=Comparison(settings=settings)).breaks]

    assert changes("1", "50") == [(Change.ASSUMPTIONS,)]
    assert changes("1", "1") == changes("1", None) == changes(None, "50") == []


def test_another_definition_on_other_days_is_named():
    """``wald`` in 2022 and ``wald_bwi`` in 2026 are two rows, and each says what stands on the other day."""
    found = Trends([row(FIRST, 10.0), row(LAST, 14.0, variante_id="wald_bwi")], LAST).all()
    assert [[str(one) for one in each.elsewhere] for each in found] == [
        ["2026-06-30: Definition (wald_bwi)"],
        ["2022-06-30: Definition (wald)"],
    ]
    together = Trends([row(LAST, 10.0), row(LAST, 14.0, variante_id="wald_bwi")], LAST).all()
    assert [each.elsewhere for each in together] == [(), ()]


def test_areas_of_another_kind_on_other_days_are_named():
    rows = [row(FIRST, 10.0, gebiet="Mitte", gebiet_art="Quartier"), row(LAST, 14.0, gebiet="MITTE")]
    found = Trends(rows, LAST).all()
    assert [[str(one) for one in each.elsewhere] for each in found] == [
        ["2026-06-30: Gebiet (Gesamt)"],
        ["2022-06-30: Gebiet (Quartier)"],
    ]


def test_a_row_without_the_key_of_its_area_belongs_to_it():
    town = {"gebiet_art": "Gemeinde", "gebiet": "Herne"}
    found = trend(row(FIRST, 10.0, ags="05916000", **town), row(LAST, 14.0, **town))
    assert len(found.compared) == 2


def test_means_of_more_municipalities_are_compared_and_those_of_another_region_are_not():
    def mean(day: dt.date, text: str) -> Finding:
        words = f"Zähler: Wald. Mittel der Gemeinden: jede zählt einmal. {text} Gemeinden bewertbar."
        value = 10.0 if day == FIRST else 11.0
        return row(day, value, algorithmus=MEANS_BY, gebiet_art="Region", definition=words)

    assert trend(mean(FIRST, "43 von 53"), mean(LAST, "50 von 53")).breaks == ()
    assert trend(mean(FIRST, "43 von 53"), mean(LAST, "43 von 54")).breaks[0].changes == (Change.DEFINITION,)


def test_coverage_that_differs_is_known():
    found = trend(row(FIRST, 10.0, abdeckung_proz=84.0), row(LAST, 14.0, abdeckung_proz=97.5))
    assert found.coverage_shift == 13.5


def test_two_values_of_one_day_contradict_each_other():
    with pytest.raises(ConflictError):
        Trends([row(LAST, 10.0), row(LAST, 14.0)], LAST)
    assert len(trend(row(LAST, 10.0), row(LAST, 10.0)).dates) == 1


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (None, set()),
        ("2026-01", set()),
        ("31.12.2025", set()),
        ("2026-01-31T12:00:00Z", set()),
        ("Stand Januar 2026", set()),
        ("ALKIS 2026-01", {"alkis"}),
        ("ALKIS_2026, DOP10 (Q2 2025)", {"alkis", "dop10"}),
        ("Zensus2022", {"zensus"}),
        ("DGM1", {"dgm1"}),
    ],
)
def test_the_source_of_data_without_its_date(text, words):
    assert source_of(text) == words


# -- invariants ---------------------------------------------------------------------------------------------

DAYS = st.lists(st.integers(0, 20_000), min_size=2, max_size=6, unique=True)
VALUES = st.lists(st.floats(-1e6, 1e6), min_size=6, max_size=6)


@given(DAYS, VALUES, st.randoms())
def test_the_order_of_the_dates_makes_no_difference(offsets, values, random):
    rows = [
        row(FIRST + dt.timedelta(d), v, abdeckung_proz=90.0) for d, v in zip(offsets, values, strict=False)
    ]
    mixed = list(rows)
    random.shuffle(mixed)
    assert trend(*mixed) == trend(*rows)


@given(DAYS, VALUES, st.sampled_from([0.001, 0.5, 2.0, 100.0]), st.floats(-1000, 1000))
def test_scaling_scales_the_rate_and_shifting_leaves_it(offsets, values, factor, shift):
    days = [FIRST + dt.timedelta(days=days) for days in offsets]
    values = values[: len(days)]
    rate = rate_per_year(days, values)
    largest = max(map(abs, values)) / min(years_between(min(days), max(days)), 1.0) + 1.0
    scaled = rate_per_year(days, [factor * value for value in values])
    shifted = rate_per_year(days, [value + shift for value in values])
    assert scaled == pytest.approx(factor * rate, rel=1e-6, abs=1e-6 * factor * largest)
    assert shifted == pytest.approx(rate, rel=1e-6, abs=1e-6 * (largest + abs(shift)))


@given(st.floats(-100, 100), st.floats(0.01, 100))
def test_the_required_rate_reaches_the_target_on_its_date(value, missing):
    rate = required_rate(value, LAST, value + missing, END_2030)
    assert day_reached(value, LAST, rate, value + missing, ">=") == END_2030
