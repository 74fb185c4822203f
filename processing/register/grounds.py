"""Ground about which projects of a register state a fact: their parcels, by what is stated."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from contextlib import suppress
from typing import TypeVar

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCsException,
    QgsGeometry,
    QgsProcessingException,
)

from ...gruene_infra_plugin.i18n import translate
from ...gruene_infra_plugin.methods.findings.register_facts import Statement
from ...gruene_infra_plugin.register.model import ParcelRecord
from ...gruene_infra_plugin.spatial.geometry.overlay import dissolve
from ...gruene_infra_plugin.spatial.geometry.wkb import geometry_of
from ..job import Job
from .base import open_register
from .subjects import RegisterSubjects

Told = TypeVar("Told", bound=Hashable)


def names_register(job: Job) -> bool:
    """Return whether a run that may do without one names a register; raise where it names two."""
    named = [name for name in ("REGISTER", "CONNECTION") if job.text(name)]
    if len(named) > 1:
        message = translate("GrueneInfra", "Name one register: a GeoPackage in REGISTER or a CONNECTION.")
        raise QgsProcessingException(message)
    return bool(named)


def stated_grounds(
    job: Job, hz: int, name: str, told: Callable[[Statement], Told | None]
) -> dict[Told, QgsGeometry]:
    """Return the parcels of projects in the CRS of the run, by what these state under a name for a goal.

    ``told`` says what a statement means, ``None`` for nothing; parcels of different meanings may overlap.
    """
    crs = job.crs
    try:
        with open_register(job) as register:
            stored_in = QgsCoordinateReferenceSystem(register.crs)
            subjects = RegisterSubjects(register, job.entry.facts, job.strategy.region, job.as_of)
    finally:
        job.crs = crs
    transform = QgsCoordinateTransform(stored_in, crs, job.context.transformContext())
    shapes: dict[Told, list[QgsGeometry]] = defaultdict(list)
    for statement, parcels in subjects.grounds(hz, name):
        meaning = told(statement)
        if meaning is not None:
            shapes[meaning] += _transformed(parcels, transform)
    message = translate("GrueneInfra", "HZ {hz}, {field}: the unit {unit} does not fit; left out.")
    for fact in dict.fromkeys(subjects.foreign):
        job.feedback.pushWarning(message.format(hz=fact.hz, field=fact.field, unit=fact.unit))
    return {meaning: dissolve(found) for meaning, found in shapes.items()}


def _transformed(parcels: Iterable[ParcelRecord], transform: QgsCoordinateTransform) -> Iterator[QgsGeometry]:
    """Yield the outlines of parcels, but of those that cannot be in the other CRS."""
    for parcel in parcels:
        shape = geometry_of(parcel.wkb)
        with suppress(QgsCsException):
            shape.transform(transform)
            yield shape
