"""Spreadsheets written by hand, cell by cell: numbers, days, formulas, rich texts, merged cells, sheets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from zipfile import ZipFile

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_PARTS = {
    "[Content_Types].xml": f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_SHEET}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_SHEET}.worksheet+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_SHEET}.styles+xml"/></Types>',
    "_rels/.rels": f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/_rels/workbook.xml.rels": f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>',
    "xl/workbook.xml": f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
    '<sheet name="Liste" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/styles.xml": f'{_HEAD}<styleSheet xmlns="{_MAIN}">'
    '<cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>',
}


@dataclass(frozen=True)
class Day:
    """A cell that shows a day; ``serial`` counts them as Excel does."""

    serial: int


class Nothing:
    """A value that is there and empty."""

    def __str__(self) -> str:
        return ""


@dataclass(frozen=True)
class Formula:
    """A cell that is computed; ``value`` is what Excel stored last, ``None`` for nothing."""

    text: str
    value: object = None


@dataclass(frozen=True)
class Rich:
    """A text in runs of different looks, with its pronunciation beside it."""

    runs: Sequence[str]


@dataclass(frozen=True)
class Shared:
    """A text that stands in the workbook's list of texts, in runs if there are several."""

    runs: Sequence[str]


def workbook(path: Path, sheets: Mapping[str, Mapping[int, Sequence[object]]]) -> str:
    """Write a workbook with several sheets, each as :func:`xlsx` takes it."""
    shared: list[Sequence[str]] = []
    parts = {
        f"xl/worksheets/sheet{n}.xml": f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetData>{_lines(rows, shared)}'
        "</sheetData></worksheet>"
        for n, rows in enumerate(sheets.values(), 1)
    }
    listed = "".join(f'<sheet name="{name}" sheetId="{n}" r:id="s{n}"/>' for n, name in enumerate(sheets, 1))
    related = "".join(
        f'<Relationship Id="s{n}" Type="{_OFFICE}/worksheet" Target="/{part}"/>'
        for n, part in enumerate(parts, 1)
    )
    texts = "".join(f"<si>{_runs(runs)}</si>" for runs in shared)
    parts |= {
        "xl/workbook.xml": f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{listed}</sheets>'
        "</workbook>",
        "xl/_rels/workbook.xml.rels": f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{related}'
        f'<Relationship Id="t" Type="{_OFFICE}/sharedStrings" Target="texts.xml"/></Relationships>',
        "xl/texts.xml": f'{_HEAD}<sst xmlns="{_MAIN}">{texts}</sst>',
    }
    with ZipFile(path, "w") as file:
        for name, text in {**_PARTS, **parts}.items():
            file.writestr(name, text)
    return str(path)


def ods(path: Path, content: str) -> str:
    """Write an OpenDocument spreadsheet; ``content`` are its tables as XML."""
    office = "urn:oasis:names:tc:opendocument:xmlns:"
    spaces = " ".join(
        f'xmlns:{name}="{office}{known}:1.0"'
        for name, known in (("office", "office"), ("table", "table"), ("text", "text"), ("draw", "drawing"))
    )
    body = f"<office:body><office:spreadsheet>{content}</office:spreadsheet></office:body>"
    with ZipFile(path, "w") as file:
        file.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        file.writestr(
            "content.xml", f"{_HEAD}<office:document-content {spaces}>{body}</office:document-content>"
        )
    return str(path)


def _lines(rows: Mapping[int, Sequence[object]], shared: list[Sequence[str]]) -> str:
    return "".join(f'<row r="{n}">{"".join(_cells(n, cells, shared))}</row>' for n, cells in rows.items())


def _runs(runs: Sequence[str]) -> str:
    if len(runs) == 1:
        return f"<t>{escape(runs[0])}</t>"
    looks = "".join(f'<r><rPr><b/></rPr><t xml:space="preserve">{escape(run)}</t></r>' for run in runs)
    return looks + '<rPh sb="0" eb="1"><t>ruby</t></rPh>'


def xlsx(
    path: Path, rows: Mapping[int, Sequence[object]], merged: Sequence[str] = (), behind: str = ""
) -> str:
    """Write cells by the number of their row, ``None`` for empty ones; ``merged`` are areas as ``A2:A3``.

    ``behind`` is XML that follows the cells.
    """
    lines = _lines(rows, [])
    areas = "".join(f'<mergeCell ref="{area}"/>' for area in merged)
    areas = f"<mergeCells>{areas}</mergeCells>" if areas else ""
    sheet = f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetData>{lines}</sheetData>{areas}{behind}</worksheet>'
    with ZipFile(path, "w") as file:
        for name, text in {**_PARTS, "xl/worksheets/sheet1.xml": sheet}.items():
            file.writestr(name, text)
    return str(path)


def _cells(row: int, cells: Sequence[object], shared: list[Sequence[str]]) -> list[str]:
    places = [(f"{chr(ord('A') + k)}{row}", cell) for k, cell in enumerate(cells) if cell is not None]
    return [_cell(place, cell, shared) for place, cell in places]


def _cell(place: str, cell: object, shared: list[Sequence[str]]) -> str:
    if isinstance(cell, Shared):
        shared.append(cell.runs)
        return f'<c r="{place}" t="s"><v>{len(shared) - 1}</v></c>'
    if isinstance(cell, Rich):
        return f'<c r="{place}" t="inlineStr"><is>{_runs(cell.runs)}</is></c>'
    if isinstance(cell, Day):
        return f'<c r="{place}" s="1"><v>{cell.serial}</v></c>'
    if isinstance(cell, Formula):
        stored = "" if cell.value is None else f"<v>{escape(str(cell.value))}</v>"
        kind = ' t="str"' if isinstance(cell.value, str) else ""
        return f'<c r="{place}"{kind}><f>{escape(cell.text)}</f>{stored}</c>'
    if isinstance(cell, str):
        return f'<c r="{place}" t="inlineStr"><is><t>{escape(cell)}</t></is></c>'
    return f'<c r="{place}"><v>{cell!r}</v></c>'
