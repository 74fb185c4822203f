"""A process that writes outputs over and over, to be killed in the middle.

It is warm: it has everything imported, and forks one child per line on its standard input, which is a
destination and the number of rows. It tells the child's number, ``begin``, ``whole`` when all rows are
written, and ``done`` when they are in their place.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent.parent))

import tests.package  # noqa: F401, I001 - registers the checkout as the package gruene_infra
from qgis.core import QgsApplication
from tests.qgis.forking import say, serve
from tests.qgis.writing.output_places import STYLE, Writing


def write(line: str) -> None:
    destination, count = line.split("\t")
    say("begin")
    outputs = Writing({"OUTPUT": destination}).write(int(count))
    outputs.close()
    say("whole")
    outputs.finish({"OUTPUT": STYLE})
    say("done")


def main() -> None:
    application = QgsApplication([], False)
    application.initQgis()
    serve(write)


main()
