"""Engine ``sheets``: the cells of spreadsheets, XLSX and ODS, row by row.

A small file can unpack to very much, so everything is read as a stream; what is held are the texts that the
cells of an XLSX file share. Files that go beyond what a spreadsheet holds are refused.
"""

from __future__ import annotations

import datetime as dt
import math
import posixpath
import re
import zlib
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import groupby, islice
from pathlib import Path
from typing import IO, TypeAlias
from zipfile import BadZipFile, ZipFile

from qgis.PyQt.QtCore import QXmlStreamAttributes, QXmlStreamReader

from ...i18n import translate

MOST_ROWS = 1_048_576
"""Rows of a list, empty ones too: as many as a spreadsheet has."""
MOST_COLUMNS = 16_384
LONGEST_CELL = 131_072
"""Characters of a cell; spreadsheets hold 32 767, CSV readers this many."""
MOST_SHARED = 100_000_000
"""Characters of the texts that the cells of an XLSX file share, all together [A]."""
CHUNK = 2**16
LONGEST_TOKEN = 2**22
"""Bytes of XML without a tag among them [A]."""

TokenType: TypeAlias = QXmlStreamReader.TokenType
Cells = tuple[int, list[str]]
"""The number of a row in its file, from 1, and its cells as text."""

_DAY, _TIME = "day", "time"
_DAYS = frozenset({14, 15, 16, 17, 22, *range(27, 37), *range(50, 59)})
_TIMES = frozenset({18, 19, 20, 21, 45, 46, 47})
"""Numbers of the formats for days and times that every XLSX file has (ECMA-376, 18.8.30)."""
_NO_CODE = re.compile(r'"[^"]*"|\[[^\]]*\]|[\\_*].')
"""What stands in a format for itself."""
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_REFERENCE = re.compile(r"([A-Z]{1,3})\d*")
_LAST_1900_ERROR = 60
"""Before this day, Excel counts one less, because its 1900 is a leap year."""
_DURATION = re.compile(r"-?PT(\d+)H(\d+)M(\d+)(?:[.,]\d+)?S")


class Uncomputed(str):
    """The formula of a cell whose value was never stored."""

    __slots__ = ()


class Workbook(ABC):
    """An open spreadsheet. Whatever is wrong with its file raises ``OSError`` with the reason."""

    def __init__(self, archive: ZipFile) -> None:
        self._archive = archive

    def close(self) -> None:
        self._archive.close()

    @abstractmethod
    def heads(self, count: int) -> dict[str, list[list[str]]]:
        """Return the first rows with something in them, ``count`` at most, by the name of their sheet."""

    @abstractmethod
    def rows(self, sheet: str) -> Iterator[Cells]:
        """Yield the rows of a sheet in their order; of empty ones in a row some are left out."""

    def _tokens(self, part: str) -> Iterator[tuple[TokenType, QXmlStreamReader]]:
        """Yield a reader at each step of an XML part of the file; of no more than one is anything held."""
        try:
            with self._archive.open(part) as stream:
                yield from _tokens(stream)
        except KeyError as error:
            raise OSError(_no_part(part)) from error
        except (BadZipFile, EOFError, NotImplementedError, RuntimeError, zlib.error) as error:
            raise OSError(str(error)) from error


def open_workbook(file: Path) -> Workbook:
    """Open an XLSX, XLSM or ODS file; raise ``OSError`` where it is none."""
    try:
        archive = ZipFile(file)
    except BadZipFile as error:
        message = translate("GrueneInfra", "{file} is no spreadsheet, or one with a password")
        raise OSError(message.format(file=file)) from error
    return _Ods(archive) if file.suffix.lower() == ".ods" else _Xlsx(archive)


def _no_part(part: str) -> str:
    return translate("GrueneInfra", "the part {part} of the file is missing").format(part=part)


def _tokens(stream: IO[bytes]) -> Iterator[tuple[TokenType, QXmlStreamReader]]:
    xml, fed = QXmlStreamReader(), 0
    while not xml.atEnd() or xml.error() == QXmlStreamReader.Error.PrematureEndOfDocumentError:
        token = xml.readNext()
        if token != TokenType.Invalid:
            fed = 0
            yield token, xml
        elif xml.error() == QXmlStreamReader.Error.PrematureEndOfDocumentError:
            data = stream.read(CHUNK)
            fed += len(data)
            if not data or fed > LONGEST_TOKEN:
                raise OSError(xml.errorString())
            xml.addData(data)
    if xml.hasError():
        raise OSError(xml.errorString())


def too_many_rows() -> OSError:
    """Return the error for a list beyond what is read."""
    message = translate("GrueneInfra", "it has more than {count} rows, empty ones too; divide it")
    return OSError(message.format(count=MOST_ROWS))


