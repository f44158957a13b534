"""The closing under way: its stages with ticks, a bar over the whole, rows, time left, Cancel."""

import time

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from studio_desktop import formats
from studio_desktop.labels import closing_stage_label
from studio_desktop.screens.extratos.closing_step import STAGES, ClosingStep
from studio_desktop.theme.theme import Theme
from studio_desktop.widgets.buttons import Button
from studio_desktop.widgets.progress import SPEAK_AFTER_S, STEPS, ProgressCard
from studio_desktop.widgets.text import label

ICON = 16


class _Ticks(QWidget):
    """The stages in a row: done, under way, to come."""

    def __init__(self, theme: Theme, words: tuple[str, ...]) -> None:
        super().__init__()
        self._theme = theme
        self._words = words
        self._place = -1
        self._icons: list[QLabel] = []
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(20)
        for text in words:
            icon = QLabel()
            icon.setFixedSize(ICON, ICON)
            stage = QHBoxLayout()
            stage.setSpacing(6)
            stage.addWidget(icon)
            stage.addWidget(label(text, "caption"))
            row.addLayout(stage)
            self._icons.append(icon)
        row.addStretch(1)
        theme.changed.connect(self._redraw)
        self._redraw()

    def set_place(self, place: int) -> None:
        if place != self._place:
            self._place = place
            self._redraw()

    def place(self) -> int:
        return self._place

    @Slot()
    def _redraw(self) -> None:
        for position, icon in enumerate(self._icons):
            if position < self._place:
                name, token = "check_circle", "success"
            elif position == self._place:
                name, token = "clock", "accent"
            else:
                name, token = "circle", "text_3"
            icon.setPixmap(self._theme.pixmap(name, token, ICON, self))
        done = ", ".join(self._words[: self._place])
        self.setAccessibleName(self.tr("Done: {stages}").replace("{stages}", done) if done else "")


class ClosingCard(ProgressCard):
    """One closing, of this desk or of another one."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        words = {
            "backup": self.tr("Backup"),
            "lock": self.tr("Month locked"),
            "payments": self.tr("Payments"),
            "commissions": self.tr("Commissions"),
            "expenses": self.tr("Expenses"),
            "sessions": self.tr("Sessions"),
            "totals": self.tr("Totals and check"),
        }
        self.ticks = _Ticks(theme, tuple(words[stage] for stage in STAGES))
        self.column.addWidget(self.ticks)
        self._stopping = False
        self._seen: tuple[float, int] | None = None
        self._permille = 0

    def begin_closing(self, month: str, badge: str, *, can_cancel: bool = True) -> None:
        """badge: who does it. can_cancel: whether this person may stop it."""
        self._stopping = False
        self._seen = None
        self._permille = 0
        self.ticks.set_place(-1)
        title = self.tr("Closing {month}").replace("{month}", month)
        self.begin(title, badge, can_cancel=can_cancel)

    def cancel_button(self) -> Button:
        return self._cancel

    def show_step(self, step: ClosingStep, *, stopping: bool = False) -> None:
        """stopping: somebody, at whatever desk, has cancelled it."""
        if step.place < self.ticks.place():  # Another run begins anew.
            self._seen, self._permille = None, 0
        if stopping and not self._stopping:
            self.stop()
        self._permille = max(self._permille, step.permille or 0)
        if self._seen is None and self._permille:
            self._seen = (time.monotonic(), self._permille)
        stage = self.stage() if self._stopping else self._words(step)
        self.report(stage, step.rows_done, step.rows_total, rows=step.rows_total > 0)
        # The bar is over the whole work, and never goes back between the backup and the closing.
        if step.permille is None:
            self._bar.setRange(0, 0)
        else:
            self._bar.setRange(0, STEPS)
            self._bar.setValue(self._permille * STEPS // 1000)
        self.ticks.set_place(step.place)

    def stop(self) -> None:
        super().stop()
        self._stopping = True

    def go_on(self) -> None:
        super().go_on()
        self._stopping = False

    def _left(self, done: int, total: int) -> str:
        if self._seen is None or self._stopping:
            return ""
        passed, made = time.monotonic() - self._seen[0], self._permille - self._seen[1]
        if made <= 0 or passed < SPEAK_AFTER_S:
            return ""
        left = formats.duration(passed * (1000 - self._permille) / made)
        return self.tr("about {time} left").replace("{time}", left)

    def _words(self, step: ClosingStep) -> str:
        words = {
            "asked": self.tr("Asking the server"),
            "queued": self.tr("The server finishes another month first"),
            "taken": self.tr("The server begins"),
            "interrupted": self.tr("The server was interrupted; waiting for it to go on"),
        }
        return words.get(step.stage) or closing_stage_label(step.stage)
