"""HZ 13, step by step: 2 000 to 60 000 corridor patches, and 2 300 polygons as a cadastre has them."""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from session import measure, seconds

if TYPE_CHECKING:
    from gruene_infra.gruene_infra_plugin.spatial.patches.corridors import Corridors

SIZES = (2_000, 20_000, 60_000)
STEPS = ("connected parts", "nearest edges", "gains", "widths")
OF_WIDTHS = ("discs", "classes", "axis", "ways")
CADASTRE_SIDE = 88


def report(_folder: Path) -> list[tuple[str, float, str, float]]:
    """Return rows of (what, ratio or figure, bound as text, bound); figures without bound only inform."""
    small, large, largest = (measure("hz13", "steps", size) for size in SIZES)
    rows = [("seconds for 2 000 patches", small["seconds"], "", 0.0)]
    for size, found in zip(SIZES, (small, large, largest), strict=True):
        for step in STEPS:
            rows.append(
                (f"{size} patches: {step}, % of the time", 100 * found[step] / found["seconds"], "", 0.0)
            )
    return [
        *rows,
        *_cadastre(),
        *_beside_postgis(large["nearest edges"]),
        ("ten times the patches (2 000 to 20 000)", large["seconds"] / small["seconds"], "<=", 14.0),
        ("three times the patches (20 000 to 60 000)", largest["seconds"] / large["seconds"], "<=", 3.6),
        ("peak memory of 60 000 patches, MB", largest["peak_mb"], "<=", 2048.0),
    ]


def _cadastre() -> list[tuple[str, float, str, float]]:
    """Return the rows on polygons as a cadastre has them, in times that QGIS takes to dissolve them."""
    found = measure("hz13", "cadastre", CADASTRE_SIDE)
    alone = measure("hz13", "widths", CADASTRE_SIDE)
    rows = [
        (f"cadastre: {step}, % of the time", 100 * found[step] / found["seconds"], "", 0.0) for step in STEPS
    ]
    return [
        ("cadastre: polygons", found["polygons"], "", 0.0),
        ("cadastre: vertices", found["vertices"], "", 0.0),
        *rows,
        ("cadastre: widths without threads / with", alone["seconds"] / found["widths"], "", 0.0),
        *[
            (
                f"cadastre: {step} of the widths without threads, %",
                100 * alone[step] / alone["seconds"],
                "",
                0.0,
            )
            for step in OF_WIDTHS
        ],
        ("cadastre: all steps / native:dissolve", found["seconds"] / found["native:dissolve"], "<=", 40.0),
        ("cadastre: peak memory, MB", found["peak_mb"], "<=", 2048.0),
    ]


def _beside_postgis(ours: float) -> list[tuple[str, float, str, float]]:
    """Return the row that compares the nearest edges with PostGIS; none where PostgreSQL is not installed."""
    sys.path[:0] = [str(Path(__file__).resolve().parents[1])]
    from postgres import programs, server

    try:
        programs()
    except RuntimeError:
        return []
    with server() as running:
        theirs = measure("hz13", "postgis", SIZES[1], running.dsn())["seconds"]
    return [(f"{SIZES[1]} patches: nearest edges / PostGIS ST_DWithin", ours / theirs, "", 0.0)]


def postgis(count: str, dsn: str) -> dict[str, float]:
    """Time PostGIS finding the shortest lines of all pairs within 500 m, with its spatial index in place.

    It keeps the lines that run through a third patch, which ours leaves out.
    """
    import psycopg2
    from corridor_patches import corridor_patches
    from psycopg2.extras import execute_values

    rows = [(number, bytes(patch.asWkb())) for number, patch in enumerate(corridor_patches(int(count)))]
    connection = psycopg2.connect(dsn)
    cursor = connection.cursor()
    cursor.execute("CREATE TABLE patch (id int PRIMARY KEY, geom geometry(Polygon, 25832))")
    form = "(%s, ST_GeomFromWKB(%s, 25832))"
    execute_values(cursor, "INSERT INTO patch VALUES %s", rows, form, 1_000)
    cursor.execute("CREATE INDEX ON patch USING gist (geom)")
    connection.commit()
    cursor.execute("ANALYZE patch")
    join = (
        "CREATE TABLE link AS SELECT a.id AS one, b.id AS other, ST_ShortestLine(a.geom, b.geom) AS line"
        " FROM patch a JOIN patch b ON a.id < b.id AND ST_DWithin(a.geom, b.geom, 500)"
    )
    took = seconds(lambda: cursor.execute(join))
    connection.close()
    return {"seconds": took}


