"""A folder with a small town, measured in well under a second a step, and what a package holds."""

from __future__ import annotations

from pathlib import Path

from qgis.core import QgsVectorLayer

from ...layer_factory import box, layer, saved

FOREST, FLOODED, PARCELS = "hz22_forest_share", "hz19_floodplain_buildings", "parcel_potential"
STEPS = (FLOODED, FOREST, PARCELS)
DAY = "2026-06-30"


def towns() -> QgsVectorLayer:
    """Two towns of 100 ha and 200 ha."""
    return layer(
        [box(0, 0, 1000, 1000), box(1000, 0, 2000, 1000)],
        {"gemeinde": ["Westen", "Osten"], "ags": ["05999001", "05999002"]},
        name="gemeinden",
    )


def forests(width: float = 100) -> QgsVectorLayer:
    """Six forests of ``width`` × 100 m, all in the western town: 6 ha."""
    return layer([box(150 * k, 0, width, 100) for k in range(6)], {"objart": ["43002"] * 6}, name="wald")


def buildings() -> QgsVectorLayer:
    """Six buildings of 100 m² in each town, of which three in each stand in the floodplain."""
    squares = [box(x + 50 * k, 480 + 20 * (k % 2), 10, 10) for x in (100, 1100) for k in range(6)]
    return layer(squares, {"gebaeudefunktion": [1000] * 12}, name="gebaeude")


def floodplains() -> QgsVectorLayer:
    """A strip of 50 m through both towns, between 450 m and 495 m."""
    return layer(
        [box(500 * k, 450, 500, 45) for k in range(6)], {"hq": ["HQ100"] * 6}, name="ueberschwemmungsgebiete"
    )


def parcels() -> QgsVectorLayer:
    """Six parcels of 50 m × 50 m around the buildings of the western town."""
    keys = [f"051234-007-{k}" for k in range(6)]
    return layer([box(80 + 50 * k, 470, 50, 50) for k in range(6)], {"flstkennz": keys}, name="flurstuecke")


def town(folder: Path) -> Path:
    """Write the layers of the town into a folder, and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    for made in (towns(), forests(), buildings(), floodplains(), parcels()):
        saved(made, folder / "stadt.gpkg")
    return folder
