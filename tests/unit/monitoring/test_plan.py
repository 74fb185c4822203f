"""Which layers a monitoring run takes for what: by name, by field, by year, and when it asks instead."""

from __future__ import annotations

import datetime as dt

import pytest
from gruene_infra.gruene_infra_plugin.catalogue import load_entry
from gruene_infra.gruene_infra_plugin.catalogue.hints import Traits
from gruene_infra.gruene_infra_plugin.monitoring.configuration import Configuration, Wishes
from gruene_infra.gruene_infra_plugin.monitoring.datasets import Dataset
from gruene_infra.gruene_infra_plugin.monitoring.plan import Step, planned

FLOODED, FOREST, LOSS = "hz19_floodplain_buildings", "hz22_forest_share", "hz13_corridor_loss"
PROTECTED, GAPS, ROOFS, FIELDS = (
    "hz15_protected_share",
    "hz13_corridor_gaps",
    "hz02_roof_greening",
    "hz23_landscape_elements",
)


NOTHING = Configuration()
TODAY = dt.date(2026, 6, 30)


def dataset(name: str, kind: str = "polygon", *fields: str) -> Dataset:
    return Dataset(name, f"{name}.gpkg", kind, Traits.of([name], fields))


def step(algorithm: str, *datasets: Dataset, configuration: Configuration = NOTHING) -> Step:
    (made,) = planned([load_entry(algorithm)], datasets, configuration, as_of=TODAY, has_register=False)
    return made


def names(made: Step) -> dict[str, list[str]]:
    return {name: [one.name for one in some] for name, some in made.layers.items()}


def asked(made: Step) -> dict[str, list[str]]:
    return {name: [one.name for one in some] for name, some in made.asks.items()}


PLAIN = [dataset(name) for name in ("gebaeude", "ueberschwemmungsgebiete")]


def test_layers_are_known_by_their_names():
    made = step(FLOODED, *PLAIN, dataset("gemeinden"), dataset("gewaesser", "line"), dataset("seen"))
    assert names(made) == {
        "BUILDINGS": ["gebaeude"],
        "FLOODPLAINS": ["ueberschwemmungsgebiete"],
        "AREAS": ["gemeinden"],
        "WATER": ["gewaesser"],
    }
    assert (made.is_ready, made.asks, made.lacks, made.unknown) == (True, {}, [], [])


@pytest.mark.parametrize("name", ["Gebäude", "GEBAEUDE", "alkis_gebaeude", "Gebäude Essen", "wohngebaeude"])
def test_spelling_and_words_beside_do_no_harm(name):
    assert names(step(FLOODED, dataset(name), PLAIN[1]))["BUILDINGS"] == [name]


def test_layers_are_known_by_their_fields_where_the_name_says_nothing():
    made = step(
        FLOODED, dataset("tab01", "polygon", "OID", "GFK"), dataset("tab02", "polygon", "klasse"), PLAIN[1]
    )
    assert names(made)["BUILDINGS"] == ["tab01"]


def test_a_result_of_this_algorithm_is_not_taken_for_its_input():
    made = step(FLOODED, dataset("alt", "polygon", "gfk", "in_aue_m2"), PLAIN[1])
    assert (made.lacks, made.is_ready) == (["BUILDINGS"], False)


def test_the_kind_of_geometry_decides():
    made = step(FLOODED, dataset("gebaeude", "point"), PLAIN[1])
    assert made.lacks == ["BUILDINGS"]


@pytest.mark.parametrize("name", ["gebaeude_2015", "gebaeude_frueher", "Gebäude alt", "hausumringe_1999"])
def test_an_earlier_date_is_known_by_year_or_word(name):
    made = step(FLOODED, *PLAIN, dataset(name))
    assert (names(made)["BUILDINGS"], names(made)["BUILDINGS_BEFORE"]) == (["gebaeude"], [name])


def test_a_layer_of_an_earlier_date_alone_is_not_taken_for_todays():
    made = step(FLOODED, dataset("gebaeude_2015"), PLAIN[1])
    assert (made.lacks, names(made)["BUILDINGS_BEFORE"]) == (["BUILDINGS"], ["gebaeude_2015"])


@pytest.mark.parametrize("name", ["green_corridors_2015", "green_corridors_before", "corridors_before"])
def test_english_names_of_an_earlier_date(name):
    made = step(LOSS, dataset("green_corridors"), dataset(name))
    assert names(made) == {"CORRIDORS": ["green_corridors"], "CORRIDORS_BEFORE": [name]}


def test_a_number_that_is_no_year_is_none():
    assert "BUILDINGS_BEFORE" not in step(FLOODED, PLAIN[0], PLAIN[1], dataset("gebaeude_4326")).layers


def test_the_exact_name_goes_before_longer_ones():
    made = step(FLOODED, dataset("gebaeude_neubau"), *PLAIN, dataset("nebengebaeude"))
    assert (names(made)["BUILDINGS"], made.asks) == (["gebaeude"], {})


