"""New buildings: what counts under which key, what is missing, and what is left out."""

from __future__ import annotations

import itertools

import pytest
from gruene_infra.gruene_infra_plugin.methods.buildings.new_buildings import (
    Drainage,
    LeftOut,
    NewBuilding,
    drainage,
    greened,
    is_by_area,
    is_survey_wave,
    left_out,
)

YES_NO_UNKNOWN = (True, False, None)


def parts(building: NewBuilding, stem: str) -> set[str]:
    return {key.rpartition(".")[2] for key in building.sum_keys() if key.rpartition(".")[0] == stem}


@pytest.mark.parametrize(
    ("is_new", "is_green", "expected"),
    [
        (True, True, {"alle", "bekannt", "ja"}),
        (True, False, {"alle", "bekannt"}),
        (True, None, {"alle", "unbekannt"}),
        (None, True, {"alle", "unbekannt"}),
        (None, None, {"alle", "unbekannt"}),
    ],
)
def test_greening_counts_where_the_building_is_known_to_be_new(is_new, is_green, expected):
    building = NewBuilding(is_new, 100.0, is_green=is_green)
    assert parts(building, "gruen.anzahl") == parts(building, "gruen.flaeche") == expected


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (Drainage.OFF, {"alle", "bekannt", "ja"}),
        (Drainage.PARTLY, {"alle", "bekannt"}),
        (Drainage.ON, {"alle", "bekannt"}),
        (None, {"alle", "unbekannt"}),
    ],
)
def test_partly_decoupled_is_known_and_not_yes(told, expected):
    assert parts(NewBuilding(True, 100.0, drainage=told), "ab.anzahl") == expected


@pytest.mark.parametrize(
    ("is_flat", "expected"),
    [(True, {"alle", "bekannt", "ja"}), (False, set()), (None, {"alle", "unbekannt"})],
)
def test_only_flat_roofs_count_and_unknown_ones_are_a_gap(is_flat, expected):
    assert parts(NewBuilding(True, 100.0, is_green=True, is_flat=is_flat), "gruen.nur_flachdach") == expected


@pytest.mark.parametrize(("area", "counts"), [(49.9, False), (50.0, True), (50 - 1e-5, True), (80.0, True)])
def test_large_buildings_count_from_fifty_square_metres_on(area, counts):
    assert bool(parts(NewBuilding(True, area, is_green=False), "gruen.ab_50_m2")) is counts


@pytest.mark.parametrize(
    ("is_exception", "expected"),
    [(True, set()), (False, {"alle", "bekannt"}), (None, {"alle", "unbekannt"})],
)
def test_exceptions_leave_one_figure_only(is_exception, expected):
    building = NewBuilding(True, 100.0, drainage=Drainage.ON, is_exception=is_exception)
    assert parts(building, "ab.ohne_ausnahmen") == expected
    assert parts(building, "ab.anzahl") == {"alle", "bekannt"}


def test_each_building_is_known_or_unknown_and_yes_only_where_known():
    states = itertools.product(
        (True, None), YES_NO_UNKNOWN, YES_NO_UNKNOWN, [*Drainage, None], YES_NO_UNKNOWN
    )
    for is_new, is_green, is_flat, told, is_exception in states:
        building = NewBuilding(is_new, 60.0, is_green, is_flat, told, is_exception)
        for stem in {key.rpartition(".")[0] for key in building.sum_keys()}:
            found = parts(building, stem)
            assert "alle" in found
            assert len(found & {"bekannt", "unbekannt"}) == 1
            assert "bekannt" in found or "ja" not in found
            assert is_new or "unbekannt" in found


@pytest.mark.parametrize(
    ("is_green", "told", "is_exception", "expected"),
    [
        (True, Drainage.OFF, None, None),
        (False, Drainage.OFF, None, "Gründach"),
        (True, Drainage.PARTLY, None, "Abkopplung"),
        (False, Drainage.ON, False, "Gründach, Abkopplung"),
        (False, Drainage.ON, True, "Gründach"),
        (None, Drainage.ON, None, "Abkopplung, Angabe"),
        (True, None, None, "Angabe"),
        (True, None, True, None),
        (None, None, True, "Angabe"),
    ],
)
def test_what_a_new_building_lacks(is_green, told, is_exception, expected):
    assert NewBuilding(True, 100.0, is_green, None, told, is_exception).missing() == expected
    assert NewBuilding(None, 100.0, is_green, None, told, is_exception).missing() is None


@pytest.mark.parametrize(
    ("area", "function", "position", "state", "expected"),
    [
        (80.0, None, None, None, None),
        (9.9, None, None, None, LeftOut.SMALL),
        (10.0, None, None, None, None),
        (80.0, "31001_1010", "1400", "2100", None),
        (80.0, "51009_1610", None, None, LeftOut.STRUCTURE),
        (80.0, "1010", None, None, None),
        (80.0, "Wohnhaus", None, None, None),
        (80.0, "9999", None, None, None),
        (80.0, None, "1200", None, LeftOut.UNDERGROUND),
        (80.0, None, "1200.0", None, LeftOut.UNDERGROUND),
        (80.0, None, "Unter der Erdoberfläche", None, LeftOut.UNDERGROUND),
        (80.0, None, None, "3000", LeftOut.PLANNED),
        (80.0, None, None, "Geplant und beantragt", LeftOut.PLANNED),
        (80.0, None, None, "4000", None),
        (80.0, None, None, "2300", None),
    ],
)
def test_what_is_left_out(area, function, position, state, expected):
    assert left_out(area, 10.0, function, position, state) is expected


@pytest.mark.parametrize(
    ("off", "word", "expected"),
    [
        (1.0, "ja", Drainage.OFF),
        (0.0, "nein", Drainage.ON),
        (None, "teilweise", Drainage.PARTLY),
        (None, "Teilweise (Rigole)", Drainage.PARTLY),
        (None, "zum Teil", Drainage.PARTLY),
        (None, "unbekannt", None),
        (None, "9", None),
        (None, None, None),
    ],
)
def test_words_for_drainage(off, word, expected):
    assert drainage(off, word) is expected


@pytest.mark.parametrize(
    ("told", "share", "area", "seen", "built", "expected"),
    [
        (1.0, None, 100.0, None, 2022, True),
        (0.0, 0.9, 100.0, None, 2022, False),
        (None, 0.10, 50.0, None, 2022, True),
        (None, 0.09, 100.0, None, 2022, False),
        (None, 0.10, 49.0, None, 2022, False),
        (None, None, 100.0, None, 2022, None),
        (1.0, None, 100.0, 2021, 2022, None),
        (0.0, None, 100.0, 2021, 2022, None),
        (1.0, None, 100.0, 2022, 2022, True),
    ],
)
def test_greening_is_told_by_field_then_share_and_never_by_older_images(
    told, share, area, seen, built, expected
):
    assert greened(told, share, area, seen, built) is expected


@pytest.mark.parametrize(
    ("new", "stock", "years", "wave"),
    [
        (5, 100, 1, False),
        (6, 100, 1, True),
        (34, 100, 7, False),
        (36, 100, 7, True),
        (1, 0, 1, True),
        (0, 0, 1, False),
        (6, 100, -3, True),
    ],
)
def test_more_than_a_twentieth_of_the_stock_in_a_year_is_a_wave(new, stock, years, wave):
    assert is_survey_wave(new, stock, years) is wave


def test_only_one_variant_is_by_area():
    keys = [key for key in NewBuilding(True, 60.0).sum_keys() if is_by_area(key)]
    assert {key.split(".")[1] for key in keys} == {"flaeche"}
