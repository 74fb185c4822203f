"""Slopes of gridded surfaces: published value, planes of known slope, and what noise does."""

from __future__ import annotations

import numpy as np
import pytest
from gruene_infra.gruene_infra_plugin.methods.slope import (
    count_residuals,
    estimate_noise,
    fit_windows,
    horn,
    noise_slope,
    plane_slope,
)


def plane(degrees: float, towards: float, size: int = 15, cell: float = 1.0) -> np.ndarray:
    rise, angle = np.tan(np.radians(degrees)), np.radians(towards)
    y, x = np.mgrid[:size, :size] * cell
    return rise * (np.cos(angle) * x + np.sin(angle) * y)


def test_horn_gives_the_published_value():
    """ArcGIS help, "How Slope works": 75.25762° printed, 75.25766° exact (METHODS R4)."""
    z = np.array([[50.0, 45.0, 50.0], [30.0, 30.0, 30.0], [8.0, 10.0, 10.0]])
    assert horn(z, 5.0) == pytest.approx(np.array([[75.25766]]), abs=1e-5)
    assert np.tan(np.radians(horn(z, 5.0)))[0, 0] == pytest.approx(3.80032, abs=1e-5)


@pytest.mark.parametrize("degrees", [0.0, 3.0, 8.0, 35.0, 60.0])
@pytest.mark.parametrize("towards", [0.0, 30.0, 45.0, 200.0])
@pytest.mark.parametrize(("cell", "half"), [(1.0, 1), (0.5, 2), (2.0, 3)])
def test_a_plane_has_its_slope_whatever_its_aspect_and_the_window(degrees, towards, cell, half):
    found = plane_slope(plane(degrees, towards, cell=cell), cell, half)
    assert found.shape == (15 - 2 * half, 15 - 2 * half)
    np.testing.assert_allclose(found, degrees, atol=1e-5)


def test_a_window_with_a_hole_has_no_slope():
    z = plane(10.0, 0.0)
    z[7, 7] = np.nan
    found = plane_slope(z, 1.0, 1)
    assert np.isnan(found[5:8, 5:8]).all()
    assert np.count_nonzero(np.isnan(found)) == 9


@pytest.mark.parametrize(
    ("sigma", "cell", "median"), [(0.1, 1.0, 2.9), (0.2, 0.5, 11.5)], ids=["1 m", "0.5 m"]
)
def test_noise_makes_a_level_roof_slope_as_the_method_warns(sigma, cell, median):
    """METHODS HZ02: 0.1 m on 1 m cells about 3°, 0.2 m on 0.5 m cells 11.5°, by Horn."""
    z = np.random.default_rng(3).normal(0, sigma, (400, 400))
    assert np.median(horn(z, cell)) == pytest.approx(median, rel=0.05)


@pytest.mark.parametrize("half", [1, 2, 3])
def test_noise_slope_is_what_noise_does(half):
    z = np.random.default_rng(4).normal(0, 0.1, (400, 400))
    found = plane_slope(z, 1.0, half)
    assert np.quantile(found, 0.95) == pytest.approx(noise_slope(0.1, 1.0, half), rel=0.03)
    assert np.quantile(found, 0.5) == pytest.approx(noise_slope(0.1, 1.0, half, 0.5), rel=0.03)


@pytest.mark.parametrize("sigma", [0.02, 0.1, 0.3])
@pytest.mark.parametrize("degrees", [0.0, 35.0])
def test_noise_is_estimated_on_level_and_tilted_roofs(sigma, degrees):
    size = 300
    z = plane(degrees, 20.0, size) + np.random.default_rng(5).normal(0, sigma, (size, size))
    z[::50] += 1.0  # a few steps and chimneys do not count
    inner = np.arange(z.size).reshape(z.shape)[2:-2, 2:-2].ravel()
    counts = count_residuals(fit_windows(z, inner, 1.0, 1).residual)
    assert estimate_noise(counts) == pytest.approx(sigma, rel=0.15)


def test_without_any_cell_the_noise_is_unknown():
    assert np.isnan(estimate_noise(count_residuals(np.array([np.nan]))))
