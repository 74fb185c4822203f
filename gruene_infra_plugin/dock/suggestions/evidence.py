"""What results of analyses say of parcels, measured in the background.

Thousands of small objects would make Python's collector stop every thread for long. So parcels are looked at
some hundred at a time, and what stays of them are arrays, texts and bytes.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from qgis.core import (
    Qgis,
    QgsCoordinateReferenceSystem,
    QgsFeature,
    QgsFeatureIterator,
    QgsFeatureRequest,
    QgsGeometry,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProject,
    QgsRectangle,
    QgsSpatialIndex,
    QgsVectorLayer,
)

from ...catalogue import KnownResult, load_entry
from ...methods.findings.thresholds import least
from ...register.model import ParcelRecord
from ...spatial.geometry.overlay import PieceIndex
from ...spatial.geometry.shared_areas import NOISE_M2, Floats
from ...spatial.geometry.vertices import Integers
from ...spatial.geometry.wkb import bytes_of, geometry_of
from ...spatial.parcels.evidence import Supports
from ...spatial.parcels.known_results import Filter, Thresholds, recognised
from ...spatial.reading.features import read_with_wkb
from ...spatial.reading.repeats import without_repeats
from ...spatial.reading.snapshot import Snapshot
from ...spatial.reading.usual_fields import result_columns
from ...spatial.reading.values import number
from ...spatial.running import check_cancelled

KNOWN_BY = "parcel_potential"
"""The algorithm whose entry lists the known results."""
GEOMETRIES = (Qgis.GeometryType.Polygon, Qgis.GeometryType.Line)
MOST_OF_A_FEATURE = 0.5
"""Share of a feature from which on it counts in a parcel, however small it is [A]."""
AT_ONCE = 500
"""Parcels that are looked at in one go."""


# -- in the main thread -------------------------------------------------------------------------------------


def known_results(layer: QgsVectorLayer) -> list[KnownResult]:
    """Return what a layer is known as by its columns: results of one goal, or parcels with their goals."""
    if not layer.isValid() or layer.geometryType() not in GEOMETRIES:
        return []
    entry = load_entry(KNOWN_BY)
    return recognised(layer.fields(), (*entry.results, *entry.parcel_results))


def result_layers(project: QgsProject) -> list[QgsVectorLayer]:
    """Return the layers of a project that are known results, by name."""
    every = (layer for layer in project.mapLayers().values() if isinstance(layer, QgsVectorLayer))
    return sorted((layer for layer in every if known_results(layer)), key=QgsVectorLayer.name)


class ResultLayer:
    """A layer of results as it is now, for any thread."""

    def __init__(self, layer: QgsVectorLayer) -> None:
        self.name = layer.name()
        self.results = known_results(layer)
        self._transforms = layer.transformContext()
        self._features = _Window(layer)
        self._places = self._needed()

    def _needed(self) -> list[int]:
        """Return the places of the columns that filters and figures need."""
        fields = self._features.fields()
        places = {place for result in self.results for place in Filter(result.filter, fields).places}
        columns = {figure.column for result in self.results for figure in result.figures}
        return sorted(places | set(self.places_of(columns).values()))

    def places_of(self, columns: Iterable[str]) -> dict[str, int]:
        """Return the places of those of the columns that the layer has."""
        return result_columns(self._features.fields(), sorted({*columns} - {""}))

    def near(self, parcels: _Parcels, crs: str, feedback: QgsProcessingFeedback) -> list[QgsFeature]:
        """Return the features near parcels, in their CRS; one that is repeated exactly comes once."""
        given = self._features.as_input()
        if given.source.featureCount() == 0:
            return []
        given.require(*GEOMETRIES)
        self._features.box = parcels.box
        context = QgsProcessingContext()
        context.setTransformContext(self._transforms)
        reference = QgsCoordinateReferenceSystem(crs)
        found = read_with_wkb(given, reference, context, feedback, attributes=self._places)
        return without_repeats(one for one in found if parcels.meet(one[0].geometry()))[0]

    def chosen(self, result: KnownResult, features: Iterable[QgsFeature]) -> list[QgsFeature]:
        """Return the features that count as one of the results."""
        chosen = Filter(result.filter, self._features.fields())
        return [feature for feature in features if chosen.keeps(feature)]


class _Window(Snapshot):
    """The features whose boxes meet ``box``, a rectangle in the CRS that a reader asks for."""

    box = QgsRectangle()

    def getFeatures(
        self, request: QgsFeatureRequest, flags: Qgis.ProcessingFeatureSourceFlag | None = None
    ) -> QgsFeatureIterator:
        request.setFilterRect(self.box)
        return super().getFeatures(request, flags)


# -- in any thread ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Evidence:
    """What one result says of the parcels that it speaks for.

    Per parcel: its key, the square metres and the metres of line in it, and in ``features`` from ``first[k]``
    to ``first[k + 1]`` the features that count in it, in ``shares`` the part of each that lies in it. Per
    feature: its outline in the register's CRS as WKB, its box (least x and y, greatest x and y), and its
    ``values`` by column, NaN where unknown.
    """

    layer: str
    result: KnownResult
    keys: Sequence[str]
    areas: Floats
    lengths: Floats
    first: Integers
    features: Integers
    shares: Floats
    values: Mapping[str, Floats]
    shapes: Sequence[bytes]
    boxes: Floats


@dataclass(frozen=True)
class Measured:
    """What all results say of the parcels, and in words which could not be used and why."""

    evidence: tuple[Evidence, ...] = ()
    troubles: tuple[str, ...] = ()


class _Parcels:
    """Some parcels that have a geometry."""

    def __init__(self, records: Iterable[ParcelRecord]) -> None:
        given = list(records)
        self.keys = [record.key.key for record in given]
        self.shapes = [geometry_of(record.wkb) for record in given]
        self.areas = np.array([shape.area() for shape in self.shapes])
        self.box = QgsRectangle()
        self._index = QgsSpatialIndex()
        for place, shape in enumerate(self.shapes):
            box = shape.boundingBox()
            self.box.combineExtentWith(box)
            self._index.addFeature(place, box)

    def meet(self, geometry: QgsGeometry) -> bool:
        """Say whether a geometry's box meets that of a parcel."""
        return bool(self._index.intersects(geometry.boundingBox()))


