"""Codes of AX_Gebaeudefunktion from the ways in which the function of a building is delivered.

Source: GeoInfoDok 7.1, object kind 31001 AX_Gebaeude, attribute ``gebaeudefunktion``; the simplified ALKIS
schema writes object kind and code into ``gfkzshh`` (31001_2010) and the words into ``funktion``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from ..reading.names import plain_name

BUILDING_KIND = "31001"
"""Number of the object kind AX_Gebaeude; others, such as bridges, have codes of their own."""
_CODE = re.compile(r"(?:(?P<kind>\d{5})[_:. -]?)?(?P<code>\d{4})(?:[.,]0+)?(?:[ :,-]+\D.*)?", re.ASCII)

WORDS: Mapping[str, int] = MappingProxyType(
    {
        plain_name(words): code
        for words, code in {
            "Wohngebäude": 1000,
            "Wohnhaus": 1010,
            "Wohnheim": 1020,
            "Kinderheim": 1021,
            "Seniorenheim": 1022,
            "Schwesternwohnheim": 1023,
            "Studenten-, Schülerwohnheim": 1024,
            "Schullandheim": 1025,
            "Gemischt genutztes Gebäude mit Wohnen": 1100,
            "Wohngebäude mit Gemeinbedarf": 1110,
            "Wohngebäude mit Handel und Dienstleistungen": 1120,
            "Wohn- und Verwaltungsgebäude": 1121,
            "Wohn- und Bürogebäude": 1122,
            "Wohn- und Geschäftsgebäude": 1123,
            "Wohngebäude mit Gewerbe und Industrie": 1130,
            "Wohn- und Betriebsgebäude": 1131,
            "Land- und forstwirtschaftliches Wohngebäude": 1210,
            "Land- und forstwirtschaftliches Wohn- und Betriebsgebäude": 1220,
            "Bauernhaus": 1221,
            "Wohn- und Wirtschaftsgebäude": 1222,
            "Forsthaus": 1223,
            "Gebäude zur Freizeitgestaltung": 1310,
            "Ferienhaus": 1311,
            "Wochenendhaus": 1312,
            "Gartenhaus": 1313,
            "Gebäude für Wirtschaft oder Gewerbe": 2000,
            "Gebäude für Handel und Dienstleistungen": 2010,
            "Bürogebäude": 2020,
            "Kreditinstitut": 2030,
            "Versicherung": 2040,
            "Geschäftsgebäude": 2050,
            "Kaufhaus": 2051,
            "Einkaufszentrum": 2052,
            "Markthalle": 2053,
            "Laden": 2054,
            "Kiosk": 2055,
            "Apotheke": 2056,
            "Messehalle": 2060,
            "Gebäude für Beherbergung": 2070,
            "Hotel, Motel, Pension": 2071,
            "Jugendherberge": 2072,
            "Gebäude für Bewirtung": 2080,
            "Gaststätte, Restaurant": 2081,
            "Kantine": 2083,
            "Freizeit- und Vergnügungsstätte": 2090,
            "Festsaal": 2091,
            "Kino": 2092,
            "Kegel-, Bowlinghalle": 2093,
            "Spielkasino": 2094,
            "Gebäude für Gewerbe und Industrie": 2100,
            "Produktionsgebäude": 2110,
            "Fabrik": 2111,
            "Betriebsgebäude": 2112,
            "Werkstatt": 2120,
            "Tankstelle": 2130,
            "Gebäude für Vorratshaltung": 2140,
            "Speichergebäude": 2142,
            "Lagerhalle, Lagerschuppen, Lagerhaus": 2143,
            "Speditionsgebäude": 2150,
            "Gebäude für Forschungszwecke": 2160,
            "Gebäude für betriebliche Sozialeinrichtung": 2180,
            "Sonstiges Gebäude für Gewerbe und Industrie": 2200,
            "Gebäude für Handel und Dienstleistung mit Wohnen": 2310,
            "Gebäude für Gewerbe und Industrie mit Wohnen": 2320,
            "Betriebsgebäude zu Verkehrsanlagen (allgemein)": 2400,
            "Gebäude zum Parken": 2460,
            "Parkhaus": 2461,
            "Parkdeck": 2462,
            "Garage": 2463,
            "Fahrzeughalle": 2464,
            "Tiefgarage": 2465,
            "Gebäude zur Versorgung": 2500,
            "Gebäude zur Energieversorgung": 2501,
            "Umformer": 2523,
            "Gebäude zur Entsorgung": 2600,
            "Gebäude für Land- und Forstwirtschaft": 2700,
            "Land- und forstwirtschaftliches Betriebsgebäude": 2720,
            "Scheune": 2721,
            "Schuppen": 2723,
            "Stall": 2724,
            "Treibhaus, Gewächshaus": 2740,
            "Gebäude für öffentliche Zwecke": 3000,
            "Verwaltungsgebäude": 3010,
            "Parlament": 3011,
            "Rathaus": 3012,
            "Post": 3013,
            "Zollamt": 3014,
            "Gericht": 3015,
            "Botschaft, Konsulat": 3016,
            "Kreisverwaltung": 3017,
            "Bezirksregierung": 3018,
            "Finanzamt": 3019,
            "Gebäude für Bildung und Forschung": 3020,
            "Allgemein bildende Schule": 3021,
            "Berufsbildende Schule": 3022,
            "Hochschulgebäude (Fachhochschule, Universität)": 3023,
            "Forschungsinstitut": 3024,
            "Gebäude für kulturelle Zwecke": 3030,
            "Schloss": 3031,
            "Theater, Oper": 3032,
            "Konzertgebäude": 3033,
            "Museum": 3034,
            "Rundfunk, Fernsehen": 3035,
            "Veranstaltungsgebäude": 3036,
            "Bibliothek, Bücherei": 3037,
            "Burg, Festung": 3038,
            "Gebäude für religiöse Zwecke": 3040,
            "Kirche": 3041,
            "Synagoge": 3042,
            "Kapelle": 3043,
            "Gemeindehaus": 3044,
            "Gebäude für Gesundheitswesen": 3050,
            "Krankenhaus": 3051,
            "Gebäude für soziale Zwecke": 3060,
            "Jugendfreizeitheim": 3061,
            "Kinderkrippe, Kindergarten, Kindertagesstätte": 3065,
            "Gebäude für Sicherheit und Ordnung": 3070,
            "Polizei": 3071,
            "Feuerwehr": 3072,
            "Friedhofsgebäude": 3080,
            "Empfangsgebäude": 3090,
            "Bahnhofsgebäude": 3091,
            "Gebäude für öffentliche Zwecke mit Wohnen": 3100,
            "Gebäude für Erholungszwecke": 3200,
            "Gebäude für Sportzwecke": 3210,
            "Sport-, Turnhalle": 3211,
            "Hallenbad": 3221,
            "Nach Quellenlage nicht zu spezifizieren": 9998,
        }.items()
    }
)
"""Codes by the words of the catalogue, in the form of :func:`plain_name`."""


def function_code(delivered: str | None) -> int | None:
    """Return the code of a building's function, ``None`` for what is none of a building.

    >>> function_code("31001_2010"), function_code("2010.0"), function_code("Bürogebäude")
    (2010, 2010, 2020)
    >>> function_code("53001_1800") is None
    True
    """
    if delivered is None:
        return None
    found = _CODE.fullmatch(delivered.strip())
    if found is None:
        return WORDS.get(plain_name(delivered))
    return int(found["code"]) if found["kind"] in (None, BUILDING_KIND) else None
