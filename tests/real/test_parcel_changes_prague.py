"""Engine ``parcel_changes`` on 407 cadastral plots of Prague with planted changes.

Plots of half a square metre to 1.7 ha; 17 enclose others, two are narrower than a metre.
"""

from __future__ import annotations

from collections import Counter

import pytest
from gruene_infra.gruene_infra_plugin.spatial.parcels.parcel_changes import Kind, compare
from qgis.core import QgsGeometry, QgsVectorLayer

from ..layer_factory import reprojected
from ..parcel_scenes import Scene

SHIFTS = [(0.0, 0.0), (0.2, 0.0), (-0.12, 0.16)]


@pytest.fixture(scope="module")
def plots(data) -> dict[str, QgsGeometry]:
    """Plots by key in UTM; EPSG:3857, in which they come, makes areas 2.4 times as large."""
    source = reprojected(QgsVectorLayer(f"{data / 'prague_plots.gpkg'}|layername=plots"), "EPSG:25833")
    return {str(f["ID"]): f.geometry() for f in source.getFeatures()}


def test_the_plots_are_valid_and_share_boundaries(plots):
    assert len(plots) == 407
    assert all(plot.isGeosValid() for plot in plots.values())
    assert QgsGeometry.unaryUnion(plots.values()).area() == pytest.approx(
        sum(plot.area() for plot in plots.values()), rel=1e-6
    )


@pytest.mark.parametrize(("east", "north"), SHIFTS)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_planted_change_is_found_and_no_other(plots, seed, east, north):
    scene = Scene(plots, seed, splits=30, merges=20, renumbered=15, gone=5).shifted(east, north)
    cases = compare(scene.old, scene.new)
    assert {(case.old_keys, case.new_keys): case.kind for case in cases} == scene.expected
    count = Counter(case.kind for case in cases)
    planted = {Kind.SPLIT: 30, Kind.MERGED: 20, Kind.RENUMBERED: 15, Kind.GONE: 5}
    assert {kind: count[kind] for kind in planted} == planted
    assert count[Kind.UNCHANGED] + count[Kind.MOVED] == 407 - 30 - 40 - 15 - 5
    assert count[Kind.CHANGED] == 0


@pytest.mark.parametrize(("east", "north"), SHIFTS)
def test_shares_are_those_of_the_pieces_and_shifts_those_of_the_layer(plots, east, north):
    scene = Scene(plots, 4, splits=30, merges=20).shifted(east, north)
    shift = (east**2 + north**2) ** 0.5
    for case in compare(scene.old, scene.new):
        assert case.shift_m <= shift + 1e-6
        if case.kind is Kind.MOVED:
            assert case.shift_m == pytest.approx(shift, abs=1e-6)
        if case.kind is Kind.SPLIT:
            whole = sum(scene.new[key].area() for key in case.new_keys)
            for successor in case.successors[case.old_keys[0]]:
                perimeter = scene.new[successor.key].length()
                error = 1e-5 + shift * perimeter / whole
                assert successor.share == pytest.approx(scene.new[successor.key].area() / whole, abs=error)


def test_with_half_of_the_plots_stored_the_other_half_makes_no_case(plots):
    stored = dict(sorted(plots.items())[::2])
    scene = Scene(plots, 5).shifted(0.2, 0.0)
    cases = compare(stored, scene.new)
    assert {case.kind for case in cases} <= {Kind.MOVED, Kind.UNCHANGED}
    assert [case.old_keys for case in cases] == [(key,) for key in sorted(stored)]


def test_twice_the_same_run_is_the_same_to_the_last_digit(plots):
    scene = Scene(plots, 6, splits=30, merges=20, renumbered=5).shifted(0.2, 0.0)
    assert repr(compare(scene.old, scene.new)) == repr(compare(scene.old, scene.new))
