"""Work that only the main thread may do, asked for from any other one."""

from __future__ import annotations

from collections.abc import Callable

from qgis.PyQt.QtCore import QCoreApplication, QMetaObject, QObject, Qt, QThread, pyqtSlot


class _Caller(QObject):
    def __init__(self, work: Callable[[], None]) -> None:
        super().__init__()
        self._work = work
        self.error: BaseException | None = None

    @pyqtSlot()
    def call(self) -> None:
        try:
            self._work()
        except BaseException as error:
            self.error = error


def on_main_thread(work: Callable[[], None]) -> None:
    """Do some work in the main thread and wait for it; what it raises is raised here."""
    application = QCoreApplication.instance()
    if application is None or QThread.currentThread() == application.thread():
        work()
        return
    caller = _Caller(work)
    caller.moveToThread(application.thread())
    QMetaObject.invokeMethod(caller, "call", Qt.ConnectionType.BlockingQueuedConnection)
    if caller.error is not None:
        raise caller.error
