"""Register: the assignments as they were at the end of a day."""

from __future__ import annotations

from collections.abc import Iterator

from qgis.core import (
    QgsGeometry,
)

from ...gruene_infra_plugin.i18n import translate
from ...gruene_infra_plugin.register.following import Following
from ...gruene_infra_plugin.register.history import Past
from ...gruene_infra_plugin.spatial.geometry.wkb import geometry_of
from ..job import Job
from ..register.base import RegisterAlgorithm, open_register


class RegisterAt(RegisterAlgorithm):
    """A layer with a row per assignment, rebuilt from the history."""

    ID = "register_at"

    def measure(self, job: Job) -> None:
        day, count = job.day("DAY"), 0
        with open_register(job) as register, register.past(day) as past:
            job.open("OUTPUT")
            for values, geometry in _rows(past):
                job.outputs.add("OUTPUT", values, geometry)
                count += 1
        message = translate("GrueneInfra", "{count} assignments stood at the end of {day}.")
        job.feedback.pushInfo(message.format(count=count, day=day.isoformat()))


def _rows(past: Past) -> Iterator[tuple[list, QgsGeometry]]:
    """Yield the values of each assignment, in the order of the columns, and the outline of its parcel."""
    projects = past.projects()
    kinds = Following((record.parcel, record.raumtyp.value) for record in past.space_types())
    parcels = Following((parcel.key.key, (parcel, geometry_of(parcel.wkb))) for parcel in past.parcels())
    for row in past.assignments():
        # A computer whose clock is wrong may have written parcel or project "later" than this.
        parcel, geometry = parcels.at(row.parcel) or (None, QgsGeometry())
        project = None if row.project is None else projects.get(row.project)
        values = [row.parcel, row.hz, row.role.value, row.status.value, project]
        values += [row.evidence, row.algorithm, row.note, kinds.at(row.parcel)]
        yield [*values, parcel and parcel.municipality, parcel and parcel.area_m2], geometry
