"""Algorithms of the plugin run one after the other within the run of another one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from qgis.core import (
    QgsApplication,
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
)

from ...gruene_infra_plugin.i18n import translate
from ...gruene_infra_plugin.local_places import without_places
from ..redacted import RedactingFeedback


class Recorder(RedactingFeedback):
    """Hands on what a step says, and keeps it in lines without the paths of ``folders``.

    It is the ``number``-th of ``steps`` of the whole run, counted from 0.
    """

    def __init__(
        self, feedback: QgsProcessingFeedback, folders: Sequence[Path], number: int = 0, steps: int = 1
    ) -> None:
        super().__init__(feedback, steps)
        self.setCurrentStep(number)
        self._folders = sorted({str(one) for one in folders if one.name}, key=len, reverse=True)
        self.lines: list[str] = []

    def pushInfo(self, info: str) -> None:
        super().pushInfo(info)
        self._keep(info)

    def pushWarning(self, warning: str) -> None:
        super().pushWarning(warning)
        self._keep(f"! {warning}")

    def reportError(self, error: str, fatalError: bool = False) -> None:
        super().pushWarning(error)  # an error of a step does not end the run
        self._keep(f"! {error}")

    def _keep(self, words: str) -> None:
        self.lines.append(self.plain(words))

    def plain(self, words: str) -> str:
        """Return words without the paths of the run's folders, nor any others, and without passwords."""
        for folder in self._folders:
            words = words.replace(f"{folder}/", "").replace(folder, "…")
        return without_places(words)


def algorithm_of(name: str) -> QgsProcessingAlgorithm:
    """Return a new algorithm of the plugin by the name of its entry."""
    algorithm = QgsApplication.processingRegistry().createAlgorithmById(f"gruene_infra:{name}")
    if algorithm is None:
        message = translate("GrueneInfra", "QGIS does not know the algorithm {name}. Enable the plugin.")
        raise QgsProcessingException(message.format(name=name))
    return algorithm


def context_like(parent: QgsProcessingContext) -> QgsProcessingContext:
    """Return a context of the same project and settings, whose layers are let go when it is."""
    context = QgsProcessingContext()
    context.copyThreadSafeSettings(parent)
    if parent.project() is not None:
        context.setProject(parent.project())
    return context


def why_not(name: str, values: Mapping[str, Any], parent: QgsProcessingContext) -> str:
    """Return why an algorithm cannot run with these parameters, empty where it can."""
    possible, message = algorithm_of(name).checkParameterValues(dict(values), context_like(parent))
    return "" if possible else str(message)


def run_child(
    name: str, values: Mapping[str, Any], parent: QgsProcessingContext, feedback: QgsProcessingFeedback
) -> dict[str, Any]:
    """Run an algorithm and return its results. Raises ``QgsProcessingException`` where it fails."""
    context = context_like(parent)
    results, is_done = algorithm_of(name).run(dict(values), context, feedback, {}, False)
    if not is_done:
        raise QgsProcessingException(translate("GrueneInfra", "{name} failed.").format(name=name))
    return dict(results)
