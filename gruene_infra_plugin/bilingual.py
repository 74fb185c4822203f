"""Texts in both languages of the plugin."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Text:
    """One text in German and English."""

    de: str
    en: str

    def get(self, language: str) -> str:
        """Return the German text for ``de`` and its regions (``de_AT``, ``de-CH``), else the English one."""
        return self.de if re.split("[_-]", language.lower())[0] == "de" else self.en
