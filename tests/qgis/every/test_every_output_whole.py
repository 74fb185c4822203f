"""Every algorithm, run again over its older results: cancelled or failing, it leaves them as they are."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path

import pytest
from gruene_infra.gruene_infra_plugin.spatial.writing.outputs import Outputs
from qgis.core import Qgis, QgsProcessingException, QgsVectorLayer

from ...layer_factory import rows
from ...runs import Log
from ..writing.output_places import as_table
from .bad_input import files_in, tables_of
from .every_algorithm import BY_ID, SINKS, definitions
from .examples import example

every_algorithm_with_outputs = pytest.mark.parametrize(
    "algorithm_id", [n for n, a in BY_ID.items() if a.destinationParameterDefinitions()]
)
_NUMBERS = itertools.count(1)


class Places:
    """Where the outputs of an algorithm go, and what is there; what is no layer is always a file."""

    def __init__(self, algorithm_id: str, folder: Path) -> None:
        self.folder = folder
        self.sinks = {
            d.name(): d.dataType() != Qgis.ProcessingSourceType.Vector
            for d in definitions(algorithm_id, *SINKS)
        }
        """Names, and whether there is geometry."""
        self.files = {
            d.name(): folder / f"{d.name()}.{d.defaultFileExtension()}"
            for d in BY_ID[algorithm_id].destinationParameterDefinitions()
            if d.name() not in self.sinks
        }

    def parameters(self) -> dict[str, str]:
        return {name: self.destination(name) for name in self.sinks} | {
            name: str(path) for name, path in self.files.items()
        }

    def destination(self, name: str) -> str:
        return str(self.folder / f"{name}.gpkg")

    def layer(self, name: str) -> QgsVectorLayer:
        return QgsVectorLayer(self.destination(name), name, "ogr")

    def left_over(self) -> set[str]:
        """Return what should not be there: all but the outputs."""
        return self.other_files() - {f"{name}.gpkg" for name in self.sinks}

    def other_files(self) -> set[str]:
        """Return the files that are no output; the log of a GeoPackage is of those who have it open."""
        found = {name for name in files_in(self.folder) if not name.endswith(("-wal", "-shm"))}
        return found - {path.name for path in self.files.values()}

    def content(self) -> dict[str, object]:
        """Return what the outputs hold."""
        tables: dict[str, object] = {name: rows(self.layer(name)) for name in self.sinks}
        return tables | {name: path.read_bytes() for name, path in self.files.items()}


class Tables(Places):
    """Tables beside one of somebody else in a GeoPackage."""

    def destination(self, name: str) -> str:
        return as_table(self.folder / "alle.gpkg", name)

    def layer(self, name: str) -> QgsVectorLayer:
        return QgsVectorLayer(f"{self.folder / 'alle.gpkg'}|layername={name}", name, "ogr")

    def left_over(self) -> set[str]:
        tables = tables_of(self.folder / "alle.gpkg") if self.sinks else set()
        return (self.other_files() - {"alle.gpkg"}) | (tables - {*self.sinks, "layer_styles"})


class InPostgres(Places):
    """Tables in a schema of their own."""

    def __init__(self, algorithm_id: str, folder: Path, server) -> None:
        super().__init__(algorithm_id, folder)
        self._server, self._schema = server, f"Lauf {next(_NUMBERS)}"
        server.execute(f'CREATE SCHEMA "{self._schema}"')

    def destination(self, name: str) -> str:
        return f"postgres://{self._uri(name)}"

    def _uri(self, name: str) -> str:
        geometry = " (geom)" if self.sinks[name] else ""
        return f'{self._server.dsn()} table="{self._schema}"."{name}"{geometry}'

    def layer(self, name: str) -> QgsVectorLayer:
        return QgsVectorLayer(self._uri(name), name, "postgres")

    def left_over(self) -> set[str]:
        found = self._server.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", self._schema)
        return self.other_files() | {name for (name,) in found} - set(self.sinks)


@pytest.fixture(params=["files", "tables", "PostgreSQL"])
def places(request, algorithm_id, tmp_path) -> Places:
    folder = tmp_path / "ergebnisse"
    folder.mkdir()
    if request.param == "PostgreSQL":
        return InPostgres(algorithm_id, folder, request.getfixturevalue("postgres"))
    return (Places if request.param == "files" else Tables)(algorithm_id, folder)


@pytest.fixture
def again(run, algorithm_id, places, tmp_path) -> Callable[..., str]:
    """Run the algorithm into its places, on its example made anew; return its error."""

    def start(log: Log | None = None) -> str:
        folder = tmp_path / f"eingaben {next(_NUMBERS)}"
        folder.mkdir()
        parameters = example(BY_ID[algorithm_id], folder) | places.parameters()
        try:
            run(algorithm_id, log or Log(), **parameters)
        except QgsProcessingException as error:
            return str(error)
        return ""

    return start


@pytest.fixture
def failing(monkeypatch) -> Callable[[], None]:
    """Let runs fail when all their rows are written."""

    def fail(outputs: Outputs, *_arguments: object) -> None:
        outputs.close()
        raise QgsProcessingException("at the end")

    return lambda: monkeypatch.setattr(Outputs, "finish", fail)


@every_algorithm_with_outputs
def test_a_cancelled_or_failing_run_leaves_the_older_results(algorithm_id, places, again, failing):
    counter = Log()
    assert again(counter) == ""
    before = places.content()
    assert before
    for moment in sorted({(counter.asked + 1) // 2, counter.asked}):
        assert "Cancelled" in again(Log(cancel_at=moment))
        assert places.content() == before, moment
        assert not places.left_over()
    failing()
    assert again() == "at the end"
    assert places.content() == before
    assert not places.left_over()


@every_algorithm_with_outputs
def test_a_run_that_fails_leaves_nothing_where_nothing_was(algorithm_id, places, again, failing):
    failing()
    assert again() == "at the end"
    assert not [name for name in places.sinks if places.layer(name).isValid()]
    assert not files_in(places.folder)
