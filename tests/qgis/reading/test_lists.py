"""The engine lists: what stands in files of offices, read right or refused, in little memory."""

from __future__ import annotations

import tracemalloc
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from gruene_infra.gruene_infra_plugin.register.keys import parcel_key
from gruene_infra.gruene_infra_plugin.register.listed import ListedRow, Refusal, Said
from gruene_infra.gruene_infra_plugin.register.listed_rows import ListedRows, ParcelsOnDisk
from gruene_infra.gruene_infra_plugin.register.model import ParcelRecord, Role
from gruene_infra.gruene_infra_plugin.spatial.reading import lists, sheets
from gruene_infra.gruene_infra_plugin.spatial.reading.plain_text import marked, unmarked
from gruene_infra.gruene_infra_plugin.spatial.reading.sheets import LONGEST_CELL, Uncomputed
from gruene_infra.gruene_infra_plugin.spatial.reading.stored_files import StoredTable
from qgis.core import QgsProcessingException

from ...layer_factory import box, geometry
from ...sheet_factory import Day, Formula, Nothing, Rich, Shared, ods, workbook, xlsx
from ..writing.output_places import Writing

K = "051234007000120003__"
HEAD = {1: ["flstkennz", "hz", "notiz"]}


def read(file: str | Path, sheet: str | None = None) -> list[list[str]]:
    """Return the rows of a list that are not empty."""
    table = lists.read_file("Liste", StoredTable(Path(file), sheet), ["flstkennz"])
    assert table.columns[0] == "flstkennz"
    return [row for _, row in table.rows if any(row)]


def text_file(folder: Path, content: str, encoding: str = "utf-8", ending: str = "csv") -> Path:
    file = folder / f"liste.{ending}"
    file.write_bytes(content.encode(encoding))
    return file


# -- texts ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", ["csv", "txt"])
@pytest.mark.parametrize("separator", ["\t", ";", ",", "|"])
@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]
)
def test_text_files_of_all_encodings_and_separators(tmp_path, ending, separator, encoding):
    content = separator.join(["flstkennz", "hz", "notiz"]) + "\r\n" + separator.join([K, "19", "Böschung"])
    assert read(text_file(tmp_path, content, encoding, ending)) == [[K, "19", "Böschung"]]


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (f'="{K}"', K),
        ('"=""05 1234"""', "05 1234"),
        ('="sagt ""ja"""', 'sagt "ja"'),
        ("'=1+2", "=1+2"),
        ("'-5", "-5"),
        ("''=1", "'=1"),
        ('\'="05"', '="05"'),
        ("'s Graben", "'s Graben"),
        ("=1+2", "=1+2"),
    ],
)
def test_texts_that_spreadsheets_are_told_to_be_texts(tmp_path, cell, text):
    assert read(text_file(tmp_path, f"flstkennz;hz\n{K};{cell}\n")) == [[K, text]]


@pytest.mark.parametrize(
    "text",
    [
        "=1",
        "+49",
        "-5",
        "@a",
        "\t=1",
        "\r=1",
        "\n=1",
        "'=1",
        "''+1",
        "of:=1",
        "'of:=1",
        "'",
        "'a",
        "",
        "a=1",
        "a;=1",
        "a;'-1",
    ],
)
def test_a_text_is_marked_and_unmarked(text):
    assert unmarked(marked(text)) == text
    for part in marked(text).split(";"):
        assert not part.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "of:="))


# -- spreadsheets ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [Rich, Shared])
def test_all_runs_of_a_rich_text_are_read(tmp_path, kind):
    cells = [K, kind(["2", ", 19"]), kind(["Wichtig: ", "nicht bebauen"])]
    file = workbook(tmp_path / "mappe.xlsx", {"Liste": HEAD | {2: cells}})
    assert read(file) == [[K, "2, 19", "Wichtig: nicht bebauen"]]


def test_signs_by_number_are_read_as_the_signs(tmp_path):
    file = xlsx(
        tmp_path / "mappe.xlsx", HEAD | {2: [f"{K}_x000D_", "19", "a_x000D_b_x005F_x0041_ _xD83C__xDF33_"]}
    )
    assert read(file) == [[K, "19", "a\rb_x0041_ 🌳"]]


