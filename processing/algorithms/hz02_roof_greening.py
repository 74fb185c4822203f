"""HZ 02: which roofs are flat, which are greened, which come next, and how far the inner city is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

import numpy as np
from qgis.core import (
    Qgis,
    QgsFeature,
    QgsGeometry,
    QgsProcessingException,
)

from ...gruene_infra_plugin.i18n import translate
from ...gruene_infra_plugin.methods import roofs
from ...gruene_infra_plugin.methods.names import word_of
from ...gruene_infra_plugin.methods.roofs import Evidence, Flatness, Roofs
from ...gruene_infra_plugin.methods.space_types import SpaceType
from ...gruene_infra_plugin.methods.thresholds import least, most
from ...gruene_infra_plugin.methods.values import SHARE, SLOPE, YES_NO, Kind
from ...gruene_infra_plugin.spatial.layers import Input, without_repeats
from ...gruene_infra_plugin.spatial.overlay import dissolve
from ...gruene_infra_plugin.spatial.roof_faces import flatness_from_faces
from ...gruene_infra_plugin.spatial.roof_surface import (
    FINEST_CELL_M,
    RoofSurfaces,
    measure_roofs,
    measure_vegetation,
)
from ...gruene_infra_plugin.spatial.usual_fields import ROOF_FORM, SPACE_TYPE, usual_field
from ...gruene_infra_plugin.spatial.values import text
from ...gruene_infra_plugin.spatial.zonal import Raster
from ..base import PluginAlgorithm
from ..job import Job
from ..summaries.hz02_roof_greening import RoofGrounds, RoofPlaces, RoofSummary

POLYGON = Qgis.GeometryType.Polygon
OTHER_LIMITS = (5.0, 3.0)
"""Slopes in degrees of the other definitions of flat [P: DIN 1986-100, secondary]."""
UNKNOWN_FORM = "9999"
"""Roof code of LoD2 for other or unknown forms, which it draws level [P: AX_Dachform]."""


class RoofGreening(PluginAlgorithm):
    """Flat roofs, greened roofs, candidates, and the share of the target."""

    ID = "hz02_roof_greening"

    def measure(self, job: Job) -> None:
        buildings = job.layer("BUILDINGS", POLYGON)
        faces = job.optional_layer("ROOF_FACES", POLYGON)
        inner_city, area_layer = (
            job.optional_layer("INNER_CITY", POLYGON),
            job.optional_layer("AREAS", POLYGON),
        )
        job.settle_crs(buildings, faces, inner_city, area_layer)
        job.require_meeting(buildings, faces, inner_city, area_layer)
        job.open_details("OUTPUT", buildings)

        areas = job.areas(area_layer)
        city = _inner_city(job, inner_city)
        survey = _Survey(job, buildings, _once_each(job, buildings), faces)
        for feature, row in zip(survey.features, survey.rows(), strict=True):
            job.add_details("OUTPUT", feature, row)
        places = RoofPlaces.of(survey.footprints, areas, city)
        grounds = RoofGrounds.of(buildings, survey.footprints, areas, inner_city, city)
        summary = RoofSummary(job, survey.roofs, survey.limits, places, grounds, survey.surface)
        job.outputs.add_findings("SUMMARY", summary.rows(areas.areas))


def _once_each(job: Job, layer: Input, attributes: Sequence[int | None] | None = None) -> list[QgsFeature]:
    """Return the features of a layer without those that repeat another one, and say how many these are."""
    features, repeats = without_repeats(job.read_with_wkb(layer, attributes))
    if repeats:
        message = translate(
            "GrueneInfra", "{layer}: {count} features repeat another one exactly and are counted once."
        )
        job.feedback.pushWarning(message.format(layer=layer.name, count=repeats))
    return features


class _Survey:
    """Everything that is known about the roofs of a run; arrays have one entry per building."""

    def __init__(self, job: Job, layer: Input, features: Sequence[QgsFeature], faces: Input | None) -> None:
        self.job, self.layer, self.features = job, layer, features
        self.footprints = [feature.geometry() for feature in features]
        self.area = np.array([footprint.area() for footprint in self.footprints])
        headline = job.number("MAX_SLOPE")
        self.limits = (headline, *(limit for limit in OTHER_LIMITS if limit != headline))
        self.surface: RoofSurfaces | None = None
        self.code_flat = self._code_says_flat()
        self.flatness, self.evidence = roofs.first_known(
            list(self._kinds(faces)), len(features), len(self.limits)
        )
        greened, green_m2 = self._greened()
        excluded = self._yes_no("EXCLUDED_FIELD") == 1
        minimum = job.number("MIN_AREA")
        self.roofs = Roofs(self.area, self.flatness.flat_m2, greened, green_m2, excluded, minimum)

    # -- slope --------------------------------------------------------------------------------------

    def _kinds(self, faces: Input | None) -> Iterator[Flatness]:
        """Yield the evidence there is, best first."""
        if faces is not None:
            yield self._from_faces(faces)
        dsm = self._raster("DSM", continuous=True, finest=FINEST_CELL_M)
        if dsm is not None:
            yield self._from_surface(dsm)
        slope_field = self.job.field("SLOPE_FIELD", self.layer)
        if slope_field is not None:
            yield roofs.from_slope(self._values(slope_field, SLOPE), self.area, self.limits)
        yield roofs.from_code(self.code_flat, self.area, len(self.limits))

    def _from_faces(self, faces: Input) -> Flatness:
        """Take roof faces as evidence, but not level ones of unknown form: the model made them level."""
        field, form = faces.field_index("neigung_grad"), faces.source.fields().lookupField("dachform")
        shapes, slopes, made_level = [], [], 0
        column = self.job.column(faces, field, SLOPE)
        for face in _once_each(self.job, faces, [field, form if form >= 0 else None]):
            slope = column.of(face)
            if slope is None:
                continue
            if form >= 0 and text(face[form]) == UNKNOWN_FORM and slope <= most(self.limits[0]):
                made_level += 1
                continue
            shapes.append(face.geometry())
            slopes.append(slope)
        if made_level:
            message = translate("GrueneInfra", "{layer}: {count} level faces of unknown form: no evidence.")
            self.job.feedback.pushWarning(message.format(layer=faces.name, count=made_level))
        return flatness_from_faces(shapes, np.array(slopes, dtype=float), self.footprints, self.limits)

    def _from_surface(self, raster: Raster) -> Flatness:
        minimum = self.job.number("MIN_AREA")
        self.surface = measure_roofs(raster, self.footprints, self.limits, minimum, self.job.feedback)
        flat = self.surface.flat_share * self.area[:, None]
        flat[self.surface.cover < least(roofs.COVER)] = np.nan
        for column, limit in enumerate(self.limits):
            if not self.surface.assessable(limit):
                flat[:, column] = np.nan
        return Flatness(Evidence.SURFACE, flat, self.surface.slope)

    def _code_says_flat(self) -> np.ndarray:
        field = self.job.field("ROOF_TYPE_FIELD", self.layer, ROOF_FORM)
        codes = [None if field is None else text(feature[field]) for feature in self.features]
        return roofs.code_says_flat(codes, self.job.names("FLAT_VALUES"))

    # -- greening -----------------------------------------------------------------------------------

    def _greened(self) -> tuple[np.ndarray, np.ndarray]:
        """Return greened (1, 0, NaN) and vegetated square metres: by register, by share, by raster."""
        greened, green_m2 = self._yes_no("GREEN_FIELD"), np.full(len(self.features), np.nan)
        for share, patch_m2 in self._vegetation():
            by_share = roofs.is_greened(share, patch_m2)
            greened = np.where(np.isnan(greened), by_share, greened)
            green_m2 = np.where(np.isnan(green_m2), share * self.area, green_m2)
        return greened, green_m2

    def _vegetation(self) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Yield the vegetated share (0 to 1, NaN) and the largest patch (m²), best source first."""
        field = self.job.field("VEGETATION_SHARE_FIELD", self.layer)
        if field is not None:
            share = self._values(field, SHARE)
            if np.nanmax(share, initial=0.0) > 1.0:
                share = share / 100.0
            yield share, share * self.area
        raster = self._raster("VEGETATION", continuous=False)
        if raster is not None:
            threshold = self.job.number("VEGETATION_THRESHOLD")
            seen = measure_vegetation(raster, self.footprints, threshold, self.job.feedback)
            yield np.where(seen.cover < least(roofs.COVER), np.nan, seen.share), seen.patch_m2

    # -- attributes ---------------------------------------------------------------------------------

    def _values(self, field: int | None, kind: Kind) -> np.ndarray:
        """Return the values of a field, NaN where they are unknown; all NaN where no field is given."""
        column = self.job.column(self.layer, field, kind)
        return np.array([column.of(feature) for feature in self.features], dtype=float)

    def _yes_no(self, parameter: str) -> np.ndarray:
        """Return 1, 0 or NaN from a field that says yes or no."""
        return self._values(self.job.field(parameter, self.layer), YES_NO)

    # -- rasters ------------------------------------------------------------------------------------

    def _raster(self, name: str, *, continuous: bool, finest: float = 0.0) -> Raster | None:
        """Open the chosen band of an optional raster."""
        layer = self.job.raster(name)
        if layer is None:
            return None
        band = self.job.band(f"{name}_BAND", layer)
        crs, feedback = self.job.crs, self.job.feedback
        return Raster.open(layer, name, crs, feedback, band=band, continuous=continuous, finest=finest)

    # -- results ------------------------------------------------------------------------------------

    @cached_property
    def classes(self) -> list[str | None]:
        """Suitability class of each roof."""
        flat = self.roofs.counted_flat() > 0
        by_code = flat & (self.evidence == Evidence.CODE)
        slope = self.flatness.slope  # of a pitched roof with a flat annexe, the annexe is what is greened
        return roofs.suitability(np.where(flat, np.minimum(slope, self.limits[0]), slope), by_code)

    def rows(self) -> Iterator[list]:
        """Yield the result columns of each roof."""
        found, flat = self.roofs, self.roofs.counted_flat()
        reasons, ranks = found.reasons(), found.ranks(self.classes)
        clash = roofs.conflict(self.code_flat, self.flatness.flat_m2[:, 0], self.area, self.evidence)
        rain, retention = self.job.number("RAIN"), self.job.number("RETENTION")
        table = self.job.phrase("retention", retention=f"{retention:g}", rain=f"{rain:g}")
        for i in range(len(self.features)):
            candidate = reasons[i] is None
            basis = flat[i] if candidate else found.green_m2[i] if found.greened[i] == 1 else np.nan
            kept = basis * rain / 1000.0 * retention / 100.0
            cover = self.surface.cover[i] if self.surface else np.nan
            yield [
                _integer(flat[i] if np.isnan(flat[i]) else flat[i] > 0),
                str(self.evidence[i]),
                _number(self.flatness.slope[i]),
                _number(self.flatness.flat_m2[i, 0]),
                _integer(found.greened[i]),
                _number(found.green_m2[i]),
                int(candidate),
                None if candidate else str(reasons[i]),
                self.classes[i],
                int(ranks[i]) or None,
                int(found.excluded[i]),
                _integer(clash[i]),
                _number(kept),
                None if np.isnan(kept) else table,
                _number(100.0 * cover),
            ]


def _number(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _integer(value: float) -> int | None:
    return None if np.isnan(value) else int(value)


def _inner_city(job: Job, layer: Input | None) -> QgsGeometry | None:
    """Return the inner city as one geometry; of a layer of Raumtypen only the Innenstadt."""
    if layer is None:
        return None
    field = usual_field(layer.source.fields(), SPACE_TYPE)
    shapes = [
        feature.geometry()
        for feature in job.read(layer)
        if field is None or word_of(text(feature[field]) or "", [SpaceType.INNER_CITY])
    ]
    if not shapes:
        message = translate("GrueneInfra", "{layer} holds no polygon with raumtyp = Innenstadt.")
        raise QgsProcessingException(message.format(layer=layer.name))
    return dissolve(shapes)
