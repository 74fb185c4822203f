"""HZ 02: which share of new buildings has a green roof, and which share is kept off the sewer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from qgis.core import NULL, QgsFeature, QgsGeometry

from ...gruene_infra_plugin.i18n import translate
from ...gruene_infra_plugin.methods.buildings.new_buildings import (
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
from ...gruene_infra_plugin.methods.buildings.newness import Dated, Evidence
from ...gruene_infra_plugin.methods.findings.targets import Measurement
from ...gruene_infra_plugin.methods.reading.values import SHARE, YES_NO, year_completed
from ...gruene_infra_plugin.spatial.attribution.looked_at import LookedAt
from ...gruene_infra_plugin.spatial.buildings.built_facts import BuiltFacts
from ...gruene_infra_plugin.spatial.buildings.footprints import Footprints
from ...gruene_infra_plugin.spatial.buildings.newly_built import (
    Dating,
    EarlierBuildings,
    OutlineKeys,
    is_redrawn,
    outline_key,
)
from ...gruene_infra_plugin.spatial.geometry.overlay import PieceIndex
from ...gruene_infra_plugin.spatial.reading.features import Shaped, read_with_wkb
from ...gruene_infra_plugin.spatial.reading.source import Input
from ...gruene_infra_plugin.spatial.reading.usual_fields import BUILDING_USE, YEAR_BUILT
from ...gruene_infra_plugin.spatial.reading.values import Column
from ..declared import DeclaredGoal, GoalRun
from ..job import Job
from ..register.base import names_register
from ..register.grounds import stated_grounds

FACT = "abgekoppelt"
"""What projects of the register state under HZ 2."""


class NewBuildings(DeclaredGoal):
    """New buildings, and those that may be: with a green roof, off the sewer, or not known."""

    ID = "hz02_new_buildings"

    def check(self, job: Job) -> None:
        names_register(job)
        super().check(job)

    def count(self, run: GoalRun) -> None:
        look, largest = run.looked_at("BUILDINGS"), _Largest(run)
        outlines = OutlineKeys(largest.passing(_read_before(run, "BUILDINGS", largest.index)))
        dating, facts = _dating(run, outlines), _facts(run, largest.scale)
        verdict = _Verdict(run, dating, facts)
        for key, feature in _each_once(run, look, outlines, dating):
            verdict.add(key, feature)
        verdict.part_ground()
        run.remark_counts(**verdict.met)
        _tell(run, dating)
        _limit(run, look, dating)
        _forget(run, facts, dating)


def _read_before(run: GoalRun, name: str, *fields: int | None) -> Iterator[Shaped]:
    """Yield the features of a layer for a first look, of which nothing is counted or said."""
    layer = run.inputs[name]
    wanted = [field for field in fields if field is not None]
    first = Input(layer.name, layer.source)
    return read_with_wkb(first, run.job.crs, run.job.context, run.job.feedback, attributes=wanted)


class _Largest:
    """Takes note of the largest vegetated share: values are fractions where none exceeds 1."""

    def __init__(self, run: GoalRun) -> None:
        self.index, self.scale = run.field("VEGETATION_SHARE_FIELD"), 1.0
        self._column = Column("", "", SHARE, self.index)

    def passing(self, read: Iterable[Shaped]) -> Iterator[Shaped]:
        for feature, wkb in read:
            if (self._column.of(feature) or 0.0) > 1.0:
                self.scale = 100.0
            yield feature, wkb


def _each_once(
    run: GoalRun, look: LookedAt, outlines: OutlineKeys, dating: Dating
) -> Iterator[tuple[int, QgsFeature]]:
    """Yield the buildings with the keys of their outlines; of those that repeat each other what tells most.

    Those that the earlier date has in the same outline come first, and are not held.
    """

    def silence(feature: QgsFeature) -> str:
        attributes = feature.attributes()
        return f"{sum(value == NULL for value in attributes):06} {attributes!r}"

    held: dict[int, QgsFeature] = {}
    near = outlines.nearly_repeated()
    repeated, repeats, layer = outlines.repeated().union(*near), 0, run.inputs["BUILDINGS"]
    for feature, wkb in run.job.read_with_wkb(layer):
        look.add(feature.geometry())
        key = outline_key(wkb)
        if key in repeated or (dating.earlier is not None and dating.earlier.has_changed(key)):
            repeats += key in held
            held[key] = min(held.get(key, feature), feature, key=silence) if key in repeated else feature
        else:
            yield key, feature
    if dating.earlier is not None:
        dating.earlier.compare(held, run.pulse)
    redrawn = 0
    for one, other in near:
        if one in held and other in held and is_redrawn(held[one].geometry(), held[other].geometry()):
            del held[max(one, other, key=lambda key: silence(held[key]))]
            redrawn += 1
    yield from held.items()
    said = {
        translate(
            "GrueneInfra", "{layer}: {count} features repeat another one exactly and are counted once."
        ): repeats,
        translate(
            "GrueneInfra", "{layer}: {count} features repeat another one to 0.1 m and are counted once."
        ): redrawn,
    }
    for message, count in said.items():
        if count:
            run.job.feedback.pushWarning(message.format(layer=layer.name, count=count))


class _Verdict:
    """Writes what is told of each building, and counts it; ``met`` are the numbers of what findings tell."""

    def __init__(self, run: GoalRun, dating: Dating, facts: BuiltFacts) -> None:
        self._run, self._dating, self._facts = run, dating, facts
        self._min_area = run.number("MIN_AREA")
        self.met = Counter[str]()
        self._footprints = Footprints[tuple[str, ...]]()

    def add(self, key: int, feature: QgsFeature) -> None:
        """Write and count one building."""
        when, years = self._dating.of(feature, key)
        built = years[0] if years else self._run.job.as_of.year
        building = self._facts.of(feature, when.is_new, built)
        reason = self._facts.left_out(feature, building.area, self._min_area)
        self._run.carry(
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
            self.met["conflict"] += when.conflict is True
            self.met["several"] += len(years) > 1
            self._add(feature.geometry(), building, when)
        else:
            self.met[reason.name.lower()] += 1

    def _add(self, shape: QgsGeometry, building: NewBuilding, when: Dated) -> None:
        """Count a building that is new or may be, and, beside an earlier date, all of them."""
        sums = self._run.sums
        if when.is_new is not False:
            keys = list(building.sum_keys())
            by_area = tuple(filter(is_by_area, keys))
            stock = ["zeitschnitt"] if when.is_new and when.evidence is Evidence.STOCK else []
            by_number = [key for key in keys if not is_by_area(key)]
            sums.add(shape, *by_area, pieces=["gebaeude", *stock, *by_number])
            if self._dating.has_evidence:
                self._footprints.add(shape, by_area)
        elif self._run.given("BUILDINGS_BEFORE"):
            sums.add(shape, pieces=["gebaeude"])

    def part_ground(self) -> None:
        """Take from the sums of areas what of a building lies under a larger one that counts."""
        areas, sums = self._run.areas, self._run.sums
        for shape, rest, keys in self._footprints.curtailed(self._run.job.feedback):
            self._run.pulse()
            left = areas.measure(rest)
            for place, size in areas.measure([shape]).items():
                for key in keys:
                    sums.put(key, place, left.get(place, 0.0) - size)


def _dating(run: GoalRun, outlines: OutlineKeys) -> Dating:
    year = run.column("YEAR_FIELD", year_completed(run.job.as_of), YEAR_BUILT)
    earlier = None
    if run.given("BUILDINGS_BEFORE"):
        keys = OutlineKeys(_read_before(run, "BUILDINGS_BEFORE"))
        before = run.job.read_with_wkb(run.inputs["BUILDINGS_BEFORE"], [])
        earlier = EarlierBuildings(outlines, keys, before, run.looked_at("BUILDINGS_BEFORE"))
    reference, enough = int(run.number("REFERENCE_YEAR")), run.number("COVERED_SHARE") / 100
    return Dating(year, reference, earlier, enough, run.areas)


def _facts(run: GoalRun, vegetated_of: float) -> BuiltFacts:
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
        vegetated_of,
        run.job.integer("GREEN_YEAR"),
        run.column("FLAT_FIELD", YES_NO),
        run.column("DECOUPLED_FIELD", YES_NO),
        run.words("DECOUPLED_FIELD").of,
        run.column("EXCEPTION_FIELD", YES_NO),
        grounds,
    )


def _flag(value: bool | None) -> int | None:
    return None if value is None else int(value)


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
