"""Locks desks, and lets people back in: one at a time in front, the others wait behind the page."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from studio_desktop.lock.view import Locked, LockPage
from studio_desktop.sentences import sentence_of
from studio_desktop.shell.window import Window
from studio_desktop.tasks.worker import Workers
from studio_desktop.theme.theme import Theme

FREE_TRIES = 3
LONGEST_WAIT_S = 60


@dataclass
class Waiting:
    """A desk behind the lock. check: raises RuleError for a wrong secret; off the UI thread.

    desk: whatever comes back when it is unlocked. describe: asked whenever the page is made.
    """

    user_id: int
    desk: Any
    page: QWidget
    check: Callable[[str], None]
    describe: Callable[[], Locked]
    wrong_tries: int = 0
    not_before: float = 0.0

    @property
    def wait_s(self) -> int:
        """How long until the next try counts."""
        return max(0, round(self.not_before - time.monotonic()))

    def note_wrong_try(self) -> None:
        """Each one past the first few doubles the wait."""
        self.wrong_tries += 1
        past = self.wrong_tries - FREE_TRIES
        if past > 0:
            self.not_before = time.monotonic() + min(LONGEST_WAIT_S, 2**past)


class Lock(QObject):
    """unlocked(desk): it is in front again. somebody_else: show the way to sign in; all wait."""

    unlocked = Signal(object)
    somebody_else = Signal()

    def __init__(self, window: Window, theme: Theme, workers: Workers, parent: QObject) -> None:
        super().__init__(parent)
        self._window, self._theme, self._workers = window, theme, workers
        self._waiting: list[Waiting] = []

    @property
    def desks(self) -> tuple[Any, ...]:
        """Those that wait, the one locked last first."""
        return tuple(one.desk for one in self._waiting)

    def is_locked(self) -> bool:
        return isinstance(self._window.page(), LockPage)

    def waits_for(self, user_id: int) -> bool:
        return any(one.user_id == user_id for one in self._waiting)

    def lock(self, waiting: Waiting) -> None:
        """Puts the page over the desk in front."""
        self._waiting.insert(0, waiting)
        self.show_page()

    @Slot()
    def show_page(self) -> None:
        """Over whatever is shown: a desk, or the sign-in of somebody who changed their mind."""
        page = LockPage(self._theme, [one.describe() for one in self._waiting])
        page.unlock_wanted.connect(self._on_unlock_wanted)
        page.somebody_else_wanted.connect(self.somebody_else)
        shown = self._window.page()
        if shown is None or any(one.page is shown for one in self._waiting):
            self._window.cover(page)
        else:
            self._window.show_page(page)

    def bring_back(self, user_id: int) -> None:
        """Whoever has just proved who they are gets their desk."""
        waiting = self._of(user_id)
        if waiting is not None:
            self._waiting.remove(waiting)
            self._window.uncover(waiting.page)
            self.unlocked.emit(waiting.desk)

    def forget_all(self) -> tuple[Any, ...]:
        """The desks, which are now the caller's to close."""
        desks = self.desks
        for one in self._waiting:
            self._window.forget(one.page)
        self._waiting.clear()
        return desks

    def _of(self, user_id: int) -> Waiting | None:
        return next((one for one in self._waiting if one.user_id == user_id), None)

    @Slot(object, str)
    def _on_unlock_wanted(self, user_id: Any, secret: str) -> None:
        waiting = self._of(user_id)
        page = self._window.page()
        if waiting is None or not isinstance(page, LockPage):
            return
        if waiting.wait_s:
            # Another person's name was chosen and this one again: the wait is still on.
            page.refuse("", waiting.wait_s)
            return
        self._asked = waiting
        self._workers.start(partial(waiting.check, secret), self._on_right, self._on_wrong)

    @Slot(object)
    def _on_right(self, _answer: Any) -> None:
        self._asked.wrong_tries = 0
        self.bring_back(self._asked.user_id)

    @Slot(object)
    def _on_wrong(self, error: Any) -> None:
        self._asked.note_wrong_try()
        page = self._window.page()
        if isinstance(page, LockPage):
            page.refuse(sentence_of(error), self._asked.wait_s)
