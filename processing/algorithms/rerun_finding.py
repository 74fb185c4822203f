"""Strategy: one finding of a result package repeated, and what differs named."""

from __future__ import annotations

from pathlib import Path

from qgis.core import QgsProcessingException

from ...gruene_infra_plugin.i18n import translate
from ..base import PluginAlgorithm
from ..job import Job
from ..monitoring.rerun import Rerun
from ..register.base import names_register


class RerunFinding(PluginAlgorithm):
    """Repeat the step that made a finding, in a temporary place, and compare the numbers bit for bit."""

    ID = "rerun_finding"

    def check(self, job: Job) -> None:
        names_register(job)
        super().check(job)
        place = job.text("INPUT")
        if place and not Path(place).exists():
            message = translate("GrueneInfra", "INPUT: there is no folder or file {path}.")
            raise QgsProcessingException(message.format(path=place))

    def measure(self, job: Job) -> None:
        answer = Rerun(job).answer()
        for reason in answer.reasons:
            job.feedback.pushWarning(reason)
        if answer.is_same:
            message = translate("GrueneInfra", "{indicator}, {area}: the same numbers, bit for bit.")
            stored = answer.stored
            job.feedback.pushInfo(message.format(indicator=stored["kennzahl"], area=stored["gebiet"]))
        outputs = job.outputs
        outputs.add_value("SAME", int(answer.is_same))
        outputs.add_value("REASON", "\n".join(answer.reasons))
        rows = {"STORED": answer.stored, "VALUE": answer.repeated}
        for name, row in rows.items():
            if row is not None and row["wert"] is not None:
                outputs.add_value(name, row["wert"])
