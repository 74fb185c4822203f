"""The algorithm import_assignments: lists as offices have them, into both databases."""

from __future__ import annotations

import pytest
from gruene_infra.gruene_infra_plugin.register import store
from gruene_infra.gruene_infra_plugin.register.model import Project, Role, Status
from gruene_infra.gruene_infra_plugin.spatial.writing import outputs
from gruene_infra.gruene_infra_plugin.spatial.writing.outputs import Outputs
from gruene_infra.processing.algorithms import import_assignments
from qgis.core import (
    QgsField,
    QgsProcessingException,
    QgsProcessingFeatureSourceDefinition,
    QgsProject,
    QgsVectorFileWriter,
    QgsVectorLayer,
    QgsVectorLayerJoinInfo,
)
from qgis.PyQt.QtCore import QMetaType

from ...layer_factory import box, layer, saved, table
from ...sheet_factory import Day, Formula, workbook, xlsx
from .registers import key, parcel

K1, K2, K3 = (f"051234-007-{n}" for n in (1, 2, 3))


@pytest.fixture
def take(run, register, site, where, tmp_path):
    """Import rows or a file and return the report; ``take.found`` lists what the register holds then."""

    def start(source, **given):
        if isinstance(source, bytes):
            file = tmp_path / "Liste für Ämter.csv"
            file.write_bytes(source)
            source = str(file)
        elif isinstance(source, dict):
            source = xlsx(tmp_path / "Liste für Ämter.xlsx", source)
        start.run = run("import_assignments", LIST=source, WHO="Anna", **given, **where)
        return start.run.rows()

    start.found = lambda: [(a.parcel, a.hz, a.role.value, a.note) for a in site.open().assignments()]
    start.refused = lambda source, match, **given: refused(start, site, source, match, given)
    return start


def refused(take, site, source, match, given):
    with pytest.raises(QgsProcessingException, match=match) as error:
        take(source, **given)
    assert site.open().assignments() == site.open().parcels() == []
    return str(error.value)


def results(report):
    return [(row["zeile"], row["ergebnis"]) for row in report]


TEXT = "Flst-Kennz{0} HZ {0}Rolle{0}Notiz\r\n051234-007-1{0}2{0}Maßnahme{0}Böschung\r\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_a_csv_file_is_read_in_any_encoding_with_any_separator(take, encoding, separator):
    report = take(TEXT.format(separator).encode(encoding))
    assert take.found() == [(key(1), 2, "Maßnahme", "Böschung")]
    assert report == [
        {"zeile": 2, "kennzeichen": K1, "schluessel": key(1), "ergebnis": "übernommen"}
        | {"grund": "area not known, counts as 0 m²"}
    ]
    assert take.run.results["COUNT"] == 1


def test_titles_empty_lines_and_quoted_breaks_keep_the_numbers_of_the_rows(take):
    head = "Liste der Flurstücke, Stand 2026\n\nFLSTKENNZ;Ziele;Notiz\n"
    data = f'{head}{K1};2;"eins\nzwei"\n;;\n\n{K2};19;"a;b"\n'
    assert results(take(data.encode())) == [(4, "übernommen"), (8, "übernommen")]
    assert take.found() == [(key(1), 2, "Maßnahme", "eins\nzwei"), (key(2), 19, "Maßnahme", "a;b")]


@pytest.mark.parametrize(
    ("cell", "goals"),
    [
        ("2, 19; 22", [2, 19, 22]),
        ("HZ 2 und HZ19", [2, 19]),
        ("HZ02/", None),
        ("19.0", [19]),
        ("19,0", [19]),
        ("2,19", [2, 19]),
        ("2.19", None),
        ("2-5", None),
        ("zwei", None),
        ("", None),
        ("28", None),
        ("0", None),
        ("2,28", None),
    ],
)
def test_a_cell_lists_goals_or_is_refused_with_row_column_and_value(take, cell, goals):
    data = f'flstkennz;hz;notiz\n{K1};"{cell}";x\n'.encode()
    if goals is None:
        message = take.refused(data, "1 rows cannot be taken")
        assert f"row 2, hz “{cell}”" in message
    else:
        take(data)
        assert [goal for _, goal, *_ in take.found()] == goals


def test_a_number_of_some_thousand_digits_is_no_goal(take):
    take.refused(f'flstkennz;hz;notiz\n{K1};"2, {"9" * 5000}";x\n'.encode(), "1 rows cannot be taken")


