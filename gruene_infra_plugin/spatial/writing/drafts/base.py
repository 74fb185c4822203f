"""What all drafts have in common, and the one for places that are written at once."""

from __future__ import annotations

from abc import ABC, abstractmethod
from pathlib import Path

from qgis.core import QgsVectorLayer

TABLE = "gruene_infra_entwurf_"
"""How the names of tables in the making begin."""
ENDS_OTHERWISE = {".txt": ".gxt"}
"""Endings of which QGIS makes a format whose files end otherwise."""


def with_ending(address: str) -> str:
    """Return an address with the ending that QGIS gives the file.

    QGIS 3.40 appends it and says so; 3.44 puts it in place of the other one and does not.
    """
    return address + ENDS_OTHERWISE.get(Path(address).suffix.lower(), "")


class Draft(ABC):
    """What a run writes for one place, which is a file or a table.

    Making one raises ``OSError`` where nothing can be written.
    """

    mixes_null_and_zero = False
    """Whether QGIS may store NULL as 0 here and 0 as NULL, where rows hold the one or the other."""
    sends_together = False
    """Whether QGIS stores many rows at once, and does not tell which of them it could not."""

    @abstractmethod
    def address(self, destination: str) -> str:
        """Return where the sink that is meant for ``destination`` is to write."""

    @abstractmethod
    def result(self, written: str) -> str:
        """Return the address of the finished output; ``written`` is what QGIS calls the draft."""

    @abstractmethod
    def final(self, message: str) -> str:
        """Return a message about the draft as one about the place."""

    def layer(self, written: str) -> QgsVectorLayer | None:
        """Open the draft; ``None`` where it need not be looked at."""
        return QgsVectorLayer(written, "draft", "ogr")

    def count(self, layer: QgsVectorLayer) -> int:
        """Return how many rows the draft holds, opened as ``layer``; -1 where that is not known."""
        return int(layer.featureCount())

    def is_whole(self) -> bool:
        """Say whether what was written ends as it must; some drivers do not notice that a disk is full."""
        return True

    @abstractmethod
    def publish(self) -> None:
        """Put the draft in its place; raise ``OSError`` where that cannot be done: what was there stays."""

    @abstractmethod
    def discard(self) -> None:
        """Remove the draft, if it has not been published."""


class AtOnce(Draft):
    """A place that is written at once: temporary layers, and databases other than PostgreSQL."""

    def address(self, destination: str) -> str:
        return with_ending(destination)

    def result(self, written: str) -> str:
        return written

    def final(self, message: str) -> str:
        return message

    def layer(self, written: str) -> QgsVectorLayer | None:
        return None

    def publish(self) -> None:
        """There is nothing to do."""

    def discard(self) -> None:
        """There is nothing to do: temporary layers vanish with their run."""
