"""The texts of the models in ``resources/models``, German and English; no qgis import."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from html import escape
from types import MappingProxyType

from ..bilingual import Text
from ..checked_yaml import (
    Field,
    ShippedLoader,
    flag,
    list_of,
    mapping_of,
    read_root,
    record,
    text,
    translated,
)
from ..paths import MODELS


@dataclass(frozen=True)
class Labelled:
    """Label and help of one input or output; an optional output is temporary where nobody names it."""

    label: Text
    help: Text
    optional: bool = False


@dataclass(frozen=True)
class ModelTexts:
    """What a model is called and says; ``steps`` are its algorithms by their ids in the model."""

    title: Text
    summary: Text
    limits: Text
    tags: tuple[str, ...]
    steps: Mapping[str, Text]
    parameters: Mapping[str, Labelled]
    outputs: Mapping[str, Labelled]

    def description(self, language: str) -> str:
        """Return summary and limits as the HTML subset that QGIS shows."""
        said = (self.summary, self.limits)
        return "".join(f"<p>{escape(text.get(language))}</p>" for text in said)


_LABELS = {"label": Field(translated()), "help": Field(translated())}
_INPUTS = mapping_of(record(Labelled, _LABELS))
_OUTPUTS = mapping_of(record(Labelled, {**_LABELS, "optional": Field(flag, False)}))
_TEXTS = record(
    ModelTexts,
    {
        "title": Field(translated()),
        "summary": Field(translated()),
        "limits": Field(translated()),
        "tags": Field(list_of(text())),
        "steps": Field(mapping_of(translated())),
        "parameters": Field(_INPUTS, MappingProxyType({})),
        "outputs": Field(_OUTPUTS),
    },
)


def model_ids() -> list[str]:
    """Return the ids of all shipped models, sorted: the names of their ``.model3`` files."""
    return sorted(file.stem for file in MODELS.glob("*.model3"))


@cache
def load_model_texts(model_id: str) -> ModelTexts:
    """Return the texts of a model. Raises ``YamlError`` with file and line of what is wrong."""
    root = read_root(MODELS / f"{model_id}.yaml", "the texts of a model", ShippedLoader)
    texts: ModelTexts = _TEXTS(root, model_id)
    return texts
