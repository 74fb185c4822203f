"""Write results so that only whole ones stay: an output is finished, or what was there before stays."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from osgeo import gdal
from qgis.core import (
    Qgis,
    QgsCoordinateReferenceSystem,
    QgsFeature,
    QgsFeatureSink,
    QgsField,
    QgsFields,
    QgsGeometry,
    QgsLayerMetadata,
    QgsProcessing,
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputLayerDefinition,
    QgsProcessingUtils,
    QgsProperty,
    QgsVariantUtils,
)
from qgis.PyQt.QtCore import QDate, QMetaType, QVariant

from ...i18n import language, translate
from ...methods.findings import finding
from ...methods.findings.finding import COLUMNS, Finding
from ...methods.reading.names import first_few
from ...report.reasons import reason_of
from ...report.texts import Texts
from ..reading.values import LONGEST
from ..running import check_cancelled
from . import formats
from .drafts import Draft, Drafts
from .provenance import located, store_metadata
from .styles import store_known_style

_NOT_WRITTEN = re.compile(r"failed: disk|I/O|No space left|seeking|Error writing", re.IGNORECASE)
"""What GDAL says where a file cannot be completed; other errors of its drivers need not be failures."""
FAST = QgsFeatureSink.Flag.FastInsert
MOST_IN_MEMORY = 100_000
"""Rows that a temporary layer in memory holds at most; each takes about 1 kB there [A]."""


@dataclass
class _Output:
    sink: Any  # QgsFeatureSink; ``None`` once it is closed
    draft: Draft
    written: str
    """What QGIS calls the draft."""
    row: QgsFeature
    """The feature that is filled anew for each row; sinks copy it."""
    texts: formats.Texts | None = None
    """What makes of texts what the format can hold."""
    rows: int = 0

    @property
    def destination(self) -> str:
        return self.draft.result(self.written)


class Outputs:
    """The outputs of one run of an algorithm, which are in their places when all of them are whole.

    Use :meth:`open` and :meth:`add`, then :meth:`finish`; :meth:`discard` removes everything that the
    run has written so far, and leaves what was in its place before.
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
        self._drafts = Drafts()
        self._outputs: dict[str, _Output] = {}
        self._files: dict[str, Draft] = {}
        self._values: dict[str, str | float | list[str]] = {}
        self._kept = False

    def open(
        self,
        name: str,
        fields: QgsFields,
        wkb_type: Qgis.WkbType = Qgis.WkbType.NoGeometry,
        crs: QgsCoordinateReferenceSystem | None = None,
        rows: int = 0,
    ) -> None:
        """Create the sink of one output parameter; raise if its destination cannot be written.

        A temporary one that will have very many ``rows`` is a file, not a layer in memory.
        """
        destination = _destination(self._parameters.get(name), self._context)
        if destination == QgsProcessing.TEMPORARY_OUTPUT and rows > MOST_IN_MEMORY:
            destination = QgsProcessingUtils.generateTempFilename(f"{name}.gpkg")
        if formats.is_for_spreadsheets(destination):
            wkb_type, crs = Qgis.WkbType.NoGeometry, None
        with self._writing(destination):
            draft = self._drafts.of(destination)
        try:
            sink, written = self._algorithm.parameterAsSink(
                self._parameters | {name: self._parameter(name, draft, destination)},
                name,
                self._context,
                fields,
                wkb_type,
                crs or QgsCoordinateReferenceSystem(),
                QgsFeatureSink.SinkFlag.RegeneratePrimaryKey,
                layerOptions=formats.layer_options(destination),
            )
        except QgsProcessingException as error:
            raise QgsProcessingException(draft.final(_without_statement(str(error), destination))) from error
        if sink is None:
            raise QgsProcessingException(self._algorithm.invalidSinkError(self._parameters, name))
        texts = formats.texts_of(destination, fields)
        self._outputs[name] = _Output(sink, draft, written, QgsFeature(fields), texts)
        self._load_in_place(written, self._outputs[name].destination)

    def _parameter(self, name: str, draft: Draft, destination: str) -> object:
        """Return the value of an output parameter with the draft as its destination."""
        given = self._parameters.get(name)
        if not destination:
            return given
        if not isinstance(given, QgsProcessingOutputLayerDefinition):
            return draft.address(destination)
        definition = QgsProcessingOutputLayerDefinition(given)
        definition.sink = QgsProperty.fromValue(draft.address(destination))
        return definition

    def _load_in_place(self, written: str, destination: str) -> None:
        """Let QGIS load the finished output, where it is to load what it has just noted as the draft."""
        loaded = self._context.layersToLoadOnCompletion()
        if written in loaded and written != destination:
            loaded[destination] = loaded.pop(written)
            self._context.setLayersToLoadOnCompletion(loaded)

    def add(self, name: str, attributes: Sequence, geometry: QgsGeometry | None = None) -> None:
        """Write one row."""
        self.add_all(name, [(list(attributes), QgsGeometry() if geometry is None else geometry)])

    def add_all(self, name: str, rows: Iterable[tuple[list, QgsGeometry]]) -> None:
        """Write rows of attributes and geometry, an empty one for none."""
        output = self._outputs[name]
        row, add = output.row, output.sink.addFeature
        convert = _untyped if output.draft.mixes_null_and_zero else output.texts
        for attributes, geometry in rows:
            row.setAttributes(attributes if convert is None else convert(attributes))
            row.setGeometry(geometry)
            if output.draft.sends_together and (said := _too_much(name, row)):
                raise QgsProcessingException(said)
            if not add(row, FAST):
                said = self._algorithm.writeFeatureError(output.sink, self._parameters, name)
                said = _without_statement(said, output.destination)
                raise QgsProcessingException(_too_much(name, row) or output.draft.final(said))
            output.rows += 1
            if output.rows % 1000 == 0:
                check_cancelled(self._feedback)

    def add_findings(self, name: str, rows: Iterable[Finding]) -> None:
        """Open ``name`` with the columns of a finding and write ``rows``; say which have none, and why."""
        self.open(name, finding_fields())
        without: dict[tuple[str, str], list[str]] = defaultdict(list)
        texts = Texts(language())
        for row in rows:
            self.add(name, [_cell(getattr(row, column)) for column in COLUMNS])
            if not row.is_assessed:
                without[row.kennzahl, reason_of(row, texts)].append(row.gebiet)
        message = translate("GrueneInfra", "Not assessable: {indicator}, {areas}: {reason}.")
        for (indicator, reason), areas in without.items():
            names = first_few(list(dict.fromkeys(areas)))
            self._feedback.pushInfo(message.format(indicator=indicator, areas=names, reason=reason))

    def add_file(self, name: str, path: Path, write: Callable[[Path], object]) -> None:
        """Let ``write`` make a file. Raises ``QgsProcessingException`` if the place cannot be written."""
        with self._writing(str(path)):
            draft = self._files[str(path)] = self._drafts.file(path)
            write(draft.file)
        self._values[name] = str(path)

    def add_value(self, name: str, value: str | float | list[str]) -> None:
        """Return a number, a text or several texts as a result of the run."""
        self._values[name] = value

    def keep(self) -> None:
        """Note that the run has done what stays: whoever cancels from here on comes too late."""
        self._kept = True

    def finish(
        self,
        styles: Mapping[str, str] = MappingProxyType({}),
        metadata: Mapping[str, QgsLayerMetadata] = MappingProxyType({}),
    ) -> dict[str, str | float | list[str]]:
        """Put all outputs in their places and return the algorithm's results.

        ``styles`` are the names of the styles that outputs get inside a GeoPackage, ``metadata`` what is
        told of them there and in temporary layers.
        """
        self.close()
        if not self._kept:
            check_cancelled(self._feedback)
        for name, output in self._outputs.items():
            self._store(output, styles.get(name), metadata.get(name))
        places = {output.destination: output.draft for output in self._outputs.values()} | self._files
        for destination, draft in places.items():
            with self._writing(destination):
                draft.publish()
        return {name: output.destination for name, output in self._outputs.items()} | self._values

    def close(self) -> None:
        """Close all sinks and check that every row arrived; nothing can be added from here on."""
        for name, output in self._outputs.items():
            if output.sink is not None:
                gdal.ErrorReset()
                stored = output.sink.flushBuffer()
                output.sink = None
                if not output.draft.is_whole() or _NOT_WRITTEN.search(gdal.GetLastErrorMsg()):
                    message = translate(
                        "GrueneInfra", "{path} could not be written to its end. Is the disk full?"
                    )
                    raise QgsProcessingException(message.format(path=output.destination))
                self._check_complete(name, output, stored)
                if output.texts is not None:
                    output.texts.report(output.destination, self._feedback)

    def _check_complete(self, name: str, output: _Output, stored: bool) -> None:
        found = output.rows if stored else 0
        with formats.first_row_names_columns():
            layer = output.draft.layer(output.written)
            if stored and layer is not None:
                found = output.draft.count(layer) if layer.isValid() else 0
        if found not in (-1, output.rows):
            raise QgsProcessingException(
                translate("GrueneInfra", "{path}: only {found} of {written} rows were stored.").format(
                    path=output.destination, found=found, written=output.rows
                )
            )

    def _store(self, output: _Output, style: str | None, metadata: QgsLayerMetadata | None) -> None:
        """Store style and metadata beside an output, or in it where it is a temporary layer."""
        kept = self._context.temporaryLayerStore().mapLayer(output.written)
        if kept is not None and metadata is not None:
            kept.setMetadata(located(metadata, kept))
        layer = output.draft.layer(output.written)
        if layer is not None and style is not None:
            store_known_style(layer, style)
        if layer is not None and metadata is not None:
            store_metadata(layer, metadata)

    @contextmanager
    def _writing(self, path: str) -> Iterator[None]:
        """Say what cannot be written, and why."""
        try:
            yield
        except OSError as error:
            message = translate("GrueneInfra", "{path} cannot be written: {reason}.")
            message = message.format(path=path, reason=error.strerror)
            if self._kept:
                stays = translate("GrueneInfra", "What the run has written to the register stays.")
                message = f"{message} {stays}"
            raise QgsProcessingException(message) from error

    def discard(self) -> None:
        """Remove what the run has written."""
        for output in self._outputs.values():
            output.sink = None
            self._context.temporaryLayerStore().removeMapLayer(output.written)
        self._drafts.discard()


