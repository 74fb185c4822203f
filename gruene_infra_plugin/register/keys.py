"""Flurstückskennzeichen: one normal form for the ways in which offices write them.

Source of the form: GeoInfoDok 7.1, AX_Flurstueck, attribute ``flurstueckskennzeichen``: 20 characters,
Land (2), Gemarkung (4), Flur (3), Zähler (5), Nenner (4), Folge (2); what is empty is filled with ``_``.

Two forms are read. Compact: every field in its full width, spaces at most between fields. In parts: separated
by spaces or hyphens, the Nenner by a slash or like the parts before it, each padded to its width. What can be
read in more than one way stays as it was delivered: a wrong key would be the valid key of another parcel.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from ..methods.reading.names import plain_signs

MAX_LENGTH = 64
_QUOTES = "\"'`´‘’‚“”„«»‹›"
_LAND, _GEMARKUNG, _FLUR, _ZAEHLER, _NENNER = 2, 4, 3, 5, 4
# Two digits after the Zähler are a Folge or a cut Nenner: a Folge needs the Nenner's place filled.
_COMPACT = re.compile(r"(\d{2}) *(\d{4}) *(\d{3}|___) *(\d{5}) *(?:(\d{4}|____) *(\d{2}|__)?)?[_ ]*")
_SEPARATED = re.compile(
    r"(?P<land>\d{2})[ -]*(?P<gemarkung>\d{4})(?P<gap_flur>[ -]+)(?P<flur>\d{1,3})"
    r"(?P<gap_zaehler>[ -]+)(?P<zaehler>\d{1,5})"
    r"(?:(?P<gap_nenner> */ *|[ -]+)(?P<nenner>\d{1,4})(?: *[-.] *(?P<folge>\d{2}))?)?[_ ]*"
)


class KeyForm(StrEnum):
    """Whether a key has the ALKIS form or stays as it was delivered."""

    ALKIS = "ALKIS"
    OTHER = "wie geliefert"


class KeyProblem(StrEnum):
    """Why something is no key."""

    EMPTY = "the key is empty"
    TOO_LONG = "the key is longer than 64 characters"
    NO_DIGIT = "the key holds no digit"
    CONTROL = "the key holds a control character"


class KeyRefusedError(ValueError):
    """Something that cannot be a Flurstückskennzeichen; ``problem`` says why."""

    def __init__(self, problem: KeyProblem, delivered: str) -> None:
        super().__init__(f"{problem.value}: {delivered[:80]!r}")
        self.problem = problem
        self.delivered = delivered


@dataclass(frozen=True)
class ParcelKey:
    """The normalised key, its form, and the key as it was delivered (at most 64 characters)."""

    key: str
    form: KeyForm
    delivered: str


def parcel_key(delivered: object) -> ParcelKey:
    """Normalise a key to the 20 characters of ALKIS; what has another form is trimmed and upper-cased.

    >>> parcel_key("05 1234-007-00012/0003").key
    '051234007000120003__'
    >>> parcel_key("051234 12 123 456").key
    '051234012001230456__'
    >>> parcel_key("051234-007-12-13").key
    '051234-007-12-13'

    Raises
    ------
    KeyRefusedError
        If it is empty, longer than 64 characters, or holds no digit or a control character.
    """
    text = "" if delivered is None else str(delivered).replace("\u00a0", " ")
    if len(text) > MAX_LENGTH:
        raise KeyRefusedError(KeyProblem.TOO_LONG, text)
    plain = plain_signs(text)
    trimmed = plain.strip().strip(_QUOTES + " ").upper()
    if len(trimmed) > MAX_LENGTH:  # ß becomes SS
        raise KeyRefusedError(KeyProblem.TOO_LONG, text)
    _check(trimmed, plain)
    alkis = _alkis(trimmed)
    if alkis is None:
        return ParcelKey(" ".join(trimmed.split()), KeyForm.OTHER, text)
    return ParcelKey(alkis, KeyForm.ALKIS, text)


def normal_key(delivered: object) -> str | None:
    """Return the normalised key, ``None`` for what cannot be one."""
    try:
        return parcel_key(delivered).key
    except KeyRefusedError:
        return None


def _check(trimmed: str, delivered: str) -> None:
    if not trimmed.strip("_"):
        raise KeyRefusedError(KeyProblem.EMPTY, delivered)
    if any(not letter.isprintable() for letter in delivered.strip()):
        raise KeyRefusedError(KeyProblem.CONTROL, delivered)
    if not any(letter in "0123456789" for letter in trimmed):
        raise KeyRefusedError(KeyProblem.NO_DIGIT, delivered)


def _alkis(text: str) -> str | None:
    if not text.isascii():
        return None
    compact = _COMPACT.fullmatch(text)
    if compact:
        land, gemarkung, flur, numerator, denominator, follow = compact.groups(default="")
        return _joined(land + gemarkung, flur, numerator, denominator, follow)
    parts = _SEPARATED.fullmatch(text)
    if parts is None or not _decidable(parts):
        return None
    return _joined(
        parts["land"] + parts["gemarkung"],
        parts["flur"].zfill(_FLUR),
        parts["zaehler"].zfill(_ZAEHLER),
        parts["nenner"].zfill(_NENNER) if parts["nenner"] else "",
        parts["folge"] or "",
    )


def _decidable(parts: re.Match[str]) -> bool:
    """Whether what follows the Zähler can only be its Nenner."""
    gap, denominator = parts["gap_nenner"], parts["nenner"]
    if denominator is None or "/" in gap:
        return True
    full = (len(parts["flur"]), len(parts["zaehler"])) == (_FLUR, _ZAEHLER)
    if "-" in parts["gap_flur"] + parts["gap_zaehler"] + gap:
        # 12-13 is 12/13, 12 with a Folge, or 12 to 13; 00012-0013 is 12/13 only.
        return full and len(denominator) == _NENNER
    if parts["folge"]:
        return True
    # By spaces: 01 looks like a Folge; after padded parts so does 13, and 0 or 012 like a cut Nenner.
    zero, two = denominator.startswith("0"), len(denominator) == len("01")
    doubtful = (zero or two) if full else (zero and two)
    return len(denominator) == _NENNER or not doubtful


def _joined(place: str, flur: str, numerator: str, denominator: str, follow: str) -> str:
    # 0000 as denominator and 00 as follow are how programs that pad with zeros write "none".
    denominator = "" if denominator.strip("_0") == "" else denominator
    follow = "" if follow.strip("_0") == "" else follow
    return place + flur + numerator + denominator.ljust(_NENNER, "_") + follow.ljust(2, "_")
