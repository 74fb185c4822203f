"""hz23_landscape_elements: values by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from ...layer_factory import box, layer

TOWN = layer([box(0, 0, 1000, 1000)], {"gemeinde": ["Ort"], "ags": ["05999001"]}, name="gemeinden")


def example(_folder: Path) -> dict[str, object]:
    """Six squares of 1 ha in a town of 100 ha."""
    shapes = [box(150 * k, 0, 100, 100) for k in range(6)]
    return {
        "SHAPES": layer(shapes, name="flaechen"),
        "AREAS": TOWN,
        "AREAS_NAME": "gemeinde",
        "AREAS_KEY": "ags",
    }


def test_values_by_hand(run, tmp_path):
    rows = run("hz23_landscape_elements", **example(tmp_path)).rows("SUMMARY")
    assert [row["wert"] for row in rows if row["gebiet_art"] == "Gemeinde"] == [pytest.approx(6.0)]
