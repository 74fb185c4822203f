"""The words of the report in one language."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from ..bilingual import Text
from ..checked_yaml import ShippedLoader, mapping_of, read_root, translated
from ..paths import REPORT_TEMPLATES


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
    root = read_root(REPORT_TEMPLATES / "texts.yaml", "the words of the report", ShippedLoader)
    return dict(mapping_of(translated())(root, "texts"))
