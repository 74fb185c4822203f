"""The plugin as QGIS sees it: a Processing provider and a menu entry, undone completely on unload."""

from __future__ import annotations

from qgis.core import QgsApplication
from qgis.gui import QgisInterface
from qgis.PyQt.QtCore import QCoreApplication
from qgis.PyQt.QtGui import QIcon
from qgis.PyQt.QtWidgets import QAction

from ..processing.provider import GrueneInfraProvider
from .i18n import install_translator, translate
from .paths import ICONS
from .sample_project import open_sample

MENU = "Grüne Infrastruktur Ruhr"


class GrueneInfraPlugin:
    """Registered by ``classFactory``; ``qgis_process`` calls only :meth:`initProcessing`."""

    def __init__(self, iface: QgisInterface) -> None:
        self.iface = iface
        self.translator = install_translator()
        self.provider: GrueneInfraProvider | None = None
        self.actions: list[QAction] = []

    def initProcessing(self) -> None:
        self.provider = GrueneInfraProvider()
        QgsApplication.processingRegistry().addProvider(self.provider)

    def initGui(self) -> None:
        self.initProcessing()
        action = QAction(
            QIcon(str(ICONS / "plugin.svg")),
            translate("GrueneInfra", "Open the sample region “Musterstadt”"),
            self.iface.mainWindow(),
        )
        action.triggered.connect(self._open_sample)
        self.iface.addPluginToMenu(MENU, action)
        self.actions.append(action)

    def _open_sample(self) -> None:
        open_sample(self.iface)

    def unload(self) -> None:
        for action in self.actions:
            self.iface.removePluginMenu(MENU, action)
            action.deleteLater()
        self.actions.clear()
        if self.provider is not None:
            QgsApplication.processingRegistry().removeProvider(self.provider)
            self.provider = None
        if self.translator is not None:
            QCoreApplication.removeTranslator(self.translator)
            self.translator = None