def test_a_column_per_goal_holds_yes_or_no(take):
    take({1: ["Flurstück", "HZ 2", "HZ 19", "hz_22"], 2: [K1, "x", None, "ja"], 3: [K2, "nein", "X", 0]})
    assert [found[:2] for found in take.found()] == [(key(1), 2), (key(1), 22), (key(2), 19)]


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ([K1, "vielleicht"], "HZ 2 “vielleicht”: neither yes nor no"),
        ([K1, None], "no Handlungsziel is marked"),
    ],
)
def test_a_column_per_goal_with_anything_else_is_refused(take, row, says):
    assert says in take.refused({1: ["flstkennz", "HZ 2"], 2: row}, "row 2")


def test_a_goal_that_the_strategy_lacks_is_refused_also_as_a_column(take):
    take.refused({1: ["flstkennz", "HZ 28"], 2: [K1, "x"]}, "no Handlungsziel 28")


@pytest.mark.parametrize(
    ("rows", "row"),
    [
        ([f'{K1};2;"Am Teich', f"{K2};2;ok", f"{K3};2;ok"], 2),
        ([f"{K1};2;ok", f'{K2};2;"Am Teich'], 3),
        ([f'{K1};2;"eins\nzwei"', f'{K2};2;"Am Teich', f"{K3};2;ok", ""], 4),
        ([f'{K1};2;"Am ""Teich', f"{K2};2;ok", f'{K3};2;"a;b"'], 2),
        ([f'{K1};2;"Am Teich', f"{K2};2;{'x' * 140_000}"], 2),
    ],
)
def test_a_quote_that_never_closes_is_refused_with_its_row(take, rows, row):
    data = "\n".join(["flstkennz;hz;notiz", *rows]).encode()
    take.refused(data, f"a quoted cell that begins in row {row} is never closed")
    take.refused(data, "a quoted cell", SKIP_BAD=True)


def test_quotes_within_a_cell_are_no_reason_to_refuse(take):
    cells = ['"Am Teich" Süd', '"eins\r\nzwei";"so" ist es', '5" Rohr', '"a ""b"";\nc"', '"zu" Ende']
    lines = [f"051234-007-{number};2;{cell}" for number, cell in enumerate(cells, 1)]
    take("\r\n".join(["flstkennz;hz;notiz;sonst", *lines]).encode())
    assert [note for *_, note in take.found()] == [
        "Am Teich Süd",
        "eins\r\nzwei",
        '5" Rohr',
        'a "b";\nc',
        "zu Ende",
    ]


def test_a_row_with_more_cells_than_columns_is_refused(take):
    data = f"flstkennz;hz;notiz\n{K1};2;a;b;c\n{K2};2;a;;\n{K3}\n".encode()
    message = take.refused(data, "2 rows cannot be taken")
    assert "row 2, “b”: more cells than columns" in message
    assert results(take(data, SKIP_BAD=True)) == [(2, "abgelehnt"), (3, "übernommen"), (4, "abgelehnt")]
    assert take.found() == [(key(2), 2, "Maßnahme", "a")]


# -- keys in other forms ---------------------------------------------------------------------------------


@pytest.mark.parametrize("column", ["Gemarkung", "Gemarkungsnummer", "Flur"])
@pytest.mark.parametrize("cell", ["12/3", "12"])
def test_a_part_of_the_key_beside_gemarkung_or_flur_is_refused(take, column, cell):
    data = f"{column};Flurstück;hz\n7;{cell};2\n7;{K1};2\n".encode()
    message = take.refused(data, "1 rows cannot be taken")
    assert f"row 2, Flurstück “{cell}”: only a part of the key" in message
    assert results(take(data, SKIP_BAD=True)) == [(2, "abgelehnt"), (3, "übernommen")]


def test_a_whole_key_that_became_a_number_keeps_its_reason_beside_gemarkung(take):
    take.refused(b"Gemarkung;flstkennz;hz\n7;51234007000120003;2\n", "formatted as text")


def test_keys_kept_as_delivered_are_counted_in_one_warning(take):
    rows = "".join(f"{cell};2\n" for cell in ("12/3", "12/4", K1, "12/5", "12/6", "12/3"))
    take(f"flstkennz;hz\n{rows}x;2\n".encode(), SKIP_BAD=True)
    said = [line for line in take.run.log.warnings if "ALKIS" in line]
    assert said == ["4 keys are not in the form of ALKIS and kept as delivered: 12/3, 12/4, 12/5 …"]


