"""Documents of the region that somebody has entered into a register as facts."""

from __future__ import annotations

from ...gruene_infra_plugin.catalogue import load_entry
from ...gruene_infra_plugin.methods.findings.documents import Document
from ...gruene_infra_plugin.methods.findings.register_facts import RULES, Subject, day_or_year
from ..job import Job
from .base import names_register
from .subjects import read_subjects


def entered_documents(job: Job, indicator: str) -> list[Document]:
    """Return what the register of a run tells about the document of an indicator ``register_indicators``.

    Without a register there are none. Only what is stated for the region as a whole is its document.
    """
    if not names_register(job):
        return []
    known, rule = load_entry("register_indicators"), RULES[indicator]
    subjects = read_subjects(job, known.facts)
    stated = rule.concerned(subjects.of(known.indicator(indicator).hz), job.as_of)
    return [_document(subject, *rule.fields) for subject in stated if subject.place is None]


def _document(subject: Subject, name: str) -> Document:
    sources = sorted({statement.source for statement in subject.latest(name) if statement.source})
    return Document(day_or_year(subject, name), ", ".join(sources))
