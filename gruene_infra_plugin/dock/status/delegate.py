"""Draws a row: name, status as glyph and word, figures, and the thin bar below them."""

from __future__ import annotations

from dataclasses import dataclass

from qgis.PyQt.QtCore import QModelIndex, QRect, QRectF, QSize, Qt
from qgis.PyQt.QtGui import QBrush, QColor, QFont, QFontMetrics, QPainter, QPalette, QPen
from qgis.PyQt.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTreeView

from ...report.model import Badge
from .bars import Bar
from .rows import ABSENT, Row

ROW_ROLE = Qt.ItemDataRole.UserRole + 2
CHIPS = {
    "reached": ("#007a59", "#ffffff"),
    "gap": ("#e69f00", "#1b2420"),
    "overdue": ("#b84f00", "#ffffff"),
    "contribution": ("#0072b2", "#ffffff"),
    "open": ("#ffffff", "#1b2420"),
    "unknown": ("#ffffff", "#1b2420"),
}
"""Ground and glyph of each status as in the report; each pair has contrast of its own in any theme."""
BARS = {
    "reached": "#009e73", "gap": "#e69f00", "overdue": "#d55e00", "contribution": "#0072b2",
    "open": "#9aa39e",
}  # fmt: skip
"""Fill of the bar by status, as in the report."""
BORDER = "#8b938f"
FRAMED = frozenset({"open", "unknown", ABSENT})
_WRAP = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap)
_UNBOUND = 100_000


@dataclass(frozen=True)
class Layout:
    """Where the parts of a row go within its rectangle."""

    name: QRect
    chip: QRect
    state: QRect
    figure: QRect
    bar: QRect
    height: int


def layout_of(row: Row, metrics: QFontMetrics, width: int) -> Layout:
    """Lay a row out in a width: the figures beside the status where they fit, else below it."""
    line, gap = metrics.height(), max(2, metrics.height() // 4)
    inner = max(width - 2 * gap, line)

    def text(words: str, x: int, y: int, most: int) -> QRect:
        found = metrics.boundingRect(QRect(0, 0, most, _UNBOUND), _WRAP, words)
        return QRect(x, y, min(found.width() + 1, most), found.height() if words else 0)

    name = text(row.name, gap, gap, inner)
    y = name.bottom() + 1 + gap // 2
    chip = QRect(gap, y, round(1.3 * line), line)
    beside = chip.right() + 1 + gap
    state = text(row.state, beside, y, inner - chip.width() - gap)
    figure = text(row.figure, beside, y, inner - chip.width() - gap)
    if state.right() + 2 * gap + figure.width() <= gap + inner:
        figure.moveRight(gap + inner - 1)
    elif row.figure:
        figure.moveTop(state.bottom() + 1)
    y = max(chip.bottom(), state.bottom(), figure.bottom() if row.figure else 0) + 1
    bar = QRect(gap, y + gap // 2, inner, max(4, line // 3) if row.bar else 0)
    return Layout(name, chip, state, figure, bar, (bar.bottom() + 1 if row.bar else y) + gap)


class StatusDelegate(QStyledItemDelegate):
    """Draws rows of :class:`Row`; their height follows the width of the view and the font."""

    def __init__(self, view: QTreeView) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:
        level = 2 if index.parent().isValid() else 1
        width = self._view.viewport().width() - level * self._view.indentation()
        font = self._font(option.font, index)
        return QSize(width, layout_of(index.data(ROW_ROLE), QFontMetrics(font), width).height)

    def _font(self, base: QFont, index: QModelIndex) -> QFont:
        """Return the font of a row: italic where it is outdated."""
        font = QFont(base)
        font.setItalic(bool(index.data(ROW_ROLE).changes))
        return font

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        row: Row = index.data(ROW_ROLE)
        plain = QStyleOptionViewItem(option)
        self.initStyleOption(plain, index)
        plain.text = ""
        style = self._view.style()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, plain, painter, self._view)
        font = self._font(option.font, index)
        layout = layout_of(row, QFontMetrics(font), option.rect.width())
        painter.save()
        painter.translate(option.rect.topLeft())
        painter.setFont(font)
        ink = _ink(plain)
        painter.setPen(ink)
        for rect, words in ((layout.name, row.name), (layout.state, row.state), (layout.figure, row.figure)):
            painter.drawText(rect, _WRAP, words)
        _draw_chip(painter, layout.chip, row.badge, ink)
        if row.bar is not None:
            draw_bar(painter, layout.bar, row.bar, row.badge.key, ink)
        painter.restore()


def _ink(option: QStyleOptionViewItem) -> QColor:
    """Return the colour of text as the theme has it, also for selected and inactive rows."""
    active = bool(option.state & QStyle.StateFlag.State_Active)
    group = QPalette.ColorGroup.Active if active else QPalette.ColorGroup.Inactive
    selected = bool(option.state & QStyle.StateFlag.State_Selected)
    role = QPalette.ColorRole.HighlightedText if selected else QPalette.ColorRole.Text
    return option.palette.color(group, role)


def _draw_chip(painter: QPainter, rect: QRect, badge: Badge, text: QColor) -> None:
    """Draw the glyph on its ground; that of a goal without findings is only a frame."""
    ground, ink = map(QColor, CHIPS.get(badge.key, (Qt.GlobalColor.transparent, text)))
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(BORDER), 1.0) if badge.key in FRAMED else QPen(Qt.PenStyle.NoPen))
    painter.setBrush(ground)
    box = QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5)
    painter.drawRoundedRect(box, 3.0, 3.0)
    font = painter.font()
    font.setItalic(False)
    painter.setFont(font)
    painter.setPen(ink)
    painter.drawText(rect, int(Qt.AlignmentFlag.AlignCenter), badge.glyph)
    painter.restore()


def draw_bar(painter: QPainter, rect: QRect, bar: Bar, key: str, ink: QColor) -> None:
    """Draw track, value and target mark; hatched where there is no value."""
    painter.save()
    track, faint = QColor(ink), QColor(ink)
    track.setAlphaF(0.15)
    faint.setAlphaF(0.6)
    painter.fillRect(rect, track)
    if bar.fill is None:
        painter.fillRect(rect, QBrush(faint, Qt.BrushStyle.BDiagPattern))
    elif bar.fill > 0.0:
        filled = QRect(rect)
        filled.setWidth(max(2, round(bar.fill * rect.width())))
        painter.fillRect(filled, QColor(BARS[key]))
    if bar.target is not None:
        thick = max(2, rect.height() // 3)
        x = rect.left() + round(bar.target * (rect.width() - thick))
        painter.fillRect(QRect(x, rect.top() - thick, thick, rect.height() + 2 * thick), ink)
    painter.restore()
