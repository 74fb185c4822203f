"""The list of suggestions: real buttons, what the register holds afterwards, layers that come and go."""

from __future__ import annotations

import datetime as dt
import threading
import time
from contextlib import closing

import pytest
from gruene_infra.gruene_infra_plugin.dock.suggestions import controller as controllers
from gruene_infra.gruene_infra_plugin.dock.suggestions.controller import SuggestionsController
from gruene_infra.gruene_infra_plugin.dock.suggestions.panel import SuggestionsPanel
from gruene_infra.gruene_infra_plugin.paths import SAMPLE
from gruene_infra.gruene_infra_plugin.register.keys import parcel_key
from gruene_infra.gruene_infra_plugin.register.model import AssignmentRecord, Role, Status
from gruene_infra.gruene_infra_plugin.register.store import Register
from gruene_infra.gruene_infra_plugin.report.numbers import Numbers
from qgis.core import QgsFeature, QgsGeometry, QgsProject, QgsVectorLayer
from qgis.PyQt.QtCore import Qt

from ..layer_factory import EAST, NORTH, box, layer, line
from .conftest import KEYS
from .test_panel_responsive import Pulse

ALKIS = tuple(parcel_key(key).key for key in KEYS)
TODAY = Numbers("en").date(dt.date.today())


def roofs(*numbers):
    """One candidate of 20 m × 10 m, 180 m² of it flat, in each of the parcels."""
    count = len(numbers)
    columns = {"kandidat": [1] * count, "flach_m2": [180.0] * count, "gruen_m2": [0.0] * count}
    return layer([box(100 * n + 10, 10, 20, 10) for n in numbers], columns, name="gebaeude", wkb="Polygon")


def gap(first, last):
    """A gap from the middle of one parcel to the middle of another."""
    columns = {"gewinn_ha": [1.5], "gewinn_folge_ha": [1.5], "hindernis_m": [0.0]}
    return layer([line((100 * first + 50, 50), (100 * last + 50, 50))], columns, name="luecken")


def buildings(number):
    """A building of 20 m × 10 m in a parcel, 50 m² of it in the floodplain."""
    columns = {"in_aue_m2": [50.0], "neu_in_aue_m2": [0.0]}
    return layer([box(100 * number + 60, 10, 20, 10)], columns, name="bauten")


def add(*layers):
    QgsProject.instance().addMapLayers(layers)
    return layers[0]


def goals(panel):
    """Return the goals in the list, with the number of their parcels."""
    return [(one.goal, len(one.evidence)) for one in panel.model.suggestions]


def stored(place):
    return [(r.parcel, r.hz, r.role, r.status) for r in Register.open(place).assignments()]


@pytest.fixture
def panel(workbench, place, parcels, view, settled, qtbot):
    """The list, in sight, with three parcels selected in an empty register."""
    made = SuggestionsPanel(workbench.strategy)
    made.resize(360, 300)
    qtbot.addWidget(made)
    controller = SuggestionsController(made, workbench, view)
    assert controller.parent() is made
    made.show()
    workbench.open_register(place)
    workbench.set_parcels(parcels)
    parcels.selectByIds([1, 2, 3])
    settled()
    return made


def test_a_row_is_taken_over_with_its_evidence_and_undo_brings_it_back(
    panel, workbench, place, settled, qtbot
):
    add(roofs(0, 2, 4), buildings(1))
    settled()
    assert goals(panel) == [(2, 2), (19, 1)]
    assert stored(place) == []
    panel.suggestions.setCurrentIndex(panel.model.index(0, 0))
    qtbot.mouseClick(panel.take, Qt.MouseButton.LeftButton)
    settled()
    found = Register.open(place).assignments()
    source = f"(gebaeude → Roofs to be greened next, {TODAY})"
    proof = f"HZ 02: 1 roof, 180\u202fm² flat {source}"
    assert found == [
        AssignmentRecord(ALKIS[n], 2, Role.POTENTIAL, Status.IDEA, None, proof, "hz02_roof_greening")
        for n in (0, 2)
    ]
    assert {record.key.key for record in Register.open(place).parcels()} == {ALKIS[0], ALKIS[2]}
    assert goals(panel) == [(19, 1)]
    workbench.write(lambda register, _choices: register.undo())
    settled()
    assert stored(place) == []
    assert goals(panel) == [(2, 2), (19, 1)]


