"""HZ 15: what share of the ground is protected by law inside the habitat network."""

from __future__ import annotations

from qgis.core import Qgis, QgsGeometry, QgsProcessingException

from ...gruene_infra_plugin.i18n import translate
from ...gruene_infra_plugin.methods.habitats.protection import (
    BASES,
    CHOICES,
    OTHER,
    STAGES,
    STRICTEST_FIRST,
    UNKNOWN,
    WITH_LSG,
    Protection,
    kinds_in,
    kinds_told,
    missing_kinds,
    stage_in,
)
from ...gruene_infra_plugin.spatial.attribution.looked_at import Sight
from ...gruene_infra_plugin.spatial.geometry.labelled import Collected, faces
from ...gruene_infra_plugin.spatial.geometry.ranks import larger_first
from ...gruene_infra_plugin.spatial.reading.source import name_of
from ..declared import DeclaredGoal, GoalRun


class ProtectedShare(DeclaredGoal):
    """The ground under each choice of kinds, inside the network and everywhere, each square metre once."""

    ID = "hz15_protected_share"

    def count(self, run: GoalRun) -> None:
        run.known.each["lsg"] = {WITH_LSG: WITH_LSG} if run.job.flag("INCLUDE_LSG") else {}
        covered = _covered(run)
        stages, near = _network(run)
        sites, seen = _sites(run)
        pieces = [(Protection(labels), shape) for labels, shape in faces({**sites, **stages})]
        pieces.sort(key=lambda row: (*row[0].order, *larger_first(row[1])))
        for rank, (protection, shape) in enumerate(pieces, 1):
            run.pulse()
            _add(run, protection, shape, rank)
        for choice in CHOICES:
            _tell(run, choice, covered, sites.keys() | covered, seen)
        in_network = (f"{base}_{choice}" for base in BASES[:2] for choice in CHOICES)
        run.sums.limit(near.limit, *in_network, "verbund", "stufe_1")
        run.cover("ohne_stufe", "verbund", "unknown_stage", "stufe_1")


def _covered(run: GoalRun) -> set[str]:
    """Return the kinds that were looked for although there may be none."""
    told = {word: kinds_in(word) for word in run.job.names("KINDS_COVERED")}
    if strange := [word for word, kinds in told.items() if not kinds]:
        message = translate("GrueneInfra", "{parameter} must be one of {words}, not “{value}”.")
        said = {"parameter": "KINDS_COVERED", "words": ", ".join(STRICTEST_FIRST), "value": strange[0]}
        raise QgsProcessingException(message.format(**said))
    return {kind for kinds in told.values() for kind in kinds}


def _network(run: GoalRun) -> tuple[dict[str | None, QgsGeometry], Sight]:
    """Return the ground of each stage, the higher one before the lower, and where the layer tells."""
    look, words, found = run.looked_at("NETWORK"), run.words("STAGE_FIELD"), Collected[str | None]()
    for feature in look.passing(run.features("NETWORK", words.field)):
        found.add(feature.geometry(), stage_in(words.of(feature)))
    run.remark_counts(network_doubles=found.doubles, unknown_stages=found.counts[None])
    return found.ranked(STAGES), look.vicinity()


def _sites(run: GoalRun) -> tuple[dict[str | None, QgsGeometry], Sight]:
    """Return the ground of each kind, and where the layers tell anything."""
    look, found = run.looked_at("PROTECTED"), Collected[str | None]()
    for layer, words in run.words_of_each("KIND_FIELD"):
        for feature in look.passing(run.job.read(layer, [words.field])):
            shape = feature.geometry()
            if found.add(shape, *kinds_told(words.of(feature), name_of(layer.source))):
                run.sums.add(shape, "gebiete")
            elif shape.type() != Qgis.GeometryType.Polygon:
                run.sums.add(shape, "ohne_flaeche")
    run.remark_counts(doubles=found.doubles, unknown_kinds=found.counts[UNKNOWN])
    run.remark_counts(no_area=found.without_area, others=found.counts[OTHER])
    return found.grounds(OTHER), look.presence()


def _add(run: GoalRun, protection: Protection, shape: QgsGeometry, rank: int) -> None:
    """Count a piece under each choice, and write it."""
    run.add(
        shape,
        *protection.keys(),
        **protection.columns(),
        flaeche_ha=shape.area() / 10_000,
        beitrag_pp=run.areas.percent_of_most(shape) if protection.is_open else None,
        rang=rank if protection.is_open else None,
    )


def _tell(run: GoalRun, choice: str, covered: set[str], kinds: set[str | None], seen: Sight) -> None:
    """Tell which kinds a choice lacks, and what is known of its ground."""
    keys = {f"{base}_{choice}": "verbund" if base == "verbund" else "area" for base in BASES}
    if missing := missing_kinds(choice, kinds):
        run.sums.forget(*keys, reason=run.job.phrase("missing", kinds=", ".join(missing)))
    if missing_kinds(choice, covered):
        run.sums.limit(seen.limit, *keys)
    for key, base in keys.items():
        run.cover(f"unbekannt_{key}", base, "unknown_kind", key)
