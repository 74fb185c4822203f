"""Stretches: sections of one kind that follow each other along a water, and what they end at."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..patches.connectivity import components

Integers = NDArray[np.integer]
Flags = NDArray[np.bool_]
ENDS = 2
"""Ends of a stretch that does not fork."""


@dataclass(frozen=True)
class Stretches:
    """Stretches of a network: ``of`` (n,) is the number of each section's stretch, −1 for one in none.

    ``length`` (k,) is the sum of the lengths of each stretch's sections in metres, ``good_ends`` (k,) how
    many of its ends meet a good section, 0 to 2.
    """

    of: Integers
    length: NDArray[np.float64]
    good_ends: Integers


def stretches(
    section: Integers,
    place: Integers,
    water: Integers,
    length: NDArray[np.float64],
    bad: Flags,
    good: Flags,
) -> Stretches:
    """Join bad sections of one water that end at the same place.

    Parameters
    ----------
    section, place
        Ends of sections, shape (m,): the number of the section and that of the place. Each part of a section
        has two ends, also where it closes.
    water, length, bad, good
        Of each section, shape (n,): the number of its water, metres, whether it belongs to a stretch, whether
        it is a good neighbour.
    """
    n = len(length)
    pairs = np.column_stack([place, water[section]])
    node = np.unique(pairs, axis=0, return_inverse=True)[1].reshape(-1)
    size = int(node.max(initial=-1)) + 1
    inner = bad[section]
    groups = components(n + size, np.column_stack([section[inner], n + node[inner]]))
    of = np.full(n, -1)
    kinds, of[bad] = np.unique(groups[:n][bad], return_inverse=True)
    at_node = np.bincount(node[inner], minlength=size)
    meets = np.bincount(node[good[section]], minlength=size) > 0
    counts = inner & (at_node[node] == 1) & meets[node]
    good_ends = np.bincount(of[section[counts]], minlength=len(kinds))
    whole = np.bincount(of[bad], length[bad], len(kinds)).astype(np.float64)
    return Stretches(of, whole, np.minimum(good_ends, ENDS))


def ranks(found: Stretches, west: NDArray[np.float64], south: NDArray[np.float64]) -> Integers:
    """Return the rank of each stretch from 1: more good ends first, then shorter, then farther west, south.

    ``west`` and ``south`` are the lower left corner of each section, shape (n,), in metres.
    """
    inside = found.of >= 0
    corners = np.full((2, len(found.length)), np.inf)
    np.minimum.at(corners[0], found.of[inside], west[inside])
    np.minimum.at(corners[1], found.of[inside], south[inside])
    order = np.lexsort((corners[1], corners[0], np.round(found.length, 6), -found.good_ends))
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(1, len(order) + 1)
    return rank
