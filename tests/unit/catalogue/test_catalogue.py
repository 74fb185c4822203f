"""Entries of algorithms: what is wrong is refused with file and line, what several share stands once."""

from __future__ import annotations

import re

import pytest
from gruene_infra.gruene_infra_plugin.catalogue import entry_ids, help_html, load_entry
from gruene_infra.gruene_infra_plugin.catalogue.entry import Definition, Indicator
from gruene_infra.gruene_infra_plugin.catalogue.loader import read_entry, shared
from gruene_infra.gruene_infra_plugin.checked_yaml import YamlError

ENTRY = """\
hz: 22
title: &text {de: Wald, en: Forest}
summary: *text
method: *text
inputs: *text
limits: *text
tags: [HZ22]
parameters:
  FOREST: {layer: polygon, label: *text, help: *text, hints: [wald]}
  KIND_FIELD: {field: FOREST, label: *text, help: *text}
  MIN_AREA:
    number: 1000
    at_least: 0
    unit: m²
    mark: M
    source: *text
    label: {de: Kleinster Wald, en: Smallest forest}
    help: *text
  AREAS_KIND: {default: Region}
  provenance: shared
outputs:
  OUTPUT: {layer: polygon, label: *text, columns: {flaeche_ha: {type: real, de: Fläche, en: Area}}}
  SUMMARY: shared
indicators:
  - id: hz22.wald.anteil
    unit: "%"
    base_unit: m²
    gap_unit: m²
    name: *text
    definition: *text
    instead: {geplant: {unit: ha}}
"""


def read(tmp_path, text: str):
    path = tmp_path / "hz22_forest_share.yaml"
    path.write_text(text, encoding="utf-8")
    return read_entry(path, shared())


def test_an_entry_says_each_fact_once(tmp_path):
    entry = read(tmp_path, ENTRY)
    assert list(entry.parameters) == ["FOREST", "KIND_FIELD", "MIN_AREA", "AREAS_KIND", "AS_OF", "STRATEGY"]
    assert entry.parameters["KIND_FIELD"].optional
    assert entry.parameters["KIND_FIELD"].of == ("FOREST",)
    assert entry.parameters["AREAS_KIND"].default == "Region"
    assert entry.parameters["AREAS_KIND"].advanced, "what an entry does not change stays shared"
    assert entry.label("MIN_AREA").en == "Smallest forest, m²"
    assert entry.default("MIN_AREA") == 1000
    assert [(one.name, one.value.en, one.mark) for one in entry.thresholds] == [("MIN_AREA", "1000 m²", "M")]
    assert entry.outputs["OUTPUT"].written() == {"flaeche_ha": "real"}
    assert entry.outputs["SUMMARY"].kind == "table"
    planned = entry.indicator("hz22.wald.anteil", "geplant")
    assert (planned.hz, planned.unit, planned.base_unit) == (22, "ha", "m²")
    assert "MIN_AREA</code> = 1000 m² [M] Forest" in help_html(entry, "en")


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ("hz: 22", "hz: 28", 1, "a whole number from 1 to 27 for 'hz'"),
        ("method: *text\n", "", 1, "the key 'method'"),
        ("tags: [HZ22]", "tag: [HZ22]", 7, "did you mean 'tags'?"),
        ("  FOREST: {layer: polygon,", "  FOREST: {layer: polygons,", 9, "did you mean 'polygon'?"),
        ("  FOREST: {layer: polygon,", "  FOREST: {", 9, "one kind of 'layer', 'layers'"),
        ("field: FOREST", "field: FORREST", 10, "one of 'FOREST' for 'field'"),
        ("    number: 1000\n", "    number: 1000\n    integer: 4\n", 12, "one kind of"),
        ("    number: 1000", "    number: -1", 12, "a default from 0 to inf"),
        ("    number: 1000", "    number: none", 15, "a default in 'MIN_AREA' beside its 'mark'"),
        ("    mark: M\n", "    mark: Q\n", 15, "one of 'S', 'P', 'A', 'M'"),
        ("    mark: M\n", "", 12, "both or none of 'mark' and 'source'"),
        ("{default: Region}", "{default: Kreis}", 19, "one of 'Gemeinde', 'Raumtyp', 'Quartier', 'Region'"),
        ("  provenance: shared", "  provenence: shared", 20, "did you mean 'provenance'?"),
        ("  provenance: shared", "  provenance: shared\n  AS_OF: shared", 21, "each parameter once"),
        ("type: real", "type: number", 22, "one of 'text', 'integer', 'real', 'date'"),
        ("  SUMMARY: shared\n", "  SUMMARY: shared\n  SUMMARY: shared\n", 24, "(first in line 23)"),
        ("id: hz22.wald", "id: Wald", 25, "text for 'id' like 'hz19.aue.neubau_flaeche'"),
        ("{unit: ha}", "{units: ha}", 31, "did you mean 'unit'?"),
        ("de: Kleinster Wald, ", "", 17, "the key 'de'"),
    ],
)  # fmt: skip
def test_a_wrong_entry_is_refused_with_file_and_line(tmp_path, old, new, line, says):
    assert old in ENTRY
    with pytest.raises(YamlError, match=re.escape(says)) as caught:
        read(tmp_path, ENTRY.replace(old, new))
    assert caught.value.file.endswith("hz22_forest_share.yaml")
    assert caught.value.line == line


