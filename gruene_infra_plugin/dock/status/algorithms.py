"""Which algorithm measures which goal, and how it is opened."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from qgis.core import QgsNotSupportedException

from ...catalogue import Entry, entry_ids, load_entry
from ...methods.names import normal_name

Opener = Callable[[str, Mapping[str, Any]], bool]


@cache
def measuring() -> Mapping[int, tuple[Entry, ...]]:
    """Return the algorithms that write findings for each goal, those made for it alone first."""
    found: dict[int, list[Entry]] = defaultdict(list)
    for entry in map(load_entry, entry_ids()):
        for hz in dict.fromkeys(indicator.hz for indicator in entry.indicators):
            found[hz].append(entry)
    return {hz: tuple(sorted(entries, key=lambda e: e.hz is None)) for hz, entries in found.items()}


@cache
def _by_indicator() -> Mapping[str, Entry]:
    return {
        indicator.id: entry
        for entries in measuring().values()
        for entry in entries
        for indicator in entry.indicators
    }


def algorithm_of(indicator: str, written_by: str) -> str:
    """Return the id of the algorithm that measures an indicator; of one unknown here what wrote it."""
    entry = _by_indicator().get(indicator)
    return entry.id if entry else written_by


def search_words() -> dict[int, str]:
    """Return what a goal can be found by besides its titles: tags, indicators and facts, in normal form."""
    words: dict[int, list[str]] = defaultdict(list)
    for hz, entries in measuring().items():
        for entry in entries:
            if entry.hz == hz:
                words[hz] += entry.tags
            texts = [i.name for i in entry.indicators if i.hz == hz]
            texts += [fact.meaning for fact in entry.facts if fact.hz == hz]
            words[hz] += [word for text in texts for word in (text.de, text.en)]
    return {hz: normal_name(" ".join(found)) for hz, found in words.items()}


def open_dialog(algorithm: str, parameters: Mapping[str, Any]) -> bool:
    """Open the dialog of an algorithm beside QGIS's window; ``False`` where Processing is switched off."""
    from qgis import processing  # our own folder has the same name

    try:
        dialog = processing.createAlgorithmDialog(algorithm, dict(parameters))
    except QgsNotSupportedException:
        return False
    if dialog is None:
        return False
    dialog.show()
    return True
