"""The Processing provider: algorithms of ``resources/algorithms``, models of ``resources/models``."""

from __future__ import annotations

from importlib import import_module

from qgis.core import QgsApplication, QgsProcessingProvider
from qgis.PyQt.QtGui import QIcon

from ..gruene_infra_plugin.catalogue import entry_ids, load_entry
from ..gruene_infra_plugin.catalogue.model_texts import model_ids
from ..gruene_infra_plugin.paths import ICONS, plugin_version
from ..gruene_infra_plugin.spatial.writing import formats
from .base import PluginAlgorithm
from .models import ShippedModel


def _algorithm(entry_id: str) -> type[PluginAlgorithm]:
    """Return the class of an algorithm, from the file of its name; raise where its entry is wrong."""
    load_entry(entry_id)
    module = import_module(f"{__package__}.algorithms.{entry_id}")
    return next(known for known in vars(module).values() if getattr(known, "ID", None) == entry_id)


ALGORITHMS = tuple(map(_algorithm, entry_ids()))
"""One class for each entry in ``resources/algorithms``."""


class GrueneInfraProvider(QgsProcessingProvider):
    """Everything the plugin can compute, grouped by Handlungsziel."""

    def id(self) -> str:
        return "gruene_infra"

    def name(self) -> str:
        return "Grüne Infrastruktur Ruhr"

    def versionInfo(self) -> str:
        return plugin_version()

    def icon(self) -> QIcon:
        return QIcon(str(ICONS / "plugin.svg"))

    def supportedOutputVectorLayerExtensions(self) -> list[str]:
        return formats.written(formats.LISTS)

    def supportedOutputTableExtensions(self) -> list[str]:
        return formats.written(formats.TABLES)

    def loadAlgorithms(self) -> None:
        for algorithm in ALGORITHMS:
            self.addAlgorithm(algorithm())
        if QgsApplication.processingRegistry().providerById(self.id()) is self:
            for model_id in model_ids():
                self.addAlgorithm(ShippedModel(model_id))


def register(provider: GrueneInfraProvider) -> bool:
    """Add the provider to QGIS, then its models; return whether QGIS took it.

    A model finds the outputs of its algorithms only once they can be called by their ids.
    """
    if not QgsApplication.processingRegistry().addProvider(provider):
        return False
    provider.refreshAlgorithms()
    return True
