"""The algorithms create_register and assign_parcels, in both databases."""

from __future__ import annotations

import pytest
from gruene_infra.gruene_infra_plugin.register.model import AssignmentRecord, Project, Role, Status
from qgis.core import QgsProcessingException

from ...layer_factory import box, layer
from .registers import key


def plots(numbers, **fields):
    return layer(
        [box(100 * n, 0, 100, 50) for n in numbers],
        {"flstkennz": [f"051234-007-{n}" for n in numbers], **fields},
        name="flurstuecke",
    )


def test_a_register_is_created_once(run, site, where):
    run("create_register", **where)
    assert site.open().assignments() == []
    with pytest.raises(QgsProcessingException):
        run("create_register", **where)


def test_parcels_are_assigned_to_goals(run, register, site, where):
    register.add_project(Project("Emscherumbau"))
    given = {"GOALS": "2, HZ19", "ROLE": "Potenzial", "STATUS": "geplant", "PROJECT": "Emscherumbau"}
    result = run("assign_parcels", PARCELS=plots([1, 2], ags=["05113000"] * 2), NOTE="Ufer", **given, **where)
    assert result.results["COUNT"] == 4
    found = site.open()
    assert found.assignments() == [
        AssignmentRecord(key(n), hz, Role.POTENTIAL, Status.PLANNED, 1, None, None, "Ufer", 1)
        for n in (1, 2)
        for hz in (2, 19)
    ]
    assert [(parcel.area_m2, parcel.ags) for parcel in found.parcels()] == [(5000.0, "05113000")] * 2


@pytest.mark.parametrize(("choice", "note"), [("mine", "neu"), ("theirs", "alt")])
def test_a_differing_entry_stays_or_goes_as_asked(run, register, site, where, choice, note):
    run("assign_parcels", PARCELS=plots([1]), GOALS="2", NOTE="alt", **where)
    given = {"PARCELS": plots([1, 2]), "GOALS": "2", "NOTE": "neu"}
    with pytest.raises(QgsProcessingException, match=f"{key(1)}.*alt.*neu"):
        run("assign_parcels", **given, **where)
    assert len(site.open().assignments()) == 1, "nothing is written while a conflict stands"
    run("assign_parcels", **given, ON_CONFLICT=choice, **where)
    assert [row.note for row in site.open().assignments()] == [note, "neu"]


@pytest.mark.parametrize("goals", ["", "0", "28", "zwei", "2; 3", "2.5", "-1"])
def test_what_is_no_goal_is_refused(run, register, where, goals):
    with pytest.raises(QgsProcessingException, match="GOALS"):
        run("assign_parcels", PARCELS=plots([1]), GOALS=goals, **where)


def test_keys_that_cannot_be_one_stop_the_whole_write(run, register, site, where):
    bad = layer([box(0, 0, 9, 9), box(9, 0, 9, 9)], {"flstkennz": ["051234-007-1", "x" * 10_000]}, name="f")
    with pytest.raises(QgsProcessingException, match="1 keys"):
        run("assign_parcels", PARCELS=bad, GOALS="2", **where)
    assert site.open().parcels() == []


def test_a_project_that_is_not_there_is_named_with_those_that_are(run, register, where):
    register.add_project(Project("Emscherumbau"))
    with pytest.raises(QgsProcessingException, match=r"Lippe.*Emscherumbau"):
        run("assign_parcels", PARCELS=plots([1]), GOALS="2", PROJECT="Lippe", **where)


def test_without_a_register_or_with_two_it_says_what_to_name(run, tmp_path):
    for given in ({}, {"REGISTER": str(tmp_path / "r.gpkg"), "CONNECTION": "team"}):
        with pytest.raises(QgsProcessingException, match="REGISTER"):
            run("assign_parcels", PARCELS=plots([1]), GOALS="2", **given)


@pytest.mark.parametrize(
    ("area", "counted", "stated"),
    [
        (["0,04 ha", "0,03 ha"], 400.0, None),
        (["400,0 m²", "300"], 400.0, None),
        ([0.04, 0.03], 400.0, "0.1"),
        (["-400", "-300"], 400.0, "-300.0"),
        (["400.000,0", "300.000,0"], 400.0, "300000.0"),
        (["viel", "wenig"], 400.0, None),
    ],
)
def test_a_parcel_in_two_versions_with_any_official_area_counts_once(run, site, where, area, counted, stated):
    """400 m² and a version of 300 m² inside it: never 700 m², and what is wrong is said."""
    site.create()
    columns = {"flstkennz": ["05123400700001"] * 2, "amtl_fl": area}
    given = layer([box(0, 0, 20, 20), box(0, 0, 15, 20)], columns)
    log = run("assign_parcels", PARCELS=given, GOALS="2", **where).log
    (found,) = site.open().parcels()
    assert found.area_m2 == counted
    assert "1 parcels come in versions that overlap" in log.text
    assert ("does not fit the outline" in log.text) == (stated is not None)
    assert ("2 official areas cannot be read" in log.text) == (area[0] == "viel")
    rows = run("check_register", **where).rows()
    said = f"Officially {stated} m², by its outline 400.0 m²; 400.0 m² are counted."
    assert [(row["pruefung"], row["angabe"]) for row in rows] == ([("Fläche", said)] if stated else [])
