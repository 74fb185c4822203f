"""HZ 22: which share of the forest habitat types is in grade A or B."""

from __future__ import annotations

from ...gruene_infra_plugin.methods.findings.targets import Measurement
from ...gruene_infra_plugin.methods.habitats.habitat_types import GOOD, NO_GRADE, is_wholly_good
from ...gruene_infra_plugin.methods.reading.values import SHARE
from ...gruene_infra_plugin.spatial.attribution.looked_at import LookedAt
from ...gruene_infra_plugin.spatial.habitats.stands import Register, Stand
from ..declared import DeclaredGoal, GoalRun

_TYPES = {True: "typen_ab", False: "typen_c", None: "typen_offen"}


class FfhCondition(DeclaredGoal):
    """Stands of forest habitat types by grade, each place once."""

    ID = "hz22_ffh_condition"

    def count(self, run: GoalRun) -> None:
        look, shares = run.looked_at("HABITATS"), run.column("SHARE_FIELD", SHARE)
        register = Register(run.required_field("TYPE_FIELD"), run.field("GRADE_FIELD"), shares)
        features = look.passing(run.features("HABITATS"))
        stands = register.stands(features, run.listed("FOREST_TYPES"), run.job.feedback)
        for stand in stands.found:
            _add(run, stand)
        for ground in stands.unknown:
            run.sums.add(ground, "unbekannt", "offen", "alles")
        run.known.each["type"] = {kind: kind for kind in sorted({stand.type for stand in stands.found})}
        _count_types(run)
        _limit(run, look)
        for key, amount in stands.told.items():
            run.remark(key, amount=run.job.written(amount))


def _add(run: GoalRun, stand: Stand) -> None:
    """Write a stand, and add what it holds of its type to the sums of its grade."""
    is_good, is_graded = stand.grade in GOOD, stand.grade != NO_GRADE
    keys = ["lrt", "bewertet" if is_graded else "ohne_grad", *(["ab"] if is_good else [])]
    keys += [*(f"{key}_{stand.type}" for key in keys), "alles", *([] if is_graded else ["offen"])]
    name = run.job.entry.phrases.get(f"lrt_{stand.type.lower()}")
    run.write(
        stand.shape,
        lrt=stand.type,
        lrt_name=name and name.get(run.job.language),
        grad=stand.grade or None,
        ab=int(is_good) if is_graded else None,
        flaeche_ha=stand.area / 10_000,
        anteil_proz=stand.share,
        gebiet=run.sums.add(stand.shape, *keys, share=stand.share / 100),
        rang=stand.rank,
        hinweis=None if is_graded else "Grad fehlt",
    )


def _count_types(run: GoalRun) -> None:
    """Count in each area the types that it holds, and those that are wholly in grade A or B."""
    for place in range(len(run.areas.areas)):
        for kind in run.known.each["type"]:
            amounts = [run.sums.amount(f"{key}_{kind}", place) for key in ("ab", "bewertet", "lrt")]
            if any(amounts):
                run.sums.put("typen", place, 1, 1)
                run.sums.put(_TYPES[is_wholly_good(*amounts)], place, 1, 1)


def _limit(run: GoalRun, look: LookedAt) -> None:
    """Let what is not known of types and grades limit the figures, and tell what has no grade."""

    def none_here(measured: Measurement, place: int) -> Measurement:
        is_empty = not measured.denominator and measured.coverage > 0
        return measured.without_base(run.job.phrase("no_type")) if is_empty else measured

    def rest(measured: Measurement, place: int) -> Measurement:
        hectares = run.sums.amount("ohne_grad", place) / 10_000
        if not hectares:
            return measured
        return measured.noting(run.job.phrase("rest", area=run.job.written(hectares)))

    by_type = [f"ab_{kind}" for kind in run.known.each["type"]]
    run.sums.limit(look.presence().limit, "ab", "typen_ab", *by_type)
    run.cover("offen", "alles", "ungraded", "ab")
    run.cover("typen_offen", "typen", "undecided", "typen_ab")
    run.cover("unbekannt", "alles", "untyped", "typen_ab", *by_type)
    for kind in run.known.each["type"]:
        run.cover(f"ohne_grad_{kind}", f"lrt_{kind}", "ungraded", f"ab_{kind}")
    run.sums.limit(none_here, "ab", "typen_ab")
    run.sums.limit(rest, "bewertet")
