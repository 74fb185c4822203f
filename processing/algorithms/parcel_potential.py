"""How many goals each parcel can serve at once, and which, from the results of other analyses."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from qgis.core import (
    Qgis,
    QgsProcessingException,
)

from ...gruene_infra_plugin.i18n import translate
from ...gruene_infra_plugin.methods.findings.finding import AreaKind
from ...gruene_infra_plugin.methods.findings.targets import Measurement
from ...gruene_infra_plugin.methods.parcels.space_types import SPACE_TYPES, SpaceType
from ...gruene_infra_plugin.methods.reading.names import normal_name
from ...gruene_infra_plugin.register.keys import normal_key
from ...gruene_infra_plugin.spatial.attribution.areas import TOTAL, Area, Areas
from ...gruene_infra_plugin.spatial.attribution.looked_at import nothing_of, unusable
from ...gruene_infra_plugin.spatial.geometry.overlay import dissolve
from ...gruene_infra_plugin.spatial.geometry.shared_areas import Floats
from ...gruene_infra_plugin.spatial.geometry.vertices import Integers
from ...gruene_infra_plugin.spatial.geometry.wkb import bytes_of, geometry_of, multiple
from ...gruene_infra_plugin.spatial.parcels.evidence import Supports, overlapping_owners
from ...gruene_infra_plugin.spatial.parcels.known_results import Filter, Thresholds, recognised
from ...gruene_infra_plugin.spatial.reading.repeats import once_each
from ...gruene_infra_plugin.spatial.reading.source import Input
from ...gruene_infra_plugin.spatial.reading.usual_fields import PARCEL_ID, SPACE_TYPE
from ...gruene_infra_plugin.spatial.reading.values import number, text
from ...gruene_infra_plugin.spatial.running import many_features
from ...gruene_infra_plugin.spatial.writing.carried import Carried
from ..concluded import Case, Measured
from ..declared import DeclaredGoal, GoalRun
from ..job import Job
from ..register.parcel_remarks import warn_of_versions

LINE, POLYGON = Qgis.GeometryType.Line, Qgis.GeometryType.Polygon
NO_WORD = "Ergebnis"
"""What a result is called that is none of the plugin's."""
SEVERAL = 2
"""So many goals make a parcel one of several goals."""
THRESHOLDS = ("MIN_AREA", "MIN_SHARE", "MIN_LENGTH")


@dataclass(frozen=True)
class _Use:
    """What one result layer counts for."""

    layer: Input
    goal: int
    filter: str
    word: str


@dataclass(frozen=True)
class _Parcels:
    """The features of a layer; those that share a key are parts of one parcel.

    ``attributes`` and ``shapes``, the WKB, are of the features; ``number`` is the parcel of each feature,
    ``areas`` the square metres of each parcel.
    """

    attributes: Sequence[list]
    shapes: Sequence[bytes]
    number: Integers
    areas: Floats

    def members(self) -> list[list[int]]:
        """Return the places of the features of each parcel."""
        members: list[list[int]] = [[] for _ in self.areas]
        for place, parcel in enumerate(self.number.tolist()):
            members[parcel].append(place)
        return members

    def sums(self, values: Floats) -> Floats:
        """Return values per feature, (features, n), added up per parcel."""
        if len(self.areas) == len(self.shapes):
            return values
        sums = np.zeros((len(self.areas), values.shape[1]))
        np.add.at(sums, self.number, values)
        return sums


