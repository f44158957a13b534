"""Notices for one person alone."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Slot

from studio_desktop.theme.theme import Theme
from studio_desktop.widgets.notifier import Notifier


class PersonalNotifier(Notifier):
    """Speaks through the window's notifier while its person is in front of the window.

    What is told meanwhile is dropped: it may name a client to whoever sits there now, and forms
    and lists show the person what became of their work when they are back.
    """

    def __init__(self, window_notifier: Notifier, theme: Theme, parent: QObject) -> None:
        super().__init__(theme, parent)
        self._window_notifier = window_notifier
        self._in_front = True

    def set_in_front(self, in_front: bool) -> None:
        self._in_front = in_front
        if not in_front:
            self._window_notifier.clear()

    def info(self, text: str, undo: Callable[[], object] | None = None) -> None:
        if self._in_front:
            self._window_notifier.info(text, undo)

    @Slot(object)
    def error(self, error: Any) -> None:
        if self._in_front:
            self._window_notifier.error(error)

    @Slot(object)
    def bug(self, bug: Any) -> None:
        if self._in_front:
            self._window_notifier.bug(bug)

    def set_left(self, left: int) -> None:
        self._window_notifier.set_left(left)
