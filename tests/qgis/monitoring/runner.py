"""A process that measures everything over and over, to be killed in the middle.

It is warm: it has everything imported, and forks one child per line on its standard input, which is a folder
of layers and one for the package. It tells the number of the child, ``begin``, and ``done`` at the end.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent.parent))

import tests.package  # noqa: F401, I001 - registers the checkout as the package gruene_infra
import gruene_infra.gruene_infra_plugin.cartography.sheet
import gruene_infra.gruene_infra_plugin.report.render  # noqa: F401 - each child would import them again
from gruene_infra.processing.provider import GrueneInfraProvider
from qgis.core import QgsApplication, QgsProcessingContext, QgsProcessingFeedback, QgsProject

from tests.qgis.forking import say, serve
from tests.qgis.monitoring.scenes import DAY


def measure(line: str) -> None:
    place, package = line.split("\t")
    context = QgsProcessingContext()
    context.setProject(QgsProject.instance())
    algorithm = QgsApplication.processingRegistry().createAlgorithmById("gruene_infra:run_monitoring")
    say("begin")
    given = {"INPUT": place, "OUTPUT": package, "AS_OF": DAY}
    algorithm.run(given, context, QgsProcessingFeedback(False), {}, False)
    say("done")


def main() -> None:
    application = QgsApplication([], False)
    application.initQgis()
    provider = GrueneInfraProvider()
    QgsApplication.processingRegistry().addProvider(provider)
    serve(measure)


main()
