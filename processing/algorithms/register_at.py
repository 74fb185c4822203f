"""Register: the assignments as they were at the end of a day."""

from __future__ import annotations

from qgis.core import (
    Qgis,
    QgsProcessingParameterDateTime,
    QgsProcessingParameterFeatureSink,
)
from qgis.PyQt.QtCore import QMetaType

from ...gruene_infra_plugin.i18n import translate
from ...gruene_infra_plugin.spatial.outputs import fields_of
from ...gruene_infra_plugin.spatial.wkb import geometry_of
from ..job import Job
from ..register_base import RegisterAlgorithm, open_register

TEXT, WHOLE, DECIMAL = QMetaType.Type.QString, QMetaType.Type.Int, QMetaType.Type.Double
FIELDS = {
    "flurstueck": TEXT,
    "hz": WHOLE,
    "rolle": TEXT,
    "status": TEXT,
    "projekt": TEXT,
    "beleg": TEXT,
    "algorithmus": TEXT,
    "notiz": TEXT,
    "raumtyp": TEXT,
    "gemeinde": TEXT,
    "flaeche_m2": DECIMAL,
}


class RegisterAt(RegisterAlgorithm):
    """A layer with a row per assignment, rebuilt from the history."""

    ID = "register_at"
    LISTS = frozenset({"OUTPUT"})

    def initAlgorithm(self, config: dict | None = None) -> None:
        self.add_register()
        date = Qgis.ProcessingDateTimeParameterDataType.Date
        self.add(QgsProcessingParameterDateTime("DAY", "", date, None, True))
        self.add(QgsProcessingParameterFeatureSink("OUTPUT", "", Qgis.ProcessingSourceType.VectorPolygon))

    def measure(self, job: Job) -> None:
        day = job.day("DAY")
        with open_register(job) as register:
            state = register.register_at(day)
            parcels = {parcel.key.key: parcel for parcel in register.parcels_at(day)}
        kinds = {record.parcel: record.raumtyp.value for record in state.space_types}
        job.outputs.open("OUTPUT", fields_of(FIELDS), Qgis.WkbType.MultiPolygon, job.crs)
        for row in state.assignments:
            # A computer whose clock is wrong may have written parcel or project "later" than this.
            parcel = parcels.get(row.parcel)
            project = None if row.project is None else state.projects.get(row.project)
            said = [row.parcel, row.hz, row.role.value, row.status.value, project]
            said += [row.evidence, row.algorithm, row.note]
            said += [kinds.get(row.parcel), parcel and parcel.municipality, parcel and parcel.area_m2]
            job.outputs.add("OUTPUT", said, geometry_of(parcel and parcel.wkb))
        message = translate("GrueneInfra", "{count} assignments stood at the end of {day}.")
        job.feedback.pushInfo(message.format(count=len(state.assignments), day=day.isoformat()))
