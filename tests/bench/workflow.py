"""Many municipalities by the workflow: all, again, one input changed, one broken, one worker killed.

``WORKFLOW_TOWNS=5`` takes five of the 53.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import region
from inputs import ORIGIN, polygon_wkb, write

ROOT = Path(__file__).resolve().parents[2]
TOWNS = int(os.environ.get("WORKFLOW_TOWNS", "53"))
SHARE = 0.0005
"""Share of the region that each municipality holds: 1 000 buildings, 200 polygons of land use."""
LAYERS = ("landnutzung", "lebensraumtypen", "biotopverbund", "schutzgebiete")
Row = tuple[str, float, str, float]


def report(folder: Path) -> Iterator[Row]:
    """Yield rows of (what, ratio or figure, bound as text, bound); figures without bound only inform."""
    names = write_towns(folder / "daten")
    alone = [_alone(folder, name) for name in names[:3]]
    whole = _run(folder)
    yield f"{TOWNS} municipalities, two at a time: seconds", whole, "", 0.0
    overhead = 2 * whole / TOWNS - sum(alone) / len(alone)
    yield "seconds that each costs beside its own run", overhead, "<=", 3.0
    _require(folder, names, "fertig")
    yield "again, nothing to do: seconds", _run(folder), "", 0.0
    before = _times(folder, names)
    changed = folder / "daten" / names[0] / "monitoring.yaml"
    changed.write_text(changed.read_text(encoding="utf-8") + "name: neu\n", encoding="utf-8")
    yield "one input changed: seconds", _run(folder), "", 0.0
    moved = [name for name, at in _times(folder, names).items() if at != before[name]]
    yield "municipalities that were run again", float(len(moved)), "<=", 1.0
    (folder / "daten" / names[1] / "landnutzung.gpkg").write_bytes(b"no database")
    yield "one municipality broken: seconds", _run(folder), "", 0.0
    yield "killed in the middle and begun again: seconds", _killed(folder, names[2]), "", 0.0


def write_towns(folder: Path) -> list[str]:
    """Write the layers of each municipality into a folder of its own; return the names of the folders."""
    import package  # noqa: F401 - registers the checkout
    from gruene_infra.gruene_infra_plugin.strategy import load_strategy

    towns = load_strategy().municipalities[:TOWNS]
    made = folder.parent / "vorlage"
    region.write_region(made, SHARE)
    side = float(round(1_000 * (SHARE * region.REGION_KM2) ** 0.5))
    ring = [[[0, 0], [side, 0], [side, side], [0, side], [0, 0]]]
    for town in towns:
        place = folder / town.ags
        place.mkdir(parents=True)
        for layer in LAYERS:
            shutil.copy(made / f"{layer}.gpkg", place)
        outline = polygon_wkb(region.np.array(ring) + ORIGIN)
        write(place / "gemeinden.gpkg", "gemeinden", outline, {"gemeinde": [town.name], "ags": [town.ags]})
        text = "monitoring: 1\nas_of: 2026-12-31\n"
        (place / "monitoring.yaml").write_text(text, encoding="utf-8")
    return [town.ags for town in towns]


def _command(folder: Path) -> list[str]:
    return [str(ROOT / ".ci" / "workflow"), str(folder), "--quiet", "all"]


def _run(folder: Path) -> float:
    start = time.perf_counter()
    subprocess.run(_command(folder), check=True, capture_output=True)
    return time.perf_counter() - start


def _alone(folder: Path, name: str) -> float:
    """Return how long one municipality takes by itself, in one process."""
    from session import measure

    return measure("workflow", "monitoring", folder / "daten" / name, folder / "allein" / name)["seconds"]


def monitoring(data: str, results: str) -> dict[str, float]:
    """Time a monitoring run in a QGIS that has started."""
    from session import seconds

    import processing

    values = {"INPUT": data, "OUTPUT": results}
    return {"seconds": seconds(lambda: processing.run("gruene_infra:run_monitoring", values))}


def _times(folder: Path, names: list[str]) -> dict[str, float]:
    packages = folder / "ergebnisse" / "packages"
    return {name: (packages / name / "paket.json").stat().st_mtime for name in names}


def _require(folder: Path, names: list[str], word: str) -> None:
    """Raise if a municipality has not come to what was expected."""
    for name in names:
        stamp = folder / "ergebnisse" / "stamps" / f"{name}.txt"
        if stamp.read_text(encoding="utf-8").strip() != word:
            raise ValueError(f"{name}: {stamp.read_text(encoding='utf-8')}")


def _killed(folder: Path, name: str) -> float:
    """Kill the worker of one municipality while it runs; return how long the next run takes."""
    (folder / "daten" / name / "monitoring.yaml").touch()
    shutil.rmtree(folder / "ergebnisse" / "packages" / name)
    running = subprocess.Popen(_command(folder), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    package = folder / "ergebnisse" / "packages" / name / "ergebnis.gpkg"
    while not package.exists():
        time.sleep(0.05)
    found = subprocess.run(
        ["pgrep", "-f", f"run_monitoring.*{name}"], capture_output=True, text=True, check=True
    )
    for pid in map(int, found.stdout.split()):
        os.kill(pid, signal.SIGKILL)
    running.wait()
    took = _run(folder)
    _require(folder, [name], "fertig")
    return took