# -- what spreadsheets do -------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [51234007000120003, 5.1234007000120003e16, 5123400700012])
def test_a_key_that_became_a_number_is_refused_with_the_reason(take, number):
    message = take.refused({1: ["flstkennz", "hz"], 2: [number, 2]}, "row 2, flstkennz")
    assert "formatted as text" in message


@pytest.mark.parametrize("cell", ["5,1234E+16", "51234007000120003", "51234007000120003.0"])
def test_a_csv_key_that_a_spreadsheet_spoiled_is_refused_too(take, cell):
    assert "formatted as text" in take.refused(f"flstkennz;hz\n{cell};2\n".encode(), "row 2, flstkennz")


def test_keys_of_digits_stored_as_text_keep_their_zero(take):
    take({1: ["flstkennz", "hz"], 2: ["051234007000120003", 2]})
    assert take.found() == [("051234007000120003__", 2, "Maßnahme", None)]


def test_a_csv_key_of_digits_keeps_its_zero(take):
    take(b"flstkennz,hz\n051234007000120003,2\n")
    assert take.found() == [("051234007000120003__", 2, "Maßnahme", None)]


@pytest.fixture
def merged(tmp_path):
    """Rows 2 and 3 share one merged cell of the key; row 5 stands alone without one."""
    rows = {1: ["flstkennz", "hz"], 2: [K1, 2], 3: [None, 19], 5: [None, 22]}
    return xlsx(tmp_path / "verbunden.xlsx", rows, merged=["A2:A3"])


def test_cells_below_a_merged_key_are_never_given_to_it_silently(take, merged):
    message = take.refused(merged, "2 rows cannot be taken")
    assert "row 3" in message
    assert "FILL_DOWN" in message


def test_merged_keys_are_filled_if_asked_for_but_not_across_an_empty_row(take, merged):
    report = take(merged, FILL_DOWN=True, SKIP_BAD=True)
    assert results(report) == [(2, "übernommen"), (3, "übernommen"), (5, "abgelehnt")]
    assert [found[:2] for found in take.found()] == [(key(1), 2), (key(1), 19)]


def test_role_status_and_project_of_merged_rows_come_with_the_key(take, tmp_path, register, site):
    register.add_project(Project("Lippe"))
    rows = {
        1: ["flstkennz", "hz", "rolle", "status", "projekt", "notiz"],
        2: [K1, 2, "Bestand", "umgesetzt", "Lippe", "Ufer"],
        3: [None, 19],
        4: [None, 22, "Potenzial"],
        5: [None, 13],
        6: [K2, 2],
    }
    file = xlsx(tmp_path / "verbunden.xlsx", rows, merged=["A2:A5", "C2:C3", "D2:D5", "E2:E5"])
    take(file, FILL_DOWN=True)
    found = {
        (a.parcel, a.hz): (a.role.value, a.status.value, a.project is not None, a.note)
        for a in site.open().assignments()
    }
    assert found == {
        (key(1), 2): ("Bestand", "umgesetzt", True, "Ufer"),
        (key(1), 13): ("Bestand", "umgesetzt", True, None),
        (key(1), 19): ("Bestand", "umgesetzt", True, None),
        (key(1), 22): ("Potenzial", "umgesetzt", True, None),
        (key(2), 2): ("Maßnahme", "Idee", False, None),
    }


@pytest.mark.parametrize("word", ["Summe", "GESAMT:", "Zwischensumme Flur 7", "Total (m²)", "Insgesamt"])
@pytest.mark.parametrize("fill", [True, False])
def test_a_row_of_totals_is_no_goal_of_the_parcel_above(take, word, fill):
    data = f"lfd;flstkennz;hz\n1;{K1};2\n{word};;3\n;;4\n".encode()
    message = take.refused(data, "2 rows", FILL_DOWN=fill)
    assert f"row 3, lfd “{word}”: a row of totals, no parcel" in message
    report = take(data, FILL_DOWN=fill, SKIP_BAD=True)
    assert results(report) == [(2, "übernommen"), (3, "abgelehnt"), (4, "abgelehnt")]


