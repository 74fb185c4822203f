"""Register: apply proposals of reconcile_register, as the planner has decided them, in one step."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from enum import StrEnum

from qgis.core import (
    Qgis,
)

from ...gruene_infra_plugin.i18n import translate
from ...gruene_infra_plugin.methods.reading.names import first_few
from ...gruene_infra_plugin.register.succession import Succeeded, Succession
from ...gruene_infra_plugin.spatial.running import check_cancelled
from ..job import Job
from ..register.base import RegisterAlgorithm, open_register, written
from ..register.reconciliation import accepted

WHOLE = 0.98
"""Share of an old parcel from which on its successors make up the whole [A]."""


class OnDisagreement(StrEnum):
    """What to do where parcels that become one have different entries."""

    REFUSE = "refuse"
    LARGER = "larger"


class ApplyReconciliation(RegisterAlgorithm):
    """What old parcels hold passes to their successors; all rows with uebernehmen = 1, or none."""

    ID = "apply_reconciliation"

    def measure(self, job: Job) -> None:
        layer = job.layer("PROPOSALS", Qgis.GeometryType.Polygon, may_be_empty=True)
        word = job.choice("ON_CONFLICT")
        with open_register(job) as register:
            successions, open_rows = accepted(job, layer)
            check_cancelled(job.feedback)
            done = register.succeed(
                successions, job.number("MIN_SHARE") / 100, larger_wins=word == OnDisagreement.LARGER
            )
            job.outputs.keep()
        if not successions:
            message = translate("GrueneInfra", "{layer}: no row is to be taken over (uebernehmen = 1).")
            job.feedback.pushInfo(message.format(layer=layer.name))
        _report(job, done, open_rows)
        _report_rest(job, successions)
        written(job, done.entries)


def _report_rest(job: Job, successions: Sequence[Succession]) -> None:
    """Name the parcels of which only some successors were accepted: the rest is in no parcel any more."""
    covered: dict[str, float] = defaultdict(float)
    for one in successions:
        if one.new is not None:
            covered[one.old] += one.share
    parts = [f"{old} ({100 * share:.0f} %)" for old, share in sorted(covered.items()) if share < WHOLE]
    if parts:
        message = translate(
            "GrueneInfra",
            "{count} old parcels were taken over in part only, the rest is in no parcel any more: {list}.",
        )
        job.feedback.pushWarning(message.format(count=len(parts), list=first_few(parts)))


def _report(job: Job, done: Succeeded, open_rows: int) -> None:
    """Say what went, what was passed over, what was chosen and what nobody decided."""
    small = [f"{old} → {new}" for old, new in done.passed_over]
    dropped = [f"{c.parcel}, HZ {c.row[1]}: {c.mine} → {c.theirs}" for c in done.dropped]
    types = [f"{c.parcel}: {c.chosen} ({', '.join(c.others)})" for c in done.space_types]
    for count, entries, message in (
        (len(done.removed), done.removed, translate("GrueneInfra", "{count} old parcels removed: {list}.")),
        (
            done.ended,
            (),
            translate("GrueneInfra", "{count} assignments and Raumtypen ended with parcels that are gone."),
        ),
        (
            len(small),
            small,
            translate("GrueneInfra", "{count} successors below MIN_SHARE took over nothing: {list}."),
        ),
        (
            len(types),
            types,
            translate("GrueneInfra", "{count} Raumtypen chosen by the larger area, others dropped: {list}."),
        ),
        (
            len(dropped),
            dropped,
            translate("GrueneInfra", "{count} values gave way to those of the larger parcel: {list}."),
        ),
        (
            open_rows,
            (),
            translate("GrueneInfra", "{count} rows say neither 1 nor 0 and were not taken over."),
        ),
    ):
        if count:
            job.feedback.pushWarning(message.format(count=count, list=first_few(entries)))
