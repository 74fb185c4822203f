"""The words of the report in one language."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from ..paths import REPORT_TEMPLATES
from ..shipped_yaml import read_shipped
from ..strategy import Text


class Texts:
    """Looks up the words of ``texts.yaml``; German for ``de`` and its regions, English for the rest."""

    def __init__(self, language: str) -> None:
        self.language = language

    def __call__(self, key: str, **values: object) -> str:
        """Return the text under ``key`` with ``values`` filled in; ``KeyError`` if there is none."""
        return _load()[key].get(self.language).format_map(values)

    def unit(self, unit: str) -> str:
        """Return a unit in the reader's language; a unit without an entry stands as it is."""
        text = _load().get(f"unit.{unit}")
        return text.get(self.language) if text else unit


@cache
def _load() -> Mapping[str, Text]:
    data = read_shipped(REPORT_TEMPLATES / "texts.yaml")
    return {key: Text(de=row["de"].strip(), en=row["en"].strip()) for key, row in data.items()}
