"""What can be wrong with an input, and what an algorithm may answer to it.

Every case spoils one layer of a valid example. The answer is one of :class:`Outcome`; in none of them
may a figure differ from the clean one without the finding saying ``nicht bewertbar``, may a Python
traceback reach the user, or may anything stay on disk from a run that failed.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from enum import Enum
from functools import partial
from itertools import cycle
from pathlib import Path

import pytest
from osgeo import gdal, osr
from qgis.core import (
    Qgis,
    QgsFeature,
    QgsGeometry,
    QgsLineString,
    QgsPoint,
    QgsPolygon,
    QgsVectorLayer,
    QgsWkbTypes,
)

from ...layer_factory import (
    EAST,
    NORTH,
    UTM,
    changed,
    geometry,
    layer,
    line,
    point,
    polygon,
    reprojected,
    reshaped,
    rows,
    saved,
    table,
)

POLYGON, LINE, POINT = Qgis.GeometryType.Polygon, Qgis.GeometryType.Line, Qgis.GeometryType.Point
GEOMETRIES = (POLYGON, LINE, POINT)
ANY = (*GEOMETRIES, Qgis.GeometryType.Null)
NASTY = (
    "<b>fett</b><script>alert(1)</script>",
    'O\'Brien "Haus" & Söhne',
    "'; DROP TABLE gpkg_contents; --",
    "{layer} {0} %s %1 \\n",
    "Zeile 1\nZeile 2\tTab",
)
NAN = float("nan")


class Outcome(Enum):
    """What a run may end in."""

    REFUSED = "a message that names the input"
    SAME = "the figures of the clean run"
    HONEST = "the figures of the clean run, or nicht bewertbar, or a message that names the input"


Spoil = Callable[[QgsVectorLayer, Path], object]


@dataclass(frozen=True)
class Case:
    """One way to spoil a layer; ``says`` must be found in the message, or in the log if the run goes on."""

    name: str
    spoil: Spoil
    outcome: Outcome
    kinds: tuple[Qgis.GeometryType, ...] = GEOMETRIES
    says: str = ""
    tolerance: float = 1e-9


# -- layers that cannot be used at all ------------------------------------------------------------------


def _of_no_feature(source: QgsVectorLayer, _folder: Path) -> QgsVectorLayer:
    return changed(source, lambda features: [])


def _with_every(shape: Callable[[], QgsGeometry]) -> Spoil:
    def spoil(source: QgsVectorLayer, _folder: Path) -> QgsVectorLayer:
        kind = QgsWkbTypes.displayString(source.wkbType())
        return reshaped(source, lambda _: shape(), wkb=kind)

    return spoil


def _nan() -> QgsGeometry:
    corners = [(0.0, 0.0), (NAN, 0.0), (5.0, 5.0), (0.0, 0.0)]
    return QgsGeometry(QgsPolygon(QgsLineString([QgsPoint(EAST + x, NORTH + y) for x, y in corners])))


def _far(word: str, x: float) -> QgsGeometry:
    """Return a geometry with one vertex where no projection has a place."""
    start, far = f"{EAST} {NORTH}", f"{x:.1f} {NORTH}"
    shapes = {
        "polygon": f"Polygon (({start}, {far}, {EAST} {NORTH + 5}, {start}))",
        "line": f"LineString ({start}, {far})",
        "point": f"Point ({far})",
    }
    return QgsGeometry.fromWkt(shapes[word])


def _of_kind(wkt: str) -> Spoil:
    return lambda source, _folder: reshaped(source, lambda _: geometry(wkt))


def _without_crs(source: QgsVectorLayer, _folder: Path) -> QgsVectorLayer:
    bare = layer([f.geometry() for f in source.getFeatures()], crs="", name=source.name())
    assert not bare.crs().isValid()
    return bare


def _in_degrees_called_metres(source: QgsVectorLayer, _folder: Path) -> QgsVectorLayer:
    return reshaped(reprojected(source, "EPSG:4326"), lambda shape: shape, crs=UTM)


def _in_metres_called_degrees(source: QgsVectorLayer, _folder: Path) -> QgsVectorLayer:
    return reshaped(source, lambda shape: shape, crs="EPSG:4326")


def _as_collections(source: QgsVectorLayer, _folder: Path) -> QgsVectorLayer:
    def collect(shape: QgsGeometry) -> QgsGeometry:
        return geometry(f"GeometryCollection ({shape.asWkt()}, {point(0, 0)})")

    return reshaped(source, collect)


def _raster(_source: QgsVectorLayer, folder: Path) -> str:
    path = folder / "raster.tif"
    raster = gdal.GetDriverByName("GTiff").Create(str(path), 4, 4)
    raster.SetGeoTransform((EAST, 10, 0, NORTH, 0, -10))
    crs = osr.SpatialReference()
    crs.ImportFromEPSG(25832)
    raster.SetProjection(crs.ExportToWkt())
    return str(path)


def _text_file(_source: QgsVectorLayer, folder: Path) -> str:
    path = folder / "notiz.gpkg"
    path.write_text("This is no GeoPackage.", encoding="utf-8")
    return str(path)


# -- layers that are unusual, and right ------------------------------------------------------------------


def _with_dimensions(suffix: str) -> Spoil:
    def spoil(source: QgsVectorLayer, _folder: Path) -> QgsVectorLayer:
        def lift(shape: QgsGeometry) -> QgsGeometry:
            if "Z" in suffix:
                shape.get().addZValue(57.3)
            if "M" in suffix:
                shape.get().addMValue(1.0)
            return shape

        return reshaped(source, lift)

    return spoil


def _as_multi(source: QgsVectorLayer, _folder: Path) -> QgsVectorLayer:
    def promote(shape: QgsGeometry) -> QgsGeometry:
        shape.convertToMultiType()
        return shape

    return reshaped(source, promote)


def _as_curves(source: QgsVectorLayer, _folder: Path) -> QgsVectorLayer:
    return reshaped(source, lambda shape: QgsGeometry(shape.constGet().toCurveType()))


def _spiked(source: QgsVectorLayer, _folder: Path) -> QgsVectorLayer:
    """Give every polygon a spike of no width: invalid, and of the same area once repaired."""

    def spike(shape: QgsGeometry) -> QgsGeometry:
        ring = list(shape.constGet().exteriorRing().points())
        tip = QgsPoint(ring[0].x() - 1, ring[0].y() - 1)
        return QgsGeometry(QgsPolygon(QgsLineString([*ring, tip, ring[0]])))

    return reshaped(source, spike)


def _shuffled(source: QgsVectorLayer, _folder: Path) -> QgsVectorLayer:
    return changed(source, lambda features: [*features[1::2], *features[::2][::-1]])


def _turned(source: QgsVectorLayer, _folder: Path) -> QgsVectorLayer:
    def turn(shape: QgsGeometry) -> QgsGeometry:
        ring = list(shape.constGet().exteriorRing().points())
        return QgsGeometry(QgsPolygon(QgsLineString([*ring[2:0:-1], *ring[:1:-1]])))

    return reshaped(source, turn)


def _with_one_more(shape: Callable[[], QgsGeometry]) -> Spoil:
    def spoil(source: QgsVectorLayer, _folder: Path) -> QgsVectorLayer:
        def add(features: list[QgsFeature]) -> list[QgsFeature]:
            extra = QgsFeature(features[0])
            extra.setGeometry(shape())
            return [*features, extra]

        return changed(source, add)

    return spoil


def _everything_twice(source: QgsVectorLayer, _folder: Path) -> QgsVectorLayer:
    return changed(source, lambda features: [*features, *features])


def _moved_to(crs: str) -> Spoil:
    return lambda source, _folder: reprojected(source, crs)


def _with_column(name: str, values: Iterable) -> Spoil:
    """Add a column that fills its rows from ``values``, over and over."""
    pool = tuple(values)

    def spoil(source: QgsVectorLayer, _folder: Path) -> QgsVectorLayer:
        values = cycle(pool)
        return with_columns(source, {name: lambda row: next(values)})

    return spoil


def with_columns(source: QgsVectorLayer, columns: dict[str, Callable[[dict], object]]) -> QgsVectorLayer:
    """Return a copy of a layer with columns added or replaced, each computed from the row."""
    table_rows = rows(source)
    names = [*source.fields().names(), *(name for name in columns if name not in source.fields().names())]
    values = {n: [columns[n](row) if n in columns else row[n] for row in table_rows] for n in names}
    if source.wkbType() == Qgis.WkbType.NoGeometry:
        return table(values, name=source.name())
    shapes = [feature.geometry() for feature in source.getFeatures()]
    return layer(shapes, values, crs=source.crs().authid(), name=source.name())


def _named(name: str) -> Spoil:
    def spoil(source: QgsVectorLayer, _folder: Path) -> QgsVectorLayer:
        source.setName(name)
        return source

    return spoil


def _in_a_geopackage(source: QgsVectorLayer, folder: Path) -> str:
    return saved(source, folder / "eingang.gpkg", "eins")


REFUSED, SAME, HONEST = Outcome.REFUSED, Outcome.SAME, Outcome.HONEST
DEGENERATE = polygon([(0, 0), (5, 0)])
CASES = (
    Case("no features", _of_no_feature, REFUSED, ANY),
    Case("only null geometries", _with_every(QgsGeometry), REFUSED, says="usable geometry"),
    Case("only empty polygons", _with_every(lambda: geometry("Polygon EMPTY")), REFUSED, (POLYGON,)),
    Case("only NaN coordinates", _with_every(_nan), REFUSED, (POLYGON,), "usable geometry"),
    Case("only polygons without area", _with_every(lambda: geometry(DEGENERATE)), REFUSED, (POLYGON,)),
    Case("points", _of_kind(point(0, 0)), REFUSED, (POLYGON, LINE), "Point"),
    Case("lines", _of_kind(line((0, 0), (9, 9))), REFUSED, (POLYGON, POINT), "Line"),
    Case("polygons", _of_kind(polygon([(0, 0), (9, 0), (9, 9)])), REFUSED, (LINE, POINT), "Polygon"),
    Case("a table", lambda source, _: table({"name": ["a"]}, source.name()), REFUSED, says="No geometry"),
    Case("geometry collections", _as_collections, REFUSED),
    Case("a raster", _raster, REFUSED, ANY),
    Case("a file that is not there", lambda _, folder: str(folder / "fehlt.gpkg"), REFUSED, ANY),
    Case("a file that is no layer", _text_file, REFUSED, ANY),
    Case("no CRS", _without_crs, REFUSED, says="CRS|coordinate reference system"),
    Case("degrees called metres", _in_degrees_called_metres, REFUSED, says="CRS"),
    Case("metres called degrees", _in_metres_called_degrees, REFUSED, says="CRS"),
    Case("3D", _with_dimensions("Z"), SAME),
    Case("measured", _with_dimensions("M"), SAME),
    Case("3D and measured", _with_dimensions("ZM"), SAME),
    Case("multipart", _as_multi, SAME),
    Case("curved types", _as_curves, SAME, (POLYGON, LINE)),
    Case("spikes", _spiked, SAME, (POLYGON,), "repaired"),
    Case("another order", _shuffled, SAME, ANY),
    Case("rings turned round", _turned, SAME, (POLYGON,)),
    Case("one null geometry more", _with_one_more(QgsGeometry), SAME, says="1 without geometry"),
    Case(
        "one empty polygon more",
        _with_one_more(lambda: geometry("Polygon EMPTY")),
        SAME,
        (POLYGON,),
        "1 without geometry",
    ),
    Case("one NaN polygon more", _with_one_more(_nan), SAME, (POLYGON,), "1 unusable"),
    Case(
        "one polygon without area more",
        _with_one_more(lambda: geometry(DEGENERATE)),
        SAME,
        (POLYGON,),
        "1 unusable",
    ),
    *(
        Case(
            f"one {word} more that reaches {x:g} m",
            _with_one_more(partial(_far, word, x)),
            SAME,
            (kind,),
            "1 unusable",
        )
        for x in (1e9, -1e308)
        for word, kind in (("polygon", POLYGON), ("line", LINE), ("point", POINT))
    ),
    Case(
        "only coordinates beyond the earth", _with_every(partial(_far, "polygon", 1e9)), REFUSED, (POLYGON,)
    ),
    Case("every feature twice", _everything_twice, SAME, ANY),
    Case("in degrees", _moved_to("EPSG:4326"), SAME, tolerance=0.005),
    Case("in web mercator", _moved_to("EPSG:3857"), SAME, tolerance=0.005),
    Case("in the next UTM zone", _moved_to("EPSG:25833"), SAME, tolerance=0.002),
    Case("in Gauß-Krüger", _moved_to("EPSG:31467"), SAME, tolerance=0.005),
    Case("duplicated fid", _with_column("fid", [7]), SAME, ANY),
    Case("duplicated id", _with_column("id", [7]), SAME, ANY),
    Case("nasty attributes", _with_column("notiz", NASTY), SAME, ANY),
    Case("a nasty column name", _with_column("a'b\"c; <i>ä {0}", NASTY), SAME, ANY),
    *(Case(f"nasty layer name {k}", _named(name), SAME, ANY) for k, name in enumerate(NASTY)),
    Case("in a GeoPackage", _in_a_geopackage, SAME, ANY),
)


# -- what may come out ------------------------------------------------------------------------------------

TRACES = re.compile(r"Traceback|object has no attribute|NoneType|<Qgs|<built-in|\w+Error\b(?! error)")


def assert_clear(message: str, *names: str) -> None:
    """A message for people: no Python in it, and it names the input, the layer or the file."""
    assert not TRACES.search(message), f"not a message for people: {message}"
    assert "{" not in re.sub(r"\{layer\} \{0\}", "", message), f"a placeholder is left: {message}"
    assert any(name and name in message for name in names), f"{message!r} names none of {names}"


def assert_same(found: Iterable[dict], clean: Iterable[dict], tolerance: float) -> None:
    """The same findings: the same rows, verdicts, and figures within a relative tolerance."""
    found, clean = _keyed(found), _keyed(clean)
    assert found.keys() == clean.keys()
    for key, row in found.items():
        assert row["status"] == clean[key]["status"], key
        for column in ("zaehler", "nenner", "wert", "luecke", "luecke_abs"):
            assert _close(row[column], clean[key][column], tolerance), (key, column)


def assert_honest(found: Iterable[dict], clean: Iterable[dict]) -> None:
    """No figure but the clean one; what cannot be told is ``nicht bewertbar`` and has no value."""
    clean = _keyed(clean)
    for key, row in _keyed(found).items():
        if row["status"] == "nicht bewertbar":
            assert row["wert"] is None, key
        else:
            assert _close(row["wert"], clean[key]["wert"], 1e-9), key


def _close(found: float | None, expected: float | None, tolerance: float) -> bool:
    if found is None or expected is None:
        return found is expected
    return found == pytest.approx(expected, rel=tolerance, abs=1e-6)


def _keyed(findings: Iterable[dict]) -> dict[tuple, dict]:
    findings = list(findings)
    columns = ("kennzahl_id", "variante_id", "gebiet_art", "ags", "gebiet")
    keyed = {tuple(row[column] for column in columns): row for row in findings}
    assert len(keyed) == len(findings), "two findings share indicator, definition and area"
    return keyed


def totals(details: list[dict]) -> dict[str, float]:
    """Return the number of rows and the sum of each column of decimal numbers."""
    sums: dict[str, float] = {"rows": len(details)}
    for row in details:
        for name, value in row.items():
            if isinstance(value, float):
                sums[name] = sums.get(name, 0.0) + value
    return sums


def assert_same_details(found: Attempt, clean: Attempt, tolerance: float) -> None:
    """As many detail rows as in the clean run, and the same sum of every column that both have."""
    assert found.details.keys() == clean.details.keys()
    for name, details in found.details.items():
        sums, expected = totals(details), totals(clean.details[name])
        assert {n: sums[n] for n in expected} == pytest.approx(expected, rel=tolerance, abs=1e-6)


# -- files and locks ---------------------------------------------------------------------------------------


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold a GeoPackage as another program does that is writing to it."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        yield
        connection.rollback()


def tables_of(path: Path) -> set[str]:
    with closing(sqlite3.connect(path)) as connection:
        return {name for (name,) in connection.execute("SELECT table_name FROM gpkg_contents")}


def files_in(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


@dataclass
class Attempt:
    """A run that may fail: its findings and detail rows, or its error; and what it said."""

    error: str = ""
    log: str = ""
    findings: list[dict] = field(default_factory=list)
    details: dict[str, list[dict]] = field(default_factory=dict)


# -- rasters --------------------------------------------------------------------------------------------


def geotiff(path: Path, crs: str = UTM, west: float = EAST, turned: float = 0.0, bands: int = 1) -> str:
    """Write a level raster of 200 × 400 cells of 1 m, all of value 0.5, and return its path."""
    raster = gdal.GetDriverByName("GTiff").Create(str(path), 200, 400, bands, gdal.GDT_Float32)
    raster.SetGeoTransform((west - 50, 1, turned, NORTH + 300, turned, -1))
    if crs:
        place = osr.SpatialReference()
        place.SetFromUserInput(crs)
        raster.SetProjection(place.ExportToWkt())
    raster.GetRasterBand(1).Fill(0.5)
    return str(path)


def _cut_short(folder: Path) -> str:
    path = Path(geotiff(folder / "kaputt.tif"))
    path.write_bytes(path.read_bytes()[:20_000])
    return str(path)


def _missing(folder: Path) -> str:
    return str(folder / "nirgends.tif")


def _of_words(folder: Path) -> str:
    path = folder / "worte.tif"
    path.write_text("Dies ist kein Raster.", encoding="utf-8")
    return str(path)


BAD_RASTERS: dict[str, Callable[[Path], str]] = {
    "missing file": _missing,
    "text": _of_words,
    "cut short": _cut_short,
    "no crs": lambda folder: geotiff(folder / "ohne.tif", crs=""),
    "turned": lambda folder: geotiff(folder / "gedreht.tif", turned=0.3),
    "elsewhere": lambda folder: geotiff(folder / "woanders.tif", west=EAST + 90_000),
}
"""Rasters that no algorithm can use, by what is wrong with them."""
