"""The goals on areas: the whole region beside a tenth of it, QGIS saving the largest layer, other overlays.

``AREAS_SCALE=0.01`` takes a hundredth of the region in place of the whole; ``AREAS_ONLY=hz22_forest_share,…``
names algorithms. Algorithms that this checkout does not have are left out.
"""

from __future__ import annotations

import importlib.util
import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from session import measure, median_seconds, seconds

ROOT = Path(__file__).resolve().parents[2]
SCALE = float(os.environ.get("AREAS_SCALE", "1"))
ONLY = [name for name in os.environ.get("AREAS_ONLY", "").split(",") if name]
RUNS = 3
TENTH = 0.1
MAX_VERTICES = 128
"""Vertices of the pieces in which the other systems get their areas."""
Row = tuple[str, float, str, float]


@dataclass(frozen=True)
class Case:
    """A run of an algorithm: its ``largest`` layer, its other parameters, and the one finding that is known.

    ``layers`` are names of files; ``known`` is a key of what ``write_region`` returns, with the indicator and
    the definition that tell it.
    """

    largest: str
    layers: Mapping[str, str | Sequence[str]]
    values: Mapping[str, object] = field(default_factory=dict)
    known: tuple[str, str, str] | None = None


LAND_USE, EARLIER = "landnutzung", "landnutzung_2015"
CASES = MappingProxyType(
    {
        "hz22_forest_share": Case(
            LAND_USE, {"FOREST": LAND_USE}, {"KIND_FIELD": "objart"}, ("wald", "hz22.wald.anteil", "wald")
        ),
        "hz22_forest_conversion": Case(
            LAND_USE,
            {"FOREST": LAND_USE, "FOREST_BEFORE": EARLIER, "BUILT": LAND_USE},
            {
                "KIND_FIELD": "objart",
                "FOREST_BEFORE_KIND_FIELD": "objart",
                "BUILT_KIND_FIELD": "objart",
                "BUILT_VALUES": "41*, 42*",
                "YEARS": 10,
            },
        ),
        "hz22_ffh_condition": Case(
            "lebensraumtypen", {"HABITATS": "lebensraumtypen"}, {"SHARE_FIELD": "anteil"}
        ),
        "hz15_protected_share": Case(
            "biotopverbund",
            {"NETWORK": "biotopverbund", "PROTECTED": ["schutzgebiete", "naturdenkmale"]},
            {"KINDS_COVERED": "VSG, FFH"},
        ),
        "hz19_river_structure": Case(
            "gewaesser",
            {"SECTIONS": "gewaesser", "ZONES": "gemeinden"},
            known=("schlecht", "hz19.gsg.gesamt", "klasse_5_7"),
        ),
        "hz13_corridor_loss": Case(
            "gebaeude",
            {"CORRIDORS": "gruenzuege", "CORRIDORS_BEFORE": "gruenzuege_2015", "BUILDINGS": "gebaeude"},
            {"REFERENCE_YEAR": 2016},
        ),
        "hz02_new_buildings": Case("gebaeude", {"BUILDINGS": "gebaeude"}, {"REFERENCE_YEAR": 2020}),
        "hz23_landscape_elements": Case(
            LAND_USE,
            {"FIELDS": LAND_USE, "ELEMENTS": ["hecken", "baeume"]},
            {"FIELDS_KIND_FIELD": "objart", "FIELDS_VALUES": "43001"},
        ),
        "hz14_regional_parks": Case(
            "zensus",
            {
                "PARKS": "regionalparks",
                "POPULATION": "zensus",
                "CORRIDORS": "gruenzuege",
                "NETWORK": "biotopverbund",
            },
        ),
        "hz21_peat_soils": Case(
            LAND_USE,
            {"SOIL": "boden", "LAND_USE": LAND_USE},
            {"WATER_FIELD": "flurabstand_cm", "TARGET_DEPTH": 10},
        ),
        "hz21_permanent_grassland": Case(LAND_USE, {"GRASSLAND": LAND_USE, "GRASSLAND_BEFORE": EARLIER}),
    }
)


@dataclass(frozen=True)
class Overlay:
    """What two systems do with the same layers: ``one`` within ``other``, by the ``key`` of the latter."""

    name: str
    one: str
    other: str
    key: str
    where: str = ""


