"""HZ 23 on applied fields of Brandenburg with their landscape elements: shares that were published."""

from __future__ import annotations

from collections import Counter

import pytest
from qgis.core import QgsGeometry, QgsVectorLayer

SHARE = "hz23.elemente.anteil"
PUBLISHED = {"ln_und_le": 0.34702, "ln": 0.34823}
CLIPPED = 0.303
"""What the share would be if elements counted only up to 10 m from the fields."""


@pytest.fixture
def applied(data) -> QgsVectorLayer:
    source = QgsVectorLayer(str(data / "antrag_bb" / "antrag_land_gem.shp"), "antraege", "ogr")
    assert source.isValid()
    return source


@pytest.fixture
def measured(run, applied):
    def start(**more):
        given = {"FIELDS": applied, "FIELDS_VALUES": "HNF, NNF", "ELEMENTS": [applied], "AS_OF": "2026-11-29"}
        return run("hz23_landscape_elements", **(given | more))

    return start


def united(source: QgsVectorLayer, *types: str) -> QgsGeometry:
    return QgsGeometry.unaryUnion([f.geometry() for f in source.getFeatures() if f["tf_typ"] in types])


def test_the_shares_are_those_that_were_published(measured, applied):
    found = measured().findings
    values = {variant: found[SHARE, variant, "Gesamt"]["wert"] for variant in PUBLISHED}
    assert values == pytest.approx(PUBLISHED, abs=5e-6)
    headline = found[SHARE, "ln_und_le", "Gesamt"]
    assert headline["zaehler"] == pytest.approx(united(applied, "LE").area() / 10_000, rel=1e-6)
    whole = united(applied, "LE", "HNF", "NNF").area() / 10_000
    assert headline["nenner"] == pytest.approx(whole, rel=1e-6)
    assert headline["status"] == "Lücke"


def test_elements_cut_to_what_is_near_would_be_less(measured):
    assert measured(MAX_ELEMENT=0).finding(SHARE)["wert"] == pytest.approx(CLIPPED, abs=5e-4)


def test_all_that_farms_apply_for_has_the_sizes_of_the_law(measured, applied):
    """Without the fields in it nobody knows of most of them whether elements were looked for."""
    only = applied.clone()
    only.setSubsetString("tf_typ = 'LE'")
    found = measured(ELEMENTS=[only], KIND_FIELD="code_bez")
    rows = found.rows()
    assert Counter(row["art"] for row in rows) == {
        "feldgehoelz": 6,
        "feldrain": 2,
        "feuchtgebiet": 2,
        "hecke": 2,
        "mauer": 1,
    }
    assert {row["gloez"] for row in rows} == {1}
    alone = found.finding(SHARE)
    assert (alone["status"], alone["n_objekte"]) == ("nicht bewertbar", 13)
    assert "of the ground lies within 1000 m of" in alone["annahmen"]


def test_crops_are_no_elements_unless_somebody_says_so(measured):
    found = measured(KIND_FIELD="code_bez").finding(SHARE)
    assert found["status"] == "nicht bewertbar"
    assert "words that name no kind" in found["annahmen"]
