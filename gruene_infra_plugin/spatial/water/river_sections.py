"""Sections of a river survey: each metre once, in the worst class, and the bad stretches that they form."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from qgis.core import QgsGeometry

from ...methods.reading.names import normal_name
from ...methods.reading.word_lists import is_told
from ...methods.water.stretches import Stretches, ranks, stretches
from ...methods.water.structure_class import GOOD
from ..geometry.line_sections import Section, each_metre_once, ends


@dataclass(frozen=True)
class Surveyed:
    """One section as surveyed: its class, name and key as written, 1 or 0 for whether it is reported.

    What is not known is ``None``, or a word that stands for that.
    """

    line: QgsGeometry
    grade: int | None
    name: str | None = None
    key: str | None = None
    reported: float | None = None

    @property
    def called(self) -> str | None:
        """The name of the water or, without one, its key."""
        return next(filter(is_told, (self.name, self.key)), None)

    @property
    def water(self) -> str:
        """What sections of the same water share: its key or, without one, its name."""
        return normal_name(next(filter(is_told, (self.key, self.name)), None) or "")

    @property
    def place(self) -> tuple[object, ...]:
        """The worst class first, the unknown one last; of equal ones what is reported, what has a name."""
        reported = -1.0 if self.reported is None else self.reported
        drawn = QgsGeometry(self.line)
        drawn.normalize()
        outline = bytes(drawn.asWkb())
        return -(self.grade or 0), -reported, not self.water, self.water, self.called or "", outline


class Stretch(NamedTuple):
    """A bad stretch: its length in metres, how many of its ends meet a good section, its rank from 1."""

    length: float
    good_ends: int
    rank: int


@dataclass(frozen=True)
class Repeats:
    """How many sections lie wholly and partly on others, and how many of these have another class."""

    whole: int
    partly: int
    conflicts: int

    @property
    def any(self) -> bool:
        """Whether any section lies on another one."""
        return self.whole + self.partly > 0


class Rivers:
    """Sections of which something counts, with that; the worst class has what several of them cover."""

    def __init__(self, surveyed: Iterable[Surveyed], bad_from: float, pulse: Callable[[], None]) -> None:
        ordered = sorted(surveyed, key=lambda section: section.place)
        found = each_metre_once([section.line for section in ordered], pulse)
        self.repeats = _repeats(ordered, found)
        kept = [
            (section, one.rest) for section, one in zip(ordered, found, strict=True) if not one.rest.isEmpty()
        ]
        self.sections = [section for section, _ in kept]
        self.rests = [rest for _, rest in kept]
        self.stretches = self._stretches(bad_from)
        boxes = [section.line.boundingBox() for section in self.sections]
        west, south = (np.array([getattr(box, side)() for box in boxes]) for side in ("xMinimum", "yMinimum"))
        self.rank = ranks(self.stretches, west, south)

    def __iter__(self) -> Iterator[tuple[Surveyed, QgsGeometry, Stretch | None]]:
        """Yield each section, what of it counts, and the bad stretch that it is part of, if any."""
        for section, rest, number in zip(self.sections, self.rests, self.stretches.of, strict=True):
            yield section, rest, self._stretch(number) if number >= 0 else None

    def _stretch(self, number: int) -> Stretch:
        found = self.stretches
        return Stretch(float(found.length[number]), int(found.good_ends[number]), int(self.rank[number]))

    def _stretches(self, bad_from: float) -> Stretches:
        grades = np.array([section.grade or 0 for section in self.sections])
        lengths = np.array([rest.length() for rest in self.rests])
        waters = np.unique([section.water for section in self.sections], return_inverse=True)[1]
        number, place = ends([section.line for section in self.sections])
        good = (grades > 0) & (grades <= GOOD)
        return stretches(number, place, waters, lengths, grades >= bad_from, good)


def _repeats(sections: Sequence[Surveyed], found: Sequence[Section]) -> Repeats:
    repeated = [(section, one) for section, one in zip(sections, found, strict=True) if one.under]
    whole = sum(one.rest.isEmpty() for _, one in repeated)
    conflicts = sum(
        section.grade is not None and any(sections[other].grade != section.grade for other in one.under)
        for section, one in repeated
    )
    return Repeats(whole, len(repeated) - whole, conflicts)
