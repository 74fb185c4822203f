"""Which attributes of an input go into an output, and what they are called there."""

from __future__ import annotations

import pytest
from gruene_infra.gruene_infra_plugin.spatial.writing.carried import carry
from gruene_infra.gruene_infra_plugin.spatial.writing.outputs import fields_of
from hypothesis import given
from hypothesis import strategies as st
from qgis.core import QgsField, QgsFields
from qgis.PyQt.QtCore import QMetaType

INT, TEXT = QMetaType.Type.Int, QMetaType.Type.QString
COLUMNS = {"flach": INT, "grund": TEXT}
SOMETIMES = ("hz02_m2", "hz13_m")


def named(*names: str) -> QgsFields:
    fields = QgsFields()
    for name in names:
        fields.append(QgsField(name, TEXT))
    return fields


@pytest.mark.parametrize(
    ("given_names", "kept", "made"),
    [
        (("id", "jahr"), "id jahr", "id jahr"),
        ((), "", ""),
        # an earlier result: whole set, in any order and case
        (("id", "flach", "grund"), "id", "id"),
        (("Grund", "id", "FLACH", "jahr"), "id jahr", "id jahr"),
        # the user's own fields
        (("id", "flach"), "id flach", "id flach_eingabe"),
        (("FLACH", "id"), "FLACH id", "FLACH_eingabe id"),
        (("flach", "flach_eingabe"), "flach flach_eingabe", "flach_eingabe_2 flach_eingabe"),
        (("flach", "Flach_Eingabe", "FLACH_eingabe_2"), "flach Flach_Eingabe FLACH_eingabe_2",
         "flach_eingabe_3 Flach_Eingabe FLACH_eingabe_2"),
        # an earlier result into which a user's field went
        (("flach_eingabe", "flach", "grund"), "flach_eingabe", "flach_eingabe"),
        # names that differ by case only
        (("Name", "name", "NAME"), "Name name NAME", "Name name_2 NAME_3"),
        # columns of an earlier run that this one does not write
        (("id", "flach", "grund", "hz02_m2", "hz13_m"), "id", "id"),
        # and a user's column of such a name
        (("id", "hz13_m", "flach"), "id hz13_m flach", "id hz13_m flach_eingabe"),
    ],
)  # fmt: skip
def test_what_is_carried_and_what_it_is_called(given_names, kept, made):
    found = carry(named(*given_names), COLUMNS, SOMETIMES)
    assert found.of(list(given_names)) == kept.split()
    assert found.fields.names() == [*made.split(), *COLUMNS]
    replaced = set(given_names) - set(kept.split())
    assert set(found.replaced) == replaced
    assert found.renamed == {
        old: new for old, new in zip(kept.split(), made.split(), strict=True) if old != new
    }


def test_columns_that_some_runs_write_do_not_tell_an_earlier_result():
    """The run before wrote ``hz13_m``, this one writes ``hz02_m2``."""
    found = carry(named("id", "flach", "grund", "hz13_m"), COLUMNS | {"hz02_m2": INT}, SOMETIMES)
    assert found.fields.names() == ["id", "flach", "grund", "hz02_m2"]


def test_the_columns_of_an_earlier_result_are_known_in_a_shapefile():
    columns = {"neu": INT, "im_streifen_m2": INT, "neu_in_aue_m2": INT}
    found = carry(named("baujahr", "neu", "im_streife", "neu_in_aue"), columns)
    assert found.fields.names() == ["baujahr", *columns]
    assert set(found.replaced) == {"neu", "im_streife", "neu_in_aue"}
    users = carry(named("neu", "im_streifen_m2", "neu_in_aue_m2", "neu_in_aue"), columns)
    assert users.fields.names() == ["neu_in_aue", *columns]
    alike = carry(named("rueckhalt_", "rueckhal_1"), {"rueckhalt_m3_a": INT, "rueckhalt_tabelle": TEXT})
    assert alike.fields.names() == ["rueckhalt_m3_a", "rueckhalt_tabelle"]


def test_fields_keep_their_types():
    found = carry(fields_of({"flach": TEXT, "jahr": INT}), COLUMNS)
    types = {field.name(): field.type() for field in found.fields}
    assert types == {"flach_eingabe": TEXT, "jahr": INT, "flach": INT, "grund": TEXT}


NAMES = st.lists(
    st.sampled_from(
        ["flach", "FLACH", "grund", "Grund", "flach_eingabe", "flach_eingabe_2", "id", "ID", "Id_2", "hz13_m"]
    ),
    unique=True,
)


@given(NAMES)
def test_no_two_names_are_alike_and_every_value_is_there_once(names):
    found = carry(named(*names), COLUMNS, SOMETIMES)
    folded = [name.casefold() for name in found.fields.names()]
    assert len(set(folded)) == len(folded)
    assert found.fields.names()[-2:] == list(COLUMNS)
    assert sorted([*found.of(names), *found.replaced]) == sorted(names)
    assert len(found.of(names)) + 2 == found.fields.count()


@given(NAMES)
def test_a_second_run_has_the_columns_of_the_first(names):
    first = carry(named(*names), COLUMNS, SOMETIMES).fields
    second = carry(first, COLUMNS, SOMETIMES)
    assert [n for n in second.fields.names() if n != "hz13_m"] == [n for n in first.names() if n != "hz13_m"]
    assert not second.renamed
