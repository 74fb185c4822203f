"""parcel_potential: 100 000 parcels against five results, beside QGIS saving the parcels."""

from __future__ import annotations

from pathlib import Path

from session import measure, median_seconds, seconds

COUNT = 100_000
SIDE_M = 20_000.0


def report(folder: Path) -> list[tuple[str, float, str, float]]:
    """Return rows of (what, ratio or figure, bound as text, bound)."""
    import inputs

    parcels, floodplains = folder / "parcels.gpkg", folder / "floodplains.gpkg"
    inputs.write_roofs(parcels, COUNT, SIDE_M)
    inputs.write_floodplains(floodplains)
    for number in (1, 2, 3, 4):
        inputs.write_roofs(folder / f"result{number}.gpkg", COUNT // 4, SIDE_M, inputs.SEED + number)
    saved, whole = [], []
    for _ in range(3):  # in turn, so that a machine that slows down slows all of them
        saved.append(measure("register", "savefeatures", parcels, folder / "saved.gpkg"))
        whole.append(measure("register", "potential", folder))
    ratio = median_seconds(whole) / median_seconds(saved)
    return [
        ("parcel_potential / native:savefeatures", ratio, "<=", 3.0),
        ("peak memory, MB", max(row["peak_mb"] for row in whole), "<=", 1024.0),
    ]


def savefeatures(parcels: str, output: str) -> dict[str, float]:
    import processing

    values = {"INPUT": parcels, "OUTPUT": output}
    return {"seconds": seconds(lambda: processing.run("native:savefeatures", values))}


def potential(folder: str) -> dict[str, float]:
    import processing

    results = [f"{folder}/floodplains.gpkg", *(f"{folder}/result{number}.gpkg" for number in (1, 2, 3, 4))]
    values = {
        "PARCELS": f"{folder}/parcels.gpkg",
        "KEY_FIELD": "gebaeude_id",
        "RESULTS": results,
        "GOALS_OF_RESULTS": "19, 2, 13, 21, 22",
        "OUTPUT": f"{folder}/potential.gpkg",
        "SUMMARY": "TEMPORARY_OUTPUT",
    }
    return {"seconds": seconds(lambda: processing.run("gruene_infra:parcel_potential", values))}