@pytest.mark.parametrize("cell", ["Gesamt neu gepflanzt", "Gesamtschule", "Summer"])
def test_a_word_in_a_note_makes_no_row_of_totals(take, cell):
    take(f"flstkennz;hz;notiz\n{K1};2;\n;3;{cell}\n".encode(), FILL_DOWN=True)
    assert [found[1:] for found in take.found()] == [(2, "Maßnahme", None), (3, "Maßnahme", cell)]


def test_days_numbers_and_formulas_come_as_what_is_stored(take):
    cells = [Day(46112), 2026, 0.5, Formula("1+2", 3), Formula('"a"&"b"', "ab"), Formula("1+2")]
    take({1: ["flstkennz", "hz", "notiz"]} | {n: [f"051234-007-{n}", 2, c] for n, c in enumerate(cells, 2)})
    assert [note for *_, note in take.found()] == ["2026-03-31", "2026", "0.5", "3", "ab", None]


def test_a_goal_that_became_a_day_is_refused(take):
    assert "hz “2026-03-02”" in take.refused({1: ["flstkennz", "hz"], 2: [K1, Day(46083)]}, "row 2")


def test_titles_above_the_header_and_gaps_keep_the_numbers_of_the_rows(take):
    report = take({1: ["Grünflächenamt"], 4: ["Lfd.", " FLURSTÜCK ", "hz"], 5: [1, K1, 2], 9: [2, K2, 19]})
    assert results(report) == [(5, "übernommen"), (9, "übernommen")]


def test_a_sheet_is_chosen_by_name_and_a_missing_one_is_said(take, tmp_path):
    file = xlsx(tmp_path / "mappe.xlsx", {1: ["flstkennz", "hz"], 2: [K1, 2]})
    assert results(take(f"{file}|layername=Liste")) == [(2, "übernommen")]


def test_an_opendocument_sheet_is_read(take, tmp_path):
    rows = table({"flstkennz": [K1, "051234007000120003"], "hz": ["2", "19"]}, name="Liste")
    file = tmp_path / "liste.ods"
    written_with(rows, file, "ODS")
    take(str(file))
    assert [found[:2] for found in take.found()] == [(key(1), 2), ("051234007000120003__", 19)]


def written_with(source, path, driver):
    options = QgsVectorFileWriter.SaveVectorOptions()
    options.driverName = driver
    context = QgsProject.instance().transformContext()
    error, message, *_ = QgsVectorFileWriter.writeAsVectorFormatV3(source, str(path), context, options)
    assert error == QgsVectorFileWriter.WriterError.NoError, message


# -- rows together ---------------------------------------------------------------------------------------


def test_equal_rows_count_once_and_the_report_says_where_they_are(take):
    report = take(f"flstkennz;hz\n{K1};2\n{K2};2\n051234007000010000;2\n".encode())
    assert results(report) == [(2, "übernommen"), (3, "übernommen")]
    assert "also in rows 4" in report[0]["grund"]
    assert take.run.results["COUNT"] == 2


def test_a_goal_named_again_with_the_same_words_is_no_contradiction(take):
    report = take(f"flstkennz;hz\n{K1};2\n{K1};2, 19\n{K1};19\n".encode())
    assert results(report) == [(2, "übernommen"), (3, "übernommen"), (4, "unverändert")]


def test_rows_that_contradict_each_other_are_refused(take):
    data = f"flstkennz;hz;status\n{K1};2;Idee\n{K1};2;geplant\n".encode()
    assert "says something else than row 2" in take.refused(data, "row 3")


def test_the_first_five_refusals_are_listed_and_all_rows_counted(take):
    rows = "".join(f"{K1};{goal};x\n" for goal in range(30, 37))
    message = take.refused(f"flstkennz;hz;rolle\n{rows}".encode(), "7 rows")
    assert message.count("row ") == 5
    assert message.endswith("…")
    assert "must be one of Bestand" in message


def test_bad_rows_are_left_out_and_reported_if_asked_for(take):
    data = f"flstkennz;hz;rolle\n{K1};2;potenzial\n{K2};28;\nxyz;2;\n{K3};2;Chef\n;2;\n".encode()
    report = take(data, SKIP_BAD=True)
    assert results(report) == [(2, "übernommen"), *((n, "abgelehnt") for n in (3, 4, 5, 6))]
    assert [row["grund"] for row in report[1:4]] == [
        "hz “28”: the strategy has no Handlungsziel 28",
        "flstkennz “xyz”: no digit in it",
        "rolle “Chef”: must be one of Bestand, Potenzial, Maßnahme, Ausschluss",
    ]
    assert take.found() == [(key(1), 2, "Potenzial", None)]


