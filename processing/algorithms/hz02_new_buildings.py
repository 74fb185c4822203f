"""HZ 02: which share of new buildings has a green roof, and which share is kept off the sewer."""

from __future__ import annotations

from collections import Counter

from qgis.core import NULL, QgsFeature, QgsGeometry

from ...gruene_infra_plugin.i18n import translate
from ...gruene_infra_plugin.methods.new_buildings import (
    ALL,
    DECOUPLED,
    FLAT_ONLY,
    GREEN,
    NO_EXCEPTIONS,
    UNKNOWN,
    VARIANTS,
    YES,
    NewBuilding,
    drainage,
    is_by_area,
    is_survey_wave,
)
from ...gruene_infra_plugin.methods.newness import Dated, Evidence
from ...gruene_infra_plugin.methods.targets import Measurement
from ...gruene_infra_plugin.methods.values import SHARE, YES_NO, year_completed
from ...gruene_infra_plugin.spatial.built_facts import BuiltFacts
from ...gruene_infra_plugin.spatial.layers import once_each
from ...gruene_infra_plugin.spatial.looked_at import LookedAt
from ...gruene_infra_plugin.spatial.newly_built import Buildings, Dating, EarlierBuildings
from ...gruene_infra_plugin.spatial.overlay import PieceIndex
from ...gruene_infra_plugin.spatial.usual_fields import BUILDING_USE, YEAR_BUILT
from ...gruene_infra_plugin.spatial.wkb import normal_outline
from ..declared import DeclaredGoal, GoalRun
from ..job import Job
from ..register_grounds import names_register, stated_grounds

FACT = "abgekoppelt"
"""What projects of the register state under HZ 2."""


class NewBuildings(DeclaredGoal):
    """New buildings, and those that may be: with a green roof, off the sewer, or not known."""

    ID = "hz02_new_buildings"

    def check(self, job: Job) -> None:
        names_register(job)
        super().check(job)

    def count(self, run: GoalRun) -> None:
        look, met, min_area = run.looked_at("BUILDINGS"), Counter[str](), run.number("MIN_AREA")
        buildings = _once_each(run)
        dating, facts = _dating(run, buildings), _facts(run)
        vegetated = facts.vegetated(buildings.values())
        for (outline, feature), share in zip(buildings.items(), vegetated, strict=True):
            shape = feature.geometry()
            look.add(shape)
            when, years = dating.of(feature, outline)
            building = facts.of(feature, when.is_new, share, years[0] if years else run.job.as_of.year)
            reason = facts.left_out(feature, building.area, min_area)
            run.carry(
                feature,
                neu=_flag(when.is_new),
                neu_beleg=when.evidence.value,
                baujahr=years[0] if years else None,
                jahr_mehrfach=int(len(years) > 1),
                konflikt=_flag(when.conflict),
                begruent=_flag(building.is_green),
                abgekoppelt=building.drainage,
                ausnahme=_flag(building.is_exception),
                fehlt=None if reason else building.missing(),
                grund=reason,
                flaeche_m2=building.area,
            )
            if reason is None:
                met["conflict"] += when.conflict is True
                met["several"] += len(years) > 1
                _add(run, shape, building, when)
            else:
                met[reason.name.lower()] += 1
        run.remark_counts(**met)
        _tell(run, dating)
        _limit(run, look, dating)
        _forget(run, facts, dating)


def _once_each(run: GoalRun) -> Buildings:
    """Return the buildings by outline; of those that repeat each other the one that tells most."""

    def silence(feature: QgsFeature) -> str:
        attributes = feature.attributes()
        return f"{sum(value == NULL for value in attributes):06} {attributes!r}"

    layer = run.inputs["BUILDINGS"]
    read = ((feature, normal_outline(wkb)) for feature, wkb in run.job.read_with_wkb(layer))
    kept, repeats = once_each(read, silence)
    if repeats:
        message = translate(
            "GrueneInfra", "{layer}: {count} features repeat another one exactly and are counted once."
        )
        run.job.feedback.pushWarning(message.format(layer=layer.name, count=repeats))
    return kept


def _dating(run: GoalRun, buildings: Buildings) -> Dating:
    year = run.column("YEAR_FIELD", year_completed(run.job.as_of), YEAR_BUILT)
    earlier = None
    if run.given("BUILDINGS_BEFORE"):
        before = run.job.read_with_wkb(run.inputs["BUILDINGS_BEFORE"], [])
        earlier = EarlierBuildings(before, buildings, run.looked_at("BUILDINGS_BEFORE"), run.pulse)
    reference, enough = int(run.number("REFERENCE_YEAR")), run.number("COVERED_SHARE") / 100
    return Dating(year, reference, earlier, enough, run.areas)


