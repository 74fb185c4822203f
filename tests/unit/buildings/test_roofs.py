"""HZ02 by hand: evidence, greening, candidates, and every share of the findings."""

from __future__ import annotations

import numpy as np
import pytest
from gruene_infra.gruene_infra_plugin.methods.buildings.roofs import (
    Evidence,
    Flatness,
    Reason,
    Roofs,
    code_says_flat,
    conflict,
    first_known,
    from_code,
    from_slope,
    is_greened,
    suitability,
)

NAN = np.nan


def equal(found, expected):
    np.testing.assert_allclose(found, expected, equal_nan=True)


class TestEvidence:
    def test_codes_of_alkis_and_openstreetmap(self):
        codes = ["1000", "3100", None, "9999", "5000", "flat", "Gabled", "1000.0", " "]
        equal(code_says_flat(codes, ["1000", "flat"]), [1, 0, NAN, NAN, NAN, 1, 0, 1, NAN])

    def test_placeholders_of_codes_say_nothing(self):
        codes = ["0", "-1", "-9999", "999", "unbekannt", "Unknown", "k.A.", "?", "3100"]
        equal(code_says_flat(codes, ["1000"]), [NAN] * 8 + [0])

    def test_a_code_tells_only_the_headline_slope(self):
        flatness = from_code(np.array([1.0, 0.0, NAN]), np.array([50.0, 60.0, 70.0]), 3)
        equal(flatness.flat_m2, [[50, NAN, NAN], [0, NAN, NAN], [NAN, NAN, NAN]])

    def test_a_slope_tells_every_limit(self):
        flatness = from_slope(np.array([2.0, 5.0, 9.0, 11.0, NAN]), np.full(5, 40.0), (10.0, 5.0, 3.0))
        equal(flatness.flat_m2, [[40, 40, 40], [40, 40, 0], [40, 0, 0], [0, 0, 0], [NAN, NAN, NAN]])

    def test_the_best_evidence_that_knows_a_roof_is_taken(self):
        faces = Flatness(Evidence.FACES, np.array([[80.0], [NAN], [NAN]]), np.array([1.0, NAN, NAN]))
        codes = from_code(np.array([0.0, 1.0, NAN]), np.array([100.0, 100.0, 100.0]), 1)
        merged, used = first_known([faces, codes], 3, 1)
        equal(merged.flat_m2[:, 0], [80, 100, NAN])
        equal(merged.slope, [1, NAN, NAN])
        assert list(used) == [Evidence.FACES, Evidence.CODE, Evidence.NONE]

    def test_conflict_needs_code_and_geometry(self):
        flat_m2, area = np.array([90.0, 0.0, 90.0, 90.0, NAN]), np.full(5, 100.0)
        used = np.array([Evidence.FACES, Evidence.SURFACE, Evidence.CODE, Evidence.FACES, Evidence.NONE])
        says = np.array([1.0, 1.0, 1.0, NAN, 0.0])
        equal(conflict(says, flat_m2, area, used), [0, 1, NAN, NAN, NAN])


def test_greened_needs_share_and_patch():
    share = np.array([0.12, 0.10, 0.08, 0.12, NAN])
    patch = np.array([48.0, 5.0, 32.0, 4.9, NAN])
    equal(is_greened(share, patch), [1, 1, 0, 0, NAN])


@pytest.mark.parametrize(
    ("slope", "expected"),
    [
        (0.0, "sehr gut"), (5.0, "sehr gut"), (5.1, "gut"), (15.0, "gut"), (30.0, "geeignet"),
        (45.0, "weniger geeignet"), (45.1, "ungeeignet"), (90.0, "ungeeignet"), (NAN, None),
    ],
)  # fmt: skip
def test_suitability_by_slope(slope, expected):
    assert suitability(np.array([slope]), np.array([False])) == [expected]


def test_flat_by_code_alone_counts_as_the_worse_flat_class():
    assert suitability(np.array([NAN, NAN]), np.array([True, False])) == ["gut", None]


