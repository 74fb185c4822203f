"""Which layers a monitoring run takes for what: by name, by field, by year, and when it asks instead."""

from __future__ import annotations

import datetime as dt

import pytest
from gruene_infra.gruene_infra_plugin.catalogue import load_entry
from gruene_infra.gruene_infra_plugin.catalogue.hints import Traits
from gruene_infra.gruene_infra_plugin.monitoring.configuration import Configuration, Wishes
from gruene_infra.gruene_infra_plugin.monitoring.datasets import Dataset
from gruene_infra.gruene_infra_plugin.monitoring.plan import Step, planned

NEW, CONVERSION = "hz02_new_buildings", "hz22_forest_conversion"
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


@pytest.mark.parametrize(
    "name", ["Gebäude", "GEBAEUDE", "alkis_gebaeude", "Gebäude Essen", "gebaeude_nord_2026"]
)
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
    assert asked(made) == {"BUILDINGS": ["gebaeude_2015"], "BUILDINGS_BEFORE": ["gebaeude_2015"]}
    assert (made.lacks, made.is_ready, names(made)) == ([], False, {"FLOODPLAINS": [PLAIN[1].name]})


def test_of_two_years_the_newer_is_todays():
    made = step(FLOODED, dataset("gebaeude_2026"), dataset("gebaeude_2015"), PLAIN[1])
    assert (names(made)["BUILDINGS"], names(made)["BUILDINGS_BEFORE"]) == (
        ["gebaeude_2026"],
        ["gebaeude_2015"],
    )
    assert (made.asks, made.is_ready) == ({}, True)


@pytest.mark.parametrize("early, late", [("wald_2010", "wald_2018"), ("forest_2010", "landnutzung_2018")])
def test_two_years_need_not_be_near_to_the_day(early, late):
    made = step(CONVERSION, dataset(early), dataset(late))
    assert names(made) == {"FOREST": [late], "FOREST_BEFORE": [early]}


def test_two_years_decide_where_only_fields_tell_what_the_layers_are():
    made = step(FLOODED, dataset("t_2015", "polygon", "gfk"), dataset("t_2026", "polygon", "gfk"), PLAIN[1])
    assert (names(made)["BUILDINGS"], names(made)["BUILDINGS_BEFORE"]) == (["t_2026"], ["t_2015"])


@pytest.mark.parametrize("year", [2024, 2025, 2026, 2027, 2040])
def test_a_year_of_late_beside_a_layer_without_one_is_asked_for(year):
    newer = dataset(f"gebaeude_{year}")
    made = step(FLOODED, *PLAIN, newer)
    assert asked(made) == {key: ["gebaeude", newer.name] for key in ("BUILDINGS", "BUILDINGS_BEFORE")}
    assert not made.is_ready
    assert names(made) == {"FLOODPLAINS": [PLAIN[1].name]}


def test_an_older_year_beside_a_layer_without_one_is_the_earlier_date():
    made = step(FLOODED, *PLAIN, dataset("gebaeude_2023"))
    assert (names(made)["BUILDINGS"], names(made)["BUILDINGS_BEFORE"]) == (["gebaeude"], ["gebaeude_2023"])
    assert (made.asks, made.is_ready) == ({}, True)


@pytest.mark.parametrize(
    "year, is_todays", [(2023, False), (2024, True), (2026, True), (2028, True), (2029, False)]
)
def test_one_year_alone_is_todays_near_to_the_day(year, is_todays):
    name = f"gebaeude_{year}"
    made = step(FLOODED, dataset(name), PLAIN[1])
    assert (names(made).get("BUILDINGS"), "BUILDINGS" in made.asks) == (
        ([name], False) if is_todays else (None, True)
    )
    assert "BUILDINGS_BEFORE" not in made.layers


def test_it_is_the_day_that_is_measured_for_that_counts():
    there = [dataset("gebaeude_2015"), PLAIN[1]]
    (made,) = planned([load_entry(FLOODED)], there, NOTHING, as_of=dt.date(2017, 12, 31), has_register=False)
    assert (names(made)["BUILDINGS"], made.is_ready) == (["gebaeude_2015"], True)


def test_one_year_of_late_and_a_layer_that_is_called_earlier():
    made = step(FLOODED, dataset("gebaeude_2026"), dataset("gebaeude_frueher"), PLAIN[1])
    assert (names(made)["BUILDINGS"], names(made)["BUILDINGS_BEFORE"]) == (
        ["gebaeude_2026"],
        ["gebaeude_frueher"],
    )


