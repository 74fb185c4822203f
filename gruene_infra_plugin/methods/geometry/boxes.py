"""Boxes in groups that keep apart, found on a grid and without comparing pairs."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

from ..findings.thresholds import most

CELL_SHARE = 0.5
"""Side of a cell of the grid, as a share of the usual box [A]: finer ones part more and take longer."""
CELLS = 24
"""Cells that a box covers at most, on average; where large boxes cover more, the cells are larger [A]."""


def groups_apart(boxes: NDArray[np.floating]) -> NDArray[np.integer]:
    """Return the number of its group for each box; boxes that meet or touch are in one group.

    Boxes that do not touch may be in one group as well, if they are near each other.

    Parameters
    ----------
    boxes : shape (n, 4)
        West, south, east and north, metres. Where one is not finite, all are in one group.

    >>> groups_apart(np.array([[0, 0, 10, 10], [50, 0, 60, 10], [10, 10, 20, 20]])).tolist()
    [0, 1, 0]
    """
    boxes = np.asarray(boxes, dtype=np.float64)
    count = len(boxes)
    if count < 2 or not np.isfinite(boxes).all():
        return np.zeros(count, dtype=np.int64)
    boxes = boxes - np.tile(boxes[:, :2].min(axis=0), 2)
    side = CELL_SHARE * np.median(np.max(boxes[:, 2:] - boxes[:, :2], axis=1))
    side = max(side, boxes.max() / 2**30, np.finfo(float).tiny)
    while True:
        first, last = np.floor(boxes[:, :2] / side), np.floor(boxes[:, 2:] / side)
        wide, high = (last - first + 1).T
        if np.sum(wide * high) <= CELLS * count:
            break
        side *= 2
    covered = (wide * high).astype(np.int64)
    box = np.repeat(np.arange(count), covered)
    within = np.arange(len(box)) - np.repeat(np.cumsum(covered) - covered, covered)
    column, row = np.divmod(within, high.astype(np.int64)[box])
    column, row = column + first[box, 0].astype(np.int64), row + first[box, 1].astype(np.int64)
    _, cell = np.unique(column << 31 | row, return_inverse=True)
    nodes = count + int(cell.max()) + 1
    graph = csr_matrix((np.ones(len(box), dtype=np.int8), (box, count + cell)), shape=(nodes, nodes))
    return connected_components(graph, directed=False)[1][:count]


def alike(boxes: NDArray[np.floating], reach: float) -> NDArray[np.integer]:
    """Return the pairs of boxes no side of which is farther from that of the other than ``reach``.

    Parameters
    ----------
    boxes : shape (n, 4): west, south, east, north, in metres.
    reach : in metres.

    Returns
    -------
    Numbers of boxes, shape (m, 2), in time and memory linear in n but for the sorting.

    >>> alike(np.array([[0, 0, 9, 9], [5, 0, 14, 9], [0.02, 0, 9.02, 9]]), 0.1).tolist()
    [[0, 2]]
    """
    # Along a line that no grid of coordinates runs across, few boxes lie near each other that are not alike.
    slopes = np.sqrt([1.0, 2.0, 3.0, 5.0])
    along = boxes @ slopes
    order = np.argsort(along, kind="stable")
    along, west, window = along[order], boxes[order, 0], most(reach) * slopes.sum()
    found, first, step = [np.empty((0, 2), dtype=order.dtype)], np.arange(len(order)), 1
    while len(first := first[first + step < len(order)]):
        first = first[along[first + step] - along[first] <= window]
        near = first[np.abs(west[first] - west[first + step]) <= most(reach)]
        one, other = order[near], order[near + step]
        is_alike = (np.abs(boxes[one] - boxes[other]) <= most(reach)).all(axis=1)
        found.append(np.sort(np.column_stack((one, other))[is_alike], axis=1))
        step += 1
    return np.concatenate(found)