OVERLAYS = MappingProxyType(
    {
        "hz22_forest_share": Overlay(
            "forest in municipalities", LAND_USE, "gemeinden", "ags", "objart = '43002'"
        ),
        "hz15_protected_share": Overlay("sites in municipalities", "schutzgebiete", "gemeinden", "ags"),
        "hz22_forest_conversion": Overlay(
            "earlier forest in land use", EARLIER, LAND_USE, "objart", "objart = '43002'"
        ),
    }
)
JOIN = """
SELECT b.word, sum(
    CASE WHEN ST_Covers(b.geom, a.geom) THEN ST_Area(a.geom) ELSE ST_Area(ST_Intersection(a.geom, b.geom)) END
) AS m2
FROM one a JOIN other b ON ST_Intersects(b.geom, a.geom) GROUP BY b.word
"""


def report(folder: Path) -> Iterator[Row]:
    """Yield rows of (what, ratio or figure, bound as text, bound); figures without bound only inform."""
    import region

    shares = {"whole": SCALE, "tenth": SCALE * TENTH}
    for name, share in shares.items():
        known = region.write_region(folder / name, share)
        (folder / name / "known.json").write_text(json.dumps(known))
    whole, tenth = (folder / name for name in shares)
    with _database() as dsn:
        for name, case in CASES.items():
            if (ROOT / "resources" / "algorithms" / f"{name}.yaml").exists() and name in (ONLY or CASES):
                yield from _report(name, case, whole, tenth, dsn)


def _report(name: str, case: Case, whole: Path, tenth: Path, dsn: str | None) -> Iterator[Row]:
    saved, large, small = [], [], []
    for _ in range(RUNS):  # in turn, so that a machine that slows down slows all of them
        saved.append(measure("areas", "savefeatures", whole / f"{case.largest}.gpkg", whole / "saved.gpkg"))
        large.append(measure("areas", "algorithm", name, whole))
        small.append(measure("areas", "algorithm", name, tenth))
    save, took, few = map(median_seconds, (saved, large, small))
    peak = max(row["peak_mb"] for row in large)
    yield f"{name}: seconds", took, "", 0.0
    yield f"{name} / native:savefeatures", took / save, "<=", 2.0
    yield f"{name}: peak memory, MB", peak, "<=", 2000.0
    yield f"{name}: ten times the region", took / few, "<=", 12.0
    if overlay := OVERLAYS.get(name):
        for system, done in _other_systems(name, whole, dsn):
            yield f"{name} / {system}, {overlay.name} (aim 1)", took / done["seconds"], "", 0.0


def _other_systems(name: str, folder: Path, dsn: str | None) -> Iterator[tuple[str, dict[str, float]]]:
    if dsn is not None:
        yield "PostGIS", measure("areas", "postgis", name, folder, dsn)
    if importlib.util.find_spec("sedonadb"):
        yield "SedonaDB", measure("areas", "sedona", name, folder)


@contextmanager
def _database() -> Iterator[str | None]:
    """Yield the connection to a server with PostGIS; none where PostgreSQL is not installed."""
    sys.path[:0] = [str(ROOT / "tests")]
    from postgres import programs, server

    try:
        programs()
    except RuntimeError:
        yield None
        return
    with server() as running:
        yield running.dsn()


def savefeatures(layer: str, output: str) -> dict[str, float]:
    import processing

    values = {"INPUT": layer, "OUTPUT": output}
    return {"seconds": seconds(lambda: processing.run("native:savefeatures", values))}


def algorithm(name: str, folder: str) -> dict[str, float]:
    """Time an algorithm with all municipalities of a folder, all its results in files beside them."""
    from qgis.core import QgsApplication

    import processing

    case, place, identifier = CASES[name], Path(folder), f"gruene_infra:{name}"
    values: dict[str, Any] = {"AREAS": _file(place, "gemeinden"), **case.values}
    for parameter, layers in case.layers.items():
        is_one = isinstance(layers, str)
        values[parameter] = _file(place, layers) if is_one else [_file(place, one) for one in layers]
    for output in (
        QgsApplication.processingRegistry().algorithmById(identifier).destinationParameterDefinitions()
    ):
        values[output.name()] = _file(place, f"{name}_{output.name().lower()}")
    took = seconds(lambda: processing.run(identifier, values))
    _require_known(case, place, values["SUMMARY"])
    return {"seconds": took}


