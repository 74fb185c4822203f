"""Flurstückskennzeichen as offices write them; expected values by hand."""

from __future__ import annotations

import itertools

import pytest
from gruene_infra.gruene_infra_plugin.register.keys import KeyForm, KeyProblem, KeyRefusedError, parcel_key
from hypothesis import assume, given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("delivered", "expected"),
    [
        ("05123400700012000300", "051234007000120003__"),
        ("051234007000120003__", "051234007000120003__"),
        ("051234007000120003", "051234007000120003__"),
        ("05123400700012______", "05123400700012______"),
        ("05123400700012", "05123400700012______"),
        ("051234007000120000", "05123400700012______"),
        ("05123400700012000301", "05123400700012000301"),
        ("05123400700012____01", "05123400700012____01"),
        ("051234___00012______", "051234___00012______"),
        ("05 1234-007-00012/0003", "051234007000120003__"),
        ("05 1234-7-12/3", "051234007000120003__"),
        ("05 1234 7 12 / 3", "051234007000120003__"),
        ("051234-007-00012", "05123400700012______"),
        ("05-1234-007-00012/0003-01", "05123400700012000301"),
        ("05 1234 007 00012 0003 __", "051234007000120003__"),
        (' "05123400700012______" ', "05123400700012______"),
        ("'05 1234-007-12'", "05123400700012______"),
        ("\u00a005123400700012\u00a0", "05123400700012______"),
        ("051234 12 123 456", "051234012001230456__"),
        ("05 1234 1 12345 67", "051234001123450067__"),
        ("051234 007 123 4567", "051234007001234567__"),
        ("051234  7  12  3", "051234007000120003__"),
        ("05 1234 7 12 3", "051234007000120003__"),
        ("05-1234 7 12 3", "051234007000120003__"),
        ("051234 7 12", "05123400700012______"),
        ("051234 7 12 0", "05123400700012______"),
        ("051234 7 12 13", "051234007000120013__"),
        ("051234 7 12 013", "051234007000120013__"),
        ("051234 7 12 3 __", "051234007000120003__"),
        ("051234 7 12 3-01", "05123400700012000301"),
        ("051234 007 00012 3", "051234007000120003__"),
        ("051234 007 00012 123", "051234007000120123__"),
        ("051234 007 00012 13-01", "05123400700012001301"),
        ("051234 007 00012 0003", "051234007000120003__"),
        ("051234 007 00012 0003 01", "05123400700012000301"),
        ("051234 007 00012 ____ 01", "05123400700012____01"),
        ("05 1234 ___ 00012 ____ __", "051234___00012______"),
        ("051234007 000120003", "051234007000120003__"),
        ("051234 00700012", "05123400700012______"),
        ("051234007000120003 01", "05123400700012000301"),
        ("051234-7-12/13", "051234007000120013__"),
        ("051234-7-12/3-13", "05123400700012000313"),
        ("051234-7-12/3.01", "05123400700012000301"),
        ("051234-007-00012-0003", "051234007000120003__"),
        ("05-1234-007-00012-0003-01", "05123400700012000301"),
        ("05 1234-007-00012 0003", "051234007000120003__"),
        ("\" '05123400700012' \"", "05123400700012______"),
        (51234007, None),
    ],
)
def test_forms_of_alkis_become_its_twenty_characters(delivered, expected):
    if expected is None:
        assert parcel_key(delivered).form == KeyForm.OTHER
        return
    found = parcel_key(delivered)
    assert (found.key, found.form, found.delivered) == (
        expected,
        KeyForm.ALKIS,
        str(delivered).replace("\u00a0", " "),
    )
    assert len(found.key) == 20
    assert parcel_key(found.key).key == expected


@pytest.mark.parametrize(
    ("delivered", "expected"),
    [
        ("denw36al00001abc", "DENW36AL00001ABC"),
        ("  Flur 7,   Nr. 12/3 ", "FLUR 7, NR. 12/3"),
        ("0512340070001200030", "0512340070001200030"),
        ("051234007000120003001", "051234007000120003001"),
        ("1234-7-12/3", "1234-7-12/3"),
        ("05 1234-007-00012/00033", "05 1234-007-00012/00033"),
        ("Straße 1", "STRASSE 1"),
    ],
)
def test_other_keys_stay_as_delivered_and_say_so(delivered, expected):
    found = parcel_key(delivered)
    assert (found.key, found.form, found.delivered) == (expected, KeyForm.OTHER, delivered)


@pytest.mark.parametrize(
    "delivered",
    [
        # Nenner, Folge, or from … to
        "051234-007-12-13",
        "051234-007-12-3",
        "051234-007-12-103",
        "051234-007-1200-1205",
        "051234-007-12 13",
        "051234-007-12.13",
        "051234-007-00012-01",
        "051234-7-12-3-01",
        # Folge or a cut Nenner
        "0512340070001201",
        "0512340070001200",
        "0512340070001213__",
        "0512340070001201____",
        "051234___0001201",
        "05123400700012 01",
        "051234 007 00012 01",
        "051234 007 00012 13",
        "05 1234 007 00012 12__",
        "051234 007 00012 000",
        "051234 007 00012 012",
        "051234 007 00012 0",
        "051234 7 12 01",
        # a space or hyphen where no field ends
        "0512 34 007 00012",
        "051234 00 700012",
        "0512340070 0012",
        "051234007 12 3",
        "05123400700012 3",
        "05123400700012-01",
        "051234007000120003-01",
        "05 1234 007 00012 _ _ _ _ 01",
        # too few or too many parts: Flur and Zähler, or Zähler and Nenner
        "051234 12/3",
        "1234 7 12 3",
        "051234 7 12 3 01",
        "051234 7 12 3 4 5",
    ],
)
def test_what_can_be_read_in_two_ways_stays_as_delivered(delivered):
    found = parcel_key(delivered)
    assert (found.key, found.form, found.delivered) == (delivered, KeyForm.OTHER, delivered)


