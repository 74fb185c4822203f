"""Register: keep the findings of analyses, so that years can be compared."""

from __future__ import annotations

from functools import partial

from qgis.core import (
    Qgis,
    QgsProcessingException,
    QgsProcessingOutputNumber,
    QgsProcessingParameterFile,
    QgsProcessingParameterMultipleLayers,
)

from ...gruene_infra_plugin.i18n import translate
from ...gruene_infra_plugin.methods.targets import ConflictError
from ...gruene_infra_plugin.spatial.findings_tables import each_once
from ..findings_tables import FindingsTables
from ..job import Job
from ..register_base import RegisterAlgorithm, open_register, write, written


class StoreFindings(RegisterAlgorithm):
    """SUMMARY tables into the register; all rows or none are written."""

    ID = "store_findings"

    def initAlgorithm(self, config: dict | None = None) -> None:
        self.add_register()
        self.add(QgsProcessingParameterMultipleLayers("SUMMARIES", "", Qgis.ProcessingSourceType.Vector))
        self.add(QgsProcessingParameterFile("STRATEGY", "", extension="yaml", optional=True), advanced=True)
        self.addOutput(QgsProcessingOutputNumber("COUNT", translate("GrueneInfra", "Number of findings")))

    def measure(self, job: Job) -> None:
        tables = FindingsTables(job)
        try:
            findings = each_once(tables.findings())
        except ConflictError as error:
            raise QgsProcessingException(tables.conflict(error)) from error
        with open_register(job) as register:
            write(job, partial(register.store_findings, findings))
        written(job, len(findings))
