"""Every text a user can see exists in German, and what is compiled is what is written."""

from __future__ import annotations

import ast
import re
import string
import subprocess
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[3]
TS_FILE = ROOT / "i18n" / "gruene_infra_de.ts"
SOURCES = [ROOT / "__init__.py", *ROOT.glob("gruene_infra_plugin/**/*.py"), *ROOT.glob("processing/**/*.py")]


def literals() -> dict[str, str]:
    """Return every translated literal, in code and in forms, with the place it stands in."""
    found = dict(form_texts())
    for file in SOURCES:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", None) == "translate":
                place = f"{file.relative_to(ROOT)}:{node.lineno}"
                assert [type(argument) for argument in node.args] == [ast.Constant] * 2, (
                    f"{place}: no literal"
                )
                assert node.args[0].value == "GrueneInfra", place
                found[node.args[1].value] = place
    return found


def form_texts() -> Iterator[tuple[str, str]]:
    """Yield the texts of the forms; their class is the context by which Qt looks them up."""
    for form in sorted((ROOT / "gruene_infra_plugin").glob("**/*.ui")):
        tree = ElementTree.parse(form)
        place = str(form.relative_to(ROOT))
        assert tree.findtext("class") == "GrueneInfra", place
        for text in tree.iter("string"):
            if text.text and text.get("notr") != "true":
                yield text.text, place


def translations() -> dict[str, str]:
    messages = ElementTree.parse(TS_FILE).getroot().iter("message")
    return {
        message.findtext("source"): message.findtext("translation") or ""
        for message in messages
        if message.find("translation").get("type") is None
    }


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_every_literal_is_translated():
    known = translations()
    missing = {text: place for text, place in literals().items() if not known.get(text)}
    assert not missing


def test_nothing_is_translated_that_the_code_does_not_say():
    assert set(translations()) == set(literals())


def test_translations_keep_their_placeholders():
    for source, translation in translations().items():
        assert placeholders(source) == placeholders(translation), source


def mnemonics(text: str) -> int:
    return len(re.findall(r"&(?!&)\w", text))


def test_translations_keep_their_mnemonics():
    for source, translation in translations().items():
        assert mnemonics(source) == mnemonics(translation), source


def test_compiled_translation_is_current(tmp_path):
    fresh = tmp_path / "fresh.qm"
    subprocess.run(["lrelease", "-silent", str(TS_FILE), "-qm", str(fresh)], check=True)
    assert fresh.read_bytes() == (ROOT / "i18n" / "gruene_infra_de.qm").read_bytes()


def bilingual_texts(node: object, place: str):
    if isinstance(node, dict):
        if {"de", "en"} & set(node):
            yield place, {language: node[language] for language in ("de", "en") if language in node}
        for key, value in node.items():
            yield from bilingual_texts(value, f"{place}.{key}")
    elif isinstance(node, list):
        for number, value in enumerate(node):
            yield from bilingual_texts(value, f"{place}[{number}]")


@pytest.mark.parametrize(
    "file", sorted((ROOT / "resources" / "algorithms").glob("*.yaml")), ids=lambda f: f.stem
)
def test_algorithm_texts_exist_in_both_languages_with_the_same_placeholders(file):
    texts = list(bilingual_texts(yaml.safe_load(file.read_text(encoding="utf-8")), file.stem))
    assert texts
    for place, text in texts:
        assert set(text) == {"de", "en"}, place
        assert all(isinstance(value, str) and value.strip() for value in text.values()), place
        assert placeholders(text["de"]) == placeholders(text["en"]), place
        assert not re.search(r"\bTODO\b|\bxxx\b", text["de"] + text["en"]), place
