"""The handbook: a page per algorithm from its entry, an index, and the README's table. No qgis import."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader

from ..bilingual import Text
from ..checked_yaml import ShippedLoader, mapping_of, read_root, translated
from ..paths import HANDBOOK
from .entry import Entry, Parameter, with_unit

BEGIN, END = "<!-- algorithms -->\n", "<!-- end of algorithms -->\n"
"""What stands round the table in the README."""


def write_handbook(folder: Path, entries: Iterable[Entry], language: str) -> list[Path]:
    """Write the pages in one language into a folder; return their paths, that of the index first."""
    entries = list(entries)
    words = {key: text.get(language) for key, text in _words().items()}
    pages = {"index.html": _rendered("index", title=words["handbook"], entries=entries, language=language)}
    for entry in entries:
        title = entry.title.get(language)
        pages[f"{entry.id}.html"] = _rendered(
            "algorithm",
            title=title,
            entry=_Readable(entry),
            words=words,
            language=language,
            usual=lambda parameter: _usual(parameter, language),
        )
    folder.mkdir(parents=True, exist_ok=True)
    for name, page in pages.items():
        (folder / name).write_text(page, encoding="utf-8")
    return [folder / name for name in pages]


def readme_table(entries: Iterable[Entry]) -> str:
    """Return the table of all algorithms as the README has it."""
    rows = [f"| `{entry.id}` | {entry.summary.en} |\n" for entry in entries]
    return "".join(["| id | what it answers |\n|---|---|\n", *rows])


def with_table(readme: str, table: str) -> str:
    """Return the README with its table of algorithms replaced."""
    before, _, rest = readme.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}{table}{END}{after}"


class _Readable:
    """An entry whose texts can be named, too."""

    def __init__(self, entry: Entry) -> None:
        self._entry = entry

    def __getattr__(self, name: str) -> object:
        return getattr(self._entry, name)

    def __getitem__(self, name: str) -> object:
        return getattr(self._entry, name)

    def filled(self, text: str) -> str:
        """Return a text with the names of parameters for their values; other placeholders are open."""
        names = {name.lower(): name for name in self._entry.parameters}
        return re.sub(r"\{(\w+)\}", lambda found: names.get(found[1], "…"), text)


def _rendered(template: str, **values: object) -> str:
    return _environment().get_template(f"{template}.html.j2").render(**values)


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(HANDBOOK), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )


@cache
def _words() -> dict[str, Text]:
    root = read_root(HANDBOOK / "words.yaml", "the words of the handbook", ShippedLoader)
    return dict(mapping_of(translated())(root, "words"))


def _usual(parameter: Parameter, language: str) -> str:
    """Return the default of a parameter as people write it, nothing where there is none."""
    default = parameter.default
    if default is None or isinstance(default, bool):
        return ""
    value = f"{default:g}" if isinstance(default, float | int) else default
    shown = value if len(value) <= 24 else f"{value[:24].rpartition(',')[0]} …"
    return with_unit(shown, parameter.unit.get(language)) if parameter.unit else shown
