"""A stored finding repeated: with the recorded parameters, on the data of today, in a temporary place."""

from __future__ import annotations

import struct
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from qgis.core import Qgis, QgsProcessingException, QgsVariantUtils, QgsVectorLayer

from ...gruene_infra_plugin.catalogue import entry_ids, load_entry
from ...gruene_infra_plugin.i18n import translate
from ...gruene_infra_plugin.methods.findings.finding import (
    COLUMNS,
    INTEGER_COLUMNS,
    MEANS_BY,
    NUMBER_COLUMNS,
)
from ...gruene_infra_plugin.methods.reading.names import first_few, municipality_key, normal_name
from ...gruene_infra_plugin.monitoring.contents import code_key
from ...gruene_infra_plugin.monitoring.datasets import MANIFEST
from ...gruene_infra_plugin.monitoring.package import (
    DONE,
    FINDINGS,
    RESULTS,
    Manifest,
    Package,
    PackageError,
)
from ...gruene_infra_plugin.monitoring.plan import SUMMARY, table_of
from ...gruene_infra_plugin.paths import plugin_version
from ...gruene_infra_plugin.spatial.running import check_cancelled
from ..job import Job
from .children import Recorder, run_child
from .given import Given
from .steps import do, key_of_record

MEASURED = sorted(NUMBER_COLUMNS | INTEGER_COLUMNS, key=COLUMNS.index)
KEYS = ("kennzahl_id", "variante_id", "gebiet_art", "ags", "gebiet")
"""Columns by which a finding is known."""
Row = Mapping[str, Any]


@dataclass
class Answer:
    """What came of repeating a finding; ``repeated`` is ``None`` where that was not possible."""

    stored: Row
    repeated: Row | None
    reasons: list[str] = field(default_factory=list)

    @property
    def is_same(self) -> bool:
        """Whether all numbers of the finding are the same, bit for bit."""
        return self.repeated is not None and not differing(self.stored, self.repeated)


def differing(one: Row, other: Row) -> list[str]:
    """Return the columns of two findings whose numbers differ in any bit."""
    return [column for column in MEASURED if _bits(one[column]) != _bits(other[column])]


def _bits(value: object) -> object:
    return struct.pack("<d", value) if isinstance(value, float) else value


