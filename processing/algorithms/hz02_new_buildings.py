"""HZ 02: which share of new buildings has a green roof, and which share is kept off the sewer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from qgis.core import NULL, QgsFeature, QgsGeometry

from ...gruene_infra_plugin.i18n import translate
from ...gruene_infra_plugin.methods import new_buildings as rules
from ...gruene_infra_plugin.methods.new_buildings import Drainage, NewBuilding
from ...gruene_infra_plugin.methods.newness import Dated, Evidence, dated
from ...gruene_infra_plugin.methods.register_facts import Statement
from ...gruene_infra_plugin.methods.targets import Measurement
from ...gruene_infra_plugin.methods.thresholds import least
from ...gruene_infra_plugin.methods.values import SHARE, YES_NO, year_completed
from ...gruene_infra_plugin.spatial.layers import once_each
from ...gruene_infra_plugin.spatial.looked_at import LookedAt
from ...gruene_infra_plugin.spatial.newly_built import EarlierBuildings, years_told
from ...gruene_infra_plugin.spatial.overlay import PieceIndex
from ...gruene_infra_plugin.spatial.usual_fields import BUILDING_USE, YEAR_BUILT
from ...gruene_infra_plugin.spatial.values import Column
from ...gruene_infra_plugin.spatial.wkb import normal_outline
from ..declared import DeclaredGoal, GoalRun
from ..job import Job
from ..register_grounds import names_register, stated_grounds

Buildings = dict[bytes, QgsFeature]
"""Buildings by their outline, each once."""
FACT = "abgekoppelt"
"""What projects of the register state under HZ 2."""


class NewBuildings(DeclaredGoal):
    """New buildings, and those that may be: with a green roof, off the sewer, or not known."""

    ID = "hz02_new_buildings"

    def check(self, job: Job) -> None:
        names_register(job)
        super().check(job)

    def count(self, run: GoalRun) -> None:
        look, counts = run.looked_at("BUILDINGS"), Counter[str]()
        buildings = _once_each(run)
        dates, facts = _Dates(run, buildings), _Facts(run, buildings.values())
        for (outline, feature), share in zip(buildings.items(), facts.vegetated, strict=True):
            shape = feature.geometry()
            look.add(shape)
            area, reason = shape.area(), facts.left_out(feature)
            years = years_told(dates.column, None if dates.column.index is None else feature[dates.column.index])
            when = dates.of(years, outline, shape)
            building = facts.of(feature, when.is_new, share, int(years[0]) if years else run.job.as_of.year)
            run.carry(
                feature,
                neu=_flag(when.is_new),
                neu_beleg=when.evidence.value,
                baujahr=int(years[0]) if years else None,
                jahr_mehrfach=int(len(years) > 1),
                konflikt=_flag(when.conflict),
                begruent=_flag(building.is_green),
                abgekoppelt=building.drainage,
                ausnahme=_flag(building.is_exception),
                fehlt=None if reason else building.missing(),
                grund=reason,
                flaeche_m2=area,
            )
            if reason is not None:
                counts[reason.name.lower()] += 1
                continue
            counts.update(conflict=bool(when.conflict), several=len(years) > 1)
            _add(run, shape, building, when)
        run.remark_counts(**counts)
        dates.tell()
        _limit(run, look, facts, dates)


def _once_each(run: GoalRun) -> Buildings:
    """Return the buildings by outline; of those that repeat each other the one that tells most."""

    def little(feature: QgsFeature) -> str:
        attributes = feature.attributes()
        return f"{sum(value == NULL for value in attributes):06} {attributes!r}"

    (layer,) = run.layers("BUILDINGS")
    read = ((feature, normal_outline(wkb)) for feature, wkb in run.job.read_with_wkb(layer))
    kept, repeats = once_each(read, little)
    if repeats:
        message = translate(
            "GrueneInfra", "{layer}: {count} features repeat another one exactly and are counted once."
        )
        run.job.feedback.pushWarning(message.format(layer=layer.name, count=repeats))
    return kept


class _Dates:
    """Since when buildings stand: by year, else by what stood there at an earlier date."""

    def __init__(self, run: GoalRun, buildings: Buildings) -> None:
        self._run, self._reference = run, int(run.number("REFERENCE_YEAR"))
        self._enough = run.number("COVERED_SHARE") / 100
        self.column = run.column("YEAR_FIELD", year_completed(run.job.as_of), YEAR_BUILT)
        self.earlier: EarlierBuildings | None = None
        self._shares: dict[bytes, float | None] = {}
        if run.given("BUILDINGS_BEFORE"):
            (layer,), look = run.layers("BUILDINGS_BEFORE"), run.looked_at("BUILDINGS_BEFORE")
            before = _seen(run.job.read_with_wkb(layer, []), look)
            self.earlier = EarlierBuildings(before, buildings)
            self._shares = self.earlier.covered_shares(buildings, run.pulse)
            self._present = look.presence().present

    def of(self, years: list[float], outline: bytes, shape: QgsGeometry) -> Dated:
        """Return whether a building is new; where nothing was delivered of the earlier date it tells nothing."""
        share = self._shares.get(outline)
        if share is not None and share < least(self._enough):
            areas = self._run.areas
            share = share if areas.of_most(areas.shares([shape])) in self._present else None
        return dated(years[0] if years else None, self._reference, share, self._enough)

    @property
    def has_evidence(self) -> bool:
        return self.column.index is not None or self.earlier is not None

    def tell(self) -> None:
        """Say what was assumed of the earlier date."""
        if self.earlier is None:
            return
        self._run.remark("covered")
        if shift := self.earlier.shifted_by:
            self._run.remark("shifted", shift=f"{shift:.2f}")
            message = translate("GrueneInfra", "The two dates are shifted by {shift} m. Align them first.")
            self._run.job.feedback.pushWarning(message.format(shift=f"{shift:.2f}"))

    def is_wave(self, place: int) -> bool:
        """Return whether more in an area is new by the earlier date than is built."""
        new, stock = (self._run.sums.amount(key, place) for key in ("zeitschnitt", "gebaeude"))
        return rules.is_survey_wave(new, stock, self._run.job.as_of.year - self._reference + 1)


def _seen(read: Iterable[tuple[QgsFeature, bytes]], look: LookedAt) -> Iterable[tuple[QgsFeature, bytes]]:
    for feature, wkb in read:
        look.add(feature.geometry())
        yield feature, wkb


class _Facts:
    """What fields and the register tell of a building."""

    def __init__(self, run: GoalRun, features: Iterable[QgsFeature]) -> None:
        self._min_area, self._seen = run.number("MIN_AREA"), run.job.integer("GREEN_YEAR")
        self._words = [
            run.words("FUNCTION_FIELD", BUILDING_USE),
            run.words("POSITION_FIELD"),
            run.words("STATE_FIELD"),
        ]
        self.green, self.flat = (run.column(name, YES_NO) for name in ("GREEN_FIELD", "FLAT_FIELD"))
        self.decoupled, self._said = run.column("DECOUPLED_FIELD", YES_NO), run.words("DECOUPLED_FIELD")
        self.exception = run.column("EXCEPTION_FIELD", YES_NO)
        self.vegetation = run.column("VEGETATION_SHARE_FIELD", SHARE)
        self.vegetated = _fractions([self.vegetation.of(feature) for feature in features])
        self.grounds: PieceIndex[Drainage] | None = None
        if names_register(run.job):
            self.grounds = PieceIndex(stated_grounds(run.job, 2, FACT, _stated))

    def left_out(self, feature: QgsFeature) -> rules.LeftOut | None:
        words = (column.of(feature) for column in self._words)
        return rules.left_out(feature.geometry().area(), self._min_area, *words)

    def of(self, feature: QgsFeature, is_new: bool | None, share: float | None, built: int) -> NewBuilding:
        area = feature.geometry().area()
        return NewBuilding(
            is_new,
            area,
            rules.greened(self.green.of(feature), share, area, self._seen, built),
            _yes(self.flat, feature),
            self._drainage(feature),
            _yes(self.exception, feature),
        )

    def _drainage(self, feature: QgsFeature) -> Drainage | None:
        """Return what the field says, else what the register says of the ground of most of the building."""
        word = self._said.of(feature)
        is_partly = rules.drainage(None, word) is not None
        told = rules.drainage(None if is_partly else self.decoupled.of(feature), word)
        if told is not None or self.grounds is None:
            return told
        shape = feature.geometry()
        found = self.grounds.overlap(shape)
        most = [meaning for meaning, area in found.items() if area >= least(shape.area() / 2)]
        return most[0] if len(most) == 1 else None


def _stated(statement: Statement) -> Drainage | None:
    return rules.drainage(statement.value, statement.text)


def _fractions(shares: list[float | None]) -> list[float | None]:
    """Return shares as fractions; where none of them exceeds 1 they are some already."""
    percent = max((share for share in shares if share is not None), default=0.0) > 1.0
    return [None if share is None else share / (100.0 if percent else 1.0) for share in shares]


def _yes(column: Column, feature: QgsFeature) -> bool | None:
    value = column.of(feature)
    return None if value is None else bool(value)


def _flag(value: bool | None) -> int | None:
    return None if value is None else int(value)


def _add(run: GoalRun, shape: QgsGeometry, building: NewBuilding, when: Dated) -> None:
    """Count a building that is new or may be, and, beside an earlier date, all of them."""
    keys = [] if when.is_new is False else list(building.keys())
    pieces = [key for key in keys if not rules.is_by_area(key)]
    if run.given("BUILDINGS_BEFORE"):
        by_stock = bool(when.is_new) and when.evidence is Evidence.STOCK
        pieces += ["gebaeude", *(["zeitschnitt"] if by_stock else [])]
    if pieces:
        run.sums.add(shape, *(key for key in keys if rules.is_by_area(key)), pieces=pieces)


def _limit(run: GoalRun, look: LookedAt, facts: _Facts, dates: _Dates) -> None:
    """Let what is not known limit the figures, and tell where there is nothing to judge."""
    keys = {figure: [f"{figure}.{variant}" for variant in rules.VARIANTS[figure]] for figure in rules.VARIANTS}
    sight = look.sight()

    def nothing_new(measured: Measurement, place: int) -> Measurement:
        is_empty = not measured.denominator and measured.coverage > 0
        return measured.without_base(run.job.phrase("nothing_new")) if is_empty else measured

    def wave(measured: Measurement, place: int) -> Measurement:
        return measured.noting(run.job.phrase("wave")) if dates.is_wave(place) else measured

    for figure, stems in keys.items():
        for stem in stems:
            key = f"{stem}.{rules.YES}"
            run.sums.limit(sight.limit, key)
            run.cover(f"{stem}.{rules.UNKNOWN}", f"{stem}.{rules.ALL}", f"unknown_{figure}", key)
            run.sums.limit(nothing_new, key)
            run.sums.limit(wave, key)
    columns = {
        "no_green": (facts.green.index, facts.vegetation.index),
        "no_decoupled": (facts.decoupled.index, facts.grounds),
        "no_flat": (facts.flat.index,),
        "no_exception": (facts.exception.index,),
        "no_newness": (dates.column.index, dates.earlier),
    }
    resting = {
        "no_green": keys[rules.GREEN],
        "no_decoupled": keys[rules.DECOUPLED],
        "no_flat": [f"{rules.GREEN}.{rules.FLAT_ONLY}"],
        "no_exception": [f"{rules.DECOUPLED}.{rules.NO_EXCEPTIONS}"],
        "no_newness": [*keys[rules.GREEN], *keys[rules.DECOUPLED]],
    }
    for lack, given in columns.items():
        if all(one is None for one in given):
            run.sums.forget(*(f"{stem}.{rules.YES}" for stem in resting[lack]), reason=run.job.phrase(lack))
    run.remark("green_undated" if run.job.integer("GREEN_YEAR") is None else "green_dated")