def test_two_layers_of_the_newest_year_are_asked_for():
    made = step(
        FLOODED, *map(dataset, ("gebaeude_nord_2026", "gebaeude_sued_2026", "gebaeude_2015")), PLAIN[1]
    )
    assert asked(made) == {"BUILDINGS": ["gebaeude_nord_2026", "gebaeude_sued_2026"]}
    assert names(made)["BUILDINGS_BEFORE"] == ["gebaeude_2015"]


@pytest.mark.parametrize("name", ["gebaeude_20260131", "gebaeude 2026-01", "gebaeude2026", "Gebäude2026"])
def test_a_year_is_known_in_dates_and_joined_to_a_word(name):
    assert asked(step(FLOODED, *PLAIN, dataset(name)))["BUILDINGS"] == ["gebaeude", name]
    assert names(step(FLOODED, dataset(name), PLAIN[1]))["BUILDINGS"] == [name]


@pytest.mark.parametrize("name", ["Natura 2000 Schutzgebiete", "natura2000_schutzgebiete"])
def test_natura_2000_is_no_year(name):
    made = step(PROTECTED, dataset("biotopverbund"), dataset(name))
    assert (names(made)["PROTECTED"], made.is_ready) == ([name], True)


def test_years_decide_where_an_algorithm_takes_no_earlier_date():
    def buildings(*there: str) -> tuple[list[str] | None, list[str] | None]:
        made = step(ROOFS, *map(dataset, there))
        return names(made).get("BUILDINGS"), asked(made).get("BUILDINGS")

    assert buildings("gebaeude", "gebaeude_2015") == (["gebaeude"], None)
    assert buildings("gebaeude_2015", "gebaeude_2026") == (["gebaeude_2026"], None)
    assert buildings("gebaeude", "gebaeude_2026") == (None, ["gebaeude", "gebaeude_2026"])
    assert buildings("gebaeude_2015") == (None, ["gebaeude_2015"])


def test_years_decide_among_several_layers_for_each_hint():
    there = [dataset("strassen_2020", "line"), dataset("strassen_2026", "line"), dataset("bahn_2015", "line")]
    made = step(GAPS, dataset("gruenzuege"), *there)
    assert (names(made)["BARRIERS"], asked(made)) == (["strassen_2026"], {"BARRIERS": ["bahn_2015"]})


def test_an_earlier_date_beside_todays_that_the_file_names():
    def before(today: str, *there: str) -> tuple[list[str] | None, list[str] | None]:
        wish = Configuration(steps={FLOODED: Wishes(layers={"BUILDINGS": (today,)})})
        made = step(FLOODED, PLAIN[1], dataset(today), *map(dataset, there), configuration=wish)
        return names(made).get("BUILDINGS_BEFORE"), asked(made).get("BUILDINGS_BEFORE")

    assert before("gebaeude_2026") == (None, None)
    assert before("gebaeude_2026", "gebaeude_2025") == (["gebaeude_2025"], None)
    assert before("gebaeude_2024", "gebaeude_2026") == (None, ["gebaeude_2026"])
    assert before("gebaeude", "gebaeude_2015") == (["gebaeude_2015"], None)
    assert before("gebaeude", "gebaeude_2025") == (None, ["gebaeude_2025"])


def test_an_earlier_date_that_the_file_names_is_not_todays():
    wish = Configuration(steps={FLOODED: Wishes(layers={"BUILDINGS_BEFORE": ("gebaeude_2025",)})})
    made = step(FLOODED, *PLAIN, dataset("gebaeude_2025"), configuration=wish)
    assert (names(made)["BUILDINGS"], made.asks, made.is_ready) == (["gebaeude"], {}, True)


COMPOUNDS = [
    (FOREST, "waldbrandgefahr", "FOREST"),
    (FLOODED, "wohngebaeude", "BUILDINGS"),
    (FLOODED, "auenentwicklungsplanung", "FLOODPLAINS"),
    (PROTECTED, "wildschutzgebiete", "PROTECTED"),
    (CONVERSION, "bebauungsplaene", "BUILT"),
]


@pytest.mark.parametrize("algorithm, name, parameter", COMPOUNDS)
def test_a_name_that_only_begins_or_ends_with_a_word_is_asked_for(algorithm, name, parameter):
    made = step(algorithm, dataset(name))
    assert asked(made)[parameter] == [name]
    assert (made.layers, made.is_ready) == ({}, False)


