"""The function of a building as ALKIS delivers it."""

from __future__ import annotations

import pytest
from gruene_infra.gruene_infra_plugin.methods.buildings.building_functions import WORDS, function_code


@pytest.mark.parametrize(
    ("delivered", "code"),
    [
        ("31001_2010", 2010),
        ("31001_1000", 1000),
        ("2010", 2010),
        ("2010.0", 2010),
        ("2010.5", None),
        ("-2010", None),
        ("20_10", None),
        ("1998/99", None),
        ("nan", None),
        ("31001-2010", 2010),
        ("310012010", 2010),
        (" 1010 ", 1010),
        ("1010 Wohnhaus", 1010),
        ("Bürogebäude", 2020),
        ("WOHN- UND GESCHÄFTSGEBÄUDE", 1123),
        ("Wohn- und\u00a0Geschaeftsgebaeude", 1123),
        ("Nach Quellenlage nicht zu spezifizieren", 9998),
        ("53001_1800", None),  # a structure of traffic
        ("51007_1110", None),
        ("201", None),
        ("Schwimmender Ponton", None),
        ("-", None),
        ("", None),
        (None, None),
    ],
)
def test_the_code_of_a_function(delivered, code):
    assert function_code(delivered) == code


def test_every_word_of_the_catalogue_has_one_code():
    assert len(set(WORDS.values())) == len(WORDS)
    assert all(1000 <= code <= 9998 for code in WORDS.values())
