"""Result packages that offices hand in: which there are in a folder, and what of them can be used."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from qgis.core import QgsProcessingException

from ...gruene_infra_plugin.i18n import translate
from ...gruene_infra_plugin.methods.findings.finding import Finding
from ...gruene_infra_plugin.monitoring.datasets import MANIFEST
from ...gruene_infra_plugin.monitoring.package import (
    FINDINGS,
    RESULTS,
    Manifest,
    NewerPackageError,
    Package,
    PackageError,
)
from ...gruene_infra_plugin.spatial.reading.findings_tables import FindingsReader
from ...gruene_infra_plugin.spatial.reading.stored_files import StoredTable, tables
from ..findings_tables import FindingsTables, GivenTable


@dataclass
class Delivery:
    """A package or a table by its name, with its findings.

    ``remarks`` are what is to be known of it. One that ``is_left_out`` has no findings that count.
    """

    name: str
    findings: list[Finding] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    is_package: bool = True
    is_left_out: bool = False

    def use_although(self, reason: str) -> None:
        """Say what speaks against what is used all the same."""
        self.remarks.append(translate("GrueneInfra", "used although {reason}").format(reason=reason))

    def leave_out(self, why: str) -> Delivery:
        """Return it without findings."""
        self.remarks.append(translate("GrueneInfra", "left out: {reason}").format(reason=why))
        self.findings = []
        self.is_left_out = True
        return self


def packages_in(place: Path) -> list[Path]:
    """Return the folders of packages in a folder and below it, also of such that lack a part."""
    return sorted(_packages_in(place))


def _packages_in(place: Path) -> Iterator[Path]:
    for folder, inner, files in os.walk(place):
        inner[:] = [name for name in inner if not name.startswith(".")]
        if MANIFEST in files or RESULTS in files:
            yield Path(folder)


def delivered(folder: Path, place: Path, reader: FindingsReader, *, trusted: bool) -> Delivery:
    """Return what a package in ``place`` hands in; why it cannot be used is among its remarks.

    One that was changed after it was written is used only if it is ``trusted`` all the same.
    """
    name = folder.relative_to(place).as_posix() if folder != place else folder.name
    delivery, package = Delivery(name), Package(folder)
    try:
        manifest = package.manifest()
        if problem := _problem(package, manifest):
            return delivery.leave_out(problem)
        if manifest.failed_for:
            message = translate("GrueneInfra", "a later run for {day} could measure nothing; this is older")
            delivery.remarks.append(message.format(day=manifest.failed_for))
        if package.changed({FINDINGS: manifest.tables[FINDINGS]}):
            if not trusted:
                return delivery.leave_out(_changed())
            delivery.use_although(_changed())
        delivery.findings = reader.read_rows(name, *package.findings())
    except NewerPackageError:
        return delivery.leave_out(
            translate("GrueneInfra", "a newer version of the plugin has written it; update the plugin")
        )
    except (PackageError, OSError, QgsProcessingException) as error:
        reason = str(error).replace(str(place), "…")
        return delivery.leave_out(
            translate("GrueneInfra", "it cannot be read ({reason})").format(reason=reason)
        )
    return delivery


def handed_in(table: GivenTable, reader: FindingsTables, *, trusted: bool) -> Delivery:
    """Return what a single table hands in; one that was changed in its package as :func:`delivered` does.

    Raises ``QgsProcessingException`` where it is used and is no table of findings.
    """
    delivery = Delivery(table.name, is_package=False)
    doubt = doubt_of(table.place)
    if doubt and not trusted:
        return delivery.leave_out(doubt)
    if doubt:
        delivery.use_although(doubt)
    delivery.findings = reader.rows(table)
    return delivery


def doubt_of(place: StoredTable | None) -> str:
    """Return why a table in the results of a package is not as its run wrote it; empty where nothing says so.

    A table beside the results, and one in them that ``paket.json`` does not know, are nobody's promise.
    """
    if place is None or place.file.name != RESULTS or not (place.file.parent / MANIFEST).exists():
        return ""
    package = Package(place.file.parent)
    try:
        manifest = package.manifest()
        known = {name: key for step in manifest.steps.values() for name, key in step.tables.items()}
        known |= manifest.tables
        name = place.table or next(iter(tables(place.file)), "")
        if name == FINDINGS and name not in known:
            return _unfinished()
        if name not in known or not package.changed({name: known[name]}):
            return ""
    except (PackageError, OSError) as error:
        reason = str(error).replace(str(place.file.parent), "…")
        return translate("GrueneInfra", "its package cannot be checked ({reason})").format(reason=reason)
    return _changed()


def _changed() -> str:
    return translate("GrueneInfra", "its findings were changed after the package was written")


def _unfinished() -> str:
    return translate("GrueneInfra", "its run did not come to an end; start it again")


def _problem(package: Package, manifest: Manifest) -> str:
    """Return why a package cannot be used, empty where it can."""
    if not (package.folder / MANIFEST).exists():
        return translate("GrueneInfra", "{file} is missing").format(file=MANIFEST)
    if user := package.user():
        message = translate("GrueneInfra", "a run is at work on it ({who}); wait for its end")
        return message.format(who=user)
    if FINDINGS not in manifest.tables:
        return _unfinished()
    if not package.results.exists():
        return translate("GrueneInfra", "{file} is missing").format(file=RESULTS)
    return ""