def steps(count: str) -> dict[str, float]:
    """Time each step that the algorithm takes with patches that never meet."""
    from corridor_patches import corridor_patches

    return _steps(corridor_patches(int(count)))


def cadastre(side: str) -> dict[str, float]:
    """Time each step that the algorithm takes with a cadastre, and QGIS dissolving the same polygons."""
    from green_cadastre import green_cadastre
    from qgis.core import QgsFeature, QgsVectorLayer

    import processing

    polygons = green_cadastre(int(side))
    layer = QgsVectorLayer("Polygon?crs=EPSG:25832", "green", "memory")
    features = [QgsFeature() for _ in polygons]
    for feature, polygon in zip(features, polygons, strict=True):
        feature.setGeometry(polygon)
    layer.dataProvider().addFeatures(features)

    def dissolve() -> None:
        processing.run("native:dissolve", {"INPUT": layer, "OUTPUT": "memory:"})

    dissolved = statistics.median(seconds(dissolve) for _ in range(5))
    vertices = sum(polygon.constGet().nCoordinates() for polygon in polygons)
    counts = {"polygons": len(polygons), "vertices": vertices}
    return {**_steps(polygons), **counts, "native:dissolve": dissolved}


def widths(side: str) -> dict[str, float]:
    """Time each step of the widths of a cadastre."""
    from green_cadastre import green_cadastre

    return _steps_of_widths(_connected(green_cadastre(int(side))).parts)


def _kinds() -> dict:
    """Return which narrow places are measured at which width, with the default parameters."""
    from gruene_infra.gruene_infra_plugin.spatial.geometry.width import ACROSS, Klasse

    return {50.0: frozenset(Klasse), 100.0: ACROSS, 200.0: ACROSS}


def _connected(polygons: list) -> Corridors:
    from gruene_infra.gruene_infra_plugin.spatial.patches.corridors import Corridors
    from qgis.core import QgsProcessingFeedback

    named = (("", polygon) for polygon in polygons)
    return Corridors.of(named, 0.1, QgsProcessingFeedback(False), min_area=1000.0)


def _steps(polygons: list) -> dict[str, float]:
    """Return the seconds of each step with the default parameters, and of all."""
    from gruene_infra.gruene_infra_plugin.spatial.patches.corridors import find_gaps, narrow_places
    from gruene_infra.gruene_infra_plugin.spatial.patches.links import nearest_links
    from qgis.core import QgsProcessingFeedback

    feedback, done = QgsProcessingFeedback(False), {}

    def connect() -> None:
        done["corridors"] = _connected(polygons)

    def widths() -> None:
        for _ in narrow_places(done["corridors"], _kinds(), feedback):
            pass

    times = {"connected parts": seconds(connect), "widths": seconds(widths)}
    corridors = done["corridors"]
    times["nearest edges"] = seconds(lambda: nearest_links(corridors.parts, 500.0, corridors.names, feedback))
    both = seconds(lambda: find_gaps(corridors, 500.0, 500.0, False, feedback))
    times["gains"] = both - times["nearest edges"]
    return {**times, "seconds": sum(times.values())}


def _steps_of_widths(parts: Sequence) -> dict[str, float]:
    """Return the seconds of each step of the widths, one after the other without threads, and of all."""
    from gruene_infra.gruene_infra_plugin.spatial.geometry.bottlenecks import Survey
    from gruene_infra.gruene_infra_plugin.spatial.geometry.width import classed, swept

    times = dict.fromkeys(OF_WIDTHS, 0.0)

    def timed(step: str, work: Callable, *arguments: object) -> object:
        start = time.perf_counter()
        result = work(*arguments)
        times[step] += time.perf_counter() - start
        return result

    for part in parts:
        survey = Survey(part, tuple(_kinds()))
        for width, kinds in _kinds().items():
            opening = timed("classes", classed, timed("discs", swept, part, width))
            if any(place.klasse in kinds for place in opening.places):
                timed("axis", getattr, survey, "_axis")
            timed("ways", survey.bottlenecks, opening, kinds)
    return {**times, "seconds": sum(times.values())}
