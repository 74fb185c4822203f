"""From facts of the register to measurements: what geometry cannot tell about a goal.

A subject is a project, a municipality or the region, with what the register says about it for one goal. Each
rule turns a subject into its part of a numerator and a denominator; parts that cannot be told are counted as
such and lower the coverage. Nothing is taken for zero because nobody entered it.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from ..reading.values import SHARE, TERM, YEAR
from .documents import is_made_by
from .targets import Measurement

CONDITIONS = (1.0, 5.0)
"""Best and worst grade of a park's condition."""


@dataclass(frozen=True)
class Statement:
    """One fact: ``value`` and ``text`` as entered; both ``None`` where it cannot be used."""

    name: str
    value: float | None = None
    text: str | None = None
    year: int | None = None
    source: str | None = None


@dataclass(frozen=True)
class Subject:
    """A project, a municipality or the region, and what is stated about it for one goal.

    ``place`` is the municipality it lies in, ``None`` for the region and where it is not known.
    ``area_m2`` is the area of the parcels that the project has for this goal, ``None`` where it has none;
    ``in_stock`` says that some of them are Bestand.
    """

    place: Hashable | None
    is_project: bool
    statements: tuple[Statement, ...] = ()
    area_m2: float | None = None
    in_stock: bool = False

    @property
    def is_regional(self) -> bool:
        return self.place is None and not self.is_project

    def years(self, name: str) -> set[int]:
        """Return the years for which something is stated under a name; 0 stands for no year."""
        return {statement.year or 0 for statement in self.statements if statement.name == name}

    def latest(self, name: str, year: int | None = None) -> list[Statement]:
        """Return what is stated under a name for its last or a given year; several only where they differ."""
        if year is None:
            year = max(self.years(name), default=0)
        found = (s for s in self.statements if s.name == name and (s.year or 0) == year)
        return list({(s.value, s.text): s for s in found}.values())

    def number(self, name: str, year: int | None = None) -> float | None:
        """Return the value of the last or a given year.

        ``None`` if there is none, it is negative or contradicts another one.
        """
        found = self.latest(name, year)
        value = found[0].value if len(found) == 1 else None
        return value if value is not None and math.isfinite(value) and value >= 0 else None

    def has(self, *names: str) -> bool:
        return any(statement.name in names for statement in self.statements)


@dataclass(frozen=True)
class Terms:
    """What the rules measure by: day, backlog grade, years in which openings count, least term in years."""

    as_of: dt.date
    backlog_from: float
    years: range
    least_years: float


@dataclass(frozen=True)
class Part:
    """What one subject adds to numerator and denominator.

    ``year`` is the only one whose statements it rests on; ``None`` where each statement counts by itself.
    """

    numerator: float
    denominator: float
    year: int | None = None


Contribute = Callable[[Subject, Terms], Part | None]


def added(parts: Sequence[Part]) -> Part:
    """Sum numerators and denominators."""
    return Part(math.fsum(p.numerator for p in parts), math.fsum(p.denominator for p in parts))


def counted(parts: Sequence[Part]) -> Part:
    """Sum numerators over the one denominator that all parts share."""
    return Part(math.fsum(p.numerator for p in parts), parts[0].denominator)


def smallest(parts: Sequence[Part]) -> Part:
    return min(parts, key=lambda part: part.numerator / part.denominator)


def largest(parts: Sequence[Part]) -> Part:
    return max(parts, key=lambda part: part.numerator / part.denominator)


@dataclass(frozen=True)
class Rule:
    """How the facts of a goal become one indicator.

    A subject is concerned if it has one of ``fields``, or by ``concerns``. ``objects``: every subject is one
    thing of its own; otherwise what a municipality or the region states about itself goes before the sum of
    its projects. ``projects`` and ``places`` say whether projects count, and whether municipalities get a
    finding. ``ends`` says whether a subject is over on a day and counts no longer.
    ``regional``: only what is stated for the region stands for the whole. ``of_one_year``:
    facts count together only where they are stated for the same year. ``absent`` is the part
    that stands where nobody is concerned; without it the indicator is not assessable then.
    """

    fields: tuple[str, ...]
    contribute: Contribute
    total: Callable[[Sequence[Part]], Part] = added
    concerns: Callable[[Subject], bool] = field(default=lambda subject: False)
    drops: Callable[[Subject], bool] = field(default=lambda subject: False)
    ends: Callable[[Subject, dt.date], bool] = field(default=lambda subject, as_of: False)
    objects: bool = False
    projects: bool = True
    places: bool = True
    regional: bool = False
    of_one_year: bool = False
    absent: Part | None = None

    def concerned(self, subjects: Iterable[Subject], as_of: dt.date) -> list[Subject]:
        """Return the subjects that count on a day."""
        return [
            subject
            for subject in subjects
            if (subject.has(*self.fields) or self.concerns(subject))
            and (self.projects or not subject.is_project)
            and not self.drops(subject)
            and not self.ends(subject, as_of)
        ]


