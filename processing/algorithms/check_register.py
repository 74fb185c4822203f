"""Register: what in it contradicts itself, and what to do about it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from qgis.core import Qgis

from ...gruene_infra_plugin.i18n import translate
from ...gruene_infra_plugin.register.checks import Contradiction
from ...gruene_infra_plugin.register.inspection import Inspection
from ...gruene_infra_plugin.register.odd_values import OddValue
from ...gruene_infra_plugin.register.store import Register
from ...gruene_infra_plugin.spatial.geometry.wkb import geometry_of
from ..job import Job
from ..register.base import RegisterAlgorithm, open_register, read_parcels, write


class CheckRegister(RegisterAlgorithm):
    """One row per contradiction, at the parcel where it is; mends what needs no decision, if asked."""

    ID = "check_register"

    def measure(self, job: Job) -> None:
        layer = job.optional_layer("PARCELS", Qgis.GeometryType.Polygon)
        with open_register(job) as register:
            keys = None if layer is None else {parcel.key.key for parcel in read_parcels(job, layer)}
            inspection = Inspection(keys)
            inspection.read(register)
            inspection.compare(register, job.feedback)
            found = inspection.contradictions(register)
            outlines = register.outlines({row.parcel for row in found})
            job.open("OUTPUT")
            for row in found:
                values = [row.check.value, row.parcel or None, row.sentence(), row.remedy()]
                job.outputs.add("OUTPUT", values, geometry_of(outlines.get(row.parcel)))
            message = translate("GrueneInfra", "{count} contradictions in {parcels} parcels of the register.")
            job.feedback.pushInfo(message.format(count=len(found), parcels=inspection.parcels))
            if job.flag("MEND"):
                write(job, partial(_mend, job, register, found))


def _mend(job: Job, register: Register, found: Sequence[Contradiction]) -> None:
    """Restore what the register rests on, and take away values that cannot be where a row may lack them."""
    odd = {record for row in found for record in row.records if isinstance(record, OddValue)}
    if register.foundation.not_logging or register.foundation.entries:
        register.restore()
        job.feedback.pushInfo(
            translate("GrueneInfra", "What keeps the history, version and coordinate system are restored.")
        )
    if any(value.may_be_empty for value in odd):
        message = translate("GrueneInfra", "{count} values that cannot be were taken away.")
        job.feedback.pushInfo(message.format(count=register.empty(odd)))