def test_all_rows_are_taken_over_in_one_step(panel, place, settled, qtbot, workbench):
    add(roofs(0), gap(0, 1), buildings(1))
    settled()
    said = []
    workbench.said.connect(lambda text, _level: said.append(text))
    qtbot.mouseClick(panel.take_all, Qt.MouseButton.LeftButton)
    settled()
    idea = Status.IDEA
    assert stored(place) == [
        (ALKIS[0], 2, Role.POTENTIAL, idea),
        (ALKIS[0], 13, Role.POTENTIAL, idea),
        (ALKIS[1], 13, Role.POTENTIAL, idea),
        (ALKIS[1], 19, Role.EXCLUSION, idea),
    ]
    assert len(Register.open(place).actions()) == 1
    assert said == ["Taken over as ideas: 4 assignments."]
    assert goals(panel) == []
    assert panel.remark.text() == "What the results suggest for these parcels is assigned already."
    assert not any(
        widget.isVisible() for widget in (panel.suggestions, panel.take, panel.take_all, panel.visit)
    )


def test_what_is_assigned_already_keeps_its_status(panel, workbench, place, settled, qtbot):
    records = workbench.selection.parcels.records[:1]
    workbench.write(
        lambda register, _choices: register.assign(records, [2], Role.POTENTIAL, Status.PLANNED, note="alt")
    )
    add(roofs(0, 1))
    settled()
    assert goals(panel) == [(2, 1)]
    qtbot.mouseClick(panel.take, Qt.MouseButton.LeftButton)
    settled()
    first, second = Register.open(place).assignments()
    assert (first.parcel, first.status, first.note, first.evidence) == (ALKIS[0], Status.PLANNED, "alt", None)
    assert (second.parcel, second.status) == (ALKIS[1], Status.IDEA)


def test_somebody_elses_assignment_in_between_is_a_conflict(panel, workbench, place, settled, qtbot):
    add(roofs(0, 1))
    settled()
    records = workbench.selection.parcels.records[:1]
    Register.open(place, who="Erna").assign(records, [2], Role.POTENTIAL, Status.PLANNED)
    with qtbot.waitSignal(workbench.conflicted) as conflicted:
        qtbot.mouseClick(panel.take, Qt.MouseButton.LeftButton)
    settled()
    assert {one.parcel for one in conflicted.args[0].conflict.conflicts} == {ALKIS[0]}
    assert stored(place) == [(ALKIS[0], 2, Role.POTENTIAL, Status.PLANNED)]
    assert goals(panel) == [(2, 1)]
    assert panel.take.isEnabled()


def test_why_there_is_nothing_is_said(panel, workbench, parcels, settled, place):
    assert panel.remark.text() == "No layer holds results of an analysis that speaks for a goal."
    add(roofs(5))
    settled()
    assert panel.remark.text() == "The results suggest nothing for these parcels."
    parcels.removeSelection()
    settled()
    assert panel.remark.text() == "Select parcels to see what results suggest."
    workbench.close_register()
    settled()
    assert panel.remark.text() == "Open a register to take over goals from results."
    workbench.open_register(place)
    parcels.selectByIds([6])
    settled()
    assert goals(panel) == [(2, 1)]
    assert panel.remark.isHidden()


def test_layers_come_change_and_go(panel, settled):
    first = add(roofs(0))
    settled()
    assert goals(panel) == [(2, 1)]
    first.startEditing()
    feature = QgsFeature(first.fields())
    feature.setAttributes([1, 90.0, 0.0])
    feature.setGeometry(QgsGeometry.fromWkt(box(110, 10, 20, 10)))
    first.addFeature(feature)
    settled()
    assert goals(panel) == [(2, 2)]
    first.rollBack()
    settled()
    assert goals(panel) == [(2, 1)]
    first.setSubsetString('"kandidat" = 0')
    settled()
    assert goals(panel) == []
    first.setSubsetString("")
    other = add(buildings(2))
    settled()
    assert goals(panel) == [(2, 1), (19, 1)]
    QgsProject.instance().removeMapLayer(other.id())
    settled()
    assert goals(panel) == [(2, 1)]


def test_a_layer_becomes_a_result_by_its_columns(panel, settled):
    plain = add(layer([box(10, 10, 20, 10)], {"in_aue_m2": [40.0]}, name="entsteht"))
    settled()
    assert goals(panel) == []
    template = buildings(0)
    plain.dataProvider().addAttributes([template.fields().field("neu_in_aue_m2")])
    plain.updateFields()
    settled()
    assert goals(panel) == [(19, 1)]


