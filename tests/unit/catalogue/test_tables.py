"""Tables of published numbers: what a file says, and how a wrong one is refused with file and line."""

from __future__ import annotations

import re

import pytest
from gruene_infra.gruene_infra_plugin.checked_yaml import YamlError
from gruene_infra.gruene_infra_plugin.methods.soil.peat import (
    CLASSES,
    EMISSIONS,
    RULES,
    Use,
    class_of,
    target_of,
)
from gruene_infra.gruene_infra_plugin.tables import SHIPPED_DIR, read_table, shipped_table

OWN = """\
table: emission
id: nir2024
edition: NIR 2024
unit: t CO2e/(ha·a)
scope: {de: alle Gase, en: all gases}
source: Umweltbundesamt
values:
  acker: {value: 40.4, mark: P}
  nass: {value: -0.5, mark: A, note: {de: geschätzt}}
"""


def read(tmp_path, text: str):
    path = tmp_path / "faktoren.yaml"
    path.write_text(text, encoding="utf-8")
    return read_table(path, EMISSIONS)


def test_every_shipped_edition_is_read_and_says_what_it_is():
    assert sorted(path.stem for path in SHIPPED_DIR.glob("*.yaml")) == [
        f"emission_{name}" for name in sorted(EMISSIONS.shipped)
    ]
    ipcc, nir = (shipped_table(EMISSIONS, name) for name in EMISSIONS.shipped)
    assert {name: value.value for name, value in ipcc.values.items()} == {
        "acker": 36.45,
        "gruenland_tief": 28.22,
        "gruenland_flach": 16.42,
        "wald": 12.93,
        "siedlung": 28.22,
    }
    assert (ipcc.values["siedlung"].mark, ipcc.values["acker"].mark) == ("A", "P")
    assert nir.get("acker") == pytest.approx(11 * 44 / 12)
    assert nir.get("gruenland_tief") == nir.get("siedlung") == pytest.approx(5 * 44 / 12)
    assert nir.get("wald") is None
    assert nir.title("de") == "NIR 2012 (nur CO2)"


def test_an_own_table(tmp_path):
    table = read(tmp_path, OWN)
    assert (table.id, table.get("acker"), table.get("nass"), table.get("wald")) == (
        "nir2024",
        40.4,
        -0.5,
        None,
    )
    assert table.get(None) is None
    assert table.title("en") == "NIR 2024 (all gases)"


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ("table: emission", "table: cn", 1, "one of 'emission' for 'table'"),
        ("id: nir2024", "id: nir2012", 2, "an id other than those of the shipped tables"),
        ("id: nir2024", "id: NIR-2024", 2, "text for 'id' like 'nir2024'"),
        ("edition: NIR 2024\n", "", 1, "the key 'edition'"),
        ("edition: NIR 2024", "edition: ''", 3, "text for 'edition'"),
        ("edition: NIR 2024", "edition: NIR; 2024", 3, "text for 'edition' without semicolons"),
        ("t CO2e/(ha·a)", "t C/(ha·a)", 4, "one of 't CO2e/(ha·a)' for 'unit'"),
        ("  acker:", "  acre:", 8, "the classes"),
        ("  acker:", "  ackr:", 8, "did you mean 'acker'?"),
        ("  nass:", "  acker:", 9, "(first in line 8)"),
        ("40.4", "'40.4'", 8, "a number for 'value'"),
        ("40.4", "40400", 8, "a number from -50 to 200 for 'value'"),
        ("40.4", ".nan", 8, "a number for 'value'"),
        ("{value: 40.4, mark: P}", "{mark: P}", 8, "the key 'value'"),
        ("mark: P", "mark: X", 8, "one of 'S', 'P', 'A', 'M'"),
        ("mark: P", "marke: P", 8, "did you mean 'mark'?"),
    ],
)
def test_a_wrong_table_is_refused_with_file_and_line(tmp_path, old, new, line, says):
    assert old in OWN
    with pytest.raises(YamlError, match=re.escape(says)) as caught:
        read(tmp_path, OWN.replace(old, new))
    assert caught.value.file.endswith("faktoren.yaml")
    assert caught.value.line == line


def test_a_table_without_numbers_is_refused(tmp_path):
    with pytest.raises(YamlError, match="at least one number in 'values'"):
        read(tmp_path, OWN[: OWN.index("values:")] + "values: {}\n")


# -- the balance --------------------------------------------------------------------------------------------


def test_savings_by_water_table():
    """Above 30 cm one rule counts nothing, below 50 cm the other one does not."""
    assert [RULES["evans"].saved(60, target) for target in (30, 10, 70)] == [9.0, 9.0, 0.0]
    assert [RULES["couwenberg"].saved(60, target) for target in (30, 0, 55)] == [10.0, 25.0, 0.0]
    assert [RULES["evans"].saved(now, 0) for now in (30, 29, -5)] == [0.0, 0.0, 0.0]


def test_classes_of_grassland_follow_the_water_table():
    assert class_of("gruenland", 29.9, 30) == "gruenland_flach"
    assert class_of("gruenland", 30 - 1e-9, 30) == "gruenland_tief"
    assert class_of("unbekannt", 10, 30) is None
    assert {class_of(name, None, 30) for name in CLASSES} == set(CLASSES)


def test_planned_uses_are_classes_or_words_of_the_lists():
    assert target_of(" Gruenland_Flach", "anderes") == "gruenland_flach"
    assert target_of("Wiese", "gruenland") == "gruenland"
    assert target_of("Wiese", "anderes") is None
    assert target_of(None, "unbekannt") is None


def test_sealed_ground_goes_before_all_uses_and_known_ones_before_unknown():
    names = ("unbekannt", "wald", "acker", "siedlung", "versiegelung_unbekannt", "versiegelt")
    ordered = sorted((Use(name) for name in names), key=lambda use: use.order)
    assert [use.use for use in ordered] == list(names[::-1])