def _without_statement(message: str, destination: str) -> str:
    """Return a message of GDAL without the SQL statement that it hands on, which tells nobody anything."""
    if "sqlite3_exec(" not in message:
        return message
    plain = translate("GrueneInfra", "{path} cannot be written: {reason}.")
    return plain.format(path=destination, reason=plain_reason(message))


def plain_reason(message: str) -> str:
    """Return why something failed of a message of GDAL, in which statements and causes come before.

    >>> plain_reason("sqlite3_exec(CREATE TABLE a) failed: disk I/O error)")
    'disk I/O error'
    """
    return message.rpartition(": ")[2].strip(" ).\n")


def _destination(value: object, context: QgsProcessingContext) -> str:
    """Return where an output parameter points, empty where QGIS chooses."""
    if isinstance(value, QgsProcessingOutputLayerDefinition):
        value = value.sink
    if isinstance(value, QgsProperty):
        value, _ = value.valueAsString(context.expressionContext())
    return value if isinstance(value, str) else ""


def _too_much(name: str, row: QgsFeature) -> str:
    """Return which field of a row cannot hold its value, empty if each can: QGIS names neither.

    An input may hold more than its fields declare, as the texts of a GeoPackage and a CSV may.
    """
    for field, value in zip(row.fields(), row.attributes(), strict=True):
        try:
            field.convertCompatible(value)
        except ValueError as error:
            message = translate(
                "GrueneInfra",
                "{output}: the field “{field}” cannot hold “{value}” ({reason}). Widen the field in the "
                "input or remove it.",
            )
            reason = str(error).partition(": ")[2]
            return message.format(output=name, field=field.name(), value=str(value)[:LONGEST], reason=reason)
    return ""


def _untyped(attributes: Sequence) -> list:
    """Return attributes whose NULLs have no type.

    QGIS asks once for many rows whether a column holds the same value in all of them; to it, the NULL of a
    number equals 0 and the NULL of a text is the empty one.
    """
    untyped = QVariant()  # noqa: QGS410 - NULL would have the type of a number
    return [untyped if QgsVariantUtils.isNull(value) else value for value in attributes]


FIELD_TYPES: Mapping[str, QMetaType.Type] = MappingProxyType(
    {
        "text": QMetaType.Type.QString,
        "integer": QMetaType.Type.Int,
        "real": QMetaType.Type.Double,
        "date": QMetaType.Type.QDate,
    }
)
"""What fields hold, by the word of entries for it."""


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
    if column in finding.INTEGER_COLUMNS:
        return QMetaType.Type.Int
    if column in finding.NUMBER_COLUMNS:
        return QMetaType.Type.Double
    if column in finding.DATE_COLUMNS:
        return QMetaType.Type.QDate
    return QMetaType.Type.QString


def _cell(value: object) -> object:
    if isinstance(value, dt.date):
        return QDate(value.year, value.month, value.day)
    return str(value) if isinstance(value, str) else value
