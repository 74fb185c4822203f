"""Register: make an empty one."""

from __future__ import annotations

from qgis.core import QgsProcessingException

from ...gruene_infra_plugin.i18n import translate
from ...gruene_infra_plugin.register.errors import RegisterError
from ...gruene_infra_plugin.register.store import Register
from ...gruene_infra_plugin.spatial.running import check_cancelled
from ..job import Job
from ..register.base import RegisterAlgorithm, place_of_register


class CreateRegister(RegisterAlgorithm):
    """An empty register in a new GeoPackage, or in a schema that has none."""

    ID = "create_register"

    def check(self, job: Job) -> None:
        super().check(job)
        if not self.parameterAsCrs(job.parameters, "CRS", job.context).isValid():
            message = translate("GrueneInfra", "CRS: “{value}” is no coordinate reference system.")
            raise QgsProcessingException(message.format(value=job.parameters["CRS"]))

    def measure(self, job: Job) -> None:
        crs = self.parameterAsCrs(job.parameters, "CRS", job.context).authid()
        check_cancelled(job.feedback)
        try:
            Register.create(place_of_register(job), crs, who=job.text("WHO") or None).close()
        except RegisterError as error:
            raise QgsProcessingException(str(error)) from error
        job.outputs.keep()
