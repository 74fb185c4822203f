"""The file monitoring.yaml: what is wrong is told with file and line; what is written reads back the same."""

from __future__ import annotations

import datetime as dt

import pytest
from gruene_infra.gruene_infra_plugin.catalogue import load_entry
from gruene_infra.gruene_infra_plugin.checked_yaml import YamlError
from gruene_infra.gruene_infra_plugin.monitoring.configuration import (
    Configuration,
    LayerNote,
    Wishes,
    read_configuration,
    written,
)

FOREST, FLOODED = "hz22_forest_share", "hz19_floodplain_buildings"
KNOWN = {name: load_entry(name).parameters for name in (FOREST, FLOODED)}
WHOLE = """\
monitoring: 1
name: Musterstadt
as_of: 2026-06-30
areas: stadtteile
register: register.gpkg
layers:
  wald: landnutzung.gpkg|layername=tn
  stadtteile: {source: grenzen.shp, date: 2025, licence: dl-de/by-2-0}
  frueher: {source: alt/bauten.gpkg, date: 2016-01-31}
parameters: {DATA_DATE: 2026, AREAS_NAME: name}
steps:
  hz22_forest_share:
    layers: {FOREST: wald, AREAS: none}
    parameters: {MIN_AREA: 500, FOREST_VALUES: "43002, 43003"}
    map: [stadtteile, wald]
    extent: wald
  hz19_floodplain_buildings: skip
"""
MEANT = Configuration(
    name="Musterstadt",
    as_of=dt.date(2026, 6, 30),
    areas="stadtteile",
    register="register.gpkg",
    layers={
        "wald": LayerNote("landnutzung.gpkg|layername=tn"),
        "stadtteile": LayerNote("grenzen.shp", "2025", "dl-de/by-2-0"),
        "frueher": LayerNote("alt/bauten.gpkg", "2016-01-31"),
    },
    parameters={"DATA_DATE": 2026.0, "AREAS_NAME": "name"},
    steps={
        FOREST: Wishes(
            layers={"FOREST": ("wald",), "AREAS": ()},
            parameters={"MIN_AREA": 500.0, "FOREST_VALUES": "43002, 43003"},
            map=("stadtteile", "wald"),
            extent="wald",
        )
    },
    skipped=frozenset({FLOODED}),
)


@pytest.fixture
def read(tmp_path):
    def start(text: str | bytes) -> Configuration:
        file = tmp_path / "monitoring.yaml"
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_configuration(file, KNOWN)

    return start


def test_a_whole_file_is_read(read):
    assert read(WHOLE) == MEANT


def test_what_is_written_reads_back_the_same(read):
    assert read(written(MEANT)) == MEANT


@pytest.mark.parametrize(
    "value",
    [
        "true",
        "'true'",
        "'2026-06-30'",
        "2026-06-30",
        "'007'",
        "0.5",
        "1",
        "'1'",
        "none",
        "[a, b]",
        "ä: ö".join("''"),
    ],
)
def test_any_value_reads_back_the_same(read, value):
    once = read(f"monitoring: 1\nsteps: {{{FOREST}: {{parameters: {{FOREST_VALUES: {value}}}}}}}")
    assert once.steps[FOREST].parameters
    assert read(written(once)) == once


def test_a_file_that_says_nothing_is_as_none(read):
    assert read("monitoring: 1") == Configuration()


