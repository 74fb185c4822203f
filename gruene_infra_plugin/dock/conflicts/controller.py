"""Lets the user decide conflicts, one write after the other, and goes on with what is decided."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from qgis.core import Qgis, QgsProcessingFeedback
from qgis.PyQt.QtCore import QObject
from qgis.PyQt.QtWidgets import QWidget

from ...i18n import translate
from ...register.store import Register
from ..workbench import Choices, Undecided, Workbench, Writing
from .dialog import ConflictsDialog
from .entries import disputed


@dataclass(frozen=True)
class Decided:
    """A write with the decisions made for it; a later conflict adds to them."""

    write: Writing
    choices: Choices

    def __call__(self, register: Register, choices: Choices) -> Any:
        return self.write(register, (*self.choices, *choices))


class ConflictsController(QObject):
    """Opens a dialog for every write in conflict; ``dialog`` is the one that is open."""

    def __init__(self, workbench: Workbench, parent: QWidget) -> None:
        super().__init__(parent)
        self.dialog: ConflictsDialog | None = None
        self._workbench = workbench
        self._parent = parent
        self._waiting: deque[Undecided] = deque()
        workbench.conflicted.connect(self._conflicted)
        workbench.register_opened.connect(self._give_up)

    def _conflicted(self, undecided: Undecided) -> None:
        self._waiting.append(undecided)
        if self.dialog is None:
            self._open()

    def _open(self) -> None:
        undecided = self._waiting[0]
        rows = disputed(undecided.conflict.conflicts, self._workbench.strategy, {})
        dialog = self.dialog = ConflictsDialog(_message(undecided), rows, self._parent)
        dialog.finished.connect(self._finished)
        dialog.open()
        self._workbench.read("projects of conflicts", _projects, self._name_projects)

    def _name_projects(self, projects: Mapping[int, str]) -> None:
        if self.dialog is not None:
            conflicts = self._waiting[0].conflict.conflicts
            self.dialog.model.rename(disputed(conflicts, self._workbench.strategy, projects))

    def _finished(self, _result: int) -> None:
        """Go on with the write or leave it, then with the next one."""
        dialog, self.dialog = self.dialog, None
        if dialog is None:
            return  # given up
        undecided = self._waiting.popleft()
        if dialog.result() == ConflictsDialog.DialogCode.Accepted:
            work = Decided(undecided.work, dialog.model.choices)
            self._workbench.decide(replace(undecided, work=work), ())
        else:
            self._workbench.said.emit(
                translate("GrueneInfra", "Nothing was written."), Qgis.MessageLevel.Info
            )
        dialog.deleteLater()
        if self._waiting:
            self._open()

    def _give_up(self) -> None:
        """Forget what was to be written to the register that was open before."""
        dialog, self.dialog = self.dialog, None
        self._waiting.clear()
        if dialog is not None:
            dialog.reject()
            dialog.deleteLater()


def _message(undecided: Undecided) -> str:
    if isinstance(undecided.work, Decided):
        again = translate("GrueneInfra", "While you decided, rows were changed once more.")
        return f"{again} {undecided.conflict}"
    return str(undecided.conflict)


def _projects(register: Register, _feedback: QgsProcessingFeedback) -> dict[int, str]:
    return {project.id: project.name for project in register.projects()}
