"""Central use of a building by its ALKIS code or its OpenStreetMap tag; what tells nothing stays unknown."""

from __future__ import annotations

import pytest
from gruene_infra.gruene_infra_plugin.catalogue import load_entry
from gruene_infra.gruene_infra_plugin.methods.buildings.building_use import CentralUses

CENTRAL_USES, OTHER_USES = (
    str(load_entry("space_types").parameters[name].default).split(", ")
    for name in ("CENTRAL_VALUES", "OTHER_VALUES")
)
USES = CentralUses(CENTRAL_USES, OTHER_USES)


@pytest.mark.parametrize(
    ("use", "expected"),
    [
        ("1010", False),  # Wohnhaus
        ("1110", False),  # Wohngebäude mit Gemeinbedarf
        ("1120", True),  # Wohngebäude mit Handel und Dienstleistungen
        ("1123", True),  # Wohn- und Geschäftsgebäude
        ("1131", True),  # Wohn- und Betriebsgebäude
        ("1210", False),  # Land- und forstwirtschaftliches Wohngebäude
        ("2000", False),  # Gebäude für Wirtschaft oder Gewerbe
        ("2010", True),  # Gebäude für Handel und Dienstleistungen
        ("2020", True),  # Bürogebäude
        ("2051", True),  # Kaufhaus
        ("2071", True),  # Hotel
        ("2081", True),  # Gaststätte
        ("2092", True),  # Kino
        ("2100", False),  # Gebäude für Gewerbe und Industrie
        ("2111", False),  # Fabrik
        ("2143", False),  # Lagerhalle
        ("2310", True),  # Gebäude für Handel und Dienstleistung mit Wohnen
        ("2463", False),  # Garage
        ("2721", False),  # Scheune
        ("3012", True),  # Rathaus
        ("3034", True),  # Museum
        ("3098", True),  # Empfangsgebäude Schifffahrt
        ("3211", False),  # Sporthalle
        ("31001_2051", True),
        ("310012051", True),
        ("Kaufhaus", True),
        ("999", None),
        ("4000", None),
        ("9998", None),
        ("31001_9998", None),
        ("51009_1610", None),  # a roof among the structures, whose codes mean other things
    ],
)
def test_codes_of_the_catalogue(use, expected):
    assert USES.covers(use) is expected


@pytest.mark.parametrize(
    ("use", "expected"),
    [
        ("retail", True),
        ("Retail", True),
        ("church", True),
        ("apartments", False),
        ("industrial", False),
        ("yes", None),
        ("construction", None),
        ("Wohnhaus", False),
        ("Haus mit Garten", None),
        ("9998", None),
        ("0", None),
        ("", None),
        (None, None),
    ],
)
def test_words_of_openstreetmap_and_what_tells_nothing(use, expected):
    assert USES.covers(use) is expected


@pytest.mark.parametrize(
    ("central", "other", "use", "expected"),
    [
        (["2051", "3034"], [], "3034", True),
        (["2051", "3034"], [], "2020", False),
        (["2000 – 2099"], [], "2000", True),
        (["Kaufhaus"], ["Wohnhaus"], "kaufhaus", True),
        (["Kaufhaus"], ["Wohnhaus"], "wohnhaus", False),
        (["Kaufhaus"], ["Wohnhaus"], "Fabrik", None),
        (["Kaufhaus"], [], "2051", None),
        (["Laden"], ["Laden"], "Laden", True),
        ([], [], "2051", None),
        (["9" * 5000, "1-" + "9" * 5000, "2051"], [], "2051", True),
        (["²"], [], "²", True),
    ],
)
def test_own_values(central, other, use, expected):
    assert CentralUses(central, other).covers(use) is expected


def test_no_word_is_both():
    assert not set(CENTRAL_USES) & set(OTHER_USES)
