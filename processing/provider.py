"""The Processing provider: the explicit list of algorithms."""

from __future__ import annotations

from qgis.core import QgsProcessingProvider
from qgis.PyQt.QtGui import QIcon

from ..gruene_infra_plugin.paths import ICONS, plugin_version
from .algorithms.assign_parcels import AssignParcels
from .algorithms.create_register import CreateRegister
from .algorithms.draw_map import DrawMap
from .algorithms.hz02_roof_greening import RoofGreening
from .algorithms.hz13_corridor_gaps import CorridorGaps
from .algorithms.hz19_floodplain_buildings import FloodplainBuildings
from .algorithms.import_lod2 import ImportLod2
from .algorithms.space_types import SpaceTypes
from .algorithms.target_monitor import TargetMonitor

ALGORITHMS = (
    ImportLod2,
    RoofGreening,
    CorridorGaps,
    FloodplainBuildings,
    SpaceTypes,
    CreateRegister,
    AssignParcels,
    TargetMonitor,
    DrawMap,
)


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

    def loadAlgorithms(self) -> None:
        for algorithm in ALGORITHMS:
            self.addAlgorithm(algorithm())
