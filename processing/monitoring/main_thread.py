"""Work that only the main thread may do, asked for from any other one."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event, Lock

from qgis.core import QgsProcessingFeedback
from qgis.PyQt.QtCore import QCoreApplication, QMetaObject, QObject, Qt, QThread, pyqtSlot

from ...gruene_infra_plugin.spatial.running import check_cancelled

ASK_SECONDS = 0.1
"""How often the run that waits asks whether it is cancelled."""
_WAITING: set[_Caller] = set()


class _Caller(QObject):
    """Work on its way to the main thread, which may be given up before it has begun."""

    def __init__(self, work: Callable[[], None]) -> None:
        super().__init__()
        self._work = work
        self._begun = Lock()
        self.ended = Event()
        self.error: BaseException | None = None

    @pyqtSlot()
    def call(self) -> None:
        if self.give_up():
            try:
                self._work()
            except BaseException as error:
                self.error = error
        self.ended.set()
        _WAITING.discard(self)

    def give_up(self) -> bool:
        """Return whether the work had not begun, and keep it from beginning later."""
        return self._begun.acquire(blocking=False)


def on_main_thread(work: Callable[[], None], feedback: QgsProcessingFeedback) -> None:
    """Do some work in the main thread and wait for it; what it raises is raised here.

    Raises ``QgsProcessingException`` where the user cancels before it has begun: a main thread that itself
    waits for this run would never come to it.
    """
    application = QCoreApplication.instance()
    if application is None or QThread.currentThread() == application.thread():
        work()
        return
    caller = _Caller(work)
    caller.moveToThread(application.thread())
    _WAITING.add(caller)
    QMetaObject.invokeMethod(caller, "call", Qt.ConnectionType.QueuedConnection)
    while not caller.ended.wait(ASK_SECONDS):
        if feedback.isCanceled() and caller.give_up():
            check_cancelled(feedback)
    if caller.error is not None:
        raise caller.error
