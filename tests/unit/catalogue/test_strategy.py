"""The shipped strategy against the figures of its short version, and what a user's file can do to it."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from collections import Counter
from pathlib import Path
from textwrap import dedent

import pytest
from gruene_infra.gruene_infra_plugin import strategy as strategy_package
from gruene_infra.gruene_infra_plugin.bilingual import Text
from gruene_infra.gruene_infra_plugin.checked_yaml import YamlError
from gruene_infra.gruene_infra_plugin.strategy import (
    SHIPPED_FILES,
    Municipality,
    load_strategy,
)

END_2025, END_2030, END_2040 = dt.date(2025, 12, 31), dt.date(2030, 12, 31), dt.date(2040, 12, 31)

OFFICIAL_TITLES = {
    1: "Stadtquartiere mit klima- und gesundheitswirksamer Grüner Infrastruktur nachrüsten",
    2: "Dach- und Fassadenbegrünung fördern",
    3: "Blau-grüne Klimastraßenräume schaffen",
    4: "Parkanlagen fit und attraktiv für die Zukunft machen",
    5: "Grüne Infrastruktur zum Sport-, Spiel- und Bewegungsraum entwickeln",
    6: "Dreifache Innenentwicklung in der Stadtentwicklung vorantreiben",
    7: "Mit Grüner Infrastruktur Impulse für zirkuläres Bauen setzen",
    8: "Brachflächenpotenziale ausschöpfen und Flächenpools entwickeln",
    9: "Grüne Infrastruktur koproduzieren und soziale Teilhabe fördern",
    10: "Ko-Habitation und Naturerleben in der Stadt fördern",
    11: "Industrienatur integriert entwickeln und identitätsstiftenden Charakter stärken",
    12: "Mehr Naturerfahrungsräume schaffen",
    13: "Regionale Grünzüge als zentrale Elemente der Grünen Infrastruktur in der Städtelandschaft "
    "Metropole Ruhr in Wert setzen und weiter entwickeln",
    14: "Weitere Regionalparks in der Metropole Ruhr ausweisen und den Emscher Landschaftspark "
    "weiterentwickeln",
    15: "Wertvolle Lebensräume durch Biotopverbundplanung sichern und vernetzen",
    16: "Halden als Aushängeschilder der grünen Transformation in der Metropole Ruhr entwickeln",
    17: "Urbane Lebensmittelproduktion stärken",
    18: "Grünkorridore der Verkehrstrassen und technischen Infrastrukturen multifunktional entwickeln",
    19: "Fließgewässer renaturieren und Auen wiederherstellen",
    20: "Böden vitalisieren und ihre vielfältigen Funktionen stärken",
    21: "Mit Kohlenstoffspeichern wie Dauergrünland und Mooren gezielt natürlichen Klimaschutz betreiben",
    22: "Klimawirksame, strukturreiche Wälder erhalten, mehren und nachhaltig bewirtschaften",
    23: "Multifunktionalen Charakter der Landwirtschaftsflächen stärken",
    24: "Klimaangepasste Schwammstädte und Schwammlandschaften als zusammenhängendes System entwickeln",
    25: "Mit Grüner Infrastruktur aktive Mobilität fördern",
    26: "Zusammenwirken von Grüner Infrastruktur und regenerativen Energien aktiv gestalten",
    27: "Umweltbildungsangebote ausweiten, vielseitig und inklusiv gestalten",
}

# id: direction, value, unit, date, scope, origin
TARGETS = {
    "hz02.dach": (">=", 50, "%", END_2030, "inner_city", "S"),
    "hz02.dach_langfristig": (">=", 100, "%", None, "everywhere", "S"),
    "hz02.fassade": (">=", 5, "%", END_2030, "inner_city", "S"),
    "hz02.neubau": (">=", 100, "%", None, "everywhere", "S"),
    "hz02.neubau_abkopplung": (">=", 100, "%", None, "everywhere", "S"),
    "hz08.schutz": (">=", 100, "%", None, "everywhere", "S"),
    "hz11.schutz": (">=", 100, "%", None, "everywhere", "S"),
    "hz11.gesichert": (">=", 5500, "ha", None, "region", "P"),
    "hz13.verlust": ("=", 0, "m²", None, "everywhere", "S"),
    "hz13.unterbrechungen": ("=", 0, "Anzahl", None, "everywhere", "S"),
    "hz14.konzept": (">=", 1, "Konzept", END_2025, "region", "S"),
    "hz15.schutzanteil": (">=", 15, "%", None, "region", "S"),
    "hz19.gsg_ballungsraum": ("<", 45, "%", END_2030, "region", "S"),
    "hz19.gsg_aussen": ("<", 25, "%", END_2030, "region", "S"),
    "hz19.aue": ("=", 0, "m²", None, "everywhere", "S"),
    "hz19.aue_anzahl": ("=", 0, "Gebäude", None, "everywhere", "S"),
    "hz19.streifen": ("=", 0, "m²", None, "everywhere", "A"),
    "hz21.gruenland": (">=", 0, "m²", None, "everywhere", "S"),
    "hz22.waldanteil": (">=", 25, "%", END_2030, "region", "S"),
    "hz22.ffh": (">=", 100, "%", None, "everywhere", "S"),
    "hz23.landschaftselemente": (">=", 10, "%", None, "region", "S"),
    "hz23.pacht": (">=", 10, "Jahre", None, "region", "S"),
    "hz25.radanteil": (">=", 25, "%", END_2030, "region", "S"),
}

PRESETS = {
    "hz01.ioer_nah": ("<=", 300, "m", None),
    "hz01.ioer_quartier": ("<=", 700, "m", None),
    "hz01.galk_nah": (">=", 6, "m²/EW", None),
    "hz01.galk_quartier": (">=", 7, "m²/EW", None),
    "hz01.who": ("<=", 300, "m", None),
    "hz03.pflanzflaeche": (">=", 12, "m²", None),
    "hz05.weg_unter_6": ("<=", 200, "m", None),
    "hz05.weg_6_bis_11": ("<=", 400, "m", None),
    "hz05.weg_ab_12": ("<=", 1000, "m", None),
    "hz05.flaeche_unter_6": (">=", 500, "m²", None),
    "hz05.flaeche_6_bis_11": (">=", 5000, "m²", None),
    "hz05.flaeche_ab_12": (">=", 10000, "m²", None),
    "hz05.sportflaeche": (">=", 3.5, "m²/EW", None),
    "hz10.bff_gering": (">=", 0.6, "BFF", None),
    "hz10.bff_mittel": (">=", 0.45, "BFF", None),
    "hz10.bff_hoch": (">=", 0.3, "BFF", None),
    "hz12.flaeche": (">=", 1, "ha", None),
    "hz12.naturnah": (">=", 50, "%", None),
    "hz12.weg": ("<=", 300, "m", None),
    "hz17.dauerkleingarten": (">=", 10, "m²/EW", None),
    "hz24.kris_abfluss": (">=", 25, "%", END_2040),
    "hz24.kris_verdunstung": (">=", 10, "Prozentpunkte", END_2040),
    "hz24.dwa_abweichung": ("<=", 10, "Prozentpunkte", None),
}

CLASSES = {
    "Z": {2, 14, 15, 19, 22, 23, 25},
    "V": {8, 11, 13, 21},
    "O": {1, 3, 5, 6, 10, 12, 17, 18, 20, 24},
    "R": {4, 7, 9, 16, 26, 27},
}


@pytest.fixture
def ruhr():
    return load_strategy()


@pytest.fixture
def write(tmp_path):
    """Write a strategy file and return its path; each call makes a new file."""

    def write_file(content: str | bytes, name: str = "eigene.yaml") -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else dedent(content).encode())
        return path

    return write_file


class TestShippedStrategy:
    def test_has_5_leitthemen_27_goals_and_3_raumtypen(self, ruhr):
        assert [leitthema.number for leitthema in ruhr.leitthemen] == ["I", "II", "III", "IV", "V"]
        assert [goal.number for goal in ruhr.goals] == list(range(1, 28))
        assert [raumtyp.id for raumtyp in ruhr.raumtypen] == ["Innenstadt", "Zwischenstadt", "Landschaft"]

    def test_names_its_region_and_source(self, ruhr):
        assert (ruhr.id, ruhr.region) == ("ruhr", "Metropole Ruhr")
        assert ruhr.name.de == "Strategie Grüne Infrastruktur Metropole Ruhr"
        assert "Kurzfassung" in ruhr.edition
        assert "Regionalverband Ruhr" in ruhr.source

    def test_goals_carry_their_official_titles(self, ruhr):
        assert {goal.number: goal.title.de for goal in ruhr.goals} == OFFICIAL_TITLES

    def test_leitthemen_carry_their_official_names(self, ruhr):
        assert [leitthema.label("de") for leitthema in ruhr.leitthemen] == [
            "I · Lebenswerte Metropole Ruhr",
            "II · Klimaangepasste Metropole Ruhr",
            "III · Artenreiche Metropole Ruhr",
            "IV · Klimagerechte Metropole Ruhr",
            "V · Zirkuläre Metropole Ruhr",
        ]
        assert ruhr.leitthema("II").subtitle.de == (
            "Resilienz und Klimakomfort durch Grüne Infrastruktur sicherstellen"
        )

    def test_every_text_is_there_in_both_languages(self, ruhr):
        proper_names = {"Regionalparks"}
        texts = [text for goal in ruhr.goals for text in (goal.title, goal.short_title, *goal.agreements)]
        texts += [text for t in (*ruhr.targets, *ruhr.presets) for text in (t.indicator, t.note)]
        assert [t.de for t in texts if t and t.de == t.en and t.de not in proper_names] == []

    def test_every_goal_sums_up_one_to_three_agreements(self, ruhr):
        assert {len(goal.agreements) for goal in ruhr.goals} <= {1, 2, 3}

    def test_goals_fall_into_their_classes(self, ruhr):
        found = {name: {g.number for g in ruhr.goals if g.measurability == name} for name in "ZVOR"}
        assert found == CLASSES

    def test_is_read_once_and_cannot_be_changed(self, ruhr):
        assert load_strategy() is ruhr
        with pytest.raises(dataclasses.FrozenInstanceError):
            ruhr.target("hz02.dach").value = 40


class TestMunicipalities:
    def test_are_the_53_of_the_region_by_kreis(self, ruhr):
        kreise = Counter(one.ags[:5] for one in ruhr.municipalities)
        cities = {kreis for kreis, number in kreise.items() if number == 1}
        assert cities == {
            "05112", "05113", "05117", "05119", "05512", "05513", "05911", "05913", "05914", "05915", "05916",
        }  # fmt: skip
        assert {kreis: kreise[kreis] for kreis in kreise.keys() - cities} == {
            "05170": 13, "05562": 10, "05954": 9, "05978": 10,
        }  # fmt: skip
        for part in ("ags", "name"):
            assert len({getattr(one, part) for one in ruhr.municipalities}) == 53

    @pytest.mark.parametrize(
        ("ags", "name", "area_ha"),
        [
            ("05112000", "Duisburg", 23_280),
            ("05113000", "Essen", 21_034),
            ("05117000", "Mülheim an der Ruhr", 9_128),
            ("05119000", "Oberhausen", 7_709),
            ("05512000", "Bottrop", 10_061),
            ("05513000", "Gelsenkirchen", 10_494),
            ("05911000", "Bochum", 14_566),
            ("05913000", "Dortmund", 28_071),
            ("05914000", "Hagen", 16_045),
            ("05915000", "Hamm", 22_643),
            ("05916000", "Herne", 5_142),
        ],
    )
    def test_have_their_key_and_within_a_thousandth_their_published_area(self, ruhr, ags, name, area_ha):
        (one,) = (one for one in ruhr.municipalities if one.ags == ags)
        assert one.name == name
        assert one.area_ha == pytest.approx(area_ha, rel=1e-3)

    def test_make_up_the_area_of_the_region(self, ruhr):
        assert sum(one.area_ha for one in ruhr.municipalities) == pytest.approx(443_711, abs=2)

    def test_another_region_lists_its_own_or_none(self, write):
        assert load_strategy(write(OTHER_REGION)).municipalities == ()
        own = dedent(OTHER_REGION) + 'municipalities:\n  - {ags: "03241001", name: Hannover}\n'
        assert load_strategy(write(own)).municipalities == (Municipality("03241001", "Hannover", None),)

    @pytest.mark.parametrize(
        ("row", "says"),
        [
            ("{ags: 05112000, name: Duisburg}", "in quotes"),
            ('{ags: "5911000", name: Bochum}', "like '05911000'"),
            ('{ags: "05911000", name: Bochum, area_ha: -3}', "a number above 0"),
            ('{ags: "05911000"}', "the key 'name'"),
        ],
    )
    def test_what_is_none_is_reported(self, write, row, says):
        whole = dedent(OTHER_REGION) + f"municipalities:\n  - {row}\n"
        with pytest.raises(YamlError, match=re.escape(says)):
            load_strategy(write(whole))


class TestTargets:
    def test_are_exactly_the_published_ones(self, ruhr):
        found = {t.id: (t.direction, t.value, t.unit, t.date, t.scope, t.origin) for t in ruhr.targets}
        assert found == TARGETS

    def test_every_goal_with_a_figure_has_one_and_no_other_goal_has(self, ruhr):
        with_target = {target.hz for target in ruhr.targets}
        assert with_target == CLASSES["Z"] | CLASSES["V"]

    def test_a_goal_left_open_has_no_target(self, ruhr):
        assert ruhr.targets_of(24) == ()

    def test_are_listed_by_goal(self, ruhr):
        assert [target.id for target in ruhr.targets_of(19)] == [
            "hz19.gsg_ballungsraum",
            "hz19.gsg_aussen",
            "hz19.aue",
            "hz19.aue_anzahl",
            "hz19.streifen",
        ]

    def test_of_the_strategy_cite_the_agreement_of_their_goal(self, ruhr):
        own = [target for target in ruhr.targets if target.origin == "S"]
        assert all(t.source.startswith(f"Kurzfassung, HZ {t.hz:02d}, Vereinbarung ") for t in own)

    def test_river_structure_is_split_into_two_zones(self, ruhr):
        inside, outside = ruhr.target("hz19.gsg_ballungsraum"), ruhr.target("hz19.gsg_aussen")
        assert (inside.zone.de, outside.zone.de) == ("Ballungsraum", "außerhalb des Ballungsraums")
        assert [t.id for t in ruhr.targets if t.zone] == [inside.id, outside.id]

    @pytest.mark.parametrize(
        ("target_id", "value", "year", "origin"),
        [
            ("hz19.gsg_ballungsraum", 73, None, "S"),
            ("hz19.gsg_aussen", 73, None, "S"),
            ("hz22.waldanteil", 23, None, "S"),
            ("hz25.radanteil", 9, 2017, "P"),
        ],
    )
    def test_name_the_published_baseline(self, ruhr, target_id, value, year, origin):
        baseline = ruhr.target(target_id).baseline
        assert (baseline.value, baseline.year, baseline.origin) == (value, year, origin)

    def test_without_a_published_baseline_have_none(self, ruhr):
        assert sum(target.baseline is not None for target in ruhr.targets) == 4

    def test_presets_are_exactly_the_published_ones(self, ruhr):
        found = {p.id: (p.direction, p.value, p.unit, p.date) for p in ruhr.presets}
        assert found == PRESETS
        assert {preset.origin for preset in ruhr.presets} == {"P"}

    def test_presets_are_offered_only_where_the_strategy_sets_no_value(self, ruhr):
        assert {preset.hz for preset in ruhr.presets} <= CLASSES["O"]
        assert [preset.id for preset in ruhr.presets_of(3)] == ["hz03.pflanzflaeche"]


class TestAssignment:
    def test_is_marked_as_an_assumption_to_be_confirmed(self, ruhr):
        assert {goal.assignment.origin for goal in ruhr.goals} == {"A"}
        assert all("nur als Zeichnung" in goal.assignment.note.de for goal in ruhr.goals)
        assert all("has to confirm" in goal.assignment.note.en for goal in ruhr.goals)

    def test_leaves_no_goal_no_leitthema_and_no_raumtyp_out(self, ruhr):
        assert all(goal.leitthemen and goal.raumtypen for goal in ruhr.goals)
        assert all(ruhr.goals_of_leitthema(leitthema.id) for leitthema in ruhr.leitthemen)
        assert all(ruhr.goals_of_raumtyp(raumtyp.id) for raumtyp in ruhr.raumtypen)

    def test_can_be_asked_from_both_sides(self, ruhr):
        assert [goal.number for goal in ruhr.goals_of_leitthema("V")] == [7, 8, 16, 17, 20, 23, 26]
        assert ruhr.goal(23).leitthemen == ("III", "V")
        assert 23 in [goal.number for goal in ruhr.goals_of_raumtyp("Landschaft")]


class TestLookups:
    @pytest.mark.parametrize(
        ("method", "key"),
        [
            ("goal", 28),
            ("target", "hz02.dahc"),
            ("preset", "hz02.dach"),
            ("leitthema", "VI"),
            ("raumtyp", "innenstadt"),
            ("goals_of_leitthema", "VI"),
            ("goals_of_raumtyp", "Stadt"),
        ],
    )
    def test_unknown_key_is_an_error(self, ruhr, method, key):
        with pytest.raises(KeyError, match=str(key)):
            getattr(ruhr, method)(key)

    def test_return_the_part_of_that_key(self, ruhr):
        assert ruhr.goal(19).title.de == OFFICIAL_TITLES[19]
        assert ruhr.raumtyp("Landschaft").title.en == "Landscape"
        assert ruhr.preset("hz24.kris_abfluss").value == 25

    @pytest.mark.parametrize(
        ("number", "language", "label"),
        [
            (2, "de", "HZ 02 · Dach- und Fassadenbegrünung"),
            (2, "en", "HZ 02 · Green roofs and façades"),
            (19, "de_AT", "HZ 19 · Fließgewässer und Auen"),
        ],
    )
    def test_group_label_reads_like_the_strategy(self, ruhr, number, language, label):
        assert ruhr.goal(number).group_label(language) == label

    @pytest.mark.parametrize("language", ["de", "en"])
    def test_group_labels_are_short_and_distinct(self, ruhr, language):
        labels = {goal.group_label(language) for goal in ruhr.goals}
        assert len(labels) == 27
        assert max(map(len, labels)) <= len("HZ 00 · ") + 40

    @pytest.mark.parametrize(
        ("language", "expected"),
        [
            ("de", "Wald"),
            ("de_AT", "Wald"),
            ("de-CH", "Wald"),
            ("DE", "Wald"),
            ("en_US", "forest"),
            ("fr", "forest"),
            ("den", "forest"),
            ("", "forest"),
        ],
    )
    def test_german_is_for_german_locales_only(self, language, expected):
        assert Text("Wald", "forest").get(language) == expected


MUNICIPAL_TARGET = """
    extends: ruhr
    targets:
      - id: hz17.gaerten
        hz: 17
        indicator: {de: Gartenfläche je Person}
        value: 11.5
        unit: m²/EW
        direction: ">="
        date: 2035-06-30
        scope: everywhere
        origin: kommunal
        source: Ratsbeschluss
    """


class TestExtension:
    def test_adds_a_municipal_target(self, ruhr, write):
        extended = load_strategy(write(MUNICIPAL_TARGET))
        target = extended.target("hz17.gaerten")
        assert (target.value, target.date, target.origin) == (11.5, dt.date(2035, 6, 30), "kommunal")
        assert target.indicator == Text("Gartenfläche je Person", "Gartenfläche je Person")
        assert [t for t in extended.targets if t.id != target.id] == list(ruhr.targets)

    def test_keeps_targets_in_the_order_of_the_goals(self, write):
        numbers = [target.hz for target in load_strategy(write(MUNICIPAL_TARGET)).targets]
        assert numbers == sorted(numbers)

    def test_leaves_the_shipped_strategy_as_it_was(self, write):
        load_strategy(write(MUNICIPAL_TARGET))
        assert load_strategy().targets_of(17) == ()

    def test_changes_a_value_and_keeps_all_but_the_note_on_the_old_one(self, ruhr, write):
        path = write("""
            extends: ruhr
            targets:
              - {id: hz02.dach, value: 60, origin: kommunal, source: Ratsbeschluss}
            """)
        changed = dataclasses.replace(
            ruhr.target("hz02.dach"), value=60, origin="kommunal", source="Ratsbeschluss", note=None
        )
        assert load_strategy(path).target("hz02.dach") == changed

    def test_takes_a_date_away_with_an_empty_value(self, write):
        path = write("""
            extends: ruhr
            targets:
              - {id: hz02.dach, date: null, origin: kommunal, source: Ratsbeschluss}
            """)
        assert load_strategy(path).target("hz02.dach").date is None

    def test_confirms_one_row_of_the_mapping(self, ruhr, write):
        path = write("""
            extends: ruhr
            assignments:
              origin: A
              rows:
                - {hz: 03, leitthemen: [II, IV], raumtypen: [Innenstadt], origin: S}
            """)
        extended = load_strategy(path)
        assert extended.goal(3).assignment.origin == "S"
        assert extended.goal(3).assignment.note is None
        assert (extended.goal(3).leitthemen, extended.goal(3).raumtypen) == (("II", "IV"), ("Innenstadt",))
        assert extended.goal(4) == ruhr.goal(4)

    def test_later_files_win(self, write):
        template = """
            extends: ruhr
            targets:
              - {{id: hz02.dach, value: {value}, origin: kommunal, source: Ratsbeschluss}}
            """
        first, second = (write(template.format(value=value), f"{value}.yaml") for value in (55, 70))
        assert load_strategy(extend=[first, second]).target("hz02.dach").value == 70
        assert load_strategy(first, extend=[second]).target("hz02.dach").value == 70
        assert load_strategy(second, extend=[first]).target("hz02.dach").value == 55

    def test_renames_the_strategy_and_adds_a_goal(self, write):
        path = write("""
            extends: ruhr
            strategy:
              name: {de: Ruhr mit eigenem Ziel, en: Ruhr plus one goal}
            goals:
              - number: 28
                title: {de: Friedhöfe öffnen, en: Open cemeteries}
                short_title: {de: Friedhöfe, en: Cemeteries}
                measurability: O
                agreements: []
            """)
        extended = load_strategy(path)
        assert (extended.name.en, extended.region) == ("Ruhr plus one goal", "Metropole Ruhr")
        assert extended.goal(28).group_label("en") == "HZ 28 · Cemeteries"
        assert (extended.goal(28).leitthemen, extended.goal(28).raumtypen) == ((), ())

    def test_accepts_a_byte_order_mark(self, write):
        path = write(b"\xef\xbb\xbf" + dedent(MUNICIPAL_TARGET).encode())
        assert load_strategy(path).target("hz17.gaerten").value == 11.5


OTHER_REGION = """
    strategy:
      id: weser
      name: {de: Grünes Weserland, en: Green Weser Country}
      region: Weserland
      edition: Entwurf
      source: Beispiel
    leitthemen:
      - {id: A, number: A, title: {de: Wasser, en: Water}}
    goals:
      - number: 2
        title: {de: Ufer öffnen, en: Open the banks}
        short_title: {de: Ufer, en: Banks}
        measurability: O
        agreements: [{de: Alle Ufer sind begehbar., en: All banks are walkable.}]
      - number: 1
        title: {de: Quellen schützen, en: Protect springs}
        short_title: {de: Quellen, en: Springs}
        measurability: V
        agreements: []
    """


class TestReplacement:
    def test_leaves_nothing_of_the_shipped_strategy(self, write):
        other = load_strategy(write(OTHER_REGION))
        assert (other.id, other.name.en, other.region) == ("weser", "Green Weser Country", "Weserland")
        assert [goal.number for goal in other.goals] == [1, 2]
        assert (other.targets, other.presets, other.raumtypen) == ((), (), ())
        assert other.leitthema("A").subtitle is None

    def test_can_itself_be_extended(self, write):
        mapping = write(
            """
            extends: weser
            assignments:
              origin: A
              rows: [{hz: 1, leitthemen: [A], raumtypen: []}]
            """,
            "zuordnung.yaml",
        )
        other = load_strategy(write(OTHER_REGION), extend=[mapping])
        assert [goal.number for goal in other.goals_of_leitthema("A")] == [1]

    def test_the_shipped_files_are_such_a_pair(self, ruhr):
        strategy_file, mapping_file = SHIPPED_FILES
        assert load_strategy(strategy_file, extend=[mapping_file]) == ruhr


TARGET_LINES = {
    "id": "hz17.gaerten",
    "hz": "17",
    "indicator": "{de: Gärten, en: Gardens}",
    "value": "11.5",
    "unit": "m²/EW",
    "direction": '">="',
    "scope": "everywhere",
    "origin": "kommunal",
    "source": "Ratsbeschluss",
}


def target_file(**changes: str | None) -> str:
    """Return an extension with one target, one key per line from line 3 on; None leaves a key out."""
    lines = {key: value for key, value in {**TARGET_LINES, **changes}.items() if value is not None}
    body = "\n    ".join(f"{key}: {value}" for key, value in lines.items())
    return f"extends: ruhr\ntargets:\n  - {body}\n"


def line_of(key: str) -> int:
    return 3 + list(TARGET_LINES).index(key)


def goal_file(**changes: str) -> str:
    """Return an extension with the changed goal 5, one key per line from line 3 on."""
    body = "\n    ".join(f"{key}: {value}" for key, value in {"number": "5", **changes}.items())
    return f"extends: ruhr\ngoals:\n  - {body}\n"


def rows_file(*rows: str) -> str:
    """Return an extension of the mapping, one row per line from line 5 on."""
    return "\n    - ".join(["extends: ruhr\nassignments:\n  origin: A\n  rows:", *rows])


class TestWrongTarget:
    @pytest.mark.parametrize(
        ("key", "value", "message"),
        [
            ("value", "viel", "expected a number for 'value' (with a decimal point, without quotes), "
                              "found the text 'viel'"),
            ("value", "11,5", "found the text '11,5'"),
            ("value", '"11.5"', "found the text '11.5'"),
            ("value", ".nan", "found the number '.nan'"),
            ("value", "1e999", "expected a number for 'value'"),
            ("value", "[11]", "found a list"),
            ("hz", "1.5", "expected a whole number from 1 to 99 for 'hz', found the number '1.5'"),
            ("hz", "-17", "expected a whole number from 1 to 99 for 'hz', found the number '-17'"),
            ("hz", "0", "expected a whole number from 1 to 99 for 'hz', found the number '0'"),
            ("hz", "77", "expected one of the goals '1', '2', '3'"),
            ("unit", "5", "expected text for 'unit' (in quotes), found the number '5'"),
            ("unit", "no", "expected text for 'unit' (in quotes), found the truth value 'no'"),
            ("unit", '" "', "expected text for 'unit', found the text ' '"),
            ("unit", "", "expected the key 'unit' with a value in 'targets', found none"),
            ("source", "2030-01-01", "expected text for 'source' (in quotes), found the date '2030-01-01'"),
            ("source", "!!python/name:os.system x", "expected text for 'source' (in quotes), "
                                                    "found a value tagged tag:yaml.org,2002:python/name"),
            ("direction", "größer", "expected one of '>=', '<=', '<', '=' for 'direction', found the text"),
            ("direction", "[<]", "expected one of '>=', '<=', '<', '=' for 'direction', found a list"),
            ("direction", ">=", "signs like '>=' need quotes"),
            ("scope", "regio", "expected one of 'region', 'everywhere', 'inner_city' for 'scope', "
                               "found the text 'regio' (did you mean 'region'?)"),
            ("origin", "M", "expected one of 'S', 'P', 'A', 'kommunal' for 'origin', found the text 'M'"),
            ("indicator", "Gärten", "expected a mapping for 'indicator' with the keys 'de', 'en', "
                                    "found the text 'Gärten'"),
            ("indicator", "{en: Gardens}", "expected the key 'de' with a value in 'indicator', found none"),
            ("id", "gaerten", "expected text for 'id' like 'hz19.aue', found the text 'gaerten'"),
            ("id", "hz18.gaerten", "expected an id that begins with 'hz17.', found the text 'hz18.gaerten'"),
        ],
    )  # fmt: skip
    def test_value_is_reported_where_it_stands(self, write, key, value, message):
        path = write(target_file(**{key: value}))
        with pytest.raises(YamlError) as caught:
            load_strategy(path)
        assert str(caught.value).startswith(f"{path}:{line_of(key)}: ")
        assert message in caught.value.message

    @pytest.mark.parametrize(
        ("date", "message"),
        [
            ("31.12.2030", "expected a date as YYYY-MM-DD for 'date', found the text '31.12.2030'"),
            ("2030", "expected a date as YYYY-MM-DD for 'date', found the number '2030'"),
            ("20301231", "expected a date as YYYY-MM-DD for 'date', found the number '20301231'"),
            ("2030-02-30", "expected a date that exists for 'date', found the date '2030-02-30'"),
        ],
    )
    def test_date_that_is_not_iso(self, write, date, message):
        path = write(target_file(date=date))
        with pytest.raises(YamlError) as caught:
            load_strategy(path)
        assert str(caught.value) == f"{path}:12: {message}"

    @pytest.mark.parametrize("value", ["-0.1", "100.5"])
    def test_share_outside_0_to_100(self, write, value):
        path = write(target_file(value=value, unit='"%"'))
        with pytest.raises(YamlError) as caught:
            load_strategy(path)
        assert str(caught.value) == (
            f"{path}:6: expected a share from 0 to 100 (the unit is %), found {value}"
        )

    @pytest.mark.parametrize("value", ["0", "100"])
    def test_share_at_the_ends_is_fine(self, write, value):
        path = write(target_file(value=value, unit='"%"'))
        assert load_strategy(path).target("hz17.gaerten").value == float(value)

    def test_baseline_outside_0_to_100(self, write):
        path = write(target_file(unit='"%"', baseline="{value: 120, origin: P, source: Bericht}"))
        with pytest.raises(YamlError, match=r":12: expected a share from 0 to 100 .*, found 120"):
            load_strategy(path)

    @pytest.mark.parametrize("key", [key for key in TARGET_LINES if key != "id"])
    def test_missing_key(self, write, key):
        path = write(target_file(**{key: None}))
        with pytest.raises(YamlError) as caught:
            load_strategy(path)
        message = f"expected the key '{key}' with a value in 'targets', found none"
        assert str(caught.value) == f"{path}:3: {message}"

    @pytest.mark.parametrize("key", ["origin", "source"])
    def test_changed_target_that_does_not_say_where_it_comes_from(self, write, key):
        entry = {"id": "hz02.dach", "value": 60, "origin": "kommunal", "source": "Ratsbeschluss"}
        del entry[key]
        row = ", ".join(f"{name}: {value}" for name, value in entry.items())
        path = write(f"extends: ruhr\ntargets:\n  - {{{row}}}\n")
        with pytest.raises(YamlError) as caught:
            load_strategy(path)
        message = f"expected the key '{key}' with a value in 'targets', found none"
        assert str(caught.value) == f"{path}:3: {message}"


# content, line of the fault, parts of the message
WRONG_FILES = {
    "unknown key with a near one": (
        target_file(directoin="x"),
        12,
        "expected one of the keys 'id', 'hz', 'indicator',",
        "in 'targets', found the text 'directoin' (did you mean 'direction'?)",
    ),
    "unknown key with nothing near": (
        target_file(xyz="1"),
        12,
        "in 'targets', found the text 'xyz'",
    ),
    "unknown section": (
        "extends: ruhr\ngaols: []\n",
        2,
        "in 'strategy file', found the text 'gaols' (did you mean 'goals'?)",
    ),
    "duplicate YAML key": (
        target_file() + "    unit: ha\n",
        12,
        "expected each key once in 'targets', found 'unit' again (first in line 7)",
    ),
    "duplicate target": (
        target_file() + target_file().split("\n", 2)[2],
        12,
        "expected each 'id' once in 'targets', found the text 'hz17.gaerten' again (first in line 3)",
    ),
    "duplicate goal": (
        "extends: ruhr\ngoals:\n  - number: 5\n  - number: 05\n",
        4,
        "expected each 'number' once in 'goals', found the number '05' again (first in line 3)",
    ),
    "duplicate row": (
        rows_file("{hz: 1, leitthemen: [I]}", "{hz: 1, leitthemen: [II]}"),
        6,
        "expected each 'hz' once in 'assignments', found the number '1' again (first in line 5)",
    ),
    "repeated entry in a list": (
        rows_file("{hz: 1, leitthemen: [I, II, I]}"),
        5,
        "expected each entry of 'leitthemen' once, found the text 'I' again",
    ),
    "number where a text is expected": (
        goal_file(title="{de: 42, en: Sports}"),
        4,
        "expected text for 'de' (in quotes), found the number '42'",
    ),
    "short title that is too long": (
        goal_file(short_title="{de: Sport, en: Sports and games and exercise for all ages}"),
        4,
        "expected text for 'en' of at most 40 characters, "
        "found the text 'Sports and games and exercise for all ages'",
    ),
    "unknown class": (
        goal_file(measurability="X"),
        4,
        "expected one of 'Z', 'V', 'O', 'R' for 'measurability', found the text 'X'",
    ),
    "agreements that are no list": (
        goal_file(agreements="{de: Mehr Sport, en: More sports}"),
        4,
        "expected a list for 'agreements', found a mapping",
    ),
    "goals that are no list": (
        "extends: ruhr\ngoals:\n  number: 5\n",
        3,
        "expected a list for 'goals', found a mapping",
    ),
    "goal without a number": (
        "extends: ruhr\ngoals:\n  - measurability: O\n",
        3,
        "expected the key 'number' with a value in 'goals', found none",
    ),
    "entry that is no mapping": (
        "extends: ruhr\ngoals:\n  - 5\n",
        3,
        "expected a mapping for 'goals' with the keys 'number', 'title',",
        "found the number '5'",
    ),
    "unknown Leitthema": (
        rows_file("{hz: 2, leitthemen: [I, VII]}"),
        5,
        "expected one of the leitthemen 'I', 'II', 'III', 'IV', 'V' for 'leitthemen', found the text 'VII'",
    ),
    "misspelt Raumtyp": (
        rows_file("{hz: 1, leitthemen: [I]}", "{hz: 2, raumtypen: [Inenstadt]}"),
        6,
        "for 'raumtypen', found the text 'Inenstadt' (did you mean 'Innenstadt'?)",
    ),
    "row of an unknown goal": (
        rows_file("{hz: 31, leitthemen: [I], raumtypen: []}"),
        5,
        "expected one of the goals '1', '2',",
        "for 'hz', found the number '31'",
    ),
    "mapping without rows": (
        "extends: ruhr\nassignments:\n  origin: A\n",
        3,
        "expected the key 'rows' with a value in 'assignments', found none",
    ),
    "extends an unknown strategy": (
        "extends: rhein\n",
        1,
        "expected one of 'ruhr' for 'extends', found the text 'rhein'",
    ),
    "neither a strategy nor an extension": (
        "# mine\ngoals: []\n",
        2,
        "expected the key 'strategy' with an 'id' and the key 'goals' (a whole strategy) or the key "
        "'extends' (changes to one), found no 'id'",
    ),
    "strategy without goals": (
        "strategy:\n  id: weser\n",
        1,
        "found no 'goals'",
    ),
    "strategy without a region": (
        dedent(OTHER_REGION).replace("  region: Weserland\n", "").lstrip("\n"),
        1,
        "expected the key 'region' with a value in 'strategy', found none",
    ),
    "plain text": ("Wald\n", 1, "expected a mapping for 'strategy file'", "found the text 'Wald'"),
    "empty file": ("", 1, "expected a strategy, found an empty file"),
    "only a comment": ("# nothing yet\n", 1, "expected a strategy, found an empty file"),
    "broken YAML": ("extends: ruhr\ngoals: [1\ntargets: []\n", 3, "expected valid YAML, found a fault: "),
    "tabulator": (
        "extends: ruhr\ngoals:\n\t- number: 5\n",
        3,
        "expected valid YAML, found a fault: ",
        "'\\t'",
    ),
    "two documents": ("extends: ruhr\n---\nextends: ruhr\n", 2, "expected valid YAML", "another document"),
    "control character": ("extends: ruhr\n# \x07\n", 2, "expected valid YAML", "control character"),
    "endless nesting": ("[" * 5000, 1, "expected valid YAML", "nested too deeply"),
    "half a character": (
        'extends: ruhr\nstrategy: {region: "Ru\\ud800hr"}\n',
        2,
        "expected text for 'region' without control characters, found '\\ud800'",
    ),
    "a zero sign": (
        'extends: ruhr\nstrategy: {region: "a\\0b"}\n',
        2,
        "expected text for 'region' without control characters, found '\\x00'",
    ),
    "a character beyond the last one": (
        'extends: ruhr\nstrategy: {region: "\\U00110000"}\n',
        2,
        "expected valid YAML, found a fault: the number of a character that does not exist",
    ),
    "not UTF-8": (
        "extends: ruhr\n# Grün\n".encode("latin-1"),
        2,
        "expected a file in UTF-8, found the byte 0xfc",
    ),
}


class TestWrongFile:
    @pytest.mark.parametrize("case", WRONG_FILES.values(), ids=WRONG_FILES.keys())
    def test_is_reported_with_file_line_and_expectation(self, write, case):
        content, line, *parts = case
        path = write(content)
        with pytest.raises(YamlError) as caught:
            load_strategy(path)
        error = caught.value
        assert (error.file, error.line) == (str(path), line)
        assert [part for part in parts if part not in error.message] == []
        assert str(error) == f"{path}:{line}: {error.message}"

    def test_that_is_missing_has_no_line(self, tmp_path):
        path = tmp_path / "fehlt.yaml"
        with pytest.raises(YamlError) as caught:
            load_strategy(path)
        assert caught.value.line is None
        assert str(caught.value).startswith(f"{path}: expected a readable file, found: ")

    def test_among_several_is_the_one_named(self, write):
        good = write(MUNICIPAL_TARGET, "gut.yaml")
        bad = write(target_file(hz="77", id="hz77.x"), "schlecht.yaml")
        with pytest.raises(YamlError) as caught:
            load_strategy(good, extend=[bad])
        assert (caught.value.file, caught.value.line) == (str(bad), 4)

    def test_extension_must_say_what_it_extends(self, write):
        path = write("targets: []\n")
        with pytest.raises(YamlError) as caught:
            load_strategy(extend=[path])
        assert str(caught.value) == f"{path}:1: expected the key 'extends' with the value 'ruhr', found none"


SOURCES = sorted(Path(strategy_package.__file__).parent.glob("*.py"))


@pytest.mark.parametrize("source", SOURCES, ids=[source.name for source in SOURCES])
def test_strategy_runs_without_qgis(source):
    assert re.findall(r"^\s*(?:from|import)\s+qgis\b.*", source.read_text("utf-8"), re.MULTILINE) == []
