"""Evidence in words: what is suggested, and what the register keeps of it when it is taken over."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ...catalogue import Figure
from ...register.model import AssignmentRecord, Role, Status
from ...report.numbers import Numbers
from ...spatial.geometry.vertices import Integers, ranges
from .evidence import Evidence, Measured

WHOLE = 100.0
"""From this size on figures are told without decimals."""
MOST_SHOWN = 100
"""Features that the map goes to and that flash."""


@dataclass(frozen=True)
class Suggestion:
    """A goal that a result speaks for in a role, with the evidence by the keys of the parcels.

    ``says`` is the evidence of all of them together. ``shapes`` are features to look at on the map, as WKB in
    the register's CRS: all of them, or some that reach as far as all.
    """

    goal: int
    role: Role
    algorithm: str
    layer: str
    meaning: str
    says: str
    evidence: Mapping[str, str]
    shapes: Sequence[bytes]


def suggestions(
    measured: Measured, assignments: Iterable[AssignmentRecord], language: str, day: dt.date
) -> list[Suggestion]:
    """Return what is still to be assigned, by goal and layer.

    Parcels that have the goal in that role without a project are left out.
    """
    there = {(record.parcel, record.hz, record.role) for record in assignments if record.project is None}
    told = []
    for evidence in measured.evidence:
        goal, role = evidence.result.goal, Role(evidence.result.role)
        still = [place for place, key in enumerate(evidence.keys) if (key, goal, role) not in there]
        if still:
            told.append(_suggestion(evidence, still, _Words(evidence, language, day)))
    return sorted(told, key=lambda one: (one.goal, one.layer, one.meaning))


def _suggestion(evidence: Evidence, places: Sequence[int], words: _Words) -> Suggestion:
    result = evidence.result
    every = np.array(places)
    return Suggestion(
        result.goal,
        Role(result.role),
        result.algorithm,
        evidence.layer,
        words.meaning,
        words.says(every),
        {evidence.keys[place]: words.proof(place) for place in sorted(places, key=evidence.keys.__getitem__)},
        [evidence.shapes[number] for number in _in_sight(evidence, words.features(every))],
    )


def _in_sight(evidence: Evidence, features: Integers) -> list[int]:
    """Return the features to look at: the outermost, then others until there are enough."""
    boxes = evidence.boxes[features]
    outermost = features[[*boxes[:, :2].argmin(axis=0), *boxes[:, 2:].argmax(axis=0)]]
    return list(dict.fromkeys([*outermost.tolist(), *features.tolist()]))[:MOST_SHOWN]


class _Words:
    """Tells evidence in the user's language; ``places`` are numbers of its parcels."""

    def __init__(self, evidence: Evidence, language: str, day: dt.date) -> None:
        self._evidence = evidence
        self._language = language
        self._numbers = Numbers(language)
        self._day = self._numbers.date(day)
        self.meaning = evidence.result.meaning.get(language)

    def features(self, places: Integers) -> Integers:
        """Return the features that count in some parcels, each once."""
        return np.unique(self._evidence.features[self._pairs(places)])

    def _pairs(self, places: Integers) -> Integers:
        first = self._evidence.first
        return ranges(first[places], first[places + 1] - first[places])

    def proof(self, place: int) -> str:
        """Return what the register keeps as evidence of one parcel."""
        result, layer = self._evidence.result, self._evidence.layer
        said = self.says(np.array([place]))
        return f"HZ {result.goal:02d}: {said} ({layer} → {self.meaning}, {self._day})"

    def says(self, places: Integers) -> str:
        """Return what the features in some parcels are and add up to: ``3 Dächer, 1.240 m² flach``."""
        figures = (self._figure(figure, places) for figure in self._evidence.result.figures)
        return ", ".join(part for part in (self._count(places), *figures) if part) or self.meaning

    def _count(self, places: Integers) -> str:
        result = self._evidence.result
        if result.one is None or result.many is None:
            return ""
        count = len(self.features(places))
        text = result.one if count == 1 else result.many
        return text.get(self._language).format(count=self._numbers.number(count))

    def _figure(self, figure: Figure, places: Integers) -> str:
        """Return a figure in words; none where it is zero or unknown."""
        value = self._value(figure, places)
        if not value:
            return ""
        said = self._numbers.quantity(value if value < WHOLE else float(round(value)), figure.unit)
        return figure.text.get(self._language).format(value=said)

    def _value(self, figure: Figure, places: Integers) -> float:
        evidence = self._evidence
        if figure.by in ("area", "length"):
            return float((evidence.areas if figure.by == "area" else evidence.lengths)[places].sum())
        pairs = self._pairs(places)
        values = evidence.values[figure.column][evidence.features[pairs]]
        known = ~np.isnan(values)
        if not known.any():
            return 0.0
        if figure.by == "share":
            return float((values * evidence.shares[pairs])[known].sum())
        return float(values[known].min() if figure.by == "least" else values[known].max())


def records(taken: Iterable[Suggestion]) -> list[AssignmentRecord]:
    """Return new assignments, ideas without a project; evidence for the same one is put together."""
    evidence: dict[tuple[str, int, Role], str] = {}
    algorithms: dict[tuple[int, Role], list[str]] = {}
    for suggestion in taken:
        found = algorithms.setdefault((suggestion.goal, suggestion.role), [])
        if suggestion.algorithm not in found:
            found.append(suggestion.algorithm)
        for key, text in suggestion.evidence.items():
            row = key, suggestion.goal, suggestion.role
            evidence[row] = f"{evidence[row]}; {text}" if row in evidence else text
    return [
        AssignmentRecord(*row, Status.IDEA, evidence=text, algorithm=", ".join(algorithms[row[1:]]))
        for row, text in evidence.items()
    ]
