"""Register: what in it contradicts itself, and what to do about it."""

from __future__ import annotations

from collections.abc import Collection

from qgis.core import Qgis, QgsProcessingParameterFeatureSink
from qgis.PyQt.QtCore import QMetaType

from ...gruene_infra_plugin.i18n import translate
from ...gruene_infra_plugin.register import checks
from ...gruene_infra_plugin.register.checks import Check, Contradiction
from ...gruene_infra_plugin.register.model import geometry_of
from ...gruene_infra_plugin.register.store import Register
from ...gruene_infra_plugin.spatial.outputs import fields_of
from ...gruene_infra_plugin.spatial.shared_areas import shared_areas
from ..job import Job
from ..register_base import RegisterAlgorithm, open_register, read_parcels

FIELDS = dict.fromkeys(("pruefung", "flurstueck", "angabe", "abhilfe"), QMetaType.Type.QString)
"""Kind of the contradiction, key of the parcel, what contradicts, what to do."""


class CheckRegister(RegisterAlgorithm):
    """One row per contradiction, at the parcel where it is."""

    ID = "check_register"

    def initAlgorithm(self, config: dict | None = None) -> None:
        self.add_register()
        self.add_layer("PARCELS", Qgis.ProcessingSourceType.VectorPolygon, optional=True)
        self.add_field("KEY_FIELD", "PARCELS")
        self.add(QgsProcessingParameterFeatureSink("OUTPUT", "", Qgis.ProcessingSourceType.VectorPolygon))

    def measure(self, job: Job) -> None:
        layer = job.optional_layer("PARCELS", Qgis.GeometryType.Polygon)
        with open_register(job) as register:
            keys = None if layer is None else {parcel.key.key for parcel in read_parcels(job, layer)}
            parcels = register.parcels()
            shapes = {parcel.key.key: geometry_of(parcel.wkb) for parcel in parcels}
            found = _contradictions(job, register, keys)
        job.outputs.open("OUTPUT", fields_of(FIELDS), Qgis.WkbType.MultiPolygon, job.crs)
        for row in found:
            name = row.check.name.lower()
            said, remedy = job.phrase(name, **row.values), job.phrase(f"{name}_remedy", **row.values)
            job.outputs.add("OUTPUT", [row.check.value, row.parcel, said, remedy], shapes[row.parcel])
        message = translate("GrueneInfra", "{count} contradictions in {parcels} parcels of the register.")
        job.feedback.pushInfo(message.format(count=len(found), parcels=len(parcels)))


def _contradictions(job: Job, register: Register, keys: Collection[str] | None) -> list[Contradiction]:
    """Return all contradictions, kind by kind and by key."""
    parcels, kinds, assignments = register.parcels(), register.space_types(), register.assignments()
    pairs = shared_areas({parcel.key.key: geometry_of(parcel.wkb) for parcel in parcels}, job.feedback)
    found = [
        *checks.minor_shares(kinds),
        *checks.excluded_measures(assignments),
        *checks.in_rejected_projects(assignments, register.projects()),
        *checks.without_geometry(parcels),
        *(() if keys is None else checks.not_among(parcels, keys)),
        *checks.overlaps(pairs, kinds),
    ]
    order = list(Check)
    return sorted(found, key=lambda row: (order.index(row.check), row.parcel))
