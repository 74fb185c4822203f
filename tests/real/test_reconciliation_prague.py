"""407 plots of Prague in the register, 30 of them split and 40 merged in pairs: no hectare is lost."""

from __future__ import annotations

import random

import pytest
from gruene_infra.gruene_infra_plugin.methods.parcels.space_types import SpaceType
from gruene_infra.gruene_infra_plugin.register.model import ParcelRecord, Role
from gruene_infra.gruene_infra_plugin.register.store import Register
from qgis.core import QgsVectorLayer

from ..layer_factory import layer, reprojected
from ..parcel_scenes import Scene

CRS = "EPSG:25833"


@pytest.fixture(scope="module")
def plots(data):
    source = reprojected(QgsVectorLayer(f"{data / 'prague_plots.gpkg'}|layername=plots"), CRS)
    return {f"plot {f['ID']}": f.geometry() for f in source.getFeatures()}


def everything(register: Register) -> tuple:
    assignments = [(*row.row, row.status) for row in register.assignments()]
    types = [(row.parcel, row.raumtyp, row.share, row.origin) for row in register.space_types()]
    return register.parcels(), assignments, types


def hectares(totals) -> dict:
    return {group: total.hectares for group, total in totals.items()}


@pytest.mark.parametrize(("seed", "east", "north"), [(1, 0.0, 0.0), (2, 0.2, 0.0), (3, -0.12, 0.16)])
def test_hectares_per_goal_are_kept_and_undo_brings_everything_back(plots, run, tmp_path, seed, east, north):
    """Plots that are merged are in the same goals, so that no goal gets land that it did not have."""
    path, chance = tmp_path / "register.gpkg", random.Random(seed)
    register = Register.create(path, CRS, who="Anna")
    scene = Scene(plots, seed, splits=30, merges=20, renumbered=15).shifted(east, north)
    stored = {key: ParcelRecord.of(key.upper(), shape) for key, shape in scene.old.items()}
    register.assign(stored.values(), [2], Role.MEASURE)
    for goal in (13, 19):
        chosen = [old for olds, _ in sorted(scene.expected) if chance.random() < 0.5 for old in olds]
        register.assign([stored[key] for key in chosen], [goal], Role.POTENTIAL)
    pairs = [olds for olds, _ in sorted(scene.expected) if chance.random() < 0.5]
    register.set_space_type([stored[key] for olds in pairs for key in olds], SpaceType.BETWEEN, 100.0)
    before, goals = everything(register), hectares(register.totals_by_goal())
    types = hectares(register.totals_by_space_type())
    assert len(register.parcels()) == 407
    assert goals[2] > goals[13] > 1

    newer = layer(
        list(scene.new.values()), {"kennzeichen": [key.upper() for key in scene.new]}, crs=CRS, name="neu"
    )
    proposed = run("reconcile_register", REGISTER=str(path), PARCELS=newer)
    kinds = {(row["fall"], row["art"]) for row in proposed.rows()}
    assert sum(kind == "geteilt" for _, kind in kinds) == 30
    assert sum(kind == "verschmolzen" for _, kind in kinds) == 20
    assert {row["uebernehmen"] for row in proposed.rows()} == {1}
    run(
        "apply_reconciliation",
        REGISTER=str(path),
        PROPOSALS=proposed.layer(),
        MIN_SHARE=0.0,
        WHO="Anna",
    )

    assert {parcel.key.key for parcel in register.parcels()} == {key.upper() for key in scene.new}
    assert hectares(register.totals_by_goal()) == pytest.approx(goals, rel=1e-6)
    assert hectares(register.totals_by_space_type()) == pytest.approx(types, rel=1e-6)
    shares = [row.share for row in register.space_types()]
    assert shares.count(100.0) >= 0.95 * len(shares)
    again = run("reconcile_register", REGISTER=str(path), PARCELS=newer)
    assert again.rows() == [], "what was applied is no change any more"

    register.undo()
    assert everything(register) == before
    register.close()
