"""The page as the user sees it: goals with their status, an area to choose, what to run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

from qgis.gui import QgsFilterLineEdit
from qgis.PyQt.QtCore import QEvent, QModelIndex, QObject, Qt, pyqtSignal
from qgis.PyQt.QtGui import QKeyEvent, QStandardItem, QStandardItemModel
from qgis.PyQt.QtWidgets import QComboBox, QLabel, QMenu, QPushButton, QToolButton, QTreeView, QWidget

from ...catalogue.entry import GOALS
from ...i18n import language, translate
from ...strategy import Handlungsziel, Strategy
from ..goals import GOAL_ROLE, GoalFilter
from ..page import Page
from ..tips import plain_tip
from .delegate import ROW_ROLE, StatusDelegate
from .overview import AreaKey
from .rows import Row

VISIBLE_ROWS = 4
"""Rows of goals that are in sight at least."""
_OPENING = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)


class StatusFilter(GoalFilter):
    """Searches the tags of what measures a goal as well; ``tags`` are in the normal form of names."""

    def __init__(self, strategy: Strategy, tags: Mapping[int, str], parent: QObject | None = None) -> None:
        super().__init__(strategy, parent)
        self._tags = tags

    def _holds(self, goal: Handlungsziel, word: str) -> bool:
        if super()._holds(goal, word):
            return True
        return not word.isdecimal() and word in self._tags.get(goal.number, "")


class StatusPage(Page):
    """Shows and asks; ``run_asked``, ``run_goal_asked``, ``algorithm_asked`` say what is to be measured."""

    run_asked = pyqtSignal()
    """The button: the chosen goal, else the first one that misses something."""
    run_goal_asked = pyqtSignal(int)
    algorithm_asked = pyqtSignal(str)
    """One of several algorithms of the chosen goal, by its id."""
    goal_chosen = pyqtSignal()
    area_chosen = pyqtSignal()
    everything_asked = pyqtSignal()

    search: QgsFilterLineEdit
    leitthema: QComboBox
    area: QComboBox
    area_label: QLabel
    goals: QTreeView
    about: QLabel
    run: QPushButton
    choice: QToolButton
    everything: QPushButton
    take_over: QPushButton

    def __init__(
        self, strategy: Strategy, tags: Mapping[int, str] | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(Path(__file__).with_name("page.ui"), parent)
        self._model = QStandardItemModel(self)
        self._filter = StatusFilter(strategy, tags or {}, self)
        self.leitthema.addItem(translate("GrueneInfra", "All Leitthemen"), "")
        for theme in strategy.leitthemen:
            self.leitthema.addItem(theme.label(language()), theme.id)
        self._set_up_goals()
        self.search.textChanged.connect(self._filter.search)
        self.leitthema.currentIndexChanged.connect(self._filter_by_theme)
        self.area.currentIndexChanged.connect(self.area_chosen)
        self.run.clicked.connect(self.run_asked)
        self.everything.clicked.connect(self.everything_asked)
        self.show_areas({})

    def _set_up_goals(self) -> None:
        self._filter.setSourceModel(self._model)
        self.goals.setModel(self._filter)
        self._delegate = StatusDelegate(self.goals)
        self.goals.setItemDelegate(self._delegate)
        self.goals.selectionModel().currentChanged.connect(self.goal_chosen)
        self.goals.doubleClicked.connect(self._ask_for)
        self.goals.installEventFilter(self)
        self.goals.viewport().installEventFilter(self)
        self.goals.setMinimumHeight(int(VISIBLE_ROWS * 3 * self.fontMetrics().height()))
        self.choice.setMenu(QMenu(self.choice))
        self.show_algorithms({})

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and watched is self.goals.viewport():
            self._delegate.sizeHintChanged.emit(QModelIndex())
        elif event.type() == QEvent.Type.KeyPress and watched is self.goals and _opens(event):
            self._ask_for(self.goals.currentIndex())
            return True
        return bool(super().eventFilter(watched, event))

    def _filter_by_theme(self) -> None:
        self._filter.set_leitthema(self.leitthema.currentData())

    def _ask_for(self, index: QModelIndex) -> None:
        if index.isValid():
            self.run_goal_asked.emit(index.data(ROW_ROLE).goal)

    # What is shown -----------------------------------------------------------------------------------

    def show_areas(self, areas: Mapping[AreaKey, str]) -> None:
        """Offer areas, the whole first; the chosen one stays chosen if it is still there."""
        chosen = self.chosen_area
        self.area.blockSignals(True)
        self.area.clear()
        for key, name in areas.items():
            self.area.addItem(name, key)
        place = next((number for number, key in enumerate(areas) if key == chosen), 0)
        self.area.setCurrentIndex(place if areas else -1)
        self.area.blockSignals(False)
        for widget in (self.area, self.area_label):
            widget.setVisible(len(areas) > 1)

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Show goals; what was open and chosen stays so."""
        opened = {row.key for row, index in self._shown() if self.goals.isExpanded(index)}
        current, offset = self.current_row, self.goals.verticalScrollBar().value()
        self._model.clear()
        for row in rows:
            self._model.appendRow(_item(row))
        for row, index in self._shown():
            self.goals.setExpanded(index, row.key in opened)
            if current is not None and row.key == current.key:
                self.goals.setCurrentIndex(index)
        self.goals.verticalScrollBar().setValue(offset)
        self.goal_chosen.emit()

    def _shown(self) -> list[tuple[Row, QModelIndex]]:
        """Return the rows in sight of the filters with their places, children after their goal."""
        found = []
        for number in range(self._filter.rowCount()):
            goal = self._filter.index(number, 0)
            places = [goal, *(self._filter.index(n, 0, goal) for n in range(self._filter.rowCount(goal)))]
            found += [(index.data(ROW_ROLE), index) for index in places]
        return found

    def show_algorithms(self, titles: Mapping[str, str]) -> None:
        """Offer all algorithms of the chosen goal by id and title, in its menu and beside the button."""
        menu = self.choice.menu()
        for action in self.goals.actions():
            self.goals.removeAction(action)
        menu.clear()
        if len(titles) < 2:
            action = menu.addAction(translate("GrueneInfra", "Open the algorithm…"))
            action.triggered.connect(lambda: self._ask_for(self.goals.currentIndex()))
        for algorithm, title in titles.items() if len(titles) > 1 else ():
            action = menu.addAction(translate("GrueneInfra", "Open “{title}”…").format(title=title))
            action.triggered.connect(partial(self.algorithm_asked.emit, algorithm))
        self.goals.addActions(menu.actions())
        self.choice.setVisible(len(titles) > 1)

    def show_measurable(self, count: int, said: str) -> None:
        """Offer to measure all that the open layers allow; ``said`` tells which of the goals those are."""
        text = translate("GrueneInfra", "&Measure everything… ({count} of {total} goals)")
        self.everything.setText(text.format(count=count, total=len(GOALS)))
        self.everything.setEnabled(count > 0)
        self.everything.setToolTip(plain_tip(said))
        self.everything.setAccessibleDescription(said)

    def show_take_over(self, said: str, *, enabled: bool) -> None:
        """Offer to take over findings; ``said`` tells which, or why there are none."""
        self.take_over.setEnabled(enabled)
        self.take_over.setToolTip(plain_tip(said))
        self.take_over.setAccessibleDescription(said)

    # What is chosen ----------------------------------------------------------------------------------

    @property
    def chosen_area(self) -> AreaKey | None:
        key = self.area.currentData()
        return None if key is None else (key[0], key[1])

    @property
    def current_row(self) -> Row | None:
        index = self.goals.currentIndex()
        return index.data(ROW_ROLE) if index.isValid() else None

    @property
    def goals_in_sight(self) -> list[Row]:
        """The goals that search and Leitthema leave, by number."""
        return [row for row, index in self._shown() if not index.parent().isValid()]

    def choose(self, goal: int) -> None:
        """Make a goal the current one, if it is in sight."""
        for row, index in self._shown():
            if row.key == (goal,):
                self.goals.setCurrentIndex(index)


def _opens(event: QEvent) -> bool:
    return isinstance(event, QKeyEvent) and event.key() in _OPENING and not event.modifiers()


def _item(row: Row) -> QStandardItem:
    item = QStandardItem(row.name)
    item.setEditable(False)
    item.setData(row, ROW_ROLE)
    item.setData(row.spoken, Qt.ItemDataRole.AccessibleTextRole)
    item.setToolTip(row.tip)
    if len(row.key) == 1:
        item.setData(row.goal, GOAL_ROLE)
    for child in row.children:
        item.appendRow(_item(child))
    return item
