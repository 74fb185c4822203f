"""Which style and which readable name a layer has on a map."""

from __future__ import annotations

from qgis.core import (
    Qgis,
    QgsFillSymbol,
    QgsLineSymbol,
    QgsMapLayer,
    QgsMarkerSymbol,
    QgsProviderRegistry,
    QgsSymbol,
    QgsVectorLayer,
)

from ..catalogue import entry_ids, load_entry
from ..i18n import language, translate
from ..passwords import without_passwords
from ..spatial.styles import load_known_style

OUTLINE = "#4d4d4d"
PALETTE = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442")
"""Colours for layers without a style, told apart also by the colour-blind [P: Okabe and Ito 2008]."""


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
    }
    words = without_passwords(name).replace("_", " ").strip()
    return known.get(name) or _title_of_result(name) or words[:1].upper() + words[1:]


def _title_of_result(style: str) -> str | None:
    """Return the label of the output that a style is for: ``<id>``, or ``<id>_<output>`` beside OUTPUT."""
    for entry_id in entry_ids():
        if style == entry_id or style.startswith(f"{entry_id}_"):
            output = style[len(entry_id) + 1 :].upper() or "OUTPUT"
            texts = load_entry(entry_id).parameters.get(output)
            return texts.label.get(language()) if texts else None
    return None


def data_name(layer: QgsMapLayer) -> str:
    """Return the name of the table or file; QGIS calls all tables of one file by the file's name."""
    parts = QgsProviderRegistry.instance().decodeUri(layer.providerType(), layer.source())
    return str(parts.get("layerName") or layer.name())


def settle_style(layer: QgsMapLayer, position: int) -> str:
    """Style a layer that was read from a file and return its readable title.

    In this order: the default style stored with the data, the plugin's own style of the layer's name,
    a plain symbol in the colour of the layer's ``position``.
    """
    name = data_name(layer)
    _message, stored = layer.loadDefaultStyle()
    if stored:
        return title_of(_stored_style_name(layer) or name)
    if not load_known_style(layer, name) and isinstance(layer, QgsVectorLayer):
        layer.renderer().setSymbol(_plain_symbol(layer, PALETTE[position % len(PALETTE)]))
    return title_of(name)


def _stored_style_name(layer: QgsMapLayer) -> str | None:
    """Return the name under which a result's style is stored in its GeoPackage, if it is the plugin's."""
    if not isinstance(layer, QgsVectorLayer):
        return None
    _count, _ids, names, _descriptions, _error = layer.listStylesInDatabase()
    return names[0] if names and _title_of_result(names[0]) else None


def _plain_symbol(layer: QgsVectorLayer, color: str) -> QgsSymbol:
    if layer.geometryType() == Qgis.GeometryType.Polygon:
        return QgsFillSymbol.createSimple({"color": color, "outline_color": OUTLINE, "outline_width": "0.1"})
    if layer.geometryType() == Qgis.GeometryType.Line:
        return QgsLineSymbol.createSimple({"line_color": color, "line_width": "0.5"})
    return QgsMarkerSymbol.createSimple({"color": color, "outline_color": OUTLINE, "size": "2"})
