"""One piece of work after the other in the background, their results in the main thread."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from qgis.core import QgsProcessingFeedback
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
        self.error: Exception | None = None

    def work(self) -> None:
        """Do it, in any thread; what goes wrong is kept in ``error``."""
        try:
            self._result = self._function(self.feedback)
        except Exception as error:
            self.error = error
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
        if self.error is not None:
            self.failed(self.error)
        else:
            self.done(self._result)


class Background(QObject):
    """A queue that runs one job at a time, so that writes keep their order.

    Each job has a thread of its own. QGIS's task manager may lose a task that is added while another one
    ends (QGIS issue 53806), and keeps tasks waiting while Processing uses all its threads.
    """

    busy_changed = pyqtSignal(bool)
    _ended = pyqtSignal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._waiting: deque[Job] = deque()
        self._job: Job | None = None
        self._closed = False
        self._ended.connect(self._after)

    @property
    def busy(self) -> bool:
        return self._job is not None

    def submit(self, job: Job) -> None:
        """Queue a job; passing work of the same name that waits or runs is dropped.

        After :meth:`close` nothing is queued any more.
        """
        if self._closed:
            return
        if not job.lasting:
            self.drop(job.name)
        self._waiting.append(job)
        if self._job is None:
            self._start()

    def drop(self, name: str) -> None:
        """Want the passing work of a name no more."""
        self._waiting = deque(job for job in self._waiting if job.lasting or job.name != name)
        if self._job is not None and self._job.name == name and not self._job.lasting:
            self._job.drop()

    def _start(self) -> None:
        self._job = self._waiting.popleft()
        self.busy_changed.emit(True)
        threading.Thread(target=self._run, args=(self._job,), daemon=True).start()

    def _run(self, job: Job) -> None:
        """Work in the job's thread and tell the main one."""
        job.work()
        with suppress(RuntimeError):  # the queue may be gone by now
            self._ended.emit(job)

    def _after(self, job: Job) -> None:
        if self._job is not job:
            return  # closed meanwhile
        self._job = None
        job.deliver()
        if self._job is None and self._waiting:
            self._start()
        elif self._job is None:
            self.busy_changed.emit(False)

    def close(self) -> list[Exception]:
        """Drop what can be dropped, see lasting work through, and return what went wrong with it."""
        self._closed = True
        begun, waiting = self._job, self._waiting
        self._job, self._waiting = None, deque()
        lasting = [job for job in (begun, *waiting) if job is not None and job.lasting]
        if begun is not None and not begun.lasting:
            begun.drop()
        for job in lasting:
            if job is begun:
                job.ended.wait(LAST_WAIT_SECONDS)
            else:
                job.work()
        return [job.error for job in lasting if job.error is not None]
