"""HZ 14: is there a regional park concept, how much ground is park, who lives near."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from qgis.core import QgsGeometry, QgsProcessingException

from ...gruene_infra_plugin.i18n import translate
from ...gruene_infra_plugin.methods.findings.documents import Document, first_made, is_made_by, measure
from ...gruene_infra_plugin.methods.findings.finding import AreaKind
from ...gruene_infra_plugin.methods.findings.targets import Measurement
from ...gruene_infra_plugin.methods.reading.names import normal_name, shown
from ...gruene_infra_plugin.methods.reading.values import PEOPLE
from ...gruene_infra_plugin.methods.reading.word_lists import is_told
from ...gruene_infra_plugin.spatial.attribution.looked_at import Sight, enough_of
from ...gruene_infra_plugin.spatial.geometry.labelled import Collected
from ...gruene_infra_plugin.spatial.geometry.overlay import PieceIndex, dissolve, polygon_parts, subdivided
from ...gruene_infra_plugin.spatial.geometry.ranks import larger_first
from ...gruene_infra_plugin.spatial.settlement.residents import (
    Gap,
    Home,
    Homes,
    Reach,
    Spread,
    Surroundings,
    far_parts,
    out_of_reach,
    within,
)
from ..concluded import Measured
from ..declared import AREAS, DeclaredGoal, GoalRun
from ..job import Job
from ..kinds import UNKNOWN
from ..register.base import names_register
from ..register.documents import entered_documents

EXISTING, PLANNED = "bestand", "geplant"
STATUSES = (EXISTING, PLANNED, UNKNOWN)
COUNTED = {EXISTING: ["parks"], PLANNED: [], UNKNOWN: ["parks_unbekannt"]}
GREENS = {"gruenzug": "CORRIDORS", "verbund": "NETWORK"}
CONCEPT, ENTERED = "hz14.konzept", "hz14.konzept.vorhanden"
MOST_OVERLAP = 1.0
"""Percent of their ground that polygons with residents may share, as slivers along their borders do [A]."""
FINE = 6
"""Decimals to which numbers of residents are compared, so that rounding does not decide."""
LEAST_OUTSIDE_M2 = 1000.0
"""Square metres of parks outside of AREAS from which on findings tell them [A]."""


@dataclass(frozen=True)
class _Park:
    status: str
    name: str | None
    shape: QgsGeometry


@dataclass(frozen=True)
class _Green:
    """The ground of another layer, and in which areas it tells anything."""

    ground: PieceIndex[str]
    sight: Sight


class RegionalParks(DeclaredGoal):
    """Parks, each square metre once; residents near them, and those who live farther away."""

    ID = "hz14_regional_parks"

    def check(self, job: Job) -> None:
        names_register(job)
        super().check(job)

    def count(self, run: GoalRun) -> Measured:
        parks, grounds, sight = _parks(run)
        _add_grounds(run, grounds)
        greens = {key: _green(run, key, grounds[EXISTING]) for key in GREENS}
        around = Surroundings([park.shape for park in parks], run.number("DISTANCE"))
        gaps = _people(run, grounds, around)
        for park, near in zip(parks, around.of, strict=True):
            _write(run, park, greens, near.told())
        for rank, gap in enumerate(sorted(gaps, key=_most_people_first), 1):
            _write_gap(run, gap, rank, sight)
        if not run.job.flag("PARKS_COMPLETE"):
            run.sums.limit(sight.limit, EXISTING, "bestand_und_geplant", *GREENS, "einwohner")
        return run.with_region(CONCEPT, _concept(run.job))


def _parks(run: GoalRun) -> tuple[list[_Park], Mapping[str, QgsGeometry], Sight]:
    """Return the parks, the largest first, the ground of each status, and where the layer tells anything.

    Ground of several statuses is of the first of them.
    """
    look, names = run.looked_at("PARKS"), run.words("NAME_FIELD")
    kinds = run.kinds("STATUS_FIELD", bestand="EXISTING_VALUES", geplant="PLANNED_VALUES")
    found, named = Collected[str](), defaultdict[tuple[str, str], list[tuple[str, QgsGeometry]]](list)
    for feature in look.passing(run.features("PARKS", kinds.field, names.field)):
        kind, name, shape = kinds.of(feature), names.of(feature) or "", feature.geometry()
        status = kind if kind in STATUSES else UNKNOWN
        found.add(shape, status)
        named[status, normal_name(name) if is_told(name) else ""].append((name, shape))
    kinds.require_some("EXISTING_VALUES")
    run.remark_counts(doubles=found.doubles, unknown_status=found.counts[UNKNOWN])
    if kinds.field is None:
        run.remark("no_status")
    parks = [park for (status, key), rows in named.items() for park in _joined(status, key, rows)]
    for park in parks:
        run.sums.add(subdivided(park.shape), *COUNTED[park.status])
    grounds = dict.fromkeys(STATUSES, QgsGeometry()) | found.ranked(STATUSES)
    return sorted(parks, key=lambda park: larger_first(park.shape)), grounds, look.presence()


def _joined(status: str, key: str, rows: Sequence[tuple[str, QgsGeometry]]) -> list[_Park]:
    """Return the features of one name as one park; of those without a name what is connected is one."""
    ground = dissolve(shape for _, shape in rows)
    if key:
        return [_Park(status, shown(name for name, _ in rows), ground)]
    return [_Park(status, None, part) for part in polygon_parts(ground)]


def _add_grounds(run: GoalRun, grounds: Mapping[str, QgsGeometry]) -> None:
    """Add the ground of parks by their status, each square metre once."""
    existing, planned, unknown = (subdivided(grounds[status]) for status in STATUSES)
    run.sums.add(existing, EXISTING)
    run.sums.add([*existing, *planned], "bestand_und_geplant")
    run.sums.add(unknown, "unbekannt")
    run.sums.add([*existing, *unknown], "bestand_und_unbekannt")
    run.cover("unbekannt", "area", "unknown_ground", EXISTING, "bestand_und_geplant")
    run.cover("unbekannt", "bestand_und_unbekannt", "unknown_parks", *GREENS)
    if run.given(AREAS):
        pieces = [*existing, *planned, *unknown]
        inside = sum(sum(run.areas.measure([piece]).values()) for piece in pieces)
        outside = sum(piece.area() for piece in pieces) - inside
        if outside >= LEAST_OUTSIDE_M2:
            run.remark("outside", hectares=f"{outside / 10_000:.1f}")


def _green(run: GoalRun, key: str, existing: QgsGeometry) -> _Green | None:
    """Add the ground that parks share with a layer, and return that one; ``None`` where it is not given."""
    name = GREENS[key]
    if not run.given(name):
        run.sums.forget(key, reason=run.job.phrase(f"no_{key}"))
        return None
    look, found = run.looked_at(name), Collected[str]()
    for feature in look.passing(run.features(name, None)):
        found.add(feature.geometry(), key)
    run.remark_counts(**{f"doubles_{key}": found.doubles})
    green = _Green(PieceIndex(found.grounds()), look.presence())
    run.sums.add([part for piece in subdivided(existing) for _, part in green.ground.parts(piece)], key)
    run.sums.limit(green.sight.limit, key)
    return green


# -- residents ----------------------------------------------------------------------------------------------


def _people(run: GoalRun, grounds: Mapping[str, QgsGeometry], around: Surroundings) -> list[Gap]:
    """Count residents by how far from a park they live, and return the ground that is out of reach."""
    distance, compare = run.number("DISTANCE"), run.job.numbers("COMPARE_DISTANCES", "DISTANCE")
    existing = grounds[EXISTING]
    run.known.each["compare"] = {f"{other:g}": f"{other:g}" for other in compare if other != distance}
    if not run.given("POPULATION"):
        run.sums.forget("einwohner", reason=run.job.phrase("no_population"))
        return far_parts(run.areas, within(existing, distance), None)
    keys = {float(other): f"nah_{other}" for other in run.known.each["compare"]}
    keys |= {0.0: "innerhalb", distance: "nah"}
    unsure = {} if grounds[UNKNOWN].isEmpty() else {band: f"unsicher_{key}" for band, key in keys.items()}
    reach, wider = Reach(existing, keys), Reach(dissolve([existing, grounds[UNKNOWN]]), unsure)
    homes = _homes(run)
    gaps: list[Gap] = []
    far: list[Home] = []
    for home in homes:
        run.pulse()
        around.add(home)
        spread = Spread(home, run.areas)
        _add_home(run, home, spread)
        bands = reach.parts(home)
        _add_near(run, home, spread, bands, keys)
        if unsure:
            _add_near(run, home, spread, wider.parts(home), unsure)
            _add_near(run, home, spread, bands, unsure, -1.0)
        near = [part for band, parts in bands.items() if band <= distance for part in parts]
        if not home.is_ground:
            far += [] if near else [home]
        elif (gap := out_of_reach(home, spread, near)) is not None:
            gaps.append(gap)
    run.cover("orte_unbekannt", "orte", "unknown_people", "einwohner")
    for key in keys.values():
        run.cover(f"unsicher_{key}", "einwohner", "unknown_near", key)
    if any(home.is_ground for home in homes):
        return gaps
    return far_parts(run.areas, within(existing, distance), far)


def _homes(run: GoalRun) -> Sequence[Home]:
    """Return the places with residents, each once; raise where polygons cover the same ground."""
    layer, look = run.inputs["POPULATION"], run.looked_at("POPULATION")
    field = run.required_field("POPULATION_FIELD")
    people = run.job.column(layer, field, PEOPLE)
    homes = Homes.of(look.passing(run.features("POPULATION", field)), people.of)
    run.remark_counts(doubles_people=homes.doubles, contradicting=homes.contradicting)
    run.sums.limit(look.sight().limit, "einwohner")
    if homes.overlapping_percent(run.job.feedback) > MOST_OVERLAP:
        message = translate(
            "GrueneInfra",
            "{layer}: polygons cover the same ground, so that their residents would count twice. Choose one"
            " grid or one division of the ground.",
        )
        raise QgsProcessingException(message.format(layer=layer.name))
    return homes.each


def _add_home(run: GoalRun, home: Home, spread: Spread) -> None:
    """Add the residents of a place, or that nobody knows them."""
    for place, share in spread.portions.items():
        count = int(place == spread.most)
        run.sums.put("orte", place, share * home.size)
        if home.people is None:
            run.sums.put("orte_unbekannt", place, share * home.size, count)
        else:
            run.sums.put("einwohner", place, share * home.people, count)


def _add_near(
    run: GoalRun,
    home: Home,
    spread: Spread,
    bands: Mapping[float, Sequence[QgsGeometry]],
    keys: Mapping[float, str],
    sign: float = 1.0,
) -> None:
    """Add the residents of the parts of a place under the keys of all distances that they lie within."""
    for band, parts in bands.items() if home.people else ():
        reached = [key for distance, key in keys.items() if band <= distance]
        for place, share in spread.of(parts).items():
            for key in reached:
                run.sums.put(key, place, sign * share * (home.people or 0.0))


# -- what is written ----------------------------------------------------------------------------------------


def _write(run: GoalRun, park: _Park, greens: Mapping[str, _Green | None], people: float | None) -> None:
    pieces = subdivided(park.shape)
    shares = run.areas.measure(pieces)
    enough = enough_of(park.shape.area())
    in_municipalities = run.given(AREAS) and run.job.choice("AREAS_KIND") == AreaKind.MUNICIPALITY
    columns: dict[str, object] = {
        "gebiet": run.areas.name_of(shares),
        "name": park.name,
        "status": park.status,
        "flaeche_ha": park.shape.area() / 10_000,
        "einwohner_nah": people,
        "gemeinden": sum(size >= enough for size in shares.values()) if in_municipalities else None,
    }
    columns |= {
        f"anteil_{key}_proz": _percent(pieces, green, run.areas.of_most(shares))
        for key, green in greens.items()
    }
    run.write(park.shape, "OUTPUT", **columns)


def _percent(pieces: Sequence[QgsGeometry], green: _Green | None, place: int | None) -> float | None:
    """Return which percent of a park a layer covers, ``None`` where it tells nothing of the park's area."""
    if green is None:
        return None
    covered = sum(sum(green.ground.overlap(piece).values()) for piece in pieces)
    known = covered > 0 or place in green.sight.present
    return 100 * covered / sum(piece.area() for piece in pieces) if known else None