def test_two_layers_that_could_both_be_buildings_are_asked_for():
    made = step(FLOODED, dataset("gebaeude_nord"), dataset("gebaeude_sued"), PLAIN[1])
    assert asked(made) == {"BUILDINGS": ["gebaeude_nord", "gebaeude_sued"]}
    assert (made.is_ready, made.lacks, "BUILDINGS" in made.layers) == (False, [], False)


def test_two_exact_names_are_asked_for():
    made = step(FLOODED, dataset("gebaeude"), dataset("hausumringe"), PLAIN[1])
    assert asked(made) == {"BUILDINGS": ["gebaeude", "hausumringe"]}


def test_a_doubtful_layer_that_is_not_needed_is_left_out_and_told():
    made = step(FLOODED, *PLAIN, dataset("gebaeude_2010"), dataset("gebaeude_2015"))
    assert made.is_ready
    assert "BUILDINGS_BEFORE" not in made.layers
    assert asked(made) == {"BUILDINGS_BEFORE": ["gebaeude_2010", "gebaeude_2015"]}


def test_where_nothing_fits_it_lacks_what_is_needed():
    made = step(FLOODED, dataset("spielplaetze"))
    assert (made.lacks, made.asks, made.is_ready) == (["BUILDINGS", "FLOODPLAINS"], {}, False)


def test_areas_alone_are_nothing_to_measure():
    assert not step(ROOFS, dataset("gemeinden")).is_ready


def test_municipalities_go_before_quarters():
    made = step(FOREST, dataset("wald"), dataset("stadtteile"), dataset("gemeinden"))
    assert (names(made)["AREAS"], made.asks) == (["gemeinden"], {})


def test_areas_of_the_file_hold_for_all_and_a_step_may_have_its_own():
    every = Configuration(areas="stadtteile", steps={FOREST: Wishes(layers={"AREAS": ("quartiere",)})})
    there = [dataset(n) for n in ("wald", "stadtteile", "gemeinden", "quartiere")]
    assert names(step(FLOODED, *PLAIN, *there, configuration=every))["AREAS"] == ["stadtteile"]
    assert names(step(FOREST, *there, configuration=every))["AREAS"] == ["quartiere"]


def test_a_parameter_of_several_layers_takes_one_for_each_hint():
    there = [
        dataset("gruenzuege"),
        dataset("strassen", "line"),
        dataset("bahn", "line"),
        dataset("wege", "line"),
    ]
    assert names(step(GAPS, *there))["BARRIERS"] == ["strassen", "bahn"]


def test_of_several_for_one_hint_those_are_told_and_the_others_taken():
    there = [dataset("gruenzuege"), dataset("strassen_a", "line"), dataset("strassen_b", "line")]
    made = step(GAPS, *there, dataset("bahn", "line"))
    assert names(made)["BARRIERS"] == ["bahn"]
    assert asked(made) == {"BARRIERS": ["strassen_a", "strassen_b"]}


def test_tables_are_taken_for_tables_only():
    fields, drawn = dataset("feldbloecke"), dataset("landschaftselemente")
    assert names(step(FIELDS, fields, drawn, dataset("pachtvertraege", "table")))["LEASES"] == [
        "pachtvertraege"
    ]
    assert "LEASES" not in step(FIELDS, fields, drawn, dataset("pachtvertraege", "polygon")).layers


def test_rasters_are_taken_for_rasters_only():
    made = step(ROOFS, dataset("gebaeude"), dataset("oberflaechenmodell", "raster"), dataset("vegetation"))
    assert names(made) == {"BUILDINGS": ["gebaeude"], "DSM": ["oberflaechenmodell"]}


def test_what_the_file_names_is_taken_whatever_it_is_called():
    wish = Configuration(steps={FLOODED: Wishes(layers={"BUILDINGS": ("xyz",), "WATER": ()})})
    made = step(FLOODED, *PLAIN, dataset("xyz"), dataset("gewaesser", "line"), configuration=wish)
    assert (names(made)["BUILDINGS"], names(made)["WATER"], made.is_ready) == (["xyz"], [], True)


def test_a_layer_named_that_is_not_there_keeps_the_step_waiting():
    wish = Configuration(steps={FLOODED: Wishes(layers={"BUILDINGS": ("xyz",)})})
    made = step(FLOODED, *PLAIN, configuration=wish)
    assert (made.unknown, made.is_ready) == (["xyz"], False)


def test_steps_that_take_results_come_last():
    entries = [load_entry(name) for name in ("parcel_potential", FOREST, FLOODED)]
    made = planned(entries, [], Configuration(), as_of=TODAY, has_register=False)
    assert [one.entry.id for one in made] == [FLOODED, FOREST, "parcel_potential"]
    assert made[-1].results == ["RESULTS"]
