"""Which style and which readable name a layer has on a map."""

from __future__ import annotations

import re
from collections.abc import Iterator

from qgis.core import (
    Qgis,
    QgsExpression,
    QgsFillSymbol,
    QgsLineSymbol,
    QgsMapLayer,
    QgsMarkerSymbol,
    QgsProcessingFeedback,
    QgsProviderRegistry,
    QgsSymbol,
    QgsVectorLayer,
)
from qgis.PyQt.QtXml import QDomDocument, QDomElement

from ..catalogue import entry_ids, load_entry
from ..i18n import language, translate
from ..passwords import without_passwords
from ..spatial.writing.styles import is_known_style, load_known_style, translate_legend

OUTLINE = "#4d4d4d"
PALETTE = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442")
"""Colours for layers without a style, told apart also by the colour-blind [P: Okabe and Ito 2008]."""

OUTSIDE = frozenset(
    {
        "env",
        "eval",
        "eval_template",
        "load_layer",
        "file_exists",
        "file_size",
        "is_file",
        "is_directory",
        "exif",
    }
)
"""Functions of expressions that read the environment, other files, or texts as expressions."""
OF_THE_USER = ("user_", "qgis_os_name", "project_")
"""How variables begin that tell who the user is and where."""
_CALLS = re.compile(r"[(@]")
"""What a function or a variable in an expression needs."""


def title_of(name: str) -> str:
    """Return the readable title of a sample layer or result; other names with spaces and a capital."""
    known = {
        "gemeinden": translate("GrueneInfra", "Municipalities"),
        "raumtypen": translate("GrueneInfra", "Space types"),
        "flurstuecke": translate("GrueneInfra", "Parcels by land use"),
        "gebaeude": translate("GrueneInfra", "Buildings"),
        "gebaeude_2015": translate("GrueneInfra", "Buildings in 2015"),
        "ueberschwemmungsgebiete": translate("GrueneInfra", "Floodplains"),
        "gewaesser": translate("GrueneInfra", "Waters"),
        "gewaesserlinien": translate("GrueneInfra", "Streams and rivers"),
        "gruenzuege": translate("GrueneInfra", "Green corridors"),
        "strassen": translate("GrueneInfra", "Streets and tracks"),
        "bahn": translate("GrueneInfra", "Railways"),
        "biotopverbund": translate("GrueneInfra", "Habitat network"),
        "schutzgebiete": translate("GrueneInfra", "Protected sites"),
        "naturdenkmale": translate("GrueneInfra", "Natural monuments"),
        "gewaesserstruktur": translate("GrueneInfra", "River structure"),
        "zonen": translate("GrueneInfra", "Zones"),
        "lebensraumtypen": translate("GrueneInfra", "Habitat types"),
        "gruenzuege_2015": translate("GrueneInfra", "Green corridors in 2015"),
        "wald_2015": translate("GrueneInfra", "Forests in 2015"),
        "siedlungsflaechen": translate("GrueneInfra", "Settlement"),
        "feldbloecke": translate("GrueneInfra", "Field blocks"),
        "feldbloecke_2015": translate("GrueneInfra", "Field blocks in 2015"),
        "landschaftselemente": translate("GrueneInfra", "Landscape elements"),
        "hecken": translate("GrueneInfra", "Hedges, tree rows and ditches"),
        "einzelbaeume": translate("GrueneInfra", "Single trees"),
        "moorboeden": translate("GrueneInfra", "Peat soils"),
        "regionalparks": translate("GrueneInfra", "Regional parks"),
        "einwohner": translate("GrueneInfra", "Residents"),
        "neubauten": translate("GrueneInfra", "New buildings"),
    }
    words = without_passwords(name).replace("_", " ").strip()
    return known.get(name) or _title_of_result(name) or words[:1].upper() + words[1:]


def _title_of_result(style: str) -> str | None:
    """Return the label of the output that a style is for."""
    outputs = (output for entry in map(load_entry, entry_ids()) for output in entry.outputs.values())
    return next((output.label.get(language()) for output in outputs if output.style == style), None)


def data_name(layer: QgsMapLayer) -> str:
    """Return the name of the table or file; QGIS calls all tables of one file by the file's name."""
    parts = QgsProviderRegistry.instance().decodeUri(layer.providerType(), layer.source())
    return str(parts.get("layerName") or layer.name())


def settle_style(layer: QgsMapLayer, position: int, feedback: QgsProcessingFeedback) -> str:
    """Style a layer that was read from a file and return its readable title.

    In this order: the default style stored with the data, the plugin's own style of the layer's name,
    a plain symbol in the colour of the layer's ``position``. A stored style that would show what is not in
    the data is left out, and said.
    """
    name = data_name(layer)
    trial = layer.clone()
    _message, stored = trial.loadDefaultStyle()
    outside = _read_outside(trial) if stored else []
    if outside:
        message = translate(
            "GrueneInfra",
            "{layer}: the style stored with it is not used, as it reads what is outside of the data: {list}.",
        )
        feedback.pushWarning(message.format(layer=name, list=", ".join(outside)))
    elif stored:
        layer.loadDefaultStyle()
        style = _stored_style_name(layer)
        if style is not None:
            translate_legend(layer)
        return title_of(style if style and _title_of_result(style) else name)
    if not load_known_style(layer, name) and isinstance(layer, QgsVectorLayer):
        layer.renderer().setSymbol(_plain_symbol(layer, PALETTE[position % len(PALETTE)]))
    return title_of(name)


def _read_outside(layer: QgsMapLayer) -> list[str]:
    """Return the functions and variables in the expressions of a style that tell of user and computer."""
    document = QDomDocument()
    layer.exportNamedStyle(document)
    found: set[str] = set()
    for text in _values(document.documentElement()):
        expression = QgsExpression(text)
        found |= expression.referencedFunctions() & OUTSIDE
        for name in expression.referencedVariables():
            if not name or name.startswith(OF_THE_USER):  # a name that is computed may be any
                found.add(f"@{name}")
    return sorted(found)


def _values(element: QDomElement) -> Iterator[str]:
    """Yield the values of an element and all elements in it that may be expressions."""
    attributes = element.attributes()
    yield from filter(_CALLS.search, (attributes.item(n).nodeValue() for n in range(attributes.count())))
    child = element.firstChild()
    while not child.isNull():
        if child.isElement():
            yield from _values(child.toElement())
        elif _CALLS.search(child.nodeValue()):
            yield child.nodeValue()
        child = child.nextSibling()


def _stored_style_name(layer: QgsMapLayer) -> str | None:
    """Return the name under which a style is stored with its layer, if it is the plugin's."""
    if not isinstance(layer, QgsVectorLayer):
        return None
    _count, _ids, names, _descriptions, _error = layer.listStylesInDatabase()
    return names[0] if names and is_known_style(names[0]) else None


def _plain_symbol(layer: QgsVectorLayer, color: str) -> QgsSymbol:
    if layer.geometryType() == Qgis.GeometryType.Polygon:
        return QgsFillSymbol.createSimple({"color": color, "outline_color": OUTLINE, "outline_width": "0.1"})
    if layer.geometryType() == Qgis.GeometryType.Line:
        return QgsLineSymbol.createSimple({"line_color": color, "line_width": "0.5"})
    return QgsMarkerSymbol.createSimple({"color": color, "outline_color": OUTLINE, "size": "2"})
