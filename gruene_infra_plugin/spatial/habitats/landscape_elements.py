"""Engine ``landscape_elements``: lines and trees as ground, each place once, in and beside fields."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from qgis.core import (
    Qgis,
    QgsFeature,
    QgsGeometry,
    QgsPointXY,
    QgsProcessingFeedback,
    QgsSpatialIndex,
)

from ...methods.findings.thresholds import least, most
from ...methods.geometry.shapes import mean_width
from ...methods.habitats.landscape_elements import (
    KINDS,
    STRANGE,
    TREES,
    circle_area,
    crown_diameter,
    crown_radius,
    is_protected_size,
)
from ..geometry.connected import connected_parts
from ..geometry.overlay import PieceIndex, difference, dissolve, intersection, polygon_parts, prepared
from ..geometry.ranks import larger_first
from ..geometry.shared_areas import overlapping
from ..geometry.wkb import bytes_of, fingerprint
from ..running import check_cancelled

AREA, LINE, POINT = "flaeche", "linie", "punkt"
ORIGINS = (AREA, LINE, POINT)
SEGMENTS = 16
"""Segments of a quarter of a circle at bends of lines."""
TREE_SEGMENTS = 8
CORNERS = 4 * TREE_SEGMENTS
"""Corners of a tree; its area is that of the circle all the same."""
JOIN_M = 0.1
"""Metres up to which parts in the same form are one element, as pieces of one that was drawn by hand [A]."""
ALL, PROTECTED, SMALL_TREES = COUNTS = "elemente", "gloez", "baum"
"""What ground counts as: an element, one of protected size, one where trees are taken to be small."""


@dataclass(frozen=True)
class Form:
    """How elements were delivered: origin, kind, width or crown in m, and whether that was ``stated``."""

    origin: str
    kind: str
    width: float | None = None
    stated: bool = True

    def columns(self, area: float) -> dict[str, object]:
        """Return what result columns say of it; ``area`` is that of the element in m²."""
        width = crown_diameter(area) if self.origin == POINT and self.width is None else self.width
        source = None if self.origin == AREA else "feld" if self.stated else "annahme"
        return {"art": self.kind, "herkunft": self.origin, "breite_m": width, "breite_quelle": source}

    @property
    def order(self) -> tuple[int, int, float]:
        """What is delivered as ground goes before lines, and these before points."""
        return ORIGINS.index(self.origin), KINDS.index(self.kind), self.width or 0.0


@dataclass(frozen=True)
class Element:
    """A connected element in the form it was delivered; ``shape`` may overlap that of others.

    ``small`` is its ground where trees of unknown crown are taken to be small, ``shape`` for all others.
    """

    form: Form
    shape: QgsGeometry
    small: QgsGeometry

    @cached_property
    def is_protected(self) -> bool | None:
        """Whether it has a size that is protected by law, ``None`` where that is unknown."""
        area = self.shape.area()
        return is_protected_size(self.form.kind, area, mean_width(area, self.shape.length()))

    @property
    def is_assumed(self) -> bool:
        """Whether it is a tree of unknown crown."""
        return self.form.origin == POINT and not self.form.stated

    @property
    def order(self) -> tuple[float, ...]:
        return (not self.is_protected, *self.form.order, *larger_first(self.shape))


class Drawn:
    """Elements as they are delivered: polygons, lines of a width, points of a crown.

    ``widths`` are assumed in metres by kind, ``tree_area`` and ``small_tree_area`` in m² where no crown is
    stated. ``doubles`` counts features delivered twice, ``unsized`` those that have no area, ``strange`` the
    words that mean no kind.
    """

    def __init__(self, widths: Mapping[str, float], tree_area: float, small_tree_area: float) -> None:
        self._widths = widths
        self._tree_area = tree_area
        self._small_tree_area = small_tree_area
        self._shapes: dict[Form, dict[bytes, QgsGeometry]] = defaultdict(dict)
        self._unknown: list[QgsGeometry] = []
        self.doubles = 0
        self.unsized = 0
        self.strange: dict[str, None] = {}

    def add(
        self, shape: QgsGeometry, kind: str, width: float | None, crown: float | None, word: str = ""
    ) -> None:
        """Take a feature with its stated width and crown in metres, ``None`` where they are unknown.

        ``word`` is how its kind is written.
        """
        if kind == STRANGE:
            self.strange.setdefault(word)
        form = self._form(shape.type(), kind, width, crown)
        if form is None:
            self.unsized += 1
            self._unknown.append(self._ground(shape))
            return
        shapes, outline = self._shapes[form], _outline(shape)
        self.doubles += outline in shapes
        shapes.setdefault(outline, shape)

    def _ground(self, shape: QgsGeometry) -> QgsGeometry:
        """Return the ground that a feature may take: a line of the greatest width, a point of a tree."""
        if shape.type() == Qgis.GeometryType.Line:
            return _strip(shape, max(self._widths.values()))
        if shape.type() == Qgis.GeometryType.Point:
            return _together([_circle(at, self._tree_area) for at in _points(shape)])
        return shape

    def _form(
        self, drawn: Qgis.GeometryType, kind: str, width: float | None, crown: float | None
    ) -> Form | None:
        """Return the form of a feature, ``None`` where nobody knows what ground it takes."""
        if kind == STRANGE:
            return None
        if drawn == Qgis.GeometryType.Polygon:
            return Form(AREA, kind)
        if drawn == Qgis.GeometryType.Line:
            assumed = self._widths.get(kind)
            chosen = assumed if width is None else width
            return None if chosen is None else Form(LINE, kind, chosen, width is not None)
        if crown is None and kind not in TREES:
            return None
        return Form(POINT, kind, crown, crown is not None)

    def elements(self, pulse: Callable[[], None] = lambda: None) -> Iterator[Element]:
        """Yield the connected elements of each form; those of different forms may overlap."""
        for form in sorted(self._shapes, key=lambda form: (form.order, form.stated)):
            pulse()
            shapes = list(self._shapes[form].values())
            if form.origin == POINT:
                yield from self._trees(form, shapes)
                continue
            grounds = shapes if form.origin == AREA else _strips(shapes, form.width or 0.0)
            for part in connected_parts(grounds, JOIN_M, pulse):
                yield Element(form, part, part)

    def _trees(self, form: Form, shapes: Iterable[QgsGeometry]) -> Iterator[Element]:
        for at in {(point.x(), point.y()): point for shape in shapes for point in _points(shape)}.values():
            if form.width is not None:
                crown = _circle(at, circle_area(form.width))
                yield Element(form, crown, crown)
            else:
                yield Element(form, _circle(at, self._tree_area), _circle(at, self._small_tree_area))

    def unknown(self) -> QgsGeometry:
        """Return the ground of which nobody knows whether an element takes it."""
        return dissolve(self._unknown)


def _together(pieces: Sequence[QgsGeometry]) -> QgsGeometry:
    return pieces[0] if len(pieces) == 1 else dissolve(pieces)


def _outline(shape: QgsGeometry) -> bytes:
    """Return what features share that are the same, lines of either direction."""
    if shape.type() != Qgis.GeometryType.Line:
        return fingerprint(shape)
    parts = shape.coerceToType(Qgis.WkbType.LineString)
    ways = (min(bytes_of(part), bytes_of(QgsGeometry(part.constGet().reversed()))) for part in parts)
    return b"".join(sorted(ways))


def _points(shape: QgsGeometry) -> Iterator[QgsPointXY]:
    return (QgsPointXY(vertex.x(), vertex.y()) for vertex in shape.vertices())


def _circle(at: QgsPointXY, area: float) -> QgsGeometry:
    """Return a polygon that looks like a circle and has just this area in m²."""
    return QgsGeometry.fromPointXY(at).buffer(crown_radius(area, CORNERS), TREE_SEGMENTS)


def _strips(lines: Iterable[QgsGeometry], width: float) -> list[QgsGeometry]:
    """Return the ground of lines of one width; those that continue each other are one line.

    Lines are united before, for two that lie on each other would be merged into a ring.
    """
    merged = QgsGeometry.unaryUnion(list(lines)).mergeLines()
    return [_strip(part, width) for part in merged.coerceToType(Qgis.WkbType.LineString)]


def _strip(line: QgsGeometry, width: float) -> QgsGeometry:
    return line.buffer(width / 2, SEGMENTS, Qgis.EndCapStyle.Flat, Qgis.JoinStyle.Round, 2.0)


@dataclass
class Field:
    """A field as delivered, what of it no larger field covers, and the name of the area that holds most."""

    feature: QgsFeature
    net: Sequence[QgsGeometry]
    area: str | None = None


class Fields:
    """Fields of which each place counts once, and what lies in or beside them.

    ``clip`` is the ground that counts at all, everything where it is not given; of fields that reach beyond
    it the rest is ``clipped_off``.
    """

    def __init__(
        self,
        features: Iterable[QgsFeature],
        beside: float,
        clip: QgsGeometry | None,
        feedback: QgsProcessingFeedback,
    ) -> None:
        self._beside = beside
        self._clip = None if clip is None else PieceIndex({"": clip})
        self._boxes = QgsSpatialIndex()
        self.fields: list[Field] = []
        ordered = sorted(features, key=lambda f: (larger_first(f.geometry()), repr(f.attributes())))
        clipped = [self.clipped(feature.geometry()) for feature in ordered]
        rests = (difference(f.geometry(), shape) for f, shape in zip(ordered, clipped, strict=True))
        self.clipped_off = [] if clip is None else polygon_parts(dissolve(rests))
        shapes = [shape for shape in clipped if not shape.isEmpty()]
        shared = set(overlapping([bytes_of(shape) for shape in shapes], feedback))
        # Only what overlaps is cut: to find that neighbours share nothing but a border takes as long.
        self._pieces = PieceIndex({n: shape for n, shape in enumerate(shapes) if n not in shared})
        kept = [(f, shape) for f, shape in zip(ordered, clipped, strict=True) if not shape.isEmpty()]
        for number, (feature, shape) in enumerate(kept):
            check_cancelled(feedback)
            net = self._pieces.claim(number, shape) if number in shared else [shape]
            if net:
                self._boxes.addFeature(number, feature.geometry().boundingBox())
            self.fields.append(Field(feature, net))

    def clipped(self, shape: QgsGeometry) -> QgsGeometry:
        """Return what of a polygon lies on the ground that counts."""
        if self._clip is None:
            return shape
        return dissolve(part for _, part in self._clip.parts(shape))

    def belonging(self, element: QgsGeometry, largest: float) -> QgsGeometry:
        """Return what of an element belongs to the fields; an empty geometry where nothing does.

        On a ground that counts, what lies on it. Else all of an element up to ``largest`` m² that lies in or
        beside a field, and of a larger one what does.
        """
        if self._clip is not None:
            return self.clipped(element)
        near = self._near(element)
        if not near or element.area() <= most(largest):
            return element if near else QgsGeometry()
        around = (self.fields[number].feature.geometry().buffer(self._beside, SEGMENTS) for number in near)
        return intersection(element, dissolve(around))

    def _near(self, shape: QgsGeometry) -> list[int]:
        """Return the numbers of the fields in or beside which a shape lies, the nearest first."""
        box = shape.boundingBox().buffered(most(self._beside))
        numbers = self._boxes.intersects(box)
        if not numbers:
            return []
        engine = prepared(shape)
        apart = {n: engine.distance(self.fields[n].feature.geometry().constGet()) for n in sorted(numbers)}
        return sorted((n for n in apart if apart[n] <= most(self._beside)), key=lambda n: (apart[n], n))

    def divided(self, ground: Sequence[QgsGeometry]) -> tuple[dict[int, float], list[QgsGeometry]]:
        """Return how many m² of some ground lie in each field, by number, and what lies in none."""
        inside: dict[int, float] = defaultdict(float)
        outside: list[QgsGeometry] = []
        for piece in ground:
            parts = list(self._pieces.parts(piece))
            areas = [part.area() for _, part in parts]
            for (number, _), area in zip(parts, areas, strict=True):
                inside[number] += area
            if sum(areas) < least(piece.area()):
                outside += polygon_parts(difference(piece, dissolve(part for _, part in parts)))
        return dict(inside), outside

    def nearest(self, shape: QgsGeometry) -> int | None:
        """Return the number of the field that a shape lies nearest to, ``None`` where none is beside it."""
        return next(iter(self._near(shape)), None)


@dataclass(frozen=True)
class Place:
    """Ground of an element that no other one before it takes, and what it counts as.

    ``outside`` is what of it lies in no field, ``inside`` the m² in each field by number.
    """

    ground: Sequence[QgsGeometry]
    counts: frozenset[str]
    inside: Mapping[int, float]
    outside: Sequence[QgsGeometry]


@dataclass(frozen=True)
class Settled:
    """An element with the places that are its own; some only count where trees are taken to be small."""

    element: Element
    places: Sequence[Place]

    @cached_property
    def shape(self) -> QgsGeometry:
        """Its own ground, empty where others take all of it."""
        ground = [piece for place in self._own for piece in place.ground]
        whole = self.element.shape
        is_whole = math.fsum(piece.area() for piece in ground) >= least(whole.area())
        return whole if is_whole else _together(ground)

    @property
    def inside(self) -> dict[int, float]:
        """The m² of its own ground in each field by number."""
        found: dict[int, float] = defaultdict(float)
        for place in self._own:
            for number, area in place.inside.items():
                found[number] += area
        return dict(found)

    @property
    def outside(self) -> float:
        """The m² of its own ground that lie in no field."""
        return math.fsum(piece.area() for place in self._own for piece in place.outside)

    @property
    def _own(self) -> list[Place]:
        return [place for place in self.places if ALL in place.counts]

    def columns(self) -> dict[str, object]:
        """Return what result columns say of it."""
        protected, area = self.element.is_protected, self.shape.area()
        return {
            **self.element.form.columns(self.element.shape.area()),
            "flaeche_m2": area,
            "lage": "im_feld" if sum(self.inside.values()) >= least(area / 2) else "am_feld",
            "gloez": None if protected is None else int(protected),
        }


def _core(element: Element, shape: QgsGeometry) -> QgsGeometry:
    """Return what of an element's own ground counts also where trees are taken to be small."""
    if not element.is_assumed or element.small.area() >= element.shape.area():
        return shape
    return element.small if shape is element.shape else intersection(shape, element.small)


