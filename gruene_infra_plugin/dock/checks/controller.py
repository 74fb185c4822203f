"""Joins the page with the register: checks it in short steps, again after every change, and mends."""

from __future__ import annotations

from qgis.core import Qgis, QgsProcessingFeedback
from qgis.PyQt.QtCore import pyqtSignal

from ...i18n import language, translate
from ...register.store import Register
from ...report.numbers import Numbers
from ...spatial.geometry.wkb import geometry_of
from ..map_view import MapView
from ..page import PageController
from ..workbench import Workbench
from .page import ChecksPage
from .repairs import Repair, repairs
from .run import LayerKeys, Report, Run, Start

READING = "checks"


class ChecksController(PageController):
    """Checks when asked; from then on again after every change, as long as the page is seen."""

    select_requested = pyqtSignal(list)
    """Keys of parcels that the user wants selected in the layer of parcels."""

    def __init__(self, page: ChecksPage, workbench: Workbench, view: MapView) -> None:
        super().__init__(page, workbench, view)
        self.page = page
        self._place = workbench.place
        self._run = Run()
        self._start: Start | None = None
        self._checks = False
        self._changed_since = False
        self._running = False
        self._total = self._found = 0
        workbench.busy_changed.connect(self._busy_changed)
        workbench.parcels_changed.connect(self._parcels_changed)
        page.check.clicked.connect(self._check)
        page.stop.clicked.connect(self._stop)
        page.zoom.clicked.connect(self._zoom)
        page.select.clicked.connect(self._select)
        page.chosen_changed.connect(self._chosen_changed)
        page.mending_chosen.connect(self._repair)
        self._parcels_changed()
        self._forget()

    def refresh(self) -> None:
        """Check again if a check was asked for; another register is another matter."""
        if self._place != self.workbench.place:
            self._forget()
        elif self._checks:
            self._changed_since = True
            self._go_on()

    def _forget(self) -> None:
        self._place, self._run = self.workbench.place, Run()
        self._checks = self._running = False
        opened = self._place is not None
        self.page.check.setEnabled(opened)
        self.page.show_rows(())
        said = translate("GrueneInfra", "Not checked yet.")
        self.page.show_progress(None, said if opened else translate("GrueneInfra", "Open a register first."))

    def _parcels_changed(self) -> None:
        parcels = self.workbench.parcels
        self.page.compare.setEnabled(parcels is not None and parcels.fields is not None)

    # Checking ----------------------------------------------------------------------------------------

    def _check(self) -> None:
        parcels, compare = self.workbench.parcels, self.page.compare
        compares = compare.isEnabled() and compare.isChecked()
        self._start = Start(LayerKeys(parcels) if parcels is not None and compares else None)
        self._checks = self._changed_since = True
        self.page.show_progress(0.0, translate("GrueneInfra", "Reading the register …"))
        self._go_on()

    def _go_on(self) -> None:
        run, changed, start = self._run, self._changed_since, self._start

        def work(register: Register, feedback: QgsProcessingFeedback) -> Report:
            return run.step(register, feedback, changed=changed, start=start)

        self._running = True
        self.workbench.read(READING, work, lambda report: self._stepped(report, changed))

    def _stepped(self, report: Report, changed: bool) -> None:
        self._start = None
        if changed:
            self._changed_since, self._total = False, report.waiting
        if report.rows is not None:
            self.page.show_rows(report.rows)
            self._found = len(report.rows)
        if not report.waiting:
            self._finish(report)
        elif self.page.isVisible():
            said = translate("GrueneInfra", "Comparing outlines: {count} parcels to go …")
            share = 1 - report.waiting / max(1, self._total)
            self.page.show_progress(share, said.format(count=_number(report.waiting)))
            self._go_on()
        else:
            self._outdated = True  # goes on when the page is seen again

    def _finish(self, report: Report) -> None:
        self._running = False
        if self._found:
            said = translate("GrueneInfra", "{count} contradictions in {parcels} parcels of the register.")
        else:
            said = translate("GrueneInfra", "No contradiction in {parcels} parcels of the register.")
        text = said.format(count=_number(self._found), parcels=_number(report.parcels))
        if report.no_keys:
            text += "\n" + translate("GrueneInfra", "No key was read from the layer of parcels.")
        self.page.show_progress(None, text)

    def _stop(self) -> None:
        """Break the check off; what is found so far stays."""
        self._checks = self._running = False
        self.workbench.read(READING, lambda _register, _feedback: None, lambda _nothing: None)
        self.page.show_progress(None, translate("GrueneInfra", "Stopped; not everything was checked."))

    def _busy_changed(self, busy: bool) -> None:
        """Notice that a step came to nothing; why is said by the workbench."""
        if self._running and not busy and not self._outdated:
            self._running = False
            said = translate("GrueneInfra", "The check broke off; not everything was checked.")
            self.page.show_progress(None, said)

    # The chosen contradictions -----------------------------------------------------------------------

    def _chosen_changed(self) -> None:
        self.page.show_ways(repairs(self.page.chosen))

    @property
    def _keys(self) -> list[str]:
        return sorted({key for row in self.page.chosen for key in row.parcels})

    def _zoom(self) -> None:
        keys = self._keys

        def work(register: Register, _feedback: QgsProcessingFeedback) -> list[bytes | None]:
            return list(register.outlines(keys).values())

        self.workbench.read("checks zoom", work, self._show_on_map)

    def _show_on_map(self, outlines: list[bytes | None]) -> None:
        if not self.view.show([geometry_of(wkb) for wkb in outlines], self.workbench.crs):
            said = translate("GrueneInfra", "The register has no geometry to go to.")
            self.workbench.said.emit(said, Qgis.MessageLevel.Info)

    def _select(self) -> None:
        self.select_requested.emit(self._keys)

    def _repair(self, repair: Repair) -> None:
        self.workbench.write(repair.write)


def _number(value: int) -> str:
    return Numbers(language()).number(value)
