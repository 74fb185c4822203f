"""Register: assign the parcels of a layer, or its selection, to goals."""

from __future__ import annotations

from functools import partial

from qgis.core import Qgis

from ...gruene_infra_plugin.register.model import Role, Status
from ..job import Job
from ..register.base import (
    RegisterAlgorithm,
    open_register,
    project_id,
    read_goals,
    read_parcels,
    write,
    written,
)


class AssignParcels(RegisterAlgorithm):
    """Parcels × goals in a role, within a project or none; all of them or none are written."""

    ID = "assign_parcels"

    def measure(self, job: Job) -> None:
        layer, goals = job.layer("PARCELS", Qgis.GeometryType.Polygon), read_goals(job)
        with open_register(job) as register:
            parcels = read_parcels(job, layer)
            given = {
                "role": Role(job.parameters["ROLE"]),
                "status": Status(job.parameters["STATUS"]),
                "project": project_id(job, register),
                "evidence": job.text("EVIDENCE") or None,
                "note": job.text("NOTE") or None,
            }
            write(job, partial(register.assign, parcels, goals, **given))
        written(job, len({parcel.key.key for parcel in parcels}) * len(goals))
