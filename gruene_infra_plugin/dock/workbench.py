"""What the pages share: the register, the layer of parcels, the selection, one queue of work."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from qgis.core import (
    Qgis,
    QgsMessageLog,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProject,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QObject, QTimer, pyqtSignal

from ..i18n import translate
from ..passwords import without_passwords
from ..register.errors import RegisterConflict, RegisterError, RegisterLostError
from ..register.layers import register_group, reload_layers
from ..register.model import Choice, Entry
from ..register.postgis import PostgresPlace
from ..register.store import DEFAULT_CRS, Register, RegisterPlace
from ..strategy import Strategy
from .background import Background, Job
from .parcels import ParcelLayer, Selection
from .timers import after_rest

Choices = tuple[Choice, ...]
Reading = Callable[[Register, QgsProcessingFeedback], Any]
Writing = Callable[[Register, Choices], Any]
Done = Callable[[Any], None]
Failed = Callable[[Exception], None]
BURST_MS = 200
"""A burst of selection changes counts as one after this rest."""
LOG = "Grüne Infrastruktur"
"""The tab of QGIS's message log."""
NEWS_MS = 5000
"""How often the register is asked whether somebody else wrote."""


def _nothing(_result: Any) -> None:
    """Take a result that nobody waits for."""


def _newest_entry(register: Register, _feedback: QgsProcessingFeedback) -> Entry | None:
    return register.newest_entry()


@dataclass(frozen=True)
class Undecided:
    """A write that met rows changed underneath; :meth:`Workbench.decide` goes on with it."""

    conflict: RegisterConflict
    work: Writing
    done: Done


