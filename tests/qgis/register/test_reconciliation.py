"""reconcile_register and apply_reconciliation: every case by hand, in both databases, and back again."""

from __future__ import annotations

import pytest
from gruene_infra.gruene_infra_plugin.catalogue import load_entry
from gruene_infra.gruene_infra_plugin.methods.parcels.space_types import SpaceType
from gruene_infra.gruene_infra_plugin.register.model import ParcelRecord, Role, Status
from gruene_infra.gruene_infra_plugin.register.succession import Succession
from gruene_infra.gruene_infra_plugin.spatial.geometry.wkb import geometry_of
from qgis.core import QgsProcessingException

from ...layer_factory import box, geometry, layer, polygon
from ..every.bad_input import with_columns
from .registers import key

KEEP, UPDATE, TRANSFER, DIVIDE, JOIN, CHECK, DROP = (
    "behalten",
    "aktualisieren",
    "übertragen",
    "aufteilen",
    "zusammenführen",
    "prüfen",
    "entfallen lassen",
)


def record(number: int, wkt: str, **more: object) -> ParcelRecord:
    return ParcelRecord.of(f"051234-007-{number}", geometry(wkt), source="ALKIS 2024", **more)


def newer(shapes: dict[int, str], **fields: list):
    keys = [f"051234-007-{number}" for number in shapes]
    return layer(list(shapes.values()), {"flstkennz": keys, **fields}, name="ALKIS 2026")


def contents(register) -> tuple:
    """Return everything that a register says, without the versions of its rows."""
    assignments = [
        (*row.row, row.status, row.evidence, row.algorithm, row.note) for row in register.assignments()
    ]
    types = [(row.parcel, row.raumtyp, row.share, row.origin) for row in register.space_types()]
    return register.parcels(), assignments, types


def held(register) -> dict[int, list[int]]:
    """Return the goals of each stored parcel by the number in its key."""
    found = {int(parcel.key.key[9:14]): [] for parcel in register.parcels()}
    for row in register.assignments():
        found[int(row.parcel[9:14])].append(row.hz)
    return found


def area(register, number: int) -> float:
    (found,) = register.parcels([key(number)])
    assert geometry_of(found.wkb).area() == pytest.approx(found.area_m2)
    return found.area_m2


@pytest.fixture
def reconcile(run, where):
    def start(shapes: dict[int, str], fields: dict[str, list] | None = None, **more: object):
        return run("reconcile_register", PARCELS=newer(shapes, **(fields or {})), **more, **where)

    return start


@pytest.fixture
def settle(run, reconcile, where):
    """Reconcile, decide by ``decide(row)`` where given, and apply."""

    def start(shapes: dict[int, str], decide=None, **more: object):
        proposed = reconcile(shapes).layer()
        if decide is not None:
            proposed = with_columns(proposed, {"uebernehmen": decide})
        return run("apply_reconciliation", PROPOSALS=proposed, WHO="Anna", **more, **where)

    return start


SQUARE = box(0, 0, 20, 20)
CASES = {
    "unverändert": ({1: SQUARE}, KEEP, [(1, 100, 400, 0)], 0),
    "verschoben": ({1: box(0.2, 0, 20, 20)}, UPDATE, [(1, 100, 396, 0.2)], 1),
    "umnummeriert": ({2: SQUARE}, TRANSFER, [(2, 100, 400, 0)], 1),
    "geteilt": ({1: box(0, 0, 15, 20), 2: box(15, 0, 5, 20)}, DIVIDE, [(1, 75, 300, 0), (2, 25, 100, 0)], 1),
    "verschmolzen": ({2: box(0, 0, 40, 20)}, CHECK, [(2, 100, 400, None)], 0),
    "geändert": ({1: box(0, 0, 25, 20)}, CHECK, [(1, 100, 400, 5)], 0),
    "entfallen": ({2: box(500, 0, 20, 20)}, DROP, [(None, None, None, None)], 0),
}


