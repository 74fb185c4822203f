"""What a layer is called and which fields it has, as the hints of an entry ask for it. No qgis import."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from ..methods.findings.finding import slugs

_YEAR = re.compile(r"(19|20)\d\d")
FIELD = "field:"


@dataclass(frozen=True)
class Traits:
    """Words of a layer's names and names of its fields, in lower case."""

    words: frozenset[str]
    fields: frozenset[str]

    @classmethod
    def of(cls, names: Iterable[str], fields: Iterable[str]) -> Traits:
        """Return the traits of a layer by its names and its fields."""
        together = " ".join(dict.fromkeys(names))
        words = frozenset(slugs([together])[together].split("_"))
        return cls(words, frozenset(name.lower() for name in fields))

    def fits(self, hint: str) -> bool:
        """Return whether all words of a hint hold."""
        return all(self._holds(word) for word in hint.split())

    def is_called(self, hint: str) -> bool:
        """Return whether the words of a hint are all that a layer is called, and it fits."""
        asked = {word for word in hint.split() if _is_name(word)}
        named = {"year" if _YEAR.fullmatch(word) else word for word in self.words}
        return bool(asked) and named == asked and self.fits(hint)

    def _holds(self, word: str) -> bool:
        if word.startswith("-"):
            return not self._holds(word[1:])
        if word.startswith(FIELD):
            return word.removeprefix(FIELD).lower() in self.fields
        if word == "year":
            return any(_YEAR.fullmatch(own) for own in self.words)
        return any(own.startswith(word) or own.endswith(word) for own in self.words)


def named_words(hint: str) -> int:
    """Return how many words of a hint are about the name of a layer, at least 1."""
    return max(1, sum(map(_is_name, hint.split())))


def _is_name(word: str) -> bool:
    return not word.startswith((FIELD, "-"))
