"""By how much the outlines of one survey are moved against those of another one of the same ground.

Each point of the earlier outline is held against the nearest point of the later one; what both differ by
across the outline is solved for one translation of the whole survey, by least absolute deviations, so that
real changes do not draw it (iterative closest point with the point-to-line metric of Chen and Medioni 1992).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..findings.thresholds import least

Array = NDArray[np.float64]
Integers = NDArray[np.int64]

PARTNER_SHARE = 0.5
"""Share of the outline that must have a partner for two surveys to show the same lines [A]."""
AGREEING_SHARE = 0.8
"""Share of the outline with a partner, across each direction, that a shift must explain [A]."""
AGREEMENT_M = 0.1
"""Metres up to which a point agrees with a shift [A]."""
DIRECTED_SHARE = 0.1
"""Least share of the outline's normals that must point along each direction; else it tells only one [A]."""
MOVED_M = 1e-3
"""Metres from which on a shift is one: the step in which surveys are stored."""
ROUNDS = 30
REWEIGHTINGS = 20
SETTLED_M = 1e-7
SMOOTHED_M = 1e-4
"""Deviations below this weigh alike, metres."""


@dataclass(frozen=True)
class Near:
    """Segments of the later outline near points of the earlier one.

    ``points`` has shape (n, 2); for each of m pairs ``owner`` (m,) is the number of the point, ascending,
    and ``starts`` and ``ends`` (m, 2) are those of the segment. Coordinates in metres.
    """

    points: Array
    owner: Integers
    starts: Array
    ends: Array


@dataclass(frozen=True)
class Shift:
    """A translation of the later survey, in metres, both 0 where none is told.

    ``partners`` is the share (0 to 1) of the outline that has a partner, ``agreement`` that of these that
    the best translation explains, across the direction in which it explains least. ``is_told`` says whether
    there is enough of both.
    """

    east: float = 0.0
    north: float = 0.0
    partners: float = 0.0
    agreement: float = 0.0
    is_told: bool = False

    @property
    def metres(self) -> float:
        return float(np.hypot(self.east, self.north))

    @property
    def is_moved(self) -> bool:
        """Whether the surveys are moved against each other by more than the step in which they are stored."""
        return self.metres >= MOVED_M


def estimated_shift(samples: Near, corners: Near, reach: float) -> Shift:
    """Return the shift of the later outline against the earlier one, of at most ``reach`` metres.

    Parameters
    ----------
    samples : points along the earlier outline, with all segments within twice the reach.
    corners : vertices of the earlier outline, likewise; they tell where to begin if the shift is large.
    reach : greatest shift, and greatest distance of a partner, metres.

    The shift is refused, and 0, where too few points have a partner, where they do not agree, or where
    outlines of one direction alone leave the other undetermined.
    """
    found = [_fitted(samples, start, reach) for start in (np.zeros(2), _most_votes(corners, reach))]
    best = max(found, key=lambda shift: (shift.is_told, round(shift.partners * shift.agreement, 6)))
    return best if best.is_told else Shift(0.0, 0.0, found[0].partners, best.agreement)


def partner_share(samples: Near, reach: float) -> float:
    """Return which share (0 to 1) of points have a segment within ``reach`` metres."""
    offsets, _ = _partners(samples, np.zeros(2), reach)
    return len(offsets) / max(1, len(samples.points))


def _fitted(samples: Near, start: Array, reach: float) -> Shift:
    """Return the shift to which fitting from a ``start`` (2,) leads, ``is_told`` where it is accepted."""
    shift = start.copy()
    for _ in range(ROUNDS):
        offsets, normals = _partners(samples, shift, reach)
        if not len(offsets) or not _tells_both_directions(normals):
            break
        step = _least_deviation(np.sum(offsets * normals, axis=1), normals)
        shift += step
        if np.hypot(*shift) > reach + AGREEMENT_M:
            return Shift()
        if np.hypot(*step) < SETTLED_M:
            break
    offsets, normals = _partners(samples, shift, reach)
    partners = len(offsets) / max(1, len(samples.points))
    if not len(offsets) or not _tells_both_directions(normals):
        return Shift(partners=partners)
    agreement = _agreement(np.sum(offsets * normals, axis=1), normals)
    told = partners >= least(PARTNER_SHARE) and agreement >= least(AGREEING_SHARE)
    return Shift(float(shift[0]), float(shift[1]), partners, agreement, told)


