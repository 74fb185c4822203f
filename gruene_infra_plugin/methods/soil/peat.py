"""Organic soils: what counts as one, what their use emits, what a higher water table saves."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from ...tables import Purpose, Table
from ..findings.thresholds import least
from ..reading.names import normal_name

PEAT, HALF_PEAT = "moor", "anmoor"
"""Kinds of organic soils; of the second not all are organic soils in the sense of the IPCC."""
SEALED, UNKNOWN = "versiegelt", "unbekannt"
UNSEEN = "versiegelung_unbekannt"
"""Ground of which nobody knows whether it is sealed: whatever its use, what it emits is unknown."""
GRASSLAND, DEEP, SHALLOW = "gruenland", "gruenland_tief", "gruenland_flach"
USES = ("siedlung", "acker", GRASSLAND, "torfabbau", "wald", "nass", "sonstige")
"""Uses of ground; where polygons overlap, the first one counts."""
CLASSES = ("acker", DEEP, SHALLOW, "wald", "siedlung", "nass", "torfabbau", "sonstige")
"""Classes of emission factors."""
DRAINED = frozenset({"acker", GRASSLAND, DEEP, SHALLOW, "siedlung"})
EMISSIONS = Purpose("emission", CLASSES, "t CO2e/(ha·a)", -50.0, 200.0, ("ipcc2013_ar6", "nir2012"))
_PEATY = ("moor", "torf")


class Soil(NamedTuple):
    """An organic soil: its kind, its type as a normal name, its depth to the water table in cm."""

    kind: str
    type: str = ""
    depth: float | None = None

    @property
    def order(self) -> tuple[bool, str, bool, float]:
        """By which of overlapping soils the first counts: peat first, then known depths, lesser first."""
        return self.kind != PEAT, self.type, self.depth is None, self.depth or 0.0


class Use(NamedTuple):
    """What a place is used for, and the class of use that is planned there."""

    use: str
    target: str | None = None

    @property
    def order(self) -> tuple[int, str]:
        """By which of overlapping uses the first counts: sealing, the uses in their order, unknown."""
        ranks = (SEALED, UNSEEN, *USES, UNKNOWN)
        return ranks.index(self.use), self.target or "~"


def may_be_peat(word: str | None) -> bool:
    """Return whether a type of soil that no list knows sounds like peat.

    >>> may_be_peat("Moorstagnogley"), may_be_peat("Braunerde"), may_be_peat(None)
    (True, False, False)
    """
    return word is not None and any(part in normal_name(word) for part in _PEATY)


def class_of(use: str, depth: float | None, shallow: float, unmeasured: str = DEEP) -> str | None:
    """Return the class of emission factors of a use, ``None`` where the use is unknown.

    Parameters
    ----------
    depth : mean depth to the water table in cm, positive down.
    shallow : depth in cm from which on grassland is deeply drained.
    unmeasured : the class of grassland whose depth nobody knows; ``GRASSLAND`` itself has no factor.

    >>> class_of("gruenland", 20, 30), class_of("gruenland", 30, 30), class_of("gruenland", None, 30)
    ('gruenland_flach', 'gruenland_tief', 'gruenland_tief')
    """
    if use == GRASSLAND:
        if depth is None:
            return unmeasured
        return DEEP if depth >= least(shallow) else SHALLOW
    return use if use in USES or use in CLASSES else None


@dataclass(frozen=True)
class Rule:
    """What a higher water table saves: ``tonnes`` CO2e per ha and year for each 10 cm.

    A rise counts from ``deepest`` up to ``highest`` cm below the surface.
    """

    tonnes: float
    highest: float
    deepest: float

    def saved(self, now: float, target: float) -> float:
        """Return the tonnes CO2e per ha and year that a rise from ``now`` to ``target`` saves; both in cm.

        >>> RULES["evans"].saved(60, 10), RULES["couwenberg"].saved(60, 30)
        (9.0, 10.0)
        """
        return self.tonnes * max(0.0, min(now, self.deepest) - max(target, self.highest)) / 10.0


RULES = {"evans": Rule(3.0, 30.0, math.inf), "couwenberg": Rule(5.0, 0.0, 50.0)}
"""Evans et al. 2021 up to 30 cm, what comes above is left out; Couwenberg et al. 2011 from 50 cm on [P]."""


@dataclass(frozen=True)
class Account:
    """One way to draw up emissions, as findings name it: an edition, and what it takes grassland for."""

    key: str
    factors: Table
    unmeasured: str = DEEP
    only_peat: bool = False


@dataclass(frozen=True)
class PerHectare:
    """What a place of one use and depth emits and could save, in t CO2e per ha and year.

    ``factors`` are those of each account by its key, ``by_water`` the savings by each rule; ``None`` is
    unknown. ``by_use`` is what the planned use saves under the first account.
    """

    use: str | None
    target: str | None
    factors: Mapping[str, float | None]
    by_use: float | None
    by_water: Mapping[str, float | None]

    @property
    def saving(self) -> float | None:
        """The saving by which places are ranked: of a higher water table, else of another use."""
        return next((one for one in (*self.by_water.values(), self.by_use) if one is not None), None)


@dataclass(frozen=True)
class Balance:
    """Draws up emissions by several accounts, and savings by several rules; the first ones lead.

    ``shallow`` and ``target`` are depths to the water table in cm: from which on grassland is deeply
    drained, and to which it shall rise.
    """

    accounts: tuple[Account, ...]
    rules: tuple[str, ...]
    shallow: float
    target: float | None

    def of(self, use: Use, depth: float | None) -> PerHectare:
        """Return what is known of a place by its use and its depth to the water table."""
        first = self.accounts[0]
        classes = {one.key: class_of(use.use, depth, self.shallow, one.unmeasured) for one in self.accounts}
        factors = {one.key: one.factors.get(classes[one.key]) for one in self.accounts}
        target = None if use.target is None else class_of(use.target, self.target, self.shallow)
        now, then = factors[first.key], first.factors.get(target)
        known = depth is not None and self.target is not None and use.use != SEALED
        water = {
            name: RULES[name].saved(depth, self.target) if known else None  # type: ignore[arg-type]
            for name in self.rules
        }
        by_use = None if now is None or then is None else now - then
        return PerHectare(classes[first.key], target, factors, by_use, water)


def target_of(word: str | None, kind: str) -> str | None:
    """Return the planned use that a word tells: a class of factors by its name, else a kind; else ``None``.

    >>> target_of("Gruenland_flach", "anderes"), target_of("meadow", "gruenland"), target_of("?", "anderes")
    ('gruenland_flach', 'gruenland', None)
    """
    if word is None:
        return None
    name = normal_name(word)
    return name if name in CLASSES else kind if kind in USES else None