def test_a_formula_without_a_value_is_told_from_an_empty_cell(tmp_path):
    file = xlsx(tmp_path / "mappe.xlsx", HEAD | {2: [K, Formula("A1"), Formula("A1", "")]})
    ((_, goal, *note),) = read(file)
    assert isinstance(goal, Uncomputed)
    assert note == []


def test_a_formula_with_an_empty_value_is_told_from_an_empty_text(tmp_path):
    """Python's libraries store a formula like that; Excel says of an empty result that it is a text."""
    file = xlsx(tmp_path / "mappe.xlsx", HEAD | {2: [K, Formula("A1", Nothing()), Formula('""', "")]})
    ((_, goal, *note),) = read(file)
    assert isinstance(goal, Uncomputed)
    assert note == []


def test_what_stands_behind_the_cells_is_none_of_them(tmp_path):
    more = f"<extLst><ext><f>{'x' * (LONGEST_CELL + 1)}</f></ext></extLst>"
    file = xlsx(tmp_path / "mappe.xlsx", HEAD | {2: [K, "19"]}, behind=more)
    assert read(file) == [[K, "19"]]


@pytest.mark.parametrize(
    ("serial", "day"), [(1, "1900-01-01"), (59, "1900-02-28"), (61, "1900-03-01"), (46112, "2026-03-31")]
)
def test_days_count_as_excel_counts_them(tmp_path, serial, day):
    file = xlsx(tmp_path / "mappe.xlsx", HEAD | {2: [K, Day(serial), Day(serial + 0.75)]})
    assert read(file) == [[K, day, f"{day} 18:00:00"]]


@pytest.mark.parametrize(
    ("number", "text"),
    [(0.1 + 0.2, "0.30000000000000004"), (1234.56, "1234.56"), (1e-7, "1e-07"), (19, "19")],
)
def test_numbers_are_read_as_they_were_typed(tmp_path, number, text):
    assert read(xlsx(tmp_path / "mappe.xlsx", HEAD | {2: [K, number]})) == [[K, text]]


def test_the_only_sheet_with_a_list_is_read_and_the_others_are_named(tmp_path):
    cover, other = {1: ["Stadt Dortmund"]}, {3: ["Legende", "19 = Aue"]}
    file = workbook(
        tmp_path / "mappe.xlsx", {"Deckblatt": cover, "Liste": HEAD | {2: [K, 19]}, "Legende": other}
    )
    table = lists.read_file("Liste", StoredTable(Path(file), None), ["flstkennz"])
    assert [row for _, row in table.rows] == [[K, "19"]]
    assert table.unread == ["Deckblatt", "Legende"]


def test_several_sheets_with_lists_are_refused_unless_one_is_named(tmp_path):
    file = workbook(
        tmp_path / "mappe.xlsx", {name: HEAD | {2: [K, goal]} for name, goal in {"A": 2, "B": 19}.items()}
    )
    with pytest.raises(
        QgsProcessingException, match=r"2 of its sheets hold a list \(A, B\); name one.*layername=A"
    ):
        read(file)
    assert read(file, "B") == [[K, "19"]]
    with pytest.raises(QgsProcessingException, match=r"no sheet “C”, but A, B"):
        read(file, "C")


CELL = "<table:table-cell><text:p>{}</text:p></table:table-cell>"
ODS_HEAD = (
    f"<table:table-row>{CELL.format('flstkennz')}{CELL.format('hz')}{CELL.format('notiz')}</table:table-row>"
)


def test_cells_of_an_opendocument_sheet(tmp_path):
    note = (
        "<table:table-cell><office:annotation><text:p>Kommentar</text:p></office:annotation>"
        "<text:p>eins<text:s text:c='2'/>zwei</text:p><text:p><text:span>fett</text:span>!</text:p>"
        "<draw:frame><draw:text-box><text:p>Bild</text:p></draw:text-box></draw:frame></table:table-cell>"
    )
    cell = '<table:table-cell office:value-type="{}" office:{}="{}"><text:p>{}</text:p></table:table-cell>'
    number = cell.format("float", "value", "19", "19,00")
    day = cell.format("date", "date-value", "2026-03-31", "31.3.")
    none = '<table:table-cell table:formula="of:=[.A1]"/>'
    never = '<table:table-cell table:formula="of:=[.A1]" office:value-type="float"/>'
    empty = '<table:table-cell table:number-columns-repeated="1021"/>'
    rows = "".join(
        f"<table:table-row>{CELL.format(K)}{cells}{empty}</table:table-row>"
        for cells in (number + note, day + none, day + never)
    )
    filler = f'<table:table-row table:number-rows-repeated="1048572">{empty}</table:table-row>'
    file = ods(tmp_path / "mappe.ods", f'<table:table table:name="L">{ODS_HEAD}{rows}{filler}</table:table>')
    found = read(file)
    assert found == [[K, "19", "eins  zwei\nfett!"], *[[K, "2026-03-31", "=[.A1]"]] * 2]
    assert all(isinstance(row[2], Uncomputed) for row in found[1:])


