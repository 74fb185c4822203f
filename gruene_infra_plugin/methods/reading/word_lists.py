"""Lists of words by which users say which kinds count."""

from __future__ import annotations

import re
from collections.abc import Iterable

from .names import normal_name

UNKNOWN = frozenset({"", "-", "–", "k.a.", "unbekannt", "n.b.", "9999", "-9999"})
"""What stands in registers for a kind that nobody has told."""


class WordList:
    """Words, without regard to case and blanks; ``*`` at the end of one stands for anything.

    >>> "AX_Wald" in WordList(["43002", "ax_ wald"]), "9110" in WordList(["9*"]), "Wald" in WordList([])
    (True, True, False)
    """

    def __init__(self, words: Iterable[str]) -> None:
        patterns = (re.escape(_plain(word)) for word in words if word.strip())
        self._pattern = re.compile("|".join(re.sub(r"\\\*$", ".*", one) for one in patterns) or "(?!)")

    def __contains__(self, word: object) -> bool:
        return self._pattern.fullmatch(_plain(str(word))) is not None


def is_told(word: str | None) -> bool:
    """Return whether a text tells a kind at all."""
    return word is not None and _plain(word) not in UNKNOWN


def _plain(word: str) -> str:
    return normal_name(word).replace(" ", "")