def _spellings(
    place: str, flur: int, numerator: int, denominator: int | None, follow: str | None
) -> set[str]:
    """Every supported way to write the parts."""
    places = (place, f"{place[:2]} {place[2:]}", f"{place[:2]}-{place[2:]}")
    flurs, numerators = {str(flur), f"{flur:03}"}, {str(numerator), f"{numerator:05}"}
    denominators = set() if denominator is None else {str(denominator), f"{denominator:04}"}
    compact = [place[:2], place[2:], f"{flur:03}", f"{numerator:05}"]
    compact += ["____" if denominator is None else f"{denominator:04}", follow or "__"]
    found = set()
    for gaps in itertools.product(("", " "), repeat=5):
        found.add("".join(f"{field}{gap}" for field, gap in zip(compact, (*gaps, ""), strict=True)))
    found |= {text.rstrip("_ ") for text in found}
    if denominator is None and follow:  # has a place in the compact form only
        return found
    tail = f"-{follow}" if follow else ""
    for where, f, n in itertools.product(places, flurs, numerators):
        full = (len(f), len(n)) == (3, 5)
        for gap in (" ", "-", " - ", "  "):
            start = f"{where}{gap}{f}{gap}{n}"
            if denominator is None:
                found |= {start, f"{start} __", f"{start}/0000"}
            for d in denominators:
                found |= {f"{start}/{d}{tail}", f"{start} / {d}{tail}"}
                padded = full and len(d) == 4
                if padded or ("-" not in gap and (follow or not (full and len(d) == 2))):
                    found.add(f"{start}{gap}{d}{tail}")
    return found


@given(
    st.from_regex(r"[0-9]{6}", fullmatch=True),
    st.integers(0, 999),
    st.integers(1, 99_999),
    st.none() | st.integers(1, 9) | st.integers(1, 9_999),
    st.none() | st.integers(1, 99).map("{:02}".format),
)
def test_every_spelling_of_the_same_parts_gives_the_same_key(place, flur, numerator, denominator, follow):
    nenner = "____" if denominator is None else f"{denominator:04}"
    expected = f"{place}{flur:03}{numerator:05}{nenner}{follow or '__'}"
    for text in _spellings(place, flur, numerator, denominator, follow):
        found = parcel_key(text)
        assert (found.key, found.form) == (expected, KeyForm.ALKIS), text


@given(
    st.text(st.sampled_from("0123456789_ -/.\"'„"), max_size=30)
    | st.text(max_size=64)
    | st.lists(st.from_regex(r"[0-9]{1,6}|_{1,4}", fullmatch=True), max_size=6).map(" ".join)
)
def test_normalising_twice_changes_nothing(delivered):
    try:
        once = parcel_key(delivered)
    except KeyRefusedError:
        assume(False)
    twice = parcel_key(once.key)
    assert (twice.key, twice.form) == (once.key, once.form)
    assert len(once.key) <= 64


@pytest.mark.parametrize(
    ("delivered", "problem"),
    [
        (None, KeyProblem.EMPTY),
        ("", KeyProblem.EMPTY),
        ("  ", KeyProblem.EMPTY),
        ('""', KeyProblem.EMPTY),
        ("____________________", KeyProblem.EMPTY),
        ("1" * 65, KeyProblem.TOO_LONG),
        ("1" + "ß" * 63, KeyProblem.TOO_LONG),
        ("5" * 10_000, KeyProblem.TOO_LONG),
        ("Gemarkung", KeyProblem.NO_DIGIT),
        ("٣٤٥", KeyProblem.NO_DIGIT),
        ("0512\n34", KeyProblem.CONTROL),
        ("0512\x0034", KeyProblem.CONTROL),
    ],
)
def test_what_cannot_be_a_key_is_refused_with_the_reason(delivered, problem):
    with pytest.raises(KeyRefusedError) as caught:
        parcel_key(delivered)
    assert caught.value.problem == problem
    assert len(str(caught.value)) < 200


def test_sixty_four_characters_are_taken():
    assert parcel_key("A1" * 32).key == "A1" * 32


@pytest.mark.parametrize(
    "delivered",
    [
        "051234\u2009007\u202f00012/3",
        "051234–007–00012–0003",
        "\ufeff051234-007-00012/3",
        "0512\u200b34-007-12/3",
    ],
)
def test_a_key_with_other_blanks_dashes_or_unseen_signs_is_the_same(delivered):
    found = parcel_key(delivered)
    assert (found.key, found.delivered) == ("051234007000120003__", delivered)
