"""Slope of a surface given by heights on a grid, and what noise does to it (HZ02).

Heights are 2-D arrays, first axis from north to south, second from west to east, in metres; NaN where
nothing is known. Slopes are in degrees.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating]
Integers = NDArray[np.integer]

RESIDUAL_STEP = 0.0005
"""Width in metres of the classes in which residuals are counted."""
RESIDUAL_CLASSES = 10_000
MAD_OF_NORMAL = 0.6744897501960817
"""Median absolute deviation of the standard normal distribution."""
PLANE_SPREAD = 1.5
"""How many times the variance of noise the gradients of one plane may show: noise alone exceeds it in less
than 5 % of planes of 10 windows beside each other (χ² with 18 degrees of freedom)."""
CHUNK = 1 << 13
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

    ``gx`` and ``gy`` are the rise per run of the least-squares plane eastwards and along columns, ``slope``
    is its slope in degrees. ``fold`` is how much the surface bends: the
    rise per run of both sides of a ridge or valley through the centre, 0 for any plane. ``residual`` in
    metres is what neighbours do not explain: 0 for planes and for ridges along the grid, and with the
    standard deviation of the noise where that is white.
    """

    gx: Floats
    gy: Floats
    fold: Floats
    residual: Floats

    @cached_property
    def slope(self) -> Floats:
        return degrees(self.gx, self.gy)


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
    return WindowFit(gx / cell, gy / cell, np.abs(fold) / cell, residual)


def _fit(flat: Floats, cells: Integers, width: int, half: int) -> tuple[Floats, Floats, Floats, Floats]:
    """Return gradient and fold per cell size, and the residual, from sums over columns and rows."""
    side = 2 * half + 1
    columns, rows = np.zeros((2, side, len(cells)), dtype=flat.dtype)
    residual = np.zeros(len(cells), dtype=flat.dtype)
    noise = {-1: 1, 0: -2, 1: 1}
    centre = flat[cells]
    height = np.empty_like(centre)
    corner = cells - half * (width + 1)
    for y in range(-half, half + 1):
        for x in range(-half, half + 1):
            shifted = flat[(y + half) * width + x + half :]
            shifted.take(corner, out=height, mode="clip")  # nothing is clipped: other modes copy once more
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

    The rise per run follows Rayleigh's distribution: with s of :func:`gradient_noise` its median is
    1.1774 s, and 95 % stay below 2.4477 s.
    """
    s = gradient_noise(sigma, cell, half)
    return float(np.degrees(np.arctan(s * np.sqrt(-2 * np.log1p(-quantile)))))


def gradient_noise(sigma: float, cell: float, half: int) -> float:
    """Return the standard deviation that white noise gives each component of a window's gradient.

    It is sigma / (cell · √Σx²), the sum over the cells of the window; parameters as in :func:`noise_slope`.
    """
    squares = (2 * half + 1) * sum(x * x for x in range(-half, half + 1))
    return float(sigma / (cell * np.sqrt(squares)))


def is_one_plane(spread: Floats, sigma: float, cell: float, half: int) -> NDArray[np.bool_]:
    """Return whether noise alone explains how much the gradients of the windows of each roof differ.

    Parameters
    ----------
    spread : mean squared distance of the gradients (gx, gy) from their mean, NaN where there are none.
    sigma, cell, half : as in :func:`noise_slope`.

    Noise gives 2 s² (:func:`gradient_noise`), at most; :data:`PLANE_SPREAD` times as much is allowed. Two
    like sides of a ridge with a pitch that exceeds the slope of noise (95 %) have 8 s².
    """
    return np.asarray(spread <= PLANE_SPREAD * 2 * gradient_noise(sigma, cell, half) ** 2)


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


# -- surfaces that were not measured ----------------------------------------------------------------------


def level_squares(z: Floats, side: int) -> NDArray[np.bool_]:
    """Return which cells lie in a square of ``side`` cells that all hold exactly the same height.

    No survey gives such squares: they are filled holes, model roofs, or heights stored in large steps.

    Parameters
    ----------
    z : heights, shape (rows, cols).
    side : cells, at least 2.

    Returns
    -------
    Bool, shape (rows, cols).
    """
    found = np.zeros(z.shape, dtype=bool)
    if min(z.shape) < side or not _may_hold_square(z, side):
        return found
    rows, cols = z.shape[0] - side + 1, z.shape[1] - side + 1
    across = _all_of(z[:, 1:] == z[:, :-1], side - 1, axis=1)
    down = _all_of(z[1:, :cols] == z[:-1, :cols], side - 1, axis=0)
    corner = _all_of(across, side, axis=0) & down
    if corner.any():
        for row in range(side):
            for col in range(side):
                found[row : row + rows, col : col + cols] |= corner
    return found


def _may_hold_square(z: Floats, side: int) -> bool:
    """Return whether any level square can be there, looking at every ``side``-th row: each crosses one.

    Where there is one, the row above or below has the same run of equal heights.
    """
    rows = z[side - 1 :: side]
    row, col = np.nonzero(_all_of(rows[:, 1:] == rows[:, :-1], side - 1, axis=1))
    row = (row + 1) * side - 1
    run = col[:, None] + np.arange(side)
    height = z[row, col][:, None]
    below = np.minimum(row + 1, len(z) - 1)
    return any(bool((z[near[:, None], run] == height).all(axis=1).any()) for near in (row - 1, below))


def _all_of(holds: NDArray[np.bool_], count: int, axis: int) -> NDArray[np.bool_]:
    """Return where ``count`` neighbours along an axis all hold, from the first of them on."""
    along = holds if axis == 0 else holds.T
    size = len(along) - count + 1
    result = along[:size].copy("K")
    for step in range(1, count):
        result &= along[step : step + size]
    return result if axis == 0 else result.T


def on_terraces(z: Floats, cells: Integers) -> NDArray[np.bool_]:
    """Return which cells have exactly the height of all their four neighbours.

    Parameters
    ----------
    z : heights as stored, shape (rows, cols).
    cells : positions in ``z.ravel()``, shape (n,); none on the rim of ``z``.
    """
    flat, width = z.ravel(), z.shape[1]
    found = flat[cells + 1] == flat[cells]
    for step in (width, -1, -width):
        like = np.flatnonzero(found)
        found[like] = flat[cells[like] + step] == flat[cells[like]]
    return found


def least_rises(z: Floats, cells: Integers) -> Floats:
    """Return the smaller of the rises to the neighbours east and south that are not 0, else infinity.

    Parameters as in :func:`on_terraces`; result in metres, shape (n,).
    """
    flat, centre = z.ravel(), z.ravel()[cells]
    rises = np.abs([flat[cells + 1] - centre, flat[cells + z.shape[1]] - centre])
    rises[~(rises > 0)] = np.inf
    return rises.min(axis=0)


def step_slope(step: Floats, cell: float, half: Integers | int) -> Floats:
    """Return the slope in degrees that rounding to multiples of ``step`` can give or take from a surface.

    Parameters
    ----------
    step : metres.
    cell : cell size in metres.
    half : half width in cells of the window of :func:`plane_slope`.

    Rounding moves each height by up to step / 2. All moved to the worse, the gradient errs by
    (step / 2) Σ|x| / (cell Σx²), summed over the window: 1.5 steps over the window's side.
    """
    return np.degrees(np.arctan(1.5 * step / ((2 * half + 1) * cell)))
