"""The QML files: they load on the layers they are for, and show what they should."""

from __future__ import annotations

import itertools
import re
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from gruene_infra.gruene_infra_plugin.cartography.styling import load_known_style
from gruene_infra.gruene_infra_plugin.catalogue import entry_ids, load_entry
from gruene_infra.gruene_infra_plugin.methods.buildings.newness import Origin
from gruene_infra.gruene_infra_plugin.methods.buildings.roofs import SUITABILITY
from gruene_infra.gruene_infra_plugin.paths import ICONS, SAMPLE, STYLES
from gruene_infra.gruene_infra_plugin.spatial.parcels.parcel_changes import Kind
from gruene_infra.gruene_infra_plugin.spatial.writing.styles import style_when_loaded
from qgis.core import (
    QgsCategorizedSymbolRenderer,
    QgsExpression,
    QgsExpressionContext,
    QgsExpressionContextScope,
    QgsFeature,
    QgsFeatureRequest,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProject,
    QgsProperty,
    QgsRenderContext,
    QgsSymbol,
    QgsSymbolLayer,
    QgsVectorLayer,
)
from qgis.PyQt.QtGui import QColor
from qgis.PyQt.QtSvg import QSvgRenderer

from ...layer_factory import box, layer, saved

BUILDING = (
    "gebaeude_id:string,gebaeudefunktion:int,funktion:string,dachform:int,geschosse:int,baujahr:int,"
    "ags:string"
)
FIELD_BLOCK = "flik:string,nutz_code:string,nutz_txt:string,area_ha:double"
SAMPLE_LAYERS = {
    "gemeinden": ("MultiPolygon", "ags:string,gemeinde:string"),
    "raumtypen": ("Polygon", "raumtyp:string,name:string"),
    "flurstuecke": (
        "Polygon",
        "flstkennz:string,gemarkung:string,flur:int,zaehler:int,nenner:int,ags:string,nutzung:string,"
        "flaeche_m2:double",
    ),
    "gebaeude": ("Polygon", BUILDING),
    "gebaeude_2015": ("Polygon", BUILDING),
    "ueberschwemmungsgebiete": ("Polygon", "name:string,klasse:string,gesetz:string,jahr:int"),
    "gewaesser": ("Polygon", "name:string,art:string"),
    "gewaesserlinien": ("LineString", "name:string,art:string,breite_m:double"),
    "strassen": ("LineString", "name:string,art:string,breite_m:double"),
    "bahn": ("LineString", "name:string,art:string,gleise:int"),
    "gruenzuege": ("MultiPolygon", "gruenzug:string,nummer:int,teil:string"),
    "biotopverbund": ("Polygon", "kennung:string,name:string,verbundstufe:string"),
    "schutzgebiete": ("Polygon", "kennung:string,name:string,schutzart:string,jahr:int"),
    "naturdenkmale": ("Point", "kennung:string,name:string,schutzart:string"),
    "gewaesserstruktur": (
        "LineString",
        "gewkz:string,gewaesser:string,abschnitt:string,gsg:string,jahr:int,berichtspflicht:string",
    ),
    "zonen": ("Polygon", "zone:string"),
    "lebensraumtypen": (
        "Polygon",
        "kennung:string,lrt:string,erhaltungsgrad:string,anteil_proz:double,jahr:int",
    ),
    "gruenzuege_2015": ("MultiPolygon", "gruenzug:string,nummer:int,teil:string"),
    "wald_2015": ("Polygon", "kennung:string,nutzung:string"),
    "siedlungsflaechen": ("Polygon", "kennung:string,art:string"),
    "feldbloecke": ("Polygon", FIELD_BLOCK),
    "feldbloecke_2015": ("Polygon", FIELD_BLOCK),
    "landschaftselemente": ("Polygon", "le_typ:string"),
    "hecken": ("LineString", "le_typ:string,breite_m:double"),
    "einzelbaeume": ("Point", "le_typ:string,kronendurchmesser:double"),
    "moorboeden": ("Polygon", "kennung:string,bodentyp:string,flurabstand_cm:double"),
    "regionalparks": ("Polygon", "regionalpark:string,status:string"),
    "einwohner": ("Point", "gitter_id:string,einwohner:int"),
    "neubauten": (
        "Polygon",
        "gebaeude_id:string,gebaeudefunktion:int,funktion:string,baujahr:int,ags:string,flach:int,"
        "begruent:int,abgekoppelt:string,ausnahme:int",
    ),
}
RESULT = "hz19_floodplain_buildings"
ROOFS = "hz02_roof_greening"
RESULT_OUTPUTS = {
    output.style: output
    for entry in map(load_entry, entry_ids())
    for output in entry.outputs.values()
    if output.style
}
LAYERS = SAMPLE_LAYERS | {
    style: (
        "LineString" if output.of == ("line",) else "MultiPolygon",
        ",".join(f"{name}:string" for name in output.written()),
    )
    for style, output in RESULT_OUTPUTS.items()
}
CLASSES = {
    "raumtypen": ("raumtyp", {"Innenstadt", "Zwischenstadt", "Landschaft"}),
    "space_types": ("raumtyp", {"Innenstadt", "Zwischenstadt", "Landschaft"}),
    "ueberschwemmungsgebiete": ("klasse", {"festgesetzt", "vorläufig gesichert", "Auenkulisse"}),
    "zonen": ("zone", {"Verdichtungszone", "Übergangszone", "Außenzone"}),
    RESULT: ("herkunft", {str(origin) for origin in Origin}),
    "reconcile_register": ("art", {str(kind) for kind in Kind}),
}
# Linear RGB as seen without the green, and without the red cones: Machado, Oliveira and Fernandes 2009.
COLOUR_VISION = {
    "full": np.eye(3),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]]
    ),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
}
XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])

