"""Slope of a surface given by heights on a grid, and what noise does to it (HZ02).

Heights are 2-D arrays, first axis from north to south, second from west to east, in metres; NaN where
nothing is known. Slopes are in degrees.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating]
Integers = NDArray[np.integer]

RESIDUAL_STEP = 0.0005
"""Width in metres of the classes in which residuals are counted."""
RESIDUAL_CLASSES = 10_000
MAD_OF_NORMAL = 0.6744897501960817
"""Median absolute deviation of the standard normal distribution."""
CHUNK = 1 << 15
"""Cells fitted at a time, so that intermediate arrays stay in the cache."""


def horn(z: Floats, cell: float) -> Floats:
    """Return the slope by Horn's weighted differences over 3 x 3 cells.

    Parameters
    ----------
    z : heights, shape (rows, cols).
    cell : cell size in metres.

    Returns
    -------
    Degrees, shape (rows - 2, cols - 2): the rim has no slope. NaN where one of the nine is NaN.

    Source: Horn 1981; the reference value is that of the ArcGIS help, "How Slope works".
    """
    across = z[:, 2:] - z[:, :-2]
    down = z[2:] - z[:-2]
    gx = (across[:-2] + 2 * across[1:-1] + across[2:]) / (8 * cell)
    gy = (down[:, :-2] + 2 * down[:, 1:-1] + down[:, 2:]) / (8 * cell)
    return degrees(gx, gy)


def degrees(gx: Floats, gy: Floats) -> Floats:
    """Return the slope in degrees of a surface that rises by ``gx`` eastwards and ``gy`` along columns."""
    return np.degrees(np.arctan(np.hypot(gx, gy)))


def plane_slope(z: Floats, cell: float, half: int) -> Floats:
    """Return the slope of the least-squares plane over windows of (2 ``half`` + 1)² cells.

    Returns
    -------
    Degrees, shape (rows - 2 ``half``, cols - 2 ``half``); NaN where a cell of the window is NaN.
    """
    rows, cols = z.shape
    inner = np.arange(z.size).reshape(rows, cols)[half : rows - half, half : cols - half]
    return fit_windows(z, inner.ravel(), cell, half).slope.reshape(inner.shape)


@dataclass(frozen=True)
class WindowFit:
    """What the windows around some cells show; arrays of shape (n,).

    ``slope`` in degrees is that of the least-squares plane. ``fold`` is how much the surface bends: the
    rise per run of both sides of a ridge or valley through the centre, 0 for any plane. ``residual`` in
    metres is what neighbours do not explain: 0 for planes and for ridges along the grid, and with the
    standard deviation of the noise where that is white.
    """

    slope: Floats
    fold: Floats
    residual: Floats


def fit_windows(z: Floats, cells: Integers, cell: float, half: int) -> WindowFit:
    """Fit a plane to the window of (2 ``half`` + 1)² cells around each of ``cells``.

    Parameters
    ----------
    z : heights, shape (rows, cols).
    cells : positions in ``z.ravel()``, shape (n,); their windows must lie inside ``z``.
    cell : cell size in metres.

    A NaN in the window makes slope and fold NaN. The residual is that of Immerkær 1996, "Fast noise
    variance estimation", scaled to unit gain; it looks at 3 x 3 cells.
    """
    found = np.empty((4, len(cells)), dtype=z.dtype)
    flat = z.ravel()
    for start in range(0, len(cells), CHUNK):
        part = slice(start, start + CHUNK)
        found[:, part] = _fit(flat, cells[part], z.shape[1], half)
    gx, gy, fold, residual = found
    return WindowFit(degrees(gx / cell, gy / cell), np.abs(fold) / cell, residual)


def _fit(flat: Floats, cells: Integers, width: int, half: int) -> tuple[Floats, Floats, Floats, Floats]:
    """Return gradient and fold per cell size, and the residual, from sums over columns and rows."""
    side = 2 * half + 1
    columns, rows = np.zeros((2, side, len(cells)), dtype=flat.dtype)
    residual = np.zeros(len(cells), dtype=flat.dtype)
    noise = {-1: 1, 0: -2, 1: 1}
    centre = flat[cells]
    for y in range(-half, half + 1):
        for x in range(-half, half + 1):
            height = flat[cells + (y * width + x)]
            height -= centre
            columns[x + half] += height
            rows[y + half] += height
            if abs(x) <= 1 and abs(y) <= 1:
                residual += height * flat.dtype.type(noise[x] * noise[y] / 6)
    squares = side * sum(x * x for x in range(-half, half + 1))
    gx, gy = (
        sum(x * (line[half + x] - line[half - x]) for x in range(1, half + 1)) for line in (columns, rows)
    )
    bend = sum(line[0] + line[-1] - 2 * line[half] for line in (columns, rows))
    return gx / squares, gy / squares, bend / (side * 2 * half), residual


def noise_slope(sigma: float, cell: float, half: int, quantile: float = 0.95) -> float:
    """Return the slope in degrees that white noise alone gives a level surface.

    Parameters
    ----------
    sigma : standard deviation of the heights in metres.
    cell : cell size in metres.
    half : half width in cells of the window of :func:`plane_slope`.
    quantile : share of the cells that stay below the slope returned.

    Both components of the gradient are normal with s = sigma / (cell · √Σx²), so that the rise per run
    follows Rayleigh's distribution: median 1.1774 s, 95 % below 2.4477 s.
    """
    squares = (2 * half + 1) * sum(x * x for x in range(-half, half + 1))
    s = sigma / (cell * np.sqrt(squares))
    return float(np.degrees(np.arctan(s * np.sqrt(-2 * np.log1p(-quantile)))))


def count_residuals(residual: Floats) -> Integers:
    """Count absolute residuals in classes of :data:`RESIDUAL_STEP`; NaN are left out.

    Counts of several parts of a surface add up to those of the whole.
    """
    known = np.abs(residual[~np.isnan(residual)]) / RESIDUAL_STEP
    classes = np.minimum(known, RESIDUAL_CLASSES - 1).astype(np.intp)
    return np.bincount(classes, minlength=RESIDUAL_CLASSES)


def estimate_noise(counts: Integers) -> float:
    """Return the standard deviation of the noise in metres from :func:`count_residuals`, NaN without any.

    Robust: the median absolute residual, so that edges, dormers and chimneys do not count as long as
    most cells lie on planes. Noise that neighbouring cells share does not show, and is underestimated.
    """
    below = np.cumsum(counts)
    if not below[-1]:
        return float("nan")
    number = int(np.searchsorted(below, below[-1] / 2))
    inside = (below[-1] / 2 - (below[number] - counts[number])) / counts[number]
    return float((number + inside) * RESIDUAL_STEP / MAD_OF_NORMAL)
