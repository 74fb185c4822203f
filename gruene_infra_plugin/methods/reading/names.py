"""Names and keys that only look different are one: how they are compared, and what is shown of them.

Offices, spreadsheets and operating systems vary case, blanks and the coding of umlauts, and let a key that is
stored as a number lose its zero. Names are compared by :func:`normal_name` and shown in a spelling that was
delivered; keys of municipalities are brought to their eight digits by :func:`municipality_key`.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache

_DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"), "-")
_APOSTROPHES = dict.fromkeys(map(ord, "\u2018\u2019\u201a\u201b\u2032\u02b9\u02bb\u02bc\u02bd\u00b4`"), "'")
_QUOTES = dict.fromkeys(map(ord, "\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb"), '"')
_SIGNS = _DASHES | _APOSTROPHES | _QUOTES
_WITHOUT_WIDTH = frozenset("\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff")
"""Soft hyphen, zero width space, joiners, marks of direction and of byte order: signs that are not seen."""
_HALVES = re.compile("[\ud800-\udfff]")
_SEPARATORS = re.compile(r"[\s_.:\-]+")
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
_WHOLE = re.compile(r"(\d+)[.,]0+", re.ASCII)
_IN_PARTS = re.compile(r"\d+(?: \d+)+|\d{1,3}(?:\.\d{3}){2,}", re.ASCII)
"""A key with blanks between its parts, or with the points of a number's thousands."""
_LANDS = frozenset(f"{number:02d}" for number in range(1, 17))
_KREIS, _AGS, _ARS = 5, 8, 12
"""Digits of the key of a Kreis, of a municipality, and of one that names its association as well."""

SHOWN = 5
"""Entries that a message lists before it says that there are more."""

# -- names --------------------------------------------------------------------------------------------------


def tidied(name: str) -> str:
    """Return a name without what is not seen: umlauts composed, blanks single, no control characters.

    >>> tidied(" Emscher   Land ")
    'Emscher Land'
    """
    if not (name.isascii() and name.isprintable()):
        name = unicodedata.normalize("NFC", "".join(filter(_is_seen, name)))
    return " ".join(name.split())


def storable(text: str) -> str:
    """Return a text that every encoding holds: a half of a surrogate pair alone becomes U+FFFD."""
    return text if text.isascii() else _HALVES.sub("\ufffd", text)


def _is_seen(sign: str) -> bool:
    return sign.isspace() or (sign not in _WITHOUT_WIDTH and unicodedata.category(sign) != "Cc")


def plain_signs(text: str) -> str:
    """Return a text with plain dashes, apostrophes, quotes and blanks, without signs that have no width."""
    if text.isascii():
        return text
    signs = (" " if unicodedata.category(sign) == "Zs" else sign for sign in text)
    seen = "".join(sign for sign in signs if sign not in _WITHOUT_WIDTH)
    return unicodedata.normalize("NFC", seen).translate(_SIGNS)


@lru_cache(maxsize=4096)
def normal_name(name: str) -> str:
    """Return the form in which names are compared; that of such a form is the form itself.

    Case, kinds and numbers of blanks, composed and decomposed letters, typographic dashes, apostrophes and
    quotes make no difference.

    >>> normal_name("EMSCHER–LAND  Süd")
    'emscher-land süd'
    """
    folded = unicodedata.normalize("NFD", unicodedata.normalize("NFD", tidied(name)).casefold())
    return tidied(unicodedata.normalize("NFC", folded.translate(_SIGNS)))


def shown(spellings: Iterable[str]) -> str:
    """Return the one of several spellings that is shown, whatever their order and number.

    One without invisible differences goes before others, then one in mixed case, then the first by its signs.
    """
    return min(spellings, key=lambda name: (name != tidied(name), name.isupper(), name.islower(), name))


def shown_as(names: Iterable[str]) -> dict[str, str]:
    """Return for each name as delivered the spelling that is shown of all that are the same name."""
    spellings: dict[str, set[str]] = defaultdict(set)
    for name in names:
        spellings[normal_name(name)].add(name)
    return {name: shown(same) for same in spellings.values() for name in same}


def first_few(entries: Sequence[str]) -> str:
    """Return the first few entries of a list as text."""
    return ", ".join([*entries[:SHOWN], *(["…"] if len(entries) > SHOWN else [])])


def word_of(text: str, words: Iterable[str]) -> str | None:
    """Return the one of ``words`` that ``text`` is, however it is spelled; ``None`` if it is none of them."""
    wanted = normal_name(text)
    return next((word for word in words if normal_name(word) == wanted), None)


@lru_cache(maxsize=4096)
def plain_name(name: str) -> str:
    """Return the name of a column or a word in a list without what people vary besides.

    >>> plain_name("Amtliche Fläche") == plain_name("amtliche_flaeche") == plain_name("amtlicheFlaeche")
    True
    """
    return _SEPARATORS.sub("", normal_name(name).translate(_UMLAUTS))


# -- keys ---------------------------------------------------------------------------------------------------


def digits_of(value: object) -> str | None:
    """Return the digits of a key that is a number, stored as one or written in parts, else ``None``.

    >>> digits_of("05 913 000"), digits_of(5913000.0), digits_of("5913000,0"), digits_of("Dortmund")
    ('05913000', '5913000', '5913000', None)
    """
    text = tidied(str(value))
    whole = _WHOLE.fullmatch(text)
    if whole:
        return whole[1]
    if _IN_PARTS.fullmatch(text):
        return re.sub(r"\D", "", text)
    return text if text.isascii() and text.isdigit() else None


def is_municipality_key(value: object) -> bool:
    """Return whether a value is the key of a German municipality or Kreis, in any form it comes in."""
    return _german_key(digits_of(value)) is not None


def municipality_key(value: object) -> str | None:
    """Return the key (AGS) of a municipality in its 8 digits, of a Kreis in 5; anything else as delivered.

    A key stored as a number has lost its zero; one of 12 digits (ARS) names the association as well.

    >>> [municipality_key(key) for key in (5913000, "5913000.0", "05 913 000", "051130000000", "5.913")]
    ['05913000', '05913000', '05913000', '05113000', '5.913']
    """
    if value is None:
        return None
    return _german_key(digits_of(value)) or str(value).strip() or None


def _german_key(digits: str | None) -> str | None:
    """Return a key of digits with the zero it lost; ``None`` where its Land or its length is another."""
    if digits is None:
        return None
    whole = digits if len(digits) in (_KREIS, _AGS, _ARS) else f"0{digits}"
    if len(whole) not in (_KREIS, _AGS, _ARS) or whole[:2] not in _LANDS:
        return None
    return whole[:_KREIS] + whole[-3:] if len(whole) == _ARS else whole