HATCHED = (str(Kind.CHANGED), str(Kind.GONE))
"""What somebody has to look at before it is taken over."""

every_style = pytest.mark.parametrize("name", sorted(LAYERS))


def empty_layer(name: str) -> QgsVectorLayer:
    geometry, fields = LAYERS[name]
    columns = "&".join(f"field={field}" for field in fields.split(","))
    return QgsVectorLayer(f"{geometry}?crs=EPSG:25832&{columns}", name, "memory")


@pytest.fixture
def styled(speak):
    """Load the German styles; ``test_legends`` is about other languages."""
    speak("de")
    kept = []  # a renderer dies with its layer

    def load(name: str) -> QgsVectorLayer:
        kept.append(empty_layer(name))
        assert load_known_style(kept[-1], name)
        return kept[-1]

    return load


def expressions(name: str) -> list[str]:
    """Return every expression of a QML file: of symbols, generated geometries and labels."""
    root = ElementTree.parse(STYLES / f"{name}.qml").getroot()
    options = [o for o in root.iter("Option") if o.get("name") in ("expression", "geometryModifier")]
    return [o.get("value") for o in options] + [t.get("fieldName") for t in root.iter("text-style")]


def categories(renderer: QgsCategorizedSymbolRenderer) -> dict[str, str]:
    """Return every value with the legend text of its class; the class for the rest under ``""``."""
    found = {}
    for category in renderer.categories():
        value = category.value()
        for single in value if isinstance(value, list) else [value]:
            text = single if isinstance(single, str) else ""
            assert text not in found
            found[text] = category.label()
    return found


def class_colors(layer: QgsVectorLayer) -> dict[str, QColor]:
    """Return the fill of every class by its value."""
    classes = layer.renderer().categories()
    return {category.value(): QColor(category.symbol().color()) for category in classes}


