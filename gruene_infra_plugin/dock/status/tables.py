"""Tables of findings that are loaded in the project, and what of them the register does not have."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from qgis.core import QgsProcessingException, QgsProject, QgsVectorLayer

from ...cartography.styling import data_name
from ...methods.findings.finding import Finding
from ...methods.findings.targets import ConflictError
from ...register.schema import BEFUND
from ...spatial.reading.findings_tables import FindingsReader, each_once, missing_columns
from ...spatial.reading.lists import is_marked
from ...spatial.reading.snapshot import Snapshot

TAKEN = "gruene_infra/taken_over"
"""Property of a layer whose findings were taken over, so that older ones never replace newer ones."""


@dataclass(frozen=True)
class News:
    """Findings to take over, the ids of the layers they are from, and what stands in the way."""

    findings: tuple[Finding, ...] = ()
    layers: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """A table of findings, to be read in any thread."""

    layer_id: str
    name: str
    rows: Snapshot
    marked: bool
    """Whether it is stored in a file that marks texts, see ``plain_text``."""


def loaded_tables(project: QgsProject) -> list[Table]:
    """Return the tables of findings in a project that were not taken over; the register's own is none."""
    return [
        Table(layer.id(), layer.name(), Snapshot(layer), is_marked(layer))
        for layer in sorted(project.mapLayers().values(), key=lambda layer: (layer.name(), layer.id()))
        if isinstance(layer, QgsVectorLayer)
        and layer.isValid()
        and not missing_columns(layer.fields().names())
        and data_name(layer) != BEFUND.name
        and not layer.customProperty(TAKEN)
    ]


def mark_taken(project: QgsProject, layers: Iterable[str]) -> None:
    """Keep in the project that the findings of layers were taken over."""
    for layer in map(project.mapLayer, layers):
        if layer is not None:
            layer.setCustomProperty(TAKEN, True)
            project.setDirty(True)


def news_of(tables: Iterable[Table], known: Collection[Finding], goals: Collection[int]) -> News:
    """Return what of the tables is not ``known``; a table that is wholly known is of no account."""
    reader, stored = FindingsReader(goals), set(known)
    found: list[Finding] = []
    layers, problems = [], []
    for table in tables:
        try:
            rows = reader.read(table.name, table.rows, marked=table.marked)
        except QgsProcessingException as error:
            problems.append(str(error))
            continue
        if not stored.issuperset(rows):
            found += rows
            layers.append(table.layer_id)
    try:
        new = [row for row in each_once(found) if row not in stored]
    except ConflictError as error:
        return News(problems=(*problems, reader.conflict(error)))
    return News(tuple(new), tuple(layers), tuple(problems))
