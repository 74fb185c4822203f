"""Register: what in it contradicts itself, and what to do about it."""

from __future__ import annotations

from qgis.core import Qgis, QgsProcessingParameterFeatureSink
from qgis.PyQt.QtCore import QMetaType

from ...gruene_infra_plugin.i18n import translate
from ...gruene_infra_plugin.register.inspection import Inspection
from ...gruene_infra_plugin.spatial.outputs import fields_of
from ...gruene_infra_plugin.spatial.wkb import geometry_of
from ..job import Job
from ..register_base import RegisterAlgorithm, open_register, read_parcels

FIELDS = dict.fromkeys(("pruefung", "flurstueck", "angabe", "abhilfe"), QMetaType.Type.QString)
"""Kind of the contradiction, key of the parcel, what contradicts, what to do."""


class CheckRegister(RegisterAlgorithm):
    """One row per contradiction, at the parcel where it is."""

    ID = "check_register"
    LISTS = frozenset({"OUTPUT"})

    def initAlgorithm(self, config: dict | None = None) -> None:
        self.add_register()
        self.add_layer("PARCELS", Qgis.ProcessingSourceType.VectorPolygon, optional=True)
        self.add_field("KEY_FIELD", "PARCELS")
        self.add(QgsProcessingParameterFeatureSink("OUTPUT", "", Qgis.ProcessingSourceType.VectorPolygon))

    def measure(self, job: Job) -> None:
        layer = job.optional_layer("PARCELS", Qgis.GeometryType.Polygon)
        with open_register(job) as register:
            keys = None if layer is None else {parcel.key.key for parcel in read_parcels(job, layer)}
            inspection = Inspection(keys)
            inspection.read(register)
            inspection.compare(register, job.feedback)
            found = inspection.contradictions(register)
            outlines = register.outlines({row.parcel for row in found})
        job.outputs.open("OUTPUT", fields_of(FIELDS), Qgis.WkbType.MultiPolygon, job.crs)
        for row in found:
            values = [row.check.value, row.parcel, row.sentence(), row.remedy()]
            job.outputs.add("OUTPUT", values, geometry_of(outlines.get(row.parcel)))
        message = translate("GrueneInfra", "{count} contradictions in {parcels} parcels of the register.")
        job.feedback.pushInfo(message.format(count=len(found), parcels=inspection.parcels))
