"""Which definitions mean the same: in two languages, with other numbers, in other units."""

from __future__ import annotations

import dataclasses
import datetime as dt

from gruene_infra.gruene_infra_plugin.catalogue import load_entry
from gruene_infra.gruene_infra_plugin.methods.findings.finding import Finding
from gruene_infra.gruene_infra_plugin.report.wordings import apart, contradiction, meaning, settings

DAY = dt.date(2026, 6, 30)
ENTRY = load_entry("hz19_floodplain_buildings")


def count(name: str, language: str = "de", least: float = 10.0, **changes: object) -> Finding:
    """Return the number of new buildings of one municipality, worded as the algorithm words it."""
    indicator = ENTRY.indicator("hz19.aue.neubau_anzahl")
    period = ENTRY.phrases["ab_jahr"].get(language).format(year=2016)
    values = {"min_overlap": f"{least:g}", "period": period}
    row = Finding(
        hz=19, kennzahl_id=indicator.id, variante_id="ab_2016", ist_leitwert=1, kennzahl="Neue Gebäude",
        definition=indicator.define(language, None, values), gebiet_art="Gemeinde", ags=None, gebiet=name,
        raumtyp=None, zaehler=1.0, nenner=1.0, basis_einheit=indicator.base_unit, wert=1.0,
        einheit=indicator.unit, ziel=None, richtung=None, ziel_datum=None, herkunft_ziel=None, luecke=None,
        luecke_abs=None, luecke_einheit="Gebäude", status="Zielwert offen", abdeckung_proz=100.0,
        n_objekte=1, n_ausgelassen=0, stand_daten=None, annahmen=None,
        algorithmus="hz19_floodplain_buildings", plugin_version="0.1.0", berechnet_am=DAY,
    )  # fmt: skip
    return dataclasses.replace(row, **changes)


def test_a_definition_means_the_same_in_both_languages():
    german, english = count("A"), count("B", "en")
    assert german.definition != english.definition
    assert meaning(german) == meaning(english)


def test_other_numbers_in_it_mean_something_else_in_either_language():
    assert meaning(count("A", "de", 10.0)) != meaning(count("A", "de", 20.0))
    assert meaning(count("A", "de", 10.0)) != meaning(count("A", "en", 20.0))


def test_an_unknown_wording_stands_for_itself_however_it_is_spaced():
    one, other = (count("A", definition=text) for text in ("Zähler:  X.", "zähler: X."))
    assert meaning(one) == meaning(other) != meaning(count("A", definition="Zähler: Y."))


def test_what_most_assessed_municipalities_mean_leads():
    """Two of 10 m² against three of 20 m², of which two are not assessed: the two lead."""
    rows = [count("A"), count("B"), count("C", least=20.0)]
    blanks = [count(name, least=20.0, status="nicht bewertbar") for name in "DE"]
    assert {row.gebiet for row in apart([*rows, *blanks])} == {"C", "D", "E"}


def test_of_equally_many_the_newest_leads():
    older, newer = count("A", berechnet_am=dt.date(2025, 6, 30)), count("B", least=20.0)
    assert apart([older, newer]) == {older: newer}


def test_definitions_in_other_units_are_apart_and_other_variants_are_no_rivals():
    rows = [count("A"), count("B"), count("C", einheit="Bauflächen"), count("D", variante_id="ab_2020")]
    assert {row.gebiet for row in apart(rows)} == {"C"}


# -- numbers that only the assumptions tell ---------------------------------------------------------


def overlap(name: str, least: str, language: str = "de", **changes: object) -> Finding:
    note = ENTRY.phrases["minimum"].get(language).format(min_overlap=least)
    return count(name, annahmen=f"{note}; something without a number", **changes)


def test_a_parameter_is_known_in_either_language_and_order():
    """The definition says 10 m² of both; the assumptions 1 and 50."""
    assert settings(overlap("A", "1")) == settings(overlap("A", "1", "en")) == {"min_overlap": "1"}
    turned = count("A", annahmen="b; minimum overlap 1 m² [A]; a")
    assert settings(turned) == {"min_overlap": "1"}


def test_what_was_counted_and_years_set_nothing():
    gaps = {"kennzahl_id": "hz13.unterbrechungen.anzahl"}
    texts = [
        "3 parts below 1000 m² left out [A]",
        "12 Teile unter 1000 m² nicht berücksichtigt [A]",
        "gains uncertain by at most 0.3 ha because weak connections are cut off",
    ]
    found = [settings(count("A", annahmen=text, **gaps)) for text in texts]
    assert found == [{"min_area": "1000"}, {"min_area": "1000"}, {}]
    green = {"kennzahl_id": "hz02.neubau.gruendach_anteil"}
    text = "greening as of 2024, unknown for buildings finished later"
    assert settings(count("A", annahmen=text, **green)) == {}


def test_of_an_unknown_note_the_numbers_count_only_behind_a_mark_and_without_dates():
    def told(text: str) -> dict[str, str]:
        return dict(settings(count("A", annahmen=text)))

    assert told("Puffer 2,5 m, Stand 2026-01-31 [A]") == {"puffer # m, stand": "2,5"}
    assert told("Puffer ab 2000 m² von 2024 [P: X 2012]") == {"puffer ab # m² von": "2000"}
    assert told("3 von 5 Gebäuden [A]") == {}
    assert told("Puffer 2,5 m") == {}
    assert told("nicht bewertbar: Puffer 2,5 m [A]") == {}


def test_other_numbers_in_the_assumptions_are_apart_by_the_rule_of_definitions():
    """Three of 1 m², one of 50 m², one that tells none: only the one of 50 m² is apart."""
    rows = [overlap("A", "1"), overlap("B", "1", "en"), overlap("C", "1"), overlap("D", "50"), count("E")]
    (found,) = apart(rows).items()
    assert [one.gebiet for one in found] == ["D", "A"]
    assert contradiction(*found) == ("Mindestüberlappung 50 m² [A]", "Mindestüberlappung 1 m² [A]")


def test_counts_in_the_assumptions_set_nobody_apart():
    gaps = {"kennzahl_id": "hz13.unterbrechungen.anzahl"}
    rows = [count(n, annahmen=f"{n} parts below 1000 m² left out [A]; {n} objects", **gaps) for n in "12"]
    assert apart(rows) == {}
