"""What a row of an office's list says: key, goals, role, status, and what cannot be taken of it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar

from ..i18n import translate
from ..methods.parcels.parcel_area import area_readings
from ..methods.reading.names import plain_name
from ..methods.reading.values import whole_number
from ..spatial.reading.lists import ListTable
from ..spatial.reading.sheets import Uncomputed
from ..spatial.reading.values import yes_no
from .keys import KeyForm, KeyProblem, KeyRefusedError, ParcelKey, parcel_key
from .model import Role, Status

_Word = TypeVar("_Word", bound=StrEnum)
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?(?:[eE][+-]?\d+)?")
_GOAL_WORD = re.compile(r"(?i)\b(?:hz|handlungsziel)[\s.]*(?=\d)")
_WHOLE = re.compile(r"(\d+)[.,]0+")
_BETWEEN_GOALS = re.compile(r"[;,+&|\s]+(?:und\s+)?")
_GOAL_COLUMN = re.compile(r"(?:hz|handlungsziel)0*(\d{1,2})")
_TOTAL = re.compile(
    r"(?i)\W*(?:(?:zwischen|teil|gesamt|end)?summen?|(?:ins)?gesamt|total)\b(?P<more>.*)", re.S
)
_SPOILED_LENGTH = 10
"""Characters from which on a number was a whole Flurstückskennzeichen once [A]."""


@dataclass(frozen=True)
class Refusal:
    """Why a row cannot be taken: the column, what it holds, the reason in words for people."""

    row: int
    column: str
    value: str
    reason: str


@dataclass(frozen=True, slots=True)
class Said:
    """What a list says of one parcel; ``None`` where it says nothing."""

    goals: tuple[int, ...] = ()
    role: Role | None = None
    status: Status | None = None
    project: str | None = None
    evidence: str | None = None
    note: str | None = None
    area_m2: float | None = None
    algorithm: str | None = None


@dataclass
class ListedRow:
    """One row of the list; ``key`` is ``None`` where what was delivered cannot be one."""

    number: int
    delivered: str
    key: ParcelKey | None
    said: Said
    refusals: list[Refusal] = field(default_factory=list)


@dataclass(frozen=True)
class Layout:
    """Where the list keeps what: places of columns, ``None`` for none.

    ``goal_columns`` are columns named after a goal each, with yes or no in them, where there is no
    column that lists goals. ``divided`` says that the key's parts stand in columns of their own.
    """

    key: int
    goals: int | None
    goal_columns: Mapping[int, int]
    role: int | None = None
    status: int | None = None
    project: int | None = None
    evidence: int | None = None
    note: int | None = None
    area: int | None = None
    algorithm: int | None = None
    divided: bool = False

    @property
    def merged_with_key(self) -> list[int]:
        """Columns whose cells offices merge beside a merged key."""
        return [place for place in (self.role, self.status, self.project) if place is not None]

    @property
    def prose(self) -> set[int | None]:
        """Columns with words of any kind."""
        return {self.project, self.evidence, self.note}


def goal_columns(columns: Sequence[str]) -> dict[int, int]:
    """Return the columns named after a goal, such as ``HZ 19``: goal by place."""
    named = {place: _GOAL_COLUMN.fullmatch(plain_name(name)) for place, name in enumerate(columns)}
    return {place: int(match[1]) for place, match in named.items() if match}


def read_rows(
    table: ListTable, layout: Layout, goals: Collection[int], *, fill_down: bool = False
) -> Iterator[ListedRow]:
    """Yield what the rows say, without those that are empty.

    ``fill_down`` gives a row without key the one above, up to the next empty row or row of totals, and
    where they are empty its role, status and project too.
    """
    above: _Row | None = None
    for line, cells in table.rows:
        row = _Row(table, layout, line, cells)
        total = row.total()
        if total is not None:
            above = None
            row.refuse(total, translate("GrueneInfra", "a row of totals, no parcel"))
            yield ListedRow(line, "", None, Said(), row.refusals)
        elif any(cells):
            above = row if row.cell(layout.key) else above
            if fill_down and above is not None:
                row.fill_from(above)
            yield row.listed(goals)
        else:
            above = None


class _Row:
    """Reads the cells of one row and collects what cannot be taken."""

    def __init__(self, table: ListTable, layout: Layout, line: int, cells: Sequence[str]) -> None:
        self.table, self.layout, self.line, self.cells = table, layout, line, cells
        self.refusals: list[Refusal] = []

    def cell(self, place: int | None) -> str:
        return "" if place is None or place >= len(self.cells) else self.cells[place]

    def refuse(self, place: int, reason: str) -> None:
        if isinstance(self.cell(place), Uncomputed):
            reason = translate(
                "GrueneInfra",
                "a formula without its value: open the file in a spreadsheet program and store it again",
            )
        value = told(self.cell(place)[:40])
        self.refusals.append(Refusal(self.line, self.table.columns[place], value, reason))

    def total(self) -> int | None:
        """Return the place of a word such as Summe, Gesamt or Total in a row without key, else ``None``."""
        if self.cell(self.layout.key):
            return None
        for place, cell in enumerate(self.cells[: len(self.table.columns)]):
            match = _TOTAL.fullmatch(cell)
            if match and (place not in self.layout.prose or not re.search(r"\w", match["more"])):
                return place
        return None

    def fill_from(self, above: _Row) -> None:
        """Take the key of the row above, and where they are empty what offices merge beside it."""
        places = [self.layout.key, *self.layout.merged_with_key]
        cells = [*self.cells, *[""] * (max(places) + 1 - len(self.cells))]
        for place in places:
            cells[place] = cells[place] or above.cell(place)
        self.cells = cells

    def listed(self, goals: Collection[int]) -> ListedRow:
        """Read the whole row; ``goals`` are those of the strategy."""
        self.check_width()
        delivered = self.cell(self.layout.key)
        key = self.key(delivered)
        return ListedRow(self.line, delivered, key, self.said(goals), self.refusals)

    def check_width(self) -> None:
        """Refuse what stands to the right of the last column."""
        beyond = [cell for cell in self.cells[len(self.table.columns) :] if cell]
        if beyond:
            reason = translate(
                "GrueneInfra", "more cells than columns: a cell with the separator in it must stand in quotes"
            )
            self.refusals.append(Refusal(self.line, "", told(beyond[0][:40]), reason))

    def key(self, delivered: str) -> ParcelKey | None:
        if delivered.startswith("="):
            self.refuse(self.layout.key, translate("GrueneInfra", "a formula, no Flurstückskennzeichen"))
            return None
        try:
            key = parcel_key(delivered)
        except KeyRefusedError as error:
            self.refuse(self.layout.key, _key_reason(error.problem))
            return None
        reason = None if key.form == KeyForm.ALKIS else self._no_whole_key(key.key)
        if reason is None:
            return key
        self.refuse(self.layout.key, reason)
        return None

    def _no_whole_key(self, key: str) -> str | None:
        """Return why a key that is not of ALKIS form cannot be taken, ``None`` if it can."""
        spoiled = _NUMBER.fullmatch(key)
        if self.layout.divided and not (spoiled and len(key) >= _SPOILED_LENGTH):
            return translate(
                "GrueneInfra",
                "only a part of the key beside Gemarkung or Flur; the whole Flurstückskennzeichen is needed",
            )
        if spoiled:
            return translate(
                "GrueneInfra",
                "a number, no Flurstückskennzeichen: leading zeros are lost and only 15 digits are kept"
                " unless the column is formatted as text",
            )
        return None

    def said(self, known: Collection[int]) -> Said:
        layout = self.layout
        return Said(
            tuple(sorted(self._goals(known))),
            self._word(layout.role, Role),
            self._word(layout.status, Status),
            self._name(layout.project),
            self._prose(layout.evidence),
            self._prose(layout.note),
            self._area(layout.area),
            self._prose(layout.algorithm),
        )

    def _name(self, place: int | None) -> str | None:
        given = self.cell(place)
        if place is not None and isinstance(given, Uncomputed):
            self.refuse(place, "")
            return None
        return self._prose(place)

    def _prose(self, place: int | None) -> str | None:
        """Return words of any kind; a formula without a value has none."""
        given = self.cell(place)
        if place is None or not given or isinstance(given, Uncomputed):
            return None
        if _has_control(given):
            self.refuse(place, _control_reason())
            return None
        return given

    def _goals(self, known: Collection[int]) -> set[int]:
        place = self.layout.goals
        if place is None:
            return self._marked(known)
        if _has_control(self.cell(place)):
            self.refuse(place, _control_reason())
            return set()
        found = goals_in(self.cell(place))
        unknown = None if found is None else sorted(found - set(known))
        if not found:
            self.refuse(place, translate("GrueneInfra", "no number of a Handlungsziel, nor a list of them"))
        elif unknown:
            self._refuse_goal(place, unknown[0])
        return (found or set()) & set(known)

    def _marked(self, known: Collection[int]) -> set[int]:
        marked = set()
        for place, goal in self.layout.goal_columns.items():
            mark = yes_no(self.cell(place))
            if self.cell(place) and mark is None:
                self.refuse(place, translate("GrueneInfra", "neither yes nor no"))
            elif mark and goal not in known:
                self._refuse_goal(place, goal)
            elif mark:
                marked.add(goal)
        if not marked and not self.refusals:
            self.refuse(self.layout.key, translate("GrueneInfra", "no Handlungsziel is marked"))
        return marked

    def _refuse_goal(self, place: int, goal: int) -> None:
        message = translate("GrueneInfra", "the strategy has no Handlungsziel {goal}")
        self.refuse(place, message.format(goal=goal))

    def _word(self, place: int | None, words: type[_Word]) -> _Word | None:
        given = self.cell(place)
        if place is None or not given:
            return None
        found = next((word for word in words if plain_name(word) == plain_name(given)), None)
        if found is None:
            message = translate("GrueneInfra", "must be one of {words}")
            self.refuse(place, message.format(words=", ".join(words)))
        return found

    def _area(self, place: int | None) -> float | None:
        given = self.cell(place)
        if place is None or not given:
            return None
        readings = area_readings(given)
        if len(readings) > 1:
            self.refuse(place, translate("GrueneInfra", "thousands or decimals: write it without the point"))
        elif not readings or readings[0] < 0:
            self.refuse(place, translate("GrueneInfra", "no area in m²"))
        else:
            return readings[0]
        return None


def told(cell: str) -> str:
    """Return what a cell holds so that it can be said: a control character may end a message."""
    return "".join("\ufffd" if _is_control(sign) else sign for sign in cell) if _has_control(cell) else cell


def _has_control(cell: str) -> bool:
    """Say whether a cell holds signs that no text has, and that not every database stores."""
    return not cell.isprintable() and any(map(_is_control, cell))


def _is_control(sign: str) -> bool:
    return sign not in "\t\n\r" and unicodedata.category(sign) in ("Cc", "Cs")


def _control_reason() -> str:
    return translate("GrueneInfra", "a control character in it")


def goals_in(cell: str) -> set[int] | None:
    """Return the goals that a cell lists, ``None`` if it holds anything else.

    >>> sorted(goals_in("HZ 2, 19; 22"))
    [2, 19, 22]
    """
    text = _GOAL_WORD.sub("", cell).strip()
    whole = _WHOLE.fullmatch(text)
    parts = [whole[1]] if whole else [part for part in _BETWEEN_GOALS.split(text) if part]
    goals = [whole_number(part) for part in parts]
    known = {goal for goal in goals if goal is not None}
    return None if None in goals else known


def _key_reason(problem: KeyProblem) -> str:
    return {
        KeyProblem.EMPTY: translate(
            "GrueneInfra", "no key; of merged cells only the first one holds it (FILL_DOWN fills the others)"
        ),
        KeyProblem.TOO_LONG: translate("GrueneInfra", "longer than 64 characters"),
        KeyProblem.NO_DIGIT: translate("GrueneInfra", "no digit in it"),
        KeyProblem.CONTROL: _control_reason(),
    }[problem]
