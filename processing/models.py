"""Models of the provider: ``.model3`` files of the Model Designer that speak the language of QGIS."""

from __future__ import annotations

from functools import cache, cached_property

from qgis.core import (
    Qgis,
    QgsProcessingModelAlgorithm,
    QgsProcessingModelOutput,
    QgsProcessingParameterDefinition,
)
from qgis.PyQt.QtGui import QIcon

from ..gruene_infra_plugin.catalogue import load_entry
from ..gruene_infra_plugin.catalogue.model_texts import Labelled, ModelTexts, load_model_texts
from ..gruene_infra_plugin.i18n import language, translate
from ..gruene_infra_plugin.paths import ICONS, MODELS

_OURS = "gruene_infra:"


class ShippedModel(QgsProcessingModelAlgorithm):
    """A model from ``resources/models`` called like its file; its texts come from the YAML beside it."""

    def __init__(self, model_id: str) -> None:
        super().__init__()
        self._id = model_id

    def createInstance(self) -> ShippedModel:
        return ShippedModel(self._id)

    @cached_property
    def texts(self) -> ModelTexts:
        return load_model_texts(self._id)

    def name(self) -> str:
        return self._id

    def displayName(self) -> str:
        return self.texts.title.get(language())

    def shortDescription(self) -> str:
        return self.texts.summary.get(language())

    def group(self) -> str:
        return translate("GrueneInfra", "Models")

    def groupId(self) -> str:
        return "models"

    def tags(self) -> list[str]:
        return list(self.texts.tags)

    def icon(self) -> QIcon:
        return QIcon(str(ICONS / "plugin.svg"))

    def initAlgorithm(self, config: dict | None = None) -> None:
        """Take over the model as stored; its outputs are there if the algorithms in it are."""
        self.loadVariant(_stored(self._id))
        steps = self.childAlgorithms()
        for step_id, step in steps.items():
            step.setDescription(self.texts.steps[step_id].get(language()))
            step.setModelOutputs(dict(map(self._named, step.modelOutputs().values())))
        self.setChildAlgorithms(steps)
        self._label()

    def _named(self, output: QgsProcessingModelOutput) -> tuple[str, QgsProcessingModelOutput]:
        """Return an output by the name that its layer gets in the project; its parameter keeps its own."""
        name = self.texts.outputs[output.description().lower().replace(" ", "_")].label.get(language())
        output.setName(name)
        return name, output

    def _label(self) -> None:
        """Give all parameters and outputs their labels, and their help to the model as a whole."""
        content = {"ALG_DESC": self.texts.description(language())}
        for definition in self.parameterDefinitions():
            said = self._said(definition)
            definition.setDescription(said.label.get(language()))
            definition.setHelp(said.help.get(language()))
            if said.optional:
                definition.setFlags(definition.flags() | Qgis.ProcessingParameterFlag.Optional)
            content[definition.name()] = said.help.get(language())
        for output in self.outputDefinitions():
            output.setDescription(self.texts.outputs[output.name()].label.get(language()))
        self.setHelpContent(content)

    def _said(self, definition: QgsProcessingParameterDefinition) -> Labelled:
        """Return label and help: the model's own, or those of the parameter of ours that takes the value."""
        name = definition.name()
        own = self.texts.outputs if definition.isDestination() else self.texts.parameters
        return own[name] if name in own else self._inherited(name)

    def _inherited(self, name: str) -> Labelled:
        """Return what the first step, in the order of the YAML, says of its parameter of that name."""
        steps = self.childAlgorithms()
        for step in map(steps.get, self.texts.steps):
            sources = step.parameterSources().get(name, [])
            if any(source.parameterName() == name for source in sources):
                taken = load_entry(step.algorithmId().removeprefix(_OURS)).parameters[name]
                return Labelled(taken.label, taken.help)
        raise KeyError(f"{self._id}.yaml says nothing of {name}, and no step has a parameter of that name")


@cache
def _stored(model_id: str) -> dict:
    """Return a model as its file holds it. Raises ``ValueError`` where the file is no model."""
    model = QgsProcessingModelAlgorithm()
    if not model.fromFile(str(MODELS / f"{model_id}.model3")):
        raise ValueError(f"{model_id}.model3 is no model of the Model Designer")
    stored: dict = model.toVariant()
    return stored
