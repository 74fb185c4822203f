"""A connection's password is planted wherever an algorithm takes an address, and searched for everywhere."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from gruene_infra.gruene_infra_plugin.register.postgis import PostgresPlace
from gruene_infra.gruene_infra_plugin.register.store import Register
from qgis.core import (
    Qgis,
    QgsApplication,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProject,
    QgsProviderRegistry,
    QgsVectorLayer,
    QgsVectorLayerExporter,
)

from ...postgres import PASSWORD, Server
from ...runs import Log
from .every_algorithm import BY_ID, SINKS, definitions, every_algorithm
from .examples import example

SCHEMA = "Geheim"
CONNECTION = "Büro mit Kennwort"
REGISTERS = [name for name, algorithm in BY_ID.items() if algorithm.parameterDefinition("CONNECTION")]


class Said:
    """Everything that anybody is told: log of the run, errors with what caused them, QGIS's messages."""

    def __init__(self) -> None:
        self.log = Log()
        self.texts: list[str] = []

    def note(self, error: BaseException | None) -> None:
        while error is not None:
            self.texts += [str(error), repr(error)]
            error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)

    def message(self, text: str, tag: str, *_level: object) -> None:
        self.texts.append(f"{tag}: {text}")

    @property
    def text(self) -> str:
        ours = (line for line in self.log.infos if not line.startswith("Results: {"))  # QGIS says that one
        return "\n".join([*ours, *self.log.warnings, *self.log.errors, *self.texts])


@pytest.fixture
def said() -> Iterator[Said]:
    one = Said()
    messages = QgsApplication.messageLog().messageReceived[str, str, Qgis.MessageLevel]
    messages.connect(one.message)
    yield one
    messages.disconnect(one.message)


@pytest.fixture
def schema(postgres: Server) -> Iterator[Server]:
    """A schema and a stored connection of the role that is known by its password."""
    postgres.execute(f'CREATE SCHEMA "{SCHEMA}"')
    postgres.execute(f'GRANT ALL ON SCHEMA "{SCHEMA}" TO PUBLIC')
    metadata = QgsProviderRegistry.instance().providerMetadata("postgres")
    options = {"saveUsername": True, "savePassword": True}
    metadata.saveConnection(metadata.createConnection(secret(postgres).uri(False), options), CONNECTION)
    yield postgres
    metadata.deleteConnection(CONNECTION)
    postgres.execute(f'DROP SCHEMA "{SCHEMA}" CASCADE')


def secret(server: Server, table: str = "", geometry: str = ""):
    uri = server.uri(password=PASSWORD)
    if table:
        uri.setDataSource(SCHEMA, table, geometry, "", "nr" if geometry else "")
    return uri


def in_database(layer: QgsVectorLayer, server: Server, table: str) -> str:
    """Store a layer in PostgreSQL and return its address, password and all."""
    uri = secret(server, table, "geom" if layer.isSpatial() else "")
    uri.setKeyColumn("nr")
    code, message = QgsVectorLayerExporter.exportLayer(layer, uri.uri(False), "postgres", layer.crs())
    assert not code, message
    assert PASSWORD in uri.uri(False)
    return f"postgres://{uri.uri(False)}"


def stored(algorithm_id: str, folder: Path, server: Server) -> dict:
    """Return valid parameters with all layers, and the register, in PostgreSQL."""
    given, number = {}, 0
    for name, value in example(BY_ID[algorithm_id], folder).items():
        values = value if isinstance(value, list) else [value]
        if not any(isinstance(one, QgsVectorLayer) for one in values):
            given[name] = value
            continue
        moved = []
        for one in values:
            number += 1
            moved.append(
                in_database(one, server, f"layer_{number}") if isinstance(one, QgsVectorLayer) else one
            )
        given[name] = moved if isinstance(value, list) else moved[0]
    return given


def outputs(algorithm_id: str, folder: Path) -> dict[str, str]:
    return {
        d.name(): str(folder / f"{d.name()}.{'gpkg' if d.type() in SINKS else d.defaultFileExtension()}")
        for d in BY_ID[algorithm_id].destinationParameterDefinitions()
    }


