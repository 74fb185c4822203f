"""HZ 15, protected share: values by hand under each choice of kinds, and what is not assessable."""

from __future__ import annotations

from pathlib import Path

import pytest
from qgis.core import QgsPointXY, QgsProcessingException

from ...layer_factory import EAST, NORTH, box, geometry, layer, line, point

SHARE, NETWORK_SHARE = "hz15.schutz.anteil", "hz15.verbund.anteil"
TOWN = box(0, 0, 1000, 1000)
NETWORK = box(0, 0, 600, 500)
NSG, GB, FFH = box(0, 0, 400, 250), box(300, 200, 200, 200), box(500, 0, 400, 250)
SITES, KINDS = [NSG, NSG, GB, FFH], ["NSG", "NSG", "GB", "FFH"]
BY_HAND = {
    "gemeinde_eng": 13.5,
    "gemeinde_land": 12.5,
    "gemeinde_weit": 16.0,
    "verbund_eng": 45.0,
    "verbund_weit": 100 * 16 / 30,
    "flaeche_eng": 13.5,
    "flaeche_land": 20.0,
    "flaeche_weit": 23.5,
}


def example(_folder: Path) -> dict[str, object]:
    """Two towns of 900 ha; in each a network of 3 parts, and 6 sites of 4 ha and of all kinds needed."""
    kinds = ["NSG", "GB", "FFH", "VSG", "LSG", "NSG"]
    west = [box(400 * k, 0, 200, 200) for k in range(6)]
    east = [box(4000 + 400 * k, 0, 200, 200) for k in range(6)]
    network = [box(x + 50 + 800 * k, 100, 700, 500) for x in (0, 4000) for k in range(3)]
    return {
        "NETWORK": layer(network, {"stufe": ["I", "II", "I"] * 2}, name="biotopverbund"),
        "STAGE_FIELD": "stufe",
        "PROTECTED": [layer([*west, *east], {"schutzart": kinds * 2}, name="schutzgebiete")],
        "KIND_FIELD": "schutzart",
        "AREAS": layer(
            [box(0, 0, 3000, 3000), box(3500, 0, 3000, 3000)],
            {"gemeinde": ["Westen", "Osten"], "ags": ["05999001", "05999002"]},
            name="gemeinden",
        ),
        "AREAS_NAME": "gemeinde",
        "AREAS_KEY": "ags",
    }


def towns(*shapes: str):
    names = [f"Ort {number}" for number, _ in enumerate(shapes)]
    keys = [f"0599900{number}" for number, _ in enumerate(shapes)]
    return layer(list(shapes), {"gemeinde": names, "ags": keys}, name="gemeinden")


def network(*shapes: str, stages: list | None = None):
    return layer(list(shapes), {"stufe": stages or ["II"] * len(shapes)}, name="biotopverbund")


def sites(shapes: list = SITES, kinds: list = KINDS, name: str = "schutzgebiete", **more):
    return layer(list(shapes), {"schutzart": list(kinds)}, name=name, **more)


@pytest.fixture
def measured(run):
    """Run with the network and the town of the values by hand where nothing else is said."""

    def start(*protected, **more):
        given = {"NETWORK": network(NETWORK), "AREAS": towns(TOWN), "KINDS_COVERED": "VSG"}
        return run("hz15_protected_share", PROTECTED=list(protected), **(given | more))

    return start


def of_town(found, town: str = "Ort 0", indicator: str = SHARE) -> dict[str, dict]:
    return {key[1]: row for key, row in found.findings.items() if (key[0], key[2]) == (indicator, town)}


def values(found, town: str = "Ort 0") -> dict[str, float | None]:
    return {variant: row["wert"] for variant, row in of_town(found, town).items()}


# -- values by hand -----------------------------------------------------------------------------------------


