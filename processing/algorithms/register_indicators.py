"""Register: findings for what geometry cannot measure, from facts and assignments."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from ...gruene_infra_plugin.methods.findings.finding import Finding
from ...gruene_infra_plugin.methods.findings.register_facts import RULES, FactTally, Subject, Terms, tally
from ...gruene_infra_plugin.spatial.attribution.areas import TOTAL, Area
from ..concluded import Case, Conclusions, KnownFacts
from ..job import Job
from ..register.base import RegisterAlgorithm
from ..register.subjects import RegisterSubjects, read_subjects, say_foreign

DEFAULT_LEAST_YEARS = 10.0
SOURCES_NAMED = 5


class RegisterIndicators(RegisterAlgorithm):
    """Facts of the register → findings, one per indicator and municipality and one for the whole."""

    ID = "register_indicators"

    def measure(self, job: Job) -> None:
        subjects = read_subjects(job, job.entry.facts)
        job.outputs.add_findings("SUMMARY", _Summary(job, subjects).rows())
        say_foreign(job, subjects)


@dataclass(frozen=True)
class _Summary:
    """Turns subjects into findings."""

    job: Job
    subjects: RegisterSubjects

    def rows(self) -> Iterator[Finding]:
        """Yield for every indicator the whole and the municipalities that have facts, by name."""
        terms = self._terms()
        conclusions = Conclusions(self.job, KnownFacts(values=_values(terms)))
        for case in conclusions.cases():
            rule, subjects = RULES[case.indicator.id], self.subjects.of(case.indicator.hz)
            yield self._row(conclusions, case, TOTAL, tally(rule, subjects, terms))
            if rule.places:
                for place in _places(rule.concerned(subjects, terms.as_of)):
                    yield self._row(conclusions, case, place, tally(rule, subjects, terms, place))

    def _terms(self) -> Terms:
        as_of = self.job.as_of
        last = as_of.year if (as_of.month, as_of.day) == (12, 31) else as_of.year - 1
        years = self.job.integer("OPENING_YEARS") or 0
        lease = next((t for t in self.job.strategy.targets if t.id == "hz23.pacht"), None)
        return Terms(
            as_of,
            self.job.number("BACKLOG_FROM"),
            range(last - years + 1, last + 1),
            lease.value if lease else DEFAULT_LEAST_YEARS,
        )

    def _row(self, conclusions: Conclusions, case: Case, area: Area, found: FactTally) -> Finding:
        notes = []
        if sources := sorted({s.source for s in found.used if s.source}):
            more = ["…"] if len(sources) > SOURCES_NAMED else []
            names = ", ".join([*sources[:SOURCES_NAMED], *more]).replace(";", ",")
            notes.append(self.job.phrase("source", names=names))
        measured = replace(found.measured, reason=self._reason(found))
        row = conclusions.finding(case, area, measured, notes)
        return replace(row, stand_daten=_span({s.year for s in found.used if s.year}))

    def _reason(self, found: FactTally) -> str:
        """Return what limits the coverage of facts: years that differ, else facts that are missing."""
        measured = found.measured
        if found.years_differ:
            return self.job.phrase("years_differ", n=found.years_differ)
        if measured.n_omitted:
            return self.job.phrase("insufficient", n=measured.n_omitted)
        return self.job.phrase("nothing_stated")


def _places(subjects: Iterable[Subject]) -> list[Area]:
    places = {subject.place for subject in subjects if isinstance(subject.place, Area)}
    return sorted(places, key=lambda area: (area.name, area.ags or ""))


def _span(years: set[int]) -> str | None:
    if not years:
        return None
    return f"{min(years)}–{max(years)}" if len(years) > 1 else str(min(years))


def _values(terms: Terms) -> dict[str, str]:
    return {
        "backlog": f"{terms.backlog_from:g}",
        "first_year": f"{terms.years.start}",
        "last_year": f"{terms.years.stop - 1}",
        "years": f"{len(terms.years)}",
        "least_years": f"{terms.least_years:g}",
    }