@pytest.mark.parametrize("kind", CASES)
def test_every_kind_is_proposed(register, reconcile, kind):
    shapes, advice, successors, taken = CASES[kind]
    register.assign([record(1, SQUARE)], [2, 19], Role.MEASURE)
    before = contents(register)
    found = reconcile(shapes, ALL=True)
    rows = found.rows()
    assert [name for name in rows[0] if name != "fid"] == list(
        load_entry("reconcile_register").outputs["OUTPUT"].written()
    )
    assert {(row["fall"], row["art"], row["flurstueck_alt"]) for row in rows} == {(1, kind, key(1))}
    assert {(row["vorschlag"], row["uebernehmen"], row["zuordnungen"]) for row in rows} == {
        (advice, taken, 2)
    }
    for row, (number, share, shared, shift) in zip(rows, successors, strict=True):
        assert row["flurstueck_neu"] == (None if number is None else key(number))
        assert row["anteil_proz"] == pytest.approx(share)
        assert row["gemeinsam_m2"] == pytest.approx(shared, abs=1e-3)
        assert row["verschiebung_m"] == pytest.approx(shift, abs=0.15)
    outlines = [feature.geometry().area() for feature in found.layer().getFeatures()]
    expected = [SQUARE] if kind == "entfallen" else [shapes[number] for number, *_ in successors]
    assert outlines == pytest.approx([geometry(wkt).area() for wkt in expected])
    assert contents(register) == before, "the register stays as it is"


def test_two_stored_parcels_that_become_one_are_two_rows_of_one_case(register, reconcile):
    register.assign([record(1, SQUARE), record(2, box(20, 0, 20, 10))], [2], Role.MEASURE)
    rows = reconcile({2: geometry(SQUARE).combine(geometry(box(20, 0, 20, 10))).asWkt()}).rows()
    assert [(row["fall"], row["flurstueck_alt"], row["flurstueck_neu"]) for row in rows] == [
        (1, key(1), key(2)),
        (1, key(2), key(2)),
    ]
    assert {(row["art"], row["vorschlag"], row["uebernehmen"]) for row in rows} == {("verschmolzen", JOIN, 1)}
    assert sorted(row["gemeinsam_m2"] for row in rows) == pytest.approx([200, 400])


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"ags": ["05113000"]}, None),
        ({"ags": ["05999001"]}, "nur Attribute"),
        ({"amtliche_flaeche": [400.9]}, None),
        ({"amtliche_flaeche": [404.0]}, "nur Attribute"),
        ({"gemeinde": ["Essen"]}, None),
    ],
)
def test_attributes_differ_where_both_say_something_else(register, reconcile, run, where, site, fields, kind):
    register.assign([record(1, SQUARE, ags="05113000")], [2], Role.MEASURE)
    found = reconcile({1: SQUARE}, fields)
    assert [(row["art"], row["vorschlag"]) for row in found.rows()] == ([(kind, UPDATE)] if kind else [])
    if kind:
        run("apply_reconciliation", PROPOSALS=found.layer(), **where)
        (stored,) = site.open().parcels()
        assert (stored.ags, stored.area_m2) == (
            fields.get("ags", ["05113000"])[0],
            fields.get("amtliche_flaeche", [400.0])[0],
        )


@pytest.mark.parametrize(("tolerance", "kind"), [(0.1, "geändert"), (0.3, "verschoben")])
def test_the_tolerance_says_what_is_a_shift(register, reconcile, tolerance, kind):
    register.assign([record(1, SQUARE)], [2], Role.MEASURE)
    assert [row["art"] for row in reconcile({1: box(0.2, 0, 20, 20)}, TOLERANCE=tolerance).rows()] == [kind]


@pytest.mark.parametrize(("gone", "warned"), [(1, False), (2, True)])
def test_a_warning_where_more_than_a_fifth_is_gone(register, reconcile, gone, warned):
    five = {number: box(100 * number, 0, 20, 20) for number in range(1, 6)}
    register.assign([record(number, wkt) for number, wkt in five.items()], [2], Role.MEASURE)
    log = reconcile({number: wkt for number, wkt in five.items() if number > gone}).log
    assert any(f"entfallen: {gone} of 5" in text for text in log.warnings) == warned
    assert (f"entfallen: {gone} of 5 parcels." in log.infos) != warned


def test_an_empty_register_has_nothing_to_propose(register, reconcile):
    found = reconcile({1: SQUARE})
    assert found.rows() == []
    assert any("no parcels" in text for text in found.log.warnings)


# -- applied ----------------------------------------------------------------------------------------------

APPLIED = {
    "verschoben": {1: [2, 19]},
    "umnummeriert": {2: [2, 19]},
    "geteilt": {1: [2, 19], 2: [2, 19]},
}


