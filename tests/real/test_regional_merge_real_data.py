"""53 packages of the Metropole Ruhr on the outlines of its municipalities."""

from __future__ import annotations

from pathlib import Path

import pytest
from gruene_infra.gruene_infra_plugin.strategy import load_strategy

from ..packages import write_package
from ..qgis.report.test_regional_merge import AS_OF, gaps, regional, row, warned

TOWNS = load_strategy().municipalities


@pytest.fixture
def outlines(data: Path) -> str:
    """The 53 municipalities, which have names and no keys there."""
    return f"{data / 'ruhr.gpkg'}|layername=municipalities"


def packages(folder: Path, without: int | None = None) -> Path:
    """Write a package for each municipality but one: forest of 20 of 100 ha, as many gaps as its number."""
    for number, town in enumerate(TOWNS):
        if number != without:
            keys = {"ags": town.ags}
            write_package(
                folder / town.ags, row(town.name, 20.0, **keys), gaps(town.name, float(number), **keys)
            )
    return folder


def test_53_packages_are_the_region(run, outlines, tmp_path):
    """20 % everywhere; 0 + 1 + … + 52 = 1 378 gaps, 26 on average, and a target that one of 53 reaches."""
    place = packages(tmp_path / "pakete")
    done = run("regional_merge", INPUT=str(place), AREAS=outlines, AREAS_NAME="GN", AS_OF=AS_OF)
    assert [(one["wert"], one["n_objekte"], one["n_ausgelassen"]) for one in regional(done)] == [
        (pytest.approx(20.0), 53, 0)
    ] * 2
    counts = [one["wert"] for one in regional(done, "hz13.unterbrechungen.anzahl")]
    assert counts == [pytest.approx(26.0), pytest.approx(26.0), 1378.0]
    found = done.rows("MUNICIPALITIES")
    assert {one["ags"] for one in found} == {town.ags for town in TOWNS}
    assert (sum(one["ziele_erreicht"] for one in found), sum(one["ziele_luecke"] for one in found)) == (1, 52)
    area = sum(feature.geometry().area() for feature in done.layer("MUNICIPALITIES").getFeatures())
    assert area / 10_000 == pytest.approx(443_900, rel=0.005), "the region has 443 900 ha"
    assert done.log.warnings == []


def test_one_of_53_packages_is_from_another_region(run, outlines, tmp_path):
    """Without Essen, the second of them, 52 of 53 are assessed; its share of 1 gap is missing from 1 378."""
    place = packages(tmp_path / "pakete", without=1)
    write_package(place / "koeln", row("Köln", 5.0, ags="05315000"), gaps("Köln", 900.0, ags="05315000"))
    done = run("regional_merge", INPUT=str(place), AREAS=outlines, AREAS_NAME="GN", AS_OF=AS_OF)
    assert warned(done, "koeln: left out: Köln: not among the municipalities of the region")
    assert warned(done, "1 of 53 municipalities have no finding: Essen.")
    (_, _, total) = regional(done, "hz13.unterbrechungen.anzahl")
    assert (total["wert"], total["n_objekte"], total["n_ausgelassen"]) == (1377.0, 52, 1)
