"""The help text of an algorithm, from its entry. No qgis import."""

from __future__ import annotations

from html import escape

from ..bilingual import Text
from .entry import Entry

_HEADINGS = {
    "method": Text(de="Methode", en="Method"),
    "inputs": Text(de="Eingangsdaten", en="Input data"),
    "thresholds": Text(de="Schwellenwerte", en="Thresholds"),
    "columns": Text(de="Ergebnisspalten", en="Result columns"),
    "indicators": Text(de="Kennzahlen", en="Indicators"),
    "facts": Text(de="Angaben im Register", en="Facts in the register"),
    "results": Text(de="Bekannte Ergebnisse", en="Known results"),
    "limits": Text(de="Grenzen", en="Limits"),
}
_EQUALITY = Text(
    de="Was eine Schwelle um höchstens ein Millionstel verfehlt, erreicht sie: Rundung entscheidet nicht.",
    en="What misses a threshold by no more than a millionth of it reaches it: rounding does not decide.",
)
"""What ``methods/findings/thresholds`` does, in words."""


def help_html(entry: Entry, language: str) -> str:
    """Return the help text of an algorithm as the HTML subset that QGIS shows."""

    def paragraph(text: Text) -> str:
        return f"<p>{escape(text.get(language))}</p>"

    def rows(key: str, lines: list[str]) -> str:
        items = "".join(f"<li>{line}</li>" for line in lines)
        return f"<h3>{_HEADINGS[key].get(language)}</h3><ul>{items}</ul>" if lines else ""

    def section(key: str, text: Text) -> str:
        return f"<h3>{_HEADINGS[key].get(language)}</h3>{paragraph(text)}"

    thresholds = [
        f"<code>{escape(row.name)}</code> = {escape(row.value.get(language))} [{row.mark}] "
        f"{escape(row.source.get(language))}"
        for row in entry.thresholds
    ]
    several = sum(bool(output.columns) for output in entry.outputs.values()) > 1
    columns = [
        f"<code>{output.name + '.' if several else ''}{c.name}</code>: {escape(c.meaning.get(language))}"
        for output in entry.outputs.values()
        for c in output.columns
    ]
    indicators = [
        f"<b>{escape(i.name.get(language))}</b> (<code>{i.id}</code>, {escape(i.unit)})"
        for i in entry.indicators
    ]
    facts = [
        f"HZ {fact.hz}: <code>{fact.name}</code> ({escape(fact.unit)}): {escape(fact.meaning.get(language))}"
        for fact in entry.facts
    ]
    results = [
        f"HZ {known.goal}, {escape(known.word)}: <code>{escape(known.filter or '–')}</code> "
        f"{escape(known.meaning.get(language))} ({escape(known.algorithm)})"
        for known in entry.results
    ]
    return "".join(
        (
            paragraph(entry.summary),
            section("method", entry.method),
            section("inputs", entry.inputs),
            rows("facts", facts),
            rows("results", results),
            rows("thresholds", thresholds),
            paragraph(_EQUALITY) if thresholds else "",
            rows("columns", columns),
            rows("indicators", indicators),
            section("limits", entry.limits),
        )
    )
