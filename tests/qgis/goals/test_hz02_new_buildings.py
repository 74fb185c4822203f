"""HZ 02, new buildings: values by hand, what is unknown and never a no, two dates, facts of the register."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from gruene_infra.gruene_infra_plugin.register.model import Fact, ParcelRecord, Project, Role
from gruene_infra.gruene_infra_plugin.register.store import Register
from qgis.core import QgsGeometry, QgsPointXY, QgsProcessingException
from qgis.PyQt.QtCore import QDate

from ...layer_factory import EAST, NORTH, box, changed, layer, polygon, reprojected, reshaped
from ..every.examples import empty_register

GREEN, OFF = "hz02.neubau.gruendach_anteil", "hz02.neubau.abkopplung_anteil"
NEW_BUILDINGS = "hz02_new_buildings"


def example(_folder: Path) -> dict[str, object]:
    """Twelve buildings in each of two towns, 10 m × 10 m: six old ones and six new, three of these by year.

    Of the new ones four are greened and two decoupled; the first new one is large.
    """
    shapes, years, green, off = [], [], [], []
    for town in range(2):
        for k in range(12):
            shapes.append(box(1000 * town + 30 * k, 0, 20 if k == 6 else 10, 10))
            years.append(1990 if k < 6 else 2021 if k < 9 else 0)
            green.append(int(6 <= k < 10))
            off.append("ja" if k in (6, 9) else "teilweise" if k == 7 else "nein")
    stood = [n for n in range(24) if n % 12 < 6]
    many = len(shapes)
    return {
        "BUILDINGS": layer(
            shapes,
            {
                "jahr": years,
                "gruen": green,
                "anteil": [20.0 if one else 5.0 for one in green],
                "flachdach": [1] * many,
                "kanalfrei": off,
                "unvermeidbar": [0] * many,
                "gfkzshh": ["31001_1010"] * many,
                "lage": [1400] * many,
                "stand": [2100] * many,
            },
            name="gebaeude",
        ),
        "BUILDINGS_BEFORE": layer([shapes[n] for n in stood], {"id": stood}, name="frueher"),
        "REFERENCE_YEAR": 2020,
        "YEAR_FIELD": "jahr",
        "GREEN_FIELD": "gruen",
        "VEGETATION_SHARE_FIELD": "anteil",
        "FLAT_FIELD": "flachdach",
        "DECOUPLED_FIELD": "kanalfrei",
        "EXCEPTION_FIELD": "unvermeidbar",
        "FUNCTION_FIELD": "gfkzshh",
        "POSITION_FIELD": "lage",
        "STATE_FIELD": "stand",
        "AREAS": layer(
            [box(-50, -50, 700, 200), box(950, -50, 700, 200)],
            {"gemeinde": ["Westen", "Osten"], "ags": ["05999001", "05999002"]},
            name="gemeinden",
        ),
        "AREAS_NAME": "gemeinde",
        "AREAS_KEY": "ags",
        "AS_OF": "2026-06-30",
    }


WORKED = {
    "id": ["A", "B", "C", "D", "E", "F", "G"],
    "baujahr": ["2021", "2022", "2019", "1962,2021", "0", "9999", "2023"],
    "begruent": [1, 0, 1, 0, None, None, 1],
    "abgekoppelt": ["ja", "nein", "ja", "nein", "teilweise", None, "ja"],
}
SHAPES = [
    box(0, 0, 20, 10),
    box(30, 0, 10, 10),
    box(60, 0, 10, 10),
    box(90, 0, 10, 10),
    box(120, 0, 10, 10),
    box(150, 0, 10, 10),
    box(180, 0, 4, 2),
]
OF_E = box(120, 0, 3, 10)
STOOD = [SHAPES[2], SHAPES[3], OF_E]


def worked(**columns: list):
    return layer(SHAPES, WORKED | columns, name="gebaeude")


@pytest.fixture
def told(run):
    """Run and return findings by the end of their definition's id, rows by id, and the log."""

    def start(buildings, before=None, **more):
        given = {"REFERENCE_YEAR": 2020, "AS_OF": "2026-06-30"} | more
        if before is not None:
            given["BUILDINGS_BEFORE"] = (
                before if not isinstance(before, list) else layer(before, name="frueher")
            )
        return Told(run(NEW_BUILDINGS, BUILDINGS=buildings, **given))

    return start


class Told:
    def __init__(self, result) -> None:
        self.result, self.log = result, result.log.text
        self.rows = {row["id"]: row for row in result.rows() if row.get("id") is not None}

    def __call__(self, indicator: str, variant: str = "anzahl", area: str = "Gesamt") -> dict:
        (found,) = (
            row
            for (one, name, place), row in self.result.findings.items()
            if (one, name.partition(".")[2], place) == (indicator, variant, area)
        )
        return found


FAR = 3000.0
"""So far from all that was surveyed before, the earlier date tells nothing."""


def with_f_unknown():
    """The worked example with F far from all that was surveyed before."""
    shapes = [*SHAPES[:5], box(FAR, 0, 10, 10), SHAPES[6]]
    return layer(shapes, WORKED, name="gebaeude")


