"""The handbook and the README's table say what the entries say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from gruene_infra.gruene_infra_plugin.catalogue import entry_ids, load_entry
from gruene_infra.gruene_infra_plugin.catalogue.handbook import readme_table, with_table, write_handbook

README = Path(__file__).resolve().parents[3] / "README.md"
ENTRIES = [load_entry(name) for name in entry_ids()]


def test_the_readme_lists_every_algorithm_as_its_entry_has_it():
    text = README.read_text(encoding="utf-8")
    assert text == with_table(text, readme_table(ENTRIES)), "run make handbook"
    assert text.count("\n| `hz22_forest_share` |") == 1


@pytest.mark.parametrize(("language", "word"), [("de", "Handbuch"), ("en", "Handbook")])
def test_a_page_per_algorithm_and_an_index(tmp_path, language, word):
    index, *pages = write_handbook(tmp_path, ENTRIES, language)
    assert word in index.read_text(encoding="utf-8")
    assert [page.stem for page in pages] == [entry.id for entry in ENTRIES]
    links = set(re.findall(r'href="(\w+\.html)"', index.read_text(encoding="utf-8")))
    assert links == {page.name for page in pages}


def test_a_page_says_defaults_with_unit_mark_and_source(tmp_path):
    entry = load_entry("hz19_floodplain_buildings")
    _, page = write_handbook(tmp_path, [entry], "de")
    text = page.read_text(encoding="utf-8")
    assert "5 m" in text
    assert "[P] § 38 WHG" in text
    for column in entry.outputs["OUTPUT"].columns:
        assert f"<code>{column.name}</code>" in text
    assert all(name in text for name in entry.parameters)
    assert not re.search(r"\{\w+\}", text), "a placeholder is left"
    assert not re.search(r"\bNone\b|Undefined", text)
