"""Register: undo one's last action, or another one of one's own."""

from __future__ import annotations

from functools import partial

from ...gruene_infra_plugin.i18n import translate
from ...gruene_infra_plugin.register.model import Action
from ..job import Job
from ..register.base import RegisterAlgorithm, open_register, write


class UndoRegister(RegisterAlgorithm):
    """One of the last twenty actions is taken back as a whole, or refused with the reason."""

    ID = "undo_register"

    def measure(self, job: Job) -> None:
        with open_register(job) as register:
            for action in register.actions():
                job.feedback.pushInfo(_line(action))
            done = write(job, partial(register.undo, job.text("ACTION") or None))
        job.feedback.pushInfo(translate("GrueneInfra", "Undone: {action}").format(action=_line(done)))
        job.outputs.add_value("UNDONE", _line(done))


def _line(action: Action) -> str:
    message = translate("GrueneInfra", "{kind}, {when}, {count} entries ({number})")
    if action.undone:
        message = translate("GrueneInfra", "{kind}, {when}, {count} entries ({number}), undone")
    when = action.when.astimezone().strftime("%Y-%m-%d %H:%M")
    return message.format(kind=action.kind, when=when, count=action.rows, number=action.id)