def _most_people_first(gap: Gap) -> tuple[float, ...]:
    return -round(gap.people or 0.0, FINE), *larger_first(gap.shape)


def _write_gap(run: GoalRun, gap: Gap, rank: int, sight: Sight) -> None:
    run.write(
        gap.shape,
        "GAPS",
        rang=rank,
        einwohner=gap.people,
        flaeche_ha=gap.shape.area() / 10_000,
        gebiet=None if gap.place is None else run.areas.name_of({gap.place: 1.0}),
        hinweis=None if gap.place in sight.present else run.job.phrase("no_park"),
    )


# -- the concept --------------------------------------------------------------------------------------------


def _concept(job: Job) -> Measurement:
    """Return whether a concept was there on the day of the run, with what it is and whether it came late."""
    made, title = job.given_day("CONCEPT_DATE"), job.text("CONCEPT_TITLE")
    documents = [Document(made, title)] if made or title else []
    documents += entered_documents(job, ENTERED)
    found = replace(measure(documents, job.as_of), reason=job.phrase("undated"))
    first = first_made(documents, job.as_of)
    if first is None:
        later = sorted(str(document.made) for document in documents if document.made is not None)
        return found.noting(job.phrase("not_yet", day=later[0])) if later else found
    named = first.title.replace(";", ",") or job.phrase("untitled")
    found = found.noting(job.phrase("document", title=named, day=first.made))
    deadline = next((target.date for target in job.strategy.targets if target.id == CONCEPT), None)
    late = deadline is not None and first.made is not None and not is_made_by(first.made, deadline)
    return found.noting(job.phrase("late")) if late else found
