"""Attributes as values: numbers, texts, yes or no, and columns of one kind whose placeholders are unknown."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from qgis.core import NULL, QgsFeature, QgsProcessingFeedback
from qgis.PyQt.QtCore import QDate, QDateTime, Qt

from ...i18n import translate
from ...methods.reading.days import year_in
from ...methods.reading.names import normal_name, storable, tidied
from ...methods.reading.values import YES_NO, Kind

EXAMPLES = 3
"""How many different values a message shows."""
LONGEST = 40
"""Characters of a value that a message shows."""
_YES = frozenset({"1", "ja", "j", "yes", "y", "true", "wahr", "t", "x"})
_NO = frozenset({"0", "nein", "n", "no", "false", "falsch", "f"})


def number(value: object) -> float | None:
    """Return an attribute as a finite number, ``None`` if it is NULL, text or not finite.

    Texts that hold a number count as that number, with a decimal point or comma.
    """
    if value is None or value == NULL or isinstance(value, bool):
        return None
    if isinstance(value, str) and "_" in value:
        return None  # Python would read 19_98 as 1998
    try:
        result = float(str(value).strip().replace(",", ".")) if isinstance(value, str) else float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        return None
    return result if abs(result) < float("inf") else None


def text(value: object) -> str | None:
    """Return an attribute as trimmed text, a day as ISO text, ``None`` if it is NULL or nothing is seen."""
    if value is None or value == NULL:
        return None
    if isinstance(value, (QDate, QDateTime)):
        value = value.toString(Qt.DateFormat.ISODate)
    trimmed = storable(str(value)).replace("\0", "").strip()  # which databases refuse
    return trimmed if trimmed and (trimmed.isascii() or tidied(trimmed)) else None


def yes_no(value: object) -> float | None:
    """Return an attribute as 1 or 0, ``None`` if it is NULL or says neither yes nor no."""
    plain = normal_name(text(value) or "")
    plain = plain[:-2] if plain.endswith(".0") else plain
    if plain in _YES:
        return 1.0
    return 0.0 if plain in _NO else None


@dataclass
class Column:
    """One field of a layer, read as values of a kind; counts what is filled in and none of them.

    ``index`` is ``None`` where there is no such field: then nothing is known.
    """

    layer: str
    field: str
    kind: Kind
    index: int | None = None
    strange: int = 0
    examples: list[str] = dataclasses.field(default_factory=list)

    def of(self, feature: QgsFeature) -> float | None:
        """Return the value of a feature, ``None`` where it is unknown."""
        return None if self.index is None else self.value(feature[self.index])

    def value(self, given: object) -> float | None:
        """Return an attribute as a value of the kind, of a day its year, ``None`` where it is unknown."""
        value = yes_no(given) if self.kind is YES_NO else number(given)
        if value is None and self.kind.name == "year":
            value = year_in(text(given))
        if value is not None and self.kind.admits(value):
            return value
        if (said := text(given)) is not None:
            self._note(said[:LONGEST])
        return None

    def _note(self, said: str) -> None:
        self.strange += 1
        said = said.removesuffix(".0")
        if said not in self.examples and len(self.examples) < EXAMPLES:
            self.examples.append(said)

    def report(self, feedback: QgsProcessingFeedback) -> None:
        """Say how many values are none of the kind, and which for example."""
        if self.strange:
            message = translate(
                "GrueneInfra", "{layer}, {field}: {count} values are no {kind} ({examples}): unknown."
            )
            examples = ", ".join(self.examples)
            counts = {"count": self.strange, "kind": _words(self.kind), "examples": examples}
            feedback.pushWarning(message.format(layer=self.layer, field=self.field, **counts))


def _words(kind: Kind) -> str:
    """Return what a message calls a value of the kind, after “no”."""
    return {
        "year": translate("GrueneInfra", "year"),
        "slope": translate("GrueneInfra", "slope in degrees"),
        "height": translate("GrueneInfra", "height in metres"),
        "storeys": translate("GrueneInfra", "number of storeys"),
        "share": translate("GrueneInfra", "share in percent"),
        "width": translate("GrueneInfra", "width in metres"),
        "people": translate("GrueneInfra", "number of residents"),
        "water_depth": translate("GrueneInfra", "depth to the water table in cm"),
        "hectares": translate("GrueneInfra", "area in hectares"),
        "yes_no": translate("GrueneInfra", "yes or no"),
    }[kind.name]
