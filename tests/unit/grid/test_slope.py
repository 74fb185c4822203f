"""Slopes against a published value, closed forms and simulated noise."""

from __future__ import annotations

import math

import numpy as np
import pytest
from gruene_infra.gruene_infra_plugin.methods.grid.slope import (
    RESIDUAL_STEP,
    count_residuals,
    estimate_noise,
    fit_windows,
    gradient_noise,
    horn,
    is_one_plane,
    least_rises,
    level_squares,
    noise_slope,
    on_terraces,
    plane_slope,
    step_slope,
)
from hypothesis import given
from hypothesis import strategies as st


def grid(rows: int, cols: int, cell: float) -> tuple[np.ndarray, np.ndarray]:
    """Return eastings and northings of the centres, symmetric about 0."""
    x, y = (np.arange(n) - (n - 1) / 2 for n in (cols, rows))
    return np.meshgrid(x * cell, -y * cell)


def inner(z: np.ndarray, rim: int) -> np.ndarray:
    return np.arange(z.size).reshape(z.shape)[rim:-rim, rim:-rim].ravel()


def noise(sigma: float, side: int = 700) -> np.ndarray:
    return np.random.default_rng(20301231).normal(0, sigma, (side, side))


def test_horn_gives_the_published_slope():
    """R4, ArcGIS help, "How Slope works": printed 75.25762 and, cut off, 3.80032 rise per run."""
    slope = horn(np.array([[50.0, 45, 50], [30, 30, 30], [8, 10, 10]]), 5.0)
    assert slope == pytest.approx(np.array([[75.25766]]), abs=5e-6)
    assert math.tan(math.radians(slope.item())) == pytest.approx(3.80032, abs=1e-5)


@given(st.floats(-3, 3), st.floats(-3, 3), st.sampled_from([0.2, 0.5, 1.0, 2.0]), st.sampled_from([1, 2, 3]))
def test_a_plane_has_its_slope_everywhere(rise_x, rise_y, cell, half):
    x, y = grid(9, 11, cell)
    z = 80 + rise_x * x + rise_y * y
    expected = math.degrees(math.atan(math.hypot(rise_x, rise_y)))
    assert horn(z, cell) == pytest.approx(np.full((7, 9), expected), abs=1e-6)
    slope = plane_slope(z, cell, half)
    assert slope == pytest.approx(np.full((9 - 2 * half, 11 - 2 * half), expected), abs=1e-6)
    fit = fit_windows(z, inner(z, half), cell, half)
    assert fit.fold == pytest.approx(0, abs=1e-9)
    assert fit.residual == pytest.approx(0, abs=1e-9)


def test_the_plane_is_that_of_least_squares():
    z = noise(1.0, 5)
    x, y = grid(5, 5, 0.5)
    terms = np.column_stack([x.ravel(), y.ravel(), np.ones(25)])
    (gx, gy, _), *_ = np.linalg.lstsq(terms, z.ravel(), rcond=None)
    assert plane_slope(z, 0.5, 2).item() == pytest.approx(math.degrees(math.atan(math.hypot(gx, gy))))


@pytest.mark.parametrize("half", [1, 2])
def test_a_window_with_a_missing_height_has_no_slope(half):
    z = np.zeros((11, 11))
    z[5, 5] = np.nan
    missing = np.zeros((11 - 2 * half,) * 2, dtype=bool)
    missing[5 - 2 * half : 6, 5 - 2 * half : 6] = True
    assert (np.isnan(plane_slope(z, 1.0, half)) == missing).all()
    assert np.isnan(horn(z, 1.0)).sum() in (8, 9)


@pytest.mark.parametrize("half", [1, 2])
@pytest.mark.parametrize("rise", [-0.7, 0.7])
def test_the_fold_of_a_ridge_is_the_rise_of_its_sides(half, rise):
    """The plane in a window on the ridge is level, and would take any gable for a flat roof."""
    x, _ = grid(9, 9, 0.5)
    z = rise * np.abs(x)
    fit = fit_windows(z, np.array([4 * 9 + 4]), 0.5, half)
    assert fit.slope.item() == pytest.approx(0, abs=1e-9)
    assert fit.fold.item() == pytest.approx(0.7)
    assert fit.residual.item() == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize(("sigma", "cell", "median"), [(0.1, 1.0, 2.92), (0.2, 0.5, 11.52)])
def test_noise_gives_a_level_roof_a_slope(sigma, cell, median):
    """METHODS HZ02: about 3° and 11.5° in the median by Horn; √12 / 8 of the noise per component."""
    s = sigma / cell * math.sqrt(12) / 8
    assert math.degrees(math.atan(1.1774 * s)) == pytest.approx(median, abs=0.01)
    assert np.median(horn(noise(sigma), cell)) == pytest.approx(median, rel=0.01)


@pytest.mark.parametrize("half", [1, 2])
@pytest.mark.parametrize(("quantile", "factor"), [(0.5, 1.1774), (0.95, 2.4477)])
def test_the_slope_of_noise_is_predicted(half, quantile, factor):
    squares = {1: 6, 2: 50}[half]
    predicted = noise_slope(0.1, 0.5, half, quantile)
    assert math.tan(math.radians(predicted)) == pytest.approx(factor * 0.2 / math.sqrt(squares), rel=1e-4)
    assert np.quantile(plane_slope(noise(0.1), 0.5, half), quantile) == pytest.approx(predicted, rel=0.02)


