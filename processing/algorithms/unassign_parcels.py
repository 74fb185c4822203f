"""Register: take assignments back, by parcels or by keys."""

from __future__ import annotations

from functools import partial

from qgis.core import (
    Qgis,
    QgsProcessingException,
)

from ...gruene_infra_plugin.i18n import translate
from ...gruene_infra_plugin.register.model import Role
from ..job import Job
from ..register.base import (
    RegisterAlgorithm,
    open_register,
    project_id,
    read_goals,
    read_keys,
    read_parcels,
    write,
)


class UnassignParcels(RegisterAlgorithm):
    """Assignments of parcels are removed, those to some goals, in one role or within one project, or all."""

    ID = "unassign_parcels"

    def measure(self, job: Job) -> None:
        layer = job.optional_layer("PARCELS", Qgis.GeometryType.Polygon)
        goals = read_goals(job) if job.text("GOALS") else None
        role = job.choice("ROLE")
        keys = read_keys(job)
        if layer is None and not keys:
            raise QgsProcessingException(
                translate("GrueneInfra", "Name parcels: a layer in PARCELS, or KEYS.")
            )
        with open_register(job) as register:
            project = project_id(job, register)
            if layer is not None:
                keys += [parcel.key.key for parcel in read_parcels(job, layer)]
            where = (None if role is None else Role(role), project)
            count = write(job, partial(register.unassign, keys, goals, *where))
        _say(job, count)


def _say(job: Job, count: int) -> None:
    message = translate("GrueneInfra", "{count} assignments were removed.").format(count=count)
    (job.feedback.pushInfo if count else job.feedback.pushWarning)(message)
    job.outputs.add_value("COUNT", count)
