"""Trends in words and as a line: the same words in the report and in the table of ``target_trend``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..methods.findings.finding import Finding, Status
from ..methods.findings.thresholds import most
from ..methods.findings.trend import LEAST_DAYS, MOST_COVERAGE_SHIFT, Break, Change, Outlook, Trend, source_of
from .model import Course
from .numbers import Numbers
from .svg import Svg, sparkline
from .texts import Texts

_CHANGES = {
    Change.DEFINITION: "trend.change.definition",
    Change.ALGORITHM: "trend.change.algorithm",
    Change.UNIT: "trend.change.unit",
    Change.SOURCE: "trend.change.source",
    Change.AREA: "trend.change.area",
    Change.VERSION: "trend.change.version",
    Change.ASSUMPTIONS: "trend.change.assumptions",
}


class Courses:
    """Words trends in one language."""

    def __init__(self, texts: Texts) -> None:
        self.texts = texts
        self.numbers = Numbers(texts.language)

    def course(self, trend: Trend) -> Course | None:
        """Return line and words of a trend; ``None`` where nothing but one date is known."""
        if trend.rate is None:
            if not (trend.breaks or trend.unchanged or trend.is_too_near):
                return None
            told = (self.texts("trend.no_line", reason=self.reason(trend)),)
            return Course(None, told, told)
        shift = tuple(self._shift(trend))
        words = (self.rate(trend), *self.prospect(trend), *shift)
        return Course(self._line(trend), words, (self._brief(trend), *shift))

    def rate(self, trend: Trend) -> str:
        """Return the observed rate with the first date that it rests on; nothing where there is none."""
        if trend.rate is None:
            return ""
        first = self.numbers.date(trend.compared[0].berechnet_am)
        if not trend.rate:
            return self.texts("trend.level", first=first)
        rate = self._per_year(trend.rate, trend.last.einheit)
        return self.texts("trend.rate", rate=rate, first=first)

    def prospect(self, trend: Trend) -> Iterator[str]:
        """Yield what becomes of the target at the observed rate."""
        texts, last = self.texts, trend.last
        if trend.is_owed_by_each and trend.status is not Status.REACHED:
            yield texts("trend.owed_by_each")
        if (trend.outlook is Outlook.REACHED and trend.is_losing) or trend.outlook is Outlook.AWAY:
            yield texts("trend.away")
        elif trend.outlook is Outlook.LEVEL:
            yield texts("trend.never")
        elif trend.reached_on is not None:
            key = "trend.late" if trend.outlook is Outlook.TOO_LATE else "trend.reached"
            yield texts(key, year=trend.reached_on.year)
        elif trend.outlook in (Outlook.TOO_LATE, Outlook.NO_DEADLINE):
            yield texts("trend.never")
        if trend.required is not None and last.ziel_datum is not None:
            rate = self._per_year(trend.required, last.einheit)
            yield texts("trend.required", rate=rate, date=self.numbers.date(last.ziel_datum))

    def reason(self, trend: Trend) -> str:
        """Return why there is no trend; empty where there is one."""
        if trend.rate is not None:
            return ""
        if not trend.dates:
            return self.texts("trend.no_date")
        told = [self.breaks(trend)] if trend.breaks or trend.elsewhere else []
        told += self._unchanged(trend)
        if trend.is_too_near:
            told.append(self.texts("trend.too_near", days=trend.days, least=LEAST_DAYS))
        return ", ".join(told) or self.texts(
            "trend.one_date", date=self.numbers.date(trend.last.berechnet_am)
        )

    def _unchanged(self, trend: Trend) -> list[str]:
        """Return which days have the very figures of the date before them."""
        days = self._days(trend.unchanged)
        return [self.texts("trend.unchanged", dates=days)] if days else []

    def breaks(self, trend: Trend) -> str:
        """Return what changed, and what stands on other days in place of it; empty where nothing does."""
        told = [self._break(one) for one in trend.breaks]
        told += [self._elsewhere(one) for one in trend.elsewhere]
        return ", ".join(told)

    def notes(self, trend: Trend) -> Iterator[str]:
        """Yield what there is to know of a trend besides its numbers."""
        texts = self.texts
        if trend.rate is not None and trend.breaks:
            first = self.numbers.date(trend.compared[0].berechnet_am)
            yield texts("trend.since", first=first, changes=self.breaks(trend))
        if trend.rate is not None and len(trend.compared) > 2:
            yield texts("trend.least_squares", count=len(trend.compared))
        if trend.is_losing:
            yield texts("trend.away")
        if trend.is_owed_by_each and trend.status is not Status.REACHED:
            yield texts("trend.owed_by_each")
        if trend.repeated:
            yield texts("trend.repeated", dates=self._days(trend.repeated))
        if trend.rate is not None:
            yield from self._unchanged(trend)
        if trend.blank:
            yield texts("trend.blank", dates=self._days(trend.blank))
        yield from self._differing(trend.shown)
        yield from self._shift(trend)

    def _brief(self, trend: Trend) -> str:
        """Return rate and year in a few words."""
        texts, rate = self.texts, trend.rate
        if not rate:
            return texts("trend.level.brief")
        told = texts("trend.rate.brief", rate=self._per_year(rate, trend.last.einheit))
        if trend.outlook is Outlook.AWAY or trend.is_losing:
            return f"{told}, {texts('trend.away')}"
        if trend.reached_on is None:
            return told
        return f"{told}, {texts('trend.year.brief', year=trend.reached_on.year)}"

    def _differing(self, rows: tuple[Finding, ...]) -> Iterator[str]:
        """Yield what differs between dates and is no change of what is measured, or may be one."""
        if len(rows) < 2:
            return
        versions = dict.fromkeys(row.plugin_version for row in rows)
        if len(versions) > 1:
            yield self.texts("trend.versions", versions=" → ".join(versions))
        if len({(row.ziel, row.richtung, row.ziel_datum) for row in rows}) > 1:
            yield self.texts("trend.targets")
        if not all(source_of(row.stand_daten) for row in rows):
            yield self.texts("trend.source_unknown")

    def _shift(self, trend: Trend) -> Iterator[str]:
        if trend.coverage_shift > most(MOST_COVERAGE_SHIFT):
            shares = (self.numbers.quantity(row.abdeckung_proz, "%", 100.0) for row in trend.shown)
            yield self.texts("trend.coverage", shares=" → ".join(shares))

    def _break(self, one: Break) -> str:
        names = ", ".join(self.texts(_CHANGES[change]) for change in one.changes)
        return self.texts("trend.break", date=self.numbers.date(one.day), changes=names)

    def _elsewhere(self, one: Break) -> str:
        key = "trend.other_area" if Change.AREA in one.changes else "trend.other_definition"
        return self.texts(key, date=self.numbers.date(one.day), other=one.other)

    def _per_year(self, rate: float, unit: str) -> str:
        words = self.texts.unit("Prozentpunkte" if unit == "%" else unit)
        return ("+" if rate > 0 else "") + self.numbers.quantity(rate, words)

    def _days(self, days: Iterable) -> str:
        return ", ".join(self.numbers.date(day) for day in dict.fromkeys(days))

    def _line(self, trend: Trend) -> Svg:
        last = trend.last
        unit = self.texts.unit(last.einheit)
        told = ", ".join(
            f"{self.numbers.date(row.berechnet_am)} {self.numbers.quantity(row.wert, unit)}"
            for row in trend.compared
        )
        title = self.texts("trend.title", indicator=last.kennzahl, area=last.gebiet, values=told)
        points = [(float(row.berechnet_am.toordinal()), float(row.wert or 0.0)) for row in trend.compared]
        return sparkline(points, last.ziel, title)
