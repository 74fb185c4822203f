"""Structure classes as registers write them."""

from __future__ import annotations

import pytest
from gruene_infra.gruene_infra_plugin.methods.water.structure_class import structure_class


@pytest.mark.parametrize(
    ("written", "grade"),
    [
        ("5", 5), ("5,0", 5), ("5.0", 5), (" 5 ", 5), ("5 – stark verändert", 5), ("5 - stark verändert", 5),
        ("5 stark verändert", 5), ("5: stark verändert", 5), ("GSK 5", 5), ("gsk: 5", 5),
        ("Klasse 5 von 7", 5), ("I", 1), ("ii", 2), ("III", 3), ("IV", 4),
        ("V", 5), ("VI", 6), ("VII", 7), ("GSK VI", 6),
        ("V – stark verändert", 5), ("1", 1), ("7", 7), ("7,00", 7),
    ],
)  # fmt: skip
def test_spellings_of_a_class(written, grade):
    assert structure_class(written) == grade
    assert structure_class(written, round_half_up=True) == grade


@pytest.mark.parametrize(
    "written",
    [
        None, "", "-", "–", "k. A.", "unbekannt", "9999", "-9999", "0", "8", "9", "0.0", "55", "-5", "5.3",
        "4,33", "4-6", "IV-VI", "4-5-6", "VIII", "IIII", "IX", "X", "nicht bewertet", "Sonderfall",
        "Talsperre", "vollständig verändert", "verändert", "0,5", "7,5", "7-8", "0-1", "5a", "nan",
        "inf", "2012", "²",
    ],
)  # fmt: skip
def test_what_is_no_class(written):
    assert structure_class(written) is None
    assert structure_class(written, round_half_up=True) is None


@pytest.mark.parametrize("written", ["4,5", "4.5", "4-5", "4 – 5", "4/5", "IV-V", "IV–V", "GSK 4-5", "5-4"])
def test_half_classes_are_unknown_unless_they_are_rounded_up(written):
    assert structure_class(written) is None
    assert structure_class(written, round_half_up=True) == 5
