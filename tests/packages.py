"""Result packages as offices hand them in, made of rows of findings without any run."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from gruene_infra.gruene_infra_plugin.methods.findings.finding import COLUMNS
from gruene_infra.gruene_infra_plugin.monitoring.contents import table_key
from gruene_infra.gruene_infra_plugin.monitoring.package import DONE, FINDINGS, Manifest, Package, StepRecord
from qgis.core import QgsVectorLayer

from .layer_factory import saved, table

Row = dict[str, object]


def findings_table(rows: Sequence[Row], name: str = FINDINGS) -> QgsVectorLayer:
    """Return rows of findings as a table in memory."""
    return table({column: [row[column] for row in rows] for column in COLUMNS}, name)


def write_package(folder: Path, *rows: Row) -> Package:
    """Write a package with these findings, as a monitoring run leaves it."""
    folder.mkdir(parents=True)
    package = Package(folder)
    saved(findings_table(rows), package.results, FINDINGS)
    package.settle()
    package.report.write_text("<html></html>", encoding="utf-8")
    steps = {"hz22_forest_share": StepRecord(DONE, "k")}
    keys = {FINDINGS: table_key(package.results, FINDINGS)}
    package.write(Manifest(folder.name, "2026-06-30", "0.1.0", "c", steps=steps, tables=keys))
    return package