@pytest.mark.parametrize("kind", APPLIED)
def test_clear_cases_are_applied_as_proposed_and_undone(register, site, settle, kind):
    register.assign([record(1, SQUARE, ags="05113000")], [2, 19], Role.MEASURE, Status.PLANNED, note="Ufer")
    register.set_space_type([record(1, SQUARE)], SpaceType.BETWEEN, 100.0, "Raster")
    before = contents(register)
    result = settle(CASES[kind][0])
    after = site.open()
    assert held(after) == APPLIED[kind]
    assert {(row.status, row.note) for row in after.assignments()} == {(Status.PLANNED, "Ufer")}
    assert [(row.raumtyp, row.share, row.origin) for row in after.space_types()] == [
        (SpaceType.BETWEEN, 100.0, "Raster")
    ] * len(APPLIED[kind])
    assert {parcel.ags for parcel in after.parcels()} == {"05113000"}, "kept where the layer says nothing"
    assert {parcel.source for parcel in after.parcels()} == {"ALKIS 2026"}
    for number, wkt in CASES[kind][0].items():
        assert area(after, number) == pytest.approx(geometry(wkt).area())
    assert result.results["COUNT"] == 3 * len(APPLIED[kind])
    assert after.actions()[0].kind == "abgleich"
    after.undo()
    assert contents(after) == before
    site.assert_sound()


@pytest.mark.parametrize("kind", ["geändert", "entfallen", "verschmolzen"])
def test_what_is_not_clear_stays_until_somebody_decides(register, site, settle, kind):
    register.assign([record(1, SQUARE)], [2], Role.MEASURE)
    before = contents(register)
    assert settle(CASES[kind][0]).results["COUNT"] == 0
    assert contents(site.open()) == before
    settle(CASES[kind][0], lambda row: 1)
    after = site.open()
    assert held(after) == {"geändert": {1: [2]}, "entfallen": {}, "verschmolzen": {2: [2]}}[kind]
    after.undo()
    assert contents(after) == before


def test_a_merged_parcel_gets_what_both_have(register, site, settle):
    left, right = record(1, SQUARE), record(2, box(20, 0, 20, 10))
    register.assign([left], [2], Role.MEASURE, note="Ufer")
    register.assign([right], [2], Role.STOCK)
    register.assign([right], [2], Role.MEASURE, evidence="Luftbild")
    register.assign([right], [19], Role.MEASURE)
    before = contents(register)
    settle({3: geometry(SQUARE).combine(geometry(box(20, 0, 20, 10))).asWkt()})
    after = site.open()
    assert area(after, 3) == pytest.approx(600)
    assert [(row.parcel, row.hz, row.role, row.evidence, row.note) for row in after.assignments()] == [
        (key(3), 2, Role.STOCK, None, None),
        (key(3), 2, Role.MEASURE, "Luftbild", "Ufer"),
        (key(3), 19, Role.MEASURE, None, None),
    ]
    after.undo()
    assert contents(after) == before


def test_parcels_that_disagree_stop_everything_unless_the_larger_decides(register, site, settle):
    register.assign([record(1, SQUARE)], [2], Role.MEASURE, Status.IDEA)
    register.assign([record(2, box(20, 0, 30, 20))], [2], Role.MEASURE, Status.PLANNED)
    register.assign([record(5, box(200, 0, 20, 20))], [3], Role.MEASURE)
    before, both = contents(register), {2: box(0, 0, 50, 20), 6: box(200, 0, 20, 20)}
    with pytest.raises(QgsProcessingException, match=f"{key(2)}, HZ 2, status.*geplant.*Idee"):
        settle(both)
    assert contents(site.open()) == before
    log = settle(both, ON_CONFLICT="larger").log
    assert f"1 values gave way to those of the larger parcel: {key(2)}, HZ 2: Idee → geplant." in log.text
    after = site.open()
    assert held(after) == {2: [2], 6: [3]}
    assert [row.status for row in after.assignments(hz=2)] == [Status.PLANNED]
    after.undo()
    assert contents(after) == before


@pytest.mark.parametrize(
    ("types", "chosen", "share", "said"),
    [
        ((SpaceType.LANDSCAPE, SpaceType.BETWEEN), SpaceType.BETWEEN, None, True),
        ((SpaceType.BETWEEN, SpaceType.BETWEEN), SpaceType.BETWEEN, 100.0, False),
        ((SpaceType.LANDSCAPE, None), SpaceType.LANDSCAPE, None, False),
    ],
)
def test_of_several_raumtypen_that_of_the_larger_area_stays(
    register, site, settle, types, chosen, share, said
):
    for parcel, kind in zip((record(1, SQUARE), record(2, box(20, 0, 30, 20))), types, strict=True):
        register.assign([parcel], [2], Role.MEASURE)
        if kind is not None:
            register.set_space_type([parcel], kind, 100.0)
    result = settle({3: box(0, 0, 50, 20)})
    assert [(row.parcel, row.raumtyp, row.share) for row in site.open().space_types()] == [
        (key(3), chosen, share)
    ]
    assert any(f"{key(3)}: Zwischenstadt (Landschaft)" in text for text in result.log.warnings) == said