# -- parcels, projects, what is there already --------------------------------------------------------------


def test_parcels_give_area_and_geometry_and_unknown_keys_are_refused(take, site):
    parcels = layer([box(0, 0, 10, 20), box(20, 0, 10, 20)], {"kennung": [K1, K1]}, name="alkis")
    given = {"PARCELS": parcels, "PARCELS_KEY_FIELD": "kennung"}
    data = f"flstkennz;hz\n{K1};2\n{K2};2\n".encode()
    assert "neither alkis nor the register" in take.refused(data, "row 3", **given)
    assert results(take(data, SKIP_BAD=True, **given)) == [(2, "übernommen"), (3, "abgelehnt")]
    (found,) = site.open().parcels()
    assert (found.area_m2, found.wkb is None) == (400.0, False)


@pytest.mark.parametrize(("cell", "area"), [("1.234,5", 1234.5), ("1234,5", 1234.5), ("1234.5", 1234.5)])
def test_without_parcels_the_area_is_that_of_the_list(take, site, cell, area):
    (row,) = take(f"flstkennz;hz;flaeche_m2\n{K1};2;{cell}\n".encode())
    assert [found.area_m2 for found in site.open().parcels()] == [area]
    assert not row["grund"]


@pytest.mark.parametrize("cell", ["1.234", "viel", "-5"])
def test_an_area_that_could_mean_anything_is_refused(take, cell):
    take.refused(f"flstkennz;hz;flaeche_m2\n{K1};2;{cell}\n".encode(), "row 2, flaeche_m2")


def test_projects_are_found_and_missing_ones_added_only_if_asked_for(take, site, register):
    register.add_project(Project("Emscherumbau"))
    data = f"flstkennz;hz;projekt\n{K1};2;Emscherumbau\n{K2};2;Lippe\n{K3};2;\n".encode()
    take.refused(data, "“Lippe”: the register has no such project")
    take(data, CREATE_PROJECTS=True)
    names = {project.id: project.name for project in site.open().projects()}
    found = [names.get(record.project) for record in site.open().assignments()]
    assert found == ["Emscherumbau", "Lippe", None]


def test_the_whole_import_is_one_step_that_can_be_undone(take, site):
    take(f"flstkennz;hz;projekt\n{K1};2;Lippe\n{K2};19;\n".encode(), CREATE_PROJECTS=True)
    site.open().undo()
    assert site.open().assignments() == site.open().projects() == []
    site.assert_sound()


def test_the_same_list_again_changes_nothing(take, site):
    data = f"flstkennz;hz;notiz\n{K1};2, 19;Ufer\n".encode()
    take(data)
    entries = site.count("verlauf")
    assert results(take(data)) == [(2, "unverändert")]
    assert site.count("verlauf") == entries


@pytest.mark.parametrize(
    ("choice", "note", "result"), [("mine", "neu", "übernommen"), ("theirs", "alt", "unverändert")]
)
def test_a_differing_entry_stays_or_goes_as_asked(take, register, choice, note, result):
    register.assign([parcel(1)], [2], Role.MEASURE, note="alt")
    data = f"flstkennz;hz;notiz\n{K1};2;neu\n{K2};2;neu\n".encode()
    with pytest.raises(QgsProcessingException, match=f"{key(1)}.*alt.*neu"):
        take(data)
    assert [found[3] for found in take.found()] == ["alt"]
    assert results(take(data, ON_CONFLICT=choice)) == [(2, result), (3, "übernommen")]
    assert [found[3] for found in take.found()] == [note, "neu"]


def test_a_report_that_cannot_be_stored_leaves_the_register_as_it_was(take, monkeypatch):
    def fail(*_):
        raise QgsProcessingException("only 0 of 1 rows were stored")

    monkeypatch.setattr(Outputs, "_check_complete", fail)
    take.refused(f"flstkennz;hz\n{K1};2\n".encode(), "only 0 of 1")


def test_defaults_hold_where_the_list_says_nothing(take, site):
    data = f"flstkennz;hz;rolle;status\n{K1};2;Bestand;in  umsetzung\n{K2};2;;\n".encode()
    take(data, ROLE="Ausschluss", STATUS="verworfen")
    assert [(found.role, found.status) for found in site.open().assignments()] == [
        (Role.STOCK, Status.UNDER_WAY),
        (Role.EXCLUSION, Status.REJECTED),
    ]