REFUSED = {
    "newer": ("monitoring: 2\nneues: [1]\n", 1, "version 1", "update the plugin"),
    "no version": ("name: x\n", 1, "the key 'monitoring'", "1"),
    "version as text": ("monitoring: eins\n", 1, "whole number", "eins"),
    "version nothing": ("monitoring:\n", 1, "whole number"),
    "empty": ("", 1, "empty file"),
    "a list": ("- monitoring: 1\n", 1, "'monitoring'"),
    "unknown key": ("monitoring: 1\nlayer: {}\n", 2, "'layer'", "did you mean 'layers'"),
    "key twice": ("monitoring: 1\nname: a\nname: b\n", 3, "each key once", "line 2"),
    "layer twice": ("monitoring: 1\nlayers:\n  a: x.shp\n  a: y.shp\n", 4, "each key once", "line 3"),
    "layer twice in a line": ("monitoring: 1\nlayers: {a: x.shp, a: y.shp}\n", 2, "each key once"),
    "unknown step": (
        f"monitoring: 1\nsteps:\n  {FOREST}: skip\n  hz22_forest: skip\n",
        4,
        "'hz22_forest'",
        FOREST,
    ),
    "unknown parameter": (
        f"monitoring: 1\nsteps:\n  {FOREST}:\n    parameters:\n      MIN_AREA: 5\n      MIN_ARAE: 5\n",
        6,
        "did you mean 'MIN_AREA'",
    ),
    "unknown layer parameter": (
        f"monitoring: 1\nsteps:\n  {FOREST}:\n    layers:\n      AREAS: a\n      WOODS: wald\n",
        6,
        "'WOODS'",
        "'FOREST'",
    ),
    "a parameter as layer": (
        f"monitoring: 1\nsteps:\n  {FOREST}:\n    layers: {{MIN_AREA: wald}}\n",
        4,
        "'MIN_AREA'",
    ),
    "a layer as parameter": (
        f"monitoring: 1\nsteps:\n  {FOREST}:\n    parameters: {{FOREST: a.shp}}\n",
        4,
        "'FOREST'",
    ),
    "a layer for all": ("monitoring: 1\nparameters:\n  MIN_AREA: 1\n  AREAS: a.shp\n", 4, "'AREAS'"),
    "unknown for all": ("monitoring: 1\nparameters:\n  MIN_AREA: 1\n  WATERS: 1\n", 4, "'WATERS'"),
    "unknown wish": (f"monitoring: 1\nsteps:\n  {FOREST}: {{maps: [a]}}\n", 3, "did you mean 'map'"),
    "a word as step": (f"monitoring: 1\nsteps:\n  {FOREST}: überspringen\n", 3, "a mapping", "überspringen"),
    "anchor": ("monitoring: 1\nlayers:\n  a: &x x.shp\n", 3, "no anchor and no alias"),
    "alias": ("monitoring: 1\nname: *x\n", 2, "no anchor and no alias"),
    "tag": ("monitoring: 1\nname: !!python/object/apply:os.system [ls]\n", 2, "text for 'name'", "a list"),
    "own tag": ("monitoring: 1\nname: !geheim x\n", 2, "text for 'name'", "!geheim"),
    "name as number": ("monitoring: 1\nname: 5\n", 2, "text for 'name'", "in quotes"),
    "name too long": (f"monitoring: 1\nname: {'x' * 101}\n", 2, "at most 100"),
    "day that is none": ("monitoring: 1\nas_of: 2026-02-30\n", 2, "a date that exists"),
    "day as year": ("monitoring: 1\nas_of: 2026\n", 2, "YYYY-MM-DD"),
    "layers as list": ("monitoring: 1\nlayers: [a.shp]\n", 2, "a mapping for 'layers'"),
    "layer without source": ("monitoring: 1\nlayers:\n  a: {date: 2026}\n", 3, "'source'"),
    "layer with more": ("monitoring: 1\nlayers:\n  a: {source: x, jahr: 2026}\n", 3, "'jahr'"),
    "layer as list": ("monitoring: 1\nlayers:\n  a: [x.shp]\n", 3, "a mapping for 'a'"),
    "map as text": (f"monitoring: 1\nsteps:\n  {FOREST}: {{map: wald}}\n", 3, "a list for 'map'"),
    "value as mapping": ("monitoring: 1\nparameters: {MIN_AREA: {a: 1}}\n", 2, "'MIN_AREA'"),
    "steps as list": (f"monitoring: 1\nsteps: [{FOREST}]\n", 2, "a mapping for 'steps'"),
    "not YAML": ("monitoring: 1\nname: [a\n", 3, "valid YAML"),
    "not UTF-8": (b"monitoring: 1\nname: \xe4\n", 2, "UTF-8", "0xe4"),
    "too deep": ("monitoring: 1\nname: " + "[" * 5000, 1, "nested too deeply"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_wrong_file_is_refused_with_its_line(read, tmp_path, case):
    text, line, *said = REFUSED[case]
    with pytest.raises(YamlError) as caught:
        read(text)
    assert (caught.value.file, caught.value.line) == (str(tmp_path / "monitoring.yaml"), line)
    assert str(caught.value).startswith(f"{tmp_path / 'monitoring.yaml'}:{line}: expected ")
    for words in said:
        assert words in caught.value.message


def test_a_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(YamlError, match="readable file"):
        read_configuration(tmp_path / "fehlt.yaml", KNOWN)


def test_a_laughing_file_ends_at_its_first_anchor(read):
    levels = [f"a{k}: &a{k} [{', '.join([f'*a{k - 1}'] * 9)}]" for k in range(1, 12)]
    with pytest.raises(YamlError, match=":2: expected no anchor"):
        read("\n".join(["monitoring: 1", "a0: &a0 ha", *levels]))