def linear(color: QColor) -> np.ndarray:
    channels = np.array([color.redF(), color.greenF(), color.blueF()])
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def lab(rgb: np.ndarray) -> np.ndarray:
    """Return CIE L*a*b* of linear sRGB, white D65."""
    ratio = XYZ @ np.clip(rgb, 0, 1) / (XYZ @ np.ones(3))
    f = np.where(ratio > 216 / 24389, np.cbrt(ratio), (24389 / 27 * ratio + 16) / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def test_every_file_belongs_to_a_known_layer():
    assert {path.stem for path in STYLES.glob("*.qml")} == set(LAYERS)


@every_style
def test_style_names_only_fields_of_its_layer(styled, name):
    made = styled(name)
    own = {field.name() for field in made.fields()}
    used = made.renderer().usedAttributes(QgsRenderContext()) - own - {QgsFeatureRequest.ALL_ATTRIBUTES}
    assert all(QgsExpression(one).referencedColumns() <= own for one in used)  # classes by an expression
    for text in expressions(name):
        expression = QgsExpression(text)
        assert not expression.hasParserError(), expression.parserErrorString()
        assert expression.referencedColumns() - {QgsFeatureRequest.ALL_ATTRIBUTES} <= own


@every_style
def test_style_holds_nothing_of_the_machine_it_was_made_on(name):
    text = (STYLES / f"{name}.qml").read_text(encoding="utf-8")
    body = text.partition("\n")[2]  # after the document type
    assert not re.search(r"file:|[A-Za-z]:\\|\\\\|/(home|usr|tmp|root|Users|opt)\b", body)
    assert not re.search(r"<(srs|extent|crs|resourceMetadata|fieldConfiguration|editform)\b", body)
    assert 'styleCategories="Symbology|Labeling"' in body
    assert text.count("\n") < 420


@pytest.mark.parametrize("name", sorted(CLASSES))
def test_classes_are_the_values_of_the_data_and_one_for_the_rest(styled, name):
    field, expected = CLASSES[name]
    made = styled(name)
    assert made.renderer().classAttribute() == field
    assert set(categories(made.renderer())) - {""} == expected
    labels = [category.label() for category in made.renderer().categories()]
    assert all(labels)
    assert len(set(labels)) == len(labels)


def test_every_land_use_of_the_sample_has_a_colour(styled):
    parcels = QgsVectorLayer(f"{SAMPLE}|layername=flurstuecke", "flurstuecke", "ogr")
    assert parcels.isValid()
    uses = parcels.uniqueValues(parcels.fields().lookupField("nutzung"))
    assert len(uses) > 10
    known = categories(styled("flurstuecke").renderer())
    assert uses <= set(known)
    assert known["Wald"] == known["Gehölz"] == "Wald und Gehölz"
    assert known["Landwirtschaft (Ackerland)"] != known["Landwirtschaft (Grünland)"]


@pytest.mark.parametrize("name", sorted(set(CLASSES) & set(SAMPLE_LAYERS)))
def test_the_sample_holds_no_class_without_a_colour(styled, name):
    field, expected = CLASSES[name]
    made = QgsVectorLayer(f"{SAMPLE}|layername={name}", name, "ogr")
    assert made.uniqueValues(made.fields().lookupField(field)) == expected


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("biotopverbund", "verbundstufe"),
        ("schutzgebiete", "schutzart"),
        ("gewaesserstruktur", "gsg"),
        ("lebensraumtypen", "erhaltungsgrad"),
        ("wald_2015", "nutzung"),
        ("feldbloecke", "nutz_txt"),
        ("feldbloecke_2015", "nutz_txt"),
        ("landschaftselemente", "le_typ"),
        ("hecken", "le_typ"),
        ("moorboeden", "bodentyp"),
        ("regionalparks", "status"),
        ("neubauten", "abgekoppelt"),
    ],
)
def test_the_sample_holds_no_class_without_a_colour_but_the_unknown_one(styled, name, field):
    """What is not known falls into the class for the rest."""
    made = QgsVectorLayer(f"{SAMPLE}|layername={name}", name, "ogr")
    values = {value for value in made.uniqueValues(made.fields().lookupField(field)) if value}
    assert styled(name).renderer().classAttribute() == field
    assert values - {"0"} <= set(categories(styled(name).renderer()))


@pytest.mark.parametrize("name", sorted(SAMPLE_LAYERS))
def test_the_fields_named_here_are_those_of_the_sample(qgis_app, name):
    made = QgsVectorLayer(f"{SAMPLE}|layername={name}", name, "ogr")
    assert set(empty_layer(name).fields().names()) <= set(made.fields().names())


