"""Register: keep the findings of analyses, so that years can be compared."""

from __future__ import annotations

from functools import partial

from qgis.core import (
    QgsProcessingException,
)

from ...gruene_infra_plugin.methods.findings.targets import ConflictError
from ...gruene_infra_plugin.spatial.reading.findings_tables import each_once
from ..findings_tables import FindingsTables
from ..job import Job
from ..register.base import RegisterAlgorithm, open_register, write, written


class StoreFindings(RegisterAlgorithm):
    """SUMMARY tables into the register; all rows or none are written."""

    ID = "store_findings"

    def measure(self, job: Job) -> None:
        tables = FindingsTables(job)
        try:
            findings = each_once(tables.findings())
        except ConflictError as error:
            raise QgsProcessingException(tables.conflict(error)) from error
        with open_register(job) as register:
            write(job, partial(register.store_findings, findings))
        written(job, len(findings))
