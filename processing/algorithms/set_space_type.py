"""Register: give parcels their Raumtyp, one for all or that of a field."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

from qgis.core import Qgis, QgsFeature, QgsProcessingException

from ...gruene_infra_plugin.i18n import translate
from ...gruene_infra_plugin.methods.parcels.space_types import SPACE_TYPES, SpaceType
from ...gruene_infra_plugin.methods.reading.values import SHARE
from ...gruene_infra_plugin.register.model import ParcelRecord
from ...gruene_infra_plugin.spatial.reading.source import Input
from ...gruene_infra_plugin.spatial.reading.usual_fields import (
    SPACE_TYPE,
    SPACE_TYPE_ORIGIN,
    SPACE_TYPE_SHARE,
)
from ...gruene_infra_plugin.spatial.reading.values import number, text
from ..job import Job
from ..register.base import RegisterAlgorithm, open_register, parcel_features, put_together, write, written


@dataclass(frozen=True)
class _Part:
    """What a feature says about a parcel; ``share`` in percent of the feature's area."""

    parcel: ParcelRecord
    space_type: SpaceType
    share: float | None
    origin: str | None


class SetSpaceType(RegisterAlgorithm):
    """Parcels with their Raumtyp, its share and its origin; all of them or none are written."""

    ID = "set_space_type"

    def measure(self, job: Job) -> None:
        layer = job.layer("PARCELS", Qgis.GeometryType.Polygon)
        with open_register(job) as register:
            kind = job.choice("RAUMTYP")
            parts = _of_fields(job, layer) if kind is None else _one_for_all(job, layer, SpaceType(kind))
            parcels = put_together(job, layer, (part.parcel for part in parts))
            found = {key: _of_parcel(of_key) for key, of_key in _by_key(parts).items()}
            kinds = {key: part.space_type for key, part in found.items()}
            shares = {key: part.share for key, part in found.items()}
            origins = {key: part.origin for key, part in found.items()}
            write(job, partial(register.set_space_type, parcels, kinds, shares, origins))
        written(job, len(found))


def _one_for_all(job: Job, layer: Input, kind: SpaceType) -> list[_Part]:
    if any(job.text(name) for name in ("RAUMTYP_FIELD", "SHARE_FIELD", "ORIGIN_FIELD")):
        message = translate("GrueneInfra", "Give RAUMTYP for all parcels, or RAUMTYP_FIELD, not both.")
        raise QgsProcessingException(message)
    return [_Part(parcel, kind, None, None) for parcel, _ in parcel_features(job, layer)]


def _of_fields(job: Job, layer: Input) -> list[_Part]:
    """Read the Raumtyp of each feature; raise at what is none, or at a share that cannot be one."""
    kind = job.field("RAUMTYP_FIELD", layer, SPACE_TYPE)
    if kind is None:
        message = translate("GrueneInfra", "{layer}: give RAUMTYP, or choose RAUMTYP_FIELD among {fields}.")
        fields = ", ".join(layer.source.fields().names())
        raise QgsProcessingException(message.format(layer=layer.name, fields=fields))
    share = job.field("SHARE_FIELD", layer, SPACE_TYPE_SHARE)
    origin = job.field("ORIGIN_FIELD", layer, SPACE_TYPE_ORIGIN)
    parts, skipped = [], 0
    for parcel, feature in parcel_features(job, layer, [kind, share, origin]):
        word = layer.word_among(feature[kind], SPACE_TYPES)
        if word is None:
            skipped += 1
            continue
        said = None if origin is None else text(feature[origin])
        parts.append(_Part(parcel, SPACE_TYPES[word], _share(layer, feature, share), said))
    if skipped:
        message = translate("GrueneInfra", "{layer}: {count} without a Raumtyp were left out.")
        job.feedback.pushWarning(message.format(layer=layer.name, count=skipped))
    return parts


def _share(layer: Input, feature: QgsFeature, field: int | None) -> float | None:
    if field is None or text(feature[field]) is None:
        return None
    share = number(feature[field])
    if share is None or not SHARE.admits(share):
        message = translate(
            "GrueneInfra", "{layer}: “{value}” is no share in percent, 0 to 100. Nothing was written."
        )
        raise QgsProcessingException(message.format(layer=layer.name, value=str(feature[field])[:40]))
    return share


def _by_key(parts: Iterable[_Part]) -> dict[str, list[_Part]]:
    of_key: dict[str, list[_Part]] = defaultdict(list)
    for part in parts:
        of_key[part.parcel.key.key].append(part)
    return of_key


def _of_parcel(parts: list[_Part]) -> _Part:
    """Return what the features of one parcel say together: the Raumtyp of the largest area, its share."""
    if len(parts) == 1:
        return parts[0]
    areas: dict[SpaceType, float] = dict.fromkeys(SpaceType, 0.0)
    for part in parts:
        areas[part.space_type] += part.parcel.area_m2 * (100.0 if part.share is None else part.share) / 100.0
    winner = max(SpaceType, key=lambda kind: areas[kind])
    first = next(part for part in parts if part.space_type is winner)
    total = sum(part.parcel.area_m2 for part in parts)
    unknown = total <= 0.0 or all(part.share is None for part in parts)
    if unknown and len({part.space_type for part in parts}) == 1:
        return first
    share = None if total <= 0.0 else 100.0 * areas[winner] / total
    return _Part(first.parcel, winner, share, first.origin)
