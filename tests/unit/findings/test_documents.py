"""Documents: by when one was made, which of several counts, and what is unknown without its day."""

from __future__ import annotations

import datetime as dt

import pytest
from gruene_infra.gruene_infra_plugin.methods.findings.documents import (
    Document,
    first_made,
    is_made_by,
    measure,
)

DAY = dt.date(2025, 12, 31)


def day(month: int, year: int = 2025) -> dt.date:
    return dt.date(year, month, 1)


@pytest.mark.parametrize(
    ("made", "by"),
    [(DAY, True), (dt.date(2026, 1, 1), False), (2025, True), (2026, False), (dt.date(1999, 1, 1), True)],
)
def test_what_was_made_by_a_day(made, by):
    assert is_made_by(made, DAY) is by


def test_the_first_document_counts_and_a_year_is_over_when_it_ends():
    half, whole, later = Document(day(6), "b"), Document(2025, "a"), Document(day(1, 2026), "c")
    assert first_made([later, whole, half], DAY) == half
    assert first_made([later, whole], DAY) == whole
    assert first_made([Document(day(6), "b"), Document(day(6), "a")], DAY) == Document(day(6), "a")
    assert first_made([later, Document(None, "d")], DAY) is None


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        ([], (0.0, 1.0, 100.0, 0, 0)),
        ([day(6)], (1.0, 1.0, 100.0, 1, 0)),
        ([day(1, 2026)], (0.0, 1.0, 100.0, 1, 0)),
        ([None], (None, None, 0.0, 0, 1)),
        ([None, day(1, 2026)], (None, None, 0.0, 1, 1)),
        ([None, 2025], (1.0, 1.0, 100.0, 1, 1)),
    ],
)
def test_one_document_is_enough_and_one_without_its_day_is_no_proof(made, expected):
    found = measure([Document(one) for one in made], DAY)
    told = (found.numerator, found.denominator, found.coverage, found.n_objects, found.n_omitted)
    assert told == expected
