"""Flurstückskennzeichen as offices write them; expected values by hand."""

from __future__ import annotations

import pytest
from gruene_infra.gruene_infra_plugin.register.keys import KeyForm, KeyProblem, KeyRefusedError, parcel_key


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
    ("delivered", "problem"),
    [
        (None, KeyProblem.EMPTY),
        ("", KeyProblem.EMPTY),
        ("  ", KeyProblem.EMPTY),
        ('""', KeyProblem.EMPTY),
        ("____________________", KeyProblem.EMPTY),
        ("1" * 65, KeyProblem.TOO_LONG),
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