def _file(folder: Path, name: str) -> str:
    return str(folder / f"{name}.gpkg")


def _require_known(case: Case, folder: Path, summary: str) -> None:
    """Raise if the findings of the municipalities do not make up what is known of the region."""
    from qgis.core import QgsVectorLayer

    if case.known is None:
        return
    key, indicator, definition = case.known
    expected = json.loads((folder / "known.json").read_text())[key]
    rows = [
        row
        for row in QgsVectorLayer(summary).getFeatures()
        if (row["kennzahl_id"], row["variante_id"], row["gebiet_art"]) == (indicator, definition, "Gemeinde")
    ]
    found = 100 * sum(row["zaehler"] for row in rows) / sum(row["nenner"] for row in rows)
    if abs(found - expected) > 0.001:
        raise ValueError(f"{indicator}: {found} and not {expected}")


def _shapes(layer: str, key: str, where: str) -> Iterator[tuple[str, Any]]:
    """Yield the features of a layer in pieces of few vertices, with a text of each."""
    from qgis.core import QgsVectorLayer

    source = QgsVectorLayer(layer)
    source.setSubsetString(where)
    for feature in source.getFeatures():
        shape = feature.geometry()
        if shape.constGet().nCoordinates() <= MAX_VERTICES:
            yield str(feature[key]), shape
            continue
        for part in shape.subdivide(MAX_VERTICES).asGeometryCollection():
            yield str(feature[key]), part


def _sides(name: str, folder: str) -> Iterator[tuple[str, Iterator[tuple[str, Any]]]]:
    """Yield the two sides of an overlay, as the tables ``one`` and ``other``."""
    overlay, place = OVERLAYS[name], Path(folder)
    key = "schutzart" if overlay.one == "schutzgebiete" else "objart"
    yield "one", _shapes(_file(place, overlay.one), key, overlay.where)
    yield "other", _shapes(_file(place, overlay.other), overlay.key, "")


def postgis(name: str, folder: str, dsn: str) -> dict[str, float]:
    """Time PostGIS overlaying layers that are loaded, subdivided and indexed."""
    import io

    import psycopg2

    connection = psycopg2.connect(dsn)
    cursor = connection.cursor()
    for table, shapes in _sides(name, folder):
        cursor.execute(f"DROP TABLE IF EXISTS {table}")
        cursor.execute(f"CREATE TABLE {table} (word text, geom geometry(Polygon, 25832))")
        lines = (f"{word}\tSRID=25832;{shape.asWkt()}\n" for word, shape in shapes)
        cursor.copy_expert(f"COPY {table} FROM STDIN", io.StringIO("".join(lines)))
        cursor.execute(f"CREATE INDEX ON {table} USING gist (geom)")
        cursor.execute(f"ANALYZE {table}")
    connection.commit()
    took = seconds(lambda: cursor.execute(JOIN))
    amount = sum(row[1] for row in cursor.fetchall())
    connection.close()
    return {"seconds": took, "m2": amount}


def sedona(name: str, folder: str) -> dict[str, float]:
    """Time SedonaDB overlaying the same pieces in memory."""
    import sedonadb

    session = sedonadb.connect()
    for table, shapes in _sides(name, folder):
        text = Path(folder) / f"{table}.csv"
        with text.open("w", encoding="utf-8") as file:
            file.write("word;wkt\n")
            file.writelines(f'{word};"{shape.asWkt()}"\n' for word, shape in shapes)
        session.sql(
            f"CREATE EXTERNAL TABLE {table}_text (word VARCHAR, wkt VARCHAR) STORED AS CSV LOCATION '{text}'"
            " OPTIONS ('format.delimiter' ';', 'format.has_header' 'true')"
        ).execute()
        session.sql(f"SELECT word, ST_GeomFromText(wkt) AS geom FROM {table}_text").to_memtable().to_view(
            table
        )
    return {"seconds": seconds(lambda: session.sql(JOIN).execute())}
