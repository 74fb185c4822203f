"""Give every parcel its Raumtyp: from own polygons, from zones of the RVR, else from cells of 100 m."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from qgis.core import (
    Qgis,
    QgsFeature,
    QgsGeometry,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterNumber,
    QgsProcessingParameterString,
    QgsRectangle,
)
from qgis.PyQt.QtCore import QMetaType

from ...gruene_infra_plugin.i18n import translate
from ...gruene_infra_plugin.methods.space_types import (
    M2_PER_HA,
    NEGLIGIBLE_SHARE,
    SPACE_TYPES,
    ZONE_TYPES,
    Assignment,
    Criteria,
    Origin,
    Place,
    ResidentialUses,
    SpaceType,
    Unknown,
    assign,
)
from ...gruene_infra_plugin.spatial.layers import Input, number, text, without_repeats
from ...gruene_infra_plugin.spatial.overlay import PieceIndex
from ...gruene_infra_plugin.spatial.settlement import (
    REACH_M,
    Cell,
    Neighbourhood,
    settled_areas,
    split_by_cell,
    square_round,
)
from ...gruene_infra_plugin.spatial.usual_fields import BUILDING_USE, INHABITANTS, SPACE_TYPE, STOREYS, ZONE
from ..base import PluginAlgorithm
from ..job import Job

POINT, POLYGON = Qgis.GeometryType.Point, Qgis.GeometryType.Polygon
RESULT_FIELDS = {
    "raumtyp": QMetaType.Type.QString,
    "raumtyp_anteil": QMetaType.Type.Double,
    "raumtyp_quelle": QMetaType.Type.QString,
}
THRESHOLDS = (
    ("COVERAGE", 35.0, 100.0),
    ("DENSITY", 75.0, None),
    ("NON_RESIDENTIAL", 30.0, 100.0),
    ("MIN_SETTLEMENT", 10.0, None),
    ("MIN_KNOWN", 80.0, 100.0),
)
"""Parameter, default and upper limit."""


class SpaceTypes(PluginAlgorithm):
    """Parcels × (polygons, zones, settled cells), the largest share decides."""

    ID = "space_types"
    STYLES = MappingProxyType({"OUTPUT": "space_types"})

    def group(self) -> str:
        return translate("GrueneInfra", "Space types")

    def groupId(self) -> str:
        return "space_types"

    def initAlgorithm(self, config: dict | None = None) -> None:
        polygon, point = Qgis.ProcessingSourceType.VectorPolygon, Qgis.ProcessingSourceType.VectorPoint
        self.add_layer("PARCELS", polygon)
        for name in ("SPACE_TYPES", "ZONES", "SETTLEMENT", "BUILDINGS"):
            self.add_layer(name, polygon, optional=True)
        self.add_layer("POPULATION", point, polygon, optional=True)
        self.add_field("SPACE_TYPE_FIELD", "SPACE_TYPES")
        self.add_field("ZONE_FIELD", "ZONES")
        self.add_field("FUNCTION_FIELD", "BUILDINGS")
        self.add_field("STOREYS_FIELD", "BUILDINGS")
        self.add_field("PEOPLE_FIELD", "POPULATION")
        self.add(QgsProcessingParameterString("RESIDENTIAL_VALUES", "", "1000-1199"))
        self.add(QgsProcessingParameterBoolean("ABSENT_IS_EMPTY", "", False))
        real = Qgis.ProcessingNumberParameterType.Double
        for name, default, top in THRESHOLDS:
            limits = (0.0,) if top is None else (0.0, top)
            self.add(QgsProcessingParameterNumber(name, "", real, default, False, *limits))
        self.add(QgsProcessingParameterFeatureSink("OUTPUT", "", polygon))

    def measure(self, job: Job) -> None:
        parcels, own = job.layer("PARCELS", POLYGON), job.optional_layer("SPACE_TYPES", POLYGON)
        zones, settlement = job.optional_layer("ZONES", POLYGON), job.optional_layer("SETTLEMENT", POLYGON)
        buildings = job.optional_layer("BUILDINGS", POLYGON)
        population = job.optional_layer("POPULATION", POINT, POLYGON)
        job.settle_crs(parcels, own, zones, settlement, buildings, population)
        job.open_details("OUTPUT", parcels, RESULT_FIELDS)

        features, repeats = without_repeats(job.read_with_wkb(parcels))
        given = _given(job, own, zones, settlement)
        outside = Unknown.NO_SETTLEMENT if settlement is None else (Origin.RASTER, SpaceType.LANDSCAPE)
        cells = _Cells(job, buildings, population, _reach(features))
        unassigned = 0
        for feature in features:
            found = assign(_places(feature.geometry(), given, cells, outside))
            unassigned += found.space_type is None
            job.add_details("OUTPUT", feature, _result_row(found))
        _remark(job, repeats, unassigned)


def _given(
    job: Job, own: Input | None, zones: Input | None, settlement: Input | None
) -> PieceIndex[Place | None]:
    """Return what is drawn, each place once by the order of precedence; settled areas have no label."""
    given: PieceIndex[Place | None] = PieceIndex({})
    _claim(given, Origin.POLYGON, _typed(job, own, "SPACE_TYPE_FIELD", SPACE_TYPE, SPACE_TYPES))
    _claim(given, Origin.ZONE, _typed(job, zones, "ZONE_FIELD", ZONE, ZONE_TYPES))
    if settlement is not None:
        settled = (feature.geometry() for feature in job.read(settlement, []))
        for area in settled_areas(settled, M2_PER_HA * job.number("MIN_SETTLEMENT")):
            given.claim(None, area)
    return given


def _typed(
    job: Job, layer: Input | None, parameter: str, usual: Sequence[str], words: Mapping[str, SpaceType]
) -> list[tuple[SpaceType, QgsGeometry]]:
    """Return the polygons of a layer with their Raumtyp; raise at a word that names none."""
    if layer is None:
        return []
    field = job.required_field(parameter, layer, usual)
    found, blank = [], 0
    for feature in job.read(layer, [field]):
        word = layer.word_among(feature[field], words)
        if word is None:
            blank += 1
        else:
            found.append((words[word], feature.geometry()))
    if blank:
        message = translate("GrueneInfra", "{layer}: {count} polygons without a Raumtyp are not used.")
        job.feedback.pushWarning(message.format(layer=layer.name, count=blank))
    return found


def _claim(
    given: PieceIndex[Place | None], origin: Origin, polygons: Sequence[tuple[SpaceType, QgsGeometry]]
) -> None:
    """Give polygons the places that nothing before them has; among themselves by the order of the types."""
    for kind in SpaceType:
        for _, polygon in (pair for pair in polygons if pair[0] is kind):
            given.claim((origin, kind), polygon)


class _Cells:
    """The Raumtyp of settled cells, read once from buildings and population near the parcels."""

    def __init__(
        self, job: Job, buildings: Input | None, population: Input | None, reach: QgsRectangle
    ) -> None:
        self._reach = reach
        self._nearby = Neighbourhood(job.feedback)
        self._has_buildings = buildings is not None
        self._known: dict[Cell, SpaceType | Unknown] = {}
        self._criteria = Criteria(
            coverage=job.number("COVERAGE") / 100,
            density=job.number("DENSITY"),
            non_residential=job.number("NON_RESIDENTIAL") / 100,
            known_share=job.number("MIN_KNOWN") / 100,
            absent_is_empty=population is not None and job.flag("ABSENT_IS_EMPTY"),
        )
        if buildings is not None:
            self._nearby.add_buildings(self._footprints(job, buildings))
        if population is not None:
            self._nearby.add_population(self._counts(job, population))

    def kind(self, cell: Cell) -> SpaceType | Unknown:
        """Return the Raumtyp of a cell inside the settlement, or why it cannot be told."""
        if not self._has_buildings:
            return Unknown.NO_BUILDINGS
        if cell not in self._known:
            self._known[cell] = self._criteria.classify(self._nearby.window(cell))
        return self._known[cell]

    def _footprints(self, job: Job, layer: Input) -> Iterator[tuple[QgsGeometry, bool | None, float | None]]:
        use = job.field("FUNCTION_FIELD", layer, BUILDING_USE)
        storeys = job.field("STOREYS_FIELD", layer, STOREYS)
        residential = ResidentialUses(job.names("RESIDENTIAL_VALUES"))
        for feature in job.read(layer, [use, storeys]):
            if self._reach.intersects(feature.geometry().boundingBox()):
                is_residential = None if use is None else residential.covers(text(feature[use]))
                yield feature.geometry(), is_residential, _above_zero(feature, storeys)

    def _counts(self, job: Job, layer: Input) -> Iterator[tuple[QgsGeometry, float | None]]:
        field = job.field("PEOPLE_FIELD", layer, INHABITANTS)
        for feature in job.read(layer, [field]):
            people = None if field is None else number(feature[field])
            polygon = feature.geometry()
            if polygon.type() == POINT:
                polygon = square_round(polygon)
            if self._reach.intersects(polygon.boundingBox()):
                yield polygon, people if people is not None and people >= 0 else None


def _above_zero(feature: QgsFeature, field: int | None) -> float | None:
    """Return the storeys of a building; 0 stands for not filled in."""
    value = None if field is None else number(feature[field])
    return value if value is not None and value > 0 else None


def _reach(features: Sequence[QgsFeature]) -> QgsRectangle:
    """Return the extent in which buildings and population matter to the parcels."""
    extent = QgsRectangle()
    for feature in features:
        extent.combineExtentWith(feature.geometry().boundingBox())
    return extent.buffered(REACH_M)


def _places(
    parcel: QgsGeometry, given: PieceIndex[Place | None], cells: _Cells, outside: Place
) -> dict[Place, float]:
    """Return the area of a parcel by Raumtyp and origin, or by why it is unknown."""
    areas: dict[Place, float] = defaultdict(float)
    for label, part in given.parts(parcel):
        if label is not None:
            areas[label] += part.area()
            continue
        for cell, piece in split_by_cell(part):
            kind = cells.kind(cell)
            areas[kind if isinstance(kind, Unknown) else (Origin.RASTER, kind)] += piece.area()
    rest = parcel.area() - sum(areas.values())
    if rest > NEGLIGIBLE_SHARE * parcel.area():
        areas[outside] += rest
    return areas


def _result_row(found: Assignment) -> list:
    kind = found.space_type
    return [None if kind is None else str(kind), found.percent, str(found.origin)]


def _remark(job: Job, repeats: int, unassigned: int) -> None:
    for count, message in (
        (repeats, translate("GrueneInfra", "{count} parcels repeat another one exactly and come once.")),
        (
            unassigned,
            translate("GrueneInfra", "{count} parcels remain without a Raumtyp; raumtyp_quelle says why."),
        ),
    ):
        if count:
            job.feedback.pushWarning(message.format(count=count))