def test_the_worked_example(told):
    found = told(with_f_unknown(), STOOD)
    new = {key: row["neu"] for key, row in found.rows.items()}
    assert new == {"A": 1, "B": 1, "C": 0, "D": 0, "E": 1, "F": None, "G": 1}
    assert [found.rows[key]["neu_beleg"] for key in "AEF"] == ["Jahr", "Zeitschnitt", "unbekannt"]
    assert (found.rows["D"]["baujahr"], found.rows["D"]["jahr_mehrfach"]) == (1962, 1)
    assert found.rows["G"]["grund"] == "zu klein"
    green, off = found(GREEN), found(OFF)
    assert (green["zaehler"], green["nenner"], green["n_ausgelassen"]) == (1, 2, 2)
    assert (green["abdeckung_proz"], green["status"], green["wert"]) == (50.0, "nicht bewertbar", None)
    assert (off["zaehler"], off["nenner"], off["abdeckung_proz"]) == (1, 3, 75.0)
    assert off["status"] == "nicht bewertbar"
    area = found(GREEN, "flaeche")
    assert (area["zaehler"], area["nenner"]) == (pytest.approx(200), pytest.approx(300))
    assert (area["basis_einheit"], green["basis_einheit"]) == ("m²", "Gebäude")


def test_the_worked_example_with_f_covered_by_the_earlier_date(told):
    found = told(worked(), [*STOOD, SHAPES[5]])
    assert found.rows["F"]["neu"] == 0
    green, off = found(GREEN), found(OFF)
    assert green["abdeckung_proz"] == pytest.approx(100 * 2 / 3)
    assert (off["abdeckung_proz"], off["wert"]) == (100.0, pytest.approx(100 / 3))
    assert (off["ziel"], off["status"]) == (100.0, "Lücke")
    assert (off["luecke"], off["luecke_abs"]) == (pytest.approx(200 / 3), pytest.approx(2.0))
    assert off["luecke_einheit"] == "Gebäude"
    assert (off["variante_id"], off["ist_leitwert"]) == ("ab_2020.anzahl", 1)


def test_the_newest_year_would_take_a_conversion_for_a_new_building(told):
    found = told(worked(baujahr=["2021", "2022", "2019", "2021", "0", "9999", "2023"]), [*STOOD, SHAPES[5]])
    assert (found(GREEN)["zaehler"], found(GREEN)["nenner"]) == (1, 3)
    assert (found(OFF)["zaehler"], found(OFF)["nenner"]) == (1, 4)
    assert found.rows["D"]["konflikt"] == 1
    assert "of 1 buildings year and earlier date contradict" in found(GREEN)["annahmen"]


@pytest.mark.parametrize(
    ("said", "year"),
    [
        ("2021", 2021),
        ("1962;2021", 1962),
        ("2021|1962", 1962),
        ("2021, 1962", 1962),
        ("9999,2021", 2021),
        ("0", None),
        ("2028", None),
        ("2027", 2027),
        ("1962/2021", None),
    ],
)
def test_of_several_years_the_earliest_possible_counts(told, said, year):
    found = told(layer([box(0, 0, 10, 10)], {"id": ["a"], "baujahr": [said]}))
    assert found.rows["a"]["baujahr"] == year
    assert found.rows["a"]["neu"] == (None if year is None else int(year >= 2020))


# -- fields -------------------------------------------------------------------------------------------------


def new(count: int, **columns: list):
    """Return new buildings of 100 m² each, side by side."""
    shapes = [box(20 * k, 0, 10, 10) for k in range(count)]
    return layer(shapes, {"id": list(range(count)), "baujahr": [2021] * count} | columns, name="gebaeude")


def test_days_are_told_by_their_year(told):
    """Three of 2021 as an office writes a day, one of 2019, a placeholder and a guess that stay unknown."""
    said = ["2021-05-01", "01.05.2021", "2021-05-01T00:00:00", "31.12.2019", "1111-11-11", "ca. 2021"]
    found = told(layer([box(30 * k, 0, 10, 10) for k in range(6)], {"id": list("ABCDEF"), "baujahr": said}))
    assert [found.rows[one]["baujahr"] for one in "ABCDEF"] == [2021, 2021, 2021, 2019, None, None]
    assert [found.rows[one]["neu"] for one in "ABCDEF"] == [1, 1, 1, 0, None, None]


def test_a_field_of_days_tells_years(told):
    days = [QDate(2021, 5, 1), QDate(2019, 12, 31), QDate(2020, 1, 1)]
    found = told(layer([box(30 * k, 0, 10, 10) for k in range(3)], {"id": list("ABC"), "baujahr": days}))
    assert [found.rows[one]["neu"] for one in "ABC"] == [1, 0, 1]


@pytest.mark.parametrize("word", ["teilweise", "Teilw.", "TEILS"])
def test_partly_is_known_and_not_yes(told, word):
    """A and B are new; nobody knows it of E and F."""
    found = told(worked(abgekoppelt=[word] * 7))(OFF)
    assert (found["zaehler"], found["nenner"], found["abdeckung_proz"]) == (0, 2, 50)


