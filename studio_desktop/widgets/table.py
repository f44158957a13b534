"""The data table: 40 px rows, hover and selection by row, sorting asked of the query."""

from typing import Any

from PySide6.QtCore import QEvent, QModelIndex, QPoint, QRect, Qt, Signal, Slot
from PySide6.QtGui import (
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStackedLayout,
    QTableView,
    QWidget,
)

from studio_desktop.models.columns import RIGHT_ALIGNED
from studio_desktop.models.rows import ROW_ROLE, RowModel
from studio_desktop.theme.theme import Theme
from studio_desktop.widgets.cells import PADDING, CellDelegate, paint_corners

SORT_ICON = 14


class _Header(QHeaderView):
    """Captions that start where the text of their cells starts."""

    def __init__(self, theme: Theme, table: "DataTable") -> None:
        super().__init__(Qt.Orientation.Horizontal, table)
        self._theme = theme
        self._table = table
        self.setFixedHeight(theme.tokens.header_height)
        self.setHighlightSections(False)
        self.setSectionsClickable(True)
        self.setSectionsMovable(False)
        self.setMinimumSectionSize(56)

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        theme, model = self._theme, self._table.row_model()
        painter.save()
        painter.fillRect(rect, theme.colour("surface_2"))
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), theme.colour("border"))
        if model is not None and section < len(model.columns):
            column = model.columns[section]
            painter.setFont(theme.font("caption", strong=True))
            sorted_by = column.order is not None and column.order == self._table.order
            painter.setPen(theme.colour("text" if sorted_by else "text_2"))
            inner = rect.adjusted(PADDING, 0, -PADDING, -1)
            right = column.kind in RIGHT_ALIGNED
            side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
            room = inner.width() - (SORT_ICON + 4 if sorted_by else 0)
            words = painter.fontMetrics().elidedText(
                column.title, Qt.TextElideMode.ElideRight, max(room, 8)
            )
            painter.drawText(inner, side | Qt.AlignmentFlag.AlignVCenter, words)
            if sorted_by:
                width = painter.fontMetrics().horizontalAdvance(words)
                left = inner.right() - width - SORT_ICON - 3 if right else inner.left() + width + 4
                name = "arrow_down" if self._table.descending else "arrow_up"
                top = inner.center().y() - SORT_ICON // 2 + 1
                painter.drawPixmap(QPoint(left, top), theme.pixmap(name, "text_2", SORT_ICON, self))
        painter.restore()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.fillRect(self.viewport().rect(), self._theme.colour("surface_2"))
        bottom = self.viewport().height() - 1
        painter.fillRect(QRect(0, bottom, self.viewport().width(), 1), self._theme.colour("border"))
        painter.end()
        super().paintEvent(event)


