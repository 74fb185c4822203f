"""The menu by which the register is chosen; the project opens the one that it names."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from qgis.core import QgsProject, QgsProviderRegistry
from qgis.PyQt.QtCore import QDir, QObject
from qgis.PyQt.QtWidgets import QFileDialog, QMenu, QWidget

from ...i18n import translate
from ...register.postgis import PostgresPlace
from ...register.queries import srid
from ...register.store import DEFAULT_CRS, RegisterPlace
from ..tips import plain_tip
from ..workbench import Workbench
from .database_dialog import DatabaseDialog
from .memory import (
    name_of,
    place_of_project,
    recent_places,
    remember_in_project,
    remember_recent,
)

SUFFIX = ".gpkg"
Ask = Callable[[str], str]


class PlaceController(QObject):
    """``menu`` is for a button; ``ask_new_file`` and ``ask_file`` take and return paths.

    The tests put their own in the place of the latter two.
    """

    def __init__(self, workbench: Workbench, project: QgsProject, parent: QWidget) -> None:
        super().__init__(parent)
        self.ask_new_file: Ask = self._ask_new_file
        self.ask_file: Ask = self._ask_file
        self.dialog: DatabaseDialog | None = None
        self._workbench = workbench
        self._project = project
        self._parent = parent
        self._in_project: RegisterPlace | None = None
        self.menu = QMenu(parent)
        self.menu.setToolTipsVisible(True)
        self._fill_menu()
        workbench.register_opened.connect(self._opened)
        project.readProject.connect(self._project_read)
        project.writeProject.connect(self._project_written)
        project.cleared.connect(self._project_cleared)
        self._project_read()

    def _fill_menu(self) -> None:
        def add(text: str, slot: Callable[[], None]) -> None:
            self.menu.addAction(text).triggered.connect(lambda _checked: slot())

        add(translate("GrueneInfra", "&New register (GeoPackage) …"), self._new_file)
        add(translate("GrueneInfra", "Open &GeoPackage …"), self._open_file)
        add(translate("GrueneInfra", "Open in &PostgreSQL …"), self._open_database)
        self.menu.addSeparator()
        self.recent = self.menu.addMenu(translate("GrueneInfra", "&Recent"))
        self.recent.setToolTipsVisible(True)
        self.menu.addSeparator()
        self._close_action = self.menu.addAction(translate("GrueneInfra", "&Close the register"))
        self._close_action.triggered.connect(lambda _checked: self._close_register())
        self.menu.aboutToShow.connect(self._refresh_menu)
        self._refresh_menu()

    def _refresh_menu(self) -> None:
        self._close_action.setEnabled(self._workbench.place is not None)
        self.recent.clear()
        places = recent_places()
        for number, place in enumerate(places, 1):
            action = self.recent.addAction(f"&{number} {name_of(place).replace('&', '&&')}")
            action.setToolTip(plain_tip(place.where if isinstance(place, PostgresPlace) else str(place)))
            action.triggered.connect(lambda _checked, place=place: self._workbench.open_register(place))
        self.recent.menuAction().setEnabled(bool(places))

    # Choosing ----------------------------------------------------------------------------------------

    def _new_file(self) -> None:
        path = self.ask_new_file(str(self._proposed()))
        if path:
            if not path.lower().endswith(SUFFIX):
                path += SUFFIX
            self._workbench.open_register(Path(path), create=True, crs=self._crs())

    def _open_file(self) -> None:
        path = self.ask_file(str(self._folder()))
        if path:
            self._workbench.open_register(Path(path))

    def _open_database(self) -> None:
        metadata = QgsProviderRegistry.instance().providerMetadata("postgres")
        dialog = self.dialog = DatabaseDialog(metadata.connections(False), self._parent)
        dialog.finished.connect(self._database_chosen)
        dialog.open()

    def _database_chosen(self, result: int) -> None:
        dialog, self.dialog = self.dialog, None
        if dialog is None:
            return
        if result == int(DatabaseDialog.DialogCode.Accepted):
            create = dialog.create.isChecked()
            self._workbench.open_register(dialog.place, create=create, crs=self._crs())
        dialog.deleteLater()

    def _close_register(self) -> None:
        self._in_project = None
        remember_in_project(self._project, None)
        self._workbench.close_register()

    def _folder(self) -> Path:
        return Path(self._project.absolutePath() or QDir.homePath())

    def _proposed(self) -> Path:
        """Return a file beside the project that is not there yet."""
        stem = f"{self._project.baseName() or 'gruene_infra'}_register"
        names = [stem, *(f"{stem}_{number}" for number in range(2, 100))]
        files = (self._folder() / (name + SUFFIX) for name in names)
        return next((file for file in files if not file.exists()), self._folder() / (stem + SUFFIX))

    def _crs(self) -> str:
        """Return the CRS of the layer of parcels, if a register can have it."""
        parcels = self._workbench.parcels
        crs = "" if parcels is None else str(parcels.layer.crs().authid())
        return DEFAULT_CRS if srid(crs) is None else crs

    def _ask_new_file(self, proposed: str) -> str:
        """Ask for a file; one that exists is refused by the register, so nothing is asked about it."""
        return str(
            QFileDialog.getSaveFileName(
                self._parent,
                translate("GrueneInfra", "New register"),
                proposed,
                _filter(),
                options=QFileDialog.Option.DontConfirmOverwrite,
            )[0]
        )

    def _ask_file(self, folder: str) -> str:
        title = translate("GrueneInfra", "Open a register")
        return str(QFileDialog.getOpenFileName(self._parent, title, folder, _filter())[0])

    # Remembering -------------------------------------------------------------------------------------

    def _opened(self) -> None:
        place = self._workbench.place
        if place is not None:
            self._in_project = place
            remember_in_project(self._project, place)
            remember_recent(place)

    def _project_read(self, *_document: object) -> None:
        self._in_project = place_of_project(self._project)
        if self._in_project is None:
            self._workbench.close_register()
        else:
            self._workbench.open_register(self._in_project)

    def _project_written(self, *_document: object) -> None:
        """Say where the file lies seen from where the project is saved now."""
        if self._in_project is not None:
            remember_in_project(self._project, self._in_project)

    def _project_cleared(self) -> None:
        self._in_project = None
        self._workbench.close_register()

    def close(self) -> None:
        """Let go of the project."""
        self._project.readProject.disconnect(self._project_read)
        self._project.writeProject.disconnect(self._project_written)
        self._project.cleared.disconnect(self._project_cleared)


def _filter() -> str:
    return f"GeoPackage (*{SUFFIX})"