def test_every_run_of_a_session_gives_its_result_the_style(qgis_app):
    """QGIS deletes the post-processor of a result with the run."""
    for _run in range(2):
        result = QgsVectorLayer("Polygon", "Raumtypen", "memory")
        context = QgsProcessingContext()
        details = QgsProcessingContext.LayerDetails("Raumtypen", QgsProject.instance())
        context.addLayerToLoadOnCompletion(result.id(), details)
        style_when_loaded(result.id(), "space_types", context)
        styler = context.layerToLoadOnCompletionDetails(result.id()).postProcessor()
        styler.postProcessLayer(result, context, QgsProcessingFeedback())
        assert isinstance(result.renderer(), QgsCategorizedSymbolRenderer)
        del context


@pytest.mark.parametrize("vision", COLOUR_VISION)
def test_origins_of_buildings_can_be_told_apart(styled, vision):
    colors = class_colors(styled(RESULT))
    for one, other in itertools.combinations(colors, 2):
        seen = [lab(COLOUR_VISION[vision] @ linear(colors[key])) for key in (one, other)]
        assert np.linalg.norm(seen[0] - seen[1]) > 20, (one, other)


@pytest.mark.parametrize("vision", COLOUR_VISION)
def test_what_became_of_parcels_can_be_told_apart(styled, vision):
    """By colour, or by a hatch and the colour of the outline."""
    plain = {key: c for key, c in class_colors(styled("reconcile_register")).items() if key not in HATCHED}
    for one, other in itertools.combinations(plain, 2):
        seen = [lab(COLOUR_VISION[vision] @ linear(plain[key])) for key in (one, other)]
        assert np.linalg.norm(seen[0] - seen[1]) > 12, (one, other)
    classes = styled("reconcile_register").renderer().categories()
    hatched = [c.value() for c in classes if c.symbol().symbolLayerCount() == 2]
    assert sorted(hatched) == sorted(HATCHED)


@pytest.mark.parametrize("vision", COLOUR_VISION)
def test_types_of_space_can_be_told_apart(styled, vision):
    colors = class_colors(styled("space_types"))
    assert len(colors) == 4
    for one, other in itertools.combinations(colors, 2):
        seen = [lab(COLOUR_VISION[vision] @ linear(colors[key])) for key in (one, other)]
        assert np.linalg.norm(seen[0] - seen[1]) > 20, (one, other)


GOALS_SHOWN = {0: "kein Ziel", 1: "1 Ziel", 2: "2 Ziele", 3: "3 und mehr Ziele", 7: "3 und mehr Ziele"}


def parcel_class(layer: QgsVectorLayer, goals: int) -> tuple[str, QColor]:
    """Return the legend text and the colour of a parcel with so many goals."""
    feature = QgsFeature(layer.fields())
    feature["anzahl_ziele"] = goals
    context = QgsRenderContext()
    context.expressionContext().appendScope(QgsExpressionContextScope())
    context.expressionContext().setFields(layer.fields())
    context.expressionContext().setFeature(feature)
    made = layer.renderer().clone()
    made.startRender(context, layer.fields())
    (key,) = made.legendKeysForFeature(feature, context)
    made.stopRender(context)
    (item,) = [item for item in made.legendSymbolItems() if item.ruleKey() == key]
    return item.label(), QColor(item.symbol().color())


def test_parcels_are_shown_by_their_number_of_goals(styled):
    made = styled("parcel_potential")
    assert {n: parcel_class(made, n)[0] for n in GOALS_SHOWN} == GOALS_SHOWN


@pytest.mark.parametrize("vision", COLOUR_VISION)
def test_numbers_of_goals_can_be_told_apart_also_without_colour(styled, vision):
    made = styled("parcel_potential")
    colors = [linear(parcel_class(made, n)[1]) for n in range(4)]
    seen = [lab(COLOUR_VISION[vision] @ color) for color in colors]
    assert all(np.linalg.norm(one - other) > 20 for one, other in itertools.combinations(seen, 2))
    light = [color @ [0.2126, 0.7152, 0.0722] + 0.05 for color in colors]
    assert all(brighter / darker > 1.2 for brighter, darker in itertools.pairwise(light))


