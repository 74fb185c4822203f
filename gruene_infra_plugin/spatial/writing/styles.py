"""The plugin's own styles: in a layer, in a result when QGIS loads it, inside its GeoPackage."""

from __future__ import annotations

import re

from qgis.core import (
    QgsLayerMetadata,
    QgsMapLayer,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingLayerPostProcessorInterface,
    QgsProviderRegistry,
    QgsVectorLayer,
)
from qgis.PyQt import sip
from qgis.PyQt.QtXml import QDomDocument

from ...i18n import language
from ...paths import STYLES
from ..reading.usual_fields import SHAPEFILE_NAME
from .formats import SHAPEFILE
from .legends import say_in
from .provenance import located


def load_known_style(layer: QgsMapLayer, name: str) -> bool:
    """Give ``layer`` the plugin's own style of that name; return whether there is one that fits.

    Its legend is in the user's language. ``loadNamedStyle`` will not do: where a style is stored with the
    data, it loads that one instead.
    """
    if not is_known_style(name):
        return False
    document = QDomDocument()
    document.setContent(_with_names_of(layer, (STYLES / f"{name}.qml").read_text(encoding="utf-8")))
    say_in(language(), document)
    done, _message = layer.importNamedStyle(document)
    return done


def is_known_style(name: str) -> bool:
    """Return whether the plugin has a style of that name."""
    return name in {path.stem for path in STYLES.glob("*.qml")}


def translate_legend(layer: QgsMapLayer) -> None:
    """Put the legend of a layer that has a style of the plugin into the user's language."""
    document = QDomDocument()
    layer.exportNamedStyle(document)
    say_in(language(), document)
    layer.importNamedStyle(document)


def _with_names_of(layer: QgsMapLayer, style: str) -> str:
    """Return a style with the names of columns as they are called in a layer, which may be a Shapefile."""
    if not isinstance(layer, QgsVectorLayer) or layer.storageType() != SHAPEFILE:
        return style
    cut = [name for name in layer.fields().names() if len(name) == SHAPEFILE_NAME]
    names = re.compile(rf"\b({'|'.join(map(re.escape, cut))})\w+")
    return names.sub(r"\1", style) if cut else style


class _Styler(QgsProcessingLayerPostProcessorInterface):
    """Gives a result its style and metadata when QGIS loads it."""

    def __init__(self, name: str | None, metadata: QgsLayerMetadata | None) -> None:
        super().__init__()
        self._name = name
        self._metadata = metadata

    def postProcessLayer(self, layer: QgsMapLayer, _context: object, _feedback: object) -> None:
        if self._metadata is not None:
            layer.setMetadata(located(self._metadata, layer))
        if self._name is not None:
            load_known_style(layer, self._name)
            layer.triggerRepaint()


_STYLERS: list[_Styler] = []
"""QGIS keeps no reference to a post-processor, so they live here until it deletes them with their run."""


def style_when_loaded(
    destination: str,
    name: str | None,
    context: QgsProcessingContext,
    metadata: QgsLayerMetadata | None = None,
) -> None:
    """Give a result the style of that name, if there is one, and its metadata when QGIS loads it."""
    if context.willLoadLayerOnCompletion(destination):
        styler = _Styler(name, metadata)
        _STYLERS[:] = [known for known in _STYLERS if not sip.isdeleted(known)] + [styler]
        context.layerToLoadOnCompletionDetails(destination).setPostProcessor(styler)


def store_known_style(layer: QgsVectorLayer, name: str) -> None:
    """Store the style of that name beside a layer, if it lies in a GeoPackage."""
    parts = QgsProviderRegistry.instance().decodeUri("ogr", layer.source())
    if str(parts.get("path", "")).lower().endswith(".gpkg") and load_known_style(layer, name):
        error = layer.saveStyleToDatabase(name, "", True, "")
        if error:
            raise QgsProcessingException(error)
