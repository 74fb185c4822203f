"""Every output has the columns that its entry declares, in their order and of their types."""

from __future__ import annotations

import re

import pytest
from gruene_infra.gruene_infra_plugin.spatial.writing.outputs import FIELD_TYPES, finding_fields

from .every_algorithm import BY_ID
from .examples import example

LAYERS = [
    (algorithm_id, name)
    for algorithm_id, algorithm in BY_ID.items()
    for name, output in algorithm.entry.outputs.items()
    if output.kind in ("layer", "table")
]


@pytest.mark.parametrize(("algorithm_id", "name"), LAYERS)
def test_an_output_has_the_columns_of_its_entry(algorithm_id, name, run, tmp_path):
    algorithm = BY_ID[algorithm_id]
    made = run(algorithm_id, **example(algorithm, tmp_path)).layer(name)
    written = {field.name(): field.type() for field in made.fields() if field.name() != "fid"}
    findings = {field.name(): field.type() for field in finding_fields()}
    if findings.keys() <= written.keys():
        assert written == findings
        return
    declared = algorithm.entry.outputs[name]
    sometimes = [column for column in declared.sometimes if column in written]
    if declared.statuses:
        written = {column: kind for column, kind in written.items() if not re.match(r"hz\d\d_", column)}
    expected = {column: FIELD_TYPES[kind] for column, kind in declared.written(sometimes).items()}
    assert expected, "no column is declared"
    behind = list(written.items())[-len(expected) :]
    assert behind == list(expected.items())