def test_rows_of_an_opendocument_sheet_repeat_and_keep_their_numbers(tmp_path):
    row = f"{CELL.format(K)}{CELL.format('19')}"
    body = (
        f'<table:table-row table:number-rows-repeated="2">{row}</table:table-row>'
        '<table:table-row table:number-rows-repeated="5"/>'
        f"<table:table-row>{row}</table:table-row>"
    )
    file = ods(tmp_path / "mappe.ods", f'<table:table table:name="L">{ODS_HEAD}{body}</table:table>')
    table = lists.read_file("Liste", StoredTable(Path(file), None), ["flstkennz"])
    assert [number for number, cells in table.rows if any(cells)] == [2, 3, 9]


@pytest.mark.parametrize("ending", ["xlsx", "ods"])
def test_what_is_no_spreadsheet_is_said(tmp_path, ending):
    broken, other = tmp_path / f"a.{ending}", tmp_path / f"b.{ending}"
    broken.write_bytes(b"kein Zip")
    with ZipFile(other, "w") as archive:
        archive.writestr("unfug.xml", "<a/>")
    for file, reason in (
        (broken, "is no spreadsheet, or one with a password"),
        (other, "of the file is missing"),
    ):
        with pytest.raises(QgsProcessingException, match=reason):
            read(file)


# -- limits ---------------------------------------------------------------------------------------------


def blank_csv(folder: Path, rows: int) -> str:
    return str(text_file(folder, "flstkennz;hz\n" + "\n" * rows))


def blank_xlsx(folder: Path, rows: int) -> str:
    return bomb(folder, '<row><c r="A1" t="inlineStr"><is><t>flstkennz</t></is></c></row>', "<row/>" * rows)


def wide_xlsx(folder: Path, rows: int) -> str:
    return bomb(
        folder,
        '<row><c r="A1" t="inlineStr"><is><t>flstkennz</t></is></c></row>',
        '<row><c r="XFD9"/></row>' * rows,
    )


def blank_ods(folder: Path, rows: int) -> str:
    return ods(folder / "leer.ods", f"<table:table>{ODS_HEAD}{'<table:table-row/>' * rows}</table:table>")


