"""Register: findings for what geometry cannot measure, from facts and assignments."""

from __future__ import annotations

from ..job import Job
from ..register_base import RegisterAlgorithm, open_register
from ..summaries.register_indicators import RegisterSubjects, RegisterSummary


class RegisterIndicators(RegisterAlgorithm):
    """Facts of the register → findings, one per indicator and municipality and one for the whole."""

    ID = "register_indicators"

    def measure(self, job: Job) -> None:
        with open_register(job) as register:
            subjects = RegisterSubjects(register, job.entry.facts, job.strategy.region, job.as_of)
        summary = RegisterSummary(job, subjects)
        job.outputs.add_findings("SUMMARY", summary.rows())
        summary.remark()
