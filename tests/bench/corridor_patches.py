"""Seeded corridor patches: star-shaped blobs that never meet, on a jittered grid."""

from __future__ import annotations

import struct

import numpy as np
from numpy.typing import NDArray
from qgis.core import QgsGeometry

SITE_M = 460.0
"""Side of a grid cell: a patch has about 8 others within 500 m."""
JITTER_M = 45.0
LARGEST_RADIUS_M = 180.0
ORIGIN = (350_000.0, 5_690_000.0)


def corridor_patches(count: int, seed: int = 20301231) -> list[QgsGeometry]:
    """Return ``count`` polygons of 30 to 70 vertices in random order, on a square of grid cells."""
    rng = np.random.default_rng(seed)
    side = int(np.ceil(np.sqrt(count)))
    sites = rng.permutation(side * side)[:count]
    centres = (np.stack(np.divmod(sites, side), axis=1) + 0.5) * SITE_M + ORIGIN
    centres += rng.uniform(-JITTER_M, JITTER_M, centres.shape)
    return [polygon(centre + _blob(rng)) for centre in centres]


def _blob(rng: np.random.Generator) -> NDArray[np.floating]:
    """Return a ring around (0, 0) whose radius is a sum of four waves, closed, in metres."""
    vertices = rng.integers(30, 71)
    turn = (np.arange(vertices) + rng.uniform(0, 0.8, vertices)) * (2 * np.pi / vertices)
    waves = np.arange(2, 6)[:, None]
    swing = (np.cos(waves * turn + rng.uniform(0, 2 * np.pi, (4, 1))) * rng.uniform(0, 1, (4, 1))).sum(0)
    radius = rng.uniform(0.5, 1.0) * LARGEST_RADIUS_M * (0.7 + 0.3 * swing / max(1.0, np.abs(swing).max()))
    ring = np.stack([radius * np.cos(turn), radius * np.sin(turn)], axis=1)
    return np.vstack([ring, ring[:1]])


def polygon(*rings: NDArray[np.floating]) -> QgsGeometry:
    """Return a polygon of closed rings of shape (n, 2), the outer one first."""
    made = QgsGeometry()
    counted = [struct.pack("<I", len(ring)) + ring.astype("<f8").tobytes() for ring in rings]
    made.fromWkb(struct.pack("<BII", 1, 3, len(rings)) + b"".join(counted))
    return made