def too_long() -> OSError:
    """Return the error for a cell beyond what is read."""
    message = translate("GrueneInfra", "a cell holds more than {count} characters")
    return OSError(message.format(count=LONGEST_CELL))


def _put(cells: list[str], column: int, text: str) -> None:
    if column >= MOST_COLUMNS:
        message = translate("GrueneInfra", "it has more than {count} columns")
        raise OSError(message.format(count=MOST_COLUMNS))
    if text:
        cells += [""] * (column + 1 - len(cells))
        cells[column] = text


def _iso_day(moment: str) -> str:
    """Return a day, with the time if it has one, from how XML writes it."""
    return moment.replace("T", " ").removesuffix(" 00:00:00")


def _number_text(text: str) -> str:
    """Return a number as it was typed: a binary fraction is stored with digits beyond those that count."""
    if "." not in text and "e" not in text.lower():
        return text
    with suppress(ValueError, OverflowError):
        short = f"{float(text):.15g}"
        return short if float(short) == float(text) else text
    return text


# -- XLSX ---------------------------------------------------------------------------------------------------


@dataclass
class _Cell:
    """A cell of XLSX while it is read."""

    column: int = 0
    kind: str = ""
    style: str = ""
    stored: str | None = None
    """What stands in it as its value."""
    formula: str | None = None
    inline: str = ""
    inside: str = ""
    """The element that is open, of those with text in them."""
    phonetic: bool = False

    def open(self, name: str) -> None:
        if name == "rPh":
            self.phonetic = True
        elif name == "v":
            self.inside, self.stored = name, self.stored or ""
        elif name == "f":
            self.inside, self.formula = name, self.formula or ""
        elif name == "t":
            self.inside = name

    def close(self, name: str) -> None:
        if name == "rPh":
            self.phonetic = False
        if name == self.inside:
            self.inside = ""

    def add(self, text: str) -> None:
        if self.inside == "v":
            self.stored = (self.stored or "") + text
        elif self.inside == "f":
            self.formula = (self.formula or "") + text
        elif self.inside == "t" and not self.phonetic:
            self.inline += text
        if len(self.stored or "") + len(self.formula or "") + len(self.inline) > LONGEST_CELL:
            raise too_long()