def test_unknown_is_never_no(told):
    green, off = [1, 1, 1, 1, 0, None], ["ja", "nein", "unbekannt", None, "9", "teilweise"]
    found = told(new(6, begruent=green, abgekoppelt=off))
    assert (found(GREEN)["wert"], found(GREEN)["abdeckung_proz"]) == (80.0, pytest.approx(500 / 6))
    assert found(GREEN)["n_ausgelassen"] == 1
    assert (found(OFF)["zaehler"], found(OFF)["nenner"], found(OFF)["abdeckung_proz"]) == (1, 3, 50.0)
    assert found(OFF)["status"] == "nicht bewertbar"
    assert "decoupling is known for only 50 %" in found(OFF)["annahmen"]
    assert [row["fehlt"] for row in found.rows.values()] == [
        None,
        "Abkopplung",
        "Angabe",
        "Angabe",
        "Gründach, Angabe",
        "Abkopplung, Angabe",
    ]


def test_all_new_buildings_greened_and_decoupled_reach_both_targets(told):
    found = told(new(5, begruent=["ja"] * 5, abgekoppelt=["Ja"] * 5))
    for indicator in (GREEN, OFF):
        row = found(indicator)
        assert (row["wert"], row["status"], row["luecke"], row["luecke_abs"]) == (100.0, "erreicht", 0.0, 0.0)


def test_nothing_built_is_not_assessable_and_never_reached(told):
    found = told(new(3, begruent=[1] * 3, abgekoppelt=["ja"] * 3), REFERENCE_YEAR=2022)
    for indicator in (GREEN, OFF):
        row = found(indicator)
        assert (row["status"], row["nenner"], row["wert"]) == ("nicht bewertbar", 0.0, None)
        assert "no new building is known here" in row["annahmen"]


@pytest.mark.parametrize(
    ("column", "indicator", "variant", "says"),
    [
        ("begruent", GREEN, "anzahl", "no field tells which buildings are greened"),
        ("flach", GREEN, "nur_flachdach", "no field tells which roofs are flat"),
        ("abgekoppelt", OFF, "anzahl", "neither field nor register"),
        ("ausnahme", OFF, "ohne_ausnahmen", "no field tells of which buildings the connection"),
        ("baujahr", GREEN, "anzahl", "neither year nor earlier date"),
        ("baujahr", OFF, "anzahl", "neither year nor earlier date"),
    ],
)
def test_without_a_field_the_figures_that_rest_on_it_say_so(told, column, indicator, variant, says):
    columns = {"begruent": [1] * 5, "flach": [1] * 5, "abgekoppelt": ["ja"] * 5, "ausnahme": [0] * 5}
    whole = told(new(5, **columns))
    assert whole(indicator, variant)["wert"] == 100.0
    given = changed(new(5, **columns), lambda features: features)
    given.dataProvider().deleteAttributes([given.fields().lookupField(column)])
    given.updateFields()
    found = told(given)(indicator, variant)
    assert (found["status"], found["abdeckung_proz"]) == ("nicht bewertbar", 0.0)
    assert says in found["annahmen"]


def test_exceptions_leave_one_definition_only(told):
    found = told(new(5, abgekoppelt=["ja", "ja", "nein", "nein", "nein"], ausnahme=[0, 0, 1, 1, 0]))
    assert found(OFF)["wert"] == pytest.approx(40.0)
    assert found(OFF, "ohne_ausnahmen")["wert"] == pytest.approx(200 / 3)
    assert [found.rows[k]["fehlt"] for k in range(5)] == [
        "Angabe",
        "Angabe",
        "Angabe",
        "Angabe",
        "Abkopplung, Angabe",
    ]


def test_flat_roofs_and_large_buildings_only(told):
    shapes = [box(20 * k, 0, 10, 5 if k < 3 else 4) for k in range(6)]
    columns = {"baujahr": [2021] * 6, "begruent": [1, 0, 0, 1, 1, 1], "flach": [1, 1, 0, 0, 0, 1]}
    found = told(layer(shapes, columns, name="gebaeude"))
    assert found(GREEN)["wert"] == pytest.approx(400 / 6)
    assert found(GREEN, "nur_flachdach")["wert"] == pytest.approx(200 / 3)
    assert found(GREEN, "ab_50_m2")["wert"] == pytest.approx(100 / 3)
    assert found(GREEN, "flaeche")["wert"] == pytest.approx(100 * 170 / 270)
    assert found(GREEN, "flaeche")["luecke_abs"] == pytest.approx(100.0)


@pytest.mark.parametrize("scale", [1.0, 100.0])
def test_greening_by_the_vegetated_share_in_percent_or_as_fractions(told, scale):
    shares = [scale * share for share in (0.09, 0.1, 0.6, 1.0)]
    found = told(new(4, anteil=shares), VEGETATION_SHARE_FIELD="anteil")
    assert [found.rows[k]["begruent"] for k in range(4)] == [0, 1, 1, 1]
    assert found(GREEN)["wert"] == 75.0


