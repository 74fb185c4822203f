"""Keeps in the project which layers changed, and when."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

from qgis.core import QgsMapLayer, QgsProject, QgsProviderRegistry, QgsVectorLayer
from qgis.PyQt.QtCore import QObject, pyqtSignal, pyqtSlot

from ...passwords import without_passwords
from ..state import SCOPE
from .changes import Change

KEY = "changed_layers"
DATABASES = frozenset({".gpkg", ".sqlite", ".db"})
"""Files that several tables share and that also change by being opened."""
Clock = Callable[[], dt.datetime]
Stamp = tuple[int, int]


def now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


class ChangeLog(QObject):
    """Hears of committed edits in the layers of a project, and of files that changed underneath.

    Reloading, styles, filters, edits thrown away and commits without a change do not count.
    """

    changed = pyqtSignal()

    def __init__(self, project: QgsProject, clock: Clock = now, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._project = project
        self._clock = clock
        self._watches: dict[str, _Watch] = {}
        project.layersAdded.connect(self._watch)
        project.layersWillBeRemoved.connect(self._let_go)
        project.readProject.connect(self._read)
        project.cleared.connect(self._read)
        self._watch(project.mapLayers().values())

    def changes(self) -> list[Change]:
        """Return the last change of each layer that changed."""
        text, _ = self._project.readEntry(SCOPE, KEY, "[]")
        found = []
        with suppress(ValueError, TypeError):  # somebody edited the project by hand
            for row in json.loads(text):
                layer_id, source, name, when = row
                found.append(Change(layer_id, source, name, dt.datetime.fromisoformat(when)))
        return found

    def note(self, layer: QgsMapLayer) -> None:
        """Keep that a layer changed now."""
        others = [change for change in self.changes() if change.layer_id != layer.id()]
        change = Change(layer.id(), without_passwords(layer.source()), layer.name(), self._clock())
        rows = [[c.layer_id, c.source, c.name, c.when.isoformat()] for c in (*others, change)]
        self._project.writeEntry(SCOPE, KEY, json.dumps(rows, ensure_ascii=False))
        self.changed.emit()

    def _watch(self, layers: Iterable[QgsMapLayer]) -> None:
        for layer in layers:
            if isinstance(layer, QgsVectorLayer) and layer.id() not in self._watches:
                self._watches[layer.id()] = _Watch(layer, self)

    def _let_go(self, ids: Iterable[str]) -> None:
        for layer_id in ids:
            watch = self._watches.pop(layer_id, None)
            if watch is not None:
                watch.close()

    @pyqtSlot()
    def _read(self) -> None:
        self.changed.emit()

    def close(self) -> None:
        """Hear no more of the project."""
        self._project.layersAdded.disconnect(self._watch)
        self._project.layersWillBeRemoved.disconnect(self._let_go)
        self._project.readProject.disconnect(self._read)
        self._project.cleared.disconnect(self._read)
        self._let_go(list(self._watches))


class _Watch(QObject):
    """Hears of the changes of one layer; slots without arguments spare the conversion of all features."""

    def __init__(self, layer: QgsVectorLayer, log: ChangeLog) -> None:
        super().__init__(log)
        self._layer = layer
        self._log = log
        self._is_modified = False
        self._stamp = _stamp(layer)
        self._links = (
            (layer.committedFeaturesAdded, self._committed),
            (layer.committedFeaturesRemoved, self._committed),
            (layer.committedAttributeValuesChanges, self._committed),
            (layer.committedGeometriesChanges, self._committed),
            (layer.beforeCommitChanges, self._before_commit),
            (layer.afterCommitChanges, self._after_commit),
            (layer.dataChanged, self._reloaded),
        )
        for signal, slot in self._links:
            signal.connect(slot)

    @pyqtSlot()
    def _committed(self) -> None:
        self._log.note(self._layer)

    @pyqtSlot()
    def _before_commit(self) -> None:
        self._is_modified = self._layer.isModified()

    @pyqtSlot()
    def _after_commit(self) -> None:
        """Count edits in a transaction, of which QGIS says no more than that they are over."""
        if self._is_modified:
            self._is_modified = False
            self._log.note(self._layer)
        self._stamp = _stamp(self._layer)

    @pyqtSlot()
    def _reloaded(self) -> None:
        before, self._stamp = self._stamp, _stamp(self._layer)
        if self._stamp is not None and self._stamp != before:
            self._log.note(self._layer)

    def close(self) -> None:
        for signal, slot in self._links:
            with suppress(TypeError, RuntimeError):  # the layer is going
                signal.disconnect(slot)
        self.deleteLater()


def _stamp(layer: QgsVectorLayer) -> Stamp | None:
    """Return time and size of the file that a layer alone is in, ``None`` where it is in no such file."""
    parts = QgsProviderRegistry.instance().decodeUri(layer.providerType(), layer.source())
    path = Path(str(parts.get("path") or ""))
    if path.suffix.lower() in DATABASES:
        return None
    try:
        found = path.stat()
    except (OSError, ValueError):
        return None
    return (found.st_mtime_ns, found.st_size) if path.is_file() else None
