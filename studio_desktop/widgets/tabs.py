"""The sections of one screen, all in sight: a click, the arrows or Ctrl and a digit chooses."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QFontMetrics,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QShortcutEvent,
)
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QHBoxLayout, QSizePolicy, QWidget

from studio_desktop.models.columns import Badge
from studio_desktop.theme.theme import Theme
from studio_desktop.widgets.badge import badge_width, paint_badge

HEIGHT = 40
GAP = 24
LINE = 2


class _Tab(QAbstractButton):
    """Words over a line when chosen, and how many things wait there. moved(step): an arrow."""

    moved = Signal(int)

    def __init__(self, theme: Theme, words: str, key: str) -> None:
        super().__init__()
        self._theme, self._words, self._waiting = theme, words, ""
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.toggled.connect(self._on_toggled)
        self._on_toggled(False)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setShortcut(QKeySequence(key))
        self.setToolTip(QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText))
        self.setAccessibleName(words)
        theme.changed.connect(self._repaint)

    def set_waiting(self, shown: str, spoken: str) -> None:
        """shown: a short figure, empty for none. spoken: the same in words."""
        self._waiting = shown
        self.setAccessibleName(f"{self._words}, {spoken}" if shown else self._words)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        # As wide as when chosen, so that nothing moves when another one is.
        words = QFontMetrics(self._theme.font("body", strong=True)).horizontalAdvance(self._words)
        badge = badge_width(self._theme, self._waiting) + 6 if self._waiting else 0
        return QSize(round(words + badge) + 2, HEIGHT)

    def event(self, event: QEvent) -> bool:
        """At once: Qt plays a click of 100 ms for a shortcut, and eats what is typed meanwhile."""
        if isinstance(event, QShortcutEvent) and not event.isAmbiguous():
            self.click()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step is not None:
            self.moved.emit(step)
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, chosen = self._theme, self.isChecked()
        painter = QPainter(self)
        painter.setFont(theme.font("body", strong=chosen))
        token = "accent" if chosen else "text" if self.underMouse() else "text_2"
        painter.setPen(theme.colour(token))
        box = self.rect().adjusted(1, 0, -1, -LINE)
        painter.drawText(
            box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self._words
        )
        if self._waiting:
            left = self.width() - 1 - badge_width(theme, self._waiting)
            paint_badge(painter, theme, Badge(self._waiting, "danger"), left, box.center().y() + 1)
        if chosen:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("accent"))
            painter.drawRoundedRect(QRectF(0, self.height() - LINE, self.width(), LINE), 1, 1)
        painter.end()

    @Slot(bool)
    def _on_toggled(self, chosen: bool) -> None:
        """The row is one stop for Tab: the tab that is chosen."""
        policy = Qt.FocusPolicy
        self.setFocusPolicy(policy.TabFocus if chosen else policy.NoFocus)

    @Slot()
    def _repaint(self) -> None:
        self.update()


class TabRow(QWidget):
    """chosen(value): by a person or by choose(). One stop for Tab; the arrows move the choice."""

    chosen = Signal(object)

    def __init__(self, theme: Theme, name: str, options: Sequence[tuple[Any, str]]) -> None:
        """name: spoken by screen readers. options: (value, words); Ctrl+1 is the first."""
        super().__init__()
        self._theme = theme
        self._tabs: dict[Any, _Tab] = {}
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self.setAccessibleName(name)
        self.setFixedHeight(HEIGHT)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP)
        for number, (value, words) in enumerate(options, start=1):
            tab = _Tab(theme, words, f"Ctrl+{number}")
            self._tabs[value] = tab
            self._group.addButton(tab)
            tab.moved.connect(self._on_moved)
            row.addWidget(tab)
        row.addStretch(1)
        self._group.buttonToggled.connect(self._on_toggled)
        theme.changed.connect(self._repaint)

    def value(self) -> Any:
        return next((value for value, tab in self._tabs.items() if tab.isChecked()), None)

    def choose(self, value: Any) -> None:
        """Choosing what is chosen already, or nothing that there is, says nothing."""
        if value in self._tabs:
            self._tabs[value].setChecked(True)

    def focus_chosen(self) -> None:
        """The cursor goes to the tab that is chosen."""
        if self.value() in self._tabs:
            self._tabs[self.value()].setFocus(Qt.FocusReason.TabFocusReason)

    def waiting(self, value: Any) -> str:
        """How many things wait in a section, as it is spoken; only its name for none."""
        return self._tabs[value].accessibleName()

    def set_waiting(self, value: Any, number: int, spoken: str) -> None:
        """How many things wait in a section. spoken: the same in words."""
        self._tabs[value].set_waiting(str(number) if number else "", spoken)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        line = QRectF(0, self.height() - 1, self.width(), 1)
        painter.fillRect(line, self._theme.colour("border"))
        painter.end()

    @Slot(QAbstractButton, bool)
    def _on_toggled(self, _button: QAbstractButton, checked: bool) -> None:
        if checked:
            self.chosen.emit(self.value())

    @Slot(int)
    def _on_moved(self, step: int) -> None:
        values = list(self._tabs)
        place = values.index(self.value()) + step
        if 0 <= place < len(values):
            self.choose(values[place])
            self._tabs[values[place]].setFocus(Qt.FocusReason.TabFocusReason)

    @Slot()
    def _repaint(self) -> None:
        self.update()