def test_the_choice_decides(measured):
    found = measured(sites())
    assert values(found) == pytest.approx(BY_HAND)
    headline = of_town(found)["gemeinde_eng"]
    assert (headline["zaehler"], headline["nenner"]) == (pytest.approx(13.5), pytest.approx(100))
    assert (headline["ist_leitwert"], headline["ziel"], headline["status"]) == (1, 15, "Beitrag")
    assert headline["luecke"] is None
    assert headline["n_objekte"] == 3
    assert "1 protected sites delivered twice count once" in headline["annahmen"]
    share = of_town(found, indicator=NETWORK_SHARE)
    assert share["gesamt"]["wert"] == pytest.approx(30.0)
    assert (share["stufe_1"]["wert"], share["gesamt"]["status"]) == (pytest.approx(0.0), "Zielwert offen")


def test_both_means_and_the_hectares_of_the_weighted_one(measured):
    """13.5 % of 100 ha and 6 % of 400 ha."""
    more = box(2000, 0, 600, 400)
    found = measured(
        sites([*SITES, more], [*KINDS, "NSG"]),
        NETWORK=network(NETWORK, more),
        AREAS=towns(TOWN, box(2000, 0, 2000, 2000)),
    )
    means = [r for r in found.rows("SUMMARY") if r["gebiet_art"] == "Region" and r["kennzahl_id"] == SHARE]
    plain, weighted = (row for row in means if row["variante_id"] == "gemeinde_eng")
    assert [plain["wert"], weighted["wert"]] == pytest.approx([9.75, 7.5])
    assert [plain["status"], weighted["status"]] == ["Lücke"] * 2
    assert (plain["luecke_abs"], weighted["luecke_abs"]) == (None, pytest.approx(37.5))
    assert not [r for r in found.rows("SUMMARY") if r["gebiet_art"] == "Region" and r not in means]


def test_the_pieces_are_a_partition(measured):
    found = measured(sites(), NETWORK=network(NETWORK, stages=["herausragende Bedeutung"])).rows()
    kinds = {}
    for row in found:
        key = (row["schutzart"], row["schutzarten"], row["im_verbund"], row["stufe"])
        kinds[key] = kinds.get(key, 0.0) + row["flaeche_ha"]
    assert kinds == {
        ("NSG", "NSG", 1, "I"): pytest.approx(9.5),
        ("NSG", "NSG; GB", 1, "I"): pytest.approx(0.5),
        ("GB", "GB", 1, "I"): pytest.approx(3.5),
        ("FFH", "FFH", 1, "I"): pytest.approx(2.5),
        ("FFH", "FFH", 0, None): pytest.approx(7.5),
        (None, None, 1, "I"): pytest.approx(14.0),
    }
    bare = [row for row in found if row["schutzart"] is None]
    assert sorted(row["rang"] for row in bare) == list(range(1, len(bare) + 1))
    assert sum(row["beitrag_pp"] for row in bare) == pytest.approx(14.0)
    assert all(row["rang"] is row["beitrag_pp"] is None for row in found if row not in bare)
    assert {row["gebiet"] for row in found} == {"Ort 0"}


def test_stage_one_comes_first_then_what_is_larger(measured):
    shapes = [box(0, 410, 300, 100), box(400, 410, 100, 100), box(600, 410, 200, 100)]
    parts = network(*shapes, stages=["2", "1.0", "-"])
    found = measured(sites(), NETWORK=parts).rows()
    ranked = sorted((row["rang"], row["stufe"], row["beitrag_pp"]) for row in found if row["rang"])
    assert ranked == [
        (1, "I", pytest.approx(1.0)),
        (2, "II", pytest.approx(3.0)),
        (3, None, pytest.approx(2.0)),
    ]


def test_landscape_protection_is_a_choice_of_its_own_and_never_the_headline(measured):
    shapes, kinds = [*SITES, box(0, 0, 600, 500)], [*KINDS, "Landschaftsschutzgebiet"]
    plain = measured(sites(shapes, kinds))
    assert values(plain) == pytest.approx(BY_HAND)
    found = measured(sites(shapes, kinds), INCLUDE_LSG=True)
    assert values(found) == pytest.approx(BY_HAND | {"gemeinde_weit_lsg": 30.0})
    assert [v for v, row in of_town(found).items() if row["ist_leitwert"]] == ["gemeinde_eng"]
    open_pieces = [row for row in found.rows() if row["rang"]]
    assert {row["schutzart"] for row in open_pieces} == {"LSG"}
    assert sum(row["beitrag_pp"] for row in open_pieces) == pytest.approx(14.0)


