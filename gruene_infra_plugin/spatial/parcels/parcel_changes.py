"""Engine ``parcel_changes``: what became of parcels (Flurstücke) since their geometry was stored.

Stored parcels are held against a newer layer of all parcels. An overlap that is nowhere wider than
the tolerance comes from boundaries drawn anew and links nothing; the remaining overlaps tie stored
and new parcels into cases. Each case proposes successors; nothing is written here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from qgis.core import (
    QgsGeometry,
    QgsGeometryEngine,
    QgsProcessingFeedback,
    QgsSpatialIndex,
)

from ...methods.findings.thresholds import least
from ..geometry.overlay import difference, dissolve, intersection, polygon_parts
from ..running import check_cancelled

NOISE_M = 0.01
"""Width along the whole boundary up to which two outlines are the same, digitising noise [A]."""
ROUNDING_M = 0.001
"""Coordinates are delivered in whole millimetres: a distance may exceed a limit by this [A]."""
GONE_SHARE = 0.01
"""Share of a stored parcel below which new parcels do not cover it [A]."""
SLIM_OLD_SHARE, SLIM_NEW_SHARE = 0.1, 0.9
"""Share of a parcel narrower than the tolerance from which on an overlap counts all the same [A]."""
OUTLINE_STEPS = 4
"""Parts into which each edge is cut when the distance between two outlines is reported."""

Pair = tuple[str, str]
Links = dict[str, float]


class Kind(StrEnum):
    """What happened to stored parcels; the words of the column ``fall``."""

    UNCHANGED = "unverändert"
    ATTRIBUTES = "nur Attribute"
    MOVED = "verschoben"
    SPLIT = "geteilt"
    MERGED = "verschmolzen"
    RENUMBERED = "umnummeriert"
    GONE = "entfallen"
    CHANGED = "geändert"


@dataclass(frozen=True)
class Successor:
    """A new parcel that takes over ``share`` (0 to 1) of a stored one."""

    key: str
    share: float


@dataclass(frozen=True)
class Case:
    """Stored and new parcels that belong together, and what is proposed for each stored one.

    Attributes
    ----------
    kind : what happened.
    old_keys, new_keys : sorted; no new ones where the parcel is gone.
    shared_m2 : area that an old and a new parcel share, for the pairs that count.
    covered : share (0 to 1) of each old parcel that the new parcels of the case cover.
    shift_m : largest distance between the outlines before and after, in metres; ``None`` where no outline
        corresponds to the old one (gone, or merged with parcels that are not stored).
    successors : for each old parcel its successors, the largest first. Their shares add up to 1, except
        for :attr:`Kind.CHANGED`, where they are the measured shares of the old parcel.
    attributes : old and new value of the attributes that differ, for one old and one new parcel.
    """

    kind: Kind
    old_keys: tuple[str, ...]
    new_keys: tuple[str, ...]
    shared_m2: Mapping[Pair, float]
    covered: Mapping[str, float]
    shift_m: float | None
    successors: Mapping[str, tuple[Successor, ...]]
    attributes: Mapping[str, tuple[object, object]] = field(default_factory=dict)


Parcels = Mapping[str, QgsGeometry]
Attributes = Mapping[str, Mapping[str, object]]


def compare(
    old: Parcels,
    new: Parcels,
    tolerance_m: float = 0.5,
    old_attributes: Attributes | None = None,
    new_attributes: Attributes | None = None,
    feedback: QgsProcessingFeedback | None = None,
) -> list[Case]:
    """Say for every stored parcel what became of it in the new layer, ordered by old key.

    Parameters
    ----------
    old : stored parcels by key, with the geometry they had then: all of them, or those that matter.
    new : all parcels of the new layer by key, in the same CRS. Both valid polygons, coordinates in metres.
    tolerance_m : metres by which a boundary may lie elsewhere without the parcel having changed.
    old_attributes, new_attributes : attributes by key; names that both have are compared.
    feedback : takes the progress; asked whether to stop before each stored parcel.

    A new parcel is in several cases where stored parcels overlap, as those stored in different years may.
    A stored parcel whose own new parcel fits within the tolerance is a case of its own.

    Raises
    ------
    QgsProcessingException
        If the user cancels, or two parcels cannot be overlaid.
    """
    feedback = feedback or QgsProcessingFeedback()
    comparison = _Comparison(old, new, tolerance_m)
    links = comparison.links(feedback)
    cases = [_with_attributes(case, old_attributes, new_attributes) for case in comparison.cases(links)]
    return sorted(cases, key=lambda case: case.old_keys)


def _with_attributes(case: Case, old: Attributes | None, new: Attributes | None) -> Case:
    """Return the case with the attributes that differ, where one old parcel has one successor."""
    if len(case.old_keys) != 1 or len(case.new_keys) != 1:
        return case
    before, now = (old or {}).get(case.old_keys[0], {}), (new or {}).get(case.new_keys[0], {})
    names = sorted(before.keys() & now.keys())
    changed = {name: (before[name], now[name]) for name in names if before[name] != now[name]}
    kind = Kind.ATTRIBUTES if changed and case.kind is Kind.UNCHANGED else case.kind
    return replace(case, kind=kind, attributes=changed)


class _Comparison:
    """Two sets of parcels; finds which of them belong together."""

    def __init__(self, old: Parcels, new: Parcels, tolerance: float) -> None:
        self._old, self._new = old, new
        self._tolerance = max(tolerance, NOISE_M) + ROUNDING_M
        self._twins: dict[str, tuple[str, float]] = {}
        self._new_keys = sorted(key for key, geometry in new.items() if not geometry.isEmpty())
        self._index = QgsSpatialIndex()
        for number, key in enumerate(self._new_keys):
            self._index.addFeature(number, new[key].boundingBox())

    def links(self, feedback: QgsProcessingFeedback) -> dict[str, Links]:
        """Return for each old parcel the area it shares with each new one, where the overlap counts."""
        parcels = {key: self._old[key] for key in sorted(self._old)}
        for number, (key, parcel) in enumerate(parcels.items()):
            check_cancelled(feedback)
            feedback.setProgress(50 * number / len(parcels))
            self._find_twin(key, parcel)
        taken = {twin for twin, _ in self._twins.values()}
        links = {}
        for number, (key, parcel) in enumerate(parcels.items()):
            check_cancelled(feedback)
            feedback.setProgress(50 + 50 * number / len(parcels))
            links[key] = self._links_of(key, parcel, taken)
        return links

    def cases(self, links: Mapping[str, Links]) -> Iterator[Case]:
        """Yield a case for each parcel that fits its twin or lost everything, and for each linked group."""
        linked = {}
        for key, found in links.items():
            if not found:
                yield self._lost(key)
            elif key in self._twins and len(found) == 1:
                yield self._kept(key, found)
            else:
                linked[key] = found
        for group in _groups(linked):
            yield self._group({key: linked[key] for key in group})

    # -- which parcels belong together ------------------------------------------------------------------

    def _near(self, parcel: QgsGeometry) -> list[str]:
        if parcel.isEmpty():
            return []
        window = parcel.boundingBox().buffered(self._tolerance)
        return [self._new_keys[number] for number in sorted(self._index.intersects(window))]

    def _find_twin(self, key: str, parcel: QgsGeometry) -> None:
        """Remember the new parcel with the same outline: that of the same key, else the closest one."""
        same = self._new.get(key)
        if same is not None and not same.isEmpty() and parcel.equals(same):
            self._twins[key] = key, 0.0
            return
        near = self._near(parcel)
        shifts = {other: self._twin_shift(parcel, self._new[other]) for other in near}
        fits = [(other != key, shift, other) for other, shift in shifts.items() if shift is not None]
        if fits:
            _, shift, twin = min(fits)
            self._twins[key] = twin, shift

    def _twin_shift(self, one: QgsGeometry, other: QgsGeometry) -> float | None:
        """Return the distance of two outlines in metres, ``None`` if it exceeds the tolerance.

        Measured from the vertices of both to the edges of the other, so order and number of vertices do
        not matter; edges whose ends alone lie close leave a difference that is no sliver.
        """
        a, b = one.boundingBox(), other.boundingBox()
        corners = zip((a.xMinimum(), a.yMinimum(), a.xMaximum(), a.yMaximum()),
                      (b.xMinimum(), b.yMinimum(), b.xMaximum(), b.yMaximum()), strict=True)  # fmt: skip
        if any(abs(first - second) > self._tolerance for first, second in corners):
            return None
        shift = one.hausdorffDistance(other)
        if shift > self._tolerance or not (self._within(one, other) and self._within(other, one)):
            return None
        return shift

    def _links_of(self, key: str, parcel: QgsGeometry, taken: set[str]) -> Links:
        twin, _ = self._twins.get(key, (None, 0.0))
        if twin is not None and parcel.equals(self._new[twin]):
            return {twin: parcel.area()}
        near = self._near(parcel)
        if not near:
            return {}
        found: Links = {}
        engine = _prepared(parcel)
        for other in near:
            part = _shared(engine, parcel, self._new[other])
            if other == twin or self._counts(part, key, other, taken):
                found[other] = part.area()
        covered = sum(found.values())
        return found if key in found or twin or covered >= least(GONE_SHARE * parcel.area()) else {}

    def _counts(self, part: QgsGeometry, old_key: str, new_key: str, taken: set[str]) -> bool:
        """Return whether an overlap is more than a sliver along a boundary drawn anew.

        It may be as narrow as a sliver where the parcel itself is, if that parcel has no twin.
        """
        if part.isEmpty():
            return False
        if _is_wider(part, self._tolerance):
            return True
        old, new, area = self._old[old_key], self._new[new_key], part.area()
        if new_key not in taken and area >= least(SLIM_NEW_SHARE * new.area()):
            return True
        lost = old_key not in self._twins and area >= least(SLIM_OLD_SHARE * old.area())
        return lost and not _is_wider(old, self._tolerance)

    def _within(self, one: QgsGeometry, other: QgsGeometry) -> bool:
        """Return whether ``other`` covers ``one`` except for slivers."""
        return not _is_wider(difference(one, other), self._tolerance)

    # -- what happened to them --------------------------------------------------------------------------

    def _kept(self, key: str, found: Links) -> Case:
        """Return the case of a parcel whose outline is still there."""
        twin, shift = self._twins[key]
        kind = Kind.RENUMBERED
        if twin == key:
            kind = Kind.UNCHANGED if self._is_noise(key, found[key]) else Kind.MOVED
        return self._case(kind, {key: found}, shift)

    def _is_noise(self, key: str, shared: float) -> bool:
        old, new = self._old[key], self._new[key]
        return old.area() + new.area() - 2 * shared <= NOISE_M * old.length()

    def _lost(self, key: str) -> Case:
        """Return the case of a parcel that nothing covers; if its key lives on elsewhere it changed."""
        if key not in self._new:
            return self._case(Kind.GONE, {key: {}}, None)
        old, new = self._old[key], self._new[key]
        shift = None if old.isEmpty() or new.isEmpty() else _outline_distance(old, new)
        return self._case(Kind.CHANGED, {key: {key: 0.0}}, shift)

    def _group(self, linked: Mapping[str, Links]) -> Case:
        """Return the case of old and new parcels that overlaps tie together."""
        olds = [self._old[key] for key in linked]
        new_keys = sorted({other for found in linked.values() for other in found})
        news = [self._new[key] for key in new_keys]
        before, after = dissolve(olds), dissolve(news)
        covered, explained = self._within(before, after), self._within(after, before)
        if len(olds) == 1 and len(news) > 1 and covered and explained and not _overlap(news, after):
            return self._case(Kind.SPLIT, linked, _directed_distance(before, news))
        absorbed = len(olds) > 1 or (not explained and new_keys[0] not in linked)
        if len(news) == 1 and covered and absorbed:
            return self._case(Kind.MERGED, linked, _directed_distance(after, olds) if explained else None)
        shifts = [self._distance_to_heir(key, found) for key, found in linked.items()]
        return self._case(Kind.CHANGED, linked, max(shifts))

    def _distance_to_heir(self, key: str, found: Links) -> float:
        heir = key if key in found else _ranked(found)[0][0]
        return _outline_distance(self._old[key], self._new[heir])

    def _case(self, kind: Kind, linked: Mapping[str, Links], shift: float | None) -> Case:
        shared = {(key, other): found[other] for key, found in linked.items() for other in sorted(found)}
        covered = {key: _share(sum(found.values()), self._old[key].area()) for key, found in linked.items()}
        successors = {}
        for key, found in linked.items():
            whole = self._old[key].area() if kind is Kind.CHANGED else sum(found.values())
            complete = kind is not Kind.CHANGED and len(found) == 1
            successors[key] = tuple(
                Successor(other, 1.0 if complete else _share(area, whole)) for other, area in _ranked(found)
            )
        new_keys = sorted({other for _, other in shared})
        return Case(kind, tuple(sorted(linked)), tuple(new_keys), shared, covered, shift, successors)


def _groups(links: Mapping[str, Links]) -> Iterator[list[str]]:
    """Yield the sorted old keys that new parcels tie together, directly or through others."""
    olds_of: dict[str, list[str]] = defaultdict(list)
    for key, found in links.items():
        for other in found:
            olds_of[other].append(key)
    seen: set[str] = set()
    for start in links:
        if start in seen:
            continue
        group, waiting = [], [start]
        seen.add(start)
        while waiting:
            key = waiting.pop()
            group.append(key)
            tied = {old for other in links[key] for old in olds_of[other]} - seen
            seen |= tied
            waiting += tied
        yield sorted(group)


def _ranked(found: Links) -> list[tuple[str, float]]:
    return sorted(found.items(), key=lambda item: (-item[1], item[0]))


def _share(part: float, whole: float) -> float:
    return min(1.0, part / whole) if whole > 0 else 0.0


def _prepared(parcel: QgsGeometry) -> QgsGeometryEngine:
    engine = QgsGeometry.createGeometryEngine(parcel.constGet())
    engine.prepareGeometry()
    return engine


def _shared(engine: QgsGeometryEngine, old: QgsGeometry, new: QgsGeometry) -> QgsGeometry:
    """Return what two parcels share; ``engine`` holds the old one, prepared."""
    shape = new.constGet()
    if engine.contains(shape):
        return new
    return intersection(old, new) if engine.intersects(shape) else QgsGeometry()


def _is_wider(geometry: QgsGeometry, width: float) -> bool:
    """Return whether a circle of diameter ``width`` fits into a polygonal geometry.

    Half the greatest width is at least area by perimeter, which settles most parcels without a buffer.
    """
    if geometry.isEmpty():
        return False
    if 2 * geometry.area() > width * geometry.length():
        return True
    box = geometry.boundingBox()
    if min(box.width(), box.height()) <= width:
        return False
    return not geometry.buffer(-width / 2, 4).isEmpty()


def _overlap(parcels: Iterable[QgsGeometry], union: QgsGeometry) -> bool:
    """Return whether parcels overlap each other by more than digitising noise."""
    parcels = list(parcels)
    excess = sum(parcel.area() for parcel in parcels) - union.area()
    return excess > NOISE_M * sum(parcel.length() for parcel in parcels)


def _outline_distance(one: QgsGeometry, other: QgsGeometry) -> float:
    """Return the largest distance between two outlines (Hausdorff), in metres."""
    return one.hausdorffDistanceDensify(other, 1 / OUTLINE_STEPS)


def _directed_distance(outline: QgsGeometry, parcels: Iterable[QgsGeometry]) -> float:
    """Return the largest distance of ``outline`` from the boundaries of ``parcels``, in metres."""
    parts = [part for parcel in parcels for part in polygon_parts(parcel)]
    lines = QgsGeometry.collectGeometry([QgsGeometry(part.constGet().boundary()) for part in parts])
    stations = outline.densifyByCount(OUTLINE_STEPS - 1)
    return max(QgsGeometry.fromPoint(vertex).distance(lines) for vertex in stations.vertices())