def area_of(site):
    return {found.key.key: found.area_m2 for found in site.open().parcels()}


@pytest.mark.parametrize("first", ["", "0"])
def test_the_first_known_area_of_a_parcel_in_several_rows_counts(take, site, first):
    report = take(f"flstkennz;hz;flaeche_m2\n{K1};2;{first}\n{K1};13;250\n{K1};19;\n".encode())
    assert area_of(site) == {key(1): 250.0}
    assert [row["grund"] for row in report] == ["", "", ""]
    assert not any("without area" in line for line in take.run.log.warnings)


def test_two_areas_of_one_parcel_are_refused(take, site):
    data = f"flstkennz;hz;flaeche_m2\n{K1};2;100\n{K1};13;250,5\n{K2};2;30\n".encode()
    assert "has another area than row 2 for the same parcel: 250.5 m²" in take.refused(data, "row 3")
    assert results(take(data, SKIP_BAD=True)) == [(2, "übernommen"), (3, "abgelehnt"), (4, "übernommen")]
    assert area_of(site) == {key(1): 100.0, key(2): 30.0}


def test_areas_of_the_list_are_not_asked_where_parcels_give_them(take, site):
    parcels = layer([box(0, 0, 10, 20)], {"flstkennz": [K1]}, name="alkis")
    data = f"flstkennz;hz;flaeche_m2\n{K1};2;100\n{K1};13;250\n".encode()
    assert results(take(data, PARCELS=parcels)) == [(2, "übernommen"), (3, "übernommen")]
    assert area_of(site) == {key(1): 200.0}


def test_parcels_that_came_without_outline_get_it_when_the_list_comes_again_with_parcels(take, site):
    data = f"flstkennz;hz\n{K1};2\n".encode()
    take(data)
    assert area_of(site) == {key(1): 0.0}
    parcels = layer([box(0, 0, 10, 20)], {"flstkennz": [K1]}, name="alkis")
    assert results(take(data, PARCELS=parcels)) == [(2, "unverändert")]
    assert area_of(site) == {key(1): 200.0}
    assert all(parcel.wkb for parcel in site.open().parcels())


@pytest.mark.parametrize("choice", ["refuse", "mine"])
def test_a_list_without_status_leaves_that_of_what_is_there(take, register, site, choice):
    register.assign([parcel(1)], [2], Role.MEASURE, status=Status.DONE)
    report = take(f"flstkennz;hz\n{K1};2\n{K2};2\n".encode(), ON_CONFLICT=choice)
    assert results(report) == [(2, "unverändert"), (3, "übernommen")]
    assert [found.status for found in site.open().assignments()] == [Status.DONE, Status.IDEA]


# -- what QGIS shows of a file -------------------------------------------------------------------------------


@pytest.fixture
def shown(tmp_path):
    """A list as a layer of QGIS, of which only the first row is released."""
    file = tmp_path / "gezeigt.csv"
    rows = f"flstkennz;hz;Freigabe\n051234007000010000;2;ja\n{K2};2;nein\n{K3};2;nein\n"
    file.write_bytes(rows.encode())
    found = QgsVectorLayer(str(file), "liste", "ogr")
    QgsProject.instance().addMapLayer(found)
    return found


def test_a_filtered_layer_gives_the_rows_that_it_shows(take, shown):
    assert shown.setSubsetString("\"Freigabe\" = 'ja'")
    assert results(take(shown)) == [(1, "übernommen")]
    assert take.found() == [(key(1), 2, "Maßnahme", None)]


def test_a_filter_in_the_address_holds(take, shown):
    assert results(take(f"{shown.source()}|subset=\"Freigabe\" = 'ja'")) == [(1, "übernommen")]
    assert [found[0] for found in take.found()] == [key(1)]


def test_a_filter_or_limit_of_the_run_holds(take, shown):
    given = QgsProcessingFeatureSourceDefinition(shown.id(), featureLimit=2)
    assert len(take(given)) == 2
    given = QgsProcessingFeatureSourceDefinition(shown.id(), filterExpression="\"Freigabe\" = 'nein'")
    assert [row["schluessel"] for row in take(given)] == [key(2), key(3)]


def test_edits_that_are_not_saved_count(take, shown):
    assert shown.startEditing()
    shown.deleteFeature(2)
    shown.changeAttributeValue(3, 1, "19")
    take(shown)
    assert [found[:2] for found in take.found()] == [(key(1), 2), (key(3), 19)]
    shown.rollBack()


