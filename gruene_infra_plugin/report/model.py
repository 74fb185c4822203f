"""What the report shows: every text in the reader's language, nothing escaped yet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from .svg import Svg


@dataclass(frozen=True)
class Heading:
    """What the report is about; ``title`` and ``region`` may be empty and then come from the strategy."""

    as_of: dt.date
    plugin_version: str
    title: str = ""
    region: str = ""
    municipalities: str = ""
    """How many of the region's municipalities have findings; empty where no finding is about one."""
    remarks: tuple[str, ...] = ()
    """What was not measured and why, an analysis each."""
    sources: tuple[str, ...] = ()
    """What is to be known of the packages and tables that the findings are from, or the layers, one each."""
    is_of_layers: bool = False
    """Whether the sources are layers, and no packages and tables."""


@dataclass(frozen=True)
class Badge:
    """A status as class name, glyph and word; any one of the three is enough to tell it from the others."""

    key: str
    glyph: str
    word: str


@dataclass(frozen=True)
class Aim:
    """A target: short for tables, as a phrase for cards, with the mark of its origin."""

    short: str
    phrase: str
    date: str
    mark: str
    origin: str


@dataclass(frozen=True)
class Course:
    """How a figure went over its dates: a line where they can be compared, and what there is to say.

    ``brief`` is rate and year alone, for tables.
    """

    line: Svg | None
    words: tuple[str, ...]
    brief: tuple[str, ...]


@dataclass(frozen=True)
class Figure:
    """One finding.

    ``gap`` holds the gap in the unit of the value and, where it says more, the absolute one; ``reach`` is
    the coverage in a few words, ``basis`` the same with all counts; ``reason`` says why there is no value;
    ``course`` is what its earlier dates tell, ``None`` where there is only one.
    """

    area: str
    value: str
    unit: str
    aim: Aim | None
    gap: tuple[str, ...]
    badge: Badge
    bar: Svg
    definition: str
    coverage: str
    reach: str
    basis: str
    reason: str
    notes: tuple[str, ...]
    course: Course | None


@dataclass(frozen=True)
class Variant:
    """One definition of an indicator: a letter to refer to it, its wording, its figures by area."""

    letter: str
    definitions: tuple[str, ...]
    aim: Aim | None
    figures: Mapping[str, Figure]


@dataclass(frozen=True)
class StatusTally:
    """How many figures stand where, as a bar and in words."""

    bar: Svg
    counts: tuple[tuple[Badge, int], ...]

    @property
    def total(self) -> int:
        return sum(number for _, number in self.counts)

    @property
    def has_verdicts(self) -> bool:
        """Whether any of the figures was judged against its target."""
        return any(badge.key in ("reached", "gap", "overdue") for badge, _ in self.counts)


@dataclass(frozen=True)
class Block:
    """The figures of one definition: large ones for the whole, a table for the parts.

    ``blanks`` are parts without a value that are only listed, because they would make the table long.
    """

    heads: tuple[Figure, ...]
    parts: tuple[Figure, ...]
    blanks: tuple[Figure, ...]
    definitions: tuple[str, ...]
    tally: StatusTally | None
    scale: tuple[str, str] | None


@dataclass(frozen=True)
class Indicator:
    """One indicator under its headline definitions and, for comparison, under all others.

    ``areas`` are those with a value under one of the other definitions, ``blanks`` those with none by why.
    """

    name: str
    badge: Badge
    blocks: tuple[Block, ...]
    variants: tuple[Variant, ...]
    areas: tuple[str, ...]
    blanks: Mapping[str, tuple[str, ...]]
    dependence: str
    assumptions: tuple[str, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True)
class SummaryRow:
    """One line of the overview: a large figure, or the tally of many areas that have none.

    Of the lines that share an indicator, only the first has its ``name``.
    """

    name: str
    figure: Figure | None
    tally: StatusTally | None


@dataclass(frozen=True)
class MapImage:
    """A map as a ``data:`` address, with its caption."""

    address: str
    caption: str


@dataclass(frozen=True)
class Goal:
    """One Handlungsziel with everything found about it."""

    anchor: str
    label: str
    title: str
    themes: tuple[str, ...]
    themes_assumed: bool
    agreements: tuple[str, ...]
    badge: Badge | None
    aims: tuple[str, ...]
    indicators: tuple[Indicator, ...]
    summary: tuple[SummaryRow, ...]
    maps: tuple[MapImage, ...]


@dataclass(frozen=True)
class Report:
    """The whole report."""

    title: str
    region: str
    strategy: str
    as_of: str
    plugin_version: str
    content: str
    municipalities: str
    overview: StatusTally
    lead: str
    goals: tuple[Goal, ...]
    missing: tuple[Goal, ...]
    badges: tuple[Badge, ...]
    maps: tuple[MapImage, ...]
    has_courses: bool
    """Whether there is a line over time, which the legend then explains."""
    remarks: tuple[tuple[str, str], ...]
    """Analyses that were not possible, and why."""
    sources: tuple[tuple[str, str], ...]
    """Packages, tables and definitions, and what is to be known of them, or analyses with their layers."""
    sources_lead: str
