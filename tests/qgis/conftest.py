"""A register in each database, and runs of any algorithm with files as outputs."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from gruene_infra.gruene_infra_plugin.i18n import install_translator
from gruene_infra.gruene_infra_plugin.register.postgis import PostgresPlace
from gruene_infra.gruene_infra_plugin.register.store import Register
from qgis.core import QgsApplication, QgsProcessingException, QgsProviderRegistry
from qgis.PyQt.QtCore import QCoreApplication, QLocale

from ..layer_factory import rows
from ..postgres import Server, server
from ..runs import Log
from .every.bad_input import Attempt
from .every.every_algorithm import BY_ID, SINKS, definitions, taken
from .every.examples import example
from .register.registers import Site

_SCHEMAS = itertools.count(1)


@pytest.fixture
def speak(qgis_app: QgsApplication) -> Iterator[Callable[[str], None]]:
    """Let QGIS speak ``de`` or ``en``, with the plugin's translation, until the test ends."""
    before, translators = QLocale(), []

    def start(language: str) -> None:
        while translators:
            QCoreApplication.removeTranslator(translators.pop())
        QgsApplication.setLocale(QLocale(language))
        if translator := install_translator():
            translators.append(translator)

    yield start
    start("en")
    QgsApplication.setLocale(before)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A PostgreSQL of our own for the whole run of the tests."""
    with server() as running:
        yield running


@pytest.fixture(params=["gpkg", "postgis"])
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Site]:
    """A place without a register yet; with umlauts and spaces in its name."""
    if request.param == "gpkg":
        made = Site("gpkg", tmp_path / "Grünes Register.gpkg")
    else:
        running = request.getfixturevalue("postgres")
        schema = f"Grünes Register {next(_SCHEMAS)}"
        made = Site("postgis", PostgresPlace(dsn=running.dsn(), schema=schema), running)
    yield made
    made.close()


@pytest.fixture
def register(site: Site) -> Register:
    """An empty register, written by Anna."""
    return site.create()


@pytest.fixture
def where(site: Site) -> Iterator[dict[str, str]]:
    """The parameters by which an algorithm finds the register of ``site``."""
    if isinstance(site.place, PostgresPlace):
        name = f"{site.place.schema} (Test)"
        metadata = QgsProviderRegistry.instance().providerMetadata("postgres")
        metadata.saveConnection(
            metadata.createConnection(site.place.dsn, {"saveUsername": True, "savePassword": True}), name
        )
        yield {"CONNECTION": name, "SCHEMA": site.place.schema}
        metadata.deleteConnection(name)
    else:
        yield {"REGISTER": str(site.place)}


@pytest.fixture
def attempt(run, tmp_path):
    """Run with files as outputs, and take down what came of it."""
    out = tmp_path / "out"
    out.mkdir()

    def start(algorithm_id: str, parameters: dict, log: Log | None = None) -> Attempt:
        log = log or Log()
        outputs = {
            d.name(): str(out / f"{d.name()}.{'gpkg' if d.type() in SINKS else d.defaultFileExtension()}")
            for d in BY_ID[algorithm_id].destinationParameterDefinitions()
        }
        try:
            result = run(algorithm_id, log, **(outputs | parameters))
        except QgsProcessingException as error:
            return Attempt(error=str(error), log=log.text)
        return taken(log, {d.name(): result.rows(d.name()) for d in definitions(algorithm_id, *SINKS)})

    start.out = out
    return start


@pytest.fixture(scope="session")
def clean(tmp_path_factory, processing, provider):
    """Return what an algorithm makes of its untouched example, computed once."""
    known: dict[str, Attempt] = {}

    def of(algorithm_id: str) -> Attempt:
        if algorithm_id not in known:
            folder = tmp_path_factory.mktemp(algorithm_id)
            outputs = {d.name(): "TEMPORARY_OUTPUT" for d in definitions(algorithm_id, *SINKS)}
            for d in BY_ID[algorithm_id].destinationParameterDefinitions():
                outputs.setdefault(d.name(), str(folder / f"{d.name()}.{d.defaultFileExtension()}"))
            parameters = example(BY_ID[algorithm_id], folder) | outputs
            found = processing.run(provider.algorithm(algorithm_id).id(), parameters, feedback=Log())
            tables = {d.name(): rows(found[d.name()]) for d in definitions(algorithm_id, *SINKS)}
            known[algorithm_id] = taken(Log(), tables)
        return known[algorithm_id]

    return of
