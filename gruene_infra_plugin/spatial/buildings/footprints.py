"""Engine ``footprints``: of very many buildings that may overlap, which ground a larger one takes."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from typing import Generic, TypeVar

from qgis.core import QgsGeometry, QgsProcessingFeedback

from ..geometry.overlay import PieceIndex
from ..geometry.ranks import larger_first
from ..geometry.shared_areas import overlapping
from ..geometry.wkb import bytes_of, geometry_of, normal_outline

SLIVER_M2 = 0.01
"""What two footprints share up to here comes from corners to the millimetre, and is not parted [A]."""

Label = TypeVar("Label", bound=Hashable)


class Footprints(Generic[Label]):
    """Footprints under labels, held as bytes; each square metre is that of the largest one on it."""

    def __init__(self) -> None:
        self._wkbs: list[bytes] = []
        self._labels: list[Label] = []
        self._known: dict[Label, Label] = {}

    def add(self, shape: QgsGeometry, label: Label) -> None:
        """Take in a valid planar polygon, single or multiple."""
        self._wkbs.append(bytes_of(shape))
        self._labels.append(self._known.setdefault(label, label))

    def curtailed(
        self, feedback: QgsProcessingFeedback
    ) -> Iterator[tuple[QgsGeometry, list[QgsGeometry], Label]]:
        """Yield those that overlap others with what no larger one takes of them, in disjoint pieces.

        Of equally large ones the western goes first. Raises ``QgsProcessingException`` where an overlay
        cannot be computed or the user cancels.
        """
        found = [(geometry_of(self._wkbs[n]), n) for n in overlapping(self._wkbs, feedback, SLIVER_M2)]
        found.sort(key=lambda one: (larger_first(one[0]), normal_outline(self._wkbs[one[1]])))
        claims: PieceIndex[None] = PieceIndex({})
        for shape, number in found:
            yield shape, claims.claim(None, shape), self._labels[number]