@pytest.mark.parametrize(("seen", "known"), [(None, 4), (2026, 4), (2023, 2), (2020, 0)])
def test_greening_seen_before_a_building_stood_is_unknown(told, seen, known):
    """Two of 2021, one of 2024, one without a year that the earlier date does not show."""
    given = new(4, begruent=[1, 1, 1, 1])
    years = changed(
        given,
        lambda features: [_with(f, baujahr=y) for f, y in zip(features, (2021, 2021, 2024, 0), strict=True)],
    )
    found = told(years, [box(0, 50, 10, 10)], GREEN_YEAR=seen)
    assert found(GREEN)["nenner"] == known
    assert found(GREEN)["n_ausgelassen"] == 4 - known
    says = "year of the data on greening not given" if seen is None else f"greening as of {seen}"
    assert says in found(GREEN)["annahmen"]


def _with(feature, **values):
    for name, value in values.items():
        feature[name] = value
    return feature


def test_structures_planned_and_buried_buildings_are_left_out_and_told(told):
    columns = {
        "begruent": [1, 0, 0, 0, 0],
        "gfkzshh": ["31001_1010", "51009_1610", "31001_2465", "31001_1010", "31001_2463"],
        "lageZurErdoberflaeche": [None, None, 1200, None, None],
        "zustand": [2200, None, None, 3000, 4000],
    }
    found = told(new(5, **columns))
    assert [found.rows[k]["grund"] for k in range(5)] == [None, "Bauwerk", "unterirdisch", "geplant", None]
    assert (found(GREEN)["wert"], found(GREEN)["nenner"]) == (50.0, 2)
    for words in ("1 structures are left out", "1 buildings under ground", "1 planned buildings"):
        assert words in found(GREEN)["annahmen"]


@pytest.mark.parametrize(("miss", "counts"), [(0.0, True), (1e-7, True), (1e-3, False)])
def test_a_footprint_as_large_as_the_minimum_counts(told, miss, counts):
    found = told(layer([box(0, 0, 4 * (1 - miss), 2.5)], {"id": ["a"], "baujahr": [2021], "begruent": [1]}))
    assert (found.rows["a"]["grund"] is None) is counts
    assert found(GREEN)["nenner"] == int(counts)


# -- two dates ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "is_new"),
    [
        ([box(0, 50, 10, 10)], 1),
        ([box(0, 0, 10, 10)], 0),
        ([box(0, 0, 10, 4.99)], 1),
        ([box(0, 0, 10, 5)], 0),
        ([box(0, 0, 3, 10), box(7, 0, 3, 10)], 0),
        ([box(0, 0, 10, 3), box(0, 0, 10, 3)], 1),
        ([box(-50, -50, 200, 200)], 0),
        ([polygon([(0, 0), (0, 10), (5, 10), (5, 0)]), box(5, 0, 5, 10)], 0),
        ([box(FAR, 0, 10, 10)], None),
    ],
    ids=["absent", "same", "less than half", "half", "two thirds in two", "twice", "within", "parted", "far"],
)
def test_without_a_year_the_earlier_date_tells(told, before, is_new):
    shape = layer([box(0, 0, 10, 10), box(FAR - 20, 0, 10, 10)], {"id": ["a", "b"]}, name="gebaeude")
    assert told(shape, [*before, box(FAR, 50, 10, 10)]).rows["a"]["neu"] == is_new


def town(count: int, shift: tuple[float, float] = (0.0, 0.0)):
    """Return as many garages of 3 m × 4 m, each a little longer than the one before, moved by a shift."""
    return [box(20 * k + shift[0], shift[1], 3 + 0.2 * k, 4) for k in range(count)]


@pytest.mark.parametrize(
    ("shift", "new_ones", "told_of"),
    [((0.0, 0.0), 2, None), ((1.5, 1.2), 2, "1.92"), ((0.02, 0.0), 2, None)],
)
def test_a_shift_between_the_dates_makes_nothing_new(told, shift, new_ones, told_of):
    """Fifteen garages moved together, two new ones among them; a garage so moved is covered by a third."""
    shapes = [*town(15, shift), box(0, 100, 10, 10), box(50, 100, 10, 10)]
    found = told(layer(shapes, {"id": list(range(17)), "begruent": [1] * 17}, name="gebaeude"), town(15))
    assert sum(row["neu"] == 1 for row in found.rows.values()) == new_ones
    assert found(GREEN)["nenner"] == new_ones
    assert ("shifted against each other by" in found(GREEN)["annahmen"]) == (told_of is not None)
    if told_of:
        assert f"by {told_of} m, which is taken back" in found(GREEN)["annahmen"]


def test_dates_shifted_by_more_than_surveys_are_tell_nothing(told):
    shapes = [box(40 * k + 3, 0, 20 + k, 20) for k in range(12)]
    before = [box(40 * k, 0, 20 + k, 20) for k in range(12)]
    found = told(layer(shapes, {"id": list(range(12)), "begruent": [1] * 12}, name="gebaeude"), before)
    assert {row["neu"] for row in found.rows.values()} == {None}
    assert found(GREEN)["status"] == "nicht bewertbar"
    assert "Align them first" in found.log
    assert "by 3.00 m, the earlier one tells nothing" in found(GREEN)["annahmen"]