class _Xlsx(Workbook):
    """Parts of the package are found by its relations, elements by their names in either namespace."""

    def __init__(self, archive: ZipFile) -> None:
        super().__init__(archive)
        book = self._related("").get("officeDocument", "xl/workbook.xml")
        related = self._related(book)
        self._parts: dict[str, str] = {}
        self._from_1904 = False
        self._read_book(book, related)
        self._shared = self._read_shared(related.get("sharedStrings", ""))
        self._formats = self._read_formats(related.get("styles", ""))

    def _related(self, part: str) -> dict[str, str]:
        """Return the parts to which one, or the whole package, refers: by their kind and by their number."""
        folder, name = posixpath.split(part)
        found: dict[str, str] = {}
        listed = posixpath.join(folder, "_rels", f"{name}.rels")
        for token, xml in self._tokens(listed) if self._has(listed) else ():
            if token == TokenType.StartElement and xml.name() == "Relationship":
                given = xml.attributes()
                target = posixpath.normpath(posixpath.join("/", folder, given.value("Target"))).lstrip("/")
                found[given.value("Type").rpartition("/")[2]] = found[given.value("Id")] = target
        return found

    def _has(self, part: str) -> bool:
        return part in self._archive.namelist()

    def _read_book(self, part: str, relations: Mapping[str, str]) -> None:
        for token, xml in self._tokens(part):
            if token != TokenType.StartElement:
                continue
            if xml.name() == "sheet":
                given = xml.attributes()
                number = next((a.value() for a in given if a.name() == "id" and a.prefix()), "")
                self._parts[given.value("name")] = relations.get(number, "")
            elif xml.name() == "workbookPr":
                self._from_1904 = xml.attributes().value("date1904") in ("1", "true")

    def _read_shared(self, part: str) -> list[str]:
        shared: list[str] = []
        cell, size = _Cell(), 0
        for token, xml in self._tokens(part) if self._has(part) else ():
            if token == TokenType.Characters:
                cell.add(xml.text())
            elif token == TokenType.StartElement:
                cell = _Cell() if xml.name() == "si" else cell
                cell.open(xml.name())
            elif token == TokenType.EndElement and xml.name() == "si":
                shared.append(_unescaped(cell.inline))
                size += len(cell.inline)
                if size > MOST_SHARED or len(shared) > MOST_ROWS * 4:
                    message = translate("GrueneInfra", "its texts are longer than {count} characters")
                    raise OSError(message.format(count=MOST_SHARED))
            elif token == TokenType.EndElement:
                cell.close(xml.name())
        return shared

    def _read_formats(self, part: str) -> list[str]:
        """Return what each style of a cell says of its number: a day, a time, or neither."""
        formats: list[str] = []
        codes: dict[int, str] = {}
        inside = False
        for token, xml in self._tokens(part) if self._has(part) else ():
            if xml.name() == "cellXfs":
                inside = token == TokenType.StartElement
            elif token == TokenType.StartElement and xml.name() == "numFmt":
                given = xml.attributes()
                codes[_whole(given.value("numFmtId"))] = given.value("formatCode")
            elif token == TokenType.StartElement and inside and xml.name() == "xf":
                number = _whole(xml.attributes().value("numFmtId"))
                formats.append(_kind_of_format(number, codes.get(number)))
        return formats

    def heads(self, count: int) -> dict[str, list[list[str]]]:
        return {
            name: list(islice((cells for _, cells in self.rows(name) if any(cells)), count))
            for name in self._parts
        }

    def rows(self, sheet: str) -> Iterator[Cells]:
        number, cell = 0, _Cell()
        cells: list[str] = []
        for token, xml in self._tokens(self._parts[sheet]):
            if token == TokenType.Characters:
                cell.add(xml.text())
            elif token == TokenType.StartElement:
                if xml.name() == "row":
                    before, number = number, max(_whole(xml.attributes().value("r")), number + 1)
                    yield from _gap(before, number)
                    cells = []
                elif xml.name() == "c":
                    cell = _cell_at(xml.attributes(), len(cells))
                else:
                    cell.open(xml.name())
            elif token == TokenType.EndElement:
                if xml.name() == "c":
                    _put(cells, cell.column, self._text(cell))
                    cell = _Cell()
                elif xml.name() == "row":
                    yield number, cells
                elif xml.name() == "sheetData":
                    return
                else:
                    cell.close(xml.name())

    def _text(self, cell: _Cell) -> str:
        is_computed = cell.stored or cell.inline or (cell.stored is not None and cell.kind == "str")
        if cell.formula is not None and not is_computed:
            return Uncomputed(f"={cell.formula}")
        stored = cell.stored or ""
        if cell.kind == "s":
            place = _whole(stored) if stored else -1
            return self._shared[place] if 0 <= place < len(self._shared) else ""
        if cell.kind == "inlineStr":
            return _unescaped(cell.inline)
        if cell.kind == "str":
            return _unescaped(stored)
        if cell.kind == "d":
            return _iso_day(stored)
        return stored if cell.kind in ("b", "e") else self._number(stored, cell.style)

    def _number(self, stored: str, style: str) -> str:
        place = _whole(style)
        kind = self._formats[place] if place < len(self._formats) else ""
        with suppress(ValueError, OverflowError):
            if kind and stored:
                return _moment(float(stored), kind, self._from_1904)
        return _number_text(stored)


def _gap(before: int, number: int) -> Iterator[Cells]:
    """Yield an empty row where there is one between two numbers at least."""
    if number > MOST_ROWS:
        raise too_many_rows()
    if number > before + 1:
        yield before + 1, []


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < len(str(2**31)) else 0


def _cell_at(given: QXmlStreamAttributes, following: int) -> _Cell:
    """Return a cell without its content; one that does not say where it is follows the one before."""
    reference = _REFERENCE.match(given.value("r"))
    column = following
    if reference:
        column = -1
        for letter in reference[1]:
            column = (column + 1) * 26 + ord(letter) - ord("A")
    return _Cell(column, given.value("t"), given.value("s"))


def _kind_of_format(number: int, code: str | None) -> str:
    if code is None:
        return _DAY if number in _DAYS else _TIME if number in _TIMES else ""
    letters = set(_NO_CODE.sub("", code.partition(";")[0]).lower())
    if letters & set("dy") or ("m" in letters and not letters & set("hs")):
        return _DAY
    return _TIME if letters & set("hs") else ""


def _moment(serial: float, kind: str, from_1904: bool) -> str:
    """Return a day, with the time if it has one, or a time of the day."""
    if kind == _TIME and 0 <= serial < 1:
        return (dt.datetime.min + dt.timedelta(seconds=round(serial * 86_400))).time().isoformat()
    first = dt.datetime(1904, 1, 1) if from_1904 else dt.datetime(1899, 12, 30)
    early = 1 if not from_1904 and serial < _LAST_1900_ERROR else 0
    days = math.floor(serial)
    moment = first + dt.timedelta(days=days + early, seconds=round((serial - days) * 86_400))
    return moment.isoformat(" ") if moment.time() != dt.time() else moment.date().isoformat()


def _unescaped(text: str) -> str:
    """Return a text of XLSX with the signs that stand in it by their number, as ``_x000D_``."""
    if "_x" not in text:
        return text
    plain = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)
    return plain.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