def measure(
    results: Sequence[ResultLayer],
    records: Iterable[ParcelRecord],
    crs: str,
    feedback: QgsProcessingFeedback,
    thresholds: Thresholds | None = None,
) -> Measured:
    """Return what results say of parcels, whose geometries are in ``crs``; the defaults are the algorithm's.

    A layer that cannot be used is told among the troubles. Raises ``QgsProcessingException`` where the
    user cancels.
    """
    gathered = [_Gathered(layer, result) for layer in results for result in layer.results]
    troubles: dict[ResultLayer, str] = {}
    for near in _neighbours(records):
        parcels = _Parcels(near)
        for layer in results:
            check_cancelled(feedback)
            if layer in troubles:
                continue
            try:
                features = layer.near(parcels, crs, feedback)
                for one in gathered:
                    if one.layer is layer:
                        one.look(features, parcels, thresholds or Thresholds.usual(), feedback)
            except QgsProcessingException as error:
                check_cancelled(feedback)
                troubles[layer] = str(error)
    found = (one.evidence() for one in gathered if one.keys and one.layer not in troubles)
    return Measured(tuple(found), tuple(troubles.values()))


def _neighbours(records: Iterable[ParcelRecord]) -> Iterator[list[ParcelRecord]]:
    """Yield parcels that have a geometry in lots of neighbours: strip by strip eastwards, each northwards."""
    shaped = [record for record in records if record.wkb]
    centres = np.array([_centre(record) for record in shaped]).reshape(-1, 2)
    eastwards = np.argsort(np.argsort(centres[:, 0], kind="stable"))
    strip = eastwards // max(1, math.isqrt(len(shaped) * AT_ONCE))
    order = np.lexsort((centres[:, 1], strip)).tolist()
    for start in range(0, len(order), AT_ONCE):
        yield [shaped[place] for place in sorted(order[start : start + AT_ONCE])]


def _centre(record: ParcelRecord) -> tuple[float, float]:
    centre = geometry_of(record.wkb).boundingBox().center()
    return centre.x(), centre.y()


