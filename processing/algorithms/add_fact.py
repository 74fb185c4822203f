"""Register: enter one fact for a project, a municipality or the region."""

from __future__ import annotations

import math
import re
from functools import partial

from qgis.core import (
    QgsProcessingException,
)

from ...gruene_infra_plugin.catalogue import entry_ids, load_entry
from ...gruene_infra_plugin.i18n import translate
from ...gruene_infra_plugin.methods.reading.names import municipality_key, word_of
from ...gruene_infra_plugin.register.model import Fact
from ...gruene_infra_plugin.register.store import Register
from ..job import Job
from ..register.base import RegisterAlgorithm, open_register, project_id, write, written

AGS = re.compile(r"\d{5}(\d{3})?")


class AddFact(RegisterAlgorithm):
    """One value for one goal, with unit, year and source."""

    ID = "add_fact"

    def measure(self, job: Job) -> None:
        with open_register(job) as register:
            write(job, partial(register.add_fact, _fact(job, register)))
        written(job, 1)


def _fact(job: Job, register: Register) -> Fact:
    """Return the fact of a run; raise if it says nothing, or is about nobody."""
    hz, field = job.integer("HZ"), job.text("FIELD")
    field = word_of(field, _known_units(hz)) or field
    value, words = job.given_number("VALUE"), job.text("TEXT") or None
    if hz is None or not field or not job.text("SOURCE"):
        message = translate("GrueneInfra", "A fact needs HZ, FIELD and SOURCE.")
        raise QgsProcessingException(message)
    if (value is None) == (words is None) or not math.isfinite(value or 0.0):
        raise QgsProcessingException(translate("GrueneInfra", "Give either a number in VALUE or a TEXT."))
    ags, town = municipality_key(job.text("AGS")), job.text("MUNICIPALITY") or None
    project = project_id(job, register)
    if project is None and ags is None and town is None:
        message = translate("GrueneInfra", "Name a PROJECT, an AGS or a MUNICIPALITY that the fact is about.")
        raise QgsProcessingException(message)
    if ags is not None and not AGS.fullmatch(ags):
        message = translate("GrueneInfra", "AGS must have 8 digits, or 5 for a Kreis, not “{value}”.")
        raise QgsProcessingException(message.format(value=ags))
    return Fact(
        hz,
        field,
        value,
        words,
        _unit(job, hz, field),
        job.integer("YEAR"),
        job.text("SOURCE"),
        project,
        ags,
        _as_stored(register, town),
    )


def _as_stored(register: Register, town: str | None) -> str | None:
    """Return the name of a municipality as facts in the register spell it already."""
    stored = sorted({fact.municipality for fact in register.facts() if fact.municipality})
    return town and (word_of(town, stored) or town)


def _known_units(hz: int | None) -> dict[str, str]:
    """Return the unit of each field of a goal that an indicator uses."""
    facts = (fact for known in entry_ids() for fact in load_entry(known).facts)
    return {fact.name: fact.unit for fact in facts if fact.hz == hz}


def _unit(job: Job, hz: int, field: str) -> str | None:
    """Return the unit of the fact; raise if the field is known in another one, say if it is not known."""
    given = job.text("UNIT") or None
    known = _known_units(hz)
    unit = known.get(field)
    if unit is None:
        message = translate("GrueneInfra", "No indicator of HZ {hz} uses “{field}”. Used are: {known}.")
        job.feedback.pushWarning(message.format(hz=hz, field=field, known=", ".join(known) or "–"))
        return given
    if given is not None and word_of(given, [unit]) is None:
        message = translate("GrueneInfra", "UNIT: “{field}” is in {unit}, not in {given}.")
        raise QgsProcessingException(message.format(field=field, unit=unit, given=given))
    return unit
