"""The layers of a folder or file, of which a monitoring run chooses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from qgis.core import (
    Qgis,
    QgsMapLayer,
    QgsProviderRegistry,
    QgsProviderSublayerDetails,
    QgsRasterLayer,
    QgsVectorLayer,
    QgsWkbTypes,
)

from ..catalogue.hints import Traits
from ..local_places import without_places
from ..register.geopackage import is_register
from ..spatial.reading.stored_files import place_of
from .configuration import LayerNote

VECTORS = frozenset(
    {".gpkg", ".shp", ".geojson", ".json", ".gml", ".fgb", ".sqlite", ".csv", ".xlsx", ".ods"}
)
RASTERS = frozenset({".tif", ".tiff", ".vrt", ".img"})
MANIFEST = "paket.json"
"""The file by which a folder is known as a result package, whose layers are results and no data."""
TABLE, RASTER = "table", "raster"
_KINDS = {
    Qgis.GeometryType.Point: "point",
    Qgis.GeometryType.Line: "line",
    Qgis.GeometryType.Polygon: "polygon",
    Qgis.GeometryType.Null: TABLE,
}


@dataclass(frozen=True)
class Dataset:
    """A layer by its name; ``kind`` is its geometry, ``table`` or ``raster``; ``source`` what QGIS reads."""

    name: str
    source: str
    kind: str
    traits: Traits
    note: LayerNote | None = None


def in_words(datasets: Iterable[Dataset]) -> str:
    """Return layers with their kinds for a message, as QGIS names them: ``wald (Polygon)``."""
    words = {kind: QgsWkbTypes.geometryDisplayString(geometry) for geometry, kind in _KINDS.items()}
    return ", ".join(f"{one.name} ({words.get(one.kind, 'Raster')})" for one in datasets) or "–"


@dataclass
class Found:
    """The layers of a place, the register in it if there is one, and the files that could not be read."""

    datasets: list[Dataset]
    registers: list[Path]
    unreadable: list[str]


def found_in(place: Path, package: Path | None = None) -> Found:
    """Return what a folder, with the folders in it, or a file holds; result packages are left out.

    ``package`` is the folder of one that may have lost the file by which it is known.
    """
    found = Found([], [], [])
    for file in sorted(_files(place, package)):
        if file.is_file() and is_register(file):
            found.registers.append(file)
            continue
        datasets = list(_layers_of(file)) if file.is_file() else []
        found.datasets += datasets
        if not datasets:
            found.unreadable.append(file.name)
    return found


def _files(place: Path, package: Path | None) -> Iterator[Path]:
    """Yield the files of a place that may hold layers, and folders that cannot be looked into."""
    if not place.is_dir():
        yield place
        return
    try:
        inside = list(place.iterdir())
    except OSError:
        yield place
        return
    if place / MANIFEST in inside:
        return
    for path in inside:
        if path.name.startswith(".") or path == package:
            continue
        if path.is_dir() and not path.is_symlink():
            yield from _files(path, package)
        elif path.suffix.lower() in VECTORS | RASTERS:
            yield path


def _layers_of(file: Path) -> Iterator[Dataset]:
    flags = Qgis.SublayerQueryFlag.ResolveGeometryType
    details = QgsProviderRegistry.instance().querySublayers(str(file), flags)
    for one in details:
        if one.name() != "layer_styles":
            names = [one.name()] if len(details) > 1 else [one.name(), file.stem]
            dataset = _dataset(one, one.name() if len(details) > 1 else file.stem, names)
            if dataset is not None:
                yield dataset


def _dataset(details: QgsProviderSublayerDetails, name: str, names: list[str]) -> Dataset | None:
    if details.type() == Qgis.LayerType.Raster:
        return Dataset(name, details.uri(), RASTER, Traits.of(names, []))
    kind = _KINDS.get(QgsWkbTypes.geometryType(details.wkbType()))
    layer = QgsVectorLayer(details.uri(), details.name(), details.providerKey())
    if kind is None or not layer.isValid():
        return None
    return Dataset(name, details.uri(), kind, Traits.of(names, layer.fields().names()))


def dataset_of(layer: QgsMapLayer) -> Dataset | None:
    """Return an open layer, by its id; ``None`` for one that holds no data to measure."""
    if not layer.isValid():
        return None
    parts = QgsProviderRegistry.instance().decodeUri(layer.providerType(), layer.source())
    name = without_places(layer.name())
    names = [name, str(parts.get("layerName") or name)]
    if isinstance(layer, QgsRasterLayer):
        return Dataset(name, layer.id(), RASTER, Traits.of(names, []))
    if not isinstance(layer, QgsVectorLayer):
        return None
    kind = _KINDS.get(layer.geometryType())
    fields = layer.fields().names()
    return None if kind is None else Dataset(name, layer.id(), kind, Traits.of(names, fields))


def with_own_names(datasets: Sequence[Dataset]) -> list[Dataset]:
    """Return layers of which no two are called alike.

    Those that are get the name of their file as well, where that is not enough the folders that it is in,
    and in the end a number.
    """
    taken: Counter[str] = Counter()
    named = []
    for dataset, name in zip(datasets, _told_apart(datasets), strict=True):
        taken[name] += 1
        own = name if taken[name] == 1 else f"{name} ({taken[name]})"
        named.append(replace(dataset, name=own))
    return named


def _told_apart(datasets: Sequence[Dataset]) -> list[str]:
    names = [dataset.name for dataset in datasets]
    places = [_place(dataset) for dataset in datasets]
    for depth in range(1, max(map(len, places), default=0) + 1):
        counts = Counter(names)
        for number, (dataset, place) in enumerate(zip(datasets, places, strict=True)):
            if counts[names[number]] > 1 and dataset.note is None and len(place) >= depth:
                names[number] = f"{'/'.join(place[-depth:])}:{dataset.name}"
    return names


def _place(dataset: Dataset) -> tuple[str, ...]:
    """Return the folders and the name, without its ending, of the file of a layer; nothing for no file."""
    place = place_of(dataset.source)
    return () if place is None or not place.file.exists() else place.file.with_suffix("").parts[1:]


def is_result(layer: QgsMapLayer, results: Path | None = None) -> bool:
    """Return whether a layer is one of a result package, and no data.

    ``results`` is the file of one that may have lost the file by which it is known.
    """
    place = place_of(layer.source())
    return place is not None and (place.file == results or (place.file.parent / MANIFEST).exists())


def file_name(source: str) -> str:
    """Return a source with the name of its file in place of the whole path."""
    path, bar, rest = source.partition("|")
    return f"{Path(path).name}{bar}{rest}"


def noted(name: str, note: LayerNote, folder: Path) -> Dataset | None:
    """Return the layer of a note in a monitoring file in ``folder``; ``None`` where there is none."""
    path, bar, rest = note.source.partition("|")
    source = f"{(folder / path).resolve()}{bar}{rest}"
    raster = Path(path).suffix.lower() in RASTERS
    layer = QgsRasterLayer(source, name) if raster else QgsVectorLayer(source, name, "ogr")
    found = dataset_of(layer)
    if found is None:
        return None
    fields = found.traits.fields
    return replace(found, name=name, source=source, traits=Traits.of([name], fields), note=note)
