"""Content keys: what counts, and that taking one leaves nothing behind."""

from __future__ import annotations

import sqlite3
from contextlib import closing

from gruene_infra.gruene_infra_plugin.monitoring.contents import source_key, whole_key

from .small_package import layers, write_data


def test_a_key_of_a_file_counts_all_its_tables(tmp_path):
    write_data(tmp_path)
    file = tmp_path / "daten.gpkg"
    before = whole_key(file)
    assert whole_key(file) == before
    with closing(sqlite3.connect(file)) as database:
        database.execute("CREATE TABLE notiz (text TEXT)")
        database.commit()
    with_table = whole_key(file)
    assert with_table != before
    with closing(sqlite3.connect(file)) as database:
        database.execute("UPDATE gpkg_contents SET description = 'anders'")
        database.commit()
    assert whole_key(file) == with_table, "what a GeoPackage knows of itself is no content"
    text = tmp_path / "faktoren.yaml"
    text.write_text("a", encoding="utf-8")
    other = tmp_path / "andere.yaml"
    other.write_text("b", encoding="utf-8")
    assert whole_key(text) != whole_key(other)


def test_reading_leaves_no_log_beside_the_data(tmp_path):
    write_data(tmp_path)
    file = tmp_path / "daten.gpkg"
    before = source_key(f"{file}|layername=landnutzung")
    with closing(sqlite3.connect(file)) as database:
        database.execute("PRAGMA journal_mode = WAL")
    names = {path.name for path in tmp_path.iterdir()}
    assert names == {"daten.gpkg", "monitoring.yaml"}
    assert source_key(f"{file}|layername=landnutzung") == before
    assert {path.name for path in tmp_path.iterdir()} == names


def test_what_is_still_in_the_log_counts(tmp_path):
    write_data(tmp_path)
    address = f"{tmp_path / 'daten.gpkg'}|layername=notiz"
    with closing(sqlite3.connect(tmp_path / "daten.gpkg")) as database:
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("CREATE TABLE notiz (text TEXT)")
        database.commit()
        before = source_key(address)
        database.execute("INSERT INTO notiz VALUES ('neu')")
        database.commit()
        assert source_key(address) not in ("", before)


def test_plain_runs_tell_keys_of_files_and_none_of_layers_in_memory(run, tmp_path):
    write_data(tmp_path)
    address = f"{tmp_path / 'daten.gpkg'}|layername=landnutzung"
    _, towns = layers()
    told = run("hz22_forest_share", FOREST=address, AREAS=towns).layer().metadata().history()
    assert f"Input FOREST: daten.gpkg: landnutzung; content key {source_key(address)}" in told
    assert "Input AREAS: gemeinden" in told
