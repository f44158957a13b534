"""Choosing one of a list: a short one at hand, or a long one that the database searches."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
    QTimer,
    Signal,
    Slot,
)
from PySide6.QtGui import QIcon, QKeyEvent, QPainter, QPixmap
from PySide6.QtWidgets import (
    QComboBox,
    QCompleter,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from studio_desktop.tasks.runner import Runner
from studio_desktop.theme.theme import Theme

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

OPTION_ROLE = Qt.ItemDataRole.UserRole
PAUSE_MS = 120
ROW_HEIGHT = 44
Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


@dataclass(frozen=True)
class Option:
    """value: what is chosen (an id, a code). detail: a second line, such as a phone number."""

    value: Any
    text: str
    detail: str = ""
    colour: str | int | None = None


class Picker(QComboBox):
    """A combo that is searched by typing. chosen(value): by a person or by choose()."""

    chosen = Signal(object)

    def __init__(self, theme: Theme, placeholder: str = "", *, searched: bool = True) -> None:
        super().__init__()
        self._theme = theme
        self._options: list[Option] = []
        self._edit = QLineEdit()
        self.setMaxVisibleItems(10)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(8)
        self.setPlaceholderText(placeholder)
        if searched:
            self.setEditable(True)
            self.setLineEdit(self._edit)
            self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
            self._edit.setPlaceholderText(placeholder)
            completer = QCompleter(self.model(), self)
            completer.setFilterMode(Qt.MatchFlag.MatchContains)
            completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
            completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
            popup = QListView()
            popup.setProperty("look", "popup")
            completer.setPopup(popup)
            self.setCompleter(completer)
            self._edit.editingFinished.connect(self._on_editing_finished)
        self.currentIndexChanged.connect(self._on_index_changed)
        theme.changed.connect(self._redraw)

    def set_options(self, options: Sequence[Option]) -> None:
        """Replace the list; what was chosen stays chosen if it is still offered."""
        before = self.value()
        self.blockSignals(True)
        self.clear()
        self._options = list(options)
        for option in self._options:
            self.addItem(self._icon(option), option.text, option)
        self.setCurrentIndex(self._position(before))
        self.blockSignals(False)
        if self.value() != before:
            self.chosen.emit(self.value())

    def value(self) -> Any:
        option = self.itemData(self.currentIndex(), OPTION_ROLE)
        return option.value if isinstance(option, Option) else None

    def choose(self, value: Any) -> None:
        """None, or a value not offered, chooses nothing."""
        self.setCurrentIndex(self._position(value))

    def _position(self, value: Any) -> int:
        for position, option in enumerate(self._options):
            if option.value == value:
                return position
        return -1

    def _icon(self, option: Option) -> QIcon:
        if option.colour is None:
            return QIcon()
        pixmap = QPixmap(32, 32)
        pixmap.setDevicePixelRatio(2)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.artist_colour(option.colour))
        painter.drawEllipse(QRectF(4, 4, 8, 8))
        painter.end()
        icon = QIcon(pixmap)
        # Qt would tint the dot of a chosen row; the colour says who it is.
        icon.addPixmap(pixmap, QIcon.Mode.Selected)
        return icon

    @Slot(int)
    def _on_index_changed(self, _index: int) -> None:
        self.chosen.emit(self.value())

    @Slot()
    def _on_editing_finished(self) -> None:
        """Half a name that fits one option means it; anything else goes back to what was chosen."""
        typed = self._edit.text().strip().casefold()
        if not typed:
            self.setCurrentIndex(-1)
            return
        fitting = [one for one in self._options if typed in one.text.casefold()]
        exact = [one for one in fitting if one.text.casefold() == typed]
        match = exact or fitting
        if len(match) == 1 or exact:
            self.choose(match[0].value)
        self.setEditText(self.itemText(self.currentIndex()) if self.currentIndex() >= 0 else "")

    @Slot()
    def _redraw(self) -> None:
        for position, option in enumerate(self._options):
            self.setItemIcon(position, self._icon(option))


class _Matches(QAbstractListModel):
    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.options: tuple[Option, ...] = ()

    def show_options(self, options: tuple[Option, ...]) -> None:
        self.beginResetModel()
        self.options = options
        self.endResetModel()

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.options)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self.options):
            return None
        option = self.options[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return option.text
        return option if role == OPTION_ROLE else None


class _MatchDelegate(QStyledItemDelegate):
    def __init__(self, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(200, ROW_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        theme, match = self._theme, index.data(OPTION_ROLE)
        box: QRect = option.rect
        lit = QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_MouseOver
        painter.save()
        if option.state & lit:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("accent_weak"))
            painter.drawRoundedRect(box, 4, 4)
        inner = box.adjusted(8, 4, -8, -4)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setFont(theme.font("body", strong=True))
        painter.setPen(theme.colour("text"))
        upper = QRect(inner.left(), inner.top(), inner.width(), inner.height() // 2)
        painter.drawText(upper if match.detail else inner, middle, match.text)
        painter.setFont(theme.font("caption"))
        painter.setPen(theme.colour("text_2"))
        lower = upper.translated(0, inner.height() // 2)
        painter.drawText(lower, middle, match.detail)
        painter.restore()


class SearchPicker(QLineEdit):
    """Type, and the database answers below. chosen(Option or None).

    question(session, text) answers the best few matches. What is typed but not chosen counts as
    nothing; typed() still tells it, so that a form can offer to make a new one.
    """

    chosen = Signal(object)

    def __init__(
        self,
        theme: Theme,
        runner: Runner,
        question: "Callable[[Session, str], Sequence[Option]]",
        placeholder: str = "",
    ) -> None:
        super().__init__()
        self._theme, self._runner, self._question = theme, runner, question
        self._option: Option | None = None
        self.setPlaceholderText(placeholder)
        self.setClearButtonEnabled(True)
        self._matches = _Matches(self)
        self._popup = QListView(self)
        self._popup.setWindowFlags(Qt.WindowType.ToolTip)
        self._popup.setProperty("look", "popup")
        self._popup.setModel(self._matches)
        self._popup.setItemDelegate(_MatchDelegate(theme, self._popup))
        self._popup.setMouseTracking(True)
        self._popup.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._popup.setFocusProxy(self)
        self._popup.clicked.connect(self._on_clicked)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self._ask)
        self.textEdited.connect(self._on_edited)

    def option(self) -> Option | None:
        return self._option

    def value(self) -> Any:
        return self._option.value if self._option is not None else None

    def shows_matches(self) -> bool:
        return self._popup.isVisible()

    def typed(self) -> str:
        return " ".join(self.text().split())

    def choose(self, option: Option | None) -> None:
        self._option = option
        self.setText(option.text if option is not None else "")
        self._popup.hide()
        self.chosen.emit(option)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if self._popup.isVisible():
            if key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
                self._move(1 if key == Qt.Key.Key_Down else -1)
                return
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab):
                self._on_clicked(self._popup.currentIndex())
                if key != Qt.Key.Key_Tab:
                    return
            if key == Qt.Key.Key_Escape:
                self._popup.hide()
                return
        super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        # Esc closes the list before any shortcut of the window hears of it.
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            if self._popup.isVisible() and event.key() == Qt.Key.Key_Escape:
                event.accept()
                return True
        elif event.type() in (QEvent.Type.FocusOut, QEvent.Type.Hide):
            self._popup.hide()
            if self._option is None and event.type() == QEvent.Type.FocusOut:
                self._pause.stop()
        return super().event(event)

    @Slot(str)
    def _on_edited(self, text: str) -> None:
        if self._option is not None:
            self._option = None
            self.chosen.emit(None)
        if text.strip():
            self._pause.start()
        else:
            self._pause.stop()
            self._popup.hide()

    @Slot()
    def _ask(self) -> None:
        text, question = self.typed(), self._question
        self._runner.ask(self, "matches", lambda session: question(session, text), self._on_matches)

    @Slot(object)
    def _on_matches(self, options: Any) -> None:
        if not self.hasFocus() or self._option is not None:
            return
        self._matches.show_options(tuple(options))
        if not options:
            self._popup.hide()
            return
        height = min(len(options), 6) * ROW_HEIGHT + 12
        corner: QPoint = self.mapToGlobal(QPoint(0, self.height() + 4))
        self._popup.setGeometry(corner.x(), corner.y(), max(self.width(), 280), height)
        self._popup.setCurrentIndex(self._matches.index(0))
        self._popup.show()

    @Slot(QModelIndex)
    def _on_clicked(self, index: QModelIndex) -> None:
        option = index.data(OPTION_ROLE)
        if isinstance(option, Option):
            self.choose(option)

    def _move(self, step: int) -> None:
        count = self._matches.rowCount()
        row = (self._popup.currentIndex().row() + step) % count if count else -1
        self._popup.setCurrentIndex(self._matches.index(row))
