"""Flurstückskennzeichen: one normal form for the ways in which offices write them.

Source of the form: GeoInfoDok 7.1, AX_Flurstueck, attribute ``flurstueckskennzeichen``: 20 characters,
Land (2), Gemarkung (4), Flur (3), Zähler (5), Nenner (4), Folge (2); what is empty is filled with ``_``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

MAX_LENGTH = 64
_QUOTES = "\"'`´‘’‚“”„«»‹›"
_LAND, _GEMARKUNG, _FLUR, _ZAEHLER, _NENNER = 2, 4, 3, 5, 4
_COMPACT = re.compile(r"(\d{6})(\d{3}|___)(\d{5})(\d{4}|____)?(\d{2}|__)?_*")
_SEPARATED = re.compile(
    r"(?P<land>\d{2})[\s-]*(?P<gemarkung>\d{4})[\s-]+(?P<flur>\d{1,3})[\s-]+(?P<zaehler>\d{1,5})"
    r"(?:\s*/\s*(?P<nenner>\d{1,4}))?(?:\s*[-.]\s*(?P<folge>\d{2}))?[_\s]*"
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

    Raises
    ------
    KeyRefusedError
        If it is empty, longer than 64 characters, or holds no digit or a control character.
    """
    text = "" if delivered is None else str(delivered).replace("\u00a0", " ")
    if len(text) > MAX_LENGTH:
        raise KeyRefusedError(KeyProblem.TOO_LONG, text)
    trimmed = text.strip().strip(_QUOTES).strip().upper()
    _check(trimmed, text)
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
    compact = _COMPACT.fullmatch(text.replace(" ", ""))
    if compact:
        place, flur, numerator, denominator, follow = compact.groups()
        return _joined(place, flur, numerator, denominator or "", follow or "")
    parts = _SEPARATED.fullmatch(text)
    if parts is None:
        return None
    return _joined(
        parts["land"] + parts["gemarkung"],
        parts["flur"].zfill(_FLUR),
        parts["zaehler"].zfill(_ZAEHLER),
        (parts["nenner"] or "").zfill(_NENNER) if parts["nenner"] else "",
        parts["folge"] or "",
    )


def _joined(place: str, flur: str, numerator: str, denominator: str, follow: str) -> str:
    # 0000 as denominator and 00 as follow are how programs that pad with zeros write "none".
    denominator = "" if denominator.strip("_0") == "" else denominator
    follow = "" if follow.strip("_0") == "" else follow
    return place + flur + numerator + denominator.ljust(_NENNER, "_") + follow.ljust(2, "_")
