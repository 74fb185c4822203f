"""Asks for a connection that QGIS knows, and a schema."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from qgis.PyQt import uic
from qgis.PyQt.QtWidgets import QCheckBox, QComboBox, QDialog, QDialogButtonBox, QLabel, QLineEdit, QWidget

from ...register.postgis import PostgresPlace


class DatabaseDialog(QDialog):
    """Accepted with a place; ``create`` says whether a register is to be made there."""

    connection: QComboBox
    schema: QLineEdit
    create: QCheckBox
    hint: QLabel
    buttons: QDialogButtonBox

    def __init__(self, connections: Iterable[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        uic.loadUi(str(Path(__file__).with_name("database_dialog.ui")), self)
        self.connection.addItems(sorted(connections, key=str.casefold))
        self.hint.setVisible(self.connection.count() == 0)
        self.schema.textChanged.connect(self._check)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self._check()

    def _check(self) -> None:
        complete = self.connection.count() > 0 and bool(self.schema.text().strip())
        self.buttons.button(QDialogButtonBox.StandardButton.Open).setEnabled(complete)

    @property
    def place(self) -> PostgresPlace:
        return PostgresPlace(self.connection.currentText(), schema=self.schema.text().strip())