@pytest.mark.parametrize("other", ["Bestand", "Erweiterung", "unbekannt"])
def test_new_buildings_are_the_darkest_also_without_colour(styled, other):
    colors = class_colors(styled(RESULT))
    luminance = {key: linear(color) @ [0.2126, 0.7152, 0.0722] + 0.05 for key, color in colors.items()}
    assert luminance[other] / luminance["neu"] > 1.5


# A roof: flach, begruent, kandidat, eignung, ausschluss; and the class that shows it.
GREENED, UNKNOWN, EXCLUDED, NONE = (
    "begrünt",
    "nicht bewertbar",
    "flach, aber ausgeschlossen (Denkmal, Statik)",
    "geneigt oder zu klein",
)
BEST, GOOD, FAIR = (
    "Kandidat: sehr gut geeignet",
    "Kandidat: gut geeignet",
    "Kandidat: geeignet (über 15° geneigt)",
)
ROOF_CLASSES = (
    ((1, 1, 0, "sehr gut", 0), GREENED),
    ((1, 1, 0, "sehr gut", 1), GREENED),
    ((None, 1, 0, None, 0), GREENED),
    ((1, 0, 1, "sehr gut", 0), BEST),
    ((1, None, 1, "sehr gut", 0), BEST),
    ((1, 0, 1, "gut", 0), GOOD),
    ((1, 0, 1, "geeignet", 0), FAIR),
    ((1, 0, 1, "weniger geeignet", 0), FAIR),
    ((1, 0, 0, "sehr gut", 1), EXCLUDED),
    ((1, None, 0, "gut", 1), EXCLUDED),
    ((None, 0, 0, None, 0), UNKNOWN),
    ((None, None, 0, None, 1), UNKNOWN),
    ((0, 0, 0, "weniger geeignet", 0), NONE),
    ((0, 0, 0, "weniger geeignet", 1), NONE),
    ((1, 0, 0, "sehr gut", 0), NONE),
)


def shown_as(layer: QgsVectorLayer, **values: object) -> list[str]:
    """Return the legend texts of the rules that draw a feature with these values."""
    feature = QgsFeature(layer.fields())
    for name, value in values.items():
        feature[name] = value
    context = QgsRenderContext()
    context.expressionContext().setFeature(feature)
    context.expressionContext().setFields(layer.fields())
    made = layer.renderer().clone()
    made.startRender(context, layer.fields())
    keys = made.legendKeysForFeature(feature, context)
    made.stopRender(context)
    return [rule.label() for rule in made.rootRule().children() if rule.ruleKey() in keys]


@pytest.mark.parametrize(("values", "expected"), ROOF_CLASSES)
def test_every_roof_is_drawn_by_one_rule(styled, values, expected):
    names = ("flach", "begruent", "kandidat", "eignung", "ausschluss")
    assert shown_as(styled(ROOFS), **dict(zip(names, values, strict=True))) == [expected]


def test_every_suitability_of_a_candidate_has_its_colour(styled):
    made = styled(ROOFS)
    shown = [
        shown_as(made, flach=1, begruent=0, kandidat=1, eignung=name, ausschluss=0) for _, name in SUITABILITY
    ]
    assert shown == [[BEST], [GOOD], [FAIR], [FAIR], [FAIR]]


def roof_colors(layer: QgsVectorLayer) -> dict[str, QColor]:
    return {rule.label(): QColor(rule.symbol().color()) for rule in layer.renderer().rootRule().children()}


@pytest.mark.parametrize("vision", COLOUR_VISION)
def test_roofs_can_be_told_apart(styled, vision):
    colors = roof_colors(styled(ROOFS))
    del colors[UNKNOWN]  # told by its hatch
    for one, other in itertools.combinations(colors, 2):
        seen = [lab(COLOUR_VISION[vision] @ linear(colors[key])) for key in (one, other)]
        assert np.linalg.norm(seen[0] - seen[1]) > 20, (one, other)


