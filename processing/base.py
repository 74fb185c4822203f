"""What every algorithm of the plugin shares: names, labels, help, icons, whole outputs, styles."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from pathlib import Path

from qgis.core import (
    Qgis,
    QgsLayerMetadata,
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
)
from qgis.PyQt.QtGui import QIcon

from ..gruene_infra_plugin.catalogue import Entry, help_html, load_entry
from ..gruene_infra_plugin.i18n import language, translate
from ..gruene_infra_plugin.paths import ICONS
from ..gruene_infra_plugin.spatial.reading.stored_files import LAYER_PARAMETERS
from ..gruene_infra_plugin.spatial.writing.styles import style_when_loaded
from ..gruene_infra_plugin.strategy import load_strategy
from .definitions import definition_of, destination_of, value_of
from .guard import check_formats, check_outputs
from .job import Job
from .lineage import provenance_of
from .parameters import settled, with_outputs
from .redacted import RedactingFeedback, redacted_errors


class PluginAlgorithm(QgsProcessingAlgorithm):
    """An algorithm whose name, parameters, outputs and help come from its entry in ``resources/algorithms``.

    Subclasses set ``ID`` and do the work in :meth:`measure`.
    """

    ID: str

    def createInstance(self) -> PluginAlgorithm:
        return type(self)()

    @cached_property
    def entry(self) -> Entry:
        return load_entry(self.ID)

    def name(self) -> str:
        return self.ID

    def displayName(self) -> str:
        return self.entry.title.get(language())

    def shortDescription(self) -> str:
        return self.entry.summary.get(language())

    def shortHelpString(self) -> str:
        return help_html(self.entry, language())

    def tags(self) -> list[str]:
        return list(self.entry.tags)

    def group(self) -> str:
        """Return the Handlungsziel that the algorithm measures or prepares data for, if there is one."""
        if self.entry.hz is None:
            return translate("GrueneInfra", "Strategy and report")
        return load_strategy().goal(self.entry.hz).group_label(language())

    def groupId(self) -> str:
        return "strategy" if self.entry.hz is None else f"hz{self.entry.hz:02d}"

    @property
    def styles(self) -> dict[str, str]:
        """Outputs that have a style, with the name of its QML file in ``resources/styles``."""
        return {name: output.style for name, output in self.entry.outputs.items() if output.style}

    def icon(self) -> QIcon:
        return QIcon(str(ICONS / f"{self.groupId()}.svg"))

    def initAlgorithm(self, config: dict | None = None) -> None:
        for parameter in self.entry.parameters.values():
            self.addParameter(definition_of(parameter, language()))
        for output in self.entry.outputs.values():
            destination = destination_of(output, language())
            if destination is None:
                self.addOutput(value_of(output, language()))
            else:
                self.addParameter(destination)

    def checkParameterValues(self, parameters: dict, context: QgsProcessingContext) -> tuple[bool, str]:
        """Check in the dialog, before a run, what a run checks itself wherever it is started."""
        try:
            with redacted_errors():
                self._job(parameters, context, QgsProcessingFeedback(False))
        except QgsProcessingException as error:
            return False, _never_as_html(str(error))
        return True, ""

    def _job(self, parameters: dict, context: QgsProcessingContext, feedback: QgsProcessingFeedback) -> Job:
        """Return the run of these parameters, all of them checked; nothing is written yet."""
        job = Job(self, self.entry, settled(self, parameters, context), context, feedback)
        self.check(job)
        return job

    def check(self, job: Job) -> None:
        """Raise with a message that says what to do where parameters cannot be used, or not together."""
        layers = [d for d in self.parameterDefinitions() if d.type() in LAYER_PARAMETERS]
        for definition in layers:
            if definition.type() == "multilayer":
                is_file = definition.layerType() == Qgis.ProcessingSourceType.File
                (job.files if is_file else job.map_layers)(definition.name())
            else:
                job.require_data(definition.name())
        given = self.known_to_qgis(job)
        possible, message = super().checkParameterValues(given, job.context)
        if not possible:
            for definition in layers:
                if not definition.checkValueIsAcceptable(given[definition.name()], job.context):
                    job.map_layers(definition.name())  # names the layer that cannot be read
            raise QgsProcessingException(message)
        if self.parameterDefinition("STRATEGY") is not None:
            _ = job.strategy
        check_outputs(self, job.parameters, job.context, self.files_read(job))
        for definition in self.destinationParameterDefinitions():
            if definition.type() == "fileDestination":
                job.file_output(definition.name())
        check_formats(self, job.parameters, [o.name for o in self.entry.outputs.values() if o.list])

    def known_to_qgis(self, job: Job) -> dict:
        """Return the parameters as QGIS is to check them; some files only the algorithm itself can read."""
        return job.parameters

    def files_read(self, job: Job) -> Iterable[Path]:
        """Return the files that a run reads without a parameter that names them one by one."""
        return ()

    def measure(self, job: Job) -> None:
        """Do the work and write the outputs of ``job``; raise with a message that says what to do."""
        raise NotImplementedError

    def processAlgorithm(
        self, parameters: dict, context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict:
        with redacted_errors():
            job = self._job(with_outputs(self, parameters), context, RedactingFeedback(feedback))
            try:
                self.measure(job)
                job.say_unknown()
                self._metadata = self._told(job)
                self._results = job.outputs.finish(self.styles, self._metadata)
            except BaseException:
                job.outputs.discard()
                raise
        return self._results

    def _told(self, job: Job) -> dict[str, QgsLayerMetadata]:
        """Return the metadata of the layers and tables that an algorithm writes."""
        written = [output for output in self.entry.outputs.values() if output.kind in ("layer", "table")]
        if not written:
            return {}
        provenance = provenance_of(job)
        return {o.name: provenance.metadata(o.name, o.label.get(job.language)) for o in written}

    def postProcessAlgorithm(self, context: QgsProcessingContext, feedback: QgsProcessingFeedback) -> dict:
        for name, metadata in self._metadata.items():
            if name in self._results:
                style_when_loaded(self._results[name], self.styles.get(name), context, metadata)
        return {}


def _never_as_html(message: str) -> str:
    """Return a message that Qt's boxes show as it is: they take for HTML what has a tag in its first line."""
    first = message.lstrip().partition("\n")[0]
    if "<" not in first and "&lt;" not in first:
        return message
    return "\n".join((translate("GrueneInfra", "The run cannot begin:"), message))
