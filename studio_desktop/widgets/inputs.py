"""Fields that understand what people type: text, money, dates."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from PySide6.QtCore import QDate, QEvent, QPoint, QRect, Qt, Signal, Slot
from PySide6.QtGui import QAction, QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QTextCharFormat
from PySide6.QtWidgets import (
    QCalendarWidget,
    QFrame,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from studio_core.errors import RuleError, StudioError
from studio_core.money import parse_money
from studio_desktop import formats
from studio_desktop.theme.theme import Theme
from studio_desktop.widgets.typed_dates import parse_day


class LineEdit(QLineEdit):
    """A line of text; value() is trimmed."""

    def __init__(self, placeholder: str = "", max_length: int = 200) -> None:
        super().__init__()
        self.setPlaceholderText(placeholder)
        self.setMaxLength(max_length)

    def value(self) -> str:
        return " ".join(self.text().split())


class TextArea(QPlainTextEdit):
    """Several lines; Tab goes on to the next field."""

    def __init__(self, placeholder: str = "", rows: int = 3) -> None:
        super().__init__()
        self.setPlaceholderText(placeholder)
        self.setTabChangesFocus(True)
        self.setFixedHeight(rows * self.fontMetrics().lineSpacing() + 24)

    def value(self) -> str:
        return self.toPlainText().strip()


class MoneyField(QLineEdit):
    """An amount of BRL, right-aligned after a quiet "R$", written out when the field is left.

    amount_changed(Decimal or None) while typing: None for nothing or for what is no amount.
    """

    amount_changed = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.setPlaceholderText("0,00")
        self.setMaxLength(24)
        self.setTextMargins(24, 0, 0, 0)
        self.textEdited.connect(self._on_edited)

    def amount(self) -> Decimal | None:
        try:
            return parse_money(self.text())
        except RuleError:
            return None

    def problem(self) -> StudioError | None:
        """Why the text is no amount; nothing typed is a problem too (amount_empty)."""
        try:
            parse_money(self.text())
        except RuleError as error:
            return error
        return None

    def set_amount(self, amount: Decimal | None) -> None:
        self.setText("" if amount is None else formats.figure(amount))
        self.amount_changed.emit(self.amount())

    def focusOutEvent(self, event: QFocusEvent) -> None:
        amount = self.amount()
        if amount is not None and formats.figure(amount) != self.text():
            self.setText(formats.figure(amount))
        super().focusOutEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason):
            self.selectAll()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setFont(self.font())
        painter.setPen(self._theme.colour("text_3"))
        box = QRect(12, 0, 32, self.height())
        painter.drawText(
            box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, formats.CURRENCY
        )
        painter.end()

    @Slot()
    def _on_edited(self) -> None:
        self.amount_changed.emit(self.amount())


class DateField(QLineEdit):
    """A day, typed or picked: dd/mm/yyyy, 12/9, hoje; Up and Down move by a day.

    day_changed(date or None) when what is typed means another day.
    """

    day_changed = Signal(object)

    def __init__(self, theme: Theme, today: Callable[[], date]) -> None:
        """today: the studio's day, not the computer's."""
        super().__init__()
        self._theme, self._today = theme, today
        self._last: date | None = None
        self._popup: _CalendarPopup | None = None
        self.setPlaceholderText(self.tr("dd/mm/yyyy"))
        self.setMaxLength(20)
        self._open = QAction(self.tr("Choose in a calendar"), self)
        self._open.triggered.connect(self._on_open)
        self.addAction(self._open, QLineEdit.ActionPosition.TrailingPosition)
        self.textEdited.connect(self._on_edited)
        theme.changed.connect(self._redraw)
        self._redraw()

    def day(self) -> date | None:
        try:
            return parse_day(self.text(), self._today())
        except RuleError:
            return None

    def problem(self) -> StudioError | None:
        """Why the text is no day; nothing typed is no problem here."""
        try:
            parse_day(self.text(), self._today())
        except RuleError as error:
            return error
        return None

    def set_day(self, value: date | None) -> None:
        self.setText("" if value is None else formats.day(value))
        self._tell()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        value = self.day()
        if value is not None:
            self.setText(formats.day(value))
        super().focusOutEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}.get(Qt.Key(event.key()))
        if step is not None and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self._on_open()
        elif step is not None:
            value = self.day() or self._today()
            self.set_day(date.fromordinal(value.toordinal() + step))
        else:
            super().keyPressEvent(event)

    @Slot()
    def _on_edited(self) -> None:
        self._tell()

    def _tell(self) -> None:
        value = self.day()
        if value != self._last:
            self._last = value
            self.day_changed.emit(value)

    @Slot()
    def _on_open(self) -> None:
        if self._popup is not None:
            # Its text formats carry the colours of the theme it was made in.
            self._popup.deleteLater()
        self._popup = _CalendarPopup(self)
        self._popup.picked.connect(self._on_picked)
        self._popup.open_under(self, self.day() or self._today())

    @Slot(QDate)
    def _on_picked(self, picked: QDate) -> None:
        self.set_day(date(picked.year(), picked.month(), picked.day()))
        self.setFocus()

    @Slot()
    def _redraw(self) -> None:
        self._open.setIcon(self._theme.icon("calendar", "text_2", 16))


class _CalendarPopup(QFrame):
    picked = Signal(QDate)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setProperty("look", "card")
        self._calendar = QCalendarWidget()
        self._calendar.setGridVisible(False)
        self._calendar.setVerticalHeaderFormat(
            QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader
        )
        self._calendar.setHorizontalHeaderFormat(
            QCalendarWidget.HorizontalHeaderFormat.ShortDayNames
        )
        self._calendar.setMinimumSize(308, 296)
        self._calendar.setFirstDayOfWeek(Qt.DayOfWeek.Sunday)
        plain = QTextCharFormat()
        plain.setForeground(self.palette().text())
        quiet = QTextCharFormat()
        quiet.setForeground(self.palette().placeholderText())
        self._calendar.setHeaderTextFormat(quiet)
        for weekend in (Qt.DayOfWeek.Saturday, Qt.DayOfWeek.Sunday):
            self._calendar.setWeekdayTextFormat(weekend, plain)
        self._calendar.clicked.connect(self._on_clicked)
        self._calendar.activated.connect(self._on_clicked)
        column = QVBoxLayout(self)
        column.setContentsMargins(4, 4, 4, 4)
        column.addWidget(self._calendar)

    def open_under(self, field: QWidget, value: date) -> None:
        self._calendar.setSelectedDate(QDate(value.year, value.month, value.day))
        self.adjustSize()
        corner = field.mapToGlobal(QPoint(0, field.height() + 4))
        room = field.screen().availableGeometry()
        left = min(corner.x(), room.right() - self.width())
        top = corner.y()
        if top + self.height() > room.bottom():
            top = field.mapToGlobal(QPoint(0, 0)).y() - self.height() - 4
        self.move(left, top)
        self.show()
        self._calendar.setFocus()

    @Slot(QDate)
    def _on_clicked(self, picked: QDate) -> None:
        self.hide()
        self.picked.emit(picked)


class PasswordField(QLineEdit):
    """A password that can be looked at. caps_changed(bool): Caps Lock seems to be on."""

    caps_changed = Signal(bool)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._caps = False
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self.setMaxLength(200)
        self._look = QAction(self)
        self._look.triggered.connect(self._on_look)
        self.addAction(self._look, QLineEdit.ActionPosition.TrailingPosition)
        theme.changed.connect(self._redraw)
        self._redraw()

    def is_shown(self) -> bool:
        return self.echoMode() == QLineEdit.EchoMode.Normal

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # Qt does not tell the state of Caps Lock; a letter against its Shift key does.
        typed = event.text()
        if typed.isalpha():
            shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self._set_caps(typed.isupper() != shift)
        elif event.key() == Qt.Key.Key_CapsLock and self._caps:
            self._set_caps(False)
        super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.EnabledChange:
            self._look.setEnabled(self.isEnabled())

    def _set_caps(self, on: bool) -> None:
        if on != self._caps:
            self._caps = on
            self.caps_changed.emit(on)

    @Slot()
    def _on_look(self) -> None:
        shown = self.is_shown()
        self.setEchoMode(QLineEdit.EchoMode.Password if shown else QLineEdit.EchoMode.Normal)
        self._redraw()

    @Slot()
    def _redraw(self) -> None:
        shown = self.is_shown()
        self._look.setIcon(self._theme.icon("eye_off" if shown else "eye", "text_2", 16))
        self._look.setText(self.tr("Hide the password") if shown else self.tr("Show the password"))