def _partners(near: Near, shift: Array, reach: float) -> tuple[Array, Array]:
    """Return from each moved point that has a partner the way (k, 2) to it, and the unit normals there.

    At the end of a segment the normal is the way itself.
    """
    if not len(near.owner):
        return np.empty((0, 2)), np.empty((0, 2))
    along = near.ends - near.starts
    behind = near.points[near.owner] + shift - near.starts
    lengths = np.hypot(along[:, 0], along[:, 1])
    share = np.clip(np.sum(behind * along, axis=1) / lengths**2, 0.0, 1.0)
    ways = share[:, None] * along - behind
    distances = np.hypot(ways[:, 0], ways[:, 1])
    firsts = np.flatnonzero(np.diff(near.owner, prepend=-1))
    counts = np.diff(firsts, append=len(near.owner))
    nearest = np.flatnonzero(distances <= np.repeat(np.minimum.reduceat(distances, firsts), counts))
    nearest = nearest[np.unique(near.owner[nearest], return_index=True)[1]]
    nearest = nearest[distances[nearest] <= reach]
    normals = np.stack([-along[nearest, 1], along[nearest, 0]], axis=1) / lengths[nearest, None]
    at_end = ((share == 0.0) | (share == 1.0))[nearest] & (distances[nearest] > SETTLED_M)
    normals[at_end] = ways[nearest][at_end] / distances[nearest][at_end, None]
    return ways[nearest], normals


def _tells_both_directions(normals: Array) -> bool:
    return bool(np.linalg.eigvalsh(normals.T @ normals / len(normals))[0] >= least(DIRECTED_SHARE))


def _least_deviation(deviations: Array, normals: Array) -> Array:
    """Return the step (2,) that least absolute deviations ask for, by reweighted least squares."""
    step = np.zeros(2)
    for _ in range(REWEIGHTINGS):
        rest = np.abs(deviations - normals @ step)
        weighted = normals / np.maximum(rest, SMOOTHED_M)[:, None]
        new = np.linalg.solve(weighted.T @ normals, weighted.T @ deviations)
        moved = np.hypot(*(new - step))
        step = new
        if moved < SETTLED_M:
            break
    agreeing = np.abs(deviations - normals @ step) <= AGREEMENT_M
    if agreeing.any() and _tells_both_directions(normals[agreeing]):
        step = np.linalg.lstsq(normals[agreeing], deviations[agreeing], rcond=None)[0]
    return step


def _agreement(deviations: Array, normals: Array) -> float:
    """Return the least share of agreeing points across any direction, each point by how far it faces it.

    Without this a strip that is lost along a short side would be outvoted by the long ones, which say
    nothing about its direction.
    """
    agreeing = normals[np.abs(deviations) <= AGREEMENT_M]
    if not len(agreeing):
        return 0.0
    shares = np.linalg.eigvals(np.linalg.solve(normals.T @ normals, agreeing.T @ agreeing))
    return float(np.clip(shares.real.min(), 0.0, 1.0))


def _most_votes(corners: Near, reach: float) -> Array:
    """Return the translation (2,) by which most corners of both outlines come to lie upon each other."""
    offsets = corners.starts - corners.points[corners.owner]
    offsets = offsets[np.hypot(offsets[:, 0], offsets[:, 1]) <= reach]
    if not len(offsets):
        return np.zeros(2)
    cells = np.round(offsets / AGREEMENT_M).astype(np.int64)
    found, place, votes = np.unique(cells, axis=0, return_inverse=True, return_counts=True)
    winner = int(np.argmax(votes))
    return np.median(offsets[place.reshape(-1) == winner], axis=0) if len(found) else np.zeros(2)