@dataclass(frozen=True)
class FactTally:
    """One measurement with the statements that count for it.

    ``years_differ`` counts the subjects whose statements have no year in common.
    """

    measured: Measurement
    used: tuple[Statement, ...]
    years_differ: int = 0


def tally(rule: Rule, subjects: Iterable[Subject], terms: Terms, place: Hashable | None = None) -> FactTally:
    """Measure by a rule, for one municipality or, without ``place``, for the whole.

    Coverage is the share of the concerned subjects whose facts are sufficient.
    """
    concerned = rule.concerned(subjects, terms.as_of)
    if place is not None:
        concerned = [subject for subject in concerned if subject.place == place]
    elif rule.regional:
        concerned = [subject for subject in concerned if subject.place is None]
    if not concerned:
        parts, known = ([rule.absent], 0) if rule.absent is not None else ([], 0)
        return FactTally(_measurement(rule, parts, known, 0), ())
    if not rule.objects:
        concerned = _without_repeats(rule, concerned, terms)
    found = [(subject, rule.contribute(subject, terms)) for subject in concerned]
    parts = [part for _, part in found if part is not None]
    used = [statement for subject, part in found for statement in _used(rule, subject, part)]
    apart = sum(part is None and rule.of_one_year and _years_differ(rule, subject) for subject, part in found)
    return FactTally(_measurement(rule, parts, len(parts), len(found) - len(parts)), tuple(used), apart)


def _used(rule: Rule, subject: Subject, part: Part | None) -> list[Statement]:
    """Return the statements of a subject that count for a rule, those of one year where that is so."""
    year = None if part is None else part.year
    stated = (statement for statement in subject.statements if statement.name in rule.fields)
    return [statement for statement in stated if year is None or (statement.year or 0) == year]


def _years_differ(rule: Rule, subject: Subject) -> bool:
    """Return whether all facts of a rule are stated, but never for the same year."""
    years = [subject.years(name) for name in rule.fields]
    return all(years) and not set.intersection(*years)


def _measurement(rule: Rule, parts: Sequence[Part], known: int, unknown: int) -> Measurement:
    if not parts:
        return Measurement(None, None, 0.0, known, unknown)
    total = rule.total(parts)
    coverage = 100.0 * known / (known + unknown) if known + unknown else 100.0
    return Measurement(total.numerator, total.denominator, coverage, known, unknown)


def _without_repeats(rule: Rule, subjects: Sequence[Subject], terms: Terms) -> list[Subject]:
    """Leave out the parts of those that state the sum themselves: of the region, else of municipalities."""
    stated = [s for s in subjects if not s.is_project and rule.contribute(s, terms) is not None]
    for subject in stated:
        if subject.is_regional:
            return [subject]
    own = {subject.place for subject in stated}
    return [subject for subject in subjects if not (subject.is_project and subject.place in own)]


# -- reading single facts -----------------------------------------------------------------------------------


def day_or_year(subject: Subject, name: str) -> dt.date | int | None:
    """Return a date such as 2026-03-31 or a year as stated, ``None`` if it is neither."""
    found = subject.latest(name)
    if len(found) != 1:
        return None
    statement = found[0]
    if statement.value is not None:
        return int(statement.value) if YEAR.admits(statement.value) else None
    try:
        day = dt.date.fromisoformat((statement.text or "").strip())
    except ValueError:
        return None
    return day if YEAR.admits(day.year) else None