def test_a_virtual_field_counts(take, shown):
    shown.addExpressionField("'Ufer ' || \"hz\"", QgsField("notiz", QMetaType.Type.QString))
    take(shown)
    assert [found[3] for found in take.found()] == ["Ufer 2"] * 3


def test_a_joined_field_counts(take, shown):
    notes = table({"kennung": [K2, K3], "notiz": ["Ufer", "Teich"]})
    QgsProject.instance().addMapLayer(notes)
    join = QgsVectorLayerJoinInfo()
    join.setJoinLayer(notes)
    join.setJoinFieldName("kennung")
    join.setTargetFieldName("flstkennz")
    join.setPrefix("")
    join.setUsingMemoryCache(True)
    assert shown.addJoin(join)
    take(shown)
    assert [found[3] for found in take.found()] == [None, "Ufer", "Teich"]


def test_a_layer_that_shows_its_whole_file_is_read_as_the_text_in_it(take, shown):
    assert results(take(shown)) == [(2, "übernommen"), (3, "übernommen"), (4, "übernommen")]


# -- lists that cannot be one -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"a;b\n1;2\n", "choose KEY_FIELD among a, b"),
        (b"flstkennz;b\n1;2\n", "choose GOALS_FIELD among flstkennz, b"),
        (b"flstkennz;hz;HZ\n1;2;3\n", "2 columns are named “hz”"),
        (b"flstkennz;hz\n;\n\n", "it has no rows"),
    ],
)
def test_a_list_without_what_it_needs_says_which_columns_it_has(take, data, says):
    take.refused(data, says)


def test_a_file_that_is_no_spreadsheet_is_refused(take, tmp_path):
    file = tmp_path / "liste.xlsx"
    file.write_bytes(b"kein Zip")
    assert str(file) in take.refused(str(file), "LIST")


def test_a_table_of_the_project_counts_its_rows(take, tmp_path):
    rows = table({"flstkennz": [K1, None], "hz": [2, 19]}, name="liste")
    address = saved(rows, tmp_path / "liste.gpkg")
    assert results(take(address, SKIP_BAD=True)) == [(1, "übernommen"), (2, "abgelehnt")]


# -- what is read right, or refused with its row and a reason ------------------------------------------------

NO_VALUE = "a formula without its value"


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        ([Formula("A9"), 2], f"flstkennz “=A9”: {NO_VALUE}"),
        ([K1, Formula("1+1")], f"hz “=1+1”: {NO_VALUE}"),
        ([K1, 2, Formula("B9")], f"rolle “=B9”: {NO_VALUE}"),
        ([K1, 2, None, Formula("B9")], f"status “=B9”: {NO_VALUE}"),
        ([K1, 2, None, None, Formula("B9")], f"projekt “=B9”: {NO_VALUE}"),
        ([K1, 2, None, None, None, Formula("B9")], f"flaeche_m2 “=B9”: {NO_VALUE}"),
        (["=A1&B1", 2], "flstkennz “=A1&B1”: a formula, no Flurstückskennzeichen"),
        ([f"{K1}_x0007_a", 2], "a control character in it"),
        ([K1, "1_x0002_9"], "a control character in it"),
        ([K1, 2, "Chef"], "must be one of Bestand"),
        ([K1, 2, None, None, "Lip_x0000_pe"], "a control character in it"),
    ],
)
def test_formulas_without_value_and_control_characters_are_refused(take, cells, says):
    head = ["flstkennz", "hz", "rolle", "status", "projekt", "flaeche_m2"]
    message = take.refused({1: head, 2: cells}, "1 rows cannot be taken", CREATE_PROJECTS=True)
    assert "row 2, " in message
    assert says in message


@pytest.mark.parametrize("sign", ["\x00", "\x07", "\x1b", "\x7f", "\x85"])
@pytest.mark.parametrize("column", ["notiz", "beleg", "projekt", "algorithmus"])
def test_a_control_character_in_words_is_refused_with_its_row(take, sign, column):
    data = f"flstkennz;hz;{column}\n{K1};2;a{sign}b\n".encode()
    assert f"row 2, {column}" in take.refused(data, "a control character in it", CREATE_PROJECTS=True)


