"""The user's language: translation of literals and choice among bilingual texts."""

from __future__ import annotations

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QCoreApplication, QTranslator

from .paths import TRANSLATIONS

translate = QCoreApplication.translate
"""``translate("GrueneInfra", "literal")`` is the only form that the string extractor finds everywhere."""


def language() -> str:
    """Return the two-letter language of QGIS, ``de`` also for ``de_AT``."""
    return str(QgsApplication.locale())[:2].lower()


def install_translator() -> QTranslator | None:
    """Install the translation of the user's language; ``None`` where there is none (English).

    The caller keeps the translator alive and removes it on unload.
    """
    translator = QTranslator()
    if not translator.load(str(TRANSLATIONS / f"gruene_infra_{language()}.qm")):
        return None
    QCoreApplication.installTranslator(translator)
    return translator
