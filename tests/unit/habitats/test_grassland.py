"""Permanent grassland: which grids are one, and which surveys mean the same by it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from gruene_infra.gruene_infra_plugin.methods.habitats.grassland import Basis, Grid, may_be_grassland

GRID = Grid("EPSG:3035", 4_000_000.0, 3_000_000.0, 100.0, 400, 300)
BLOCKS = Basis("", "NUTZ_TXT", {"grünland", "dgl"}, is_raster=False)
CELLS = Basis("", None, (), is_raster=True)


@pytest.mark.parametrize(
    ("east", "north", "aligned"),
    [(0, 0, True), (300, -700, True), (4.9, 0, True), (95.1, 0, True), (5.1, 0, False), (0, 61, False)],
)
def test_cells_lie_upon_each_other_wherever_the_corners_are(east, north, aligned):
    other = replace(GRID, x=GRID.x + east, y=GRID.y + north)
    assert GRID.is_aligned(other) is other.is_aligned(GRID) is aligned
    assert GRID.offset(other) == pytest.approx((east, north))


def test_cells_that_drift_apart_are_not_aligned():
    assert GRID.is_aligned(replace(GRID, cell=100.01))
    assert not GRID.is_aligned(replace(GRID, cell=100.02))
    assert not GRID.is_aligned(replace(GRID, cell=50.0))


def test_cells_of_another_crs_are_not_aligned():
    assert not GRID.is_aligned(replace(GRID, crs="EPSG:25832"))


@pytest.mark.parametrize(
    ("change", "alike"),
    [
        ({}, True),
        ({"words": {"grünland"}}, True),
        ({"words": {"231"}}, False),
        ({"field": "nutz_txt"}, True),
        ({"field": "objart"}, False),
        ({"field": None}, False),
        ({"is_raster": True}, False),
        ({"source": "Feldblöcke"}, True),
    ],
)
def test_surveys_mean_the_same_by_the_same_field_and_words(change, alike):
    assert BLOCKS.is_like(replace(BLOCKS, **change)) is replace(BLOCKS, **change).is_like(BLOCKS) is alike


def test_named_products_decide():
    one, other = replace(BLOCKS, source="Feldblöcke"), replace(CELLS, source="FELDBLÖCKE ")
    assert one.is_like(other)
    assert not one.is_like(replace(BLOCKS, source="ALKIS"))
    assert CELLS.is_like(CELLS)


def test_layers_of_grassland_only_mean_the_same():
    assert replace(BLOCKS, field=None).is_like(replace(BLOCKS, field=None, words=()))


def test_what_sounds_like_grassland_in_no_list_is_unknown():
    words = ("Grünland extensiv", "Dauergruenland", "43001", "Feuchtgrünland", "Wald", "43002", None)
    assert [may_be_grassland(word) for word in words] == [True] * 4 + [False] * 3
