"""Regional means as findings, recomputed each time: for every indicator and definition both, and sums."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from ..methods.findings.finding import MEANS_BY, PER_REGION, AreaKind, Finding, Status, joined_notes
from ..methods.findings.targets import (
    MINIMUM_COVERAGE,
    Goalpost,
    Measurement,
    RegionalMeans,
    Verdict,
    goalpost_of,
    regional_means,
)
from ..methods.reading.names import first_few
from .numbers import Numbers, is_same
from .region import Region, municipal, named
from .texts import Texts

ARITHMETIC_BASE = "Gemeinden"
"""``basis_einheit`` of an arithmetic mean, whose denominator counts municipalities."""


def mean_rows(
    rows: Sequence[Finding],
    texts: Texts,
    as_of: dt.date,
    version: str,
    region: Region | None = None,
    apart: Collection[Finding] = (),
) -> list[Finding]:
    """Return both means, and of what adds up the sum, for every group of at least two municipalities.

    A group shares indicator, definition and Raumtyp; ``rows`` hold one finding per group and area. Means are
    over the municipalities of ``region``; without one over all that ``rows`` are about. Those rows that are
    ``apart``, because they mean something else by the same name, count as not assessed.

    Raises
    ------
    ConflictError
        If the rows of a group are in different units.
    """
    region = region or Region.seen_in(rows)
    inside = [row for row in municipal(rows) if region.find(row) is not None]
    groups: dict[tuple, list[Finding]] = defaultdict(list)
    for row in inside:
        groups[*row.group, row.raumtyp].append(row)
    headlines = _headlines(inside)
    means = []
    for key, group in groups.items():
        if len(group) > 1:
            maker = _MeanRows(group, texts, as_of, version, region, apart)
            means += maker.rows(headlines.get(group[0].kennzahl_id) == key)
    return means


def _headlines(rows: Iterable[Finding]) -> dict[str, tuple]:
    """Return per indicator the group that most municipalities take as headline, what stands first."""
    votes: dict[str, Counter] = defaultdict(Counter)
    planned: set[tuple] = set()
    for row in rows:
        if row.ist_leitwert:
            key = (*row.group, row.raumtyp)
            votes[row.kennzahl_id][key] += 1
            planned.update([key] if row.is_planned else [])
    return {
        indicator: min(count, key=lambda key: (key in planned, -count[key], str(key)))
        for indicator, count in votes.items()
    }


class _MeanRows:
    """The mean rows of one group, and its sum."""

    def __init__(
        self,
        group: Sequence[Finding],
        texts: Texts,
        as_of: dt.date,
        version: str,
        region: Region,
        apart: Collection[Finding],
    ) -> None:
        ordered = sorted(group, key=lambda row: (row.ags or "", row.gebiet))
        self.group = [row for row in ordered if row not in apart]
        self.apart = [row for row in ordered if row in apart]
        self.texts = texts
        self.as_of = as_of
        self.version = version
        self.region = region
        self.missing = region.missing(group)
        assessed = (row for row in self.group if row.is_assessed)
        absent = len(self.missing) + len(self.apart)
        self.means = regional_means(self.group, absent, region.share_of_area(assessed))
        self.targets = {(row.ziel, row.richtung, row.ziel_datum) for row in self.group}
        self.goalpost = self._goalpost()

    def rows(self, is_headline: bool) -> list[Finding]:
        """Return the arithmetic and the weighted mean, and of what adds up the sum."""
        unit, means = self.group[0].einheit, self.means
        shared = replace(
            self.group[0],
            ist_leitwert=int(is_headline),
            gebiet_art=AreaKind.REGION.value,
            ags=None,
            ziel=self.goalpost.value if self.goalpost else None,
            richtung=self.goalpost.direction if self.goalpost else None,
            ziel_datum=self.goalpost.date if self.goalpost else None,
            herkunft_ziel=self.goalpost.origin if self.goalpost else None,
            stand_daten=self._data_dates(),
            annahmen=joined_notes(self._notes(), self._reason()),
            algorithmus=MEANS_BY,
            plugin_version=self.version,
            berechnet_am=self.as_of,
        )
        arithmetic = means.judge_arithmetic(unit, self.goalpost, self.as_of)
        weighted = means.judge_weighted(unit, self.goalpost, self.as_of)
        return [
            replace(
                self._measured(shared, "arithmetic", means.arithmetic, arithmetic),
                basis_einheit=ARITHMETIC_BASE,
            ),
            self._measured(shared, "weighted", means.weighted, weighted),
            *self._sum(shared),
        ]

    def _sum(self, shared: Finding) -> Iterable[Finding]:
        summed, goalpost = self.means.summed, self.means.goalpost_of_sum(self.goalpost)
        if summed is None:
            return
        verdict, said = self.means.judge_sum(shared.einheit, goalpost, self.as_of), "mean.sum.no_target"
        if verdict.status is Status.REACHED and self._may_be_more(goalpost):
            verdict, goalpost = self.means.judge_sum(shared.einheit, None, self.as_of), None
            said = "mean.sum.lower_bound"
        row = self._measured(shared, "sum", summed, verdict)
        row = replace(row, basis_einheit=f"{shared.einheit}{PER_REGION}", luecke_einheit=shared.einheit)
        if goalpost is None and self.goalpost is not None:
            notes = joined_notes([*self._notes(), self.texts(said)], self._reason())
            row = replace(row, ziel=None, richtung=None, ziel_datum=None, herkunft_ziel=None, annahmen=notes)
        yield row

    def _may_be_more(self, goalpost: Goalpost | None) -> bool:
        """Return whether missing municipalities may take a sum beyond what it must not pass."""
        is_upper = goalpost is not None and goalpost.direction in ("=", "<=", "<")
        return is_upper and len(self.means.assessed) < self.means.total

    def _measured(self, row: Finding, kind: str, measured: Measurement, verdict: Verdict) -> Finding:
        return replace(
            row,
            gebiet=self.texts(f"mean.{kind}"),
            definition=f"{row.definition} {self._definition(kind)}",
            zaehler=measured.numerator,
            nenner=measured.denominator,
            wert=measured.value(row.einheit),
            luecke=verdict.gap,
            luecke_abs=verdict.gap_absolute,
            status=verdict.status.value,
            abdeckung_proz=measured.coverage,
            n_objekte=measured.n_objects,
            n_ausgelassen=measured.n_omitted,
        )

    def _definition(self, kind: str) -> str:
        counts = {"n": len(self.means.assessed), "total": self.means.total}
        return self.texts(f"mean.{kind}.definition", **counts)

    def _goalpost(self) -> Goalpost | None:
        """Return the target that all rows share; one contribution tells that only the region owes it."""
        target = goalpost_of(self.group[0])
        if len(self.targets) > 1 or target is None:
            return None
        origins = sorted({row.herkunft_ziel for row in self.group if row.herkunft_ziel})
        regional = any(row.status == Status.CONTRIBUTION for row in self.group)
        return replace(target, origin="; ".join(origins), regional=regional)

    def _data_dates(self) -> str | None:
        """Return what all rows say about the date of their data; ``None`` where they differ."""
        dates = {row.stand_daten for row in self.group}
        return dates.pop() if len(dates) == 1 else None

    def _reason(self) -> str:
        """Return why there is no mean, empty where there is one."""
        measured = self.means.weighted
        if measured.value(self.group[0].einheit) is not None:
            return ""
        counts = {"n": measured.n_objects, "total": self.means.total}
        coverage = measured.coverage
        share = Numbers(self.texts.language).number(coverage, MINIMUM_COVERAGE)
        return self.texts("mean.too_few", share=share, **counts)

    def _notes(self) -> Iterable[str]:
        texts, means = self.texts, self.means
        if len(self.targets) > 1:
            yield texts("mean.targets_differ")
        if means.assessed and self.goalpost is not None and not self.goalpost.regional:
            yield texts("mean.reaching", n=means.reaching(self.goalpost), total=len(means.assessed))
        if len({row.definition for row in self.group}) > 1:
            yield texts("mean.definitions_differ")
        if self.apart:
            yield texts("mean.apart", n=len(self.apart), names=_named(self.apart))
        unknown = sum(row.nenner is None for row in self.group)
        if unknown:
            yield texts("mean.base_unknown", n=unknown)
        if self.missing:
            key = "mean.missing" if self.region.is_listed else "mean.absent"
            yield texts(key, n=len(self.missing), names=named(self.missing))
        least = min((row.abdeckung_proz for row in means.assessed), default=100.0)
        if not is_same(least, 100.0):
            share = Numbers(texts.language).number(least, 100.0)
            yield texts("mean.least_coverage", share=share)
        yield from self._common_assumptions(means)

    def _common_assumptions(self, means: RegionalMeans) -> Iterable[str]:
        lists = [row.notes for row in means.assessed]
        common = [part for part in (lists[0] if lists else ()) if all(part in other for other in lists)]
        yield from common
        if any(set(other) - set(common) for other in lists):
            yield self.texts("mean.assumptions_differ")


def _named(rows: Iterable[Finding]) -> str:
    return first_few(sorted({row.gebiet for row in rows}))
