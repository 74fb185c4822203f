"""What a layer is called and which fields it has, as the hints of an entry ask for it. No qgis import."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from ..methods.findings.finding import slugs

_DATE = re.compile(r"((19|20)\d\d)((0[1-9]|1[0-2])([0-2]\d|3[01])?)?")
"""A word that is a year, or a month or day with its year first."""
_JOINED = re.compile(r"(?<=[a-z])(?<!natura)(?=(19|20)\d\d(\d\d|\d{4})?(?!\d))")
_DOUBTFUL = re.compile(
    "(abriss|abbruch|abgang|abgaeng|rueckbau|neubau|plan|plaene|geplant|entwurf|entwuerf|vorentw|variante|szenari"
    "|konzept|vorschlag|demoli|removed|draft|propos|scenario|frueher|ehemal|histor|archiv|vorher).*"
    "|.*(abriss|plan|planung|planungen|plaene|entwurf)"
    "|alt|alte|old|former|before"
)
"""Words beside those of a hint by which a layer is not what stands today: plans, demolition, earlier days."""
FIELD, YEAR = "field:", "year"


@dataclass(frozen=True)
class Traits:
    """Words of a layer's names and names of its fields, in lower case."""

    words: frozenset[str]
    fields: frozenset[str]

    @classmethod
    def of(cls, names: Iterable[str], fields: Iterable[str]) -> Traits:
        """Return the traits of a layer by its names and its fields."""
        together = " ".join(dict.fromkeys(names))
        text = slugs([together])[together].replace("natura_2000", "natura2000")
        words = frozenset(_JOINED.sub("_", text).split("_"))
        return cls(words, frozenset(name.lower() for name in fields))

    def fits(self, hint: str) -> bool:
        """Return whether all words of a hint hold."""
        return all(self._holds(word) for word in hint.split())

    def is_called(self, hint: str) -> bool:
        """Return whether the words of a hint are all that a layer is called, but for a year, and it fits."""
        asked = _names(hint) - {YEAR}
        return bool(asked) and self._plain() - {YEAR} == asked and self.fits(hint)

    def is_surely(self, hints: Iterable[str]) -> bool:
        """Return whether a layer is what one of the hints means, and not only something alike.

        Its name has the very words of a hint and none of plans, demolition or earlier days; where no hint
        fits by name, its fields are enough.
        """
        fitting = [_names(hint) for hint in hints if self.fits(hint)]
        named = [words for words in fitting if words] or fitting
        return any(words <= self._plain() and not self._is_doubtful_beside(words) for words in named)

    @property
    def year(self) -> int | None:
        """The year in the name, the last one where there are several."""
        dates = filter(None, map(_DATE.fullmatch, self.words))
        return max((int(date[1]) for date in dates), default=None)

    def _plain(self) -> set[str]:
        return {YEAR if _DATE.fullmatch(word) else word for word in self.words}

    def _is_doubtful_beside(self, words: set[str]) -> bool:
        return any(_DOUBTFUL.fullmatch(word) for word in self.words - words)

    def _holds(self, word: str) -> bool:
        if word.startswith("-"):
            return not self._holds(word[1:])
        if word.startswith(FIELD):
            return word.removeprefix(FIELD).lower() in self.fields
        if word == YEAR:
            return self.year is not None
        return any(own.startswith(word) or own.endswith(word) for own in self.words)


def named_words(hint: str) -> int:
    """Return how many words of a hint are about the name of a layer, at least 1."""
    return max(1, sum(map(_is_name, hint.split())))


def _names(hint: str) -> set[str]:
    return {word for word in hint.split() if _is_name(word)}


def _is_name(word: str) -> bool:
    return not word.startswith((FIELD, "-"))
