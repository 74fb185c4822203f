"""Tables of findings as they come back in: read, checked row by row, with the place of every row."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from qgis.core import NULL, QgsProcessingException, QgsProcessingFeatureSource
from qgis.PyQt.QtCore import QDate, QDateTime, Qt

from ..gruene_infra_plugin.i18n import translate
from ..gruene_infra_plugin.methods.findings import COLUMNS, Finding, FindingError, Problem, from_row
from ..gruene_infra_plugin.methods.targets import ConflictError, check_verdict
from ..gruene_infra_plugin.report.means import is_mean
from ..gruene_infra_plugin.spatial.layers import check_cancelled
from .job import Job, listed, source_of


def unreadable(value: object) -> str:
    """Return the message on a table that cannot be opened."""
    return translate("GrueneInfra", "SUMMARIES: the table {table} cannot be read.").format(table=value)


class FindingsTables:
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
                raise QgsProcessingException(unreadable(value))
            name = _name(value) or source.sourceName()
            rows = list(self._rows(name, source))
            if not rows:
                message = translate("GrueneInfra", "{table} is empty: it holds no findings.")
                raise QgsProcessingException(message.format(table=name))
            found += rows
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
