"""Tables of findings as a parameter names them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from qgis.core import QgsProcessingException, QgsProcessingUtils, QgsVectorLayer
from qgis.PyQt.QtCore import QFileInfo

from ..gruene_infra_plugin.i18n import translate
from ..gruene_infra_plugin.methods.findings.finding import COLUMNS, Finding
from ..gruene_infra_plugin.spatial.reading.findings_tables import FindingsReader
from ..gruene_infra_plugin.spatial.reading.lists import is_marked, read_file, whole_file
from ..gruene_infra_plugin.spatial.reading.source import name_of
from ..gruene_infra_plugin.spatial.running import check_cancelled
from .job import Job, source_of
from .parameters import listed


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
        for value in listed(self.job.parameters[self.parameter]):
            check_cancelled(self.job.feedback)
            name, rows = self._rows(value)
            if not rows:
                message = translate("GrueneInfra", "{table} is empty: it holds no findings.")
                raise QgsProcessingException(message.format(table=name))
            yield name, rows

    def _rows(self, value: object) -> tuple[str, list[Finding]]:
        """Return name and rows of a table; those of text files and spreadsheets as the text in them."""
        source = source_of(self.parameter, value, self.job.context)
        if source is None:
            raise self.job.unreadable(self.parameter, value)
        name = _name(value) or name_of(source)
        layer = value if isinstance(value, QgsVectorLayer) else None
        if isinstance(value, str):
            layer = QgsProcessingUtils.mapLayerFromString(value, self.job.context)
        file = None if layer is None else whole_file(layer)
        if file is not None:
            return name, self.read_list(read_file(name, file, [COLUMNS[1]]))
        return name, self.read(name, source, marked=is_marked(layer))


def _name(value: object) -> str:
    """Return the file name of a table given as a path, with its layer name; else nothing."""
    text = value if isinstance(value, str) else ""
    return Path(text).name if QFileInfo(text.partition("|")[0]).isFile() else ""
