"""A process that writes outputs over and over, to be killed in the middle.

It is warm: it has everything imported, and forks one child per line on its standard input, which is a
destination and the number of rows. It tells the child's number, ``begin``, ``whole`` when all rows are
written, and ``done`` when they are in their place.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent.parent))

import tests.package  # noqa: F401, I001 - registers the checkout as the package gruene_infra
from qgis.core import QgsApplication
from tests.qgis.writing.output_places import STYLE, Writing


def say(text: str) -> None:
    os.write(1, f"{text}\n".encode())


def write(destination: str, count: int) -> None:
    say("begin")
    outputs = Writing({"OUTPUT": destination}).write(count)
    outputs.close()
    say("whole")
    outputs.finish({"OUTPUT": STYLE})
    say("done")


def main() -> None:
    application = QgsApplication([], False)
    application.initQgis()
    say("ready")
    for line in sys.stdin:
        destination, count = line.rstrip("\n").split("\t")
        child = os.fork()
        if child == 0:
            say(f"child {os.getpid()}")
            try:
                write(destination, int(count))
                signal.pause()  # until it is killed: its number must stay its own
            except BaseException as error:
                say(f"error {error!r}")
            os._exit(1)
        os.waitpid(child, 0)
        say("gone")


main()