def _facts(run: GoalRun) -> BuiltFacts:
    grounds = None
    if names_register(run.job):
        stated = stated_grounds(run.job, 2, FACT, lambda said: drainage(said.value, said.text))
        grounds = PieceIndex(stated)
    return BuiltFacts(
        run.words("FUNCTION_FIELD", BUILDING_USE).of,
        run.words("POSITION_FIELD").of,
        run.words("STATE_FIELD").of,
        run.column("GREEN_FIELD", YES_NO),
        run.column("VEGETATION_SHARE_FIELD", SHARE),
        run.job.integer("GREEN_YEAR"),
        run.column("FLAT_FIELD", YES_NO),
        run.column("DECOUPLED_FIELD", YES_NO),
        run.words("DECOUPLED_FIELD").of,
        run.column("EXCEPTION_FIELD", YES_NO),
        grounds,
    )


def _flag(value: bool | None) -> int | None:
    return None if value is None else int(value)


def _add(run: GoalRun, shape: QgsGeometry, building: NewBuilding, when: Dated) -> None:
    """Count a building that is new or may be, and, beside an earlier date, all of them."""
    if when.is_new is not False:
        keys = list(building.sum_keys())
        stock = (
            ["gebaeude", "zeitschnitt"] if when.is_new and when.evidence is Evidence.STOCK else ["gebaeude"]
        )
        pieces = [*stock, *(key for key in keys if not is_by_area(key))]
        run.sums.add(shape, *filter(is_by_area, keys), pieces=pieces)
    elif run.given("BUILDINGS_BEFORE"):
        run.sums.add(shape, pieces=["gebaeude"])


def _tell(run: GoalRun, dating: Dating) -> None:
    """Say what is assumed of the greening and of the earlier date."""
    run.remark("green_undated" if run.job.integer("GREEN_YEAR") is None else "green_dated")
    if dating.earlier is None:
        return
    run.remark("covered")
    shift = f"{dating.earlier.shifted_by:.2f}"
    if not dating.earlier.is_one_survey:
        run.remark("misplaced", shift=shift)
        message = translate("GrueneInfra", "The two dates are shifted by {shift} m. Align them first.")
        run.job.feedback.pushWarning(message.format(shift=shift))
    elif dating.earlier.shifted_by:
        run.remark("shifted", shift=shift)


def _stems(*figures: str) -> list[str]:
    return [f"{figure}.{variant}" for figure in figures for variant in VARIANTS[figure]]


def _limit(run: GoalRun, look: LookedAt, dating: Dating) -> None:
    """Let what is not known limit the figures, and tell where nothing is new, or suspiciously much."""
    sums, phrase, sight = run.sums, run.job.phrase, look.sight()
    years = run.job.as_of.year - dating.reference_year + 1

    def nothing_new(measured: Measurement, place: int) -> Measurement:
        is_empty = not measured.denominator and measured.coverage > 0
        return measured.without_base(phrase("nothing_new")) if is_empty else measured

    def wave(measured: Measurement, place: int) -> Measurement:
        new, stock = sums.amount("zeitschnitt", place), sums.amount("gebaeude", place)
        return measured.noting(phrase("wave")) if is_survey_wave(new, stock, years) else measured

    for stem in _stems(GREEN, DECOUPLED):
        key, unknown = f"{stem}.{YES}", f"unknown_{stem.partition('.')[0]}"
        sums.limit(sight.limit, key)
        run.cover(f"{stem}.{UNKNOWN}", f"{stem}.{ALL}", unknown, key)
        sums.limit(nothing_new, key)
        sums.limit(wave, key)


def _forget(run: GoalRun, facts: BuiltFacts, dating: Dating) -> None:
    """Say of which figures nothing at all is given; what tells whether buildings are new comes first."""
    tells_green = facts.green.index is not None or facts.vegetation.index is not None
    tells_drainage = facts.decoupled.index is not None or facts.grounds is not None
    given = {
        "no_flat": (facts.flat.index is not None, [f"{GREEN}.{FLAT_ONLY}"]),
        "no_exception": (facts.exception.index is not None, [f"{DECOUPLED}.{NO_EXCEPTIONS}"]),
        "no_green": (tells_green, _stems(GREEN)),
        "no_decoupled": (tells_drainage, _stems(DECOUPLED)),
        "no_newness": (dating.has_evidence, _stems(GREEN, DECOUPLED)),
    }
    for lack, (is_given, stems) in given.items():
        if not is_given:
            run.sums.forget(*(f"{stem}.{YES}" for stem in stems), reason=run.job.phrase(lack))
