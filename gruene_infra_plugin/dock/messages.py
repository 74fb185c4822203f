"""One message at a time above the pages, wrapped so that a narrow dock shows all of it."""

from __future__ import annotations

from qgis.core import Qgis, QgsApplication
from qgis.PyQt.QtCore import QSize, Qt
from qgis.PyQt.QtGui import QPalette
from qgis.PyQt.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QToolButton, QWidget

from ..i18n import translate
from .timers import after_rest

SECONDS = 8
"""How long a message stays that asks for nothing; warnings stay until they are closed."""
_ICONS = {
    Qgis.MessageLevel.Info: "mIconInfo.svg",
    Qgis.MessageLevel.Success: "mIconSuccess.svg",
    Qgis.MessageLevel.Warning: "mIconWarning.svg",
    Qgis.MessageLevel.Critical: "mIconCritical.svg",
}


class Messages(QFrame):
    """Hidden while there is nothing to say."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.ToolTipBase)
        self.icon = QLabel(self)
        self.text = QLabel(self)
        self.text.setForegroundRole(QPalette.ColorRole.ToolTipText)
        self.text.setWordWrap(True)
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.text.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.dismiss = QToolButton(self)
        self._set_up_dismiss()
        row = QHBoxLayout(self)
        row.setContentsMargins(4, 4, 4, 4)
        row.addWidget(self.icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.text, 1)
        row.addWidget(self.dismiss, 0, Qt.AlignmentFlag.AlignTop)
        self._passing = after_rest(self, SECONDS * 1000, self.hide)
        self.hide()

    def _set_up_dismiss(self) -> None:
        self.dismiss.setObjectName("dismiss")
        self.dismiss.setIcon(QgsApplication.getThemeIcon("mIconClose.svg"))
        self.dismiss.setAutoRaise(True)
        self.dismiss.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        name = translate("GrueneInfra", "Close the message")
        self.dismiss.setToolTip(name)
        self.dismiss.setAccessibleName(name)
        self.dismiss.clicked.connect(self.hide)

    def say(self, text: str, level: Qgis.MessageLevel) -> None:
        """Show a message in place of the one before."""
        side = self.fontMetrics().height()
        self.icon.setPixmap(QgsApplication.getThemeIcon(_ICONS[level]).pixmap(QSize(side, side)))
        self.text.setText(text)
        self.text.setAccessibleName(text)
        if level in (Qgis.MessageLevel.Warning, Qgis.MessageLevel.Critical):
            self._passing.stop()
        else:
            self._passing.start()
        self.show()
