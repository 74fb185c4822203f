"""Register: open it as ordinary layers, to be looked at and edited by hand."""

from __future__ import annotations

from qgis.core import (
    Qgis,
    QgsProcessingException,
)

from ...gruene_infra_plugin.register.errors import RegisterError
from ...gruene_infra_plugin.register.layers import layer_sources, layers_of, register_layers
from ..job import Job
from ..register.base import RegisterAlgorithm, open_register, place_of_register


class OpenRegister(RegisterAlgorithm):
    """A group of layers in the project; runs in the main thread because a project's layers live there."""

    ID = "open_register"

    def flags(self) -> Qgis.ProcessingAlgorithmFlags:
        return super().flags() | Qgis.ProcessingAlgorithmFlag.NoThreading

    def measure(self, job: Job) -> None:
        with open_register(job):
            pass  # refuses what is no register, and brings one of an older version up to date
        try:
            job.outputs.add_value("LAYERS", _opened(job))
        except RegisterError as error:
            raise QgsProcessingException(str(error)) from error


def _opened(job: Job) -> list[str]:
    """Add the register to the project and return its layers; without a project return their sources."""
    place, project = place_of_register(job), job.context.project()
    if project is None:
        return [source.text for source in layer_sources(place).values()]
    group = register_layers(place, project, job.strategy)
    return [layer.id() for layer in layers_of(group).values()]
