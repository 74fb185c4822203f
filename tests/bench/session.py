"""A QGIS without window for one measurement, in a process of its own so that peak memory is its own."""

from __future__ import annotations

import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

BENCH = Path(__file__).resolve().parent
PLUGINS = "/usr/share/qgis/python/plugins"


def measure(module: str, case: str, *arguments: object) -> dict[str, float]:
    """Run ``module.case(*arguments)`` in a fresh process; return what it returned and ``peak_mb``."""
    command = [sys.executable, str(BENCH / "session.py"), module, case, *map(str, arguments)]
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{module}.{case} failed:\n{done.stdout}\n{done.stderr}")
    return json.loads(done.stdout.splitlines()[-1])


def median_seconds(rows: list[dict[str, float]]) -> float:
    """Return the median time of several measurements."""
    return statistics.median(row["seconds"] for row in rows)


def seconds(work: Callable[[], object]) -> float:
    """Return how long ``work`` takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _main(module: str, case: str, *arguments: str) -> None:
    sys.path[:0] = [str(BENCH), str(BENCH.parent)]
    import package  # noqa: F401 - registers the checkout
    from qgis.core import QgsApplication

    sys.path.append(PLUGINS)
    application = QgsApplication([], False)
    application.initQgis()
    from processing.core.Processing import Processing

    Processing.initialize()
    from gruene_infra.processing.provider import GrueneInfraProvider

    provider = GrueneInfraProvider()
    QgsApplication.processingRegistry().addProvider(provider)
    result = getattr(__import__(module), case)(*arguments)
    result["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(result), flush=True)
    os._exit(0)  # a QgsApplication whose layers outlive it ends badly


if __name__ == "__main__":
    _main(*sys.argv[1:])
