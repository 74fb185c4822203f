"""Leases: days, terms, and shares of them."""

from __future__ import annotations

import datetime as dt

import pytest
from gruene_infra.gruene_infra_plugin.methods.findings.leases import Lease, Leases, is_unlimited
from gruene_infra.gruene_infra_plugin.methods.findings.register_facts import Statement, Subject
from gruene_infra.gruene_infra_plugin.methods.reading.days import day_in


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2026-10-01", dt.date(2026, 10, 1)),
        ("2026-10-01 00:00:00", dt.date(2026, 10, 1)),
        ("01.10.2026", dt.date(2026, 10, 1)),
        ("1.10.2026 0:00", dt.date(2026, 10, 1)),
        (" 2026 ", 2026),
        ("2026.0", 2026),
        *((word, None) for word in (None, "", "-", "1111-11-11", "9999-12-31", "9999", "0", "31.02.2026")),
        *((word, None) for word in ("2026-13-01", "unbefristet", "01.10.26", "20261001", "²026")),
    ],
)
def test_days_as_offices_write_them(written, day):
    assert day_in(written) == day


def test_words_for_no_end():
    assert all(map(is_unlimited, ("unbefristet", "UNBEFRISTET (§ 594)", "auf unbestimmte Zeit", "unlimited")))
    assert not any(map(is_unlimited, ("befristet", "unbekannt", "2030", "", None)))


@pytest.mark.parametrize(
    ("begin", "end", "long"),
    [
        ("2026-10-01", "2036-09-30", True),
        ("2026-10-01", "2036-09-29", False),
        ("2024-02-29", "2034-02-28", True),
        ("2026", "2035", True),
        ("2026", "2034", False),
        ("2026-01-01", "2035", True),
        ("2026-01-02", "2035", False),
        ("2026", "2035-12-30", False),
        ("2026", "2025", None),
        ("2026-10-01", "2026-09-29", None),
        ("1826-10-01", "2036-09-30", None),
        ("2026-10-01", None, None),
        (None, "2036-09-30", None),
        ("2026-10-01", "unbefristet", False),
    ],
)
def test_ten_years_to_the_day(begin, end, long):
    assert Lease.told(begin, end, 1.0).is_long(10) is long


def test_an_end_goes_before_a_mark_that_there_is_none():
    assert Lease.told("2026-01-01", "2035-12-31", 1.0, unlimited=1.0).is_long(10) is True
    assert Lease.told("2026-01-01", None, 1.0, unlimited=0.0).is_long(10) is None


def test_shares_and_mean_by_hand():
    """10 years of 3 ha and 4 years of 1 ha; 20 years of 6 ha of a farm that does not convert."""
    told = [
        Lease(10.0, 3.0),
        Lease(4.0, 1.0),
        Lease(20.0, 6.0, converts=False),
    ]
    leases = Leases(told, 10)
    area, number, mean = leases.by_area(), leases.by_number(), leases.mean_years()
    assert (area.value("%"), number.value("%")) == (pytest.approx(75), pytest.approx(50))
    assert mean.value("Jahre") == pytest.approx(8.5)
    assert {one.coverage for one in (area, number, mean)} == {100.0}
    assert (area.n_objects, area.n_omitted) == (2, 0)


def test_what_is_unknown_lowers_the_coverage_and_is_no_short_lease():
    told = [Lease(10.0, 8.0), Lease(None, 1.0), Lease(12.0, 1.0, converts=None)]
    leases = Leases(told, 10)
    assert (leases.by_area().value("%"), leases.by_area().coverage) == (100.0, pytest.approx(80))
    assert leases.by_number().coverage == pytest.approx(100 / 3)
    assert leases.by_number().value("%") is None


def test_leases_of_unknown_area_count_by_number():
    leases = Leases([Lease(10.0, 2.0), Lease(2.0, None)], 10)
    assert leases.by_number().value("%") == pytest.approx(50)
    assert leases.by_area().coverage == pytest.approx(50)
    assert Leases([Lease(10.0, None)], 10).by_area().value("%") is None


def test_an_unlimited_lease_has_no_term_to_average():
    leases = Leases([Lease(10.0, 9.0), Lease(None, 1.0, unlimited=True)], 10)
    assert (leases.by_area().value("%"), leases.by_area().coverage) == (pytest.approx(90), 100.0)
    assert (leases.mean_years().value("Jahre"), leases.mean_years().coverage) == (10, pytest.approx(90))


@pytest.mark.parametrize("told", [[], [Lease(20.0, 6.0, converts=False)], [Lease(None, None)]])
def test_nothing_known_is_no_zero(told):
    leases = Leases(told, 10)
    for found in (leases.by_area(), leases.by_number(), leases.mean_years()):
        assert (found.numerator, found.denominator, found.coverage) == (None, None, 0.0)


def test_facts_of_a_register():
    def subject(area_m2: float | None = None, **facts: object) -> Subject:
        rows = (
            Statement(name, value if isinstance(value, float) else None, str(value))
            for name, value in facts.items()
        )
        return Subject(None, True, tuple(rows), area_m2)

    days, end = {"pacht_beginn": "2026-01-01", "pacht_ende": "2035-12-31"}, dt.date(2035, 12, 31)
    assert Lease.stated(subject(**days, pachtflaeche_m2=25_000.0)) == Lease(10.0, 2.5, last=end)
    assert Lease.stated(subject(40_000.0, **days)) == Lease(10.0, 4.0, last=end)
    assert Lease.stated(subject(pachtdauer_jahre=5.0)) == Lease(5.0, None)
    endless = Lease.stated(subject(pacht_beginn="2026-01-01", pacht_ende="unbefristet"))
    assert endless.is_long(10) is False
