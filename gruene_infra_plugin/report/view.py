"""Arranges findings by goal, indicator and definition for the report."""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from ..methods.findings.finding import AreaKind, Finding, Status, is_mean, is_sum
from ..methods.findings.targets import AreaKeys
from ..methods.findings.trend import Trends
from ..strategy import Handlungsziel, Strategy
from .figures import Figures, severity
from .maps import MapFile
from .means import ARITHMETIC_BASE
from .model import (
    Aim,
    Block,
    Figure,
    Goal,
    Heading,
    Indicator,
    MapImage,
    Report,
    StatusTally,
    SummaryRow,
    Variant,
)
from .texts import Texts

WHOLE = frozenset({AreaKind.REGION, AreaKind.TOTAL})
MOST_HEADS = 3
"""So many areas are shown large where no figure stands for the whole."""
MOST_BLANKS = 5
"""So many areas without a value are lines of a table; more of them are listed below it."""
MOST_LINES = 4
_KIND_ORDER = (
    AreaKind.REGION, AreaKind.TOTAL, AreaKind.MUNICIPALITY, AreaKind.SPACE_TYPE, AreaKind.QUARTER,
)  # fmt: skip
_JUDGED = frozenset({Status.REACHED, Status.GAP, Status.OVERDUE})


def report_order(row: Finding) -> tuple:
    """Return the sort key of findings: goal, those with a target first, indicator, headline, area."""
    indicator = (row.ziel is None, row.kennzahl_id)
    return row.hz, *indicator, not row.ist_leitwert, row.variante_id, *_area_order(row)


def _area_order(row: Finding) -> tuple:
    """Return the sort key of areas: the whole before its parts, measured before averaged, then by name."""
    return (
        _KIND_ORDER.index(AreaKind(row.gebiet_art)),
        is_mean(row),
        is_mean(row) and row.basis_einheit != ARITHMETIC_BASE,
        is_sum(row),
        _alphabetical(row.gebiet),
        row.ags or "",
        row.raumtyp or "",
    )


def _alphabetical(name: str) -> str:
    """Return a name without accents, so that Ü stands beside U."""
    return unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()


def build_report(
    rows: Sequence[Finding],
    strategy: Strategy,
    heading: Heading,
    texts: Texts,
    maps: Sequence[MapFile] = (),
    trends: Trends | None = None,
) -> Report:
    """Return the report on ``rows``, which hold the newest finding per definition and area, and the means.

    ``trends`` are what earlier dates tell of the rows.
    """
    return _View(rows, strategy, heading, texts, maps, trends).report()


