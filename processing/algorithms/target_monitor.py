"""All findings in one table, with the regional means recomputed, and one report on them."""

from __future__ import annotations

from collections.abc import Sequence

from qgis.core import QgsProcessingException

from ...gruene_infra_plugin.i18n import language, translate
from ...gruene_infra_plugin.methods.findings.finding import MEANS_BY, Finding, is_mean
from ...gruene_infra_plugin.methods.findings.targets import (
    ConflictError,
    gone_blank,
    latest,
    settle_headlines,
)
from ...gruene_infra_plugin.paths import plugin_version
from ...gruene_infra_plugin.report.means import mean_rows
from ...gruene_infra_plugin.report.texts import Texts
from ...gruene_infra_plugin.report.view import report_order
from ..base import PluginAlgorithm
from ..findings_tables import FindingsTables
from ..job import Job
from ..regional import can_report, lines_of, region_of, remark_missing, remark_rows, write_report
from ..trends import trends_of, with_history

SUMMARIES = "SUMMARIES"


class TargetMonitor(PluginAlgorithm):
    """Any number of SUMMARY tables in, one table and the HTML report out."""

    ID = MEANS_BY

    def canExecute(self) -> tuple[bool, str]:
        return can_report()

    def measure(self, job: Job) -> None:
        tables = FindingsTables(job, SUMMARIES)
        measured = tables.findings()
        if all(is_mean(row) for row in measured):
            raise QgsProcessingException(
                translate(
                    "GrueneInfra",
                    "The tables hold nothing but regional means. Give the tables of the single analyses.",
                )
            )
        texts = Texts(language())
        try:
            single = [row for row in measured if not is_mean(row)]
            newest = latest(single)
            rows, demoted = settle_headlines(newest)
            region, _ = region_of(job, rows, SUMMARIES)
            rows += mean_rows(rows, texts, job.as_of, plugin_version(), region)
            trends = trends_of(with_history(rows, measured, job.as_of), job.as_of)
        except ConflictError as error:
            raise QgsProcessingException(tables.conflict(error)) from error
        _remark_blank(job, single)
        rows.sort(key=report_order)
        remark_rows(job, rows, len(measured), demoted)
        remark_missing(job, rows, region)
        job.outputs.add_findings("OUTPUT", rows)
        sources = lines_of(job.text("SOURCES"))
        write_report(job, rows, texts, region, sources=sources, is_of_layers=True, trends=trends)


def _remark_blank(job: Job, rows: Sequence[Finding]) -> None:
    """Name what has no value on its newest day, which counts, but had one before."""
    message = translate(
        "GrueneInfra",
        "{area}: {indicator} / {definition} is not assessable on {day}, which counts as the newest; measured "
        "last on {before}.",
    )
    for measured, blank in gone_blank(rows):
        job.feedback.pushWarning(
            message.format(
                area=blank.gebiet,
                indicator=blank.kennzahl_id,
                definition=blank.variante_id,
                day=blank.berechnet_am.isoformat(),
                before=measured.berechnet_am.isoformat(),
            )
        )