def test_overlaps_of_the_network_count_once_and_the_higher_stage_goes_before(measured):
    found = measured(
        sites(), NETWORK=network(NETWORK, NETWORK, box(0, 0, 200, 500), stages=["II", "II", "I"])
    )
    assert values(found) == pytest.approx(BY_HAND)
    share = of_town(found, indicator=NETWORK_SHARE)
    assert (share["gesamt"]["wert"], share["stufe_1"]["wert"]) == (pytest.approx(30.0), pytest.approx(10.0))
    assert "1 polygons of the habitat network delivered twice count once" in share["gesamt"]["annahmen"]


# -- kinds --------------------------------------------------------------------------------------------------


def test_layers_without_a_field_are_known_by_their_names(measured):
    layers = [
        layer([NSG, NSG], {"id": [1, 2]}, name="Naturschutzgebiete"),
        layer([GB], {"id": [1]}, name="GeschuetzteBiotope"),
        layer([FFH], {"id": [1]}, name="FFH-Gebiete"),
    ]
    assert values(measured(*layers)) == pytest.approx(BY_HAND)


def test_a_chosen_field_need_not_be_in_every_layer_but_in_one(measured):
    named = layer([GB], {"id": [1]}, name="GeschuetzteBiotope")
    coded = layer([NSG, FFH], {"art": ["§ 23: Naturschutzgebiet", "FFH-Gebiet"]}, name="schutz")
    assert values(measured(coded, named, KIND_FIELD="art")) == pytest.approx(BY_HAND)
    with pytest.raises(QgsProcessingException, match="has no field"):
        measured(named, KIND_FIELD="art")


def test_without_a_layer_of_sites_there_is_nothing_to_run(measured):
    with pytest.raises(QgsProcessingException, match="Protected sites: choose at least one layer"):
        measured()


def test_a_value_may_name_several_kinds(measured):
    found = measured(sites([NSG, GB, FFH], ["NSG; FFH", "GB", "FFH"]))
    assert values(found) == pytest.approx(BY_HAND)
    assert {row["schutzarten"] for row in found.rows() if row["schutzart"] == "NSG"} == {
        "NSG; FFH",
        "NSG; GB; FFH",
    }


def test_other_kinds_and_those_not_in_force_are_counted_and_not_used(measured):
    found = measured(sites([*SITES, TOWN, NETWORK], [*KINDS, "Biosphärenreservat", "NSG (geplant)"]))
    assert values(found) == pytest.approx(BY_HAND)
    assert "2 sites of other kinds" in of_town(found)["gemeinde_eng"]["annahmen"]


@pytest.mark.parametrize(("width", "coverage", "value"), [(400, 80.0, 13.5), (410, 79.5, None)])
def test_ground_of_unknown_kind_lowers_the_coverage(measured, width, coverage, value):
    """It lies outside the network, so that only the figures of all ground are in doubt."""
    unknown = [box(0, 500, width, 250), box(0, 750, width, 250)]
    found = of_town(measured(sites([*SITES, *unknown], [*KINDS, "k. A.", None])))
    inside, everywhere = found["gemeinde_eng"], found["flaeche_eng"]
    assert (inside["wert"], inside["abdeckung_proz"]) == (pytest.approx(13.5), pytest.approx(100.0))
    assert "2 protected sites of unknown kind" in inside["annahmen"]
    assert everywhere["abdeckung_proz"] == pytest.approx(coverage)
    assert everywhere["wert"] == (value if value is None else pytest.approx(value))


def test_unknown_kinds_in_the_network_count_against_its_own_size(measured):
    """4 ha of 30 ha of network, of 100 ha of ground: 86.7 % and 96 %."""
    found = of_town(measured(sites([*SITES, box(0, 400, 400, 100)], [*KINDS, "-"])))
    coverage = {variant: found[variant]["abdeckung_proz"] for variant in ("gemeinde_eng", "verbund_eng")}
    assert coverage == {"gemeinde_eng": pytest.approx(96.0), "verbund_eng": pytest.approx(100 * 26 / 30)}


