"""From what was measured to findings, as the entry of an algorithm declares them: the one way there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ..gruene_infra_plugin.catalogue import Definition, Entry, Indicator
from ..gruene_infra_plugin.methods.findings.finding import AreaKind, Finding
from ..gruene_infra_plugin.methods.findings.targets import REGION_KINDS, Measurement
from ..gruene_infra_plugin.methods.reading.names import normal_name
from ..gruene_infra_plugin.paths import plugin_version
from ..gruene_infra_plugin.report.means import mean_rows
from ..gruene_infra_plugin.report.region import Region
from ..gruene_infra_plugin.report.texts import Texts
from ..gruene_infra_plugin.spatial.attribution.areas import Area
from ..gruene_infra_plugin.spatial.attribution.looked_at import nothing_of, unusable
from ..gruene_infra_plugin.spatial.attribution.sums import Sums
from ..gruene_infra_plugin.spatial.reading.source import Input
from .job import Job


@dataclass(frozen=True)
class Case:
    """One figure to draw up: an indicator under a definition, for one value of its list if it has one.

    ``values`` fill the placeholders of texts and keys, ``ids`` those of the finding's ``variante_id``.
    """

    indicator: Indicator
    definition: Definition
    values: Mapping[str, str]
    ids: Mapping[str, str]
    is_headline: bool

    @property
    def variant_id(self) -> str:
        return self.definition.id.format_map(self.ids)

    def key(self, template: str) -> str:
        """Return a key of sums with its placeholders filled in."""
        return template.format_map(self.values)


@dataclass
class KnownFacts:
    """What a run knows besides its sums.

    ``values`` fill placeholders, beside the parameters of the run. ``each`` holds the lists that definitions
    name, the values with how ids write them. ``remarks`` are phrases with what fills them. ``instead`` names
    the texts of something else that was measured the same way. ``own_targets`` are municipal values of
    indicators in place of the strategy's. ``areas`` are those that findings are about, where they are not
    those of AREAS.
    """

    values: dict[str, str] = field(default_factory=dict)
    each: dict[str, Mapping[str, str]] = field(default_factory=dict)
    remarks: dict[str, Mapping[str, object]] = field(default_factory=dict)
    instead: str | None = None
    own_targets: dict[str, float | None] = field(default_factory=dict)
    areas: Sequence[Area] = ()


_UNITS = {"ha": 10_000.0, "km": 1000.0}
"""Square metres or metres of the units in which sums are told; of others 1."""

Measured = Callable[[Case, int], Measurement | None]
"""What was measured in the area of a number; ``None`` where there is nothing to draw up."""


class Conclusions:
    """Draws up the findings of a run."""

    def __init__(self, job: Job, known: KnownFacts) -> None:
        self._job = job
        self._known = known
        self._parameters = {name.lower(): _written(job, name) for name in job.entry.parameters}

    def rows(self, areas: Sequence[Area], measured: Measured) -> Iterator[Finding]:
        """Yield the findings of every area, the headline of an indicator before its variants."""
        cases = list(self.cases())
        for place, area in enumerate(areas):
            for case in cases:
                found = measured(case, place)
                if found is not None:
                    yield self.finding(case, area, found, found.notes)

    def cases(self) -> Iterator[Case]:
        """Yield all figures that an area may have."""
        values = {**self._parameters, **self._known.values}
        for declared in self._job.entry.indicators:
            indicator = declared.instead.get(self._known.instead or "", declared)
            for definition in declared.definitions:
                is_headline = definition is declared.definitions[0]
                said = {name: self._job.phrase(key) for name, key in definition.says.items()}
                for filled, ids in self._filled(definition):
                    written = {**values, **said}
                    counted = indicator.counted_in(definition)
                    yield Case(counted, definition, written | filled, written | ids, is_headline)
                    is_headline = False

    def _filled(self, definition: Definition) -> Iterator[tuple[dict[str, str], dict[str, str]]]:
        """Yield what fills the placeholder of a definition's list, in texts and keys and in ids."""
        if definition.each is None:
            yield {}, {}
            return
        for value, written in self._known.each.get(definition.each, {}).items():
            yield {definition.each: value}, {definition.each: written}

    def finding(self, case: Case, area: Area, measured: Measurement, notes: Sequence[str] = ()) -> Finding:
        """Judge one measurement and put it into the common schema; ``notes`` are told behind the declared."""
        return self._job.finding(
            case.indicator,
            case.variant_id,
            area,
            measured,
            text=None if case.is_headline else case.definition.text,
            is_headline=case.is_headline,
            values=case.values,
            assumptions=[*self._notes(case), *notes],
            own_target=self._known.own_targets.get(case.indicator.id),
        )

    def _notes(self, case: Case) -> Iterator[str]:
        for key in (*case.indicator.notes, *case.definition.notes):
            yield self._job.phrase(key, **case.values)
        for key in case.indicator.remarks:
            if key in self._known.remarks:
                yield self._job.phrase(key, **{**case.values, **self._known.remarks[key]})