# -- ODS ----------------------------------------------------------------------------------------------------


@dataclass
class _OdsRow:
    """A row of ODS while it is read."""

    repeats: int = 1
    cells: list[str] = field(default_factory=list)
    column: int = 0
    given: QXmlStreamAttributes | None = None
    """Attributes of the cell that is open."""
    text: list[str] = field(default_factory=list)
    in_paragraph: bool = False

    def open(self, name: str, given: QXmlStreamAttributes) -> None:
        if name in ("table-cell", "covered-table-cell"):
            self.given, self.text = QXmlStreamAttributes(given), []
        elif name == "p":
            self.in_paragraph = True
            self.text += ["\n"] if self.text else []
        elif name == "s":
            self.text.append(" " * min(max(_whole(given.value("text:c")), 1), LONGEST_CELL))
        elif name in ("tab", "line-break"):
            self.text.append("\t" if name == "tab" else "\n")

    def add(self, text: str) -> None:
        if self.in_paragraph and self.given is not None:
            self.text.append(text)
            if sum(map(len, self.text[-2:])) > LONGEST_CELL or len(self.text) > LONGEST_CELL:
                raise too_long()

    def close(self, name: str) -> None:
        if name == "p":
            self.in_paragraph = False
        elif name in ("table-cell", "covered-table-cell") and self.given is not None:
            text = _ods_text(self.given, "".join(self.text))
            if len(text) > LONGEST_CELL:
                raise too_long()
            repeats = max(_whole(self.given.value("table:number-columns-repeated")), 1)
            for column in range(self.column, self.column + repeats) if text else ():
                _put(self.cells, column, text)
            self.column += repeats
            self.given = None


class _Ods(Workbook):
    """All sheets stand in one part, one behind the other."""

    def heads(self, count: int) -> dict[str, list[list[str]]]:
        return {
            sheet: list(islice((cells for _, _, cells in rows if any(cells)), count))
            for sheet, rows in groupby(self._all(), key=lambda row: row[0])
        }

    def rows(self, sheet: str) -> Iterator[Cells]:
        found = False
        for name, number, cells in self._all():
            if name == sheet:
                found = True
                yield number, cells
            elif found:
                return

    def _all(self) -> Iterator[tuple[str, int, list[str]]]:
        """Yield sheet, number and cells of each row; an empty one once, however often it repeats."""
        sheet, number, row = "", 0, _OdsRow()
        for token, xml in self._without_remarks():
            name = xml.name()
            if token == TokenType.Characters:
                row.add(xml.text())
            elif token == TokenType.EndElement:
                row.close(name)
                if name == "table-row":
                    filled = any(row.cells)
                    if filled and number + row.repeats > MOST_ROWS:
                        raise too_many_rows()
                    for offset in range(row.repeats if filled else 1):
                        yield sheet, number + offset + 1, list(row.cells)
                    number += row.repeats
            elif name == "table":
                sheet, number = xml.attributes().value("table:name"), 0
                yield sheet, 0, []
            elif name == "table-row":
                row = _OdsRow(max(_whole(xml.attributes().value("table:number-rows-repeated")), 1))
                if number >= MOST_ROWS:
                    raise too_many_rows()
            else:
                row.open(name, xml.attributes())

    def _without_remarks(self) -> Iterator[tuple[TokenType, QXmlStreamReader]]:
        """Yield starts, ends and texts of the sheets, without what is pinned to cells or drawn there."""
        depth = 0
        for token, xml in self._tokens("content.xml"):
            if token == TokenType.StartElement:
                begins = xml.name() in ("annotation", "tracked-changes") or xml.prefix() in ("draw", "dr3d")
                depth += 1 if depth or begins else 0
            if not depth and token in (
                TokenType.StartElement,
                TokenType.EndElement,
                TokenType.Characters,
            ):
                yield token, xml
            if token == TokenType.EndElement and depth:
                depth -= 1


def _ods_text(given: QXmlStreamAttributes, shown: str) -> str:
    kind = given.value("office:value-type")
    text = _ods_value(kind, given, shown)
    if not text and kind != "string" and given.hasAttribute("table:formula"):
        return Uncomputed("=" + given.value("table:formula").rpartition(":=")[2])
    return text


def _ods_value(kind: str, given: QXmlStreamAttributes, shown: str) -> str:
    if kind in ("float", "percentage", "currency"):
        return _number_text(given.value("office:value"))
    if kind == "date":
        return _iso_day(given.value("office:date-value"))
    if kind == "time":
        time = _DURATION.fullmatch(given.value("office:time-value"))
        return ":".join(part.zfill(2) for part in time.groups()) if time else shown
    if kind == "boolean":
        return "1" if given.value("office:boolean-value") == "true" else "0"
    return given.value("office:string-value") or shown
