"""What fails lets go of its layers: QGIS has four connections to a database, and keeps what a run raised."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest
from gruene_infra.processing.redacted import redacted_errors
from qgis.core import QgsDataSourceUri, QgsProcessingException, QgsVectorLayerExporter

from ...layer_factory import box, layer
from ...postgres import Server

MORE_THAN_CONNECTIONS = 6


@pytest.fixture
def table(postgres: Server) -> Iterator[str]:
    """The address of a table of polygons, of which every other one has no Raumtyp."""
    types = layer([box(20 * k, 0, 10, 10) for k in range(500)], {"raumtyp": ["Innenstadt", "Wald"] * 250})
    uri = QgsDataSourceUri(postgres.dsn())
    uri.setDataSource("public", "halb_gelesen", "geom", "", "nr")
    uri.setKeyColumn("nr")
    code, message = QgsVectorLayerExporter.exportLayer(types, uri.uri(False), "postgres", types.crs())
    assert not code, message
    yield f"postgres://{uri.uri(False)}"
    postgres.execute("DROP TABLE halb_gelesen")


def test_a_layer_of_a_database_that_fails_half_read_can_be_read_again(run, table):
    """Without letting go, the fifth run waits for a connection for ever."""
    parcels = layer([box(0, 0, 30, 30)], {"flstkennz": ["f1"]})
    for _ in range(MORE_THAN_CONNECTIONS):
        with pytest.raises(QgsProcessingException, match="Wald"):
            run("space_types", PARCELS=parcels, SPACE_TYPES=table)


class Held:
    """Something that a step holds while it fails."""


@pytest.mark.parametrize("kind", [QgsProcessingException, ValueError, KeyboardInterrupt])
def test_whoever_keeps_an_error_keeps_none_of_what_its_steps_held(kind):
    held = []

    def step() -> None:
        one = Held()
        held.append(weakref.ref(one))
        raise kind("nein")

    def around() -> None:
        other = Held()
        held.append(weakref.ref(other))
        try:
            step()
        except kind as error:
            raise kind("doch nicht") from error

    gc.disable()
    try:
        with pytest.raises(kind, match="doch nicht") as kept, redacted_errors():
            around()
        assert [one() for one in held] == [None, None]
        assert kept.value.__traceback__ is not None
    finally:
        gc.enable()