def regional_rows(job: Job, rows: Sequence[Finding]) -> list[Finding]:
    """Return both means over the municipalities, of figures whose target only the region owes."""
    owed = {target.id for target in job.strategy.targets if target.scope == "region"}
    indicators = {indicator.id for indicator in job.entry.indicators if indicator.target in owed}
    regional = [row for row in rows if row.kennzahl_id in indicators]
    region = Region.behind(regional, job.strategy.municipalities)
    return mean_rows(regional, Texts(job.language), job.as_of, plugin_version(), region)


def _written(job: Job, name: str) -> str:
    """Return the value of a parameter as texts and ids write it; an empty text where it is not given."""
    value = job.parameters.get(name)
    if isinstance(value, float | int) and not isinstance(value, bool):
        return f"{value:g}"
    return "" if value is None else str(value)


def measured_by(sums: Sums, layers: Callable[[str], Sequence[Input]]) -> Measured:
    """Return what draws up a figure from the sums of a run; ``layers`` returns those of a parameter."""

    def measured(case: Case, place: int) -> Measurement | None:
        definition, indicator = case.definition, case.indicator
        keys = [case.key(key) for key in definition.keys]
        ground = layers(indicator.ground) if indicator.ground else ()
        base = _base(sums, case, place)
        if definition.presence and not base and not sums.may_have_base(keys, place):
            return None
        reason = sums.unknown(keys)
        if reason is not None:
            return Measurement(None, None, 0.0, reason=reason)
        counted = (layers(indicator.counted) if indicator.counted else ()) or ground
        found = Measurement(
            _figure(sums, case, place),
            base,
            n_objects=_count(sums, indicator.objects, place),
            n_omitted=_count(sums, indicator.unknown, place) + sum(layer.unusable for layer in counted),
        )
        if not base and ground and not sums.may_have_base(keys, place):
            return found.without_base(nothing_of(*ground))
        for limit in sums.limits(keys):
            found = limit(found, place)
        for layer in (*ground, *counted):
            found = found.limited(layer.usable_share, unusable(layer))
        return found

    return measured


def only_where(measured: Measured, sums: Sums, part: str, whole: str) -> Measured:
    """Return what draws up a figure only in areas that hold, or may hold, any of the ``part`` it is about.

    In ``part`` stands ``{over}`` for what the figure is a share of. Of an area that holds nothing of the
    ``whole`` nobody knows which parts it has: there all figures are drawn up.
    """

    def drawn(case: Case, place: int) -> Measurement | None:
        over = case.key(case.definition.over or "")
        may_be = sums.unknown([over]) is not None or sums.may_have_base([over], place)
        is_there = sums.amount(part.format(over=over), place) > 0
        return measured(case, place) if may_be or is_there or not sums.amount(whole, place) else None

    return drawn


def of_region(
    measured: Measured, indicator: str, found: Measurement, areas: Sequence[Area], region: str
) -> tuple[Measured, Sequence[Area]]:
    """Return what draws up one indicator as ``found`` for the region alone and all others for ``areas``.

    The areas that findings are about come with it: where the one named ``region`` is not among them, and they
    are not one whole, it is put behind them.
    """
    wholes = [place for place, area in enumerate(areas) if area.kind in REGION_KINDS]
    if len(wholes) > 1:
        wholes = [place for place in wholes if normal_name(areas[place].name) == normal_name(region)]
    all_areas = areas if wholes else [*areas, Area(AreaKind.REGION, region)]
    whole = wholes[0] if wholes else len(areas)

    def drawn(case: Case, place: int) -> Measurement | None:
        if case.indicator.id == indicator:
            return found if place == whole else None
        return measured(case, place) if place < len(areas) else None

    return drawn, all_areas


def _figure(sums: Sums, case: Case, place: int) -> float:
    definition = case.definition
    if definition.count is not None:
        return float(sums.count(case.key(definition.count), place))
    return sums.amount(case.key(definition.of or ""), place) / _unit(case)


def _base(sums: Sums, case: Case, place: int) -> float:
    """Return the sum that a figure is divided by, or 1 where the area holds any of its base."""
    definition = case.definition
    if definition.over is not None:
        return sums.amount(case.key(definition.over), place) / _unit(case)
    return float(any(_holds(sums, case.key(key), place) for key in definition.per))


def _unit(case: Case) -> float:
    """Return how many square metres or metres the unit of an indicator's sums has."""
    return _UNITS.get(case.indicator.base_unit.partition(" ")[0], 1.0)


def _holds(sums: Sums, key: str, place: int) -> bool:
    return sums.amount(key, place) > 0 or sums.count(key, place) > 0


def _count(sums: Sums, key: str | None, place: int) -> int:
    return 0 if key is None else sums.count(key, place)


def keys_of(entry: Entry) -> set[str]:
    """Return all keys of sums that the definitions of an entry need."""
    return {*entry.sums, *(key for indicator in entry.indicators for key in indicator.keys)}
