"""The legend texts of the plugin's own styles, in German or English."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache

from qgis.PyQt.QtXml import QDomDocument, QDomElement

from ...bilingual import Text
from ...checked_yaml import ShippedLoader, entries_of, read_root, text
from ...paths import LEGENDS

CLASSES = ("category", "range", "rule")
"""Elements of a style whose ``label`` is in the legend."""
JOINED = re.compile(r"(?<=')([^']*[^' ])( *' \|\|)")
"""A text that an expression joins to the value behind it, and the end of it."""


def say_in(language: str, style: QDomDocument) -> None:
    """Put what a style says in legends and beside numbers on the map into a language.

    Texts that are not the plugin's stay as they are, and so do values and filters.
    """
    said = _said_in(language)
    for element in _elements(style, *CLASSES):
        label = element.attribute("label")
        if label in said:
            element.setAttribute("label", said[label])
    for element in _elements(style, "text-style"):
        words = element.attribute("fieldName")
        element.setAttribute("fieldName", JOINED.sub(lambda m: said.get(m[1], m[1]) + m[2], words))


def _elements(style: QDomDocument, *tags: str) -> Iterator[QDomElement]:
    for tag in tags:
        found = style.elementsByTagName(tag)
        yield from (found.at(number).toElement() for number in range(found.count()))


@cache
def _said_in(language: str) -> Mapping[str, str]:
    """Return what each text is called in a language, by what it is called in any."""
    texts = legend_texts()
    return {called: known.get(language) for known in texts for called in (known.de, known.en)}


@cache
def legend_texts() -> tuple[Text, ...]:
    """Return all texts of ``resources/styles/legend.yaml``. Raises ``YamlError`` for a repeated one."""
    root = read_root(LEGENDS, "the texts of legends", ShippedLoader)
    one = text()
    return tuple(Text(german, one(node, german)) for german, node in entries_of(root, "legend"))
