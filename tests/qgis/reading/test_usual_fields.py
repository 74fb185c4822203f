"""Fields are known by the names that ALKIS, the DVG and offices give them, and by what they hold."""

from __future__ import annotations

import pytest
from gruene_infra.gruene_infra_plugin.register.parcel_source import ParcelFields
from gruene_infra.gruene_infra_plugin.spatial.reading import usual_fields as usual
from qgis.core import QgsField, QgsFields, QgsProcessingException
from qgis.PyQt.QtCore import QMetaType

from ...layer_factory import box, layer

NEW_IN_AUE = "hz19.aue.neubau_flaeche"
SIMPLIFIED_PARCEL = [
    "oid",
    "idflurst",
    "flaeche",
    "flstkennz",
    "gemarkung",
    "gemaschl",
    "gemeinde",
    "gmdschl",
]
SIMPLIFIED_BUILDING = ["oid", "gebnutzbez", "funktion", "gfkzshh", "name", "anzahlgs", "gmdschl"]


def fields(*names: str) -> QgsFields:
    made = QgsFields()
    for name in names:
        made.append(QgsField(name, QMetaType.Type.QString))
    return made


def found(names: list[str], kind: tuple[str, ...]) -> str | None:
    place = usual.usual_field(fields(*names), kind)
    return None if place is None else names[place]


@pytest.mark.parametrize(
    ("names", "kind", "expected"),
    [
        (SIMPLIFIED_PARCEL, usual.PARCEL_KEY, "flstkennz"),
        (SIMPLIFIED_PARCEL, usual.OFFICIAL_AREA, "flaeche"),
        (SIMPLIFIED_PARCEL, usual.MUNICIPALITY_KEY, "gmdschl"),
        (SIMPLIFIED_PARCEL, usual.MUNICIPALITY_NAME, "gemeinde"),
        (SIMPLIFIED_BUILDING, usual.BUILDING_USE, "gfkzshh"),
        (["gml_id", "flurstueckskennzeichen", "amtlicheFlaeche"], usual.OFFICIAL_AREA, "amtlicheFlaeche"),
        (["gml_id", "amtlicheflaeche"], usual.OFFICIAL_AREA, "amtlicheflaeche"),
        (["id", "Amtliche Fläche"], usual.OFFICIAL_AREA, "Amtliche Fläche"),
        (["id", "AMTL_FL"], usual.OFFICIAL_AREA, "AMTL_FL"),
        (["id", "amtlicheFl"], usual.OFFICIAL_AREA, "amtlicheFl"),
        (["gml_id", "gebaeudefunktion"], usual.BUILDING_USE, "gebaeudefunktion"),
        (["ART", "GN", "KN", "STAND"], usual.MUNICIPALITY_KEY, "KN"),
        (["ART", "GN", "KN", "STAND"], usual.AREA_NAME, "GN"),
        (["ARS", "AGS", "GEN", "BEZ"], usual.MUNICIPALITY_KEY, "AGS"),
        (["Gemeindeschlüssel", "Gemeindename"], usual.MUNICIPALITY_KEY, "Gemeindeschlüssel"),
        (["gemeindesc", "gemeindena"], usual.MUNICIPALITY_NAME, "gemeindena"),
        (["id", "name"], usual.PARCEL_KEY, None),
        (SIMPLIFIED_BUILDING, usual.YEAR_BUILT, None),
    ],
)
def test_a_field_is_known_by_its_usual_name(names, kind, expected):
    assert found(list(names), kind) == expected


def test_the_order_of_the_table_decides_and_an_alias_counts_last():
    made = fields("flaeche", "amtliche_flaeche")
    assert usual.usual_field(made, usual.OFFICIAL_AREA) == 1
    named = QgsField("b", QMetaType.Type.QString)
    named.setAlias("Amtliche Fläche")
    made.append(named)
    assert usual.usual_fields(made, usual.OFFICIAL_AREA) == [1, 0]
    made = fields("a")
    made.append(named)
    assert usual.usual_fields(made, usual.OFFICIAL_AREA) == [1]


def test_parcels_of_the_simplified_schema_are_read_whole(run, site, where):
    site.create()
    columns = {
        "flstkennz": ["05123400700001______"],
        "flaeche": ["1.010,0"],
        "gmdschl": [5113000],
        "gemeinde": ["Essen"],
    }
    run("assign_parcels", PARCELS=layer([box(0, 0, 100, 10)], columns), GOALS="2", **where)
    (parcel,) = site.open().parcels()
    assert (parcel.area_m2, parcel.ags, parcel.municipality) == (1010.0, "05113000", "Essen")


@pytest.mark.parametrize(
    ("value", "ags"), [("05113000", "05113000"), (5113000, "05113000"), (113000, None), ("000", None)]
)
def test_a_code_of_a_municipality_is_not_taken_for_its_name(value, ags):
    made = layer([box(0, 0, 10, 10)], {"flstkennz": ["05123400700001"], "gemeinde": [value]})
    record = ParcelFields.recognised(made.fields()).record(next(made.getFeatures()), "x")
    assert (record.ags, record.municipality) == (ags, None)


def attributed(run, columns, **more):
    """Measure 100 m² of new building in the Aue within one municipality with these columns."""
    areas = {"AREAS": layer([box(-100, -100, 400, 400)], columns, name="gebiete")} if columns else {}
    return run(
        "hz19_floodplain_buildings",
        BUILDINGS=layer([box(0, 0, 10, 10)], {"id": [1]}),
        FLOODPLAINS=layer([box(-50, -50, 200, 200)], {"klasse": ["festgesetzt"]}),
        PLANNED=True,
        **(areas | more),
    )


@pytest.mark.parametrize(
    ("columns", "name", "key"),
    [
        ({"GN": ["Essen"], "KN": ["05113000"]}, "Essen", "05113000"),
        ({"gemeinde": ["05113000"], "name": ["Essen"]}, "Essen", "05113000"),
        ({"gemeinde": [5113000], "GEN": ["Essen"]}, "Essen", "05113000"),
        ({"gemeinde": ["113000"], "gmdschl": ["05113000"], "GEN": ["Essen"]}, "Essen", "05113000"),
        ({"gemeinde": [5113000.0]}, "05113000", "05113000"),
        ({"gemeinde": ["113000"], "ags": [5113000]}, "05113000", "05113000"),
        ({"gemeinde": ["Essen"]}, "Essen", None),
    ],
)
def test_names_and_keys_of_areas_are_told_by_what_the_fields_hold(run, columns, name, key):
    found = attributed(run, columns).finding(NEW_IN_AUE, name)
    assert (found["ags"], found["zaehler"]) == (key, pytest.approx(100.0))


def test_numbers_that_are_neither_names_nor_keys_are_refused(run):
    with pytest.raises(QgsProcessingException, match=r"gebiete.*“gemeinde” holds numbers.*AREAS_NAME"):
        attributed(run, {"gemeinde": ["113000"]})
    assert attributed(run, {"gemeinde": ["113000"]}, AREAS_NAME="gemeinde").finding(NEW_IN_AUE, "113000")


def test_the_key_of_the_municipality_does_not_make_its_quarters_one(run):
    columns = {"stadtteil": ["Mitte", "Nord"], "gmdschl": ["05113000"] * 2}
    halves = layer([box(-100, -100, 105, 400), box(5, -100, 300, 400)], columns)
    result = attributed(run, {}, AREAS=halves, AREAS_KIND="Quartier")
    assert [result.finding(NEW_IN_AUE, name)["zaehler"] for name in ("Mitte", "Nord")] == [
        pytest.approx(50.0),
        pytest.approx(50.0),
    ]
