"""The rooms of the plugin know each other in one direction only."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SPATIAL = ROOT / "gruene_infra_plugin" / "spatial"
SUBJECTS = ("patches", "buildings", "settlement", "parcels", "soil", "habitats", "water")
KNOWN = {
    "geometry": set(),
    "reading": {"geometry"},
    "grid": {"geometry", "reading"},
    "attribution": {"geometry", "reading"},
    **{subject: {"geometry", "reading", "grid", "attribution"} for subject in SUBJECTS},
    "writing": {"geometry", "reading"},
}
KNOWN["water"] |= {"buildings"}  # what was built in floodplains, and since when
OTHER = re.compile(r"^from \.\.([a-z]+)\.\w+ import|^from \.\.\.?drafts", re.MULTILINE)


def test_every_room_has_its_place():
    assert {path.parent.name for path in SPATIAL.glob("*/__init__.py")} == set(KNOWN)


@pytest.mark.parametrize("room", KNOWN)
def test_a_room_knows_only_rooms_before_it(room):
    used = {name for path in (SPATIAL / room).glob("*.py") for name in OTHER.findall(path.read_text("utf-8"))}
    assert used <= KNOWN[room], used - KNOWN[room]


@pytest.mark.parametrize("package", ["methods", "strategy", "catalogue", "report"])
def test_what_imports_no_qgis(package):
    folder = ROOT / "gruene_infra_plugin" / package
    importing = re.compile(r"^(from|import) (qgis|osgeo)\b", re.MULTILINE)
    assert [p.name for p in folder.rglob("*.py") if importing.search(p.read_text("utf-8"))] == []


def test_engines_know_no_algorithms_panel_or_maps():
    above = re.compile(r"^from \.{3,}(dock|cartography|processing)\b", re.MULTILINE)
    found = [path.name for path in SPATIAL.rglob("*.py") if above.search(path.read_text("utf-8"))]
    assert found == []
