"""The layers of the sample. To add one: write a function ``town -> rows`` and list it in ``LAYERS``."""

from __future__ import annotations

from collections.abc import Callable

from . import codes, green_corridors, planted, planted_roofs
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
TODAY_FIELDS = (("denkmal", INTEGER), ("gruendach", INTEGER))  # known of today's buildings only


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
    stock = [item for item in town.buildings if not item.facts.gone]
    return [
        (item.facts.area, (*_building(item), int(item.facts.listed), item.facts.register)) for item in stock
    ]


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


STREET_KINDS = ("Hauptstraße", "Nebenstraße", "Nebenstraße", "Wirtschaftsweg")  # by rank


def street_rows(town: Town) -> list[Row]:
    """Return the axes of streets and tracks."""
    own = ("Autobahn", "Anschlussstelle")  # kinds of road that are called by their kind
    return [
        (line, (street.name, street.name if street.name in own else STREET_KINDS[street.rank], street.width))
        for street, line in town.streets
    ]


def rail_rows(town: Town) -> list[Row]:
    """Return the axes of the railways."""
    return [(line, (railway.name, railway.kind, railway.tracks)) for railway, line in town.rails]


def corridor_rows(town: Town) -> list[Row]:
    """Return the parts of the Grünzüge."""
    return [(multi([part.area]), (part.name, part.number, part.part)) for part in town.green_corridors]


TOLERANCES = {"in_aue_m2": 0.02, "neu_in_aue_m2": 0.02, "anteil_proz": 0.02, "im_streifen_m2": 0.05}
Case = tuple[str, str, str, float | str | None, float, str, str]  # layer to description, without numbers


def case_rows(town: Town) -> list[Row]:
    """Return one row per planted case and quantity, with the number of the case and of its goal."""
    groups = [
        (19, _house_cases(town)),
        (19, _municipality_cases()),
        (2, _roof_cases(town)),
        (13, _corridor_cases()),
    ]
    numbered = enumerate(((goal, case) for goal, cases in groups for case in cases), start=1)
    return [_case(number, goal, entry) for number, (goal, case) in numbered for entry in case]


def _house_cases(town: Town) -> list[list[Case]]:
    return [
        [
            ("gebaeude", item.key, name, value, TOLERANCES.get(name, 0.0), house.german, house.english)
            for name, value in house.expected.items()
        ]
        for house, item in zip(planted.HOUSES, town.buildings, strict=False)
    ]


def _municipality_cases() -> list[list[Case]]:
    return [
        [("gemeinden", ags, quantity, figure, 0.0, german, english)]
        for ags, quantity, figure, german, english in planted.municipality_figures()
    ]


def _roof_cases(town: Town) -> list[list[Case]]:
    return [
        [
            ("gebaeude", item.key, name, value, tolerance, roof.german, roof.english)
            for name, (value, tolerance) in roof.expected.items()
        ]
        for roof, item in zip(planted_roofs.ROOFS, town.buildings[len(planted.HOUSES) :], strict=False)
    ]


def _corridor_cases() -> list[list[Case]]:
    return [[("gruenzuege", *entry) for entry in case] for case in green_corridors.cases()]


def _case(number: int, goal: int, case: Case) -> Row:
    layer, key, quantity, value, tolerance, german, english = case
    figure = round(value, 4) if isinstance(value, int | float) else None
    text = value if isinstance(value, str) else None
    return None, (number, goal, layer, key, quantity, figure, text, tolerance, german, english)


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
        Layer(
            "gebaeude",
            "Gebäude",
            "Gebäude heute, mit Merkmalen nach ALKIS; gruendach ohne Wert heißt: nicht bekannt",
            "Polygon",
            BUILDING_FIELDS + TODAY_FIELDS,
        ),
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
            "strassen",
            "Straßen und Wege",
            "Achsen der Straßen und Wege mit der Breite ihres Flurstücks",
            "LineString",
            (("name", TEXT), ("art", TEXT), ("breite_m", REAL)),
        ),
        street_rows,
    ),
    (
        Layer(
            "bahn",
            "Bahnstrecken",
            "Achsen der Bahnstrecken mit der Zahl der Gleise",
            "LineString",
            (("name", TEXT), ("art", TEXT), ("gleise", INTEGER)),
        ),
        rail_rows,
    ),
    (
        Layer(
            "gruenzuege",
            "Regionale Grünzüge",
            "Grünzüge, auch in mehreren Teilen; gruenzug und nummer sagen, was zusammengehört",
            "MultiPolygon",
            (("gruenzug", TEXT), ("nummer", INTEGER), ("teil", TEXT)),
        ),
        corridor_rows,
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
