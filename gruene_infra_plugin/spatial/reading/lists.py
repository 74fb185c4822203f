"""Engine ``lists``: rows of text with their numbers from CSV files, spreadsheets and tables.

Offices' lists start with titles, come in any encoding, and let a spreadsheet turn keys into numbers. So
everything is read as the text that is stored, and the row with the column names is looked for. Lists are read
as a stream: of a list of whatever length no more than a few rows are held here.
"""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

from qgis.core import (
    NULL,
    Qgis,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingUtils,
    QgsProviderRegistry,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QDate, QDateTime, Qt

from ...i18n import translate
from ...methods.reading.names import first_few, plain_name, storable, tidied
from .plain_text import is_spreadsheet, unmarked
from .sheets import MOST_ROWS, Cells, Uncomputed, open_workbook, too_long, too_many_rows
from .source import Input
from .stored_files import StoredTable, place_of

TEXT_FILES = frozenset({".csv", ".txt", ".tsv"})
SEPARATORS = (";", "\t", ",", "|")
HEADER_ROWS = 20
"""Rows with something in them among which the column names are looked for [A]."""
LOOKED_AT = 2**16
"""Bytes that are read at once to tell the encoding of a file."""
LONGEST_ROW = 2**24
"""Characters of a line in a text file: a short text in each column that a spreadsheet has [A]."""
_BYTE_ORDERS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
"""Marks at the beginning of a file, those that begin like another one first."""
_CELL = (
    r'(?:(?P<quoted>"[^"]*(?:""[^"]*)*)(?P<close>"?))?(?P<rest>[^{separator}\r\n]*)(?:[{separator}\r\n]|\Z)'
)
_TEXT_FORMULA = re.compile(r'="((?:[^"]|"")*)"')
"""How spreadsheets are told that a cell of a CSV file is a text: ``="05123"``."""


@dataclass(frozen=True)
class ListTable:
    """A list with its column names; ``rows`` yields the rows behind them once.

    Where rows are empty, one of them comes at least. ``unread`` are sheets of the file that hold no list.
    Close it when it was read: QGIS has few connections to a database for all who read.
    """

    name: str
    columns: Sequence[str]
    rows: Generator[Cells, None, None]
    unread: Sequence[str] = ()

    def close(self) -> None:
        """Let go of the file or the layer, also where not all rows were read."""
        self.rows.close()

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


def whole_file(layer: QgsVectorLayer) -> StoredTable | None:
    """Return the file that a layer shows just as it is, if :func:`read_file` reads such files, else ``None``.

    A filter, edits that are not saved, and fields of a join or an expression are in the layer only.
    """
    place = place_of(layer.source()) if layer.providerType() == "ogr" else None
    if place is None or not _is_read(place.file):
        return None
    fields = layer.fields()
    added = any(fields.fieldOrigin(k) != Qgis.FieldOrigin.Provider for k in range(fields.count()))
    by_number = QgsProviderRegistry.instance().decodeUri("ogr", layer.source()).get("layerId") is not None
    own = layer.subsetString() or layer.isEditable() or layer.isModified() or added or by_number
    return None if own else place


def file_named(value: object, context: QgsProcessingContext) -> StoredTable | None:
    """Return the file that the value of a parameter names, if :func:`read_file` reads it, else ``None``.

    QGIS need not open it for that; a layer of the project counts as QGIS shows it.
    """
    if not isinstance(value, str) or not value:
        return None
    path, _, more = value.partition("|")
    if not _is_read(Path(path)) or (more and not re.fullmatch(r"layername=[^|]+", more)):
        return None
    if not Path(path).is_file() or QgsProcessingUtils.mapLayerFromString(value, context, False) is not None:
        return None
    return StoredTable(Path(path).resolve(), more.removeprefix("layername=") or None)


def _is_read(file: Path) -> bool:
    return is_spreadsheet(file)


def read_file(name: str, place: StoredTable, key_names: Sequence[str]) -> ListTable:
    """Read a CSV file or one sheet of a spreadsheet, the only one with a list if ``place`` names none.

    ``key_names`` are names that the key's column may have; the first row with one of them holds the
    column names, the first row that is not empty if there is none.

    Raises
    ------
    QgsProcessingException
        If the file cannot be read or holds nothing, or several sheets hold a list; while the rows are
        read as well.
    """
    unread: list[str] = []
    if place.file.suffix.lower() in TEXT_FILES:
        rows = _text_cells(place.file, key_names)
    else:
        rows = _sheet_cells(place, key_names, unread)
    return _table(name, _spaced(_explained(name, rows)), key_names, unread)


def _explained(name: str, rows: Iterator[Cells]) -> Iterator[Cells]:
    """Yield rows, and say why there are no more where they cannot be read."""
    try:
        yield from rows
    except (OSError, UnicodeError, csv.Error) as error:
        message = translate("GrueneInfra", "{layer} cannot be read as a list: {reason}.")
        raise QgsProcessingException(message.format(layer=name, reason=error)) from error


def _spaced(rows: Iterable[Cells]) -> Iterator[Cells]:
    """Yield rows of plain texts, one empty row for several."""
    was_empty = False
    for number, row in rows:
        is_empty = not any(row)
        if not (is_empty and was_empty):
            yield number, row
        was_empty = is_empty


def _table(name: str, rows: Iterator[Cells], key_names: Sequence[str], unread: Sequence[str]) -> ListTable:
    """Return the list with its column names, which stand in one of the first rows."""
    above: list[Cells] = []
    for number, row in rows:
        if not any(row):
            continue
        if _names_key(row, key_names):
            return ListTable(name, row, _as_typed(rows), unread)
        above.append((number, row))
        if len(above) == HEADER_ROWS:
            break
    if not above:
        raise _nothing_in(name)
    return ListTable(name, above[0][1], _as_typed(chain(above[1:], rows)), unread)


def _as_typed(rows: Iterable[Cells]) -> Generator[Cells, None, None]:
    for number, row in rows:
        yield number, [_typed(cell) if cell[:1] in ("=", "'") or ";'" in cell else cell for cell in row]


def _typed(cell: str) -> str:
    """Return the text that somebody typed into a cell, without what lets spreadsheets take it for a text."""
    text = _TEXT_FORMULA.fullmatch(cell)
    if isinstance(cell, Uncomputed) or text is None:
        return cell if isinstance(cell, Uncomputed) else unmarked(cell)
    return cell_text(text[1].replace('""', '"'))


def read_source(layer: Input, *, marked: bool) -> ListTable:
    """Read a table or a layer's attributes; its rows are numbered from 1 in the source's order.

    ``marked`` says that it is stored in a file that marks texts, see ``plain_text``.
    """
    if layer.source.hasFeatures() == Qgis.FeatureAvailability.NoFeaturesAvailable:
        raise _nothing_in(layer.name)
    rows = (
        (number, [cell_text(value) for value in feature.attributes()])
        for number, feature in enumerate(layer.source.getFeatures(), start=1)
    )
    return ListTable(layer.name, layer.source.fields().names(), _as_typed(rows) if marked else rows)


def is_marked(layer: QgsVectorLayer | None) -> bool:
    """Say whether a layer is stored in a file that marks texts."""
    if layer is None or layer.providerType() not in ("ogr", "delimitedtext"):
        return False
    path = QgsProviderRegistry.instance().decodeUri(layer.providerType(), layer.source()).get("path")
    return layer.providerType() == "delimitedtext" or is_spreadsheet(path or "")


def _nothing_in(name: str) -> QgsProcessingException:
    message = translate("GrueneInfra", "{layer} is empty: it has no rows.")
    return QgsProcessingException(message.format(layer=name))


def cell_text(value: object) -> str:
    """Return an attribute as trimmed text, days as ISO text, '' for NULL."""
    if value is None or value == NULL:
        return ""
    if isinstance(value, (QDate, QDateTime)):
        return value.toString(Qt.DateFormat.ISODate)
    return _trimmed(storable(str(value)))


def _trimmed(text: str) -> str:
    text = text.replace("\u00a0", " ").strip()
    return text if (text.isascii() and text.isprintable()) or tidied(text) else ""


def _names_key(row: Iterable[str], key_names: Iterable[str]) -> bool:
    wanted = {plain_name(name) for name in key_names}
    return any(plain_name(cell) in wanted for cell in row)


# -- text files ---------------------------------------------------------------------------------------


def _text_cells(file: Path, key_names: Sequence[str]) -> Iterator[Cells]:
    encoding = _encoding(file)
    heads = {separator: _text_head(file, encoding, separator) for separator in SEPARATORS}

    def fits(separator: str) -> tuple[bool, int]:
        head = heads[separator]
        return any(_names_key(row, key_names) for row in head), max(map(len, head), default=0)

    yield from _separated(file, encoding, max(SEPARATORS, key=fits))


def _encoding(file: Path) -> str:
    """Return how a text is encoded: as its mark says, else UTF-16, UTF-8, or what German Windows writes."""
    with file.open("rb") as data:
        start = data.read(LOOKED_AT)
        marked = next((name for mark, name in _BYTE_ORDERS if start.startswith(mark)), None)
        if marked:
            return marked
        low, high = start[::2].count(0), start[1::2].count(0)
        if max(low, high) > len(start) / 4 and not min(low, high):
            return "utf-16-le" if high else "utf-16-be"
        decoder = codecs.getincrementaldecoder("utf-8")()
        try:
            while start:
                decoder.decode(start)
                start = data.read(LOOKED_AT)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "cp1252"
    return "utf-8"


def _text_head(file: Path, encoding: str, separator: str) -> list[list[str]]:
    """Return the first rows with something in them, as they come if a separator is the right one."""
    head: list[list[str]] = []
    with suppress(OSError, csv.Error):  # of which the rows say where they begin
        rows = (row for _, row in _separated(file, encoding, separator) if any(row))
        for row in islice(rows, HEADER_ROWS):
            head.append(row)
    return head


def _separated(file: Path, encoding: str, separator: str) -> Iterator[Cells]:
    """Yield the rows of a text file; raise ``OSError`` at a quote that swallows the rows below.

    The file ends before it is closed, or what closes it is the quote before another cell's text.
    """
    lines = _Lines(file, encoding)
    with closing(lines):
        reader = csv.reader(lines, delimiter=separator)
        cell = re.compile(_CELL.format(separator=re.escape(separator)))
        first = 1
        while True:
            try:
                row = next(reader, None)
            except csv.Error as error:
                raise _unclosed(first) if lines.hold_quote() else error from error
            if row is None:
                return
            if len(lines.taken) > 1 and not _closes("".join(lines.taken), cell):
                raise _unclosed(first)
            yield first, [_trimmed(text) for text in row]
            first += len(lines.taken)
            lines.taken.clear()


class _Lines:
    """The lines of a text file, with two empty ones behind them; ``taken`` are those since it was cleared."""

    def __init__(self, file: Path, encoding: str) -> None:
        self._text = file.open(encoding=encoding, newline="")
        self._left = iter(("\n", "\n"))
        self._count = 0
        self.taken: list[str] = []

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._text.readline(LONGEST_ROW)
        if len(line) == LONGEST_ROW:
            raise too_long()
        self._count += bool(line)
        if self._count > MOST_ROWS:
            raise too_many_rows()
        self.taken.append(line or next(self._left))
        return self.taken[-1]

    def hold_quote(self) -> bool:
        return any('"' in line for line in self.taken)

    def close(self) -> None:
        self._text.close()


def _unclosed(row: int) -> OSError:
    message = translate("GrueneInfra", "a quoted cell that begins in row {row} is never closed")
    return OSError(message.format(row=row))


def _closes(row: str, cell: re.Pattern[str]) -> bool:
    """Say whether all quoted cells of a row are closed, and those with line breaks at their end."""
    quoted = [match for match in cell.finditer(row) if match["quoted"] is not None]
    broken = [match for match in quoted if "\n" in match["quoted"] or "\r" in match["quoted"]]
    return all(match["close"] for match in quoted) and not any(match["rest"].strip() for match in broken)


# -- spreadsheets ---------------------------------------------------------------------------------------


def _sheet_cells(place: StoredTable, key_names: Sequence[str], unread: list[str]) -> Iterator[Cells]:
    """Yield the rows of a sheet; where none is named, ``unread`` gets the names of the others."""
    with closing(open_workbook(place.file)) as book:
        heads = book.heads(HEADER_ROWS)
        if place.table is None:
            sheet = _only_list(place.file, heads, key_names)
            unread += [name for name, head in heads.items() if head and name != sheet]
        elif place.table in heads:
            sheet = place.table
        else:
            message = translate("GrueneInfra", "it has no sheet “{sheet}”, but {sheets}")
            raise OSError(message.format(sheet=place.table, sheets=", ".join(heads) or "–"))
        for number, cells in book.rows(sheet):
            yield number, [cell if isinstance(cell, Uncomputed) else _trimmed(cell) for cell in cells]


def _only_list(file: Path, heads: dict[str, list[list[str]]], key_names: Sequence[str]) -> str:
    """Return the only sheet with a list, else the first with something in it; raise if there are several."""
    filled = [name for name, head in heads.items() if head]
    found = [name for name in filled if any(_names_key(row, key_names) for row in heads[name])]
    if len(found) > 1:
        message = translate(
            "GrueneInfra", "{count} of its sheets hold a list ({sheets}); name one: {file}|layername={sheet}"
        )
        raise OSError(
            message.format(count=len(found), sheets=first_few(found), file=file.name, sheet=found[0])
        )
    return next(iter(found or filled or heads), "")
