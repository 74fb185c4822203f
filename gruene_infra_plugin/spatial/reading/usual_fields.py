"""Usual names of fields by what they hold: the table by which all algorithms and the panel recognise them.

Case, blanks, underscores, hyphens and the way in which umlauts are written make no difference; the first name
of a kind that a layer has is taken. Names of ten letters that end in the middle of a word were cut for a
shapefile.

Sources: GeoInfoDok 7.1 (AX_Flurstueck, AX_Gebaeude), the simplified ALKIS schema of the Länder, DVG of
Geobasis NRW, VG250 of the BKG, Zensus 2022, OpenStreetMap; offices' lists [A].
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain, count

from qgis.core import QgsField, QgsFields

from ...methods.reading.names import plain_name

SHAPEFILE_NAME = 10
"""Characters that a Shapefile keeps of a field's name."""

# -- parcels ------------------------------------------------------------------------------------------------

PARCEL_KEY = (
    "flstkennz",
    "flurstueckskennzeichen",
    "flstkennzeichen",
    "flurstueckskennz",
    "flurstkennz",
    "nationalcadastralreference",
    "nationalca",
    "kennzeichen",
)
"""The Flurstückskennzeichen."""
PARCEL_ID = (*PARCEL_KEY, "idflurst")
"""What tells parcels apart; the identifier of the object is no key of the register."""
LISTED_PARCEL_KEY = (*PARCEL_KEY, "schluessel", "flurstueck", "flst kennz")
"""The column of the Flurstückskennzeichen in offices' lists [A]."""
DIVIDED_KEY = ("gemarkung", "gemarkungsnummer", "gemarkungsnr", "flur", "flurnummer", "flurnr")
"""Columns without which a key such as 12/3 does not say which parcel it is [A]."""
OFFICIAL_AREA = (
    "amtliche_flaeche",
    "amtlichefl",
    "amtliche_f",
    "amtl_flaeche",
    "amtl_fl",
    "flaeche_m2",
    "flaeche_qm",
    "flaeche",
    "afl",
    "areavalue",
)
"""The official area of a parcel."""
SPACE_TYPE = ("raumtyp",)
SPACE_TYPE_SHARE = ("raumtyp_anteil", "raumtyp_an")
SPACE_TYPE_ORIGIN = ("raumtyp_quelle", "raumtyp_qu")
ZONE = ("zone",)

# -- areas --------------------------------------------------------------------------------------------------

MUNICIPALITY_KEY = (
    "ags",
    "gemeindeschluessel",
    "gemeindesc",
    "amtlicher_gemeindeschluessel",
    "gemeindekennzahl",
    "gmdschl",
    "gemschl",
    "kn",
    "ags_0",
    "ars",
    "ars_0",
    "regionalschluessel",
    "regionalsc",
)
"""The key of a municipality, or its long form."""
MUNICIPALITY_NAME = ("gemeinde", "gemeindename", "gemeindena", "gem_name", "gn", "gen", "kommune", "stadt")
AREA_NAME = (*MUNICIPALITY_NAME, *SPACE_TYPE, "stadtteil", "quartier", "name")

# -- buildings ----------------------------------------------------------------------------------------------

BUILDING_USE = (
    "gebaeudefunktion",
    "gebaeudefu",
    "gfkzshh",
    "gfk",
    "funktion",
    "currentuse",
    "building",
)
"""The function of a building: a code of the ALKIS catalogue or its words, the value in OpenStreetMap."""
YEAR_BUILT = ("baujahr",)
ROOF_FORM = ("dachform", "roof:shape")

# -- other layers -------------------------------------------------------------------------------------------

FLOODPLAIN_CLASS = ("klasse",)
WATER_WIDTH = ("breite_m", "breite")
CORRIDOR_NAME = ("gruenzug",)
BARRIER_KIND = ("art", "highway", "railway", "waterway", "barrier", "objart_txt")

# -- offices' lists -----------------------------------------------------------------------------------------

LISTED_GOALS = ("hz", "handlungsziel", "handlungsziele", "handlungsz", "ziel", "ziele")
LISTED_ROLE = ("rolle",)
LISTED_STATUS = ("status",)
LISTED_PROJECT = ("projekt", "projektname")
LISTED_EVIDENCE = ("beleg", "nachweis")
LISTED_NOTE = ("notiz", "bemerkung", "bemerkungen")
LISTED_ALGORITHM = ("algorithmus", "algorithmu")


def usual_fields(fields: QgsFields, names: Sequence[str]) -> list[int]:
    """Return the places of all fields with one of the usual ``names``, or it as alias, in their order."""
    places: dict[str, int] = {}
    for told in (QgsFields.names, _aliases):
        for place, name in enumerate(told(fields)):
            places.setdefault(plain_name(name), place)
    found = (places.get(plain_name(name)) for name in names)
    return list(dict.fromkeys(place for place in found if place is not None))


def usual_field(fields: QgsFields, names: Sequence[str]) -> int | None:
    """Return the place of the first usual field there is, ``None`` if there is none."""
    return next(iter(usual_fields(fields, names)), None)


# -- columns of results -------------------------------------------------------------------------------------


def in_shapefile(names: Iterable[str]) -> dict[str, str]:
    """Return what columns are called in a Shapefile: cut, and numbered where two are then the same."""
    stored: dict[str, str] = {}
    for name in dict.fromkeys(names):
        numbered = (f"{name[: SHAPEFILE_NAME - 2]}_{number}" for number in count(1))
        forms = chain([name[:SHAPEFILE_NAME]], numbered)
        stored[name] = next(form for form in forms if form not in stored.values())
    return stored


def result_columns(fields: QgsFields, names: Iterable[str]) -> dict[str, int]:
    """Return the places of a result's columns, as they are called or as a Shapefile calls them.

    ``names`` are all columns of the result that are looked for, in its order; those that are not there are
    left out.
    """
    names = list(names)
    places = {name: fields.lookupField(name) for name in names}
    free = set(range(fields.count())) - set(places.values())
    for name, stored in in_shapefile(names).items():
        place = fields.lookupField(stored)
        if places[name] < 0 and place in free and len(name) > SHAPEFILE_NAME:
            places[name] = place
    return {name: place for name, place in places.items() if place >= 0}


def with_whole_names(fields: QgsFields, names: Iterable[str]) -> QgsFields:
    """Return fields under the names of a result's columns that a Shapefile has cut."""
    places = {place: name for name, place in result_columns(fields, names).items()}
    renamed = QgsFields()
    for place, known in enumerate(fields):
        field = QgsField(known)
        if place in places:
            field.setName(places[place])
        renamed.append(field)
    return renamed


def _aliases(fields: QgsFields) -> list[str]:
    return [field.alias() for field in fields]
