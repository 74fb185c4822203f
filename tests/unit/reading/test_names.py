"""Names and keys that only look different are one; what is shown was delivered."""

from __future__ import annotations

import unicodedata
from itertools import permutations

import pytest
from gruene_infra.gruene_infra_plugin.methods.reading.names import (
    digits_of,
    is_municipality_key,
    municipality_key,
    normal_name,
    plain_name,
    shown,
    shown_as,
    storable,
    tidied,
    word_of,
)
from hypothesis import given
from hypothesis import strategies as st

NBSP, THIN, ZERO_WIDTH, BOM, SOFT_HYPHEN = "\u00a0", "\u2009", "\u200b", "\ufeff", "\u00ad"
DECOMPOSED = unicodedata.normalize("NFD", "Grünzug Süd")


@pytest.mark.parametrize(
    "spelling",
    [
        "GRÜNZUG SÜD",
        DECOMPOSED,
        f"Grünzug{NBSP}Süd",
        f"Grünzug{THIN}Süd",
        f" Grünzug \t Süd{NBSP} ",
        f"{BOM}Grün{SOFT_HYPHEN}zug{ZERO_WIDTH} Süd",
        "Grünzug\r\nSüd",
    ],
)
def test_spellings_that_look_alike_are_one_name(spelling):
    assert normal_name(spelling) == "grünzug süd"
    assert word_of(spelling, ["Landschaft", "Grünzug Süd"]) == "Grünzug Süd"


@pytest.mark.parametrize(
    ("one", "other"),
    [("Emscher–Lippe", "Emscher-Lippe"), ("Emscher‐Lippe", "Emscher−Lippe"), ("Müller’s", "Müller's"),
     ("„Park“", '"Park"'), ("Außenzone", "AUSSENZONE")],
)  # fmt: skip
def test_typographic_signs_make_no_difference(one, other):
    assert normal_name(one) == normal_name(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Gruenzug", "Grünzug"),
        ("Grunzug", "Grünzug"),
        ("Zug 1", "Zug 11"),
        ("Nord Ost", "Nordost"),
        ("A²", "A2"),
    ],
)
def test_names_that_look_different_stay_apart(one, other):
    assert normal_name(one) != normal_name(other)


@given(st.text())
def test_the_normal_form_is_its_own(name):
    assert normal_name(normal_name(name)) == normal_name(name)
    assert tidied(tidied(name)) == tidied(name)


@given(st.text())
def test_composed_and_decomposed_names_are_one(name):
    forms = {normal_name(unicodedata.normalize(form, name)) for form in ("NFC", "NFD")}
    assert forms == {normal_name(name)}


@given(st.lists(st.text(alphabet="aAüÜ u\u0308\u00a0\u200b", max_size=4), max_size=6))
def test_what_is_shown_was_delivered_and_depends_on_no_order(names):
    found = shown_as(names)
    assert found == shown_as(reversed(names)) == shown_as([*names, *names])
    assert found.keys() == set(names) == found.keys() | set(found.values())
    assert {normal_name(name) == normal_name(spelling) for name, spelling in found.items()} <= {True}


def test_the_spelling_people_write_is_shown():
    spellings = ["EMSCHER LAND", f"Emscher{NBSP}Land", "emscher land", "Emscher Land"]
    assert {shown(order) for order in permutations(spellings)} == {"Emscher Land"}
    assert shown(spellings[:2]) == "EMSCHER LAND"
    assert shown(spellings[1:2]) == f"Emscher{NBSP}Land"


def test_columns_are_known_whatever_separates_their_words():
    names = ("amtliche_flaeche", "amtlicheFlaeche", "Amtliche Fläche", "AMTLICHE-FLÄCHE", "amtliche.flaeche")
    assert {plain_name(name) for name in names} == {"amtlicheflaeche"}


@pytest.mark.parametrize(
    "value",
    [5913000, 5913000.0, "5913000", "5913000.0", "5913000,00", "05913000", "05913000.0", "05 913 000",
     "05 9 13 000", f"05{NBSP}913{THIN}000", " 5 913 000 ", "5.913.000", "059130000000", 59130000000,
     59130000000.0, "05 9 13 0000 000", f"{BOM}05913000"],
)  # fmt: skip
def test_the_key_of_a_municipality_has_eight_digits_however_it_is_stored(value):
    assert municipality_key(value) == "05913000"
    assert is_municipality_key(value)


@pytest.mark.parametrize(
    ("value", "key"), [("5978", "05978"), (5978.0, "05978"), ("05978", "05978"), ("16077", "16077")]
)
def test_the_key_of_a_kreis_has_five(value, key):
    assert municipality_key(value) == key


def test_the_long_key_of_a_municipality_in_an_association_drops_the_association():
    assert municipality_key("071315001003") == "07131003"


@pytest.mark.parametrize(
    ("value", "kept"),
    [("Dortmund", "Dortmund"), ("DE05913000", "DE05913000"), ("113000", "113000"), ("44135", "44135"),
     ("99913000", "99913000"), ("00913000", "00913000"), ("5.913", "5.913"), ("05-913", "05-913"),
     ("01", "01"),     ("059130001", "059130001"), ("5.913E+06", "5.913E+06"), (" B 7 ", "B 7"),
     ("\u0665", "\u0665")],
)  # fmt: skip
def test_what_is_no_key_stays_as_it_is(value, kept):
    assert municipality_key(value) == kept
    assert not is_municipality_key(value)


@pytest.mark.parametrize("value", [None, "", "  "])
def test_nothing_is_no_key(value):
    assert municipality_key(value) is None


@given(st.one_of(st.text(), st.integers(), st.floats(allow_nan=False)))
def test_a_key_that_is_whole_stays_so(value):
    key = municipality_key(value)
    assert municipality_key(key) == key


@given(st.integers(1_000_000, 16_999_999))
def test_number_and_text_of_a_key_are_one(number):
    text = f"{number:08d}"
    assert municipality_key(number) == municipality_key(float(number)) == municipality_key(text)
    assert digits_of(str(float(number))) == str(number)


@pytest.mark.parametrize(
    ("delivered", "stored"),
    [("Grün", "Grün"), ("🌳", "🌳"), ("\ud800", "\ufffd"), ("a\udc00b\ud83c", "a\ufffdb\ufffd")],
)
def test_a_text_is_stored_without_halves_of_characters(delivered, stored):
    assert storable(delivered) == stored
    assert storable(delivered).encode("utf-8")
