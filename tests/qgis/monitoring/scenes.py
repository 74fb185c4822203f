"""A folder with a small town, measured in well under a second a step, and what a package holds."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from gruene_infra.gruene_infra_plugin.monitoring.contents import table_key
from gruene_infra.gruene_infra_plugin.monitoring.package import LOG, RESULTS
from qgis.core import QgsVectorLayer

from ...layer_factory import box, layer, saved

FOREST, FLOODED, PARCELS = "hz22_forest_share", "hz19_floodplain_buildings", "parcel_potential"
ROOFS = "hz02_roof_greening"
STEPS = {FLOODED, FOREST, PARCELS}
DAY = "2026-06-30"
CONFIGURATION = "monitoring: 1\nname: Musterstadt\nsteps:\n  hz02_roof_greening: skip\n"


def towns() -> QgsVectorLayer:
    """Two towns of 100 ha and 200 ha."""
    return layer(
        [box(0, 0, 1000, 1000), box(1000, 0, 2000, 1000)],
        {"gemeinde": ["Westen", "Osten"], "ags": ["05999001", "05999002"]},
        name="gemeinden",
    )


def forests(width: float = 100, east: float = 0) -> QgsVectorLayer:
    """Six forests of ``width`` × 100 m; of 100 m, 6 ha of the western town."""
    shapes = [box(east + 150 * k, 0, width, 100) for k in range(6)]
    return layer(shapes, {"objart": ["43002"] * 6}, name="wald")


def buildings(width: float = 10) -> QgsVectorLayer:
    """Six buildings of ``width`` × 10 m in each town, of which three in each stand in the floodplain."""
    squares = [box(x + 50 * k, 480 + 20 * (k % 2), width, 10) for x in (100, 1100) for k in range(6)]
    return layer(squares, {"gebaeudefunktion": [1000] * 12}, name="gebaeude")


def floodplains() -> QgsVectorLayer:
    """A strip of 45 m through both towns, between 450 m and 495 m."""
    strips = [box(500 * k, 450, 500, 45) for k in range(6)]
    return layer(strips, {"hq": ["HQ100"] * 6}, name="ueberschwemmungsgebiete")


def parcels(width: float = 50) -> QgsVectorLayer:
    """Six parcels of ``width`` × 50 m around the buildings of the western town."""
    keys = [f"051234-007-{k}" for k in range(6)]
    shapes = [box(80 + 50 * k, 470, width, 50) for k in range(6)]
    return layer(shapes, {"flstkennz": keys}, name="flurstuecke")


def town(folder: Path) -> Path:
    """Write the layers of the town into a folder, with a monitoring file of three steps, and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    for made in (towns(), forests(), buildings(), floodplains(), parcels()):
        saved(made, folder / "stadt.gpkg")
    (folder / "monitoring.yaml").write_text(CONFIGURATION, encoding="utf-8")
    return folder


def tables_in(package: Path) -> set[str]:
    """Return the tables that the results have, but for the one of the styles."""
    with closing(sqlite3.connect(package / RESULTS)) as database:
        rows = database.execute("SELECT table_name FROM gpkg_contents").fetchall()
    return {name for (name,) in rows} - {"layer_styles"}


def keys_of(package: Path) -> dict[str, str]:
    """Return the keys of all tables of a package."""
    return {name: table_key(package / RESULTS, name) for name in tables_in(package)}


def ran(package: Path) -> set[str]:
    """Return the steps that the last run did not find unchanged, as its log says."""
    steps: dict[str, list[str]] = {}
    for part in (package / LOG).read_text(encoding="utf-8").split("\n# ")[1:]:
        name, *lines = part.splitlines()
        steps[name] = lines
    return {
        name for name, lines in steps.items() if not lines[0].endswith((": unchanged.", ": unverändert."))
    }