def roofs(**changes) -> Roofs:
    """Six roofs: 300 m² greened, 100 bare, 60 bare and excluded, 40 unknown, pitched, 8 m² small."""
    values = {
        "area": np.array([300.0, 100.0, 60.0, 40.0, 90.0, 8.0]),
        "flat_m2": np.array([[300.0], [100.0], [60.0], [NAN], [0.0], [8.0]]),
        "greened": np.array([1.0, 0.0, 0.0, 0.0, 0.0, 0.0]),
        "green_m2": np.array([120.0, 4.0, 0.0, 0.0, 30.0, 0.0]),
        "excluded": np.array([False, False, True, False, False, False]),
        "min_area": 10.0,
    }
    return Roofs(**(values | changes))


EVERYWHERE = np.ones(6)


class TestShares:
    def test_by_area(self):
        found = roofs().share_by_area(EVERYWHERE)
        assert (found.numerator, found.denominator) == (300.0, 460.0)
        assert found.coverage == pytest.approx(100 * 460 / 500)
        assert (found.n_objects, found.n_omitted) == (3, 1)
        assert found.value("%") == pytest.approx(65.2173913)

    def test_excluded_roofs_stay_unless_they_are_taken_out(self):
        found = roofs().share_by_area(EVERYWHERE, without=True)
        assert (found.numerator, found.denominator) == (300.0, 400.0)

    def test_by_number(self):
        found = roofs().share_by_number(EVERYWHERE)
        assert (found.numerator, found.denominator) == (1.0, 3.0)

    def test_by_number_a_roof_lies_where_most_of_it_does(self):
        found = roofs().share_by_number(np.array([0.4, 0.6, 1.0, 0.0, 0.0, 0.0]))
        assert (found.numerator, found.denominator) == (0.0, 2.0)

    def test_by_vegetation_counts_what_grows_on_flat_roofs(self):
        found = roofs().share_by_vegetation(EVERYWHERE)
        assert (found.numerator, found.denominator) == (124.0, 460.0)

    def test_vegetation_never_exceeds_the_flat_area(self):
        found = roofs(green_m2=np.array([999.0, 0, 0, 0, 0, 0])).share_by_vegetation(EVERYWHERE)
        assert found.value("%") == pytest.approx(100 * 300 / 460)

    def test_a_roof_on_the_border_counts_in_part(self):
        found = roofs().share_by_area(np.array([0.5, 1.0, 0.0, 0.0, 0.0, 0.0]))
        assert (found.numerator, found.denominator) == (150.0, 250.0)

    def test_unknown_greening_lowers_the_coverage_and_never_counts_as_bare(self):
        found = roofs(greened=np.array([1.0, NAN, 0, 0, 0, 0])).share_by_area(EVERYWHERE)
        assert (found.numerator, found.denominator) == (300.0, 360.0)
        assert found.coverage == pytest.approx(100 * 360 / 500)
        assert found.value("%") is None

    def test_pitched_roofs_do_not_hide_that_little_is_known_of_the_flat_ones(self):
        """One of ten flat roofs is known to be green, beside a thousand pitched ones."""
        flat = np.concatenate([np.full(10, 100.0), np.zeros(1000)])
        greened = np.concatenate([[1.0], np.full(9, NAN), np.zeros(1000)])
        many = Roofs(np.full(1010, 100.0), flat[:, None], greened, greened, np.zeros(1010, bool), 10.0)
        found = many.share_by_area(np.ones(1010))
        assert found.coverage == pytest.approx(10.0)
        assert found.value("%") is None

    def test_nothing_there_is_not_assessable(self):
        assert roofs().share_by_area(np.zeros(6)).value("%") is None


class TestCandidates:
    def test_reasons(self):
        assert roofs().reasons() == [
            Reason.GREENED, None, Reason.EXCLUDED, Reason.UNKNOWN, Reason.PITCHED, Reason.SMALL
        ]  # fmt: skip

    def test_an_excluded_pitched_roof_is_pitched_first(self):
        assert roofs(excluded=np.ones(6, bool)).reasons()[4] is Reason.PITCHED

    def test_rank_goes_by_class_then_by_area(self):
        found = roofs(greened=np.zeros(6), excluded=np.zeros(6, bool))
        classes = ["gut", "sehr gut", "sehr gut", None, "geeignet", "gut"]
        assert list(found.ranks(classes)) == [3, 1, 2, 0, 0, 0]
