"""HZ 02, new buildings: values by hand, what is unknown and never a no, two dates, facts of the register."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from gruene_infra.gruene_infra_plugin.register.model import Fact, ParcelRecord, Project, Role
from gruene_infra.gruene_infra_plugin.register.store import Register
from qgis.core import QgsGeometry, QgsPointXY, QgsProcessingException

from ...layer_factory import EAST, NORTH, box, changed, layer, polygon, reprojected, reshaped
from ..examples import empty_register

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
                "anteil": [20.0] * many,
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
            given["BUILDINGS_BEFORE"] = before if not isinstance(before, list) else layer(before, name="frueher")
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


# E alone has no year that BEFORE could tell of: F's year is a placeholder, too, and the earlier date does not
# show it. A layer of the earlier date says of F that it is new, unless it lies where nothing was surveyed.
FAR = 3000.0


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