def test_an_unknown_kind_does_not_matter_where_another_kind_decides(measured):
    found = measured(sites([*SITES, NSG], [*KINDS, None]))
    assert values(found) == pytest.approx(BY_HAND)
    assert {row["abdeckung_proz"] for row in of_town(found).values()} == {100.0}


def test_a_value_that_is_unknown_is_told_by_the_name_of_the_layer(measured):
    named = sites([NSG, NSG], [None, "NSG"], name="Naturschutzgebiete_2026")
    assert values(measured(named, sites([GB, FFH], ["GB", "FFH"]))) == pytest.approx(BY_HAND)


# -- what cannot be assessed --------------------------------------------------------------------------------


def test_a_choice_without_a_kind_that_it_needs_is_not_assessable(measured):
    """Without a layer of GB the narrow choice would be 10 %."""
    found = of_town(measured(sites([NSG, FFH], ["NSG", "FFH"])))
    assert {v for v, row in found.items() if row["wert"] is None} == {
        *("gemeinde_eng", "gemeinde_weit", "verbund_eng", "verbund_weit", "flaeche_eng", "flaeche_weit")
    }
    assert "without polygons of GB the value would be a lower bound" in found["gemeinde_eng"]["annahmen"]
    assert found["gemeinde_land"]["wert"] == pytest.approx(12.5)


def test_kinds_that_were_looked_for_are_none(measured):
    found = measured(sites([NSG, FFH], ["NSG", "FFH"]), KINDS_COVERED="Vogelschutzgebiete, § 30 BNatSchG")
    assert values(found)["gemeinde_eng"] == pytest.approx(10.0)
    with pytest.raises(QgsProcessingException, match=r"KINDS_COVERED must be one of NSG, NP.*Wasserschutz"):
        measured(sites(), KINDS_COVERED="VSG, Wasserschutz")


def test_points_and_lines_are_counted_and_never_buffered(measured):
    points = layer([point(500, 450), point(100, 450)], {"id": [1, 2]}, name="Naturdenkmale")
    avenue = layer([line((0, 300), (250, 300))], {"schutzart": ["GLB"]}, name="alleen")
    found = measured(sites(), points, avenue)
    assert values(found) == pytest.approx(BY_HAND)
    headline = of_town(found)["gemeinde_eng"]
    assert "n_ohne_flaeche = 3" in headline["annahmen"]
    assert headline["n_ausgelassen"] == 3
    only = of_town(measured(sites([NSG], ["NSG"]), layer([point(9, 9)], {"schutzart": ["GB"]}, name="gb")))
    assert only["gemeinde_eng"]["wert"] is None, "a point does not tell how large the biotope is"


def test_an_area_without_any_site_is_not_assessable_unless_all_were_looked_for(measured):
    given = {
        "NETWORK": network(NETWORK, box(2000, 0, 500, 500)),
        "AREAS": towns(TOWN, box(2000, 0, 1000, 1000)),
    }
    found = of_town(measured(sites(), **given), "Ort 1")
    assert {row["status"] for row in found.values()} == {"nicht bewertbar"}
    assert "nothing of" in found["gemeinde_eng"]["annahmen"]
    looked = values(measured(sites(), KINDS_COVERED="NSG, GB", **given), "Ort 1")
    assert (looked["gemeinde_eng"], looked["gemeinde_land"]) == (pytest.approx(0.0), None)