def test_an_indicator_of_no_goal_is_refused(tmp_path):
    with pytest.raises(YamlError, match="the key 'hz' with a value"):
        read(tmp_path, ENTRY.replace("hz: 22\n", ""))


def test_columns_that_not_every_run_has_are_named(tmp_path):
    many = ENTRY.replace("{type: real, de", "{type: real, sometimes: true, de").replace(
        "flaeche_ha", "hzNN_ha"
    )
    output = read(tmp_path, many).outputs["OUTPUT"]
    assert output.written() == {}
    assert output.written(["hz13_ha", "hz02_ha"]) == {"hz02_ha": "real", "hz13_ha": "real"}
    assert len(output.sometimes) == 27
    with pytest.raises(KeyError, match="hz28_ha"):
        output.written(["hz28_ha"])


def test_a_definition_may_count_in_other_units_than_its_indicator(tmp_path):
    definitions = (
        "definitions: {gesamt: {}, anzahl: {base_unit: Wälder, gap_unit: Wälder}, halb: {gap_unit: ha}}"
    )
    entry = read(tmp_path, ENTRY.replace("    gap_unit: m²\n", f"    gap_unit: m²\n    {definitions}\n"))
    indicator = entry.indicator("hz22.wald.anteil")
    counted = [indicator.counted_in(definition) for definition in indicator.definitions]
    units = [(one.base_unit, one.gap_unit) for one in counted]
    assert units == [("m²", "m²"), ("Wälder", "Wälder"), ("m²", "ha")]
    assert counted[0] is indicator


SIZES = {"m²", "ha", "km²", "m", "km"}


def counts_things(indicator: Indicator, definition: Definition) -> bool:
    """Return whether a definition counts features, by its key or its name."""
    return definition.count is not None or "anzahl" in f"{indicator.id}.{definition.id}".split(".")


def in_sizes(indicator: Indicator) -> bool:
    """Return whether base or gap are told in units of area or length, such as m² for each area."""
    return any(unit.split(" ")[0] in SIZES for unit in (indicator.base_unit, indicator.gap_unit))


@pytest.mark.parametrize("algorithm_id", entry_ids())
def test_what_is_counted_is_not_told_in_square_metres(algorithm_id):
    wrong = [
        f"{indicator.id}, {definition.id}"
        for declared in load_entry(algorithm_id).indicators
        for indicator in (declared, *declared.instead.values())
        for definition in declared.definitions
        if counts_things(indicator, definition) and in_sizes(indicator.counted_in(definition))
    ]
    assert not wrong


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ("anzahl: {}", True),
        ("anzahl: {base_unit: Wälder}", True),
        ("ab_5.anzahl: {base_unit: Wälder je Gebiet, gap_unit: Wälder}", False),
        ("gesamt: {count: wald, per: wald, base_unit: m² je Gebiet, gap_unit: Wälder}", True),
        ("gesamt: {of: wald, over: wald}", False),
    ],
)
def test_counts_in_square_metres_are_found(tmp_path, given, wrong):
    declared = f"    gap_unit: m²\n    definitions: {{{given}}}\n"
    (indicator,) = read(tmp_path, ENTRY.replace("    gap_unit: m²\n", declared)).indicators
    (definition,) = indicator.definitions
    found = counts_things(indicator, definition) and in_sizes(indicator.counted_in(definition))
    assert found is wrong
