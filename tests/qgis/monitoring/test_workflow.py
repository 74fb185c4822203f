"""Three towns by the workflow: measured, unchanged, one changed, one broken; the same as in one process."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from gruene_infra.gruene_infra_plugin.monitoring.contents import table_key

from ...layer_factory import box, layer, saved

ROOT = Path(__file__).resolve().parents[3]
TOWNS = {"Bochum": "05911000", "Essen": "05113000", "Schwerte an der Ruhr": "05978028"}
WAIT_S = 300


def write_town(folder, name, key, hectares):
    """A town of 100 ha of which so many are forest."""
    folder.mkdir(parents=True)
    outline = layer([box(0, 0, 1000, 1000)], {"gemeinde": [name], "ags": [key]})
    saved(outline, folder / "gemeinden.gpkg")
    kinds = {"nutzart": ["43002", "43001"]}
    ground = [box(0, 0, 1000, 10 * hectares), box(0, 10 * hectares, 1000, 1000 - 10 * hectares)]
    saved(layer(ground, kinds), folder / "landnutzung.gpkg")
    (folder / "monitoring.yaml").write_text("monitoring: 1\nas_of: 2026-12-31\n", encoding="utf-8")


def run_workflow(folder):
    command = [str(ROOT / ".ci" / "workflow"), str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=WAIT_S, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def region(tmp_path_factory):
    folder = tmp_path_factory.mktemp("region")
    for (name, key), hectares in zip(TOWNS.items(), (10, 20, 30), strict=True):
        write_town(folder / "daten" / name, name, key, hectares)
    run_workflow(folder)
    return folder


def manifest(region, name):
    path = region / "ergebnisse" / "packages" / name / "paket.json"
    return json.loads(path.read_text(encoding="utf-8")), path.stat().st_mtime_ns


def stamp(region, name):
    return (region / "ergebnisse" / "stamps" / f"{name}.txt").read_text(encoding="utf-8").strip()


@pytest.fixture
def forest(region, run):
    def shares():
        table = run("target_monitor", SUMMARIES=[f"{region}/ergebnisse/region/befunde.gpkg"])
        rows = [row for row in table.rows("OUTPUT") if row["kennzahl_id"] == "hz22.wald.anteil"]
        return {row["gebiet"]: row["wert"] for row in rows if row["ist_leitwert"] and row["ags"]}

    return shares


def test_every_town_has_a_package_and_the_region_a_table_and_a_report(region, forest):
    assert {name: stamp(region, name) for name in TOWNS} == dict.fromkeys(TOWNS, "fertig")
    assert forest() == pytest.approx({"Bochum": 10.0, "Essen": 20.0, "Schwerte": 30.0})
    assert (region / "ergebnisse" / "region" / "bericht.html").is_file()


def test_a_town_measured_in_one_process_has_the_same_findings(region, run, tmp_path):
    run("run_monitoring", INPUT=str(region / "daten" / "Essen"), OUTPUT=str(tmp_path / "allein"))
    alone = table_key(tmp_path / "allein" / "ergebnis.gpkg", "befunde")
    assert table_key(region / "ergebnisse" / "packages" / "Essen" / "ergebnis.gpkg", "befunde") == alone


def test_what_is_unchanged_is_not_run_again_and_a_broken_town_stops_no_other(region, forest):
    before = {name: manifest(region, name) for name in TOWNS}
    assert "Nothing to be done" in run_workflow(region)
    assert {name: manifest(region, name) for name in TOWNS} == before

    shutil.rmtree(region / "daten" / "Essen")
    write_town(region / "daten" / "Essen", "Essen", TOWNS["Essen"], 25)
    run_workflow(region)
    assert forest() == pytest.approx({"Bochum": 10.0, "Essen": 25.0, "Schwerte": 30.0})
    for name in ("Bochum", "Schwerte an der Ruhr"):
        assert manifest(region, name) == before[name]

    for layer_file in (region / "daten" / "Bochum").glob("*.gpkg"):
        layer_file.write_bytes(b"no database")
    run_workflow(region)
    assert {name: stamp(region, name) for name in TOWNS} == {
        "Bochum": "gescheitert", "Essen": "fertig", "Schwerte an der Ruhr": "fertig",
    }  # fmt: skip
    assert {"Essen", "Schwerte"} <= forest().keys()
