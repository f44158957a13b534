"""Toasts at the bottom left: what was done, with Undo, and what went wrong."""

from collections.abc import Callable
from types import MethodType
from typing import Any

from PySide6.QtCore import QEvent, QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from studio_desktop.sentences import sentence_of
from studio_desktop.theme.theme import Theme
from studio_desktop.widgets.buttons import Button, IconButton
from studio_desktop.widgets.shadow import lift
from studio_desktop.widgets.text import label

SHOWN_MS = 6_000
ERROR_SHOWN_MS = 10_000
MOST_AT_ONCE = 3
MARGIN = 24
WIDTH = 400
GAP = 8
SHADOW = 32  # Room around the toasts for what their shadow needs.


class Toast(QFrame):
    """One notice. It waits while the pointer is on it."""

    gone = Signal(object)

    def __init__(
        self, theme: Theme, icon: str, text: str, undo: Callable[[], object] | None, shown_ms: int
    ) -> None:
        super().__init__()
        self._undo = undo
        self._shown_ms = shown_ms
        self.setProperty("look", "toast")
        self.setFixedWidth(WIDTH)
        picture = QLabel()
        picture.setPixmap(theme.pixmap(icon, "surface", 18, self))
        self._words = label(text, wrap=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 12, 12, 12)
        row.setSpacing(12)
        row.addWidget(picture)
        row.addWidget(self._words, 1)
        if undo is not None:
            self.undo_button = Button(self.tr("Undo"))
            self.undo_button.clicked.connect(self._on_undo)
            row.addWidget(self.undo_button)
        close = IconButton(theme, "close", self.tr("Close this notice"), token="border", size=16)
        close.clicked.connect(self.dismiss)
        row.addWidget(close)
        self.setAccessibleName(text)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.dismiss)
        self._timer.start(shown_ms)

    def text(self) -> str:
        return self._words.text()

    def fit(self) -> None:
        """As high as the words are at this width, which a plain size hint does not know."""
        self.ensurePolished()
        self._words.ensurePolished()
        layout = self.layout()
        if layout is not None:
            layout.invalidate()
            self.setFixedHeight(layout.totalHeightForWidth(WIDTH))

    @Slot()
    def dismiss(self) -> None:
        self._timer.stop()
        self.gone.emit(self)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Enter:
            self._timer.stop()
        elif event.type() == QEvent.Type.Leave:
            self._timer.start(self._shown_ms)
        return super().event(event)

    @Slot()
    def _on_undo(self) -> None:
        undo = self._undo
        self.dismiss()
        if undo is not None:
            undo()


class Notifier(QObject):
    """Shows toasts over a window. Without a window it keeps them until one is attached.

    bug_shown(text): a mistake of ours was told.
    """

    bug_shown = Signal(object)

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._window: QWidget | None = None
        self._toasts: list[Toast] = []
        self._stack: QWidget | None = None
        self._column: QVBoxLayout | None = None
        self._left = MARGIN

    def attach(self, window: QWidget) -> None:
        self._window = window
        self._stack = QWidget(window)
        self._stack.setObjectName("toasts")
        self._column = QVBoxLayout(self._stack)
        self._column.setContentsMargins(SHADOW, SHADOW, SHADOW, SHADOW)
        self._column.setSpacing(GAP)
        self._stack.hide()
        window.installEventFilter(self)
        for toast in self._toasts:
            self._column.addWidget(toast)
        self._place()

    def set_left(self, left: int) -> None:
        """Where toasts start: right of the rail."""
        self._left = left
        self._place()

    def info(self, text: str, undo: Callable[[], object] | None = None) -> None:
        """undo: a bound method; shows the button."""
        if undo is not None and not isinstance(undo, MethodType):
            raise TypeError("undo is a bound method, never a lambda")
        self._show("check_circle", text, undo, SHOWN_MS)

    @Slot(object)
    def error(self, error: Any) -> None:
        """error: a StudioError."""
        self._show("alert", sentence_of(error), None, ERROR_SHOWN_MS)

    @Slot(object)
    def bug(self, bug: Any) -> None:
        """bug: a tasks.worker.Bug."""
        text = self.tr(
            "The program made a mistake. Nothing you typed is lost. "
            "If it happens again, tell us the number {reference}."
        ).replace("{reference}", bug.correlation_id)
        self._show("error", text, None, ERROR_SHOWN_MS)
        self.bug_shown.emit(text)

    def texts(self) -> tuple[str, ...]:
        return tuple(toast.text() for toast in self._toasts)

    @Slot()
    def clear(self) -> None:
        for toast in list(self._toasts):
            self._on_gone(toast)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._window and event.type() in (QEvent.Type.Resize, QEvent.Type.Show):
            self._place()
        return super().eventFilter(watched, event)

    def _show(self, icon: str, text: str, undo: Callable[[], object] | None, shown_ms: int) -> None:
        while len(self._toasts) >= MOST_AT_ONCE:
            self._on_gone(self._toasts[0])
        toast = Toast(self._theme, icon, text, undo, shown_ms)
        toast.gone.connect(self._on_gone)
        self._toasts.append(toast)
        if self._column is not None:
            self._column.addWidget(toast)
            lift(toast, self._theme)
        self._place()

    @Slot(object)
    def _on_gone(self, toast: Any) -> None:
        if toast in self._toasts:
            self._toasts.remove(toast)
            toast.hide()
            toast.deleteLater()
            self._place()

    def _place(self) -> None:
        if self._window is None or self._stack is None:
            return
        self._stack.setVisible(bool(self._toasts))
        for toast in self._toasts:
            toast.fit()
        gaps = GAP * (len(self._toasts) - 1) + 2 * SHADOW
        height = sum(toast.height() for toast in self._toasts) + gaps
        top = self._window.height() - height - MARGIN + SHADOW
        self._stack.setGeometry(self._left - SHADOW, top, WIDTH + 2 * SHADOW, height)
        self._stack.raise_()
