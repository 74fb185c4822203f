"""QGIS with our provider, and one way to run an algorithm and to look at what came out."""

from __future__ import annotations

import gc
import importlib
import os
import sys
from collections.abc import Callable, Iterator
from types import ModuleType

import pytest
from hypothesis import settings
from qgis.core import (
    QgsApplication,
    QgsProcessingProvider,
    QgsProject,
)
from qgis.PyQt.QtCore import QSettings

from . import package  # noqa: F401 - registers the checkout as the package gruene_infra
from .runs import Log, Run

os.environ["GDAL_PAM_ENABLED"] = "NO"  # no statistics files beside the sample's rasters
EXIT_STATUS = pytest.StashKey[int]()

settings.register_profile("qgis", deadline=None, derandomize=True, database=None)
settings.load_profile("qgis")


@pytest.fixture(scope="session", autouse=True)
def _own_settings(qgis_app: QgsApplication, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Keep the settings of this run to itself: runs side by side would find each other's connections."""
    place = tmp_path_factory.mktemp("settings")
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(place))


@pytest.fixture(scope="session")
def processing(qgis_processing: None) -> ModuleType:
    """QGIS's own package ``processing``, initialised."""
    return importlib.import_module("processing")


@pytest.fixture(scope="session")
def provider(processing: ModuleType) -> Iterator[QgsProcessingProvider]:
    """Our provider, registered for the whole run of the tests."""
    from gruene_infra.processing.provider import GrueneInfraProvider, register

    ours = GrueneInfraProvider()
    assert register(ours)
    yield ours
    gc.collect()  # what runs have left goes while there is QGIS
    QgsApplication.processingRegistry().removeProvider(ours)


@pytest.fixture(scope="session")
def run(processing: ModuleType, provider: QgsProcessingProvider) -> Callable[..., Run]:
    """Run an algorithm by its short id; outputs that are not named are temporary layers.

    ``log`` takes the messages; an error comes out as the exception that the algorithm raised.
    """

    def start(algorithm_id: str, log: Log | None = None, **parameters: object) -> Run:
        log = log or Log()
        algorithm = provider.algorithm(algorithm_id)
        temporary = {d.name(): "TEMPORARY_OUTPUT" for d in algorithm.destinationParameterDefinitions()}
        results = processing.run(algorithm.id(), temporary | parameters, feedback=log)
        return Run(results, log)

    return start


@pytest.fixture(autouse=True)
def _no_layers_left() -> Iterator[None]:
    """Clear the project after a test that used it; clearing takes longer than most tests."""
    yield
    project = QgsProject.instance()
    if project.mapLayers() or project.isDirty() or project.fileName():
        project.clear()


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    session.config.stash[EXIT_STATUS] = int(exitstatus)


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    """Leave without tearing QGIS down: with Python sinks and layers about, that ends in a crash.

    Everything is reported by now, and the exit status is that of the tests.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(config.stash.get(EXIT_STATUS, 3))
