"""A finding of a package repeated: the same bits, or what differs, by name."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from gruene_infra.gruene_infra_plugin.monitoring.contents import code_key
from gruene_infra.gruene_infra_plugin.paths import plugin_version
from gruene_infra.processing.monitoring.steps import key_of_record
from qgis.core import Qgis, QgsProcessingException

from ...layer_factory import box, layer, saved
from .small_package import finding, write_data

STEP = "hz22_forest_share"


@dataclass
class Scene:
    """A package and the data it was made of, both to be spoiled."""

    data: Path
    package: Path
    run: Callable

    def again(self, **given: object) -> dict:
        wanted = {"PACKAGE": str(self.package), "INPUT": str(self.data), **finding("Westen")}
        return self.run("rerun_finding", **(wanted | given)).results

    def execute(self, statement: str) -> None:
        with closing(sqlite3.connect(self.package / "ergebnis.gpkg")) as database:
            database.execute(statement)
            database.commit()

    def edit(self, change: Callable[[dict], object]) -> None:
        path = self.package / "paket.json"
        said = json.loads(path.read_text(encoding="utf-8"))
        change(said)
        path.write_text(json.dumps(said), encoding="utf-8")


@pytest.fixture(scope="module")
def made(tmp_path_factory, run) -> Path:
    folder = tmp_path_factory.mktemp("nachweis")
    (folder / "daten").mkdir()
    write_data(folder / "daten")
    run("run_monitoring", INPUT=str(folder / "daten"), OUTPUT=str(folder / "paket"))
    return folder


@pytest.fixture
def scene(made, tmp_path, run) -> Scene:
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    return Scene(tmp_path / "daten", tmp_path / "paket", run)


@pytest.mark.parametrize(("area", "percent"), [("Westen", 10.0), ("05999002", 30.0), ("5999002", 30.0)])
def test_the_same_number_bit_for_bit(scene, area, percent):
    found = scene.again(AREA=area)
    assert found["VALUE"] == pytest.approx(percent)
    assert (found["SAME"], found["REASON"], found["VALUE"]) == (1, "", found["STORED"])


def test_a_mean_of_the_region_is_made_anew(scene):
    found = scene.again(AREA="Mean of the municipalities")
    assert found == {"SAME": 1, "REASON": "", "VALUE": pytest.approx(20), "STORED": pytest.approx(20)}


def test_data_that_lie_elsewhere_under_another_name_are_known(scene, tmp_path):
    elsewhere = tmp_path / "woanders" / "tief"
    elsewhere.mkdir(parents=True)
    (scene.data / "daten.gpkg").rename(elsewhere / "daten.gpkg")
    found = scene.again(INPUT=str(tmp_path / "woanders"))
    assert (found["SAME"], found["REASON"]) == (1, "")
    found = scene.again(INPUT=str(elsewhere / "daten.gpkg"))
    assert (found["SAME"], found["REASON"]) == (1, "")


def test_a_changed_input_is_named_with_both_numbers(scene):
    (scene.data / "daten.gpkg").unlink()
    write_data(scene.data, west_m=100)
    found = scene.again()
    assert (found["SAME"], found["STORED"], found["VALUE"]) == (0, pytest.approx(10), pytest.approx(5))
    reasons = found["REASON"].splitlines()
    (named,) = [line for line in reasons if "holds something else" in line]
    assert named == "The input “landnutzung” (Forests or land use) holds something else than then."
    assert not [line for line in reasons if "gemeinden" in line]
    (wert,) = [line for line in reasons if line.startswith("wert: ")]
    assert wert == f"wert: {found['STORED']!r} in the package, {found['VALUE']!r} today."


def test_an_input_changed_elsewhere_leaves_the_number_and_is_named(scene):
    (scene.data / "daten.gpkg").unlink()
    write_data(scene.data)
    with closing(sqlite3.connect(scene.data / "daten.gpkg")) as database:
        database.create_function("ST_IsEmpty", 1, lambda _: 0)
        for name in ("ST_MinX", "ST_MaxX", "ST_MinY", "ST_MaxY"):
            database.create_function(name, 1, lambda _: 0.0)
        database.execute("UPDATE gemeinden SET gemeinde = 'Fernost' WHERE gemeinde = 'Osten'")
        database.commit()
    found = scene.again()
    assert (found["SAME"], found["VALUE"]) == (1, found["STORED"])
    assert "“gemeinden” (" in found["REASON"]
    assert len(found["REASON"].splitlines()) == 1


def test_a_missing_input_is_named(scene, tmp_path):
    other = tmp_path / "ohne"
    other.mkdir()
    towns = layer(
        [box(0, 0, 1000, 1000), box(1000, 0, 1000, 1000)],
        {"gemeinde": ["Westen", "Osten"], "ags": ["05999001", "05999002"]},
    )
    saved(towns, other / "daten.gpkg", "gemeinden")
    found = scene.again(INPUT=str(other))
    assert (found["SAME"], found["STORED"]) == (0, pytest.approx(10))
    assert "VALUE" not in found
    assert "The input “landnutzung” (" in found["REASON"]
    assert "is missing" in found["REASON"]


def test_without_data_all_inputs_are_missing(scene):
    found = scene.again(INPUT=None)
    assert found["SAME"] == 0
    assert found["REASON"].count("is missing") == 2


def test_a_parameter_changed_since_is_named_and_that_of_then_used(scene):
    text = (scene.data / "monitoring.yaml").read_text(encoding="utf-8")
    (scene.data / "monitoring.yaml").write_text(text.replace("43002", "43003"), encoding="utf-8")
    found = scene.again()
    assert (found["SAME"], found["VALUE"]) == (1, found["STORED"])
    assert found["REASON"] == (
        "The parameter FOREST_VALUES was 43002, monitoring.yaml now says 43003. What it was is used here."
    )


def test_another_day_in_the_configuration_is_named(scene):
    text = (scene.data / "monitoring.yaml").read_text(encoding="utf-8")
    (scene.data / "monitoring.yaml").write_text(text.replace("2026-06-30", "2027-06-30"), encoding="utf-8")
    found = scene.again()
    assert (found["SAME"], found["REASON"]) == (
        1,
        "The parameter AS_OF was 2026-06-30, monitoring.yaml now says 2027-06-30. What it was is used here.",
    )


def an_earlier_plugin(said: dict, *, version: str = "0.0.1", code: str = "anderer", qgis: str = "") -> None:
    said |= {"plugin": version, "code": code, "qgis": qgis or said["qgis"]}
    for name, record in said["steps"].items():
        record["key"] = key_of_record(name, code, record["language"], record["parameters"], record["inputs"])


def test_another_version_of_the_plugin_is_named_with_both_numbers(scene):
    scene.edit(an_earlier_plugin)
    found = scene.again()
    assert (found["SAME"], found["VALUE"]) == (1, found["STORED"])
    assert found["REASON"] == f"The plugin was version 0.0.1 and is {plugin_version()}."


def test_other_code_of_the_same_version_and_another_qgis_are_named(scene):
    scene.edit(lambda said: an_earlier_plugin(said, version=plugin_version(), qgis="3.34.0"))
    assert scene.again()["REASON"].splitlines() == [
        f"The plugin is version {plugin_version()} as then, but its code or its tables differ.",
        f"QGIS was version 3.34.0 and is {Qgis.version()}.",
    ]
    assert code_key() != "anderer"


@pytest.mark.parametrize("table", [f"{STEP}_befunde", "befunde"])
def test_a_number_edited_by_hand_is_found_out(scene, table):
    scene.execute(f"UPDATE {table} SET wert = 99.5 WHERE gebiet = 'Westen'")
    found = scene.again()
    assert found["VALUE"] == pytest.approx(10)
    assert f"The table {table} of the package was changed" in found["REASON"]
    assert "Run run_monitoring again" in found["REASON"]
    own = table != "befunde"
    assert (found["SAME"], found["STORED"]) == ((0, 99.5) if own else (1, found["VALUE"]))


def test_the_last_bit_of_a_number_counts(scene):
    value = scene.again()["STORED"]
    following = value + 2**-49
    assert following != value
    scene.execute(f"UPDATE {STEP}_befunde SET wert = {following!r} WHERE wert = {value!r}")
    found = scene.again()
    assert (found["SAME"], found["STORED"], found["VALUE"]) == (0, following, value)


def test_a_record_edited_by_hand_is_found_out(scene):
    scene.edit(lambda said: said["steps"][STEP]["parameters"].update(FOREST_VALUES="43003"))
    found = scene.again()
    assert found["REASON"].startswith(f"What paket.json records of the step {STEP} was changed")
    assert found["SAME"] == 0


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"INDICATOR": "hz99.nichts"}, "no finding of “hz99.nichts”. It has: hz22.wald.anteil."),
        ({"DEFINITION": "anders"}, "no definition “anders” in the package, but: wald"),
        ({"AREA": "Norden"}, "no finding for “Norden”, but for Westen 05999001, Osten 05999002"),
        ({"AREA": ""}, "has several findings: Westen 05999001, Osten 05999002"),
        ({"INDICATOR": "hz15.verbund.anteil"}, "the step hz15_protected_share was not done"),
    ],
)
def test_a_finding_that_is_not_there_is_told_with_what_there_is(scene, given, message):
    with pytest.raises(QgsProcessingException, match=message.replace("(", r"\(")):
        scene.again(**given)


def test_of_a_step_that_failed_the_reason_is_told(scene):
    def fail(said: dict) -> None:
        said["steps"][STEP] |= {"status": "gescheitert", "message": "Platte voll", "tables": {}}

    scene.edit(fail)
    scene.execute("DELETE FROM befunde")
    with pytest.raises(QgsProcessingException, match=r"step hz22_forest_share was not done \(Platte voll\)"):
        scene.again()


def test_what_is_no_package_is_told(scene, tmp_path):
    with pytest.raises(QgsProcessingException, match=r"paket\.json is missing"):
        scene.again(PACKAGE=str(scene.data))
    with pytest.raises(QgsProcessingException, match=r"paket\.json is missing"):
        scene.again(PACKAGE=str(tmp_path / "gibt es nicht"))
    with pytest.raises(QgsProcessingException, match="there is no folder or file"):
        scene.again(INPUT=str(tmp_path / "gibt es nicht"))
    scene.edit(lambda said: said.update(form=2))
    with pytest.raises(QgsProcessingException, match="is no result package of this version"):
        scene.again()
    (scene.package / "paket.json").write_text("{", encoding="utf-8")
    with pytest.raises(QgsProcessingException, match="is no result package of this version"):
        scene.again()
    (scene.package / "ergebnis.gpkg").unlink()
    with pytest.raises(QgsProcessingException, match=r"ergebnis.gpkg is missing .* Run run_monitoring again"):
        scene.again()


def test_the_package_is_left_as_it_was(scene):
    before = {path: path.read_bytes() for path in scene.package.rglob("*") if path.is_file()}
    assert scene.again()["SAME"] == 1
    assert {path: path.read_bytes() for path in scene.package.rglob("*") if path.is_file()} == before