def term_years(begin: dt.date | int, end: dt.date | int) -> float | None:
    """Return the length of a term in years, its last day included; ``None`` if it ends before it begins.

    A begin or end of which only the year is known is taken as 1 January or 31 December [A].

    >>> term_years(dt.date(2026, 1, 1), dt.date(2035, 12, 31))
    10.0
    >>> term_years(2026, 2035)
    10.0
    """
    if (isinstance(begin, int) or isinstance(end, int)) and _year(end) < _year(begin):
        return None
    begin = dt.date(begin, 1, 1) if isinstance(begin, int) else begin
    end = dt.date(end, 12, 31) if isinstance(end, int) else end
    after = end + dt.timedelta(days=1)
    if after < begin:
        return None
    whole = after.year - begin.year
    if _anniversary(begin, whole) > after:
        whole -= 1
    last, following = _anniversary(begin, whole), _anniversary(begin, whole + 1)
    return whole + (after - last).days / (following - last).days


def _year(day: dt.date | int) -> int:
    return day if isinstance(day, int) else day.year


def _anniversary(day: dt.date, years: int) -> dt.date:
    """Return the same day some years later; 1 March where there is no 29 February."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return dt.date(day.year + years, 3, 1)


# -- the rules ----------------------------------------------------------------------------------------------


def ratio(numerator: str, denominator: str) -> Contribute:
    """Return the rule: one fact over another, which it cannot exceed, both of their last common year."""

    def contribute(subject: Subject, _terms: Terms) -> Part | None:
        year = max(subject.years(numerator) & subject.years(denominator), default=None)
        if year is None:
            return None
        above, below = subject.number(numerator, year), subject.number(denominator, year)
        if above is None or not below or above > below:
            return None
        return Part(above, below, year)

    return contribute


def amount(name: str) -> Contribute:
    """Return the rule: the fact itself."""

    def contribute(subject: Subject, _terms: Terms) -> Part | None:
        value = subject.number(name)
        return None if value is None else Part(value, 1.0)

    return contribute


def _park(subject: Subject, terms: Terms) -> Part | None:
    grade, area = subject.number("parkzustand"), _area(subject, "parkflaeche_m2")
    if grade is None or not CONDITIONS[0] <= grade <= CONDITIONS[1] or not area:
        return None
    return Part(area if grade >= terms.backlog_from else 0.0, area)


def _area(subject: Subject, name: str) -> float | None:
    """Return the stated area; without any statement that of the parcels."""
    return subject.number(name) if subject.has(name) else subject.area_m2


def _heat(subject: Subject, _terms: Terms) -> Part | None:
    value = subject.number("waerme_klimaneutral")
    return Part(value, 1.0) if value in (0.0, 1.0) else None


def _projects(subject: Subject, _terms: Terms) -> Part | None:
    if subject.is_project:
        return Part(1.0, 1.0)
    value = subject.number("projekte")
    return None if value is None else Part(value, 1.0)


def _concept(subject: Subject, terms: Terms) -> Part | None:
    made = day_or_year(subject, "konzept_datum")
    if made is None:
        return None
    return Part(float(is_made_by(made, terms.as_of)), 1.0)


def _heaps(subject: Subject, terms: Terms) -> Part | None:
    """Return the openings in the years that count; a municipality has to state every one of them."""
    years = terms.years
    if subject.has("halde_geoeffnet"):
        opened = day_or_year(subject, "halde_geoeffnet")
        return None if opened is None else Part(float(_year(opened) in years), float(len(years)))
    by_year: dict[int | None, set[float | None]] = {}
    for statement in subject.statements:
        if statement.name == "halden_geoeffnet":
            by_year.setdefault(statement.year, set()).add(statement.value)
    stated = [next(iter(by_year[year])) for year in years if len(by_year.get(year, ())) == 1]
    counts = [value for value in stated if value is not None and value >= 0]
    return Part(math.fsum(counts), float(len(years))) if len(counts) == len(years) else None


def lease_years(subject: Subject) -> float | None:
    """Return the term of a lease in years, as stated or from its begin and end."""
    if subject.has("pachtdauer_jahre"):
        stated = subject.number("pachtdauer_jahre")
        return stated if stated is not None and TERM.admits(stated) else None
    begin, end = day_or_year(subject, "pacht_beginn"), day_or_year(subject, "pacht_ende")
    return None if begin is None or end is None else term_years(begin, end)


def _lease(subject: Subject, terms: Terms) -> Part | None:
    years = lease_years(subject)
    return None if years is None else Part(float(years >= terms.least_years), 1.0)


def _leased_area(subject: Subject, terms: Terms) -> Part | None:
    years, area = lease_years(subject), _area(subject, "pachtflaeche_m2")
    return None if years is None or not area else Part(area if years >= terms.least_years else 0.0, area)


def _lease_term(subject: Subject, _terms: Terms) -> Part | None:
    years = lease_years(subject)
    return None if years is None else Part(years, 1.0)


def _cycling(subject: Subject, _terms: Terms) -> Part | None:
    share = subject.number("radanteil_proz")
    return Part(share, 100.0) if share is not None and SHARE.admits(share) else None


def is_over(end: dt.date | int | None, as_of: dt.date) -> bool:
    """Return whether a last day or year has passed on a day.

    >>> new_year = dt.date(2026, 1, 1)
    >>> is_over(2025, new_year), is_over(2026, new_year), is_over(new_year, new_year)
    (True, False, False)
    """
    return end is not None and (end < as_of.year if isinstance(end, int) else end < as_of)


def _lease_ends(subject: Subject, as_of: dt.date) -> bool:
    return lease_years(subject) is not None and is_over(day_or_year(subject, "pacht_ende"), as_of)


def _not_converting(subject: Subject) -> bool:
    return subject.number("oeko_umstellung") == 0.0


LEASE = ("pacht_beginn", "pacht_ende", "pachtdauer_jahre")
RULES: Mapping[str, Rule] = MappingProxyType(
    {
        "hz04.zustand.rueckstand_anteil": Rule(
            ("parkzustand",), _park, concerns=lambda subject: subject.in_stock, objects=True
        ),
        "hz07.recycling.anteil": Rule(
            ("recycling_t", "bauabfall_t"), ratio("recycling_t", "bauabfall_t"), of_one_year=True
        ),
        "hz07.rc_material.anteil": Rule(
            ("rc_material_t", "material_t"), ratio("rc_material_t", "material_t"), of_one_year=True
        ),
        "hz07.waerme.klimaneutral_anteil": Rule(("waerme_klimaneutral",), _heat, objects=True),
        "hz09.projekte.anzahl": Rule(
            ("projekte", "partner", "stellen", "budget_eur"),
            _projects,
            counted,
            concerns=lambda subject: subject.area_m2 is not None,
            drops=lambda subject: not subject.is_project and not subject.has("projekte"),
        ),
        "hz09.partner.anzahl": Rule(("partner",), amount("partner"), counted),
        "hz09.stellen.anzahl": Rule(("stellen",), amount("stellen"), counted),
        "hz09.budget.summe": Rule(("budget_eur",), amount("budget_eur"), counted),
        "hz14.konzept.vorhanden": Rule(
            ("konzept_datum",),
            _concept,
            largest,
            objects=True,
            places=False,
            regional=True,
            absent=Part(0.0, 1.0),
        ),
        "hz14.regionalparks.neu": Rule(("neue_regionalparks",), amount("neue_regionalparks"), counted),
        "hz16.halden.je_jahr": Rule(("halde_geoeffnet", "halden_geoeffnet"), _heaps, counted),
        "hz23.pacht.lang_anteil": Rule(LEASE, _lease, objects=True, drops=_not_converting, ends=_lease_ends),
        "hz23.pacht.lang_flaechenanteil": Rule(
            LEASE, _leased_area, objects=True, drops=_not_converting, ends=_lease_ends
        ),
        "hz23.pacht.kuerzeste_laufzeit": Rule(
            LEASE, _lease_term, smallest, objects=True, places=False, drops=_not_converting, ends=_lease_ends
        ),
        "hz25.radanteil": Rule(
            ("radanteil_proz",), _cycling, largest, objects=True, projects=False, regional=True
        ),
        "hz27.angebote.anzahl": Rule(("angebote",), amount("angebote"), counted),
        "hz27.angebote.barrierefrei_anteil": Rule(
            ("angebote", "angebote_barrierefrei"),
            ratio("angebote_barrierefrei", "angebote"),
            of_one_year=True,
        ),
    }
)
"""Indicator to rule; the entry ``register_indicators`` says in words what each of them counts."""