def test_a_text_file_that_qgis_does_not_open_is_read_and_not_replaced(take, tmp_path, run, where):
    file = tmp_path / "liste.txt"
    file.write_bytes(f"flstkennz\thz\r\n{K1}\t2\r\n".encode("utf-16"))
    assert results(take(str(file))) == [(2, "übernommen")]
    with pytest.raises(QgsProcessingException, match="OUTPUT would overwrite LIST"):
        run("import_assignments", LIST=str(file), OUTPUT=str(file), **where)


def test_the_sheet_that_is_read_is_found_and_others_are_named(take, tmp_path):
    rows = {"Deckblatt": {1: ["Stadt"]}, "Liste": {1: ["flstkennz", "hz"], 2: [K1, 2]}}
    take(workbook(tmp_path / "mappe.xlsx", rows))
    assert [found[:2] for found in take.found()] == [(key(1), 2)]
    assert "the sheets Deckblatt hold no list" in take.run.log.text


def test_a_table_loaded_from_a_marked_file_has_its_texts_back(take, tmp_path):
    file = tmp_path / "liste.csv"
    file.write_text(f"flstkennz;hz;notiz\n{K1};2;'=1+2\n{K2};2;x\n", encoding="utf-8")
    shown = QgsVectorLayer(f"file:///{file}?type=csv&delimiter=;&geomType=none", "liste", "delimitedtext")
    QgsProject.instance().addMapLayer(shown)
    take(shown)
    assert [note for *_, note in take.found()] == ["=1+2", "x"]


def test_parcels_of_a_layer_are_kept_on_disk_and_joined(take, site):
    shapes = [box(0, 0, 10, 20), box(20, 0, 10, 20), box(40, 0, 10, 20), box(41, 0, 10, 20), box(60, 0, 5, 5)]
    parcels = layer(shapes, {"flstkennz": [K1, K1, K2, K2, K3], "flaeche": [400.0, 400.0, None, None, 9.0]})
    take(f"flstkennz;hz\n{K1};2\n{K2};2\n{K3};2\n".encode(), PARCELS=parcels)
    assert area_of(site) == {key(1): 400.0, key(2): 220.0, key(3): 25.0}
    warnings = " ".join(take.run.log.warnings)
    assert f"1 parcels come in versions that overlap. What overlaps counts once: {key(2)}" in warnings
    assert f"official area of 1 parcels does not fit the outline, which counts: {key(3)}" in warnings


def test_many_rows_are_written_in_portions_and_in_the_order_of_the_list(take, site, monkeypatch):
    monkeypatch.setattr(store, "PORTION", 3)
    monkeypatch.setattr(import_assignments, "PARCELS_AT_ONCE", 4)
    keys = [f"051234-007-{n}" for n in range(20, 1, -1)]
    rows = "".join(f"{one};2, 19;P{n % 4}\n" for n, one in enumerate(keys))
    report = take(f"flstkennz;hz;projekt\n{rows}".encode(), CREATE_PROJECTS=True)
    assert [row["kennzeichen"] for row in report] == keys
    assert {row["ergebnis"] for row in report} == {"übernommen"}
    assert len(site.open().assignments()) == 38
    assert [project.name for project in sorted(site.open().projects(), key=lambda p: p.id)] == [
        "P0",
        "P1",
        "P2",
        "P3",
    ]
    site.open().undo()
    assert site.open().assignments() == []
    site.assert_sound()


def test_conflicts_in_all_portions_are_counted_and_nothing_is_written(take, register, site, monkeypatch):
    monkeypatch.setattr(store, "PORTION", 2)
    register.assign([parcel(n) for n in (1, 3, 5)], [2], Role.MEASURE, note="alt")
    rows = "".join(f"051234-007-{n};2;neu\n" for n in range(1, 7))
    data = f"flstkennz;hz;notiz\n{rows}".encode()
    with pytest.raises(QgsProcessingException, match="3 values differ"):
        take(data)
    assert [found[3] for found in take.found()] == ["alt"] * 3
    take(data, ON_CONFLICT="mine")
    assert [found[3] for found in take.found()] == ["neu"] * 6


def test_a_long_temporary_report_is_a_file(take, monkeypatch):
    monkeypatch.setattr(outputs, "MOST_IN_MEMORY", 2)
    take(f"flstkennz;hz\n{K1};2\n{K2};2\n{K3};2\n".encode())
    assert take.run.layer().dataProvider().storageType() == "GPKG"
    assert take.run.layer().featureCount() == 3