class Rerun:
    """The repetition of one finding of a package."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._package = Package(Path(job.text("PACKAGE")).resolve())
        self._manifest = _manifest(self._package)
        self._reasons: list[str] = []

    def answer(self) -> Answer:
        """Repeat the finding. Raises where there is none, or no record of how it was made."""
        stored = self._stored()
        name = str(stored["algorithmus"])
        self._compare_tables(name)
        self._compare_code()
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            repeated = self._mean(folder) if name == MEANS_BY else self._measured(name, folder)
            rows = [] if repeated is None else [row for row in repeated if _is_same_finding(row, stored)]
        if repeated is not None and not rows:
            self._say(translate("GrueneInfra", "The repeated step makes no such finding."))
        answer = Answer(stored, rows[0] if rows else None, self._reasons)
        self._say_numbers(answer)
        return answer

    def _pulse(self) -> None:
        check_cancelled(self._job.feedback)

    def _say(self, message: str, **values: object) -> None:
        self._reasons.append(message.format(**values))

    # -- the finding ----------------------------------------------------------------------------------

    def _stored(self) -> Row:
        """Return the finding that is meant; raise where there is none or several are meant."""
        job, rows = self._job, list(self._rows())
        wanted = job.text("INDICATOR")
        of_indicator = [row for row in rows if row["kennzahl_id"] == wanted]
        if not of_indicator:
            raise QgsProcessingException(self._why_no_indicator(wanted, rows))
        definition = job.text("DEFINITION")
        defined = [
            row
            for row in of_indicator
            if (row["variante_id"] == definition if definition else row["ist_leitwert"] == 1)
        ]
        if not defined:
            message = translate(
                "GrueneInfra", "{indicator} has no definition “{definition}” in the package, but: {names}."
            )
            names = dict.fromkeys(str(row["variante_id"]) for row in of_indicator)
            raise QgsProcessingException(
                message.format(indicator=wanted, definition=definition, names=first_few(list(names)))
            )
        area = job.text("AREA")
        found = [row for row in defined if not area or _is_area(row, area)]
        if len(found) != 1:
            raise QgsProcessingException(_which_area(wanted, area, found or defined, is_there=bool(found)))
        return found[0]

    def _rows(self) -> Iterator[Row]:
        """Yield the findings as the steps made them, and the means over those of all steps."""
        done = [name for name, record in self._manifest.steps.items() if record.status == DONE]
        for table in (*(f"{name}_befunde" for name in done), FINDINGS):
            for row in _findings(self._package.results, table):
                if (row["algorithmus"] == MEANS_BY) == (table == FINDINGS):
                    yield row

    def _why_no_indicator(self, wanted: str, rows: Sequence[Row]) -> str:
        for name, record in self._manifest.steps.items():
            entry = load_entry(name) if name in entry_ids() else None
            ids = [] if entry is None else [indicator.id for indicator in entry.indicators]
            if wanted in ids and record.status != DONE:
                message = translate(
                    "GrueneInfra",
                    "{indicator} has no finding: the step {step} was not done ({reason}). Mend that and run "
                    "run_monitoring again into the package.",
                )
                return message.format(indicator=wanted, step=name, reason=record.message)
        message = translate("GrueneInfra", "The package has no finding of “{indicator}”. It has: {names}.")
        names = sorted({str(row["kennzahl_id"]) for row in rows})
        return message.format(indicator=wanted, names=", ".join(names) or "–")

    # -- what differs ---------------------------------------------------------------------------------

    def _compare_tables(self, name: str) -> None:
        """Say which tables do not hold what the run wrote."""
        manifest = self._manifest
        steps = manifest.steps.values() if name == MEANS_BY else [manifest.steps[name]]
        tables = dict(manifest.tables)
        for record in steps:
            tables |= record.tables
        for table in self._package.changed(tables, self._pulse):
            message = translate(
                "GrueneInfra",
                "The table {table} of the package was changed after the run wrote it. Run run_monitoring "
                "again into the package: what was changed is measured anew.",
            )
            self._say(message, table=table)

    def _compare_code(self) -> None:
        then, now = self._manifest, plugin_version()
        if then.plugin != now:
            message = translate("GrueneInfra", "The plugin was version {then} and is {now}.")
            self._say(message, then=then.plugin, now=now)
        elif then.code != code_key():
            message = translate(
                "GrueneInfra", "The plugin is version {now} as then, but its code or its tables differ."
            )
            self._say(message, now=now)
        if then.qgis and then.qgis != Qgis.version():
            message = translate("GrueneInfra", "QGIS was version {then} and is {now}.")
            self._say(message, then=then.qgis, now=Qgis.version())

    # -- repeating ------------------------------------------------------------------------------------

    def _mean(self, folder: str) -> list[Row] | None:
        """Compute the means over the package's findings anew; ``None`` where that cannot be done."""
        package = Package(Path(folder))
        done = sorted(name for name, one in self._manifest.steps.items() if one.status == DONE)
        values: dict[str, Any] = {
            "SUMMARIES": [f"{self._package.results}|layername={name}_befunde" for name in done],
            "OUTPUT": f"ogr:dbname='{package.results}' table=\"{FINDINGS}\"",
            "REPORT": str(package.report),
            "AS_OF": self._manifest.as_of,
        }
        values |= {"STRATEGY": self._job.text("STRATEGY")} if self._job.text("STRATEGY") else {}
        context = self._job.context
        if not self._is_repeated(lambda feedback: run_child(MEANS_BY, values, context, feedback)):
            return None
        return list(_findings(package.results, FINDINGS))

    def _measured(self, name: str, folder: str) -> list[Row] | None:
        """Run the step anew; ``None`` where an input is missing."""
        record = self._manifest.steps[name]
        entry = load_entry(name)
        if record.key != key_of_record(
            name, self._manifest.code, record.language, record.parameters, record.inputs
        ):
            message = translate(
                "GrueneInfra",
                "What {file} records of the step {step} was changed, or a run was broken off. Run "
                "run_monitoring again into the package.",
            )
            self._say(message, file=MANIFEST, step=name)
        given = Given(self._job, self._package, record, entry, Path(folder))
        values = given.values()
        self._reasons += given.reasons
        if values is None or not self._is_repeated(
            lambda feedback: do(entry, values, given.setting, feedback)
        ):
            return None
        return list(_findings(given.setting.package.results, table_of(entry, entry.outputs[SUMMARY])))

    def _is_repeated(self, run: Callable[[Recorder], object]) -> bool:
        """Run something anew and return whether it could; what it cannot do is a reason."""
        feedback = Recorder(self._job.feedback, [self._package.folder])
        try:
            run(feedback)
        except QgsProcessingException as error:
            check_cancelled(self._job.feedback)
            self._say(
                translate("GrueneInfra", "Repeating it failed: {reason}"), reason=feedback.plain(str(error))
            )
            return False
        return True

    def _say_numbers(self, answer: Answer) -> None:
        if answer.repeated is None:
            return
        for column in differing(answer.stored, answer.repeated):
            message = translate("GrueneInfra", "{column}: {then} in the package, {now} today.")
            then, now = answer.stored[column], answer.repeated[column]
            self._say(message, column=column, then=_exact(then), now=_exact(now))
        if not answer.is_same and len(self._reasons) == len(differing(answer.stored, answer.repeated)):
            self._say(
                translate(
                    "GrueneInfra",
                    "Nothing that the package records differs. What it cannot record is a register in a "
                    "database, and the libraries of this computer.",
                )
            )