@dataclass
class FieldSum:
    """What a field holds: the m² of its elements, and of itself with those beside it."""

    elements: float
    base: float


class Landscape:
    """Elements in and beside fields, each place once.

    Ground of protected size is taken first and that of assumed trees last, so that what counts under each
    name is just the union of what counts. ``elsewhere`` counts elements that belong to no field.
    """

    def __init__(
        self, drawn: Drawn, fields: Fields, largest: float, pulse: Callable[[], None] = lambda: None
    ) -> None:
        self._drawn, self._fields, self._largest = drawn, fields, largest
        self._taken: PieceIndex[str] = PieceIndex({})
        self.elsewhere = 0
        found = list(self._belonging(pulse))
        places: list[list[Place]] = [[] for _ in found]
        for own, (element, shape) in zip(places, found, strict=True):
            pulse()
            counts = {ALL, SMALL_TREES} | ({PROTECTED} if element.is_protected else set())
            self._settle(own, _core(element, shape), counts)
        for own, (element, shape) in zip(places, found, strict=True):
            pulse()
            if element.is_assumed:
                self._settle(own, shape, {ALL})
                if element.small.area() > element.shape.area():
                    self._settle(own, fields.clipped(element.small), {SMALL_TREES})
        self.settled = [Settled(element, own) for (element, _), own in zip(found, places, strict=True) if own]

    def _belonging(self, pulse: Callable[[], None]) -> list[tuple[Element, QgsGeometry]]:
        """Return the elements with what of them belongs to fields, in the order in which they take ground."""
        found = []
        for element in self._drawn.elements(pulse):
            pulse()
            shape = self._fields.belonging(element.shape, self._largest)
            if shape.isEmpty():
                self.elsewhere += 1
            else:
                found.append((element, shape))
        return sorted(found, key=lambda one: one[0].order)

    def _settle(self, places: list[Place], shape: QgsGeometry, counts: set[str]) -> None:
        """Give an element what of a shape nobody has taken."""
        ground = self._taken.claim("", shape) if not shape.isEmpty() else []
        if ground:
            places.append(Place(ground, frozenset(counts), *self._fields.divided(ground)))

    def unknown(self) -> list[QgsGeometry]:
        """Return the ground in and beside fields of which nobody knows whether an element takes it."""
        found: list[QgsGeometry] = []
        for part in polygon_parts(self._drawn.unknown()):
            shape = self._fields.belonging(part, self._largest)
            found += self._taken.claim("", shape) if not shape.isEmpty() else []
        return found

    def of_fields(self) -> list[FieldSum]:
        """Return what each field holds, in their order.

        What of an element lies in no field belongs to the field that holds most of it, else to the nearest.
        """
        sums = [
            FieldSum(0.0, math.fsum(piece.area() for piece in field.net)) for field in self._fields.fields
        ]
        for one in self.settled:
            inside, outside = one.inside, one.outside
            for number, area in inside.items():
                sums[number].elements += area
            if outside <= 0:
                continue
            most_of_it = max(inside, key=lambda n: (inside[n], -n), default=None)
            to = self._fields.nearest(one.shape) if most_of_it is None else most_of_it
            if to is not None:
                sums[to].elements += outside
                sums[to].base += outside
        return sums
