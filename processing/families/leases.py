"""Leases as a run knows them: from a table or from the facts of a register."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

from qgis.core import QgsFeature, QgsProcessingException

from ...gruene_infra_plugin.catalogue import load_entry
from ...gruene_infra_plugin.i18n import translate
from ...gruene_infra_plugin.methods.findings.leases import Lease, Leases
from ...gruene_infra_plugin.methods.findings.register_facts import RULES
from ...gruene_infra_plugin.methods.findings.targets import Measurement
from ...gruene_infra_plugin.methods.reading.values import HECTARES, YES_NO
from ...gruene_infra_plugin.spatial.attribution.areas import TOTAL
from ...gruene_infra_plugin.spatial.reading.lists import cell_text
from ...gruene_infra_plugin.spatial.reading.repeats import once_each
from ..concluded import Case, Measured
from ..declared import GoalRun
from ..job import Job
from ..register.base import names_register
from ..register.subjects import read_subjects, say_foreign

DEFAULT_LEAST_YEARS = 10.0
FACTS = "register_indicators"
"""The entry that says which facts a register may hold."""
RULE = "hz23.pacht.lang_anteil"
ROW_NUMBER = "fid"
"""What GeoPackages number their rows by; it tells no leases apart."""


def check_lease_source(job: Job) -> None:
    """Raise where leases are named in several places."""
    named = [name for name in ("LEASES", "REGISTER", "CONNECTION") if job.parameters[name]]
    if len(named) > 1:
        message = translate(
            "GrueneInfra", "Name one register in REGISTER or CONNECTION, or a table in LEASES, not {names}."
        )
        raise QgsProcessingException(message.format(names=", ".join(named)))


def with_leases(run: GoalRun, measured: Measured, figures: str) -> Measured:
    """Return what also draws up the figures of leases, whose ids begin with ``figures``, for the whole.

    Nobody tells in which municipality a lease lies.
    """
    places = len(run.areas.areas)
    whole = run.areas.areas.index(TOTAL) if TOTAL in run.areas.areas else places
    run.known.areas = run.areas.areas if whole < places else [*run.areas.areas, TOTAL]
    target = next((target for target in run.job.strategy.targets if target.id == "hz23.pacht"), None)
    least_years = target.value if target else DEFAULT_LEAST_YEARS
    run.known.values["least_years"] = f"{least_years:g}"
    found = _leases(run)
    current = [lease for lease in found if not lease.is_over(run.job.as_of)]
    run.remark_counts(ended=len(found) - len(current))
    leases = Leases(current, least_years)
    given = run.given("LEASES") or names_register(run.job)
    reason = run.job.phrase("leases_unknown" if given else "no_leases")
    drawn = {"flaeche": leases.by_area, "anzahl": leases.by_number, "mittel": leases.mean_years}

    def with_them(case: Case, place: int) -> Measurement | None:
        if not case.indicator.id.startswith(figures):
            return measured(case, place) if place < places else None
        return replace(drawn[case.definition.id](), reason=reason) if place == whole else None

    return with_them


def _leases(run: GoalRun) -> list[Lease]:
    if run.given("LEASES"):
        return list(_of_table(run))
    if names_register(run.job):
        subjects = read_subjects(run.job, load_entry(FACTS).facts)
        found = [Lease.stated(subject) for subject in RULES[RULE].concerned(subjects.of(23), dt.date.min)]
        say_foreign(run.job, subjects)
        return found
    return []


def _of_table(run: GoalRun) -> Iterator[Lease]:
    begin, end = run.field("LEASE_BEGIN_FIELD"), run.field("LEASE_END_FIELD")
    area = run.column("LEASE_AREA_FIELD", HECTARES)
    converts = run.column("CONVERSION_FIELD", YES_NO)
    unlimited = run.column("UNLIMITED_FIELD", YES_NO)
    rows, repeats = once_each(((row, _content(row)) for row in run.rows("LEASES")), lambda _row: "")
    run.remark_counts(lease_repeats=repeats)
    if converts.index is None:
        run.remark("all_convert")
    for row in rows.values():
        days = [None if field is None else cell_text(row[field]) for field in (begin, end)]
        farm = 1.0 if converts.index is None else converts.of(row)
        yield Lease.told(days[0], days[1], area.of(row), farm, unlimited.of(row))


def _content(row: QgsFeature) -> bytes:
    """Return what a row says in anything but its number."""
    return "\0".join(repr(row[name]) for name in row.fields().names() if name != ROW_NUMBER).encode()
