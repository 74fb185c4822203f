"""The panel as a whole: what it remembers, that it can be read, reached and operated, in both languages."""

from __future__ import annotations

import re

import pytest
from gruene_infra.gruene_infra_plugin.dock.controller import PanelController
from gruene_infra.gruene_infra_plugin.dock.panel import Panel
from gruene_infra.gruene_infra_plugin.i18n import TRANSLATIONS
from gruene_infra.gruene_infra_plugin.strategy import load_strategy
from qgis.core import QgsProject, QgsSettings
from qgis.PyQt.QtCore import QCoreApplication, Qt, QTranslator
from qgis.PyQt.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QComboBox,
    QLabel,
    QLineEdit,
    QScrollArea,
    QWidget,
)

from ..layer_factory import box, layer

INPUTS = (QAbstractButton, QComboBox, QLineEdit, QAbstractItemView)
DOCK_WIDTH = 400


@pytest.fixture
def language(request):
    """Install the German translation, or none."""
    translator = QTranslator()
    if request.param == "de":
        assert translator.load(str(TRANSLATIONS / "gruene_infra_de.qm"))
        QCoreApplication.installTranslator(translator)
    yield request.param
    QCoreApplication.removeTranslator(translator)


@pytest.fixture
def panel(canvas, qtbot):
    """The whole panel, as the plugin makes it."""
    QgsSettings().remove("gruene_infra")
    made = Panel()
    qtbot.addWidget(made)
    made.controller = PanelController(made, canvas, QgsProject.instance(), load_strategy())
    made.resize(DOCK_WIDTH, 700)
    made.show()
    yield made
    made.controller.close()


def settle(panel, qtbot):
    qtbot.wait(250)
    qtbot.waitUntil(lambda: not panel.controller.workbench.busy, timeout=20_000)


def pages(panel):
    return [panel.pages.widget(number) for number in range(panel.pages.count())]


def inputs(widget):
    """Return the widgets a user operates; not those that Qt puts inside of others."""
    found = [child for kind in INPUTS for child in widget.findChildren(kind)]
    parts = (QComboBox, QAbstractItemView)
    return [
        child
        for child in found
        if not child.objectName().startswith("qt_")
        and child.objectName()
        and not isinstance(child.parent(), parts)
        and child.focusPolicy() != Qt.FocusPolicy.NoFocus
    ]


def labelled(widget):
    """Return what a screen reader says of a widget."""
    window = widget.window()
    buddies = [label for label in window.findChildren(QLabel) if label.buddy() is widget]
    own = widget.text() if isinstance(widget, QAbstractButton) else ""
    return widget.accessibleName() or own or "".join(label.text() for label in buddies)


def mnemonics(widget):
    texts = [label.text() for label in widget.findChildren(QLabel) if label.buddy()]
    texts += [button.text() for button in widget.findChildren(QAbstractButton)]
    return [letter.lower() for text in texts for letter in re.findall(r"&(\w)", text)]


def test_the_first_layer_with_a_known_key_is_taken(panel, parcels, qtbot):
    settle(panel, qtbot)
    assert panel.layer.currentLayer() == parcels
    assert panel.key_field.currentField() == "flstkennz"


def test_another_layer_and_key_are_chosen_and_kept_in_the_project(panel, parcels, tmp_path, qtbot):
    project = QgsProject.instance()
    other = layer([box(0, 0, 10, 10)], {"nummer": ["0512340070001"], "flstkennz": ["x1"]}, name="andere")
    project.addMapLayer(other)
    panel.layer.setLayer(other)
    panel.key_field.setField("nummer")
    settle(panel, qtbot)
    assert panel.controller.workbench.parcels.layer == other
    assert panel.controller.workbench.parcels.key_field == "nummer"
    file = str(tmp_path / "projekt.qgz")
    assert project.write(file)
    project.clear()
    settle(panel, qtbot)
    assert panel.controller.workbench.parcels is None
    assert project.read(file)
    settle(panel, qtbot)
    assert panel.layer.currentLayer().name() == "andere"
    assert panel.key_field.currentField() == "nummer"


def test_the_page_that_was_open_last_is_open_again(panel, canvas, qtbot):
    last = panel.pages.count() - 1
    panel.pages.setCurrentIndex(last)
    again = Panel()
    qtbot.addWidget(again)
    controller = PanelController(again, canvas, QgsProject.instance(), load_strategy())
    assert again.pages.currentIndex() == last
    controller.close()


@pytest.mark.parametrize("language", ["de", "en"], indirect=True)
def test_a_screen_reader_has_a_name_for_every_input(language, panel):
    nameless = [widget.objectName() for widget in inputs(panel) if not labelled(widget)]
    assert nameless == []


@pytest.mark.parametrize("language", ["de", "en"], indirect=True)
def test_no_letter_calls_two_things_on_a_page(language, panel):
    header = [
        letter.lower()
        for label in panel.body.findChildren(QLabel, options=Qt.FindChildOption.FindDirectChildrenOnly)
        for letter in re.findall(r"&(\w)", label.text())
    ]
    assert len(header) == 3
    for page in pages(panel):
        letters = [*header, *mnemonics(page)]
        assert sorted(letters) == sorted(set(letters)), page.objectName()


def test_every_input_is_reached_by_the_tab_key(panel):
    start = panel.register_button
    reached, widget = {start}, start.nextInFocusChain()
    while widget is not start:
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
            reached.add(widget)
        widget = widget.nextInFocusChain()
    missing = [widget.objectName() for widget in inputs(panel) if widget not in reached]
    assert missing == []


@pytest.mark.parametrize("language", ["de", "en"], indirect=True)
@pytest.mark.parametrize("percent", [100, 125, 200])
def test_no_page_needs_more_width_than_a_dock_has(language, percent, panel, qtbot, qgis_app):
    font = panel.font()
    font.setPointSizeF(font.pointSizeF() * percent / 100)
    panel.setFont(font)
    qtbot.wait(50)
    width = DOCK_WIDTH * max(1.0, percent / 125)
    for page in pages(panel):
        areas = page.findChildren(QScrollArea)
        contents = [area.widget().minimumSizeHint().width() for area in areas if area.widget()]
        needed = max([page.minimumSizeHint().width(), *contents])
        assert needed <= width, (page.objectName(), needed, widest(page))


def widest(page):
    every = page.findChildren(QWidget)
    return [
        (child.objectName(), child.minimumSizeHint().width())
        for child in sorted(every, key=lambda child: -child.minimumSizeHint().width())[:5]
    ]
