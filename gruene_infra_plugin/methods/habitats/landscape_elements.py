"""Landscape elements of farmland: what texts say of their kind, how wide they are, and what their law asks.

Sources: GAPKondV § 23 (GLÖZ 8) for the sizes of elements that must be kept; assumed widths [A].
"""

from __future__ import annotations

import math
import re
from types import MappingProxyType

from ..findings.thresholds import least, most
from ..reading.names import plain_name
from ..reading.values import Kind
from ..reading.word_lists import is_told

HEDGE, TREE_ROW, COPSE, TREE = "hecke", "baumreihe", "feldgehoelz", "einzelbaum"
MARGIN, BUFFER, FALLOW, DITCH, BROOK = "feldrain", "pufferstreifen", "brache", "graben", "bach"
WETLAND, WALL, TERRACE, ORCHARD = "feuchtgebiet", "mauer", "terrasse", "streuobst"
UNSAID = "unbekannt"
"""An element of which nobody says which one it is; its law asks nobody knows what."""
STRANGE = "anderes"
"""A word that is told and means none of the kinds; whether it is an element at all is not known."""

_WORDS = MappingProxyType(
    {
        HEDGE: r"hecke|knick|hedge",
        TREE_ROW: r"baumreihe|allee|treerow",
        ORCHARD: r"streuobst|obstwiese|orchard",
        COPSE: r"gehoelz|gebuesch|copse",
        TREE: r"einzelb(?:aum|aeum)|solitaer|kopfb(?:aum|aeum)|kopfweide|^b(?:aum|aeume)$|^trees?$",
        BUFFER: r"pufferstreifen|randstreifen|schutzstreifen|bluehstreifen",
        MARGIN: r"feldrain|feldraender|feldrand|ackerrain|wegrain|^raine?$|saum|saeume",
        FALLOW: r"brache|stilllegung|erzeugunggenommen|fallow",
        WALL: r"mauer|lesestein|steinriegel|steinwall|steinhaufen|drystone",
        TERRACE: r"terrasse|terrace",
        WETLAND: r"feucht(?:gebiet|biotop)|tuempel|teich|weiher|kleingewaesser|^soll$|soelle|wetland|^pond$",
        DITCH: r"graben|graeben|ditch",
        BROOK: r"bach|baeche|fliessgewaesser|stream|brook",
        UNSAID: r"^le$|landschaftselement",
    }
)
"""Words of each kind, the more special ones first."""
KINDS = tuple(_WORDS)
TREES = frozenset({TREE, TREE_ROW, ORCHARD, COPSE})
"""Kinds of which a point without a crown is a tree."""
ASSUMED_WIDTHS = MappingProxyType(
    {
        HEDGE: "HEDGE_WIDTH",
        TREE_ROW: "TREE_ROW_WIDTH",
        DITCH: "DITCH_WIDTH",
        BROOK: "BROOK_WIDTH",
        MARGIN: "MARGIN_WIDTH",
        BUFFER: "MARGIN_WIDTH",
        WALL: "WALL_WIDTH",
    }
)
"""Which assumption holds for lines of a kind; lines of other kinds have no usual width."""
SMALL_TREE_M2 = 10.0
"""Area of a tree in the subsidy law of Baden-Württemberg [P]."""
SPREAD = Kind("width", 0.1, 50)
"""Width of a line or diameter of a crown in metres; what is wider is no element but a placeholder [A]."""

_LEAST_HEDGE_M, _WIDEST_HEDGE_M = 10.0, 15.0
_LEAST_ROW_M = 50.0
_COPSE_M2 = (50.0, 2000.0)
_LARGEST_WETLAND_M2 = 2000.0
_MARGIN_OVER_M = 2.0
_WALL_OVER_M = 5.0


def kind_of_element(value: str | None, layer: str = "") -> str:
    """Return the kind that a text names, else the one that the layer's name does, else ``UNSAID``.

    A told text that names none is ``STRANGE``.

    >>> [kind_of_element(word) for word in ("Hecken oder Knicks (> 20m) CC", "Tree_Row", "LE", "Mais", "-")]
    ['hecke', 'baumreihe', 'unbekannt', 'anderes', 'unbekannt']
    """
    if value is not None and is_told(value):
        return _named(value) or STRANGE
    return _named(layer) or UNSAID


def _named(text: str) -> str | None:
    plain = plain_name(text)
    return next((kind for kind, words in _WORDS.items() if re.search(words, plain)), None)


def crown_radius(area: float, corners: int) -> float:
    """Return the distance in metres from the centre to the corners of a regular polygon of an area in m².

    >>> round(crown_radius(2.0, 4), 9)
    1.0
    """
    return math.sqrt(2 * area / (corners * math.sin(2 * math.pi / corners)))


def crown_diameter(area: float) -> float:
    """Return the diameter in metres of a circle by its area in m²."""
    return math.sqrt(4 * area / math.pi)


def circle_area(diameter: float) -> float:
    """Return the area in m² of a circle by its diameter in metres."""
    return math.pi * diameter**2 / 4


def is_protected_size(kind: str, area: float, width: float) -> bool | None:
    """Return whether an element has a size that GLÖZ 8 protects, ``None`` where its kind is not known.

    Its length is what its area has at its mean width. Kinds that the list of the law does not have, such as
    ditches and fallows, are not protected; single trees are only as natural monuments, which nobody tells.

    Parameters
    ----------
    kind : one of ``KINDS``.
    area : in square metres.
    width : mean width in metres, above 0.

    >>> is_protected_size(HEDGE, 50, 5), is_protected_size(COPSE, 2100, 45), is_protected_size(UNSAID, 9, 3)
    (True, False, None)
    """
    length = area / width
    if kind in (UNSAID, STRANGE):
        return None
    if kind == HEDGE:
        return length >= least(_LEAST_HEDGE_M) and width <= most(_WIDEST_HEDGE_M)
    return {
        TREE_ROW: length >= least(_LEAST_ROW_M),
        COPSE: least(_COPSE_M2[0]) <= area <= most(_COPSE_M2[1]),
        WETLAND: area <= most(_LARGEST_WETLAND_M2),
        MARGIN: width > most(_MARGIN_OVER_M),
        WALL: length > most(_WALL_OVER_M),
        TERRACE: True,
    }.get(kind, False)


def lacking_area(elements: float, base: float, share: float) -> float:
    """Return how many m² of elements a field lacks to a ``share`` in percent (0 to 100) of its ``base``.

    >>> lacking_area(500, 10_000, 10), lacking_area(1500, 10_000, 10)
    (500.0, 0.0)
    """
    return max(0.0, share / 100 * base - elements)
