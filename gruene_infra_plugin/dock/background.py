"""One piece of work after the other in the background, their results in the main thread."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from typing import Any

from qgis.core import QgsApplication, QgsProcessingFeedback, QgsTask
from qgis.PyQt.QtCore import QObject, pyqtSignal

Function = Callable[[QgsProcessingFeedback], Any]
LAST_WAIT_SECONDS = 10.0
"""How long closing waits for a write that has begun."""


class Job:
    """What is to be done, and who wants to know.

    ``lasting`` work is never dropped; other work gives way to newer work of the same ``name``.
    """

    def __init__(
        self,
        name: str,
        function: Function,
        done: Callable[[Any], None],
        failed: Callable[[Exception], None],
        *,
        lasting: bool,
    ) -> None:
        self.name = name
        self.done = done
        self.failed = failed
        self.lasting = lasting
        self.dropped = False
        self.ended = threading.Event()
        self.feedback = QgsProcessingFeedback(False)
        self._function = function
        self._result: Any = None
        self._error: Exception | None = None

    def work(self) -> None:
        """Do it, in any thread; what goes wrong is kept for :meth:`deliver`."""
        try:
            self._result = self._function(self.feedback)
        except Exception as error:
            self._error = error
        finally:
            self.ended.set()

    def drop(self) -> None:
        """Want the result no more."""
        self.dropped = True
        self.feedback.cancel()

    def deliver(self) -> None:
        """Hand over the result or the error, in the main thread."""
        if self.dropped:
            return
        if self._error is not None:
            self.failed(self._error)
        else:
            self.done(self._result)


class _Task(QgsTask):
    """A job as QGIS runs it."""

    def __init__(self, job: Job, ended: Callable[[Job], None]) -> None:
        super().__init__(job.name, QgsTask.Flag.Hidden | QgsTask.Flag.Silent)
        self.job = job
        self._ended = ended

    def run(self) -> bool:
        self.job.work()
        return True

    def finished(self, result: bool) -> None:
        self._ended(self.job)


class Background(QObject):
    """A queue that runs one job at a time, so that writes keep their order."""

    busy_changed = pyqtSignal(bool)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._waiting: deque[Job] = deque()
        self._task: _Task | None = None

    @property
    def busy(self) -> bool:
        return self._task is not None

    def submit(self, job: Job) -> None:
        """Queue a job; passing work of the same name that waits or runs is dropped."""
        if not job.lasting:
            self._drop(job.name)
        self._waiting.append(job)
        if self._task is None:
            self._start()

    def _drop(self, name: str) -> None:
        self._waiting = deque(job for job in self._waiting if job.lasting or job.name != name)
        if self._task is not None and self._task.job.name == name and not self._task.job.lasting:
            self._task.job.drop()

    def _start(self) -> None:
        self._task = _Task(self._waiting.popleft(), self._after)
        self.busy_changed.emit(True)
        QgsApplication.taskManager().addTask(self._task)

    def _after(self, job: Job) -> None:
        if self._task is None or self._task.job is not job:
            return  # closed meanwhile
        self._task = None
        if not job.ended.is_set():  # the task was cancelled before it began
            job.work()
        job.deliver()
        if self._task is None and self._waiting:
            self._start()
        elif self._task is None:
            self.busy_changed.emit(False)

    def close(self) -> None:
        """Drop what can be dropped, and see lasting work through."""
        waiting, task = self._waiting, self._task
        self._waiting, self._task = deque(), None
        if task is not None:
            self._see_through(task)
        for job in waiting:
            if job.lasting:
                job.work()

    def _see_through(self, task: _Task) -> None:
        if not task.job.lasting:
            task.job.drop()
        if task.status() in (QgsTask.TaskStatus.Queued, QgsTask.TaskStatus.OnHold):
            task.cancel()
            if task.job.lasting:
                task.job.work()
            return
        task.job.ended.wait(LAST_WAIT_SECONDS)