def test_single_moved_buildings_are_no_shift(told):
    now = [*town(12)[:8], *[box(20 * k + 2.5, 3.0, 3 + 0.2 * k, 4) for k in range(8, 12)]]
    found = told(layer(now, {"id": list(range(12)), "begruent": [1] * 12}, name="gebaeude"), town(12))
    assert [row["neu"] for row in found.rows.values()] == [0] * 8 + [1] * 4
    assert "shifted" not in found(GREEN)["annahmen"]


@pytest.mark.parametrize(("new_ones", "wave"), [(7, False), (8, True)])
def test_a_wave_of_new_buildings_is_told_where_a_survey_may_have_made_it(told, new_ones, wave):
    """Of 20 buildings in seven years (2020 to 2026) 7 may be new: 5 % a year."""
    shapes = [box(20 * k, 0, 10, 10) for k in range(20)]
    found = told(
        layer(shapes, {"id": list(range(20)), "begruent": [1] * 20}, name="gebaeude"), shapes[new_ones:]
    )
    assert found(GREEN)["nenner"] == new_ones
    assert ("a new survey is likely" in found(GREEN)["annahmen"]) is wave


def test_half_a_municipality_without_the_earlier_date_lowers_the_coverage(told):
    """Ten buildings in the west, where half of them stood before, ten 3 km east, where nobody surveyed."""
    shapes = [box(20 * k, 0, 10, 10) for k in range(10)] + [box(FAR + 20 * k, 0, 10, 10) for k in range(10)]
    found = told(layer(shapes, {"id": list(range(20)), "begruent": [1] * 20}, name="gebaeude"), shapes[:5])
    row = found(GREEN)
    assert (row["zaehler"], row["nenner"], row["n_ausgelassen"]) == (5, 5, 10)
    assert (row["abdeckung_proz"], row["status"]) == (pytest.approx(100 / 3), "nicht bewertbar")


def test_a_municipality_without_the_earlier_date_is_not_judged_by_its_neighbour(told):
    shapes = [box(20 * k, 0, 10, 10) for k in range(10)]
    areas = layer(
        [box(-50, -50, 147, 200), box(97, -50, 203, 200)], {"gemeinde": ["Westen", "Osten"]}, name="gemeinden"
    )
    given = layer(shapes, {"id": list(range(10)), "begruent": [1] * 10}, name="gebaeude")
    found = told(given, shapes[:3], AREAS=areas, AREAS_NAME="gemeinde")
    assert (found(GREEN, area="Westen")["wert"], found(GREEN, area="Westen")["nenner"]) == (100.0, 2)
    assert (found(GREEN, area="Osten")["status"], found(GREEN, area="Osten")["nenner"]) == (
        "nicht bewertbar",
        0,
    )
    assert found(GREEN, area="Osten")["n_ausgelassen"] == 5


# -- areas --------------------------------------------------------------------------------------------------


def test_a_building_on_a_border_is_one_piece_and_its_area_is_split(told):
    """20 m × 10 m, 12 m of it in the west; beside it one greened building wholly in the east."""
    shapes = [box(-12, 0, 20, 10), box(20, 0, 10, 10)]
    given = layer(shapes, {"id": [1, 2], "baujahr": [2021] * 2, "begruent": [0, 1]}, name="gebaeude")
    areas = layer([box(-100, -50, 100, 100), box(0, -50, 100, 100)], {"gemeinde": ["West", "Ost"]}, name="g")
    found = told(given, AREAS=areas, AREAS_NAME="gemeinde")
    assert (found(GREEN, area="West")["wert"], found(GREEN, area="West")["nenner"]) == (0.0, 1)
    assert (found(GREEN, area="Ost")["wert"], found(GREEN, area="Ost")["nenner"]) == (100.0, 1)
    assert found(GREEN, "flaeche", "West")["nenner"] == pytest.approx(120.0)
    assert found(GREEN, "flaeche", "Ost")["nenner"] == pytest.approx(180.0)
    assert found(GREEN, "flaeche", "Ost")["wert"] == pytest.approx(100 * 100 / 180)


# -- the register -------------------------------------------------------------------------------------------


def register(folder: Path, *projects: tuple) -> str:
    """Return a register with projects of (statements, parcels as WKT)."""
    path = empty_register(folder)
    opened = Register.open(Path(path))
    for number, (statements, parcels) in enumerate(projects):
        project = opened.add_project(Project(f"Baugebiet {number}"))
        records = [
            ParcelRecord.of(f"05123{number}-007-{k}", QgsGeometry.fromWkt(wkt))
            for k, wkt in enumerate(parcels)
        ]
        opened.assign(records, [2], Role.MEASURE, project=project.id)
        for value, words, year in statements:
            opened.add_fact(Fact(2, "abgekoppelt", value, words, "ja/nein", year, "Amt", project.id))
    opened.close()
    return path


