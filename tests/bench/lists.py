"""import_assignments: lists of 1 000 000 rows, and small files that unpack to very much: memory."""

from __future__ import annotations

from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from session import measure, seconds

ROWS = 1_000_000
BLANK_LINES = 20_000_000
MOST_MB = 500.0
_CELL = '<c t="inlineStr"><is><t>{}</t></is></c>'


def report(folder: Path) -> list[tuple[str, float, str, float]]:
    """Return rows of (what, figure, bound as text, bound)."""
    text, sheet, blank = folder / "rows.csv", folder / "rows.xlsx", folder / "blank.csv"
    sparse = folder / "sparse.xlsx"
    with text.open("w", encoding="utf-8") as file:
        file.write("flstkennz;hz;rolle;notiz;flaeche_m2\n")
        file.writelines(f"{_key(n)};{1 + n % 27};Bestand;Zeile {n};{n % 5000}.5\n" for n in range(ROWS))
    _write_sheet(
        sheet, (f"<row>{_CELL.format(_key(n))}{_CELL.format(1 + n % 27)}</row>" for n in range(ROWS))
    )
    blank.write_text("flstkennz;hz\n" + "\n" * BLANK_LINES, encoding="utf-8")
    _write_sheet(sparse, ('<row><c r="XFD1"/></row>' for n in range(ROWS)))
    rows = []
    for what, file in (
        ("CSV", text),
        ("XLSX", sheet),
        ("blank lines, CSV", blank),
        ("blank rows, XLSX", sparse),
    ):
        found = measure("lists", "taking", folder / f"{file.stem}{file.suffix}.gpkg", file)
        rows.append((f"{what}: peak memory, MB", found["peak_mb"], "<=", MOST_MB))
        rows.append((f"{what}: seconds", found["seconds"], "", 0.0))
    return rows


def taking(place: str, file: str) -> dict[str, float]:
    """Return the seconds of taking a list into an empty register, or of refusing it."""
    from gruene_infra.gruene_infra_plugin.register.store import Register
    from qgis.core import QgsProcessingException

    import processing

    Register.create(Path(place)).close()
    values = {"LIST": file, "REGISTER": place, "OUTPUT": "TEMPORARY_OUTPUT"}

    def work() -> None:
        try:
            taken = processing.run("gruene_infra:import_assignments", values)["COUNT"]
        except QgsProcessingException:
            taken = 0
        if taken != (ROWS if Path(file).stem == "rows" else 0):
            raise SystemExit(f"{taken} rows of {file} were taken")

    return {"seconds": seconds(work)}


def _key(number: int) -> str:
    return f"05{1000 + number // 100_000:04}{number // 1000 % 100:03}{number % 1000:05}0001__"


def _write_sheet(path: Path, rows) -> None:
    """Write a workbook with one sheet, a row at a time."""
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns:r="{office}"><sheets><sheet name="Liste" r:id="a"/></sheets></workbook>',
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships><Relationship Id="a" Type="{office}/worksheet" Target="worksheets/a.xml"/>'
            "</Relationships>",
        )
        with archive.open("xl/worksheets/a.xml", "w") as part:
            part.write(
                f"<worksheet><sheetData><row>{_CELL.format('flstkennz')}{_CELL.format('hz')}</row>".encode()
            )
            part.writelines(row.encode() for row in rows)
            part.write(b"</sheetData></worksheet>")
