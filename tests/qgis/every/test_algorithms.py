"""What holds for every algorithm of the provider, new ones included."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from gruene_infra.gruene_infra_plugin.catalogue import entry_ids, help_html, load_entry
from gruene_infra.gruene_infra_plugin.catalogue.model_texts import model_ids
from gruene_infra.gruene_infra_plugin.methods.findings.finding import COLUMNS
from gruene_infra.gruene_infra_plugin.paths import ICONS, STYLES
from gruene_infra.gruene_infra_plugin.strategy import load_strategy
from gruene_infra.processing.provider import ALGORITHMS
from qgis.core import Qgis

ROOT = Path(__file__).resolve().parents[3]
every_algorithm = pytest.mark.parametrize("algorithm", [a() for a in ALGORITHMS], ids=lambda a: a.ID)
goal_algorithms = pytest.mark.parametrize(
    "algorithm", [a() for a in ALGORITHMS if a().entry.measures_a_goal], ids=lambda a: a.ID
)


def test_processing_is_the_package_of_qgis(processing):
    assert ROOT not in Path(processing.__file__).parents
    assert hasattr(processing, "run")


def test_provider_entries_and_files_tell_the_same_list(provider):
    files = {f.stem for f in (ROOT / "processing" / "algorithms").glob("*.py")} - {"__init__"}
    listed = {algorithm.ID for algorithm in ALGORITHMS}
    assert listed == files == set(entry_ids())
    assert {algorithm.name() for algorithm in provider.algorithms()} == listed | set(model_ids())


@every_algorithm
def test_every_parameter_has_label_and_help(algorithm):
    algorithm.initAlgorithm()
    for parameter in algorithm.parameterDefinitions():
        assert parameter.description(), parameter.name()
        assert parameter.help(), parameter.name()
        assert re.fullmatch(r"[A-Z][A-Z0-9_]*", parameter.name())


@every_algorithm
def test_help_says_method_inputs_and_limits_in_both_languages(algorithm):
    german, english = help_html(algorithm.entry, "de"), help_html(algorithm.entry, "en")
    assert all(f"<h3>{word}</h3>" in german for word in ("Methode", "Eingangsdaten", "Grenzen"))
    assert all(f"<h3>{word}</h3>" in english for word in ("Method", "Input data", "Limits"))
    assert algorithm.entry.limits.de != algorithm.entry.limits.en


@every_algorithm
def test_icon_and_styles_exist(algorithm):
    assert (ICONS / f"{algorithm.groupId()}.svg").is_file()
    assert not algorithm.icon().isNull()
    for name, style in algorithm.styles.items():
        algorithm.initAlgorithm()
        assert algorithm.parameterDefinition(name).isDestination()
        assert (STYLES / f"{style}.qml").is_file()


@goal_algorithms
def test_group_is_the_goal_of_the_strategy(algorithm):
    number = int(algorithm.ID[2:4])
    assert algorithm.entry.hz == number
    assert algorithm.group() in {load_strategy().goal(number).group_label(code) for code in ("de", "en")}
    assert f"HZ{number:02d}" in algorithm.tags()


@goal_algorithms
def test_indicators_name_a_target_of_their_unit(algorithm):
    for indicator in load_entry(algorithm.ID).indicators:
        assert indicator.id.startswith(f"hz{algorithm.entry.hz:02d}.")
        if indicator.target:
            assert load_strategy().target(indicator.target).unit == indicator.unit


@goal_algorithms
def test_thresholds_carry_their_source(algorithm):
    for threshold in algorithm.entry.thresholds:
        assert threshold.mark in ("S", "P", "A", "M")
        assert threshold.source.de


@goal_algorithms
def test_layers_come_first_and_areas_last(algorithm):
    algorithm.initAlgorithm()
    names = [p.name() for p in algorithm.parameterDefinitions() if not p.isDestination()]
    advanced = [
        p.name()
        for p in algorithm.parameterDefinitions()
        if p.flags() & Qgis.ProcessingParameterFlag.Advanced
    ]
    assert names[-4:] == ["AREAS_KIND", "DATA_DATE", "AS_OF", "STRATEGY"]
    assert {"AS_OF", "STRATEGY", "DATA_DATE"} <= set(advanced)
    assert algorithm.parameterDefinition("SUMMARY").isDestination()


def test_the_columns_of_a_finding_are_frozen():
    assert COLUMNS == (
        "hz", "kennzahl_id", "variante_id", "ist_leitwert", "kennzahl", "definition", "gebiet_art", "ags",
        "gebiet", "raumtyp", "zaehler", "nenner", "basis_einheit", "wert", "einheit", "ziel", "richtung",
        "ziel_datum", "herkunft_ziel", "luecke", "luecke_abs", "luecke_einheit", "status", "abdeckung_proz",
        "n_objekte", "n_ausgelassen", "stand_daten", "annahmen", "algorithmus", "plugin_version",
        "berechnet_am",
    )  # fmt: skip
