"""Strategy: the result packages and tables of many municipalities as one regional table, map and report."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from qgis.core import Qgis, QgsGeometry, QgsProcessingException

from ...gruene_infra_plugin.i18n import language, translate
from ...gruene_infra_plugin.methods.findings.finding import AreaKind, Finding, Status, is_mean
from ...gruene_infra_plugin.methods.findings.targets import (
    ConflictError,
    gone_blank,
    latest_assessed,
    settle_headlines,
)
from ...gruene_infra_plugin.methods.reading.names import first_few
from ...gruene_infra_plugin.monitoring.datasets import MANIFEST
from ...gruene_infra_plugin.monitoring.package import Package
from ...gruene_infra_plugin.paths import plugin_version
from ...gruene_infra_plugin.report.figures import severity
from ...gruene_infra_plugin.report.means import mean_rows
from ...gruene_infra_plugin.report.region import Region, municipal
from ...gruene_infra_plugin.report.texts import Texts
from ...gruene_infra_plugin.report.view import report_order
from ...gruene_infra_plugin.report.wordings import apart, contradiction, meaning
from ...gruene_infra_plugin.spatial.geometry.overlay import dissolve
from ...gruene_infra_plugin.spatial.running import check_cancelled
from ...gruene_infra_plugin.spatial.writing.outputs import FIELD_TYPES, fields_of
from ...gruene_infra_plugin.strategy import Municipality
from ..base import PluginAlgorithm
from ..findings_tables import FindingsTables
from ..job import Job
from ..monitoring.deliveries import Delivery, delivered, handed_in, packages_in
from ..regional import can_report, region_of, remark_missing, remark_rows, write_report

TABLES, MUNICIPALITIES = "TABLES", "MUNICIPALITIES"
MOST_AGE = 365
"""Days by which the newest finding of a delivery may be older than AS_OF without being named [A]."""
_COUNTED = {
    "ziele_erreicht": (Status.REACHED,),
    "ziele_luecke": (Status.GAP, Status.OVERDUE),
    "ziele_unbewertbar": (Status.NOT_ASSESSABLE,),
    "ziele_ohne_urteil": (Status.CONTRIBUTION, Status.NO_TARGET),
}
"""Columns that count goals, by the statuses that are counted."""


class RegionalMerge(PluginAlgorithm):
    """Packages and tables in, one table with means and sums, a map and the report out."""

    ID = "regional_merge"

    def canExecute(self) -> tuple[bool, str]:
        return can_report()

    def check(self, job: Job) -> None:
        super().check(job)
        place = job.text("INPUT")
        if not place and not job.parameters[TABLES]:
            message = translate("GrueneInfra", "Give INPUT (a folder with result packages) or TABLES.")
            raise QgsProcessingException(message)
        if place and not Path(place).is_dir():
            message = translate("GrueneInfra", "INPUT: there is no folder {path}.")
            raise QgsProcessingException(message.format(path=place))

    def files_read(self, job: Job) -> Iterable[Path]:
        place = job.text("INPUT")
        packages = map(Package, packages_in(Path(place)) if place else [])
        return [file for one in packages for file in (one.folder / MANIFEST, one.results, one.report)]

    def measure(self, job: Job) -> None:
        _Merge(job).work()


class _Merge:
    """One merge: what was handed in, and what is to be known of it."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._tables = FindingsTables(job, TABLES)
        self._texts = Texts(language())
        self._source: dict[int, str] = {}
        self._contradicting: list[str] = []
        self._parts = 0
        self.remarks: list[str] = []

    def work(self) -> None:
        """Read, merge and write."""
        job = self._job
        deliveries = self._deliveries()
        given = [row for delivery in deliveries for row in delivery.findings]
        self._require_findings(given, deliveries)
        region, polygons = region_of(job, given, f"INPUT, {TABLES}")
        for delivery in deliveries:
            self._keep_municipal(delivery, region)
        self._say(deliveries)
        known = [row for delivery in deliveries for row in delivery.findings]
        self._require_findings(known, deliveries)
        newest = self._newest(known)
        self._require_findings(newest, deliveries)
        self._remark_age(newest)
        rows, demoted = settle_headlines(newest)
        others = apart([row for row in municipal(rows) if region.find(row) is not None])
        self._remark_versions(rows)
        self._remark_definitions(others)
        rows += mean_rows(rows, self._texts, job.as_of, plugin_version(), region, others.keys())
        rows.sort(key=report_order)
        remark_rows(job, rows, len(given), demoted)
        remark_missing(job, rows, region)
        job.outputs.add_findings("OUTPUT", rows)
        self._write_municipalities(rows, region, polygons, others)
        write_report(job, rows, self._texts, region, sources=self.remarks)

    # -- what was handed in -------------------------------------------------------------------------

    def _deliveries(self) -> list[Delivery]:
        """Return all packages and tables, with one spelling for each area."""
        place, trusted = self._job.text("INPUT"), self._job.flag("TRUST_CHANGED")
        folder = Path(place).resolve() if place else None
        found = []
        folders = [] if folder is None else packages_in(folder)
        for number, one in enumerate(folders):
            check_cancelled(self._job.feedback)
            self._job.feedback.setProgress(80 * number / len(folders))
            found.append(delivered(one, folder or one, self._tables, trusted=trusted))
        if self._job.parameters[TABLES]:
            for table in self._tables.given():
                check_cancelled(self._job.feedback)
                found.append(handed_in(table, self._tables, trusted=trusted))
        alike = iter(self._tables.spelled_alike([row for one in found for row in one.findings]))
        for delivery in found:
            delivery.findings = [next(alike) for _ in delivery.findings]
            delivery.findings = [row for row in delivery.findings if not is_mean(row)]
            self._source |= dict.fromkeys(map(id, delivery.findings), delivery.name)
        return found

    def _require_findings(self, rows: Sequence[Finding], deliveries: Sequence[Delivery]) -> None:
        if rows:
            return
        if not deliveries:
            message = translate(
                "GrueneInfra", "INPUT: the folder {path} and those in it hold no result package ({file})."
            )
            path = self._job.text("INPUT")
            raise QgsProcessingException(message.format(path=path, file=MANIFEST))
        message = translate("GrueneInfra", "No findings of a municipality can be used:\n{reasons}")
        reasons = [f"{one.name}: {'; '.join(one.remarks) or '–'}" for one in deliveries]
        reasons += self._contradicting
        raise QgsProcessingException(message.format(reasons="\n".join(reasons)))

    def _keep_municipal(self, delivery: Delivery, region: Region) -> None:
        """Leave the rows about municipalities of the region, and of a table those about the region itself.

        A package that is about none of them is left out. Rows get key and name as the region has them.
        """
        if delivery.is_left_out:
            return
        about = municipal(delivery.findings)
        if not about and delivery.is_package:
            why = translate("GrueneInfra", "no finding in it is about a municipality; run it with AREAS")
            delivery.leave_out(why)
            return
        inside = {id(row): found for row in about if (found := region.find(row)) is not None}
        if about and not inside and region.is_listed and delivery.is_package:
            names = first_few(sorted({row.gebiet for row in about}))
            why = translate("GrueneInfra", "{names}: not among the municipalities of the region")
            delivery.leave_out(why.format(names=names))
            return
        whole = [row for row in delivery.findings if row.gebiet_art == AreaKind.REGION]
        kept = [*about, *([] if delivery.is_package else whole)]
        self._parts += len(delivery.findings) - len(kept)
        delivery.findings = [self._called(row, inside.get(id(row))) for row in kept]

    def _called(self, row: Finding, municipality: Municipality | None) -> Finding:
        """Return a row with key and name of its municipality."""
        if municipality is None:
            return row
        new = dataclasses.replace(row, ags=municipality.ags or row.ags, gebiet=municipality.name)
        self._source[id(new)] = self._source[id(row)]
        return self._tables.moved(row, new)

    def _say(self, deliveries: Sequence[Delivery]) -> None:
        """Name in log and report what is to be known of packages and tables."""
        for delivery in deliveries:
            for remark in delivery.remarks:
                self._remark(delivery.name, remark)
        if self._parts:
            message = translate(
                "GrueneInfra",
                "Findings about parts of municipalities, or about the region in a package, not merged: "
                "{count}.",
            )
            self._job.feedback.pushInfo(message.format(count=self._parts))
        message = translate("GrueneInfra", "{used} of {count} packages and tables used.")
        used = sum(not delivery.is_left_out for delivery in deliveries)
        self._job.feedback.pushInfo(message.format(used=used, count=len(deliveries)))

    def _remark(self, what: str, why: str) -> None:
        line = f"{what.replace(': ', ' ')}: {why}"
        self._job.feedback.pushWarning(line)
        self.remarks.append(line)

    # -- what counts --------------------------------------------------------------------------------

    def _newest(self, rows: Sequence[Finding]) -> list[Finding]:
        """Return the row that counts per indicator, definition and area; name what other rows are left out.

        A newer row without a value does not count where an older one has a value.
        """
        newest, conflicts = latest_assessed(rows)
        self._remark_conflicts(conflicts)
        self._remark_blank(gone_blank(rows), newest)
        counts = {(row.group, row.gebiet_art, row.ags, row.gebiet, row.raumtyp): row for row in newest}
        older: Counter[tuple[str, str, str, bool]] = Counter()
        kept = set(map(id, newest))
        for row in rows:
            newer = counts.get((row.group, row.gebiet_art, row.ags, row.gebiet, row.raumtyp))
            if id(row) not in kept and newer is not None and row.berechnet_am <= newer.berechnet_am:
                source, other = self._source[id(row)], self._source[id(newer)]
                older[row.gebiet, source, other, row.berechnet_am < newer.berechnet_am] += 1
        for (area, source, other, is_older), count in sorted(older.items()):
            message = (
                translate("GrueneInfra", "findings older than those in {other}, not used: {count}")
                if is_older
                else translate(
                    "GrueneInfra", "findings of the same day that stand in {other} as well: {count}"
                )
            )
            self._remark(f"{area}, {source}", message.format(count=count, other=other))
        return newest

    def _remark_conflicts(self, conflicts: Iterable[ConflictError]) -> None:
        """Name what two deliveries tell of the same day, and that neither counts."""
        message = translate(
            "GrueneInfra",
            "{indicator} / {definition} of {day} left out: {one} says {left}, {other} says {right}; they "
            "contradict each other in the column {column}",
        )
        for error in conflicts:
            one, other = sorted((error.one, error.other), key=self._tables.place_of)
            said = message.format(
                indicator=one.kennzahl_id,
                definition=one.variante_id,
                day=one.berechnet_am.isoformat(),
                one=self._tables.place_of(one),
                left=_figure(one),
                other=self._tables.place_of(other),
                right=_figure(other),
                column=error.column,
            )
            self._contradicting.append(f"{one.gebiet}: {said}")
            self._remark(one.gebiet, said)

    def _remark_blank(self, pairs: Iterable[tuple[Finding, Finding]], kept: Sequence[Finding]) -> None:
        """Name the older rows that count because the newer ones have no value."""
        counted = set(map(id, kept))
        said: dict[tuple, set[str]] = defaultdict(set)
        for measured, blank in pairs:
            if id(measured) in counted:
                sources = self._source[id(measured)], self._source[id(blank)]
                days = measured.berechnet_am.isoformat(), blank.berechnet_am.isoformat()
                said[measured.gebiet, sources, days].add(f"{measured.kennzahl_id} / {measured.variante_id}")
        message = translate(
            "GrueneInfra",
            "{indicators} measured by {source} on {before}, which counts; not assessable in {other} of {day}",
        )
        for (area, (source, other), (before, day)), names in sorted(said.items()):
            words = {"source": source, "other": other, "before": before, "day": day}
            self._remark(area, message.format(indicators=_all_of(names), **words))

    def _remark_age(self, rows: Sequence[Finding]) -> None:
        """Name the packages and tables whose rows count, though the newest of them is old."""
        newest: dict[str, dt.date] = {}
        for row in rows:
            source = self._source[id(row)]
            newest[source] = max(newest.get(source, row.berechnet_am), row.berechnet_am)
        message = translate("GrueneInfra", "last measured on {day}, more than {count} days before {as_of}")
        as_of = self._job.as_of
        for source, day in sorted(newest.items()):
            if (as_of - day).days > MOST_AGE:
                words = {"day": day.isoformat(), "as_of": as_of.isoformat()}
                self._remark(source, message.format(count=MOST_AGE, **words))

    def _remark_versions(self, rows: Sequence[Finding]) -> None:
        """Name the municipalities whose findings another version of the plugin has computed."""
        others = defaultdict(set)
        for row in rows:
            if row.plugin_version != plugin_version():
                others[row.plugin_version].add(row.gebiet)
        message = translate("GrueneInfra", "computed by this version of the plugin: {names}")
        for version, names in sorted(others.items()):
            self._remark(version, message.format(names=_all_of(names)))

    def _remark_definitions(self, others: Mapping[Finding, Finding]) -> None:
        """Name whose definitions, or numbers in assumptions, differ from those that the means are about."""
        kinds: dict[tuple, set[str]] = defaultdict(set)
        assumed: dict[tuple, set[str]] = defaultdict(set)
        for row, leading in others.items():
            units = f"{row.einheit}, {row.basis_einheit}", f"{leading.einheit}, {leading.basis_einheit}"
            said = [row.definition, leading.definition]
            if meaning(row) == meaning(leading):
                assumed[f"{row.kennzahl_id} / {row.variante_id}", *contradiction(row, leading)].add(
                    row.gebiet
                )
                continue
            if units[0] != units[1]:
                said = [f"{text} [{unit}]" for text, unit in zip(said, units, strict=True)]
            kinds[f"{row.kennzahl_id} / {row.variante_id}", *said].add(row.gebiet)
        message = translate(
            "GrueneInfra",
            "another definition in {names}, so in no mean and no sum: “{text}” instead of “{leading}”",
        )
        for (what, text, leading), names in sorted(kinds.items()):
            self._remark(what, message.format(names=_all_of(names), text=text, leading=leading))
        message = translate(
            "GrueneInfra",
            "other numbers assumed in {names}, so in no mean and no sum: “{text}” instead of “{leading}”",
        )
        for (what, text, leading), names in sorted(assumed.items()):
            self._remark(what, message.format(names=_all_of(names), text=text, leading=leading))

    # -- the map ------------------------------------------------------------------------------------

    def _write_municipalities(
        self,
        rows: Sequence[Finding],
        region: Region,
        polygons: Mapping[Municipality, Sequence[QgsGeometry]],
        others: Mapping[Finding, Finding],
    ) -> None:
        """Write the municipalities with the status of each headline; without AREAS without outlines."""
        leading: dict[Municipality, list[Finding]] = defaultdict(list)
        for row in municipal(rows):
            found = region.find(row)
            if found is not None and row.ist_leitwert:
                leading[found].append(row)
        indicators = sorted({row.kennzahl_id for some in leading.values() for row in some})
        columns = self._job.columns(MUNICIPALITIES)
        columns |= {indicator.replace(".", "_"): FIELD_TYPES["text"] for indicator in indicators}
        wkb_type = Qgis.WkbType.MultiPolygon
        self._job.outputs.open(MUNICIPALITIES, fields_of(columns), wkb_type, self._job.crs)
        if not polygons:
            message = translate("GrueneInfra", "Without AREAS the layer {output} has no outlines.")
            self._job.feedback.pushInfo(message.format(output=MUNICIPALITIES))
        for municipality in sorted(region.municipalities, key=lambda one: (one.ags, one.name)):
            outline = QgsGeometry()
            if municipality in polygons:
                outline = dissolve(polygons[municipality])
                outline.convertToMultiType()
            some = leading.get(municipality, [])
            status = {row.kennzahl_id: str(row.status) for row in some}
            different = sorted({row.kennzahl_id for row in some if row in others})
            self._job.outputs.add(
                MUNICIPALITIES,
                [
                    municipality.name,
                    municipality.ags or None,
                    *_goals(some).values(),
                    ", ".join(different) or None,
                    max((row.berechnet_am.isoformat() for row in some), default=None),
                    *(status.get(indicator) for indicator in indicators),
                ],
                outline,
            )


def _goals(rows: Sequence[Finding]) -> dict[str, int | None]:
    """Return how many goals stand where, each by the most critical of its headlines; nothing of no rows."""
    statuses: dict[int, list[str]] = defaultdict(list)
    for row in rows:
        statuses[row.hz].append(row.status)
    worst = [min(some, key=severity) for some in statuses.values()]
    return {
        column: sum(status in counted for status in worst) if rows else None
        for column, counted in _COUNTED.items()
    }


def _figure(row: Finding) -> str:
    """Return the value of a row with its unit, or that it has none."""
    return f"{row.wert:g} {row.einheit}" if row.wert is not None else str(row.status)


def _all_of(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))