class _Gathered:
    """The evidence of one result as it grows with every lot of parcels."""

    def __init__(self, layer: ResultLayer, result: KnownResult) -> None:
        self.layer = layer
        self.keys: list[str] = []
        self._result = result
        self._areas: list[float] = []
        self._lengths: list[float] = []
        self._counts: list[int] = []
        self._features: list[int] = []
        self._shares: list[float] = []
        self._numbers: dict[int, int] = {}
        self._values: dict[str, list[float]] = {figure.column: [] for figure in result.figures}
        self._places = layer.places_of(self._values)
        self._shapes: list[bytes] = []
        self._boxes: list[float] = []

    def look(
        self,
        near: Sequence[QgsFeature],
        parcels: _Parcels,
        thresholds: Thresholds,
        feedback: QgsProcessingFeedback,
    ) -> None:
        """Look at what features say of parcels."""
        features = self.layer.chosen(self._result, near)
        if not features:
            return
        shapes = [feature.geometry() for feature in features]
        supports = Supports([self._result.goal])
        supports.add(self._result.goal, map(bytes_of, shapes))
        outlines = [bytes_of(shape) for shape in parcels.shapes]
        areas, lengths = (amount[:, 0] for amount in supports.within(outlines, feedback))
        share = max(thresholds.min_share, self._result.min_share)
        needed = Thresholds(thresholds.min_area, share, thresholds.min_length)
        enough = needed.reached(parcels.areas, areas[:, None], lengths[:, None])[:, 0]
        reached = np.flatnonzero(enough).tolist()
        parts = _parts(shapes, parcels, reached, needed, feedback)
        for place in reached:
            self.keys.append(parcels.keys[place])
            self._areas.append(float(areas[place]))
            self._lengths.append(float(lengths[place]))
            self._counts.append(len(parts[place]))
            self._features += [self._number(features[number]) for number in parts[place]]
            self._shares += parts[place].values()

    def _number(self, feature: QgsFeature) -> int:
        """Return the number of a feature, which is kept when it is met first."""
        place = self._numbers.setdefault(feature.id(), len(self._numbers))
        if place == len(self._shapes):
            self._shapes.append(bytes_of(feature.geometry()))
            box = feature.geometry().boundingBox()
            self._boxes += (box.xMinimum(), box.yMinimum(), box.xMaximum(), box.yMaximum())
            for column, values in self._values.items():
                index = self._places.get(column)
                value = None if index is None else number(feature[index])
                values.append(math.nan if value is None else value)
        return place

    def evidence(self) -> Evidence:
        return Evidence(
            self.layer.name,
            self._result,
            self.keys,
            np.array(self._areas),
            np.array(self._lengths),
            np.append(0, np.cumsum(self._counts)),
            np.array(self._features, int),
            np.array(self._shares),
            {column: np.array(values) for column, values in self._values.items()},
            self._shapes,
            np.array(self._boxes).reshape(-1, 4),
        )


def _parts(
    shapes: Sequence[QgsGeometry],
    parcels: _Parcels,
    reached: Iterable[int],
    thresholds: Thresholds,
    feedback: QgsProcessingFeedback,
) -> dict[int, dict[int, float]]:
    """Return of each parcel the features that count in it, with the share that lies in it.

    What only reaches a little into a parcel does not count there, unless there is nothing else.
    """
    index = PieceIndex({place: parcels.shapes[place] for place in reached})
    counted: dict[int, dict[int, float]] = {place: {} for place in reached}
    little: dict[int, dict[int, float]] = {place: {} for place in reached}
    for order, shape in enumerate(shapes):
        check_cancelled(feedback)
        is_line = shape.type() == Qgis.GeometryType.Line
        needed = thresholds.min_length if is_line else thresholds.min_area
        whole = shape.length() if is_line else shape.area()
        for place, amount in (index.lengths(shape) if is_line else index.overlap(shape)).items():
            share = min(1.0, amount / whole) if whole else 1.0
            if amount >= least(needed) or share >= MOST_OF_A_FEATURE:
                counted[place][order] = share
            elif amount > NOISE_M2:
                little[place][order] = share
    return {place: counted[place] or little[place] for place in counted}
