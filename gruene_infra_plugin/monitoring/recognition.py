"""Which layers an algorithm's hints mean: by name, by fields, by the years in names. No qgis import."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from ..catalogue import Parameter
from ..catalogue.hints import YEAR, named_words

if TYPE_CHECKING:
    from .datasets import Dataset

AREAS = "AREAS"
BEFORE = "_BEFORE"
"""Ending of the parameter that takes the earlier date of another one."""
RECENT_YEARS = 2
"""A year so near to the one that is measured for may be today's."""


@dataclass(frozen=True)
class Recognised:
    """The layers that a parameter is given, and those of which it may be any."""

    chosen: list[Dataset] = field(default_factory=list)
    doubtful: list[Dataset] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Whether no layer fits at all."""
        return not self.chosen and not self.doubtful


@dataclass(frozen=True)
class _ByDate:
    """Layers of today and of an earlier date, and those whose names do not tell which they are of."""

    today: list[Dataset]
    earlier: list[Dataset] = field(default_factory=list)
    doubtful: list[Dataset] = field(default_factory=list)


def recognised(
    parameters: Mapping[str, Parameter],
    given: Mapping[str, Sequence[Dataset]],
    datasets: Sequence[Dataset],
    year: int,
) -> dict[str, Recognised]:
    """Return the layers of each of an algorithm's parameters that nobody has ``given`` any.

    ``year`` is the one that is measured for.
    """
    found: dict[str, Recognised] = {}
    for name, parameter in parameters.items():
        base, others = name.removesuffix(BEFORE), _others(parameters, name)
        if parameter.kind == "layers":
            found[name] = _one_per_hint(parameter, _fitting(parameter, others, datasets), year)
        elif name == AREAS:
            found[name] = _first_of(parameter, _fitting(parameter, others, datasets))
        elif base == name:
            found |= _two_dates(name, parameters, given, datasets, year)
        elif base not in parameters:
            found[name] = _before(parameter, others, given.get(base, ()), datasets, year)
    return {name: found[name] for name in parameters}


def _others(parameters: Mapping[str, Parameter], name: str) -> list[Parameter]:
    return [one for key, one in parameters.items() if key != name]


def _undated(parameter: Parameter) -> Parameter:
    """Return a parameter whose layers may have a year in their names, whatever its hints say of that."""
    hints = (" ".join(word for word in hint.split() if word != f"-{YEAR}") for hint in parameter.hints)
    return replace(parameter, hints=tuple(hints))


def _two_dates(
    name: str,
    parameters: Mapping[str, Parameter],
    given: Mapping[str, Sequence[Dataset]],
    datasets: Sequence[Dataset],
    year: int,
) -> dict[str, Recognised]:
    """Return the layers of a parameter and of the one for its earlier date, if there is one."""
    now, then = _undated(parameters[name]), parameters.get(name + BEFORE)
    free = [one for one in datasets if one not in given.get(name + BEFORE, ())]
    meant = _fitting(now, _others(parameters, name), free)
    before = [] if then is None else _fitting(then, _others(parameters, then.name), free)
    dated = [one for one in dict.fromkeys([*meant, *before]) if one.traits.year and _is_meant(now, one)]
    plain = [one for one in meant if one not in dated]
    sorted_out = _by_date(plain, [one for one in before if one not in dated], dated, year)
    found = {name: _only(now.hints, sorted_out.today, sorted_out.doubtful)}
    if then is not None:
        hints = (*then.hints, *now.hints)
        of_kind = [
            [one for one in some if _takes(then, one)] for some in (sorted_out.earlier, sorted_out.doubtful)
        ]
        found[then.name] = _only(hints, *of_kind)
    return found


def _before(
    parameter: Parameter,
    others: Sequence[Parameter],
    today: Sequence[Dataset],
    datasets: Sequence[Dataset],
    year: int,
) -> Recognised:
    """Return the layer of an earlier date than the layers of ``today``, which somebody has named."""
    newest = max((one.traits.year or 0 for one in today), default=0) or year - RECENT_YEARS
    meant = [one for one in _fitting(parameter, others, datasets) if one not in today]
    is_newer = any((one.traits.year or 0) >= newest for one in meant)
    return _only(parameter.hints, meant, meant if is_newer else ())


def _by_date(
    plain: Sequence[Dataset], before: Sequence[Dataset], dated: Sequence[Dataset], year: int
) -> _ByDate:
    """Tell today's layers from earlier ones by the years in their names.

    ``plain`` are those without a year, ``before`` those that are called earlier otherwise. Beside a layer
    without a year an older one is the earlier date; one of the last years may be either, and alone an older
    one is in doubt.
    """
    if not dated:
        return _ByDate([*plain], [*before])
    newest = max(one.traits.year or 0 for one in dated)
    if plain:
        if newest >= year - RECENT_YEARS:
            return _ByDate([], doubtful=[*plain, *dated, *before])
        return _ByDate([*plain], [*before, *dated])
    older = [one for one in dated if one.traits.year != newest]
    if newest > year + RECENT_YEARS or (not older and newest < year - RECENT_YEARS):
        return _ByDate([], doubtful=[*dated, *before])
    return _ByDate([one for one in dated if one not in older], [*before, *older])


def _fitting(parameter: Parameter, rivals: Iterable[Parameter], datasets: Sequence[Dataset]) -> list[Dataset]:
    rivals = list(rivals)
    return [
        one for one in datasets if _is_meant(parameter, one) and _means(parameter, one) > _most(rivals, one)
    ]


def _is_meant(parameter: Parameter, dataset: Dataset) -> bool:
    return _takes(parameter, dataset) and _means(parameter, dataset) > 0


def _takes(parameter: Parameter, dataset: Dataset) -> bool:
    if parameter.kind == "raster":
        return dataset.kind == "raster"
    return dataset.kind in parameter.of or (
        "any" in parameter.of and dataset.kind in ("point", "line", "polygon")
    )


def _means(parameter: Parameter, dataset: Dataset) -> int:
    """Return how many words of its name a layer shares with a hint that it fits, 0 where it fits none.

    One that fits by its fields alone counts as if it shared one.
    """
    return max((named_words(hint) for hint in parameter.hints if dataset.traits.fits(hint)), default=0)


def _most(parameters: Iterable[Parameter], dataset: Dataset) -> int:
    """Return how well a layer fits the parameters that ask for more than a name, such as a year in it."""
    special = (one for one in parameters if _takes(one, dataset) and _means(one, dataset) > 1)
    return max((_means(one, dataset) for one in special), default=0)


def _only(hints: Sequence[str], fitting: Sequence[Dataset], doubtful: Sequence[Dataset] = ()) -> Recognised:
    """Return the one layer that is meant, or those of which it may be any.

    A layer that is called just as a hint goes before those of longer names. One whose name only begins or
    ends with the word of a hint is in doubt, even alone.
    """
    if doubtful:
        return Recognised(doubtful=[*doubtful])
    exact = [one for one in fitting if any(map(one.traits.is_called, hints))]
    meant = exact if len(exact) == 1 else [*fitting]
    if len(meant) == 1 and meant[0].traits.is_surely(hints):
        return Recognised(meant)
    return Recognised(doubtful=exact or [*fitting])


def _first_of(parameter: Parameter, fitting: Sequence[Dataset]) -> Recognised:
    """Return the layer of the first hint that any fits, as :func:`_only` does."""
    for hint in parameter.hints:
        meant = [one for one in fitting if one.traits.fits(hint)]
        if meant:
            return _only(parameter.hints, meant)
    return Recognised()


def _one_per_hint(parameter: Parameter, fitting: Sequence[Dataset], year: int) -> Recognised:
    """Return a layer for each hint, those of hints that several fit only where one is called just so."""
    chosen: list[Dataset] = []
    doubtful: list[Dataset] = []
    for hint in parameter.hints:
        meant = [one for one in fitting if one.traits.fits(hint)]
        plain = [one for one in meant if one.traits.year is None]
        by_date = _by_date(plain, [], [one for one in meant if one not in plain], year)
        exact = [one for one in by_date.today if one.traits.is_called(hint)]
        of_hint = exact if len(exact) == 1 else by_date.today
        if len(of_hint) == 1 and of_hint[0].traits.is_surely(parameter.hints):
            chosen += [one for one in of_hint if one not in chosen]
        else:
            doubtful += [*by_date.doubtful, *of_hint]
    return Recognised(chosen, [one for one in dict.fromkeys(doubtful) if one not in chosen])
