"""All findings in one table, with the regional means recomputed, and one report on them."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from pathlib import Path

from qgis.core import (
    NULL,
    Qgis,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeatureSource,
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterMultipleLayers,
    QgsProcessingParameterString,
)
from qgis.PyQt.QtCore import QDate, QDateTime, Qt

from ...gruene_infra_plugin.i18n import language, translate
from ...gruene_infra_plugin.methods.findings import COLUMNS, Finding, FindingError, Problem, from_row
from ...gruene_infra_plugin.methods.targets import ConflictError, check_verdict, latest, settle_headlines
from ...gruene_infra_plugin.paths import plugin_version
from ...gruene_infra_plugin.report.maps import MapError, MapFile
from ...gruene_infra_plugin.report.means import ALGORITHM, is_mean, mean_rows
from ...gruene_infra_plugin.report.model import Heading
from ...gruene_infra_plugin.report.texts import Texts
from ...gruene_infra_plugin.report.view import report_order
from ...gruene_infra_plugin.spatial.layers import check_cancelled
from ..base import PluginAlgorithm
from ..job import Job, listed, source_of


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

    def checkParameterValues(self, parameters: dict, context: QgsProcessingContext) -> tuple[bool, str]:
        for value in listed(parameters.get("SUMMARIES")):
            if source_of("SUMMARIES", value, context) is None:
                return False, _unreadable(value)
        return super().checkParameterValues(parameters, context)

    def measure(self, job: Job) -> None:
        tables = _Tables(job)
        measured = tables.findings()
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


def _unreadable(value: object) -> str:
    return translate("GrueneInfra", "SUMMARIES: the table {table} cannot be read.").format(table=value)


class _Tables:
    """Reads all tables of a run and remembers from which row each finding came."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.places: dict[int, str] = {}
        self.known_goals = {goal.number for goal in job.strategy.goals}

    def findings(self) -> list[Finding]:
        """Return the rows of all tables; raise at the first one that is not a finding."""
        found = []
        for value in listed(self.job.parameters.get("SUMMARIES")):
            check_cancelled(self.job.feedback)
            source = source_of("SUMMARIES", value, self.job.context)
            if source is None:
                raise QgsProcessingException(_unreadable(value))
            name = _name(value) or source.sourceName()
            rows = list(self._rows(name, source))
            if not rows:
                message = translate("GrueneInfra", "{table} is empty: it holds no findings.")
                raise QgsProcessingException(message.format(table=name))
            found += rows
        if all(is_mean(row) for row in found):
            raise QgsProcessingException(
                translate(
                    "GrueneInfra",
                    "The tables hold nothing but regional means. Give the tables of the single analyses.",
                )
            )
        return found

    def _rows(self, name: str, source: QgsProcessingFeatureSource) -> Iterator[Finding]:
        fields = source.fields().names()
        missing = [column for column in COLUMNS if column not in fields]
        if missing:
            message = translate(
                "GrueneInfra",
                "{table} is not a table of findings: the columns {columns} are missing. Of a GeoPackage with "
                "several tables, name the one that is meant: file.gpkg|layername=name.",
            )
            raise QgsProcessingException(message.format(table=name, columns=", ".join(missing)))
        for feature in source.getFeatures():
            place = translate("GrueneInfra", "{table}, row {row}").format(table=name, row=feature.id())
            values = {column: _plain(feature[column]) for column in COLUMNS}
            finding = self._checked(values, place)
            self.places[id(finding)] = place
            yield finding

    def _checked(self, values: dict[str, object], place: str) -> Finding:
        try:
            finding = from_row(values)
            if finding.hz not in self.known_goals:
                raise FindingError(Problem.UNREADABLE, "hz", finding.hz)
            if not is_mean(finding):
                check_verdict(finding)
        except FindingError as error:
            message = translate("GrueneInfra", "{place}, column {column}: {problem}")
            problem = _problem(error.problem).format(value=error.value)
            raise QgsProcessingException(
                message.format(place=place, column=error.column, problem=problem)
            ) from error
        return finding

    def conflict(self, error: ConflictError) -> str:
        """Return the message on two rows that cannot stand together."""
        if error.column in ("einheit", "basis_einheit"):
            message = translate(
                "GrueneInfra",
                "{one} and {other} hold {indicator} / {definition} in different units ({column}: {left}, "
                "{right}) and cannot be averaged. Compute both anew with the same version of the plugin.",
            )
        else:
            message = translate(
                "GrueneInfra",
                "{one} and {other} contradict each other: {indicator} / {definition} of the same area and "
                "day, but different in the column {column} ({left}, {right}). Leave one of them out.",
            )
        return message.format(
            one=self._place(error.one),
            other=self._place(error.other),
            indicator=error.one.kennzahl_id,
            definition=error.one.variante_id,
            column=error.column,
            left=getattr(error.one, error.column),
            right=getattr(error.other, error.column),
        )

    def _place(self, row: Finding) -> str:
        return self.places.get(id(row), row.gebiet)


def _name(value: object) -> str:
    """Return the file name of a table given as a path, with its layer name; else nothing."""
    text = value if isinstance(value, str) else ""
    return Path(text).name if Path(text.partition("|")[0]).is_file() else ""


def _plain(value: object) -> object:
    """Return an attribute as plain Python: NULL as ``None``, a date as ISO text."""
    if value is None or value == NULL:
        return None
    return value.toString(Qt.DateFormat.ISODate) if isinstance(value, (QDate, QDateTime)) else value


def _problem(problem: Problem) -> str:
    """Return what is wrong with a row, in the user's language."""
    return {
        Problem.MISSING: translate("GrueneInfra", "the column is missing."),
        Problem.EMPTY: translate("GrueneInfra", "no value."),
        Problem.UNREADABLE: translate("GrueneInfra", "“{value}” is not possible here."),
        Problem.NO_BASE: translate(
            "GrueneInfra", "an assessed row needs zaehler and a nenner above 0, or no mean can be computed."
        ),
        Problem.NOT_DERIVED: translate(
            "GrueneInfra", "does not follow from zaehler and nenner, which give {value}."
        ),
        Problem.CONTRADICTORY: translate(
            "GrueneInfra", "does not follow from value, target, coverage and day, which give “{value}”."
        ),
    }[problem]


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
    given = job.algorithm.parameterAsFileList(job.parameters, "MAPS", job.context)
    images = [MapFile(Path(path)) for path in given if path]
    try:
        html = render(rows, job.strategy, heading, texts, images)
    except MapError as error:
        message = translate("GrueneInfra", "MAPS: the image cannot be used ({reason}).")
        raise QgsProcessingException(message.format(reason=error)) from error
    job.outputs.add_file("REPORT", Path(destination), lambda path: path.write_text(html, encoding="utf-8"))
