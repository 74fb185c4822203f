"""What results of analyses suggest for parcels: amounts, counts, thresholds and words by hand."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from gruene_infra.gruene_infra_plugin.catalogue import load_entry
from gruene_infra.gruene_infra_plugin.dock.suggestions.evidence import (
    ResultLayer,
    known_results,
    measure,
    result_layers,
)
from gruene_infra.gruene_infra_plugin.dock.suggestions.told import records, suggestions
from gruene_infra.gruene_infra_plugin.register.model import AssignmentRecord, ParcelRecord, Role, Status
from gruene_infra.gruene_infra_plugin.spatial.geometry.wkb import geometry_of
from gruene_infra.gruene_infra_plugin.spatial.parcels.known_results import Filter, Thresholds, recognised
from qgis.core import NULL, QgsProcessingException, QgsProcessingFeedback, QgsProject

from ...layer_factory import EAST, NORTH, UTM, box, geometry, layer, line, reprojected, table
from ...runs import Log

DAY = dt.date(2026, 11, 22)
KEYS = [f"0512340070001{number}______" for number in range(3)]


def parcel(place, shape):
    return ParcelRecord.of(KEYS[place], geometry(shape))


PARCELS = [parcel(n, box(100 * n, 0, 100, 100)) for n in range(3)]
"""Three squares of 100 m in a row."""


def roofs(shapes, candidates=None, flat=None, **how):
    count = len(shapes)
    columns = {
        "kandidat": candidates or [1] * count,
        "flach_m2": flat or [200.0] * count,
        "gruen_m2": [0.0] * count,
    }
    return layer(shapes, columns, name="gebaeude", **how)


def gaps(*lines, gains=(1.25,)):
    columns = {"gewinn_ha": gains, "gewinn_folge_ha": gains, "hindernis_m": [0.0] * len(lines)}
    return layer(lines, columns, name="luecken")


def told(*layers, parcels=PARCELS, assignments=(), language="de", **thresholds):
    """Return what layers suggest."""
    given = [ResultLayer(one) for one in layers]
    found = measure(given, parcels, UTM, QgsProcessingFeedback(), replace(Thresholds.usual(), **thresholds))
    assert not found.troubles
    return suggestions(found, assignments, language, DAY)


def test_roofs_are_told_per_parcel_and_together():
    """Two candidates in the first parcel, one in the second, a roof in the third that is none."""
    shapes = [box(10, 10, 20, 10), box(40, 10, 20, 60), box(110, 10, 20, 10), box(210, 10, 20, 10)]
    (found,) = told(roofs(shapes, [1, 1, 1, 0], [180.0, 1060.0, 90.6, 200.0]))
    assert (found.goal, found.role, found.algorithm) == (2, Role.POTENTIAL, "hz02_roof_greening")
    assert found.says == "3 Dächer, 1.331\u202fm² flach"
    assert found.evidence == {
        KEYS[0]: "HZ 02: 2 Dächer, 1.240\u202fm² flach "
        "(gebaeude → Dächer für die nächste Begrünung, 22.11.2026)",
        KEYS[
            1
        ]: "HZ 02: 1 Dach, 90,6\u202fm² flach (gebaeude → Dächer für die nächste Begrünung, 22.11.2026)",
    }
    assert len(found.shapes) == 3


def test_of_many_features_some_are_shown_that_reach_as_far_as_all():
    """In three parcels 33 by 11 roofs of 5 m × 5 m, then the outermost in the south west."""
    grid = [(9 * k % 297 + 2, 9 * (9 * k // 297) + 2) for k in range(363)]
    (found,) = told(roofs([box(x, y, 5, 5) for x, y in [*grid, (1, 1)]]))
    shown = [geometry_of(shape).boundingBox() for shape in found.shapes]
    assert len(shown) == 100
    assert min(one.xMinimum() for one in shown) == EAST + 1
    assert min(one.yMinimum() for one in shown) == NORTH + 1
    assert max(one.xMaximum() for one in shown) == EAST + 9 * 32 + 7
    assert max(one.yMaximum() for one in shown) == NORTH + 9 * 10 + 7


def test_evidence_is_told_in_english_as_well():
    (found,) = told(roofs([box(10, 10, 20, 60)], flat=[1200.0]), language="en")
    proof = "HZ 02: 1 roof, 1,200\u202fm² flat (gebaeude → Roofs to be greened next, 22 Nov 2026)"
    assert found.evidence == {KEYS[0]: proof}


def test_a_roof_on_a_border_counts_in_each_parcel_with_its_share():
    """A roof of 40 m × 10 m, a quarter of it in the first parcel, with 200 m² flat."""
    (found,) = told(roofs([box(90, 10, 40, 10)]))
    assert [text.partition(" (")[0] for text in found.evidence.values()] == [
        "HZ 02: 1 Dach, 50\u202fm² flach",
        "HZ 02: 1 Dach, 150\u202fm² flach",
    ]
    assert found.says == "1 Dach, 200\u202fm² flach"


def test_a_neighbours_roof_that_reaches_over_a_little_is_not_counted():
    """3 m² of a roof of 100 m² lie in the first parcel, beside a roof of 200 m² there."""
    (found,) = told(roofs([box(10, 10, 20, 10), box(99.7, 10, 10, 10)]))
    assert found.evidence[KEYS[0]].startswith("HZ 02: 1 Dach, 200\u202fm² flach (")


def test_a_gap_is_told_with_its_length_in_the_parcel_and_its_gain():
    (found,) = told(gaps(line((40, 50), (140, 50)), line((20, 10), (20, 20)), gains=(1.25, 3.5)))
    assert (found.goal, found.role, found.algorithm) == (13, Role.POTENTIAL, "hz13_corridor_gaps")
    assert [text.partition(" (")[0] for text in found.evidence.values()] == [
        "HZ 13: 2 Lücken, 70\u202fm davon hier, Gewinn bis 3,50\u202fha",
        "HZ 13: 1 Lücke, 40\u202fm davon hier, Gewinn bis 1,25\u202fha",
    ]
    assert found.says == "2 Lücken, 110\u202fm davon hier, Gewinn bis 3,50\u202fha"


def test_a_bottleneck_is_told_with_its_narrowest_place():
    columns = {"breite_min_m": [20.0, 12.5], "unter_m": [50.0] * 2, "flaeche_m2": [3000.0, 100.0]}
    narrow = layer([box(50, 60, 100, 30), box(10, 10, 10, 10)], columns, name="engstellen")
    (found,) = told(narrow)
    assert [text.partition(" (")[0] for text in found.evidence.values()] == [
        "HZ 13: 2 Engstellen, 1.600\u202fm² davon hier, schmalste Stelle 12,5\u202fm",
        "HZ 13: 1 Engstelle, 1.500\u202fm² davon hier, schmalste Stelle 20\u202fm",
    ]


def test_a_building_in_the_floodplain_excludes_its_parcel():
    columns = {"in_aue_m2": [50.0, 0.0], "neu_in_aue_m2": [0.0, 0.0]}
    built = layer([box(160, 10, 20, 10), box(260, 10, 20, 10)], columns, name="bauten")
    (found,) = told(built)
    assert (found.goal, found.role, found.algorithm) == (19, Role.EXCLUSION, "hz19_floodplain_buildings")
    assert found.evidence == {
        KEYS[1]: "HZ 19: 1 Gebäude, 50\u202fm² in der Aue (bauten → Gebäude in der Aue, 22.11.2026)"
    }


@pytest.mark.parametrize(
    ("shape", "thresholds", "reached"),
    [
        (box(0, 0, 10, 10), {}, True),  # 100 m² are 1 % of the parcel
        (box(0, 0, 10, 9.99), {}, False),
        (box(0, 0, 10, 9.99), {"min_share": 0.5}, True),
        (box(0, 0, 10, 10), {"min_area": 101.0}, False),
        (box(-50, 0, 50, 100), {}, False),  # only touches
    ],
)
def test_less_than_the_thresholds_is_no_evidence(shape, thresholds, reached):
    assert bool(told(roofs([shape]), **thresholds)) is reached


@pytest.mark.parametrize(("length", "reached"), [(5.0, True), (4.9, False)])
def test_a_line_counts_from_a_length(length, reached):
    assert bool(told(gaps(line((10, 10), (10 + length, 10))))) is reached


def test_what_is_drawn_twice_counts_once():
    (found,) = told(roofs([box(10, 10, 20, 10)] * 2))
    assert found.evidence[KEYS[0]].startswith("HZ 02: 1 Dach, 200\u202fm² flach (")


def test_another_crs_and_an_invalid_outline_give_the_same():
    crossed = "Polygon ((370010 5700010, 370030 5700030, 370030 5700010, 370010 5700030, 370010 5700010))"
    given = roofs([box(110, 10, 20, 10), crossed])
    (here,) = told(given)
    (there,) = told(reprojected(given, "EPSG:4326"))
    assert here.evidence == there.evidence
    assert list(here.evidence) == KEYS[:2]


def test_unknown_values_are_left_out_of_the_words_and_unknown_candidates_are_none():
    given = roofs([box(10, 10, 20, 10), box(110, 10, 20, 10)], [1, None], [None, 200.0])
    (found,) = told(given)
    assert found.evidence == {
        KEYS[0]: "HZ 02: 1 Dach (gebaeude → Dächer für die nächste Begrünung, 22.11.2026)"
    }


def test_columns_of_another_type_are_read_as_numbers_or_left_out():
    columns = {"kandidat": ["1", "vielleicht"], "flach_m2": ["200,5", "?"], "gruen_m2": ["", ""]}
    given = layer([box(10, 10, 20, 10), box(110, 10, 20, 10)], columns, name="gebaeude")
    (found,) = told(given)
    assert found.says == "1 Dach, 200\u202fm² flach"


def test_empty_layers_and_parcels_without_geometry_suggest_nothing():
    empty = roofs([], wkb="Polygon")
    assert told(empty) == []
    given = roofs([box(10, 10, 20, 10)])
    assert told(given, parcels=[]) == []
    nowhere = ParcelRecord.of(KEYS[2], geometry(None))
    assert [list(one.evidence) for one in told(given, parcels=[nowhere, *PARCELS[:1]])] == [KEYS[:1]]


def test_a_layer_that_cannot_be_used_is_told_and_the_others_still_count():
    lost = roofs([box(10, 10, 20, 10)], crs="")
    found = measure(
        [ResultLayer(lost), ResultLayer(gaps(line((40, 50), (90, 50))))],
        PARCELS,
        UTM,
        QgsProcessingFeedback(),
    )
    assert [one.result.goal for one in found.evidence] == [13]
    (trouble,) = found.troubles
    assert "gebaeude" in trouble
    assert "CRS" in trouble


def test_cancelling_ends_it():
    with pytest.raises(QgsProcessingException):
        measure([ResultLayer(roofs([box(10, 10, 20, 10)]))], PARCELS, UTM, Log(cancel_at=2))


def test_parcels_that_have_the_goal_in_that_role_are_left_out():
    shapes = [box(100 * n + 10, 10, 20, 10) for n in range(3)]
    there = [
        AssignmentRecord(KEYS[0], 2, Role.POTENTIAL, Status.DONE),
        AssignmentRecord(KEYS[1], 2, Role.MEASURE, Status.PLANNED),
        AssignmentRecord(KEYS[2], 2, Role.POTENTIAL, Status.PLANNED, project=7),
    ]
    (found,) = told(roofs(shapes), assignments=there)
    assert list(found.evidence) == KEYS[1:]
    assert found.says == "2 Dächer, 400\u202fm² flach"
    assert len(found.shapes) == 2
    all_there = [AssignmentRecord(key, 2, Role.POTENTIAL, Status.IDEA) for key in KEYS]
    assert told(roofs(shapes), assignments=all_there) == []


def test_what_is_written_is_an_idea_with_all_its_evidence():
    columns = {"breite_min_m": [20.0], "unter_m": [50.0], "flaeche_m2": [3000.0]}
    narrow = layer([box(10, 10, 30, 50)], columns, name="engstellen")
    found = told(gaps(line((40, 50), (140, 50))), narrow)
    first, second = records(found)
    assert (first.parcel, first.hz, first.role, first.status) == (KEYS[0], 13, Role.POTENTIAL, Status.IDEA)
    assert first.project is None
    assert first.algorithm == "hz13_corridor_gaps"
    narrow_proof, gap_proof = (one.evidence[KEYS[0]] for one in found)
    assert narrow_proof.startswith("HZ 13: 1 Engstelle")
    assert first.evidence == f"{narrow_proof}; {gap_proof}"
    assert second.evidence == found[1].evidence[KEYS[1]]


class TestParcelPotential:
    """Parcels as parcel_potential tells them: the first with two goals, the second with a conflict."""

    COLUMNS = {  # noqa: RUF012 - read only
        "anzahl_ziele": [2, 1, 0],
        "ziele": ["2, 13", "19", None],
        "anlass": ["2 Potenzial, 13 Bedarf", "19 Konflikt", None],
        "hz02_m2": [200.0, 0.0, 0.0],
        "hz13_m2": [0.0, 0.0, 0.0],
        "hz19_m2": [0.0, 340.0, 0.0],
        "hz13_m": [60.0, 0.0, 0.0],
    }

    def test_each_goal_comes_with_its_parcels(self):
        given = layer([box(100 * n, 0, 100, 100) for n in range(3)], self.COLUMNS, name="potenzial")
        roof, corridor, conflict = told(given)
        assert [(one.goal, one.role, one.algorithm) for one in (roof, corridor, conflict)] == [
            (2, Role.POTENTIAL, "parcel_potential"),
            (13, Role.POTENTIAL, "parcel_potential"),
            (19, Role.EXCLUSION, "parcel_potential"),
        ]
        source = "(potenzial → Mehrfachnutzen der Flurstücke, 22.11.2026)"
        assert roof.evidence == {KEYS[0]: f"HZ 02: 200\u202fm² für das Ziel {source}"}
        assert corridor.evidence == {KEYS[0]: f"HZ 13: 60\u202fm Linie für das Ziel {source}"}
        assert conflict.evidence == {KEYS[1]: f"HZ 19: 340\u202fm² für das Ziel {source}"}

    def test_a_parcel_of_which_less_than_half_is_covered_is_another_one(self):
        given = layer([box(100 * n + 55, 0, 100, 100) for n in range(3)], self.COLUMNS, name="potenzial")
        found = {(one.goal, *one.evidence) for one in told(given)}
        assert found == {(2, KEYS[1]), (13, KEYS[1]), (19, KEYS[2])}

    def test_goals_of_two_digits_are_told_apart(self):
        columns = self.COLUMNS | {
            "ziele": ["12", "2", None],
            "anlass": ["12 Bedarf", "2 Konflikt/Potenzial", None],
        }
        columns["hz12_m2"] = [5.0] * 3
        given = layer([box(100 * n, 0, 100, 100) for n in range(3)], columns, name="potenzial")
        assert [(one.goal, one.role, *one.evidence) for one in told(given)] == [
            (2, Role.POTENTIAL, KEYS[1]),
            (12, Role.POTENTIAL, KEYS[0]),
        ]


def test_layers_of_a_project_are_known_by_their_columns():
    project = QgsProject.instance()
    other = layer([box(0, 0, 1, 1)], {"kandidat": [1]}, name="anderes")
    plain = table({"kandidat": [1], "flach_m2": [1.0], "gruen_m2": [0.0]}, name="tabelle")
    both = {
        "in_aue_m2": [50.0],
        "neu_in_aue_m2": [0.0],
        "kandidat": [1],
        "flach_m2": [9.0],
        "gruen_m2": [0.0],
    }
    two = layer([box(0, 0, 20, 10)], both, name="beides")
    project.addMapLayers([other, plain, two, gaps(line((0, 0), (9, 9)))])
    assert [one.name() for one in result_layers(project)] == ["beides", "luecken"]
    assert [result.goal for result in known_results(two)] == [2, 19]
    assert recognised(other.fields(), load_entry("parcel_potential").results) == []


def test_a_filter_says_why_it_cannot_be_used():
    given = roofs([box(0, 0, 1, 1)] * 2, [1, 0])
    first, second = given.getFeatures()
    candidates = Filter('"kandidat" = 1', given.fields())
    assert (candidates.keeps(first), candidates.keeps(second), candidates.error) == (True, False, "")
    assert (candidates.columns, candidates.places) == (["kandidat"], [0])
    assert Filter("", given.fields()).keeps(second)
    assert Filter('"kandidat" =', given.fields()).error
    failing = Filter("to_int('x')", given.fields())
    assert not failing.keeps(first)
    assert "x" in failing.error
    first["kandidat"] = NULL
    assert not candidates.keeps(first)
