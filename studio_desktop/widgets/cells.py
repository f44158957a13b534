"""How cells are painted: from the tokens, since style sheets do not reach a delegate."""

from decimal import Decimal

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTableView, QWidget

from studio_desktop import formats
from studio_desktop.models.columns import Badge, CellKind, Dotted, Quiet
from studio_desktop.models.rows import FADED_ROLE, KIND_ROLE, VALUE_ROLE
from studio_desktop.theme.theme import Theme
from studio_desktop.widgets.badge import badge_width, paint_badge

PADDING = 12
BAR = 3
DOT = 8
GAP = 6

_STRONG = {CellKind.STRONG, CellKind.MONEY_STRONG}
_QUIET = {CellKind.QUIET, CellKind.REMARK, CellKind.DATE}
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class CellDelegate(QStyledItemDelegate):
    """Paints one cell by the kind of its column; the row under the pointer as a whole."""

    def __init__(self, theme: Theme, view: QTableView) -> None:
        super().__init__(view)
        self._theme = theme
        self._hovered = -1

    def set_hovered(self, row: int) -> None:
        self._hovered = row

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        return QSize(self._width(index), self._theme.tokens.row_height)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        box: QRect = option.rect
        state: QStyle.StateFlag = option.state
        selected = bool(state & QStyle.StateFlag.State_Selected)
        painter.save()
        self._paint_ground(painter, box, index, selected)
        value = index.data(VALUE_ROLE)
        if value is not None:
            inner = box.adjusted(PADDING, 0, -PADDING, -1)
            painter.setClipRect(box)
            self._paint_value(painter, inner, index, value)
        painter.restore()

    def _paint_ground(
        self,
        painter: QPainter,
        box: QRect,
        index: QModelIndex | QPersistentModelIndex,
        selected: bool,
    ) -> None:
        theme = self._theme
        if selected:
            painter.fillRect(box, theme.colour("accent_weak"))
        elif index.row() == self._hovered:
            painter.fillRect(box, theme.colour("surface_2"))
        painter.fillRect(QRect(box.left(), box.bottom(), box.width(), 1), theme.colour("border"))
        if selected and index.column() == 0:
            painter.fillRect(
                QRect(box.left(), box.top(), BAR, box.height()), theme.colour("accent")
            )

    def _paint_value(
        self,
        painter: QPainter,
        box: QRect,
        index: QModelIndex | QPersistentModelIndex,
        value: object,
    ) -> None:
        kind: CellKind = index.data(KIND_ROLE)
        faded = bool(index.data(FADED_ROLE))
        stands_in = isinstance(value, Quiet)
        font = self._theme.font("body", strong=kind in _STRONG and not stands_in)
        font.setStrikeOut(faded and kind is not CellKind.REMARK)
        painter.setFont(font)
        token = "text_3" if faded or stands_in else "text_2" if kind in _QUIET else "text"
        match value:
            case Decimal() if kind is not CellKind.PERCENT:
                self._paint_money(painter, box, value, token)
            case Dotted():
                self._paint_dotted(painter, box, value, token)
            case Badge():
                self._paint_badges(painter, box, (value,))
            case tuple():
                self._paint_badges(painter, box, value)
            case _:
                alignment = index.data(Qt.ItemDataRole.TextAlignmentRole)
                words = str(index.data(Qt.ItemDataRole.DisplayRole))
                self._paint_words(painter, box, words, token, alignment)

    def _paint_words(
        self,
        painter: QPainter,
        box: QRect,
        words: str,
        token: str,
        alignment: Qt.AlignmentFlag = _LEFT,
    ) -> None:
        painter.setPen(self._theme.colour(token))
        shown = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, box.width())
        painter.drawText(box, alignment, shown)

    def _paint_money(self, painter: QPainter, box: QRect, amount: Decimal, token: str) -> None:
        """The figure at the right, the currency quiet before it."""
        theme = self._theme
        if token != "text_3":
            token = "danger" if amount < 0 else "text_3" if amount == 0 else token
        figure = formats.figure(abs(amount))
        painter.setPen(theme.colour(token))
        painter.drawText(box, _RIGHT, figure)
        metrics = painter.fontMetrics()
        left = box.adjusted(0, 0, -metrics.horizontalAdvance(figure) - 4, 0)
        quiet = QFont(painter.font())
        quiet.setWeight(QFont.Weight.Normal)
        painter.setFont(quiet)
        painter.setPen(theme.colour("danger" if token == "danger" else "text_3"))
        sign = formats.MINUS if amount < 0 else ""
        painter.drawText(left, _RIGHT, f"{sign}{formats.CURRENCY}")

    def _paint_dotted(self, painter: QPainter, box: QRect, value: Dotted, token: str) -> None:
        if value.colour is not None:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.artist_colour(value.colour))
            middle = box.center().y() + 0.5
            painter.drawEllipse(QRectF(box.left(), middle - DOT / 2, DOT, DOT))
        self._paint_words(painter, box.adjusted(DOT + 8, 0, 0, 0), value.text, token)

    def _paint_badges(self, painter: QPainter, box: QRect, badges: tuple[object, ...]) -> None:
        left = float(box.left())
        for badge in badges:
            if isinstance(badge, Badge):
                middle = box.center().y() + 0.5
                left += paint_badge(painter, self._theme, badge, left, middle) + GAP

    def _width(self, index: QModelIndex | QPersistentModelIndex) -> int:
        value = index.data(VALUE_ROLE)
        if isinstance(value, Badge):
            return round(badge_width(self._theme, value.text)) + 2 * PADDING
        words = str(index.data(Qt.ItemDataRole.DisplayRole) or "")
        metrics = QFontMetrics(self._theme.font("body", strong=True))
        return metrics.horizontalAdvance(words) + 2 * PADDING + (DOT + 8)


def paint_corners(painter: QPainter, widget: QWidget, theme: Theme, outside: str) -> None:
    """Round a widget's four corners by painting what lies outside of them, and its frame."""
    radius = theme.tokens.radius["card"]
    box = QRectF(widget.rect())
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    frame = QPainterPath()
    frame.addRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
    whole = QPainterPath()
    whole.addRect(box)
    painter.fillPath(whole.subtracted(frame), theme.colour(outside))
    painter.setPen(QPen(theme.colour("border"), 1))
    painter.drawPath(frame)
