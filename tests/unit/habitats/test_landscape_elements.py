"""Kinds, sizes and crowns of landscape elements."""

from __future__ import annotations

import math

import pytest
from gruene_infra.gruene_infra_plugin.methods.habitats.landscape_elements import (
    ASSUMED_WIDTHS,
    KINDS,
    SPREAD,
    STRANGE,
    UNSAID,
    circle_area,
    crown_diameter,
    crown_radius,
    is_protected_size,
    kind_of_element,
    lacking_area,
)

APPLIED = {
    "Hecken oder Knicks (> 20m) CC": "hecke",
    "Feldgehölze (100 - 2.000m²) CC": "feldgehoelz",
    "Naturstein- o. Trockenmauern, Lesesteinwälle": "mauer",
    "Feuchtgebiete (< 2.000m²) CC": "feuchtgebiet",
    "Feldraine": "feldrain",
    "Ackerland aus der Erzeugung genommen": "brache",
    "LE": UNSAID,
    "HNF": STRANGE,
    "Luzerne, Hopfenklee/Gelbklee": STRANGE,
}
"""Words of applications in Brandenburg."""
OTHERS = {
    "Wallhecke": "hecke",
    "Steinwall": "mauer",
    "Allee": "baumreihe",
    "Kopfweiden": "einzelbaum",
    "BAUM": "einzelbaum",
    "Streuobstwiese": "streuobst",
    "Obstbäume": STRANGE,
    "Gewässerrandstreifen am Graben": "pufferstreifen",
    "Gräben": "graben",
    "Bachlauf": "bach",
    "Ackerbrache": "brache",
    "Tümpel, Söll": "feuchtgebiet",
    "Terrassen": "terrasse",
    "Wegrain": "feldrain",
    "tree_row": "baumreihe",
    "tree": "einzelbaum",
    "hedge": "hecke",
    "Zaun": STRANGE,
    "Training": STRANGE,
}


@pytest.mark.parametrize(("word", "kind"), [*APPLIED.items(), *OTHERS.items()])
def test_words_tell_kinds(word, kind):
    assert kind_of_element(word) == kind
    assert kind_of_element(word.upper()) == kind


@pytest.mark.parametrize("word", [None, "", "-", "k. A.", "unbekannt", "-9999", "9999"])
def test_an_unknown_kind_is_told_by_the_layer(word):
    assert kind_of_element(word) == UNSAID
    assert kind_of_element(word, "Hecken_2026") == "hecke"
    assert kind_of_element(word, "layer") == UNSAID


def test_a_told_kind_goes_before_the_layer():
    assert kind_of_element("Graben", "hecken") == "graben"
    assert kind_of_element("Acker", "hecken") == STRANGE


@pytest.mark.parametrize(
    ("kind", "length", "width", "protected"),
    [
        ("hecke", 10, 5, True),
        ("hecke", 9.9, 5, False),
        ("hecke", 100, 15, True),
        ("hecke", 100, 15.1, False),
        ("baumreihe", 50, 5, True),
        ("baumreihe", 49.9, 5, False),
        ("feldgehoelz", 10, 5, True),
        ("feldgehoelz", 9.9, 5, False),
        ("feldgehoelz", 50, 40, True),
        ("feldgehoelz", 50.1, 40, False),
        ("feuchtgebiet", 1, 1, True),
        ("feuchtgebiet", 50.1, 40, False),
        ("feldrain", 100, 2, False),
        ("feldrain", 100, 2.1, True),
        ("mauer", 5, 1, False),
        ("mauer", 5.1, 1, True),
        ("terrasse", 1, 1, True),
        *((kind, 50, 5, False) for kind in ("einzelbaum", "graben", "bach", "brache", "pufferstreifen")),
        ("streuobst", 50, 20, False),
        (UNSAID, 50, 5, None),
    ],
)
def test_sizes_that_the_law_protects(kind, length, width, protected):
    assert is_protected_size(kind, length * width, width) is protected


def test_every_kind_has_an_answer_and_every_width_a_kind():
    assert all(is_protected_size(kind, 100, 5) is not None for kind in KINDS if kind != UNSAID)
    assert ASSUMED_WIDTHS.keys() <= set(KINDS)


@pytest.mark.parametrize("corners", [4, 64])
def test_a_crown_as_a_polygon_has_its_area(corners):
    radius = crown_radius(25, corners)
    assert corners / 2 * radius**2 * math.sin(2 * math.pi / corners) == pytest.approx(25)
    assert radius > crown_diameter(25) / 2
    assert circle_area(crown_diameter(25)) == pytest.approx(25)


def test_placeholders_are_no_widths():
    assert not any(SPREAD.admits(value) for value in (-9999, -1, 0, 99, 255, 999, 9999))
    assert SPREAD.admits(0.5)


def test_what_is_lacking_is_never_below_nothing():
    assert lacking_area(0, 1000, 10) == pytest.approx(100)
    assert lacking_area(100, 1000, 10) == pytest.approx(0)
    assert lacking_area(500, 1000, 10) == 0
