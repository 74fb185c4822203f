"""Give every parcel its Raumtyp: from own polygons, from zones of the RVR, else from cells of 100 m."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from qgis.core import (
    Qgis,
    QgsGeometry,
    QgsRectangle,
)

from ...gruene_infra_plugin.i18n import translate
from ...gruene_infra_plugin.methods.buildings.building_use import UNSPECIFIED, CentralUses
from ...gruene_infra_plugin.methods.parcels.space_types import (
    NEGLIGIBLE_SHARE,
    SPACE_TYPES,
    ZONE_TYPES,
    Assignment,
    Origin,
    SpaceType,
    TypedPlace,
    Unknown,
    assign,
)
from ...gruene_infra_plugin.methods.reading.names import normal_name
from ...gruene_infra_plugin.methods.settlement.inner_city import Centre, Criteria, settled_places
from ...gruene_infra_plugin.spatial.geometry.overlay import PieceIndex
from ...gruene_infra_plugin.spatial.reading.repeats import without_repeats
from ...gruene_infra_plugin.spatial.reading.source import Input
from ...gruene_infra_plugin.spatial.reading.usual_fields import BUILDING_USE, SPACE_TYPE, ZONE
from ...gruene_infra_plugin.spatial.reading.values import text
from ...gruene_infra_plugin.spatial.running import check_cancelled
from ...gruene_infra_plugin.spatial.settlement.settled_cells import (
    CELL_M,
    Cell,
    Footprints,
    settled_areas,
    split_by_cell,
)
from ..base import PluginAlgorithm
from ..job import Job

POLYGON = Qgis.GeometryType.Polygon
M2_PER_HA = 10_000.0
THRESHOLDS = (
    ("SEED_COVERAGE", 40.0, 0.0, 100.0),
    ("SEED_CENTRAL", 30.0, 0.0, 100.0),
    ("COVERAGE", 35.0, 0.0, 100.0),
    ("CENTRAL", 10.0, 0.0, 100.0),
    ("MIN_USE_KNOWN", 50.0, 0.0, 100.0),
    ("MIN_SETTLEMENT", 10.0, 0.0, None),
    ("MAX_GAP", 500.0, 100.0, None),
    ("MIN_BUILDINGS", 80.0, 0.0, 100.0),
    ("SETTLEMENT_REACH", 2000.0, 0.0, None),
)
"""Parameter, default, lower and upper limit."""


class SpaceTypes(PluginAlgorithm):
    """Parcels × (polygons, zones, settled cells), the largest share decides."""

    ID = "space_types"

    def group(self) -> str:
        return translate("GrueneInfra", "Space types")

    def groupId(self) -> str:
        return "space_types"

    def measure(self, job: Job) -> None:
        parcels, own = job.layer("PARCELS", POLYGON), job.optional_layer("SPACE_TYPES", POLYGON)
        zones, settlement = job.optional_layer("ZONES", POLYGON), job.optional_layer("SETTLEMENT", POLYGON)
        buildings = job.optional_layer("BUILDINGS", POLYGON)
        job.settle_crs(parcels, own, zones, settlement, buildings)
        job.open_details("OUTPUT", parcels)

        features, repeats = without_repeats(job.read_with_wkb(parcels))
        drawn: PieceIndex[TypedPlace | int] = PieceIndex({})
        _claim(job, drawn, Origin.POLYGON, _typed(job, own, "SPACE_TYPE_FIELD", SPACE_TYPE, SPACE_TYPES))
        _claim(job, drawn, Origin.ZONE, _typed(job, zones, "ZONE_FIELD", ZONE, ZONE_TYPES))
        raster = _Raster(job, settlement, buildings, _extent(feature.geometry() for feature in features))
        for number, town in enumerate(raster.towns):
            drawn.claim(number, town)
        unassigned = 0
        for feature in features:
            found = assign(_places(feature.geometry(), drawn, raster))
            unassigned += found.space_type is None
            job.add_details("OUTPUT", feature, _result_row(found))
        _remark(job, repeats, unassigned, raster)


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
    job: Job,
    drawn: PieceIndex[TypedPlace | int],
    origin: Origin,
    polygons: Sequence[tuple[SpaceType, QgsGeometry]],
) -> None:
    """Give polygons the places that nothing before them has; among themselves by the order of the types."""
    for kind in SpaceType:
        for _, polygon in (pair for pair in polygons if pair[0] is kind):
            check_cancelled(job.feedback)
            drawn.claim((origin, kind), polygon)


class _Raster:
    """The Raumtyp where nobody has drawn it: settlements near the parcels in cells, Landschaft round them."""

    def __init__(
        self, job: Job, settlement: Input | None, buildings: Input | None, near: QgsRectangle
    ) -> None:
        self._job = job
        self._buildings = buildings
        settled = [] if settlement is None else [f.geometry() for f in job.read(settlement, [])]
        self._covered = _extent(settled)
        if settled:
            self._covered.grow(job.number("SETTLEMENT_REACH"))
        areas = settled_areas(settled, M2_PER_HA * job.number("MIN_SETTLEMENT"))
        self.towns = [area for area in areas if area.boundingBox().intersects(near)]
        """Settlements whose cells may matter to the parcels, each whole."""
        self._criteria = Criteria(
            seed_coverage=job.number("SEED_COVERAGE") / 100,
            seed_central=job.number("SEED_CENTRAL") / 100,
            coverage=job.number("COVERAGE") / 100,
            central=job.number("CENTRAL") / 100,
            known_use=job.number("MIN_USE_KNOWN") / 100,
            known_buildings=job.number("MIN_BUILDINGS") / 100,
            gap_cells=math.ceil(job.number("MAX_GAP") / CELL_M),
            parts=job.integer("PARTS") or 1,
        )
        self._grids: dict[int, tuple[Cell, Centre]] = {}

    def place(self, town: int, cell: Cell) -> TypedPlace:
        """Return the Raumtyp of a cell of a settlement, or why it cannot be told."""
        if self._buildings is None:
            return Unknown.NO_BUILDINGS
        if town not in self._grids:
            corner, built = self._footprints.town(self.towns[town], self._criteria.margin)
            self._grids[town] = corner, settled_places(built, self._criteria)
        (left, bottom), centre = self._grids[town]
        return centre.places[cell[1] - bottom, cell[0] - left]

    def outside(self, parcel: QgsGeometry) -> TypedPlace:
        """Return what lies outside settlements: Landschaft as far as the settlement layer reaches."""
        if self._covered.contains(parcel.boundingBox()):
            return Origin.RASTER, SpaceType.LANDSCAPE
        return Unknown.NO_SETTLEMENT

    def remarks(self) -> Iterator[tuple[int, str]]:
        """Yield on how many hectares the built share decided alone, and how many were not taken."""
        centres = [centre for _, centre in self._grids.values()]
        yield (
            sum(centre.by_coverage for centre in centres),
            translate(
                "GrueneInfra",
                "On {count} ha the use of most buildings is unknown; there the built share alone decides.",
            ),
        )
        yield (
            sum(centre.further for centre in centres),
            translate(
                "GrueneInfra",
                "{count} ha more could be Innenstadt; per settlement only as many parts count as PARTS says.",
            ),
        )

    @cached_property
    def _footprints(self) -> Footprints:
        """Buildings in and round the settlements, read when the first cell is asked for."""
        return Footprints(self._read_buildings(self._buildings), self._job.feedback)

    def _read_buildings(self, layer: Input | None) -> Iterator[tuple[QgsGeometry, bool | None]]:
        if layer is None:
            return
        job, unread = self._job, Counter[str]()
        reach = _extent(self.towns).buffered(CELL_M * self._criteria.margin)
        field = job.field("FUNCTION_FIELD", layer, BUILDING_USE)
        uses = CentralUses(job.names("CENTRAL_VALUES"), job.names("OTHER_VALUES"))
        for building in job.read(layer, [field]):
            if reach.intersects(building.geometry().boundingBox()):
                use = None if field is None else text(building[field])
                is_central = uses.covers(use)
                if is_central is None and use is not None and normal_name(use) not in UNSPECIFIED:
                    unread[use] += 1
                yield building.geometry(), is_central
        if unread:
            message = translate(
                "GrueneInfra",
                "{layer}: {count} buildings have uses that are not listed, such as “{example}”.",
            )
            example = unread.most_common(1)[0][0]
            job.feedback.pushWarning(
                message.format(layer=layer.name, count=unread.total(), example=example[:40])
            )


def _extent(geometries: Iterable[QgsGeometry]) -> QgsRectangle:
    extent = QgsRectangle()
    for geometry in geometries:
        extent.combineExtentWith(geometry.boundingBox())
    return extent


def _places(
    parcel: QgsGeometry, drawn: PieceIndex[TypedPlace | int], raster: _Raster
) -> dict[TypedPlace, float]:
    """Return the area of a parcel by Raumtyp and origin, or by why it is unknown."""
    areas: dict[TypedPlace, float] = defaultdict(float)
    for label, part in drawn.parts(parcel):
        if not isinstance(label, int):
            areas[label] += part.area()
            continue
        for cell, piece in split_by_cell(part):
            areas[raster.place(label, cell)] += piece.area()
    rest = parcel.area() - sum(areas.values())
    if rest > NEGLIGIBLE_SHARE * parcel.area():
        areas[raster.outside(parcel)] += rest
    return areas


def _result_row(found: Assignment) -> list:
    kind = found.space_type
    return [None if kind is None else str(kind), found.percent, str(found.origin)]


def _remark(job: Job, repeats: int, unassigned: int, raster: _Raster) -> None:
    for count, message in (
        (repeats, translate("GrueneInfra", "{count} parcels repeat another one exactly and come once.")),
        (
            unassigned,
            translate("GrueneInfra", "{count} parcels remain without a Raumtyp; raumtyp_quelle says why."),
        ),
        *raster.remarks(),
    ):
        if count:
            job.feedback.pushWarning(message.format(count=count))
