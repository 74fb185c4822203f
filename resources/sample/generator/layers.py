"""The layers of the sample. To add one: write a function ``town -> rows`` and list it in ``LAYERS``."""

from __future__ import annotations

from collections.abc import Callable

from . import codes, planted
from .geometry import multi
from .gpkg import INTEGER, REAL, TEXT, Layer, Row
from .town import NumberedBuilding, Town

BUILDING_FIELDS = (
    ("gebaeude_id", TEXT),
    ("gebaeudefunktion", INTEGER),
    ("funktion", TEXT),
    ("dachform", INTEGER),
    ("geschosse", INTEGER),
    ("baujahr", INTEGER),
    ("ags", TEXT),
)


def municipality_rows(town: Town) -> list[Row]:
    """Return the municipalities."""
    return [(multi([area]), (ags, name)) for ags, name, area in town.municipalities]


def space_type_rows(town: Town) -> list[Row]:
    """Return the Raumtyp areas."""
    return [(area, (kind, name)) for kind, name, area in town.space_types]


def parcel_rows(town: Town) -> list[Row]:
    """Return the parcels, ordered by key."""
    rows: list[Row] = []
    for item in sorted(town.flurstuecke, key=lambda item: item.key):
        area = item.parcel.area
        numbers = (item.flur, item.numerator, item.denominator or None)
        facts = (item.parcel.ags, item.parcel.use, max(1, round(area.GetArea())))
        rows.append((area, (item.key, item.gemarkung_name, *numbers, *facts)))
    return rows


def _building(item: NumberedBuilding) -> tuple[str | int | None, ...]:
    facts = item.facts
    words = codes.FUNCTIONS[facts.function]
    return (item.key, facts.function, words, facts.roof, facts.storeys, facts.year, facts.ags)


def building_rows(town: Town) -> list[Row]:
    """Return today's buildings."""
    return [(item.facts.area, _building(item)) for item in town.buildings if not item.facts.gone]


def earlier_building_rows(town: Town) -> list[Row]:
    """Return the buildings of 2015."""
    stock = [item for item in town.buildings if item.facts.before is not None]
    return [(item.facts.before, _building(item)) for item in stock]


def floodplain_rows(town: Town) -> list[Row]:
    """Return the floodplains."""
    return [(f.area, (f.name, f.kind, f.act, f.year)) for f in town.floodplains]


def water_rows(town: Town) -> list[Row]:
    """Return the water bodies."""
    return [(body.area, (body.name, body.kind)) for body in town.water_bodies]


def course_rows(town: Town) -> list[Row]:
    """Return the lines of flow."""
    return [(line, (course.name, course.kind, course.width)) for course, line in town.courses]


def case_rows(town: Town) -> list[Row]:
    """Return one row per planted case and quantity."""
    rows: list[Row] = []
    for number, house in enumerate(planted.HOUSES):
        key = town.buildings[number].key
        for quantity, value in house.expected.items():
            figure = value if isinstance(value, int | float) else None
            text = value if isinstance(value, str) else None
            rows.append(
                _case(number + 1, "gebaeude", key, quantity, figure, text, house.german, house.english)
            )
    for offset, (ags, quantity, figure, german, english) in enumerate(
        planted.municipality_figures(), start=1
    ):
        rows.append(
            _case(len(planted.HOUSES) + offset, "gemeinden", ags, quantity, figure, None, german, english)
        )
    return rows


def _case(
    number: int,
    layer: str,
    key: str,
    quantity: str,
    figure: float | None,
    text: str | None,
    german: str,
    english: str,
) -> Row:
    tolerance = {"in_aue_m2": 0.02, "neu_in_aue_m2": 0.02, "anteil_proz": 0.02, "im_streifen_m2": 0.05}.get(
        quantity, 0.0
    )
    figure = round(figure, 4) if figure is not None else None
    return None, (number, 19, layer, key, quantity, figure, text, tolerance, german, english)


LAYERS: tuple[tuple[Layer, Callable[[Town], list[Row]]], ...] = (
    (
        Layer(
            "gemeinden",
            "Gemeinden",
            "Die drei Gemeinden der Beispielregion",
            "MultiPolygon",
            (("ags", TEXT), ("gemeinde", TEXT)),
        ),
        municipality_rows,
    ),
    (
        Layer(
            "raumtypen",
            "Raumtypen",
            "Innenstadt, Zwischenstadt und Landschaft",
            "Polygon",
            (("raumtyp", TEXT), ("name", TEXT)),
        ),
        space_type_rows,
    ),
    (
        Layer(
            "flurstuecke",
            "Flurstücke",
            "Flurstücke mit Kennzeichen und tatsächlicher Nutzung, lückenlos",
            "Polygon",
            (
                ("flstkennz", TEXT),
                ("gemarkung", TEXT),
                ("flur", INTEGER),
                ("zaehler", INTEGER),
                ("nenner", INTEGER),
                ("ags", TEXT),
                ("nutzung", TEXT),
                ("flaeche_m2", INTEGER),
            ),
        ),
        parcel_rows,
    ),
    (
        Layer("gebaeude", "Gebäude", "Gebäude heute, mit Merkmalen nach ALKIS", "Polygon", BUILDING_FIELDS),
        building_rows,
    ),
    (
        Layer("gebaeude_2015", "Gebäude 2015", "Gebäudebestand Ende 2015", "Polygon", BUILDING_FIELDS),
        earlier_building_rows,
    ),
    (
        Layer(
            "ueberschwemmungsgebiete",
            "Überschwemmungsgebiete und Auen",
            "Festgesetzte und vorläufig gesicherte Überschwemmungsgebiete, Auenkulisse; sie überlagern sich",
            "Polygon",
            (("name", TEXT), ("klasse", TEXT), ("gesetz", TEXT), ("jahr", INTEGER)),
        ),
        floodplain_rows,
    ),
    (
        Layer(
            "gewaesser",
            "Gewässerflächen",
            "Fluss, Kanal, Hafen und Teiche",
            "Polygon",
            (("name", TEXT), ("art", TEXT)),
        ),
        water_rows,
    ),
    (
        Layer(
            "gewaesserlinien",
            "Gewässerlinien",
            "Achsen der Gewässer mit mittlerer Breite des Betts",
            "LineString",
            (("name", TEXT), ("art", TEXT), ("breite_m", REAL)),
        ),
        course_rows,
    ),
    (
        Layer(
            "musterfaelle",
            "Musterfälle",
            "Gepflanzte Fälle mit Sollwerten aus der Konstruktion; klasse ohne Text heißt: keine",
            "",
            (
                ("fall", INTEGER),
                ("hz", INTEGER),
                ("layer", TEXT),
                ("schluessel", TEXT),
                ("groesse", TEXT),
                ("erwartet", REAL),
                ("erwartet_text", TEXT),
                ("toleranz", REAL),
                ("beschreibung_de", TEXT),
                ("beschreibung_en", TEXT),
            ),
        ),
        case_rows,
    ),
)