class Workbench(QObject):
    """Lives in the main thread; all work on the register happens in the background.

    Nothing here raises: what goes wrong is ``said``, a text with a ``Qgis.MessageLevel``.
    """

    register_opened = pyqtSignal()
    """Another register was opened, or none is open any more."""
    register_changed = pyqtSignal()
    """Rows of the register changed: by this panel, by hand, by somebody else."""
    parcels_changed = pyqtSignal()
    """Another layer of parcels, another key field, or none."""
    selection_changed = pyqtSignal()
    """``selection`` was read anew."""
    busy_changed = pyqtSignal(bool)
    said = pyqtSignal(str, object)
    conflicted = pyqtSignal(object)
    """An :class:`Undecided`."""

    def __init__(self, project: QgsProject, strategy: Strategy, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.project = project
        self.strategy = strategy
        self.place: RegisterPlace | None = None
        self.crs = DEFAULT_CRS
        self.parcels: ParcelLayer | None = None
        self.selection = Selection()
        self._background = Background(self)
        self._background.busy_changed.connect(self.busy_changed)
        self._newest: Entry | None = None
        self._lost = False
        self._opening: object | None = None
        self._burst = after_rest(self, BURST_MS, self.read_selection)
        self._news = QTimer(self)
        self._news.setInterval(NEWS_MS)
        self._news.timeout.connect(self.look_for_news)

    @property
    def busy(self) -> bool:
        return self._background.busy

    # The register ------------------------------------------------------------------------------------

    def open_register(self, place: RegisterPlace, *, create: bool = False, crs: str = DEFAULT_CRS) -> None:
        """Open a register, or make an empty one first."""
        opening = self._opening = object()

        def work(_feedback: QgsProcessingFeedback) -> tuple[str, Entry | None, bool]:
            register = Register.create(place, crs) if create else Register.open(place)
            try:
                return register.crs, register.newest_entry(), not register.foundation.not_logging
            finally:
                register.close()

        def opened(found: tuple[str, Entry | None, bool]) -> None:
            if self._opening is not opening:
                return  # closed or another one wanted meanwhile
            self.place, self._lost = place, False
            self.crs, self._newest, keeps_history = found
            if not keeps_history:
                message = translate(
                    "GrueneInfra",
                    "The register can be read only: its history would miss what is written. The page “Check”"
                    " says what is missing, and restores it.",
                )
                self.said.emit(message, Qgis.MessageLevel.Warning)
            self._news.start()
            self.register_opened.emit()
            self.read_selection()

        self._background.submit(Job("open", work, opened, self._failed, lasting=create))

    def close_register(self) -> None:
        """Work with no register any more."""
        self._opening = None
        if self.place is not None:
            self._news.stop()
            self.place = None
            self.register_opened.emit()
            self.read_selection()

    def read(
        self, name: str, work: Reading, done: Done, failed: Failed | None = None, *, asks: bool = True
    ) -> None:
        """Read in the background and hand the result to ``done``; an error is said, or goes to ``failed``.

        Newer reading of the same ``name`` takes the place of older; nothing happens without a register. The
        user is asked for a password that is not known, unless ``asks`` is false.
        """
        place = self.place
        if place is None:
            return
        opened = replace(place, asks=asks) if isinstance(place, PostgresPlace) else place

        def function(feedback: QgsProcessingFeedback) -> Any:
            register = Register.open(opened)
            try:
                return work(register, feedback)
            finally:
                register.close()

        def delivered(result: Any) -> None:
            if self.place == place:
                self._is_back()
                done(result)

        def not_read(error: Exception) -> None:
            if self.place == place:
                (failed or self._failed)(error)

        self._background.submit(Job(name, function, delivered, not_read, lasting=False))

    def write(self, work: Writing, done: Done = _nothing, choices: Choices = ()) -> None:
        """Write in the background, one after the other; then all pages read anew.

        Rows that changed underneath are ``conflicted``, and nothing is written.
        """
        place = self.place
        if place is None:
            self.said.emit(translate("GrueneInfra", "Open a register first."), Qgis.MessageLevel.Warning)
            return

        def function(_feedback: QgsProcessingFeedback) -> tuple[Any, Entry | None]:
            register = Register.open(place)
            try:
                return work(register, choices), register.newest_entry()
            finally:
                register.close()

        def written(found: tuple[Any, Entry | None]) -> None:
            result, newest = found
            if self.place == place:
                self._newest = newest
                self._is_back()
                self.announce_change()
                done(result)

        def failed(error: Exception) -> None:
            if isinstance(error, RegisterConflict) and self.place == place:
                self.conflicted.emit(Undecided(error, work, done))
                self.read_selection()
            else:
                self._failed(error)

        self._background.submit(Job("write", function, written, failed, lasting=True))

    def decide(self, undecided: Undecided, choices: Choices) -> None:
        """Go on with a write once it is decided whose values stay."""
        self.write(undecided.work, undecided.done, choices)

    def announce_change(self) -> None:
        """Let every page, the selection and the register's layers show what is there now."""
        self.read_selection()
        group = self._shown_group()
        if group is not None:
            reload_layers(group)
        self.register_changed.emit()

    def _shown_group(self) -> Any:
        if self.place is None:
            return None
        where = self.place.where if isinstance(self.place, PostgresPlace) else str(Path(self.place))
        return register_group(self.project, where)

    def look_for_news(self) -> None:
        """Ask whether somebody else wrote since."""
        if not self._background.busy:
            self.read("news", _newest_entry, self._news_came, self._no_news, asks=False)

    def _no_news(self, error: Exception) -> None:
        """Say only once why the register cannot be asked."""
        if not self._lost:
            self._failed(error)
            self._lost = True

    def note_hand_edits(self) -> None:
        """Show what this QGIS itself has saved in the register's layers; that is no news."""
        self.read("news", _newest_entry, self._noted)

    def _noted(self, newest: Entry | None) -> None:
        self._newest = newest
        self.announce_change()

    def _news_came(self, newest: Entry | None) -> None:
        if newest == self._newest:
            return
        self._newest = newest
        if newest is not None:
            message = translate("GrueneInfra", "{who} changed the register; the panel shows it as it is now.")
            self.said.emit(message.format(who=newest.who), Qgis.MessageLevel.Info)
        self.announce_change()

    # The selection -----------------------------------------------------------------------------------

    def set_parcels(self, layer: QgsVectorLayer | None, key_field: str = "") -> None:
        """Select parcels on another layer; ``key_field`` is recognised by its name if it is empty."""
        if self.parcels is not None:
            self._disconnect(self.parcels.layer)
        self.parcels = None if layer is None else ParcelLayer(layer, key_field)
        if layer is not None:
            layer.selectionChanged.connect(self._selected)
            layer.willBeDeleted.connect(self._layer_gone)
        self.parcels_changed.emit()
        self.read_selection()

    def _disconnect(self, layer: QgsVectorLayer) -> None:
        layer.selectionChanged.disconnect(self._selected)
        layer.willBeDeleted.disconnect(self._layer_gone)

    def _selected(self, *_ids: object) -> None:
        self._burst.start()

    def _layer_gone(self) -> None:
        message = translate("GrueneInfra", "The layer of parcels was removed. Choose another one.")
        self.parcels = None
        self.said.emit(message, Qgis.MessageLevel.Warning)
        self.parcels_changed.emit()
        self.read_selection()

    def read_selection(self) -> None:
        """Read what is selected, in the background."""
        self._burst.stop()
        parcels, place, crs = self.parcels, self.place, self.crs
        if parcels is None or parcels.fields is None:
            self._background.drop("selection")
            self._selection_read(Selection())
            return
        reader = parcels.reader(parcels.layer.selectedFeatureIds())

        def function(feedback: QgsProcessingFeedback) -> Selection:
            selection = Selection(reader.read(crs, feedback))
            if place is None or not selection.keys:
                return selection.worked_out()
            register = Register.open(place)
            try:
                return selection.with_register(register).worked_out()
            finally:
                register.close()

        self._background.submit(Job("selection", function, self._selection_read, self._failed, lasting=False))

    def _selection_read(self, selection: Selection) -> None:
        self.selection = selection
        self.selection_changed.emit()

    # What goes wrong ---------------------------------------------------------------------------------

    def _failed(self, error: Exception) -> None:
        if isinstance(error, RegisterLostError):
            if not self._lost:
                self.said.emit(str(error), Qgis.MessageLevel.Critical)
            self._lost = True
        elif isinstance(error, (RegisterError, QgsProcessingException)):
            self.said.emit(str(error), Qgis.MessageLevel.Warning)
        else:
            lines = "".join(traceback.format_exception(error))
            QgsMessageLog.logMessage(without_passwords(lines), LOG, Qgis.MessageLevel.Critical)
            message = translate("GrueneInfra", "Something unforeseen went wrong; the message log says what.")
            self.said.emit(message, Qgis.MessageLevel.Critical)

    def _is_back(self) -> None:
        if self._lost:
            self._lost = False
            message = translate("GrueneInfra", "The register can be reached again.")
            self.said.emit(message, Qgis.MessageLevel.Info)

    def close(self) -> None:
        """See writes through and let go of everything; a write that fails now stands in QGIS's log."""
        self._news.stop()
        self._burst.stop()
        if self.parcels is not None:
            self._disconnect(self.parcels.layer)
            self.parcels = None
        self.place = None
        for error in self._background.close():
            QgsMessageLog.logMessage(without_passwords(str(error)), LOG, Qgis.MessageLevel.Critical)
