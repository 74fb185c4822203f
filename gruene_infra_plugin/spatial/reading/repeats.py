"""Features that repeat each other's outlines: one of each stays, whatever their order."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from qgis.core import (
    QgsFeature,
)

from ..geometry.wkb import normal_outline
from .features import Shaped

One = TypeVar("One")
"""What is kept of a feature: the whole, or its attributes."""


def without_repeats(features: Iterable[Shaped]) -> tuple[list[QgsFeature], int]:
    """Keep one of the features that repeat each other's rings, and say how many were dropped.

    Which one stays depends on their attributes, not on their order.
    """
    outlined = ((feature, normal_outline(wkb)) for feature, wkb in features)
    kept, dropped = once_each(outlined, lambda feature: repr(feature.attributes()))
    return list(kept.values()), dropped


def once_each(read: Iterable[tuple[One, bytes]], order: Callable[[One], str]) -> tuple[dict[bytes, One], int]:
    """Keep one of what was read for each WKB or other content, the first by ``order``; count the others."""
    kept: dict[bytes, One] = {}
    dropped = 0
    for one, wkb in read:
        known = kept.setdefault(wkb, one)
        if known is not one:
            dropped += 1
            if order(one) < order(known):
                kept[wkb] = one
    return kept, dropped