def test_such_a_name_is_asked_for_whatever_fields_it_has_and_fields_alone_are_enough():
    made = step(FLOODED, dataset("wohngebaeude", "polygon", "gfk"), PLAIN[1])
    assert asked(made) == {"BUILDINGS": ["wohngebaeude"]}
    assert names(step(FLOODED, dataset("xyz", "polygon", "gfk"), PLAIN[1]))["BUILDINGS"] == ["xyz"]


def test_a_doubtful_name_that_is_not_needed_does_not_stop_a_step():
    made = step(FLOODED, *PLAIN, dataset("gewaesserrandstreifen"))
    assert (asked(made), made.is_ready) == ({"WATER": ["gewaesserrandstreifen"]}, True)


@pytest.mark.parametrize(
    "word",
    [
        "abriss",
        "planung",
        "geplant",
        "entwurf",
        "abgang",
        "bauleitplanung",
        "Pläne",
        "abbruch",
        "planned",
    ],
)
def test_words_of_plans_and_demolition_are_asked_for(word):
    for layer in (dataset(f"gebaeude_{word}"), dataset(f"xyz_{word}", "polygon", "gebaeudefunktion")):
        made = step(FLOODED, layer, PLAIN[1])
        assert (asked(made), made.is_ready) == ({"BUILDINGS": [layer.name]}, False)


@pytest.mark.parametrize("word", ["frueher", "alt", "historisch", "before"])
def test_words_of_earlier_days_are_no_buildings_of_today(word):
    made = step(ROOFS, dataset(f"gebaeude_{word}"))
    assert (asked(made), made.is_ready) == ({"BUILDINGS": [f"gebaeude_{word}"]}, False)


def test_names_of_places_beside_do_no_harm():
    for place in ("altenessen", "Neuss", "Altena", "nrw", "stadt_x"):
        assert names(step(ROOFS, dataset(f"gebaeude_{place}")))["BUILDINGS"] == [f"gebaeude_{place}"]


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


@pytest.mark.parametrize("name", ["stadtteile", "Quartiere Essen"])
def test_districts_are_measured_as_quarters(name):
    made = step(FOREST, dataset("wald"), dataset(name, "polygon", "ags", "gemeinde"))
    assert (names(made)["AREAS"], made.wishes.parameters) == ([name], {"AREAS_KIND": "Quartier"})


def test_municipalities_are_measured_as_such_by_name_and_by_field():
    for there in (
        dataset("gemeinden"),
        dataset("gemeindegrenzen"),
        dataset("grenzen", "polygon", "AGS", "GEN"),
    ):
        made = step(FOREST, dataset("wald"), there)
        assert (names(made)["AREAS"], made.wishes.parameters) == ([there.name], {})


def test_districts_that_the_file_names_are_quarters_unless_it_says_otherwise():
    there, kind = [dataset("wald"), dataset("stadtteile")], {"AREAS_KIND": "Raumtyp"}
    said = [
        Configuration(areas="stadtteile"),
        Configuration(areas="stadtteile", parameters=kind),
        Configuration(areas="stadtteile", steps={FOREST: Wishes(parameters=kind)}),
    ]
    made = [step(FOREST, *there, configuration=one).wishes.parameters for one in said]
    assert made == [{"AREAS_KIND": "Quartier"}, {}, kind]


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


def test_a_step_that_takes_results_waits_where_no_other_leaves_any():
    entries = [load_entry(name) for name in ("parcel_potential", FOREST, FLOODED)]

    def potential(*there: Dataset) -> Step:
        made = planned(entries, there, NOTHING, as_of=TODAY, has_register=False)
        return made[-1]

    parcels = dataset("flurstuecke")
    alone, with_forest = potential(parcels), potential(parcels, dataset("wald"))
    assert [(one.unfed, one.is_ready) for one in (alone, with_forest)] == [(["RESULTS"], False)] * 2
    fed = potential(parcels, *PLAIN)
    assert (fed.unfed, fed.is_ready) == ([], True)


def test_a_step_waits_for_the_results_that_the_file_names():
    wish = Configuration(steps={"parcel_potential": Wishes(layers={"RESULTS": (FOREST,)})})
    entries = [load_entry(name) for name in ("parcel_potential", FOREST, FLOODED)]
    there = [dataset("flurstuecke"), *PLAIN]
    waiting = planned(entries, there, wish, as_of=TODAY, has_register=False)[-1]
    there.append(dataset("wald"))
    fed = planned(entries, there, wish, as_of=TODAY, has_register=False)[-1]
    assert (waiting.unfed, fed.unfed) == (["RESULTS"], [])
