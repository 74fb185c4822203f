"""A register in each database, for the tests of the register."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest
from gruene_infra.gruene_infra_plugin.register.postgis import PostgresPlace
from gruene_infra.gruene_infra_plugin.register.store import Register
from qgis.core import QgsProviderRegistry

from ..postgres import Server, server
from .registers import Site

_SCHEMAS = itertools.count(1)


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
