"""What a strategy for green infrastructure consists of: Leitthemen, Handlungsziele, Raumtypen, targets.

Everything is frozen and plain Python. ``loader`` builds it from YAML and checks it; nothing here does.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from ..bilingual import Text

Direction = Literal[">=", "<=", "<", "="]
Scope = Literal["region", "everywhere", "inner_city"]
Origin = Literal["S", "P", "A", "kommunal"]
Measurability = Literal["Z", "V", "O", "R"]

_Part = TypeVar("_Part")


@dataclass(frozen=True)
class Leitthema:
    """One guiding theme; ``title`` and ``subtitle`` are official names, ``number`` is what is printed."""

    id: str
    number: str
    title: Text
    subtitle: Text | None

    def label(self, language: str) -> str:
        """Return number and title, for example ``I · Lebenswerte Metropole Ruhr``."""
        return f"{self.number} · {self.title.get(language)}"


@dataclass(frozen=True)
class Raumtyp:
    """One type of space; ``id`` is the word used in the column ``raumtyp``."""

    id: str
    title: Text
    summary: Text


@dataclass(frozen=True)
class Assignment:
    """Which Leitthemen and Raumtypen one Handlungsziel serves, and who says so."""

    leitthemen: tuple[str, ...]
    raumtypen: tuple[str, ...]
    origin: Origin
    note: Text | None


@dataclass(frozen=True)
class Handlungsziel:
    """One goal. ``title.de`` is the official title, ``agreements`` sum up what was agreed.

    ``measurability`` is the strongest thing the goal says: ``Z`` a figure, ``V`` a figure in words
    ("none", "all"), ``O`` a value still to be set, ``R`` nothing geometry can measure.
    """

    number: int
    title: Text
    short_title: Text
    measurability: Measurability
    agreements: tuple[Text, ...]
    assignment: Assignment | None

    @property
    def leitthemen(self) -> tuple[str, ...]:
        """Ids of the Leitthemen it serves; empty where nobody has assigned any."""
        return self.assignment.leitthemen if self.assignment else ()

    @property
    def raumtypen(self) -> tuple[str, ...]:
        """Ids of the Raumtypen it applies to; empty where nobody has assigned any."""
        return self.assignment.raumtypen if self.assignment else ()

    def group_label(self, language: str) -> str:
        """Return the name of its toolbox group, for example ``HZ 19 · Fließgewässer und Auen``."""
        return f"HZ {self.number:02d} · {self.short_title.get(language)}"


@dataclass(frozen=True)
class Baseline:
    """Where a target starts from, in the unit of the target; ``year`` only where the source states it."""

    value: float
    year: int | None
    origin: Origin
    source: str
    note: Text | None


@dataclass(frozen=True)
class Target:
    """One figure to be met: ``value`` in ``unit`` (shares in percent, 0 to 100), and where it comes from.

    ``scope`` says who owes it: ``region`` only the region as a whole (one municipality contributes),
    ``everywhere`` every area looked at, ``inner_city`` every inner city. ``zone`` narrows a regional
    target to a part of the region. ``date`` is the last day on which it can still be met.
    """

    id: str
    hz: int
    indicator: Text
    value: float
    unit: str
    direction: Direction
    date: datetime.date | None
    scope: Scope
    zone: Text | None
    origin: Origin
    source: str
    note: Text | None
    baseline: Baseline | None


@dataclass(frozen=True)
class Municipality:
    """One municipality of the region: official key (AGS), name, and area in hectares where it is known."""

    ags: str
    name: str
    area_ha: float | None = None


@dataclass(frozen=True)
class Strategy:
    """A whole strategy; the parts are ordered by number, targets and presets by their goal.

    ``targets`` are in force. ``presets`` are published values for goals whose figure the strategy leaves
    open: they count only once a user picks one. ``municipalities`` may be empty: nobody has listed them.
    """

    id: str
    name: Text
    region: str
    edition: str
    source: str
    leitthemen: tuple[Leitthema, ...]
    raumtypen: tuple[Raumtyp, ...]
    goals: tuple[Handlungsziel, ...]
    targets: tuple[Target, ...]
    presets: tuple[Target, ...]
    municipalities: tuple[Municipality, ...] = ()

    def goal(self, number: int) -> Handlungsziel:
        """Return the Handlungsziel of that number. Raises KeyError if there is none."""
        return _find(self.goals, "number", number)

    def leitthema(self, leitthema_id: str) -> Leitthema:
        """Return the Leitthema of that id. Raises KeyError if there is none."""
        return _find(self.leitthemen, "id", leitthema_id)

    def raumtyp(self, raumtyp_id: str) -> Raumtyp:
        """Return the Raumtyp of that id. Raises KeyError if there is none."""
        return _find(self.raumtypen, "id", raumtyp_id)

    def target(self, target_id: str) -> Target:
        """Return the target of that id, for example ``hz19.aue``. Raises KeyError if there is none."""
        return _find(self.targets, "id", target_id)

    def preset(self, preset_id: str) -> Target:
        """Return the preset of that id, for example ``hz24.kris_abfluss``. Raises KeyError if none."""
        return _find(self.presets, "id", preset_id)

    def targets_of(self, number: int) -> tuple[Target, ...]:
        """Return the targets in force for one goal; empty means ``Zielwert offen``."""
        return tuple(target for target in self.targets if target.hz == number)

    def presets_of(self, number: int) -> tuple[Target, ...]:
        """Return the published values a user may pick for one goal."""
        return tuple(preset for preset in self.presets if preset.hz == number)

    def goals_of_leitthema(self, leitthema_id: str) -> tuple[Handlungsziel, ...]:
        """Return the goals assigned to a Leitthema. Raises KeyError for an unknown one."""
        leitthema = self.leitthema(leitthema_id)
        return tuple(goal for goal in self.goals if leitthema.id in goal.leitthemen)

    def goals_of_raumtyp(self, raumtyp_id: str) -> tuple[Handlungsziel, ...]:
        """Return the goals assigned to a Raumtyp. Raises KeyError for an unknown one."""
        raumtyp = self.raumtyp(raumtyp_id)
        return tuple(goal for goal in self.goals if raumtyp.id in goal.raumtypen)


def _find(parts: Iterable[_Part], attribute: str, key: Any) -> _Part:
    for part in parts:
        if getattr(part, attribute) == key:
            return part
    raise KeyError(key)
