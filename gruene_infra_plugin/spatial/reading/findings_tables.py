"""Engine ``findings_tables``: tables of findings as they come back in, checked row by row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Protocol

from qgis.core import NULL, QgsFeatureIterator, QgsFeatureRequest, QgsFields, QgsProcessingException
from qgis.PyQt.QtCore import QDate, QDateTime, Qt

from ...i18n import translate
from ...methods.findings.finding import (
    COLUMNS,
    Finding,
    FindingError,
    Problem,
    as_written,
    from_row,
    is_mean,
    spelled_alike,
)
from ...methods.findings.targets import ConflictError, check_verdict, latest
from ...methods.reading.names import storable
from .lists import ListTable
from .plain_text import unmarked


class Source(Protocol):
    """A layer as anything that delivers its features."""

    def fields(self) -> QgsFields: ...

    def getFeatures(self, request: QgsFeatureRequest) -> QgsFeatureIterator: ...


def missing_columns(names: Collection[str]) -> list[str]:
    """Return the columns that a layer lacks to be a table of findings."""
    return [column for column in COLUMNS if column not in names]


def _require_columns(name: str, names: Collection[str]) -> None:
    missing = missing_columns(names)
    if missing:
        message = translate(
            "GrueneInfra",
            "{table} is not a table of findings: the columns {columns} are missing. Of a GeoPackage with "
            "several tables, name the one that is meant: file.gpkg|layername=name.",
        )
        raise QgsProcessingException(message.format(table=name, columns=", ".join(missing)))


def each_once(rows: Iterable[Finding]) -> list[Finding]:
    """Return each finding of each day once; raise ``ConflictError`` where two contradict each other."""
    of_day: dict[object, list[Finding]] = defaultdict(list)
    for row in rows:
        of_day[row.berechnet_am].append(row)
    return [row for day in of_day.values() for row in latest(day)]


class FindingsReader:
    """Reads tables and remembers from which row each finding came."""

    def __init__(self, known_goals: Collection[int]) -> None:
        self.places: dict[int, str] = {}
        self.known_goals = known_goals

    def read(self, name: str, source: Source, *, marked: bool = False) -> list[Finding]:
        """Return the rows of one table; raise ``QgsProcessingException`` where one is not a finding.

        ``marked`` says that it is stored in a file that marks texts, see ``plain_text``.
        """
        _require_columns(name, source.fields().names())
        rows = (
            (feature.id(), {column: _plain(feature[column], marked) for column in COLUMNS})
            for feature in source.getFeatures(QgsFeatureRequest())
        )
        return self._read(name, rows)

    def read_rows(
        self, name: str, columns: Sequence[str], cells: Iterable[Sequence[object]]
    ) -> list[Finding]:
        """Return the rows of a table that is read as plain values; raise as :meth:`read` does."""
        _require_columns(name, columns)
        rows = (dict(zip(columns, row, strict=True)) for row in cells)
        known = ({column: row[column] for column in COLUMNS} for row in rows)
        return self._read(name, enumerate(known, 1))

    def moved(self, old: Finding, new: Finding) -> Finding:
        """Return ``new``, which stands for ``old`` from here on and comes from the same row."""
        self.places[id(new)] = self.place_of(old)
        return new

    def read_list(self, table: ListTable) -> list[Finding]:
        """Return the rows of a text file or a spreadsheet; raise as :meth:`read` does."""
        _require_columns(table.name, table.columns)
        places = {name: place for place, name in enumerate(table.columns)}
        rows = (
            (number, {name: cells[places[name]] if places[name] < len(cells) else "" for name in COLUMNS})
            for number, cells in table.rows
            if any(cells)
        )
        return self._read(table.name, rows)

    def _read(self, name: str, rows: Iterable[tuple[int, Mapping[str, object]]]) -> list[Finding]:
        found = []
        for number, values in rows:
            place = translate("GrueneInfra", "{table}, row {row}").format(table=name, row=number)
            finding = self._checked(as_written(values), place)
            self.places[id(finding)] = place
            found.append(finding)
        return found

    def spelled_alike(self, rows: Sequence[Finding]) -> list[Finding]:
        """Return the rows of all tables with one spelling for each area."""
        alike = spelled_alike(rows)
        self.places |= {id(new): self.place_of(old) for old, new in zip(rows, alike, strict=True)}
        return alike

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
                "day, but different in the column {column} ({left}, {right}). Two runs had the same AS_OF: "
                "leave one of them out, or give it the day that it is about.",
            )
        return message.format(
            one=self.place_of(error.one),
            other=self.place_of(error.other),
            indicator=error.one.kennzahl_id,
            definition=error.one.variante_id,
            column=error.column,
            left=getattr(error.one, error.column),
            right=getattr(error.other, error.column),
        )

    def place_of(self, row: Finding) -> str:
        """Return table and number of the row that a finding came from; its area where nobody knows."""
        return self.places.get(id(row), row.gebiet)


def _plain(value: object, marked: bool) -> object:
    """Return an attribute as plain Python: NULL as ``None``, a day as ISO text, texts that can be stored."""
    if value is None or value == NULL:
        return None
    if isinstance(value, str):
        return storable(unmarked(value) if marked else value)
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
