"""Edits by hand in the register's layers, told to the panel."""

from __future__ import annotations

from collections.abc import Iterable

from qgis.core import QgsMapLayer, QgsProject
from qgis.PyQt.QtCore import QObject

from ..register.layers import shows_register
from .timers import after_rest
from .workbench import Workbench

SETTLING_MS = 50
"""Layers that are saved together are told once."""


class HandEdits(QObject):
    """Watches the layers of registers that a project has or gets.

    The layers are read anew only after QGIS has left its own transaction.
    """

    def __init__(self, workbench: Workbench, project: QgsProject, parent: QObject | None = None) -> None:
        super().__init__(parent or workbench)
        self._project = project
        self._saved = after_rest(self, SETTLING_MS, workbench.note_hand_edits)
        project.layersAdded.connect(self._watch)
        self._watch(project.mapLayers().values())

    def _watch(self, layers: Iterable[QgsMapLayer]) -> None:
        for layer in layers:
            if shows_register(layer):
                layer.afterCommitChanges.connect(self._saved.start)

    def close(self) -> None:
        """Watch no more."""
        self._saved.stop()
        self._project.layersAdded.disconnect(self._watch)
        for layer in self._project.mapLayers().values():
            if shows_register(layer):
                layer.afterCommitChanges.disconnect(self._saved.start)
