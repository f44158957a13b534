"""Long work as a card: what is being done, how far it is, and Cancel."""

import time

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QProgressBar

from studio_desktop import formats
from studio_desktop.theme.theme import Theme
from studio_desktop.widgets.badge import BadgeLabel
from studio_desktop.widgets.buttons import Button
from studio_desktop.widgets.card import Card
from studio_desktop.widgets.text import ElidedLabel, label

STEPS = 1000
SPEAK_AFTER_S = 1.0


class ProgressCard(Card):
    """cancel_wanted: pressed once; the card then says that it is stopping."""

    cancel_wanted = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__(padding=24, spacing=12)
        self._title = label("", "strong")
        self._badge = BadgeLabel(theme, "", "accent")
        self._badge.hide()
        self._cancel = Button(self.tr("Cancel"))
        self._cancel.clicked.connect(self._on_cancel)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setFixedHeight(6)
        self._stage = ElidedLabel("", "caption")
        self._rows = label("", "caption")
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._title)
        head.addWidget(self._badge)
        head.addStretch(1)
        head.addWidget(self._cancel)
        foot = QHBoxLayout()
        foot.addWidget(self._stage, 1)
        foot.addWidget(self._rows)
        self.column.addLayout(head)
        self.column.addWidget(self._bar)
        self.column.addLayout(foot)
        self._started = 0.0
        self.hide()

    def begin(self, title: str, badge: str = "", *, can_cancel: bool = True) -> None:
        """Show the card with an unknown length."""
        self._title.setText(title)
        self._badge.set_badge(badge, "accent")
        self._cancel.setVisible(can_cancel)
        self._cancel.setEnabled(True)
        self._bar.setRange(0, 0)
        self._bar.setAccessibleName(title)
        self._stage.set_whole("")
        self._rows.setText("")
        self._started = time.monotonic()
        self.show()

    def report(self, stage: str, done: int, total: int, *, rows: bool = True) -> None:
        """stage: in words. total 0: unknown. rows: whether what is counted is worth saying."""
        self._stage.set_whole(stage)
        if total <= 0:
            self._bar.setRange(0, 0)
            self._rows.setText(formats.count(done) if done else "")
            return
        self._bar.setRange(0, STEPS)
        self._bar.setValue(min(STEPS, done * STEPS // total))
        counted = ""
        if rows:
            words = self.tr("{done} of {total} rows").replace("{done}", formats.count(done))
            counted = words.replace("{total}", formats.count(total))
        self._rows.setText(formats.summary((counted, self._left(done, total) if rows else "")))

    def end(self) -> None:
        self.hide()

    def stop(self) -> None:
        """Cancelled, here or elsewhere: there is nothing more to press."""
        self._cancel.setEnabled(False)
        self._stage.set_whole(self.tr("Stopping at the next safe place…"))

    def go_on(self) -> None:
        """The wish to cancel did not arrive; it can be pressed again."""
        self._cancel.setEnabled(True)

    def stage(self) -> str:
        return self._stage.whole()

    def _left(self, done: int, total: int) -> str:
        passed = time.monotonic() - self._started
        if not 0 < done < total or passed < SPEAK_AFTER_S:
            return ""
        left = formats.duration(passed * (total - done) / done)
        return self.tr("about {time} left").replace("{time}", left)

    @Slot()
    def _on_cancel(self) -> None:
        self.stop()
        self.cancel_wanted.emit()