class ParcelPotential(DeclaredGoal):
    """Parcels × results: a goal counts where enough of the parcel, or of a line in it, serves it."""

    ID = "parcel_potential"

    @many_features()
    def count(self, run: GoalRun) -> Measured:
        job, layer, results = run.job, run.inputs["PARCELS"], run.layers("RESULTS")
        uses = _uses(job, results)
        supports = _support(job, uses)
        carried = job.open_details("OUTPUT", layer, _goal_columns(supports))

        type_of = _TypeOf(job, layer, run.inputs.get("SPACE_TYPES"))
        parcels = _parcels(job, layer)
        amounts = supports.within(parcels.shapes, job.feedback)
        areas, lengths = (parcels.sums(amount) for amount in amounts)
        thresholds = Thresholds(*(job.number(name) for name in THRESHOLDS))
        reached = thresholds.reached(parcels.areas, areas, lengths)
        _write(job, parcels, carried, _rows(uses, supports, reached, areas, lengths))

        raumtypen = type_of.each(parcels)
        goals = [str(goal) for goal in supports.goals]
        run.known.values |= {"goals": ", ".join(goals), "goal_ids": "_".join(goals)}
        run.known.areas = [TOTAL, *(Area(AreaKind.SPACE_TYPE, name, None, name) for name in type_of.names)]
        return _Figures(run, parcels.areas, reached.sum(axis=1), np.array(raumtypen, object)).measured


@dataclass(frozen=True)
class _Figures:
    """The parcels of a run: ``areas`` in m², ``counts`` of goals, ``raumtypen``, one of each per parcel."""

    run: GoalRun
    areas: Floats
    counts: NDArray[np.integer]
    raumtypen: NDArray[np.object_]

    def measured(self, case: Case, place: int) -> Measurement:
        """Return the parcels' goals, or the area of those that have several, in one of the areas told."""
        name = self.run.known.areas[place].raumtyp
        chosen = np.ones(len(self.areas), bool) if name is None else self.raumtypen == name
        areas, counts = self.areas[chosen], self.counts[chosen]
        several = math.fsum(areas[counts >= SEVERAL])
        numerator, denominator = {
            "hz06.multicodierung.ziele_je_flurstueck": (float(counts.sum()), float(len(counts))),
            "hz06.multicodierung.flaechenanteil": (several, math.fsum(areas)),
        }[case.indicator.id]
        parcels = self.run.inputs["PARCELS"]
        found = Measurement(numerator, denominator, n_objects=len(counts), n_omitted=parcels.unusable)
        if not denominator:
            return found.without_base(nothing_of(parcels))
        for layer in (parcels, *self.run.layers("RESULTS")):
            found = found.limited(layer.usable_share, unusable(layer))
        return found


# -- what each result counts for ----------------------------------------------------------------------------


def _uses(job: Job, results: Sequence[Input]) -> list[_Use]:
    """Return goal, filter and word of each result: as given, else as its columns tell."""
    goals = [part.strip() for part in job.text("GOALS_OF_RESULTS").split(",")]
    filters = [part.strip() for part in job.text("FILTERS").split(";")]
    for name, given in (("GOALS_OF_RESULTS", goals), ("FILTERS", filters)):
        if len(given) > len(results):
            message = translate("GrueneInfra", "{parameter} has {count} entries for {layers} layers.")
            raise QgsProcessingException(
                message.format(parameter=name, count=len(given), layers=len(results))
            )
    goals += [""] * (len(results) - len(goals))
    filters += [""] * (len(results) - len(filters))
    return [_use(job, *given) for given in zip(results, goals, filters, strict=True)]


def _use(job: Job, layer: Input, goal_text: str, filter_text: str) -> _Use:
    known = recognised(layer.source.fields(), job.entry.results)
    goal = _goal(job, goal_text) if goal_text else None
    fitting = [result for result in known if goal is None or result.goal == goal]
    if goal is None and len({result.goal for result in fitting}) != 1:
        message = translate(
            "GrueneInfra", "{layer} is no known result of a single goal. Name its goal in GOALS_OF_RESULTS."
        )
        raise QgsProcessingException(message.format(layer=layer.name))
    result = fitting[0] if fitting else None
    chosen = filter_text or (result.filter if result else "")
    word = result.word if result else NO_WORD
    use = _Use(layer, goal if goal is not None else fitting[0].goal, chosen, word)
    message = translate("GrueneInfra", "{layer}: HZ {goal}, {word}, features with {filter}.")
    job.feedback.pushInfo(message.format(layer=layer.name, goal=use.goal, word=word, filter=chosen or "–"))
    return use


