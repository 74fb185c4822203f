"""The finding: one indicator, for one area, under one definition.

``COLUMNS`` is the only schema of every SUMMARY table. It is frozen: algorithms add rows, not columns.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


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


class FindingError(ValueError):
    """A row that is not a finding; the message names the column and what was expected."""


def scale(unit: str) -> float:
    """Return the factor from ``zaehler / nenner`` to a value in ``unit``: 100 for percent, else 1."""
    return 100.0 if unit == "%" else 1.0


def slug(name: str) -> str:
    """Return a name as part of an id: lower case, ASCII, words joined by underscores.

    >>> slug("vorläufig gesichert")
    'vorlaeufig_gesichert'
    """
    plain = name.lower()
    for letter, ascii_letters in {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"}.items():
        plain = plain.replace(letter, ascii_letters)
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_") or "x"


def from_row(row: Mapping[str, object]) -> Finding:
    """Read one table row, with NULL as ``None``, back into a finding.

    Raises
    ------
    FindingError
        If a column is missing, empty where it must not be, or of the wrong kind; if an assessed row
        has no ``zaehler`` and ``nenner``, or its ``wert`` does not follow from them.
    """
    missing = [name for name in COLUMNS if name not in row]
    if missing:
        raise FindingError(f"missing columns: {', '.join(missing)}")
    finding = Finding(**{name: _cell(name, row[name]) for name in COLUMNS})  # type: ignore[arg-type]
    _check(finding)
    return finding


def _cell(name: str, value: object) -> object:
    if value is None or value == "":
        if name in NULLABLE_COLUMNS or name == "basis_einheit":
            return None if name in NULLABLE_COLUMNS else ""
        raise FindingError(f"column {name} is empty")
    try:
        if name in INTEGER_COLUMNS:
            return int(value)  # type: ignore[call-overload]
        if name in NUMBER_COLUMNS:
            return float(value)  # type: ignore[arg-type]
        if name in DATE_COLUMNS:
            return value if isinstance(value, dt.date) else dt.date.fromisoformat(str(value)[:10])
    except (TypeError, ValueError) as error:
        raise FindingError(f"column {name} holds {value!r}") from error
    return str(value)


def _check(finding: Finding) -> None:
    if finding.status not in set(Status):
        raise FindingError(f"column status holds {finding.status!r}")
    if finding.gebiet_art not in set(AreaKind):
        raise FindingError(f"column gebiet_art holds {finding.gebiet_art!r}")
    if not finding.is_assessed:
        return
    if finding.zaehler is None or not finding.nenner:
        raise FindingError("an assessed row needs zaehler and nenner")
    expected = scale(finding.einheit) * finding.zaehler / finding.nenner
    if finding.wert is None or abs(finding.wert - expected) > 1e-6 * max(1.0, abs(expected)):
        raise FindingError(f"wert {finding.wert} does not follow from zaehler and nenner ({expected:g})")
