"""Kinds of protected areas and stages of the habitat network: what texts say, and which kinds count together.

Sources: BNatSchG §§ 23–32, LNatSchG NRW §§ 30–42; RVR, indicator Schutzgebiete (narrow choice); NRW,
sustainability indicator 15.1.c (land); the wide choice [A].
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from types import MappingProxyType

from ..reading.names import digits_of, normal_name, plain_name
from ..reading.word_lists import is_told

NSG, NP, PROCESS, GB, FFH, VSG = "NSG", "NP", "PROZESS", "GB", "FFH", "VSG"
RAMSAR, GLB, ND, LSG, PARK = "RAMSAR", "GLB", "ND", "LSG", "NATURPARK"
STRICTEST_FIRST = (NSG, NP, PROCESS, GB, FFH, VSG, RAMSAR, GLB, ND, LSG, PARK)
OTHER = "SONSTIGE"
"""A kind that is told and none of these."""
UNKNOWN = "unbekannt"
"""A kind that nobody tells; it may be any."""

_WORDS = MappingProxyType(
    {
        NSG: r"\bnsg\b|naturschutzgebiet",
        NP: r"\bnp\b|nationalpark",
        PROCESS: r"prozess(?:schutz|\b)|wildnis|naturwald",
        GB: r"\bgb\b|geschuetzt\w*biotop|§(?:30|42)(?!\d)",
        FFH: r"\bffh|faunaflorahabitat",
        VSG: r"\bvsg\b|\bspa\b|vogelschutz",
        RAMSAR: r"ramsar|feuchtgebiet\w*international",
        GLB: r"\bglb\b|geschuetzt\w*landschaftsbestandteil",
        ND: r"\bnd\b|\bfnd\b|naturdenkm",
        LSG: r"\blsg\b|landschaftsschutzgebiet",
        PARK: r"\bntp\b|naturpark",
    }
)
_NOT_IN_FORCE = re.compile(r"geplant|vorschl|vorgeschlagen|ehemalig|aufgehoben|potenziell|potentiell|entwurf")

NARROW = frozenset({NSG, PROCESS, GB, NP})
LAND = frozenset({NSG, NP, FFH, VSG})
WIDE = NARROW | {FFH, VSG, RAMSAR, GLB, ND}
WITH_LSG = "weit_lsg"
CHOICES = MappingProxyType({"eng": NARROW, "land": LAND, "weit": WIDE, WITH_LSG: WIDE | {LSG}})
"""Which kinds count together, by the name of the choice."""
NEEDED = MappingProxyType(
    {
        "eng": (NSG, GB),
        "land": (NSG, FFH, VSG),
        "weit": (NSG, GB, FFH, VSG),
        WITH_LSG: (NSG, GB, FFH, VSG, LSG),
    }
)
"""Kinds without which a choice is a lower bound."""
BASES = ("gemeinde", "verbund", "flaeche")
"""Protected ground in the network against all ground and against the network, and all protected ground."""
STAGES = ("I", "II")
"""Stages of the habitat network, the higher one first."""


def kinds_in(text: str) -> tuple[str, ...]:
    """Return all kinds that a text names, the strictest first; none where they are not in force.

    >>> kinds_in("GeschuetzteBiotope"), kinds_in("FFH- und Vogelschutzgebiet"), kinds_in("NSG (geplant)")
    (('GB',), ('FFH', 'VSG'), ())
    """
    words = f"{_spaced(text)} {plain_name(text)}"
    if _NOT_IN_FORCE.search(words):
        return ()
    return tuple(kind for kind in STRICTEST_FIRST if re.search(_WORDS[kind], words))


def kinds_told(value: str | None, layer: str) -> tuple[str, ...]:
    """Return the kinds of a site: those that its ``value`` names, else the one that its layer's name does.

    One of a told kind that is none of these is :data:`OTHER`; where nobody tells, and where the layer names
    several, it is :data:`UNKNOWN`.
    """
    if value is not None and is_told(value):
        return kinds_in(value) or (OTHER,)
    named = kinds_in(layer)
    return named if len(named) == 1 else (UNKNOWN,)


def missing_kinds(choice: str, known: Collection[str | None]) -> list[str]:
    """Return which kinds a choice needs and lacks."""
    return [kind for kind in NEEDED[choice] if kind not in known]


def stage_in(text: str | None) -> str | None:
    """Return the stage of the habitat network that a text names, ``None`` where it names none or both.

    >>> stage_in("Stufe 1"), stage_in("besondere Bedeutung"), stage_in("2.0"), stage_in("-")
    ('I', 'II', 'II', None)
    """
    if text is None or not is_told(text):
        return None
    words = _spaced(digits_of(text) or text)
    high, low = (re.search(pattern, words) for pattern in (r"\b(i|1)\b|herausragend", r"\b(ii|2)\b|besonder"))
    return None if bool(high) == bool(low) else STAGES[0] if high else STAGES[1]


@dataclass(frozen=True)
class Protection:
    """What holds on a piece of ground: kinds of protection, and stages of the network (``None``: unknown)."""

    labels: frozenset[str | None]

    @property
    def kinds(self) -> list[str]:
        """The kinds, the strictest first."""
        return [kind for kind in (*STRICTEST_FIRST, UNKNOWN) if kind in self.labels]

    @property
    def in_network(self) -> bool:
        return not self.labels.isdisjoint((*STAGES, None))

    @property
    def stage(self) -> str | None:
        return next((stage for stage in STAGES if stage in self.labels), None)

    @property
    def is_open(self) -> bool:
        """Whether it is ground of the network that is surely under no kind of the wide choice."""
        return self.in_network and self.labels.isdisjoint((*WIDE, UNKNOWN))

    @property
    def order(self) -> tuple[int, int]:
        """What open pieces come first by: they before others, the higher stage before the lower."""
        return int(not self.is_open), STAGES.index(self.stage) if self.stage else len(STAGES)

    def columns(self) -> dict[str, object]:
        """Return what result columns say of it."""
        kinds = self.kinds
        return {
            "schutzart": kinds[0] if kinds else None,
            "schutzarten": "; ".join(kinds) or None,
            "im_verbund": int(self.in_network),
            "stufe": self.stage,
        }

    def keys(self) -> Iterator[str]:
        """Yield the keys under which its ground is summed up.

        Where its kind is unknown and no other one decides, they begin with ``unbekannt_``.
        """
        for choice, kinds in CHOICES.items():
            counts = not self.labels.isdisjoint(kinds)
            if counts or UNKNOWN in self.labels:
                for base in BASES if self.in_network else BASES[2:]:
                    yield f"{base}_{choice}" if counts else f"unbekannt_{base}_{choice}"
        if self.in_network:
            yield "verbund"
            yield from {"I": ["stufe_1"], None: ["ohne_stufe"]}.get(self.stage, ())


def _spaced(text: str) -> str:
    """Return a text in small letters whose words are parted by single blanks."""
    return " ".join(re.sub(r"[\W_]+", " ", normal_name(text)).split())
