"""A folder of two layers, measured into a package: Westen has 10 ha of forest in 100 ha, Osten 30 ha."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from qgis.core import QgsVectorLayer

from ...layer_factory import box, layer, saved

MONITORING = """\
monitoring: 1
name: Probe
as_of: 2026-06-30
areas: gemeinden
layers:
  gemeinden: {{source: daten.gpkg|layername=gemeinden, date: '2026-01', licence: dl-de/zero-2-0}}
  landnutzung: {{source: daten.gpkg|layername=landnutzung, date: '2025', licence: CC-BY-4.0}}
steps:
  hz22_forest_share:
    layers: {{FOREST: landnutzung}}
    parameters: {{FOREST_VALUES: '{values}'}}
"""


def layers(west_m: int = 200) -> list[QgsVectorLayer]:
    """Return the two layers; the western forest is 500 m × ``west_m``, in five parts."""
    towns = layer(
        [box(0, 0, 1000, 1000), box(1000, 0, 1000, 1000)],
        {"gemeinde": ["Westen", "Osten"], "ags": ["05999001", "05999002"]},
        name="gemeinden",
    )
    west = [box(100 * k, 0, 100, west_m) for k in range(5)]
    forest = layer([*west, box(1000, 0, 300, 1000)], {"objart": ["43002"] * 6}, name="landnutzung")
    return [forest, towns]


def write_data(folder: Path, *, west_m: int = 200, values: str = "43002") -> None:
    """Write the two layers and their monitoring.yaml."""
    for one in layers(west_m):
        saved(one, folder / "daten.gpkg")
    (folder / "monitoring.yaml").write_text(MONITORING.format(values=values), encoding="utf-8")


def finding(area: str, **more: str) -> Mapping[str, str]:
    return {"INDICATOR": "hz22.wald.anteil", "AREA": area, **more}
