"""What the tree shows, in the user's language: goals, below them their figures. No widgets."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

from ...i18n import translate
from ...methods.findings.finding import Finding
from ...report.figures import Figures, severity
from ...report.model import Aim, Badge, Figure
from ...report.numbers import NARROW_SPACE
from ...report.texts import Texts
from ...strategy import Handlungsziel, Strategy
from .bars import Bar, bar_of
from .changes import Change
from .overview import AreaKey, Overview

OUTDATED = "↻"
MOST_ELSEWHERE = 12
"""So many figures of other areas stand below a goal that has none in the chosen one."""
ABSENT = "absent"
Outdating = Callable[[Finding], tuple[Change, ...]]


@dataclass(frozen=True)
class Row:
    """One row of the tree; ``key`` finds it again after the findings were read anew."""

    goal: int
    key: tuple
    name: str
    badge: Badge
    figure: str
    bar: Bar | None
    changes: tuple[Change, ...]
    tip: str
    children: tuple[Row, ...] = ()
    note: str = ""
    reason: str = ""
    """Why the figure is not assessable; empty where it is."""

    @property
    def is_missing(self) -> bool:
        """Whether there is nothing to show, or something that is outdated."""
        return self.badge.key == ABSENT or bool(self.changes)

    @property
    def state(self) -> str:
        """The status in words, with what is to be said of its age."""
        return self.badge.word + (f" · {OUTDATED} {outdated_word()}" if self.changes else "")

    @property
    def spoken(self) -> str:
        """All of the row as one sentence for a screen reader."""
        outdated = outdated_word() if self.changes else ""
        words = (self.name, self.badge.word, self.reason, self.figure, outdated)
        return ", ".join(word for word in words if word)


def not_assessable(reason: str) -> str:
    """Return that a figure is not assessable, and why, as a sentence."""
    return translate("GrueneInfra", "Not assessable: {reason}.").format(reason=reason)


def outdated_word() -> str:
    return translate("GrueneInfra", "outdated")


def when(moment: dt.datetime, language: str) -> str:
    """Return a moment as the user's clock shows it."""
    local = moment.astimezone()
    return f"{Figures(Texts(language)).numbers.date(local.date())}, {local:%H:%M}"


def outdated_text(change: Change, language: str) -> str:
    """Return which layer changed when, as a sentence."""
    text = translate("GrueneInfra", "{glyph} Outdated: the layer “{layer}” was changed on {when}.")
    return text.format(glyph=OUTDATED, layer=change.name, when=when(change.when, language))


class RowMaker:
    """Makes the rows of the tree; ``outdating`` returns the changes that a finding does not know of."""

    def __init__(self, overview: Overview, outdating: Outdating, language: str) -> None:
        self.overview = overview
        self.outdating = outdating
        self.language = language
        self.texts = Texts(language)
        self.figures = Figures(self.texts)

    def rows(self, strategy: Strategy, area: AreaKey | None) -> list[Row]:
        """Return one row per goal, by number."""
        return [self.goal(goal, area) for goal in strategy.goals]

    def goal(self, goal: Handlungsziel, area: AreaKey | None) -> Row:
        """Return the row of a goal, which stands as its most critical figure does."""
        name = f"{goal.number} · {goal.short_title.get(self.language)}"
        found = self.overview.of_goal(goal.number, area)
        if not found:
            none = Badge(ABSENT, "·", self.texts("overview.none"))
            tip = _paragraphs([f"<b>{escape(goal.title.get(self.language))}</b>", none.word])
            return Row(goal.number, (goal.number,), name, none, "", None, (), tip)
        elsewhere = self.overview.area(found[0]) != area
        note = ""
        if elsewhere and len(found) > MOST_ELSEWHERE:
            note = translate(
                "GrueneInfra",
                "The {count} most critical of {all} figures in other areas. "
                "Choose an area to see all of its own.",
            ).format(count=MOST_ELSEWHERE, all=len(found))
            worst = sorted(range(len(found)), key=lambda place: severity(found[place].status))
            found = tuple(found[place] for place in sorted(worst[:MOST_ELSEWHERE]))
        children = tuple(self.child(row, with_area=elsewhere) for row in found)
        leading = min(range(len(found)), key=lambda place: severity(found[place].status))
        shown = children[leading]
        return Row(
            goal.number,
            (goal.number,),
            name,
            shown.badge,
            shown.figure,
            shown.bar,
            tuple(dict.fromkeys(change for child in children for change in child.changes)),
            f"<p><b>{escape(goal.title.get(self.language))}</b></p>{escape(note)}{shown.tip}",
            children if len(children) > 1 or elsewhere else (),
            note,
            shown.reason,
        )

    def child(self, row: Finding, *, with_area: bool) -> Row:
        """Return the row of one figure; ``with_area`` where it is not about the chosen area."""
        area = self.overview.area(row)
        parts = (row.kennzahl, self.overview.areas[area] if with_area else "", row.raumtyp or "")
        name = " · ".join(dict.fromkeys(part for part in parts if part))
        changes, figure = self.outdating(row), self.figures.figure(row, row.gebiet, None)
        return Row(
            row.hz,
            (row.hz, row.kennzahl_id, area, row.raumtyp or ""),
            name,
            figure.badge,
            self._in_words(row, figure),
            bar_of(row),
            changes,
            self._tip(row, figure, name, changes),
            reason=figure.reason,
        )

    def _in_words(self, row: Finding, figure: Figure) -> str:
        """Return value and target such as ``9,5 % von 15 %`` or ``120 m², höchstens 0 m²``."""
        value = f"{figure.value}{NARROW_SPACE}{figure.unit}" if figure.unit else figure.value
        if figure.aim is None:
            return value
        if row.richtung != ">=":
            return f"{value}, {figure.aim.phrase}"
        target = self.figures.numbers.quantity(row.ziel, self.texts.unit(row.einheit))
        return translate("GrueneInfra", "{value} of {target}").format(value=value, target=target)

    def _tip(self, row: Finding, figure: Figure, name: str, changes: Sequence[Change]) -> str:
        lines = [f"<b>{escape(name)}</b> · {escape(row.gebiet)}"]
        lines += [self._outdated(change) for change in changes]
        if figure.reason:
            lines.append(escape(not_assessable(figure.reason)))
        lines += [escape(text) for text in (row.definition, self._target(figure.aim), figure.basis)]
        if figure.gap:
            lines.append(escape(self.texts("gap.sentence", gap=", ".join(figure.gap))))
        lines += [escape(note) for note in (self._others(row), *row.notes)]
        lines += [escape(source) for source in self.figures.sources([row])]
        return _paragraphs(lines)

    def _target(self, aim: Aim | None) -> str:
        if aim is None:
            return self.texts("target.none")
        goal = translate("GrueneInfra", "Target: {target}").format(target=f"{aim.phrase} {aim.date}".strip())
        return f"{goal} ({aim.origin})"

    def _others(self, row: Finding) -> str:
        """Return how the same indicator stands by other definitions, nothing where there are none."""
        found = self.overview.other_definitions(row)
        if not found:
            return ""
        tally = self.figures.tally([other.status for other in found])
        counts = ", ".join(f"{number} × {badge.word}" for badge, number in tally.counts)
        return translate("GrueneInfra", "By other definitions: {counts}").format(counts=counts)

    def _outdated(self, change: Change) -> str:
        return f"<i>{escape(outdated_text(change, self.language))}</i>"


def _paragraphs(lines: Sequence[str]) -> str:
    return "".join(f"<p>{line}</p>" for line in lines if line)
