"""Runs inside a real QGIS window: looks at the installed plugin as a user would, notes it as JSON."""

import json
import os
import sys
import traceback
from pathlib import Path

import qgis.utils
from qgis.core import Qgis, QgsApplication, QgsProject
from qgis.PyQt.QtCore import QCoreApplication, QEvent, QEventLoop, QTimer
from qgis.PyQt.QtWidgets import QDockWidget
from qgis.utils import iface

sys.path.append(os.environ["GRUENE_INFRA_GUI_SCRIPTS"])
from panel_tour import Tour

FOLDER = Path(os.environ["GRUENE_INFRA_GUI_TEST"])


def wait(milliseconds):
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def providers():
    return [p for p in QgsApplication.processingRegistry().providers() if p.id() == "gruene_infra"]


def menu_actions():
    return [
        action
        for menu in iface.pluginMenu().actions()
        if menu.menu() and "Grüne Infrastruktur" in menu.text()
        for action in menu.menu().actions()
    ]


def docks():
    """Return our docks; what is to be deleted later is deleted first, as in QGIS's own event loop."""
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    return iface.mainWindow().findChildren(QDockWidget, "GrueneInfraPanel")


def panel_state():
    """Return what the panel shows of register and parcels, after it was loaded anew."""
    workbench = qgis.utils.plugins["gruene_infra"].controller.workbench
    for _ in range(100):
        if workbench.place is not None and not workbench.busy:
            break
        wait(100)
    return [str(workbench.place and workbench.place.name), workbench.parcels and workbench.parcels.key_field]


def screenshot(name):
    iface.mainWindow().grab().save(str(FOLDER / f"{name}.png"))


def look():
    seen = {"qgis": Qgis.version(), "loaded": "gruene_infra" in qgis.utils.plugins}
    seen["algorithms"] = {a.id(): [a.group(), a.displayName()] for p in providers() for a in p.algorithms()}
    seen["actions"] = [action.text() for action in menu_actions()]
    iface.mainWindow().resize(1500, 900)
    next(action for action in menu_actions() if "Musterstadt" in action.text()).trigger()
    wait(4000)
    layers = QgsProject.instance().mapLayers().values()
    seen["layers"] = {layer.name(): [layer.isValid(), type(layer.renderer()).__name__] for layer in layers}
    seen["crs"] = QgsProject.instance().crs().authid()
    toolbox = iface.mainWindow().findChild(object, "ProcessingToolbox")
    if toolbox is not None:
        toolbox.setUserVisible(True)
        wait(1000)
    screenshot("sample")
    seen["panel"] = Tour(FOLDER).run()
    for _ in range(2):
        qgis.utils.reloadPlugin("gruene_infra")
    wait(500)
    seen["providers_after_reload"] = len(providers())
    seen["docks_after_reload"] = len(docks())
    seen["panel_after_reload"] = panel_state()
    seen["actions_after_reload"] = len(menu_actions())
    qgis.utils.unloadPlugin("gruene_infra")
    wait(500)
    seen["providers_after_unload"] = len(providers())
    seen["docks_after_unload"] = len(docks())
    seen["actions_after_unload"] = len(menu_actions())
    return seen


def main():
    try:
        result = look()
    except Exception:
        result = {"error": traceback.format_exc()}
    (FOLDER / "seen.json").write_text(json.dumps(result), encoding="utf-8")
    sys.stdout.flush()
    os._exit(0)


QTimer.singleShot(3000, main)
