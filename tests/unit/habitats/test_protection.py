"""Kinds of protection and stages of the network, as texts and layers name them."""

from __future__ import annotations

import pytest
from gruene_infra.gruene_infra_plugin.methods.habitats.protection import (
    BASES,
    CHOICES,
    LSG,
    NEEDED,
    OTHER,
    PARK,
    STRICTEST_FIRST,
    UNKNOWN,
    WITH_LSG,
    Protection,
    kinds_in,
    kinds_told,
    missing_kinds,
    stage_in,
)

WIDE_KEYS = [f"{base}_{choice}" for base in BASES for choice in ("weit", WITH_LSG)]


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        *((kind, (kind,)) for kind in STRICTEST_FIRST),
        *((kind.lower(), (kind,)) for kind in STRICTEST_FIRST),
        ("Naturschutzgebiete", ("NSG",)),
        ("NSG_NRW_2026", ("NSG",)),
        ("Nationalpark Eifel", ("NP",)),
        ("Naturwaldzelle", ("PROZESS",)),
        ("Wildnisentwicklungsgebiet", ("PROZESS",)),
        ("Wildnisgebiete", ("PROZESS",)),
        ("Prozessschutz", ("PROZESS",)),
        ("GeschuetzteBiotope", ("GB",)),
        ("gesetzlich geschütztes Biotop", ("GB",)),
        ("§ 30 BNatSchG", ("GB",)),
        ("§42 LNatSchG", ("GB",)),
        ("§ 300", ()),
        ("FFH-Gebiete", ("FFH",)),
        ("FFHGebiete", ("FFH",)),
        ("Europäisches Vogelschutzgebiet", ("VSG",)),
        ("SPA", ("VSG",)),
        ("Ramsar-Gebiete", ("RAMSAR",)),
        ("Geschützter Landschaftsbestandteil", ("GLB",)),
        ("Naturdenkmäler", ("ND",)),
        ("Flächennaturdenkmal", ("ND",)),
        ("LANDSCHAFTSSCHUTZGEBIET", ("LSG",)),
        ("Naturpark Hohe Mark", ("NATURPARK",)),
        ("FFH- und Vogelschutzgebiete", ("FFH", "VSG")),
        ("LSG; NSG", ("NSG", "LSG")),
        ("Biotopkataster", ()),
        ("Biosphärenreservat", ()),
        ("Wasserschutzgebiet", ()),
        ("Schutzgebiete", ()),
        ("NSG (geplant)", ()),
        ("Vorschlag NSG", ()),
        ("ehemaliges Naturdenkmal", ()),
        ("Brand", ()),
        ("", ()),
    ],
)
def test_kinds_in_texts(text, kinds):
    assert kinds_in(text) == kinds


@pytest.mark.parametrize("value", [None, "", "-", "–", "k. A.", "unbekannt", "n. b.", "9999", "-9999"])
def test_an_unknown_value_is_told_by_the_layer_that_names_one_kind(value):
    assert kinds_told(value, "Naturschutzgebiete") == ("NSG",)
    assert kinds_told(value, "FFH- und Vogelschutzgebiete") == (UNKNOWN,)
    assert kinds_told(value, "ProtectedSite") == (UNKNOWN,)


def test_a_told_value_goes_before_the_layer():
    assert kinds_told("VSG", "Naturschutzgebiete") == ("VSG",)
    assert kinds_told("Biosphärenreservat", "Naturschutzgebiete") == (OTHER,)


@pytest.mark.parametrize(
    ("text", "stage"),
    [
        *((text, "I") for text in ("I", "1", "1.0", "Stufe 1", "stufe i", "herausragende Bedeutung")),
        *((text, "II") for text in ("II", "2", "2,0", "Stufe II", "Besondere Bedeutung")),
        *((text, None) for text in (None, "", "-", "k. A.", "III", "3", "12", "I und II", "Bindung")),
    ],
)
def test_stages(text, stage):
    assert stage_in(text) == stage


def test_landscape_protection_and_parks_are_in_none_of_the_choices():
    usual = [kinds for name, kinds in CHOICES.items() if name != WITH_LSG]
    assert not any({LSG, PARK, UNKNOWN, OTHER} & kinds for kinds in usual)
    assert all(set(NEEDED[name]) <= kinds for name, kinds in CHOICES.items())
    assert missing_kinds("eng", {"NSG", "FFH"}) == ["GB"]
    assert missing_kinds("land", {"NSG", "FFH", "VSG"}) == []


@pytest.mark.parametrize(
    ("labels", "keys", "is_open"),
    [
        (["I"], {"verbund", "stufe_1"}, True),
        ([None], {"verbund", "ohne_stufe"}, True),
        (["LSG", "II"], {"verbund", "gemeinde_weit_lsg", "verbund_weit_lsg", "flaeche_weit_lsg"}, True),
        (["LSG"], {"flaeche_weit_lsg"}, False),
        (["FFH"], {"flaeche_land", "flaeche_weit", "flaeche_weit_lsg"}, False),
        ([UNKNOWN], {f"unbekannt_flaeche_{name}" for name in CHOICES}, False),
        (
            [UNKNOWN, "RAMSAR"],
            {"unbekannt_flaeche_eng", "unbekannt_flaeche_land", "flaeche_weit", "flaeche_weit_lsg"},
            False,
        ),
        (["ND", "I"], {"verbund", "stufe_1", *WIDE_KEYS}, False),
    ],
)
def test_what_ground_counts_for(labels, keys, is_open):
    piece = Protection(frozenset(labels))
    assert set(piece.keys()) == keys
    assert piece.is_open == is_open


def test_the_strictest_kind_is_shown_first():
    piece = Protection(frozenset(["LSG", "GB", "NSG", UNKNOWN, "II"]))
    assert piece.columns() == {
        "schutzart": "NSG",
        "schutzarten": "NSG; GB; LSG; unbekannt",
        "im_verbund": 1,
        "stufe": "II",
    }
