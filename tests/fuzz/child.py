"""A process that runs cases, one per line on its input, and says of each in a line of JSON what came of it.

``child.py --show`` tells the parameters and the messages of each run besides.
"""

from __future__ import annotations

import json
import os
import re
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))

import tests.package  # noqa: F401, I001 - registers the checkout as the package gruene_infra
from qgis.core import QgsApplication, QgsProcessingContext, QgsProcessingException, QgsProject, QgsVectorLayer

PLUGINS = "/usr/share/qgis/python/plugins"
SELF = Path("/proc/self")
LONG_WORD = re.compile(r"\w{300,}")
"""A value that a message repeats; looking for errors in it would take longer than the run."""


@dataclass
class Result:
    """What came of a case.

    ``outcome`` is ``done``, ``refused`` (a message of ours), or else a failure: ``traceback``, ``silent`` (no
    message), ``nonsense`` (findings that contradict themselves), ``stump`` (files of a run that failed),
    ``broken case`` (the case itself could not be made), and what only the watcher sees.
    """

    case: str
    outcome: str
    what: str = ""
    seconds: float = 0.0
    peak_mb: float = 0.0


def peak_mb() -> float:
    """Return the most memory the process had since :func:`forget_peak`."""
    found = re.search(r"VmHWM:\s+(\d+) kB", (SELF / "status").read_text(encoding="ascii"))
    return int(found[1]) / 1024


def forget_peak() -> None:
    (SELF / "clear_refs").write_text("5", encoding="ascii")


def serve(work: Callable[[str, Path], tuple[str, str]]) -> None:
    """Do the work of each line of the input, in a folder of its own, and say what came of it."""
    held = _qgis()
    channel = os.dup(1)
    os.dup2(2, 1)  # GDAL and Qt may print
    for line in sys.stdin:
        forget_peak()
        begin = time.monotonic()
        with tempfile.TemporaryDirectory() as folder:
            outcome, what = work(line.strip(), Path(folder))
            QgsProject.instance().clear()
        result = Result(line.strip(), outcome, what, time.monotonic() - begin, peak_mb())
        os.write(channel, f"{json.dumps(asdict(result))}\n".encode())
    del held
    os._exit(0)  # a QGIS whose layers outlive it ends badly


def _qgis() -> tuple[object, object]:
    """Start QGIS with its algorithms and ours; both objects must live."""
    os.environ["GDAL_PAM_ENABLED"] = "NO"
    application = QgsApplication([], False)
    application.initQgis()
    sys.path.append(PLUGINS)
    from processing.core.Processing import Processing

    Processing.initialize()
    from gruene_infra.processing.provider import GrueneInfraProvider

    provider = GrueneInfraProvider()
    QgsApplication.processingRegistry().addProvider(provider)
    return application, provider


def attempt(text: str, folder: Path, show: bool) -> tuple[str, str]:
    """Run a case; return its outcome and the message or the traceback that belongs to it."""
    from tests.fuzz.cases import Case
    from tests.qgis.every.bad_input import TRACES, files_in
    from tests.qgis.every.every_algorithm import BY_ID, SINKS
    from tests.runs import Log

    thrown: list[str] = []
    sys.excepthook = lambda *error: thrown.append("".join(traceback.format_exception(*error)))
    out = folder / "out"
    out.mkdir()
    log, context = Log(), QgsProcessingContext()
    context.setProject(QgsProject.instance())
    case = Case.read(text)
    try:
        given, spoiled = case.parameters(folder)
        if show:
            print("\n".join(f"{'! ' if n in spoiled else '  '}{n} = {v!r:.300}" for n, v in given.items()))
        algorithm = BY_ID[case.algorithm].create()
        for d in algorithm.destinationParameterDefinitions():
            ending = "gpkg" if d.type() in SINKS else d.defaultFileExtension()
            given[d.name()] = str(out / f"{d.name()}.{ending}")
        algorithm.checkParameterValues(given, context)
        results, done = BY_ID[case.algorithm].create().run(given, context, log)
    except Exception:
        return "broken case", traceback.format_exc()
    said = LONG_WORD.sub("…", "\n".join([*thrown, log.text]))
    if show:
        print(said, "\n->", results if done else "refused")
    if thrown or TRACES.search(said):
        return "traceback", said
    if not done and not log.errors:
        return "silent", said
    if not done:
        return ("stump", ", ".join(files_in(out))) if files_in(out) else ("refused", log.errors[-1])
    return _judged(results)


def _judged(results: dict) -> tuple[str, str]:
    """Say whether the tables of findings among the results hold together."""
    from gruene_infra.gruene_infra_plugin.spatial.reading.findings_tables import (
        FindingsReader,
        missing_columns,
    )
    from gruene_infra.gruene_infra_plugin.strategy import load_strategy

    reader = FindingsReader([goal.number for goal in load_strategy().goals])
    for name, value in results.items():
        table = QgsVectorLayer(value, name, "ogr") if isinstance(value, str) else None
        if table is not None and table.isValid() and not missing_columns(table.fields()):
            try:
                reader.read(name, table)
            except QgsProcessingException as error:
                return "nonsense", str(error)
    return "done", ""


if __name__ == "__main__":
    serve(partial(attempt, show="--show" in sys.argv))