def bomb(folder: Path, head: str, rows: str) -> str:
    """Write a sheet that packs to almost nothing."""
    file = Path(xlsx(folder / "vorlage.xlsx", {}))
    with ZipFile(file) as old, ZipFile(folder / "leer.xlsx", "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            sheet = f"<worksheet><sheetData>{head}{rows}</sheetData></worksheet>"
            new.writestr(name, sheet if "worksheets" in name else old.read(name))
    return str(folder / "leer.xlsx")


@pytest.mark.parametrize("write", [blank_csv, blank_xlsx, wide_xlsx, blank_ods])
def test_empty_rows_take_no_memory(tmp_path, write):
    file = write(tmp_path, 10_000)
    tracemalloc.start()
    table = lists.read_file("Liste", StoredTable(Path(file), None), ["flstkennz"])
    assert sum(1 for _ in table.rows) <= 1
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 1_000_000


@pytest.mark.parametrize("write", [blank_csv, blank_xlsx, blank_ods])
def test_a_list_with_more_rows_than_a_spreadsheet_is_refused(tmp_path, write, monkeypatch):
    for module in (lists, sheets):
        monkeypatch.setattr(module, "MOST_ROWS", 1000)
    assert read(write(tmp_path, 998)) == []
    with pytest.raises(QgsProcessingException, match="more than 1000 rows, empty ones too; divide it"):
        read(write(tmp_path, 1002))


@pytest.mark.parametrize(
    "sheet",
    [
        f"<row><c><is><t>{'a' * 140_000}</t></is></c></row>",
        f"<row><c><v>{'1' * 140_000}</v></c></row>",
        f"<row a='{'a' * 5_000_000}'/>",
        f"<!--{'a' * 5_000_000}-->",
        '<row><c r="XFE1"><v>1</v></c></row>',
        "<row><c r='A1048577'/></row><row r='1048577'/>",
        "<row><c></row>",
        "<row>",
    ],
)
def test_what_no_spreadsheet_holds_is_refused(tmp_path, sheet):
    with pytest.raises(QgsProcessingException, match="Liste cannot be read as a list"):
        read(bomb(tmp_path, "", sheet))


def test_a_line_without_an_end_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(lists, "LONGEST_ROW", 10_000)
    with pytest.raises(QgsProcessingException, match="more than 131072 characters"):
        read(text_file(tmp_path, "flstkennz;hz\n" + "a;" * 10_000))


# -- a million rows -------------------------------------------------------------------------------------


def listed(number: int, note: str | None = None) -> ListedRow:
    key = parcel_key(f"051234007{number % 100_000:05}0001__")
    said = Said((2, 19), Role.STOCK, None, "Lippe", None, note, 12.5 if number % 2 else None, "hz19")
    refusals = [Refusal(number, "hz", "28", "unbekannt")] if number % 3 == 0 else []
    return ListedRow(number, key.delivered, key, said, refusals)


def test_rows_come_back_as_they_were():
    rows = [listed(number, f"Zeile {number}") for number in range(50)]
    rows.append(ListedRow(77, "xyz", None, Said(), [Refusal(77, "flstkennz", "xyz", "keine Ziffer")]))
    held = ListedRows(rows)
    assert [held[place] for place in range(len(held))] == rows
    assert list(held.without_key()) == [50]
    assert held.projects() == ["Lippe"]
    assert [held.key(place) for (place,) in (of_key for part in held.portions(7) for of_key in part)]


def test_rows_that_say_the_same_are_found_and_counted():
    rows = [listed(number % 10) for number in range(30)]
    for number, row in enumerate(rows, 1):
        row.number = number
    held = ListedRows(rows)
    assert list(held.places()) == list(range(10))
    assert [held.repeats(place) for place in range(10)] == [[n + 11, n + 21] for n in range(10)]


@pytest.mark.parametrize("held_bytes", [2**24, 100])
def test_rows_whose_digests_are_equal_stay_apart(monkeypatch, held_bytes):
    from gruene_infra.gruene_infra_plugin.register import listed_rows

    monkeypatch.setattr(listed_rows, "_digest", lambda _: 7)
    monkeypatch.setattr(listed_rows, "IN_MEMORY", held_bytes)
    rows = [listed(number) for number in (1, 2, 4)]
    held = ListedRows([*rows, rows[1]])
    assert list(held.places()) == [0, 1, 2]
    assert held.repeats(1) == [2]
    (portion,) = held.portions(10)
    assert sorted(portion) == [[0], [1], [2]]
    disk = ParcelsOnDisk(held)
    shapes = [geometry(box(0, 0, 10 * n, 10)) for n in (1, 2, 3)]
    parcels = [ParcelRecord.of(row.delivered, shape) for row, shape in zip(rows, shapes, strict=True)]
    for parcel in parcels:
        disk.add(parcel)
    assert [disk.parts(row.key.key) for row in rows] == [[parcel] for parcel in parcels]
    assert sorted(disk, key=str) == sorted(([parcel] for parcel in parcels), key=str)
    disk.close()


def test_a_row_takes_less_than_200_bytes():
    count = 20_000
    tracemalloc.start()
    held = ListedRows(listed(number, f"Zeile {number}") for number in range(count))
    kept, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(held) == count
    assert kept < 200 * count
    assert peak < 400 * count


# -- what is written ------------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", ["csv", "xlsx", "ods"])
def test_signs_that_no_xml_holds_spoil_nothing_behind_them(tmp_path, ending):
    file = str(tmp_path / f"liste.{ending}")
    writing = Writing({"OUTPUT": file})
    writing.open()
    for text in ("flstkennz", "a\ufffeb\uffff", "=c", "d\x01e"):
        writing.outputs.add("OUTPUT", [text, 1.0])
    writing.outputs.finish()
    table = lists.read_file("Liste", StoredTable(Path(file), None), ["flstkennz"])
    assert [row[0] for _, row in table.rows if any(row)][:2] == ["a\ufffdb\ufffd", "=c"]
