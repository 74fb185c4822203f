"""The plugin as QGIS sees it: a Processing provider, the panel, menu entries; undone completely on unload."""

from __future__ import annotations

from qgis.core import QgsApplication, QgsProject
from qgis.gui import QgisInterface
from qgis.PyQt.QtCore import QCoreApplication, Qt
from qgis.PyQt.QtGui import QIcon
from qgis.PyQt.QtWidgets import QAction

from ..processing.provider import GrueneInfraProvider, register
from .dock.controller import PanelController
from .dock.panel import Panel
from .i18n import install_translator, translate
from .paths import ICONS
from .sample_project import open_sample
from .strategy import load_strategy

MENU = "Grüne Infrastruktur Ruhr"


class GrueneInfraPlugin:
    """Registered by ``classFactory``; ``qgis_process`` calls only :meth:`initProcessing`."""

    def __init__(self, iface: QgisInterface) -> None:
        self.iface = iface
        self.translator = install_translator()
        self.provider: GrueneInfraProvider | None = None
        self.actions: list[QAction] = []
        self.panel: Panel | None = None
        self.controller: PanelController | None = None

    def initProcessing(self) -> None:
        self.provider = GrueneInfraProvider()
        register(self.provider)

    def initGui(self) -> None:
        self.initProcessing()
        self._add_panel()
        open_the_sample = QAction(
            translate("GrueneInfra", "Open the sample region “Musterstadt”"), self.iface.mainWindow()
        )
        open_the_sample.triggered.connect(self._open_sample)
        self._add_action(open_the_sample)

    def _add_panel(self) -> None:
        self.panel = Panel(self.iface.mainWindow())
        self.controller = PanelController(
            self.panel, self.iface.mapCanvas(), QgsProject.instance(), load_strategy()
        )
        self.iface.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, self.panel)
        toggle = self.panel.toggleViewAction()
        toggle.setIcon(QIcon(str(ICONS / "plugin.svg")))
        self.iface.addToolBarIcon(toggle)
        self._add_action(toggle)

    def _add_action(self, action: QAction) -> None:
        self.iface.addPluginToMenu(MENU, action)
        self.actions.append(action)

    def _open_sample(self) -> None:
        open_sample(self.iface)

    def unload(self) -> None:
        for action in self.actions:
            self.iface.removePluginMenu(MENU, action)
        self._remove_panel()
        for action in self.actions:
            action.deleteLater()
        self.actions.clear()
        if self.provider is not None:
            QgsApplication.processingRegistry().removeProvider(self.provider)
            self.provider = None
        if self.translator is not None:
            QCoreApplication.removeTranslator(self.translator)
            self.translator = None

    def _remove_panel(self) -> None:
        if self.panel is not None and self.controller is not None:
            self.controller.close()
            self.iface.removeToolBarIcon(self.panel.toggleViewAction())
            self.iface.removeDockWidget(self.panel)
            self.panel.deleteLater()
        self.panel = self.controller = None