@pytest.mark.parametrize(("half", "squares"), [(1, 6), (2, 50)])
def test_the_gradient_of_noise_has_its_deviation(half, squares):
    assert gradient_noise(0.1, 0.5, half) == pytest.approx(0.2 / math.sqrt(squares))
    z = noise(0.1)
    fit = fit_windows(z, inner(z, half), 0.5, half)
    assert [fit.gx.std(), fit.gy.std()] == pytest.approx([gradient_noise(0.1, 0.5, half)] * 2, rel=0.01)


def test_what_noise_explains_is_one_plane():
    """Noise gives 2 s², two like sides of a ridge that is just assessable 8 s² (2.4477² + 2)."""
    s = gradient_noise(0.1, 0.5, 2)
    spread = np.array([0, 2, 2.9, 3.1, 8, np.nan]) * s**2
    assert is_one_plane(spread, 0.1, 0.5, 2).tolist() == [True, True, True, False, False, False]
    assert not is_one_plane(np.zeros(1), math.nan, 0.5, 2).any()


@pytest.mark.parametrize("sigma", [0.01, 0.05, 0.1, 0.2])
def test_noise_is_estimated_beside_roofs_of_any_pitch(sigma):
    x, y = grid(300, 300, 1.0)
    roofs = np.abs((x + 500) % 24 - 12) * 0.7 + 4 * (y // 40 % 2)
    z = roofs + noise(sigma, 300)
    counts = count_residuals(fit_windows(z, inner(z, 2), 1.0, 2).residual)
    assert estimate_noise(counts) == pytest.approx(sigma, rel=0.06)


def test_counts_of_parts_add_up():
    residual = np.random.default_rng(1).normal(0, 0.1, 1000)
    parts = count_residuals(residual[:300]) + count_residuals(residual[300:])
    assert (parts == count_residuals(residual)).all()


def test_without_residuals_there_is_no_noise_to_tell():
    assert math.isnan(estimate_noise(count_residuals(np.array([np.nan, np.nan]))))
    assert estimate_noise(count_residuals(np.zeros(100))) < RESIDUAL_STEP
    assert estimate_noise(count_residuals(np.full(10, 99.0))) == pytest.approx(5 / 0.6745, rel=1e-3)


# -- surfaces that were not measured ----------------------------------------------------------------------


def squares_by_hand(z: np.ndarray, side: int) -> np.ndarray:
    found = np.zeros(z.shape, dtype=bool)
    for row in range(len(z) - side + 1):
        for col in range(z.shape[1] - side + 1):
            square = np.s_[row : row + side, col : col + side]
            found[square] |= (z[square] == z[row, col]).all()
    return found


@pytest.mark.parametrize("side", [2, 3, 5])
@given(st.integers(0, 2**32 - 1), st.integers(1, 12), st.integers(1, 12))
def test_level_squares_are_those_of_equal_heights(side, seed, rows, cols):
    """Of random heights of three values, with two level patches laid over them."""
    rng = np.random.default_rng(seed)
    z = rng.choice([0.0, 1.0, np.nan], (rows, cols), p=[0.7, 0.25, 0.05])
    for _ in range(2):
        row, col = rng.integers(0, rows), rng.integers(0, cols)
        z[row : row + rng.integers(1, 8), col : col + rng.integers(1, 8)] = rng.integers(0, 2)
    assert (level_squares(z, side) == squares_by_hand(z, side)).all()


def test_terraces_and_the_rise_beside_them():
    """Steps of 0.5 m every four cells, from west to east."""
    z = np.repeat(np.repeat([60.0, 60.5, 61.0], 4)[None, :], 5, axis=0)
    cells = np.array([2 * 12 + col for col in range(1, 11)])
    assert on_terraces(z, cells).tolist() == [col % 4 in (1, 2) for col in range(1, 11)]
    rises = [0.5 if col % 4 == 3 else np.inf for col in range(1, 11)]
    assert least_rises(z, cells).tolist() == rises


@pytest.mark.parametrize(("half", "share"), [(1, 0.5), (2, 0.3)])
def test_steps_mislead_by_as_much_as_the_worst_rounding(half, share):
    """All heights moved to the worse by half a step: 0.5 steps per cell in 3 x 3 cells, 0.3 in 5 x 5."""
    side = 2 * half + 1
    worst = np.repeat(0.05 * np.sign(np.arange(side) - half)[None, :], side, axis=0)
    expected = math.degrees(math.atan(share * 0.1))
    assert plane_slope(worst, 1.0, half).item() == pytest.approx(expected)
    assert step_slope(0.1, 1.0, half) == pytest.approx(expected)


@given(st.floats(0, 40), st.floats(0, 360), st.sampled_from([0.1, 0.5, 1.0]))
def test_no_rounding_moves_a_slope_by_more(pitch, azimuth, step):
    x, y = grid(5, 5, 1.0)
    turn = math.radians(azimuth)
    z = math.tan(math.radians(pitch)) * (x * math.cos(turn) + y * math.sin(turn)) + 0.37
    rounded = np.round(z / step) * step
    found = math.tan(math.radians(plane_slope(rounded, 1.0, 2).item()))
    most = math.tan(math.radians(step_slope(step, 1.0, 2)))
    assert abs(found - math.tan(math.radians(pitch))) <= most + 1e-9
