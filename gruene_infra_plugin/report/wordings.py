"""What definitions mean, in whichever language they were written: which of a group mean something else.

A definition has numbers that only its assumptions tell. Which of a note's numbers are such parameters, and
which were found in the data, is known by the entries: a count, an area or a shift makes no other definition.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from ..catalogue import Entry, Indicator, entry_ids, load_entry
from ..methods.findings.finding import Finding, split_notes
from ..methods.reading.names import normal_name

_LANGUAGES = ("de", "en")
_PLACEHOLDER = re.compile(r"\{(\w+)\}")
Meaning = tuple[object, ...]
Phrases = Sequence[tuple[re.Pattern[str], str]]
Words = tuple[Meaning, Phrases]
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*", re.ASCII)
_MARKED = re.compile(r"\[[SPAM](?::[^\]]*)?\]")
"""The mark that an assumption bears: from the strategy, published, assumed, a matter of method."""
_DAY = re.compile(r"\d{4}-\d\d(?:-\d\d)?|\d\d?\.\d\d?\.\d{4}|\d+ (?:von|of) \d+", re.ASCII)
"""A date, or how many of all."""
_YEAR = re.compile(r"\b(?:19|20)\d\d\b(?![.,]\d| ?(?:%|[a-z]{1,2}[²³]?\b))", re.ASCII)
Settings = Mapping[str, str]
"""Numbers that the assumptions of a finding tell, by what they are the numbers of."""


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
    leads. Among those that share a definition, the same holds for every number of their assumptions.
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
        found |= _otherwise_set(kinds[leading])
    return found


def _otherwise_set(rows: Sequence[Finding]) -> dict[Finding, Finding]:
    """Return the rows of one definition whose assumptions tell other numbers than most, with one of those.

    A row that does not tell a number contradicts nobody.
    """
    told = {row: settings(row) for row in rows}
    found: dict[Finding, Finding] = {}
    for name in sorted({name for some in told.values() for name in some}):
        values: dict[str, list[Finding]] = defaultdict(list)
        for row in rows:
            if row not in found and name in told[row]:
                values[told[row][name]].append(row)
        leading = max(values, key=lambda value: (*_weight(values[value]), value), default="")
        for value, some in values.items():
            if value != leading:
                found |= dict.fromkeys(some, values[leading][0])
    return found


def settings(row: Finding) -> Settings:
    """Return the numbers that the assumptions of a finding set, in whichever language they are told.

    Those of a note that the entry of its indicator knows are its parameters, without years: they date the
    data. Of another note that bears a mark, all of its numbers are meant, without dates.
    """
    return {name: value for name, (value, _) in _set_by(row).items()}


def contradiction(one: Finding, other: Finding) -> tuple[str, str]:
    """Return the notes of each of two findings that set other numbers than those of the other."""
    left, right = _set_by(one), _set_by(other)
    names = [name for name in left if name in right and left[name][0] != right[name][0]]
    notes = (dict.fromkeys(told[name][1] for name in names) for told in (left, right))
    first, second = ("; ".join(some) for some in notes)
    return first, second


def _set_by(row: Finding) -> dict[str, tuple[str, str]]:
    """Return the settings of a finding, each with the note that tells it."""
    return {
        name: (value, note)
        for note in row.notes
        for name, value in _settings_of(row.kennzahl_id, note).items()
        if value
    }


@cache
def _settings_of(indicator: str, note: str) -> Settings:
    for pattern, names in _notes().get(indicator, ()):
        found = pattern.fullmatch(note)
        if found is not None:
            return {name: _numbers(value) for name, value in found.groupdict().items() if name in names}
    plain = _YEAR.sub("", _DAY.sub("", _MARKED.sub("", note)))
    if plain and _MARKED.search(note):
        return {normal_name(_NUMBER.sub("#", plain)): _numbers(plain)}
    return {}


def _numbers(text: str) -> str:
    return " ".join(_NUMBER.findall(text))


@cache
def _notes() -> Mapping[str, Sequence[tuple[re.Pattern[str], frozenset[str]]]]:
    """Return by indicator how notes are worded, the longest first, with what of them are settings."""
    found: dict[str, dict[str, frozenset[str]]] = defaultdict(dict)
    for entry in map(load_entry, entry_ids()):
        for indicator in entry.indicators:
            declared = {*indicator.notes, *(key for one in indicator.definitions for key in one.notes)}
            for key, text in entry.phrases.items():
                for part in (part for language in _LANGUAGES for part in split_notes(text.get(language))):
                    if _PLACEHOLDER.sub("", part).strip():
                        found[indicator.id][part] = _settings_in(part, entry, key in declared)
    return {
        indicator: [
            (_pattern(part), names) for part, names in sorted(some.items(), key=lambda one: -len(one[0]))
        ]
        for indicator, some in found.items()
    }


def _settings_in(part: str, entry: Entry, is_declared: bool) -> frozenset[str]:
    """Return the placeholders that parameters fill; of a note that every figure tells all of them."""
    parameters = {name.lower() for name in entry.parameters}
    names = _PLACEHOLDER.findall(part)
    return frozenset(
        name for name in names if (is_declared or name in parameters) and "year" not in name.split("_")
    )


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
