"""Tables of findings as a parameter names them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from qgis.core import (
    QgsProcessingException,
    QgsProcessingFeatureSource,
    QgsProcessingUtils,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QFileInfo

from ..gruene_infra_plugin.i18n import translate
from ..gruene_infra_plugin.methods.findings.finding import COLUMNS, Finding
from ..gruene_infra_plugin.spatial.reading.findings_tables import FindingsReader
from ..gruene_infra_plugin.spatial.reading.lists import is_marked, read_file, whole_file
from ..gruene_infra_plugin.spatial.reading.source import name_of
from ..gruene_infra_plugin.spatial.reading.stored_files import StoredTable, place_in, place_of, plain
from ..gruene_infra_plugin.spatial.running import check_cancelled
from .job import Job, source_of
from .parameters import listed


@dataclass(frozen=True)
class GivenTable:
    """A table as a parameter names it, under a name that no other has, and where it is stored, if so."""

    name: str
    place: StoredTable | None
    layer: QgsVectorLayer | None
    source: QgsProcessingFeatureSource


class FindingsTables(FindingsReader):
    """Reads all tables of a run and remembers from which row each finding came."""

    def __init__(self, job: Job, parameter: str = "SUMMARIES") -> None:
        super().__init__({goal.number for goal in job.strategy.goals})
        self.job = job
        self.parameter = parameter

    def findings(self) -> list[Finding]:
        """Return the rows of all tables; raise at the first one that is not a finding."""
        return self.spelled_alike([row for _, rows in self.tables() for row in rows])

    def tables(self) -> Iterator[tuple[str, list[Finding]]]:
        """Yield name and rows of each table as they are; raise at the first one that is not a finding."""
        for table in self.given():
            check_cancelled(self.job.feedback)
            yield table.name, self.rows(table)

    def given(self) -> list[GivenTable]:
        """Return the tables that the parameter names; raise at the first one that cannot be read."""
        return told_apart([self._table(value) for value in listed(self.job.parameters[self.parameter])])

    def rows(self, table: GivenTable) -> list[Finding]:
        """Return the rows of a table; raise where there is none, or one that is not a finding."""
        rows = self._rows(table)
        if not rows:
            message = translate("GrueneInfra", "{table} is empty: it holds no findings.")
            raise QgsProcessingException(message.format(table=table.name))
        return rows

    def _table(self, value: object) -> GivenTable:
        source = source_of(self.parameter, value, self.job.context)
        if source is None:
            raise self.job.unreadable(self.parameter, value)
        layer = value if isinstance(value, QgsVectorLayer) else None
        if isinstance(value, str):
            layer = QgsProcessingUtils.mapLayerFromString(value, self.job.context)
        place = place_in(layer.providerType(), layer.source()) if layer else place_of(plain(value))
        return GivenTable(_name(value) or name_of(source), place, layer, source)

    def _rows(self, table: GivenTable) -> list[Finding]:
        """Return the rows of a table; those of text files and spreadsheets as the text in them."""
        file = None if table.layer is None else whole_file(table.layer)
        if file is not None:
            return self.read_list(read_file(table.name, file, [COLUMNS[1]]))
        return self.read(table.name, table.source, marked=is_marked(table.layer))


def told_apart(tables: Sequence[GivenTable]) -> list[GivenTable]:
    """Return tables of which those in other files have other names: by file and as many folders as needed."""
    alike: dict[str, set[Path]] = defaultdict(set)
    for table in tables:
        if table.place is not None:
            alike[table.name].add(table.place.file)
    return [
        table
        if table.place is None or len(alike[table.name]) < 2
        else replace(table, name=_in_folder(table.name, table.place.file, alike[table.name]))
        for table in tables
    ]


def _in_folder(name: str, file: Path, others: set[Path]) -> str:
    """Return a name with the last folders of its file, no more than differ from those of the others."""
    own = name if name.startswith(file.name) else f"{file.name}|{name}"
    if len({other.name for other in others}) == len(others):
        return own
    for count in range(1, len(file.parts) - 1):
        if len({other.parts[-1 - count :] for other in others}) == len(others):
            return "/".join((*file.parts[-1 - count : -1], own))
    return own


def _name(value: object) -> str:
    """Return the file name of a table given as a path, with its layer name; else nothing."""
    text = value if isinstance(value, str) else ""
    return Path(text).name if QFileInfo(text.partition("|")[0]).isFile() else ""
