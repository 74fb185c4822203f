"""Write results so that only whole ones stay: an output is finished or it is not there."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qgis.core import (
    Qgis,
    QgsCoordinateReferenceSystem,
    QgsFeature,
    QgsFeatureSink,
    QgsField,
    QgsFields,
    QgsGeometry,
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QDate, QMetaType

from ..i18n import translate
from ..methods import findings
from ..methods.findings import COLUMNS, Finding
from .layers import check_cancelled
from .places import place_of, plain

FAST = QgsFeatureSink.Flag.FastInsert


@dataclass
class _Output:
    sink: Any  # QgsFeatureSink; ``None`` once it is closed
    destination: str
    row: QgsFeature
    """The feature that is filled anew for each row; sinks copy it."""
    written: int = 0


class Outputs:
    """The sinks of one run of an algorithm.

    Use :meth:`open` and :meth:`add`, then :meth:`finish`; :meth:`discard` removes everything that the
    run has written so far, also the table inside a GeoPackage that holds others.
    """

    def __init__(
        self,
        algorithm: QgsProcessingAlgorithm,
        parameters: dict,
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> None:
        self._algorithm = algorithm
        self._parameters = parameters
        self._context = context
        self._feedback = feedback
        self._outputs: dict[str, _Output] = {}
        self._files: dict[str, str] = {}
        self._values: dict[str, str | float | list[str]] = {}
        self._kept = False

    def open(
        self,
        name: str,
        fields: QgsFields,
        wkb_type: Qgis.WkbType = Qgis.WkbType.NoGeometry,
        crs: QgsCoordinateReferenceSystem | None = None,
    ) -> None:
        """Create the sink of one output parameter; raise if its destination cannot be written."""
        place = place_of(plain(self._parameters.get(name)))
        is_new = place is not None and not place.may_exist()
        try:
            sink, destination = self._algorithm.parameterAsSink(
                self._parameters,
                name,
                self._context,
                fields,
                wkb_type,
                crs or QgsCoordinateReferenceSystem(),
                QgsFeatureSink.SinkFlag.RegeneratePrimaryKey,
            )
        except QgsProcessingException:
            if place is not None and is_new:
                place.remove()
            raise
        if sink is None:
            raise QgsProcessingException(self._algorithm.invalidSinkError(self._parameters, name))
        self._outputs[name] = _Output(sink, destination, QgsFeature(fields))

    def add(self, name: str, attributes: Sequence, geometry: QgsGeometry | None = None) -> None:
        """Write one row."""
        self.add_all(name, [(list(attributes), QgsGeometry() if geometry is None else geometry)])

    def add_all(self, name: str, rows: Iterable[tuple[list, QgsGeometry]]) -> None:
        """Write rows of attributes and geometry, an empty one for none."""
        output = self._outputs[name]
        row, add = output.row, output.sink.addFeature
        for attributes, geometry in rows:
            row.setAttributes(attributes)
            row.setGeometry(geometry)
            if not add(row, FAST):
                message = self._algorithm.writeFeatureError(output.sink, self._parameters, name)
                raise QgsProcessingException(message)
            output.written += 1
            if output.written % 1000 == 0:
                check_cancelled(self._feedback)

    def add_findings(self, name: str, rows: Iterable[Finding]) -> None:
        """Open ``name`` with the columns of a finding and write ``rows``."""
        self.open(name, finding_fields())
        for row in rows:
            self.add(name, [_cell(getattr(row, column)) for column in COLUMNS])

    def add_file(self, name: str, path: Path, write: Callable[[Path], object]) -> None:
        """Let ``write`` make a file and put it in its place only when it is whole.

        Raises ``QgsProcessingException`` if the place cannot be written.
        """
        try:
            with tempfile.TemporaryDirectory(prefix=".gruene_infra_", dir=path.parent) as folder:
                draft = Path(folder) / path.name
                write(draft)
                check_cancelled(self._feedback)
                draft.replace(path)
        except OSError as error:
            message = translate("GrueneInfra", "{path} cannot be written: {reason}.")
            raise QgsProcessingException(message.format(path=path, reason=error.strerror)) from error
        self._files[name] = str(path)

    def add_value(self, name: str, value: str | float | list[str]) -> None:
        """Return a number, a text or several texts as a result of the run."""
        self._values[name] = value

    def keep(self) -> None:
        """Note that the run has done what stays: whoever cancels from here on comes too late."""
        self._kept = True

    def finish(self) -> dict[str, str | float | list[str]]:
        """Close all sinks, check that every row arrived, and return the algorithm's results."""
        if not self._kept:
            check_cancelled(self._feedback)
        self.close()
        written = {name: output.destination for name, output in self._outputs.items()}
        return written | self._files | self._values

    def close(self) -> None:
        """Close all sinks and check that every row arrived; nothing can be added from here on."""
        for name, output in self._outputs.items():
            if output.sink is not None:
                stored = output.sink.flushBuffer()
                output.sink = None
                self._check_complete(name, output, stored)

    def _check_complete(self, name: str, output: _Output, stored: bool) -> None:
        found = output.written if stored else 0
        place = place_of(output.destination)
        if stored and place is not None and not self._is_memory(output):
            layer = QgsVectorLayer(output.destination, name, "ogr")
            found = layer.featureCount() if layer.isValid() else 0
        if found not in (-1, output.written):
            raise QgsProcessingException(
                translate("GrueneInfra", "{path}: only {found} of {written} rows were stored.").format(
                    path=output.destination, found=found, written=output.written
                )
            )

    def _is_memory(self, output: _Output) -> bool:
        return self._context.temporaryLayerStore().mapLayer(output.destination) is not None

    def discard(self) -> None:
        """Remove what the run has written."""
        for output in self._outputs.values():
            output.sink = None
        for output in self._outputs.values():
            if self._is_memory(output):
                self._context.temporaryLayerStore().removeMapLayer(output.destination)
            elif place := place_of(output.destination):
                place.remove()
        for path in self._files.values():
            Path(path).unlink(missing_ok=True)


def fields_of(columns: Mapping[str, QMetaType.Type]) -> QgsFields:
    """Return columns as fields, in their order."""
    fields = QgsFields()
    for name, kind in columns.items():
        fields.append(QgsField(name, kind))
    return fields


def finding_fields() -> QgsFields:
    """Return the fields of a SUMMARY table, one per column of a finding, in their order."""
    return fields_of({column: _field_type(column) for column in COLUMNS})


def _field_type(column: str) -> QMetaType.Type:
    if column in findings.INTEGER_COLUMNS:
        return QMetaType.Type.Int
    if column in findings.NUMBER_COLUMNS:
        return QMetaType.Type.Double
    if column in findings.DATE_COLUMNS:
        return QMetaType.Type.QDate
    return QMetaType.Type.QString


def _cell(value: object) -> object:
    if isinstance(value, dt.date):
        return QDate(value.year, value.month, value.day)
    return str(value) if isinstance(value, str) else value
