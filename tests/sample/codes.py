"""Codes of the ALKIS catalogue (GeoInfoDok NW) that occur in the sample."""

from __future__ import annotations

FUNCTIONS = {
    1000: "Wohngebäude",
    1010: "Wohnhaus",
    1022: "Seniorenheim",
    1123: "Wohn- und Geschäftsgebäude",
    1220: "Land- und forstwirtschaftliches Wohn- und Betriebsgebäude",
    1313: "Gartenhaus",
    2020: "Bürogebäude",
    2050: "Geschäftsgebäude",
    2051: "Kaufhaus",
    2056: "Apotheke",
    2071: "Hotel, Motel, Pension",
    2081: "Gaststätte, Restaurant",
    2111: "Fabrik",
    2112: "Betriebsgebäude",
    2120: "Werkstatt",
    2143: "Lagerhalle, Lagerschuppen, Lagerhaus",
    2171: "Bergwerk",
    2424: "Betriebsgebäude des Güterbahnhofs",
    2423: "Stellwerk, Blockstelle",
    2422: "Lokschuppen, Wagenhalle",
    2443: "Betriebsgebäude zur Schleuse",
    2444: "Bootshaus",
    2463: "Garage",
    2461: "Parkhaus",
    2512: "Pumpstation",
    2611: "Gebäude der Kläranlage",
    2721: "Scheune",
    2723: "Schuppen",
    2724: "Stall",
    3012: "Rathaus",
    3013: "Post",
    3021: "Allgemein bildende Schule",
    3034: "Museum",
    3041: "Kirche",
    3044: "Gemeindehaus",
    3051: "Krankenhaus",
    3065: "Kinderkrippe, Kindergarten, Kindertagesstätte",
    3071: "Polizei",
    3072: "Feuerwehr",
    3081: "Trauerhalle",
    3091: "Bahnhofsgebäude",
    3211: "Sport-, Turnhalle",
    3212: "Gebäude zum Sportplatz",
}

FLATS, HOUSE, MIXED_USE, FARMHOUSE, ARBOUR = 1000, 1010, 1123, 1220, 1313
OFFICES, SHOPS, INN, FACTORY, WORKS, WORKSHOP, STORAGE = 2020, 2050, 2081, 2111, 2112, 2120, 2143
GARAGE, BARN, SHED, STABLE, CHURCH = 2463, 2721, 2723, 2724, 3041

FLAT, LEAN_TO, GABLE, HIP, HALF_HIP, MANSARD, TENT = 1000, 2100, 3100, 3200, 3300, 3400, 3500
CONE, SHED_ROOF, BARREL, MIXED = 3600, 3800, 3900, 5000
