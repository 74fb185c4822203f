"""Engine ``known_results``: results of analyses known by their columns, and when they count for a parcel."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from qgis.core import QgsExpression, QgsExpressionContext, QgsFeature, QgsFields

from ...catalogue import KnownResult, load_entry
from ...methods.findings.thresholds import least
from ..geometry.shared_areas import Floats
from ..reading.usual_fields import result_columns, with_whole_names
from ..reading.values import number


def recognised(fields: QgsFields, results: Iterable[KnownResult]) -> list[KnownResult]:
    """Return those of the results all of whose columns are among the fields."""
    return [r for r in results if len(result_columns(fields, r.columns)) == len(r.columns)]


class Filter:
    """A QGIS expression on the features of one layer; an empty one lets all through.

    Columns may be those of a result that came as a Shapefile, which has cut their names.
    """

    def __init__(self, text: str, fields: QgsFields) -> None:
        self._text = text
        self._expression = QgsExpression(text)
        self._context = QgsExpressionContext()
        names = sorted(self._expression.referencedColumns()) if text else []
        known = result_columns(fields, names)
        self.columns = names
        self.unknown = [name for name in names if name not in known]
        """Columns that the layer does not have."""
        fields = with_whole_names(fields, names)
        self._context.setFields(fields)
        self.places = sorted(self._expression.referencedAttributeIndexes(fields)) if text else []
        if text:
            self._expression.prepare(self._context)

    @property
    def error(self) -> str:
        """Why the text is no expression, or the last feature could not be asked; empty for neither."""
        if not self._text:
            return ""
        return (self._expression.parserErrorString() or self._expression.evalErrorString()).strip()

    def keeps(self, feature: QgsFeature) -> bool:
        """Say whether a feature counts; one that cannot be asked does not, and ``error`` says why."""
        if not self._text:
            return True
        self._context.setFeature(feature)
        holds = self._expression.evaluate(self._context)
        return not self._expression.hasEvalError() and (holds is True or bool(number(holds)))


@dataclass(frozen=True)
class Thresholds:
    """How much of a result must lie in a parcel to count: m², percent of the parcel, metres of line [A]."""

    min_area: float
    min_share: float
    min_length: float

    @classmethod
    def usual(cls) -> Thresholds:
        """Return those that hold where nobody chooses others."""
        usual = load_entry("parcel_potential").default
        return cls(usual("MIN_AREA"), usual("MIN_SHARE"), usual("MIN_LENGTH"))

    def reached(self, parcels: Floats, areas: Floats, lengths: Floats) -> NDArray[np.bool_]:
        """Return where enough lies in a parcel.

        ``parcels`` are the square metres of each, ``areas`` and ``lengths`` have the shape (parcels, goals).
        """
        needed = np.maximum(self.min_area, self.min_share / 100 * parcels)[:, None]
        is_long = (lengths > 0) & (lengths >= least(self.min_length))
        return ((areas > 0) & (areas >= least(needed))) | is_long
