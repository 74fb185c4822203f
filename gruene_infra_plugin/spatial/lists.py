"""Engine ``lists``: rows of text with their numbers from CSV files, spreadsheets and tables.

Offices' lists start with titles, come in any encoding, and let a spreadsheet turn keys into numbers. So
everything is read as the text that is stored, and the row with the column names is looked for.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from osgeo import gdal
from qgis.core import NULL, Qgis, QgsProcessingException, QgsProviderRegistry, QgsVectorLayer
from qgis.PyQt.QtCore import QDate, QDateTime, Qt

from ..i18n import translate
from ..methods.names import plain_name, storable, tidied
from .layers import Input
from .places import Place, place_of

TEXT_FILES = frozenset({".csv", ".txt", ".tsv"})
SHEETS = {".xlsx": "OGR_XLSX", ".xlsm": "OGR_XLSX", ".ods": "OGR_ODS"}
"""Spreadsheets by ending, with what GDAL's options for them begin with."""
SEPARATORS = (";", "\t", ",")
HEADER_ROWS = 20
"""Rows with something in them among which the column names are looked for [A]."""
_CELL = (
    r'(?:(?P<quoted>"[^"]*(?:""[^"]*)*)(?P<close>"?))?(?P<rest>[^{separator}\r\n]*)(?:[{separator}\r\n]|\Z)'
)
_FORMULA = ("=", "+", "-", "@")
_SEPARATED_DATE = re.compile(r"(\d{4})/(\d{2})/(\d{2})( \d{2}:\d{2}.*)?")

Cells = tuple[int, list[str]]
"""The number of a row in its file, from 1, and its cells as trimmed text."""


@dataclass(frozen=True)
class ListTable:
    """A list with its column names; ``rows`` holds every row behind them, empty ones too."""

    name: str
    columns: Sequence[str]
    rows: Sequence[Cells]

    def column(self, chosen: str, usual: Iterable[str]) -> int | None:
        """Return the place of the chosen column, else of the first usual one there is, else ``None``.

        Raises ``QgsProcessingException`` if the chosen one is not there, or there are two of that name.
        """
        names = [plain_name(name) for name in self.columns]
        for wanted in [chosen] if chosen else usual:
            found = [place for place, name in enumerate(names) if name == plain_name(wanted)]
            if len(found) > 1:
                message = translate("GrueneInfra", "{layer}: {count} columns are named “{field}”.")
                raise QgsProcessingException(
                    message.format(layer=self.name, count=len(found), field=self.columns[found[0]])
                )
            if found:
                return found[0]
        if not chosen:
            return None
        message = translate("GrueneInfra", "{layer} has no field “{field}”. Its fields are: {fields}.")
        raise QgsProcessingException(
            message.format(layer=self.name, field=chosen, fields=self.names() or "–")
        )

    def names(self) -> str:
        return ", ".join(name for name in self.columns if name)


def whole_file(layer: QgsVectorLayer) -> Place | None:
    """Return the file that a layer shows just as it is, if :func:`read_file` reads such files, else ``None``.

    A filter, edits that are not saved, and fields of a join or an expression are in the layer only.
    """
    place = place_of(layer.source()) if layer.providerType() == "ogr" else None
    if place is None or place.file.suffix.lower() not in TEXT_FILES | SHEETS.keys():
        return None
    fields = layer.fields()
    added = any(fields.fieldOrigin(k) != Qgis.FieldOrigin.Provider for k in range(fields.count()))
    by_number = QgsProviderRegistry.instance().decodeUri("ogr", layer.source()).get("layerId") is not None
    own = layer.subsetString() or layer.isEditable() or layer.isModified() or added or by_number
    return None if own else place


def read_file(name: str, place: Place, key_names: Sequence[str]) -> ListTable:
    """Read a CSV file or one sheet of a spreadsheet, the first one if ``place`` names none.

    ``key_names`` are names that the key's column may have; the first row with one of them holds the
    column names, the first row that is not empty if there is none.

    Raises
    ------
    QgsProcessingException
        If the file cannot be read or holds nothing.
    """
    try:
        if place.file.suffix.lower() in TEXT_FILES:
            cells = _text_cells(place.file, key_names)
        else:
            cells = list(_sheet_cells(place))
    except (OSError, RuntimeError, UnicodeDecodeError, csv.Error) as error:
        message = translate("GrueneInfra", "{layer} cannot be read as a list: {reason}.")
        raise QgsProcessingException(message.format(layer=name, reason=error)) from error
    header = _header(cells, key_names)
    if header is None:
        raise _nothing_in(name)
    rows = [(number, [_unmarked(cell) for cell in row]) for number, row in cells[header + 1 :]]
    return ListTable(name, cells[header][1], rows)


def read_source(layer: Input) -> ListTable:
    """Read a table or a layer's attributes; its rows are numbered from 1 in the source's order."""
    rows = [
        (number, [cell_text(value) for value in feature.attributes()])
        for number, feature in enumerate(layer.source.getFeatures(), start=1)
    ]
    if not rows:
        raise _nothing_in(layer.name)
    return ListTable(layer.name, layer.source.fields().names(), rows)


def _nothing_in(name: str) -> QgsProcessingException:
    message = translate("GrueneInfra", "{layer} is empty: it has no rows.")
    return QgsProcessingException(message.format(layer=name))