def test_a_share_that_is_not_known_any_more_is_left_open(register, site, settle):
    register.assign([record(1, SQUARE)], [2], Role.MEASURE)
    register.set_space_type([record(1, SQUARE)], SpaceType.BETWEEN, 60.0)
    settle(CASES["geteilt"][0])
    assert [row.share for row in site.open().space_types()] == [None, None]


PIECES = {1: box(0, 0, 1, 20), 2: box(1, 0, 14, 20), 3: box(15, 0, 5, 20)}


@pytest.mark.parametrize(
    ("least", "taking"), [(10.0, [2, 3]), (5.0, [1, 2, 3]), (90.0, [2]), (0.0, [1, 2, 3])]
)
def test_successors_below_the_least_share_take_over_nothing_and_the_largest_always(
    register, site, settle, least, taking
):
    register.assign([record(1, SQUARE)], [2], Role.MEASURE)
    result = settle(PIECES, MIN_SHARE=least)
    after = site.open()
    assert held(after) == {number: [2] for number in taking}
    for number in set(PIECES) - set(taking):
        assert any(f"{key(1)} → {key(number)}" in text for text in result.log.warnings)
    after.undo()
    assert held(after) == {1: [2]}


def test_a_successor_that_somebody_decided_against_takes_over_nothing(register, site, settle):
    register.assign([record(1, SQUARE)], [2], Role.MEASURE)
    settle(CASES["geteilt"][0], lambda row: int(row["flurstueck_neu"] == key(2)))
    assert held(site.open()) == {2: [2]}


@pytest.mark.parametrize("refused", [1, None])
def test_the_rest_of_a_parcel_of_which_only_a_part_was_accepted_is_named(register, settle, refused):
    register.assign([record(3, SQUARE)], [2], Role.MEASURE)
    pieces = {1: box(0, 0, 15, 20), 2: box(15, 0, 5, 20)}
    log = settle(pieces, lambda row: int(row["flurstueck_neu"] != key(refused or 0))).log.text
    says = f"1 old parcels were taken over in part only, the rest is in no parcel any more: {key(3)} (25 %)."
    assert (says in log) == (refused is not None)
    assert sum(found.area_m2 for found in register.parcels()) == pytest.approx(100 if refused else 400)


@pytest.mark.parametrize("value", [None, 7])
def test_rows_without_a_decision_are_not_applied_and_said(register, site, settle, value):
    register.assign([record(1, SQUARE)], [2], Role.MEASURE)
    result = settle({2: SQUARE}, lambda row: value)
    assert held(site.open()) == {1: [2]}
    assert any("1 rows say neither" in text for text in result.log.warnings)


@pytest.mark.parametrize("kept", ["memory", "file"])
def test_where_nothing_changed_there_is_nothing_to_apply_and_that_is_no_error(
    register, site, run, reconcile, where, tmp_path, kept
):
    """Also in a model, in which nobody looks at the proposals before."""
    register.assign([record(1, SQUARE)], [2], Role.MEASURE)
    before, actions = contents(register), register.actions()
    path = str(tmp_path / "Vorschläge.gpkg") if kept == "file" else "TEMPORARY_OUTPUT"
    proposed = reconcile({1: SQUARE}, OUTPUT=path).results["OUTPUT"]
    result = run("apply_reconciliation", PROPOSALS=proposed, **where)
    assert result.results["COUNT"] == 0
    assert any("no row is to be taken over" in text for text in result.log.infos)
    after = site.open()
    assert contents(after) == before
    assert after.actions() == actions


def test_rows_that_are_all_refused_leave_nothing_to_apply(register, site, settle):
    register.assign([record(1, SQUARE)], [2], Role.MEASURE)
    result = settle({2: SQUARE}, lambda row: 0)
    assert (result.results["COUNT"], held(site.open())) == (0, {1: [2]})
    assert any("no row is to be taken over" in text for text in result.log.infos)


def test_a_table_that_holds_no_proposals_is_refused_also_without_rows(register, run, where):
    empty = layer([], {"a": []}, wkb="MultiPolygon", name="leer")
    with pytest.raises(QgsProcessingException, match="has no field “fall”"):
        run("apply_reconciliation", PROPOSALS=empty, **where)