def test_the_register_tells_of_buildings_on_parcels_of_its_projects(told, tmp_path):
    """Six buildings: three on parcels of ja, one of teilweise, one of nein, one on none."""
    yes, partly, no = [box(-2, -2, 54, 20)], [box(58, -2, 14, 20)], [box(78, -2, 14, 20)]
    place = register(
        tmp_path,
        ([(None, "ja", 2022)], yes),
        ([(None, "teilweise", 2022)], partly),
        ([(0.0, None, 2022)], no),
    )
    found = told(new(6), REGISTER=place)
    assert [row["abgekoppelt"] for row in found.rows.values()] == ["ja"] * 3 + ["teilweise", "nein", None]
    row = found(OFF)
    assert (row["zaehler"], row["nenner"], row["wert"]) == (3, 5, 60.0)
    assert row["abdeckung_proz"] == pytest.approx(500 / 6)


def test_the_field_goes_before_the_register_and_what_contradicts_itself_is_unknown(told, tmp_path):
    place = register(
        tmp_path,
        ([(1.0, None, 2022)], [box(-2, -2, 34, 20)]),
        ([(None, "nein", 2022)], [box(18, -2, 14, 20)]),
        ([], [box(38, -2, 14, 20)]),
        ([(1.0, None, 2021), (0.0, None, 2022)], [box(58, -2, 14, 20)]),
        ([(1.0, None, 2022)], [box(86, -2, 20, 20)]),
    )
    found = told(new(5, abgekoppelt=["nein", None, "unbekannt", None, None]), REGISTER=place)
    told_of = [row["abgekoppelt"] for row in found.rows.values()]
    assert told_of == ["nein", None, None, "nein", None]


def test_the_register_is_read_where_the_layers_are_in_another_crs(told, tmp_path):
    place = register(tmp_path, ([(1.0, None, 2022)], [box(-2, -2, 200, 20)]))
    assert told(reprojected(new(6), "EPSG:31467"), REGISTER=place)(OFF)["wert"] == 100.0
    assert told(reprojected(new(6), "EPSG:4326"), REGISTER=place)(OFF)["wert"] == 100.0


def test_the_fact_is_known_where_it_is_entered(run, tmp_path):
    place = empty_register(tmp_path)
    said = {"HZ": 2, "FIELD": "Abgekoppelt", "TEXT": "teilweise", "SOURCE": "Amt", "MUNICIPALITY": "Ort"}
    result = run("add_fact", REGISTER=place, **said)
    assert "No indicator" not in result.log.text
    opened = Register.open(Path(place))
    assert [(fact.field, fact.unit, fact.text) for fact in opened.facts()] == [
        ("abgekoppelt", "ja/nein", "teilweise")
    ]
    opened.close()


def test_parcels_of_an_exclusion_tell_nothing(told, tmp_path):
    path = empty_register(tmp_path)
    opened = Register.open(Path(path))
    project = opened.add_project(Project("Baugebiet"))
    parcel = ParcelRecord.of("051230-007-1", QgsGeometry.fromWkt(box(-2, -2, 200, 20)))
    opened.assign([parcel], [2], Role.EXCLUSION, project=project.id)
    opened.add_fact(Fact(2, "abgekoppelt", 1.0, None, "ja/nein", 2022, "Amt", project.id))
    opened.close()
    assert {row["abgekoppelt"] for row in told(new(5), REGISTER=path).rows.values()} == {None}


def test_a_fact_in_another_unit_is_said_and_two_registers_are_refused(told, tmp_path):
    path = empty_register(tmp_path)
    opened = Register.open(Path(path))
    project = opened.add_project(Project("Baugebiet"))
    parcel = ParcelRecord.of("051230-007-1", QgsGeometry.fromWkt(box(-2, -2, 200, 20)))
    opened.assign([parcel], [2], Role.MEASURE, project=project.id)
    opened.add_fact(Fact(2, "abgekoppelt", 1.0, None, "m²", 2022, "Amt", project.id))
    opened.close()
    found = told(new(5), REGISTER=path)
    assert "HZ 2, abgekoppelt: the unit m² does not fit; left out." in found.log
    assert found(OFF)["status"] == "nicht bewertbar"
    with pytest.raises(QgsProcessingException, match="Name one register"):
        told(new(5), REGISTER=path, CONNECTION="team")


# -- invariants ---------------------------------------------------------------------------------------------


def figures(result) -> dict:
    columns = ("zaehler", "nenner", "wert", "status", "abdeckung_proz", "n_objekte", "n_ausgelassen")
    return {
        key: tuple(round(row[c], 6) if isinstance(row[c], float) else row[c] for c in columns)
        for key, row in result.findings.items()
    }