def test_the_better_a_roof_suits_the_darker_it_is_also_without_colour(styled):
    colors = roof_colors(styled(ROOFS))
    light = [linear(colors[key]) @ [0.2126, 0.7152, 0.0722] + 0.05 for key in (GREENED, BEST, GOOD, FAIR)]
    assert all(brighter / darker > 1.3 for darker, brighter in itertools.pairwise(light))


def test_only_roofs_that_cannot_be_assessed_are_hatched(styled):
    rules = styled(ROOFS).renderer().rootRule().children()
    hatched = [
        rule.label()
        for rule in rules
        if any(part.layerType() == "LinePatternFill" for part in rule.symbol().symbolLayers())
    ]
    assert hatched == [UNKNOWN]


def test_outlines_of_roofs_leave_room_for_the_colour_in_print(styled):
    """A garage of 3 m is 0.3 mm wide at 1:10 000; a roof of 12 m must show its fill."""
    for rule in styled(ROOFS).renderer().rootRule().children():
        assert rule.symbol().symbolLayer(0).strokeWidth() <= 0.3
        assert rule.symbol().symbolLayer(0).strokeWidth() > 0


def test_floodplain_classes_differ_by_line_not_only_by_colour(styled):
    looks = set()
    classes = styled("ueberschwemmungsgebiete").renderer().categories()
    for category in (c for c in classes if c.value()):
        layers = category.symbol().symbolLayers()
        dashes = [layer.customDashVector() for layer in layers if layer.layerType() == "SimpleLine"]
        looks.add((tuple(layer.layerType() for layer in layers), tuple(map(tuple, dashes))))
    assert len(looks) == 3


def first_symbol(layer: QgsVectorLayer) -> QgsSymbol:
    symbols = layer.renderer().symbols(QgsRenderContext())
    return symbols[0].clone()


def stroke_color(layer: QgsVectorLayer, scale: float) -> QColor:
    """Return the outline colour of the first symbol at a map scale."""
    symbol = first_symbol(layer)
    outline = symbol.symbolLayer(0).dataDefinedProperties().property(QgsSymbolLayer.Property.StrokeColor)
    assert outline.propertyType() == QgsProperty.Type.ExpressionBasedProperty
    context = QgsExpressionContext()
    context.appendScope(QgsExpressionContextScope())
    context.lastScope().setVariable("map_scale", scale)
    context.lastScope().setVariable("symbol_color", symbol.color())
    color, valid = outline.valueAsColor(context)
    assert valid
    return color


@pytest.mark.parametrize("name", ["gebaeude", "flurstuecke"])
def test_outlines_show_only_on_large_scales(styled, name):
    made = styled(name)
    fill = first_symbol(made).color()
    assert stroke_color(made, 5_000).lightness() < fill.lightness()
    assert stroke_color(made, 25_000) == fill


@pytest.mark.parametrize(("name", "text"), [("gemeinden", "gemeinde"), ("gewaesserlinien", "name")])
def test_names_are_written_on_the_map(styled, name, text):
    made = styled(name)
    assert made.labelsEnabled()
    assert made.labeling().settings().fieldName == text


@pytest.mark.parametrize("path", sorted(ICONS.glob("*.svg")), ids=lambda path: path.stem)
def test_icons_are_small_drawings_that_qt_reads(qgis_app, path: Path):
    assert QSvgRenderer(str(path)).isValid()
    text = path.read_text(encoding="utf-8")
    assert len(text) < 2500
    assert not re.search(r"<image|href|<script|<text", text)


@pytest.mark.parametrize("ending", ["gpkg", "shp"])
def test_a_style_finds_the_columns_of_a_shapefile(tmp_path, ending):
    counted = layer([box(0, 0, 1, 1)] * 3, {"anzahl_ziele": [0, 1, 3]}, name="potenzial")
    stored = QgsVectorLayer(saved(counted, tmp_path / f"potenzial.{ending}"), "potenzial", "ogr")
    assert load_known_style(stored, "parcel_potential")
    assert stored.fields().lookupField(stored.renderer().classAttribute()) >= 0