def test_keys_that_were_swapped_swap_what_they_hold(register, site, settle):
    other = box(20, 0, 20, 30)
    register.assign([record(1, SQUARE)], [2, 3], Role.MEASURE)
    register.assign([record(2, other)], [3, 19], Role.MEASURE, Status.DONE)
    before = contents(register)
    settle({1: other, 2: SQUARE})
    after = site.open()
    assert held(after) == {1: [3, 19], 2: [2, 3]}
    assert [row.status for row in after.assignments(hz=3)] == [Status.DONE, Status.IDEA]
    assert (area(after, 1), area(after, 2)) == (pytest.approx(600), pytest.approx(400))
    after.undo()
    assert contents(after) == before


def test_half_of_a_swap_is_refused_with_the_parcel_that_is_in_the_way(register, site, settle):
    register.assign([record(1, SQUARE), record(2, box(20, 0, 20, 30))], [2], Role.MEASURE)
    before = contents(register)
    with pytest.raises(QgsProcessingException, match=key(2)):
        settle({1: box(20, 0, 20, 30), 2: SQUARE}, lambda row: int(row["flurstueck_alt"] == key(1)))
    assert contents(site.open()) == before


def test_a_successor_that_is_stored_already_keeps_its_own(register, site, settle):
    """Parcel 1 was stored years before parcel 2, which covers it and more, and stays as it is."""
    register.assign([record(1, SQUARE)], [2], Role.MEASURE)
    register.assign([record(2, box(0, 0, 40, 20))], [19], Role.MEASURE)
    settle({2: box(0, 0, 40, 20)}, lambda row: 1)
    assert held(site.open()) == {2: [2, 19]}


WRITES = {
    "assigned": lambda register: register.assign([record(1, SQUARE)], [3], Role.MEASURE),
    "removed": lambda register: register.unassign([key(1)], [2]),
    "Raumtyp": lambda register: register.set_space_type([record(1, SQUARE)], SpaceType.BETWEEN),
    "noted": lambda register: register.assign(
        [record(1, SQUARE)],
        [2],
        Role.MEASURE,
        note="neu",
        seen={row.row: row.version for row in register.assignments()},
    ),
}


@pytest.mark.parametrize("write", WRITES)
def test_a_register_that_changed_since_is_left_alone_with_the_parcel_named(
    register, site, run, reconcile, where, write
):
    register.assign([record(1, SQUARE), record(2, box(100, 0, 20, 20))], [2], Role.MEASURE)
    proposed = reconcile({3: SQUARE, 4: box(100, 0, 20, 20)}).layer()
    WRITES[write](register)
    before = contents(register)
    with pytest.raises(QgsProcessingException, match=f"1 parcels changed.*{key(1)}") as refused:
        run("apply_reconciliation", PROPOSALS=proposed, **where)
    assert key(2) not in str(refused.value)
    assert contents(site.open()) == before
    run("apply_reconciliation", PROPOSALS=with_columns(
        proposed, {"uebernehmen": lambda row: int(row["flurstueck_alt"] == key(2))}
    ), **where)  # fmt: skip
    assert set(held(site.open())) == {1, 4}


def test_after_undoing_the_same_proposals_can_be_applied_again(register, site, run, reconcile, where):
    register.assign([record(1, SQUARE), record(2, box(20, 0, 20, 20))], [2, 19], Role.MEASURE, Status.PLANNED)
    register.set_space_type([record(1, SQUARE)], SpaceType.BETWEEN, 80.0)
    proposed = reconcile({3: SQUARE, 2: box(20, 0, 20, 20.2)}).layer()
    run("apply_reconciliation", PROPOSALS=proposed, WHO="Anna", **where)
    applied = contents(site.open())
    site.open().undo()
    assert contents(site.open()) != applied
    run("apply_reconciliation", PROPOSALS=proposed, WHO="Anna", **where)
    assert contents(site.open()) == applied


