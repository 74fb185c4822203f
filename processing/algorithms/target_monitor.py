"""All findings in one table, with the regional means recomputed, and one report on them."""

from __future__ import annotations

import importlib.util
from pathlib import Path

from qgis.core import (
    Qgis,
    QgsProcessingException,
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterMultipleLayers,
    QgsProcessingParameterString,
)

from ...gruene_infra_plugin.i18n import language, translate
from ...gruene_infra_plugin.methods.findings import Finding
from ...gruene_infra_plugin.methods.targets import ConflictError, latest, settle_headlines
from ...gruene_infra_plugin.paths import plugin_version
from ...gruene_infra_plugin.report.maps import MapError, MapFile
from ...gruene_infra_plugin.report.means import ALGORITHM, is_mean, mean_rows
from ...gruene_infra_plugin.report.model import Heading
from ...gruene_infra_plugin.report.texts import Texts
from ...gruene_infra_plugin.report.view import report_order
from ..base import PluginAlgorithm
from ..findings_tables import FindingsTables
from ..job import Job


class TargetMonitor(PluginAlgorithm):
    """Any number of SUMMARY tables in, one table and the HTML report out."""

    ID = ALGORITHM

    def initAlgorithm(self, config: dict | None = None) -> None:
        table, file = Qgis.ProcessingSourceType.Vector, Qgis.ProcessingSourceType.File
        self.add(QgsProcessingParameterMultipleLayers("SUMMARIES", "", table))
        for name in ("TITLE", "REGION_NAME"):
            self.add(QgsProcessingParameterString(name, "", optional=True))
        self.add(QgsProcessingParameterMultipleLayers("MAPS", "", file, optional=True))
        self.add_provenance()
        self.add(QgsProcessingParameterFeatureSink("OUTPUT", "", table))
        self.add(QgsProcessingParameterFileDestination("REPORT", "", "HTML (*.html)"))

    def canExecute(self) -> tuple[bool, str]:
        if importlib.util.find_spec("jinja2") is None:
            return False, translate(
                "GrueneInfra", "The Python package Jinja2 is missing (Debian: python3-jinja2)."
            )
        return True, ""

    def measure(self, job: Job) -> None:
        tables = FindingsTables(job)
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
            newest = latest(row for row in measured if not is_mean(row))
            rows, demoted = settle_headlines(newest)
            rows += mean_rows(rows, texts, job.as_of, plugin_version())
        except ConflictError as error:
            raise QgsProcessingException(tables.conflict(error)) from error
        rows.sort(key=report_order)
        _remark(job, rows, len(measured), demoted)
        job.outputs.add_findings("OUTPUT", rows)
        _write_report(job, self.parameterAsFileOutput(job.parameters, "REPORT", job.context), rows, texts)


def _remark(job: Job, rows: list[Finding], given: int, demoted: list[Finding]) -> None:
    for row in demoted:
        job.feedback.pushWarning(
            translate(
                "GrueneInfra",
                "{area}: {indicator} has more than one headline; the definition {definition} is shown among "
                "the other definitions.",
            ).format(area=row.gebiet, indicator=row.kennzahl_id, definition=row.variante_id)
        )
    means = sum(is_mean(row) for row in rows)
    job.feedback.pushInfo(
        translate("GrueneInfra", "{given} rows read, {kept} kept, {means} regional means computed.").format(
            given=given, kept=len(rows) - means, means=means
        )
    )
    later = sum(row.berechnet_am > job.as_of for row in rows)
    if later:
        job.feedback.pushWarning(
            translate("GrueneInfra", "{count} rows were computed for a day after {day}.").format(
                count=later, day=job.as_of.isoformat()
            )
        )


def _write_report(job: Job, destination: str, rows: list[Finding], texts: Texts) -> None:
    from ...gruene_infra_plugin.report.render import render  # needs Jinja2, see canExecute

    heading = Heading(job.as_of, plugin_version(), job.text("TITLE"), job.text("REGION_NAME"))
    images = [MapFile(path) for path in job.files("MAPS")]
    try:
        html = render(rows, job.strategy, heading, texts, images)
    except MapError as error:
        message = translate("GrueneInfra", "MAPS: the image cannot be used ({reason}).")
        raise QgsProcessingException(message.format(reason=error)) from error
    job.outputs.add_file("REPORT", Path(destination), lambda path: path.write_text(html, encoding="utf-8"))
