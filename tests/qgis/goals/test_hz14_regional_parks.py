"""HZ 14, regional parks: the concept and its deadline, shares and residents by hand, what is not assessable."""

from __future__ import annotations

from pathlib import Path

import pytest
from gruene_infra.gruene_infra_plugin.register.model import Fact
from gruene_infra.gruene_infra_plugin.register.store import Register
from qgis.core import QgsProcessingException

from ...layer_factory import box, layer, point

CONCEPT, SHARE, PEOPLE = "hz14.konzept", "hz14.park.anteil", "hz14.park.einwohner"
CORRIDOR, NETWORK = "hz14.park.gruenzug", "hz14.park.verbund"
REGION = "Metropole Ruhr"
TOWN = box(0, 0, 1000, 1000)


def example(folder: Path) -> dict[str, object]:
    """Two towns of 900 ha; in each three parks of 100 ha, one of them planned, and 36 cells of 500 m."""
    xs = (0, 4000)
    parks = [box(x + 1000 * k, 0, 1000, 1000) for x in xs for k in range(3)]
    cells = [box(x + 500 * k, 500 * j, 500, 500) for x in xs for k in range(6) for j in range(6)]
    greens = [box(x + 600 * k, 500, 500, 1000) for x in xs for k in range(3)]
    path = folder / "register.gpkg"
    register = Register.create(path)
    register.add_fact(Fact(14, "konzept_datum", text="2025-06-30", source="RVR 25", municipality=REGION))
    register.close()
    return {
        "PARKS": layer(
            parks,
            {"name": ["Nord", "Mitte", "Süd"] * 2, "status": ["Bestand", "Bestand", "geplant"] * 2},
            name="regionalparks",
        ),
        "NAME_FIELD": "name",
        "STATUS_FIELD": "status",
        "REGISTER": str(path),
        "POPULATION": layer(cells, {"einwohner": [10 + k for k in range(72)]}, name="zensus"),
        "POPULATION_FIELD": "einwohner",
        "CORRIDORS": layer(greens, {"id": list(range(6))}, name="gruenzuege"),
        "NETWORK": layer(greens, {"id": list(range(6))}, name="biotopverbund"),
        "AREAS": layer(
            [box(x, 0, 3000, 3000) for x in xs],
            {"gemeinde": ["Westen", "Osten"], "ags": ["05999001", "05999002"]},
            name="gemeinden",
        ),
        "AREAS_NAME": "gemeinde",
        "AREAS_KEY": "ags",
        "AS_OF": "2026-06-30",
    }


def towns(*shapes: str):
    names = [f"Ort {number}" for number, _ in enumerate(shapes)]
    keys = [f"0599900{number}" for number, _ in enumerate(shapes)]
    return layer(list(shapes), {"gemeinde": names, "ags": keys}, name="gemeinden")


def parks(*shapes: str, status: list | None = None, names: list | None = None):
    columns = {"status": status or ["bestand"] * len(shapes), "name": names or [None] * len(shapes)}
    return layer(list(shapes), columns, name="parks")


def homes(*shapes: str, people: list):
    return layer(list(shapes), {"einwohner": people}, name="zensus")


@pytest.fixture
def measured(run):
    def start(parks_layer, areas=None, **more):
        given = {"AREAS": areas or towns(TOWN), "AS_OF": "2026-11-29"}
        return run("hz14_regional_parks", PARKS=parks_layer, **(given | more))

    return start


def figure(found, indicator: str, variant: str, area: str = "Ort 0") -> dict:
    return found.findings[indicator, variant, area]


# -- the concept --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "made", "value", "status"),
    [
        ("2026-01-01", None, 0.0, "Frist abgelaufen"),
        ("2025-12-31", None, 0.0, "Lücke"),
        ("2026-11-29", "2027-03-01", 0.0, "Frist abgelaufen"),
        ("2025-12-31", "2025-12-31", 1.0, "erreicht"),
        ("2025-12-30", "2025-12-31", 0.0, "Lücke"),
        ("2026-11-29", "2026-03-01", 1.0, "erreicht"),
    ],
)
def test_the_deadline_has_passed_until_a_document_is_entered(measured, day, made, value, status):
    found = measured(parks(TOWN), AS_OF=day, CONCEPT_DATE=made, CONCEPT_TITLE="Charta 25" if made else "")
    row = figure(found, CONCEPT, "dokument", REGION)
    assert (row["wert"], row["status"], row["gebiet_art"], row["ziel"]) == (value, status, "Region", 1)
    assert (row["zaehler"], row["nenner"], row["luecke"]) == (value, 1, 1 - value)
    assert ("Charta 25" in (row["annahmen"] or "")) == (value == 1)
    assert ("after the deadline" in (row["annahmen"] or "")) == (made == "2026-03-01")
    assert [key for key in found.findings if key[0] == CONCEPT] == [(CONCEPT, "dokument", REGION)]
