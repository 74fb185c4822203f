"""HZ 19: buildings in floodplains and in the strip along waters, and how much of that is new."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType

from qgis.core import (
    Qgis,
    QgsProcessingException,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterNumber,
    QgsProcessingParameterString,
)
from qgis.PyQt.QtCore import QMetaType

from ...gruene_infra_plugin.i18n import translate
from ...gruene_infra_plugin.methods.findings import Finding, slugs
from ...gruene_infra_plugin.methods.newness import COVERED_SHARE, Origin
from ...gruene_infra_plugin.methods.targets import Measurement
from ...gruene_infra_plugin.spatial.areas import Areas, Tally
from ...gruene_infra_plugin.spatial.change import EarlierStock, Newness
from ...gruene_infra_plugin.spatial.exposure import Exposure, Hit, LabelledParts
from ...gruene_infra_plugin.spatial.layers import Input, number, text
from ...gruene_infra_plugin.spatial.overlay import PieceIndex
from ...gruene_infra_plugin.spatial.zones import Zone, floodplain_zone, water_strip
from ..base import GoalAlgorithm
from ..job import Job

POLYGON, LINE = Qgis.GeometryType.Polygon, Qgis.GeometryType.Line
AUE, STRIP = "aue", "streifen"
RESULT_FIELDS = {
    "in_aue_m2": QMetaType.Type.Double,
    "anteil_proz": QMetaType.Type.Double,
    "klasse": QMetaType.Type.QString,
    "neu": QMetaType.Type.Int,
    "im_streifen_m2": QMetaType.Type.Double,
    "herkunft": QMetaType.Type.QString,
    "neu_in_aue_m2": QMetaType.Type.Double,
}


class FloodplainBuildings(GoalAlgorithm):
    """Buildings × floodplains, new ones apart, with the strip along waters."""

    ID = "hz19_floodplain_buildings"
    STYLES = MappingProxyType({"OUTPUT": "hz19_floodplain_buildings"})

    def initAlgorithm(self, config: dict | None = None) -> None:
        polygon, line = Qgis.ProcessingSourceType.VectorPolygon, Qgis.ProcessingSourceType.VectorLine
        self.add_layer("BUILDINGS", polygon)
        self.add_layer("FLOODPLAINS", polygon)
        self.add_layer("BUILDINGS_BEFORE", polygon, optional=True)
        self.add_layer("WATER", polygon, line, optional=True)
        self.add_field("CLASS_FIELD", "FLOODPLAINS")
        self.add_field("YEAR_FIELD", "BUILDINGS")
        self.add_field("WIDTH_FIELD", "WATER")
        number_type = Qgis.ProcessingNumberParameterType
        self.add(
            QgsProcessingParameterNumber("REFERENCE_YEAR", "", number_type.Integer, None, True, 1000, 3000)
        )
        order = "festgesetzt, vorläufig gesichert"
        self.add(QgsProcessingParameterString("CLASS_ORDER", "", order, optional=True))
        self.add(QgsProcessingParameterBoolean("PLANNED", "", False))
        for name, default in (("STRIP", 5.0), ("MIN_OVERLAP", 1.0), ("TOLERANCE", 0.5)):
            self.add(
                QgsProcessingParameterNumber(name, "", number_type.Double, default, False, 0.0), advanced=True
            )
        self.add_areas()
        self.add_outputs(OUTPUT=polygon)

    def measure(self, job: Job) -> None:
        buildings, floodplains = job.layer("BUILDINGS", POLYGON), job.layer("FLOODPLAINS", POLYGON)
        before = job.optional_layer("BUILDINGS_BEFORE", POLYGON)
        water = job.optional_layer("WATER", POLYGON, LINE)
        area_layer = job.optional_layer("AREAS", POLYGON)
        job.settle_crs(buildings, floodplains, before, water, area_layer)
        year_field = _year_field(job, buildings)
        job.open_details("OUTPUT", buildings, RESULT_FIELDS)

        areas = job.areas(area_layer)
        zones = _zones(job, floodplains, water)
        newness = Newness(
            year_of=lambda feature: None if year_field is None else number(feature[year_field]),
            reference_year=job.integer("REFERENCE_YEAR"),
            stock=EarlierStock(f.geometry() for f in job.read(before, [])) if before else None,
            tolerance=job.number("TOLERANCE"),
            all_new=job.flag("PLANNED"),
        )
        exposure = Exposure({k: z.pieces for k, z in zones.items()}, newness, job.number("MIN_OVERLAP"))
        tally = Tally(areas)
        count = _Count(tally)
        for hit in exposure.hits(job.read(buildings)):
            count.add(hit)
            job.add_details("OUTPUT", hit.feature, _result_row(hit, zones))
        _remark(job, exposure, newness)
        job.outputs.add_findings(
            "SUMMARY", _Summary(job, zones, newness, buildings, before, tally).rows(areas)
        )


def _year_field(job: Job, buildings: Input) -> int | None:
    """Return the field with the year; the year and the year from which on it is new need each other."""
    reference = job.integer("REFERENCE_YEAR")
    if reference is None and job.text("YEAR_FIELD"):
        raise QgsProcessingException(
            translate("GrueneInfra", "YEAR_FIELD needs REFERENCE_YEAR: from which year on is a building new?")
        )
    if reference is None:
        return None
    field = job.field("YEAR_FIELD", buildings, ("baujahr",))
    if field is None:
        raise QgsProcessingException(
            translate("GrueneInfra", "REFERENCE_YEAR needs YEAR_FIELD: which field holds the year?")
        )
    return field


def _zones(job: Job, floodplains: Input, water: Input | None) -> dict[str, Zone]:
    class_field = job.field("CLASS_FIELD", floodplains, ("klasse",))
    pieces = floodplain_zone(
        job.read(floodplains, [class_field]),
        lambda feature: None if class_field is None else text(feature[class_field]),
        job.names("CLASS_ORDER"),
    )
    zones = {AUE: Zone(pieces, floodplains.usable_share)}
    if water is None:
        return zones
    width_field = job.field("WIDTH_FIELD", water, ("breite_m",))
    width_of = None if width_field is None else lambda feature: number(feature[width_field])
    strip = water_strip(job.read(water, [width_field]), width_of, job.number("STRIP"))
    if strip is not None:
        return zones | {STRIP: strip}
    message = translate("GrueneInfra", "{layer}: lines without a width; the strip is not assessable.")
    job.feedback.pushWarning(message.format(layer=water.name))
    return zones


class _Count:
    """Sums up hits; where buildings overlap each other, the ground they share counts once."""

    def __init__(self, tally: Tally) -> None:
        self._tally = tally
        self._counted: dict[tuple[str, str], PieceIndex[str]] = defaultdict(lambda: PieceIndex({}))

    def add(self, hit: Hit) -> None:
        for zone, parts in hit.parts.items():
            polygons = [part for _, part in parts]
            self._add_area(zone, "all", parts)
            self._tally.add_piece((zone, "pieces"), polygons)
            if hit.origin is Origin.UNKNOWN:
                self._add_area(zone, "unknown", parts)
                self._tally.add_piece((zone, "unknown pieces"), polygons)
            if hit.origin is Origin.NEW:
                self._tally.add_piece((zone, "new pieces"), polygons)
        for zone, parts in hit.new_parts.items():
            self._add_area(zone, "new", parts)

    def _add_area(self, zone: str, what: str, parts: LabelledParts) -> None:
        for label, part in parts:
            fresh = self._counted[zone, what].claim(label, part)
            self._tally.add_area((zone, what), fresh)
            self._tally.add_area((zone, what, label), fresh)


def _result_row(hit: Hit, zones: Mapping[str, Zone]) -> list:
    touched = hit.labels(AUE)
    in_floodplain = hit.area(AUE)
    return [
        in_floodplain,
        100.0 * in_floodplain / hit.feature.geometry().area(),
        next((name for name in zones[AUE].classes if name in touched), None),
        None if hit.origin.is_new is None else int(hit.origin.is_new),
        hit.area(STRIP) if STRIP in zones else None,
        hit.origin.value,
        hit.new_area(AUE),
    ]


def _remark(job: Job, exposure: Exposure, newness: Newness) -> None:
    if exposure.duplicates:
        message = translate(
            "GrueneInfra", "{count} buildings repeat another one exactly and are counted once."
        )
        job.feedback.pushWarning(message.format(count=exposure.duplicates))
    shift = newness.stock.systematic_shift() if newness.stock else 0.0
    if shift > newness.tolerance / 2:
        message = translate("GrueneInfra", "The two dates are shifted by {shift} m. Align them first.")
        job.feedback.pushWarning(message.format(shift=f"{shift:.2f}"))


@dataclass(frozen=True)
class _Summary:
    """Turns the sums of a run into findings."""

    job: Job
    zones: Mapping[str, Zone]
    newness: Newness
    buildings: Input
    before: Input | None
    tally: Tally

    def rows(self, areas: Areas) -> Iterator[Finding]:
        """Yield the findings of every area, the headline of an indicator before its variants."""
        for zone, parts in self.zones.items():
            for label, piece in parts.pieces:
                self.tally.add_area((zone, "zone"), [piece])
                self.tally.add_area((zone, "zone", label), [piece])
        basis, strip = self._basis(), f"{self.job.number('STRIP'):g}"
        new = partial(self.job.finding, values=self._values(), assumptions=self._assumptions())
        for place, area in enumerate(areas.areas):
            yield new("hz19.aue.neubau_flaeche", basis, area, self._new(place, AUE, "new"))
            for name, class_id in self._classes(place).items():
                yield new(
                    "hz19.aue.neubau_flaeche",
                    f"{basis}.klasse_{class_id}",
                    area,
                    self._new(place, AUE, "new", name),
                    variant="class",
                    values={**self._values(), "floodplain_class": name},
                )
            yield new("hz19.aue.neubau_anzahl", basis, area, self._new(place, AUE, "new pieces"))
            yield self.job.finding("hz19.aue.bebauung_anteil", "alle_klassen", area, self._stock(place))
            strip_id = f"{basis}.streifen_{strip}"
            yield new("hz19.streifen.neubau_flaeche", strip_id, area, self._new(place, STRIP, "new"))

    def _classes(self, place: int) -> dict[str, str]:
        """Return the classes present in an area with their ids, where there is more than one class at all."""
        ids = slugs(self.zones[AUE].classes)
        present = {name: key for name, key in ids.items() if self.tally.get((AUE, "zone", name), place)}
        return present if len(ids) > 1 else {}

    def _new(self, place: int, zone: str, *key: str) -> Measurement:
        """Return a sum of new building per area that has the zone; not assessable without evidence."""
        if zone not in self.zones or not self.newness.has_evidence:
            return Measurement(None, None, 0.0)
        has_zone = self.tally.get((zone, "zone", *key[1:]), place) > 0
        built, undated = (self.tally.get((zone, what), place) for what in ("all", "unknown"))
        dated = 100.0 * (1 - undated / built) if built else 100.0
        return Measurement(
            self.tally.get((zone, *key), place),
            float(has_zone),
            min(dated, self._coverage(zone), self.before.usable_share if self.before else 100.0),
            int(self.tally.get((zone, "pieces"), place)),
            int(self.tally.get((zone, "unknown pieces"), place)) + self.buildings.unusable,
        )

    def _stock(self, place: int) -> Measurement:
        return Measurement(
            self.tally.get((AUE, "all"), place),
            self.tally.get((AUE, "zone"), place),
            self._coverage(AUE),
            int(self.tally.get((AUE, "pieces"), place)),
            self.buildings.unusable,
        )

    def _coverage(self, zone: str) -> float:
        return min(self.buildings.usable_share, self.zones[zone].coverage)

    def _basis(self) -> str:
        """Return the id of how newness was told; figures of another basis are not comparable."""
        if self.newness.all_new:
            return "geplant"
        year, stock = self.newness.reference_year, self.newness.stock
        parts = [f"ab_{year}"] if year is not None else []
        return "_".join(parts + ["zeitschnitt"] * (stock is not None)) or "ohne_stand"

    def _values(self) -> dict[str, str]:
        basis = re.sub(r"\d+", "jahr", self._basis())
        return {
            "period": self.job.phrase(basis, year=self.newness.reference_year),
            "strip": f"{self.job.number('STRIP'):g}",
            "min_overlap": f"{self.job.number('MIN_OVERLAP'):g}",
        }

    def _assumptions(self) -> list[str]:
        rules = [self.job.phrase("minimum", value=f"{self.job.number('MIN_OVERLAP'):g}")]
        if self.newness.stock is not None:
            rules.append(self.job.phrase("covered", value=f"{100 * COVERED_SHARE:g}"))
            rules.append(self.job.phrase("tolerance", value=f"{self.newness.tolerance:g}"))
        return rules