class _View:
    def __init__(
        self,
        rows: Sequence[Finding],
        strategy: Strategy,
        heading: Heading,
        texts: Texts,
        maps: Sequence[MapFile],
        trends: Trends | None,
    ) -> None:
        self.rows = sorted(rows, key=report_order)
        self.strategy = strategy
        self.heading = heading
        self.texts = texts
        self.figures = Figures(texts, trends)
        self.maps = sorted(maps, key=lambda image: image.name)
        self.found = _grouped(self.rows, "hz")
        self.area_of = AreaKeys(self.rows)
        self.namesakes = Counter(name for name, _ in {(row.gebiet, self.area_of(row)) for row in self.rows})

    def report(self) -> Report:
        texts, language = self.texts, self.texts.language
        goals = [goal for goal in self.strategy.goals if goal.number in self.found]
        missing = [goal for goal in self.strategy.goals if goal.number not in self.found]
        statuses = {goal.number: self._statuses(self.found[goal.number]) for goal in goals}
        worst = [min(statuses[goal.number], key=severity) for goal in goals]
        areas = {self.area_of(row) for row in self.rows if not is_mean(row)}
        return Report(
            title=self.heading.title or texts("title"),
            region=self.heading.region or self.strategy.region,
            strategy=f"{self.strategy.name.get(language)}, {self.strategy.edition}",
            as_of=self.figures.numbers.date(self.heading.as_of),
            plugin_version=self.heading.plugin_version,
            content=texts(
                "findings.count", rows=sum(not is_mean(row) for row in self.rows), areas=len(areas)
            ),
            municipalities=self.heading.municipalities,
            remarks=tuple(_parted(line) for line in self.heading.remarks),
            sources=tuple(_parted(line) for line in self.heading.sources),
            sources_lead=texts("sources.lead.layers" if self.heading.is_of_layers else "sources.lead"),
            overview=self.figures.tally(worst, absent=len(missing)),
            lead=texts("overview.lead", found=len(goals), goals=len(self.strategy.goals)),
            goals=tuple(self._goal(goal) for goal in goals),
            missing=tuple(self._goal(goal) for goal in missing),
            badges=self.figures.badges(),
            maps=tuple(
                image.load() for image in self.maps if image.goal not in {goal.number for goal in goals}
            ),
            has_courses=any(map(self.figures.has_course, self.rows)),
        )

    def _goal(self, goal: Handlungsziel) -> Goal:
        language = self.texts.language
        rows = self.found.get(goal.number, [])
        badge = self.figures.worst(self._statuses(rows)) if rows else None
        images: tuple[MapImage, ...] = ()
        if rows:
            images = tuple(image.load() for image in self.maps if image.goal == goal.number)
        indicators = tuple(self._indicator(part) for part in _grouped(rows, "kennzahl_id").values())
        return Goal(
            anchor=f"hz{goal.number:02d}",
            label=f"HZ {goal.number:02d}",
            title=goal.title.get(language),
            themes=tuple(self.strategy.leitthema(theme).label(language) for theme in goal.leitthemen),
            themes_assumed=bool(goal.assignment and goal.assignment.origin == "A"),
            agreements=tuple(text.get(language) for text in goal.agreements),
            badge=badge,
            aims=tuple(self.figures.agreed(target) for target in self.strategy.targets_of(goal.number)),
            indicators=indicators,
            summary=tuple(row for indicator in indicators for row in _summary(indicator)),
            maps=images,
        )

    def _area(self, row: Finding) -> str:
        """Return the name of a row's area, with key or kind where another area has the same name."""
        if self.namesakes[row.gebiet] == 1:
            return row.gebiet
        kind, key, raumtyp = self.area_of(row)
        return " · ".join(dict.fromkeys(part for part in (row.gebiet, kind, key, raumtyp) if part))

    def _statuses(self, rows: Sequence[Finding]) -> list[str]:
        """Return the statuses that decide how a goal stands: those of its headline figures."""
        statuses: list[str] = []
        for indicator in _grouped(rows, "kennzahl_id").values():
            for block in self._headline_groups(indicator):
                statuses += [row.status for row in _heads(block) or block]
        return statuses

    def _headline_groups(self, rows: Sequence[Finding]) -> list[list[Finding]]:
        """Return the rows of every definition that is a headline somewhere, else of the first one."""
        groups = list(_grouped(rows, "variante_id").values())
        for group in groups:
            group.sort(key=_area_order)
        return [group for group in groups if any(row.ist_leitwert for row in group)] or groups[:1]

    def _indicator(self, rows: Sequence[Finding]) -> Indicator:
        groups = self._headline_groups(rows)
        leading = {group[0].variante_id for group in groups}
        others = [group for key, group in _grouped(rows, "variante_id").items() if key not in leading]
        variants = tuple(self._variant(number, group) for number, group in enumerate(others))
        assumptions = tuple(dict.fromkeys(note for row in rows if not is_mean(row) for note in row.notes))
        areas = dict.fromkeys(self._area(row) for group in others for row in group)
        known = {self._area(row) for group in others for row in group if row.is_assessed}
        blanks = [area for area in areas if area not in known]
        if len(blanks) <= MOST_BLANKS:
            blanks = []
        reasons = {area: [f.reason for v in variants if (f := v.figures.get(area))] for area in blanks}
        return Indicator(
            name=rows[0].kennzahl,
            badge=self.figures.worst(self._statuses(rows)),
            blocks=tuple(self._block(group, assumptions) for group in groups),
            variants=variants,
            areas=tuple(area for area in areas if area not in blanks),
            blanks=_by_reason(reasons),
            dependence=self._dependence([*groups, *others]),
            assumptions=assumptions,
            sources=self._shortened(self.figures.sources(rows)),
        )

    def _block(self, rows: Sequence[Finding], assumptions: Sequence[str]) -> Block:
        """Return the figures of one definition; what ``assumptions`` say already is not repeated."""
        axis = self.figures.axis(rows)
        heads = _heads(rows)
        parts = [row for row in rows if row not in heads]
        blanks = [row for row in parts if not row.is_assessed]
        if len(blanks) <= MOST_BLANKS:
            blanks = []
        return Block(
            heads=tuple(
                _without(self.figures.figure(row, self._area(row), axis), assumptions) for row in heads
            ),
            parts=tuple(
                self.figures.figure(row, self._area(row), axis) for row in parts if row not in blanks
            ),
            blanks=tuple(self.figures.figure(row, self._area(row), axis) for row in blanks),
            definitions=self._definitions(parts),
            tally=self.figures.tally([row.status for row in parts]) if len(parts) > 1 else None,
            scale=self.figures.scale(axis, rows[0].einheit),
        )

    def _variant(self, number: int, rows: Sequence[Finding]) -> Variant:
        axis = self.figures.axis(rows)
        aims: list[Aim | None] = [self.figures.aim(row) for row in rows]
        return Variant(
            letter=_letters(number),
            definitions=self._definitions(rows),
            aim=aims[0] if all(aim == aims[0] for aim in aims) else None,
            figures={self._area(row): self.figures.figure(row, self._area(row), axis) for row in rows},
        )

    def _definitions(self, rows: Sequence[Finding]) -> tuple[str, ...]:
        """Return how measured rows word their definition."""
        return self._shortened(tuple(dict.fromkeys(row.definition for row in rows if not is_mean(row))))

    def _shortened(self, lines: tuple[str, ...]) -> tuple[str, ...]:
        if len(lines) <= MOST_LINES:
            return lines
        return (*lines[:MOST_LINES], self.texts("and_others", count=len(lines) - MOST_LINES))

    def _dependence(self, groups: Sequence[Sequence[Finding]]) -> str:
        """Say so where the definitions of an indicator lead to different verdicts on the whole."""
        worst = [min((row.status for row in _heads(group) or group), key=severity) for group in groups]
        judged = [status for status in worst if status in _JUDGED]
        if len(set(judged)) < 2:
            return ""
        parts = [
            self.texts("variants.status", count=number, word=badge.word)
            for badge, number in self.figures.tally(judged).counts
        ]
        return self.texts("variants.depends", statuses=", ".join(parts))


