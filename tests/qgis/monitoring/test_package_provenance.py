"""What the layers of a package tell of their inputs, and that nothing in it tells who made it where."""

from __future__ import annotations

import getpass
import json
import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from gruene_infra.gruene_infra_plugin.paths import RESOURCES, SAMPLE
from qgis.core import (
    QgsApplication,
    QgsNativeMetadataValidator,
    QgsProject,
    QgsVectorLayer,
    QgsVectorLayerExporter,
)

from ...postgres import KNOWN_BY_PASSWORD, PASSWORD, Server
from .small_package import write_data

SCHEMA = "Geheimes Paket"
NO_NAMES = re.compile(r'key="root"|:root|;base64,[A-Za-z0-9+/=]+')
"""Where a user may seem to be named: rules of styles, style sheets, the maps that lie beside as files."""
AUTHOR = "Erika Mustermann-Geheim"


def layer_in(package: Path, table: str) -> QgsVectorLayer:
    layer = QgsVectorLayer(f"{package / 'ergebnis.gpkg'}|layername={table}", table, "ogr")
    assert layer.isValid()
    return layer


def texts_in(package: Path) -> Iterator[tuple[str, str]]:
    """Yield all that a package holds as text: files as they are, and each value of each table.

    In the file of a database a text may be parted over pages.
    """
    for path in package.rglob("*"):
        if path.is_file():
            yield path.name, path.name
            yield path.name, path.read_bytes().decode("utf-8", "ignore")
    with closing(sqlite3.connect(package / "ergebnis.gpkg")) as database:
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        assert {"gpkg_metadata", "layer_styles", "befunde"} <= set(tables)
        for table in tables:
            if not table.startswith("rtree_"):
                for row in database.execute(f'SELECT * FROM "{table}"'):
                    yield table, " ".join(str(value) for value in row)


def assert_tells_nobody(package: Path, *secrets: str) -> None:
    """Assert that none of the secrets, nor home or user of this computer, is in a package."""
    own = {str(Path.home()), QgsApplication.userFullName(), QgsApplication.userLoginName(), getpass.getuser()}
    wanted = [secret for secret in {*own, *secrets} if secret]
    assert len(wanted) >= 2
    for place, text in texts_in(package):
        plain = NO_NAMES.sub("", text)
        for secret in wanted:
            at = plain.find(secret)
            assert at < 0, (place, plain[max(0, at - 60) : at + 60])
    for picture in package.rglob("*.png"):
        content = picture.read_bytes()
        assert not any(chunk in content for chunk in (b"tEXt", b"zTXt", b"iTXt")), picture


@pytest.fixture
def small(run, tmp_path) -> Path:
    (tmp_path / "daten").mkdir()
    write_data(tmp_path / "daten")
    run("run_monitoring", INPUT=str(tmp_path / "daten"), OUTPUT=str(tmp_path / "paket"))
    return tmp_path / "paket"


def test_layers_tell_dates_licences_and_keys_of_the_record(small):
    said = json.loads((small / "paket.json").read_text(encoding="utf-8"))
    inputs = said["steps"]["hz22_forest_share"]["inputs"]
    for table in ("hz22_forest_share", "hz22_forest_share_befunde"):
        told = layer_in(small, table).metadata()
        assert told.licenses() == ["CC-BY-4.0", "dl-de/zero-2-0"]
        assert [line for line in told.history() if line.startswith("Input ")] == [
            "Input FOREST: landnutzung; as of 2025; licence CC-BY-4.0; content key "
            + inputs["FOREST"][0]["key"],
            "Input AREAS: gemeinden; as of 2026-01; licence dl-de/zero-2-0; content key "
            + inputs["AREAS"][0]["key"],
        ]
        assert "Parameter FOREST_VALUES = 43002" in told.history()
        assert "Parameter AS_OF = 2026-06-30" in told.history()


def test_the_table_of_findings_tells_the_licences_that_its_tables_rest_on(small):
    said = json.loads((small / "paket.json").read_text(encoding="utf-8"))
    key = said["steps"]["hz22_forest_share"]["tables"]["hz22_forest_share_befunde"]
    told = layer_in(small, "befunde").metadata()
    assert told.licenses() == ["CC-BY-4.0, dl-de/zero-2-0"]
    (line,) = [line for line in told.history() if line.startswith("Input SUMMARIES")]
    assert line == (
        "Input SUMMARIES: hz22_forest_share_befunde; as of 2026-06-30; licence CC-BY-4.0, dl-de/zero-2-0;"
        f" content key {key}"
    )


def test_a_changed_licence_is_told_by_a_new_run_in_place_of_the_old_one(run, tmp_path, small):
    file, before = tmp_path / "daten" / "monitoring.yaml", "CC-BY-4.0"
    sizes = []
    for licence in ("ODbL", "ODC-By", "CC-0"):
        file.write_text(file.read_text(encoding="utf-8").replace(before, licence), encoding="utf-8")
        before = licence
        run("run_monitoring", INPUT=str(tmp_path / "daten"), OUTPUT=str(small))
        assert layer_in(small, "hz22_forest_share").metadata().licenses() == sorted(
            [licence, "dl-de/zero-2-0"]
        )
        with closing(sqlite3.connect(small / "ergebnis.gpkg")) as database:
            kept = "SELECT count(*), sum(length(metadata)) FROM gpkg_metadata"
            sizes.append(database.execute(kept).fetchone())
            ours = (
                "SELECT table_name FROM gpkg_metadata_reference JOIN gpkg_metadata ON id = md_file_id"
                " WHERE md_standard_uri = 'http://mrcc.com/qgis.dtd' ORDER BY 1"
            )
            wanted = ["befunde", "hz22_forest_share", "hz22_forest_share_befunde"]
            assert [table for (table,) in database.execute(ours)] == wanted
            text = " ".join(str(row) for row in database.execute("SELECT metadata FROM gpkg_metadata"))
            assert "CC-BY-4.0" not in text
    assert sizes[0][0] == sizes[1][0] == sizes[2][0]
    assert max(size for _, size in sizes) - min(size for _, size in sizes) < 200