def test_an_area_without_network_has_none_where_the_network_is_near(measured):
    """Next to the network the share is 0, and that of the network has no row; far off nothing is known."""
    near, far = box(1000, 0, 500, 500), box(9000, 0, 1000, 1000)
    protected = sites([*SITES, box(1000, 0, 100, 500), box(9000, 0, 100, 1000)], [*KINDS, "NSG", "NSG"])
    found = measured(protected, AREAS=towns(TOWN, near, far))
    beside = values(found, "Ort 1")
    assert (beside["gemeinde_eng"], beside["flaeche_eng"]) == (pytest.approx(0.0), pytest.approx(20.0))
    assert "verbund_eng" not in beside
    away = of_town(found, "Ort 2")
    assert away["gemeinde_eng"]["status"] == "nicht bewertbar"
    assert "within 1000 m of" in away["gemeinde_eng"]["annahmen"]
    assert away["flaeche_eng"]["wert"] == pytest.approx(10.0)


def test_without_areas_only_the_share_of_the_network_is_known(run):
    found = run("hz15_protected_share", NETWORK=network(NETWORK), PROTECTED=[sites()])
    assert values(found, "Gesamt")["verbund_eng"] == pytest.approx(45.0)
    assert values(found, "Gesamt")["gemeinde_eng"] is None
    assert {row["beitrag_pp"] for row in found.rows()} == {None}


@pytest.mark.parametrize(("known", "value"), [(240, 24.0), (239, None)])
def test_stage_one_is_assessed_where_the_stage_of_most_is_known(measured, known, value):
    parts = network(box(0, 0, 1000, known), box(0, 300, 1000, 300 - known), stages=["I", "unbekannt"])
    share = of_town(measured(sites(), NETWORK=parts), indicator=NETWORK_SHARE)
    assert share["gesamt"]["wert"] == pytest.approx(30.0)
    assert "1 polygons of the habitat network without a known stage" in share["gesamt"]["annahmen"]
    assert share["stufe_1"]["wert"] == (value if value is None else pytest.approx(value))


# -- what must not matter -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("turn", "shift"), [(17.3, 0.0), (45.0, 1234.5), (211.0, -77.7)])
def test_turning_and_shifting_everything_changes_nothing(measured, turn, shift):
    def moved(wkt):
        shape = geometry(wkt)
        shape.rotate(turn, QgsPointXY(EAST, NORTH))
        shape.translate(shift, -shift)
        return shape

    found = measured(
        sites([moved(wkt) for wkt in SITES]), NETWORK=network(moved(NETWORK)), AREAS=towns(moved(TOWN))
    )
    assert values(found) == pytest.approx(BY_HAND, abs=1e-6)


def test_order_and_cutting_sites_and_network_change_nothing(measured):
    halves = [box(0, 0, 123, 250), box(123, 0, 277, 250)]
    found = measured(
        sites([FFH, GB, *halves[::-1], NSG], ["FFH", "GB", "NSG", "NSG", "NSG"]),
        NETWORK=network(box(350, 0, 250, 500), box(0, 0, 350, 500)),
    )
    assert values(found) == pytest.approx(BY_HAND)
    whole = measured(sites())
    assert sorted(row["flaeche_ha"] for row in found.rows()) == pytest.approx(
        sorted(row["flaeche_ha"] for row in whole.rows())
    )


def test_the_contribution_of_a_piece_is_what_lies_in_its_own_area(measured):
    """6 ha of 10 ha lie in a town of 130 ha, the others in one of 400 ha."""
    towns_here = towns(box(0, 0, 1000, 1300), box(1000, 0, 2000, 2000))
    found = measured(sites(), NETWORK=network(NETWORK, box(940, 300, 100, 1000)), AREAS=towns_here)
    (piece,) = (row for row in found.rows() if row["flaeche_ha"] == pytest.approx(10.0))
    assert (piece["gebiet"], piece["beitrag_pp"]) == ("Ort 0", pytest.approx(100 * 6 / 130))


def test_a_border_of_areas_cuts_sums_and_no_pieces(measured):
    halves = towns(box(0, 0, 500, 1000), box(500, 0, 500, 1000))
    found, whole = measured(sites(), AREAS=halves), measured(sites())
    parts = [of_town(found, f"Ort {n}")["gemeinde_weit"]["zaehler"] for n in (0, 1)]
    assert parts == pytest.approx([13.5, 2.5])
    assert len(found.rows()) == len(whole.rows())
