"""The Processing provider: the explicit list of algorithms."""

from __future__ import annotations

from qgis.core import QgsProcessingProvider
from qgis.PyQt.QtGui import QIcon

from ..gruene_infra_plugin.paths import ICONS, plugin_version
from .algorithms.add_fact import AddFact
from .algorithms.apply_reconciliation import ApplyReconciliation
from .algorithms.archive_history import ArchiveHistory
from .algorithms.assign_parcels import AssignParcels
from .algorithms.check_register import CheckRegister
from .algorithms.create_register import CreateRegister
from .algorithms.draw_map import DrawMap
from .algorithms.export_register import ExportRegister
from .algorithms.hz02_roof_greening import RoofGreening
from .algorithms.hz13_corridor_gaps import CorridorGaps
from .algorithms.hz19_floodplain_buildings import FloodplainBuildings
from .algorithms.import_assignments import ImportAssignments
from .algorithms.import_lod2 import ImportLod2
from .algorithms.open_register import OpenRegister
from .algorithms.parcel_potential import ParcelPotential
from .algorithms.reconcile_register import ReconcileRegister
from .algorithms.register_at import RegisterAt
from .algorithms.register_indicators import RegisterIndicators
from .algorithms.set_space_type import SetSpaceType
from .algorithms.space_types import SpaceTypes
from .algorithms.store_findings import StoreFindings
from .algorithms.target_monitor import TargetMonitor
from .algorithms.unassign_parcels import UnassignParcels
from .algorithms.undo_register import UndoRegister

ALGORITHMS = (
    ImportLod2,
    RoofGreening,
    CorridorGaps,
    FloodplainBuildings,
    SpaceTypes,
    CreateRegister,
    OpenRegister,
    AssignParcels,
    UnassignParcels,
    SetSpaceType,
    ImportAssignments,
    ExportRegister,
    ReconcileRegister,
    ApplyReconciliation,
    AddFact,
    RegisterIndicators,
    ParcelPotential,
    StoreFindings,
    CheckRegister,
    RegisterAt,
    UndoRegister,
    ArchiveHistory,
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