def _manifest(package: Package) -> Manifest:
    """Return what a package says of itself; raise where a folder is none, or has lost its results."""
    if not (package.folder / MANIFEST).is_file():
        message = translate(
            "GrueneInfra",
            "{path} is no result package: {file} is missing. Choose the folder that run_monitoring has "
            "written.",
        )
        raise QgsProcessingException(message.format(path=package.folder, file=MANIFEST))
    if not package.results.is_file():
        message = translate(
            "GrueneInfra", "{file} is missing in {path}. Run run_monitoring again into this folder."
        )
        raise QgsProcessingException(message.format(path=package.folder, file=RESULTS))
    try:
        return package.manifest()
    except PackageError as error:
        message = translate(
            "GrueneInfra",
            "{path} is no result package of this version ({reason}). Choose another folder.",
        )
        raise QgsProcessingException(message.format(path=package.folder, reason=error)) from error


def _findings(file: Path, table: str) -> Iterator[Row]:
    """Yield the rows of a table of findings as they are stored, none where there is no such table."""
    layer = QgsVectorLayer(f"{file}|layername={table}", table, "ogr")
    if not layer.isValid() or not set(COLUMNS) <= set(layer.fields().names()):
        return
    for feature in layer.getFeatures():
        values = {column: feature[column] for column in COLUMNS}
        yield {name: None if QgsVariantUtils.isNull(value) else value for name, value in values.items()}


def _is_same_finding(one: Row, other: Row) -> bool:
    return all(one[column] == other[column] for column in KEYS)


def _is_area(row: Row, area: str) -> bool:
    if row["ags"] is not None and municipality_key(area) == municipality_key(row["ags"]):
        return True
    return normal_name(area) == normal_name(str(row["gebiet"]))


def _which_area(indicator: str, area: str, rows: Sequence[Row], *, is_there: bool) -> str:
    names = [" ".join(str(row[one]) for one in ("gebiet", "ags") if row[one] is not None) for row in rows]
    if is_there:
        message = translate(
            "GrueneInfra",
            "{indicator} has several findings: {names}. Give AREA, by its key where names repeat.",
        )
    else:
        message = translate("GrueneInfra", "{indicator} has no finding for “{area}”, but for {names}.")
    return message.format(indicator=indicator, area=area, names=first_few(names))


def _exact(value: object) -> str:
    """Return a number with all its digits."""
    return "–" if value is None else repr(value)
