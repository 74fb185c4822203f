"""The plugin from the zip, in a real QGIS window under Xvfb."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LANGUAGES = {
    "de": {
        "group": "HZ 19 · Fließgewässer und Auen",
        "title": "Neue Bebauung in der Aue",
        "model": ["Modelle", "Planentwurf gegen Schutzgüter"],
        "action": "Beispielregion „Musterstadt“ öffnen",
    },
    "en": {
        "group": "HZ 19 · Rivers and floodplains",
        "title": "New building in the floodplain",
        "model": ["Models", "Land-use plan draft"],
        "action": "Open the sample region “Musterstadt”",
    },
}


@pytest.fixture(scope="module")
def plugin_zip(tmp_path_factory):
    """Pack what git knows, changes that are not committed included, the way ``make zip`` does."""
    target = tmp_path_factory.mktemp("zip") / "gruene_infra.zip"
    command = ["git", "-C", str(ROOT)]
    changed = subprocess.run(
        [*command, "stash", "create"], capture_output=True, text=True, check=True
    ).stdout.strip()
    archive = ["archive", "--format=zip", "--prefix=gruene_infra/", "-o", str(target), changed or "HEAD"]
    subprocess.run([*command, *archive], check=True)
    return target


@pytest.fixture(scope="module", params=sorted(LANGUAGES))
def seen(request, plugin_zip, tmp_path_factory):
    """Install the zip into a fresh profile, start QGIS in a language, return what the script saw."""
    folder = tmp_path_factory.mktemp(f"qgis_{request.param}")
    profile = folder / "profiles" / "profiles" / "default"
    plugins = profile / "python" / "plugins"
    plugins.mkdir(parents=True)
    zipfile.ZipFile(plugin_zip).extractall(plugins)
    settings = profile / "QGIS" / "QGIS3.ini"
    settings.parent.mkdir()
    settings.write_text(
        "[PythonPlugins]\ngruene_infra=true\nprocessing=true\n"
        f"[locale]\noverrideFlag=true\nuserLocale={request.param}\nglobalLocale={request.param}\n"
        "[qgis]\nwelcomePage\\newsFeedEnabled=false\ncheckVersion=false\nshowTips=false\n",
        encoding="utf-8",
    )
    environment = {**os.environ, "GRUENE_INFRA_GUI_TEST": str(folder), "XDG_RUNTIME_DIR": str(folder)}
    environment["GRUENE_INFRA_GUI_SCRIPTS"] = str(Path(__file__).parent)
    environment.pop("QT_QPA_PLATFORM", None)
    for name in ("QGIS_CUSTOM_CONFIG_PATH", "QGIS_OPTIONS_PATH", "QGIS_PLUGINPATH"):
        environment.pop(name, None)
    command = ["xvfb-run", "-a", "-s", "-screen 0 1600x1000x24", "qgis", "--nologo", "--noversioncheck"]
    command += [
        "--profiles-path",
        str(folder / "profiles"),
        "--code",
        str(Path(__file__).with_name("in_qgis.py")),
    ]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300, check=False)
    report = folder / "seen.json"
    assert report.is_file(), done.stdout + done.stderr
    result = json.loads(report.read_text(encoding="utf-8"))
    assert "error" not in result, result.get("error")
    keep = os.environ.get("GRUENE_INFRA_SCREENSHOTS")
    if keep:
        for picture in folder.glob("*.png"):
            shutil.copy(picture, Path(keep, f"{picture.stem}_{request.param}.png"))
    return {**result, "language": request.param, "folder": str(folder)}


def test_the_plugin_loads(seen):
    assert seen["loaded"]
    assert tuple(map(int, seen["qgis"].split("-")[0].split(".")[:2])) >= (3, 40)


def test_algorithms_stand_in_groups_named_after_the_goals(seen):
    expected = LANGUAGES[seen["language"]]
    assert seen["algorithms"]["gruene_infra:hz19_floodplain_buildings"] == [
        expected["group"],
        expected["title"],
    ]


def test_models_stand_in_a_group_of_their_own(seen):
    assert seen["algorithms"]["gruene_infra:plan_draft"] == LANGUAGES[seen["language"]]["model"]


def test_the_menu_opens_the_sample_as_a_styled_project(seen):
    assert LANGUAGES[seen["language"]]["action"] in seen["actions"]
    assert seen["crs"] == "EPSG:25832"
    assert len(seen["layers"]) == 29
    assert all(valid for valid, _ in seen["layers"].values())
    assert sum(renderer != "QgsSingleSymbolRenderer" for _, renderer in seen["layers"].values()) >= 3


def test_the_window_was_drawn(seen):
    from qgis.PyQt.QtGui import QImage

    image = QImage(str(Path(seen["folder"]) / "sample.png"))
    colours = {image.pixel(x, y) for x in range(300, image.width(), 7) for y in range(150, image.height(), 7)}
    assert image.width() >= 1200
    assert len(colours) > 200


@pytest.mark.parametrize(("theme", "goals"), [("light", ("2", "6")), ("dark", ("3", "7"))])
def test_the_panel_takes_the_sample_and_assigns_what_is_selected(seen, theme, goals):
    panel = seen["panel"][theme]
    assert seen["panel"]["key"] == "flstkennz"
    assert panel["selected"] > 100
    assert panel["foretold"] == dict.fromkeys(goals, panel["selected"])
    assert panel["assigned"] == panel["foretold"]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_stroke_paints_another_takes_back_and_each_is_undone_at_once(seen, theme):
    panel = seen["panel"][theme]
    assert panel["painted"] >= 3
    assert (panel["erased"], panel["unerased"], panel["undone"]) == (0, panel["painted"], 0)
    assert panel["brush_put_away"]


def test_a_finished_analysis_suggests_its_goal_and_its_findings_are_taken_over(seen):
    panel = seen["panel"]
    ((goal, parcels),) = panel["suggested"]
    assert goal == 19
    assert parcels > 10
    assert panel["findings"] > 0
    assert panel["found"] == panel["light"]["selected"]


def test_run_in_the_dialog_that_the_panel_opens_loads_styled_results_each_time(seen):
    assert seen["panel"]["loaded"] == [["QgsCategorizedSymbolRenderer", "table"]] * 2


def test_nothing_is_cut_whether_the_panel_is_docked_left_or_right(seen):
    assert seen["panel"]["left"] == [True, True]
    assert seen["panel"]["right"] == [True, True]


def test_every_page_and_state_is_drawn_in_light_and_dark(seen):
    from qgis.PyQt.QtGui import QImage

    states = ("before", "assigned", "painting", "undone")
    for page in ("AssignPage", "FindPage", "StatusPage", "ChecksPage", *states):
        light, dark = (
            QImage(str(Path(seen["folder"], f"panel_{theme}_{page}.png"))) for theme in ("light", "dark")
        )
        corner = [image.pixelColor(image.width() - 40, 112).lightness() for image in (light, dark)]
        assert corner[0] > 150 > 100 > corner[1], page


def test_reloading_leaves_one_of_everything_and_unloading_none(seen):
    assert (seen["providers_after_reload"], seen["providers_after_unload"]) == (1, 0)
    assert (seen["docks_after_reload"], seen["docks_after_unload"]) == (1, 0)
    assert (seen["actions_after_reload"], seen["actions_after_unload"]) == (len(seen["actions"]), 0)


def test_the_panel_goes_on_with_register_and_parcels_after_it_was_reloaded_while_open(seen):
    assert seen["panel_after_reload"] == ["Register Musterstadt.gpkg", "flstkennz"]
