"""Whom the facts of a register are about: projects, municipalities and the region, goal by goal."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from ...gruene_infra_plugin.catalogue import FactField
from ...gruene_infra_plugin.i18n import translate
from ...gruene_infra_plugin.methods.findings.finding import AreaKind
from ...gruene_infra_plugin.methods.findings.register_facts import Statement, Subject
from ...gruene_infra_plugin.methods.reading.names import municipality_key, normal_name, shown_as, word_of
from ...gruene_infra_plugin.register.model import AssignmentRecord, Fact, ParcelRecord, Project, Role, Status
from ...gruene_infra_plugin.register.store import Register
from ...gruene_infra_plugin.spatial.attribution.areas import Area
from ...gruene_infra_plugin.spatial.reading.values import number, yes_no
from ..job import Job
from .base import open_register

Who = tuple[int | None, Area | None]
"""A project, or a municipality, or with neither the region."""


def read_subjects(job: Job, fields: Iterable[FactField]) -> RegisterSubjects:
    """Read whom the register of a run is about."""
    with open_register(job) as register:
        return RegisterSubjects(register, fields, job.strategy.region, job.as_of)


def say_foreign(job: Job, subjects: RegisterSubjects) -> None:
    """Say in the log which of the facts that were asked for are in units that do not fit."""
    message = translate("GrueneInfra", "HZ {hz}, {field}: the unit {unit} does not fit; left out.")
    for fact in dict.fromkeys(subjects.foreign):
        job.feedback.pushWarning(message.format(hz=fact.hz, field=fact.field, unit=fact.unit))


@dataclass
class _Parcels:
    """Parcels that one project has for one goal."""

    keys: set[str] = field(default_factory=set)
    in_stock: bool = False


class RegisterSubjects:
    """Projects, municipalities and the region with their statements, goal by goal.

    Facts of years after ``as_of`` do not exist yet. Facts in another unit than ``fields`` say are kept
    without their value, and ``foreign`` names them. ``crs`` is that of the parcels.
    """

    def __init__(self, register: Register, fields: Iterable[FactField], region: str, as_of: dt.date) -> None:
        self.crs = register.crs
        self.foreign: list[Fact] = []
        self._units = {(known.hz, known.name): known.unit for known in fields}
        self._region = normal_name(region)
        self._projects = {project.id: project for project in register.projects()}
        self._facts = [fact for fact in register.facts() if (fact.year or 0) <= as_of.year]
        self._parcels = {parcel.key.key: parcel for parcel in register.parcels()}
        self._held = self._assigned(register.assignments())

    def of(self, hz: int) -> list[Subject]:
        """Return the subjects that say anything about a goal, or hold parcels for it."""
        statements: dict[Who, list[Statement]] = defaultdict(list)
        places: dict[int, Area | None] = {}
        for fact in (fact for fact in self._facts if fact.hz == hz):
            place = self._stated_place(fact.ags, fact.municipality)
            if fact.project is not None:
                places[fact.project] = places.get(fact.project) or place
            who = (fact.project, None if fact.project is not None else place)
            statements[who].append(self._statement(fact))
        for project, goal in self._held:
            if goal == hz:
                statements.setdefault((project, None), [])
        return [
            self._subject(hz, who, found, places) for who, found in statements.items() if self._counts(who)
        ]

    def grounds(self, hz: int, name: str) -> Iterator[tuple[Statement, list[ParcelRecord]]]:
        """Yield what each project states last under a name, with the parcels that it holds for the goal.

        A project that contradicts itself states nothing.
        """
        stated: dict[int, list[Statement]] = defaultdict(list)
        for fact in self._facts:
            if fact.hz == hz and fact.project is not None:
                stated[fact.project].append(self._statement(fact))
        for (project, goal), parcels in self._held.items():
            last = Subject(None, True, tuple(stated[project])).latest(name)
            if goal == hz and len(last) == 1 and self._counts((project, None)):
                yield last[0], self._records(parcels)

    def _subject(
        self, hz: int, who: Who, statements: list[Statement], places: Mapping[int, Area | None]
    ) -> Subject:
        project, place = who
        if project is None:
            return Subject(place, False, tuple(statements))
        held = self._held.get((project, hz))
        area = sum(parcel.area_m2 for parcel in self._records(held)) if held else None
        where = places.get(project) or self._project_place(project, held)
        return Subject(where, True, tuple(statements), area, bool(held and held.in_stock))

    def _counts(self, who: Who) -> bool:
        project = self._projects.get(who[0] or 0)
        return project is None or project.status != Status.REJECTED

    def _assigned(self, assignments: Iterable[AssignmentRecord]) -> dict[tuple[int, int], _Parcels]:
        held: dict[tuple[int, int], _Parcels] = defaultdict(_Parcels)
        for row in assignments:
            if row.project is None or row.role == Role.EXCLUSION or row.status == Status.REJECTED:
                continue
            parcels = held[row.project, row.hz]
            parcels.keys.add(row.parcel)
            parcels.in_stock = parcels.in_stock or row.role == Role.STOCK
        return dict(held)

    def _statement(self, fact: Fact) -> Statement:
        known = (name for hz, name in self._units if hz == fact.hz)
        field = word_of(fact.field, known) or fact.field
        unit = self._units.get((fact.hz, field))
        if unit is not None and fact.unit and word_of(fact.unit, [unit]) is None:
            self.foreign.append(fact)
            return Statement(field, None, None, fact.year, fact.source)
        value = fact.value
        if value is None and fact.text is not None:
            value = number(fact.text)
            value = yes_no(fact.text) if value is None else value
        return Statement(field, value, fact.text, fact.year, fact.source)

    # Municipalities ----------------------------------------------------------------------------------

    def _project_place(self, project: int, held: _Parcels | None) -> Area | None:
        known: Project | None = self._projects.get(project)
        if known is not None and known.municipality:
            return self._stated_place(None, known.municipality)
        found = {self._stated_place(p.ags, p.municipality) for p in self._records(held)}
        return found.pop() if len(found) == 1 else None

    def _records(self, held: _Parcels | None) -> list[ParcelRecord]:
        """Return the parcels of a project by key, without those whose row cannot be read."""
        keys = sorted(held.keys & self._parcels.keys()) if held else []
        return [self._parcels[key] for key in keys]

    def _stated_place(self, ags: str | None, name: str | None) -> Area | None:
        """Return a municipality by key or name; ``None`` for the region, and where neither is given."""
        key, plain = municipality_key(ags), normal_name(name or "")
        if plain and plain == self._region:
            return None
        key = key or self._key_of.get(plain)
        if not key and not plain:
            return None
        label = self._name_of.get(key, key) if key else self._spelled[plain]
        return Area(AreaKind.MUNICIPALITY, label, key)

    @cached_property
    def _stated(self) -> set[tuple[str | None, str]]:
        """Keys and names of municipalities that facts, parcels and projects state, the names as delivered."""
        facts = {(f.ags, f.municipality) for f in self._facts}
        parcels = {(p.ags, p.municipality) for p in self._parcels.values()}
        projects = {(None, p.municipality) for p in self._projects.values()}
        return {(municipality_key(ags), name.strip()) for ags, name in facts | parcels | projects if name}

    @cached_property
    def _spelled(self) -> dict[str, str]:
        """The spelling that is shown of each name, by its normal form."""
        spelled = shown_as(name for _, name in self._stated)
        return {normal_name(name): spelling for name, spelling in spelled.items()}

    @cached_property
    def _pairs(self) -> set[tuple[str, str]]:
        """Keys with the normal forms of the names that are stated along with them."""
        return {(key, normal_name(name)) for key, name in self._stated if key}

    @cached_property
    def _name_of(self) -> dict[str, str]:
        """Name by key; of several names the first in the alphabet."""
        return {key: self._spelled[name] for key, name in sorted(self._pairs, reverse=True)}

    @cached_property
    def _key_of(self) -> dict[str, str]:
        """Key by the normal form of a name, for names that only one municipality has."""
        keys: dict[str, set[str]] = defaultdict(set)
        for key, name in self._pairs:
            keys[name].add(key)
        return {name: next(iter(found)) for name, found in keys.items() if len(found) == 1}
