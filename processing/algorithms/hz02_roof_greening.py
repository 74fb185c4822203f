"""HZ 02: which roofs are flat, which are greened, which come next, and how far the inner city is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from qgis.core import (
    Qgis,
    QgsFeature,
    QgsGeometry,
    QgsProcessingException,
)

from ...gruene_infra_plugin.i18n import translate
from ...gruene_infra_plugin.methods.buildings import roofs
from ...gruene_infra_plugin.methods.buildings.roofs import Evidence, Flatness, Roofs
from ...gruene_infra_plugin.methods.findings.targets import Measurement
from ...gruene_infra_plugin.methods.findings.thresholds import least, most
from ...gruene_infra_plugin.methods.parcels.space_types import SpaceType
from ...gruene_infra_plugin.methods.reading.names import word_of
from ...gruene_infra_plugin.methods.reading.values import SHARE, SLOPE, YES_NO, Kind
from ...gruene_infra_plugin.spatial.attribution.looked_at import as_percent
from ...gruene_infra_plugin.spatial.attribution.roof_places import RING_M, RoofGrounds, RoofPlaces
from ...gruene_infra_plugin.spatial.buildings.roof_faces import flatness_from_faces
from ...gruene_infra_plugin.spatial.buildings.roof_surface import (
    FINEST_CELL_M,
    RoofSurfaces,
    measure_roofs,
    measure_vegetation,
)
from ...gruene_infra_plugin.spatial.geometry.overlay import dissolve
from ...gruene_infra_plugin.spatial.grid.zonal import Raster
from ...gruene_infra_plugin.spatial.reading.repeats import without_repeats
from ...gruene_infra_plugin.spatial.reading.source import Input
from ...gruene_infra_plugin.spatial.reading.usual_fields import ROOF_FORM, SPACE_TYPE, usual_field
from ...gruene_infra_plugin.spatial.reading.values import text
from ..concluded import Case, Measured
from ..declared import DeclaredGoal, GoalRun
from ..job import Job

POLYGON = Qgis.GeometryType.Polygon
OTHER_LIMITS = (5.0, 3.0)
"""Slopes in degrees of the other definitions of flat [P: DIN 1986-100, secondary]."""
UNKNOWN_FORM = "9999"
"""Roof code of LoD2 for other or unknown forms, which it draws level [P: AX_Dachform]."""


class RoofGreening(DeclaredGoal):
    """Flat roofs, greened roofs, candidates, and the share of the target."""

    ID = "hz02_roof_greening"

    def count(self, run: GoalRun) -> Measured:
        job, buildings, inner_city = run.job, run.inputs["BUILDINGS"], run.inputs.get("INNER_CITY")
        city = _inner_city(job, inner_city)
        survey = _Survey(job, buildings, _once_each(job, buildings), run.inputs.get("ROOF_FACES"))
        for feature, row in zip(survey.features, survey.rows(), strict=True):
            job.add_details("OUTPUT", feature, row)
        places = RoofPlaces.of(survey.footprints, run.areas, city)
        grounds = RoofGrounds.of(buildings, survey.footprints, run.areas, inner_city, city)
        _tell(run, survey, city is not None)
        return _Figures(job, survey.roofs, survey.limits, places, grounds).measured


def _tell(run: GoalRun, survey: _Survey, has_city: bool) -> None:
    """Say which slopes and which places definitions are about, and what is assumed."""
    told, headline = run.known, f"{survey.limits[0]:g}"
    told.each["slope"] = {f"{limit:g}": f"{limit:g}" for limit in survey.limits}
    told.each["ring"] = {f"{RING_M:g}": f"{RING_M:g}"} if has_city else {}
    told.each["whole"] = {"": ""} if has_city else {}
    told.values |= {"slope": headline, "place": run.job.phrase("inner" if has_city else "whole")}
    told.own_targets["hz02.dach.anteil_flaeche"] = run.job.given_number("TARGET_SHARE")
    run.remark("inner_city" if has_city else "no_inner_city")
    run.remark("green_rule")
    if (surface := survey.surface) is not None:
        noise, window = f"{surface.noise_m:.2f}", f"{surface.window_m:g}"
        run.remark("noise", noise=noise, window=window, slope=f"{surface.noise_slope:.1f}")


@dataclass(frozen=True)
class _Figures:
    """What is known of all roofs, by definition; the first of ``limits`` is the headline's slope."""

    job: Job
    roofs: Roofs
    limits: Sequence[float]
    places: RoofPlaces
    grounds: RoofGrounds

    def measured(self, figure: Case, place: int) -> Measurement:
        """Return the greened share in one area by a definition, with what limits its coverage."""
        here, of_whole = self.places.inner[place], self.places.whole[place]
        if figure.indicator.id == "hz02.dach.langfristig":
            long_term = self.roofs.share_by_area(of_whole, without=True)
            return self._known(long_term, place, of_whole, inner=False)
        match figure.definition.id.partition(".")[2]:
            case "anzahl":
                found = self.roofs.share_by_number(here)
            case "vegetation_m2":
                found = self.roofs.share_by_vegetation(here)
            case "ohne_ausgeschlossene":
                found = self.roofs.share_by_area(here, without=True)
            case "gesamtgebiet":
                return self._known(self.roofs.share_by_area(of_whole), place, of_whole, inner=False)
            case "innenstadt_minus_{ring}":
                here = self.places.shrunk[place]
                found = self.roofs.share_by_area(here)
            case "innenstadt_plus_{ring}":
                here = self.places.grown[place]
                found = self.roofs.share_by_area(here)
            case _:
                limits = [f"{limit:g}" for limit in self.limits]
                found = self.roofs.share_by_area(here, limits.index(figure.values["slope"]))
        return self._known(found, place, here)

    def _known(
        self, measured: Measurement, place: int, here: np.ndarray, *, inner: bool = True
    ) -> Measurement:
        """Return what was measured on the roofs ``here``, with what limits its coverage."""
        reason = self.job.phrase("unknown_roofs", share=as_percent(measured.coverage))
        known = self.grounds.limit(replace(measured, reason=reason), place, inner=inner)
        if not known.denominator and known.coverage:
            return known.without_base(self.job.phrase("no_flat" if here.any() else "no_roof"))
        return known


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
