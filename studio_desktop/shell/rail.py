"""The rail: where one can go, in groups, and who is signed in."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractButton,
    QBoxLayout,
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from studio_desktop.models.columns import Badge
from studio_desktop.screens.screen import ScreenEntry
from studio_desktop.theme.theme import Theme
from studio_desktop.widgets.badge import badge_width, paint_badge
from studio_desktop.widgets.buttons import IconButton
from studio_desktop.widgets.text import label, line

MARGIN = 12
ICON = 18


class _RailButton(QAbstractButton):
    """Icon and words; only the icon when folded. Painted from the tokens."""

    def __init__(self, theme: Theme, icon: str, words: str, detail: str = "") -> None:
        super().__init__()
        self._theme, self._icon, self._words, self._detail = theme, icon, words, detail
        self._folded = False
        self.waiting = 0
        self.setAccessibleName(words)
        self.setText(words)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(48 if detail else theme.tokens.rail_item_height)

    def set_folded(self, folded: bool, key: str = "") -> None:
        self._folded = folded
        hint = f"{self._words}   {key}" if key else self._words
        self.setToolTip(hint if folded or key else "")
        self.update()

    def set_waiting(self, number: int, spoken: str) -> None:
        """spoken: the number in words, for screen readers."""
        self.waiting = number
        self.setAccessibleName(f"{self._words}, {spoken}" if number else self._words)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(36, self.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._theme
        chosen = self.isChecked()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if chosen or self.underMouse() or self.isDown():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("accent_weak" if chosen else "surface"))
            radius = theme.tokens.radius["control"]
            painter.drawRoundedRect(QRectF(self.rect()), radius, radius)
        token = "accent" if chosen else "text_2"
        left = (self.width() - ICON) // 2 if self._folded else MARGIN
        top = (self.height() - ICON) // 2
        painter.drawPixmap(left, top, theme.pixmap(self._icon, token, ICON, self))
        if not self._folded:
            self._paint_words(painter, "accent" if chosen else "text")
        if self.waiting:
            self._paint_waiting(painter)
        painter.end()

    def _paint_waiting(self, painter: QPainter) -> None:
        """The number at the right; of a folded rail a dot on the icon."""
        theme = self._theme
        if self._folded:
            painter.setPen(QPen(theme.colour("surface_2"), 2))
            painter.setBrush(theme.colour("danger"))
            painter.drawEllipse(QPointF(self.width() / 2 + 8, self.height() / 2 - 8), 5, 5)
            return
        badge = Badge(self._waiting_words(), "danger")
        left = self.width() - 6 - badge_width(theme, badge.text)
        paint_badge(painter, theme, badge, left, self.height() / 2)

    def _waiting_words(self) -> str:
        return str(self.waiting) if self.waiting < 100 else "99+"

    def _paint_words(self, painter: QPainter, token: str) -> None:
        theme = self._theme
        left = MARGIN + ICON + 10
        box = QRect(left, 0, self.width() - left - 8, self.height())
        if self.waiting:
            box.adjust(0, 0, -round(badge_width(theme, self._waiting_words())), 0)
        strong = self.isChecked() or bool(self._detail)
        painter.setFont(theme.font("body", strong=strong))
        painter.setPen(theme.colour(token))
        middle = Qt.AlignmentFlag.AlignVCenter
        words = painter.fontMetrics().elidedText(
            self._words, Qt.TextElideMode.ElideRight, box.width()
        )
        if not self._detail:
            painter.drawText(box, middle, words)
            return
        painter.drawText(box.adjusted(0, 6, 0, -22), middle, words)
        painter.setFont(theme.font("caption"))
        painter.setPen(theme.colour("text_2"))
        painter.drawText(box.adjusted(0, 24, 0, -6), middle, self._detail)


def _studio_name(theme: Theme, studio: str) -> QLabel:
    """Large where it fits, else on two lines of body size."""
    room = theme.tokens.rail_width - 2 * MARGIN - MARGIN - 30
    fits = QFontMetrics(theme.font("section")).horizontalAdvance(studio) <= room
    return label(studio, "section" if fits else "strong", wrap=not fits)


class Rail(QFrame):
    """chosen(key): a screen was asked for. user_wanted: the person's button, for their menu."""

    chosen = Signal(str)
    user_wanted = Signal(object)
    folded_changed = Signal(bool)

    def __init__(
        self,
        theme: Theme,
        studio: str,
        entries: Sequence[ScreenEntry],
        groups: Sequence[tuple[str, str]],
        person: tuple[str, str],
    ) -> None:
        """groups: (key, caption) in order. person: name and what they are here."""
        super().__init__()
        self._theme = theme
        self._folded = False
        self.setProperty("look", "rail")
        self.setAccessibleName(self.tr("Screens"))
        self._buttons: dict[str, _RailButton] = {}
        self._captions: list[QWidget] = []
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self._logo = QLabel()
        self._studio = _studio_name(theme, studio)
        self._fold = IconButton(theme, "fold", self.tr("Fold the rail"))
        self._fold.clicked.connect(self._on_fold)
        self._user = _RailButton(theme, "user", *person)
        self._user.clicked.connect(self._on_user)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(MARGIN, 0, MARGIN, MARGIN)
        self._column.setSpacing(2)
        self._add_head()
        for key, caption in groups:
            self._add_group(caption, [entry for entry in entries if entry.group == key])
        self._column.addStretch(1)
        self._column.addWidget(line())
        self._column.addSpacing(6)
        self._foot = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._foot.setSpacing(2)
        self._foot.addWidget(self._user, 1)
        self._foot.addWidget(self._fold, 0, Qt.AlignmentFlag.AlignCenter)
        self._column.addLayout(self._foot)
        theme.changed.connect(self._redraw)
        self._redraw()
        self.set_folded(False)

    def set_current(self, key: str) -> None:
        if key in self._buttons:
            self._buttons[key].setChecked(True)

    def waiting(self, key: str) -> int:
        return self._buttons[key].waiting

    def set_waiting(self, key: str, number: int) -> None:
        """How many things wait on a screen; 0 for none."""
        if key in self._buttons:
            spoken = self.tr("{n} waiting").replace("{n}", str(number))
            self._buttons[key].set_waiting(number, spoken)

    def set_folded(self, folded: bool) -> None:
        self._folded = folded
        tokens = self._theme.tokens
        self.setFixedWidth(tokens.rail_collapsed if folded else tokens.rail_width)
        for caption in self._captions:
            caption.setVisible(not folded)
        self._studio.setVisible(not folded)
        self._head.setContentsMargins(8 if folded else MARGIN, 0, 0, 0)
        direction = QBoxLayout.Direction
        self._foot.setDirection(direction.BottomToTop if folded else direction.LeftToRight)
        for position, button in enumerate(self._buttons.values(), start=1):
            button.set_folded(folded, f"Alt+{position}")
        self._user.set_folded(folded)
        self._fold.set_icon("unfold" if folded else "fold")
        self._fold.set_name(self.tr("Unfold the rail") if folded else self.tr("Fold the rail"))

    def _add_head(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(self._logo)
        head.addWidget(self._studio, 1)
        holder = QWidget()
        holder.setLayout(head)
        holder.setFixedHeight(self._theme.tokens.top_bar_height)
        self._head = head
        self._column.addWidget(holder)

    def _add_group(self, caption: str, entries: Sequence[ScreenEntry]) -> None:
        if not entries:
            return
        words = label(caption, "caption_strong")
        words.setContentsMargins(MARGIN, 12, 0, 4)
        self._captions.append(words)
        self._column.addWidget(words)
        for entry in entries:
            button = _RailButton(self._theme, entry.icon, entry.title)
            button.setCheckable(True)
            button.setObjectName(entry.key)
            self._group.addButton(button)
            button.clicked.connect(self._on_clicked)
            self._buttons[entry.key] = button
            self._column.addWidget(button)

    @Slot()
    def _on_clicked(self) -> None:
        sender: Any = self.sender()
        self.chosen.emit(sender.objectName())

    @Slot()
    def _on_fold(self) -> None:
        self.set_folded(not self._folded)
        self.folded_changed.emit(self._folded)

    @Slot()
    def _on_user(self) -> None:
        self.user_wanted.emit(self._user)

    @Slot()
    def _redraw(self) -> None:
        self._logo.setPixmap(self._theme.pixmap("needle", "accent", 20, self))
        self.update()
