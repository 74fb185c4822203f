"""Which algorithm measures which goal, and the dialogs in which it is started."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from qgis.core import QgsNotSupportedException
from qgis.gui import QgsProcessingAlgorithmDialogBase

from ...catalogue import Entry, entry_ids, load_entry
from ...methods.reading.names import normal_name

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


class AlgorithmDialogs:
    """Opens dialogs of algorithms beside QGIS's window, and keeps them until QGIS deletes them.

    A dialog to which nothing in Python refers loses its half in Python: it stays on the screen, but its
    buttons do nothing any more.
    """

    def __init__(self) -> None:
        self._open: set[QgsProcessingAlgorithmDialogBase] = set()

    def open(self, algorithm: str, parameters: Mapping[str, Any]) -> bool:
        """Open the dialog of an algorithm; return ``False`` where Processing is switched off."""
        from qgis import processing  # our own folder has the same name

        try:
            dialog = processing.createAlgorithmDialog(algorithm, dict(parameters))
        except QgsNotSupportedException:
            return False
        if dialog is None:
            return False
        self._open.add(dialog)
        dialog.destroyed.connect(lambda: self._open.discard(dialog))
        dialog.show()
        return True

    def close(self) -> None:
        """Close what is open; a run that is going ends by itself, and its dialog with it."""
        for dialog in list(self._open):
            dialog.close()
