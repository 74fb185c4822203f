"""Layers and tables that were valid: shapes exchanged, values spoiled, rows doubled, CRS changed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random

from qgis.core import QgsFeature, QgsGeometry, QgsVectorLayer, QgsWkbTypes

from ..layer_factory import changed, layer, reprojected, reshaped, rows, saved, table
from ..qgis.every.bad_input import CASES
from ..sheet_factory import Day, Formula, xlsx
from . import geometries, values

CRS = (
    "EPSG:25832",
    "EPSG:25831",
    "EPSG:25833",
    "EPSG:4647",
    "EPSG:31467",
    "EPSG:4326",
    "EPSG:3857",
    "EPSG:3035",
)
FORMATS = (".gpkg", ".gpkg", ".shp", ".geojson", ".fgb", ".csv", ".gml")
MOST_FEATURES = 120
Change = Callable[[Random, QgsVectorLayer], QgsVectorLayer]


def spoiled(rng: Random, source: QgsVectorLayer, folder: Path) -> object:
    """Return a layer, or the address of a file, that was made of a valid layer."""
    kind = QgsWkbTypes.geometryType(source.wkbType())
    fitting = [case for case in CASES if kind in case.kinds]
    if rng.random() < 0.15:
        return rng.choice(fitting).spoil(source, folder)
    is_table = not source.isSpatial()
    if is_table and rng.random() < 0.5:
        return listed(rng, source, folder)
    changes: Sequence[Change] = (_rows, _columns) if is_table else (_shapes, _shapes, _rows, _columns, _crs)
    for _ in range(rng.choice((1, 1, 2, 3))):
        source = rng.choice(changes)(rng, source)
    return _saved(rng, source, folder) if rng.random() < 0.2 else source


def _shapes(rng: Random, source: QgsVectorLayer) -> QgsVectorLayer:
    """Exchange some or all shapes for others of the kind, or shake them."""
    kind = QgsWkbTypes.geometryType(source.wkbType())
    share, is_shaken = rng.choice((0.1, 0.5, 1.0)), rng.random() < 0.25

    def exchanged(shape: QgsGeometry) -> QgsGeometry:
        if rng.random() < share:
            shape = geometries.shaken(rng, shape) if is_shaken else geometries.shape(rng, kind)
        shape.convertToMultiType()
        return shape

    single = QgsWkbTypes.singleType(QgsWkbTypes.flatType(source.wkbType()))
    return reshaped(source, exchanged, wkb=QgsWkbTypes.displayString(QgsWkbTypes.multiType(single)))


def _rows(rng: Random, source: QgsVectorLayer) -> QgsVectorLayer:
    """Leave some features out, double some, change their order."""

    def chosen(features: list[QgsFeature]) -> list[QgsFeature]:
        if not features:
            return features
        kept = rng.sample(features, rng.randrange(len(features) + 1))
        kept += [rng.choice(features) for _ in range(rng.choice((0, 1, MOST_FEATURES - len(kept))))]
        return kept[:MOST_FEATURES]

    return changed(source, chosen, wkb=QgsWkbTypes.displayString(source.wkbType()))


def _columns(rng: Random, source: QgsVectorLayer) -> QgsVectorLayer:
    """Spoil some values of some columns, or make a column one of another type; add one of a strange name."""
    read = rows(source)
    columns: dict[str, list] = {name: [row[name] for row in read] for name in source.fields().names()}
    for name in list(columns):
        if rng.random() < 0.4:
            columns[name] = _spoiled_column(rng, columns[name])
    if rng.random() < 0.2:
        name = rng.choice(("a'b\"c; <i>ä {0}", "fid", "id", "geom", "x" * 80, "ÄÖÜ ß", "status", "wert"))
        columns[name] = [values.value(rng, str) for _ in read]
    if not columns:
        return source
    if not source.isSpatial():
        return table(columns, source.name())
    shapes = [feature.geometry() for feature in source.getFeatures()]
    kind = QgsWkbTypes.displayString(source.wkbType())
    return layer(shapes, columns, crs=source.crs().authid(), wkb=kind, name=source.name())


def _spoiled_column(rng: Random, given: list) -> list:
    known = next((type(value) for value in given if type(value) in (int, float, str)), str)
    like, share = rng.choice((known, known, int, float, str)), rng.choice((0.1, 1.0))
    if like is not known:
        share = 1.0
    return [values.value(rng, like) if rng.random() < share else value for value in given]


def _crs(rng: Random, source: QgsVectorLayer) -> QgsVectorLayer:
    """Bring the layer into another CRS, or only say that it is in another one."""
    code = rng.choice(CRS)
    if rng.random() < 0.5 and source.crs().isValid():
        return reprojected(source, code)
    return reshaped(source, lambda shape: shape, crs=code, wkb=QgsWkbTypes.displayString(source.wkbType()))


def _saved(rng: Random, source: QgsVectorLayer, folder: Path) -> object:
    """Return the address of the layer in a file; the layer itself where the format cannot hold it."""
    try:
        return saved(source, folder / f"eingang{rng.choice(FORMATS)}", "eins")
    except (AssertionError, UnicodeEncodeError):
        return source


# -- lists of offices -------------------------------------------------------------------------------------


def listed(rng: Random, source: QgsVectorLayer, folder: Path) -> str:
    """Write a table as a list: separators, quotes, encodings, titles, formulas and rubbish of all kinds."""
    read = [list(row.values()) for row in rows(source)]
    cells = [source.fields().names(), *read]
    for row in cells[1:]:
        for place in range(len(row)):
            if rng.random() < 0.15:
                row[place] = values.value(rng, rng.choice((int, float, str)))
    cells = [[], ["Liste der Stadt"], *cells] if rng.random() < 0.2 else cells
    if rng.random() < 0.2:
        cells += [[]] * rng.choice((1, 10_000))
    return _sheet(rng, cells, folder) if rng.random() < 0.3 else _text_file(rng, cells, folder)


def _sheet(rng: Random, cells: list[list], folder: Path) -> str:
    def kept(value: object) -> object:
        if rng.random() < 0.1:
            return rng.choice(
                (Day(45_000), Day(-1), Formula("A1+1", 3.0), Formula("A1", "x"), Formula("1/0"), 1e308)
            )
        return _writable(value) if isinstance(value, str) else value

    numbered = {number: [kept(value) for value in row][:26] for number, row in enumerate(cells, 1)}
    path = Path(xlsx(folder / "liste.xlsx", numbered, ["A2:A3"] if rng.random() < 0.2 else []))
    return _bitten(rng, path)


def _writable(text: str) -> str:
    return "".join(sign for sign in text if sign.isprintable() or sign in "\n\t")[:32_000]


def _text_file(rng: Random, cells: list[list], folder: Path) -> str:
    separator, quote = rng.choice(";;,\t|"), rng.random() < 0.5
    lines = []
    for row in cells:
        said = ["" if value is None else str(value) for value in row]
        quoted = ['"' + text.replace('"', '""') + '"' if quote else text for text in said]
        lines.append(separator.join(quoted))
    text = rng.choice(("\n", "\r\n", "\r")).join(lines)
    if rng.random() < 0.1:
        text = text.replace('"', "", 1)
    encoding = rng.choice(("utf-8", "utf-8", "utf-8-sig", "cp1252", "utf-16", "latin-1"))
    path = folder / f"liste{rng.choice(('.csv', '.csv', '.txt', '.tsv'))}"
    path.write_bytes(text.encode(encoding, "replace"))
    return _bitten(rng, path)


def _bitten(rng: Random, path: Path) -> str:
    if rng.random() < 0.2:
        path.write_bytes(bitten(rng, path.read_bytes()))
    return str(path)


def bitten(rng: Random, data: bytes) -> bytes:
    """Return bytes that are cut off, or some of which are others."""
    if rng.random() < 0.4:
        return data[: rng.randrange(len(data) + 1)]
    changed_bytes = bytearray(data)
    for _ in range(geometries.count(rng, 40)):
        if changed_bytes:
            changed_bytes[rng.randrange(len(changed_bytes))] = rng.randrange(256)
    return bytes(changed_bytes)