def _goal(job: Job, given: str) -> int:
    value = number(given.upper().removeprefix("HZ"))
    if value is None or value not in {goal.number for goal in job.strategy.goals}:
        message = translate(
            "GrueneInfra", "GOALS_OF_RESULTS must hold numbers of Handlungsziele such as 2, 13, not {value}."
        )
        raise QgsProcessingException(message.format(value=given))
    return int(value)


def _words(uses: Sequence[_Use]) -> dict[int, str]:
    """Return what each goal's results are, in one word or several."""
    return {use.goal: "/".join(sorted({u.word for u in uses if u.goal == use.goal})) for use in uses}


def _support(job: Job, uses: Sequence[_Use]) -> Supports:
    """Index the features that count, by goal; those of a layer given twice as well."""
    support = Supports({use.goal for use in uses})
    for use in uses:
        support.add(use.goal, _selected(job, use))
    return support


def _selected(job: Job, use: _Use) -> Iterator[bytes]:
    """Yield the geometries of the features that count."""
    chosen = Filter(use.filter, use.layer.source.fields())
    if chosen.error:
        raise _bad_filter(use, chosen.error)
    for name in chosen.unknown:
        use.layer.field_index(name)
    found = job.read_with_wkb(use.layer, chosen.places)
    if not use.filter:
        yield from (wkb for _, wkb in found)
        return
    for feature, wkb in found:
        keeps = chosen.keeps(feature)
        if chosen.error:
            raise _bad_filter(use, chosen.error)
        if keeps:
            yield wkb


def _bad_filter(use: _Use, reason: str) -> QgsProcessingException:
    message = translate("GrueneInfra", "{layer}: the filter “{filter}” cannot be used: {reason}")
    return QgsProcessingException(message.format(layer=use.layer.name, filter=use.filter, reason=reason))


# -- parcels ------------------------------------------------------------------------------------------------


def _parcels(job: Job, layer: Input) -> _Parcels:
    key = job.field("KEY_FIELD", layer, PARCEL_ID)
    # Attributes and areas only: features would keep twice the memory, and that costs time.
    read = job.read_with_wkb(layer)
    told = (((feature.attributes(), feature.geometry().area()), wkb) for feature, wkb in read)
    kept, repeats = once_each(told, repr)
    if repeats:
        message = translate("GrueneInfra", "{count} parcels repeat another one exactly and come once.")
        job.feedback.pushWarning(message.format(count=repeats))
    attributes = [attributes for attributes, _ in kept.values()]
    keys = [None if key is None else _key(text(of_one[key])) for of_one in attributes]
    numbers: dict[object, int] = {}
    number = [
        numbers.setdefault(place if name is None else name, len(numbers)) for place, name in enumerate(keys)
    ]
    areas = np.bincount(number, [area for _, area in kept.values()])
    parcels = _Parcels(attributes, list(kept), np.array(number), areas)
    return parcels if len(areas) == len(kept) else _versions_joined(job, layer, parcels, list(numbers))


def _key(delivered: str | None) -> str | None:
    """Return a parcel's key in a form that all ways of writing it share; most are in it but for their end."""
    if delivered is None:
        return None
    plain = delivered.isascii() and delivered.replace("_", "").isalnum()
    return (delivered.upper() if plain else normal_key(delivered) or normal_name(delivered)).rstrip("_")


def _versions_joined(job: Job, layer: Input, parcels: _Parcels, keys: Sequence[object]) -> _Parcels:
    """Return the parcels with those as one feature whose features overlap, as two versions of a parcel do.

    Its attributes are those of one of them, whatever their order.
    """
    several = np.flatnonzero(np.bincount(parcels.number)[parcels.number] > 1)
    shapes = [parcels.shapes[place] for place in several]
    double = overlapping_owners(shapes, parcels.number[several], job.feedback)
    if not double:
        return parcels
    warn_of_versions(job, layer, [str(keys[parcel]) for parcel in double])
    attributes, outlines = list(parcels.attributes), list(parcels.shapes)
    areas, stays = parcels.areas.copy(), np.ones(len(outlines), bool)
    members = parcels.members()
    for parcel in double:
        first, *others = members[parcel]
        whole = dissolve(geometry_of(outlines[place]) for place in members[parcel])
        if whole.isEmpty():
            continue  # of rounding alone
        outlines[first], areas[parcel] = bytes_of(whole), whole.area()
        attributes[first] = min((attributes[place] for place in members[parcel]), key=repr)
        stays[others] = False
    kept = np.flatnonzero(stays).tolist()
    rest = ([attributes[place] for place in kept], [outlines[place] for place in kept])
    return _Parcels(*rest, parcels.number[kept], areas)


