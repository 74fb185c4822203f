"""PC of 404 habitat nodes as the R package Makurhini prints it (vignette PC_IIC; METHODS R1)."""

from __future__ import annotations

import numpy as np
import pytest
from gruene_infra.gruene_infra_plugin.methods.patches.connectivity import (
    Network,
    connectivity,
    dispersal_probability,
    node_importance,
)

from .conftest import SHARED

LANDSCAPE_HA = 2_761_373.47
NODES = SHARED / "reference" / "habitat_nodes_404.csv"


@pytest.fixture(scope="module")
def network():
    """All pairs linked by the straight distance between the points, p = 0.5 at 10 km."""
    if not NODES.is_file():
        pytest.skip(f"reference nodes not found at {NODES}")
    table = np.genfromtxt(NODES, delimiter=",", names=True)
    first, second = np.triu_indices(len(table), 1)
    distance = np.hypot(table["x"][first] - table["x"][second], table["y"][first] - table["y"][second])
    ends = np.stack([first, second], axis=1)
    return Network(table["area_ha"], ends, dispersal_probability(distance, 10_000))


def test_pc_and_ec(network):
    found = connectivity(network)
    assert f"{found.pcnum:.6e}" == "2.136028e+11"
    assert round(found.ec, 1) == 462_171.8
    assert round(found.pc(LANDSCAPE_HA), 8) == 0.02801281


@pytest.mark.parametrize(
    ("node", "dpc", "intra", "flux"),
    [
        (1, 0.0016597, 0.0000034, 0.0016563),
        (3, 0.1965744, 0.0568530, 0.1397214),
        (10, 0.8901452, 0.4057714, 0.4843738),
    ],
)
def test_importance_of_nodes(network, node, dpc, intra, flux):
    found = node_importance(network, [node - 1])
    values = (found.dpc[0], found.intra[0], found.flux[0], found.connector[0])
    assert tuple(round(float(value), 7) for value in values) == (dpc, intra, flux, 0)