def cell_text(value: object) -> str:
    """Return an attribute as trimmed text, days as ISO text, '' for NULL."""
    if value is None or value == NULL:
        return ""
    if isinstance(value, (QDate, QDateTime)):
        return value.toString(Qt.DateFormat.ISODate)
    text = storable(str(value).replace("\u00a0", " ").strip())
    return text if tidied(text) else ""


def as_plain_text(cell: str) -> str:
    """Return a text so that spreadsheets show and do not compute it; :func:`read_file` turns it back.

    >>> as_plain_text("=1+2")
    "'=1+2"
    """
    return f"'{cell}" if cell.lstrip("'").startswith(_FORMULA) else cell


def _unmarked(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and cell.lstrip("'").startswith(_FORMULA) else cell


# -- where the column names stand ---------------------------------------------------------------------


def _header(cells: Sequence[Cells], key_names: Sequence[str]) -> int | None:
    filled = [place for place, (_, row) in enumerate(cells) if any(row)][:HEADER_ROWS]
    named = (place for place in filled if _names_key(cells[place][1], key_names))
    return next(named, filled[0] if filled else None)


def _names_key(row: Iterable[str], key_names: Iterable[str]) -> bool:
    wanted = {plain_name(name) for name in key_names}
    return any(plain_name(cell) in wanted for cell in row)


# -- text files ---------------------------------------------------------------------------------------


def _text_cells(file: Path, key_names: Sequence[str]) -> list[Cells]:
    text = _decoded(file.read_bytes())
    candidates = [list(_separated(text, separator)) for separator in SEPARATORS]

    def fits(cells: list[Cells]) -> tuple[bool, int]:
        head = [row for _, row in cells if any(row)][:HEADER_ROWS]
        return any(_names_key(row, key_names) for row in head), max(map(len, head), default=0)

    best = max(range(len(SEPARATORS)), key=lambda place: fits(candidates[place]))
    row = _unclosed(text, SEPARATORS[best])
    if row is not None:
        message = translate("GrueneInfra", "a quoted cell that begins in row {row} is never closed")
        raise OSError(message.format(row=row))
    return candidates[best]


def _decoded(data: bytes) -> str:
    """Decode UTF-8 with and without its mark, and else what German Windows writes."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252")


def _separated(text: str, separator: str) -> Iterator[Cells]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    first = 1
    with suppress(csv.Error):  # of a cell beyond all bounds, of which _unclosed says where it begins
        for row in reader:
            yield first, [cell_text(cell) for cell in row]
            first = reader.line_num + 1


def _unclosed(text: str, separator: str) -> int | None:
    """Return the number of the first row with a quote that swallows rows below, from 1.

    The file ends before it is closed, or what closes it is the quote before another cell's text.
    """
    lines = list(io.StringIO(text + "\n\n", newline=""))
    reader = csv.reader(lines, delimiter=separator)
    cell = re.compile(_CELL.format(separator=separator))
    first = 0
    try:
        for _ in reader:
            if reader.line_num - first > 1 and not _closes("".join(lines[first : reader.line_num]), cell):
                return first + 1
            first = reader.line_num
    except csv.Error:
        if '"' not in text:
            raise
        return first + 1
    return None


def _closes(row: str, cell: re.Pattern[str]) -> bool:
    """Say whether all quoted cells of a row are closed, and those with line breaks at their end."""
    quoted = [match for match in cell.finditer(row) if match["quoted"] is not None]
    broken = [match for match in quoted if "\n" in match["quoted"] or "\r" in match["quoted"]]
    return all(match["close"] for match in quoted) and not any(match["rest"].strip() for match in broken)


# -- spreadsheets ---------------------------------------------------------------------------------------


@contextmanager
def _all_as_text(prefix: str) -> Iterator[None]:
    """Let GDAL read every row of this thread's spreadsheets as text, the column names too."""
    options = {f"{prefix}_HEADERS": "DISABLE", f"{prefix}_FIELD_TYPES": "STRING"}
    before = {name: gdal.GetThreadLocalConfigOption(name) for name in options}
    for name, value in options.items():
        gdal.SetThreadLocalConfigOption(name, value)
    try:
        yield
    finally:
        for name, value in before.items():
            gdal.SetThreadLocalConfigOption(name, value)


def _sheet_cells(place: Place) -> Iterator[Cells]:
    with _all_as_text(SHEETS[place.file.suffix.lower()]):
        source = gdal.OpenEx(str(place.file), gdal.OF_VECTOR)
        if source is None:
            raise OSError(gdal.GetLastErrorMsg())
        sheet = source.GetLayerByName(place.table) if place.table else source.GetLayer(0)
        if sheet is None:
            names = ", ".join(source.GetLayer(k).GetName() for k in range(source.GetLayerCount()))
            raise OSError(
                translate("GrueneInfra", "it has no sheet “{sheet}”, but {sheets}").format(
                    sheet=place.table, sheets=names or "–"
                )
            )
        width = sheet.GetLayerDefn().GetFieldCount()
        for row in sheet:
            yield row.GetFID(), [_sheet_text(row.GetField(k)) for k in range(width)]


def _sheet_text(value: object) -> str:
    """Return a cell as text; GDAL knows the cells that a spreadsheet formats as days."""
    day = _SEPARATED_DATE.fullmatch(cell_text(value))
    return "-".join(day.groups()[:3]) + (day[4] or "") if day else cell_text(value)
