"""Engine ``stands``: habitats as registers record them → ground of one type, grade and share."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable
from dataclasses import dataclass, field, replace

from qgis.core import QgsFeature, QgsGeometry, QgsProcessingException, QgsProcessingFeedback

from ...i18n import translate
from ...methods.habitats.habitat_types import (
    GOOD,
    NO_GRADE,
    NO_HABITAT,
    LostCodeError,
    Recorded,
    StatusError,
    grade_of,
    shares_of,
    type_code,
)
from ...methods.reading.names import first_few
from ..geometry.coverings import covered_alike
from ..geometry.overlay import difference, dissolve, polygon_parts
from ..geometry.ranks import ranked
from ..geometry.wkb import fingerprint
from ..reading.values import Column, text
from ..running import check_cancelled


@dataclass(frozen=True)
class Stand:
    """Connected ground of one type and grade, of which ``share`` percent (0 to 100) are the type."""

    type: str
    grade: str
    share: float
    shape: QgsGeometry
    rank: int | None = None
    """Its place among those that are not in grade A or B, the one that holds most of its type first."""

    @property
    def area(self) -> float:
        """Square metres of the type."""
        return self.shape.area() * self.share / 100.0


@dataclass
class Stands:
    """All stands, the ground of which nobody says what grows there, and what was found on the way.

    ``told`` counts the polygons ``left_out`` because they are no habitat, the ``repeats`` of another one, and
    those without a share that count ``whole``; ``scaled`` are the hectares whose types were more than 100 %.
    What there was none of is not in it.
    """

    found: list[Stand] = field(default_factory=list)
    unknown: list[QgsGeometry] = field(default_factory=list)
    told: dict[str, float] = field(default_factory=lambda: defaultdict(float))


class Register:
    """A register of habitats: the fields of type and grade by their places, and the column of shares."""

    def __init__(self, type_field: int, grade_field: int | None, shares: Column) -> None:
        self._layer = shares.layer
        self._type_field = type_field
        self._grade_field = grade_field
        self._shares = shares
        self._strange: set[str] = set()

    def stands(
        self, features: Iterable[QgsFeature], types: Container[str], feedback: QgsProcessingFeedback
    ) -> Stands:
        """Return the stands of some types; the log says which grades are none.

        Raises ``QgsProcessingException`` where a type or a grade shows that the field is the wrong one.
        """
        made = Stands()
        records: dict[Recorded, list[QgsGeometry]] = defaultdict(list)
        unknown: list[QgsGeometry] = []
        seen: set[tuple[Recorded | None, str, bytes]] = set()
        for feature in features:
            kind, grade, shape = self._type(feature), self._grade(feature), feature.geometry()
            if kind is not None and kind not in types:
                continue
            share = self._shares.of(feature)
            record = None if kind is None else Recorded(kind, grade, 100.0 if share is None else share)
            key = record, grade, fingerprint(shape)
            if key in seen:
                made.told["repeats"] += 1
                continue
            seen.add(key)
            if grade in NO_HABITAT:
                made.told["left_out"] += 1
            elif record is None:
                unknown.append(shape)
            else:
                records[record].append(shape)
                if share is None and self._shares.index is not None:
                    made.told["whole"] += 1
        self._warn(feedback)
        grounds: dict[Recorded, list[QgsGeometry]] = defaultdict(list)
        in_order = {record: records[record] for record in sorted(records)}
        for together, ground in covered_alike(in_order, lambda: check_cancelled(feedback)):
            shares, is_scaled = shares_of(together)
            if is_scaled:
                made.told["scaled"] += ground.area() / 10_000
            for (kind, grade), share in shares.items():
                grounds[Recorded(kind, grade, share)].append(ground)
        made.found = _with_ranks(
            [Stand(*one, part) for one in sorted(grounds) for part in polygon_parts(dissolve(grounds[one]))]
        )
        known = dissolve(stand.shape for stand in made.found)
        made.unknown = polygon_parts(difference(dissolve(unknown), known))
        return made

    def _type(self, feature: QgsFeature) -> str | None:
        try:
            return type_code(text(feature[self._type_field]))
        except LostCodeError as error:
            message = translate(
                "GrueneInfra",
                "{layer}: “{value}” is no habitat type. A spreadsheet has read 91E0 as a number (91 × 10⁰); "
                "store the codes as text.",
            )
            raise QgsProcessingException(message.format(layer=self._layer, value=error)) from error

    def _grade(self, feature: QgsFeature) -> str:
        said = None if self._grade_field is None else text(feature[self._grade_field])
        try:
            grade = grade_of(said)
        except StatusError as error:
            message = translate(
                "GrueneInfra",
                "{layer}: “{value}” is the status of a habitat type in a biogeographic region (Article 17), "
                "no grade of a stand. Choose the field with A, B and C.",
            )
            raise QgsProcessingException(message.format(layer=self._layer, value=error)) from error
        if grade is None:
            self._strange.add(str(said)[:40])
        return NO_GRADE if grade is None else grade

    def _warn(self, feedback: QgsProcessingFeedback) -> None:
        if self._strange:
            message = translate("GrueneInfra", "{layer}: no grades, taken as missing: {examples}.")
            examples = first_few(sorted(self._strange))
            feedback.pushWarning(message.format(layer=self._layer, examples=examples))


def _with_ranks(stands: list[Stand]) -> list[Stand]:
    """Return all stands, those that are not in grade A or B with their rank and behind the others."""
    good = [stand for stand in stands if stand.grade in GOOD]
    others = [stand for stand in stands if stand.grade not in GOOD]
    ranks = ranked([stand.shape for stand in others], [stand.area for stand in others])
    return good + [replace(stand, rank=rank) for stand, rank in zip(others, ranks, strict=True)]
