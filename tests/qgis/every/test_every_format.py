"""Results of every algorithm in every format that QGIS writes: read back as they were, or refused."""

from __future__ import annotations

import csv
import io
import re
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from gruene_infra.gruene_infra_plugin.methods.findings.finding import NUMBER_COLUMNS
from gruene_infra.gruene_infra_plugin.register.store import Register
from gruene_infra.gruene_infra_plugin.spatial.reading.usual_fields import result_columns
from gruene_infra.gruene_infra_plugin.spatial.writing import formats
from gruene_infra.processing.provider import GrueneInfraProvider
from qgis.core import (
    NULL,
    QgsProcessingException,
    QgsProcessingProvider,
    QgsVectorFileWriter,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QDate, QDateTime, Qt

from ...layer_factory import rows
from ...runs import Log
from .bad_input import files_in
from .every_algorithm import BY_ID, definitions
from .examples import example
from .ways import WAYS, targets

ENDINGS = sorted(QgsVectorFileWriter.supportedFormatExtensions())
WITH_FINDINGS = [n for n, a in BY_ID.items() if a.parameterDefinition("SUMMARY")]
SHAPES = [(n, d.name()) for n in BY_ID for d in definitions(n, "sink") if d.hasGeometry()]
TABLES = [(n, d.name()) for n in BY_ID for d in definitions(n, "sink") if not d.hasGeometry()]
FORMULAS = (
    "=1+2",
    "+49 203",
    "-5 °C",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "'=1",
    "''-",
    "'s Gravenhage",
    "5-3",
    "of:=1+2",
    "a;=1+2;'@b",
)
"""Texts of which a spreadsheet computes some."""


@pytest.fixture(params=ENDINGS)
def ending(request) -> str:
    return request.param


@pytest.fixture
def out(tmp_path) -> Path:
    """A folder for outputs, beside one for the inputs of another run."""
    (tmp_path / "nochmal").mkdir()
    made = tmp_path / "out"
    made.mkdir()
    return made


def told(value: object) -> object:
    """Return a value as all formats tell it: days as text, what is empty as ``None``, numbers as such."""
    if value in (None, NULL, ""):
        return None
    if isinstance(value, (QDate, QDateTime)):
        return value.toString(Qt.DateFormat.ISODate)[:10]
    return value


def content(source: QgsVectorLayer, names: list[str]) -> list[tuple]:
    """Return the values of columns with area and length, however the format orders its features."""
    found = []
    with formats.first_row_names_columns():
        source = QgsVectorLayer(source.source(), "", source.providerType()) if from_sheet(source) else source
        places = result_columns(source.fields(), names)
        for feature in source.getFeatures():
            shape = feature.geometry()
            values = [told(feature[places[name]]) for name in names]
            found.append((*values, round(shape.area(), 3), round(shape.length(), 3)))
    return sorted(found, key=repr)


def assert_nothing_is_computed(file: Path) -> None:
    """Assert that no cell of a CSV file is a formula; numbers below 0 are numbers."""
    with file.open(encoding="utf-8", newline="") as lines:
        cells = {cell for row in csv.reader(lines) for cell in row}
    for cell in cells:
        with suppress(ValueError):
            float(cell)
            continue
        assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n")), cell


def from_sheet(source: QgsVectorLayer) -> bool:
    return source.source().endswith((".xlsx", ".ods"))


def approximately(found: list[tuple], wanted: list[tuple]) -> None:
    """Numbers in texts have 15 digits."""
    assert len(found) == len(wanted)
    for row, expected in zip(found, wanted, strict=True):
        for value, other in zip(row, expected, strict=True):
            if isinstance(other, float):
                assert value == pytest.approx(other, rel=1e-12, abs=1e-12)
            else:
                assert value == other


def refused(said: str, name: str, ending: str) -> bool:
    """Say whether a run was refused because of the format, in words that say what to take instead."""
    return f"{name}: a .{ending} file does not keep all of this result. Choose .gpkg" in said


# -- all formats --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("algorithm_id", WITH_FINDINGS)
def test_findings_are_read_back_or_refused(run, algorithm_id, ending, out, tmp_path):
    said = {"AS_OF": "2026-06-30"}
    if BY_ID[algorithm_id].parameterDefinition("DATA_DATE"):
        said["DATA_DATE"] = "=HYPERLINK(1)"
    parameters = example(BY_ID[algorithm_id], tmp_path) | said
    place = str(out / f"befunde.{ending}")
    try:
        found = run(algorithm_id, Log(), **(parameters | {"SUMMARY": place}))
    except QgsProcessingException as error:
        assert refused(str(error), "SUMMARY", ending)
        assert ending not in formats.TABLES
        assert not files_in(out)
        return
    assert ending in formats.TABLES
    if ending == "csv":
        assert_nothing_is_computed(Path(place))
    again = example(BY_ID[algorithm_id], tmp_path / "nochmal") | said
    kept = run(algorithm_id, Log(), **again).layer("SUMMARY")
    monitors = [
        run("target_monitor", Log(), SUMMARIES=[table], AS_OF="2026-06-30").layer()
        for table in (found.results["SUMMARY"], kept)
    ]
    names = [name for name in monitors[1].fields().names() if name != "fid"]
    approximately(content(monitors[0], names), content(monitors[1], names))


@pytest.mark.parametrize(("algorithm_id", "name"), SHAPES)
def test_layers_are_read_back_or_refused(run, algorithm_id, name, ending, out, tmp_path):
    parameters = example(BY_ID[algorithm_id], tmp_path)
    lists = {name for name, output in BY_ID[algorithm_id].entry.outputs.items() if output.list}
    try:
        made = run(algorithm_id, Log(), **(parameters | {name: str(out / f"ergebnis.{ending}")})).layer(name)
    except QgsProcessingException as error:
        assert refused(str(error), name, ending)
        assert ending not in (formats.LISTS if name in lists else formats.LAYERS)
        assert not files_in(out)
        return
    assert ending in (formats.LISTS if name in lists else formats.LAYERS)
    kept = run(algorithm_id, Log(), **example(BY_ID[algorithm_id], tmp_path / "nochmal")).layer(name)
    names = [known for known in kept.fields().names() if known not in ("fid", "stand")]
    found, wanted = content(made, names), content(kept, names)
    if ending in ("csv", "xlsx", "ods"):
        found, wanted = [[row[:-2] for row in table] for table in (found, wanted)]
    else:
        assert made.crs() == kept.crs()
    approximately(found, wanted)


@pytest.mark.parametrize(("algorithm_id", "name"), [*SHAPES, *TABLES])
def test_formats_that_lose_something_are_refused_wherever_a_run_starts(algorithm_id, name, tmp_path):
    parameters = example(BY_ID[algorithm_id], tmp_path) | targets(algorithm_id, tmp_path)
    for way, start in WAYS.items():
        said = start(algorithm_id, parameters | {name: str(tmp_path / "verliert.kml")})
        assert refused(said, name, "kml"), (way, said)


def test_the_dialogs_of_qgis_offer_the_formats_that_are_written():
    provider = GrueneInfraProvider()
    assert set(provider.supportedOutputVectorLayerExtensions()) == {*formats.LISTS} & {*ENDINGS}
    assert set(provider.supportedOutputTableExtensions()) == {*formats.TABLES} & {*ENDINGS}
    assert provider.supportedOutputVectorLayerExtensions()[0] == "gpkg"
    assert isinstance(provider, QgsProcessingProvider)


# -- results as inputs of the next step --------------------------------------------------------------------


@pytest.mark.parametrize("ending", [e for e in formats.LAYERS if e != "gpkg"])
@pytest.mark.parametrize(
    "result",
    [
        "hz02_roof_greening.OUTPUT",
        "hz13_corridor_gaps.GAPS",
        "hz13_corridor_gaps.BOTTLENECKS",
        "hz19_floodplain_buildings.OUTPUT",
    ],
)
def test_parcel_potential_knows_results_in_every_format(run, result, ending, tmp_path):
    algorithm_id, _, name = result.partition(".")
    parameters, found = example(BY_ID["parcel_potential"], tmp_path), []
    for known in ("gpkg", ending):
        place = tmp_path / known / f"ergebnis.{known}"
        place.parent.mkdir()
        made = run(algorithm_id, Log(), **(example(BY_ID[algorithm_id], place.parent) | {name: str(place)}))
        given = {"PARCELS": parameters["PARCELS"], "RESULTS": [made.results[name]], "AS_OF": "2026-06-30"}
        potential = run("parcel_potential", Log(), **given)
        found.append((rows(potential.layer()), rows(potential.layer("SUMMARY"))))
    assert found[0][0]
    assert found[0][1]
    for one, other in zip(*found, strict=True):
        approximately([tuple(row.values()) for row in other], [tuple(row.values()) for row in one])


@pytest.mark.parametrize("ending", formats.LAYERS)
def test_roof_faces_of_tiles_are_evidence_in_every_format(run, ending, tmp_path):
    parameters = example(BY_ID["import_lod2"], tmp_path)
    outputs = {name: str(tmp_path / f"{name}.{ending}") for name in ("BUILDINGS", "ROOF_FACES")}
    made = run("import_lod2", Log(), **(parameters | outputs)).results
    given = {name: made[name] for name in outputs}
    found = rows(run("hz02_roof_greening", Log(), **given).layer())
    assert sorted(row["flach_m2"] for row in found) == pytest.approx([0, 0, 120, 120, 120])


@pytest.mark.parametrize("ending", formats.LAYERS)
def test_proposals_are_applied_from_every_format(run, ending, tmp_path):
    parameters = example(BY_ID["reconcile_register"], tmp_path)
    made = run(
        "reconcile_register", Log(), **(parameters | {"OUTPUT": str(tmp_path / f"vorschlag.{ending}")})
    )
    proposals = made.layer()
    place = result_columns(proposals.fields(), ["uebernehmen"])["uebernehmen"]
    assert proposals.startEditing()
    for feature in proposals.getFeatures():
        proposals.changeAttributeValue(feature.id(), place, 1)
    assert proposals.commitChanges()
    given = {"REGISTER": parameters["REGISTER"], "PROPOSALS": made.results["OUTPUT"]}
    assert run("apply_reconciliation", Log(), **given).results["COUNT"] == 12


@pytest.mark.parametrize("ending", formats.LAYERS)
def test_types_of_parcels_go_into_the_register_from_every_format(run, ending, tmp_path):
    parameters = example(BY_ID["space_types"], tmp_path)
    made = run("space_types", Log(), **(parameters | {"OUTPUT": str(tmp_path / f"raumtypen.{ending}")}))
    register = example(BY_ID["create_register"], tmp_path)["REGISTER"]
    run("create_register", Log(), REGISTER=register)
    run("set_space_type", Log(), REGISTER=register, PARCELS=made.results["OUTPUT"], KEY_FIELD="id")
    stored = Register.open(Path(register))
    kept = {record.parcel: record.raumtyp.value for record in stored.space_types()}
    assert all(record.share is not None and record.origin for record in stored.space_types())
    stored.close()
    names = result_columns(made.layer().fields(), ["id", "raumtyp"])
    told_types = {f[names["id"]].upper(): f[names["raumtyp"]] for f in made.layer().getFeatures()}
    assert kept == {key: kind for key, kind in told_types.items() if kind != NULL}


@pytest.mark.parametrize("ending", formats.LISTS)
def test_an_exported_register_is_taken_in_from_every_format(run, ending, tmp_path):
    parameters = example(BY_ID["export_register"], tmp_path)
    notes = iter(FORMULAS)
    filled = Register.open(Path(parameters["REGISTER"]))
    records = [replace(record, note=next(notes, None)) for record in filled.assignments()]
    filled.assign_records((), records, seen={record.row: record.version for record in records})
    place = tmp_path / f"liste.{ending}"
    made = run("export_register", Log(), **(parameters | {"OUTPUT": str(place)}))
    if ending == "csv":
        assert_nothing_is_computed(place)
    fresh = tmp_path / "frisch.gpkg"
    Register.create(fresh).close()
    run("import_assignments", Log(), LIST=made.results["OUTPUT"], REGISTER=str(fresh))
    taken = Register.open(fresh)
    keep = [(record.row, record.status, (record.note or "").strip()) for record in taken.assignments()]
    assert keep == [(record.row, record.status, (record.note or "").strip()) for record in records]
    taken.close()
    filled.close()


def german(text: str) -> str:
    """Return a CSV file as a German spreadsheet stores it again, with its numbers and days."""
    table = list(csv.reader(io.StringIO(text, newline="")))
    out = io.StringIO(newline="")
    numbers = {place for place, name in enumerate(table[0]) if name in NUMBER_COLUMNS}
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    for row in table:
        cells = [cell.replace(".", ",") if place in numbers else cell for place, cell in enumerate(row)]
        writer.writerow([re.sub(r"^(\d{4})[/-](\d\d)[/-](\d\d)$", r"\3.\2.\1", cell) for cell in cells])
    return out.getvalue()


@pytest.mark.parametrize(("change", "encoding"), [(str, "utf-8"), (german, "cp1252"), (german, "utf-8-sig")])
def test_findings_in_a_csv_file_alone_are_read_however_it_was_stored_again(run, change, encoding, tmp_path):
    parameters = example(BY_ID["hz19_floodplain_buildings"], tmp_path) | {"AS_OF": "2026-06-30"}
    place = tmp_path / "befunde.csv"
    kept = run("hz19_floodplain_buildings", Log(), **(parameters | {"SUMMARY": str(tmp_path / "b.gpkg")}))
    run("hz19_floodplain_buildings", Log(), **(parameters | {"SUMMARY": str(place)}))
    assert place.with_suffix(".csvt").exists()
    place.with_suffix(".csvt").unlink()
    place.write_bytes(change(place.read_bytes().decode()).encode(encoding))
    monitors = [
        run("target_monitor", Log(), SUMMARIES=[table], AS_OF="2026-06-30").layer()
        for table in (str(place), kept.results["SUMMARY"])
    ]
    names = [name for name in monitors[1].fields().names() if name != "fid"]
    approximately(content(monitors[0], names), content(monitors[1], names))