@pytest.fixture
def in_database(postgres: Server, tmp_path) -> Iterator[QgsVectorLayer]:
    """The land use in PostgreSQL, open in a project of an author, named after its address."""
    write_data(tmp_path)
    postgres.execute(f'CREATE SCHEMA "{SCHEMA}"')
    postgres.execute(f'GRANT ALL ON SCHEMA "{SCHEMA}" TO PUBLIC')
    uri = postgres.uri(password=PASSWORD)
    uri.setDataSource(SCHEMA, "landnutzung", "geom", "", "nr")
    layer = QgsVectorLayer(f"{tmp_path / 'daten.gpkg'}|layername=landnutzung", "landnutzung", "ogr")
    code, message = QgsVectorLayerExporter.exportLayer(layer, uri.uri(False), "postgres", layer.crs())
    assert not code, message
    opened = QgsVectorLayer(uri.uri(False), f"wald {tmp_path}/wald {uri.uri(False)}", "postgres")
    assert opened.isValid()
    assert PASSWORD in opened.source()
    project = QgsProject.instance()
    metadata = project.metadata()
    metadata.setAuthor(AUTHOR)
    project.setMetadata(metadata)
    project.addMapLayer(opened)
    yield opened
    project.clear()
    postgres.execute(f'DROP SCHEMA "{SCHEMA}" CASCADE')


def test_a_package_tells_no_place_no_user_and_no_password(run, tmp_path, in_database, monkeypatch):
    for name in ("USER", "LOGNAME", "USERNAME"):
        monkeypatch.setenv(name, "erika_m17")
    data, package = tmp_path / "Daten von Erika", tmp_path / "paket"
    data.mkdir()
    shutil.copy(tmp_path / "daten.gpkg", data / "gemeinden_und_mehr.gpkg")
    with closing(sqlite3.connect(data / "gemeinden_und_mehr.gpkg")) as database:
        database.execute("DELETE FROM gpkg_contents WHERE table_name = 'landnutzung'")
        database.execute("DELETE FROM gpkg_geometry_columns WHERE table_name = 'landnutzung'")
        database.commit()
    strategy = tmp_path / "eigene" / "ruhr_eigen.yaml"
    strategy.parent.mkdir()
    shutil.copy(RESOURCES / "strategy" / "ruhr.yaml", strategy)
    config = tmp_path / "lauf.yaml"
    config.write_text(
        "monitoring: 1\nname: Probe\nas_of: 2026-06-30\n"
        f"parameters:\n  DATA_DATE: 'Stand {data}/liste.txt, dbname=x password=\"{PASSWORD}\"'\n"
        f"  STRATEGY: {strategy}\n",
        encoding="utf-8",
    )
    given = {"INPUT": str(data), "CONFIG": str(config), "LAYERS": [in_database], "STRATEGY": str(strategy)}
    done = run("run_monitoring", OUTPUT=str(package), **given)
    assert "✔ Forest share" in done.results["PLAN"]
    assert_tells_nobody(
        package, str(tmp_path), PASSWORD, KNOWN_BY_PASSWORD, AUTHOR, "erika_m17", "Daten von Erika"
    )
    said = json.loads((package / "paket.json").read_text(encoding="utf-8"))
    inputs = said["steps"]["hz22_forest_share"]["inputs"]
    assert inputs["STRATEGY"][0]["name"] == "ruhr_eigen.yaml"
    assert len(inputs["STRATEGY"][0]["key"]) == 32
    again = {"PACKAGE": str(package), "INDICATOR": "hz22.wald.anteil", "AREA": "Westen", **given}
    found = run("rerun_finding", **again).results
    assert (found["SAME"], found["REASON"], found["VALUE"]) == (1, "", pytest.approx(10))


@pytest.fixture(scope="module")
def sample(run, tmp_path_factory) -> Path:
    package = tmp_path_factory.mktemp("muster") / "paket"
    run("run_monitoring", INPUT=str(SAMPLE.parent), OUTPUT=str(package))
    return package


def test_all_layers_of_the_sample_validate(sample):
    said = json.loads((sample / "paket.json").read_text(encoding="utf-8"))
    tables = [table for record in said["steps"].values() for table in record["tables"]]
    assert len(tables) >= 30
    for table in ["befunde", *tables]:
        valid, problems = QgsNativeMetadataValidator().validate(layer_in(sample, table).metadata())
        assert valid, (table, [(problem.section, problem.note) for problem in problems])
    assert_tells_nobody(sample, str(sample.parent), str(SAMPLE.parent))


def test_every_step_of_the_sample_makes_its_headlines_again(run, sample):
    with closing(sqlite3.connect(sample / "ergebnis.gpkg")) as database:
        query = (
            "SELECT algorithmus, kennzahl_id, variante_id, gebiet, wert FROM befunde"
            " WHERE ist_leitwert = 1 AND wert IS NOT NULL AND gebiet_art = 'Gemeinde'"
            " AND algorithmus <> 'target_monitor' GROUP BY algorithmus"
        )
        findings = database.execute(query).fetchall()
    assert len(findings) >= 12
    for _, indicator, definition, area, value in findings:
        found = run(
            "rerun_finding",
            PACKAGE=str(sample),
            INPUT=str(SAMPLE.parent),
            INDICATOR=indicator,
            DEFINITION=definition,
            AREA=area,
        ).results
        assert found == {"SAME": 1, "REASON": "", "STORED": value, "VALUE": value}, indicator
