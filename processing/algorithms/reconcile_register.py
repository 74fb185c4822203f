"""Register: hold the stored parcels against a newer layer and propose what to do; nothing is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from qgis.core import (
    Qgis,
    QgsGeometry,
)

from ...gruene_infra_plugin.i18n import translate
from ...gruene_infra_plugin.register.model import ParcelRecord
from ...gruene_infra_plugin.register.succession import Holding
from ...gruene_infra_plugin.spatial.geometry.overlay import polygons_only
from ...gruene_infra_plugin.spatial.geometry.validity import made_valid
from ...gruene_infra_plugin.spatial.geometry.wkb import geometry_of
from ...gruene_infra_plugin.spatial.parcels.parcel_changes import Attributes, Case, Kind, compare
from ...gruene_infra_plugin.spatial.reading.usual_fields import OFFICIAL_AREA
from ..job import Job
from ..register.base import RegisterAlgorithm, open_register, read_parcels
from ..register.reconciliation import proposals

SUSPICIOUS_SHARE = 0.2
"""Share of the stored parcels from which on a case says more about the layer than about them [A]."""
AREA_STEP_M2 = 1.0
"""Areas are delivered in whole square metres: smaller differences are none."""


class ReconcileRegister(RegisterAlgorithm):
    """Stored parcels × newer parcels: one row per case, stored parcel and successor."""

    ID = "reconcile_register"

    def measure(self, job: Job) -> None:
        layer = job.layer("PARCELS", Qgis.GeometryType.Polygon)
        with open_register(job) as register:
            holdings = {holding.parcel.key.key: holding for holding in register.holdings()}
            parcels = {parcel.key.key: parcel for parcel in read_parcels(job, layer)}
        measured = job.field("AREA_FIELD", layer, OFFICIAL_AREA) is None
        old = {key: holding.parcel for key, holding in holdings.items()}
        cases = compare(
            {key: _outline(parcel) for key, parcel in old.items()},
            {key: _outline(parcel) for key, parcel in parcels.items()},
            job.number("TOLERANCE"),
            _known_before(old),
            _known_now(parcels, old, measured),
            job.feedback,
        )
        shown = [case for case in cases if case.kind is not Kind.UNCHANGED or job.flag("ALL")]
        _write(job, shown, holdings, parcels)
        _report(job, cases)


def _write(
    job: Job, cases: Sequence[Case], holdings: Mapping[str, Holding], parcels: Mapping[str, ParcelRecord]
) -> None:
    job.open("OUTPUT")
    for fall, case in enumerate(cases, 1):
        for proposal in proposals(fall, case, holdings, parcels):
            job.outputs.add("OUTPUT", proposal.attributes(), proposal.geometry())


def _outline(parcel: ParcelRecord) -> QgsGeometry:
    """Return the outline of a parcel, valid also where it was stored otherwise."""
    return polygons_only(made_valid(geometry_of(parcel.wkb)))


def _known_before(parcels: Mapping[str, ParcelRecord]) -> Attributes:
    return {key: _attributes(parcel) for key, parcel in parcels.items()}


def _known_now(
    parcels: Mapping[str, ParcelRecord], old: Mapping[str, ParcelRecord], measured: bool
) -> Attributes:
    """Return what the layer says of parcels; an area only if it is an official one that differs."""
    now = {key: _attributes(parcel) for key, parcel in parcels.items()}
    for key, values in now.items():
        before = old.get(key)
        if measured or before is None or abs(before.area_m2 - parcels[key].area_m2) < AREA_STEP_M2:
            del values["flaeche_m2"]
    return now


def _attributes(parcel: ParcelRecord) -> dict[str, object]:
    """Return what is known of a parcel beside its outline; what is not known is no difference."""
    values = {"ags": parcel.ags, "gemeinde": parcel.municipality, "flaeche_m2": parcel.area_m2}
    return {name: value for name, value in values.items() if value is not None}


def _report(job: Job, cases: Sequence[Case]) -> None:
    """Say how many parcels of which kind there are, and warn where that speaks against the layer."""
    counts = Counter(dict.fromkeys(Kind, 0))
    for case in cases:
        counts[case.kind] += len(case.old_keys)
    total = sum(counts.values())
    if not total:
        job.feedback.pushWarning(translate("GrueneInfra", "The register holds no parcels to compare."))
    line = translate("GrueneInfra", "{kind}: {count} of {total} parcels.")
    doubt = translate(
        "GrueneInfra",
        "{kind}: {count} of {total} parcels. Is the layer complete and its CRS right, or is it shifted by"
        " more than the tolerance?",
    )
    for kind, count in counts.items():
        if kind in (Kind.CHANGED, Kind.GONE) and count > SUSPICIOUS_SHARE * total:
            job.feedback.pushWarning(doubt.format(kind=kind, count=count, total=total))
        elif count:
            job.feedback.pushInfo(line.format(kind=kind, count=count, total=total))