def test_applied_twice_the_second_time_is_refused(register, site, run, reconcile, where):
    register.assign([record(1, SQUARE)], [2], Role.MEASURE)
    proposed = reconcile({1: box(0.2, 0, 20, 20)}).layer()
    run("apply_reconciliation", PROPOSALS=proposed, **where)
    with pytest.raises(QgsProcessingException, match=key(1)):
        run("apply_reconciliation", PROPOSALS=proposed, **where)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("stand", None),
        ("flurstueck_alt", None),
        ("kennzeichen_neu", "ohne"),
        ("kennzeichen_neu", "051234-007-9"),
        ("anteil_proz", None),
        ("anteil_proz", -1.0),
        ("flaeche_neu_m2", None),
    ],
)
def test_a_row_that_was_damaged_stops_everything(register, site, run, reconcile, where, column, value):
    register.assign([record(1, SQUARE)], [2], Role.MEASURE)
    proposed = with_columns(reconcile({2: SQUARE}).layer(), {column: lambda row: value})
    with pytest.raises(QgsProcessingException, match="case 1"):
        run("apply_reconciliation", PROPOSALS=proposed, **where)
    assert held(site.open()) == {1: [2]}


def test_a_proposal_kept_in_a_file_is_applied_as_well(register, site, run, reconcile, where, tmp_path):
    register.assign([record(1, SQUARE)], [2], Role.MEASURE)
    path = str(tmp_path / "Vorschläge.gpkg")
    reconcile(CASES["geteilt"][0], OUTPUT=path)
    run("apply_reconciliation", PROPOSALS=path, **where)
    assert held(site.open()) == {1: [2], 2: [2]}


def test_the_history_shows_each_step_of_a_split(register, site, settle):
    register.assign([record(1, SQUARE)], [2], Role.MEASURE)
    settle({3: box(0, 0, 15, 20), 4: box(15, 0, 5, 20)})
    steps = site.execute(
        "SELECT tabelle, alt IS NULL, neu IS NULL FROM verlauf WHERE vorgang = ?", "abgleich"
    )
    told = sorted((table, bool(made), bool(gone)) for table, made, gone in steps)
    assert told == [
        ("flurstueck", False, True),
        ("flurstueck", True, False),
        ("flurstueck", True, False),
        ("zuordnung", False, True),
        ("zuordnung", True, False),
        ("zuordnung", True, False),
    ]


def test_a_stored_outline_that_is_not_valid_is_compared_all_the_same(register, reconcile):
    bow = polygon([(0, 0), (20, 20), (20, 0), (0, 20)])
    register.assign([record(1, bow)], [2], Role.MEASURE)
    (row,) = reconcile({1: SQUARE}).rows()
    assert (row["art"], row["gemeinsam_m2"]) == ("geändert", pytest.approx(200))


def test_a_stored_parcel_without_outline_is_to_be_checked(register, site, settle, reconcile):
    register.assign([ParcelRecord.of("051234-007-1", geometry(None))], [2], Role.MEASURE)
    (row,) = reconcile({1: SQUARE}).rows()
    assert (row["art"], row["vorschlag"], row["uebernehmen"]) == ("geändert", CHECK, 0)
    settle({1: SQUARE}, lambda row: 1)
    assert (held(site.open()), area(site.open(), 1)) == ({1: [2]}, 400)


def test_a_colleague_passes_on_what_another_assigned(register, site):
    """Anna assigned; Bert, who may write, reconciles and undoes his own step."""
    site.let_write("Bert")
    register.assign([record(1, SQUARE)], [2], Role.MEASURE)
    bert = site.open("Bert")
    (holding,) = bert.holdings()
    assert (holding.parcel.key.key, holding.assignments) == (key(1), 1)
    done = bert.succeed([Succession(key(1), holding.standing, record(2, SQUARE))], 0.1)
    assert (done.entries, done.removed, done.ended, done.passed_over) == (1, (key(1),), 0, ())
    assert held(register) == {2: [2]}
    bert.undo()
    assert held(register) == {1: [2]}


def test_reading_the_holdings_twice_gives_the_same_and_any_write_another(register):
    register.assign([record(1, SQUARE), record(2, box(100, 0, 20, 20))], [2], Role.MEASURE)
    one, two = register.holdings()
    assert [one, two] == register.holdings()
    assert one.standing != two.standing
    register.unassign([key(1)], [2])
    again, untouched = register.holdings()
    assert again.standing != one.standing
    assert (again.assignments, untouched) == (0, two)


def test_what_is_gone_goes_with_all_its_entries_and_comes_back(register, site):
    register.assign([record(1, SQUARE)], [2, 19], Role.MEASURE)
    register.set_space_type([record(1, SQUARE)], SpaceType.BETWEEN)
    before = contents(register)
    (holding,) = register.holdings()
    done = register.succeed([Succession(key(1), holding.standing, None)], 0.1)
    assert (done.removed, done.ended, done.entries) == ((key(1),), 3, 0)
    assert contents(register) == ([], [], [])
    register.undo()
    assert contents(register) == before