def attempt(run, said: Said, algorithm_id: str, parameters: dict) -> bool:
    try:
        run(algorithm_id, said.log, **parameters)
    except QgsProcessingException as error:
        said.note(error)
        return False
    return True


def assert_kept_secret(said: Said, folder: Path, server: Server) -> None:
    """Assert that the password is in no message, no file and no table."""
    assert PASSWORD not in said.text
    for path in folder.rglob("*"):
        assert not path.is_file() or PASSWORD.encode() not in path.read_bytes(), path
    for (table,) in server.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", SCHEMA):
        rows = server.execute(f'SELECT to_jsonb(t)::text FROM "{SCHEMA}"."{table}" t')
        assert not any(PASSWORD in row for (row,) in rows), table


@every_algorithm
def test_a_run_with_layers_from_a_database_keeps_the_password(run, said, schema, tmp_path, algorithm_id):
    parameters = stored(algorithm_id, tmp_path, schema) | outputs(algorithm_id, tmp_path)
    assert attempt(run, said, algorithm_id, parameters), said.text
    tables = {
        d.name(): f"postgres://{secret(schema, d.name().lower(), 'geom').uri(False)}"
        for d in definitions(algorithm_id, *SINKS)
    }
    attempt(run, said, algorithm_id, parameters | tables)
    assert_kept_secret(said, tmp_path, schema)


@every_algorithm
def test_no_error_tells_a_password(run, said, schema, tmp_path, algorithm_id):
    good = stored(algorithm_id, tmp_path, schema) | outputs(algorithm_id, tmp_path)
    nowhere = f"postgres://{secret(schema, 'gibt_es_nicht', 'geom').uri(False)}"
    for definition in BY_ID[algorithm_id].parameterDefinitions():
        if not definition.isDestination():
            name = definition.name()
            value = [nowhere] if definition.type() == "multilayer" else nowhere
            attempt(run, said, algorithm_id, good | {name: value})
            _, why = (
                BY_ID[algorithm_id]
                .create()
                .checkParameterValues(good | {name: value}, QgsProcessingContext())
            )
            said.texts.append(why)
    denied = secret(schema)
    denied.setDataSource("pg_catalog", "verboten", "", "", "")
    unreachable = secret(schema, "t")
    unreachable.setConnection("127.0.0.1", "1", "gruene", "jemand", PASSWORD)
    for definition in definitions(algorithm_id, *SINKS):
        for uri in (denied, unreachable):
            address = f"postgres://{uri.uri(False)}"
            assert not attempt(run, said, algorithm_id, good | {definition.name(): address})
    assert_kept_secret(said, tmp_path, schema)


@pytest.mark.parametrize("algorithm_id", REGISTERS)
def test_a_register_behind_a_password_tells_it_to_nobody(run, said, schema, tmp_path, algorithm_id):
    where = {"CONNECTION": CONNECTION, "SCHEMA": f"{SCHEMA}_{algorithm_id}"}
    place = PostgresPlace(CONNECTION, schema=where["SCHEMA"])
    given = {k: v for k, v in stored(algorithm_id, tmp_path, schema).items() if k != "REGISTER"}
    everything = given | outputs(algorithm_id, tmp_path) | where
    try:
        attempt(run, said, algorithm_id, everything)  # refused, or the register is made
        if algorithm_id != "create_register":
            Register.create(place).close()
            attempt(run, said, algorithm_id, everything)
        project = QgsProject.instance()
        if algorithm_id == "open_register":
            assert len(project.mapLayers()) > 0
        assert project.write(str(tmp_path / "projekt.qgs"))
        tables = schema.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", where["SCHEMA"])
        assert len(tables) > 6
        for (table,) in tables:
            rows = schema.execute(f'SELECT to_jsonb(t)::text FROM "{where["SCHEMA"]}"."{table}" t')
            assert not any(PASSWORD in row for (row,) in rows), table
        assert_kept_secret(said, tmp_path, schema)
    finally:
        schema.execute(f'DROP SCHEMA IF EXISTS "{where["SCHEMA"]}" CASCADE')