@pytest.mark.parametrize("gone", [True, False])
def test_a_layer_that_changes_meanwhile_leaves_nothing_of_its_old_state(
    panel, parcels, settled, qtbot, monkeypatch, workbench, gone
):
    """While the results are looked at, their layer goes, or loses its feature."""
    first = add(roofs(0))
    settled()
    said, real = [], controllers.measure
    workbench.said.connect(lambda text, _level: said.append(text))
    begun, go = threading.Event(), threading.Event()

    def held(*given):
        begun.set()
        assert go.wait(10)
        return real(*given)

    monkeypatch.setattr(controllers, "measure", held)
    parcels.selectByIds([1, 2])
    qtbot.waitUntil(begun.is_set)
    if gone:
        QgsProject.instance().removeMapLayer(first.id())
    else:
        first.startEditing()
        first.deleteFeature(1)
    go.set()
    settled()
    assert goals(panel) == []
    assert said == []


def test_a_burst_of_changes_is_looked_at_once(panel, settled, monkeypatch):
    calls, real = [], controllers.measure
    monkeypatch.setattr(controllers, "measure", lambda *given: (calls.append(1), real(*given))[1])
    for _ in range(20):
        add(roofs(0))
    settled()
    assert len(calls) == 1
    assert len(goals(panel)) == 20


def test_results_are_not_measured_again_after_an_assignment(panel, settled, qtbot, monkeypatch, workbench):
    add(roofs(0), buildings(1))
    settled()
    calls = []
    monkeypatch.setattr(controllers, "measure", lambda *given: calls.append(given))
    qtbot.mouseClick(panel.take, Qt.MouseButton.LeftButton)
    settled()
    assert goals(panel) == [(19, 1)]
    workbench.write(lambda register, _choices: register.undo())
    settled()
    assert goals(panel) == [(2, 1), (19, 1)]
    assert calls == []


def test_nothing_is_looked_at_while_the_list_is_hidden(panel, parcels, settled, monkeypatch):
    calls, real = [], controllers.measure
    monkeypatch.setattr(controllers, "measure", lambda *given: (calls.append(1), real(*given))[1])
    panel.hide()
    add(roofs(0, 1))
    parcels.selectByIds([1, 2])
    settled()
    assert calls == []
    panel.show()
    settled()
    assert len(calls) == 1
    assert goals(panel) == [(2, 2)]


def test_a_lost_register_ends_the_waiting(panel, workbench, place, parcels, settled):
    add(roofs(0, 1))
    settled()
    place.unlink()
    parcels.selectByIds([2, 3])
    settled()
    assert not panel.waiting


def test_the_map_goes_to_the_evidence(panel, view, settled, qtbot):
    add(roofs(0), buildings(2))
    settled()
    view.canvas.setDestinationCrs(QgsProject.instance().mapLayersByName("bauten")[0].crs())
    panel.suggestions.setFocus()
    qtbot.keyClick(panel.suggestions, Qt.Key.Key_Down)
    assert panel.current.goal == 19
    qtbot.mouseClick(panel.visit, Qt.MouseButton.LeftButton)
    centre = view.canvas.extent().center()
    assert (centre.x() - EAST, centre.y() - NORTH) == (pytest.approx(270), pytest.approx(15))
    qtbot.keyClick(panel.suggestions, Qt.Key.Key_Up)
    qtbot.keyClick(panel.suggestions, Qt.Key.Key_Return)
    assert view.canvas.extent().center().x() - EAST == pytest.approx(20)


def test_the_keyboard_reaches_everything(panel, place, settled, qtbot):
    add(roofs(0), buildings(2))
    settled()
    order, widget = [], panel.suggestions
    for _ in range(4):
        order.append(widget.objectName())
        widget = widget.nextInFocusChain()
        while widget.focusPolicy() == Qt.FocusPolicy.NoFocus or not widget.isVisibleTo(panel):
            widget = widget.nextInFocusChain()
    assert order == ["suggestions", "take", "visit", "take_all"]
    panel.take_all.setFocus()
    qtbot.keyClick(panel.take_all, Qt.Key.Key_Space)
    settled()
    assert [row[1] for row in stored(place)] == [2, 19]


