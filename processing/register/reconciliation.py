"""Proposals of reconciling the register with newer parcels: their words, their columns, there and back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from qgis.core import QgsFeature, QgsGeometry, QgsProcessingException

from ...gruene_infra_plugin.catalogue import load_entry
from ...gruene_infra_plugin.i18n import translate
from ...gruene_infra_plugin.methods.reading.values import SHARE
from ...gruene_infra_plugin.register.keys import KeyRefusedError
from ...gruene_infra_plugin.register.model import ParcelRecord
from ...gruene_infra_plugin.register.succession import Holding, Succession
from ...gruene_infra_plugin.spatial.geometry.wkb import geometry_of
from ...gruene_infra_plugin.spatial.parcels.parcel_changes import Case, Kind, Successor
from ...gruene_infra_plugin.spatial.reading.source import Input
from ...gruene_infra_plugin.spatial.reading.values import number, text, yes_no
from ..job import Job


class Advice(StrEnum):
    """What is proposed for a stored parcel; the words of the column ``vorschlag``."""

    KEEP = "behalten"
    UPDATE = "aktualisieren"
    TRANSFER = "übertragen"
    DIVIDE = "aufteilen"
    JOIN = "zusammenführen"
    CHECK = "prüfen"
    DROP = "entfallen lassen"


_ADVICE = {
    Kind.UNCHANGED: Advice.KEEP,
    Kind.ATTRIBUTES: Advice.UPDATE,
    Kind.MOVED: Advice.UPDATE,
    Kind.RENUMBERED: Advice.TRANSFER,
    Kind.SPLIT: Advice.DIVIDE,
    Kind.MERGED: Advice.JOIN,
    Kind.CHANGED: Advice.CHECK,
    Kind.GONE: Advice.DROP,
}
_UNDECIDED = (Advice.KEEP, Advice.CHECK, Advice.DROP)
"""Advice that changes nothing unless somebody decides so."""


def advice(case: Case) -> Advice:
    """Return what is proposed; parcels that became part of a larger one never stored are to be checked."""
    if case.kind is Kind.MERGED and case.shift_m is None:
        return Advice.CHECK
    return _ADVICE[case.kind]


@dataclass(frozen=True)
class Proposal:
    """One row: a case, a stored parcel and one of its successors, or none."""

    fall: int
    case: Case
    holding: Holding
    successor: Successor | None
    new: ParcelRecord | None

    def attributes(self) -> list[object]:
        """Return the values of the columns in their order."""
        old, advised = self.holding.parcel.key.key, advice(self.case)
        new, share = self.new, None if self.successor is None else 100 * self.successor.share
        return [
            self.fall,
            str(self.case.kind),
            old,
            None if new is None else new.key.key,
            share,
            None if new is None else self.case.shared_m2.get((old, new.key.key), 0.0),
            self.case.shift_m,
            str(advised),
            int(advised not in _UNDECIDED),
            self.holding.assignments,
            *((None,) * 5 if new is None else (new.key.delivered, *_told(new))),
            self.holding.standing,
        ]

    def geometry(self) -> QgsGeometry:
        """Return the outline of the new parcel, of the old one where it is gone."""
        return geometry_of((self.new or self.holding.parcel).wkb)


def _told(parcel: ParcelRecord) -> tuple[object, ...]:
    return parcel.area_m2, parcel.ags, parcel.municipality, parcel.source


def proposals(
    fall: int, case: Case, holdings: Mapping[str, Holding], parcels: Mapping[str, ParcelRecord]
) -> Iterator[Proposal]:
    """Yield the rows of a case, by stored parcel and size of the successor."""
    for old in case.old_keys:
        for successor in case.successors[old] or (None,):
            new = None if successor is None else parcels[successor.key]
            yield Proposal(fall, case, holdings[old], successor, new)


def accepted(job: Job, layer: Input) -> tuple[list[Succession], int]:
    """Return what the rows with ``uebernehmen`` = 1 decide, and how many rows say neither 1 nor 0.

    Raises
    ------
    QgsProcessingException
        If coordinates cannot be in the layer's CRS, a column is missing, or a row to take over lacks a value.
    """
    fields = layer.field_indexes(load_entry("reconcile_register").outputs["OUTPUT"].written())
    if layer.source.featureCount() == 0:
        return [], 0
    job.require_place(layer)
    found, open_rows = [], 0
    for feature in job.read(layer, list(fields.values())):
        row = {name: feature[index] for name, index in fields.items()}
        decision = yes_no(row["uebernehmen"])
        open_rows += decision is None
        if decision:
            found.append(_succession(layer, row, feature))
    return found, open_rows


def _succession(layer: Input, row: Mapping[str, object], feature: QgsFeature) -> Succession:
    old, standing = _required(layer, row, "flurstueck_alt"), _required(layer, row, "stand")
    if text(row["flurstueck_neu"]) is None:
        return Succession(old, standing, None)
    try:
        new = ParcelRecord.of(
            _required(layer, row, "kennzeichen_neu"),
            feature.geometry(),
            area_m2=_number(layer, row, "flaeche_neu_m2"),
            source=text(row["quelle"]),
            ags=text(row["ags"]),
            municipality=text(row["gemeinde"]),
        )
    except KeyRefusedError as error:
        raise _bad(layer, row, "kennzeichen_neu") from error
    if new.key.key != text(row["flurstueck_neu"]):
        raise _bad(layer, row, "flurstueck_neu")
    share = _number(layer, row, "anteil_proz")
    if not SHARE.admits(share):
        raise _bad(layer, row, "anteil_proz")
    return Succession(old, standing, new, share / 100)


def _required(layer: Input, row: Mapping[str, object], name: str) -> str:
    value = text(row[name])
    if value is None:
        raise _bad(layer, row, name)
    return value


def _number(layer: Input, row: Mapping[str, object], name: str) -> float:
    value = number(row[name])
    if value is None or value < 0:
        raise _bad(layer, row, name)
    return value


def _bad(layer: Input, row: Mapping[str, object], name: str) -> QgsProcessingException:
    message = translate(
        "GrueneInfra", "{layer}: {field} of case {case} cannot be “{value}”. Nothing was written."
    )
    return QgsProcessingException(
        message.format(layer=layer.name, field=name, case=text(row["fall"]) or "–", value=text(row[name]))
    )
