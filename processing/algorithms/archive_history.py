"""Register: move the older part of the history into a file beside the register."""

from __future__ import annotations

from qgis.core import (
    QgsProcessingException,
)
from qgis.PyQt.QtCore import QDate

from ...gruene_infra_plugin.i18n import translate
from ...gruene_infra_plugin.spatial.running import check_cancelled
from ..job import Job
from ..register.base import RegisterAlgorithm, open_register


class ArchiveHistory(RegisterAlgorithm):
    """What is older than a day moves as a whole or not at all; register_at goes on reading it."""

    ID = "archive_history"

    def check(self, job: Job) -> None:
        super().check(job)
        if job.parameters["BEFORE"] > QDate.currentDate():
            message = translate(
                "GrueneInfra",
                "BEFORE must be today or a day that is over, not {day}. Nothing was moved.",
            )
            raise QgsProcessingException(message.format(day=job.day("BEFORE").isoformat()))

    def measure(self, job: Job) -> None:
        day = job.day("BEFORE")
        with open_register(job) as register:
            check_cancelled(job.feedback)
            archive = register.archive_history(day)
            job.outputs.keep()
        if archive is None:
            message = translate(
                "GrueneInfra", "The history has nothing from before {day}; nothing was moved."
            )
            job.feedback.pushWarning(message.format(day=day.isoformat()))
        else:
            message = translate(
                "GrueneInfra",
                "{count} entries from before {day} are in {name} now. Keep it with the register: what it was"
                " before that day is looked up there. What was moved cannot be undone any more.",
            )
            told = message.format(count=archive.entries, day=day.isoformat(), name=archive.name)
            job.feedback.pushWarning(told)
        job.outputs.add_value("COUNT", archive.entries if archive else 0)
        job.outputs.add_value("ARCHIVE", archive.name if archive else "")
