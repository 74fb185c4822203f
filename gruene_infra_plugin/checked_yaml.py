"""From YAML text to checked values; whatever is wrong is reported with file, line and what was expected.

The parser's node tree is read instead of plain Python values because only nodes know their line. A *kind*
turns one node into a value or raises ``YamlError``; a *schema* says which key holds which kind.
"""

from __future__ import annotations

import datetime
import difflib
import io
import math
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from .bilingual import Text

Kind = Callable[[yaml.Node, str], Any]
Fields = dict[str, yaml.Node]

_QUOTES_HINT = "(texts with ': ' or '#' in them and signs like '>=' need quotes)"
_REQUIRED = object()
_NO_CHARACTER = re.compile(r"\\U(?!000|0010)[0-9a-fA-F]{8}")
"""How YAML writes a character beyond the last one of Unicode."""
_NOT_STORED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
"""Control characters and halves of characters, which databases, reports or encodings do not hold."""
_TAG = "tag:yaml.org,2002:"
_SCALAR_WORDS = {
    "str": "the text",
    "int": "the number",
    "float": "the number",
    "bool": "the truth value",
    "timestamp": "the date",
}


ShippedLoader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The compiled loader where there is one, about eight times as fast.

It crashes on deep nesting, so files of users go through PyYAML's own.
"""


class YamlError(ValueError):
    """A YAML file that cannot be used; ``line`` counts from 1 and is None if there is no line."""

    def __init__(self, file: str, line: int | None, message: str) -> None:
        self.file = file
        self.line = line
        self.message = message
        place = file if line is None else f"{file}:{line}"
        super().__init__(f"{place}: {message}")


@dataclass(frozen=True)
class Field:
    """What one key holds; without a default the key must be there."""

    kind: Kind
    default: Any = _REQUIRED


Schema = Mapping[str, Field]


class _NamedText(io.StringIO):
    """Text whose name PyYAML writes into every mark."""

    def __init__(self, text: str, name: str) -> None:
        super().__init__(text)
        self.name = name


def read_root(path: Path, what: str, loader: Any = yaml.SafeLoader) -> yaml.Node:
    """Return the root node of a UTF-8 YAML file that holds ``what``. Raises YamlError if it is not one."""
    text = _read_text(path)
    try:
        root = yaml.compose(_NamedText(text, str(path)), Loader=loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problem = " ".join(part for part in (error.context, error.problem, _QUOTES_HINT) if part)
        raise _broken(path, mark.line + 1 if mark else None, problem) from error
    except yaml.reader.ReaderError as error:
        line = text[: error.position].count("\n") + 1
        raise _broken(path, line, f"the control character {error.character!r}") from error
    except RecursionError as error:
        raise _broken(path, 1, "brackets nested too deeply") from error
    except ValueError as error:  # of chr(), by which PyYAML reads "\U00110000"
        raise _broken(
            path, _line_of(_NO_CHARACTER, text), "the number of a character that does not exist"
        ) from error
    if root is None:
        raise YamlError(str(path), 1, f"expected {what}, found an empty file")
    return root


def _read_text(path: Path) -> str:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise YamlError(str(path), None, f"expected a readable file, found: {error.strerror}") from error
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        found = f"the byte 0x{data[error.start]:02x}"
        raise YamlError(str(path), line, f"expected a file in UTF-8, found {found}") from error


def _line_of(pattern: re.Pattern[str], text: str) -> int | None:
    found = pattern.search(text)
    return None if found is None else text.count("\n", 0, found.start()) + 1


def _broken(path: Path, line: int | None, problem: str) -> YamlError:
    return YamlError(str(path), line, f"expected valid YAML, found a fault: {problem}")


def error_at(node: yaml.Node, expected: str, found: str | None = None) -> YamlError:
    """Return the error for a node: where it stands, what was expected there, what is there."""
    mark = node.start_mark
    return YamlError(mark.name, mark.line + 1, f"expected {expected}, found {found or describe(node)}")


def describe(node: yaml.Node) -> str:
    """Return a node in words, shortened."""
    if isinstance(node, yaml.MappingNode):
        return "a mapping"
    if isinstance(node, yaml.SequenceNode):
        return "a list"
    if node.tag == _TAG + "null":
        return "nothing"
    word = _SCALAR_WORDS.get(node.tag.removeprefix(_TAG), f"a value tagged {node.tag}")
    value = node.value if len(node.value) <= 60 else node.value[:57] + "..."
    return f"{word} {value!r}"


def suggestion(word: str, known: Iterable[str]) -> str:
    """Return `` (did you mean 'x'?)`` for the nearest known word, or nothing if none is near."""
    nearest = difflib.get_close_matches(word, list(known), n=1)
    return f" (did you mean '{nearest[0]}'?)" if nearest else ""


def enumerate_words(words: Iterable[Any]) -> str:
    """Return the words as one list for a message."""
    return ", ".join(f"'{word}'" for word in words)


def fields_of(node: yaml.Node, keys: Collection[str], name: str) -> Fields:
    """Return the nodes of a mapping by key. Raises YamlError for an unknown or repeated key."""
    if not isinstance(node, yaml.MappingNode):
        raise error_at(node, f"a mapping for '{name}' with the keys {enumerate_words(keys)}")
    fields: Fields = {}
    for key_node, value in node.value:
        key = key_node.value if isinstance(key_node, yaml.ScalarNode) else ""
        if key not in keys:
            found = f"{describe(key_node)}{suggestion(key, keys)}"
            raise error_at(key_node, f"one of the keys {enumerate_words(keys)} in '{name}'", found)
        if key in fields:
            first = fields[key].start_mark.line + 1
            raise error_at(key_node, f"each key once in '{name}'", f"'{key}' again (first in line {first})")
        fields[key] = value
    return fields


def convert(fields: Fields, schema: Schema, owner: yaml.Node, name: str) -> dict[str, Any]:
    """Return the values of a mapping's nodes; ``owner`` is the node blamed for a missing key."""
    values = {}
    for key, field in schema.items():
        node = fields.get(key)
        if node is not None and node.tag != _TAG + "null":
            values[key] = field.kind(node, key)
        elif field.default is not _REQUIRED:
            values[key] = field.default
        else:
            raise error_at(node or owner, f"the key '{key}' with a value in '{name}'", "none")
    return values


