"""What definitions mean, in whichever language they were written: which of a group mean something else."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from ..catalogue import Entry, Indicator, entry_ids, load_entry
from ..methods.findings.finding import Finding
from ..methods.reading.names import normal_name

_LANGUAGES = ("de", "en")
_PLACEHOLDER = re.compile(r"\{(\w+)\}")
Meaning = tuple[object, ...]
Phrases = Sequence[tuple[re.Pattern[str], str]]
Words = tuple[Meaning, Phrases]


def meaning(row: Finding) -> Meaning:
    """Return what two rows share that mean the same: the declared definition, its numbers, its units.

    A text that no algorithm of this version words so stands for itself.
    """
    units = row.einheit, row.basis_einheit
    for template, words in _templates().get(row.kennzahl_id, ()):
        found = template.fullmatch(row.definition)
        if found is not None:
            values = ((name, _said(value, words[1])) for name, value in found.groupdict().items())
            return *units, words[0], tuple(sorted(values, key=str))
    return *units, normal_name(row.definition)


def apart(rows: Sequence[Finding]) -> dict[Finding, Finding]:
    """Return the rows that mean something else than others of their indicator, definition and Raumtyp.

    What most assessed municipalities mean leads, of equally many the newest; each row comes with one that
    leads.
    """
    groups: dict[tuple, dict[Meaning, list[Finding]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        groups[*row.group, row.raumtyp][meaning(row)].append(row)
    found: dict[Finding, Finding] = {}
    for kinds in groups.values():
        leading = max(kinds, key=lambda kind: (*_weight(kinds[kind]), str(kind)))
        for kind, some in kinds.items():
            if kind != leading:
                found |= dict.fromkeys(some, kinds[leading][0])
    return found


def _weight(rows: Sequence[Finding]) -> tuple:
    return sum(row.is_assessed for row in rows), max(row.berechnet_am for row in rows)


def _said(value: str, phrases: Phrases) -> Meaning:
    """Return what fills a placeholder: a phrase with what fills that, in either language, or a number."""
    for phrase, key in phrases:
        found = phrase.fullmatch(value)
        if found is not None:
            return key, tuple(sorted(found.groupdict().items()))
    return (value,)


@cache
def _templates() -> Mapping[str, Sequence[tuple[re.Pattern[str], Words]]]:
    """Return by indicator how its definitions are worded, the longest first, with what that means."""
    found: dict[str, list[tuple[str, Words]]] = defaultdict(list)
    for entry in map(load_entry, entry_ids()):
        phrases = _phrases(entry)
        for declared in entry.indicators:
            for kind, indicator in {"": declared, **declared.instead}.items():
                for text, number in _texts(declared, indicator):
                    found[declared.id].append((text, ((entry.id, kind, number), phrases)))
    return {
        indicator: [(_pattern(text), words) for text, words in sorted(some, key=lambda one: -len(one[0]))]
        for indicator, some in found.items()
    }


def _texts(declared: Indicator, indicator: Indicator) -> Iterator[tuple[str, int]]:
    """Yield what the definitions of an indicator may say, in both languages under the same number."""
    additions = [None, *dict.fromkeys(one.text for one in declared.definitions if one.text is not None)]
    for number, text in enumerate(additions):
        for language in _LANGUAGES:
            words = indicator.definition.get(language)
            yield words if text is None else f"{words} {text.get(language)}", number


def _phrases(entry: Entry) -> Phrases:
    """Return the phrases that may fill placeholders, the longest first, in both languages with their key."""
    said = [(text.get(language), key) for key, text in entry.phrases.items() for language in _LANGUAGES]
    plain = [(text, key) for text, key in said if _PLACEHOLDER.sub("", text).strip()]
    return [(_pattern(text), key) for text, key in sorted(plain, key=lambda one: -len(one[0]))]


def _pattern(text: str) -> re.Pattern[str]:
    parts, seen = [], set()
    for number, part in enumerate(_PLACEHOLDER.split(text)):
        if number % 2 == 0:
            parts.append(re.escape(part))
        else:
            parts.append(f"(?P={part})" if part in seen else f"(?P<{part}>.*?)")
            seen.add(part)
    return re.compile("".join(parts), re.DOTALL)
