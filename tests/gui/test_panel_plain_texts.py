"""Names from registers and layers are shown as they are, also where they look like HTML."""

from __future__ import annotations

import pytest
from gruene_infra.gruene_infra_plugin.dock.assign.page import AssignPage
from gruene_infra.gruene_infra_plugin.dock.checks.page import ChecksPage
from gruene_infra.gruene_infra_plugin.dock.conflicts.dialog import ConflictsDialog
from gruene_infra.gruene_infra_plugin.dock.conflicts.entries import Disputed
from gruene_infra.gruene_infra_plugin.dock.conflicts.model import ConflictsModel
from gruene_infra.gruene_infra_plugin.dock.find.models import ResultsModel
from gruene_infra.gruene_infra_plugin.dock.find.page import FindPage
from gruene_infra.gruene_infra_plugin.dock.find.results import Column
from gruene_infra.gruene_infra_plugin.dock.status.page import StatusPage
from gruene_infra.gruene_infra_plugin.dock.suggestions.panel import SuggestionsModel, SuggestionsPanel
from gruene_infra.gruene_infra_plugin.dock.suggestions.told import Suggestion
from gruene_infra.gruene_infra_plugin.dock.tips import plain_tip
from gruene_infra.gruene_infra_plugin.register.model import FoundParcel, Role
from gruene_infra.gruene_infra_plugin.strategy import load_strategy
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QGuiApplication, QStandardItem, QStandardItemModel, QTextDocument
from qgis.PyQt.QtWidgets import QAbstractItemView, QLabel

NASTY = '<b>Ring</b> & <img src="file:///x.png">'
PLAIN = "Grüner Ring & Co"


def shown(tip):
    """What a tool tip reads as, by Qt's own rule for what is HTML."""
    document = QTextDocument()
    if "<" in tip or "&lt;" in tip:
        document.setHtml(tip)
    else:
        document.setPlainText(tip)
    return document.toPlainText()


NAMES = [NASTY, PLAIN, "<img src=x>", "[% env('HOME') %]"]


@pytest.mark.parametrize("text", [*NAMES, f"{PLAIN}\n{NASTY}", "a &lt;b", "HZ 2: 1 < 2 ha"])
def test_a_tip_reads_as_its_text(text):
    assert shown(plain_tip(text)) == text


@pytest.mark.parametrize("name", NAMES)
def test_tips_of_lists_show_names_as_they_are(name, qgis_app):
    strategy = load_strategy()
    results, suggested, disputed = ResultsModel(), SuggestionsModel(strategy), ConflictsModel()
    results.show([FoundParcel("1", "1", 1.0, None, (), (name,))])
    suggested.show([Suggestion(2, Role.POTENTIAL, "hz02", name, "Dach", "1 Dach", {"1": "x"}, [])])
    disputed.show([Disputed("1", name, (), (), None)])
    tip = Qt.ItemDataRole.ToolTipRole
    assert shown(results.index(0, Column.PROJECT).data(tip)) == name
    assert shown(suggested.index(0, 0).data(tip)).startswith(f"{name} → Dach")
    assert shown(disputed.index(0, 0).data(tip)) == f"1\n{name}"


def test_labels_that_show_names_never_take_them_for_html(qtbot):
    strategy = load_strategy()
    pages = [AssignPage(strategy), FindPage(strategy), ChecksPage(), StatusPage(strategy, {})]
    pages.append(SuggestionsPanel(strategy))
    for page in pages:
        qtbot.addWidget(page)
    filled = [label for page in pages for label in page.findChildren(QLabel) if label.accessibleName()]
    assert {label.objectName() for label in filled} == {
        "summary",
        "hovered",
        "found",
        "details",
        "status",
        "about",
        "remark",
    }
    assert {label.textFormat() for label in filled} == {Qt.TextFormat.PlainText}


@pytest.mark.parametrize(
    ("name", "copied"),
    [("=HYPERLINK(1)", "'=HYPERLINK(1)"), ("-5 °C", "'-5 °C"), (PLAIN, PLAIN), ("'a", "'a")],
)
def test_what_is_copied_from_tables_is_no_formula_in_a_spreadsheet(qtbot, name, copied):
    strategy = load_strategy()
    pages = [AssignPage(strategy), FindPage(strategy), ChecksPage(), StatusPage(strategy, {})]
    pages += [SuggestionsPanel(strategy), ConflictsDialog("", [Disputed("1", name, (), (), None)])]
    views = 0
    for page in pages:
        qtbot.addWidget(page)
        for view in page.findChildren(QAbstractItemView):
            if not view.objectName():  # what a choice drops down
                continue
            model = QStandardItemModel(view)
            model.appendRow(QStandardItem(name))
            view.setModel(model)
            view.setCurrentIndex(model.index(0, 0))
            QGuiApplication.clipboard().setText("davor")
            qtbot.keyClick(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
            assert QGuiApplication.clipboard().text() == copied
            views += 1
    assert views >= 6