def mixed(rng: Random) -> tuple:
    """Return forty buildings and the earlier date, drawn by chance in millimetres."""
    shapes, before, columns = (
        [],
        [],
        {"id": [], "baujahr": [], "begruent": [], "abgekoppelt": [], "flach": []},
    )
    for k in range(40):
        x, y = 40.0 * (k % 8), 40.0 * (k // 8)
        wide, deep = round(rng.uniform(2, 20), 3), round(rng.uniform(2, 20), 3)
        corners = [(0, 0), (wide, 0), (wide, deep), (wide / 2, deep + 2), (0, deep)]
        shapes.append(polygon([(x + a, y + b) for a, b in corners]))
        if rng.random() < 0.6:
            part = rng.choice((0.2, 0.8, 1.0))
            before.append(shapes[-1] if part == 1.0 else box(x, y, wide * part, deep))
        columns["id"].append(k)
        columns["baujahr"].append(rng.choice(("0", "1970", "2021", "1970,2022", "2024", "9999")))
        columns["begruent"].append(rng.choice((1, 1, 0, 0, None)))
        columns["abgekoppelt"].append(rng.choice(("ja", "nein", "teilweise", "unbekannt")))
        columns["flach"].append(rng.choice((1, 0, None)))
    return shapes, before, columns


@pytest.mark.parametrize("seed", range(5))
def test_place_turn_order_and_repetition_change_nothing(run, seed):
    rng = Random(seed)
    shapes, before, columns = mixed(rng)
    now, then = layer(shapes, columns, name="gebaeude"), layer(before, name="frueher")
    given = {"REFERENCE_YEAR": 2020, "AS_OF": "2026-06-30"}
    expected = figures(run(NEW_BUILDINGS, BUILDINGS=now, BUILDINGS_BEFORE=then, **given))
    assert expected[GREEN, "ab_2020.anzahl", "Gesamt"][1] > 0

    def turned(shape):
        shape.rotate(33.0, QgsPointXY(EAST, NORTH))
        shape.translate(1234.567, -765.432)
        return shape

    def shuffled(features):
        rng.shuffle(features)
        return features

    for change in (
        lambda source: reshaped(source, turned),
        lambda source: changed(source, shuffled),
        lambda source: changed(source, lambda features: [*features, *features]),
    ):
        found = run(NEW_BUILDINGS, BUILDINGS=change(now), BUILDINGS_BEFORE=change(then), **given)
        assert figures(found) == expected


@pytest.mark.parametrize("seed", range(5))
def test_losing_what_is_known_never_raises_the_coverage(run, seed):
    rng = Random(seed)
    shapes, before, columns = mixed(rng)
    given = {"BUILDINGS_BEFORE": layer(before, name="frueher"), "REFERENCE_YEAR": 2020, "AS_OF": "2026-06-30"}
    whole = run(NEW_BUILDINGS, BUILDINGS=layer(shapes, columns, name="gebaeude"), **given).findings
    for field in ("begruent", "abgekoppelt", "flach"):
        lost = columns | {field: [None if rng.random() < 0.5 else value for value in columns[field]]}
        found = run(NEW_BUILDINGS, BUILDINGS=layer(shapes, lost, name="gebaeude"), **given).findings
        assert found.keys() == whole.keys()
        for key, row in found.items():
            assert row["abdeckung_proz"] <= whole[key]["abdeckung_proz"] + 1e-9, key
            assert (row["nenner"] or 0.0) <= (whole[key]["nenner"] or 0.0), key


# -- what registers deliver --------------------------------------------------------------------------------


def test_a_needle_and_an_invalid_outline_are_mended_or_left_out(told):
    bow = polygon([(100, 0), (110, 10), (110, 0), (100, 10)])
    shapes = [*(box(20 * k, 0, 10, 10) for k in range(5)), polygon([(200, 0), (260, 0), (260, 1e-9)]), bow]
    given = layer(shapes, {"id": list(range(7)), "baujahr": [2021] * 7, "begruent": [1] * 7}, name="gebaeude")
    found = told(given)
    assert "1 unusable geometries left out" in found.log
    assert "1 invalid geometries repaired" in found.log
    assert found.rows[6]["flaeche_m2"] == pytest.approx(50.0)
    assert (found(GREEN)["nenner"], found(GREEN)["n_ausgelassen"]) == (6, 1)


def test_an_empty_layer_is_refused_by_name(told):
    empty = changed(new(2), lambda features: [])
    with pytest.raises(QgsProcessingException, match=r"gebaeude.*empty"):
        told(empty)
    with pytest.raises(QgsProcessingException, match=r"gebaeude.*empty"):
        told(new(2), empty)


def test_of_repeated_buildings_the_one_that_tells_most_counts_in_any_order(told):
    for order in ([None, 1], [1, None]):
        given = layer([box(0, 0, 10, 10)] * 2, {"baujahr": [2021] * 2, "begruent": order}, name="gebaeude")
        found = told(given)
        assert (found(GREEN)["zaehler"], found(GREEN)["nenner"]) == (1, 1)
        assert "1 features repeat another one exactly" in found.log


@pytest.mark.parametrize(("off", "count"), [(0.02, 2), (0.1, 2), (0.11, 3)])
@pytest.mark.parametrize("turned", [False, True])
def test_an_outline_that_repeats_another_one_to_a_decimetre_counts_once(told, off, count, turned):
    """Two buildings, the first greened and delivered again a little aside, of unknown greening there."""
    shapes = [box(0, 0, 10, 10), box(off, 0, 10, 10), box(50, 0, 10, 10)]
    rows = {"id": ["a", "b", "c"], "baujahr": [2021] * 3, "begruent": [1, None, 0]}
    columns = {name: values[::-1] if turned else values for name, values in rows.items()}
    found = told(layer(shapes[::-1] if turned else shapes, columns))
    green, area = found(GREEN), found(GREEN, "flaeche")
    assert (green["zaehler"], green["nenner"], area["nenner"]) == (1, 2, pytest.approx(200))
    assert green["abdeckung_proz"] == pytest.approx(100 * 2 / count)
    assert len(found.rows) == count
    assert "exactly" not in found.log
    assert ("1 features repeat another one to 0.1 m" in found.log) == (count == 2)


def test_buildings_of_one_bounding_box_are_not_the_same(told):
    """An L and a yard house of the same extent, and the box itself."""
    corner = polygon([(0, 0), (20, 0), (20, 10), (10, 10), (10, 20), (0, 20)])
    other = polygon([(20, 20), (0, 20), (0, 10), (10, 10), (10, 0), (20, 0)])
    yard = polygon([(0, 0), (20, 0), (20, 20), (0, 20)], [(5, 5), (15, 5), (15, 15), (5, 15)])
    rows = {"id": list("abcd"), "baujahr": [2021] * 4, "begruent": [1] * 4}
    found = told(layer([corner, other, yard, box(0, 0, 20, 20)], rows))
    assert found(GREEN)["nenner"] == 4


def test_a_building_drawn_in_two_pieces_is_two_by_number_and_one_by_area(told):
    shapes = [box(0, 0, 10, 10), box(30, 0, 5, 10), box(35, 0, 5, 10)]
    found = told(layer(shapes, {"baujahr": [2021] * 3, "begruent": [1, 0, 0]}, name="gebaeude"))
    assert found(GREEN)["wert"] == pytest.approx(100 / 3)
    assert found(GREEN, "flaeche")["wert"] == pytest.approx(50.0)


def test_rows_are_counted_and_the_figures_by_number_say_so(told):
    shapes = [box(0, 0, 10, 10), box(10, 0, 5, 10)]
    rows = {"baujahr": [2021] * 2, "begruent": [1, 0], "flach": [1] * 2, "abgekoppelt": ["ja"] * 2}
    found = told(layer(shapes, {**rows, "ausnahme": [0] * 2}, name="gebaeude"))
    said = {
        (indicator, variant): "rows of the layer" in found(indicator, variant)["annahmen"]
        for indicator, variants in {
            GREEN: ("anzahl", "flaeche", "nur_flachdach", "ab_50_m2"),
            OFF: ("anzahl", "flaeche", "ohne_ausnahmen"),
        }.items()
        for variant in variants
    }
    assert said == {key: key[1] != "flaeche" for key in said}
    assert "each square metre counts once" in found(GREEN, "flaeche")["annahmen"]


@pytest.mark.parametrize("turned", [False, True])
def test_where_new_buildings_overlap_each_square_metre_counts_once(told, turned):
    """200 m² greened; 100 m² not, 50 m² of them on the first; 20 m² of unknown greening wholly within it."""
    shapes = [box(0, 0, 20, 10), box(15, 0, 10, 10), box(2, 2, 5, 4)]
    rows = {"baujahr": [2021] * 3, "begruent": [1, 0, None], "id": ["a", "b", "c"]}
    columns = {name: values[::-1] if turned else values for name, values in rows.items()}
    found = told(layer(shapes[::-1] if turned else shapes, columns))
    area, green = found(GREEN, "flaeche"), found(GREEN)
    assert (area["zaehler"], area["nenner"]) == (pytest.approx(200), pytest.approx(250))
    assert (area["wert"], area["abdeckung_proz"]) == (pytest.approx(80), pytest.approx(100))
    assert (green["zaehler"], green["nenner"], green["n_ausgelassen"]) == (1, 2, 1)
    assert [found.rows[one]["flaeche_m2"] for one in "abc"] == pytest.approx([200, 100, 20])


def test_ground_under_what_does_not_count_is_not_taken(told):
    """An old house of 400 m² and one of 8 m², too small, lie over a new one of 100 m²."""
    shapes = [box(0, 0, 20, 20), box(0, 0, 4, 2), box(0, 0, 10, 10), box(40, 0, 10, 10)]
    rows = {"baujahr": [1990, 2021, 2021, 2021], "begruent": [0, 0, 1, 0]}
    area = told(layer(shapes, rows))(GREEN, "flaeche")
    assert (area["zaehler"], area["nenner"]) == (pytest.approx(100), pytest.approx(200))


def test_shared_ground_is_taken_where_it_lies(told):
    """20 m × 10 m across the border, 100 m² on each side; in the east 50 of another one's 70 m² lie on it."""
    shapes = [box(-10, 0, 20, 10), box(5, 0, 7, 10)]
    given = layer(shapes, {"baujahr": [2021] * 2, "begruent": [0, 1]}, name="gebaeude")
    areas = layer([box(-100, -50, 100, 100), box(0, -50, 100, 100)], {"gemeinde": ["West", "Ost"]}, name="g")
    found = told(given, AREAS=areas, AREAS_NAME="gemeinde")
    west, east = found(GREEN, "flaeche", "West"), found(GREEN, "flaeche", "Ost")
    assert (west["zaehler"], west["nenner"]) == (0, pytest.approx(100))
    assert (east["zaehler"], east["nenner"]) == (pytest.approx(20), pytest.approx(120))