def _goal_columns(supports: Supports) -> list[str]:
    columns = [f"hz{goal:02d}_m2" for goal in supports.goals]
    return columns + [f"hz{goal:02d}_m" for goal in supports.with_lines]


def _rows(
    uses: Sequence[_Use], supports: Supports, reached: NDArray[np.bool_], areas: Floats, lengths: Floats
) -> list[list[object]]:
    """Return the values of the result columns of each parcel, 0 where nothing lies in it."""
    words = _words(uses)
    lines = [supports.goals.index(goal) for goal in supports.with_lines]
    bits = reached @ (1 << np.arange(len(supports.goals)))
    said = {
        pattern: _said([goal for bit, goal in enumerate(supports.goals) if pattern >> bit & 1], words)
        for pattern in np.unique(bits).tolist()
    }
    amounts = np.hstack([areas, lengths[:, lines]]).tolist()
    return [said[pattern] + amount for pattern, amount in zip(bits.tolist(), amounts, strict=True)]


def _said(goals: Sequence[int], words: Mapping[int, str]) -> list[object]:
    """Return the number of goals, their list, and their list with the words of their results."""
    return [len(goals), ", ".join(map(str, goals)), ", ".join(f"{goal} {words[goal]}" for goal in goals)]


def _write(job: Job, parcels: _Parcels, carried: Carried, rows: Sequence[list[object]]) -> None:
    """Write the features of each parcel in turn, with its row."""
    numbers = parcels.number.tolist()
    written = (
        (
            carried.of(parcels.attributes[place]) + rows[numbers[place]],
            geometry_of(multiple(parcels.shapes[place])),
        )
        for place in np.argsort(parcels.number, kind="stable").tolist()
    )
    job.outputs.add_all("OUTPUT", written)


class _TypeOf:
    """The Raumtyp of a parcel: from polygons the one with most of it, else from its field."""

    def __init__(self, job: Job, layer: Input, types: Input | None) -> None:
        self._layer = layer
        self._field = job.field("PARCEL_TYPE_FIELD", layer, SPACE_TYPE)
        self._areas = None if types is None else _type_areas(job, types)
        self._seen = set() if self._areas is None else {area.name for area in self._areas.areas}

    @property
    def names(self) -> list[str]:
        """Raumtypen of the polygons, or those met in the field, in the strategy's order."""
        return [str(kind) for kind in SpaceType if kind in self._seen]

    def each(self, parcels: _Parcels) -> list[str | None]:
        """Return the Raumtyp of each parcel, ``None`` where it has none."""
        if self._areas is None and self._field is None:
            return [None] * len(parcels.areas)
        return [self._of(parcels, places) for places in parcels.members()]

    def _of(self, parcels: _Parcels, places: Sequence[int]) -> str | None:
        if self._areas is not None:
            shapes = (geometry_of(parcels.shapes[place]) for place in places)
            return self._areas.name_of(self._areas.measure(shapes))
        if self._field is None:
            return None
        found = self._layer.word_among(parcels.attributes[places[0]][self._field], SPACE_TYPES)
        if found is not None:
            self._seen.add(found)
        return found


def _type_areas(job: Job, types: Input) -> Areas:
    """Return the polygons by Raumtyp; those without one are not used."""
    name = job.required_field("SPACE_TYPE_FIELD", types, SPACE_TYPE)
    typed = []
    for feature in job.read(types, [name]):
        kind = types.word_among(feature[name], SPACE_TYPES)
        if kind is not None:
            feature.setAttribute(name, kind)
            typed.append(feature)
    return Areas.from_features(typed, AreaKind.SPACE_TYPE, name, None)