def entries_of(node: yaml.Node, name: str) -> Iterator[tuple[str, yaml.Node]]:
    """Yield key and node of a mapping whose keys are names. Raises YamlError for a repeated key."""
    if not isinstance(node, yaml.MappingNode):
        raise error_at(node, f"a mapping for '{name}'")
    lines: dict[str, int] = {}
    for key_node, value in node.value:
        key = text()(key_node, name)
        if key in lines:
            raise error_at(
                key_node, f"each key once in '{name}'", f"'{key}' again (first in line {lines[key]})"
            )
        lines[key] = key_node.start_mark.line + 1
        yield key, value


def items_of(node: yaml.Node, name: str) -> list[yaml.Node]:
    """Return the nodes of a list."""
    if not isinstance(node, yaml.SequenceNode):
        raise error_at(node, f"a list for '{name}'")
    return list(node.value)


def record(make: Callable[..., Any], schema: Schema) -> Kind:
    """Kind: a mapping that follows a schema, handed to ``make``."""

    def read(node: yaml.Node, name: str) -> Any:
        return make(**convert(fields_of(node, schema.keys(), name), schema, node, name))

    return read


def mapping_of(kind: Kind) -> Kind:
    """Kind: a mapping from names to values of one kind."""

    def read(node: yaml.Node, name: str) -> dict[str, Any]:
        return {key: kind(value, key) for key, value in entries_of(node, name)}

    return read


def list_of(kind: Kind) -> Kind:
    """Kind: a list without repetition, as a tuple."""

    def read(node: yaml.Node, name: str) -> tuple[Any, ...]:
        values: list[Any] = []
        for item in items_of(node, name):
            value = kind(item, name)
            if value in values:
                raise error_at(item, f"each entry of '{name}' once", f"{describe(item)} again")
            values.append(value)
        return tuple(values)

    return read


