"""Legends in German and English: every text is known in both, and data stay as they are."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

import pytest
import yaml
from gruene_infra.gruene_infra_plugin.cartography.styling import settle_style
from gruene_infra.gruene_infra_plugin.paths import LEGENDS, STYLES
from gruene_infra.gruene_infra_plugin.spatial.writing.styles import load_known_style, store_known_style
from qgis.core import (
    QgsExpression,
    QgsExpressionContext,
    QgsExpressionContextUtils,
    QgsFeature,
    QgsProcessingFeedback,
    QgsVectorLayer,
)

from ...layer_factory import box, layer, saved

TEXTS = yaml.safe_load(LEGENDS.read_text(encoding="utf-8"))
THE_SAME = {"Verdichtungszone", "Übergangszone", "Außenzone", "Gley"}
"""Names that are not translated."""
LETTER = re.compile(r"[^\W\d_]")
DATA = {"unverändert", "bridge", "Stehendes Gewässer", "Hafenbecken", "Altarm", "m"}
"""Values and units in the expressions that write on the map."""


def texts_of(path: Path) -> set[str]:
    """Return what a style says in the legend and, by itself, on the map."""
    root = ElementTree.parse(path).getroot()
    labels = {e.get("label") for e in root.find("renderer-v2").iter() if e.get("label")}
    written = [t.get("fieldName") for t in root.iter("text-style") if t.get("isExpression") == "1"]
    literals = (word for text in written for word in re.findall(r"'([^']*)'", text))
    words = {word.replace(r"\n", " ").strip() for word in literals} - DATA
    return {text for text in labels | words if LETTER.search(text)}


def legend(made: QgsVectorLayer) -> list[str]:
    return [item.label() for item in made.renderer().legendSymbolItems()]


def empty(geometry: str, *columns: str) -> QgsVectorLayer:
    fields = "&".join(f"field={name}" for name in columns)
    return QgsVectorLayer(f"{geometry}?crs=EPSG:25832&{fields}", "leer", "memory")


@pytest.mark.parametrize("path", sorted(STYLES.glob("*.qml")), ids=lambda path: path.stem)
def test_every_text_of_a_style_is_known_in_both_languages(path):
    assert texts_of(path) <= set(TEXTS)


def test_no_text_is_known_that_no_style_says():
    assert set(TEXTS) == set().union(*map(texts_of, STYLES.glob("*.qml")))


def test_every_text_is_translated_but_names():
    assert all(isinstance(text, str) and text.strip() for text in TEXTS.values())
    assert {german for german, english in TEXTS.items() if german == english} == THE_SAME


def test_no_text_of_one_language_stands_for_two_of_the_other():
    assert [text for text, times in Counter(TEXTS.values()).items() if times > 1] == []
    assert set(TEXTS) & set(TEXTS.values()) == THE_SAME


BY_HAND = {
    "categories": (
        "hz22_forest_conversion",
        ("MultiPolygon", "art:string"),
        [
            "bebaut",
            "sonstige Nutzung",
            "neue Nutzung unbekannt",
            "umkodiert: jetzt Gehölz",
            "Zuwachs: erst jetzt Wald",
        ],
        ["built up", "other use", "new use unknown", "recoded: woodland now", "Gain: forest only now"],
    ),
    "ranges": (
        "parcel_potential",
        ("MultiPolygon", "anzahl_ziele:int"),
        ["kein Ziel", "1 Ziel", "2 Ziele", "3 und mehr Ziele"],
        ["no goal", "1 goal", "2 goals", "3 and more goals"],
    ),
    "rules": (
        "hz23_landscape_elements_fields",
        ("MultiPolygon", "anteil_le_proz:double", "fehlt_m2:double"),
        ["nicht erfasst", "Ziel erreicht", "5 % und mehr", "1 bis unter 5 %", "unter 1 %"],
        ["not surveyed", "Target reached", "5 % and more", "1 to under 5 %", "under 1 %"],
    ),
}


@pytest.mark.parametrize("kind", BY_HAND)
def test_a_legend_follows_the_language_of_qgis(speak, kind):
    style, (geometry, *columns), german, english = BY_HAND[kind]
    for language, expected in (("de_AT", german), ("en", english), ("fr", english), ("de", german)):
        speak(language)
        made = empty(geometry, *columns)
        assert load_known_style(made, style)
        assert legend(made) == expected, language


def test_values_and_filters_are_those_of_the_data_in_any_language(speak):
    speak("en")
    forest = empty("MultiPolygon", "art:string")
    assert load_known_style(forest, "hz22_forest_conversion")
    values = [category.value() for category in forest.renderer().categories()]
    assert values == ["bebaut", "sonstiges", "unbekannt", "umkodiert", "zuwachs"]
    roofs = empty("MultiPolygon", "begruent:int")
    assert load_known_style(roofs, "hz02_roof_greening")
    (best,) = [
        r for r in roofs.renderer().rootRule().children() if r.label() == "Candidate: very well suited"
    ]
    assert best.filterExpression().endswith("coalesce(\"eignung\", '') = 'sehr gut'")


WRITTEN = {
    "case": (
        "reconcile_register",
        ("MultiPolygon", "art:string", "fall:int", "anteil_proz:double"),
        ["geteilt", 4, 60.0],
        {"de": "Fall 4 · 60 %", "en": "Case 4 · 60 %"},
    ),
    "unchanged": (
        "reconcile_register",
        ("MultiPolygon", "art:string", "fall:int", "anteil_proz:double"),
        ["unverändert", 4, 60.0],
        {"de": None, "en": None},
    ),
    "gap": (
        "hz13_corridor_gaps_gaps",
        ("LineString", "rang:int", "laenge_m:double", "gewinn_ha:double"),
        [3, 12.0, 1.0],
        {"de": "Nr. 3 · 12 m", "en": "No. 3 · 12 m"},
    ),
}


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("case", WRITTEN)
def test_what_stands_beside_numbers_on_the_map_follows_it_too(speak, case, language):
    style, (geometry, *columns), values, expected = WRITTEN[case]
    speak(language)
    made = empty(geometry, *columns)
    assert load_known_style(made, style)
    feature = QgsFeature(made.fields())
    feature.setAttributes(values)
    context = QgsExpressionContext(QgsExpressionContextUtils.globalProjectLayerScopes(made))
    context.setFeature(feature)
    assert QgsExpression(made.labeling().settings().fieldName).evaluate(context) == expected[language]


# -- styles stored with results -------------------------------------------------------------------------


def stored(speak, folder: Path, language: str) -> str:
    """Store a result of forest conversion as a run in a language does; return its address."""
    speak(language)
    found = layer([box(0, 0, 1, 1)], {"art": ["bebaut"]}, name="wald")
    source = saved(found, folder / f"{language}.gpkg", "mein_wald")
    store_known_style(QgsVectorLayer(source, "mein_wald", "ogr"), "hz22_forest_conversion")
    return source


@pytest.mark.parametrize("language", ["de", "en"])
def test_a_style_is_stored_in_the_language_of_the_run(speak, tmp_path, language):
    opened = QgsVectorLayer(stored(speak, tmp_path, language), "x", "ogr")
    assert legend(opened) == BY_HAND["categories"][2 if language == "de" else 3]


@pytest.mark.parametrize("run_in", ["de", "en"])
@pytest.mark.parametrize(
    ("drawn_in", "title"), [("de", "Verlust und Zuwachs des Waldes"), ("en", "Loss and gain of forest")]
)
def test_a_map_tells_a_stored_style_in_its_own_language(speak, tmp_path, run_in, drawn_in, title):
    source = stored(speak, tmp_path, run_in)
    speak(drawn_in)
    made = QgsVectorLayer(source, "x", "ogr")
    assert settle_style(made, 0, QgsProcessingFeedback()) == title
    assert legend(made) == BY_HAND["categories"][2 if drawn_in == "de" else 3]


def changed(source: str, style: str) -> QgsVectorLayer:
    """Rename the second class by hand, store the style under a name, and open the layer anew."""
    mine = QgsVectorLayer(source, "x", "ogr")
    mine.renderer().updateCategoryLabel(1, "Parkplatz")
    assert not mine.saveStyleToDatabase(style, "", True, "")
    return QgsVectorLayer(source, "x", "ogr")


def test_a_text_changed_by_hand_stays(speak, tmp_path):
    made = changed(stored(speak, tmp_path, "de"), "hz22_forest_conversion")
    speak("en")
    settle_style(made, 0, QgsProcessingFeedback())
    assert legend(made)[:3] == ["built up", "Parkplatz", "new use unknown"]


def test_a_style_of_the_user_stays_as_it_is(speak, tmp_path):
    speak("de")
    found = layer([box(0, 0, 1, 1)], {"art": ["bebaut"]}, name="wald")
    source = saved(found, tmp_path / "eigen.gpkg", "mein_wald")
    assert load_known_style(mine := QgsVectorLayer(source, "x", "ogr"), "hz22_forest_conversion")
    assert not mine.saveStyleToDatabase("eigener", "", True, "")
    speak("en")
    made = QgsVectorLayer(source, "x", "ogr")
    assert settle_style(made, 0, QgsProcessingFeedback()) == "Mein wald"
    assert legend(made)[0] == "bebaut"
