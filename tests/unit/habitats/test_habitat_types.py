"""Habitat types and grades as registers write them, and the shares that they take of a place."""

from __future__ import annotations

import doctest

import pytest
from gruene_infra.gruene_infra_plugin.methods.habitats import habitat_types
from gruene_infra.gruene_infra_plugin.methods.habitats.habitat_types import (
    GRADES,
    NO_GRADE,
    OTHER,
    LostCodeError,
    Recorded,
    StatusError,
    grade_of,
    is_wholly_good,
    shares_of,
    type_code,
)
from hypothesis import given
from hypothesis import strategies as st


def test_examples_of_the_docstrings():
    assert doctest.testmod(habitat_types).failed == 0


@pytest.mark.parametrize(
    ("written", "code"),
    [
        *[(word, "91E0") for word in ("91E0", "*91E0", "91E0*", "* 91E0", "91 E0", "91e0*", "LRT 91E0")],
        *[(word, "91D1") for word in ("91D1", "91D1* Birken-Moorwald")],
        *[(word, "9110") for word in ("9110", " 9110 ", "9110.0", "9110,00", "9110 - Hainsimsen-Buchenwald")],
        *[(word, OTHER) for word in ("kein", "kein LRT", "0", "N", "19_98")],
        *[(word, None) for word in (None, "", "-", "k. A.", "9999", "-9999", "unbekannt", "n. b.")],
        *[(word, None) for word in ("9", "911", "9110/9130", "91101")],
    ],
)
def test_types(written, code):
    assert type_code(written) == code


@pytest.mark.parametrize("written", ["91", "91.0", "91,0", " 91 ", "9.1E+01", "9,1e+01", "9,10E+01", "9.1E1"])
def test_91_alone_is_none(written):
    with pytest.raises(LostCodeError):
        type_code(written)


@pytest.mark.parametrize(
    ("written", "grade"),
    [
        *[(word, "A") for word in ("A", "a", " A ", "A (hervorragend)", "a - hervorragend", "A: sehr gut")],
        *[(word, "B") for word in ("B", "B (gut)", "B = gut", "b gut")],
        *[(word, "C") for word in ("C", "C – mittel bis schlecht", "C (durchschnittlich oder beschränkt)")],
        *[(word, "E") for word in ("E", "E (Entwicklungsfläche)")],
        ("Z irreversibel gestört", "Z"),
        *[
            (word, NO_GRADE)
            for word in ("9", "0", "X", "x", "9.0", "", "-", "9999", "k. A.", "unbekannt", None)
        ],
        *[(word, None) for word in ("A-B", "A/B", "AB", "B-C", "D", "gut", "Buche", "1", "B+")],
    ],
)
def test_grades(written, grade):
    assert grade_of(written) == grade


@pytest.mark.parametrize("written", ["FV", "fv", "U1", "U2", "XX", "U1+", "U2 (schlecht)", "FV günstig"])
def test_a_status_is_no_grade(written):
    with pytest.raises(StatusError):
        grade_of(written)


@pytest.mark.parametrize(
    ("records", "expected", "is_scaled"),
    [
        ([], {}, False),
        ([("9110", "A", 100)], {("9110", "A"): 100}, False),
        ([("9110", "A", 0)], {}, False),
        ([("9110", "A", 30), ("9110", "A", 50)], {("9110", "A"): 50}, False),
        ([("9110", "A", 100), ("9110", "C", 100)], {("9110", "C"): 100}, False),
        ([("9110", "B", 100), ("9110", "", 100)], {("9110", "B"): 100}, False),
        ([("9110", "A", 60), ("9110", "C", 40)], {("9110", "A"): 60, ("9110", "C"): 40}, False),
        ([("9110", "A", 60), ("9110", "C", 60)], {("9110", "A"): 40, ("9110", "C"): 60}, False),
        ([("9110", "A", 60), ("91E0", "C", 40)], {("9110", "A"): 60, ("91E0", "C"): 40}, False),
        ([("9110", "A", 100), ("91E0", "C", 25)], {("9110", "A"): 80, ("91E0", "C"): 20}, True),
    ],
)
def test_shares_of_a_place(records, expected, is_scaled):
    assert shares_of(Recorded(*record) for record in records) == (pytest.approx(expected), is_scaled)


RECORDS = st.lists(
    st.builds(
        Recorded,
        st.sampled_from(["9110", "9130", "91E0"]),
        st.sampled_from([*GRADES, NO_GRADE]),
        st.floats(0, 100),
    ),
    max_size=8,
)


@given(records=RECORDS, seed=st.randoms())
def test_a_place_is_never_more_than_full_and_order_and_repeats_change_nothing(records, seed):
    found, is_scaled = shares_of(records)
    assert sum(found.values()) <= 100 + 1e-4
    assert is_scaled <= (sum(found.values()) == pytest.approx(100))
    again = records * 2
    seed.shuffle(again)
    assert shares_of(again) == (found, is_scaled)


@given(records=RECORDS, place=st.integers(0, 7))
def test_a_better_grade_never_makes_a_place_worse(records, place):
    if place >= len(records) or records[place].grade not in ("C", "B"):
        return
    better = [*records]
    better[place] = records[place]._replace(grade="A")

    def good(given_records: list) -> float:
        return sum(share for (_, grade), share in shares_of(given_records)[0].items() if grade == "A")

    assert good(better) >= good(records) - 1e-6


@pytest.mark.parametrize(
    ("good", "graded", "whole", "expected"),
    [
        (0, 1, 1, False),
        (1, 1, 1, True),
        (1 - 1e-9, 1, 1, True),
        (1, 1, 2, None),
        (0, 0, 2, None),
        (0.5, 1, 2, False),
    ],
)
def test_a_type_is_wholly_good_or_not_or_nobody_knows(good, graded, whole, expected):
    assert is_wholly_good(good, graded, whole) is expected
