"""The page on which parcels are found again: its real widgets, and the register behind them."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable

import pytest
from gruene_infra.gruene_infra_plugin.dock.find.controller import FindController
from gruene_infra.gruene_infra_plugin.dock.find.page import FindPage
from gruene_infra.gruene_infra_plugin.dock.find.results import RUN, Column, order
from gruene_infra.gruene_infra_plugin.dock.find.totals import widest
from gruene_infra.gruene_infra_plugin.dock.goals import goal_name
from gruene_infra.gruene_infra_plugin.methods.findings.finding import AreaKind, Finding
from gruene_infra.gruene_infra_plugin.methods.findings.finding import Status as Verdict
from gruene_infra.gruene_infra_plugin.methods.parcels.space_types import SpaceType
from gruene_infra.gruene_infra_plugin.register.keys import parcel_key
from gruene_infra.gruene_infra_plugin.register.layers import layers_of
from gruene_infra.gruene_infra_plugin.register.model import (
    Criteria,
    FoundParcel,
    ParcelRecord,
    Project,
    Role,
    Status,
)
from gruene_infra.gruene_infra_plugin.register.store import Register
from qgis.core import QgsCoordinateReferenceSystem, QgsGeometry, QgsProject
from qgis.PyQt.QtCore import QPoint, Qt
from qgis.PyQt.QtWidgets import QAbstractButton, QLabel

from ..layer_factory import EAST, NORTH, UTM, box, layer
from .conftest import KEYS

ALKIS = tuple(parcel_key(key).key for key in KEYS)


@pytest.fixture
def place(site):
    """An empty register, in each of the databases."""
    site.create()
    return site.place


def record(number: int, **more) -> ParcelRecord:
    shape = QgsGeometry.fromWkt(box(100 * number, 0, 100, 50 + 50 * number))
    return ParcelRecord.of(KEYS[number], shape, **more)


FINDING = Finding(
    hz=2, kennzahl_id="hz02_anteil", variante_id="standard", ist_leitwert=1, kennzahl="Anteil",
    definition="Gründach / Dach", gebiet_art=AreaKind.REGION, ags=None, gebiet="Region", raumtyp=None,
    zaehler=10.0, nenner=100.0, basis_einheit="ha", wert=10.0, einheit="%", ziel=15.0, richtung=">=",
    ziel_datum=None, herkunft_ziel="S", luecke=5.0, luecke_abs=5.0, luecke_einheit="ha",
    status=Verdict.GAP, abdeckung_proz=100.0, n_objekte=5, n_ausgelassen=0, stand_daten=None,
    annahmen=None, algorithmus="hz02", plugin_version="0", berechnet_am=dt.date(2030, 1, 1),
)  # fmt: skip


@pytest.fixture
def filled(place) -> Register:
    """Parcels 0 to 4: goals 2 and 19, a project, an exclusion, a rejection, a Raumtyp without a goal."""
    register = Register.open(place)
    ring = register.add_project(Project("Grüner Ring"))
    register.assign(
        [record(0), record(1)], [2, 19], Role.MEASURE, Status.PLANNED, space_type=SpaceType.BETWEEN
    )
    register.assign([record(1)], [7], Role.STOCK, Status.DONE, ring.id)
    register.assign([record(2)], [2], Role.EXCLUSION)
    register.assign([record(3)], [7], Role.MEASURE, Status.REJECTED)
    register.set_space_type([record(4)], SpaceType.LANDSCAPE)
    return register


@pytest.fixture
def page(workbench, view, qtbot, place, filled, settled) -> FindPage:
    made = FindPage(workbench.strategy)
    qtbot.addWidget(made)
    made.controller = FindController(made, workbench, view)
    made.resize(360, 640)
    made.show()
    workbench.open_register(place)
    settled()
    return made


@pytest.fixture
def choose(page, settled, qtbot) -> Callable[..., None]:
    """Choose values in the real widgets and wait for the answer."""

    def choose_all(**values) -> None:
        for name, value in values.items():
            if name == "key":
                qtbot.keyClicks(page.key, value)
            elif name == "counting":
                page.counting.setChecked(value)
            else:
                chooser = getattr(page, name)
                place = chooser.findText(value) if isinstance(value, str) else chooser.findData(value)
                assert place > 0
                chooser.setCurrentIndex(place)
        qtbot.wait(350)
        settled()

    return choose_all


def listed(page) -> list[tuple[str, ...]]:
    model = page.results.model()
    return [
        tuple(model.index(row, column).data() for column in range(model.columnCount()))
        for row in range(model.rowCount())
    ]


def keys(page) -> list[str]:
    return [row[0] for row in listed(page)]


def plain(text: str) -> str:
    return text.replace("\u202f", " ")


def test_found_parcels_are_listed_with_what_they_carry(page, choose):
    choose(goal=7)
    assert listed(page) == [
        (ALKIS[1], "2, 7, 19", "Zwischenstadt", "Grüner Ring", "1"),
        (ALKIS[3], "7", "", "", "2"),
    ]
    assert plain(page.found.text()) == "2 parcels · 3 ha"


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"goal": 2}, [0, 1, 2]),
        ({"goal": 2, "counting": True}, [0, 1]),
        ({"goal": 2, "role": Role.EXCLUSION}, [2]),
        ({"goal": 19, "status": Status.DONE}, []),
        ({"status": Status.REJECTED}, [3]),
        ({"space_type": SpaceType.LANDSCAPE}, [4]),
        ({"space_type": SpaceType.BETWEEN, "goal": 7}, [1]),
        ({"project": "Grüner Ring"}, [1]),
        ({"key": "00013"}, [3]),
        ({"key": KEYS[2]}, [2]),
        ({"key": "0001", "goal": 19}, [0, 1]),
    ],
)
def test_everything_that_is_asked_for_has_to_hold(page, choose, asked, expected):
    choose(**asked)
    assert keys(page) == [ALKIS[number] for number in expected]


def test_nothing_asked_for_finds_nothing_and_says_so(page, choose, settled, qtbot):
    choose(goal=2)
    qtbot.mouseClick(page.clear, Qt.MouseButton.LeftButton)
    settled()
    assert listed(page) == []
    assert page.found.text() == "Choose what to look for."
    assert not page.zoom.isEnabled()
    choose(goal=25)
    assert page.found.text() == "No parcel meets this."


def test_a_click_on_a_heading_sorts(page, choose, settled, qtbot):
    choose(key="0001")
    header = page.results.horizontalHeader()

    def click(column: int) -> list[int]:
        bar = page.results.horizontalScrollBar()
        bar.setValue(bar.maximum() if column else 0)
        at = QPoint(header.sectionViewportPosition(column) + 4, header.height() // 2)
        qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=at)
        settled()
        return [ALKIS.index(key) for key in keys(page)]

    assert click(int(Column.KEY)) == [4, 3, 2, 1, 0]
    assert click(int(Column.AREA)) == [0, 1, 2, 3, 4]
    assert click(int(Column.AREA)) == [4, 3, 2, 1, 0]
    assert click(int(Column.PROJECT)) == [0, 2, 3, 4, 1]


def test_an_order_holds_for_the_next_search(page, choose, settled):
    page.results.sortByColumn(Column.AREA, Qt.SortOrder.DescendingOrder)
    choose(goal=2)
    assert keys(page) == [ALKIS[2], ALKIS[1], ALKIS[0]]


def test_long_lists_are_sorted_in_runs_with_the_same_result():
    parcels = [FoundParcel(str(n), "", float(n * 7919 % 1000)) for n in range(2 * RUN + 5)]
    expected = sorted(range(len(parcels)), key=lambda n: parcels[n].area_m2)
    assert order(parcels, Column.AREA) == expected


def test_another_write_shows_at_once(page, choose, workbench, settled):
    choose(goal=2)
    workbench.write(lambda register, choices: register.unassign([ALKIS[0]], [2]))
    settled()
    assert keys(page) == [ALKIS[1], ALKIS[2]]


def test_enter_on_a_row_goes_to_its_parcel(page, choose, canvas, settled, qtbot):
    canvas.setDestinationCrs(QgsCoordinateReferenceSystem(UTM))
    choose(goal=2)
    page.results.setFocus()
    page.results.setCurrentIndex(page.results.model().index(1, 0))
    qtbot.keyClick(page.results, Qt.Key.Key_Return)
    settled()
    centre = canvas.extent().center()
    assert (round(centre.x() - EAST), round(centre.y() - NORTH)) == (150, 50)


def test_zoom_goes_to_all_that_was_found(page, choose, canvas, settled, qtbot):
    canvas.setDestinationCrs(QgsCoordinateReferenceSystem(UTM))
    choose(goal=2)
    qtbot.mouseClick(page.zoom, Qt.MouseButton.LeftButton)
    settled()
    centre = canvas.extent().center()
    assert (round(centre.x() - EAST), round(centre.y() - NORTH)) == (150, 75)
    assert canvas.extent().width() >= 300


def test_select_finds_the_parcels_in_the_layer_however_it_writes_their_keys(
    page, choose, workbench, settled, qtbot
):
    written = [KEYS[0], "05 1234-007-00011", None, "05 1234-007-00012/0000", "anders 1"]
    there = layer([box(100 * n, 0, 100, 100) for n in range(5)], {"flstkennz": written}, name="ALKIS")
    QgsProject.instance().addMapLayer(there)
    workbench.set_parcels(there)
    choose(goal=2)
    said = []
    workbench.said.connect(lambda text, level: said.append(text))
    qtbot.mouseClick(page.select, Qt.MouseButton.LeftButton)
    settled()
    expected = [n for n, key in enumerate(written) if key and parcel_key(key).key in ALKIS[:3]]
    assert sorted(feature.id() - 1 for feature in there.selectedFeatures()) == expected
    assert said == [f"ALKIS: {len(expected)} features selected for 3 parcels."]


def test_only_the_selected_rows_are_selected_in_the_layer(page, choose, workbench, parcels, settled, qtbot):
    workbench.set_parcels(parcels)
    choose(goal=2)
    page.results.selectRow(2)
    qtbot.mouseClick(page.select, Qt.MouseButton.LeftButton)
    settled()
    assert [feature["flstkennz"] for feature in parcels.selectedFeatures()] == [KEYS[2]]


def test_without_a_layer_of_parcels_selecting_says_what_is_missing(page, choose, workbench, qtbot):
    choose(goal=2)
    said = []
    workbench.said.connect(lambda text, level: said.append(text))
    qtbot.mouseClick(page.select, Qt.MouseButton.LeftButton)
    assert said == ["Choose the layer of parcels and its key field above."]


def test_show_on_map_adds_the_register_once_and_highlights_what_was_found(
    page, choose, place, canvas, settled, qtbot
):
    choose(goal=19)
    for _ in range(2):
        qtbot.mouseClick(page.show_on_map, Qt.MouseButton.LeftButton)
        settled()
    (group,) = QgsProject.instance().layerTreeRoot().findGroups()
    shown = layers_of(group)["flurstueck"]
    assert [feature["schluessel"] for feature in shown.selectedFeatures()] == list(ALKIS[:2])
    assert group.isExpanded()
    assert group.findLayer(shown.id()).isVisible()
    assert canvas.currentLayer() is shown


# Totals --------------------------------------------------------------------------------------------------


def totals(page) -> list[tuple[str, ...]]:
    model = page.totals.model()
    return [
        tuple(plain(model.index(row, column).data()) for column in range(model.columnCount()))
        for row in range(model.rowCount())
    ]


def test_totals_by_goal_leave_out_what_does_not_count(page, workbench):
    names = [goal_name(workbench.strategy.goal(hz)) for hz in (2, 7, 19)]
    assert totals(page) == [
        (names[0], "2", "1.50", ""),
        (names[1], "1", "1", ""),
        (names[2], "2", "1.50", ""),
    ]


def test_totals_by_goal_say_the_gap_of_the_latest_findings(page, filled, workbench, settled):
    older = dataclasses.replace(FINDING, berechnet_am=dt.date(2029, 1, 1), luecke=9.0)
    unknown = dataclasses.replace(
        FINDING, hz=13, kennzahl_id="hz13_a", status=Verdict.NOT_ASSESSABLE, zaehler=None, nenner=None,
        wert=None, luecke=None, luecke_abs=None,
    )  # fmt: skip
    places = [
        dataclasses.replace(
            FINDING, hz=19, kennzahl_id="hz19_a", gebiet_art=AreaKind.MUNICIPALITY, gebiet=name, ags=None,
        )
        for name in ("Altstadt", "Neustadt")
    ]  # fmt: skip
    workbench.write(lambda register, choices: register.store_findings([older, FINDING, unknown, *places]))
    settled()
    gaps = {row[0].split(" ")[0]: row[3] for row in totals(page)}
    assert gaps == {
        "2": "5 percentage points · 5 ha in total",
        "7": "",
        "13": "▨ not assessable",
        "19": "2 × ◐ gap",
    }


def test_the_widest_area_speaks_for_a_goal():
    region = FINDING
    town = dataclasses.replace(FINDING, gebiet_art=AreaKind.MUNICIPALITY, gebiet="Altstadt")
    within = dataclasses.replace(FINDING, raumtyp="Innenstadt")
    assert widest([town, within, region]) == (region,)
    assert widest([town]) == (town,)
    assert widest([]) == ()


def test_totals_by_space_type_and_project(page, settled):
    page.totals_by.setCurrentIndex(1)
    settled()
    assert [row[:3] for row in totals(page)] == [
        ("Innenstadt", "0", "0"),
        ("Zwischenstadt", "2", "1.50"),
        ("Landschaft", "1", "2.50"),
    ]
    page.totals_by.setCurrentIndex(2)
    settled()
    assert totals(page) == [("Grüner Ring", "1", "1")]


def test_a_click_on_a_total_searches_for_its_parcels(page, settled, qtbot):
    model = page.totals.model()
    at = page.totals.visualRect(model.index(0, 1)).center()
    qtbot.mouseClick(page.totals.viewport(), Qt.MouseButton.LeftButton, pos=at)
    settled()
    assert page.criteria == Criteria(hz=2, counting=True)
    assert keys(page) == [ALKIS[0], ALKIS[1]]
    page.totals_by.setCurrentIndex(2)
    settled()
    page.totals.setFocus()
    page.totals.setCurrentIndex(model.index(0, 0))
    qtbot.keyClick(page.totals, Qt.Key.Key_Return)
    settled()
    assert page.project.currentText() == "Grüner Ring"
    assert page.goal.currentIndex() == 0
    assert keys(page) == [ALKIS[1]]


def test_closing_the_register_empties_the_page(page, choose, workbench, settled):
    choose(goal=2)
    workbench.close_register()
    settled()
    assert listed(page) == totals(page) == []
    assert page.found.text() == "Open a register, or make a new one."
    assert page.project.count() == 1


def test_another_register_is_searched_for_what_it_knows(page, choose, workbench, settled, tmp_path):
    choose(goal=2, project="Grüner Ring")
    other = Register.create(tmp_path / "anderes.gpkg")
    other.assign([record(5)], [2], Role.STOCK)
    workbench.open_register(tmp_path / "anderes.gpkg")
    settled()
    assert page.criteria == Criteria(hz=2)
    assert keys(page) == [ALKIS[5]]
    assert [row[1] for row in totals(page)] == ["1"]


def test_mnemonics_are_unique_and_leave_the_header_its_own(page):
    texts = [w.text() for w in [*page.findChildren(QAbstractButton), *page.findChildren(QLabel)]]
    letters = [text[text.index("&") + 1].lower() for text in texts if "&" in text]
    assert len(letters) == len(set(letters)) == 12
    assert not set(letters) & set("prk")
