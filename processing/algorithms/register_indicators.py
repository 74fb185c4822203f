"""Register: findings for what geometry cannot measure, from facts and assignments."""

from __future__ import annotations

from qgis.core import Qgis, QgsProcessingParameterFeatureSink, QgsProcessingParameterNumber

from ..job import Job
from ..register_base import RegisterAlgorithm, open_register
from ..summaries.register_indicators import RegisterSubjects, RegisterSummary


class RegisterIndicators(RegisterAlgorithm):
    """Facts of the register → findings, one per indicator and municipality and one for the whole."""

    ID = "register_indicators"

    def initAlgorithm(self, config: dict | None = None) -> None:
        kind = Qgis.ProcessingNumberParameterType
        self.add_register()
        self.add(
            QgsProcessingParameterNumber("BACKLOG_FROM", "", kind.Double, 4.0, False, 1.0, 5.0), advanced=True
        )
        self.add(
            QgsProcessingParameterNumber("OPENING_YEARS", "", kind.Integer, 5, False, 1, 100), advanced=True
        )
        self.add_provenance()
        self.add(QgsProcessingParameterFeatureSink("SUMMARY", "", Qgis.ProcessingSourceType.Vector))

    def measure(self, job: Job) -> None:
        with open_register(job) as register:
            subjects = RegisterSubjects(register, job.entry.facts, job.strategy.region, job.as_of)
        summary = RegisterSummary(job, subjects)
        job.outputs.add_findings("SUMMARY", summary.rows())
        summary.remark()