def test_a_row_says_all_in_words(panel, settled):
    add(roofs(0, 1))
    settled()
    index = panel.model.index(0, 0)
    told = ["2 · Green roofs and façades", "2 roofs, 360\u202fm² flat", "Potenzial · 2 parcels"]
    assert index.data().splitlines() == told
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == ": ".join(told)
    proof = f"HZ 02: 1 roof, 180\u202fm² flat (gebaeude → Roofs to be greened next, {TODAY})"
    assert index.data(Qt.ItemDataRole.ToolTipRole).splitlines() == [
        "gebaeude → Roofs to be greened next (hz02_roof_greening)",
        f"{ALKIS[0]}: {proof}",
        f"{ALKIS[1]}: {proof}",
    ]
    assert not index.data(Qt.ItemDataRole.DecorationRole).isNull()


LONGEST_SHARE = 0.2
"""Longest pause of the window as a share of the time that looking, taking over and undoing take together.

Any of the three in the window's own thread would be more, however fast the machine is.
"""


@pytest.mark.alone
def test_ten_thousand_parcels_do_not_stop_the_window(workbench, place, view, rested, qtbot, own_heap):
    """Looked at, taken over, undone; three times, for the machine may be busy with something else."""
    many = 10_000
    places = [(30 * (n % 100), 30 * (n // 100)) for n in range(many)]
    keys = [f"05123400{n:012d}" for n in range(many)]
    parcels = layer([box(x, y, 30, 30) for x, y in places], {"flstkennz": keys}, name="flurstuecke")
    columns = {"kandidat": [1] * many, "flach_m2": [180.0] * many, "gruen_m2": [0.0] * many}
    candidates = layer([box(x + 5, y + 5, 20, 10) for x, y in places], columns)
    add(parcels, candidates)
    panel = SuggestionsPanel(workbench.strategy)
    qtbot.addWidget(panel)
    SuggestionsController(panel, workbench, view)
    panel.show()
    workbench.open_register(place)
    workbench.set_parcels(parcels)
    rested()
    parcels.selectAll()
    qtbot.wait(20)
    shares = []
    for number in range(3):
        pulse, start = Pulse(), time.perf_counter()
        candidates.setName(f"gebaeude {number}")
        rested()
        assert goals(panel) == [(2, many)]
        qtbot.mouseClick(panel.take, Qt.MouseButton.LeftButton)
        rested()
        assert goals(panel) == []
        taken_over = pulse.read()
        with closing(Register.open(place)) as register:
            assert register.totals_by_goal([2])[2].parcels == many
        pulse.read()  # what this test itself has just asked is no pause of the window
        workbench.write(lambda register, _choices: register.undo())
        rested()
        shares.append(max(taken_over, pulse.read()) / (time.perf_counter() - start))
    assert min(shares) <= LONGEST_SHARE


def test_the_sample_suggests_the_parcels_with_buildings_in_the_floodplain(
    run, workbench, place, view, settled, qtbot
):
    """Against every parcel cut with every building one by one."""
    result = run(
        "hz19_floodplain_buildings",
        BUILDINGS=f"{SAMPLE}|layername=gebaeude",
        FLOODPLAINS=f"{SAMPLE}|layername=ueberschwemmungsgebiete",
    ).layer()
    parcels = QgsVectorLayer(f"{SAMPLE}|layername=flurstuecke", "flurstuecke", "ogr")
    add(parcels, result)
    panel = SuggestionsPanel(workbench.strategy)
    qtbot.addWidget(panel)
    SuggestionsController(panel, workbench, view)
    panel.show()
    workbench.open_register(place)
    workbench.set_parcels(parcels)
    parcels.selectAll()
    settled()
    hits = [feature for feature in result.getFeatures() if feature["in_aue_m2"] > 0]
    expected = set()
    for parcel in parcels.getFeatures():
        shape = parcel.geometry()
        near = [hit for hit in hits if hit.geometry().boundingBoxIntersects(shape)]
        parts = [shape.intersection(hit.geometry()) for hit in near]
        area = QgsGeometry.unaryUnion(parts).area() if parts else 0.0
        if area >= max(10.0, 0.01 * shape.area()) - 1e-6:
            expected.add(parcel_key(parcel["flstkennz"]).key)
    assert len(expected) > 20
    (found,) = panel.model.suggestions
    assert (found.goal, found.role) == (19, Role.EXCLUSION)
    assert set(found.evidence) == expected
    qtbot.mouseClick(panel.take, Qt.MouseButton.LeftButton)
    settled()
    assert {record.parcel for record in Register.open(place).assignments(hz=19)} == expected