class _HeaderEnd(QWidget):
    """The header's ground over the scroll bar."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setFixedHeight(theme.tokens.header_height)
        theme.changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.colour("surface_2"))
        bottom = QRect(0, self.height() - 1, self.width(), 1)
        painter.fillRect(bottom, self._theme.colour("border"))
        painter.end()


class DataTable(QTableView):
    """row_chosen(row): the current row changed, by keyboard, mouse or a refresh; None for none.
    row_opened(row): Enter or a double click. order_changed(order, descending): a header was
    clicked; the controller asks the query anew.
    """

    row_chosen = Signal(object)
    row_opened = Signal(object)
    order_changed = Signal(str, bool)

    def __init__(self, theme: Theme, name: str) -> None:
        """name: spoken by screen readers."""
        super().__init__()
        self.theme = theme
        self.order: str | None = None
        self.descending = False
        self._cells = CellDelegate(theme, self)
        self._last_chosen: object = None
        self.setAccessibleName(name)
        self.setItemDelegate(self._cells)
        self.setHorizontalHeader(_Header(theme, self))
        self.horizontalHeader().sectionClicked.connect(self._on_header_clicked)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(theme.tokens.row_height)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setShowGrid(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWordWrap(False)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalScrollBar().setSingleStep(theme.tokens.row_height)
        self.addScrollBarWidget(_HeaderEnd(theme), Qt.AlignmentFlag.AlignTop)
        self.doubleClicked.connect(self._on_double_clicked)
        theme.changed.connect(self._repaint)

    def set_compact(self) -> None:
        """Rows of 32 px, for tables inside a card."""
        self.verticalHeader().setDefaultSectionSize(self.theme.tokens.compact_row_height)

    def show_rows_of(self, model: RowModel[Any]) -> None:
        """Show a model; call it once."""
        self.setModel(model)
        self.selectionModel().currentRowChanged.connect(self._on_current_changed)
        self._share_widths()

    def row_model(self) -> RowModel[Any] | None:
        model = self.model()
        return model if isinstance(model, RowModel) else None

    def set_order(self, order: str, descending: bool) -> None:
        """What the rows are sorted by now; shown in the header."""
        self.order, self.descending = order, descending
        self.horizontalHeader().viewport().update()

    def current_row(self) -> Any:
        index = self.currentIndex()
        selected = self.selectionModel() is not None and self.selectionModel().hasSelection()
        return index.data(ROW_ROLE) if index.isValid() and selected else None

    def choose(self, row_id: object) -> bool:
        """Select the row of an id. False when it is not shown."""
        model = self.row_model()
        position = model.position_of(row_id) if model is not None else None
        if position is None:
            return False
        self.selectRow(position)
        self.scrollTo(self.model().index(position, 0))
        return True

    # Qt

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_widths()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        self._set_hovered(self.rowAt(event.position().toPoint().y()))

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave:
            self._set_hovered(-1)
        return super().viewportEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.row_opened.emit(self.currentIndex().data(ROW_ROLE))
            return
        super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        by_keyboard = event.reason() in (
            Qt.FocusReason.TabFocusReason,
            Qt.FocusReason.BacktabFocusReason,
            Qt.FocusReason.ShortcutFocusReason,
        )
        if by_keyboard and not self.currentIndex().isValid() and self.model() is not None:
            self.selectRow(0)

    # Inside

    def _share_widths(self) -> None:
        """Fixed columns get their width, the others share what is left."""
        model = self.row_model()
        if model is None:
            return
        room = self.viewport().width()
        shown = [column for column in model.columns if room >= column.hide_below]
        fixed = sum(column.width or 0 for column in shown)
        shares = sum(column.stretch for column in shown if column.width is None)
        left = max(0, room - fixed)
        for position, column in enumerate(model.columns):
            self.setColumnHidden(position, column not in shown)
            share = left * column.stretch // shares if shares else 0
            self.setColumnWidth(position, column.width or max(96, share))

    def _set_hovered(self, row: int) -> None:
        self._cells.set_hovered(row)
        self.viewport().update()

    @Slot(QModelIndex, QModelIndex)
    def _on_current_changed(self, current: QModelIndex, _previous: QModelIndex) -> None:
        self.row_chosen.emit(current.data(ROW_ROLE) if current.isValid() else None)

    @Slot(QModelIndex)
    def _on_double_clicked(self, index: QModelIndex) -> None:
        self.row_opened.emit(index.data(ROW_ROLE))

    @Slot(int)
    def _on_header_clicked(self, section: int) -> None:
        model = self.row_model()
        column = model.columns[section] if model is not None else None
        if column is None or column.order is None:
            return
        if column.order == self.order:
            self.descending = not self.descending
        else:
            # Numbers and dates are wanted newest and largest first, words from A.
            self.order = column.order
            self.descending = column.kind in RIGHT_ALIGNED or column.kind.value == "date"
        self.horizontalHeader().viewport().update()
        self.order_changed.emit(self.order, self.descending)

    @Slot()
    def _repaint(self) -> None:
        self.viewport().update()
        self.horizontalHeader().viewport().update()


class _Corners(QWidget):
    """Lies over a table and rounds its corners; the pointer goes through."""

    def __init__(self, theme: Theme, outside: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme, self._outside = theme, outside
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        theme.changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_corners(painter, self, self._theme, self._outside)
        painter.end()


class TableCard(QWidget):
    """A table in a card of its own, or, with show_instead(), what an empty one says."""

    def __init__(self, table: DataTable, outside: str = "bg") -> None:
        """outside: the token of the ground the card lies on."""
        super().__init__()
        self.table = table
        self._pages = QStackedLayout(self)
        self._pages.setContentsMargins(1, 1, 1, 1)
        self._pages.addWidget(table)
        self._ground = table.theme
        self._corners = _Corners(table.theme, outside, self)
        table.theme.changed.connect(self.update)

    def show_instead(self, page: QWidget | None) -> None:
        """An EmptyState in place of the table; None shows the table again."""
        if page is None:
            self._pages.setCurrentWidget(self.table)
        else:
            if self._pages.indexOf(page) < 0:
                self._pages.addWidget(page)
            self._pages.setCurrentWidget(page)
        self._corners.raise_()

    def shows_table(self) -> bool:
        return self._pages.currentWidget() is self.table

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._ground.colour("surface"))
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._corners.setGeometry(self.rect())
        self._corners.raise_()
