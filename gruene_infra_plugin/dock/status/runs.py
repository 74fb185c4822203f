"""Runs of the plugin's algorithms as QGIS's history of Processing knows them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from qgis.gui import QgsGui, QgsHistoryEntry
from qgis.PyQt.QtCore import QDateTime, QObject, pyqtSignal, pyqtSlot

from ..timers import after_rest

PREFIX = "gruene_infra:"
HISTORY = "processing"
REST_MS = 300
"""A burst of news counts as one after this rest."""
HORIZON_DAYS = 3 * 365
FEW, MANY = 50, 300
"""Entries of one reading: fewer double the days that the next one covers, more halve them."""
RECENT_DAYS = 2
"""So far back news are looked for: a run enters the history when it begins, and again when it ends."""
Query = Callable[[QDateTime, QDateTime], Sequence[QgsHistoryEntry]]


@dataclass(frozen=True)
class Run:
    """A run that succeeded: when it began, and its parameters as the history keeps them."""

    algorithm: str
    began: dt.datetime
    inputs: Mapping[str, Any]


def query_history(start: QDateTime, end: QDateTime) -> Sequence[QgsHistoryEntry]:
    """Return what QGIS's own history holds of a time."""
    return QgsGui.historyProviderRegistry().queryEntries(start, end, HISTORY)


def run_of(entry: QgsHistoryEntry) -> Run | None:
    """Return an entry as a run of the plugin that succeeded, ``None`` for anything else.

    A run that fails or is cancelled has no results.
    """
    said = entry.entry
    algorithm = str(said.get("algorithm_id") or "")
    parameters = said.get("parameters")
    if not algorithm.startswith(PREFIX) or not said.get("results") or not isinstance(parameters, dict):
        return None
    began = dt.datetime.fromtimestamp(entry.timestamp.toMSecsSinceEpoch() / 1000, dt.UTC)
    return Run(algorithm.removeprefix(PREFIX), began, parameters.get("inputs") or {})


class Runs(QObject):
    """The last successful run of each algorithm on this computer.

    The history can hold thousands of entries with long logs and is read in the main thread only; it is
    therefore read backwards, a piece at a time.
    """

    changed = pyqtSignal()

    def __init__(self, query: Query = query_history, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._query = query
        self._last: dict[str, Run] = {}
        self._step = after_rest(self, 0, self._read_further)
        self._news = after_rest(self, REST_MS, self._read_recent)
        self._cleared = after_rest(self, REST_MS, self.read_all)
        self._registry = QgsGui.historyProviderRegistry()
        self._registry.entryAdded.connect(self._heard)
        self._registry.entryUpdated.connect(self._heard)
        self._registry.historyCleared.connect(self._heard_of_clearing)
        self.read_all()

    # Slots without arguments: the signals' last one cannot be converted, and QGIS ends where that is tried.
    @pyqtSlot()
    def _heard(self) -> None:
        self._news.start()

    @pyqtSlot()
    def _heard_of_clearing(self) -> None:
        self._cleared.start()

    def last(self, algorithm: str) -> Run | None:
        """Return the last successful run of an algorithm, by its id without the provider's."""
        return self._last.get(algorithm)

    def read_all(self) -> None:
        """Read the history anew."""
        self._last = {}
        self._until = QDateTime.currentDateTime().addSecs(60)
        self._oldest = self._until.addDays(-HORIZON_DAYS)
        self._days = 1
        self._step.start()

    def _read_further(self) -> None:
        start = max(self._until.addDays(-self._days), self._oldest)
        entries = self._query(start, self._until)
        self._take(entries)
        if len(entries) < FEW:
            self._days *= 2
        elif len(entries) > MANY:
            self._days = max(1, self._days // 2)
        self._until = start
        if start > self._oldest:
            self._step.start()
        else:
            self.changed.emit()

    def _read_recent(self) -> None:
        now = QDateTime.currentDateTime()
        if self._take(self._query(now.addDays(-RECENT_DAYS), now.addSecs(60))):
            self.changed.emit()

    def _take(self, entries: Iterable[QgsHistoryEntry]) -> bool:
        """Keep the last run of each algorithm; return whether one is newer than those known."""
        news = False
        for run in filter(None, map(run_of, entries)):
            known = self._last.get(run.algorithm)
            if known is None or run.began > known.began:
                self._last[run.algorithm] = run
                news = True
        return news

    def close(self) -> None:
        """Hear no more of the history."""
        self._registry.entryAdded.disconnect(self._heard)
        self._registry.entryUpdated.disconnect(self._heard)
        self._registry.historyCleared.disconnect(self._heard_of_clearing)
        for timer in (self._step, self._news, self._cleared):
            timer.stop()