def _grouped(rows: Sequence[Finding], column: str) -> Mapping:
    groups: dict = defaultdict(list)
    for row in rows:
        groups[getattr(row, column)].append(row)
    return groups


def _without(figure: Figure, notes: Sequence[str]) -> Figure:
    return replace(figure, notes=tuple(note for note in figure.notes if note not in notes))


def _summary(indicator: Indicator) -> list[SummaryRow]:
    """Return the large figures of an indicator, and the tally of its areas where that adds a verdict."""
    lines: list[tuple[Figure | None, StatusTally | None]] = []
    for block in indicator.blocks:
        lines += [(figure, None) for figure in block.heads]
        if block.tally and (not block.heads or block.tally.has_verdicts):
            lines.append((None, block.tally))
    return [
        SummaryRow("" if number else indicator.name, figure, tally)
        for number, (figure, tally) in enumerate(lines)
    ]


def _heads(rows: Sequence[Finding]) -> list[Finding]:
    """Return the rows to be shown large: those for the whole, else all where they are few, else none."""
    whole = [row for row in rows if row.gebiet_art in WHOLE]
    if whole:
        return whole
    return list(rows) if len(rows) <= MOST_HEADS else []


def _by_reason(reasons: Mapping[str, Sequence[str]]) -> Mapping[str, tuple[str, ...]]:
    """Return the areas of each reason, or of several that hold for an area."""
    found: dict[str, list[str]] = defaultdict(list)
    for area, some in reasons.items():
        found["; ".join(dict.fromkeys(some))].append(area)
    return {reason: tuple(areas) for reason, areas in found.items()}


def _letters(number: int) -> str:
    """Return A to Z, then AA, AB and so on."""
    first, last = divmod(number, 26)
    return (chr(ord("A") + first - 1) if first else "") + chr(ord("A") + last)


def _parted(line: str) -> tuple[str, str]:
    """Return what stands before the first colon of a line, and what stands behind it."""
    what, _, why = line.partition(": ")
    return what, why