def later(node: yaml.Node, name: str) -> yaml.Node:
    """Kind: what is read later, when what it depends on is known."""
    return node


def text(max_length: int | None = None, pattern: str = "", example: str = "") -> Kind:
    """Kind: text that is not empty, not too long and matches ``pattern`` as a whole (if given)."""
    limit = f" of at most {max_length} characters" if max_length else ""
    like = f" like '{example}'" if example else ""

    def read(node: yaml.Node, name: str) -> str:
        if node.tag != _TAG + "str" or not isinstance(node, yaml.ScalarNode):
            quotes = " (in quotes)" if isinstance(node, yaml.ScalarNode) else ""
            raise error_at(node, f"text for '{name}'{like}{quotes}")
        value = str(node.value).strip()
        odd = _NOT_STORED.search(value)
        if odd:
            raise error_at(node, f"text for '{name}' without control characters", f"{odd[0]!a}")
        too_long = max_length is not None and len(value) > max_length
        if not value or too_long or (pattern and not re.fullmatch(pattern, value)):
            raise error_at(node, f"text for '{name}'{like}{limit}")
        return value

    return read


def translated(max_length: int | None = None) -> Kind:
    """Kind: a mapping with ``de`` and, if there is a translation, ``en``."""
    one = text(max_length)
    schema = {"de": Field(one), "en": Field(one, None)}

    def read(node: yaml.Node, name: str) -> Text:
        values = convert(fields_of(node, schema.keys(), name), schema, node, name)
        return Text(values["de"], values["en"] or values["de"])

    return read


def integer(minimum: int, maximum: int) -> Kind:
    """Kind: a whole number in decimal digits; a leading zero does not make it octal."""

    def read(node: yaml.Node, name: str) -> int:
        value = int(node.value) if _is_plain(node, r"-?\d{1,9}") else minimum - 1
        if not minimum <= value <= maximum:
            raise error_at(node, f"a whole number from {minimum} to {maximum} for '{name}'")
        return value

    return read


def number(node: yaml.Node, name: str) -> float:
    """Kind: a finite number with a decimal point."""
    value = float(node.value) if _is_plain(node, r"[-+]?\d+(\.\d+)?([eE][-+]?\d+)?") else math.nan
    if not math.isfinite(value):
        raise error_at(node, f"a number for '{name}' (with a decimal point, without quotes)")
    return value


def positive(node: yaml.Node, name: str) -> float:
    """Kind: a number above 0."""
    value = number(node, name)
    if value <= 0:
        raise error_at(node, f"a number above 0 for '{name}'")
    return value


def flag(node: yaml.Node, name: str) -> bool:
    """Kind: ``true`` or ``false``."""
    if not _is_plain(node, "true|false"):
        raise error_at(node, f"true or false for '{name}'")
    return bool(node.value == "true")


def iso_date(node: yaml.Node, name: str) -> datetime.date:
    """Kind: a calendar date as YYYY-MM-DD."""
    try:
        if isinstance(node, yaml.ScalarNode) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", node.value):
            return datetime.date.fromisoformat(node.value)
    except ValueError as error:
        raise error_at(node, f"a date that exists for '{name}'") from error
    raise error_at(node, f"a date as YYYY-MM-DD for '{name}'")


def one_of(values: Collection[str]) -> Kind:
    """Kind: one of these words."""

    def read(node: yaml.Node, name: str) -> str:
        if not isinstance(node, yaml.ScalarNode):
            raise error_at(node, f"one of {enumerate_words(values)} for '{name}'")
        if node.value not in values:
            found = f"{describe(node)}{suggestion(node.value, values)}"
            raise error_at(node, f"one of {enumerate_words(values)} for '{name}'", found)
        return str(node.value)

    return read


def _is_plain(node: yaml.Node, pattern: str) -> bool:
    plain = isinstance(node, yaml.ScalarNode) and not node.style
    return plain and re.fullmatch(pattern, node.value, re.ASCII) is not None
