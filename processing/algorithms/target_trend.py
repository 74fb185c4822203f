"""Findings of two or more days: the rate per year, and when the target is reached at that rate."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from qgis.core import QgsProcessingException
from qgis.PyQt.QtCore import QDate

from ...gruene_infra_plugin.i18n import language, translate
from ...gruene_infra_plugin.methods.findings.finding import joined_notes
from ...gruene_infra_plugin.methods.findings.targets import ConflictError
from ...gruene_infra_plugin.methods.findings.trend import Trend
from ...gruene_infra_plugin.report.courses import Courses
from ...gruene_infra_plugin.report.texts import Texts
from ...gruene_infra_plugin.report.view import report_order
from ..base import PluginAlgorithm
from ..findings_tables import FindingsTables, GivenTable
from ..job import Job
from ..monitoring.deliveries import doubt_of
from ..trends import trends_of


class TargetTrend(PluginAlgorithm):
    """A row per indicator, definition and area over all of its days."""

    ID = "target_trend"

    def measure(self, job: Job) -> None:
        tables = FindingsTables(job)
        rows = tables.findings()
        _warn_of_changed(job, tables.given())
        try:
            found = trends_of(rows, job.as_of, same_version=job.flag("SAME_VERSION")).all()
        except ConflictError as error:
            raise QgsProcessingException(tables.conflict(error)) from error
        courses = Courses(Texts(language()))
        job.open("OUTPUT")
        for trend in sorted(found, key=lambda trend: report_order(trend.newest)):
            job.outputs.add("OUTPUT", _values(trend, courses))
        _remark(job, found)


def _warn_of_changed(job: Job, tables: Sequence[GivenTable]) -> None:
    """Name the tables of packages that are not as their run wrote them."""
    for table in tables:
        if doubt := doubt_of(table.place):
            message = translate("GrueneInfra", "{table}: used although {reason}")
            job.feedback.pushWarning(message.format(table=table.name, reason=doubt))


def _values(trend: Trend, courses: Courses) -> list:
    """Return the values of a trend in the order of the columns."""
    row, last = trend.newest, trend.last
    dates = trend.shown
    first_day, first = (dates[0].berechnet_am, dates[0]) if dates else (None, None)
    last_day = last.berechnet_am if dates else None
    return [
        row.hz, row.kennzahl_id, row.variante_id, row.ist_leitwert, row.kennzahl, row.definition,
        row.gebiet_art, row.ags, row.gebiet, row.raumtyp,
        _day(first_day), first and first.wert, _day(last_day), last.wert if dates else None,
        last.einheit, len(dates),
        trend.rate, trend.required, last.ziel, last.richtung, _day(last.ziel_datum), last.herkunft_ziel,
        trend.reached_on and trend.reached_on.year, trend.outlook and trend.outlook.value,
        trend.status.value,
        first and first.abdeckung_proz, last.abdeckung_proz if dates else None,
        "; ".join(map(str, (*trend.breaks, *trend.elsewhere))) or None,
        joined_notes(courses.notes(trend), courses.reason(trend)),
    ]  # fmt: skip


def _day(day: dt.date | None) -> QDate | None:
    return None if day is None else QDate(day.year, day.month, day.day)


def _remark(job: Job, found: list[Trend]) -> None:
    """Say how many trends there are, and how many changes keep dates from being compared."""
    compared = sum(trend.rate is not None for trend in found)
    message = translate("GrueneInfra", "{count} rows, {compared} of them with a rate per year.")
    job.feedback.pushInfo(message.format(count=len(found), compared=compared))
    broken = sum(bool(trend.breaks or trend.elsewhere) for trend in found)
    if broken:
        message = translate(
            "GrueneInfra",
            "{count} rows: what is measured changed between dates, see the columns aenderung and hinweise.",
        )
        job.feedback.pushWarning(message.format(count=broken))
    later = sum(trend.last.berechnet_am > job.as_of for trend in found)
    if later:
        message = translate("GrueneInfra", "{count} rows were computed for a day after {day}.")
        job.feedback.pushWarning(message.format(count=later, day=job.as_of.isoformat()))
