"""HZ 19: 500 000 buildings against 40 floodplains of 8 000 vertices, beside QGIS's own algorithms."""

from __future__ import annotations

from pathlib import Path

from session import measure, median_seconds, seconds

COUNT = 500_000


def report(folder: Path) -> list[tuple[str, float, str, float]]:
    """Return rows of (what, ratio or figure, bound as text, bound)."""
    import inputs

    buildings, tenth = folder / "buildings.gpkg", folder / "buildings_tenth.gpkg"
    floodplains = inputs.write_floodplains(folder / "floodplains.gpkg")
    inputs.write_buildings(buildings, COUNT)
    inputs.write_buildings(tenth, COUNT // 10)
    saved, whole, small, step = [], [], [], []
    for _ in range(3):  # in turn, so that a machine that slows down slows all of them
        saved.append(measure("hz19", "savefeatures", buildings, folder / "saved.gpkg"))
        whole.append(measure("hz19", "algorithm", buildings, floodplains, folder / "whole.gpkg"))
        small.append(measure("hz19", "algorithm", tenth, floodplains, folder / "small.gpkg"))
        step.append(measure("hz19", "overlay_step", buildings, floodplains))
    save, all_buildings, few, overlay = map(median_seconds, (saved, whole, small, step))
    native = measure("hz19", "intersection", tenth, floodplains, folder / "cut.gpkg")["seconds"]
    return [
        ("overlay step / native:savefeatures", overlay / save, "<=", 0.7),
        ("whole algorithm / native:savefeatures", all_buildings / save, "<=", 2.0),
        ("native:intersection / whole algorithm, a tenth", native / few, ">=", 20.0),
        ("ten times the buildings", all_buildings / few, "<=", 12.0),
        ("peak memory, MB", max(row["peak_mb"] for row in whole), "<=", 1024.0),
    ]


def savefeatures(buildings: str, output: str) -> dict[str, float]:
    import processing

    values = {"INPUT": buildings, "OUTPUT": output}
    return {"seconds": seconds(lambda: processing.run("native:savefeatures", values))}


def intersection(buildings: str, floodplains: str, output: str) -> dict[str, float]:
    import processing

    values = {"INPUT": buildings, "OVERLAY": floodplains, "OUTPUT": output}
    return {"seconds": seconds(lambda: processing.run("native:intersection", values))}


def algorithm(buildings: str, floodplains: str, output: str) -> dict[str, float]:
    import processing

    values = {
        "BUILDINGS": buildings,
        "FLOODPLAINS": floodplains,
        "REFERENCE_YEAR": 2016,
        "OUTPUT": output,
        "SUMMARY": "TEMPORARY_OUTPUT",
    }
    return {"seconds": seconds(lambda: processing.run("gruene_infra:hz19_floodplain_buildings", values))}


def overlay_step(buildings: str, floodplains: str) -> dict[str, float]:
    """Time indexing the floodplains and the areas of all buildings in them, without reading and writing."""
    from gruene_infra.gruene_infra_plugin.spatial.water.floodplains import floodplain_zone
    from qgis.core import QgsVectorLayer

    shapes = [feature.geometry() for feature in QgsVectorLayer(buildings).getFeatures()]
    features = list(QgsVectorLayer(floodplains).getFeatures())

    def work() -> None:
        pieces = floodplain_zone(features, lambda f: f["klasse"], ["festgesetzt", "vorläufig gesichert"])
        for shape in shapes:
            pieces.overlap(shape)

    return {"seconds": seconds(work)}
