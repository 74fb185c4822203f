"""New buildings (HZ 02): which of them have a green roof and are off the sewer, and what is not known.

Unknown is ``None`` everywhere and never taken for a no: a building of which a figure cannot tell lowers its
coverage.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

import numpy as np

from ..findings.thresholds import least, most
from ..reading.word_lists import WordList
from .building_functions import BUILDING_KIND
from .roofs import is_greened

GREEN, DECOUPLED = "gruen", "ab"
"""The figures, as the keys of sums begin."""
NUMBER, AREA = "anzahl", "flaeche"
"""All new buildings by number, and by the area of their footprints."""
FLAT_ONLY, LARGE_ONLY, NO_EXCEPTIONS = "nur_flachdach", "ab_50_m2", "ohne_ausnahmen"
"""Those with a flat roof, those of at least :data:`LARGE_M2`, those that could be kept off the sewer."""
VARIANTS = {GREEN: (NUMBER, AREA, FLAT_ONLY, LARGE_ONLY), DECOUPLED: (NUMBER, AREA, NO_EXCEPTIONS)}
LARGE_M2 = 50.0
"""Size from which on the solar duty of NRW counts a roof [P: SAN-VO NRW, secondary sources]."""
YES, KNOWN, UNKNOWN, ALL = "ja", "bekannt", "unbekannt", "alle"
"""What of a figure's base is greened or decoupled, known, not known; all that is or may be new."""
WAVE_SHARE = 0.05
"""Share of the stock that may be new in a year before a new survey is suspected [A]."""

UNDERGROUND = WordList(["1200", "unter der Erdoberfläche*", "unterirdisch*", "underground*"])
"""How a building under ground is told [P: GeoInfoDok, lageZurErdoberflaeche]."""
PLANNED = WordList(["3000", "geplant*", "planned*"])
"""How a building is told that does not stand yet [P: GeoInfoDok, zustand]."""
PARTLY = WordList(["teilw*", "teils*", "zum Teil*", "anteilig*", "partly*", "partial*"])
"""How it is told that a part of the rain goes to the sewer [A]."""
_OBJECT_KIND = re.compile(r"(\d{5})[_:. -]?\d{4}\D*")


class Drainage(StrEnum):
    """Whether the rain of a building is kept off the sewer; the words of the column ``abgekoppelt``."""

    OFF = "ja"
    PARTLY = "teilweise"
    ON = "nein"


class LeftOut(StrEnum):
    """Why a building does not count; the words of the column ``grund``."""

    STRUCTURE = "Bauwerk"
    UNDERGROUND = "unterirdisch"
    PLANNED = "geplant"
    SMALL = "zu klein"


def left_out(
    area: float, min_area: float, function: str | None, position: str | None, state: str | None
) -> LeftOut | None:
    """Return why a building does not count, ``None`` where it does.

    ``area`` and ``min_area`` are in m²; ``function``, ``position`` and ``state`` as ALKIS tells them, codes
    or words. In the simplified schema a function begins with the kind of object, and structures such as
    bridges lie among the buildings.

    >>> left_out(80.0, 10.0, "51009_1610", None, None), left_out(80.0, 10.0, "31001_1010", "1400", "2200")
    (<LeftOut.STRUCTURE: 'Bauwerk'>, None)
    """
    return _left_out_by_words(function, position, state) or (
        LeftOut.SMALL if area < least(min_area) else None
    )


@lru_cache(maxsize=4096)
def _left_out_by_words(function: str | None, position: str | None, state: str | None) -> LeftOut | None:
    kind = _OBJECT_KIND.fullmatch(function or "")
    if kind is not None and kind[1] != BUILDING_KIND:
        return LeftOut.STRUCTURE
    if (position or "").removesuffix(".0") in UNDERGROUND:
        return LeftOut.UNDERGROUND
    return LeftOut.PLANNED if (state or "").removesuffix(".0") in PLANNED else None


def drainage(off: float | None, word: str | None) -> Drainage | None:
    """Return what is told of a building: ``off`` is 1 for yes, 0 for no, ``word`` the text that says it."""
    if word is not None and word in PARTLY:
        return Drainage.PARTLY
    return None if off is None else Drainage.OFF if off else Drainage.ON


def greened(
    told: float | None, share: float | None, area: float, seen: int | None, built: int
) -> bool | None:
    """Return whether the roof of a building is green, ``None`` where nobody can know.

    Parameters
    ----------
    told : 1 for yes, 0 for no; goes before ``share``, the vegetated share (0 to 1) of ``area`` m².
    seen : year of the images or survey that it was told from, ``None`` where nobody says.
    built : latest year in which the building can have been finished; what was seen before is not its roof.
    """
    if seen is not None and seen < built:
        return None
    if told is not None:
        return bool(told)
    return None if share is None else bool(is_greened(np.array(share), np.array(share * area)))


def is_survey_wave(new: float, stock: float, years: int) -> bool:
    """Return whether more buildings are new than are built: then a new survey may have drawn old ones anew.

    ``new`` of ``stock`` buildings are missing from the earlier date, ``years`` ago.
    """
    return new > most(WAVE_SHARE * max(1, years) * stock)


@dataclass(frozen=True)
class NewBuilding:
    """A building that is new or, with ``is_new`` ``None``, may be; ``area`` is its footprint in m²."""

    is_new: bool | None
    area: float
    is_green: bool | None = None
    is_flat: bool | None = None
    drainage: Drainage | None = None
    is_exception: bool | None = None

    def sum_keys(self) -> Iterator[str]:
        """Yield the keys of sums that it counts under, ``figure.variant.part``."""
        for figure, variants in VARIANTS.items():
            answer = self._answer(figure)
            for variant in variants:
                yield from (f"{figure}.{variant}.{part}" for part in self._parts(variant, answer))

    def _parts(self, variant: str, answer: bool | None) -> tuple[str, ...]:
        belongs = self._belongs(variant)
        if belongs is False:
            return ()
        if not self.is_new or belongs is None or answer is None:
            return ALL, UNKNOWN
        return (ALL, KNOWN, YES) if answer else (ALL, KNOWN)

    def _answer(self, figure: str) -> bool | None:
        if figure == GREEN:
            return self.is_green
        return None if self.drainage is None else self.drainage is Drainage.OFF

    def _belongs(self, variant: str) -> bool | None:
        belongs = {
            FLAT_ONLY: self.is_flat,
            LARGE_ONLY: self.area >= least(LARGE_M2),
            NO_EXCEPTIONS: None if self.is_exception is None else not self.is_exception,
        }
        return belongs.get(variant, True)

    def missing(self) -> str | None:
        """Return what a new building lacks; ``None`` where it lacks nothing, or is not known to be new."""
        if not self.is_new:
            return None
        exempt = self.is_exception is True
        lacks = {
            "Gründach": self.is_green is False,
            "Abkopplung": not exempt and self.drainage in (Drainage.PARTLY, Drainage.ON),
            "Angabe": self.is_green is None or (not exempt and self.drainage is None),
        }
        return ", ".join(what for what, applies in lacks.items() if applies) or None


def is_by_area(key: str) -> bool:
    """Return whether a key of sums stands for m² and not for a number of buildings."""
    return key.split(".")[1] == AREA
