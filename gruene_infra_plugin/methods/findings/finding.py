"""The finding: one indicator, for one area, under one definition.

``COLUMNS`` is the only schema of every SUMMARY table. It is frozen: algorithms add rows, not columns.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from ..parcels.space_types import SPACE_TYPES
from ..reading.names import municipality_key, normal_name, shown_as, word_of


class Status(StrEnum):
    """Where a finding stands; the words are part of the data and are never translated there."""

    NOT_ASSESSABLE = "nicht bewertbar"
    OVERDUE = "Frist abgelaufen"
    NO_TARGET = "Zielwert offen"
    CONTRIBUTION = "Beitrag"
    REACHED = "erreicht"
    GAP = "Lücke"


class AreaKind(StrEnum):
    """What an area of attribution is."""

    REGION = "Region"
    MUNICIPALITY = "Gemeinde"
    SPACE_TYPE = "Raumtyp"
    QUARTER = "Quartier"
    TOTAL = "Gesamt"


PLANNED = "geplant"
"""First part of a ``variante_id`` under which planned areas are measured."""
_SEPARATOR = "; "
_REASON = f"{Status.NOT_ASSESSABLE}: "
"""How the reason begins among the assumptions; the word is data and never translated."""


def joined_notes(notes: Iterable[str], reason: str = "") -> str | None:
    """Return assumptions as one text, before them the ``reason`` why a finding is not assessable."""
    first = [_REASON + reason.replace(";", ",")] if reason else []
    return _SEPARATOR.join([*first, *notes]) or None


def split_notes(assumptions: str | None) -> tuple[str, ...]:
    """Return the single assumptions of a finding."""
    return tuple(part.strip() for part in (assumptions or "").split(";") if part.strip())


MEANS_BY = "target_monitor"
"""The algorithm that computes means."""


@dataclass(frozen=True)
class Finding:
    """One row of a SUMMARY table; the field order is the column order.

    ``zaehler``, ``nenner`` and ``wert`` obey ``wert = scale(einheit) * zaehler / nenner``;
    ``luecke`` is in ``einheit``, ``luecke_abs`` in ``luecke_einheit``, shares are 0 to 100.
    """

    hz: int
    kennzahl_id: str
    variante_id: str
    ist_leitwert: int
    kennzahl: str
    definition: str
    gebiet_art: str
    ags: str | None
    gebiet: str
    raumtyp: str | None
    zaehler: float | None
    nenner: float | None
    basis_einheit: str
    wert: float | None
    einheit: str
    ziel: float | None
    richtung: str | None
    ziel_datum: dt.date | None
    herkunft_ziel: str | None
    luecke: float | None
    luecke_abs: float | None
    luecke_einheit: str
    status: str
    abdeckung_proz: float
    n_objekte: int
    n_ausgelassen: int
    stand_daten: str | None
    annahmen: str | None
    algorithmus: str
    plugin_version: str
    berechnet_am: dt.date

    @property
    def group(self) -> tuple[str, str]:
        """Key by which rows are merged and averaged."""
        return self.kennzahl_id, self.variante_id

    @property
    def is_assessed(self) -> bool:
        return self.status != Status.NOT_ASSESSABLE

    @property
    def is_planned(self) -> bool:
        """Whether the finding is about what is planned and not about what stands."""
        return self.variante_id.partition(".")[0] == PLANNED

    @property
    def notes(self) -> tuple[str, ...]:
        """The single assumptions, without the reason why a finding is not assessable."""
        return tuple(note for note in split_notes(self.annahmen) if not note.startswith(_REASON))

    @property
    def reason(self) -> str:
        """Why the finding is not assessable; empty where it is, or where the row does not say."""
        reasons = (note for note in split_notes(self.annahmen) if note.startswith(_REASON))
        return next(reasons, _REASON).removeprefix(_REASON)


COLUMNS: tuple[str, ...] = tuple(field.name for field in dataclasses.fields(Finding))
INTEGER_COLUMNS = frozenset({"hz", "ist_leitwert", "n_objekte", "n_ausgelassen"})
NUMBER_COLUMNS = frozenset({"zaehler", "nenner", "wert", "ziel", "luecke", "luecke_abs", "abdeckung_proz"})
DATE_COLUMNS = frozenset({"ziel_datum", "berechnet_am"})
NULLABLE_COLUMNS = frozenset(
    {
        "ags", "raumtyp", "zaehler", "nenner", "wert", "ziel", "richtung", "ziel_datum", "herkunft_ziel",
        "luecke", "luecke_abs", "stand_daten", "annahmen",
    }
)  # fmt: skip


LARGEST = 1e15
"""What no figure exceeds: the earth has 5e14 m². Sums of such figures stay finite."""
LARGEST_INTEGER = 2**31 - 1
"""What a column of whole numbers holds."""
DIRECTIONS = (">=", "<=", "<", "=")
"""How a target is meant: at least, at most, less than, exactly."""


class Problem(StrEnum):
    """What is wrong with a row that is not a finding."""

    MISSING = "the column is missing"
    EMPTY = "the column is empty"
    UNREADABLE = "the column holds something it cannot hold"
    NO_BASE = "an assessed row needs zaehler and a nenner above 0"
    NOT_DERIVED = "wert does not follow from zaehler and nenner, which give"
    CONTRADICTORY = "status does not follow from the other columns, which give"


class FindingError(ValueError):
    """A row that is not a finding: the ``column``, the ``problem`` and, where there is one, the ``value``."""

    def __init__(self, problem: Problem, column: str, value: object = None) -> None:
        super().__init__(f"{column}: {problem.value}" + ("" if value is None else f" ({value})"))
        self.problem = problem
        self.column = column
        self.value = value


def is_mean(row: Finding) -> bool:
    """Return whether a row is a mean over other rows, recomputed by each report."""
    return row.algorithmus == MEANS_BY


PER_AREA, PER_REGION = " je Gebiet", " je Region"
"""What ``basis_einheit`` says of a number or size of a whole area, and how it ends for the sum of several."""


def is_total(row: Finding) -> bool:
    """Return whether a figure is a number or size of its whole area: those of several areas add up."""
    return row.einheit != "%" and PER_AREA in row.basis_einheit and row.nenner in (None, 0.0, 1.0)


def is_sum(row: Finding) -> bool:
    """Return whether a row is the sum over other rows, recomputed by each report as means are."""
    return is_mean(row) and row.basis_einheit.endswith(PER_REGION)


def scale(unit: str) -> float:
    """Return the factor from ``zaehler / nenner`` to a value in ``unit``: 100 for percent, else 1."""
    return 100.0 if unit == "%" else 1.0


def slugs(names: Iterable[str]) -> dict[str, str]:
    """Return each name with its form in an id: lower case, ASCII, underscores; all of them different.

    >>> slugs(["vorläufig gesichert", "a-b", "a b"])
    {'vorläufig gesichert': 'vorlaeufig_gesichert', 'a-b': 'a_b', 'a b': 'a_b_2'}
    """
    result: dict[str, str] = {}
    for name in names:
        plain = normal_name(name)
        for letter, ascii_letters in {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"}.items():
            plain = plain.replace(letter, ascii_letters)
        base = slug = re.sub(r"[^a-z0-9]+", "_", plain).strip("_") or "x"
        number = 1
        while slug in result.values():
            number += 1
            slug = f"{base}_{number}"
        result[name] = slug
    return result


def from_row(row: Mapping[str, object]) -> Finding:
    """Read one table row, with NULL as ``None``, back into a finding.

    Raises
    ------
    FindingError
        If a column is missing, empty where it must not be, or holds what it cannot hold; if an assessed
        row has no ``zaehler`` and ``nenner``, or its ``wert`` does not follow from them.
    """
    missing = [name for name in COLUMNS if name not in row]
    if missing:
        raise FindingError(Problem.MISSING, ", ".join(missing))
    finding = Finding(**{name: _cell(name, row[name]) for name in COLUMNS})  # type: ignore[arg-type]
    _check_words(finding)
    _check_ranges(finding)
    if finding.is_assessed:
        _check_value(finding)
    return finding


_WRITTEN_WORDS = {"status": tuple(Status), "gebiet_art": tuple(AreaKind), "raumtyp": tuple(SPACE_TYPES)}
"""Words that a column holds; a Raumtyp may be another one."""


def as_written(row: Mapping[str, object]) -> dict[str, object]:
    """Return a table row with its words and keys as they were written, however another program left them."""
    words = {
        column: word_of(str(row[column]), known) or row[column] for column, known in _WRITTEN_WORDS.items()
    }
    return {**row, **words, "ags": municipality_key(row["ags"] or None)}


def spelled_alike(rows: Iterable[Finding]) -> list[Finding]:
    """Return findings with one spelling for names of areas that only look different."""
    rows = list(rows)
    shown = shown_as(row.gebiet for row in rows)
    return [
        row if shown[row.gebiet] == row.gebiet else dataclasses.replace(row, gebiet=shown[row.gebiet])
        for row in rows
    ]


def _cell(name: str, value: object) -> object:
    if value is None or value == "":
        if name in NULLABLE_COLUMNS or name == "basis_einheit":
            return None if name in NULLABLE_COLUMNS else ""
        raise FindingError(Problem.EMPTY, name)
    try:
        if name in INTEGER_COLUMNS:
            return _integer(value)
        if name in NUMBER_COLUMNS:
            return _number(value)
        if name in DATE_COLUMNS:
            return _date(str(value))
    except (TypeError, ValueError) as error:
        raise FindingError(Problem.UNREADABLE, name, value) from error
    return str(value)


_DATE = re.compile(r"(?P<year>\d{4})[-/](?P<month>\d\d)[-/](?P<day>\d\d)(?:[T ].*)?", re.ASCII)
_GERMAN_DATE = re.compile(r"(?P<day>\d\d?)\.(?P<month>\d\d?)\.(?P<year>\d{4})", re.ASCII)


def _date(text: str) -> dt.date:
    """Return a day as databases, GDAL and German spreadsheets write it."""
    found = _DATE.fullmatch(text) or _GERMAN_DATE.fullmatch(text)
    if found is None:
        raise ValueError(text)
    return dt.date(int(found["year"]), int(found["month"]), int(found["day"]))


def _number(value: object) -> float:
    """Return a number, also as a text with a decimal comma."""
    if isinstance(value, str) and value.count(",") == 1 and "." not in value:
        value = value.replace(",", ".")
    number = float(value)  # type: ignore[arg-type]
    if not abs(number) <= LARGEST:
        raise ValueError(number)
    return number


def _integer(value: object) -> int:
    number = _number(value)
    if number != int(number) or abs(number) > LARGEST_INTEGER:
        raise ValueError(number)
    return int(number)


def _check_words(finding: Finding) -> None:
    allowed: dict[str, Collection[object]] = {
        "status": set(Status),
        "gebiet_art": set(AreaKind),
        "ist_leitwert": (0, 1),
    }
    if finding.ziel is not None:
        allowed["richtung"] = DIRECTIONS
        if finding.herkunft_ziel is None:
            raise FindingError(Problem.EMPTY, "herkunft_ziel")
    for column, words in allowed.items():
        if getattr(finding, column) not in words:
            raise FindingError(Problem.UNREADABLE, column, getattr(finding, column))


def _check_ranges(finding: Finding) -> None:
    if not 0.0 <= finding.abdeckung_proz <= 100.0 + 1e-6:
        raise FindingError(Problem.UNREADABLE, "abdeckung_proz", finding.abdeckung_proz)
    for column in ("n_objekte", "n_ausgelassen", "luecke", "luecke_abs", "nenner"):
        if (getattr(finding, column) or 0) < 0:
            raise FindingError(Problem.UNREADABLE, column, getattr(finding, column))


def _check_value(finding: Finding) -> None:
    if finding.zaehler is None:
        raise FindingError(Problem.NO_BASE, "zaehler")
    if not finding.nenner:
        raise FindingError(Problem.NO_BASE, "nenner", finding.nenner)
    expected = scale(finding.einheit) * finding.zaehler / finding.nenner
    if finding.wert is None or abs(finding.wert - expected) > 1e-6 * max(1.0, abs(expected)):
        raise FindingError(Problem.NOT_DERIVED, "wert", f"{expected:g}")
