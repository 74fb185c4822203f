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
)

from ...gruene_infra_plugin.methods.findings.register_facts import Statement
from ...gruene_infra_plugin.register.model import ParcelRecord
from ...gruene_infra_plugin.spatial.geometry.overlay import dissolve
from ...gruene_infra_plugin.spatial.geometry.wkb import geometry_of
from ..job import Job
from .subjects import read_subjects, say_foreign

Told = TypeVar("Told", bound=Hashable)


def stated_grounds(
    job: Job, hz: int, name: str, told: Callable[[Statement], Told | None]
) -> dict[Told, QgsGeometry]:
    """Return the parcels of projects in the CRS of the run, by what these state under a name for a goal.

    ``told`` says what a statement means, ``None`` for nothing; parcels of different meanings may overlap.
    """
    subjects = read_subjects(job, job.entry.facts)
    stored_in = QgsCoordinateReferenceSystem(subjects.crs)
    transform = QgsCoordinateTransform(stored_in, job.crs, job.context.transformContext())
    shapes: dict[Told, list[QgsGeometry]] = defaultdict(list)
    for statement, parcels in subjects.grounds(hz, name):
        meaning = told(statement)
        if meaning is not None:
            shapes[meaning] += _transformed(parcels, transform)
    say_foreign(job, subjects)
    return {meaning: dissolve(found) for meaning, found in shapes.items()}


def _transformed(parcels: Iterable[ParcelRecord], transform: QgsCoordinateTransform) -> Iterator[QgsGeometry]:
    """Yield the outlines of parcels, but of those that cannot be in the other CRS."""
    for parcel in parcels:
        shape = geometry_of(parcel.wkb)
        with suppress(QgsCsException):
            shape.transform(transform)
            yield shape
